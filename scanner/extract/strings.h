/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * strings.h - the readable strings in bytes of an unknown format.
 *
 * Single-byte strings (ASCII, with UTF-8 sequences and single bytes of Windows-1252 between their
 * letters) and UTF-16 strings of both byte orders at both alignments, of at least STRINGS_SHORTEST
 * characters, each given as UTF-8 with the offset of its first byte.  They come in the order of
 * their offsets and never overlap.  Bytes may be fed in pieces cut anywhere: what is found does not
 * depend on the cuts.  Linear in the input; memory is bounded (a string longer than
 * STRINGS_PART is given in parts that join).
 */
#ifndef CONSTAT_STRINGS_H
#define CONSTAT_STRINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"

enum { STRINGS_SHORTEST = 6, STRINGS_PART = 32 * 1024 };

/* One string.  `joined`: not a new one but the next part of the one given last, nothing between.
 * Borrowed for the call.  False: stop. */
typedef bool strings_found(void *ctx, uint64_t offset, bool joined, struct span utf8);

struct strings;

struct strings *strings_new(strings_found *found, void *ctx);
void strings_free(struct strings *s);
/* The next bytes of the item.  False: `found` said stop, or no memory; then only strings_free. */
bool strings_feed(struct strings *s, struct span bytes);
/* Gives out what is still held, and starts over: the next bytes are at offset 0. */
bool strings_end(struct strings *s);
/* The same for bytes that do not follow those fed before: ends what runs and goes on there. */
bool strings_jump(struct strings *s, uint64_t offset);

#endif
