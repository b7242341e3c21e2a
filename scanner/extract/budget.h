/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * budget.h - what one top-level item may still cost, shared down its whole nest.
 *
 * Depth of nesting, bytes unpacked, members, expansion ratio and time are counted in one place, so
 * that a bomb inside an archive inside a mail cannot start afresh at each level.  A limit that is
 * reached is an outcome (over-limit) with the limit's name as its reason, never a quiet cut.
 */
#ifndef CONSTAT_BUDGET_H
#define CONSTAT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct limits {
    uint32_t depth;        /* containers inside containers; default 16 */
    uint64_t bytes;        /* unpacked bytes of one top-level item; default 64 GiB */
    uint64_t members;      /* default 5,000,000; and no more than 100,000 + one for each 4 packed
                              bytes, whatever this says */
    uint32_t ratio;        /* unpacked : packed, judged above 64 MiB unpacked; default 250 */
    uint64_t spool;        /* most memory one member may take; default 192 MiB */
    uint64_t seconds_base; /* time for one top-level item: base + per_gib * GiB, at most cap */
    uint64_t seconds_per_gib;
    uint64_t seconds_cap;
};

struct budget {
    struct limits limits;
    uint64_t packed;   /* size of the top-level item */
    uint64_t unpacked; /* so far */
    uint64_t members;  /* so far */
    uint64_t deadline; /* CLOCK_MONOTONIC nanoseconds */
    const char *spent; /* NULL, or which limit was reached: "depth" "bytes" "members" "ratio"
                          "time" "spool" */
};

struct limits limits_default(void);
void budget_start(struct budget *b, const struct limits *limits, uint64_t packed);
/* Count bytes out of a container.  False once a limit is reached (b->spent says which: the one
 * that made the last call false).  Bytes, members, ratio and time stay spent for the whole item;
 * depth concerns only the container that asked, its siblings go on. */
bool budget_bytes(struct budget *b, uint64_t unpacked);
bool budget_member(struct budget *b);
bool budget_depth(struct budget *b, uint32_t depth);
bool budget_time(struct budget *b); /* cheap enough for every 64 KiB */

#endif
