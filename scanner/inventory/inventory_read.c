/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inventory_read.c - the ledger in its order, single rows, blocks in storage order.
 *
 * The order is made by SQLite's sorter over ids and names only (it spills to a file in the case
 * folder when they do not fit in its cache); each row is then fetched by its id.
 */
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/inventory/inventory_read.h"

static const char unreadable[] = "the inventory cannot be read";

/* `t` is the top-level item of row `i`: the row itself or what it is a member of.  It is written
 * last, so what never finished is not there; `hidden` lists what was finished once and is not any
 * more, and what is half written. */
#define FROM_ITEMS                                                                                 \
    " FROM item i JOIN item t ON t.id = CASE i.top WHEN 0 THEN i.id ELSE i.top END"                \
    " JOIN root r ON r.id = t.root "
#define VISIBLE " t.id NOT IN (SELECT top FROM hidden) "

/* The same of `item i` alone.  An item of the source is its own top-level item and there: only for
 * members another row is looked at. */
#define IS_VISIBLE                                                                                 \
    " (i.top = 0 OR EXISTS (SELECT 1 FROM item t WHERE t.id = i.top)) AND"                         \
    " CASE i.top WHEN 0 THEN i.id ELSE i.top END NOT IN (SELECT top FROM hidden) "

/* Masked paths can be the same where raw ones are not: the keyed identity of the path settles it,
 * and members of one name in one container keep the order in which they stand there. */
#define IN_ORDER " ORDER BY r.label, t.path, t.identity, i.members COLLATE members, i.id"

/* --- order of members ------------------------------------------------------------------------- */

/* An escaped character stands where it would stand unescaped; the rare ones beyond ASCII that are
 * escaped come after all others. */
static unsigned escaped_unit(const unsigned char **at, const unsigned char *end)
{
    const unsigned char *p = *at + 1;
    unsigned v = 0;

    *at = p + 1;
    switch (*p) {
    case 'n':
        return 2 + '\n';
    case 'r':
        return 2 + '\r';
    case 't':
        return 2 + '\t';
    case 'u':
        for (p++; p < end && p - *at < 4; p++)
            v = v << 4 | (*p <= '9' ? *p & 15u : (*p & 7u) + 9);
        *at = p;
        return v < 128 ? 2 + v : 2 + 256 + (v & 0xffff);
    default:
        return 2u + *p;
    }
}

/* The next unit of a JSON array of strings as the program writes it: 0 the array's end, 1 the
 * border between two names, 2 + byte inside a name. */
static unsigned next_unit(const unsigned char **at, const unsigned char *end)
{
    const unsigned char *p = *at;

    if (p >= end)
        return 0;
    if (*p == '\\' && end - p >= 2)
        return escaped_unit(at, end);
    *at = p + 1;
    if (*p != '"')
        return 2u + *p;
    /* A closing quote: what follows decides; opening quotes come only after it or at the start. */
    while (*at < end && (**at == ',' || **at == ' '))
        (*at)++;
    if (*at < end && **at == '"') {
        (*at)++;
        return 1;
    }
    *at = end;
    return 0;
}

static const unsigned char *first_name(const unsigned char *at, const unsigned char *end)
{
    while (at < end && *at != '"')
        at++;
    return at < end ? at + 1 : end;
}

/* Depth first, a container before what it holds. */
static int compare_members(void *ctx, int a_len, const void *a, int b_len, const void *b)
{
    const unsigned char *a_end = (const unsigned char *)a + a_len;
    const unsigned char *b_end = (const unsigned char *)b + b_len;
    const unsigned char *p = first_name(a, a_end), *q = first_name(b, b_end);

    (void)ctx;
    /* "[]" has no name at all, which comes before any name, an empty one too. */
    if (a_len <= 2 || b_len <= 2)
        return (a_len > 2) - (b_len > 2);
    for (;;) {
        unsigned x = next_unit(&p, a_end), y = next_unit(&q, b_end);

        if (x != y)
            return x < y ? -1 : 1;
        if (x == 0)
            return 0;
    }
}

