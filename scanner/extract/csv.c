/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * csv.c - delimited rows: CSV (RFC 4180), its semicolon form of continental Excel, TSV, pipes.
 *
 * The table is recognised from its first lines, whatever the name: the same number of fields in
 * nearly every row, with a delimiter that does not behave like punctuation.  The text then goes
 * out as it stands with the shape told before; rows, columns and headers are the engine's to
 * count.  When in doubt it is text: a table taken for text loses the column of a hit, text taken
 * for a table would tear its sentences apart.
 */
#include <string.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "scanner/extract/text_reader.h"

enum {
    ROWS = 24,
    COLUMNS = 512,
    TITLES = 6 /* as many lines above a table, and more, are text */
};

/* What a candidate delimiter makes of the first rows. */
struct trial {
    unsigned rows, fields[ROWS];
    unsigned usual, agreeing; /* most frequent number of fields, rows that have it */
    unsigned titles;          /* rows above the first of these, with fewer fields */
    unsigned delimiters, before_blank, between_digits;
    unsigned quoted;
    bool first_empty, last_empty; /* that column is empty in every agreeing row */
    bool unbalanced;              /* a quoted field that never ends */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes before the first delimiter or line end. */
static size_t until(const char *at, size_t len, char delimiter)
{
    size_t i = 0;

#ifdef __SSE2__
    const __m128i end = _mm_set1_epi8(delimiter), feed = _mm_set1_epi8('\n'),
                  ret = _mm_set1_epi8('\r');

    for (; i + 16 <= len; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, end),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, feed), _mm_cmpeq_epi8(v, ret)));
        unsigned bits = (unsigned)_mm_movemask_epi8(hit);

        if (bits)
            return i + (unsigned)__builtin_ctz(bits);
    }
#endif
    while (i < len && at[i] != delimiter && at[i] != '\n' && at[i] != '\r')
        i++;
    return i;
}

/* One field from *at on, past its delimiter or the end of its row. */
struct field {
    struct span text;
    bool quoted, ends_row, cut; /* cut: the sample ends in it */
};

static struct field next_field(struct span s, size_t *at, char delimiter, char quote)
{
    size_t i = *at, begin = i;
    struct field f = {.quoted = quote && i < s.len && s.at[i] == quote};

    if (f.quoted) {
        begin = ++i;
        while (i < s.len) {
            const char *q = memchr(s.at + i, quote, s.len - i);

            if (!q) {
                i = s.len;
                break;
            }
            i = (size_t)(q - s.at);
            if (i + 1 >= s.len || s.at[i + 1] != quote)
                break;
            i += 2; /* a doubled quote is one inside */
        }
        f.text = (struct span){s.at + begin, i - begin};
        if (i < s.len)
            i++;
        else
            f.cut = true;
    }
    size_t from = i;

    i += until(s.at + i, s.len - i, delimiter);
    if (!f.quoted)
        f.text = (struct span){s.at + from, i - from};
    if (i >= s.len)
        f.cut = true;
    f.ends_row = i >= s.len || s.at[i] != delimiter;
    if (i < s.len && s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n')
        i++;
    *at = i < s.len ? i + 1 : s.len;
    return f;
}

static void count_fields(struct trial *t)
{
    t->agreeing = t->usual = 0;
    for (unsigned i = 0; i < t->rows; i++) {
        unsigned same = 0;

        for (unsigned k = 0; k < t->rows; k++)
            same += t->fields[k] == t->fields[i];
        if (same > t->agreeing || (same == t->agreeing && t->fields[i] > t->usual)) {
            t->agreeing = same;
            t->usual = t->fields[i];
        }
    }
}

/* `whole`: the sample is the whole text, so its last row is complete. */
static struct trial try_delimiter(struct span s, char delimiter, char quote, bool whole)
{
    struct trial t = {.first_empty = true, .last_empty = true};
    bool first_empty[ROWS], last_empty[ROWS];
    size_t at = 0;

