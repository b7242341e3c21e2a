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

/* What a byte may be between two groups of digits. */
enum joint { JOINT_NONE, JOINT_SIGN, JOINT_BRACKET, JOINT_WIDE };

static const uint8_t joints[256] = {
    [' '] = JOINT_SIGN,    ['.'] = JOINT_SIGN,    ['-'] = JOINT_SIGN,  ['/'] = JOINT_SIGN,
    ['('] = JOINT_BRACKET, [')'] = JOINT_BRACKET, [0xC2] = JOINT_WIDE, [0xE2] = JOINT_WIDE};

static inline enum joint joint_of(char c)
{
    return (enum joint)joints[(unsigned char)c];
}

/* Digits stand before `start`, over 1 to 3 separators. */
static bool digits_before(const char *text, size_t low, size_t start)
{
    size_t at = start;
    char as;

    /* a separator ends in one of its signs or in a byte of UTF-8 */
    if (start <= low || (joint_of(text[start - 1]) != JOINT_SIGN && !(text[start - 1] & 0x80)))
        return false;
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
    enum joint joint = end < high ? joint_of(text[end]) : JOINT_NONE;
    size_t at;

    if (joint == JOINT_NONE || joint == JOINT_BRACKET)
        return false;
    if (joint == JOINT_SIGN && is_digit(text[end + 1]))
        return true;
    at = separators(text, end, high, false, &group);
    return at > end && at < high && is_digit(text[at]);
}

/* May a number begin at `start`?  After a digit and a dot it is a fraction, or the middle of a
 * number whose start is offered anyway.  What else touches it is the detector's to judge.  A
 * border before it is neither digit nor dot. */
static inline bool begins(const char *t, size_t start)
{
    return t[(ptrdiff_t)start - 1] != '.' || !is_digit(t[(ptrdiff_t)start - 2]);
}

/* ... and end?  The ".0" that spreadsheets put behind a number is no part of it. */
static inline bool ends(const char *t, size_t high, size_t end)
{
    if (t[end] != '.' || end + 1 >= high || !is_digit(t[end + 1]))
        return true;
    return t[end + 1] == '0' && (end + 2 == high || !is_digit(t[end + 2]));
}

/* Digits from `at`, which is `off` behind the place that `ahead` tells of: bit i for byte i.  Only
 * a group that goes on behind those 64 bytes is counted one by one, and no further than it can
 * be part of a number. */
static inline unsigned group_digits(const char *t, size_t at, size_t off, uint64_t ahead)
{
    unsigned n = 0;

    if (off < BLOCK) {
        uint64_t others = ~(ahead >> off);
        unsigned digits = others ? (unsigned)__builtin_ctzll(others) : BLOCK;

        if (off + digits < BLOCK)
            return digits;
    }
    while (n <= CANDIDATE_DIGITS && is_digit(t[at + n]))
        n++;
    return n;
}

/* A spreadsheet takes the zeros off a number that it stores as such, and JSON has none.  They are
 * put back only where the header or the key names the kind and the cell or value holds nothing
 * else. */
static void restore_zeros(struct engine *e, const struct candidate *c, uint64_t line,
                          struct spot *spot)
{
    char digits[CANDIDATE_DIGITS];
    struct digit_group group = {.digits = 11};
    struct candidate padded = *c;
    size_t start = (size_t)(c->window.at - e->text) + c->start, end = start + c->len;

    spot_at(e, start, start, line, spot);
    spot_name(e, spot);
    if ((!spot->header && !spot->named) || !spot->naming.names)
        return;
    if (!spot->header &&
        (end >= spot->high || !e->text[end] || !strchr(",}]<\"\n\r", e->text[end])))
        return;
    for (size_t i = spot->low; spot->header && i < spot->high; i++)
        if ((i < start || i >= end) && e->text[i] != ' ' && e->text[i] != '"' && e->text[i] != '\r')
            return;
    memset(digits, '0', 11);
    memcpy(digits + 11 - c->n, c->digits, c->n);
    padded.digits = digits;
    padded.n = 11;
    padded.groups = &group;
    e->restoring = true;
    for (uint64_t kinds = e->elevens & spot->naming.names; kinds; kinds &= kinds - 1)
        ask(e, (unsigned)__builtin_ctzll(kinds), &padded, line, spot, true);
    e->restoring = false;
}

void runs_offer(struct engine *e, size_t pos, uint64_t line, uint64_t ahead)
{
    const char *t = e->text;
    size_t low = border_low(e), high = border_high(e), at = pos;
    /* groups are copied by 16 bytes at a time: longer ones are rare */
    char digits[CANDIDATE_DIGITS + 16];
    struct digit_group groups[CANDIDATE_GROUPS];
    struct candidate c = {.start = pos,
                          .anchor = pos,
                          .digits = digits,
                          .groups = groups,
                          .today = e->today,
                          .woken_by = ANCHOR_DIGITS};
    struct spot spot; /* large, and most candidates end before it is wanted */
    const uint64_t *wanted =
        e->wanted[t[(ptrdiff_t)pos - 1] == '+'][(unsigned char)(t[pos] - '0') % 10];
    bool joined_left = false, window = false, padded;

    if (!begins(t, pos))
        return;
    spot.stage = SPOT_UNKNOWN;
    if (low < pos && pos - low > LOOK_BACK)
        low = pos - LOOK_BACK;
    if (high - pos > LOOK_BACK)
        high = pos + LOOK_BACK;
    while (c.n_groups < CANDIDATE_GROUPS) {
        struct digit_group *group = &groups[c.n_groups];
        unsigned count = group_digits(t, at, at - pos, ahead);
        uint64_t kinds;
        enum joint joint;
        size_t next;

        if (c.n + count > e->digits_most)
            return; /* longer than any number */
        memcpy(digits + c.n, t + at, 16);
        if (count > 16)
            memcpy(digits + c.n + 16, t + at + 16, count - 16);
        c.n += count;
        at += count;
        *group = (struct digit_group){.digits = (uint8_t)count};
        c.n_groups++;
        c.len = at - pos;

        kinds = wanted[c.n];
        /* three zeros: born in the year 2000, before October */
        padded = c.n_groups == 1 && (c.n > 8 || (c.n == 8 && digits[1] <= '3')) && c.n <= 10 &&
                 (e->in_object || (e->table.columns > 0 && e->table.elevens &&
                                   (e->in_cells || e->table.delimited)));
        if ((kinds || padded) && !window) {
            joined_left = digits_before(t, low, pos);
            candidate_window(e, &c, low, high);
            window = true;
        }
        if (kinds && ends(t, high, at)) {
            bool joined_right = digits_after(t, at, high);

            /* of a long row of tiny groups only what reaches one of its ends: a bound on the
             * work, for no number is written digit by digit inside a longer row */
            if (c.n_groups * 2 <= c.n + 2 || !joined_left || !joined_right)
                for (; kinds; kinds &= kinds - 1)
                    ask(e, (unsigned)__builtin_ctzll(kinds), &c, line, &spot,
                        !joined_left && !joined_right);
        }
        if (padded)
            restore_zeros(e, &c, line, &spot);
        joint = at < high ? joint_of(t[at]) : JOINT_NONE;
        if (joint == JOINT_NONE)
            return;
        if (joint == JOINT_SIGN && is_digit(t[at + 1])) {
            group->separator = (uint8_t)t[at];
            group->width = 1;
            at++;
            continue;
        }
        next = separators(t, at, high, c.n_groups <= 2, group);
        if (next == at || next >= high || !is_digit(t[next]))
            return;
        at = next;
    }
}
