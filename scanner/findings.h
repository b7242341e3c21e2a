/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * findings.h - `constat findings`: one row for each (document, kind, token), on standard output,
 * in the order of the ledger.  Streams: memory does not grow with the case.
 */
#ifndef CONSTAT_FINDINGS_H
#define CONSTAT_FINDINGS_H

#include <stdio.h>

#include "scanner/options.h"

int findings_export(const struct options *o, FILE *out); /* exit status */
int findings_command(const struct options *o);           /* to standard output */

#endif
