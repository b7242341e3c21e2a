/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: inventory base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "scanner/base/cleanup.h"
#include "scanner/base/json.h"
#include "scanner/inventory/case.h"
#include "scanner/inventory/inventory.h"

/* --- a case in a folder of its own ------------------------------------------------------------ */

struct site {
    char path[64];
    struct case_folder folder;
    struct inventory *inv;
    struct run run;
    int64_t roots[2]; /* "zeta", "alpha" */
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static int site_make(void **state)
{
    struct site *s = calloc(1, sizeof *s);

    strcpy(s->path, "/tmp/constat-test-XXXXXX");
    *state = s;
    return keys_start() && mkdtemp(s->path) ? 0 : -1;
}

static int site_remove(void **state)
{
    struct site *s = *state;

    inventory_close(s->inv);
    case_close(&s->folder);
    nftw(s->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(s);
    return 0;
}

#define DETECTOR(id_, kind_)                                                                       \
    {                                                                                              \
        .group = "detector", .id = id_, .kind = kind_, .version = 1                                \
    }
#define CATEGORY(key)                                                                              \
    {                                                                                              \
        .group = "detector", .id = key, .kind = "category:" key, .category = true                  \
    }

static const struct tool_part parts[] = {
    {.group = "detector",
     .id = "be_nrn",
     .kind = "be-nrn",
     .version = 1,
     .chance = 0.01,
     .words = "registre national\nrijksregister",
     .against = "facture"},
    DETECTOR("iban", "iban"),
    DETECTOR("email", "email"),
    {.group = "extractor", .id = "text", .kind = "", .version = 1},
};
enum { NRN, IBAN, EMAIL, PARTS = sizeof parts / sizeof parts[0] };

static void begin_scan(struct site *s)
{
    assert_int_equal(case_open(&s->folder, s->path, NULL, CASE_CREATE), 0);
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_WRITE, &s->inv), 0);
    assert_int_equal(case_check_key(&s->folder, s->inv), 0);
    assert_int_equal(inventory_drop_unfinished(s->inv), 0);
    assert_int_equal(case_inflight_open(&s->folder, s->inv), 0);
    s->run = (struct run){.started = 1000, .tool_version = "1", .options = "{}", .today = 20261101};
    assert_int_equal(run_begin(s->inv, &s->run), 0);
    assert_int_equal(run_parts(s->inv, s->run.id, parts, PARTS), 0);
    assert_int_equal(run_root(s->inv, s->run.id, 0, SPAN("zeta"), SPAN("/mnt/zeta"), &s->roots[0]),
                     0);
    assert_int_equal(
        run_root(s->inv, s->run.id, 1, SPAN("alpha"), SPAN("/mnt/alpha"), &s->roots[1]), 0);
}

static void end_scan(struct site *s)
{
    s->run.finished = 2000;
    s->run.state = "finished";
    assert_int_equal(run_end(s->inv, &s->run), 0);
    inventory_close(s->inv);
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_READ, &s->inv), 0);
}

/* As if the program died: nothing is committed that was not, nothing is tidied up. */
static void die(struct site *s, void (*work)(struct site *s))
{
    pid_t child = fork();
    int status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        begin_scan(s);
        work(s);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void add_finding(struct buf *b, unsigned kind, unsigned token, unsigned count,
                        enum confidence confidence, uint64_t line)
{
    struct packed_finding f = {
        .kind = kind,
        .confidence = confidence,
        .place = {PLACE_LINE, line, 0},
        .count = count,
        .evidence = 1u << line % 8,
        .token = {(unsigned char)token, (unsigned char)(token >> 8), (unsigned char)(token >> 16)}};

    assert_true(finding_block_add(b, &f));
}

static struct ledger_row row_of(struct site *s, int root, const char *path, unsigned identity)
{
    return (struct ledger_row){.root = s->roots[root],
                               .identity = {(unsigned char)identity},
                               .path = span_of(path),
                               .members = SPAN("[]"),
                               .bytes = 10,
                               .mtime = 5,
                               .ctime = INT64_MIN,
                               .links = 1,
                               .mode = 0640,
                               .owner = SPAN("0:0"),
                               .type = 'f',
                               .media_type = SPAN("text/plain"),
                               .extractor = SPAN("text")};
}

static void put_member(struct site *s, int64_t top, const char *members, unsigned token)
{
    struct ledger_row row = {.id = inventory_reserve_row(s->inv),
                             .top = top,
                             .root = s->roots[0],
                             .type = 'f',
                             .members = span_of(members),
                             .findings = token ? 1 : 0};
    AUTO_BUF struct buf b;

    buf_init(&b, FINDING_BLOCK_MAX);
    if (token) {
        add_finding(&b, EMAIL, token, 1, CONFIDENCE_HIGH, 1);
        assert_int_equal(inventory_put_findings(s->inv, top, row.id, buf_span(&b)), 0);
    }
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
}

static void put_file(struct site *s, int root, const char *path, unsigned token)
{
    struct ledger_row row = row_of(s, root, path, token);
    AUTO_BUF struct buf b;

    buf_init(&b, FINDING_BLOCK_MAX);
    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    if (token) {
        add_finding(&b, NRN, token, 1, CONFIDENCE_HIGH, 1);
        assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&b)), 0);
        row.findings = 1;
    }
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
    assert_int_equal(inventory_item_done(s->inv, row.id), 0);
}

