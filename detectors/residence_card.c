/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Number of a residence card for foreigners (types A to N, EU and EU+): a letter and nine digits,
 * B123456789 on the chip and B 1234567 89 in print; nine digits on older cards (Fedict, eID
 * identity and address file contents 5.0; eid-mw bbannumconv.cpp).  Whether the last two are a
 * check is not public, so nothing is one without a word that names it.
 */
#include "detectors/checks.h"
#include "detectors/labelled.h"

enum { DIGITS = 9, REACH = 120, LONGEST = 240 };

static const char *const words[] = {
    /* FR */
    "titre de sejour", "titres de sejour", "carte de sejour", "cartes de sejour",
    "carte d etranger", "carte d identite d etranger", "carte pour etranger", "carte de resident",
    "numero de titre de sejour", "permis de sejour", "office des etrangers", "n\xC2\xB0 sp",
    "numero de surete publique",
    /* NL */
    "verblijfstitel", "verblijfstitels", "verblijfskaart", "verblijfskaarten",
    "verblijfsvergunning", "verblijfsdocument", "vreemdelingenkaart", "vreemdelingenkaarten",
    "dienst vreemdelingenzaken", "identiteitskaart voor vreemdelingen", "ov nummer",
    "openbare veiligheid nummer",
    /* DE */
    "aufenthaltstitel", "aufenthaltskarte", "aufenthaltserlaubnis", "aufenthaltsgenehmigung",
    "auslanderausweis", "auslanderkarte", "auslanderamt",
    /* EN */
    "residence permit", "residence permits", "residence card", "residence cards", "residence title",
    "foreigner card", "foreigner s card", "foreigners card", "public security number", NULL};

static const char *const keys[] = {"residencecard",         "residence_card",
                                   "residence_card_number", "residencepermit",
                                   "residence_permit",      "residence_permit_number",
                                   "foreignercard",         "foreigner_card",
                                   "titre_sejour",          "titre_de_sejour",
                                   "num_titre_sejour",      "carte_sejour",
                                   "carte_de_sejour",       "carte_etranger",
                                   "verblijfstitel",        "verblijfstitelnr",
                                   "verblijfskaart",        "verblijfskaartnr",
                                   "verblijfskaart_nr",     "verblijfskaartnummer",
                                   "vreemdelingenkaart",    "vreemdelingenkaartnr",
                                   "aufenthaltstitel",      "aufenthaltstitel_nr",
                                   "aufenthaltskarte",      NULL};

/* The types of card that were given out: A to N, without G. */
static bool is_type(char c)
{
    return c >= 'A' && c <= 'N' && c != 'G';
}

static size_t set_card(char type, const char *digits, struct match *ret)
{
    char value[1 + DIGITS] = {type};

    memcpy(value + 1, digits, DIGITS);
    return type ? set_value(ret, value, sizeof value) : set_value(ret, digits, DIGITS);
}

/* The letter and the digits, one group or seven and two. */
static enum verdict check_lettered(const struct candidate *c, struct match *ret)
{
    static const uint8_t printed[] = {7, 2, 0};
    struct span w = c->window;
    bool bare = c->n_groups == 1;
    size_t at = c->start;

    if (c->n != DIGITS || at == 0 ||
        (!bare && (!groups_are(c, printed) || !separators_are(c, " ", 1))))
        return VERDICT_NO;
    if (w.at[at - 1] == ' ' && at >= 2)
        at--;
    if (!is_type(w.at[at - 1]))
        return VERDICT_NO;
    at--;
    if (part_of_code(w, at, c->start + c->len - at))
        return VERDICT_NO;
    if (!set_card(w.at[at], c->digits, ret))
        return VERDICT_SHAPE;
    ret->start = at;
    ret->len = c->start + c->len - at;
    /* "B 123456789": a letter may stand before any number */
    ret->form = bare && at + 1 < c->start ? FORM_BARE : FORM_WRITTEN;
    return VERDICT_PASS;
}

/* Nine digits of an older card. */
static size_t read_card(const struct candidate *c, size_t at, size_t end, enum label_place place,
                        struct match *ret)
{
    struct span w = c->window;
    size_t n = 0;

    /* a telephone number in figures begins with 0 */
    if (place == LABEL_NEAR || w.at[at] == '0')
        return 0;
    while (n <= DIGITS && at + n < end && is_digit(w.at[at + n]))
        n++;
    if (n != DIGITS || part_of_code(w, at, n) || (at > 1 && is_type(w.at[at - 2])) ||
        !set_card(0, w.at + at, ret))
        return 0;
    ret->form = FORM_BARE;
    return n;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    return c->woken_by == ANCHOR_WORD || c->woken_by == ANCHOR_FIELD
               ? labelled_value(c, REACH, 0, read_card, ret)
               : check_lettered(c, ret);
}

const struct detector detect_residence_card = {
    .id = "residence_card",
    .kind = "residence-card",
    .version = 1,
    .anchors = ANCHOR_DIGITS | ANCHOR_WORD | ANCHOR_FIELD,
    .digits_min = DIGITS,
    .digits_max = DIGITS,
    .longest = LONGEST,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_NONE, CONFIDENCE_NONE},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_LOW, CONFIDENCE_MEDIUM},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .chance = 0, /* no check digit that is public */
    .words = words,
    .keys = keys,
    .wakes = words,
    .in_lists = true,
    .names_stand_beside = true,
    .of_person = true,
    .check = check,
};
