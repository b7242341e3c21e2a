/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Telephone number: the Belgian numbering plan (country code 32) in every prefix form, and other
 * countries' by ITU-T E.164 (8 to 15 digits) behind a + or 00.  The value is E.164: +32470123456.
 *
 * More than half of all nine-digit numbers that begin with 0 fit the plan, so a number without
 * its country code counts by its grouping, and a bare one only beside a word.
 */
#include "detectors/checks.h"

enum { E164_MIN = 8, E164_MAX = 15 };

static const char *const words[] = {"tel",
                                    "tel.",
                                    "telephone",
                                    "telephones",
                                    "numero de telephone",
                                    "n\xC2\xB0 de tel",
                                    "n\xC2\xB0 tel",
                                    "fixe",
                                    "portable",
                                    "mobile",
                                    "gsm",
                                    "gsm-nummer",
                                    "gsm nummer",
                                    "gsm-nr",
                                    "appel",
                                    "appeler",
                                    "joindre",
                                    "contact",
                                    "fax",
                                    "telecopie",
                                    "telefoon",
                                    "telefoonnummer",
                                    "telefoonnr",
                                    "telefoonnr.",
                                    "tel.nr",
                                    "tel.nr.",
                                    "telnr",
                                    "tel nr",
                                    "mobiel",
                                    "mobiel nummer",
                                    "vaste lijn",
                                    "bellen",
                                    "bereikbaar",
                                    "oproep",
                                    "telefon",
                                    "telefonnummer",
                                    "telefonnr",
                                    "tel.-nr.",
                                    "tel-nr",
                                    "handy",
                                    "handynummer",
                                    "handynr",
                                    "mobilnummer",
                                    "rufnummer",
                                    "festnetz",
                                    "anrufen",
                                    "phone",
                                    "phone number",
                                    "telephone number",
                                    "cell",
                                    "cell phone",
                                    "mobile phone",
                                    "landline",
                                    "call",
                                    "whatsapp",
                                    "sms",
                                    "signal",
                                    "viber",
                                    "dial",
                                    "mob",
                                    "mob.",
                                    "contacttelefoon",
                                    "noodnummer",
                                    "noodcontact",
                                    "mobilnr",
                                    "teleph",
                                    "telef",
                                    "telf",
                                    "vast nummer",
                                    "mobiele nummer",
                                    "mobiel nr",
                                    "mobiltelefon",
                                    "faxnr",
                                    "fax nr",
                                    "faxnummer",
                                    "urgence",
                                    "en cas d urgence",
                                    "ph",
                                    "ph.",
                                    "tf",
                                    "tf.",
                                    "tph",
                                    "gsmnr",
                                    "gsm nr",
                                    "thuisnummer",
                                    "telefon privat",
                                    "handy nr",
                                    "notfallnummer",
                                    "n\xC2\xB0 gsm",
                                    "emergency contact",
                                    NULL};

static const char *const keys[] = {"phone",
                                   "phone1",
                                   "phone2",
                                   "phone_number",
                                   "phonenumber",
                                   "phone_nr",
                                   "phonenr",
                                   "phone_no",
                                   "phone_home",
                                   "homephone",
                                   "home_phone",
                                   "workphone",
                                   "work_phone",
                                   "mobilephone",
                                   "mobile_phone",
                                   "mobile",
                                   "mobile_number",
                                   "mobilenumber",
                                   "msisdn",
                                   "cell",
                                   "cellphone",
                                   "tel",
                                   "tel1",
                                   "tel2",
                                   "telnr",
                                   "tel_nr",
                                   "tel_number",
                                   "telnumber",
                                   "tel_fixe",
                                   "tel_gsm",
                                   "tel_prive",
                                   "tel_bureau",
                                   "tel_mobile",
                                   "telephone",
                                   "telephonenumber",
                                   "telephone_number",
                                   "num_tel",
                                   "numtel",
                                   "no_tel",
                                   "numero_tel",
                                   "numero_telephone",
                                   "portable",
                                   "fixe",
                                   "gsm",
                                   "gsm1",
                                   "gsm2",
                                   "gsmnr",
                                   "gsm_nr",
                                   "gsm_nummer",
                                   "gsmnummer",
                                   "num_gsm",
                                   "telefoon",
                                   "telefoonnr",
                                   "telefoon_nr",
                                   "telefoonnummer",
                                   "mobiel",
                                   "telefon",
                                   "telefonnr",
                                   "telefonnummer",
                                   "handy",
                                   "handynr",
                                   "handynummer",
                                   "mobil",
                                   "rufnummer",
                                   "fax",
                                   "faxnr",
                                   "fax_number",
                                   "whatsapp",
                                   "contact_number",
                                   "contactnumber",
                                   "mob",
                                   "ph",
                                   "tel_domicile",
                                   "phone_work",
                                   "gsm_number",
                                   NULL};