/* Every row as "root path members", one a line. */
static void list_ledger(struct site *s, struct buf *ret)
{
    struct ledger_cursor *c;
    struct ledger_row row;
    struct span root;
    int r;

    assert_int_equal(ledger_open(s->inv, &c), 0);
    while ((r = ledger_next(c, &row, &root)) > 0) {
        buf_add_span(ret, root);
        buf_add_byte(ret, ' ');
        buf_add_span(ret, row.path);
        buf_add_byte(ret, ' ');
        buf_add_span(ret, row.members);
        buf_add_byte(ret, '\n');
    }
    assert_int_equal(r, 0);
    ledger_close(c);
}

/* Every finding as "path members kind token x count confidence line", one a line. */
static void list_findings(struct site *s, struct buf *ret)
{
    struct finding_cursor *c;
    struct packed_finding f;
    struct ledger_row row;
    struct span root;
    int r;

    assert_int_equal(findings_open(s->inv, &c), 0);
    while ((r = findings_next(c, &f, &row, &root)) > 0)
        buf_printf(ret, "%.*s %.*s %s %02x%02x%02x x%llu c%d l%llu e%x\n", (int)row.path.len,
                   row.path.at, (int)row.members.len, row.members.at,
                   inventory_kind_name(s->inv, f.kind), f.token[0], f.token[1], f.token[2],
                   (unsigned long long)f.count, (int)f.confidence, (unsigned long long)f.place.a,
                   f.evidence);
    assert_int_equal(r, 0);
    findings_close(c);
}

static void expect_ledger(struct site *s, const char *expected)
{
    AUTO_BUF struct buf got;

    buf_init(&got, 1 << 20);
    buf_add_text(&got, "");
    list_ledger(s, &got);
    assert_string_equal(got.at, expected);
}

static void expect_findings(struct site *s, const char *expected)
{
    AUTO_BUF struct buf got;

    buf_init(&got, 1 << 20);
    buf_add_text(&got, "");
    list_findings(s, &got);
    assert_string_equal(got.at, expected);
}

/* --- order ------------------------------------------------------------------------------------ */

static void put_container(struct site *s)
{
    struct ledger_row row = row_of(s, 0, "m.zip", 9);

    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    put_member(s, row.id, "[\"b\"]", 3);
    put_member(s, row.id, "[\"a.zip\",\"z\"]", 0);
    put_member(s, row.id, "[\"a.zip!\"]", 0);
    put_member(s, row.id, "[\"a.zip\",\"\\\"q\"]", 4);
    put_member(s, row.id, "[\"a.zip\"]", 0);
    put_member(s, row.id, "[\"\"]", 0);
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
    assert_int_equal(inventory_item_done(s->inv, row.id), 0);
}

static const char ordered[] = "alpha b []\n"
                              "zeta a []\n"
                              "zeta a/b []\n"
                              "zeta m.zip []\n"
                              "zeta m.zip [\"\"]\n"
                              "zeta m.zip [\"a.zip\"]\n"
                              "zeta m.zip [\"a.zip\",\"\\\"q\"]\n"
                              "zeta m.zip [\"a.zip\",\"z\"]\n"
                              "zeta m.zip [\"a.zip!\"]\n"
                              "zeta m.zip [\"b\"]\n"
                              "zeta z []\n";

