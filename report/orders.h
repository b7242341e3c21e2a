/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* orders.h - the order of every list; total, so that equal content is always in the same place. */
#ifndef CONSTAT_REPORT_ORDERS_H
#define CONSTAT_REPORT_ORDERS_H

#include "report/facts.h"

int order_hot(struct facts *f); /* 0 or -ENOMEM */
void order_kinds(struct facts *f);
void order_reasons(struct facts *f);

#endif
