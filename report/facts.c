/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * The counting passes.
 *
 *   ledger    once, in storage order (folders.h): coverage, reasons, records, and for each row the
 *             folder it is counted under;
 *   blocks    once, or a few times by ranges of tokens: occurrences and documents of each kind
 *             (the first time), what belongs together (links.h), distinct values, persons, ages.
 */
#include "report/facts.h"

#include <stdlib.h>

#include "report/copies.h"
#include "report/folders.h"
#include "report/links.h"
#include "report/orders.h"
#include "report/persons.h"
#include "report/rows.h"
#include "report/tally.h"
#include "scanner/base/cleanup.h"

struct gap_tally {      /* one reason in one folder */
    uint32_t gap, next; /* next: index + 1 in the list of the folder */
    uint64_t items, bytes;
};

struct gather {
    struct facts *f;
    const struct case_keys *keys;
    struct rows rows;
    int error;

    struct folder_table folders; /* first_gap: index + 1 in gap_tallies */
    uint32_t root;               /* of the row that is counted */
    struct gap_tally *gap_tallies;
    uint32_t n_gap_tallies, gap_tallies_room;
    unsigned last_gap;

    uint64_t person_kinds; /* bits of the kinds that say there is a person */
    uint64_t category_kinds[FACTS_CATEGORIES];
    unsigned kind_category[FACTS_KINDS];
    unsigned bit_category[32]; /* what the bits of packed_finding.categories stand for */

    struct copies copies;
    struct tally tally;
    struct namesakes names;
    struct links links;
    int64_t row; /* whose findings are gathered, 0 none */
    unsigned pass, passes;
    uint64_t findings; /* as the ledger counts them */
};

static void gather_release(struct gather *g)
{
    rows_release(&g->rows);
    folder_table_release(&g->folders);
    free(g->gap_tallies);
    copies_release(&g->copies);
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

        g->bit_category[bit] =
            kind >= 0 ? g->kind_category[kind] : category_index("other");
    }
    for (unsigned i = 0; i < f->n_kinds; i++) {
        if (inventory_category_bit(inv, i) >= 0)
            f->categories[g->kind_category[i]].vocabulary = true;
    }
    return 0;
}

/* --- the ledger ------------------------------------------------------------------------------ */

/* The folder a path is counted under: its own, or the ancestor at the depth that is shown. */
static struct span folder_of(struct span path, unsigned depth)
{
    size_t len = 0;
    unsigned seen = 0;

    for (size_t i = 0; i < path.len && seen < depth; i++) {
        if (path.at[i] == '/') {
            len = i;
            seen++;
        }
    }
    return (struct span){path.at, len};
}

static bool find_gap(struct gather *g, enum outcome outcome, struct span reason, unsigned *ret)
{
    struct facts *f = g->f;
    size_t len = reason.len < 64 ? reason.len : 64;

    for (unsigned n = 0; n < f->n_gaps; n++) {
        unsigned i = n == 0 ? g->last_gap : n - (n <= g->last_gap);
        const struct gap_facts *gap = &f->gaps[i];

        if (gap->outcome == outcome && strlen(gap->reason) == len &&
            memcmp(gap->reason, reason.at ? reason.at : "", len) == 0) {
            *ret = g->last_gap = i;
            return true;
        }
    }
    if (f->n_gaps >= FACTS_GAPS && len > 0) {
        g->folders.wants_order = !g->folders.ordered; /* the first ones keep their names */
        return g->folders.ordered && find_gap(g, outcome, SPAN(""), ret);
    }
    struct gap_facts *more = realloc(f->gaps, (f->n_gaps + 1) * sizeof *more);

    if (!more)
        return false;
    f->gaps = more;
    f->gaps[f->n_gaps] = (struct gap_facts){.outcome = outcome};
    if (len)
        memcpy(f->gaps[f->n_gaps].reason, reason.at, len);
    *ret = g->last_gap = f->n_gaps++;
    return true;
}

