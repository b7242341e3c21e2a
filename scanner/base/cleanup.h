/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * cleanup.h - release declared where the thing is born.
 *
 *     AUTO_FREE char *name = strdup(...);
 *     AUTO_CLOSE int fd = open(...);
 *     return take_ptr(&name);                  hand over: nothing is released here
 *
 * Every release function takes NULL (or -1).  Other types define their own with AUTO(function).
 */
#ifndef CONSTAT_CLEANUP_H
#define CONSTAT_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AUTO(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *p)
{
    free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    errno = saved;
}

static inline void cleanup_fclose(FILE **f)
{
    if (*f)
        fclose(*f);
}

#define AUTO_FREE   AUTO(cleanup_free)
#define AUTO_CLOSE  AUTO(cleanup_close)
#define AUTO_FCLOSE AUTO(cleanup_fclose)

/* The pointer, and NULL left in its place. */
#define take_ptr(pp)                                                                               \
    __extension__({                                                                                \
        __typeof__(*(pp)) taken_ = *(pp);                                                          \
        *(pp) = NULL;                                                                              \
        taken_;                                                                                    \
    })

static inline int take_fd(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

#endif
