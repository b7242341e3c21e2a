/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * fuzz_extractor.c - one reader over any bytes; built once for each line of extractors.list, which
 * EXTRACTOR_ID names.
 *
 * The sink holds the reader to extractor.h: closed outcomes, reasons that are words, places that
 * count from 1, raw bytes that stand where they are said to stand, not one push after it was told
 * to stop.  Members are read by the reader of their own kind, within small limits.  The readers of
 * FORWARD must push the same from memory and from a stream in short pieces, and something of a
 * stream that is damaged at its end.
 */
#include <errno.h>
#include <stdlib.h>

#include "scanner/extract/extractor.h"
#include "scanner/extract/sniff.h"

enum { HEAD_MAX = 64 * 1024, TEXT_MAX = 4 << 20, TODAY = 20261123 };

/* budget.h: small enough that no input takes long. */
static const struct limits LIMITS = {.depth = 3,
                                     .bytes = 2 << 20,
                                     .members = 200,
                                     .ratio = 250,
                                     .spool = 2 << 20,
                                     .seconds_base = 2,
                                     .seconds_cap = 2};

#define JOIN(a, b)  a##b
#define READER(id)  JOIN(extract_, id)
#define TEXT(id)    #id
#define TEXT_OF(id) TEXT(id)

static const struct extractor *const reader = &READER(EXTRACTOR_ID);

struct watch {
    struct budget budget;
    struct span whole;   /* the bytes of the outermost item */
    uint64_t digest;     /* of all that was pushed; text without regard to its pieces */
    uint64_t text_bytes; /* and raw bytes */
    uint64_t pushes, stop_after;
    bool over; /* every push says stop */
};

