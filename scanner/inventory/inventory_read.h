/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inventory_read.h - what the two reading files share.  Not for use outside this folder.
 */
#ifndef CONSTAT_INVENTORY_READ_H
#define CONSTAT_INVENTORY_READ_H

#include "scanner/inventory/inventory_db.h"

/* Statements between the two see one state of the case (they nest). */
int snapshot_begin(struct inventory *inv);
void snapshot_end(struct inventory *inv);

/* Like ledger_open, only rows that have findings. */
int ledger_open_with_findings(struct inventory *inv, struct ledger_cursor **ret);
/* Only this row. */
int ledger_open_row(struct inventory *inv, int64_t row, struct ledger_cursor **ret);
/* The block kept in the row itself, empty when there is none; borrowed until the next step. */
struct span ledger_block(struct ledger_cursor *c);
struct span row_lookup_block(struct row_lookup *l);

#endif
