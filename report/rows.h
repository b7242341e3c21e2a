/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * rows.h - what the counting passes need of a ledger row, by its id, in 16 bytes.
 *
 * Ids come from the database in rising order with few holes, so the map is pages of consecutive
 * ids, made when first written.
 */
#ifndef CONSTAT_REPORT_ROWS_H
#define CONSTAT_REPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_UNSEEN 0u
#define ROW_HOLDS  0x80000000u
#define ROW_FOLDER 0x7fffffffu

struct row_note {
    uint64_t kinds;  /* bit n: a finding of kind n stands in this document */
    uint32_t folder; /* folder + 1, 0 = no such row; ROW_HOLDS: something in it or its members */
    uint8_t unit;    /* enum place_kind */
    uint8_t pad;
    uint16_t service; /* entry of the folder profile + 1, 0 none */
};

struct rows {
    struct row_note **pages;
    size_t n_pages;
};

void rows_release(struct rows *r);
/* The note of that row, made when it is missing.  NULL: no memory, or an id out of all reason. */
struct row_note *rows_make(struct rows *r, int64_t id);
/* NULL when rows_make never made one near it; check `folder` for ROW_UNSEEN. */
struct row_note *rows_find(const struct rows *r, int64_t id);

/* Every row there is. */
void rows_each(const struct rows *r, void (*each)(const struct row_note *note, void *ctx),
               void *ctx);

/* `to`: for each folder the number it has from now on. */
void rows_renumber(struct rows *r, const uint32_t *to);

#endif
