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
}

void fold_free(struct fold *f)
{
    free(f->all);
    free(f->index);
    free(f->values);
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
    if (is_chance(column, form, d)) {
        f->evidence |= EVIDENCE_CHANCE_RATE;
        if (f->confidence == CONFIDENCE_NONE)
            return false;
        f->confidence = CONFIDENCE_LOW;
        return !(f->evidence & (EVIDENCE_AGAINST | EVIDENCE_OTHER_COLUMN)) &&
               !within_chance(column, form, d);
    }
    if ((nearly_all_pass(column, form, d) || (!column && nearly_all_pass(all, form, d))) &&
        d->chance <= checked && !(f->evidence & (EVIDENCE_AGAINST | EVIDENCE_OTHER_COLUMN))) {
        enum confidence to =
            f->evidence & EVIDENCE_AMBIGUOUS ? CONFIDENCE_MEDIUM : ceiling(e, CONFIDENCE_HIGH);

        f->evidence |= EVIDENCE_COLUMN_RATE;
        if (f->confidence < to)
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
    return f->confidence > CONFIDENCE_NONE;
}

void fold_emit(struct engine *e)
{
    struct fold *f = &e->fold;

    for (size_t i = 0; i < f->n; i++) {
        struct folded *at = &f->all[i];
        struct finding finding;

        if (!conclude(e, at))
            continue;
        finding = (struct finding){.kind = at->kind,
                                   .value = {f->values + at->value, at->value_len},
                                   .confidence = (enum confidence)at->confidence,
                                   .count = at->count,
                                   .place = at->place,
                                   .record = at->record,
                                   .evidence = at->evidence,
                                   .facts = at->facts};
        if (e->sink.finding)
            e->sink.finding(e->sink.ctx, &finding);
    }
    fold_clear(f);
}
