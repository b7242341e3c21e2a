/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * copies.h - documents of the same content, known by the content token of the ledger: their records
 * are counted once.  16 bytes for each document with findings.
 */
#ifndef CONSTAT_REPORT_COPIES_H
#define CONSTAT_REPORT_COPIES_H

#include "scanner/inventory/inventory.h"

struct copies {
    struct copy_slot {
        uint64_t content; /* 0: free */
        uint64_t seen;
    } * slots; /* a power of two of them */
    size_t n, room;
    bool failed; /* no memory */
};

void copies_release(struct copies *c);
/* Was a document with this row's content seen before?  Rows without a content token are single. */
bool copies_seen(struct copies *c, const struct ledger_row *row);
/* Contents that were seen more than once. */
uint64_t copies_contents(const struct copies *c);

#endif
