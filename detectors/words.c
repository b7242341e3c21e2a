/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * words.c - key words in text, whatever their case, accents and punctuation.
 *
 * Text and words are folded to 37 symbols: a-z, 0-9 and one gap for any run of up to 3 other
 * characters.  So "n° national", "N°-National" and "n_national" are one word.  Words begin at word
 * borders, so a trie entered at word starts is enough; its first two symbols are a table, which
 * turns away most words of a text at once.  Cost does not grow with the number of words.
 */
#include "detectors/engine_private.h"
#include "detectors/folding.h"

#include <stdlib.h>

enum { NONE = 255, WORD_MAX = 96 };

/* While the trie is built. */
struct node {
    uint32_t child, sibling;
    uint32_t use;
    uint8_t symbol;
};

/* The trie as it is read: the children of a node stand side by side in the order of their symbols,
 * so that one count of bits finds a child. */
struct trie_node {
    uint64_t symbols; /* bit: a child with that symbol */
    uint32_t child;   /* the first one */
    uint32_t use;
};

struct words {
    uint8_t ascii[256]; /* symbol of an ASCII byte; NONE = look closer */
    uint32_t two[SYMBOLS * SYMBOLS];
    uint64_t three[SYMBOLS * SYMBOLS]; /* bit: third symbols that some word goes on with */
    uint64_t gap_after;                /* bit: a first symbol that a gap may follow */
    bool digit_begins;                 /* some word begins with a digit */
    struct trie_node *trie;
    struct node *nodes; /* NULL once the trie is there */
    size_t n_nodes, cap_nodes;
    struct word_use *uses;
    uint64_t *kinds; /* of the chain that begins with that use */
    size_t n_uses, cap_uses;
};

/* The child of a node being built. */
static uint32_t node_child(const struct words *w, uint32_t node, uint8_t symbol)
{
    uint32_t at = w->nodes[node].child;

    while (at && w->nodes[at].symbol != symbol)
        at = w->nodes[at].sibling;
    return at;
}

static uint32_t node_new(struct words *w, uint8_t symbol)
{
    if (!grow(&w->nodes, &w->cap_nodes, w->n_nodes + 1, sizeof(*w->nodes)))
        return 0;
    w->nodes[w->n_nodes] = (struct node){.symbol = symbol};
    return (uint32_t)w->n_nodes++;
}

static bool word_add(struct words *w, const char *word, unsigned kind, enum word_role role,
                     unsigned index)
{
    uint8_t symbols[WORD_MAX];
    size_t n = fold_word(word, symbols, WORD_MAX);
    uint32_t *entry, node;

    if (n < 2)
        return true;
    entry = &w->two[symbols[0] * SYMBOLS + symbols[1]];
    if (!*entry && !(*entry = node_new(w, symbols[1])))
        return false;
    node = *entry;
    if (n > 2)
        w->three[symbols[0] * SYMBOLS + symbols[1]] |= UINT64_C(1) << symbols[2];
    for (size_t i = 2; i < n; i++) {
        uint32_t child = node_child(w, node, symbols[i]);

        if (!child) {
            child = node_new(w, symbols[i]);
            if (!child)
                return false;
            w->nodes[child].sibling = w->nodes[node].child;
            w->nodes[node].child = child;
        }
        node = child;
    }
    if (!grow(&w->uses, &w->cap_uses, w->n_uses + 1, sizeof(*w->uses)))
        return false;
    w->uses[w->n_uses] = (struct word_use){.next = w->nodes[node].use,
                                           .kind = (uint8_t)kind,
                                           .role = (uint8_t)role,
                                           .index = (uint16_t)index};
    w->nodes[node].use = (uint32_t)w->n_uses++;
    return true;
}

/* `index`: of the first word, from 1; that of the next list is returned, 0 on no memory. */
static unsigned list_add(struct words *w, const char *const *list, unsigned kind,
                         enum word_role role, unsigned index)
{
    for (; list && *list; list++, index++)
        if (!word_add(w, *list, kind, role, index))
            return 0;
    return index;
}

