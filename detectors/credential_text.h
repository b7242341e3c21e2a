/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * credential_text.h - where a secret stands behind the word that names it, and whether it is one.
 */
#ifndef CONSTAT_CREDENTIAL_TEXT_H
#define CONSTAT_CREDENTIAL_TEXT_H

#include "detectors/checks.h"

static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x1F || c == '\0';
}

/* How a value is tied to its word. */
enum secret_place {
    SECRET_LABELLED,      /* word: value; <word>value</word>; "word": "value" */
    SECRET_ASSIGNED,      /* word=value, not quoted */
    SECRET_IN_CONNECTION, /* ;word=value; among others of its kind */
    SECRET_SAID,          /* the word is value; --word value; the next line */
    SECRET_IN_FIELD       /* a field or cell that the word names */
};

struct secret_spot {
    size_t at, end;
    enum secret_place place;
    bool quoted;
};

/* The value behind the word window.at[start, word_end), before `end`; false if none is there. */
bool secret_behind(struct span window, size_t start, size_t word_end, size_t end,
                   struct secret_spot *ret);

/* A line of nothing but the word, and the next of nothing but a value that must be a secret. */
bool secret_on_next_line(struct span window, size_t start, size_t word_end, size_t end,
                         struct secret_spot *ret);

enum secret_kind {
    SECRET_NONE,  /* no secret: stands in for one, is running text, code, a path, a date */
    SECRET_WORD,  /* may be any word or number */
    SECRET_CHOSEN /* two classes of characters and more: chosen to be one */
};

enum secret_kind secret_kind(struct span secret, enum secret_place place);

/* xxxx, ****, <password>, ${SECRET}, changeme, null. */
bool secret_is_stand_in(struct span secret);

/* Letters and digits mixed as chance does, of one run: keys and tokens of machines. */
bool secret_is_random(struct span secret);

/* The name of a field that says something about passwords: their length, age or file. */
bool label_is_about_secrets(struct span label);

#endif
