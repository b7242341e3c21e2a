/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * ooxml_flow.c - paragraphs cut into runs.
 *
 * One printed number is often cut over several runs, each in its own elements, so only the ends of
 * paragraphs, tabs, breaks and cells separate.  Text that stands in attributes (alternative text,
 * authors, tags of form fields) comes after the paragraph.
 */
#include "scanner/base/buf.h"
#include "scanner/extract/ooxml.h"

enum { KINDS = 4096, LATER_MAX = 64 * 1024 };

enum kind { KIND_OTHER, KIND_RUN_TEXT, KIND_BREAKS };

struct flow {
    const struct sink *out;
    struct markup_tables tables;
    size_t depth;
    unsigned char kinds[KINDS]; /* of the open elements */
    bool had_text[KINDS];
    struct buf later;
};

static bool one_of(struct span name, const char *const *names)
{
    for (; *names; names++) {
        if (span_is(name, *names))
            return true;
    }
    return false;
}

static enum kind kind_of(struct span name)
{
    static const char *const run_texts[] = {
        "t", "delText", "instrText", "delInstrText", "font", "span",   "b",  "i",
        "u", "s",       "sub",       "sup",          "r",    "strong", "em", NULL};
    static const char *const breaks[] = {
        "p",  "comment", "footnote", "endnote",      "txbxContent", "textbox", "shape", "sp",
        "pt", "v",       "f",        "div",          "title",       "cm",      "tbl",   "tr",
        "tc", "text",    "author",   "graphicFrame", "legend",      "cat",     "val",   NULL};

    if (one_of(name, run_texts))
        return KIND_RUN_TEXT;
    return one_of(name, breaks) ? KIND_BREAKS : KIND_OTHER;
}

static bool flush_later(struct flow *f)
{
    bool ok =
        f->later.len == 0 || (markup_break(f->out) && markup_say(f->out, buf_span(&f->later)));

    buf_clear(&f->later);
    return ok;
}

static bool end_line(struct flow *f)
{
    return flush_later(f) && markup_break(f->out);
}

static bool keep_attributes(struct flow *f, struct span element,
                            const struct xmltext_attribute *attributes, size_t count)
{
    static const char *const names[] = {"descr",    "title",   "alt",    "author",
                                        "instr",    "tooltip", "string", "displayText",
                                        "initials", "lastClr", "href",   NULL};
    static const char *const valued[] = {"tag",      "alias",  "placeholder", "name",
                                         "default",  "result", "statusText",  "helpText",
                                         "listItem", "docVar", "entryMacro",  NULL};
    bool by_element = one_of(element, valued);

    for (size_t i = 0; i < count; i++) {
        struct span value = attributes[i].value;

        if (value.len == 0)
            continue;
        bool named = span_is(attributes[i].name, "name") &&
                     (span_is(element, "docPr") || span_is(element, "cNvPr"));

        if (!named && !one_of(attributes[i].name, names) &&
            !(by_element &&
              (span_is(attributes[i].name, "val") || span_is(attributes[i].name, "value") ||
               span_is(attributes[i].name, "name"))))
            continue;
        if (f->later.len + value.len + 1 > LATER_MAX) {
            if (!flush_later(f) || !markup_break(f->out) || !markup_say(f->out, value) ||
                !markup_break(f->out))
                return false;
        } else if (!buf_add_span(&f->later, value) || !buf_add_byte(&f->later, '\n')) {
            return false;
        }
    }
    return true;
}

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                     size_t count)
{
    struct flow *f = ctx;
    enum kind kind = kind_of(name);
    bool ok = true;

    if (f->depth < KINDS) {
        f->kinds[f->depth] = (unsigned char)kind;
        f->had_text[f->depth] = false;
    }
    f->depth++;
    if (span_is(name, "tbl")) {
        ok = flush_later(f) && markup_table_begin(&f->tables, f->out);
    } else if (span_is(name, "tr")) {
        markup_table_row(&f->tables);
        ok = end_line(f);
    } else if (span_is(name, "tc")) {
        ok = flush_later(f) && markup_table_cell(&f->tables, f->out, false, 1);
    } else if (span_is(name, "gridSpan")) {
        uint32_t columns = markup_number(xmltext_attribute(attributes, count, "val"), 1000);

        markup_table_widen(&f->tables, columns > 1 ? columns - 1 : 0);
    } else if (span_is(name, "tab") || span_is(name, "ptab")) {
        /* In the properties of a paragraph (tabs/tab) it only says where to stop. */
        ok = xmltext_attribute(attributes, count, "pos").len > 0 || markup_say(f->out, SPAN("\t"));
    } else if (span_is(name, "br") || span_is(name, "cr")) {
        ok = markup_break(f->out);
    } else if (span_is(name, "noBreakHyphen")) {
        ok = markup_say(f->out, SPAN("-"));
    } else if (kind == KIND_BREAKS && !span_is(name, "p")) {
        ok = end_line(f);
    }
    return ok && keep_attributes(f, name, attributes, count);
}

