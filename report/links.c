/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/links.h"

#include <stdlib.h>
#include <string.h>

/* What one person has of a kind in one record: two accounts, a private and an office address.
 * More than that in one record belongs to others too. */
enum { EACH_OF_A_KIND = 2 };

/* Names in a document of one person with a table: his own, and who wrote it. */
enum { PERSON_AND_OFFICIAL = 2 };

/* A document with more than this is looked at in parts (the engine hands out its findings in parts
 * of 400,000, in the order of the text). */
enum { SIGHTINGS_MAX = 1 << 19, STANDINGS_MAX = 1 << 20, NAME_RECORDS = 3 };

#define SEVERAL UINT32_MAX

struct sighting { /* one finding of the document */
    unsigned char token[TOKEN_BYTES];
    uint32_t line, paragraph;  /* 0 unknown */
    uint32_t row, column;      /* of a cell */
    uint32_t birth;            /* that a number, a document or a date says; 0 nothing */
    uint32_t masked;           /* facts as they are stored */
    uint32_t categories, near; /* of the record, and close by */
    uint32_t person;           /* hash of the number it stands beside; 0 nobody's, or SEVERAL */
    uint32_t asserted;         /* categories that are asserted for it */
    uint8_t kind, role, confidence, flags;
    uint8_t told; /* how often it went on, a name or a contact */
    bool raw;     /* from raw bytes: what stands near may be anything */
    bool in_table;
};

struct standing {
    uint64_t record;
    uint32_t at; /* in all[] */
};

struct scope { /* what stands together */
    const uint32_t *at;
    size_t n;
    unsigned names, numbers, births, addresses, documents;
    uint32_t name, number, birth, address; /* the first of each; birth is the date itself */
    uint8_t birth_confidence;
    uint8_t of_kind[FACTS_KINDS];
};

void links_init(struct links *l, const struct facts *f, const struct case_keys *keys,
                struct tally *tally, struct namesakes *names)
{
    *l = (struct links){.keys = keys, .tally = tally, .names = names, .passes = 1};
    for (unsigned i = 0; i < f->n_kinds; i++)
        l->roles[i] = (uint8_t)f->kinds[i].about.role;
}

void links_release(struct links *l)
{
    free(l->all);
    free(l->standings);
    free(l->order);
    *l = (struct links){0};
}

bool births_agree(uint32_t a, uint32_t b)
{
    uint32_t month = a / 100 % 100, other = b / 100 % 100;

    if (a < FIRST_DATE || b < FIRST_DATE)
        return true;
    if (a / 10000 != b / 10000)
        return false;
    if (month == 0 || other == 0)
        return true;
    return month == other && (a % 100 == 0 || b % 100 == 0 || a % 100 == b % 100);
}

/* --- gathering ------------------------------------------------------------------------------- */

void links_begin(struct links *l, enum place_kind unit, uint32_t folder, uint8_t groups)
{
    l->unit = unit;
    l->folder = folder;
    l->groups = groups;
    l->n = l->n_standings = 0;
}

static bool make_room(void **at, size_t *room, size_t n, size_t size)
{
    if (n <= *room)
        return true;
    size_t wanted = *room ? *room * 2 : 256;

    while (wanted < n)
        wanted *= 2;
    void *more = realloc(*at, wanted * size);

    if (!more)
        return false;
    *at = more;
    *room = wanted;
    return true;
}

#define MAKE_ROOM(list, room, n) make_room((void **)&(list), &(room), n, sizeof *(list))

/* A date that a finding states.  Without the case key it is known again, not understood: a number
 * below all dates, from the token. */
static uint32_t birth_of(const struct links *l, const struct packed_finding *p,
                         enum person_role role)
{
    if (role != ROLE_NUMBER && role != ROLE_DOCUMENT && role != ROLE_BIRTH)
        return 0;
    if (l->keys && p->has_facts)
        return facts_unpack(facts_mask(l->keys, p->token, p->facts)).birth;
    return role == ROLE_BIRTH
               ? 1 + (p->token[0] | (uint32_t)p->token[1] << 8) % (uint32_t)(FIRST_DATE - 1)
               : 0;
}

