/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * columns.c - which row and column a place is in, what its header says, and how often the
 * neighbours of a value pass.
 */
#include "detectors/engine_private.h"

#include <stdlib.h>

enum {
    QUOTED_MAX = 8192, /* a longer quoted cell is a stray quote */
    KEY_MAX = 40,
    LABEL_MAX = 40, /* a label in a cell */
    FORM_COLUMNS = 4,
    TITLE_ROWS = 5,  /* above the header */
    TITLE_DIGITS = 8 /* of a date */
};

/* --- pass rates --------------------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd); /* MurmurHash3's finisher */
    x ^= x >> 33;
    return x;
}

void rates_clear(struct rates *r)
{
    r->n = 0;
    if (r->slots > 1024) {
        free(r->index);
        r->index = NULL;
        r->slots = 0;
    } else if (r->slots) {
        memset(r->index, 0, r->slots * sizeof(*r->index));
    }
}

void rates_free(struct rates *r)
{
    free(r->rates);
    free(r->index);
}

static size_t rates_slot(const struct rates *r, uint64_t column, unsigned kind)
{
    size_t slot = mix(column * KINDS_MAX + kind) & (r->slots - 1);

    while (r->index[slot]) {
        const struct rate *at = &r->rates[r->index[slot] - 1];

        if (at->column == column && at->kind == kind)
            break;
        slot = (slot + 1) & (r->slots - 1);
    }
    return slot;
}

static bool rates_widen(struct rates *r)
{
    size_t slots = r->slots ? r->slots * 2 : 64;
    uint32_t *index = calloc(slots, sizeof(*index));

    if (!index)
        return false;
    free(r->index);
    r->index = index;
    r->slots = slots;
    for (size_t i = 0; i < r->n; i++)
        r->index[rates_slot(r, r->rates[i].column, r->rates[i].kind)] = (uint32_t)i + 1;
    return true;
}

struct rate *rates_get(struct rates *r, uint64_t column, unsigned kind)
{
    size_t slot;

    if (r->n * 2 >= r->slots && !rates_widen(r))
        return NULL;
    slot = rates_slot(r, column, kind);
    if (!r->index[slot]) {
        if (r->n >= RATES_MAX || !grow(&r->rates, &r->cap, r->n + 1, sizeof(*r->rates)))
            return NULL;
        r->rates[r->n] = (struct rate){.column = column, .kind = (uint8_t)kind};
        r->index[slot] = (uint32_t)++r->n;
    }
    return &r->rates[r->index[slot] - 1];
}

const struct rate *rates_find(const struct rates *r, uint64_t column, unsigned kind)
{
    size_t slot;

    if (!r->slots)
        return NULL;
    slot = rates_slot(r, column, kind);
    return r->index[slot] ? &r->rates[r->index[slot] - 1] : NULL;
}

/* --- header ------------------------------------------------------------------------------- */

void table_free(struct table *t)
{
    free(t->row_text);
    free(t->labels);
    free(t->header);
    free(t->trial);
    *t = (struct table){0};
}

void table_begin(struct engine *e, uint64_t serial, bool sure)
{
    struct table *t = &e->table;

    t->serial = serial;
    t->columns = 0;
    t->row_len = 0;
    t->row_quoted = false;
    t->row_cells = t->row_digits = t->best_cells = t->best_named = t->rows = 0;
    t->row_now = 0;
    t->sure = sure;
    t->form = t->fields = t->figures = false;
    t->header_row = UINT64_MAX;
    t->collecting = true;
    if (!t->row_text)
        t->row_text = malloc(HEADER_BYTES);
    if (!t->labels)
        t->labels = malloc(HEADER_BYTES);
    if (!t->header)
        t->header = calloc(COLUMNS_MAX, sizeof(*t->header));
    if (!t->trial)
        t->trial = calloc(COLUMNS_MAX, sizeof(*t->trial));
    if (!t->row_text || !t->labels || !t->header || !t->trial) {
        t->collecting = false;
        e->failed = true;
    }
}

