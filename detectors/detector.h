/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * detector.h - what one kind of identifier is: a row of facts and one pure function.
 *
 * A detector is one file, detectors/<id>.c, that defines `const struct detector detect_<id>`, and
 * one line, DETECTOR(<id>), in detectors.list.  The engine (engine.h) finds places worth a look by
 * cheap anchors and hands each to the detectors that the anchor wakes; a detector proves or
 * refuses the candidate from its bytes alone.  What stands around the candidate (key words, column
 * headers, pass rate of its neighbours) is weighed by the engine from the facts in the row.
 *
 * Everything here is immutable and may be used from any thread.  Nothing in detectors/ allocates
 * per candidate, does I/O, reads a clock or keeps state: `today` is handed in.
 */
#ifndef CONSTAT_DETECTOR_H
#define CONSTAT_DETECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"

/* What wakes a detector.  A bit set: one detector may have several. */
enum anchor {
    /* A group of ASCII digits that no digit touches on its left.  The engine joins the groups that
     * follow over runs of at most 3 separators (space, NBSP, U+202F, U+2009, . - / U+2010 U+2011
     * U+2013 U+2212 and, in the first two runs, round brackets: "(012) 34", "32 (0)470"), never
     * over a line feed, and
     * offers every prefix that ends at a group's end and whose digit count lies in
     * [digits_min, digits_max]. */
    ANCHOR_DIGITS = 1,
    /* Two ASCII letters followed, over at most one separator, by a digit; the letters have no
     * letter or digit on their left.  `text` runs to the end of the line or `longest`. */
    ANCHOR_LETTERS = 2,
    /* An `@` between bytes that can stand in an address; `anchor` is its offset in `text`. */
    ANCHOR_AT = 4,
    /* `<<` or a line that starts like a machine readable zone; `text` starts at the beginning of
     * that line and runs over up to 3 lines. */
    ANCHOR_CHEVRONS = 8,
    /* One of the row's `wakes` begins at `anchor` (word borders, case and accents folded, found by
     * the lexicon that passes over all text once); `label` is that word as it stands there.  `text`
     * runs from the word to the end of the line or cell, or `longest`, and over up to 2 line feeds
     * when `longest` is more than 120 (address blocks, key blocks).  A match may begin at most 150
     * bytes before it. */
    ANCHOR_WORD = 16,
    /* The value of a field that is named for this kind: a cell of a column whose header names it,
     * or what stands behind a key name or form label ("nom": "...", <nom>..., nom=..., Nom : ...).
     * `start` and `len` are the value without its quotes, tags and outer blanks, cut at `longest`;
     * `label` is the header or key name.  A value that is itself a label is not offered. */
    ANCHOR_FIELD = 32,
    /* Four digits, 1000 to 9999, that no digit or letter touches, followed over one or two blanks
     * by a capital letter: a postal code and its place.  `anchor` is the first digit; `text` runs
     * from the start of the line before, at most 150 bytes, to the end of the line. */
    ANCHOR_POSTCODE = 64,
    /* A number of a person (a kind with `names_stand_beside`) was found: `anchor` is where it
     * begins, `text` its line, at most 160 bytes before and behind and no further than
     * the next such number on either side; what another finding holds is not given away. */
    ANCHOR_BESIDE = 128,
    /* A term of the vocabulary of special categories (lexicon.h); no check is asked. */
    ANCHOR_TERM = 256
};

/* How the candidate is written; decides with the row below how much it is worth by itself. */
enum form {
    FORM_BARE,    /* digits only, nothing that tells it from any other number */
    FORM_GROUPED, /* separated, but not in a way that is its own */
    FORM_WRITTEN  /* its own written form: official grouping, prefix, structure */
};

