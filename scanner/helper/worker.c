/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * worker.c - one batch at a time to one helper, and a fresh helper whenever that one is lost.
 *
 * The loop is plain: send what is not done, read records until all is done or the helper is gone,
 * find who was at fault, begin again with the rest.  It ends because every death of a helper moves
 * the item at fault one step down a ladder: member set apart raw, member lost, item raw, item by
 * name, row made here.
 *
 * Nothing that comes over the pipe or stands in the shared page is believed: records are decoded
 * with every length checked and must come in the order that protocol.h gives, and the page is only
 * asked whom to blame, with the first unfinished item as the answer when it talks nonsense.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/helper/worker_private.h"

enum {
    SPAWN_TRIES = 3,
    IDLE_DEATHS = 2 /* deaths between items before the next item is blamed */
};

/* --- rows made here -------------------------------------------------------------------------- */

/* An item that no helper can even search the name of: its row shows none of it. */
static void lose_item(struct worker *w, const struct worker_item *items, unsigned i,
                      enum outcome outcome, const char *reason, const struct worker_sink *sink)
{
    char name[48];

    snprintf(name, sizeof name, "[name of %zu bytes]", items[i].path.len);
    sink->member(sink->ctx, i,
                 &(struct member_record){.item = i,
                                         .name = span_of(name),
                                         .name_has_finding = true,
                                         .size = -1,
                                         .mtime = INT64_MIN,
                                         .outcome = outcome,
                                         .reason = span_of(reason),
                                         .unit = PLACE_LINE});
    sink->done(sink->ctx, i);
    w->progress[i].done = true;
}

/* --- clocks ---------------------------------------------------------------------------------- */

/* Longest time for an item, in nanoseconds. */
static uint64_t clock_of(const struct worker *w, uint64_t size)
{
    struct budget b;
    uint64_t now = worker_now(CLOCK_MONOTONIC);

    budget_start(&b, &w->options.setup.limits, size);
    uint64_t own = b.deadline > now ? b.deadline - now : 0;

    /* The helper counts the same time and ends an item in good order; this is for one that hangs
     * where it cannot look at the clock. */
    return own > UINT64_MAX / 4 ? UINT64_MAX / 4 : own + own / 8 + 2 * SECOND;
}

