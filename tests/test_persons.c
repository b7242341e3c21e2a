/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: report inventory base detectors */
/* Who is one person: documents put together by hand, whose truth is known by construction. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/facts.h"
#include "report/links.h"
#include "scanner/base/cleanup.h"

/* --- a case ----------------------------------------------------------------------------------- */

/* Kinds of the case: those of the program, and the rest by their names. */
static const char *const kinds[] = {
    "be-nrn",  "iban",     "email",           "phone",           "mrz", "person-name", "birth-date",
    "address", "passport", "category:health", "category:housing"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct made {
    char dir[64];
    int fd;
    struct inventory *inv;
    struct case_keys keys;
    struct run run;
    int64_t root;
    unsigned documents;
};

static void made_begin(struct made *m)
{
    static const unsigned char key[CASE_KEY_BYTES] = {9, 8, 7};
    struct tool_part parts[KINDS];

    *m = (struct made){.dir = "/tmp/constat-persons-XXXXXX"};
    assert_true(keys_start());
    keys_derive(&m->keys, key);
    assert_non_null(mkdtemp(m->dir));
    m->fd = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(m->fd >= 0);
    assert_int_equal(inventory_open(m->fd, INVENTORY_WRITE, &m->inv), 0);
    m->run = (struct run){.started = 1700000000,
                          .state = "running",
                          .tool_version = "0",
                          .build_id = "b",
                          .host = "h",
                          .kernel = "k",
                          .user = "u",
                          .options = "{}",
                          .rules_digest = "0123",
                          .today = 20261123};
    assert_int_equal(run_begin(m->inv, &m->run), 0);
    for (unsigned i = 0; i < KINDS; i++)
        parts[i] = (struct tool_part){.group = "detector",
                                      .id = kinds[i],
                                      .kind = kinds[i],
                                      .version = 1,
                                      .chance = i == 0 ? 0.01 : 0,
                                      .words = "",
                                      .category = strncmp(kinds[i], "category:", 9) == 0};
    assert_int_equal(run_parts(m->inv, m->run.id, parts, KINDS), 0);
    assert_int_equal(run_root(m->inv, m->run.id, 0, SPAN("share"), SPAN("/srv/share"), &m->root),
                     0);
}

static void made_end(struct made *m)
{
    char command[128];

    inventory_close(m->inv);
    close(m->fd);
    snprintf(command, sizeof command, "rm -rf '%s'", m->dir);
    assert_int_equal(system(command), 0);
}

/* One finding.  `value` makes the token; `birth` is what it says of a birth date. */
struct said {
    const char *kind, *value;
    uint32_t birth;
    uint64_t record;
    uint32_t line, paragraph;
    enum confidence confidence; /* 0: high */
    uint32_t column;            /* of a cell, whose row is `record` */
    uint32_t categories;        /* bit 0 health, bit 1 housing */
    uint64_t also;              /* a second record, 0 none */
};

struct text {
    enum place_kind unit;
    const struct said *said;
    unsigned n;
    const char *path; /* NULL: any */
    uint64_t content, candidates, passed;
};

static unsigned kind_of(const char *name)
{
    for (unsigned i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i], name) == 0)
            return i;
    }
    fail_msg("no kind %s", name);
    return 0;
}

static void add(const struct made *m, struct buf *block, enum place_kind unit, const struct said *s)
{
    struct packed_finding p = {.kind = kind_of(s->kind),
                               .confidence = s->confidence ? s->confidence : CONFIDENCE_HIGH,
                               /* A line in a document of rows is text beside its table. */
                               .place = {.kind = s->column                       ? PLACE_CELL
                                                 : unit == PLACE_ROW && !s->line ? PLACE_ROW
                                                                                 : PLACE_LINE,
                                         .a = s->record + 1,
                                         .b = s->column},
                               .count = 1,
                               .record = s->record,
                               .records = {s->record, s->also},
                               .n_records = s->also ? 2 : 1,
                               .line = s->line,
                               .paragraph = s->paragraph,
                               .categories = s->categories,
                               .categories_near = s->line ? 0 : s->categories};
    struct person_facts facts = {.birth = s->birth};

    token_of(&m->keys, s->kind, span_of(s->value), p.token);
    if (s->birth) {
        p.has_facts = true;
        p.facts = facts_mask(&m->keys, p.token, facts_pack(&facts));
    }
    assert_true(finding_block_add(block, &p));
}

