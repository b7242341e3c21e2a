/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "detectors/national_number.h"

#include "detectors/checks.h"

/* A bis number has 20 added to its month when the sex was unknown at the time, 40 when it was
 * known (royal decree of 8 February 1991, articles 2 to 4). */
enum { BIS_SEX_UNKNOWN = 20, BIS_SEX_KNOWN = 40 };

struct layout {
    unsigned yy, month, day, serial, check;
    bool bis, sex_known;
};

static bool read_layout(const char *digits, struct layout *ret)
{
    unsigned month = (unsigned)digits_value(digits + 2, 2);

    *ret = (struct layout){.yy = (unsigned)digits_value(digits, 2),
                           .day = (unsigned)digits_value(digits + 4, 2),
                           .serial = (unsigned)digits_value(digits + 6, 3),
                           .check = (unsigned)digits_value(digits + 9, 2),
                           .sex_known = true};
    if (month >= BIS_SEX_KNOWN) {
        ret->bis = true;
        month -= BIS_SEX_KNOWN;
    } else if (month >= BIS_SEX_UNKNOWN) {
        ret->bis = true;
        ret->sex_known = false;
        month -= BIS_SEX_UNKNOWN;
    }
    ret->month = month;
    if (month > 12)
        return false;
    /* With month 00 the day is a counter of blocks whose serials ran out, not a day. */
    return month == 0 || ret->day <= 31;
}

/* The check digits decide the century: 97 minus the rest of the first nine digits, before which
 * a 2 is put for births from 2000 on.  00, 98 and 99 never occur. */
static bool check_is_of(const char *digits, unsigned check, unsigned century)
{
    uint64_t base = digits_value(digits, 9) + (century == 2000 ? 2000000000u : 0);

    return check == 97 - base % 97;
}

static bool date_can_be(const struct layout *l, unsigned year, uint32_t today)
{
    if (year > today / 10000)
        return false;
    if (l->month == 0)
        return true;
    if (l->day > days_in_month(year, l->month))
        return false;
    uint32_t date = year * 10000 + l->month * 100 + l->day;

    /* With day 00 only the month can be compared. */
    return l->day ? date <= today : date / 100 <= today / 100;
}

enum verdict national_number(const char *digits, uint32_t today, struct national_number *ret)
{
    struct layout l;

    if (!read_layout(digits, &l))
        return VERDICT_NO;
    /* Serials 000 and 999 are not issued. */
    if (l.serial == 0 || l.serial == 999)
        return VERDICT_SHAPE;
    for (unsigned century = 1900; century <= 2000; century += 100) {
        unsigned year = century + l.yy;

        if (!check_is_of(digits, l.check, century) || !date_can_be(&l, year, today))
            continue;
        *ret = (struct national_number){0};
        ret->facts.bis = l.bis;
        if (l.sex_known)
            ret->facts.sex = l.serial % 2 ? 'M' : 'F';
        /* 00.00.01 is the fiction for a birth date that is wholly unknown: not even the year. */
        if (l.yy == 0 && l.month == 0 && l.day == 1)
            ret->facts.birth = 0;
        else if (l.month == 0)
            ret->facts.birth = year * 10000;
        else
            ret->facts.birth = year * 10000 + l.month * 100 + l.day;
        /* A tenth block of a year's numbers without a date has never been needed. */
        ret->implausible = l.month == 0 && l.day > 9;
        return VERDICT_PASS;
    }
    return VERDICT_SHAPE;
}
