/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lexicon_scan.c - which words of a text may lead to an entry.
 *
 * Of 64 bytes at a time, masks say where words begin and end.  The first eight letters of a word,
 * or all of a shorter one, are looked up in a filter of bits; what it lets through is put on a list
 * without a branch.  Of those, a word of fewer letters that stands before one blank and another
 * word is looked up together with that one's first two letters.  Only then is the trie followed.
 *
 * One body (lexicon_starts.inc) is compiled for vectors of 16 bytes, of 32 with the instructions
 * that came with them (chosen at run time), and for none.  tests/test_lexicon.c compares them.
 */
#include "detectors/lexicon_private.h"

enum {
    NEXT_SIGNS = 4, /* that are passed over to see what word is next */

    /* May follow a run of ASCII letters and still be part of the word, or be another one without a
     * gap between them: letters, digits, what is not ASCII, a hyphen (at a line's end). */
    BYTE_GOES_ON = 1,
    BYTE_IN_WORD = 2, /* the same without the hyphen */
    BYTE_PARTS = 4    /* parts_words() */
};

/* clang-format off */
static const uint8_t bytes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4,
    0, 4, 4, 0, 0, 0, 0, 0, 4, 4, 0, 0, 4, 1, 0, 0,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 4, 4, 4, 4, 4,
    0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 0, 4, 0, 0,
    0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 0, 0,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
};
/* clang-format on */

/* The first n of eight bytes. */
static const uint64_t first_bytes[FILTER_LETTERS + 1] = {0,
                                                         0xFF,
                                                         0xFFFF,
                                                         0xFFFFFF,
                                                         0xFFFFFFFF,
                                                         0xFFFFFFFFFF,
                                                         0xFFFFFFFFFFFF,
                                                         0xFFFFFFFFFFFFFF,
                                                         0xFFFFFFFFFFFFFFFF};

static inline bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Where words begin and end in 64 bytes. */
struct block_words {
    uint64_t word, high, lower;
    uint64_t begins;        /* what a word may begin with */
    uint64_t starts, camel; /* as ASCII shows them */
    uint64_t ends;          /* what is no part of a run of letters that begins before it */
};

static inline void words_of_spelling(const struct lexicon *l, const struct spelling *s,
                                     uint64_t inside, uint64_t lower, struct block_words *ret)
{
    ret->word = s->digit | s->lower | s->upper;
    ret->high = s->high;
    ret->lower = s->lower;
    ret->begins = l->digit_begins ? ret->word : s->lower | s->upper;
    ret->camel = s->upper & (s->lower << 1 | lower);
    ret->starts = ((ret->word & ~(ret->word << 1 | inside)) | ret->camel) & ret->begins;
    ret->ends = ~ret->word | ret->camel | (s->digit & ~(s->digit << 1));
}

/* A row of characters that are not ASCII, on its way from block to block. */
struct wide_row {
    bool open;
    size_t at;       /* where the next character begins */
    uint64_t inside; /* 0 or 1: the one before is part of a word */
};

/* The word starts of a block that begin with, or stand right behind, what is not ASCII.  `before`:
 * 1 if the byte before the block is part of a word. */
static uint64_t wide_starts(struct span text, size_t i, const struct block_words *now,
                            uint64_t before, struct wide_row *row)
{
    uint64_t starts = 0, inside = row->inside, rest;
    size_t p = row->open ? row->at - i : (size_t)__builtin_ctzll(now->high);

    if (!row->open)
        inside = p ? now->word >> (p - 1) & 1 : before;
    for (;;) {
        while (p < BLOCK && now->high >> p & 1) {
            const unsigned char *t = (const unsigned char *)text.at + i + p;

            /* the letters of Latin-1, by far the most: U+00C0 to U+00FF but two signs */
            if (t[0] == 0xC3 && text.len - i - p > 1 && (t[1] & 0xC0) == 0x80 &&
                (t[1] & 0x1F) != 0x17) {
                starts |= (1 & ~inside) << p;
                inside = 1;
                p += 2;
            } else {
                struct folded_char f = fold_wide(text, i + p);

                if (f.symbols) {
                    uint64_t letter = f.symbol[0] != GAP;

                    starts |= (letter & ~inside) << p;
                    inside = letter;
                }
                p += f.len;
            }
        }
        *row = (struct wide_row){p >= BLOCK, i + p, inside};
        if (row->open)
            return starts;
        starts |= (now->begins >> p & 1 & ~inside) << p;
        rest = now->high & ~UINT64_C(0) << p;
        if (!rest)
            return starts;
        p = (size_t)__builtin_ctzll(rest);
        inside = now->word >> (p - 1) & 1;
    }
}

