/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Postal address in Belgium: street, number, box, postal code and place, on one line or two, in
 * the fields of one record, or behind a label.
 *
 * Postal codes have four digits, 1000 to 9992 (bpost), as years and amounts have: a code counts
 * with a street before it (a word like rue, -straat, Platz, or a name and a number when code and
 * place agree), in a field that is named for it, or, as no more than a hint, with the place it
 * belongs to (postal_codes.inc).  A street with a number alone is a hint, too.
 *
 * The normalised value: street, number, "BTE" and box, postal code, place, as words in capitals
 * without accents with one blank between; hyphens are blanks; abbreviations of streets (AV, BD,
 * CH, KERKSTR) are written in full.
 *
 * Form: written = street, code and place that agree; grouped = one of them is not sure; bare = a
 * hint.
 */
#include "detectors/address_parts.h"
#include "detectors/capitals.h"
#include "detectors/checks.h"

static const char *const keys[] = {
#define KEY(word) word,
#include "detectors/address_keys.inc"
#undef KEY
    NULL};

static const char *const wakes[] = {"rue", "avenue", "chaussee", "boulevard", NULL};

enum { LABEL_SHORT = 24 };

enum piece_part { PART_STREET = 1, PART_NUMBER = 2, PART_BOX = 4, PART_CODE = 8, PART_PLACE = 16 };

/* --- postal code and place ------------------------------------------------------------------ */

/* Codes that are years of living memory, too. */
static bool is_year(unsigned code)
{
    return code >= 1900 && code <= 2035;
}

/* "B-1000", "BE-1000", "B 1000": where that begins; `at` when nothing of it stands there. */
static size_t country_before(struct span w, size_t at, size_t low)
{
    size_t begin = at;

    if (begin > low && (w.at[begin - 1] == '-' || w.at[begin - 1] == ' '))
        begin--;
    if (begin > low && (w.at[begin - 1] | 0x20) == 'e')
        begin--;
    if (begin <= low || w.at[begin - 1] != 'B')
        return at;
    begin--;
    return begin > low && touched_left(w, begin) ? at : begin;
}

/* What stands between the street and the code: signs, blanks, "à", "te", "in". */
static size_t before_joiner(struct span w, size_t at, size_t low)
{
    static const char *const joiners[] = {"\xC3\xA0", "a", "te", "in", "\xC3\xA0\xC2\xA0"};

    while (at > low && strchr(" \t,;-/|(.", w.at[at - 1]) && w.at[at - 1])
        at--;
    for (unsigned i = 0; i < sizeof(joiners) / sizeof(*joiners); i++) {
        size_t n = strlen(joiners[i]);

        if (at - low > n && memcmp(w.at + at - n, joiners[i], n) == 0 && w.at[at - n - 1] == ' ')
            return at - n;
    }
    return at;
}

/* True if text[from, to) holds a letter or digit that is not a label's. */
static size_t behind_label(struct span w, size_t from, size_t to)
{
    for (size_t at = to; at > from; at--)
        if (w.at[at - 1] == ':' || w.at[at - 1] == '=')
            return at;
    return from;
}

static bool holds_word(struct span w, size_t from, size_t to)
{
    for (; from < to; from++)
        if (is_alnum(w.at[from]) || (w.at[from] & 0x80))
            return true;
    return false;
}

static size_t line_begin(struct span w, size_t at, size_t low)
{
    while (at > low && w.at[at - 1] != '\n')
        at--;
    return at;
}

/* The street that ends before `at`, on its line or, with nothing else there, on the line before. */
static bool street_before(struct span w, size_t at, size_t low, struct street *ret)
{
    size_t line, from, end = before_joiner(w, at, low);

    line = line_begin(w, end, low);
    from = end - line > STREET_REACH ? end - STREET_REACH : line;
    if (holds_word(w, behind_label(w, from, end), end))
        return street_ending(w, from, end, ret);
    for (unsigned lines = 0; lines < 2 && line > low; lines++) {
        end = line - 1;
        line = line_begin(w, end, low);
        from = end - line > STREET_REACH ? end - STREET_REACH : line;
        end = before_joiner(w, end, from);
        if (end > from && w.at[end - 1] == '\r')
            end = before_joiner(w, end - 1, from);
        if (holds_word(w, from, end))
            return street_ending(w, from, end, ret);
    }
    return false;
}

