/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* lexicon.c - the trie of all terms and waking words, and the filters before it. */
#include "detectors/lexicon.h"

#include <stdlib.h>

#include "detectors/lexicon_private.h"
#include "detectors/vocabulary.h"

/* While the trie is built. */
struct node {
    uint32_t child, sibling;
    uint16_t plain, capitals; /* entries; 0 = none */
    uint8_t endings;          /* languages whose endings may follow here */
    uint8_t symbol;
};

/* --- building -------------------------------------------------------------------------------- */

struct builder {
    struct lexicon *l;
    struct node *nodes;
    size_t n_nodes, cap_nodes;
    /* the row at hand */
    struct lexicon_entry entry;
    uint8_t language; /* 0: no endings */
    bool abbreviation;
    bool spelled; /* the term's spelling is known */
};

static uint8_t symbol_of(char c)
{
    return c == ' '               ? GAP
           : c >= '0' && c <= '9' ? (uint8_t)(DIGIT_0 + (c - '0'))
                                  : letter_symbol(c);
}

static uint32_t node_below(struct builder *b, uint32_t node, uint8_t symbol)
{
    uint32_t at = b->nodes[node].child, before = 0;

    while (at && b->nodes[at].symbol != symbol) {
        before = at;
        at = b->nodes[at].sibling;
    }
    if (at && before) { /* to the front: the next form often goes the same way */
        b->nodes[before].sibling = b->nodes[at].sibling;
        b->nodes[at].sibling = b->nodes[node].child;
        b->nodes[node].child = at;
    }
    if (at)
        return at;
    if (!grow(&b->nodes, &b->cap_nodes, b->n_nodes + 1, sizeof(*b->nodes)))
        return 0;
    at = (uint32_t)b->n_nodes++;
    b->nodes[at] = (struct node){.symbol = symbol, .sibling = b->nodes[node].child};
    b->nodes[node].child = at;
    return at;
}

static bool spelling_add(struct lexicon *l, const char *form, uint32_t *ret)
{
    size_t len = strlen(form) + 1;

    if (!grow(&l->spellings, &l->spellings_cap, l->spellings_len + len, 1) ||
        !grow(&l->terms, &l->cap_terms, l->n_terms + 1, sizeof(*l->terms)))
        return false;
    memcpy(l->spellings + l->spellings_len, form, len);
    l->terms[l->n_terms] = (uint32_t)l->spellings_len;
    l->spellings_len += len;
    *ret = (uint32_t)l->n_terms++;
    return true;
}

static bool entry_merge(struct builder *b, uint16_t *slot)
{
    struct lexicon *l = b->l;
    struct lexicon_entry *at;

    if (!*slot) {
        if (l->n_entries == UINT16_MAX ||
            !grow(&l->entries, &l->cap_entries, l->n_entries + 1, sizeof(*l->entries)))
            return false;
        *slot = (uint16_t)l->n_entries;
        l->entries[l->n_entries++] = b->entry;
        return true;
    }
    at = &l->entries[*slot];
    if (b->entry.categories) {
        if (!at->categories || b->entry.strength < at->strength)
            at->strength = b->entry.strength;
        if (!at->categories)
            at->term = b->entry.term;
    }
    at->categories |= b->entry.categories;
    at->wakes |= b->entry.wakes;
    return true;
}

/* The number of the term, which a row of the same spelling may have had before. */
static bool term_number(struct builder *b, uint32_t node, const char *form)
{
    const struct node *at = &b->nodes[node];
    uint16_t known = at->plain ? at->plain : at->capitals;

    if (known && strcmp(lexicon_term(b->l, b->l->entries[known].term), form) == 0)
        b->entry.term = b->l->entries[known].term;
    else if (!spelling_add(b->l, form, &b->entry.term))
        return false;
    b->spelled = true;
    return true;
}

static bool form_add(void *ctx, const char *form)
{
    struct builder *b = ctx;
    bool first = !b->spelled;
    uint32_t node = 1;
    uint16_t *slot;

    for (const char *at = form; *at; at++) {
        uint8_t symbol = symbol_of(*at);

        if (symbol == GAP)
            b->nodes[node].endings |= b->language;
        node = node_below(b, node, symbol);
        if (!node)
            return false;
    }
    if (first && !term_number(b, node, form))
        return false;
    b->nodes[node].endings |= b->language;
    slot = b->abbreviation ? &b->nodes[node].capitals : &b->nodes[node].plain;
    if (!entry_merge(b, slot))
        return false;
    /* what a row spells so is that row's, whichever other has it as a form */
    if (first)
        b->l->entries[*slot].term = b->entry.term;
    return true;
}

static uint64_t category_bit(const char *key)
{
    char kind[64] = "category:";
    size_t len = strlen(key);
    int index;

    if (len + sizeof("category:") > sizeof(kind))
        return 0;
    memcpy(kind + 9, key, len + 1);
    index = detector_by_kind(kind);
    return index < 0 ? 0 : UINT64_C(1) << index;
}