    while (at < s.len && t.rows < ROWS) {
        unsigned fields = 0, blanks = 0, digits = 0, quoted = 0;
        struct field f;

        do {
            f = next_field(s, &at, delimiter, quote);
            if (fields == 0)
                first_empty[t.rows] = f.text.len == 0;
            fields++;
            quoted += f.quoted;
            if (!f.ends_row && at < s.len) {
                blanks += s.at[at] == ' ';
                digits +=
                    f.text.len > 0 && is_digit(f.text.at[f.text.len - 1]) && is_digit(s.at[at]);
            }
        } while (!f.ends_row && fields < COLUMNS);
        if (f.cut && f.quoted && f.text.at + f.text.len == s.at + s.len) {
            t.unbalanced = true;
            if (!whole)
                break;
        }
        if (f.cut && !whole)
            break; /* not the whole row */
        if (fields == 1 && f.text.len == 0)
            continue; /* an empty line */
        last_empty[t.rows] = f.text.len == 0;
        t.fields[t.rows++] = fields;
        if (t.rows == 8) { /* no more need be read when half of them disagree */
            count_fields(&t);
            if (t.agreeing < (t.fields[0] < t.usual ? 3 : 5))
                break;
        }
        t.delimiters += fields - 1;
        t.before_blank += blanks;
        t.between_digits += digits;
        t.quoted += quoted;
    }
    count_fields(&t);
    while (t.titles < t.rows && t.titles < TITLES && t.fields[t.titles] < t.usual)
        t.titles++;
    if (t.titles == TITLES)
        t.titles = 0;
    for (unsigned i = 0; i < t.rows; i++) {
        if (t.fields[i] != t.usual)
            continue;
        t.first_empty = t.first_empty && first_empty[i];
        t.last_empty = t.last_empty && last_empty[i];
    }
    return t;
}

/* Is that a table? */
static bool convinces(const struct trial *t, char delimiter, bool named)
{
    if (t->rows == 0 || t->usual < 2)
        return false;
    if (t->agreeing * 10 < (t->rows - t->titles) * 8)
        return false;
    /* Two columns are little: one comma, colon or tab in each of a few lines is no table. */
    unsigned least = t->usual == 2 ? (delimiter == ',' ? 4 : 3) : 2;

    if (t->agreeing < (named ? 1 : least))
        return false;
    if (t->usual == 2 && (t->first_empty || t->last_empty))
        return false; /* indented text; statements that end in a semicolon */
    if (delimiter == ',' || delimiter == ';') {
        if (t->before_blank * 10 > t->delimiters * 3 && t->quoted * 2 < t->delimiters && !named)
            return false; /* punctuation of prose */
        if (delimiter == ',' && t->usual == 2 && t->between_digits * 10 > t->delimiters * 8)
            return false; /* a decimal comma, or the milliseconds of a log */
    }
    return true;
}

/* A row of names: no figures, nothing long, hardly a gap. */
static bool is_header(struct span s, const struct table_shape *shape, unsigned usual)
{
    size_t at = 0;
    unsigned fields = 0, empty = 0;
    struct field f;

    do {
        f = next_field(s, &at, shape->delimiter, shape->quote);
        unsigned digits = 0;

        for (size_t i = 0; i < f.text.len; i++) {
            digits += is_digit(f.text.at[i]);
            if (f.text.at[i] == '@')
                return false;
        }
        if (digits > 4 || (digits > 0 && digits == f.text.len) || f.text.len > 80)
            return false;
        empty += f.text.len == 0;
        fields++;
    } while (!f.ends_row && fields < COLUMNS);
    return fields == usual && empty * 3 <= fields;
}

/* Does the delimiter stand in the first lines at all? */
static bool occurs(struct span s, char delimiter)
{
    size_t len = 0;

    for (unsigned lines = 0; lines < 4 && len < s.len; lines++) {
        const char *feed = memchr(s.at + len, '\n', s.len - len);

        len = feed ? (size_t)(feed - s.at) + 1 : s.len;
    }
    return memchr(s.at, delimiter, len);
}

static bool is_other_syntax(struct span s)
{
    static const char *const starts[] = {
        "insert ", "create ", "drop ",    "update ", "select ", "set ", "--", "/*",
        "//",      "#!",      "#include", "use ",    "begin",   "<",    "{",  "lock tables"};
    size_t i = 0;

    while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\r' || s.at[i] == '\n'))
        i++;
    if (i == s.len)
        return false;
    char first = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 'a' - 'A') : s.at[i];

    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
        if (starts[k][0] != first)
            continue;
        size_t n = strlen(starts[k]);

        if (s.len - i >= n && strncasecmp(s.at + i, starts[k], n) == 0)
            return true;
    }
    return s.at[i] == '[' && i + 1 < s.len && strchr("{[\"\n\r ", s.at[i + 1]);
}

/* "sep=;" on a line of its own, which Excel understands.  Returns the length of that line. */
static size_t separator_line(struct span s, char *ret_delimiter)
{
    if (s.len < 6 || strncasecmp(s.at, "sep=", 4) != 0 || !strchr(",;\t|", s.at[4]) ||
        (s.at[5] != '\n' && s.at[5] != '\r'))
        return 0;
    *ret_delimiter = s.at[4];
    return s.at[5] == '\r' && s.len > 6 && s.at[6] == '\n' ? 7 : 6;
}

