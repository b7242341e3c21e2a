/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/helper/content.h"

#include <string.h>

/* Odd constants with bits well mixed: the golden ratio, and those of MurmurHash3's finaliser. */
#define GOLDEN  UINT64_C(0x9e3779b97f4a7c15)
#define MIX_ONE UINT64_C(0xff51afd7ed558ccd)
#define MIX_TWO UINT64_C(0xc4ceb9fe1a85ec53)

static inline uint64_t mixed(uint64_t v)
{
    v = (v ^ v >> 33) * MIX_ONE;
    v = (v ^ v >> 33) * MIX_TWO;
    return v ^ v >> 33;
}

void content_begin(struct content *c, uint64_t seed)
{
    c->bytes = 0;
    c->tail_len = 0;
    for (unsigned i = 0; i < CONTENT_LANES; i++)
        c->lane[i] = mixed(seed + (i + 1) * GOLDEN);
}

static inline void add_stripe(struct content *c, const void *at)
{
    uint64_t word[CONTENT_LANES];

    memcpy(word, at, sizeof word);
    for (unsigned i = 0; i < CONTENT_LANES; i++) {
        uint64_t v = c->lane[i] ^ word[i];

        /* Turned, so that high bits reach the low ones in the products that follow. */
        c->lane[i] = (v << 29 | v >> 35) * MIX_ONE;
    }
}

void content_add(struct content *c, struct span text)
{
    if (text.len == 0)
        return;
    c->bytes += text.len;
    if (c->tail_len) {
        size_t take = CONTENT_STRIPE - c->tail_len;

        if (take > text.len)
            take = text.len;
        memcpy(c->tail + c->tail_len, text.at, take);
        c->tail_len += take;
        text.at += take;
        text.len -= take;
        if (c->tail_len < CONTENT_STRIPE)
            return;
        add_stripe(c, c->tail);
        c->tail_len = 0;
    }
    for (; text.len >= CONTENT_STRIPE; text.at += CONTENT_STRIPE, text.len -= CONTENT_STRIPE)
        add_stripe(c, text.at);
    if (text.len) {
        memcpy(c->tail, text.at, text.len);
        c->tail_len = text.len;
    }
}

void content_mark(struct content *c, uint64_t kind, uint64_t a, uint64_t b)
{
    uint64_t v = (c->lane[0] ^ (c->bytes + kind * GOLDEN)) * MIX_TWO;

    v = (v ^ v >> 32 ^ a) * MIX_ONE;
    c->lane[0] = (v ^ v >> 32 ^ b) * MIX_TWO;
}

uint64_t content_end(const struct content *c)
{
    struct content rest = *c;
    uint64_t v = c->bytes * GOLDEN;

    if (c->bytes == 0)
        return 0;
    memset(rest.tail + rest.tail_len, 0, sizeof rest.tail - rest.tail_len);
    add_stripe(&rest, rest.tail);
    for (unsigned i = 0; i < CONTENT_LANES; i++)
        v = mixed(v ^ rest.lane[i]) + GOLDEN;
    return v ? v : 1;
}
