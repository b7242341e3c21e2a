/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/* seeds: testdata/lexicon */
/*
 * Any bytes as text: filters, vectors and cuts change nothing of what the lexicon finds.  The first
 * byte says where the cuts are.
 */
#include "tests/lexicon_reference.h"

enum { TEXT_MOST = FOUND_MAX };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_be_same(const struct found_list *a, const struct found_list *b)
{
    must(a->n == b->n);
    for (size_t i = 0; i < a->n; i++)
        must(a->all[i].at == b->all[i].at && a->all[i].len == b->all[i].len &&
             a->all[i].entry.categories == b->all[i].entry.categories &&
             a->all[i].entry.wakes == b->all[i].entry.wakes &&
             a->all[i].entry.term == b->all[i].entry.term);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lexicon *l;
    static struct found_list want, got;
    word_starts_fn *const kinds[] = {word_starts_portable, word_starts_sse2(), word_starts_avx2()};
    struct span text = {(const char *)data + 1, size - 1};
    uint32_t random;

    if (size < 2)
        return 0;
    if (!l && !(l = lexicon_new()))
        return 0;
    if (text.len > TEXT_MOST)
        text.len = TEXT_MOST;
    reference(l, text, &want);
    for (size_t i = 0; i < want.n; i++) {
        must(want.all[i].len > 0 && want.all[i].len <= LEXICON_LONGEST);
        must(want.all[i].at + want.all[i].len <= text.len);
        must(!want.all[i].entry.categories || *lexicon_term(l, want.all[i].entry.term));
    }
    for (unsigned k = 0; k < 3; k++) {
        if (!kinds[k])
            continue;
        got.n = 0;
        lexicon_scan_with(l, kinds[k], text, 0, text.len, on_found, &got);
        must_be_same(&want, &got);
    }
    random = data[0] + 1u;
    got.n = 0;
    for (size_t at = 0; at < text.len;) {
        size_t to;

        random = random * 1664525u + 1013904223u;
        to = at + 1 + (random >> 8) % (data[0] % 2 ? 9 : 200);
        if (to > text.len)
            to = text.len;
        lexicon_scan(l, text, at, to, on_found, &got);
        at = to;
    }
    must_be_same(&want, &got);
    return 0;
}
