/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * candidates.h - the candidates that detector.h promises, built the plain way: one character after
 * the other, without the engine.  So a detector is tested by itself, and the engine has something
 * simple to be held against.
 */
#ifndef CONSTAT_TESTS_CANDIDATES_H
#define CONSTAT_TESTS_CANDIDATES_H

#include "detectors/checks.h"
#include "detectors/detector.h"
#include "detectors/folding.h"

/* Called for each candidate of `d` in the text; false stops. */
typedef bool candidate_fn(void *ctx, const struct detector *d, const struct candidate *c);

/* Bytes of one separator at `at`, 0 if none; *as is its ASCII form.  `brackets`: ( and ) too. */
static inline size_t candidate_separator(struct span w, size_t at, bool brackets, char *as)
{
    static const struct {
        const char *bytes;
        char as;
    } table[] = {{" ", ' '},
                 {".", '.'},
                 {"-", '-'},
                 {"/", '/'},
                 {"\xC2\xA0", ' '},
                 {"\xE2\x80\xAF", ' '},
                 {"\xE2\x80\x89", ' '},
                 {"\xE2\x80\x90", '-'},
                 {"\xE2\x80\x91", '-'},
                 {"\xE2\x80\x93", '-'},
                 {"\xE2\x88\x92", '-'},
                 {"(", '('},
                 {")", ')'}};

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        size_t len = strlen(table[i].bytes);

        if ((table[i].as == '(' || table[i].as == ')') && !brackets)
            continue;
        if (at <= w.len && w.len - at >= len && memcmp(w.at + at, table[i].bytes, len) == 0) {
            *as = table[i].as;
            return len;
        }
    }
    return 0;
}

/* Every prefix of the run of groups that starts at `start`. */
static inline bool candidates_of_run(const struct detector *d, struct span w, size_t start,
                                     uint32_t today, candidate_fn *each, void *ctx)
{
    char digits[CANDIDATE_DIGITS];
    struct digit_group groups[CANDIDATE_GROUPS] = {0};
    struct candidate c = {.window = w,
                          .start = start,
                          .anchor = start,
                          .digits = digits,
                          .groups = groups,
                          .today = today,
                          .woken_by = ANCHOR_DIGITS};
    size_t at = start;

    while (c.n_groups < CANDIDATE_GROUPS) {
        struct digit_group *g = &groups[c.n_groups];
        size_t from = at;

        while (at < w.len && is_digit(w.at[at]) && c.n < CANDIDATE_DIGITS)
            digits[c.n++] = w.at[at++];
        if (at < w.len && is_digit(w.at[at]))
            return true;
        *g = (struct digit_group){.digits = (uint8_t)(at - from)};
        c.n_groups++;
        c.len = at - start;
        if (c.n >= d->digits_min && c.n <= d->digits_max && !each(ctx, d, &c))
            return false;
        unsigned width = 0;
        bool brackets = c.n_groups <= 2;
        char as = 0;

        for (; width < 3; width++) {
            size_t len = candidate_separator(w, at, brackets, &as);

            if (len == 0)
                break;
            if (width == 0 || as == '(' || as == ')')
                g->separator = (uint8_t)as;
            at += len;
        }
        if (width == 0 || at >= w.len || !is_digit(w.at[at]))
            return true;
        g->width = (uint8_t)width;
    }
    return true;
}

/* The end of the line that `at` is on, `lines` further down. */
static inline size_t candidate_line_end(struct span w, size_t at, unsigned lines)
{
    while (at < w.len && (w.at[at] != '\n' || --lines > 0))
        at++;
    return at;
}

static inline bool candidate_of_text(const struct detector *d, struct span w, size_t start,
                                     size_t end, size_t anchor, uint32_t today, candidate_fn *each,
                                     void *ctx)
{
    struct candidate c = {
        .window = w, .start = start, .len = end - start, .anchor = anchor, .today = today};

    if (c.len > d->longest)
        c.len = d->longest;
    return each(ctx, d, &c);
}

/* The end of the word of a list that begins at `at`, 0 if another one does.  A gap is up to three
 * characters that are no letter or digit; a word ends before a letter never. */
static inline size_t candidate_word(struct span w, size_t at, const char *word)
{
    uint8_t symbols[96];
    size_t n = fold_word(word, symbols, sizeof symbols);

    for (size_t i = 0; i < n && at < w.len;) {
        struct folded_char f = fold_at(w, at);
        unsigned gap = 0;

        while (symbols[i] == GAP && gap < 3 && at < w.len && f.symbols && f.symbol[0] == GAP) {
            at += f.len;
            gap++;
            if (at < w.len)
                f = fold_at(w, at);
        }
        if (symbols[i] == GAP) {
            if (gap == 0)
                return 0;
            i++;
            continue;
        }
        for (unsigned k = 0; k < f.symbols; k++, i++)
            if (i >= n || f.symbol[k] != symbols[i])
                return 0;
        at += f.len;
        if (i == n)
            return touched_right(w, at) && !is_digit(w.at[at]) ? 0 : at;
    }
    return 0;
}

