/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * runs.c - from a group of digits to the candidates that begin with it.
 *
 * Every group start is looked at by itself and no further than the longest number reaches, so a
 * run of a hundred megabytes costs no more a byte than a short one.
 */
#include "detectors/engine_private.h"

/* Bytes of the separator at text[at], 0 if there is none; *as = its ASCII stand-in. */
static inline size_t separator(const char *text, size_t at, size_t high, bool brackets, char *as)
{
    unsigned char c, d;

    if (at >= high)
        return 0;
    c = (unsigned char)text[at];
    *as = (char)c;
    if (c == ' ' || c == '.' || c == '-' || c == '/')
        return 1;
    if (c == '(' || c == ')')
        return brackets ? 1 : 0;
    if (c == 0xC2 && at + 1 < high && (unsigned char)text[at + 1] == 0xA0) {
        *as = ' ';
        return 2;
    }
    if (c != 0xE2 || at + 2 >= high)
        return 0;
    d = (unsigned char)text[at + 2];
    if ((unsigned char)text[at + 1] == 0x80) {
        *as = d == 0xAF || d == 0x89 ? ' ' : '-';
        return d == 0xAF || d == 0x89 || d == 0x90 || d == 0x91 || d == 0x93 ? 3 : 0;
    }
    *as = '-';
    return (unsigned char)text[at + 1] == 0x88 && d == 0x92 ? 3 : 0;
}

/* Up to 3 separators from `at`; the end, or `at` itself when there are none. */
static size_t separators(const char *text, size_t at, size_t high, bool brackets,
                         struct digit_group *group)
{
    size_t n;
    char as;

    for (group->width = 0; group->width < 3; group->width++, at += n) {
        n = separator(text, at, high, brackets, &as);
        if (n == 0)
            break;
        if (group->width == 0)
            group->separator = (uint8_t)as;
    }
    return at;
}

/* Digits stand before `start`, over 1 to 3 separators. */
static bool digits_before(const char *text, size_t low, size_t start)
{
    size_t at = start;
    char as;

    for (unsigned width = 0; width < 3; width++) {
        if (at > low && separator(text, at - 1, at, false, &as) == 1)
            at -= 1;
        else if (at >= low + 2 && separator(text, at - 2, at, false, &as) == 2)
            at -= 2;
        else if (at >= low + 3 && separator(text, at - 3, at, false, &as) == 3)
            at -= 3;
        else
            break;
    }
    return at < start && at > low && is_digit(text[at - 1]);
}

static bool digits_after(const char *text, size_t end, size_t high)
{
    struct digit_group group;
    size_t at = separators(text, end, high, false, &group);

    return at > end && at < high && is_digit(text[at]);
}

/* May a number begin at `start`?  After a digit and a dot it is a fraction, or the middle of a
 * number whose start is offered anyway.  What else touches it is the detector's to judge. */
static bool begins(const char *t, size_t low, size_t start)
{
    return start < low + 2 || t[start - 1] != '.' || !is_digit(t[start - 2]);
}

/* ... and end?  The ".0" that spreadsheets put behind a number is no part of it. */
static bool ends(const char *t, size_t high, size_t end)
{
    if (end + 1 >= high || t[end] != '.' || !is_digit(t[end + 1]))
        return true;
    return t[end + 1] == '0' && (end + 2 == high || !is_digit(t[end + 2]));
}

/* A spreadsheet takes the zeros off a number that it stores as such.  They are put back only
 * where the header names the kind and the cell holds nothing else. */
static void restore_zeros(struct engine *e, const struct candidate *c, uint64_t line,
                          struct spot *spot)
{
    char digits[CANDIDATE_DIGITS];
    struct digit_group group = {.digits = 11};
    struct candidate padded = *c;
    size_t start = (size_t)(c->window.at - e->text) + c->start, end = start + c->len;

    if ((!e->in_cells && !e->table.delimited) || e->table.columns == 0 || c->n < 9 || c->n > 10 ||
        c->n_groups != 1)
        return;
    if (spot->high == 0)
        spot_at(e, start, start, line, spot);
    if (!spot->header || !spot->naming.names)
        return;
    for (size_t i = spot->low; i < spot->high; i++)
        if ((i < start || i >= end) && e->text[i] != ' ' && e->text[i] != '"' && e->text[i] != '\r')
            return;
    memset(digits, '0', 11);
    memcpy(digits + 11 - c->n, c->digits, c->n);
    padded.digits = digits;
    padded.n = 11;
    padded.groups = &group;
    for (unsigned i = 0; i < e->n_by_digits[11]; i++) {
        unsigned kind = e->by_digits[11][i];

        if (detectors[kind]->digits_min == 11 && (spot->naming.names >> kind & 1))
            ask(e, kind, &padded, line, spot, true);
    }
}

void runs_offer(struct engine *e, size_t pos, uint64_t line)
{
    const char *t = e->text;
    size_t low = border_low(e), high = border_high(e), at = pos;
    char digits[CANDIDATE_DIGITS];
    struct digit_group groups[CANDIDATE_GROUPS];
    struct candidate c = {
        .start = pos, .anchor = pos, .digits = digits, .groups = groups, .today = e->today};
    struct spot spot = {.high = 0};
    bool joined_left;
    bool window = false;

    if (low < pos && pos - low > LOOK_BACK)
        low = pos - LOOK_BACK;
    if (high - pos > LOOK_BACK)
        high = pos + LOOK_BACK;
    if (!begins(t, low, pos))
        return;
    joined_left = digits_before(t, low, pos);

    while (c.n_groups < CANDIDATE_GROUPS) {
        struct digit_group *group = &groups[c.n_groups];
        unsigned from = c.n, count;
        size_t end, next;
        bool joined_right;

        while (at < high && is_digit(t[at]) && c.n <= e->digits_most && c.n < CANDIDATE_DIGITS)
            digits[c.n++] = t[at++];
        if (c.n > e->digits_most || (at < high && is_digit(t[at])))
            return; /* longer than any number */
        count = c.n - from;
        end = at;
        *group = (struct digit_group){.digits = (uint8_t)count};
        c.n_groups++;
        c.len = end - pos;

        if (e->n_by_digits[c.n] > 0 && ends(t, high, end)) {
            joined_right = digits_after(t, end, high);
            /* of a long row of tiny groups only what reaches one of its ends: a bound on the
             * work, for no number is written digit by digit inside a longer row */
            if (c.n_groups * 2 <= c.n + 2 || !joined_left || !joined_right) {
                if (!window) {
                    candidate_window(e, &c, low, high);
                    window = true;
                }
                for (unsigned i = 0; i < e->n_by_digits[c.n]; i++)
                    ask(e, e->by_digits[c.n][i], &c, line, &spot, !joined_left && !joined_right);
            }
        }
        if (c.n_groups == 1) {
            if (!window) {
                candidate_window(e, &c, low, high);
                window = true;
            }
            restore_zeros(e, &c, line, &spot);
        }
        next = separators(t, at, high, c.n_groups <= 2, group);
        if (next == at || next >= high || !is_digit(t[next]))
            return;
        at = next;
    }
}
