/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lexicon_reference.h - what the lexicon finds, the plain way: every word start is followed, one
 * character after the other, without filters and vectors.
 */
#ifndef CONSTAT_TESTS_LEXICON_REFERENCE_H
#define CONSTAT_TESTS_LEXICON_REFERENCE_H

#include <stdlib.h>

#include "detectors/lexicon_private.h"

enum { FOUND_MAX = 16384 };

struct found {
    size_t at, len;
    struct lexicon_entry entry;
};

struct found_list {
    struct found all[FOUND_MAX];
    size_t n;
};

static inline void on_found(void *ctx, size_t at, size_t len, const struct lexicon_entry *entry)
{
    struct found_list *list = ctx;

    if (list->n == FOUND_MAX)
        abort();
    list->all[list->n++] = (struct found){at, len, *entry};
}

static inline void reference(const struct lexicon *l, struct span text, struct found_list *ret)
{
    bool inside = false, lower = false;

    ret->n = 0;
    for (size_t i = 0; i < text.len;) {
        struct folded_char f = fold_at(text, i);

        if (f.symbols) {
            bool letter = f.symbol[0] != GAP, camel = lower && f.upper;
            struct lexicon_entry e;

            if (letter && (!inside || camel) && (l->digit_begins || f.symbol[0] < DIGIT_0)) {
                size_t len = lexicon_follow(l, text, i, camel, &e);

                if (len)
                    on_found(ret, i, len, &e);
            }
            inside = letter;
        }
        lower = f.symbols && f.lower; /* camelCase has nothing between its words */
        i += f.len;
    }
}

#endif
