/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * categories.c - the categories of the vocabulary as kinds.
 *
 * Their terms are found by the lexicon and weighed by the engine (ANCHOR_TERM): a weak term needs
 * a second one, and a category is said of a person only where an identifier stands in the same
 * record.  So these rows have no check and no form.  A value is the term's folded spelling.
 *
 * Regulation (EU) 2016/679: health, origin_asylum, religion_belief, political_opinion, trade_union,
 * sexual_life and biometric_genetic are article 9(1); criminal_judicial article 10;
 * identity_document article 87; credentials article 32.  The others have no article of their own:
 * they fall under the secrecy of the service, and raise what a breach can do to a person.
 */
#include "detectors/detector.h"

static enum verdict no_candidate(const struct candidate *c, struct match *ret)
{
    (void)c;
    (void)ret;
    return VERDICT_NO;
}

/* Confidence: a term is no identifier; the engine begins from `normal` and goes by the strength of
 * the term and by what else stands in the record. */
#define CATEGORY(key)                                                                              \
    const struct detector detect_category_##key = {                                                \
        .id = "category_" #key,                                                                    \
        .kind = "category:" #key,                                                                  \
        .version = 1,                                                                              \
        .anchors = ANCHOR_TERM,                                                                    \
        .longest = 192,                                                                            \
        .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_OTHER},                      \
        .alone = {CONFIDENCE_LOW, CONFIDENCE_LOW, CONFIDENCE_LOW},                                 \
        .normal = {CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM, CONFIDENCE_MEDIUM},                       \
        .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},                             \
        .check = no_candidate,                                                                     \
    }

CATEGORY(health);
CATEGORY(origin_asylum);
CATEGORY(religion_belief);
CATEGORY(political_opinion);
CATEGORY(trade_union);
CATEGORY(sexual_life);
CATEGORY(biometric_genetic);
CATEGORY(criminal_judicial);
CATEGORY(social_aid);
CATEGORY(financial_distress);
CATEGORY(housing);
CATEGORY(minors_child_protection);
CATEGORY(vulnerable_adult);
CATEGORY(identity_document);
CATEGORY(credentials);
