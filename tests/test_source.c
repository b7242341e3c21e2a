/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/budget.h"
#include "scanner/extract/source.h"

enum { LARGE = 600 * 1024 + 7 };

static unsigned char byte_at(size_t i)
{
    return (unsigned char)(i * 31 + (i >> 8) * 7);
}

static char *pattern(size_t len)
{
    char *bytes = malloc(len + 1);

    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)byte_at(i);
    return bytes;
}

static int file_of(const char *bytes, size_t len)
{
    int fd = memfd_create("test", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    return fd;
}

/* A stream that gives `step` bytes a call, and an error instead of the byte at `fails_at`. */
struct dripping {
    const char *bytes;
    size_t len, at, step, fails_at;
};

static ssize_t drip(void *ctx, void *bytes, size_t len)
{
    struct dripping *d = ctx;
    size_t n = d->len - d->at;

    if (d->at >= d->fails_at)
        return -EBADMSG;
    if (n > d->step)
        n = d->step;
    if (n > len)
        n = len;
    if (n > d->fails_at - d->at)
        n = d->fails_at - d->at;
    memcpy(bytes, d->bytes + d->at, n);
    d->at += n;
    return (ssize_t)n;
}

static void expect_all(struct source *s, size_t from, size_t len)
{
    size_t at = from;
    int error = 0;

    for (;;) {
        assert_int_equal(source_position(s), at);
        struct span run = source_next(s, &error);

        assert_int_equal(error, 0);
        if (run.len == 0)
            break;
        assert_true(run.len <= 256 * 1024);
        for (size_t i = 0; i < run.len; i++, at++)
            assert_int_equal((unsigned char)run.at[i], byte_at(at));
    }
    assert_int_equal(at, len);
}

static const size_t sizes[] = {0, 1, 5, 2048, 65535, 65536, 262143, 262144, 262145, LARGE};

static void files_are_read_whole_whatever_their_size(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        AUTO_CLOSE int fd = file_of(bytes, sizes[i]);
        struct source *s = source_from_fd(fd, sizes[i]);
        size_t want = sizes[i] < 65536 ? sizes[i] : 65536;

        assert_int_equal(source_peek(s, 70000).len, want);
        assert_int_equal(source_peek(s, 3).len, want < 3 ? want : 3);
        expect_all(s, 0, sizes[i]);
        assert_int_equal(source_seek(s, 0), 0);
        expect_all(s, 0, sizes[i]);
        assert_false(source_changed(s));
        assert_int_equal(source_error(s), 0);
        assert_int_equal(source_size(s), (int64_t)sizes[i]);
        assert_int_equal(source_seek(s, sizes[i] + 1), -EINVAL);
        source_free(s);
    }
}

static void streams_of_known_unknown_and_false_size(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int64_t claims[] = {-1, 0, (int64_t)sizes[i], (int64_t)sizes[i] * 3, 17};

        for (size_t k = 0; k < sizeof claims / sizeof *claims; k++) {
            struct dripping d = {bytes, sizes[i], 0, 1000, SIZE_MAX};
            struct source *s = source_from_stream(drip, &d, claims[k], 1 << 20);
            size_t want = sizes[i] < 65536 ? sizes[i] : 65536;

            assert_int_equal(source_peek(s, 65536).len, want);
            expect_all(s, 0, sizes[i]);
            source_free(s);
        }
    }
}

static void a_stream_can_be_spooled_after_a_peek(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    struct dripping d = {bytes, LARGE, 0, 777, SIZE_MAX};
    struct source *s = source_from_stream(drip, &d, -1, LARGE);
    struct span whole;

    (void)state;
    source_peek(s, 65536);
    assert_int_equal(source_whole(s, &whole), 0);
    assert_int_equal(whole.len, LARGE);
    assert_memory_equal(whole.at, bytes, LARGE);
    assert_int_equal(source_seek(s, 300000), 0);
    expect_all(s, 300000, LARGE);
    int fd = source_fd(s);
    char c;

    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &c, 1, LARGE - 1), 1);
    assert_int_equal((unsigned char)c, byte_at(LARGE - 1));
    assert_int_equal(pread(fd, &c, 1, LARGE), 0);
    source_free(s);
}

static void a_stream_over_the_limit_is_refused_and_still_readable(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    struct dripping d = {bytes, LARGE, 0, 4096, SIZE_MAX};
    struct source *s = source_from_stream(drip, &d, LARGE, LARGE - 1);
    struct span whole;

    (void)state;
    assert_int_equal(source_whole(s, &whole), -EFBIG);
    assert_int_equal(source_fd(s), -EFBIG);
    expect_all(s, 0, LARGE);
    assert_int_equal(source_whole(s, &whole), -EFBIG);
    source_free(s);
}

static void what_a_stream_dropped_does_not_come_back(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    struct dripping d = {bytes, LARGE, 0, SIZE_MAX, SIZE_MAX};
    struct source *s = source_from_stream(drip, &d, LARGE, 1 << 20);
    struct span whole;
    int error;

    (void)state;
    source_next(s, &error);
    source_next(s, &error);
    assert_int_equal(source_seek(s, 0), -ESPIPE);
    assert_int_equal(source_whole(s, &whole), -ESPIPE);
    source_free(s);
}

