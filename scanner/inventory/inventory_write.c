/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inventory_write.c - ledger rows and findings, as the record thread puts them.
 *
 * A small item, one row and one small block, is a single INSERT: the item's own row waits in
 * memory until inventory_item_done, and its block with it.  What has to go to the database before
 * the item is done (members, large blocks) makes the item "stored"; a stored item that is not done
 * when a transaction ends is listed in table `hidden`, in that same transaction, so that neither a
 * reader nor a crash ever sees half an item.
 */
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/inventory/inventory_db.h"

static const char wrong_order[] = "a row or finding was put for an item that was not begun";
static const char unwritable[] = "the inventory cannot be written";

/* Bytes after which a transaction ends by itself. */
static const uint64_t commit_bytes = 64u << 20;

/* Names and member lists of one item: paths are at most a few KiB, member lists a few names. */
enum { ROW_BYTES_MAX = 16 << 20 };

enum column {
    COL_ID = 1,
    COL_ROOT,
    COL_TOP,
    COL_RUN,
    COL_DEPTH,
    COL_IDENTITY,
    COL_PATH,
    COL_MEMBERS,
    COL_SEALED_PATH,
    COL_SEALED_MEMBERS,
    COL_BYTES,
    COL_MTIME,
    COL_CTIME,
    COL_DEV,
    COL_INO,
    COL_LINKS,
    COL_MODE,
    COL_OWNER,
    COL_TYPE,
    COL_OUTCOME,
    COL_REASON,
    COL_MEDIA_TYPE,
    COL_EXTRACTOR,
    COL_TEXT_BYTES,
    COL_RECORDS,
    COL_UNIT,
    COL_FINDINGS,
    COL_CHANCE,
    COL_BLOCK,
    COL_CONTENT
};

