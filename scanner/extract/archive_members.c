/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * archive_members.c - the members of an ordinary zip by its directory (archive_directory.h), of
 * everything else by libarchive.
 *
 * What is wrong with a member of an ordinary zip shows, most often, before a byte of it is given
 * out: a local header that disagrees, a small member that does not come out whole.  libarchive
 * then passes over the headers of the members given so far and reads on from that one.  Both go by
 * the place in the file, so none is given twice, and what damage is called is told in one way.
 */
#include "scanner/extract/members.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/archive_directory.h"
#include "scanner/extract/charset.h"
#include "scanner/extract/inflate.h"

enum {
    HELD = 256 * 1024,  /* a member up to this size is handed over as memory */
    PEEKED = 64 * 1024, /* packed bytes that are taken from where the source has them */
    NAME_MAX_BYTES = 64 * 1024
};

struct members {
    struct archive *archive;
    struct members_how how;
    uint64_t position; /* in the source */
    bool opened;       /* some questions crash libarchive before */

    locale_t before; /* of this thread; 0: as it is */
    struct buf name, target;

    /* An ordinary zip; `archive` is there only after libarchive took over. */
    bool ordinary;
    struct zip_directory directory;
    size_t next;              /* of the directory's entries */
    uint64_t data, data_left; /* packed bytes of the current member: where, and not yet read */
    uint64_t data_out;
    uint32_t data_crc;
    struct inflate *inflate;
    struct span packed; /* from the source, not inflated yet */
    uint32_t stamp;     /* of the member before, and the time it is */
    int64_t stamp_mtime;

    struct source *bytes; /* of the current member */
    char *held;           /* the first bytes of the current member, HELD long */
    size_t held_len, held_given;
    const char *block; /* libarchive's, not yet given out */
    size_t block_len;
    bool at_end;
    struct ending lost;
};

/* libarchive converts names to the locale's charset.  Written once, by members_prepare, before any
 * read: a helper that is locked in cannot open the locale's files any more. */
static locale_t utf8_names;

static const struct ending no_memory = {OUTCOME_OVER_LIMIT, "memory"};

/* --- libarchive reads the source --- */

static la_ssize_t on_read(struct archive *a, void *ctx, const void **ret)
{
    struct members *m = ctx;

    if (!budget_time(m->how.budget)) {
        archive_set_error(a, ETIMEDOUT, "time");
        return ARCHIVE_FATAL;
    }
    int error = 0;
    struct span run = source_next(m->how.in, &error);

    if (error < 0) {
        archive_set_error(a, -error, "read");
        return ARCHIVE_FATAL;
    }
    uint64_t left = m->position < m->how.to ? m->how.to - m->position : 0;

    if (run.len > left)
        run.len = (size_t)left;
    m->position += run.len;
    *ret = run.at;
    return (la_ssize_t)run.len;
}

static la_int64_t on_seek(struct archive *a, void *ctx, la_int64_t offset, int whence)
{
    struct members *m = ctx;
    int64_t size = source_size(m->how.in);
    uint64_t end = m->how.to;
    int64_t base, to;

    if (size >= 0 && (uint64_t)size < end)
        end = (uint64_t)size;
    switch (whence) {
    case SEEK_SET:
        base = (int64_t)m->how.from;
        break;
    case SEEK_CUR:
        base = (int64_t)m->position;
        break;
    default:
        base = (int64_t)end;
        break;
    }
    if (__builtin_add_overflow(base, offset, &to) || to < (int64_t)m->how.from ||
        (uint64_t)to > end || source_seek(m->how.in, (uint64_t)to) < 0) {
        archive_set_error(a, EINVAL, "Truncated");
        return ARCHIVE_FATAL;
    }
    m->position = (uint64_t)to;
    return to - (int64_t)m->how.from;
}

static la_int64_t on_skip(struct archive *a, void *ctx, la_int64_t request)
{
    struct members *m = ctx;
    int64_t size = source_size(m->how.in);
    uint64_t end = m->how.to;

    (void)a;
    if (size >= 0 && (uint64_t)size < end)
        end = (uint64_t)size;
    /* Short of the end, so that a file that is cut off is noticed by the read that follows. */
    if (request <= 0 || m->position >= end || (uint64_t)request >= end - m->position ||
        source_seek(m->how.in, m->position + (uint64_t)request) < 0)
        return 0;
    m->position += (uint64_t)request;
    return request;
}

