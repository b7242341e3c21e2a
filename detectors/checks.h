/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * checks.h - arithmetic and neighbourhood that several detectors share.
 *
 * Nothing here knows a kind.  `digits` are ASCII digits, n of them, never NUL-terminated.
 */
#ifndef CONSTAT_CHECKS_H
#define CONSTAT_CHECKS_H

#include "detectors/detector.h"

/* --- arithmetic ------------------------------------------------------------------------------ */

/* The number that n <= 18 digits write.  Here and below: what every candidate is asked stands in
 * the header, so that it costs no call. */
static inline uint64_t digits_value(const char *digits, unsigned n)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < n; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value;
}

/* Belgian accounts, identity cards, payment references: the last two of n digits are the rest
 * modulo 97, with 97 in place of 0.  So 00, 98 and 99 never occur. */
bool ends_in_mod97(const char *digits, unsigned n);

/* Belgian enterprise numbers: the last two digits are 97 minus the rest modulo 97. */
bool ends_in_97_minus(const char *digits, unsigned n);

/* ISO/IEC 7812-1 annex B. */
bool luhn(const char *digits, unsigned n);

/* GS1: weights 3 and 1 from the right, sum a multiple of 10. */
bool gs1(const char *digits, unsigned n);

/* ICAO Doc 9303 part 3: weights 7-3-1 over 0-9, A-Z (10..35) and '<' (0).  `state` carries the
 * place in the weights from field to field for composite checks; start with {0}. */
struct mrz_sum {
    unsigned weight;
    unsigned sum;
};
void mrz_sum(struct mrz_sum *state, const char *field, unsigned n);
/* The check digit of one field, as a character. */
char mrz_digit(const char *field, unsigned n);

/* Gregorian.  Years 1800 to 2999. */
unsigned days_in_month(unsigned year, unsigned month);
bool date_exists(unsigned year, unsigned month, unsigned day);
/* True if the digits begin with YYYYMMDD of 1950 to 2049: an order or ticket number, a time. */
bool begins_with_date(const char *digits, unsigned n);

/* --- what touches a candidate ---------------------------------------------------------------- */

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_alnum(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Lead bytes of the two-byte letters: U+00C0 to U+07FF.  U+0080 to U+00BF (lead C2) are signs. */
static inline bool leads_letter(char c)
{
    unsigned char b = (unsigned char)c;

    return b >= 0xC3 && b <= 0xDF;
}

/* A letter (ASCII, or any two-byte UTF-8 letter) or a digit ends right before / starts right
 * after the offset.  The ends of the window count as free. */
static inline bool touched_left(struct span window, size_t at)
{
    if (at == 0 || at > window.len)
        return false;
    if (is_alnum(window.at[at - 1]))
        return true;
    return at >= 2 && ((unsigned char)window.at[at - 1] & 0xC0) == 0x80 &&
           leads_letter(window.at[at - 2]);
}

static inline bool touched_right(struct span window, size_t at)
{
    return at < window.len && (is_alnum(window.at[at]) || leads_letter(window.at[at]));
}

/* The candidate is the fraction or the whole part of a decimal number, or of a dotted version.
 * Commas between the cells of a row, and the ".0" that spreadsheets add, are not that. */
bool inside_decimal_beside(const struct candidate *c);

static inline bool inside_decimal(const struct candidate *c)
{
    size_t end = c->start + c->len;
    char before = c->start > 0 ? c->window.at[c->start - 1] : 0;
    char after = end < c->window.len ? c->window.at[end] : 0;

    /* most numbers have neither sign beside them */
    return (before == '.' || before == ',' || after == '.' || after == ',') &&
           inside_decimal_beside(c);
}

/* The candidate's separators are all the same and go on beyond it: 1.2.840.113549.1.  Blanks are
 * not looked at here, see blank_joins_right. */
bool chain_of_groups_goes_on(const struct candidate *c);

static inline bool chain_goes_on(const struct candidate *c)
{
    return c->n_groups > 1 && chain_of_groups_goes_on(c);
}

/* One blank, then digits: how many of them; 0 if none. */
unsigned blank_joins_left(const struct candidate *c);
unsigned blank_joins_right(const struct candidate *c);

/* The last field of a UUID. */
bool inside_uuid(const struct candidate *c);

/* --- candidates of digits -------------------------------------------------------------------- */

/* The groups are exactly these sizes; `sizes` ends with 0. */
bool groups_are(const struct candidate *c, const uint8_t *sizes);
/* Every separator is one of these, and no run is wider than `width`. */
bool separators_are(const struct candidate *c, const char *allowed, unsigned width);

/* The whole rule that the former Belgian account number and the identity card number share:
 * twelve digits, bare or exactly 3-7-2 with dashes, blanks or dots, the last two the first ten
 * modulo 97. */
enum verdict account_or_card(const struct candidate *c, struct match *ret);

/* Sets the value; false if it does not fit. */
bool set_value(struct match *ret, const char *value, size_t len);

/* The whole of a quoted value, as in SQL, CSV and JSON: whoever wrote it meant one thing by it. */
bool stands_in_quotes(const struct candidate *c);

#endif