static const char *const against[] = {"mededeling",
                                      "ogm",
                                      "vcs",
                                      "communication structuree",
                                      "facture",
                                      "factuur",
                                      "factuurnummer",
                                      "rechnung",
                                      "rechnungsnummer",
                                      "invoice",
                                      "commande",
                                      "bestelling",
                                      "bestelnummer",
                                      "order",
                                      "klantnr",
                                      "klantnummer",
                                      "ean",
                                      "gtin",
                                      "barcode",
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
                                      "ondernemingsnummer",
                                      "numero d entreprise",
                                      "kbo",
                                      "bce",
                                      "btw",
                                      "tva",
                                      NULL};

/* One country's share of E.164. */
struct plan {
    unsigned code;
    uint8_t shortest, longest;
};

static const struct plan plans[] = {
#define PLAN(country_code, from, to) {(country_code), (from), (to)},
#include "detectors/phone_plans.inc"
#undef PLAN
};

static bool one_of(char c, const char *set)
{
    return c != 0 && strchr(set, c) != NULL;
}

/* The second pair of 70xx (premium rate) and 78xx (universal access, shared cost 7879): for each
 * third digit the fourth digits in use.  Numbering plan as in the metadata of libphonenumber. */
static const char *const premium[10] = {"", "",     "0123457", "04567", "4",
                                        "", "4569", "0579",    "",      ""};
static const char *const universal[10] = {"57", "0145678", "25",    "15678", "8",
                                          "0",  "0",       "06789", "",      "0123456789"};
/* The second digits of two-digit zones by first digit. */
static const char *const zones[10] = {"",           "01234569", "",  "",         "",
                                      "0123456789", "01345789", "1", "12345679", ""};

/* Digits of the zone or service prefix, the trunk zero left out, of a national significant number;
 * 0 if the Belgian plan has no such number. */
static unsigned belgian_zone(const char *n, unsigned len)
{
    if (len == 9)
        return n[0] == '4' && n[1] >= '5' ? 3 : 0; /* mobile, 45 to 49: 0470 */
    if (len != 8)
        return 0;
    if (one_of(n[1], zones[n[0] - '0']))
        return 2;
    switch (n[0]) {
    case '2':
    case '3':
        return n[1] >= '2' && n[1] <= '8' ? 1 : 0;
    case '4':
        return n[1] == '2' || n[1] == '3' ? 1 : 0; /* Liege */
    case '7':
        if (n[1] == '0')
            return one_of(n[3], premium[n[2] - '0']) ? 2 : 0;
        return n[1] == '8' && one_of(n[3], universal[n[2] - '0']) ? 2 : 0;
    case '8':
        if (n[1] != '0')
            return 0;
        if (n[2] == '0')
            return n[3] != '0' ? 3 : 0; /* free of charge: 0800 */
        return n[2] >= '2' && n[2] <= '8' ? 2 : 0;
    case '9':
        if (n[1] == '0')
            return 3; /* premium rate: 0900 to 0909 */
        return n[1] >= '2' && n[1] <= '4' ? 1 : 0;
    default:
        return 0;
    }
}

/* Of a length that Belgian numbers have, though no operator has that range today: typed in a form
 * as a telephone number all the same, by somebody who mistook a digit or whose range is new. */
static bool belgian_length(const char *n, unsigned len)
{
    return (len == 9 && n[0] == '4') || (len == 8 && n[0] != '0' && n[0] != '4');
}

/* The codes stand in rising order. */
static const struct plan *plan_of(const char *number, unsigned n, unsigned *code_digits)
{
    for (unsigned digits = 1; digits <= 3 && digits < n; digits++) {
        unsigned code = (unsigned)digits_value(number, digits);
        size_t low = 0, high = sizeof plans / sizeof *plans;

        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (plans[middle].code < code)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < sizeof plans / sizeof *plans && plans[low].code == code) {
            *code_digits = digits;
            return &plans[low];
        }
    }
    return NULL;
}

/* Country codes whose national numbers may begin with 0. */
static bool keeps_zero(unsigned code)
{
    return code == 39 || code == 378 || code == 225 || code == 229 || code == 241 || code == 242;
}

static bool in_brackets(const struct candidate *c)
{
    for (unsigned i = 0; i < 2 && i < c->n_groups; i++)
        if (c->groups[i].separator == '(' || c->groups[i].separator == ')')
            return true;
    return false;
}

