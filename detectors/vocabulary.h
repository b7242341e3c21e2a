/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * vocabulary.h - the terms of special categories (vocabulary.inc), their forms and their endings.
 *
 * Two ways lead from a term to how it stands in text.  Forms are other spellings of the whole term
 * where a stem changes; they are made when the lexicon is.  Endings may follow any of its words and
 * are looked at in the text.  Words of three letters have neither.
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

/* Languages in which these letters may stand behind a word that ends in `before` (its last two
 * letters) and has that many; letters are 'a' to 'z'. */
unsigned vocabulary_endings(const char *ending, unsigned n, const char before[2], unsigned letters);
enum { ENDING_MAX = 5 };

#endif
