/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
/* What is saved of identity cards: the samples of testdata/formats/eid_file. */
#include "tests/extract_samples.h"

static void samples_are_read_as_expected(void **state)
{
    (void)state;
    samples_of(TESTDATA "/formats/eid_file", 8);
}

/* A card in any of its forms is one record with the same lines. */
static void every_form_names_the_holder(void **state)
{
    static const char *const files[] = {"identity.bin", "v3.eid", "quickkeys.xml",
                                        "v3.csv",       "v4.eid", "v3.xml"};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        AUTO_BUF struct buf bytes;
        struct recording r;

        snprintf(path, sizeof path, TESTDATA "/formats/eid_file/%s", files[i]);
        samples_read(path, &bytes);
        assert_ptr_equal(samples_reader(buf_span(&bytes), "x"), &extract_eid_file);
        recording_init(&r);
        recording_run(&r, "x", buf_span(&bytes));
        assert_true(recording_has(&r.text, "\nNational number: 85073097754\n"));
        assert_true(recording_has(&r.text, "\nIdentity card number: 590330101085\n"));
        assert_true(recording_has(&r.text, "\nSurname: L"));
        assert_true(recording_has(&r.text, "\nFirst names: Anne"));
        if (strcmp(files[i], "identity.bin") != 0)
            assert_true(recording_has(&r.text, "\nAddress: Rue Haute 12, 1000 Bruxelles\n"));
        if (strcmp(files[i], "v3.csv") != 0)
            assert_true(recording_has(&r.text, "handicap"));
        recording_release(&r);
    }
}

static void cut_and_changed(void **state)
{
    static const char *const files[] = {"v3.eid", "identity.bin", "address.bin", "v3.csv"};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        AUTO_BUF struct buf bytes;

        snprintf(path, sizeof path, TESTDATA "/formats/eid_file/%s", files[i]);
        samples_read(path, &bytes);
        for (size_t n = 0; n < bytes.len; n++) {
            AUTO_FREE char *copy = malloc(n + 1);
            struct recording r;

            assert_non_null(copy);
            memcpy(copy, bytes.at, n);
            recording_init(&r);
            recording_run(&r, "x", (struct span){copy, n});
            recording_release(&r);
        }
    }
}

static void other_bytes_are_no_card(void **state)
{
    static const struct span others[] = {
        {"\0\1\2\1\3abc\2\3abc", 13},
        {"\1\5Rue 1\2\4abcd\3\4Gent", 19},
        {"<eidos><a/></eidos>", 19},
        {"eid;a;b\n1;2;3\n4;5;6\n7;8;9\n1;2;3\n4;5;6\n7;8;9\n", 44},
        {"a text about <eid > and more of it", 34},
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_ptr_not_equal(samples_reader(others[i], "x.eid"), &extract_eid_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_read_as_expected),
        cmocka_unit_test(every_form_names_the_holder),
        cmocka_unit_test(cut_and_changed),
        cmocka_unit_test(other_bytes_are_no_card),
    };

    if (!extractors_prepare())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
