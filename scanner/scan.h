/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * scan.h - `constat scan`: starts and joins the threads; the only file that knows all stages.
 */
#ifndef CONSTAT_SCAN_H
#define CONSTAT_SCAN_H

#include "scanner/options.h"

/* Runs or continues a scan and writes the reports; returns the exit status.  Words go to standard
 * error. */
int scan_command(const struct options *o);

/* `constat report`. */
int report_command(const struct options *o);

#endif
