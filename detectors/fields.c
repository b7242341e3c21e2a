/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * fields.c - values that are named: the cell of a column whose header names the kind, and what
 * stands directly behind a key name or the label of a form.
 *
 * A sign (: = > tab) is worth a look when a name can stand before it; what names mean is
 * remembered, so that a document of records costs one look-up a field.  Where a value ends is
 * decided by how it is written: its quote, the next tag, delimiter or cell, the end of the line, a
 * wide blank or the next label on the line.
 */
#include "detectors/engine_private.h"

#include <strings.h>

enum {
    NAME_MAX_BYTES = 40, /* a longer label is running text */
    TAG_MAX = 120,       /* an element with its attributes */
    SHORT_LINE = 60,     /* a value on a line of its own */
    FIELDS_APART = 24,   /* from a value to the name of the field beside it */
    REACH = 64           /* from the sign to the value: blanks, dotted lines, brackets, a quote */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool is_of(const uint64_t set[2], char c)
{
    return (c & 0x80) || (set[c >> 6 & 1] >> (c & 63) & 1);
}

/* Letters, digits, _ - . and bytes of other letters; one bit a byte, from 0 and from 64. */
static const uint64_t names[2] = {UINT64_C(0x03ff600000000000), UINT64_C(0x07fffffe87fffffe)};

/* What the labels of forms have more, blank ' ( ) / , &: "Nom (en majuscules)", "Naam/Nom". */
static const uint64_t labels[2] = {UINT64_C(0x03fff3c100000000), UINT64_C(0x07fffffe87fffffe)};

static bool is_name_byte(char c)
{
    return is_of(names, c);
}

static bool is_label_byte(char c)
{
    return is_of(labels, c);
}

/* --- a value goes to the detectors --------------------------------------------------------- */

static struct span trimmed(const char *t, size_t from, size_t to)
{
    while (from < to && (is_blank(t[from]) || t[from] == '\n' || t[from] == '\r'))
        from++;
    while (to > from &&
           (is_blank(t[to - 1]) || t[to - 1] == '\n' || t[to - 1] == '\r' || t[to - 1] == ',' ||
            t[to - 1] == ';' || t[to - 1] == '/' || t[to - 1] == '-' || t[to - 1] == '*'))
        to--;
    return (struct span){t + from, to - from};
}

struct label_scan {
    size_t from, to; /* the first word; the end of the last one */
    bool any;
};

static void label_found(void *ctx, size_t at, size_t len, uint32_t use)
{
    struct label_scan *s = ctx;

    (void)use;
    if (!s->any)
        s->from = at;
    s->any = true;
    if (at + len > s->to)
        s->to = at + len;
}

/* "Prénom" is no value: the label of the next field, or a header. */
static bool is_itself_a_label(const struct engine *e, struct span value)
{
    struct label_scan s = {0};

    if (value.len > NAME_MAX_BYTES)
        return false;
    /* no word begins it: most values */
    words_first(e->words, value, label_found, &s);
    if (!s.any)
        return false;
    words_scan(e->words, value, 0, value.len, label_found, &s);
    while (s.any && s.to < value.len && (value.at[s.to] == ' ' || value.at[s.to] == ':'))
        s.to++;
    return s.any && s.from == 0 && s.to == value.len;
}

struct field {
    struct span label, value;
    struct naming naming;
    bool header;
};

static void field_note(struct engine *e, const struct field *f, unsigned kind, uint64_t record)
{
    struct field_before *before = &e->field_before;

    before->len = 0;
    if (f->header || f->label.len > FIELD_LABEL)
        return;
    before->end = e->base + (uint64_t)(f->value.at + f->value.len - e->text);
    before->record = record;
    before->kind = (uint8_t)kind;
    before->len = (uint8_t)f->label.len;
    memcpy(before->label, f->label.at, f->label.len);
}

static void field_ask(struct engine *e, const struct field *f, uint64_t line)
{
    size_t start = (size_t)(f->value.at - e->text);
    struct candidate c = {.start = start,
                          .len = f->value.len,
                          .anchor = start,
                          .today = e->today,
                          .label = f->label,
                          .woken_by = ANCHOR_FIELD};
    struct spot spot;
    uint64_t kinds = f->naming.names & e->fields;

    spot.stage = SPOT_UNKNOWN;
    spot_at(e, start, start, line, &spot);
    spot.stage = SPOT_NAMED;
    spot.naming = f->naming;
    spot.header = f->header;
    spot.named = true;
    spot.high = border_high(e);
    if (e->table.delimited)
        spot.high = start + f->value.len;
    if (!spot.column_id)
        spot.column_id = name_column(e, f->label);
    candidate_window(e, &c, spot.low < start ? spot.low : start, spot.high);
    for (; kinds; kinds &= kinds - 1) {
        unsigned kind = (unsigned)__builtin_ctzll(kinds);

        c.len = f->value.len < detectors[kind]->longest ? f->value.len : detectors[kind]->longest;
        c.label_read = detectors[kind]->label != NULL;
        if (c.label_read)
            c.label_says = name_says(e, f->label, kind);
        ask(e, kind, &c, line, &spot, true);
        if (detectors[kind]->names_beside)
            field_note(e, f, kind, spot.record);
    }
}

/* "nr", "bus": names a kind where the field before it, of the same record, does. */
static struct naming named_beside(const struct engine *e, struct span label)
{
    const struct field_before *before = &e->field_before;
    struct naming ret = {0};

