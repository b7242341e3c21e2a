/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * ooxml.c - Word, Excel and PowerPoint documents of Office Open XML (ECMA-376), by their parts.
 *
 * Every part is read: what is known by its own rules, any other XML as XML, everything else
 * (pictures, embedded documents, macros) as a document of its own.  A workbook is walked twice,
 * because its shared strings may stand before or after the sheets that use them.
 */
#include <strings.h>

#include "scanner/extract/ooxml.h"
#include "scanner/extract/package.h"

enum part_kind {
    PART_OTHER_XML,
    PART_FLOW,
    PART_SLIDE,
    PART_SHEET,
    PART_STRINGS,
    PART_LINKS,
    PART_STRUCTURE, /* says only what the parts are called, or how they look */
    PART_CHILD
};

struct office {
    const struct sink *out;
    struct ooxml_strings strings;
    bool strings_only, strings_read, unknown_string;
    uint64_t tables;
    bool has_word, has_sheets, has_slides;
};

static bool ends_with(struct span s, const char *end)
{
    size_t len = strlen(end);

    return s.len >= len && strncasecmp(s.at + s.len - len, end, len) == 0;
}

static bool begins_with(struct span s, const char *start)
{
    size_t len = strlen(start);

    return s.len >= len && strncasecmp(s.at, start, len) == 0;
}

static bool has(struct span s, const char *part)
{
    size_t len = strlen(part);

    for (size_t i = 0; i + len <= s.len; i++) {
        if (strncasecmp(s.at + i, part, len) == 0)
            return true;
    }
    return false;
}

static enum part_kind kind_of(struct span name)
{
    static const char *const flow[] = {"word/document",
                                       "word/header",
                                       "word/footer",
                                       "word/footnotes",
                                       "word/endnotes",
                                       "word/comments",
                                       "word/glossary/document",
                                       NULL};
    /* How things look (ECMA-376-1, 17.7, 17.8, 18.8, 20.1.6): hundreds of names of styles and
     * fonts, the program's own, which would read as names of persons, and no text of anybody. */
    static const char *const looks[] = {"word/styles",
                                        "word/fontTable",
                                        "word/theme/",
                                        "word/glossary/styles",
                                        "word/glossary/fontTable",
                                        "xl/styles",
                                        "xl/theme/",
                                        "ppt/theme/",
                                        "ppt/tableStyles",
                                        NULL};

    if (span_is(name, "[Content_Types].xml"))
        return PART_STRUCTURE;
    for (size_t i = 0; looks[i]; i++) {
        if (begins_with(name, looks[i]) && ends_with(name, ".xml"))
            return PART_STRUCTURE;
    }
    if (ends_with(name, ".rels"))
        return PART_LINKS;
    if (ends_with(name, ".vml"))
        return PART_FLOW;
    if (!ends_with(name, ".xml"))
        return PART_CHILD;
    for (size_t i = 0; flow[i]; i++) {
        if (begins_with(name, flow[i]))
            return PART_FLOW;
    }
    if (begins_with(name, "ppt/slides/"))
        return PART_SLIDE;
    if (begins_with(name, "ppt/notesSlides/") || begins_with(name, "ppt/comments") ||
        begins_with(name, "ppt/slideMasters/") || begins_with(name, "ppt/slideLayouts/") ||
        begins_with(name, "ppt/handoutMasters/") || begins_with(name, "ppt/notesMasters/"))
        return PART_FLOW;
    if (begins_with(name, "xl/worksheets/") || begins_with(name, "xl/macrosheets/") ||
        begins_with(name, "xl/dialogsheets/"))
        return PART_SHEET;
    if (begins_with(name, "xl/sharedStrings"))
        return PART_STRINGS;
    if (begins_with(name, "xl/comments") || begins_with(name, "xl/threadedComments") ||
        has(name, "/charts/") || has(name, "/drawings/") || has(name, "/diagrams/") ||
        has(name, "/chartsheets/"))
        return PART_FLOW;
    return PART_OTHER_XML;
}

/* The number in "ppt/slides/slide12.xml", from 1. */
static uint32_t number_in(struct span name)
{
    size_t end = name.len, start;

    while (end > 0 && (name.at[end - 1] < '0' || name.at[end - 1] > '9'))
        end--;
    for (start = end; start > 0 && name.at[start - 1] >= '0' && name.at[start - 1] <= '9';)
        start--;
    uint32_t number = markup_number((struct span){name.at + start, end - start}, 1000 * 1000);

    return number > 0 ? number : 1;
}

static enum package_choice choose(void *ctx, struct span name)
{
    struct office *o = ctx;
    enum part_kind kind = kind_of(name);