#define V_STARTS word_starts_portable
#define V_LIST   list_portable
#define V_TARGET
#define V_STATIC
#define V_SPELLING spelling_portable
#include "detectors/lexicon_starts.inc"

#if defined(__x86_64__)
#include <immintrin.h>

#define V_STARTS word_starts_16
#define V_LIST   list_16
#define V_TARGET
#define V_STATIC   static
#define V_SPELLING spelling_of
#include "detectors/lexicon_starts.inc"

#define NEWER_TARGET __attribute__((target("avx2,bmi,bmi2")))

NEWER_TARGET static inline void spelling_32(const char *text, struct spelling *ret)
{
    const __m256i zero = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9);
    const __m256i a = _mm256_set1_epi8('a'), letters = _mm256_set1_epi8(25);
    const __m256i small = _mm256_set1_epi8(0x20);
    struct spelling s = {0};

    for (unsigned i = 0; i < BLOCK; i += 32) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(text + i));
        __m256i d = _mm256_sub_epi8(x, zero), l = _mm256_sub_epi8(_mm256_or_si256(x, small), a);
        uint64_t letter, lower;

        letter = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(l, letters), l));
        lower = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(x, 2));
        s.digit |=
            (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(d, nine), d))
            << i;
        s.lower |= (letter & lower) << i;
        s.upper |= (letter & ~lower) << i;
        s.high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(x) << i;
    }
    *ret = s;
}

#define V_STARTS   word_starts_32
#define V_LIST     list_32
#define V_LIST     list_32
#define V_TARGET   NEWER_TARGET
#define V_STATIC   static
#define V_SPELLING spelling_32
#include "detectors/lexicon_starts.inc"

word_starts_fn *word_starts_sse2(void)
{
    return word_starts_16;
}

word_starts_fn *word_starts_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? word_starts_32 : NULL;
}

#else

word_starts_fn *word_starts_sse2(void)
{
    return NULL;
}

word_starts_fn *word_starts_avx2(void)
{
    return NULL;
}

#endif

/* The first sixteen letters of a word as far as they are known, and where they end. */
struct first_letters {
    uint64_t letters, more;
    size_t end;
    unsigned n;
    bool open;
};

/* A word of eight letters and more: its next eight. */
static inline void more_letters(const char *at, struct first_letters *ret)
{
    const uint64_t tops = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    uint64_t more, seven, letter, lower, ends;

    memcpy(&more, at + FILTER_LETTERS, sizeof(more));
    /* the top bit of each byte that is a letter, a small one */
    seven = (more | 0x20 * ones) & ~tops;
    letter = (seven + (0x80 - 'a') * ones) & ~(seven + (0x7F - 'z') * ones) & ~more & tops;
    lower = letter & more << 2;
    ends = (~letter & tops) |
           ((letter & ~lower) & (lower << 8 | (is_lower(at[FILTER_LETTERS - 1]) ? 0x80 : 0)));
    ret->n = ends ? (unsigned)__builtin_ctzll(ends) / 8 : FILTER_LETTERS;
    ret->more = (more | 0x20 * ones) & first_bytes[ret->n];
    ret->n += FILTER_LETTERS;
    ret->end += ret->n;
    ret->open = ret->n < 2 * FILTER_LETTERS && (bytes[(unsigned char)at[ret->n]] & BYTE_GOES_ON);
}

