/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Name of a person: the value of a field or column that is named for it, what stands behind a
 * salutation, what stands beside a number of a person.  There is no rule that a name keeps, so
 * what is asked is how it is written (capitals, particles, few words, no digits) and what speaks
 * for it: given names and family names that are known, a family name in capitals beside a given
 * name that is not, the label.  What documents are about (not_names.inc) speaks against it.
 *
 * The normalised value: words in capitals without accents, hyphens as blanks, particles kept,
 * words sorted, one blank between.  So "DUPONT Jean", "Jean Dupont" and the two columns are one.
 *
 * Form: written = something known in it speaks for it; grouped = the label alone does; bare =
 * neither is sure.
 */
#include "detectors/person_name.h"

#include <stdlib.h>

#include "detectors/capitals.h"
#include "detectors/checks.h"
#include "detectors/person_label.h"

#include "detectors/family_names.inc"
#include "detectors/given_names.inc"
#include "detectors/not_names.inc"
#include "detectors/person_name_words.inc"

enum {
    WORDS_MAX = 10, /* of a name */
    UNITS_MAX = 5,  /* without particles, double names as one */
    LINE_WORDS = 48,
    FIELD_WORDS = 24, /* titles, a name, a label behind it */
    WORDS_FIRST = 4, /* that are read before a number, then this many times as many, then all */
    WORDS_AGAIN = 2,
    PART_FAMILY = 1,
    PART_GIVEN = 2
};

/* What stands between two words. */
enum gap {
    GAP_BLANK, /* blanks, an apostrophe, the stop of an initial */
    GAP_JOIN,  /* a hyphen */
    GAP_COMMA,
    GAP_CELL, /* ; | or a tab */
    GAP_COLON,
    GAP_END, /* anything that ends a name */
    GAP_BAD  /* anything that names do not stand beside */
};

struct name_word {
    struct capital_word w;
    enum gap gap; /* before it */
    bool particle, given, family, not_name;
};

/* The words of text[from, to), read as they are asked for. */
struct name_words {
    struct name_word at[LINE_WORDS];
    unsigned n, most;
    enum gap tail; /* behind the last one, once all are read */
    struct span text;
    size_t next, to;
};

static bool is_given(const char *word)
{
    return capital_known(given_names, sizeof(given_names) / sizeof(*given_names), word);
}

static bool is_family(const char *word)
{
    return capital_known(family_names, sizeof(family_names) / sizeof(*family_names), word);
}

static bool is_not_name(const char *word)
{
    return capital_known(not_names, sizeof(not_names) / sizeof(*not_names), word);
}

/* --- reading ------------------------------------------------------------------------------- */

static enum gap gap_between(struct span text, size_t from, size_t to, unsigned letters_before)
{
    enum gap ret = GAP_BLANK;
    unsigned blanks = 0, signs = 0;
    unsigned hyphens = 0;

    if (to - from == 1 && text.at[from] == ' ')
        return GAP_BLANK; /* most of them */
    for (size_t at = from; at < to;) {
        char ch = text.at[at];
        struct capital c = {.len = 1, .hyphen = ch == '-', .blank = ch == ' ' || ch == '\t'};
        enum gap sign = GAP_BAD;

        if (ch == '\'' || ch == '`') { /* of SQL */
            at++;
            continue;
        }
        if (ch & 0x80)
            c = capital_at(text, at);

        at += c.len;
        if (c.mark || c.apostrophe)
            continue;
        if (c.blank && ch != '\t') {
            if (++blanks > 2)
                sign = GAP_END;
            else
                continue;
        } else if (c.hyphen) {
            hyphens++;
            continue;
        } else if (ch == '.') {
            if (signs++ == 0 && letters_before >= 1 && letters_before <= 4)
                continue;
            sign = GAP_END;
        } else if (ch == ',') {
            sign = GAP_COMMA;
        } else if (ch == ';' || ch == '|' || ch == '\t') {
            sign = GAP_CELL;
        } else if (ch == ':') {
            sign = GAP_COLON;
        } else if (ch == '"' || ch == '\n' || ch == '\r' || ch == '(' || ch == ')' || ch == '!' ||
                   ch == '?' || ch == '<' || ch == '>') {
            sign = GAP_END;
        } else if (c.len >= 2 && (unsigned char)ch == 0xE2) {
            sign = GAP_END; /* dashes, quotation marks, bullets */
        } else if (c.len == 2 && (unsigned char)ch == 0xC2) {
            sign = GAP_END; /* guillemets, the degree sign */
        }
        signs++;
        if (sign > ret)
            ret = sign;
    }
    if (hyphens > 0 && ret == GAP_BLANK)
        ret = blanks == 0 && hyphens == 1 ? GAP_JOIN : GAP_END;
    return ret;
}

