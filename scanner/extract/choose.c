/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * choose.c - which format an item is read as.
 *
 * The highest bid wins.  Two formats that bid the same on the same bytes are a mistake which the
 * samples under testdata/formats are there to show; so that the result never depends on the order
 * of extractors.list, the id that comes first in the alphabet wins such a tie.
 */
#include "scanner/extract/extractor.h"

#include <string.h>

const struct extractor *const extractors[] = {
#define EXTRACTOR(name) &extract_##name,
#include "scanner/extract/extractors.list"
#undef EXTRACTOR
    NULL,
};

static bool is_whole(const struct head *head)
{
    return head->size >= 0 && (uint64_t)head->size == head->bytes.len;
}

void head_take(struct head *head)
{
    charset_look(head->bytes, is_whole(head), &head->text);
}

unsigned head_textness(const struct head *head)
{
    return head->text.taken ? head->text.textness : charset_textness(head->bytes);
}

bool head_begins_as_text(const struct head *head)
{
    enum { START = 4096, ENOUGH = 90 };

    /* Where not one byte of all speaks against it, none of the first does. */
    if (head->bytes.len <= START || (head->text.taken && head->text.textness == 100))
        return head_textness(head) >= ENOUGH;
    return charset_textness((struct span){head->bytes.at, START}) >= ENOUGH;
}

enum charset head_charset(const struct head *head)
{
    if (head->text.taken && head->text.charset != CHARSET_UNKNOWN)
        return head->text.charset;
    return charset_detect(head->bytes, is_whole(head));
}

const struct extractor *extractor_choose(const struct head *head)
{
    const struct extractor *best = &extract_binary;
    unsigned best_bid = best->bid(head);

    for (size_t i = 0; extractors[i]; i++) {
        const struct extractor *e = extractors[i];

        if (e == &extract_binary)
            continue;
        unsigned bid = e->bid(head);

        if (bid > best_bid || (bid == best_bid && bid > 0 && strcmp(e->id, best->id) < 0)) {
            best = e;
            best_bid = bid;
        }
    }
    return best;
}

bool extractors_prepare(void)
{
    bool all = true;

    for (size_t i = 0; extractors[i]; i++) {
        if (extractors[i]->prepare && !extractors[i]->prepare())
            all = false;
    }
    return all;
}
