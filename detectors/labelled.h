/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * labelled.h - values that only the word before them tells: passports, licences, plates, dates of
 * birth.  They have no check digits and a shape that any order number may have, so they are looked
 * for behind a word that names them (ANCHOR_WORD) and in fields that are named for them
 * (ANCHOR_FIELD), and nowhere else.
 */
#ifndef CONSTAT_LABELLED_H
#define CONSTAT_LABELLED_H

#include "detectors/detector.h"

/* How a place to read at lies to the word or field that names it. */
enum label_place {
    LABEL_NEAR,   /* further on, or before the word */
    LABEL_DIRECT, /* the word, at most "no.", "number is" and signs, then the value */
    LABEL_FIELD   /* the field holds it */
};

/* Reads one value of the kind that begins at window.at[at] and ends by `end`: its bytes, with value
 * and form (and facts) set; 0 if none does.  What touches the value is for the reader to judge. */
typedef size_t value_reader(const struct candidate *c, size_t at, size_t end,
                            enum label_place place, struct match *ret);

/* The first value within `reach` bytes behind the label, on up to three lines; if there is none and
 * `before` is not 0, the last one that many bytes before it on its line ("AB123456 (passport)").
 * In a field: within `reach` bytes of its start. */
enum verdict labelled_value(const struct candidate *c, size_t reach, size_t before,
                            value_reader *read, struct match *ret);

/* False: a word woke the detector, and no run of letters and digits within these reaches has so many
 * digits as one of each value has; quick, for most words are followed by more words. */
bool digits_near(const struct candidate *c, size_t reach, size_t before, unsigned least);

/* A letter or digit touches it, or stands right behind a sign that touches it: PO-2024-EN000001,
 * 1-ABC-1234. */
bool part_of_code(struct span window, size_t at, size_t len);

#endif
