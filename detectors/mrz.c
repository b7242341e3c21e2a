/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Machine readable zone, ICAO Doc 9303 parts 3 to 7: TD1 3 x 30, TD2 2 x 36, TD3 2 x 44 and the
 * visas MRV-A 2 x 44, MRV-B 2 x 36.  Check digits by weights 7-3-1; every one must hold, the
 * composite one too.
 *
 * A document number longer than nine characters goes on in the optional field behind a filler, and
 * its check digit is that of the joined number without the filler.  Belgian cards hold the
 * national number: the first model (2005) in optional data 1, the current one in optional data 2.
 *
 * The lines may be indented or quoted, be joined on one line, end in CR LF, or have blanks put in
 * by OCR.
 */
#include "detectors/checks.h"
#include "detectors/national_number.h"
#include "detectors/person_name.h"

enum { ZONE_MAX = 90, STARTS_MAX = 16 };

static const char *const words[] = {"mrz",
                                    "machine readable zone",
                                    "zone de lecture automatique",
                                    "machineleesbare zone",
                                    "maschinenlesbare zone",
                                    NULL};
static const char *const keys[] = {"mrz", "mrz1", "mrz2", "mrz3", NULL};

static bool in_zone(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '<';
}

/* Bytes of a blank at `at`, 0 if none. */
static size_t blank_at(struct span w, size_t at)
{
    if (at < w.len && (w.at[at] == ' ' || w.at[at] == '\t'))
        return 1;
    return at + 1 < w.len && w.at[at] == '\xC2' && w.at[at + 1] == '\xA0' ? 2 : 0;
}

/* Bytes of a line end at `at`, 0 if none; \n and \r may be written as escapes. */
static size_t line_end_at(struct span w, size_t at)
{
    if (at < w.len && (w.at[at] == '\n' || w.at[at] == '\r'))
        return 1;
    if (at + 1 < w.len && w.at[at] == '\\' && (w.at[at + 1] == 'n' || w.at[at + 1] == 'r'))
        return 2;
    return 0;
}

/* More of the zone at `at`; "</td>" is not. */
static bool goes_on(struct span w, size_t at)
{
    if (at >= w.len || !in_zone(w.at[at]))
        return false;
    if (w.at[at] != '<' || at + 1 >= w.len)
        return true;
    char next = w.at[at + 1];

    return !(next == '/' || next == '!' || (next >= 'a' && next <= 'z'));
}

/* What stands before and behind the lines of a zone in quoted mail, tables and lists of strings. */
static bool around_lines(char c)
{
    return c == '>' || c == '|' || c == '"' || c == '\'' || c == ',' || c == ';';
}

/* Reads lines * width characters from `at`; a line may end only where one does.  The offset after
 * the last character, or 0 if the text is no such zone. */
static size_t read_zone(struct span w, size_t at, unsigned lines, unsigned width,
                        char zone[ZONE_MAX])
{
    unsigned n = 0, blanks = 0;

    while (at < w.len) {
        if (in_zone(w.at[at])) {
            zone[n++] = w.at[at++];
            blanks = 0;
            if (n == lines * width)
                return goes_on(w, at) ? 0 : at;
            continue;
        }
        size_t blank = blank_at(w, at);

        if (blank == 0 && n % width == 0)
            blank = around_lines(w.at[at]) ? 1 : line_end_at(w, at);
        /* Indentation may be deep; between two characters nothing is. */
        if (blank == 0 || ++blanks > (n % width == 0 ? 64u : 3u))
            return 0;
        at += blank;
    }
    return 0;
}

static bool checks(const char *field, unsigned n, char digit)
{
    return digit == mrz_digit(field, n);
}

static bool field_is(const char *field, unsigned n, char c)
{
    for (unsigned i = 0; i < n; i++)
        if (field[i] != c)
            return false;
    return true;
}

/* YYMMDD of which unknown parts are fillers. */
static bool date_can_be(const char *date)
{
    static const unsigned most[3] = {99, 12, 31};

    for (unsigned part = 0; part < 3; part++) {
        const char *two = date + 2 * part;

        if (two[0] == '<' && two[1] == '<')
            continue;
        if (!is_digit(two[0]) || !is_digit(two[1]) || digits_value(two, 2) > most[part])
            return false;
    }
    return true;
}

/* Letters and fillers only, a letter first. */
static bool code_can_be(const char *code, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (is_digit(code[i]) || (i == 0 && code[i] == '<'))
            return false;
    return true;
}

/* The fields that every format has, where they stand in the zone. */
struct fields {
    const char *state; /* 3 */
    char number[24];   /* without fillers */
    unsigned number_len;
    struct span name;
    const char *birth;       /* 6, then its check digit, then the sex */
    const char *expiry;      /* 6, then its check digit */
    const char *optional[2]; /* where a national number may stand; NULL if the format has none */
    unsigned optional_len[2];
};

