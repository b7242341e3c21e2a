/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/copy_groups.h"

#include <errno.h>
#include <stdlib.h>

#include "scanner/base/cleanup.h"

struct member { /* of a group */
    uint32_t group, folder;
};

struct group {
    const struct member *at;
    size_t n;
    uint64_t findings; /* in each of its documents */
};

struct gathered {
    struct member *members;
    size_t n, room;
    uint64_t *findings; /* of each group */
    struct group largest[COPY_GROUPS];
    unsigned n_largest;
};

static void gathered_release(struct gathered *g)
{
    free(g->members);
    free(g->findings);
}

static bool note_member(struct ledger_count *l, struct gathered *g, const struct ledger_row *row)
{
    uint32_t group = copies_group(&l->copies, row);
    const struct row_note *note = group ? rows_find(&l->rows, row->id) : NULL;

    /* A scan that goes on meanwhile may have added it since the rows were counted. */
    if (!note || (note->folder & ROW_FOLDER) == ROW_UNSEEN || group > l->f->copies.contents)
        return true;
    if (g->n == g->room) {
        size_t room = g->room ? g->room * 2 : 256;
        struct member *more = realloc(g->members, room * sizeof *more);

        if (!more)
            return false;
        g->members = more;
        g->room = room;
    }
    g->members[g->n++] = (struct member){group - 1, (note->folder & ROW_FOLDER) - 1};
    if (g->findings[group - 1] < row->findings)
        g->findings[group - 1] = row->findings;
    return true;
}

static int gather(struct ledger_count *l, struct inventory *inv, struct gathered *g)
{
    struct ledger_cursor *cursor = NULL;
    struct ledger_row row;
    struct span label;
    int rc = ledger_open_unordered(inv, &cursor);

    while (rc >= 0 && (rc = ledger_next(cursor, &row, &label)) > 0) {
        if (!note_member(l, g, &row))
            rc = -ENOMEM;
    }
    ledger_close(cursor);
    return rc < 0 ? rc : 0;
}

static int by_group(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->folder > y->folder) - (x->folder < y->folder);
}

/* Most documents, then most findings, then by folder: all that is shown of a group, and nothing of
 * how its rows lie. */
static bool comes_before(const struct group *a, const struct group *b)
{
    if (a->n != b->n)
        return a->n > b->n;
    if (a->findings != b->findings)
        return a->findings > b->findings;
    for (size_t i = 0; i < a->n; i++) {
        if (a->at[i].folder != b->at[i].folder)
            return a->at[i].folder < b->at[i].folder;
    }
    return false;
}

static void rank(struct gathered *g, struct group one)
{
    unsigned at = g->n_largest;

    while (at > 0 && comes_before(&one, &g->largest[at - 1]))
        at--;
    if (at == COPY_GROUPS)
        return;
    if (g->n_largest < COPY_GROUPS)
        g->n_largest++;
    memmove(&g->largest[at + 1], &g->largest[at], (g->n_largest - at - 1) * sizeof g->largest[0]);
    g->largest[at] = one;
}

/* The folders with most first, of equal ones in their order. */
static void add_folder(struct copy_folders *list, struct copy_folder one)
{
    unsigned at = list->n_top;

    while (at > 0 && list->top[at - 1].documents < one.documents)
        at--;
    list->more += list->n_top == COPY_FOLDERS;
    if (at == COPY_FOLDERS)
        return;
    if (list->n_top < COPY_FOLDERS)
        list->n_top++;
    memmove(&list->top[at + 1], &list->top[at], (list->n_top - at - 1) * sizeof list->top[0]);
    list->top[at] = one;
}

static void show(const struct group *g, struct copy_group *ret)
{
    *ret = (struct copy_group){.documents = g->n, .findings = g->findings};
    for (size_t i = 0, end; i < g->n; i = end) {
        for (end = i + 1; end < g->n && g->at[end].folder == g->at[i].folder; end++)
            ;
        add_folder(&ret->folders, (struct copy_folder){g->at[i].folder, end - i});
    }
}

static void count(struct facts *f, struct gathered *g)
{
    if (g->n > 0)
        qsort(g->members, g->n, sizeof *g->members, by_group);
    for (size_t i = 0, end; i < g->n; i = end) {
        const struct member *at = &g->members[i];

        for (end = i; end < g->n && g->members[end].group == at->group; end++)
            f->folders[g->members[end].folder].copies++;
        rank(g, (struct group){at, end - i, g->findings[at->group]});
    }
    for (unsigned i = 0; i < g->n_largest; i++)
        show(&g->largest[i], &f->copies.largest[i]);
    f->copies.n_largest = g->n_largest;
    for (uint32_t i = 0; i < f->n_folders; i++) {
        if (f->folders[i].copies)
            add_folder(&f->copies.folders, (struct copy_folder){i, f->folders[i].copies});
    }
}

int copy_groups_count(struct ledger_count *l, struct inventory *inv)
{
    AUTO(gathered_release) struct gathered g = {0};
    uint64_t groups = copies_contents(&l->copies);
    int rc = 0;

    l->f->copies.contents = groups;
    if (groups > 0) {
        g.findings = calloc(groups, sizeof *g.findings);
        rc = g.findings ? gather(l, inv, &g) : -ENOMEM;
    }
    if (rc == 0)
        count(l->f, &g);
    copies_release(&l->copies);
    return rc;
}
