/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * The counting passes.
 *
 *   ledger    once, in storage order (ledger.h, folders.h): coverage, reasons, records, and for
 * each row the folder it is counted under; blocks    once, or a few times by ranges of tokens:
 * occurrences and documents of each kind (the first time), what belongs together (links.h),
 * distinct values, persons, ages.
 */
#include "report/facts.h"

#include <stdlib.h>

#include "report/copy_groups.h"
#include "report/ledger.h"
#include "report/links.h"
#include "report/orders.h"
#include "report/persons.h"
#include "report/tally.h"
#include "scanner/base/cleanup.h"

struct gather {
    struct facts *f;
    const struct case_keys *keys;
    struct ledger_count ledger;
    int error;

    uint64_t person_kinds; /* bits of the kinds that say there is a person */
    uint64_t category_kinds[FACTS_CATEGORIES];
    uint64_t term_kinds[FACTS_CATEGORIES]; /* of these, the one of its terms */
    unsigned kind_category[FACTS_KINDS];
    unsigned bit_category[32]; /* what the bits of packed_finding.categories stand for */

    struct tally tally;
    struct namesakes names;
    struct links links;
    int64_t row; /* whose findings are gathered, 0 none */
    unsigned pass;
};

static void gather_release(struct gather *g)
{
    ledger_count_release(&g->ledger);
    tally_release(&g->tally);
    namesakes_release(&g->names);
    links_release(&g->links);
}

void facts_free(struct facts *f)
{
    if (!f)
        return;
    for (unsigned i = 0; i < f->n_roots; i++)
        free(f->roots[i].label);
    free(f->roots);
    for (unsigned i = 0; i < f->n_kinds; i++)
        free(f->kinds[i].name);
    for (uint32_t i = 0; i < f->n_folders; i++)
        free(f->folders[i].path);
    free(f->folders);
    for (unsigned i = 0; i < f->n_given; i++) {
        free(f->given[i].label);
        free(f->given[i].path);
    }
    free(f->given);
    free(f->services);
    free(f->hot);
    free(f->gaps);
    free(f);
}

static void facts_release(struct facts **f)
{
    facts_free(*f);
}

static char *copy_span(struct span s)
{
    char *copy = malloc(s.len + 1);

    if (copy) {
        if (s.len)
            memcpy(copy, s.at, s.len);
        copy[s.len] = '\0';
    }
    return copy;
}

/* --- kinds ----------------------------------------------------------------------------------- */

/* Terms beside identifiers of the same category are told apart. */
static bool counts_for(const struct gather *g, unsigned kind)
{
    unsigned c = g->kind_category[kind];

    return g->f->categories[c].only_terms || !(g->term_kinds[c] >> kind & 1);
}

/* Accounts and addresses do not: the letterhead of an office holds them too. */
static bool says_person(const struct kind_words *kind)
{
    return kind->role == ROLE_NUMBER || kind->role == ROLE_DOCUMENT || kind->role == ROLE_NAME ||
           kind->role == ROLE_BIRTH || strcmp(kind->category, "identity_document") == 0;
}

static int note_kinds(struct gather *g, const struct inventory *inv)
{
    struct facts *f = g->f;

    f->n_kinds = inventory_kinds(inv);
    if (f->n_kinds > FACTS_KINDS) {
        f->n_kinds = 0;
        return -EOVERFLOW;
    }
    for (unsigned i = 0; i < f->n_kinds; i++) {
        const char *name = inventory_kind_name(inv, i);

        f->kinds[i].name = copy_span(span_of(name ? name : "unknown"));
        if (!f->kinds[i].name)
            return -ENOMEM;
        f->kinds[i].about = kind_words(f->kinds[i].name);
        g->kind_category[i] = category_index(f->kinds[i].about.category);
        g->category_kinds[g->kind_category[i]] |= UINT64_C(1) << i;
        if (says_person(&f->kinds[i].about))
            g->person_kinds |= UINT64_C(1) << i;
    }
    for (unsigned bit = 0; bit < 32; bit++) {
        int kind = inventory_category_kind(inv, bit);

        g->bit_category[bit] = kind >= 0 ? g->kind_category[kind] : category_index("other");
    }
    for (unsigned i = 0; i < f->n_kinds; i++) {
        if (inventory_category_bit(inv, i) >= 0) {
            f->categories[g->kind_category[i]].vocabulary = true;
            g->term_kinds[g->kind_category[i]] |= UINT64_C(1) << i;
        }
    }
    for (unsigned c = 0; c < categories_count; c++)
        f->categories[c].only_terms = g->term_kinds[c] && g->term_kinds[c] == g->category_kinds[c];
    return 0;
}

/* --- the blocks of findings ------------------------------------------------------------------ */

static struct row_note *visible_row(struct gather *g, int64_t row)
{
    struct row_note *note = rows_find(&g->ledger.rows, row);

    return note && (note->folder & ROW_FOLDER) != ROW_UNSEEN ? note : NULL;
}

