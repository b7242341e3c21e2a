/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * archive_directory.h - the ordinary zip, member by member as its central directory tells it.
 *
 * Ordinary: one file that begins where its offsets count from, an end record that closes it, whose
 * entries are stored or deflated, not encrypted, regular files or folders, and do not overlap.
 * Whatever else a zip may be is libarchive's (archive_members.c).
 */
#ifndef CONSTAT_ARCHIVE_DIRECTORY_H
#define CONSTAT_ARCHIVE_DIRECTORY_H

#include "scanner/base/buf.h"
#include "scanner/extract/source.h"

struct zip_entry {
    uint64_t from; /* its local header */
    uint64_t packed, size;
    uint32_t crc;
    uint16_t mode; /* with the file's type, as in a Unix */
    uint16_t name_len;
    bool deflated;
};

struct zip_directory {
    struct zip_entry *entries; /* in the order in which they stand in the file; free() it */
    size_t count;
};

/* False: not an ordinary zip.  The source stands anywhere then. */
bool zip_directory_read(struct source *in, struct zip_directory *ret);

struct zip_local {
    uint64_t data;  /* where the packed bytes begin */
    uint32_t stamp; /* date and time of DOS, local time */
    int64_t mtime;  /* seconds since 1970, INT64_MIN: only the stamp is known */
};

/* The local header of an entry.  False when it does not say what the directory says, or more than
 * is understood here. */
bool zip_local_read(struct source *in, const struct zip_entry *entry, struct buf *name,
                    struct zip_local *ret);

#endif
