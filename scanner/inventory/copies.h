/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * copies.h - documents of the same content, known by the content token of the ledger.  Only
 * documents with findings: 16 bytes for each, in a table that is half empty at least.
 */
#ifndef CONSTAT_COPIES_H
#define CONSTAT_COPIES_H

#include "scanner/inventory/inventory.h"

struct copies {
    struct copy_slot {
        uint64_t content; /* 0: free */
        uint32_t seen;
        uint32_t group; /* 0: not asked for yet */
    } * slots;          /* a power of two of them */
    size_t n, room;
    uint32_t groups; /* numbers given */
    bool failed;     /* no memory */
};

void copies_release(struct copies *c);
/* Was a document with this row's content seen before?  Rows without findings or without a content
 * token are single. */
bool copies_seen(struct copies *c, const struct ledger_row *row);
/* Every row of the case.  0 or a negative errno. */
int copies_read(struct copies *c, struct inventory *inv);

/* Contents that were seen more than once. */
uint64_t copies_contents(const struct copies *c);
/* Documents with this row's content, this one among them; 0 for a single one. */
uint32_t copies_of(const struct copies *c, const struct ledger_row *row);
/* The number of its group, from 1 on in the order of asking; 0 for a single one. */
uint32_t copies_group(struct copies *c, const struct ledger_row *row);

#endif
