/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/* seeds: tests/fuzz/corpus/detectors */
/*
 * A document of any text and marks gives the same findings however it is cut and however small the
 * engine's window is.
 *
 * The first byte chooses origin and table shape, the second where the cuts are and the window, the
 * third how often the rest is repeated, so that a short input slides the window too.  In the rest
 * the bytes 1 to 8 are marks.
 */
#include <stdlib.h>

#include "detectors/engine_private.h"

enum { TODAY = 20261123, TEXT_MAX = 48 * 1024, WINDOWS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    uint64_t digest;
    struct text_summary summary;
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* FNV-1a, 64 bits. */
static void digest(struct run *r, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        r->digest = (r->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static void digest_number(struct run *r, uint64_t v)
{
    digest(r, &v, sizeof v);
}

static void on_finding(void *ctx, const struct finding *f)
{
    must(f->kind < detectors_count);
    must(f->value.len > 0 && f->value.len <= VALUE_MAX);
    must(f->confidence > CONFIDENCE_NONE && f->confidence <= CONFIDENCE_HIGH);
    must(f->count > 0);
    must((unsigned)f->place.kind <= PLACE_NAME);
    digest_number(ctx, f->kind);
    digest(ctx, f->value.at, f->value.len);
    digest_number(ctx, f->confidence);
    digest_number(ctx, f->count);
    digest_number(ctx, f->place.kind);
    digest_number(ctx, f->place.a);
    digest_number(ctx, f->place.b);
    digest_number(ctx, f->record);
    digest_number(ctx, f->evidence);
    digest_number(ctx, f->facts.birth);
    digest_number(ctx, (unsigned char)f->facts.sex);
    digest_number(ctx, f->facts.bis);
    must(f->n_records > 0 && f->n_records <= ENGINE_RECORDS_MAX && f->records[0] == f->record);
    for (unsigned i = 0; i < f->n_records; i++)
        digest_number(ctx, f->records[i]);
    digest_number(ctx, f->line);
    digest_number(ctx, f->paragraph);
    digest_number(ctx, f->categories);
    digest_number(ctx, f->categories_near);
    digest_number(ctx, f->word);
    digest_number(ctx, f->word_distance);
    digest_number(ctx, f->word_against);
}

static void on_occurrence(void *ctx, const struct occurrence *o)
{
    must(o->kind < detectors_count && o->len > 0);
    digest_number(ctx, o->kind);
    digest_number(ctx, o->offset);
    digest_number(ctx, o->len);
}

static void push_mark(struct engine *e, char byte, uint64_t *count, enum text_origin origin)
{
    uint64_t n = ++*count;

    switch (byte) {
    case 1:
        engine_mark(e, (struct mark){MARK_CELL, 1 + n / 4, 1 + (uint32_t)(n % 4)});
        break;
    case 2:
        engine_mark(e, (struct mark){MARK_TABLE, n, (uint32_t)(n % 2)});
        break;
    case 3:
        engine_mark(e, (struct mark){MARK_TABLE_END, n, 0});
        break;
    case 4:
        engine_mark(e, (struct mark){MARK_PAGE, n, 0});
        break;
    case 5:
        engine_mark(e, (struct mark){MARK_MESSAGE, n, 0});
        break;
    case 6:
        engine_mark(e, (struct mark){MARK_RECORD, 0, 0});
        break;
    case 7:
        engine_mark(e, (struct mark){MARK_BREAK, 0, 0});
        break;
    default:
        if (origin == ORIGIN_RAW) {
            must(engine_text(e, SPAN("\n")));
            engine_at(e, n * 1000);
        }
    }
}

static bool is_mark(char c)
{
    return c >= 1 && c <= 8;
}

/* `random` 0: in one piece from mark to mark. */
static struct run run(struct engine *e, const uint8_t how[3], struct span text, uint32_t random)
{
    static const char delimiters[] = {0, ',', ';', '\t'};
    struct run r = {.digest = UINT64_C(0xcbf29ce484222325)};
    struct engine_sink sink = {&r, on_finding, on_occurrence};
    enum text_origin origin = how[0] % 4;
    struct table_shape shape = {delimiters[how[0] / 4 % 4], how[0] & 16 ? '"' : 0,
                                (how[0] & 32) != 0};
    uint64_t marks = 0;

    engine_begin(e, origin, &sink);
    if (shape.delimiter)
        engine_table(e, &shape);
    for (size_t at = 0; at < text.len;) {
        if (is_mark(text.at[at])) {
            push_mark(e, text.at[at++], &marks, origin);
            continue;
        }
        size_t end = at + 1, most = text.len;

        if (random) {
            random = random * 1664525u + 1013904223u;
            most = 1 + (random >> 8) % (random % 8 == 0 ? 3000 : 40);
        }
        while (end < text.len && end - at < most && !is_mark(text.at[end]))
            end++;
        must(engine_text(e, (struct span){text.at + at, end - at}));
        at = end;
    }
    engine_end(e, &r.summary);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct engine *whole, *cut[WINDOWS];

    if (size < 4)
        return 0;
    if (!whole) {
        static const size_t windows[WINDOWS] = {64, 200, 1111, 9000};

        whole = engine_new(TODAY);
        must(whole != NULL);
        for (unsigned i = 0; i < WINDOWS; i++) {
            cut[i] = engine_new_sized(TODAY, windows[i], classify_portable);
            must(cut[i] != NULL);
        }
    }
    size_t len = size - 3, repeats = 1 + data[2] % 16;

    while (repeats > 1 && len * repeats > TEXT_MAX)
        repeats--;
    char *text = malloc(len * repeats);

    must(text != NULL);
    for (size_t i = 0; i < repeats; i++)
        memcpy(text + i * len, data + 3, len);
    struct span document = {text, len * repeats};
    struct run first = run(whole, data, document, 0);
    struct run second = run(cut[data[1] % WINDOWS], data, document, 1u + data[1]);

    must(first.digest == second.digest);
    must(first.summary.bytes == second.summary.bytes);
    must(first.summary.records == second.summary.records);
    must(first.summary.unit == second.summary.unit);
    for (unsigned k = 0; k < detectors_count; k++) {
        must(first.summary.kinds[k].candidates == second.summary.kinds[k].candidates);
        must(first.summary.kinds[k].passed == second.summary.kinds[k].passed);
        must(first.summary.kinds[k].passed <= first.summary.kinds[k].candidates);
    }
    free(text);
    return 0;
}