static int prepare(struct inventory *inv)
{
    char sql[512];

    if (inv->mode != INVENTORY_WRITE)
        return db_say(inv, -EBADF, "the inventory is open for reading only");
    if (!inv->insert_item) {
        snprintf(
            sql, sizeof sql,
            "INSERT INTO item(id, root, top, run, depth, identity, path, members, sealed_path,"
            " sealed_members, bytes, mtime, ctime, dev, ino, links, mode, owner, type, outcome,"
            " reason, media_type, extractor, text_bytes, records, unit, findings, chance,"
            " block, content) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        int r = db_prepare(inv, sql, &inv->insert_item, unwritable);

        if (r == 0)
            r = db_prepare(inv, "INSERT INTO finding_block(id, block) VALUES(?,?)",
                           &inv->insert_block, unwritable);
        if (r == 0)
            r = db_prepare(inv, "INSERT OR IGNORE INTO hidden(top) VALUES(?)", &inv->hide,
                           unwritable);
        if (r == 0)
            r = db_prepare(inv, "DELETE FROM hidden WHERE top = ?", &inv->unhide, unwritable);
        if (r < 0)
            return r;
    }
    return db_begin(inv);
}

/* --- items that are being read ---------------------------------------------------------------- */

static struct open_item **bucket_of(struct inventory *inv, int64_t top)
{
    return &inv->open[(uint64_t)top % OPEN_BUCKETS];
}

static struct open_item *find_open(struct inventory *inv, int64_t top)
{
    struct open_item *item = *bucket_of(inv, top);

    while (item && item->top != top)
        item = item->next;
    return item;
}

static struct open_item *new_open(struct inventory *inv)
{
    struct open_item *item = inv->spare;

    if (item) {
        inv->spare = item->next;
        return item;
    }
    item = calloc(1, sizeof *item);
    if (item) {
        buf_init(&item->bytes, ROW_BYTES_MAX);
        buf_init(&item->own.block, INLINE_BLOCK_MAX);
        buf_init(&item->member.block, INLINE_BLOCK_MAX);
    }
    return item;
}

/* Out of the table of open items, ready to be used for another. */
static void retire(struct inventory *inv, struct open_item *item)
{
    struct open_item **at = bucket_of(inv, item->top);

    while (*at != item)
        at = &(*at)->next;
    *at = item->next;
    struct buf bytes = item->bytes, own = item->own.block, member = item->member.block;

    if (bytes.room > 65536)
        buf_release(&bytes);
    buf_clear(&bytes);
    buf_clear(&own);
    buf_clear(&member);
    *item = (struct open_item){
        .next = inv->spare, .bytes = bytes, .own.block = own, .member.block = member};
    inv->spare = item;
}

int64_t inventory_reserve_row(struct inventory *inv)
{
    return inv->next_id++;
}

int inventory_item_begin(struct inventory *inv, int64_t *ret_top)
{
    struct open_item *item = new_open(inv);

    if (!item)
        return db_say(inv, -ENOMEM, "out of memory");
    item->top = inventory_reserve_row(inv);
    struct open_item **bucket = bucket_of(inv, item->top);

    item->next = *bucket;
    *bucket = item;
    *ret_top = item->top;
    return 0;
}

/* --- rows ------------------------------------------------------------------------------------- */

static const char *unit_word(enum place_kind unit)
{
    static const char *const words[] = {"line", "page", "row", "cell", "message", "byte", "name"};

    return (unsigned)unit < sizeof words / sizeof words[0] ? words[unit] : "line";
}

static void bind_text(sqlite3_stmt *s, int column, struct span text)
{
    sqlite3_bind_text(s, column, text.len ? text.at : "", (int)text.len, SQLITE_STATIC);
}

static void bind_blob(sqlite3_stmt *s, int column, struct span bytes)
{
    sqlite3_bind_blob(s, column, bytes.len ? bytes.at : "", (int)bytes.len, SQLITE_STATIC);
}

static void bind_optional(sqlite3_stmt *s, int column, struct span bytes)
{
    if (bytes.len)
        bind_blob(s, column, bytes);
    else
        sqlite3_bind_null(s, column);
}

static void bind_time(sqlite3_stmt *s, int column, int64_t time)
{
    if (time == INT64_MIN)
        sqlite3_bind_null(s, column);
    else
        sqlite3_bind_int64(s, column, time);
}

static int insert_row(struct inventory *inv, int64_t run, const struct ledger_row *row,
                      struct span block)
{
    sqlite3_stmt *s = inv->insert_item;

    sqlite3_bind_int64(s, COL_ID, row->id);
    sqlite3_bind_int64(s, COL_ROOT, row->root);
    sqlite3_bind_int64(s, COL_TOP, row->top);
    sqlite3_bind_int64(s, COL_RUN, run);
    sqlite3_bind_int64(s, COL_DEPTH, row->depth);
    sqlite3_bind_blob(s, COL_IDENTITY, row->identity, sizeof row->identity, SQLITE_STATIC);
    bind_blob(s, COL_PATH, row->path);
    bind_text(s, COL_MEMBERS, row->members.len ? row->members : SPAN("[]"));
    bind_optional(s, COL_SEALED_PATH, row->sealed_path);
    bind_optional(s, COL_SEALED_MEMBERS, row->sealed_members);
    sqlite3_bind_int64(s, COL_BYTES, (int64_t)row->bytes);
    bind_time(s, COL_MTIME, row->mtime);
    bind_time(s, COL_CTIME, row->ctime);
    sqlite3_bind_int64(s, COL_DEV, (int64_t)row->dev);
    sqlite3_bind_int64(s, COL_INO, (int64_t)row->ino);
    sqlite3_bind_int64(s, COL_LINKS, row->links);
    sqlite3_bind_int64(s, COL_MODE, row->mode);
    bind_text(s, COL_OWNER, row->owner);
    sqlite3_bind_text(s, COL_TYPE, row->type ? &row->type : "f", 1, SQLITE_STATIC);
    sqlite3_bind_text(s, COL_OUTCOME, outcome_word(row->outcome), -1, SQLITE_STATIC);
    bind_text(s, COL_REASON, row->reason);
    bind_text(s, COL_MEDIA_TYPE, row->media_type);
    bind_text(s, COL_EXTRACTOR, row->extractor);
    sqlite3_bind_int64(s, COL_TEXT_BYTES, (int64_t)row->text_bytes);
    sqlite3_bind_int64(s, COL_RECORDS, (int64_t)row->records);
    sqlite3_bind_text(s, COL_UNIT, unit_word(row->unit), -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, COL_FINDINGS, (int64_t)row->findings);
    sqlite3_bind_int64(s, COL_CONTENT, (int64_t)row->content);
    bind_optional(s, COL_CHANCE, row->chance);
    bind_optional(s, COL_BLOCK, block);
    inv->uncommitted += 200 + row->path.len + row->members.len + block.len;
    return db_step_done(inv, s, unwritable);
}

static bool copy_span(struct buf *to, struct span from, size_t *ret_at)
{
    *ret_at = to->len;
    return buf_add_span(to, from);
}

/* A row whose spans live in the item, until it is done. */
static bool keep_row(struct open_item *item, int64_t run, const struct ledger_row *row)
{
    struct span *const spans[] = {
        &item->row.path,           &item->row.sealed_path, &item->row.members,
        &item->row.sealed_members, &item->row.owner,       &item->row.reason,
        &item->row.media_type,     &item->row.extractor,   &item->row.chance};
    enum { SPANS = sizeof spans / sizeof spans[0] };
    size_t at[SPANS];

    buf_clear(&item->bytes);
    item->row = *row;
    item->run = run;
    for (unsigned i = 0; i < SPANS; i++) {
        if (!copy_span(&item->bytes, *spans[i], &at[i]))
            return false;
    }
    for (unsigned i = 0; i < SPANS; i++)
        spans[i]->at = item->bytes.at ? item->bytes.at + at[i] : "";
    item->has_row = true;
    return true;
}

static int store_block(struct inventory *inv, struct open_item *item, int64_t row,
                       struct span block)
{
    int64_t ordinal = item->blocks++;

    if (row == item->top)
        item->own_stored = true;
    if (ordinal >> BLOCK_SHIFT)
        return db_say(inv, -EFBIG, "one item has more findings than the inventory can hold");
    sqlite3_bind_int64(inv->insert_block, 1, row << BLOCK_SHIFT | ordinal);
    bind_blob(inv->insert_block, 2, block);
    item->stored = true;
    inv->uncommitted += block.len;
    return db_step_done(inv, inv->insert_block, unwritable);
}

/* The block that waited to become part of its row cannot: it goes where all others go. */
static int flush_held(struct inventory *inv, struct open_item *item, struct held_block *held)
{
    int64_t row = held->row;

    if (row == 0)
        return 0;
    held->row = 0;
    int r = store_block(inv, item, row, buf_span(&held->block));

    buf_clear(&held->block);
    return r;
}

static int commit_when_large(struct inventory *inv)
{
    return inv->uncommitted >= commit_bytes ? inventory_commit(inv) : 0;
}

bool chance_next(struct reader *r, struct kind_tally *ret)
{
    if (r->bad || r->at == r->end)
        return false;
    uint64_t kind = reader_varint(r);

    ret->kind = kind < KINDS_MAX ? (unsigned)kind : KINDS_MAX;
    ret->candidates = reader_varint(r);
    ret->passed = reader_varint(r);
    ret->unsupported = reader_varint(r);
    ret->unsupported_passed = reader_varint(r);
    r->bad |= ret->kind == KINDS_MAX;
    return !r->bad;
}

/* `chance` with the case's kinds; false when it is damaged. */
static bool remap_chance(struct inventory *inv, struct span chance, struct buf *ret)
{
    struct reader r = reader_of(chance);
    struct kind_tally t;

    while (chance_next(&r, &t)) {
        if (t.kind >= inv->mapped)
            return false;
        buf_add_varint(ret, inv->map[t.kind]);
        buf_add_varint(ret, t.candidates);
        buf_add_varint(ret, t.passed);
        buf_add_varint(ret, t.unsupported);
        buf_add_varint(ret, t.unsupported_passed);
    }
    return !r.bad && !ret->failed;
}

int inventory_put_row(struct inventory *inv, int64_t run, struct ledger_row *row)
{
    int r = prepare(inv);

    if (r < 0)
        return r;
    int64_t top = row->top ? row->top : row->id;
    struct open_item *item = find_open(inv, top);

    if (!item)
        return db_say(inv, -EINVAL, wrong_order);
    struct ledger_row copy = *row;
    AUTO_BUF struct buf chance;

    buf_init(&chance, KINDS_MAX * 5 * VARINT_MAX);
    if (inv->map_changes && row->chance.len) {
        if (!remap_chance(inv, row->chance, &chance))
            return db_say(inv, -EBADMSG, "the figures of an item are damaged");
        copy.chance = buf_span(&chance);
    }
    if (!row->top) {
        if (!keep_row(item, run, &copy))
            return db_say(inv, -ENOMEM, "the names of an item do not fit in memory");
        return 0;
    }
    if (row->id == 0)
        copy.id = row->id = inventory_reserve_row(inv);
    struct held_block *held = &item->member;
    struct span block = {NULL, 0};

    /* Only when no more can come: a row's findings are in it, or they are all in the table. */
    if (held->row == row->id && held->findings == row->findings)
        block = buf_span(&held->block);
    item->stored = true;
    r = insert_row(inv, run, &copy, block);
    if (r < 0)
        return r;
    if (block.len) {
        buf_clear(&held->block);
        held->row = 0;
    }
    return commit_when_large(inv);
}

/* --- findings --------------------------------------------------------------------------------- */

/* False: a category that this program has not. */
static bool map_categories(const struct inventory *inv, uint32_t *categories)
{
    uint32_t mapped = 0;

    for (uint32_t left = *categories; left != 0; left &= left - 1) {
        unsigned bit = (unsigned)__builtin_ctz(left);

        if (bit >= inv->bits_mapped)
            return false;
        mapped |= UINT32_C(1) << inv->bit_map[bit];
    }
    *categories = mapped;
    return true;
}

/* The block with the case's kinds, in inv->remapped; or as it is when they are the same. */
static int translate(struct inventory *inv, struct span block, struct span *ret,
                     uint64_t *ret_findings)
{
    struct reader r = reader_of(block);
    struct packed_finding f;
    unsigned kinds = inv->mapped ? inv->mapped : inv->kinds;

    /* The parent's side of the helpers has checked it; large blocks are not read twice. */
    *ret = block;
    *ret_findings = 0;
    if (!inv->map_changes && block.len > INLINE_BLOCK_MAX)
        return 0;
    buf_clear(&inv->remapped);
    while (finding_block_next(&r, kinds, &f)) {
        *ret_findings += 1;
        if (inv->map_changes) {
            f.kind = inv->map[f.kind];
            r.bad |=
                !map_categories(inv, &f.categories) || !map_categories(inv, &f.categories_near);
            finding_block_add(&inv->remapped, &f);
        }
    }
    if (r.bad)
        return db_say(inv, -EBADMSG, "a block of findings is damaged");
    if (inv->remapped.failed)
        return db_say(inv, -ENOMEM, "out of memory");
    if (inv->map_changes)
        *ret = buf_span(&inv->remapped);
    return 0;
}

int inventory_put_findings(struct inventory *inv, int64_t top, int64_t row, struct span block)
{
    struct span stored;
    uint64_t findings;
    int r = prepare(inv);

    if (r < 0)
        return r;
    struct open_item *item = find_open(inv, top);

    if (!item || row <= 0)
        return db_say(inv, -EINVAL, wrong_order);
    if (block.len > FINDING_BLOCK_MAX)
        return db_say(inv, -EBADMSG, "a block of findings is larger than it may be");
    r = translate(inv, block, &stored, &findings);
    if (r < 0 || stored.len == 0)
        return r;
    bool own = row == top;
    struct held_block *held = own ? &item->own : &item->member;

    r = flush_held(inv, item, held);
    if (r < 0)
        return r;
    if (stored.len <= INLINE_BLOCK_MAX && !(own && item->own_stored)) {
        held->row = row;
        held->findings = findings;
        return buf_add_span(&held->block, stored) ? 0 : db_say(inv, -ENOMEM, "out of memory");
    }
    r = store_block(inv, item, row, stored);
    return r < 0 ? r : commit_when_large(inv);
}

/* --- ends ------------------------------------------------------------------------------------- */

static int set_hidden(struct inventory *inv, int64_t top, bool hidden)
{
    sqlite3_stmt *s = hidden ? inv->hide : inv->unhide;

    sqlite3_bind_int64(s, 1, top);
    return db_step_done(inv, s, unwritable);
}

int inventory_item_done(struct inventory *inv, int64_t top)
{
    int r = prepare(inv);

    if (r < 0)
        return r;
    struct open_item *item = find_open(inv, top);

    if (!item || !item->has_row)
        return db_say(inv, -EINVAL, wrong_order);
    struct span block = {NULL, 0};

    r = flush_held(inv, item, &item->member);
    if (r == 0 && item->own.row)
        block = buf_span(&item->own.block);
    if (r == 0)
        r = insert_row(inv, item->run, &item->row, block);
    if (r == 0 && item->hidden)
        r = set_hidden(inv, top, false);
    /* It was in flight when a scan died, and has now ended: that no longer speaks against it. */
    if (r == 0 && inv->has_attempts && item->row.outcome != OUTCOME_CRASHED)
        r = inventory_attempt_clear(inv, item->row.identity);
    if (r < 0)
        return r;
    retire(inv, item);
    return 0;
}

int inventory_item_forget(struct inventory *inv, int64_t top)
{
    int r = prepare(inv);

    if (r < 0)
        return r;
    struct open_item *item = find_open(inv, top);

    if (!item || (item->stored && !item->hidden))
        r = set_hidden(inv, top, true);
    if (r == 0 && item)
        retire(inv, item);
    return r;
}

int inventory_commit(struct inventory *inv)
{
    if (!inv->in_transaction)
        return 0;
    for (unsigned i = 0; inv->hide && i < OPEN_BUCKETS; i++) {
        for (struct open_item *item = inv->open[i]; item; item = item->next) {
            if (!item->stored || item->hidden)
                continue;
            int r = set_hidden(inv, item->top, true);

            if (r < 0)
                return r;
            item->hidden = true;
        }
    }
    int r = db_exec(inv, "COMMIT", unwritable);

    if (r < 0)
        return r;
    inv->in_transaction = false;
    inv->uncommitted = 0;
    return 0;
}

int inventory_drop_unfinished(struct inventory *inv)
{
    AUTO_STMT sqlite3_stmt *any = NULL;
    int r = prepare(inv);

    if (r == 0)
        r = db_prepare(inv, "SELECT 1 FROM hidden LIMIT 1", &any, unwritable);
    if (r < 0)
        return r;
    if (sqlite3_step(any) != SQLITE_ROW)
        return 0;
    sqlite3_reset(any);
    r = db_exec(inv,
                "DELETE FROM item WHERE top IN (SELECT top FROM hidden)"
                " OR id IN (SELECT top FROM hidden);"
                "DELETE FROM finding_block WHERE NOT EXISTS"
                " (SELECT 1 FROM item WHERE item.id = finding_block.id >> 20)",
                unwritable);
    return r < 0 ? r : db_exec(inv, "DELETE FROM hidden", unwritable);
}
