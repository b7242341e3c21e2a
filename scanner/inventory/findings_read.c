/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * findings_read.c - findings in the order of the ledger, merged within each row.
 *
 * The findings of one row are gathered as they are packed, sorted by (kind name, token), unpacked
 * again and folded.  A row with more than GATHER_BYTES of them (a dump of a register) is counted
 * first, by kind and the first bits of the token, and then read in as many passes as are needed,
 * each over a run of those buckets: the memory stays the same, tokens being evenly spread.
 */
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/inventory/inventory_read.h"

static const char unreadable[] = "the inventory cannot be read";
static const char no_memory[] = "out of memory";

/* The packed findings of a pass; with 16 bytes of key for each of them (they are some 30 bytes),
 * and 16 more while sorting, 40 MiB in all. */
enum { GATHER_BYTES = 16 << 20, BUCKET_BITS = 12, BUCKETS = 1 << BUCKET_BITS };

struct sort_key {
    uint64_t head; /* rank of the kind name, then the first 7 bytes of the token */
    uint32_t at;   /* in `packed`: also the order in which they were found */
};

struct finding_cursor {
    struct inventory *inv;
    struct ledger_cursor *ledger;
    sqlite3_stmt *blocks;
    unsigned char rank[KINDS_MAX]; /* of each kind's name in the order of names */

    struct ledger_row row;
    struct span label;
    bool have_row;

    struct buf packed;
    struct sort_key *keys;
    size_t n, room, at;

    uint64_t *counts; /* bytes in [rank][bucket], only for a row that takes several passes */
    size_t n_buckets, next_bucket;
    bool several;
};

static int compare_names(const void *a, const void *b, void *ctx)
{
    const struct inventory *inv = ctx;
    const unsigned char *x = a, *y = b;

    return strcmp(inv->kind_names[*x], inv->kind_names[*y]);
}

static int open_rows(struct inventory *inv, int64_t row, struct finding_cursor **ret)
{
    struct finding_cursor *c = calloc(1, sizeof *c);
    unsigned char kinds[KINDS_MAX];

    *ret = NULL;
    if (!c)
        return db_say(inv, -ENOMEM, no_memory);
    c->inv = inv;
    /* One bucket may be larger than a pass should be: only a block made to do harm has such. */
    buf_init(&c->packed, UINT32_MAX / 2);
    for (unsigned i = 0; i < inv->kinds; i++)
        kinds[i] = (unsigned char)i;
    qsort_r(kinds, inv->kinds, 1, compare_names, inv);
    for (unsigned i = 0; i < inv->kinds; i++)
        c->rank[kinds[i]] = (unsigned char)i;
    int r =
        row ? ledger_open_row(inv, row, &c->ledger) : ledger_open_with_findings(inv, &c->ledger);

    if (r == 0)
        r = db_prepare(inv,
                       "SELECT block FROM finding_block"
                       " WHERE id BETWEEN ?1 << 20 AND (?1 << 20) + 1048575 ORDER BY id",
                       &c->blocks, unreadable);
    if (r < 0) {
        findings_close(c);
        return r;
    }
    *ret = c;
    return 0;
}

int findings_open(struct inventory *inv, struct finding_cursor **ret)
{
    return open_rows(inv, 0, ret);
}

int findings_open_row(struct inventory *inv, int64_t row, struct finding_cursor **ret)
{
    return open_rows(inv, row, ret);
}

void findings_close(struct finding_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->blocks);
    ledger_close(c->ledger);
    buf_release(&c->packed);
    free(c->keys);
    free(c->counts);
    free(c);
}

/* --- gathering -------------------------------------------------------------------------------- */

static size_t bucket_of(const struct finding_cursor *c, const struct packed_finding *f)
{
    unsigned prefix = (unsigned)f->token[0] << 8 | f->token[1];

    return (size_t)c->rank[f->kind] * BUCKETS + (prefix >> (16 - BUCKET_BITS));
}

static int keep(struct finding_cursor *c, const struct packed_finding *f, struct span packed)
{
    if (c->n == c->room) {
        size_t room = c->room ? c->room * 2 : 64;
        struct sort_key *keys = reallocarray(c->keys, room, sizeof *keys);

        if (!keys)
            return db_say(c->inv, -ENOMEM, no_memory);
        c->keys = keys;
        c->room = room;
    }
    uint64_t head = c->rank[f->kind];

    for (unsigned i = 0; i < 7; i++)
        head = head << 8 | f->token[i];
    c->keys[c->n++] = (struct sort_key){head, (uint32_t)c->packed.len};
    return buf_add_span(&c->packed, packed) ? 0 : db_say(c->inv, -ENOMEM, no_memory);
}

typedef int each_finding(struct finding_cursor *c, const struct packed_finding *f,
                         struct span packed);

/* 0, or what `each` gave when that is not 0. */
static int decode(struct finding_cursor *c, struct span block, each_finding *each)
{
    struct reader r = reader_of(block);
    struct packed_finding f;

    for (const char *from = r.at; finding_block_next(&r, c->inv->kinds, &f); from = r.at) {
        int e = each(c, &f, (struct span){from, (size_t)(r.at - from)});

        if (e != 0)
            return e;
    }
    return r.bad ? db_say(c->inv, -EBADMSG, "a block of findings in the inventory is damaged") : 0;
}

