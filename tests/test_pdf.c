/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
#include "tests/extract_transcript.h"

static const struct extractor *const PDF[] = {&extract_pdf, NULL};

static void samples_give_what_stands_beside_them(void **state)
{
    (void)state;
    transcript_samples(TESTDATA "/formats/pdf", PDF);
}

static void bids(void **state)
{
    struct head head = transcript_head(SPAN("%PDF-1.4\n1 0 obj"));

    (void)state;
    assert_true(extract_pdf.bid(&head) > 90);
    head = transcript_head(SPAN("#!/bin/sh\n# looks for %PDF-1.4 in files\n"));
    assert_true(extract_pdf.bid(&head) < 50);
    head = transcript_head(SPAN("a text without it"));
    assert_int_equal(extract_pdf.bid(&head), 0);
    head = transcript_head(SPAN(""));
    assert_int_equal(extract_pdf.bid(&head), 0);
}

/* Wherever the sink says stop, nothing more comes. */
static void stops_at_every_push(void **state)
{
    size_t len;
    AUTO_FREE char *bytes = transcript_file(TESTDATA "/formats/pdf/everything-flate.pdf", &len);
    struct head head = transcript_head((struct span){bytes, len});
    unsigned stop_after = 1;

    (void)state;
    for (;; stop_after++) {
        struct source *in = source_from_memory((struct span){bytes, len});
        struct transcript t;
        bool stopped;

        transcript_begin(&t, len, 1);
        t.stop_after = stop_after;
        assert_int_equal(extract_pdf.run(in, &head, &t.sink).outcome, OUTCOME_READ);
        stopped = t.pushes == stop_after;
        assert_true(t.pushes <= stop_after);
        buf_release(&t.text);
        source_free(in);
        if (!stopped)
            break;
    }
    assert_true(stop_after > 20);
}

static void limits_end_with_their_name(void **state)
{
    size_t len;
    AUTO_FREE char *bytes = transcript_file(TESTDATA "/formats/pdf/everything-flate.pdf", &len);
    struct head head = transcript_head((struct span){bytes, len});
    struct source *in = source_from_memory((struct span){bytes, len});
    struct transcript t;
    struct ending ending;

    (void)state;
    transcript_begin(&t, len, 1);
    t.budget.limits.bytes = 100;
    ending = extract_pdf.run(in, &head, &t.sink);
    assert_int_equal(ending.outcome, OUTCOME_OVER_LIMIT);
    assert_string_equal(ending.reason, "bytes");
    buf_release(&t.text);

    /* An attachment that does not fit into memory is lost by name, and nothing else is. */
    transcript_begin(&t, len, 1);
    t.budget.limits.spool = 4;
    ending = extract_pdf.run(in, &head, &t.sink);
    assert_int_equal(ending.outcome, OUTCOME_READ);
    assert_true(transcript_holds(&t, SPAN("[lost attached.txt over-limit spool]")));
    assert_true(transcript_holds(&t, SPAN("page-two-text")));
    buf_release(&t.text);
    source_free(in);
}

/* Cut at many places: always an ending, and never a quiet one when nothing was read. */
static void cut_anywhere(void **state)
{
    size_t len;
    AUTO_FREE char *bytes = transcript_file(TESTDATA "/formats/pdf/everything-plain.pdf", &len);

    (void)state;
    for (size_t cut = 20; cut < len; cut += 97) {
        struct transcript t;
        struct ending ending = transcript_run(&t, &extract_pdf, (struct span){bytes, cut}, 1);

        if (!transcript_holds(&t, SPAN("[page 1]"))) {
            assert_int_equal(ending.outcome, OUTCOME_DAMAGED);
            assert_true(transcript_holds(&t, SPAN("[raw 0]%PDF-")));
        }
        buf_release(&t.text);
    }
}

static int prepare(void **state)
{
    (void)state;
    return extract_pdf.prepare() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bids),
        cmocka_unit_test(samples_give_what_stands_beside_them),
        cmocka_unit_test(stops_at_every_push),
        cmocka_unit_test(limits_end_with_their_name),
        cmocka_unit_test(cut_anywhere),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
