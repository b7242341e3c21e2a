/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * text.c - plain text of any size and encoding: letters, logs, SQL dumps, source code.
 *
 * Whatever looks like text and is claimed by no other format is read here from the first byte to
 * the last.  A part that stops being text (NULs everywhere) is read as strings beside, and the
 * item says so; nothing is left out.
 */
#include <stdlib.h>

#include "scanner/extract/sniff.h"
#include "scanner/extract/strings.h"
#include "scanner/extract/text_reader.h"

static bool is_encrypted(const char *type)
{
    return type && (strcmp(type, "application/pgp-encrypted") == 0 ||
                    strcmp(type, "application/x-age-encryption") == 0);
}

/* Text to the eye of the machine, a document to the eye of its reader: numbers can be cut by its
 * commands, so what is read here is not all of it. */
static bool is_document_source(const char *type)
{
    static const char *const types[] = {"text/rtf", "application/rtf", "application/postscript",
                                        "application/x-mif", NULL};

    for (unsigned i = 0; type && types[i]; i++) {
        if (strcmp(type, types[i]) == 0)
            return true;
    }
    return false;
}

static unsigned bid(const struct head *head)
{
    if (head->bytes.len == 0)
        return 10;
    if (is_encrypted(head->media_type))
        return 0;
    unsigned text = head_textness(head);

    if (head->media_type && text < 99)
        return 0; /* a known binary format with much text in it */
    return text == 0 ? 0 : text >= 99 ? 20 : 10;
}

static bool push_string(void *ctx, uint64_t offset, bool joined, struct span utf8)
{
    const struct sink *out = ctx;

    (void)offset;
    return (joined || out->mark(out->ctx, (struct mark){MARK_BREAK, 0, 0})) &&
           out->text(out->ctx, utf8);
}

/* A run that is not text: its strings, UTF-16 ones too, which the text around cannot show. */
static bool push_binary(struct text_reader *r)
{
    union { /* the callback's context is not const, the sink is */
        const struct sink *sink;
        void *ctx;
    } out = {.sink = r->out};
    struct strings *s = strings_new(push_string, out.ctx);

    r->out->gap(r->out->ctx, OUTCOME_PARTIAL, "binary-part");
    if (!s) {
        r->out->gap(r->out->ctx, OUTCOME_OVER_LIMIT, "memory");
        return true;
    }
    bool more = strings_feed(s, r->binary) && strings_end(s);

    strings_free(s);
    r->binary.len = 0;
    r->run.len = 0;
    charset_decoder_init(&r->decoder, r->decoder.charset);
    r->decoder.begun = true;
    return more && r->out->mark(r->out->ctx, (struct mark){MARK_BREAK, 0, 0});
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    struct text_reader r;
    struct span piece;
    bool any = false;

    if (head->media_type)
        out->media_type(out->ctx, head->media_type);
    if (is_document_source(head->media_type))
        out->gap(out->ctx, OUTCOME_PARTIAL, "read-as-source");
    text_reader_start(&r, in, out, head);
    while ((piece = text_reader_next(&r)).len > 0) {
        any = true;
        if (r.binary.len > 0 ? !push_binary(&r) : !out->text(out->ctx, piece))
            r.stopped = true;
    }
    text_reader_release(&r);
    if (!any && head->bytes.len == 0)
        out->media_type(out->ctx, "application/x-empty");
    return text_reader_ending(&r);
}

const struct extractor extract_text = {
    .id = "text",
    .version = 1,
    .media_type = "text/plain",
    .bid = bid,
    .run = run,
};
