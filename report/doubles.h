/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * doubles.h - persons known by name who are probably counted already under another spelling: the
 * same birth date, and an account, a postal address, a telephone or an e-mail address in common.
 *
 * Nobody is linked by that, for twins have both in common too: such a person moves from the best
 * estimate to the maximum.  What stands with more than a family's dates belongs to an office and
 * says nothing.
 */
#ifndef CONSTAT_REPORT_DOUBLES_H
#define CONSTAT_REPORT_DOUBLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doubles {
    struct contact_list {
        struct dated_contact *at;
        size_t len, room;
    } of_numbers, of_names;
};

/* A person by name and birth date whom no number claims; in the order of names, then dates. */
struct newcomer {
    uint64_t name;
    uint32_t birth, categories;
    uint8_t groups;
    bool doubtful;  /* set by doubles_mark */
    uint32_t first; /* its own */
};

void doubles_release(struct doubles *d);
/* `contact` stands with somebody of that birth date: the holder of a number, or a name.  False: no
 * memory. */
bool doubles_add(struct doubles *d, uint64_t contact, uint32_t birth, uint64_t who, bool number);
/* Marks all but one of those who may be one, all where one of them is counted otherwise.  False: no
 * memory. */
bool doubles_mark(struct doubles *d, struct newcomer *all, size_t n);

#endif
