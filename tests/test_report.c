/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: report inventory base detectors PkgConfig::JANSSON */
/* Figures of the report from small cases whose truth is known by construction. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "report/facts.h"
#include "report/tally.h"
#include "scanner/base/cleanup.h"

/* --- a case to fill -------------------------------------------------------------------------- */

struct made {
    char dir[64];
    int fd;
    struct inventory *inv;
    struct case_keys keys;
    struct run run;
    int64_t root;
};

static void made_begin(struct made *m, const char *host)
{
    static const unsigned char key[CASE_KEY_BYTES] = {1, 2, 3};
    struct tool_part parts[64];

    *m = (struct made){.dir = "/tmp/constat-report-XXXXXX"};
    assert_true(keys_start());
    keys_derive(&m->keys, key);
    assert_non_null(mkdtemp(m->dir));
    m->fd = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(m->fd >= 0);
    assert_int_equal(inventory_open(m->fd, INVENTORY_WRITE, &m->inv), 0);
    m->run = (struct run){.started = strlen(host) * 1000 + 1700000000,
                          .state = "running",
                          .tool_version = "0",
                          .build_id = host,
                          .host = host,
                          .kernel = "k",
                          .user = "u",
                          .options = "{\"jobs\": 2}",
                          .rules_digest = "0123",
                          .today = 20261123};
    assert_int_equal(run_begin(m->inv, &m->run), 0);
    assert_true(detectors_count <= 64);
    for (unsigned i = 0; i < detectors_count; i++)
        parts[i] = (struct tool_part){.group = "detector",
                                      .id = detectors[i]->id,
                                      .kind = detectors[i]->kind,
                                      .version = detectors[i]->version,
                                      .look_alike = detectors[i]->look_alike,
                                      .chance = detectors[i]->chance,
                                      .words = "",
                                      .category = (detectors[i]->anchors & ANCHOR_TERM) != 0};
    assert_int_equal(run_parts(m->inv, m->run.id, parts, detectors_count), 0);
    assert_int_equal(run_root(m->inv, m->run.id, 0, SPAN("share"), SPAN("/srv/share"), &m->root),
                     0);
}

static void made_remove(struct made *m)
{
    char command[128];

    inventory_close(m->inv);
    close(m->fd);
    snprintf(command, sizeof command, "rm -rf '%s'", m->dir);
    assert_int_equal(system(command), 0);
}

static void made_report(struct made *m, bool with_keys, unsigned depth)
{
    struct report_options o = {.dir_fd = m->fd, .depth = depth};

    m->run.state = "finished";
    m->run.finished = m->run.started + 60;
    assert_int_equal(run_end(m->inv, &m->run), 0);
    inventory_close(m->inv);
    m->inv = NULL;
    assert_int_equal(inventory_open(m->fd, INVENTORY_READ, &m->inv), 0);
    assert_int_equal(report_write(m->inv, with_keys ? &m->keys : NULL, &o), 0);
}

/* A finding in words: kind, which value, confidence, birth date (national numbers). */
struct said {
    const char *kind, *value;
    enum confidence confidence;
    uint32_t birth;
    bool bis;
    unsigned line; /* 0: not known */
};

struct item {
    const char *path;
    char type;
    enum outcome outcome;
    const char *reason;
    uint64_t bytes;
    enum place_kind unit;
    uint64_t records;
    const struct said *said;
    unsigned n_said;
    const char *member; /* JSON list when this is a member of `path`, which follows */
};