    if (label.len <= BESIDE_LABEL && before->len > 0 && before->record == e->record &&
        e->base + (uint64_t)(label.at - e->text) - before->end <= FIELDS_APART &&
        detectors[before->kind]->names_beside(label, (struct span){before->label, before->len}))
        ret.names = UINT64_C(1) << before->kind;
    return ret;
}

/* --- cells --------------------------------------------------------------------------------- */

static size_t cell_end(const struct engine *e, size_t cell, char *ret_quote)
{
    const struct table *table = &e->table;
    size_t high = border_high(e), at = cell;
    char quote = table->shape.quote;

    *ret_quote = 0;
    if (high - cell > FIELD_MAX)
        high = cell + FIELD_MAX;
    if (!table->delimited)
        return high;
    if (quote && at < high && e->text[at] == quote) {
        *ret_quote = quote;
        for (at++; at < high; at++) {
            if (e->text[at] != quote)
                continue;
            if (at + 1 < high && e->text[at + 1] == quote)
                at++;
            else
                return at;
        }
        return high;
    }
    while (at < high && e->text[at] != table->shape.delimiter && e->text[at] != '\n')
        at++;
    return at;
}

/* Of a column that is named for a category: the cell says that it does not hold for this row. */
static bool is_denial(struct span value)
{
    static const char *const words[] = {
        "0",    "n",    "no",   "non",   "nee",    "neen",  "nein", "false", "faux",   "nihil",
        "geen", "none", "null", "aucun", "aucune", "keine", "n/a",  "nvt",   "n.v.t.", "f"};
    bool says = false;

    for (size_t i = 0; i < value.len && !says; i++)
        says = is_letter(value.at[i]) || is_digit(value.at[i]) || (value.at[i] & 0x80);
    for (size_t i = 0; says && i < sizeof(words) / sizeof(*words); i++)
        says = strlen(words[i]) != value.len || strncasecmp(words[i], value.at, value.len) != 0;
    return !says;
}

/* The name of the cell's field and what it means; false: none that counts here. */
static bool cell_named(struct engine *e, size_t cell, struct field *ret)
{
    const struct table *table = &e->table;
    uint32_t column = table->delimited ? table->column : e->cell;
    const struct naming *header = table_naming(e, column);
    char border = table->delimited ? table->shape.delimiter : BORDER;

    if (header && header->names) {
        ret->naming = *header;
        ret->label = table_label(e, column);
        ret->header = true;
    } else {
        /* many columns with names: a table of records, whose cells are no labels */
        if (column < 2 || (table->best_named > 2 && !table->form))
            return false;
        ret->label = left_label(e, cell, border);
        if (ret->label.len < 2)
            return false;
        ret->naming = name_naming(e, ret->label);
    }
    return ret->naming.names & e->fields;
}

void cell_offer(struct engine *e, size_t cell, uint64_t line)
{
    const struct table *table = &e->table;
    const struct column *column = table_column(e, table->delimited ? table->column : e->cell);
    uint64_t row = table->delimited ? table->row : e->row;
    struct field f = {0};
    bool tells = column && column->tells, named;
    size_t end;
    char quote;

    if (!table->form && table->best_named > 0 && row <= table->header_row)
        return;
    tells &= row > table->header_row;
    named = cell_named(e, cell, &f);
    if (!named && !tells)
        return;
    end = cell_end(e, cell, &quote);
    f.value = trimmed(e->text, cell + (quote != 0), end);
    if (f.value.len == 0)
        return;
    if (tells && !is_denial(f.value))
        column_term_offer(e, cell, &column->term, line);
    if (!named || is_itself_a_label(e, f.value))
        return;
    field_ask(e, &f, line);
}

/* --- labels -------------------------------------------------------------------------------- */

bool label_sign(const struct engine *e, size_t pos)
{
    const char *t = e->text + pos;
    char c = t[0], next = t[1], before = t[-1];

    switch (c) {
    case ':':
        return next != ':' && next != '/' && next != '=' &&
               (is_letter(before) || is_blank(before) || before == '"' || before == ')' ||
                (before & 0x80) || before == '\'' || before == '.' || before == '_' ||
                (is_digit(before) && !is_digit(next)));
    case '=':
        return next != '=' && next != '>' && next != '~' && next != '\n' &&
               (is_name_byte(before) || before == ' ' || before == '"' || before == '\'' ||
                before == ']');
    case '>':
        return next != '<' && next != '=' && next != '>' &&
               (is_name_byte(before) || before == '"' || before == '\'' || before == '=');
    case '\t':
        return next != '\t' && next != '\n' && next != '\r' &&
               (is_letter(before) || (before & 0x80) || before == ')' || before == '.');
    default:
        return false;
    }
}

/* The element that `>` at `pos` opens. */
static struct span element_name(const char *t, size_t low, size_t pos)
{
    size_t limit = pos > low + TAG_MAX ? pos - TAG_MAX : low, at = pos, end;

