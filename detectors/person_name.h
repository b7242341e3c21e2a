/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* person_name.h - the normalised value of a name, for detectors that hold one inside. */
#ifndef CONSTAT_PERSON_NAME_H
#define CONSTAT_PERSON_NAME_H

#include "detectors/span.h"

/* Words in capitals without accents, sorted, one blank between, NUL-terminated; hyphens and any
 * other sign but an apostrophe end a word.  Its length; 0 if there is no word or no room. */
size_t person_name_value(struct span text, char *ret, size_t size);

#endif