static void put(struct made *m, const struct text *t)
{
    int64_t top = 0;
    char path[32];
    AUTO_BUF struct buf block, chance;

    assert_int_equal(inventory_item_begin(m->inv, &top), 0);
    snprintf(path, sizeof path, "folder/%u.txt", m->documents++);
    buf_init(&chance, 100);
    buf_add_varint(&chance, 0);
    buf_add_varint(&chance, t->candidates);
    buf_add_varint(&chance, t->passed);
    buf_add_varint(&chance, t->candidates);
    buf_add_varint(&chance, t->passed);
    struct ledger_row row = {.id = top,
                             .root = m->root,
                             .path = span_of(t->path ? t->path : path),
                             .members = SPAN("[]"),
                             .bytes = 100,
                             .type = 'f',
                             .outcome = OUTCOME_READ,
                             .reason = SPAN(""),
                             .media_type = SPAN("text/plain"),
                             .extractor = SPAN("text"),
                             .unit = t->unit,
                             .records = 1,
                             .findings = t->n,
                             .content = t->content,
                             .chance = t->candidates ? buf_span(&chance) : SPAN("")};

    path_identity(&m->keys, SPAN("share"), row.path, row.identity);
    buf_init(&block, FINDING_BLOCK_MAX);
    for (unsigned i = 0; i < t->n; i++)
        add(m, &block, t->unit, &t->said[i]);
    if (block.len)
        assert_int_equal(inventory_put_findings(m->inv, top, row.id, buf_span(&block)), 0);
    assert_int_equal(inventory_put_row(m->inv, m->run.id, &row), 0);
    assert_int_equal(inventory_item_done(m->inv, top), 0);
}

static struct facts *gather(struct made *m, bool keys, const struct profile *profile)
{
    struct facts *f = NULL;
    const struct report_options o = {.depth = 2, .profile = profile};

    assert_int_equal(facts_gather(m->inv, keys ? &m->keys : NULL, &o, &f), 0);
    return f;
}

#define TEXT(unit_, list) TEXT_WITH(unit_, list, .path = NULL)
#define TEXT_WITH(unit_, list, ...)                                                                \
    {                                                                                              \
        .unit = unit_, .said = list, .n = sizeof list / sizeof list[0], __VA_ARGS__                \
    }

/* The figures of a case of these texts, forwards and backwards alike. */
static struct facts *figures_of(const struct text *texts, unsigned n)
{
    struct facts *first = NULL;

    for (unsigned turn = 0; turn < 2; turn++) {
        struct made m;

        made_begin(&m);
        for (unsigned i = 0; i < n; i++)
            put(&m, &texts[turn ? n - 1 - i : i]);
        struct facts *f = gather(&m, true, NULL);

        made_end(&m);
        if (!first) {
            first = f;
            continue;
        }
        assert_memory_equal(&first->persons, &f->persons, sizeof f->persons);
        facts_free(f);
    }
    return first;
}

#define FIGURES(texts) figures_of(texts, sizeof(texts) / sizeof((texts)[0]))

static void expect(const struct facts *f, uint64_t least, uint64_t about, uint64_t most)
{
    const struct person_counts *p = &f->persons;

    if (p->at_least != least || p->about != about || p->at_most != most)
        fail_msg("%llu / %llu / %llu, not %llu / %llu / %llu", (unsigned long long)p->at_least,
                 (unsigned long long)p->about, (unsigned long long)p->at_most,
                 (unsigned long long)least, (unsigned long long)about, (unsigned long long)most);
}

/* --- rows ------------------------------------------------------------------------------------- */

static void a_row_is_one_person(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 1},
        {.kind = "iban", .value = "A", .record = 1},
        {.kind = "email", .value = "a@", .record = 1},
        {.kind = "phone", .value = "+1", .record = 2}, /* nobody's */
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, list)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 1, 2);
    assert_int_equal(f->persons.tied_row, 3);
    assert_int_equal(f->persons.hints, 1);
    facts_free(f);
}

static void a_family_is_not_one_person(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 1},
        {.kind = "iban", .value = "A", .record = 1, .also = 2},
        {.kind = "address", .value = "street", .record = 1, .also = 2},
        {.kind = "be-nrn", .value = "2", .birth = 19790101, .record = 2},
        {.kind = "person-name", .value = "bob one", .record = 2},
    };
    static const struct said payments[] = {
        {.kind = "iban", .value = "A", .record = 1},
        {.kind = "person-name", .value = "bob one", .record = 1},
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, list), TEXT(PLACE_ROW, payments)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 2, 2, 2);
    assert_int_equal(f->persons.shared, 2);
    facts_free(f);
}

