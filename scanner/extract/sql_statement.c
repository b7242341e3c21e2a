/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sql_statement.c - words, quotes and comments of SQL (ISO/IEC 9075-2) as the dump programs of
 * MySQL, PostgreSQL, SQL Server, SQLite and Oracle write them.
 */
#include "scanner/extract/sql_statement.h"

#include <ctype.h>
#include <strings.h>

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NAME, TOKEN_STRING, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    struct span text; /* a name without its quotes */
    bool first;       /* on its line */
};

struct lexer {
    const char *at, *end;
    bool first;
};

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '#' || (c & 0x80);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static void skip_line(struct lexer *l)
{
    const char *feed = memchr(l->at, '\n', (size_t)(l->end - l->at));

    l->at = feed ? feed : l->end;
}

static void skip_blanks(struct lexer *l)
{
    while (l->at < l->end) {
        if (is_blank(*l->at)) {
            l->first = l->first || *l->at == '\n';
            l->at++;
        } else if (l->end - l->at >= 2 && l->at[0] == '-' && l->at[1] == '-') {
            skip_line(l);
        } else if (*l->at == '#' && l->first) {
            skip_line(l);
        } else if (l->end - l->at >= 2 && l->at[0] == '/' && l->at[1] == '*') {
            const char *close = memmem(l->at + 2, (size_t)(l->end - l->at - 2), "*/", 2);

            l->at = close ? close + 2 : l->end;
        } else {
            return;
        }
    }
}

static struct token quoted(struct lexer *l, char close)
{
    struct token t = {close == '\'' ? TOKEN_STRING : TOKEN_NAME, {l->at + 1, 0}, l->first};
    const char *at = l->at + 1;

    while (at < l->end) {
        if (*at == close) {
            if (l->end - at < 2 || at[1] != close)
                break;
            at++;
        } else if (*at == '\\' && close == '\'' && l->end - at >= 2 && at[1] == '\'' &&
                   l->end - at >= 3 && at[2] != ',' && at[2] != ')') {
            at++;
        }
        at++;
    }
    t.text.len = (size_t)((at < l->end ? at : l->end) - t.text.at);
    l->at = at < l->end ? at + 1 : l->end;
    return t;
}

/* $tag$ ... $tag$ of PostgreSQL: the bodies of functions. */
static bool dollar_quoted(struct lexer *l, struct token *ret)
{
    const char *at = l->at + 1, *close;

    while (at < l->end && at - l->at < 64 && is_name_byte(*at) && *at != '$')
        at++;
    if (at >= l->end || *at != '$')
        return false;
    at++;
    close = memmem(at, (size_t)(l->end - at), l->at, (size_t)(at - l->at));
    *ret = (struct token){TOKEN_STRING, {at, 0}, l->first};
    l->at = close ? close + (at - l->at) : l->end;
    return true;
}

static struct token next(struct lexer *l)
{
    skip_blanks(l);
    if (l->at >= l->end)
        return (struct token){TOKEN_END, {l->end, 0}, l->first};
    char c = *l->at;
    struct token t = {TOKEN_SIGN, {l->at, 1}, l->first};

    if (c == '$' && dollar_quoted(l, &t)) {
        ;
    } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
        t = quoted(l, c == '[' ? ']' : c);
    } else if (is_name_byte(c)) {
        t.kind = TOKEN_WORD;
        while (l->at < l->end && is_name_byte(*l->at))
            l->at++;
        t.text.len = (size_t)(l->at - t.text.at);
    } else {
        l->at++;
    }
    l->first = false;
    return t;
}

static bool word_is(struct token t, const char *upper)
{
    return t.kind == TOKEN_WORD && t.text.len == strlen(upper) &&
           strncasecmp(t.text.at, upper, t.text.len) == 0;
}

static bool word_in(struct token t, const char *const *upper)
{
    for (; *upper; upper++) {
        if (word_is(t, *upper))
            return true;
    }
    return false;
}

static bool sign_is(struct token t, char sign)
{
    return t.kind == TOKEN_SIGN && *t.text.at == sign;
}

static bool is_name(struct token t)
{
    return t.kind == TOKEN_WORD || t.kind == TOKEN_NAME;
}

/* --- names ------------------------------------------------------------------------------------ */

void sql_names_init(struct sql_names *n)
{
    *n = (struct sql_names){0};
    buf_init(&n->table, 1024);
    buf_init(&n->columns, 256 * 1024);
}

