/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* lexicon_follow.c - a word of text along the trie, with its endings, gaps and broken lines. */
#include "detectors/lexicon_private.h"
#include "detectors/vocabulary.h"

enum {
    GAP_SIGNS = 3,   /* characters between two words of a term, blanks of a line break aside */
    GAP_BLANKS = 40, /* ... which may be that many: indented text */
    CAMEL_LEAST = 8, /* bytes of a term in camelCase: short ones stand in any base64 */
    HYPHENS = 3      /* words broken at a line's end within one term */
};

/* One word start, and what begins there: the longest term, and all waking words. */
struct trace {
    const struct lexicon *l;
    struct span text; /* up to what an entry may span */
    bool cut;         /* ... which is less than there is */
    size_t at;
    bool inner; /* begins or goes on within a word in camelCase */
    uint16_t term;
    size_t term_len, wake_len; /* 0 = none */
    uint64_t wakes;
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

/* `ending`: with letters that are not the word's own. */
static void word_ends(struct trace *t, const struct follow *s, size_t end, enum border border,
                      bool ending)
{
    const struct trie_node *node = &t->l->trie[s->node];
    uint16_t number = s->capitals && node->capitals ? node->capitals : node->plain;
    const struct lexicon_entry *entry = &t->l->entries[number];
    bool plain = number == node->plain, whole = border == BORDER_FULL && !t->inner;
    size_t len = end - t->at;

    if (entry->wakes && !ending) {
        t->wakes |= entry->wakes;
        if (len > t->wake_len)
            t->wake_len = len;
    }
    if (!whole && plain && border == BORDER_DIGIT && !t->inner)
        whole = s->letters >= 5;
    else if (!whole && plain)
        whole = len >= CAMEL_LEAST;
    /* of two ways to the same end the later one has more of the term's own letters */
    if (entry->categories && whole && len >= t->term_len) {
        t->term = number;
        t->term_len = len;
    }
}

/* The character at `i`, folded-away ones passed over; false at the end of the text. */
__attribute__((noinline)) static bool next_wide(const struct trace *t, size_t *i,
                                                struct folded_char *ret)
{
    while (*i < t->text.len) {
        *ret = fold_at(t->text, *i);
        if (ret->symbols)
            return true;
        *i += ret->len;
    }
    return false;
}

/* ASCII is by far the most; its fields are set one by one, to be read so. */
static inline bool next_char(const struct trace *t, size_t *i, struct folded_char *ret)
{
    char c;

    if (*i >= t->text.len)
        return false;
    c = t->text.at[*i];
    if (c & 0x80)
        return next_wide(t, i, ret);
    ret->len = ret->symbols = 1;
    ret->symbol[0] = is_letter(c)  ? letter_symbol((char)(c | 0x20))
                     : is_digit(c) ? (uint8_t)(DIGIT_0 + (c - '0'))
                                   : GAP;
    ret->upper = is_upper(c);
    ret->lower = !ret->upper && ret->symbol[0] != GAP && ret->symbol[0] < DIGIT_0;
    return true;
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

/* Behind the gap between two words, the first of so many letters; 0 if no word follows that belongs
 * to it. */
static size_t behind_gap(const struct trace *t, size_t i, unsigned letters)
{
    unsigned signs = 0, blanks = 0;
    bool line = false;
    struct folded_char f;

    if (t->text.len - i > 1 && t->text.at[i] == ' ' && is_letter(t->text.at[i + 1]))
        return i + 1;
    if (t->text.len - i > 1 && t->text.at[i] == '.' && ends_sentence(t->text.at[i + 1], letters))
        return 0;
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
        } else if (parts_words(c) || ++signs > GAP_SIGNS) {
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

    /* mostly the word just goes on */
    for (size_t k = 0; k <= ENDING_MAX; k++) {
        char c = i + k < t->text.len ? t->text.at[i + k] : 0;

        if (!is_letter(c) && !(c & 0x80))
            break;
        if (k == ENDING_MAX && !(c & 0x80) && !is_upper(c))
            return;
    }
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
    word_ends(t, &behind, end, border, true);
    gap = trie_child(t->l, s->node, GAP) ? behind_gap(t, end, s->letters + n) : 0;
    if (gap)
        trace_follow(t, (struct follow){.i = gap,
                                        .node = trie_child(t->l, s->node, GAP),
                                        .capitals = true,
                                        .hyphens = s->hyphens});
}

/* The state behind the ASCII letters text[s->i, i), which have led to `node`; `capitals`: all of this
 * word are. */
static inline void letters_passed(const struct trace *t, struct follow *s, size_t i, uint32_t node,
                                  bool capitals)
{
    const char *text = t->text.at;

    s->node = node;
    if (i == s->i)
        return;
    s->before[0] = i - s->i >= 2 ? (char)(text[i - 2] | 0x20) : s->before[1];
    s->before[1] = (char)(text[i - 1] | 0x20);
    s->letters += (unsigned)(i - s->i);
    s->lower = !is_upper(text[i - 1]);
    s->digit = false;
    s->capitals = capitals;
    s->i = i;
}

/* Over the small or capital letters that follow, as far as they are ASCII and in the trie; false
 * when they are not. */
static inline bool letters_follow(struct trace *t, struct follow *s)
{
    const struct trie_node *trie = t->l->trie;
    const char *text = t->text.at;
    bool lower = s->lower && s->letters, capitals = s->capitals;
    uint32_t node = s->node;
    size_t i = s->i, len = t->text.len;

    while (i < len && is_letter(text[i])) {
        bool upper = is_upper(text[i]);

        if (lower && upper)
            break;
        if (trie[node].endings && (s->letters || i > s->i)) {
            letters_passed(t, s, i, node, capitals);
            endings_follow(t, s);
        }
        node = trie_child(t->l, node, letter_symbol((char)(text[i] | 0x20)));
        if (!node)
            return false;
        lower = !upper;
        capitals = capitals && upper;
        i++;
    }
    letters_passed(t, s, i, node, capitals);
    return true;
}

/* Goes on from a place; calls itself once for each word of a term at most. */
static void trace_follow(struct trace *t, struct follow s)
{
    for (;;) {
        struct folded_char f;
        size_t end, next;

        if (!letters_follow(t, &s))
            return;
        end = s.i;
        if (!next_char(t, &s.i, &f)) {
            if (!t->cut)
                word_ends(t, &s, end, BORDER_FULL, false);
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
            word_ends(t, &s, end, BORDER_FULL, false);
            s.node = trie_child(t->l, s.node, GAP);
            next = s.node ? behind_gap(t, s.i, s.letters) : 0;
            if (!next)
                return;
            s = (struct follow){.i = next, .node = s.node, .capitals = true, .hyphens = s.hyphens};
            continue;
        }
        if (s.letters) {
            bool camel = s.lower && f.upper;

            if (camel || (f.symbol[0] >= DIGIT_0 && !s.digit))
                word_ends(t, &s, end, camel ? BORDER_WORD : BORDER_DIGIT, false);
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

size_t lexicon_follow(const struct lexicon *l, struct span text, size_t at, bool inner,
                      struct lexicon_entry *ret)
{
    struct trace t = {.l = l, .text = text, .at = at, .inner = inner};

    if (text.len - at > LEXICON_LONGEST) {
        t.text.len = at + LEXICON_LONGEST;
        t.cut = true;
    }
    trace_follow(&t, (struct follow){.i = at, .node = 1, .capitals = true});
    *ret = l->entries[t.term];
    ret->wakes = t.wakes;
    return t.wake_len > t.term_len ? t.wake_len : t.term_len;
}
