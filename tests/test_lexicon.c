/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/*
 * Every term of the vocabulary in every way it may be written, and nothing inside other words;
 * testdata/lexicon/ has endings and near misses.  The filters and the vectors must not change what
 * is found: a plain reference follows every word start of random texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detectors/vocabulary.h"
#include "tests/lexicon_reference.h"

enum { TEXT_MAX = 1024 };

static int make(void **state)
{
    *state = lexicon_new();
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    lexicon_free(*state);
    return 0;
}

static uint64_t category(const char *key)
{
    char kind[64];
    int index;

    snprintf(kind, sizeof kind, "category:%s", key);
    index = detector_by_kind(kind);
    if (index < 0)
        fail_msg("no detector of kind %s", kind);
    return UINT64_C(1) << index;
}

/* --- the table ------------------------------------------------------------------------------- */

static void test_table(void **state)
{
    uint64_t known = 0, used = 0;

    (void)state;
    for (unsigned i = 0; i < detectors_count; i++)
        if (detectors[i]->anchors & ANCHOR_TERM)
            known |= UINT64_C(1) << i;
    assert_true(vocabulary_count > 2700);
    for (unsigned i = 0; i < vocabulary_count; i++) {
        const struct vocabulary_term *t = &vocabulary[i];
        char folded[TERM_MAX];

        used |= category(t->category);
        if (strcmp(t->also, "none") != 0)
            assert_true(category(t->also) != category(t->category));
        assert_true(vocabulary_fold(t->text, folded));
        for (const char *p = t->text; *p; p++)
            assert_false(*p >= 'A' && *p <= 'Z');
        assert_true(!t->abbreviation || t->strength == TERM_WEAK);
    }
    assert_true(known == used);
}

/* --- ways of writing ------------------------------------------------------------------------- */

typedef bool way(const char *term, char *ret);

static bool as_it_stands(const char *term, char *ret)
{
    strcpy(ret, term);
    return true;
}

static bool in_capitals(const char *term, char *ret)
{
    for (; *term; term++) {
        if (strncmp(term, "ß", 2) == 0) {
            *ret++ = 'S';
            *ret++ = 'S';
            term++;
        } else if ((unsigned char)*term == 0xC3) { /* e0..fe: 20 below are the capitals */
            *ret++ = *term++;
            *ret++ = (char)((unsigned char)*term - 0x20);
        } else if (*term >= 'a' && *term <= 'z') {
            *ret++ = (char)(*term - 0x20);
        } else {
            *ret++ = *term;
        }
    }
    *ret = 0;
    return true;
}

static bool begun_with_a_capital(const char *term, char *ret)
{
    strcpy(ret, term);
    if (*ret < 'a' || *ret > 'z')
        return false;
    *ret = (char)(*ret - 0x20);
    return true;
}

static bool without_accents(const char *term, char *ret)
{
    return vocabulary_fold(term, ret);
}

/* The letter and the mark over it apart, as on a Mac. */
static bool decomposed(const char *term, char *ret)
{
    static const struct {
        const char *whole, *apart;
    } marks[] = {{"é", "e\xCC\x81"}, {"è", "e\xCC\x80"}, {"ê", "e\xCC\x82"}, {"ë", "e\xCC\x88"},
                 {"à", "a\xCC\x80"}, {"â", "a\xCC\x82"}, {"ä", "a\xCC\x88"}, {"ï", "i\xCC\x88"},
                 {"î", "i\xCC\x82"}, {"ô", "o\xCC\x82"}, {"ö", "o\xCC\x88"}, {"ü", "u\xCC\x88"},
                 {"û", "u\xCC\x82"}, {"ç", "c\xCC\xA7"}};
    bool any = false;

    while (*term) {
        size_t i = 0;

        while (i < sizeof marks / sizeof marks[0] && strncmp(term, marks[i].whole, 2) != 0)
            i++;
        if (i < sizeof marks / sizeof marks[0]) {
            strcpy(ret, marks[i].apart);
            ret += 3;
            term += 2;
            any = true;
        } else {
            *ret++ = *term++;
        }
    }
    *ret = 0;
    return any;
}

