/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * The order is that in which somebody would ask: how is it written, is it right, what stands around
 * it, what do its neighbours say, and what speaks against it.
 */
#include "scanner/explain_reasons.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 256 * 1024, WORD_MAX = 128 };

enum {
    NAMED = EVIDENCE_HEADER | EVIDENCE_FIELD,
    WORDS = NAMED | EVIDENCE_WORD_STRONG | EVIDENCE_WORD_NEAR
};

struct telling {
    struct reasons *r;
    enum explain_language l;
    const struct packed_finding *f;
    const struct explain_rule *rule;
    const struct explain_kind *about;
    const struct detector *detector; /* as this program has it; NULL: it has no such kind */
};

void reasons_init(struct reasons *r)
{
    *r = (struct reasons){.n_why = 0};
    buf_init(&r->text, TEXT_MAX);
}

void reasons_release(struct reasons *r)
{
    buf_release(&r->text);
}

const char *explain_confidence(enum explain_language l, enum confidence c)
{
    return explain_text(l, c == CONFIDENCE_HIGH     ? X_high
                           : c == CONFIDENCE_MEDIUM ? X_medium
                                                    : X_low);
}

static void say(struct telling *t, char sign, enum explain_word w, const char *a, const char *b,
                const char *c)
{
    struct reasons *r = t->r;
    struct reason *one;

    if (sign && r->n_why < REASONS_MAX)
        one = &r->why[r->n_why++];
    else if (!sign && r->n_higher < REASONS_MAX)
        one = &r->higher[r->n_higher++];
    else
        return;
    *one = (struct reason){sign, r->text.len};
    explain_say(&r->text, t->l, w, a, b, c, NULL);
    buf_add_byte(&r->text, '\0');
}

/* The n-th line from 1, into `ret`; false when there is none. */
static bool nth_word(const char *words, unsigned n, char ret[WORD_MAX])
{
    for (; words && n > 1; n--) {
        words = strchr(words, '\n');
        words = words ? words + 1 : NULL;
    }
    if (!words || n == 0)
        return false;
    size_t len = strcspn(words, "\n");

    if (len == 0 || len >= WORD_MAX)
        return false;
    memcpy(ret, words, len);
    ret[len] = '\0';
    return true;
}

/* --- why -------------------------------------------------------------------------------------- */

static void say_form(struct telling *t)
{
    uint32_t e = t->f->evidence;
    bool number = t->about && t->about->nature == KIND_NUMBER;
    char of[32];

    if (e & EVIDENCE_EMBEDDED)
        say(t, '+', X_embedded, "", "", "");
    else if (t->about && t->about->nature == KIND_NAME)
        say(t, e & EVIDENCE_WRITTEN_FORM ? '+' : '.',
            e & EVIDENCE_WRITTEN_FORM ? X_name_known : X_name_unknown, "", "", "");
    else if (t->about && t->about->nature == KIND_ADDRESS)
        say(t, e & EVIDENCE_WRITTEN_FORM ? '+' : '.',
            e & EVIDENCE_WRITTEN_FORM ? X_address_whole : X_address_part, "", "", "");
    else if (e & EVIDENCE_WRITTEN_FORM)
        say(t, '+', X_form_written, "", "", "");
    else if (t->about && t->about->nature == KIND_TEXT)
        say(t, '.', X_form_fits, "", "", "");
    else if (e & EVIDENCE_GROUPED)
        say(t, '.', X_form_grouped, "", "", "");
    else if (number)
        say(t, t->f->confidence == CONFIDENCE_HIGH ? '.' : '-', X_form_bare, "", "", "");
    if (e & EVIDENCE_JOINED)
        say(t, '.', X_joined, "", "", "");
    if (e & EVIDENCE_RESTORED_ZERO)
        say(t, '.', X_restored_zero, "", "", "");
    if (t->rule && t->rule->chance > 0) {
        snprintf(of, sizeof of, "%.0f", 1 / t->rule->chance);
        say(t, '+', X_checks_right, "1", of, "");
    } else if (t->rule &&
               !(t->about && (t->about->nature == KIND_NAME || t->about->nature == KIND_ADDRESS))) {
        say(t, '.', X_no_checks, "", "", "");
    }
    if (t->about && t->about->dated)
        say(t, '+', X_calendar_right, "", "", "");
}

