/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* persons.h - the number of persons and their ages, from distinct values that are counted. */
#ifndef CONSTAT_REPORT_PERSONS_H
#define CONSTAT_REPORT_PERSONS_H

#include "report/facts.h"
#include "report/tally.h"

/* One distinct national number of high or medium confidence: its age group, its groups. */
void persons_add_number(struct facts *f, const struct case_keys *keys, const struct tally_entry *e);
/* One person known by name and birth date or address. */
void persons_add_name(struct facts *f, uint32_t birth, unsigned groups);
/* One distinct value of another kind, with its tally_flags. */
void persons_add_tie(struct facts *f, enum person_role role, unsigned flags);
/* At least, about, at most, and what they are made of; once all values are counted. */
void persons_count(struct facts *f);

#endif
