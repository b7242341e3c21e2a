/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: inventory base */
/* `constat findings`, `coverage` and `lookup` over a case made here, compared byte for byte. */
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
#include "scanner/inventory/case.h"
#include "scanner/inventory/inventory.h"

/* Key 00 01 .. 1f; the tokens are those of testdata/keys/tokens.tsv. */
#define NRN_TOKEN  "502193a30b3dcb3e2bace67cd71fa14f"
#define IBAN_TOKEN "03bc52fdfad711513a08c50fad68e118"

static char folder[64];
static struct case_folder opened;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

/* A line holds the second category, and the first close by. */
static void add(struct buf *b, unsigned kind, const char *token, enum confidence confidence,
                struct place place, uint64_t count)
{
    struct packed_finding f = {.kind = kind,
                               .confidence = confidence,
                               .place = place,
                               .count = count,
                               .record = 7,
                               .evidence = EVIDENCE_WRITTEN_FORM | EVIDENCE_HEADER,
                               .categories = place.kind == PLACE_LINE ? 3 : 0,
                               .categories_near = place.kind == PLACE_LINE ? 1 : 0};

    assert_true(token_from_hex(token, f.token));
    assert_true(finding_block_add(b, &f));
}

static void seal(struct buf *b, struct span raw)
{
    buf_init(b, 4096);
    assert_true(name_seal(&opened.keys, raw, b));
}

static void fill(struct inventory *inv)
{
    static const struct tool_part parts[] = {
        {.group = "detector", .id = "be_nrn", .kind = "be-nrn", .version = 1, .chance = 0.01},
        {.group = "detector", .id = "iban", .kind = "iban", .version = 1, .chance = 0.01},
        {.group = "detector", .id = "health", .kind = "category:health", .category = true},
        {.group = "detector", .id = "union", .kind = "category:trade_union", .category = true}};
    struct run run = {.started = 1000, .tool_version = "1", .options = "{}", .today = 20261101};
    struct ledger_row row;
    AUTO_BUF struct buf b;
    AUTO_BUF struct buf path;
    AUTO_BUF struct buf members;
    int64_t root;

    buf_init(&b, FINDING_BLOCK_MAX);
    assert_int_equal(run_begin(inv, &run), 0);
    assert_int_equal(run_parts(inv, run.id, parts, sizeof parts / sizeof parts[0]), 0);
    assert_int_equal(run_root(inv, run.id, 0, SPAN("share"), SPAN("/mnt/share"), &root), 0);

    /* A container whose name and whose member's name hold a number. */
    seal(&path, SPAN("850730-033 28,\"x\".zip"));
    seal(&members, SPAN("a/85.07.30-033.28.docx"));
    assert_int_equal(inventory_item_begin(inv, &row.id), 0);
    int64_t top = row.id;

    row = (struct ledger_row){.id = inventory_reserve_row(inv),
                              .top = top,
                              .root = root,
                              .members = SPAN("[\"a/[be-nrn:502193a3].docx\"]"),
                              .sealed_members = buf_span(&members),
                              .depth = 1,
                              .bytes = 7,
                              .mtime = INT64_MIN,
                              .ctime = INT64_MIN,
                              .type = 'f',
                              .outcome = OUTCOME_ENCRYPTED,
                              .reason = SPAN("password"),
                              .findings = 2,
                              .content = 77};
    add(&b, 1, IBAN_TOKEN, CONFIDENCE_LOW, (struct place){PLACE_CELL, 12, 28}, 1);
    add(&b, 0, NRN_TOKEN, CONFIDENCE_HIGH, (struct place){.kind = PLACE_NAME}, 3);
    assert_int_equal(inventory_put_findings(inv, top, row.id, buf_span(&b)), 0);
    assert_int_equal(inventory_put_row(inv, run.id, &row), 0);
    row = (struct ledger_row){.id = top,
                              .root = root,
                              .path = SPAN("[be-nrn:502193a3],\"x\".zip"),
                              .sealed_path = buf_span(&path),
                              .members = SPAN("[]"),
                              .bytes = 1000,
                              .mtime = 1700000000999999999,
                              .ctime = 0,
                              .links = 1,
                              .mode = 0100640,
                              .owner = SPAN("1000:1000"),
                              .type = 'f',
                              .outcome = OUTCOME_ENCRYPTED,
                              .reason = SPAN("password"),
                              .media_type = SPAN("application/zip"),
                              .extractor = SPAN("zip")};
    assert_int_equal(inventory_put_row(inv, run.id, &row), 0);
    assert_int_equal(inventory_item_done(inv, top), 0);

    assert_int_equal(inventory_item_begin(inv, &top), 0);
    row = (struct ledger_row){.id = top,
                              .root = root,
                              .path = SPAN("b\xff\n.txt"),
                              .members = SPAN("[]"),
                              .mtime = -1,
                              .links = 1,
                              .owner = SPAN("0:0"),
                              .type = 'f',
                              .media_type = SPAN("text/plain"),
                              .extractor = SPAN("text"),
                              .findings = 1,
                              .content = 77};
    buf_clear(&b);
    add(&b, 0, NRN_TOKEN, CONFIDENCE_MEDIUM, (struct place){PLACE_LINE, 3, 0}, 1);
    assert_int_equal(inventory_put_findings(inv, top, top, buf_span(&b)), 0);
    assert_int_equal(inventory_put_row(inv, run.id, &row), 0);
    assert_int_equal(inventory_item_done(inv, top), 0);
    run.state = "finished";
    run.finished = 2000;
    assert_int_equal(run_end(inv, &run), 0);
}