static void say_words(struct telling *t)
{
    uint32_t e = t->f->evidence;
    char word[WORD_MAX], distance[16];
    bool known = nth_word(t->rule ? t->rule->words : NULL, t->f->word, word);

    snprintf(distance, sizeof distance, "%u", (unsigned)t->f->word_distance);
    if (e & NAMED)
        say(t, '+', known ? X_named_by : X_named, word, "", "");
    else if ((e & EVIDENCE_WORD_STRONG) && known)
        say(t, '+', t->f->word_distance <= 2 ? X_word_beside : X_word_line, word, distance, "");
    else if (e & EVIDENCE_WORD_STRONG)
        say(t, '+', X_some_word_line, "", "", "");
    else if ((e & EVIDENCE_WORD_NEAR) && known)
        say(t, '+', X_word_near, word, distance, "");
    else if (e & EVIDENCE_WORD_NEAR)
        say(t, '+', X_some_word_near, "", "", "");
    if (e & EVIDENCE_BESIDE)
        say(t, '+', X_beside_number, "", "", "");
    if (t->f->place.kind == PLACE_NAME)
        say(t, '.', X_in_name, "", "", "");
    else if (!(e & (WORDS | EVIDENCE_BESIDE | EVIDENCE_EMBEDDED | EVIDENCE_COLUMN_RATE)) &&
             t->f->confidence != CONFIDENCE_HIGH)
        say(t, '-', X_alone, "", "", "");
}

/* Kinds of numbers with just as many digits, by name. */
static void kinds_alike(const struct telling *t, struct buf *ret)
{
    const struct detector *d = t->detector;

    for (unsigned i = 0; d && d->digits_min == d->digits_max && i < detectors_count; i++) {
        const struct detector *other = detectors[i];
        const struct explain_kind *about = explain_kind(other->kind);

        if (other == d || !about || !(other->anchors & ANCHOR_DIGITS) ||
            other->digits_min != d->digits_min || other->digits_max != d->digits_max)
            continue;
        buf_printf(ret, "%s%s", ret->len ? ", " : "", about->name[t->l]);
    }
}

static void say_ambiguous(struct telling *t)
{
    AUTO_BUF struct buf alike;

    buf_init(&alike, TEXT_MAX);
    kinds_alike(t, &alike);
    if (alike.len)
        say(t, '-', X_ambiguous_with, alike.at, "", "");
    else
        say(t, '-', X_ambiguous, "", "", "");
}

static void say_against(struct telling *t)
{
    uint32_t e = t->f->evidence;
    char word[WORD_MAX];
    bool known = nth_word(t->rule ? t->rule->against : NULL, t->f->word_against, word);

    if (e & EVIDENCE_AGAINST)
        say(t, '-', known ? X_against_by : X_against, word, "", "");
    if (e & EVIDENCE_OTHER_COLUMN)
        say(t, '-', X_other_column, "", "", "");
    if (e & EVIDENCE_AMBIGUOUS)
        say_ambiguous(t);
    if (e & EVIDENCE_DOUBTFUL)
        say(t, '-', X_doubtful, "", "", "");
}

static void say_origin(struct telling *t)
{
    if (t->f->evidence & EVIDENCE_RAW)
        say(t, '-', X_raw, "", "", "");
    if (t->f->evidence & EVIDENCE_OCR)
        say(t, '-', X_ocr, "", "", "");
}

static void say_identifier(struct telling *t)
{
    uint32_t e = t->f->evidence;

    say_form(t);
    say_words(t);
    if (e & EVIDENCE_COLUMN_RATE)
        say(t, '+', X_column_rate, "", "", "");
    if (e & EVIDENCE_CHANCE_RATE)
        say(t, '-', X_chance_rate, "", "", "");
    say_against(t);
    say_origin(t);
}

static void say_term(struct telling *t)
{
    uint32_t e = t->f->evidence;

    say(t, '+', X_term, "", "", "");
    if (e & EVIDENCE_SECOND_TERM)
        say(t, '+', X_second_term, "", "", "");
    if (e & EVIDENCE_PERSON_HERE)
        say(t, '+', X_person_here, "", "", "");
    else if (e & EVIDENCE_PERSON_ELSEWHERE)
        say(t, '.', X_person_elsewhere, "", "", "");
    else
        say(t, '-', X_nobody_here, "", "", "");
    if (t->f->place.kind == PLACE_NAME)
        say(t, '.', X_in_name, "", "", "");
    say_origin(t);
}

