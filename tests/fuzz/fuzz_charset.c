/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
/* seeds: testdata/formats/charset */
/*
 * Any bytes in any encoding become valid UTF-8 of bounded length, the same however they are cut.
 * The first byte chooses the encoding (0: the one that is detected), the second the cuts.
 */
#include <stdlib.h>

#include "scanner/base/json.h"
#include "scanner/extract/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void decode_cut(enum charset charset, struct span in, uint32_t random, struct buf *out)
{
    struct charset_decoder d;

    charset_decoder_init(&d, charset);
    while (in.len > 0) {
        random = random * 1664525u + 1013904223u;
        size_t n = 1 + (random >> 8) % 9;

        if (n > in.len)
            n = in.len;
        struct span piece = {in.at, n};
        size_t plain = charset_skip_plain(&d, piece);

        must(plain <= n);
        must(buf_add(out, piece.at, plain));
        must(charset_decode(&d, (struct span){piece.at + plain, n - plain}, false, out));
        in = (struct span){in.at + n, in.len - n};
    }
    must(charset_decode(&d, (struct span){NULL, 0}, true, out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole, cut;

    if (size < 2)
        return 0;
    struct span in = {(const char *)data + 2, size - 2};
    enum charset charset = data[0] % CHARSET_COUNT;
    enum charset detected = charset_detect(in, true);

    must(detected > CHARSET_UNKNOWN && detected < CHARSET_COUNT);
    must(charset_detect(in, false) < CHARSET_COUNT);
    must(charset_detect_unit(in) < CHARSET_COUNT);
    must(charset_textness(in) <= 100);
    must(charset_from_label(in) < CHARSET_COUNT);
    must(ascii_run(in.at, in.len) <= in.len);
    if (charset == CHARSET_UNKNOWN)
        charset = detected;
    must(charset_from_label(span_of(charset_name(charset))) != CHARSET_UNKNOWN);

    buf_init(&whole, 3 * in.len + 64);
    buf_init(&cut, 3 * in.len + 64);
    must(charset_convert(charset, in, &whole));
    must(whole.len <= 3 * in.len + 16);
    must(utf8_is_valid(buf_span(&whole)));
    decode_cut(charset, in, data[1], &cut);
    must(span_equal(buf_span(&whole), buf_span(&cut)));
    buf_release(&whole);
    buf_release(&cut);
    return 0;
}
