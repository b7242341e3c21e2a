/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
/*
 * The samples are testdata/formats/charset/<text>.<encoding>.txt.  Every encoding of "letter" has
 * to give the same text as its UTF-8 form, byte for byte, however the bytes are cut.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/charset.h"

#define SAMPLES TESTDATA "/formats/charset/"
#define SPAN_CONST(literal)                                                                        \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

static void read_sample(const char *name, struct buf *ret)
{
    char path[512], bytes[4096];

    snprintf(path, sizeof path, SAMPLES "%s", name);
    AUTO_FCLOSE FILE *f = fopen(path, "rb");

    assert_non_null(f);
    buf_init(ret, 1 << 20);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;)
        assert_true(buf_add(ret, bytes, n));
}

static void expect_text(struct buf *got, const struct buf *want)
{
    size_t kept = 0;

    for (size_t i = 0; i < got->len; i++) { /* DOS line ends aside */
        if (got->at[i] != '\r')
            got->at[kept++] = got->at[i];
    }
    assert_int_equal(kept, want->len);
    assert_memory_equal(got->at, want->at, kept);
}

static void assert_one_look_says_the_same(struct span text, enum charset charset)
{
    struct text_look look;

    charset_look(text, true, &look);
    assert_int_equal(look.charset, charset);
    assert_int_equal(look.textness, charset_textness(text));
    assert_true(look.plain <= utf8_run(text.at, text.len));
    /* Wherever the sample is cut, the run ends before the sequence that was cut. */
    for (size_t len = 0; len <= text.len && len < 200; len++) {
        size_t run = utf8_run(text.at, len), i = 0;

        while (i < len) {
            int n = utf8_sequence((const unsigned char *)text.at + i, len - i);

            if (n <= 0)
                break;
            i += (size_t)n;
        }
        assert_int_equal(run, i);
    }
}

static void every_sample_is_recognised_and_decoded(void **state)
{
    AUTO_BUF struct buf letter;
    DIR *folder = opendir(SAMPLES);
    unsigned seen = 0, letters = 0;

    (void)state;
    assert_non_null(folder);
    read_sample("letter.utf-8.txt", &letter);
    for (struct dirent *e; (e = readdir(folder));) {
        const char *dot = strchr(e->d_name, '.'), *end = strrchr(e->d_name, '.');

        if (dot == e->d_name || dot == end)
            continue;
        AUTO_BUF struct buf sample;

        read_sample(e->d_name, &sample);
        enum charset want = charset_from_label((struct span){dot + 1, (size_t)(end - dot - 1)}),
                     got = charset_detect(buf_span(&sample), true);

        if (got != want)
            fail_msg("%s taken for %s", e->d_name, charset_name(got));
        assert_int_equal(charset_textness(buf_span(&sample)) >= 99, 1);
        assert_one_look_says_the_same(buf_span(&sample), got);
        seen++;
        if (strncmp(e->d_name, "letter", 6) != 0 && strncmp(e->d_name, "bom", 3) != 0)
            continue;
        letters++;
        for (size_t step = 1; step < 40; step++) {
            AUTO_BUF struct buf text;
            struct charset_decoder d;

            buf_init(&text, 1 << 20);
            charset_decoder_init(&d, got);
            for (size_t at = 0; at < sample.len; at += step) {
                size_t n = sample.len - at < step ? sample.len - at : step;

                assert_true(charset_decode(&d, (struct span){sample.at + at, n},
                                           at + n == sample.len, &text));
            }
            assert_int_equal(d.repaired, 0);
            expect_text(&text, &letter);
        }
    }
    closedir(folder);
    assert_true(seen >= 18 && letters >= 13);
}

static void expect(enum charset charset, struct span in, const char *want)
{
    AUTO_BUF struct buf out;

    buf_init(&out, 4096);
    assert_true(charset_convert(charset, in, &out));
    assert_int_equal(out.len, strlen(want));
    assert_memory_equal(out.at, want, out.len);
}

