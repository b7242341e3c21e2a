/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* figures.h - report.json: every figure exact, integers only, keys in a fixed order
 * (docs/report-schema.json). */
#ifndef CONSTAT_REPORT_FIGURES_H
#define CONSTAT_REPORT_FIGURES_H

#include "report/facts.h"

int figures_write(int fd, const struct facts *f);

#endif
