/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * vectors.h - testdata/detectors/vectors.tsv: which detector answers for which kind of it, the word
 * that a sentence names it with, and what a value normalises to.
 */
#ifndef CONSTAT_TESTS_VECTORS_H
#define CONSTAT_TESTS_VECTORS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "detectors/detector.h"

/* Kinds of the vectors and the detectors that answer for them. */
struct vector_kind {
    const char *kind;
    const struct detector *detector;
    const char *label; /* names it in a sentence */
    bool labelled;     /* nothing is of that kind without such a word */
};

static const struct vector_kind vector_kinds[] = {
    {"nrn", &detect_be_nrn, "Num\xC3\xA9ro de registre national : ", false},
    {"bis", &detect_be_nrn, "Bisnummer (INSZ) ", false},
    {"iban", &detect_iban, "IBAN ", false},
    {"be_bban", &detect_be_bban, "Rekeningnummer: ", false},
    {"eid_card", &detect_be_eid_card, "Carte d'identit\xC3\xA9 n\xC2\xB0 ", false},
    {"ogm", &detect_be_payment_ref, "Gestructureerde mededeling ", false},
    {"vat", &detect_be_vat, "TVA ", false},
    {"enterprise", &detect_be_enterprise, "Ondernemingsnummer ", false},
    {"establishment", &detect_be_enterprise, "Unit\xC3\xA9 d'\xC3\xA9tablissement ", false},
    {"mrz_td1", &detect_mrz, "Identiteitskaart:\n", false},
    {"mrz_td2", &detect_mrz, "Titre de s\xC3\xA9jour\n", false},
    {"mrz_td3", &detect_mrz, "Paspoort\n", false},
    {"phone", &detect_phone, "T\xC3\xA9l. ", false},
    {"payment_card", &detect_payment_card,
     "Carte de cr\xC3\xA9"
     "dit ",
     false},
    {"inami", &detect_be_inami, "INAMI : ", true},
    {"passport", &detect_passport, "paspoortnr. ", true},
    {"driving_licence", &detect_driving_licence, "Permis de conduire n\xC2\xB0 ", true},
    {"foreigner_card", &detect_residence_card, "verblijfskaart ", true},
    {"plate", &detect_vehicle_plate, "Nummerplaat: ", true}};

/* Kinds without a detector of their own, each named: nothing is left out by accident.  A postal
 * code is a part of an address. */
static const char *const vectors_without_detector[] = {"postal_code"};

enum { VECTORS = 319, VECTORS_WITHOUT_DETECTOR = 6, VECTOR_LINE_MAX = 4096 };

struct vector {
    const struct vector_kind *kind; /* NULL: named as being without a detector */
    char value[256];
    bool valid;
};

static inline FILE *vectors_open(void)
{
    char line[VECTOR_LINE_MAX];
    FILE *file = fopen(TESTDATA "/detectors/vectors.tsv", "re");

    /* the header */
    if (file && !fgets(line, sizeof line, file)) {
        fclose(file);
        return NULL;
    }
    return file;
}

/* The next vector; false at the end.  Sets *wrong at a line that is none. */
static inline bool vectors_next(FILE *file, struct vector *ret, bool *wrong)
{
    char line[VECTOR_LINE_MAX], *fields[3] = {0}, *save = NULL;

    *wrong = false;
    if (!fgets(line, sizeof line, file))
        return false;
    for (unsigned i = 0; i < 3; i++)
        fields[i] = strtok_r(i ? NULL : line, "\t", &save);
    *ret = (struct vector){.valid = fields[2] && fields[2][0] == '1'};
    *wrong = !fields[2] || strlen(fields[1]) >= sizeof ret->value;
    if (*wrong)
        return true;
    for (char *from = fields[1], *to = ret->value; *from; from++) {
        bool line_feed = from[0] == '\\' && from[1] == 'n';

        *to++ = line_feed ? '\n' : *from;
        from += line_feed;
    }
    for (unsigned i = 0; i < sizeof vector_kinds / sizeof *vector_kinds; i++)
        if (strcmp(vector_kinds[i].kind, fields[0]) == 0)
            ret->kind = &vector_kinds[i];
    *wrong = !ret->kind;
    for (unsigned i = 0;
         i < sizeof vectors_without_detector / sizeof *vectors_without_detector && *wrong; i++)
        *wrong = strcmp(vectors_without_detector[i], fields[0]) != 0;
    return true;
}

/* What the value normalises to, worked out from the characters alone.  Not for zones. */
static inline void vector_normalise(const struct vector *v, char ret[VALUE_MAX + 1])
{
    const struct detector *d = v->kind->detector;
    bool letters = d == &detect_iban || d == &detect_passport || d == &detect_residence_card ||
                   d == &detect_vehicle_plate;
    bool phone = d == &detect_phone;
    const char *trunk = strstr(v->value, "(0)");
    size_t n = 0;

    if (phone)
        ret[n++] = '+';
    for (const char *p = v->value; *p && n < VALUE_MAX; p++) {
        if (phone && trunk && p == trunk + 1)
            continue;
        char capital = (char)(*p & ~0x20);

        if (*p >= '0' && *p <= '9')
            ret[n++] = *p;
        else if (letters && capital >= 'A' && capital <= 'Z')
            ret[n++] = capital;
    }
    ret[n] = '\0';
    if (phone && strncmp(ret, "+00", 3) == 0) {
        memmove(ret + 1, ret + 3, n - 2);
    } else if (phone && ret[1] == '0') {
        memmove(ret + 3, ret + 2, n - 1);
        memcpy(ret + 1, "32", 2);
    }
    if (d == &detect_be_vat) {
        bool nine = n == 9;

        memmove(ret + 2 + nine, ret, n + 1);
        memcpy(ret, "BE0", 2 + (size_t)nine);
    }
}

#endif