static int decode_row(struct finding_cursor *c, each_finding *each)
{
    int r = decode(c, ledger_block(c->ledger), each);
    int step = SQLITE_DONE;

    if (r != 0)
        return r;
    sqlite3_bind_int64(c->blocks, 1, c->row.id);
    while (r == 0 && (step = sqlite3_step(c->blocks)) == SQLITE_ROW)
        r = decode(c, db_span(c->blocks, 0), each);
    if (r == 0 && step != SQLITE_DONE)
        r = db_fail(c->inv, step, unreadable);
    sqlite3_reset(c->blocks);
    return r;
}

/* 1: the row has too many to be gathered at once. */
static int gather_all(struct finding_cursor *c, const struct packed_finding *f, struct span packed)
{
    return c->packed.len + packed.len > GATHER_BYTES ? 1 : keep(c, f, packed);
}

static int count(struct finding_cursor *c, const struct packed_finding *f, struct span packed)
{
    c->counts[bucket_of(c, f)] += packed.len;
    return 0;
}

/* Buckets of this pass: those that are marked. */
static const uint64_t in_this_pass = UINT64_MAX;

static int gather_marked(struct finding_cursor *c, const struct packed_finding *f,
                         struct span packed)
{
    return c->counts[bucket_of(c, f)] == in_this_pass ? keep(c, f, packed) : 0;
}

static const char *token_at(const struct finding_cursor *c, const struct sort_key *key)
{
    return c->packed.at + key->at + FINDING_TOKEN_AT;
}

static int compare_keys(const void *a, const void *b, void *ctx)
{
    const struct sort_key *x = a, *y = b;

    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    int order = memcmp(token_at(ctx, x), token_at(ctx, y), TOKEN_BYTES);

    if (order != 0)
        return order;
    return x->at < y->at ? -1 : x->at > y->at;
}

static void sort_gathered(struct finding_cursor *c)
{
    if (c->n > 1)
        qsort_r(c->keys, c->n, sizeof *c->keys, compare_keys, c);
    c->at = 0;
}

/* The next run of buckets of a large row.  1 something gathered, 0 the row is at its end. */
static int next_pass(struct finding_cursor *c)
{
    uint64_t sum = 0;
    size_t first = c->next_bucket;

    c->n = 0;
    buf_clear(&c->packed);
    while (c->next_bucket < c->n_buckets &&
           (sum == 0 || sum + c->counts[c->next_bucket] <= GATHER_BYTES)) {
        sum += c->counts[c->next_bucket];
        c->counts[c->next_bucket++] = in_this_pass;
    }
    if (sum == 0)
        return 0;
    int r = decode_row(c, gather_marked);

    for (size_t i = first; i < c->next_bucket; i++)
        c->counts[i] = 0;
    if (r < 0)
        return r;
    sort_gathered(c);
    return 1;
}

/* 1 something gathered, 0 nothing, or negative errno. */
static int begin_row(struct finding_cursor *c)
{
    c->several = false;
    c->n = 0;
    buf_clear(&c->packed);
    int r = decode_row(c, gather_all);

    if (r < 0)
        return r;
    if (r == 0) {
        sort_gathered(c);
        return c->n > 0;
    }
    c->several = true;
    c->n_buckets = (size_t)c->inv->kinds * BUCKETS;
    c->next_bucket = 0;
    free(c->counts);
    c->counts = calloc(c->n_buckets, sizeof *c->counts);
    if (!c->counts)
        return db_say(c->inv, -ENOMEM, no_memory);
    r = decode_row(c, count);
    return r < 0 ? r : next_pass(c);
}

/* --- out -------------------------------------------------------------------------------------- */

/* They were read before; that they are sound is known. */
static void unpack(const struct finding_cursor *c, size_t index, struct packed_finding *ret)
{
    const char *at = c->packed.at + c->keys[index].at;
    struct reader r = reader_of((struct span){at, (size_t)(c->packed.at + c->packed.len - at)});

    finding_block_next(&r, c->inv->kinds, ret);
}

static void take(struct finding_cursor *c, struct packed_finding *ret)
{
    const struct sort_key *first = &c->keys[c->at];
    struct packed_finding same;

    unpack(c, c->at, ret);
    for (c->at++; c->at < c->n; c->at++) {
        const struct sort_key *key = &c->keys[c->at];

        if (key->head != first->head ||
            memcmp(token_at(c, key), token_at(c, first), TOKEN_BYTES) != 0)
            break;
        unpack(c, c->at, &same);
        finding_fold(ret, &same);
    }
}

int findings_next(struct finding_cursor *c, struct packed_finding *ret, struct ledger_row *ret_row,
                  struct span *ret_root_label)
{
    while (c->at == c->n) {
        int r = c->several && c->have_row ? next_pass(c) : 0;

        if (r < 0)
            return r;
        if (r > 0)
            break;
        r = ledger_next(c->ledger, &c->row, &c->label);
        c->have_row = r > 0;
        if (r <= 0)
            return r;
        r = begin_row(c);
        if (r < 0)
            return r;
    }
    take(c, ret);
    *ret_row = c->row;
    *ret_root_label = c->label;
    return 1;
}
