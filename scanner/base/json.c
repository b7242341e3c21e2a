/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/json.h"

#include <math.h>

struct json json_to(struct buf *out)
{
    return (struct json){.out = out, .first = {true}};
}

/* --- UTF-8 (Unicode 15, table 3-7) ------------------------------------------------------------ */

/* The next character; its length in *ret_len.  Negative: not valid, and *ret_len bytes are the
 * longest part that could have begun one (each is replaced by one U+FFFD). */
static int32_t next_character(const unsigned char *at, const unsigned char *end, size_t *ret_len)
{
    unsigned lead = at[0], low = 0x80, high = 0xbf;
    size_t more;

    *ret_len = 1;
    if (lead < 0x80)
        return (int32_t)lead;
    if (lead < 0xc2 || lead > 0xf4)
        return -1;
    more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (lead == 0xe0)
        low = 0xa0; /* shorter forms exist */
    else if (lead == 0xed)
        high = 0x9f; /* surrogates */
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f; /* above U+10FFFF */
    int32_t c = (int32_t)(lead & (0x3fu >> more));

    for (size_t i = 1; i <= more; i++) {
        if (at + i >= end || at[i] < low || at[i] > high) {
            *ret_len = i;
            return -1;
        }
        c = c << 6 | (at[i] & 0x3f);
        low = 0x80;
        high = 0xbf;
    }
    *ret_len = more + 1;
    return c;
}

/* C knows no NULL + 0. */
static const unsigned char *first_of(struct span bytes)
{
    return (const unsigned char *)(bytes.len > 0 ? bytes.at : "");
}

bool utf8_is_valid(struct span bytes)
{
    const unsigned char *at = first_of(bytes), *end = at + bytes.len;
    size_t len;

    for (; at < end; at += len) {
        if (next_character(at, end, &len) < 0)
            return false;
    }
    return true;
}

bool utf8_repair(struct span bytes, struct buf *ret)
{
    const unsigned char *at = first_of(bytes), *end = at + bytes.len;
    size_t len;

    for (; at < end; at += len) {
        if (next_character(at, end, &len) < 0)
            buf_add(ret, "\xef\xbf\xbd", 3);
        else
            buf_add(ret, at, len);
    }
    return !ret->failed;
}

