/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * words.h - every sentence of the report, in four languages, in one place: words.list.
 *
 * A text is plain: it is escaped like everything else.  {1} to {9} are filled in by page_say().
 * Terms follow the official wording of Regulation (EU) 2016/679 in each language where it has one
 * (docs/report.md, glossary).  tests/test_words.c fails on a text that is missing, that nothing
 * uses, or whose placeholders differ between languages.
 */
#ifndef CONSTAT_REPORT_WORDS_H
#define CONSTAT_REPORT_WORDS_H

enum language { LANGUAGE_FR, LANGUAGE_NL, LANGUAGE_DE, LANGUAGE_EN, LANGUAGES };

enum word {
#define WORD(id, fr, nl, de, en) W_##id,
#include "report/words.list"
#undef WORD
    W_COUNT
};

const char *word_text(enum language l, enum word w);
const char *word_id(enum word w);
const char *language_code(enum language l); /* "fr" */
const char *language_name(enum language l); /* in the language itself */
int language_from_code(const char *code);   /* -1: unknown */

#endif
