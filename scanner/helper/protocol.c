/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * protocol.c - records and messages to bytes and back.
 *
 * Everything decoded here may come from a process that a hostile file has taken over: lengths are
 * checked by struct reader, enumerations and words here, and what is left over at the end of a
 * payload is damage too.
 */
#include "scanner/helper/protocol.h"

/* First word of each message down, so that one is never taken for the other. */
#define SETUP_MAGIC 0x53545331u /* "1STS" */
#define BATCH_MAGIC 0x42545331u /* "1STB" */

enum { RECORD_HEAD = 5 };

static void add_limits(struct buf *out, const struct limits *l)
{
    buf_add_u32(out, l->depth);
    buf_add_u64(out, l->bytes);
    buf_add_u64(out, l->members);
    buf_add_u32(out, l->ratio);
    buf_add_u64(out, l->spool);
    buf_add_u64(out, l->seconds_base);
    buf_add_u64(out, l->seconds_per_gib);
    buf_add_u64(out, l->seconds_cap);
}

static void read_limits(struct reader *r, struct limits *ret)
{
    ret->depth = reader_u32(r);
    ret->bytes = reader_u64(r);
    ret->members = reader_u64(r);
    ret->ratio = reader_u32(r);
    ret->spool = reader_u64(r);
    ret->seconds_base = reader_u64(r);
    ret->seconds_per_gib = reader_u64(r);
    ret->seconds_cap = reader_u64(r);
}

bool setup_encode(const struct setup *s, struct buf *ret)
{
    buf_add_u32(ret, SETUP_MAGIC);
    buf_add(ret, s->case_key, sizeof s->case_key);
    add_limits(ret, &s->limits);
    buf_add_u32(ret, s->today);
    buf_add_u64(ret, s->memory_limit);
    buf_add_u64(ret, s->data_limit);
    return buf_add_u8(ret, s->no_sandbox) && !ret->failed;
}

bool setup_decode(struct span message, struct setup *ret)
{
    struct reader r = reader_of(message);
    struct setup s = {0};

    if (reader_u32(&r) != SETUP_MAGIC)
        return false;
    struct span key = reader_bytes(&r, sizeof s.case_key);

    read_limits(&r, &s.limits);
    s.today = reader_u32(&r);
    s.memory_limit = reader_u64(&r);
    s.data_limit = reader_u64(&r);
    uint8_t no_sandbox = reader_u8(&r);

    if (r.bad || r.at != r.end || no_sandbox > 1)
        return false;
    memcpy(s.case_key, key.at, sizeof s.case_key);
    s.no_sandbox = no_sandbox == 1;
    *ret = s;
    explicit_bzero(s.case_key, sizeof s.case_key);
    return true;
}

bool batch_encode(const struct batch_item *items, unsigned n, struct buf *ret)
{
    buf_add_u32(ret, BATCH_MAGIC);
    buf_add_u32(ret, n);
    for (unsigned i = 0; i < n; i++) {
        const struct batch_item *item = &items[i];

        buf_add_u32(ret, item->flags);
        buf_add_u64(ret, item->size);
        buf_add_block(ret, item->root);
        buf_add_block(ret, item->path);
        buf_add_u32(ret, item->name_at);
        buf_add_u8(ret, (uint8_t)item->n_suspects);
        for (unsigned s = 0; s < item->n_suspects; s++) {
            buf_add_varint(ret, item->suspects[s].member);
            buf_add_u8(ret, item->suspects[s].lost);
        }
    }
    return !ret->failed && ret->len <= BATCH_BYTES;
}

