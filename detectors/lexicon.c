/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lexicon.c - the trie of all terms and waking words, and the pass over text that enters it.
 */
#include "detectors/lexicon.h"

#include <stdlib.h>

#include "detectors/engine_private.h"
#include "detectors/folding.h"
#include "detectors/vocabulary.h"

enum {
    GAP_SIGNS = 3,   /* characters between two words of a term, blanks of a line break aside */
    GAP_BLANKS = 40, /* ... which may be that many: indented text */
    CAMEL_LEAST = 8, /* bytes of a term in camelCase: short ones stand in any base64 */
    HYPHENS = 3,     /* words broken at a line's end within one term */
};

/* While the trie is built. */
struct node {
    uint32_t child, sibling;
    uint16_t plain, capitals; /* entries; 0 = none */
    uint8_t endings;          /* languages whose endings may follow here */
    uint8_t symbol;
};

/* As it is read: the children of a node stand side by side in the order of their symbols, so that
 * one count of bits finds a child.  Place 1 is the root, 0 is none. */
struct trie_node {
    uint64_t symbols;  /* bit: a child with that symbol */
    uint32_t child;    /* the first one */
    uint16_t plain;    /* entry whatever the case */
    uint16_t capitals; /* entry where the last word stands in capitals */
    uint8_t endings;
};

struct lexicon {
    struct trie_node *trie;
    struct lexicon_entry *entries; /* from 1 */
    uint16_t *waking;              /* the entry that only wakes, for where a term may not end */
    size_t n_entries, cap_entries;
    char *spellings;
    size_t spellings_len, spellings_cap;
    uint32_t *terms; /* term -> offset in spellings */
    size_t n_terms, cap_terms;
    bool digit_begins; /* some entry begins with a digit */
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
    uint32_t at = b->nodes[node].child;

    while (at && b->nodes[at].symbol != symbol)
        at = b->nodes[at].sibling;
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

/* The entry of exactly this spelling, whose term number a second row of it shares. */
static uint16_t entry_at(const struct builder *b, const char *form)
{
    uint32_t node = 1;

    for (; *form && node; form++) {
        uint32_t at = b->nodes[node].child;

        while (at && b->nodes[at].symbol != symbol_of(*form))
            at = b->nodes[at].sibling;
        node = at;
    }
    if (!node)
        return 0;
    return b->nodes[node].plain ? b->nodes[node].plain : b->nodes[node].capitals;
}

static bool form_add(void *ctx, const char *form)
{
    struct builder *b = ctx;
    uint32_t node = 1;

    if (!b->spelled) {
        uint16_t known = entry_at(b, form);

        if (known && strcmp(lexicon_term(b->l, b->l->entries[known].term), form) == 0)
            b->entry.term = b->l->entries[known].term;
        else if (!spelling_add(b->l, form, &b->entry.term))
            return false;
        b->spelled = true;
    }
    for (; *form; form++) {
        uint8_t symbol = symbol_of(*form);

        if (symbol == GAP)
            b->nodes[node].endings |= b->language;
        node = node_below(b, node, symbol);
        if (!node)
            return false;
    }
    b->nodes[node].endings |= b->language;
    return entry_merge(b, b->abbreviation ? &b->nodes[node].capitals : &b->nodes[node].plain);
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
            b->entry = (struct lexicon_entry){.wakes = UINT64_C(1) << i, .strength = TERM_STRONG};
            b->spelled = false;
            if (!form_add(b, form))
                return false;
        }
    return true;
}

