/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * scan_item.c - the sink that extractors push into, and the only recursion of the program.
 *
 * A level stands for one container inside another: while a member is read its container's document
 * is still open, so each depth has an engine of its own, made the first time that depth is reached
 * and kept.  What is shared down the nest (budget, numbers, records) is in struct scan.
 */
#include "scanner/helper/scan_item.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/extractor.h"
#include "scanner/extract/sniff.h"
#include "scanner/extract/strings.h"
#include "scanner/helper/content.h"
#include "scanner/helper/names.h"

enum {
    HEAD_MAX = 64 * 1024,
    FLUSH_AT = 256 * 1024, /* records are written from here on */
    OUT_MAX = 4 * RECORD_MAX,
    NAME_ROOM = RECORD_MAX / 2, /* a masked name, at most */
    CLOCK_EVERY = 64 * 1024,    /* bytes of text between looks at the clock */
    CLOCK_PUSHES = 256,         /* or pushes */
    OWNER_MAX = 256,
    KINDS = 64
};

#define FLUSH_NS 200000000ull /* finished items are told after this long at the latest */

struct level {
    struct scan *scan;
    uint32_t depth;
    uint64_t member, parent;
    struct sink sink;

    struct engine *engine; /* kept from item to item, as are the strings and the buffers */
    struct strings *strings;
    char *head;
    /* Of a member, `name` and `raw` are the names from the outermost container down to it, NUL
     * between two. */
    struct buf block, name, raw, sealed, chance;

    bool open;
    enum text_origin origin;
    uint64_t raw_at;    /* where the next raw bytes are expected */
    uint64_t unchecked; /* text since the clock was looked at */
    unsigned pushes;

    bool name_hit, masked; /* its own name; one of `name` */
    uint64_t findings;
    struct ending worst;
    const char *media_type;
    struct text_summary total, part;
    struct content content; /* of all its text */
};

struct scan {
    struct case_keys keys;
    struct limits limits;
    uint32_t today, missing;
    struct helper_page *page;
    int pipe;
    uint64_t content_seed;

    struct buf out;
    uint64_t flushed; /* when */
    struct names *names;
    struct level *levels[NEST_MAX];

    uint32_t index; /* of the current item */
    const struct batch_item *item;
    uint64_t members;
    struct budget budget;
    struct source *top;
    uint64_t top_counted; /* of its bytes, in page->bytes */
};

/* --- records ---------------------------------------------------------------------------------- */

static _Noreturn void no_memory(void)
{
    _exit(HELPER_EXIT_MEMORY);
}

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void scan_flush(struct scan *s)
{
    size_t at = 0;

    while (at < s->out.len) {
        ssize_t n = write(s->pipe, s->out.at + at, s->out.len - at);

        if (n > 0)
            at += (size_t)n;
        else if (n < 0 && errno != EINTR)
            _exit(HELPER_EXIT_DONE);
    }
    buf_clear(&s->out);
    s->flushed = now_ns();
}

static void end_record(struct scan *s, size_t begin)
{
    record_end(&s->out, begin);
    if (s->out.failed)
        no_memory();
    if (s->out.len >= FLUSH_AT)
        scan_flush(s);
}

void scan_ready(struct scan *s, const struct ready *ready)
{
    size_t begin = record_begin(&s->out, RECORD_READY);

    ready_encode(ready, &s->out);
    end_record(s, begin);
}

static void send_block(struct level *l)
{
    struct scan *s = l->scan;

    if (l->block.len == 0)
        return;
    size_t begin = record_begin(&s->out, RECORD_FINDINGS);

    findings_encode(s->index, l->member, buf_span(&l->block), &s->out);
    end_record(s, begin);
    buf_clear(&l->block);
}

/* Kinds whose candidates were seen: what the reader needs to expect coincidences. */
static struct span chance_of(struct level *l)
{
    buf_clear(&l->chance);
    for (unsigned k = 0; k < detectors_count && k < KINDS; k++) {
        uint64_t candidates = l->total.kinds[k].candidates, passed = l->total.kinds[k].passed;
        uint64_t unsupported = l->total.kinds[k].unsupported;
        uint64_t unsupported_passed = l->total.kinds[k].unsupported_passed;

        if (candidates == 0 && passed == 0)
            continue;
        candidates = candidates > passed ? candidates : passed;
        unsupported = unsupported < candidates ? unsupported : candidates;
        unsupported_passed = unsupported_passed < passed ? unsupported_passed : passed;
        buf_add_varint(&l->chance, k);
        buf_add_varint(&l->chance, candidates);
        buf_add_varint(&l->chance, passed);
        buf_add_varint(&l->chance, unsupported);
        buf_add_varint(&l->chance,
                       unsupported_passed < unsupported ? unsupported_passed : unsupported);
    }
    return buf_span(&l->chance);
}

