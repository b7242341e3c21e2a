/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * folders.h - the folders of the report while rows are counted: found by root and path, put in the
 * order of the ledger at the end.
 *
 * Rows come as they lie in the case, which is several times as fast as sorting them.  Only where a
 * ceiling is met does it matter which folder came first: then the counting begins again with rows
 * in order, so that the figures never depend on how the rows lie.
 */
#ifndef CONSTAT_REPORT_FOLDERS_H
#define CONSTAT_REPORT_FOLDERS_H

#include "report/facts.h"
#include "report/rows.h"

struct folder_table {
    struct facts *f;
    bool ordered;        /* rows come in the order of the ledger */
    bool wants_order;    /* a ceiling was met, and they do not */
    uint32_t *first_gap; /* of each folder: for the caller, 0 at first */
    uint32_t room;
    uint32_t *slots; /* index + 1; a power of two of them, 0 free */
    uint32_t n_slots;
    uint32_t last; /* index + 1 of the folder found last */
    uint32_t root; /* the one found last */
};

void folder_table_init(struct folder_table *t, struct facts *f, bool ordered);
void folder_table_release(struct folder_table *t);
/* False: no memory, or wants_order. */
bool folder_table_root(struct folder_table *t, struct span label, uint32_t *ret);
/* Its ancestors are made before it. */
bool folder_table_find(struct folder_table *t, uint32_t root, struct span path, uint32_t *ret);
/* After the last row: roots and folders in the order of the ledger, here and in `rows`.  False: no
 * memory. */
bool folder_table_settle(struct folder_table *t, struct rows *rows);

#endif
