/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* sql_rows.c - the values of INSERT and COPY as cells, as they were before they were quoted. */
#include <string.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "scanner/extract/charset.h"
#include "scanner/extract/sql_machine.h"

/* --- what is pushed --------------------------------------------------------------------------- */

bool sql_say(struct sql *q, const char *at, size_t len)
{
    return len == 0 || q->out->text(q->out->ctx, (struct span){at, len});
}

static bool mark(struct sql *q, enum mark_kind kind, uint64_t a, uint32_t b)
{
    return q->out->mark(q->out->ctx, (struct mark){kind, a, b});
}

bool sql_close_table(struct sql *q)
{
    bool was = q->open;

    q->open = false;
    return !was || mark(q, MARK_TABLE_END, 0, 0);
}

bool sql_plain(struct sql *q, const char *at, size_t len)
{
    return len == 0 || (sql_close_table(q) && sql_say(q, at, len));
}

static bool open_table(struct sql *q)
{
    const char *name = q->names.columns.at;

    q->open = true;
    if (!mark(q, MARK_TABLE, ++q->tables, q->names.count > 0))
        return false;
    if (q->names.count == 0)
        return true;
    q->row++;
    for (uint32_t i = 0; i < q->names.count; i++) {
        size_t len = strlen(name);

        if (!mark(q, MARK_CELL, q->row, i + 1) || !sql_say(q, name, len))
            return false;
        name += len + 1;
    }
    return true;
}

bool sql_begin_cell(struct sql *q)
{
    q->fresh = true;
    q->cast = q->format = q->dropping = false;
    q->depth = 0;
    if (q->column < UINT32_MAX)
        q->column++;
    return mark(q, MARK_CELL, q->row, q->column);
}

bool sql_begin_row(struct sql *q)
{
    if (!q->open && !open_table(q))
        return false;
    q->row++;
    q->column = 0;
    return sql_begin_cell(q);
}

/* --- rows of VALUES --------------------------------------------------------------------------- */

bool sql_read_values(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    char c = at[*i];

    switch (c) {
    case '\n':
    case ' ':
    case '\t':
    case '\r':
    case ',':
        (*i)++;
        return true;
    case '(':
        (*i)++;
        q->state = STATE_BARE;
        return sql_begin_row(q);
    case ';':
        (*i)++;
        q->state = STATE_START;
        return true;
    case '-':
    case '#':
    case '/':
        if (len - *i < 2 && !last)
            return true;
        /* A comment is text, and the rows go on behind it. */
        if (len - *i >= 2 && c == '/' && at[*i + 1] == '*')
            q->state = STATE_BLOCK;
        else if (c == '#' || (len - *i >= 2 && c == '-' && at[*i + 1] == '-'))
            q->state = STATE_REMARK;
        else
            q->state = STATE_START;
        return true;
    default:
        q->state = STATE_START;
        return true;
    }
}

/* A comment to the end of the line. */
bool sql_read_remark(struct sql *q, const char *at, size_t len, size_t *i)
{
    const char *feed = memchr(at + *i, '\n', len - *i);
    size_t from = *i;

    *i = feed ? (size_t)(feed - at) + 1 : len;
    if (feed)
        q->state = STATE_VALUES;
    return sql_plain(q, at + from, *i - from);
}

bool sql_read_block(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    const char *close = memmem(at + *i, len - *i, "*/", 2);
    size_t from = *i;

    if (close) {
        *i = (size_t)(close - at) + 2;
        q->state = STATE_VALUES;
    } else if (last) {
        *i = len;
    } else { /* its end may be cut */
        *i = at[len - 1] == '*' ? len - 1 : len;
    }
    return sql_plain(q, at + from, *i - from);
}