static void put_item(struct made *m, const struct item *i, int64_t *top)
{
    bool member = i->member != NULL;
    AUTO_BUF struct buf block;

    if (*top == 0)
        assert_int_equal(inventory_item_begin(m->inv, top), 0);
    struct ledger_row row = {.id = member ? inventory_reserve_row(m->inv) : *top,
                             .root = m->root,
                             .top = member ? *top : 0,
                             .path = span_of(i->path),
                             .members = span_of(member ? i->member : "[]"),
                             .depth = member ? 1 : 0,
                             .bytes = i->bytes,
                             .type = i->type,
                             .outcome = i->outcome,
                             .reason = span_of(i->reason),
                             .media_type = SPAN("text/plain"),
                             .extractor = SPAN("text"),
                             .unit = i->unit,
                             .records = i->records,
                             .findings = i->n_said};

    path_identity(&m->keys, SPAN("share"), row.path, row.identity);
    buf_init(&block, FINDING_BLOCK_MAX);
    for (unsigned n = 0; n < i->n_said; n++) {
        const struct said *s = &i->said[n];
        int kind = detector_by_kind(s->kind);
        struct packed_finding p = {
            .confidence = s->confidence, .count = 2, .line = s->line, .paragraph = s->line != 0};

        assert_true(kind >= 0);
        p.kind = (unsigned)kind;
        p.place.kind = i->unit;
        token_of(&m->keys, s->kind, span_of(s->value), p.token);
        if (strcmp(s->kind, "be-nrn") == 0) {
            struct person_facts facts = {s->birth, 'M', s->bis};

            p.has_facts = true;
            p.facts = facts_mask(&m->keys, p.token, facts_pack(&facts));
        }
        assert_true(finding_block_add(&block, &p));
    }
    if (block.len)
        assert_int_equal(inventory_put_findings(m->inv, *top, row.id, buf_span(&block)), 0);
    assert_int_equal(inventory_put_row(m->inv, m->run.id, &row), 0);
    if (!member) {
        assert_int_equal(inventory_item_done(m->inv, *top), 0);
        *top = 0;
    }
}

#define SAID(name) .said = name, .n_said = sizeof name / sizeof name[0]

/* "aaa" .. are values invented for their tokens alone. */
static const struct said list[] = {
    {"be-nrn", "a", CONFIDENCE_HIGH, 20151124, false, 0},  /* 10: minor */
    {"be-nrn", "b", CONFIDENCE_HIGH, 19800101, false, 0},  /* adult */
    {"be-nrn", "c", CONFIDENCE_MEDIUM, 19500101, true, 0}, /* 76, bis */
    {"be-nrn", "d", CONFIDENCE_LOW, 20200101, false, 0},   /* low: no age group */
    {"iban", "one", CONFIDENCE_HIGH, 0, false, 0},         /* beside numbers: linked */
};
static const struct said letter[] = {
    {"be-nrn", "a", CONFIDENCE_MEDIUM, 20151124, false, 2}, /* again, less sure */
    {"be-nrn", "e", CONFIDENCE_HIGH, 20080000, false, 7},   /* 17 or 18: unknown */
    {"email", "x@example.org", CONFIDENCE_HIGH, 0, false, 7},
};
static const struct said mailing[] = {
    {"email", "x@example.org", CONFIDENCE_HIGH, 0, false, 0}, /* linked by the letter */
    {"email", "y@example.org", CONFIDENCE_HIGH, 0, false, 0}, /* alone */
    {"phone", "+3226", CONFIDENCE_LOW, 0, false, 0},          /* alone */
};
static const struct said cards[] = {
    {"mrz", "BEL|1|800101", CONFIDENCE_HIGH, 0, false, 0}, /* alone: "about" */
};

static const struct item members[] = {
    {"Social/old.zip", 'f', OUTCOME_READ, "", 40, PLACE_LINE, 1, SAID(cards), "[\"in.txt\"]"},
    {"Social/old.zip", 'f', OUTCOME_ENCRYPTED, "password", 50, PLACE_LINE, 0, NULL, 0,
     "[\"locked.txt\"]"},
    {"Social/old.zip", 'f', OUTCOME_PARTIAL, "members", 300, PLACE_LINE, 0, NULL, 0, NULL},
};
static const struct item plain[] = {
    {"Social/Files/list.csv", 'f', OUTCOME_READ, "", 1000, PLACE_ROW, 4, SAID(list), NULL},
    {"Social/Files/deep/letter.docx", 'f', OUTCOME_READ, "", 500, PLACE_PAGE, 2, SAID(letter),
     NULL},
    {"mailing.txt", 'f', OUTCOME_READ, "", 200, PLACE_LINE, 1, SAID(mailing), NULL},
    {"locked.pdf", 'f', OUTCOME_ENCRYPTED, "password", 7000, PLACE_LINE, 0, NULL, 0, NULL},
    {"left.iso", 'f', OUTCOME_EXCLUDED, "exclude", 1000, PLACE_LINE, 0, NULL, 0, NULL},
    {"Social", 'd', OUTCOME_READ, "", 0, PLACE_LINE, 0, NULL, 0, NULL},
    {"secret", 'd', OUTCOME_DENIED, "permission", 0, PLACE_LINE, 0, NULL, 0, NULL},
    {"to-etc", 'l', OUTCOME_SPECIAL, "link", 0, PLACE_LINE, 0, NULL, 0, NULL},
};

