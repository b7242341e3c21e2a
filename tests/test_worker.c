/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_parent */
/* labels: threads */
/* Whatever a helper does, each item ends once, its siblings are kept, and nothing comes twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>

#include "scanner/helper/worker.h"
#include "tests/support/misbehaving_helper.h"

#ifdef CONSTAT_SANITIZED
#define SMALL_RSS (512ull << 20)
#else
#define SMALL_RSS (96ull << 20)
#endif

/* What the sink was told of each item: "member=outcome:reason/findings " and "done" or "!". */
struct log {
    char text[BATCH_MAX][1024];
    uint64_t findings[BATCH_MAX]; /* since the last row */
    unsigned done[BATCH_MAX], restarts;
};

static void on_member(void *ctx, unsigned item, const struct member_record *m)
{
    struct log *log = ctx;
    size_t len = strlen(log->text[item]);

    assert_int_equal(m->item, item);
    assert_int_equal(log->done[item], 0);
    snprintf(log->text[item] + len, sizeof log->text[item] - len, "%d=%s:%.*s/%d ", (int)m->member,
             outcome_word(m->outcome), (int)m->reason.len, m->reason.at, (int)log->findings[item]);
    log->findings[item] = 0;
}

static void on_findings(void *ctx, unsigned item, uint64_t member, struct span block)
{
    struct log *log = ctx;

    (void)member;
    assert_true(block.len > 0);
    log->findings[item]++;
}

static void on_restart(void *ctx, unsigned item)
{
    struct log *log = ctx;

    assert_int_equal(log->done[item], 0);
    log->text[item][0] = '\0';
    log->findings[item] = 0;
    log->restarts++;
}

static void on_done(void *ctx, unsigned item)
{
    struct log *log = ctx;

    log->done[item]++;
}

static struct worker_options options(void)
{
    struct worker_options o = worker_options_default();

    o.helper_path = "/proc/self/exe";
    return o;
}

static struct worker *start(const struct worker_options *o)
{
    struct buf error;

    buf_init(&error, 4096);
    struct worker *w = worker_start(o, &error);

    if (!w)
        fail_msg("%s", error.at);
    buf_release(&error);
    return w;
}

/* Runs items of these names with a descriptor each. */
static enum worker_end run_names(struct worker *w, const char *const *names, unsigned n,
                                 struct log *log)
{
    const struct worker_sink sink = {log, on_member, on_findings, on_restart, on_done};
    struct worker_item items[BATCH_MAX];
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    assert_true(n <= BATCH_MAX);
    memset(log, 0, sizeof *log);
    for (unsigned i = 0; i < n; i++)
        items[i] = (struct worker_item){.fd = fd, .root = SPAN("share"), .path = span_of(names[i])};
    enum worker_end ended = worker_run(w, items, n, &sink);

    close(fd);
    return ended;
}

/* One bad item between good ones: `expected` is what the bad one must end as. */
static void check_between(const struct worker_options *o, const char *bad, const char *expected)
{
    const char *const names[] = {"good", "good", bad, "good", "good-last"};
    struct worker *w = start(o);
    struct log log;

    assert_int_equal(run_names(w, names, 5, &log), WORKER_DONE);
    for (unsigned i = 0; i < 5; i++) {
        assert_string_equal(log.text[i], i == 2 ? expected : "0=read:/1 ");
        assert_int_equal(log.done[i], 1);
    }
    /* And the worker is good for more. */
    assert_int_equal(run_names(w, names, 2, &log), WORKER_DONE);
    assert_string_equal(log.text[1], "0=read:/1 ");
    worker_stop(w);
}

static void test_good(void **state)
{
    const char *names[BATCH_MAX];
    struct worker_options o = options();
    struct worker *w = start(&o);
    struct log log;

    (void)state;
    assert_int_equal(worker_ready(w).landlock_abi, 1);
    for (unsigned i = 0; i < BATCH_MAX; i++)
        names[i] = "good";
    for (unsigned round = 0; round < 20; round++) {
        assert_int_equal(run_names(w, names, BATCH_MAX, &log), WORKER_DONE);
        for (unsigned i = 0; i < BATCH_MAX; i++) {
            assert_string_equal(log.text[i], "0=read:/1 ");
            assert_int_equal(log.done[i], 1);
        }
    }
    assert_int_equal(log.restarts, 0);
    assert_int_equal(worker_counters(w).started, 1);
    worker_stop(w);
}

