/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/finding_block.h"

enum { FINDING_MAX = 2 + 5 * VARINT_MAX + 4 + TOKEN_BYTES };

bool finding_block_add(struct buf *block, const struct packed_finding *f)
{
    char packed[FINDING_MAX], *at = packed;

    *at++ = (char)f->kind;
    *at++ =
        (char)((unsigned)f->confidence | (unsigned)f->place.kind << 2 | (f->has_facts ? 32u : 0u));
    at = varint_put(at, f->count);
    at = varint_put(at, f->place.a);
    at = varint_put(at, f->place.b);
    at = varint_put(at, f->record);
    at = varint_put(at, f->evidence);
    for (unsigned i = 0; f->has_facts && i < 4; i++)
        *at++ = (char)(f->facts >> (8 * i));
    memcpy(at, f->token, sizeof f->token);
    at += sizeof f->token;
    return buf_add(block, packed, (size_t)(at - packed));
}

/* Behind `at` as many bytes can be read as one finding can have. */
static inline uint64_t varint_take(const unsigned char **at, bool *bad)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned char byte = *(*at)++;

        if (shift == 63 && byte > 1)
            break;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return v;
    }
    *bad = true;
    return 0;
}

bool finding_block_next(struct reader *r, unsigned kinds, struct packed_finding *ret)
{
    if (r->bad || r->at == r->end)
        return false;
    size_t left = (size_t)(r->end - r->at);
    unsigned char last[FINDING_MAX];
    const unsigned char *from = (const unsigned char *)r->at, *at;

    /* The last ones of a block are read from a copy with zeros behind them, so that only their end
     * has to be compared with the block's. */
    if (left < FINDING_MAX) {
        memset(last, 0, sizeof last);
        memcpy(last, r->at, left);
        from = last;
    }
    unsigned bits = from[1];

    at = from + 2;
    ret->kind = from[0];
    ret->confidence = (enum confidence)(bits & 3);
    ret->place.kind = (enum place_kind)(bits >> 2 & 7);
    ret->has_facts = (bits & 32) != 0;
    ret->count = varint_take(&at, &r->bad);
    ret->place.a = varint_take(&at, &r->bad);
    uint64_t b = varint_take(&at, &r->bad);

    ret->record = varint_take(&at, &r->bad);
    uint64_t evidence = varint_take(&at, &r->bad);

    ret->place.b = (uint32_t)b;
    ret->evidence = (uint32_t)evidence;
    ret->facts = 0;
    for (unsigned i = 0; ret->has_facts && i < 4; i++)
        ret->facts |= (uint32_t)*at++ << (8 * i);
    memcpy(ret->token, at, TOKEN_BYTES);
    size_t len = (size_t)(at - from) + TOKEN_BYTES;

    if (len > left || ret->kind >= kinds || ret->confidence == CONFIDENCE_NONE ||
        ret->place.kind > PLACE_NAME || (bits & 0xc0) || b > UINT32_MAX || evidence > UINT32_MAX ||
        ret->count == 0)
        r->bad = true;
    if (r->bad)
        return false;
    r->at += len;
    return true;
}