/* What the cells of the row that was collected say; how many of them name a kind. */
static unsigned trial_read(struct engine *e, unsigned *ret_columns)
{
    struct table *t = &e->table;
    unsigned named = 0, columns = 0;
    size_t from = 0;

    for (size_t i = 0; i < t->row_len && columns < COLUMNS_MAX; i++)
        if (t->row_text[i] == BORDER) {
            struct span cell = {t->row_text + from, i - from};

            t->trial[columns] = (struct column){.naming = words_naming(e->words, cell),
                                                .label_at = (uint32_t)from,
                                                .label_len = (uint32_t)cell.len};
            named += t->trial[columns++].naming.names != 0;
            from = i + 1;
        }
    *ret_columns = columns;
    return named;
}

/* A form's rows hold labels, each with its value to the right: below a label stands another, and
 * where values stand no name of a kind heads a column.  ("Passport" below "Identity document" is a
 * value.) */
static bool labels_below(const struct table *t, unsigned columns)
{
    bool any = false;

    for (unsigned i = 0; i < columns && i < t->columns; i++) {
        const struct column *c = &t->trial[i];
        bool label = c->naming.names && t->header[i].naming.names && c->label_len <= LABEL_MAX;

        if (i % 2 == 1 && t->header[i].naming.names)
            return false;
        for (size_t k = 0; label && k < c->label_len; k++)
            label = !is_digit(t->row_text[c->label_at + k]);
        any |= label;
    }
    return any && t->columns % 2 == 0;
}

/* Of several terms in a column's name, one that says enough by itself. */
static void term_learn(void *ctx, size_t at, size_t len, const struct lexicon_entry *entry)
{
    struct column *c = ctx;

    (void)at;
    (void)len;
    if (entry->categories && (!c->tells || entry->strength < c->term.strength))
        c->term = *entry;
    c->tells |= entry->categories != 0;
}

/* Beside a column that names a kind, one may hold a piece of it though its own name ("Nr", "Bus")
 * says nothing: behind it, else before it; what stands first numbers the rows. */
static void header_beside(struct engine *e, unsigned columns, unsigned kind)
{
    bool (*names)(struct span, struct span) = detectors[kind]->names_beside;
    struct column *header = e->table.header;
    bool any = false;

    for (unsigned i = 1; i < columns; i++)
        if ((header[i - 1].naming.names & ~header[i].naming.names) >> kind & 1 &&
            header[i].label_len <= BESIDE_LABEL &&
            names(table_label(e, i + 1), table_label(e, i))) {
            header[i].naming.names |= UINT64_C(1) << kind;
            any = true;
        }
    for (unsigned i = 1; i + 1 < columns && !any; i++)
        if ((header[i + 1].naming.names & ~header[i].naming.names) >> kind & 1 &&
            header[i].label_len <= BESIDE_LABEL &&
            names(table_label(e, i + 1), table_label(e, i + 2)) &&
            !(i + 2 < columns && names(table_label(e, i + 3), table_label(e, i + 2)))) {
            header[i].naming.names |= UINT64_C(1) << kind;
            any = true;
        }
}

/* The row that was collected names the columns. */
static void header_learn(struct engine *e, unsigned columns, unsigned named)
{
    struct table *t = &e->table;
    struct column *header = t->trial;
    char *labels = t->row_text;

    t->trial = t->header;
    t->header = header;
    t->row_text = t->labels;
    t->labels = labels;
    t->columns = columns;
    t->best_cells = t->row_cells;
    t->best_named = named;
    t->header_row = t->delimited ? t->rows - 1 : t->row_now;
    t->fields = t->elevens = false;
    for (uint64_t kinds = e->fields; kinds && named > 0; kinds &= kinds - 1)
        if (detectors[__builtin_ctzll(kinds)]->names_beside)
            header_beside(e, columns, (unsigned)__builtin_ctzll(kinds));
    for (unsigned i = 0; i < columns; i++) {
        struct span label = table_label(e, i + 1);

        if (e->together.categories)
            lexicon_scan(e->lexicon, label, 0, label.len, term_learn, &header[i]);
        t->elevens |= (header[i].naming.names & e->elevens) != 0;
        t->fields |= header[i].tells || (header[i].naming.names & e->fields);
    }
}

/* A row is complete.  Among the first rows, the last and widest one without numbers before the
 * first row with numbers names the columns: above it stand titles.  Once a row names kinds, only
 * one that names more of them can be the header: a table of names has no numbers at all. */
