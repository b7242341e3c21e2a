/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inflate.h - raw deflate (RFC 1951) and the CRC-32 of zip, by ISA-L; its only door.
 */
#ifndef CONSTAT_INFLATE_H
#define CONSTAT_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detectors/span.h"

struct inflate;

struct inflate *inflate_new(void); /* NULL: no memory.  One serves many streams, one by one */
void inflate_free(struct inflate *i);

/* A whole stream in one call: true when it is sound, takes all of `packed` and gives exactly `size`
 * bytes.  `to` has room for one byte more. */
bool inflate_whole(struct inflate *i, struct span packed, void *to, size_t size);

enum inflate_step {
    INFLATE_MORE, /* wants input or room for output */
    INFLATE_END,  /* everything was given out */
    INFLATE_BAD   /* no deflate */
};

/* A stream piece by piece: takes from the front of *packed, gives up to `room` bytes. */
void inflate_start(struct inflate *i);
enum inflate_step inflate_some(struct inflate *i, struct span *packed, void *to, size_t room,
                               size_t *ret_given);

/* Of the bytes before (0 at first) and these. */
uint32_t crc32_of(uint32_t before, struct span bytes);

#endif
