/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Number of a health-care professional (INAMI, RIZIV, LIKIV): profession, five digits, two check
 * digits and three of qualification, P-NNNNN-CC-QQQ, or the first eight alone (Belgian FHIR guide
 * hl7-be/core).  The check is 97 minus the first six modulo 97; since the numbers ran out, 89 minus
 * the first six modulo 89 as well (circular I 2012/26).
 *
 * One in fifty random numbers passes, so a word must name it; only the whole number in its own
 * groups counts, a little, without one.
 */
#include "detectors/checks.h"
#include "detectors/labelled.h"

enum { SHORT = 8, WHOLE = 11, REACH = 120, LONGEST = 240 };

static const char *const words[] = {
    /* FR */
    "inami", "numero inami", "n\xC2\xB0 inami", "no inami",
    /* NL */
    "riziv", "riziv-nummer", "rizivnummer", "riziv-nr", "rizivnr",
    /* DE */
    "likiv", "likiv-nummer", "likivnummer", "likiv-nr",
    /* EN */
    "nihdi", "nihdi number", "nihii", NULL};

static const char *const keys[] = {
    "inami",       "num_inami", "numinami", "no_inami",     "numero_inami",
    "numeroinami", "riziv",     "riziv_nr", "riziv_nummer", "rizivnr",
    "rizivnummer", "likiv",     "likiv_nr", "nihdi",        "nihdi_number",
    "nihii",       NULL};

static bool check_holds(const char *digits)
{
    uint64_t six = digits_value(digits, 6), check = digits_value(digits + 6, 2);

    return digits[0] != '0' && (check == 97 - six % 97 || check == 89 - six % 89);
}

/* Of eleven digits, wherever they stand. */
static enum verdict check_whole(const struct candidate *c, struct match *ret)
{
    static const uint8_t own[] = {1, 5, 2, 3, 0};
    bool bare = c->n_groups == 1;

    if (c->n != WHOLE || c->digits[0] == '0' ||
        (!bare && (!groups_are(c, own) || !separators_are(c, "-/. ", 1))))
        return VERDICT_NO;
    if (part_of_code(c->window, c->start, c->len) || inside_decimal(c) || chain_goes_on(c))
        return VERDICT_NO;
    if (!check_holds(c->digits) || !set_value(ret, c->digits, WHOLE))
        return VERDICT_SHAPE;
    ret->form = bare ? FORM_BARE : separators_are(c, "-/", 1) ? FORM_WRITTEN : FORM_GROUPED;
    return VERDICT_PASS;
}

/* The digits at `at`, in one group or 1-5-2(-3), and how many bytes they take; 0: other groups. */
static size_t read_digits(struct span w, size_t at, size_t end, char digits[WHOLE + 1],
                          unsigned *ret_n)
{
    /* how many digits stand before a separator */
    static const bool group_ends[WHOLE + 1] = {[1] = true, [6] = true, [8] = true};
    size_t from = at;
    unsigned n = 0, separators = 0;

    while (at < end && n <= WHOLE) {
        if (is_digit(w.at[at])) {
            digits[n++] = w.at[at++];
            continue;
        }
        if (!strchr("-/. ", w.at[at]) || w.at[at] == '\0' || at + 1 >= end ||
            !is_digit(w.at[at + 1]) || n > SHORT || !group_ends[n])
            break;
        /* behind the eighth digit a blank ends the number as well as the group */
        if (n == SHORT && w.at[at] == ' ' &&
            (separators != 2 || at + 3 >= end || !is_digit(w.at[at + 2]) ||
             !is_digit(w.at[at + 3])))
            break;
        separators++;
        at++;
    }
    *ret_n = n;
    return (n == SHORT && (separators == 0 || separators == 2)) ||
                   (n == WHOLE && (separators == 0 || separators == 3))
               ? at - from
               : 0;
}

static size_t read_number(const struct candidate *c, size_t at, size_t end, enum label_place place,
                          struct match *ret)
{
    char digits[WHOLE + 1];
    unsigned n;
    size_t len = read_digits(c->window, at, end, digits, &n);

    /* eight digits further on may be a date */
    if (len == 0 || (place == LABEL_NEAR && len == SHORT && begins_with_date(digits, n)) ||
        part_of_code(c->window, at, len) || !check_holds(digits) || !set_value(ret, digits, n))
        return 0;
    char sign = c->window.at[at + 1];

    ret->form = len == n ? FORM_BARE : sign == '-' || sign == '/' ? FORM_WRITTEN : FORM_GROUPED;
    return len;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    return c->woken_by == ANCHOR_WORD || c->woken_by == ANCHOR_FIELD
               ? labelled_value(c, REACH, 0, read_number, ret)
               : check_whole(c, ret);
}

const struct detector detect_be_inami = {
    .id = "be_inami",
    .kind = "be-inami",
    .version = 1,
    .anchors = ANCHOR_DIGITS | ANCHOR_WORD | ANCHOR_FIELD,
    .digits_min = WHOLE,
    .digits_max = WHOLE,
    .longest = LONGEST,
    .first_digits = 0x3FE, /* not 0 */
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_NONE, CONFIDENCE_LOW},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.021, /* one check value of 97, one of 89 */
    .words = words,
    .keys = keys,
    .wakes = words,
    .in_lists = true,
    .of_person = true,
    .check = check,
};
