/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * archive_zip.c - what the central directory of a zip leaves out.
 *
 * Readers believe the central directory (PKWARE APPNOTE 4.3.12), so a member that is only in the
 * file, behind a local header (4.3.7), is invisible to them; it holds persons all the same.  The
 * offsets and packed sizes of all entries are laid side by side: what lies between two of them and
 * begins with a local header is a gap that is read on its own.
 */
#include <stdlib.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/members.h"

enum {
    END_RECORD = 22, /* end of central directory, 4.3.16, without its comment */
    END_SEARCH = 64 * 1024,
    CENTRAL_FIXED = 46,
    LOCAL_FIXED = 30,
    ENTRIES_MAX = 6 * 1000 * 1000,
    GAPS_MAX = 1024
};

struct extent {
    uint64_t from, packed;
};

struct directory {
    uint64_t from, size, base; /* base: bytes in front of the zip (a self-extracting stub) */
    uint64_t entries;
};

static uint32_t u32(const char *at)
{
    struct reader r = reader_of((struct span){at, 4});

    return reader_u32(&r);
}

static uint64_t u64(const char *at)
{
    struct reader r = reader_of((struct span){at, 8});

    return reader_u64(&r);
}

static uint32_t u16(const char *at)
{
    return (uint32_t)(unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8;
}

static bool find_directory(struct source *in, uint64_t size, struct directory *ret,
                           bool *ret_volume)
{
    uint64_t from = size > END_SEARCH ? size - END_SEARCH : 0;

    if (size < END_RECORD || source_seek(in, from) < 0)
        return false;
    struct span tail = source_peek(in, END_SEARCH);
    const char *end = NULL;

    for (size_t i = tail.len < END_RECORD ? 0 : tail.len - END_RECORD + 1; i-- > 0;) {
        if (memcmp(tail.at + i, "PK\5\6", 4) == 0) {
            end = tail.at + i;
            break;
        }
    }
    if (!end)
        return false;
    uint64_t end_at = from + (uint64_t)(end - tail.at);
    uint32_t disk = u16(end + 4);

    *ret_volume = disk != 0 && disk != 0xffff;
    ret->entries = u16(end + 10);
    ret->size = u32(end + 12);
    ret->from = u32(end + 16);
    if (ret->from == UINT32_MAX || ret->entries == 0xffff || ret->size == UINT32_MAX) {
        /* Zip64: locator (20 bytes) in front, it says where the large end record is (4.3.14). */
        if (end - tail.at < 20 || memcmp(end - 20, "PK\6\7", 4) != 0)
            return ret->from != UINT32_MAX && ret->size != UINT32_MAX;
        uint64_t at = u64(end - 12);

        if (at > size || source_seek(in, at) < 0)
            return false;
        struct span large = source_peek(in, 56);

        if (large.len < 56 || memcmp(large.at, "PK\6\6", 4) != 0)
            return false;
        ret->entries = u64(large.at + 32);
        ret->size = u64(large.at + 40);
        ret->from = u64(large.at + 48);
        end_at = at;
    }
    uint64_t stop;

    if (__builtin_add_overflow(ret->from, ret->size, &stop) || stop > end_at)
        return false;
    ret->base = end_at - stop;
    return true;
}

/* Offset and packed size where the fixed fields say "see the zip64 extra field" (4.5.3). */
static void zip64_extra(struct span extra, bool has_size, struct extent *e)
{
    while (extra.len >= 4) {
        size_t len = u16(extra.at + 2);
        struct reader r = reader_of((struct span){extra.at + 4, extra.len - 4});

        if (u16(extra.at) == 1) {
            if (has_size)
                reader_u64(&r);
            uint64_t packed = e->packed == UINT32_MAX ? reader_u64(&r) : e->packed;
            uint64_t from = e->from == UINT32_MAX ? reader_u64(&r) : e->from;

            if (!r.bad)
                *e = (struct extent){from, packed};
            return;
        }
        if (len + 4 > extra.len)
            return;
        extra.at += len + 4;
        extra.len -= len + 4;
    }
}

static struct extent *read_directory(struct source *in, const struct directory *d,
                                     size_t *ret_count)
{
    uint64_t at = d->from + d->base, end = at + d->size;
    size_t room = 0, count = 0;
    AUTO_FREE struct extent *extents = NULL;

    while (at + CENTRAL_FIXED <= end) {
        if (source_seek(in, at) < 0)
            return NULL;
        struct span entry = source_peek(in, CENTRAL_FIXED);

        if (entry.len < CENTRAL_FIXED || memcmp(entry.at, "PK\1\2", 4) != 0)
            return NULL;
        struct extent e = {u32(entry.at + 42), u32(entry.at + 20)};
        size_t name = u16(entry.at + 28), extra = u16(entry.at + 30), note = u16(entry.at + 32);
        bool has_size = u32(entry.at + 24) == UINT32_MAX;

        if (e.from == UINT32_MAX || e.packed == UINT32_MAX) {
            if (source_seek(in, at + CENTRAL_FIXED + name) < 0)
                return NULL;
            struct span more = source_peek(in, extra);

            if (more.len < extra)
                return NULL;
            zip64_extra(more, has_size, &e);
        }
        if (count == room) {
            room = room ? room * 2 : 1024;
            if (room > ENTRIES_MAX)
                return NULL;
            struct extent *grown = realloc(extents, room * sizeof *grown);

            if (!grown)
                return NULL;
            extents = grown;
        }
        extents[count++] = e;
        at += CENTRAL_FIXED + name + extra + note;
    }
    *ret_count = count;
    return take_ptr(&extents);
}

static int by_offset(const void *a, const void *b)
{
    const struct extent *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

static bool add_gap(struct source *in, struct zip_gaps *gaps, uint64_t from, uint64_t to)
{
    if (to <= from || to - from < LOCAL_FIXED || source_seek(in, from) < 0)
        return true;
    /* A data descriptor of the member before is 12 to 24 bytes long (4.3.9). */
    struct span start = source_peek(in, to - from < 64 ? (size_t)(to - from) : 64);
    const char *local = memmem(start.at, start.len, "PK\3\4", 4);

    if (!local)
        return true;
    if (gaps->count == GAPS_MAX)
        return false;
    struct zip_gap *grown = realloc(gaps->at, (gaps->count + 1) * sizeof *grown);

    if (!grown)
        return false;
    gaps->at = grown;
    gaps->at[gaps->count++] = (struct zip_gap){from + (uint64_t)(local - start.at), to};
    return true;
}

void zip_gaps(struct source *in, struct zip_gaps *ret)
{
    struct directory d = {0};
    size_t count = 0;
    int64_t size = source_size(in);

    *ret = (struct zip_gaps){0};
    if (size < 0 || !find_directory(in, (uint64_t)size, &d, &ret->volume))
        return;
    ret->found = true;
    AUTO_FREE struct extent *extents = read_directory(in, &d, &count);

    if (!extents && d.size > 0)
        return;
    if (extents)
        qsort(extents, count, sizeof *extents, by_offset);
    uint64_t covered = d.base, end = d.from + d.base;

    for (size_t i = 0; i <= count; i++) {
        uint64_t from = i < count ? extents[i].from : d.from;

        if (__builtin_add_overflow(from, d.base, &from) || from > end)
            return;
        if (from > covered && !add_gap(in, ret, covered, from))
            return;
        if (i == count)
            break;
        if (i > 0 && extents[i].from == extents[i - 1].from)
            continue;
        /* Of the local header only the lengths of name and extra field are needed; when the
         * members lie side by side that is known without reading it. */
        uint64_t next = i + 1 < count ? extents[i + 1].from + d.base : end;
        uint64_t least;

        if (__builtin_add_overflow(from + LOCAL_FIXED, extents[i].packed, &least))
            return;
        if (next >= least && next - least < LOCAL_FIXED) {
            covered = next;
            continue;
        }
        if (source_seek(in, from) < 0)
            return;
        struct span local = source_peek(in, LOCAL_FIXED);

        if (local.len < LOCAL_FIXED || memcmp(local.at, "PK\3\4", 4) != 0)
            return;
        uint64_t stop = least + u16(local.at + 26) + u16(local.at + 28);

        if (stop > covered)
            covered = stop;
    }
    ret->complete = true;
}
