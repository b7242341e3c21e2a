/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * tool.h - the detectors in force, written into the case with each run, so that it can be
 * explained later with the words it was made with.
 */
#ifndef CONSTAT_TOOL_H
#define CONSTAT_TOOL_H

#include "scanner/inventory/inventory.h"

/* 0 or a negative errno, as run_parts. */
int tool_record(struct inventory *inv, int64_t run);

#endif