static void bytes_that_do_not_fit_are_kept(void **state)
{
    (void)state;
    expect(CHARSET_UTF_8, SPAN("caf\xE9 42 caf\xC3\xA9"), "caf\xC3\xA9 42 caf\xC3\xA9");
    expect(CHARSET_UTF_8, SPAN("end\xE2\x80"), "end\xC3\xA2\xE2\x82\xAC");
    expect(CHARSET_UTF_8, SPAN("\xC0\xAF"), "\xC3\x80\xC2\xAF"); /* overlong */
    expect(CHARSET_UTF_16LE, SPAN("a\0\x3D\xD8z\0b"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
    expect(CHARSET_UTF_16LE, SPAN("\x3D\xD8\0\xDE"), "\xF0\x9F\x98\x80");
    expect(CHARSET_UTF_16BE, SPAN("\xD8\x3D\xDE\0"), "\xF0\x9F\x98\x80");
    expect(CHARSET_UTF_32LE, SPAN("A\0\0\0\xFF\xFF\xFF\xFF"), "A\xEF\xBF\xBD");
    expect(CHARSET_ISO_8859_1, SPAN("\x80\xE9"), "\xC2\x80\xC3\xA9");
    expect(CHARSET_WINDOWS_1252, SPAN("\x80\x81"), "\xE2\x82\xAC\xC2\x81");
    expect(CHARSET_KOI8_R, SPAN("\xC1 1"), "\xD0\xB0 1");
    expect(CHARSET_WINDOWS_1251, SPAN("\xE0"), "\xD0\xB0");
    expect(CHARSET_IBM437, SPAN("\x82"), "\xC3\xA9");
    expect(CHARSET_UTF_8, SPAN(""), "");
}

static void utf_7(void **state)
{
    (void)state;
    expect(CHARSET_UTF_7, SPAN("Hi Mom +Jjo-!"), "Hi Mom \xE2\x98\xBA!"); /* RFC 2152 */
    expect(CHARSET_UTF_7, SPAN("A+ImIDkQ."), "A\xE2\x89\xA2\xCE\x91.");
    expect(CHARSET_UTF_7, SPAN("1 +- 1 = 2"), "1 + 1 = 2");
    expect(CHARSET_UTF_7, SPAN("+2D3eAA-"), "\xF0\x9F\x98\x80");
    expect(CHARSET_UTF_7, SPAN("+"), "+");
}

static void labels(void **state)
{
    static const struct {
        const char *label;
        enum charset charset;
    } cases[] = {
        {"ISO-8859-1", CHARSET_WINDOWS_1252},
        {" \"utf-8\" ", CHARSET_UTF_8},
        {"UTF8", CHARSET_UTF_8},
        {"us-ascii", CHARSET_WINDOWS_1252},
        {"Windows-1250", CHARSET_WINDOWS_1250},
        {"cp1251", CHARSET_WINDOWS_1251},
        {"x-cp1257", CHARSET_WINDOWS_1257},
        {"iso-8859-9", CHARSET_WINDOWS_1254},
        {"latin9", CHARSET_ISO_8859_15},
        {"ISO8859-15", CHARSET_ISO_8859_15},
        {"iso_8859-2", CHARSET_ISO_8859_2},
        {"koi8-r", CHARSET_KOI8_R},
        {"macintosh", CHARSET_MACINTOSH},
        {"cp850", CHARSET_IBM850},
        {"IBM437", CHARSET_IBM437},
        {"utf-7", CHARSET_UTF_7},
        {"utf-16", CHARSET_UTF_16LE},
        {"UTF-16BE", CHARSET_UTF_16BE},
        {"shift_jis", CHARSET_UNKNOWN},
        {"", CHARSET_UNKNOWN},
        {"unknown", CHARSET_UNKNOWN},
        {"gb2312", CHARSET_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (charset_from_label(span_of(cases[i].label)) != cases[i].charset)
            fail_msg("label %s", cases[i].label);
    }
    for (int c = CHARSET_UTF_8; c < CHARSET_COUNT; c++) {
        if (c != CHARSET_ISO_8859_1)
            assert_int_equal(charset_from_label(span_of(charset_name((enum charset)c))), c);
    }
}

static void plain_runs_are_not_copied(void **state)
{
    struct charset_decoder d;

    (void)state;
    charset_decoder_init(&d, CHARSET_UTF_8);
    assert_int_equal(charset_skip_plain(&d, SPAN("\xEF\xBB\xBFmark")), 0);
    assert_int_equal(charset_skip_plain(&d, SPAN("caf\xC3\xA9 noir\xE2\x82")), 10);
    charset_decoder_init(&d, CHARSET_WINDOWS_1252);
    assert_int_equal(charset_skip_plain(&d, SPAN("caf\xE9 noir")), 3);
    charset_decoder_init(&d, CHARSET_UTF_16LE);
    assert_int_equal(charset_skip_plain(&d, SPAN("a\0b\0c\0")), 0);
}

static void what_is_not_text(void **state)
{
    static const struct span not_text[] = {
        SPAN_CONST("\x7F"
                   "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3E\0\1\0\0\0"),
        SPAN_CONST("\1\2\3\4\5\6\7\x10"),
        SPAN_CONST("\0\0\0\0\0\0\0\0"),
        SPAN_CONST("\x80\x91\xA2\xF3\xE4"),
    };
    unsigned char noise[8192];
    uint32_t x = 1;

    (void)state;
    for (size_t i = 0; i < sizeof not_text / sizeof *not_text; i++)
        assert_int_equal(charset_textness(not_text[i]), 0);
    for (size_t i = 0; i < sizeof noise; i++) {
        x = x * 1664525 + 1013904223;
        noise[i] = (unsigned char)(x >> 24);
    }
    assert_int_equal(charset_textness((struct span){(char *)noise, sizeof noise}), 0);
    assert_int_equal(charset_textness(SPAN("")), 100);
}

static void a_full_buffer_is_an_answer(void **state)
{
    AUTO_BUF struct buf out;

    (void)state;
    buf_init(&out, 10);
    assert_false(charset_convert(CHARSET_WINDOWS_1252, SPAN("more than ten bytes"), &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_is_recognised_and_decoded),
        cmocka_unit_test(bytes_that_do_not_fit_are_kept),
        cmocka_unit_test(utf_7),
        cmocka_unit_test(labels),
        cmocka_unit_test(plain_runs_are_not_copied),
        cmocka_unit_test(what_is_not_text),
        cmocka_unit_test(a_full_buffer_is_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
