/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * runs.c - what is written once a run: the run itself, its parts and roots, the kinds of the case,
 * attempts, the log of acts.
 */
#include <pwd.h>
#include <stdlib.h>
#include <time.h>

#include "scanner/base/cleanup.h"
#include "scanner/inventory/inventory_db.h"

static const char unwritable[] = "the inventory cannot be written";
static const char unreadable[] = "the inventory cannot be read";

static void bind_words(sqlite3_stmt *s, int column, const char *words)
{
    if (words)
        sqlite3_bind_text(s, column, words, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(s, column);
}

/* --- facts of the case ------------------------------------------------------------------------ */

int inventory_check_value(struct inventory *inv, const unsigned char check[16])
{
    AUTO_STMT sqlite3_stmt *ask = NULL, *put = NULL;
    int r = db_prepare(inv, "SELECT value FROM meta WHERE key = 'key_check'", &ask, unreadable);

    if (r < 0)
        return r;
    int step = sqlite3_step(ask);

    if (step == SQLITE_ROW) {
        struct span stored = db_span(ask, 0);

        return stored.len == 16 && memcmp(stored.at, check, 16) == 0 ? 0 : -EKEYREJECTED;
    }
    if (step != SQLITE_DONE)
        return db_fail(inv, step, unreadable);
    if (inv->mode != INVENTORY_WRITE)
        return 0;
    sqlite3_reset(ask);
    r = db_begin(inv);
    if (r == 0)
        r = db_prepare(inv, "INSERT INTO meta(key, value) VALUES('key_check', ?)", &put,
                       unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_blob(put, 1, check, 16, SQLITE_STATIC);
    r = db_step_done(inv, put, unwritable);
    return r < 0 ? r : inventory_commit(inv);
}

int inventory_fact(struct inventory *inv, const char *name, const char *value, const char **ret)
{
    AUTO_STMT sqlite3_stmt *ask = NULL, *put = NULL;
    int r = 0;

    *ret = NULL;
    if (value) {
        r = db_begin(inv);
        if (r == 0)
            r = db_prepare(inv, "INSERT OR IGNORE INTO meta(key, value) VALUES('fact:' || ?, ?)",
                           &put, unwritable);
        if (r < 0)
            return r;
        bind_words(put, 1, name);
        bind_words(put, 2, value);
        r = db_step_done(inv, put, unwritable);
        if (r == 0)
            r = inventory_commit(inv);
        if (r < 0)
            return r;
    }
    r = db_prepare(inv, "SELECT value FROM meta WHERE key = 'fact:' || ?", &ask, unreadable);
    if (r < 0)
        return r;
    bind_words(ask, 1, name);
    int step = sqlite3_step(ask);

    if (step == SQLITE_DONE)
        return 0;
    if (step != SQLITE_ROW)
        return db_fail(inv, step, unreadable);
    *ret = db_keep(inv, ask, 0);
    return *ret ? 0 : db_say(inv, -ENOMEM, "out of memory");
}

/* --- kinds ------------------------------------------------------------------------------------ */

int kinds_load(struct inventory *inv)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r =
        db_prepare(inv, "SELECT idx, name, category_bit FROM kind ORDER BY idx", &s, unreadable);

    if (r < 0)
        return r;
    for (;;) {
        int step = sqlite3_step(s);

        if (step == SQLITE_DONE)
            return 0;
        if (step != SQLITE_ROW)
            return db_fail(inv, step, unreadable);
        if (inv->kinds == KINDS_MAX || sqlite3_column_int64(s, 0) != inv->kinds)
            return db_say(inv, -EBADMSG, "the table of kinds in the inventory is damaged");
        struct span name = db_span(s, 1);
        char *copy = strndup(name.at, name.len);

        if (!copy)
            return db_say(inv, -ENOMEM, "out of memory");
        inv->kind_bit[inv->kinds] = -1;
        inv->kind_names[inv->kinds++] = copy;
        if (sqlite3_column_type(s, 2) == SQLITE_NULL)
            continue;
        /* Bits are given out in the order of the kinds. */
        if (sqlite3_column_int64(s, 2) != inv->categories || inv->categories == CATEGORIES_MAX)
            return db_say(inv, -EBADMSG, "the table of kinds in the inventory is damaged");
        inv->kind_bit[inv->kinds - 1] = (signed char)inv->categories++;
    }
}

unsigned inventory_kinds(const struct inventory *inv)
{
    return inv->kinds;
}

const char *inventory_kind_name(const struct inventory *inv, unsigned index)
{
    return index < inv->kinds ? inv->kind_names[index] : NULL;
}

int inventory_kind_index(const struct inventory *inv, const char *name)
{
    for (unsigned i = 0; i < inv->kinds; i++) {
        if (strcmp(inv->kind_names[i], name) == 0)
            return (int)i;
    }
    return -1;
}

int inventory_category_bit(const struct inventory *inv, unsigned kind)
{
    return kind < inv->kinds ? inv->kind_bit[kind] : -1;
}

int inventory_category_kind(const struct inventory *inv, unsigned bit)
{
    for (unsigned i = 0; bit < inv->categories && i < inv->kinds; i++) {
        if (inv->kind_bit[i] == (int)bit)
            return (int)i;
    }
    return -1;
}

const unsigned char *inventory_kind_map(const struct inventory *inv)
{
    return inv->mapped ? inv->map : NULL;
}

/* Existing indexes keep their meaning; new kinds come after them. */
static int add_kind(struct inventory *inv, sqlite3_stmt *put, const char *name, bool category)
{
    if (inv->kinds == KINDS_MAX)
        return db_say(inv, -E2BIG, "the case holds as many kinds of identifiers as it can");
    if (category && inv->categories == CATEGORIES_MAX)
        return db_say(inv, -E2BIG, "the case holds as many categories as it can");
    sqlite3_bind_int64(put, 1, inv->kinds);
    bind_words(put, 2, name);
    if (category)
        sqlite3_bind_int64(put, 3, inv->categories);
    else
        sqlite3_bind_null(put, 3);
    int r = db_step_done(inv, put, unwritable);

    if (r < 0)
        return r;
    char *copy = strdup(name);

    if (!copy)
        return db_say(inv, -ENOMEM, "out of memory");
    inv->kind_bit[inv->kinds] = category ? (signed char)inv->categories++ : -1;
    inv->kind_names[inv->kinds++] = copy;
    return 0;
}

/* The program's next category bit is that of this kind in the case. */
static int map_category(struct inventory *inv, unsigned kind)
{
    int bit = inv->kind_bit[kind];

    if (bit < 0 || inv->bits_mapped == CATEGORIES_MAX)
        return db_say(inv, -EBADMSG, "a category of this program is none in the case");
    inv->map_changes |= (unsigned)bit != inv->bits_mapped;
    inv->bit_map[inv->bits_mapped++] = (unsigned char)bit;
    return 0;
}

static int map_kinds(struct inventory *inv, const struct tool_part *parts, unsigned n)
{
    AUTO_STMT sqlite3_stmt *put = NULL;
    int r = db_prepare(inv, "INSERT INTO kind(idx, name, category_bit) VALUES(?, ?, ?)", &put,
                       unwritable);

    inv->mapped = inv->bits_mapped = 0;
    inv->map_changes = false;
    for (unsigned i = 0; r == 0 && i < n; i++) {
        if (strcmp(parts[i].group, "detector") != 0)
            continue;
        const char *kind = parts[i].kind ? parts[i].kind : parts[i].id;

        if (inv->mapped == KINDS_MAX)
            return db_say(inv, -E2BIG, "this program has too many detectors");
        if (inventory_kind_index(inv, kind) < 0)
            r = add_kind(inv, put, kind, parts[i].category);
        if (r < 0)
            break;
        int index = inventory_kind_index(inv, kind);

        inv->map_changes |= (unsigned)index != inv->mapped;
        inv->map[inv->mapped++] = (unsigned char)index;
        if (parts[i].category)
            r = map_category(inv, (unsigned)index);
    }
    return r;
}

int run_parts(struct inventory *inv, int64_t run, const struct tool_part *parts, unsigned n)
{
    AUTO_STMT sqlite3_stmt *put = NULL;
    int r = db_begin(inv);

    if (r == 0)
        r = map_kinds(inv, parts, n);
    if (r == 0)
        r = db_prepare(inv,
                       "INSERT INTO tool_part(run, ordinal, part_group, id, kind, version,"
                       " look_alike, chance, words, against, category)"
                       " VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                       &put, unwritable);
    for (unsigned i = 0; r == 0 && i < n; i++) {
        sqlite3_bind_int64(put, 1, run);
        sqlite3_bind_int64(put, 2, i);
        bind_words(put, 3, parts[i].group);
        bind_words(put, 4, parts[i].id);
        bind_words(put, 5, parts[i].kind);
        sqlite3_bind_int64(put, 6, parts[i].version);
        sqlite3_bind_int64(put, 7, parts[i].look_alike);
        sqlite3_bind_double(put, 8, parts[i].chance);
        bind_words(put, 9, parts[i].words);
        bind_words(put, 10, parts[i].against);
        sqlite3_bind_int64(put, 11, parts[i].category);
        r = db_step_done(inv, put, unwritable);
    }
    return r < 0 ? r : inventory_commit(inv);
}

int inventory_each_part(struct inventory *inv, int64_t run,
                        bool (*each)(void *ctx, const struct tool_part *part), void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv,
                       "SELECT part_group, id, kind, version, look_alike, chance, words,"
                       " against, category"
                       " FROM tool_part WHERE run = ? ORDER BY ordinal",
                       &s, unreadable);
    int step;

    if (r < 0)
        return r;
    sqlite3_bind_int64(s, 1, run);
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        const struct tool_part part = {
            .group = (const char *)sqlite3_column_text(s, 0),
            .id = (const char *)sqlite3_column_text(s, 1),
            .kind = (const char *)sqlite3_column_text(s, 2),
            .version = (uint32_t)sqlite3_column_int64(s, 3),
            .look_alike = sqlite3_column_int(s, 4) != 0,
            .chance = sqlite3_column_double(s, 5),
            .words = (const char *)sqlite3_column_text(s, 6),
            .against = (const char *)sqlite3_column_text(s, 7),
            .category = sqlite3_column_int(s, 8) != 0,
        };

        if (!part.group || !part.id)
            return db_say(inv, -ENOMEM, "out of memory");
        if (!each(ctx, &part))
            return 0;
    }
    return step == SQLITE_DONE ? 0 : db_fail(inv, step, unreadable);
}

