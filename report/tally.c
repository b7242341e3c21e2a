/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_RUN = 32 }; /* below this insertion sort is faster */

void tally_init(struct tally *t, uint64_t findings)
{
    size_t room = findings < TALLY_ROOM ? (size_t)findings : TALLY_ROOM;

    *t = (struct tally){.room = room < 64 ? 64 : room};
    t->at = malloc(t->room * sizeof *t->at);
    t->failed = !t->at;
}

void tally_release(struct tally *t)
{
    free(t->at);
    *t = (struct tally){0};
}

void tally_clear(struct tally *t)
{
    t->len = 0;
}

unsigned tally_passes(uint64_t findings)
{
    /* A range holds its share of the tokens give or take little; an eighth is kept free. */
    uint64_t room = TALLY_ROOM - TALLY_ROOM / 8, passes;

    if (findings <= TALLY_ROOM)
        return 1;
    passes = (findings + room - 1) / room;
    return passes < 4096 ? (unsigned)passes : 4096;
}

bool tally_wants(unsigned pass, unsigned passes, const unsigned char token[16])
{
    return ((unsigned)token[0] << 8 | token[1]) * (uint64_t)passes >> 16 == pass;
}

void tally_add(struct tally *t, unsigned kind, const unsigned char token[16], uint32_t folder,
               const struct tally_note *note)
{
    if (t->failed)
        return;
    if (t->len == t->room) {
        tally_fold(t);
        if (t->len > t->room / 2) {
            size_t room = t->room * 2;
            struct tally_entry *more = realloc(t->at, room * sizeof *more);

            if (!more) {
                t->failed = true;
                return;
            }
            t->at = more;
            t->room = room;
        }
    }
    struct tally_entry *e = &t->at[t->len++];

    e->key[0] = (unsigned char)kind;
    memcpy(e->key + 1, token, 16);
    e->key[17] = (unsigned char)(folder >> 24);
    e->key[18] = (unsigned char)(folder >> 16);
    e->key[19] = (unsigned char)(folder >> 8);
    e->key[20] = (unsigned char)folder;
    e->confidence = (uint8_t)note->confidence;
    e->flags = (uint8_t)note->flags;
    e->groups = note->groups;
    e->facts = note->facts;
    e->categories = note->categories;
}

static void sort_small(struct tally_entry *at, size_t n, unsigned byte)
{
    for (size_t i = 1; i < n; i++) {
        struct tally_entry e = at[i];
        size_t j = i;

        while (j > 0 && memcmp(at[j - 1].key + byte, e.key + byte, TALLY_KEY - byte) > 0) {
            at[j] = at[j - 1];
            j--;
        }
        at[j] = e;
    }
}

/* Entries that agree in the bytes before `byte`.  Depth of recursion: at most TALLY_KEY. */
static void sort_from(struct tally_entry *at, size_t n, unsigned byte)
{
    size_t begin[257], next[256], count[256];

    if (n <= SMALL_RUN) {
        sort_small(at, n, byte);
        return;
    }
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++)
        count[at[i].key[byte]]++;
    begin[0] = 0;
    for (unsigned v = 0; v < 256; v++) {
        next[v] = begin[v];
        begin[v + 1] = begin[v] + count[v];
    }
    for (unsigned v = 0; v < 256; v++) {
        while (next[v] < begin[v + 1]) {
            /* One is held while each takes the place of the next, until one belongs here. */
            struct tally_entry held = at[next[v]];
            unsigned home = at[next[v]].key[byte];

            while (home != v) {
                struct tally_entry *place = &at[next[home]++];
                struct tally_entry out = *place;

                home = place->key[byte]; /* from there: `held` need not be in memory */
                *place = held;
                held = out;
            }
            at[next[v]++] = held;
        }
    }
    if (byte + 1 == TALLY_KEY)
        return;
    for (unsigned v = 0; v < 256; v++) {
        if (count[v] > 1)
            sort_from(at + begin[v], count[v], byte + 1);
    }
}

void tally_join(struct tally_entry *into, const struct tally_entry *e)
{
    if (e->confidence > into->confidence)
        into->confidence = e->confidence;
    /* The facts of one number are the same in every finding of it; were they not, the smaller ones
     * stand, so that the order of the rows does not decide. */
    if ((e->flags | into->flags) & TALLY_HAS_FACTS) {
        if ((e->flags & TALLY_HAS_FACTS) &&
            (!(into->flags & TALLY_HAS_FACTS) || e->facts < into->facts))
            into->facts = e->facts;
    } else if (into->facts == 0) {
        into->facts = e->facts;
    } else if (e->facts && e->facts != into->facts) {
        into->flags |= TALLY_SHARED;
        if (e->facts < into->facts)
            into->facts = e->facts;
    }
    into->flags |= e->flags;
    into->groups |= e->groups;
    into->categories |= e->categories;
}

void tally_fold(struct tally *t)
{
    size_t kept = 0;

    if (t->failed || t->len == 0)
        return;
    sort_from(t->at, t->len, 0);
    for (size_t i = 1; i < t->len; i++) {
        struct tally_entry *last = &t->at[kept];
        const struct tally_entry *e = &t->at[i];

        if (memcmp(last->key, e->key, TALLY_KEY) != 0) {
            t->at[++kept] = *e;
            continue;
        }
        tally_join(last, e);
    }
    t->len = kept + 1;
}