/* Two numbers in one row: names go with theirs by their columns, the rest is shared. */
static void a_couple_in_a_row(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1, .column = 2},
        {.kind = "person-name", .value = "ann one", .record = 1, .column = 1},
        {.kind = "person-name", .value = "bob two", .record = 1, .column = 4},
        {.kind = "be-nrn", .value = "2", .birth = 19790202, .record = 1, .column = 5},
        {.kind = "iban", .value = "A", .record = 1, .column = 6},
    };
    static const struct said known[] = {
        {.kind = "person-name", .value = "bob two", .record = 1},
        {.kind = "birth-date", .value = "19790202", .birth = 19790202, .record = 1},
    };
    static const struct said crossed[] = {
        {.kind = "person-name", .value = "ann one", .record = 1},
        {.kind = "birth-date", .value = "19790202", .birth = 19790202, .record = 1},
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, list), TEXT(PLACE_ROW, known),
                                        TEXT(PLACE_ROW, crossed)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 2, 3, 3); /* another Ann was born on Bob's birthday */
    assert_int_equal(f->persons.by_name.same_birth, 1);
    assert_int_equal(f->persons.conflicts.several_numbers, 1);
    assert_int_equal(f->persons.shared, 3); /* names and account stand with both */
    facts_free(f);
}

/* Labels on the left, values on the right. */
static void a_form_in_a_table(void **state)
{
    static const struct said form[] = {
        {.kind = "person-name", .value = "ann one", .record = 1, .column = 2},
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 2, .column = 2},
        {.kind = "iban", .value = "A", .record = 3, .column = 2},
    };
    static const struct said again[] = {
        {.kind = "person-name", .value = "ann one", .record = 1, .column = 2},
        {.kind = "birth-date", .value = "d", .birth = 19800101, .record = 2, .column = 2},
    };
    static const struct said list[] = {
        /* a number is missing in the second row */
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1, .column = 1},
        {.kind = "iban", .value = "A", .record = 1, .column = 2},
        {.kind = "iban", .value = "B", .record = 2, .column = 2},
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, form), TEXT(PLACE_ROW, again),
                                        TEXT(PLACE_ROW, list)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 1, 2);
    assert_int_equal(f->persons.by_name.same_birth, 1);
    facts_free(f);
}

static void a_letter_with_a_table(void **state)
{
    static const struct said letter[] = {
        {.kind = "person-name", .value = "ann one", .record = 0, .line = 1, .paragraph = 1},
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 0, .line = 3, .paragraph = 2},
        {.kind = "iban", .value = "A", .record = 5, .column = 2},
        {.kind = "phone", .value = "+1", .record = 6, .column = 3},
    };
    static const struct said two[] = {
        /* a text of two persons, and a table */
        {.kind = "be-nrn", .value = "2", .birth = 19810101, .record = 0, .line = 3, .paragraph = 2},
        {.kind = "email", .value = "b@", .record = 0, .line = 4, .paragraph = 2},
        {.kind = "be-nrn", .value = "3", .birth = 19820101, .record = 0, .line = 9, .paragraph = 3},
        {.kind = "iban", .value = "B", .record = 5, .column = 2},
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, letter), TEXT(PLACE_ROW, two)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 3, 3, 4);
    assert_int_equal(f->persons.tied_document, 2);
    facts_free(f);
}

/* Ten addresses in the row of one person are not his. */
static void a_crowd_is_nobodys(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "iban", .value = "A", .record = 1},
        {.kind = "email", .value = "a@", .record = 1},
        {.kind = "email", .value = "b@", .record = 1},
        {.kind = "email", .value = "c@", .record = 1},
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, list)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 1, 4);
    facts_free(f);
}

/* --- texts ------------------------------------------------------------------------------------ */

static void a_document_of_one_person(void **state)
{
    static const struct said letter[] = {
        {.kind = "person-name", .value = "ann one", .line = 1, .paragraph = 1},
        {.kind = "address", .value = "street", .line = 2, .paragraph = 1},
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .line = 9, .paragraph = 3},
        {.kind = "iban", .value = "A", .line = 20, .paragraph = 7},
    };
    static const struct text texts[] = {TEXT(PLACE_LINE, letter)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 1, 1);
    assert_int_equal(f->persons.tied_document, 3);
    facts_free(f);
}

