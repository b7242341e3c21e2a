/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * records.c - what stands together: pieces of a value, names beside a number, categories and the
 * persons they are said of.
 *
 * Everything here happens in the order of the text, whatever the window: terms of the vocabulary
 * and lines that may hold a name wait until no match can be accepted before them.  A record is a
 * row, a message, an object, a page, else the document; what is met in it is listed once, and the
 * list is gone through when the record is over.  So the cost of an occurrence does not grow with
 * the record, and memory is bounded by the distinct values of the document.
 */
#include "detectors/engine_private.h"

#include <stdlib.h>

enum {
    PIECES_APART = 300,    /* bytes between the fields of one value, in text */
    PIECES_APART_LINES = 2 /* ... and lines: an empty one may stand between two fields */
};

/* --- life ---------------------------------------------------------------------------------- */

bool records_new(struct engine *e)
{
    struct records *r = &e->together;
    unsigned n = 0, categories = 0;

    for (unsigned i = 0; i < detectors_count && i < KINDS_MAX; i++) {
        n += detectors[i]->join != NULL;
        if ((detectors[i]->anchors & ANCHOR_TERM) && categories < CATEGORIES_MAX) {
            r->categories |= UINT64_C(1) << i;
            r->category_bit[i] = (uint8_t)categories++;
        }
    }
    if (n == 0)
        return true;
    r->gathered = calloc(n, sizeof(*r->gathered));
    if (!r->gathered)
        return false;
    for (unsigned i = 0; i < detectors_count && i < KINDS_MAX; i++)
        if (detectors[i]->join) {
            r->gathering_of[i] = (uint8_t)r->n_gathered;
            r->gathered[r->n_gathered++].kind = (uint8_t)i;
        }
    return true;
}

void records_begin(struct engine *e)
{
    struct records *r = &e->together;

    r->n_told = r->first_told = 0;
    r->n_beside = r->first_beside = 0;
    r->beside_end = 0;
    r->n_spans = 0;
    for (unsigned i = 0; i < r->n_gathered; i++)
        r->gathered[i].n = 0;
    r->open = false;
    r->serial = r->paragraph_serial = 1;
    r->n_met = r->n_met_paragraph = 0;
    r->n_lately = 0;
    r->n_weak = r->first_weak = 0;
    r->here = r->here_strong = r->paragraph_here = r->paragraph_strong = 0;
    r->persons[0] = r->persons[1] = 0;
    r->person_seen = false;
}

void records_free(struct engine *e)
{
    struct records *r = &e->together;

    free(r->told);
    free(r->gathered);
    free(r->met);
    free(r->met_paragraph);
}

/* --- what is met in a record ----------------------------------------------------------------- */

static bool is_category(const struct folded *f)
{
    return detectors[f->kind]->anchors & ANCHOR_TERM;
}

/* The better of the persons that were met: those that will most likely stay. */
static void person_note(const struct engine *e, uint32_t persons[2], uint32_t person)
{
    const struct folded *all = e->fold.all;

    if (!person || persons[0] == person || persons[1] == person)
        return;
    for (unsigned i = 0; i < 2; i++)
        if (!persons[i] || all[persons[i] - 1].confidence < all[person - 1].confidence) {
            persons[i] = person;
            return;
        }
}

static void paragraph_close(struct engine *e)
{
    struct records *r = &e->together;

    for (size_t i = 0; i < r->n_met_paragraph && r->paragraph_here; i++)
        e->fold.all[r->met_paragraph[i]].with.categories.near |= r->paragraph_here;
    r->n_met_paragraph = 0;
    r->paragraph_here = r->paragraph_strong = 0;
    r->paragraph_serial++;
}

/* What the record says of all that was met in it. */
static void record_tell(struct engine *e)
{
    struct records *r = &e->together;

    for (size_t i = 0; i < r->n_met && r->here; i++) {
        struct folded *f = &e->fold.all[r->met[i]];

        if (is_category(f)) {
            person_note(e, f->with.persons, r->persons[0]);
            person_note(e, f->with.persons, r->persons[1]);
        } else {
            f->with.categories.here |= r->here;
            if (r->paragraph == 0)
                f->with.categories.near |= r->here;
        }
    }
    r->n_met = 0;
    r->serial++;
}

static void gathering_flush(struct engine *e, struct gathering *g);
static bool gathering_join(struct engine *e, struct gathering *g);
static void gathering_fold(struct engine *e, const struct gathering *g);