static void the_order_does_not_depend_on_writing(void **state)
{
    struct site *s = *state;

    begin_scan(s);
    put_file(s, 0, "z", 1);
    put_container(s);
    put_file(s, 0, "a/b", 0);
    put_file(s, 1, "b", 2);
    put_file(s, 0, "a", 0);
    end_scan(s);
    expect_ledger(s, ordered);
    expect_findings(s, "b [] be-nrn 020000 x1 c3 l1 e2\n"
                       "m.zip [\"a.zip\",\"\\\"q\"] email 040000 x1 c3 l1 e2\n"
                       "m.zip [\"b\"] email 030000 x1 c3 l1 e2\n"
                       "z [] be-nrn 010000 x1 c3 l1 e2\n");
}

static void the_order_is_the_same_when_written_otherwise(void **state)
{
    struct site *s = *state;

    begin_scan(s);
    put_file(s, 1, "b", 2);
    put_file(s, 0, "a", 0);
    put_file(s, 0, "a/b", 0);
    put_container(s);
    assert_int_equal(inventory_commit(s->inv), 0);
    put_file(s, 0, "z", 1);
    end_scan(s);
    expect_ledger(s, ordered);
}

/* Two names with one number in two written forms have one masked name: their keyed identity
 * decides, not which came first. */
static void equal_masked_paths_keep_one_order(void **state)
{
    struct site *s = *state;

    begin_scan(s);
    put_file(s, 0, "[be-nrn:00]", 7);
    put_file(s, 0, "[be-nrn:00]", 3);
    put_file(s, 0, "[be-nrn:00]", 5);
    end_scan(s);
    expect_findings(s, "[be-nrn:00] [] be-nrn 030000 x1 c3 l1 e2\n"
                       "[be-nrn:00] [] be-nrn 050000 x1 c3 l1 e2\n"
                       "[be-nrn:00] [] be-nrn 070000 x1 c3 l1 e2\n");
}

/* --- merging ---------------------------------------------------------------------------------- */

static void blocks_of_a_row_are_merged(void **state)
{
    struct site *s = *state;
    AUTO_BUF struct buf b;

    buf_init(&b, FINDING_BLOCK_MAX);
    begin_scan(s);
    struct ledger_row row = row_of(s, 0, "dump.csv", 1);

    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    for (unsigned block = 0; block < 3; block++) {
        buf_clear(&b);
        add_finding(&b, NRN, 7, 2, block == 1 ? CONFIDENCE_HIGH : CONFIDENCE_LOW, block + 4);
        add_finding(&b, IBAN, 9, 1, CONFIDENCE_LOW, block + 1);
        add_finding(&b, EMAIL, block, 1, CONFIDENCE_LOW, 1);
        assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&b)), 0);
    }
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
    assert_int_equal(inventory_item_done(s->inv, row.id), 0);
    end_scan(s);
    /* Kinds by name; counts added, best confidence with its evidence, first place. */
    expect_findings(s, "dump.csv [] be-nrn 070000 x6 c3 l4 e20\n"
                       "dump.csv [] email 000000 x1 c1 l1 e2\n"
                       "dump.csv [] email 010000 x1 c1 l1 e2\n"
                       "dump.csv [] email 020000 x1 c1 l1 e2\n"
                       "dump.csv [] iban 090000 x3 c1 l1 ee\n");
}

