/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * certificate.c - certificates, signatures and keys: X.509 in DER or PEM (RFC 7468), CMS (RFC
 * 5652).
 *
 * The certificates of an identity card carry the national number of their holder as the
 * serialNumber of their subject.  PEM is text: the text goes out as it stands and, behind each
 * block, what is in it.  A signed message that is not detached holds the message: a child.
 * Private keys are left as text.
 */
#include <errno.h>
#include <string.h>

#include "scanner/extract/charset.h"
#include "scanner/extract/der.h"
#include "scanner/extract/find_bytes.h"
#include "scanner/extract/text_reader.h"

enum { BLOCK_MAX = 2 << 20, LINE_MAX = 16 * 1024 };

static bool holds_pem(struct span s)
{
    while (s.len > 0) {
        const char *at = find_bytes(s.at, s.len, "-----BEGIN ", 11);

        if (!at)
            return false;
        s = (struct span){at + 11, s.len - (size_t)(at + 11 - s.at)};
        size_t line = s.len < 32 ? s.len : 32;

        if (memmem(s.at, line, "CERTIFICATE", 11) || memmem(s.at, line, "PKCS7", 5) ||
            memmem(s.at, line, "CMS-----", 8))
            return true;
    }
    return false;
}

/* Base64 alone, without the lines around it. */
static bool is_bare_base64(struct span s)
{
    AUTO_BUF struct buf der;

    buf_init(&der, 1024);
    if (s.len < 256 || memcmp(s.at, "MII", 3) != 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '+' || c == '/' || c == '=' || c == '\r' || c == '\n'))
            return false;
    }
    base64_append((struct span){s.at, s.len < 1024 ? s.len : 1024}, &der);
    enum der_kind kind = der_kind(buf_span(&der));

    return kind == DER_CERTIFICATE || kind == DER_SIGNED;
}

static unsigned bid(const struct head *head)
{
    struct span s = head->bytes;

    if (s.len < 16)
        return 0;
    if (s.at[0] == 0x30 && der_kind(s) != DER_OTHER)
        return 70;
    if (head->media_type && strcmp(head->media_type, "application/x-pem-file") != 0)
        return 0;
    if (is_bare_base64(s))
        return 30;
    return holds_pem(s) && charset_textness(s) >= 90 ? 30 : 0;
}

static struct ending read_der(struct source *in, const struct head *head, const struct sink *out)
{
    AUTO_BUF struct buf room;
    enum der_kind kind = der_kind(head->bytes);
    struct span whole;
    unsigned found = 0;
    int error = 0;

    buf_init(&room, 0);
    out->media_type(out->ctx, kind == DER_CERTIFICATE     ? "application/pkix-cert"
                              : kind == DER_PKCS12        ? "application/pkcs12"
                              : kind == DER_ENCRYPTED_KEY ? "application/pkcs8-encrypted"
                              : kind == DER_SIGNED        ? "application/pkcs7-signature"
                                                          : "application/pkcs7-mime");
    if (kind == DER_PKCS12 || kind == DER_ENCRYPTED_KEY)
        return (struct ending){OUTCOME_ENCRYPTED, "password"};
    if (kind == DER_ENVELOPED)
        return (struct ending){OUTCOME_ENCRYPTED, "encrypted"};
    error = source_whole(in, &whole);
    if (error == -EFBIG)
        return (struct ending){OUTCOME_OVER_LIMIT, "spool"};
    if (error < 0)
        return source_ending(in, (struct ending){OUTCOME_DAMAGED, "read-error"});
    buf_init(&room, whole.len + 1);
    if (!der_say_certificates(whole, out, &found))
        return ENDED_READ;
    if (kind == DER_SIGNED) {
        struct span content = der_signed_content(whole, &room);

        if (content.len > 0) {
            struct child about = {
                .name = SPAN("content"), .size = (int64_t)content.len, .mtime = INT64_MIN};
            struct source *bytes = source_from_memory(content);

            if (!bytes)
                return (struct ending){OUTCOME_OVER_LIMIT, "memory"};
            out->child(out->ctx, &about, bytes);
            source_free(bytes);
        }
    }
    if (kind == DER_CERTIFICATE && found == 0) /* cut short: what its bytes show */
        return out->raw(out->ctx, 0, whole) ? (struct ending){OUTCOME_DAMAGED, "damaged-data"}
                                            : ENDED_READ;
    return source_ending(in, ENDED_READ);
}

