/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * odf.c - OpenDocument text, sheets, slides and drawings (ISO/IEC 26300), as a package or as one
 * flat XML file.
 *
 * Repeated cells and rows (number-columns-repeated, number-rows-repeated) are read once and only
 * move the place: a million empty cells cost nothing.
 */
#include <stdlib.h>
#include <strings.h>

#include "scanner/base/buf.h"
#include "scanner/extract/markup.h"
#include "scanner/extract/ooxml.h"
#include "scanner/extract/package.h"

enum { LATER_MAX = 64 * 1024, REPEAT_MAX = 1 << 24, SPACES_MAX = 16 };

struct text_document {
    const struct sink *out;
    struct markup_tables tables;
    uint64_t page;
    struct buf later; /* titles, descriptions and other attributes: after the paragraph */
    struct buf value; /* office:value of the cell, given with its text */
    bool encrypted;   /* the manifest says so */
    bool any_text;    /* in this cell */
    uint32_t columns; /* the cell stands for so many */
    uint64_t rows;    /* and its row for so many */
};

static bool one_of(struct span name, const char *const *names)
{
    for (; *names; names++) {
        if (span_is(name, *names))
            return true;
    }
    return false;
}

/* What stands inside a paragraph without ending it. */
static bool is_inline(struct span name)
{
    static const char *const names[] = {"span",
                                        "a",
                                        "bookmark",
                                        "bookmark-start",
                                        "bookmark-end",
                                        "s",
                                        "tab",
                                        "line-break",
                                        "soft-page-break",
                                        "change-start",
                                        "change-end",
                                        "change",
                                        "ruby",
                                        "ruby-base",
                                        "meta",
                                        "meta-field",
                                        "reference-mark",
                                        "reference-mark-start",
                                        "reference-mark-end",
                                        "conditional-text",
                                        "user-field-get",
                                        "text-input",
                                        "placeholder",
                                        "database-display",
                                        "variable-get",
                                        "variable-set",
                                        "expression",
                                        "date",
                                        "time",
                                        "page-number",
                                        "page-count",
                                        "author-name",
                                        "sender-firstname",
                                        "sender-lastname",
                                        "initial-creator",
                                        "bookmark-ref",
                                        "sequence",
                                        "hidden-text",
                                        "annotation-end",
                                        "number",
                                        "title",
                                        "subject",
                                        "description",
                                        NULL};

    return one_of(name, names);
}

/* The place of a cell is only marked once it turns out to hold something. */
static bool mark_cell(struct text_document *d)
{
    if (d->columns == 0 || d->any_text)
        return true;
    d->any_text = true;
    return markup_table_cell(&d->tables, d->out, false, d->columns);
}

static bool flush_later(struct text_document *d)
{
    bool ok = d->later.len == 0 ||
              (mark_cell(d) && markup_break(d->out) && markup_say(d->out, buf_span(&d->later)));

    buf_clear(&d->later);
    return ok;
}

static bool end_line(struct text_document *d)
{
    return flush_later(d) && markup_break(d->out);
}

static bool keep_attributes(struct text_document *d, struct span element,
                            const struct xmltext_attribute *attributes, size_t count)
{
    static const char *const names[] = {"title",         "description", "formula", "string-value",
                                        "current-value", "content",     "label",   "help-message",
                                        "author",        NULL};

    for (size_t i = 0; i < count; i++) {
        struct span name = attributes[i].name, value = attributes[i].value;
        bool outside = span_is(name, "href") && value.len > 0 && value.at[0] != '#' &&
                       value.at[0] != '.' && memchr(value.at, ':', value.len);
        bool named = span_is(name, "name") &&
                     (span_is(element, "table") || span_is(element, "user-defined") ||
                      span_is(element, "frame") || span_is(element, "page"));

        if (value.len == 0 || !(one_of(name, names) || outside || named))
            continue;
        if (outside && value.len > 7 && strncasecmp(value.at, "mailto:", 7) == 0)
            value = (struct span){value.at + 7, value.len - 7};
        if (d->later.len + value.len + 1 > LATER_MAX) {
            if (!end_line(d) || !markup_say(d->out, value) || !markup_break(d->out))
                return false;
        } else if (!buf_add_span(&d->later, value) || !buf_add_byte(&d->later, '\n')) {
            return false;
        }
    }
    return true;
}

