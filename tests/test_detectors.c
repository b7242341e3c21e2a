/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/*
 * Every detector against every case: the published vectors of both signs, and our own cases in
 * testdata/detectors/<kind>.txt.  A detector is called directly (candidates.h); what the engine
 * makes of several passes is tested with the engine.
 */
#include "tests/candidates.h"
#include "tests/vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "detectors/be_banks.h"
#include "detectors/national_number.h"

enum { TODAY = 20261123, PASSES_MAX = 32, LINE_MAX_BYTES = 4096 };

/* What one detector passes in one text. */
struct passes {
    unsigned n;
    struct match matches[PASSES_MAX];
};

static bool keep_pass(void *ctx, const struct detector *d, const struct candidate *c)
{
    struct passes *passes = ctx;
    struct match match = {.start = c->start, .len = c->len};

    if (d->check(c, &match) != VERDICT_PASS)
        return true;
    assert_true(match.value_len > 0 && match.value_len <= VALUE_MAX);
    assert_int_equal(strlen(match.value), match.value_len);
    assert_true(match.start <= c->window.len && match.len <= c->window.len - match.start);
    assert_true(match.len > 0 && match.len <= d->longest);
    assert_in_range(match.form, FORM_BARE, FORM_WRITTEN);
    if (passes->n < PASSES_MAX)
        passes->matches[passes->n++] = match;
    return true;
}

/* The text is copied to the heap without a byte to spare, so that reading past it is seen. */
static void find(const struct detector *d, const char *text, size_t len, struct passes *ret)
{
    char *copy = malloc(len ? len : 1);

    assert_non_null(copy);
    memcpy(copy, text, len);
    ret->n = 0;
    candidates_each(d, (struct span){copy, len}, TODAY, keep_pass, ret);
    free(copy);
}

static const struct match *pass_of(const struct passes *passes, const char *value)
{
    for (unsigned i = 0; i < passes->n; i++)
        if (strcmp(passes->matches[i].value, value) == 0)
            return &passes->matches[i];
    return NULL;
}

/* `\n`, `\r`, `\t` and `\\` of a data file become what they stand for. */
static void unescape(char *text)
{
    char *to = text;

    for (char *from = text; *from; from++) {
        if (*from != '\\' || !from[1]) {
            *to++ = *from;
            continue;
        }
        from++;
        *to++ = *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from == 't' ? '\t' : *from;
    }
    *to = '\0';
}

/* Splits at tabs; the number of fields. */
static unsigned fields_of(char *line, char *fields[], unsigned most)
{
    unsigned n = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at && n < most;) {
        fields[n++] = at;
        at = strchr(at, '\t');
        if (at)
            *at++ = '\0';
    }
    return n;
}

static FILE *open_data(const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/detectors/%s", TESTDATA, name);
    FILE *file = fopen(path, "re");

    if (!file)
        fail_msg("%s is missing", path);
    return file;
}

/* --- vectors.tsv ----------------------------------------------------------------------------- */

/* A pass of the detector is one of the vector's kind too. */
static bool is_of_kind(const char *kind, const struct match *m)
{
    if (strcmp(kind, "nrn") == 0)
        return !m->facts.bis;
    if (strcmp(kind, "bis") == 0)
        return m->facts.bis;
    if (strcmp(kind, "enterprise") == 0)
        return m->value[0] <= '1';
    if (strcmp(kind, "establishment") == 0)
        return m->value[0] >= '2';
    return true;
}

static unsigned passes_of_kind(const char *kind, const struct passes *passes)
{
    unsigned n = 0;

    for (unsigned i = 0; i < passes->n; i++)
        n += is_of_kind(kind, &passes->matches[i]);
    return n;
}

/* In text of its own, in a sentence, in a row, in code, between brackets. */
static const char *const settings[][2] = {
    {"", ""},
    {"Voir le dossier : ", "."},
    {"nr. ", ", geboren te Gent"},
    {"a;", ";b\n"},
    {"{\"x\": \"", "\"}"},
    {"12,", ",7\n"},
    {"\xC2\xAB", "\xC2\xBB"},
    {"(", ")"},
    {"<td>", "</td>"},
    {"VALUES (1, '", "', 2)"},
    {"een\n", "\ntwee"},
};

static void check_vector(const struct vector *v)
{
    const char *kind = v->kind->kind;
    struct passes passes;
    char expected[VALUE_MAX + 1];
    bool mrz = v->kind->detector == &detect_mrz;

    vector_normalise(v, expected);
    for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++) {
        char text[LINE_MAX_BYTES];
        int len = snprintf(text, sizeof text, "%s%s%s%s", settings[i][0],
                           v->kind->labelled ? v->kind->label : "", v->value, settings[i][1]);

        assert_true(len > 0 && (size_t)len < sizeof text);
        find(v->kind->detector, text, (size_t)len, &passes);
        unsigned n = passes_of_kind(kind, &passes);

        if (!v->valid && n > 0)
            fail_msg("%s: passes but must not: %s", kind, text);
        if (v->valid && (n == 0 || (!mrz && !pass_of(&passes, expected))))
            fail_msg("%s: missed: %s", kind, text);
    }
}