static bool note_gap_folder(struct gather *g, unsigned gap, uint32_t folder, uint64_t bytes)
{
    uint32_t at = g->folders.first_gap[folder];

    while (at != 0 && g->gap_tallies[at - 1].gap != gap)
        at = g->gap_tallies[at - 1].next;
    if (at == 0) {
        if (g->n_gap_tallies == g->gap_tallies_room) {
            uint32_t room = g->gap_tallies_room ? g->gap_tallies_room * 2 : 256;
            struct gap_tally *more = realloc(g->gap_tallies, room * sizeof *more);

            if (!more)
                return false;
            g->gap_tallies = more;
            g->gap_tallies_room = room;
        }
        g->gap_tallies[g->n_gap_tallies] =
            (struct gap_tally){gap, g->folders.first_gap[folder], 0, 0};
        at = ++g->n_gap_tallies;
        g->folders.first_gap[folder] = at;
    }
    g->gap_tallies[at - 1].items++;
    g->gap_tallies[at - 1].bytes += bytes;
    return true;
}

static bool is_unread(enum outcome o)
{
    return o != OUTCOME_READ && o != OUTCOME_EXCLUDED && o != OUTCOME_SPECIAL;
}

static void note_outcome(struct gather *g, const struct ledger_row *row,
                         struct folder_facts *folder)
{
    struct coverage_facts *c = &g->f->coverage;
    struct root_facts *root = &g->f->roots[g->root];

    if (row->top != 0) {
        c->members++;
        c->by_outcome[row->outcome].members++;
        c->members_unread += is_unread(row->outcome);
    } else if (row->type == 'f') {
        struct amount *sum = row->outcome == OUTCOME_PARTIAL    ? &c->partial
                             : row->outcome == OUTCOME_EXCLUDED ? &c->excluded
                             : row->outcome != OUTCOME_READ     ? &c->unread
                                                                : &root->read;

        sum->files++;
        sum->bytes += row->bytes;
        root->all.files++;
        root->all.bytes += row->bytes;
        c->files.files++;
        c->files.bytes += row->bytes;
        c->by_outcome[row->outcome].files.files++;
        c->by_outcome[row->outcome].files.bytes += row->bytes;
        folder->files.files++;
        folder->files.bytes += row->bytes;
    } else {
        enum entry_class class = row->type == 'd'   ? ENTRY_FOLDER
                                 : row->type == 'l' ? ENTRY_LINK
                                 : row->type == 'm' ? ENTRY_MOUNT
                                                    : ENTRY_SPECIAL;

        c->entries[class]++;
        c->entries_unread[class] += is_unread(row->outcome);
    }
    folder->items_unread += is_unread(row->outcome);
}

static bool note_gap(struct gather *g, const struct ledger_row *row, uint32_t folder)
{
    unsigned at;

    if (row->outcome == OUTCOME_READ)
        return true;
    if (!find_gap(g, row->outcome, row->reason, &at))
        return false;
    struct gap_facts *gap = &g->f->gaps[at];

    if (row->top != 0) {
        gap->members++;
    } else if (row->type == 'f') {
        gap->files.files++;
        gap->files.bytes += row->bytes;
    } else {
        gap->others++;
    }
    return note_gap_folder(g, at, folder, row->top == 0 && row->type == 'f' ? row->bytes : 0);
}

static void note_records(struct record_facts *r, const struct ledger_row *row)
{
    switch (row->unit) {
    case PLACE_ROW:
    case PLACE_CELL:
        r->rows += row->records;
        break;
    case PLACE_MESSAGE:
        r->messages += row->records;
        break;
    case PLACE_PAGE:
        r->pages += row->records;
        break;
    case PLACE_LINE:
    case PLACE_BYTE:
    case PLACE_NAME:
        r->documents += row->records;
        break;
    }
}

static bool note_holds(struct gather *g, const struct ledger_row *row)
{
    struct row_note *top;

    if (row->findings == 0)
        return true;
    if (row->top != 0)
        g->f->records.members++;
    else if (row->type != 'f')
        return true;
    top = rows_make(&g->rows, row->top ? row->top : row->id);
    if (!top)
        return false;
    if (!(top->folder & ROW_HOLDS)) {
        top->folder |= ROW_HOLDS;
        g->f->records.files++;
    }
    return true;
}