static bool read_batch_item(struct reader *r, struct batch_item *ret)
{
    ret->flags = reader_u32(r);
    ret->size = reader_u64(r);
    ret->root = reader_block(r);
    ret->path = reader_block(r);
    ret->name_at = reader_u32(r);
    ret->n_suspects = reader_u8(r);
    if (r->bad || (ret->flags & ~(uint32_t)ITEM_FLAGS) || ret->name_at > ret->path.len ||
        ret->n_suspects > SUSPECTS_MAX)
        return false;
    for (unsigned s = 0; s < ret->n_suspects; s++) {
        uint64_t member = reader_varint(r);
        uint8_t lost = reader_u8(r);

        if (r->bad || lost > 1 || member <= (s > 0 ? ret->suspects[s - 1].member : 0))
            return false;
        ret->suspects[s] = (struct suspect){member, lost == 1};
    }
    return true;
}

int batch_decode(struct span message, struct batch_item ret[BATCH_MAX])
{
    struct reader r = reader_of(message);

    if (reader_u32(&r) != BATCH_MAGIC)
        return -1;
    uint32_t n = reader_u32(&r);

    if (r.bad || n == 0 || n > BATCH_MAX)
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        if (!read_batch_item(&r, &ret[i]))
            return -1;
    }
    return r.at == r.end ? (int)n : -1;
}

bool protocol_word(struct span word)
{
    if (word.len > 64)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

static bool printable(struct span text, size_t longest)
{
    if (text.len > longest)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < 0x20 || text.at[i] > 0x7e)
            return false;
    }
    return true;
}

bool member_encode(const struct member_record *m, struct buf *ret)
{
    buf_add_u32(ret, m->item);
    buf_add_varint(ret, m->member);
    buf_add_varint(ret, m->parent);
    buf_add_block(ret, m->name);
    buf_add_block(ret, m->sealed);
    buf_add_u8(ret, m->name_has_finding);
    buf_add_u64(ret, (uint64_t)m->size);
    buf_add_u64(ret, (uint64_t)m->mtime);
    buf_add_u32(ret, m->mode);
    buf_add_block(ret, m->owner);
    buf_add_u8(ret, (uint8_t)m->outcome);
    buf_add_block(ret, m->reason);
    buf_add_block(ret, m->media_type);
    buf_add_block(ret, m->extractor);
    buf_add_varint(ret, m->text_bytes);
    buf_add_varint(ret, m->records);
    buf_add_u8(ret, (uint8_t)m->unit);
    buf_add_varint(ret, m->findings);
    buf_add_block(ret, m->chance);
    buf_add_u64(ret, m->content);
    return !ret->failed;
}

/* kind, candidates, passed, unsupported, unsupported passed: the kind must exist, no more can pass
 * than were seen, and a part is no more than the whole. */
static bool chance_ok(struct span chance)
{
    struct reader r = reader_of(chance);

    while (!r.bad && r.at != r.end) {
        uint64_t kind = reader_varint(&r), candidates = reader_varint(&r);
        uint64_t passed = reader_varint(&r);
        uint64_t unsupported = reader_varint(&r), unsupported_passed = reader_varint(&r);

        if (kind >= detectors_count || passed > candidates || unsupported > candidates ||
            unsupported_passed > passed || unsupported_passed > unsupported)
            return false;
    }
    return !r.bad;
}

bool member_decode(struct span payload, struct member_record *ret)
{
    struct reader r = reader_of(payload);
    struct member_record m = {.item = reader_u32(&r)};

    m.member = reader_varint(&r);
    m.parent = reader_varint(&r);
    m.name = reader_block(&r);
    m.sealed = reader_block(&r);
    uint8_t name_has_finding = reader_u8(&r);

    m.size = (int64_t)reader_u64(&r);
    m.mtime = (int64_t)reader_u64(&r);
    m.mode = reader_u32(&r);
    m.owner = reader_block(&r);
    uint8_t outcome = reader_u8(&r);

    m.reason = reader_block(&r);
    m.media_type = reader_block(&r);
    m.extractor = reader_block(&r);
    m.text_bytes = reader_varint(&r);
    m.records = reader_varint(&r);
    uint8_t unit = reader_u8(&r);

    m.findings = reader_varint(&r);
    m.chance = reader_block(&r);
    m.content = reader_u64(&r);
    if (r.bad || r.at != r.end || name_has_finding > 1 || m.size < -1 || outcome >= OUTCOME_COUNT ||
        unit > PLACE_NAME)
        return false;
    if (m.member == 0 ? m.parent != 0 : m.parent >= m.member)
        return false;
    if (!protocol_word(m.reason) || !printable(m.media_type, 127) || !protocol_word(m.extractor) ||
        m.owner.len > 256 || !chance_ok(m.chance))
        return false;
    m.name_has_finding = name_has_finding == 1;
    m.outcome = (enum outcome)outcome;
    m.unit = (enum place_kind)unit;
    m.encoded = payload;
    *ret = m;
    return true;
}

