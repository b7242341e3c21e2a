/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/base/cleanup.h"
#include "scanner/base/keys.h"

static int start(void **state)
{
    static struct case_keys keys;
    unsigned char key[CASE_KEY_BYTES];

    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    if (!keys_start())
        return -1;
    keys_derive(&keys, key);
    *state = &keys;
    return 0;
}

/* Computed by another implementation (testdata/keys/tokens.py). */
static void tokens_are_keyed_blake2b(void **state)
{
    AUTO_FREE char *line = NULL;
    AUTO_FCLOSE FILE *f = fopen(TESTDATA "/keys/tokens.tsv", "r");
    size_t room = 0;
    unsigned n = 0;

    assert_non_null(f);
    while (getline(&line, &room, f) > 0) {
        if (line[0] == '#')
            continue;
        char *rest = line, *kind = strsep(&rest, "\t"), *value = strsep(&rest, "\t");
        unsigned char token[16], back[16];
        char hex[33];

        rest[strcspn(rest, "\n")] = '\0';
        token_of(*state, kind, span_of(value), token);
        token_hex(token, hex);
        assert_string_equal(hex, rest);
        assert_true(token_from_hex(hex, back));
        assert_memory_equal(back, token, sizeof token);
        n++;
    }
    assert_int_equal(n, 9);
}

static void hex_is_checked(void **state)
{
    unsigned char token[16];

    (void)state;
    assert_false(token_from_hex("", token));
    assert_false(token_from_hex("0123456789abcdef0123456789abcde", token));
    assert_false(token_from_hex("0123456789abcdef0123456789abcdeg", token));
    assert_false(token_from_hex("0123456789abcdef0123456789abcdef0", token));
}

static void facts_survive_packing(void **state)
{
    static const struct person_facts samples[] = {{19850730, 'M', false}, {20170730, 'F', true},
                                                  {19000000, 0, false},   {0, 'F', false},
                                                  {0, 0, true},           {18991231, 'M', true}};
    unsigned char token[16] = {1, 2, 3}, other[16] = {1, 2, 4};

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        uint32_t packed = facts_pack(&samples[i]);
        struct person_facts back = facts_unpack(packed);
        uint32_t masked = facts_mask(*state, token, packed);

        assert_int_equal(back.birth, samples[i].birth);
        assert_int_equal(back.sex, samples[i].sex);
        assert_int_equal(back.bis, samples[i].bis);
        assert_int_not_equal(masked, packed);
        assert_int_not_equal(masked, facts_mask(*state, other, packed));
        assert_int_equal(facts_mask(*state, token, masked), packed);
    }
    /* Outside what nine bits can say: nothing known rather than another year. */
    assert_int_equal(facts_unpack(facts_pack(&(struct person_facts){17990101, 0, false})).birth, 0);
}

static void names_open_with_their_key_only(void **state)
{
    AUTO_BUF struct buf sealed;
    AUTO_BUF struct buf again;
    AUTO_BUF struct buf raw;
    struct case_keys other = *(struct case_keys *)*state;

    buf_init(&sealed, 1000);
    buf_init(&again, 1000);
    buf_init(&raw, 1000);
    other.name[0] ^= 1;
    assert_true(name_seal(*state, SPAN("dossier \xff.pdf"), &sealed));
    assert_true(name_seal(*state, SPAN("dossier \xff.pdf"), &again));
    assert_false(span_equal(buf_span(&sealed), buf_span(&again)));
    assert_true(name_open(*state, buf_span(&sealed), &raw));
    assert_true(span_equal(buf_span(&raw), SPAN("dossier \xff.pdf")));
    assert_false(name_open(&other, buf_span(&sealed), &raw));
    sealed.at[sealed.len - 1] ^= 1;
    assert_false(name_open(*state, buf_span(&sealed), &raw));
    assert_false(name_open(*state, SPAN("short"), &raw));
    assert_int_equal(raw.len, strlen("dossier \xff.pdf"));
}

static void a_path_is_its_root_and_its_name(void **state)
{
    static char longest[6000];
    unsigned char a[16], b[16];

    path_identity(*state, SPAN("share"), SPAN("a/b"), a);
    path_identity(*state, SPAN("share"), SPAN("a/b"), b);
    assert_memory_equal(a, b, sizeof a);
    path_identity(*state, SPAN("sharea"), SPAN("/b"), b);
    assert_memory_not_equal(a, b, sizeof a);
    memset(longest, 'x', sizeof longest);
    path_identity(*state, SPAN("share"), (struct span){longest, sizeof longest}, a);
    path_identity(*state, SPAN("share"), (struct span){longest, sizeof longest - 1}, b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void keys_are_wiped(void **state)
{
    struct case_keys copy = *(struct case_keys *)*state, nothing = {0};

    keys_forget(&copy);
    assert_memory_equal(&copy, &nothing, sizeof copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_keyed_blake2b),
        cmocka_unit_test(hex_is_checked),
        cmocka_unit_test(facts_survive_packing),
        cmocka_unit_test(names_open_with_their_key_only),
        cmocka_unit_test(a_path_is_its_root_and_its_name),
        cmocka_unit_test(keys_are_wiped),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
