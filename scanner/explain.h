/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * explain.h - `constat explain`: in plain words, why something was found and how sure that is, or
 * what became of a file.  From the case alone; no value is shown, for none is stored.
 */
#ifndef CONSTAT_EXPLAIN_H
#define CONSTAT_EXPLAIN_H

#include <stdio.h>

#include "scanner/options.h"

int explain_run(const struct options *o, FILE *out); /* exit status */
int explain_command(const struct options *o);        /* to standard output */

#endif
