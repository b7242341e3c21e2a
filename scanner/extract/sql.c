/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sql.c - dumps of databases: the rows of INSERT ... VALUES and COPY ... FROM stdin are tables with
 * the names of their columns, everything else is text.
 *
 * The rows of one table that follow each other are one table, however many statements they come
 * in; columns that the statement does not name are named by the CREATE TABLE before it.  A string
 * is given as it was before it was quoted.  What does not keep to the grammar ends the table and is
 * text up to the next line that begins a statement, so that nothing is lost and one broken quote
 * costs the borders of a few cells at most.  The text of an INSERT that says the same as the one
 * before is not given again.
 *
 * No decision looks further ahead than SQL_LOOK bytes; the end of a piece that is shorter is kept
 * and joined with the next.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/sql_machine.h"
#include "scanner/extract/text_reader.h"

/* --- statements ------------------------------------------------------------------------------- */

static void learn_table(struct sql *q, const struct sql_names *names)
{
    struct known_table *k = &q->known[q->known_next++ % TABLES_MAX];

    buf_clear(&k->table);
    buf_clear(&k->columns);
    buf_add_span(&k->table, buf_span(&names->table));
    buf_add_span(&k->columns, buf_span(&names->columns));
    k->count = k->table.failed || k->columns.failed ? 0 : names->count;
}

/* The columns that the statement did not name. */
static void recall_table(struct sql *q)
{
    unsigned have = q->known_next < TABLES_MAX ? q->known_next : TABLES_MAX;

    for (unsigned i = 0; i < have && q->names.count == 0; i++) {
        const struct known_table *k = &q->known[(q->known_next - 1 - i) % TABLES_MAX];

        if (k->count == 0 || !span_equal(buf_span(&k->table), buf_span(&q->names.table)))
            continue;
        if (buf_add_span(&q->names.columns, buf_span(&k->columns)))
            q->names.count = k->count;
    }
}

static void head_begin(struct sql *q, enum sql_word word)
{
    q->state = STATE_HEAD;
    q->word = word;
    buf_clear(&q->head);
    q->head_quote = 0;
    q->head_comment = q->head_blank = false;
    q->head_depth = q->last_len = 0;
}

/* The collected text was no more than text. */
static bool head_is_text(struct sql *q, enum state then)
{
    q->state = then;
    return sql_plain(q, q->head.at, q->head.len);
}

/* INSERT ... VALUES ( is complete. */
static bool head_is_insert(struct sql *q)
{
    struct sql_names names;
    bool more = true;

    if (span_equal(buf_span(&q->same), buf_span(&q->head))) {
        q->state = STATE_BARE;
        return sql_begin_row(q);
    }
    sql_names_init(&names);
    if (!sql_read_insert(buf_span(&q->head), &names)) {
        more = head_is_text(q, STATE_PLAIN);
    } else {
        bool same_table = span_equal(buf_span(&names.table), buf_span(&q->names.table));

        more = sql_plain(q, q->head.at, q->head.len);
        if (!same_table)
            q->row = 0;
        sql_names_release(&q->names);
        q->names = names;
        sql_names_init(&names);
        recall_table(q);
        buf_clear(&q->same);
        buf_add_span(&q->same, buf_span(&q->head));
        q->state = STATE_BARE;
        more = more && sql_begin_row(q);
    }
    sql_names_release(&names);
    return more;
}

static bool head_is_copy(struct sql *q)
{
    struct sql_names names;

    sql_names_init(&names);
    bool rows = sql_read_copy(buf_span(&q->head), &names);

    if (!head_is_text(q, rows ? STATE_COPY_ROW : STATE_PLAIN)) {
        sql_names_release(&names);
        return false;
    }
    if (rows) {
        buf_clear(&q->same);
        q->row = 0;
        sql_names_release(&q->names);
        q->names = names;
        recall_table(q);
    } else {
        sql_names_release(&names);
    }
    return true;
}

static bool head_is_create(struct sql *q)
{
    struct sql_names names;

    sql_names_init(&names);
    if (sql_read_create(buf_span(&q->head), &names))
        learn_table(q, &names);
    sql_names_release(&names);
    return head_is_text(q, STATE_PLAIN);
}

static bool last_word_is(const struct sql *q, const char *upper)
{
    return strlen(upper) == q->last_len && strncasecmp(q->last_word, upper, q->last_len) == 0;
}

