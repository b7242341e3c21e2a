/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "detectors/checks.h"

/* Of at most 18 digits. */
static unsigned rest97(const char *digits, unsigned n)
{
    return (unsigned)(digits_value(digits, n) % 97);
}

bool ends_in_mod97(const char *digits, unsigned n)
{
    if (n < 3)
        return false;
    unsigned rest = rest97(digits, n - 2);

    return digits_value(digits + n - 2, 2) == (rest ? rest : 97);
}

bool ends_in_97_minus(const char *digits, unsigned n)
{
    return n >= 3 && digits_value(digits + n - 2, 2) == 97 - rest97(digits, n - 2);
}

bool luhn(const char *digits, unsigned n)
{
    /* a doubled digit, its two figures added */
    static const uint8_t doubled[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0, i = n;

    for (; i >= 2; i -= 2)
        sum += (unsigned)(digits[i - 1] - '0') + doubled[digits[i - 2] - '0'];
    if (i)
        sum += (unsigned)(digits[0] - '0');
    return n > 1 && sum % 10 == 0;
}

bool gs1(const char *digits, unsigned n)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < n; i++)
        sum += (unsigned)(digits[n - 1 - i] - '0') * (i % 2 ? 3 : 1);
    return n > 1 && sum % 10 == 0;
}

static unsigned mrz_worth(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A') + 10;
    return 0;
}

void mrz_sum(struct mrz_sum *state, const char *field, unsigned n)
{
    static const unsigned weights[3] = {7, 3, 1};

    for (unsigned i = 0; i < n; i++) {
        state->sum += weights[state->weight] * mrz_worth(field[i]);
        state->weight = (state->weight + 1) % 3;
    }
}

char mrz_digit(const char *field, unsigned n)
{
    struct mrz_sum state = {0};

    mrz_sum(&state, field, n);
    return (char)('0' + state.sum % 10);
}

unsigned days_in_month(unsigned year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month < 1 || month > 12)
        return 0;
    if (month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
        return 29;
    return days[month - 1];
}

bool date_exists(unsigned year, unsigned month, unsigned day)
{
    return year >= 1800 && year <= 2999 && day >= 1 && day <= days_in_month(year, month);
}