static void test_vectors(void **state)
{
    FILE *file = vectors_open();
    struct vector vector;
    unsigned checked = 0, skipped = 0;
    bool wrong;

    (void)state;
    assert_non_null(file);
    while (vectors_next(file, &vector, &wrong)) {
        if (wrong)
            fail_msg("line %u of the vectors has no detector, or is none", checked + skipped + 2);
        if (vector.kind)
            check_vector(&vector);
        checked += vector.kind != NULL;
        skipped += vector.kind == NULL;
    }
    fclose(file);
    assert_int_equal(skipped, VECTORS_WITHOUT_DETECTOR);
    assert_int_equal(checked, VECTORS - VECTORS_WITHOUT_DETECTOR);
}

/* Its embedded value of that kind, an underscore for a blank; "-": it has none. */
static bool embeds(const struct match *m, const char *kind, const char *value)
{
    for (unsigned i = 0; i < EMBEDDED_MAX && m->embedded[i].kind; i++) {
        const char *at = m->embedded[i].value;

        if (strcmp(m->embedded[i].kind, kind) != 0)
            continue;
        while (*at && (*at == *value || (*at == ' ' && *value == '_')))
            at++, value++;
        return *at == '\0' && *value == '\0';
    }
    return strcmp(value, "-") == 0;
}

/* --- <kind>.txt ------------------------------------------------------------------------------ */

/* True if the case is right; says what is not, so that one run shows every wrong line. */
static bool check_case(const struct detector *d, const char *name, unsigned number, char *fields[])
{
    static const char *const forms[] = {"bare", "grouped", "written"};
    struct passes passes;
    bool yes = strcmp(fields[0], "yes") == 0;

    if (!yes && strcmp(fields[0], "no") != 0)
        fail_msg("%s:%u: begins with neither yes nor no", name, number);
    unescape(fields[1]);
    find(d, fields[1], strlen(fields[1]), &passes);
    const struct match *m = yes && fields[2][0] ? pass_of(&passes, fields[2]) : NULL;

    if (yes ? !m : passes.n > 0) {
        print_error("%s:%u: %s\n", name, number, yes ? "not found with that value" : "passes");
        return false;
    }
    if (!m || !fields[3])
        return true;
    /* Facts of the match: form, birth, sex, bis, doubtful, and what it embeds. */
    char *save = NULL;

    for (char *fact = strtok_r(fields[3], " ", &save); fact; fact = strtok_r(NULL, " ", &save)) {
        bool right = strcmp(fact, forms[m->form]) == 0;

        if (strncmp(fact, "birth=", 6) == 0)
            right = strtoul(fact + 6, NULL, 10) == m->facts.birth;
        else if (strncmp(fact, "sex=", 4) == 0)
            right = (fact[4] == '-' ? 0 : fact[4]) == m->facts.sex;
        else if (strncmp(fact, "bis=", 4) == 0)
            right = (fact[4] == '1') == m->facts.bis;
        else if (strncmp(fact, "doubtful=", 9) == 0)
            right = (fact[9] == '1') == m->doubtful;
        else if (strncmp(fact, "embeds=", 7) == 0)
            right = embeds(m, "be-nrn", fact + 7);
        else if (strncmp(fact, "name=", 5) == 0)
            right = embeds(m, "person-name", fact + 5);
        else if (strncmp(fact, "born=", 5) == 0)
            right = embeds(m, "birth-date", fact + 5);
        else if (strncmp(fact, "part=", 5) == 0)
            right = strtoul(fact + 5, NULL, 10) == m->part;
        else if (strncmp(fact, "len=", 4) == 0)
            right = strtoul(fact + 4, NULL, 10) == m->len;
        if (!right) {
            print_error("%s:%u: fact differs: %s\n", name, number, fact);
            return false;
        }
    }
    return true;
}

