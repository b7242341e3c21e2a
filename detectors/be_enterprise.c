/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Belgian enterprise number (BCE, KBO), first digit 0 or 1 (1 since September 2023), and
 * establishment unit number, first digit 2 to 8: ten digits, the last two 97 minus the first eight
 * modulo 97.  Recognised so as not to be reported: 0456.789.xxx reads as a mobile telephone.
 */
#include "detectors/checks.h"

static const char *const words[] = {"numero d entreprise",
                                    "n\xC2\xB0 d entreprise",
                                    "n\xC2\xB0 entreprise",
                                    "bce",
                                    "banque carrefour des entreprises",
                                    "numero de tva",
                                    "n\xC2\xB0 tva",
                                    "tva",
                                    "unite d etablissement",
                                    "numero d unite d etablissement",
                                    "nue",
                                    "rpm",
                                    "ondernemingsnummer",
                                    "ondernemingsnr",
                                    "ondernemingsnr.",
                                    "kbo",
                                    "kbo-nummer",
                                    "kruispuntbank van ondernemingen",
                                    "btw",
                                    "btw-nummer",
                                    "btw-nr",
                                    "btw nr",
                                    "rpr",
                                    "vestigingsnummer",
                                    "vestigingseenheid",
                                    "vestigingseenheidsnummer",
                                    "unternehmensnummer",
                                    "zud",
                                    "mwst",
                                    "mwst.-nr",
                                    "mwst-nr",
                                    "niederlassungseinheit",
                                    "niederlassungseinheitsnummer",
                                    "enterprise number",
                                    "company number",
                                    "cbe",
                                    "vat",
                                    "vat number",
                                    "vat no",
                                    "establishment unit",
                                    "establishment unit number",
                                    NULL};

static const char *const keys[] = {"bce",
                                   "kbo",
                                   "cbe",
                                   "tva",
                                   "btw",
                                   "vat",
                                   "mwst",
                                   "vatnumber",
                                   "vat_number",
                                   "vat_nr",
                                   "btwnr",
                                   "btw_nr",
                                   "btwnummer",
                                   "num_tva",
                                   "numtva",
                                   "no_tva",
                                   "ondernemingsnummer",
                                   "ondernemingsnr",
                                   "kbonummer",
                                   "kbo_nummer",
                                   "kbonr",
                                   "kbo_nr",
                                   "num_entreprise",
                                   "numero_entreprise",
                                   "num_bce",
                                   "enterprisenumber",
                                   "enterprise_number",
                                   "companynumber",
                                   "company_number",
                                   "vestigingsnummer",
                                   "vestigingsnr",
                                   "establishmentnumber",
                                   "establishment_number",
                                   "unternehmensnummer",
                                   NULL};

static enum verdict check(const struct candidate *c, struct match *ret)
{
    static const uint8_t thousands[] = {4, 3, 3, 0}, unit[] = {1, 3, 3, 3, 0};
    bool bare = c->n_groups == 1;

    if (c->n != 10 || c->digits[0] == '9')
        return VERDICT_NO;
    if (!bare &&
        ((!groups_are(c, thousands) && !groups_are(c, unit)) || !separators_are(c, " .-", 1)))
        return VERDICT_NO;
    if (touched_left(c->window, c->start) || touched_right(c->window, c->start + c->len) ||
        inside_decimal(c) || chain_goes_on(c))
        return VERDICT_NO;
    if (!ends_in_97_minus(c->digits, 10) || digits_value(c->digits, 8) == 0 ||
        !set_value(ret, c->digits, c->n))
        return VERDICT_SHAPE;
    bool dotted = !bare && separators_are(c, ".", 1);

    ret->form = bare ? FORM_BARE : dotted ? FORM_WRITTEN : FORM_GROUPED;
    /* One mobile number in a hundred passes, and few write theirs in thousands with dots. */
    ret->doubtful = !dotted && c->digits[0] == '0' && c->digits[1] == '4' && c->digits[2] >= '5';
    return VERDICT_PASS;
}

const struct detector detect_be_enterprise = {
    .id = "be_enterprise",
    .kind = "be-enterprise",
    .version = 1,
    .anchors = ANCHOR_DIGITS,
    .digits_min = 10,
    .digits_max = 10,
    .longest = 24,
    .first_digits = 0x1FF, /* not 9 */
    .look_alike = true,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_NRN_BARE},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_LOW, CONFIDENCE_MEDIUM},
    .normal = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.01,
    .words = words,
    .keys = keys,
    .check = check,
};
