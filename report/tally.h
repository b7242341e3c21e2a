/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * tally.h - distinct values, counted in bounded memory without a table per value.
 *
 * One entry for each finding, 32 bytes, in one array that is sorted in place (American flag sort
 * on the key's bytes: at most key length passes, so bytes chosen by an attacker cannot make it
 * quadratic) and folded: equal keys become one entry.  When the findings of a case do not fit, the
 * caller makes several passes over them, each taking the tokens of one range (tally_passes,
 * tally_wants); tokens are keyed hashes, so ranges are of equal size.
 */
#ifndef CONSTAT_REPORT_TALLY_H
#define CONSTAT_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TALLY_ROOM = 4000000, /* entries held at once: 128 MB */
    TALLY_KEY = 21        /* kind, 16 bytes of token, folder big-endian */
};

enum tally_flags {
    TALLY_LINKED_ROW = 1,      /* stands with a person in a row or line ... */
    TALLY_HAS_FACTS = 2,       /* `facts` is real, still masked */
    TALLY_LINKED_FORM = 4,     /* ... in a paragraph, page, message, object ... */
    TALLY_LINKED_DOCUMENT = 8, /* ... in a document of one person */
    TALLY_SHARED = 16,         /* stands with several persons */
    TALLY_LINKED = TALLY_LINKED_ROW | TALLY_LINKED_FORM | TALLY_LINKED_DOCUMENT
};

struct tally_entry {
    unsigned char key[TALLY_KEY];
    uint8_t confidence; /* the best seen */
    uint8_t flags;
    uint8_t groups; /* bits of enum person_group */
    /* Of a national number its facts; of anything else a hash of the number it stands with, 0 for
     * none: two different ones make it TALLY_SHARED. */
    uint32_t facts;
    uint32_t categories; /* bits of packed_finding.categories */
};

struct tally_note { /* what one finding says of its value */
    unsigned confidence, flags;
    uint8_t groups;
    uint32_t facts, categories;
};

struct tally {
    struct tally_entry *at;
    size_t len, room;
    bool failed; /* no memory */
};

void tally_init(struct tally *t, uint64_t findings);
void tally_release(struct tally *t);
/* Passes needed for that many findings, and whether pass `pass` of `passes` takes the token. */
unsigned tally_passes(uint64_t findings);
bool tally_wants(unsigned pass, unsigned passes, const unsigned char token[16]);
void tally_add(struct tally *t, unsigned kind, const unsigned char token[16], uint32_t folder,
               const struct tally_note *note);
/* What two findings say of one value, in one. */
void tally_join(struct tally_entry *into, const struct tally_entry *e);
/* Sorted by kind, token, folder, each key once. */
void tally_fold(struct tally *t);
void tally_clear(struct tally *t);

static inline unsigned tally_kind(const struct tally_entry *e)
{
    return e->key[0];
}

static inline const unsigned char *tally_token(const struct tally_entry *e)
{
    return e->key + 1;
}

static inline uint32_t tally_folder(const struct tally_entry *e)
{
    return (uint32_t)e->key[17] << 24 | (uint32_t)e->key[18] << 16 | (uint32_t)e->key[19] << 8 |
           e->key[20];
}

#endif