static void test_crashes(void **state)
{
    static const struct {
        const char *name, *expected;
    } cases[] = {
        {"segfault", "0=crashed:signal-11-raw-searched/1 "},
        {"killed", "0=crashed:signal-9-raw-searched/1 "},
        {"exit", "0=crashed:exit-3-raw-searched/1 "},
        {"quiet", "0=crashed:exit-0-raw-searched/1 "},
        {"nomemory", "0=over-limit:memory-raw-searched/1 "},
        {"segfault-stubborn", "0=crashed:signal-11/0 "},
    };
    struct worker_options o = options();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_between(&o, cases[i].name, cases[i].expected);
}

static void test_broken_protocol(void **state)
{
    static const char *const names[] = {"garbage", "twice", "other", "miscount", "deep"};
    struct worker_options o = options();

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_between(&o, names[i], "0=crashed:protocol-raw-searched/1 ");
    check_between(&o, "truncated", "0=crashed:exit-0-raw-searched/1 ");
    check_between(&o, "closed", "0=crashed:protocol-raw-searched/1 ");
}

static void test_clocks(void **state)
{
    struct worker_options o = options();

    (void)state;
    o.silence_seconds = 1;
    check_between(&o, "hang", "0=timeout:silence-raw-searched/1 ");
    check_between(&o, "circle", "0=timeout:silence-raw-searched/1 ");
    o.silence_seconds = 60;
    o.cpu_seconds = 1;
    check_between(&o, "spin", "0=timeout:cpu-raw-searched/1 ");
    o.cpu_seconds = 60;
    o.setup.limits.seconds_base = 1;
    o.setup.limits.seconds_per_gib = 0;
    check_between(&o, "slow", "0=timeout:time-raw-searched/1 ");
}

static void test_growth(void **state)
{
    struct worker_options o = options();

    (void)state;
    o.rss_limit = SMALL_RSS;
    check_between(&o, "grow", "0=over-limit:memory-raw-searched/1 ");
}

/* Only the member at fault is lost, at every place it can have. */
static void test_members(void **state)
{
    static const struct {
        const char *name, *expected;
    } cases[] = {
        {"archive-segfault-1", "1=crashed:signal-11-raw-searched/1 2=read:/1 3=read:/1 5=read:/1 "
                               "4=read:/1 0=read:/0 "},
        {"archive-segfault-3", "1=read:/1 2=read:/1 3=crashed:signal-11-raw-searched/1 5=read:/1 "
                               "4=read:/1 0=read:/0 "},
        {"archive-garbage-5", "1=read:/1 2=read:/1 3=read:/1 5=crashed:protocol-raw-searched/1 "
                              "4=read:/1 0=read:/0 "},
        {"archive-nomemory-4", "1=read:/1 2=read:/1 3=read:/1 5=read:/1 "
                               "4=over-limit:memory-raw-searched/1 0=read:/0 "},
    };
    struct worker_options o = options();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_between(&o, cases[i].name, cases[i].expected);
}

/* Everything goes wrong at once, in one batch. */
static void test_many_bad(void **state)
{
    static const char *const kinds[] = {"segfault", "good",           "exit",
                                        "garbage",  "archive-exit-2", "good-leave"};
    const char *names[30];
    struct worker_options o = options();
    struct worker *w = start(&o);
    struct log log;

    (void)state;
    for (unsigned i = 0; i < 30; i++)
        names[i] = kinds[i % 6];
    assert_int_equal(run_names(w, names, 30, &log), WORKER_DONE);
    for (unsigned i = 0; i < 30; i++) {
        static const char *const expected[] = {
            "0=crashed:signal-11-raw-searched/1 ",
            "0=read:/1 ",
            "0=crashed:exit-3-raw-searched/1 ",
            "0=crashed:protocol-raw-searched/1 ",
            "1=read:/1 2=crashed:exit-3-raw-searched/1 3=read:/1 5=read:/1 4=read:/1 0=read:/0 ",
            "0=read:/1 "};

        assert_string_equal(log.text[i], expected[i % 6]);
        assert_int_equal(log.done[i], 1);
    }
    assert_int_equal(worker_counters(w).crashed, 20);
    worker_stop(w);
}

