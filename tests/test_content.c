/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_side */
/* Copies are known by what was searched in them, however it came in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/helper/content.h"

enum { LENGTH = 200 };

static void fill(char text[LENGTH])
{
    for (unsigned i = 0; i < LENGTH; i++)
        text[i] = (char)('a' + i * 7 % 26);
}

static uint64_t whole(const char *text, size_t len, uint64_t seed)
{
    struct content c;

    content_begin(&c, seed);
    content_add(&c, (struct span){text, len});
    return content_end(&c);
}

static void pieces_change_nothing(void **state)
{
    char text[LENGTH];

    (void)state;
    fill(text);
    for (size_t first = 0; first <= LENGTH; first++) {
        for (size_t step = 1; step < 70; step += 3) {
            struct content c;

            content_begin(&c, 5);
            content_add(&c, (struct span){text, first});
            for (size_t at = first; at < LENGTH; at += step)
                content_add(&c, (struct span){text + at, at + step < LENGTH ? step : LENGTH - at});
            if (content_end(&c) != whole(text, LENGTH, 5))
                fail_msg("cut at %zu, then every %zu bytes", first, step);
        }
    }
}

static void every_byte_counts(void **state)
{
    char text[LENGTH];
    uint64_t right;

    (void)state;
    fill(text);
    right = whole(text, LENGTH, 5);
    for (size_t i = 0; i < LENGTH; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            text[i] = (char)(text[i] ^ 1 << bit);
            assert_true(whole(text, LENGTH, 5) != right);
            text[i] = (char)(text[i] ^ 1 << bit);
        }
        assert_true(whole(text, i, 5) != right);
    }
    assert_true(whole(text, LENGTH, 6) != right);
    memset(text, 0, sizeof text);
    for (size_t i = 1; i < LENGTH; i++)
        assert_true(whole(text, i, 5) != whole(text, i - 1, 5));
}

static void marks_count(void **state)
{
    static const struct {
        uint64_t kind, a, b;
        size_t at;
    } marks[] = {{4, 1, 1, 40}, {4, 1, 2, 40}, {4, 2, 1, 40}, {5, 1, 1, 40}, {4, 1, 1, 41}};
    uint64_t seen[5];
    char text[LENGTH];

    (void)state;
    fill(text);
    for (size_t i = 0; i < 5; i++) {
        struct content c;

        content_begin(&c, 5);
        content_add(&c, (struct span){text, marks[i].at});
        content_mark(&c, marks[i].kind, marks[i].a, marks[i].b);
        content_add(&c, (struct span){text + marks[i].at, LENGTH - marks[i].at});
        seen[i] = content_end(&c);
        assert_true(seen[i] != whole(text, LENGTH, 5));
        for (size_t k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    }
}

static void no_text_is_no_content(void **state)
{
    struct content c;

    (void)state;
    assert_int_equal(whole(NULL, 0, 5), 0);
    content_begin(&c, 5);
    content_mark(&c, 1, 2, 3);
    assert_int_equal(content_end(&c), 0);
    content_add(&c, SPAN("x"));
    assert_true(content_end(&c) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_change_nothing),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(marks_count),
        cmocka_unit_test(no_text_is_no_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
