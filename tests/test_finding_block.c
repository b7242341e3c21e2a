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
    assert_true(is_damage(f, 1, (char)(1 | 1 << 6), KINDS)); /* bits that mean nothing */
    assert_true(is_damage(f, 1, (char)(1u | 1u << 7), KINDS));
    none.count = 0;
    assert_true(is_damage(&none, SIZE_MAX, 0, KINDS));
    none = *f;
    none.place.a = UINT64_MAX;
    assert_true(is_damage(&none, 12, 2, KINDS)); /* a varint of more than 64 bits */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_come_back),
        cmocka_unit_test(cut_blocks_are_damage),
        cmocka_unit_test(enumerations_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
