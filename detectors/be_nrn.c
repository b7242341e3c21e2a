/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Belgian national register number (NRN, INSZ, NISS) and bis number: eleven digits, YYMMDD SSS CC.
 * The rule is in national_number.c; here is how the number is written.
 *
 * Official form YY.MM.DD-SSS.CC; YY.MM.DD.SSS-CC in the National Register's instruction T.I. 000;
 * YYMMDD SSS CC on the former social-security card.  Offices put any separator anywhere, but only
 * groupings on the 2-2-2-3-2 and 6-3-2 boundaries are the number's own, and only cuts between its
 * parts count as groups at all.
 */
#include "detectors/checks.h"
#include "detectors/national_number.h"

static const char *const words[] = {
    /* FR */
    "registre national", "numero national", "numeros nationaux", "n national", "no national",
    "n\xC2\xB0 national", "num national", "n\xC2\xB0 nat", "n nat", "no nat", "num nat", "reg nat",
    "reg. nat", "n\xC2\xB0 nat.", "n\xC2\xB0 rn", "n\xC2\xB0 de rn", "niss", "n\xC2\xB0 niss",
    "numero niss", "niss bis", "numero bis", "n\xC2\xB0 bis", "registre bis",
    "numero d identification de la securite sociale", "numero de securite sociale",
    "securite sociale", "numero d identification du registre national", "matricule national",
    "numero de registre national", "n\xC2\xB0 de registre national", "n\xC2\xB0 registre national",
    "matricule", "bcss",
    /* NL */
    "rijksregister", "rijksregisternummer", "rijksregisternummers", "rijksregisternr",
    "rijksregister nr", "rijksreg", "rijksreg.", "rijksreg.nr", "rijksregnr", "nr. rijksreg",
    "nr rijksreg", "nr. rijksregister", "rrn", "rr-nr", "rr nr", "rr-nummer", "rr nummer", "insz",
    "insz-nummer", "insz nummer", "insz-nr", "insz nr", "nationaal nummer", "nat. nr", "nat nr",
    "identificatienummer", "identificatienr", "identificatienummer van de sociale zekerheid",
    "bisnummer", "bis-nummer", "bis nummer", "insz-bis", "bisnr", "ksz",
    /* DE */
    "nationalregister", "nationalregisternummer", "nationalregister-nr", "nationalregister nr",
    "nationalregisternr", "nationalnummer", "nationalnr", "enss", "erkennungsnummer",
    "erkennungsnummer des nationalregisters", "erkennungsnummer der sozialen sicherheit",
    "sozialversicherungsnummer", "bis-nummer", "bisnummer", "zdss",
    /* EN */
    "national register", "national register number", "national registration number",
    "national number", "national no", "national id", "national identification number",
    "social security number", "social security no", "ssin", "bis number", "nrn", "belgian national",
    "nr nat", "nat nummer", "nationalreg nr", "nat reg nr", "nat reg", "registre nat",
    "n\xC2\xB0 registre nat", "numero de registre", "matr nat", "identifiant national",
    "identification nationale", "n\xC2\xB0 secu", "sz nummer", "sz-nr", "sociale zekerheidsnummer",
    "nummer sociale zekerheid", "nummer van de sociale zekerheid", "sociaal zekerheidsnummer",
    "nationaal nr", "national nummer", "national nr", "nationale nummer", "nationales nummer",
    "identifikationsnummer", "personal number", "belgian id", "belgian id number", "rnpp",
    "n\xC2\xB0 rnpp", "nissbis", "inszbis", "bis nr", "n\xC2\xB0 r n", "n\xC2\xB0 r.n.", "au rn",
    "n i s s", "i n s z", "s s i n", "r r nr", "r r n", "r r nummer", "rrnr", "natnr", "nrnat",
    "insznr", "insznummer", "inszn", "numero rn", "num rn", "nationalnumber", "registrenational",
    "niss titulaire", "rijksregisternummer kind", "n\xC2\xB0 nn", "nn nr", NULL};

