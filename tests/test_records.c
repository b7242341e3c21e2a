/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/* Fields, pieces of a value, names beside numbers, categories: what stands together. */
#include "tests/engine_document.h"

/* The findings of one kind: "value confidence records evidence" each, a line feed between. */
static char *of_kind(const char *text, struct how how, const char *kind)
{
    char *all, *ret = calloc(1, 1 << 16);
    size_t n = 0;

    assert_non_null(ret);
    how.whole = true;
    all = findings_of(span_of(text), how, NULL);
    for (char *line = all; *line;) {
        char *end = strchr(line, '\n');

        assert_non_null(end);
        if (strncmp(line, kind, strlen(kind)) == 0 && line[strlen(kind)] == ' ') {
            memcpy(ret + n, line + strlen(kind) + 1, (size_t)(end + 1 - line) - strlen(kind) - 1);
            n += (size_t)(end + 1 - line) - strlen(kind) - 1;
        }
        line = end + 1;
    }
    free(all);
    return ret;
}

struct seen {
    const char *kind, *value;
    struct finding finding;
    bool found;
};

static void on_seen(void *ctx, const struct finding *f)
{
    struct seen *s = ctx;

    if (strcmp(detectors[f->kind]->kind, s->kind) != 0 || !span_equal(f->value, span_of(s->value)))
        return;
    s->finding = *f;
    s->found = true;
}

/* That finding of the document; kind -1 when there is none. */
static struct finding seen(const char *text, char delimiter, const char *kind, const char *value)
{
    struct seen s = {.kind = kind, .value = value};
    struct engine_sink sink = {&s, on_seen, NULL};
    struct engine *e = engine_new(TODAY);
    struct table_shape shape = {delimiter, '"', true};
    uint64_t row = 0, page = 0;
    uint32_t cell = 0;

    assert_non_null(e);
    engine_begin(e, ORIGIN_TEXT, &sink);
    if (delimiter)
        engine_table(e, &shape);
    push(e, span_of(text), 0, &row, &cell, &page);
    engine_end(e, NULL);
    engine_free(e);
    if (!s.found)
        s.finding = (struct finding){.kind = UINT_MAX};
    return s.finding;
}

static void is_found(const char *text, char delimiter, const char *kind, const char *value)
{
    if (seen(text, delimiter, kind, value).kind == UINT_MAX) {
        char *got = findings_of(span_of(text), (struct how){.delimiter = delimiter}, NULL);

        print_error("in: %s\nnot found: %s %s\nbut:\n%s", text, kind, value, got);
        free(got);
        fail();
    }
}

static void is_absent(const char *text, char delimiter, const char *kind)
{
    char *got = of_kind(text, (struct how){.delimiter = delimiter}, kind);

    assert_string_equal(got, "");
    free(got);
}

/* --- fields ----------------------------------------------------------------------------------- */

