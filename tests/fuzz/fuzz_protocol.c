/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_protocol */
/*
 * fuzz_protocol.c - what the parent decodes of a helper's pipe, and the helper of its socket.
 *
 * The first byte chooses: a stream of records, or a message down.  A record that is taken is
 * encoded again and must be taken again, with the same meaning.
 */
#include <stdint.h>
#include <stdlib.h>

#include "scanner/helper/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct member_record *m)
{
    struct member_record back;
    struct buf b;

    buf_init(&b, 2 * RECORD_MAX);
    if (!member_encode(m, &b) || !member_decode(buf_span(&b), &back) || back.member != m->member ||
        back.outcome != m->outcome || !span_equal(back.name, m->name) ||
        !span_equal(back.chance, m->chance))
        abort();
    buf_release(&b);
}

static void records(struct span bytes)
{
    struct reader r = reader_of(bytes);
    enum record_type type;
    struct span payload;

    while (record_next(&r, &type, &payload) == 1) {
        struct member_record member;
        struct findings_record findings;
        struct ready ready;
        uint32_t item;

        switch (type) {
        case RECORD_READY:
            ready_decode(payload, &ready);
            break;
        case RECORD_MEMBER:
            if (member_decode(payload, &member))
                again(&member);
            break;
        case RECORD_FINDINGS:
            if (findings_decode(payload, &findings) && findings.count == 0)
                abort();
            break;
        case RECORD_DONE:
            done_decode(payload, &item);
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct batch_item items[BATCH_MAX];
    struct setup setup;

    if (size == 0)
        return 0;
    struct span bytes = {(const char *)data + 1, size - 1};

    if (data[0] % 3 == 0)
        records(bytes);
    else if (data[0] % 3 == 1)
        batch_decode(bytes, items);
    else
        setup_decode(bytes, &setup);
    return 0;
}
