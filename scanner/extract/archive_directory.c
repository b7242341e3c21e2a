/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * archive_directory.c - end record, central directory and local headers (PKWARE APPNOTE 6.3.10,
 * sections 4.3.7, 4.3.12 to 4.3.16 and 4.5).
 *
 * Strict: a field that is not plainly as it should be makes the zip, or the rest of it, a matter
 * for libarchive, which is slower and has seen more.
 */
#include "scanner/extract/archive_directory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/charset.h"

enum {
    END_RECORD = 22,
    END_LOCATOR = 20,
    END_LARGE = 56,       /* zip64 end record without its extensible part */
    TAIL = 16 * 1024,     /* no longer a comment: libarchive must find the same end record */
    PEEK_MAX = 64 * 1024, /* of source_peek */
    CENTRAL_FIXED = 46,
    LOCAL_FIXED = 30,
    ENTRIES_MAX = 2 * 1000 * 1000 /* 80 MB of them */
};

enum { /* general purpose bits, 4.4.4 */
       FLAG_ENCRYPTED = 1,
       FLAG_PATCHED = 1 << 5,
       FLAG_STRONG_ENCRYPTED = 1 << 6,
       FLAG_UTF8 = 1 << 11,
       FLAG_MASKED = 1 << 13,
       FLAGS_UNUSUAL = FLAG_ENCRYPTED | FLAG_PATCHED | FLAG_STRONG_ENCRYPTED | FLAG_MASKED
};

enum { METHOD_STORED = 0, METHOD_DEFLATED = 8 };
enum { SYSTEM_DOS = 0, SYSTEM_UNIX = 3 };

struct end_record {
    uint64_t entries, from, size;
};

struct sizes {
    uint64_t size, packed, from;
};

static uint16_t u16(const char *at)
{
    return (uint16_t)((unsigned char)at[0] | (unsigned char)at[1] << 8);
}

static uint32_t u32(const char *at)
{
    return (uint32_t)u16(at) | (uint32_t)u16(at + 2) << 16;
}

static uint64_t u64(const char *at)
{
    return (uint64_t)u32(at) | (uint64_t)u32(at + 4) << 32;
}

static struct span look(struct source *in, uint64_t at, size_t len)
{
    if (source_seek(in, at) < 0)
        return (struct span){NULL, 0};
    struct span bytes = source_peek(in, len);

    return bytes.len < len ? (struct span){NULL, 0} : bytes;
}

/* --- the end record --- */

/* The zip64 end record in front of the locator (4.3.14, 4.3.15). */
static bool large_end(struct source *in, uint64_t locator_at, struct end_record *ret)
{
    struct span locator = look(in, locator_at, END_LOCATOR);

    if (!locator.at || u32(locator.at + 4) != 0 || u32(locator.at + 16) > 1)
        return false;
    uint64_t at = u64(locator.at + 8);

    if (at > locator_at || locator_at - at < END_LARGE)
        return false;
    struct span end = look(in, at, END_LARGE);

    if (!end.at || memcmp(end.at, "PK\6\6", 4) != 0 || u64(end.at + 4) != locator_at - at - 12 ||
        u32(end.at + 16) != 0 || u32(end.at + 20) != 0 || u64(end.at + 24) != u64(end.at + 32))
        return false;
    *ret = (struct end_record){u64(end.at + 32), u64(end.at + 48), u64(end.at + 40)};
    return ret->from <= at && ret->size == at - ret->from;
}

static bool find_end(struct source *in, uint64_t size, struct end_record *ret)
{
    if (size < END_RECORD)
        return false;
    /* Nearly always the last 22 bytes; else a comment follows. */
    uint64_t at = size - END_RECORD;
    struct span end = look(in, at, END_RECORD);

    if (!end.at)
        return false;
    if (memcmp(end.at, "PK\5\6", 4) != 0 || u16(end.at + 20) != 0) {
        uint64_t from = size > TAIL ? size - TAIL : 0;
        struct span tail = look(in, from, (size_t)(size - from));

        if (!tail.at)
            return false;
        size_t i = tail.len - END_RECORD;

        while (i > 0 && memcmp(tail.at + i, "PK\5\6", 4) != 0)
            i--;
        if (memcmp(tail.at + i, "PK\5\6", 4) != 0 ||
            u16(tail.at + i + 20) != tail.len - END_RECORD - i)
            return false;
        at = from + i;
        end = (struct span){tail.at + i, END_RECORD};
    }
    if (u16(end.at + 4) != 0 || u16(end.at + 6) != 0 || u16(end.at + 8) != u16(end.at + 10))
        return false;
    struct end_record small = {u16(end.at + 10), u32(end.at + 16), u32(end.at + 12)};
    struct span locator =
        at >= END_LOCATOR ? look(in, at - END_LOCATOR, END_LOCATOR) : (struct span){NULL, 0};

    *ret = small;
    if (!locator.at || memcmp(locator.at, "PK\6\7", 4) != 0)
        return ret->from <= at && ret->size == at - ret->from;
    return large_end(in, at - END_LOCATOR, ret) &&
           (small.entries == UINT16_MAX || small.entries == ret->entries) &&
           (small.from == UINT32_MAX || small.from == ret->from) &&
           (small.size == UINT32_MAX || small.size == ret->size);
}

