/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * text_reader.h - the bytes of a source as UTF-8, piece by piece; what text, CSV and JSON share.
 *
 *     struct text_reader r;
 *     text_reader_start(&r, in, out, head);
 *     while ((piece = text_reader_next(&r)).len > 0)
 *         ...
 *     text_reader_release(&r);
 *     return text_reader_ending(&r);
 *
 * UTF-8 is handed on where it lies, without a copy.  Pieces are cut anywhere between characters.
 * Stops by itself when time is up, at an error, or once `stopped` is set by a sink that had enough.
 */
#ifndef CONSTAT_TEXT_READER_H
#define CONSTAT_TEXT_READER_H

#include "scanner/extract/charset.h"
#include "scanner/extract/extractor.h"

struct text_reader {
    struct source *in;
    const struct sink *out;
    struct charset_decoder decoder;
    struct buf utf8;
    struct span run;    /* bytes read and not decoded yet */
    size_t known_plain; /* so many of the bytes to come are UTF-8, as was seen before */
    bool first, at_end, stopped;
    const char *spent;  /* the limit that ended it */
    struct span binary; /* the last run is not text: read it as strings too, then clear this */
};

void text_reader_start(struct text_reader *r, struct source *in, const struct sink *out,
                       const struct head *head);
void text_reader_release(struct text_reader *r);
/* Borrowed until the next call; empty at the end. */
struct span text_reader_next(struct text_reader *r);
struct ending text_reader_ending(const struct text_reader *r);

/* `otherwise`, unless the source could not be read to its end or changed under the reader. */
struct ending source_ending(const struct source *in, struct ending otherwise);

/* The start of a text (16 KiB at most) with its ASCII characters one byte each: in place, or, for
 * UTF-16 and UTF-32, converted into *room.  For bids. */
struct span text_head(const struct head *head, struct buf *room);
bool span_ends_with(struct span name, const char *lower_suffix); /* in any letter case */

#endif
