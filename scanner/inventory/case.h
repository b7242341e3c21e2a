/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * case.h - the case folder: where it is, its key, its lock, and what is in flight.
 *
 *     CASE/                 mode 0700
 *       case.key            32 bytes raw, mode 0600; absent when --key-file keeps it elsewhere
 *       inventory.sqlite    see inventory.h
 *       inflight            what the helpers hold right now, one slot a helper
 *       lock                held (flock) by the scan that writes
 *
 * Functions return 0 or a negative errno; words for the operator are left in case_folder.error.
 * The in-flight calls are safe from several threads as long as each has a slot of its own.
 */
#ifndef CONSTAT_CASE_H
#define CONSTAT_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/keys.h"

struct attempt;
struct inventory;

enum case_mode {
    CASE_READ,     /* the folder must exist; the key is not looked for */
    CASE_READ_KEY, /* the folder and the key must exist */
    CASE_CREATE    /* both are made when they are missing */
};

struct case_folder {
    int dir_fd;      /* the open case folder, -1 when closed */
    int inflight_fd; /* -1 until case_inflight_open */
    bool has_keys;
    struct case_keys keys;
    unsigned char key[CASE_KEY_BYTES]; /* for the helpers (struct setup); valid with has_keys */
    struct attempt *attempts;          /* by identity; see case_deaths */
    size_t n_attempts;
    char error[256];
};

/* `key_file` NULL: CASE/case.key.  A missing key is made only in CASE_CREATE and only while the
 * case has no inventory yet (-ENOKEY: the inventory is there and its key is not).  On failure the
 * folder holds nothing but the words, and closing it is harmless. */
int case_open(struct case_folder *c, const char *path, const char *key_file, enum case_mode mode);
void case_close(struct case_folder *c); /* wipes the key */

/* The lock of the case: a descriptor that holds it until it is closed, or a negative errno
 * (-EWOULDBLOCK: another scan has it).  inventory_open(INVENTORY_WRITE) takes it itself. */
int case_lock(int dir_fd);

/* Compares the key with the check value the inventory holds (the token of kind "constat", value
 * "case"); a case without one gets it when `inv` is open for writing.  -EKEYREJECTED: wrong key. */
int case_check_key(struct case_folder *c, struct inventory *inv);

/* --- in flight ------------------------------------------------------------------------------- */

enum { INFLIGHT_SLOTS = 256, INFLIGHT_ITEMS = 64 };

/* Opens the journal.  What it holds from a scan that died is first added to the inventory's table
 * of attempts, in one transaction and only once (a death between the two steps is not counted
 * twice); then it is emptied.  Call at the start of a scan, after inventory_open(WRITE). */
int case_inflight_open(struct case_folder *c, struct inventory *inv);
/* Items handed to the helper of that slot: one system call.  n <= INFLIGHT_ITEMS. */
int case_inflight_set(struct case_folder *c, unsigned slot, const unsigned char (*identities)[16],
                      unsigned n);
/* For how long that slot's item has been read by now: an item is blamed for a death only when it
 * had been in flight for some seconds. */
int case_inflight_age(struct case_folder *c, unsigned slot, unsigned seconds);
int case_inflight_clear(struct case_folder *c, unsigned slot);
/* How much speaks against an item, as it stood at case_inflight_open: 0 nothing; 1 it was in flight
 * when a scan died, and must be tried again on its own; 2 it was so a second time, alone with its
 * helper and for some seconds.  Deaths in the company of others, or in its first moments, count
 * once (up to four): they may not be its fault. */
unsigned case_deaths(const struct case_folder *c, const unsigned char identity[16]);
/* The scan ended as it should: nothing is in flight. */
int case_inflight_finish(struct case_folder *c);

#endif