/* Two different plain letters. */
static inline bool candidate_differs(struct span w, size_t at, char letter)
{
    char c = at < w.len ? (char)(w.at[at] | 0x20) : 0;

    return c >= 'a' && c <= 'z' && letter >= 'a' && letter <= 'z' && c != letter;
}

/* The longest word of the list there. */
static inline size_t candidate_word_of(struct span w, size_t at, const char *const *list)
{
    struct folded_char f = fold_at(w, at);
    char first = 0;
    size_t end = 0;

    if (f.symbols && f.symbol[0] != GAP)
        first = (char)(f.symbol[0] < DIGIT_0 ? 'a' + (f.symbol[0] - LETTER_A)
                                             : '0' + (f.symbol[0] - DIGIT_0));
    if (!first || touched_left(w, at))
        return 0;
    for (; list && *list; list++) {
        const char *word = *list;
        /* the words of the lists begin in plain letters */
        bool other = word[0] != first || (f.len == 1 && candidate_differs(w, at + 1, word[1]));
        size_t one = other ? 0 : candidate_word(w, at, word);

        end = one > end ? one : end;
    }
    return end;
}

/* A word that wakes the detector: from there to the end of the line after the next. */
static inline bool candidate_of_word(const struct detector *d, struct span w, size_t at,
                                     uint32_t today, candidate_fn *each, void *ctx)
{
    size_t end = candidate_word_of(w, at, d->wakes);
    size_t line = candidate_line_end(w, at, 3);
    struct candidate c = {.window = w,
                          .start = at,
                          .len = line - at < d->longest ? line - at : d->longest,
                          .anchor = at,
                          .today = today,
                          .label = {w.at + at, end - at},
                          .woken_by = ANCHOR_WORD};

    return end == 0 || end - at > c.len || each(ctx, d, &c);
}

static inline bool candidate_is(struct span w, size_t at, const char *set)
{
    return at < w.len && w.at[at] != '\0' && strchr(set, w.at[at]);
}

/* A word of the lists within text[from, to). */
static inline bool candidate_names(const struct detector *d, struct span w, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        size_t key = candidate_word_of(w, at, d->keys), word = candidate_word_of(w, at, d->words);

        if ((key > at && key <= to) || (word > at && word <= to))
            return true;
    }
    return false;
}

/* name: value, "name": "value", name=value, <name>value, at the sign: the value without quotes and
 * blanks, the label as far as one may reach on its line. */
static inline bool candidate_of_field(const struct detector *d, struct span w, size_t at,
                                      uint32_t today, candidate_fn *each, void *ctx)
{
    size_t end = at, label, from = at + 1;

    if (!candidate_is(w, at, ":=>"))
        return true;
    while (end > 0 && candidate_is(w, end - 1, " \"'"))
        end--;
    label = end;
    while (label > 0 && (is_alnum(w.at[label - 1]) || (w.at[label - 1] & 0x80) ||
                         candidate_is(w, label - 1, " -_()/',")))
        label--;
    while (label < end && candidate_is(w, label, " "))
        label++;
    if (!candidate_names(d, w, label, end))
        return true;
    while (candidate_is(w, from, " "))
        from++;
    size_t to = candidate_line_end(w, from, 1), closing = from + 1;
    bool quoted = candidate_is(w, from, "\"'");

    while (quoted && closing < to && w.at[closing] != w.at[from])
        closing++;
    if (quoted && closing < to) {
        from++;
        to = closing;
    } else {
        size_t stop = from;

        while (stop < to && !candidate_is(w, stop, "<;\t|"))
            stop++;
        to = stop;
    }
    while (to > from && candidate_is(w, to - 1, " \r"))
        to--;
    struct candidate c = {.window = w,
                          .start = from,
                          .len = to - from < d->longest ? to - from : d->longest,
                          .anchor = from,
                          .today = today,
                          .label = {w.at + label, end - label},
                          .woken_by = ANCHOR_FIELD};

    return to == from || each(ctx, d, &c);
}

/* Four digits that nothing touches, a blank or two, a capital: from the start of the line before.
 */
