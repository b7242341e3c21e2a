/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_protocol */
/* Records and messages come back as they were sent, and nothing damaged is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "scanner/helper/protocol.h"

/* A copy that ends where the bytes end, so that a sanitizer sees any read behind them. */
static struct span exact(const struct buf *b, size_t len)
{
    char *at = malloc(len ? len : 1);

    assert_non_null(at);
    memcpy(at, b->at, len);
    return (struct span){at, len};
}

static void release(struct span copy)
{
    free((void *)(uintptr_t)copy.at);
}

static void test_setup(void **state)
{
    struct setup s = {.limits = limits_default(),
                      .today = 20260101,
                      .memory_limit = 1ull << 31,
                      .data_limit = 7,
                      .no_sandbox = true};
    struct setup back = {0};
    struct buf b, second;

    (void)state;
    memset(s.case_key, 0x5a, sizeof s.case_key);
    buf_init(&b, 4096);
    assert_true(setup_encode(&s, &b));
    assert_true(setup_decode(buf_span(&b), &back));
    assert_memory_equal(back.case_key, s.case_key, sizeof s.case_key);
    assert_int_equal(back.limits.depth, s.limits.depth);
    assert_int_equal(back.limits.seconds_cap, s.limits.seconds_cap);
    assert_int_equal(back.today, 20260101);
    assert_int_equal(back.memory_limit, 1ull << 31);
    assert_int_equal(back.data_limit, 7);
    assert_true(back.no_sandbox);
    buf_init(&second, 4096);
    assert_true(setup_encode(&back, &second));
    assert_true(span_equal(buf_span(&second), buf_span(&b)));
    buf_release(&second);
    for (size_t len = 0; len < b.len; len++) {
        struct span cut = exact(&b, len);

        assert_false(setup_decode(cut, &back));
        release(cut);
    }
    buf_add_byte(&b, 0);
    assert_false(setup_decode(buf_span(&b), &back));
    buf_release(&b);
}

static void test_batch(void **state)
{
    static struct batch_item items[BATCH_MAX], back[BATCH_MAX];
    char paths[BATCH_MAX][32];
    struct buf b;

    (void)state;
    for (unsigned i = 0; i < BATCH_MAX; i++) {
        int len = snprintf(paths[i], sizeof paths[i], "folder %u/file %u", i, i);

        items[i] = (struct batch_item){.flags = i % 2 ? ITEM_HAS_FD : ITEM_FOLDER,
                                       .size = (uint64_t)i << 33,
                                       .root = SPAN("share"),
                                       .path = {paths[i], (size_t)len},
                                       .name_at = 7,
                                       .n_suspects = i % (SUSPECTS_MAX + 1)};
        for (unsigned s = 0; s < items[i].n_suspects; s++)
            items[i].suspects[s] = (struct suspect){(uint64_t)s * 1000 + 1, s % 2 == 0};
    }
    buf_init(&b, BATCH_BYTES);
    assert_true(batch_encode(items, BATCH_MAX, &b));
    assert_int_equal(batch_decode(buf_span(&b), back), BATCH_MAX);
    for (unsigned i = 0; i < BATCH_MAX; i++) {
        assert_int_equal(back[i].flags, items[i].flags);
        assert_int_equal(back[i].size, items[i].size);
        assert_true(span_equal(back[i].root, items[i].root));
        assert_true(span_equal(back[i].path, items[i].path));
        assert_int_equal(back[i].name_at, 7);
        assert_int_equal(back[i].n_suspects, items[i].n_suspects);
        for (unsigned s = 0; s < items[i].n_suspects; s++) {
            assert_int_equal(back[i].suspects[s].member, items[i].suspects[s].member);
            assert_int_equal(back[i].suspects[s].lost, items[i].suspects[s].lost);
        }
    }
    for (size_t len = 0; len < b.len; len += 13) {
        struct span cut = exact(&b, len);

        assert_int_equal(batch_decode(cut, back), -1);
        release(cut);
    }
    buf_release(&b);
}

static void refuse_batch(struct batch_item item)
{
    static struct batch_item back[BATCH_MAX];
    struct buf b;

    buf_init(&b, BATCH_BYTES);
    assert_true(batch_encode(&item, 1, &b));
    assert_int_equal(batch_decode(buf_span(&b), back), -1);
    buf_release(&b);
}

