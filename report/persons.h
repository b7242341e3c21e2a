/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* persons.h - the number of persons and their ages, from distinct values that are counted. */
#ifndef CONSTAT_REPORT_PERSONS_H
#define CONSTAT_REPORT_PERSONS_H

#include "report/facts.h"
#include "report/tally.h"

/* Adds one distinct national number to its age group. */
void persons_count_age(struct facts *f, const struct case_keys *keys, const struct tally_entry *e,
                       bool has_facts);
/* At least, about, at most, and what they are made of; once all values are counted. */
void persons_count(struct facts *f);

#endif