void sql_names_release(struct sql_names *n)
{
    buf_release(&n->table);
    buf_release(&n->columns);
}

static void names_clear(struct sql_names *n)
{
    buf_clear(&n->table);
    buf_clear(&n->columns);
    n->count = 0;
}

/* A name too long or too many: the rest has none. */
static void add_column(struct sql_names *n, struct span name)
{
    if (n->count >= SQL_COLUMNS_MAX || name.len > 256 || memchr(name.at, 0, name.len))
        name.len = 0;
    if (n->count < SQL_COLUMNS_MAX && buf_add_span(&n->columns, name) &&
        buf_add_byte(&n->columns, '\0'))
        n->count++;
}

/* [schema.]name, from the token already read; returns the token behind. */
static struct token table_name(struct lexer *l, struct token t, struct sql_names *ret)
{
    struct span name = t.text;

    for (t = next(l); sign_is(t, '.'); t = next(l)) {
        t = next(l);
        if (!is_name(t))
            break;
        name = t.text;
    }
    if (name.len > 512)
        name.len = 512;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];

        buf_add_byte(&ret->table, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
    }
    return t;
}

/* Behind the opening bracket; false when that is no list of names. */
static bool column_list(struct lexer *l, struct sql_names *ret)
{
    for (;;) {
        struct token t = next(l);

        if (!is_name(t))
            return false;
        add_column(ret, t.text);
        t = next(l);
        if (sign_is(t, ')'))
            return true;
        if (!sign_is(t, ','))
            return false;
    }
}

bool sql_read_insert(struct span statement, struct sql_names *ret)
{
    static const char *const before[] = {"INTO",  "IGNORE",    "LOW_PRIORITY",  "DELAYED",
                                         "OR",    "REPLACE",   "HIGH_PRIORITY", "ROLLBACK",
                                         "ABORT", "OVERWRITE", "FAIL",          NULL};
    struct lexer l = {statement.at, statement.at + statement.len, true};
    struct token t = next(&l);

    names_clear(ret);
    if (!word_is(t, "INSERT") && !word_is(t, "REPLACE"))
        return false;
    for (t = next(&l); word_in(t, before); t = next(&l))
        ;
    if (!is_name(t))
        return false;
    t = table_name(&l, t, ret);
    if (sign_is(t, '(')) {
        if (!column_list(&l, ret))
            return false;
        t = next(&l);
    }
    /* OVERRIDING SYSTEM VALUE, an alias; never a long way */
    for (unsigned words = 0; words < 8 && t.kind == TOKEN_WORD && !word_is(t, "VALUES"); words++) {
        if (word_is(t, "VALUE") && sign_is(next(&(struct lexer){l.at, l.end, false}), '('))
            break;
        t = next(&l);
    }
    if (!word_is(t, "VALUES") && !word_is(t, "VALUE"))
        return false;
    return sign_is(next(&l), '(');
}

bool sql_read_copy(struct span statement, struct sql_names *ret)
{
    struct lexer l = {statement.at, statement.at + statement.len, true};
    struct token t = next(&l);

    names_clear(ret);
    if (!word_is(t, "COPY"))
        return false;
    t = next(&l);
    if (!is_name(t))
        return false;
    t = table_name(&l, t, ret);
    if (sign_is(t, '(')) {
        if (!column_list(&l, ret))
            return false;
        t = next(&l);
    }
    if (!word_is(t, "FROM") || !word_is(next(&l), "STDIN"))
        return false;
    /* With options it may be CSV or binary. */
    return sign_is(next(&l), ';');
}

bool sql_read_create(struct span statement, struct sql_names *ret)
{
    static const char *const before[] = {"GLOBAL", "LOCAL",    "TEMPORARY", "TEMP",
                                         "OR",     "UNLOGGED", "REPLACE",   NULL};
    static const char *const exists[] = {"IF", "NOT", "EXISTS", NULL};
    static const char *const no_columns[] = {
        "PRIMARY",  "KEY",     "UNIQUE",  "CONSTRAINT", "INDEX",  "FOREIGN", "CHECK",
        "FULLTEXT", "SPATIAL", "EXCLUDE", "LIKE",       "PERIOD", NULL};
    struct lexer l = {statement.at, statement.at + statement.len, true};
    struct token t = next(&l);
    unsigned depth = 1;
    bool item_begins = true;

    names_clear(ret);
    if (!word_is(t, "CREATE"))
        return false;
    for (t = next(&l); word_in(t, before); t = next(&l))
        ;
    if (!word_is(t, "TABLE"))
        return false;
    for (t = next(&l); word_in(t, exists); t = next(&l))
        ;
    if (!is_name(t))
        return false;
    t = table_name(&l, t, ret);
    if (!sign_is(t, '('))
        return false;
    while (depth > 0) {
        t = next(&l);
        if (t.kind == TOKEN_END)
            return false;
        if (item_begins && is_name(t) && !(t.kind == TOKEN_WORD && word_in(t, no_columns)))
            add_column(ret, t.text);
        item_begins = depth == 1 && sign_is(t, ',');
        depth += sign_is(t, '(');
        depth -= sign_is(t, ')');
    }
    return ret->count > 0;
}

