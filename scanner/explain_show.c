/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/explain_show.h"

#include <inttypes.h>
#include <stdlib.h>

#include "scanner/base/cleanup.h"

enum { WIDTH = 80, TEXT_MAX = 64 << 20 };

/* --- text ------------------------------------------------------------------------------------- */

/* Characters, not bytes; a byte that goes on in one is none. */
static size_t width_of(const char *at, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)at[i] & 0xc0) != 0x80;
    return n;
}

static void blanks(struct buf *out, size_t n)
{
    while (n-- > 0)
        buf_add_byte(out, ' ');
}

/* A paragraph: `first` before its first line, as many blanks as `first` is wide before the
 * others. */
static void paragraph(struct explain_page *p, const char *first, const char *text)
{
    struct buf *out = &p->e->line;
    size_t indent = width_of(first, strlen(first)), column = indent;

    buf_add_text(out, first);
    while (*text) {
        size_t len = strcspn(text, " "), wide = width_of(text, len);

        if (column > indent && column + 1 + wide > WIDTH) {
            buf_add_byte(out, '\n');
            blanks(out, indent);
            column = indent;
        } else if (column > indent) {
            buf_add_byte(out, ' ');
            column++;
        }
        buf_add(out, text, len);
        column += wide;
        text += len;
        while (*text == ' ')
            text++;
    }
    buf_add_byte(out, '\n');
}

/* French sets a blank before the colon, one that does not break. */
static const char *colon(const struct explain_page *p)
{
    return p->l == EXPLAIN_FR ? "\xc2\xa0:" : ":";
}

/* What stands in p->text behind its label. */
static void labelled(struct explain_page *p, const char *indent, enum explain_word label)
{
    AUTO_BUF struct buf line;

    buf_init(&line, TEXT_MAX);
    buf_printf(&line, "%s%s ", explain_text(p->l, label), colon(p));
    buf_add_span(&line, buf_span(&p->text));
    if (line.failed || p->text.failed)
        p->e->line.failed = true;
    else
        paragraph(p, indent, line.at);
}

static void label_alone(struct explain_page *p, const char *indent, enum explain_word label)
{
    AUTO_BUF struct buf line;

    buf_init(&line, TEXT_MAX);
    buf_printf(&line, "%s%s", explain_text(p->l, label), colon(p));
    paragraph(p, indent, line.failed ? "" : line.at);
}

static void text_is(struct explain_page *p, const char *text)
{
    buf_clear(&p->text);
    buf_add_text(&p->text, text);
}

static void heading(struct explain_page *p, const char *text, char under)
{
    struct buf *out = &p->e->line;

    buf_printf(out, "%s\n", text);
    for (size_t n = width_of(text, strlen(text)); n > 0; n--)
        buf_add_byte(out, under);
    buf_add_byte(out, '\n');
}

static void part(struct explain_page *p, enum explain_word title)
{
    buf_add_byte(&p->e->line, '\n');
    heading(p, explain_text(p->l, title), '-');
}

/* Parted in threes by what each language parts with. */
static const char *number(const struct explain_page *p, uint64_t v, char ret[40])
{
    static const char *const marks[EXPLAIN_LANGUAGES] = {"\xc2\xa0", ".", ".", ","};
    char plain[24];
    int len = snprintf(plain, sizeof plain, "%" PRIu64, v);
    char *to = ret;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            to = stpcpy(to, marks[p->l]);
        *to++ = plain[i];
    }
    *to = '\0';
    return ret;
}

/* --- rules ------------------------------------------------------------------------------------ */

bool page_begin(struct explain_page *p, struct export *e, enum explain_language l, bool json)
{
    *p = (struct explain_page){.e = e, .l = l, .json = json};
    reasons_init(&p->reasons);
    buf_init(&p->text, TEXT_MAX);
    p->n_rules = inventory_kinds(e->inv);
    p->rules = calloc(p->n_rules ? p->n_rules : 1, sizeof *p->rules);
    return p->rules != NULL;
}

static void forget_rules(struct explain_page *p)
{
    for (unsigned i = 0; p->rules && i < p->n_rules; i++) {
        free(p->rules[i].words);
        free(p->rules[i].against);
        p->rules[i] = (struct explain_rule){0};
    }
}

void page_release(struct explain_page *p)
{
    forget_rules(p);
    free(p->rules);
    reasons_release(&p->reasons);
    buf_release(&p->text);
}

