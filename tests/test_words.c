/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: report */
/* The catalogue of the report: complete in every language, nothing unused, same placeholders. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/words.h"

enum { SOURCE_MAX = 1 << 20 };

static void every_text_is_there(void **state)
{
    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        for (int l = 0; l < LANGUAGES; l++) {
            const char *text = word_text((enum language)l, (enum word)w);

            if (!text || !text[0])
                fail_msg("%s has no text in %s", word_id((enum word)w),
                         language_code((enum language)l));
        }
    }
}

/* A sentence of several words that is the same in two languages was not translated. */
static void nothing_is_untranslated(void **state)
{
    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        const char *english = word_text(LANGUAGE_EN, (enum word)w);
        unsigned blanks = 0;

        for (const char *c = english; *c; c++)
            blanks += *c == ' ';
        for (int l = 0; l < LANGUAGE_EN && blanks > 2; l++) {
            if (strcmp(english, word_text((enum language)l, (enum word)w)) == 0)
                fail_msg("%s is not translated to %s", word_id((enum word)w),
                         language_code((enum language)l));
        }
    }
}

static unsigned placeholders(const char *text)
{
    unsigned seen = 0;

    for (; *text; text++) {
        if (text[0] != '{')
            continue;
        if (text[1] < '1' || text[1] > '9' || text[2] != '}')
            return UINT32_MAX;
        seen |= 1u << (text[1] - '0');
    }
    return seen;
}

static void placeholders_agree(void **state)
{
    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        unsigned english = placeholders(word_text(LANGUAGE_EN, (enum word)w));

        for (int l = 0; l < LANGUAGES; l++) {
            if (placeholders(word_text((enum language)l, (enum word)w)) != english ||
                english == UINT32_MAX)
                fail_msg("placeholders of %s in %s", word_id((enum word)w),
                         language_code((enum language)l));
        }
    }
}

/* Words that the report must not use of what it found: they claim more than a scan can know. */
static void nothing_is_claimed(void **state)
{
    static const char *const never[] = {
        "stolen",    "leaked",  "volé",     "fuité",     "gestolen",        "gelekt",
        "gestohlen", "geleakt", "conforme", "compliant", "no personal data"};

    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        for (int l = 0; l < LANGUAGES; l++) {
            for (size_t n = 0; n < sizeof never / sizeof never[0]; n++) {
                if (strstr(word_text((enum language)l, (enum word)w), never[n]))
                    fail_msg("%s says \"%s\"", word_id((enum word)w), never[n]);
            }
        }
    }
}

static void note_uses(const char *source, unsigned char *used)
{
    for (const char *at = source; (at = strstr(at, "W_")) != NULL;) {
        const char *end = at += 2;

        while ((*end >= 'a' && *end <= 'z') || (*end >= '0' && *end <= '9') || *end == '_')
            end++;
        for (int w = 0; w < W_COUNT; w++) {
            const char *id = word_id((enum word)w);

            if (strlen(id) == (size_t)(end - at) && memcmp(id, at, (size_t)(end - at)) == 0)
                used[w] = 1;
        }
        at = end;
    }
}

/* The outcomes are put together by a macro: OUTCOME_WORD(OVER_LIMIT, over_limit). */
static void note_outcomes(const char *source, unsigned char *used)
{
    for (int w = 0; w < W_COUNT; w++) {
        const char *id = word_id((enum word)w);
        char call[64];

        if (strncmp(id, "outcome_", 8) != 0)
            continue;
        snprintf(call, sizeof call, ", %s)", id + 8);
        if (strstr(source, call))
            used[w] = 1;
    }
}

static void every_text_is_used(void **state)
{
    unsigned char used[W_COUNT] = {0};
    DIR *folder = opendir("report");
    char *source = malloc(SOURCE_MAX + 1);
    unsigned files = 0;

    (void)state;
    assert_non_null(folder);
    assert_non_null(source);
    for (struct dirent *d; (d = readdir(folder)) != NULL;) {
        size_t len = strlen(d->d_name);
        char path[300];

        /* words.list only defines them; sections.list names the headings. */
        if ((len < 2 || strcmp(d->d_name + len - 2, ".c") != 0) &&
            strcmp(d->d_name, "sections.list") != 0)
            continue;
        snprintf(path, sizeof path, "report/%s", d->d_name);
        FILE *in = fopen(path, "r");

        assert_non_null(in);
        len = fread(source, 1, SOURCE_MAX, in);
        source[len] = '\0';
        fclose(in);
        files++;
        note_uses(source, used);
        note_outcomes(source, used);
    }
    closedir(folder);
    free(source);
    assert_true(files > 5);
    for (int w = 0; w < W_COUNT; w++) {
        if (!used[w])
            fail_msg("nothing uses %s", word_id((enum word)w));
    }
}

static void languages_have_codes(void **state)
{
    (void)state;
    for (int l = 0; l < LANGUAGES; l++)
        assert_int_equal(language_from_code(language_code((enum language)l)), l);
    assert_int_equal(language_from_code("es"), -1);
    assert_int_equal(language_from_code(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_there), cmocka_unit_test(nothing_is_untranslated),
        cmocka_unit_test(placeholders_agree),  cmocka_unit_test(nothing_is_claimed),
        cmocka_unit_test(every_text_is_used),  cmocka_unit_test(languages_have_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