/* Lays the nodes out for reading, level by level: children side by side, `two` pointing to the
 * new places. */
static bool trie_lay(struct words *w)
{
    uint32_t *from = calloc(w->n_nodes, sizeof(*from)); /* node of each place */
    uint32_t n = 1;

    w->trie = calloc(w->n_nodes, sizeof(*w->trie));
    w->kinds = calloc(w->n_uses, sizeof(*w->kinds));
    if (!from || !w->trie || !w->kinds) {
        free(from);
        return false;
    }
    for (size_t i = 0; i < SYMBOLS * SYMBOLS; i++)
        if (w->two[i]) {
            from[n] = w->two[i];
            w->two[i] = n++;
        }
    for (uint32_t at = 1; at < n; at++) {
        struct trie_node *t = &w->trie[at];

        t->use = w->nodes[from[at]].use;
        t->child = n;
        for (uint32_t c = w->nodes[from[at]].child; c; c = w->nodes[c].sibling)
            t->symbols |= UINT64_C(1) << w->nodes[c].symbol;
        for (uint32_t c = w->nodes[from[at]].child; c; c = w->nodes[c].sibling) {
            uint64_t before = t->symbols & ((UINT64_C(1) << w->nodes[c].symbol) - 1);

            from[t->child + (uint32_t)__builtin_popcountll(before)] = c;
        }
        n += (uint32_t)__builtin_popcountll(t->symbols);
    }
    /* a chain goes on with uses that were added before it */
    for (size_t i = 1; i < w->n_uses; i++)
        w->kinds[i] = w->kinds[w->uses[i].next] | UINT64_C(1) << w->uses[i].kind;
    for (unsigned first = 0; first < SYMBOLS; first++) {
        if (w->two[first * SYMBOLS + GAP])
            w->gap_after |= UINT64_C(1) << first;
        for (unsigned second = 0; second < SYMBOLS; second++)
            w->digit_begins |= first >= DIGIT_0 && w->two[first * SYMBOLS + second];
    }
    free(from);
    free(w->nodes);
    w->nodes = NULL;
    return true;
}

struct words *words_new(void)
{
    struct words *w = calloc(1, sizeof(*w));

    if (!w)
        return NULL;
    for (unsigned c = 0; c < 256; c++)
        w->ascii[c] = c >= 0x80            ? NONE
                      : is_letter((char)c) ? letter_symbol((char)(c | 0x20))
                      : is_digit((char)c)  ? (uint8_t)(DIGIT_0 + (c - '0'))
                                           : GAP;
    /* position 0 means "none" in both arrays */
    if (!grow(&w->nodes, &w->cap_nodes, 256, sizeof(*w->nodes)) ||
        !grow(&w->uses, &w->cap_uses, 256, sizeof(*w->uses))) {
        words_free(w);
        return NULL;
    }
    w->n_nodes = w->n_uses = 1;
    w->nodes[0] = (struct node){0};
    w->uses[0] = (struct word_use){0};
    for (unsigned i = 0; i < detectors_count; i++) {
        const struct detector *d = detectors[i];

        unsigned keys = list_add(w, d->words, i, ROLE_WORD, 1);

        if (!keys || !list_add(w, d->keys, i, ROLE_KEY, keys) ||
            !list_add(w, d->against, i, ROLE_AGAINST, 1)) {
            words_free(w);
            return NULL;
        }
    }
    if (!trie_lay(w)) {
        words_free(w);
        return NULL;
    }
    return w;
}

void words_free(struct words *w)
{
    if (!w)
        return;
    free(w->nodes);
    free(w->trie);
    free(w->kinds);
    free(w->uses);
    free(w);
}

const struct word_use *words_use(const struct words *w, uint32_t use)
{
    return &w->uses[use];
}

uint64_t words_kinds(const struct words *w, uint32_t use)
{
    return w->kinds[use];
}