static bool terms_add(struct builder *b)
{
    const char *category = NULL;
    uint64_t bit = 0;

    for (unsigned i = 0; i < vocabulary_count; i++) {
        const struct vocabulary_term *t = &vocabulary[i];

        if (t->category != category) {
            category = t->category;
            bit = category_bit(category);
        }
        b->entry = (struct lexicon_entry){.categories = bit, .strength = t->strength};
        if (strcmp(t->also, "none") != 0)
            b->entry.categories |= category_bit(t->also);
        b->language = t->abbreviation ? 0 : t->language;
        b->abbreviation = t->abbreviation;
        b->spelled = false;
        if (!vocabulary_forms(t, form_add, b))
            return false;
    }
    return true;
}

static bool wakes_add(struct builder *b)
{
    b->language = 0;
    b->abbreviation = false;
    for (unsigned i = 0; i < detectors_count; i++)
        for (const char *const *w = detectors[i]->wakes; w && *w; w++) {
            char form[TERM_MAX];

            if (!vocabulary_fold(*w, form))
                continue;
            b->entry = (struct lexicon_entry){.wakes = UINT64_C(1) << i};
            b->spelled = true; /* no term, no number */
            if (!form_add(b, form))
                return false;
        }
    return true;
}

/* Lays the nodes out, what belongs to one word close together: most of a word is a row of nodes
 * with one child each, and they stand one behind the other. */
static bool trie_lay(struct builder *b)
{
    struct lexicon *l = b->l;
    uint32_t *from = malloc(2 * b->n_nodes * sizeof(*from)); /* node of each place */
    uint32_t *open, n = 2, waiting = 1;                      /* places yet to be done, a stack */

    l->trie = calloc(b->n_nodes, sizeof(*l->trie));
    if (!from || !l->trie) {
        free(from);
        return false;
    }
    open = from + b->n_nodes;
    from[1] = 1;
    open[0] = 1;
    while (waiting) {
        uint32_t at = open[--waiting], children;
        const struct node *node = &b->nodes[from[at]];
        struct trie_node *t = &l->trie[at];

        *t = (struct trie_node){
            .child = n, .plain = node->plain, .capitals = node->capitals, .endings = node->endings};
        for (uint32_t c = node->child; c; c = b->nodes[c].sibling)
            t->symbols |= UINT64_C(1) << b->nodes[c].symbol;
        for (uint32_t c = node->child; c; c = b->nodes[c].sibling)
            from[n + bits_of(t->symbols & ((UINT64_C(1) << b->nodes[c].symbol) - 1))] = c;
        children = bits_of(t->symbols);
        for (uint32_t i = 0; i < children; i++)
            open[waiting++] = n + i;
        n += children;
    }
    l->digit_begins = l->trie[1].symbols >> DIGIT_0 != 0;
    free(from);
    return true;
}

/* For each node of both: in capitals it is the abbreviation, too. */
static bool capitals_join(struct builder *b)
{
    for (size_t i = 1; i < b->n_nodes; i++) {
        const struct node *node = &b->nodes[i];

        if (!node->capitals || !node->plain)
            continue;
        b->l->entries[node->capitals].categories |= b->l->entries[node->plain].categories;
        b->l->entries[node->capitals].wakes |= b->l->entries[node->plain].wakes;
    }
    return true;
}

/* --- the filters ----------------------------------------------------------------------------- */

/* The first sixteen letters of a word. */
struct beginning {
    uint64_t letters, more;
    unsigned n;
};

enum { BEGINNING_MAX = 2 * FILTER_LETTERS };

static void pair_add(struct lexicon *l, const struct beginning *b, uint64_t next)
{
    uint64_t hash = pair_hash(b->letters, b->more, next);

    l->pairs[hash >> (64 - PAIR_BITS + 6)] |= two_bits(hash);
}

static void beginning_add(struct lexicon *l, const struct beginning *b, bool open)
{
    uint64_t hash = long_hash(b->letters, b->more, open && b->n < BEGINNING_MAX);
    uint64_t place = filter_hash(b->letters, open && b->n < FILTER_LETTERS);

    if (b->n <= FILTER_LETTERS)
        l->filter[place >> (64 - FILTER_BITS + 6)] |= two_bits(place);
    if (b->n >= FILTER_LETTERS)
        l->longs[hash >> (64 - LONG_BITS + 6)] |= two_bits(hash);
}

static void letter_add(struct beginning *b, char c)
{
    if (b->n < FILTER_LETTERS)
        b->letters |= (uint64_t)(unsigned char)c << 8 * b->n;
    else
        b->more |= (uint64_t)(unsigned char)c << 8 * (b->n - FILTER_LETTERS);
    b->n++;
}

