/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t ceiling)
{
    *b = (struct buf){.ceiling = ceiling};
}

void buf_release(struct buf *b)
{
    size_t ceiling = b->ceiling;

    free(b->at);
    *b = (struct buf){.ceiling = ceiling};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->at)
        b->at[0] = '\0';
}

bool buf_reserve(struct buf *b, size_t more)
{
    if (b->failed || more > b->ceiling - b->len) {
        b->failed = true;
        return false;
    }
    size_t need = b->len + more + 1;

    if (need <= b->room)
        return true;
    size_t room = b->room ? b->room : 64;

    while (room < need)
        room = room > b->ceiling / 2 ? b->ceiling + 1 : room * 2;
    char *at = realloc(b->at, room);

    if (!at) {
        b->failed = true;
        return false;
    }
    b->at = at;
    b->room = room;
    return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!buf_reserve(b, len))
        return false;
    if (len > 0)
        memcpy(b->at + b->len, bytes, len);
    b->len += len;
    b->at[b->len] = '\0';
    return true;
}

bool buf_add_span(struct buf *b, struct span s)
{
    return buf_add(b, s.at, s.len);
}

bool buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

bool buf_add_byte(struct buf *b, char byte)
{
    return buf_add(b, &byte, 1);
}

bool buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);

    va_end(args);
    bool ok = len >= 0 && buf_reserve(b, (size_t)len);

    if (ok) {
        vsnprintf(b->at + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    } else {
        b->failed = true;
    }
    va_end(again);
    return ok;
}

void buf_drop_front(struct buf *b, size_t len)
{
    if (len >= b->len) {
        b->len = 0;
    } else {
        memmove(b->at, b->at + len, b->len - len);
        b->len -= len;
    }
    if (b->at)
        b->at[b->len] = '\0';
}

static bool add_little_endian(struct buf *b, uint64_t v, size_t width)
{
    if (!buf_reserve(b, width))
        return false;
    for (size_t i = 0; i < width; i++)
        b->at[b->len++] = (char)(v >> (8 * i));
    b->at[b->len] = '\0';
    return true;
}

bool buf_add_u8(struct buf *b, uint8_t v)
{
    return add_little_endian(b, v, 1);
}

bool buf_add_u32(struct buf *b, uint32_t v)
{
    return add_little_endian(b, v, 4);
}

bool buf_add_u64(struct buf *b, uint64_t v)
{
    return add_little_endian(b, v, 8);
}

bool buf_add_varint(struct buf *b, uint64_t v)
{
    char bytes[VARINT_MAX];

    return buf_add(b, bytes, (size_t)(varint_put(bytes, v) - bytes));
}

bool buf_add_block(struct buf *b, struct span s)
{
    return buf_add_varint(b, s.len) && buf_add_span(b, s);
}

static uint64_t read_little_endian(struct reader *r, size_t width)
{
    uint64_t v = 0;

    if (r->bad || (size_t)(r->end - r->at) < width) {
        r->bad = true;
        return 0;
    }
    for (size_t i = 0; i < width; i++)
        v |= (uint64_t)(unsigned char)r->at[i] << (8 * i);
    r->at += width;
    return v;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)read_little_endian(r, 1);
}

uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)read_little_endian(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
    return read_little_endian(r, 8);
}

uint64_t reader_varint(struct reader *r)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (r->bad || r->at == r->end)
            break;
        unsigned char byte = (unsigned char)*r->at++;

        if (shift == 63 && byte > 1)
            break;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return v;
    }
    r->bad = true;
    return 0;
}

struct span reader_bytes(struct reader *r, size_t len)
{
    if (r->bad || (size_t)(r->end - r->at) < len) {
        r->bad = true;
        return (struct span){"", 0};
    }
    struct span s = {r->at, len};

    r->at += len;
    return s;
}

struct span reader_block(struct reader *r)
{
    uint64_t len = reader_varint(r);

    if (len > (size_t)(r->end - r->at))
        r->bad = true;
    return reader_bytes(r, r->bad ? 0 : (size_t)len);
}