/* --- runs ------------------------------------------------------------------------------------- */

int run_begin(struct inventory *inv, struct run *run)
{
    AUTO_STMT sqlite3_stmt *put = NULL;
    int r = db_begin(inv);

    if (r == 0)
        r = db_exec(inv, "UPDATE run SET state = 'interrupted' WHERE state = 'running'",
                    unwritable);
    if (r == 0)
        r = db_prepare(inv,
                       "INSERT INTO run(started, finished, state, tool_version, build_id, host,"
                       " kernel, user, options, rules_digest, today, helpers_replaced)"
                       " VALUES(?,0,'running',?,?,?,?,?,?,?,?,0)",
                       &put, unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_int64(put, 1, run->started);
    bind_words(put, 2, run->tool_version);
    bind_words(put, 3, run->build_id);
    bind_words(put, 4, run->host);
    bind_words(put, 5, run->kernel);
    bind_words(put, 6, run->user);
    bind_words(put, 7, run->options);
    bind_words(put, 8, run->rules_digest);
    sqlite3_bind_int64(put, 9, run->today);
    r = db_step_done(inv, put, unwritable);
    if (r < 0)
        return r;
    run->id = sqlite3_last_insert_rowid(inv->db);
    return inventory_commit(inv);
}

int run_end(struct inventory *inv, const struct run *run)
{
    AUTO_STMT sqlite3_stmt *put = NULL;
    int r = inventory_drop_unfinished(inv);

    if (r == 0)
        r = db_prepare(inv,
                       "UPDATE run SET finished = ?, state = ?, helpers_replaced = ? WHERE id = ?",
                       &put, unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_int64(put, 1, run->finished);
    bind_words(put, 2, run->state);
    sqlite3_bind_int64(put, 3, (int64_t)run->helpers_replaced);
    sqlite3_bind_int64(put, 4, run->id);
    r = db_step_done(inv, put, unwritable);
    if (r == 0)
        r = inventory_commit(inv);
    if (r == 0)
        sqlite3_wal_checkpoint_v2(inv->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return r;
}

#define RUN_COLUMNS                                                                                \
    "SELECT id, started, finished, state, tool_version, build_id, host, kernel, user, options,"    \
    " rules_digest, today, helpers_replaced FROM run "

static void read_run(struct inventory *inv, sqlite3_stmt *s, struct run *ret)
{
    *ret = (struct run){
        .id = sqlite3_column_int64(s, 0),
        .started = sqlite3_column_int64(s, 1),
        .finished = sqlite3_column_int64(s, 2),
        .state = db_keep(inv, s, 3),
        .tool_version = db_keep(inv, s, 4),
        .build_id = db_keep(inv, s, 5),
        .host = db_keep(inv, s, 6),
        .kernel = db_keep(inv, s, 7),
        .user = db_keep(inv, s, 8),
        .options = db_keep(inv, s, 9),
        .rules_digest = db_keep(inv, s, 10),
        .today = (uint32_t)sqlite3_column_int64(s, 11),
        .helpers_replaced = (uint64_t)sqlite3_column_int64(s, 12),
    };
}

static bool is_whole(const struct run *run)
{
    return run->state && run->tool_version && run->build_id && run->host && run->kernel &&
           run->user && run->options && run->rules_digest;
}

int inventory_last_run(struct inventory *inv, struct run *ret)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv, RUN_COLUMNS "ORDER BY id DESC LIMIT 1", &s, unreadable);

    if (r < 0)
        return r;
    int step = sqlite3_step(s);

    if (step == SQLITE_DONE)
        return db_say(inv, -ENODATA, "the case holds no run");
    if (step != SQLITE_ROW)
        return db_fail(inv, step, unreadable);
    read_run(inv, s, ret);
    return is_whole(ret) ? 0 : db_say(inv, -ENOMEM, "out of memory");
}

int inventory_each_run(struct inventory *inv, bool (*each)(void *ctx, const struct run *run),
                       void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv, RUN_COLUMNS "ORDER BY id", &s, unreadable);
    int step;

    if (r < 0)
        return r;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        struct run run;

        read_run(inv, s, &run);
        if (!is_whole(&run))
            return db_say(inv, -ENOMEM, "out of memory");
        if (!each(ctx, &run))
            return 0;
    }
    return step == SQLITE_DONE ? 0 : db_fail(inv, step, unreadable);
}