static void words_begin(struct span text, size_t from, size_t to, unsigned most,
                        struct name_words *ret)
{
    ret->n = 0;
    ret->most = most;
    ret->text = text;
    ret->next = from;
    ret->to = to;
}

static bool word_next(struct name_words *all)
{
    struct name_word *word = &all->at[all->n];
    bool fits;

    if (all->n == all->most)
        return false;
    fits = capital_word(all->text, all->next, all->to, &word->w);
    if (word->w.len == 0)
        return false;
    word->gap =
        gap_between(all->text, all->next, word->w.at, all->n > 0 ? all->at[all->n - 1].w.n : 0);
    if (!fits) /* longer than any name */
        word->w.digits = true;
    word->particle = word->given = word->family = word->not_name = false;
    all->next = word->w.at + word->w.len;
    all->n++;
    return true;
}

/* There are more than `i` words. */
static bool has_word(struct name_words *all, unsigned i)
{
    while (all->n <= i)
        if (!word_next(all))
            return false;
    return true;
}

/* The words of text[from, to), as many as are wanted; nobody asks what is behind so many. */
static void read_words(struct span text, size_t from, size_t to, unsigned most,
                       struct name_words *ret)
{
    words_begin(text, from, to, most, ret);
    while (word_next(ret))
        ;
    ret->tail = ret->n == most
                    ? GAP_BAD
                    : gap_between(text, ret->next, to, ret->n > 0 ? ret->at[ret->n - 1].w.n : 0);
}

static void know_name(struct name_word *word)
{
    word->given = is_given(word->w.text);
    word->family = is_family(word->w.text);
    word->not_name = is_not_name(word->w.text);
}

static void know_word(struct name_word *word)
{
    word->particle = capital_listed(particles, word->w.text);
    know_name(word);
}

/* What is known of a word that may be a name's: false, it is none. */
static bool know_begin(struct name_word *word)
{
    if (word->w.digits)
        return false;
    word->particle = capital_listed(particles, word->w.text);
    if (!word->w.begins && !word->particle)
        return false;
    know_name(word);
    return !word->not_name;
}

/* --- judging ------------------------------------------------------------------------------- */

/* A row of words that could be a name. */
struct name {
    const struct name_word *words[WORDS_MAX];
    unsigned n, units;
    unsigned given, family, lower, strange, not_names, unknown_lower;
    bool comma;
    bool capitals, mixed; /* words in capitals, words with a capital */
    bool given_unit, other_unit;
};

/* Three letters or more without a vowel are an abbreviation. */
static bool can_be_said(const struct capital_word *w)
{
    return w->n < 3 || strpbrk(w->text, "AEIOUY") != NULL;
}

static bool is_repeated(const struct capital_word *w)
{
    return w->n > 1 && strspn(w->text, (char[2]){w->text[0], 0}) == w->n;
}