/* Two numbers: only what stands in the paragraph of one, or in its line, belongs to it. */
static void a_household_by_paragraphs(void **state)
{
    static const struct said form[] = {
        {.kind = "address", .value = "street", .line = 1, .paragraph = 1},
        {.kind = "person-name", .value = "ann one", .line = 3, .paragraph = 2},
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .line = 4, .paragraph = 2},
        {.kind = "phone", .value = "+1", .line = 5, .paragraph = 2},
        {.kind = "person-name", .value = "bob one", .line = 7, .paragraph = 3},
        {.kind = "be-nrn", .value = "2", .birth = 19820202, .line = 8, .paragraph = 3},
        {.kind = "person-name", .value = "cid one", .line = 10, .paragraph = 4},
        {.kind = "birth-date", .value = "d", .birth = 20150303, .line = 11, .paragraph = 4},
        {.kind = "be-nrn", .value = "3", .birth = 19600101, .line = 13, .paragraph = 5},
        {.kind = "iban", .value = "C", .line = 13, .paragraph = 5},
        {.kind = "be-nrn", .value = "4", .birth = 19610101, .line = 14, .paragraph = 5},
        {.kind = "iban", .value = "E", .line = 16, .paragraph = 6}, /* whose? */
    };
    static const struct text texts[] = {TEXT(PLACE_LINE, form)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 4, 5, 6);
    assert_int_equal(f->persons.by_name.by_birth, 1);
    assert_int_equal(f->persons.tied_row, 1);
    facts_free(f);
}

static void pages_are_records(void **state)
{
    static const struct said scans[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 0, .line = 3, .paragraph = 1},
        {.kind = "email", .value = "a@", .record = 0, .line = 9, .paragraph = 4},
        {.kind = "be-nrn",
         .value = "2",
         .birth = 19810101,
         .record = 1,
         .line = 40,
         .paragraph = 9},
        {.kind = "email", .value = "b@", .record = 2, .line = 70, .paragraph = 12},
    };
    static const struct text texts[] = {TEXT(PLACE_PAGE, scans)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 2, 2, 3);
    assert_int_equal(f->persons.tied_form, 1);
    facts_free(f);
}

static void objects_are_records(void **state)
{
    static const struct said objects[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "iban", .value = "A", .record = 1},
        {.kind = "iban", .value = "B", .record = 2},
    };
    static const struct text texts[] = {TEXT(PLACE_LINE, objects)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 1, 2);
    assert_int_equal(f->persons.tied_form, 1);
    facts_free(f);
}

/* --- names ------------------------------------------------------------------------------------ */

static void known_again_by_birth_date(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 1},
        {.kind = "be-nrn", .value = "2", .birth = 20100000, .record = 2},
        {.kind = "person-name", .value = "bob two", .record = 2},
    };
    static const struct said letter[] = {
        {.kind = "person-name", .value = "ann one", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "x", .birth = 19800101, .line = 2, .paragraph = 1},
        {.kind = "iban", .value = "A", .line = 3, .paragraph = 1},
    };
    static const struct said child[] = {
        /* the number leaves the day open */
        {.kind = "person-name", .value = "bob two", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "y", .birth = 20100504, .line = 2, .paragraph = 1},
    };
    static const struct said namesake[] = {
        {.kind = "person-name", .value = "ann one", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "z", .birth = 19550505, .line = 2, .paragraph = 1},
    };
    static const struct text texts[] = {TEXT(PLACE_ROW, list), TEXT(PLACE_LINE, letter),
                                        TEXT(PLACE_LINE, child), TEXT(PLACE_LINE, namesake)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 2, 3, 3);
    assert_int_equal(f->persons.by_name.same_birth, 2);
    assert_int_equal(f->persons.by_name.by_birth, 1);
    assert_int_equal(f->persons.dated_names, 1);
    assert_int_equal(f->persons.seniors, 1);
    facts_free(f);
}