/* Lays the nodes out level by level. */
static bool trie_lay(struct builder *b)
{
    struct lexicon *l = b->l;
    uint32_t *from = malloc(b->n_nodes * sizeof(*from)); /* node of each place */
    uint16_t *over = calloc(b->n_nodes, sizeof(*over));  /* entry that a longer one goes on from */
    uint32_t n = 2;

    l->trie = calloc(b->n_nodes, sizeof(*l->trie));
    if (!from || !over || !l->trie) {
        free(from);
        free(over);
        return false;
    }
    from[1] = 1;
    for (uint32_t at = 1; at < n; at++) {
        const struct node *node = &b->nodes[from[at]];
        struct trie_node *t = &l->trie[at];
        uint16_t known = over[at];

        *t = (struct trie_node){
            .child = n, .plain = node->plain, .capitals = node->capitals, .endings = node->endings};
        /* what a shorter entry says holds where a longer one begins with it, too: of both only the
         * longer is told */
        if (known && node->plain) {
            struct lexicon_entry *e = &l->entries[node->plain];

            e->wakes |= l->entries[known].wakes;
            if (!e->categories && l->entries[known].categories) {
                e->categories = l->entries[known].categories;
                e->strength = l->entries[known].strength;
                e->term = l->entries[known].term;
            }
        }
        if (node->plain)
            known = node->plain;
        for (uint32_t c = node->child; c; c = b->nodes[c].sibling)
            t->symbols |= UINT64_C(1) << b->nodes[c].symbol;
        for (uint32_t c = node->child; c; c = b->nodes[c].sibling) {
            uint64_t before = t->symbols & ((UINT64_C(1) << b->nodes[c].symbol) - 1);
            uint32_t place = n + (uint32_t)__builtin_popcountll(before);

            from[place] = c;
            over[place] = b->nodes[c].symbol == GAP ? known : over[at];
        }
        n += (uint32_t)__builtin_popcountll(t->symbols);
    }
    l->digit_begins = l->trie[1].symbols >> DIGIT_0 != 0;
    free(from);
    free(over);
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

/* A word of a detector that is a term, too, wakes at a border where a term may not end. */
static bool waking_make(struct builder *b)
{
    struct lexicon *l = b->l;
    size_t n = l->n_entries;

    l->waking = calloc(n, sizeof(*l->waking));
    if (!l->waking)
        return false;
    for (size_t i = 1; i < n; i++) {
        struct lexicon_entry only = l->entries[i];

        if (!only.wakes)
            continue;
        l->waking[i] = (uint16_t)i;
        if (!only.categories)
            continue;
        only.categories = 0;
        if (l->n_entries == UINT16_MAX ||
            !grow(&l->entries, &l->cap_entries, l->n_entries + 1, sizeof(*l->entries)))
            return false;
        l->waking[i] = (uint16_t)l->n_entries;
        l->entries[l->n_entries++] = only;
    }
    return true;
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
        made =
            terms_add(&b) && wakes_add(&b) && capitals_join(&b) && trie_lay(&b) && waking_make(&b);
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
    free(l->waking);
    free(l->spellings);
    free(l->terms);
    free(l);
}

const char *lexicon_term(const struct lexicon *l, uint32_t term)
{
    return term < l->n_terms ? l->spellings + l->terms[term] : "";
}

/* --- following a word --------------------------------------------------------------------------
 */

/* One word start: the longest entry so far. */
struct trace {
    const struct lexicon *l;
    struct span text; /* up to what an entry may span */
    bool cut;         /* ... which is less than there is */
    size_t at;
    bool inner; /* begins or goes on within a word in camelCase */
    size_t len; /* of the entry; 0 = none */
    uint16_t entry;
};

/* A place in the trie and the text. */
struct follow {
    size_t i;
    uint32_t node;
    unsigned letters; /* of this word */
    char before[2];   /* the last two of them */
    bool lower;       /* a small ASCII letter stands before */
    bool digit;       /* a digit does */
    bool capitals;    /* all letters of this word are ASCII capitals */
    unsigned hyphens; /* at line ends, so far */
};

/* What stands at a place where a word may end. */
enum border {
    BORDER_NONE,
    BORDER_WORD,  /* camelCase or a digit: for waking words, and terms that are long */
    BORDER_DIGIT, /* a digit: for long terms, too */
    BORDER_FULL
};

static inline uint32_t trie_child(const struct lexicon *l, uint32_t node, uint8_t symbol)
{
    const struct trie_node *t = &l->trie[node];
    uint64_t bit = UINT64_C(1) << symbol;

    if (!(t->symbols & bit))
        return 0;
    return t->child + (uint32_t)__builtin_popcountll(t->symbols & (bit - 1));
}

static void word_ends(struct trace *t, const struct follow *s, size_t end, enum border border)
{
    const struct trie_node *node = &t->l->trie[s->node];
    uint16_t entry = s->capitals && node->capitals ? node->capitals : node->plain;

    if (border == BORDER_DIGIT && (s->letters < 5 || entry != node->plain))
        border = BORDER_WORD;
    if ((t->inner || border == BORDER_WORD) && (end - t->at < CAMEL_LEAST || entry != node->plain))
        entry = t->l->waking[entry];
    if (entry && end - t->at > t->len) {
        t->len = end - t->at;
        t->entry = entry;
    }
}

/* The character at `i`, folded-away ones passed over; false at the end of the text. */
static bool next_char(const struct trace *t, size_t *i, struct folded_char *ret)
{
    while (*i < t->text.len) {
        *ret = fold_at(t->text, *i);
        if (ret->symbols)
            return true;
        *i += ret->len;
    }
    return false;
}

static enum border border_at(const struct trace *t, const struct follow *s, size_t i)
{
    struct folded_char f;

    if (!next_char(t, &i, &f))
        return t->cut ? BORDER_NONE : BORDER_FULL;
    if (f.symbol[0] == GAP)
        return BORDER_FULL;
    if (f.symbol[0] >= DIGIT_0)
        return s->digit ? BORDER_NONE : BORDER_DIGIT;
    return s->lower && f.upper ? BORDER_WORD : BORDER_NONE;
}

/* Behind a hyphen and the end of the line, where a letter follows; 0 if it is not so. */
static size_t behind_hyphen(const struct trace *t, size_t i)
{
    const char *text = t->text.at;
    size_t len = t->text.len;
    unsigned blanks = 0;

    if (text[i] == '-')
        i++;
    else if (len - i >= 3 && memcmp(text + i, "\xE2\x80\x90", 3) == 0) /* U+2010 */
        i += 3;
    else
        return 0;
    if (i < len && text[i] == '\r')
        i++;
    if (i >= len || text[i] != '\n')
        return 0;
    for (i++; i < len && (text[i] == ' ' || text[i] == '\t'); i++)
        if (++blanks > GAP_BLANKS)
            return 0;
    return i < len && (is_letter(text[i]) || (text[i] & 0x80)) ? i : 0;
}

/* What no term and no waking word goes over: the end of a sentence's part, a cell or a quotation,
 * an assignment. */
static bool parts(char c)
{
    return c == BORDER || (c && strchr(",;!?\"()[]{}<>|=", c));
}

/* Behind the gap between two words; 0 if no word follows that belongs to it. */
static size_t behind_gap(const struct trace *t, size_t i)
{
    unsigned signs = 0, blanks = 0;
    bool line = false;
    struct folded_char f;

    for (; next_char(t, &i, &f); i += f.len) {
        char c = t->text.at[i];

        if (f.symbol[0] != GAP)
            return (line ? signs : signs + blanks) <= GAP_SIGNS ? i : 0;
        if (c == '\n') {
            if (line)
                return 0;
            line = true;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            if (++blanks > GAP_BLANKS)
                return 0;
        } else if (parts(c) || ++signs > GAP_SIGNS) {
            return 0;
        }
    }
    return 0;
}

static void trace_follow(struct trace *t, struct follow s);

/* Letters that may end the word here and are not the term's. */
static void endings_follow(struct trace *t, const struct follow *s)
{
    const struct trie_node *node = &t->l->trie[s->node];
    struct follow behind = *s;
    char ending[ENDING_MAX];
    unsigned n = 0;
    struct folded_char f;
    enum border border;
    size_t i = s->i, end = i, gap;

    while (next_char(t, &i, &f) && f.symbol[0] >= LETTER_A && f.symbol[0] < DIGIT_0 &&
           !(behind.lower && f.upper)) {
        for (unsigned k = 0; k < f.symbols; k++) {
            if (n == ENDING_MAX)
                return;
            ending[n++] = (char)('a' + (f.symbol[k] - LETTER_A));
        }
        behind.lower = f.lower;
        i += f.len;
        end = i;
    }
    behind.digit = false;
    border = border_at(t, &behind, end);
    if (border == BORDER_NONE || border == BORDER_WORD || s->digit ||
        !(vocabulary_endings(ending, n, s->before, s->letters) & node->endings))
        return;
    behind.capitals = false;
    word_ends(t, &behind, end, border);
    gap = trie_child(t->l, s->node, GAP) ? behind_gap(t, end) : 0;
    if (gap)
        trace_follow(t, (struct follow){.i = gap,
                                        .node = trie_child(t->l, s->node, GAP),
                                        .capitals = true,
                                        .hyphens = s->hyphens});
}

/* Goes on from a place; calls itself once for each word of a term at most. */
static void trace_follow(struct trace *t, struct follow s)
{
    for (;;) {
        struct folded_char f;
        size_t end = s.i, next;

        if (!next_char(t, &s.i, &f)) {
            if (!t->cut)
                word_ends(t, &s, end, BORDER_FULL);
            return;
        }
        if (f.symbol[0] == GAP) {
            next = s.letters && s.hyphens < HYPHENS ? behind_hyphen(t, s.i) : 0;
            if (next) {
                struct follow joined = s;

                joined.i = next;
                joined.hyphens++;
                joined.lower = false;
                trace_follow(t, joined);
            }
            word_ends(t, &s, end, BORDER_FULL);
            s.node = trie_child(t->l, s.node, GAP);
            next = s.node ? behind_gap(t, s.i) : 0;
            if (!next)
                return;
            s = (struct follow){.i = next, .node = s.node, .capitals = true, .hyphens = s.hyphens};
            continue;
        }
        if (s.letters) {
            bool camel = s.lower && f.upper;

            if (camel || (f.symbol[0] >= DIGIT_0 && !s.digit))
                word_ends(t, &s, end, camel ? BORDER_WORD : BORDER_DIGIT);
            else if (f.symbol[0] < DIGIT_0 && t->l->trie[s.node].endings)
                endings_follow(t, &s);
            /* camelCase: the gap of the list is not there */
            if (camel && !trie_child(t->l, s.node, f.symbol[0])) {
                s.node = trie_child(t->l, s.node, GAP);
                if (!s.node)
                    return;
                t->inner = true;
                s = (struct follow){
                    .i = s.i, .node = s.node, .capitals = true, .hyphens = s.hyphens};
            }
        }
        for (unsigned k = 0; k < f.symbols; k++) {
            s.node = trie_child(t->l, s.node, f.symbol[k]);
            if (!s.node)
                return;
            s.letters++;
            s.before[0] = s.before[1];
            s.before[1] = f.symbol[k] >= DIGIT_0 ? '0' : (char)('a' + (f.symbol[k] - LETTER_A));
        }
        s.lower = f.lower;
        s.digit = f.symbol[0] >= DIGIT_0;
        s.capitals = s.capitals && (f.upper || s.digit);
        s.i += f.len;
    }
}

/* --- the pass over text ----------------------------------------------------------------------- */

struct scan {
    const struct lexicon *l;
    struct span text;
    lexicon_found_fn *found;
    void *ctx;
};

static void word_begins(const struct scan *scan, size_t at, bool inner)
{
    struct trace t = {.l = scan->l, .text = scan->text, .at = at, .inner = inner};

    if (t.text.len - at > LEXICON_LONGEST) {
        t.text.len = at + LEXICON_LONGEST;
        t.cut = true;
    }
    trace_follow(&t, (struct follow){.i = at, .node = 1, .capitals = true});
    if (t.entry)
        scan->found(scan->ctx, at, t.len, &scan->l->entries[t.entry]);
}

void lexicon_scan(const struct lexicon *l, struct span text, size_t from, size_t to,
                  lexicon_found_fn *found, void *ctx)
{
    const struct scan scan = {l, text, found, ctx};
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
        begins = l->digit_begins ? word : s.lower | s.upper;
        while (off < n) {
            uint64_t high = s.high >> off, here = UINT64_C(1) << off, starts, camel;
            size_t end = high ? off + (size_t)__builtin_ctzll(high) : n;

            if (end > off) {
                starts = word & ~((word << 1 & ~here) | inside << off);
                camel = s.upper & ((s.lower << 1 & ~here) | lower << off);
                starts = (starts | camel) & begins & (0 - here);
                if (end < BLOCK)
                    starts &= (UINT64_C(1) << end) - 1;
                for (; starts; starts &= starts - 1) {
                    unsigned at = (unsigned)__builtin_ctzll(starts);

                    word_begins(&scan, i + at, camel >> at & 1);
                }
                inside = word >> (end - 1) & 1;
                lower = s.lower >> (end - 1) & 1;
                off = end;
            }
            if (off < n) {
                struct folded_char f = fold_wide(text, i + off);

                if (f.symbols) {
                    if (f.symbol[0] != GAP && !inside)
                        word_begins(&scan, i + off, false);
                    inside = f.symbol[0] != GAP;
                    lower = 0;
                }
                off += f.len;
            }
        }
        i += off;
    }
}
