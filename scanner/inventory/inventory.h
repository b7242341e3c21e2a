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

#define INVENTORY_FILE "inventory.sqlite"

struct inventory;

enum inventory_mode {
    INVENTORY_READ,
    INVENTORY_WRITE, /* the scan: one at a time */
    INVENTORY_AUDIT  /* inventory_audit and reading only; allowed while a scan writes */
};

/* `dir_fd` is the open case folder.  WRITE creates the database when it is missing, takes the
 * case's lock (-EWOULDBLOCK: another scan runs) and checks the layout version.
 * On failure too *ret holds a handle (NULL only when out of memory), good for inventory_error and
 * inventory_close and nothing else. */
int inventory_open(int dir_fd, enum inventory_mode mode, struct inventory **ret);
void inventory_close(struct inventory *inv); /* takes NULL; commits what is complete */
const char *inventory_error(const struct inventory *inv);

/* Compares with the check value of the case key, and stores it when there is none yet (WRITE).
 * -EKEYREJECTED: another key.  Use case_check_key. */
int inventory_check_value(struct inventory *inv, const unsigned char check[16]);

/* Facts of the case that are set once and then hold (reference date, configuration): the value
 * stored first.  *ret lives as long as inv, NULL when there is none; `value` NULL only asks. */
int inventory_fact(struct inventory *inv, const char *name, const char *value, const char **ret);

/* --- runs ------------------------------------------------------------------------------------ */

struct run {
    int64_t id;
    int64_t started, finished; /* seconds since 1970; finished 0 while running */
    const char *state;         /* "running" "finished" "interrupted" "failed" */
    const char *tool_version, *build_id, *host, *kernel, *user;
    const char *options;      /* JSON object of every option in force, no values */
    const char *rules_digest; /* engine_rules_digest */
    uint32_t today;           /* reference date YYYYMMDD */
    uint64_t helpers_replaced;
};

/* Sets run->id.  A run that is still "running" in the table died: it becomes "interrupted". */
int run_begin(struct inventory *inv, struct run *run);
/* Stores finished, state and helpers_replaced; removes what is hidden; commits. */
int run_end(struct inventory *inv, const struct run *run);

/* Detectors and extractors in force.  Parts of the group "detector" must come in the order of
 * detectors[]: their kinds get their index in the case, and every finding written afterwards is
 * translated to it.  Call before the first finding of the run. */
struct tool_part {
    const char *group, *id, *kind;
    uint32_t version;
    bool look_alike;
    double chance;
    const char *words;   /* one a line: the detector's `words`, then its `keys`.  NULL: none */
    const char *against; /* one a line */
    bool category;       /* a detector with ANCHOR_TERM: gets a category bit */
};
int run_parts(struct inventory *inv, int64_t run, const struct tool_part *parts, unsigned n);

/* Roots: label (made unique within the run by the caller: it is part of path_identity) and given
 * path (masked like a name).  A label that an earlier run had is the same root. */
int run_root(struct inventory *inv, int64_t run, unsigned index, struct span label,
             struct span masked_path, int64_t *ret_root_id);

int inventory_last_run(struct inventory *inv, struct run *ret); /* strings live as long as inv */
/* Oldest first. -ENODATA from last_run and no call from here when there is none. */
int inventory_each_run(struct inventory *inv, bool (*each)(void *ctx, const struct run *run),
                       void *ctx);
int inventory_each_part(struct inventory *inv, int64_t run,
                        bool (*each)(void *ctx, const struct tool_part *part), void *ctx);
struct case_root {
    int64_t id, run;
    struct span label, path; /* path as given to that run, masked */
};
/* Every root of every run, oldest run first. */
int inventory_each_root(struct inventory *inv,
                        bool (*each)(void *ctx, const struct case_root *root), void *ctx);

/* The log of acts on the case: names shown in the clear, a lookup by token.  Never a value. */
int inventory_audit(struct inventory *inv, const char *act, const char *detail);
struct audit_entry {
    int64_t time;
    struct span user, act, detail;
};
int inventory_each_audit(struct inventory *inv,
                         bool (*each)(void *ctx, const struct audit_entry *entry), void *ctx);