static bool is_hex(char c)
{
    char lower = (char)(c | 0x20);

    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

static char hex_value(char c)
{
    return (char)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* What a short binary value holds, if that is text; else its digits. */
bool sql_say_hex(struct sql *q)
{
    char *at = q->hex.at;
    size_t n = q->hex.len / 2;
    bool text = q->hex.len % 2 == 0 && n > 0;

    for (size_t i = 0; i < n && text; i++) {
        unsigned char c = (unsigned char)(hex_value(at[2 * i]) << 4 | hex_value(at[2 * i + 1]));

        text = c >= 0x20 ? c != 0x7F : c == '\n' || c == '\t' || c == '\r';
    }
    if (!text)
        return sql_say(q, "0x", 2) && sql_say(q, at, q->hex.len);
    for (size_t i = 0; i < n; i++)
        at[i] = (char)(hex_value(at[2 * i]) << 4 | hex_value(at[2 * i + 1]));
    for (size_t i = 0; i < n && text;) {
        int length = utf8_sequence((const unsigned char *)at + i, n - i);

        text = length > 0;
        i += text ? (size_t)length : 0;
    }
    if (text)
        return sql_say(q, at, n);
    for (size_t i = n; i-- > 0;) { /* the digits back again */
        unsigned char c = (unsigned char)at[i];

        at[2 * i] = "0123456789ABCDEF"[c >> 4];
        at[2 * i + 1] = "0123456789ABCDEF"[c & 15];
    }
    return sql_say(q, "0x", 2) && sql_say(q, at, q->hex.len);
}

bool sql_read_hex(struct sql *q, const char *at, size_t len, size_t *i)
{
    size_t from = *i, room = HEX_MAX - q->hex.len;
    bool more;

    while (*i < len && *i - from < room && is_hex(at[*i]))
        ++*i;
    if (!buf_add(&q->hex, at + from, *i - from))
        return false;
    if (*i == len && q->hex.len < HEX_MAX)
        return true;
    q->state = q->in_hex_string ? STATE_STRING : STATE_BARE;
    if (q->hex.len == HEX_MAX)
        more = sql_say(q, "0x", 2) && sql_say(q, q->hex.at, q->hex.len);
    else
        more = sql_say_hex(q);
    buf_clear(&q->hex);
    return more;
}

/* Bytes of a bare value before one that means something. */
static size_t bare_run(const char *at, size_t len)
{
    size_t i = 0;

    while (i < len && at[i] != ',' && at[i] != ')' && at[i] != '(' && at[i] != '\'' &&
           at[i] != '"' && at[i] != '\n' && at[i] != ';')
        i++;
    return i;
}

static bool run_is(struct span run, const char *upper)
{
    while (run.len > 0 && (run.at[run.len - 1] == ' ' || run.at[run.len - 1] == '\r'))
        run.len--;
    return run.len == strlen(upper) && strncasecmp(run.at, upper, run.len) == 0;
}

/* N'...', E'...', _utf8'...', DATE '...' */
static bool is_introducer(struct span run)
{
    static const char *const words[] = {
        "N", "E", "B", "U&", "_binary", "_utf8", "_utf8mb4", "_latin1", "DATE", "TIMESTAMP", NULL};

    for (unsigned i = 0; words[i]; i++) {
        if (run_is(run, words[i]))
            return true;
    }
    return false;
}

static bool begin_string(struct sql *q, char quote, struct span before)
{
    bool fresh = q->fresh, lone = fresh && before.len < SHORT;

    q->quote = quote;
    q->escapes = q->backslash == SQL_BACKSLASH_ESCAPES;
    q->state = STATE_STRING;
    q->fresh = false;
    if (before.len == 0 || q->dropping) {
        q->dropping = q->dropping && q->format; /* else it is another value */
        return true;
    }
    if (lone && quote == '\'' && run_is(before, "X")) {
        q->state = STATE_HEX;
        q->in_hex_string = true;
        return true;
    }
    if ((lone || q->cast) && is_introducer(before)) {
        q->escapes = q->escapes || run_is(before, "E");
        return true;
    }
    return sql_say(q, before.at, before.len);
}

/* The row broke off: text from here. */
static bool break_row(struct sql *q)
{
    q->state = STATE_START;
    return sql_close_table(q);
}

bool sql_read_bare(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    if (q->fresh) {
        while (*i < len && (at[*i] == ' ' || at[*i] == '\t' || at[*i] == '\r'))
            ++*i;
        if (*i == len)
            return true;
    }
    size_t left = len - *i, n = bare_run(at + *i, left);
    struct span run = {at + *i, n};

    if (n == left && left < SQL_LOOK && !last)
        return true;
    if (q->fresh && n >= 2 && run.at[0] == '0' && (run.at[1] | 0x20) == 'x') {
        *i += 2;
        q->fresh = false;
        q->in_hex_string = false;
        q->state = STATE_HEX;
        return true;
    }
    if (n == left) {
        bool drop = q->dropping || (q->fresh && n < SHORT && run_is(run, "NULL"));

        *i += n;
        q->fresh = false;
        return drop || sql_say(q, run.at, run.len);
    }
    char c = at[*i + n];

    if (c == '\n' && left - n < SQL_LOOK && !last)
        return true;
    *i += n + 1;
    if (c == '\'' || c == '"')
        return begin_string(q, c, run);
    if (c == '(' && q->fresh && n < SHORT) {
        /* sqlite3 writes replace('...', '\n', char(10)) */
        q->format = q->format || run_is(run, "TO_DATE") || run_is(run, "TO_TIMESTAMP") ||
                    run_is(run, "REPLACE");
        if (q->format || run_is(run, "CAST") || run_is(run, "CONVERT")) {
            q->cast = true;
            q->depth++;
            return true;
        }
    }
    const char *as = q->cast && q->fresh && n < SHORT ? memmem(run.at, n, " AS ", 4) : NULL;

    if (as) { /* CAST(12 AS int) */
        if (!sql_say(q, run.at, (size_t)(as - run.at)))
            return false;
        q->dropping = true;
    }
    bool ends = q->depth == 0 && (c == ',' || c == ')');
    bool drop = q->dropping || (ends && q->fresh && n < SHORT && run_is(run, "NULL"));

    q->fresh = q->fresh && n == 0 && c == '\n';
    if (!drop && !sql_say(q, run.at, run.len))
        return false;
    if (ends && c == ',')
        return sql_begin_cell(q);
    if (ends) {
        q->state = STATE_VALUES;
        return true;
    }
    left = len - *i;
    if (c == '\n' &&
        sql_surely_starts((struct span){at + *i, left < SQL_LOOK - 1 ? left : SQL_LOOK - 1}))
        return break_row(q);
    if (c == ';' && q->depth == 0) {
        q->state = STATE_PLAIN;
        return sql_plain(q, ";", 1);
    }
    q->depth += c == '(';
    q->depth -= c == ')';
    return drop || (q->cast && c == ')' && q->depth == 0) || sql_say(q, &c, 1);
}

/* Bytes of a string before its quote, a backslash or a line feed. */
static size_t string_run(const char *at, size_t len, char quote)
{
    size_t i = 0;

#ifdef __SSE2__
    const __m128i ends = _mm_set1_epi8(quote), slash = _mm_set1_epi8('\\'),
                  feed = _mm_set1_epi8('\n');

    for (; i + 16 <= len; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, ends),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, slash), _mm_cmpeq_epi8(v, feed)));
        unsigned bits = (unsigned)_mm_movemask_epi8(hit);

        if (bits)
            return i + (unsigned)__builtin_ctz(bits);
    }
