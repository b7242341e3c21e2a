/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* How the figures came about, what they do not say, the terms, and the run. */
#include <inttypes.h>

#include "report/html.h"

static void confidences(struct page *p)
{
    static const struct {
        enum word name, meaning;
    } lines[] = {{W_high, W_high_means}, {W_medium, W_medium_means}, {W_low, W_low_means}};
    const struct column columns[] = {{W_confidence, false}, {W_meaning, false}};

    table_open(p, W_confidence_table, columns, 2, false);
    for (unsigned i = 0; i < 3; i++) {
        row_open(p);
        page_word(p, lines[i].name);
        row_head_end(p);
        cell_open(p);
        page_word(p, lines[i].meaning);
        cell_close(p);
        row_close(p);
    }
    table_close(p);
}

static void put_chance(struct page *p, const struct kind_facts *k)
{
    if (!k->chance_known)
        page_word(p, W_unknown);
    else if (k->chance_billion == 0)
        page_text(p, "–"); /* no check that could be passed by chance: the shape alone decides */
    else
        page_share(p, k->chance_billion, 1000000000);
}

static void detectors_in_force(struct page *p, const struct facts *f)
{
    const struct column columns[] = {
        {W_detector, false}, {W_kind, false}, {W_version, true}, {W_chance, true}};

    table_open(p, W_detectors_table, columns, 4, false);
    for (unsigned i = 0; i < f->n_kinds; i++) {
        const struct kind_facts *k = &f->kinds[f->by_name[i]];

        row_open(p);
        page_markup(p, "<code>");
        page_text(p, k->name);
        page_markup(p, "</code>");
        row_head_end(p);
        cell_open(p);
        if (k->look_alike)
            page_word(p, W_look_alike);
        else
            put_kind(p, k);
        cell_close(p);
        cell_number(p, k->version);
        page_markup(p, "<td class=\"n\">");
        put_chance(p, k);
        page_markup(p, "</td>");
        row_close(p);
    }
    table_close(p);
}

void section_method(struct page *p, const struct facts *f)
{
    paragraph(p, W_method_read);
    paragraph(p, W_method_proof);
    paragraph(p, W_method_tokens);
    confidences(p);
    detectors_in_force(p, f);
    if (f->run.rules_digest && f->run.rules_digest[0]) {
        page_markup(p, "<p class=\"note\">");
        SAY(p, W_rules_digest, NAME(span_of(f->run.rules_digest)));
        page_markup(p, "</p>\n");
    }
}

void section_limits(struct page *p, const struct facts *f)
{
    static const enum word lines[] = {
        W_limit_presence, W_limit_absence,    W_limit_scope,     W_limit_copy_date, W_limit_images,
        W_limit_birth,    W_limit_categories, W_limit_languages, W_limit_errors,    W_limit_change};
    const struct coverage_facts *c = &f->coverage;

    page_markup(p, "<ul class=\"limits\">\n");
    if (c->unread.files || c->partial.files || c->members_unread) {
        page_markup(p, "<li>");
        SAY(p, W_limit_unread, NUMBER(c->unread.files + c->partial.files),
            BYTES(c->unread.bytes + c->partial.bytes), NUMBER(c->members_unread));
        page_markup(p, "</li>\n");
    }
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        page_markup(p, "<li>");
        page_word(p, lines[i]);
        page_markup(p, "</li>\n");
    }
    page_markup(p, "</ul>\n");
}

void section_glossary(struct page *p, const struct facts *f)
{
    static const struct {
        enum word term, meaning;
    } lines[] = {{W_g_subject, W_g_subject_is},
                 {W_g_controller, W_g_controller_is},
                 {W_g_breach, W_g_breach_is},
                 {W_g_bis, W_g_bis_is},
                 {W_g_token, W_g_token_is}};
    const struct column columns[] = {{W_term, false}, {W_meaning, false}};

    (void)f; /* the terms are the same for every case */
    table_open(p, W_h_glossary, columns, 2, false);
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        row_open(p);
        page_word(p, lines[i].term);
        row_head_end(p);
        cell_open(p);
        page_word(p, lines[i].meaning);
        cell_close(p);
        row_close(p);
    }
    table_close(p);
}

/* --- the run block --------------------------------------------------------------------------- */

static void open_term(struct page *p, enum word w)
{
    page_markup(p, "<dt>");
    page_word(p, w);
    page_markup(p, "</dt><dd>");
}

static void text_line(struct page *p, enum word w, const char *text)
{
    open_term(p, w);
    if (text && text[0])
        page_name(p, span_of(text));
    else
        page_word(p, W_unknown);
    page_markup(p, "</dd>\n");
}

static enum word state_word(const char *state)
{
    static const struct {
        const char *state;
        enum word word;
    } states[] = {{"running", W_state_running},
                  {"finished", W_state_finished},
                  {"interrupted", W_state_interrupted},
                  {"failed", W_state_failed}};

    for (unsigned i = 0; state && i < 4; i++) {
        if (strcmp(states[i].state, state) == 0)
            return states[i].word;
    }
    return W_unknown;
}

void section_run(struct page *p, const struct facts *f)
{
    const struct run *r = &f->run;

    page_markup(p, "<dl class=\"terms\">\n");
    open_term(p, W_run_id);
    page_number(p, (uint64_t)r->id);
    page_markup(p, "</dd>\n");
    open_term(p, W_run_state);
    page_word(p, state_word(r->state));
    page_markup(p, "</dd>\n");
    open_term(p, W_run_started);
    page_time(p, r->started);
    page_markup(p, "</dd>\n");
    open_term(p, W_run_finished);
    page_time(p, r->finished);
    page_markup(p, "</dd>\n");
    open_term(p, W_run_tool);
    page_text(p, "constat ");
    page_name(p, span_of(r->tool_version));
    if (r->build_id && r->build_id[0]) {
        page_text(p, " – ");
        page_name(p, span_of(r->build_id));
    }
    page_markup(p, "</dd>\n");
    open_term(p, W_run_host);
    page_name(p, span_of(r->host));
    if (r->kernel && r->kernel[0]) {
        page_text(p, " – ");
        page_name(p, span_of(r->kernel));
    }
    page_markup(p, "</dd>\n");
    text_line(p, W_run_user, r->user);
    open_term(p, W_run_replaced);
    page_number(p, r->helpers_replaced);
    page_markup(p, "</dd>\n");
    open_term(p, W_run_roots);
    for (unsigned i = 0; i < f->n_given; i++) {
        if (i > 0)
            page_markup(p, "<br>");
        page_name(p, span_of(f->given[i].label));
        page_text(p, " = ");
        page_name(p, span_of(f->given[i].path));
    }
    page_markup(p, "</dd>\n");
    open_term(p, W_run_runs);
    page_number(p, f->runs);
    page_markup(p, " / ");
    page_number(p, f->runs_interrupted);
    page_markup(p, "</dd>\n");
    text_line(p, W_run_options, r->options);
    page_markup(p, "</dl>\n");
}
