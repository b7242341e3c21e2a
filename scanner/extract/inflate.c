/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/inflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct inflate {
    struct inflate_state state;
};

struct inflate *inflate_new(void)
{
    return calloc(1, sizeof(struct inflate));
}

void inflate_free(struct inflate *i)
{
    free(i);
}

static void give(struct inflate_state *state, struct span packed, void *to, size_t room)
{
    /* ISA-L only reads from it, and the two counters are 32 bits wide. */
    state->next_in = (uint8_t *)(uintptr_t)packed.at;
    state->avail_in = packed.len > UINT32_MAX ? UINT32_MAX : (uint32_t)packed.len;
    state->next_out = to;
    state->avail_out = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room;
}

bool inflate_whole(struct inflate *i, struct span packed, void *to, size_t size)
{
    if (packed.len > UINT32_MAX || size >= UINT32_MAX)
        return false;
    inflate_start(i);
    /* Room for one more shows a stream that is longer than it should be. */
    give(&i->state, packed, to, size + 1);
    return isal_inflate_stateless(&i->state) == ISAL_DECOMP_OK && i->state.total_out == size &&
           i->state.avail_in == 0;
}

void inflate_start(struct inflate *i)
{
    isal_inflate_init(&i->state);
    i->state.crc_flag = ISAL_DEFLATE;
}

enum inflate_step inflate_some(struct inflate *i, struct span *packed, void *to, size_t room,
                               size_t *ret_given)
{
    give(&i->state, *packed, to, room);
    uint32_t had_in = i->state.avail_in, had_out = i->state.avail_out;
    int r = isal_inflate(&i->state);
    size_t taken = had_in - i->state.avail_in;

    *ret_given = had_out - i->state.avail_out;
    *packed = (struct span){packed->at + taken, packed->len - taken};
    if (r < 0 || r == ISAL_NEED_DICT)
        return INFLATE_BAD;
    return i->state.block_state == ISAL_BLOCK_FINISH ? INFLATE_END : INFLATE_MORE;
}

uint32_t crc32_of(uint32_t before, struct span bytes)
{
    return crc32_gzip_refl(before, (const unsigned char *)bytes.at, bytes.len);
}
