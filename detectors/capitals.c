/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* capitals.c - letters of Europe as A to Z. */
#include "detectors/capitals.h"

#include "detectors/folding.h"

/* A two-byte letter that stands as a capital: U+00C0 to U+00DE, and Latin Extended-A, where
 * capital and small letters alternate. */
static bool upper_wide(unsigned char lead, unsigned char next)
{
    unsigned code = ((lead & 0x1Fu) << 6) | (next & 0x3Fu);

    if (code < 0x100)
        return code >= 0xC0 && code <= 0xDE && code != 0xD7;
    if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E))
        return code & 1;
    return code == 0x178 || !(code & 1);
}

/* U+1EA0 to U+1EF9, the letters of Vietnamese. */
static char vietnamese(unsigned code)
{
    return code <= 0x1EB7   ? 'A'
           : code <= 0x1EC7 ? 'E'
           : code <= 0x1ECB ? 'I'
           : code <= 0x1EE3 ? 'O'
           : code <= 0x1EF1 ? 'U'
                            : 'Y';
}

static struct capital letter_of(uint8_t len, char letter, bool upper)
{
    return (struct capital){.len = len, .letters = 1, .upper = upper, .as = {letter}};
}

/* What folding takes for a sign: the Romanian S and T with a comma, Vietnamese, apostrophes,
 * hyphens, blanks. */
static struct capital sign_at(const unsigned char *t, const struct folded_char *f)
{
    struct capital ret = {.len = f->len};

    if (f->len == 2 && t[0] == 0xC8 && t[1] >= 0x98 && t[1] <= 0x9B)
        return letter_of(2, t[1] <= 0x99 ? 'S' : 'T', !(t[1] & 1));
    if (f->len == 3 && t[0] == 0xE1 && (t[1] == 0xBA || t[1] == 0xBB)) {
        unsigned code = 0x1000u | ((t[1] & 0x3Fu) << 6) | (t[2] & 0x3Fu);

        if (code >= 0x1EA0 && code <= 0x1EF9)
            return letter_of(3, vietnamese(code), !(code & 1));
    }
    if (f->len == 3 && t[0] == 0xE2 && t[1] == 0x80) {
        ret.apostrophe = t[2] == 0x98 || t[2] == 0x99;
        ret.hyphen = t[2] == 0x90 || t[2] == 0x91;
        ret.blank = t[2] == 0x89 || t[2] == 0xAF;
    }
    if (f->len == 2) {
        ret.apostrophe = (t[0] == 0xC2 && t[1] == 0xB4) || (t[0] == 0xCA && t[1] == 0xBC);
        ret.blank = t[0] == 0xC2 && t[1] == 0xA0;
    }
    return ret;
}

struct capital capital_at(struct span text, size_t at)
{
    const unsigned char *t = (const unsigned char *)text.at + at;
    struct folded_char f = fold_at(text, at);
    struct capital ret = {.len = f.len};

    if (f.symbols == 0) {
        ret.mark = true;
        return ret;
    }
    if (f.symbol[0] == GAP) {
        if (t[0] & 0x80)
            return sign_at(t, &f);
        ret.apostrophe = t[0] == '\'' || t[0] == '`';
        ret.hyphen = t[0] == '-';
        ret.blank = t[0] == ' ' || t[0] == '\t';
        return ret;
    }
    ret.letters = f.symbols;
    for (unsigned i = 0; i < f.symbols; i++)
        ret.as[i] = f.symbol[i] >= DIGIT_0 ? (char)('0' + (f.symbol[i] - DIGIT_0))
                                           : (char)('A' + (f.symbol[i] - LETTER_A));
    ret.digit = f.symbol[0] >= DIGIT_0;
    if (!ret.digit)
        ret.upper = !(t[0] & 0x80) ? f.upper
                    : f.len == 1   ? t[0] <= 0xDE /* Latin-1 */
                    : f.len == 2   ? upper_wide(t[0], t[1])
                                   : t[0] == 0xE1; /* the capital sharp s; ligatures are small */
    return ret;
}

/* 't, 's: an apostrophe, one letter, then none. */
static bool leads_word(struct span text, size_t at, size_t end)
{
    size_t letter = at + capital_at(text, at).len;

    if (letter >= end || (at > 0 && capital_at(text, at - 1).letters) || (text.at[letter] & 0x80) ||
        !strchr("tTsS", text.at[letter]))
        return false;
    return letter + 1 < end && capital_at(text, letter + 1).letters == 0;
}

/* Behind most apostrophes stands what makes no such word. */
static inline bool may_lead(struct span text, size_t at, size_t end)
{
    char next = at + 1 < end ? text.at[at + 1] : 'a';

    return next == '\0' || (next | 0x20) == 't' || (next | 0x20) == 's';
}

/* An ASCII letter. */
static inline bool is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') <= 25;
}

