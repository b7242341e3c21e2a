/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* ooxml_sheet.c - SpreadsheetML: shared strings and the cells of a sheet. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/extract/ooxml.h"

enum { CELL_TEXT_MAX = 64 * 1024, CHEAP = 64, COLUMNS = 16384 };

/* --- shared strings --- */

void ooxml_strings_init(struct ooxml_strings *s)
{
    buf_init(&s->text, OOXML_STRINGS_MAX);
    buf_init(&s->ends, (size_t)OOXML_STRINGS_COUNT_MAX * 4);
    s->incomplete = false;
}

void ooxml_strings_release(struct ooxml_strings *s)
{
    buf_release(&s->text);
    buf_release(&s->ends);
}

struct collecting {
    struct ooxml_strings *strings;
    const struct sink *out;
    bool in_text;
};

static bool strings_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                          size_t count)
{
    struct collecting *c = ctx;

    (void)attributes, (void)count;
    if (span_is(name, "t"))
        c->in_text = true;
    else if (span_is(name, "rPh")) /* how a word is pronounced stands apart from it */
        c->in_text = c->in_text || !buf_add_byte(&c->strings->text, ' ');
    return true;
}

static bool strings_end(void *ctx, struct span name)
{
    struct collecting *c = ctx;

    if (span_is(name, "t"))
        c->in_text = false;
    if (!span_is(name, "si"))
        return true;
    if (!c->strings->incomplete && !buf_add_u32(&c->strings->ends, (uint32_t)c->strings->text.len))
        c->strings->incomplete = true;
    return !c->strings->incomplete || markup_break(c->out);
}

static bool strings_text(void *ctx, struct span text)
{
    struct collecting *c = ctx;

    if (!c->in_text)
        return true;
    if (!c->strings->incomplete && buf_add_span(&c->strings->text, text))
        return true;
    c->strings->incomplete = true;
    return markup_say(c->out, text);
}

static bool strings_rest(void *ctx, struct span text)
{
    struct collecting *c = ctx;

    return markup_say(c->out, text);
}

enum xmltext_result ooxml_strings_read(struct ooxml_strings *s, struct source *in,
                                       const struct sink *out)
{
    struct collecting c = {.strings = s, .out = out};
    const struct xmltext_events events = {.ctx = &c,
                                          .start = strings_start,
                                          .end = strings_end,
                                          .text = strings_text,
                                          .rest = strings_rest};

    return xmltext_read(in, XMLTEXT_XML, &events, out->budget);
}

static bool string_at(const struct ooxml_strings *s, struct span index, struct span *ret)
{
    size_t i = markup_number(index, UINT32_MAX - 1);
    size_t count = s->ends.len / 4;

    if (index.len == 0 || i >= count)
        return false;
    struct reader r =
        reader_of((struct span){s->ends.at + 4 * (i > 0 ? i - 1 : 0), (size_t)(i > 0 ? 8 : 4)});
    size_t from = i > 0 ? reader_u32(&r) : 0, to = reader_u32(&r);

    if (r.bad || from > to || to > s->text.len)
        return false;
    *ret = (struct span){s->text.at + from, to - from};
    return true;
}

/* --- cells --- */

struct sheet {
    const struct sink *out;
    const struct ooxml_strings *strings;
    bool unknown;
    uint64_t row;
    uint32_t column;
    char type[12];
    bool in_cell, in_value, in_formula, value_given, table_ended;
    struct buf value, formula;
};

struct span ooxml_number(struct span stored, char *to)
{
    char text[40];
    bool plain = true;

    if (stored.len == 0 || stored.len >= sizeof text)
        return stored;
    for (size_t i = 0; i < stored.len; i++)
        plain = plain && stored.at[i] >= '0' && stored.at[i] <= '9';
    if (plain)
        return stored;
    memcpy(text, stored.at, stored.len);
    text[stored.len] = '\0';
    char *end, rounded[32];
    double v = strtod(text, &end);

    if (*end != '\0' || !isfinite(v) || fabs(v) >= 1e15)
        return stored;
    /* 15 digits are what a spreadsheet shows of a number. */
    snprintf(rounded, sizeof rounded, "%.15g", v);
    v = strtod(rounded, NULL);
    if (v != floor(v) || fabs(v) >= 1e15)
        return stored;
    int len = snprintf(to, 32, "%.0f", v);

    return (struct span){to, len > 0 && len < 32 ? (size_t)len : 0};
}

/* "BC17": column 55, row 17. */
static void place_cell(struct sheet *s, struct span reference)
{
    uint32_t column = 0;
    size_t i = 0;

    for (; i < reference.len && i < 3; i++) {
        char c = (char)(reference.at[i] & ~0x20);

        if (c < 'A' || c > 'Z')
            break;
        column = column * 26 + (uint32_t)(c - 'A' + 1);
    }
    uint32_t row =
        markup_number((struct span){reference.at + i, reference.len - i}, UINT32_MAX - 1);

    if (column > 0 && column <= COLUMNS && row > 0) {
        s->column = column;
        s->row = row;
    } else {
        s->column++;
        if (s->row == 0)
            s->row = 1;
    }
}

static void keep(struct sheet *s, struct buf *to, struct span text)
{
    if (!buf_add_span(to, text)) /* longer than a cell can be: given at once */
        s->value_given = true;
}

