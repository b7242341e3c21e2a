/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
/* Columns by position: the samples of testdata/formats/fixed_width, and what is none. */
#include "tests/extract_samples.h"

static void samples_are_read_as_expected(void **state)
{
    (void)state;
    samples_of(TESTDATA "/formats/fixed_width", 4);
}

/* Prose, forms, logs and code stay text. */
static void other_text_stays_text(void **state)
{
    static const char *const folders[] = {TESTDATA "/formats/text", TESTDATA "/formats/csv",
                                          TESTDATA "/formats/json", TESTDATA "/formats/sql"};

    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        DIR *dir = opendir(folders[i]);

        assert_non_null(dir);
        for (struct dirent *e; (e = readdir(dir));) {
            char path[1024];
            AUTO_BUF struct buf bytes;

            if (e->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", folders[i], e->d_name);
            samples_read(path, &bytes);
            if (samples_reader(buf_span(&bytes), e->d_name) == &extract_fixed_width)
                fail_msg("%s is taken for columns", path);
        }
        closedir(dir);
    }
}

/* Whatever the lines are, every byte that is not blank or part of a rule comes out. */
static void nothing_is_lost(void **state)
{
    static const char *const files[] = {"listing.txt", "breaches.txt", "one-blank.txt",
                                        "wide-heading.txt"};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        AUTO_BUF struct buf bytes;
        struct recording r;
        const char *at;

        snprintf(path, sizeof path, TESTDATA "/formats/fixed_width/%s", files[i]);
        samples_read(path, &bytes);
        recording_init(&r);
        recording_run(&r, "x", buf_span(&bytes));
        at = r.text.at;
        for (size_t k = 0; k < bytes.len; k++) {
            const char *end = r.text.at + r.text.len;

            if ((unsigned char)bytes.at[k] <= ' ' || bytes.at[k] == '-')
                continue;
            at = memchr(at, bytes.at[k], (size_t)(end - at));
            if (!at)
                fail_msg("%s: byte %zu is lost", files[i], k);
            at++;
        }
        recording_release(&r);
    }
}

static void shapes_made_to_hurt(void **state)
{
    static const struct {
        const char *piece, *end;
        size_t times;
    } shapes[] = {
        {"aa  bb  11\n", "found", 200000},
        {"aa  bb  11\n\n\n\n", "aaaaaaaaaaaaaaaaaaa found", 50000},
        {"1  2  3  4  5  6  7  8  9  0  1  2  3  4  5  6  7  8  9  0\n", "found", 30000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        AUTO_BUF struct buf bytes;
        struct recording r;

        buf_init(&bytes, 64 << 20);
        for (size_t k = 0; k < shapes[i].times; k++)
            buf_add_text(&bytes, shapes[i].piece);
        for (size_t k = 0; k < 20000; k++)
            buf_add_text(&bytes, "xxxxxxxxxx"); /* a line of any length */
        assert_true(buf_add_text(&bytes, shapes[i].end));
        assert_ptr_equal(samples_reader(buf_span(&bytes), "x"), &extract_fixed_width);
        recording_init(&r);
        recording_run(&r, "x", buf_span(&bytes));
        assert_string_equal(r.ledger.at, ": read\n");
        assert_true(recording_has(&r.text, "found"));
        recording_release(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_read_as_expected),
        cmocka_unit_test(other_text_stays_text),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(shapes_made_to_hurt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
