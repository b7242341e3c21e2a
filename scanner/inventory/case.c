/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/inventory/case.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "scanner/base/cleanup.h"
#include "scanner/inventory/inventory.h"

#define KEY_NAME "case.key"

static int fail(struct case_folder *c, int error, const char *words)
{
    snprintf(c->error, sizeof c->error, "%s: %s", words, strerror(-error));
    return error;
}

static int say(struct case_folder *c, int error, const char *words)
{
    snprintf(c->error, sizeof c->error, "%s", words);
    return error;
}

static int write_all(int fd, const unsigned char *bytes, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, bytes + done, len - done);

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0)
            done += (size_t)n;
    }
    return 0;
}

/* 0, -ENOENT when there is none, -EBADMSG when it is not a key. */
static int read_key(int dir_fd, const char *name, unsigned char ret[CASE_KEY_BYTES])
{
    AUTO_CLOSE int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    unsigned char bytes[CASE_KEY_BYTES + 1];
    size_t have = 0;

    if (fd < 0)
        return -errno;
    while (have < sizeof bytes) {
        ssize_t n = read(fd, bytes + have, sizeof bytes - have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        have += (size_t)n;
    }
    if (have == CASE_KEY_BYTES)
        memcpy(ret, bytes, CASE_KEY_BYTES);
    explicit_bzero(bytes, sizeof bytes);
    return have == CASE_KEY_BYTES ? 0 : -EBADMSG;
}

/* Written whole under another name, then put in place without replacing anything: a key that is
 * half there is never seen, and of two that start together one wins. */
static int make_key(int dir_fd, const char *name)
{
    unsigned char key[CASE_KEY_BYTES];
    char fresh[PATH_MAX];

    if (snprintf(fresh, sizeof fresh, "%s.%ld.new", name, (long)getpid()) >= (int)sizeof fresh)
        return -ENAMETOOLONG;
    unlinkat(dir_fd, fresh, 0);
    AUTO_CLOSE int fd = openat(dir_fd, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return -errno;
    keys_random(key);
    int r = write_all(fd, key, sizeof key);

    explicit_bzero(key, sizeof key);
    if (r == 0 && (fchmod(fd, 0600) < 0 || fsync(fd) < 0))
        r = -errno;
    if (r == 0 && renameat2(dir_fd, fresh, dir_fd, name, RENAME_NOREPLACE) < 0) {
        r = -errno;
        /* File systems without that flag: look first, then rename. */
        if (r == -EINVAL || r == -ENOSYS) {
            if (faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                r = -EEXIST;
            else
                r = renameat(dir_fd, fresh, dir_fd, name) < 0 ? -errno : 0;
        }
    }
    if (r < 0)
        unlinkat(dir_fd, fresh, 0);
    else
        fsync(dir_fd);
    return r == -EEXIST ? 0 : r;
}

static int open_key(struct case_folder *c, const char *key_file, bool create)
{
    int dir = key_file ? AT_FDCWD : c->dir_fd;
    const char *name = key_file ? key_file : KEY_NAME;
    int r = read_key(dir, name, c->key);

    if (r == -ENOENT) {
        if (faccessat(c->dir_fd, INVENTORY_FILE, F_OK, 0) == 0)
            return say(c, -ENOKEY,
                       "the case has an inventory but its key is missing: give --key-file, or put "
                       "case.key back (a new key could not be compared with what is stored)");
        if (!create)
            return say(c, -ENOKEY, "the case has no key");
        r = make_key(dir, name);
        if (r < 0)
            return fail(c, r, "the case key cannot be written");
        r = read_key(dir, name, c->key);
    }
    if (r == -EBADMSG)
        return say(c, r, "the key file does not hold exactly 32 bytes: not a case key");
    if (r < 0)
        return fail(c, r, "the case key cannot be read");
    keys_derive(&c->keys, c->key);
    c->has_keys = true;
    return 0;
}

static int open_folder(struct case_folder *c, const char *path, bool create)
{
    if (create && mkdir(path, 0700) < 0 && errno != EEXIST)
        return fail(c, -errno, "the case folder cannot be made");
    c->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->dir_fd < 0)
        return fail(c, -errno, "the case folder cannot be opened");
    if (!create)
        return 0;
    struct stat st;

    /* A folder that was there before may be open to others: it is about to hold a key. */
    if (fstat(c->dir_fd, &st) == 0 && (st.st_mode & 0077) && fchmod(c->dir_fd, 0700) < 0)
        return fail(c, -errno, "the case folder is open to others and cannot be closed to them");
    return 0;
}

int case_open(struct case_folder *c, const char *path, const char *key_file, enum case_mode mode)
{
    *c = (struct case_folder){.dir_fd = -1, .inflight_fd = -1};
    int r = open_folder(c, path, mode == CASE_CREATE);

    if (r == 0 && mode != CASE_READ)
        r = open_key(c, key_file, mode == CASE_CREATE);
    if (r < 0)
        case_close(c);
    return r;
}

void case_close(struct case_folder *c)
{
    if (c->inflight_fd >= 0)
        close(c->inflight_fd);
    if (c->dir_fd >= 0)
        close(c->dir_fd);
    free(c->attempts);
    c->attempts = NULL;
    c->n_attempts = 0;
    keys_forget(&c->keys);
    explicit_bzero(c->key, sizeof c->key);
    c->dir_fd = c->inflight_fd = -1;
    c->has_keys = false;
}

int case_lock(int dir_fd)
{
    AUTO_CLOSE int fd = openat(dir_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return -errno;
    return take_fd(&fd);
}

int case_check_key(struct case_folder *c, struct inventory *inv)
{
    unsigned char check[16];

    if (!c->has_keys)
        return say(c, -ENOKEY, "the case key is not open");
    token_of(&c->keys, "constat", SPAN("case"), check);
    int r = inventory_check_value(inv, check);

    if (r == -EKEYREJECTED)
        return say(c, r, "this is not the key of this case: its tokens were made with another one");
    if (r < 0)
        return say(c, r, inventory_error(inv));
    return 0;
}

/* --- in flight -------------------------------------------------------------------------------
 * The file: 64 bytes of head (magic, generation), then INFLIGHT_SLOTS slots of one fixed size.
 * The generation is a random number given when the journal is emptied; the inventory remembers
 * the last one it counted. */

enum { HEAD_BYTES = 64, SLOT_BYTES = 8 + 16 * INFLIGHT_ITEMS };

/* A program that is killed just when an item was begun says nothing of the item; one that dies
 * again and again does, however soon. */
enum { BLAME_SECONDS = 2, DEATHS_MAX = 4 };

static const char journal_magic[8] = {'c', 'n', 's', 't', 'f', 'l', 'y', '1'};

static int write_at(int fd, const void *bytes, size_t len, off_t at)
{
    ssize_t n;

    do
        n = pwrite(fd, bytes, len, at);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    return (size_t)n == len ? 0 : -EIO;
}

static int journal_reset(struct case_folder *c)
{
    unsigned char head[HEAD_BYTES] = {0}, random[CASE_KEY_BYTES];
    off_t size = HEAD_BYTES + (off_t)INFLIGHT_SLOTS * SLOT_BYTES;

    memcpy(head, journal_magic, sizeof journal_magic);
    keys_random(random);
    memcpy(head + 8, random, 16);
    /* Truncated first: whatever stood in the slots is gone before the new head is there. */
    if (ftruncate(c->inflight_fd, 0) < 0)
        return fail(c, -errno, "the in-flight journal cannot be emptied");
    int r = posix_fallocate(c->inflight_fd, 0, size);

    if (r == EOPNOTSUPP || r == EINVAL)
        r = ftruncate(c->inflight_fd, size) < 0 ? errno : 0;
    if (r != 0)
        return fail(c, -r, "the in-flight journal cannot be made");
    r = write_at(c->inflight_fd, head, sizeof head, 0);
    return r < 0 ? fail(c, r, "the in-flight journal cannot be written") : 0;
}

/* What a scan that died left behind, into the inventory. */
static int journal_count(struct case_folder *c, struct inventory *inv)
{
    unsigned char head[HEAD_BYTES], slot[SLOT_BYTES];

    if (pread(c->inflight_fd, head, sizeof head, 0) != (ssize_t)sizeof head ||
        memcmp(head, journal_magic, sizeof journal_magic) != 0)
        return 0; /* new, or never completely made: nothing was in flight */
    int r = inventory_deaths_begin(inv, head + 8);

    if (r <= 0)
        return r < 0 ? say(c, r, inventory_error(inv)) : 0;
    for (unsigned i = 0; i < INFLIGHT_SLOTS; i++) {
        off_t at = HEAD_BYTES + (off_t)i * SLOT_BYTES;

        if (pread(c->inflight_fd, slot, sizeof slot, at) != (ssize_t)sizeof slot)
            break;
        unsigned n = slot[0];

        for (unsigned k = 0; k < n && k < INFLIGHT_ITEMS; k++) {
            r = inventory_death(inv, slot + 8 + 16 * k, n == 1 && slot[1] >= BLAME_SECONDS);
            if (r < 0)
                return say(c, r, inventory_error(inv));
        }
    }
    r = inventory_commit(inv);
    return r < 0 ? say(c, r, inventory_error(inv)) : 0;
}

static bool add_attempt(void *ctx, const struct attempt *a)
{
    struct case_folder *c = ctx;
    struct attempt *bigger = reallocarray(c->attempts, c->n_attempts + 1, sizeof *bigger);

    if (!bigger)
        return false;
    c->attempts = bigger;
    c->attempts[c->n_attempts++] = *a;
    return true;
}

static int compare_identity(const void *identity, const void *attempt)
{
    return memcmp(identity, ((const struct attempt *)attempt)->identity, 16);
}

unsigned case_deaths(const struct case_folder *c, const unsigned char identity[16])
{
    const struct attempt *a = NULL;

    if (c->n_attempts > 0)
        a = bsearch(identity, c->attempts, c->n_attempts, sizeof *a, compare_identity);
    if (!a)
        return 0;
    return (a->deaths >= 2 && a->alone >= 1) || a->deaths >= DEATHS_MAX ? 2 : 1;
}

int case_inflight_open(struct case_folder *c, struct inventory *inv)
{
    c->inflight_fd = openat(c->dir_fd, "inflight", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (c->inflight_fd < 0)
        return fail(c, -errno, "the in-flight journal cannot be opened");
    int r = journal_count(c, inv);

    if (r < 0)
        return r;
    r = inventory_each_attempt(inv, add_attempt, c);
    return r < 0 ? say(c, r, inventory_error(inv)) : journal_reset(c);
}

int case_inflight_set(struct case_folder *c, unsigned slot, const unsigned char (*identities)[16],
                      unsigned n)
{
    unsigned char bytes[SLOT_BYTES] = {0};

    if (slot >= INFLIGHT_SLOTS || n > INFLIGHT_ITEMS)
        return -EINVAL;
    bytes[0] = (unsigned char)n;
    if (n > 0)
        memcpy(bytes + 8, identities, 16 * (size_t)n);
    return write_at(c->inflight_fd, bytes, 8 + 16 * (size_t)n,
                    HEAD_BYTES + (off_t)slot * SLOT_BYTES);
}

int case_inflight_age(struct case_folder *c, unsigned slot, unsigned seconds)
{
    unsigned char age = (unsigned char)(seconds < 255 ? seconds : 255);

    if (slot >= INFLIGHT_SLOTS)
        return -EINVAL;
    return write_at(c->inflight_fd, &age, 1, HEAD_BYTES + (off_t)slot * SLOT_BYTES + 1);
}

int case_inflight_clear(struct case_folder *c, unsigned slot)
{
    return case_inflight_set(c, slot, NULL, 0);
}

int case_inflight_finish(struct case_folder *c)
{
    return journal_reset(c);
}
