/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * protocol.h - what crosses between the parent and one helper process.
 *
 * Down (parent to helper): a SOCK_SEQPACKET socket on descriptor HELPER_SOCKET.  First one SETUP
 * message with the case key and the limits, then BATCH messages: up to BATCH_MAX items, the
 * descriptors of those that have one as SCM_RIGHTS in the same order.
 *
 * Up (helper to parent): a pipe on descriptor HELPER_PIPE with framed records
 *     u32 length of payload (<= RECORD_MAX), u8 type, payload.
 * The parent treats them as hostile input: every length, enumeration and order is checked, and a
 * helper that breaks the protocol is ended like one that crashed.
 *
 * Beside both, a shared page (memfd on descriptor HELPER_PAGE, struct helper_page) in which the
 * helper says what it is doing without a system call: the parent's clocks read it, and after a
 * crash it tells which item of the batch was at fault.
 *
 * No value found in a file ever crosses: findings carry tokens, names arrive masked.
 *
 * Order of records.  The items of a batch are done in their order.  Members are numbered from 1 in
 * the order they are found (a container before its members); a member's findings come before its
 * row, its row after the rows of its own members, and the row of the item itself (member 0) last,
 * followed by DONE.  So every number comes exactly once and the parent can check it with a stack
 * no deeper than the nest (worker.c).
 *
 * A second try.  When a helper died on an item, the item comes again in a fresh helper with the
 * member at fault named as a suspect: that one is only searched as raw strings, or, when that
 * failed too, only entered by name.  Everything else of the item is read as usual.
 */
#ifndef CONSTAT_PROTOCOL_H
#define CONSTAT_PROTOCOL_H

#include <stdatomic.h>

#include "scanner/base/finding_block.h"
#include "scanner/base/keys.h"
#include "scanner/base/outcome.h"
#include "scanner/extract/budget.h"

enum { HELPER_SOCKET = 3, HELPER_PIPE = 4, HELPER_PAGE = 5 };
enum { BATCH_MAX = 64, BATCH_BYTES = 192 * 1024, RECORD_MAX = 1024 * 1024 };

/* Longer paths are not sent (outcome over-limit, reason "name-length"); longer member names are
 * cut.  Linux itself takes 4 KiB in one call; a tree deeper than this was made to do harm. */
enum { PATH_BYTES_MAX = 128 * 1024, MEMBER_NAME_MAX = 64 * 1024 };

/* Containers inside containers that the parent keeps track of; limits.depth stays below. */
enum { NEST_MAX = 64 };

/* How many members of one item may be at fault before the item as a whole is. */
enum { SUSPECTS_MAX = 8 };

/* Exit statuses of a helper that leaves on its own. */
enum helper_exit {
    HELPER_EXIT_DONE = 0,     /* parent gone, or time for a fresh helper */
    HELPER_EXIT_SETUP = 74,   /* no, or a damaged, SETUP message; or not started by constat */
    HELPER_EXIT_LOAD = 75,    /* a library's or the engine's tables cannot be loaded */
    HELPER_EXIT_SANDBOX = 76, /* Landlock or seccomp is missing and no_sandbox is not set */
    HELPER_EXIT_MEMORY = 77,  /* no memory for something the item cannot do without */
    HELPER_EXIT_PROTOCOL = 78 /* a message from the parent that makes no sense */
};

struct helper_page {
    _Atomic uint32_t item;     /* 1 + index in the batch of the item being read; 0 = idle */
    _Atomic uint64_t member;   /* number of the member being read, 0 = the item itself */
    _Atomic uint64_t beat;     /* goes up whenever work is done */
    _Atomic uint64_t bytes;    /* bytes read so far, all items */
    _Atomic uint64_t findings; /* so far, all items */
    _Atomic uint32_t name_seq; /* odd while `name` is being written */
    char name[240];            /* masked path of the current item, NUL-terminated, may be cut */
};

enum item_flags {
    ITEM_HAS_FD = 1,    /* a descriptor comes with it */
    ITEM_FOLDER = 2,    /* a directory: only its name is searched */
    ITEM_NAME_ONLY = 4, /* outcome is known already: search and mask the name, nothing else */
    ITEM_RAW_ONLY = 8,  /* a reader failed on it: search the raw bytes as text, nothing else */
    ITEM_FLAGS = 15
};

/* --- down ------------------------------------------------------------------------------------ */