/* The case worker's name stands on every letter. */
static void a_name_alone_is_never_enough(void **state)
{
    static const struct said one[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "eve staff", .record = 1}};
    static const struct said two[] = {
        {.kind = "be-nrn", .value = "2", .birth = 19810101, .record = 1},
        {.kind = "person-name", .value = "eve staff", .record = 1}};
    static const struct said three[] = {
        {.kind = "be-nrn", .value = "3", .birth = 19820101, .record = 1},
        {.kind = "person-name", .value = "eve staff", .record = 1}};
    static const struct said alone[] = {{.kind = "person-name", .value = "eve staff", .record = 1},
                                        {.kind = "person-name", .value = "fay other", .record = 2}};
    static const struct text texts[] = {TEXT(PLACE_ROW, one), TEXT(PLACE_ROW, two),
                                        TEXT(PLACE_ROW, three), TEXT(PLACE_ROW, alone)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 3, 3, 5); /* at most: Eve and Fay too */
    assert_int_equal(f->persons.by_name.names, 2);
    facts_free(f);
}

static void known_by_address(void **state)
{
    static const struct said one[] = {
        {.kind = "person-name", .value = "ann one", .line = 1, .paragraph = 1},
        {.kind = "address", .value = "street", .line = 2, .paragraph = 1},
        {.kind = "email", .value = "a@", .line = 3, .paragraph = 1}};
    static const struct said moved[] = {
        {.kind = "person-name", .value = "ann one", .line = 1, .paragraph = 1},
        {.kind = "address", .value = "other street", .line = 2, .paragraph = 1}};
    static const struct said husband[] = {
        {.kind = "person-name", .value = "bob one", .line = 1, .paragraph = 1},
        {.kind = "address", .value = "street", .line = 2, .paragraph = 1}};
    static const struct said dated[] = {
        {.kind = "person-name", .value = "bob one", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "b", .birth = 19700101, .line = 2, .paragraph = 1},
        {.kind = "address", .value = "street", .line = 3, .paragraph = 1}};
    static const struct text texts[] = {TEXT(PLACE_LINE, one), TEXT(PLACE_LINE, moved),
                                        TEXT(PLACE_LINE, husband), TEXT(PLACE_LINE, dated)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 0, 2, 3);
    assert_int_equal(f->persons.by_name.by_address, 1);
    assert_int_equal(f->persons.by_name.by_birth, 1);
    assert_int_equal(f->persons.by_name.same_address, 1);
    assert_int_equal(f->persons.by_name.perhaps, 1);
    facts_free(f);
}

static void other_spellings_are_no_more_persons(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 1},
        {.kind = "iban", .value = "A", .record = 1}};
    static const struct said letter[] = {
        {.kind = "person-name", .value = "ann mary one", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "x", .birth = 19800101, .line = 2, .paragraph = 1},
        {.kind = "iban", .value = "A", .line = 3, .paragraph = 1}};
    static const struct said husband[] = {
        /* another date: another person */
        {.kind = "person-name", .value = "bob one", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "y", .birth = 19790202, .line = 2, .paragraph = 1},
        {.kind = "iban", .value = "A", .line = 3, .paragraph = 1}};
    static const struct said bob[] = {
        {.kind = "person-name", .value = "one robert", .line = 1, .paragraph = 1},
        {.kind = "birth-date", .value = "y", .birth = 19790202, .line = 2, .paragraph = 1},
        {.kind = "iban", .value = "A", .line = 3, .paragraph = 1}};
    static const struct text texts[] = {TEXT(PLACE_ROW, list), TEXT(PLACE_LINE, letter),
                                        TEXT(PLACE_LINE, husband), TEXT(PLACE_LINE, bob)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 2, 4);
    assert_int_equal(f->persons.by_name.doubles, 2);
    facts_free(f);
}

/* The telephone of an office stands with everybody; that two of them share a birthday says
 * nothing. */
static void an_office_makes_nobody_the_same(void **state)
{
    enum { PEOPLE = 12 };
    struct said said[PEOPLE + 1][3];
    struct text texts[PEOPLE + 1];
    char names[PEOPLE + 1][8];

    (void)state;
    for (unsigned i = 0; i <= PEOPLE; i++) {
        snprintf(names[i], sizeof names[i], "n%u", i);
        said[i][0] = (struct said){.kind = "person-name", .value = names[i], .line = 1};
        said[i][1] = (struct said){.kind = "birth-date", .value = names[i % PEOPLE], .line = 1};
        said[i][1].birth = 19700101 + i % PEOPLE * 10000;
        said[i][2] = (struct said){.kind = "phone", .value = "office", .line = 1};
        texts[i] = (struct text){.unit = PLACE_LINE, .said = said[i], .n = 3};
    }
    struct facts *f = figures_of(texts, PEOPLE + 1);

    expect(f, 0, PEOPLE + 1, PEOPLE + 1);
    facts_free(f);
    said[PEOPLE][1].birth = said[PEOPLE - 1][1].birth; /* six dates or fewer: a household */
    said[PEOPLE][1].value = said[PEOPLE - 1][1].value;
    f = figures_of(texts + PEOPLE - 5, 6);
    expect(f, 0, 5, 6);
    facts_free(f);
}

