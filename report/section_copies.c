/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/html.h"

static void where(struct page *p, const struct facts *f, const struct copy_folders *list)
{
    page_markup(p, "<ul class=\"plain\">");
    for (unsigned i = 0; i < list->n_top; i++) {
        page_markup(p, "<li>");
        put_folder(p, f, list->top[i].folder);
        SAY(p, W_copy_folder, NUMBER(list->top[i].documents));
        page_markup(p, "</li>");
    }
    if (list->more) {
        page_markup(p, "<li>");
        SAY(p, W_gap_more, NUMBER(list->more));
        page_markup(p, "</li>");
    }
    page_markup(p, "</ul>");
}

static void by_folder(struct page *p, const struct facts *f)
{
    const struct column columns[] = {
        {W_folder, false}, {W_documents_copied, true}, {W_documents_found, true}};
    const struct copy_folders *list = &f->copies.folders;

    table_open(p, W_copy_folders_table, columns, 3, false);
    for (unsigned i = 0; i < list->n_top; i++) {
        row_open(p);
        put_folder(p, f, list->top[i].folder);
        row_head_end(p);
        cell_number(p, list->top[i].documents);
        cell_number(p, f->folders[list->top[i].folder].documents);
        row_close(p);
    }
    table_close(p);
    if (list->more) {
        page_markup(p, "<p class=\"note\">");
        SAY(p, W_more_folders, NUMBER(list->more));
        page_markup(p, "</p>\n");
    }
}

static void by_group(struct page *p, const struct facts *f)
{
    const struct column columns[] = {
        {W_copy_group, false}, {W_equal_documents, true}, {W_values_each, true}, {W_where, false}};

    table_open(p, W_copy_groups_table, columns, 4, false);
    for (unsigned i = 0; i < f->copies.n_largest; i++) {
        const struct copy_group *g = &f->copies.largest[i];

        row_open(p);
        page_number(p, i + 1);
        row_head_end(p);
        cell_number(p, g->documents);
        cell_number(p, g->findings);
        cell_open(p);
        where(p, f, &g->folders);
        cell_close(p);
        row_close(p);
    }
    table_close(p);
    note(p, W_copy_groups_rule);
}

void section_copies(struct page *p, const struct facts *f)
{
    if (f->copies.contents == 0) {
        paragraph(p, W_no_copies);
        return;
    }
    page_markup(p, "<p>");
    SAY(p, W_copies_figures, NUMBER(f->copies.contents + f->copies.documents),
        NUMBER(f->copies.contents), NUMBER(f->copies.documents));
    page_markup(p, "</p>\n");
    paragraph(p, W_copies_rule);
    by_folder(p, f);
    by_group(p, f);
}
