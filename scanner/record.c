/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/record.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "scanner/base/cleanup.h"
#include "scanner/base/json.h"

enum { COMMIT_SECONDS = 2, WORKERS_MAX = 256 };

enum chunk_record { CHUNK_MEMBER = 1, CHUNK_FINDINGS, CHUNK_RESTART, CHUNK_DONE };

void work_item_free(struct work_item *w)
{
    if (!w)
        return;
    walk_entry_free(w->entry);
    free(w);
}

/* --- chunks ---------------------------------------------------------------------------------- */

struct chunk *chunk_new(unsigned worker, struct work_item *const *items, unsigned n)
{
    struct chunk *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->worker = worker;
    c->n = n;
    memcpy(c->items, items, n * sizeof items[0]);
    buf_init(&c->records, CHUNK_MAX);
    return c;
}

void chunk_free(struct chunk *c)
{
    if (!c)
        return;
    if (c->last) {
        for (unsigned i = 0; i < c->n; i++)
            work_item_free(c->items[i]);
    }
    buf_release(&c->records);
    free(c);
}

/* Each record: u8 type, varint item, u32 length, payload. */
static size_t begin(struct chunk *c, enum chunk_record type, unsigned item)
{
    buf_add_u8(&c->records, (uint8_t)type);
    buf_add_varint(&c->records, item);
    buf_add_u32(&c->records, 0);
    return c->records.len;
}

static bool end(struct chunk *c, size_t payload)
{
    if (c->records.failed)
        return false;
    size_t len = c->records.len - payload;

    for (unsigned i = 0; i < 4; i++)
        c->records.at[payload - 4 + i] = (char)(len >> (8 * i));
    return true;
}

bool chunk_member(struct chunk *c, unsigned item, const struct member_record *m)
{
    size_t payload = begin(c, CHUNK_MEMBER, item);

    if (m->encoded.len > 0)
        buf_add_span(&c->records, m->encoded);
    else
        member_encode(m, &c->records);
    return end(c, payload);
}

bool chunk_findings(struct chunk *c, unsigned item, uint64_t member, struct span block)
{
    size_t payload = begin(c, CHUNK_FINDINGS, item);

    buf_add_u64(&c->records, member);
    buf_add_span(&c->records, block);
    return end(c, payload);
}

bool chunk_restart(struct chunk *c, unsigned item)
{
    return end(c, begin(c, CHUNK_RESTART, item));
}

bool chunk_done(struct chunk *c, unsigned item)
{
    return end(c, begin(c, CHUNK_DONE, item));
}

/* --- what is being written ---------------------------------------------------------------------
 */

/* A member's row is written after its findings and after the rows of its own members: its id is
 * reserved when it is first heard of and kept until then. */
struct pending_row {
    uint64_t member;
    int64_t id;
};

struct open_top {
    int64_t top; /* 0: not begun */
    bool kept;   /* something worth a row was written */
    struct pending_row *pending;
    size_t n, room;
};

struct recording {
    struct recorder *r;
    struct open_top *tops[WORKERS_MAX]; /* BATCH_MAX of each worker that was heard of */
    struct buf members;                 /* JSON array of a member's path */
    char owner[32];                     /* of the file before, as text */
    size_t owner_len;
    uint32_t uid, gid;
};

static void top_reset(struct open_top *t)
{
    free(t->pending);
    *t = (struct open_top){0};
}

static int64_t row_id(struct recording *rec, struct open_top *t, uint64_t member)
{
    if (member == 0)
        return t->top;
    for (size_t i = t->n; i > 0; i--) {
        if (t->pending[i - 1].member == member)
            return t->pending[i - 1].id;
    }
    if (t->n == t->room) {
        size_t room = t->room ? t->room * 2 : 8;
        struct pending_row *bigger = realloc(t->pending, room * sizeof *bigger);

        if (!bigger)
            return -ENOMEM;
        t->pending = bigger;
        t->room = room;
    }
    int64_t id = inventory_reserve_row(rec->r->inv);

    t->pending[t->n++] = (struct pending_row){member, id};
    return id;
}

static void row_written(struct open_top *t, uint64_t member)
{
    for (size_t i = t->n; i > 0; i--) {
        if (t->pending[i - 1].member == member) {
            t->pending[i - 1] = t->pending[--t->n];
            return;
        }
    }
}

static int64_t nanoseconds(int64_t seconds, uint32_t ns)
{
    if (seconds > INT64_MAX / 1000000000 - 1 || seconds < INT64_MIN / 1000000000 + 1)
        return INT64_MIN;
    return seconds * 1000000000 + ns;
}