/* One byte outside quotes.  *ret_done: the statement was settled by it. */
static bool head_sign(struct sql *q, char c, bool *ret_done)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

    *ret_done = false;
    if (letter) {
        if (q->head_blank)
            q->last_len = 0;
        if (q->last_len < sizeof q->last_word)
            q->last_word[q->last_len++] = c;
        else
            q->last_len = sizeof q->last_word + 1;
        q->head_blank = false;
        return true;
    }
    q->head_blank = true;
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
        q->head_quote = c == '[' ? ']' : c;
        q->last_len = 0;
    } else if (c == '(') {
        if (q->word == SQL_INSERT && q->head_depth == 0 &&
            (last_word_is(q, "VALUES") || last_word_is(q, "VALUE"))) {
            *ret_done = true;
            return head_is_insert(q);
        }
        q->head_depth++;
    } else if (c == ')') {
        if (q->head_depth > 0)
            q->head_depth--;
        if (q->word == SQL_CREATE && q->head_depth == 0) {
            *ret_done = true;
            return head_is_create(q);
        }
    } else if (c == ';' && q->head_depth == 0) {
        *ret_done = true;
        if (q->word == SQL_COPY)
            return head_is_copy(q);
        return q->word == SQL_CREATE ? head_is_create(q) : head_is_text(q, STATE_PLAIN);
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
        q->last_len = 0;
    }
    return true;
}

static bool read_head(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    size_t most = q->word == SQL_CREATE ? CREATE_MAX : HEAD_MAX, ignored;

    while (*i < len) {
        char c = at[*i];
        size_t left = len - *i;
        bool done = false;

        if (left < SQL_LOOK && !last && (c == '\n' || c == '-'))
            return true;
        if (c == '\n' && !q->head_quote && q->head_depth == 0 && left > 1 &&
            sql_word_at((struct span){at + *i + 1, left - 1 < SQL_LOOK ? left - 1 : SQL_LOOK},
                        &ignored) != SQL_OTHER)
            return head_is_text(q, STATE_START); /* it had no semicolon */
        if (q->head.len >= most || !buf_add_byte(&q->head, c))
            return head_is_text(q, STATE_PLAIN);
        (*i)++;
        if (q->head_comment) {
            q->head_comment = c != '\n';
        } else if (q->head_quote) {
            if (c == q->head_quote)
                q->head_quote = 0;
        } else if (c == '-' && left > 1 && at[*i] == '-') {
            q->head_comment = true;
        } else if (!head_sign(q, c, &done)) {
            return false;
        }
        if (done)
            return true;
    }
    return true;
}

/* At the start of a line, or behind the semicolon of a row. */
static bool read_start(struct sql *q, const char *at, size_t len, bool last, size_t *i)
{
    size_t from = *i, blanks = from, word;

    while (blanks < len &&
           (at[blanks] == ' ' || at[blanks] == '\t' || at[blanks] == '\r' || at[blanks] == '\n'))
        blanks++;
    if (blanks > from) { /* blanks between rows say nothing */
        *i = blanks;
        return q->open || sql_say(q, at + from, blanks - from);
    }
    if (len - from < SQL_LOOK && !last)
        return true;
    size_t left = len - from;
    struct span s = {at + from, left < SQL_LOOK ? left : SQL_LOOK};

    switch (sql_word_at(s, &word)) {
    case SQL_INSERT:
        if (q->same.len > 0 && left >= q->same.len && memcmp(s.at, q->same.at, q->same.len) == 0) {
            *i += q->same.len;
            q->state = STATE_BARE;
            return sql_begin_row(q);
        }
        head_begin(q, SQL_INSERT);
        return true;
    case SQL_COPY:
        head_begin(q, SQL_COPY);
        return true;
    case SQL_CREATE:
        head_begin(q, SQL_CREATE);
        return true;
    case SQL_NOTHING:
        *i += word;
        return q->open || sql_say(q, s.at, word);
    case SQL_OTHER:
        break;
    }
    q->state = STATE_PLAIN;
    return true;
}

static bool read_plain(struct sql *q, const char *at, size_t len, size_t *i)
{
    const char *feed = memchr(at + *i, '\n', len - *i);
    size_t from = *i;

    *i = feed ? (size_t)(feed - at) + 1 : len;
    if (feed)
        q->state = STATE_START;
    return sql_plain(q, at + from, *i - from);
}

/* --- the machine ------------------------------------------------------------------------------ */

/* Takes what can be taken; what is left, SQL_LOOK bytes at most, waits for more.  -1: stop. */
static ssize_t take(struct sql *q, const char *at, size_t len, bool last)
{
    size_t i = 0, before;
    enum state state;
    bool more = true;

    while (more && i < len) {
        before = i;
        state = q->state;
        switch (state) {
        case STATE_START:
            more = read_start(q, at, len, last, &i);
            break;
        case STATE_PLAIN:
            more = read_plain(q, at, len, &i);
            break;
        case STATE_HEAD:
            more = read_head(q, at, len, last, &i);
            break;
        case STATE_VALUES:
            more = sql_read_values(q, at, len, last, &i);
            break;
        case STATE_REMARK:
            more = sql_read_remark(q, at, len, &i);
            break;
        case STATE_BLOCK:
            more = sql_read_block(q, at, len, last, &i);
            break;
        case STATE_BARE:
            more = sql_read_bare(q, at, len, last, &i);
            break;
        case STATE_STRING:
            more = sql_read_string(q, at, len, last, &i);
            break;
        case STATE_HEX:
            more = sql_read_hex(q, at, len, &i);
            break;
        case STATE_COPY_ROW:
            more = sql_read_copy_row(q, at, len, last, &i);
            break;
        case STATE_COPY:
            more = sql_read_copy_cell(q, at, len, last, &i);
            break;
        }
        if (i == before && q->state == state)
            break;
    }
    return more ? (ssize_t)i : -1;
}

