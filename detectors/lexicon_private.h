/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lexicon_private.h - what the parts of the lexicon share.
 *
 *     vocabulary.c      the terms, their forms and endings
 *     lexicon.c         forms and waking words -> trie, entries, filters
 *     lexicon_scan.c    text -> word starts that the filters let through (AVX2, SSE2, portable)
 *     lexicon_follow.c  a word start -> the longest entry that begins there
 */
#ifndef CONSTAT_LEXICON_PRIVATE_H
#define CONSTAT_LEXICON_PRIVATE_H

#include "detectors/engine_private.h"
#include "detectors/folding.h"
#include "detectors/lexicon.h"

enum {
    FILTER_LETTERS = 8,
    FILTER_BITS = 18, /* 32 KiB */
    LONG_BITS = 18,
    PAIR_BITS = 18
};

/* The children of a node stand side by side in the order of their symbols, so that one count of
 * bits finds a child.  Place 1 is the root, 0 is none. */
struct trie_node {
    uint64_t symbols;  /* bit: a child with that symbol */
    uint32_t child;    /* the first one */
    uint16_t plain;    /* entry whatever the case; 0 = none */
    uint16_t capitals; /* entry where the last word stands in capitals */
    uint8_t endings;   /* languages whose endings may follow here */
};

struct lexicon {
    struct trie_node *trie;
    struct lexicon_entry *entries; /* from 1; 0 is none */
    size_t n_entries, cap_entries;
    char *spellings;
    size_t spellings_len, spellings_cap;
    uint32_t *terms; /* term -> offset in spellings */
    size_t n_terms, cap_terms;
    bool digit_begins; /* some entry begins with a digit */
    /* bit: a word that begins so may lead to an entry */
    uint64_t filter[(1 << FILTER_BITS) / 64];
    /* the same for words of more letters, by the first sixteen */
    uint64_t longs[(1 << LONG_BITS) / 64];
    /* bit: this word is an entry (no letters behind it), or one goes on with these two letters */
    uint64_t pairs[(1 << PAIR_BITS) / 64];
};

/* How many bits are set; without a call where the machine at hand may lack the instruction. */
static inline uint32_t bits_of(uint64_t v)
{
    v -= v >> 1 & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(v * UINT64_C(0x0101010101010101) >> 56);
}

static inline uint32_t trie_child(const struct lexicon *l, uint32_t node, uint8_t symbol)
{
    const struct trie_node *t = &l->trie[node];
    uint64_t bit = UINT64_C(1) << symbol, before = t->symbols & (bit - 1);

    if (!(t->symbols & bit))
        return 0;
    /* most nodes have one child */
    return before ? t->child + bits_of(before) : t->child;
}

/* The first letters of a word, small, as a number; `open`: more may belong to it than ASCII letters
 * show (an accent, camelCase, a broken line), so that a beginning of a word is enough. */
static inline uint64_t filter_hash(uint64_t letters, uint64_t open)
{
    return (letters ^ open << 63) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Asked for every word, so without a branch. */
static inline uint64_t filter_has(const struct lexicon *l, uint64_t letters, uint64_t open)
{
    uint64_t hash = filter_hash(letters, open), word = l->filter[hash >> (64 - FILTER_BITS + 6)];

    return word >> (hash >> 20 & 63) & word >> (hash >> 26 & 63) & 1;
}

/* `more`: the next eight letters. */
static inline uint64_t all_letters(uint64_t letters, uint64_t more)
{
    return (letters * UINT64_C(0xff51afd7ed558ccd)) ^ more;
}

/* Two bits of one word of a set; with one, every hundredth common word would pass by accident. */
static inline uint64_t two_bits(uint64_t hash)
{
    return UINT64_C(1) << (hash >> 20 & 63) | UINT64_C(1) << (hash >> 26 & 63);
}

static inline uint64_t long_hash(uint64_t letters, uint64_t more, uint64_t open)
{
    return (all_letters(letters, more) ^ open << 63) * UINT64_C(0x9e3779b97f4a7c15);
}

static inline bool long_has(const struct lexicon *l, uint64_t letters, uint64_t more, uint64_t open)
{
    uint64_t hash = long_hash(letters, more, open), bits = two_bits(hash);

    return (l->longs[hash >> (64 - LONG_BITS + 6)] & bits) == bits;
}

/* `next`: two small letters behind one blank; or that the word needs nothing behind it, and whether
 * it must be in capitals. */
enum { PAIR_NONE = 0, PAIR_CAPITALS = 1 };

static inline uint64_t pair_hash(uint64_t letters, uint64_t more, uint64_t next)
{
    return (all_letters(letters, more) ^ next << 47) * UINT64_C(0xc4ceb9fe1a85ec53);
}

static inline bool pair_has(const struct lexicon *l, uint64_t letters, uint64_t more, uint64_t next)
{
    uint64_t hash = pair_hash(letters, more, next), bits = two_bits(hash);

    return (l->pairs[hash >> (64 - PAIR_BITS + 6)] & bits) == bits;
}

/* What no term and no waking word goes over: the end of a sentence's part, a cell or a quotation,
 * an assignment: , ; ! ? " ( ) [ ] { } < > | = and BORDER. */
static inline bool parts_words(char c)
{
    unsigned char b = (unsigned char)c;
    /* '!' to '?' from bit 0, '[' to '}' from bit 0 */
    const uint64_t low = 1ull << 0 | 1ull << ('"' - '!') | 1ull << ('(' - '!') |
                         1ull << (')' - '!') | 1ull << (',' - '!') | 1ull << (';' - '!') |
                         1ull << ('<' - '!') | 1ull << ('=' - '!') | 1ull << ('>' - '!') |
                         1ull << ('?' - '!');
    const uint64_t high = 1ull << 0 | 1ull << (']' - '[') | 1ull << ('{' - '[') |
                          1ull << ('|' - '[') | 1ull << ('}' - '[');

    return b == BORDER || (b >= '!' && b <= '?' && low >> (b - '!') & 1) ||
           (b >= '[' && b <= '}' && high >> (b - '[') & 1);
}

/* A full stop with that behind it and a word of so many letters before: "dr. med" is not two
 * sentences. */
static inline bool ends_sentence(char behind, unsigned letters)
{
    return letters > 3 && (behind == ' ' || behind == '\n' || behind == '\r' || behind == '\t');
}

/* lexicon_follow.c: the length of the longest entry that begins at `at`; 0 if there is none. `ret`:
 * the longest term, and all that wakes.  `inner`: within a word in camelCase. */
size_t lexicon_follow(const struct lexicon *l, struct span text, size_t at, bool inner,
                      struct lexicon_entry *ret);

/* lexicon_scan.c: the word starts in text[from, to), to - from <= STARTS_SPAN, that may lead to an
 * entry.  All the same, by machine. */
enum {
    STARTS_SPAN = 4096,
    START_AT = STARTS_SPAN - 1, /* bits of a start: offset from `from` */
    START_LETTERS_SHIFT = 12    /* from here on: how many letters were looked at */
};
typedef size_t word_starts_fn(const struct lexicon *l, struct span text, size_t from, size_t to,
                              uint32_t ret[STARTS_SPAN]);
word_starts_fn word_starts_portable;
/* NULL where this machine cannot run it. */
word_starts_fn *word_starts_sse2(void);
word_starts_fn *word_starts_avx2(void);

void lexicon_scan_with(const struct lexicon *l, word_starts_fn *starts, struct span text,
                       size_t from, size_t to, lexicon_found_fn *found, void *ctx);

#endif