static bool choose_formats(struct archive *a, enum members_as as)
{
    int r = ARCHIVE_OK;

    if (as == MEMBERS_OF_ZIP)
        return archive_read_support_format_zip(a) >= ARCHIVE_WARN;
    if (as == MEMBERS_OF_ZIP_LOCAL)
        return archive_read_support_format_zip_streamable(a) >= ARCHIVE_WARN;
    /* One by one: "all" would bring filters that start programs, and mtree, which opens files. */
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_compress(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_filter_lzip(a);
    archive_read_support_filter_lzma(a);
    archive_read_support_filter_rpm(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (as != MEMBERS_RAW) {
        r |= archive_read_support_format_7zip(a);
        r |= archive_read_support_format_ar(a);
        r |= archive_read_support_format_cab(a);
        r |= archive_read_support_format_cpio(a);
        r |= archive_read_support_format_iso9660(a);
        r |= archive_read_support_format_lha(a);
        r |= archive_read_support_format_rar(a);
        r |= archive_read_support_format_rar5(a);
        r |= archive_read_support_format_tar(a);
        r |= archive_read_support_format_warc(a);
        r |= archive_read_support_format_xar(a);
        r |= archive_read_support_format_zip(a);
    }
    if (as != MEMBERS_OF_ANY)
        r |= archive_read_support_format_raw(a);
    return r == ARCHIVE_OK || as == MEMBERS_RAW;
}

static bool says(const struct members *m, const char *words)
{
    const char *text = m->archive ? archive_error_string(m->archive) : NULL;

    return text && strcasestr(text, words) != NULL;
}

static enum members_step step_of_error(const struct members *m)
{
    if (m->how.budget->spent)
        return MEMBERS_OVER_LIMIT;
    if ((m->opened && archive_read_has_encrypted_entries(m->archive) == 1) || says(m, "encrypt") ||
        says(m, "crypto") || says(m, "passphrase"))
        return MEMBERS_ENCRYPTED;
    if (says(m, "unrecognized archive format"))
        return MEMBERS_UNKNOWN;
    if (says(m, "unsupported") || says(m, "not supported") || says(m, "support unavailable"))
        return MEMBERS_UNSUPPORTED;
    if (archive_errno(m->archive) == ENOMEM)
        return MEMBERS_NO_MEMORY;
    return MEMBERS_DAMAGED;
}

static struct ending ending_of_error(const struct members *m)
{
    switch (step_of_error(m)) {
    case MEMBERS_OVER_LIMIT:
        return (struct ending){OUTCOME_OVER_LIMIT, m->how.budget->spent};
    case MEMBERS_UNSUPPORTED:
        return (struct ending){OUTCOME_UNSUPPORTED, "compression-method"};
    case MEMBERS_NO_MEMORY:
        return no_memory;
    case MEMBERS_ENCRYPTED:
        if (says(m, "crypt") || says(m, "passphrase"))
            return (struct ending){OUTCOME_ENCRYPTED, "password"};
        break;
    default:
        break;
    }
    return (struct ending){OUTCOME_DAMAGED, members_cut_short(m) ? "truncated" : "damaged-data"};
}

bool members_prepare(void)
{
    if (!utf8_names)
        utf8_names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return true; /* without it names are lost, not what the members hold */
}

static enum members_step open_archive(struct members *m)
{
    const struct members_how *how = &m->how;

    if (utf8_names)
        m->before = uselocale(utf8_names);
    m->archive = archive_read_new();
    if (!m->archive || !choose_formats(m->archive, how->as))
        return MEMBERS_NO_MEMORY;
    if (source_position(how->in) != how->from && source_seek(how->in, how->from) < 0)
        return MEMBERS_DAMAGED;
    archive_read_set_read_callback(m->archive, on_read);
    if (how->seekable) {
        archive_read_set_seek_callback(m->archive, on_seek);
        archive_read_set_skip_callback(m->archive, on_skip);
    }
    archive_read_set_callback_data(m->archive, m);
    /* Two zero blocks end a tar; what was appended behind them is read too. */
    if (how->as == MEMBERS_OF_ANY || how->as == MEMBERS_OF_PACKED)
        archive_read_set_format_option(m->archive, "tar", "read_concatenated_archives", "1");
    if (archive_read_open1(m->archive) < ARCHIVE_WARN)
        return step_of_error(m);
    m->opened = true;
    return MEMBERS_MORE;
}

struct members *members_open(const struct members_how *how, enum members_step *ret_step)
{
    AUTO_MEMBERS struct members *m = calloc(1, sizeof *m);

    *ret_step = MEMBERS_NO_MEMORY;
    if (!m)
        return NULL;
    m->how = *how;
    m->stamp_mtime = INT64_MIN;
    m->position = how->from;
    buf_init(&m->name, 3 * (size_t)NAME_MAX_BYTES + 64);
    buf_init(&m->target, 3 * (size_t)NAME_MAX_BYTES + 64);
    m->ordinary = how->as == MEMBERS_OF_ZIP && how->seekable && how->from == 0 &&
                  how->to == UINT64_MAX && zip_directory_read(how->in, &m->directory);
    *ret_step = m->ordinary ? MEMBERS_MORE : open_archive(m);
    return *ret_step == MEMBERS_MORE ? take_ptr(&m) : NULL;
}

void members_free(struct members *m)
{
    if (!m)
        return;
    source_free(m->bytes);
    free(m->directory.entries);
    inflate_free(m->inflate);
    archive_read_free(m->archive);
    if (m->before)
        uselocale(m->before);
    buf_release(&m->name);
    buf_release(&m->target);
    free(m->held);
    free(m);
}

/* --- one member --- */

static bool is_utf8(struct span s)
{
    for (size_t i = ascii_run(s.at, s.len); i < s.len;) {
        int n = utf8_sequence((const unsigned char *)s.at + i, s.len - i);

        if (n <= 0)
            return false;
        i += (size_t)n;
    }
    return true;
}

/* A name that is not UTF-8 was written under DOS or Windows: zip says code page 437, the western
 * European machines that made it had 850, and both agree on the accented letters. */
static struct span name_utf8(const char *utf8, const char *raw, struct buf *to)
{
    struct span s = span_of(utf8 ? utf8 : raw);

    if (!s.at)
        return SPAN("");
    if (s.len > NAME_MAX_BYTES)
        s.len = NAME_MAX_BYTES;
    if (is_utf8(s))
        return s;
    buf_clear(to);
    return charset_convert(CHARSET_IBM850, s, to) ? buf_span(to) : s;
}

static enum members_step next_header(struct members *m, struct archive_entry **ret)
{
    int r;

    do {
        r = archive_read_next_header(m->archive, ret);
    } while (r == ARCHIVE_RETRY && budget_time(m->how.budget));
    if (r == ARCHIVE_EOF)
        return MEMBERS_END;
    return r < ARCHIVE_WARN ? step_of_error(m) : MEMBERS_MORE;
}

static enum members_step next_of_archive(struct members *m, struct member *ret)
{
    struct archive_entry *e;
    enum members_step step = m->opened ? next_header(m, &e) : MEMBERS_DAMAGED;

    if (step != MEMBERS_MORE)
        return step;
    const char *raw = archive_entry_pathname(e);
    const char *link =
        archive_entry_hardlink(e) ? archive_entry_hardlink(e) : archive_entry_symlink(e);
    const char *owner = archive_entry_uname(e);

    *ret = (struct member){
        .about = {.name = name_utf8(raw ? raw : archive_entry_pathname_utf8(e), "", &m->name),
                  .size = archive_entry_size_is_set(e) ? archive_entry_size(e) : -1,
                  .mtime = archive_entry_mtime_is_set(e) ? archive_entry_mtime(e) : INT64_MIN,
                  .mode = (uint32_t)archive_entry_perm(e),
                  .owner = owner ? span_of(owner) : SPAN("")},
        .encrypted = archive_entry_is_data_encrypted(e) > 0,
        .target = link ? name_utf8(link, "", &m->target) : SPAN(""),
    };
    if (archive_entry_hardlink(e) && archive_entry_size(e) <= 0) {
        ret->kind = MEMBER_LINK;
        return MEMBERS_MORE;
    }
    switch (archive_entry_filetype(e)) {
    case AE_IFREG:
    case 0:
        ret->kind = MEMBER_FILE;
        break;
    case AE_IFDIR:
        ret->kind = MEMBER_FOLDER;
        break;
    case AE_IFLNK:
        ret->kind = MEMBER_LINK;
        break;
    default:
        ret->kind = MEMBER_DEVICE;
        break;
    }
    return MEMBERS_MORE;
}

/* --- an ordinary zip --- */

/* libarchive reads on from the `given`th member. */
static enum members_step take_over(struct members *m, size_t given)
{
    struct archive_entry *e;

    m->ordinary = false;
    enum members_step step = open_archive(m);

    for (size_t i = 0; i < given && step == MEMBERS_MORE; i++)
        step = next_header(m, &e);
    return step == MEMBERS_END ? MEMBERS_DAMAGED : step; /* the directory names more */
}

/* Date and time of DOS (APPNOTE 4.4.6) in local time, as other readers take it. */
static int64_t time_of_stamp(struct members *m, uint32_t stamp)
{
    if (m->stamp_mtime == INT64_MIN || stamp != m->stamp) {
        struct tm t = {.tm_year = (int)(stamp >> 25 & 0x7f) + 80,
                       .tm_mon = (int)(stamp >> 21 & 0x0f) - 1,
                       .tm_mday = (int)(stamp >> 16 & 0x1f),
                       .tm_hour = (int)(stamp >> 11 & 0x1f),
                       .tm_min = (int)(stamp >> 5 & 0x3f),
                       .tm_sec = (int)(stamp << 1 & 0x3e),
                       .tm_isdst = -1};

        m->stamp = stamp;
        m->stamp_mtime = mktime(&t);
    }
    return m->stamp_mtime;
}

static enum members_step next_by_directory(struct members *m, struct member *ret)
{
    const struct zip_directory *d = &m->directory;
    struct zip_local local;

    if (m->next == d->count)
        return MEMBERS_END;
    /* Every 64 members: small ones share one read of the source. */
    if (m->next % 64 == 0 && !budget_time(m->how.budget))
        return MEMBERS_OVER_LIMIT;
    const struct zip_entry *e = &d->entries[m->next];
    uint64_t stop = m->next + 1 < d->count ? e[1].from : UINT64_MAX;

    if (!zip_local_read(m->how.in, e, &m->name, &local) || local.data > stop ||
        stop - local.data < e->packed) {
        enum members_step step = take_over(m, m->next);

        return step == MEMBERS_MORE ? next_of_archive(m, ret) : step;
    }
    m->next++;
    m->data = local.data;
    m->data_left = e->packed;
    struct span name = buf_span(&m->name);
    bool folder = S_ISDIR(e->mode) || name.at[name.len - 1] == '/';

    *ret = (struct member){
        .about = {.name = name,
                  .size = (int64_t)e->size,
                  .mtime = local.mtime != INT64_MIN ? local.mtime : time_of_stamp(m, local.stamp),
                  .mode = (e->mode & 07777u) | (folder && !S_ISDIR(e->mode) ? 0111u : 0u),
                  .owner = SPAN("")},
        .kind = folder ? MEMBER_FOLDER : MEMBER_FILE,
        .target = SPAN(""),
    };
    if (!is_utf8(name)) {
        /* `target` is not needed here. */
        buf_clear(&m->target);
        if (charset_convert(CHARSET_IBM850, name, &m->target))
            ret->about.name = buf_span(&m->target);
    }
    return MEMBERS_MORE;
}

enum members_step members_next(struct members *m, struct member *ret)
{
    source_free(m->bytes);
    m->bytes = NULL;
    m->held_len = m->held_given = m->block_len = 0;
    m->at_end = false;
    m->lost = ENDED_READ;
    return m->ordinary ? next_by_directory(m, ret) : next_of_archive(m, ret);
}

/* The whole of a small member, sound; false: give it to libarchive. */
static bool small_member(struct members *m, struct span *ret)
{
    const struct zip_entry *e = &m->directory.entries[m->next - 1];

    if (e->packed > PEEKED || e->size > HELD || source_seek(m->how.in, m->data) < 0)
        return false;
    struct span packed = source_peek(m->how.in, (size_t)e->packed);

    if (packed.len < e->packed)
        return false;
    if (!e->deflated || e->packed == 0) {
        *ret = packed;
    } else {
        if (!inflate_whole(m->inflate, packed, m->held, (size_t)e->size))
            return false;
        *ret = (struct span){m->held, (size_t)e->size};
    }
    return e->packed == 0 || crc32_of(0, *ret) == e->crc;
}

/* Up to `len` bytes of a larger member into `bytes`; 0 at its end or when no more can be had
 * (m->lost). */
static size_t inflate_more(struct members *m, char *bytes, size_t len)
{
    const struct zip_entry *e = &m->directory.entries[m->next - 1];
    enum inflate_step step = INFLATE_MORE;
    size_t n = 0;

    if (m->at_end || m->lost.outcome != OUTCOME_READ)
        return 0;
    while (n == 0 && step == INFLATE_MORE) {
        if (m->packed.len == 0 && m->data_left > 0) {
            int error;

            if (!budget_time(m->how.budget)) {
                m->lost = (struct ending){OUTCOME_OVER_LIMIT, m->how.budget->spent};
                return 0;
            }
            m->packed = source_next(m->how.in, &error);
            if (m->packed.len > m->data_left)
                m->packed.len = (size_t)m->data_left;
            m->data_left -= m->packed.len;
            if (m->packed.len == 0)
                step = INFLATE_BAD; /* the file became shorter, or cannot be read */
        }
        bool last = m->data_left == 0;

        if (step == INFLATE_MORE && e->deflated) {
            size_t before = m->packed.len;

            step = inflate_some(m->inflate, &m->packed, bytes, len, &n);
            if (step == INFLATE_MORE && n == 0 && m->packed.len == before && (last || before > 0))
                step = INFLATE_BAD; /* the packed bytes end before the stream does */
        } else if (step == INFLATE_MORE) {
            n = m->packed.len < len ? m->packed.len : len;
            memcpy(bytes, m->packed.at, n);
            m->packed = (struct span){m->packed.at + n, m->packed.len - n};
            step = last && m->packed.len == 0 ? INFLATE_END : INFLATE_MORE;
        }
    }
    m->data_crc = crc32_of(m->data_crc, (struct span){bytes, n});
    m->data_out += n;
    m->at_end = step == INFLATE_END && m->packed.len == 0 && m->data_left == 0 &&
                m->data_out == e->size && m->data_crc == e->crc;
    if (step != INFLATE_MORE && !m->at_end)
        m->lost = (struct ending){OUTCOME_DAMAGED, "damaged-data"};
    if (n > 0 && !budget_bytes(m->how.budget, n)) {
        m->lost = (struct ending){OUTCOME_OVER_LIMIT, m->how.budget->spent};
        return 0;
    }
    return n;
}

/* The next block of the member; false at its end or when no more can be had (m->lost). */
static bool next_block(struct members *m)
{
    while (m->block_len == 0) {
        const void *at = NULL;
        size_t len = 0;
        la_int64_t offset; /* where it belongs: holes are not filled, see libarchive's XAR */

        if (m->at_end || m->lost.outcome != OUTCOME_READ)
            return false;
        int r = archive_read_data_block(m->archive, &at, &len, &offset);

        if (r == ARCHIVE_EOF) {
            m->at_end = true;
            return false;
        }
        if (r == ARCHIVE_RETRY)
            continue;
        if (r < ARCHIVE_OK) {
            /* A checksum that does not fit is told after the last byte: the bytes are kept. */
            m->lost = ending_of_error(m);
            return false;
        }
        if (!budget_bytes(m->how.budget, len) || (len == 0 && !budget_time(m->how.budget))) {
            m->lost = (struct ending){OUTCOME_OVER_LIMIT, m->how.budget->spent};
            return false;
        }
        m->block = at;
        m->block_len = len;
    }
    return true;
}

/* As many bytes as there are, up to `len`. */
static size_t more_of_member(struct members *m, char *bytes, size_t len)
{
    size_t done = 0;

    while (m->ordinary && done < len) {
        size_t n = inflate_more(m, bytes + done, len - done);

        if (n == 0)
            return done;
        done += n;
    }
    while (done < len && next_block(m)) {
        size_t n = m->block_len < len - done ? m->block_len : len - done;

        memcpy(bytes + done, m->block, n);
        m->block += n;
        m->block_len -= n;
        done += n;
    }
    return done;
}

static ssize_t read_member(void *ctx, void *bytes, size_t len)
{
    struct members *m = ctx;

    if (m->held_given < m->held_len) {
        size_t n = m->held_len - m->held_given;

        if (n > len)
            n = len;
        memcpy(bytes, m->held + m->held_given, n);
        m->held_given += n;
        return (ssize_t)n;
    }
    size_t done = more_of_member(m, bytes, len);

    if (done > 0)
        return (ssize_t)done;
    if (m->lost.outcome == OUTCOME_READ)
        return 0;
    return m->lost.outcome == OUTCOME_OVER_LIMIT ? -EFBIG : -EBADMSG;
}

/* False: *ret, or m->lost, says why. */
static bool start_ordinary(struct members *m, struct ending *ret)
{
    const struct zip_entry *e = &m->directory.entries[m->next - 1];
    struct span whole;

    if (!m->inflate)
        m->inflate = inflate_new();
    if (!m->inflate) {
        *ret = no_memory;
        return false;
    }
    if (small_member(m, &whole)) {
        if (whole.len > 0 && !budget_bytes(m->how.budget, whole.len)) {
            *ret = (struct ending){OUTCOME_OVER_LIMIT, m->how.budget->spent};
            return false;
        }
        m->bytes = source_from_memory(whole);
        *ret = no_memory;
        return m->bytes != NULL;
    }
    if (e->packed > PEEKED || e->size > HELD) {
        if (source_seek(m->how.in, m->data) < 0) {
            *ret = (struct ending){OUTCOME_DAMAGED, "damaged-data"};
            return false;
        }
        m->packed = (struct span){NULL, 0};
        m->data_out = 0;
        m->data_crc = 0;
        inflate_start(m->inflate);
        return true;
    }
    switch (take_over(m, m->next)) {
    case MEMBERS_MORE:
        return true;
    case MEMBERS_OVER_LIMIT:
        *ret = (struct ending){OUTCOME_OVER_LIMIT, m->how.budget->spent};
        return false;
    case MEMBERS_NO_MEMORY:
        *ret = no_memory;
        return false;
    default:
        *ret = (struct ending){OUTCOME_DAMAGED, "damaged-data"};
        return false;
    }
}

struct source *members_bytes(struct members *m, struct ending *ret)
{
    if (!m->held)
        m->held = malloc(HELD + 1); /* one more: a member that is longer than it says is seen */
    *ret = no_memory;
    if (!m->held)
        return NULL;
    if (m->ordinary && !start_ordinary(m, ret))
        return NULL;
    if (m->bytes)
        return m->bytes;
    m->held_len = more_of_member(m, m->held, HELD);
    if (m->held_len == 0 && m->lost.outcome != OUTCOME_READ) {
        *ret = m->lost;
        return NULL;
    }
    if (m->at_end) {
        m->bytes = source_from_memory((struct span){m->held, m->held_len});
        m->held_given = m->held_len;
    } else {
        m->bytes = source_from_stream(read_member, m, -1, (size_t)m->how.budget->limits.spool);
    }
    return m->bytes;
}

struct ending members_done(struct members *m)
{
    source_free(m->bytes);
    m->bytes = NULL;
    return m->lost;
}

bool members_cut_short(const struct members *m)
{
    return says(m, "truncated") || says(m, "unexpected end") || says(m, "end of file") ||
           says(m, "premature");
}

bool members_filtered(const struct members *m)
{
    return archive_filter_count(m->archive) > 1;
}

static void close_source(struct source **s)
{
    source_free(*s);
}

size_t members_unpack_start(struct span packed, char *to, size_t room)
{
    struct limits limits = limits_default();
    struct budget budget;
    enum members_step step;
    AUTO(close_source) struct source *in = source_from_memory(packed);
    size_t done = 0;

    budget_start(&budget, &limits, packed.len);
    if (!in)
        return 0;
    AUTO_MEMBERS struct members *m = members_open(
        &(struct members_how){.in = in, .as = MEMBERS_RAW, .to = UINT64_MAX, .budget = &budget},
        &step);
    struct member member;

    if (!m || members_next(m, &member) != MEMBERS_MORE)
        return 0;
    while (done < room) {
        ssize_t n = read_member(m, to + done, room - done);

        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return done;
}
