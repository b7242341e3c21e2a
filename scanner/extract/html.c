/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * html.c - web pages and HTML mails: what is shown, what is hidden in attributes, comments, scripts
 * and styles, and tables with their cells.
 *
 * A number split by inline elements joins; block elements break the line.  The attributes of an
 * inline element come after the line it stands in, so that they do not cut it.
 */
#include <stdlib.h>
#include <strings.h>

#include "scanner/base/buf.h"
#include "scanner/extract/find_bytes.h"
#include "scanner/extract/markup.h"

enum { LATER_MAX = 256 * 1024, SPAN_MAX = 1000 };

struct page {
    const struct sink *out;
    struct markup_tables tables;
    struct buf later;  /* attributes of inline elements of this line */
    unsigned verbatim; /* elements open in which a line feed ends a line */
    bool heading;      /* in <thead>: a <th> elsewhere may as well be the label of its row */
    bool term;         /* <dt> ended: what follows is its value */
    char last;         /* of the text so far, blanks left out */
};

static bool one_of(struct span name, const char *const *names)
{
    for (; *names; names++) {
        if (span_is(name, *names))
            return true;
    }
    return false;
}

static bool is_inline(struct span name)
{
    static const char *const names[] = {
        "a",   "abbr", "acronym", "b",    "bdi", "bdo",  "big",   "cite",  "code",   "data",
        "del", "dfn",  "em",      "font", "i",   "ins",  "kbd",   "label", "mark",   "nobr",
        "q",   "rp",   "rt",      "ruby", "s",   "samp", "small", "span",  "strike", "strong",
        "sub", "sup",  "time",    "tt",   "u",   "var",  "wbr",   "img",   "input",  NULL};

    return one_of(name, names);
}

static bool is_verbatim(struct span name)
{
    static const char *const names[] = {"pre",     "textarea", "script",    "style",
                                        "listing", "xmp",      "plaintext", NULL};

    return one_of(name, names);
}

static bool is_void(struct span name)
{
    static const char *const names[] = {"img",  "input", "meta",   "area",  "embed",  "base",
                                        "link", "param", "source", "track", "option", NULL};

    return one_of(name, names);
}

static bool flush_later(struct page *p)
{
    bool ok = true;

    if (p->later.len > 0)
        ok = markup_break(p->out) && markup_say(p->out, buf_span(&p->later));
    buf_clear(&p->later);
    return ok;
}

static bool end_line(struct page *p)
{
    return flush_later(p) && markup_break(p->out);
}

static bool worth_reading(const struct xmltext_attribute *a)
{
    static const char *const names[] = {
        "alt",         "title",  "value",    "content",    "href",   "summary", "label",
        "placeholder", "srcdoc", "datetime", "aria-label", "action", "cite",    NULL};

    if (a->value.len == 0)
        return false;
    if (one_of(a->name, names))
        return true;
    return a->name.len > 5 && memcmp(a->name.at, "data-", 5) == 0;
}

/* name="niss" right before the value of a form field or of a meta element is its label. */
static struct span label_of(const struct xmltext_attribute *attributes, size_t count)
{
    struct span label = xmltext_attribute(attributes, count, "name");

    if (label.len == 0)
        label = xmltext_attribute(attributes, count, "property");
    return label.len > 0 ? label : xmltext_attribute(attributes, count, "id");
}

static bool give_attributes(struct page *p, struct span element,
                            const struct xmltext_attribute *attributes, size_t count)
{
    bool now = is_void(element);
    bool labelled = false;

    for (size_t i = 0; i < count; i++) {
        struct span value = attributes[i].value;

        if (!worth_reading(&attributes[i]))
            continue;
        if (value.len > 7 && strncasecmp(value.at, "mailto:", 7) == 0)
            value = (struct span){value.at + 7, value.len - 7};
        struct span label = labelled ? SPAN("") : label_of(attributes, count);

        labelled = true;
        if (now || p->later.len + label.len + value.len + 8 > LATER_MAX) {
            if ((!now && !end_line(p)) || !markup_say(p->out, SPAN(" ")) ||
                !markup_say(p->out, label) || !markup_say(p->out, SPAN(": ")) ||
                !markup_say(p->out, value) || !markup_say(p->out, SPAN(" ")))
                return false;
        } else {
            buf_add_span(&p->later, label);
            buf_add_text(&p->later, label.len > 0 ? ": " : "");
            buf_add_span(&p->later, value);
            buf_add_text(&p->later, "\n");
        }
    }
    return true;
}