static bool common_fields(const char *zone, const struct fields *f)
{
    char sex = f->birth[7];

    return code_can_be(zone, 1) && code_can_be(f->state, 3) && date_can_be(f->birth) &&
           checks(f->birth, 6, f->birth[6]) && date_can_be(f->expiry) &&
           checks(f->expiry, 6, f->expiry[6]) &&
           (sex == 'M' || sex == 'F' || sex == '<' || sex == 'X');
}

/* The document number of nine characters with its check digit in the tenth, or longer with a
 * filler there, the rest and the check digit at the start of the optional field. */
static bool read_number(struct fields *f, const char *nine, const char *optional, unsigned n)
{
    memcpy(f->number, nine, 9);
    f->number_len = 9;
    if (nine[9] != '<' || optional[0] == '<') {
        if (!checks(nine, 9, nine[9]) && !(nine[9] == '<' && field_is(nine, 9, '<')))
            return false;
    } else {
        unsigned rest = 0;

        while (rest < n && optional[rest] != '<')
            rest++;
        if (rest < 2 || 9 + rest - 1 > sizeof f->number)
            return false;
        memcpy(f->number + 9, optional, rest - 1);
        f->number_len += rest - 1;
        return checks(f->number, f->number_len, optional[rest - 1]);
    }
    while (f->number_len > 0 && f->number[f->number_len - 1] == '<')
        f->number_len--;
    return f->number_len > 0;
}

static bool composite(const char *const parts[4], const unsigned lengths[4], char digit)
{
    struct mrz_sum sum = {0};

    for (unsigned i = 0; i < 4; i++)
        mrz_sum(&sum, parts[i], lengths[i]);
    return digit == (char)('0' + sum.sum % 10);
}

static bool read_td1(const char *z, struct fields *f)
{
    const char *two = z + 30;

    *f = (struct fields){.state = z + 2,
                         .name = {z + 60, 30},
                         .birth = two,
                         .expiry = two + 8,
                         .optional = {z + 15, two + 18},
                         .optional_len = {15, 11}};
    return (z[0] == 'I' || z[0] == 'A' || z[0] == 'C') && common_fields(z, f) && !is_digit(z[60]) &&
           read_number(f, z + 5, z + 15, 15) &&
           composite((const char *[4]){z + 5, two, two + 8, two + 18},
                     (const unsigned[4]){25, 7, 7, 11}, two[29]);
}

/* TD2 and MRV-B, TD3 and MRV-A: the second line is the same but for the optional field. */
static bool read_two_lines(const char *z, unsigned width, struct fields *f)
{
    const char *two = z + width;
    bool td3 = width == 44, visa = z[0] == 'V';

    *f = (struct fields){.state = z + 2,
                         .name = {z + 5, width - 5},
                         .birth = two + 13,
                         .expiry = two + 21,
                         .optional = {two + 28},
                         .optional_len = {td3 ? 14 : 7}};
    if (!common_fields(z, f) || !code_can_be(z + 5, 1))
        return false;
    if (visa)
        return checks(two, 9, two[9]) && read_number(f, two, "<", 1);
    if (td3) {
        char optional = two[42];

        if (z[0] != 'P' || !read_number(f, two, "<", 1) || !checks(two, 9, two[9]))
            return false;
        /* An empty optional field may have a filler for its check digit. */
        if (!checks(two + 28, 14, optional) && !(optional == '<' && field_is(two + 28, 14, '<')))
            return false;
    } else if (!strchr("ACIP", z[0]) || !read_number(f, two, two + 28, 7)) {
        return false;
    }
    return composite((const char *[4]){two, two + 13, two + 21, two + 28},
                     (const unsigned[4]){10, 7, 7, td3 ? 15 : 7}, two[width - 1]);
}

/* The national number in the optional data, if there is a right one. */
static void read_national(const struct fields *f, uint32_t today, struct match *ret)
{
    for (unsigned i = 0; i < 2 && memcmp(f->state, "BEL", 3) == 0; i++) {
        const char *field = f->optional[i];
        struct national_number number;
        unsigned n = 0;

        while (field && n < f->optional_len[i] && is_digit(field[n]))
            n++;
        if (n != 11 || national_number(field, today, &number) != VERDICT_PASS)
            continue;
        struct embedded_value *e = &ret->embedded[0];

        e->kind = "be-nrn";
        memcpy(e->value, field, 11);
        e->value[11] = '\0';
        e->facts = number.facts;
        return;
    }
}