/* Whoever signs letters about others has not all their birth dates. */
static void a_name_with_many_dates(void **state)
{
    enum { LETTERS = 25 };
    struct said said[LETTERS][2];
    struct text texts[LETTERS];
    char dates[LETTERS][8];

    (void)state;
    for (unsigned i = 0; i < LETTERS; i++) {
        snprintf(dates[i], sizeof dates[i], "d%u", i);
        said[i][0] = (struct said){.kind = "person-name", .value = "eve staff", .line = 1};
        said[i][1] = (struct said){.kind = "birth-date", .value = dates[i], .line = 1};
        said[i][1].birth = 19700101 + i * 10000;
        texts[i] = (struct text){.unit = PLACE_LINE, .said = said[i], .n = 2};
    }
    struct facts *f = figures_of(texts, LETTERS);

    expect(f, 0, 0, LETTERS);
    facts_free(f);
    f = figures_of(texts, LETTERS - 1);
    expect(f, 0, LETTERS - 1, LETTERS - 1);
    facts_free(f);
}

/* A number beside a name whose birth date is another: the guardian's form of a child. */
static void dates_in_conflict(void **state)
{
    static const struct said row[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "cid one", .record = 1},
        {.kind = "birth-date", .value = "c", .birth = 20150303, .record = 1}};
    static const struct text texts[] = {TEXT(PLACE_ROW, row)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 2, 2);
    assert_int_equal(f->persons.conflicts.birth_dates, 1);
    assert_int_equal(f->persons.minors, 1);
    facts_free(f);
}

static void weak_evidence_widens_only_the_maximum(void **state)
{
    static const struct said row[] = {
        {.kind = "be-nrn",
         .value = "1",
         .birth = 19800101,
         .record = 1,
         .confidence = CONFIDENCE_LOW},
        {.kind = "iban", .value = "A", .record = 1},
        {.kind = "person-name", .value = "cid one", .record = 2, .confidence = CONFIDENCE_LOW},
        {.kind = "birth-date", .value = "c", .birth = 20150303, .record = 2}};
    static const struct text texts[] = {TEXT(PLACE_ROW, row)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 0, 0, 3);
    facts_free(f);
}

/* --- identity documents ----------------------------------------------------------------------- */

static void identity_documents(void **state)
{
    static const struct said with_number[] = {
        {.kind = "mrz", .value = "card", .birth = 19800101, .line = 1, .paragraph = 1},
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .line = 2, .paragraph = 1}};
    static const struct said with_name[] = {
        {.kind = "mrz", .value = "pass", .birth = 19900909, .line = 1, .paragraph = 1},
        {.kind = "person-name", .value = "ann one", .line = 1, .paragraph = 1}};
    static const struct said alone[] = {
        {.kind = "mrz", .value = "third", .birth = 19950505, .line = 1, .paragraph = 1}};
    static const struct said anothers[] = {
        {.kind = "mrz", .value = "fourth", .birth = 19660606, .line = 1, .paragraph = 1},
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .line = 2, .paragraph = 1}};
    static const struct text texts[] = {TEXT(PLACE_LINE, with_number), TEXT(PLACE_LINE, with_name),
                                        TEXT(PLACE_LINE, alone), TEXT(PLACE_LINE, anothers)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 4, 4);
    assert_int_equal(f->persons.by_name.by_birth, 1);
    assert_int_equal(f->persons.documents_alone, 2);
    facts_free(f);
}

/* --- categories, copies, chance --------------------------------------------------------------- */

