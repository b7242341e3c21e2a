/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/base64.h"

bool base64_add(struct buf *ret, struct span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t v = (uint32_t)(unsigned char)bytes.at[i] << 16;

        if (left > 1)
            v |= (uint32_t)(unsigned char)bytes.at[i + 1] << 8;
        if (left > 2)
            v |= (unsigned char)bytes.at[i + 2];
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], left > 1 ? digits[v >> 6 & 63] : '=',
                        left > 2 ? digits[v & 63] : '='};

        if (!buf_add(ret, four, sizeof four))
            return false;
    }
    return !ret->failed;
}