/* What stands beside a value comes together, as far as it is kept; reasons go with the best. */
static void what_stands_beside_is_merged(void **state)
{
    struct packed_finding f[3] = {{.kind = NRN,
                                   .confidence = CONFIDENCE_LOW,
                                   .place = {PLACE_LINE, 4, 0},
                                   .count = 1,
                                   .record = 1,
                                   .n_records = 5,
                                   .records = {1, 3, 5, 7, 9},
                                   .line = 4,
                                   .paragraph = 2,
                                   .word = 9},
                                  {.kind = NRN,
                                   .confidence = CONFIDENCE_HIGH,
                                   .place = {PLACE_LINE, 90, 0},
                                   .count = 1,
                                   .record = 9,
                                   .n_records = 2,
                                   .records = {9, 10},
                                   .line = 90,
                                   .paragraph = 3,
                                   .word = 2,
                                   .word_distance = 7},
                                  {.kind = NRN,
                                   .confidence = CONFIDENCE_HIGH,
                                   .place = {PLACE_LINE, 99, 0},
                                   .count = 1,
                                   .record = 11,
                                   .n_records = 4,
                                   .records = {11, 12, 13, 14},
                                   .word_against = 1}};
    struct site *s = *state;
    struct finding_cursor *c;
    struct span root;
    struct packed_finding got;

    begin_scan(s);
    struct ledger_row row = row_of(s, 0, "a", 1);

    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    for (unsigned i = 0; i < 3; i++) {
        AUTO_BUF struct buf b;

        buf_init(&b, FINDING_BLOCK_MAX);
        assert_true(finding_block_add(&b, &f[i]));
        assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&b)), 0);
    }
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
    assert_int_equal(inventory_item_done(s->inv, row.id), 0);
    end_scan(s);
    assert_int_equal(findings_open(s->inv, &c), 0);
    assert_int_equal(findings_next(c, &got, &row, &root), 1);
    assert_int_equal(got.n_records, ENGINE_RECORDS_MAX);
    assert_memory_equal(got.records, ((uint64_t[]){1, 3, 5, 7, 9, 10, 11, 12}), sizeof got.records);
    assert_int_equal(got.record, 1);
    assert_int_equal(got.line, 4);
    assert_int_equal(got.paragraph, 2);
    assert_int_equal(got.word, 2);
    assert_int_equal(got.word_distance, 7);
    assert_int_equal(got.word_against, 1);
    assert_int_equal(row.run, s->run.id);
    findings_close(c);
}

/* More findings in one row than are gathered at once: read in passes, each exactly once. */
static void a_huge_row_is_read_in_passes(void **state)
{
    enum { MANY = 1500000, TWICE = 1000 };
    struct site *s = *state;
    struct finding_cursor *c;
    struct packed_finding f, before = {.kind = NRN};
    struct span root;
    AUTO_BUF struct buf b;
    uint64_t n = 0, counted = 0;
    int r;

    buf_init(&b, FINDING_BLOCK_MAX);
    begin_scan(s);
    struct ledger_row row = row_of(s, 0, "dump.csv", 1);

    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    for (unsigned i = 0; i < MANY + TWICE; i++) {
        /* Spread like tokens: an odd factor permutes 24 bits. */
        unsigned token = (i % MANY) * 2654435761u & 0xffffff;

        add_finding(&b, i % MANY % 2 ? IBAN : EMAIL, token, 1, CONFIDENCE_LOW, 1);
        if (b.len + 64 > FINDING_BLOCK_MAX || i + 1 == MANY + TWICE) {
            assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&b)), 0);
            buf_clear(&b);
        }
    }
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
    assert_int_equal(inventory_item_done(s->inv, row.id), 0);
    end_scan(s);
    assert_int_equal(findings_open(s->inv, &c), 0);
    while ((r = findings_next(c, &f, &row, &root)) > 0) {
        if (n > 0) {
            int order = strcmp(inventory_kind_name(s->inv, before.kind),
                               inventory_kind_name(s->inv, f.kind));

            if (order == 0)
                order = memcmp(before.token, f.token, TOKEN_BYTES);
            assert_true(order < 0);
        }
        before = f;
        counted += f.count;
        n++;
    }
    findings_close(c);
    assert_int_equal(r, 0);
    assert_int_equal(n, MANY);
    assert_int_equal(counted, MANY + TWICE);
}

/* --- killed and continued --------------------------------------------------------------------- */

static void killed_inside_an_archive(struct site *s)
{
    struct ledger_row row = row_of(s, 0, "half.zip", 5);
    AUTO_BUF struct buf large;

    put_file(s, 0, "whole", 1);
    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    put_member(s, row.id, "[\"a\"]", 2);
    buf_init(&large, FINDING_BLOCK_MAX);
    for (unsigned i = 0; i < 1000; i++)
        add_finding(&large, IBAN, i, 1, CONFIDENCE_LOW, 1);
    assert_int_equal(
        inventory_put_findings(s->inv, row.id, inventory_reserve_row(s->inv), buf_span(&large)), 0);
    assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&large)), 0);
    assert_int_equal(inventory_commit(s->inv), 0);
    put_file(s, 0, "lost", 3); /* never committed */
}

