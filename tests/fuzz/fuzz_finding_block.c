/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: base */
/* A block from a helper is hostile input: what decodes must encode to something that decodes to
 * the same. */
#include <stdlib.h>

#include "scanner/base/finding_block.h"
#include "scanner/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = {(const char *)data, size};
    struct reader r = reader_of(input);
    struct packed_finding f, again;
    struct buf block;

    buf_init(&block, 1000);
    while (finding_block_next(&r, 64, &f)) {
        buf_clear(&block);
        if (!finding_block_add(&block, &f))
            abort();
        struct reader back = reader_of(buf_span(&block));

        if (!finding_block_next(&back, 64, &again) || back.at != back.end || again.kind != f.kind ||
            again.count != f.count || again.record != f.record || again.place.a != f.place.a ||
            again.place.b != f.place.b || memcmp(again.token, f.token, sizeof f.token) != 0)
            abort();
        if (again.n_records != f.n_records ||
            memcmp(again.records, f.records, f.n_records * sizeof f.records[0]) != 0 ||
            again.line != f.line || again.paragraph != f.paragraph ||
            again.categories != f.categories || again.categories_near != f.categories_near ||
            again.word != f.word || again.word_distance != f.word_distance ||
            again.word_against != f.word_against)
            abort();
    }
    buf_release(&block);

    /* Lists of names are read from the same kind of bytes. */
    struct buf name;

    buf_init(&name, 4096);
    r = reader_of(input);
    while (json_list_next(&r, &name))
        ;
    buf_release(&name);
    return 0;
}
