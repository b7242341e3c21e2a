/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * buf.h - growing bytes with a ceiling fixed when it is made.
 *
 * buf_init() gives the ceiling; a call that would pass it, or that finds no memory, returns false
 * and leaves the bytes as they were; `failed` then stays set, so a sequence of appends can be
 * checked once at its end.  `at` is NUL-terminated one byte past `len` once anything was appended.
 * Not for use by two threads at once.
 */
#ifndef CONSTAT_BUF_H
#define CONSTAT_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"

struct buf {
    char *at;
    size_t len, room, ceiling;
    bool failed;
};

void buf_init(struct buf *b, size_t ceiling);
void buf_release(struct buf *b); /* and usable again with the same ceiling */
void buf_clear(struct buf *b);   /* keeps the memory */
bool buf_reserve(struct buf *b, size_t more);
bool buf_add(struct buf *b, const void *bytes, size_t len);
bool buf_add_span(struct buf *b, struct span s);
bool buf_add_text(struct buf *b, const char *text);
bool buf_add_byte(struct buf *b, char byte);
bool buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_drop_front(struct buf *b, size_t len);

static inline struct span buf_span(const struct buf *b)
{
    return (struct span){b->at, b->len};
}

/* Little-endian, fixed width, and LEB128 varints, for records (wire.h, findings.h). */
bool buf_add_u8(struct buf *b, uint8_t v);
bool buf_add_u32(struct buf *b, uint32_t v);
bool buf_add_u64(struct buf *b, uint64_t v);
bool buf_add_varint(struct buf *b, uint64_t v);
bool buf_add_block(struct buf *b, struct span s); /* varint length, then the bytes */

enum { VARINT_MAX = 10 };

/* A varint at `at`, where VARINT_MAX bytes have room; returns the end. */
static inline char *varint_put(char *at, uint64_t v)
{
    for (; v > 0x7f; v >>= 7)
        *at++ = (char)(v | 0x80);
    *at++ = (char)v;
    return at;
}

/* Reading the same, from bytes that are not trusted: after any failure `bad` stays set and every
 * further value is 0 / empty. */
struct reader {
    const char *at, *end;
    bool bad;
};

static inline struct reader reader_of(struct span s)
{
    return (struct reader){s.at, s.len > 0 ? s.at + s.len : s.at, false}; /* NULL + 0: undefined */
}

uint8_t reader_u8(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
uint64_t reader_varint(struct reader *r);
struct span reader_bytes(struct reader *r, size_t len);
struct span reader_block(struct reader *r); /* borrowed from the reader's bytes */

#define AUTO_BUF __attribute__((cleanup(buf_release)))

#endif
