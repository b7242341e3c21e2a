/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/lookup_query.h"

#include <errno.h>
#include <stdlib.h>

#include "detectors/engine.h"
#include "scanner/lookup.h"

/* One line being read. */
struct asking {
    struct query_set *set;
    const struct case_keys *keys;
    bool no_memory;
    int as_kind; /* asked as the value of a field that is named for this detector; -1: as it is */
};

/* --- the set ---------------------------------------------------------------------------------- */

static void add(struct asking *a, const char *kind, struct span value, bool recognised)
{
    struct query_set *set = a->set;
    unsigned char token[TOKEN_BYTES];

    if (value.len == 0 || value.len > VALUE_MAX || a->no_memory)
        return;
    token_of(a->keys, kind, value, token);
    for (size_t i = set->first[set->queries]; i < set->n; i++) {
        if (memcmp(set->asked[i].token, token, sizeof token) == 0) {
            set->asked[i].recognised |= recognised;
            return;
        }
    }
    if (set->n == set->room) {
        size_t room = set->room ? set->room * 2 : 256;
        struct asked *asked =
            room < NOT_ASKED ? reallocarray(set->asked, room, sizeof *asked) : NULL;

        if (!asked) {
            a->no_memory = true;
            return;
        }
        set->asked = asked;
        set->room = room;
    }
    struct asked *one = &set->asked[set->n++];

    *one = (struct asked){
        .kind = kind, .query = (uint32_t)set->queries, .next = NOT_ASKED, .recognised = recognised};
    memcpy(one->token, token, sizeof token);
}

static bool begin_query(struct query_set *set)
{
    if (set->queries + 1 >= set->queries_room) {
        size_t room = set->queries_room ? set->queries_room * 2 : 64;
        uint64_t *lines = reallocarray(set->lines, room, sizeof *lines);

        if (!lines)
            return false;
        set->lines = lines;
        uint32_t *first = reallocarray(set->first, room, sizeof *first);

        if (!first)
            return false;
        set->first = first;
        set->queries_room = room;
    }
    set->first[set->queries] = (uint32_t)set->n;
    return true;
}

static size_t slot_of(const struct query_set *set, const unsigned char token[TOKEN_BYTES])
{
    uint64_t head;

    memcpy(&head, token, sizeof head); /* tokens are evenly spread */
    return (size_t)head & set->mask;
}

uint32_t query_set_first(const struct query_set *set, const unsigned char token[TOKEN_BYTES])
{
    return set->heads[slot_of(set, token)];
}

static bool index_tokens(struct query_set *set)
{
    size_t slots = 1024;

    while (slots < set->n * 2)
        slots *= 2;
    set->heads = malloc(slots * sizeof *set->heads);
    if (!set->heads)
        return false;
    memset(set->heads, 0xff, slots * sizeof *set->heads);
    set->mask = slots - 1;
    for (size_t i = set->n; i > 0; i--) {
        uint32_t *head = &set->heads[slot_of(set, set->asked[i - 1].token)];

        set->asked[i - 1].next = *head;
        *head = (uint32_t)(i - 1);
    }
    return true;
}

void query_set_release(struct query_set *set)
{
    free(set->asked);
    free(set->lines);
    free(set->first);
    free(set->heads);
    *set = (struct query_set){0};
}

/* --- one line --------------------------------------------------------------------------------- */

/* The written forms that a normalised value can have (docs/inventory.md, "Tokens"). */
struct forms {
    char digits[QUERY_LINE_MAX], upper[QUERY_LINE_MAX], lower[QUERY_LINE_MAX];
    char phone[QUERY_LINE_MAX + 4];
    size_t n_digits, n_upper, n_lower, n_phone;
    bool has_letter, has_at;
};

static void take_forms(struct forms *f, struct span line)
{
    for (size_t i = 0; i < line.len; i++) {
        char c = line.at[i];
        bool digit = c >= '0' && c <= '9', small = c >= 'a' && c <= 'z',
             large = c >= 'A' && c <= 'Z';

        if (digit)
            f->digits[f->n_digits++] = c;
        if (digit || large || small)
            f->upper[f->n_upper++] = (char)(small ? c - 32 : c);
        f->lower[f->n_lower++] = (char)(large ? c + 32 : c);
        f->has_letter |= small || large;
        f->has_at |= c == '@';
    }
}

/* E.164; a number in national form is a Belgian one. */
static void take_phone(struct forms *f, struct span line)
{
    const char *rest = f->digits;
    size_t n = f->n_digits;
    bool abroad = line.len > 0 && line.at[0] == '+';

    if (!abroad && n > 2 && rest[0] == '0' && rest[1] == '0') {
        abroad = true;
        rest += 2;
        n -= 2;
    }
    f->phone[f->n_phone++] = '+';
    if (!abroad && n > 1 && rest[0] == '0') {
        f->phone[f->n_phone++] = '3';
        f->phone[f->n_phone++] = '2';
        rest++;
        n--;
    }
    memcpy(f->phone + f->n_phone, rest, n);
    f->n_phone += n;
}

