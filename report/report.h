/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * report.h - documents from a case: report.json and report.<language>.html.
 *
 * Only the inventory is read.  The body of every document depends on the inventory and on the
 * options below alone: not on the clock, the locale, the number of jobs or the order in which rows
 * were written.  What changes from run to run stands in the run block: the object "run" of
 * report.json, and between the two run-block comments of the HTML.
 */
#ifndef CONSTAT_REPORT_H
#define CONSTAT_REPORT_H

#include <stdbool.h>

#include "scanner/inventory/inventory.h"

struct profile;

/* Facts of the case (inventory_fact) that a scan stores and every report reads. */
#define FACT_INCIDENT_DATE "incident_date" /* YYYYMMDD */
#define FACT_PROFILE       "profile"       /* the text of profile.h */

enum { REPORT_DEPTH_DEFAULT = 2, REPORT_DEPTH_MAX = 16 };

struct report_options {
    int dir_fd;            /* open folder that receives the files; kept by the caller */
    const char *languages; /* "fr,nl,de,en" in the order wanted; NULL: these four.  report.html is
                              in the first */
    unsigned depth;        /* folders are shown down to this depth; 0: REPORT_DEPTH_DEFAULT */
    /* Whose data stand in which folder, NULL: unknown; and the day at which ages are counted, as
     * YYYYMMDD, 0: the one of the case. */
    const struct profile *profile;
    uint32_t incident_date;
};

/* Writes report.json, report.<language>.html and report.html; each is complete or not there.
 * `keys` may be NULL: then ages are "not computed".  0, or a negative errno: -EINVAL for a
 * language that does not exist, otherwise what the inventory or the file system said. */
int report_write(struct inventory *inv, const struct case_keys *keys,
                 const struct report_options *o);

/* True when `languages` names only languages there are, each once. */
bool report_languages_valid(const char *languages);

#endif
