/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/budget.h"

#include <stddef.h>
#include <time.h>

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

/* Below this the ratio says nothing: an empty spreadsheet or a log of one repeated line packs
 * 1000 : 1 and harms nobody. */
#define RATIO_FROM (64 * MIB)

/* Members that any file may have, and packed bytes for each further one. */
enum { MEMBERS_FREE = 100000, MEMBER_BYTES = 4 };

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

struct limits limits_default(void)
{
    return (struct limits){
        .depth = 16,
        .bytes = 64 * GIB,
        .members = 5000000,
        /* Real text and dumps stay under 100 : 1; deflate cannot pass 1032 : 1. */
        .ratio = 250,
        .spool = 192 * MIB,
        .seconds_base = 300,
        .seconds_per_gib = 900,
        .seconds_cap = 24 * 3600,
    };
}

void budget_start(struct budget *b, const struct limits *limits, uint64_t packed)
{
    *b = (struct budget){.limits = *limits, .packed = packed};
    uint64_t gib = packed / GIB, seconds;

    if (__builtin_mul_overflow(limits->seconds_per_gib, gib, &seconds) ||
        __builtin_add_overflow(
            seconds, (uint64_t)((double)limits->seconds_per_gib * (double)(packed % GIB) / GIB),
            &seconds) ||
        __builtin_add_overflow(seconds, limits->seconds_base, &seconds) ||
        seconds > limits->seconds_cap)
        seconds = limits->seconds_cap;
    if (__builtin_mul_overflow(seconds, UINT64_C(1000000000), &b->deadline) ||
        __builtin_add_overflow(b->deadline, now(), &b->deadline))
        b->deadline = UINT64_MAX;
}

bool budget_bytes(struct budget *b, uint64_t unpacked)
{
    if (__builtin_add_overflow(b->unpacked, unpacked, &b->unpacked))
        b->unpacked = UINT64_MAX;
    if (b->unpacked > b->limits.bytes) {
        b->spent = "bytes";
        return false;
    }
    uint64_t most;

    if (__builtin_mul_overflow(b->packed > 0 ? b->packed : 1, (uint64_t)b->limits.ratio, &most))
        most = UINT64_MAX;
    if (b->unpacked > RATIO_FROM && b->unpacked > most) {
        b->spent = "ratio";
        return false;
    }
    return true;
}

bool budget_member(struct budget *b)
{
    /* A real member takes some bytes, even an empty one in a tar that was compressed.  A nest of
     * ten in ten in ten takes none: four kilobytes could fill the ledger with millions of rows. */
    if (b->members >= b->limits.members ||
        (b->members >= MEMBERS_FREE && b->members - MEMBERS_FREE >= b->packed / MEMBER_BYTES)) {
        b->spent = "members";
        return false;
    }
    b->members++;
    return true;
}

bool budget_depth(struct budget *b, uint32_t depth)
{
    if (depth > b->limits.depth) {
        b->spent = "depth";
        return false;
    }
    return true;
}

bool budget_time(struct budget *b)
{
    if (now() >= b->deadline) {
        b->spent = "time";
        return false;
    }
    return true;
}