static bool is_plain(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool with_soft_hyphens(const char *term, char *ret)
{
    unsigned n = 0;
    bool any = false;

    for (; *term; term++) {
        *ret++ = *term;
        n = is_plain(*term) ? n + 1 : 0;
        if (n % 3 == 2 && is_plain(term[1])) {
            memcpy(ret, "\xC2\xAD", 2);
            ret += 2;
            any = true;
        }
    }
    *ret = 0;
    return any;
}

static bool replaced(const char *term, const char *what, const char *by, char *ret)
{
    bool any = false;

    while (*term) {
        if (strncmp(term, what, strlen(what)) == 0) {
            strcpy(ret, by);
            ret += strlen(by);
            term += strlen(what);
            any = true;
        } else {
            *ret++ = *term++;
        }
    }
    *ret = 0;
    return any;
}

static bool over_lines(const char *term, char *ret)
{
    return replaced(term, " ", "\n", ret);
}

static bool over_dos_lines(const char *term, char *ret)
{
    return replaced(term, " ", "\r\n", ret);
}

static bool over_indented_lines(const char *term, char *ret)
{
    return replaced(term, " ", " \n      ", ret);
}

static bool with_fixed_blanks(const char *term, char *ret)
{
    return replaced(term, " ", "\xC2\xA0", ret);
}

static bool with_underscores(const char *term, char *ret)
{
    return replaced(term, " ", "_", ret);
}

static bool with_curly_apostrophes(const char *term, char *ret)
{
    return replaced(term, "'", "\xE2\x80\x99", ret);
}

static bool with_two_letters_for_umlauts(const char *term, char *ret)
{
    char one[TEXT_MAX], two[TEXT_MAX];
    bool any = replaced(term, "ä", "ae", one);

    any |= replaced(one, "ö", "oe", two);
    return replaced(two, "ü", "ue", ret) || any;
}

static bool with_ligatures(const char *term, char *ret)
{
    char one[TEXT_MAX];
    bool any = replaced(term, "fi", "\xEF\xAC\x81", one);

    return replaced(one, "fl", "\xEF\xAC\x82", ret) || any;
}

/* A word broken at a line's end: in the middle of the first long one. */
static bool broken(const char *term, const char *by, char *ret)
{
    for (size_t i = 0; term[i]; i++) {
        size_t n = 0;

        while (is_plain(term[i + n]))
            n++;
        if (n >= 6) {
            memcpy(ret, term, i + n / 2);
            strcpy(ret + i + n / 2, by);
            strcat(ret, term + i + n / 2);
            return true;
        }
    }
    return false;
}

static bool broken_at_a_hyphen(const char *term, char *ret)
{
    return broken(term, "-\n", ret);
}

static bool broken_and_indented(const char *term, char *ret)
{
    return broken(term, "-\r\n    ", ret);
}

static const struct {
    const char *name;
    way *way;
    bool capitals; /* abbreviations too */
    unsigned languages;
} ways[] = {
    {"as it stands", as_it_stands, false, 15},
    {"in capitals", in_capitals, true, 15},
    {"begun with a capital", begun_with_a_capital, false, 15},
    {"without accents", without_accents, false, 15},
    {"decomposed", decomposed, false, 15},
    {"soft hyphens", with_soft_hyphens, false, 15},
    {"over lines", over_lines, false, 15},
    {"over DOS lines", over_dos_lines, false, 15},
    {"over indented lines", over_indented_lines, false, 15},
    {"fixed blanks", with_fixed_blanks, false, 15},
    {"underscores", with_underscores, false, 15},
    {"curly apostrophes", with_curly_apostrophes, false, 15},
    {"two letters for umlauts", with_two_letters_for_umlauts, false, LANGUAGE_DE},
    {"ligatures", with_ligatures, false, 15},
    {"broken at a hyphen", broken_at_a_hyphen, false, 15},
    {"broken and indented", broken_and_indented, false, 15},
};

static const struct found *found_at(const struct lexicon *l, const char *text, size_t at,
                                    size_t len, struct found_list *list)
{
    list->n = 0;
    lexicon_scan(l, span_of(text), 0, strlen(text), on_found, list);
    for (size_t i = 0; i < list->n; i++)
        if (list->all[i].at == at && list->all[i].len == len)
            return &list->all[i];
    return NULL;
}

static void test_every_term(void **state)
{
    static const struct {
        const char *before, *behind;
    } around[] = {{"zq ", " zq"},  {"", ""},       {"(", ")"},
                  {"zq\n", ".\n"}, {"l'", ", zq"}, {"\xC2\xAB\xC2\xA0", "\xC2\xA0\xC2\xBB"}};
    const struct lexicon *l = *state;
    static struct found_list list;
    unsigned missed = 0, tried = 0;

    for (unsigned i = 0; i < vocabulary_count; i++) {
        const struct vocabulary_term *t = &vocabulary[i];
        uint64_t want = category(t->category);

        if (strcmp(t->also, "none") != 0)
            want |= category(t->also);
        for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
            char written[TEXT_MAX], text[2 * TEXT_MAX];

            if ((t->abbreviation && !ways[w].capitals) || !(ways[w].languages & t->language) ||
                !ways[w].way(t->text, written))
                continue;
            for (size_t k = 0; k < sizeof around / sizeof around[0]; k++) {
                size_t len = strlen(written), at = strlen(around[k].before);
                const struct found *f;

                /* a sign at the end is no part of a term: lgbtqia+ */
                while (len && written[len - 1] == '+')
                    len--;
                if (len > 2 && (unsigned char)written[len - 2] == 0xCC)
                    len -= 2; /* nor is the mark over its last letter */
                snprintf(text, sizeof text, "%s%s%s", around[k].before, written, around[k].behind);
                f = found_at(l, text, at, len, &list);
                tried++;
                if (f && (f->entry.categories & want) == want &&
                    (!t->abbreviation || f->entry.strength == TERM_WEAK))
                    continue;
                print_error("%s, %s: not found as %s\n", t->text, ways[w].name, t->category);
                missed++;
            }
        }
    }
    assert_true(tried > 20000);
    assert_int_equal(missed, 0);
}

