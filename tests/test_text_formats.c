/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
/*
 * Text, CSV, JSON and unknown binaries: for each sample in testdata/formats/{text,csv,json,binary}
 * the file <sample>.expected holds how it ended and everything that was pushed, marks as <...>.
 * UPDATE_EXPECTED=1 in the environment writes those files anew; look at the difference.
 * Also here: signatures (testdata/formats/signatures.tsv) and strings out of raw bytes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/charset.h"
#include "scanner/extract/extractor.h"
#include "scanner/extract/sniff.h"
#include "scanner/extract/strings.h"

#define SAMPLES TESTDATA "/formats/"
#define SPAN_CONST(literal)                                                                        \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

/* --- a sink that writes down what it gets -------------------------------------------------------
 */

struct notes {
    struct buf buf;
    const char *media_type;
    struct strings *strings;
    struct budget budget;
    size_t stop_after; /* pushes; 0 never */
    size_t pushes;
};

static bool more(struct notes *n)
{
    n->pushes++;
    return n->stop_after == 0 || n->pushes < n->stop_after;
}

static bool note_text(void *ctx, struct span utf8)
{
    struct notes *n = ctx;

    buf_add_span(&n->buf, utf8);
    return more(n);
}

static bool note_mark(void *ctx, struct mark mark)
{
    struct notes *n = ctx;

    buf_printf(&n->buf, "<%s>",
               mark.kind == MARK_RECORD  ? "record"
               : mark.kind == MARK_BREAK ? "break"
                                         : "other");
    return more(n);
}

static bool note_table(void *ctx, const struct table_shape *shape)
{
    struct notes *n = ctx;

    buf_printf(&n->buf, "<table %s %c%s>\n",
               shape->delimiter == '\t' ? "tab" : (char[]){shape->delimiter, '\0'},
               shape->quote ? shape->quote : '-', shape->header ? " header" : "");
    return true;
}

static bool note_string(void *ctx, uint64_t offset, bool joined, struct span utf8)
{
    struct notes *n = ctx;

    if (!joined)
        buf_printf(&n->buf, "\n<%llu>", (unsigned long long)offset);
    buf_add_span(&n->buf, utf8);
    return true;
}

static bool note_raw(void *ctx, uint64_t offset, struct span bytes)
{
    struct notes *n = ctx;

    (void)offset;
    return strings_feed(n->strings, bytes) && more(n);
}

static void note_gap(void *ctx, enum outcome outcome, const char *reason)
{
    struct notes *n = ctx;

    buf_printf(&n->buf, "<gap %s %s>", outcome_word(outcome), reason);
}

static void note_media_type(void *ctx, const char *literal)
{
    ((struct notes *)ctx)->media_type = literal;
}

static struct sink notes_sink(struct notes *n)
{
    struct limits limits = limits_default();

    *n = (struct notes){.strings = strings_new(note_string, n)};
    assert_non_null(n->strings);
    buf_init(&n->buf, 64 << 20);
    budget_start(&n->budget, &limits, 1000);
    return (struct sink){.ctx = n,
                         .text = note_text,
                         .mark = note_mark,
                         .table = note_table,
                         .raw = note_raw,
                         .gap = note_gap,
                         .media_type = note_media_type,
                         .budget = &n->budget,
                         .today = 20240101};
}

static void notes_release(struct notes *n)
{
    strings_free(n->strings);
    buf_release(&n->buf);
}

static struct ending extract(struct span bytes, const char *name, const struct sink *out,
                             const struct extractor **ret_by)
{
    struct source *s = source_from_memory(bytes);
    struct head head = {
        .bytes = source_peek(s, 65536), .name = span_of(name), .size = (int64_t)bytes.len};

    head.media_type = sniff(head.bytes, head.size);
    *ret_by = extractor_choose(&head);
    out->media_type(out->ctx, (*ret_by)->media_type);
    struct ending ending = (*ret_by)->run(s, &head, out);

    source_free(s);
    return ending;
}

static void read_file(const char *path, struct buf *ret)
{
    char bytes[4096];
    AUTO_FCLOSE FILE *f = fopen(path, "rb");

    buf_init(ret, 64 << 20);
    if (!f)
        fail_msg("%s is missing", path);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;)
        assert_true(buf_add(ret, bytes, n));
}

/* --- samples ------------------------------------------------------------------------------------
 */

