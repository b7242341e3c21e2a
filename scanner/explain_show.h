/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * explain_show.h - what `constat explain` prints: a page of plain text, 80 columns wide, or JSON
 * lines with the same sentences.  Everything goes into the line buffer of the export.
 */
#ifndef CONSTAT_EXPLAIN_SHOW_H
#define CONSTAT_EXPLAIN_SHOW_H

#include "scanner/explain_reasons.h"
#include "scanner/exports.h"

struct explain_page {
    struct export *e;
    enum explain_language l;
    bool json;
    bool begun;    /* something was printed */
    bool reasoned; /* a finding with its reasons, too */
    struct reasons reasons;
    struct buf text; /* of one paragraph */

    int64_t run; /* whose rules are at hand; 0: none */
    struct explain_rule *rules;
    unsigned n_rules;
};

bool page_begin(struct explain_page *p, struct export *e, enum explain_language l, bool json);
void page_release(struct explain_page *p);

/* What is known of one token over the whole case. */
struct token_sum {
    unsigned kind; /* of the case */
    unsigned char token[TOKEN_BYTES];
    uint64_t documents, count;
};
void page_token(struct explain_page *p, const struct token_sum *sum);
/* Number `n`, in a list of the documents of a token; or, n 0, in a list of the findings of a file.
 * False: words printed. */
bool page_finding(struct explain_page *p, unsigned n, const struct packed_finding *f,
                  const struct ledger_row *row, struct span root);
/* What became of a file.  `members`: rows below it; `same`: documents of its content, itself among
 * them, 0 when it is the only one. */
bool page_file(struct explain_page *p, const struct ledger_row *row, struct span root,
               uint64_t members, uint32_t same);
/* By kind of the case and confidence. */
typedef uint64_t found_counts[256][CONFIDENCE_HIGH + 1];
void page_found(struct explain_page *p, const struct ledger_row *row, found_counts counts);
/* `what`: X_more_documents or X_more_findings. */
void page_more(struct explain_page *p, enum explain_word what, uint64_t n, const char *list);
void page_help(struct explain_page *p);

#endif
