/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/html.h"
#include "report/svg.h"

enum { FOLDERS_SHOWN = 200 };

static void label_of(const struct facts *f, uint32_t folder, enum language l, struct buf *ret)
{
    const struct folder_facts *x = &f->folders[folder];

    if (!x->path) {
        buf_add_text(ret, word_text(l, W_folders_together));
        return;
    }
    buf_add_text(ret, f->roots[x->root].label);
    if (x->path[0]) {
        buf_add_byte(ret, '/');
        buf_add_text(ret, x->path);
    }
}

void put_folder(struct page *p, const struct facts *f, uint32_t folder)
{
    AUTO_BUF struct buf label;

    buf_init(&label, 1 << 20);
    label_of(f, folder, p->language, &label);
    page_name(p, buf_span(&label));
}

static void chart(struct page *p, const struct facts *f)
{
    struct bar bars[BAR_ROWS];
    struct buf labels[BAR_ROWS];
    bool numbers = f->persons.numbers[CONFIDENCE_HIGH] + f->persons.numbers[CONFIDENCE_MEDIUM] > 0;
    unsigned n = 0;

    for (; n < BAR_ROWS && n < f->n_hot; n++) {
        const struct folder_facts *x = &f->folders[f->hot[n]];

        buf_init(&labels[n], 1 << 20);
        label_of(f, f->hot[n], p->language, &labels[n]);
        bars[n] = (struct bar){buf_span(&labels[n]), W_COUNT, {x->values, 0, 0}};
        if (numbers) {
            bars[n].parts[0] = x->persons_sure;
            bars[n].parts[1] = x->persons_medium;
        }
    }
    svg_bars(p, "c-folders", numbers ? W_folders_chart : W_values_chart, bars, n, false);
    for (unsigned i = 0; i < n; i++)
        buf_release(&labels[i]);
}

static void services(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_service, false},      {W_activity, false},
                                     {W_persons_of, false},   {W_confidentiality, false},
                                     {W_files_holding, true}, {W_size, true},
                                     {W_documents, true},     {W_occurrences, true}};

    if (!f->profile)
        return;
    table_open(p, W_services_table, columns, 8, true);
    for (unsigned i = 0; i < f->profile->n; i++) {
        const struct profile_entry *e = &f->profile->entries[i];
        bool first = true;

        row_open(p);
        page_name(p, span_of(e->service));
        row_head_end(p);
        cell_open(p);
        page_name(p, span_of(e->activity));
        cell_close(p);
        cell_open(p);
        for (unsigned n = 0; n < PERSON_GROUPS; n++) {
            if (!(e->groups >> n & 1))
                continue;
            page_text(p, first ? "" : ", ");
            page_word(p, person_groups[n].word);
            first = false;
        }
        cell_close(p);
        cell_open(p);
        page_word(p, confidentiality_words[e->confidentiality].word);
        cell_close(p);
        cell_number(p, f->services[i].files.files);
        cell_bytes(p, f->services[i].files.bytes);
        cell_number(p, f->services[i].documents);
        cell_number(p, f->services[i].occurrences);
        row_close(p);
    }
    table_close(p);
}

void section_folders(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_folder, false},        {W_persons_sure, true},
                                     {W_persons_medium, true}, {W_values, true},
                                     {W_documents, true},      {W_files_holding, true},
                                     {W_size, true},           {W_unread_items, true}};

    page_markup(p, "<p>");
    SAY(p, W_folders_rule, NUMBER(f->depth));
    page_markup(p, "</p>\n");
    if (f->n_hot == 0) {
        paragraph(p, W_nothing_found);
        services(p, f);
        return;
    }
    services(p, f);
    chart(p, f);
    table_open(p, W_folders_table, columns, 8, true);
    for (uint32_t i = 0; i < f->n_hot && i < FOLDERS_SHOWN; i++) {
        const struct folder_facts *x = &f->folders[f->hot[i]];

        row_open(p);
        put_folder(p, f, f->hot[i]);
        row_head_end(p);
        cell_number(p, x->persons_sure);
        cell_number(p, x->persons_medium);
        cell_number(p, x->values);
        cell_number(p, x->documents);
        cell_number(p, x->files.files);
        cell_bytes(p, x->files.bytes);
        cell_number(p, x->items_unread);
        row_close(p);
    }
    table_close(p);
    if (f->n_hot > FOLDERS_SHOWN) {
        page_markup(p, "<p class=\"note\">");
        SAY(p, W_more_folders, NUMBER(f->n_hot - FOLDERS_SHOWN));
        page_markup(p, "</p>\n");
    }
}