/* What a finding adds to the figures of its kind, its category and its folder. */
static void count_finding(struct gather *g, struct row_note *note, const struct packed_finding *p)
{
    struct facts *f = g->f;
    struct folder_facts *folder = &f->folders[(note->folder & ROW_FOLDER) - 1];
    struct kind_facts *kind = &f->kinds[p->kind];
    unsigned c = g->kind_category[p->kind];
    struct category_facts *category = &f->categories[c];
    uint64_t bit = UINT64_C(1) << p->kind;
    bool own = counts_for(g, p->kind);
    uint64_t apart = category->only_terms ? 0 : g->term_kinds[c];

    f->findings++;
    f->records.occurrences += p->count;
    folder->occurrences += p->count;
    kind->occurrences += p->count;
    kind->firm += p->confidence >= CONFIDENCE_MEDIUM ? p->count : 0;
    category->occurrences += own ? p->count : 0;
    category->terms += g->term_kinds[c] & bit ? p->count : 0;
    if (note->service)
        f->services[note->service - 1].occurrences += p->count;
    if (!(note->kinds & bit)) {
        kind->documents++;
        folder->documents += note->kinds == 0;
        category->documents += own && (note->kinds & g->category_kinds[c] & ~apart) == 0;
        note->kinds |= bit;
    }
}

/* The blocks of one row come together. */
static bool take_block(void *ctx, int64_t row, struct span block)
{
    struct gather *g = ctx;
    struct row_note *note = visible_row(g, row);
    struct reader r = reader_of(block);
    struct packed_finding p;

    if (!note)
        return true;
    if (row != g->row) {
        links_end(&g->links);
        links_begin(&g->links, (enum place_kind)note->unit, (note->folder & ROW_FOLDER) - 1,
                    note->service ? g->f->profile->entries[note->service - 1].groups : 0);
        g->row = row;
    }
    while (finding_block_next(&r, g->f->n_kinds, &p)) {
        if (g->pass == 0)
            count_finding(g, note, &p);
        links_add(&g->links, &p);
    }
    g->f->damaged_blocks += r.bad && g->pass == 0;
    return !g->tally.failed && !g->links.failed;
}

/* --- distinct values -------------------------------------------------------------------------- */

static void count_persons_of_categories(struct gather *g, uint32_t bits)
{
    uint32_t counted = 0; /* two bits may stand for one category */

    for (unsigned bit = 0; bits; bit++, bits >>= 1) {
        if ((bits & 1) && !(counted & UINT32_C(1) << g->bit_category[bit])) {
            counted |= UINT32_C(1) << g->bit_category[bit];
            g->f->categories[g->bit_category[bit]].persons++;
        }
    }
}

static void count_named(void *ctx, uint32_t birth, uint32_t bits, unsigned groups)
{
    struct gather *g = ctx;

    persons_add_name(g->f, birth, groups);
    count_persons_of_categories(g, bits);
}

/* One distinct value: entries at[0..n), one for each folder it stands in. */
static void count_value(struct gather *g, const struct tally_entry *at, size_t n)
{
    struct facts *f = g->f;
    struct kind_facts *kind = &f->kinds[tally_kind(at)];
    struct category_facts *category = &f->categories[g->kind_category[tally_kind(at)]];
    struct tally_entry whole = at[0];
    bool number = kind->about.role == ROLE_NUMBER;

    for (size_t i = 0; i < n; i++) {
        struct folder_facts *folder = &f->folders[tally_folder(&at[i])];

        folder->values++;
        folder->persons_sure += number && at[i].confidence == CONFIDENCE_HIGH;
        folder->persons_medium += number && at[i].confidence == CONFIDENCE_MEDIUM;
        if (i > 0)
            tally_join(&whole, &at[i]);
    }
    if (counts_for(g, tally_kind(at))) {
        category->values++;
        category->sure += whole.confidence == CONFIDENCE_HIGH;
    }
    kind->distinct[whole.confidence]++;
    if (!number) {
        kind->unlinked[whole.confidence] += !(whole.flags & TALLY_LINKED);
        kind->shared += (whole.flags & TALLY_SHARED) != 0;
        persons_add_tie(f, kind->about.role, whole.flags);
    } else if (whole.confidence >= CONFIDENCE_MEDIUM) {
        persons_add_number(f, g->keys, &whole);
        count_persons_of_categories(g, whole.categories);
    }
}

