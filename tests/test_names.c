/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_side */
/* Identifiers in names are found however they are written, masked, and nothing else is changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "scanner/helper/names.h"

static struct case_keys keys;
static const unsigned char key[CASE_KEY_BYTES] = "a key for tests, of 32 bytes: 12";

/* "[be-nrn:xxxxxxxx]" of the number that test persons of these tests have. */
static void mask_of(const char *kind, const char *value, char ret[64])
{
    unsigned char token[16];
    char hex[33];

    token_of(&keys, kind, span_of(value), token);
    token_hex(token, hex);
    snprintf(ret, 64, "[%s:%.8s]", kind, hex);
}

/* `line`: name TAB expected, where {N} stands for the mask of 85073003328, {E} for that of
 * jean_1_2@example.be and {P} for that of the name DUPONT JEAN; expected alone "=" when nothing is
 * masked. */
static void check_line(struct names *n, const char *name, const char *expected)
{
    char nrn[64], email[64], person[64];
    struct buf masked, want, block;
    uint64_t findings = 0;
    bool hit = false;

    mask_of("be-nrn", "85073003328", nrn);
    mask_of("email", "jean_1_2@example.be", email);
    mask_of("person-name", "DUPONT JEAN", person);
    buf_init(&masked, 1 << 16);
    buf_init(&want, 1 << 16);
    buf_init(&block, 1 << 16);
    assert_true(name_mask(n, span_of(name), &masked, &block, &findings, &hit));
    for (const char *c = strcmp(expected, "=") == 0 ? name : expected; *c; c++) {
        if (strncmp(c, "{N}", 3) == 0 || strncmp(c, "{E}", 3) == 0 || strncmp(c, "{P}", 3) == 0) {
            buf_add_text(&want, c[1] == 'N' ? nrn : c[1] == 'E' ? email : person);
            c += 2;
        } else {
            buf_add_byte(&want, *c);
        }
    }
    assert_string_equal(masked.at, want.at);
    assert_int_equal(hit, strcmp(expected, "=") != 0);
    assert_int_equal(findings > 0, hit);
    buf_release(&masked);
    buf_release(&want);
    buf_release(&block);
}

static void test_cases(void **state)
{
    struct names *n = names_new(20260101, &keys);
    char line[512];
    unsigned lines = 0;
    FILE *f = fopen(TESTDATA "/names.tsv", "re");

    (void)state;
    assert_non_null(n);
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        char *tab = strchr(line, '\t');

        assert_non_null(tab);
        *tab = '\0';
        check_line(n, line, tab + 1);
        lines++;
    }
    assert_true(lines > 10);
    fclose(f);
    names_free(n);
}

/* A folder's number is masked in every path below it, but is a finding of the folder alone. */
static void test_paths(void **state)
{
    static const char *const paths[] = {"a/85073003328/b.txt", "a/85073003328/c.txt", "a/d.txt",
                                        "a/85073003328/85.07.30-033.28.txt"};
    struct names *n = names_new(20260101, &keys);
    char nrn[64], want[256];

    (void)state;
    mask_of("be-nrn", "85073003328", nrn);
    for (unsigned i = 0; i < 4; i++) {
        struct span path = span_of(paths[i]);
        size_t name_at = (size_t)(strrchr(paths[i], '/') - paths[i]) + 1;
        struct buf masked, block;
        uint64_t findings = 0;
        bool hit = false;

        buf_init(&masked, 4096);
        buf_init(&block, 4096);
        assert_true(path_mask(n, path, name_at, &masked, &block, &findings, &hit));
        switch (i) {
        case 0:
        case 1:
            snprintf(want, sizeof want, "a/%s/%s", nrn, paths[i] + name_at);
            break;
        case 2:
            snprintf(want, sizeof want, "a/d.txt");
            break;
        default:
            snprintf(want, sizeof want, "a/%s/%s.txt", nrn, nrn);
        }
        assert_string_equal(masked.at, want);
        assert_int_equal(hit, i != 2);
        assert_int_equal(findings, i == 3);
        buf_release(&masked);
        buf_release(&block);
    }
    names_free(n);
}

/* A term of the vocabulary is a finding and stays readable: it names nobody. */
static void test_terms(void **state)
{
    struct names *n = names_new(20260101, &keys);
    struct buf masked, block;
    struct packed_finding f;
    uint64_t findings = 0;
    bool hit = false;

    (void)state;
    buf_init(&masked, 4096);
    buf_init(&block, 4096);
    assert_true(name_mask(n, SPAN("certificat médical.pdf"), &masked, &block, &findings, &hit));
    assert_string_equal(masked.at, "certificat médical.pdf");
    assert_false(hit);
    assert_int_equal(findings, 1);
    struct reader r = reader_of(buf_span(&block));

    assert_true(finding_block_next(&r, detectors_count, &f));
    assert_string_equal(detectors[f.kind]->kind, "category:health");
    assert_int_equal(f.place.kind, PLACE_NAME);
    buf_release(&masked);
    buf_release(&block);
    names_free(n);
}

/* More hits than are kept: the whole name is hidden rather than part of it shown. */
static void test_too_many(void **state)
{
    struct names *n = names_new(20260101, &keys);
    struct buf name, masked;
    uint64_t findings = 0;
    bool hit = false;

    (void)state;
    buf_init(&name, 1 << 20);
    buf_init(&masked, 1 << 20);
    for (unsigned i = 0; i < 1000; i++)
        buf_add_text(&name, "85.07.30-033.28, ");
    assert_true(name_mask(n, buf_span(&name), &masked, NULL, &findings, &hit));
    assert_true(hit);
    assert_string_equal(masked.at, "[name of 17000 bytes]");
    buf_release(&name);
    buf_release(&masked);
    names_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_too_many),
    };

    if (!keys_start())
        return 1;
    keys_derive(&keys, key);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
