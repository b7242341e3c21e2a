/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * json.c - JSON (RFC 8259), JSON lines, and concatenated values.
 *
 * The text goes out as it stands, so that a key stays beside its value ("niss": "...") and nothing
 * can be lost in translation; only what is hidden in strings is brought to light: \u0038 becomes
 * the digit, \/ the stroke, a surrogate pair its character.  Each object that is a record (a line,
 * an element of the outermost array of objects, or of an object that holds nothing but objects
 * which begin with the same key) is marked as one.
 *
 * There is no tree and no recursion: a depth and, for its first 64 levels, one bit that tells
 * arrays from objects.  Damage (a raw line feed in a string: the string was never closed) ends
 * nothing: the text goes on as it stands until a line begins with a new value.
 */
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "scanner/extract/text_reader.h"

enum { FLUSH = 64 * 1024, LEVELS = 64, NO_LEVEL = LEVELS + 1 };

enum state {
    STATE_PLAIN, /* between strings */
    STATE_STRING,
    STATE_ESCAPE,    /* behind a backslash */
    STATE_HEX,       /* in the digits of \uXXXX */
    STATE_DAMAGED,   /* as it stands, up to a line that begins a value */
    STATE_LINE_START /* damaged, at the start of a line */
};

struct json {
    const struct sink *out;
    struct buf text;
    enum state state;
    uint64_t depth;
    uint64_t arrays;       /* bit n: level n is an array */
    unsigned record_level; /* objects that begin at this depth are records */
    bool lines;            /* more than one value at the top: each is a record */

    /* By depth, of the object at hand: strings in it (keys and values), objects in it, and the
     * first key of the last of these. */
    uint32_t strings[LEVELS], objects[LEVELS];
    uint64_t first_key[LEVELS];
    bool key_awaited; /* an object began with the text kept, its first key has not ended */
    size_t key_from;
    unsigned hex_seen;
    uint32_t hex, surrogate;
};

/* --- what is pushed ----------------------------------------------------------------------------
 */

static bool flush(struct json *j)
{
    bool more = j->text.len == 0 || j->out->text(j->out->ctx, buf_span(&j->text));

    j->key_awaited = false;
    buf_clear(&j->text);
    return more;
}

/* Never fails but for memory: there is always room for what one piece can add between flushes. */
static bool keep(struct json *j, const char *at, size_t len)
{
    if (len >= FLUSH)
        return flush(j) && j->out->text(j->out->ctx, (struct span){at, len});
    if (j->text.len + len > FLUSH && !flush(j))
        return false;
    return buf_add(&j->text, at, len);
}

static bool keep_character(struct json *j, uint32_t c)
{
    char utf8[4];

    return keep(j, utf8, utf8_put(utf8, c));
}

static bool mark_record(struct json *j)
{
    return flush(j) && j->out->mark(j->out->ctx, (struct mark){MARK_RECORD, 0, 0});
}

/* --- structure ---------------------------------------------------------------------------------
 */

static bool in_array(const struct json *j)
{
    return j->depth > 0 && j->depth <= LEVELS && (j->arrays >> (j->depth - 1) & 1);
}

/* {"17": {"name": ...}, "18": {"name": ...}}: an object for each of many.  Asked when the first key
 * of an object in an object has ended; its text from the brace on is still kept. */
static bool first_key_ended(struct json *j)
{
    enum { NEAR = 1024 }; /* further on it is no key */
    size_t parent = (size_t)j->depth - 1;
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    bool same;

    j->key_awaited = false;
    if (j->text.len > NEAR || j->key_from > j->text.len)
        return true;
    for (size_t i = j->key_from; i < j->text.len; i++)
        h = (h ^ (unsigned char)j->text.at[i]) * UINT64_C(0x100000001b3);
    same = j->first_key[parent] == h || j->record_level == parent;
    j->first_key[parent] = h;
    if (!same)
        return true;
    j->record_level = (unsigned)parent;
    return j->out->mark(j->out->ctx, (struct mark){MARK_RECORD, 0, 0});
}

