/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/markup.h"
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
    assert_string_equal(r->ledger.at, ": read\n");
}

static void test_texts(void **state)
{
    static const struct {
        const char *name, *text;
    } texts[] = {
        {"html/page.html", "Num\xc3\xa9ro: 85.07.30-977.85\n"},
        {"html/page.html", "\ntip\n"},
        {"html/page.html", "next\xc3\xa9\n"},
        {"html/page.html", "\nline & moremail\n"},
        {"html/page.html", "m@example.org"},
        {"html/page.html", "author: Meta Author"},
        {"html/page.html", "in script"},
        {"html/page.html", "a comment"},
        {"html/page.html", "[table][1,1]Nom"},
        {"html/page.html", "[1,2]NISS"},
        {"html/page.html", "[2,3]3rd"},
        {"html/page.html", "picture text"},
        {"html/page.html", "niss: field value"},
        {"html/wrapped.html", "Compte BE68 5390 0754 7034 ouvert"},
        {"html/wrapped.html", "first\nsecond"},
        {"html/zone.html", "\nIDBEL590000120<8971<<<<<<<<<<\n8507305F3001064BEL850730976122\n"
                           "LEFEVRE<<ANNE<<<<<<<<<<<<<<<<<\n"},
        {"html/wide.html", "wide \xc3\xa9 85.07.30\n"},
        {"xml/export.xml", "niss=\"85.07.30-977.85\">"},
        {"xml/export.xml", "<nom>Lef\xc3\xa8vre   & co\n"},
        {"xml/export.xml", "[record]\n<personne>"},
        {"xml/export.xml", "remark"},
        {"xml/export.xml", "in cdata"},
        {"xml/export.xml", "entity value"},
        {"xml/bomb.xml", " end\n"},
        {"xml/outside.xml", "<l>a b\n"},
        {"xml/phones.xml", "<r>[record]\n<p>\n<nom>A\n"},
        {"xml/signed.xml", "Issuer: Citizen CA\n"},
        {"xml/signed.xml", "serialNumber: 62010198107\n"},
        {"xml/signed.xml", "<X509Certificate>\nMII"},
        {"xml/phones.xml", "<tel>1\n\n<tel>2\n\n[record]\n<p>"},
        {"xml/deeper.xml", "<personnes>[record]\n<personne"},
        {"xml/excel-2003.xml", "[table][1,1]Nom[1,2]NISS[2,1]Anne[2,2]85073097754[4,3]far[4,6]"},
        {"xml/excel-2003.xml", "HRef=\"mailto:anne@example.org\" mail"},
        {"xml/excel-2003.xml", "Author remark[/table]"},
        {"html/rowspan.html", "[table head][1,1]Nom"},
        {"html/terms.html", "\nNom: Dupont\n"},
        {"html/terms.html", "\nNISS : 85073097754\n"},
        {"html/terms.html", "\nAlone\nno value\nTwo\n\nLast: one\n\ntwo\n"},
        {"html/rowspan.html", "[2,1]Lef\xc3\xa8vre\t[2,2]Anne\t[2,3]85073097754\n"},
        {"html/rowspan.html", "[3,2]Jan\t[3,3]62010198107\n"},
        {"html/rowspan.html", "[4,1]D\t[4,3]x"},
        {"html/rowspan.html", "[5,3]y"},
        {"xml/broken.xml", "<a>first\n"},
        {"xml/broken.xml", "<b c=d>second</b> & <e>third</d>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct recording r;

        read_sample(texts[i].name, &r);
        if (!recording_has(&r.text, texts[i].text))
            fail_msg("%s: \"%s\" is not there", texts[i].name, texts[i].text);
        assert_true(r.text.len < 4096);
        assert_false(recording_has(&r.text, "root:"));
        recording_release(&r);
    }
}

/* Repeats a piece between a start and an end, and reads it. */
static void read_made(const char *name, const char *start, const char *piece, size_t times,
                      const char *end, struct recording *r)
{
    AUTO_BUF struct buf bytes;

    buf_init(&bytes, 128 << 20);
    buf_add_text(&bytes, start);
    for (size_t i = 0; i < times; i++)
        buf_add_text(&bytes, piece);
    assert_true(buf_add_text(&bytes, end));
    recording_init(r);
    recording_run(r, name, buf_span(&bytes));
    assert_string_equal(r->ledger.at, ": read\n");
}

static void test_shapes_made_to_hurt(void **state)
{
    static const struct {
        const char *name, *start, *piece, *end;
        size_t times;
    } shapes[] = {
        {"deep.html", "<html><body>", "<div>", "found", 300000},
        {"inline.html", "<html><body>", "<b>", "found", 100000},
        {"table.html", "<html><body>", "<table><tr><td>", "found", 20000},
        {"deep.xml", "<?xml version=\"1.0\"?>", "<a>", "found", 300000},
        {"comment.xml", "<?xml version=\"1.0\"?><!--", "aaaaaaaaaaaaaaaa", "found", 700000},
        {"hyphens.xml", "<?xml version=\"1.0\"?><a>", "<!--", "found", 1000000},
        {"attributes.xml", "<?xml version=\"1.0\"?><a", " a='b'", "found", 100000},
        {"value.html", "<html><p title='", "aaaaaaaaaaaaaaaa", "found", 700000},
        {"text.xml", "<?xml version=\"1.0\"?><a>", "aaaaaaaaaaaaaaaa", "found</a>", 700000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct recording r;

        read_made(shapes[i].name, shapes[i].start, shapes[i].piece, shapes[i].times, shapes[i].end,
                  &r);
        if (!recording_has(&r.text, "found"))
            fail_msg("%s: the end is lost", shapes[i].name);
        recording_release(&r);
    }
}

/* Cut anywhere: what stands in front of the cut is given. */
static void test_cut_anywhere(void **state)
{
    static const char xml[] = "<?xml version=\"1.0\"?><d><a b=\"one\">two</a><!--three--></d>";

    (void)state;
    for (size_t cut = 30; cut < sizeof xml - 1; cut++) {
        struct recording r;

        recording_init(&r);
        recording_run(&r, "x.xml", (struct span){xml, cut});
        assert_string_equal(r.ledger.at, ": read\n");
        if (cut >= strlen("<?xml version=\"1.0\"?><d><a b=\"one"))
            assert_true(recording_has(&r.text, "one"));
        if (cut >= strlen("<?xml version=\"1.0\"?><d><a b=\"one\">two"))
            assert_true(recording_has(&r.text, "two"));
        if (cut >= strlen("<?xml version=\"1.0\"?><d><a b=\"one\">two</a><!--three"))
            assert_true(recording_has(&r.text, "three"));
        recording_release(&r);
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
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_shapes_made_to_hurt),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
