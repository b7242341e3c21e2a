/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * worker.h - the parent's side of one helper process: send items, check what comes back, replace
 * the helper when it dies.
 *
 *     w = worker_start(&options, &error);
 *     worker_run(w, items, n, &sink);  ...  worker_stop(w);
 *
 * worker_run takes a batch to its end whatever the files do to the helper: each item gets exactly
 * one row for itself (member 0), last, followed by done().
 *
 * A helper that crashes, breaks the protocol, stays silent, runs out of its time or grows is
 * ended.  Items of the batch that were finished stay finished; the item it was reading is begun
 * again in a fresh helper (restart() tells the sink to forget what it was given of that item), with
 * the member at fault set apart: the second time only its raw bytes are searched, and only its
 * name is entered the third time.  So neither the items beside it nor the other members of its
 * archive are lost.  What is set apart ends as `crashed`, `timeout` or `over-limit` with the reason
 *     signal-<n>  exit-<n>  protocol  time  silence  cpu  memory
 * and "-raw-searched" behind it when its raw bytes were searched to the end.
 *
 * One worker belongs to one thread, which must outlive it (the helper dies with the thread that
 * started it); worker_page, worker_interrupt and worker_counters may be called from any thread.
 */
#ifndef CONSTAT_WORKER_H
#define CONSTAT_WORKER_H

#include "scanner/helper/protocol.h"

struct worker_options {
    /* NULL: constat-helper beside this program, else ../libexec/constat/ from there. */
    const char *helper_path;
    struct setup setup;       /* setup.limits gives the clock of an item */
    unsigned silence_seconds; /* no sign of work for that long; slow reading is work */
    unsigned cpu_seconds;     /* processor time for one item; 0: as its clock */
    uint64_t rss_limit;       /* resident memory of the helper, bytes */
};

/* Everything at its default but setup.case_key and setup.today. */
struct worker_options worker_options_default(void);

struct worker_item {
    uint32_t flags; /* enum item_flags but ITEM_HAS_FD, which is set from fd */
    int fd;         /* stays the caller's; -1 none: only the name is searched (outcome read) */
    uint64_t size;
    struct span root, path; /* must live until worker_run returns */
    uint32_t name_at;
    /* ITEM_NAME_ONLY and ITEM_RAW_ONLY: how the item's row is to end; reason of at most 50 bytes
     * ("-raw-searched" is put behind it when that is so). */
    enum outcome outcome;
    const char *reason;
};

/* Called on the thread of worker_run; what is handed over is borrowed until the call returns.
 * `item` is the index in worker_run's array. */
struct worker_sink {
    void *ctx;
    /* Checked: numbers come once each, a member's row before its container's, member 0 last. */
    void (*member)(void *ctx, unsigned item, const struct member_record *m);
    /* A block of checked findings of a member whose row has not come yet. */
    void (*findings)(void *ctx, unsigned item, uint64_t member, struct span block);
    /* Forget all rows and findings of this item: it is done again. */
    void (*restart)(void *ctx, unsigned item);
    void (*done)(void *ctx, unsigned item);
};

enum worker_end {
    WORKER_DONE,        /* every item has its done() */
    WORKER_INTERRUPTED, /* worker_interrupt; items without done() were not finished */
    WORKER_FAILED       /* no helper can be started any more: worker_error says why */
};

struct worker;

/* Starts the first helper and waits until it is locked in.  NULL: *ret_error (a buf of the
 * caller's) says why, in words for the operator. */
struct worker *worker_start(const struct worker_options *options, struct buf *ret_error);
void worker_stop(struct worker *w); /* NULL is fine */

/* n <= BATCH_MAX; all paths and roots together should stay below BATCH_BYTES (what does not fit in
 * one message is sent in several). */
enum worker_end worker_run(struct worker *w, const struct worker_item *items, unsigned n,
                           const struct worker_sink *sink);
const char *worker_error(const struct worker *w);

/* What the helper said when it was locked in. */
struct ready worker_ready(const struct worker *w);

/* --- any thread ------------------------------------------------------------------------------ */

/* Makes worker_run end its helper and return soon.  For good. */
void worker_interrupt(struct worker *w);

struct worker_page {
    uint64_t bytes, findings; /* since worker_start */
    uint32_t seconds;         /* how long the current item has been read; 0 idle */
    char name[240];           /* masked path of it, printable, "" when idle */
};
struct worker_page worker_page(struct worker *w);

struct worker_counters {
    uint32_t started;  /* helpers started, the first included */
    uint32_t recycled; /* that left on their own, in good order */
    uint32_t crashed, timed_out, grown;
};
struct worker_counters worker_counters(struct worker *w);

#endif
