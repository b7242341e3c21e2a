/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "detectors/be_banks.h"

#include <stddef.h>

static const struct be_bank banks[] = {
#define BANK(first, last, code, bank_name)                                                         \
    {.from = (first), .to = (last), .bic = (code), .name = (bank_name)},
#include "detectors/be_banks.inc"
#undef BANK
};

const struct be_bank *be_bank(unsigned code)
{
    size_t low = 0, high = sizeof banks / sizeof *banks;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (code > banks[middle].to)
            low = middle + 1;
        else if (code < banks[middle].from)
            high = middle;
        else
            return &banks[middle];
    }
    return NULL;
}