static bool note_part(void *ctx, const struct tool_part *one)
{
    struct explain_page *p = ctx;
    int kind = one->kind ? inventory_kind_index(p->e->inv, one->kind) : -1;

    if (kind < 0 || strcmp(one->group, "detector") != 0)
        return true;
    struct explain_rule *rule = &p->rules[kind];

    if (rule->words || rule->against)
        return true;
    rule->chance = one->chance;
    rule->words = one->words ? strdup(one->words) : NULL;
    rule->against = one->against ? strdup(one->against) : NULL;
    return true;
}

/* As the run had it that read the document: words are numbered within its lists. */
static const struct explain_rule *rule_of(struct explain_page *p, int64_t run, unsigned kind)
{
    if (run != p->run) {
        forget_rules(p);
        p->run = run;
        inventory_each_part(p->e->inv, run, note_part, p);
    }
    return kind < p->n_rules ? &p->rules[kind] : NULL;
}

/* --- names ------------------------------------------------------------------------------------ */

static void kind_name(struct explain_page *p, unsigned kind, struct buf *ret)
{
    static const char prefix[] = "category:";
    const char *name = inventory_kind_name(p->e->inv, kind);
    const struct explain_kind *about = name ? explain_kind(name) : NULL;

    if (!about) {
        buf_add_text(ret, name ? name : "");
        return;
    }
    buf_add_text(ret, about->name[p->l]);
    if (about->nature == KIND_TERM)
        buf_printf(ret, "%s %s", colon(p), explain_category(p->l, name + sizeof prefix - 1));
}

/* "root/path > member > member" with its quotes: what a terminal could take for more is escaped. */
static bool document_name(struct explain_page *p, const struct ledger_row *row, struct span root,
                          struct buf *ret)
{
    struct span path, members;
    AUTO_BUF struct buf text;
    AUTO_BUF struct buf name;

    buf_init(&text, TEXT_MAX);
    buf_init(&name, TEXT_MAX);
    if (!export_names(p->e, row, &path, &members))
        return false;
    struct reader r = reader_of(members);

    buf_add_span(&text, root);
    if (path.len) {
        buf_add_byte(&text, '/');
        buf_add_span(&text, path);
    }
    while (json_list_next(&r, &name)) {
        buf_add_text(&text, " > ");
        buf_add_span(&text, buf_span(&name));
    }
    json_add_string(ret, buf_span(&text));
    ret->failed |= text.failed || r.bad;
    return true;
}

static enum explain_word place_sentence(enum place_kind kind)
{
    static const enum explain_word words[] = {X_place_line, X_place_page,    X_place_row,
                                              X_place_cell, X_place_message, X_place_byte,
                                              X_place_name};

    return (unsigned)kind < sizeof words / sizeof words[0] ? words[kind] : X_place_line;
}

static void place_text(struct explain_page *p, struct place place)
{
    char at[48];

    place_at(place, at);
    buf_clear(&p->text);
    explain_say(&p->text, p->l, place_sentence(place.kind), at, NULL);
}

/* --- what a document showed ------------------------------------------------------------------- */

static bool tally_of(const struct ledger_row *row, unsigned kind, struct kind_tally *ret)
{
    struct reader r = reader_of(row->chance);

    while (chance_next(&r, ret)) {
        if (ret->kind == kind)
            return true;
    }
    return false;
}

/* Those that failed tell how many strings of no meaning there are. */
static uint64_t expected(const struct kind_tally *t, double chance)
{
    if (chance <= 0 || chance >= 1)
        return 0;
    return (uint64_t)((double)(t->candidates - t->passed) * chance / (1 - chance) + 0.5);
}

static void say_tally(struct explain_page *p, const struct packed_finding *f,
                      const struct ledger_row *row, const struct explain_rule *rule)
{
    struct kind_tally t;
    char seen[40], right[40], lucky[40];

    if (!rule || rule->chance <= 0 || !tally_of(row, f->kind, &t) || t.candidates < 2)
        return;
    buf_clear(&p->text);
    explain_say(&p->text, p->l, X_tally, number(p, t.candidates, seen), number(p, t.passed, right),
                number(p, expected(&t, rule->chance), lucky), NULL);
    labelled(p, "   ", X_in_document);
}

static void say_categories(struct explain_page *p, const struct packed_finding *f)
{
    if (!f->categories)
        return;
    buf_clear(&p->text);
    for (uint32_t left = f->categories; left; left &= left - 1) {
        const char *key = export_category(p->e, (unsigned)__builtin_ctz(left));

        if (!key)
            continue;
        buf_printf(&p->text, "%s%s", p->text.len ? ", " : "", explain_category(p->l, key));
        if (f->categories_near & left & -left)
            buf_printf(&p->text, " %s", explain_text(p->l, X_close_by));
    }
    labelled(p, "   ", X_beside);
}

