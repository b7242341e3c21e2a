/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#ifndef CONSTAT_REPORT_REASONS_H
#define CONSTAT_REPORT_REASONS_H

#include "report/words.h"

/* The plain words for a reason of the ledger (docs/outcomes.md), or W_COUNT: it has none of its
 * own and only its code is shown. */
enum word reason_word(const char *reason);

#endif
