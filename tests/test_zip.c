/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
/*
 * Ordinary zips are read by their directory, and libarchive reads every zip: what comes out must
 * be the same, also of damaged ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/archive_directory.h"
#include "scanner/extract/inflate.h"
#include "scanner/extract/members.h"

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

static void drop_source(struct source **in)
{
    source_free(*in);
}

/* How much of a damaged member comes out differs: by its directory, all that can be had. */
static void write_bytes(struct members *m, bool damaged_too, struct buf *to)
{
    struct ending ending;
    struct source *bytes = members_bytes(m, &ending);
    size_t before = to->len;
    int error = 0;

    for (struct span run; bytes && (run = source_next(bytes, &error)).len > 0;) {
        buf_add_text(to, " = ");
        buf_add_span(to, run);
    }
    if (bytes)
        ending = members_done(m);
    assert_true((error != 0) == (bytes && ending.outcome != OUTCOME_READ));
    if (ending.outcome != OUTCOME_READ && !damaged_too)
        to->len = before;
    buf_printf(to, " %d %s", (int)ending.outcome, ending.reason);
}

static void write_member(struct members *m, const struct member *member, bool damaged_too,
                         struct buf *to)
{
    buf_add_span(to, member->about.name);
    buf_printf(to, " size %lld at %lld mode %o kind %d%s", (long long)member->about.size,
               (long long)member->about.mtime, member->about.mode, (int)member->kind,
               member->encrypted ? " encrypted" : "");
    if (member->kind == MEMBER_FILE && !member->encrypted)
        write_bytes(m, damaged_too, to);
    buf_add_byte(to, '\n');
}

/* All members of a zip; MEMBERS_OF_ANY is libarchive. */
static void list(struct span zip, enum members_as as, bool damaged_too, struct buf *to)
{
    struct limits limits = limits_default();
    struct budget budget;
    enum members_step step;
    AUTO(drop_source) struct source *in = source_from_memory(zip);

    assert_non_null(in);
    budget_start(&budget, &limits, zip.len);
    AUTO_MEMBERS struct members *m = members_open(
        &(struct members_how){
            .in = in, .as = as, .to = UINT64_MAX, .seekable = true, .budget = &budget},
        &step);
    struct member member;

    while (m && (step = members_next(m, &member)) == MEMBERS_MORE)
        write_member(m, &member, damaged_too, to);
    buf_printf(to, "step %d\n", (int)step);
    assert_false(to->failed);
}

static bool is_ordinary(struct span zip)
{
    AUTO(drop_source) struct source *in = source_from_memory(zip);
    struct zip_directory directory;
    bool ordinary = zip_directory_read(in, &directory);

    free(directory.entries);
    return ordinary;
}

static void same_both_ways(struct span zip)
{
    AUTO_BUF struct buf own, libarchive;

    buf_init(&own, 4 << 20);
    buf_init(&libarchive, 4 << 20);
    list(zip, MEMBERS_OF_ZIP, false, &own);
    list(zip, MEMBERS_OF_ANY, false, &libarchive);
    assert_string_equal(own.at, libarchive.at);
}

static const struct {
    const char *name;
    bool ordinary;
} samples[] = {
    {"ordinary.zip", true},   {"plain.zip", true},          {"checksum.zip", true},
    {"codepage.zip", true},   {"hidden.zip", true},         {"nested.zip", true},
    {"large.zip", true},      {"empty.zip", false},         {"locked-one.zip", false},
    {"deflate64.zip", false}, {"cut-directory.zip", false}, {"locked-all.zip", false},
};

static void samples_are_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        AUTO_BUF struct buf zip;

        load(samples[i].name, &zip);
        assert_int_equal(is_ordinary(buf_span(&zip)), samples[i].ordinary);
        same_both_ways(buf_span(&zip));
    }
}

