/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/doubles.h"

#include <stdlib.h>

enum {
    ROOM_LEAST = 1024,
    /* Birth dates with which an account or an address is still that of a household. */
    HOUSEHOLD = 8
};

struct dated_contact {
    uint64_t contact, who;
    uint32_t birth;
    bool number;
};

void doubles_release(struct doubles *d)
{
    free(d->of_numbers.at);
    free(d->of_names.at);
    *d = (struct doubles){0};
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int contact_before(const void *a, const void *b)
{
    const struct dated_contact *x = a, *y = b;
    int order = compare(x->contact, y->contact);

    if (order == 0)
        order = compare(x->birth, y->birth);
    if (order == 0)
        order = y->number - x->number;
    return order ? order : compare(x->who, y->who);
}

static bool append(struct contact_list *list, struct dated_contact one)
{
    if (list->len == list->room) {
        size_t room = list->room ? list->room * 2 : ROOM_LEAST;
        struct dated_contact *more = realloc(list->at, room * sizeof *more);

        if (!more)
            return false;
        list->at = more;
        list->room = room;
    }
    list->at[list->len++] = one;
    return true;
}

bool doubles_add(struct doubles *d, uint64_t contact, uint32_t birth, uint64_t who, bool number)
{
    const struct dated_contact one = {
        .contact = contact, .who = who, .birth = birth, .number = number};

    return append(number ? &d->of_numbers : &d->of_names, one);
}

/* Contacts of numbers are many, and few of them stand with a name too: those that surely do not are
 * passed over by a bit for each contact of a name, before anything is sorted.  False: no memory. */
static bool gather(struct doubles *d)
{
    size_t bits = 1024;

    while (bits < d->of_names.len * 16)
        bits *= 2;
    unsigned char *seen = calloc(bits / 8, 1);

    if (!seen)
        return false;
    for (size_t i = 0; i < d->of_names.len; i++) {
        size_t bit = (size_t)d->of_names.at[i].contact & (bits - 1);

        seen[bit / 8] |= (unsigned char)(1u << bit % 8);
    }
    bool good = true;

    for (size_t i = 0; i < d->of_numbers.len && good; i++) {
        size_t bit = (size_t)d->of_numbers.at[i].contact & (bits - 1);

        if (seen[bit / 8] >> bit % 8 & 1)
            good = append(&d->of_names, d->of_numbers.at[i]);
    }
    free(seen);
    return good;
}

static void fold(struct contact_list *list)
{
    size_t kept = 0;

    if (list->len == 0)
        return;
    qsort(list->at, list->len, sizeof *list->at, contact_before);
    for (size_t i = 1; i < list->len; i++) {
        if (contact_before(&list->at[kept], &list->at[i]) != 0)
            list->at[++kept] = list->at[i];
    }
    list->len = kept + 1;
}

/* --- who may be one --------------------------------------------------------------------------- */

static int newcomer_before(const void *a, const void *b)
{
    const struct newcomer *x = a, *y = b;
    int order = compare(x->name, y->name);

    return order ? order : compare(x->birth, y->birth);
}

/* Each points at an earlier one that may be the same, the first at itself. */
static uint32_t first_of(struct newcomer *all, uint32_t i)
{
    while (all[i].first != i) {
        all[i].first = all[all[i].first].first;
        i = all[i].first;
    }
    return i;
}

static void unite(struct newcomer *all, uint32_t a, uint32_t b)
{
    a = first_of(all, a);
    b = first_of(all, b);
    all[a > b ? a : b].first = a < b ? a : b;
}

/* All of one contact and one date. */
static void compare_holders(const struct dated_contact *at, size_t n, struct newcomer *all,
                            size_t n_all)
{
    uint32_t last = 0;
    bool known = at[0].number, any = false;

    for (size_t i = 0; i < n && n_all; i++) {
        const struct newcomer wanted = {.name = at[i].who, .birth = at[i].birth};
        const struct newcomer *found =
            at[i].number ? NULL : bsearch(&wanted, all, n_all, sizeof *all, newcomer_before);

        if (!found) {
            known = true; /* a number, or a name that a number claims */
            continue;
        }
        if (any)
            unite(all, last, (uint32_t)(found - all));
        last = (uint32_t)(found - all);
        any = true;
    }
    if (any && known)
        all[first_of(all, last)].doubtful = true;
}

bool doubles_mark(struct doubles *d, struct newcomer *all, size_t n)
{
    const struct contact_list *list = &d->of_names;

    for (size_t i = 0; i < n; i++)
        all[i].first = (uint32_t)i;
    if (n > 0 && !gather(d))
        return false;
    if (n > 0)
        fold(&d->of_names);
    for (size_t i = 0, end; n > 0 && i < list->len; i = end) {
        unsigned dates = 1;

        for (end = i + 1; end < list->len && list->at[end].contact == list->at[i].contact; end++)
            dates += list->at[end].birth != list->at[end - 1].birth;
        for (size_t k = i, stop; k < end && dates <= HOUSEHOLD; k = stop) {
            for (stop = k + 1; stop < end && list->at[stop].birth == list->at[k].birth; stop++)
                ;
            compare_holders(list->at + k, stop - k, all, n);
        }
    }
    /* One may have been marked before it was found to be another as well. */
    for (uint32_t i = 0; i < n; i++) {
        if (all[i].doubtful)
            all[first_of(all, i)].doubtful = true;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t first = first_of(all, i);

        all[i].doubtful = first != i || all[first].doubtful;
    }
    d->of_names.len = d->of_numbers.len = 0;
    return true;
}