static bool on_end(void *ctx, struct span name)
{
    struct flow *f = ctx;

    if (f->depth > 0)
        f->depth--;
    bool tracked = f->depth < KINDS;
    enum kind kind = tracked ? (enum kind)f->kinds[f->depth] : kind_of(name);

    if (span_is(name, "tbl"))
        return flush_later(f) && markup_table_end(&f->tables, f->out);
    if (kind == KIND_BREAKS || (tracked && kind == KIND_OTHER && f->had_text[f->depth]))
        return end_line(f);
    return true;
}

static bool on_text(void *ctx, struct span text)
{
    struct flow *f = ctx;
    size_t top = f->depth > 0 ? f->depth - 1 : 0;
    bool tracked = f->depth > 0 && top < KINDS;

    /* Blanks between elements are layout of the XML file, not of the document. */
    if (tracked && f->kinds[top] != KIND_RUN_TEXT) {
        if (markup_is_blank(text))
            return true;
        f->had_text[top] = true;
    }
    return markup_say(f->out, text);
}

static bool on_aside(void *ctx, struct span text)
{
    struct flow *f = ctx;

    if (f->later.len + text.len + 1 > LATER_MAX)
        return end_line(f) && markup_say(f->out, text) && markup_break(f->out);
    return buf_add_span(&f->later, text) && buf_add_byte(&f->later, '\n');
}

static bool on_rest(void *ctx, struct span text)
{
    struct flow *f = ctx;

    return markup_say(f->out, text);
}

enum xmltext_result ooxml_flow(struct source *in, const struct sink *out, uint64_t *tables)
{
    struct flow f = {.out = out, .tables.seen = *tables};
    const struct xmltext_events events = {.ctx = &f,
                                          .start = on_start,
                                          .end = on_end,
                                          .text = on_text,
                                          .aside = on_aside,
                                          .rest = on_rest};

    buf_init(&f.later, LATER_MAX + 64);
    enum xmltext_result result = xmltext_read(in, XMLTEXT_XML, &events, out->budget);

    if (result != XMLTEXT_STOPPED && !flush_later(&f))
        result = XMLTEXT_STOPPED;
    buf_release(&f.later);
    *tables = f.tables.seen;
    return result;
}

/* --- relationships --- */

static bool on_link(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                    size_t count)
{
    const struct flow *f = ctx;

    (void)name;
    if (!span_is(xmltext_attribute(attributes, count, "TargetMode"), "External"))
        return true;
    struct span target = xmltext_attribute(attributes, count, "Target");

    if (target.len > 7 && memcmp(target.at, "mailto:", 7) == 0)
        target = (struct span){target.at + 7, target.len - 7};
    return markup_say(f->out, target) && markup_break(f->out);
}

static bool on_link_end(void *ctx, struct span name)
{
    (void)ctx, (void)name;
    return true;
}

enum xmltext_result ooxml_links(struct source *in, const struct sink *out)
{
    struct flow f = {.out = out};
    const struct xmltext_events events = {
        .ctx = &f, .start = on_link, .end = on_link_end, .text = on_text, .rest = on_rest};

    return xmltext_read(in, XMLTEXT_XML, &events, out->budget);
}
