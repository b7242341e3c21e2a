/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * outcome.h - the closed list of how an item can end.
 *
 * Every directory entry and every member of a container ends in exactly one of these.  The words
 * are stable: they are stored, exported and explained in docs/outcomes.md.  When several things
 * are true of one item the one with the highest rank stands (outcome_worse).
 */
#ifndef CONSTAT_OUTCOME_H
#define CONSTAT_OUTCOME_H

#include <string.h>

/*        symbol        word           rank */
#define OUTCOME_LIST(X)                                                                            \
    X(READ, "read", 0)                                                                             \
    X(EXCLUDED, "excluded", 1)                                                                     \
    X(SPECIAL, "special", 2)                                                                       \
    X(PARTIAL, "partial", 3)                                                                       \
    X(UNSUPPORTED, "unsupported", 4)                                                               \
    X(CHANGED, "changed", 5)                                                                       \
    X(DAMAGED, "damaged", 6)                                                                       \
    X(ENCRYPTED, "encrypted", 7)                                                                   \
    X(OVER_LIMIT, "over-limit", 8)                                                                 \
    X(DENIED, "denied", 9)                                                                         \
    X(TIMEOUT, "timeout", 10)                                                                      \
    X(CRASHED, "crashed", 11)

enum outcome {
#define OUTCOME_ENUM(symbol, word, rank) OUTCOME_##symbol = (rank),
    OUTCOME_LIST(OUTCOME_ENUM)
#undef OUTCOME_ENUM
        OUTCOME_COUNT
};

static inline const char *outcome_word(enum outcome o)
{
    switch (o) {
#define OUTCOME_CASE(symbol, word, rank)                                                           \
    case OUTCOME_##symbol:                                                                         \
        return word;
        OUTCOME_LIST(OUTCOME_CASE)
#undef OUTCOME_CASE
    case OUTCOME_COUNT:
        break;
    }
    return "crashed";
}

/* -1 for a word that is not in the list. */
static inline int outcome_from_word(const char *word)
{
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        if (strcmp(outcome_word((enum outcome)o), word) == 0)
            return o;
    }
    return -1;
}

static inline enum outcome outcome_worse(enum outcome a, enum outcome b)
{
    return a > b ? a : b;
}

#endif
