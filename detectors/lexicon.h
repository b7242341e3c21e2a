/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lexicon.h - one automaton over all text: the vocabulary of special categories and the words that
 * wake detectors.
 *
 * Some 2,700 terms in French, Dutch, German and English (vocabulary.inc) and the `wakes` of every
 * detector are one trie over folded symbols (folding.h: case, accents, soft hyphens, ligatures),
 * entered only at word borders and behind a filter over the first letters, so that the cost of a
 * text does not grow with the number of terms.
 *
 *   - Terms may have plural and case endings (vocabulary.h); waking words are matched as they are.
 *   - Words of a term stand at most 3 signs apart, or a line's end and blanks; never over an empty
 *     line, the end of a sentence, nor one of , ; ! ? " ( ) [ ] { } < > | =.  A word may be broken
 * by a hyphen and a line's end.
 *   - Abbreviations only in capitals.
 *   - Waking words may begin and end within camelCase (userPassword), and end before a digit; terms
 *     in camelCase from 8 bytes on, before a digit from 5 letters on.
 *
 * Immutable once made; any thread.
 */
#ifndef CONSTAT_LEXICON_H
#define CONSTAT_LEXICON_H

#include "detectors/detector.h"

enum term_strength {
    TERM_STRONG,
    TERM_MEDIUM,
    TERM_WEAK /* weak terms and abbreviations: count only with a second indicator */
};

/* What an entry means. */
struct lexicon_entry {
    uint64_t wakes; /* bits: detectors that it wakes (ANCHOR_WORD) */
    uint64_t
        categories; /* bits, indexed like detectors[]: kinds with ANCHOR_TERM it is a term of */
    enum term_strength strength;
    /* number of the term in its folded spelling, stable within a build; means nothing, as the
     * strength does, where there are no categories */
    uint32_t term;
};

struct lexicon;

/* NULL on no memory. */
struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *l);

/* Calls found() once for each word that begins in text[from, to) and with which an entry begins:
 * with the longest term there, all that wakes, and the length of the longest of them; it may run on
 * to the end of `text`.  The byte before `from` is looked at when from > 0.  No entry is longer
 * than LEXICON_LONGEST bytes of text.  In order of `at`; may overlap only where two entries begin
 * at different words.  `entry` is good for the length of the call. */
enum { LEXICON_LONGEST = 192 };
typedef void lexicon_found_fn(void *ctx, size_t at, size_t len, const struct lexicon_entry *entry);
void lexicon_scan(const struct lexicon *l, struct span text, size_t from, size_t to,
                  lexicon_found_fn *found, void *ctx);

/* The term's folded spelling ("certificat medical"), NUL-terminated; it is the value of a
 * category finding. */
const char *lexicon_term(const struct lexicon *l, uint32_t term);

#endif