/* An ASCII letter or digit. */
static inline bool is_plain(unsigned char byte)
{
    return (unsigned char)((byte | 0x20) - 'a') <= 25 || (unsigned char)(byte - '0') <= 9;
}

bool capital_word(struct span text, size_t at, size_t end, struct capital_word *ret)
{
    unsigned letters = 0, upper = 0;
    bool fits = true;

    *ret = (struct capital_word){0};
    if (end > text.len)
        end = text.len;
    for (struct capital c; at < end; at += c.len) {
        unsigned char byte = (unsigned char)text.at[at];

        /* most of them by themselves: this is read for every line with a number of a person */
        c.len = 1;
        if (is_plain(byte))
            break;
        if (byte < 0x80 && ((byte != '\'' && byte != '`') || !may_lead(text, at, end))) {
            ret->hyphen = byte == '-';
            continue;
        }
        c = capital_at(text, at);
        if (c.letters)
            break;
        if (c.apostrophe && leads_word(text, at, end))
            break;
        ret->hyphen = c.hyphen;
    }
    ret->at = at;
    while (at < end) {
        unsigned char byte = (unsigned char)text.at[at];
        struct capital c;

        if (is_plain(byte)) {
            size_t from = at;
            unsigned digits = 0;

            ret->begins = ret->begins || (letters == 0 && byte >= 'A' && byte <= 'Z');
            /* all of them that stand together */
            for (; at < end && is_plain(byte = (unsigned char)text.at[at]); at++) {
                bool digit = byte <= '9';

                digits += digit;
                upper += byte <= 'Z';
                if (ret->n + (at - from) < CAPITAL_WORD_MAX)
                    ret->text[ret->n + (at - from)] = (char)(byte & (digit ? 0xFF : 0xDF));
            }
            letters += (unsigned)(at - from);
            upper -= digits;
            ret->digits = ret->digits || digits > 0;
            if (fits && ret->n + (at - from) <= CAPITAL_WORD_MAX) {
                ret->n = (uint8_t)(ret->n + (at - from));
            } else {
                /* as many as have room */
                if (fits)
                    ret->n = CAPITAL_WORD_MAX;
                fits = false;
            }
            ret->text[ret->n] = '\0';
            continue;
        }
        /* what no word goes on with */
        if (byte < 0x80 && ((byte != '\'' && byte != '`') || at + 1 >= end ||
                            !((text.at[at + 1] & 0x80) || is_letter(text.at[at + 1]))))
            break;
        c = capital_at(text, at);
        if (c.apostrophe) {
            struct capital next = {0};

            if (at + c.len < end)
                next = capital_at(text, at + c.len);
            if (!next.letters || next.digit)
                break;
            c.as[0] = '\'';
            c.letters = 1;
        } else if (!c.letters && !c.mark) {
            break;
        } else if (!c.mark) {
            ret->begins = ret->begins || (letters == 0 && c.upper);
            ret->digits = ret->digits || c.digit;
            letters++;
            upper += c.upper;
        }
        if (ret->n + c.letters > CAPITAL_WORD_MAX)
            fits = false;
        for (unsigned i = 0; i < c.letters && fits; i++)
            ret->text[ret->n++] = c.as[i];
        at += c.len;
    }
    ret->len = at < end ? at - ret->at : end - ret->at;
    ret->capitals = letters >= 2 && upper == letters;
    return fits && letters > 0;
}

/* Eight letters as a number that is in the order of the words. */
static inline uint64_t ordered_of(const char *word)
{
    uint64_t ret;

    memcpy(&ret, word, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    ret = __builtin_bswap64(ret);
#endif
    return ret;
}

size_t capital_place(const char (*table)[16], size_t n, const char *word)
{
    char padded[16] = {0};
    size_t len = strlen(word), low = 0, left = n;
    uint64_t wanted;

    if (len >= sizeof(padded) || n == 0)
        return n;
    memcpy(padded, word, len);
    wanted = ordered_of(padded);
    /* the last entry whose first letters are not behind the word's; which half is decided without
     * a branch, for nothing foretells it */
    while (left > 1) {
        size_t half = left / 2;

        low += ordered_of(table[low + half]) <= wanted ? half : 0;
        left -= half;
    }
    /* few words begin with the same eight letters */
    for (;; low--) {
        if (memcmp(table[low], padded, sizeof(padded)) == 0)
            return low;
        if (low == 0 || ordered_of(table[low]) != wanted)
            return n;
    }
}

bool capital_known(const char (*table)[16], size_t n, const char *word)
{
    return capital_place(table, n, word) < n;
}

bool capital_listed(const char *list, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = list; len > 0 && (at = strstr(at, word)) != NULL; at++)
        if (at > list && at[-1] == ' ' && at[len] == ' ')
            return true;
    return false;
}
