/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * walk.c - folders are nodes on a stack that the walk's threads share; each thread takes the
 * newest (depth first, so that the stack stays small), lists it with getdents64 and pushes its
 * sub-folders.  A node holds its parent, so that a descriptor that could not be kept open can be
 * opened again from the nearest ancestor that is.
 */
#include "scanner/walk/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"

enum {
    LISTING_BYTES = 64 * 1024,
    PENDING_MAX = 200000, /* folders waiting; above it a thread descends by itself */
    OPEN_FOLDERS_MAX = 4096,
    PATH_CEILING = 16 * 1024 * 1024
};

struct folder {
    struct folder *parent; /* NULL for a root */
    struct folder *next;   /* in the stack */
    _Atomic unsigned users;
    unsigned root;
    int fd; /* kept while there are users; -1: reopen.  Never changes once children can see it */
    bool fd_is_callers;
    uint64_t dev, ino;
    const char *excluded; /* inherited by all below */
    uint32_t name_at;
    size_t path_len;
    char path[]; /* relative to the root, NUL-terminated */
};

struct walk {
    const struct walk_options *options;
    struct walk_totals *totals;
    walk_entry_fn *entry;
    void *ctx;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct folder *stack;
    size_t pending;
    unsigned active; /* threads that list a folder */
    bool stop;
    int error;

    _Atomic unsigned open_folders;
    unsigned open_max;
};

struct linux_dirent64 {
    uint64_t ino;
    int64_t off;
    unsigned short reclen;
    unsigned char type;
    char name[];
};

void walk_entry_free(struct walk_entry *e)
{
    if (!e)
        return;
    if (e->fd >= 0)
        close(e->fd);
    free(e);
}

/* --- folders --------------------------------------------------------------------------------- */

static struct folder *folder_new(struct folder *parent, unsigned root, struct span path,
                                 size_t name_at)
{
    struct folder *f = malloc(sizeof *f + path.len + 1);

    if (!f)
        return NULL;
    *f = (struct folder){.parent = parent, .root = root, .fd = -1};
    f->users = 1;
    f->name_at = (uint32_t)name_at;
    f->path_len = path.len;
    if (path.len > 0)
        memcpy(f->path, path.at, path.len);
    f->path[path.len] = '\0';
    if (parent)
        atomic_fetch_add(&parent->users, 1);
    return f;
}

static void folder_release(struct walk *w, struct folder *f)
{
    while (f && atomic_fetch_sub(&f->users, 1) == 1) {
        struct folder *parent = f->parent;

        if (f->fd >= 0 && !f->fd_is_callers) {
            close(f->fd);
            atomic_fetch_sub(&w->open_folders, 1);
        }
        free(f);
        f = parent;
    }
}

/* O_NOATIME is refused with EPERM on files that are not ours: then without. */
static int open_quietly(int at, const char *name, int flags)
{
    flags |= O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    int fd = openat(at, name, flags | O_NOATIME);

    if (fd < 0 && errno == EPERM)
        fd = openat(at, name, flags);
    return fd;
}

static bool stat_fd(int fd, struct statx *ret)
{
    return statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, ret) == 0;
}

static uint64_t statx_dev(const struct statx *x)
{
    return makedev(x->stx_dev_major, x->stx_dev_minor);
}

/* A descriptor of an ancestor that was not kept open: down from the nearest one that is, never
 * through a link, and only if it is still the same folder. */
static int folder_reopen(const struct folder *f)
{
    if (f->fd >= 0)
        return fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
    size_t depth = 0;
    const struct folder *open = f;

    while (open->fd < 0) {
        depth++;
        open = open->parent;
    }
    AUTO_FREE const struct folder **chain = malloc(depth * sizeof(const struct folder *));

    if (!chain)
        return -1;
    for (size_t i = depth; i > 0; i--, f = f->parent)
        chain[i - 1] = f;
    AUTO_CLOSE int at = fcntl(open->fd, F_DUPFD_CLOEXEC, 0);

    for (size_t i = 0; i < depth && at >= 0; i++) {
        int next = open_quietly(at, chain[i]->path + chain[i]->name_at, O_DIRECTORY);

        close(at);
        at = next;
        struct statx x;

        if (at >= 0 && chain[i]->ino &&
            (!stat_fd(at, &x) || x.stx_ino != chain[i]->ino || statx_dev(&x) != chain[i]->dev)) {
            errno = ESTALE;
            return -1;
        }
    }
    return take_fd(&at);
}