static void categories_of_persons(void **state)
{
    static const struct said rows[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1, .categories = 1},
        {.kind = "category:health", .value = "term", .record = 1},
        {.kind = "be-nrn", .value = "2", .birth = 19810101, .record = 2},
        {.kind = "person-name", .value = "ann one", .record = 3, .categories = 3},
        {.kind = "birth-date", .value = "d", .birth = 19700101, .record = 3},
        {.kind = "category:housing", .value = "term", .record = 3}};
    static const struct said law[] = {{.kind = "category:health", .value = "term", .line = 1},
                                      {.kind = "email", .value = "office@", .line = 9}};
    static const struct text texts[] = {TEXT(PLACE_ROW, rows), TEXT(PLACE_LINE, law)};
    struct facts *f = FIGURES(texts);
    const struct category_facts *health = &f->categories[category_index("health")];
    const struct category_facts *housing = &f->categories[category_index("housing")];

    (void)state;
    assert_true(health->vocabulary);
    assert_int_equal(health->persons, 2);
    assert_int_equal(housing->persons, 1);
    assert_int_equal(health->documents, 2);
    assert_int_equal(health->documents_with, 1);
    assert_int_equal(health->documents_without, 1);
    assert_false(f->categories[category_index("nrn")].vocabulary);
    facts_free(f);
}

static void copies_count_once(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1}};
    static const struct text texts[] = {
        TEXT_WITH(PLACE_ROW, list, .content = 77), TEXT_WITH(PLACE_ROW, list, .content = 77),
        TEXT_WITH(PLACE_ROW, list, .content = 77), TEXT_WITH(PLACE_ROW, list, .content = 78),
        TEXT(PLACE_ROW, list)};
    struct facts *f = FIGURES(texts);

    (void)state;
    expect(f, 1, 1, 1);
    assert_int_equal(f->records.rows, 3);
    assert_int_equal(f->records.files, 5);
    assert_int_equal(f->copies.contents, 1);
    assert_int_equal(f->copies.documents, 2);
    assert_int_equal(f->copies.n_largest, 1);
    assert_int_equal(f->copies.largest[0].documents, 3);
    assert_int_equal(f->copies.largest[0].findings, 1);
    facts_free(f);
}

static void chance_of_each_root(void **state)
{
    static const struct said list[] = {{.kind = "be-nrn",
                                        .value = "1",
                                        .birth = 19800101,
                                        .record = 1,
                                        .confidence = CONFIDENCE_MEDIUM},
                                       {.kind = "be-nrn",
                                        .value = "2",
                                        .birth = 19800101,
                                        .record = 2,
                                        .confidence = CONFIDENCE_MEDIUM}};
    static const struct text texts[] = {TEXT_WITH(PLACE_ROW, list, .candidates = 101, .passed = 2)};
    struct facts *f = FIGURES(texts);

    (void)state;
    assert_int_equal(f->kinds[0].chance.candidates, 101);
    assert_int_equal(f->kinds[0].chance.unsupported_passed, 2);
    assert_int_equal(f->kinds[0].chance.expected_milli, 1000); /* 99 failed x 0.01 / 0.99 */
    assert_int_equal(f->roots[0].chance[0].expected_milli, 1000);
    expect(f, 0, 1, 2);
    facts_free(f);
}

/* --- the folder profile ----------------------------------------------------------------------- */

static void groups_by_profile(void **state)
{
    static const char text[] = "# who is where\n"
                               "path: social/\n"
                               "service: Service social\n"
                               "persons: beneficiaries, children\n"
                               "activity: Aide\n"
                               "confidentiality: secret\n"
                               "\n"
                               "path: hr/**\n"
                               "path: *.payroll\n"
                               "persons: staff\n";
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 2},
        {.kind = "birth-date", .value = "d", .birth = 19700101, .record = 2}};
    static const struct text texts[] = {TEXT_WITH(PLACE_ROW, list, .path = "social/deep/list.csv"),
                                        TEXT_WITH(PLACE_ROW, list, .path = "hr/list.csv")};
    static const struct said third[] = {
        {.kind = "be-nrn", .value = "3", .birth = 19800101, .record = 1}};
    static const struct text other = TEXT_WITH(PLACE_ROW, third, .path = "else/list.csv");
    struct profile *profile = NULL;
    struct profile_error error;
    struct made m;

    (void)state;
    assert_int_equal(profile_parse(span_of(text), &profile, &error), 0);
    made_begin(&m);
    put(&m, &texts[0]);
    put(&m, &texts[1]);
    put(&m, &other);
    struct facts *f = gather(&m, true, profile);

    expect(f, 2, 3, 3);
    assert_int_equal(f->persons.by_group[GROUP_BENEFICIARIES], 2);
    assert_int_equal(f->persons.by_group[GROUP_CHILDREN], 2);
    assert_int_equal(f->persons.by_group[GROUP_STAFF], 2);
    assert_int_equal(f->persons.no_group, 1);
    assert_int_equal(f->services[0].documents, 1);
    assert_int_equal(f->services[1].files.files, 1);
    facts_free(f);
    made_end(&m);
    profile_free(profile);
}

