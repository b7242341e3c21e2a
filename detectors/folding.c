/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* folding.c - the letters that are not ASCII. */
#include "detectors/folding.h"

enum { LOOK_BACK_BYTES = 64 };

/* Latin-1 letters (U+00C0..U+00FF) without their accents; '?' = no letter. */
static const char latin1[64][3] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "?", "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "?", "o", "u", "u", "u", "u", "y", "th", "y"};

/* Latin Extended-A (U+0100..U+017F); the two ligatures, of two letters, are made below. */
static const char extended_a[129] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllll"
    "llnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* U+FB00 to U+FB06, as PDF files have them. */
static const char ligatures[7][4] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

static void fold_letters(struct folded_char *f, const char *letters)
{
    for (f->symbols = 0; letters[f->symbols]; f->symbols++)
        f->symbol[f->symbols] = letter_symbol(letters[f->symbols]);
}

/* Three bytes, E0 to EF first. */
static void fold_three(struct folded_char *f, unsigned char a, unsigned char b, unsigned char c)
{
    if (a == 0xE2 && b == 0x80 && c >= 0x8B && c <= 0x8D) /* U+200B..U+200D: no width */
        f->symbols = 0;
    else if (a == 0xE2 && b == 0x81 && c == 0xA0) /* U+2060 word joiner */
        f->symbols = 0;
    else if (a == 0xEF && b == 0xBB && c == 0xBF) /* U+FEFF */
        f->symbols = 0;
    else if (a == 0xE1 && b == 0xBA && c == 0x9E) /* U+1E9E capital sharp s */
        fold_letters(f, "ss");
    else if (a == 0xEF && b == 0xAC && c <= 0x86)
        fold_letters(f, ligatures[c - 0x80]);
}

struct folded_char fold_wide(struct span text, size_t at)
{
    struct folded_char f = {.len = 1, .symbols = 1, .symbol = {GAP, GAP, GAP}};
    const unsigned char *t = (const unsigned char *)text.at + at;
    size_t left = text.len - at;
    unsigned char next = left > 1 ? t[1] : 0;

    if (t[0] < 0xC0) /* what no character begins with */
        return f;
    if ((next & 0xC0) != 0x80) {
        /* not UTF-8: a letter of Latin-1 or Windows-1252 */
        if (latin1[t[0] - 0xC0][0] != '?')
            fold_letters(&f, latin1[t[0] - 0xC0]);
        return f;
    }
    f.len = 2;
    if (t[0] == 0xC2) {
        if (next == 0xAD) /* soft hyphen */
            f.symbols = 0;
    } else if (t[0] == 0xC3) {
        if (latin1[next & 0x3F][0] != '?')
            fold_letters(&f, latin1[next & 0x3F]);
    } else if (t[0] == 0xC4 || t[0] == 0xC5) {
        unsigned i = ((t[0] & 1u) << 6) | (next & 0x3Fu);

        if (i == 0x52 || i == 0x53)
            fold_letters(&f, "oe");
        else if (i == 0x32 || i == 0x33)
            fold_letters(&f, "ij");
        else
            f.symbol[0] = letter_symbol(extended_a[i]);
    } else if (t[0] == 0xCC || (t[0] == 0xCD && next <= 0xAF)) {
        f.symbols = 0; /* U+0300..U+036F: marks over the letter before */
    } else if (t[0] >= 0xE0) {
        size_t len = t[0] >= 0xF0 ? 4 : 3;

        while (f.len < len && f.len < left && (t[f.len] & 0xC0) == 0x80)
            f.len++;
        if (len == 3 && f.len == 3)
            fold_three(&f, t[0], t[1], t[2]);
    }
    return f;
}

/* Where the character begins that the byte before `at` belongs to. */
static size_t step_back(struct span text, size_t at)
{
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        unsigned char c = (unsigned char)text.at[at - back];

        if ((c & 0xC0) == 0x80)
            continue;
        if (fold_at(text, at - back).len >= back)
            return at - back;
        break;
    }
    return at - 1;
}

struct folded_char fold_before(struct span text, size_t at)
{
    size_t low = at > LOOK_BACK_BYTES ? at - LOOK_BACK_BYTES : 0;

    for (size_t pos = at; pos > low;) {
        struct folded_char f;

        pos = step_back(text, pos);
        f = fold_at(text, pos);
        if (f.symbols)
            return f;
    }
    return (struct folded_char){.len = 1, .symbols = 1};
}

size_t fold_align(struct span text, size_t at)
{
    size_t before;

    if (at == 0 || at >= text.len || (text.at[at] & 0xC0) != 0x80)
        return at;
    before = step_back(text, at + 1);
    return before == at ? at : before + fold_at(text, before).len;
}

size_t fold_word(const char *word, uint8_t *ret, size_t max)
{
    struct span text = span_of(word);
    size_t n = 0;

    for (size_t i = 0; i < text.len;) {
        struct folded_char f;

        if (text.at[i] >= 'a' && text.at[i] <= 'z' && n < max) { /* nearly all there is */
            ret[n++] = letter_symbol(text.at[i++]);
            continue;
        }
        f = fold_at(text, i);
        for (unsigned k = 0; k < f.symbols; k++) {
            if (f.symbol[k] == GAP && (n == 0 || ret[n - 1] == GAP))
                continue;
            if (n == max)
                return 0;
            ret[n++] = f.symbol[k];
        }
        i += f.len;
    }
    while (n > 0 && ret[n - 1] == GAP)
        n--;
    return n;
}
