/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * person_label.c - "Nom et prénom du demandeur", "last_name", "naamAanvrager", "nom de fichier".
 *
 * A label is read word by word: camelCase, underscores and digits end a word.  One word of the
 * lists of other things decides against it; words that no list has leave a doubt.
 */
#include "detectors/person_label.h"

#include "detectors/capitals.h"

enum { WORD_MAX = 23, WORDS_MAX = 16, LABEL_MAX = 160 };

enum said {
    SAID_NAME = 1,
    SAID_ENGLISH_NAME = 2, /* "name": of anything, by itself */
    SAID_FAMILY = 4,
    SAID_GIVEN = 8,
    SAID_FIRST = 16, /* "first", "given": of a name */
    SAID_LAST = 32,  /* "last", "famille": of a name */
    SAID_ENTIRE = 64,
    SAID_PERSON = 128,
    SAID_PARTY = 256, /* a person or an organisation */
    SAID_OTHER = 512,
    SAID_UNKNOWN = 1024,
    SAID_ALONE = 2048 /* <Nm> of ISO 20022: of a party where nothing else is said */
};

#include "detectors/person_label.inc"

static unsigned said_by(const char *word)
{
    size_t low = 0, high = sizeof(label_words) / sizeof(*label_words);

    if (word[0] && !word[1])
        return 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(word, label_words[mid].word);

        if (order == 0)
            return label_words[mid].said;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return SAID_UNKNOWN;
}

/* All words together. */
static unsigned label_says(struct span label)
{
    char word[WORD_MAX + 1];
    unsigned said = 0, n = 0, words = 0;
    bool lower = false;

    for (size_t at = 0; at <= label.len;) {
        struct capital c = {.len = 1};

        if (at < label.len)
            c = capital_read(label, at);
        if (!c.mark && n > 0 && (!c.letters || c.digit || (lower && c.upper))) {
            word[n] = '\0';
            said |= said_by(word);
            n = 0;
            if (++words == WORDS_MAX)
                return said | SAID_UNKNOWN;
        }
        if (c.letters && !c.digit) {
            for (unsigned i = 0; i < c.letters; i++) {
                if (n == WORD_MAX)
                    return said | SAID_UNKNOWN;
                word[n++] = c.as[i];
            }
            lower = !c.upper;
        }
        at += c.len;
    }
    return said;
}

struct name_label name_label_of(struct span label)
{
    struct name_label ret = {NAME_NONE, true, false};
    unsigned said = label.len <= LABEL_MAX ? label_says(label) : SAID_OTHER;
    bool name = said & (SAID_NAME | SAID_ENGLISH_NAME);
    bool family = (said & SAID_FAMILY) || (said & SAID_LAST);
    bool given = (said & SAID_GIVEN) || (said & SAID_FIRST);

    if ((said & SAID_OTHER) || ((said & SAID_ALONE) && said != SAID_ALONE))
        return ret;
    if ((said & SAID_ENTIRE) && name)
        ret.role = NAME_WHOLE;
    else if (family && given)
        ret.role = NAME_WHOLE;
    else if ((said & SAID_GIVEN) && name)
        ret.role = NAME_WHOLE;
    else if (family)
        ret.role = NAME_FAMILY;
    else if (given)
        ret.role = NAME_GIVEN;
    else if (name)
        ret.role = NAME_EITHER;
    else if (said & (SAID_PERSON | SAID_PARTY | SAID_ALONE))
        ret.role = NAME_WHOLE;
    ret.plain = said == SAID_ENGLISH_NAME;
    /* "first", "family" by themselves are of anything */
    if ((said & (SAID_FIRST | SAID_LAST)) && !name && !(said & (SAID_GIVEN | SAID_FAMILY)))
        ret.sure = false;
    if (ret.role == NAME_EITHER && !(said & (SAID_NAME | SAID_PERSON)))
        ret.sure = false;
    if ((ret.role == NAME_EITHER || ret.role == NAME_WHOLE) && !given && !family &&
        (said & (SAID_UNKNOWN | SAID_PARTY | SAID_ALONE)))
        ret.sure = false;
    return ret;
}