void links_add(struct links *l, const struct packed_finding *p)
{
    if (l->failed)
        return;
    if (l->n == SIGHTINGS_MAX || l->n_standings + ENGINE_RECORDS_MAX > STANDINGS_MAX)
        links_end(l);
    if (!MAKE_ROOM(l->all, l->room, l->n + 1) ||
        !MAKE_ROOM(l->standings, l->standings_room, l->n_standings + ENGINE_RECORDS_MAX)) {
        l->failed = true;
        return;
    }
    struct sighting *s = &l->all[l->n];
    enum person_role role = (enum person_role)l->roles[p->kind];
    bool cell = p->place.kind == PLACE_CELL || p->place.kind == PLACE_ROW;

    *s = (struct sighting){.line = p->line,
                           .paragraph = p->paragraph,
                           .row = cell ? (uint32_t)p->place.a : 0,
                           .column = cell ? p->place.b : 0,
                           .birth = birth_of(l, p, role),
                           .masked = p->facts,
                           .categories = p->categories,
                           .near = p->categories_near,
                           .kind = (uint8_t)p->kind,
                           .role = (uint8_t)role,
                           .confidence = (uint8_t)p->confidence,
                           .flags = p->has_facts ? TALLY_HAS_FACTS : 0,
                           .raw = p->place.kind == PLACE_BYTE,
                           .in_table = cell};
    memcpy(s->token, p->token, sizeof s->token);
    unsigned n = p->n_records < ENGINE_RECORDS_MAX ? p->n_records : ENGINE_RECORDS_MAX;

    l->standings[l->n_standings++] = (struct standing){p->record, (uint32_t)l->n};
    for (unsigned i = 1; i < n; i++)
        l->standings[l->n_standings++] = (struct standing){p->records[i], (uint32_t)l->n};
    l->n++;
}

/* --- what stands together -------------------------------------------------------------------- */

static void note_one(const struct links *l, unsigned *n, uint32_t *first, uint32_t at)
{
    if (*n == 0)
        *first = at;
    if (*n == 0 || memcmp(l->all[*first].token, l->all[at].token, TOKEN_BYTES) != 0)
        ++*n;
}

static void note_birth(struct scope *c, const struct sighting *s)
{
    if (c->births == 0) {
        c->birth = s->birth;
        c->birth_confidence = s->confidence;
    }
    c->births += c->births == 0 || c->birth != s->birth;
}

static void look_at(const struct links *l, const uint32_t *at, size_t n, struct scope *ret)
{
    *ret = (struct scope){.at = at, .n = n};
    for (size_t i = 0; i < n; i++) {
        const struct sighting *s = &l->all[at[i]];

        switch ((enum person_role)s->role) {
        case ROLE_NUMBER:
            /* One of low confidence may be a coincidence: it ties nothing. */
            if (s->confidence >= CONFIDENCE_MEDIUM)
                note_one(l, &ret->numbers, &ret->number, at[i]);
            break;
        case ROLE_NAME:
            note_one(l, &ret->names, &ret->name, at[i]);
            break;
        case ROLE_ADDRESS:
            note_one(l, &ret->addresses, &ret->address, at[i]);
            break;
        case ROLE_DOCUMENT:
            ret->documents++;
            break;
        case ROLE_NONE:
        case ROLE_BIRTH:
        case ROLE_HINT:
            break;
        }
        if (s->role != ROLE_NUMBER && s->birth)
            note_birth(ret, s);
        ret->of_kind[s->kind] += ret->of_kind[s->kind] < UINT8_MAX;
    }
}

static unsigned persons_in(const struct scope *c)
{
    return c->numbers ? c->numbers : c->names ? c->names : c->documents;
}