/* --- text ------------------------------------------------------------------------------------- */

struct pem {
    const struct sink *out;
    struct buf line, block;
    bool inside, skip; /* in a block; the line is too long to be one of it */
};

static bool say_block(struct pem *p)
{
    AUTO_BUF struct buf der;
    unsigned found = 0;

    buf_init(&der, BLOCK_MAX);
    base64_append(buf_span(&p->block), &der);
    buf_clear(&p->block);
    return der_say_certificates(buf_span(&der), p->out, &found);
}

/* A line has ended, its text was given. */
static bool end_line(struct pem *p)
{
    struct span s = buf_span(&p->line);
    bool begins = !p->skip && s.len > 16 && memmem(s.at, s.len, "-----BEGIN ", 11);
    bool ends = !p->skip && s.len > 14 && memmem(s.at, s.len, "-----END ", 9), more = true;

    if (p->inside && ends)
        more = say_block(p);
    else if (p->inside && !p->skip)
        buf_add_span(&p->block, s);
    if (begins || ends) {
        buf_clear(&p->block);
        p->inside = begins && !memmem(s.at, s.len, "PRIVATE", 7);
    }
    if (p->block.failed) {
        buf_release(&p->block);
        p->inside = false;
    }
    buf_clear(&p->line);
    p->skip = false;
    return more;
}

static bool read_lines(struct pem *p, struct span piece)
{
    while (piece.len > 0) {
        const char *feed = memchr(piece.at, '\n', piece.len);
        size_t n = feed ? (size_t)(feed - piece.at) + 1 : piece.len;

        if (!p->out->text(p->out->ctx, (struct span){piece.at, n}))
            return false;
        if (p->line.len + n > LINE_MAX)
            p->skip = true;
        else
            buf_add(&p->line, piece.at, n);
        if (feed && !end_line(p))
            return false;
        piece = (struct span){piece.at + n, piece.len - n};
    }
    return true;
}

static struct ending read_text(struct source *in, const struct head *head, const struct sink *out)
{
    bool binary = false;
    struct pem p = {.out = out, .inside = is_bare_base64(head->bytes)};
    struct text_reader r;
    struct span piece;

    out->media_type(out->ctx, "application/x-pem-file");
    buf_init(&p.line, LINE_MAX + 16);
    buf_init(&p.block, BLOCK_MAX);
    text_reader_start(&r, in, out, head);
    while ((piece = text_reader_next(&r)).len > 0) {
        if (r.binary.len > 0 && !binary) {
            out->gap(out->ctx, OUTCOME_PARTIAL, "binary-part");
            binary = true;
        }
        if (!read_lines(&p, piece))
            r.stopped = true;
    }
    /* a last line without its end, a block without its last line */
    if (!r.stopped && (p.line.len == 0 || end_line(&p)) && p.inside && p.block.len > 0)
        say_block(&p);
    buf_release(&p.line);
    buf_release(&p.block);
    text_reader_release(&r);
    return text_reader_ending(&r);
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    if (head->bytes.at[0] == 0x30 && der_kind(head->bytes) != DER_OTHER)
        return read_der(in, head, out);
    return read_text(in, head, out);
}

const struct extractor extract_certificate = {
    .id = "certificate",
    .version = 1,
    .media_type = "application/pkix-cert",
    .bid = bid,
    .run = run,
};
