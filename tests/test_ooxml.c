/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/ooxml.h"
#include "tests/recording_sink.h"

static void read_sample(const char *name, struct recording *r)
{
    char path[512];
    char block[4096];
    size_t n;
    AUTO_BUF struct buf bytes;

    snprintf(path, sizeof path, TESTDATA "/formats/%s", name);
    AUTO_FCLOSE FILE *f = fopen(path, "rb");

    assert_non_null(f);
    buf_init(&bytes, 16 << 20);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        assert_true(buf_add(&bytes, block, n));
    recording_init(r);
    recording_run(r, strrchr(path, '/') + 1, buf_span(&bytes));
}

static void test_texts(void **state)
{
    static const struct {
        const char *name, *text;
    } texts[] = {
        {"ooxml/runs.docx", "Num\xc3\xa9ro national 85.07.30-977.85\n"},
        {"ooxml/runs.docx", "line one\tafter tab\nafter break\n"},
        {"ooxml/runs.docx", "deleted text"},
        {"ooxml/runs.docx", "HYPERLINK field"},
        {"ooxml/runs.docx", "A. Author"},
        {"ooxml/runs.docx", "[table][1,1]Naam"},
        {"ooxml/runs.docx", "[1,4]Last"},
        {"ooxml/runs.docx", "[2,2]85.07.30-977.85\n"},
        {"ooxml/runs.docx", "in a box\n"},
        {"ooxml/runs.docx", "the header\n"},
        {"ooxml/runs.docx", "a footnote\n"},
        {"ooxml/runs.docx", "a comment\n"},
        {"ooxml/runs.docx", "C. Critic\n"},
        {"ooxml/runs.docx", "jan@example.org\n"},
        {"ooxml/runs.docx", "<creator>M. Maker"},
        {"ooxml/runs.docx", "name=\"NISS\">\n<lpwstr>85.07.30-977.85"},
        {"ooxml/runs.docx", "<note>custom note"},
        {"ooxml/runs.docx", "embedded text"},
        {"ooxml/strict.docx", "Num\xc3\xa9ro national 85.07.30-977.85\n"},
        {"ooxml/cut.docx", "Num\xc3\xa9ro national 85.07.30-977.85\n"},
        {"ooxml/strings-first.xlsx", "[1,2]Rijksregister"},
        {"ooxml/strings-first.xlsx", "[9,28]85.07.30-977.85\t"},
        {"ooxml/strings-last.xlsx", "[9,28]85.07.30-977.85\t"},
        {"ooxml/strings-last.xlsx", "[2,1]inline\t[2,2]85073097785\t[2,3]85073097785\t[2,4]TRUE"},
        {"ooxml/strings-last.xlsx", "[9,29]result\nA1&"},
        {"ooxml/strings-last.xlsx", "[9,30]1.5\t"},
        {"ooxml/strings-last.xlsx", "shown link"},
        {"ooxml/strings-last.xlsx", "sheet header"},
        {"ooxml/strings-last.xlsx", "N. Noter\n"},
        {"ooxml/strings-last.xlsx", "Hidden sheet"},
        {"ooxml/strings-last.xlsx", ">Defined"},
        {"ooxml/slides.pptx", "[page 2]85.07.30-977.85\n"},
        {"ooxml/slides.pptx", "speaker notes\n"},
        {"odf/text.odt", "Rijksregister 85.07.30-977.85\n"},
        {"odf/text.odt", "a   b\tc\nd\n"},
        {"odf/text.odt", "annotated\n"},
        {"odf/text.odt", "page header\n"},
        {"odf/text.odt", "<creator>O. Writer"},
        {"odf/flat.fodt", "Rijksregister 85.07.30-977.85\n"},
        {"odf/stored.odt", "Rijksregister 85.07.30-977.85\n"},
        {"odf/stored.odt", "packed page header\n"},
        {"odf/begins-like-utf-16.odt", "Rijksregister 85.07.30-977.85"},
        {"odf/repeated.ods", "[table][1,1]"},
        {"odf/repeated.ods", "[1,16002]far"},
        {"odf/repeated.ods", "[1000002,1]85073,1 M\n"},
        {"odf/repeated.ods", "\n85073097785"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct recording r;

        read_sample(texts[i].name, &r);
        if (!recording_has(&r.text, texts[i].text))
            fail_msg("%s: \"%s\" is not there", texts[i].name, texts[i].text);
        recording_release(&r);
    }
}

/* Names of styles, fonts and themes would read as names of persons. */
static void test_looks(void **state)
{
    static const char *const looks[] = {"Balloon Text", "Table Elegant", "Liberation Serif",
                                        "Franklin Gothic", "Office Theme"};
    struct recording r;

    (void)state;
    read_sample("ooxml/styles.docx", &r);
    assert_true(recording_has(&r.text, "Bonjour\n"));
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        assert_false(recording_has(&r.text, looks[i]));
    recording_release(&r);
}

static void test_endings(void **state)
{
    static const struct {
        const char *name, *line;
    } endings[] = {
        {"ooxml/runs.docx", "\n: read\n"},
        {"ooxml/runs.docx", "word/embeddings/inner.txt: read\n"},
        {"ooxml/runs.docx", "word/media/image1.png: "},
        {"ooxml/cut.docx", "\n: damaged truncated\n"},
        {"ooxml/strings-first.xlsx", ": read\n"},
        {"ooxml/slides.pptx", ": read\n"},
        {"ooxml/password.docx", ": encrypted password\n"},
        {"ooxml/legacy.doc", ": partial legacy-office-raw-text\n"},
        {"odf/text.odt", "Pictures/p.png: "},
        {"odf/text.odt", "\n: read\n"},
        {"odf/password.odt", ": encrypted password\n"},
        {"odf/repeated.ods", ": read\n"},
        {"odf/flat.fodt", ": read\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct recording r;

        read_sample(endings[i].name, &r);
        if (!recording_has(&r.ledger, endings[i].line))
            fail_msg("%s: no \"%s\" in:\n%s", endings[i].name, endings[i].line, r.ledger.at);
        recording_release(&r);
    }
}

static void test_numbers(void **state)
{
    static const struct {
        const char *stored, *shown;
    } numbers[] = {
        {"85073097785", "85073097785"},
        {"8.5073097785E10", "85073097785"},
        {"8.5073097785e+10", "85073097785"},
        {"85073097785.0", "85073097785"},
        {"8.507309778500001E10", "85073097785"},
        {"1.5", "1.5"},
        {"-3.0", "-3"},
        {"1E300", "1E300"},
        {"999999999999999", "999999999999999"},
        {"nan", "nan"},
        {"inf", "inf"},
        {"", ""},
        {"12a", "12a"},
        {"01081500297", "01081500297"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char to[32], got[64];
        struct span s = ooxml_number(span_of(numbers[i].stored), to);

        snprintf(got, sizeof got, "%.*s", (int)s.len, s.at);
        assert_string_equal(got, numbers[i].shown);
    }
}

static int prepare(void **state)
{
    (void)state;
    return sniff_prepare() && extractors_prepare() ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_endings),
        cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