static void record_close(struct engine *e)
{
    struct records *r = &e->together;
    uint64_t joined = 0;

    if (!r->open)
        return;
    /* all of them before the first is looked for in the fold */
    for (unsigned i = 0; i < r->n_gathered; i++)
        if (gathering_join(e, &r->gathered[i]))
            joined |= UINT64_C(1) << i;
    for (; joined; joined &= joined - 1)
        gathering_fold(e, &r->gathered[__builtin_ctzll(joined)]);
    paragraph_close(e);
    record_tell(e);
    r->open = false;
    r->here = r->here_strong = 0;
    r->persons[0] = r->persons[1] = 0;
    r->n_lately = 0;
    r->n_weak = r->first_weak = 0;
}

/* What follows stands in this record and paragraph, at this place. */
static void record_enter(struct engine *e, uint64_t record, uint32_t paragraph, uint32_t line,
                         uint64_t at)
{
    struct records *r = &e->together;

    if (r->open && r->record != record)
        record_close(e);
    for (unsigned i = 0; i < r->n_gathered && r->open && paragraph; i++) {
        struct gathering *g = &r->gathered[i];
        const struct pending *last = &g->pieces[g->n ? g->n - 1 : 0];

        if (g->n && (line > last->line + PIECES_APART_LINES || at > last->end + PIECES_APART))
            gathering_flush(e, g);
    }
    if (r->open && r->paragraph != paragraph)
        paragraph_close(e);
    r->open = true;
    r->record = record;
    r->paragraph = paragraph;
}

static void record_add(struct engine *e, struct folded *f, uint64_t record)
{
    struct fold *fold = &e->fold;

    if (f->n_records == ENGINE_RECORDS_MAX)
        return;
    if (f->n_records == 1) {
        if (!grow(&fold->more, &fold->cap_more, fold->n_more + 1, sizeof(*fold->more))) {
            e->failed = true;
            return;
        }
        f->more_records = (uint32_t)++fold->n_more;
    }
    if (f->n_records > 0)
        fold->more[f->more_records - 1].records[f->n_records - 1] = record;
    f->n_records++;
}

static bool met_add(struct engine *e, uint32_t **list, size_t *n, size_t *cap, uint32_t folded)
{
    if (!grow(list, cap, *n + 1, sizeof(**list))) {
        e->failed = true;
        return false;
    }
    (*list)[(*n)++] = folded;
    return true;
}

/* Categories whose last term stands close before `at`. */
static uint32_t categories_before(const struct records *r, uint64_t at)
{
    uint32_t ret = 0;

    for (uint32_t left = r->here; left; left &= left - 1)
        if (at <= r->last[__builtin_ctz(left)] + NEAR)
            ret |= left & (0 - left);
    return ret;
}

/* `f` stands in the record at hand. */
static void meet(struct engine *e, struct folded *f, uint64_t at, uint64_t end)
{
    struct records *r = &e->together;
    uint32_t folded = (uint32_t)(f - e->fold.all);

    if (f->in_record != r->serial) {
        f->in_record = r->serial;
        record_add(e, f, r->record);
        if (r->categories && !met_add(e, &r->met, &r->n_met, &r->cap_met, folded))
            return;
    }
    if (!r->categories || is_category(f))
        return;
    if (detectors[f->kind]->of_person)
        person_note(e, r->persons, folded + 1);
    if (r->paragraph && f->in_paragraph != r->paragraph_serial) {
        f->in_paragraph = r->paragraph_serial;
        if (!met_add(e, &r->met_paragraph, &r->n_met_paragraph, &r->cap_met_paragraph, folded))
            return;
    }
    if (r->here)
        f->with.categories.near |= categories_before(r, at);
    r->lately[r->n_lately % MET_LATELY].folded = folded;
    r->lately[r->n_lately++ % MET_LATELY].end = end;
}

void records_forget_fold(struct engine *e)
{
    struct records *r = &e->together;
    uint32_t paragraph_here = r->paragraph_here, paragraph_strong = r->paragraph_strong;

    /* the record goes on, with what the next part of the findings will hold */
    paragraph_close(e);
    record_tell(e);
    r->paragraph_here = paragraph_here;
    r->paragraph_strong = paragraph_strong;
    r->persons[0] = r->persons[1] = 0;
    r->n_lately = 0;
}

/* --- occurrences ------------------------------------------------------------------------------ */

/* What is known of an occurrence. */
struct known {
    enum confidence confidence;
    enum form form;
    uint32_t evidence;
    uint64_t column_id;
    struct person_facts facts;
};

