/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * xml.c - XML of any kind (exports, SVG, RSS, KML, ...): element names and attribute names stand
 * right before their values, where the key word of a value is looked for.
 */
#include <stdint.h>

#include "scanner/extract/extractor.h"
#include "scanner/extract/markup.h"

struct document {
    const struct sink *out;
    size_t depth;
    uint64_t row_name; /* hash of the name of the last child of the root */
};

static uint64_t hash(struct span s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001b3);
    return h;
}

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                     size_t count)
{
    struct document *d = ctx;
    const struct sink *out = d->out;

    /* Children of the root that repeat are records: one person each in an export. */
    if (++d->depth == 2) {
        uint64_t h = hash(name);

        if (h == d->row_name && !out->mark(out->ctx, (struct mark){MARK_RECORD, 0, 0}))
            return false;
        d->row_name = h;
    }
    if (!markup_break(out) || !markup_say(out, SPAN("<")) || !markup_say(out, name))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!markup_say(out, SPAN(" ")) || !markup_say(out, attributes[i].name) ||
            !markup_say(out, SPAN("=\"")) || !markup_say(out, attributes[i].value) ||
            !markup_say(out, SPAN("\"")))
            return false;
    }
    return markup_say(out, SPAN(">"));
}

static bool on_end(void *ctx, struct span name)
{
    struct document *d = ctx;

    (void)name;
    if (d->depth > 0)
        d->depth--;
    return markup_break(d->out);
}

static bool on_text(void *ctx, struct span text)
{
    struct document *d = ctx;

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

    return xmltext_read(in, XMLTEXT_XML, &events, out->budget);
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
                                      .version = 1,
                                      .media_type = "application/xml",
                                      .bid = bid,
                                      .run = run,
                                      .prepare = xmltext_prepare};
