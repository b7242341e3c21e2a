/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * national_number.h - the rule of the Belgian national and bis numbers, apart from how they are
 * written: the same eleven digits stand in text and inside the MRZ of a card.
 *
 * Royal decrees of 3 April 1984, 25 November 1997 and 6 November 2007 (national number); of
 * 8 February 1991 and 13 October 1998 (bis number).
 */
#ifndef CONSTAT_NATIONAL_NUMBER_H
#define CONSTAT_NATIONAL_NUMBER_H

#include "detectors/detector.h"

struct national_number {
    struct person_facts facts;
    bool implausible; /* right by every rule, but a date block that nobody was given */
};

/* Eleven digits.  VERDICT_NO: month or day cannot be; VERDICT_SHAPE: the date layout is right,
 * the serial, the check digits or the calendar of the century they stand for are not.
 * `today` is YYYYMMDD.  `ret` is filled on VERDICT_PASS. */
enum verdict national_number(const char *digits, uint32_t today, struct national_number *ret);

#endif
