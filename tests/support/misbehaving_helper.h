/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * misbehaving_helper.h - a helper process that does what an item's name says.
 *
 * The test program is its own helper: it starts itself, and knows by descriptor HELPER_SOCKET that
 * it was started as one.  Only whole items in good order give a finding, so that one that is lost
 * or comes twice shows.
 */
#ifndef CONSTAT_MISBEHAVING_HELPER_H
#define CONSTAT_MISBEHAVING_HELPER_H

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/helper/protocol.h"

struct misbehaving {
    struct helper_page *page;
    struct buf out;
    const struct batch_item *item;
    uint32_t index;
};

static inline bool started_as_helper(void)
{
    struct stat st;

    return fstat(HELPER_SOCKET, &st) == 0 && S_ISSOCK(st.st_mode) && fstat(HELPER_PAGE, &st) == 0 &&
           st.st_size == (off_t)sizeof(struct helper_page);
}

static inline void mis_flush(struct misbehaving *m)
{
    for (size_t at = 0; at < m->out.len;) {
        ssize_t n = write(HELPER_PIPE, m->out.at + at, m->out.len - at);

        if (n < 0 && errno != EINTR)
            _exit(1);
        at += n > 0 ? (size_t)n : 0;
    }
    buf_clear(&m->out);
}

static inline void mis_finding(struct misbehaving *m, uint64_t member)
{
    struct packed_finding f = {.confidence = CONFIDENCE_LOW, .count = 1};
    struct buf block;

    buf_init(&block, 1024);
    finding_block_add(&block, &f);
    size_t begin = record_begin(&m->out, RECORD_FINDINGS);

    findings_encode(m->index, member, buf_span(&block), &m->out);
    record_end(&m->out, begin);
    buf_release(&block);
}

static inline void mis_row(struct misbehaving *m, uint64_t member, uint64_t parent,
                           enum outcome outcome, const char *reason, uint64_t findings)
{
    struct member_record row = {.item = m->index,
                                .member = member,
                                .parent = parent,
                                .name = SPAN("name"),
                                .size = -1,
                                .mtime = INT64_MIN,
                                .outcome = outcome,
                                .reason = span_of(reason),
                                .findings = findings};
    size_t begin = record_begin(&m->out, RECORD_MEMBER);

    member_encode(&row, &m->out);
    record_end(&m->out, begin);
}

static inline void mis_done(struct misbehaving *m, uint32_t index)
{
    size_t begin = record_begin(&m->out, RECORD_DONE);

    done_encode(index, &m->out);
    record_end(&m->out, begin);
}

static inline void mis_grow(void)
{
    for (;;) {
        char *more = malloc(16 << 20);

        if (more)
            memset(more, 1, 16 << 20);
        usleep(20000);
    }
}

/* What the word at the start of a name asks for.  Returns when there is nothing bad to do. */
static inline void mis_obey(struct misbehaving *m, const char *word, size_t len)
{
    static const char garbage[64] = "\xff\xff\xff\xff this is no record";
    struct span want = {word, len};

    signal(SIGSEGV, SIG_DFL);
    signal(SIGABRT, SIG_DFL);
    if (span_equal(want, SPAN("segfault"))) {
        raise(SIGSEGV);
    } else if (span_equal(want, SPAN("killed"))) {
        raise(SIGKILL);
    } else if (span_equal(want, SPAN("hang"))) {
        pause();
    } else if (span_equal(want, SPAN("spin"))) {
        for (;;)
            atomic_fetch_add(&m->page->beat, 1);
    } else if (span_equal(want, SPAN("circle"))) {
        for (;;)
            atomic_load(&m->page->beat);
    } else if (span_equal(want, SPAN("slow"))) {
        for (;;) {
            atomic_fetch_add(&m->page->beat, 1);
            usleep(10000);
        }
    } else if (span_equal(want, SPAN("grow"))) {
        mis_grow();
    } else if (span_equal(want, SPAN("nomemory"))) {
        _exit(HELPER_EXIT_MEMORY);
    } else if (span_equal(want, SPAN("exit"))) {
        _exit(3);
    } else if (span_equal(want, SPAN("quiet"))) {
        _exit(0); /* in good order, but in the middle of an item */
    } else if (span_equal(want, SPAN("garbage"))) {
        buf_add(&m->out, garbage, sizeof garbage);
        mis_flush(m);
        pause();
    } else if (span_equal(want, SPAN("truncated"))) {
        size_t begin = record_begin(&m->out, RECORD_MEMBER);

        buf_add(&m->out, garbage, sizeof garbage);
        record_end(&m->out, begin);
        m->out.len -= 32;
        mis_flush(m);
        _exit(0);
    } else if (span_equal(want, SPAN("closed"))) {
        close(HELPER_PIPE);
        pause();
    } else if (span_equal(want, SPAN("twice"))) {
        mis_row(m, 1, 0, OUTCOME_READ, "", 0);
        mis_row(m, 1, 0, OUTCOME_READ, "", 0);
        mis_flush(m);
        pause();
    } else if (span_equal(want, SPAN("other"))) {
        mis_done(m, m->index + 1);
        mis_flush(m);
        pause();
    } else if (span_equal(want, SPAN("miscount"))) {
        mis_finding(m, 0);
        mis_row(m, 0, 0, OUTCOME_READ, "", 2);
        mis_flush(m);
        pause();
    } else if (span_equal(want, SPAN("deep"))) {
        mis_row(m, 100000, 99999, OUTCOME_READ, "", 0);
        mis_flush(m);
        pause();
    }
}