/* <dt>Name</dt><dd>value</dd> is "Name: value". */
static bool give_term(struct page *p)
{
    p->term = false;
    return markup_say(p->out, p->last == ':' ? SPAN(" ") : SPAN(": "));
}

/* What follows the term is no value. */
static bool no_value(struct page *p)
{
    bool was = p->term;

    p->term = false;
    return !was || end_line(p);
}

/* --- events --- */

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                     size_t count)
{
    struct page *p = ctx;
    bool ok = true;

    p->verbatim += is_verbatim(name);
    if (span_is(name, "thead"))
        p->heading = true;
    if (p->term && span_is(name, "dd"))
        return give_term(p) && give_attributes(p, name, attributes, count);
    if (!no_value(p))
        return false;
    if (span_is(name, "table")) {
        p->heading = false;
        ok = flush_later(p) && markup_table_begin(&p->tables, p->out);
    } else if (span_is(name, "tr")) {
        ok = end_line(p);
        markup_table_row(&p->tables);
    } else if (span_is(name, "td") || span_is(name, "th")) {
        uint32_t columns = markup_number(xmltext_attribute(attributes, count, "colspan"), SPAN_MAX);

        ok = flush_later(p) && markup_table_cell(&p->tables, p->out, p->heading, columns);
        markup_table_hold(&p->tables, columns,
                          markup_number(xmltext_attribute(attributes, count, "rowspan"), SPAN_MAX));
    } else if (!is_inline(name)) {
        ok = end_line(p);
    }
    return ok && give_attributes(p, name, attributes, count);
}

static bool on_end(void *ctx, struct span name)
{
    struct page *p = ctx;

    p->verbatim -= p->verbatim > 0 && is_verbatim(name);
    if (!no_value(p))
        return false;
    if (span_is(name, "thead") || span_is(name, "table"))
        p->heading = false;
    if (span_is(name, "dt")) { /* the line goes on */
        p->term = true;
        return true;
    }
    if (span_is(name, "table"))
        return flush_later(p) && markup_table_end(&p->tables, p->out);
    if (span_is(name, "td") || span_is(name, "th"))
        return flush_later(p);
    return is_inline(name) || end_line(p);
}

static bool on_text(void *ctx, struct span text)
{
    struct page *p = ctx;
    char piece[4096];

    if (p->term && markup_is_blank(text))
        return true;
    if (!no_value(p))
        return false;
    for (size_t i = text.len; i > 0; i--) {
        if ((unsigned char)text.at[i - 1] > ' ') {
            p->last = text.at[i - 1];
            break;
        }
    }

    /* A line feed in the source is a blank to the reader: numbers are wrapped at it.  Lines of a
     * machine readable zone stay lines. */
    if (p->verbatim > 0 || !memchr(text.at, '\n', text.len) ||
        find_bytes(text.at, text.len, "<<", 2))
        return markup_say(p->out, text);
    while (text.len > 0) {
        size_t n = text.len < sizeof piece ? text.len : sizeof piece;

        for (size_t i = 0; i < n; i++)
            piece[i] = text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i];
        if (!markup_say(p->out, (struct span){piece, n}))
            return false;
        text.at += n;
        text.len -= n;
    }
    return true;
}

/* A comment may stand inside a number just as well as an inline element. */
static bool on_aside(void *ctx, struct span text)
{
    struct page *p = ctx;

    if (p->later.len + text.len + 1 <= LATER_MAX)
        return buf_add_span(&p->later, text) && buf_add_byte(&p->later, '\n');
    return end_line(p) && markup_say(p->out, text) && markup_break(p->out);
}

static bool starts_with_tag(struct span s, const char *tag)
{
    size_t len = strlen(tag);

    return s.len > len && strncasecmp(s.at, tag, len) == 0 &&
           (strchr(" >\t\r\n/", s.at[len]) != NULL);
}