enum confidence { CONFIDENCE_NONE, CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

enum verdict {
    VERDICT_NO,    /* not of this shape at all: not counted */
    VERDICT_SHAPE, /* the shape is right, a check is not: counted as a candidate that failed */
    VERDICT_PASS   /* shape and every check right */
};

/* One run of digits of a candidate and what separates it from the next. */
struct digit_group {
    uint8_t digits;    /* 1..255, capped */
    uint8_t separator; /* 0 for the last group; else the first separator byte as ASCII: ' ' (any
                          blank), '.', '-' (any dash), '/', '(' or ')' */
    uint8_t width;     /* characters in the separator run, 1..3 */
};

enum { CANDIDATE_GROUPS = 24, CANDIDATE_DIGITS = 40, VALUE_MAX = 254 };

struct candidate {
    struct span window; /* the text at hand, margins included; borrowed */
    size_t start;       /* candidate = window.at[start .. start+len) */
    size_t len;
    size_t anchor; /* offset of the anchor in window */

    /* ANCHOR_DIGITS only */
    const char *digits; /* the digits without separators, n of them, not NUL-terminated */
    unsigned n;
    const struct digit_group *groups;
    unsigned n_groups;

    uint32_t today; /* reference date as YYYYMMDD */

    /* ANCHOR_WORD, ANCHOR_FIELD: what woke the detector, as it stands in the text or the header;
     * else empty.  `woken_by` is the one anchor. */
    struct span label;
    unsigned woken_by;
    /* What the detector's own `label` said of it, where label_read. */
    uint32_t label_says;
    bool label_read;
};

/* Facts that some numbers carry.  Never stored in the clear: see scanner/inventory. */
struct person_facts {
    uint32_t birth; /* YYYYMMDD, MM or DD 00 = unknown; 0 = nothing known */
    char sex;       /* 'M', 'F' or 0 */
    bool bis;       /* a bis number */
};

/* A value of another kind inside a structure: the national number and the name in a card's MRZ. */
struct embedded_value {
    const char *kind; /* the other detector's `kind`; NULL ends the list */
    char value[40];   /* normalised, NUL-terminated; a passport's zone has 39 characters for a name */
    struct person_facts facts;
};

enum { EMBEDDED_MAX = 3 };

struct match {
    size_t start, len;         /* the exact span in candidate.window; preset to the candidate's */
    char value[VALUE_MAX + 1]; /* normalised as docs/inventory.md says, NUL-terminated */
    size_t value_len;
    enum form form;
    /* Right by every rule, yet rather something else: a compact mobile number that reads as a bis
     * number, a date that nobody was given.  Without a strong key word any other kind wins the
     * span; then, or with no other kind there, the confidence is one step lower (LOW stays only
     * with a key word). */
    bool doubtful;
    /* A leading zero that a spreadsheet dropped was put back. */
    bool zero_restored;
    struct person_facts facts;
    struct embedded_value embedded[EMBEDDED_MAX];
    /* 0: the whole value.  Else one bit, which piece of a value that is spread over several fields
     * of one record (family name | given name; street | number | postal code | place).  The engine
     * gathers the pieces of a record and hands them to the row's `join`. */
    uint8_t part;
};

/* The order of precedence.  Several kinds may share a step. */
enum {
    PRECEDENCE_MRZ = 1,
    PRECEDENCE_IBAN = 2,
    PRECEDENCE_VAT = 3,         /* with its BE prefix */
    PRECEDENCE_PAYMENT_REF = 4, /* structured communication in its delimiters or slashes */
    PRECEDENCE_PHONE = 5,       /* with its country code */
    PRECEDENCE_NRN = 6,         /* in written form */
    PRECEDENCE_CARD = 7,        /* payment card in groups */
    PRECEDENCE_WORDS = 8,       /* from here on a key word decides first */
    PRECEDENCE_NRN_BARE = 9,
    PRECEDENCE_OTHER = 10
};

struct detector {
    const char *id;                 /* file and symbol name */
    const char *kind;               /* name in the inventory and in every export, e.g. "be-nrn" */
    uint32_t version;               /* raised when results change */
    unsigned anchors;               /* enum anchor bits */
    uint8_t digits_min, digits_max; /* ANCHOR_DIGITS */
    uint16_t longest;               /* most bytes a match can span; <= ENGINE_MARGIN */

