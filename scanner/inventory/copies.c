/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/inventory/copies.h"

#include <errno.h>
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
    struct copies wider = {
        .n = c->n, .room = c->room ? c->room * 2 : SLOTS_LEAST, .groups = c->groups};

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
    if (row->content == 0 || row->findings == 0 || c->failed)
        return false;
    if (c->n * 2 >= c->room && !widen(c)) {
        c->failed = true;
        return false;
    }
    struct copy_slot *slot = slot_of(c, row->content);

    c->n += slot->content == 0;
    slot->content = row->content;
    slot->seen += slot->seen < UINT32_MAX;
    return slot->seen > 1;
}

int copies_read(struct copies *c, struct inventory *inv)
{
    struct ledger_cursor *cursor = NULL;
    struct ledger_row row;
    struct span root;
    int r = ledger_open_unordered(inv, &cursor);

    while (r >= 0 && !c->failed && (r = ledger_next(cursor, &row, &root)) > 0)
        copies_seen(c, &row);
    ledger_close(cursor);
    return c->failed ? -ENOMEM : r < 0 ? r : 0;
}

uint64_t copies_contents(const struct copies *c)
{
    uint64_t n = 0;

    for (size_t i = 0; i < c->room; i++)
        n += c->slots[i].seen > 1;
    return n;
}

static struct copy_slot *slot_of_several(const struct copies *c, const struct ledger_row *row)
{
    if (row->content == 0 || row->findings == 0 || c->room == 0)
        return NULL;
    struct copy_slot *slot = slot_of(c, row->content);

    return slot->seen > 1 ? slot : NULL;
}

uint32_t copies_of(const struct copies *c, const struct ledger_row *row)
{
    const struct copy_slot *slot = slot_of_several(c, row);

    return slot ? slot->seen : 0;
}

uint32_t copies_group(struct copies *c, const struct ledger_row *row)
{
    struct copy_slot *slot = slot_of_several(c, row);

    if (slot && slot->group == 0)
        slot->group = ++c->groups;
    return slot ? slot->group : 0;
}
