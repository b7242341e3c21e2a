/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * schema.c - the tables.  docs/inventory.md explains every column.
 *
 * No index beside the primary keys: a scan writes the tables in the order of their keys, and
 * readers that want another order sort once.
 */
#include <stdio.h>

#include "scanner/inventory/inventory_db.h"

static const char tables[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE run("
    " id INTEGER PRIMARY KEY, started INTEGER NOT NULL, finished INTEGER NOT NULL,"
    " state TEXT NOT NULL, tool_version TEXT, build_id TEXT, host TEXT, kernel TEXT, user TEXT,"
    " options TEXT, rules_digest TEXT, today INTEGER NOT NULL,"
    " helpers_replaced INTEGER NOT NULL);"
    "CREATE TABLE tool_part("
    " run INTEGER NOT NULL, ordinal INTEGER NOT NULL, part_group TEXT NOT NULL, id TEXT NOT NULL,"
    " kind TEXT, version INTEGER NOT NULL, look_alike INTEGER NOT NULL, chance REAL NOT NULL,"
    " words TEXT, against TEXT, category INTEGER NOT NULL,"
    " PRIMARY KEY(run, ordinal)) WITHOUT ROWID;"
    "CREATE TABLE kind("
    " idx INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, category_bit INTEGER UNIQUE);"
    "CREATE TABLE root(id INTEGER PRIMARY KEY, label BLOB NOT NULL UNIQUE);"
    "CREATE TABLE root_run("
    " run INTEGER NOT NULL, ordinal INTEGER NOT NULL, root INTEGER NOT NULL, path BLOB NOT NULL,"
    " PRIMARY KEY(run, ordinal)) WITHOUT ROWID;"
    "CREATE TABLE item("
    " id INTEGER PRIMARY KEY, root INTEGER NOT NULL, top INTEGER NOT NULL, run INTEGER NOT NULL,"
    " depth INTEGER NOT NULL, identity BLOB NOT NULL, path BLOB NOT NULL, members TEXT NOT NULL,"
    " sealed_path BLOB, sealed_members BLOB, bytes INTEGER NOT NULL, mtime INTEGER, ctime INTEGER,"
    " dev INTEGER, ino INTEGER, links INTEGER, mode INTEGER, owner TEXT, type TEXT NOT NULL,"
    " outcome TEXT NOT NULL, reason TEXT NOT NULL, media_type TEXT NOT NULL,"
    " extractor TEXT NOT NULL, text_bytes INTEGER NOT NULL, records INTEGER NOT NULL,"
    " unit TEXT NOT NULL, findings INTEGER NOT NULL, content INTEGER NOT NULL,"
    " chance BLOB, block BLOB);"
    "CREATE TABLE finding_block(id INTEGER PRIMARY KEY, block BLOB NOT NULL);"
    "CREATE TABLE hidden(top INTEGER PRIMARY KEY);"
    "CREATE TABLE attempt("
    " identity BLOB PRIMARY KEY, deaths INTEGER NOT NULL, alone INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE audit("
    " id INTEGER PRIMARY KEY, time INTEGER NOT NULL, user TEXT, act TEXT NOT NULL, detail TEXT);";

static int read_number(struct inventory *inv, const char *sql, int64_t *ret)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv, sql, &s, "the inventory cannot be read");

    if (r < 0)
        return r;
    int step = sqlite3_step(s);

    if (step != SQLITE_ROW)
        return db_fail(inv, step, "the inventory cannot be read");
    *ret = sqlite3_column_int64(s, 0);
    return 0;
}

static int create(struct inventory *inv)
{
    char sql[96];

    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
             SCHEMA_VERSION);
    int r = db_exec(inv, "BEGIN IMMEDIATE;", "the inventory cannot be created");

    if (r == 0)
        r = db_exec(inv, tables, "the inventory cannot be created");
    if (r == 0)
        r = db_exec(inv, sql, "the inventory cannot be created");
    if (r == 0)
        r = db_exec(inv, "COMMIT;", "the inventory cannot be created");
    return r;
}

int schema_open(struct inventory *inv)
{
    int64_t application = 0, version = 0, objects = 0;
    int r = read_number(inv, "PRAGMA application_id", &application);

    if (r == 0)
        r = read_number(inv, "PRAGMA user_version", &version);
    if (r == 0)
        r = read_number(inv, "SELECT count(*) FROM sqlite_master", &objects);
    if (r < 0)
        return r;
    if (application == 0 && version == 0 && objects == 0) {
        if (inv->mode != INVENTORY_WRITE)
            return db_say(inv, -ENODATA, "the inventory is empty: no scan has written to it yet");
        return create(inv);
    }
    if (application != APPLICATION_ID)
        return db_say(inv, -EBADMSG, "inventory.sqlite is not an inventory of constat");
    if (version == SCHEMA_VERSION)
        return 0;
    snprintf(inv->error, sizeof inv->error,
             version < SCHEMA_VERSION
                 ? "this case was made by an earlier constat (inventory of layout %lld, this "
                   "program has layout %d): read it with the constat that made it, or scan again "
                   "into a new case folder"
                 : "this case was made by a newer constat (inventory of layout %lld, this program "
                   "knows layout %d): use that one, or a newer one",
             (long long)version, SCHEMA_VERSION);
    return -EPROTONOSUPPORT;
}