static inline uint32_t trie_child(const struct words *w, uint32_t node, uint8_t symbol)
{
    const struct trie_node *t = &w->trie[node];
    uint64_t bit = UINT64_C(1) << symbol, before = t->symbols & (bit - 1);

    if (!(t->symbols & bit))
        return 0;
    /* most nodes have one child, and counting is slow on machines that must do it by hand */
    return before ? t->child + (uint32_t)__builtin_popcountll(before) : t->child;
}

/* A place in a word that is being followed. */
struct follow {
    size_t i;      /* what comes next */
    uint32_t node; /* 0: fewer than two symbols so far */
    uint8_t first; /* NONE: no symbol so far */
    bool lower;    /* a small ASCII letter stands before */
    bool digit;    /* a digit does */
};

/* Follows the trie from a word start; reports each word that ends at a border. */
static void word_follow(const struct words *w, struct span text, size_t at, struct follow s,
                        word_found_fn *found, void *ctx)
{
    unsigned gap = 0;

    while (s.i < text.len) {
        struct folded_char f;
        bool border;

        /* most of a word: a letter that begins no new word */
        while (!gap && s.node && is_letter(text.at[s.i]) && !(s.lower && is_upper(text.at[s.i]))) {
            s.node = trie_child(w, s.node, letter_symbol((char)(text.at[s.i] | 0x20)));
            if (!s.node)
                return;
            s.lower = !is_upper(text.at[s.i]);
            s.digit = false;
            if (++s.i == text.len)
                break;
        }
        if (s.i == text.len)
            break;
        f = fold_at(text, s.i);
        if (f.symbols == 0) {
            s.i += f.len;
            continue;
        }
        /* a border: gap, lower case before upper, letter before digit */
        border = f.symbol[0] == GAP || (s.lower && f.upper) ||
                 (f.symbol[0] >= DIGIT_0 && !s.digit && !gap);
        if (border && s.node && !gap && w->trie[s.node].use)
            found(ctx, at, s.i - at, w->trie[s.node].use);
        if (f.symbol[0] == GAP) {
            /* further only if some word goes on behind a gap */
            if (++gap > 3 || text.at[s.i] == BORDER ||
                !(s.node ? w->trie[s.node].symbols & 1 : w->gap_after >> s.first & 1))
                return;
            s.i += f.len;
            s.lower = false;
            continue;
        }
        if (gap || (s.lower && f.upper)) {
            /* one gap symbol stands for the run; between camelCase words it may be left out */
            uint32_t over = s.first == NONE ? 0
                            : s.node        ? trie_child(w, s.node, GAP)
                                            : w->two[s.first * SYMBOLS + GAP];
            bool direct = !gap && s.first != NONE &&
                          (s.node ? trie_child(w, s.node, f.symbol[0])
                                  : w->two[s.first * SYMBOLS + f.symbol[0]]);

            if (over && !direct)
                s.node = over;
            else if (gap)
                return;
            gap = 0;
        }
        for (unsigned k = 0; k < f.symbols; k++) {
            if (s.first == NONE) {
                s.first = f.symbol[k];
            } else {
                s.node = s.node ? trie_child(w, s.node, f.symbol[k])
                                : w->two[s.first * SYMBOLS + f.symbol[k]];
                if (!s.node)
                    return;
            }
        }
        s.lower = f.lower;
        s.digit = f.symbol[f.symbols - 1u] >= DIGIT_0;
        s.i += f.len;
    }
    if (s.node && !gap && w->trie[s.node].use)
        found(ctx, at, s.i - at, w->trie[s.node].use);
}

/* A word start at an ASCII letter or digit.  Two tables over the first three characters turn away
 * nearly all words of a text, before anything is followed. */
static inline void word_start(const struct words *w, struct span text, size_t at,
                              word_found_fn *found, void *ctx)
{
    const unsigned char *t = (const unsigned char *)text.at + at;
    uint8_t first = w->ascii[t[0]];
    struct follow s = {.i = at, .first = NONE};

    if (at + 2 < text.len && t[1] < 0x80) {
        unsigned two = first * SYMBOLS + w->ascii[t[1]];
        bool capital = is_upper((char)t[1]);

        if (!w->two[two]) {
            if (!capital || !w->two[first * SYMBOLS + GAP])
                return;
            /* nNational: a border without a gap */
        } else if (is_letter((char)t[1])) {
            if (is_letter((char)t[2]) && (capital || !is_upper((char)t[2])) &&
                !(w->three[two] >> w->ascii[t[2]] & 1))
                return;
            s = (struct follow){
                .i = at + 2, .node = w->two[two], .first = first, .lower = !capital};
        }
    }
    word_follow(w, text, at, s, found, ctx);
}