static bool add_utf8(struct buf *b, uint32_t c)
{
    if (c < 0x80)
        return buf_add_byte(b, (char)c);
    if (c < 0x800)
        buf_add_u8(b, (uint8_t)(0xc0 | c >> 6));
    else if (c < 0x10000)
        buf_add_u8(b, (uint8_t)(0xe0 | c >> 12));
    else
        buf_add_u8(b, (uint8_t)(0xf0 | c >> 18));
    if (c >= 0x10000)
        buf_add_u8(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
    if (c >= 0x800)
        buf_add_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
    return buf_add_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
}

/* --- writing ---------------------------------------------------------------------------------- */

static void before_value(struct json *j)
{
    if (j->after_key)
        j->after_key = false;
    else if (j->first[j->depth])
        j->first[j->depth] = false;
    else
        buf_add_text(j->out, ", ");
}

static void open_level(struct json *j, char bracket)
{
    before_value(j);
    buf_add_byte(j->out, bracket);
    if (j->depth + 1 == JSON_DEPTH_MAX) {
        j->out->failed = true;
        return;
    }
    j->first[++j->depth] = true;
}

static void close_level(struct json *j, char bracket)
{
    buf_add_byte(j->out, bracket);
    if (j->depth > 0)
        j->depth--;
}

void json_object(struct json *j)
{
    open_level(j, '{');
}

void json_end_object(struct json *j)
{
    close_level(j, '}');
}

void json_array(struct json *j)
{
    open_level(j, '[');
}

void json_end_array(struct json *j)
{
    close_level(j, ']');
}

/* Controls (also C1: U+009B begins a terminal's command), separators that end a line in scripts,
 * marks that turn the direction of writing. */
static bool must_escape(int32_t c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == '<' || (c >= 0x7f && c <= 0x9f) ||
           c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void add_escaped(struct buf *out, int32_t c)
{
    switch (c) {
    case '"':
        buf_add_text(out, "\\\"");
        break;
    case '\\':
        buf_add_text(out, "\\\\");
        break;
    case '\n':
        buf_add_text(out, "\\n");
        break;
    case '\r':
        buf_add_text(out, "\\r");
        break;
    case '\t':
        buf_add_text(out, "\\t");
        break;
    default:
        buf_printf(out, "\\u%04x", (unsigned)c);
        break;
    }
}

static void add_quoted(struct buf *out, struct span bytes)
{
    const unsigned char *at = first_of(bytes), *end = at + bytes.len;
    const unsigned char *plain = at;
    size_t len;

    buf_add_byte(out, '"');
    for (; at < end; at += len) {
        int32_t c = next_character(at, end, &len);

        if (c >= 0 && !must_escape(c))
            continue;
        buf_add(out, plain, (size_t)(at - plain));
        plain = at + len;
        if (c < 0)
            buf_add(out, "\xef\xbf\xbd", 3);
        else
            add_escaped(out, c);
    }
    buf_add(out, plain, (size_t)(at - plain));
    buf_add_byte(out, '"');
}

bool json_add_string(struct buf *out, struct span bytes)
{
    add_quoted(out, bytes);
    return !out->failed;
}

void json_key(struct json *j, const char *key)
{
    before_value(j);
    add_quoted(j->out, span_of(key));
    buf_add_text(j->out, ": ");
    j->after_key = true;
}

void json_string(struct json *j, struct span bytes)
{
    before_value(j);
    add_quoted(j->out, bytes);
}

void json_text(struct json *j, const char *text)
{
    if (text)
        json_string(j, span_of(text));
    else
        json_null(j);
}

void json_unsigned(struct json *j, uint64_t v)
{
    char digits[24];
    size_t n = sizeof digits;

    before_value(j);
    do {
        digits[--n] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    buf_add(j->out, digits + n, sizeof digits - n);
}

void json_signed(struct json *j, int64_t v)
{
    before_value(j);
    buf_printf(j->out, "%lld", (long long)v);
}

void json_number(struct json *j, double v)
{
    before_value(j);
    if (isfinite(v))
        buf_printf(j->out, "%.17g", v);
    else
        buf_add_text(j->out, "null");
}

void json_bool(struct json *j, bool v)
{
    before_value(j);
    buf_add_text(j->out, v ? "true" : "false");
}

void json_null(struct json *j)
{
    before_value(j);
    buf_add_text(j->out, "null");
}

/* --- reading a list of strings ---------------------------------------------------------------- */

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool bad(struct reader *r)
{
    r->bad = true;
    return false;
}

static bool read_hex(struct reader *r, uint32_t *ret)
{
    uint32_t v = 0;

    if (r->end - r->at < 4)
        return bad(r);
    for (unsigned i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)*r->at++;

        if (c >= '0' && c <= '9')
            v = v << 4 | (c - (unsigned)'0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            v = v << 4 | ((c | 32u) - 'a' + 10);
        else
            return bad(r);
    }
    *ret = v;
    return true;
}

static bool read_escape(struct reader *r, struct buf *ret)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

    if (r->at == r->end)
        return bad(r);
    char c = *r->at++;
    uint32_t v, second;

    if (c != 'u') {
        const char *found = c ? strchr(from, c) : NULL;

        return found ? buf_add_byte(ret, to[found - from]) : bad(r);
    }
    if (!read_hex(r, &v))
        return false;
    if (v >= 0xd800 && v < 0xdc00) {
        if (r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u')
            return bad(r);
        r->at += 2;
        if (!read_hex(r, &second) || second < 0xdc00 || second > 0xdfff)
            return bad(r);
        v = 0x10000 + ((v - 0xd800) << 10) + (second - 0xdc00);
    } else if (v >= 0xdc00 && v < 0xe000) {
        return bad(r);
    }
    return add_utf8(ret, v);
}

bool json_list_next(struct reader *r, struct buf *ret)
{
    buf_clear(ret);
    if (r->bad || r->at == r->end)
        return false;
    skip_blanks(r);
    if (r->at < r->end && *r->at == ']') {
        r->at = r->end;
        return false;
    }
    if (r->at == r->end || (*r->at != '[' && *r->at != ','))
        return bad(r);
    bool opening = *r->at++ == '[';

    skip_blanks(r);
    if (opening && r->at < r->end && *r->at == ']') {
        r->at = r->end;
        return false;
    }
    if (r->at == r->end || *r->at++ != '"')
        return bad(r);
    while (r->at < r->end && *r->at != '"') {
        if (*r->at == '\\') {
            r->at++;
            if (!read_escape(r, ret))
                return bad(r);
        } else if (!buf_add_byte(ret, *r->at++)) {
            return bad(r);
        }
    }
    if (r->at == r->end)
        return bad(r);
    r->at++;
    r->bad = r->at == r->end; /* no bracket closes the list: this name is still one of it */
    return true;
}