static uint64_t resident_bytes(const struct worker *w)
{
    char text[128];
    ssize_t n = w->statm >= 0 ? pread(w->statm, text, sizeof text - 1, 0) : -1;

    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *second = strchr(text, ' '); /* pages in all, pages resident, ... */

    return second ? strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void start_clocks(struct worker *w)
{
    uint64_t now = worker_now(CLOCK_MONOTONIC);

    w->batch_deadline = now;
    for (unsigned i = 0; i < w->n_sent; i++) {
        uint64_t limit = clock_of(w, w->batch[i].size);

        if (__builtin_add_overflow(w->batch_deadline, limit, &w->batch_deadline))
            w->batch_deadline = UINT64_MAX;
    }
    w->next_look = now + TICK_MS * 1000000ull;
    w->seen_item = 0;
    w->seen_beat = atomic_load(&w->page->beat);
    w->item_since = w->beat_since = now;
    w->item_cpu = w->beat_cpu = worker_now(w->cpu_clock);
}

/* Long without a beat.  One that turns in a circle or is stuck is silent; one that takes a little
 * processor time all along is reading from something slow, and the item's clock is enough. */
static bool is_silent(struct worker *w, uint64_t now, uint64_t cpu)
{
    uint64_t passed = now - w->beat_since, used = cpu - w->beat_cpu;

    if (passed <= w->options.silence_seconds * SECOND)
        return false;
    if (used > passed / 2 || used < passed / 100000)
        return true;
    w->beat_since = now;
    w->beat_cpu = cpu;
    return false;
}

static enum fault look(struct worker *w)
{
    uint64_t now = worker_now(CLOCK_MONOTONIC);

    if (atomic_load(&w->interrupted))
        return FAULT_INTERRUPTED;
    if (now < w->next_look)
        return FAULT_NONE;
    w->next_look = now + TICK_MS * 1000000ull;
    if (resident_bytes(w) > w->options.rss_limit)
        return FAULT_MEMORY;
    uint32_t item = atomic_load(&w->page->item);
    uint64_t beat = atomic_load(&w->page->beat), cpu = worker_now(w->cpu_clock);

    if (item != w->seen_item) {
        w->seen_item = item;
        w->item_since = w->beat_since = now;
        w->item_cpu = w->beat_cpu = cpu;
        atomic_store(&w->shown_since, item ? now : 0);
    }
    if (beat != w->seen_beat) {
        w->seen_beat = beat;
        w->beat_since = now;
        w->beat_cpu = cpu;
    }
    unsigned index = item > 0 && item <= w->n_sent ? item - 1 : w->at;
    uint64_t limit = clock_of(w, index < w->n_sent ? w->batch[index].size : 0);
    uint64_t cpu_limit = w->options.cpu_seconds ? w->options.cpu_seconds * SECOND : limit;

    /* The sum is for a helper that keeps changing the item it says it reads. */
    if (now - w->item_since > limit || now > w->batch_deadline)
        return FAULT_TIME;
    if (cpu - w->item_cpu > cpu_limit)
        return FAULT_CPU;
    if (is_silent(w, now, cpu))
        return FAULT_SILENCE;
    return FAULT_NONE;
}

/* Reads records until the batch is done or the helper has to be, or is, gone. */
static enum fault receive(struct worker *w, const struct worker_sink *sink)
{
    while (w->at < w->n_sent) {
        int got = worker_fill(w);

        if (got < 0)
            return FAULT_DIED;
        if (got > 0 && !worker_take_records(w, sink))
            return FAULT_PROTOCOL;
        enum fault fault = look(w);

        if (fault != FAULT_NONE)
            return fault;
        if (got == 0) {
            struct pollfd in = {.fd = w->pipe, .events = POLLIN};

            poll(&in, 1, TICK_MS);
        }
    }
    return FAULT_NONE;
}

/* --- after a death --------------------------------------------------------------------------- */

/* Ends the helper, takes what it had sent before, and says how it came to this. */
static enum fault end_helper(struct worker *w, enum fault fault, const struct worker_sink *sink,
                             int *ret_status)
{
    struct rusage usage = {0};
    bool ended = false;

    *ret_status = 0;
    if (fault == FAULT_DIED)
        ended = worker_reap(w, GOODBYE_MS, ret_status, &usage);
    if (!ended) {
        /* Closed its pipe and lives on: nobody does that by mistake. */
        if (fault == FAULT_DIED)
            fault = FAULT_PROTOCOL;
        kill(w->pid, SIGKILL);
        worker_reap(w, REAP_MS, ret_status, &usage);
    }
    w->pid = 0;
    /* A clock may have struck just as the last records were written: they count. */
    if (fault != FAULT_PROTOCOL) {
        int got;

        do {
            if (!worker_take_records(w, sink)) {
                fault = FAULT_PROTOCOL;
                break;
            }
            got = w->at < w->n_sent ? worker_fill(w) : -1;
        } while (got > 0);
    }
    if (fault == FAULT_DIED && WIFEXITED(*ret_status)) {
        if (WEXITSTATUS(*ret_status) == HELPER_EXIT_DONE && atomic_load(&w->page->item) == 0)
            fault = FAULT_LEFT;
        else if (WEXITSTATUS(*ret_status) == HELPER_EXIT_MEMORY)
            fault = FAULT_MEMORY;
    } else if (fault == FAULT_DIED &&
               (WTERMSIG(*ret_status) == SIGABRT || WTERMSIG(*ret_status) == SIGTRAP) &&
               (uint64_t)usage.ru_maxrss * 1024 > w->options.rss_limit / 4 * 3) {
        /* Libraries that cannot go on without memory abort. */
        fault = FAULT_MEMORY;
    }
    worker_forget_helper(w);
    return fault;
}

static struct blame blame_of(enum fault fault, int status)
{
    struct blame b = {.outcome = OUTCOME_CRASHED};

    switch (fault) {
    case FAULT_TIME:
    case FAULT_SILENCE:
    case FAULT_CPU:
        b.outcome = OUTCOME_TIMEOUT;
        snprintf(b.why, sizeof b.why, "%s",
                 fault == FAULT_TIME  ? "time"
                 : fault == FAULT_CPU ? "cpu"
                                      : "silence");
        break;
    case FAULT_MEMORY:
        b.outcome = OUTCOME_OVER_LIMIT;
        snprintf(b.why, sizeof b.why, "memory");
        break;
    case FAULT_DIED:
    case FAULT_LEFT:
        if (WIFSIGNALED(status))
            snprintf(b.why, sizeof b.why, "signal-%d", WTERMSIG(status));
        else
            snprintf(b.why, sizeof b.why, "exit-%d", WEXITSTATUS(status));
        break;
    case FAULT_PROTOCOL:
    case FAULT_INTERRUPTED:
    case FAULT_NONE:
        snprintf(b.why, sizeof b.why, "protocol");
        break;
    }
    return b;
}

static void count(struct worker *w, enum fault fault)
{
    if (fault == FAULT_LEFT)
        atomic_fetch_add(&w->recycled, 1);
    else if (fault == FAULT_MEMORY)
        atomic_fetch_add(&w->grown, 1);
    else if (fault == FAULT_TIME || fault == FAULT_SILENCE || fault == FAULT_CPU)
        atomic_fetch_add(&w->timed_out, 1);
    else if (fault != FAULT_INTERRUPTED)
        atomic_fetch_add(&w->crashed, 1);
}

/* Sets one member apart.  False: that did not help before, or there are too many. */
static bool suspect_member(struct progress *p, const struct blame *blame)
{
    unsigned s = 0;

    while (s < p->n_suspects && p->suspects[s].member < blame->member)
        s++;
    bool known = s < p->n_suspects && p->suspects[s].member == blame->member;

    if (known && p->suspects[s].lost)
        return false;
    if (!known && s == SUSPECTS_MAX)
        return false;
    if (known)
        p->suspects[s].lost = true; /* its ending stays that of the first time */
    else
        p->suspects[s] = *blame;
    /* A container that is only searched raw gives no members: higher numbers move down, and who
     * was at fault among them will show again. */
    p->n_suspects = s + 1;
    return true;
}

static void blame_item(struct worker *w, const struct worker_item *item, unsigned i,
                       const struct blame *blame, const struct worker_sink *sink)
{
    struct progress *p = &w->progress[i];

    if (p->handed_over)
        sink->restart(sink->ctx, i);
    p->handed_over = false;
    /* One that struck a clock cost its whole time, so there are fewer tries of it. */
    p->deaths += blame->outcome == OUTCOME_TIMEOUT ? SUSPECTS_MAX / 2 : 1;
    if (p->attempt == TRY_WHOLE && blame->member > 0 && p->deaths <= 2 * SUSPECTS_MAX &&
        suspect_member(p, blame))
        return;
    if (!p->blamed) {
        p->own = *blame;
        p->blamed = true;
    }
    p->n_suspects = 0;
    if (p->attempt == TRY_WHOLE)
        p->attempt = item->fd >= 0 ? TRY_RAW : TRY_NAME;
    else
        p->attempt++;
}

/* The item the helper was reading when it went; -1: none. */
static int culprit(const struct worker *w, uint64_t *ret_member)
{
    uint32_t item = atomic_load(&w->page->item);

    *ret_member = 0;
    if (w->at >= w->n_sent || item == 0)
        return -1;
    if (item > w->n_sent || item - 1 < w->at)
        return (int)w->at;
    *ret_member = atomic_load(&w->page->member);
    return (int)item - 1;
}

/* --- a batch --------------------------------------------------------------------------------- */

static void begin_batch(struct worker *w, const struct worker_item *items, unsigned n,
                        const struct worker_sink *sink)
{
    for (unsigned i = 0; i < n; i++) {
        struct progress *p = &w->progress[i];

        p->done = p->handed_over = p->blamed = false;
        p->deaths = p->n_suspects = 0;
        p->attempt = TRY_WHOLE;
        if (items[i].flags & (ITEM_NAME_ONLY | ITEM_RAW_ONLY)) {
            p->blamed = true;
            p->own.outcome = items[i].outcome;
            snprintf(p->own.why, sizeof p->own.why, "%.50s",
                     items[i].reason ? items[i].reason : "");
            p->attempt = items[i].flags & ITEM_RAW_ONLY && items[i].fd >= 0 ? TRY_RAW : TRY_NAME;
        } else if (items[i].fd < 0) {
            p->attempt = TRY_NAME; /* a folder, an empty file */
        }
        if (items[i].path.len > PATH_BYTES_MAX || items[i].root.len > 4096 ||
            items[i].name_at > items[i].path.len)
            lose_item(w, items, i, OUTCOME_OVER_LIMIT, "name-length", sink);
    }
}

static bool ensure_helper(struct worker *w)
{
    for (unsigned tries = 0; w->pid == 0; tries++) {
        if (worker_start_helper(w))
            break;
        if (tries + 1 == SPAWN_TRIES || atomic_load(&w->interrupted))
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    return true;
}

/* After a death: whom to blame, and what to do with it the next time. */
static void judge(struct worker *w, const struct worker_item *items, enum fault fault, int status,
                  unsigned *idle_deaths, const struct worker_sink *sink)
{
    uint64_t member = 0;
    int at = culprit(w, &member);

    if (at < 0 && w->at < w->n_sent && ++*idle_deaths > IDLE_DEATHS)
        at = (int)w->at;
    if (w->at < w->n_sent) {
        /* Rows may have come of the first unfinished item even if a later one was at fault. */
        unsigned first = w->map[w->at];

        if (at != (int)w->at && w->progress[first].handed_over) {
            sink->restart(sink->ctx, first);
            w->progress[first].handed_over = false;
        }
    }
    if (at < 0)
        return;
    struct blame blame = blame_of(fault, status);
    unsigned i = w->map[at];

    *idle_deaths = 0;
    blame.member = member;
    blame_item(w, &items[i], i, &blame, sink);
    if (w->progress[i].attempt == TRY_NOTHING)
        lose_item(w, items, i, w->progress[i].own.outcome, w->progress[i].own.why, sink);
}

enum worker_end worker_run(struct worker *w, const struct worker_item *items, unsigned n,
                           const struct worker_sink *sink)
{
    unsigned idle_deaths = 0;

    if (n > BATCH_MAX)
        return WORKER_FAILED;
    begin_batch(w, items, n, sink);
    while (worker_choose(w, items, n)) {
        if (!ensure_helper(w))
            return atomic_load(&w->interrupted) ? WORKER_INTERRUPTED : WORKER_FAILED;
        w->at = 0;
        worker_begin_item(w);
        start_clocks(w);
        enum fault fault = worker_send(w) ? receive(w, sink) : FAULT_DIED;

        if (fault == FAULT_NONE)
            continue;
        int status;

        fault = end_helper(w, fault, sink, &status);
        count(w, fault);
        if (fault == FAULT_INTERRUPTED)
            return WORKER_INTERRUPTED;
        judge(w, items, fault, status, &idle_deaths, sink);
    }
    atomic_store(&w->shown_since, 0);
    return WORKER_DONE;
}

/* --- any thread ------------------------------------------------------------------------------ */

void worker_interrupt(struct worker *w)
{
    atomic_store(&w->interrupted, true);
}

struct worker_page worker_page(struct worker *w)
{
    struct worker_page ret = {.bytes = atomic_load(&w->page->bytes),
                              .findings = atomic_load(&w->page->findings)};
    uint64_t since = atomic_load(&w->shown_since);
    uint32_t before = atomic_load(&w->page->name_seq);

    if (since == 0 || atomic_load(&w->page->item) == 0)
        return ret;
    uint64_t now = worker_now(CLOCK_MONOTONIC);

    ret.seconds = now > since ? (uint32_t)((now - since) / SECOND) : 0;
    for (size_t i = 0; i + 1 < sizeof ret.name; i++) {
        char c = ((volatile char *)w->page->name)[i];

        if (c == '\0')
            break;
        ret.name[i] = c < 0x20 || c == 0x7f ? '?' : c;
    }
    /* Written while we read: no name is better than half of two. */
    if (before % 2 != 0 || atomic_load(&w->page->name_seq) != before)
        memset(ret.name, 0, sizeof ret.name);
    return ret;
}

struct worker_counters worker_counters(struct worker *w)
{
    return (struct worker_counters){
        .started = atomic_load(&w->started),
        .recycled = atomic_load(&w->recycled),
        .crashed = atomic_load(&w->crashed),
        .timed_out = atomic_load(&w->timed_out),
        .grown = atomic_load(&w->grown),
    };
}
