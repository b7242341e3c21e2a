/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * vocabulary.h - the terms of special categories (vocabulary.inc), their forms and their endings.
 *
 * Two ways lead from a term to how it stands in text.  Forms are other spellings of the whole term
 * where a stem changes; they are made when the lexicon is.  Endings may follow any of its words and
 * are looked at in the text.  Words of three letters have none but s.
 *
 *     endings   fr   s; x after u; e, es (five letters and more), doubled: -ne, -le, -te (-s)
 *               nl   s, e, en; n after e; a doubled consonant before e and en
 *               de   e, en, er, es, em, ern, s; n after e, r, l; -nen, -se(n), -ses doubled;
 *                    in, innen after r, st, nt
 *               en   s; es after s, x, z, h
 *               and what stands behind an apostrophe is another word: "pv's", "victim's"
 *     forms     fr   -al/-aux, -if/-ive, -eux/-euse, -teur/-trice, -eur/-euse; singular of a plural
 *               nl   -heid/-heden, long vowel (dakloos/dakloze, bewaarder), -s/-ze(n), -f/-ve(n)
 *               de   ae, oe, ue for umlauts; -um/-en; declined adjectives before the last word
 *                    (aerztliches/aerztlichen Attest) and participles as nouns (Inhaftierter/-te)
 *               en   -y/-ies, person/people, child/children; American spelling
 *               all  a hyphen may be left out: burn-out/burnout
 */
#ifndef CONSTAT_VOCABULARY_H
#define CONSTAT_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LANGUAGE_FR = 1, LANGUAGE_NL = 2, LANGUAGE_DE = 4, LANGUAGE_EN = 8 };
enum { TERM_MAX = 96, FORMS_MAX = 64 };

/* One line of vocabulary.inc. */
struct vocabulary_term {
    const char *text;
    const char *category, *also; /* keys; `also` "none" for none */
    uint8_t language;
    uint8_t strength; /* enum term_strength */
    bool abbreviation;
};

extern const struct vocabulary_term vocabulary[];
extern const unsigned vocabulary_count;

/* Folded: a-z, 0-9 and single blanks; false if nothing is left or it does not fit. */
bool vocabulary_fold(const char *text, char ret[TERM_MAX]);

/* Calls form() for each form of the term: folded, NUL-terminated; the
 * term as it stands in the list first.  False if form() said so. */
typedef bool vocabulary_form_fn(void *ctx, const char *form);
bool vocabulary_forms(const struct vocabulary_term *term, vocabulary_form_fn *form, void *ctx);

/* --- endings --- */

enum { ENDING_MAX = 5 };
#define VOCABULARY_LETTER(c) (UINT32_C(1) << ((c) - 'a'))

/* Letters that may stand behind a word. */
struct vocabulary_ending {
    char ending[ENDING_MAX + 1];
    uint8_t languages;
    uint8_t least;   /* letters of the word */
    uint32_t behind; /* one of these before it, as bits; 0: anything */
};

extern const struct vocabulary_ending vocabulary_ending_rows[];
extern const unsigned vocabulary_ending_count;

/* The languages in which it may stand behind a word of so many letters, `before` the last two. */
static inline unsigned vocabulary_ending_languages(const struct vocabulary_ending *e,
                                                   const char before[2], unsigned letters)
{
    uint32_t behind = before[1] >= 'a' && before[1] <= 'z' ? VOCABULARY_LETTER(before[1]) : 0;

    return letters >= e->least && (!e->behind || e->behind & behind) ? e->languages : 0;
}

/* Dutch: the last consonant may be doubled before -e and -en (gevangenis, gevangenissen). */
bool vocabulary_doubles(const char before[2], unsigned letters);

/* All languages in which these n letters, 'a' to 'z', may stand behind such a word. */
unsigned vocabulary_endings(const char *ending, unsigned n, const char before[2], unsigned letters);

#endif