static bool give_value(struct sheet *s)
{
    struct span value = buf_span(&s->value);
    char number[32];

    if (strcmp(s->type, "s") == 0) {
        struct span text;

        if (!string_at(s->strings, value, &text)) {
            s->unknown = s->unknown || value.len > 0;
            return true;
        }
        /* One long string can be shown by a million cells. */
        if (text.len > CHEAP && !budget_bytes(s->out->budget, text.len))
            return false;
        return markup_say(s->out, text);
    }
    if (strcmp(s->type, "b") == 0)
        value = span_is(value, "1") ? SPAN("TRUE") : SPAN("FALSE");
    else if (s->type[0] == '\0' || strcmp(s->type, "n") == 0)
        value = ooxml_number(value, number);
    return markup_say(s->out, value);
}

static bool end_cell(struct sheet *s)
{
    s->in_cell = false;
    if (s->value.len == 0 && s->formula.len == 0)
        return true;
    bool ok = markup_cell(s->out, s->row, s->column) && give_value(s);

    if (ok && s->formula.len > 0)
        ok = markup_break(s->out) && markup_say(s->out, buf_span(&s->formula));
    return ok && markup_say(s->out, SPAN("\t"));
}

static bool end_table(struct sheet *s)
{
    if (s->table_ended)
        return true;
    s->table_ended = true;
    return markup_break(s->out) && s->out->mark(s->out->ctx, (struct mark){MARK_TABLE_END, 0, 0});
}

static bool sheet_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                        size_t count)
{
    struct sheet *s = ctx;

    if (span_is(name, "c")) {
        struct span type = xmltext_attribute(attributes, count, "t");

        s->in_cell = true;
        s->value_given = false;
        buf_clear(&s->value);
        buf_clear(&s->formula);
        memset(s->type, 0, sizeof s->type);
        memcpy(s->type, type.at, type.len < sizeof s->type ? type.len : sizeof s->type - 1);
        place_cell(s, xmltext_attribute(attributes, count, "r"));
        return true;
    }
    if (span_is(name, "row")) {
        uint32_t row = markup_number(xmltext_attribute(attributes, count, "r"), UINT32_MAX - 1);

        s->row = row > 0 ? row : s->row + 1;
        s->column = 0;
        return markup_say(s->out, SPAN("\n"));
    }
    if (s->in_cell) {
        s->in_value = span_is(name, "v") || span_is(name, "t");
        s->in_formula = span_is(name, "f");
        return true;
    }
    /* Hyperlinks, validation messages, names of scenarios: after the table. */
    static const char *const worth[] = {"display",     "tooltip", "location",   "prompt",
                                        "promptTitle", "error",   "errorTitle", "val",
                                        "name",        "user",    "comment"};

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof worth / sizeof *worth; k++) {
            if (span_is(attributes[i].name, worth[k]) && attributes[i].value.len > 0 &&
                (!end_table(s) || !markup_say(s->out, attributes[i].value) ||
                 !markup_break(s->out)))
                return false;
        }
    }
    return true;
}

static bool sheet_end(void *ctx, struct span name)
{
    struct sheet *s = ctx;

    if (span_is(name, "c") && s->in_cell)
        return end_cell(s);
    if (s->in_cell) {
        s->in_value = s->in_formula = false;
        return true;
    }
    if (span_is(name, "sheetData"))
        return end_table(s);
    return !s->table_ended || markup_break(s->out);
}

static bool sheet_text(void *ctx, struct span text)
{
    struct sheet *s = ctx;

    if (s->in_cell) {
        struct buf *to = s->in_formula ? &s->formula : &s->value;

        if (!s->in_formula && !s->in_value)
            return true;
        keep(s, to, text);
        if (!s->value_given)
            return true;
        s->value_given = false; /* what did not fit goes on as text of this cell */
        bool ok = markup_cell(s->out, s->row, s->column) && markup_say(s->out, buf_span(to)) &&
                  markup_say(s->out, text);

        buf_clear(to);
        return ok;
    }
    if (markup_is_blank(text))
        return true;
    return end_table(s) && markup_say(s->out, text);
}

static bool sheet_rest(void *ctx, struct span text)
{
    struct sheet *s = ctx;

    return markup_say(s->out, text);
}

enum xmltext_result ooxml_sheet(struct source *in, const struct sink *out, uint64_t table,
                                const struct ooxml_strings *strings, bool *ret_unknown)
{
    struct sheet s = {.out = out, .strings = strings};
    const struct xmltext_events events = {.ctx = &s,
                                          .start = sheet_start,
                                          .end = sheet_end,
                                          .text = sheet_text,
                                          .aside = sheet_text,
                                          .rest = sheet_rest};

    if (!markup_break(out) || !out->mark(out->ctx, (struct mark){MARK_TABLE, table, 0}))
        return XMLTEXT_STOPPED;
    buf_init(&s.value, CELL_TEXT_MAX);
    buf_init(&s.formula, CELL_TEXT_MAX);
    enum xmltext_result result = xmltext_read(in, XMLTEXT_XML, &events, out->budget);

    if (result != XMLTEXT_STOPPED && !end_table(&s))
        result = XMLTEXT_STOPPED;
    buf_release(&s.value);
    buf_release(&s.formula);
    *ret_unknown = *ret_unknown || s.unknown;
    return result;
}
