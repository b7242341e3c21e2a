/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * folding.h - characters of text as the symbols that words are compared by.
 *
 * 37 symbols: a-z, 0-9 and the gap, which is any other character.  Case, accents (written as one
 * character or as a combining mark), ligatures and umlauts are folded away; soft hyphens and marks
 * without width are nothing.  Bytes that are no UTF-8 are read as Latin-1 letters where they can
 * be.
 *
 * Where a character begins is decided by the bytes right before it, at most three, so that reading
 * may begin anywhere.
 */
#ifndef CONSTAT_FOLDING_H
#define CONSTAT_FOLDING_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"

enum { GAP = 0, LETTER_A = 1, DIGIT_0 = 27, SYMBOLS = 37 };

/* One character of text as up to three symbols. */
struct folded_char {
    uint8_t len;       /* bytes read */
    uint8_t symbols;   /* 0 = nothing (soft hyphen) */
    uint8_t symbol[3]; /* GAP, or letters or a digit */
    bool upper, lower; /* ASCII only: for camelCase */
};

static inline uint8_t letter_symbol(char c)
{
    return (uint8_t)(LETTER_A + (c - 'a'));
}

/* The character at a byte from 0x80 on. */
struct folded_char fold_wide(struct span text, size_t at);

/* The last character before `at` that is not folded away; a gap if there is none, or none within
 * 64 bytes. */
struct folded_char fold_before(struct span text, size_t at);

/* The first offset from `at` on where a character begins. */
size_t fold_align(struct span text, size_t at);

__attribute__((always_inline)) static inline struct folded_char fold_at(struct span text, size_t at)
{
    struct folded_char f = {.len = 1, .symbols = 1, .symbol = {GAP, GAP, GAP}};
    char c = text.at[at];

    if (c & 0x80)
        return fold_wide(text, at);
    if ((unsigned char)((c | 0x20) - 'a') <= 25) {
        f.symbol[0] = letter_symbol((char)(c | 0x20));
        f.lower = (c & 0x20) != 0;
        f.upper = !f.lower;
    } else if ((unsigned char)(c - '0') <= 9) {
        f.symbol[0] = (uint8_t)(DIGIT_0 + (c - '0'));
    }
    return f;
}

/* A word of a list as symbols, gaps at both ends left out; 0 when nothing is left or it is longer
 * than `max`. */
size_t fold_word(const char *word, uint8_t *ret, size_t max);

#endif