static bool feed(struct sql *q, struct span piece)
{
    while (piece.len > 0) {
        ssize_t taken;

        if (q->carried == 0) {
            taken = take(q, piece.at, piece.len, false);
            if (taken < 0)
                return false;
            piece = (struct span){piece.at + taken, piece.len - (size_t)taken};
            if (piece.len >= CARRY)
                return false; /* never: each state takes what SQL_LOOK bytes show */
            memcpy(q->carry, piece.at, piece.len);
            q->carried = piece.len;
            return true;
        }
        size_t n = CARRY - q->carried < piece.len ? CARRY - q->carried : piece.len;

        memcpy(q->carry + q->carried, piece.at, n);
        taken = take(q, q->carry, q->carried + n, false);
        if (taken < 0)
            return false;
        if ((size_t)taken >= q->carried) {
            size_t own = (size_t)taken - q->carried;

            q->carried = 0;
            piece = (struct span){piece.at + own, piece.len - own};
        } else {
            q->carried += n - (size_t)taken;
            memmove(q->carry, q->carry + taken, q->carried);
            piece = (struct span){piece.at + n, piece.len - n};
        }
    }
    return true;
}

/* What waits at the end of the text. */
static bool end_text(struct sql *q)
{
    if (q->carried > 0 && take(q, q->carry, q->carried, true) < 0)
        return false;
    if (q->state == STATE_HEAD && !head_is_text(q, STATE_PLAIN))
        return false;
    if (q->state == STATE_HEX && !sql_say_hex(q))
        return false;
    return sql_close_table(q);
}

/* --- recognising ------------------------------------------------------------------------------ */

static unsigned bid(const struct head *head)
{
    struct span s = head->bytes, start;
    AUTO_BUF struct buf room;

    buf_init(&room, 256 * 1024);
    if (head->media_type || s.len < 16)
        return 0;
    start = text_head(head, &room);
    if (!sql_may_start(start))
        return 0;
    if (start.at >= s.at && start.at <= s.at + s.len) { /* one byte a character: all of it */
        start.len = s.len - (size_t)(start.at - s.at);
    }
    if (!head_begins_as_text(head))
        return 0;
    bool whole = head->size >= 0 && (uint64_t)head->size == s.len && start.at != room.at;

    return sql_recognise(start, whole) ? 45 : 0;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    bool binary = false;
    AUTO_FREE struct sql *q = calloc(1, sizeof *q);
    AUTO_BUF struct buf room;
    struct text_reader r;
    struct span piece;

    buf_init(&room, 256 * 1024);
    if (!q)
        return (struct ending){OUTCOME_OVER_LIMIT, "memory"};
    q->out = out;
    q->backslash = sql_backslash_of(text_head(head, &room));
    buf_init(&q->head, CREATE_MAX + 16);
    buf_init(&q->same, HEAD_MAX + 16);
    buf_init(&q->hex, HEX_MAX + 16);
    sql_names_init(&q->names);
    for (unsigned i = 0; i < TABLES_MAX; i++) {
        buf_init(&q->known[i].table, 1024);
        buf_init(&q->known[i].columns, 16 * 1024);
    }
    text_reader_start(&r, in, out, head);
    while ((piece = text_reader_next(&r)).len > 0) {
        if (r.binary.len > 0 && !binary) {
            out->gap(out->ctx, OUTCOME_PARTIAL, "binary-part");
            binary = true;
        }
        if (!feed(q, piece))
            r.stopped = true;
    }
    if (!r.stopped)
        end_text(q);
    if (!r.spent && (q->head.failed || q->same.failed || q->hex.failed))
        r.spent = "memory";
    buf_release(&q->head);
    buf_release(&q->same);
    buf_release(&q->hex);
    sql_names_release(&q->names);
    for (unsigned i = 0; i < TABLES_MAX; i++) {
        buf_release(&q->known[i].table);
        buf_release(&q->known[i].columns);
    }
    text_reader_release(&r);
    return text_reader_ending(&r);
}

const struct extractor extract_sql = {
    .id = "sql",
    .version = 1,
    .media_type = "application/sql",
    .bid = bid,
    .run = run,
};