/* The zone holds no century: the national number knows it, else it is the latest that has been. */
static uint32_t birth_date(const char *birth, uint32_t today, const struct match *ret)
{
    if (ret->embedded[0].kind && ret->embedded[0].facts.birth)
        return ret->embedded[0].facts.birth;
    if (!is_digit(birth[0]))
        return 0;
    uint32_t month = is_digit(birth[2]) ? (uint32_t)digits_value(birth + 2, 2) : 0;
    uint32_t day = month && is_digit(birth[4]) ? (uint32_t)digits_value(birth + 4, 2) : 0;
    uint32_t date = (2000 + (uint32_t)digits_value(birth, 2)) * 10000 + month * 100 + day;

    return date > today ? date - 1000000 : date;
}

static struct embedded_value *embedded_next(struct match *ret, const char *kind)
{
    unsigned i = 0;

    while (i < EMBEDDED_MAX - 1 && ret->embedded[i].kind)
        i++;
    ret->embedded[i].kind = kind;
    ret->embedded[i].facts = (struct person_facts){0};
    return &ret->embedded[i];
}

/* Whom the zone is of, and the day of birth when all of it is known. */
static void read_holder(const struct fields *f, struct match *ret)
{
    struct embedded_value *e;
    uint32_t date = ret->facts.birth;
    char name[sizeof e->value];

    if (date % 100 > 0 && date / 100 % 100 > 0) {
        e = embedded_next(ret, "birth-date");
        for (unsigned i = 8; i-- > 0; date /= 10)
            e->value[i] = (char)('0' + date % 10);
        e->value[8] = '\0';
        e->facts.birth = ret->facts.birth;
    }
    if (person_name_value(f->name, name, sizeof name) > 1) {
        e = embedded_next(ret, "person-name");
        memcpy(e->value, name, sizeof name);
    }
}

static bool set_match(const struct fields *f, uint32_t today, struct match *ret)
{
    char value[3 + 1 + sizeof f->number + 1 + 6];
    size_t n = 0;

    for (unsigned i = 0; i < 3 && f->state[i] != '<'; i++)
        value[n++] = f->state[i];
    value[n++] = '|';
    memcpy(value + n, f->number, f->number_len);
    n += f->number_len;
    value[n++] = '|';
    /* Unknown parts of the date are fillers and stay out. */
    for (unsigned i = 0; i < 6; i++)
        if (f->birth[i] != '<')
            value[n++] = f->birth[i];
    if (!set_value(ret, value, n))
        return false;
    read_national(f, today, ret);
    ret->facts.birth = birth_date(f->birth, today, ret);
    ret->facts.sex = f->birth[7] == 'M' || f->birth[7] == 'F' ? f->birth[7] : 0;
    ret->facts.bis = ret->embedded[0].kind && ret->embedded[0].facts.bis;
    read_holder(f, ret);
    ret->form = FORM_WRITTEN;
    return true;
}

/* A zone that starts at `at`: VERDICT_NO if none does. */
static enum verdict check_at(const struct candidate *c, size_t at, struct match *ret)
{
    static const struct {
        unsigned lines, width;
    } formats[] = {{3, 30}, {2, 44}, {2, 36}};
    enum verdict best = VERDICT_NO;

    for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++) {
        char zone[ZONE_MAX] = {0};
        struct fields f;
        size_t end = read_zone(c->window, at, formats[i].lines, formats[i].width, zone);

        if (end == 0)
            continue;
        best = VERDICT_SHAPE;
        if ((formats[i].lines == 3 ? read_td1(zone, &f)
                                   : read_two_lines(zone, formats[i].width, &f)) &&
            set_match(&f, c->today, ret)) {
            ret->start = at;
            ret->len = end - at;
            return VERDICT_PASS;
        }
    }
    return best;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len;
    enum verdict best = VERDICT_NO;
    unsigned starts = 0;

    /* A zone may have a label or another cell before it on its line. */
    for (size_t at = c->start; at < end && starts < STARTS_MAX; at++) {
        char ch = w.at[at];

        if (ch == '\n')
            break;
        if (ch != 'I' && ch != 'P' && ch != 'A' && ch != 'C' && ch != 'V')
            continue;
        if (at > 0 && (in_zone(w.at[at - 1]) || touched_left(w, at)))
            continue;
        starts++;
        enum verdict verdict = check_at(c, at, ret);

        if (verdict == VERDICT_PASS)
            return VERDICT_PASS;
        if (verdict > best)
            best = verdict;
    }
    return best;
}

const struct detector detect_mrz = {
    .id = "mrz",
    .kind = "mrz",
    .version = 2,
    .anchors = ANCHOR_CHEVRONS,
    .longest = 1024,
    .precedence = {PRECEDENCE_MRZ, PRECEDENCE_MRZ, PRECEDENCE_MRZ},
    .alone = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.0001,
    .words = words,
    .keys = keys,
    .of_person = true, /* the zone holds the name itself */
    .check = check,
};
