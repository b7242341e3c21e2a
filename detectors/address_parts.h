/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* address_parts.h - streets, numbers, codes and places as they are read from text. */
#ifndef CONSTAT_ADDRESS_PARTS_H
#define CONSTAT_ADDRESS_PARTS_H

#include <stdbool.h>

#include "detectors/span.h"

enum {
    STREET_REACH = 120,     /* bytes before a code in which its street ends */
    ADDRESS_WORDS_MAX = 100 /* bytes of a street or place, normalised */
};

struct street {
    size_t at, end;                    /* in the text */
    bool typed;                        /* says that it is one: rue, -straat, Platz */
    bool numbered;                     /* has a house number */
    char value[ADDRESS_WORDS_MAX + 1]; /* with number and box; "" none */
};

/* The street with its number that ends text[from, to). */
bool street_ending(struct span text, size_t from, size_t to, struct street *ret);
/* The street word at `at`, its name and its number, before `end`. */
bool street_beginning(struct span text, size_t at, size_t end, struct street *ret);
/* The whole of a field named for a street. */
bool street_whole(struct span text, size_t from, size_t to, struct street *ret);

struct place {
    size_t end;
    bool agrees; /* it has that code */
    char value[ADDRESS_WORDS_MAX + 1];
};

/* The place behind a postal code: the longest one that has the code, else a word or two that
 * could be one. */
bool place_behind_code(struct span text, size_t at, unsigned code, struct place *ret);
bool code_known(unsigned code);
bool place_agrees(const char *code, const char *place);

/* The whole of a field; `ret` has room for ADDRESS_WORDS_MAX bytes and NUL. */
bool number_whole(struct span text, size_t from, size_t to, bool box, char *ret);
bool code_whole(struct span text, size_t from, size_t to, char *ret);
bool place_whole(struct span text, size_t from, size_t to, char *ret);

enum address_label {
    ADDRESS_NONE,
    ADDRESS_WHOLE,
    ADDRESS_STREET, /* with or without the number */
    ADDRESS_NUMBER,
    ADDRESS_BOX,
    ADDRESS_CODE,
    ADDRESS_PLACE,
    ADDRESS_SIGN /* "No", "#": the number of a house where a street stands beside it */
};

/* What the name of a field or column says. */
enum address_label address_label_of(struct span label);

#endif