/* An object or array begins.  Marks it when it is a record. */
static bool open_value(struct json *j, bool array)
{
    bool record = false;

    if (!array) {
        if (j->depth == 0) {
            record = true;
        } else if (in_array(j) && !j->lines && j->depth <= j->record_level) {
            j->record_level = (unsigned)j->depth;
            record = true;
        }
    }
    if (record && !mark_record(j))
        return false;
    if (j->depth > 0 && j->depth < LEVELS && !array && !in_array(j) && !j->lines) {
        size_t parent = (size_t)j->depth;

        /* every key so far is that of an object */
        if (++j->objects[parent] == j->strings[parent] && parent <= j->record_level) {
            if (!flush(j))
                return false;
            j->key_awaited = true;
            j->key_from = SIZE_MAX;
        }
    }
    if (j->depth < LEVELS) {
        uint64_t bit = UINT64_C(1) << j->depth;

        if (j->depth + 1 < LEVELS) {
            j->strings[j->depth + 1] = j->objects[j->depth + 1] = 0;
            j->first_key[j->depth + 1] = 0;
        }
        j->arrays = array ? j->arrays | bit : j->arrays & ~bit;
    }
    j->depth++;
    return true;
}

static void close_value(struct json *j)
{
    if (j->depth > 0)
        j->depth--;
    if (j->depth == 0)
        j->record_level = NO_LEVEL;
}

/* First byte at `at` that ends a plain run: of a string (quote, backslash, line feed), or of what
 * lies between strings (quote, brackets, braces). */
static size_t string_run(const char *at, size_t len)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; i + 16 <= len; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                                _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                                   _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);

        if (mask)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    while (i < len && at[i] != '"' && at[i] != '\\' && at[i] != '\n')
        i++;
    return i;
}

static size_t plain_run(const char *at, size_t len)
{
    size_t i = 0;

    /* The brackets [ ] and braces { } are 5B 5D 7B 7D: one compare once bit 0x20 is set. */
    while (i < len && at[i] != '"' && (at[i] | 0x20) != '{' && (at[i] | 0x20) != '}')
        i++;
    return i;
}

/* --- strings -----------------------------------------------------------------------------------
 */

static bool drop_surrogate(struct json *j)
{
    if (!j->surrogate)
        return true;
    j->surrogate = 0;
    return keep_character(j, 0xFFFD);
}

static bool end_hex(struct json *j)
{
    uint32_t c = j->hex;

    j->state = STATE_STRING;
    if (j->surrogate && c >= 0xDC00 && c <= 0xDFFF) {
        c = 0x10000 + ((j->surrogate - 0xD800) << 10) + (c - 0xDC00);
        j->surrogate = 0;
        return keep_character(j, c);
    }
    if (!drop_surrogate(j))
        return false;
    if (c >= 0xD800 && c <= 0xDBFF) {
        j->surrogate = c;
        return true;
    }
    return keep_character(j, c == 0 ? ' ' : c);
}

