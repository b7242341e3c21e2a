/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Belgian number plate.  1-ABC-123 since November 2010, with an index from 1 to 9 or the letter of
 * a category (G M O Q S T W Z) before it; 123-ABC from 2008 to 2010; ABC-123 from 1973 to 2008.
 * The plate belongs to its holder, not to the car (royal decree of 20 July 2001), so it tells who
 * it is.  There is no check, and order numbers look the same: nothing is one without a word that
 * names it.  Plates of diplomats, of the court and of free choice have other forms.
 */
#include "detectors/checks.h"
#include "detectors/labelled.h"

enum { REACH = 100, BEFORE = 40, LONGEST = 240, DIGITS_LEAST = 3 };

static const char *const words[] = {
    /* FR */
    "plaque d immatriculation", "plaques d immatriculation", "plaque", "plaques", "immatriculation",
    "immatricule", "immatriculee", "numero de plaque", "n\xC2\xB0 de plaque",
    /* NL */
    "nummerplaat", "nummerplaten", "kentekenplaat", "kentekenplaten", "kenteken", "nummer plaat",
    "inschrijvingsplaat", "ingeschreven onder nummer",
    /* DE */
    "kennzeichen", "kfz-kennzeichen", "nummernschild", "nummernschilder", "amtliches kennzeichen",
    "autokennzeichen",
    /* EN */
    "number plate", "number plates", "licence plate", "licence plates", "license plate",
    "license plates", "registration plate", "vehicle registration", "plate number", NULL};

static const char *const keys[] = {"plate",
                                   "platenumber",
                                   "plate_number",
                                   "plate_no",
                                   "plaque",
                                   "num_plaque",
                                   "numplaque",
                                   "no_plaque",
                                   "numero_plaque",
                                   "immat",
                                   "immatriculation",
                                   "num_immatriculation",
                                   "nummerplaat",
                                   "nrplaat",
                                   "nr_plaat",
                                   "nummerplaatnr",
                                   "kenteken",
                                   "kentekenplaat",
                                   "kennzeichen",
                                   "kfz",
                                   "kfzkennzeichen",
                                   "kfz_kennzeichen",
                                   "licenceplate",
                                   "licence_plate",
                                   "licenseplate",
                                   "license_plate",
                                   "numberplate",
                                   "number_plate",
                                   "registrationplate",
                                   "registration_plate",
                                   "vehicle_registration",
                                   NULL};

/* Three shapes: # a digit, & a letter, ! an index or category, - a separator. */
static const char *const shapes[] = {"!-&&&-###", "&&&-###", "###-&&&"};

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool fits(char sign, char c)
{
    if (sign == '#')
        return is_digit(c);
    if (sign == '&')
        return is_letter(c);
    return (c >= '1' && c <= '9') || (c != '\0' && strchr("GMOQSTWZ", c & ~0x20) && !is_digit(c));
}

/* Bytes that the shape takes at `at`, 0 if it is not there.  *seps: how many of its separators are
 * written.  `upper`: letters must be capitals. */
static size_t shape_at(struct span w, size_t at, size_t end, const char *shape, bool upper,
                       struct match *ret, unsigned *seps)
{
    char value[8];
    size_t from = at, n = 0;

    *seps = 0;
    for (; *shape; shape++) {
        if (*shape == '-') {
            if (at < end && (w.at[at] == '-' || w.at[at] == ' ' || w.at[at] == '.')) {
                at++;
                ++*seps;
            }
            continue;
        }
        if (at >= end || !fits(*shape, w.at[at]) || (upper && w.at[at] >= 'a'))
            return 0;
        value[n++] = (char)(is_digit(w.at[at]) ? w.at[at] : w.at[at] & ~0x20);
        at++;
    }
    return set_value(ret, value, n) ? at - from : 0;
}

/* "11 ABC 123": the groups of the newer plate with a number before them that is no index. */
static bool digit_before(struct span w, size_t at)
{
    return at >= 2 && w.at[at - 1] == ' ' && is_digit(w.at[at - 2]);
}

static size_t read_plate(const struct candidate *c, size_t at, size_t end, enum label_place place,
                         struct match *ret)
{
    struct span w = c->window;

    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        unsigned seps, all = i == 0 ? 2 : 1;
        size_t len = shape_at(w, at, end, shapes[i], place == LABEL_NEAR, ret, &seps);

        if (len == 0 || part_of_code(w, at, len) || (i > 0 && digit_before(w, at)))
            continue;
        if (place == LABEL_NEAR && i > 0 && !memchr(w.at + at, '-', len))
            continue; /* 123 RUE */
        /* 1ABC123 is a plate's own as well, ABC123 only where a plate must stand; a half of the
         * separators is how nobody writes one */
        if (seps != all && (seps != 0 || (i > 0 && place == LABEL_NEAR)))
            continue;
        ret->form = i == 0 ? FORM_WRITTEN : FORM_BARE;
        return len;
    }
    return 0;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (!digits_near(c, REACH, BEFORE, DIGITS_LEAST))
        return VERDICT_NO;
    return labelled_value(c, REACH, BEFORE, read_plate, ret);
}

const struct detector detect_vehicle_plate = {
    .id = "vehicle_plate",
    .kind = "vehicle-plate",
    .version = 1,
    .anchors = ANCHOR_WORD | ANCHOR_FIELD,
    .longest = LONGEST,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_NONE, CONFIDENCE_NONE},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_LOW, CONFIDENCE_MEDIUM},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .chance = 0, /* no check digit */
    .words = words,
    .keys = keys,
    .wakes = words,
    .in_lists = true,
    .of_person = true,
    .check = check,
};
