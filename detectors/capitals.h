/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * capitals.h - names and addresses as words in capitals without accents, so that the same one
 * written in two ways is one value.
 */
#ifndef CONSTAT_CAPITALS_H
#define CONSTAT_CAPITALS_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"

/* One character of text. */
struct capital {
    uint8_t len;     /* bytes read */
    uint8_t letters; /* of `as`; 0: neither letter nor digit */
    bool upper;      /* a letter that stands as a capital */
    bool digit, apostrophe, hyphen, blank;
    bool mark;  /* an accent by itself, a soft hyphen: as if it were not there */
    char as[3]; /* "A", "SS", "7" */
};

struct capital capital_at(struct span text, size_t at);

/* The same where most are ASCII, and blanks and signs need not be told apart. */
static inline struct capital capital_read(struct span text, size_t at)
{
    struct capital ret = {.len = 1};
    unsigned char byte = (unsigned char)text.at[at], small = byte | 0x20;

    if (byte >= 0x80)
        return capital_at(text, at);
    ret.digit = byte >= '0' && byte <= '9';
    ret.letters = ret.digit || (small >= 'a' && small <= 'z');
    ret.upper = ret.letters && byte >= 'A' && byte <= 'Z';
    ret.as[0] = (char)(ret.digit ? byte : byte & ~0x20);
    return ret;
}

enum { CAPITAL_WORD_MAX = 31 };

/* A run of letters, digits and apostrophes between letters. */
struct capital_word {
    size_t at, len; /* in the text */
    uint8_t n;      /* of `text` */
    bool digits;    /* holds a digit */
    bool begins;    /* begins with a capital letter */
    bool capitals;  /* two letters or more, all capitals */
    bool hyphen;    /* a hyphen joins it to the word before */
    char text[CAPITAL_WORD_MAX + 1];
};

/* The word that begins at or behind `at` and before `end`; false if none does, or it is longer
 * than a word may be (*ret is then its place alone).  A hyphen does not belong to a word. */
bool capital_word(struct span text, size_t at, size_t end, struct capital_word *ret);

/* Where the word is in the sorted table of `n` entries; `n` if it is not. */
size_t capital_place(const char (*table)[16], size_t n, const char *word);
bool capital_known(const char (*table)[16], size_t n, const char *word);
/* The word is in the list: entries in capitals, each closed by a blank, one before the first. */
bool capital_listed(const char *list, const char *word);

#endif