static void say_outcome(struct explain_page *p, const char *indent, const struct ledger_row *row)
{
    enum explain_word reason = explain_ledger_reason(row->reason);

    text_is(p, explain_text(p->l, explain_outcome(row->outcome)));
    labelled(p, indent, X_outcome);
    if (row->reason.len == 0)
        return;
    buf_clear(&p->text);
    if (reason != X_COUNT)
        buf_printf(&p->text, "%s (%.*s)", explain_text(p->l, reason), (int)row->reason.len,
                   row->reason.at);
    else
        buf_add_span(&p->text, row->reason);
    labelled(p, indent, X_reason);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void json_reasons(struct explain_page *p, struct json *j)
{
    const struct reasons *r = &p->reasons;

    json_key(j, "why");
    json_array(j);
    for (unsigned i = 0; i < r->n_why; i++) {
        json_object(j);
        json_key(j, "for");
        if (r->why[i].sign == '.')
            json_null(j);
        else
            json_bool(j, r->why[i].sign == '+');
        json_key(j, "text");
        json_text(j, reason_text(r, &r->why[i]));
        json_end_object(j);
    }
    json_end_array(j);
    json_key(j, "higher");
    json_array(j);
    for (unsigned i = 0; i < r->n_higher; i++)
        json_text(j, reason_text(r, &r->higher[i]));
    json_end_array(j);
}

static void json_tally(struct json *j, const struct packed_finding *f, const struct ledger_row *row,
                       const struct explain_rule *rule)
{
    struct kind_tally t;

    json_key(j, "in_document");
    if (!rule || rule->chance <= 0 || !tally_of(row, f->kind, &t)) {
        json_null(j);
        return;
    }
    json_object(j);
    json_key(j, "candidates");
    json_unsigned(j, t.candidates);
    json_key(j, "passed");
    json_unsigned(j, t.passed);
    json_key(j, "expected_by_chance");
    json_unsigned(j, expected(&t, rule->chance));
    json_end_object(j);
}

static bool json_place(struct explain_page *p, struct json *j, const struct ledger_row *row,
                       struct span root)
{
    struct span path, members;

    if (!export_names(p->e, row, &path, &members))
        return false;
    export_place_json(p->e, j, root, path, members);
    return true;
}

static bool json_finding(struct explain_page *p, const struct packed_finding *f,
                         const struct ledger_row *row, struct span root,
                         const struct explain_rule *rule)
{
    struct json j = json_to(&p->e->line);
    char token[33], at[48];

    token_hex(f->token, token);
    place_at(f->place, at);
    buf_clear(&p->text);
    kind_name(p, f->kind, &p->text);
    json_object(&j);
    if (!json_place(p, &j, row, root))
        return false;
    json_key(&j, "kind");
    json_text(&j, inventory_kind_name(p->e->inv, f->kind));
    json_key(&j, "kind_name");
    json_string(&j, buf_span(&p->text));
    json_key(&j, "token");
    json_text(&j, token);
    json_key(&j, "confidence");
    json_text(&j, confidence_word(f->confidence));
    json_key(&j, "count");
    json_unsigned(&j, f->count);
    json_key(&j, "place");
    json_object(&j);
    json_key(&j, "kind");
    json_text(&j, place_word(f->place.kind));
    json_key(&j, "at");
    json_text(&j, at);
    json_end_object(&j);
    json_key(&j, "evidence");
    export_evidence_json(&j, f->evidence);
    json_reasons(p, &j);
    json_key(&j, "same_record");
    export_categories_json(p->e, &j, f->categories);
    json_key(&j, "near");
    export_categories_json(p->e, &j, f->categories_near);
    json_tally(&j, f, row, rule);
    json_end_object(&j);
    return buf_add_byte(&p->e->line, '\n');
}

static bool json_file(struct explain_page *p, const struct ledger_row *row, struct span root,
                      uint64_t members, uint32_t same)
{
    struct json j = json_to(&p->e->line);
    enum explain_word reason = explain_ledger_reason(row->reason);

    json_object(&j);
    if (!json_place(p, &j, row, root))
        return false;
    json_key(&j, "outcome");
    json_text(&j, outcome_word(row->outcome));
    json_key(&j, "outcome_text");
    json_text(&j, explain_text(p->l, explain_outcome(row->outcome)));
    json_key(&j, "reason");
    json_string(&j, row->reason);
    json_key(&j, "reason_text");
    json_text(&j, reason == X_COUNT ? "" : explain_text(p->l, reason));
    json_key(&j, "extractor");
    json_string(&j, row->extractor);
    json_key(&j, "bytes");
    json_unsigned(&j, row->bytes);
    json_key(&j, "text_bytes");
    json_unsigned(&j, row->text_bytes);
    json_key(&j, "inside");
    json_unsigned(&j, members);
    json_key(&j, "same_content");
    json_unsigned(&j, same);
    json_end_object(&j);
    return buf_add_byte(&p->e->line, '\n');
}

/* --- parts of the page ------------------------------------------------------------------------ */

void page_token(struct explain_page *p, const struct token_sum *sum)
{
    const char *name = inventory_kind_name(p->e->inv, sum->kind);
    const struct explain_kind *about = name ? explain_kind(name) : NULL;
    char token[33], documents[40], count[40];

    if (p->json)
        return;
    if (p->begun)
        buf_add_byte(&p->e->line, '\n');
    p->begun = true;
    token_hex(sum->token, token);
    buf_clear(&p->text);
    kind_name(p, sum->kind, &p->text);
    heading(p, p->text.at ? p->text.at : "", '=');
    text_is(p, token);
    labelled(p, "", X_code);
    buf_add_byte(&p->e->line, '\n');
    paragraph(p, "", explain_text(p->l, X_token_intro));
    buf_clear(&p->text);
    explain_say(&p->text, p->l, X_token_found, number(p, sum->documents, documents),
                number(p, sum->count, count), NULL);
    paragraph(p, "", p->text.at ? p->text.at : "");
    if (about) {
        part(p, X_h_kind);
        paragraph(p, "", about->rule[p->l]);
        text_is(p, about->source);
        labelled(p, "", X_source);
    }
    part(p, X_h_where);
}

static void say_reasons(struct explain_page *p)
{
    const struct reasons *r = &p->reasons;

    label_alone(p, "   ", X_why);
    for (unsigned i = 0; i < r->n_why; i++) {
        const char *sign = r->why[i].sign == '+'   ? "     + "
                           : r->why[i].sign == '-' ? "     \xe2\x80\x93 "
                                                   : "     \xc2\xb7 ";

        paragraph(p, sign, reason_text(r, &r->why[i]));
    }
    if (r->n_higher > 0)
        label_alone(p, "   ", X_higher);
    for (unsigned i = 0; i < r->n_higher; i++)
        paragraph(p, "     \xc2\xb7 ", reason_text(r, &r->higher[i]));
}

bool page_finding(struct explain_page *p, unsigned n, const struct packed_finding *f,
                  const struct ledger_row *row, struct span root)
{
    const struct explain_rule *rule = rule_of(p, row->run, f->kind);
    const char *name = inventory_kind_name(p->e->inv, f->kind);
    char mark[16], token[33], count[40];

    if (!reasons_of(&p->reasons, p->l, f, name ? name : "", rule)) {
        p->e->line.failed = true;
        return true;
    }
    if (p->json)
        return json_finding(p, f, row, root, rule);
    p->reasoned = true;
    buf_clear(&p->text);
    if (n > 0) {
        snprintf(mark, sizeof mark, "%u. ", n);
        if (!document_name(p, row, root, &p->text))
            return false;
    } else {
        snprintf(mark, sizeof mark, "*  ");
        kind_name(p, f->kind, &p->text);
    }
    paragraph(p, mark, p->text.at ? p->text.at : "");
    if (n == 0) {
        token_hex(f->token, token);
        text_is(p, token);
        labelled(p, "   ", X_code);
    }
    place_text(p, f->place);
    labelled(p, "   ", X_where);
    text_is(p, number(p, f->count, count));
    labelled(p, "   ", X_how_often);
    text_is(p, explain_confidence(p->l, f->confidence));
    labelled(p, "   ", X_confidence);
    say_reasons(p);
    say_categories(p, f);
    say_tally(p, f, row, rule);
    if (n > 0 && row->outcome != OUTCOME_READ)
        say_outcome(p, "   ", row);
    buf_add_byte(&p->e->line, '\n');
    return true;
}

bool page_file(struct explain_page *p, const struct ledger_row *row, struct span root,
               uint64_t members, uint32_t same)
{
    char count[40];

    if (p->json)
        return json_file(p, row, root, members, same);
    if (p->begun)
        buf_add_byte(&p->e->line, '\n');
    p->begun = true;
    buf_clear(&p->text);
    if (!document_name(p, row, root, &p->text))
        return false;
    heading(p, p->text.at ? p->text.at : "", '=');
    say_outcome(p, "", row);
    if (row->extractor.len) {
        buf_clear(&p->text);
        buf_printf(&p->text, "%.*s (%.*s)", (int)row->extractor.len, row->extractor.at,
                   (int)row->media_type.len, row->media_type.at);
        labelled(p, "", X_read_by);
    }
    buf_clear(&p->text);
    explain_say(&p->text, p->l, X_bytes, number(p, row->bytes, count), NULL);
    labelled(p, "", X_size);
    if (row->text_bytes) {
        buf_clear(&p->text);
        explain_say(&p->text, p->l, X_bytes, number(p, row->text_bytes, count), NULL);
        labelled(p, "", X_text_searched);
    }
    if (members) {
        buf_clear(&p->text);
        explain_say(&p->text, p->l, X_holds_members, number(p, members, count),
                    "constat explain \"\xe2\x80\xa6!**\"", NULL);
        paragraph(p, "", p->text.at ? p->text.at : "");
    }
    if (same) {
        buf_clear(&p->text);
        explain_say(&p->text, p->l, X_same_content, number(p, same, count), NULL);
        paragraph(p, "", p->text.at ? p->text.at : "");
    }
    return true;
}

/* Of kinds with check digits: right, and yet no finding. */
static void say_not_reported(struct explain_page *p, const struct ledger_row *row,
                             found_counts counts)
{
    struct reader r = reader_of(row->chance);
    struct kind_tally t;
    bool any = false;

    while (chance_next(&r, &t)) {
        const struct explain_rule *rule = rule_of(p, row->run, t.kind);
        const char *name = inventory_kind_name(p->e->inv, t.kind);
        char seen[40], right[40], lucky[40];

        if (!rule || rule->chance <= 0 || !name || !explain_kind(name) || t.passed == 0 ||
            t.kind >= 256 || counts[t.kind][1] + counts[t.kind][2] + counts[t.kind][3] > 0)
            continue;
        if (!any)
            label_alone(p, "", X_not_reported);
        any = true;
        buf_clear(&p->text);
        kind_name(p, t.kind, &p->text);
        buf_printf(&p->text, "%s ", colon(p));
        explain_say(&p->text, p->l, X_tally, number(p, t.candidates, seen),
                    number(p, t.passed, right), number(p, expected(&t, rule->chance), lucky), NULL);
        paragraph(p, "  \xc2\xb7 ", p->text.at ? p->text.at : "");
    }
}

void page_found(struct explain_page *p, const struct ledger_row *row, found_counts counts)
{
    bool any = false;

    if (p->json)
        return;
    for (unsigned k = 0; k < inventory_kinds(p->e->inv); k++) {
        char digits[3][40];

        if (counts[k][1] + counts[k][2] + counts[k][3] == 0)
            continue;
        AUTO_BUF struct buf name;

        if (!any)
            label_alone(p, "", X_found);
        any = true;
        buf_init(&name, 4096);
        buf_add_text(&name, "");
        kind_name(p, k, &name);
        buf_clear(&p->text);
        explain_say(&p->text, p->l, X_found_kind, name.failed ? "" : name.at,
                    number(p, counts[k][CONFIDENCE_HIGH], digits[0]),
                    number(p, counts[k][CONFIDENCE_MEDIUM], digits[1]),
                    number(p, counts[k][CONFIDENCE_LOW], digits[2]), NULL);
        paragraph(p, "  \xc2\xb7 ", p->text.at ? p->text.at : "");
    }
    if (!any)
        paragraph(p, "",
                  explain_text(p->l, row->outcome == OUTCOME_READ || row->outcome == OUTCOME_SPECIAL
                                         ? X_found_nothing
                                         : X_found_nothing_gap));
    say_not_reported(p, row, counts);
    if (any)
        part(p, X_h_findings);
}

void page_more(struct explain_page *p, enum explain_word what, uint64_t n, const char *list)
{
    char count[40];

    if (p->json || n == 0)
        return;
    buf_clear(&p->text);
    explain_say(&p->text, p->l, what, number(p, n, count), NULL);
    buf_add_byte(&p->text, ' ');
    explain_say(&p->text, p->l, X_list_all, list, NULL);
    paragraph(p, "", p->text.at ? p->text.at : "");
}

void page_help(struct explain_page *p)
{
    if (p->json || !p->reasoned)
        return;
    part(p, X_h_help);
    paragraph(p, "", explain_text(p->l, X_help_high));
    paragraph(p, "", explain_text(p->l, X_help_medium));
    paragraph(p, "", explain_text(p->l, X_help_low));
    paragraph(p, "", explain_text(p->l, X_help_signs));
    paragraph(p, "", explain_text(p->l, X_help_words));
}
