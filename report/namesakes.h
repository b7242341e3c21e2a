/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * namesakes.h - persons who are known by name: all mentions of one name, over all documents.
 *
 * A name alone is nobody.  With a birth date it is one person; with a postal address too.  What
 * stands with a national number anywhere tells whose name and address it is, so that the same
 * name with the same birth date, or the same name with the same address, is known again where the
 * number is missing.  Two numbers under one name stay two persons.
 */
#ifndef CONSTAT_REPORT_NAMESAKES_H
#define CONSTAT_REPORT_NAMESAKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/doubles.h"

enum {
    FIRST_DATE = 10000, /* as YYYYMMDD; below: a date that is known by its token alone */
    MENTION_FIRM = 1    /* flag: name and date, or address, of medium confidence at least */
};

struct mention { /* tokens by their first 8 bytes, 0 where there is none */
    uint64_t name, number, address;
    uint32_t birth; /* as the number says, else the date that stands with it */
    uint32_t categories;
    uint8_t groups, flags;
};

struct namesakes {
    struct mention *at;
    size_t len, room;
    uint64_t *known; /* scratch: addresses of the persons of one name */
    size_t known_room;
    struct newcomer *newcomers; /* by name and birth date, without a number */
    size_t n_newcomers, newcomers_room;
    struct doubles doubles; /* filled by the caller; may stay empty */
};

/* Persons without a national number, and what was known again. */
struct known_by_name {
    uint64_t by_birth;   /* distinct (name, birth date) without a number */
    uint64_t by_address; /* distinct (name, address), where the name is nobody's so far */
    uint64_t perhaps;    /* more of them: the name is of a person counted, or nothing is sure */
    uint64_t doubles;    /* of these, by another spelling: same birth date and contact */
    uint64_t names;      /* names alone */
    uint64_t same_birth; /* (name, birth date) known again as the holder of a number */
    uint64_t same_address;
};

/* What one person who is known by name adds: birth is 0 when it is not known. */
typedef void namesake_fn(void *ctx, uint32_t birth, uint32_t categories, unsigned groups);

void namesakes_release(struct namesakes *n);
bool namesakes_add(struct namesakes *n, const struct mention *m); /* false: no memory */
/* Counts and forgets what was added, adding to *ret; `person` is called for each of by_birth and
 * by_address.  False: no memory. */
bool namesakes_count(struct namesakes *n, struct known_by_name *ret, namesake_fn *person,
                     void *ctx);

#endif
