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
    amount_row(p, W_total, n->dated_numbers + n->dated_names, true);
    amount_row(p, W_bis_numbers, n->bis, false);
    table_close(p);
    page_markup(p, "<p class=\"note\">");
    SAY(p, W_ages_rule, DATE(n->ages_on), NUMBER(n->dated_numbers), NUMBER(n->dated_names));
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
    if (f->copies.documents) {
        page_markup(p, "<p class=\"note\">");
        SAY(p, W_copies_line, NUMBER(f->copies.documents));
        page_markup(p, "</p>\n");
    }
}

static void ties(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_reason, false}, {W_count, true}};
    const struct person_counts *n = &f->persons;

    table_open(p, W_ties_table, columns, 2, false);
    amount_row(p, W_tied_row, n->tied_row, false);
    amount_row(p, W_tied_form, n->tied_form, false);
    amount_row(p, W_tied_document, n->tied_document, false);
    amount_row(p, W_same_birth, n->by_name.same_birth, false);
    amount_row(p, W_same_address, n->by_name.same_address, false);
    amount_row(p, W_shared_values, n->shared, false);
    amount_row(p, W_several_numbers, n->conflicts.several_numbers, false);
    amount_row(p, W_births_differ, n->conflicts.birth_dates, false);
    table_close(p);
}

static void groups(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_step, false}, {W_count, true}};

    if (!f->profile)
        return;
    table_open(p, W_groups_table, columns, 2, false);
    for (unsigned i = 0; i < PERSON_GROUPS; i++) {
        if (f->persons.by_group[i])
            amount_row(p, person_groups[i].word, f->persons.by_group[i], false);
    }
    amount_row(p, W_group_none, f->persons.no_group, false);
    table_close(p);
    note(p, W_groups_rule);
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
    amount_row(p, W_named_birth, n->by_name.by_birth, false);
    amount_row(p, W_named_address, n->by_name.by_address, false);
    amount_row(p, W_documents_alone, n->documents_alone, false);
    amount_row(p, W_about, n->about, true);
    amount_row(p, W_numbers_low, n->numbers[CONFIDENCE_LOW], false);
    amount_row(p, W_named_perhaps, n->by_name.perhaps, false);
    amount_row(p, W_named_alone, n->by_name.names, false);
    amount_row(p, W_hints_alone, n->hints, false);
    amount_row(p, W_at_most, n->at_most, true);
    table_close(p);
    ties(p, f);
    ages(p, f);
    groups(p, f);
    records(p, f);
}
