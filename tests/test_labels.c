/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/* What offices call a number: testdata/detectors/labels.tsv. */
#include "detectors/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TODAY = 20261123, LINE = 256 };

/* The plainest form of each kind, and how it is kept. */
struct plain {
    const char *kind, *text, *value;
};

static const struct plain plain[] = {
    {"be-nrn", "85073099734", "85073099734"},
    {"iban", "NL91ABNA0417164300", "NL91ABNA0417164300"},
    {"be-eid-card", "591191706458", "591191706458"},
    {"be-bban", "735001537234", "735001537234"},
    {"payment-card", "4111111111111111", "4111111111111111"},
    {"phone", "0470123456", "+32470123456"},
};

struct wanted {
    const struct plain *plain;
    enum confidence confidence;
};

static void on_finding(void *ctx, const struct finding *f)
{
    struct wanted *w = ctx;

    if (strcmp(detectors[f->kind]->kind, w->plain->kind) == 0 &&
        f->value.len == strlen(w->plain->value) &&
        memcmp(f->value.at, w->plain->value, f->value.len) == 0)
        w->confidence = f->confidence;
}

static enum confidence confidence_of(struct engine *e, const struct plain *p, const char *text,
                                     bool rows)
{
    struct wanted w = {.plain = p};
    struct engine_sink sink = {.ctx = &w, .finding = on_finding};

    engine_begin(e, ORIGIN_TEXT, &sink);
    if (rows)
        engine_table(e, &(struct table_shape){';', '"', true});
    assert_true(engine_text(e, (struct span){text, strlen(text)}));
    engine_end(e, NULL);
    return w.confidence;
}

static void test_labels(void **state)
{
    static const struct {
        const char *format;
        bool rows;
    } places[] = {
        {"Het dossier is volledig.\n\n%s %s\n", false},
        {"Het dossier is volledig.\n\n%s : %s\n", false},
        {"Het dossier is volledig.\n\n%s\n%s\n", false},
        {"ID;%s;Status\n1;%s;ok\n2;;ok\n", true},
        {"Dossiers 2024;;\n;;\nID;%s;Status\n1;%s;ok\n2;;ok\n", true},
        {"Overzicht;maart;2024\nID;%s;Status\n1;%s;ok\n2;;ok\n", true},
    };
    FILE *f = fopen(TESTDATA "/detectors/labels.tsv", "r");
    struct engine *e = engine_new(TODAY);
    char line[LINE], text[2 * LINE];
    unsigned held = 0, failed = 0;

    (void)state;
    assert_non_null(f);
    assert_non_null(e);
    while (fgets(line, sizeof line, f)) {
        char *label = strchr(line, '\t');
        const struct plain *p = NULL;

        if (line[0] == '#')
            continue;
        assert_non_null(label);
        *label++ = '\0';
        label[strcspn(label, "\n")] = '\0';
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            if (strcmp(plain[i].kind, line) == 0)
                p = &plain[i];
        assert_non_null(p);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            const char *format = places[i].format;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(text, sizeof text, format, label, p->text);
#pragma GCC diagnostic pop
            if (confidence_of(e, p, text, places[i].rows) == CONFIDENCE_HIGH) {
                held++;
            } else {
                failed++;
                print_error("%s: not high in place %zu behind \"%s\"\n", p->kind, i, label);
            }
        }
    }
    engine_free(e);
    assert_int_equal(ferror(f), 0);
    fclose(f);
    assert_true(held > 1000);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
