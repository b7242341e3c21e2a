/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * explain_words.h - every sentence of `constat explain`, in four languages, in one place:
 * explain_words.list, and explain_kinds.list for what is said of a kind.
 *
 * Terms follow the official wording of Regulation (EU) 2016/679 where it has one.
 */
#ifndef CONSTAT_EXPLAIN_WORDS_H
#define CONSTAT_EXPLAIN_WORDS_H

#include "scanner/base/buf.h"
#include "scanner/base/outcome.h"

enum explain_language { EXPLAIN_FR, EXPLAIN_NL, EXPLAIN_DE, EXPLAIN_EN, EXPLAIN_LANGUAGES };

enum explain_word {
#define WORD(id, fr, nl, de, en) X_##id,
#include "scanner/explain_words.list"
#undef WORD
    X_COUNT
};

enum kind_nature {
    KIND_NUMBER,  /* digits, perhaps with letters: may stand there bare, grouped or in its form */
    KIND_NAME,    /* of a person: no rule, what is known speaks for it */
    KIND_ADDRESS, /* of a house: whole, or some of its parts */
    KIND_TEXT,
    KIND_TERM /* of the vocabulary of special categories */
};

struct explain_kind {
    const char *kind;
    enum kind_nature nature;
    bool dated; /* holds a date that is checked */
    const char *name[EXPLAIN_LANGUAGES], *rule[EXPLAIN_LANGUAGES];
    const char *source;
};

/* "fr", "nl", "de", "en"; -1: none of these. */
int explain_language_from_code(const char *code);
/* Of LC_ALL, LC_MESSAGES or LANG; English when it is another one. */
enum explain_language explain_language_of_locale(void);

const char *explain_text(enum explain_language l, enum explain_word w);
/* The sentence with {1} to {4} filled in by the texts that follow; NULL ends them. */
bool explain_say(struct buf *out, enum explain_language l, enum explain_word w, ...)
    __attribute__((sentinel));

/* NULL: a kind without a line of its own. */
const struct explain_kind *explain_kind(const char *kind);
/* "health" in words; the key itself when it has none. */
const char *explain_category(enum explain_language l, const char *key);

enum explain_word explain_outcome(enum outcome o);
/* X_COUNT: a reason without words of its own. */
enum explain_word explain_ledger_reason(struct span reason);

#endif