struct setup {
    unsigned char case_key[CASE_KEY_BYTES];
    struct limits limits;
    uint32_t today;        /* YYYYMMDD: reference date of the case */
    uint64_t memory_limit; /* RLIMIT_AS of the helper, bytes; 0: none */
    uint64_t data_limit;   /* RLIMIT_DATA (what it can really fill), bytes; 0: none */
    bool no_sandbox;       /* --insecure-no-sandbox */
};

/* A member that killed a helper before. */
struct suspect {
    uint64_t member; /* from 1; the item itself is ITEM_RAW_ONLY or ITEM_NAME_ONLY instead */
    bool lost;       /* do not even search its raw bytes */
};

struct batch_item {
    uint32_t flags;
    uint64_t size;
    struct span root; /* label */
    struct span path; /* raw bytes, relative to the root */
    uint32_t name_at; /* where the entry's own name starts in path */
    unsigned n_suspects;
    struct suspect suspects[SUSPECTS_MAX]; /* rising numbers */
};

bool setup_encode(const struct setup *s, struct buf *ret);
bool setup_decode(struct span message, struct setup *ret);
bool batch_encode(const struct batch_item *items, unsigned n, struct buf *ret);
/* Spans point into `message`.  Returns the number of items, or -1 when damaged. */
int batch_decode(struct span message, struct batch_item ret[BATCH_MAX]);

/* --- up -------------------------------------------------------------------------------------- */

enum record_type {
    RECORD_READY = 1, /* sandbox closed; payload: struct ready */
    RECORD_MEMBER,    /* one ledger row: the item itself or a member of it.  A container's members
                         come before the container's own row; the item's own row comes last */
    RECORD_FINDINGS,  /* findings of one member, before its row: u32 item, u64 member, block */
    RECORD_DONE       /* u32 item: everything of this item has been sent */
};

struct ready {
    uint32_t landlock_abi; /* 0: not there */
    bool seccomp;
    uint32_t missing; /* bit n: extractors[n]->prepare failed */
};

struct member_record {
    uint32_t item;    /* index in the batch */
    uint64_t member;  /* 0: the item itself; members count from 1 in the order found */
    uint64_t parent;  /* member number of the container it lies in */
    struct span name; /* masked: the whole path for member 0; for others the names from the
                         outermost container to the member itself, NUL between two */
    struct span
        sealed; /* the same raw, under the case key, when something was masked; else empty */
    bool name_has_finding;
    int64_t size, mtime; /* members only; -1 / INT64_MIN unknown */
    uint32_t mode;
    struct span owner;
    enum outcome outcome;
    struct span reason;     /* checked: [a-z0-9-]{0,64} */
    struct span media_type; /* checked: printable ASCII, at most 127 */
    struct span extractor;  /* checked like reason */
    uint64_t text_bytes;    /* text that was searched */
    uint64_t records;       /* records holding a finding */
    enum place_kind unit;
    uint64_t findings;   /* number of findings sent for it */
    uint64_t content;    /* keyed hash of that text, 0 for none or without findings */
    struct span chance;  /* repeated varints: kind, candidates, passed, and of these two the
                            unsupported ones (struct text_summary) */
    struct span encoded; /* what it was decoded from, as long as no more than `item` was changed
                            since; else empty.  Saves encoding it again */
};

bool member_encode(const struct member_record *m, struct buf *ret);
bool member_decode(struct span payload, struct member_record *ret);

bool ready_encode(const struct ready *r, struct buf *ret);
bool ready_decode(struct span payload, struct ready *ret);
bool findings_encode(uint32_t item, uint64_t member, struct span block, struct buf *ret);

struct findings_record {
    uint32_t item;
    uint64_t member, count;
    struct span block; /* every finding of it checked */
};
bool findings_decode(struct span payload, struct findings_record *ret);
bool done_encode(uint32_t item, struct buf *ret);
bool done_decode(struct span payload, uint32_t *ret_item);

/* [a-z0-9-]{0,64}: what reasons and extractor names may hold. */
bool protocol_word(struct span word);

/* Frames.  record_begin returns the offset to hand to record_end once the payload is added; check
 * out->failed after it, and drop the bytes from that offset when it is set. */
size_t record_begin(struct buf *out, enum record_type type);
void record_end(struct buf *out, size_t begin);
/* Takes the next whole record off the front of `r`; 1 taken, 0 more bytes needed, -1 damaged. */
int record_next(struct reader *r, enum record_type *ret_type, struct span *ret_payload);

#endif