/* The first spelling of the row is what a finding's value is. */
static void test_spelling(void **state)
{
    const struct lexicon *l = *state;
    static struct found_list list;

    for (unsigned i = 0; i < vocabulary_count; i++) {
        char capitals[TEXT_MAX], folded[TERM_MAX];
        size_t len;

        in_capitals(vocabulary[i].text, capitals);
        len = strlen(capitals);
        while (capitals[len - 1] == '+')
            len--;
        assert_true(vocabulary_fold(vocabulary[i].text, folded));
        const struct found *f = found_at(l, capitals, 0, len, &list);

        assert_non_null(f);
        assert_string_equal(lexicon_term(l, f->entry.term), folded);
    }
    assert_string_equal(lexicon_term(l, UINT32_MAX), "");
}

static void test_not_inside_words(void **state)
{
    const struct lexicon *l = *state;
    static struct found_list list;

    for (unsigned i = 0; i < vocabulary_count; i++) {
        static const char *const around[][2] = {{"q", ""},         {"", "zq"}, {"\xC3\xA9", ""},
                                                {"", "\xC3\xB6q"}, {"7", ""},  {"_\xC3\xA9", "xq"}};
        char capitals[TEXT_MAX], text[2 * TEXT_MAX], folded[TERM_MAX];

        in_capitals(vocabulary[i].text, capitals);
        assert_true(vocabulary_fold(vocabulary[i].text, folded));
        if (strchr(vocabulary[i].text, '+'))
            continue;
        for (size_t k = 0; k < 2 * sizeof around / sizeof around[0]; k++) {
            snprintf(text, sizeof text, "%s%s%s", k == 1 ? "Q" : around[k / 2][0],
                     k % 2 ? capitals : vocabulary[i].text, around[k / 2][1]);
            list.n = 0;
            lexicon_scan(l, span_of(text), 0, strlen(text), on_found, &list);
            for (size_t f = 0; f < list.n; f++)
                if (strcmp(lexicon_term(l, list.all[f].entry.term), folded) == 0)
                    fail_msg("%s is found in %s", folded, text);
        }
    }
}

