/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "detectors/labelled.h"

#include "detectors/checks.h"

enum { DIRECT_MAX = 40, LIST_GAP = 24, LINES_MAX = 2, VALUE_REACH = 24 };

/* What may stand between a name and what it names, and still name it. */
static bool joining_word(const char *word, size_t len)
{
    static const char *const joining[] = {
        "n",      "no",  "nr",  "num", "numero", "number", "nummer", "nb",
        "is",     "est", "ist", "de",  "du",     "van",    "het",    "der",
        "the",    "of",  "le",  "la",  "id",     "be",     "belge",  "belgique",
        "belgie", "op",  "am",  "on",  "lautet", "e",      "es",     NULL};

    for (unsigned i = 0; joining[i]; i++)
        if (strlen(joining[i]) == len && strncasecmp(joining[i], word, len) == 0)
            return true;
    return false;
}

/* Only signs and joining words stand in [from, to). */
static bool names_directly(struct span w, size_t from, size_t to)
{
    size_t at = from;

    if (to - from > DIRECT_MAX)
        return false;
    while (at < to) {
        size_t start = at;

        if (is_digit(w.at[at]) || w.at[at] == ';')
            return false;
        while (at < to && is_alnum(w.at[at]))
            at++;
        /* letters beyond ASCII are taken for a sign: "num\xC3\xA9ro" is "num" and "ro" */
        if (at > start && !joining_word(w.at + start, at - start) &&
            !(at - start == 2 && start > from && (w.at[start - 1] & 0x80)))
            return false;
        at += at == start;
    }
    return true;
}

static size_t ask_reader(const struct candidate *c, size_t at, size_t end, enum label_place place,
                         value_reader *read, struct match *ret)
{
    size_t len = read(c, at, end, place, ret);

    ret->start = at;
    ret->len = len;
    return len;
}

/* The end of the letters and digits at `at`. */
static size_t word_end(struct span w, size_t at, size_t end)
{
    while (at < end && is_alnum(w.at[at]))
        at++;
    return at;
}

static bool read_behind(const struct candidate *c, size_t from, size_t end, size_t reach,
                        value_reader *read, struct match *ret)
{
    struct span w = c->window;
    size_t last = end - from > reach ? from + reach : end;
    bool field = c->woken_by == ANCHOR_FIELD, direct = true;
    unsigned lines = 0;

    for (size_t at = from; at < last; at++) {
        enum label_place place;

        if (w.at[at] == '\n' && ++lines > LINES_MAX)
            return false;
        if (!is_alnum(w.at[at]) || touched_left(w, at))
            continue;
        direct = direct && names_directly(w, from, at);
        place = field && at == from ? LABEL_FIELD : direct ? LABEL_DIRECT : LABEL_NEAR;
        if (ask_reader(c, at, end, place, read, ret))
            return true;
        at = word_end(w, at, last) - 1;
    }
    return false;
}

/* The last one on the line. */
static bool read_before(const struct candidate *c, size_t anchor, size_t before, value_reader *read,
                        struct match *ret)
{
    struct span w = c->window;
    size_t low = anchor > before ? anchor - before : 0, from = anchor;

    while (from > low && w.at[from - 1] != '\n')
        from--;
    for (size_t at = anchor; at-- > from;)
        if (is_alnum(w.at[at]) && !touched_left(w, at) &&
            ask_reader(c, at, anchor, LABEL_NEAR, read, ret))
            return true;
    return false;
}

bool digits_near(const struct candidate *c, size_t reach, size_t before, unsigned least)
{
    struct span w = c->window;
    size_t from = c->start > before ? c->start - before : 0, to = c->start + c->len;
    unsigned digits = 0;

    if (c->woken_by != ANCHOR_WORD || c->start > c->anchor || c->label.len > c->len)
        return true;
    if (c->len - c->label.len > reach + VALUE_REACH)
        to = c->start + c->label.len + reach + VALUE_REACH;
    if (to > w.len)
        return true;
    for (size_t at = from; at < to; at++)
        digits += (unsigned char)(w.at[at] - '0') <= 9;
    if (digits < least)
        return false;
    /* ... in one word: most are those of dates and times */
    digits = 0;
    for (size_t at = from; at < to && digits < least; at++)
        digits = is_digit(w.at[at]) ? digits + 1 : is_alnum(w.at[at]) ? digits : 0;
    return digits >= least;
}

enum verdict labelled_value(const struct candidate *c, size_t reach, size_t before,
                            value_reader *read, struct match *ret)
{
    struct match kept = *ret;
    size_t from = c->start, end = c->start + c->len;

    if (from > c->window.len || end > c->window.len)
        return VERDICT_NO;
    if (c->woken_by == ANCHOR_WORD) {
        if (c->label.len > c->len)
            return VERDICT_NO;
        /* one more of a list stands close to the one before */
        if (c->start > c->anchor)
            return read_behind(c, from, end, reach < LIST_GAP ? reach : LIST_GAP, read, ret)
                       ? VERDICT_PASS
                       : VERDICT_NO;
        from += c->label.len;
        if (read_behind(c, from, end, reach, read, ret) ||
            (before > 0 && read_before(c, c->start, before, read, ret)))
            return VERDICT_PASS;
    } else if (c->woken_by == ANCHOR_FIELD && read_behind(c, from, end, reach, read, ret)) {
        return VERDICT_PASS;
    }
    *ret = kept;
    return VERDICT_NO;
}

static bool joins_codes(char c)
{
    return c == '-' || c == '.' || c == '/' || c == '_';
}

bool part_of_code(struct span window, size_t at, size_t len)
{
    size_t end = at + len;

    if (touched_left(window, at) || touched_right(window, end))
        return true;
    if (at >= 2 && joins_codes(window.at[at - 1]) && is_alnum(window.at[at - 2]))
        return true;
    return end + 1 < window.len && joins_codes(window.at[end]) && is_alnum(window.at[end + 1]);
}