/* --- roots ------------------------------------------------------------------------------------ */

int run_root(struct inventory *inv, int64_t run, unsigned index, struct span label,
             struct span masked_path, int64_t *ret_root_id)
{
    AUTO_STMT sqlite3_stmt *put = NULL, *ask = NULL, *put_run = NULL;
    int r = db_begin(inv);

    if (r == 0)
        r = db_prepare(inv, "INSERT OR IGNORE INTO root(label) VALUES(?)", &put, unwritable);
    if (r == 0)
        r = db_prepare(inv, "SELECT id FROM root WHERE label = ?", &ask, unreadable);
    if (r == 0)
        r = db_prepare(inv, "INSERT INTO root_run(run, ordinal, root, path) VALUES(?,?,?,?)",
                       &put_run, unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_blob(put, 1, label.len ? label.at : "", (int)label.len, SQLITE_STATIC);
    r = db_step_done(inv, put, unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_blob(ask, 1, label.len ? label.at : "", (int)label.len, SQLITE_STATIC);
    int step = sqlite3_step(ask);

    if (step != SQLITE_ROW)
        return db_fail(inv, step, unreadable);
    int64_t id = sqlite3_column_int64(ask, 0);

    sqlite3_reset(ask);
    sqlite3_bind_int64(put_run, 1, run);
    sqlite3_bind_int64(put_run, 2, index);
    sqlite3_bind_int64(put_run, 3, id);
    sqlite3_bind_blob(put_run, 4, masked_path.len ? masked_path.at : "", (int)masked_path.len,
                      SQLITE_STATIC);
    r = db_step_done(inv, put_run, unwritable);
    if (r == 0)
        r = inventory_commit(inv);
    if (r == 0)
        *ret_root_id = id;
    return r;
}

int inventory_each_root(struct inventory *inv,
                        bool (*each)(void *ctx, const struct case_root *root), void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv,
                       "SELECT r.id, t.run, r.label, t.path FROM root_run t JOIN root r"
                       " ON r.id = t.root ORDER BY t.run, t.ordinal",
                       &s, unreadable);
    int step;

    if (r < 0)
        return r;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        const struct case_root root = {sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
                                       db_span(s, 2), db_span(s, 3)};

        if (!each(ctx, &root))
            return 0;
    }
    return step == SQLITE_DONE ? 0 : db_fail(inv, step, unreadable);
}

