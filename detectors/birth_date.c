/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Date of birth: a date behind words that say so ("ne le", "geboren op", "Geburtsdatum", "born
 * on") or in a field that is named for it.  A date anywhere else is nobody's.
 *
 * Forms: 30/07/1985, 30.7.85, 30-07-1985, 30 07 1985, 1985-07-30, 19850730, 30071985, 30 juillet
 * 1985, 1er mai 1990, 30. Juli 1985, July 30, 1985, 30-JUL-85, and the months as cards print them
 * (Fedict, eID identity and address file contents 5.0).  Day before month, as is usual here, but
 * where only the other way round is a date.  Two figures of a year are the latest that has been.
 * The date must exist, be of 1880 or later and not lie in the future.
 */
#include "detectors/checks.h"
#include "detectors/folding.h"
#include "detectors/labelled.h"

enum { FIRST_YEAR = 1880, REACH = 56, LONGEST = 240, MONTH_LETTERS = 12 };

/* Words for a birth, FR, NL, DE, EN. */
#define BIRTH_WORDS                                                                                \
    "ne le", "nee le", "ne e le", "nes le", "ne ee le", "ne a", "nee a", "ne e a", "ne en",        \
        "nee en", "date de naissance", "dates de naissance", "date naissance", "geboren",          \
        "geboren op", "geboren te", "geboren in", "geboortedatum", "geboortedata", "geboortedag",  \
        "geb. datum", "geb.datum", "geb. op", "geb.", "geboren am", "geborene", "geborener",       \
        "geburtsdatum", "geburtsdaten", "geburtstag", "geb. am", "born", "born on", "born in",     \
        "date of birth", "dates of birth", "birth date", "birthdate", "dob", "d.o.b."

static const char *const words[] = {BIRTH_WORDS, NULL};

/* "ne(e) le": no word goes over a bracket where text is listened to, so its beginning wakes. */
static const char *const wakes[] = {BIRTH_WORDS, "ne", NULL};

/* A field may be called by these. */
static const char *const keys[] = {"birthdate",
                                   "birth_date",
                                   "birthday",
                                   "birth_day",
                                   "birth_dt",
                                   "birthdt",
                                   "dateofbirth",
                                   "date_of_birth",
                                   "dob",
                                   "born",
                                   "date_naissance",
                                   "datenaissance",
                                   "date_de_naissance",
                                   "datedenaissance",
                                   "dat_naiss",
                                   "datnaiss",
                                   "date_naiss",
                                   "datenaiss",
                                   "dt_naissance",
                                   "naissance",
                                   "ddn",
                                   "ne_le",
                                   "nele",
                                   "nee_le",
                                   "geboortedatum",
                                   "geboorte_datum",
                                   "geboortedat",
                                   "geboorte_dat",
                                   "geboorte",
                                   "geb_datum",
                                   "gebdatum",
                                   "geb_dat",
                                   "gebdat",
                                   "geboren",
                                   "geboren_op",
                                   "geburtsdatum",
                                   "geburts_datum",
                                   "geburtsdat",
                                   "geburtstag",
                                   "geb_am",
                                   NULL};

/* Of the person, but another day of his: no date behind one of these is that of his birth. */
static const char *const other_days[] = {
    "deces",       "decede",   "overl",     "gestorven", "died ",    "death ", "verst",
    "gestorben",   "delivr",   "afgegeven", "ausgest",   "issue",    "valid ", "valable",
    "geldig",      "gultig",   "gueltig",   "expir",     "verval",   "inschr", "inscri",
    "entree",      "dienst ",  "service ",  "gehuwd",    "huwelijk", "mariee", "marie le",
    "verheiratet", "domicili", "tot ",      "until ",    "bis "};

/* Months in four languages, folded, by the number of the month. */
static const struct {
    const char *name;
    uint8_t month;
} months[] = {
    {"januari", 1},   {"janvier", 1},   {"januar", 1},    {"january", 1},   {"jan", 1},
    {"janv", 1},      {"janner", 1},    {"jaenner", 1},   {"jann", 1},      {"februari", 2},
    {"fevrier", 2},   {"februar", 2},   {"february", 2},  {"feb", 2},       {"fev", 2},
    {"fevr", 2},      {"febr", 2},      {"maart", 3},     {"mars", 3},      {"marz", 3},
    {"maerz", 3},     {"march", 3},     {"mar", 3},       {"maar", 3},      {"mrt", 3},
    {"mrz", 3},       {"maer", 3},      {"april", 4},     {"avril", 4},     {"apr", 4},
    {"avr", 4},       {"mei", 5},       {"mai", 5},       {"may", 5},       {"juni", 6},
    {"juin", 6},      {"june", 6},      {"jun", 6},       {"juli", 7},      {"juillet", 7},
    {"july", 7},      {"jul", 7},       {"juil", 7},      {"augustus", 8},  {"aout", 8},
    {"august", 8},    {"aug", 8},       {"aou", 8},       {"september", 9}, {"septembre", 9},
    {"sep", 9},       {"sept", 9},      {"oktober", 10},  {"octobre", 10},  {"october", 10},
    {"okt", 10},      {"oct", 10},      {"november", 11}, {"novembre", 11}, {"nov", 11},
    {"december", 12}, {"decembre", 12}, {"dezember", 12}, {"dec", 12},      {"dez", 12}};

/* What is read of a date, from where. */
struct reading {
    struct span w;
    size_t at, end;
};

/* The number at hand, of eight digits at most, and how many digits it has. */
static unsigned read_figures(struct reading *r, unsigned *ret_digits)
{
    unsigned value = 0, n = 0;

    while (n < 9 && r->at < r->end && is_digit(r->w.at[r->at])) {
        value = n < 8 ? value * 10 + (unsigned)(r->w.at[r->at] - '0') : value;
        r->at++;
        n++;
    }
    *ret_digits = n;
    return value;
}

/* The letters at hand, folded to ASCII; how many, at most MONTH_LETTERS. */
static size_t read_letters(struct reading *r, char ret[MONTH_LETTERS + 1])
{
    size_t n = 0;

    while (r->at < r->end && n < MONTH_LETTERS) {
        struct folded_char f = fold_at(r->w, r->at);

        if (f.symbols > 0 && (f.symbol[0] == GAP || f.symbol[0] >= DIGIT_0))
            break;
        for (unsigned i = 0; i < f.symbols && n < MONTH_LETTERS; i++)
            ret[n++] = (char)('a' + (f.symbol[i] - LETTER_A));
        r->at += f.len;
    }
    ret[n] = '\0';
    return n;
}

static unsigned month_of(const char *name)
{
    for (unsigned i = 0; i < sizeof months / sizeof *months; i++)
        if (strcmp(months[i].name, name) == 0)
            return months[i].month;
    return 0;
}

/* One of `signs` over at most `most` characters, a no-break space for a blank; false if none. */
static bool read_signs(struct reading *r, const char *signs, unsigned most)
{
    size_t from = r->at;

    while (most-- > 0 && r->at < r->end) {
        char c = r->w.at[r->at];

        if (c != '\0' && strchr(signs, c))
            r->at++;
        else if (c == '\xC2' && r->at + 1 < r->end && r->w.at[r->at + 1] == '\xA0')
            r->at += 2;
        else
            break;
    }
    return r->at > from;
}

/* The year in full; 0: none that a living or lately dead person was born in. */
static unsigned year_of(unsigned value, unsigned digits, unsigned month, unsigned day,
                        uint32_t today)
{
    unsigned year = value;

    if (digits == 2) {
        year = 2000 + value;
        if (year * 10000 + month * 100 + day > today)
            year -= 100;
    } else if (digits != 4) {
        return 0;
    }
    return year;
}

static uint32_t date_of(unsigned value, unsigned digits, unsigned month, unsigned day,
                        uint32_t today)
{
    unsigned year = year_of(value, digits, month, day, today);
    uint32_t date = year * 10000 + month * 100 + day;

    if (year < FIRST_YEAR || month < 1 || !date_exists(year, month, day) || date > today)
        return 0;
    return date;
}

/* YYYYMMDD, else DDMMYYYY. */
static uint32_t compact_date(unsigned value, uint32_t today)
{
    uint32_t date = date_of(value / 10000, 4, value / 100 % 100, value % 100, today);

    if (!date)
        date = date_of(value % 10000, 4, value / 10000 % 100, value / 1000000, today);
    return date;
}

/* "July 30, 1985". */
static uint32_t month_first(struct reading *r, uint32_t today)
{
    char name[MONTH_LETTERS + 1];
    unsigned month, day, digits;

    if (read_letters(r, name) < 3)
        return 0;
    month = month_of(name);
    if (month == 0 || !read_signs(r, " .-", 2))
        return 0;
    day = read_figures(r, &digits);
    if (digits < 1 || digits > 2)
        return 0;
    size_t behind = r->at;

    if (read_letters(r, name) && strcmp(name, "st") != 0 && strcmp(name, "nd") != 0 &&
        strcmp(name, "rd") != 0 && strcmp(name, "th") != 0)
        r->at = behind;
    if (!read_signs(r, " ,-", 2))
        return 0;
    unsigned year = read_figures(r, &digits);

    return date_of(year, digits, month, day, today);
}

/* "juillet 1985" behind a day, with what may stand between. */
static uint32_t month_behind(struct reading *r, unsigned day, uint32_t today)
{
    static const char *const between[] = {"er", "e", "ste", "de", "st", "nd", "rd", "th", "of"};
    char name[MONTH_LETTERS + 1];
    unsigned digits, month = 0;

    for (unsigned n = 0; n < 3 && month == 0; n++) {
        bool known = false;

        read_signs(r, " .-/", 3);
        if (read_letters(r, name) == 0)
            return 0;
        month = month_of(name);
        for (unsigned i = 0; i < sizeof between / sizeof *between; i++)
            known = known || strcmp(between[i], name) == 0;
        if (month == 0 && !known)
            return 0;
    }
    if (!read_signs(r, " .-/,", 3))
        return 0;
    unsigned year = read_figures(r, &digits);

    return month ? date_of(year, digits, month, day, today) : 0;
}

/* A date at r->at: YYYYMMDD, with r->at behind it; 0 if there is none. */
static uint32_t read_date(struct reading *r, uint32_t today)
{
    unsigned digits, second_digits, first, second, third, third_digits;

    if (!is_digit(r->w.at[r->at]))
        return month_first(r, today);
    first = read_figures(r, &digits);
    if (digits == 8)
        return compact_date(first, today);
    if (digits != 1 && digits != 2 && digits != 4)
        return 0;
    size_t sign = r->at;

    /* one sign, or a dot or dash between blanks: 30 . 07 . 1985 */
    if (digits <= 2 &&
        (!read_signs(r, " .-/", 3) || r->at >= r->end || !is_digit(r->w.at[r->at]))) {
        r->at = sign;
        return month_behind(r, first, today);
    }
    if (digits == 4 && !read_signs(r, ".-/ ", 1))
        return 0;
    second = read_figures(r, &second_digits);
    if (second_digits < 1 || second_digits > 2 || !read_signs(r, " .-/", 3))
        return 0;
    third = read_figures(r, &third_digits);
    if (digits == 4)
        return third_digits == 1 || third_digits == 2 ? date_of(first, 4, second, third, today) : 0;
    uint32_t date = date_of(third, third_digits, second, first, today);

    return date ? date : date_of(third, third_digits, first, second, today);
}

/* One of the other days is told between the label and the date. */
static bool of_another_day(struct span w, size_t from, size_t to)
{
    char folded[REACH + 1];
    size_t n = 0;
    struct reading r = {w, from, to};

    while (r.at < to && n < REACH) {
        struct folded_char f = fold_at(w, r.at);

        for (unsigned i = 0; i < f.symbols && n < REACH; i++)
            folded[n++] = f.symbol[i] == GAP       ? ' '
                          : f.symbol[i] >= DIGIT_0 ? '0'
                                                   : (char)('a' + (f.symbol[i] - LETTER_A));
        r.at += f.len;
    }
    for (unsigned i = 0; i < sizeof other_days / sizeof *other_days; i++) {
        const char *word = other_days[i];
        size_t len = strlen(word);

        for (size_t at = 0; at + len <= n; at++)
            if ((at == 0 || folded[at - 1] == ' ') && memcmp(folded + at, word, len) == 0)
                return true;
    }
    return false;
}

/* "ne le", "nee": without its accent a negation, in Dutch a no; born only right before a date. */
static bool is_plain_ne(struct span label)
{
    return label.len >= 2 && (label.at[0] | 0x20) == 'n' && (label.at[1] | 0x20) == 'e';
}

/* A word of four letters or more, a dot, a blank and a capital: no abbreviation. */
static bool sentence_ends(struct span w, size_t from, size_t to)
{
    unsigned letters = 0;

    for (size_t i = from; i < to; i++) {
        char c = w.at[i];

        if (c == ';' || c == '!' || c == '?')
            return true;
        if (c == '.' && letters >= 4 && i + 2 < to && w.at[i + 1] == ' ' && w.at[i + 2] >= 'A' &&
            w.at[i + 2] <= 'Z')
            return true;
        letters = is_alnum(c) || (c & 0x80) ? letters + 1 : 0;
    }
    return false;
}

/* A date that is a part of something longer. */
static bool goes_on(struct span w, size_t end)
{
    if (end < w.len && is_digit(w.at[end]))
        return true;
    return end + 1 < w.len && (w.at[end] == '/' || w.at[end] == '-' || w.at[end] == '.') &&
           is_digit(w.at[end + 1]);
}

static size_t read_birth(const struct candidate *c, size_t at, size_t end, enum label_place place,
                         struct match *ret)
{
    struct span w = c->window;
    struct reading r = {w, at, end};
    char value[9];
    uint32_t date;

    if (at >= 2 && (w.at[at - 1] == '/' || w.at[at - 1] == '-') && is_digit(w.at[at - 2]))
        return 0;
    date = read_date(&r, c->today);
    if (!date || goes_on(w, r.at))
        return 0;
    bool compact = true;

    for (size_t i = at; i < r.at; i++)
        compact = compact && is_digit(w.at[i]);

    /* the words between may be another label; eight digits further on are any number */
    if (place == LABEL_NEAR) {
        size_t from = c->start + (c->woken_by == ANCHOR_WORD ? c->label.len : 0);

        if (compact || is_plain_ne(c->label) || sentence_ends(w, from, at) ||
            of_another_day(w, from, at))
            return 0;
    }
    for (unsigned i = 8; i-- > 0; date /= 10)
        value[i] = (char)('0' + date % 10);
    if (!set_value(ret, value, 8))
        return 0;
    ret->form = compact ? FORM_BARE : FORM_WRITTEN;
    ret->facts.birth = (uint32_t)digits_value(value, 8);
    return r.at - at;
}

/* "ne" by itself: only as ne(e), ne(e)s, ne/e or with a point between. */
static bool is_half_a_word(const struct candidate *c)
{
    static const char *const endings[] = {"(e)", "/e ", "\xC2\xB7\x65", ".e "};
    size_t behind = c->start + c->label.len;

    if (c->woken_by != ANCHOR_WORD || c->label.len < 2 || c->label.len > 4 ||
        (c->label.at[0] | 0x20) != 'n')
        return false;
    for (unsigned i = 0; i < sizeof endings / sizeof *endings; i++)
        if (behind + 3 <= c->window.len && strncasecmp(c->window.at + behind, endings[i], 3) == 0)
            return false;
    return true;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (is_half_a_word(c))
        return VERDICT_NO;
    return labelled_value(c, REACH, 0, read_birth, ret);
}

const struct detector detect_birth_date = {
    .id = "birth_date",
    .kind = "birth-date",
    .version = 1,
    .anchors = ANCHOR_WORD | ANCHOR_FIELD,
    .longest = LONGEST,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_NONE, CONFIDENCE_NONE},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0, /* no check digit */
    .words = words,
    .keys = keys,
    .wakes = wakes,
    .names_stand_beside = true,
    .of_person = true,
    .check = check,
};
