/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* The first page: what a decision maker reads when nothing else is read. */
#include "report/html.h"
#include "report/svg.h"

enum { TOP_FOLDERS = 5 };

static void figure_of_persons(struct page *p, enum word word, enum word rule, uint64_t n,
                              bool main_figure)
{
    page_markup(p, main_figure ? "<div class=\"figure main\"><dt>" : "<div class=\"figure\"><dt>");
    page_word(p, word);
    page_markup(p, "</dt><dd><strong>");
    page_number(p, n);
    page_markup(p, "</strong><small>");
    page_word(p, rule);
    page_markup(p, "</small></dd></div>\n");
}

static void persons_in_short(struct page *p, const struct facts *f)
{
    const struct person_counts *n = &f->persons;

    heading(p, W_number_subjects);
    page_markup(p, "<dl class=\"figures\">\n");
    figure_of_persons(p, W_at_least, W_at_least_rule, n->at_least, false);
    figure_of_persons(p, W_about, W_about_rule, facts_round_up(n->about), true);
    figure_of_persons(p, W_at_most, W_at_most_rule, facts_round_up(n->at_most), false);
    page_markup(p, "</dl>\n");
}

static void minors(struct page *p, const struct facts *f)
{
    row_open(p);
    page_word(p, W_minors);
    row_head_end(p);
    if (f->persons.ages_known) {
        cell_number(p, f->persons.minors);
        cell_open(p);
        SAY(p, W_minors_rule, DATE(f->persons.ages_on));
        cell_close(p);
    } else {
        page_markup(p, "<td class=\"n\">");
        page_word(p, W_not_computed);
        page_markup(p, "</td><td>");
        page_word(p, W_ages_need_key);
        page_markup(p, "</td>");
    }
    row_close(p);
}

static void key_row(struct page *p, enum word word, uint64_t n, enum word rule)
{
    row_open(p);
    page_word(p, word);
    row_head_end(p);
    cell_number(p, n);
    cell_open(p);
    page_word(p, rule);
    cell_close(p);
    row_close(p);
}

static void key_figures(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_figure, false}, {W_count, true}, {W_meaning, false}};
    const struct record_facts *r = &f->records;

    table_open(p, W_key_figures, columns, 3, false);
    minors(p, f);
    key_row(p, W_files_holding, r->files, W_files_holding_rule);
    if (r->rows)
        key_row(p, W_rows, r->rows, W_rows_rule);
    if (r->messages)
        key_row(p, W_messages, r->messages, W_messages_rule);
    if (r->pages)
        key_row(p, W_pages, r->pages, W_pages_rule);
    if (r->documents || (!r->rows && !r->messages && !r->pages))
        key_row(p, W_documents, r->documents, W_documents_rule);
    key_row(p, W_occurrences, r->occurrences, W_occurrences_rule);
    table_close(p);
}

static void categories_in_short(struct page *p, const struct facts *f)
{
    const struct column columns[] = {
        {W_category, false}, {W_values, true}, {W_documents, true}, {W_occurrences, true}};

    if (f->n_kind_order == 0) {
        paragraph(p, W_nothing_found);
        return;
    }
    table_open(p, W_categories_table, columns, 4, false);
    for (unsigned i = 0; i < categories_count; i++) {
        const struct category_facts *c = &f->categories[i];

        if (c->occurrences == 0 || c->only_terms)
            continue;
        row_open(p);
        page_word(p, categories[i].word);
        row_head_end(p);
        cell_number(p, c->values);
        cell_number(p, c->documents);
        cell_number(p, c->occurrences);
        row_close(p);
    }
    table_close(p);
}

/* The category that stands in most documents with persons, of those not said yet. */
static unsigned next_terms(const struct facts *f, const bool said[FACTS_CATEGORIES])
{
    unsigned most = categories_count;

    for (unsigned i = 0; i < categories_count; i++) {
        if (!said[i] && f->categories[i].documents_with > 0 &&
            (most == categories_count ||
             f->categories[i].documents_with > f->categories[most].documents_with))
            most = i;
    }
    return most;
}

