/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inventory_db.h - what the files behind inventory.h share.  Not for use outside this folder.
 */
#ifndef CONSTAT_INVENTORY_DB_H
#define CONSTAT_INVENTORY_DB_H

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

#include "scanner/inventory/inventory.h"

/* Layout number of the tables (PRAGMA user_version) and "cnst" (PRAGMA application_id). */
enum { SCHEMA_VERSION = 2, APPLICATION_ID = 0x636e7374 };

/* A finding block of at most this many bytes that is the only one of its row is kept in the row. */
enum { INLINE_BLOCK_MAX = 2048 };

/* finding_block.id = item << BLOCK_SHIFT | ordinal: the table's own order finds the blocks of an
 * item, without an index that every insert would have to keep up. */
enum { BLOCK_SHIFT = 20 };

enum { KINDS_MAX = 256, CATEGORIES_MAX = 32, OPEN_BUCKETS = 256 };

/* A top-level item between inventory_item_begin and inventory_item_done. */
struct open_item {
    struct open_item *next;
    int64_t top;
    bool stored;           /* something of it is in the database already */
    bool hidden;           /* listed in table `hidden` */
    bool has_row;          /* its own row has been put and waits in `row` */
    struct ledger_row row; /* spans point into `bytes` */
    int64_t run;
    struct buf bytes;
    /* A small block that may still become part of its row. */
    struct held_block {
        int64_t row; /* 0: none */
        uint64_t findings;
        struct buf block;
    } own, member;
    int64_t blocks;  /* stored so far, for all rows of the item: their ordinal */
    bool own_stored; /* some of them are of the item's own row */
};

struct inventory {
    sqlite3 *db;
    enum inventory_mode mode;
    int lock_fd;
    char error[512];

    sqlite3_stmt *insert_item, *insert_block, *hide, *unhide, *clear_attempt;
    bool has_attempts; /* inventory_each_attempt has shown one */
    bool in_transaction;
    unsigned snapshots;   /* open readers' transactions, nested */
    uint64_t uncommitted; /* bytes */
    int64_t next_id;
    struct open_item *open[OPEN_BUCKETS], *spare;
    struct buf remapped;

    unsigned kinds;
    char *kind_names[KINDS_MAX];
    signed char kind_bit[KINDS_MAX]; /* its category bit, -1: none */
    unsigned categories;             /* bits in use in the case */
    unsigned char map[KINDS_MAX];    /* index of this program's detector -> index in the case */
    unsigned mapped;
    unsigned char bit_map[CATEGORIES_MAX]; /* this program's category bit -> bit in the case */
    unsigned bits_mapped;
    bool map_changes; /* of a kind or of a category bit */

    char **strings; /* handed out, freed on close */
    size_t n_strings;
};

/* Maps an SQLite result to a negative errno and keeps the words. */
int db_fail(struct inventory *inv, int result, const char *what);
int db_say(struct inventory *inv, int error, const char *words);
int db_exec(struct inventory *inv, const char *sql, const char *what);
int db_prepare(struct inventory *inv, const char *sql, sqlite3_stmt **ret, const char *what);
int db_begin(struct inventory *inv); /* a write transaction, unless one is open */
/* Steps a statement that gives no rows, and resets it. */
int db_step_done(struct inventory *inv, sqlite3_stmt *s, const char *what);
struct span db_span(sqlite3_stmt *s, int column);
/* A copy that lives as long as `inv`; NULL on no memory. */
const char *db_keep(struct inventory *inv, sqlite3_stmt *s, int column);

int schema_open(struct inventory *inv); /* creates or checks */
int kinds_load(struct inventory *inv);
int order_define(struct inventory *inv); /* the collation `members` */

#define AUTO_STMT __attribute__((cleanup(db_finalize)))
static inline void db_finalize(sqlite3_stmt **s)
{
    sqlite3_finalize(*s);
}

#endif