/* A finding more, or once more one that is there: the best occurrence speaks for all. */
static void fold_occurrence(struct engine *e, const struct pending *p, unsigned kind,
                            struct span value, uint32_t tag, const struct known *known)
{
    bool first;
    struct folded *at = fold_find(e, kind, value, tag, &first);

    if (!at)
        return;
    if (at->count < UINT32_MAX)
        at->count++;
    if (first) {
        at->place = p->place;
        at->record = p->record;
        at->line = p->line;
        at->paragraph = p->paragraph;
    }
    if (first || known->confidence > at->confidence) {
        at->confidence = (uint8_t)known->confidence;
        at->form = (uint8_t)known->form;
        at->evidence = known->evidence;
        at->separated = p->separated;
        at->column_id = known->column_id;
        at->word = p->word;
        at->word_distance = p->word_distance;
        at->word_against = p->word_against;
    }
    if (first || !at->facts.birth)
        at->facts = known->facts;
    meet(e, at, p->at, p->end);
}

static void fold_match(struct engine *e, const struct pending *p)
{
    const struct known known = {.confidence = p->confidence,
                                .form = p->match.form,
                                .evidence = p->evidence,
                                .column_id = p->column_id,
                                .facts = p->match.facts};

    fold_occurrence(e, p, p->kind, (struct span){p->match.value, p->match.value_len}, p->tag,
                    &known);
}

static void tell_occurrence(struct engine *e, const struct pending *p)
{
    struct occurrence o = {.kind = p->kind,
                           .value = {p->match.value, p->match.value_len},
                           .offset = p->at - p->inserted,
                           .len = (size_t)(p->end - p->at)};

    if (e->sink.occurrence)
        e->sink.occurrence(e->sink.ctx, &o);
}

static void count_record(struct engine *e, const struct pending *p)
{
    if (p->confidence == CONFIDENCE_NONE)
        return;
    if (!e->any_record || p->record != e->last_record)
        e->records++;
    e->any_record = true;
    e->last_record = p->record;
}

/* --- values in pieces ------------------------------------------------------------------------- */

/* The value that its pieces make; false: none. */
static bool gathering_join(struct engine *e, struct gathering *g)
{
    const struct detector *d = detectors[g->kind];
    const struct match *pieces[PIECES_MAX];
    struct pending *joined = &g->joined;
    unsigned n = g->n;
    bool named = false;

    if (n == 0)
        return false;
    g->n = 0;
    *joined = g->pieces[0];
    for (unsigned i = 0; i < n; i++) {
        const struct pending *piece = &g->pieces[i];

        pieces[i] = &piece->match;
        joined->evidence |= piece->evidence;
        if (piece->confidence > joined->confidence)
            joined->confidence = piece->confidence;
        named |= (piece->evidence & (EVIDENCE_FIELD | EVIDENCE_HEADER)) != 0;
    }
    if (d->join(pieces, n, &joined->match) != VERDICT_PASS || joined->match.value_len > VALUE_MAX)
        return false;
    joined->evidence &= ~(uint32_t)(EVIDENCE_WRITTEN_FORM | EVIDENCE_GROUPED);
    if (joined->match.form == FORM_WRITTEN)
        joined->evidence |= EVIDENCE_WRITTEN_FORM;
    else if (joined->match.form == FORM_GROUPED)
        joined->evidence |= EVIDENCE_GROUPED;
    if (n > 1)
        joined->evidence |= EVIDENCE_JOINED;
    if (named)
        joined->confidence = ceiling(e, d, 2, d->strong[joined->match.form]);
    if (joined->match.doubtful && joined->confidence > CONFIDENCE_LOW)
        joined->confidence--;
    joined->tag =
        fold_tag(&e->fold, g->kind, (struct span){joined->match.value, joined->match.value_len});
    return true;
}

static void gathering_fold(struct engine *e, const struct gathering *g)
{
    count_record(e, &g->joined);
    fold_match(e, &g->joined);
}

static void gathering_flush(struct engine *e, struct gathering *g)
{
    if (gathering_join(e, g))
        gathering_fold(e, g);
}

static void gather(struct engine *e, const struct pending *p)
{
    struct gathering *g = &e->together.gathered[e->together.gathering_of[p->kind]];
    bool again = g->n == PIECES_MAX;

    for (unsigned i = 0; i < g->n; i++)
        again |= (g->pieces[i].match.part & p->match.part) != 0;
    if (again)
        gathering_flush(e, g);
    g->pieces[g->n++] = *p;
}