static void header_row(struct engine *e)
{
    struct table *t = &e->table;
    unsigned named, columns;
    bool first, narrow;

    if (t->row_len == 0)
        return;
    first = ++t->rows == 1 && (t->sure || (t->delimited && t->shape.header));
    named = trial_read(e, &columns);
    /* said to have a header, yet a form may look so */
    narrow = t->delimited && t->shape.header && columns <= FORM_COLUMNS;
    /* (a title above a header is none) */
    if (t->best_cells > 1 && named > 0 && named <= t->best_named && labels_below(t, columns))
        t->form = true;
    if (t->row_digits >= 4 && !first) {
        /* a title may hold a date or a year */
        bool title = t->rows <= TITLE_ROWS && t->best_named == 0;

        t->collecting =
            title && (t->row_cells == 1 ? t->best_cells <= 1 : t->row_digits <= TITLE_DIGITS);
        t->figures |= t->row_cells > 1;
    } else if (t->figures && (named == 0 || (t->row_digits > 0 && named < 2) || t->row_cells < 2)) {
        /* below a row that may be one of the table's, only names of kinds are a header */
    } else if (!(narrow && t->best_named > 0) && t->row_cells > 0 &&
               t->row_cells >= t->best_cells &&
               (t->best_named == 0 ||
                (named > 0 && (t->row_cells > t->best_cells || named > t->best_named)))) {
        header_learn(e, columns, named);
    }
    if (first && named == 0 && !t->sure)
        t->figures = true; /* a title in several cells? */
    else if (t->rows >= HEADER_ROWS || (first && !narrow))
        t->collecting = false;
    if (t->form) {
        t->columns = 0;
        t->fields = t->delimited; /* each cell may stand behind its label */
    }
    t->row_len = 0;
    t->row_cells = t->row_digits = 0;
}

static void header_byte(struct table *t, char c)
{
    if (t->row_len >= HEADER_BYTES - 1)
        return;
    if (c == BORDER)
        t->row_cells += t->row_len > 0 && t->row_text[t->row_len - 1] != BORDER;
    t->row_digits += is_digit(c);
    t->row_text[t->row_len++] = c;
}

void table_cell(struct engine *e, uint64_t row, uint32_t column)
{
    struct table *t = &e->table;

    if (!t->collecting || t->delimited)
        return;
    if (row != t->row_now) {
        if (t->row_len)
            header_byte(t, BORDER);
        header_row(e);
        t->row_now = row;
        if (!t->collecting)
            return;
    } else if (t->row_len) {
        header_byte(t, BORDER);
    }
    /* columns may be skipped: every cell before this one is closed by a border */
    if (column > 0 && column <= COLUMNS_MAX) {
        uint32_t have = 0;

        for (size_t i = 0; i < t->row_len; i++)
            have += t->row_text[i] == BORDER;
        for (; have + 1 < column; have++)
            header_byte(t, BORDER);
    }
}

void table_push(struct engine *e, struct span text)
{
    struct table *t = &e->table;

    for (size_t i = 0; i < text.len && t->collecting; i++) {
        char c = text.at[i];

        if (!t->delimited) {
            header_byte(t, c == BORDER ? ' ' : c);
            continue;
        }
        if (t->shape.quote && c == t->shape.quote) {
            t->row_quoted = !t->row_quoted;
        } else if (!t->row_quoted && c == '\n') {
            header_byte(t, BORDER);
            header_row(e);
        } else if (!t->row_quoted && c == t->shape.delimiter) {
            header_byte(t, BORDER);
        } else {
            header_byte(t, c == BORDER ? ' ' : c);
        }
        if (t->row_len >= HEADER_BYTES - 1) {
            unsigned columns, named = trial_read(e, &columns);

            t->rows++;
            header_learn(e, columns, named);
            t->collecting = false;
        }
    }
}

void table_leave(struct engine *e)
{
    struct table *t = &e->table;

    if (!t->collecting || t->delimited)
        return;
    if (t->row_len) {
        header_byte(t, BORDER);
        header_row(e);
    }
    /* nothing stands below a single row */
    t->form |= t->rows == 1 && !t->sure;
    if (t->form) {
        t->columns = 0;
        t->fields = false;
    }
    t->collecting = false;
}

void table_end(struct engine *e)
{
    struct table *t = &e->table;

    t->collecting = false;
    t->columns = 0;
    t->row_len = 0;
    t->form = t->fields = t->figures = false;
    t->best_cells = t->best_named = t->rows = 0;
    t->header_row = UINT64_MAX;
}

const struct column *table_column(const struct engine *e, uint32_t column)
{
    return column >= 1 && column <= e->table.columns ? &e->table.header[column - 1] : NULL;
}