static void count_block(uint64_t *n)
{
    ++*n;
}

static bool on_block(void *ctx, int64_t row, struct span block)
{
    (void)row;
    (void)block;
    count_block(ctx);
    return true;
}

static bool on_seen(void *ctx, const struct seen *seen)
{
    assert_int_equal(seen->bytes, 10);
    assert_int_equal(seen->mtime, 5);
    assert_true(seen->ctime == INT64_MIN);
    assert_int_equal(seen->outcome, OUTCOME_READ);
    ++*(unsigned *)ctx;
    return true;
}

static void half_an_item_is_never_seen(void **state)
{
    struct site *s = *state;
    uint64_t blocks = 0;
    unsigned seen = 0;

    die(s, killed_inside_an_archive);
    assert_int_equal(case_open(&s->folder, s->path, NULL, CASE_READ), 0);
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_READ, &s->inv), 0);
    expect_ledger(s, "zeta whole []\n");
    assert_int_equal(inventory_each_block(s->inv, on_block, &blocks), 0);
    assert_int_equal(blocks, 1);
    inventory_close(s->inv);
    case_close(&s->folder);

    begin_scan(s);
    assert_int_equal(inventory_each_seen(s->inv, on_seen, &seen), 0);
    assert_int_equal(seen, 1);
    put_file(s, 0, "lost", 3);
    end_scan(s);
    expect_ledger(s, "zeta lost []\nzeta whole []\n");
    assert_int_equal(inventory_last_run(s->inv, &s->run), 0);
    assert_string_equal(s->run.state, "finished");
    assert_int_equal(s->run.id, 2);
}

static void a_forgotten_item_is_gone_with_its_members(void **state)
{
    struct site *s = *state;
    struct inventory_totals totals;

    begin_scan(s);
    put_container(s); /* ids from 1 */
    put_file(s, 0, "kept", 1);
    assert_int_equal(inventory_item_forget(s->inv, 1), 0);
    expect_ledger(s, "zeta kept []\n");
    assert_int_equal(inventory_totals(s->inv, &totals), 0);
    assert_int_equal(totals.files, 1);
    assert_int_equal(totals.file_bytes, 10);
    assert_int_equal(totals.members, 0);
    assert_int_equal(totals.gaps, 0);
    end_scan(s);
    expect_ledger(s, "zeta kept []\n");
}

/* --- in flight -------------------------------------------------------------------------------- */

static const unsigned char culprit[16] = {1}, neighbour[16] = {2};

static void killed_with_two_in_flight(struct site *s)
{
    unsigned char both[2][16] = {{1}, {2}};

    assert_int_equal(case_inflight_set(&s->folder, 3, (const unsigned char(*)[16])both, 2), 0);
    assert_int_equal(case_inflight_set(&s->folder, 4, &culprit, 1), 0);
    assert_int_equal(case_inflight_clear(&s->folder, 4), 0);
}

static void killed_with_one_in_flight(struct site *s)
{
    assert_int_equal(case_inflight_set(&s->folder, 0, &culprit, 1), 0);
    assert_int_equal(case_inflight_age(&s->folder, 0, 5), 0);
}

static void what_was_in_flight_is_known(void **state)
{
    static const unsigned char stranger[16] = {3};
    struct site *s = *state;

    die(s, killed_with_two_in_flight);
    die(s, killed_with_one_in_flight);
    begin_scan(s);
    assert_int_equal(case_deaths(&s->folder, culprit), 2);
    assert_int_equal(case_deaths(&s->folder, neighbour), 1);
    assert_int_equal(case_deaths(&s->folder, stranger), 0);
    put_file(s, 0, "neighbour", 2); /* ends well */
    case_inflight_finish(&s->folder);
    end_scan(s);
    inventory_close(s->inv);
    s->inv = NULL;
    case_close(&s->folder);
    begin_scan(s);
    assert_int_equal(case_deaths(&s->folder, culprit), 2);
    assert_int_equal(case_deaths(&s->folder, neighbour), 0);
}

/* --- kinds ------------------------------------------------------------------------------------ */

