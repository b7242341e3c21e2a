/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/folders.h"

#include <stdlib.h>

#include "scanner/base/cleanup.h"

void folder_table_init(struct folder_table *t, struct facts *f, bool ordered)
{
    *t = (struct folder_table){.f = f, .ordered = ordered};
}

void folder_table_release(struct folder_table *t)
{
    free(t->first_gap);
    free(t->slots);
    *t = (struct folder_table){0};
}

static char *copy_of(struct span s)
{
    char *copy = malloc(s.len + 1);

    if (copy) {
        if (s.len)
            memcpy(copy, s.at, s.len);
        copy[s.len] = '\0';
    }
    return copy;
}

/* --- roots ------------------------------------------------------------------------------------ */

bool folder_table_root(struct folder_table *t, struct span label, uint32_t *ret)
{
    struct facts *f = t->f;

    if (f->n_roots > 0 && span_equal(span_of(f->roots[t->root].label), label)) {
        *ret = t->root;
        return true;
    }
    for (uint32_t i = 0; i < f->n_roots; i++) {
        if (span_equal(span_of(f->roots[i].label), label)) {
            *ret = t->root = i;
            return true;
        }
    }
    if (f->n_roots == FACTS_ROOTS) { /* further ones are counted with the last */
        t->wants_order = !t->ordered;
        *ret = t->root = FACTS_ROOTS - 1;
        return t->ordered;
    }
    struct root_facts *more = realloc(f->roots, (f->n_roots + 1) * sizeof *more);

    if (!more)
        return false;
    f->roots = more;
    f->roots[f->n_roots] = (struct root_facts){.label = copy_of(label)};
    if (!f->roots[f->n_roots].label)
        return false;
    *ret = t->root = f->n_roots++;
    return true;
}

/* --- folders ---------------------------------------------------------------------------------- */

static uint64_t hash_of(uint32_t root, struct span path)
{
    uint64_t h = 0xcbf29ce484222325u ^ root;

    for (size_t i = 0; i < path.len; i++)
        h = (h ^ (unsigned char)path.at[i]) * 0x100000001b3u; /* FNV-1a */
    return h ^ h >> 29;
}

static bool is_folder(const struct folder_facts *folder, uint32_t root, struct span path)
{
    return folder->root == root && folder->path && span_equal(span_of(folder->path), path);
}

/* Where it is, or where it would stand. */
static uint32_t *slot_of(const struct folder_table *t, uint32_t root, struct span path)
{
    uint32_t at = (uint32_t)hash_of(root, path) & (t->n_slots - 1);

    while (t->slots[at] && !is_folder(&t->f->folders[t->slots[at] - 1], root, path))
        at = (at + 1) & (t->n_slots - 1);
    return &t->slots[at];
}

static bool grow(struct folder_table *t)
{
    uint32_t room = t->room ? t->room * 2 : 64;
    struct folder_facts *more = realloc(t->f->folders, room * sizeof *more);

    if (!more)
        return false;
    t->f->folders = more;
    uint32_t *first = realloc(t->first_gap, room * sizeof *first);

    if (!first)
        return false;
    t->first_gap = first;
    uint32_t *slots = calloc(room * 2, sizeof *slots);

    if (!slots)
        return false;
    free(t->slots);
    t->slots = slots;
    t->n_slots = room * 2;
    t->room = room;
    for (uint32_t i = 0; i < t->f->n_folders; i++)
        *slot_of(t, more[i].root, span_of(more[i].path)) = i + 1;
    return true;
}

static bool add_folder(struct folder_table *t, uint32_t root, struct span path, uint32_t *ret)
{
    struct facts *f = t->f;

    if (f->n_folders >= FACTS_FOLDERS - 1 && !t->ordered) {
        t->wants_order = true;
        return false;
    }
    if (f->n_folders == FACTS_FOLDERS) {
        *ret = FACTS_FOLDERS - 1;
        return true;
    }
    if (f->n_folders == t->room && !grow(t))
        return false;
    struct folder_facts *folder = &f->folders[f->n_folders];

    *folder = (struct folder_facts){.root = root};
    t->first_gap[f->n_folders] = 0;
    if (f->n_folders < FACTS_FOLDERS - 1) { /* the last one stands for all that follow */
        folder->path = copy_of(path);
        if (!folder->path)
            return false;
        *slot_of(t, root, path) = f->n_folders + 1;
    }
    *ret = f->n_folders++;
    return true;
}