static void count_tally(struct gather *g)
{
    const struct tally_entry *at = g->tally.at;
    size_t n = g->tally.len;

    for (size_t i = 0, end; i < n; i = end) {
        /* Same kind and token: all of the key but the folder. */
        for (end = i + 1; end < n && memcmp(at[i].key, at[end].key, TALLY_KEY - 4) == 0; end++)
            ;
        count_value(g, at + i, end - i);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static int take_findings(struct gather *g, struct inventory *inv)
{
    tally_init(&g->tally, g->ledger.findings);
    links_init(&g->links, g->f, g->keys, &g->tally, &g->names);
    g->links.passes = tally_passes(g->ledger.findings);
    for (g->pass = 0; g->pass < g->links.passes; g->pass++) {
        g->links.pass = g->pass;
        g->row = 0;
        int rc = inventory_each_block(inv, take_block, g);

        links_end(&g->links);
        if (g->pass == 0)
            g->f->persons.conflicts = g->links.conflicts;
        tally_fold(&g->tally);
        if (g->tally.failed || g->links.failed)
            return -ENOMEM;
        if (rc < 0)
            return rc;
        count_tally(g);
        tally_clear(&g->tally);
        if (!namesakes_count(&g->names, &g->f->persons.by_name, count_named, g))
            return -ENOMEM;
    }
    return 0;
}

/* Documents with terms of a category, by whether they hold a person. */
static void split_documents(const struct row_note *note, void *ctx)
{
    struct gather *g = ctx;
    bool person = (note->kinds & g->person_kinds) != 0;

    for (unsigned c = 0; note->kinds && c < categories_count; c++) {
        if (!(note->kinds & g->term_kinds[c]))
            continue;
        g->f->categories[c].documents_with += person;
        g->f->categories[c].documents_without += !person;
    }
}

/* Version, chance and look-alike of each kind as recorded with the run that made the case. */
static bool note_part(void *ctx, const struct tool_part *part)
{
    struct facts *f = ctx;

    for (unsigned i = 0; part->kind && i < f->n_kinds; i++) {
        struct kind_facts *kind = &f->kinds[i];

        if (strcmp(part->group, "detector") != 0 || strcmp(kind->name, part->kind) != 0)
            continue;
        kind->version = part->version;
        kind->look_alike = part->look_alike;
        kind->chance_known = part->chance >= 0 && part->chance <= 1;
        if (kind->chance_known)
            kind->chance_billion = (uint64_t)(part->chance * 1e9 + 0.5);
    }
    return true;
}

static bool note_run(void *ctx, const struct run *run)
{
    struct facts *f = ctx;

    f->runs++;
    f->runs_interrupted += strcmp(run->state, "interrupted") == 0;
    return true;
}

static bool note_given(void *ctx, const struct case_root *root)
{
    struct gather *g = ctx;
    struct facts *f = g->f;

    if (root->run != f->run.id || f->n_given == FACTS_ROOTS)
        return true;
    struct given_root *more = realloc(f->given, (f->n_given + 1) * sizeof *more);

    if (!more) {
        g->error = -ENOMEM;
        return false;
    }
    f->given = more;
    f->given[f->n_given] = (struct given_root){copy_span(root->label), copy_span(root->path)};
    if (!f->given[f->n_given].label || !f->given[f->n_given].path)
        g->error = -ENOMEM;
    f->n_given++;
    return g->error == 0;
}

static uint32_t stored_date(struct inventory *inv, uint32_t otherwise)
{
    const char *text = NULL;
    unsigned long date;

    if (inventory_fact(inv, FACT_INCIDENT_DATE, NULL, &text) < 0 || !text)
        return otherwise;
    date = strtoul(text, NULL, 10);
    return date >= FIRST_DATE && date <= 99991231 ? (uint32_t)date : otherwise;
}

/* What the case says of itself, beside ledger and findings. */
static int read_case(struct gather *g, struct inventory *inv)
{
    struct facts *f = g->f;
    int rc = inventory_last_run(inv, &f->run);

    if (rc < 0)
        return rc;
    f->today = f->run.today;
    f->finished = strcmp(f->run.state, "finished") == 0;
    f->persons.ages_on = f->persons.ages_on ? f->persons.ages_on : stored_date(inv, f->today);
    rc = note_kinds(g, inv);
    if (rc == 0)
        rc = inventory_each_part(inv, f->run.id, note_part, f);
    if (rc == 0)
        rc = inventory_each_run(inv, note_run, f);
    if (rc == 0)
        rc = inventory_each_root(inv, note_given, g);
    return rc < 0 ? rc : g->error;
}

int facts_gather(struct inventory *inv, const struct case_keys *keys,
                 const struct report_options *o, struct facts **ret)
{
    AUTO(facts_release) struct facts *f = calloc(1, sizeof *f);
    AUTO(gather_release) struct gather g = {.f = f, .keys = keys, .ledger = {.f = f}};
    int rc;

    if (!f)
        return -ENOMEM;
    f->depth = o->depth;
    f->persons.ages_known = keys != NULL;
    f->persons.ages_on = o->incident_date;
    f->profile = o->profile;
    if (f->profile && !(f->services = calloc(f->profile->n, sizeof *f->services)))
        return -ENOMEM;
    rc = read_case(&g, inv);
    if (rc == 0)
        rc = ledger_count(&g.ledger, inv);
    if (rc == 0)
        rc = copy_groups_count(&g.ledger, inv);
    if (rc == 0)
        rc = take_findings(&g, inv);
    if (rc == 0)
        rc = order_hot(f);
    if (rc < 0)
        return rc;
    rows_each(&g.ledger.rows, split_documents, &g);
    persons_count(f);
    order_kinds(f);
    ledger_rank_gaps(&g.ledger);
    *ret = take_ptr(&f);
    return 0;
}
