/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
#include "tests/extract_transcript.h"

#include "scanner/extract/mail.h"

static const struct extractor *const MAIL[] = {&extract_mail, &extract_mail_mbox, NULL};

static void samples_give_what_stands_beside_them(void **state)
{
    (void)state;
    transcript_samples(TESTDATA "/formats/mail", MAIL);
}

static void bids(void **state)
{
    static const struct {
        const char *text;
        bool mail, mbox;
    } CASES[] = {
        {"From: a@example.org\nTo: b@example.org\n\nx", true, false},
        {"\xEF\xBB\xBFReceived: x\r\n\tby y\r\nX-Spam: no\r\n\r\n", true, false},
        {"Subject: once\n\nThen only prose.\n", false, false},
        {"Dear all,\nSubject: plans\nTo: everybody\nFrom: me\n", false, false},
        {"From: the top\nTo: the bottom\nof the hill, as one says\nand more\n", false, false},
        {"Date;Subject\n1;2\n", false, false},
        {"https://example.org\nFrom: x\n", false, false},
        {"From a@example.org Mon Mar  2 10:11:12 2020\nSubject: x\n\n", false, true},
        {"From - Mon Mar  2 10:11:12 2020\nX-Mozilla-Status: 1\n\n", false, true},
        {"From \nSubject: x\n\n", false, true},
        {"From here on: 10:11 in 2020\nno header follows\n", false, false},
        {"From the office\nSubject: x\n", false, false},
        {"", false, false},
        {"\n\n", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct head head = transcript_head(span_of(CASES[i].text));

        if ((extract_mail.bid(&head) > 0) != CASES[i].mail ||
            (extract_mail_mbox.bid(&head) > 0) != CASES[i].mbox)
            fail_msg("case %zu: %s", i, CASES[i].text);
    }
}

/* Wherever the sink says stop, nothing more comes. */
static void stops_at_every_push(void **state)
{
    static const char *const FILES[] = {"attachments.eml", "two.mbox", "uuencode-inline.eml"};

    (void)state;
    for (size_t f = 0; f < sizeof(FILES) / sizeof(FILES[0]); f++) {
        AUTO_FREE char *path = NULL;
        AUTO_FREE char *bytes = NULL;
        unsigned stop_after = 1;
        struct head head;
        size_t len;

        assert_true(asprintf(&path, TESTDATA "/formats/mail/%s", FILES[f]) > 0);
        bytes = transcript_file(path, &len);
        head = transcript_head((struct span){bytes, len});
        for (bool stopped = true; stopped; stop_after++) {
            struct source *in = source_from_memory((struct span){bytes, len});
            struct transcript t;

            transcript_begin(&t, len, 1);
            t.stop_after = stop_after;
            (f == 1 ? extract_mail_mbox : extract_mail).run(in, &head, &t.sink);
            assert_true(t.pushes <= stop_after);
            stopped = t.pushes == stop_after;
            buf_release(&t.text);
            source_free(in);
        }
        assert_true(stop_after > 10);
    }
}

/* Every message announced by a separator is read, however many there are and however they lie
 * across the runs and batches they are found in. */
static void many_messages_are_all_numbered(void **state)
{
    enum { MESSAGES = 20000 };
    struct buf mbox;
    struct transcript t;

    (void)state;
    buf_init(&mbox, 64u << 20);
    for (int i = 1; i <= MESSAGES; i++)
        buf_printf(&mbox,
                   "From a@example.org Mon Mar  2 10:11:12 2020\nSubject: s%d\n\nbody %d%.*s\n\n",
                   i, i, i % 53, "####################################################");
    assert_false(mbox.failed);
    transcript_run(&t, &extract_mail_mbox, buf_span(&mbox), 0);
    assert_int_equal(t.messages, MESSAGES);
    assert_true(transcript_holds(&t, SPAN("[message 20000]")));
    assert_true(transcript_holds(&t, SPAN("body 20000#")));
    assert_true(transcript_holds(&t, SPAN("[ending read ]")));
    buf_release(&t.text);
    buf_release(&mbox);
}

static void repeat(struct buf *b, const char *piece, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        buf_add_text(b, piece);
    assert_false(b->failed);
}

/* What is built to exhaust a reader ends, and says so or is read. */
static void hostile_messages_end(void **state)
{
    static const struct {
        const char *before, *piece;
        unsigned times;
        const char *after;
    } CASES[] = {
        {"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n",
         "--b\nContent-Type: multipart/mixed; boundary=b\n\n", 20000, "x"},
        {"From: a\nTo: b\n", "Content-Type: message/rfc822\n\n", 5000, "Subject: x\n\nx"},
        {"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 20000,
         "--b--\n"},
        {"From: a\nTo: b\nX-Long: ", "0123456789 abcdef,", 100000, "\n\nx"},
        {"From: a\nTo: b\nX-Fold: ", "0123456789\n ", 100000, "\n\nx"},
        {"From: a\nTo: b\nSubject: ", "=?utf-8?Q?a?= ", 50000, "\n\nx"},
        {"From: a\nTo: b\n", "To: a@example.org\n", 3000, "\nx"},
        {"From: a\nTo: b\nContent-Type: text/plain", "; a=b", 20000, "\n\nx"},
        {"From: a\nTo: b\n\n", "begin 644 x\n", 20000, ""},
        {"From: a\nTo: ", "(", 100000, "\n\nx"},
        {"From: a\nTo: ", "a:", 100000, "\n\nx"},
        {"From: a\nTo: ", "a,", 100000, "\n\nx"},
        {"From: a\nTo: b\n\n", "From a@example.org Mon Mar  2 10:11:12 2020\n\n", 20000, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct transcript t;
        struct buf mail;

        buf_init(&mail, 64u << 20);
        buf_add_text(&mail, CASES[i].before);
        repeat(&mail, CASES[i].piece, CASES[i].times);
        buf_add_text(&mail, CASES[i].after);
        if (getenv("VERBOSE"))
            fprintf(stderr, "case %zu\n", i);
        transcript_run(&t, &extract_mail, buf_span(&mail), 1);
        assert_true(transcript_holds(&t, SPAN("[message 1]")));
        assert_true(t.text.len > 40);
        buf_release(&t.text);
        buf_release(&mail);
    }
}

static int prepare(void **state)
{
    (void)state;
    return extract_mail.prepare() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bids),
        cmocka_unit_test(samples_give_what_stands_beside_them),
        cmocka_unit_test(stops_at_every_push),
        cmocka_unit_test(many_messages_are_all_numbered),
        cmocka_unit_test(hostile_messages_end),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