bool folder_table_find(struct folder_table *t, uint32_t root, struct span path, uint32_t *ret)
{
    size_t end = 0;

    if (t->last && is_folder(&t->f->folders[t->last - 1], root, path)) {
        *ret = t->last - 1;
        return true;
    }
    uint32_t known = t->n_slots ? *slot_of(t, root, path) : 0;

    if (!known) {
        for (;;) { /* the root itself, then one level more each time */
            struct span upper = {path.at, end};
            uint32_t at = t->n_slots ? *slot_of(t, root, upper) : 0;

            known = at;
            if (!at) {
                if (!add_folder(t, root, upper, &at))
                    return false;
                known = at + 1;
            }
            if (end == path.len)
                break;
            for (end++; end < path.len && path.at[end] != '/';)
                end++;
        }
    }
    t->last = known;
    *ret = known - 1;
    return true;
}

/* --- order ------------------------------------------------------------------------------------ */

static int label_before(const void *a, const void *b, void *ctx)
{
    const struct facts *f = ctx;

    return strcmp(f->roots[*(const uint32_t *)a].label, f->roots[*(const uint32_t *)b].label);
}

/* As the paths of what lies in them: by bytes, a folder before those inside it. */
static int path_before(const char *a, const char *b)
{
    if (!*a || !*b)
        return (*a != '\0') - (*b != '\0');
    while (*a && *a == *b) {
        a++;
        b++;
    }
    if (!*a && !*b)
        return 0;
    if (!*a && *b == '/')
        return -1;
    if (!*b && *a == '/')
        return 1;
    return (unsigned char)(*a ? *a : '/') < (unsigned char)(*b ? *b : '/') ? -1 : 1;
}

static int folder_before(const void *a, const void *b, void *ctx)
{
    const struct facts *f = ctx;
    const struct folder_facts *x = &f->folders[*(const uint32_t *)a],
                              *y = &f->folders[*(const uint32_t *)b];

    return x->root != y->root ? (x->root > y->root) - (x->root < y->root)
                              : path_before(x->path, y->path);
}

static uint32_t *numbers(uint32_t n)
{
    uint32_t *list = malloc((n ? n : 1) * sizeof *list);

    for (uint32_t i = 0; list && i < n; i++)
        list[i] = i;
    return list;
}

static bool settle_roots(struct facts *f)
{
    AUTO_FREE uint32_t *order = numbers(f->n_roots), *to = numbers(f->n_roots);
    AUTO_FREE struct root_facts *roots = malloc((f->n_roots ? f->n_roots : 1) * sizeof *roots);

    if (!order || !to || !roots)
        return false;
    qsort_r(order, f->n_roots, sizeof *order, label_before, f);
    for (uint32_t i = 0; i < f->n_roots; i++) {
        roots[i] = f->roots[order[i]];
        to[order[i]] = i;
    }
    if (f->n_roots)
        memcpy(f->roots, roots, f->n_roots * sizeof *roots);
    for (uint32_t i = 0; i < f->n_folders; i++)
        f->folders[i].root = to[f->folders[i].root];
    return true;
}

bool folder_table_settle(struct folder_table *t, struct rows *rows)
{
    struct facts *f = t->f;
    uint32_t n = f->n_folders;

    if (t->ordered || n == 0)
        return true;
    if (!settle_roots(f))
        return false;
    AUTO_FREE uint32_t *order = numbers(n), *to = numbers(n), *first = numbers(n);
    AUTO_FREE struct folder_facts *folders = malloc(n * sizeof *folders);

    if (!order || !to || !first || !folders)
        return false;
    qsort_r(order, n, sizeof *order, folder_before, f);
    for (uint32_t i = 0; i < n; i++) {
        folders[i] = f->folders[order[i]];
        first[i] = t->first_gap[order[i]];
        to[order[i]] = i;
    }
    memcpy(f->folders, folders, n * sizeof *folders);
    memcpy(t->first_gap, first, n * sizeof *first);
    rows_renumber(rows, to);
    t->last = 0; /* what was found before has other numbers now */
    return true;
}