/* --- writing --------------------------------------------------------------------------------- */

struct ledger_row {
    int64_t id; /* a top-level item's own row: the id of inventory_item_begin.  A member's: 0, and
                   put_row sets it, or an id of inventory_reserve_row */
    int64_t root;
    int64_t top; /* id of the top-level item, 0 for itself */
    /* Members are written without these three and read back with those of their top-level item. */
    unsigned char identity[16]; /* path_identity */
    struct span path;           /* masked, raw bytes otherwise */
    struct span sealed_path;    /* raw path under the case key; empty when nothing was masked */
    struct span members;        /* JSON array of masked member names, outermost first, "[]" for a
                                   top-level item */
    struct span sealed_members; /* the raw names, NUL between two, under the case key; empty when
                                   nothing was masked */
    uint32_t depth;
    uint64_t bytes;
    int64_t mtime; /* nanoseconds since 1970; INT64_MIN unknown */
    int64_t ctime;
    uint64_t dev, ino;
    uint32_t links, mode;
    struct span owner; /* "uid:gid" or names */
    char type;         /* f file, d folder, l link, s special, m mount point */
    enum outcome outcome;
    struct span reason, media_type, extractor;
    uint64_t text_bytes, records;
    enum place_kind unit;
    uint64_t findings;
    struct span chance; /* repeated varints: kind, candidates, passed, and of these two the
                           unsupported ones (struct text_summary).  Written with this program's
                           kinds, read back with the case's */
    int64_t run;        /* the run that read it; set by ledger_next and row_lookup */
    /* Keyed hash of the text that was searched, 0 for none: documents of equal content have equal
     * ones. */
    uint64_t content;
};

/* The next of `chance`.  False at the end or when it is damaged (then r->bad). */
struct kind_tally {
    unsigned kind;
    uint64_t candidates, passed, unsupported, unsupported_passed;
};
bool chance_next(struct reader *r, struct kind_tally *ret);

/* Reserves the id of a top-level item; its rows stay invisible until inventory_item_done. */
int inventory_item_begin(struct inventory *inv, int64_t *ret_top);
/* An id for a member's row, when its findings come before the row itself. */
int64_t inventory_reserve_row(struct inventory *inv);
/* The spans are copied or written before it returns. */
int inventory_put_row(struct inventory *inv, int64_t run, struct ledger_row *row);
/* `row` is the row's id, put already or still to come; `top` its top-level item (the same id for
 * its own findings).  The block must be sound (kinds below
 * the number of detectors; findings_decode has checked that). */
int inventory_put_findings(struct inventory *inv, int64_t top, int64_t row, struct span block);
/* Everything of the item becomes visible.  Its own row must have been put.  An item that ended
 * other than crashed has its attempts cleared. */
int inventory_item_done(struct inventory *inv, int64_t top);
/* All rows of it, at any stage.  To replace the item of an earlier scan: forget the old one right
 * before or after inventory_item_done of the new one (both are then in one transaction). */
int inventory_item_forget(struct inventory *inv, int64_t top);
/* What was put since the last commit is on its way to the disk.  Also done by itself after every
 * 64 MiB; call it about once a second so that little is lost when the program is killed. */
int inventory_commit(struct inventory *inv);

/* --- continuing ------------------------------------------------------------------------------ */

struct seen {
    unsigned char identity[16];
    int64_t root, top;
    uint64_t bytes;
    int64_t mtime, ctime;
    char type;
    enum outcome outcome;
};
/* Every finished top-level item; called once at the start of a scan. */
int inventory_each_seen(struct inventory *inv, bool (*each)(void *ctx, const struct seen *s),
                        void *ctx);
/* Removes the rows of items that never finished, and of items that were forgotten.  Call it when
 * no item is begun and not done. */
int inventory_drop_unfinished(struct inventory *inv);