    /* So that what cannot be of this kind is not offered; `check` would say VERDICT_NO. */
    uint16_t first_digits; /* ANCHOR_DIGITS: bit d, a number may begin with digit d; 0: any */
    bool any_behind_plus;  /* ... with any digit when a plus sign stands before it */
    bool (*begins)(const char two[2]); /* ANCHOR_LETTERS: a match may begin with these capitals,
                                          whatever their case in the text; NULL: any */

    /* A look-alike: recognised so that it is NOT reported and so that nothing else claims its
     * span.  Its passes are counted only. */
    bool look_alike;

    /* Place in the order of docs/detection.md "One span, one finding", by form: the lowest number
     * wins a span that several claim.  Below PRECEDENCE_WORDS the form decides; a claim at
     * PRECEDENCE_WORDS or above that has a key word comes before every claim there without one,
     * and the nearest word wins.  Where the spans differ, the longer of two equals wins. */
    uint8_t precedence[3]; /* indexed by enum form */

    /* Confidence of a pass by form, without and with a key word (strong = column header, key
     * name, same line within 60 characters; else within 300 characters). */
    enum confidence alone[3];  /* indexed by enum form */
    enum confidence normal[3]; /* a key word within 300 characters */
    enum confidence strong[3]; /* header, key name, or near on the same line */

    /* Probability that an unrelated string of that shape (VERDICT_SHAPE or better) passes every
     * check.  0: there is no check digit, so a pass rate proves nothing and is not weighed. */
    double chance;

    /* Words that speak for it: lower case, without accents, several words by one space, matched at
     * word borders in folded text.  FR, NL, DE, EN.  `keys` count only as a column header, a
     * JSON/XML/SQL key or a form label directly before a colon.  `against` lower the confidence.
     * All NULL-ended, may be NULL. */
    const char *const *words;
    const char *const *keys;
    const char *const *against;
    /* Pure.  A column or field whose name alone says nothing ("Nr", "Bus") holds a piece of it where
     * the one beside it, which names it, is called `neighbour`; NULL: there are none. */
    bool (*names_beside)(struct span label, struct span neighbour);

    /* ANCHOR_WORD: the words that wake it, written like `words`; NULL-ended. */
    const char *const *wakes;
    /* Several may stand behind one such word: the check is asked again behind each match, with the
     * same label and anchor, and `start` where the match ended. */
    bool in_lists;
    /* Its finding in a line wakes the ANCHOR_BESIDE detectors. */
    bool names_stand_beside;
    /* Says that there is a person in a document: an identifier, a name; not a bare word. */
    bool of_person;

    /* ANCHOR_FIELD: what a label means to `check`.  Pure; asked once for a label that comes again,
     * and handed to `check` in the candidate.  NULL: nothing. */
    uint32_t (*label)(struct span label);

    /* Pure.  On VERDICT_PASS fills *ret (value, form, facts, and a tighter span if needed). */
    enum verdict (*check)(const struct candidate *c, struct match *ret);

    /* Pure.  n pieces of one record, in the order of the text, no `part` twice -> one match whose
     * span is that of the first piece; NO when they do not make a value (the pieces are then
     * dropped).  NULL: the kind has no pieces. */
    enum verdict (*join)(const struct match *const *pieces, unsigned n, struct match *ret);
};

#define DETECTOR(name) extern const struct detector detect_##name;
#include "detectors/detectors.list"
#undef DETECTOR

/* All of them in list order.  A finding's kind is an index into this table; exports and the
 * inventory use the `kind` name. */
extern const struct detector *const detectors[];
extern const unsigned detectors_count;

/* Index of the detector of that kind, or -1. */
int detector_by_kind(const char *kind);

#endif
