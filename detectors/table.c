/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* table.c - detectors.list as an array, and the digest that names these rules. */
#include "detectors/engine.h"
#include "detectors/vocabulary.h"

#include <stdio.h>

const struct detector *const detectors[] = {
#define DETECTOR(name) &detect_##name,
#include "detectors/detectors.list"
#undef DETECTOR
    NULL, /* the list may be empty, an array may not */
};

const unsigned detectors_count = sizeof(detectors) / sizeof(detectors[0]) - 1;

_Static_assert(sizeof(detectors) / sizeof(detectors[0]) - 1 <= 64,
               "text_summary.kinds and the masks of kinds hold 64");

int detector_by_kind(const char *kind)
{
    for (unsigned i = 0; kind && i < detectors_count; i++)
        if (strcmp(detectors[i]->kind, kind) == 0)
            return (int)i;
    return -1;
}

/* Two FNV-1a sums of 64 bits with different bases (Fowler, Noll, Vo).  The digest tells rule sets
 * apart; it is no proof against somebody who forges one. */
struct digest {
    uint64_t a, b;
};

static void digest_bytes(struct digest *d, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++) {
        d->a = (d->a ^ at[i]) * UINT64_C(0x100000001b3);
        d->b = (d->b ^ (unsigned char)(at[i] + 0x5b)) * UINT64_C(0x100000001b3);
    }
}

static void digest_text(struct digest *d, const char *text)
{
    digest_bytes(d, text, strlen(text) + 1);
}

static void digest_list(struct digest *d, const char *const *list)
{
    for (; list && *list; list++)
        digest_text(d, *list);
    digest_text(d, "\x1e");
}

static void digest_number(struct digest *d, uint64_t n)
{
    unsigned char bytes[8];

    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(n >> (8 * i));
    digest_bytes(d, bytes, sizeof(bytes));
}

void engine_rules_digest(char ret[33])
{
    struct digest d = {UINT64_C(0xcbf29ce484222325), UINT64_C(0x84222325cbf29ce4)};

    for (unsigned i = 0; i < detectors_count; i++) {
        const struct detector *t = detectors[i];

        digest_text(&d, t->id);
        digest_text(&d, t->kind);
        digest_number(&d, t->version);
        for (unsigned form = FORM_BARE; form <= FORM_WRITTEN; form++) {
            digest_number(&d, t->precedence[form]);
            digest_number(&d, t->alone[form]);
            digest_number(&d, t->normal[form]);
            digest_number(&d, t->strong[form]);
        }
        digest_list(&d, t->words);
        digest_list(&d, t->keys);
        digest_list(&d, t->against);
        digest_list(&d, t->wakes);
    }
    for (unsigned i = 0; i < vocabulary_count; i++) {
        const struct vocabulary_term *t = &vocabulary[i];

        digest_text(&d, t->text);
        digest_text(&d, t->category);
        digest_text(&d, t->also);
        digest_number(&d,
                      (uint64_t)t->language << 16 | (uint64_t)t->strength << 8 | t->abbreviation);
    }
    snprintf(ret, 33, "%016llx%016llx", (unsigned long long)d.a, (unsigned long long)d.b);
}