static uint32_t repeated(const struct xmltext_attribute *attributes, size_t count, const char *name)
{
    uint32_t n = markup_number(xmltext_attribute(attributes, count, name), REPEAT_MAX);

    return n > 0 ? n : 1;
}

/* --- cells --- */

static void move_rows(struct text_document *d, uint64_t rows)
{
    if (d->tables.depth > 0 && d->tables.depth <= MARKUP_TABLES)
        d->tables.at[d->tables.depth - 1].row += rows;
}

static bool begin_cell(struct text_document *d, const struct xmltext_attribute *attributes,
                       size_t count)
{
    struct span type = xmltext_attribute(attributes, count, "value-type");
    char number[32];

    d->columns = repeated(attributes, count, "number-columns-repeated");
    d->any_text = false;
    buf_clear(&d->value);
    if (type.len == 0)
        return true;
    if (span_is(type, "float"))
        buf_add_span(&d->value,
                     ooxml_number(xmltext_attribute(attributes, count, "value"), number));
    else if (span_is(type, "date"))
        buf_add_span(&d->value, xmltext_attribute(attributes, count, "date-value"));
    return true;
}

static bool end_cell(struct text_document *d)
{
    if (d->columns == 0)
        return end_line(d);
    bool ok = true;

    if (!d->any_text && d->value.len == 0 && d->later.len == 0) {
        markup_table_widen(&d->tables, d->columns);
    } else {
        ok = mark_cell(d) && flush_later(d);
        /* What is shown may be rounded or cut; the stored value stands beside it. */
        if (ok && d->value.len > 0)
            ok = markup_break(d->out) && markup_say(d->out, buf_span(&d->value));
    }
    d->columns = 0;
    buf_clear(&d->value);
    return ok;
}

/* --- events --- */

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                     size_t count)
{
    struct text_document *d = ctx;
    bool ok = true;

    if (span_is(name, "table")) {
        d->columns = 0;
        return keep_attributes(d, name, attributes, count) && end_line(d) &&
               markup_table_begin(&d->tables, d->out);
    } else if (span_is(name, "table-row")) {
        markup_table_row(&d->tables);
        d->rows = repeated(attributes, count, "number-rows-repeated");
        ok = markup_say(d->out, SPAN("\n"));
    } else if (span_is(name, "table-cell") || span_is(name, "covered-table-cell")) {
        ok = begin_cell(d, attributes, count);
    } else if (span_is(name, "s")) {
        uint32_t n = repeated(attributes, count, "c");

        for (uint32_t i = 0; ok && i < n && i < SPACES_MAX; i++)
            ok = markup_say(d->out, SPAN(" "));
    } else if (span_is(name, "tab")) {
        ok = markup_say(d->out, SPAN("\t"));
    } else if (span_is(name, "line-break")) {
        ok = markup_break(d->out);
    } else if (span_is(name, "page")) {
        ok = end_line(d) && d->out->mark(d->out->ctx, (struct mark){MARK_PAGE, ++d->page, 0});
    } else if (span_is(name, "encryption-data")) {
        d->encrypted = true;
    } else if (!is_inline(name)) {
        ok = end_line(d);
    }
    return ok && keep_attributes(d, name, attributes, count);
}