/* Puts together what was read; false if there is no room. */
static bool put_value(struct match *ret, const char *street, const char *code, const char *place)
{
    const char *parts[] = {street, code, place};
    char value[VALUE_MAX + 1];
    size_t n = 0;

    for (unsigned i = 0; i < 3; i++) {
        size_t len = strlen(parts[i]);

        if (len == 0)
            continue;
        if (n + len + 1 > VALUE_MAX)
            return false;
        if (n > 0)
            value[n++] = ' ';
        memcpy(value + n, parts[i], len);
        n += len;
    }
    return n > 0 && set_value(ret, value, n);
}

/* The code at `at`, what belongs to it before and behind. */
/* A digit right before: of a house or a box. */
static bool number_before(struct span w, size_t at, size_t low)
{
    for (size_t n = 0; n < 10 && at > low; n++)
        if (is_digit(w.at[--at]))
            return true;
    return false;
}

static enum verdict address_at(struct span w, size_t at, size_t low, struct match *ret)
{
    struct place place;
    struct street street = {0};
    char code[5] = {0};
    size_t behind = at + 4, begin;
    unsigned number;
    bool prefixed, whole_line;

    if (at + 6 > w.len)
        return VERDICT_NO;
    memcpy(code, w.at + at, 4);
    number = (unsigned)digits_value(code, 4);
    while (behind < w.len &&
           (w.at[behind] == ' ' || w.at[behind] == '\t' || (unsigned char)w.at[behind] == 0xC2 ||
            (unsigned char)w.at[behind] == 0xA0))
        behind++;
    if (number > 9999 || !place_behind_code(w, behind, number, &place))
        return VERDICT_NO;
    begin = country_before(w, at, low);
    prefixed = begin < at;
    ret->form = FORM_BARE;
    /* another town's name needs a number before the code; "eth0: link up, 1000 Mbps" has none */
    if (!place.agrees && !number_before(w, begin, low))
        return VERDICT_SHAPE;
    if (street_before(w, begin, low, &street)) {
        if (street.typed &&
            (place.agrees ||
             (street.numbered && (prefixed || (code_known(number) && !is_year(number))))))
            ret->form = place.agrees && street.numbered ? FORM_WRITTEN : FORM_GROUPED;
        else if (place.agrees && street.numbered && (prefixed || !is_year(number)))
            ret->form = FORM_GROUPED;
    }
    if (ret->form == FORM_BARE)
        street = (struct street){0};
    if (street.at < begin && street.value[0])
        begin = street.at;
    else if (prefixed && place.agrees)
        ret->form = FORM_GROUPED;
    else if (!place.agrees)
        return VERDICT_SHAPE;
    /* a year and a town: only where nothing else stands on the line */
    whole_line = begin == line_begin(w, begin, low) &&
                 (place.end >= w.len || w.at[place.end] == '\n' || w.at[place.end] == '\r');
    if (ret->form == FORM_BARE && is_year(number) && !whole_line)
        return VERDICT_SHAPE;
    ret->start = begin;
    ret->len = place.end - begin;
    return put_value(ret, street.value, code, place.value) ? VERDICT_PASS : VERDICT_NO;
}

/* --- fields ---------------------------------------------------------------------------------- */

/* Four digits that nothing touches, blanks, a capital. */
static bool code_begins(struct span w, size_t at)
{
    size_t behind = at + 4;

    if (at + 6 > w.len || w.at[at] == '0' || touched_left(w, at))
        return false;
    for (unsigned i = 0; i < 4; i++)
        if (!is_digit(w.at[at + i]))
            return false;
    if (w.at[behind] != ' ' && (unsigned char)w.at[behind] != 0xC2)
        return false;
    while (behind < w.len && (w.at[behind] == ' ' || (unsigned char)w.at[behind] == 0xC2 ||
                              (unsigned char)w.at[behind] == 0xA0))
        behind++;
    return behind < w.len && ((w.at[behind] >= 'A' && w.at[behind] <= 'Z') ||
                              (unsigned char)w.at[behind] == 0xC3 || w.at[behind] == '\'');
}

