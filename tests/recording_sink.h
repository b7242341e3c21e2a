/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * recording_sink.h - a sink for tests that writes down everything it is given: the text of all
 * items one after the other with the marks in it, and a line "path: outcome reason" for each item.
 */
#ifndef CONSTAT_TESTS_RECORDING_SINK_H
#define CONSTAT_TESTS_RECORDING_SINK_H

#include <stdlib.h>

#include "scanner/base/buf.h"
#include "scanner/extract/charset.h"
#include "scanner/extract/extractor.h"
#include "scanner/extract/sniff.h"

struct recording {
    struct buf text;   /* marks as [table 1] [2,3] [/table] [page 1] [record] */
    struct buf ledger; /* a line an item */
    struct budget budget;
    uint64_t items;
    bool quiet; /* keep nothing but the count */
};

struct recording_level {
    struct recording *recording;
    const struct recording_level *above;
    struct span name;
    struct ending worst;
    struct sink sink;
};

static inline void recording_init(struct recording *r)
{
    struct limits limits = limits_default();

    *r = (struct recording){0};
    buf_init(&r->text, 64 << 20);
    buf_init(&r->ledger, 64 << 20);
    budget_start(&r->budget, &limits, 1 << 20);
}

static inline void recording_release(struct recording *r)
{
    buf_release(&r->text);
    buf_release(&r->ledger);
}

static inline void recording_path(struct recording *r, const struct recording_level *level)
{
    if (!level || !level->above)
        return;
    recording_path(r, level->above);
    if (level->above->above)
        buf_add_text(&r->ledger, "|");
    buf_add_span(&r->ledger, level->name);
}

static inline void recording_line(struct recording *r, const struct recording_level *level,
                                  struct ending ending)
{
    r->items++;
    if (r->quiet)
        return;
    recording_path(r, level);
    buf_printf(&r->ledger, ": %s%s%s\n", outcome_word(ending.outcome), *ending.reason ? " " : "",
               ending.reason);
}

static inline bool recording_text(void *ctx, struct span text)
{
    struct recording_level *l = ctx;

    return l->recording->quiet || buf_add_span(&l->recording->text, text);
}

static inline bool recording_mark(void *ctx, struct mark m)
{
    struct recording_level *l = ctx;
    struct buf *b = &l->recording->text;

    if (l->recording->quiet)
        return true;
    switch (m.kind) {
    case MARK_PAGE:
        return buf_printf(b, "[page %d]", (int)m.a);
    case MARK_MESSAGE:
        return buf_printf(b, "[message %d]", (int)m.a);
    case MARK_TABLE:
        return buf_printf(b, "[table%s]", m.b ? " head" : "");
    case MARK_CELL:
        return buf_printf(b, "[%d,%d]", (int)m.a, (int)m.b);
    case MARK_TABLE_END:
        return buf_add_text(b, "[/table]");
    case MARK_RECORD:
        return buf_add_text(b, "[record]");
    case MARK_BREAK:
        break;
    }
    return true;
}

static inline bool recording_table(void *ctx, const struct table_shape *shape)
{
    (void)ctx, (void)shape;
    return true;
}

static inline bool recording_raw(void *ctx, uint64_t offset, struct span bytes)
{
    (void)offset;
    return recording_text(ctx, bytes);
}

static inline void recording_gap(void *ctx, enum outcome outcome, const char *reason)
{
    struct recording_level *l = ctx;

    if (outcome > l->worst.outcome)
        l->worst = (struct ending){outcome, reason};
}

static inline void recording_media_type(void *ctx, const char *literal)
{
    (void)ctx, (void)literal;
}

static inline void recording_item(struct recording *r, const struct recording_level *above,
                                  struct span name, struct source *in, uint32_t depth);

static inline bool recording_child(void *ctx, const struct child *about, struct source *bytes)
{
    struct recording_level *l = ctx;

    if (!budget_member(&l->recording->budget))
        return false;
    recording_item(l->recording, l, about->name, bytes, l->sink.depth + 1);
    return l->recording->budget.spent == NULL;
}

static inline bool recording_lost(void *ctx, const struct child *about, struct ending ending)
{
    struct recording_level *l = ctx;
    struct recording_level lost = {.above = l, .name = about->name};

    if (!budget_member(&l->recording->budget))
        return false;
    recording_line(l->recording, &lost, ending);
    return true;
}

static inline void recording_item(struct recording *r, const struct recording_level *above,
                                  struct span name, struct source *in, uint32_t depth)
{
    struct recording_level l = {.recording = r, .above = above, .name = name, .worst = ENDED_READ};
    struct head head = {.name = name, .size = source_size(in)};

    l.sink = (struct sink){.ctx = &l,
                           .text = recording_text,
                           .mark = recording_mark,
                           .table = recording_table,
                           .raw = recording_raw,
                           .child = recording_child,
                           .lost_child = recording_lost,
                           .gap = recording_gap,
                           .media_type = recording_media_type,
                           .budget = &r->budget,
                           .depth = depth,
                           .today = 20261123};
    struct span peek = source_peek(in, 64 * 1024);
    char *copy = malloc(peek.len + 1); /* a head stays the same while the source moves on */

    if (!copy)
        abort();
    if (peek.len > 0)
        memcpy(copy, peek.at, peek.len);
    head.bytes = (struct span){copy, peek.len};
    head.media_type = sniff(head.bytes, head.size);
    head_take(&head);
    const struct extractor *e = extractor_choose(&head);
    struct ending ending = e->run(in, &head, &l.sink);

    recording_gap(&l, ending.outcome, ending.reason);
    if (source_error(in) < 0)
        recording_gap(&l, OUTCOME_DAMAGED, "source");
    recording_line(r, &l, l.worst);
    free(copy);
}

/* The whole file in memory, as a file of the source. */
static inline void recording_run(struct recording *r, const char *name, struct span bytes)
{
    struct source *in = source_from_memory(bytes);

    if (!in)
        abort();
    r->budget.packed = bytes.len;
    recording_item(r, NULL, span_of(name), in, 0);
    source_free(in);
}

static inline bool recording_has(const struct buf *b, const char *words)
{
    return b->len > 0 && memmem(b->at, b->len, words, strlen(words)) != NULL;
}

#endif