static bool on_end(void *ctx, struct span name)
{
    struct text_document *d = ctx;

    if (span_is(name, "table-cell") || span_is(name, "covered-table-cell"))
        return end_cell(d);
    if (span_is(name, "table-row")) {
        move_rows(d, d->rows > 0 ? d->rows - 1 : 0);
        d->rows = 1;
        return true;
    }
    if (span_is(name, "table")) {
        d->columns = 0;
        return flush_later(d) && markup_table_end(&d->tables, d->out);
    }
    return is_inline(name) || end_line(d);
}

static bool on_text(void *ctx, struct span text)
{
    struct text_document *d = ctx;

    if (d->columns > 0 && !d->any_text) {
        if (markup_is_blank(text))
            return true;
        if (!mark_cell(d))
            return false;
    }
    return markup_say(d->out, text);
}

static bool on_aside(void *ctx, struct span text)
{
    struct text_document *d = ctx;

    if (d->later.len + text.len + 1 > LATER_MAX)
        return end_line(d) && markup_say(d->out, text) && markup_break(d->out);
    return buf_add_span(&d->later, text) && buf_add_byte(&d->later, '\n');
}

static enum xmltext_result read_document(struct text_document *d, struct source *in)
{
    const struct xmltext_events events = {.ctx = d,
                                          .start = on_start,
                                          .end = on_end,
                                          .text = on_text,
                                          .aside = on_aside,
                                          .rest = on_text};

    d->tables.depth = 0;
    d->columns = 0;
    enum xmltext_result result = xmltext_read(in, XMLTEXT_XML, &events, d->out->budget);

    if (result != XMLTEXT_STOPPED && !end_line(d))
        result = XMLTEXT_STOPPED;
    return result;
}

/* --- the package --- */

static bool ends_with(struct span s, const char *end)
{
    size_t len = strlen(end);

    return s.len >= len && strncasecmp(s.at + s.len - len, end, len) == 0;
}

static bool is_manifest(struct span name)
{
    return span_is(name, "META-INF/manifest.xml");
}

static enum package_choice choose_manifest(void *ctx, struct span name)
{
    (void)ctx;
    return is_manifest(name) ? PACKAGE_PART : PACKAGE_SKIP;
}

static enum package_choice choose(void *ctx, struct span name)
{
    (void)ctx;
    if (span_is(name, "mimetype") || is_manifest(name))
        return PACKAGE_SKIP;
    return ends_with(name, ".xml") || ends_with(name, ".rdf") ? PACKAGE_PART : PACKAGE_CHILD;
}

static enum package_choice choose_all(void *ctx, struct span name)
{
    return is_manifest(name) ? PACKAGE_PART : choose(ctx, name);
}

static bool is_document_part(struct span name)
{
    return ends_with(name, "content.xml") || ends_with(name, "styles.xml") || is_manifest(name);
}

static bool part(void *ctx, struct span name, struct source *bytes)
{
    struct text_document *d = ctx;
    const struct sink *out = d->out;
    enum xmltext_result result =
        is_document_part(name) ? read_document(d, bytes) : markup_xml_read(bytes, out);

    if (result == XMLTEXT_STOPPED)
        return false;
    struct ending ending = markup_ending(result, bytes, out);

    /* The parts of a document that turns out to be encrypted are no damaged XML. */
    if (d->encrypted && !is_manifest(name))
        return true;
    if (ending.outcome != OUTCOME_READ)
        out->gap(out->ctx, ending.outcome, ending.reason);
    else if (result == XMLTEXT_MALFORMED)
        out->gap(out->ctx, OUTCOME_PARTIAL, "malformed-part");
    return result == XMLTEXT_TIME ? false : markup_break(out);
}

