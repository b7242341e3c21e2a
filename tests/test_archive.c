/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/members.h"
#include "tests/recording_sink.h"

static void load(const char *name, struct buf *ret)
{
    char path[512];
    char block[4096];
    size_t n;

    snprintf(path, sizeof path, TESTDATA "/formats/archive/%s", name);
    AUTO_FCLOSE FILE *f = fopen(path, "rb");

    assert_non_null(f);
    buf_init(ret, 16 << 20);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        assert_true(buf_add(ret, block, n));
}

static const struct {
    const char *name, *ledger;
} cases[] = {
    {"plain.zip", "a.txt: read\nsub/b.txt: read\n: read\n"},
    {"ordinary.zip", "folder/stored.txt: read\nn\xc3\xa9"
                     "e.txt: read\ntimed.txt: read\n"
                     "empty.txt: read\nread-only.txt: read\nlarge.txt: read\n: read\n"},
    {"large.zip", "first.txt: read\nlines.txt: read\nlast.txt: read\n: read\n"},
    {"empty.zip", ": read\n"},
    {"nested.zip", "in.zip|in2.zip|a.txt: read\nin.zip|in2.zip|sub/b.txt: read\n"
                   "in.zip|in2.zip: read\nin.zip: read\n"
                   "t.tar|folder/text.txt: read\nt.tar|link: special link\n"
                   "t.tar|pipe: special device\nt.tar|inner.zip|deep.txt: read\n"
                   "t.tar|inner.zip: read\nt.tar: read\n: read\n"},
    {"plain.tar", "folder/text.txt: read\nlink: special link\npipe: special device\n"
                  "inner.zip|deep.txt: read\ninner.zip: read\n: read\n"},
    {"plain.tar.gz", "folder/text.txt: read\nlink: special link\npipe: special device\n"
                     "inner.zip|deep.txt: read\ninner.zip: read\n: read\n"},
    {"notes.txt.gz", "notes.txt: read\n: read\n"},
    {"nothing.txt.gz", ": read\n"},
    {"nothing.txt.bz2", ": read\n"},
    {"nothing.txt.xz", ": read\n"},
    {"notes.txt.bz2", "notes.txt: read\n: read\n"},
    {"notes.txt.xz", "notes.txt: read\n: read\n"},
    {"codepage.zip", "n\xc3\xa9m.txt: read\n: read\n"},
    /* What its central directory does not name is read all the same. */
    {"hidden.zip", "a.txt: read\nc.txt: read\nb.txt: read\n: read\n"},
    {"cut.zip", "a.txt: read\nb.txt: damaged damaged-data\n: damaged truncated\n"},
    {"cut-directory.zip", "a.txt: read\nsub/b.txt: read\n: damaged truncated\n"},
    {"checksum.zip", "a.txt: damaged damaged-data\nb.txt: read\n: partial damaged-members\n"},
    {"deflate64.zip", "a.txt: unsupported compression-method\nsub/b.txt: read\n"
                      ": partial unsupported-members\n"},
    {"locked-one.zip", "a.txt: encrypted password\nsub/b.txt: read\n: partial encrypted-members\n"},
    {"locked-all.zip",
     "a.txt: encrypted password\nsub/b.txt: encrypted password\n: encrypted password\n"},
    {"rar5.rar", "open.txt: read\nshut.txt: encrypted password\n: partial encrypted-members\n"},
    {"rar5-hidden.rar", ": encrypted password\n"},
    {"rar5.part1.rar", "open.txt: read\n: partial volume-missing\n"},
};

/* The ledger of each sample; outcomes of members that depend on other readers are not in it. */
static void test_ledgers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUF struct buf bytes;
        struct recording r;

        load(cases[i].name, &bytes);
        recording_init(&r);
        recording_run(&r, cases[i].name, buf_span(&bytes));
        if (strncmp(cases[i].name, "checksum", 8) != 0 && strcmp(cases[i].name, "cut.zip") != 0) {
            assert_string_equal(r.ledger.at, cases[i].ledger);
        } else { /* how a reader calls the damage of a member is its own affair */
            assert_true(recording_has(&r.ledger, strrchr(cases[i].ledger, ':')));
            assert_true(recording_has(&r.ledger, ".txt: damaged"));
        }
        recording_release(&r);
    }
}

