/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * worker_private.h - what the files of the parent's side share: worker.c (the loop, the clocks, who
 * was at fault), worker_process.c (start and end of a helper), worker_exchange.c (what is sent and
 * what is taken).
 */
#ifndef CONSTAT_WORKER_PRIVATE_H
#define CONSTAT_WORKER_PRIVATE_H

#include <limits.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

#include "scanner/helper/worker.h"

enum {
    TICK_MS = 50,        /* how often clocks and memory are looked at */
    GOODBYE_MS = 2000,   /* for a helper to leave after its socket was closed */
    REAP_MS = 10 * 1000, /* for a killed one stuck in the kernel, then it is left behind */
    REASON_MAX = 64
};

#define SECOND 1000000000ull
#define GIB    (1ull << 30)

/* How an item is tried. */
enum try { TRY_WHOLE, TRY_RAW, TRY_NAME, TRY_NOTHING };

/* What is set apart, and how it will end. */
struct blame {
    uint64_t member;
    bool lost;
    enum outcome outcome;
    char why[REASON_MAX];
};

struct progress {
    bool done;
    bool handed_over; /* the sink holds something of it */
    bool blamed;      /* `own` is set */
    enum try attempt;
    unsigned deaths; /* weighed by what they cost */
    struct blame own;
    unsigned n_suspects;
    struct blame suspects[SUSPECTS_MAX]; /* rising numbers */
};

struct open_member {
    uint64_t number, findings;
};

/* How the exchange with one helper went. */
enum fault {
    FAULT_NONE,
    FAULT_LEFT, /* in good order: recycled */
    FAULT_DIED,
    FAULT_PROTOCOL,
    FAULT_TIME,
    FAULT_SILENCE,
    FAULT_CPU,
    FAULT_MEMORY,
    FAULT_INTERRUPTED
};

struct worker {
    struct worker_options options;
    char helper_path[PATH_MAX];
    char error[256];
    struct ready ready;

    pid_t pid; /* 0: none */
    int sock, pipe, statm;
    int page_fd;
    struct helper_page *page;
    clockid_t cpu_clock;

    char *in;
    size_t in_at, in_len;
    struct buf message;

    struct progress progress[BATCH_MAX];
    struct batch_item batch[BATCH_MAX]; /* what was sent */
    unsigned map[BATCH_MAX];            /* index in batch -> index in worker_run's items */
    int fds[BATCH_MAX];
    unsigned n_sent, at; /* at: first one of the batch without its DONE */

    /* Order of the current item's records. */
    struct open_member open[NEST_MAX + 1];
    unsigned n_open;
    uint64_t highest;
    bool own_row;

    /* The clocks, and what they last saw. */
    uint64_t next_look, batch_deadline;
    uint32_t seen_item;
    uint64_t seen_beat, item_since, beat_since, item_cpu, beat_cpu;

    _Atomic bool interrupted;
    _Atomic uint64_t shown_since; /* for worker_page */
    _Atomic uint32_t started, recycled, crashed, timed_out, grown;
};

uint64_t worker_now(clockid_t clock);

/* --- worker_process.c ------------------------------------------------------------------------- */

/* Starts a helper and waits until it is locked in.  False: w->error says why. */
bool worker_start_helper(struct worker *w);
/* Waits for the end of our own child, which stays ours until wait4 has returned it: so its number
 * cannot have gone to another process when we kill it.  False: it would not die. */
bool worker_reap(struct worker *w, int patience_ms, int *ret_status, struct rusage *ret_usage);
void worker_kill_helper(struct worker *w);
/* Closes what belonged to a helper that was reaped. */
void worker_forget_helper(struct worker *w);
/* Reads what is there.  1 got some, 0 nothing yet, -1 end of file or error. */
int worker_fill(struct worker *w);
/* As record_next, from what was read; the payload is good until the next worker_fill. */
int worker_next_record(struct worker *w, enum record_type *ret_type, struct span *ret_payload);

/* --- worker_exchange.c ------------------------------------------------------------------------ */

/* Chooses what goes into the next message: unfinished items in their order, as many as fit. */
bool worker_choose(struct worker *w, const struct worker_item *items, unsigned n);
bool worker_send(struct worker *w);
/* Before the first record of an item. */
void worker_begin_item(struct worker *w);
/* Everything whole that has been read.  False: the protocol is broken. */
bool worker_take_records(struct worker *w, const struct worker_sink *sink);

#endif
