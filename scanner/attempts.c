/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/attempts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool add(void *ctx, const struct attempt *one)
{
    struct attempts *a = ctx;

    if (a->n == a->room) {
        size_t room = a->room ? a->room * 2 : 64;
        struct attempt *bigger = realloc(a->at, room * sizeof *bigger);

        if (!bigger) {
            a->failed = true;
            return false;
        }
        a->at = bigger;
        a->room = room;
    }
    a->at[a->n++] = *one;
    return true;
}

static int by_identity(const void *a, const void *b)
{
    return memcmp(((const struct attempt *)a)->identity, ((const struct attempt *)b)->identity, 16);
}

int attempts_load(struct attempts *a, struct inventory *inv)
{
    *a = (struct attempts){0};
    int failed = inventory_each_attempt(inv, add, a);

    if (a->n > 0)
        qsort(a->at, a->n, sizeof *a->at, by_identity);
    return a->failed ? -ENOMEM : failed;
}

void attempts_release(struct attempts *a)
{
    free(a->at);
    *a = (struct attempts){0};
}

const struct attempt *attempts_find(const struct attempts *a, const unsigned char identity[16])
{
    struct attempt key;

    if (a->n == 0)
        return NULL;
    memcpy(key.identity, identity, 16);
    return bsearch(&key, a->at, a->n, sizeof *a->at, by_identity);
}
