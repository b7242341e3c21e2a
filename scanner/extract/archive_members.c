/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/members.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/charset.h"

enum {
    HELD = 256 * 1024, /* a member up to this size is handed over as memory */
    NAME_MAX_BYTES = 64 * 1024
};

struct members {
    struct archive *archive;
    struct members_how how;
    uint64_t position; /* in the source */
    bool opened;       /* some questions crash libarchive before */

    locale_t utf8, before; /* libarchive converts names to the locale's charset */
    struct buf name, target;

    struct source *bytes; /* of the current member */
    char *held;           /* the first bytes of the current member, HELD long */
    size_t held_len, held_given;
    const char *block; /* libarchive's, not yet given out */
    size_t block_len;
    bool at_end;
    struct ending lost;
};

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
    const char *text = archive_error_string(m->archive);

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

struct members *members_open(const struct members_how *how, enum members_step *ret_step)
{
    AUTO_MEMBERS struct members *m = calloc(1, sizeof *m);

    *ret_step = MEMBERS_NO_MEMORY;
    if (!m)
        return NULL;
    m->how = *how;
    m->position = how->from;
    buf_init(&m->name, 3 * (size_t)NAME_MAX_BYTES + 64);
    buf_init(&m->target, 3 * (size_t)NAME_MAX_BYTES + 64);
    m->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (m->utf8)
        m->before = uselocale(m->utf8);
    m->archive = archive_read_new();
    if (!m->archive || !choose_formats(m->archive, how->as))
        return NULL;
    if (source_position(how->in) != how->from && source_seek(how->in, how->from) < 0) {
        *ret_step = MEMBERS_DAMAGED;
        return NULL;
    }
    archive_read_set_read_callback(m->archive, on_read);
    if (how->seekable) {
        archive_read_set_seek_callback(m->archive, on_seek);
        archive_read_set_skip_callback(m->archive, on_skip);
    }
    archive_read_set_callback_data(m->archive, m);
    /* Two zero blocks end a tar; what was appended behind them is read too. */
    if (how->as == MEMBERS_OF_ANY || how->as == MEMBERS_OF_PACKED)
        archive_read_set_format_option(m->archive, "tar", "read_concatenated_archives", "1");
    if (archive_read_open1(m->archive) < ARCHIVE_WARN) {
        *ret_step = step_of_error(m);
        return NULL;
    }
    m->opened = true;
    *ret_step = MEMBERS_MORE;
    return take_ptr(&m);
}

void members_free(struct members *m)
{
    if (!m)
        return;
    source_free(m->bytes);
    archive_read_free(m->archive);
    if (m->utf8) {
        uselocale(m->before);
        freelocale(m->utf8);
    }
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

enum members_step members_next(struct members *m, struct member *ret)
{
    struct archive_entry *e;
    int r;

    source_free(m->bytes);
    m->bytes = NULL;
    do {
        r = archive_read_next_header(m->archive, &e);
    } while (r == ARCHIVE_RETRY && budget_time(m->how.budget));
    if (r == ARCHIVE_EOF)
        return MEMBERS_END;
    if (r < ARCHIVE_WARN)
        return step_of_error(m);
    m->held_len = m->held_given = m->block_len = 0;
    m->at_end = false;
    m->lost = ENDED_READ;

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
    size_t done = 0;

    while (done < len && next_block(m)) {
        size_t n = m->block_len < len - done ? m->block_len : len - done;

        memcpy((char *)bytes + done, m->block, n);
        m->block += n;
        m->block_len -= n;
        done += n;
    }
    if (done > 0)
        return (ssize_t)done;
    if (m->lost.outcome == OUTCOME_READ)
        return 0;
    return m->lost.outcome == OUTCOME_OVER_LIMIT ? -EFBIG : -EBADMSG;
}

struct source *members_bytes(struct members *m, struct ending *ret)
{
    if (!m->held)
        m->held = malloc(HELD);
    *ret = no_memory;
    if (!m->held)
        return NULL;
    while (m->held_len < HELD && next_block(m)) {
        size_t n = m->block_len < HELD - m->held_len ? m->block_len : HELD - m->held_len;

        memcpy(m->held + m->held_len, m->block, n);
        m->block += n;
        m->block_len -= n;
        m->held_len += n;
    }
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
