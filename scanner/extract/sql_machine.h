/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sql_machine.h - where the reader of a dump stands.  Part of sql.c: statements there, rows in
 * sql_rows.c.
 *
 * Each read function takes what it can from at[*i..len) and moves *i; it leaves fewer than SQL_LOOK
 * bytes when it must see more, unless they are the last.  False: stop.
 */
#ifndef CONSTAT_SQL_MACHINE_H
#define CONSTAT_SQL_MACHINE_H

#include "scanner/extract/extractor.h"
#include "scanner/extract/sql_statement.h"

enum {
    HEAD_MAX = 64 * 1024,    /* INSERT INTO t (columns) VALUES */
    CREATE_MAX = 256 * 1024, /* CREATE TABLE */
    TABLES_MAX = 256,        /* whose columns are remembered; the oldest is forgotten */
    HEX_MAX = 64 * 1024,     /* a longer literal is no text */
    CARRY = 4 * SQL_LOOK,
    SHORT = 32 /* longest bare value that may be a word or the name before a string */
};

enum state {
    STATE_START,    /* a statement may begin */
    STATE_PLAIN,    /* text to the end of the line */
    STATE_HEAD,     /* INSERT, COPY, CREATE: collected until it is known what it is */
    STATE_VALUES,   /* between rows */
    STATE_REMARK,   /* there: a comment to the end of the line */
    STATE_BLOCK,    /* there: a comment in its signs */
    STATE_BARE,     /* in a row, outside strings */
    STATE_STRING,   /* in a string */
    STATE_HEX,      /* in the digits of 0x... or X'...' */
    STATE_COPY_ROW, /* at the start of a line of COPY */
    STATE_COPY
};

/* What one CREATE TABLE said. */
struct known_table {
    struct buf table, columns;
    unsigned count;
};

struct sql {
    const struct sink *out;
    enum state state;
    enum sql_backslash backslash;

    enum sql_word word; /* STATE_HEAD: what is collected */
    struct buf head;
    char head_quote;
    bool head_comment, head_blank; /* in a comment; the last byte was a blank */
    unsigned head_depth;
    char last_word[8];
    unsigned last_len; /* 9: longer */

    struct buf same; /* the INSERT that the rows belong to */
    struct sql_names names;
    uint64_t tables, row;
    uint32_t column;
    bool open;

    char quote;
    bool escapes;  /* a backslash in this string escapes */
    bool fresh;    /* nothing of the cell was seen */
    bool cast;     /* CAST('...' AS type): the value alone is of interest */
    bool format;   /* TO_DATE('...', 'format'), too */
    bool dropping; /* up to the end of the cell */
    bool in_hex_string;
    unsigned depth;
    struct buf hex;

    struct known_table known[TABLES_MAX];
    unsigned known_next;

    char carry[CARRY];
    size_t carried;
};

/* Text of a cell; text between the tables; the end of the table at hand, if there is one. */
bool sql_say(struct sql *q, const char *at, size_t len);
bool sql_plain(struct sql *q, const char *at, size_t len);
bool sql_close_table(struct sql *q);
bool sql_begin_row(struct sql *q);
bool sql_begin_cell(struct sql *q);
bool sql_say_hex(struct sql *q);

bool sql_read_values(struct sql *q, const char *at, size_t len, bool last, size_t *i);
bool sql_read_remark(struct sql *q, const char *at, size_t len, size_t *i);
bool sql_read_block(struct sql *q, const char *at, size_t len, bool last, size_t *i);
bool sql_read_bare(struct sql *q, const char *at, size_t len, bool last, size_t *i);
bool sql_read_string(struct sql *q, const char *at, size_t len, bool last, size_t *i);
bool sql_read_hex(struct sql *q, const char *at, size_t len, size_t *i);
bool sql_read_copy_row(struct sql *q, const char *at, size_t len, bool last, size_t *i);
bool sql_read_copy_cell(struct sql *q, const char *at, size_t len, bool last, size_t *i);

#endif