static void test_batch_refused(void **state)
{
    const struct batch_item plain = {.path = SPAN("a/b"), .name_at = 2};
    struct batch_item item = plain;
    struct buf b;

    (void)state;
    item.flags = 16;
    refuse_batch(item);
    item = plain;
    item.name_at = 4;
    refuse_batch(item);
    item = plain;
    item.n_suspects = 2; /* both member 0 */
    refuse_batch(item);
    item.suspects[0].member = 2;
    item.suspects[1].member = 2;
    refuse_batch(item);
    buf_init(&b, BATCH_BYTES);
    item = plain;
    char *large = calloc(1, BATCH_BYTES);

    item.path = (struct span){large, BATCH_BYTES};
    assert_false(batch_encode(&item, 1, &b));
    buf_release(&b);
    free(large);
}

static struct member_record full_record(void)
{
    return (struct member_record){
        .item = 3,
        .member = 5,
        .parent = 4,
        .name = SPAN("dossier [be-nrn:0123abcd].pdf"),
        .sealed = SPAN("\0sealed\xff"),
        .name_has_finding = true,
        .size = INT64_MAX,
        .mtime = INT64_MIN,
        .mode = 0644,
        .owner = SPAN("somebody"),
        .outcome = OUTCOME_OVER_LIMIT,
        .reason = SPAN("depth"),
        .media_type = SPAN("application/pdf"),
        .extractor = SPAN("pdf"),
        .text_bytes = 1ull << 40,
        .records = 12,
        .unit = PLACE_PAGE,
        .findings = 99,
        .chance = SPAN("\x01\x05\x04\x03\x02\x00\x01\x01\x01\x01"),
    };
}

static void test_member(void **state)
{
    struct member_record m = full_record(), back;
    struct buf b;

    (void)state;
    buf_init(&b, RECORD_MAX);
    assert_true(member_encode(&m, &b));
    assert_true(member_decode(buf_span(&b), &back));
    assert_int_equal(back.item, 3);
    assert_int_equal(back.member, 5);
    assert_int_equal(back.parent, 4);
    assert_true(span_equal(back.name, m.name));
    assert_true(span_equal(back.sealed, m.sealed));
    assert_true(back.name_has_finding);
    assert_true(back.size == INT64_MAX && back.mtime == INT64_MIN);
    assert_int_equal(back.mode, 0644);
    assert_true(span_equal(back.owner, m.owner));
    assert_int_equal(back.outcome, OUTCOME_OVER_LIMIT);
    assert_true(span_equal(back.reason, m.reason));
    assert_true(span_equal(back.media_type, m.media_type));
    assert_true(span_equal(back.extractor, m.extractor));
    assert_int_equal(back.text_bytes, 1ull << 40);
    assert_int_equal(back.records, 12);
    assert_int_equal(back.unit, PLACE_PAGE);
    assert_int_equal(back.findings, 99);
    assert_true(span_equal(back.chance, m.chance));
    for (size_t len = 0; len < b.len; len++) {
        struct span cut = exact(&b, len);

        assert_false(member_decode(cut, &back));
        release(cut);
    }
    buf_release(&b);
}

static void refuse_member(const struct member_record *m)
{
    struct member_record back;
    struct buf b;

    buf_init(&b, RECORD_MAX);
    assert_true(member_encode(m, &b));
    assert_false(member_decode(buf_span(&b), &back));
    buf_release(&b);
}

static void test_member_refused(void **state)
{
    struct member_record m = full_record();
    char owner[300] = {0};

    (void)state;
    m.reason = SPAN("Words of a file");
    refuse_member(&m);
    m = full_record();
    m.reason = SPAN("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm");
    refuse_member(&m);
    m = full_record();
    m.extractor = SPAN("pdf\n");
    refuse_member(&m);
    m = full_record();
    m.media_type = SPAN("text/\x1b[2J");
    refuse_member(&m);
    m = full_record();
    m.outcome = OUTCOME_COUNT;
    refuse_member(&m);
    m = full_record();
    m.unit = (enum place_kind)(PLACE_NAME + 1);
    refuse_member(&m);
    m = full_record();
    m.parent = 5;
    refuse_member(&m);
    m = full_record();
    m.member = 0;
    refuse_member(&m);
    m = full_record();
    m.size = -2;
    refuse_member(&m);
    m = full_record();
    m.chance = SPAN("\xff\x01\x02\x01\x00\x00"); /* a kind that does not exist */
    refuse_member(&m);
    m = full_record();
    m.chance = SPAN("\x00\x01\x02\x00\x00"); /* more passed than were seen */
    refuse_member(&m);
    m.chance = SPAN("\x00\x05\x02\x06\x00"); /* a part that is more than the whole */
    refuse_member(&m);
    m.chance = SPAN("\x00\x05\x02\x04\x03");
    refuse_member(&m);
    m.chance = SPAN("\x00\x05\x03\x01\x02");
    refuse_member(&m);
    m.chance = SPAN("\x00\x05\x02\x04"); /* cut */
    refuse_member(&m);
    m = full_record();
    m.owner = (struct span){owner, sizeof owner};
    refuse_member(&m);
}