/* +code national: the number after the + or 00. */
static bool set_e164(const struct candidate *c, const char *number, unsigned n, struct match *ret)
{
    unsigned code_digits = 0, code = 32;
    const struct plan *plan = NULL;

    if (n < 3)
        return false;
    if (number[0] == '3' && number[1] == '2') {
        code_digits = 2;
    } else {
        plan = plan_of(number, n, &code_digits);
        if (!plan)
            return false;
        code = plan->code;
    }
    const char *national = number + code_digits;
    unsigned left = n - code_digits;

    /* The trunk zero: +32 (0)470, and written by mistake +32 0470, +33 06. */
    if (left > 0 && national[0] == '0' && !keeps_zero(code)) {
        national++;
        left--;
        ret->doubtful = code != 32 && !in_brackets(c);
    }
    if (left == 0 || (national[0] == '0' && !keeps_zero(code)))
        return false;
    if (!plan) {
        if (belgian_zone(national, left) == 0) {
            if (!belgian_length(national, left))
                return false;
            ret->doubtful = true;
        }
    } else if (left < plan->shortest || left > plan->longest || left + code_digits < E164_MIN ||
               left + code_digits > E164_MAX) {
        return false;
    }
    /* North America: neither area nor exchange begins with 0 or 1. */
    if (code == 1 && (national[0] < '2' || national[3] < '2'))
        return false;
    char value[1 + 3 + E164_MAX] = "+";

    memcpy(value + 1, number, code_digits);
    memcpy(value + 1 + code_digits, national, left);
    return set_value(ret, value, 1 + code_digits + left);
}

/* Grouped as numbers are: the zone by itself, then at least two digits at a time; or a mobile
 * number by twos. */
static bool own_grouping(const struct candidate *c, unsigned zone)
{
    bool twos = c->n == 10, rest = c->groups[0].digits == zone + 1;

    if (c->n_groups < 2)
        return false;
    for (unsigned i = 0; i < c->n_groups; i++) {
        twos = twos && c->groups[i].digits == 2;
        rest = rest && c->groups[i].digits >= 2;
    }
    if (!twos && !rest && !(c->groups[0].digits == 1 && c->groups[0].separator == ')'))
        return false;
    /* One of a row of numbers. */
    unsigned before = blank_joins_left(c), after = blank_joins_right(c);
    bool row = (before >= 2 && before <= 3) || (after >= 2 && after <= 3);

    return !(row && separators_are(c, " ", 3));
}

/* +4916-12307, +491101-0020624: ISO 6709, degrees and minutes of latitude and longitude. */
static bool is_coordinate(const struct candidate *c)
{
    unsigned first = c->groups[0].digits;

    return c->n_groups == 2 && c->groups[0].separator == '-' && c->groups[0].width == 1 &&
           (first == 4 || first == 6) && c->groups[1].digits == first + 1;
}

/* "T. 081234567", "M: 0470123456", "G 0470123456": the one letter before it that signatures and
 * letterheads have, in a word of its own. */
static bool behind_letter(const struct candidate *c)
{
    struct span w = c->window;
    size_t at = c->start;
    bool sign = false;

    while (at > 0 && c->start - at < 4 && (w.at[at - 1] == ' ' || w.at[at - 1] == '\t'))
        at--;
    if (at > 0 && (w.at[at - 1] == '.' || w.at[at - 1] == ':')) {
        sign = true;
        at--;
    }
    if (!sign || at == 0 || !one_of(w.at[at - 1], "TMGFP"))
        return false;
    at--;
    return at == 0 || one_of(w.at[at - 1], " \t\n\r|(,;/-");
}

static enum verdict check_national(const struct candidate *c, struct match *ret)
{
    if ((c->n != 9 && c->n != 10) || inside_decimal(c) || chain_goes_on(c))
        return VERDICT_NO;
    /* 0.470123456 is a decimal number by itself. */
    if (c->groups[0].digits == 1 && c->groups[0].separator == '.')
        return VERDICT_NO;
    /* "0 146 468 84 re": four numbers of a drawing. */
    if (c->groups[0].digits == 1 && c->groups[0].separator == ' ' && c->digits[1] != '4')
        return VERDICT_NO;
    unsigned zone = belgian_zone(c->digits + 1, c->n - 1);
    char value[3 + 9] = "+32";

    memcpy(value + 3, c->digits + 1, c->n - 1);
    if (zone == 0 && c->groups[0].separator == '/' && c->n_groups >= 3 &&
        c->groups[0].digits == (c->n == 10 ? 4 : 2) && belgian_length(c->digits + 1, c->n - 1)) {
        /* 0442/12.34.56, 02/123.45.67: the slash behind the zone is how telephones are written. */
        zone = c->groups[0].digits - 1u;
        ret->doubtful = !stands_in_quotes(c);
    }
    if (zone == 0 || !set_value(ret, value, 3 + c->n - 1))
        return VERDICT_SHAPE;
    ret->form = own_grouping(c, zone) || behind_letter(c) ? FORM_GROUPED : FORM_BARE;
    return VERDICT_PASS;
}

