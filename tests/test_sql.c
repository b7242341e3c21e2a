/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
/* Dumps: the samples of testdata/formats/sql, what is no dump, and shapes made to hurt. */
#include "tests/extract_samples.h"

static void samples_are_read_as_expected(void **state)
{
    (void)state;
    samples_of(TESTDATA "/formats/sql", 7);
}

static void other_text_is_no_dump(void **state)
{
    static const char *const texts[] = {
        "Insert the card; remove it.\nINSERT INTO t VALUES (1);\n",
        "Use this statement:\nINSERT INTO t VALUES (1,'x');\nThanks\n",
        "# a script\nset -e\npsql <<END\nINSERT INTO t VALUES (1);\nEND\n",
        "/* code */\nint main(void) { run(\"INSERT INTO t VALUES (1)\"); }\n",
        "-- a module\nimport Data.List\n",
        "SELECT * FROM t;\nUPDATE t SET a = 1;\n",
        "id;name\n1;insert into\n2;x\n3;y\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct span s = span_of(texts[i]);

        if (samples_reader(s, "x.sql") == &extract_sql)
            fail_msg("%s", texts[i]);
    }
}

/* Each is read to its end, in a time that grows with its size alone. */
static void shapes_made_to_hurt(void **state)
{
    static const struct {
        const char *start, *piece, *end;
        size_t times;
    } shapes[] = {
        {"INSERT INTO t VALUES (1);\n", "INSERT x\n", "found", 200000},
        {"INSERT INTO t VALUES (1);\n", "INSERT INTO t (", "found", 200000},
        {"INSERT INTO t VALUES (1);\n", "COPY ", "found", 200000},
        {"INSERT INTO t VALUES (1);\n", "CREATE TABLE t (", "found", 200000},
        {"INSERT INTO t VALUES (1", "(", "found", 1000000},
        {"INSERT INTO t VALUES ", "(1),", "('found", 500000},
        {"INSERT INTO t VALUES (1,'", "\\'\n", "found", 500000},
        {"INSERT INTO t VALUES (0x", "00", "found", 500000},
        {"INSERT INTO t VALUES (1), /*", "* ", "found", 500000},
        {"COPY t (a) FROM stdin;\n", "\t\\", "\tfound", 500000},
        {"INSERT INTO a VALUES (1);\n", "INSERT INTO b VALUES (2);\nINSERT INTO a VALUES (1);\n",
         "found", 20000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        AUTO_BUF struct buf bytes;
        struct recording r;

        buf_init(&bytes, 64 << 20);
        buf_add_text(&bytes, shapes[i].start);
        for (size_t k = 0; k < shapes[i].times; k++)
            buf_add_text(&bytes, shapes[i].piece);
        assert_true(buf_add_text(&bytes, shapes[i].end));
        assert_ptr_equal(samples_reader(buf_span(&bytes), "x"), &extract_sql);
        recording_init(&r);
        recording_run(&r, "x", buf_span(&bytes));
        assert_string_equal(r.ledger.at, ": read\n");
        if (!recording_has(&r.text, "found"))
            fail_msg("the end of shape %zu is lost", i);
        recording_release(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_read_as_expected),
        cmocka_unit_test(other_text_is_no_dump),
        cmocka_unit_test(shapes_made_to_hurt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