/* "archive-<word>-<n>": five members, the fifth inside the fourth; <word> happens at member n. */
static inline void mis_archive(struct misbehaving *m)
{
    struct span path = m->item->path;
    const char *word = path.at + strlen("archive-");
    const char *dash = memrchr(path.at, '-', path.len);
    uint64_t bad = (uint64_t)(dash[1] - '0');
    static const struct {
        uint64_t member, parent;
    } rows[] = {{1, 0}, {2, 0}, {3, 0}, {5, 4}, {4, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct suspect *suspect = NULL;

        for (unsigned s = 0; s < m->item->n_suspects; s++) {
            if (m->item->suspects[s].member == rows[i].member)
                suspect = &m->item->suspects[s];
        }
        atomic_store(&m->page->member, rows[i].member);
        if (rows[i].member == bad && !suspect)
            mis_obey(m, word, (size_t)(dash - word));
        mis_finding(m, rows[i].member);
        mis_row(m, rows[i].member, rows[i].parent, suspect ? OUTCOME_PARTIAL : OUTCOME_READ,
                suspect ? "raw-searched" : "", 1);
        mis_flush(m);
    }
    atomic_store(&m->page->member, 0);
    mis_row(m, 0, 0, OUTCOME_READ, "", 0);
}

static inline void mis_item(struct misbehaving *m)
{
    struct span path = m->item->path;
    const char *dash = memchr(path.at, '-', path.len);
    size_t word = dash ? (size_t)(dash - path.at) : path.len;
    bool stubborn = path.len > 9 && memcmp(path.at + path.len - 9, "-stubborn", 9) == 0;
    bool raw = m->item->flags & ITEM_RAW_ONLY, name_only = m->item->flags & ITEM_NAME_ONLY;

    atomic_store(&m->page->member, 0);
    atomic_store(&m->page->item, m->index + 1);
    if (path.len > 8 && memcmp(path.at, "archive-", 8) == 0 && !raw && !name_only) {
        mis_archive(m);
    } else {
        if ((!raw && !name_only) || stubborn)
            mis_obey(m, path.at, word);
        if (!name_only)
            mis_finding(m, 0);
        mis_row(m, 0, 0, raw ? OUTCOME_PARTIAL : OUTCOME_READ, raw ? "raw-searched" : "",
                !name_only);
    }
    mis_done(m, m->index);
    mis_flush(m);
}

static inline int misbehave(void)
{
    static struct batch_item items[BATCH_MAX];
    static char message[BATCH_BYTES];
    struct misbehaving m = {0};
    const struct ready ready = {1, true, 0};
    const struct rlimit no_core = {0, 0};
    bool first = true;

    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    m.page = mmap(NULL, sizeof *m.page, PROT_READ | PROT_WRITE, MAP_SHARED, HELPER_PAGE, 0);
    buf_init(&m.out, RECORD_MAX);
    for (;;) {
        ssize_t n = recv(HELPER_SOCKET, message, sizeof message, 0);

        if (n <= 0)
            _exit(0);
        if (first) {
            size_t begin = record_begin(&m.out, RECORD_READY);

            ready_encode(&ready, &m.out);
            record_end(&m.out, begin);
            mis_flush(&m);
            first = false;
            continue;
        }
        int count = batch_decode((struct span){message, (size_t)n}, items);

        if (count < 0)
            _exit(HELPER_EXIT_PROTOCOL);
        for (int i = 0; i < count; i++) {
            m.item = &items[i];
            m.index = (uint32_t)i;
            mis_item(&m);
        }
        atomic_store(&m.page->item, 0);
        /* Leaves for a fresh one to take over, as a real one does now and then. */
        if (count > 0 && span_equal(items[count - 1].path, SPAN("good-leave")))
            _exit(HELPER_EXIT_DONE);
    }
}

#endif
