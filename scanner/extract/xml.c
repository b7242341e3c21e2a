/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * xml.c - XML of any kind (exports, SVG, RSS, KML, ...): element names and attribute names stand
 * right before their values, where the key word of a value is looked for.
 */
#include <stdint.h>

#include "scanner/extract/der.h"
#include "scanner/extract/extractor.h"
#include "scanner/extract/markup.h"

enum { LEVELS = 64, CERTIFICATE_MAX = 64 * 1024 };

struct document {
    const struct sink *out;
    size_t depth;

    /* Elements that repeat are records: one person each in an export.  Those of the outermost depth
     * at which they do; a person's second telephone is none. */
    size_t record_depth;       /* 0: not known yet */
    uint64_t record_name;      /* hash of their name */
    uint64_t siblings[LEVELS]; /* by depth: hash of the name of the element before */

    /* SpreadsheetML of Excel 2003: a workbook is tables. */
    bool workbook, in_table, in_data;
    uint64_t tables, row;
    uint32_t column;

    /* XML signatures: base64 of who signed. */
    bool in_certificate;
    struct buf certificate;
};

static uint64_t hash(struct span s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001b3);
    return h;
}

/* An element of that depth begins: is it a record?  Learns which are. */
static bool is_record(struct document *d, size_t depth, uint64_t name)
{
    if (depth < 2 || depth >= LEVELS)
        return false;
    if (d->siblings[depth] == name && (d->record_depth == 0 || depth < d->record_depth)) {
        d->record_depth = depth;
        d->record_name = name;
    }
    d->siblings[depth] = name;
    if (depth + 1 < LEVELS)
        d->siblings[depth + 1] = 0;
    return depth == d->record_depth && name == d->record_name;
}

/* The names and depths of the elements at the start, so that the first record is known as well.
 * Bytes of a wide encoding show none. */
static void look_ahead(struct document *d, struct span s)
{
    const char *at = s.at, *end = s.at + s.len;
    size_t depth = 0;

    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        size_t left = (size_t)(end - ++at);
        const char *close, *name = at;

        if (left == 0)
            break;
        if (*at == '!' || *at == '?') {
            const char *mark = left > 3 && memcmp(at, "!--", 3) == 0        ? "-->"
                               : left > 8 && memcmp(at, "![CDATA[", 8) == 0 ? "]]>"
                                                                            : ">";

            close = memmem(at, left, mark, strlen(mark));
            if (!close)
                break;
            at = close + strlen(mark);
            continue;
        }
        close = memchr(at, '>', left);
        if (!close)
            break;
        if (*at == '/') {
            depth -= depth > 0;
        } else {
            depth++;
            for (at = name; at < close && !strchr(" \t\r\n/>", *at); at++)
                name = *at == ':' ? at + 1 : name;
            is_record(d, depth, hash((struct span){name, (size_t)(at - name)}));
            depth -= close[-1] == '/';
        }
        at = close + 1;
    }
    memset(d->siblings, 0, sizeof d->siblings);
}

static bool say_attribute(struct document *d, const struct xmltext_attribute *a)
{
    return markup_say(d->out, SPAN(" ")) && markup_say(d->out, a->name) &&
           markup_say(d->out, SPAN("=\"")) && markup_say(d->out, a->value) &&
           markup_say(d->out, SPAN("\""));
}

/* --- workbooks -------------------------------------------------------------------------------- */

static uint64_t index_of(const struct xmltext_attribute *attributes, size_t count, uint64_t next)
{
    enum { INDEX_MAX = 1 << 30 };
    uint32_t told = markup_number(xmltext_attribute(attributes, count, "Index"), INDEX_MAX);

    return told >= next ? told : next < INDEX_MAX ? next : INDEX_MAX;
}

static bool table_start(struct document *d, struct span name,
                        const struct xmltext_attribute *attributes, size_t count)
{
    const struct sink *out = d->out;

    if (span_is(name, "Row")) {
        d->row = index_of(attributes, count, d->row + 1);
        d->column = 0;
        return true;
    }
    if (span_is(name, "Cell")) {
        d->column = (uint32_t)index_of(attributes, count, (uint64_t)d->column + 1);
        if (!markup_cell(out, d->row > 0 ? d->row : 1, d->column))
            return false;
        d->column += markup_number(xmltext_attribute(attributes, count, "MergeAcross"), 1 << 14);
        for (size_t i = 0; i < count; i++) {
            if ((span_is(attributes[i].name, "HRef") || span_is(attributes[i].name, "Formula")) &&
                !(say_attribute(d, &attributes[i]) && markup_say(out, SPAN(" "))))
                return false;
        }
        return true;
    }
    d->in_data = d->in_data || span_is(name, "Data");
    if (span_is(name, "Comment"))
        return markup_say(out, SPAN(" ")) &&
               markup_say(out, xmltext_attribute(attributes, count, "Author")) &&
               markup_say(out, SPAN(" "));
    return true;
}