/* --- attempts --------------------------------------------------------------------------------- */

int inventory_deaths_begin(struct inventory *inv, const unsigned char generation[16])
{
    AUTO_STMT sqlite3_stmt *ask = NULL, *put = NULL;
    int r = db_begin(inv);

    if (r == 0)
        r = db_prepare(inv, "SELECT value FROM meta WHERE key = 'inflight_generation'", &ask,
                       unreadable);
    if (r < 0)
        return r;
    int step = sqlite3_step(ask);

    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return db_fail(inv, step, unreadable);
    if (step == SQLITE_ROW) {
        struct span counted = db_span(ask, 0);

        if (counted.len == 16 && memcmp(counted.at, generation, 16) == 0)
            return 0;
    }
    sqlite3_reset(ask);
    r = db_prepare(inv, "REPLACE INTO meta(key, value) VALUES('inflight_generation', ?)", &put,
                   unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_blob(put, 1, generation, 16, SQLITE_STATIC);
    r = db_step_done(inv, put, unwritable);
    return r < 0 ? r : 1;
}

int inventory_death(struct inventory *inv, const unsigned char identity[16], bool alone)
{
    AUTO_STMT sqlite3_stmt *put = NULL;
    int r = db_begin(inv);

    if (r == 0)
        r = db_prepare(inv,
                       "INSERT INTO attempt(identity, deaths, alone) VALUES(?1, 1, ?2)"
                       " ON CONFLICT(identity) DO UPDATE SET deaths = deaths + 1,"
                       " alone = alone + ?2",
                       &put, unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_blob(put, 1, identity, 16, SQLITE_STATIC);
    sqlite3_bind_int(put, 2, alone);
    return db_step_done(inv, put, unwritable);
}

int inventory_each_attempt(struct inventory *inv, bool (*each)(void *ctx, const struct attempt *a),
                           void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r = db_prepare(inv, "SELECT identity, deaths, alone FROM attempt ORDER BY identity", &s,
                       unreadable);
    int step;

    if (r < 0)
        return r;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        struct attempt a = {.deaths = (unsigned)sqlite3_column_int(s, 1),
                            .alone = (unsigned)sqlite3_column_int(s, 2)};
        struct span identity = db_span(s, 0);

        if (identity.len != sizeof a.identity)
            return db_say(inv, -EBADMSG, "the table of attempts in the inventory is damaged");
        memcpy(a.identity, identity.at, sizeof a.identity);
        inv->has_attempts = true;
        if (!each(ctx, &a))
            return 0;
    }
    return step == SQLITE_DONE ? 0 : db_fail(inv, step, unreadable);
}

int inventory_attempt_clear(struct inventory *inv, const unsigned char identity[16])
{
    int r = db_begin(inv);

    if (r == 0 && !inv->clear_attempt)
        r = db_prepare(inv, "DELETE FROM attempt WHERE identity = ?", &inv->clear_attempt,
                       unwritable);
    if (r < 0)
        return r;
    sqlite3_bind_blob(inv->clear_attempt, 1, identity, 16, SQLITE_STATIC);
    return db_step_done(inv, inv->clear_attempt, unwritable);
}

/* --- log of acts ------------------------------------------------------------------------------ */

int inventory_audit(struct inventory *inv, const char *act, const char *detail)
{
    AUTO_STMT sqlite3_stmt *put = NULL;
    char room[4096];
    struct passwd entry, *found = NULL;

    if (inv->mode == INVENTORY_READ)
        return db_say(inv, -EBADF, "the inventory is open for reading only");
    int r = db_begin(inv);

    if (r == 0)
        r = db_prepare(inv, "INSERT INTO audit(time, user, act, detail) VALUES(?,?,?,?)", &put,
                       unwritable);
    if (r < 0)
        return r;
    char user[96];

    if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) == 0 && found)
        snprintf(user, sizeof user, "%u %s", (unsigned)getuid(), found->pw_name);
    else
        snprintf(user, sizeof user, "%u", (unsigned)getuid());
    sqlite3_bind_int64(put, 1, (int64_t)time(NULL));
    bind_words(put, 2, user);
    bind_words(put, 3, act);
    bind_words(put, 4, detail);
    return db_step_done(inv, put, unwritable);
}

int inventory_each_audit(struct inventory *inv,
                         bool (*each)(void *ctx, const struct audit_entry *entry), void *ctx)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    int r =
        db_prepare(inv, "SELECT time, user, act, detail FROM audit ORDER BY id", &s, unreadable);
    int step;

    if (r < 0)
        return r;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        const struct audit_entry entry = {sqlite3_column_int64(s, 0), db_span(s, 1), db_span(s, 2),
                                          db_span(s, 3)};

        if (!each(ctx, &entry))
            return 0;
    }
    return step == SQLITE_DONE ? 0 : db_fail(inv, step, unreadable);
}