static void profiles_are_checked(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
    } wrong[] = {
        {"", 1},
        {"# nothing\n\n", 2},
        {"path: a/**\npersons: clients\n", 2},
        {"path: a/**\n\nservice: b\n\npath: c\n", 4},
        {"path: a/**\nService: b\n", 2},
        {"path a/**\n", 1},
        {"path:\n", 1},
        {"path: a\nservice: x\nservice: y\n", 3},
        {"path: a\nconfidentiality: top\n", 2},
        {"path: a\nactivity: a\x01z\n", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct profile *p = NULL;
        struct profile_error error;

        assert_int_equal(profile_parse(span_of(wrong[i].text), &p, &error), -EINVAL);
        assert_null(p);
        assert_non_null(error.why);
        if (error.line != wrong[i].line)
            fail_msg("profile %zu: line %u", i, error.line);
    }
    struct profile *p = NULL;
    struct profile_error error;

    assert_int_equal(
        profile_parse(SPAN("\xef\xbb\xbfpath: A B/**\r\nservice: S: x\r\n"), &p, &error), 0);
    assert_int_equal(profile_match(p, SPAN("A B/c/d")), 1);
    assert_int_equal(profile_match(p, SPAN("A/c")), 0);
    assert_string_equal(p->entries[0].service, "S: x");
    profile_free(p);
}

/* --- without the key -------------------------------------------------------------------------- */

/* Dates are then known by their tokens: among themselves, not against those in numbers. */
static void without_the_case_key(void **state)
{
    static const struct said list[] = {
        {.kind = "be-nrn", .value = "1", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 1},
        {.kind = "birth-date", .value = "d", .birth = 19800101, .record = 1},
        {.kind = "person-name", .value = "ann one", .record = 2},
        {.kind = "birth-date", .value = "e", .birth = 19990101, .record = 2},
        {.kind = "person-name", .value = "bob two", .record = 3, .also = 4},
        {.kind = "birth-date", .value = "f", .birth = 19880101, .record = 3, .also = 4}};
    static const struct text text = TEXT(PLACE_ROW, list);
    struct made m;

    (void)state;
    made_begin(&m);
    put(&m, &text);
    struct facts *f = gather(&m, false, NULL);

    assert_false(f->persons.ages_known);
    assert_int_equal(f->persons.at_least, 1);
    assert_true(f->persons.about >= 2 && f->persons.about <= 3);
    assert_int_equal(f->persons.at_most, 3);
    facts_free(f);
    made_end(&m);
}

static void dates_that_agree(void **state)
{
    (void)state;
    assert_true(births_agree(19800101, 19800101));
    assert_false(births_agree(19800101, 19800102));
    assert_true(births_agree(19800100, 19800102));
    assert_true(births_agree(19800000, 19801231));
    assert_false(births_agree(19810000, 19801231));
    assert_true(births_agree(0, 19801231));
    assert_false(births_agree(19800200, 19800102));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_one_person),
        cmocka_unit_test(a_family_is_not_one_person),
        cmocka_unit_test(a_couple_in_a_row),
        cmocka_unit_test(a_form_in_a_table),
        cmocka_unit_test(a_letter_with_a_table),
        cmocka_unit_test(a_crowd_is_nobodys),
        cmocka_unit_test(a_document_of_one_person),
        cmocka_unit_test(a_household_by_paragraphs),
        cmocka_unit_test(pages_are_records),
        cmocka_unit_test(objects_are_records),
        cmocka_unit_test(known_again_by_birth_date),
        cmocka_unit_test(a_name_alone_is_never_enough),
        cmocka_unit_test(known_by_address),
        cmocka_unit_test(a_name_with_many_dates),
        cmocka_unit_test(other_spellings_are_no_more_persons),
        cmocka_unit_test(an_office_makes_nobody_the_same),
        cmocka_unit_test(dates_in_conflict),
        cmocka_unit_test(weak_evidence_widens_only_the_maximum),
        cmocka_unit_test(identity_documents),
        cmocka_unit_test(categories_of_persons),
        cmocka_unit_test(copies_count_once),
        cmocka_unit_test(chance_of_each_root),
        cmocka_unit_test(groups_by_profile),
        cmocka_unit_test(profiles_are_checked),
        cmocka_unit_test(without_the_case_key),
        cmocka_unit_test(dates_that_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
