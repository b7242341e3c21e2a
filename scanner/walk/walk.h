/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * walk.h - source trees to items, with several threads.
 *
 * Network shares are latency-bound, so the walk has threads of its own.  It works only relative to
 * open directories (openat, statx): no limit on the length of a path and no race through a
 * directory that is swapped for a link meanwhile.  It never follows a symbolic link, never opens
 * anything but regular files and directories, and by default stays on the file system of its root.
 *
 * Every directory entry is handed to `entry` exactly once, in no promised order, as one of the
 * classes below.  Directories that could be listed to the end are not handed over, except that
 * each is offered to `entry` as WALK_FOLDER so that its name can be searched.
 *
 * Memory is bounded: entries of a directory are streamed, pending directories are nodes of a few
 * dozen bytes, and at most a fixed number of directory descriptors stay open (closed ones are
 * reopened from the nearest open ancestor and checked to be the same inode).
 */
#ifndef CONSTAT_WALK_H
#define CONSTAT_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"
#include "scanner/base/glob.h"

enum walk_class {
    WALK_FILE,    /* a regular file; fd is open for reading, unless excluded or error */
    WALK_FOLDER,  /* a directory that was listed, or `error` says why not */
    WALK_LINK,    /* symbolic link: never followed */
    WALK_SPECIAL, /* fifo, socket, device */
    WALK_MOUNT    /* a directory on another file system, not entered */
};

/* One directory entry.  Allocated as one block; the receiver owns it: walk_entry_free. */
struct walk_entry {
    enum walk_class class;
    unsigned root;        /* index of the PATH it was found under */
    int fd;               /* WALK_FILE: O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC and O_NOATIME where
                             the kernel lets us; -1 otherwise.  Owned by the entry */
    int error;            /* 0, or positive errno: EACCES/EPERM denied, ENOENT/ESTALE vanished,
                             ELOOP replaced by a link, EIO ..., EMFILE never */
    const char *excluded; /* NULL, or which of the operator's filters left it out:
                             "exclude" "include" "newer" "older" "max-file-size" (literals) */
    uint64_t size;
    int64_t mtime_s;
    uint32_t mtime_ns;
    int64_t ctime_s;
    uint32_t ctime_ns;
    uint64_t dev, ino;
    uint32_t links;
    uint32_t mode; /* st_mode */
    uint32_t uid, gid;
    bool has_stat;    /* the fields above are real */
    uint32_t name_at; /* path.at + name_at: the entry's own name */
    struct span path; /* raw bytes relative to the root; "" when PATH itself is a file: then
                         its own name is given instead */
};

void walk_entry_free(struct walk_entry *e); /* closes fd; takes NULL */

struct walk_filter {
    const char *const *include; /* NULL-ended globs, or NULL: everything */
    const char *const *exclude;
    int64_t newer, older;   /* mtime bounds in seconds; INT64_MIN / INT64_MAX: none */
    uint64_t max_file_size; /* UINT64_MAX: none */
};

struct walk_options {
    unsigned threads;                 /* 1..64 */
    bool one_file_system;             /* default true */
    bool names_only;                  /* do not open files (tests, --dry-run) */
    const struct walk_filter *filter; /* NULL: none */
    /* Directories that are never entered nor listed, by device and inode: the case folder itself
     * when it lies inside the source. */
    struct walk_skip {
        uint64_t dev, ino;
    } skip[4];
    unsigned n_skip;
};

struct walk_totals { /* may be read while the walk runs */
    _Atomic uint64_t files, bytes, folders, others;
    _Atomic bool done;
};

/* Called from the walk's threads, several at once; may block (that is the back pressure).  False
 * stops the walk. */
typedef bool walk_entry_fn(void *ctx, struct walk_entry *entry);

/* Walks all roots and returns when done.  `root_fds` are O_PATH or O_RDONLY descriptors of
 * directories or regular files, kept by the caller; `root_names` the last component of each PATH
 * (used as `path` when the root is a file).  0, or negative errno when the walk itself failed
 * (no memory, no threads); what happens to single entries is in the entries. */
int walk_run(const int *root_fds, const char *const *root_names, unsigned n_roots,
             const struct walk_options *options, struct walk_totals *totals, walk_entry_fn *entry,
             void *ctx);

#endif
