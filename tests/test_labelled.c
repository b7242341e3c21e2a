/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/*
 * Kinds that only a word or a field tells, through the engine: what is found of a text, and how
 * sure it is.  Not a check digit among them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "detectors/engine.h"

enum { TODAY = 20261123, FOUND_MAX = 4096 };

struct found {
    char text[FOUND_MAX];
    size_t len;
};

/* "kind value confidence; " for the kinds that are looked at here. */
static void on_finding(void *ctx, const struct finding *f)
{
    static const char *const kinds[] = {"passport", "residence-card", "driving-licence",
                                        "be-inami", "vehicle-plate",  "birth-date",
                                        "phone",    "be-nrn"};
    static const char *const sure[] = {"none", "low", "medium", "high"};
    struct found *found = ctx;

    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i], detectors[f->kind]->kind) != 0)
            continue;
        int n = snprintf(found->text + found->len, FOUND_MAX - found->len, "%s %.*s %s%s; ",
                         kinds[i], (int)f->value.len, f->value.at, sure[f->confidence],
                         f->evidence & EVIDENCE_RESTORED_ZERO ? " with a zero" : "");

        assert_true(n > 0 && (size_t)n < FOUND_MAX - found->len);
        found->len += (size_t)n;
    }
}

struct text_case {
    char delimiter; /* 0: text, else rows */
    const char *text, *found;
};

static void check_case(struct engine *e, const struct text_case *c)
{
    struct found found = {.len = 0};
    struct engine_sink sink = {.ctx = &found, .finding = on_finding};
    struct table_shape shape = {c->delimiter, '"', true};

    engine_begin(e, ORIGIN_TEXT, &sink);
    if (c->delimiter)
        engine_table(e, &shape);
    assert_true(engine_text(e, (struct span){c->text, strlen(c->text)}));
    engine_end(e, NULL);
    if (strcmp(found.text, c->found) != 0)
        fail_msg("%s: found \"%s\", not \"%s\"", c->text, found.text, c->found);
}

static void check_cases(const struct text_case *cases, size_t n)
{
    struct engine *e = engine_new(TODAY);

    assert_non_null(e);
    for (size_t i = 0; i < n; i++)
        check_case(e, &cases[i]);
    engine_free(e);
}

/* In sentences: a word before, a word behind, none, another kind's word nearer. */
static void test_text(void **state)
{
    static const struct text_case cases[] = {
        {0, "Passeport n\xC2\xB0 EN000001, valable", "passport EN000001 high; "},
        {0, "EN000001 (paspoort)", "passport EN000001 high; "},
        {0, "EN000001, ABC-123, 1-ABC-123, 0987654321, B123456789, 30/07/1985, 40885401", ""},
        {0, "Verblijfskaart B 1234567 89", "residence-card B123456789 high; "},
        {0, "Titre de s\xC3\xA9jour 123456789", "residence-card 123456789 medium; "},
        {0, "Rijbewijsnummer: 0987654321", "driving-licence 0987654321 medium; "},
        {0, "rijbewijs nr. 0470123456", "driving-licence 0470123456 medium; "},
        {0, "rijbewijs: ja; gsm 0470123456", "phone +32470123456 high; "},
        {0, "permis de conduire ; BCE 0403019261", ""},
        {0, "1-87497-04-477", "be-inami 18749704477 low; "},
        {0, "RIZIV 1-87497-04-477", "be-inami 18749704477 high; "},
        {0, "Num\xC3\xA9ro INAMI : 40885401", "be-inami 40885401 medium; "},
        {0, "De wagen met nummerplaat 1-ABC-123", "vehicle-plate 1ABC123 high; "},
        {0, "plaque ABC-123", "vehicle-plate ABC123 medium; "},
        {0, "n\xC3\xA9(e) le 30/07/1985 \xC3\xA0 Gand", "birth-date 19850730 high; "},
        {0, "Date de naissance\n30 juillet 1985\n", "birth-date 19850730 high; "},
        {0, "geboren te Gent op 30 juli 1985", "birth-date 19850730 high; "},
        {0, "Il ne le fera pas avant le 30/07/2020", ""},
        {0, "Gent, 30/07/1985", ""},
        {0, "n\xC3\xA9 le 24/11/2026", ""},
    };

    (void)state;
    check_cases(cases, sizeof cases / sizeof *cases);
}

/* Several behind one word; one date of birth. */
static void test_lists(void **state)
{
    static const struct text_case cases[] = {
        {0, "Plaques : 1-ABC-123, 2-DEF-456 et 1-GHI-789",
         "vehicle-plate 1ABC123 high; vehicle-plate 2DEF456 high; vehicle-plate 1GHI789 high; "},
        {0, "Paspoorten EN000001 en EN000002", "passport EN000001 high; passport EN000002 high; "},
        {0, "Rijbewijs: 2001234567, 2001234568",
         "driving-licence 2001234567 medium; driving-licence 2001234568 medium; "},
        {0, "n\xC3\xA9 le 30/07/1985, 12/03/2001", "birth-date 19850730 high; "},
        {0, "Plaque 1-ABC-123 pour le v\xC3\xA9hicule de service, commande 2-DEF-456",
         "vehicle-plate 1ABC123 high; "},
    };

    (void)state;
    check_cases(cases, sizeof cases / sizeof *cases);
}

/* Columns and key names. */
static void test_fields(void **state)
{
    static const struct text_case cases[] = {
        {';', "naam;geboortedatum;gsm\nJan;30/07/1985;470123456\nAn;19850801;22345678\n",
         "birth-date 19850730 high; phone +32470123456 high with a zero; birth-date 19850801 "
         "medium; "
         "phone +3222345678 high with a zero; "},
        {';',
         "nom;permis;plaque;passeport;carte_sejour;inami\n"
         "Jan;0123456789;1-abc-123;AB1234567;B123456789;40885401\n",
         "driving-licence 0123456789 medium; vehicle-plate 1ABC123 high; "
         "passport AB1234567 medium; residence-card B123456789 high; be-inami 40885401 medium; "},
        {';', "nom;rijksregisternummer\nAn;1010197621\n", "be-nrn 01010197621 high with a zero; "},
        {';', "ref;date\n470123456;30/07/1985\nEN000001;19850730\n", ""},
        {0, "{\"birthDate\":\"1985-07-30\",\"phone\":470123456,\"passportNumber\":\"EN000001\"}",
         "birth-date 19850730 high; phone +32470123456 high with a zero; passport EN000001 high; "},
        {0, "{\"date\":\"1985-07-30\",\"id\":470123456,\"number\":\"EN000001\"}", ""},
    };

    (void)state;
    check_cases(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_lists),
                                       cmocka_unit_test(test_fields)};

    return cmocka_run_group_tests_name("labelled kinds", tests, NULL, NULL);
}
