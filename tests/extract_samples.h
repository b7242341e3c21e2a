/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * extract_samples.h - samples of one format: which reader takes them and all it pushes, compared
 * with <sample>.expected.  UPDATE_EXPECTED=1 in the environment writes those files anew; look at
 * the difference.
 */
#ifndef CONSTAT_TESTS_EXTRACT_SAMPLES_H
#define CONSTAT_TESTS_EXTRACT_SAMPLES_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "tests/recording_sink.h"

static inline void samples_read(const char *path, struct buf *ret)
{
    char bytes[4096];
    AUTO_FCLOSE FILE *f = fopen(path, "rb");

    buf_init(ret, 64 << 20);
    if (!f)
        fail_msg("%s is missing", path);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;)
        assert_true(buf_add(ret, bytes, n));
}

static inline const struct extractor *samples_reader(struct span bytes, const char *name)
{
    struct head head = {.bytes = {bytes.at, bytes.len < 65536 ? bytes.len : 65536},
                        .name = span_of(name),
                        .size = (int64_t)bytes.len};

    head.media_type = sniff(head.bytes, head.size);
    return extractor_choose(&head);
}

struct samples_crumbs {
    struct span bytes;
    size_t step;
};

static inline ssize_t samples_crumb(void *ctx, void *bytes, size_t len)
{
    struct samples_crumbs *c = ctx;
    size_t n = c->bytes.len < c->step ? c->bytes.len : c->step;

    if (n > len)
        n = len;
    memcpy(bytes, c->bytes.at, n);
    c->bytes = (struct span){c->bytes.at + n, c->bytes.len - n};
    return (ssize_t)n;
}

/* In pieces of `step` bytes; the head as it is, the source not peeked at. */
static inline void samples_in_pieces(const struct extractor *by, struct span bytes, size_t step,
                                     struct recording *r)
{
    struct samples_crumbs crumbs = {bytes, step};
    struct source *s = source_from_stream(samples_crumb, &crumbs, -1, 1 << 20);
    struct recording_level l = {.recording = r};
    struct head head = {.bytes = {bytes.at, bytes.len < 65536 ? bytes.len : 65536},
                        .size = (int64_t)bytes.len};

    recording_init(r);
    assert_non_null(s);
    head.media_type = sniff(head.bytes, head.size);
    l.sink = (struct sink){.ctx = &l,
                           .text = recording_text,
                           .mark = recording_mark,
                           .table = recording_table,
                           .raw = recording_raw,
                           .child = recording_child,
                           .lost_child = recording_lost,
                           .gap = recording_gap,
                           .media_type = recording_media_type,
                           .budget = &r->budget,
                           .today = 20261123};
    by->run(s, &head, &l.sink);
    source_free(s);
}

static inline void samples_check(const char *folder, const char *name)
{
    char path[512];
    AUTO_BUF struct buf bytes, want, got;
    struct recording r;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    samples_read(path, &bytes);
    const struct extractor *by = samples_reader(buf_span(&bytes), name);

    recording_init(&r);
    recording_run(&r, name, buf_span(&bytes));
    buf_init(&got, 64 << 20);
    buf_printf(&got, "%s%s", by->id, r.ledger.at);
    buf_add_span(&got, buf_span(&r.text));
    buf_add_text(&got, "\n");
    snprintf(path, sizeof path, "%s/%s.expected", folder, name);
    if (getenv("UPDATE_EXPECTED")) {
        AUTO_FCLOSE FILE *f = fopen(path, "wb");

        assert_non_null(f);
        fwrite(got.at, 1, got.len, f);
    }
    samples_read(path, &want);
    if (!span_equal(buf_span(&got), buf_span(&want)))
        fail_msg("%s/%s is read otherwise than expected", folder, name);
    for (size_t step = 1; step < 90; step += step < 5 ? 1 : 7) {
        struct recording cut;

        samples_in_pieces(by, buf_span(&bytes), step, &cut);
        if (!span_equal(buf_span(&r.text), buf_span(&cut.text)))
            fail_msg("%s/%s differs in pieces of %zu", folder, name, step);
        recording_release(&cut);
    }
    recording_release(&r);
}

/* Every file of the folder but expectations. */
static inline void samples_of(const char *folder, unsigned least)
{
    DIR *dir = opendir(folder);
    unsigned samples = 0;

    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.' || strstr(e->d_name, ".expected"))
            continue;
        samples_check(folder, e->d_name);
        samples++;
    }
    closedir(dir);
    assert_true(samples >= least);
}

#endif