static void test_abbreviations_in_capitals_only(void **state)
{
    const struct lexicon *l = *state;
    static struct found_list list;
    unsigned tried = 0;

    for (unsigned i = 0; i < vocabulary_count; i++) {
        const struct vocabulary_term *t = &vocabulary[i];
        bool other = false;

        /* fr "csc" is a term of belief, too */
        for (unsigned k = 0; k < vocabulary_count; k++)
            other |= !vocabulary[k].abbreviation && strcmp(vocabulary[k].text, t->text) == 0;
        if (!t->abbreviation || other)
            continue;
        for (unsigned k = 0; k < 2; k++) {
            char text[TEXT_MAX];

            strcpy(text, t->text);
            if (k == 1)
                text[0] = (char)(text[0] - 0x20);
            list.n = 0;
            lexicon_scan(l, span_of(text), 0, strlen(text), on_found, &list);
            for (size_t f = 0; f < list.n; f++)
                if (list.all[f].entry.categories & category(t->category))
                    fail_msg("%s", text);
            tried++;
        }
    }
    assert_true(tried > 80);
}

/* --- cases of the data file ------------------------------------------------------------------ */

static void unescape(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text == '\\' && text[1]) {
            text++;
            *to++ = *text == 'n' ? '\n' : *text == 'r' ? '\r' : *text == 't' ? '\t' : *text;
        } else {
            *to++ = *text;
        }
    }
    *to = 0;
}

static void test_cases(void **state)
{
    const struct lexicon *l = *state;
    static struct found_list list;
    char line[4096];
    unsigned number = 0, wrong = 0, seen[2] = {0};
    FILE *file = fopen(TESTDATA "/lexicon/cases.txt", "r");

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *field[4] = {0}, *rest = line;
        bool found = false;

        number++;
        line[strcspn(line, "\n")] = 0;
        if (!*line || *line == '#')
            continue;
        for (unsigned i = 0; i < 4 && rest; i++)
            field[i] = strsep(&rest, "\t");
        if (!field[2])
            fail_msg("cases.txt:%u: fewer than three fields", number);
        unescape(field[1]);
        list.n = 0;
        lexicon_scan(l, span_of(field[1]), 0, strlen(field[1]), on_found, &list);
        for (size_t i = 0; i < list.n; i++) {
            const struct lexicon_entry *e = &list.all[i].entry;

            if (e->categories &&
                (strcmp(field[2], "*") == 0 || strcmp(lexicon_term(l, e->term), field[2]) == 0))
                found |= !field[3] || (e->categories & category(field[3]));
        }
        seen[field[0][0] == 'y']++;
        if (found != (field[0][0] == 'y')) {
            print_error("cases.txt:%u: %s\n", number, found ? "found" : "not found");
            wrong++;
        }
    }
    fclose(file);
    assert_true(seen[0] > 20 && seen[1] > 20);
    assert_int_equal(wrong, 0);
}

/* --- the same however it is done ------------------------------------------------------------- */

static uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

/* Terms, pieces of terms and any bytes, with all that may stand between. */
static size_t random_text(uint32_t *random, char *text, size_t max)
{
    static const char *const between[] = {" ",        "\n",
                                          "-\n",      "-",
                                          "",         "  ",
                                          ", ",       "\xC2\xAD",
                                          "\xCC\x81", "\xE2\x80\x99",
                                          "\t",       "_",
                                          "'",        ".",
                                          "7",        "\xC3",
                                          "\xA9",     "\xF0\x9F",
                                          "s ",       "en ",
                                          "\r\n   ",  "\xE2\x80\x90\n",
                                          ". ",       ".\n",
                                          ", "};
    size_t n = 0;

    while (n + TERM_MAX + 16 < max) {
        const struct vocabulary_term *t = &vocabulary[next_random(random) % vocabulary_count];
        size_t len = strlen(t->text), from = 0;
        const char *sign = between[next_random(random) % (sizeof between / sizeof between[0])];

        if (next_random(random) % 3 == 0)
            from = next_random(random) % len;
        if (next_random(random) % 3 == 0)
            len = from + next_random(random) % (len - from + 1);
        for (size_t i = from; i < len; i++) {
            char c = t->text[i];

            if (next_random(random) % 64 == 0)
                c = (char)next_random(random);
            if (c == ' ' && next_random(random) % 4 == 0)
                c = '\n';
            if (next_random(random) % 16 == 0 && is_plain(c))
                c = (char)(c - 0x20);
            text[n++] = c;
        }
        if (next_random(random) % 4 == 0)
            sign = " ";
        memcpy(text + n, sign, strlen(sign));
        n += strlen(sign);
    }
    return n;
}

