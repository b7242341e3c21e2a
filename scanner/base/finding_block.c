/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/finding_block.h"

enum bits { BIT_FACTS = 1 << 5, BIT_MORE = 1 << 6, BIT_LINE_IS_PLACE = 1 << 7 };

enum more {
    MORE_LINE = 1 << 0,
    MORE_PARAGRAPH = 1 << 1,
    MORE_CATEGORIES = 1 << 2,
    MORE_NEAR = 1 << 3,
    MORE_WORD = 1 << 4,
    MORE_AGAINST = 1 << 5,
    MORE_RECORDS = 1 << 6,
    MORE_ALL = (1 << 7) - 1
};

/* --- packing ---------------------------------------------------------------------------------- */

/* How many of the records behind the first are packed. */
static unsigned further_records(const struct packed_finding *f)
{
    uint64_t last = f->record;
    unsigned n = 0;

    for (unsigned i = 1; i < f->n_records && i < ENGINE_RECORDS_MAX; i++) {
        if (f->records[i] > last) {
            last = f->records[i];
            n++;
        }
    }
    return n;
}

static bool line_is_place(const struct packed_finding *f)
{
    return f->line != 0 && f->line == f->place.a;
}

static unsigned more_of(const struct packed_finding *f)
{
    unsigned more = 0;

    if (f->line != 0 && !line_is_place(f))
        more |= MORE_LINE;
    if (f->paragraph != (f->line != 0))
        more |= MORE_PARAGRAPH;
    if (f->categories)
        more |= MORE_CATEGORIES;
    if (f->categories_near)
        more |= MORE_NEAR;
    if (f->word)
        more |= MORE_WORD;
    if (f->word_against)
        more |= MORE_AGAINST;
    if (f->n_records > 1 && further_records(f) > 0)
        more |= MORE_RECORDS;
    return more;
}

static char *put_more(char *at, const struct packed_finding *f, unsigned more)
{
    *at++ = (char)more;
    if (more & MORE_LINE)
        at = varint_put(at, f->line);
    if (more & MORE_PARAGRAPH)
        at = varint_put(at, f->paragraph);
    if (more & MORE_CATEGORIES)
        at = varint_put(at, f->categories);
    if (more & MORE_NEAR)
        at = varint_put(at, f->categories_near);
    if (more & MORE_WORD) {
        at = varint_put(at, f->word);
        at = varint_put(at, f->word_distance);
    }
    if (more & MORE_AGAINST)
        at = varint_put(at, f->word_against);
    if (more & MORE_RECORDS) {
        uint64_t last = f->record;

        *at++ = (char)further_records(f);
        for (unsigned i = 1; i < f->n_records && i < ENGINE_RECORDS_MAX; i++) {
            if (f->records[i] > last) {
                at = varint_put(at, f->records[i] - last);
                last = f->records[i];
            }
        }
    }
    return at;
}

bool finding_block_add(struct buf *block, const struct packed_finding *f)
{
    char packed[FINDING_BYTES_MAX], *at = packed;
    unsigned more = more_of(f);

    *at++ = (char)f->kind;
    *at++ = (char)((unsigned)f->confidence | (unsigned)f->place.kind << 2 |
                   (f->has_facts ? BIT_FACTS : 0u) | (more ? BIT_MORE : 0u) |
                   (line_is_place(f) ? BIT_LINE_IS_PLACE : 0u));
    memcpy(at, f->token, sizeof f->token);
    at += sizeof f->token;
    at = varint_put(at, f->count);
    at = varint_put(at, f->place.a);
    at = varint_put(at, f->place.b);
    at = varint_put(at, f->record);
    at = varint_put(at, f->evidence);
    for (unsigned i = 0; f->has_facts && i < 4; i++)
        *at++ = (char)(f->facts >> (8 * i));
    if (more)
        at = put_more(at, f, more);
    return buf_add(block, packed, (size_t)(at - packed));
}

/* --- unpacking -------------------------------------------------------------------------------- */

/* Behind `at` as many bytes can be read as one finding can have. */
static inline uint64_t varint_take(const unsigned char **at, bool *bad)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned char byte = *(*at)++;

        if (shift == 63 && byte > 1)
            break;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return v;
    }
    *bad = true;
    return 0;
}

static inline uint64_t take_up_to(const unsigned char **at, uint64_t most, bool *bad)
{
    uint64_t v = varint_take(at, bad);

    *bad |= v > most;
    return v;
}

/* What has a bit of its own is never zero: it would stand there for nothing. */
static inline uint64_t take_some(const unsigned char **at, uint64_t most, bool *bad)
{
    uint64_t v = take_up_to(at, most, bad);

    *bad |= v == 0;
    return v;
}

static void take_records(const unsigned char **at, struct packed_finding *ret, bool *bad)
{
    unsigned n = *(*at)++;

    if (n == 0 || n >= ENGINE_RECORDS_MAX) {
        *bad = true;
        return;
    }
    for (unsigned i = 1; i <= n; i++)
        ret->records[i] =
            ret->records[i - 1] + take_some(at, UINT64_MAX - ret->records[i - 1], bad);
    ret->n_records = n + 1;
}

