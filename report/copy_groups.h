/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * copy_groups.h - documents of the same content, brought together: the largest groups, and the
 * folders in which most of them lie.
 */
#ifndef CONSTAT_REPORT_COPY_GROUPS_H
#define CONSTAT_REPORT_COPY_GROUPS_H

#include "report/ledger.h"

/* After ledger_count, whose table of contents is released: 8 bytes for each document that has a
 * copy until it returns.  0 or a negative errno. */
int copy_groups_count(struct ledger_count *l, struct inventory *inv);

#endif