int order_define(struct inventory *inv)
{
    int result =
        sqlite3_create_collation_v2(inv->db, "members", SQLITE_UTF8, NULL, compare_members, NULL);

    return result == SQLITE_OK ? 0 : db_fail(inv, result, unreadable);
}

/* --- one state for several statements --------------------------------------------------------- */

int snapshot_begin(struct inventory *inv)
{
    /* The writer itself sees its own state; nobody else changes ledger or findings. */
    if (inv->mode != INVENTORY_READ || inv->snapshots++ > 0)
        return 0;
    int r = db_exec(inv, "BEGIN", unreadable);

    if (r < 0)
        inv->snapshots--;
    return r;
}

void snapshot_end(struct inventory *inv)
{
    if (inv->mode == INVENTORY_READ && --inv->snapshots == 0)
        sqlite3_exec(inv->db, "COMMIT", NULL, NULL, NULL);
}

/* --- a row ------------------------------------------------------------------------------------ */

#define ROW_COLUMNS                                                                                \
    "i.id, t.root, i.top, i.depth, t.identity, t.path, i.members, t.sealed_path,"                  \
    " i.sealed_members, i.bytes, i.mtime, i.ctime, i.dev, i.ino, i.links, i.mode, i.owner,"        \
    " i.type, i.outcome, i.reason, i.media_type, i.extractor, i.text_bytes, i.records, i.unit,"    \
    " i.findings, i.chance, r.label, i.block, i.run, i.content"

enum { COLUMN_LABEL = 27, COLUMN_BLOCK = 28, COLUMN_RUN = 29, COLUMN_CONTENT = 30 };

static int64_t time_of(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? INT64_MIN
                                                         : sqlite3_column_int64(s, column);
}

static enum place_kind unit_of(struct span word)
{
    static const struct {
        struct span word;
        enum place_kind unit;
    } units[] = {{{"page", 4}, PLACE_PAGE}, {{"row", 3}, PLACE_ROW},
                 {{"cell", 4}, PLACE_CELL}, {{"message", 7}, PLACE_MESSAGE},
                 {{"byte", 4}, PLACE_BYTE}, {{"name", 4}, PLACE_NAME}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (span_equal(word, units[i].word))
            return units[i].unit;
    }
    return PLACE_LINE;
}

static int read_row(struct inventory *inv, sqlite3_stmt *s, struct ledger_row *ret)
{
    const char *word = (const char *)sqlite3_column_text(s, 18);
    int outcome = word ? outcome_from_word(word) : -1;
    struct span identity = db_span(s, 4), type = db_span(s, 17);

    if (outcome < 0 || identity.len != sizeof ret->identity)
        return db_say(inv, -EBADMSG, "a row of the ledger is damaged");
    *ret = (struct ledger_row){
        .id = sqlite3_column_int64(s, 0),
        .root = sqlite3_column_int64(s, 1),
        .top = sqlite3_column_int64(s, 2),
        .depth = (uint32_t)sqlite3_column_int64(s, 3),
        .path = db_span(s, 5),
        .members = db_span(s, 6),
        .sealed_path = db_span(s, 7),
        .sealed_members = db_span(s, 8),
        .bytes = (uint64_t)sqlite3_column_int64(s, 9),
        .mtime = time_of(s, 10),
        .ctime = time_of(s, 11),
        .dev = (uint64_t)sqlite3_column_int64(s, 12),
        .ino = (uint64_t)sqlite3_column_int64(s, 13),
        .links = (uint32_t)sqlite3_column_int64(s, 14),
        .mode = (uint32_t)sqlite3_column_int64(s, 15),
        .owner = db_span(s, 16),
        .type = type.len ? type.at[0] : 'f',
        .outcome = (enum outcome)outcome,
        .reason = db_span(s, 19),
        .media_type = db_span(s, 20),
        .extractor = db_span(s, 21),
        .text_bytes = (uint64_t)sqlite3_column_int64(s, 22),
        .records = (uint64_t)sqlite3_column_int64(s, 23),
        .unit = unit_of(db_span(s, 24)),
        .findings = (uint64_t)sqlite3_column_int64(s, 25),
        .chance = db_span(s, 26),
        .run = sqlite3_column_int64(s, COLUMN_RUN),
        .content = (uint64_t)sqlite3_column_int64(s, COLUMN_CONTENT),
    };
    memcpy(ret->identity, identity.at, sizeof ret->identity);
    return 0;
}

