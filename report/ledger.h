/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * ledger.h - the pass over the ledger: coverage, reasons, records, copies, what chance has to
 * explain, and for each row the folder and the service it is counted under.
 */
#ifndef CONSTAT_REPORT_LEDGER_H
#define CONSTAT_REPORT_LEDGER_H

#include "report/folders.h"
#include "scanner/inventory/copies.h"

struct gap_tally;

struct ledger_count {
    struct facts *f;
    struct rows rows;
    uint64_t findings;           /* of all rows */
    struct folder_table folders; /* first_gap: index + 1 in gap_tallies */
    uint32_t root;               /* of the row that is counted */
    struct copies copies;
    struct gap_tally *gap_tallies;
    uint32_t n_gap_tallies, gap_tallies_room;
    unsigned last_gap;
};

/* 0 or a negative errno. */
int ledger_count(struct ledger_count *l, struct inventory *inv);
/* Once everything is counted: folders of each reason, reasons in their order. */
void ledger_rank_gaps(struct ledger_count *l);
void ledger_count_release(struct ledger_count *l);

#endif