static void check_sample(const char *folder, const char *name)
{
    char path[512];
    AUTO_BUF struct buf bytes, want, got;
    struct notes notes;
    struct sink sink = notes_sink(&notes);
    const struct extractor *by;

    snprintf(path, sizeof path, SAMPLES "%s/%s", folder, name);
    read_file(path, &bytes);
    struct ending ending = extract(buf_span(&bytes), name, &sink, &by);

    assert_true(strings_end(notes.strings));
    buf_init(&got, 64 << 20);
    buf_printf(&got, "%s %s %s %s\n", by->id, outcome_word(ending.outcome),
               ending.reason[0] ? ending.reason : "-", notes.media_type);
    buf_add_span(&got, buf_span(&notes.buf));
    notes_release(&notes);
    snprintf(path, sizeof path, SAMPLES "%s/%s.expected", folder, name);
    if (getenv("UPDATE_EXPECTED")) {
        AUTO_FCLOSE FILE *f = fopen(path, "wb");

        assert_non_null(f);
        fwrite(got.at, 1, got.len, f);
    }
    read_file(path, &want);
    if (!span_equal(buf_span(&got), buf_span(&want)))
        fail_msg("%s/%s is read otherwise than expected", folder, name);
}

static void samples_are_read_as_expected(void **state)
{
    static const char *const folders[] = {"text", "csv", "json", "binary"};

    (void)state;
    assert_true(sniff_prepare());
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[512];
        unsigned samples = 0;

        snprintf(path, sizeof path, SAMPLES "%s", folders[i]);
        DIR *folder = opendir(path);

        assert_non_null(folder);
        for (struct dirent *e; (e = readdir(folder));) {
            if (e->d_name[0] == '.' || strstr(e->d_name, ".expected"))
                continue;
            check_sample(folders[i], e->d_name);
            samples++;
        }
        closedir(folder);
        assert_true(samples >= 5);
    }
}

/* No sample may depend on the order of extractors.list. */
static void no_two_formats_bid_the_same(void **state)
{
    static const char *const folders[] = {"text", "csv", "json", "binary", "charset"};

    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[512];

        snprintf(path, sizeof path, SAMPLES "%s", folders[i]);
        DIR *folder = opendir(path);

        assert_non_null(folder);
        for (struct dirent *e; (e = readdir(folder));) {
            if (e->d_name[0] == '.' || strstr(e->d_name, ".expected"))
                continue;
            AUTO_BUF struct buf bytes;

            snprintf(path, sizeof path, SAMPLES "%s/%s", folders[i], e->d_name);
            read_file(path, &bytes);
            struct head head = {
                .bytes = buf_span(&bytes), .name = span_of(e->d_name), .size = (int64_t)bytes.len};

            if (!head.bytes.at)
                head.bytes.at = "";
            head.media_type = sniff(head.bytes, head.size);
            unsigned best = extractor_choose(&head)->bid(&head), best_bidders = 0;

            for (size_t k = 0; extractors[k]; k++)
                best_bidders += extractors[k]->bid(&head) == best;
            if (best_bidders != 1)
                fail_msg("%u formats bid %u on %s", best_bidders, best, e->d_name);
        }
        closedir(folder);
    }
}

/* A stream that gives odd little pieces. */
struct crumbs {
    struct span bytes;
    size_t step;
};

static ssize_t read_crumb(void *ctx, void *bytes, size_t len)
{
    struct crumbs *c = ctx;
    size_t n = c->bytes.len < c->step ? c->bytes.len : c->step;

    if (n > len)
        n = len;
    memcpy(bytes, c->bytes.at, n);
    c->bytes = (struct span){c->bytes.at + n, c->bytes.len - n};
    return (ssize_t)n;
}

static void cuts_make_no_difference(void **state)
{
    static const struct {
        const char *path;
        const struct extractor *by;
    } cases[] = {
        {SAMPLES "json/escapes.json", &extract_json},
        {SAMPLES "json/utf16.json", &extract_json},
        {SAMPLES "json/nested-list.json", &extract_json},
        {SAMPLES "json/damaged.jsonl", &extract_json},
        {SAMPLES "csv/quoted-utf16.csv", &extract_csv},
        {SAMPLES "text/mixed-utf8-latin1.txt", &extract_text},
        {SAMPLES "charset/bom.utf-16be.txt", &extract_text},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUF struct buf bytes, whole;

        read_file(cases[i].path, &bytes);
        for (size_t step = 0; step < 9; step++) {
            struct notes notes;
            struct sink sink = notes_sink(&notes);
            struct crumbs crumbs = {buf_span(&bytes), step == 0 ? bytes.len : step};
            struct source *s = source_from_stream(read_crumb, &crumbs, -1, 1 << 20);
            /* The head as it is, the source not peeked at: so the pieces stay small. */
            struct head head = {.bytes = {bytes.at, bytes.len < 65536 ? bytes.len : 65536},
                                .size = (int64_t)bytes.len};
            struct ending ending = cases[i].by->run(s, &head, &sink);

            assert_int_equal(ending.outcome, OUTCOME_READ);
            if (step == 0) {
                buf_init(&whole, 64 << 20);
                buf_add_span(&whole, buf_span(&notes.buf));
            } else if (!span_equal(buf_span(&whole), buf_span(&notes.buf))) {
                fail_msg("%s differs in pieces of %zu", cases[i].path, step);
            }
            source_free(s);
            notes_release(&notes);
        }
    }
}

