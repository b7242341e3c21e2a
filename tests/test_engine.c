/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
#include "tests/engine_document.h"

/* --- one document with everything, however it is cut ---------------------------------------- */

static const char everything[] =
    "Dossier van de cli\xC3\xABnt, rijksregisternummer 85.07.30-997.34, geboren 30/07/1985.\n"
    "N\xC2\xB0 national : 85073099734 ; t\xC3\xA9l. +32 470 12 34 56, e-mail jan@voorbeeld.be\n"
    "IBAN BE68 5390 0754 7034 en be68539007547034.\004Kaart 591-1917064-58\n"
    "2024-05-12 85073099734 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n"
    "IDBEL000001115<7027<<<<<<<<<<<\n9502286F3001064BEL950228998747\nDUPONT<<MARIE<<<<<<<<<<<<<<<<<"
    "\n"
    "\003carte VISA 4111 1111 1111 1111, +++010/8068/17183+++ a@a@a@a.be\n"
    "\002Naam\001Rijksregisternummer\002Jan\00185073099734\002An\00185073099734\n";

static void test_cuts(void **state)
{
    struct span text = SPAN(everything);
    struct how how = {.occurrences = true, .whole = true};
    char *whole = findings_of(text, how, NULL);

    (void)state;
    assert_non_null(strstr(whole, "be-nrn 85073099734"));
    assert_non_null(strstr(whole, "iban BE68539007547034"));
    assert_non_null(strstr(whole, "mrz "));
    for (how.step = 1; how.step < 70; how.step++) {
        char *cut = findings_of(text, how, NULL);

        assert_string_equal(cut, whole);
        free(cut);
    }
    free(whole);
}

/* The same text at every offset against the ends of a small window. */
static void test_windows(void **state)
{
    size_t fill = 9000, len = fill * 2 + sizeof(everything);
    char *text = malloc(len);
    uint32_t random = 12345;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i++) {
        random = random * 1664525 + 1013904223;
        text[i] = "0123456789 .-/ab<\n"[(random >> 16) % 18];
    }
    memcpy(text + fill, everything, sizeof(everything) - 1);
    for (unsigned shift = 0; shift < 130; shift += 7) {
        struct span part = {text + shift, len - shift};
        struct how how = {.occurrences = true, .whole = true};
        char *whole = findings_of(part, how, NULL);

        for (how.window = 64; how.window < 9000; how.window = how.window * 3 + 11) {
            char *cut = findings_of(part, how, NULL);

            assert_string_equal(cut, whole);
            free(cut);
        }
        how.step = 1 + shift;
        how.window = 700;
        {
            char *cut = findings_of(part, how, NULL);

            assert_string_equal(cut, whole);
            free(cut);
        }
        free(whole);
    }
    free(text);
}

/* Documents of pieces that anchors, words, cells and marks are made of, in any order: the same
 * findings with every cut, window and classification. */
static void test_random(void **state)
{
    static const char *const pieces[] = {
        "85073099734",
        "85.07.30-997.34",
        "BE68 5390 0754 7034",
        "a@b.be",
        "<<",
        "@",
        "nrn",
        "\"nrn\": \"",
        "rijksregisternummer",
        ";",
        "\"",
        "\n",
        "\r\n",
        " ",
        "-",
        ".",
        ",",
        "1",
        "12",
        "\xC2\xA0",
        "\xE2\x80",
        "\xC3\xA9",
        "tel",
        "591191706458",
        "+32 470 12 34",
        "factuur",
        "4111 1111 1111 1111",
        "P<BEL",
        "(",
        "<nrn>",
        "\001",
        "\002",
        "\003",
        "\004",
        "=",
        ":",
        ("IDBEL000001115<7027<<<<<<<<<<<\n9502286F3001064BEL950228998747\nDUPONT<<MARIE<<<<<<<<<<<"
         "<<<<<<\n")};
    enum { PIECES = sizeof(pieces) / sizeof(*pieces) };
    uint32_t random = 1;

    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        char *text = NULL;
        size_t len = 0, cap = 0;
        struct how how = {.origin = (enum text_origin)(round % 4),
                          .delimiter = round % 3 ? 0 : ';',
                          .occurrences = true,
                          .whole = true};
        char *whole;

        for (unsigned i = 0; i < 1500; i++) {
            const char *piece;

            random = random * 1664525 + 1013904223;
            piece = pieces[(random >> 12) % PIECES];
            assert_true(grow(&text, &cap, len + strlen(piece), 1));
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        whole = findings_of((struct span){text, len}, how, NULL);
        for (unsigned k = 0; k < 4; k++) {
            char *cut;

            how.step = (size_t)k * 13 + (k > 1);
            how.window = k ? k * 1500 : 100;
            how.classify = k & 1 ? classify_portable : NULL;
            cut = findings_of((struct span){text, len}, how, NULL);
            assert_string_equal(cut, whole);
            free(cut);
        }
        free(whole);
        free(text);
    }
}