const struct naming *table_naming(const struct engine *e, uint32_t column)
{
    return column >= 1 && column <= e->table.columns ? &e->table.header[column - 1].naming : NULL;
}

struct span table_label(const struct engine *e, uint32_t column)
{
    const struct table *t = &e->table;
    const struct column *c;

    if (column < 1 || column > t->columns)
        return (struct span){0};
    c = &t->header[column - 1];
    return (struct span){t->labels + c->label_at, c->label_len};
}

/* --- delimited rows ----------------------------------------------------------------------- */

/* A delimiter, quote or line feed at `at`. */
static inline void table_sign(struct engine *e, size_t at)
{
    struct table *t = &e->table;
    char delimiter = t->shape.delimiter, quote = t->shape.quote, c = e->text[at];
    uint64_t here = e->base + at;

    if (t->quoted) {
        if (c == quote)
            t->quoted = false; /* a doubled quote opens it again */
        else if (here - t->quote_at > QUOTED_MAX)
            t->quoted = false;
        else
            return;
        if (c == quote)
            return;
    }
    if (c == quote && quote) {
        /* opens at the start of a cell, or again after its double */
        if (here == t->cell_at) {
            t->quoted = true;
            t->quote_at = here;
        } else if (e->text[at - 1] == quote && t->quote_at >= t->cell_at &&
                   here > t->quote_at + 1) {
            t->quoted = true;
        }
    } else if (c == delimiter) {
        t->column++;
        t->cell_at = here + 1;
    } else {
        t->row++;
        t->column = 1;
        t->cell_at = here + 1;
    }
}

void table_seek(struct engine *e, size_t pos)
{
    struct table *t = &e->table;
    char quote = t->shape.quote ? t->shape.quote : '\n';

    /* behind the text there are bytes to read */
    for (size_t at = (size_t)(t->at - e->base); at < pos; at += BLOCK) {
        uint64_t signs = signs_of(e->text + at, t->shape.delimiter, '\n', quote);

        if (pos - at < BLOCK)
            signs &= (UINT64_C(1) << (pos - at)) - 1;
        for (; signs; signs &= signs - 1)
            table_sign(e, at + (size_t)__builtin_ctzll(signs));
    }
    if (e->base + pos > t->at)
        t->at = e->base + pos;
}

size_t table_cell_end(const struct engine *e, size_t pos, size_t limit)
{
    const struct table *t = &e->table;
    char delimiter = t->shape.delimiter, quote = t->shape.quote;

    for (; pos < limit; pos++) {
        char c = e->text[pos];

        if (t->quoted ? c == quote : c == delimiter || c == '\n')
            break;
    }
    return pos;
}

/* --- key names ---------------------------------------------------------------------------- */

static bool is_key_byte(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || (c & 0x80);
}

struct span key_before(const struct engine *e, size_t low, size_t start)
{
    const char *t = e->text;
    size_t end, at = start, limit = start > low + 8 ? start - 8 : low;
    char sign = 0;

    /* quotes, blanks and the sign between name and value */
    while (at > limit) {
        char c = t[at - 1];

        if (c == ':' || c == '=' || c == '>') {
            if (sign && !(sign == '>' && c == '='))
                break;
            sign = c;
        } else if (c != '"' && c != '\'' && c != ' ' && c != '\t' && c != '+' && c != '(' &&
                   c != '[') {
            break;
        }
        at--;
    }
    if (!sign)
        return (struct span){0};
    end = at;
    limit = end > low + KEY_MAX ? end - KEY_MAX : low;
    if (sign == '>') {
        /* the name of the element, before its attributes */
        while (at > limit && t[at - 1] != '<' && t[at - 1] != '>' && t[at - 1] != '\n')
            at--;
        if (at == 0 || at == limit || t[at - 1] != '<')
            return (struct span){0};
        end = at;
        while (end < start && (is_key_byte(t[end]) || t[end] == ':'))
            end++;
        return (struct span){t + at, end - at};
    }
    /* a form label may have blanks: everything of the line up to a sign of another cell */
    while (at > limit &&
           (is_key_byte(t[at - 1]) || (sign == ':' && (t[at - 1] == ' ' || t[at - 1] == '\''))))
        at--;
    while (at < end && t[at] == ' ')
        at++;
    return (struct span){t + at, end - at};
}