static void name_add(struct name *name, const struct name_word *word, bool last)
{
    bool particle = word->particle && !last;

    if (word->gap == GAP_COMMA && name->n > 0)
        name->comma = true;
    name->words[name->n++] = word;
    if (particle)
        return;
    if (!word->w.hyphen || name->units == 0) {
        name->units++;
        name->given_unit = name->given_unit || word->given;
        name->other_unit = name->other_unit || !word->given;
    }
    name->given += word->given;
    name->family += word->family;
    if (!word->w.begins) {
        name->lower++;
        name->unknown_lower += !word->given && !word->family;
    }
    if (!word->given && !word->family && (!can_be_said(&word->w) || is_repeated(&word->w)))
        name->strange++;
    if (word->not_name)
        name->not_names += word->family || word->given ? 1 : 100;
    if (word->w.capitals)
        name->capitals = true;
    else if (word->w.n > 1)
        name->mixed = true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted words with blanks between; 0 if there is no room. */
static size_t put_sorted(const char **words, unsigned n, char *ret, size_t size)
{
    size_t len = 0;

    qsort(words, n, sizeof(*words), by_text);
    for (unsigned i = 0; i < n; i++) {
        size_t word = strlen(words[i]);

        if (len + word + 2 > size)
            return 0;
        if (len > 0)
            ret[len++] = ' ';
        memcpy(ret + len, words[i], word);
        len += word;
    }
    ret[len] = '\0';
    return len;
}

size_t person_name_value(struct span text, char *ret, size_t size)
{
    struct capital_word words[WORDS_MAX];
    const char *sorted[WORDS_MAX];
    unsigned n = 0;

    for (size_t at = 0; n < WORDS_MAX && capital_word(text, at, text.len, &words[n]); n++) {
        at = words[n].at + words[n].len;
        sorted[n] = words[n].text;
    }
    return put_sorted(sorted, n, ret, size);
}

static bool is_placeholder(const char *value)
{
    for (unsigned i = 0; placeholders[i]; i++)
        if (placeholders[i][0] == value[0] && strcmp(placeholders[i], value) == 0)
            return true;
    return false;
}

/* Words that are all the same, and a letter alone, name nobody. */
static bool says_something(const struct name *name)
{
    bool differ = name->n == 1, word = false;

    for (unsigned i = 0; i < name->n; i++) {
        differ = differ || strcmp(name->words[i]->w.text, name->words[0]->w.text) != 0;
        word = word || (name->words[i]->w.n > 1 && (!name->words[i]->particle || name->n == 1));
    }
    return differ && word && name->units > 0 && name->units <= UNITS_MAX;
}

static bool name_match(const struct name *name, struct match *ret)
{
    const char *sorted[WORDS_MAX];
    const struct capital_word *first = &name->words[0]->w, *last = &name->words[name->n - 1]->w;

    for (unsigned i = 0; i < name->n; i++)
        sorted[i] = name->words[i]->w.text;
    ret->value_len = put_sorted(sorted, name->n, ret->value, sizeof(ret->value));
    if (ret->value_len == 0 || is_placeholder(ret->value))
        return false;
    ret->start = first->at;
    ret->len = last->at + last->len - first->at;
    return true;
}

/* --- a field ------------------------------------------------------------------------------- */

/* A short number says that the words before it are a title, a long one is another thing. */
static bool long_number(struct span text, size_t at, size_t end)
{
    unsigned digits = 0;

    for (; at < end && (is_digit(text.at[at]) || strchr(" .-/", text.at[at])) && text.at[at]; at++)
        digits += is_digit(text.at[at]);
    return digits >= 6;
}

/* Further on a colon follows: the words up to it are the label of something else. */
static bool label_follows(const struct name_words *all, unsigned from)
{
    for (unsigned i = from + 1; i < all->n && i < from + 6; i++) {
        if (all->at[i].gap == GAP_COLON)
            return true;
        if (all->at[i].gap != GAP_BLANK && all->at[i].gap != GAP_JOIN)
            return false;
    }
    return all->n <= from + 5 && all->tail == GAP_COLON;
}

/* The words of a field's value that are the name: false if the value is none. */
static bool field_name(struct span text, size_t end, struct name_words *all, struct name *name)
{
    unsigned i = 0, last;

    *name = (struct name){0};
    if (all->n == 0 || all->at[0].gap >= GAP_BAD)
        return false;
    while (i + 1 < all->n && all->at[i + 1].gap == GAP_BLANK &&
           (capital_listed(titles, all->at[i].w.text) ||
            (strcmp(all->at[i].w.text, "DE") == 0 && strcmp(all->at[i + 1].w.text, "HEER") == 0)))
        i++;
    for (last = i; last < all->n; last++) {
        struct name_word *word = &all->at[last];
        bool first = last == i;

        if (!first && word->gap >= GAP_CELL)
            break;
        know_word(word);
        if (word->w.digits) {
            if (first || (word->gap != GAP_COMMA && !long_number(text, word->w.at, end)))
                return false;
            break;
        }
        if (!first && word->gap == GAP_COMMA && !word->w.begins && !word->given && !word->family)
            break;
        if (!first && !word->w.begins && capital_listed(endings, word->w.text))
            break;
        if (!first && word->not_name && label_follows(all, last))
            break;
        if (last - i >= WORDS_MAX)
            return false;
    }
    /* what ended it is no part of a name */
    if (last < all->n ? all->at[last].gap == GAP_BAD : all->tail == GAP_BAD)
        return false;
    if (last < all->n ? all->at[last].gap == GAP_COLON : all->tail == GAP_COLON)
        last--; /* "Dupont Prénom:" */
    while (last > i + 1 && all->at[last - 1].particle && !all->at[last - 1].w.begins)
        last--;
    if (last <= i || last - i > WORDS_MAX)
        return false;
    for (unsigned k = i; k < last; k++)
        name_add(name, &all->at[k], k + 1 == last);
    return says_something(name);
}

/* How a name in a field is to be believed. */
enum belief { NOT_BELIEVED, BELIEF_WEAK, BELIEF_LABEL, BELIEF_KNOWN };

static enum belief field_belief(const struct name *name, struct name_label label)
{
    bool own = label.role == NAME_FAMILY || label.role == NAME_GIVEN;
    bool known = name->given > 0 || name->family > 0;
    bool two_forms = name->capitals && name->mixed && name->units >= 2;

    if (name->strange > 0)
        return NOT_BELIEVED;
    /* family names that are words too: Petit, Page */
    if (name->not_names > (own || name->given > 0 ? 1u : 0u))
        return NOT_BELIEVED;
    /* typed without capitals: all of it, and known or in a field for nothing else */
    if (name->lower > 0) {
        unsigned words = 0;

        for (unsigned i = 0; i < name->n; i++)
            words += name->words[i]->w.begins;
        if (words > 0 || !label.sure || (name->unknown_lower > 0 && !(own && known)))
            return NOT_BELIEVED;
        return BELIEF_LABEL;
    }
    if (label.sure) {
        if (known || two_forms || (name->comma && name->units >= 2))
            return BELIEF_KNOWN;
        /* a role may be filled with anything */
        return label.role == NAME_WHOLE && name->units == 1 ? BELIEF_WEAK : BELIEF_LABEL;
    }
    if (name->units >= 2 && (name->given > 0 || ((two_forms || name->comma) && known)))
        return BELIEF_KNOWN;
    if (own)
        return known ? BELIEF_LABEL : BELIEF_WEAK;
    /* "name": two words with capitals that say nothing else are rather a person's */
    if (label.role == NAME_EITHER && label.plain && name->units == 2 && name->lower == 0)
        return BELIEF_LABEL;
    return name->units >= 2 && name->family > 0 ? BELIEF_LABEL : BELIEF_WEAK;
}

static void set_belief(enum belief belief, struct match *ret)
{
    ret->form = belief == BELIEF_KNOWN   ? FORM_WRITTEN
                : belief == BELIEF_LABEL ? FORM_GROUPED
                                         : FORM_BARE;
}

static size_t line_end(struct span w, size_t at, size_t end)
{
    const char *feed = at < end ? memchr(w.at + at, '\n', end - at) : NULL;

    return feed ? (size_t)(feed - w.at) : end;
}

/* name = DUPONT, Jean: where a comma ends a value, a given name and the end of the line may still
 * belong to it. */
static size_t with_given(struct span w, size_t end)
{
    struct capital_word word;
    size_t line;

    if (end + 2 >= w.len || w.at[end] != ',' || w.at[end + 1] != ' ')
        return end;
    line = line_end(w, end, w.len - end > 64 ? end + 64 : w.len);
    if (!capital_word(w, end + 1, line, &word) || !word.begins || !is_given(word.text))
        return end;
    for (size_t at = word.at + word.len; at < line; at++)
        if (w.at[at] != ' ' && w.at[at] != '\r')
            return end;
    return word.at + word.len;
}

enum { LABEL_SURE = 0x100, LABEL_PLAIN = 0x200 };

static uint32_t label_says(struct span label)
{
    struct name_label of = name_label_of(label);

    return (uint32_t)of.role | (of.sure ? LABEL_SURE : 0u) | (of.plain ? LABEL_PLAIN : 0u);
}

static struct name_label label_read(uint32_t says)
{
    return (struct name_label){(enum name_role)(says & 0xFF), says & LABEL_SURE,
                               says & LABEL_PLAIN};
}

static enum verdict check_field(const struct candidate *c, struct match *ret)
{
    struct name_label label = c->label_read ? label_read(c->label_says) : name_label_of(c->label);
    struct span w = c->window;
    struct name_words all;
    struct name name;
    enum belief belief;
    size_t end;

    if (label.role == NAME_NONE)
        return VERDICT_NO;
    end = with_given(w, c->start + c->len);
    read_words(w, c->start, end, FIELD_WORDS, &all);
    if (!field_name(w, end, &all, &name))
        return VERDICT_NO;
    belief = field_belief(&name, label);
    if (belief == NOT_BELIEVED || !name_match(&name, ret))
        return VERDICT_NO;
    set_belief(belief, ret);
    ret->part = label.role == NAME_FAMILY ? PART_FAMILY : label.role == NAME_GIVEN ? PART_GIVEN : 0;
    /* "Nom": the whole when it shows, else the family name until the record has been read */
    if (label.role == NAME_EITHER) {
        bool whole =
            name.units >= 2 && (name.comma || (name.capitals && name.mixed && name.given > 0) ||
                                (name.given_unit && name.other_unit));

        ret->part = whole ? 0 : PART_FAMILY;
        /* by itself worth something only when the label or the words are */
        if (!whole && !label.sure && name.units == 1 && name.given == 0 && name.family == 0)
            ret->form = FORM_BARE;
    }
    if (ret->part == 0 && belief == BELIEF_WEAK && !label.sure && name.given == 0 &&
        name.family == 0 && name.units == 1)
        return VERDICT_NO;
    return VERDICT_PASS;
}

/* --- behind a salutation ------------------------------------------------------------------- */

/* A row of words with capitals, and particles, from all->at[i] on; a comma may stand once, before
 * a given name that is known. */
static unsigned capital_row(struct name_words *all, unsigned i, unsigned commas)
{
    unsigned from = i;

    for (; i - from < WORDS_MAX && has_word(all, i); i++) {
        struct name_word *word = &all->at[i];

        if (!know_begin(word))
            break;
        if (i > from && word->gap > GAP_JOIN) {
            if (word->gap > GAP_CELL || commas == 0 || !word->w.begins ||
                (word->gap == GAP_COMMA && !word->given && !word->family))
                break;
            commas--;
        }
    }
    /* particles belong to what follows them */
    while (i > from && !all->at[i - 1].w.begins)
        i--;
    return i;
}

static bool row_name(const struct name_words *all, unsigned from, unsigned to, struct name *ret)
{
    *ret = (struct name){0};
    if (to <= from)
        return false;
    for (unsigned k = from; k < to; k++)
        name_add(ret, &all->at[k], k + 1 == to);
    return says_something(ret) && ret->strange == 0 && ret->not_names == 0;
}

/* "M." for Monsieur: "Donald M. Example" and "Example, M." have an initial. */
static bool is_monsieur(struct span w, size_t at)
{
    size_t from, end = at, begin;
    struct capital_word before;

    if (at + 3 >= w.len || w.at[at] != 'M' || w.at[at + 1] != '.' || w.at[at + 2] != ' ' ||
        !(is_alnum(w.at[at + 3]) || (w.at[at + 3] & 0x80)) || is_digit(w.at[at + 3]))
        return false;
    while (end > 0 && at - end < 80 && w.at[end - 1] == ' ')
        end--;
    if (end == 0 || w.at[end - 1] == '\n')
        return true;
    for (from = end;
         from > 0 && end - from < 12 && (is_alnum(w.at[from - 1]) || (w.at[from - 1] & 0x80));)
        from--;
    begin = from;
    return begin < end && end < at && capital_word(w, begin, end, &before) &&
           capital_listed(before_monsieur, before.text);
}

static enum verdict check_salutation(const struct candidate *c, struct match *ret)
{
    static const char offices[] = " LE LA LES DE DEN DER DES DIE ";
    struct capital_word next;
    struct span w = c->window;
    size_t end = c->start + c->len, from = c->anchor + c->label.len;
    char salutation[CAPITAL_WORD_MAX + 1];
    struct name_words all;
    struct name name;
    unsigned i = 0, to;

    if (end > w.len)
        end = w.len;
    if (from > end)
        return VERDICT_NO;
    end = line_end(w, from, end);
    if (c->label.len == 1 && !is_monsieur(w, c->anchor))
        return VERDICT_NO;
    /* MrBean, MS_DOS; "MS OLE" */
    if (touched_right(w, from) || (from < end && w.at[from] == '_') ||
        (c->label.len == 2 && (c->label.at[1] == 'S' || c->label.at[1] == 'W')))
        return VERDICT_NO;
    /* most words that salute are followed by no name at all: what has no capital before it must be
     * a title or a particle */
    for (size_t at = from; at == from || !next.begins; at = next.at + next.len)
        if (!capital_word(w, at, end, &next) ||
            (!next.begins && !capital_listed(titles, next.text) &&
             !capital_listed(particles, next.text)))
            return VERDICT_NO;
    size_t said = person_name_value(c->label, salutation, sizeof(salutation));

    if (said == 0)
        return VERDICT_NO;
    /* the stop of an abbreviation, not that of a sentence */
    if (from < end && w.at[from] == '.' && capital_listed(abbreviated, salutation))
        from++;
    if (from >= end || end - from < 2 || from - c->anchor > CAPITAL_WORD_MAX)
        return VERDICT_NO;
    if (end - from > 160)
        end = from + 160;
    read_words(w, from, end, FIELD_WORDS, &all);
    if (all.n == 0)
        return VERDICT_NO;
    while (i + 1 < all.n && all.at[i].gap == GAP_BLANK && capital_listed(titles, all.at[i].w.text))
        i++;
    if (all.at[i].gap != GAP_BLANK)
        return VERDICT_NO;
    to = capital_row(&all, i, 1);
    if (!row_name(&all, i, to, &name) || !name_match(&name, ret))
        return VERDICT_NO;
    /* "monsieur le Prévôt", "madame la Comtesse": an office, unless the word is known */
    const struct capital_word *first = &name.words[0]->w;
    bool known = name.given > 0 || name.family > 0;

    if (!known && !first->begins && capital_listed(offices, first->text) &&
        strcmp(first->text, "DE") != 0)
        return VERDICT_NO;
    /* "MS Windows", "Frau Holle": what is no word of salutation alone needs more; signs in
     * capitals are no salutation */
    if (!known && !capital_listed(clear_salutations, salutation) &&
        strcmp(salutation, "DE HEER") != 0)
        return VERDICT_NO;
    if (!known && name.units == 1 && first->capitals && first->n <= 3)
        return VERDICT_NO;
    ret->form = known && name.units >= 2 ? FORM_WRITTEN : FORM_GROUPED;
    return VERDICT_PASS;
}

/* --- beside a number ----------------------------------------------------------------------- */

/* What joins a name and its number. */
static const char joining[] =
    " NN N NO NR NISS RRN RN INSZ NIS NUMERO NUM NUMMER NATIONAL NATIONAAL REGISTRE REGISTER "
    "RIJKSREGISTER RIJKSREGISTERNUMMER RIJKSREGISTERNR NATIONALREGISTER NATIONALREGISTERNUMMER BIS "
    "IBAN COMPTE REKENING REKENINGNUMMER KONTO KAART KAARTNUMMER CARTE IDENTITE IDENTITEITSKAART "
    "EID DU DE DES LE LA L D A AU HET MET ONDER OP VAN DER DEN PORTANT DONT AVEC SUR EST IS "
    "IDENTIFIE "
    "SOUS CARD NUMBER WITH MIT BE VISA MASTERCARD MAESTRO BANCONTACT PASSEPORT PASPOORT PERMIS "
    "RIJBEWIJS "
    "NE NEE GEB GEBOREN INTERNE ID KEY ";

static bool beside_belief(const struct name *name, struct match *ret)
{
    bool two_forms = name->capitals && name->mixed;

    if (name->units < 2 || name->lower > 0)
        return false;
    if (name->given > 0 && (name->other_unit || name->given >= 2))
        ret->form = FORM_WRITTEN;
    else if (two_forms || (name->family > 0 && name->comma))
        ret->form = FORM_GROUPED;
    else
        return false;
    return true;
}

/* Among these bytes stand fewer words than a line may have, as far as counting their beginnings
 * tells. */
static bool few_words(struct span w, size_t from, size_t to)
{
    unsigned begin = 0;
    bool in_word = false;

    if (to - from < 2 * LINE_WORDS - 1)
        return true;
    for (size_t at = from; at < to; at++) {
        bool plain = is_alnum(w.at[at]);

        begin += (plain && !in_word) || (w.at[at] & 0x80) || w.at[at] == '\'' || w.at[at] == '`';
        in_word = plain;
    }
    return begin < LINE_WORDS;
}

/* A sign before text[to] at which words end whatever stands before it, some words back; `from` if
 * there is none. */
static size_t some_words_back(struct span w, size_t from, size_t to, unsigned some)
{
    unsigned begin = 0;
    bool in_word = false;

    for (size_t at = to; at > from; at--) {
        char c = w.at[at - 1];
        bool plain = is_alnum(c);

        begin += in_word && !plain;
        in_word = plain;
        if (begin >= some && !plain && !(c & 0x80) && c != '\'' && c != '`')
            return at - 1;
    }
    return from;
}

/* The name that ends nearest before text[to], in words that are read; false in *ret_enough: more
 * than these must be. */
static bool name_of_last(struct name_words *all, bool whole, bool *ret_enough, struct match *ret)
{
    struct name name;
    unsigned end, begin, commas = 1, skipped = 0;
    /* of the first one it is not known what stands before it */
    unsigned least = whole ? 0 : 1;

    *ret_enough = whole || all->n > 0;
    if (all->n == 0 || all->n == LINE_WORDS || all->tail == GAP_BAD)
        return false;
    for (end = all->n; end > 0; end--) {
        const struct name_word *word = &all->at[end - 1];

        if (end <= least) {
            *ret_enough = false;
            return false;
        }
        if (!word->w.digits && !capital_listed(joining, word->w.text))
            break;
        if (++skipped > 6 || word->gap == GAP_BAD)
            return false;
    }
    for (begin = end; begin > 0 && end - begin < WORDS_MAX; begin--) {
        struct name_word *word = &all->at[begin - 1];

        if (begin <= least) {
            *ret_enough = false;
            return false;
        }
        if (!know_begin(word))
            break;
        /* "Aanvraag van Jan Peeters": the particle belongs to what stands before */
        if (!word->w.begins && begin < end && all->at[begin].given)
            break;
        if (begin < end && all->at[begin].gap > GAP_JOIN) {
            if (all->at[begin].gap > GAP_CELL || commas == 0)
                break;
            commas--;
        }
    }
    while (begin < end && !all->at[begin].w.begins &&
           (begin + 1 == end || all->at[begin + 1].given || all->at[begin + 1].w.capitals ||
            !all->at[begin].particle))
        begin++;
    return row_name(all, begin, end, &name) && beside_belief(&name, ret) && name_match(&name, ret);
}

/* The name that ends nearest before text[to]; most lines are told by their last words. */
static bool name_before(struct span w, size_t from, size_t to, struct match *ret)
{
    unsigned words = few_words(w, from, to) ? WORDS_FIRST : LINE_WORDS;
    struct name_words all;
    bool enough = false, found = false;

    for (; !enough; words *= WORDS_AGAIN) {
        size_t some = words < WORDS_MAX ? some_words_back(w, from, to, words) : from;

        read_words(w, some, to, LINE_WORDS, &all);
        found = name_of_last(&all, some == from, &enough, ret);
    }
    return found;
}

/* The name that begins nearest behind the number at text[at]. */
static bool name_behind(struct span w, size_t at, size_t to, struct match *ret)
{
    struct name_words all;
    struct name name;
    unsigned i = 0, end, skipped = 0;

    words_begin(w, at, to, LINE_WORDS, &all);
    for (; has_word(&all, i); i++) {
        const struct name_word *word = &all.at[i];

        if (!word->w.digits && !(capital_listed(joining, word->w.text) && !is_family(word->w.text)))
            break;
        if (word->gap == GAP_BAD && i > 0 && !word->w.digits)
            return false;
        skipped += !word->w.digits;
        if (skipped > 4 || i > 12)
            return false;
    }
    if (i >= all.n || (i > 0 && all.at[i].gap == GAP_BAD))
        return false;
    /* "Van den Berghe" may begin with what joins, too */
    while (i > 0 && all.at[i - 1].w.begins && capital_listed(particles, all.at[i - 1].w.text) &&
           !all.at[i - 1].w.digits)
        i--;
    end = capital_row(&all, i, 1);
    return row_name(&all, i, end, &name) && beside_belief(&name, ret) && name_match(&name, ret);
}

static enum verdict check_beside(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len, from = c->start;

    if (end > w.len)
        end = w.len;
    if (c->anchor < from || c->anchor > end)
        return VERDICT_NO;
    if (c->anchor - from > 160)
        from = c->anchor - 160;
    if (end - c->anchor > 200)
        end = c->anchor + 200;
    end = line_end(w, c->anchor, end);
    const char *feed = memrchr(w.at + from, '\n', c->anchor - from);

    if (feed)
        from = (size_t)(feed - w.at) + 1;
    return name_before(w, from, c->anchor, ret) || name_behind(w, c->anchor, end, ret)
               ? VERDICT_PASS
               : VERDICT_NO;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    switch (c->woken_by) {
    case ANCHOR_FIELD:
        return check_field(c, ret);
    case ANCHOR_WORD:
        return check_salutation(c, ret);
    case ANCHOR_BESIDE:
        return check_beside(c, ret);
    default:
        return VERDICT_NO;
    }
}

/* --- family name and given name ------------------------------------------------------------- */

static unsigned words_of(const struct match *m, char *text, const char **ret, unsigned n)
{
    memcpy(text, m->value, m->value_len);
    text[m->value_len] = '\0';
    for (char *save = NULL, *word = strtok_r(text, " ", &save); word && n < 2 * WORDS_MAX;
         word = strtok_r(NULL, " ", &save))
        ret[n++] = word;
    return n;
}

/* Every given name stands in the other field, too: "Nom: Dupont Jean", "Prénom: Jean". */
static bool holds(const char **words, unsigned n, const char **more, unsigned n_more)
{
    for (unsigned i = 0; i < n_more; i++) {
        bool found = false;

        for (unsigned k = 0; k < n && !found; k++)
            found = strcmp(words[k], more[i]) == 0;
        if (!found)
            return false;
    }
    return true;
}

static enum verdict join(const struct match *const *pieces, unsigned n, struct match *ret)
{
    char texts[2][VALUE_MAX + 1];
    const char *words[2 * WORDS_MAX];
    const struct match *family = NULL, *given = NULL;
    unsigned n_words = 0;

    for (unsigned i = 0; i < n; i++) {
        if (pieces[i]->part == PART_FAMILY)
            family = pieces[i];
        else if (pieces[i]->part == PART_GIVEN)
            given = pieces[i];
    }
    if (!family && !given)
        return VERDICT_NO;
    ret->start = pieces[0]->start;
    ret->len = pieces[0]->len;
    ret->part = 0;
    if (family)
        n_words = words_of(family, texts[0], words, 0);
    if (given) {
        unsigned all = words_of(given, texts[1], words, n_words);

        if (!family || !holds(words, n_words, words + n_words, all - n_words))
            n_words = all;
    }
    ret->value_len = put_sorted(words, n_words, ret->value, sizeof(ret->value));
    if (ret->value_len == 0 || is_placeholder(ret->value))
        return VERDICT_NO;
    if (family && given) {
        enum form best = family->form > given->form ? family->form : given->form;

        ret->form = best;
        return VERDICT_PASS;
    }
    /* one of the two: what is only weakly one is none */
    const struct match *one = family ? family : given;

    if (one->form == FORM_BARE && !memchr(one->value, ' ', one->value_len))
        return VERDICT_NO;
    ret->form = one->form == FORM_WRITTEN && !memchr(one->value, ' ', one->value_len) ? FORM_GROUPED
                                                                                      : one->form;
    return VERDICT_PASS;
}

const struct detector detect_person_name = {
    .id = "person_name",
    .kind = "person-name",
    .version = 2,
    .anchors = ANCHOR_FIELD | ANCHOR_WORD | ANCHOR_BESIDE,
    .longest = 320,
    .precedence = {PRECEDENCE_OTHER + 2, PRECEDENCE_OTHER + 1, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},
    .strong = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .keys = keys,
    .against = against,
    .wakes = wakes,
    .of_person = true,
    .label = label_says,
    .check = check,
    .join = join,
};