static void test_classify(void **state)
{
    classify_fn *others[] = {classify_sse2(), classify_avx2()};
    char text[BLOCK * 8];
    struct block want[8], got[8];

    (void)state;
    for (unsigned round = 0; round < 64; round++) {
        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = (char)(i * 7 + round * 31 + i / 256);
        classify_portable(text, 8, want);
        for (size_t i = 0; i < sizeof(text); i += BLOCK) {
            struct spelling spelled, expected;

            spelling_portable(text + i, &expected);
            spelling_of(text + i, &spelled);
            assert_memory_equal(&spelled, &expected, sizeof(expected));
            assert_int_equal(signs_of(text + i, ';', '"', '\n'),
                             signs_portable(text + i, ';', '"', '\n'));
        }
        for (unsigned k = 0; k < 2; k++)
            if (others[k]) {
                memset(got, 0xAA, sizeof(got));
                others[k](text, 8, got);
                assert_memory_equal(got, want, sizeof(want));
            }
    }
    for (unsigned k = 0; k < 2; k++)
        if (others[k]) {
            char *one = findings_of(SPAN(everything), (struct how){.classify = others[k]}, NULL);
            char *two =
                findings_of(SPAN(everything), (struct how){.classify = classify_portable}, NULL);

            assert_string_equal(one, two);
            free(one);
            free(two);
        }
}

/* --- words ---------------------------------------------------------------------------------- */

static void test_words(void **state)
{
    static const char *const strong[] = {
        "num\xC3\xA9ro national 85073099734",
        "NUM\xC3\x89RO NATIONAL: 85073099734",
        "num\xE9ro national 85073099734", /* Latin-1 */
        "nume\xC2\xADro na\xC2\xADtional 85073099734",
        "n\xC2\xB0 national : 85073099734",
        "{\"nrn\": \"85073099734\"}",
        "{\"nationalNumber\":85073099734}",
        "<ns:nrn>85073099734</ns:nrn>",
        "<nrn type=\"x\">85073099734",
        "nrn=85073099734",
        "national_number='85073099734'",
        "Rijksregister-\nnummer: 85.07.30 99734",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(strong) / sizeof(*strong); i++)
        CONFIDENCE(strong[i], plain, "be-nrn", "high");
    /* alone; in a longer word; a key name that stands in running text */
    CONFIDENCE("zaak 85073099734", plain, "be-nrn", "low");
    CONFIDENCE("zxinszx 85073099734", plain, "be-nrn", "low");
    CONFIDENCE("rr de 85073099734", plain, "be-nrn", "low");
    CONFIDENCE("factuur 85073099734", plain, "be-nrn", "low");
}

/* --- one span, one finding ------------------------------------------------------------------ */

