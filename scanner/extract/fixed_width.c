/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * fixed_width.c - columns by position: listings of old systems, sqlplus, sqlcmd, psql, ps.
 *
 * Recognised only where every line of the start leaves the same positions blank, so that no value
 * seen there is cut.  One blank between two columns is the blank inside "BE68 5390 0754 7034" as
 * well: it counts only where a word of the heading begins behind it.  A line that does not keep to
 * the layout is given whole, in a column of its own; after a few of them all is text again.
 */
#include <string.h>

#include "scanner/extract/find_bytes.h"
#include "scanner/extract/text_reader.h"

enum {
    LINES_LEAST = 10,
    LEADING = 5,       /* lines of title, which need not keep to the layout */
    LINES_MOST = 400,  /* that are looked at */
    WIDTH = 1024,      /* characters */
    COLUMNS_LEAST = 3, /* two are a form, or a list with its numbers */
    COLUMNS = 128,
    LINE_BYTES = 8 * 1024,
    BREACHES = 8 /* more of the last 32 lines: it is no table any more */
};

struct layout {
    unsigned columns;
    unsigned start[COLUMNS]; /* character at which a column begins; the gap before it begins at */
    unsigned gap[COLUMNS];
};

static bool is_rule(struct span line) /* ----  ----- */
{
    for (size_t i = 0; i < line.len; i++) {
        if (!strchr("-=+| \r", line.at[i]))
            return false;
    }
    return true;
}

static struct span next_line(struct span *s)
{
    const char *feed = memchr(s->at, '\n', s->len);
    size_t n = feed ? (size_t)(feed - s->at) : s->len, used = feed ? n + 1 : n;
    struct span line = {s->at, n};

    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    *s = (struct span){s->at + used, s->len - used};
    return line;
}

/* Raises filled[p] for each character of the line that is not blank; the number of characters. */
static unsigned fill(struct span line, bool filled[WIDTH])
{
    size_t ascii = ascii_run(line.at, line.len);
    unsigned p = 0;

    for (; p < ascii && p < WIDTH; p++) /* one byte a character: many at a time */
        filled[p] |= line.at[p] != ' ';
    for (size_t i = p; i < line.len && p < WIDTH; i++) {
        unsigned char c = (unsigned char)line.at[i];

        if ((c & 0xC0) == 0x80)
            continue; /* goes on with a character */
        if (c != ' ')
            filled[p] = true;
        p++;
    }
    return p;
}

/* A word of the heading begins at p. */
static bool heads(const bool heading[WIDTH], unsigned p)
{
    return p > 0 && p < WIDTH && heading[p] && !heading[p - 1];
}

static void find_columns(const bool filled[WIDTH], const bool heading[WIDTH], struct layout *ret)
{
    unsigned p = 0, last = WIDTH;

    while (last > 0 && !filled[last - 1])
        last--;
    *ret = (struct layout){.columns = 1};
    while (p < last && !filled[p])
        p++;
    while (p < last) {
        unsigned gap;

        while (p < last && filled[p])
            p++;
        gap = p;
        while (p < last && !filled[p])
            p++;
        if (p >= last || (p - gap < 2 && !heads(heading, p)))
            continue;
        if (ret->columns == COLUMNS)
            return;
        ret->start[ret->columns] = p;
        ret->gap[ret->columns++] = gap;
    }
}

/* A heading may be wider than every value below it, to the right or, over figures, to the left: the
 * gap is what it leaves blank too, best two blanks, else one. */
static void widen_for_heading(const bool heading[WIDTH], struct layout *layout)
{
    for (unsigned i = 1; i < layout->columns; i++) {
        unsigned gap = layout->gap[i], from = gap, to = gap;

        for (unsigned p = layout->start[i], end; p > gap; p = end) {
            end = p;
            while (end > gap && !heading[end - 1])
                end--;
            if (p > end && (to == from || p - end >= 2)) {
                from = end;
                to = p;
            }
            if (p > end + 1)
                break;
            while (end > gap && heading[end - 1])
                end--;
        }
        if (to > from) { /* else the headings touch */
            layout->gap[i] = from;
            layout->start[i] = to;
        }
    }
}

/* The bytes at which the columns of a line begin.  False: something stands in a gap. */
static bool cut(const struct layout *l, struct span line, size_t at[COLUMNS])
{
    unsigned p = 0, column = 1;

    for (unsigned i = 0; i < l->columns; i++)
        at[i] = line.len;
    at[0] = 0;
    for (size_t i = 0; i < line.len && column < l->columns; i++) {
        if (((unsigned char)line.at[i] & 0xC0) == 0x80)
            continue;
        if (p == l->start[column])
            at[column++] = i;
        else if (p >= l->gap[column] && line.at[i] != ' ')
            return false;
        p++;
    }
    return true;
}