/* Begins as XML does: a zip or a tar may hold such a document unpacked in its first bytes. */
static bool is_flat(struct span s)
{
    size_t len = s.len < 4096 ? s.len : 4096, at = 0;
    static const char office[] = "urn:oasis:names:tc:opendocument:xmlns:office";

    if (!s.at)
        return false;
    if (len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    while (at < len && markup_is_blank((struct span){s.at + at, 1}))
        at++;
    return at < len && s.at[at] == '<' && memmem(s.at, len, "<office:document", 16) &&
           memmem(s.at, len, office, sizeof office - 1);
}

/* ISO/IEC 26300 part 3, 3.3: the first member is "mimetype", stored, so that it can be read here.
 */
static bool is_package(struct span s)
{
    static const char type[] = "application/vnd.oasis.opendocument.";
    size_t len = s.len < 256 ? s.len : 256;

    return s.at && len > 38 && memcmp(s.at, "PK\3\4", 4) == 0 &&
           package_names((struct span){s.at, len}, "mimetype") &&
           memmem(s.at, len, type, sizeof type - 1);
}

static unsigned bid(const struct head *head)
{
    static const char *const suffixes[] = {".odt", ".ods", ".odp", ".odg", ".ott", ".ots",
                                           ".otp", ".otg", ".odf", ".odm", ".oth", NULL};
    struct span s = head->bytes;

    if (is_package(s) || is_flat(s))
        return 92;
    if (s.len < 4 || memcmp(s.at, "PK\3\4", 4) != 0)
        return 0;
    for (size_t i = 0; suffixes[i]; i++) {
        if (ends_with(head->name, suffixes[i]))
            return 85;
    }
    return 0;
}

static void name_type(const struct sink *out, struct span head)
{
    static const struct {
        const char *word, *type;
    } types[] = {
        {"opendocument.text", "application/vnd.oasis.opendocument.text"},
        {"opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"},
        {"opendocument.presentation", "application/vnd.oasis.opendocument.presentation"},
        {"opendocument.graphics", "application/vnd.oasis.opendocument.graphics"},
        {"opendocument.chart", "application/vnd.oasis.opendocument.chart"},
        {"opendocument.formula", "application/vnd.oasis.opendocument.formula"},
    };
    size_t len = head.len < 256 ? head.len : 256;

    for (size_t i = 0; head.at && i < sizeof types / sizeof *types; i++) {
        if (memmem(head.at, len, types[i].word, strlen(types[i].word))) {
            out->media_type(out->ctx, types[i].type);
            return;
        }
    }
}

static struct ending read_package(struct text_document *d, struct source *in,
                                  const struct head *head)
{
    const struct sink *out = d->out;
    struct package p = {.in = in, .out = out, .ctx = d, .part = part};

    if (!budget_depth(out->budget, out->depth))
        return (struct ending){OUTCOME_OVER_LIMIT, "depth"};
    name_type(out, head->bytes);
    package_open(&p);
    /* The manifest stands last, and says whether anything else can be read. */
    if (p.rewindable) {
        p.choose = choose_manifest;
        package_walk(&p);
        if (d->encrypted)
            return (struct ending){OUTCOME_ENCRYPTED, "password"};
    }
    p.choose = p.rewindable ? choose : choose_all;
    if (!p.stopped)
        package_walk(&p);
    if (d->encrypted)
        package_note(&p, (struct ending){OUTCOME_ENCRYPTED, "password"});
    if (out->budget->spent)
        package_note(&p, (struct ending){OUTCOME_OVER_LIMIT, out->budget->spent});
    return p.worst;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    struct text_document d = {.out = out};
    struct ending ending;

    buf_init(&d.later, LATER_MAX + 64);
    buf_init(&d.value, LATER_MAX);
    if (is_flat(head->bytes)) {
        out->media_type(out->ctx, "application/vnd.oasis.opendocument.text-flat-xml");
        ending = markup_ending(read_document(&d, in), in, out);
    } else {
        ending = read_package(&d, in, head);
    }
    buf_release(&d.later);
    buf_release(&d.value);
    return ending;
}

const struct extractor extract_odf = {.id = "odf",
                                      .version = 1,
                                      .media_type = "application/vnd.oasis.opendocument",
                                      .bid = bid,
                                      .run = run,
                                      .prepare = xmltext_prepare};