/* Where a telephone stands and nothing else, it may have lost its first zero to a spreadsheet that
 * took it for a number: 470123456, 22345678, 470123456.0. */
static enum verdict check_field(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len;
    char value[3 + 9] = "+32";
    unsigned n = 0;

    if (c->len >= 2 && w.at[end - 2] == '.' && w.at[end - 1] == '0')
        end -= 2;
    for (size_t at = c->start; at < end; at++) {
        if (n > 0 && w.at[at] != '\0' && strchr(" ./-", w.at[at]))
            continue;
        if (!is_digit(w.at[at]) || n == 9)
            return VERDICT_NO;
        value[3 + n++] = w.at[at];
    }
    if (belgian_zone(value + 3, n) == 0 || !set_value(ret, value, 3 + n))
        return VERDICT_NO;
    ret->form = FORM_BARE;
    ret->zero_restored = true;
    return VERDICT_PASS;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (c->woken_by == ANCHOR_FIELD)
        return check_field(c, ret);
    struct span w = c->window;
    size_t start = c->start;
    bool plus = start > 0 && w.at[start - 1] == '+';
    const char *digits = c->digits;

    if (c->n < E164_MIN || c->n > E164_MAX + 2 || touched_right(w, start + c->len))
        return VERDICT_NO;
    if (plus) {
        if (is_coordinate(c))
            return VERDICT_NO;
        /* 1+32..., +++010/...: arithmetic and payment references. */
        if (start > 1 && (is_digit(w.at[start - 2]) || w.at[start - 2] == '+'))
            return VERDICT_NO;
        /* 1.0~git+20181021-1 is a version; "GSM+32 470" may be written so. */
        if (start > 1 && (is_alnum(w.at[start - 2]) || w.at[start - 2] == '~') &&
            memcmp(digits, "32", 2) != 0)
            return VERDICT_NO;
        if (!set_e164(c, digits, c->n, ret))
            return VERDICT_NO;
        ret->start = start - 1;
        ret->len = c->len + 1;
        ret->form = FORM_WRITTEN;
        /* +49.123456789 is a latitude as well; domain registries write telephones so. */
        ret->doubtful |=
            c->n_groups == 2 && c->groups[0].separator == '.' && memcmp(digits, "32", 2) != 0;
        return VERDICT_PASS;
    }
    if (touched_left(w, start))
        return VERDICT_NO;
    /* "0 0.445312 0" is no 00: the prefix stands together. */
    if (digits[0] == '0' && digits[1] == '0') {
        unsigned first = c->groups[0].digits;
        bool belgian = digits[2] == '3' && digits[3] == '2', compact = c->n_groups == 1;

        /* 4152 0032 7697 4948: the middle of a payment card. */
        if (c->n_groups >= 3 && first == 4 && c->groups[1].digits == 4 && blank_joins_left(c) == 4)
            return VERDICT_NO;
        if (first < 2 || inside_decimal(c) || chain_goes_on(c) ||
            !set_e164(c, digits + 2, c->n - 2, ret))
            return VERDICT_NO;
        unsigned code = 0;
        bool whole = plan_of(digits + 2, c->n - 2, &code) && (first == 2 || first >= 2 + code);
        /* 00 32 12 34 .. in a row of pairs; 006/218-34 3.. is an article of a budget */
        bool row = (first == 2 || first > 4) && separators_are(c, " ", 3) &&
                   (blank_joins_left(c) > 0 || blank_joins_right(c) > 0);

        /* Compact, it is thirteen digits like any others: random ones begin so often enough. */
        if (belgian && !row)
            ret->form = compact ? FORM_GROUPED : FORM_WRITTEN;
        else
            ret->form = row || !whole || compact || first > 5 ? FORM_BARE : FORM_GROUPED;
        ret->doubtful |= belgian && compact;
        return VERDICT_PASS;
    }
    if (digits[0] == '0')
        return check_national(c, ret);
    /* 32470123456: the country code without its sign. */
    if (digits[0] != '3' || digits[1] != '2' || inside_decimal(c) || chain_goes_on(c) ||
        !set_e164(c, digits, c->n, ret) || ret->doubtful)
        return VERDICT_NO;
    ret->form = FORM_BARE;
    return VERDICT_PASS;
}

const struct detector detect_phone = {
    .id = "phone",
    .kind = "phone",
    .version = 3,
    .anchors = ANCHOR_DIGITS | ANCHOR_FIELD,
    .digits_min = E164_MIN,
    .digits_max = E164_MAX + 2,
    .longest = 170,
    .first_digits = 1 << 0 | 1 << 3,
    .any_behind_plus = true,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_PHONE},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0,
    .words = words,
    .keys = keys,
    .against = against,
    /* not .of_person: the number of a service stands on every letter and page */
    .check = check,
};