static void kinds_keep_their_meaning_across_versions(void **state)
{
    static const struct tool_part other[] = {DETECTOR("email", "email"), DETECTOR("phone", "phone"),
                                             DETECTOR("be_nrn", "be-nrn")};
    struct site *s = *state;
    struct ledger_cursor *c;
    struct span root;

    begin_scan(s);
    put_file(s, 0, "old", 1); /* kind 0: be-nrn */
    assert_int_equal(run_begin(s->inv, &s->run), 0);
    assert_int_equal(run_parts(s->inv, s->run.id, other, 3), 0);
    assert_int_equal(inventory_kinds(s->inv), 4);
    assert_memory_equal(inventory_kind_map(s->inv), ((unsigned char[]){2, 3, 0}), 3);
    struct ledger_row row = row_of(s, 0, "new", 1);
    AUTO_BUF struct buf b;

    buf_init(&b, FINDING_BLOCK_MAX);
    for (unsigned kind = 0; kind < 3; kind++)
        add_finding(&b, kind, kind, 1, CONFIDENCE_LOW, 1);
    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&b)), 0);
    row.chance = SPAN("\x01\x05\x04\x03\x02");
    assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
    assert_int_equal(inventory_item_done(s->inv, row.id), 0);
    end_scan(s);
    expect_findings(s, "new [] be-nrn 020000 x1 c1 l1 e2\n"
                       "new [] email 000000 x1 c1 l1 e2\n"
                       "new [] phone 010000 x1 c1 l1 e2\n"
                       "old [] be-nrn 010000 x1 c3 l1 e2\n");
    assert_int_equal(ledger_open(s->inv, &c), 0);
    assert_int_equal(ledger_next(c, &row, &root), 1);
    assert_true(span_equal(row.chance, SPAN("\x03\x05\x04\x03\x02")));
    ledger_close(c);
}

/* Bits of the first program: health, union; of the second: sexual life, union, health. */
static void category_bits_keep_their_meaning(void **state)
{
    static const struct tool_part first[] = {DETECTOR("be_nrn", "be-nrn"), CATEGORY("health"),
                                             CATEGORY("trade_union")};
    static const struct tool_part second[] = {CATEGORY("sexual_life"), CATEGORY("trade_union"),
                                              DETECTOR("be_nrn", "be-nrn"), CATEGORY("health")};
    static const struct {
        const struct tool_part *parts;
        unsigned n, nrn;
        uint32_t all, near;
    } programs[] = {{first, 3, 0, 3, 2}, {second, 4, 2, 3, 4}};
    struct site *s = *state;
    struct finding_cursor *c;
    struct packed_finding f;
    struct ledger_row row;
    struct span root;

    begin_scan(s);
    for (unsigned i = 0; i < 2; i++) {
        AUTO_BUF struct buf b;

        f = (struct packed_finding){.kind = programs[i].nrn,
                                    .confidence = CONFIDENCE_HIGH,
                                    .count = 1,
                                    .categories = programs[i].all,
                                    .categories_near = programs[i].near};
        assert_int_equal(run_parts(s->inv, s->run.id + 1 + i, programs[i].parts, programs[i].n), 0);
        row = row_of(s, 0, i ? "second" : "first", i);
        buf_init(&b, FINDING_BLOCK_MAX);
        assert_true(finding_block_add(&b, &f));
        assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
        assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&b)), 0);
        assert_int_equal(inventory_put_row(s->inv, s->run.id, &row), 0);
        assert_int_equal(inventory_item_done(s->inv, row.id), 0);
    }
    /* A category that the program has not. */
    f.categories = 8;
    AUTO_BUF struct buf bad;

    buf_init(&bad, FINDING_BLOCK_MAX);
    assert_true(finding_block_add(&bad, &f));
    assert_int_equal(inventory_item_begin(s->inv, &row.id), 0);
    assert_int_equal(inventory_put_findings(s->inv, row.id, row.id, buf_span(&bad)), -EBADMSG);
    end_scan(s);

    static const char *const meaning[] = {"category:health", "category:trade_union",
                                          "category:sexual_life"};

    for (unsigned bit = 0; bit < 3; bit++) {
        int kind = inventory_category_kind(s->inv, bit);

        assert_true(kind >= 0);
        assert_string_equal(inventory_kind_name(s->inv, (unsigned)kind), meaning[bit]);
        assert_int_equal(inventory_category_bit(s->inv, (unsigned)kind), bit);
    }
    assert_int_equal(inventory_category_kind(s->inv, 3), -1);
    assert_int_equal(inventory_category_bit(s->inv, 0), -1);
    assert_int_equal(findings_open(s->inv, &c), 0);
    assert_int_equal(findings_next(c, &f, &row, &root), 1);
    assert_int_equal(f.categories, 3);
    assert_int_equal(f.categories_near, 2);
    assert_int_equal(findings_next(c, &f, &row, &root), 1);
    assert_int_equal(f.categories, 6);      /* sexual_life and trade_union */
    assert_int_equal(f.categories_near, 1); /* health */
    findings_close(c);
}

