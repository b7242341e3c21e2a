/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * finding_block.h - findings of one item, packed: the form in which they cross the pipe and in
 * which the inventory stores them (docs/inventory.md, table finding_block).
 *
 * A dump of a population register holds millions of findings; a row of its own for each costs
 * more than finding them.  So an item's findings are one or more blocks of at most
 * FINDING_BLOCK_MAX bytes, decoded on the way out by whoever streams them.
 *
 * Layout of a block: for each finding
 *     u8      kind        index into the case's table of detectors
 *     u8      confidence (bits 0-1), place kind (bits 2-4), has facts (bit 5), `more` follows
 *             (bit 6), the line is place a (bit 7)
 *     16      token
 *     varint  count
 *     varint  place a, varint place b
 *     varint  record
 *     varint  evidence
 *     u32     facts, masked with a key stream of the token under the case key; only if bit 5
 *     u8      more; what follows stands there only where its bit is set:
 *               0  varint line
 *               1  varint paragraph; without it 1 where there is a line, 0 where there is none
 *               2  varint categories
 *               3  varint categories near
 *               4  varint word, varint its distance
 *               5  varint word against
 *               6  u8 how many further records (1 to 7), then for each a varint: how far behind
 *                  the one before
 * Decoding checks every length and every enumeration: a block from a helper is hostile input.
 */
#ifndef CONSTAT_FINDING_BLOCK_H
#define CONSTAT_FINDING_BLOCK_H

#include "detectors/engine.h"
#include "scanner/base/buf.h"

enum { TOKEN_BYTES = 16, FINDING_BLOCK_MAX = 256 * 1024 };

/* The most bytes that one finding can have, and where its token stands in them. */
enum {
    FINDING_TOKEN_AT = 2,
    FINDING_BYTES_MAX =
        2 + TOKEN_BYTES + 5 * VARINT_MAX + 4 + 2 + 7 * VARINT_MAX + ENGINE_RECORDS_MAX * VARINT_MAX
};

struct packed_finding {
    unsigned kind;
    enum confidence confidence;
    struct place place;
    uint64_t count, record;
    uint32_t evidence;
    bool has_facts;
    uint32_t facts; /* still masked: see keys.h */
    /* As struct finding has them; records[0] == record.  What is packed is `record` and those of
     * `records` that go on rising from it. */
    uint64_t records[ENGINE_RECORDS_MAX];
    unsigned n_records;
    uint32_t line, paragraph, categories, categories_near;
    uint16_t word, word_distance, word_against; /* a distance only with a word */
    unsigned char token[TOKEN_BYTES];
};

bool finding_block_add(struct buf *block, const struct packed_finding *f);
/* False at the end of the block or when it is damaged (then r->bad).  `kinds`: number of kinds
 * that exist; a higher index is damage.  n_records is 1 at least; of `records` only so many are
 * set. */
bool finding_block_next(struct reader *r, unsigned kinds, struct packed_finding *ret);

/* The same (kind, token) of one document again: counts are added, the place stays that of `into`,
 * which came first, and the reasons are those of the best confidence. */
void finding_fold(struct packed_finding *into, const struct packed_finding *f);

#endif
