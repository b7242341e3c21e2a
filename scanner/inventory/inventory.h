/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inventory.h - the case's database: ledger, findings, runs.               (door: SQLite)
 *
 * One thread owns a struct inventory.  During a scan that is the record thread: it alone writes,
 * in transactions of many items.  A top-level item and all its members become visible together:
 * rows are written as they come and count only once inventory_item_done() has marked the item
 * (so a scan that was killed leaves rows that the next one removes).  Tables and columns are
 * described in docs/inventory.md: this file is evidence.
 *
 * Readers never load the ledger or the findings into memory: they stream.
 * Functions return 0 or a negative errno; inventory_error() has the words for the operator.
 */
#ifndef CONSTAT_INVENTORY_H
#define CONSTAT_INVENTORY_H

#include <stdint.h>

#include "scanner/base/finding_block.h"
#include "scanner/base/keys.h"
#include "scanner/base/outcome.h"

struct inventory;

enum inventory_mode { INVENTORY_READ, INVENTORY_WRITE };

/* `dir_fd` is the open case folder.  WRITE creates the database when it is missing, takes the
 * case's lock (-EWOULDBLOCK: another scan runs) and checks the schema version. */
int inventory_open(int dir_fd, enum inventory_mode mode, struct inventory **ret);
void inventory_close(struct inventory *inv); /* takes NULL; commits what is complete */
const char *inventory_error(const struct inventory *inv);

/* --- runs ------------------------------------------------------------------------------------ */

struct run {
    int64_t id;
    int64_t started, finished;      /* seconds since 1970; finished 0 while running */
    const char *state;              /* "running" "finished" "interrupted" "failed" */
    const char *tool_version, *build_id, *host, *kernel, *user;
    const char *options;            /* JSON object of every option in force, no values */
    const char *rules_digest;       /* engine_rules_digest */
    uint32_t today;                 /* reference date YYYYMMDD */
    uint64_t helpers_replaced;
};

int run_begin(struct inventory *inv, struct run *run);   /* sets run->id */
int run_end(struct inventory *inv, const struct run *run);
/* Detectors and extractors in force; replaces the table of an earlier run when it differs. */
struct tool_part { const char *group, *id, *kind; uint32_t version; bool look_alike; double chance; const char *words; };
int run_parts(struct inventory *inv, int64_t run, const struct tool_part *parts, unsigned n);
/* Roots: label made unique, given path (masked like a name), kind of file system. */
int run_root(struct inventory *inv, int64_t run, unsigned index, struct span label,
             struct span masked_path, int64_t *ret_root_id);

/* --- writing --------------------------------------------------------------------------------- */

struct ledger_row {
    int64_t id;              /* set by the database */
    int64_t root;
    int64_t top;             /* id of the top-level item, 0 for itself */
    unsigned char identity[16]; /* path_identity, top-level items only */
    struct span path;        /* masked, raw bytes otherwise */
    struct span sealed_path; /* empty when nothing was masked */
    struct span members;     /* JSON array of masked member names, "[]" for a top-level item */
    struct span sealed_members;
    uint32_t depth;
    uint64_t bytes;
    int64_t mtime;           /* nanoseconds since 1970; INT64_MIN unknown */
    int64_t ctime;
    uint64_t dev, ino;
    uint32_t links, mode;
    struct span owner;       /* "uid:gid" or names */
    char type;               /* f file, d folder, l link, s special, m mount point */
    enum outcome outcome;
    struct span reason, media_type, extractor;
    uint64_t text_bytes, records;
    enum place_kind unit;
    uint64_t findings;
    struct span chance;
};

/* Reserves the id for a top-level item; its rows stay invisible until inventory_item_done. */
int inventory_item_begin(struct inventory *inv, int64_t *ret_top);
int inventory_put_row(struct inventory *inv, int64_t run, struct ledger_row *row);
int inventory_put_findings(struct inventory *inv, int64_t row, struct span block);
int inventory_item_done(struct inventory *inv, int64_t top);
int inventory_item_forget(struct inventory *inv, int64_t top); /* all rows of it */
int inventory_commit(struct inventory *inv);

/* --- continuing ------------------------------------------------------------------------------ */

struct seen { unsigned char identity[16]; int64_t top; uint64_t bytes; int64_t mtime, ctime;
              enum outcome outcome; };
/* Every finished top-level item; called once at the start of a scan. */
int inventory_each_seen(struct inventory *inv, bool (*each)(void *ctx, const struct seen *s),
                        void *ctx);
/* Rows of items that never finished. */
int inventory_drop_unfinished(struct inventory *inv);

/* --- reading --------------------------------------------------------------------------------- */

/* Rows in order of root label, path, members: the same for the same content, whatever the order
 * in which they were written.  Spans are borrowed until the next step. */
struct ledger_cursor;
int ledger_open(struct inventory *inv, struct ledger_cursor **ret);
int ledger_next(struct ledger_cursor *c, struct ledger_row *ret, struct span *ret_root_label); /* 1, 0 end */
void ledger_close(struct ledger_cursor *c);

/* Findings in the order of the ledger, within a row by kind name then token; blocks of one row
 * are merged (counts added, best confidence, first place). */
struct finding_cursor;
int findings_open(struct inventory *inv, struct finding_cursor **ret);
int findings_next(struct finding_cursor *c, struct packed_finding *ret, struct ledger_row *ret_row,
                  struct span *ret_root_label);
void findings_close(struct finding_cursor *c);

/* All blocks in storage order, fastest; for counting. */
int inventory_each_block(struct inventory *inv,
                         bool (*each)(void *ctx, int64_t row, struct span block), void *ctx);

/* Index -> kind name and back, as recorded in this case. */
unsigned inventory_kinds(const struct inventory *inv);
const char *inventory_kind_name(const struct inventory *inv, unsigned index);
int inventory_last_run(struct inventory *inv, struct run *ret); /* strings live as long as inv */

#endif