/* Items that were in flight when a scan died (case_inflight_open counts them). */
struct attempt {
    unsigned char identity[16];
    unsigned deaths; /* all of them */
    unsigned alone;  /* of these, with no other item in the same helper */
};
int inventory_each_attempt(struct inventory *inv, bool (*each)(void *ctx, const struct attempt *a),
                           void *ctx);
/* The item has ended well: what was counted no longer speaks against it. */
int inventory_attempt_clear(struct inventory *inv, const unsigned char identity[16]);
/* For case.c: 1 when this generation of the journal is not counted yet, 0 when it is; then each
 * death, then inventory_commit. */
int inventory_deaths_begin(struct inventory *inv, const unsigned char generation[16]);
int inventory_death(struct inventory *inv, const unsigned char identity[16], bool alone);

/* --- reading --------------------------------------------------------------------------------- */

/* Rows in order of root label, path, members (depth first, a container before what it holds): the
 * same for the same content, whatever the order in which they were written.  A cursor sees the
 * case as it was when it was opened.  Spans are borrowed until the next step.
 * `next` gives 1, 0 at the end, or a negative errno. */
struct ledger_cursor;
int ledger_open(struct inventory *inv, struct ledger_cursor **ret);
int ledger_next(struct ledger_cursor *c, struct ledger_row *ret, struct span *ret_root_label);
void ledger_close(struct ledger_cursor *c); /* takes NULL */
/* For counting: the same rows in no particular order, several times as fast, and only with id,
 * root, top, path, bytes, type, outcome, reason, records, unit, findings, chance and content. */
int ledger_open_unordered(struct inventory *inv, struct ledger_cursor **ret);

/* Of everything that is finished. */
struct inventory_totals {
    uint64_t files, file_bytes; /* of the source; no folders, links, special files */
    uint64_t members;
    uint64_t gaps;     /* items and members that are neither read, special nor excluded */
    uint64_t findings; /* rows of (document, kind, token), before blocks are merged */
};
int inventory_totals(struct inventory *inv, struct inventory_totals *ret);

/* Findings in the order of the ledger, within a row by kind name then token; blocks of one row
 * are merged (counts added, best confidence, first place).  Memory is bounded: a row with more
 * findings than fit is read several times. */
struct finding_cursor;
int findings_open(struct inventory *inv, struct finding_cursor **ret);
/* Of one row only. */
int findings_open_row(struct inventory *inv, int64_t row, struct finding_cursor **ret);
int findings_next(struct finding_cursor *c, struct packed_finding *ret, struct ledger_row *ret_row,
                  struct span *ret_root_label);
void findings_close(struct finding_cursor *c); /* takes NULL */

/* All blocks in storage order, fastest; for counting.  The blocks of one row come together, and
 * the same (kind, token) may stand in several of them. */
int inventory_each_block(struct inventory *inv,
                         bool (*each)(void *ctx, int64_t row, struct span block), void *ctx);

/* One row by its id.  1, 0 when there is none (or none visible), or a negative errno.  Spans are
 * borrowed until the next call of it. */
struct row_lookup;
int row_lookup_open(struct inventory *inv, struct row_lookup **ret);
int row_lookup(struct row_lookup *l, int64_t id, struct ledger_row *ret,
               struct span *ret_root_label);
void row_lookup_close(struct row_lookup *l); /* takes NULL */

/* Index -> kind name and back (-1), as recorded in this case. */
unsigned inventory_kinds(const struct inventory *inv);
const char *inventory_kind_name(const struct inventory *inv, unsigned index);
int inventory_kind_index(const struct inventory *inv, const char *name);
/* Which bit of packed_finding.categories stands for a kind of the case, and back; -1: none. */
int inventory_category_bit(const struct inventory *inv, unsigned kind);
int inventory_category_kind(const struct inventory *inv, unsigned bit);
/* This program's detector index -> index in the case; NULL before run_parts (then they are the
 * same).  inventory_put_findings applies it by itself. */
const unsigned char *inventory_kind_map(const struct inventory *inv);

#endif
