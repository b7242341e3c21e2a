/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * be_banks.h - which bank a Belgian account belongs to.  Information only: an unassigned code is
 * no reason to refuse an account.
 */
#ifndef CONSTAT_BE_BANKS_H
#define CONSTAT_BE_BANKS_H

struct be_bank {
    unsigned short from, to; /* bank codes, the first three digits of the account */
    const char *bic;         /* "" if it has none */
    const char *name;
};

/* By bank code, 0 to 999; NULL if it is not assigned. */
const struct be_bank *be_bank(unsigned code);

#endif
