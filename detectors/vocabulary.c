/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* vocabulary.c - forms and endings; see the header. */
#include "detectors/vocabulary.h"

#include <string.h>

#include "detectors/folding.h"
#include "detectors/lexicon.h"

enum { LANGUAGE_fr = LANGUAGE_FR, LANGUAGE_nl = LANGUAGE_NL };
enum { LANGUAGE_de = LANGUAGE_DE, LANGUAGE_en = LANGUAGE_EN };
enum { STRENGTH_strong = TERM_STRONG, STRENGTH_medium = TERM_MEDIUM };
enum { STRENGTH_weak = TERM_WEAK, STRENGTH_abbreviation = TERM_WEAK };

const struct vocabulary_term vocabulary[] = {
#define IS_strong       false
#define IS_medium       false
#define IS_weak         false
#define IS_abbreviation true
#define TERM(category, language, strength, also, text)                                             \
    {text, #category, #also, LANGUAGE_##language, STRENGTH_##strength, IS_##strength},
#include "detectors/vocabulary.inc"
#undef TERM
};

const unsigned vocabulary_count = sizeof(vocabulary) / sizeof(vocabulary[0]);

/* --- endings ------------------------------------------------------------------------------- */

const struct vocabulary_ending vocabulary_ending_rows[] = {
    {"s", LANGUAGE_FR | LANGUAGE_NL | LANGUAGE_DE | LANGUAGE_EN, 3, 0},
    {"x", LANGUAGE_FR, 4, VOCABULARY_LETTER('u')},
    {"e", LANGUAGE_NL | LANGUAGE_DE, 4, 0},
    {"e", LANGUAGE_FR, 5, 0},
    {"es", LANGUAGE_DE, 4, 0},
    {"es", LANGUAGE_FR, 5, 0},
    {"es", LANGUAGE_EN, 4,
     VOCABULARY_LETTER('s') | VOCABULARY_LETTER('x') | VOCABULARY_LETTER('z') |
         VOCABULARY_LETTER('h')},
    {"ne", LANGUAGE_FR, 5, VOCABULARY_LETTER('n')},
    {"nes", LANGUAGE_FR, 5, VOCABULARY_LETTER('n')},
    {"le", LANGUAGE_FR, 5, VOCABULARY_LETTER('l')},
    {"les", LANGUAGE_FR, 5, VOCABULARY_LETTER('l')},
    {"te", LANGUAGE_FR, 5, VOCABULARY_LETTER('t')},
    {"tes", LANGUAGE_FR, 5, VOCABULARY_LETTER('t')},
    {"en", LANGUAGE_NL | LANGUAGE_DE, 4, 0},
    {"n", LANGUAGE_NL, 4, VOCABULARY_LETTER('e')},
    {"n", LANGUAGE_DE, 4, VOCABULARY_LETTER('e') | VOCABULARY_LETTER('r') | VOCABULARY_LETTER('l')},
    {"er", LANGUAGE_DE, 4, 0},
    {"em", LANGUAGE_DE, 4, 0},
    {"ern", LANGUAGE_DE, 4, 0},
    {"nen", LANGUAGE_DE, 4, VOCABULARY_LETTER('n')},
    {"se", LANGUAGE_DE, 4, VOCABULARY_LETTER('s')},
    {"sen", LANGUAGE_DE, 4, VOCABULARY_LETTER('s')},
    {"ses", LANGUAGE_DE, 4, VOCABULARY_LETTER('s')},
    {"in", LANGUAGE_DE, 5, VOCABULARY_LETTER('r') | VOCABULARY_LETTER('t')},
    {"innen", LANGUAGE_DE, 5, VOCABULARY_LETTER('r') | VOCABULARY_LETTER('t')},
};

const unsigned vocabulary_ending_count =
    sizeof(vocabulary_ending_rows) / sizeof(vocabulary_ending_rows[0]);

static bool is_vowel(char c)
{
    return c >= 'a' && c <= 'z' &&
           VOCABULARY_LETTER(c) &
               (VOCABULARY_LETTER('a') | VOCABULARY_LETTER('e') | VOCABULARY_LETTER('i') |
                VOCABULARY_LETTER('o') | VOCABULARY_LETTER('u'));
}

bool vocabulary_doubles(const char before[2], unsigned letters)
{
    return letters >= 4 && !is_vowel(before[1]) && is_vowel(before[0]);
}

unsigned vocabulary_endings(const char *ending, unsigned n, const char before[2], unsigned letters)
{
    char padded[ENDING_MAX + 1] = {0};
    unsigned languages = 0;

    if (n == 0 || n > ENDING_MAX)
        return 0;
    for (unsigned i = 0; i < n; i++)
        padded[i] = ending[i];
    for (unsigned i = 0; i < vocabulary_ending_count; i++)
        if (padded[0] == vocabulary_ending_rows[i].ending[0] &&
            memcmp(padded, vocabulary_ending_rows[i].ending, sizeof(padded)) == 0)
            languages |= vocabulary_ending_languages(&vocabulary_ending_rows[i], before, letters);
    if (n >= 2 && n <= 3 && ending[0] == before[1] && ending[1] == 'e' &&
        (n == 2 || ending[2] == 'n') && vocabulary_doubles(before, letters))
        languages |= LANGUAGE_NL;
    return languages;
}

/* --- forms ----------------------------------------------------------------------------------- */

enum { WORDS_MAX = 12, WORD_FORMS = 8 };

/* The forms of one word, the first as it stands. */
struct word_forms {
    char form[WORD_FORMS][TERM_MAX];
    unsigned n;
};

static bool ends_with(const char *word, const char *end)
{
    size_t n = strlen(word), m = strlen(end);

    return n > m && memcmp(word + n - m, end, m) == 0;
}

/* The word without its last `cut` letters, with `end` in their place. */
static void add_form(struct word_forms *w, size_t cut, const char *end)
{
    size_t n = strlen(w->form[0]) - cut, m = strlen(end);

    if (w->n == WORD_FORMS || n + m >= TERM_MAX)
        return;
    memcpy(w->form[w->n], w->form[0], n);
    memcpy(w->form[w->n] + n, end, m + 1);
    w->n++;
}

static void replace_end(struct word_forms *w, const char *end, const char *by)
{
    if (ends_with(w->form[0], end))
        add_form(w, strlen(end), by);
}

static void forms_fr(struct word_forms *w, size_t len, bool only)
{
    const char *word = w->form[0];

    if (len < 5)
        return;
    replace_end(w, "al", "aux");
    replace_end(w, "if", "ive");
    replace_end(w, "eux", "euse");
    if (ends_with(word, "teur"))
        add_form(w, 4, "trice");
    replace_end(w, "eur", "euse");
    /* a single word in -es without its s may be another one: arrieres, menaces */
    if (ends_with(word, "s") && !strchr(only ? "aeious" : "aious", word[len - 2]))
        add_form(w, 1, "");
}

static void forms_nl(struct word_forms *w, size_t len)
{
    const char *word = w->form[0];
    char last = word[len - 1];
    char voiced = last == 's' ? 'z' : last == 'f' ? 'v' : last;
    bool diphthong = (is_vowel(word[len - 2]) && is_vowel(word[len - 3])) ||
                     (word[len - 3] == 'i' && word[len - 2] == 'j');
    size_t cut = diphthong && word[len - 2] == word[len - 3] ? 2 : 1;

    if (ends_with(word, "heid")) {
        add_form(w, 4, "heden");
    } else if (diphthong && !is_vowel(last) && (cut == 2 || voiced != last)) {
        /* dakloos, dakloze; jood, joden; vluchthuis, vluchthuizen; rijbewijs, rijbewijzen */
        add_form(w, cut, (char[]){voiced, 'e', 0});
        add_form(w, cut, (char[]){voiced, 'e', 'n', 0});
    }
}

static void forms_de(struct word_forms *w, size_t len, bool last)
{
    static const char *const declined[] = {"e", "er", "es", "en", "em"};
    /* what participles and adjectives that stand for a person end in */
    static const char *const persons[] = {"iert", "ig", "lich", "isch", "los", "digt", "agt"};
    const char *word = w->form[0];

    if (len < 5)
        return;
    replace_end(w, "um", "en");
    for (unsigned i = 0; i < 5; i++) {
        char person[8];
        size_t cut = strlen(declined[i]);

        if (!ends_with(word, declined[i]) || len - cut < 4)
            continue;
        if (!last) {
            add_form(w, cut, "");
            continue;
        }
        for (unsigned k = 0; k < sizeof(persons) / sizeof(persons[0]); k++) {
            memcpy(person, persons[k], strlen(persons[k]));
            memcpy(person + strlen(persons[k]), declined[i], cut + 1);
            if (ends_with(word, person))
                add_form(w, cut, "");
        }
    }
}

static void forms_en(struct word_forms *w, size_t len)
{
    static const char *const american[][2] = {{"isation", "ization"}, {"ised", "ized"},
                                              {"centre", "center"},   {"colour", "color"},
                                              {"licence", "license"}, {"offence", "offense"}};
    const char *word = w->form[0];

    if (len >= 4 && ends_with(word, "y") && !is_vowel(word[len - 2]))
        add_form(w, 1, "ies");
    if (strcmp(word, "person") == 0)
        add_form(w, 6, "people");
    if (strcmp(word, "child") == 0)
        add_form(w, 0, "ren");
    for (size_t i = 0; i < sizeof(american) / sizeof(american[0]); i++)
        if (strcmp(word, american[i][0]) == 0 || ends_with(word, american[i][0]))
            add_form(w, strlen(american[i][0]), american[i][1]);
}

static void forms_of(struct word_forms *w, unsigned language, bool last, bool only)
{
    size_t len = strlen(w->form[0]);

    w->n = 1;
    if (len < 4)
        return;
    if (language == LANGUAGE_FR)
        forms_fr(w, len, only);
    else if (language == LANGUAGE_NL)
        forms_nl(w, len);
    else if (language == LANGUAGE_DE)
        forms_de(w, len, last);
    else
        forms_en(w, len);
}

/* All combinations of the forms of the words of `text`, as it stands first. */
static bool combine(const struct vocabulary_term *term, const char *text, vocabulary_form_fn *form,
                    void *ctx)
{
    struct word_forms words[WORDS_MAX];
    unsigned at[WORDS_MAX] = {0}, n = 0, made = 0, w;

    for (const char *p = text; *p && n < WORDS_MAX; n++) {
        size_t len = strcspn(p, " ");

        memcpy(words[n].form[0], p, len);
        words[n].form[0][len] = 0;
        p += len;
        p += *p == ' ';
        words[n].n = 1;
        if (!term->abbreviation)
            forms_of(&words[n], term->language, !*p, n == 0 && !*p);
    }
    do {
        char whole[2 * TERM_MAX];
        size_t len = 0;

        for (w = 0; w < n; w++) {
            size_t more = strlen(words[w].form[at[w]]);

            if (len + more + 2 > sizeof(whole))
                break;
            if (w > 0)
                whole[len++] = ' ';
            memcpy(whole + len, words[w].form[at[w]], more);
            len += more;
        }
        whole[len] = 0;
        if (w == n && !form(ctx, whole))
            return false;
        for (w = 0; w < n && ++at[w] == words[w].n; w++)
            at[w] = 0;
    } while (w < n && ++made < FORMS_MAX);
    return true;
}

bool vocabulary_fold(const char *text, char ret[TERM_MAX])
{
    uint8_t symbols[TERM_MAX - 1];
    size_t n = fold_word(text, symbols, sizeof(symbols));

    for (size_t i = 0; i < n; i++)
        ret[i] = symbols[i] == GAP       ? ' '
                 : symbols[i] >= DIGIT_0 ? (char)('0' + (symbols[i] - DIGIT_0))
                                         : (char)('a' + (symbols[i] - LETTER_A));
    ret[n] = 0;
    return n > 0;
}

/* Umlauts as two letters. */
static bool without_umlauts(const char *text, char ret[2 * TERM_MAX])
{
    size_t n = 0;
    bool any = false;

    for (; *text && n + 3 < 2 * TERM_MAX; text++) {
        const char *two = strncmp(text, "ä", 2) == 0   ? "ae"
                          : strncmp(text, "ö", 2) == 0 ? "oe"
                          : strncmp(text, "ü", 2) == 0 ? "ue"
                                                       : NULL;

        if (two) {
            memcpy(ret + n, two, 2);
            n += 2;
            text++;
            any = true;
        } else {
            ret[n++] = *text;
        }
    }
    ret[n] = 0;
    return any;
}

/* Hyphens between letters left out. */
static bool without_hyphens(const char *text, char ret[2 * TERM_MAX])
{
    size_t n = 0;
    bool any = false;

    for (size_t i = 0; text[i] && n + 1 < 2 * TERM_MAX; i++) {
        if (text[i] == '-' && i > 0 && text[i - 1] != ' ' && text[i + 1] && text[i + 1] != ' ')
            any = true;
        else
            ret[n++] = text[i];
    }
    ret[n] = 0;
    return any;
}

bool vocabulary_forms(const struct vocabulary_term *term, vocabulary_form_fn *form, void *ctx)
{
    char folded[TERM_MAX], other[2 * TERM_MAX];

    if (!vocabulary_fold(term->text, folded) || !combine(term, folded, form, ctx))
        return false;
    if (term->language == LANGUAGE_DE && without_umlauts(term->text, other) &&
        vocabulary_fold(other, folded) && !combine(term, folded, form, ctx))
        return false;
    return !without_hyphens(term->text, other) || !vocabulary_fold(other, folded) ||
           combine(term, folded, form, ctx);
}