/* Some kind has more values than its persons explain. */
static bool crowded(const struct links *l, const struct scope *c)
{
    unsigned most = persons_in(c) * EACH_OF_A_KIND;

    for (size_t i = 0; i < c->n; i++) {
        const struct sighting *s = &l->all[c->at[i]];

        if ((s->role == ROLE_HINT || s->role == ROLE_DOCUMENT) && c->of_kind[s->kind] > most)
            return true;
    }
    return false;
}

static uint32_t person_hash(const struct sighting *number)
{
    uint32_t hash;

    memcpy(&hash, number->token, sizeof hash);
    return hash == 0 || hash == SEVERAL ? 1 : hash;
}

static bool may_tie(const struct links *l, const struct scope *c, const struct sighting *s)
{
    bool few = c->of_kind[s->kind] <= persons_in(c) * EACH_OF_A_KIND;

    switch ((enum person_role)s->role) {
    case ROLE_HINT:
        return few;
    case ROLE_DOCUMENT:
        /* The card of another than the holder of the number is not his. */
        if (c->numbers == 1 && !births_agree(s->birth, l->all[c->number].birth))
            return false;
        return few && (c->numbers || c->names);
    case ROLE_NAME:
    case ROLE_ADDRESS:
        return c->numbers > 0;
    case ROLE_BIRTH:
        return c->numbers > 0 || c->names > 0;
    case ROLE_NONE:
    case ROLE_NUMBER:
        break;
    }
    return false;
}

static uint64_t head_of(const struct sighting *s)
{
    uint64_t head;

    memcpy(&head, s->token, sizeof head);
    return head ? head : 1;
}

static bool is_contact(const struct scope *c, const struct sighting *s)
{
    return (s->role == ROLE_HINT && c->of_kind[s->kind] <= persons_in(c) * EACH_OF_A_KIND) ||
           (s->role == ROLE_ADDRESS && c->addresses == 1);
}

/* Accounts, addresses, telephones that stand with somebody of that birth date; for doubles.h. */
static void tell_contacts(struct links *l, const struct scope *c, uint32_t birth,
                          const struct sighting *who)
{
    /* Of a case that is read in passes all would have to be kept: its estimate does without. */
    if (birth < FIRST_DATE || l->passes > 1)
        return;
    for (size_t i = 0; i < c->n; i++) {
        struct sighting *s = &l->all[c->at[i]];

        if (s->told == NAME_RECORDS || !is_contact(c, s))
            continue;
        s->told++;
        if (!doubles_add(&l->names->doubles, head_of(s), birth, head_of(who),
                         who->role == ROLE_NUMBER))
            l->failed = true;
    }
}

static void tie(struct links *l, const struct scope *c, unsigned reason)
{
    uint32_t person = c->numbers == 0   ? 0
                      : c->numbers == 1 ? person_hash(&l->all[c->number])
                                        : SEVERAL;

    if (persons_in(c) == 0)
        return;
    for (size_t i = 0; i < c->n; i++) {
        struct sighting *s = &l->all[c->at[i]];

        if (!may_tie(l, c, s))
            continue;
        if (!(s->flags & TALLY_LINKED))
            s->flags |= (uint8_t)reason;
        if (person && s->person && s->person != person)
            s->person = SEVERAL;
        else if (person)
            s->person = person;
    }
    if (c->numbers == 1)
        tell_contacts(l, c, l->all[c->number].birth, &l->all[c->number]);
}

static void assert_categories(struct links *l, const struct scope *c, bool record)
{
    for (size_t i = 0; i < c->n; i++) {
        struct sighting *s = &l->all[c->at[i]];

        s->asserted |= record ? s->categories : s->near;
    }
}

/* --- names ----------------------------------------------------------------------------------- */

struct own { /* what is taken to be one name's own */
    const struct sighting *number, *address;
    uint32_t birth;
    uint8_t birth_confidence;
    const struct scope *scope; /* where it stands alone; NULL: nowhere */
};