enum { PLAIN = sizeof plain / sizeof plain[0], MEMBERS = sizeof members / sizeof members[0] };

static void fill(struct made *m, bool backwards)
{
    int64_t top = 0;

    for (unsigned i = 0; i < PLAIN && backwards; i++)
        put_item(m, &plain[PLAIN - 1 - i], &top);
    for (unsigned i = 0; i < MEMBERS; i++)
        put_item(m, &members[i], &top);
    for (unsigned i = 0; i < PLAIN && !backwards; i++)
        put_item(m, &plain[i], &top);
}

static char *read_document(const struct made *m, const char *name, size_t *ret_len)
{
    AUTO_CLOSE int fd = openat(m->fd, name, O_RDONLY | O_CLOEXEC);
    struct stat st;

    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    char *text = malloc((size_t)st.st_size + 1);

    assert_non_null(text);
    assert_int_equal(read(fd, text, (size_t)st.st_size), st.st_size);
    text[st.st_size] = '\0';
    if (ret_len)
        *ret_len = (size_t)st.st_size;
    return text;
}

static json_t *read_figures(const struct made *m)
{
    AUTO_FREE char *text = read_document(m, "report.json", NULL);
    json_t *all = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(all);
    return all;
}

/* The integer at a path of keys: "persons/at_least". */
static long long figure(json_t *all, const char *path)
{
    AUTO_FREE char *copy = strdup(path);
    char *rest = copy;

    for (char *key; (key = strsep(&rest, "/")) != NULL;)
        all =
            json_is_array(all) ? json_array_get(all, (size_t)atoi(key)) : json_object_get(all, key);
    if (!json_is_integer(all))
        fail_msg("no integer at %s", path);
    return json_integer_value(all);
}

/* --- figures --------------------------------------------------------------------------------- */

static void figures_are_the_truth(void **state)
{
    static const struct {
        const char *path;
        long long n;
    } truth[] = {
        {"persons/at_least", 3}, /* a b e */
        {"persons/about", 5},    /* + c, + the card */
        {"persons/at_most", 8},  /* + d, + y@, + the phone */
        {"persons/national_numbers/high", 3},
        {"persons/national_numbers/medium", 1},
        {"persons/national_numbers/low", 1},
        {"persons/identity_documents_alone", 1},
        {"persons/other_identifiers_alone", 2},
        {"persons/may_hide_more/files", 2},
        {"persons/may_hide_more/bytes", 7300},
        {"persons/may_hide_more/members", 1},
        {"persons/ages/of_numbers", 4},
        {"persons/ages/minors", 1},
        {"persons/ages/from_18_to_64", 1},
        {"persons/ages/from_65_to_105", 1},
        {"persons/ages/over_105", 0},
        {"persons/ages/unknown", 1},
        {"persons/ages/bis_numbers", 1},
        {"records/rows", 4},
        {"records/pages", 2},
        {"records/documents", 2},
        {"records/files", 4},
        {"records/members", 1},
        {"records/findings", 12},
        {"records/occurrences", 24},
        {"coverage/files", 6},
        {"coverage/bytes", 10000},
        {"coverage/members", 2},
        {"coverage/by_outcome/read/files", 3},
        {"coverage/by_outcome/read/members", 1},
        {"coverage/by_outcome/encrypted/files", 1},
        {"coverage/by_outcome/encrypted/members", 1},
        {"coverage/by_outcome/partial/bytes", 300},
        {"coverage/by_outcome/excluded/bytes", 1000},
        {"coverage/other_entries/folders/entries", 2},
        {"coverage/other_entries/folders/inaccessible", 1},
        {"coverage/other_entries/links/entries", 1},
        {"run/runs", 1},
    };
    struct made m;

    (void)state;
    made_begin(&m, "one");
    fill(&m, false);
    made_report(&m, true, 0);
    json_t *all = read_figures(&m);

    for (size_t i = 0; i < sizeof truth / sizeof truth[0]; i++) {
        if (figure(all, truth[i].path) != truth[i].n)
            fail_msg("%s is %lld, not %lld", truth[i].path, figure(all, truth[i].path), truth[i].n);
    }
    json_decref(all);
    made_remove(&m);
}

