/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/ledger.h"

#include <errno.h>
#include <stdlib.h>

#include "report/orders.h"

struct gap_tally {      /* one reason in one folder */
    uint32_t gap, next; /* next: index + 1 in the list of the folder */
    uint64_t items, bytes;
};

void ledger_count_release(struct ledger_count *l)
{
    rows_release(&l->rows);
    folder_table_release(&l->folders);
    copies_release(&l->copies);
    free(l->gap_tallies);
}

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

static bool find_gap(struct ledger_count *l, enum outcome outcome, struct span reason,
                     unsigned *ret)
{
    struct facts *f = l->f;
    size_t len = reason.len < 64 ? reason.len : 64;

    for (unsigned n = 0; n < f->n_gaps; n++) {
        unsigned i = n == 0 ? l->last_gap : n - (n <= l->last_gap);
        const struct gap_facts *gap = &f->gaps[i];

        if (gap->outcome == outcome && strlen(gap->reason) == len &&
            memcmp(gap->reason, reason.at ? reason.at : "", len) == 0) {
            *ret = l->last_gap = i;
            return true;
        }
    }
    if (f->n_gaps >= FACTS_GAPS && len > 0) {
        l->folders.wants_order = !l->folders.ordered; /* the first ones keep their names */
        return l->folders.ordered && find_gap(l, outcome, SPAN(""), ret);
    }
    struct gap_facts *more = realloc(f->gaps, (f->n_gaps + 1) * sizeof *more);

    if (!more)
        return false;
    f->gaps = more;
    f->gaps[f->n_gaps] = (struct gap_facts){.outcome = outcome};
    if (len)
        memcpy(f->gaps[f->n_gaps].reason, reason.at, len);
    *ret = l->last_gap = f->n_gaps++;
    return true;
}

static bool note_gap_folder(struct ledger_count *l, unsigned gap, uint32_t folder, uint64_t bytes)
{
    uint32_t at = l->folders.first_gap[folder];

    while (at != 0 && l->gap_tallies[at - 1].gap != gap)
        at = l->gap_tallies[at - 1].next;
    if (at == 0) {
        if (l->n_gap_tallies == l->gap_tallies_room) {
            uint32_t room = l->gap_tallies_room ? l->gap_tallies_room * 2 : 256;
            struct gap_tally *more = realloc(l->gap_tallies, room * sizeof *more);

            if (!more)
                return false;
            l->gap_tallies = more;
            l->gap_tallies_room = room;
        }
        l->gap_tallies[l->n_gap_tallies] =
            (struct gap_tally){gap, l->folders.first_gap[folder], 0, 0};
        at = ++l->n_gap_tallies;
        l->folders.first_gap[folder] = at;
    }
    l->gap_tallies[at - 1].items++;
    l->gap_tallies[at - 1].bytes += bytes;
    return true;
}

static bool is_unread(enum outcome o)
{
    return o != OUTCOME_READ && o != OUTCOME_EXCLUDED && o != OUTCOME_SPECIAL;
}