static void tell(struct links *l, struct sighting *name, struct own own)
{
    struct mention m = {.name = head_of(name),
                        .categories = name->asserted,
                        .groups = l->groups,
                        .birth = own.birth};

    if (!tally_wants(l->pass, l->passes, name->token) || name->told == NAME_RECORDS)
        return;
    if (own.number && !births_agree(own.birth, own.number->birth)) {
        l->conflicts.birth_dates++;
        own.number = NULL; /* a name with another birth date is another's */
    }
    if (own.number) {
        m.number = head_of(own.number);
        m.birth = own.number->birth ? own.number->birth : own.birth;
    }
    if (own.address)
        m.address = head_of(own.address);
    if (name->confidence >= CONFIDENCE_MEDIUM &&
        (own.birth ? own.birth_confidence >= CONFIDENCE_MEDIUM
                   : own.address && own.address->confidence >= CONFIDENCE_MEDIUM))
        m.flags |= MENTION_FIRM;
    name->told++;
    if (!namesakes_add(l->names, &m))
        l->failed = true;
    if (!own.number && own.scope)
        tell_contacts(l, own.scope, own.birth, name);
}

/* What is single in that scope and not known yet. */
static void complete(const struct links *l, const struct scope *c, struct own *own)
{
    if (!own->scope)
        own->scope = c;
    if (!own->number && c->numbers == 1)
        own->number = &l->all[c->number];
    if (!own->address && c->addresses == 1)
        own->address = &l->all[c->address];
    if (!own->birth && c->births == 1) {
        own->birth = c->birth;
        own->birth_confidence = c->birth_confidence;
    }
}

static unsigned apart(const struct sighting *a, const struct sighting *b)
{
    return a->column > b->column ? a->column - b->column : b->column - a->column;
}

static bool is_firm_number(const struct sighting *s)
{
    return s->role == ROLE_NUMBER && s->confidence >= CONFIDENCE_MEDIUM;
}

/* The single number of a row belongs to the name in the nearest column. */
static const struct sighting *nearest_number(const struct links *l, const struct scope *c,
                                             const struct sighting *name)
{
    const struct sighting *number = &l->all[c->number];

    for (size_t i = 0; i < c->n; i++) {
        const struct sighting *s = &l->all[c->at[i]];

        if (s->role == ROLE_NAME && s != name &&
            (s->row != name->row || apart(number, s) <= apart(number, name)))
            return NULL;
    }
    return number->row == name->row ? number : NULL;
}

/* As many numbers as names: the second number is that of the second name. */
static const struct sighting *number_in_turn(const struct links *l, const struct scope *c,
                                             const struct sighting *name)
{
    unsigned names_before = 0;

    for (size_t i = 0; i < c->n; i++) {
        const struct sighting *s = &l->all[c->at[i]];

        if (s->row != name->row && (s->role == ROLE_NAME || is_firm_number(s)))
            return NULL;
        names_before += s->role == ROLE_NAME && s->column < name->column;
    }
    for (size_t i = 0; i < c->n; i++) {
        const struct sighting *number = &l->all[c->at[i]];
        unsigned numbers_before = 0;

        if (!is_firm_number(number))
            continue;
        for (size_t k = 0; k < c->n; k++) {
            const struct sighting *other = &l->all[c->at[k]];

            numbers_before += is_firm_number(other) && other->column < number->column;
        }
        if (numbers_before == names_before)
            return number;
    }
    return NULL;
}

enum { ROW_CROWD = 32 }; /* a row with more in it is not looked at name by name */

static void tell_row(struct links *l, const struct scope *c)
{
    for (size_t i = 0; i < c->n && c->names; i++) {
        struct sighting *s = &l->all[c->at[i]];
        struct own own = {0};

        if (s->role != ROLE_NAME)
            continue;
        if (c->names == 1)
            complete(l, c, &own);
        else if (s->row && c->n <= ROW_CROWD && c->numbers == 1)
            own.number = nearest_number(l, c, s);
        else if (s->row && c->n <= ROW_CROWD && c->numbers == c->names)
            own.number = number_in_turn(l, c, s);
        tell(l, s, own);
    }
}

