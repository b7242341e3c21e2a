/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * fold.c - equal values of a document become one finding; when the document is over, what its
 * columns and the document as a whole showed decides how sure each one is.
 */
#include "detectors/engine_private.h"

#include <math.h>
#include <stdlib.h>

enum {
    SLOTS_LEAST = 256,
    SHOWING = 20, /* candidates from which a pass rate says something */
    PROVING = 5   /* passes from which a column of hardly anything else is proof */
};

/* A pass among few others: at most this share of a column's candidates, or 3 times chance. */
static const double chance_share = 0.04;
/* A check that fewer than one of twenty strings pass says something when a column passes it. */
static const double checked = 0.05;

void fold_clear(struct fold *f)
{
    if (f->n * 4 > f->slots && f->slots) {
        memset(f->index, 0, f->slots * sizeof(*f->index));
        f->n = 0;
    }
    /* A wide index left by a large document would cost every small one: take out one by
     * one.  Each is there, whatever holes the others leave. */
    for (; f->n > 0; f->n--) {
        size_t slot = f->all[f->n - 1].tag & (f->slots - 1);

        while ((uint32_t)f->index[slot] != f->n)
            slot = (slot + 1) & (f->slots - 1);
        f->index[slot] = 0;
    }
    f->values_len = 0;
    f->n_more = 0;
}

void fold_free(struct fold *f)
{
    free(f->all);
    free(f->index);
    free(f->values);
    free(f->more);
}

/* The place in the index follows from the tag, and the tag stands in the index: neither widening it
 * nor passing over other values reads what was folded, which is no more in the cache. */