/* --- at a position ---------------------------------------------------------------------------- */

static bool starts_with(struct span s, const char *upper)
{
    size_t n = strlen(upper);

    return s.len >= n && strncasecmp(s.at, upper, n) == 0;
}

static bool word_ends(struct span s, size_t at)
{
    return at >= s.len || !is_name_byte(s.at[at]);
}

enum sql_word sql_word_at(struct span s, size_t *ret_len)
{
    static const char *const nothing[] = {"GO",
                                          "COMMIT",
                                          "BEGIN",
                                          "BEGIN TRANSACTION",
                                          "COMMIT WORK",
                                          "START TRANSACTION",
                                          "COMMIT TRANSACTION",
                                          NULL};

    if (s.len < 2)
        return SQL_OTHER;
    switch (s.at[0] | 0x20) {
    case 'i':
        return starts_with(s, "INSERT") && word_ends(s, 6) ? SQL_INSERT : SQL_OTHER;
    case 'r':
        return starts_with(s, "REPLACE INTO ") ? SQL_INSERT : SQL_OTHER;
    case 'c':
        if (starts_with(s, "COPY "))
            return SQL_COPY;
        if (starts_with(s, "CREATE "))
            return SQL_CREATE;
        break;
    default:
        break;
    }
    for (unsigned i = 0; nothing[i]; i++) {
        size_t n = strlen(nothing[i]);

        if (!starts_with(s, nothing[i]))
            continue;
        while (n < s.len && (s.at[n] == ' ' || s.at[n] == ';' || s.at[n] == '\r'))
            n++;
        if (n < s.len ? s.at[n] != '\n' : s.len >= SQL_LOOK)
            continue;
        *ret_len = n;
        return SQL_NOTHING;
    }
    return SQL_OTHER;
}

bool sql_surely_starts(struct span s)
{
    return s.len > 0 && strchr("irclIRCL", s.at[0]) &&
           (starts_with(s, "INSERT INTO ") || starts_with(s, "INSERT [") ||
            starts_with(s, "REPLACE INTO ") || starts_with(s, "CREATE TABLE ") ||
            starts_with(s, "LOCK TABLES "));
}

/* --- the whole -------------------------------------------------------------------------------- */

enum sql_backslash sql_backslash_of(struct span s)
{
    static const char *const plain[] = {"PostgreSQL",
                                        "pg_catalog",
                                        "[dbo]",
                                        "SET ANSI_NULLS",
                                        "PRAGMA ",
                                        "IDENTITY_INSERT",
                                        "standard_conforming_strings"};
    static const char *const escapes[] = {"MySQL", "MariaDB", "phpMyAdmin", "INSERT INTO `",
                                          ") ENGINE="};

    for (unsigned i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (memmem(s.at, s.len, escapes[i], strlen(escapes[i])))
            return SQL_BACKSLASH_ESCAPES;
    }
    for (unsigned i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (memmem(s.at, s.len, plain[i], strlen(plain[i])))
            return SQL_BACKSLASH_PLAIN;
    }
    return SQL_BACKSLASH_UNKNOWN;
}

static bool is_statement(struct token t)
{
    static const char *const known[] = {
        "INSERT",  "REPLACE",    "COPY",    "CREATE",    "DROP",      "ALTER",      "SET",
        "USE",     "LOCK",       "UNLOCK",  "BEGIN",     "COMMIT",    "START",      "PRAGMA",
        "DELETE",  "TRUNCATE",   "UPDATE",  "SELECT",    "GO",        "GRANT",      "REVOKE",
        "COMMENT", "PRINT",      "DECLARE", "EXEC",      "EXECUTE",   "IF",         "ANALYZE",
        "VACUUM",  "MERGE",      "WITH",    "CALL",      "DELIMITER", "END",        "ROLLBACK",
        "FLUSH",   "PROMPT",     "REM",     "SPOOL",     "DO",        "CHECKPOINT", "DBCC",
        "ANALYSE", "REINDEX",    "CLUSTER", "RESET",     "RETURN",    "FETCH",      "OPEN",
        "CLOSE",   "DEALLOCATE", "ELSE",    "WHILE",     "DENY",      "LOAD",       "OPTIMIZE",
        "SIGNAL",  "SHOW",       "ATTACH",  "RAISERROR", "WHENEVER",  "DEFINE",     "EXIT",
        "QUIT",    NULL};

    return t.kind == TOKEN_WORD && word_in(t, known);
}