static void memory_is_borrowed(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    struct source *s = source_from_memory((struct span){bytes, LARGE});
    struct span whole;
    char few[10];

    (void)state;
    assert_int_equal(source_read(s, few, sizeof few), 10);
    assert_memory_equal(few, bytes, 10);
    assert_int_equal(source_whole(s, &whole), 0);
    assert_ptr_equal(whole.at, bytes);
    expect_all(s, 10, LARGE);
    assert_int_equal(source_seek(s, LARGE + 1), -EINVAL);
    source_free(s);
}

static void files_that_shrink_or_grow_are_noted(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    AUTO_CLOSE int fd = file_of(bytes, LARGE);
    struct source *s = source_from_fd(fd, LARGE + 100);
    struct span whole;

    (void)state;
    expect_all(s, 0, LARGE);
    assert_true(source_changed(s));
    source_free(s);
    s = source_from_fd(fd, LARGE - 100);
    expect_all(s, 0, LARGE - 100);
    assert_true(source_changed(s));
    source_free(s);
    s = source_from_fd(fd, LARGE + 100);
    assert_int_equal(source_whole(s, &whole), 0);
    assert_int_equal(whole.len, LARGE);
    assert_true(source_changed(s));
    source_free(s);
}

static void errors_come_after_what_was_read(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    struct dripping d = {bytes, LARGE, 0, SIZE_MAX, 1000};
    struct source *s = source_from_stream(drip, &d, LARGE, 1 << 20);
    int error;

    (void)state;
    assert_int_equal(source_peek(s, 5000).len, 1000);
    assert_int_equal(source_next(s, &error).len, 1000);
    assert_int_equal(error, 0);
    assert_int_equal(source_next(s, &error).len, 0);
    assert_int_equal(error, -EBADMSG);
    assert_int_equal(source_error(s), -EBADMSG);
    source_free(s);
    s = source_from_fd(-1, 10);
    assert_int_equal(source_peek(s, 5).len, 0);
    assert_int_equal(source_error(s), -EBADF);
    source_free(s);
}

static void a_descriptor_keeps_its_own_position(void **state)
{
    AUTO_FREE char *bytes = pattern(LARGE);
    AUTO_CLOSE int fd = file_of(bytes, LARGE);
    struct source *s = source_from_fd(fd, LARGE);

    (void)state;
    assert_int_equal(lseek(fd, 12, SEEK_SET), 12);
    expect_all(s, 0, LARGE);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 12);
    assert_int_equal(source_fd(s), fd);
    source_free(s);
}

/* --- budget ------------------------------------------------------------------------------------
 */

static void limits_are_reached_and_named(void **state)
{
    struct limits l = limits_default();
    struct budget b;

    (void)state;
    l.bytes = 1000;
    l.members = 2;
    budget_start(&b, &l, 10);
    assert_null(b.spent);
    assert_true(budget_bytes(&b, 1000));
    assert_false(budget_bytes(&b, 1));
    assert_string_equal(b.spent, "bytes");
    assert_false(budget_bytes(&b, UINT64_MAX));
    assert_false(budget_bytes(&b, 0));
    assert_true(budget_member(&b));
    assert_true(budget_member(&b));
    assert_false(budget_member(&b));
    assert_string_equal(b.spent, "members");
    /* A small file has no business holding very many. */
    l = limits_default();
    budget_start(&b, &l, 400);
    for (unsigned i = 0; i < 100100; i++)
        assert_true(budget_member(&b));
    assert_false(budget_member(&b));
    assert_string_equal(b.spent, "members");
    assert_false(budget_depth(&b, 17));
    assert_string_equal(b.spent, "depth");
    assert_true(budget_depth(&b, 16));
    assert_true(budget_time(&b));
}

static void the_ratio_counts_only_above_64_mib(void **state)
{
    struct limits l = limits_default();
    struct budget b;

    (void)state;
    budget_start(&b, &l, 1000);
    assert_true(budget_bytes(&b, 64 << 20));
    assert_false(budget_bytes(&b, 1));
    assert_string_equal(b.spent, "ratio");
    budget_start(&b, &l, 1 << 20);
    assert_true(budget_bytes(&b, UINT64_C(250) << 20));
    assert_false(budget_bytes(&b, 1));
    budget_start(&b, &l, 0);
    assert_false(budget_bytes(&b, UINT64_C(1) << 40));
}

static void time_runs_out(void **state)
{
    struct limits l = limits_default();
    struct budget b;

    (void)state;
    l.seconds_base = l.seconds_per_gib = 0;
    budget_start(&b, &l, UINT64_MAX);
    assert_false(budget_time(&b));
    assert_string_equal(b.spent, "time");
    l.seconds_cap = UINT64_MAX;
    l.seconds_per_gib = UINT64_MAX;
    budget_start(&b, &l, UINT64_MAX);
    assert_true(budget_time(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_whole_whatever_their_size),
        cmocka_unit_test(streams_of_known_unknown_and_false_size),
        cmocka_unit_test(a_stream_can_be_spooled_after_a_peek),
        cmocka_unit_test(a_stream_over_the_limit_is_refused_and_still_readable),
        cmocka_unit_test(what_a_stream_dropped_does_not_come_back),
        cmocka_unit_test(memory_is_borrowed),
        cmocka_unit_test(files_that_shrink_or_grow_are_noted),
        cmocka_unit_test(errors_come_after_what_was_read),
        cmocka_unit_test(a_descriptor_keeps_its_own_position),
        cmocka_unit_test(limits_are_reached_and_named),
        cmocka_unit_test(the_ratio_counts_only_above_64_mib),
        cmocka_unit_test(time_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
