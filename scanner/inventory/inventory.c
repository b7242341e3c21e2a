/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * inventory.c - opening, closing, and what every call shares: errors and transactions.
 *
 * WAL with one writer; synchronous NORMAL: a power cut can lose the last transactions, never
 * damage the file, and lost items are simply read again.  Pages of 16 KiB: findings come as blocks
 * of up to 256 KiB, ledger rows are small and written in order, so both like large pages.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/inventory/case.h"
#include "scanner/inventory/inventory_db.h"

static int errno_of(struct inventory *inv, int result)
{
    int system = inv->db ? sqlite3_system_errno(inv->db) : 0;

    switch (result & 0xff) {
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:
        return -EBADMSG;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_TOOBIG:
        return -EFBIG;
    case SQLITE_CANTOPEN:
        return system > 0 ? -system : -ENOENT;
    default:
        return system == ENOSPC || system == EDQUOT ? -system : -EIO;
    }
}

int db_fail(struct inventory *inv, int result, const char *what)
{
    int error = errno_of(inv, result);
    const char *words;

    switch (error) {
    case -ENOSPC:
    case -EDQUOT:
        words = "no space left where the case is (what was finished is kept: make room and run "
                "the same command again)";
        break;
    case -EBADMSG:
        words = "the database is damaged or not what it should be";
        break;
    case -EBUSY:
        words = "another program holds the database";
        break;
    default:
        words = inv->db ? sqlite3_errmsg(inv->db) : strerror(-error);
        break;
    }
    snprintf(inv->error, sizeof inv->error, "%s: %s", what, words);
    return error;
}

int db_say(struct inventory *inv, int error, const char *words)
{
    snprintf(inv->error, sizeof inv->error, "%s", words);
    return error;
}

int db_exec(struct inventory *inv, const char *sql, const char *what)
{
    int result = sqlite3_exec(inv->db, sql, NULL, NULL, NULL);

    return result == SQLITE_OK ? 0 : db_fail(inv, result, what);
}

int db_prepare(struct inventory *inv, const char *sql, sqlite3_stmt **ret, const char *what)
{
    int result = sqlite3_prepare_v3(inv->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);

    return result == SQLITE_OK ? 0 : db_fail(inv, result, what);
}

int db_step_done(struct inventory *inv, sqlite3_stmt *s, const char *what)
{
    int result = sqlite3_step(s);
    int r = result == SQLITE_DONE ? 0 : db_fail(inv, result, what);

    sqlite3_reset(s);
    return r;
}

int db_begin(struct inventory *inv)
{
    if (inv->in_transaction)
        return 0;
    int r = db_exec(inv, "BEGIN IMMEDIATE", "the inventory cannot be written");

    if (r == 0)
        inv->in_transaction = true;
    return r;
}

struct span db_span(sqlite3_stmt *s, int column)
{
    const char *at = sqlite3_column_blob(s, column);
    int len = sqlite3_column_bytes(s, column);

    return at && len > 0 ? (struct span){at, (size_t)len} : (struct span){"", 0};
}

const char *db_keep(struct inventory *inv, sqlite3_stmt *s, int column)
{
    struct span text = db_span(s, column);
    char **strings = reallocarray(inv->strings, inv->n_strings + 1, sizeof *strings);

    if (!strings)
        return NULL;
    inv->strings = strings;
    char *copy = strndup(text.at, text.len);

    if (copy)
        inv->strings[inv->n_strings++] = copy;
    return copy;
}

const char *inventory_error(const struct inventory *inv)
{
    return inv ? inv->error : "out of memory";
}

/* SQLite's sorter may spill to a file: that file must not leave the case folder.  The variable is
 * the library's, one for the process; it is set again for each case opened. */
static int keep_temporary_files_in(const char *folder)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    int r = 0;

    pthread_mutex_lock(&lock);
    if (!sqlite3_temp_directory || strcmp(sqlite3_temp_directory, folder) != 0) {
        char *copy = sqlite3_mprintf("%s", folder);

        if (copy) {
            sqlite3_free(sqlite3_temp_directory);
            sqlite3_temp_directory = copy;
        } else {
            r = -ENOMEM;
        }
    }
    pthread_mutex_unlock(&lock);
    return r;
}

/* The real path of an open folder: SQLite opens by name. */
static int folder_path(int dir_fd, char ret[PATH_MAX])
{
    char link[64];

    snprintf(link, sizeof link, "/proc/self/fd/%d", dir_fd);
    ssize_t len = readlink(link, ret, PATH_MAX - 1);

    if (len < 0)
        return -errno;
    if (len >= PATH_MAX - 64)
        return -ENAMETOOLONG;
    ret[len] = '\0';
    return 0;
}

/* A case on a read-only medium: SQLite cannot make its shared-memory file there.  Without a log
 * beside it the file alone is the whole database and may be read as it is. */
static bool is_settled(int dir_fd)
{
    struct stat st;

    return fstatat(dir_fd, INVENTORY_FILE "-wal", &st, 0) < 0 || st.st_size == 0;
}

