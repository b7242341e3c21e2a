/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/html_tokens.h"

struct told {
    struct buf words;
    bool in_text;
};

static void next(struct told *t, const char *sign)
{
    buf_add_text(&t->words, t->words.len ? "|" : "");
    buf_add_text(&t->words, sign);
    t->in_text = false;
}

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *at, size_t n)
{
    struct told *t = ctx;

    next(t, "<");
    buf_add_span(&t->words, name);
    for (size_t i = 0; i < n; i++) {
        buf_add_text(&t->words, " ");
        buf_add_span(&t->words, at[i].name);
        buf_add_text(&t->words, "=");
        buf_add_span(&t->words, at[i].value);
    }
    return true;
}

static bool on_end(void *ctx, struct span name)
{
    next(ctx, "/");
    return buf_add_span(&((struct told *)ctx)->words, name);
}

static bool on_text(void *ctx, struct span text)
{
    struct told *t = ctx;

    if (!t->in_text)
        next(t, "");
    t->in_text = true;
    return buf_add_span(&t->words, text);
}

static bool on_aside(void *ctx, struct span text)
{
    next(ctx, "!");
    return buf_add_span(&((struct told *)ctx)->words, text);
}

static bool on_rest(void *ctx, struct span text)
{
    next(ctx, "~");
    return buf_add_span(&((struct told *)ctx)->words, text);
}

static void read_html(struct told *t, struct span html, size_t step)
{
    const struct xmltext_events events = {t, on_start, on_end, on_text, on_aside, on_rest};
    struct html_tokens tokens;

    buf_clear(&t->words);
    t->in_text = false;
    html_tokens_init(&tokens, &events);
    for (size_t at = 0; at < html.len; at += step) {
        size_t n = html.len - at < step ? html.len - at : step;

        assert_true(html_tokens_push(&tokens, (struct span){html.at + at, n}, false));
    }
    assert_true(html_tokens_push(&tokens, SPAN(""), true));
    html_tokens_release(&tokens);
}

static const struct {
    const char *html, *told;
} cases[] = {
    {"a<b>c</b>d", "a|<b|c|/b|d"},
    {"<TD ColSpan=2 Title='x > y' alt=\"&eacute;&#233;&#xE9;&euro\">1",
     "<td colspan=2 title=x > y "
     "alt=\xC3\xA9\xC3\xA9\xC3\xA9&euro|1"},
    {"<img src = a/b checked/><o:p>", "<img src=a/b checked=|<p"},
    {"1 < 2 & 3 &lt; 4 &nosuch; &", "1 < 2 & 3 < 4 &nosuch; &"},
    {"&#8364;&#128;&#0;&#xD800;&#;", "\xE2\x82\xAC\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD&#;"},
    {"<!-- a --><!-->b<!-- c --!>d<!DOCTYPE html>", "! a |b|! c |d"},
    {"<?php echo 1 ?><![CDATA[x]]></ y><?>z", "!echo 1 ?|![CDATA[x]]|! y|z"},
    {"<script>if (a<b) '</b>'</SCRIPT >c<style>d</stylex></style>",
     "<script|if (a<b) '</b>'|/script|c|<style|d</stylex>|/style"},
    {"<script>never &amp; closed</scrip", "<script|never &amp; closed</scrip"},
    {"<table><tr><table></table>", "<table|<tr|<table|/table|/table"},
    {"</table>", "/table"},
    {"a<b title='cut", "a|~<b title='cut"},
    {"a<!-- cut", "a|~<!-- cut"},
};

static void every_case_however_it_is_cut(void **state)
{
    struct told t = {.in_text = false};

    (void)state;
    buf_init(&t.words, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 1; step < 100; step++) {
            read_html(&t, span_of(cases[i].html), step);
            assert_string_equal(t.words.at, cases[i].told);
        }
    }
    buf_release(&t.words);
}

/* A tag that is too long to hold comes as it stands, with all that follows. */
static void too_long_a_tag_is_rest(void **state)
{
    enum { LEN = XMLTEXT_CONSTRUCT_MAX + 1024 };
    struct told t = {.in_text = false};
    AUTO_FREE char *html = malloc(LEN);

    (void)state;
    assert_non_null(html);
    memset(html, 'x', LEN);
    memcpy(html, "a<b title='", 11);
    buf_init(&t.words, (size_t)3 * LEN);
    read_html(&t, (struct span){html, LEN}, 65536);
    assert_memory_equal(t.words.at, "a|~<b title='xxx", 16);
    assert_true(t.words.len >= LEN);
    buf_release(&t.words);
}

static void too_many_attributes_are_rest(void **state)
{
    enum { LEN = 60000 };
    struct told t = {.in_text = false};
    AUTO_FREE char *html = malloc(LEN);

    (void)state;
    assert_non_null(html);
    for (size_t i = 0; i < LEN; i++)
        html[i] = i % 2 ? ' ' : 'x';
    memcpy(html, "<b", 2);
    buf_init(&t.words, (size_t)3 * LEN);
    read_html(&t, (struct span){html, LEN}, LEN);
    assert_memory_equal(t.words.at, "~<bx x", 6);
    buf_release(&t.words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_however_it_is_cut),
        cmocka_unit_test(too_long_a_tag_is_rest),
        cmocka_unit_test(too_many_attributes_are_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
