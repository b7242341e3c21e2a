/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * address_parts.c - what a street looks like: "rue de la Gare 12 bte 3", "12, rue de la Gare",
 * "Kerkstraat 45/2", "Brugse Steenweg 8 bus 4", "Aachener Straße 3 A", "Molenhoek 7".
 */
#include "detectors/address_parts.h"

#include <stdlib.h>

#include "detectors/capitals.h"
#include "detectors/checks.h"
#include "detectors/postal_codes.inc"

enum { LINE_WORDS = 40, NAME_WORDS = 9, PLACE_WORDS = 8 };

/* French words that begin a street, and what they are abbreviated to. */
static const struct {
    const char *word, *full;
} prefixes[] = {
    {"RUE", NULL},          {"R", "RUE"},          {"AVENUE", NULL},     {"AV", "AVENUE"},
    {"AVE", "AVENUE"},      {"CHAUSSEE", NULL},    {"CH", "CHAUSSEE"},   {"CHEE", "CHAUSSEE"},
    {"CHSS", "CHAUSSEE"},   {"CHAUS", "CHAUSSEE"}, {"BOULEVARD", NULL},  {"BD", "BOULEVARD"},
    {"BLD", "BOULEVARD"},   {"BLVD", "BOULEVARD"}, {"BVD", "BOULEVARD"}, {"BOUL", "BOULEVARD"},
    {"PLACE", NULL},        {"PL", "PLACE"},       {"QUAI", NULL},       {"ALLEE", NULL},
    {"CLOS", NULL},         {"IMPASSE", NULL},     {"IMP", "IMPASSE"},   {"DREVE", NULL},
    {"SQUARE", NULL},       {"SQ", "SQUARE"},      {"CHEMIN", NULL},     {"CHM", "CHEMIN"},
    {"ROUTE", NULL},        {"RTE", "ROUTE"},      {"SENTIER", NULL},    {"RUELLE", NULL},
    {"COUR", NULL},         {"COURS", NULL},       {"PASSAGE", NULL},    {"GALERIE", NULL},
    {"ESPLANADE", NULL},    {"MONTEE", NULL},      {"VENELLE", NULL},    {"VOIE", NULL},
    {"ROND", NULL},         {"RESIDENCE", NULL},   {"CITE", NULL},       {"PARVIS", NULL},
    {"MAIL", NULL},         {"PROMENADE", NULL},   {"TIENNE", NULL},     {"THIER", NULL},
    {"FAUBOURG", NULL},     {"COTE", NULL},        {"HAMEAU", NULL},     {"DOMAINE", NULL},
    {"RESID", "RESIDENCE"}, {"VIEUX", NULL},       {"GRAND", NULL},      {"GRANDE", NULL}};

/* Dutch and German words that end one, by themselves or at the end of a longer word. */
static const struct {
    const char *word;
    uint8_t len;
} suffixes[] = {
#define ENDS(word)                                                                                 \
    {                                                                                              \
        word, sizeof(word) - 1                                                                     \
    }
    ENDS("STRAAT"),  ENDS("LAAN"),    ENDS("STEENWEG"), ENDS("WEG"),
    ENDS("PLEIN"),   ENDS("DREEF"),   ENDS("KAAI"),     ENDS("LEI"),
    ENDS("BAAN"),    ENDS("STRASSE"), ENDS("PLATZ"),    ENDS("ALLEE"),
    ENDS("GASSE"),   ENDS("RING"),    ENDS("DIJK"),     ENDS("PAD"),
    ENDS("HOF"),     ENDS("PARK"),    ENDS("MARKT"),    ENDS("VEST"),
    ENDS("SINGEL"),  ENDS("WAL"),     ENDS("HOEK"),     ENDS("STEEG"),
    ENDS("BERG"),    ENDS("VELD"),    ENDS("STRAETE"),  ENDS("POORT"),
    ENDS("RIJ"),     ENDS("HEIDE"),   ENDS("AKKER"),    ENDS("VELDEN"),
    ENDS("KOUTER"),  ENDS("GRACHT"),  ENDS("DRIES"),    ENDS("BOULEVARD"),
    ENDS("PASSAGE"), ENDS("STR"),     ENDS("STWG"),     ENDS("STEENW"),
    ENDS("DAMM"),    ENDS("UFER"),    ENDS("BUSCH"),    ENDS("RUE"),
    ENDS("AVENUE")
#undef ENDS
};