struct row_lookup {
    struct inventory *inv;
    sqlite3_stmt *fetch;
};

int row_lookup_open(struct inventory *inv, struct row_lookup **ret)
{
    struct row_lookup *l = calloc(1, sizeof *l);

    *ret = NULL;
    if (!l)
        return db_say(inv, -ENOMEM, "out of memory");
    l->inv = inv;
    int r = db_prepare(inv, "SELECT " ROW_COLUMNS FROM_ITEMS "WHERE i.id = ? AND" VISIBLE,
                       &l->fetch, unreadable);

    if (r < 0) {
        row_lookup_close(l);
        return r;
    }
    *ret = l;
    return 0;
}

int row_lookup(struct row_lookup *l, int64_t id, struct ledger_row *ret,
               struct span *ret_root_label)
{
    sqlite3_reset(l->fetch);
    sqlite3_bind_int64(l->fetch, 1, id);
    int step = sqlite3_step(l->fetch);

    if (step == SQLITE_DONE)
        return 0;
    if (step != SQLITE_ROW)
        return db_fail(l->inv, step, unreadable);
    int r = read_row(l->inv, l->fetch, ret);

    *ret_root_label = db_span(l->fetch, COLUMN_LABEL);
    return r < 0 ? r : 1;
}

struct span row_lookup_block(struct row_lookup *l)
{
    return db_span(l->fetch, COLUMN_BLOCK);
}

void row_lookup_close(struct row_lookup *l)
{
    if (!l)
        return;
    sqlite3_finalize(l->fetch);
    free(l);
}

/* --- the ledger ------------------------------------------------------------------------------- */

struct ledger_cursor {
    struct inventory *inv;
    sqlite3_stmt *order; /* ids in order, each looked up in `rows`; or whole rows as they lie */
    sqlite3_stmt *then;  /* unordered: members, which come after all items of the source */
    struct row_lookup *rows;
};

#define ORDERED(condition) "SELECT i.id" FROM_ITEMS "WHERE" VISIBLE condition IN_ORDER

#define COUNTING_COLUMNS(top)                                                                      \
    "i.id, " top ".root, i.top, " top ".path, i.bytes, i.type, i.outcome, i.reason, i.records,"    \
    " i.unit, i.findings, i.chance, r.label, i.content"
#define COUNTING_ITEMS                                                                             \
    "SELECT " COUNTING_COLUMNS("i") " FROM item i CROSS JOIN root r ON r.id = i.root"              \
                                    " WHERE i.top = 0 AND" IS_VISIBLE
#define COUNTING_MEMBERS                                                                           \
    "SELECT " COUNTING_COLUMNS(                                                                    \
        "t") " FROM item i CROSS JOIN item t ON t.id = i.top"                                      \
             " CROSS JOIN root r ON r.id = t.root WHERE i.top <> 0 AND" VISIBLE

static struct ledger_cursor *new_cursor(struct inventory *inv, int *ret_error)
{
    struct ledger_cursor *c = calloc(1, sizeof *c);

    if (!c) {
        *ret_error = db_say(inv, -ENOMEM, "out of memory");
        return NULL;
    }
    c->inv = inv;
    *ret_error = snapshot_begin(inv);
    if (*ret_error < 0) {
        free(c);
        return NULL;
    }
    return c;
}