/* --- extra fields --- */

/* The next field of *extra; false at the end or when it is broken. */
static bool next_extra(struct span *extra, uint16_t *ret_id, struct span *ret)
{
    if (extra->len < 4)
        return false;
    size_t len = u16(extra->at + 2);

    if (len > extra->len - 4)
        return false;
    *ret_id = u16(extra->at);
    *ret = (struct span){extra->at + 4, len};
    extra->at += 4 + len;
    extra->len -= 4 + len;
    return true;
}

/* Sizes that did not fit into 32 bits (4.5.3). */
static bool large_sizes(struct span field, struct sizes *s)
{
    struct reader r = reader_of(field);

    if (s->size == UINT32_MAX)
        s->size = reader_u64(&r);
    if (s->packed == UINT32_MAX)
        s->packed = reader_u64(&r);
    if (s->from == UINT32_MAX)
        s->from = reader_u64(&r);
    return !r.bad && s->size <= INT64_MAX && s->packed <= INT64_MAX && s->from <= INT64_MAX;
}

static bool read_extra(struct span extra, struct sizes *sizes, int64_t *mtime)
{
    struct span field;
    uint16_t id;

    while (next_extra(&extra, &id, &field)) {
        switch (id) {
        case 0x0001:
            if (!large_sizes(field, sizes))
                return false;
            break;
        case 0x5455: /* extended timestamp, 4.6: flags, then the time of the last change */
            if (field.len == 0)
                return false;
            if ((field.at[0] & 1) && field.len >= 5)
                *mtime = u32(field.at + 1);
            break;
        case 0x5855: /* Info-ZIP Unix, the older: last access, last change */
            if (field.len >= 8)
                *mtime = u32(field.at + 4);
            break;
        case 0x0017: /* strong encryption */
        case 0x9901: /* AES */
        case 0x7075: /* another name */
        case 0x6c78: /* another mode */
            return false;
        default:
            break;
        }
    }
    for (size_t i = 0; i < extra.len; i++) {
        if (extra.at[i] != 0)
            return false;
    }
    return extra.len < 4;
}

/* --- the directory --- */

/* Type and permissions; 0 when they are not a file's or a folder's. */
static uint16_t mode_of(uint8_t system, uint32_t attributes)
{
    uint32_t mode = 0;

    if (system == SYSTEM_UNIX) {
        mode = attributes >> 16;
    } else if (system == SYSTEM_DOS) {
        mode = attributes & 0x10 ? S_IFDIR | 0775 : S_IFREG | 0664;
        if (attributes & 1)
            mode &= (uint32_t)~0222;
    }
    if (mode == 0)
        return S_IFREG | 0664;
    if (!(mode & S_IFMT))
        mode |= S_IFREG;
    return S_ISREG(mode) || S_ISDIR(mode) ? (uint16_t)mode : 0;
}

static bool read_entry(struct source *in, uint64_t *at, uint64_t end, struct zip_entry *ret)
{
    if (end - *at < CENTRAL_FIXED)
        return false;
    struct span e = look(in, *at, CENTRAL_FIXED);

    if (!e.at || memcmp(e.at, "PK\1\2", 4) != 0)
        return false;
    size_t name = u16(e.at + 28), extra = u16(e.at + 30), note = u16(e.at + 32);
    size_t method = u16(e.at + 10);
    struct sizes s = {.size = u32(e.at + 24), .packed = u32(e.at + 20), .from = u32(e.at + 42)};
    int64_t ignored;

    *ret = (struct zip_entry){.crc = u32(e.at + 16),
                              .mode = mode_of((uint8_t)e.at[5], u32(e.at + 38)),
                              .name_len = (uint16_t)name,
                              .deflated = method == METHOD_DEFLATED};
    if ((u16(e.at + 8) & FLAGS_UNUSUAL) || u16(e.at + 34) != 0 || ret->mode == 0 || name == 0 ||
        (method != METHOD_STORED && method != METHOD_DEFLATED) ||
        end - *at - CENTRAL_FIXED < name + extra + note)
        return false;
    if (extra > 0) {
        struct span more = look(in, *at + CENTRAL_FIXED + name, extra);

        if (!more.at || !read_extra(more, &s, &ignored))
            return false;
    }
    ret->from = s.from;
    ret->packed = s.packed;
    ret->size = s.size;
    *at += CENTRAL_FIXED + name + extra + note;
    return ret->deflated ? s.packed > 0 || s.size == 0 : s.packed == s.size;
}