#endif
    while (i < len && at[i] != quote && at[i] != '\\' && at[i] != '\n')
        i++;
    return i;
}

/* A quote behind a backslash: the end of the string, where that is the more likely?  It is when a
 * value or row ends behind it. */
static bool ends_behind(struct span s)
{
    return s.len == 0 || s.at[0] == ')' ||
           (s.at[0] == ',' && (s.len == 1 || memchr("' \n-0123456789NnXx", s.at[1], 18)));
}

static bool say_in_string(struct sql *q, const char *at, size_t len)
{
    return q->dropping || sql_say(q, at, len);
}

static bool read_backslash(struct sql *q, struct span s, size_t *i)
{
    static const char letters[] = "ntrbZ0", meaning[] = "\n\t\n   ";
    char c = s.len > 1 ? s.at[1] : 0;
    const char *known;
    bool escapes = q->escapes;

    if (q->backslash == SQL_BACKSLASH_UNKNOWN)
        escapes = escapes || c == '\\' ||
                  (c == q->quote && !ends_behind((struct span){s.at + 2, s.len - 2}));
    if (s.len < 2 || !escapes) {
        ++*i;
        return say_in_string(q, s.at, 1);
    }
    *i += 2;
    if (c == '%' || c == '_') /* means itself in a pattern only */
        return say_in_string(q, s.at, 2);
    known = memchr(letters, c, sizeof letters - 1);
    return say_in_string(q, known ? meaning + (known - letters) : s.at + 1, 1);
}

