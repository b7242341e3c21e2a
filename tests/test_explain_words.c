/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: base detectors */
/* The sentences of `constat explain`: complete in every language, nothing unused, the same
 * placeholders in all, and something to say of every kind there is. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detectors/detector.h"
#include "scanner/base/buf.h"

/* The catalogue is a part of the program, not of a library. */
#include "scanner/explain_words.c"

enum { SOURCE_MAX = 1 << 20 };

static const char *const ids[X_COUNT] = {
#define WORD(id, fr, nl, de, en) [X_##id] = #id,
#include "scanner/explain_words.list"
#undef WORD
};

static unsigned placeholders(const char *text)
{
    unsigned seen = 0;

    for (; *text; text++) {
        if (text[0] != '{')
            continue;
        if (text[1] < '1' || text[1] > '4' || text[2] != '}')
            return UINT32_MAX;
        seen |= 1u << (text[1] - '0');
    }
    return seen;
}

static void every_text_is_there(void **state)
{
    (void)state;
    for (int w = 0; w < X_COUNT; w++) {
        unsigned english = placeholders(explain_text(EXPLAIN_EN, (enum explain_word)w));

        assert_true(english != UINT32_MAX);
        for (int l = 0; l < EXPLAIN_LANGUAGES; l++) {
            const char *text = explain_text((enum explain_language)l, (enum explain_word)w);

            if (!text[0] || placeholders(text) != english)
                fail_msg("%s, language %d", ids[w], l);
        }
    }
}

/* A sentence of several words that is the same in two languages was not translated. */
static void nothing_is_untranslated(void **state)
{
    (void)state;
    for (int w = 0; w < X_COUNT; w++) {
        const char *english = explain_text(EXPLAIN_EN, (enum explain_word)w);
        unsigned blanks = 0;

        for (const char *c = english; *c; c++)
            blanks += *c == ' ';
        for (int l = 0; l < EXPLAIN_EN && blanks > 2; l++) {
            if (strcmp(english, explain_text((enum explain_language)l, (enum explain_word)w)) == 0)
                fail_msg("%s, language %d", ids[w], l);
        }
    }
}

static char *sources(void)
{
    char *all = calloc(SOURCE_MAX, 1);
    size_t len = 0;
    DIR *dir = opendir("scanner");

    assert_non_null(all);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[512];
        size_t n = strlen(e->d_name);

        if (strncmp(e->d_name, "explain", 7) != 0 || n < 3 || strcmp(e->d_name + n - 2, ".c") != 0)
            continue;
        snprintf(path, sizeof path, "scanner/%s", e->d_name);
        FILE *f = fopen(path, "r");

        assert_non_null(f);
        len += fread(all + len, 1, SOURCE_MAX - 1 - len, f);
        assert_true(len < SOURCE_MAX - 1);
        fclose(f);
    }
    closedir(dir);
    return all;
}

static void nothing_is_unused(void **state)
{
    char *all = sources();

    (void)state;
    for (int w = 0; w < X_COUNT; w++) {
        char name[128];
        bool used = false;
        int len = snprintf(name, sizeof name, "X_%s", ids[w]);

        for (const char *at = all; !used && (at = strstr(at, name)); at++)
            used = at[len] != '_' && !(at[len] >= 'a' && at[len] <= 'z');
        if (!used)
            fail_msg("%s is never said", ids[w]);
    }
    free(all);
}

/* A kind without a line is shown by its name alone; those of the catalogue are whole, and every
 * category has a name in words. */
static void kinds_have_words(void **state)
{
    static const char prefix[] = "category:";

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (int l = 0; l < EXPLAIN_LANGUAGES; l++)
            assert_true(kinds[i].name[l][0] && kinds[i].rule[l][0] && kinds[i].source[0]);
        assert_ptr_equal(explain_kind(kinds[i].kind), &kinds[i]);
    }
    assert_null(explain_kind("library-card"));
    for (unsigned i = 0; i < detectors_count; i++) {
        const char *kind = detectors[i]->kind;

        if (strncmp(kind, prefix, sizeof prefix - 1) != 0)
            continue;
        const char *key = kind + sizeof prefix - 1;

        assert_ptr_equal(explain_kind(kind), &category_kind);
        if (explain_category(EXPLAIN_FR, key) == key)
            fail_msg("%s has no name in words", kind);
    }
}

static void places_are_filled_in(void **state)
{
    AUTO_BUF struct buf b;

    (void)state;
    buf_init(&b, 1000);
    assert_true(explain_say(&b, EXPLAIN_EN, X_word_line, "niss", "12", NULL));
    assert_string_equal(b.at, "The word “niss” stands on the same line, about 12 characters away.");
}

static void languages_are_known(void **state)
{
    (void)state;
    assert_int_equal(explain_language_from_code("de"), EXPLAIN_DE);
    assert_int_equal(explain_language_from_code("fr_BE.UTF-8"), EXPLAIN_FR);
    assert_int_equal(explain_language_from_code("es"), -1);
    assert_int_equal(explain_language_from_code("freedom"), -1);
    setenv("LC_ALL", "", 1);
    unsetenv("LC_MESSAGES");
    setenv("LANG", "nl_BE.UTF-8", 1);
    assert_int_equal(explain_language_of_locale(), EXPLAIN_NL);
    setenv("LC_ALL", "C", 1);
    assert_int_equal(explain_language_of_locale(), EXPLAIN_EN);
}

static void reasons_have_words(void **state)
{
    (void)state;
    assert_int_equal(explain_ledger_reason(SPAN("password")), X_ledger_password);
    assert_int_equal(explain_ledger_reason(SPAN("signal-11-raw-searched")), X_ledger_died);
    assert_int_equal(explain_ledger_reason(SPAN("exit-77")), X_ledger_died);
    assert_int_equal(explain_ledger_reason(SPAN("raw-searched")), X_ledger_raw);
    assert_int_equal(explain_ledger_reason(SPAN("no such reason")), X_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_there),  cmocka_unit_test(nothing_is_untranslated),
        cmocka_unit_test(nothing_is_unused),    cmocka_unit_test(kinds_have_words),
        cmocka_unit_test(places_are_filled_in), cmocka_unit_test(languages_are_known),
        cmocka_unit_test(reasons_have_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