struct level {
    struct watch *watch;
    struct sink sink;
    bool told;   /* a push said stop */
    bool pushed; /* text, or a mark */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_be_ending(enum outcome outcome, const char *reason)
{
    must((unsigned)outcome < OUTCOME_COUNT);
    must(reason != NULL);
    must((outcome == OUTCOME_READ) == (*reason == '\0'));
    must(strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(reason));
    must(strlen(reason) <= 64);
}

/* FNV-1a, 64 bits. */
static void digest(struct watch *w, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        w->digest = (w->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static void digest_number(struct watch *w, char what, uint64_t a, uint64_t b)
{
    digest(w, &what, sizeof what);
    digest(w, &a, sizeof a);
    digest(w, &b, sizeof b);
}

static bool goes_on(struct level *l)
{
    struct watch *w = l->watch;

    must(!l->told);
    w->pushes++;
    if (w->pushes == w->stop_after || w->text_bytes > TEXT_MAX)
        w->over = true;
    if (w->pushes % 64 == 0 && !budget_time(&w->budget))
        w->over = true;
    l->told = w->over;
    return !l->told;
}

static bool on_text(void *ctx, struct span text)
{
    struct level *l = ctx;

    l->pushed = true;
    l->watch->text_bytes += text.len;
    digest(l->watch, text.at, text.len);
    return goes_on(l);
}

static bool on_mark(void *ctx, struct mark mark)
{
    struct level *l = ctx;

    l->pushed = true;
    must((unsigned)mark.kind <= MARK_BREAK);
    if (mark.kind == MARK_PAGE || mark.kind == MARK_MESSAGE)
        must(mark.a >= 1);
    if (mark.kind == MARK_CELL)
        must(mark.a >= 1 && mark.b >= 1);
    if (mark.kind == MARK_TABLE)
        must(mark.b <= 1);
    digest_number(l->watch, (char)mark.kind, mark.a, mark.b);
    return goes_on(l);
}

static bool on_table(void *ctx, const struct table_shape *shape)
{
    struct level *l = ctx;

    must(!l->pushed);
    must(shape->delimiter != '\0' && strchr(",;\t|", shape->delimiter) != NULL);
    must(shape->quote == '"' || shape->quote == '\'' || shape->quote == '\0');
    digest_number(l->watch, 't', (uint64_t)shape->delimiter, shape->header);
    return goes_on(l);
}

static bool on_raw(void *ctx, uint64_t offset, struct span bytes)
{
    struct level *l = ctx;
    struct span whole = l->watch->whole;

    if (l->sink.depth == 0) {
        must(offset <= whole.len && bytes.len <= whole.len - offset);
        must(bytes.len == 0 || memcmp(whole.at + offset, bytes.at, bytes.len) == 0);
    }
    l->watch->text_bytes += bytes.len;
    digest(l->watch, bytes.at, bytes.len);
    return goes_on(l);
}

static void on_gap(void *ctx, enum outcome outcome, const char *reason)
{
    struct level *l = ctx;

    must_be_ending(outcome, reason);
    must(outcome != OUTCOME_READ);
    if (!l->watch->over)
        digest_number(l->watch, 'g', outcome, 0);
}

static void on_media_type(void *ctx, const char *literal)
{
    (void)ctx;
    must(literal && strlen(literal) <= 127);
}

static void read_item(struct watch *w, const struct extractor *by, struct span name,
                      struct source *bytes, uint32_t depth);

static void note_child(struct level *l, const struct child *about)
{
    must(about->size >= -1);
    digest(l->watch, about->name.at, about->name.len);
    digest(l->watch, about->owner.at, about->owner.len);
}

static bool after_child(struct level *l)
{
    struct budget *b = &l->watch->budget;

    if (b->spent && strcmp(b->spent, "depth") != 0 && strcmp(b->spent, "spool") != 0)
        l->watch->over = true;
    b->spent = NULL;
    return goes_on(l);
}

static bool on_child(void *ctx, const struct child *about, struct source *bytes)
{
    struct level *l = ctx;

    note_child(l, about);
    digest_number(l->watch, 'c', 0, 0);
    if (!budget_member(&l->watch->budget)) {
        l->watch->over = true;
    } else if (budget_depth(&l->watch->budget, l->sink.depth + 1)) {
        read_item(l->watch, NULL, about->name, bytes, l->sink.depth + 1);
        must(source_error(bytes) <= 0);
        source_changed(bytes);
        source_position(bytes);
    }
    digest_number(l->watch, 'C', 0, 0);
    return after_child(l);
}

static bool on_lost_child(void *ctx, const struct child *about, struct ending ending)
{
    struct level *l = ctx;

    note_child(l, about);
    must_be_ending(ending.outcome, ending.reason);
    digest_number(l->watch, 'l', ending.outcome, 0);
    if (!budget_member(&l->watch->budget))
        l->watch->over = true;
    return after_child(l);
}

/* `by` NULL: whichever reader it is for. */
static void read_item(struct watch *w, const struct extractor *by, struct span name,
                      struct source *bytes, uint32_t depth)
{
    struct level l = {.watch = w};
    struct head head = {.name = name, .size = source_size(bytes)};
    struct span peek = source_peek(bytes, HEAD_MAX);
    char *copy = malloc(peek.len ? peek.len : 1); /* stays good while the reader reads on */

    must(copy != NULL);
    if (peek.len > 0)
        memcpy(copy, peek.at, peek.len);
    head.bytes = (struct span){copy, peek.len};
    head.media_type = sniff(head.bytes, head.size);
    head_take(&head);
    l.sink = (struct sink){.ctx = &l,
                           .text = on_text,
                           .mark = on_mark,
                           .table = on_table,
                           .raw = on_raw,
                           .child = on_child,
                           .lost_child = on_lost_child,
                           .gap = on_gap,
                           .media_type = on_media_type,
                           .budget = &w->budget,
                           .depth = depth,
                           .today = TODAY};
    if (peek.len > 0 && !by)
        by = extractor_choose(&head);
    if (peek.len > 0 && by->bid(&head) > 0) {
        struct ending ending = by->run(bytes, &head, &l.sink);

        must_be_ending(ending.outcome, ending.reason);
        if (!w->over)
            digest_number(w, 'e', ending.outcome, 0);
    }
    free(copy);
}

/* --- the item itself -------------------------------------------------------------------------- */

struct piecemeal {
    struct span left;
    uint32_t random;
    bool damaged; /* the end */
};

static ssize_t read_piece(void *ctx, void *bytes, size_t len)
{
    struct piecemeal *p = ctx;

    if (p->left.len == 0)
        return p->damaged ? -EBADMSG : 0;
    p->random = p->random * 1664525u + 1013904223u;
    size_t n = p->random % 4 == 0 ? 1 + (p->random >> 8) % 7 : 1 + (p->random >> 8) % 5000;

    if (n > len)
        n = len;
    if (n > p->left.len)
        n = p->left.len;
    memcpy(bytes, p->left.at, n);
    p->left = (struct span){p->left.at + n, p->left.len - n};
    return (ssize_t)n;
}

static void watch_start(struct watch *w, struct span whole)
{
    *w = (struct watch){.whole = whole, .digest = UINT64_C(0xcbf29ce484222325)};
    budget_start(&w->budget, &LIMITS, whole.len);
}

static void read_whole(struct watch *w, struct source *in)
{
    must(in != NULL);
    read_item(w, reader, SPAN("x." TEXT_OF(EXTRACTOR_ID)), in, 0);
    source_free(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool prepared;
    struct span whole = {(const char *)data, size};
    struct watch memory, again;

    if (!prepared) {
        must(extractors_prepare());
        prepared = true;
    }
    watch_start(&memory, whole);
    read_whole(&memory, source_from_memory(whole));

    struct piecemeal pieces = {whole, (uint32_t)memory.digest, false};

    watch_start(&again, whole);
    read_whole(&again, source_from_stream(read_piece, &pieces, (int64_t)size, LIMITS.spool));
    must(!FORWARD || memory.over || again.over || memory.digest == again.digest);

    watch_start(&again, whole);
    if (memory.pushes > 0 && memory.digest % 2 == 0) {
        /* Told to stop somewhere on its way. */
        again.stop_after = 1 + memory.digest / 2 % memory.pushes;
        read_whole(&again, source_from_memory(whole));
    } else {
        /* What comes before the damage is read, though a page not looked at twice. */
        pieces = (struct piecemeal){whole, (uint32_t)memory.digest, true};
        read_whole(&again, source_from_stream(read_piece, &pieces, (int64_t)size, LIMITS.spool));
        must(!FORWARD || again.over || reader == &extract_html || memory.text_bytes == 0 ||
             again.text_bytes > 0);
    }
    return 0;
}