static void test_spans(void **state)
{
    (void)state;
    /* a mobile number that reads as a bis number */
    CONFIDENCE("gsm 32470123456", plain, "be-nrn", "absent");
    /* account or card: the nearest word */
    CONFIDENCE("rekening 591191706458", plain, "be-bban", "high");
    CONFIDENCE("rekening 591191706458", plain, "be-eid-card", "absent");
    CONFIDENCE("identiteitskaart 591191706458", plain, "be-eid-card", "high");
    CONFIDENCE("identiteitskaart 591191706458", plain, "be-bban", "absent");
    CONFIDENCE("zie 591191706458", plain, "be-eid-card", "low");
    /* in slashes it is a payment reference */
    expect("+++010/8068/17183+++", plain, "");
    /* one structure: the zone, and what it holds once */
    expect("IDBEL000001115<7027<<<<<<<<<<<\n9502286F3001064BEL950228998747\n"
           "DUPONT<<MARIE<<<<<<<<<<<<<<<<<\n",
           (struct how){.occurrences = true},
           "@mrz 0+92\nmrz BEL|000001115702|950228 high n=1 0:1:0 r0 e1\n"
           "be-nrn 95022899874 high n=1 0:1:0 r0 e800\n"
           "birth-date 19950228 high n=1 0:1:0 r0 e800\n"
           "person-name DUPONT MARIE high n=1 0:1:0 r0 e800\n");
    /* nothing joins over a cell, a break or a line */
    CONFIDENCE("85.07.30\n997.31", plain, "be-nrn", "absent");
    CONFIDENCE("85.07.30-\004997.31", plain, "be-nrn", "absent");
    CONFIDENCE("\002850730\00199734", plain, "be-nrn", "absent");
    /* a date and a number in one run; a list */
    CONFIDENCE("2024-05-12 85073099734", plain, "be-nrn 85073099734", "low");
    CONFIDENCE("INSZ\n85073099734,85073099734", plain, "be-nrn 85073099734", "high");
    CONFIDENCE("INSZ: 85073099734,95022899874", plain, "be-nrn 85073099734", "high");
    CONFIDENCE("INSZ: 85073099734,95022899874", plain, "be-nrn 95022899874", "high");
    CONFIDENCE("INSZ: 85073099734,95", plain, "be-nrn", "absent");
    CONFIDENCE("INSZ: 95,85073099734", plain, "be-nrn", "absent");
    CONFIDENCE("Nr. 85.07.30-997.34.", plain, "be-nrn", "high");
    /* thirteen digits that begin like a Belgian telephone number */
    CONFIDENCE("zie 0032470123456", plain, "phone", "low");
    CONFIDENCE("gsm\n\n\n0032470123456", plain, "phone", "medium");
    CONFIDENCE("gsm\n\n0032470123456", plain, "phone", "high");
    CONFIDENCE("gsm: 0032470123456", plain, "phone", "high");
    CONFIDENCE("1185073099734", plain, "be-nrn", "absent");
}

/* --- tables --------------------------------------------------------------------------------- */

static void test_delimited(void **state)
{
    struct how how = {.delimiter = ';'};

    (void)state;
    expect("naam;rijksregisternummer\n\"A; \"\"B\"\"\nC\";85073099734\nD;\"85073099734\"\n", how,
           "be-nrn 85073099734 high n=2 2:2:2 r1 e14\n");
    /* the zero that a spreadsheet took away, in that column only */
    CONFIDENCE("naam;insz\nA;1020399803\n", how, "be-nrn", "absent");
    CONFIDENCE("naam;insz\nA;1010199797\n", how, "be-nrn 01010199797", "high");
    CONFIDENCE("naam;ordre\nA;1010199797\n", how, "be-nrn 01010199797", "absent");
    /* the header of one column says nothing of another */
    CONFIDENCE("insz;x\n;85073099734\n", how, "be-nrn", "low");
}

static void test_cells(void **state)
{
    (void)state;
    expect("\002Lijst\002Kleur\001INSZ\002rood\00185073099734", plain,
           "be-nrn 85073099734 high n=1 3:3:2 r3 e14\n");
    /* a form: the label in the cell before */
    CONFIDENCE("\002Rijksregisternummer\00185073099734", plain, "be-nrn", "high");
    CONFIDENCE("\002Rijksregisternummer\001a\00185073099734", plain, "be-nrn", "low");
}