/* An extractor's id as the ledger spells it: C names have `_` where words have `-`. */
static struct span extractor_word(const struct extractor *by, char *room, size_t size)
{
    size_t len = by ? strnlen(by->id, size - 1) : 0;

    for (size_t i = 0; i < len; i++)
        room[i] = by->id[i] == '_' ? '-' : by->id[i];
    return (struct span){room, len};
}

static void send_row(struct level *l, const struct child *about, struct ending ending,
                     const struct extractor *by)
{
    struct scan *s = l->scan;
    char word[64];
    struct member_record m = {
        .item = s->index,
        .member = l->member,
        .parent = l->parent,
        .name = buf_span(&l->name),
        .sealed = buf_span(&l->sealed),
        .name_has_finding = l->name_hit,
        .size = about && about->size >= 0 ? about->size : -1,
        .mtime = about ? about->mtime : INT64_MIN,
        .mode = about ? about->mode : 0,
        .owner = about ? about->owner : (struct span){NULL, 0},
        .outcome = ending.outcome,
        .reason = span_of(ending.reason ? ending.reason : ""),
        .media_type = span_of(l->media_type ? l->media_type : ""),
        .extractor = extractor_word(by, word, sizeof word),
        .text_bytes = l->total.bytes,
        .records = l->total.records,
        .unit = l->total.unit,
        .findings = l->findings,
        .content = l->findings ? content_end(&l->content) : 0,
        .chance = chance_of(l),
    };

    if (m.owner.len > OWNER_MAX)
        m.owner.len = OWNER_MAX;
    if (m.media_type.len > 127)
        m.media_type.len = 127;
    send_block(l);
    size_t begin = record_begin(&s->out, RECORD_MEMBER);

    member_encode(&m, &s->out);
    end_record(s, begin);
}

/* --- the page --------------------------------------------------------------------------------- */

