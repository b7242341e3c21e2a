/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: base */
/*
 * Any bytes written as a JSON string are read back as themselves, repaired; any bytes read as a
 * list of strings give strings that are written and read back the same.
 */
#include <stdlib.h>

#include "scanner/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* The only string of a list. */
static void read_one(struct span list, struct buf *ret)
{
    struct reader r = reader_of(list);
    struct buf none;

    must(json_list_next(&r, ret));
    buf_init(&none, 16);
    must(!json_list_next(&r, &none) && !r.bad);
    buf_release(&none);
}

static void round_trip(struct span bytes)
{
    struct buf repaired, list, back;

    buf_init(&repaired, 3 * bytes.len + 16);
    buf_init(&list, 6 * bytes.len + 16);
    buf_init(&back, 3 * bytes.len + 16);
    must(utf8_repair(bytes, &repaired));
    must(utf8_is_valid(buf_span(&repaired)));
    must(!utf8_is_valid(bytes) || span_equal(bytes, buf_span(&repaired)));
    struct json j = json_to(&list);

    json_array(&j);
    json_string(&j, bytes);
    json_end_array(&j);
    must(!list.failed);
    for (size_t i = 0; i < list.len; i++)
        must((unsigned char)list.at[i] >= 0x20 && list.at[i] != '<');
    read_one(buf_span(&list), &back);
    must(span_equal(buf_span(&back), buf_span(&repaired)));
    buf_release(&repaired);
    buf_release(&list);
    buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    struct reader r = reader_of(bytes);
    struct buf name;

    round_trip(bytes);
    buf_init(&name, 1 << 16);
    while (json_list_next(&r, &name))
        round_trip(buf_span(&name));
    must(r.bad || r.at == r.end);
    buf_release(&name);
    return 0;
}