static void take_more(const unsigned char **at, struct packed_finding *ret, bool *bad)
{
    unsigned more = *(*at)++;

    if (more == 0 || (more & ~(unsigned)MORE_ALL) || (ret->line != 0 && (more & MORE_LINE))) {
        *bad = true;
        return;
    }
    if (more & MORE_LINE) {
        ret->line = (uint32_t)take_some(at, UINT32_MAX, bad);
        ret->paragraph = 1;
    }
    if (more & MORE_PARAGRAPH)
        ret->paragraph = (uint32_t)take_up_to(at, UINT32_MAX, bad);
    if (more & MORE_CATEGORIES)
        ret->categories = (uint32_t)take_some(at, UINT32_MAX, bad);
    if (more & MORE_NEAR)
        ret->categories_near = (uint32_t)take_some(at, UINT32_MAX, bad);
    if (more & MORE_WORD) {
        ret->word = (uint16_t)take_some(at, UINT16_MAX, bad);
        ret->word_distance = (uint16_t)take_up_to(at, UINT16_MAX, bad);
    }
    if (more & MORE_AGAINST)
        ret->word_against = (uint16_t)take_some(at, UINT16_MAX, bad);
    if (more & MORE_RECORDS)
        take_records(at, ret, bad);
}

bool finding_block_next(struct reader *r, unsigned kinds, struct packed_finding *ret)
{
    if (r->bad || r->at == r->end)
        return false;
    size_t left = (size_t)(r->end - r->at);
    unsigned char last[FINDING_BYTES_MAX];
    const unsigned char *from = (const unsigned char *)r->at, *at;

    /* The last ones of a block are read from a copy with zeros behind them, so that only their end
     * has to be compared with the block's. */
    if (left < FINDING_BYTES_MAX) {
        memcpy(last, r->at, left);
        memset(last + left, 0, sizeof last - left);
        from = last;
    }
    unsigned bits = from[1];

    ret->kind = from[0];
    ret->confidence = (enum confidence)(bits & 3);
    ret->place.kind = (enum place_kind)(bits >> 2 & 7);
    ret->has_facts = (bits & BIT_FACTS) != 0;
    memcpy(ret->token, from + FINDING_TOKEN_AT, TOKEN_BYTES);
    at = from + FINDING_TOKEN_AT + TOKEN_BYTES;
    ret->count = take_some(&at, UINT64_MAX, &r->bad);
    ret->place.a = varint_take(&at, &r->bad);
    ret->place.b = (uint32_t)take_up_to(&at, UINT32_MAX, &r->bad);
    ret->record = ret->records[0] = varint_take(&at, &r->bad);
    ret->n_records = 1;
    ret->evidence = (uint32_t)take_up_to(&at, UINT32_MAX, &r->bad);
    ret->facts = 0;
    for (unsigned i = 0; ret->has_facts && i < 4; i++)
        ret->facts |= (uint32_t)*at++ << (8 * i);
    ret->line = bits & BIT_LINE_IS_PLACE ? (uint32_t)ret->place.a : 0;
    ret->paragraph = ret->line != 0;
    ret->categories = ret->categories_near = 0;
    ret->word = ret->word_distance = ret->word_against = 0;
    if ((bits & BIT_LINE_IS_PLACE) && (ret->place.a == 0 || ret->place.a > UINT32_MAX))
        r->bad = true;
    if (bits & BIT_MORE)
        take_more(&at, ret, &r->bad);
    size_t len = (size_t)(at - from);

    if (len > left || ret->kind >= kinds || ret->confidence == CONFIDENCE_NONE ||
        ret->place.kind > PLACE_NAME)
        r->bad = true;
    if (r->bad)
        return false;
    r->at += len;
    return true;
}

/* --- folding ---------------------------------------------------------------------------------- */

/* The first records of both, rising. */
static void fold_records(struct packed_finding *into, const struct packed_finding *f)
{
    uint64_t all[ENGINE_RECORDS_MAX];
    unsigned i = 0, k = 0, n = 0;

    while (n < ENGINE_RECORDS_MAX && (i < into->n_records || k < f->n_records)) {
        uint64_t a = i < into->n_records ? into->records[i] : UINT64_MAX;
        uint64_t b = k < f->n_records ? f->records[k] : UINT64_MAX;

        all[n++] = a < b ? a : b;
        i += i < into->n_records && a <= b;
        k += k < f->n_records && b <= a;
    }
    memcpy(into->records, all, n * sizeof all[0]);
    into->n_records = n;
    into->record = all[0];
}

void finding_fold(struct packed_finding *into, const struct packed_finding *f)
{
    if (__builtin_add_overflow(into->count, f->count, &into->count))
        into->count = UINT64_MAX;
    if (f->confidence > into->confidence) {
        into->confidence = f->confidence;
        into->evidence = f->evidence;
        into->word = f->word;
        into->word_distance = f->word_distance;
        into->word_against = f->word_against;
    } else if (f->confidence == into->confidence) {
        into->evidence |= f->evidence;
        if (!into->word) {
            into->word = f->word;
            into->word_distance = f->word_distance;
        }
        if (!into->word_against)
            into->word_against = f->word_against;
    }
    if (!into->has_facts && f->has_facts) {
        into->has_facts = true;
        into->facts = f->facts;
    }
    into->categories |= f->categories;
    into->categories_near |= f->categories_near;
    fold_records(into, f);
}