static bool on_part(void *ctx, const struct tool_part *part)
{
    unsigned *n = ctx;

    if (*n == 0) {
        assert_string_equal(part->words, "registre national\nrijksregister");
        assert_string_equal(part->against, "facture");
        assert_false(part->category);
    }
    ++*n;
    return true;
}

static void words_are_kept_with_the_run(void **state)
{
    struct site *s = *state;
    unsigned n = 0;

    begin_scan(s);
    put_file(s, 0, "a", 1);
    end_scan(s);
    assert_int_equal(inventory_each_part(s->inv, s->run.id, on_part, &n), 0);
    assert_int_equal(n, PARTS);
}

/* --- the folder ------------------------------------------------------------------------------- */

static void only_the_owner_may_look(void **state)
{
    static const char *const files[] = {"case.key", "inventory.sqlite", "inflight", "lock"};
    struct site *s = *state;
    struct stat st;

    chmod(s->path, 0755);
    begin_scan(s);
    assert_int_equal(fstat(s->folder.dir_fd, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_int_equal(fstatat(s->folder.dir_fd, files[i], &st, 0), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void one_scan_at_a_time(void **state)
{
    struct site *s = *state;
    struct inventory *second = NULL;

    begin_scan(s);
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_WRITE, &second), -EWOULDBLOCK);
    assert_non_null(strstr(inventory_error(second), "another scan"));
    inventory_close(second);
    /* Reading and logging an act are possible meanwhile. */
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_AUDIT, &second), 0);
    assert_int_equal(inventory_audit(second, "lookup", "be-nrn:00"), 0);
    inventory_close(second);
}

static bool on_audit(void *ctx, const struct audit_entry *e)
{
    assert_true(span_equal(e->act, SPAN("lookup")));
    assert_true(span_equal(e->detail, SPAN("be-nrn:00")));
    assert_true(e->time > 0);
    ++*(unsigned *)ctx;
    return true;
}

static void acts_are_logged(void **state)
{
    struct site *s = *state;
    unsigned n = 0;

    one_scan_at_a_time(state);
    end_scan(s);
    assert_int_equal(inventory_each_audit(s->inv, on_audit, &n), 0);
    assert_int_equal(n, 1);
    assert_true(inventory_audit(s->inv, "lookup", "") < 0);
}

static void another_key_is_refused(void **state)
{
    struct site *s = *state;
    char name[128];

    begin_scan(s);
    end_scan(s);
    case_close(&s->folder);
    snprintf(name, sizeof name, "%s/other.key", s->path);
    AUTO_CLOSE int fd = open(name, O_WRONLY | O_CREAT, 0600);

    assert_int_equal(write(fd, "0123456789abcdef0123456789abcdef", 32), 32);
    assert_int_equal(case_open(&s->folder, s->path, name, CASE_CREATE), 0);
    assert_int_equal(case_check_key(&s->folder, s->inv), -EKEYREJECTED);
    assert_non_null(strstr(s->folder.error, "not the key"));
    case_close(&s->folder);
    assert_int_equal(ftruncate(fd, 31), 0);
    assert_int_equal(case_open(&s->folder, s->path, name, CASE_CREATE), -EBADMSG);
    /* A key that has gone is not replaced by a new one. */
    assert_int_equal(unlink(name), 0);
    assert_int_equal(case_open(&s->folder, s->path, name, CASE_CREATE), -ENOKEY);
    assert_int_equal(access(name, F_OK), -1);
}

