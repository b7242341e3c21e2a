/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/base/base64.h"
#include "scanner/base/cleanup.h"
#include "scanner/base/json.h"

/* Calls `one` for each line "left TAB right" of a data file; returns how many there were. */
static unsigned each_case(const char *name, void (*one)(const char *left, const char *right))
{
    AUTO_FREE char *line = NULL;
    AUTO_FCLOSE FILE *f = fopen(name, "r");
    size_t room = 0;
    unsigned n = 0;

    assert_non_null(f);
    while (getline(&line, &room, f) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        char *tab = strchr(line, '\t');

        assert_non_null(tab);
        *tab = '\0';
        one(line, tab + 1);
        n++;
    }
    return n;
}

static void write_one(const char *hex, const char *expected)
{
    AUTO_BUF struct buf bytes;
    AUTO_BUF struct buf out;
    AUTO_BUF struct buf repaired;
    AUTO_BUF struct buf back;
    struct json j;

    buf_init(&bytes, 1000);
    buf_init(&out, 1000);
    buf_init(&repaired, 1000);
    buf_init(&back, 1000);
    buf_add(&bytes, "", 0);
    while (hex[0] != '\0' && hex[0] != '-') {
        char *rest;

        buf_add_u8(&bytes, (uint8_t)strtoul(hex, &rest, 16));
        hex = rest + strspn(rest, " ");
    }
    j = json_to(&out);
    json_string(&j, buf_span(&bytes));
    assert_string_equal(out.at, expected);

    /* Read back it is the repaired text, which is valid and stays as it is. */
    AUTO_BUF struct buf list;

    buf_init(&list, 1000);
    buf_printf(&list, "[%s]", out.at);
    struct reader r = reader_of(buf_span(&list));

    assert_true(json_list_next(&r, &back));
    assert_true(utf8_repair(buf_span(&bytes), &repaired));
    assert_true(span_equal(buf_span(&back), buf_span(&repaired)));
    assert_true(utf8_is_valid(buf_span(&repaired)));
    assert_int_equal(utf8_is_valid(buf_span(&bytes)),
                     span_equal(buf_span(&bytes), buf_span(&repaired)));
}

static void strings_are_escaped_and_repaired(void **state)
{
    (void)state;
    assert_true(each_case(TESTDATA "/json/strings.tsv", write_one) > 15);
}

static void read_one(const char *json, const char *expected)
{
    struct reader r = reader_of(span_of(json));
    AUTO_BUF struct buf name;
    AUTO_BUF struct buf got;
    bool first = true;

    buf_init(&name, 1000);
    buf_init(&got, 1000);
    buf_add(&got, "", 0);
    while (json_list_next(&r, &name)) {
        buf_add_text(&got, first ? "" : "|");
        for (size_t i = 0; i < name.len; i++)
            buf_add_text(&got, name.at[i] == '\n' ? "\\n" : (char[]){name.at[i], '\0'});
        first = false;
    }
    if (r.bad)
        buf_add_text(&got, first ? "BAD" : "|BAD");
    assert_string_equal(got.at, expected);
}

static void lists_are_read(void **state)
{
    (void)state;
    assert_true(each_case(TESTDATA "/json/lists.tsv", read_one) > 15);
}

static void values_nest(void **state)
{
    AUTO_BUF struct buf out;

    (void)state;
    buf_init(&out, 1000);
    struct json j = json_to(&out);

    json_object(&j);
    json_key(&j, "a");
    json_array(&j);
    json_end_array(&j);
    json_key(&j, "b");
    json_array(&j);
    json_unsigned(&j, UINT64_MAX);
    json_signed(&j, INT64_MIN);
    json_unsigned(&j, 0);
    json_number(&j, 0.5);
    json_number(&j, 1.0 / 0.0);
    json_object(&j);
    json_end_object(&j);
    json_end_array(&j);
    json_key(&j, "c");
    json_bool(&j, true);
    json_key(&j, "d");
    json_text(&j, NULL);
    json_end_object(&j);
    assert_string_equal(out.at,
                        "{\"a\": [], \"b\": [18446744073709551615, -9223372036854775808, 0, "
                        "0.5, null, {}], \"c\": true, \"d\": null}");
}

static void too_deep_fails(void **state)
{
    AUTO_BUF struct buf out;

    (void)state;
    buf_init(&out, 1000);
    struct json j = json_to(&out);

    for (unsigned i = 0; i < JSON_DEPTH_MAX - 1; i++)
        json_array(&j);
    assert_false(out.failed);
    json_array(&j);
    assert_true(out.failed);
}

/* RFC 4648, section 10. */
static void base64_samples(void **state)
{
    static const char *const samples[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"},
                                             {"\xff\xfe\xfd", "//79"}};

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        AUTO_BUF struct buf out;

        buf_init(&out, 100);
        buf_add(&out, "", 0);
        assert_true(base64_add(&out, span_of(samples[i][0])));
        assert_string_equal(out.at, samples[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped_and_repaired),
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(values_nest),
        cmocka_unit_test(too_deep_fails),
        cmocka_unit_test(base64_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