static int open_cursor(struct inventory *inv, const char *sql, struct ledger_cursor **ret)
{
    int r;
    struct ledger_cursor *c = *ret = new_cursor(inv, &r);

    if (!c)
        return r;
    r = db_prepare(inv, sql, &c->order, unreadable);
    if (r == 0)
        r = row_lookup_open(inv, &c->rows);
    if (r < 0) {
        ledger_close(c);
        *ret = NULL;
    }
    return r;
}

int ledger_open(struct inventory *inv, struct ledger_cursor **ret)
{
    return open_cursor(inv, ORDERED(""), ret);
}

int ledger_open_with_findings(struct inventory *inv, struct ledger_cursor **ret)
{
    return open_cursor(inv,
                       ORDERED("AND (i.block IS NOT NULL OR EXISTS (SELECT 1 FROM finding_block b"
                               " WHERE b.id BETWEEN i.id << 20 AND (i.id << 20) + 1048575))"),
                       ret);
}

int ledger_open_row(struct inventory *inv, int64_t row, struct ledger_cursor **ret)
{
    char sql[64];

    /* The row itself is looked up by its id, and only there when it is visible. */
    snprintf(sql, sizeof sql, "SELECT %lld", (long long)row);
    return open_cursor(inv, sql, ret);
}

int ledger_open_unordered(struct inventory *inv, struct ledger_cursor **ret)
{
    int r;
    struct ledger_cursor *c = *ret = new_cursor(inv, &r);

    if (!c)
        return r;
    r = db_prepare(inv, COUNTING_ITEMS, &c->order, unreadable);
    if (r == 0)
        r = db_prepare(inv, COUNTING_MEMBERS, &c->then, unreadable);
    if (r < 0) {
        ledger_close(c);
        *ret = NULL;
    }
    return r;
}

static int read_counting_row(struct inventory *inv, sqlite3_stmt *s, struct ledger_row *ret,
                             struct span *ret_root_label)
{
    const char *word = (const char *)sqlite3_column_text(s, 6);
    int outcome = word ? outcome_from_word(word) : -1;

    if (outcome < 0)
        return db_say(inv, -EBADMSG, "a row of the ledger is damaged");
    struct span type = db_span(s, 5);

    *ret = (struct ledger_row){
        .id = sqlite3_column_int64(s, 0),
        .root = sqlite3_column_int64(s, 1),
        .top = sqlite3_column_int64(s, 2),
        .path = db_span(s, 3),
        .bytes = (uint64_t)sqlite3_column_int64(s, 4),
        .type = type.len ? type.at[0] : 'f',
        .outcome = (enum outcome)outcome,
        .reason = db_span(s, 7),
        .records = (uint64_t)sqlite3_column_int64(s, 8),
        .unit = unit_of(db_span(s, 9)),
        .findings = (uint64_t)sqlite3_column_int64(s, 10),
        .chance = db_span(s, 11),
        .content = (uint64_t)sqlite3_column_int64(s, 13),
    };
    *ret_root_label = db_span(s, 12);
    return 1;
}

int ledger_next(struct ledger_cursor *c, struct ledger_row *ret, struct span *ret_root_label)
{
    for (;;) {
        int step = sqlite3_step(c->order);

        if (step == SQLITE_DONE && c->then) {
            sqlite3_finalize(c->order);
            c->order = c->then;
            c->then = NULL;
            continue;
        }
        if (step == SQLITE_DONE)
            return 0;
        if (step != SQLITE_ROW)
            return db_fail(c->inv, step, unreadable);
        if (!c->rows)
            return read_counting_row(c->inv, c->order, ret, ret_root_label);
        int r = row_lookup(c->rows, sqlite3_column_int64(c->order, 0), ret, ret_root_label);

        if (r != 0)
            return r;
    }
}

struct span ledger_block(struct ledger_cursor *c)
{
    return row_lookup_block(c->rows);
}