static void test_findings(void **state)
{
    struct packed_finding f = {.confidence = CONFIDENCE_HIGH, .count = 2};
    struct findings_record back;
    struct buf block, b;

    (void)state;
    buf_init(&block, FINDING_BLOCK_MAX);
    buf_init(&b, RECORD_MAX);
    for (unsigned i = 0; i < 3; i++)
        assert_true(finding_block_add(&block, &f));
    assert_true(findings_encode(7, 1ull << 40, buf_span(&block), &b));
    assert_true(findings_decode(buf_span(&b), &back));
    assert_int_equal(back.item, 7);
    assert_int_equal(back.member, 1ull << 40);
    assert_int_equal(back.count, 3);
    assert_true(span_equal(back.block, buf_span(&block)));
    size_t one = block.len / 3;

    for (size_t len = 0; len < b.len; len++) {
        struct span cut = exact(&b, len);
        size_t of_block = len > 12 ? len - 12 : 0;

        /* Whole findings are whole findings; their number is checked against the row. */
        assert_int_equal(findings_decode(cut, &back), of_block > 0 && of_block % one == 0);
        release(cut);
    }
    f.kind = detectors_count;
    assert_true(finding_block_add(&block, &f));
    buf_clear(&b);
    assert_true(findings_encode(7, 1, buf_span(&block), &b));
    assert_false(findings_decode(buf_span(&b), &back));
    buf_release(&block);
    buf_release(&b);
}

static void test_ready_and_done(void **state)
{
    const struct ready ready = {7, true, 5};
    struct ready back;
    struct buf b;
    uint32_t item;

    (void)state;
    buf_init(&b, 64);
    assert_true(ready_encode(&ready, &b));
    assert_true(ready_decode(buf_span(&b), &back));
    assert_true(back.landlock_abi == 7 && back.seccomp && back.missing == 5);
    b.at[4] = 2;
    assert_false(ready_decode(buf_span(&b), &back));
    buf_clear(&b);
    assert_true(done_encode(63, &b));
    assert_true(done_decode(buf_span(&b), &item));
    assert_int_equal(item, 63);
    buf_add_byte(&b, 0);
    assert_false(done_decode(buf_span(&b), &item));
    buf_release(&b);
}

/* Records are found again wherever the stream was cut. */
static void test_frames(void **state)
{
    enum record_type type;
    struct span payload;
    struct buf b;

    (void)state;
    buf_init(&b, RECORD_MAX);
    for (uint32_t i = 0; i < 3; i++) {
        size_t begin = record_begin(&b, RECORD_DONE);

        done_encode(i, &b);
        record_end(&b, begin);
    }
    for (size_t len = 0; len <= b.len; len++) {
        struct span cut = exact(&b, len);
        struct reader r = reader_of(cut);
        uint32_t item, expected = 0;

        while (record_next(&r, &type, &payload) == 1) {
            assert_int_equal(type, RECORD_DONE);
            assert_true(done_decode(payload, &item));
            assert_int_equal(item, expected++);
        }
        assert_false(r.bad);
        assert_int_equal(expected, len / 9);
        release(cut);
    }
    b.at[4] = RECORD_DONE + 1;
    struct reader r = reader_of(buf_span(&b));

    assert_int_equal(record_next(&r, &type, &payload), -1);
    b.at[4] = 0;
    r = reader_of(buf_span(&b));
    assert_int_equal(record_next(&r, &type, &payload), -1);
    b.at[4] = RECORD_DONE;
    b.at[3] = 1; /* 16 MiB */
    r = reader_of(buf_span(&b));
    assert_int_equal(record_next(&r, &type, &payload), -1);
    assert_int_equal(record_next(&r, &type, &payload), -1);
    buf_release(&b);
}

static void test_record_too_large(void **state)
{
    struct buf b;
    char *large = calloc(1, RECORD_MAX + 1);

    (void)state;
    buf_init(&b, 4 * RECORD_MAX);
    size_t begin = record_begin(&b, RECORD_MEMBER);

    buf_add(&b, large, RECORD_MAX + 1);
    record_end(&b, begin);
    assert_true(b.failed);
    buf_release(&b);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_setup),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_batch_refused),
        cmocka_unit_test(test_member),
        cmocka_unit_test(test_member_refused),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_ready_and_done),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_record_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