void words_scan(const struct words *w, struct span text, size_t from, size_t to,
                word_found_fn *found, void *ctx)
{
    uint64_t inside = 0, lower = 0; /* 0 or 1: the character before is part of a word, is small */
    size_t i = from;

    if (from > 0) {
        struct folded_char f;

        i = fold_align(text, from);
        f = fold_before(text, i);
        inside = f.symbol[0] != GAP;
        lower = f.lower;
    }
    while (i < to) {
        size_t n = to - i < BLOCK ? to - i : BLOCK, off = 0;
        struct spelling s;
        uint64_t word, begins;

        if (n == BLOCK) {
            spelling_of(text.at + i, &s);
        } else {
            char tail[BLOCK] = {0};

            memcpy(tail, text.at + i, n);
            spelling_of(tail, &s);
        }
        word = s.digit | s.lower | s.upper;
        begins = w->digit_begins ? word : s.lower | s.upper;
        while (off < n) {
            uint64_t high = s.high >> off, here = UINT64_C(1) << off, starts;
            size_t end = high ? off + (size_t)__builtin_ctzll(high) : n;

            if (end > off) {
                starts = word & ~((word << 1 & ~here) | inside << off);
                starts |= s.upper & ((s.lower << 1 & ~here) | lower << off);
                starts &= begins & (0 - here);
                if (end < BLOCK)
                    starts &= (UINT64_C(1) << end) - 1;
                for (; starts; starts &= starts - 1)
                    word_start(w, text, i + (size_t)__builtin_ctzll(starts), found, ctx);
                inside = word >> (end - 1) & 1;
                lower = s.lower >> (end - 1) & 1;
                off = end;
            }
            if (off < n) {
                struct folded_char f = fold_wide(text, i + off);

                if (f.symbols) {
                    if (f.symbol[0] != GAP && !inside)
                        word_follow(w, text, i + off, (struct follow){.i = i + off, .first = NONE},
                                    found, ctx);
                    inside = f.symbol[0] != GAP;
                    lower = 0;
                }
                off += f.len;
            }
        }
        i += off;
    }
}

void words_first(const struct words *w, struct span text, word_found_fn *found, void *ctx)
{
    char c = text.len > 0 ? text.at[0] : '\0';

    if (c & 0x80)
        words_scan(w, text, 0, 1, found, ctx);
    else if (is_letter(c) || (is_digit(c) && w->digit_begins))
        word_start(w, text, 0, found, ctx);
}

struct naming_scan {
    const struct words *words;
    struct naming naming;
};

static void naming_found(void *ctx, size_t at, size_t len, uint32_t use)
{
    struct naming_scan *s = ctx;

    (void)at;
    (void)len;
    for (const struct word_use *u; use; use = u->next) {
        u = words_use(s->words, use);
        if (u->role == ROLE_AGAINST) {
            s->naming.against |= UINT64_C(1) << u->kind;
            continue;
        }
        if (!(s->naming.names >> u->kind & 1) && s->naming.n_words < NAMING_WORDS) {
            s->naming.kind[s->naming.n_words] = u->kind;
            s->naming.word[s->naming.n_words++] = u->index;
        }
        s->naming.names |= UINT64_C(1) << u->kind;
    }
}

struct naming words_naming(const struct words *w, struct span text)
{
    struct naming_scan s = {.words = w};

    words_scan(w, text, 0, text.len, naming_found, &s);
    return s.naming;
}

uint16_t naming_word(const struct naming *naming, unsigned kind)
{
    for (unsigned i = 0; i < naming->n_words; i++)
        if (naming->kind[i] == kind)
            return naming->word[i];
    return 0;
}
