/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * IBAN, ISO 13616, of the 89 countries of the registry: two letters, two check digits, then a
 * structure and a length of the country's own.  Modulo 97 over the whole is 1 and the check digits
 * are 02 to 98: 00, 01 and 99 give 1 as well but are never issued.
 *
 * Belgium has a check of its own inside: BEkk bbb aaaaaaa cc with cc the first ten digits modulo
 * 97, 97 in place of 0.  Both must hold.
 *
 * Written in groups of four, but also BE 68 735 0015372 34 or BE32 123-4567890-02.
 */
#include "detectors/checks.h"

enum { IBAN_MAX = 34, RUN_MAX = 3 };

struct country {
    char code[3];
    uint8_t length;
    const char *structure;
};

static const struct country countries[] = {
#define COUNTRY(iso, chars, bban) {.code = iso, .length = (chars), .structure = (bban)},
#include "detectors/iban_countries.inc"
#undef COUNTRY
};

static const char *const words[] = {"iban",
                                    "bban",
                                    "bic",
                                    "swift",
                                    "numero de compte",
                                    "n\xC2\xB0 de compte",
                                    "no de compte",
                                    "n\xC2\xB0 compte",
                                    "compte",
                                    "compte bancaire",
                                    "compte courant",
                                    "compte a vue",
                                    "compte d epargne",
                                    "coordonnees bancaires",
                                    "domiciliation",
                                    "mandat",
                                    "virement",
                                    "sepa",
                                    "titulaire du compte",
                                    "rekening",
                                    "rekeningnummer",
                                    "rekeningnr",
                                    "rek.nr",
                                    "rek. nr",
                                    "reknr",
                                    "bankrekening",
                                    "bankrekeningnummer",
                                    "zichtrekening",
                                    "spaarrekening",
                                    "domiciliering",
                                    "mandaat",
                                    "overschrijving",
                                    "rekeninghouder",
                                    "konto",
                                    "kontonummer",
                                    "kontonr",
                                    "konto-nr",
                                    "bankverbindung",
                                    "girokonto",
                                    "bankkonto",
                                    "lastschrift",
                                    "lastschriftmandat",
                                    "uberweisung",
                                    "kontoinhaber",
                                    "account number",
                                    "account no",
                                    "bank account",
                                    "account holder",
                                    "direct debit",
                                    "cpte",
                                    "n\xC2\xB0 cpte",
                                    "n\xC2\xB0 de cpte",
                                    "cpte n\xC2\xB0",
                                    "cpte bancaire",
                                    "cpt n\xC2\xB0",
                                    "n\xC2\xB0 cpt",
                                    "cpt",
                                    "numcpte",
                                    "bankrekeningnr",
                                    "bankrek",
                                    "bankrek nr",
                                    "bankreknr",
                                    "rek",
                                    "rek n\xC2\xB0",
                                    "zichtrek",
                                    "spaarrek",
                                    "postrek",
                                    "kto",
                                    "kto nr",
                                    "ktonr",
                                    "kontoverbindung",
                                    "bankkonto nr",
                                    "acct",
                                    "acct no",
                                    "a/c",
                                    "bank acc",
                                    "te storten op",
                                    "storten op",
                                    "verser sur",
                                    "bankgegevens",
                                    "reknummer",
                                    "banque",
                                    "bank",
                                    NULL};

static const char *const keys[] = {"iban",
                                   "iban_nr",
                                   "ibannr",
                                   "iban_number",
                                   "ibannumber",
                                   "iban_code",
                                   "account",
                                   "account_nr",
                                   "accountnr",
                                   "account_no",
                                   "accountnumber",
                                   "account_number",
                                   "bankaccount",
                                   "bank_account",
                                   "bank_account_number",
                                   "compte",
                                   "numero_compte",
                                   "num_compte",
                                   "no_compte",
                                   "comptebancaire",
                                   "compte_bancaire",
                                   "rekening",
                                   "rekeningnr",
                                   "rekening_nr",
                                   "rekeningnummer",
                                   "reknr",
                                   "rek_nr",
                                   "bankrekening",
                                   "bank_rekening",
                                   "konto",
                                   "kontonr",
                                   "konto_nr",
                                   "kontonummer",
                                   "bankkonto",
                                   "cdtracct",
                                   "dbtracct",
                                   "debtoraccount",
                                   "creditoraccount",
                                   "rib",
                                   "num_cpte",
                                   "cpte",
                                   "account_iban",
                                   "iban_cpte",
                                   "reknummer",
                                   "nr_rekening",
                                   "rekening_iban",
                                   NULL};

static const char *const against[] = {"licence key", "license key", "product key", "serial number",
                                      "hash",        "checksum",    "base32",      NULL};

static inline int code_value(const char code[2])
{
    return (unsigned char)code[0] << 8 | (unsigned char)code[1];
}

