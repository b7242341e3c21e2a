/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Number of a Belgian driving licence (field 5 of the card): ten digits without separators, no
 * public check digit (Microsoft Purview, Belgium driver's license number).  Enterprise numbers,
 * mobile telephones and times in seconds have ten digits too: nothing is one without a word that
 * names it, and those are passed over unless the word stands right before.
 */
#include "detectors/checks.h"
#include "detectors/labelled.h"

enum { DIGITS = 10, REACH = 120, LONGEST = 240 };

static const char *const words[] = {
    /* FR */
    "permis de conduire", "numero de permis", "numero du permis", "n\xC2\xB0 de permis",
    "n\xC2\xB0 permis", "permis n\xC2\xB0",
    /* NL */
    "rijbewijs", "rijbewijzen", "rijbewijsnummer", "rijbewijsnr", "nummer rijbewijs",
    /* DE */
    "fuhrerschein", "fuhrerscheine", "fuhrerscheinnummer", "fuhrerscheinnr", "fuehrerschein",
    "fuehrerscheinnummer",
    /* EN */
    "driving licence", "driving license", "driver s licence", "driver s license", "drivers licence",
    "drivers license", "driver licence", "driver license", NULL};

static const char *const keys[] = {"permis",
                                   "permis_conduire",
                                   "permis_de_conduire",
                                   "num_permis",
                                   "numpermis",
                                   "no_permis",
                                   "numero_permis",
                                   "numero_permis_conduire",
                                   "rijbewijs",
                                   "rijbewijsnr",
                                   "rijbewijs_nr",
                                   "rijbewijsnummer",
                                   "rijbewijs_nummer",
                                   "fuehrerschein",
                                   "fuhrerschein",
                                   "fuehrerschein_nr",
                                   "fuehrerscheinnummer",
                                   "drivinglicence",
                                   "driving_licence",
                                   "driving_licence_number",
                                   "drivinglicencenumber",
                                   "drivinglicense",
                                   "driving_license",
                                   "driverlicense",
                                   "driver_license",
                                   "driverslicense",
                                   "drivers_license",
                                   "license_number",
                                   "licence_number",
                                   NULL};

/* Seconds since 1970 from September 2020 to March 2030, a mobile telephone, an enterprise number.
 */
static bool rather_something_else(const char *digits)
{
    uint64_t value = digits_value(digits, DIGITS);

    return (value >= 1600000000 && value < 1900000000) ||
           (digits[0] == '0' && digits[1] == '4' && digits[2] >= '5') ||
           (digits[0] <= '1' && ends_in_97_minus(digits, DIGITS));
}

static size_t read_licence(const struct candidate *c, size_t at, size_t end, enum label_place place,
                           struct match *ret)
{
    struct span w = c->window;
    size_t n = 0;

    while (n <= DIGITS && at + n < end && is_digit(w.at[at + n]))
        n++;
    if (n != DIGITS || part_of_code(w, at, n) ||
        (place == LABEL_NEAR && rather_something_else(w.at + at)) || !set_value(ret, w.at + at, n))
        return 0;
    ret->form = FORM_BARE;
    return n;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (!digits_near(c, REACH, 0, DIGITS))
        return VERDICT_NO;
    return labelled_value(c, REACH, 0, read_licence, ret);
}

const struct detector detect_driving_licence = {
    .id = "driving_licence",
    .kind = "driving-licence",
    .version = 1,
    .anchors = ANCHOR_WORD | ANCHOR_FIELD,
    .longest = LONGEST,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_NONE, CONFIDENCE_NONE},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_LOW, CONFIDENCE_LOW},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},
    .chance = 0, /* no check digit */
    .words = words,
    .keys = keys,
    .wakes = words,
    .in_lists = true,
    .names_stand_beside = true,
    .of_person = true,
    .check = check,
};
