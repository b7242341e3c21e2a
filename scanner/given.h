/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * given.h - what the controller says beside the files: whose data stand in which folder
 * (--profile) and the day of the incident (--incident-date).
 *
 * A scan stores both in the case, where every report finds them; a report may be given others for
 * itself alone.
 */
#ifndef CONSTAT_GIVEN_H
#define CONSTAT_GIVEN_H

#include "report/profile.h"
#include "scanner/inventory/inventory.h"
#include "scanner/options.h"

struct given {
    struct profile *profile; /* NULL: not given */
    uint32_t incident_date;  /* YYYYMMDD, 0: not given */
    char error[512];         /* words for the operator after a failure */
};

/* From the options: 0, or -1 with `error`. */
int given_read(const struct options *o, struct given *ret);
void given_release(struct given *g);
/* Into the case: 0, or -1 with `error`, also when the case was told something else before. */
int given_store(struct inventory *inv, struct given *g);
/* What was not given is taken from the case.  0, or -1 with `error`. */
int given_complete(struct inventory *inv, struct given *g);

#endif
