/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * roots.h - the PATHs of a scan: opened once, named for every output.
 *
 * A label is the last component of the PATH or the operator's --label, made unique within the
 * scan.  Labels and paths are names: they are masked like any other before they are stored.
 */
#ifndef CONSTAT_ROOTS_H
#define CONSTAT_ROOTS_H

#include "scanner/helper/worker.h"
#include "scanner/inventory/inventory.h"
#include "scanner/options.h"
#include "scanner/seen.h"

enum { ROOTS_MAX = OPTION_LIST_MAX };

struct root {
    int fd;                       /* O_PATH */
    char *name;                   /* last component, raw */
    char *raw_label, *raw_path;   /* path is absolute */
    char *label_text, *path_text; /* masked */
    struct span label, path;      /* the masked ones, after roots_mask */
    bool is_folder;
    struct buf findings; /* in its own name, packed; of a file the walk finds them */
    uint64_t n_findings;
};

struct root_list {
    struct root at[ROOTS_MAX];
    int64_t ids[ROOTS_MAX]; /* in the inventory */
    unsigned n;
    char error[512];
};

/* False: error has the words. */
bool roots_open(struct root_list *list, const struct options *o);
/* Has the worker's helper search and mask the names; makes labels unique. */
bool roots_mask(struct root_list *list, struct worker *worker);
/* A folder in whose own name something was found gets a row in the ledger, with an empty path: the
 * walk lists only what lies in it.  0 or a negative errno. */
int root_record(const struct root *r, struct inventory *inv, int64_t run, int64_t root_id,
                const struct case_keys *keys, struct seen_table *seen);
void roots_close(struct root_list *list);

#endif