static char type_letter(const struct walk_entry *e)
{
    switch (e->class) {
    case WALK_FILE:
        return 'f';
    case WALK_FOLDER:
        return 'd';
    case WALK_LINK:
        return 'l';
    case WALK_SPECIAL:
        return 's';
    case WALK_MOUNT:
        return 'm';
    }
    return 's';
}

/* The chain of names from the outermost container to the member, NUL between two, as JSON. */
static unsigned members_json(struct buf *b, struct span chain)
{
    unsigned depth = 0;
    const char *at = chain.at, *last = chain.at + chain.len;

    buf_clear(b);
    buf_add_byte(b, '[');
    for (;;) {
        const char *nul = memchr(at, '\0', (size_t)(last - at));
        struct span name = {at, (size_t)((nul ? nul : last) - at)};

        if (depth++ > 0)
            buf_add_byte(b, ',');
        json_add_string(b, name);
        if (!nul)
            break;
        at = nul + 1;
    }
    buf_add_byte(b, ']');
    return depth;
}

/* "uid:gid"; most files of a share have few owners, and their neighbours' is theirs. */
static struct span owner_text(struct recording *rec, const struct walk_entry *e)
{
    if (rec->owner_len == 0 || rec->uid != e->uid || rec->gid != e->gid) {
        rec->owner_len =
            (size_t)snprintf(rec->owner, sizeof rec->owner, "%" PRIu32 ":%" PRIu32, e->uid, e->gid);
        rec->uid = e->uid;
        rec->gid = e->gid;
    }
    return (struct span){rec->owner, rec->owner_len};
}

static struct ledger_row top_row(struct recording *rec, const struct work_item *w, int64_t top)
{
    const struct walk_entry *e = w->entry;
    struct ledger_row row = {
        .id = top,
        .root = rec->r->root_ids[e->root],
        .members = SPAN("[]"),
        .bytes = e->class == WALK_FILE ? e->size : 0,
        .mtime = e->has_stat ? nanoseconds(e->mtime_s, e->mtime_ns) : INT64_MIN,
        .ctime = e->has_stat ? nanoseconds(e->ctime_s, e->ctime_ns) : INT64_MIN,
        .dev = e->dev,
        .ino = e->ino,
        .links = e->links,
        .mode = e->mode,
        .type = type_letter(e),
    };

    memcpy(row.identity, w->identity, sizeof row.identity);
    if (e->has_stat)
        row.owner = owner_text(rec, e);
    return row;
}

static void count_row(struct recorder *r, const struct ledger_row *row)
{
    if (row->outcome != OUTCOME_READ && row->outcome != OUTCOME_SPECIAL)
        atomic_fetch_add_explicit(&r->counts.gaps, 1, memory_order_relaxed);
    if (row->top)
        atomic_fetch_add_explicit(&r->counts.members, 1, memory_order_relaxed);
}

static int put_member(struct recording *rec, const struct work_item *w, struct open_top *t,
                      struct span payload)
{
    struct recorder *r = rec->r;
    struct member_record m;

    if (!member_decode(payload, &m))
        return -EBADMSG;
    struct ledger_row row = top_row(rec, w, t->top);

    row.outcome = m.outcome;
    row.reason = m.reason;
    row.media_type = m.media_type;
    row.extractor = m.extractor;
    row.text_bytes = m.text_bytes;
    row.records = m.records;
    row.unit = m.unit;
    row.findings = m.findings;
    row.chance = m.chance;
    row.content = m.content;
    if (m.member == 0) {
        /* A folder that was listed is worth a row only for its name. */
        if (w->entry->class == WALK_FOLDER && m.outcome == OUTCOME_READ && !m.name_has_finding &&
            m.findings == 0)
            return 0;
        row.path = m.name;
        row.sealed_path = m.sealed;
        if (w->entry->class == WALK_FOLDER)
            row.media_type = SPAN("inode/directory");
    } else {
        row.id = row_id(rec, t, m.member);
        if (row.id < 0)
            return (int)row.id;
        row.top = t->top;
        row.depth = members_json(&rec->members, m.name);
        row.members = buf_span(&rec->members);
        row.sealed_members = m.sealed;
        row.bytes = m.size < 0 ? 0 : (uint64_t)m.size;
        row.mtime = m.mtime == INT64_MIN ? INT64_MIN : nanoseconds(m.mtime, 0);
        row.ctime = INT64_MIN;
        row.dev = row.ino = 0;
        row.links = 0;
        row.mode = m.mode;
        row.owner = m.owner;
        row.type = 'f';
        if (rec->members.failed)
            return -ENOMEM;
    }
    t->kept = true;
    count_row(r, &row);
    int failed = inventory_put_row(r->inv, r->run, &row);