static uint32_t value_tag(unsigned kind, struct span value)
{
    uint64_t hash = (kind + 1) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t word;
    size_t i = 0;

    for (; i + 8 <= value.len; i += 8) {
        memcpy(&word, value.at + i, 8);
        hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    word = 0;
    if (value.len >= 8)
        memcpy(&word, value.at + value.len - 8,
               8); /* some bytes again: no copy of unknown length */
    else
        for (; i < value.len; i++)
            word = word << 8 | (unsigned char)value.at[i];
    hash = (hash ^ word ^ (uint64_t)value.len << 56) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (uint32_t)(hash >> 32);
}

uint32_t fold_tag(const struct fold *f, unsigned kind, struct span value)
{
    uint32_t tag = value_tag(kind, value);

    if (f->slots)
        __builtin_prefetch(&f->index[tag & (f->slots - 1)], 1);
    return tag;
}

static bool fold_widen(struct fold *f)
{
    size_t slots = f->slots ? f->slots * 2 : SLOTS_LEAST;
    uint64_t *index = calloc(slots, sizeof(*index));

    if (!index)
        return false;
    for (size_t i = 0; i < f->slots; i++) {
        size_t slot = (f->index[i] >> 32) & (slots - 1);

        if (!f->index[i])
            continue;
        while (index[slot])
            slot = (slot + 1) & (slots - 1);
        index[slot] = f->index[i];
    }
    free(f->index);
    f->index = index;
    f->slots = slots;
    return true;
}

struct folded *fold_find(struct engine *e, unsigned kind, struct span value, uint32_t tag,
                         bool *ret_new)
{
    struct fold *f = &e->fold;
    struct folded *at;
    size_t slot;

    *ret_new = false;
    if (value.len > VALUE_MAX)
        return NULL;
    if (f->n >= ENGINE_FOLD_MAX)
        fold_emit(e);
    if (f->n * 4 >= f->slots * 3 && !fold_widen(f)) {
        e->failed = true;
        return NULL;
    }
    for (slot = tag & (f->slots - 1); f->index[slot]; slot = (slot + 1) & (f->slots - 1)) {
        if (f->index[slot] >> 32 != tag)
            continue;
        at = &f->all[(uint32_t)f->index[slot] - 1];
        if (at->kind == kind && at->value_len == value.len &&
            memcmp(f->values + at->value, value.at, value.len) == 0)
            return at;
    }
    if (!grow(&f->all, &f->cap, f->n + 1, sizeof(*f->all)) ||
        !grow(&f->values, &f->values_cap, f->values_len + value.len, 1)) {
        e->failed = true;
        return NULL;
    }
    at = &f->all[f->n];
    at->tag = tag;
    at->value = (uint32_t)f->values_len;
    at->value_len = (uint8_t)value.len;
    at->kind = (uint8_t)kind;
    at->count = 0;
    at->n_records = 0;
    at->more_records = 0;
    at->in_record = at->in_paragraph = 0;
    at->with.categories.here = at->with.categories.near = 0;
    memcpy(f->values + f->values_len, value.at, value.len);
    f->values_len += value.len;
    f->index[slot] = (uint64_t)tag << 32 | ++f->n;
    *ret_new = true;
    return at;
}

/* --- weighing ------------------------------------------------------------------------------ */

/* Most candidates pass, and of those that do fewer than one in 50 can be a coincidence: what fails
 * tells how many strings of no meaning there are, and `chance` how many such pass. */
static bool nearly_all_pass(const struct rate *r, unsigned form, const struct detector *d)
{
    double failed;

    if (!r || r->passed[form] < PROVING || r->passed[form] * 2ULL < r->candidates[form])
        return false;
    failed = r->candidates[form] - r->passed[form];
    return failed * d->chance / (1 - d->chance) * 50 <= r->passed[form];
}

static bool is_chance(const struct rate *r, unsigned form, const struct detector *d)
{
    double share = d->chance * 3 > chance_share ? d->chance * 3 : chance_share;

    return r && d->chance > 0 && r->candidates[form] >= SHOWING &&
           r->passed[form] <= r->candidates[form] * share + 1;
}

/* No more than coincidence gives in 999 of 1,000 cases (mean and three deviations). */
static bool within_chance(const struct rate *r, unsigned form, const struct detector *d)
{
    double mean = r->candidates[form] * d->chance;

    return r->passed[form] <= mean + 3 * sqrt(mean) + 1;
}

/* Bare digits of which hardly one in fifty is right: not a column, nor a list, of this kind. */
static bool is_rare(const struct rate *r, unsigned form, unsigned least)
{
    uint64_t all = r ? (uint64_t)r->candidates[0] + r->others : 0;

    return form == 0 && r && r->others > 0 && all >= least && r->passed[0] <= all / 50 + 1;
}

/* Bare digits in a column that holds the kind in its separated form: "20080803932" among
 * "66.09.14-975.54" is no date. */
static bool like_the_others(const struct rate *r, unsigned form, const struct detector *d)
{
    return form == 0 && nearly_all_pass(r, 1, d) && r->others == 0 &&
           r->passed[0] == r->candidates[0];
}

/* The same in a short column: too few to prove it, enough not to drop it. */
static bool like_a_few(const struct rate *r, unsigned form)
{
    return form == 0 && r && r->passed[1] >= 2 && r->passed[1] == r->candidates[1] &&
           r->others == 0 && r->passed[0] == r->candidates[0];
}

/* False: no finding. */
static bool conclude(const struct engine *e, struct folded *f)
{
    const struct detector *d = detectors[f->kind];
    const struct rate *column = f->column_id ? rates_find(&e->rates, f->column_id, f->kind) : NULL;
    const struct rate *all = rates_find(&e->rates, 0, f->kind);
    bool named = f->evidence & (EVIDENCE_HEADER | EVIDENCE_WORD_STRONG);
    unsigned form = f->separated;

    if (named || (f->evidence & EVIDENCE_EMBEDDED) || d->chance <= 0)
        return f->confidence > CONFIDENCE_NONE;
    if ((f->evidence & EVIDENCE_ALONE) &&
        (is_rare(column, form, SHOWING) || (!column && is_rare(all, form, SHOWING * 10))))
        return false;
    if (is_chance(column, form, d)) {
        f->evidence |= EVIDENCE_CHANCE_RATE;
        if (f->confidence == CONFIDENCE_NONE)
            return false;
        f->confidence = CONFIDENCE_LOW;
        return !(f->evidence & (EVIDENCE_AGAINST | EVIDENCE_OTHER_COLUMN)) &&
               !within_chance(column, form, d);
    }
    if ((nearly_all_pass(column, form, d) || like_the_others(column, form, d) ||
         (!column && nearly_all_pass(all, form, d))) &&
        d->chance <= checked && !(f->evidence & (EVIDENCE_AGAINST | EVIDENCE_OTHER_COLUMN))) {
        /* all of them right as two kinds at once says only that they are one of these: payment
         * references, old accounts and identity cards have one check */
        enum confidence to = ceiling(e, d, 0, CONFIDENCE_HIGH);

        f->evidence |= EVIDENCE_COLUMN_RATE;
        if (f->confidence < to && !(f->evidence & EVIDENCE_AMBIGUOUS))
            f->confidence = (uint8_t)to;
        return true;
    }
    if ((!column || column->candidates[form] < SHOWING) && f->form != FORM_WRITTEN &&
        is_chance(all, form, d)) {
        f->evidence |= EVIDENCE_CHANCE_RATE;
        if (f->confidence == CONFIDENCE_NONE)
            return false;
        f->confidence = CONFIDENCE_LOW;
        return !(f->evidence & EVIDENCE_ALONE) || all->candidates[form] < SHOWING * 10 ||
               !within_chance(all, form, d);
    }
    if (f->confidence == CONFIDENCE_NONE && like_a_few(column, form))
        f->confidence = CONFIDENCE_LOW;
    return f->confidence > CONFIDENCE_NONE;
}

/* A category weighs what the person beside it does: a law or a template names no one. */
static void conclude_category(const struct engine *e, struct folded *f)
{
    const struct detector *d = detectors[f->kind];
    bool here = false;

    for (unsigned i = 0; i < 2; i++)
        here |= f->with.persons[i] &&
                e->fold.all[f->with.persons[i] - 1].confidence >= CONFIDENCE_MEDIUM;
    if (here)
        f->evidence |= EVIDENCE_PERSON_HERE;
    else if (e->together.person_seen)
        f->evidence |= EVIDENCE_PERSON_ELSEWHERE;
    f->confidence = (uint8_t)(here                      ? d->strong[FORM_BARE]
                              : e->together.person_seen ? d->normal[FORM_BARE]
                                                        : d->alone[FORM_BARE]);
    if ((e->origin == ORIGIN_RAW || e->origin == ORIGIN_OCR) && f->confidence > CONFIDENCE_MEDIUM)
        f->confidence = CONFIDENCE_MEDIUM;
}

static void emit(struct engine *e, const struct folded *f)
{
    struct finding finding = {.kind = f->kind,
                              .value = {e->fold.values + f->value, f->value_len},
                              .confidence = (enum confidence)f->confidence,
                              .count = f->count,
                              .place = f->place,
                              .record = f->record,
                              .evidence = f->evidence,
                              .facts = f->facts,
                              .n_records = f->n_records,
                              .line = f->line,
                              .paragraph = f->paragraph,
                              .word = f->word,
                              .word_distance = f->word_distance,
                              .word_against = f->word_against};

    finding.records[0] = f->record;
    if (f->more_records)
        memcpy(finding.records + 1, e->fold.more[f->more_records - 1].records,
               (f->n_records - 1U) * sizeof(*finding.records));
    if (!(detectors[f->kind]->anchors & ANCHOR_TERM)) {
        finding.categories = f->with.categories.here;
        finding.categories_near = f->with.categories.near;
    }
    if (e->sink.finding)
        e->sink.finding(e->sink.ctx, &finding);
}

void fold_emit(struct engine *e)
{
    struct fold *f = &e->fold;

    records_forget_fold(e);
    for (size_t i = 0; i < f->n; i++) {
        struct folded *at = &f->all[i];

        if (detectors[at->kind]->anchors & ANCHOR_TERM)
            continue;
        if (!conclude(e, at))
            at->confidence = CONFIDENCE_NONE;
        e->together.person_seen |=
            detectors[at->kind]->of_person && at->confidence >= CONFIDENCE_MEDIUM;
    }
    for (size_t i = 0; i < f->n; i++) {
        struct folded *at = &f->all[i];

        if (detectors[at->kind]->anchors & ANCHOR_TERM)
            conclude_category(e, at);
        if (at->confidence > CONFIDENCE_NONE)
            emit(e, at);
    }
    fold_clear(f);
}
