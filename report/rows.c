/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/rows.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 4096, PAGES_MAX = 1 << 22 /* 1.7e10 rows */ };

void rows_release(struct rows *r)
{
    for (size_t i = 0; i < r->n_pages; i++)
        free(r->pages[i]);
    free(r->pages);
    *r = (struct rows){0};
}

struct row_note *rows_make(struct rows *r, int64_t id)
{
    if (id < 0 || id / PAGE_ROWS >= PAGES_MAX)
        return NULL;
    size_t page = (size_t)(id / PAGE_ROWS);

    if (page >= r->n_pages) {
        size_t n = page + 1 > 2 * r->n_pages ? page + 1 : 2 * r->n_pages;
        struct row_note **more = realloc(r->pages, n * sizeof *more);

        if (!more)
            return NULL;
        memset(more + r->n_pages, 0, (n - r->n_pages) * sizeof *more);
        r->pages = more;
        r->n_pages = n;
    }
    if (!r->pages[page]) {
        r->pages[page] = calloc(PAGE_ROWS, sizeof *r->pages[page]);
        if (!r->pages[page])
            return NULL;
    }
    return &r->pages[page][id % PAGE_ROWS];
}

struct row_note *rows_find(const struct rows *r, int64_t id)
{
    if (id < 0 || (uint64_t)(id / PAGE_ROWS) >= r->n_pages || !r->pages[id / PAGE_ROWS])
        return NULL;
    return &r->pages[id / PAGE_ROWS][id % PAGE_ROWS];
}

void rows_renumber(struct rows *r, const uint32_t *to)
{
    for (size_t i = 0; i < r->n_pages; i++) {
        struct row_note *page = r->pages[i];

        for (size_t k = 0; page && k < PAGE_ROWS; k++) {
            uint32_t folder = page[k].folder & ROW_FOLDER;

            if (folder != ROW_UNSEEN)
                page[k].folder = (page[k].folder & ROW_HOLDS) | (to[folder - 1] + 1);
        }
    }
}

void rows_each(const struct rows *r, void (*each)(const struct row_note *note, void *ctx),
               void *ctx)
{
    for (size_t i = 0; i < r->n_pages; i++) {
        for (size_t k = 0; r->pages[i] && k < PAGE_ROWS; k++) {
            if ((r->pages[i][k].folder & ROW_FOLDER) != ROW_UNSEEN)
                each(&r->pages[i][k], ctx);
        }
    }
}