/* --- names beside a number ---------------------------------------------------------------------
 */

static void beside_ask(struct engine *e, const struct beside *b);

static void beside_wait(struct engine *e, const struct pending *p)
{
    struct records *r = &e->together;
    uint64_t from = p->at > BESIDE ? p->at - BESIDE : 0, until = p->end + BESIDE;
    const char *feed;
    struct beside *b;

    if (from < p->low)
        from = p->low;
    if (from < r->beside_end)
        from = r->beside_end;
    if (from > p->at)
        from = p->at;
    feed = memrchr(e->text + (from - e->base), '\n', (size_t)(p->at - from));
    if (feed)
        from = e->base + (uint64_t)(feed - e->text) + 1;
    if (until > p->high)
        until = p->high > p->end ? p->high : p->end;
    feed = memchr(e->text + (p->end - e->base), '\n', (size_t)(until - p->end));
    if (feed)
        until = e->base + (uint64_t)(feed - e->text);
    if (p->end > r->beside_end)
        r->beside_end = p->end;
    /* no room for a name */
    if (p->at - from < 3 && until - p->end < 3)
        return;
    if (r->n_beside - r->first_beside == BESIDE_WAITING)
        beside_ask(e, &r->beside[r->first_beside++ % BESIDE_WAITING]);
    b = &r->beside[r->n_beside++ % BESIDE_WAITING];
    *b = (struct beside){.at = p->at,
                         .from = from,
                         .until = until,
                         .low = p->low,
                         .high = p->high,
                         .inserted = p->inserted,
                         .place = p->place,
                         .record = p->record,
                         .line = p->line,
                         .paragraph = p->paragraph};
}

static void span_keep(struct records *r, uint64_t at, uint64_t end)
{
    r->spans[r->n_spans % SPANS_KEPT].at = at;
    r->spans[r->n_spans++ % SPANS_KEPT].end = end;
}

static bool span_taken(const struct records *r, uint64_t at, uint64_t end)
{
    unsigned n = r->n_spans < SPANS_KEPT ? r->n_spans : SPANS_KEPT;

    for (unsigned i = 0; i < n; i++)
        if (r->spans[i].at < end && at < r->spans[i].end)
            return true;
    return false;
}

/* Of a kind that only the number beside it tells. */
static void beside_check(struct engine *e, const struct beside *b, unsigned kind,
                         const struct candidate *c)
{
    struct records *r = &e->together;
    struct pending *p = &r->found;
    uint64_t window = e->base + (uint64_t)(c->window.at - e->text);
    enum verdict verdict;

    match_begin(&p->match, c->start, c->len);
    verdict = detectors[kind]->check(c, &p->match);
    if (verdict == VERDICT_NO)
        return;
    e->summary.kinds[kind].candidates++;
    e->summary.kinds[kind].passed += verdict == VERDICT_PASS;
    if (verdict != VERDICT_PASS || p->match.value_len > VALUE_MAX || p->match.len == 0 ||
        p->match.start > c->window.len || p->match.len > c->window.len - p->match.start)
        return;
    p->at = window + p->match.start;
    p->end = p->at + p->match.len;
    if (span_taken(r, p->at, p->end))
        return;
    p->naming = (struct naming){0};
    p->header = false;
    p->place = b->place;
    p->record = b->record;
    p->line = b->line;
    p->paragraph = b->paragraph;
    p->column_id = 0;
    p->inserted = b->inserted;
    p->low = b->low;
    p->high = b->high;
    p->kind = (uint8_t)kind;
    p->woken_by = ANCHOR_BESIDE;
    p->natural = true;
    p->separated = p->restored = p->unsupported = false;
    p->dropped = false;
    weigh(e, p);
    if (p->dropped || detectors[kind]->look_alike)
        return;
    p->tag = fold_tag(&e->fold, kind, (struct span){p->match.value, p->match.value_len});
    span_keep(r, p->at, p->end);
    tell_occurrence(e, p);
    if (p->match.part && detectors[kind]->join) {
        gather(e, p);
        return;
    }
    count_record(e, p);
    fold_match(e, p);
}