static void add_chance(struct chance_facts *c, const struct kind_tally *t)
{
    c->candidates += t->candidates;
    c->passed += t->passed;
    c->unsupported += t->unsupported;
    c->unsupported_passed += t->unsupported_passed;
}

/* Candidates seen and passed, by kind: what the engine counted while it read the document. */
static void note_chance(struct gather *g, struct span chance)
{
    struct reader r = reader_of(chance);
    struct kind_tally t;

    while (chance_next(&r, &t)) {
        if (t.kind >= g->f->n_kinds)
            return;
        add_chance(&g->f->kinds[t.kind].chance, &t);
        add_chance(&g->f->roots[g->root].chance[t.kind], &t);
    }
}

static void note_service(struct facts *f, const struct row_note *note,
                         const struct ledger_row *row)
{
    if (note->service == 0)
        return;
    struct service_facts *service = &f->services[note->service - 1];

    if (row->top == 0 && row->type == 'f') {
        service->files.files++;
        service->files.bytes += row->bytes;
    }
    service->documents += row->findings > 0;
}

static bool note_row(struct gather *g, const struct ledger_row *row, struct span label)
{
    uint32_t folder;

    if ((unsigned)row->outcome >= OUTCOME_COUNT ||
        !folder_table_root(&g->folders, label, &g->root) ||
        !folder_table_find(&g->folders, g->root, folder_of(row->path, g->f->depth), &folder))
        return false;
    struct row_note *note = rows_make(&g->rows, row->id);

    if (!note)
        return false;
    note->folder = (note->folder & ROW_HOLDS) | (folder + 1);
    note->unit = (uint8_t)row->unit;
    note->service = (uint16_t)profile_match(g->f->profile, row->path);
    note_service(g->f, note, row);
    note_outcome(g, row, &g->f->folders[folder]);
    g->findings += row->findings;
    if (row->findings > 0 && copies_seen(&g->copies, row))
        g->f->copies.documents++;
    else
        note_records(&g->f->records, row);
    if (g->copies.failed)
        return false;
    note_chance(g, row->chance);
    return note_gap(g, row, folder) && note_holds(g, row);
}

static int read_rows(struct gather *g, struct inventory *inv, bool ordered)
{
    struct ledger_cursor *cursor = NULL;
    struct ledger_row row;
    struct span label;
    int rc = ordered ? ledger_open(inv, &cursor) : ledger_open_unordered(inv, &cursor);

    if (rc < 0)
        return rc;
    folder_table_init(&g->folders, g->f, ordered);
    while ((rc = ledger_next(cursor, &row, &label)) == 1) {
        if (!note_row(g, &row, label)) {
            rc = g->folders.wants_order ? -EAGAIN : -ENOMEM;
            break;
        }
    }
    ledger_close(cursor);
    if (rc == 0 && !folder_table_settle(&g->folders, &g->rows))
        rc = -ENOMEM;
    return rc;
}

/* What the rows have added so far is taken back. */
static void forget_rows(struct gather *g)
{
    struct facts *f = g->f;

    for (unsigned i = 0; i < f->n_roots; i++)
        free(f->roots[i].label);
    for (uint32_t i = 0; i < f->n_folders; i++)
        free(f->folders[i].path);
    free(f->roots);
    free(f->folders);
    free(f->gaps);
    f->roots = NULL;
    f->folders = NULL;
    f->gaps = NULL;
    f->n_roots = f->n_gaps = f->n_folders = 0;
    memset(&f->coverage, 0, sizeof f->coverage);
    memset(&f->records, 0, sizeof f->records);
    memset(&f->copies, 0, sizeof f->copies);
    for (unsigned i = 0; i < f->n_kinds; i++)
        f->kinds[i].chance = (struct chance_facts){0};
    for (unsigned i = 0; f->profile && i < f->profile->n; i++)
        f->services[i] = (struct service_facts){0};
    copies_release(&g->copies);
    g->findings = 0;
    folder_table_release(&g->folders);
    rows_release(&g->rows);
    g->n_gap_tallies = 0;
    g->last_gap = 0;
}

static int read_ledger(struct gather *g, struct inventory *inv)
{
    int rc = read_rows(g, inv, false);

    if (rc != -EAGAIN)
        return rc;
    forget_rows(g);
    return read_rows(g, inv, true);
}

