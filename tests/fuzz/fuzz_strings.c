/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
/* seeds: testdata/formats/binary */
/*
 * The strings in any bytes: in order, apart from each other, inside the bytes, and the same however
 * these are cut.  The first byte chooses the cuts.
 */
#include <stdlib.h>

#include "scanner/base/json.h"
#include "scanner/extract/strings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct found {
    uint64_t digest, last, least, end;
    bool any;
    struct span whole; /* what the offsets are in */
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* FNV-1a, 64 bits. */
static void digest(struct found *f, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        f->digest = (f->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static bool on_string(void *ctx, uint64_t offset, bool joined, struct span utf8)
{
    struct found *f = ctx;

    must(utf8.len > 0 && utf8.len <= 2 * STRINGS_PART);
    must(utf8_is_valid(utf8));
    must(!joined || f->any);
    must(!f->any || offset > f->last);
    must(offset >= f->least && offset < f->end);
    if (!joined) {
        must(utf8.len >= STRINGS_SHORTEST);
        digest(f, &offset, sizeof offset);
    }
    digest(f, utf8.at, utf8.len);
    f->last = offset;
    f->any = true;
    return true;
}

static struct found found_from(uint64_t base, size_t len)
{
    return (struct found){.digest = UINT64_C(0xcbf29ce484222325), .least = base, .end = base + len};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct span in = {(const char *)data + 1, size - 1};
    struct found whole = found_from(0, in.len), cut = whole, after = found_from(1000000, in.len);
    struct strings *one = strings_new(on_string, &whole), *two = strings_new(on_string, &cut);
    struct strings *three = strings_new(on_string, &after);
    uint32_t random = data[0];

    must(one && two && three);
    must(strings_feed(one, in) && strings_end(one));
    for (size_t at = 0, n; at < in.len; at += n) {
        random = random * 1664525u + 1013904223u;
        n = 1 + (random >> 8) % (random % 8 == 0 ? 700 : 20);
        if (n > in.len - at)
            n = in.len - at;
        must(strings_feed(two, (struct span){in.at + at, n}));
    }
    must(strings_end(two));
    must(whole.digest == cut.digest);

    must(strings_jump(three, 1000000) && strings_feed(three, in) && strings_end(three));
    must(after.any == whole.any);
    strings_free(one);
    strings_free(two);
    strings_free(three);
    return 0;
}