static void test_recycled(void **state)
{
    const char *const names[] = {"good", "good-leave"};
    struct worker_options o = options();
    struct worker *w = start(&o);
    struct log log;

    (void)state;
    for (unsigned round = 0; round < 5; round++) {
        assert_int_equal(run_names(w, names, 2, &log), WORKER_DONE);
        assert_string_equal(log.text[0], "0=read:/1 ");
        assert_string_equal(log.text[1], "0=read:/1 ");
    }
    assert_int_equal(worker_counters(w).started, 5);
    assert_int_equal(worker_counters(w).recycled, 4);
    assert_int_equal(worker_counters(w).crashed, 0);
    worker_stop(w);
}

/* Outcomes that are known already, and paths nobody can send. */
static void test_given_outcomes(void **state)
{
    struct worker_options o = options();
    struct worker *w = start(&o);
    struct log log = {0};
    const struct worker_sink sink = {&log, on_member, on_findings, on_restart, on_done};
    size_t len = PATH_BYTES_MAX + 1;
    char *path = calloc(1, len);
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    memset(path, 'a', len);
    const struct worker_item items[] = {
        {.flags = ITEM_NAME_ONLY,
         .fd = -1,
         .path = SPAN("x"),
         .outcome = OUTCOME_DENIED,
         .reason = "open-denied"},
        {.flags = ITEM_FOLDER, .fd = -1, .path = SPAN("folder")},
        {.flags = ITEM_RAW_ONLY,
         .fd = fd,
         .path = SPAN("segfault"),
         .outcome = OUTCOME_CRASHED,
         .reason = "died-twice"},
        {.fd = -1, .path = {path, len}},
        {.fd = -1, .path = {path, PATH_BYTES_MAX}},
        {.fd = -1, .path = {path, PATH_BYTES_MAX}},
    };

    assert_int_equal(worker_run(w, items, 6, &sink), WORKER_DONE);
    assert_string_equal(log.text[0], "0=denied:open-denied/0 ");
    assert_string_equal(log.text[1], "0=read:/0 ");
    assert_string_equal(log.text[2], "0=crashed:died-twice-raw-searched/1 ");
    assert_string_equal(log.text[3], "0=over-limit:name-length/0 ");
    assert_string_equal(log.text[4], "0=read:/0 ");
    assert_string_equal(log.text[5], "0=read:/0 ");
    worker_stop(w);
    close(fd);
    free(path);
}

static void *interrupt(void *w)
{
    usleep(200000);
    worker_page(w);
    worker_interrupt(w);
    return NULL;
}

static void test_interrupted(void **state)
{
    const char *const names[] = {"good", "hang", "good"};
    struct worker_options o = options();
    struct worker *w = start(&o);
    struct log log;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, interrupt, w), 0);
    assert_int_equal(run_names(w, names, 3, &log), WORKER_INTERRUPTED);
    pthread_join(thread, NULL);
    assert_int_equal(log.done[0], 1);
    assert_int_equal(log.done[1] + log.done[2], 0);
    worker_stop(w);
}

static void check_refused(const char *path, const char *words)
{
    struct worker_options o = options();
    struct buf error;

    buf_init(&error, 4096);
    o.helper_path = path;
    assert_null(worker_start(&o, &error));
    assert_non_null(strstr(error.at, words));
    buf_release(&error);
}

static void test_cannot_start(void **state)
{
    (void)state;
    check_refused("/nonexistent/constat-helper", "cannot start /nonexistent/constat-helper");
    check_refused("/bin/false", "status 1");
    check_refused("/bin/true", "status 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_crashes),
        cmocka_unit_test(test_broken_protocol),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_many_bad),
        cmocka_unit_test(test_recycled),
        cmocka_unit_test(test_given_outcomes),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_cannot_start),
    };

    if (started_as_helper())
        return misbehave();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