/* The letters that UTF-8 writes as C3 and one byte more, where they fold to one letter. */
static const char accented[65] = "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0\0"
                                 "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0y";

static inline void letter_put(struct first_letters *w, uint64_t letter)
{
    if (w->n < FILTER_LETTERS)
        w->letters |= letter << 8 * w->n;
    else
        w->more |= letter << 8 * (w->n - FILTER_LETTERS);
    w->n++;
}

/* The small ASCII letters at `at`, at most eight and as many as there is room for below `most`. */
static inline unsigned small_letters(const char *at, unsigned most, struct first_letters *w)
{
    const uint64_t tops = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    uint64_t eight, seven, others;
    unsigned n;

    memcpy(&eight, at, sizeof(eight));
    seven = eight & ~tops;
    others = (~(seven + (0x80 - 'a') * ones) | (seven + (0x7F - 'z') * ones) | eight) & tops;
    n = others ? (unsigned)__builtin_ctzll(others) / 8 : FILTER_LETTERS;
    n = n < most - w->n ? n : most - w->n;
    eight &= first_bytes[n];
    if (w->n < FILTER_LETTERS) {
        w->letters |= eight << 8 * w->n;
        w->more |= w->n ? eight >> 8 * (FILTER_LETTERS - w->n) : 0;
    } else {
        w->more |= eight << 8 * (w->n - FILTER_LETTERS);
    }
    w->n += n;
    return n;
}

/* As many letters as there are below `most`, for a word with others than ASCII. */
static void folded_letters(struct span text, unsigned most, char *before, struct first_letters *ret)
{
    struct first_letters w = *ret;
    size_t at = w.end;

    while (at < text.len && w.n < most) {
        char c = text.at[at];

        if (is_lower(c) && text.len - at >= FILTER_LETTERS) {
            at += small_letters(text.at + at, most, &w);
            *before = 'a';
        } else if (!(c & 0x80)) {
            if (!is_letter(c) && !is_digit(c))
                break;
            if (w.n &&
                ((is_lower(*before) && is_upper(c)) || (is_digit(c) && !is_digit(*before))))
                break;
            letter_put(&w, (unsigned char)(c | 0x20));
            *before = c;
            at++;
        } else if ((unsigned char)c == 0xC3 && text.len - at > 1 &&
                   (text.at[at + 1] & 0xC0) == 0x80 && accented[text.at[at + 1] & 0x3F]) {
            letter_put(&w, (unsigned char)accented[text.at[at + 1] & 0x3F]);
            *before = 'A';
            at += 2;
        } else {
            struct folded_char f = fold_wide(text, at);

            if (f.symbols && f.symbol[0] == GAP)
                break;
            /* more than one letter, of which not all may be wanted yet */
            if (f.symbols > 1 && w.n + f.symbols > most && most < 2 * FILTER_LETTERS)
                break;
            for (unsigned k = 0; k < f.symbols && w.n < most; k++)
                letter_put(&w, (uint64_t)('a' + (f.symbol[k] - LETTER_A)));
            if (f.symbols)
                *before = 'A';
            at += f.len;
        }
    }
    w.end = at;
    w.open = w.n < 2 * FILTER_LETTERS && at < text.len && (bytes[(unsigned char)text.at[at]] & BYTE_GOES_ON);
    *ret = w;
}

static inline bool ends_entry(const struct lexicon *l, const struct first_letters *w, char last)
{
    return pair_has(l, w->letters, w->more, PAIR_NONE) ||
           (is_upper(last) && pair_has(l, w->letters, w->more, PAIR_CAPITALS));
}

/* "eth0": a short word before a digit is an entry, or one begins with both. */
static inline bool goes_on_with(const struct lexicon *l, const struct first_letters *w, char last,
                                char digit)
{
    uint64_t longer = w->letters | (uint64_t)(unsigned char)digit << 8 * w->n;

    return filter_has(l, longer, w->n + 1 < FILTER_LETTERS) || ends_entry(l, w, last);
}

