/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/html.h"
#include "report/reasons.h"
#include "report/svg.h"

enum word outcome_sentence(enum outcome o)
{
    switch (o) {
#define OUTCOME_WORD(symbol, low)                                                                  \
    case OUTCOME_##symbol:                                                                         \
        return W_outcome_##low;
        OUTCOME_WORD(READ, read)
        OUTCOME_WORD(EXCLUDED, excluded)
        OUTCOME_WORD(SPECIAL, special)
        OUTCOME_WORD(PARTIAL, partial)
        OUTCOME_WORD(UNSUPPORTED, unsupported)
        OUTCOME_WORD(CHANGED, changed)
        OUTCOME_WORD(DAMAGED, damaged)
        OUTCOME_WORD(ENCRYPTED, encrypted)
        OUTCOME_WORD(OVER_LIMIT, over_limit)
        OUTCOME_WORD(DENIED, denied)
        OUTCOME_WORD(TIMEOUT, timeout)
        OUTCOME_WORD(CRASHED, crashed)
#undef OUTCOME_WORD
    case OUTCOME_COUNT:
        break;
    }
    return W_unknown;
}

static void by_outcome(struct page *p, const struct coverage_facts *c)
{
    const struct column columns[] = {{W_outcome, false}, {W_files_holding, true},
                                     {W_share, true},    {W_size, true},
                                     {W_share, true},    {W_members, true}};

    table_open(p, W_outcomes_table, columns, 6, false);
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        const struct outcome_facts *x = &c->by_outcome[o];

        if (x->files.files == 0 && x->members == 0)
            continue;
        row_open(p);
        page_word(p, outcome_sentence((enum outcome)o));
        row_head_end(p);
        cell_number(p, x->files.files);
        cell_share(p, x->files.files, c->files.files);
        cell_bytes(p, x->files.bytes);
        cell_share(p, x->files.bytes, c->files.bytes);
        cell_number(p, x->members);
        row_close(p);
    }
    page_markup(p, "<tr class=\"sum\"><th scope=\"row\">");
    page_word(p, W_total);
    row_head_end(p);
    cell_number(p, c->files.files);
    cell_share(p, c->files.files, c->files.files);
    cell_bytes(p, c->files.bytes);
    cell_share(p, c->files.bytes, c->files.bytes);
    cell_number(p, c->members);
    row_close(p);
    table_close(p);
    note(p, W_members_rule);
}

static void by_entry(struct page *p, const struct coverage_facts *c)
{
    static const enum word words[ENTRY_CLASSES] = {W_entry_folder, W_entry_link, W_entry_special,
                                                   W_entry_mount};
    const struct column columns[] = {{W_entry, false}, {W_count, true}, {W_entries_unread, true}};

    table_open(p, W_entries_table, columns, 3, false);
    for (unsigned i = 0; i < ENTRY_CLASSES; i++) {
        row_open(p);
        page_word(p, words[i]);
        row_head_end(p);
        cell_number(p, c->entries[i]);
        cell_number(p, c->entries_unread[i]);
        row_close(p);
    }
    table_close(p);
}

static void by_root(struct page *p, const struct facts *f)
{
    const struct column columns[] = {
        {W_root, false}, {W_files_holding, true}, {W_size, true}, {W_read_files, true}};

    table_open(p, W_roots_table, columns, 4, false);
    for (unsigned i = 0; i < f->n_roots; i++) {
        row_open(p);
        page_name(p, span_of(f->roots[i].label));
        row_head_end(p);
        cell_number(p, f->roots[i].all.files);
        cell_bytes(p, f->roots[i].all.bytes);
        cell_number(p, f->roots[i].read.files);
        row_close(p);
    }
    table_close(p);
}

void section_coverage(struct page *p, const struct facts *f)
{
    paragraph(p, W_coverage_rule);
    svg_coverage(p, "c-coverage", &f->coverage);
    by_outcome(p, &f->coverage);
    by_root(p, f);
    by_entry(p, &f->coverage);
}

static void where(struct page *p, const struct facts *f, const struct gap_facts *gap)
{
    page_markup(p, "<ul class=\"plain\">");
    for (unsigned i = 0; i < gap->n_top; i++) {
        page_markup(p, "<li>");
        put_folder(p, f, gap->top[i].folder);
        SAY(p, W_gap_folder, NUMBER(gap->top[i].items), BYTES(gap->top[i].bytes));
        page_markup(p, "</li>");
    }
    if (gap->more_folders) {
        page_markup(p, "<li>");
        SAY(p, W_gap_more, NUMBER(gap->more_folders));
        page_markup(p, "</li>");
    }
    page_markup(p, "</ul>");
}

static void put_reason(struct page *p, const char *reason)
{
    enum word word = reason_word(reason);

    if (!reason[0]) {
        page_word(p, W_no_reason);
        return;
    }
    if (word != W_COUNT) {
        page_word(p, word);
        page_markup(p, "<br>");
    }
    page_markup(p, "<code>");
    page_name(p, span_of(reason));
    page_markup(p, "</code>");
}

void section_not_read(struct page *p, const struct facts *f)
{
    const struct column columns[] = {{W_outcome, false}, {W_reason, false}, {W_files_holding, true},
                                     {W_size, true},     {W_members, true}, {W_other_entries, true},
                                     {W_where, false}};

    if (f->n_gaps == 0) {
        paragraph(p, W_nothing_unread);
        return;
    }
    paragraph(p, W_not_read_rule);
    table_open(p, W_not_read_table, columns, 7, true);
    for (unsigned i = 0; i < f->n_gaps; i++) {
        const struct gap_facts *gap = &f->gaps[i];

        row_open(p);
        page_word(p, outcome_sentence(gap->outcome));
        row_head_end(p);
        cell_open(p);
        page_markup(p, "<div class=\"why\">");
        put_reason(p, gap->reason);
        page_markup(p, "</div>");
        cell_close(p);
        cell_number(p, gap->files.files);
        cell_bytes(p, gap->files.bytes);
        cell_number(p, gap->members);
        cell_number(p, gap->others);
        cell_open(p);
        where(p, f, gap);
        cell_close(p);
        row_close(p);
    }
    table_close(p);
}