static void note_outcome(struct ledger_count *l, const struct ledger_row *row,
                         struct folder_facts *folder)
{
    struct coverage_facts *c = &l->f->coverage;
    struct root_facts *root = &l->f->roots[l->root];

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

static bool note_gap(struct ledger_count *l, const struct ledger_row *row, uint32_t folder)
{
    unsigned at;

    if (row->outcome == OUTCOME_READ)
        return true;
    if (!find_gap(l, row->outcome, row->reason, &at))
        return false;
    struct gap_facts *gap = &l->f->gaps[at];

    if (row->top != 0) {
        gap->members++;
    } else if (row->type == 'f') {
        gap->files.files++;
        gap->files.bytes += row->bytes;
    } else {
        gap->others++;
    }
    return note_gap_folder(l, at, folder, row->top == 0 && row->type == 'f' ? row->bytes : 0);
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

static bool note_holds(struct ledger_count *l, const struct ledger_row *row)
{
    struct row_note *top;

    if (row->findings == 0)
        return true;
    if (row->top != 0)
        l->f->records.members++;
    else if (row->type != 'f')
        return true;
    top = rows_make(&l->rows, row->top ? row->top : row->id);
    if (!top)
        return false;
    if (!(top->folder & ROW_HOLDS)) {
        top->folder |= ROW_HOLDS;
        l->f->records.files++;
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
static void note_chance(struct ledger_count *l, struct span chance)
{
    struct reader r = reader_of(chance);
    struct kind_tally t;

    while (chance_next(&r, &t)) {
        if (t.kind >= l->f->n_kinds)
            return;
        add_chance(&l->f->kinds[t.kind].chance, &t);
        add_chance(&l->f->roots[l->root].chance[t.kind], &t);
    }
}

static void note_service(struct facts *f, const struct row_note *note, const struct ledger_row *row)
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

static bool note_row(struct ledger_count *l, const struct ledger_row *row, struct span label)
{
    uint32_t folder;

    if ((unsigned)row->outcome >= OUTCOME_COUNT ||
        !folder_table_root(&l->folders, label, &l->root) ||
        !folder_table_find(&l->folders, l->root, folder_of(row->path, l->f->depth), &folder))
        return false;
    struct row_note *note = rows_make(&l->rows, row->id);

    if (!note)
        return false;
    note->folder = (note->folder & ROW_HOLDS) | (folder + 1);
    note->unit = (uint8_t)row->unit;
    note->service = (uint16_t)profile_match(l->f->profile, row->path);
    note_service(l->f, note, row);
    note_outcome(l, row, &l->f->folders[folder]);
    l->findings += row->findings;
    if (copies_seen(&l->copies, row))
        l->f->copies.documents++;
    else
        note_records(&l->f->records, row);
    if (l->copies.failed)
        return false;
    note_chance(l, row->chance);
    return note_gap(l, row, folder) && note_holds(l, row);
}

static int read_rows(struct ledger_count *l, struct inventory *inv, bool ordered)
{
    struct ledger_cursor *cursor = NULL;
    struct ledger_row row;
    struct span label;
    int rc = ordered ? ledger_open(inv, &cursor) : ledger_open_unordered(inv, &cursor);

    if (rc < 0)
        return rc;
    folder_table_init(&l->folders, l->f, ordered);
    while ((rc = ledger_next(cursor, &row, &label)) == 1) {
        if (!note_row(l, &row, label)) {
            rc = l->folders.wants_order ? -EAGAIN : -ENOMEM;
            break;
        }
    }
    ledger_close(cursor);
    if (rc == 0 && !folder_table_settle(&l->folders, &l->rows))
        rc = -ENOMEM;
    return rc;
}

/* What the rows have added so far is taken back. */
static void forget_rows(struct ledger_count *l)
{
    struct facts *f = l->f;

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
    copies_release(&l->copies);
    l->findings = 0;
    folder_table_release(&l->folders);
    rows_release(&l->rows);
    l->n_gap_tallies = 0;
    l->last_gap = 0;
}

int ledger_count(struct ledger_count *l, struct inventory *inv)
{
    int rc = read_rows(l, inv, false);

    if (rc != -EAGAIN)
        return rc;
    forget_rows(l);
    return read_rows(l, inv, true);
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

void ledger_rank_gaps(struct ledger_count *l)
{
    struct facts *f = l->f;

    for (uint32_t folder = 0; folder < f->n_folders; folder++) {
        for (uint32_t at = l->folders.first_gap[folder]; at != 0;
             at = l->gap_tallies[at - 1].next) {
            const struct gap_tally *t = &l->gap_tallies[at - 1];

            place_gap_folder(&f->gaps[t->gap], (struct gap_folder){folder, t->items, t->bytes});
        }
    }
    order_reasons(f);
}