static void add_relaxed(_Atomic uint64_t *counter, uint64_t more)
{
    /* One writer: no locked instruction needed. */
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

/* A sign of work, and how far it got. */
static void beat(struct scan *s)
{
    add_relaxed(&s->page->beat, 1);
    uint64_t at = s->top ? source_position(s->top) : 0;

    if (at > s->top_counted) {
        add_relaxed(&s->page->bytes, at - s->top_counted);
        s->top_counted = at;
    }
}

/* The end of a path says more than its beginning. */
static void show_name(struct helper_page *page, struct span name)
{
    const size_t room = sizeof page->name - 1;
    size_t from = name.len > room ? name.len - room : 0;

    while (from > 0 && from < name.len && ((unsigned char)name.at[from] & 0xc0) == 0x80)
        from++;
    atomic_fetch_add(&page->name_seq, 1);
    memcpy(page->name, name.at + from, name.len - from);
    page->name[name.len - from] = '\0';
    atomic_fetch_add(&page->name_seq, 1);
}

/* --- one document of the engine ----------------------------------------------------------------
 */

static void gap(void *ctx, enum outcome outcome, const char *reason)
{
    struct level *l = ctx;

    if (outcome > l->worst.outcome)
        l->worst = (struct ending){outcome, reason};
}

static void on_finding(void *ctx, const struct finding *f)
{
    struct level *l = ctx;
    struct packed_finding packed;

    finding_pack(&l->scan->keys, f, &packed);
    if (!finding_block_add(&l->block, &packed))
        no_memory();
    l->findings++;
    add_relaxed(&l->scan->page->findings, 1);
    if (l->block.len > FINDING_BLOCK_MAX - FINDING_BYTES_MAX)
        send_block(l);
    if (l->findings % 1024 == 0)
        beat(l->scan);
}

/* Stopped by us with its reason noted, or short of memory; either way it cannot go on. */
static void drop_strings(struct level *l)
{
    strings_free(l->strings);
    l->strings = NULL;
    gap(l, OUTCOME_OVER_LIMIT, "memory");
}

static void close_document(struct level *l)
{
    if (!l->open)
        return;
    l->open = false;
    if (l->origin == ORIGIN_RAW && l->strings && !strings_end(l->strings))
        drop_strings(l);
    engine_end(l->engine, &l->part);
    if (l->total.records == 0)
        l->total.unit = l->part.unit;
    l->total.bytes += l->part.bytes;
    l->total.records += l->part.records;
    for (unsigned k = 0; k < detectors_count && k < KINDS; k++) {
        l->total.kinds[k].candidates += l->part.kinds[k].candidates;
        l->total.kinds[k].passed += l->part.kinds[k].passed;
        l->total.kinds[k].unsupported += l->part.kinds[k].unsupported;
        l->total.kinds[k].unsupported_passed += l->part.kinds[k].unsupported_passed;
    }
    beat(l->scan);
}

/* An item is one document, unless a reader gave up halfway and its raw bytes follow. */
static bool open_document(struct level *l, enum text_origin origin)
{
    const struct engine_sink sink = {l, on_finding, NULL};

    if (l->open && l->origin == origin)
        return true;
    close_document(l);
    if (!l->engine && !(l->engine = engine_new_beside(names_engine(l->scan->names)))) {
        gap(l, OUTCOME_OVER_LIMIT, "memory");
        return false;
    }
    engine_begin(l->engine, origin, &sink);
    l->open = true;
    l->origin = origin;
    l->raw_at = 0;
    return true;
}

/* Work was done; is there time for more? */
static bool in_time(struct level *l, size_t bytes)
{
    beat(l->scan);
    l->unchecked += bytes;
    if (l->unchecked < CLOCK_EVERY && ++l->pushes < CLOCK_PUSHES)
        return true;
    l->unchecked = 0;
    l->pushes = 0;
    if (budget_time(&l->scan->budget))
        return true;
    gap(l, OUTCOME_OVER_LIMIT, "time");
    return false;
}

static bool push_text(struct level *l, struct span utf8)
{
    if (engine_text(l->engine, utf8))
        return in_time(l, utf8.len);
    gap(l, OUTCOME_OVER_LIMIT, "memory");
    return false;
}

static bool on_text(void *ctx, struct span utf8)
{
    struct level *l = ctx;

    if (!open_document(l, ORIGIN_TEXT))
        return false;
    content_add(&l->content, utf8);
    return push_text(l, utf8);
}

static bool on_mark(void *ctx, struct mark mark)
{
    struct level *l = ctx;

    if (!open_document(l, ORIGIN_TEXT))
        return false;
    content_mark(&l->content, (uint64_t)mark.kind, mark.a, mark.b);
    engine_mark(l->engine, mark);
    return in_time(l, 0);
}

static bool on_table(void *ctx, const struct table_shape *shape)
{
    struct level *l = ctx;

    if (!open_document(l, ORIGIN_TEXT))
        return false;
    engine_table(l->engine, shape);
    return true;
}

static bool on_string(void *ctx, uint64_t offset, bool joined, struct span utf8)
{
    struct level *l = ctx;

    if (!joined) {
        if (!push_text(l, SPAN("\n")))
            return false;
        engine_at(l->engine, offset);
    }
    return push_text(l, utf8);
}

static bool on_raw(void *ctx, uint64_t offset, struct span bytes)
{
    struct level *l = ctx;
    bool fresh = !(l->open && l->origin == ORIGIN_RAW);

    if (!open_document(l, ORIGIN_RAW))
        return false;
    if (!l->strings && !(l->strings = strings_new(on_string, l))) {
        gap(l, OUTCOME_OVER_LIMIT, "memory");
        return false;
    }
    if ((!fresh || offset > 0) && offset != l->raw_at && !strings_jump(l->strings, offset)) {
        drop_strings(l);
        return false;
    }
    l->raw_at = offset + bytes.len;
    content_add(&l->content, bytes);
    if (!strings_feed(l->strings, bytes)) {
        drop_strings(l);
        return false;
    }
    return in_time(l, bytes.len);
}

static void on_media_type(void *ctx, const char *literal)
{
    struct level *l = ctx;

    l->media_type = literal;
}

/* --- levels ----------------------------------------------------------------------------------- */

static bool on_child(void *ctx, const struct child *about, struct source *bytes);
static bool on_lost_child(void *ctx, const struct child *about, struct ending ending);

static struct level *level_begin(struct scan *s, uint32_t depth, uint64_t member, uint64_t parent)
{
    struct level *l = s->levels[depth];

    if (!l) {
        l = s->levels[depth] = calloc(1, sizeof *l);
        if (!l)
            no_memory();
        l->scan = s;
        l->depth = depth;
        l->head = malloc(HEAD_MAX);
        if (!l->head)
            no_memory();
        buf_init(&l->block, FINDING_BLOCK_MAX);
        buf_init(&l->name, NAME_ROOM);
        buf_init(&l->raw, PATH_BYTES_MAX);
        buf_init(&l->sealed, PATH_BYTES_MAX + 256);
        buf_init(&l->chance, KINDS * 5 * VARINT_MAX);
    }
    l->member = member;
    l->parent = parent;
    buf_clear(&l->block);
    buf_clear(&l->name);
    buf_clear(&l->raw);
    buf_clear(&l->sealed);
    l->open = false;
    l->name_hit = l->masked = false;
    l->findings = 0;
    l->unchecked = 0;
    l->pushes = 0;
    l->worst = ENDED_READ;
    l->media_type = NULL;
    memset(&l->total, 0, sizeof l->total);
    content_begin(&l->content, s->content_seed);
    l->sink = (struct sink){.ctx = l,
                            .text = on_text,
                            .mark = on_mark,
                            .table = on_table,
                            .raw = on_raw,
                            .child = on_child,
                            .lost_child = on_lost_child,
                            .gap = gap,
                            .media_type = on_media_type,
                            .budget = &s->budget,
                            .depth = depth,
                            .today = s->today};
    return l;
}

static void level_free(struct level *l)
{
    if (!l)
        return;
    engine_free(l->engine);
    strings_free(l->strings);
    free(l->head);
    buf_release(&l->block);
    buf_release(&l->name);
    buf_release(&l->raw);
    buf_release(&l->sealed);
    buf_release(&l->chance);
    free(l);
}

/* What the source itself noticed while it was read. */
static void note_source(struct level *l, const struct source *bytes)
{
    switch (-source_error(bytes)) {
    case 0:
        break;
    case EBADMSG:
        gap(l, OUTCOME_DAMAGED, "damaged-data");
        break;
    case ENOMEM:
        gap(l, OUTCOME_OVER_LIMIT, "memory");
        break;
    case EFBIG:
        gap(l, OUTCOME_OVER_LIMIT, "spool");
        break;
    case EACCES:
    case EPERM:
        gap(l, OUTCOME_DENIED, "read-denied");
        break;
    case ESTALE:
    case ENOENT:
        gap(l, OUTCOME_CHANGED, "vanished");
        break;
    default:
        gap(l, OUTCOME_DAMAGED, "io-error");
    }
    if (source_changed(bytes))
        gap(l, OUTCOME_CHANGED, "changed-while-read");
}

static void read_raw(struct level *l, struct source *bytes)
{
    struct span run = source_peek(bytes, HEAD_MAX);
    uint64_t at;
    int error;

    l->media_type = sniff(run, source_size(bytes));
    do {
        at = source_position(bytes);
        run = source_next(bytes, &error);
    } while (run.len > 0 && on_raw(l, at, run));
    gap(l, OUTCOME_PARTIAL, "raw-searched");
}

static bool is_missing(const struct scan *s, const struct extractor *by)
{
    for (unsigned i = 0; extractors[i] && i < 32; i++) {
        if (extractors[i] == by)
            return (s->missing >> i & 1) != 0;
    }
    return false;
}

/* Opens, recognises and reads.  What went wrong is in l->worst afterwards. */
static const struct extractor *read_as_its_kind(struct level *l, struct source *bytes,
                                                struct span name)
{
    struct span first = source_peek(bytes, HEAD_MAX);

    if (first.len == 0) {
        l->media_type = source_error(bytes) == 0 ? "inode/x-empty" : NULL;
        return NULL;
    }
    /* A copy: it stays good while the extractor reads on. */
    memcpy(l->head, first.at, first.len);
    struct head head = {.bytes = {l->head, first.len}, .name = name, .size = source_size(bytes)};

    head.media_type = sniff(head.bytes, head.size);
    head_take(&head);
    const struct extractor *by = extractor_choose(&head);

    l->media_type = by->media_type;
    if (is_missing(l->scan, by)) {
        gap(l, OUTCOME_UNSUPPORTED, "reader-missing");
        read_raw(l, bytes);
        return by;
    }
    struct ending ending = by->run(bytes, &head, &l->sink);

    gap(l, ending.outcome, ending.reason);
    return by;
}

/* The source of a level to its end: text, findings, what went wrong. */
static const struct extractor *read_level(struct level *l, struct source *bytes, struct span name,
                                          bool raw_only)
{
    const struct extractor *by = NULL;
    const char *spent_before = l->scan->budget.spent;

    if (raw_only)
        read_raw(l, bytes);
    else
        by = read_as_its_kind(l, bytes, name);
    close_document(l);
    const char *spent = l->scan->budget.spent;

    /* Before what the source says: the limit is why a stream inside it ended. */
    if (spent && spent != spent_before)
        gap(l, OUTCOME_OVER_LIMIT, spent);
    note_source(l, bytes);
    return by;
}

/* --- members ---------------------------------------------------------------------------------- */

/* Limits that were met by one member alone and leave its siblings untouched. */
static bool own_limit(const char *spent)
{
    return strcmp(spent, "depth") == 0 || strcmp(spent, "spool") == 0;
}

/* May the container go on? */
static bool goes_on(struct level *l)
{
    struct budget *b = &l->scan->budget;

    if (b->spent && own_limit(b->spent))
        b->spent = NULL;
    if (!b->spent)
        return true;
    gap(l, OUTCOME_OVER_LIMIT, b->spent);
    return false;
}

/* The next member's level with its name masked; NULL: there may be no more of them. */
static struct level *member_begin(struct level *container, const struct child *about)
{
    struct scan *s = container->scan;
    struct span name = about->name;

    if (!budget_member(&s->budget)) {
        gap(container, OUTCOME_OVER_LIMIT, "members");
        return NULL;
    }
    struct level *l = level_begin(s, container->depth + 1, ++s->members, container->member);

    atomic_store(&s->page->member, l->member);
    /* The whole chain has room for one long name; a name cannot hold the byte that ends it. */
    size_t room = container->depth == 0                  ? MEMBER_NAME_MAX
                  : container->raw.len < MEMBER_NAME_MAX ? MEMBER_NAME_MAX - container->raw.len
                                                         : 0;
    size_t fits = name.len > 0 ? strnlen(name.at, name.len < room ? name.len : room) : 0;

    if (fits < name.len) {
        name.len = fits;
        gap(l, OUTCOME_PARTIAL, "name-cut");
    }
    if (container->depth > 0) {
        buf_add_span(&l->name, buf_span(&container->name));
        buf_add_byte(&l->name, '\0');
        buf_add_span(&l->raw, buf_span(&container->raw));
        buf_add_byte(&l->raw, '\0');
        l->masked = container->masked;
    }
    buf_add_span(&l->raw, name);
    if (!name_mask(s->names, name, &l->name, &l->block, &l->findings, &l->name_hit) ||
        l->raw.failed)
        no_memory();
    l->masked |= l->name_hit;
    if (l->masked && !name_seal(&s->keys, buf_span(&l->raw), &l->sealed))
        no_memory();
    return l;
}

static const struct suspect *suspect_of(const struct scan *s, uint64_t member)
{
    for (unsigned i = 0; i < s->item->n_suspects; i++) {
        if (s->item->suspects[i].member == member)
            return &s->item->suspects[i];
    }
    return NULL;
}

static bool member_end(struct level *container, struct level *l, const struct child *about,
                       const struct extractor *by)
{
    send_row(l, about, l->worst, by);
    atomic_store(&container->scan->page->member, container->member);
    return goes_on(container) && in_time(container, 0);
}

static bool on_child(void *ctx, const struct child *about, struct source *bytes)
{
    struct level *container = ctx;
    struct scan *s = container->scan;
    struct level *l = member_begin(container, about);
    struct child known = *about;
    const struct extractor *by = NULL;

    if (!l)
        return false;
    const struct suspect *suspect = suspect_of(s, l->member);

    if (!budget_depth(&s->budget, l->depth) || l->depth + 1 >= NEST_MAX)
        gap(l, OUTCOME_OVER_LIMIT, "depth");
    else if (!suspect || !suspect->lost)
        by = read_level(l, bytes, about->name, suspect != NULL);
    if (known.size < 0)
        known.size = source_size(bytes);
    if (known.size < 0 && l->worst.outcome == OUTCOME_READ)
        known.size = (int64_t)source_position(bytes);
    return member_end(container, l, &known, by);
}

static bool on_lost_child(void *ctx, const struct child *about, struct ending ending)
{
    struct level *container = ctx;
    struct level *l = member_begin(container, about);

    if (!l)
        return false;
    gap(l, ending.outcome, ending.reason);
    return member_end(container, l, about, NULL);
}

/* --- the item itself ---------------------------------------------------------------------------
 */

static const struct extractor *read_item(struct level *l, const struct batch_item *item, int fd)
{
    struct scan *s = l->scan;
    struct source *bytes = source_from_fd(fd, item->size);

    if (!bytes)
        no_memory();
    s->top = bytes;
    const struct span name = {item->path.at + item->name_at, item->path.len - item->name_at};
    const struct extractor *by = read_level(l, bytes, name, (item->flags & ITEM_RAW_ONLY) != 0);

    s->top = NULL;
    if (item->size > s->top_counted)
        add_relaxed(&s->page->bytes, item->size - s->top_counted);
    source_free(bytes);
    return by;
}

void scan_item(struct scan *s, uint32_t index, const struct batch_item *item, int fd)
{
    const struct extractor *by = NULL;

    s->index = index;
    s->item = item;
    s->members = 0;
    s->top_counted = 0;
    atomic_store(&s->page->member, 0);
    atomic_store(&s->page->item, index + 1);
    add_relaxed(&s->page->beat, 1);
    budget_start(&s->budget, &s->limits, item->size);
    struct level *l = level_begin(s, 0, 0, 0);

    if (!path_mask(s->names, item->path, item->name_at, &l->name, &l->block, &l->findings,
                   &l->name_hit) ||
        (l->name_hit && !name_seal(&s->keys, item->path, &l->sealed)))
        no_memory();
    /* A folder is no document: that "Service médical" stands on it is no finding. */
    if ((item->flags & ITEM_FOLDER) && !names_somebody(buf_span(&l->block))) {
        buf_clear(&l->block);
        l->findings = 0;
    }
    show_name(s->page, buf_span(&l->name));
    add_relaxed(&s->page->findings, l->findings);
    if (item->flags & ITEM_FOLDER)
        l->media_type = "inode/directory";
    else if (fd >= 0 && !(item->flags & ITEM_NAME_ONLY))
        by = read_item(l, item, fd);
    send_row(l, NULL, l->worst, by);
    size_t begin = record_begin(&s->out, RECORD_DONE);

    done_encode(index, &s->out);
    end_record(s, begin);
    if (now_ns() - s->flushed > FLUSH_NS)
        scan_flush(s);
}

/* --- life ------------------------------------------------------------------------------------- */

struct scan *scan_new(const struct setup *setup, struct helper_page *page, int pipe,
                      uint32_t missing)
{
    struct scan *s = calloc(1, sizeof *s);
    unsigned char seed[TOKEN_BYTES];

    if (!s)
        return NULL;
    keys_derive(&s->keys, setup->case_key);
    token_of(&s->keys, "content", SPAN("seed"), seed);
    memcpy(&s->content_seed, seed, sizeof s->content_seed);
    s->limits = setup->limits;
    s->today = setup->today;
    s->missing = missing;
    s->page = page;
    s->pipe = pipe;
    s->flushed = now_ns();
    buf_init(&s->out, OUT_MAX);
    s->names = names_new(s->today, &s->keys);
    if (!s->names) {
        scan_free(s);
        return NULL;
    }
    return s;
}

void scan_free(struct scan *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < NEST_MAX; i++)
        level_free(s->levels[i]);
    names_free(s->names);
    buf_release(&s->out);
    keys_forget(&s->keys);
    free(s);
}
