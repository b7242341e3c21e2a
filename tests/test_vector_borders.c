/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/*
 * Every published number form, of both signs, in a sentence with its key word: found with the right
 * kind and value, or not as that kind; and the same wherever the text is cut, and wherever a
 * window of the engine ends in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "detectors/engine_private.h"
#include "tests/vectors.h"

enum {
    TODAY = 20261123,
    SMALL_WINDOW = 64,
    FOUND_MAX = 64 * 1024,
    FILL = 2 * ENGINE_MARGIN + SMALL_WINDOW,
    SENTENCE_MAX = 2048,
    TEXT_MAX = FILL + SENTENCE_MAX
};

/* What was found in one text, one line a finding. */
struct found {
    char text[FOUND_MAX];
    size_t len;
};

static void on_finding(void *ctx, const struct finding *f)
{
    struct found *found = ctx;
    int n = snprintf(found->text + found->len, FOUND_MAX - found->len,
                     "%s %.*s %d n=%u bis=%d %x\n", detectors[f->kind]->kind, (int)f->value.len,
                     f->value.at, (int)f->confidence, f->count, f->facts.bis, f->evidence);

    assert_true(n > 0 && (size_t)n < FOUND_MAX - found->len);
    found->len += (size_t)n;
}

/* What a vector is worked on with. */
struct bench {
    struct engine *whole, *small; /* small: with a window of SMALL_WINDOW */
    struct found first, other;
    char text[TEXT_MAX], words[SENTENCE_MAX];
};

/* In two pieces, the first of `cut` bytes. */
static void find(struct engine *e, const char *text, size_t len, size_t cut, struct found *ret)
{
    struct engine_sink sink = {.ctx = ret, .finding = on_finding};

    ret->len = 0;
    ret->text[0] = '\0';
    engine_begin(e, ORIGIN_TEXT, &sink);
    assert_true(engine_text(e, (struct span){text, cut}));
    assert_true(engine_text(e, (struct span){text + cut, len - cut}));
    engine_end(e, NULL);
}

static size_t sentence(const struct vector *v, char *ret)
{
    int n = snprintf(ret, SENTENCE_MAX, "Voir le dossier ouvert.\n%s%s, \xC3\xA0 revoir.\n",
                     v->kind->label, v->value);

    assert_true(n > 0 && n < SENTENCE_MAX);
    return (size_t)n;
}

/* A line of `found` is of the vector's kind. */
static bool is_of_kind(const struct vector *v, const char *line)
{
    size_t kind = strlen(v->kind->detector->kind);

    if (strncmp(line, v->kind->detector->kind, kind) != 0 || line[kind] != ' ')
        return false;
    /* a national number and a bis number are one kind */
    if (strcmp(v->kind->kind, "nrn") == 0)
        return strstr(line, "bis=0") != NULL && strstr(line, "bis=0") < strchr(line, '\n');
    if (strcmp(v->kind->kind, "bis") == 0)
        return strstr(line, "bis=1") != NULL && strstr(line, "bis=1") < strchr(line, '\n');
    return true;
}

static void check_found(const struct vector *v, const struct found *found)
{
    char value[VALUE_MAX + 1] = "";
    bool zone = v->kind->detector == &detect_mrz, right = false, any = false;
    size_t kind = strlen(v->kind->detector->kind);

    if (!zone)
        vector_normalise(v, value);
    for (const char *line = found->text; *line; line = strchr(line, '\n') + 1) {
        if (!is_of_kind(v, line))
            continue;
        any = true;
        right = right || zone ||
                (strncmp(line + kind + 1, value, strlen(value)) == 0 &&
                 line[kind + 1 + strlen(value)] == ' ');
    }
    /* a look-alike is there so that nothing is reported of it, of any kind */
    if (v->kind->detector->look_alike) {
        if (v->valid && found->len > 0)
            fail_msg("%s is reported: %s as %s", v->kind->kind, v->value, found->text);
        return;
    }
    if (v->valid && !right)
        fail_msg("%s is missed: %s, found: %s", v->kind->kind, v->value, found->text);
    if (!v->valid && any)
        fail_msg("%s is found but must not be: %s as %s", v->kind->kind, v->value, found->text);
}

typedef void vector_fn(const struct vector *v, struct bench *bench);

static void each_vector(vector_fn *each)
{
    struct bench *bench = calloc(1, sizeof *bench);
    FILE *file = vectors_open();
    struct vector vector;
    unsigned seen = 0;
    bool wrong;

    assert_non_null(bench);
    assert_non_null(file);
    bench->whole = engine_new(TODAY);
    bench->small = engine_new_sized(TODAY, SMALL_WINDOW, classify_best());
    assert_non_null(bench->whole);
    assert_non_null(bench->small);
    while (vectors_next(file, &vector, &wrong)) {
        assert_false(wrong);
        seen++;
        if (vector.kind)
            each(&vector, bench);
    }
    assert_int_equal(seen, VECTORS);
    fclose(file);
    engine_free(bench->small);
    engine_free(bench->whole);
    free(bench);
}

/* The right kind and value; then cut at each byte. */
static void cut_vector(const struct vector *v, struct bench *bench)
{
    size_t len = sentence(v, bench->text);

    find(bench->whole, bench->text, len, 0, &bench->first);
    check_found(v, &bench->first);
    for (size_t cut = 1; cut < len; cut++) {
        find(bench->whole, bench->text, len, cut, &bench->other);
        assert_string_equal(bench->other.text, bench->first.text);
    }
}

/* Behind text that makes the small window move, so far in that one of its ends meets each byte of
 * the sentence. */
static void shift_vector(const struct vector *v, struct bench *bench)
{
    size_t len = sentence(v, bench->words);

    for (size_t shift = 0; shift < SMALL_WINDOW; shift++) {
        size_t fill = FILL - shift;

        for (size_t i = 0; i < fill; i++)
            bench->text[i] = i % 61 == 60 || i + 1 == fill ? '\n' : i % 7 == 6 ? ' ' : 'x';
        memcpy(bench->text + fill, bench->words, len);
        if (shift == 0) {
            find(bench->whole, bench->text, fill + len, 0, &bench->first);
            check_found(v, &bench->first);
        }
        find(bench->small, bench->text, fill + len, fill + len, &bench->other);
        assert_string_equal(bench->other.text, bench->first.text);
    }
}

static void test_cuts(void **state)
{
    (void)state;
    each_vector(cut_vector);
}

static void test_windows(void **state)
{
    (void)state;
    each_vector(shift_vector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuts), cmocka_unit_test(test_windows)};

    return cmocka_run_group_tests_name("vector borders", tests, NULL, NULL);
}