static int make_case(void **state)
{
    unsigned char key[CASE_KEY_BYTES];
    char name[128];
    struct inventory *inv = NULL;

    (void)state;
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    strcpy(folder, "/tmp/constat-test-XXXXXX");
    if (!keys_start() || !mkdtemp(folder))
        return -1;
    snprintf(name, sizeof name, "%s/case.key", folder);
    AUTO_CLOSE int fd = open(name, O_WRONLY | O_CREAT, 0600);

    if (fd < 0 || write(fd, key, sizeof key) != (ssize_t)sizeof key ||
        case_open(&opened, folder, NULL, CASE_CREATE) < 0 ||
        inventory_open(opened.dir_fd, INVENTORY_WRITE, &inv) < 0 ||
        case_check_key(&opened, inv) < 0)
        return -1;
    fill(inv);
    inventory_close(inv);
    return 0;
}

static int remove_case(void **state)
{
    (void)state;
    case_close(&opened);
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Runs `constat <command> --case <folder> <rest>`; its status, and what it wrote. */
static int run(const char *command, const char *rest, struct buf *ret)
{
    char line[512];
    char piece[4096];
    size_t n;

    snprintf(line, sizeof line, BIN_DIR "/constat %s --case %s %s", command, folder, rest);
    FILE *p = popen(line, "r");

    assert_non_null(p);
    buf_init(ret, 1 << 20);
    buf_add_text(ret, "");
    while ((n = fread(piece, 1, sizeof piece, p)) > 0)
        buf_add(ret, piece, n);
    int status = pclose(p);

    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void expect(const char *command, const char *rest, int status, const char *output)
{
    AUTO_BUF struct buf got;

    assert_int_equal(run(command, rest, &got), status);
    assert_string_equal(got.at, output);
}

#define MASKED "{\"root\": \"share\", \"path\": \"[be-nrn:502193a3],\\\"x\\\".zip\", \"members\": "
#define MEMBER "[\"a/[be-nrn:502193a3].docx\"], "
#define INVALID                                                                                    \
    "{\"root\": \"share\", \"path\": \"b\xef\xbf\xbd\\n.txt\", \"path_bytes\": "                   \
    "\"Yv8KLnR4dA==\", \"members\": [], "
#define NRN  "\"kind\": \"be-nrn\", \"token\": \"" NRN_TOKEN "\", "
#define MORE "\"evidence\": [\"written-form\", \"header\"], \"record\": 7, \"categories\": "
#define IBAN "\"kind\": \"iban\", \"token\": \"" IBAN_TOKEN "\", "

static void findings_as_json(void **state)
{
    (void)state;
    expect("findings", "", 0,
           MASKED MEMBER NRN
           "\"confidence\": \"high\", \"count\": 3, \"place\": {\"kind\": \"name\", \"at\": "
           "\"\"}, " MORE "[]}\n" MASKED MEMBER IBAN
           "\"confidence\": \"low\", \"count\": 1, \"place\": {\"kind\": \"cell\", \"at\": "
           "\"AB12\"}, " MORE "[]}\n" INVALID NRN
           "\"confidence\": \"medium\", \"count\": 1, \"place\": {\"kind\": \"line\", \"at\": "
           "\"3\"}, " MORE "[\"health\", \"trade_union\"]}\n");
}

static void findings_are_filtered(void **state)
{
    (void)state;
    expect("findings", "--kind=iban --min-confidence=medium", 0, "");
    expect("findings", "--kind=be-nrn --min-confidence=high", 0,
           MASKED MEMBER NRN "\"confidence\": \"high\", \"count\": 3, \"place\": {\"kind\": "
                             "\"name\", \"at\": \"\"}, " MORE "[]}\n");
    expect("findings", "--kind=nothing 2>/dev/null", 2, "");
}

static void findings_as_csv(void **state)
{
    (void)state;
    expect("findings", "--format=csv", 0,
           "root,path,path_bytes,members,kind,token,confidence,count,place_kind,place_at,evidence,"
           "record,categories\r\n"
           "share,\"[be-nrn:502193a3],\"\"x\"\".zip\",,a/[be-nrn:502193a3].docx,be-nrn," NRN_TOKEN
           ",high,3,name,,written-form header,7,\r\n"
           "share,\"[be-nrn:502193a3],\"\"x\"\".zip\",,a/[be-nrn:502193a3].docx,iban," IBAN_TOKEN
           ",low,1,cell,AB12,written-form header,7,\r\n"
           "share,\"b\xef\xbf\xbd\n.txt\",Yv8KLnR4dA==,,be-nrn," NRN_TOKEN
           ",medium,1,line,3,written-form header,7,health trade_union\r\n");
}

static void coverage_as_json(void **state)
{
    (void)state;
    expect("coverage", "", 0,
           MASKED "[], \"bytes\": 1000, \"mtime\": \"2023-11-14T22:13:20Z\", \"owner\": "
                  "\"1000:1000\", \"mode\": \"0640\", \"media_type\": \"application/zip\", "
                  "\"outcome\": \"encrypted\", \"reason\": \"password\", \"extractor\": "
                  "\"zip\", \"copy_group\": null}\n" MASKED MEMBER
                  "\"bytes\": 7, \"mtime\": null, \"owner\": null, \"mode\": null, "
                  "\"media_type\": \"\", \"outcome\": \"encrypted\", \"reason\": \"password\", "
                  "\"extractor\": \"\", \"copy_group\": 1}\n" INVALID
                  "\"bytes\": 0, \"mtime\": \"1969-12-31T23:59:59Z\", \"owner\": \"0:0\", "
                  "\"mode\": \"0000\", \"media_type\": \"text/plain\", \"outcome\": \"read\", "
                  "\"reason\": \"\", \"extractor\": \"text\", \"copy_group\": 1}\n");
    expect("coverage", "--format=csv --outcome=read", 0,
           "root,path,path_bytes,members,bytes,mtime,owner,mode,media_type,outcome,reason,"
           "extractor,copy_group\r\n"
           "share,\"b\xef\xbf\xbd\n.txt\",Yv8KLnR4dA==,,0,1969-12-31T23:59:59Z,0:0,0000,"
           "text/plain,read,,text,1\r\n");
    expect("coverage", "--outcome=damaged", 0, "");
}

static bool count_acts(void *ctx, const struct audit_entry *e)
{
    struct buf *b = ctx;

    buf_add_span(b, e->act);
    buf_add_byte(b, ' ');
    buf_add_span(b, e->detail);
    return buf_add_byte(b, '\n');
}

static void expect_acts(const char *expected)
{
    struct inventory *inv = NULL;
    AUTO_BUF struct buf acts;

    buf_init(&acts, 4096);
    buf_add_text(&acts, "");
    assert_int_equal(inventory_open(opened.dir_fd, INVENTORY_READ, &inv), 0);
    assert_int_equal(inventory_each_audit(inv, count_acts, &acts), 0);
    inventory_close(inv);
    assert_string_equal(acts.at, expected);
}

static void clear_names_are_logged(void **state)
{
    (void)state;
    expect_acts("");
    expect("findings", "--kind=iban --clear-names --format=csv | tail -n 1", 0,
           "share,\"850730-033 28,\"\"x\"\".zip\",,a/85.07.30-033.28.docx,iban," IBAN_TOKEN
           ",low,1,cell,AB12,written-form header,7,\r\n");
    expect_acts("clear-names findings\n");
}

static void a_wrong_key_shows_nothing(void **state)
{
    (void)state;
    expect("findings", "--clear-names --key-file=/dev/null 2>/dev/null", 1, "");
    expect("findings", "--clear-names --key-file=" BIN_DIR "/constat 2>/dev/null", 1, "");
}

static void a_full_disk_is_said(void **state)
{
    (void)state;
    expect("findings", "2>&1 >/dev/full", 1,
           "constat: the output cannot be written: No space left on device\n");
}

#define FIRST "\"share/[be-nrn:502193a3],\\\"x\\\".zip > a/[be-nrn:502193a3].docx\""
#define IN_BOTH                                                                                    \
    "\"found\": true, \"kinds\": [{\"kind\": \"be-nrn\", \"token\": \"" NRN_TOKEN                  \
    "\"}], \"documents\": 2, \"categories\": [\"be-nrn\", \"iban\"], \"first\": [" FIRST           \
    ", \"share/b\xef\xbf\xbd\\n.txt\"], \"same_record\": [\"health\", \"trade_union\"], "          \
    "\"near\": "                                                                                   \
    "[\"health\"]}\n"

static void lookup_finds_any_written_form(void **state)
{
    (void)state;
    expect("lookup", "< /dev/null 2>/dev/null", 2, "");
    expect("lookup",
           "<<'EOF'\n"
           "Numero national: 85.07.30-033.28\n"
           "\n"
           "85073003328\n"
           "BE71 0961 2345 6769\n"
           "hello\n"
           "EOF\n",
           0,
           "{\"line\": 1, " IN_BOTH "{\"line\": 3, " IN_BOTH
           "{\"line\": 4, \"found\": true, \"kinds\": [{\"kind\": \"iban\", \"token\": "
           "\"" IBAN_TOKEN "\"}], \"documents\": 1, \"categories\": [\"be-nrn\", \"iban\"], "
           "\"first\": [" FIRST "], \"same_record\": [], \"near\": []}\n"
           "{\"line\": 5, \"found\": false, \"kinds\": [], \"documents\": 0, \"categories\": "
           "[], \"first\": [], \"same_record\": [], \"near\": []}\n");
    /* Never what was asked, only its token. */
    expect_acts("clear-names findings\n"
                "lookup be-nrn:" NRN_TOKEN "\n"
                "lookup be-nrn:" NRN_TOKEN "\n"
                "lookup iban:" IBAN_TOKEN "\n"
                "lookup not recognised\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_as_json),       cmocka_unit_test(findings_are_filtered),
        cmocka_unit_test(findings_as_csv),        cmocka_unit_test(coverage_as_json),
        cmocka_unit_test(clear_names_are_logged), cmocka_unit_test(a_wrong_key_shows_nothing),
        cmocka_unit_test(a_full_disk_is_said),    cmocka_unit_test(lookup_finds_any_written_form),
    };

    return cmocka_run_group_tests(tests, make_case, remove_case);
}