/* Every kind whose values can look like this. */
static void ask_by_shape(struct asking *a, const struct forms *f)
{
    for (unsigned i = 0; i < detectors_count; i++) {
        const struct detector *d = detectors[i];

        if (d->look_alike)
            continue;
        if (strcmp(d->kind, "phone") == 0) {
            if (!f->has_letter && f->n_digits >= 8 && f->n_digits <= 17)
                add(a, d->kind, (struct span){f->phone, f->n_phone}, false);
            continue;
        }
        if ((d->anchors & ANCHOR_DIGITS) && !f->has_letter && f->n_digits >= d->digits_min &&
            f->n_digits <= d->digits_max)
            add(a, d->kind, (struct span){f->digits, f->n_digits}, false);
        if ((d->anchors & ANCHOR_LETTERS) && f->has_letter && f->n_digits &&
            f->n_upper <= d->longest)
            add(a, d->kind, (struct span){f->upper, f->n_upper}, false);
        if ((d->anchors & ANCHOR_AT) && f->has_at && f->n_lower <= d->longest)
            add(a, d->kind, (struct span){f->lower, f->n_lower}, false);
    }
}

static void on_finding(void *ctx, const struct finding *f)
{
    struct asking *a = ctx;

    if (a->as_kind < 0)
        add(a, detectors[f->kind]->kind, f->value, true);
    else if ((unsigned)a->as_kind == f->kind)
        add(a, detectors[f->kind]->kind, f->value, false);
}

/* "passport: EN000000": kinds that nothing but a word or a field's name can wake. */
static void ask_as_fields(struct asking *a, struct engine *engine, struct span line)
{
    const struct engine_sink sink = {.ctx = a, .finding = on_finding};

    for (unsigned i = 0; i < detectors_count && !a->no_memory; i++) {
        const struct detector *d = detectors[i];
        const char *label = d->words ? d->words[0] : d->keys ? d->keys[0] : NULL;

        /* any text may be a secret: what tells of no person is not guessed */
        if (d->look_alike || !d->of_person || !(d->anchors & ANCHOR_FIELD) || !label)
            continue;
        a->as_kind = (int)i;
        engine_begin(engine, ORIGIN_TEXT, &sink);
        a->no_memory |= !engine_text(engine, span_of(label)) || !engine_text(engine, SPAN(": ")) ||
                        !engine_text(engine, line);
        engine_end(engine, NULL);
    }
    a->as_kind = -1;
}

static bool ask(struct asking *a, struct engine *engine, struct span line)
{
    const struct engine_sink sink = {.ctx = a, .finding = on_finding};
    struct forms forms = {.n_digits = 0};

    engine_begin(engine, ORIGIN_TEXT, &sink);
    if (!engine_text(engine, line))
        a->no_memory = true;
    engine_end(engine, NULL);
    ask_as_fields(a, engine, line);
    take_forms(&forms, line);
    take_phone(&forms, line);
    ask_by_shape(a, &forms);
    explicit_bzero(&forms, sizeof forms);
    return !a->no_memory;
}

static struct span trimmed(const char *at, size_t len)
{
    while (len > 0 && (unsigned char)at[0] <= ' ') {
        at++;
        len--;
    }
    while (len > 0 && (unsigned char)at[len - 1] <= ' ')
        len--;
    return (struct span){at, len};
}

int query_set_read(struct query_set *set, FILE *in, const struct case_keys *keys, uint32_t today)
{
    struct asking a = {set, keys, false, -1};
    struct engine *engine = engine_new(today);
    char line[QUERY_LINE_MAX];
    size_t len = 0;
    bool too_long = false, more = true;
    int r = engine && begin_query(set) ? 0 : -ENOMEM;

    for (uint64_t number = 1; r == 0 && more;) {
        int c = getc(in);

        more = c != EOF;
        if (more && c != '\n') {
            if (len < sizeof line)
                line[len++] = (char)c;
            else
                too_long = true;
            continue;
        }
        struct span text = trimmed(line, len);

        if (text.len > 0 && set->queries == LOOKUP_LINES_MAX) {
            r = -E2BIG;
        } else if (text.len > 0) {
            if (!too_long && !ask(&a, engine, text))
                r = -ENOMEM;
            set->lines[set->queries++] = number;
            if (!begin_query(set))
                r = -ENOMEM;
        }
        number++;
        len = 0;
        too_long = false;
    }
    explicit_bzero(line, sizeof line);
    engine_free(engine);
    if (r == 0 && ferror(in))
        r = -EIO;
    if (r == 0 && !index_tokens(set))
        r = -ENOMEM;
    return r;
}
