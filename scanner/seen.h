/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * seen.h - what earlier scans of the case finished, so that it is not read again.
 *
 * A table of 32 bytes an item, filled once at the start and then only looked up; the mark that an
 * item was met again may be set by several walk threads at once.
 */
#ifndef CONSTAT_SEEN_H
#define CONSTAT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/inventory/inventory.h"

struct seen_table;

/* NULL: no memory or the database failed (then *ret_error < 0). */
struct seen_table *seen_load(struct inventory *inv, int *ret_error);
void seen_free(struct seen_table *t);

struct seen_item {
    int64_t top; /* 0: not known */
    enum outcome outcome;
    bool unchanged; /* same size, mtime and ctime as then */
};

/* Looks an item up and marks it as met. */
struct seen_item seen_meet(struct seen_table *t, const unsigned char identity[16], uint64_t bytes,
                           int64_t mtime, int64_t ctime);
/* Items never met: gone from the source.  Calls `gone` for each. */
int seen_each_unmet(struct seen_table *t, int (*gone)(void *ctx, int64_t top), void *ctx);
uint64_t seen_count(const struct seen_table *t);

#endif