/* The shape of the table that this is the start of; false: it is none. */
static bool recognise(struct span s, bool whole, bool named, struct table_shape *ret)
{
    static const char delimiters[] = {';', '\t', '|', ','};
    static const char quotes[] = {'"', '\''};
    struct trial best = {0};
    char told = 0;
    size_t skip = separator_line(s, &told);

    s = (struct span){s.at + skip, s.len - skip};
    if (!told && (is_other_syntax(s) ||
                  (!named && !memchr(s.at, '\n', s.len) && !memchr(s.at, '\r', s.len))))
        return false;
    ret->delimiter = 0;
    for (size_t q = 0; q < sizeof quotes && !ret->delimiter; q++) {
        if (q > 0 && (s.len == 0 || s.at[0] != '\''))
            break;
        for (size_t i = 0; i < sizeof delimiters; i++) {
            if ((told && delimiters[i] != told) || !occurs(s, delimiters[i]))
                continue;
            struct trial t = try_delimiter(s, delimiters[i], quotes[q], whole);
            char quote = quotes[q];

            if (quote == '\'' && (t.quoted * 2 < t.delimiters || t.unbalanced))
                continue;
            if (t.unbalanced) { /* a stray quotation mark: then it quotes nothing */
                t = try_delimiter(s, delimiters[i], 0, whole);
                quote = 0;
            }
            if (!convinces(&t, delimiters[i], named || told))
                continue;
            if (delimiters[i] == ',' && ret->delimiter && t.between_digits * 10 > t.delimiters * 8)
                continue; /* decimal commas in a table of another delimiter */
            if (t.usual > best.usual) {
                best = t;
                ret->delimiter = delimiters[i];
                ret->quote = quote;
            }
        }
        /* Apostrophes quote only where double quotes do not occur at all. */
        if (ret->delimiter && (best.quoted > 0 || q > 0 || !memchr(s.at, '\'', s.len)))
            break;
        if (ret->delimiter && q == 0) {
            struct trial t = try_delimiter(s, ret->delimiter, '\'', whole);

            if (!t.unbalanced && t.quoted * 2 > t.delimiters)
                ret->quote = '\'';
        }
    }
    if (!ret->delimiter)
        return false;
    /* Below titles the first row names nothing; the engine looks for the one that does. */
    ret->header = best.titles == 0 && is_header(s, ret, best.usual);
    return true;
}

static bool named_like_table(struct span name)
{
    return span_ends_with(name, ".csv") || span_ends_with(name, ".tsv") ||
           span_ends_with(name, ".tab") || span_ends_with(name, ".psv");
}

static bool recognise_head(const struct head *head, struct table_shape *ret)
{
    AUTO_BUF struct buf room;

    buf_init(&room, 128 * 1024);
    struct span s = text_head(head, &room);
    bool whole = head->size >= 0 ? (uint64_t)head->size <= 16 * 1024 : head->bytes.len < 16 * 1024;

    return recognise(s, whole, named_like_table(head->name), ret);
}

static unsigned bid(const struct head *head)
{
    struct table_shape shape;

    if (head->bytes.len < 3 || head->media_type)
        return 0;
    struct span start = {head->bytes.at, head->bytes.len < 4096 ? head->bytes.len : 4096};
    bool odd = memchr(start.at, 0, start.len);

    if (odd && !head_begins_as_text(head)) /* first where it is likely, last where it is not */
        return 0;
    if (!recognise_head(head, &shape))
        return 0;
    return odd || head_begins_as_text(head) ? 40 : 0;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    struct table_shape shape = {',', '"', false};
    struct text_reader r;
    struct span piece;
    bool first = true, binary = false;

    if (!recognise_head(head, &shape) || !out->table(out->ctx, &shape))
        return source_ending(in, ENDED_READ);
    if (shape.delimiter == '\t')
        out->media_type(out->ctx, "text/tab-separated-values");
    text_reader_start(&r, in, out, head);
    while ((piece = text_reader_next(&r)).len > 0) {
        if (first) {
            char told;
            size_t skip = separator_line(piece, &told);

            piece = (struct span){piece.at + skip, piece.len - skip};
            first = false;
        }
        if (r.binary.len > 0 && !binary) {
            out->gap(out->ctx, OUTCOME_PARTIAL, "binary-part");
            binary = true;
        }
        if (!out->text(out->ctx, piece))
            r.stopped = true;
    }
    text_reader_release(&r);
    return text_reader_ending(&r);
}

const struct extractor extract_csv = {
    .id = "csv",
    .version = 2,
    .media_type = "text/csv",
    .bid = bid,
    .run = run,
};