static void assert_same(const struct found_list *a, const struct found_list *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->all[i].at, b->all[i].at);
        assert_int_equal(a->all[i].len, b->all[i].len);
        assert_memory_equal(&a->all[i].entry, &b->all[i].entry, sizeof a->all[i].entry);
    }
}

static void test_filters_lose_nothing(void **state)
{
    const struct lexicon *l = *state;
    static struct found_list want, got;
    word_starts_fn *const kinds[] = {word_starts_portable, word_starts_sse2(), word_starts_avx2()};
    uint32_t random = 1;
    size_t found = 0;

    for (unsigned round = 0; round < 600; round++) {
        size_t max = 200 + next_random(&random) % 12000;
        char *bytes = malloc(max), *text;
        size_t len;

        assert_non_null(bytes);
        len = random_text(&random, bytes, max);
        /* exactly as many bytes as there are, so that reading past them is seen */
        text = malloc(len ? len : 1);
        assert_non_null(text);
        memcpy(text, bytes, len);
        free(bytes);
        reference(l, (struct span){text, len}, &want);
        found += want.n;
        for (unsigned k = 0; k < 3; k++) {
            if (!kinds[k])
                continue;
            got.n = 0;
            lexicon_scan_with(l, kinds[k], (struct span){text, len}, 0, len, on_found, &got);
            assert_same(&want, &got);
        }
        /* in pieces, as windows come */
        got.n = 0;
        for (size_t at = 0; at < len;) {
            size_t to = at + 1 + next_random(&random) % (round % 2 ? 20 : 3000);

            if (to > len)
                to = len;
            lexicon_scan(l, (struct span){text, len}, at, to, on_found, &got);
            at = to;
        }
        assert_same(&want, &got);
        free(text);
    }
    assert_true(found > 10000);
}

/* An entry is no longer than it may be, and what stands further on decides nothing. */
static void test_longest(void **state)
{
    const struct lexicon *l = *state;
    static struct found_list one, two;
    uint32_t random = 77;

    for (unsigned round = 0; round < 300; round++) {
        char text[3000];
        size_t len = random_text(&random, text, sizeof text), n = 0;

        one.n = two.n = 0;
        lexicon_scan(l, (struct span){text, len}, 0, len, on_found, &one);
        for (size_t i = 0; i < one.n; i++)
            assert_true(one.all[i].len > 0 && one.all[i].len <= LEXICON_LONGEST);
        /* each found again in a text that ends LEXICON_LONGEST bytes behind its start */
        for (size_t i = 0; i < one.n; i++) {
            size_t end = one.all[i].at + LEXICON_LONGEST;

            if (end > len)
                continue;
            two.n = 0;
            lexicon_scan(l, (struct span){text, end}, one.all[i].at, one.all[i].at + 1, on_found,
                         &two);
            assert_int_equal(two.n, 1);
            assert_int_equal(two.all[0].len, one.all[i].len);
            n++;
        }
        assert_true(n > 0 || len < 400);
    }
}

/* Rows that could make the search run in circles or deep. */
static void test_hostile_rows(void **state)
{
    static const char *const rows[] = {"-\na",     "\xC2\xAD", "a\xC2\xAD", "in-\n",          "de ",
                                       "zonder\n", "\xCC\x81", "\xC3",      "\xE2\x80\x90\n", "s",
                                       "A",        "dossier "};
    static struct found_list list;
    char *text = malloc(200000);

    assert_non_null(text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i]), n = 0;

        while (n + len <= 200000) {
            memcpy(text + n, rows[i], len);
            n += len;
        }
        list.n = 0;
        lexicon_scan(*state, (struct span){text, n}, 0, n, on_found, &list);
        assert_int_equal(list.n, 0);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_every_term),
        cmocka_unit_test(test_spelling),
        cmocka_unit_test(test_not_inside_words),
        cmocka_unit_test(test_abbreviations_in_capitals_only),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_filters_lose_nothing),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_hostile_rows),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
