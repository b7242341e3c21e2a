/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lookup_query.h - what is asked: lines of identifiers in any written form, as the tokens they can
 * have in a case.
 *
 * A line is first read by the detectors, like any text.  Beside that, whatever kinds its shape
 * allows are asked for too, and what it would be as the value of a field: bare digits, or a name,
 * without a word near them are not enough for a detector to report them, and enough to ask whether
 * exactly they are in the case.
 */
#ifndef CONSTAT_LOOKUP_QUERY_H
#define CONSTAT_LOOKUP_QUERY_H

#include <stdio.h>

#include "scanner/base/finding_block.h"
#include "scanner/base/keys.h"

enum { QUERY_LINE_MAX = 1024 };
#define NOT_ASKED UINT32_MAX

struct asked {
    unsigned char token[TOKEN_BYTES];
    const char *kind;            /* of a detector: static */
    int64_t last_row;            /* for the pass: the document in which it was met last */
    uint32_t query;              /* index of its line among those that hold something */
    uint32_t next;               /* in its hash chain, NOT_ASKED at the end */
    uint32_t in_record, near_by; /* categories beside it, for the pass */
    bool recognised;             /* by a detector, not only by its shape */
    bool met;
};

struct query_set {
    struct asked *asked;
    size_t n, room;
    uint64_t *lines; /* line number of each query, from 1 */
    uint32_t *first; /* queries + 1 of them: where the tokens of each begin */
    size_t queries, queries_room;
    uint32_t *heads;
    size_t mask;
};

/* Reads to the end of `in`.  -E2BIG: more lines than lookup.h allows.  Lines that hold nothing are
 * skipped; one longer than QUERY_LINE_MAX is no identifier and has no token. */
int query_set_read(struct query_set *set, FILE *in, const struct case_keys *keys, uint32_t today);
void query_set_release(struct query_set *set);
/* First token of the chain in which `token` would be. */
uint32_t query_set_first(const struct query_set *set, const unsigned char token[TOKEN_BYTES]);

#endif
