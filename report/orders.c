/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/orders.h"

#include <errno.h>
#include <stdlib.h>

static int rank(uint64_t a, uint64_t b)
{
    return a > b ? -1 : a < b; /* the greater first */
}

static int hotter(const void *a, const void *b, void *ctx)
{
    const struct facts *f = ctx;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const struct folder_facts *x = &f->folders[i], *y = &f->folders[j];
    int order = rank(x->persons_sure, y->persons_sure);

    if (order == 0)
        order = rank(x->persons_medium, y->persons_medium);
    if (order == 0)
        order = rank(x->values, y->values);
    return order ? order : (i > j) - (i < j);
}

int order_hot(struct facts *f)
{
    f->hot = malloc((f->n_folders ? f->n_folders : 1) * sizeof *f->hot);
    if (!f->hot)
        return -ENOMEM;
    for (uint32_t i = 0; i < f->n_folders; i++) {
        if (f->folders[i].values > 0)
            f->hot[f->n_hot++] = i;
    }
    qsort_r(f->hot, f->n_hot, sizeof *f->hot, hotter, f);
    return 0;
}

static int kind_before(const void *a, const void *b, void *ctx)
{
    const struct facts *f = ctx;
    const struct kind_facts *x = &f->kinds[*(const unsigned *)a],
                            *y = &f->kinds[*(const unsigned *)b];
    unsigned i = category_index(x->about.category), j = category_index(y->about.category);

    return i != j ? (i > j) - (i < j) : strcmp(x->name, y->name);
}

static int name_before(const void *a, const void *b, void *ctx)
{
    const struct facts *f = ctx;

    return strcmp(f->kinds[*(const unsigned *)a].name, f->kinds[*(const unsigned *)b].name);
}

void order_kinds(struct facts *f)
{
    for (unsigned i = 0; i < f->n_kinds; i++) {
        f->by_name[i] = i;
        if (f->kinds[i].occurrences > 0)
            f->kind_order[f->n_kind_order++] = i;
    }
    qsort_r(f->kind_order, f->n_kind_order, sizeof f->kind_order[0], kind_before, f);
    qsort_r(f->by_name, f->n_kinds, sizeof f->by_name[0], name_before, f);
}

static int gap_before(const void *a, const void *b)
{
    const struct gap_facts *x = a, *y = b;
    int order = (x->outcome > y->outcome) - (x->outcome < y->outcome);

    if (order == 0)
        order = rank(x->files.bytes, y->files.bytes);
    if (order == 0)
        order = rank(x->files.files + x->members, y->files.files + y->members);
    return order ? order : strcmp(x->reason, y->reason);
}

void order_reasons(struct facts *f)
{
    if (f->n_gaps > 1)
        qsort(f->gaps, f->n_gaps, sizeof *f->gaps, gap_before);
}
