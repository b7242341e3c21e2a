/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/html.h"

static void amount_row(struct page *p, enum word word, uint64_t n, bool strong)
{
    if (strong)
        page_markup(p, "<tr class=\"sum\"><th scope=\"row\">");
    else
        row_open(p);
    page_word(p, word);
    row_head_end(p);
    cell_number(p, n);
    row_close(p);
}

static void rules(struct page *p, const struct facts *f)
{
    static const struct {
        enum word name, rule;
    } lines[] = {
        {W_at_least, W_at_least_rule}, {W_about, W_about_rule}, {W_at_most, W_at_most_rule}};

    page_markup(p, "<dl class=\"terms\">\n");
    for (unsigned i = 0; i < 3; i++) {
        page_markup(p, "<dt>");
        page_word(p, lines[i].name);
        page_markup(p, "</dt><dd>");
        page_word(p, lines[i].rule);
        page_markup(p, "</dd>\n");
    }
    page_markup(p, "</dl>\n");
    paragraph(p, W_linking_rule);
    page_markup(p, "<p>");
    if (f->persons.expected_known)
        SAY(p, W_coincidence_rule, MILLI(f->persons.expected_milli));
    else
        page_word(p, W_not_computed);
    page_markup(p, "</p>\n");
    paragraph(p, W_rounding_rule);
    paragraph(p, W_more_than_clients);
}

static void ages(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_step, false}, {W_count, true}};
    const struct person_counts *n = &f->persons;

    if (!n->ages_known) {
        heading(p, W_ages_table);
        paragraph(p, W_ages_need_key);
        return;
    }
    table_open(p, W_ages_table, columns, 2, false);
    amount_row(p, W_minors, n->minors, false);
    amount_row(p, W_adults, n->adults, false);
    amount_row(p, W_seniors, n->seniors, false);
    amount_row(p, W_over_105, n->over_105, false);
    amount_row(p, W_unknown_birth, n->unknown_birth, false);
    amount_row(p, W_total, n->dated, true);
    amount_row(p, W_bis_numbers, n->bis, false);
    table_close(p);
    page_markup(p, "<p class=\"note\">");
    SAY(p, W_ages_rule, DATE(f->today), NUMBER(n->dated));
    page_markup(p, "</p>\n");
}

static void records(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_step, false}, {W_count, true}};
    const struct record_facts *r = &f->records;

    table_open(p, W_number_records, columns, 2, false);
    amount_row(p, W_rows, r->rows, false);
    amount_row(p, W_messages, r->messages, false);
    amount_row(p, W_pages, r->pages, false);
    amount_row(p, W_documents, r->documents, false);
    amount_row(p, W_files_holding, r->files, false);
    amount_row(p, W_members, r->members, false);
    amount_row(p, W_occurrences, r->occurrences, false);
    table_close(p);
    note(p, W_records_rule);
}

void section_persons(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_step, false}, {W_count, true}};
    const struct person_counts *n = &f->persons;

    rules(p, f);
    table_open(p, W_persons_table, columns, 2, false);
    amount_row(p, W_numbers_high, n->numbers[CONFIDENCE_HIGH], false);
    amount_row(p, W_at_least, n->at_least, true);
    amount_row(p, W_numbers_medium, n->numbers[CONFIDENCE_MEDIUM], false);
    amount_row(p, W_coincidences_off, n->coincidences, false);
    amount_row(p, W_documents_alone, n->documents_alone, false);
    amount_row(p, W_about, n->about, true);
    amount_row(p, W_numbers_low, n->numbers[CONFIDENCE_LOW], false);
    amount_row(p, W_hints_alone, n->hints, false);
    amount_row(p, W_at_most, n->at_most, true);
    table_close(p);
    ages(p, f);
    records(p, f);
}
