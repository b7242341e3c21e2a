/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * extract_transcript.h - runs one extractor on one file and writes down all it pushes.
 *
 * The transcript is text: what was pushed, and "[mark 1 2]", "[child NAME]...[/child]",
 * "[lost NAME outcome reason]", "[gap outcome reason]", "[raw]...", "[ending outcome reason]".
 * Children are not opened: their bytes stand in the transcript.
 */
#ifndef CONSTAT_EXTRACT_TRANSCRIPT_H
#define CONSTAT_EXTRACT_TRANSCRIPT_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/extractor.h"

struct transcript {
    struct buf text;
    struct budget budget;
    struct sink sink;
    unsigned children, lost, pages, messages;
    const char *gap_reason; /* of the last */
    unsigned stop_after;    /* pushes until the sink says stop; 0: never */
    unsigned pushes;
};

static inline bool transcript_goes_on(struct transcript *t)
{
    return t->stop_after == 0 || ++t->pushes < t->stop_after;
}

static inline bool transcript_text(void *ctx, struct span text)
{
    struct transcript *t = ctx;

    buf_add_span(&t->text, text);
    return transcript_goes_on(t);
}

static inline bool transcript_mark(void *ctx, struct mark mark)
{
    static const char *const NAMES[] = {"page",      "message", "table", "cell",
                                        "table-end", "record",  "break"};
    struct transcript *t = ctx;

    t->pages += mark.kind == MARK_PAGE;
    t->messages += mark.kind == MARK_MESSAGE;
    buf_printf(&t->text, "[%s %llu]", NAMES[mark.kind], (unsigned long long)mark.a);
    return transcript_goes_on(t);
}

static inline bool transcript_raw(void *ctx, uint64_t offset, struct span bytes)
{
    struct transcript *t = ctx;

    buf_printf(&t->text, "[raw %llu]", (unsigned long long)offset);
    buf_add_span(&t->text, bytes);
    return transcript_goes_on(t);
}

static inline bool transcript_child(void *ctx, const struct child *about, struct source *bytes)
{
    struct transcript *t = ctx;
    int error = 0;

    t->children++;
    buf_printf(&t->text, "[child %.*s]", (int)about->name.len, about->name.at);
    for (;;) {
        struct span run = source_next(bytes, &error);

        if (run.len == 0)
            break;
        buf_add_span(&t->text, run);
    }
    buf_add_text(&t->text, error < 0 ? "[broken]" : "[/child]");
    return transcript_goes_on(t);
}

static inline bool transcript_lost(void *ctx, const struct child *about, struct ending ending)
{
    struct transcript *t = ctx;

    t->lost++;
    buf_printf(&t->text, "[lost %.*s %s %s]", (int)about->name.len, about->name.at,
               outcome_word(ending.outcome), ending.reason);
    return transcript_goes_on(t);
}

static inline void transcript_gap(void *ctx, enum outcome outcome, const char *reason)
{
    struct transcript *t = ctx;

    t->gap_reason = reason;
    buf_printf(&t->text, "[gap %s %s]", outcome_word(outcome), reason);
}

static inline void transcript_type(void *ctx, const char *literal)
{
    (void)ctx;
    (void)literal;
}

static inline void transcript_begin(struct transcript *t, uint64_t packed, uint32_t depth)
{
    struct limits limits = limits_default();

    memset(t, 0, sizeof(*t));
    buf_init(&t->text, 1u << 30);
    budget_start(&t->budget, &limits, packed);
    t->sink = (struct sink){.ctx = t,
                            .text = transcript_text,
                            .mark = transcript_mark,
                            .raw = transcript_raw,
                            .child = transcript_child,
                            .lost_child = transcript_lost,
                            .gap = transcript_gap,
                            .media_type = transcript_type,
                            .budget = &t->budget,
                            .depth = depth,
                            .today = 20261123};
}

static inline struct head transcript_head(struct span bytes)
{
    struct head head = {.bytes = bytes, .name = SPAN("x"), .size = (int64_t)bytes.len};

    if (head.bytes.len > 65536)
        head.bytes.len = 65536;
    return head;
}