static const char *const keys[] = {"nrn",
                                   "rrn",
                                   "rr",
                                   "rn",
                                   "nn",
                                   "n n",
                                   "r n",
                                   "r r n",
                                   "bis",
                                   "niss",
                                   "insz",
                                   "ssin",
                                   "enss",
                                   "inss",
                                   "tin",
                                   "nif",
                                   "ssn",
                                   "nrnumber",
                                   "nrnr",
                                   "nationalnumber",
                                   "national_number",
                                   "nationalnr",
                                   "national_nr",
                                   "nationalid",
                                   "national_id",
                                   "nationalregistrynumber",
                                   "national_registry_number",
                                   "nationalregisternumber",
                                   "national_register_number",
                                   "nationalregistrationnumber",
                                   "rijksregisternummer",
                                   "rijksregisternr",
                                   "rijksregister_nr",
                                   "rijksregister_nummer",
                                   "rijksregister",
                                   "rijksreg",
                                   "rrnr",
                                   "rr_nr",
                                   "rr_nummer",
                                   "inszbis",
                                   "insz_nr",
                                   "insz_nummer",
                                   "inssnr",
                                   "niss_bis",
                                   "num_nat",
                                   "numnat",
                                   "num_national",
                                   "numero_national",
                                   "numeronational",
                                   "nonational",
                                   "no_national",
                                   "nat_nr",
                                   "natnr",
                                   "nat_nummer",
                                   "natnummer",
                                   "nationaal_nummer",
                                   "nationaalnummer",
                                   "registre_national",
                                   "registrenational",
                                   "numero_registre_national",
                                   "num_registre_national",
                                   "num_rn",
                                   "num_niss",
                                   "no_niss",
                                   "numero_niss",
                                   "nationalregisternummer",
                                   "nationalregister",
                                   "nationalnummer",
                                   "bisnummer",
                                   "bis_nummer",
                                   "numbis",
                                   "num_bis",
                                   "matricule",
                                   "socialsecuritynumber",
                                   "social_security_number",
                                   "identificatienummer",
                                   "serialnumber",
                                   "persoonsnummer",
                                   "r r",
                                   "nrnat",
                                   "nr_nat",
                                   "idnational",
                                   "id_national",
                                   "num_registre_nat",
                                   "numeroregistrenational",
                                   "numnational",
                                   "insznr",
                                   "insznummer",
                                   "nissnr",
                                   "niss_nr",
                                   "ss_nr",
                                   "id_nat",
                                   NULL};

static const char *const against[] = {"mededeling",
                                      "gestructureerde mededeling",
                                      "ogm",
                                      "vcs",
                                      "communication structuree",
                                      "communication",
                                      "strukturierte mitteilung",
                                      "factuur",
                                      "factuurnummer",
                                      "facture",
                                      "rechnung",
                                      "invoice",
                                      "bestelling",
                                      "bestelnummer",
                                      "commande",
                                      "bestellung",
                                      "order",
                                      "klantnr",
                                      "klantnummer",
                                      "ean",
                                      "gtin",
                                      "barcode",
                                      "code-barres",
                                      "isbn",
                                      "imei",
                                      "iccid",
                                      "meter",
                                      "compteur",
                                      "tracking",
                                      "timestamp",
                                      "epoch",
                                      "build",
                                      "version",
                                      "hash",
                                      "uuid",
                                      "gsm",
                                      "telefoon",
                                      "telephone",
                                      NULL};

static bool own_grouping(const struct candidate *c)
{
    static const uint8_t official[] = {2, 2, 2, 3, 2, 0}, card[] = {6, 3, 2, 0};

    return groups_are(c, official) || groups_are(c, card);
}

