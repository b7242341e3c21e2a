/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * queue.h - a bounded queue of pointers between threads: the only pressure backwards in the
 * program.  Any number of threads on both sides.
 */
#ifndef CONSTAT_QUEUE_H
#define CONSTAT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;

struct queue *queue_new(size_t room);
void queue_free(struct queue *q); /* must be empty and unused */
/* Waits for room.  False once the queue is closed (the pointer stays the caller's). */
bool queue_put(struct queue *q, void *item);
/* Waits for the first item, then takes up to `most` without waiting for more.  0 once the queue
 * is closed and empty. */
size_t queue_take(struct queue *q, void **ret, size_t most);
/* The same, but after the first one takes the next only while `more` says so of it; `more` is
 * called with the queue locked and must not block. */
size_t queue_take_while(struct queue *q, void **ret, size_t most,
                        bool (*more)(void *ctx, const void *next), void *ctx);
/* No more puts; takers drain what is there. */
void queue_close(struct queue *q);
size_t queue_length(struct queue *q); /* a snapshot */

#endif