/* The quote closed: what belongs to the cast of the value is none of it. */
static void end_string(struct sql *q, struct span s)
{
    size_t i = 0;

    q->state = STATE_BARE;
    while (i < s.len && s.at[i] == ' ' && i < 4)
        i++;
    s = (struct span){s.at + i, s.len - i};
    if ((q->cast && s.len >= 3 && strncasecmp(s.at, "AS ", 3) == 0) ||
        (q->format && s.len >= 1 && *s.at == ',') || (s.len >= 2 && memcmp(s.at, "::", 2) == 0))
        q->dropping = true;
}

bool sql_read_string(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    size_t from = *i, n = string_run(at + from, len - from, q->quote), left = len - from - n;

    if (n > 0 && !say_in_string(q, at + from, n))
        return false;
    *i += n;
    if (left == 0 || (left < SQL_LOOK && !last))
        return true;
    struct span s = {at + *i, left < SQL_LOOK ? left : SQL_LOOK};

    if (*s.at == '\\')
        return read_backslash(q, s, i);
    ++*i;
    if (*s.at == '\n') {
        if (sql_surely_starts((struct span){s.at + 1, s.len - 1}))
            return break_row(q);
        return say_in_string(q, s.at, 1);
    }
    if (s.len > 1 && s.at[1] == q->quote) {
        ++*i;
        return say_in_string(q, s.at, 1);
    }
    end_string(q, (struct span){s.at + 1, s.len - 1});
    return true;
}

/* --- rows of COPY ----------------------------------------------------------------------------- */

bool sql_read_copy_row(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    size_t left = len - *i;
    struct span s = {at + *i, left < SQL_LOOK ? left : SQL_LOOK};

    if (left < SQL_LOOK && !last)
        return true;
    if (*s.at == '\n' || *s.at == '\r') { /* behind the statement, or a row with nothing in it */
        ++*i;
        return true;
    }
    if (s.len >= 2 && s.at[0] == '\\' && s.at[1] == '.') {
        q->state = STATE_PLAIN;
        return sql_close_table(q);
    }
    if (sql_surely_starts(s))
        return break_row(q); /* the data was cut short */
    q->state = STATE_COPY;
    return sql_begin_row(q);
}

static size_t copy_run(const char *at, size_t len)
{
    size_t i = 0;

    while (i < len && at[i] != '\t' && at[i] != '\n' && at[i] != '\\')
        i++;
    return i;
}

bool sql_read_copy_cell(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    static const char letters[] = "ntrbfv", meaning[] = "\n\t\n   ";
    size_t from = *i, n = copy_run(at + from, len - from);

    if (n > 0 && !sql_say(q, at + from, n))
        return false;
    *i += n;
    if (*i == len)
        return true;
    char c = at[*i];

    if (c == '\\' && len - *i < 2 && !last)
        return true;
    ++*i;
    if (c == '\t')
        return sql_begin_cell(q);
    if (c == '\n') {
        q->state = STATE_COPY_ROW;
        return true;
    }
    if (*i == len)
        return sql_say(q, &c, 1);
    c = at[(*i)++];
    if (c == 'N') /* NULL */
        return true;
    const char *known = memchr(letters, c, sizeof letters - 1);

    return sql_say(q, known ? meaning + (known - letters) : at + *i - 1, 1);
}