void ledger_close(struct ledger_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->order);
    sqlite3_finalize(c->then);
    row_lookup_close(c->rows);
    snapshot_end(c->inv);
    free(c);
}

int inventory_totals(struct inventory *inv, struct inventory_totals *ret)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv,
                       "SELECT count(*) FILTER (WHERE i.top = 0 AND i.type = 'f'),"
                       " ifnull(sum(i.bytes) FILTER (WHERE i.top = 0 AND i.type = 'f'), 0),"
                       " count(*) FILTER (WHERE i.top <> 0),"
                       " count(*) FILTER (WHERE i.outcome NOT IN ('read', 'special', 'excluded')),"
                       " ifnull(sum(i.findings), 0) FROM item i WHERE" IS_VISIBLE,
                       &s, unreadable);

    if (r < 0)
        return r;
    int step = sqlite3_step(s);

    if (step != SQLITE_ROW)
        return db_fail(inv, step, unreadable);
    *ret = (struct inventory_totals){
        (uint64_t)sqlite3_column_int64(s, 0), (uint64_t)sqlite3_column_int64(s, 1),
        (uint64_t)sqlite3_column_int64(s, 2), (uint64_t)sqlite3_column_int64(s, 3),
        (uint64_t)sqlite3_column_int64(s, 4)};
    return 0;
}

/* --- continuing ------------------------------------------------------------------------------- */

int inventory_each_seen(struct inventory *inv, bool (*each)(void *ctx, const struct seen *s),
                        void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv,
                       "SELECT i.identity, i.root, i.id, i.bytes, i.mtime, i.ctime, i.type,"
                       " i.outcome FROM item i WHERE i.top = 0 AND" IS_VISIBLE,
                       &s, unreadable);
    int step;

    if (r < 0)
        return r;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        const char *word = (const char *)sqlite3_column_text(s, 7);
        int outcome = word ? outcome_from_word(word) : -1;
        struct span identity = db_span(s, 0), type = db_span(s, 6);
        struct seen seen = {.root = sqlite3_column_int64(s, 1),
                            .top = sqlite3_column_int64(s, 2),
                            .bytes = (uint64_t)sqlite3_column_int64(s, 3),
                            .mtime = time_of(s, 4),
                            .ctime = time_of(s, 5),
                            .type = type.len ? type.at[0] : 'f',
                            .outcome = (enum outcome)outcome};

        if (outcome < 0 || identity.len != sizeof seen.identity)
            return db_say(inv, -EBADMSG, "a row of the ledger is damaged");
        memcpy(seen.identity, identity.at, sizeof seen.identity);
        if (!each(ctx, &seen))
            return 0;
    }
    return step == SQLITE_DONE ? 0 : db_fail(inv, step, unreadable);
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* 1 go on, 0 the caller has had enough, or negative errno. */
static int each_of(struct inventory *inv, const char *sql,
                   bool (*each)(void *ctx, int64_t row, struct span block), void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv, sql, &s, unreadable);
    int step;

    if (r < 0)
        return r;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        if (!each(ctx, sqlite3_column_int64(s, 0), db_span(s, 1)))
            return 0;
    }
    return step == SQLITE_DONE ? 1 : db_fail(inv, step, unreadable);
}

int inventory_each_block(struct inventory *inv,
                         bool (*each)(void *ctx, int64_t row, struct span block), void *ctx)
{
    int r = snapshot_begin(inv);

    if (r < 0)
        return r;
    r = each_of(inv, "SELECT i.id, i.block FROM item i WHERE i.block IS NOT NULL AND" IS_VISIBLE,
                each, ctx);
    if (r > 0)
        r = each_of(inv,
                    "SELECT i.id, b.block FROM finding_block b CROSS JOIN item i"
                    " ON i.id = b.id >> 20 WHERE" IS_VISIBLE,
                    each, ctx);
    snapshot_end(inv);
    return r < 0 ? r : 0;
}
