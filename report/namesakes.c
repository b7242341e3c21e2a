/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/namesakes.h"

#include <stdlib.h>

enum {
    MENTIONS_LEAST = 1024,
    /* A name that stands with more national numbers than this is that of somebody who writes
     * about others: a case worker, a director. */
    NUMBERS_OF_A_NAME = 2,
    /* And one that stands with more birth dates, of which no number of the name knows: the most
     * usual names of Belgium are those of one in ten thousand. */
    DATES_OF_A_NAME = 24
};

void namesakes_release(struct namesakes *n)
{
    free(n->at);
    free(n->known);
    free(n->newcomers);
    doubles_release(&n->doubles);
    *n = (struct namesakes){0};
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int mention_before(const void *a, const void *b)
{
    const struct mention *x = a, *y = b;
    int order = compare(x->name, y->name);

    if (order == 0)
        order = compare(x->birth, y->birth);
    if (order == 0)
        order = compare(x->number, y->number);
    return order ? order : compare(x->address, y->address);
}

/* In order, each once. */
static void fold(struct namesakes *n)
{
    size_t kept = 0;

    if (n->len == 0)
        return;
    qsort(n->at, n->len, sizeof *n->at, mention_before);
    for (size_t i = 1; i < n->len; i++) {
        if (mention_before(&n->at[kept], &n->at[i]) != 0) {
            n->at[++kept] = n->at[i];
            continue;
        }
        n->at[kept].categories |= n->at[i].categories;
        n->at[kept].groups |= n->at[i].groups;
        n->at[kept].flags |= n->at[i].flags;
    }
    n->len = kept + 1;
}

bool namesakes_add(struct namesakes *n, const struct mention *m)
{
    if (n->len == n->room) {
        fold(n);
        if (n->len >= n->room / 2) {
            size_t room = n->room ? n->room * 2 : MENTIONS_LEAST;
            struct mention *more = realloc(n->at, room * sizeof *more);

            if (!more)
                return false;
            n->at = more;
            n->room = room;
        }
    }
    n->at[n->len++] = *m;
    return true;
}

/* --- one name -------------------------------------------------------------------------------- */

struct one_name {
    struct namesakes *all;
    const struct mention *at;
    size_t n;
    uint64_t numbers; /* distinct national numbers */
    bool number_undated;
    uint64_t persons; /* numbers, and dates and addresses of their own */
    size_t known;     /* addresses */
    struct known_by_name *ret;
    namesake_fn *person;
    void *ctx;
};

/* Does a number of this name hold just that date?  Mentions are in the order of dates. */
static bool number_says(const struct one_name *o, uint32_t birth)
{
    size_t low = 0, high = o->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (o->at[middle].birth < birth)
            low = middle + 1;
        else
            high = middle;
    }
    /* Within a date those without a number come first; there may be many. */
    for (; low < o->n && o->at[low].birth == birth; low++) {
        if (o->at[low].number)
            return true;
    }
    return false;
}

/* Or leave its day or month open? */
static bool of_a_number(const struct one_name *o, uint32_t birth)
{
    return number_says(o, birth) ||
           (birth >= FIRST_DATE &&
            (number_says(o, birth / 100 * 100) || number_says(o, birth / 10000 * 10000)));
}

static void count_numbers(struct one_name *o)
{
    uint64_t last = 0;

    for (size_t i = 0; i < o->n; i++) {
        const struct mention *m = &o->at[i];

        if (!m->number || m->number == last)
            continue;
        last = m->number;
        o->numbers++;
        o->number_undated |= m->birth < FIRST_DATE;
    }
    o->persons = o->numbers;
}

static bool add_newcomer(struct namesakes *n, struct newcomer one)
{
    if (n->n_newcomers == n->newcomers_room) {
        size_t room = n->newcomers_room ? n->newcomers_room * 2 : MENTIONS_LEAST;
        struct newcomer *more = realloc(n->newcomers, room * sizeof *more);

        if (!more)
            return false;
        n->newcomers = more;
        n->newcomers_room = room;
    }
    n->newcomers[n->n_newcomers++] = one;
    return true;
}

struct one_date { /* mentions of one name and one birth date */
    size_t end;
    uint32_t birth, categories;
    unsigned groups, flags;
    bool without; /* a mention without a number is among them */
};

static struct one_date date_at(const struct one_name *o, size_t at)
{
    struct one_date d = {.end = at, .birth = o->at[at].birth};