static const struct country *country_of(const char code[2])
{
    size_t low = 0, high = sizeof countries / sizeof *countries;
    int wanted = code_value(code);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = wanted - code_value(countries[middle].code);

        if (order == 0)
            return &countries[middle];
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Length in bytes of a separator at `at`, 0 if none: blank, NBSP, U+202F, U+2009, dot, dashes. */
static size_t separator_at(struct span w, size_t at)
{
    const char *p = w.at + at;
    size_t left = w.len - at;

    if (left >= 1 && (*p == ' ' || *p == '.' || *p == '-'))
        return 1;
    if (left >= 2 && p[0] == '\xC2' && p[1] == '\xA0')
        return 2;
    if (left < 3 || p[0] != '\xE2')
        return 0;
    if (p[1] == '\x80' &&
        (p[2] == '\xAF' || p[2] == '\x89' || p[2] == '\x90' || p[2] == '\x91' || p[2] == '\x93'))
        return 3;
    return p[1] == '\x88' && p[2] == '\x92' ? 3 : 0;
}

struct reading {
    char text[IBAN_MAX + 1]; /* upper case, no separators */
    unsigned n;
    size_t end;          /* offset after the last character */
    unsigned separators; /* runs of them */
    bool by_fours;       /* every run stands after a multiple of four characters, one wide */
    bool lower;          /* a lower-case letter among them */
};

/* Reads `length` letters and digits over separators.  False if the text does not go on so. */
static bool read_characters(struct span w, size_t at, unsigned length, struct reading *ret)
{
    *ret = (struct reading){.by_fours = true};
    for (;;) {
        char c = at < w.len ? w.at[at] : '\n';

        if (!is_alnum(c))
            return false;
        ret->lower = ret->lower || (c >= 'a' && c <= 'z');
        ret->text[ret->n++] = upper(c);
        at++;
        if (ret->n == length)
            break;
        if (at < w.len && is_alnum(w.at[at]))
            continue;
        unsigned width = 0;

        while (width < RUN_MAX && at < w.len) {
            size_t bytes = separator_at(w, at);

            if (bytes == 0)
                break;
            at += bytes;
            width++;
        }
        if (width > 0) {
            ret->separators++;
            ret->by_fours = ret->by_fours && width == 1 && ret->n % 4 == 0;
        }
    }
    ret->end = at;
    return true;
}

static bool structure_fits(const char *bban, const char *structure)
{
    for (const char *s = structure; *s;) {
        unsigned count = 0;

        while (is_digit(*s))
            count = count * 10 + (unsigned)(*s++ - '0');
        for (; count > 0; count--, bban++) {
            if (*s == 'n' && !is_digit(*bban))
                return false;
            if (*s == 'a' && is_digit(*bban))
                return false;
        }
        s++;
    }
    return true;
}

/* The rest of the whole, first four characters last.  The rest is taken only when the next
 * characters could make it overflow. */
static unsigned mod97(const char *iban, unsigned n)
{
    uint64_t rest = 0;

    for (unsigned i = 4; i < n + 4; i++) {
        char c = iban[i < n ? i : i - n];

        rest =
            is_digit(c) ? rest * 10 + (unsigned)(c - '0') : rest * 100 + (unsigned)(c - 'A') + 10;
        if (rest >= UINT64_C(1) << 56)
            rest %= 97;
    }
    return (unsigned)(rest % 97);
}

static bool begins(const char two[2])
{
    return country_of(two) != NULL;
}

/* Most words of two letters before a number have something else behind its first digit. */
static bool check_digits_follow(struct span w, size_t at)
{
    return at + 1 >= w.len || !is_digit(w.at[at]) || is_digit(w.at[at + 1]) ||
           separator_at(w, at + 1) > 0;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;

    if (c->len < 2 || c->start + 2 > w.len)
        return VERDICT_NO;
    char code[2] = {upper(w.at[c->start]), upper(w.at[c->start + 1])};
    const struct country *country = country_of(code);
    struct reading r;

    if (!country || !check_digits_follow(w, c->start + 2) || touched_left(w, c->start) ||
        !read_characters(w, c->start, country->length, &r) || touched_right(w, r.end))
        return VERDICT_NO;
    if (!is_digit(r.text[2]) || !is_digit(r.text[3]) ||
        !structure_fits(r.text + 4, country->structure))
        return VERDICT_NO;
    unsigned check_digits = (unsigned)digits_value(r.text + 2, 2);
    bool belgian = memcmp(r.text, "BE", 2) == 0;

    if (check_digits < 2 || check_digits > 98 || mod97(r.text, r.n) != 1)
        return VERDICT_SHAPE;
    if (belgian && !ends_in_mod97(r.text + 4, 12))
        return VERDICT_SHAPE;
    if (!set_value(ret, r.text, r.n))
        return VERDICT_SHAPE;
    ret->start = c->start;
    ret->len = r.end - c->start;
    if (belgian || (r.separators > 0 && r.by_fours))
        ret->form = FORM_WRITTEN;
    else
        ret->form = r.separators > 0 ? FORM_GROUPED : FORM_BARE;
    /* "no 12 ..." and "at 20 ..." begin ordinary sentences, in capitals too; hashes are lower case.
     */
    ret->doubtful = !belgian && ret->form != FORM_WRITTEN &&
                    (r.lower || (ret->form == FORM_GROUPED && !is_digit(w.at[c->start + 2])));
    return VERDICT_PASS;
}

const struct detector detect_iban = {
    .id = "iban",
    .kind = "iban",
    .version = 1,
    .anchors = ANCHOR_LETTERS,
    .longest = 350, /* 34 characters, each followed by three separators of three bytes */
    .precedence = {PRECEDENCE_IBAN, PRECEDENCE_IBAN, PRECEDENCE_IBAN},
    .alone = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.01,
    .words = words,
    .keys = keys,
    .against = against,
    .begins = begins,
    .names_stand_beside = true,
    /* not .of_person: the account of the office stands at the foot of every letter and form */
    .check = check,
};
