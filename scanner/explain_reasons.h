/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * explain_reasons.h - the evidence of a finding as sentences: why it is believed, and what would
 * have made it surer.
 */
#ifndef CONSTAT_EXPLAIN_REASONS_H
#define CONSTAT_EXPLAIN_REASONS_H

#include "scanner/base/finding_block.h"
#include "scanner/explain_words.h"

/* What a run of the scan recorded of a kind. */
struct explain_rule {
    double chance;
    char *words, *against; /* one a line; NULL: none */
};

enum { REASONS_MAX = 32 };

struct reasons {
    struct buf text; /* the sentences, each with a NUL */
    struct reason {
        char sign; /* '+' for it, '-' against it, '.' neither */
        size_t at;
    } why[REASONS_MAX], higher[REASONS_MAX];
    unsigned n_why, n_higher;
};

void reasons_init(struct reasons *r);
void reasons_release(struct reasons *r);
static inline const char *reason_text(const struct reasons *r, const struct reason *one)
{
    return r->text.at + one->at;
}

/* False: no memory.  `rule` may be NULL. */
bool reasons_of(struct reasons *r, enum explain_language l, const struct packed_finding *f,
                const char *kind, const struct explain_rule *rule);

const char *explain_confidence(enum explain_language l, enum confidence c);

#endif