static bool escape(struct json *j, char c)
{
    static const char letters[] = "bfnrt", meaning[] = "  \n\r\t";
    const char *known;

    j->state = STATE_STRING;
    if (c == 'u') {
        j->state = STATE_HEX;
        j->hex = j->hex_seen = 0;
        return true;
    }
    if (!drop_surrogate(j))
        return false;
    if (c == '"' || c == '\\' || c == '/')
        return keep(j, &c, 1);
    known = c ? strchr(letters, c) : NULL;
    if (known)
        return keep(j, &meaning[known - letters], 1);
    return keep(j, "\\", 1) && keep(j, &c, 1); /* no escape of JSON: as it stands */
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of \uXXXX.  *ret_taken false: it was none, and is to be looked at again. */
static bool hex_digit(struct json *j, char c, bool *ret_taken)
{
    int v = hex_value(c);

    *ret_taken = v >= 0;
    if (v < 0) {
        char so_far[5];

        for (unsigned i = 0; i < j->hex_seen; i++)
            so_far[i] = "0123456789abcdef"[j->hex >> (4 * (j->hex_seen - 1 - i)) & 15];
        j->state = STATE_STRING;
        return drop_surrogate(j) && keep(j, "\\u", 2) && keep(j, so_far, j->hex_seen);
    }
    j->hex = j->hex << 4 | (uint32_t)v;
    return ++j->hex_seen < 4 || end_hex(j);
}

/* --- the machine -------------------------------------------------------------------------------
 */

static bool read_plain(struct json *j, const char *at, size_t len, size_t *i)
{
    size_t from = *i;

    *i += plain_run(at + from, len - from);
    if (*i == len)
        return keep(j, at + from, *i - from);
    char c = at[*i];

    if (c == '{' || c == '[') {
        if (!keep(j, at + from, *i - from) || !open_value(j, c == '['))
            return false;
        from = *i;
    } else if (c == '"') {
        j->state = STATE_STRING;
        if (j->depth < LEVELS)
            j->strings[j->depth]++;
    } else {
        j->key_awaited = false;
        close_value(j);
    }
    (*i)++;
    if (!keep(j, at + from, *i - from))
        return false;
    if (j->key_awaited && c == '"')
        j->key_from = j->text.len;
    return true;
}

static bool read_string(struct json *j, const char *at, size_t len, size_t *i)
{
    size_t from = *i;

    *i += string_run(at + from, len - from);
    if (*i > from && !drop_surrogate(j))
        return false;
    if (*i == len)
        return keep(j, at + from, *i - from);
    char c = at[(*i)++];

    if (c == '\\') {
        j->state = STATE_ESCAPE;
        return keep(j, at + from, *i - from - 1);
    }
    if (!drop_surrogate(j))
        return false;
    j->state = c == '"' ? STATE_PLAIN : STATE_LINE_START;
    if (!j->key_awaited)
        return keep(j, at + from, *i - from);
    return keep(j, at + from, *i - from - 1) && (!j->key_awaited || first_key_ended(j)) &&
           keep(j, &c, 1);
}

static bool read_damaged(struct json *j, const char *at, size_t len, size_t *i)
{
    if (j->state == STATE_LINE_START) {
        if (at[*i] == '{' || at[*i] == '[') {
            j->state = STATE_PLAIN;
            j->depth = 0;
            j->record_level = NO_LEVEL;
            return true;
        }
        j->state = STATE_DAMAGED;
    }
    const char *feed = memchr(at + *i, '\n', len - *i);
    size_t from = *i;

    *i = feed ? (size_t)(feed - at) + 1 : len;
    if (feed)
        j->state = STATE_LINE_START;
    return keep(j, at + from, *i - from);
}

static bool read_piece(struct json *j, struct span piece)
{
    const char *at = piece.at;
    size_t i = 0, len = piece.len;
    bool more = true, taken;

    while (more && i < len) {
        switch (j->state) {
        case STATE_PLAIN:
            more = read_plain(j, at, len, &i);
            break;
        case STATE_STRING:
            more = read_string(j, at, len, &i);
            break;
        case STATE_ESCAPE:
            more = escape(j, at[i++]);
            break;
        case STATE_HEX:
            more = hex_digit(j, at[i], &taken);
            i += taken;
            break;
        case STATE_DAMAGED:
        case STATE_LINE_START:
            more = read_damaged(j, at, len, &i);
            break;
        }
    }
    return more;
}

/* What an escape cut by the end of the file leaves behind. */
static bool end_text(struct json *j)
{
    bool taken, more = true;

    if (j->state == STATE_HEX)
        more = hex_digit(j, '\0', &taken);
    else if (j->state == STATE_ESCAPE)
        more = keep(j, "\\", 1);
    return more && drop_surrogate(j) && flush(j);
}

/* --- recognising -------------------------------------------------------------------------------
 */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Does the start keep to the grammar of tokens, as far as it goes?  *ret_lines: a second value
 * follows the first. */
static bool looks_like_json(struct span s, bool *ret_lines)
{
    static const char *const words[] = {"true", "false", "null"};
    size_t i = 0, depth = 0, values = 0, tokens = 0;
    char previous = 0; /* the token before: { [ } ] , : or " for a string, 0 for a scalar */

    *ret_lines = false;
    while (i < s.len) {
        char c = s.at[i];

        if (is_blank(c)) {
            i++;
            continue;
        }
        tokens++;
        if (depth == 0) {
            if (c != '{' && c != '[')
                return false;
            *ret_lines = *ret_lines || values > 0;
        }
        bool key_next = previous == '{' || previous == ',' || previous == '[' || previous == ':';

        if (depth > 0 && !key_next && c != '}' && c != ']' && c != ',' && c != ':')
            return false; /* two values with nothing between them */
        if (c == '{' || c == '[') {
            if (previous == '{')
                return false;
            depth++;
            i++;
        } else if (c == '}' || c == ']') {
            depth--;
            values += depth == 0;
            i++;
        } else if (c == '"') {
            i++;
            for (;;) {
                size_t run = string_run(s.at + i, s.len - i);

                i += run;
                if (i >= s.len)
                    return true; /* cut here */
                if (s.at[i] == '\n')
                    return false;
                if (s.at[i] == '"')
                    break;
                i += 2;
                if (i >= s.len)
                    return true;
            }
            i++;
        } else if (c == ',' || c == ':') {
            if (c == ':' && previous != '"')
                return false;
            i++;
        } else if (previous == '{') {
            return false;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            i++;
            while (i < s.len && s.at[i] && strchr("0123456789+-.eE", s.at[i]))
                i++;
            c = '0';
        } else {
            size_t n = 0;

            for (size_t k = 0; k < 3; k++) {
                size_t w = strlen(words[k]), left = s.len - i;

                if (memcmp(s.at + i, words[k], left < w ? left : w) == 0)
                    n = left < w ? left : w;
            }
            if (n == 0)
                return false;
            i += n;
            c = '0';
        }
        previous = c;
    }
    return tokens > 1;
}

/* Does the first sign that counts open an object or an array?  True in every encoding in which one
 * does: the bytes of marks and of wide blanks are passed over. */
static bool may_be_json(struct span s)
{
    size_t i = 0;

    while (i < s.len && (is_blank(s.at[i]) || strchr("\xEF\xBB\xBF\xFE\xFF", s.at[i])))
        i++;
    return i < s.len && (s.at[i] == '{' || s.at[i] == '[');
}

static bool recognise(const struct head *head, bool *ret_lines)
{
    if (!may_be_json(head->bytes))
        return false;
    AUTO_BUF struct buf room;

    buf_init(&room, 128 * 1024);
    struct span s = text_head(head, &room);
    size_t i = 0;

    while (i < s.len && is_blank(s.at[i]))
        i++;
    if (i == s.len || (s.at[i] != '{' && s.at[i] != '['))
        return false;
    return looks_like_json((struct span){s.at + i, s.len - i}, ret_lines);
}

static unsigned bid(const struct head *head)
{
    bool lines;

    if (head->media_type || head->bytes.len < 2)
        return 0;
    return recognise(head, &lines) ? 50 : 0;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    bool binary = false;
    struct json j = {.out = out, .record_level = NO_LEVEL};
    struct text_reader r;
    struct span piece;

    recognise(head, &j.lines);
    if (j.lines)
        out->media_type(out->ctx, "application/jsonl");
    buf_init(&j.text, FLUSH + 16);
    text_reader_start(&r, in, out, head);
    while ((piece = text_reader_next(&r)).len > 0) {
        if (r.binary.len > 0 && !binary) {
            out->gap(out->ctx, OUTCOME_PARTIAL, "binary-part");
            binary = true;
        }
        if (!read_piece(&j, piece))
            r.stopped = true;
    }
    if (!r.stopped)
        end_text(&j);
    if (j.text.failed && !r.spent)
        r.spent = "memory";
    buf_release(&j.text);
    text_reader_release(&r);
    return text_reader_ending(&r);
}

const struct extractor extract_json = {
    .id = "json",
    .version = 2,
    .media_type = "application/json",
    .bid = bid,
    .run = run,
};
