/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/copies.h"

#include <stdlib.h>

enum { SLOTS_LEAST = 1024 };

void copies_release(struct copies *c)
{
    free(c->slots);
    *c = (struct copies){0};
}

/* Tokens are evenly spread as they are. */
static struct copy_slot *slot_of(const struct copies *c, uint64_t content)
{
    size_t at = (size_t)(content ^ content >> 32) & (c->room - 1);

    while (c->slots[at].content && c->slots[at].content != content)
        at = (at + 1) & (c->room - 1);
    return &c->slots[at];
}

static bool widen(struct copies *c)
{
    struct copies wider = {.n = c->n, .room = c->room ? c->room * 2 : SLOTS_LEAST};

    wider.slots = calloc(wider.room, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t i = 0; i < c->room; i++) {
        if (c->slots[i].content)
            *slot_of(&wider, c->slots[i].content) = c->slots[i];
    }
    free(c->slots);
    *c = wider;
    return true;
}

bool copies_seen(struct copies *c, const struct ledger_row *row)
{
    if (row->content == 0 || c->failed)
        return false;
    if (c->n * 2 >= c->room && !widen(c)) {
        c->failed = true;
        return false;
    }
    struct copy_slot *slot = slot_of(c, row->content);

    c->n += slot->content == 0;
    slot->content = row->content;
    return slot->seen++ > 0;
}

uint64_t copies_contents(const struct copies *c)
{
    uint64_t n = 0;

    for (size_t i = 0; i < c->room; i++)
        n += c->slots[i].seen > 1;
    return n;
}