/* These end words that are no streets: String, Removal, Keypad. */
static const char only_alone[] = " RING PAD WAL VEST PASSAGE BOULEVARD RUE AVENUE BERG RIJ WEGE ";

/* Of these the shorter ones end many words: only behind some letters, and with a capital. */
enum { SUFFIX_STEM_MIN = 3 };

static const char particles[] = " VAN DE DEN DER DES DU LA LE LES L D TEN TER TE T 'T 'S VON ZUM "
                                "ZUR AM AUF IM IN OP AAN AUX AU "
                                "EN ET DEM UND SUR SOUS LEZ LES A ";

/* What stands before a name in a street: it belongs to it. */
static const char before_name[] =
    " KONING KONINGIN PRINS PRINSES SINT SINTE ST STE HEILIG HEILIGE BURGEMEESTER BURG DOKTER DR "
    "DOCTOR PASTOOR PASTOR KANUNNIK GRAAF GRAVIN HERTOG GENERAAL GEN MAARSCHALK OUDE NIEUWE GROTE "
    "KLEINE LANGE KORTE HOGE LAGE ONZE LIEVE VROUW PATER PAUS KARDINAAL DEKEN MONSEIGNEUR MGR "
    "EERSTE "
    "TWEEDE DERDE ALTE NEUE GROSSE KURZE KONIG KAISER SANKT EDWARD JOZEF JAN FRANS LEOPOLD ALBERT "
    "BARON BROEDER ZUSTER MINISTER PROFESSOR PROF SENATOR NOTARIS ADVOCAAT MEESTER KAPITEIN "
    "KOLONEL ";

static const char number_words[] = " N NR NO NUM NUMERO NUMMER ";
static const char box_words[] =
    " BTE BOITE BUS BT B BOX APP APPT APPART APPARTEMENT APT ETAGE ET VERDIEPING POSTBUS BP ";
static const char number_ends[] = " BIS TER QUATER QUATRO REZ RDC GLVL GV ";

static const char not_streets[] =
    " JANVIER FEVRIER MARS AVRIL MAI JUIN JUILLET AOUT SEPTEMBRE OCTOBRE NOVEMBRE DECEMBRE JANUARI "
    "FEBRUARI MAART APRIL MEI JUNI JULI AUGUSTUS SEPTEMBER OKTOBER NOVEMBER DECEMBER JANUAR "
    "FEBRUAR "
    "MARZ DEZEMBER JANUARY FEBRUARY MARCH MAY JUNE JULY AUGUST OCTOBER ARTICLE ARTIKEL ART PAGE "
    "PAGINA "
    "SEITE ANNEXE BIJLAGE LOI WET DOSSIER REF REFERENCE VERSION VERSIE CHAPITRE TABLE TABEL FIGURE "
    "TEL TELEFOON TELEPHONE FAX GSM TOTAL TOTAAL POINT PUNT LE LA DE HET THE IN AT ";

struct line {
    struct capital_word words[LINE_WORDS];
    unsigned n;
    struct span text;
};

/* The last words of text[from, to). */
static void read_line(struct span text, size_t from, size_t to, struct line *ret)
{
    size_t at = from;

    ret->n = 0;
    ret->text = text;
    while (at < to) {
        struct capital_word word;
        bool fits = capital_word(text, at, to, &word);

        if (word.len == 0)
            return;
        at = word.at + word.len;
        if (!fits) {
            ret->n = 0; /* nothing goes over such a word */
            continue;
        }
        if (ret->n == LINE_WORDS) {
            memmove(ret->words, ret->words + 1, sizeof(*ret->words) * (LINE_WORDS - 1));
            ret->n--;
        }
        ret->words[ret->n++] = word;
    }
}

static size_t word_end(const struct capital_word *w)
{
    return w->at + w->len;
}

/* Only these signs, and none of them too often, between text[from, to). */
static bool only(struct span text, size_t from, size_t to, const char *signs)
{
    if (to - from > 6)
        return false;
    for (; from < to; from++) {
        unsigned char c = (unsigned char)text.at[from];

        /* blanks, the degree and ordinal signs, dashes: all that is not ASCII here */
        if (c >= 0x80 || c == ' ' || (c && strchr(signs, c)))
            continue;
        return false;
    }
    return true;
}