static void coverage_closes(void **state)
{
    struct made m;
    long long files = 0, bytes = 0, members_sum = 0;

    (void)state;
    made_begin(&m, "one");
    fill(&m, false);
    made_report(&m, true, 0);
    json_t *all = read_figures(&m);
    json_t *by = json_object_get(json_object_get(all, "coverage"), "by_outcome");

    assert_int_equal(json_object_size(by), OUTCOME_COUNT);
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        json_t *one = json_object_get(by, outcome_word((enum outcome)o));

        files += figure(one, "files");
        bytes += figure(one, "bytes");
        members_sum += figure(one, "members");
    }
    assert_int_equal(files, figure(all, "coverage/files"));
    assert_int_equal(bytes, figure(all, "coverage/bytes"));
    assert_int_equal(members_sum, figure(all, "coverage/members"));
    json_decref(all);
    made_remove(&m);
}

static void folders_stop_at_the_depth(void **state)
{
    struct made m;

    (void)state;
    made_begin(&m, "one");
    fill(&m, false);
    made_report(&m, true, 1);
    json_t *all = read_figures(&m);
    json_t *folders = json_object_get(all, "folders");

    assert_int_equal(json_array_size(folders), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(folders, 0), "path")), "");
    assert_string_equal(json_string_value(json_object_get(json_array_get(folders, 1), "path")),
                        "Social");
    assert_int_equal(figure(folders, "1/files"), 3);
    assert_int_equal(figure(folders, "1/persons_high"), 3);
    assert_int_equal(figure(folders, "1/not_read"), 2);
    json_decref(all);
    AUTO_FREE char *text = read_document(&m, "report.json", NULL);

    assert_null(strstr(text, "deep"));
    assert_null(strstr(text, "letter.docx"));
    made_remove(&m);
}

static void ages_need_the_key(void **state)
{
    struct made m;

    (void)state;
    made_begin(&m, "one");
    fill(&m, false);
    made_report(&m, false, 0);
    json_t *all = read_figures(&m);

    assert_true(json_is_null(json_object_get(json_object_get(all, "persons"), "ages")));
    assert_int_equal(figure(all, "persons/at_least"), 3);
    json_decref(all);
    AUTO_FREE char *text = read_document(&m, "report.en.html", NULL);

    assert_non_null(strstr(text, "not computed"));
    made_remove(&m);
}

/* --- the body -------------------------------------------------------------------------------- */

static void cut_run_block(char *text, const char *begin, const char *end)
{
    char *from = strstr(text, begin), *to = from && end ? strstr(from, end) : NULL;

    assert_non_null(from);
    if (!end) {
        *from = '\0';
        return;
    }
    assert_non_null(to);
    memmove(from, to, strlen(to) + 1);
}

static void order_of_writing_changes_nothing(void **state)
{
    static const char *const names[] = {"report.json",    "report.fr.html", "report.nl.html",
                                        "report.de.html", "report.en.html", "report.html"};
    struct made a, b;

    (void)state;
    made_begin(&a, "first-machine");
    fill(&a, false);
    made_report(&a, true, 0);
    made_begin(&b, "second");
    fill(&b, true);
    made_report(&b, true, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        AUTO_FREE char *x = read_document(&a, names[i], NULL);
        AUTO_FREE char *y = read_document(&b, names[i], NULL);

        assert_string_not_equal(x, y);
        if (i == 0) {
            cut_run_block(x, "\"run\": {", NULL);
            cut_run_block(y, "\"run\": {", NULL);
        } else {
            cut_run_block(x, "<!-- run block: begin -->", "<!-- run block: end -->");
            cut_run_block(y, "<!-- run block: begin -->", "<!-- run block: end -->");
        }
        assert_string_equal(x, y);
    }
    made_remove(&a);
    made_remove(&b);
}