static struct span trim(struct span s)
{
    while (s.len > 0 && *s.at == ' ')
        s = (struct span){s.at + 1, s.len - 1};
    while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\r'))
        s.len--;
    return s;
}

static struct span cell(const struct layout *l, struct span line, const size_t at[COLUMNS],
                        unsigned column)
{
    size_t to = column + 1 < l->columns ? at[column + 1] : line.len;

    return trim((struct span){line.at + at[column], to - at[column]});
}

/* The time at which a line of a log was written. */
static bool has_time(struct span s)
{
    const char *at = memchr(s.at, ':', s.len);
    size_t i = at ? (size_t)(at - s.at) : 0;

    return i > 0 && i + 1 < s.len && s.at[i - 1] >= '0' && s.at[i - 1] <= '9' &&
           s.at[i + 1] >= '0' && s.at[i + 1] <= '9';
}

/* `s` begins a text; `whole`: it is all of it, else its last line is cut. */
static bool recognise(struct span s, bool whole, struct layout *ret)
{
    bool filled[WIDTH] = {false}, heading[WIDTH] = {false};
    struct span lines[LINES_MOST], rest = s;
    unsigned n = 0, rows = 0, wide = 0, figures = 0, times = 0;
    bool headed = false;

    while (rest.len > 0 && n < LINES_MOST) {
        struct span line = next_line(&rest);

        if (rest.len == 0 && !whole)
            break;
        if (line.len > 0)
            lines[n++] = line;
    }
    if (n < LINES_LEAST)
        return false;
    for (unsigned i = 0; i < n && i < LEADING && !headed; i++) {
        bool digits = false;

        for (size_t k = 0; k < lines[i].len; k++)
            digits |= lines[i].at[k] >= '0' && lines[i].at[k] <= '9';
        headed = !digits && lines[i].len > 8 && memmem(lines[i].at, lines[i].len, "  ", 2);
        if (headed)
            fill(lines[i], heading);
    }
    unsigned from = n - LINES_LEAST < LEADING ? n - LINES_LEAST : LEADING;

    for (unsigned i = from; i < n; i++) {
        if (is_rule(lines[i]))
            continue;
        if (fill(lines[i], filled) >= WIDTH)
            return false;
        if (++rows == LINES_LEAST / 2) { /* most text is none, and is left early */
            find_columns(filled, heading, ret);
            if (ret->columns < COLUMNS_LEAST)
                return false;
        }
    }
    find_columns(filled, heading, ret);
    widen_for_heading(heading, ret);
    if (rows < LINES_LEAST / 2 || ret->columns < COLUMNS_LEAST)
        return false;
    for (unsigned i = from; i < n; i++) {
        size_t at[COLUMNS];
        unsigned cells = 0;

        if (is_rule(lines[i]) || !cut(ret, lines[i], at))
            continue;
        times += has_time(cell(ret, lines[i], at, 0));
        for (unsigned c = 0; c < ret->columns; c++) {
            struct span v = cell(ret, lines[i], at, c);

            cells += v.len > 0;
            figures += v.len > 0 && v.at[0] >= '0' && v.at[0] <= '9';
        }
        wide += cells * 2 > ret->columns;
    }
    return wide * 10 >= rows * 7 && figures >= rows / 2 && times * 2 < rows;
}

