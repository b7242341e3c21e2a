/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * source.c - one buffer for every kind of source.
 *
 * The bytes [base, base + end) of the item stand in memory at `at`; `begin` is the next one to
 * give.  A file is read by pread into a buffer no larger than it needs (a 2 KB file takes one
 * allocation of 2 KB and one system call: asking for one byte more than statx promised shows both
 * that the file ended there and that it did not grow).  A stream is the same with a function
 * instead of pread.  Spooling is growing the buffer while base stays 0; once everything is in
 * memory the buffer is `complete` and never moves again.  Memory sources are born complete.
 *
 * No mmap: a mapped file that shrinks raises SIGBUS, and for small files mapping costs five times
 * what a read does.
 */
#include "scanner/extract/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/budget.h"

enum { RUN = 256 * 1024, PEEK_MAX = 64 * 1024, SMALLEST = 4096 };

enum source_kind { SOURCE_FD, SOURCE_MEMORY, SOURCE_STREAM };

struct source {
    enum source_kind kind;
    int fd;
    source_read_fn *read;
    void *ctx;
    int64_t size; /* -1 unknown */
    size_t spool_limit;

    const char *at; /* own, or the caller's memory */
    char *own;
    size_t room;
    size_t begin, end;
    uint64_t base;

    bool complete; /* every byte of the item is in memory */
    bool at_end;   /* nothing follows base + end */
    bool changed;
    bool too_large; /* spooling met the limit */
    int error;      /* 0 or negative errno, sticky */
    int memfd;
};

static struct source *source_new(enum source_kind kind)
{
    struct source *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->kind = kind;
    s->fd = -1;
    s->memfd = -1;
    s->at = "";
    return s;
}

struct source *source_from_fd(int fd, uint64_t size)
{
    struct source *s = source_new(SOURCE_FD);

    if (!s)
        return NULL;
    s->fd = fd;
    s->size = size > INT64_MAX - 1 ? INT64_MAX - 1 : (int64_t)size;
    s->spool_limit = (size_t)limits_default().spool;
    return s;
}

struct source *source_from_memory(struct span bytes)
{
    struct source *s = source_new(SOURCE_MEMORY);

    if (!s)
        return NULL;
    if (bytes.len > 0)
        s->at = bytes.at;
    s->end = bytes.len;
    s->size = (int64_t)bytes.len;
    s->complete = true;
    s->at_end = true;
    return s;
}

struct source *source_from_stream(source_read_fn *read, void *ctx, int64_t size, size_t spool_limit)
{
    struct source *s = source_new(SOURCE_STREAM);

    if (!s)
        return NULL;
    s->read = read;
    s->ctx = ctx;
    s->size = size < 0 ? -1 : size;
    s->spool_limit = spool_limit;
    return s;
}

void source_free(struct source *s)
{
    if (!s)
        return;
    if (s->memfd >= 0)
        close(s->memfd);
    free(s->own);
    free(s);
}

/* Room for `room` bytes, keeping what is there. */
static int grow(struct source *s, size_t room)
{
    if (room <= s->room)
        return 0;
    char *own = realloc(s->own, room);

    if (!own)
        return -ENOMEM;
    s->own = own;
    s->at = own;
    s->room = room;
    return 0;
}

/* Appends what one read gives; 0 or negative errno.  There must be room. */
static int read_more(struct source *s)
{
    size_t want = s->room - s->end;

    if (s->error)
        return s->error;
    if (s->at_end)
        return 0;
    if (want > RUN)
        want = RUN;
    ssize_t n;

    if (s->kind == SOURCE_FD) {
        uint64_t position = s->base + s->end;
        uint64_t left = (uint64_t)s->size - position + 1; /* one more: did it grow? */

        if (want > left)
            want = (size_t)left;
        do {
            n = pread(s->fd, s->own + s->end, want, (off_t)position);
        } while (n < 0 && errno == EINTR);
        if (n < 0)
            n = -errno;
        if (n >= 0 && (uint64_t)n == left) {
            s->changed = true;
            s->at_end = true;
            n--;
        } else if (n == 0) {
            s->changed = s->changed || position < (uint64_t)s->size;
            s->at_end = true;
        } else if (n > 0 && (uint64_t)n == left - 1 && (size_t)n < want) {
            s->at_end = true; /* shorter than asked for, exactly at the promised end */
        }
    } else {
        n = s->read(s->ctx, s->own + s->end, want);
        if (n == 0)
            s->at_end = true;
        if (n > 0 && (size_t)n > want)
            n = -EBADMSG;
    }
    if (n < 0) {
        s->error = (int)n;
        return s->error;
    }
    s->end += (size_t)n;
    return 0;
}

/* How large a buffer is worth having for what is expected. */
static size_t useful_room(const struct source *s)
{
    uint64_t position = s->base + s->end;

    if (s->size < 0)
        return s->base == 0 && s->end < SMALLEST ? (size_t)PEEK_MAX : (size_t)RUN;
    if (position > (uint64_t)s->size)
        return RUN; /* a stream that is longer than it said */
    uint64_t need = (uint64_t)s->size - position + 1;

    if (s->kind == SOURCE_STREAM && need < SMALLEST)
        need = SMALLEST;
    return need > RUN ? (size_t)RUN : (size_t)need;
}