static int by_place(const void *a, const void *b)
{
    const struct zip_entry *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* Sorted, and none begins before the one in front of it can have ended. */
static bool lie_side_by_side(struct zip_directory *d, uint64_t end)
{
    bool sorted = true;

    for (size_t i = 1; i < d->count && sorted; i++)
        sorted = d->entries[i - 1].from < d->entries[i].from;
    if (!sorted)
        qsort(d->entries, d->count, sizeof *d->entries, by_place);
    for (size_t i = 0; i < d->count; i++) {
        const struct zip_entry *e = &d->entries[i];
        uint64_t next = i + 1 < d->count ? e[1].from : end;

        if (e->from > next || next - e->from < LOCAL_FIXED + (uint64_t)e->name_len ||
            next - e->from - LOCAL_FIXED - e->name_len < e->packed)
            return false;
    }
    return true;
}

bool zip_directory_read(struct source *in, struct zip_directory *ret)
{
    int64_t size = source_size(in);
    struct end_record end;

    *ret = (struct zip_directory){0};
    if (size < 0 || !find_end(in, (uint64_t)size, &end) || end.entries == 0 ||
        end.entries > ENTRIES_MAX || end.entries > end.size / CENTRAL_FIXED)
        return false;
    size_t count = (size_t)end.entries;
    AUTO_FREE struct zip_entry *entries = calloc(count, sizeof *entries);
    uint64_t at = end.from, stop = end.from + end.size;

    if (!entries)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_entry(in, &at, stop, &entries[i]))
            return false;
    }
    if (at != stop)
        return false;
    ret->entries = entries;
    ret->count = count;
    if (!lie_side_by_side(ret, end.from)) {
        *ret = (struct zip_directory){0};
        return false;
    }
    take_ptr(&entries);
    return true;
}

/* --- local headers --- */

/* A name that stays as it is when it is taken for UTF-8 and composed (Unicode NFC), and that is
 * not a path in the manner of DOS.  Combining marks begin at U+0300; what stands below it, and
 * Greek and Cyrillic without marks, has no other form. */
static bool is_plain_name(struct span name, bool utf8, bool dos)
{
    bool backslash = false, slash = false;

    for (size_t i = 0; i < name.len; i++) {
        const unsigned char *at = (const unsigned char *)name.at + i;

        if (*at == 0)
            return false;
        slash = slash || *at == '/';
        backslash = backslash || *at == '\\';
        if (*at < 0x80 || !utf8)
            continue;
        if (utf8_sequence(at, name.len - i) != 2)
            return false;
        uint32_t c = (uint32_t)(at[0] & 0x1f) << 6 | (at[1] & 0x3f);

        if (c >= 0x300 && (c < 0x388 || (c >= 0x483 && c <= 0x489) || c >= 0x530))
            return false;
        i++;
    }
    return !dos || !backslash || slash;
}

/* A local header may leave to the directory, as 0, what was not known yet when it was written. */
static bool agrees(uint64_t local, uint64_t central)
{
    return local == central || local == 0;
}

bool zip_local_read(struct source *in, const struct zip_entry *entry, struct buf *name,
                    struct zip_local *ret)
{
    struct span fixed = look(in, entry->from, LOCAL_FIXED);

    if (!fixed.at || memcmp(fixed.at, "PK\3\4", 4) != 0)
        return false;
    uint16_t flags = u16(fixed.at + 6);
    uint16_t method = entry->deflated ? METHOD_DEFLATED : METHOD_STORED;
    size_t name_len = u16(fixed.at + 26), extra = u16(fixed.at + 28);
    size_t whole = LOCAL_FIXED + name_len + extra;
    struct sizes s = {.size = u32(fixed.at + 22), .packed = u32(fixed.at + 18)};

    if ((flags & FLAGS_UNUSUAL) || u16(fixed.at + 8) != method || name_len != entry->name_len ||
        !agrees(u32(fixed.at + 14), entry->crc) || whole > PEEK_MAX)
        return false;
    struct span h = look(in, entry->from, whole);

    if (!h.at)
        return false;
    struct span spelt = {h.at + LOCAL_FIXED, name_len};

    *ret = (struct zip_local){entry->from + whole, u32(h.at + 10), INT64_MIN};
    if (!read_extra((struct span){h.at + LOCAL_FIXED + name_len, extra}, &s, &ret->mtime) ||
        !agrees(s.size, entry->size) || !agrees(s.packed, entry->packed) ||
        !is_plain_name(spelt, (flags & FLAG_UTF8) != 0, h.at[5] == SYSTEM_DOS))
        return false;
    /* libarchive ends a folder's name with a slash. */
    if (S_ISDIR(entry->mode) && spelt.at[name_len - 1] != '/')
        return false;
    buf_clear(name);
    return buf_add_span(name, spelt);
}
