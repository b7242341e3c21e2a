/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* markup.h - what the readers of marked-up documents share. */
#ifndef CONSTAT_MARKUP_H
#define CONSTAT_MARKUP_H

#include <errno.h>

#include "scanner/extract/extractor.h"
#include "scanner/extract/xmltext.h"

static inline bool markup_say(const struct sink *out, struct span text)
{
    return text.len == 0 || out->text(out->ctx, text);
}

/* The end of a line that nothing joins across. */
static inline bool markup_break(const struct sink *out)
{
    return out->text(out->ctx, SPAN("\n")) && out->mark(out->ctx, (struct mark){MARK_BREAK, 0, 0});
}

static inline bool markup_cell(const struct sink *out, uint64_t row, uint32_t column)
{
    return out->mark(out->ctx, (struct mark){MARK_CELL, row, column});
}

/* Tables inside tables, as the flat marks of the engine have them. */
enum { MARKUP_TABLES = 32, MARKUP_HELD = 64 };

struct markup_tables {
    struct markup_table {
        uint64_t row;
        uint32_t column;
        bool open;                  /* MARK_TABLE was given and no other table began since */
        uint64_t held[MARKUP_HELD]; /* by column from 0: the last row that a cell above covers */
    } at[MARKUP_TABLES];
    size_t depth; /* may pass MARKUP_TABLES: deeper ones are text */
    uint64_t seen;
};

bool markup_table_begin(struct markup_tables *t, const struct sink *out);
void markup_table_row(struct markup_tables *t);
/* `head`: surely a heading; `columns` it is wide. */
bool markup_table_cell(struct markup_tables *t, const struct sink *out, bool head,
                       uint32_t columns);
/* The cell that began last is `rows` high. */
void markup_table_hold(struct markup_tables *t, uint32_t columns, uint32_t rows);
void markup_table_widen(struct markup_tables *t, uint32_t columns);
bool markup_table_end(struct markup_tables *t, const struct sink *out);

/* Decimal digits, at most `most`; 0 when there are none. */
uint32_t markup_number(struct span s, uint32_t most);
bool markup_is_blank(struct span s);

/* Any XML: names of elements and attributes before their values. */
enum xmltext_result markup_xml_read(struct source *in, const struct sink *out);
/* How the item ends that was read so. */
struct ending markup_ending(enum xmltext_result result, struct source *in, const struct sink *out);

#endif