/* "NISS93051822361": a label may be glued to the digits, a word may not. */
static bool label_touches(const struct candidate *c)
{
    static const char *const labels[] = {"nrn", "rrn", "niss", "insz", "ssin", "enss", "nn", "rn"};
    const char *end = c->window.at + c->start;
    size_t letters = 0;

    while (letters < 5 && letters < c->start && is_alnum(end[-1 - (ptrdiff_t)letters]))
        letters++;
    if (letters < 2 || letters > 4)
        return false;
    for (unsigned i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strlen(labels[i]) == letters && strncasecmp(end - letters, labels[i], letters) == 0)
            return true;
    return false;
}

static bool stands_free(const struct candidate *c, enum form form)
{
    if (chain_goes_on(c))
        return false;
    if (form == FORM_WRITTEN)
        return true; /* text out of tables glues words to it; its punctuation sets it apart */
    if (touched_right(c->window, c->start + c->len) || inside_decimal(c))
        return false;
    if (touched_left(c->window, c->start) && !label_touches(c))
        return false;
    /* A leading + makes it a telephone number. */
    return c->start == 0 || c->window.at[c->start - 1] != '+';
}

/* Every group ends where a part of the number does: 930518-22361, 00/0125-11148. */
static bool ends_at_parts(const struct candidate *c)
{
    const unsigned parts = 1u << 2 | 1u << 4 | 1u << 6 | 1u << 9 | 1u << 11;
    unsigned n = 0;

    for (unsigned i = 0; i < c->n_groups; i++) {
        n += c->groups[i].digits;
        if (!((parts >> n) & 1u))
            return false;
    }
    return true;
}

/* Two groups with a dot: most such numbers are decimal ones, coordinates above all. */
static bool like_decimal(const struct candidate *c)
{
    return c->n_groups == 2 && c->groups[0].separator == '.' && c->groups[0].width == 1;
}

static enum form form_of(const struct candidate *c)
{
    /* Cut anywhere else it tells no more than bare digits: 12 345 678 901 is an amount. */
    if (c->n_groups == 1 || !ends_at_parts(c) || like_decimal(c))
        return FORM_BARE;
    if (!own_grouping(c))
        return FORM_GROUPED;
    /* A row of numbers between blanks can fall into these groups by chance. */
    if (separators_are(c, " ", 3) && (blank_joins_left(c) || blank_joins_right(c)))
        return FORM_GROUPED;
    return FORM_WRITTEN;
}

/* 324 and a mobile number is a legal bis prefix: July 1932.  So is a date written YYYYMMDD in the
 * years whose last two digits read as a bis month, 2020 to 2032. */
static bool rather_something_else(const struct candidate *c)
{
    if (memcmp(c->digits, "324", 3) == 0 && c->digits[3] >= '5')
        return true;
    return (begins_with_date(c->digits, c->n) && !stands_in_quotes(c)) ||
           (like_decimal(c) && c->groups[0].digits != 6);
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    struct national_number number;

    if (c->n != 11)
        return VERDICT_NO;
    enum verdict verdict = national_number(c->digits, c->today, &number);

    if (verdict == VERDICT_NO)
        return VERDICT_NO;
    enum form form = form_of(c);

    if (!stands_free(c, form))
        return VERDICT_NO;
    if (verdict != VERDICT_PASS || !set_value(ret, c->digits, c->n))
        return VERDICT_SHAPE;
    ret->form = form;
    ret->facts = number.facts;
    ret->doubtful = number.implausible || (form != FORM_WRITTEN && rather_something_else(c));
    return VERDICT_PASS;
}

const struct detector detect_be_nrn = {
    .id = "be_nrn",
    .kind = "be-nrn",
    .version = 1,
    .anchors = ANCHOR_DIGITS,
    .digits_min = 11,
    .digits_max = 11,
    .longest = 110,
    .precedence = {PRECEDENCE_NRN_BARE, PRECEDENCE_NRN_BARE, PRECEDENCE_NRN},
    .alone = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    /* One check value in 100, or two where both centuries are possible; more among digits that
     * begin with a date of today. */
    .chance = 0.02,
    .words = words,
    .keys = keys,
    .against = against,
    .names_stand_beside = true,
    .of_person = true,
    .check = check,
};