static enum verdict whole_address(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len, reach = end;
    struct street street;
    enum verdict verdict;

    /* the code may stand on the line below */
    if (reach < w.len && (w.at[reach] == '\n' || w.at[reach] == '\r')) {
        reach += w.at[reach] == '\r' ? 2 : 1;
        while (reach < w.len && w.at[reach] != '\n' && reach - end < 120)
            reach++;
    }
    for (size_t at = c->start; at + 6 <= reach; at++) {
        if (!code_begins(w, at))
            continue;
        verdict = address_at(w, at, c->start, ret);
        if (verdict == VERDICT_PASS) {
            /* named for it: the code and its place are enough */
            if (ret->form == FORM_BARE && at < end)
                ret->form = FORM_GROUPED;
            return VERDICT_PASS;
        }
    }
    /* "to address the issue: CVE 2020" is a label by accident */
    if (!street_ending(w, c->start, end, &street) || !street.numbered ||
        (!street.typed && (c->label.len > LABEL_SHORT || street.at > c->start + 1)) ||
        !put_value(ret, street.value, "", ""))
        return VERDICT_NO;
    ret->start = street.at;
    ret->len = street.end - street.at;
    ret->form = FORM_GROUPED;
    return VERDICT_PASS;
}

/* A piece of an address that stands in a field of its own. */
static enum verdict piece(const struct candidate *c, enum piece_part part, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len;
    struct street street;
    char value[ADDRESS_WORDS_MAX + 1];

    ret->part = (uint8_t)part;
    ret->form = FORM_GROUPED;
    switch (part) {
    case PART_STREET:
        if (!street_whole(w, c->start, end, &street))
            return VERDICT_NO;
        ret->form = street.typed ? FORM_WRITTEN : FORM_GROUPED;
        return put_value(ret, street.value, "", "") ? VERDICT_PASS : VERDICT_NO;
    case PART_NUMBER:
    case PART_BOX:
        if (c->len > 12 || !number_whole(w, c->start, end, part == PART_BOX, value))
            return VERDICT_NO;
        return put_value(ret, value, "", "") ? VERDICT_PASS : VERDICT_NO;
    case PART_CODE:
        if (!code_whole(w, c->start, end, value))
            return VERDICT_NO;
        return put_value(ret, value, "", "") ? VERDICT_PASS : VERDICT_NO;
    case PART_PLACE:
        if (!place_whole(w, c->start, end, value))
            return VERDICT_NO;
        return put_value(ret, value, "", "") ? VERDICT_PASS : VERDICT_NO;
    }
    return VERDICT_NO;
}

/* "N°", "Nr.", "#" and nothing else. */
static bool is_number_sign(struct span label)
{
    static const char words[] = " N NR NO NUM NRO HNR NUMERO NUMMER NUMBER ";
    struct capital_word word, more;

    while (label.len > 0 && (unsigned char)label.at[label.len - 1] <= ' ')
        label.len--;
    if (label.len == 1 && label.at[0] == '#')
        return true;
    return capital_word(label, 0, label.len, &word) && capital_listed(words, word.text) &&
           !capital_word(label, word.at + word.len, label.len, &more) && more.len == 0;
}

static uint32_t label_says(struct span label)
{
    enum address_label is = address_label_of(label);

    return is == ADDRESS_NONE && is_number_sign(label) ? ADDRESS_SIGN : is;
}

static bool names_beside(struct span label, struct span neighbour)
{
    uint32_t is = label_says(label), beside;

    if (is != ADDRESS_NUMBER && is != ADDRESS_SIGN && is != ADDRESS_BOX)
        return false; /* most labels */
    beside = label_says(neighbour);
    if (is == ADDRESS_NUMBER || is == ADDRESS_SIGN)
        return beside == ADDRESS_STREET;
    return is == ADDRESS_BOX &&
           (beside == ADDRESS_STREET || beside == ADDRESS_NUMBER || beside == ADDRESS_SIGN);
}

static enum verdict check_field(const struct candidate *c, struct match *ret)
{
    uint32_t says = c->label_read ? c->label_says : label_says(c->label);