static bool recognise_head(const struct head *head, struct layout *ret)
{
    enum { SAMPLE = 16 * 1024 };
    struct span s = {head->bytes.at, head->bytes.len < SAMPLE ? head->bytes.len : SAMPLE};
    bool whole = head->size >= 0 && (uint64_t)head->size == s.len;
    struct span start = {s.at, s.len < 1024 ? s.len : 1024};
    AUTO_BUF struct buf room;

    buf_init(&room, 4 * SAMPLE);
    /* UTF-16 has a NUL at every other byte */
    bool two_bytes =
        s.len >= 2 && (memcmp(s.at, "\xFF\xFE", 2) == 0 || memcmp(s.at, "\xFE\xFF", 2) == 0);

    if (s.len < 200 ||
        (!two_bytes && (memchr(s.at, '\t', s.len) || memchr(start.at, 0, start.len) ||
                        !find_bytes(start.at, start.len, "  ", 2))))
        return false;
    enum charset charset = head_charset(head);

    if (charset != CHARSET_UTF_8 && charset_convert(charset, s, &room))
        s = buf_span(&room);
    if (two_bytes && memchr(s.at, '\t', s.len))
        return false;
    return recognise(s, whole, ret);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct listing {
    const struct sink *out;
    struct layout layout;
    struct buf line;
    bool too_long; /* the rest of the line at hand is text */
    bool open;     /* the table began; above it is text */
    bool text;     /* all that follows is */
    uint64_t row;
    uint32_t breaches; /* of the last 32 lines, a bit each */
};

static bool say(struct listing *l, struct span text)
{
    return text.len == 0 || l->out->text(l->out->ctx, text);
}

static bool begin_cell(struct listing *l, unsigned column)
{
    return l->out->mark(l->out->ctx, (struct mark){MARK_CELL, l->row, column + 1});
}

static bool end_table(struct listing *l)
{
    bool was = l->open && !l->text;

    l->text = true;
    return !was || l->out->mark(l->out->ctx, (struct mark){MARK_TABLE_END, 0, 0});
}

/* What does not keep to the layout, whole. */
static bool begin_breach(struct listing *l)
{
    if (!l->open)
        return say(l, SPAN("\n"));
    l->breaches |= 1;
    l->row++;
    return begin_cell(l, l->layout.columns);
}

static bool say_line(struct listing *l, struct span line)
{
    size_t at[COLUMNS];

    if (is_rule(line)) /* also an empty one */
        return true;
    l->breaches <<= 1;
    if (!cut(&l->layout, line, at))
        return begin_breach(l) && say(l, line) &&
               (__builtin_popcount(l->breaches) <= BREACHES || end_table(l));
    if (!l->open && !l->out->mark(l->out->ctx, (struct mark){MARK_TABLE, 1, 0}))
        return false;
    l->open = true;
    l->row++;
    for (unsigned c = 0; c < l->layout.columns; c++) {
        struct span v = cell(&l->layout, line, at, c);

        if (v.len > 0 && (!begin_cell(l, c) || !say(l, v)))
            return false;
    }
    return true;
}

static bool read_piece(struct listing *l, struct span piece)
{
    while (piece.len > 0) {
        if (l->text)
            return say(l, piece);
        const char *feed = memchr(piece.at, '\n', piece.len);
        size_t n = feed ? (size_t)(feed - piece.at) : piece.len;
        bool fits = !l->too_long && l->line.len + n <= LINE_BYTES;

        if (fits) {
            if (!buf_add(&l->line, piece.at, n))
                return false;
        } else {
            if (!l->too_long) {
                l->breaches <<= 1;
                if (!begin_breach(l) || !say(l, buf_span(&l->line)))
                    return false;
                buf_clear(&l->line);
                l->too_long = true;
            }
            if (!say(l, (struct span){piece.at, n}))
                return false;
        }
        if (feed) {
            if (!l->too_long && !say_line(l, buf_span(&l->line)))
                return false;
            buf_clear(&l->line);
            l->too_long = false;
            n++;
        }
        piece = (struct span){piece.at + n, piece.len - n};
    }
    return true;
}

static unsigned bid(const struct head *head)
{
    struct layout layout;

    return !head->media_type && recognise_head(head, &layout) && head_begins_as_text(head) ? 28 : 0;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    bool binary = false;
    struct listing l = {.out = out};
    struct text_reader r;
    struct span piece;

    if (!recognise_head(head, &l.layout))
        return source_ending(in, ENDED_READ);
    buf_init(&l.line, LINE_BYTES);
    text_reader_start(&r, in, out, head);
    while ((piece = text_reader_next(&r)).len > 0) {
        if (r.binary.len > 0 && !binary) {
            out->gap(out->ctx, OUTCOME_PARTIAL, "binary-part");
            binary = true;
        }
        if (!read_piece(&l, piece))
            r.stopped = true;
    }
    if (!r.stopped && l.line.len > 0)
        r.stopped = !say_line(&l, buf_span(&l.line));
    if (!r.stopped)
        end_table(&l);
    if (l.line.failed && !r.spent)
        r.spent = "memory";
    buf_release(&l.line);
    text_reader_release(&r);
    return text_reader_ending(&r);
}

const struct extractor extract_fixed_width = {
    .id = "fixed_width",
    .version = 1,
    .media_type = "text/plain",
    .bid = bid,
    .run = run,
};