static void put_plain(struct made *m, const char *path, const char *reason)
{
    const struct item item = {
        path, 'f', *reason ? OUTCOME_PARTIAL : OUTCOME_READ, reason, 1, PLACE_LINE, 0, NULL,
        0,    NULL};
    int64_t top = 0;

    put_item(m, &item, &top);
}

/* As the ledger has them: by the bytes of what lies in them, whatever came first. */
static void folders_come_in_their_order(void **state)
{
    static const char *const paths[] = {"b/x", "a/b/x",   "a-b/x",   "top",
                                        "a/x", "a.b/c/x", "a/b-c/x", "a0/x"};
    static const char *const folders[] = {"",      "a-b", "a.b", "a.b/c", "a",
                                          "a/b-c", "a/b", "a0",  "b"};
    struct facts *f = NULL;
    struct made m;

    (void)state;
    made_begin(&m, "one");
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        put_plain(&m, paths[i], i == 1 ? "members" : "");
    assert_int_equal(facts_gather(m.inv, &m.keys, &(struct report_options){.depth = 4}, &f), 0);
    assert_int_equal(f->n_folders, sizeof folders / sizeof folders[0]);
    for (uint32_t i = 0; i < f->n_folders; i++) {
        assert_string_equal(f->folders[i].path, folders[i]);
        assert_int_equal(f->folders[i].files.files, i == 2 ? 0 : 1);
        assert_int_equal(f->folders[i].items_unread, i == 6);
    }
    assert_int_equal(f->n_gaps, 1);
    assert_int_equal(f->gaps[0].top[0].folder, 6);
    facts_free(f);
    made_remove(&m);
}

/* The first ones in the order of the ledger keep their names, though they were written last. */
static void ceilings_are_met_in_order(void **state)
{
    enum { REASONS = FACTS_GAPS + 20, FOLDERS = FACTS_FOLDERS + 20 };
    char path[32], reason[32];
    struct facts *f = NULL;
    struct made m;

    (void)state;
    made_begin(&m, "one");
    for (unsigned i = REASONS; i-- > 0;) {
        snprintf(path, sizeof path, "%05u", i);
        snprintf(reason, sizeof reason, "reason-%05u", i);
        put_plain(&m, path, reason);
    }
    assert_int_equal(facts_gather(m.inv, &m.keys, &(struct report_options){.depth = 2}, &f), 0);
    assert_int_equal(f->n_gaps, FACTS_GAPS + 1);
    assert_int_equal(f->coverage.files.files, REASONS);
    for (unsigned i = 0; i < FACTS_GAPS; i++) {
        snprintf(reason, sizeof reason, "reason-%05u", i);
        assert_string_equal(f->gaps[i + 1].reason, reason);
    }
    assert_string_equal(f->gaps[0].reason, "");
    assert_int_equal(f->gaps[0].files.files, REASONS - FACTS_GAPS);
    facts_free(f);
    f = NULL;
    for (unsigned i = FOLDERS; i-- > 0;) {
        snprintf(path, sizeof path, "f%05u/x", i);
        put_plain(&m, path, "");
    }
    assert_int_equal(facts_gather(m.inv, &m.keys, &(struct report_options){.depth = 2}, &f), 0);
    assert_int_equal(f->n_folders, FACTS_FOLDERS);
    assert_string_equal(f->folders[1].path, "f00000");
    assert_string_equal(f->folders[FACTS_FOLDERS - 2].path, "f65533");
    assert_null(f->folders[FACTS_FOLDERS - 1].path);
    assert_int_equal(f->folders[FACTS_FOLDERS - 1].files.files, FOLDERS - (FACTS_FOLDERS - 2));
    assert_int_equal(f->coverage.files.files, REASONS + FOLDERS);
    facts_free(f);
    made_remove(&m);
}