static bool table_end(struct document *d, struct span name)
{
    if (span_is(name, "Data"))
        d->in_data = false;
    if (!span_is(name, "Table"))
        return true;
    d->in_table = d->in_data = false;
    return d->out->mark(d->out->ctx, (struct mark){MARK_TABLE_END, 0, 0});
}

/* --- signatures (W3C XML-Signature, 4.5.4) ------------------------------------------------------
 */

static bool certificate_end(struct document *d)
{
    AUTO_BUF struct buf der;
    unsigned found = 0;

    buf_init(&der, CERTIFICATE_MAX);
    d->in_certificate = false;
    base64_append(buf_span(&d->certificate), &der);
    buf_clear(&d->certificate);
    return der_say_certificates(buf_span(&der), d->out, &found);
}

/* --- events ----------------------------------------------------------------------------------- */

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                     size_t count)
{
    struct document *d = ctx;
    const struct sink *out = d->out;

    d->depth++;
    if (d->depth == 1)
        d->workbook = span_is(name, "Workbook");
    if (d->in_table)
        return table_start(d, name, attributes, count);
    if (!d->workbook && is_record(d, d->depth, hash(name)) &&
        !out->mark(out->ctx, (struct mark){MARK_RECORD, 0, 0}))
        return false;
    if (d->workbook && span_is(name, "Table")) {
        d->in_table = true;
        d->row = d->column = 0;
        return out->mark(out->ctx, (struct mark){MARK_TABLE, ++d->tables, 0});
    }
    d->in_certificate = span_is(name, "X509Certificate");
    if (!markup_break(out) || !markup_say(out, SPAN("<")) || !markup_say(out, name))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!say_attribute(d, &attributes[i]))
            return false;
    }
    return markup_say(out, SPAN(">"));
}

static bool on_end(void *ctx, struct span name)
{
    struct document *d = ctx;

    if (d->depth > 0)
        d->depth--;
    if (d->in_table)
        return table_end(d, name);
    return markup_break(d->out) && (!d->in_certificate || certificate_end(d));
}

static bool on_text(void *ctx, struct span text)
{
    struct document *d = ctx;

    if (d->in_table && !d->in_data && markup_is_blank(text))
        return true; /* between cells */
    if (d->in_certificate && d->certificate.len + text.len <= CERTIFICATE_MAX)
        buf_add_span(&d->certificate, text);
    return markup_say(d->out, text);
}

static bool on_aside(void *ctx, struct span text)
{
    struct document *d = ctx;

    return markup_break(d->out) && markup_say(d->out, text) && markup_break(d->out);
}

enum xmltext_result markup_xml_read(struct source *in, const struct sink *out)
{
    struct document d = {.out = out};
    const struct xmltext_events events = {.ctx = &d,
                                          .start = on_start,
                                          .end = on_end,
                                          .text = on_text,
                                          .aside = on_aside,
                                          .rest = on_text};

    buf_init(&d.certificate, CERTIFICATE_MAX);
    look_ahead(&d, source_peek(in, 64 * 1024));
    enum xmltext_result result = xmltext_read(in, XMLTEXT_XML, &events, out->budget);

    buf_release(&d.certificate);
    return result;
}

struct ending markup_ending(enum xmltext_result result, struct source *in, const struct sink *out)
{
    switch (result) {
    case XMLTEXT_BAD_SOURCE:
        if (out->budget->spent)
            return (struct ending){OUTCOME_OVER_LIMIT, out->budget->spent};
        return (struct ending){OUTCOME_DAMAGED,
                               source_error(in) == -EBADMSG ? "damaged-data" : "read-error"};
    case XMLTEXT_TIME:
        return (struct ending){OUTCOME_OVER_LIMIT, "time"};
    case XMLTEXT_NO_MEMORY:
        return (struct ending){OUTCOME_OVER_LIMIT, "memory"};
    case XMLTEXT_READ:
    case XMLTEXT_MALFORMED: /* every byte was given, part of it as plain text */
    case XMLTEXT_STOPPED:
        break;
    }
    return ENDED_READ;
}

static unsigned bid(const struct head *head)
{
    struct span s = head->bytes;

    if (head->media_type && strcmp(head->media_type, "application/xml") == 0)
        return 60;
    if (s.len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0) {
        s.at += 3;
        s.len -= 3;
    }
    while (s.len > 0 && (*s.at == ' ' || *s.at == '\n' || *s.at == '\r' || *s.at == '\t')) {
        s.at++;
        s.len--;
    }
    if (s.len >= 6 && memcmp(s.at, "<?xml ", 6) == 0)
        return 60;
    if (s.len >= 5 && (memcmp(s.at, "<svg ", 5) == 0 || memcmp(s.at, "<rss ", 5) == 0 ||
                       memcmp(s.at, "<kml ", 5) == 0))
        return 60;
    return 0;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    (void)head;
    return markup_ending(markup_xml_read(in, out), in, out);
}

const struct extractor extract_xml = {.id = "xml",
                                      .version = 2,
                                      .media_type = "application/xml",
                                      .bid = bid,
                                      .run = run,
                                      .prepare = xmltext_prepare};
