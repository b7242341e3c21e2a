/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * GS1 article number of thirteen digits (EAN-13, GTIN-13, ISBN-13): weights 1 and 3, the sum a
 * multiple of 10.  Recognised so as not to be reported: prefixes 500 to 509 (United Kingdom,
 * Ireland), 56 (Portugal) and 57 (Denmark) read as payment cards of thirteen digits.
 */
#include "detectors/checks.h"

static const char *const words[] = {
    "ean",      "ean-13",      "ean13",         "ean code",      "gtin",       "gtin-13", "barcode",
    "bar code", "code-barres", "code barres",   "streepjescode", "strichcode", "isbn",    "isbn-13",
    "article",  "artikel",     "artikelnummer", "produit",       "product",    NULL};

static const char *const keys[] = {"ean",  "ean13",  "ean_13",  "eancode",  "ean_code",
                                   "gtin", "gtin13", "barcode", "bar_code", "code_barres",
                                   "isbn", "isbn13", NULL};

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (c->n != 13 || !separators_are(c, "- ", 1))
        return VERDICT_NO;
    /* Only ISBN is written in groups; bare, only what could pass for a card matters. */
    bool book = memcmp(c->digits, "978", 3) == 0 || memcmp(c->digits, "979", 3) == 0;

    if (c->n_groups > 1 && (!book || c->n_groups != 5))
        return VERDICT_NO;
    if (touched_left(c->window, c->start) || touched_right(c->window, c->start + c->len) ||
        inside_decimal(c))
        return VERDICT_NO;
    if (!gs1(c->digits, 13) || digits_value(c->digits, 13) == 0 || !set_value(ret, c->digits, 13))
        return VERDICT_SHAPE;
    ret->form = c->n_groups > 1 ? FORM_WRITTEN : FORM_BARE;
    return VERDICT_PASS;
}

const struct detector detect_gs1_article = {
    .id = "gs1_article",
    .kind = "gs1-article",
    .version = 1,
    .anchors = ANCHOR_DIGITS,
    .digits_min = 13,
    .digits_max = 13,
    .longest = 32,
    .look_alike = true,
    /* Far more articles than cards of thirteen digits are about. */
    .precedence = {PRECEDENCE_NRN_BARE, PRECEDENCE_NRN_BARE, PRECEDENCE_NRN_BARE},
    .alone = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},
    .normal = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.1,
    .words = words,
    .keys = keys,
    .check = check,
};
