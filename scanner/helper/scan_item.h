/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * scan_item.h - open, extract, detect, token, record: one item and everything inside it.
 *
 * The records of protocol.h for an item are added to a buffer that is written to the pipe when it
 * is large; the caller writes the rest with scan_flush.  The process ends itself (_exit,
 * HELPER_EXIT_MEMORY) when there is no memory for a record, since nothing can be told then, and
 * when the pipe is closed: nobody is there to tell.
 */
#ifndef CONSTAT_SCAN_ITEM_H
#define CONSTAT_SCAN_ITEM_H

#include "scanner/helper/protocol.h"

struct scan;

/* Borrows `page`.  `missing`: bit n, extractors[n] could not be prepared and must not be run.
 * NULL: no memory. */
struct scan *scan_new(const struct setup *setup, struct helper_page *page, int pipe,
                      uint32_t missing);
void scan_free(struct scan *s);

/* One item of a batch.  `fd` stays the caller's; -1: none. */
void scan_item(struct scan *s, uint32_t index, const struct batch_item *item, int fd);
/* Adds one more record that is not of an item. */
void scan_ready(struct scan *s, const struct ready *ready);
void scan_flush(struct scan *s);

#endif
