/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/base/finding_block.h"

enum { KINDS = 7 };

static const struct packed_finding samples[] = {
    {.kind = 0, .confidence = CONFIDENCE_LOW, .place = {PLACE_LINE, 1, 0}, .count = 1},
    {.kind = 6,
     .confidence = CONFIDENCE_HIGH,
     .place = {PLACE_CELL, UINT64_MAX, UINT32_MAX},
     .count = UINT64_MAX,
     .record = UINT64_MAX,
     .evidence = UINT32_MAX,
     .has_facts = true,
     .facts = UINT32_MAX,
     .token = {0xff, 0x80, 1}},
    {.kind = 3, .confidence = CONFIDENCE_MEDIUM, .place = {PLACE_NAME, 0, 0}, .count = 128},
    /* A cell of a table: its line is its row. */
    {.kind = 1,
     .confidence = CONFIDENCE_HIGH,
     .place = {PLACE_CELL, 70000, 3},
     .count = 1,
     .record = 69999,
     .n_records = 1,
     .records = {69999},
     .line = 70000,
     .paragraph = 1,
     .word = 3,
     .word_distance = 0},
    /* Everything that a finding can have, as large as it can be. */
    {.kind = 2,
     .confidence = CONFIDENCE_LOW,
     .place = {PLACE_PAGE, 4, 0},
     .count = 9,
     .record = 0,
     .evidence = 1,
     .has_facts = true,
     .facts = 77,
     .n_records = ENGINE_RECORDS_MAX,
     .records = {0, 1, 2, 300, 301, UINT64_MAX - 2, UINT64_MAX - 1, UINT64_MAX},
     .line = UINT32_MAX,
     .paragraph = UINT32_MAX,
     .categories = UINT32_MAX,
     .categories_near = 1u << 31,
     .word = UINT16_MAX,
     .word_distance = UINT16_MAX,
     .word_against = UINT16_MAX},
    /* Some of it alone. */
    {.confidence = CONFIDENCE_LOW, .count = 1, .line = 5, .paragraph = 0},
    {.confidence = CONFIDENCE_LOW, .count = 1, .paragraph = 6},
    {.confidence = CONFIDENCE_LOW, .count = 1, .categories = 1},
    {.confidence = CONFIDENCE_LOW, .count = 1, .categories_near = 2},
    {.confidence = CONFIDENCE_LOW, .count = 1, .word_against = 1},
    {.confidence = CONFIDENCE_LOW, .count = 1, .record = 5, .n_records = 2, .records = {5, 6}},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void make_block(struct buf *b)
{
    buf_init(b, FINDING_BLOCK_MAX);
    for (unsigned i = 0; i < SAMPLES; i++)
        assert_true(finding_block_add(b, &samples[i]));
}

static void findings_come_back(void **state)
{
    AUTO_BUF struct buf b;
    struct packed_finding f;

    (void)state;
    make_block(&b);
    struct reader r = reader_of(buf_span(&b));

    for (unsigned i = 0; i < SAMPLES; i++) {
        assert_true(finding_block_next(&r, KINDS, &f));
        assert_int_equal(f.kind, samples[i].kind);
        assert_int_equal(f.confidence, samples[i].confidence);
        assert_int_equal(f.place.kind, samples[i].place.kind);
        assert_true(f.place.a == samples[i].place.a && f.place.b == samples[i].place.b);
        assert_true(f.count == samples[i].count && f.record == samples[i].record);
        assert_int_equal(f.evidence, samples[i].evidence);
        assert_int_equal(f.has_facts, samples[i].has_facts);
        assert_int_equal(f.facts, samples[i].facts);
        assert_int_equal(f.n_records, samples[i].n_records ? samples[i].n_records : 1);
        assert_true(f.records[0] == f.record);
        assert_memory_equal(f.records + 1, samples[i].records + 1,
                            (f.n_records - 1) * sizeof f.records[0]);
        assert_int_equal(f.line, samples[i].line);
        assert_int_equal(f.paragraph, samples[i].paragraph);
        assert_int_equal(f.categories, samples[i].categories);
        assert_int_equal(f.categories_near, samples[i].categories_near);
        assert_int_equal(f.word, samples[i].word);
        assert_int_equal(f.word_distance, samples[i].word_distance);
        assert_int_equal(f.word_against, samples[i].word_against);
        assert_memory_equal(f.token, samples[i].token, TOKEN_BYTES);
    }
    assert_false(finding_block_next(&r, KINDS, &f));
    assert_false(r.bad);
}

/* Cut anywhere but between two findings, a block is damaged. */
static void cut_blocks_are_damage(void **state)
{
    AUTO_BUF struct buf b;
    size_t ends[SAMPLES];

    (void)state;
    make_block(&b);
    for (unsigned i = 0; i < SAMPLES; i++) {
        AUTO_BUF struct buf part;

        buf_init(&part, FINDING_BLOCK_MAX);
        for (unsigned k = 0; k <= i; k++)
            finding_block_add(&part, &samples[k]);
        ends[i] = part.len;
    }
    for (size_t len = 1; len < b.len; len++) {
        struct reader r = reader_of((struct span){b.at, len});
        struct packed_finding f;
        bool whole = false;

        while (finding_block_next(&r, KINDS, &f))
            ;
        for (unsigned i = 0; i < SAMPLES; i++)
            whole |= len == ends[i];
        assert_int_equal(r.bad, !whole);
    }
}

static bool is_damage(const struct packed_finding *f, size_t at, char byte, unsigned kinds)
{
    AUTO_BUF struct buf b;
    struct packed_finding ret;

    buf_init(&b, 1000);
    finding_block_add(&b, f);
    if (at < b.len)
        b.at[at] = byte;
    struct reader r = reader_of(buf_span(&b));
    bool given = finding_block_next(&r, kinds, &ret);

    assert_int_equal(given, !r.bad);
    return r.bad;
}

static void enumerations_are_checked(void **state)
{
    const struct packed_finding *f = &samples[0];
    struct packed_finding none = *f;

    (void)state;
    assert_false(is_damage(f, SIZE_MAX, 0, 1));
    assert_true(is_damage(f, SIZE_MAX, 0, 0)); /* kind */
    assert_true(is_damage(f, 0, 7, KINDS));
    assert_true(is_damage(f, 1, 0, KINDS));                  /* no confidence */
    assert_true(is_damage(f, 1, (char)(1 | 7 << 2), KINDS)); /* no such place */
    none.count = 0;
    assert_true(is_damage(&none, SIZE_MAX, 0, KINDS));
    none = *f;
    none.place.a = UINT64_MAX;
    assert_true(is_damage(&none, 28, 2, KINDS)); /* a varint of more than 64 bits */
}

/* A finding with `more` and these bytes behind it. */
static bool more_is_damage(unsigned bits, const char *bytes, size_t len, uint64_t place)
{
    struct packed_finding f = samples[0], ret;
    AUTO_BUF struct buf b;

    buf_init(&b, 1000);
    f.place.a = place;
    finding_block_add(&b, &f);
    b.at[1] = (char)(1u | bits);
    buf_add(&b, bytes, len);
    struct reader r = reader_of(buf_span(&b));

    return !finding_block_next(&r, KINDS, &ret);
}

static void what_follows_is_checked(void **state)
{
    enum { MORE = 1 << 6, LINE = 1 << 7 };
    static const struct {
        bool damage;
        struct span bytes;
    } cases[] = {
        {true, {"\x00", 1}},         /* more that says nothing */
        {true, {"\x80\x01", 2}},     /* a bit that means nothing */
        {true, {"\x01\x00", 2}},     /* a line 0 */
        {false, {"\x01\x01", 2}},    /* line 1 */
        {false, {"\x02\x00", 2}},    /* paragraph 0 */
        {true, {"\x04\x00", 2}},     /* no category */
        {false, {"\x04\x01", 2}},    /* one */
        {true, {"\x08\x00", 2}},     /* the same near */
        {true, {"\x10\x00\x05", 3}}, /* a distance without a word */
        {false, {"\x10\x01\x05", 3}},
        {true, {"\x20\x00", 2}},
        {true, {"\x40\x00", 2}},                                  /* no further records */
        {true, {"\x40\x01\x00", 3}},                              /* the same record again */
        {false, {"\x40\x01\x01", 3}},                             /* the next */
        {true, {"\x40\x02\x01", 3}},                              /* cut */
        {true, {"\x40\x08\x01\x01\x01\x01\x01\x01\x01\x01", 10}}, /* more than are kept */
        {false, {"\x40\x07\x01\x01\x01\x01\x01\x01\x01", 9}},
        {true, {"\x40\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01", 13}}, /* beyond 64 bits */
        {true, {"\x01\x80\x80\x80\x80\x10", 6}}, /* a line of 33 bits */
        {true, {"\x02\x80\x80\x80\x80\x10", 6}},
        {true, {"\x04\x80\x80\x80\x80\x10", 6}},
        {true, {"\x10\x80\x80\x04\x01", 5}}, /* a word of 17 bits */
        {true, {"\x10\x01\x80\x80\x04", 5}},
        {true, {"\x20\x80\x80\x04", 4}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(more_is_damage(MORE, cases[i].bytes.at, cases[i].bytes.len, 7),
                         cases[i].damage);
    assert_true(more_is_damage(MORE, "", 0, 7));
    assert_false(more_is_damage(LINE, "", 0, 7));
    assert_true(more_is_damage(LINE, "", 0, 0));                 /* place 0 is no line */
    assert_true(more_is_damage(LINE, "", 0, UINT64_C(1) << 32)); /* nor is this */
    assert_true(more_is_damage(LINE | MORE, "\x01\x05", 2, 7));  /* two lines */
}

/* Records that do not rise are left out, never packed wrong. */
static void records_rise(void **state)
{
    struct packed_finding f = samples[0], ret;
    AUTO_BUF struct buf b;

    (void)state;
    f.record = 10;
    f.n_records = 5;
    memcpy(f.records, ((uint64_t[]){10, 10, 12, 11, 13}), 5 * sizeof(uint64_t));
    buf_init(&b, 1000);
    assert_true(finding_block_add(&b, &f));
    struct reader r = reader_of(buf_span(&b));

    assert_true(finding_block_next(&r, KINDS, &ret));
    assert_int_equal(ret.n_records, 3);
    assert_memory_equal(ret.records, ((uint64_t[]){10, 12, 13}), 3 * sizeof(uint64_t));
}

/* What every finding of a dump has costs no byte: 23 for a cell of the first rows. */
static void a_cell_stays_small(void **state)
{
    struct packed_finding f = samples[3];
    AUTO_BUF struct buf b;

    (void)state;
    buf_init(&b, 1000);
    f.word = 0;
    f.place.a = f.line = 100;
    f.record = f.records[0] = 99;
    assert_true(finding_block_add(&b, &f));
    assert_int_equal(b.len, 2 + TOKEN_BYTES + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_come_back),
        cmocka_unit_test(cut_blocks_are_damage),
        cmocka_unit_test(enumerations_are_checked),
        cmocka_unit_test(what_follows_is_checked),
        cmocka_unit_test(records_rise),
        cmocka_unit_test(a_cell_stays_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