    while (at > limit && t[at - 1] != '<' && t[at - 1] != '>' && t[at - 1] != '\n')
        at--;
    if (at == limit || t[at - 1] != '<')
        return (struct span){0};
    end = at;
    while (end < pos && (is_name_byte(t[end]) || t[end] == ':'))
        end++;
    return (struct span){t + at, end - at};
}

static struct span name_before(const char *t, size_t low, size_t pos, char sign)
{
    size_t end = pos, limit, at;

    if (sign == '>' && t[pos - 1] != '=')
        return element_name(t, low, pos);
    if (sign == '>') {
        end--; /* => */
        sign = '=';
    }
    for (unsigned n = 0; n < 4 && end > low && is_blank(t[end - 1]) && sign != '\t'; n++)
        end--;
    if (end > low && t[end - 1] == ']' && sign == '=')
        end--;
    limit = end > low + NAME_MAX_BYTES ? end - NAME_MAX_BYTES : low;
    at = end;
    if (end > low && (t[end - 1] == '"' || t[end - 1] == '\'')) {
        char quote = t[end - 1];

        for (at = --end; at > limit && t[at - 1] != quote && t[at - 1] != '\n';)
            at--;
        if (at == limit || t[at - 1] != quote)
            return (struct span){0};
        return (struct span){t + at, end - at};
    }
    if (sign == '=')
        while (at > limit && is_name_byte(t[at - 1]))
            at--;
    else
        for (size_t word = 0; at > limit && is_label_byte(t[at - 1]); at--) {
            if (t[at - 1] == ' ' && t[at] == ' ')
                break;
            if (t[at - 1] == ' ')
                word = at;
            if (is_digit(t[at - 1]) && word) {
                /* a number before the words is none of them */
                at = word;
                break;
            }
        }
    while (at < end && !is_letter(t[at]) && !(t[at] & 0x80))
        at++;
    /* what reaches further than a label may is running text: its last words are the label */
    if (at == limit && at > low && is_letter(t[at - 1]))
        while (at < end && t[at] != ' ')
            at++;
    while (at < end && t[at] == ' ')
        at++;
    return (struct span){t + at, end - at};
}

/* On the line of a value stands another sign at `sign`: the value ends before the label there. */
static size_t next_label(const struct engine *e, size_t from, size_t sign)
{
    const char *t = e->text;
    struct label_scan s = {0};
    size_t at = sign;

    words_scan(e->words, (struct span){t + from, sign - from}, 0, sign - from, label_found, &s);
    if (s.any)
        return from + s.from;
    while (at > from && is_blank(t[at - 1]))
        at--;
    while (at > from && !is_blank(t[at - 1]))
        at--;
    return at;
}

static size_t quoted_end(const char *t, size_t from, size_t high, char quote)
{
    for (size_t i = from; i < high && t[i] != '\n'; i++) {
        if (t[i] == '\\' && i + 1 < high)
            i++;
        else if (t[i] == quote && i + 1 < high && t[i + 1] == quote)
            i++;
        else if (t[i] == quote)
            return i;
    }
    return from; /* no such quote: no value */
}

/* The end of the value of an element: the next tag, the end of the line, or of what may be seen. */
static size_t element_end(const char *t, size_t from, size_t high)
{
    while (from < high && t[from] != '<' && t[from] != '\n' && t[from] != '\r')
        from++;
    return from;
}

static size_t bare_end(const struct engine *e, size_t from, size_t high, char sign)
{
    const char *t = e->text;

    for (size_t i = from; i < high; i++) {
        char c = t[i];

        if (c == '\n' || c == '\r' || c == '\t' || c == '\0')
            return i;
        if (sign == '\t')
            continue;
        if (c == ';' || c == '|' || c == '"' || c == '<' || c == '}' || c == ']' ||
            (c == ' ' && i + 1 < high && t[i + 1] == ' '))
            return i;
        if (sign == '=' && (c == '&' || c == ',' || c == ')' || c == '\''))
            return i;
        if ((c == ':' || c == '=') && i > from &&
            (is_letter(t[i - 1]) || is_blank(t[i - 1]) || (t[i - 1] & 0x80)))
            return next_label(e, from, i);
    }
    return high;
}

/* A label may stand alone on its line, and its value on the next: a short one, with no label of
 * its own. */
static size_t next_line(const char *t, size_t from, size_t high)
{
    size_t to;

    if (from < high && t[from] == '\r')
        from++;
    if (from == high || t[from] != '\n')
        return high;
    for (to = ++from; to < high && t[to] != '\n'; to++)
        if (t[to] == ':' || to - from > SHORT_LINE)
            return high;
    return from;
}

/* The value behind the sign at `pos`. */
static struct span value_behind(const struct engine *e, size_t pos, size_t high, char sign)
{
    const char *t = e->text;
    size_t from = pos + 1, limit = high - from > REACH ? from + REACH : high, to;

