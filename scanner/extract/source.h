/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * source.h - the bytes of one item: a file's descriptor, memory, or a stream that can be read once.
 *
 * Reading forward works for every source.  Seeking, the whole as one span, or a descriptor work
 * for files and memory at once; a stream is first spooled into memory (never to disk) up to the
 * spool limit, after which they fail with -EFBIG.  Ask for that before reading on: a stream whose
 * first bytes were given and dropped already fails with -ESPIPE (peeking drops nothing).  After
 * -EFBIG nothing is lost: reading forward goes on where it was, and what was spooled is given
 * from memory.  The position of any other failed call is unspecified.
 * A source belongs to one thread.  Errors are negative errno.
 */
#ifndef CONSTAT_SOURCE_H
#define CONSTAT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "detectors/span.h"

struct source;

/* Reads up to `len` bytes; 0 at the end, negative errno on failure (-EBADMSG: damaged). */
typedef ssize_t source_read_fn(void *ctx, void *bytes, size_t len);

/* The descriptor stays the caller's.  `size` as statx gave it: reading stops there; a file that
 * ends earlier, or later, is noted (source_changed).  Read by pread: the descriptor's own position
 * is neither used nor moved. */
struct source *source_from_fd(int fd, uint64_t size);
struct source *source_from_memory(struct span bytes); /* borrowed until source_free */
/* `size` -1 when unknown.  `spool_limit`: most bytes source_whole may hold. */
struct source *source_from_stream(source_read_fn *read, void *ctx, int64_t size,
                                  size_t spool_limit);
void source_free(struct source *s);

/* The next bytes without consuming them; shorter than `want` (<= 64 KiB) only at the end.  Valid
 * until the next call on this source. */
struct span source_peek(struct source *s, size_t want);
ssize_t source_read(struct source *s, void *bytes, size_t len);
/* Consumes and returns a run of bytes, borrowed until the next call, at most 256 KiB; len 0 at the
 * end.  The fastest way forward.  *ret_error 0 or negative errno. */
struct span source_next(struct source *s, int *ret_error);
int source_seek(struct source *s, uint64_t position); /* -EINVAL beyond the end */
uint64_t source_position(const struct source *s);
int64_t source_size(const struct source *s); /* -1: not known */
/* All bytes from the first, borrowed until source_free.  Never a mapping, so a file that shrinks
 * meanwhile raises no SIGBUS: it is read into memory up to limits_default().spool, else -EFBIG. */
int source_whole(struct source *s, struct span *ret);
/* A descriptor positioned anywhere, good for pread, borrowed until source_free; memory sources
 * and spooled streams are copied into a memfd (needs memfd_create and write). */
int source_fd(struct source *s);
/* The file ended before, or grew past, the size it had when it was opened. */
bool source_changed(const struct source *s);
/* A read failed with an I/O error (negative errno), else 0. */
int source_error(const struct source *s);

#endif