/* Fifteen categories in a table would leave the first page no room: one sentence. */
static void terms_in_short(struct page *p, const struct facts *f)
{
    bool said[FACTS_CATEGORIES] = {false};
    unsigned at = next_terms(f, said);

    if (at == categories_count)
        return;
    page_markup(p, "<p class=\"note\"><strong>");
    page_word(p, W_terms_line);
    page_markup(p, "</strong> ");
    while (at < categories_count) {
        page_word(p, categories[at].in_short);
        page_text(p, " ");
        page_number(p, f->categories[at].documents_with);
        said[at] = true;
        at = next_terms(f, said);
        page_text(p, at < categories_count ? ", " : ".");
    }
    page_markup(p, "</p>\n");
}

static void folders_in_short(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_folder, false}, {W_persons_of, true}, {W_values, true}};

    if (f->n_hot == 0)
        return;
    table_open(p, W_h_folders, columns, 3, false);
    for (uint32_t i = 0; i < f->n_hot && i < TOP_FOLDERS; i++) {
        const struct folder_facts *folder = &f->folders[f->hot[i]];

        row_open(p);
        put_folder(p, f, f->hot[i]);
        row_head_end(p);
        cell_number(p, folder->persons_sure);
        cell_number(p, folder->values);
        row_close(p);
    }
    table_close(p);
}

static void limits_in_short(struct page *p, const struct facts *f)
{
    const struct coverage_facts *c = &f->coverage;
    uint64_t files = c->unread.files + c->partial.files;

    heading(p, W_main_limits);
    page_markup(p, "<ol class=\"limits\">\n<li>");
    page_word(p, W_limit_presence);
    page_markup(p, "</li>\n<li>");
    if (files || c->members_unread)
        SAY(p, W_limit_unread, NUMBER(files), BYTES(c->unread.bytes + c->partial.bytes),
            NUMBER(c->members_unread));
    else
        page_word(p, W_limit_scope);
    page_markup(p, "</li>\n<li>");
    page_word(p, W_limit_absence);
    page_markup(p, "</li>\n</ol>\n");
}

void section_summary(struct page *p, const struct facts *f)
{
    const struct coverage_facts *c = &f->coverage;

    if (!f->finished) {
        page_markup(p, "<p class=\"caution\"><strong>");
        page_word(p, W_scan_unfinished);
        page_markup(p, "</strong></p>\n");
    }
    persons_in_short(p, f);
    page_markup(p, "<p class=\"caution\">");
    if (c->unread.files || c->partial.files || c->members_unread)
        SAY(p, W_unread_hides, NUMBER(c->unread.files + c->partial.files),
            BYTES(c->unread.bytes + c->partial.bytes), NUMBER(c->members_unread));
    else
        page_word(p, W_all_read_hides);
    if (c->excluded.files) {
        page_markup(p, " ");
        SAY(p, W_excluded_hides, NUMBER(c->excluded.files), BYTES(c->excluded.bytes));
    }
    page_markup(p, "</p>\n");
    if (f->damaged_blocks) {
        page_markup(p, "<p class=\"caution\">");
        SAY(p, W_damaged_findings, NUMBER(f->damaged_blocks));
        page_markup(p, "</p>\n");
    }
    heading(p, W_h_coverage);
    page_markup(p, "<p>");
    SAY(p, W_coverage_line, NUMBER(c->files.files), BYTES(c->files.bytes),
        SHARE(c->by_outcome[OUTCOME_READ].files.files, c->files.files),
        SHARE(c->by_outcome[OUTCOME_READ].files.bytes, c->files.bytes));
    page_markup(p, "</p>\n");
    svg_coverage(p, "c-summary", c);
    /* Side by side on paper, so that the first page holds them all. */
    page_markup(p, "<div class=\"first\"><div class=\"key-figures\">\n");
    key_figures(p, f);
    folders_in_short(p, f);
    page_markup(p, "</div><div>\n");
    categories_in_short(p, f);
    terms_in_short(p, f);
    page_markup(p, "</div></div>\n");
    limits_in_short(p, f);
}
