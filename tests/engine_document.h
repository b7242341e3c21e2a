/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * engine_document.h - for tests of the engine: a document in a string, what was found as text.
 */
#ifndef CONSTAT_TESTS_ENGINE_DOCUMENT_H
#define CONSTAT_TESTS_ENGINE_DOCUMENT_H

#include "detectors/engine_private.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Invented numbers: serials 976 to 998 are not reached in practice. */
enum { TODAY = 20261123 };

/* --- what an engine found, as text --------------------------------------------------------- */

struct found {
    char *text;
    size_t len, cap;
    bool whole; /* categories too, and all that is known of a finding */
};

static void note(struct found *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct found *f, const char *format, ...)
{
    va_list args;
    char line[1024];

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    assert_true(grow(&f->text, &f->cap, f->len + strlen(line) + 1, 1));
    memcpy(f->text + f->len, line, strlen(line) + 1);
    f->len += strlen(line);
}

static void on_finding(void *ctx, const struct finding *f)
{
    static const char *const sure[] = {"none", "low", "medium", "high"};
    const struct found *found = ctx;

    if (!found->whole && (detectors[f->kind]->anchors & ANCHOR_TERM))
        return;
    note(ctx, "%s %.*s %s n=%u %d:%llu:%u r%llu e%x\n", detectors[f->kind]->kind, (int)f->value.len,
         f->value.at, sure[f->confidence], f->count, (int)f->place.kind,
         (unsigned long long)f->place.a, f->place.b, (unsigned long long)f->record, f->evidence);
    assert_true(f->n_records >= 1 && f->n_records <= ENGINE_RECORDS_MAX);
    assert_true(f->records[0] == f->record);
    if (!found->whole)
        return;
    note(ctx, "  line %u paragraph %u categories %x near %x word %u+%u against %u records", f->line,
         f->paragraph, f->categories, f->categories_near, f->word, f->word_distance,
         f->word_against);
    for (unsigned i = 0; i < f->n_records; i++)
        note(ctx, " %llu", (unsigned long long)f->records[i]);
    note(ctx, "\n");
}

static void on_occurrence(void *ctx, const struct occurrence *o)
{
    note(ctx, "@%s %llu+%zu\n", detectors[o->kind]->kind, (unsigned long long)o->offset, o->len);
}

/* A document: text with marks.  \001 = new cell, \002 = new row, \003 = page, \004 = break,
 * \005 = record. */
static void push(struct engine *e, struct span text, size_t step, uint64_t *row, uint32_t *cell,
                 uint64_t *page)
{
    size_t from = 0;

    for (size_t i = 0; i <= text.len; i++) {
        char c = i < text.len ? text.at[i] : '\001';
        bool mark = i == text.len || (c >= '\001' && c <= '\005');

        if (mark || (step && i - from >= step)) {
            assert_true(engine_text(e, (struct span){text.at + from, i - from}));
            from = i;
        }
        if (!mark || i == text.len)
            continue;
        from = i + 1;
        if (c == '\004') {
            engine_mark(e, (struct mark){MARK_BREAK, 0, 0});
        } else if (c == '\005') {
            engine_mark(e, (struct mark){MARK_RECORD, 0, 0});
        } else if (c == '\003') {
            engine_mark(e, (struct mark){MARK_PAGE, ++*page, 0});
        } else {
            if (c == '\002') {
                if (++*row == 1)
                    engine_mark(e, (struct mark){MARK_TABLE, 1, 0});
                *cell = 0;
            }
            engine_mark(e, (struct mark){MARK_CELL, *row, ++*cell});
        }
    }
}

struct how {
    enum text_origin origin;
    char delimiter;
    size_t step, window;
    classify_fn *classify;
    bool occurrences, whole;
};

static char *findings_of(struct span text, struct how how, struct text_summary *summary)
{
    struct found found = {.whole = how.whole};
    struct engine_sink sink = {&found, on_finding, how.occurrences ? on_occurrence : NULL};
    struct engine *e = engine_new_sized(TODAY, how.window ? how.window : ENGINE_WINDOW,
                                        how.classify ? how.classify : classify_best());
    struct table_shape shape = {how.delimiter, '"', true};
    uint64_t row = 0, page = 0;
    uint32_t cell = 0;

    assert_non_null(e);
    note(&found, "%s", "");
    engine_begin(e, how.origin, &sink);
    if (how.delimiter)
        engine_table(e, &shape);
    push(e, text, how.step, &row, &cell, &page);
    engine_end(e, summary);
    engine_free(e);
    return found.text;
}

static inline void expect(const char *text, struct how how, const char *want)
{
    char *got = findings_of(span_of(text), how, NULL);

    assert_string_equal(got, want);
    free(got);
}

static inline const char *confidence_of(const char *text, struct how how, const char *kind)
{
    char *got = findings_of(span_of(text), how, NULL);
    char *at = strstr(got, kind);
    const char *ret = !at ? "absent" : "none";
    char *end = at ? strchr(at, '\n') : NULL;

    if (end)
        *end = '\0';
    if (at && strstr(at, " high "))
        ret = "high";
    else if (at && strstr(at, " medium "))
        ret = "medium";
    else if (at && strstr(at, " low "))
        ret = "low";
    free(got);
    return ret;
}

#define CONFIDENCE(text, how, kind, want) assert_string_equal(confidence_of(text, how, kind), want)

static const struct how plain = {.origin = ORIGIN_TEXT};

#endif
