/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sql_statement.h - the few statements of a dump that say what its rows mean.  Part of sql.c.
 */
#ifndef CONSTAT_SQL_STATEMENT_H
#define CONSTAT_SQL_STATEMENT_H

#include "scanner/base/buf.h"

enum { SQL_LOOK = 64 }; /* bytes after a position that must be known to tell a statement */

enum sql_word {
    SQL_OTHER,  /* none of these: text */
    SQL_INSERT, /* INSERT, REPLACE INTO */
    SQL_COPY,   /* COPY */
    SQL_CREATE, /* CREATE ... TABLE, as far as it goes */
    SQL_NOTHING /* GO, BEGIN, COMMIT on a line of its own: rows go on behind it */
};

/* Which statement begins here?  `s` runs for SQL_LOOK bytes or to the end of the text.
 * *ret_len: of SQL_NOTHING, without the line feed. */
enum sql_word sql_word_at(struct span s, size_t *ret_len);

/* Surely a new statement at the start of a line, even inside what looked like a string. */
bool sql_surely_starts(struct span s);

/* The names in one statement: the table's, in lower case and without schema, and the columns',
 * each ended by a NUL.  False: it is not of that kind. */
struct sql_names {
    struct buf table, columns;
    unsigned count;
};

enum { SQL_COLUMNS_MAX = 4096 };

void sql_names_init(struct sql_names *n);
void sql_names_release(struct sql_names *n);
bool sql_read_insert(struct span statement, struct sql_names *ret); /* up to VALUES ( */
bool sql_read_copy(struct span statement, struct sql_names *ret);   /* up to its semicolon */
bool sql_read_create(struct span statement, struct sql_names *ret);

/* How strings are written. */
enum sql_backslash {
    SQL_BACKSLASH_UNKNOWN,
    SQL_BACKSLASH_ESCAPES, /* MySQL, MariaDB */
    SQL_BACKSLASH_PLAIN    /* the standard: PostgreSQL, SQL Server, SQLite, Oracle */
};

enum sql_backslash sql_backslash_of(struct span sample);

/* Cheap: does it begin as one might?  Nearly all other text does not. */
bool sql_may_start(struct span sample);
/* Is the text that begins so a dump?  `whole`: nothing follows. */
bool sql_recognise(struct span sample, bool whole);

#endif