static inline bool candidate_of_postcode(const struct detector *d, struct span w, size_t at,
                                         uint32_t today, candidate_fn *each, void *ctx)
{
    size_t behind = at + 4, from = at;
    unsigned lines = 0;

    for (size_t i = at; i < at + 4; i++)
        if (i >= w.len || !is_digit(w.at[i]))
            return true;
    while (candidate_is(w, behind, " ") && behind < at + 6)
        behind++;
    if (w.at[at] == '0' || touched_left(w, at) || behind == at + 4 || behind >= w.len ||
        !((w.at[behind] >= 'A' && w.at[behind] <= 'Z') || (w.at[behind] & 0x80)))
        return true;
    while (from > 0 && (w.at[from - 1] != '\n' || ++lines < 2))
        from--;
    struct candidate c = {.window = w,
                          .start = from,
                          .len = candidate_line_end(w, at, 1) - from,
                          .anchor = at,
                          .today = today,
                          .woken_by = ANCHOR_POSTCODE};

    return each(ctx, d, &c);
}

/* Where a number of a person begins, as far as cases need it: at a digit, or at two capitals and
 * two digits, with ten digits in what follows.  The line, 160 bytes on both sides. */
static inline bool candidate_of_number(const struct detector *d, struct span w, size_t at,
                                       uint32_t today, candidate_fn *each, void *ctx)
{
    bool letters = w.len - at > 4 && w.at[at] >= 'A' && w.at[at] <= 'Z' && w.at[at + 1] >= 'A' &&
                   w.at[at + 1] <= 'Z' && is_digit(w.at[at + 2]) && is_digit(w.at[at + 3]);
    size_t from = at, end = candidate_line_end(w, at, 1), i = at + (letters ? 2 : 0);
    unsigned digits = 0;

    if ((!letters && !is_digit(w.at[at])) || touched_left(w, at) ||
        (at >= 2 && candidate_is(w, at - 1, ".-/ ") && is_digit(w.at[at - 2])))
        return true;
    for (; is_digit(i < w.len ? w.at[i] : 0) || candidate_is(w, i, ".-/ "); i++)
        digits += is_digit(w.at[i]);
    while (from > 0 && w.at[from - 1] != '\n' && at - from < 160)
        from--;
    struct candidate c = {.window = w,
                          .start = from,
                          .len = end - from,
                          .anchor = at,
                          .today = today,
                          .woken_by = ANCHOR_BESIDE};

    return digits < 10 || each(ctx, d, &c);
}

/* All candidates of one detector in the text. */
static inline void candidates_each(const struct detector *d, struct span w, uint32_t today,
                                   candidate_fn *each, void *ctx)
{
    size_t line = 0, zone_line = (size_t)-1;
    bool go_on = true;

    for (size_t at = 0; at < w.len && go_on; at++) {
        bool digit_left = at > 0 && is_digit(w.at[at - 1]);
        char as;

        if ((d->anchors & ANCHOR_DIGITS) && is_digit(w.at[at]) && !digit_left)
            go_on = candidates_of_run(d, w, at, today, each, ctx);
        if (go_on && (d->anchors & ANCHOR_LETTERS) && w.len - at >= 3 && is_alnum(w.at[at]) &&
            !is_digit(w.at[at]) && is_alnum(w.at[at + 1]) && !is_digit(w.at[at + 1]) &&
            (at == 0 || !is_alnum(w.at[at - 1]))) {
            size_t next = at + 2 + candidate_separator(w, at + 2, true, &as);

            if (next < w.len && is_digit(w.at[next]))
                go_on =
                    candidate_of_text(d, w, at, candidate_line_end(w, at, 1), at, today, each, ctx);
        }
        if (go_on && (d->anchors & ANCHOR_AT) && w.at[at] == '@')
            go_on = candidate_of_text(d, w, at, at + 1, at, today, each, ctx);
        if (go_on && (d->anchors & ANCHOR_CHEVRONS) && w.len - at >= 2 && w.at[at] == '<' &&
            w.at[at + 1] == '<' && zone_line != line) {
            zone_line = line;
            go_on =
                candidate_of_text(d, w, line, candidate_line_end(w, line, 3), at, today, each, ctx);
        }
        if (go_on && (d->anchors & ANCHOR_WORD))
            go_on = candidate_of_word(d, w, at, today, each, ctx);
        if (go_on && (d->anchors & ANCHOR_FIELD))
            go_on = candidate_of_field(d, w, at, today, each, ctx);
        if (go_on && (d->anchors & ANCHOR_POSTCODE))
            go_on = candidate_of_postcode(d, w, at, today, each, ctx);
        if (go_on && (d->anchors & ANCHOR_BESIDE))
            go_on = candidate_of_number(d, w, at, today, each, ctx);
        if (w.at[at] == '\n')
            line = at + 1;
    }
}

#endif