bool sql_may_start(struct span s)
{
    struct lexer l = {s.at, s.at + s.len, true};
    struct token t = next(&l);

    while (sign_is(t, '\\') || sign_is(t, ';') || sign_is(t, '/')) { /* psql's own commands */
        skip_line(&l);
        t = next(&l);
    }
    return is_statement(t);
}

/* Behind VALUES: rows.  Returns how many, the lexer behind the last. */
static unsigned skip_rows(struct lexer *l)
{
    unsigned rows = 0;

    for (;;) {
        struct lexer before = *l;
        struct token t = next(l);

        if (sign_is(t, ',') && rows > 0)
            continue;
        if (!sign_is(t, '(')) {
            *l = before;
            return rows;
        }
        for (unsigned depth = 1; depth > 0;) {
            t = next(l);
            if (t.kind == TOKEN_END)
                return rows + 1;
            depth += sign_is(t, '(');
            depth -= sign_is(t, ')');
        }
        rows++;
    }
}

/* To the semicolon, or a line that begins another statement; some are never longer than a line. */
static void skip_statement(struct lexer *l, struct token word)
{
    static const char *const lines[] = {"SET",   "USE", "PRINT",     "PROMPT", "REM",
                                        "SPOOL", "GO",  "DELIMITER", NULL};
    bool line = word_in(word, lines);

    for (;;) {
        struct lexer before = *l;
        struct token t = next(l);

        if (t.kind == TOKEN_END || sign_is(t, ';'))
            return;
        if (line && t.first) {
            *l = before;
            l->first = true;
            return;
        }
        if (t.first && (word_is(t, "GO") || word_is(t, "INSERT") || word_is(t, "COPY"))) {
            *l = before;
            l->first = true;
            return;
        }
    }
}

bool sql_recognise(struct span s, bool whole)
{
    struct lexer l = {s.at, s.at + s.len, true};
    unsigned statements = 0, unknown = 0, rows = 0, tables = 0;
    struct sql_names names;

    sql_names_init(&names);
    for (;;) {
        struct lexer begin = l;
        struct token t = next(&l);

        if (t.kind == TOKEN_END)
            break;
        if (sign_is(t, ';') || sign_is(t, '/'))
            continue;
        if (sign_is(t, '\\')) { /* \connect, \restrict of psql; \. */
            skip_line(&l);
            continue;
        }
        statements++;
        if (!is_statement(t)) {
            unknown++;
            if (unknown * 10 > statements)
                break;
            skip_statement(&l, t);
            continue;
        }
        struct span rest = {t.text.at, (size_t)(l.end - t.text.at)};

        if ((word_is(t, "INSERT") || word_is(t, "REPLACE")) && sql_read_insert(rest, &names)) {
            while (t.kind != TOKEN_END && !word_is(t, "VALUES") && !word_is(t, "VALUE"))
                t = next(&l);
            rows += skip_rows(&l);
            struct lexer behind = l;

            t = next(&behind);
            if (word_is(t, "ON") || word_is(t, "RETURNING") || word_is(t, "AS"))
                skip_statement(&l, t); /* ... DUPLICATE KEY UPDATE */
        } else if (word_is(t, "COPY") && sql_read_copy(rest, &names)) {
            skip_statement(&l, t);
            skip_line(&l);
            while (l.at < l.end && !(l.end - l.at >= 3 && memcmp(l.at, "\n\\.", 3) == 0)) {
                l.at++;
                skip_line(&l);
                rows++;
            }
        } else {
            tables += word_is(t, "CREATE") && word_is(next(&l), "TABLE");
            skip_statement(&l, t);
        }
        if (l.at <= begin.at)
            break;
    }
    sql_names_release(&names);
    if (unknown * 10 > statements)
        return false;
    return rows > 0 || (tables > 0 && !whole);
}