/* Runs the extractor over the bytes: as a member in memory (depth 1) or, depth 0, as a file. */
static inline struct ending transcript_run(struct transcript *t, const struct extractor *extractor,
                                           struct span bytes, uint32_t depth)
{
    struct head head = transcript_head(bytes);
    struct source *in = source_from_memory(bytes);
    struct ending ending;

    assert_non_null(in);
    transcript_begin(t, bytes.len, depth);
    ending = extractor->run(in, &head, &t->sink);
    buf_printf(&t->text, "[ending %s %s]", outcome_word(ending.outcome), ending.reason);
    source_free(in);
    return ending;
}

static inline bool transcript_holds(const struct transcript *t, struct span what)
{
    return memmem(t->text.at, t->text.len, what.at, what.len) != NULL;
}

static inline char *transcript_file(const char *path, size_t *len)
{
    AUTO_FCLOSE FILE *f = fopen(path, "rbe");
    struct stat st;
    char *bytes;

    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    bytes = malloc((size_t)st.st_size + 1);
    assert_non_null(bytes);
    *len = fread(bytes, 1, (size_t)st.st_size, f);
    bytes[*len] = 0;
    return bytes;
}

/* "\n" of an expectation becomes a line feed. */
static inline void transcript_unescape(char *line)
{
    char *to = line;

    for (const char *at = line; *at; at++) {
        if (at[0] == '\\' && at[1] == 'n') {
            *to++ = '\n';
            at++;
        } else {
            *to++ = *at;
        }
    }
    *to = 0;
}

/* Each line of X.expect stands in the transcript of X; lines that begin with '!' do not. */
static inline void transcript_compare(const char *path, const struct transcript *t)
{
    AUTO_FREE char *name = NULL;
    AUTO_FREE char *expected = NULL;
    size_t len;
    unsigned lines = 0;

    assert_true(asprintf(&name, "%s.expect", path) > 0);
    expected = transcript_file(name, &len);
    for (char *line = expected, *next; *line; line = next) {
        bool present, wanted = *line != '!';

        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        else
            next = line + strlen(line);
        if (!*line || *line == '#')
            continue;
        transcript_unescape(line);
        present = transcript_holds(t, span_of(wanted ? line : line + 1));
        if (present != wanted)
            fail_msg("%s: %s in\n%.*s", path, line, (int)t->text.len, t->text.at);
        lines++;
    }
    assert_true(lines > 0);
}

/* Every sample of a folder that has expectations, with whichever of the extractors bids most, as
 * a member and as a file; both must push the same. */
static inline void transcript_samples(const char *folder, const struct extractor *const *among)
{
    DIR *dir = opendir(folder);
    unsigned samples = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *ending = strstr(entry->d_name, ".expect");
        AUTO_FREE char *path = NULL;
        AUTO_FREE char *bytes = NULL;
        const struct extractor *best = NULL;
        struct transcript member, file;
        struct head head;
        unsigned bid = 0;
        size_t len;

        if (!ending || ending[7])
            continue;
        assert_true(
            asprintf(&path, "%s/%.*s", folder, (int)(ending - entry->d_name), entry->d_name) > 0);
        bytes = transcript_file(path, &len);
        head = transcript_head((struct span){bytes, len});
        for (unsigned i = 0; among[i]; i++) {
            unsigned its = among[i]->bid(&head);

            if (its > bid) {
                bid = its;
                best = among[i];
            }
        }
        if (!best)
            fail_msg("%s: no bid", path);
        transcript_run(&member, best, (struct span){bytes, len}, 1);
        transcript_compare(path, &member);
        transcript_run(&file, best, (struct span){bytes, len}, 0);
        transcript_compare(path, &file);
        assert_true(span_equal(buf_span(&member.text), buf_span(&file.text)));
        buf_release(&member.text);
        buf_release(&file.text);
        samples++;
    }
    closedir(dir);
    assert_true(samples > 0);
}

#endif