static void test_labels(void **state)
{
    static const char *const texts[] = {
        "Date de naissance : 12/03/1980",
        "Date de naissance : 12/03/1980   Lieu : Ath",
        "Lieu : Ath Date de naissance : 12/03/1980 Sexe : M",
        "Date de naissance ........ : ______ 12/03/1980",
        "Date de naissance :\n12/03/1980\n",
        "Date de naissance\t12/03/1980\tAth",
        "GEBURTSDATUM: 12.03.1980; Ort: Eupen",
        "{\"geboortedatum\": \"12/03/1980\", \"x\": 1}",
        "{\"dateOfBirth\":[\"12/03/1980\"]}",
        "<dateOfBirth>12/03/1980</dateOfBirth>",
        "<ns:geboortedatum type=\"x\">\n 12/03/1980\n</ns:geboortedatum>",
        "<geboortedatum>12/03/1980\004<x>1",
        "geboortedatum=12/03/1980&x=1",
        "x=1 geboortedatum=12/03/1980 y=2",
        "'geboortedatum' => '12/03/1980',",
        "\002Date de naissance\00112/03/1980\002Lieu\001Ath",
        "\002Naam\001Geboortedatum\002X\00112/03/1980",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        is_found(texts[i], 0, "birth-date", "19800312");
    is_found("naam;geboortedatum\nA;12/03/1980\n", ';', "birth-date", "19800312");
    is_found("naam;geboortedatum\n\"A;\nB\";\"12/03/1980\"\n", ';', "birth-date", "19800312");
    is_found("naam\tgeboortedatum\nA\t12/03/1980\n", '\t', "birth-date", "19800312");
    /* of another column, of another field, no field at all */
    is_absent("naam;geboortedatum\n12/03/1980;A\n", ';', "birth-date");
    is_absent("{\"nom\": \"\", \"x\": \"Jean Dupont\"}", 0, "person-name");
    is_absent("<nom></nom><x>Jean Dupont</x>", 0, "person-name");
    is_absent("Factuur : 12/03/1980", 0, "birth-date");
}

static void test_evidence(void **state)
{
    struct finding f = seen("Date de naissance : 12/03/1980", 0, "birth-date", "19800312");
    const struct detector *d = detectors[f.kind];
    unsigned words = 0;

    (void)state;
    assert_true(f.evidence & EVIDENCE_FIELD);
    assert_true(f.evidence & EVIDENCE_WORD_STRONG);
    /* the word that spoke for it */
    while (d->words && d->words[words])
        words++;
    assert_in_range(f.word, 1, words + 1000);
    assert_memory_equal(f.word <= words ? d->words[f.word - 1] : d->keys[f.word - words - 1],
                        "date", 4);
    f = seen("naam;geboortedatum\nA;12/03/1980\n", ';', "birth-date", "19800312");
    assert_true(f.evidence & EVIDENCE_FIELD);
    assert_true(f.evidence & EVIDENCE_HEADER);
    f = seen("naam;insz\nA;1010199797\n", ';', "be-nrn", "01010199797");
    assert_true(f.evidence & EVIDENCE_RESTORED_ZERO);
    f = seen("zie rijksregisternummer, of 85073099734", 0, "be-nrn", "85073099734");
    assert_int_equal(f.word_distance, 5);
    assert_int_not_equal(f.word, 0);
    assert_int_equal(f.word_against, 0);
    f = seen("zie factuur 85073099734", 0, "be-nrn", "85073099734");
    assert_int_not_equal(f.word_against, 0);
    assert_true(f.evidence & EVIDENCE_AGAINST);
}

static void test_headers(void **state)
{
    (void)state;
    /* a title above it, nothing but names below it */
    is_found("\002Lijst van cli\xC3\xABnten\002Naam\001Geboortedatum\001Voornaam\002Peeters\001"
             "x\001Jan\002Janssens\001x\001An",
             0, "person-name", "JAN PEETERS");
    is_found("\002Lijst van cli\xC3\xABnten\002Naam\001Geboortedatum\001Voornaam\002Peeters\001"
             "x\001Jan\002Janssens\001x\001An",
             0, "person-name", "AN JANSSENS");
    /* a form of four columns: labels below labels */
    is_found("\002Nom\001Dupont\001Pr\xC3\xA9nom\001Jean\002Pr\xC3\xA9nom usuel\001Luc\001Date de "
             "naissance\00112/03/1980",
             0, "birth-date", "19800312");
    /* a form as delimited text; below the name of a kind stand values that name one, too */
    is_found("Nom;Dupont\nPr\xC3\xA9nom;Jean\nNISS;85073099734\n", ';', "person-name", "DUPONT");
    is_found("\002Document d'identit\xC3\xA9\001Nom\001Remarque\002Passeport\001Dupont\001x\002"
             "Passeport\001Peeters\001y",
             0, "person-name", "PEETERS");
    /* the header itself is no value */
    is_absent("\002Nom\001Adresse\002\001", 0, "person-name");
}

static void test_phone_column(void **state)
{
    char *text = malloc(1 << 20);
    size_t n;

    (void)state;
    assert_non_null(text);
    for (unsigned header = 0; header < 3; header++) {
        static const char *const headers[] = {"naam;phone\n", "a;b\n", ""};
        uint32_t random = 7;

        n = (size_t)sprintf(text, "%s", headers[header]);
        for (unsigned i = 0; i < 10000; i++) {
            random = random * 1664525 + 1013904223;
            n += (size_t)sprintf(text + n, "%s324%08u\n", header < 2 ? "x;" : "",
                                 random % 100000000);
        }
        is_absent(text, header < 2 ? ';' : 0, "be-nrn");
    }
    free(text);
}

/* Lines of random digits: nothing of medium confidence or better, of any kind. */
static void test_random_digits(void **state)
{
    enum { BYTES = 1 << 19 };
    char *text = malloc(BYTES + 64);
    uint64_t random = 99;

    (void)state;
    assert_non_null(text);
    for (unsigned lengths = 0; lengths < 4; lengths++) {
        static const unsigned fixed[] = {11, 12, 16, 0};
        size_t n = 0;
        char *got;

        while (n < BYTES) {
            unsigned len = fixed[lengths] ? fixed[lengths] : 6 + (unsigned)(random >> 40) % 20;

            for (unsigned i = 0; i < len; i++) {
                random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
                text[n++] = (char)('0' + (random >> 33) % 10);
            }
            text[n++] = '\n';
        }
        got = findings_of((struct span){text, n}, plain, NULL);
        assert_null(strstr(got, " high n="));
        assert_null(strstr(got, " medium n="));
        free(got);
    }
    free(text);
}

/* --- pieces -------------------------------------------------------------------------------------
 */

static void test_pieces(void **state)
{
    struct finding f =
        seen("Nom : DUPONT\nPr\xC3\xA9nom : Jean\n", 0, "person-name", "DUPONT JEAN");

    (void)state;
    assert_int_not_equal(f.kind, UINT_MAX);
    assert_true(f.evidence & EVIDENCE_JOINED);
    assert_true(f.evidence & EVIDENCE_FIELD);
    assert_int_equal(f.count, 1);
    is_found("Nom : DUPONT\n\nPr\xC3\xA9nom : Jean\n", 0, "person-name", "DUPONT JEAN");
    is_found("{\"nom\": \"Dupont\", \"prenom\": \"Jean\"}", 0, "person-name", "DUPONT JEAN");
    is_found("<nom>Dupont</nom><prenom>Jean</prenom>", 0, "person-name", "DUPONT JEAN");
    /* one record each */
    f = seen("voornaam;x;naam\nJan;1;Peeters\nAn;2;Janssens\nJan;3;Peeters\n", ';', "person-name",
             "JAN PEETERS");
    assert_int_equal(f.count, 2);
    assert_int_equal(f.n_records, 2);
    assert_int_equal(f.records[0], 1);
    assert_int_equal(f.records[1], 3);
    is_found(
        "\005{\"nom\":\"Dupont\",\"prenom\":\"Jean\"}\005{\"nom\":\"Durand\",\"prenom\":\"Luc\"}",
        0, "person-name", "DUPONT JEAN");
    is_found(
        "\005{\"nom\":\"Dupont\",\"prenom\":\"Jean\"}\005{\"nom\":\"Durand\",\"prenom\":\"Luc\"}",
        0, "person-name", "DURAND LUC");
    /* "No", "Nr", "Bus" beside a street */
    is_found("Rue;N\xC2\xB0;Bte;CP;Localit\xC3\xA9\nRue Haute;12;3;1000;Bruxelles\n"
             "Rue Haute;14;;1000;Bruxelles\n",
             ';', "address", "RUE HAUTE 12 BTE 3 1000 BRUXELLES");
    is_found("naam;straat;nr.;bus;postcode;gemeente\nx;Kerkstraat;12;4;2000;Antwerpen\n", ';',
             "address", "KERKSTRAAT 12 BTE 4 2000 ANTWERPEN");
    f = seen("straat,#,postcode,gemeente\nKerkstraat,12,2000,Antwerpen\n"
             "Kerkstraat,14,2000,Antwerpen\n",
             ',', "address", "KERKSTRAAT 14 2000 ANTWERPEN");
    assert_int_equal(f.count, 1);
    is_found("\002Nom\001Num\001Rue\001CP\001Ville\002x\00112\001Rue Haute\0011000\001Bruxelles", 0,
             "address", "RUE HAUTE 12 1000 BRUXELLES");
    is_found("{\"street\": \"Kerkstraat\", \"nr\": \"12\", \"bus\": \"3\", \"zip\": 2000, "
             "\"city\": \"Antwerpen\"}",
             0, "address", "KERKSTRAAT 12 BTE 3 2000 ANTWERPEN");
    is_found("<street>Kerkstraat</street><no>12</no><zip>2000</zip><city>Antwerpen</city>", 0,
             "address", "KERKSTRAAT 12 2000 ANTWERPEN");
    /* ... not the number of the row */
    is_found("N\xC2\xB0;Rue;N\xC2\xB0;CP;Ville\n1;Rue Haute;12;1000;Bruxelles\n", ';', "address",
             "RUE HAUTE 12 1000 BRUXELLES");
    is_found("Nom;N\xC2\xB0;Rue;CP;Ville\nx;1;Rue Haute 12;1000;Bruxelles\n", ';', "address",
             "RUE HAUTE 12 1000 BRUXELLES");
    is_found("no;rue;cp;ville\n1;Rue Haute 12;1000;Bruxelles\n", ';', "address",
             "RUE HAUTE 12 1000 BRUXELLES");
    /* not over the border of a record */
    assert_int_equal(
        seen("\005{\"nom\":\"Dupont\"}\005{\"prenom\":\"Jean\"}", 0, "person-name", "DUPONT JEAN")
            .kind,
        UINT_MAX);
    /* a piece that comes again begins another value */
    is_found("Nom : DUPONT\nPr\xC3\xA9nom : Jean\nNom : DURAND\nPr\xC3\xA9nom : Luc\n", 0,
             "person-name", "DURAND LUC");
}

static void test_beside(void **state)
{
    struct finding f = seen("Jean Dupont 85.07.30-997.34", 0, "person-name", "DUPONT JEAN");

    (void)state;
    assert_int_not_equal(f.kind, UINT_MAX);
    assert_true(f.evidence & EVIDENCE_BESIDE);
    /* not in another line; not without a number that is believed */
    assert_int_equal(seen("Jean Dupont\n85.07.30-997.34", 0, "person-name", "DUPONT JEAN").kind,
                     UINT_MAX);
    assert_int_equal(seen("Jean Dupont 85.07.30-997.35", 0, "person-name", "DUPONT JEAN").kind,
                     UINT_MAX);
    /* each of a row has its own, and once */
    f = seen("Jean Dupont 85.07.30-997.34 Luc Durand 95.02.28-998.74", 0, "person-name",
             "DUPONT JEAN");
    assert_int_equal(f.count, 1);
    f = seen("Jean Dupont 85.07.30-997.34 Luc Durand 95.02.28-998.74", 0, "person-name",
             "DURAND LUC");
    assert_int_equal(f.count, 1);
}

/* --- records, paragraphs ------------------------------------------------------------------------
 */

static void test_records(void **state)
{
    char text[4096];
    size_t n = (size_t)sprintf(text, "insz;x\n");
    struct finding f;

    (void)state;
    for (unsigned i = 0; i < 12; i++)
        n += (size_t)sprintf(text + n, "85073099734;85073099734\n95022899874;%u\n", i);
    f = seen(text, ';', "be-nrn", "85073099734");
    assert_int_equal(f.count, 24);
    assert_int_equal(f.n_records, ENGINE_RECORDS_MAX);
    for (unsigned i = 0; i < ENGINE_RECORDS_MAX; i++)
        assert_int_equal(f.records[i], 1 + 2 * i);
    f = seen(text, ';', "be-nrn", "95022899874");
    assert_int_equal(f.records[1], 4);
    assert_int_equal(f.line, 0);
    assert_int_equal(f.paragraph, 0);

    f = seen("a\nb\n\n\n \t\nc 85.07.30-997.34\r\n\r\nd 85.07.30-997.34", 0, "be-nrn",
             "85073099734");
    assert_int_equal(f.line, 6);
    assert_int_equal(f.paragraph, 2);
    f = seen("a\r\nb\r\n\r\nc\n\nd 85.07.30-997.34", 0, "be-nrn", "85073099734");
    assert_int_equal(f.line, 6);
    assert_int_equal(f.paragraph, 3);
    f = seen("\003 85.07.30-997.34\003 x\003 85.07.30-997.34", 0, "be-nrn", "85073099734");
    assert_int_equal(f.n_records, 2);
    assert_int_equal(f.records[1], f.records[0] + 2);
}

/* --- categories
 * ----------------------------------------------------------------------------------- */

static unsigned category_bit(const char *kind)
{
    unsigned bit = 0;

    for (unsigned i = 0; i < detectors_count; i++) {
        if (strcmp(detectors[i]->kind, kind) == 0)
            return 1U << bit;
        bit += (detectors[i]->anchors & ANCHOR_TERM) != 0;
    }
    fail();
    return 0;
}

static void test_category_confidence(void **state)
{
    struct finding f;

    (void)state;
    f = seen("Un certificat m\xC3\xA9"
             "dical est demand\xC3\xA9.",
             0, "category:health", "certificat medical");
    assert_int_equal(f.confidence, CONFIDENCE_LOW);
    assert_false(f.evidence & (EVIDENCE_PERSON_HERE | EVIDENCE_PERSON_ELSEWHERE));
    f = seen("85.07.30-997.34\003certificat m\xC3\xA9"
             "dical",
             0, "category:health", "certificat medical");
    assert_int_equal(f.confidence, CONFIDENCE_MEDIUM);
    assert_true(f.evidence & EVIDENCE_PERSON_ELSEWHERE);
    f = seen("\003certificat m\xC3\xA9"
             "dical\003"
             "85.07.30-997.34",
             0, "category:health", "certificat medical");
    assert_int_equal(f.confidence, CONFIDENCE_MEDIUM);
    f = seen("certificat m\xC3\xA9"
             "dical de 85.07.30-997.34",
             0, "category:health", "certificat medical");
    assert_int_equal(f.confidence, CONFIDENCE_HIGH);
    assert_true(f.evidence & EVIDENCE_PERSON_HERE);
    /* a number that is not believed is no person */
    f = seen("certificat m\xC3\xA9"
             "dical 85073099734",
             0, "category:health", "certificat medical");
    assert_int_equal(f.confidence, CONFIDENCE_LOW);
}

static void test_category_of(void **state)
{
    const unsigned health = category_bit("category:health");
    struct finding f;

    (void)state;
    f = seen("insz;nota\n85073099734;certificat m\xC3\xA9"
             "dical\n95022899874;x\n85073099734;y\n",
             ';', "be-nrn", "85073099734");
    assert_true(f.categories & health);
    assert_true(f.categories_near & health);
    f = seen("insz;nota\n85073099734;certificat m\xC3\xA9"
             "dical\n95022899874;x\n",
             ';', "be-nrn", "95022899874");
    assert_false(f.categories & health);
    /* in a later record of the same number */
    f = seen("insz;nota\n85073099734;x\n95022899874;x\n85073099734;certificat m\xC3\xA9"
             "dical\n",
             ';', "be-nrn", "85073099734");
    assert_true(f.categories & health);
    /* a page: the same paragraph is near, another one is not when it is far */
    f = seen("85.07.30-997.34 a\nb\nc certificat m\xC3\xA9"
             "dical",
             0, "be-nrn", "85073099734");
    assert_true(f.categories & health);
    assert_true(f.categories_near & health);
    {
        char text[1024];

        snprintf(text, sizeof(text), "85.07.30-997.34\n\n%0400d\n\ncertificat medical", 0);
        f = seen(text, 0, "be-nrn", "85073099734");
        assert_true(f.categories & health);
        assert_false(f.categories_near & health);
        snprintf(text, sizeof(text), "certificat medical\n\n%0400d\n\n85.07.30-997.34", 0);
        f = seen(text, 0, "be-nrn", "85073099734");
        assert_true(f.categories & health);
        assert_false(f.categories_near & health);
        snprintf(text, sizeof(text), "certificat medical %0400d 85.07.30-997.34", 0);
        f = seen(text, 0, "be-nrn", "85073099734");
        assert_true(f.categories_near & health);
    }
    f = seen("certificat medical\n\n85.07.30-997.34", 0, "be-nrn", "85073099734");
    assert_true(f.categories_near & health);
    f = seen("85.07.30-997.34\n\ncertificat medical", 0, "be-nrn", "85073099734");
    assert_true(f.categories_near & health);
    f = seen("\003certificat medical\003"
             "85.07.30-997.34",
             0, "be-nrn", "85073099734");
    assert_false(f.categories & health);
}

static void test_category_columns(void **state)
{
    const unsigned health = category_bit("category:health");
    static const char table[] = "insz;certificat m\xC3\xA9"
                                "dical\n85073099734;oui\n95022899874;non\n"
                                "01010199797;\n";

    (void)state;
    assert_true(seen(table, ';', "be-nrn", "85073099734").categories & health);
    assert_false(seen(table, ';', "be-nrn", "95022899874").categories & health);
    assert_false(seen(table, ';', "be-nrn", "01010199797").categories & health);
    assert_int_equal(seen(table, ';', "category:health", "certificat medical").count, 2);
}

/* A weak term counts with another term of its category that is not weak. */
static void test_weak_terms(void **state)
{
    char far[2048];

    (void)state;
    is_absent("INAMI", 0, "category:health");
    is_absent("INAMI INAMI INAMI", 0, "category:health");
    is_found("INAMI, certificat m\xC3\xA9"
             "dical",
             0, "category:health", "inami");
    is_found("certificat m\xC3\xA9"
             "dical INAMI",
             0, "category:health", "inami");
    assert_true(seen("certificat m\xC3\xA9"
                     "dical INAMI",
                     0, "category:health", "inami")
                    .evidence &
                EVIDENCE_SECOND_TERM);
    is_found("INAMI\n\ncertificat m\xC3\xA9"
             "dical",
             0, "category:health", "inami");
    snprintf(far, sizeof(far), "INAMI\n\n%0400d\n\ncertificat medical", 0);
    assert_int_equal(seen(far, 0, "category:health", "inami").kind, UINT_MAX);
    snprintf(far, sizeof(far), "INAMI %0400d certificat medical", 0);
    is_found(far, 0, "category:health", "inami");
    assert_int_equal(seen("insz;nota\nINAMI;x\ny;certificat m\xC3\xA9"
                          "dical\n",
                          ';', "category:health", "inami")
                         .kind,
                     UINT_MAX);
    is_found("insz;nota\nINAMI;certificat m\xC3\xA9"
             "dical\n",
             ';', "category:health", "inami");
}

/* --- however it is cut
 * ------------------------------------------------------------------------------ */

static const char together[] =
    "Nom : DUPONT   Pr\xC3\xA9nom : Jean\nDate de naissance : 12/03/1980\nAdresse : Rue Haute 5, "
    "4000 "
    "Li\xC3\xA8ge\n\nJean Dupont 85.07.30-997.34, certificat m\xC3\xA9"
    "dical, INAMI\n\n"
    "Monsieur Luc Durand\nRue de la Station 12\n1000 Bruxelles\n"
    "\005{\"nom\": \"Janssens\", \"voornaam\": \"An\", \"insz\": \"95022899874\"}\004"
    "<nom>Peeters</nom>\n<prenom>Jan</prenom> passeport n\xC2\xB0 EN123456\n"
    "\003INAMI 95.02.28-998.74\n\nhospitalisation\n"
    "\002Nom\001Pr\xC3\xA9nom\001INSZ\001certificat m\xC3\xA9"
    "dical\002Dupont\001Jean\00185073099734\001oui\002"
    "Durand\001Luc\00195022899874\001non";

/* Every offset of every anchor against the end of every piece and window. */
static void test_cuts(void **state)
{
    size_t fill = 4400, len = fill * 2 + sizeof(together);
    char *text = malloc(len);
    struct how how = {.occurrences = true, .whole = true};

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = "abc de\n"[i * 7 % 11 % 7];
    memcpy(text + fill, together, sizeof(together) - 1);
    for (unsigned shift = 0; shift < 70; shift++) {
        struct span part = {text + shift, len - shift};
        char *whole, *cut;

        how.window = how.step = 0;
        whole = findings_of(part, how, NULL);
        assert_non_null(strstr(whole, "person-name DUPONT JEAN"));
        assert_non_null(strstr(whole, "category:health inami"));
        how.window = 64 + shift * 3;
        cut = findings_of(part, how, NULL);
        assert_string_equal(cut, whole);
        free(cut);
        how.step = 1 + shift;
        how.window = 700;
        cut = findings_of(part, how, NULL);
        assert_string_equal(cut, whole);
        free(cut);
        free(whole);
    }
    free(text);
}

/* What `e` finds in a document; cells of one that begins with a cell are in no table. */
static char *found_by(struct engine *e, const char *text)
{
    struct found found = {.whole = true};
    struct engine_sink sink = {&found, on_finding, NULL};
    struct table_shape shape = {';', '"', true};
    uint64_t row = text[0] == '\001', page = 0;
    uint32_t cell = 0;

    assert_non_null(e);
    note(&found, "%s", "");
    engine_begin(e, ORIGIN_TEXT, &sink);
    if (text[3] == ';')
        engine_table(e, &shape);
    push(e, span_of(text), 0, &row, &cell, &page);
    engine_end(e, NULL);
    return found.text;
}

/* An engine that has seen other documents finds the same. */
static void test_one_after_another(void **state)
{
    static const char *const documents[] = {
        together,
        "\002Nom\001Pr\xC3\xA9nom\001INSZ\001x\002Dupont\001Jean\00185073099734\001y",
        "\001Nom\001Dupont\001Date de naissance\00112/03/1980",
        "nom;prenom;insz\nDupont;Jean;85073099734\n",
        "85.07.30-997.34, certificat medical, INAMI",
        "INAMI",
        "Nom : DUPONT",
    };
    enum { DOCUMENTS = sizeof(documents) / sizeof(*documents) };
    struct engine *e = engine_new(TODAY);

    (void)state;
    for (unsigned before = 0; before < DOCUMENTS; before++)
        for (unsigned i = 0; i < DOCUMENTS; i++) {
            struct engine *fresh = engine_new(TODAY);
            char *first = found_by(e, documents[before]), *got = found_by(e, documents[i]);
            char *want = found_by(fresh, documents[i]);

            assert_string_equal(got, want);
            free(first);
            free(got);
            free(want);
            engine_free(fresh);
        }
    engine_free(e);
}

/* The same of pieces in any order. */
static void test_random(void **state)
{
    static const char *const pieces[] = {"85073099734",
                                         "85.07.30-997.34",
                                         "a@b.be",
                                         "nom : ",
                                         "\"nom\": \"",
                                         "prenom=",
                                         "Jean Dupont",
                                         "Dupont",
                                         "Marie",
                                         "<nom>",
                                         "</nom>",
                                         "Adresse : ",
                                         "4000 Li\xC3\xA8ge",
                                         "Monsieur ",
                                         "\n",
                                         "\n",
                                         "\n\n",
                                         "\r\n",
                                         " ",
                                         "  ",
                                         "\t",
                                         ";",
                                         "\"",
                                         ",",
                                         ":",
                                         "=",
                                         ("certificat m\xC3\xA9"
                                          "dical "),
                                         "hospitalisation ",
                                         "diagnostic ",
                                         "INAMI ",
                                         "CSC ",
                                         "syndicat ",
                                         "nrn: ",
                                         "+32 470 12 34 56",
                                         "\001",
                                         "\002",
                                         "\003",
                                         "\004",
                                         "\005",
                                         "x",
                                         "<<",
                                         "1",
                                         "rijksregisternummer ",
                                         "passeport EN123456",
                                         "date de naissance: 12/03/1980"};
    enum { PIECES = sizeof(pieces) / sizeof(*pieces) };
    uint32_t random = 3;

    (void)state;
    for (unsigned round = 0; round < 30; round++) {
        struct how how = {.delimiter = round % 3 ? 0 : ';', .occurrences = true, .whole = true};
        char *text = NULL, *whole;
        size_t len = 0, cap = 0;

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_phone_column),
        cmocka_unit_test(test_random_digits),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_beside),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_category_confidence),
        cmocka_unit_test(test_category_of),
        cmocka_unit_test(test_category_columns),
        cmocka_unit_test(test_weak_terms),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_one_after_another),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