    o->has_word = o->has_word || begins_with(name, "word/");
    o->has_sheets = o->has_sheets || begins_with(name, "xl/");
    o->has_slides = o->has_slides || begins_with(name, "ppt/");
    if (o->strings_only)
        return kind == PART_STRINGS ? PACKAGE_PART : PACKAGE_SKIP;
    if (kind == PART_STRUCTURE || (kind == PART_STRINGS && o->strings_read))
        return PACKAGE_SKIP;
    return kind == PART_CHILD ? PACKAGE_CHILD : PACKAGE_PART;
}

static enum xmltext_result read_part(struct office *o, struct span name, struct source *bytes)
{
    switch (kind_of(name)) {
    case PART_FLOW:
        return ooxml_flow(bytes, o->out, &o->tables);
    case PART_SLIDE:
        if (!o->out->mark(o->out->ctx, (struct mark){MARK_PAGE, number_in(name), 0}))
            return XMLTEXT_STOPPED;
        return ooxml_flow(bytes, o->out, &o->tables);
    case PART_SHEET:
        return ooxml_sheet(bytes, o->out, ++o->tables, &o->strings, &o->unknown_string);
    case PART_STRINGS:
        return ooxml_strings_read(&o->strings, bytes, o->out);
    case PART_LINKS:
        return ooxml_links(bytes, o->out);
    case PART_OTHER_XML:
    case PART_STRUCTURE:
    case PART_CHILD:
        break;
    }
    return markup_xml_read(bytes, o->out);
}

static bool part(void *ctx, struct span name, struct source *bytes)
{
    struct office *o = ctx;
    const struct sink *out = o->out;
    enum xmltext_result result = read_part(o, name, bytes);

    if (result == XMLTEXT_STOPPED)
        return false;
    struct ending ending = markup_ending(result, bytes, out);

    if (ending.outcome != OUTCOME_READ)
        out->gap(out->ctx, ending.outcome, ending.reason);
    else if (result == XMLTEXT_MALFORMED)
        out->gap(out->ctx, OUTCOME_PARTIAL, "malformed-part");
    return result == XMLTEXT_TIME ? false : markup_break(out);
}

/* ECMA-376 part 2: any package has [Content_Types].xml; the others tell an Office document whose
 * content types stand behind its first 64 KiB. */
static unsigned bid(const struct head *head)
{
    static const char *const parts[] = {"[Content_Types].xml", "word/document.xml",
                                        "xl/workbook.xml", "ppt/presentation.xml", NULL};
    static const char *const suffixes[] = {".docx", ".docm", ".dotx", ".dotm", ".xlsx", ".xlsm",
                                           ".xltx", ".xltm", ".pptx", ".pptm", ".ppsx", ".ppsm",
                                           ".potx", ".potm", ".xlam", ".ppam", ".vsdx", NULL};

    if (head->bytes.len < 4 || memcmp(head->bytes.at, "PK\3\4", 4) != 0)
        return 0;
    for (size_t i = 0; parts[i]; i++) {
        if (package_names(head->bytes, parts[i]))
            return 90;
    }
    for (size_t i = 0; suffixes[i]; i++) {
        if (ends_with(head->name, suffixes[i]))
            return 85;
    }
    return 0;
}

static void name_type(const struct office *o)
{
    const struct sink *out = o->out;

    if (o->has_word)
        out->media_type(out->ctx,
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    else if (o->has_sheets)
        out->media_type(out->ctx,
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    else if (o->has_slides)
        out->media_type(
            out->ctx, "application/vnd.openxmlformats-officedocument.presentationml.presentation");
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    struct office o = {.out = out};
    struct package p = {.in = in, .out = out, .ctx = &o, .choose = choose, .part = part};

    if (!budget_depth(out->budget, out->depth))
        return (struct ending){OUTCOME_OVER_LIMIT, "depth"};
    ooxml_strings_init(&o.strings);
    package_open(&p);
    if (p.rewindable && !package_names(head->bytes, "word/document.xml") &&
        !package_names(head->bytes, "ppt/presentation.xml")) {
        o.strings_only = true;
        package_walk(&p);
        o.strings_only = false;
        o.strings_read = p.parts > 0;
    }
    if (!p.stopped)
        package_walk(&p);
    name_type(&o);
    if (o.strings.incomplete)
        package_note(&p, (struct ending){OUTCOME_PARTIAL, "shared-strings-limit"});
    if (o.unknown_string)
        package_note(&p, (struct ending){OUTCOME_PARTIAL, "shared-strings-missing"});
    if (out->budget->spent)
        package_note(&p, (struct ending){OUTCOME_OVER_LIMIT, out->budget->spent});
    ooxml_strings_release(&o.strings);
    return p.worst;
}

const struct extractor extract_ooxml = {
    .id = "ooxml",
    .version = 2,
    .media_type = "application/vnd.openxmlformats-officedocument",
    .bid = bid,
    .run = run,
    .prepare = xmltext_prepare,
};
