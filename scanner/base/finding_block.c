/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/finding_block.h"

bool finding_block_add(struct buf *block, const struct packed_finding *f)
{
    uint8_t bits = (uint8_t)((unsigned)f->confidence | (unsigned)f->place.kind << 2 |
                             (f->has_facts ? 32u : 0u));

    buf_add_u8(block, (uint8_t)f->kind);
    buf_add_u8(block, bits);
    buf_add_varint(block, f->count);
    buf_add_varint(block, f->place.a);
    buf_add_varint(block, f->place.b);
    buf_add_varint(block, f->record);
    buf_add_varint(block, f->evidence);
    if (f->has_facts)
        buf_add_u32(block, f->facts);
    return buf_add(block, f->token, sizeof f->token);
}

bool finding_block_next(struct reader *r, unsigned kinds, struct packed_finding *ret)
{
    if (r->bad || r->at == r->end)
        return false;
    *ret = (struct packed_finding){.kind = reader_u8(r)};
    uint8_t bits = reader_u8(r);

    ret->confidence = (enum confidence)(bits & 3);
    ret->place.kind = (enum place_kind)(bits >> 2 & 7);
    ret->has_facts = (bits & 32) != 0;
    ret->count = reader_varint(r);
    ret->place.a = reader_varint(r);
    uint64_t b = reader_varint(r);

    ret->record = reader_varint(r);
    uint64_t evidence = reader_varint(r);

    if (ret->has_facts)
        ret->facts = reader_u32(r);
    struct span token = reader_bytes(r, TOKEN_BYTES);

    if (ret->kind >= kinds || ret->confidence == CONFIDENCE_NONE || ret->place.kind > PLACE_NAME ||
        (bits & 0xc0) || b > UINT32_MAX || evidence > UINT32_MAX || ret->count == 0)
        r->bad = true;
    if (r->bad)
        return false;
    ret->place.b = (uint32_t)b;
    ret->evidence = (uint32_t)evidence;
    memcpy(ret->token, token.at, TOKEN_BYTES);
    return true;
}