static int open_database(struct inventory *inv, int dir_fd, const char *folder, bool immutable)
{
    int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    AUTO_BUF struct buf uri;

    buf_init(&uri, 4 * PATH_MAX);
    buf_add_text(&uri, "file:");
    for (const char *p = folder; *p; p++) {
        if (*p == '%' || *p == '?' || *p == '#')
            buf_printf(&uri, "%%%02X", (unsigned char)*p);
        else
            buf_add_byte(&uri, *p);
    }
    buf_add_text(&uri, "/" INVENTORY_FILE);
    if (immutable)
        buf_add_text(&uri, "?immutable=1");
    if (uri.failed)
        return -ENOMEM;
    bool fixed =
        immutable || (inv->mode == INVENTORY_READ && faccessat(dir_fd, ".", W_OK, AT_EACCESS) < 0);

    flags |= fixed ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int result = sqlite3_open_v2(uri.at, &inv->db, flags, NULL);

    if (result != SQLITE_OK)
        return db_fail(inv, result, "the inventory cannot be opened");
    sqlite3_busy_timeout(inv->db, 30000);
    sqlite3_db_config(inv->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(inv->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    int r = db_exec(inv, "PRAGMA page_size=16384; PRAGMA cache_size=-32768",
                    "the inventory cannot be opened");

    /* No file can be made in the case folder, and SQLite would look for another one. */
    if (r == 0)
        r = db_exec(inv, fixed ? "PRAGMA temp_store=MEMORY" : "PRAGMA temp_store=FILE",
                    "the inventory cannot be opened");

    if (r == 0 && inv->mode == INVENTORY_READ)
        r = db_exec(inv, "PRAGMA query_only=1", "the inventory cannot be opened");
    if (r == 0 && inv->mode != INVENTORY_READ)
        r = db_exec(inv,
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                    "PRAGMA journal_size_limit=67108864",
                    "the inventory cannot be opened");
    return r;
}

/* SQLite would create it with the mode of the process' umask. */
static int create_file(int dir_fd)
{
    int fd = openat(dir_fd, INVENTORY_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

static int next_id(struct inventory *inv)
{
    AUTO_STMT sqlite3_stmt *s = NULL;
    char sql[256];

    snprintf(sql, sizeof sql,
             "SELECT 1 + max(ifnull((SELECT max(id) FROM item), 0),"
             " ifnull((SELECT max(id) >> %d FROM finding_block), 0),"
             " ifnull((SELECT max(top) FROM hidden), 0))",
             BLOCK_SHIFT);
    int r = db_prepare(inv, sql, &s, "the inventory cannot be read");

    if (r < 0)
        return r;
    int result = sqlite3_step(s);

    if (result != SQLITE_ROW)
        return db_fail(inv, result, "the inventory cannot be read");
    inv->next_id = sqlite3_column_int64(s, 0);
    return 0;
}

static int open_all(struct inventory *inv, int dir_fd)
{
    char folder[PATH_MAX];
    int r = folder_path(dir_fd, folder);

    if (r < 0)
        return db_say(inv, r, "the path of the case folder cannot be worked out");
    if (inv->mode == INVENTORY_WRITE) {
        inv->lock_fd = case_lock(dir_fd);
        if (inv->lock_fd == -EWOULDBLOCK)
            return db_say(inv, -EWOULDBLOCK, "another scan is writing to this case");
        if (inv->lock_fd < 0)
            return db_say(inv, inv->lock_fd, "the case cannot be locked for writing");
        r = create_file(dir_fd);
        if (r < 0)
            return db_say(inv, r, "the inventory cannot be created in the case folder");
    } else if (faccessat(dir_fd, INVENTORY_FILE, F_OK, 0) < 0) {
        return db_say(inv, -ENOENT, "there is no inventory in this folder: not a case");
    }
    r = keep_temporary_files_in(folder);
    if (r < 0)
        return db_say(inv, r, "out of memory");
    r = open_database(inv, dir_fd, folder, false);
    if (r == 0)
        r = schema_open(inv);
    if (r < 0 && inv->mode == INVENTORY_READ && (r == -EROFS || r == -EACCES || r == -ENOENT) &&
        is_settled(dir_fd)) {
        sqlite3_close_v2(inv->db);
        inv->db = NULL;
        r = open_database(inv, dir_fd, folder, true);
        if (r == 0)
            r = schema_open(inv);
    }
    if (r == 0)
        r = order_define(inv);
    if (r == 0)
        r = kinds_load(inv);
    if (r == 0 && inv->mode == INVENTORY_WRITE)
        r = next_id(inv);
    return r;
}

int inventory_open(int dir_fd, enum inventory_mode mode, struct inventory **ret)
{
    struct inventory *inv = calloc(1, sizeof *inv);

    *ret = inv;
    if (!inv)
        return -ENOMEM;
    inv->mode = mode;
    inv->lock_fd = -1;
    buf_init(&inv->remapped, 2 * FINDING_BLOCK_MAX);
    return open_all(inv, dir_fd);
}

static void free_open_items(struct open_item *item)
{
    while (item) {
        struct open_item *next = item->next;

        buf_release(&item->bytes);
        buf_release(&item->own.block);
        buf_release(&item->member.block);
        free(item);
        item = next;
    }
}

void inventory_close(struct inventory *inv)
{
    if (!inv)
        return;
    if (inv->db && inv->mode != INVENTORY_READ) {
        if (inv->in_transaction)
            inventory_commit(inv);
        if (inv->mode == INVENTORY_WRITE)
            sqlite3_wal_checkpoint_v2(inv->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    sqlite3_finalize(inv->insert_item);
    sqlite3_finalize(inv->insert_block);
    sqlite3_finalize(inv->hide);
    sqlite3_finalize(inv->unhide);
    sqlite3_finalize(inv->clear_attempt);
    sqlite3_close_v2(inv->db);
    if (inv->lock_fd >= 0)
        close(inv->lock_fd);
    for (unsigned i = 0; i < OPEN_BUCKETS; i++)
        free_open_items(inv->open[i]);
    free_open_items(inv->spare);
    buf_release(&inv->remapped);
    for (unsigned i = 0; i < inv->kinds; i++)
        free(inv->kind_names[i]);
    for (size_t i = 0; i < inv->n_strings; i++)
        free(inv->strings[i]);
    free(inv->strings);
    free(inv);
}