    while (from < limit &&
           (is_blank(t[from]) || (sign == '>' && (t[from] == '\n' || t[from] == '\r')) ||
            (sign == ':' && (t[from] == '_' || (t[from] == '.' && t[from + 1] == '.') ||
                             (t[from] == '.' && t[from - 1] == '.')))))
        from++;
    if (sign == ':' && from < high && (t[from] == '\n' || t[from] == '\r')) {
        from = next_line(t, from, high);
        while (from < high && is_blank(t[from]))
            from++;
    }
    while (sign != '>' && from < limit && (t[from] == '[' || t[from] == '('))
        from++;
    if (high - from > FIELD_MAX)
        high = from + FIELD_MAX;
    if (from < high && sign != '>' && (t[from] == '"' || t[from] == '\'')) {
        from++;
        to = quoted_end(t, from, high, t[from - 1]);
        /* 't Jampens: an apostrophe */
        if (to == from && t[from - 1] == '\'' && is_letter(t[from]))
            to = bare_end(e, --from, high, sign);
    } else if (sign == '>') {
        to = element_end(t, from, high);
    } else {
        /* "Nom = Claes, Marie": a form's, not a program's */
        bool form = sign == '=' && is_blank(t[pos - 1]) && is_blank(t[pos + 1]);

        to = bare_end(e, from, high, form ? ':' : sign);
    }
    return trimmed(t, from, to);
}

/* Of a label that follows other text, the words that name a kind. */
static size_t label_begin(const struct engine *e, struct span name)
{
    struct label_scan s = {0};

    words_scan(e->words, name, 0, name.len, label_found, &s);
    if (!s.any)
        return 0;
    /* font-family, file_name: a part of a word is not the word */
    while (s.from > 0 && (name.at[s.from - 1] == '-' || name.at[s.from - 1] == '_')) {
        s.from--;
        while (s.from > 0 && (is_letter(name.at[s.from - 1]) || (name.at[s.from - 1] & 0x80)))
            s.from--;
    }
    return s.from;
}

static struct span label_words(struct engine *e, struct span name)
{
    struct known_name *known = known_name(e, name);
    size_t begin = known && known->words_known ? known->words : label_begin(e, name);

    if (known && !known->words_known) {
        known->words = (uint8_t)begin;
        known->words_known = true;
    }
    return (struct span){name.at + begin, name.len - begin};
}

void label_offer(struct engine *e, size_t pos, uint64_t line)
{
    const char *t = e->text;
    size_t low = border_low(e), high = border_high(e);
    struct field f = {0};
    char sign = t[pos];

    if (pos == 0 || pos <= low)
        return;
    if (e->table.delimited) {
        if (sign == e->table.shape.delimiter)
            return;
        table_seek(e, pos);
        if (e->table.cell_at > e->base + low)
            low = (size_t)(e->table.cell_at - e->base);
    }
    f.label = name_before(t, low, pos, sign);
    if (f.label.len < 2)
        return;
    if (sign == '\t')
        for (size_t i = 0; i < f.label.len; i++)
            if (is_digit(f.label.at[i]))
                return;
    f.naming = name_naming(e, f.label);
    if (!f.naming.names && e->field_before.len > 0)
        f.naming = named_beside(e, f.label);
    if (!(f.naming.names & e->fields))
        return;
    if (high - pos > FIELD_MAX + REACH)
        high = pos + FIELD_MAX + REACH;
    if (e->table.delimited)
        high = table_cell_end(e, pos, high);
    f.label = label_words(e, f.label);
    if (sign == '>' && t[pos - 1] == '=')
        sign = '=';
    f.value = value_behind(e, pos, high, sign);
    if (f.value.len == 0 || is_itself_a_label(e, f.value))
        return;
    field_ask(e, &f, line);
}