    for (; d.end < o->n && o->at[d.end].birth == d.birth; d.end++) {
        const struct mention *m = &o->at[d.end];

        if (m->number)
            continue;
        d.without = true;
        d.categories |= m->categories;
        d.groups |= m->groups;
        d.flags |= m->flags;
    }
    return d;
}

/* Mentions without a number, by their birth dates. */
static bool count_dates(struct one_name *o)
{
    uint64_t own = 0;

    for (size_t i = 0; i < o->n;) {
        struct one_date d = date_at(o, i);

        own += d.birth != 0 && d.without && !of_a_number(o, d.birth);
        i = d.end;
    }
    for (size_t i = 0; i < o->n;) {
        struct one_date d = date_at(o, i);

        i = d.end;
        if (d.birth == 0 || !d.without)
            continue;
        if (of_a_number(o, d.birth)) {
            o->ret->same_birth++;
            continue;
        }
        o->persons++;
        /* A number that says no date may be of the same person. */
        if (o->number_undated || !(d.flags & MENTION_FIRM) || own > DATES_OF_A_NAME ||
            (d.birth < FIRST_DATE && o->numbers)) {
            o->ret->perhaps++;
            continue;
        }
        if (!add_newcomer(o->all, (struct newcomer){.name = o->at->name,
                                                    .birth = d.birth,
                                                    .categories = d.categories,
                                                    .groups = (uint8_t)d.groups}))
            return false;
    }
    return true;
}

static int address_before(const void *a, const void *b)
{
    return compare(*(const uint64_t *)a, *(const uint64_t *)b);
}

static bool gather_addresses(struct namesakes *n, struct one_name *o)
{
    for (size_t i = 0; i < o->n; i++) {
        const struct mention *m = &o->at[i];

        if (!m->address || (!m->number && !m->birth))
            continue;
        if (o->known == n->known_room) {
            size_t room = n->known_room ? n->known_room * 2 : 64;
            uint64_t *more = realloc(n->known, room * sizeof *more);

            if (!more)
                return false;
            n->known = more;
            n->known_room = room;
        }
        n->known[o->known++] = m->address;
    }
    if (o->known > 1)
        qsort(n->known, o->known, sizeof *n->known, address_before);
    return true;
}

/* Mentions with neither number nor date stand first, in the order of addresses. */
static void count_addresses(const struct namesakes *n, struct one_name *o)
{
    bool nobody = o->persons == 0;

    for (size_t i = 0; i < o->n && o->at[i].birth == 0; i++) {
        const struct mention *m = &o->at[i];

        if (m->number || !m->address)
            continue;
        if (o->known &&
            bsearch(&m->address, n->known, o->known, sizeof *n->known, address_before)) {
            o->ret->same_address++;
            continue;
        }
        /* Where somebody of that name is counted, it is rather he, who moved or whose address is
         * written otherwise, than a namesake. */
        if (nobody && (m->flags & MENTION_FIRM)) {
            o->ret->by_address++;
            o->person(o->ctx, 0, m->categories, m->groups);
            nobody = false;
        } else {
            o->ret->perhaps++;
        }
        o->persons++;
    }
}

static bool count_name(struct namesakes *n, struct one_name o)
{
    count_numbers(&o);
    if (!count_dates(&o) || !gather_addresses(n, &o))
        return false;
    count_addresses(n, &o);
    o.ret->names += o.persons == 0 || o.numbers > NUMBERS_OF_A_NAME;
    return true;
}

bool namesakes_count(struct namesakes *n, struct known_by_name *ret, namesake_fn *person, void *ctx)
{
    fold(n);
    for (size_t i = 0, end; i < n->len; i = end) {
        for (end = i + 1; end < n->len && n->at[end].name == n->at[i].name; end++)
            ;
        if (!count_name(n, (struct one_name){.all = n,
                                             .at = n->at + i,
                                             .n = end - i,
                                             .ret = ret,
                                             .person = person,
                                             .ctx = ctx}))
            return false;
    }
    if (!doubles_mark(&n->doubles, n->newcomers, n->n_newcomers))
        return false;
    for (size_t i = 0; i < n->n_newcomers; i++) {
        const struct newcomer *one = &n->newcomers[i];

        ret->doubles += one->doubtful;
        ret->perhaps += one->doubtful;
        ret->by_birth += !one->doubtful;
        if (!one->doubtful)
            person(ctx, one->birth < FIRST_DATE ? 0 : one->birth, one->categories, one->groups);
    }
    n->len = n->n_newcomers = 0;
    return true;
}