/* Names of a text: where a name stands alone, in the whole, a paragraph or a line, what is single
 * there is its own. */
static void tell_line(struct links *l, const struct scope *levels, unsigned n_levels)
{
    const struct scope *line = &levels[n_levels - 1];

    for (size_t i = 0; i < line->n && line->names; i++) {
        struct sighting *s = &l->all[line->at[i]];
        struct own own = {0};

        if (s->role != ROLE_NAME)
            continue;
        for (unsigned at = 0; at < n_levels; at++) {
            if (levels[at].names == 1)
                complete(l, &levels[at], &own);
        }
        tell(l, s, own);
    }
}

/* --- documents ------------------------------------------------------------------------------- */

static int by_line(const void *a, const void *b, void *ctx)
{
    const struct links *l = ctx;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const struct sighting *x = &l->all[i], *y = &l->all[j];

    if (x->paragraph != y->paragraph)
        return x->paragraph < y->paragraph ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (i > j) - (i < j);
}

/* How many from the first on stand in its paragraph, or line. */
static size_t run_of(const struct links *l, const uint32_t *at, size_t n, bool line)
{
    const struct sighting *first = &l->all[at[0]];
    size_t end = 1;

    while (end < n && l->all[at[end]].paragraph == first->paragraph &&
           (!line || l->all[at[end]].line == first->line))
        end++;
    return end;
}

static bool settled(const struct links *l, const struct scope *c)
{
    return c->numbers <= 1 && c->names <= 1 && c->births <= 1 && c->addresses <= 1 &&
           !crowded(l, c);
}

static void read_lines(struct links *l, const uint32_t *at, size_t n, struct scope levels[3])
{
    for (size_t i = 0, end; i < n; i = end) {
        end = i + run_of(l, at + i, n - i, true);
        look_at(l, at + i, end - i, &levels[2]);
        if (l->all[at[i]].line)
            tie(l, &levels[2], TALLY_LINKED_ROW);
        tell_line(l, levels, 3);
    }
}

/* A whole text, message or page; `at` is put in the order of lines. */
static void read_text(struct links *l, uint32_t *at, size_t n, unsigned reason)
{
    struct scope levels[3];
    bool raw = false;

    look_at(l, at, n, &levels[0]);
    for (size_t i = 0; i < n; i++)
        raw |= l->all[at[i]].raw;
    assert_categories(l, &levels[0], levels[0].numbers <= 1 && !raw);
    if (raw)
        levels[0].names = 0; /* only what stands on its line can be one's own */
    else if (levels[0].numbers <= 1)
        tie(l, &levels[0], reason);
    l->conflicts.several_numbers += levels[0].numbers > 1;
    if (!raw && settled(l, &levels[0])) {
        tell_line(l, levels, 1);
        return;
    }
    qsort_r(at, n, sizeof *at, by_line, l);
    for (size_t i = 0, end; i < n; i = end) {
        end = i + run_of(l, at + i, n - i, false);
        look_at(l, at + i, end - i, &levels[1]);
        if (raw)
            levels[1].names = 0;
        else if (levels[1].numbers <= 1 && l->all[at[i]].paragraph)
            tie(l, &levels[1], TALLY_LINKED_FORM);
        read_lines(l, at + i, end - i, levels);
    }
}

static void read_row(struct links *l, const uint32_t *at, size_t n)
{
    struct scope c;

    look_at(l, at, n, &c);
    assert_categories(l, &c, true);
    tie(l, &c, TALLY_LINKED_ROW);
    l->conflicts.several_numbers += c.numbers > 1;
    tell_row(l, &c);
}

