/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_side */
/*
 * Any bytes as a name: what is not masked stays as it is, byte by byte, and no e-mail address is
 * left between masks.  (Whether a bare number is an identifier depends on what stands around it.)
 */
#include <stdlib.h>

#include "scanner/base/finding_block.h"
#include "scanner/helper/names.h"

enum { TODAY = 20261123, ROOM = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void on_finding(void *ctx, const struct finding *f)
{
    (void)ctx, (void)f;
}

static void on_occurrence(void *ctx, const struct occurrence *o)
{
    if (strcmp(detectors[o->kind]->kind, "email") == 0)
        *(bool *)ctx = true;
}

static bool holds_address(struct engine *e, struct span text)
{
    bool any = false;
    const struct engine_sink sink = {&any, on_finding, on_occurrence};

    engine_begin(e, ORIGIN_NAME, &sink);
    must(engine_text(e, text));
    engine_end(e, NULL);
    return any;
}

/* Length of "[kind:01234567]" at the start, 0 if there is none. */
static size_t mask_length(struct span s)
{
    for (unsigned k = 0; k < detectors_count; k++) {
        size_t len = strlen(detectors[k]->kind);

        if (s.len >= len + 11 && s.at[0] == '[' && memcmp(s.at + 1, detectors[k]->kind, len) == 0 &&
            s.at[len + 1] == ':' && strspn(s.at + len + 2, "0123456789abcdef") >= 8 &&
            s.at[len + 10] == ']')
            return len + 11;
    }
    return 0;
}

static void check_left(struct engine *e, struct span name, struct span masked)
{
    size_t at = 0, from = 0;

    for (size_t i = 0; i <= masked.len;) {
        size_t mask = mask_length((struct span){masked.at + i, masked.len - i});

        if (mask == 0 && i < masked.len) {
            i++;
            continue;
        }
        /* What is left comes from the name, in its order. */
        struct span left = {masked.at + from, i - from};
        const char *found =
            left.len > 0 ? memmem(name.at + at, name.len - at, left.at, left.len) : name.at + at;

        must(found != NULL);
        at = (size_t)(found - name.at) + left.len;
        must(!holds_address(e, left));
        i += mask > 0 ? mask : 1;
        from = i;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct case_keys keys;
    static struct names *names;
    static struct engine *engine;
    struct span name = {(const char *)data, size};
    struct buf masked, block;
    uint64_t findings = 0, told = 0;
    bool hit = false;

    if (size == 0 || size > 4096)
        return 0;
    if (!names) {
        static const unsigned char key[CASE_KEY_BYTES] = "a key for tests, of 32 bytes: 12";

        must(keys_start());
        keys_derive(&keys, key);
        names = names_new(TODAY, &keys);
        engine = engine_new(TODAY);
        must(names && engine);
    }
    buf_init(&masked, ROOM);
    buf_init(&block, ROOM);
    must(name_mask(names, name, &masked, &block, &findings, &hit));
    must(hit || span_equal(buf_span(&masked), name));
    if (hit)
        check_left(engine, name, buf_span(&masked));

    struct reader r = reader_of(buf_span(&block));
    struct packed_finding f;

    while (finding_block_next(&r, detectors_count, &f)) {
        must(f.place.kind == PLACE_NAME);
        must(hit || (detectors[f.kind]->anchors & ANCHOR_TERM));
        told++;
    }
    must(!r.bad && told == findings);
    buf_release(&masked);
    buf_release(&block);
    return 0;
}