static void a_sink_that_had_enough_is_left_alone(void **state)
{
    static const char *const samples[] = {"json/records.json", "text/prose.txt",
                                          "csv/semicolon.csv", "binary/strings.bin"};

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char path[512];
        AUTO_BUF struct buf bytes;
        struct notes notes;
        struct sink sink = notes_sink(&notes);
        const struct extractor *by;

        notes.stop_after = 1;
        snprintf(path, sizeof path, SAMPLES "%s", samples[i]);
        read_file(path, &bytes);
        extract(buf_span(&bytes), "x", &sink, &by);
        assert_int_equal(notes.pushes, 1);
        notes_release(&notes);
    }
}

static void deep_json_is_linear_and_whole(void **state)
{
    enum { DEPTH = 3000000 };
    AUTO_FREE char *bytes = malloc(DEPTH);
    struct notes notes;
    struct sink sink = notes_sink(&notes);
    const struct extractor *by;

    (void)state;
    assert_non_null(bytes);
    memset(bytes, '[', DEPTH);
    struct ending ending = extract((struct span){bytes, DEPTH}, "deep", &sink, &by);

    assert_ptr_equal(by, &extract_json);
    assert_int_equal(ending.outcome, OUTCOME_READ);
    assert_int_equal(notes.buf.len, DEPTH);
    notes_release(&notes);
}

/* A text with binary data behind it: the strings in there come out too. */
static void text_that_turns_binary(void **state)
{
    AUTO_BUF struct buf bytes;
    struct notes notes;
    struct sink sink = notes_sink(&notes);
    const struct extractor *by;

    (void)state;
    buf_init(&bytes, 4 << 20);
    while (bytes.len < 300000)
        buf_add_text(&bytes, "echo one more line of a script\n");
    for (size_t i = 0; i < 400000; i++)
        buf_add_byte(&bytes, (char)(i % 3));
    buf_add(&bytes,
            "h\0i\0d\0d\0e\0n\0 \0"
            "1\0"
            "2\0"
            "\1\2\0\1",
            22);
    struct ending ending = extract(buf_span(&bytes), "x.sh", &sink, &by);

    assert_ptr_equal(by, &extract_text);
    assert_int_equal(ending.outcome, OUTCOME_READ);
    assert_non_null(memmem(notes.buf.at, notes.buf.len, "<gap partial binary-part>", 25));
    assert_non_null(memmem(notes.buf.at, notes.buf.len, "hidden 12", 9));
    notes_release(&notes);
}

/* --- signatures ---------------------------------------------------------------------------------
 */

/* Lines "type TAB offset TAB bytes", bytes as text with \xHH; type "-" means no signature. */
static void signatures(void **state)
{
    AUTO_FCLOSE FILE *f = fopen(SAMPLES "signatures.tsv", "r");
    char line[2048];
    unsigned cases = 0;

    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        char *save, *type = strtok_r(line, "\t", &save), *at = strtok_r(NULL, "\t", &save),
                    *text = strtok_r(NULL, "\n", &save);
        AUTO_BUF struct buf bytes;

        buf_init(&bytes, 70000);
        if (line[0] == '#' || !text)
            continue;
        for (long n = strtol(at, NULL, 10); n > 0; n--)
            buf_add_byte(&bytes, '\0');
        for (const char *p = text; *p; p++) {
            if (p[0] == '\\' && p[1] == 'x') {
                char hex[3] = {p[2], p[3], '\0'};

                buf_add_byte(&bytes, (char)strtol(hex, NULL, 16));
                p += 3;
            } else if (p[0] == '\\' && p[1] == 'n') {
                buf_add_byte(&bytes, '\n');
                p++;
            } else {
                buf_add_byte(&bytes, *p);
            }
        }
        const char *got = sniff(buf_span(&bytes), (int64_t)bytes.len);

        if (strcmp(got ? got : "-", type) != 0)
            fail_msg("line %u: %s taken for %s", cases + 1, type, got ? got : "-");
        cases++;
    }
    assert_true(cases > 60);
}

