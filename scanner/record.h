/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * record.h - the one thread that owns the inventory: takes what the workers hand it, in chunks,
 * and writes ledger rows and findings.
 *
 * A worker fills a chunk while its helper reads a batch and hands it over when the batch is over
 * or the chunk is full, so that one huge archive does not pile up in memory.  Chunks of one worker
 * arrive in order; chunks of several workers interleave, so the state of each worker's batch is
 * kept apart.
 */
#ifndef CONSTAT_RECORD_H
#define CONSTAT_RECORD_H

#include <stdatomic.h>

#include "scanner/base/queue.h"
#include "scanner/helper/worker.h"
#include "scanner/inventory/inventory.h"
#include "scanner/log.h"
#include "scanner/walk/walk.h"

/* One directory entry on its way through the pipeline. */
struct work_item {
    struct walk_entry *entry;
    unsigned char identity[16];
    int64_t old_top; /* row of an earlier scan that this one replaces; 0: none */
    bool alone;      /* was in flight when the program died: gets a batch of its own */
    bool set_aside;  /* was so twice: not opened again */
};

void work_item_free(struct work_item *w);

enum { CHUNK_FULL = 2 * 1024 * 1024, CHUNK_MAX = 32 * 1024 * 1024 };

/* What a worker hands over.  Owned by the record thread once it is in the queue. */
struct chunk {
    unsigned worker;
    struct work_item *items[BATCH_MAX]; /* the batch; the same in each of its chunks */
    unsigned n;
    bool last; /* the batch is over: items are freed after this chunk */
    struct buf records;
};

struct chunk *chunk_new(unsigned worker, struct work_item *const *items, unsigned n);
void chunk_free(struct chunk *c);
/* Appending; false: no memory. */
bool chunk_member(struct chunk *c, unsigned item, const struct member_record *m);
bool chunk_findings(struct chunk *c, unsigned item, uint64_t member, struct span block);
bool chunk_restart(struct chunk *c, unsigned item);
bool chunk_done(struct chunk *c, unsigned item);

struct recorder_counts { /* read by the progress display */
    _Atomic uint64_t files, bytes, members, gaps;
};

struct recorder {
    struct inventory *inv;
    struct log *log;
    int64_t run;
    const int64_t *root_ids; /* by walk_entry.root */
    struct queue *chunks;
    struct recorder_counts counts;
    _Atomic int error; /* negative errno once the inventory cannot be written */
};

/* Body of the record thread: runs until the queue is closed and empty. */
void *recorder_thread(void *recorder);

#endif