static int by_record(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;

    if (x->record != y->record)
        return x->record < y->record ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void each_record(struct links *l)
{
    struct standing *s = l->standings;
    size_t n = l->n_standings;

    for (size_t i = 1; i < n; i++) {
        if (by_record(&s[i - 1], &s[i]) > 0) {
            qsort(s, n, sizeof *s, by_record);
            break;
        }
    }
    for (size_t i = 0, end; i < n; i = end) {
        size_t own = 0, in_table = 0;

        for (end = i; end < n && s[end].record == s[i].record; end++) {
            if (end > i && s[end].at == s[end - 1].at)
                continue;
            in_table += l->all[s[end].at].in_table;
            l->order[own++] = s[end].at;
        }
        /* A text with a table in it has both. */
        if (in_table * 2 >= own)
            read_row(l, l->order, own);
        else
            read_text(l, l->order, own, TALLY_LINKED_FORM);
    }
}

static bool one_record(const struct links *l)
{
    for (size_t i = 1; i < l->n_standings; i++) {
        if (l->standings[i].record != l->standings[0].record)
            return false;
    }
    return true;
}

static void all_in_order(struct links *l)
{
    for (size_t i = 0; i < l->n; i++)
        l->order[i] = (uint32_t)i;
}

/* Labels in one column of a table, values in the next: its rows are no persons.  What stands in
 * tables stands in one column then, and in several rows. */
static bool is_form(const struct links *l)
{
    const struct sighting *first = NULL;
    bool rows = false;

    for (size_t i = 0; i < l->n; i++) {
        const struct sighting *s = &l->all[i];

        if (!s->in_table)
            continue;
        if (!first)
            first = s;
        if (s->column == 0 || s->column != first->column)
            return false;
        rows |= s->row != first->row;
    }
    return rows;
}

/* With pages, or with tables in it. */
static void read_parts(struct links *l)
{
    struct scope c;
    bool pages = l->unit == PLACE_PAGE;

    look_at(l, l->order, l->n, &c);
    if (pages ? c.numbers <= 1 : settled(l, &c) && is_form(l)) {
        read_text(l, l->order, l->n, TALLY_LINKED_DOCUMENT);
        return;
    }
    each_record(l);
    /* A letter of one person with a table in it. */
    if (pages || c.numbers != 1 || c.names > PERSON_AND_OFFICIAL || l->all[c.number].in_table)
        return;
    all_in_order(l);
    tie(l, &c, TALLY_LINKED_DOCUMENT);
}

static void hand_on(struct links *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct sighting *s = &l->all[i];
        struct tally_note note = {.confidence = s->confidence,
                                  .flags = s->flags,
                                  .groups = l->groups,
                                  .facts = s->masked,
                                  .categories = s->asserted};

        if (!tally_wants(l->pass, l->passes, s->token))
            continue;
        if (s->role != ROLE_NUMBER) {
            note.flags &= ~(unsigned)TALLY_HAS_FACTS;
            note.flags |= s->person == SEVERAL ? TALLY_SHARED : 0;
            note.facts = s->person == SEVERAL ? 0 : s->person;
        }
        tally_add(l->tally, s->kind, s->token, l->folder, &note);
    }
}

void links_end(struct links *l)
{
    bool whole = l->unit == PLACE_LINE || l->unit == PLACE_BYTE || l->unit == PLACE_NAME;

    if (l->failed || l->n == 0)
        return;
    /* A record holds each sighting once at most. */
    if (!MAKE_ROOM(l->order, l->order_room, l->n)) {
        l->failed = true;
        return;
    }
    all_in_order(l);
    if (l->unit == PLACE_MESSAGE)
        each_record(l);
    else if (!whole)
        read_parts(l);
    else if (one_record(l))
        read_text(l, l->order, l->n, TALLY_LINKED_DOCUMENT);
    else
        each_record(l);
    hand_on(l);
    l->n = l->n_standings = 0;
}