static void names_are_escaped(void **state)
{
    static const struct item hostile[] = {
        {"<script>alert(1)</script>\"'&\x01\xff/\xe2\x80\xae"
         "gpj.exe/x.txt",
         'f', OUTCOME_READ, "", 10, PLACE_LINE, 1, SAID(list), NULL},
        {"<img src=x>/y.txt", 'f', OUTCOME_DAMAGED, "truncated", 10, PLACE_LINE, 0, NULL, 0, NULL},
    };
    struct made m;
    int64_t top = 0;

    (void)state;
    made_begin(&m, "<b>host</b>");
    put_item(&m, &hostile[0], &top);
    put_item(&m, &hostile[1], &top);
    made_report(&m, true, 0);
    for (int l = 0; l < LANGUAGES; l++) {
        char name[32];

        snprintf(name, sizeof name, "report.%s.html", language_code((enum language)l));
        AUTO_FREE char *text = read_document(&m, name, NULL);

        assert_null(strstr(text, "<script>alert"));
        assert_null(strstr(text, "<img"));
        assert_null(strstr(text, "<b>host"));
        assert_null(strchr(text, '\x01'));
        assert_null(strchr(text, '\xff'));
        assert_null(strstr(text, "\xe2\x80\xae"));
        assert_non_null(strstr(text, "&lt;script&gt;alert(1)&lt;"));
        assert_non_null(strstr(text, "&lt;img src=x&gt;"));
    }
    json_decref(read_figures(&m));
    made_remove(&m);
}

static void documents_stand_alone(void **state)
{
    static const char *const never[] = {"http://", "https://", "src=", "@import", "url(http",
                                        "<link",   "{1}",      "{2}",  "{3}"};
    struct made m;

    (void)state;
    made_begin(&m, "one");
    fill(&m, false);
    made_report(&m, true, 0);
    for (int l = 0; l < LANGUAGES; l++) {
        char name[32], lang[32];

        snprintf(name, sizeof name, "report.%s.html", language_code((enum language)l));
        snprintf(lang, sizeof lang, "<html lang=\"%s\">", language_code((enum language)l));
        AUTO_FREE char *text = read_document(&m, name, NULL);

        for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
            if (strstr(text, never[i]))
                fail_msg("%s holds %s", name, never[i]);
        }
        assert_non_null(strstr(text, lang));
        for (int other = 0; other < LANGUAGES; other++) {
            char link[48];

            snprintf(link, sizeof link, "href=\"report.%s.html\"",
                     language_code((enum language)other));
            assert_int_equal(strstr(text, link) != NULL, other != l);
        }
    }
    made_remove(&m);
}

static void empty_case_has_a_report(void **state)
{
    struct made m;

    (void)state;
    made_begin(&m, "one");
    made_report(&m, true, 0);
    json_t *all = read_figures(&m);

    assert_int_equal(figure(all, "persons/at_most"), 0);
    assert_int_equal(figure(all, "coverage/files"), 0);
    json_decref(all);
    made_remove(&m);
}

/* A scan that was killed leaves a report that says so, and no figure that looks final. */
static void unfinished_scan_is_provisional(void **state)
{
    struct made m;
    struct report_options o = {.languages = "en"};

    (void)state;
    made_begin(&m, "one");
    fill(&m, false);
    o.dir_fd = m.fd;
    m.run.state = "interrupted";
    assert_int_equal(run_end(m.inv, &m.run), 0);
    assert_int_equal(report_write(m.inv, &m.keys, &o), 0);
    AUTO_FREE char *cut_short = read_document(&m, "report.html", NULL);
    json_t *all = read_figures(&m);

    assert_non_null(strstr(cut_short, "The scan is not finished"));
    assert_true(json_is_false(json_object_get(all, "scan_finished")));
    json_decref(all);
    made_report(&m, true, 0);
    AUTO_FREE char *whole = read_document(&m, "report.html", NULL);

    assert_null(strstr(whole, "L’analyse n’est pas terminée"));
    made_remove(&m);
}

