/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lookup.h - `constat lookup`: identifiers on standard input, one a line, in any written form; is
 * this person in the case, in how many documents, beside which other kinds.
 *
 * Values are turned into tokens and wiped; nothing of a line is ever printed or stored, not even
 * in a message about it.  Each query is logged in the case as its token before anything is shown.
 */
#ifndef CONSTAT_LOOKUP_H
#define CONSTAT_LOOKUP_H

#include <stdio.h>

#include "scanner/options.h"

enum { LOOKUP_LINES_MAX = 100000, LOOKUP_FIRST = 5 };

/* `table`: a table for a terminal instead of JSON lines.  Exit status. */
int lookup_run(const struct options *o, FILE *in, FILE *out, bool table);
int lookup_command(const struct options *o);

#endif