/* An empty buffer is filled with the next run. */
static int refill(struct source *s)
{
    if (s->complete || s->at_end || s->error)
        return s->error;
    s->base += s->end;
    s->begin = s->end = 0;
    int r = grow(s, useful_room(s));

    if (r < 0)
        return r;
    return read_more(s);
}

struct span source_peek(struct source *s, size_t want)
{
    if (want > PEEK_MAX)
        want = PEEK_MAX;
    while (s->end - s->begin < want && !s->at_end && !s->error) {
        if (s->begin == s->end) {
            if (refill(s) < 0)
                break;
            continue;
        }
        if (s->room - s->begin < want) {
            if (s->room < RUN) { /* grown, not moved: a stream can still be spooled then */
                if (grow(s, RUN) < 0)
                    break;
            } else {
                memmove(s->own, s->own + s->begin, s->end - s->begin);
                s->base += s->begin;
                s->end -= s->begin;
                s->begin = 0;
            }
        }
        if (read_more(s) < 0)
            break;
    }
    size_t have = s->end - s->begin;

    return (struct span){s->at + s->begin, have < want ? have : want};
}

struct span source_next(struct source *s, int *ret_error)
{
    *ret_error = 0;
    if (s->begin == s->end)
        *ret_error = refill(s);
    size_t have = s->end - s->begin;

    if (have > RUN)
        have = RUN;
    struct span run = {s->at + s->begin, have};

    s->begin += have;
    return run;
}

ssize_t source_read(struct source *s, void *bytes, size_t len)
{
    size_t done = 0;

    while (done < len) {
        if (s->begin == s->end) {
            int r = refill(s);

            if (r < 0)
                return done > 0 ? (ssize_t)done : r;
            if (s->begin == s->end)
                break;
        }
        size_t n = s->end - s->begin;

        if (n > len - done)
            n = len - done;
        memcpy((char *)bytes + done, s->at + s->begin, n);
        s->begin += n;
        done += n;
    }
    return (ssize_t)done;
}

/* Everything into memory, from the first byte on. */
static int spool(struct source *s)
{
    if (s->complete)
        return 0;
    uint64_t position = s->base + s->begin;

    if (s->too_large || (s->kind == SOURCE_FD && (uint64_t)s->size > s->spool_limit))
        return -EFBIG;
    if (s->base > 0) {
        if (s->kind == SOURCE_STREAM)
            return -ESPIPE;
        s->base = 0;
        s->begin = s->end = 0;
        s->at_end = false;
    }
    while (!s->at_end) {
        if (s->end == s->room) {
            size_t room = s->room < RUN ? (size_t)RUN : s->room * 2;

            if (s->kind == SOURCE_FD)
                room = (size_t)s->size + 1;
            else if (s->size > 0 && (uint64_t)s->size <= s->spool_limit && s->room <= SMALLEST)
                room = (size_t)s->size + SMALLEST;
            /* One byte past the limit, to tell "exactly the limit" from "more". */
            if (room > s->spool_limit && s->kind == SOURCE_STREAM)
                room = s->spool_limit + 1;
            if (room <= s->room) {
                s->too_large = true;
                return -EFBIG;
            }
            int r = grow(s, room);

            if (r < 0)
                return r;
        }
        int r = read_more(s);

        if (r < 0)
            return r;
    }
    if (s->kind == SOURCE_STREAM && s->end > s->spool_limit) {
        s->too_large = true;
        return -EFBIG;
    }
    s->complete = true;
    s->begin = position > s->end ? s->end : (size_t)position;
    return 0;
}

int source_seek(struct source *s, uint64_t position)
{
    if (position >= s->base && position - s->base <= s->end) {
        s->begin = (size_t)(position - s->base);
        return 0;
    }
    if (s->kind == SOURCE_FD && !s->complete) {
        if (position > (uint64_t)s->size)
            return -EINVAL;
        s->base = position;
        s->begin = s->end = 0;
        s->at_end = false;
        return 0;
    }
    int r = spool(s);

    if (r < 0)
        return r;
    if (position > s->end)
        return -EINVAL;
    s->begin = (size_t)position;
    return 0;
}

uint64_t source_position(const struct source *s)
{
    return s->base + s->begin;
}

int64_t source_size(const struct source *s)
{
    return s->complete ? (int64_t)s->end : s->size;
}

int source_whole(struct source *s, struct span *ret)
{
    int r = spool(s);

    if (r < 0)
        return r;
    *ret = (struct span){s->at, s->end};
    return 0;
}

int source_fd(struct source *s)
{
    if (s->kind == SOURCE_FD)
        return s->fd;
    if (s->memfd >= 0)
        return s->memfd;
    int r = spool(s);

    if (r < 0)
        return r;
    AUTO_CLOSE int fd = memfd_create("member", MFD_CLOEXEC);

    if (fd < 0)
        return -errno;
    for (size_t done = 0; done < s->end;) {
        ssize_t n = write(fd, s->at + done, s->end - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        done += (size_t)n;
    }
    s->memfd = take_fd(&fd);
    return s->memfd;
}

bool source_changed(const struct source *s)
{
    return s->changed;
}

int source_error(const struct source *s)
{
    return s->error;
}