/* Every detector has a file of cases, and both signs in it. */
static void test_cases(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (unsigned i = 0; i < detectors_count; i++) {
        char name[64], line[LINE_MAX_BYTES];
        unsigned number = 0, found[2] = {0};

        if (detectors[i]->anchors == ANCHOR_TERM) /* nothing to check: see test_lexicon.c */
            continue;
        snprintf(name, sizeof name, "%s.txt", detectors[i]->kind);
        FILE *file = open_data(name);

        while (fgets(line, sizeof line, file)) {
            char *fields[4] = {0};

            number++;
            if (line[0] == '#' || line[0] == '\n')
                continue;
            if (fields_of(line, fields, 4) < 2)
                fail_msg("%s:%u: fewer than two fields", name, number);
            if (!fields[2])
                fields[2] = fields[1] + strlen(fields[1]);
            found[fields[0][0] == 'y']++;
            wrong += !check_case(detectors[i], name, number, fields);
        }
        fclose(file);
        if (!found[0] || !found[1])
            fail_msg("%s: needs cases of both signs", name);
    }
    assert_int_equal(wrong, 0);
}

/* --- rows and arithmetic --------------------------------------------------------------------- */

static void test_rows(void **state)
{
    (void)state;
    assert_true(detectors_count > 0 && detectors_count <= 64);
    for (unsigned i = 0; i < detectors_count; i++) {
        const struct detector *d = detectors[i];

        assert_int_equal(detector_by_kind(d->kind), (int)i);
        assert_true(d->version > 0 && d->anchors != 0 && d->longest > 0 && d->longest <= 4096);
        assert_true(d->chance >= 0 && d->chance < 1);
        if (d->anchors & ANCHOR_DIGITS)
            assert_true(d->digits_min > 0 && d->digits_min <= d->digits_max &&
                        d->digits_max <= CANDIDATE_DIGITS);
        for (unsigned form = 0; form < 3; form++) {
            assert_true(d->precedence[form] > 0);
            /* Words never lower what is known without them. */
            assert_true(d->alone[form] <= d->normal[form] && d->normal[form] <= d->strong[form]);
        }
        const char *const *lists[] = {d->words, d->keys, d->against};

        for (unsigned l = 0; l < 3; l++) {
            for (unsigned w = 0; lists[l] && lists[l][w]; w++) {
                const char *word = lists[l][w];

                assert_true(*word && *word != ' ');
                for (const char *p = word; *p; p++)
                    assert_false((*p >= 'A' && *p <= 'Z') || *p == '\'' ||
                                 (*p == ' ' && p[1] == ' '));
            }
        }
    }
    assert_int_equal(detector_by_kind("no-such-kind"), -1);
}

static void test_arithmetic(void **state)
{
    (void)state;
    assert_true(ends_in_mod97("539007547034", 12));
    assert_true(ends_in_mod97("310100270097", 12));
    assert_false(ends_in_mod97("310100270000", 12));
    assert_true(ends_in_97_minus("0566988259", 10));
    assert_true(ends_in_97_minus("2147812897", 10));
    assert_false(ends_in_97_minus("2147812800", 10));
    assert_true(luhn("4111111111111111", 16));
    assert_false(luhn("4111111111111112", 16));
    assert_true(gs1("9780306406157", 13));
    assert_int_equal(mrz_digit("000001115702", 12), '7');
    assert_int_equal(mrz_digit("000001115<702", 13), '1');
    assert_true(date_exists(2000, 2, 29));
    assert_false(date_exists(1900, 2, 29));
    assert_false(date_exists(2001, 2, 29));
    assert_string_equal(be_bank(0)->bic, "GEBABEBB");
    assert_string_equal(be_bank(96)->bic, "GKCCBEBB");
    assert_null(be_bank(539));
    assert_null(be_bank(1000));
}

/* Today is handed in: the same digits are a newborn's the day after, and nobody's the day before.
 */
static void test_today(void **state)
{
    struct national_number number;

    (void)state;
    assert_int_equal(national_number("26110199020", 20261101, &number), VERDICT_PASS);
    assert_int_equal(number.facts.birth, 20261101);
    assert_int_equal(national_number("26110199020", 20261031, &number), VERDICT_SHAPE);
    assert_int_equal(national_number("26110199020", 20251231, &number), VERDICT_SHAPE);
}

/* For every day of both centuries exactly one check value in each, never 00, 98 or 99. */
static void test_national_check_digits(void **state)
{
    (void)state;
    for (unsigned yy = 0; yy < 100; yy++) {
        unsigned passes = 0;

        for (unsigned check = 0; check < 100; check++) {
            char digits[16];
            struct national_number number;

            snprintf(digits, sizeof digits, "%02u0615977%02u", yy, check);
            if (national_number(digits, TODAY, &number) != VERDICT_PASS)
                continue;
            passes++;
            assert_in_range(check, 1, 97);
            assert_int_equal(number.facts.birth % 10000, 615);
            assert_int_equal(number.facts.birth / 10000 % 100, yy);
        }
        /* Births from 2027 on have not been. */
        assert_int_equal(passes, yy <= 26 ? 2 : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),    cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_today),   cmocka_unit_test(test_national_check_digits),
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests_name("detectors", tests, NULL, NULL);
}