static char *column_of(const char *header, unsigned rows, unsigned passing)
{
    char *text = malloc(64 + (size_t)rows * 16);
    size_t n;

    assert_non_null(text);
    n = (size_t)sprintf(text, "a;%s\n", header);
    for (unsigned i = 0; i < rows; i++) {
        /* invented: born on the i-th day, serial 977; most with a check that is wrong by one */
        unsigned long base = (850000000UL + (1 + i / 28 % 12) * 100000UL + (1 + i % 28) * 1000UL +
                              977 - i / 336 * 2);
        unsigned long check = 97 - base % 97;

        if (i >= passing)
            check = check % 97 + 1;
        n += (size_t)sprintf(text + n, "x;%09lu%02lu\n", base, check);
    }
    return text;
}

static void test_rates(void **state)
{
    struct how how = {.delimiter = ';'};
    char *text;

    (void)state;
    text = column_of("b", 8, 8); /* nothing but numbers that pass */
    CONFIDENCE(text, how, "be-nrn", "high");
    free(text);
    text = column_of("b", 300, 3); /* no more than chance gives */
    CONFIDENCE(text, how, "be-nrn", "absent");
    free(text);
    text = column_of("factuur", 100, 3);
    CONFIDENCE(text, how, "be-nrn", "absent");
    free(text);
    text = column_of("insz", 300, 3); /* the header wins */
    CONFIDENCE(text, how, "be-nrn", "high");
    free(text);
    text = column_of("b", 300, 3); /* lines of a text */
    for (char *at = text; (at = strchr(at, ';')); at++)
        *at = ' ';
    assert_string_not_equal(confidence_of(text, plain, "be-nrn"), "high");
    assert_string_not_equal(confidence_of(text, plain, "be-nrn"), "medium");
    free(text);
}

/* --- origins, places, summary --------------------------------------------------------------- */

static void test_origins(void **state)
{
    struct how name = {.origin = ORIGIN_NAME, .occurrences = true};
    struct text_summary summary;
    char *got;

    (void)state;
    CONFIDENCE("INSZ 85.07.30-997.34", (struct how){.origin = ORIGIN_RAW}, "be-nrn", "medium");
    /* read from a picture: the check digits and a word prove it together */
    CONFIDENCE("INSZ 85.07.30-997.34", (struct how){.origin = ORIGIN_OCR}, "be-nrn", "high");
    CONFIDENCE("85.07.30-997.34", (struct how){.origin = ORIGIN_OCR}, "be-nrn", "medium");
    CONFIDENCE("e-mail: jan@voorbeeld.be", (struct how){.origin = ORIGIN_OCR}, "email", "medium");
    /* no check digit, nothing around it */
    CONFIDENCE("jan@voorbeeld.be", (struct how){.origin = ORIGIN_RAW}, "email", "low");
    CONFIDENCE("e-mail: jan@voorbeeld.be", (struct how){.origin = ORIGIN_RAW}, "email", "medium");
    expect("JAN 85.07.30-997.34.pdf", name,
           "@be-nrn 4+15\nbe-nrn 85073099734 high n=1 6:0:0 r0 e1\n");
    expect("a\n\0038.1\n\00385.07.30-997.34", plain, "be-nrn 85073099734 high n=1 1:2:0 r2 e1\n");
    got = findings_of(SPAN("a\nb 85.07.30-997.34 85.07.30-997.35"), plain, &summary);
    assert_string_equal(got, "be-nrn 85073099734 high n=1 0:2:0 r0 e1\n");
    assert_int_equal(summary.kinds[detector_by_kind("be-nrn")].passed, 1);
    assert_int_equal(summary.records, 1);
    assert_int_equal(summary.unit, PLACE_LINE);
    free(got);
}

static void test_digest(void **state)
{
    char digest[33];

    (void)state;
    engine_rules_digest(digest);
    assert_int_equal(strspn(digest, "0123456789abcdef"), 32);
    for (unsigned bit = 0; bit < 22; bit++)
        assert_non_null(evidence_name((enum evidence)(1u << bit)));
    assert_int_equal(detector_by_kind("no-such-kind"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classify), cmocka_unit_test(test_words),
        cmocka_unit_test(test_spans),    cmocka_unit_test(test_delimited),
        cmocka_unit_test(test_cells),    cmocka_unit_test(test_rates),
        cmocka_unit_test(test_origins),  cmocka_unit_test(test_digest),
        cmocka_unit_test(test_cuts),     cmocka_unit_test(test_windows),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
