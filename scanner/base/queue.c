/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/queue.h"

#include <pthread.h>
#include <stdlib.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t has_item, has_room;
    size_t room, length, head;
    size_t takers_waiting, putters_waiting;
    bool closed;
    void *items[];
};

struct queue *queue_new(size_t room)
{
    struct queue *q = calloc(1, sizeof *q + room * sizeof q->items[0]);

    if (!q)
        return NULL;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->has_item, NULL);
    pthread_cond_init(&q->has_room, NULL);
    q->room = room;
    return q;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    pthread_cond_destroy(&q->has_room);
    pthread_cond_destroy(&q->has_item);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

bool queue_put(struct queue *q, void *item)
{
    pthread_mutex_lock(&q->lock);
    while (q->length == q->room && !q->closed) {
        q->putters_waiting++;
        pthread_cond_wait(&q->has_room, &q->lock);
        q->putters_waiting--;
    }
    bool open = !q->closed;

    if (open) {
        q->items[(q->head + q->length) % q->room] = item;
        q->length++;
        if (q->takers_waiting > 0)
            pthread_cond_signal(&q->has_item);
    }
    pthread_mutex_unlock(&q->lock);
    return open;
}

size_t queue_take(struct queue *q, void **ret, size_t most)
{
    return queue_take_while(q, ret, most, NULL, NULL);
}

size_t queue_take_while(struct queue *q, void **ret, size_t most,
                        bool (*more)(void *ctx, const void *next), void *ctx)
{
    size_t n = 0;

    pthread_mutex_lock(&q->lock);
    while (q->length == 0 && !q->closed) {
        q->takers_waiting++;
        pthread_cond_wait(&q->has_item, &q->lock);
        q->takers_waiting--;
    }
    while (n < most && q->length > 0 && (!more || more(ctx, q->items[q->head]) || n == 0)) {
        ret[n++] = q->items[q->head];
        q->head = (q->head + 1) % q->room;
        q->length--;
    }
    /* Putters that wait are woken when there is room for many: woken for each place that becomes
     * free they would do little but wake up and fall asleep. */
    if (n > 0 && q->putters_waiting > 0 && q->length <= q->room / 2)
        pthread_cond_broadcast(&q->has_room);
    pthread_mutex_unlock(&q->lock);
    return n;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->has_item);
    pthread_cond_broadcast(&q->has_room);
    pthread_mutex_unlock(&q->lock);
}

size_t queue_length(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    size_t length = q->length;

    pthread_mutex_unlock(&q->lock);
    return length;
}