static void beside_ask(struct engine *e, const struct beside *b)
{
    const struct records *r = &e->together;
    const struct beside *next =
        r->first_beside != r->n_beside ? &r->beside[r->first_beside % BESIDE_WAITING] : NULL;
    /* up to the next number: of a row of them no byte is looked at more than twice */
    uint64_t until = next && next->at < b->until && next->at > b->at ? next->at : b->until;
    struct candidate c = {.start = (size_t)(b->from - e->base),
                          .len = (size_t)(until - b->from),
                          .anchor = (size_t)(b->at - e->base),
                          .today = e->today,
                          .woken_by = ANCHOR_BESIDE};

    record_enter(e, b->record, b->paragraph, b->line, b->at);
    candidate_window(e, &c, b->low > e->base ? (size_t)(b->low - e->base) : 0,
                     (size_t)(b->high - e->base));
    for (uint64_t kinds = e->besides; kinds; kinds &= kinds - 1)
        beside_check(e, b, (unsigned)__builtin_ctzll(kinds), &c);
}

/* --- categories --------------------------------------------------------------------------------
 */

/* What an entry of the lexicon says at `at`. */
static void tell(struct engine *e, size_t at, const struct spot *spot, uint64_t line,
                 const struct lexicon_entry *entry)
{
    struct records *r = &e->together;
    bool in_rows = e->table.delimited || e->in_cells;
    struct told *told;

    if (!grow(&r->told, &r->cap_told, r->n_told + 1, sizeof(*r->told))) {
        e->failed = true;
        return;
    }
    told = &r->told[r->n_told++];
    told->at = e->base + at;
    told->categories = entry->categories & r->categories;
    told->term = entry->term;
    told->strength = entry->strength;
    told->place = spot->place;
    told->record = spot->record;
    told->line = in_rows ? 0 : line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
    told->paragraph = in_rows || e->in_object ? 0 : e->paragraph;
}

void term_offer(struct engine *e, const struct heard *heard, uint64_t line)
{
    size_t end = heard->at + heard->len;
    struct spot spot;

    if (end > border_high(e))
        return;
    spot_place(e, heard->at, heard->at, line, &spot);
    if (!e->table.delimited || table_cell_end(e, heard->at, end) == end)
        tell(e, heard->at, &spot, line, &heard->entry);
}

void column_term_offer(struct engine *e, size_t cell, const struct lexicon_entry *term,
                       uint64_t line)
{
    struct spot spot;

    spot_place(e, cell, cell, line, &spot);
    tell(e, cell, &spot, line, term);
}

static uint32_t category_bits(const struct records *r, uint64_t kinds)
{
    uint32_t ret = 0;

    for (; kinds; kinds &= kinds - 1)
        ret |= UINT32_C(1) << r->category_bit[__builtin_ctzll(kinds)];
    return ret;
}

/* The kinds of `told` among these categories are said at its place. */
static void term_count(struct engine *e, const struct told *told, uint32_t categories,
                       uint32_t evidence)
{
    struct records *r = &e->together;
    struct span value = span_of(lexicon_term(e->lexicon, told->term));

    if (e->origin == ORIGIN_RAW)
        evidence |= EVIDENCE_RAW;
    if (e->origin == ORIGIN_OCR)
        evidence |= EVIDENCE_OCR;
    for (uint64_t kinds = told->categories; kinds; kinds &= kinds - 1) {
        unsigned kind = (unsigned)__builtin_ctzll(kinds);
        struct folded *at;
        bool first;

        if (!(categories >> r->category_bit[kind] & 1))
            continue;
        at = fold_find(e, kind, value, fold_tag(&e->fold, kind, value), &first);
        if (!at)
            continue;
        if (at->count < UINT32_MAX)
            at->count++;
        if (first) {
            at->place = told->place;
            at->record = told->record;
            at->line = told->line;
            at->paragraph = told->paragraph;
            at->evidence = evidence;
            at->confidence = CONFIDENCE_LOW;
            at->form = FORM_BARE;
            at->separated = false;
            at->column_id = 0;
            at->facts = (struct person_facts){0};
            at->word = at->word_distance = at->word_against = 0;
        }
        meet(e, at, told->at, told->at);
        r->here |= UINT32_C(1) << r->category_bit[kind];
        r->last[r->category_bit[kind]] = told->at;
    }
    if (told->paragraph == r->paragraph)
        r->paragraph_here |= categories;
    for (unsigned n = 0; n < MET_LATELY && n < r->n_lately; n++) {
        unsigned i = (r->n_lately - 1 - n) % MET_LATELY;

        if (r->lately[i].end + NEAR < told->at)
            break;
        e->fold.all[r->lately[i].folded].with.categories.near |= categories;
    }
}