/* --- entries --------------------------------------------------------------------------------- */

static struct walk_entry *entry_new(const struct folder *in, struct span name,
                                    enum walk_class class)
{
    size_t prefix = in->path_len > 0 ? in->path_len + 1 : 0;
    struct walk_entry *e = malloc(sizeof *e + prefix + name.len + 1);

    if (!e)
        return NULL;
    *e = (struct walk_entry){.class = class, .root = in->root, .fd = -1};
    char *path = (char *)(e + 1);

    if (prefix > 0) {
        memcpy(path, in->path, in->path_len);
        path[in->path_len] = '/';
    }
    memcpy(path + prefix, name.at, name.len);
    path[prefix + name.len] = '\0';
    e->path = (struct span){path, prefix + name.len};
    e->name_at = (uint32_t)prefix;
    return e;
}

static void entry_stat(struct walk_entry *e, const struct statx *x)
{
    e->has_stat = true;
    e->size = x->stx_size;
    e->mtime_s = x->stx_mtime.tv_sec;
    e->mtime_ns = x->stx_mtime.tv_nsec;
    e->ctime_s = x->stx_ctime.tv_sec;
    e->ctime_ns = x->stx_ctime.tv_nsec;
    e->dev = statx_dev(x);
    e->ino = x->stx_ino;
    e->links = x->stx_nlink;
    e->mode = x->stx_mode;
    e->uid = x->stx_uid;
    e->gid = x->stx_gid;
}

static const char *filtered(const struct walk_filter *f, const struct walk_entry *e,
                            const char *inherited)
{
    if (inherited)
        return inherited;
    if (!f)
        return NULL;
    for (const char *const *g = f->exclude; g && *g; g++) {
        if (glob_match(*g, e->path))
            return "exclude";
    }
    bool wanted = !f->include || !*f->include;

    for (const char *const *g = f->include; g && *g && !wanted; g++)
        wanted = glob_match(*g, e->path);
    if (!wanted)
        return "include";
    if (e->has_stat && e->mtime_s < f->newer)
        return "newer";
    if (e->has_stat && e->mtime_s > f->older)
        return "older";
    if (e->has_stat && e->size > f->max_file_size)
        return "max-file-size";
    return NULL;
}