    switch ((enum address_label)says) {
    case ADDRESS_WHOLE:
        return whole_address(c, ret);
    case ADDRESS_STREET:
        /* some write all of it there */
        for (size_t at = c->start; at + 6 <= c->start + c->len; at++)
            if (code_begins(c->window, at) && whole_address(c, ret) == VERDICT_PASS)
                return VERDICT_PASS;
        return piece(c, PART_STREET, ret);
    case ADDRESS_NUMBER:
        return piece(c, PART_NUMBER, ret);
    case ADDRESS_BOX:
        return piece(c, PART_BOX, ret);
    case ADDRESS_CODE:
        return piece(c, PART_CODE, ret);
    case ADDRESS_PLACE:
        return piece(c, PART_PLACE, ret);
    case ADDRESS_SIGN:
        if (piece(c, PART_NUMBER, ret) != VERDICT_PASS)
            return VERDICT_NO;
        ret->form = FORM_BARE;
        return VERDICT_PASS;
    case ADDRESS_NONE:
        break;
    }
    return VERDICT_NO;
}

/* A street and its number, no code behind: a hint. */
static enum verdict check_street(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len;
    struct street street;

    if (end > w.len)
        end = w.len;
    if (!street_beginning(w, c->anchor, end, &street) || !put_value(ret, street.value, "", ""))
        return VERDICT_NO;
    ret->start = street.at;
    ret->len = street.end - street.at;
    ret->form = FORM_BARE;
    return VERDICT_PASS;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    switch (c->woken_by) {
    case ANCHOR_FIELD:
        return check_field(c, ret);
    case ANCHOR_POSTCODE:
        return address_at(c->window, c->anchor, 0, ret);
    case ANCHOR_WORD:
        return check_street(c, ret);
    default:
        return VERDICT_NO;
    }
}

/* The last word of a street is a number: this one, or any when what the number's field is called
 * leaves a doubt. */
static bool ends_numbered(const char *street, const char *number, bool any)
{
    const char *last = strrchr(street, ' ');

    return last && (strcmp(last + 1, number) == 0 || (any && is_digit(last[1])));
}

static enum verdict join(const struct match *const *pieces, unsigned n, struct match *ret)
{
    const char *by_part[5] = {"", "", "", "", ""};
    char street[VALUE_MAX + 1], box[ADDRESS_WORDS_MAX + 8] = "";
    bool typed = false, sign = false, agrees;
    size_t len;

    for (unsigned i = 0; i < n; i++)
        for (unsigned part = 0; part < 5; part++)
            if (pieces[i]->part == 1u << part) {
                by_part[part] = pieces[i]->value;
                typed = typed || (part == 0 && pieces[i]->form == FORM_WRITTEN);
                sign = sign || (part == 1 && pieces[i]->form == FORM_BARE);
            }
    /* a code or a place by itself is nobody's address */
    if (!by_part[0][0])
        return VERDICT_NO;
    /* the street has its number: the other is of the row, or the same again */
    if (by_part[1][0] && ends_numbered(by_part[0], by_part[1], sign))
        by_part[1] = "";
    if (by_part[2][0] && strlen(by_part[2]) <= ADDRESS_WORDS_MAX) {
        memcpy(box, "BTE ", 4);
        memcpy(box + 4, by_part[2], strlen(by_part[2]) + 1);
    }
    if (!put_value(ret, by_part[0], by_part[1], box))
        return VERDICT_NO;
    len = ret->value_len;
    memcpy(street, ret->value, len + 1);
    if (!put_value(ret, street, by_part[3], by_part[4]))
        return VERDICT_NO;
    ret->start = pieces[0]->start;
    ret->len = pieces[0]->len;
    ret->part = 0;
    agrees = place_agrees(by_part[3], by_part[4]);
    if (!by_part[3][0] && !by_part[4][0]) {
        /* a street alone: with its number a hint, without it nothing */
        if (!strpbrk(street, "0123456789"))
            return VERDICT_NO;
        ret->form = FORM_BARE;
    } else {
        ret->form = agrees || (typed && by_part[4][0]) ? FORM_WRITTEN : FORM_GROUPED;
    }
    return VERDICT_PASS;
}

const struct detector detect_address = {
    .id = "address",
    .kind = "address",
    .version = 2,
    .anchors = ANCHOR_FIELD | ANCHOR_WORD | ANCHOR_POSTCODE,
    .longest = 320,
    .precedence = {PRECEDENCE_OTHER + 1, PRECEDENCE_OTHER, PRECEDENCE_CARD},
    .alone = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .keys = keys,
    .names_beside = names_beside,
    .wakes = wakes,
    .of_person = true,
    .label = label_says,
    .check = check,
    .join = join,
};