    row_written(t, m.member);
    return failed;
}

static int item_done(struct recording *rec, const struct work_item *w, struct open_top *t)
{
    struct recorder *r = rec->r;
    int failed =
        t->kept ? inventory_item_done(r->inv, t->top) : inventory_item_forget(r->inv, t->top);

    if (failed >= 0 && w->old_top)
        failed = inventory_item_forget(r->inv, w->old_top);
    if (w->entry->class == WALK_FILE) {
        atomic_fetch_add_explicit(&r->counts.files, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&r->counts.bytes, w->entry->size, memory_order_relaxed);
    }
    top_reset(t);
    return failed;
}

static int record_one(struct recording *rec, const struct chunk *c, enum chunk_record type,
                      uint64_t item, struct span payload)
{
    if (item >= c->n)
        return -EBADMSG;
    struct open_top *t = &rec->tops[c->worker][item];
    const struct work_item *w = c->items[item];
    int failed = 0;

    if (t->top == 0)
        failed = inventory_item_begin(rec->r->inv, &t->top);
    if (failed < 0)
        return failed;
    switch (type) {
    case CHUNK_MEMBER:
        return put_member(rec, w, t, payload);
    case CHUNK_FINDINGS: {
        struct reader r = reader_of(payload);
        uint64_t member = reader_u64(&r);
        int64_t id = row_id(rec, t, member);

        t->kept = true;
        return id < 0 ? (int)id
                      : inventory_put_findings(rec->r->inv, t->top, id,
                                               (struct span){r.at, (size_t)(r.end - r.at)});
    }
    case CHUNK_RESTART:
        failed = inventory_item_forget(rec->r->inv, t->top);
        top_reset(t);
        return failed;
    case CHUNK_DONE:
        return item_done(rec, w, t);
    }
    return -EBADMSG;
}

static int record_chunk(struct recording *rec, const struct chunk *c)
{
    struct reader r = reader_of(buf_span(&c->records));
    int failed = 0;

    if (!rec->tops[c->worker])
        rec->tops[c->worker] = calloc(BATCH_MAX, sizeof(struct open_top));
    if (!rec->tops[c->worker])
        return -ENOMEM;

    while (failed >= 0 && r.at < r.end && !r.bad) {
        enum chunk_record type = (enum chunk_record)reader_u8(&r);
        uint64_t item = reader_varint(&r);
        uint32_t len = reader_u32(&r);
        struct span payload = reader_bytes(&r, len);

        if (!r.bad)
            failed = record_one(rec, c, type, item, payload);
    }
    if (c->last) { /* items that were interrupted leave rows that never became visible */
        for (unsigned i = 0; i < c->n; i++) {
            struct open_top *t = &rec->tops[c->worker][i];

            if (t->top && failed >= 0)
                failed = inventory_item_forget(rec->r->inv, t->top);
            top_reset(t);
        }
    }
    return r.bad ? -EBADMSG : failed;
}

static time_t seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

void *recorder_thread(void *recorder)
{
    struct recorder *r = recorder;
    struct recording *rec = calloc(1, sizeof *rec);
    time_t committed = seconds_now();
    void *taken;

    if (!rec)
        atomic_store(&r->error, -ENOMEM);
    else
        rec->r = r;
    if (rec) {
        buf_init(&rec->members, 16 * 1024 * 1024);
    }
    while (queue_take(r->chunks, &taken, 1) == 1) {
        struct chunk *c = taken;
        int failed = 0;

        /* Once it has failed the queue is only emptied, so that nobody waits for ever. */
        if (atomic_load(&r->error) == 0) {
            failed = record_chunk(rec, c);
            if (failed >= 0 && seconds_now() - committed >= COMMIT_SECONDS) {
                failed = inventory_commit(r->inv);
                committed = seconds_now();
            }
            if (failed < 0)
                atomic_store(&r->error, failed);
        }
        chunk_free(c);
    }
    if (rec && atomic_load(&r->error) == 0) {
        int failed = inventory_commit(r->inv);

        if (failed < 0)
            atomic_store(&r->error, failed);
    }
    if (rec) {
        for (unsigned w = 0; w < WORKERS_MAX; w++) {
            for (unsigned i = 0; rec->tops[w] && i < BATCH_MAX; i++)
                top_reset(&rec->tops[w][i]);
            free(rec->tops[w]);
        }
        buf_release(&rec->members);
    }
    free(rec);
    return NULL;
}