static void a_key_file_keeps_the_key_out_of_the_case(void **state)
{
    struct site *s = *state;
    char name[128];
    struct stat st;

    snprintf(name, sizeof name, "%s/elsewhere", s->path);
    char folder[128];

    snprintf(folder, sizeof folder, "%s/case", s->path);
    assert_int_equal(case_open(&s->folder, folder, name, CASE_CREATE), 0);
    assert_int_equal(stat(name, &st), 0);
    assert_int_equal(st.st_size, 32);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(faccessat(s->folder.dir_fd, "case.key", F_OK, 0), -1);
}

static void put_bytes(struct site *s, off_t at, const void *bytes, size_t len)
{
    AUTO_CLOSE int fd = openat(s->folder.dir_fd, INVENTORY_FILE, O_WRONLY);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, at), len);
}

static void other_files_are_refused_with_words(void **state)
{
    struct site *s = *state;

    begin_scan(s);
    put_file(s, 0, "a", 1);
    end_scan(s);
    inventory_close(s->inv);
    put_bytes(s, 60, "\0\0\0\x03", 4); /* user_version */
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_READ, &s->inv), -EPROTONOSUPPORT);
    assert_non_null(strstr(inventory_error(s->inv), "a newer constat (inventory of layout 3"));
    inventory_close(s->inv);
    put_bytes(s, 60, "\0\0\0\x01", 4);
    for (int mode = INVENTORY_READ; mode <= INVENTORY_AUDIT; mode++) {
        assert_int_equal(inventory_open(s->folder.dir_fd, (enum inventory_mode)mode, &s->inv),
                         -EPROTONOSUPPORT);
        assert_non_null(strstr(inventory_error(s->inv), "an earlier constat"));
        assert_non_null(strstr(inventory_error(s->inv), "a new case folder"));
        inventory_close(s->inv);
    }
    put_bytes(s, 60, "\0\0\0\x02", 4);
    put_bytes(s, 68, "abcd", 4); /* application_id */
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_READ, &s->inv), -EBADMSG);
    inventory_close(s->inv);
    put_bytes(s, 0, "not a database at all", 21);
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_READ, &s->inv), -EBADMSG);
    assert_non_null(strstr(inventory_error(s->inv), "damaged"));
    inventory_close(s->inv);
    assert_int_equal(unlinkat(s->folder.dir_fd, INVENTORY_FILE, 0), 0);
    assert_int_equal(inventory_open(s->folder.dir_fd, INVENTORY_READ, &s->inv), -ENOENT);
}

static void facts_are_set_once(void **state)
{
    struct site *s = *state;
    const char *value;

    begin_scan(s);
    assert_int_equal(inventory_fact(s->inv, "reference-date", NULL, &value), 0);
    assert_null(value);
    assert_int_equal(inventory_fact(s->inv, "reference-date", "20261101", &value), 0);
    assert_string_equal(value, "20261101");
    assert_int_equal(inventory_fact(s->inv, "reference-date", "20270101", &value), 0);
    assert_string_equal(value, "20261101");
}

static void damaged_blocks_are_refused(void **state)
{
    struct site *s = *state;
    int64_t top;

    begin_scan(s);
    assert_int_equal(inventory_item_begin(s->inv, &top), 0);
    assert_int_equal(inventory_put_findings(s->inv, top, top, SPAN("\x09garbage")), -EBADMSG);
    assert_int_equal(inventory_put_findings(s->inv, top + 1, top + 1, SPAN("")), -EINVAL);
    assert_int_equal(inventory_item_done(s->inv, top), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, site_make, site_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_order_does_not_depend_on_writing),
        TEST(the_order_is_the_same_when_written_otherwise),
        TEST(equal_masked_paths_keep_one_order),
        TEST(blocks_of_a_row_are_merged),
        TEST(what_stands_beside_is_merged),
        TEST(a_huge_row_is_read_in_passes),
        TEST(half_an_item_is_never_seen),
        TEST(a_forgotten_item_is_gone_with_its_members),
        TEST(what_was_in_flight_is_known),
        TEST(kinds_keep_their_meaning_across_versions),
        TEST(category_bits_keep_their_meaning),
        TEST(words_are_kept_with_the_run),
        TEST(only_the_owner_may_look),
        TEST(one_scan_at_a_time),
        TEST(acts_are_logged),
        TEST(another_key_is_refused),
        TEST(a_key_file_keeps_the_key_out_of_the_case),
        TEST(other_files_are_refused_with_words),
        TEST(facts_are_set_once),
        TEST(damaged_blocks_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
