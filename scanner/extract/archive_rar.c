/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * archive_rar.c - who is encrypted in a RAR, read from its headers.
 *
 * libarchive 3.6 hands out the ciphertext of RAR 5 as if it were data and does not flag it.
 * RAR 5.0 archive format (rarlab technote): signature, then blocks of CRC32, vint size of the
 * header, vint type (1 archive, 2 file, 3 service, 4 encryption, 5 end), vint flags (1 an extra
 * area, 2 data follow), then by type; a file whose extra area has a record of type 1 is encrypted.
 * RAR 4: blocks of CRC16, type, flags, size; the archive header (0x73) says "encrypted headers" in
 * 0x0080 and "volume" in 0x0001.
 */
#include <stdlib.h>

#include "scanner/base/buf.h"
#include "scanner/extract/members.h"

enum { HEADER_MAX = 64 * 1024, FILES_MAX = 8 * 1000 * 1000 };

enum rar5_type { RAR5_ARCHIVE = 1, RAR5_FILE = 2, RAR5_ENCRYPTION = 4, RAR5_END = 5 };

static bool mark_file(struct rar_look *look, bool encrypted)
{
    uint64_t n = look->files;

    if (n >= FILES_MAX)
        return false;
    if (n % 8192 == 0) {
        unsigned char *at = realloc(look->encrypted, (size_t)(n / 8 + 1024));

        if (!at)
            return false;
        memset(at + n / 8, 0, 1024);
        look->encrypted = at;
    }
    if (encrypted)
        look->encrypted[n / 8] |= (unsigned char)(1u << (n % 8));
    look->files++;
    return true;
}

static bool extra_encrypts(struct span extra)
{
    struct reader r = reader_of(extra);

    while (r.at < r.end && !r.bad) {
        struct reader record = reader_of(reader_block(&r));

        if (!r.bad && reader_varint(&record) == 1 && !record.bad)
            return true;
    }
    return false;
}

/* One header at the source's position.  False at the end of the walk. */
static bool rar5_block(struct source *in, struct rar_look *look)
{
    struct span peek = source_peek(in, HEADER_MAX);
    struct reader r = reader_of(peek);

    reader_u32(&r); /* CRC: a header that is wrong is libarchive's to refuse */
    uint64_t size = reader_varint(&r);
    struct reader header = reader_of(reader_bytes(&r, size > HEADER_MAX ? SIZE_MAX : (size_t)size));

    if (r.bad || size == 0)
        return false;
    uint64_t used = (uint64_t)(r.at - peek.at);
    uint64_t type = reader_varint(&header), flags = reader_varint(&header);
    uint64_t extra = flags & 1 ? reader_varint(&header) : 0;
    uint64_t data = flags & 2 ? reader_varint(&header) : 0;

    if (header.bad || extra > (size_t)(header.end - header.at))
        return false;
    switch (type) {
    case RAR5_ARCHIVE:
        look->volume = look->volume || (reader_varint(&header) & 1);
        break;
    case RAR5_FILE:
        if (!mark_file(look, extra_encrypts((struct span){header.end - extra, (size_t)extra})))
            return false;
        break;
    case RAR5_ENCRYPTION:
        look->hidden_names = true;
        look->whole = true;
        return false;
    case RAR5_END:
        look->volume = look->volume || (reader_varint(&header) & 1);
        look->whole = true;
        return false;
    default:
        break;
    }
    uint64_t next;

    if (__builtin_add_overflow(source_position(in), used, &next) ||
        __builtin_add_overflow(next, data, &next))
        return false;
    return source_seek(in, next) == 0;
}

static void rar4_archive_header(struct source *in, struct rar_look *look)
{
    struct span peek = source_peek(in, 7);
    const unsigned char *at = (const unsigned char *)peek.at;

    if (peek.len < 7 || at[2] != 0x73)
        return;
    unsigned flags = at[3] | (unsigned)at[4] << 8;

    look->volume = (flags & 0x0001) != 0;
    look->hidden_names = (flags & 0x0080) != 0;
    look->whole = true;
}

bool rar_look(struct source *in, struct rar_look *ret)
{
    static const char rar5[] = {0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x01, 0x00};
    static const char rar4[] = {0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x00};

    *ret = (struct rar_look){0};
    if (source_seek(in, 0) < 0)
        return false;
    struct span peek = source_peek(in, HEADER_MAX);
    const char *at = memmem(peek.at, peek.len, "Rar!\x1a\x07", 6); /* behind an SFX stub */
    size_t left = at ? (size_t)(peek.at + peek.len - at) : 0;
    uint64_t start = at ? (uint64_t)(at - peek.at) : 0;
    bool five = left >= sizeof rar5 && memcmp(at, rar5, sizeof rar5) == 0;
    bool four = left >= sizeof rar4 && memcmp(at, rar4, sizeof rar4) == 0;

    if (!five && !four)
        return false;
    if (source_seek(in, start + (five ? sizeof rar5 : sizeof rar4)) < 0)
        return false;
    if (four) {
        rar4_archive_header(in, ret);
        return true;
    }
    while (rar5_block(in, ret))
        ;
    return true;
}