static char letter_at(const struct beginning *b, unsigned i)
{
    return i < FILTER_LETTERS ? (char)(b->letters >> 8 * i)
                              : (char)(b->more >> 8 * (i - FILTER_LETTERS));
}

static char letter_of(unsigned symbol)
{
    return symbol < DIGIT_0 ? (char)('a' + (symbol - LETTER_A)) : (char)('0' + (symbol - DIGIT_0));
}

/* A word that ends at this node, maybe with an ending: itself, and what it goes on with. */
static void word_add(struct lexicon *l, const struct trie_node *t, const struct beginning *b)
{
    const struct trie_node *gap = &l->trie[t->child];

    beginning_add(l, b, false);
    if (t->plain)
        pair_add(l, b, PAIR_NONE);
    else if (t->capitals)
        pair_add(l, b, PAIR_CAPITALS);
    for (uint64_t first = t->symbols & 1 ? gap->symbols : 0; first; first &= first - 1) {
        unsigned one = (unsigned)__builtin_ctzll(first);
        const struct trie_node *second = &l->trie[trie_child(l, t->child, (uint8_t)one)];

        for (uint64_t two = second->symbols & ~UINT64_C(1); two; two &= two - 1) {
            struct beginning next = {0};

            letter_add(&next, letter_of(one));
            letter_add(&next, letter_of((unsigned)__builtin_ctzll(two)));
            pair_add(l, b, next.letters);
        }
    }
}

static void ending_add(struct lexicon *l, const struct trie_node *t, struct beginning b,
                       const char *ending)
{
    for (; *ending && b.n < BEGINNING_MAX; ending++) {
        letter_add(&b, *ending);
        beginning_add(l, &b, true);
    }
    if (!*ending)
        word_add(l, t, &b);
}

static void endings_add(struct lexicon *l, const struct trie_node *t, const struct beginning *b)
{
    const char before[2] = {letter_at(b, b->n - 2), letter_at(b, b->n - 1)};
    const char doubled[4] = {before[1], 'e', 'n', 0}, shorter[3] = {before[1], 'e', 0};

    for (unsigned i = 0; i < vocabulary_ending_count; i++) {
        const struct vocabulary_ending *e = &vocabulary_ending_rows[i];

        if (vocabulary_ending_languages(e, before, b->n) & t->endings)
            ending_add(l, t, *b, e->ending);
    }
    if (t->endings & LANGUAGE_NL && vocabulary_doubles(before, b->n)) {
        ending_add(l, t, *b, doubled);
        ending_add(l, t, *b, shorter);
    }
}

/* Every beginning of a word that leads somewhere below this node. */
static void filters_fill(struct lexicon *l, uint32_t at, struct beginning b)
{
    const struct trie_node *t = &l->trie[at];

    if (b.n > 0)
        beginning_add(l, &b, true);
    if (b.n > 0 && (t->plain || t->capitals || t->symbols & 1))
        word_add(l, t, &b);
    if (b.n == BEGINNING_MAX)
        return;
    if (b.n >= 2 && t->endings)
        endings_add(l, t, &b);
    for (uint64_t left = t->symbols & ~UINT64_C(1); left; left &= left - 1) {
        unsigned symbol = (unsigned)__builtin_ctzll(left);
        struct beginning longer = b;

        letter_add(&longer, letter_of(symbol));
        filters_fill(l, trie_child(l, at, (uint8_t)symbol), longer);
    }
}

struct lexicon *lexicon_new(void)
{
    struct lexicon *l = calloc(1, sizeof(*l));
    struct builder b = {.l = l};
    bool made;

    if (!l)
        return NULL;
    made = grow(&b.nodes, &b.cap_nodes, 64 * 1024, sizeof(*b.nodes)) &&
           grow(&l->entries, &l->cap_entries, 8 * 1024, sizeof(*l->entries)) &&
           grow(&l->spellings, &l->spellings_cap, 64 * 1024, 1) &&
           grow(&l->terms, &l->cap_terms, 4 * 1024, sizeof(*l->terms));
    if (made) {
        b.n_nodes = 2;
        b.nodes[0] = b.nodes[1] = (struct node){0};
        l->entries[0] = (struct lexicon_entry){0};
        l->n_entries = 1;
        made = terms_add(&b) && wakes_add(&b) && capitals_join(&b) && trie_lay(&b);
        if (made)
            filters_fill(l, 1, (struct beginning){0});
    }
    free(b.nodes);
    if (!made) {
        lexicon_free(l);
        return NULL;
    }
    return l;
}

void lexicon_free(struct lexicon *l)
{
    if (!l)
        return;
    free(l->trie);
    free(l->entries);
    free(l->spellings);
    free(l->terms);
    free(l);
}

const char *lexicon_term(const struct lexicon *l, uint32_t term)
{
    return term < l->n_terms ? l->spellings + l->terms[term] : "";
}
