/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/tool.h"

#include <errno.h>
#include <stdlib.h>

#include "scanner/base/cleanup.h"

enum { WORDS_MAX = 1 << 20, PARTS_MAX = 256 };

/* One a line, behind what is there. */
static bool add_words(struct buf *b, const char *const *words)
{
    for (; words && *words; words++) {
        if (b->len > 0)
            buf_add_byte(b, '\n');
        buf_add_text(b, *words);
    }
    return !b->failed;
}

struct words {
    struct buf for_it, against;
};

static void free_words(struct words **all)
{
    for (unsigned i = 0; *all && i < PARTS_MAX; i++) {
        buf_release(&(*all)[i].for_it);
        buf_release(&(*all)[i].against);
    }
    free(*all);
}

int tool_record(struct inventory *inv, int64_t run)
{
    struct tool_part parts[PARTS_MAX];
    __attribute__((cleanup(free_words))) struct words *all = calloc(PARTS_MAX, sizeof *all);
    unsigned n = 0;

    if (!all)
        return -ENOMEM;
    for (; n < detectors_count && n < PARTS_MAX; n++) {
        const struct detector *d = detectors[n];
        struct words *w = &all[n];

        buf_init(&w->for_it, WORDS_MAX);
        buf_init(&w->against, WORDS_MAX);
        if (!add_words(&w->for_it, d->words) || !add_words(&w->for_it, d->keys) ||
            !add_words(&w->against, d->against))
            return -ENOMEM;
        parts[n] = (struct tool_part){.group = "detector",
                                      .id = d->id,
                                      .kind = d->kind,
                                      .version = d->version,
                                      .look_alike = d->look_alike,
                                      .chance = d->chance,
                                      .words = w->for_it.len ? w->for_it.at : "",
                                      .against = w->against.len ? w->against.at : "",
                                      .category = (d->anchors & ANCHOR_TERM) != 0};
    }
    return run_parts(inv, run, parts, n);
}