static void test_texts(void **state)
{
    static const struct {
        const char *name, *text;
    } texts[] = {{"nested.zip", "deep text"},       {"nested.zip", "text b"},
                 {"hidden.zip", "nobody lists me"}, {"notes.txt.xz", "packed text"},
                 {"checksum.zip", "text b"},        {"zeros.img.gz", "after zeros"},
                 {"rar5.rar", "open text"},         {"plain.tar", "folder/"}};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_BUF struct buf bytes;
        struct recording r;

        load(texts[i].name, &bytes);
        recording_init(&r);
        recording_run(&r, texts[i].name, buf_span(&bytes));
        assert_true(recording_has(&r.text, texts[i].text));
        assert_false(recording_has(&r.text, "cipher!"));
        recording_release(&r);
    }
}

static void test_limits(void **state)
{
    static const struct {
        const char *name, *spent;
    } bombs[] = {{"bomb.zip", "ratio"}, {"deep.zip", "depth"}};

    (void)state;
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        AUTO_BUF struct buf bytes;
        struct recording r;
        char last[64];

        load(bombs[i].name, &bytes);
        recording_init(&r);
        recording_run(&r, bombs[i].name, buf_span(&bytes));
        assert_string_equal(r.budget.spent, bombs[i].spent);
        snprintf(last, sizeof last, "\n: over-limit %s\n", bombs[i].spent);
        assert_true(recording_has(&r.ledger, last));
        recording_release(&r);
    }
    /* Few members allowed: those before the limit stay. */
    AUTO_BUF struct buf bytes;
    struct recording r;

    load("plain.zip", &bytes);
    recording_init(&r);
    r.budget.limits.members = 1;
    recording_run(&r, "plain.zip", buf_span(&bytes));
    assert_string_equal(r.ledger.at, "a.txt: read\n: over-limit members\n");
    recording_release(&r);
}

/* Cut at every length and with every byte changed: no member without a row, and no crash. */
static void test_damage_anywhere(void **state)
{
    static const char *const names[] = {"nested.zip", "hidden.zip", "rar5.rar", "plain.tar.gz",
                                        "locked-one.zip"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO_BUF struct buf bytes;

        load(names[i], &bytes);
        for (size_t cut = 0; cut < bytes.len; cut++) {
            struct recording r;

            recording_init(&r);
            recording_run(&r, names[i], (struct span){bytes.at, cut});
            assert_true(r.items >= 1);
            if (cut > 8 && strstr(names[i], ".zip"))
                assert_false(recording_has(&r.ledger, "\n: read\n"));
            recording_release(&r);

            char kept = bytes.at[cut];

            bytes.at[cut] = (char)(kept ^ 0x55);
            recording_init(&r);
            recording_run(&r, names[i], buf_span(&bytes));
            assert_true(r.items >= 1);
            recording_release(&r);
            bytes.at[cut] = kept;
        }
    }
}

static void test_zip_gaps(void **state)
{
    AUTO_BUF struct buf bytes;
    struct zip_gaps gaps;

    (void)state;
    load("hidden.zip", &bytes);
    struct source *in = source_from_memory(buf_span(&bytes));

    zip_gaps(in, &gaps);
    assert_true(gaps.found);
    assert_true(gaps.complete);
    assert_int_equal(gaps.count, 1);
    assert_memory_equal(bytes.at + gaps.at[0].from, "PK\3\4", 4);
    free(gaps.at);
    source_free(in);
}

static void test_rar_look(void **state)
{
    AUTO_BUF struct buf bytes;
    struct rar_look look;

    (void)state;
    load("rar5.rar", &bytes);
    struct source *in = source_from_memory(buf_span(&bytes));

    assert_true(rar_look(in, &look));
    assert_true(look.whole);
    assert_false(look.hidden_names);
    assert_int_equal(look.files, 2);
    assert_int_equal(look.encrypted[0], 2);
    free(look.encrypted);
    source_free(in);
}

static int prepare(void **state)
{
    (void)state;
    return sniff_prepare() && extractors_prepare() ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledgers),  cmocka_unit_test(test_texts),
        cmocka_unit_test(test_limits),   cmocka_unit_test(test_zip_gaps),
        cmocka_unit_test(test_rar_look), cmocka_unit_test(test_damage_anywhere),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
