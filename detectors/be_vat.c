/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Belgian VAT number: BE and the ten digits of the enterprise number, first 0 or 1; the nine-digit
 * numbers of before 2005 get their 0 in front.  Recognised so as not to be reported, and so that
 * nothing inside it is.
 */
#include "detectors/checks.h"

static const char *const words[] = {"tva", "btw", "mwst", "vat", NULL};

/* Digits over single separators, brackets round a leading zero included; stops at the first
 * character that is neither.  `end` is the offset after the last digit. */
static unsigned read_digits(struct span w, size_t at, char digits[12], size_t *end)
{
    unsigned n = 0, width = 0;

    while (at < w.len && n < 12) {
        char c = w.at[at];

        if (is_digit(c)) {
            digits[n++] = c;
            width = 0;
            *end = at + 1;
        } else if (c == ' ' || c == '.' || c == '-' || ((c == '(' || c == ')') && n <= 1)) {
            if (++width > 2)
                break;
        } else if (c == '\xC2' && at + 1 < w.len && w.at[at + 1] == '\xA0') {
            if (++width > 2)
                break;
            at++;
        } else if (c == '\xE2' && at + 2 < w.len && w.at[at + 1] == '\x80' &&
                   w.at[at + 2] == '\xAF') {
            if (++width > 2)
                break;
            at += 2;
        } else {
            break;
        }
        /* A full number ends where no digit touches it: what follows a blank is other text. */
        if (n >= 9 && (at + 1 >= w.len || !is_digit(w.at[at + 1])) && is_digit(w.at[at])) {
            bool ten = digits[0] == '0' || digits[0] == '1';

            if (n == (ten ? 10u : 9u))
                break;
        }
        at++;
    }
    return n;
}

/* Where "BE" would begin.  BE (0)403019261 has too much between letters and digit for the letters'
 * anchor and is reached from its first digit. */
static size_t letters_of(const struct candidate *c)
{
    size_t at = c->start;

    if (c->n == 0)
        return at;
    if (c->groups[0].digits != 1 || c->groups[0].separator != ')' || at < 3 ||
        c->window.at[at - 1] != '(')
        return c->window.len;
    return at - (c->window.at[at - 2] == ' ' && at > 3 ? 4 : 3);
}

static bool begins(const char two[2])
{
    return two[0] == 'B' && two[1] == 'E';
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    char number[13] = "BE", *digits = number + 2;
    size_t start = letters_of(c), end = start;

    if (start >= w.len || w.len - start < 2 || (w.at[start] | 0x20) != 'b' ||
        (w.at[start + 1] | 0x20) != 'e' || touched_left(w, start))
        return VERDICT_NO;
    char read[12];
    unsigned n = read_digits(w, start + 2, read, &end);

    if (n == 9 && read[0] >= '2') {
        digits[0] = '0';
        memcpy(digits + 1, read, 9);
    } else if (n == 10 && (read[0] == '0' || read[0] == '1')) {
        memcpy(digits, read, 10);
    } else {
        return VERDICT_NO;
    }
    if (touched_right(w, end))
        return VERDICT_NO;
    if (!ends_in_97_minus(digits, 10) || digits_value(digits, 8) == 0 ||
        !set_value(ret, number, 12))
        return VERDICT_SHAPE;
    ret->start = start;
    ret->len = end - start;
    ret->form = FORM_WRITTEN;
    return VERDICT_PASS;
}

const struct detector detect_be_vat = {
    .id = "be_vat",
    .kind = "be-vat",
    .version = 1,
    .anchors = ANCHOR_LETTERS | ANCHOR_DIGITS,
    .digits_min = 10,
    .digits_max = 10,
    .longest = 96,
    .begins = begins,
    .look_alike = true,
    .precedence = {PRECEDENCE_VAT, PRECEDENCE_VAT, PRECEDENCE_VAT},
    .alone = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.01,
    .words = words,
    .check = check,
};
