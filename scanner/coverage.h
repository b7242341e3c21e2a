/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * coverage.h - `constat coverage`: the ledger on standard output, one row for each item and
 * member, with how it ended and why.  Streams.
 */
#ifndef CONSTAT_COVERAGE_H
#define CONSTAT_COVERAGE_H

#include <stdio.h>

#include "scanner/options.h"

int coverage_export(const struct options *o, FILE *out); /* exit status */
int coverage_command(const struct options *o);           /* to standard output */

#endif