bool ready_encode(const struct ready *r, struct buf *ret)
{
    buf_add_u32(ret, r->landlock_abi);
    buf_add_u8(ret, r->seccomp);
    return buf_add_u32(ret, r->missing) && !ret->failed;
}

bool ready_decode(struct span payload, struct ready *ret)
{
    struct reader r = reader_of(payload);
    struct ready ready = {.landlock_abi = reader_u32(&r)};
    uint8_t seccomp = reader_u8(&r);

    ready.missing = reader_u32(&r);
    if (r.bad || r.at != r.end || seccomp > 1)
        return false;
    ready.seccomp = seccomp == 1;
    *ret = ready;
    return true;
}

bool findings_encode(uint32_t item, uint64_t member, struct span block, struct buf *ret)
{
    buf_add_u32(ret, item);
    buf_add_u64(ret, member);
    return buf_add_span(ret, block) && !ret->failed;
}

bool findings_decode(struct span payload, struct findings_record *ret)
{
    struct reader r = reader_of(payload);
    struct findings_record record = {.item = reader_u32(&r)};

    record.member = reader_u64(&r);
    if (r.bad)
        return false;
    record.block = (struct span){r.at, (size_t)(r.end - r.at)};
    if (record.block.len == 0 || record.block.len > FINDING_BLOCK_MAX)
        return false;
    struct reader findings = reader_of(record.block);
    struct packed_finding f;

    while (finding_block_next(&findings, detectors_count, &f))
        record.count++;
    if (findings.bad)
        return false;
    *ret = record;
    return true;
}

bool done_encode(uint32_t item, struct buf *ret)
{
    return buf_add_u32(ret, item);
}

bool done_decode(struct span payload, uint32_t *ret_item)
{
    struct reader r = reader_of(payload);
    uint32_t item = reader_u32(&r);

    if (r.bad || r.at != r.end)
        return false;
    *ret_item = item;
    return true;
}

size_t record_begin(struct buf *out, enum record_type type)
{
    size_t begin = out->len;

    buf_add_u32(out, 0); /* the length, set by record_end */
    buf_add_u8(out, (uint8_t)type);
    return begin;
}

void record_end(struct buf *out, size_t begin)
{
    if (out->failed || out->len < begin + RECORD_HEAD)
        return;
    size_t len = out->len - begin - RECORD_HEAD;

    if (len > RECORD_MAX) {
        out->failed = true;
        return;
    }
    for (unsigned i = 0; i < 4; i++)
        out->at[begin + i] = (char)(unsigned char)(len >> (8 * i));
}

int record_next(struct reader *r, enum record_type *ret_type, struct span *ret_payload)
{
    size_t have = (size_t)(r->end - r->at);
    struct reader peek = *r;

    if (r->bad)
        return -1;
    if (have < RECORD_HEAD)
        return 0;
    uint32_t len = reader_u32(&peek);
    uint8_t type = reader_u8(&peek);

    if (len > RECORD_MAX || type < RECORD_READY || type > RECORD_DONE) {
        r->bad = true;
        return -1;
    }
    if (have - RECORD_HEAD < len)
        return 0;
    *ret_type = (enum record_type)type;
    *ret_payload = reader_bytes(&peek, len);
    *r = peek;
    return 1;
}
