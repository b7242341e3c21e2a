/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/* seeds: tests/fuzz/corpus/detectors */
/*
 * Every check with candidates that no engine would make: the first bytes say where in the text the
 * candidate, its anchor and its label stand, whatever is there.  A check must hold what a pass
 * promises, say the same twice, and read nothing outside its window; so must `join`, of the pieces
 * that were found.
 */
#include "tests/candidates.h"

#include <stdlib.h>

enum { TODAY = 20261123, HEAD = 6, PIECES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_hold(const struct detector *d, struct span window, const struct match *m)
{
    must(m->value_len > 0 && m->value_len <= VALUE_MAX);
    must(strlen(m->value) == m->value_len);
    must(m->len > 0 && m->len <= d->longest);
    must(m->start <= window.len && m->len <= window.len - m->start);
    must((unsigned)m->form <= FORM_WRITTEN);
    must(m->facts.birth / 10000 <= TODAY / 10000);
    must(m->facts.sex == 0 || m->facts.sex == 'M' || m->facts.sex == 'F');
    must((m->part & (m->part - 1)) == 0 && (m->part == 0 || d->join));
    for (unsigned i = 0; i < 2 && m->embedded[i].kind; i++)
        must(detector_by_kind(m->embedded[i].kind) >= 0 &&
             memchr(m->embedded[i].value, 0, sizeof m->embedded[i].value) != NULL);
}

/* Pieces of one kind, no part twice. */
struct pieces {
    struct match all[PIECES];
    unsigned n;
    uint8_t parts;
};

static bool ask_twice(void *ctx, const struct detector *d, const struct candidate *c)
{
    struct pieces *pieces = ctx;
    struct match first = {.start = c->start, .len = c->len}, second = first;
    enum verdict verdict = d->check(c, &first);

    must(verdict == VERDICT_NO || verdict == VERDICT_SHAPE || verdict == VERDICT_PASS);
    must(d->check(c, &second) == verdict);
    if (verdict != VERDICT_PASS)
        return true;
    must_hold(d, c->window, &first);
    must(first.start == second.start && first.len == second.len &&
         first.value_len == second.value_len && strcmp(first.value, second.value) == 0 &&
         first.form == second.form && first.doubtful == second.doubtful);
    if (first.part && !(pieces->parts & first.part) && pieces->n < PIECES) {
        pieces->parts |= first.part;
        pieces->all[pieces->n++] = first;
    }
    return true;
}

/* Up to `most` bytes of what is left, from where a byte of the head says. */
static size_t part_of(uint8_t byte, size_t most)
{
    return most ? (size_t)byte * 257 % (most + 1) : 0;
}

static void ask_anywhere(const struct detector *d, struct span w, const uint8_t *head,
                         struct pieces *pieces)
{
    static const unsigned anchors[] = {ANCHOR_LETTERS, ANCHOR_AT,    ANCHOR_CHEVRONS,
                                       ANCHOR_WORD,    ANCHOR_FIELD, ANCHOR_POSTCODE,
                                       ANCHOR_BESIDE};
    struct candidate c = {.window = w, .today = TODAY};
    size_t label = part_of(head[3], w.len);

    c.start = part_of(head[0], w.len);
    c.len = part_of(head[1], w.len - c.start);
    c.anchor = head[5] & 1 ? part_of(head[2], c.start) : c.start + part_of(head[2], c.len);
    c.label = (struct span){w.at + label, part_of(head[4], w.len - label)};
    if (c.len > d->longest)
        c.len = d->longest;
    if (c.anchor > c.start + c.len)
        c.anchor = c.start + c.len;
    for (unsigned i = 0; i < sizeof anchors / sizeof *anchors; i++) {
        if (!(d->anchors & anchors[i]))
            continue;
        c.woken_by = anchors[i];
        ask_twice(pieces, d, &c);
    }
    if (!(d->anchors & ANCHOR_DIGITS))
        return;
    for (size_t at = c.start; at < w.len; at++)
        if (is_digit(w.at[at])) {
            /* from the middle of a group too */
            candidates_of_run(d, w, at, TODAY, ask_twice, pieces);
            break;
        }
}

static void join(const struct detector *d, struct span w, const struct pieces *pieces)
{
    const struct match *list[PIECES];
    struct match ret = {.start = pieces->all[0].start, .len = pieces->all[0].len};

    for (unsigned i = 0; i < pieces->n; i++)
        list[i] = &pieces->all[i];
    if (d->join(list, pieces->n, &ret) == VERDICT_PASS)
        must_hold(d, w, &ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD)
        return 0;
    size_t len = size - HEAD;
    /* Exactly as many bytes as the window has, so that reading past it is seen. */
    char *copy = malloc(len ? len : 1);
    struct span window = {copy, len};

    must(copy != NULL);
    memcpy(copy, data + HEAD, len);
    for (unsigned i = 0; i < detectors_count; i++) {
        struct pieces pieces = {.n = 0};

        ask_anywhere(detectors[i], window, data, &pieces);
        if (detectors[i]->join && pieces.n > 0)
            join(detectors[i], window, &pieces);
    }
    free(copy);
    return 0;
}
