/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Belgian structured communication (OGM, VCS) on a transfer: +++ddd/dddd/ddddd+++ or ***...***,
 * or slashes alone, twelve digits, the last two the first ten modulo 97 with 97 in place of 0.
 * Recognised so as not to be reported: bare, it passes as an account or an identity card.
 */
#include "detectors/checks.h"

static const char *const words[] = {"mededeling",
                                    "gestructureerde mededeling",
                                    "gestructureerd",
                                    "ogm",
                                    "ogm-code",
                                    "ogm-vcs",
                                    "vcs",
                                    "communication structuree",
                                    "communication",
                                    "avec la communication",
                                    "strukturierte mitteilung",
                                    "mitteilung",
                                    "structured communication",
                                    "structured reference",
                                    "payment reference",
                                    "betaalreferentie",
                                    "betalingskenmerk",
                                    "reference de paiement",
                                    "zahlungsreferenz",
                                    NULL};

static const char *const keys[] = {"ogm",
                                   "vcs",
                                   "ogm_vcs",
                                   "mededeling",
                                   "communication",
                                   "communication_structuree",
                                   "gestructureerde_mededeling",
                                   "structured_communication",
                                   "structuredcommunication",
                                   "payment_reference",
                                   "paymentreference",
                                   "rmtinf",
                                   "strd",
                                   "ref",
                                   "cdtrref",
                                   "creditor_reference",
                                   NULL};

/* Three plus signs or asterisks, the same at both ends, close to the digits; 0 if there are none.
 * A delimiter at one end only, or another at the other, is '?'. */
static char delimiter(const struct candidate *c, size_t *left, size_t *right)
{
    struct span w = c->window;
    size_t start = c->start, end = c->start + c->len;
    char before = start > 0 ? w.at[start - 1] : 0, after = end < w.len ? w.at[end] : 0;
    bool opens = before == '+' || before == '*', closes = after == '+' || after == '*';

    *left = *right = 0;
    if (!opens && !closes)
        return 0;
    if (before != after)
        return '?';
    while (*left < 3 && start > *left && w.at[start - 1 - *left] == before)
        ++*left;
    while (*right < 3 && end + *right < w.len && w.at[end + *right] == after)
        ++*right;
    return *left == 3 && *right == 3 ? before : '?';
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    static const uint8_t written[] = {3, 4, 5, 0};
    bool bare = c->n_groups == 1;
    size_t left, right;

    if (c->n != 12 || (!bare && (!groups_are(c, written) || !separators_are(c, "/", 1))))
        return VERDICT_NO;
    if (touched_left(c->window, c->start) || touched_right(c->window, c->start + c->len) ||
        inside_decimal(c) || chain_goes_on(c))
        return VERDICT_NO;
    char delimited = delimiter(c, &left, &right);

    if (delimited == '?')
        return VERDICT_NO;
    if (!ends_in_mod97(c->digits, 12) || !set_value(ret, c->digits, c->n))
        return VERDICT_SHAPE;
    ret->start = c->start - left;
    ret->len = c->len + left + right;
    ret->form = delimited || !bare ? FORM_WRITTEN : FORM_BARE;
    return VERDICT_PASS;
}

const struct detector detect_be_payment_ref = {
    .id = "be_payment_ref",
    .kind = "be-payment-ref",
    .version = 1,
    .anchors = ANCHOR_DIGITS,
    .digits_min = 12,
    .digits_max = 12,
    .longest = 24,
    .look_alike = true,
    /* Bare it is the least likely of the kinds with its check, unless a word says so. */
    .precedence = {PRECEDENCE_OTHER + 1, PRECEDENCE_PAYMENT_REF, PRECEDENCE_PAYMENT_REF},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.01,
    .words = words,
    .keys = keys,
    .check = check,
};