/* Behind a word that is none by itself: the next one, over a few signs, can belong to it. */
static inline bool next_belongs(const struct lexicon *l, const struct first_letters *w,
                                const char *next)
{
    size_t i = 0;

    if (next[0] == '.' && ends_sentence(next[1], w->n))
        return false;
    for (; i < NEXT_SIGNS && !(bytes[(unsigned char)next[i]] & BYTE_IN_WORD); i++)
        if (bytes[(unsigned char)next[i]] & BYTE_PARTS)
            return false;
    /* a letter alone is a word, in "aN" too */
    if (!is_letter(next[i]) || !is_letter(next[i + 1]) ||
        (is_lower(next[i]) && !is_lower(next[i + 1])))
        return true;
    return pair_has(l, w->letters, w->more,
                    (unsigned char)(next[i] | 0x20) |
                        (uint64_t)(unsigned char)(next[i + 1] | 0x20) << 8);
}

/* False: this word begins as one of an entry does, and yet no entry is there. */
static inline bool worth_following(const struct lexicon *l, struct span text, size_t at,
                                   uint32_t start)
{
    unsigned n = start >> START_LETTERS_SHIFT;
    struct first_letters w = {.end = at};
    const char *behind = text.at + at + n;

    if (text.len - at < 2 * FILTER_LETTERS + 1)
        return true;
    if (!(text.at[at] & 0x80) && n < FILTER_LETTERS && is_digit(*behind) && !is_digit(behind[-1])) {
        w.n = n;
        memcpy(&w.letters, text.at + at, sizeof(w.letters));
        w.letters = (w.letters | UINT64_C(0x2020202020202020)) & first_bytes[n];
        return goes_on_with(l, &w, behind[-1], *behind);
    }
    if (!(text.at[at] & 0x80) &&
        (n == FILTER_LETTERS || !(bytes[(unsigned char)*behind] & BYTE_GOES_ON))) {
        w.n = n;
        memcpy(&w.letters, text.at + at, sizeof(w.letters));
        w.letters = (w.letters | UINT64_C(0x2020202020202020)) & first_bytes[w.n];
        if (w.n == FILTER_LETTERS)
            more_letters(text.at + at, &w);
        else
            w.end += w.n;
    } else {
        char before = 'A';

        folded_letters(text, FILTER_LETTERS, &before, &w);
        if (!filter_has(l, w.letters, w.n < FILTER_LETTERS && w.open))
            return false;
        if (w.open)
            folded_letters(text, 2 * FILTER_LETTERS, &before, &w);
    }
    if (w.n >= FILTER_LETTERS && !long_has(l, w.letters, w.more, w.open))
        return false;
    if (w.n == 2 * FILTER_LETTERS || w.open || text.len - w.end < NEXT_SIGNS + 2)
        return true;
    return ends_entry(l, &w, text.at[w.end - 1]) || next_belongs(l, &w, text.at + w.end);
}

void lexicon_scan_with(const struct lexicon *l, word_starts_fn *starts, struct span text,
                       size_t from, size_t to, lexicon_found_fn *found, void *ctx)
{
    uint32_t list[STARTS_SPAN];

    while (from < to) {
        size_t end = to - from > STARTS_SPAN ? from + STARTS_SPAN : to;
        size_t n = starts(l, text, from, end, list);

        for (size_t i = 0; i < n; i++) {
            size_t at = from + (list[i] & START_AT), len;
            struct lexicon_entry entry;
            bool inner;

            if (!worth_following(l, text, at, list[i]))
                continue;
            inner = at > 0 && is_upper(text.at[at]) && is_lower(text.at[at - 1]);
            len = lexicon_follow(l, text, at, inner, &entry);
            if (len)
                found(ctx, at, len, &entry);
        }
        from = end;
    }
}

void lexicon_scan(const struct lexicon *l, struct span text, size_t from, size_t to,
                  lexicon_found_fn *found, void *ctx)
{
    word_starts_fn *starts = word_starts_avx2();

    if (!starts)
        starts = word_starts_sse2();
    lexicon_scan_with(l, starts ? starts : word_starts_portable, text, from, to, found, ctx);
}
