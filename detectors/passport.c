/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Passport number.  Belgian: two capitals and six digits without a check digit (validator.js
 * isPassportNumber; Microsoft Purview, Belgium passport number); the series of letters is not
 * public, so any pair will do.  Articles and invoices are numbered like that as well: nothing is
 * one without a word that names it.
 *
 * Passports of other countries have nine characters (ICAO Doc 9303 part 4 gives the number nine
 * places), or a letter and seven digits; those only right behind such a word or in such a field.
 */
#include "detectors/checks.h"
#include "detectors/labelled.h"

enum { REACH = 120, BEFORE = 40, LONGEST = 240, PLACES = 10, DIGITS_LEAST = 5 };

static const char *const words[] = {
    /* FR */
    "passeport", "passeports", "numero de passeport", "n\xC2\xB0 de passeport",
    "n\xC2\xB0 passeport", "no de passeport", "titre de voyage", "document de voyage",
    /* NL */
    "paspoort", "paspoorten", "paspoortnummer", "paspoortnr", "nummer paspoort", "reispas",
    "reispasnummer", "reisdocument", "reispaspoort",
    /* DE */
    "reisepass", "reisepassnummer", "reisepassnr", "passnummer", "pass-nr", "passnr",
    "reisedokument",
    /* EN */
    "passport", "passports", "passport number", "travel document", NULL};

static const char *const keys[] = {"passport",
                                   "passportnumber",
                                   "passport_number",
                                   "passportno",
                                   "passport_no",
                                   "passportnr",
                                   "passport_nr",
                                   "passport_id",
                                   "passeport",
                                   "num_passeport",
                                   "numpasseport",
                                   "no_passeport",
                                   "numero_passeport",
                                   "numeropasseport",
                                   "paspoort",
                                   "paspoortnummer",
                                   "paspoort_nummer",
                                   "paspoortnr",
                                   "paspoort_nr",
                                   "reisepass",
                                   "reisepassnummer",
                                   "reisepassnr",
                                   "reisepass_nr",
                                   "passnummer",
                                   "pass_nr",
                                   "traveldocument",
                                   "travel_document",
                                   "travel_document_number",
                                   NULL};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "no 123456", "NR 123456": the word number, not a series. */
static bool means_number(const char two[2])
{
    return (two[0] == 'N' && (two[1] == 'O' || two[1] == 'R')) || memcmp(two, "ID", 2) == 0;
}

/* Letters and digits at `at`, capitals of them in `ret`; how many, at most one more
 * than a number has. */
static size_t read_characters(struct span w, size_t at, size_t end, char ret[PLACES])
{
    size_t n = 0;

    while (n < PLACES && at + n < end && is_alnum(w.at[at + n])) {
        char c = w.at[at + n];

        ret[n++] = is_digit(c) ? c : (char)(c & ~0x20);
    }
    return n;
}

static bool is_letters(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_capital(text[i]))
            return false;
    return true;
}

static bool all_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_digit(text[i]))
            return false;
    return n > 0;
}

/* Nine places with five digits or more, or a letter and seven digits. */
static bool foreign(const char *text, size_t n, enum label_place place)
{
    size_t digits = 0;

    for (size_t i = 0; i < n; i++)
        digits += is_digit(text[i]);
    if (n == 8)
        return digits == 7 && is_capital(text[0]);
    /* nine digits alone are any number: only where a whole field is named for it */
    return n == 9 && digits >= 5 && (digits < 9 || place == LABEL_FIELD);
}

static bool in_capitals(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            return false;
    return true;
}

/* "EN 000001". */
static size_t blank_between(struct span w, size_t at, size_t end)
{
    return at + 3 < end && w.at[at + 2] == ' ' && is_digit(w.at[at + 3]) ? 1 : 0;
}

static size_t read_passport(const struct candidate *c, size_t at, size_t end,
                            enum label_place place, struct match *ret)
{
    struct span w = c->window;
    char text[2 * PLACES];
    size_t n = read_characters(w, at, end, text), blank = 0;

    if (n == 2 && is_letters(text, 2) && !means_number(text) && blank_between(w, at, end)) {
        blank = 1;
        n += read_characters(w, at + 3, end, text + 2);
    }
    bool belgian = n == 8 && is_letters(text, 2) && all_digits(text + 2, 6);

    if (!belgian && (blank || place == LABEL_NEAR || !foreign(text, n, place)))
        return 0;
    size_t len = n + blank;

    if (part_of_code(w, at, len) || (place != LABEL_FIELD && !in_capitals(w.at + at, len)) ||
        !set_value(ret, text, n))
        return 0;
    ret->form = belgian ? FORM_WRITTEN : FORM_BARE;
    return len;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (!digits_near(c, REACH, BEFORE, DIGITS_LEAST))
        return VERDICT_NO;
    return labelled_value(c, REACH, BEFORE, read_passport, ret);
}

const struct detector detect_passport = {
    .id = "passport",
    .kind = "passport",
    .version = 1,
    .anchors = ANCHOR_WORD | ANCHOR_FIELD,
    .longest = LONGEST,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_NONE, CONFIDENCE_NONE},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_LOW, CONFIDENCE_MEDIUM},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .chance = 0, /* no check digit */
    .words = words,
    .keys = keys,
    .wakes = words,
    .in_lists = true,
    .names_stand_beside = true,
    .of_person = true,
    .check = check,
};