/* --- what would have made it higher ----------------------------------------------------------- */

static enum form form_of(const struct packed_finding *f)
{
    return f->evidence & EVIDENCE_WRITTEN_FORM ? FORM_WRITTEN
           : f->evidence & EVIDENCE_GROUPED    ? FORM_GROUPED
                                               : FORM_BARE;
}

static void raise_by_word(struct telling *t)
{
    const struct detector *d = t->detector;
    char word[WORD_MAX], digits[16];

    if (!d || d->digits_min != d->digits_max || d->digits_min == 0 ||
        d->alone[form_of(t->f)] == CONFIDENCE_NONE || d->alone[form_of(t->f)] > t->f->confidence ||
        !nth_word(t->rule ? t->rule->words : NULL, 1, word)) {
        say(t, 0, X_raise_any_word, "", "", "");
        return;
    }
    snprintf(digits, sizeof digits, "%u", (unsigned)d->digits_min);
    say(t, 0, X_raise_word, word, digits, explain_confidence(t->l, d->alone[form_of(t->f)]));
}

static void raise_identifier(struct telling *t)
{
    uint32_t e = t->f->evidence;
    enum confidence now = t->f->confidence;

    if (e & EVIDENCE_AMBIGUOUS)
        say(t, 0, X_raise_ambiguous, "", "", "");
    if (e & EVIDENCE_AGAINST)
        say(t, 0, X_raise_against, "", "", "");
    if (e & EVIDENCE_OTHER_COLUMN)
        say(t, 0, X_raise_column, "", "", "");
    if (!(e & WORDS) && t->f->place.kind != PLACE_NAME && !(e & EVIDENCE_AMBIGUOUS))
        raise_by_word(t);
    else if ((e & EVIDENCE_WORD_NEAR) && !(e & (NAMED | EVIDENCE_WORD_STRONG)))
        say(t, 0, X_raise_strong, "", "", "");
    if (t->detector && t->about && t->about->nature == KIND_NUMBER &&
        form_of(t->f) != FORM_WRITTEN && t->detector->alone[FORM_WRITTEN] > now)
        say(t, 0, X_raise_written, "", "", "");
    if (t->about && t->about->nature == KIND_NAME && form_of(t->f) != FORM_WRITTEN)
        say(t, 0, X_raise_name, "", "", "");
    if (t->about && t->about->nature == KIND_ADDRESS && form_of(t->f) != FORM_WRITTEN)
        say(t, 0, X_raise_address, "", "", "");
    if ((e & EVIDENCE_CHANCE_RATE) ||
        (t->rule && t->rule->chance > 0 && t->f->place.kind == PLACE_CELL &&
         !(e & EVIDENCE_COLUMN_RATE)))
        say(t, 0, X_raise_neighbours, "", "", "");
}

static void say_higher(struct telling *t, bool term)
{
    uint32_t e = t->f->evidence;

    if (t->f->confidence == CONFIDENCE_HIGH)
        return;
    if (e & EVIDENCE_RAW)
        say(t, 0, X_raise_raw, "", "", "");
    if (e & EVIDENCE_OCR)
        say(t, 0, X_raise_ocr, "", "", "");
    /* At its ceiling nothing else would help. */
    if ((e & (EVIDENCE_RAW | EVIDENCE_OCR)) && t->f->confidence == CONFIDENCE_MEDIUM)
        return;
    if (!term) {
        raise_identifier(t);
        return;
    }
    if (!(e & EVIDENCE_PERSON_HERE))
        say(t, 0, X_raise_person, "", "", "");
    if (!(e & EVIDENCE_SECOND_TERM))
        say(t, 0, X_raise_term, "", "", "");
}

bool reasons_of(struct reasons *r, enum explain_language l, const struct packed_finding *f,
                const char *kind, const struct explain_rule *rule)
{
    int detector = detector_by_kind(kind);
    struct telling t = {
        r, l, f, rule, explain_kind(kind), detector < 0 ? NULL : detectors[detector]};
    bool term = t.about && t.about->nature == KIND_TERM;

    buf_clear(&r->text);
    r->n_why = r->n_higher = 0;
    if (term)
        say_term(&t);
    else
        say_identifier(&t);
    say_higher(&t, term);
    return !r->text.failed;
}
