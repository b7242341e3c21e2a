/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * person_label.h - what the name of a field or column says about the names of persons in it.
 */
#ifndef CONSTAT_PERSON_LABEL_H
#define CONSTAT_PERSON_LABEL_H

#include <stdbool.h>

#include "detectors/span.h"

enum name_role {
    NAME_NONE,   /* of something else: a file, a product, a street */
    NAME_FAMILY, /* family name */
    NAME_GIVEN,  /* given names */
    NAME_EITHER, /* "Nom", "Naam", "Name": family name, or the whole */
    NAME_WHOLE
};

struct name_label {
    enum name_role role;
    /* Nothing in it leaves a doubt that a person is meant; else the value must show it. */
    bool sure;
    bool plain; /* "name" and nothing else */
};

struct name_label name_label_of(struct span label);

#endif