/* A term that says enough by itself: weak ones near it count too. */
static void term_bears_out(struct engine *e, const struct told *told, uint32_t categories)
{
    struct records *r = &e->together;

    for (unsigned i = r->first_weak; i != r->n_weak; i++) {
        struct told *weak = &r->weak[i % TERMS_WAITING];
        uint32_t both = category_bits(r, weak->categories) & categories;
        bool together = told->paragraph == weak->paragraph || told->at <= weak->at + NEAR;

        if (!together && i == r->first_weak)
            r->first_weak++;
        if (!together || !both)
            continue;
        term_count(e, weak, both, EVIDENCE_SECOND_TERM);
        for (uint64_t kinds = weak->categories; kinds; kinds &= kinds - 1)
            if (both >> r->category_bit[__builtin_ctzll(kinds)] & 1)
                weak->categories &= ~(kinds & (0 - kinds));
    }
}

static void term_wait(struct records *r, const struct told *told, uint32_t categories)
{
    struct told *weak;

    if (r->n_weak - r->first_weak == TERMS_WAITING)
        r->first_weak++;
    weak = &r->weak[r->n_weak++ % TERMS_WAITING];
    *weak = *told;
    for (uint64_t kinds = told->categories; kinds; kinds &= kinds - 1)
        if (!(categories >> r->category_bit[__builtin_ctzll(kinds)] & 1))
            weak->categories &= ~(kinds & (0 - kinds));
}

static void term_take(struct engine *e, const struct told *told)
{
    struct records *r = &e->together;
    uint32_t categories = category_bits(r, told->categories), borne;

    record_enter(e, told->record, told->paragraph, told->line, told->at);
    if (told->strength != TERM_WEAK) {
        term_count(e, told, categories, 0);
        r->here_strong |= categories;
        r->paragraph_strong |= categories;
        for (uint32_t left = categories; left; left &= left - 1)
            r->last_strong[__builtin_ctz(left)] = told->at;
        term_bears_out(e, told, categories);
        return;
    }
    borne = categories & r->paragraph_strong;
    for (uint32_t left = categories & r->here_strong; left; left &= left - 1)
        if (told->at <= r->last_strong[__builtin_ctz(left)] + NEAR)
            borne |= left & (0 - left);
    if (borne)
        term_count(e, told, borne, EVIDENCE_SECOND_TERM);
    if (categories & ~borne)
        term_wait(r, told, categories & ~borne);
}

/* --- the order of the text ----------------------------------------------------------------------
 */

void records_take(struct engine *e, uint64_t until)
{
    struct records *r = &e->together;

    for (;;) {
        const struct told *told = r->first_told < r->n_told ? &r->told[r->first_told] : NULL;
        const struct beside *b =
            r->first_beside != r->n_beside ? &r->beside[r->first_beside % BESIDE_WAITING] : NULL;

        if (b && b->until <= until && (!told || b->until <= told->at)) {
            r->first_beside++;
            beside_ask(e, b);
        } else if (told && told->at < until) {
            r->first_told++;
            term_take(e, told);
        } else {
            break;
        }
    }
    if (r->first_told == r->n_told)
        r->first_told = r->n_told = 0;
}

void accept(struct engine *e, struct pending *p)
{
    const struct detector *d = detectors[p->kind];
    struct records *r = &e->together;

    if (d->look_alike)
        return;
    records_take(e, p->at);
    record_enter(e, p->record, p->paragraph, p->line, p->at);
    if (e->besides)
        span_keep(r, p->at, p->end);
    tell_occurrence(e, p);
    if (p->match.part && d->join) {
        gather(e, p);
        return;
    }
    count_record(e, p);
    fold_match(e, p);
    for (unsigned i = 0; i < EMBEDDED_MAX && p->match.embedded[i].kind; i++) {
        const struct embedded_value *v = &p->match.embedded[i];
        struct span value = {v->value, strnlen(v->value, sizeof(v->value))};
        int kind = detector_by_kind(v->kind);
        struct known known = {.form = FORM_WRITTEN,
                              .evidence =
                                  EVIDENCE_EMBEDDED | (p->evidence & (EVIDENCE_RAW | EVIDENCE_OCR)),
                              .facts = v->facts};

        if (kind < 0)
            continue;
        known.confidence = ceiling(e, detectors[kind], 0, CONFIDENCE_HIGH);
        fold_occurrence(e, p, (unsigned)kind, value, fold_tag(&e->fold, (unsigned)kind, value),
                        &known);
    }
    if (e->besides && d->names_stand_beside && p->confidence >= CONFIDENCE_MEDIUM)
        beside_wait(e, p);
}

void records_end(struct engine *e)
{
    records_take(e, UINT64_MAX);
    record_close(e);
}