/* Every byte changed in several ways, and bytes put in front and behind. */
static void damage_is_the_same(void **state)
{
    static const unsigned char changes[] = {0x01, 0x08, 0x55, 0xff};
    static const char *const names[] = {"ordinary.zip", "plain.zip", "hidden.zip", "checksum.zip"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO_BUF struct buf zip;

        load(names[i], &zip);
        for (size_t at = 0; at < zip.len; at++) {
            for (size_t change = 0; change < sizeof changes; change++) {
                zip.at[at] = (char)(zip.at[at] ^ changes[change]);
                same_both_ways(buf_span(&zip));
                zip.at[at] = (char)(zip.at[at] ^ changes[change]);
            }
        }
        AUTO_BUF struct buf longer;

        buf_init(&longer, 1 << 20);
        buf_add_text(&longer, "#!/bin/sh\n");
        buf_add_span(&longer, buf_span(&zip));
        assert_false(is_ordinary(buf_span(&longer)));
        same_both_ways(buf_span(&longer));
        buf_drop_front(&longer, 10);
        assert_true(is_ordinary(buf_span(&longer)));
        buf_add_text(&longer, "behind");
        assert_false(is_ordinary(buf_span(&longer)));
        same_both_ways(buf_span(&longer));
    }
}

/* A member too large for memory, whose check does not fit: every byte, then that it is damaged;
 * the next member is not touched. */
static void large_member_with_wrong_check(void **state)
{
    AUTO_BUF struct buf zip, listed;

    (void)state;
    load("large.zip", &zip);
    buf_init(&listed, 4 << 20);
    char *central = memmem(zip.at, zip.len, "PK\1\2", 4);

    central = memmem(central + 4, (size_t)(zip.at + zip.len - central - 4), "PK\1\2", 4);
    assert_non_null(central);
    uint32_t local;

    memcpy(&local, central + 42, sizeof local);
    central[16] ^= 1;
    zip.at[local + 14] ^= 1;
    assert_true(is_ordinary(buf_span(&zip)));
    list(buf_span(&zip), MEMBERS_OF_ZIP, true, &listed);
    /* 49,999 modulo 999 */
    assert_non_null(strstr(listed.at, "line 49\n 6 damaged-data\n"));
    assert_non_null(strstr(listed.at, " = last 0 \nstep 1\n"));
}

/* RFC 1951 by hand: a stored block, a block of fixed codes, and what is not one. */
static void inflates(void **state)
{
    static const char stored[] = "\x01\x03\x00\xfc\xff"
                                 "abc";
    static const char fixed[] = "\x4b\x4c\x4a\x06\x00"; /* abc */
    struct span streams[] = {{stored, 8}, {fixed, 5}};
    struct inflate *i = inflate_new();
    char out[8];

    (void)state;
    assert_non_null(i);
    for (size_t n = 0; n < 2; n++) {
        assert_true(inflate_whole(i, streams[n], out, 3));
        assert_memory_equal(out, "abc", 3);
        assert_false(inflate_whole(i, streams[n], out, 2));
        assert_false(inflate_whole(i, streams[n], out, 4));
        struct span cut = {streams[n].at, streams[n].len - 1};

        assert_false(inflate_whole(i, cut, out, 3));

        enum inflate_step step = INFLATE_MORE;
        size_t done = 0, at = 0;

        inflate_start(i);
        while (step == INFLATE_MORE && at < streams[n].len + 4) {
            struct span byte = {streams[n].at + at, at < streams[n].len};
            size_t given;

            step = inflate_some(i, &byte, out + done, 1, &given);
            done += given;
            at += byte.len == 0;
        }
        assert_int_equal(step, INFLATE_END);
        assert_int_equal(done, 3);
        assert_memory_equal(out, "abc", 3);
    }
    assert_false(inflate_whole(i, (struct span){"\x07zzzz", 5}, out, 3));
    inflate_free(i);
    /* The check value of CRC-32/ISO-HDLC. */
    assert_int_equal(crc32_of(0, SPAN("123456789")), 0xcbf43926);
    assert_int_equal(crc32_of(crc32_of(0, SPAN("1234")), SPAN("56789")), 0xcbf43926);
}

static int prepare(void **state)
{
    (void)state;
    return members_prepare() ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_the_same),
        cmocka_unit_test(damage_is_the_same),
        cmocka_unit_test(large_member_with_wrong_check),
        cmocka_unit_test(inflates),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
