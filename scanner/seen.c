/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/seen.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    uint64_t key;   /* half of the identity; 0 is empty (and moved to 1) */
    uint64_t state; /* size and times, mixed with the other half of the identity */
    int64_t top;
    uint8_t outcome;
    _Atomic uint8_t met;
};

struct seen_table {
    struct slot *slots;
    uint64_t room, n; /* room is a power of two */
    bool failed;
};

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
    h *= 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

static uint64_t state_of(const unsigned char identity[16], uint64_t bytes, int64_t mtime,
                         int64_t ctime)
{
    uint64_t half;

    memcpy(&half, identity + 8, sizeof half);
    return mix(mix(mix(half, bytes), (uint64_t)mtime), (uint64_t)ctime);
}

static uint64_t key_of(const unsigned char identity[16])
{
    uint64_t key;

    memcpy(&key, identity, sizeof key);
    return key ? key : 1;
}

static struct slot *slot_find(const struct seen_table *t, uint64_t key)
{
    uint64_t at = key & (t->room - 1);

    while (t->slots[at].key && t->slots[at].key != key)
        at = (at + 1) & (t->room - 1);
    return &t->slots[at];
}

static bool grow(struct seen_table *t)
{
    struct seen_table bigger = {.room = t->room ? t->room * 2 : 1024};

    bigger.slots = calloc(bigger.room, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (uint64_t i = 0; i < t->room; i++) {
        if (t->slots[i].key) {
            struct slot *to = slot_find(&bigger, t->slots[i].key);

            to->key = t->slots[i].key;
            to->state = t->slots[i].state;
            to->top = t->slots[i].top;
            to->outcome = t->slots[i].outcome;
        }
    }
    free(t->slots);
    t->slots = bigger.slots;
    t->room = bigger.room;
    return true;
}

static bool add(void *ctx, const struct seen *s)
{
    struct seen_table *t = ctx;

    if (t->n * 3 >= t->room * 2 && !grow(t)) {
        t->failed = true;
        return false;
    }
    struct slot *slot = slot_find(t, key_of(s->identity));

    if (!slot->key)
        t->n++;
    slot->key = key_of(s->identity);
    slot->state = state_of(s->identity, s->bytes, s->mtime, s->ctime);
    slot->top = s->top;
    slot->outcome = (uint8_t)s->outcome;
    return true;
}

struct seen_table *seen_load(struct inventory *inv, int *ret_error)
{
    struct seen_table *t = calloc(1, sizeof *t);

    *ret_error = -ENOMEM;
    if (!t || !grow(t)) {
        free(t);
        return NULL;
    }
    *ret_error = inventory_each_seen(inv, add, t);
    if (t->failed)
        *ret_error = -ENOMEM;
    if (*ret_error < 0) {
        seen_free(t);
        return NULL;
    }
    return t;
}

void seen_free(struct seen_table *t)
{
    if (!t)
        return;
    free(t->slots);
    free(t);
}

struct seen_item seen_meet(struct seen_table *t, const unsigned char identity[16], uint64_t bytes,
                           int64_t mtime, int64_t ctime)
{
    struct slot *slot = slot_find(t, key_of(identity));

    if (!slot->key)
        return (struct seen_item){0, OUTCOME_READ, false};
    atomic_store_explicit(&slot->met, 1, memory_order_relaxed);
    return (struct seen_item){slot->top, (enum outcome)slot->outcome,
                              slot->state == state_of(identity, bytes, mtime, ctime)};
}

int seen_each_unmet(struct seen_table *t, int (*gone)(void *ctx, int64_t top), void *ctx)
{
    int failed = 0;

    for (uint64_t i = 0; i < t->room && failed >= 0; i++) {
        if (t->slots[i].key && !atomic_load_explicit(&t->slots[i].met, memory_order_relaxed))
            failed = gone(ctx, t->slots[i].top);
    }
    return failed;
}

uint64_t seen_count(const struct seen_table *t)
{
    return t->n;
}
