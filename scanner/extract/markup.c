/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/markup.h"

static struct markup_table *current(struct markup_tables *t)
{
    return t->depth > 0 && t->depth <= MARKUP_TABLES ? &t->at[t->depth - 1] : NULL;
}

bool markup_table_begin(struct markup_tables *t, const struct sink *out)
{
    struct markup_table *outer = current(t);

    if (outer)
        outer->open = false;
    t->depth++;
    struct markup_table *table = current(t);

    if (table)
        *table = (struct markup_table){0};
    return markup_break(out);
}

void markup_table_row(struct markup_tables *t)
{
    struct markup_table *table = current(t);

    if (table) {
        table->row++;
        table->column = 0;
    }
}

bool markup_table_cell(struct markup_tables *t, const struct sink *out, bool head, uint32_t columns)
{
    struct markup_table *table = current(t);

    if (!table)
        return markup_break(out);
    if (!markup_say(out, SPAN("\t")))
        return false;
    if (!table->open) {
        table->open = true;
        if (!out->mark(out->ctx, (struct mark){MARK_TABLE, ++t->seen, head}))
            return false;
    }
    if (table->row == 0)
        table->row = 1;
    while (table->column < MARKUP_HELD && table->held[table->column] >= table->row)
        table->column++;
    uint32_t column = table->column + 1;

    markup_table_widen(t, columns > 0 ? columns : 1);
    return markup_cell(out, table->row, column);
}

void markup_table_hold(struct markup_tables *t, uint32_t columns, uint32_t rows)
{
    struct markup_table *table = current(t);

    if (!table || rows < 2)
        return;
    for (uint32_t i = 0; i < (columns > 0 ? columns : 1) && i < table->column; i++) {
        uint32_t column = table->column - 1 - i;

        if (column < MARKUP_HELD)
            table->held[column] = table->row + rows - 1;
    }
}

void markup_table_widen(struct markup_tables *t, uint32_t columns)
{
    struct markup_table *table = current(t);

    /* The next column still has a number. */
    if (table && (__builtin_add_overflow(table->column, columns, &table->column) ||
                  table->column == UINT32_MAX))
        table->column = UINT32_MAX - 1;
}

bool markup_table_end(struct markup_tables *t, const struct sink *out)
{
    struct markup_table *table = current(t);
    bool open = table && table->open;

    if (t->depth > 0)
        t->depth--;
    return markup_break(out) && (!open || out->mark(out->ctx, (struct mark){MARK_TABLE_END, 0, 0}));
}

uint32_t markup_number(struct span s, uint32_t most)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s.len && s.at[i] >= '0' && s.at[i] <= '9' && n <= most; i++)
        n = n * 10 + (uint64_t)(s.at[i] - '0');
    return n > most ? most : (uint32_t)n;
}

bool markup_is_blank(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] != ' ' && s.at[i] != '\n' && s.at[i] != '\r' && s.at[i] != '\t')
            return false;
    }
    return true;
}