static bool joined(const struct line *line, unsigned i, const char *signs)
{
    return only(line->text, word_end(&line->words[i - 1]), line->words[i].at, signs);
}

/* "12", "12A", "7bis"; up to four digits. */
static bool is_number(const struct capital_word *w)
{
    unsigned digits = 0;

    while (digits < w->n && is_digit(w->text[digits]))
        digits++;
    return digits >= 1 && digits <= 4 &&
           (w->n - digits <= 1 || capital_listed(number_ends, w->text + digits));
}

/* "BUS3", "BTE12". */
static bool is_box(const struct capital_word *w)
{
    char letters[8];
    size_t n = strcspn(w->text, "0123456789");

    if (!w->digits || n < 1 || n >= sizeof(letters) || w->n > 8)
        return false;
    memcpy(letters, w->text, n);
    letters[n] = '\0';
    return capital_listed(box_words, letters);
}

static bool is_tail_word(const struct line *line, unsigned i)
{
    const struct capital_word *w = &line->words[i];

    if (is_number(w) || is_box(w))
        return true;
    if (capital_listed(box_words, w->text) || capital_listed(number_words, w->text) ||
        (i > 0 && line->words[i - 1].digits && capital_listed(number_ends, w->text)))
        return true;
    /* "12 A", "bus A" */
    return w->n == 1 && i > 0 &&
           (line->words[i - 1].digits || capital_listed(box_words, line->words[i - 1].text));
}

static void put_word(char *value, size_t *n, const char *word)
{
    size_t len = strlen(word);

    if (*n + len + 2 > ADDRESS_WORDS_MAX)
        return;
    if (*n > 0)
        value[(*n)++] = ' ';
    memcpy(value + *n, word, len + 1);
    *n += len;
}

/* House number and box of the words [from, to). */
static void put_number(const struct line *line, unsigned from, unsigned to, char *value, size_t *n)
{
    bool number = false, box = false;

    for (unsigned i = from; i < to; i++) {
        const struct capital_word *w = &line->words[i];
        char between = i > from ? line->text.at[word_end(&line->words[i - 1])] : ' ';

        if (capital_listed(number_words, w->text))
            continue;
        if (!number) {
            if (!is_number(w))
                continue;
            put_word(value, n, w->text);
            number = true;
        } else if (!box && between == '-' && is_number(w) && *n + w->n + 1 < ADDRESS_WORDS_MAX) {
            value[(*n)++] = '-';
            memcpy(value + *n, w->text, w->n + 1u);
            *n += w->n;
        } else if (!box && w->n == 1 && !w->digits && between == ' ' && i + 1 == to &&
                   *n + 1 < ADDRESS_WORDS_MAX) {
            value[(*n)++] = w->text[0];
            value[*n] = '\0';
        } else if (capital_listed(box_words, w->text)) {
            if (!box && i + 1 < to)
                put_word(value, n, "BTE");
            box = box || i + 1 < to;
        } else {
            if (!box)
                put_word(value, n, "BTE");
            box = true;
            put_word(value, n, is_box(w) ? w->text + strcspn(w->text, "0123456789") : w->text);
        }
    }
}

/* Where the number and box begin that end the line; line->n if none do. */
static unsigned number_begin(const struct line *line)
{
    unsigned k = line->n;

    while (k > 0 && line->n - k < 7 && is_tail_word(line, k - 1) &&
           (k == line->n || joined(line, k, ",/-.:()#")))
        k--;
    /* "B 3" is no house number, "rue du 11 Novembre 5" has one */
    while (k < line->n && !is_number(&line->words[k]) &&
           !(capital_listed(number_words, line->words[k].text) && k + 1 < line->n &&
             is_number(&line->words[k + 1])))
        k++;
    return k;
}