/* --- the blocks of findings ------------------------------------------------------------------ */

static struct row_note *visible_row(struct gather *g, int64_t row)
{
    struct row_note *note = rows_find(&g->rows, row);

    return note && (note->folder & ROW_FOLDER) != ROW_UNSEEN ? note : NULL;
}

/* What a finding adds to the figures of its kind, its category and its folder. */
static void count_finding(struct gather *g, struct row_note *note, const struct packed_finding *p)
{
    struct facts *f = g->f;
    struct folder_facts *folder = &f->folders[(note->folder & ROW_FOLDER) - 1];
    struct kind_facts *kind = &f->kinds[p->kind];
    struct category_facts *category = &f->categories[g->kind_category[p->kind]];
    uint64_t bit = UINT64_C(1) << p->kind;

    f->findings++;
    f->records.occurrences += p->count;
    folder->occurrences += p->count;
    kind->occurrences += p->count;
    kind->firm += p->confidence >= CONFIDENCE_MEDIUM ? p->count : 0;
    category->occurrences += p->count;
    if (note->service)
        f->services[note->service - 1].occurrences += p->count;
    if (!(note->kinds & bit)) {
        kind->documents++;
        folder->documents += note->kinds == 0;
        category->documents += (note->kinds & g->category_kinds[g->kind_category[p->kind]]) == 0;
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
    category->values++;
    category->sure += whole.confidence == CONFIDENCE_HIGH;
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

/* --- reasons by folder ------------------------------------------------------------------------ */

static void place_gap_folder(struct gap_facts *gap, struct gap_folder one)
{
    unsigned at = gap->n_top;

    /* Most bytes first, then most items; folders come in the order of their paths. */
    while (at > 0 && (gap->top[at - 1].bytes < one.bytes ||
                      (gap->top[at - 1].bytes == one.bytes && gap->top[at - 1].items < one.items)))
        at--;
    if (gap->n_top == GAP_FOLDERS)
        gap->more_folders++;
    if (at == GAP_FOLDERS)
        return;
    if (gap->n_top < GAP_FOLDERS)
        gap->n_top++;
    memmove(&gap->top[at + 1], &gap->top[at], (gap->n_top - at - 1) * sizeof gap->top[0]);
    gap->top[at] = one;
}

static void rank_gap_folders(struct gather *g)
{
    struct facts *f = g->f;

    for (uint32_t folder = 0; folder < f->n_folders; folder++) {
        for (uint32_t at = g->folders.first_gap[folder]; at != 0;
             at = g->gap_tallies[at - 1].next) {
            const struct gap_tally *t = &g->gap_tallies[at - 1];

            place_gap_folder(&f->gaps[t->gap], (struct gap_folder){folder, t->items, t->bytes});
        }
    }
    order_reasons(f);
}

/* --- all of it ------------------------------------------------------------------------------- */

static int take_findings(struct gather *g, struct inventory *inv)
{
    tally_init(&g->tally, g->findings);
    links_init(&g->links, g->f, g->keys, &g->tally, &g->names);
    g->passes = g->links.passes = tally_passes(g->findings);
    for (g->pass = 0; g->pass < g->passes; g->pass++) {
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

/* Documents of a category, by whether they hold a person. */
static void split_documents(const struct row_note *note, void *ctx)
{
    struct gather *g = ctx;

    for (unsigned c = 0; c < categories_count; c++)
        g->f->categories[c].documents_with +=
            (note->kinds & g->category_kinds[c]) && (note->kinds & g->person_kinds);
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
    AUTO(gather_release) struct gather g = {.f = f, .keys = keys};
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
        rc = read_ledger(&g, inv);
    if (rc == 0)
        rc = take_findings(&g, inv);
    if (rc == 0)
        rc = order_hot(f);
    if (rc < 0)
        return rc;
    rows_each(&g.rows, split_documents, &g);
    f->copies.contents = copies_contents(&g.copies);
    persons_count(f);
    order_kinds(f);
    rank_gap_folders(&g);
    *ret = take_ptr(&f);
    return 0;
}