static unsigned bid(const struct head *head)
{
    static const char *const tags[] = {"<html", "<head", "<body",  "<!doctype html", "<table",
                                       "<div",  "<meta", "<title", "<script",        NULL};
    struct span s = head->bytes;

    if (head->media_type && (strcmp(head->media_type, "text/html") == 0 ||
                             strcmp(head->media_type, "application/xhtml+xml") == 0))
        return 65;
    if (s.len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0)
        s = (struct span){s.at + 3, s.len - 3};
    for (;;) {
        while (s.len > 0 && (*s.at == ' ' || *s.at == '\n' || *s.at == '\r' || *s.at == '\t'))
            s = (struct span){s.at + 1, s.len - 1};
        const char *end = NULL;

        /* Comments and an XML declaration may come first. */
        if (s.len > 4 && memcmp(s.at, "<!--", 4) == 0 && (end = memmem(s.at, s.len, "-->", 3)))
            end += 3;
        else if (s.len > 5 && memcmp(s.at, "<?xml", 5) == 0 && (end = memmem(s.at, s.len, "?>", 2)))
            end += 2;
        if (!end)
            break;
        s.len -= (size_t)(end - s.at);
        s.at = end;
    }
    for (size_t i = 0; tags[i]; i++) {
        if (starts_with_tag(s, tags[i]))
            return 65;
    }
    return 0;
}

/* --- machine readable zones in the bare source ------------------------------------------------
 * `P<BELDUPONT<<MARIE` pasted into a page is a tag to a parser, and gone.  Lines with a run of the
 * zone's characters (ICAO Doc 9303-3: A-Z, 0-9 and the filler) that holds two fillers are given
 * once more as they stand, with the lines around them. */

enum { ZONE_RUN = 24, ZONE_LINE = 128, SECOND_LOOK_MAX = 32 * 1024 * 1024 };

static bool is_zone_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<';
}

/* The border of the line `lines` further on, at most ZONE_LINE bytes a line away. */
static size_t line_border(struct span s, size_t at, int lines, bool forward)
{
    for (size_t most = ZONE_LINE * (size_t)lines; most > 0; most--) {
        if (forward ? at == s.len : at == 0)
            break;
        if (s.at[forward ? at : at - 1] == '\n' && --lines == 0)
            break;
        at = forward ? at + 1 : at - 1;
    }
    return at;
}

static bool say_zones(const struct sink *out, struct span source)
{
    size_t at = 0;

    while (at < source.len) {
        const char *hit = find_bytes(source.at + at, source.len - at, "<<", 2);

        if (!hit)
            break;
        size_t from = (size_t)(hit - source.at), to = from;

        while (from > at && is_zone_char(source.at[from - 1]))
            from--;
        while (to < source.len && is_zone_char(source.at[to]))
            to++;
        if (to - from < ZONE_RUN) {
            at = to;
            continue;
        }
        size_t begin = line_border(source, from, 2, false);

        begin = begin < at ? at : begin;
        at = line_border(source, to, 3, true);
        if (!markup_break(out) || !markup_say(out, (struct span){source.at + begin, at - begin}) ||
            !markup_break(out))
            return false;
    }
    return true;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    struct span source = {NULL, 0};
    struct page p = {.out = out};
    const struct xmltext_events events = {.ctx = &p,
                                          .start = on_start,
                                          .end = on_end,
                                          .text = on_text,
                                          .aside = on_aside,
                                          .rest = on_text};

    /* A page too large to hold, or damaged further on, is read all the same, without this second
     * look. */
    if (head->size >= 0 && head->size <= SECOND_LOOK_MAX) {
        if (source_whole(in, &source) < 0)
            source = (struct span){NULL, 0};
        if (source_seek(in, 0) < 0)
            return (struct ending){OUTCOME_DAMAGED, "read-error"};
    }
    buf_init(&p.later, LATER_MAX + 64);
    enum xmltext_result result = xmltext_read(in, XMLTEXT_HTML, &events, out->budget);

    if (result != XMLTEXT_STOPPED && flush_later(&p) && source.len > 0)
        say_zones(out, source);
    buf_release(&p.later);
    return markup_ending(result, in, out);
}

const struct extractor extract_html = {.id = "html",
                                       .version = 3,
                                       .media_type = "text/html",
                                       .bid = bid,
                                       .run = run,
                                       .prepare = xmltext_prepare};