static const char *prefix_of(const struct capital_word *w, bool *abbreviated)
{
    for (unsigned i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (prefixes[i].word[0] == w->text[0] && strcmp(prefixes[i].word, w->text) == 0) {
            *abbreviated = prefixes[i].full != NULL;
            return prefixes[i].full ? prefixes[i].full : prefixes[i].word;
        }
    return NULL;
}

/* "GRAND", "VIEUX" begin a street only before what is one: Grand-Place, Grand-Rue. */
static bool needs_street_behind(const char *word)
{
    return capital_listed(" GRAND GRANDE VIEUX ROND ", word);
}

/* The word ends in a suffix (*stem letters before it), or is one (*stem 0). */
static const char *suffix_of(const struct capital_word *w, size_t *stem)
{
    const char *best = NULL;
    size_t longest = 0;

    for (unsigned i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        size_t len = suffixes[i].len;

        if (w->n < len || len <= longest || w->text[w->n - 1] != suffixes[i].word[len - 1] ||
            memcmp(w->text + w->n - len, suffixes[i].word, len) != 0)
            continue;
        best = suffixes[i].word;
        longest = len;
        *stem = w->n - len;
    }
    return best;
}

/* The first word of a street whose name ends before word `end`; `end` if there is none. */
static unsigned typed_begin(const struct line *line, unsigned end, unsigned *type)
{
    unsigned low = end > NAME_WORDS ? end - NAME_WORDS : 0, found = end;
    size_t stem = 0;

    for (unsigned i = end; i > low; i--) {
        const struct capital_word *w = &line->words[i - 1];
        bool abbreviated = false;

        if (i < end && !joined(line, i, "-.'"))
            break;
        if (!prefix_of(w, &abbreviated))
            continue;
        /* these only as abbreviations are written, with a stop */
        if (abbreviated && capital_listed(" R CH PL SQ ", w->text) &&
            line->text.at[word_end(w)] != '.')
            continue;
        if (i == end || (needs_street_behind(w->text) && i + 1 != end))
            continue;
        if (needs_street_behind(w->text) &&
            !capital_listed(" PLACE RUE ROUTE CHEMIN MARCHE POINT ", line->words[i].text))
            continue;
        if (found < end) {
            /* "rue de la Place": particles alone between the two */
            bool particle = true;

            for (unsigned k = i; k < found; k++)
                particle = particle && capital_listed(particles, line->words[k].text);
            if (!particle)
                break;
        }
        found = i - 1;
    }
    if (found < end) {
        *type = found;
        return found;
    }
    if (end == 0 || !suffix_of(&line->words[end - 1], &stem))
        return end;
    const struct capital_word *last = &line->words[end - 1];
    unsigned begin = end - 1;

    if (stem > 0 && (stem < SUFFIX_STEM_MIN || (!last->begins && !last->hyphen) ||
                     capital_listed(only_alone, last->text + stem)))
        return end;
    *type = end - 1;
    while (begin > 0 && end - begin < NAME_WORDS && joined(line, begin, "-.'")) {
        const struct capital_word *w = &line->words[begin - 1];
        bool hyphen = line->words[begin].hyphen;
        bool alone = stem == 0 && begin == end - 1;

        if (!(hyphen || capital_listed(before_name, w->text) || (alone && w->begins) ||
              (capital_listed(particles, w->text) && begin > 1 && line->words[begin - 2].begins &&
               !line->words[begin - 2].digits)) ||
            w->digits)
            break;
        begin--;
    }
    while (begin < end && !line->words[begin].begins)
        begin++;
    /* "Weg", "Markt" alone are words */
    return stem == 0 && begin + 1 >= end ? end : begin;
}

/* A name that does not say that it is a street: "Molenhoek", "Ten Bosse", "Les Tilleuls". */
static unsigned untyped_begin(const struct line *line, unsigned end)
{
    unsigned begin = end;

    while (begin > 0 && end - begin < 4 && (begin == end || joined(line, begin, "-.'"))) {
        const struct capital_word *w = &line->words[begin - 1];

        if (w->digits || (!w->begins && !capital_listed(particles, w->text)))
            break;
        begin--;
    }
    while (begin < end && !line->words[begin].begins)
        begin++;
    if (begin == end || line->words[end - 1].n < 3 || !line->words[end - 1].begins ||
        capital_listed(not_streets, line->words[end - 1].text))
        return end;
    return begin;
}

/* Abbreviations in full. */
static void put_name(const struct line *line, unsigned from, unsigned to, unsigned type,
                     char *value, size_t *n)
{
    for (unsigned i = from; i < to; i++) {
        const struct capital_word *w = &line->words[i];
        const char *word = w->text;
        char full[CAPITAL_WORD_MAX + 8];
        const char *prefix = NULL;
        bool abbreviated;
        size_t stem = 0;

        if (i == type)
            prefix = prefix_of(w, &abbreviated);
        if (prefix) {
            word = prefix;
        } else if (i == type && suffix_of(w, &stem)) {
            const char *suffix = w->text + stem;
            const char *whole = strcmp(suffix, "STR") == 0 ? "STRAAT"
                                : strcmp(suffix, "STWG") == 0 || strcmp(suffix, "STEENW") == 0
                                    ? "STEENWEG"
                                    : suffix;

            memcpy(full, w->text, stem);
            memcpy(full + stem, whole, strlen(whole) + 1);
            word = full;
        } else if (strcmp(word, "ST") == 0) {
            word = "SAINT";
        } else if (strcmp(word, "STE") == 0) {
            word = "SAINTE";
        }
        put_word(value, n, word);
    }
}

bool street_ending(struct span text, size_t from, size_t to, struct street *ret)
{
    struct line line;
    unsigned number, name_end, begin, type;
    size_t n = 0;

    *ret = (struct street){0};
    read_line(text, from, to, &line);
    if (line.n == 0 || !only(text, word_end(&line.words[line.n - 1]), to, ",;-/|(.)\t\r"))
        return false;
    number = number_begin(&line);
    name_end = type = number;
    begin = number;
    if (number > 0 && (number == line.n || joined(&line, number, ",.-#("))) {
        begin = typed_begin(&line, number, &type);
        ret->typed = begin < number;
    }
    /* "rue de la Gare": the number may stand before it */
    if (ret->typed && number == line.n && begin > 0 && is_number(&line.words[begin - 1]) &&
        !(line.words[begin - 1].n == 4 && is_digit(line.words[begin - 1].text[3])) &&
        joined(&line, begin, ",")) {
        unsigned first = begin - 1;

        put_name(&line, begin, name_end, type, ret->value, &n);
        put_word(ret->value, &n, line.words[first].text);
        ret->numbered = true;
        begin = first;
    } else {
        if (!ret->typed && number < line.n && number > 0 && joined(&line, number, ",.-#"))
            begin = untyped_begin(&line, number);
        if (begin == number)
            return false;
        put_name(&line, begin, name_end, type, ret->value, &n);
        put_number(&line, number, line.n, ret->value, &n);
        ret->numbered = number < line.n;
    }
    ret->at = line.words[begin].at;
    ret->end = word_end(&line.words[line.n - 1]);
    return n > 0;
}

/* What no street goes over, and what its number begins with. */
static const bool stops[256] = {
    ['\0'] = 1, ['\n'] = 1, [';'] = 1, [':'] = 1, ['|'] = 1, ['('] = 1, [')'] = 1, ['"'] = 1,
    ['<'] = 1,  ['>'] = 1,  ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,
    ['6'] = 1,  ['7'] = 1,  ['8'] = 1, ['9'] = 1};

bool street_beginning(struct span text, size_t at, size_t end, struct street *ret)
{
    size_t stop = at, reach = end - at > STREET_REACH ? at + STREET_REACH : end;
    unsigned digits = 0;
    bool capital = false;

    /* to the end of the first number */
    while (stop < reach && !stops[(unsigned char)text.at[stop]])
        stop++;
    if (stop == at || stop >= end || !is_digit(text.at[stop]) || text.at[stop - 1] == '.')
        return false;
    /* a name has a capital: "rue de 3 mètres" has not */
    for (size_t i = at + 1; i < stop && !capital; i++)
        capital = text.at[i - 1] == ' ' && text.at[i] >= 'A' && text.at[i] <= 'Z';
    if (!capital)
        return false;
    while (stop < end && is_digit(text.at[stop])) {
        stop++;
        digits++;
    }
    if (digits > 3 || (stop < end && (text.at[stop] == '%' || touched_right(text, stop))))
        return false;
    return street_ending(text, at, stop, ret) && ret->typed && ret->numbered && ret->at == at;
}

bool street_whole(struct span text, size_t from, size_t to, struct street *ret)
{
    struct line line;
    size_t n = 0, stem;
    unsigned type;
    bool abbreviated;

    if (to - from > STREET_REACH)
        return false;
    if (street_ending(text, from, to, ret) && ret->at == from)
        return true;
    *ret = (struct street){.at = from, .end = to};
    read_line(text, from, to, &line);
    if (line.n == 0 || line.n > NAME_WORDS || line.words[0].at - from > 1)
        return false;
    for (unsigned i = 0; i < line.n; i++)
        if ((i > 0 && !joined(&line, i, ".,-/'()")) ||
            (line.words[i].digits && !is_number(&line.words[i]) && !is_box(&line.words[i])))
            return false;
    if (!only(text, word_end(&line.words[line.n - 1]), to, ".,)") || line.words[0].n < 2)
        return false;
    unsigned number = number_begin(&line), name = number > 0 ? number : line.n;

    /* at least one word that is no number, with a letter that could be said */
    if (line.words[0].digits && line.n == 1)
        return false;
    type = name;
    if (typed_begin(&line, name, &type) == name && !line.words[0].begins)
        return false;
    ret->typed = type < name && (prefix_of(&line.words[type], &abbreviated) ||
                                 suffix_of(&line.words[type], &stem));
    put_name(&line, 0, name, type, ret->value, &n);
    put_number(&line, name, line.n, ret->value, &n);
    ret->numbered = name < line.n;
    return n > 0;
}

/* --- places ----------------------------------------------------------------------------------- */

/* The names of a postal code, between bars; NULL if it has none here. */
static const char *names_of(unsigned code)
{
    size_t low = 0, high = sizeof(postal_codes) / sizeof(*postal_codes);

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (postal_codes[mid].code == code)
            return postal_codes[mid].names;
        if (postal_codes[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static bool is_name_of(const char *names, const char *place)
{
    size_t len = strlen(place);

    for (const char *at = names; len > 0 && (at = strstr(at, place)) != NULL; at++)
        if (at > names && at[-1] == '|' && at[len] == '|')
            return true;
    return false;
}

bool code_known(unsigned code)
{
    return names_of(code) != NULL;
}

bool place_agrees(const char *code, const char *place)
{
    const char *names = NULL;

    if (strlen(code) == 4)
        names = names_of((unsigned)digits_value(code, 4));
    return names && is_name_of(names, place);
}

bool place_behind_code(struct span text, size_t at, unsigned code, struct place *ret)
{
    const char *names = names_of(code);
    char value[ADDRESS_WORDS_MAX + 1] = "";
    size_t n = 0, end = text.len - at > 80 ? at + 80 : text.len, pos = at;
    bool open = true; /* the first unit of a place that is not known goes on */

    *ret = (struct place){0};
    for (unsigned i = 0; i < PLACE_WORDS; i++) {
        struct capital_word w;
        bool fits;

        /* what follows it is none of a place's */
        if (i > 0 && pos < end && (text.at[pos] == ',' || text.at[pos] == '\n'))
            break;
        fits = capital_word(text, pos, end, &w);
        if (!fits || w.digits || !only(text, pos, w.at, "-'.()") || w.at - pos > 3 ||
            (i == 0 && !w.begins && w.text[0] != '\''))
            break;
        pos = word_end(&w);
        put_word(value, &n, strcmp(w.text, "ST") == 0 && i == 0 && code != 4780 ? "SAINT" : w.text);
        if (names && is_name_of(names, value)) {
            ret->agrees = true;
            ret->end = pos;
            memcpy(ret->value, value, n + 1);
        }
        /* without the table: one name, with what hyphens and particles join to it */
        if (i > 0 && !w.hyphen && !capital_listed(particles, w.text))
            open = open && i > 0 && ret->value[0] == '\0';
        if (!ret->agrees && open && !capital_listed(particles, w.text) && (w.begins || w.hyphen) &&
            w.n > 1) {
            ret->end = pos;
            memcpy(ret->value, value, n + 1);
            open = pos < end && text.at[pos] == '-';
        }
    }
    /* one letter, or an abbreviation, is none */
    return ret->end > 0 && strlen(ret->value) >= 2;
}

/* --- fields ------------------------------------------------------------------------------------
 */

bool number_whole(struct span text, size_t from, size_t to, bool box, char *ret)
{
    struct line line;
    size_t n = 0;

    read_line(text, from, to, &line);
    if (line.n == 0 || line.n > 4 || !only(text, word_end(&line.words[line.n - 1]), to, "."))
        return false;
    for (unsigned i = 0; i < line.n; i++)
        if (!is_tail_word(&line, i) && !(box && line.words[i].n <= 4))
            return false;
    if (box) {
        ret[0] = '\0';
        for (unsigned i = 0; i < line.n; i++)
            if (!capital_listed(box_words, line.words[i].text) || line.n == 1)
                put_word(ret, &n, line.words[i].text);
        return n > 0;
    }
    put_number(&line, 0, line.n, ret, &n);
    return n > 0;
}

bool code_whole(struct span text, size_t from, size_t to, char *ret)
{
    unsigned n = 0;

    while (from < to && !is_digit(text.at[from])) {
        if (!strchr("BEbe-. ", text.at[from]))
            return false;
        from++;
    }
    while (from < to && is_digit(text.at[from]) && n < 6)
        ret[n++] = text.at[from++];
    ret[n] = '\0';
    /* a spreadsheet makes 6000.0 of it */
    if (from + 2 == to && text.at[from] == '.' && text.at[from + 1] == '0')
        from = to;
    return from == to && (n == 5 || (n == 4 && ret[0] != '0'));
}

bool place_whole(struct span text, size_t from, size_t to, char *ret)
{
    struct line line;
    size_t n = 0;

    if (to - from > 60)
        return false;
    read_line(text, from, to, &line);
    if (line.n == 0 || line.n > PLACE_WORDS || line.words[0].at - from > 1 ||
        !only(text, word_end(&line.words[line.n - 1]), to, ").*"))
        return false;
    ret[0] = '\0';
    for (unsigned i = 0; i < line.n; i++) {
        if ((i > 0 && !joined(&line, i, "-'.()/")) || line.words[i].digits)
            return false;
        put_word(ret, &n, line.words[i].text);
    }
    return n >= 2;
}

/* --- labels ------------------------------------------------------------------------------------
 */

/* What a word of a label says: that it is of a kind, of a number, of a house. */
#define SAID(is) (1u << (is))
enum { SAID_NUMBER = 1u << 14, SAID_HOUSE = 1u << 15 };

static const char label_words[][16] = {
#define ROW(word, says) word,
#include "detectors/address_label.inc"
#undef ROW
};

static const uint16_t label_says[] = {
#define ROW(word, says) says,
#include "detectors/address_label.inc"
#undef ROW
};

enum address_label address_label_of(struct span label)
{
    unsigned said = 0;
    size_t at_word;
    char word[CAPITAL_WORD_MAX + 1];
    unsigned n = 0;
    bool lower = false;

    if (label.len > 120)
        return ADDRESS_NONE;
    for (size_t at = 0; at <= label.len;) {
        struct capital c = {.len = 1};

        if (at < label.len)
            c = capital_read(label, at);
        if (!c.mark && n > 0 && (!c.letters || (lower && c.upper))) {
            word[n] = '\0';
            at_word = capital_place(label_words, sizeof(label_words) / sizeof(*label_words), word);
            if (at_word < sizeof(label_words) / sizeof(*label_words))
                said |= label_says[at_word];
            n = 0;
        }
        for (unsigned i = 0; i < c.letters && n < CAPITAL_WORD_MAX; i++)
            word[n++] = c.as[i];
        if (c.letters)
            lower = !c.upper && !c.digit;
        at += c.len;
    }
    bool number = said & SAID_NUMBER, house = said & SAID_HOUSE;

    if (said & 1u << ADDRESS_NONE)
        return ADDRESS_NONE;
    if ((said & 1u << ADDRESS_STREET) && number && !(said & 1u << ADDRESS_WHOLE) && house)
        return ADDRESS_NUMBER;
    /* "postal address" is a whole one, "code postal et localité" a place with its code */
    if ((said & 1u << ADDRESS_WHOLE) &&
        !(said & (1u << ADDRESS_STREET | 1u << ADDRESS_PLACE | 1u << ADDRESS_BOX)))
        return ADDRESS_WHOLE;
    if (said & 1u << ADDRESS_STREET)
        return ADDRESS_STREET;
    if (house && number)
        return ADDRESS_NUMBER;
    for (unsigned is = ADDRESS_NUMBER; is <= ADDRESS_PLACE; is++)
        if (said & 1u << is)
            return (said & 1u << ADDRESS_CODE) && (said & 1u << ADDRESS_PLACE) ? ADDRESS_WHOLE : is;
    return ADDRESS_NONE;
}
