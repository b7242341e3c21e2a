/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * content.h - what was searched in a document, as 64 bits: copies and backup generations of it are
 * known by them.
 *
 * Eight lanes of multiply and fold, seeded with a secret of the case: as fast as memory, even where
 * it lies, and of no use to anybody who would try texts against it without the case key.  It tells
 * equal documents, it proves nothing about bytes: evidence has its own digests.  How the text is
 * cut into pieces does not change it.
 */
#ifndef CONSTAT_CONTENT_H
#define CONSTAT_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include "detectors/span.h"

enum { CONTENT_LANES = 8, CONTENT_STRIPE = 8 * CONTENT_LANES };

struct content {
    uint64_t lane[CONTENT_LANES];
    uint64_t bytes;
    unsigned char tail[CONTENT_STRIPE];
    size_t tail_len;
};

void content_begin(struct content *c, uint64_t seed);
void content_add(struct content *c, struct span text);
/* Where a cell, a page, a record begins. */
void content_mark(struct content *c, uint64_t kind, uint64_t a, uint64_t b);
/* 0 when there was no text. */
uint64_t content_end(const struct content *c);

#endif
