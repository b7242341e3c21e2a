/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/html_tokens.h"

#include <stdlib.h>
#include <strings.h>

#include "scanner/extract/charset.h"

enum {
    REFERENCE_MAX = 40,        /* longer than any reference */
    ATTRIBUTES_MAX = 20 * 1000 /* of one tag */
};

/* What a construct was found to be. */
enum { UNFINISHED = 0 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

static struct span between(struct span s, size_t from, size_t to)
{
    return (struct span){s.at + from, to - from};
}

static size_t find(struct span s, size_t from, char c)
{
    const char *at = from < s.len ? memchr(s.at + from, c, s.len - from) : NULL;

    return at ? (size_t)(at - s.at) : s.len;
}

static bool no_memory(struct html_tokens *t)
{
    t->no_memory = true;
    return false;
}

static bool went_on(struct html_tokens *t, bool ok)
{
    if (!ok)
        t->stopped = true;
    return ok;
}

static bool give_text(struct html_tokens *t, struct span s)
{
    return s.len == 0 || went_on(t, t->events->text(t->events->ctx, s));
}

static bool give_aside(struct html_tokens *t, struct span s)
{
    return s.len == 0 || !t->events->aside || went_on(t, t->events->aside(t->events->ctx, s));
}

static bool give_rest(struct html_tokens *t, struct span s)
{
    return s.len == 0 || !t->events->rest || went_on(t, t->events->rest(t->events->ctx, s));
}

/* --- character references --------------------------------------------------------------------- */

static const struct reference {
    char name[18];
    uint16_t code;
} references[] = {
#include "scanner/extract/html_references.inc"
};

static int by_name(const void *key, const void *entry)
{
    const struct span *name = key;
    const struct reference *r = entry;
    size_t len = strnlen(r->name, sizeof r->name);
    int order = memcmp(name->at, r->name, name->len < len ? name->len : len);

    return order != 0 ? order : (name->len > len) - (name->len < len);
}

/* C1 controls are meant as Windows-1252 (WHATWG HTML, 13.2.5.80). */
static uint32_t meant_code(uint32_t code)
{
    static const uint16_t windows[32] = {
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
        0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

    if (code >= 0x80 && code < 0xA0)
        return windows[code - 0x80];
    return code == 0 ? 0xFFFD : code;
}

/* Of "&#...": length with its semicolon if it has one, 0 when it is none. */
static size_t numeric_reference(struct span s, uint32_t *ret)
{
    bool hex = s.len > 2 && (s.at[2] == 'x' || s.at[2] == 'X');
    size_t i = hex ? 3 : 2, first = i;
    uint32_t code = 0;

    for (; i < s.len; i++) {
        char c = s.at[i];
        uint32_t digit;

        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (hex && c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a' + 10);
        else if (hex && c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A' + 10);
        else
            break;
        if (code <= 0x10FFFF)
            code = code * (hex ? 16 : 10) + digit;
    }
    if (i == first)
        return 0;
    *ret = meant_code(code);
    return i < s.len && s.at[i] == ';' ? i + 1 : i;
}

/* The reference that `s` begins with: its length, 0 when it is a plain ampersand. */
static size_t reference(struct span s, uint32_t *ret)
{
    size_t n = 1;

    if (s.len > 2 && s.at[1] == '#')
        return numeric_reference(s, ret);
    while (n < s.len && n < REFERENCE_MAX && is_word(s.at[n]))
        n++;
    if (n == 1 || n >= s.len || s.at[n] != ';')
        return 0;
    struct span name = between(s, 1, n);
    const struct reference *r = bsearch(&name, references, sizeof references / sizeof *references,
                                        sizeof *references, by_name);

    if (!r)
        return 0;
    *ret = r->code;
    return n + 1;
}

/* `s` with its references resolved, added to `room`. */
static bool add_resolved(struct buf *room, struct span s)
{
    size_t at = 0;

    while (at < s.len) {
        size_t sign = find(s, at, '&');

        buf_add(room, s.at + at, sign - at);
        at = sign;
        if (at == s.len)
            break;
        uint32_t code = 0;
        size_t n = reference(between(s, at, s.len), &code);

        if (n > 0) {
            char utf8[4];

            buf_add(room, utf8, utf8_put(utf8, code));
        }
        buf_add(room, s.at + at, n > 0 ? 0 : 1);
        at += n > 0 ? n : 1;
    }
    return !room->failed;
}

static bool give_resolved(struct html_tokens *t, struct span s)
{
    if (s.len == 0 || !memchr(s.at, '&', s.len))
        return give_text(t, s);
    buf_clear(&t->text);
    return add_resolved(&t->text, s) ? give_text(t, buf_span(&t->text)) : no_memory(t);
}

/* --- tags --------------------------------------------------------------------------------------
 */

/* The name in lower case and without a prefix, where it stands or in `room`, which has room. */
static struct span local_name(struct buf *room, struct span name)
{
    size_t colon = find(name, 0, ':'), i = 0, from = room->len;

    if (colon < name.len)
        name = between(name, colon + 1, name.len);
    while (i < name.len && !(name.at[i] >= 'A' && name.at[i] <= 'Z'))
        i++;
    if (i == name.len)
        return name;
    buf_add_span(room, name);
    for (i = from; i < room->len; i++) {
        if (room->at[i] >= 'A' && room->at[i] <= 'Z')
            room->at[i] = (char)(room->at[i] + 'a' - 'A');
    }
    return between(buf_span(room), from, room->len);
}

/* A reference is never longer resolved than it was. */
static struct span resolved(struct buf *room, struct span value)
{
    size_t from = room->len;

    if (value.len == 0 || !memchr(value.at, '&', value.len))
        return value;
    add_resolved(room, value);
    return between(buf_span(room), from, room->len);
}

/* The attribute at *at, past which it is moved (13.2.5.32 to 13.2.5.39).  False: the tag ends
 * before one, or the input does (then *at is its length). */
static bool next_attribute(struct span s, size_t *at, struct xmltext_attribute *ret)
{
    size_t i = *at, begin;

    while (i < s.len && (is_blank(s.at[i]) || s.at[i] == '/'))
        i++;
    *at = begin = i;
    if (i == s.len || s.at[i] == '>')
        return false;
    for (i++; i < s.len && !is_blank(s.at[i]) && s.at[i] != '/' && s.at[i] != '>'; i++) {
        if (s.at[i] == '=')
            break;
    }
    *ret = (struct xmltext_attribute){between(s, begin, i), between(s, i, i)};
    while (i < s.len && is_blank(s.at[i]))
        i++;
    if (i < s.len && s.at[i] == '=') {
        for (i++; i < s.len && is_blank(s.at[i]);)
            i++;
        begin = i;
        if (i < s.len && (s.at[i] == '"' || s.at[i] == '\'')) {
            i = find(s, ++begin, s.at[i]);
            ret->value = between(s, begin, i);
            i += i < s.len;
        } else {
            while (i < s.len && !is_blank(s.at[i]) && s.at[i] != '>')
                i++;
            ret->value = between(s, begin, i);
        }
    }
    *at = i;
    return i < s.len;
}

static struct xmltext_attribute *room_for(struct html_tokens *t, size_t n)
{
    if (n == t->room) {
        size_t room = n ? n * 2 : 32;
        struct xmltext_attribute *at = realloc(t->attributes, room * sizeof *at);

        if (!at) {
            no_memory(t);
            return NULL;
        }
        t->attributes = at;
        t->room = room;
    }
    return &t->attributes[n];
}

/* Returns how long the tag is that `s` begins with, UNFINISHED when its end is not there. */
static size_t start_tag(struct html_tokens *t, struct span s, size_t name_end)
{
    size_t at = name_end, n = 0, bytes = 0;
    struct xmltext_attribute a;

    while (next_attribute(s, &at, &a)) {
        struct xmltext_attribute *to = room_for(t, n);

        if (!to)
            return UNFINISHED;
        *to = a;
        bytes += a.name.len + a.value.len;
        if (++n > ATTRIBUTES_MAX) {
            t->lost = true;
            return UNFINISHED;
        }
    }
    if (at == s.len)
        return UNFINISHED;
    buf_clear(&t->changed);
    if (!buf_reserve(&t->changed,
                     name_end + bytes)) { /* so that nothing moves while it is filled */
        no_memory(t);
        return UNFINISHED;
    }
    struct span name = local_name(&t->changed, between(s, 1, name_end));

    for (size_t i = 0; i < n; i++) {
        t->attributes[i].name = local_name(&t->changed, t->attributes[i].name);
        t->attributes[i].value = resolved(&t->changed, t->attributes[i].value);
    }
    t->raw = span_is(name, "script") ? "script" : span_is(name, "style") ? "style" : NULL;
    t->tables += span_is(name, "table");
    went_on(t, t->events->start(t->events->ctx, name, t->attributes, n));
    return at + 1;
}

static size_t end_tag(struct html_tokens *t, struct span s, size_t name_end)
{
    size_t end = find(s, name_end, '>');

    if (end == s.len)
        return UNFINISHED;
    buf_clear(&t->changed);
    if (!buf_reserve(&t->changed, name_end)) {
        no_memory(t);
        return UNFINISHED;
    }
    struct span name = local_name(&t->changed, between(s, 2, name_end));

    if (span_is(name, "table") && t->tables > 0)
        t->tables--;
    went_on(t, t->events->end(t->events->ctx, name));
    return end + 1;
}

/* --- what is no tag ----------------------------------------------------------------------------
 */

/* "<!--" to "-->" or "--!>"; "<!-->" and "<!--->" are empty. */
static size_t comment(struct html_tokens *t, struct span s)
{
    for (size_t at = 2; at + 2 < s.len; at++) {
        const char *two = memmem(s.at + at, s.len - at, "--", 2);

        if (!two)
            break;
        at = (size_t)(two - s.at);
        size_t close = at + 2 < s.len && s.at[at + 2] == '!' && at >= 4 ? at + 3 : at + 2;

        if (close < s.len && s.at[close] == '>') {
            give_aside(t, between(s, 4, at > 4 ? at : 4));
            return close + 1;
        }
    }
    return UNFINISHED;
}

/* A processing instruction without its target, a declaration but that of the document type, and
 * what else begins like one: to the next '>' (13.2.5.41, bogus comments). */
static size_t declaration(struct html_tokens *t, struct span s)
{
    size_t end = find(s, 2, '>'), from = 2;

    if (end == s.len)
        return UNFINISHED;
    if (s.at[1] == '?') {
        while (from < end && !is_blank(s.at[from]))
            from++;
        while (from < end && is_blank(s.at[from]))
            from++;
    }
    if (end - from < 7 || strncasecmp(s.at + from, "doctype", 7) != 0)
        give_aside(t, between(s, from, end));
    return end + 1;
}

/* What begins with '<'.  Returns its length; UNFINISHED. */
static size_t construct(struct html_tokens *t, struct span s)
{
    bool closing = s.len > 1 && s.at[1] == '/';
    size_t name = closing ? 2 : 1, end;

    if (s.len <= name)
        return UNFINISHED;
    if (is_letter(s.at[name])) {
        for (end = name; end < s.len && !is_blank(s.at[end]) && s.at[end] != '>'; end++) {
            if (s.at[end] == '/')
                break;
        }
        return closing ? end_tag(t, s, end) : start_tag(t, s, end);
    }
    if (!closing && s.at[1] == '!') {
        size_t have = s.len < 4 ? s.len : 4;

        if (memcmp(s.at, "<!--", have) != 0)
            return declaration(t, s);
        return have == 4 ? comment(t, s) : UNFINISHED;
    }
    if (closing || s.at[1] == '?')
        return declaration(t, s);
    give_text(t, between(s, 0, 1)); /* a sign of comparison */
    return 1;
}

/* --- text --------------------------------------------------------------------------------------
 */

/* How much of a text without '<' can be given: all but a reference that may go on. */
static size_t text_so_far(struct span s, bool last)
{
    size_t from = s.len > REFERENCE_MAX ? s.len - REFERENCE_MAX : 0;
    const char *sign = last ? NULL : memrchr(s.at + from, '&', s.len - from);

    if (!sign || memchr(sign, ';', (size_t)(s.at + s.len - sign)))
        return s.len;
    return (size_t)(sign - s.at);
}

/* Of a script or a style sheet, up to its end tag.  *ret_ended: that one stands there. */
static size_t raw_text(const struct html_tokens *t, struct span s, bool last, bool *ret_ended)
{
    size_t name = strlen(t->raw);

    for (size_t at = 0;; at++) {
        at = find(s, at, '<');
        struct span left = between(s, at, s.len);

        if (left.len == 0)
            return at;
        if (left.len > 1 && left.at[1] != '/')
            continue;
        size_t have = left.len > 2 ? left.len - 2 : 0;

        if (have > 0 && strncasecmp(left.at + 2, t->raw, have < name ? have : name) != 0)
            continue;
        if (have <= name) /* may be one */
            return last ? s.len : at;
        char after = left.at[2 + name];

        if (is_blank(after) || after == '/' || after == '>') {
            *ret_ended = true;
            return at;
        }
    }
}

/* Everything whole.  Returns how much that was. */
static size_t read_tokens(struct html_tokens *t, struct span s, bool last)
{
    size_t at = 0;

    while (at < s.len && !t->stopped && !t->no_memory) {
        struct span left = between(s, at, s.len);

        if (t->raw) {
            bool ended = false;
            size_t n = raw_text(t, left, last, &ended);

            give_text(t, between(left, 0, n));
            at += n;
            if (ended)
                t->raw = NULL;
            else if (n < left.len)
                break;
            continue;
        }
        size_t n = find(left, 0, '<');

        if (n > 0) {
            size_t whole = n < left.len ? n : text_so_far(left, last);

            give_resolved(t, between(left, 0, whole));
            at += whole;
            if (whole < n)
                break;
            continue;
        }
        n = construct(t, left);
        if (n == UNFINISHED)
            break;
        at += n;
    }
    return at;
}

/* --- pieces ------------------------------------------------------------------------------------
 */

void html_tokens_init(struct html_tokens *t, const struct xmltext_events *events)
{
    *t = (struct html_tokens){.events = events};
    buf_init(&t->pending, (size_t)2 * XMLTEXT_CONSTRUCT_MAX);
    buf_init(&t->changed, (size_t)2 * XMLTEXT_CONSTRUCT_MAX);
    buf_init(&t->text, (size_t)2 * XMLTEXT_CONSTRUCT_MAX);
}

void html_tokens_release(struct html_tokens *t)
{
    buf_release(&t->pending);
    buf_release(&t->changed);
    buf_release(&t->text);
    free(t->attributes);
    t->attributes = NULL;
}

/* Keeps what is not whole.  It is not looked at again before there is twice as much of it, so that
 * a long construct is read a few times and not once for each piece. */
static bool keep(struct html_tokens *t, struct span s, size_t used)
{
    enum { AT_ONCE = 4096 };

    if (t->pending.len > 0)
        buf_drop_front(&t->pending, used);
    else if (!buf_add(&t->pending, s.at + used, s.len - used))
        return no_memory(t);
    t->wait = t->pending.len < AT_ONCE ? 0 : t->pending.len * 2;
    if (t->wait > XMLTEXT_CONSTRUCT_MAX)
        t->wait = XMLTEXT_CONSTRUCT_MAX;
    if (t->pending.len < XMLTEXT_CONSTRUCT_MAX && !t->lost)
        return true;
    t->lost = true;
    return give_rest(t, buf_span(&t->pending)) && (buf_release(&t->pending), true);
}

static bool finish(struct html_tokens *t)
{
    /* A tag or comment that the end cuts. */
    if (!give_rest(t, buf_span(&t->pending)))
        return false;
    buf_clear(&t->pending);
    for (; t->tables > 0; t->tables--) {
        if (!went_on(t, t->events->end(t->events->ctx, SPAN("table"))))
            return false;
    }
    return true;
}

bool html_tokens_push(struct html_tokens *t, struct span s, bool last)
{
    if (!t->lost) {
        if (t->pending.len > 0) {
            if (!buf_add_span(&t->pending, s))
                return no_memory(t);
            s = buf_span(&t->pending);
        }
        if (last || s.len >= t->wait) {
            size_t used = read_tokens(t, s, last);

            if (t->stopped || t->no_memory || !keep(t, s, used))
                return false;
        }
    } else if (!give_rest(t, s)) {
        return false;
    }
    return !last || finish(t);
}
