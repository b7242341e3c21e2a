/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/find_bytes.h"

/* Texts of four letters, so that words nearly stand there all the time; in memory of their own, so
 * that a sanitizer sees a byte too many. */
static void it_finds_what_memmem_finds(void **state)
{
    static const char *const words[] = {"<<", "--", "a-", "a--<", "--------", "<a<a<a<a<a<a<a<a<a"};
    unsigned found = 0;
    uint32_t x = 1;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        size_t len = round % 150;
        AUTO_FREE char *text = malloc(len + (len == 0));

        assert_non_null(text);
        for (size_t i = 0; i < len; i++) {
            x = x * 1664525 + 1013904223;
            text[i] = "<-a "[x >> 30];
        }
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            size_t n = strlen(words[i]);
            const char *want = memmem(text, len, words[i], n);

            assert_ptr_equal(find_bytes(text, len, words[i], n), want);
            found += want != NULL;
        }
    }
    assert_true(found > 20000);
}

/* A word that ends with the text, at every place of a block. */
static void it_finds_a_word_at_the_end(void **state)
{
    (void)state;
    for (size_t len = 4; len < 100; len++) {
        AUTO_FREE char *text = malloc(len);

        assert_non_null(text);
        memset(text, '<', len);
        memcpy(text + len - 4, "<308", 4);
        assert_ptr_equal(find_bytes(text, len, "<308", 4), text + len - 4);
        assert_null(find_bytes(text, len - 1, "<308", 4));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_memmem_finds),
        cmocka_unit_test(it_finds_a_word_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
