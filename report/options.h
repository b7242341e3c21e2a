/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#ifndef CONSTAT_REPORT_OPTIONS_H
#define CONSTAT_REPORT_OPTIONS_H

/* The options of a run as one JSON object with sorted keys, or NULL when `text` is no JSON object.
 * The caller frees it. */
char *options_canonical(const char *text);

#endif