bool begins_with_date(const char *digits, unsigned n)
{
    if (n < 8)
        return false;
    unsigned year = (unsigned)digits_value(digits, 4);

    return year >= 1950 && year <= 2049 &&
           date_exists(year, (unsigned)digits_value(digits + 4, 2),
                       (unsigned)digits_value(digits + 6, 2));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What stands between the cells of a row, or around a value in code. */
static bool delimits(char c)
{
    return c == ',' || c == ';' || c == '"' || c == '\'' || c == '(' || c == ')' || c == '[' ||
           c == ']' || c == '\n' || c == '\r' || c == '\t' || c == '|' || c == '{' || c == '}';
}

static char at_or_line(struct span w, size_t at)
{
    return at < w.len ? w.at[at] : '\n';
}

/* The character before the offset, blanks skipped; a line feed at the start. */
static char before(struct span w, size_t at)
{
    while (at > 0 && is_blank(w.at[at - 1]))
        at--;
    return at > 0 ? w.at[at - 1] : '\n';
}

/* "12,": the digits before a comma at `comma` are a cell of their own. */
static bool cell_ends_at(struct span w, size_t comma)
{
    size_t at = comma;

    /* A whole part is short; a cell of more digits than that is a cell. */
    while (at > 0 && comma - at < 20 && is_digit(w.at[at - 1]))
        at--;
    /* the end of a date, a time or an amount is not the whole part of a decimal number */
    char beside = at > 0 ? w.at[at - 1] : '\n';

    return beside == '/' || beside == '-' || beside == ':' || beside == '.' ||
           delimits(before(w, at));
}

/* "85073003328,85073003328": a comma with so many digits on both sides stands between two numbers.
 * A decimal number has at most 17 significant digits (what a double, IEEE 754 binary64, carries).
 */
static bool between_numbers(struct span w, size_t comma)
{
    enum { DIGITS = 9 };

    if (comma < DIGITS || w.len - comma <= DIGITS)
        return false;
    for (size_t i = 1; i <= DIGITS; i++)
        if (!is_digit(w.at[comma - i]) || !is_digit(w.at[comma + i]))
            return false;
    return true;
}

static bool decimal_left(struct span w, size_t start)
{
    if (start < 2 || !is_digit(w.at[start - 2]))
        return false;
    if (w.at[start - 1] == '.')
        return true;
    return w.at[start - 1] == ',' && !cell_ends_at(w, start - 1) && !between_numbers(w, start - 1);
}

static bool decimal_right(struct span w, size_t start, size_t end)
{
    if (end + 1 >= w.len || !is_digit(w.at[end + 1]))
        return false;
    if (w.at[end] != '.' && w.at[end] != ',')
        return false;
    size_t at = end + 1;
    bool zeros = true;

    while (at < w.len && at - end < 20 && is_digit(w.at[at])) {
        zeros = zeros && w.at[at] == '0';
        at++;
    }
    if (w.at[end] == ',')
        return !between_numbers(w, end) && !delimits(before(w, start)) && at_or_line(w, at) != ',';
    /* "number.0" is what a spreadsheet makes of an integer column with gaps; "number.7z" and
     * "number.2024.pdf" are names of files. */
    if (zeros || is_letter(at_or_line(w, at)))
        return false;
    return !(at_or_line(w, at) == '.' && is_letter(at_or_line(w, at + 1)));
}

bool inside_decimal_beside(const struct candidate *c)
{
    return decimal_left(c->window, c->start) ||
           decimal_right(c->window, c->start, c->start + c->len);
}

bool chain_of_groups_goes_on(const struct candidate *c)
{
    char separator = (char)c->groups[0].separator;

    if (separator != '.' && separator != '-' && separator != '/')
        return false;
    for (unsigned i = 0; i + 1 < c->n_groups; i++)
        if ((char)c->groups[i].separator != separator || c->groups[i].width != 1)
            return false;
    size_t end = c->start + c->len;

    if (c->start >= 2 && c->window.at[c->start - 1] == separator &&
        is_digit(c->window.at[c->start - 2]))
        return true;
    return end + 1 < c->window.len && c->window.at[end] == separator &&
           is_digit(c->window.at[end + 1]);
}

/* Bytes of one blank that ends at / starts at the offset: space, NBSP (C2 A0). */
static size_t blank_ending(struct span w, size_t at)
{
    if (at >= 1 && w.at[at - 1] == ' ')
        return 1;
    if (at >= 2 && w.at[at - 2] == '\xC2' && w.at[at - 1] == '\xA0')
        return 2;
    return 0;
}

static size_t blank_starting(struct span w, size_t at)
{
    if (at < w.len && w.at[at] == ' ')
        return 1;
    if (at + 1 < w.len && w.at[at] == '\xC2' && w.at[at + 1] == '\xA0')
        return 2;
    return 0;
}

unsigned blank_joins_left(const struct candidate *c)
{
    size_t blank = blank_ending(c->window, c->start);
    size_t at = c->start - blank;
    unsigned n = 0;

    if (blank == 0)
        return 0;
    while (n < CANDIDATE_DIGITS && at > n && is_digit(c->window.at[at - n - 1]))
        n++;
    return n;
}

unsigned blank_joins_right(const struct candidate *c)
{
    size_t end = c->start + c->len;
    size_t blank = blank_starting(c->window, end);
    size_t at = end + blank;
    unsigned n = 0;

    if (blank == 0)
        return 0;
    while (n < CANDIDATE_DIGITS && at + n < c->window.len && is_digit(c->window.at[at + n]))
        n++;
    return n;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool inside_uuid(const struct candidate *c)
{
    if (c->start < 6 || c->n_groups != 1)
        return false;
    const char *left = c->window.at + c->start - 6;

    return left[0] == '-' && left[5] == '-' && is_hex(left[1]) && is_hex(left[2]) &&
           is_hex(left[3]) && is_hex(left[4]);
}

bool groups_are(const struct candidate *c, const uint8_t *sizes)
{
    unsigned i = 0;

    for (; i < c->n_groups && sizes[i] != 0; i++)
        if (c->groups[i].digits != sizes[i])
            return false;
    return i == c->n_groups && sizes[i] == 0;
}

bool separators_are(const struct candidate *c, const char *allowed, unsigned width)
{
    for (unsigned i = 0; i + 1 < c->n_groups; i++) {
        const struct digit_group *g = &c->groups[i];

        if (g->separator == 0 || !strchr(allowed, g->separator) || g->width > width)
            return false;
    }
    return true;
}

bool set_value(struct match *ret, const char *value, size_t len)
{
    if (len > VALUE_MAX)
        return false;
    memcpy(ret->value, value, len);
    ret->value[len] = '\0';
    ret->value_len = len;
    return true;
}

bool stands_in_quotes(const struct candidate *c)
{
    size_t end = c->start + c->len;

    if (c->start == 0 || end >= c->window.len)
        return false;
    char quote = c->window.at[c->start - 1];

    return (quote == '\'' || quote == '"') && c->window.at[end] == quote;
}

enum verdict account_or_card(const struct candidate *c, struct match *ret)
{
    static const uint8_t written[] = {3, 7, 2, 0};
    bool bare = c->n_groups == 1;

    if (c->n != 12 || (!bare && (!groups_are(c, written) || !separators_are(c, "- .", 1))))
        return VERDICT_NO;
    if (touched_left(c->window, c->start) || touched_right(c->window, c->start + c->len) ||
        inside_decimal(c) || chain_goes_on(c) || inside_uuid(c))
        return VERDICT_NO;
    if (!ends_in_mod97(c->digits, 12) || !set_value(ret, c->digits, c->n))
        return VERDICT_SHAPE;
    ret->form = bare ? FORM_BARE : FORM_WRITTEN;
    /* YYYYMMDDhhmm and numbers given out by date. */
    ret->doubtful = bare && begins_with_date(c->digits, c->n);
    return VERDICT_PASS;
}
