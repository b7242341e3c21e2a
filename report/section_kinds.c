/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/html.h"
#include "report/svg.h"

static uint64_t values_of(const struct kind_facts *k)
{
    return k->distinct[CONFIDENCE_LOW] + k->distinct[CONFIDENCE_MEDIUM] +
           k->distinct[CONFIDENCE_HIGH];
}

/* Terms are told apart, by whose records they stand in. */
static bool is_term(const struct kind_facts *k)
{
    return strncmp(k->name, "category:", 9) == 0;
}

static void chart(struct page *p, const struct facts *f)
{
    struct bar bars[FACTS_KINDS];
    unsigned n = 0;

    for (unsigned i = 0; i < f->n_kind_order; i++) {
        const struct kind_facts *k = &f->kinds[f->kind_order[i]];

        if (is_term(k))
            continue;
        bars[n++] = (struct bar){span_of(k->name),
                                 k->about.word,
                                 {k->distinct[CONFIDENCE_HIGH], k->distinct[CONFIDENCE_MEDIUM],
                                  k->distinct[CONFIDENCE_LOW]}};
    }
    svg_bars(p, "c-kinds", W_kinds_chart, bars, n, true);
}

static void by_category(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_category, false},
                                     {W_values, true},
                                     {W_high, true},
                                     {W_documents, true},
                                     {W_occurrences, true}};

    table_open(p, W_categories_table, columns, 5, true);
    for (unsigned i = 0; i < categories_count; i++) {
        const struct category_facts *c = &f->categories[i];

        if (c->occurrences == 0 || c->only_terms)
            continue;
        row_open(p);
        page_word(p, categories[i].word);
        row_head_end(p);
        cell_number(p, c->values);
        cell_number(p, c->sure);
        cell_number(p, c->documents);
        cell_number(p, c->occurrences);
        row_close(p);
    }
    table_close(p);
    note(p, W_categories_rule);
}

static void by_kind(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_kind, false},      {W_values, true}, {W_high, true},
                                     {W_medium, true},     {W_low, true},    {W_documents, true},
                                     {W_occurrences, true}};

    table_open(p, W_kinds_table, columns, 7, true);
    for (unsigned i = 0; i < f->n_kind_order; i++) {
        const struct kind_facts *k = &f->kinds[f->kind_order[i]];

        if (is_term(k))
            continue;
        row_open(p);
        put_kind(p, k);
        row_head_end(p);
        cell_number(p, values_of(k));
        cell_number(p, k->distinct[CONFIDENCE_HIGH]);
        cell_number(p, k->distinct[CONFIDENCE_MEDIUM]);
        cell_number(p, k->distinct[CONFIDENCE_LOW]);
        cell_number(p, k->documents);
        cell_number(p, k->occurrences);
        row_close(p);
    }
    table_close(p);
    note(p, W_kinds_rule);
}

static void by_vocabulary(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_category, false},         {W_article, true},
                                     {W_persons_beside, true},    {W_documents_with, true},
                                     {W_documents_without, true}, {W_occurrences, true}};
    static const char *const articles[] = {"–", "9", "10"};
    bool any = false;

    for (unsigned i = 0; i < categories_count; i++)
        any |= f->categories[i].terms > 0;
    if (!any)
        return;
    table_open(p, W_vocabulary_table, columns, 6, true);
    for (unsigned i = 0; i < categories_count; i++) {
        const struct category_facts *c = &f->categories[i];

        if (c->terms == 0)
            continue;
        row_open(p);
        page_word(p, categories[i].terms);
        row_head_end(p);
        page_markup(p, "<td class=\"n\">");
        page_text(p, articles[categories[i].article]);
        page_markup(p, "</td>");
        cell_number(p, c->persons);
        cell_number(p, c->documents_with);
        cell_number(p, c->documents_without);
        cell_number(p, c->terms);
        row_close(p);
    }
    table_close(p);
    note(p, W_vocabulary_rule);
}

static void chance_row(struct page *p, const struct kind_facts *k, const struct chance_facts *c)
{
    cell_number(p, c->candidates);
    cell_number(p, c->passed);
    cell_number(p, c->unsupported);
    page_markup(p, "<td class=\"n\">");
    if (k->chance_known)
        page_fill(p, &(struct filling)MILLI(c->expected_milli));
    else
        page_word(p, W_not_computed);
    page_markup(p, "</td>");
    cell_number(p, c->unsupported_passed);
    row_close(p);
}

enum { CHANCE_ROOTS = 40 }; /* more are in report.json */

static void by_chance(struct page *p, const struct facts *f)
{
    const struct column columns[] = {
        {W_kind, false},       {W_root, false},    {W_candidates, true},        {W_passed, true},
        {W_unsupported, true}, {W_expected, true}, {W_unsupported_passed, true}};

    table_open(p, W_chance_table, columns, 7, true);
    for (unsigned i = 0; i < f->n_kinds; i++) {
        const struct kind_facts *k = &f->kinds[f->by_name[i]];

        if (k->chance.candidates == 0 || k->look_alike || k->chance_billion == 0)
            continue;
        row_open(p);
        put_kind(p, k);
        row_head_end(p);
        cell_open(p);
        page_word(p, W_all_media);
        cell_close(p);
        chance_row(p, k, &k->chance);
        for (unsigned r = 0; f->n_roots > 1 && r < f->n_roots && r < CHANCE_ROOTS; r++) {
            const struct chance_facts *c = &f->roots[r].chance[f->by_name[i]];

            if (c->candidates == 0)
                continue;
            row_open(p);
            put_kind(p, k);
            row_head_end(p);
            cell_open(p);
            page_name(p, span_of(f->roots[r].label));
            cell_close(p);
            chance_row(p, k, c);
        }
    }
    table_close(p);
    note(p, W_chance_rule);
}

void section_kinds(struct page *p, const struct facts *f)
{
    if (f->n_kind_order == 0) {
        paragraph(p, W_nothing_found);
        note(p, W_categories_rule);
        return;
    }
    chart(p, f);
    by_category(p, f);
    by_vocabulary(p, f);
    by_kind(p, f);
    by_chance(p, f);
}
