/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * attempts.h - the few items that were in flight when the program died: they get a helper of their
 * own once, and are set aside when the program died on them again.
 */
#ifndef CONSTAT_ATTEMPTS_H
#define CONSTAT_ATTEMPTS_H

#include "scanner/inventory/inventory.h"

struct attempts {
    struct attempt *at; /* in the order of identities; never changed after loading */
    size_t n, room;
    bool failed;
};

int attempts_load(struct attempts *a, struct inventory *inv);
void attempts_release(struct attempts *a);
/* NULL: the item was never in flight at a death.  Any thread. */
const struct attempt *attempts_find(const struct attempts *a, const unsigned char identity[16]);

#endif