static void stop_walk(struct walk *w, int error)
{
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    if (error && !w->error)
        w->error = error;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

/* Hands one entry over and counts it.  False: the walk stops. */
static bool deliver(struct walk *w, struct walk_entry *e)
{
    switch (e->class) {
    case WALK_FILE:
        atomic_fetch_add_explicit(&w->totals->bytes, e->size, memory_order_relaxed);
        atomic_fetch_add_explicit(&w->totals->files, 1, memory_order_relaxed);
        break;
    case WALK_FOLDER:
        atomic_fetch_add_explicit(&w->totals->folders, 1, memory_order_relaxed);
        break;
    case WALK_LINK:
    case WALK_SPECIAL:
    case WALK_MOUNT:
        atomic_fetch_add_explicit(&w->totals->others, 1, memory_order_relaxed);
        break;
    }
    if (w->entry(w->ctx, e))
        return true;
    stop_walk(w, 0);
    return false;
}

/* A regular file, or what had that type in the listing. */
static bool visit_file(struct walk *w, const struct folder *in, int dir, struct span name,
                       const struct statx *known)
{
    struct walk_entry *e = entry_new(in, name, WALK_FILE);
    const char *file_name = e ? e->path.at + e->name_at : NULL;
    const struct walk_filter *filter = w->options->filter;
    struct statx x;

    if (!e) {
        stop_walk(w, -ENOMEM);
        return false;
    }
    /* A filter must be asked before anything is opened; without one, opening first saves a call. */
    if (!known && (filter || in->excluded || w->options->names_only)) {
        if (statx(dir, file_name, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &x))
            e->error = errno;
        else
            known = &x;
    }
    if (known)
        entry_stat(e, known);
    e->excluded = filtered(filter, e, in->excluded);
    if (!e->excluded && !e->error && !w->options->names_only) {
        e->fd = open_quietly(dir, file_name, 0);
        if (e->fd < 0) {
            e->error = errno;
            if (!known && statx(dir, file_name, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
                                STATX_BASIC_STATS, &x) == 0)
                entry_stat(e, &x);
        } else if (!stat_fd(e->fd, &x)) {
            e->error = errno;
        } else {
            entry_stat(e, &x);
            if (!S_ISREG(x.stx_mode)) { /* swapped after the listing */
                close(take_fd(&e->fd));
                e->class = WALK_SPECIAL;
            }
        }
    }
    return deliver(w, e);
}

static bool list_folder(struct walk *w, struct folder *f, int parent_fd);

/* Queues a sub-folder, or descends at once when too many are waiting. */
static bool push_folder(struct walk *w, struct folder *child, int dir)
{
    pthread_mutex_lock(&w->lock);
    bool queued = w->pending < PENDING_MAX;

    if (queued) {
        child->next = w->stack;
        w->stack = child;
        w->pending++;
        pthread_cond_signal(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    return queued || list_folder(w, child, dir);
}

static bool visit_folder(struct walk *w, struct folder *in, int dir, struct span name)
{
    AUTO_BUF struct buf path;

    buf_init(&path, PATH_CEILING);
    if (in->path_len > 0) {
        buf_add(&path, in->path, in->path_len);
        buf_add_byte(&path, '/');
    }
    size_t name_at = path.len;

    buf_add_span(&path, name);
    struct folder *child = path.failed ? NULL : folder_new(in, in->root, buf_span(&path), name_at);

    if (!child) {
        stop_walk(w, -ENOMEM);
        return false;
    }
    child->excluded = in->excluded;
    return push_folder(w, child, dir);
}

static bool visit_other(struct walk *w, const struct folder *in, int dir, struct span name,
                        enum walk_class class, const struct statx *known)
{
    struct walk_entry *e = entry_new(in, name, class);
    struct statx x;

    if (!e) {
        stop_walk(w, -ENOMEM);
        return false;
    }
    if (!known && statx(dir, e->path.at + e->name_at, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
                        STATX_BASIC_STATS, &x) == 0)
        known = &x;
    if (known)
        entry_stat(e, known);
    e->excluded = filtered(w->options->filter, e, in->excluded);
    return deliver(w, e);
}

static bool visit(struct walk *w, struct folder *in, int dir, struct span name, unsigned char type)
{
    struct statx x;
    const struct statx *known = NULL;

    if (type == DT_UNKNOWN) {
        char text[NAME_MAX + 1];

        memcpy(text, name.at, name.len);
        text[name.len] = '\0';
        if (statx(dir, text, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &x)) {
            struct walk_entry *e = entry_new(in, name, WALK_FILE);

            if (!e) {
                stop_walk(w, -ENOMEM);
                return false;
            }
            e->error = errno;
            return deliver(w, e);
        }
        known = &x;
        type = S_ISREG(x.stx_mode)   ? DT_REG
               : S_ISDIR(x.stx_mode) ? DT_DIR
               : S_ISLNK(x.stx_mode) ? DT_LNK
                                     : DT_FIFO;
    }
    if (type == DT_REG)
        return visit_file(w, in, dir, name, known);
    if (type == DT_DIR)
        return visit_folder(w, in, dir, name);
    return visit_other(w, in, dir, name, type == DT_LNK ? WALK_LINK : WALK_SPECIAL, known);
}

/* The entry of a folder itself, once it is known how its listing went. */
static bool deliver_folder(struct walk *w, const struct folder *f, enum walk_class class,
                           const struct statx *x, int error)
{
    static const struct span no_name = {"", 0};
    struct walk_entry *e = entry_new(f, no_name, class);

    if (!e) {
        stop_walk(w, -ENOMEM);
        return false;
    }
    e->path.len = f->path_len; /* without the slash that entry_new puts before a name */
    ((char *)(e + 1))[f->path_len] = '\0';
    e->name_at = f->name_at;
    e->error = error;
    e->excluded = f->excluded;
    if (x)
        entry_stat(e, x);
    return deliver(w, e);
}

static bool is_loop(const struct folder *f)
{
    for (const struct folder *up = f->parent; up; up = up->parent) {
        if (up->ino == f->ino && up->dev == f->dev)
            return true;
    }
    return false;
}

static bool is_skipped(const struct walk *w, const struct folder *f)
{
    for (unsigned i = 0; i < w->options->n_skip; i++) {
        if (w->options->skip[i].dev == f->dev && w->options->skip[i].ino == f->ino)
            return true;
    }
    return false;
}

/* Lists one folder and gives up its reference.  `parent_fd` is -1 when the parent's descriptor
 * has to be found.  False: the walk stops. */
static bool list_folder(struct walk *w, struct folder *f, int parent_fd)
{
    AUTO_CLOSE int own = -1, reopened = -1;
    bool go_on = true;
    struct statx x, *known = NULL;
    int error = 0, fd = f->fd;

    if (fd < 0) {
        if (parent_fd < 0)
            parent_fd = f->parent->fd;
        if (parent_fd < 0)
            parent_fd = reopened = folder_reopen(f->parent);
        if (parent_fd >= 0)
            fd = own = open_quietly(parent_fd, f->path + f->name_at, O_DIRECTORY);
        if (fd < 0)
            error = errno;
    }
    if (fd >= 0 && stat_fd(fd, &x))
        known = &x;
    else if (fd < 0 && parent_fd >= 0 &&
             statx(parent_fd, f->path + f->name_at, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
                   STATX_BASIC_STATS, &x) == 0)
        known = &x;
    if (fd >= 0 && known) {
        f->dev = statx_dev(known);
        f->ino = known->stx_ino;
    }
    if (fd >= 0 && known && is_skipped(w, f)) {
        folder_release(w, f);
        return true;
    }
    if (fd >= 0 && known && f->parent && w->options->one_file_system && f->dev != f->parent->dev) {
        go_on = deliver_folder(w, f, WALK_MOUNT, known, 0);
        folder_release(w, f);
        return go_on;
    }
    if (fd >= 0 && is_loop(f))
        error = ELOOP;
    const struct walk_filter *filter = w->options->filter;

    if (filter && !f->excluded && f->path_len > 0) {
        for (const char *const *g = filter->exclude; g && *g; g++) {
            if (glob_match(*g, (struct span){f->path, f->path_len})) {
                f->excluded = "exclude";
                break;
            }
        }
    }
    if (!error && own >= 0 && atomic_fetch_add(&w->open_folders, 1) < w->open_max)
        f->fd = take_fd(&own);
    else if (own >= 0 && !error)
        atomic_fetch_sub(&w->open_folders, 1);

    if (!error) {
        AUTO_FREE char *listing = malloc(LISTING_BYTES);
        ssize_t got = 0;

        if (!listing)
            stop_walk(w, -ENOMEM);
        while (listing && go_on && (got = getdents64(fd, listing, LISTING_BYTES)) > 0) {
            for (ssize_t at = 0; at < got && go_on;) {
                const struct linux_dirent64 *d =
                    (const struct linux_dirent64 *)(const void *)(listing + at);
                struct span name = {d->name, strnlen(d->name, NAME_MAX)};

                at += d->reclen;
                if (!span_equal(name, SPAN(".")) && !span_equal(name, SPAN("..")))
                    go_on = visit(w, f, fd, name, d->type);
            }
        }
        if (got < 0)
            error = errno;
    }
    /* A root that was listed has no entry of its own: its name is the operator's PATH. */
    if (go_on && (f->parent || error))
        go_on = deliver_folder(w, f, WALK_FOLDER, known, error);
    folder_release(w, f);
    return go_on;
}

/* --- threads --------------------------------------------------------------------------------- */

static void *walk_thread(void *arg)
{
    struct walk *w = arg;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->stop && !w->stack && w->active > 0)
            pthread_cond_wait(&w->changed, &w->lock);
        if (w->stop || !w->stack)
            break;
        struct folder *f = w->stack;

        w->stack = f->next;
        w->pending--;
        w->active++;
        pthread_mutex_unlock(&w->lock);
        list_folder(w, f, -1);
        pthread_mutex_lock(&w->lock);
        w->active--;
        if (w->active == 0 || w->stop)
            pthread_cond_broadcast(&w->changed);
    }
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* PATH itself is a file: it becomes one entry, reopened for reading through /proc so that the
 * caller's descriptor may be O_PATH. */
static int visit_root_file(struct walk *w, unsigned root, int fd, const char *name,
                           const struct statx *x)
{
    struct folder *none = folder_new(NULL, root, (struct span){"", 0}, 0);

    if (!none)
        return -ENOMEM;
    struct walk_entry *e =
        entry_new(none, span_of(name), S_ISREG(x->stx_mode) ? WALK_FILE : WALK_SPECIAL);

    folder_release(w, none);
    if (!e)
        return -ENOMEM;
    entry_stat(e, x);
    e->excluded = filtered(w->options->filter, e, NULL);
    if (e->class == WALK_FILE && !e->excluded && !w->options->names_only) {
        char link[64];

        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        e->fd = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOATIME);
        if (e->fd < 0 && errno == EPERM)
            e->fd = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (e->fd < 0)
            e->error = errno;
    }
    deliver(w, e);
    return 0;
}

static int push_root(struct walk *w, unsigned root, int fd, const char *name)
{
    struct statx x;

    if (!stat_fd(fd, &x))
        return -errno;
    if (!S_ISDIR(x.stx_mode))
        return visit_root_file(w, root, fd, name, &x);
    struct folder *f = folder_new(NULL, root, (struct span){"", 0}, 0);

    if (!f)
        return -ENOMEM;
    f->fd = open_quietly(fd, ".", O_DIRECTORY);
    if (f->fd < 0) {
        deliver_folder(w, f, WALK_FOLDER, &x, errno);
        free(f);
        return 0;
    }
    atomic_fetch_add(&w->open_folders, 1);
    push_folder(w, f, -1);
    return 0;
}

int walk_run(const int *root_fds, const char *const *root_names, unsigned n_roots,
             const struct walk_options *options, struct walk_totals *totals, walk_entry_fn *entry,
             void *ctx)
{
    struct walk w = {.options = options, .totals = totals, .entry = entry, .ctx = ctx};
    pthread_t threads[64];
    unsigned n = options->threads < 1    ? 1
                 : options->threads > 64 ? 64
                                         : options->threads,
             started = 0;
    struct rlimit files = {1024, 1024};

    getrlimit(RLIMIT_NOFILE, &files);
    w.open_max =
        files.rlim_cur / 4 < OPEN_FOLDERS_MAX ? (unsigned)(files.rlim_cur / 4) : OPEN_FOLDERS_MAX;
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.changed, NULL);
    for (unsigned i = 0; i < n_roots && !w.stop && !w.error; i++)
        w.error = push_root(&w, i, root_fds[i], root_names[i]);
    while (!w.error && started < n && pthread_create(&threads[started], NULL, walk_thread, &w) == 0)
        started++;
    if (started == 0 && !w.error)
        walk_thread(&w); /* no thread to be had: this one walks */
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    while (w.stack) {
        struct folder *f = w.stack;

        w.stack = f->next;
        folder_release(&w, f);
    }
    pthread_cond_destroy(&w.changed);
    pthread_mutex_destroy(&w.lock);
    atomic_store(&totals->done, true);
    return w.error;
}