static void only_known_languages(void **state)
{
    struct made m;
    struct report_options o = {.languages = "fr,xx"};

    (void)state;
    made_begin(&m, "one");
    o.dir_fd = m.fd;
    assert_int_equal(report_write(m.inv, NULL, &o), -EINVAL);
    o.languages = "de,fr";
    assert_int_equal(report_write(m.inv, NULL, &o), 0);
    AUTO_FREE char *first = read_document(&m, "report.html", NULL);

    assert_non_null(strstr(first, "<html lang=\"de\">"));
    assert_int_equal(faccessat(m.fd, "report.en.html", F_OK, 0), -1);
    assert_int_equal(faccessat(m.fd, ".report.json.part", F_OK, 0), -1);
    assert_false(report_languages_valid("fr,fr"));
    assert_false(report_languages_valid(""));
    assert_true(report_languages_valid("en"));
    assert_true(report_languages_valid(NULL));
    made_remove(&m);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void ages_at_their_limits(void **state)
{
    (void)state;
    assert_int_equal(facts_age(20081123, 20261123), 18); /* birthday today */
    assert_int_equal(facts_age(20081124, 20261123), 17);
    assert_int_equal(facts_age(20080000, 20261123), -1); /* 17 or 18 */
    assert_int_equal(facts_age(20100000, 20261123), 15); /* a minor on any day */
    assert_int_equal(facts_age(20081100, 20261123), -1);
    assert_int_equal(facts_age(20081000, 20261123), 18);
    assert_int_equal(facts_age(19610000, 20261123), -1); /* 64 or 65 */
    assert_int_equal(facts_age(0, 20261123), -1);
    assert_int_equal(facts_age(20270101, 20261123), -1); /* not born */
}

static void rounding_goes_up(void **state)
{
    (void)state;
    assert_int_equal(facts_round_up(0), 0);
    assert_int_equal(facts_round_up(99), 99);
    assert_int_equal(facts_round_up(101), 110);
    assert_int_equal(facts_round_up(1001), 1050);
    assert_int_equal(facts_round_up(10000), 10000);
    assert_int_equal(facts_round_up(10001), 10100);
}

/* Any order of adding, and folding in between, gives the same distinct entries. */
static void tally_is_distinct(void **state)
{
    enum { VALUES = 3000 };
    struct tally t;
    unsigned wanted = 0;

    (void)state;
    tally_init(&t, 100);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < VALUES; i++) {
            unsigned n = round == 1 ? VALUES - 1 - i : i * 7 % VALUES;
            unsigned char token[16] = {(unsigned char)(n * 37), (unsigned char)(n >> 8),
                                       (unsigned char)n};

            const struct tally_note note = {.confidence = round + 1,
                                            .flags = round == 2 ? TALLY_LINKED : 0};

            tally_add(&t, n % 3, token, n % 5, &note);
        }
    }
    tally_fold(&t);
    assert_false(t.failed);
    assert_int_equal(t.len, VALUES);
    for (size_t i = 0; i < t.len; i++) {
        assert_int_equal(t.at[i].confidence, CONFIDENCE_HIGH);
        assert_int_equal(t.at[i].flags, TALLY_LINKED);
        if (i > 0)
            assert_true(memcmp(t.at[i - 1].key, t.at[i].key, TALLY_KEY) < 0);
    }
    tally_release(&t);
    /* Every token belongs to exactly one pass. */
    for (unsigned n = 0; n < 65536; n += 251) {
        unsigned char token[16] = {(unsigned char)(n >> 8), (unsigned char)n};

        for (unsigned pass = 0; pass < 5; pass++)
            wanted += tally_wants(pass, 5, token);
    }
    assert_int_equal(wanted, 65536 / 251 + 1);
    assert_int_equal(tally_passes(TALLY_ROOM), 1);
    assert_true(tally_passes(UINT64_C(10000000)) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_the_truth),
        cmocka_unit_test(coverage_closes),
        cmocka_unit_test(folders_stop_at_the_depth),
        cmocka_unit_test(ages_need_the_key),
        cmocka_unit_test(order_of_writing_changes_nothing),
        cmocka_unit_test(folders_come_in_their_order),
        cmocka_unit_test(ceilings_are_met_in_order),
        cmocka_unit_test(names_are_escaped),
        cmocka_unit_test(documents_stand_alone),
        cmocka_unit_test(empty_case_has_a_report),
        cmocka_unit_test(unfinished_scan_is_provisional),
        cmocka_unit_test(only_known_languages),
        cmocka_unit_test(ages_at_their_limits),
        cmocka_unit_test(rounding_goes_up),
        cmocka_unit_test(tally_is_distinct),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