static void libmagic_names_the_rest(void **state)
{
    (void)state;
    assert_true(sniff_prepare());
    assert_string_equal(sniff_unknown(SPAN("\1\2\3\4\5\6\7")), "application/octet-stream");
    assert_string_equal(sniff_unknown(SPAN("")), "application/octet-stream");
    assert_non_null(strchr(sniff_unknown(SPAN("\x00\x01\x42\x44\x00\x00")), '/'));
}

/* --- strings ------------------------------------------------------------------------------------
 */

struct found {
    struct buf buf;
    uint64_t end;
    bool orderly;
};

static bool collect(void *ctx, uint64_t offset, bool joined, struct span utf8)
{
    struct found *f = ctx;

    f->orderly = f->orderly && (joined || offset >= f->end);
    f->end = offset + 1;
    if (!joined)
        buf_printf(&f->buf, "\n%llu ", (unsigned long long)offset);
    return buf_add_span(&f->buf, utf8);
}

static void find_strings(struct span bytes, size_t step, struct found *ret)
{
    struct strings *s = strings_new(collect, ret);

    ret->end = 0;
    ret->orderly = true;
    buf_init(&ret->buf, 64 << 20);
    assert_non_null(s);
    while (bytes.len > 0) {
        size_t n = bytes.len < step ? bytes.len : step;

        assert_true(strings_feed(s, (struct span){bytes.at, n}));
        bytes = (struct span){bytes.at + n, bytes.len - n};
    }
    assert_true(strings_end(s));
    strings_free(s);
    assert_true(ret->orderly);
}

static void strings_do_not_depend_on_where_they_lie(void **state)
{
    /* Across every place in and around the border of the window, at both alignments. */
    static const struct span wide = SPAN_CONST("8\0005\0.\0000\0007\0.\0003\0000\0-\0000\0");

    (void)state;
    for (size_t at = 98304 - 60; at < 98304 + 30; at++) {
        AUTO_FREE char *bytes = calloc(1, 200000);
        struct found f;
        char want[64];

        assert_non_null(bytes);
        memcpy(bytes + at, "85.07.30-033.28", 15);
        memcpy(bytes + at + 40, wide.at, wide.len);
        find_strings((struct span){bytes, 200000}, 7777, &f);
        snprintf(want, sizeof want, "\n%zu 85.07.30-033.28\n%zu 85.07.30-0", at, at + 40);
        assert_string_equal(f.buf.at, want);
        buf_release(&f.buf);
    }
}

static void cuts_make_no_difference_to_strings(void **state)
{
    enum { LEN = 400000 };
    static const size_t steps[] = {1, 13, 4096, 65536, 98303, 98304, 98305};
    AUTO_FREE char *bytes = malloc(LEN);
    struct found whole;
    uint32_t x = 7;

    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < LEN; i++) {
        x = x * 1664525 + 1013904223;
        bytes[i] = (char)(x >> 24);
        if (i % 1000 > 900)
            bytes[i] = "ab \xE9\xC3\xA9"
                       "1\0"[x >> 16 & 7];
        if (i > 100000 && i < 250000)
            bytes[i] = i % 7 ? 'x' : ' '; /* longer than the window */
        if (i > 300000 && i < 390000)
            bytes[i] = i % 2 ? '\0' : 'w';
    }
    find_strings((struct span){bytes, LEN}, LEN, &whole);
    assert_true(whole.buf.len > 190000);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct found f;

        find_strings((struct span){bytes, LEN}, steps[i], &f);
        assert_true(span_equal(buf_span(&whole.buf), buf_span(&f.buf)));
        buf_release(&f.buf);
    }
    buf_release(&whole.buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_read_as_expected),
        cmocka_unit_test(no_two_formats_bid_the_same),
        cmocka_unit_test(cuts_make_no_difference),
        cmocka_unit_test(a_sink_that_had_enough_is_left_alone),
        cmocka_unit_test(deep_json_is_linear_and_whole),
        cmocka_unit_test(text_that_turns_binary),
        cmocka_unit_test(signatures),
        cmocka_unit_test(libmagic_names_the_rest),
        cmocka_unit_test(strings_do_not_depend_on_where_they_lie),
        cmocka_unit_test(cuts_make_no_difference_to_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
