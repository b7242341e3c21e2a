/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * strings.c - readable strings out of a sliding window.
 *
 * Two searches run over the same window, 64 bytes a step as bit masks: one for four printable
 * ASCII bytes in a row, one for three printable bytes each followed by a zero.  What they stumble
 * on is grown to the whole string, and the string that begins first is given out.  The window
 * keeps what is not decided yet: a string that touches its end, or the last bytes, in which one
 * may begin.
 *
 * UTF-16 of both byte orders reads the same between its first and last character, so the
 * alternation is looked for once and the order settled where it ends.
 */
#include "scanner/extract/strings.h"

#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "scanner/base/buf.h"
#include "scanner/extract/charset.h"

enum {
    WINDOW = 96 * 1024,
    AHEAD = 8,      /* bytes that decide whether a string goes on */
    BACK = 64,      /* most bytes a string is grown to the left of where it was noticed */
    KEPT = 2 * BACK /* left in the window when nothing is pending */
};

enum script { SCRIPT_BYTES, SCRIPT_LITTLE, SCRIPT_BIG };

struct run {
    size_t begin, end;
    enum script script;
    bool none; /* nothing before the end of the window */
};

struct strings {
    strings_found *found;
    void *ctx;
    struct buf utf8;
    uint64_t base; /* offset of window[0] */
    size_t len, pos;
    bool open; /* the string before pos goes on */
    enum script open_script;
    unsigned char window[WINDOW];
};

struct strings *strings_new(strings_found *found, void *ctx)
{
    struct strings *s = malloc(sizeof *s);

    if (!s)
        return NULL;
    s->found = found;
    s->ctx = ctx;
    s->base = 0;
    s->len = s->pos = 0;
    s->open = false;
    buf_init(&s->utf8, (size_t)WINDOW * 4);
    return s;
}

void strings_free(struct strings *s)
{
    if (!s)
        return;
    buf_release(&s->utf8);
    free(s);
}

static bool is_printable(unsigned char c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= '\t' && c <= '\r');
}

static bool is_letter(unsigned char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* --- finding places worth a look ---------------------------------------------------------------
 */

struct masks {
    uint64_t printable, letter, zero; /* letter: >= 0xC0, an accented letter's byte in UTF-16 */
};

static inline struct masks masks_of(const unsigned char *at)
{
    struct masks m = {0, 0, 0};

#ifdef __SSE2__
    for (int k = 0; k < 4; k++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * k));
        /* Signed compares: bytes >= 0x80 are negative. */
        __m128i print = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(0x1F)),
                                      _mm_cmplt_epi8(v, _mm_set1_epi8(0x7F)));
        __m128i blank = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('\t' - 1)),
                                      _mm_cmplt_epi8(v, _mm_set1_epi8('\r' + 1)));
        __m128i high = _mm_and_si128(_mm_cmplt_epi8(v, _mm_setzero_si128()),
                                     _mm_cmpgt_epi8(v, _mm_set1_epi8(-65)));

        m.printable |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_or_si128(print, blank))
                       << (16 * k);
        m.letter |= (uint64_t)(uint16_t)_mm_movemask_epi8(high) << (16 * k);
        m.zero |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128()))
                  << (16 * k);
    }
#else
    for (int k = 0; k < 64; k++) {
        m.printable |= (uint64_t)is_printable(at[k]) << k;
        m.letter |= (uint64_t)(at[k] >= 0xC0) << k;
        m.zero |= (uint64_t)(at[k] == 0) << k;
    }
#endif
    return m;
}

/* Where four printable bytes begin, at `from` or after; `len` when nowhere. */
static size_t seek_bytes(const unsigned char *at, size_t from, size_t len)
{
    size_t i = from;

    for (; i + 64 <= len; i += 61) {
        uint64_t m = masks_of(at + i).printable, four = m & m >> 1 & m >> 2 & m >> 3;

        if (four)
            return i + (size_t)__builtin_ctzll(four);
    }
    for (; i + 4 <= len; i++) {
        if (is_printable(at[i]) && is_printable(at[i + 1]) && is_printable(at[i + 2]) &&
            is_printable(at[i + 3]))
            return i;
    }
    return len;
}

static bool is_narrow(unsigned char c)
{
    return is_printable(c) || c >= 0xC0;
}

/* The same for three narrow characters of two bytes. */
static size_t seek_wide(const unsigned char *at, size_t from, size_t len)
{
    size_t i = from;

    for (; i + 64 <= len; i += 59) {
        struct masks m = masks_of(at + i);
        uint64_t one = (m.printable | m.letter) & m.zero >> 1, three = one & one >> 2 & one >> 4;

        if (three)
            return i + (size_t)__builtin_ctzll(three);
    }
    for (; i + 6 <= len; i++) {
        if (is_narrow(at[i]) && !at[i + 1] && is_narrow(at[i + 2]) && !at[i + 3] &&
            is_narrow(at[i + 4]) && !at[i + 5])
            return i;
    }
    return len;
}

/* --- growing what was found to the whole string ------------------------------------------------
 */

/* Can this stand behind an accented letter of an 8-bit encoding? */
static bool ends_letter(unsigned char c)
{
    return is_letter(c) || c == ' ' || c == '\0' || c == '\n' || c == '\r' || c == ',' ||
           c == '.' || c == ';' || c == '\'';
}

/* How many bytes of a string stand at `i`: printable, a UTF-8 sequence, or one byte of an 8-bit
 * encoding at a letter's side.  0: the string is over.  `begin`: where it begins at the least. */
static size_t step_bytes(const unsigned char *at, size_t begin, size_t i, size_t len)
{
    if (is_printable(at[i]))
        return 1;
    if (at[i] < 0x80)
        return 0;
    int n = utf8_sequence(at + i, len - i);

    if (n > 0)
        return (size_t)n;
    return i > begin && is_letter(at[i - 1]) && (i + 1 == len || ends_letter(at[i + 1]));
}

static size_t end_of_bytes(const unsigned char *at, size_t begin, size_t i, size_t len)
{
    while (i < len) {
        if (i + 64 <= len) {
            uint64_t broken = ~masks_of(at + i).printable;

            if (!broken) {
                i += 64;
                continue;
            }
            i += (size_t)__builtin_ctzll(broken);
        }
        size_t n = step_bytes(at, begin, i, len);

        if (n == 0)
            break;
        i += n;
    }
    return i;
}

static size_t begin_of_bytes(const unsigned char *at, size_t lowest, size_t i)
{
    if (i > BACK && lowest < i - BACK)
        lowest = i - BACK;
    while (i > lowest) {
        if (is_printable(at[i - 1])) {
            i--;
            continue;
        }
        if (at[i - 1] < 0x80)
            break;
        size_t n = 2;

        while (n <= 4 && n <= i - lowest && utf8_sequence(at + i - n, n) != (int)n)
            n++;
        if (n <= 4 && n <= i - lowest) {
            i -= n;
        } else if (is_letter(at[i]) && (i - 1 == lowest || at[i - 2] < 0x80)) {
            i--;
        } else {
            break;
        }
    }
    return i;
}

static uint32_t unit_at(const unsigned char *at, enum script script)
{
    return script == SCRIPT_BIG ? (uint32_t)(at[0] << 8 | at[1]) : (uint32_t)(at[1] << 8 | at[0]);
}

/* Latin text, its dashes and quotation marks, and the euro; no daggers, which are what two blanks
 * look like from the wrong side. */
static bool is_wide_text(uint32_t u)
{
    return (u < 0x80 && is_printable((unsigned char)u)) || (u >= 0xA0 && u < 0x180) ||
           (u >= 0x2010 && u <= 0x2026 && u != 0x2020 && u != 0x2021) || u == 0x20AC;
}

static size_t end_of_wide(const unsigned char *at, size_t i, size_t len, enum script script)
{
    while (i + 2 <= len && is_wide_text(unit_at(at + i, script)))
        i += 2;
    return i;
}

static struct run next_bytes(const struct strings *s, size_t from)
{
    for (;;) {
        size_t noticed = seek_bytes(s->window, from, s->len);

        if (noticed >= s->len)
            return (struct run){.begin = s->len, .none = true};
        struct run r = {.script = SCRIPT_BYTES};

        r.begin = begin_of_bytes(s->window, from, noticed);
        r.end = end_of_bytes(s->window, r.begin, noticed, s->len);
        if (r.end - r.begin >= STRINGS_SHORTEST || r.end + AHEAD > s->len)
            return r;
        from = r.end;
    }
}

static struct run next_wide(const struct strings *s, size_t from)
{
    for (;;) {
        size_t begin = seek_wide(s->window, from, s->len), alternates;

        if (begin >= s->len)
            return (struct run){.begin = s->len, .none = true};
        struct run r = {.begin = begin, .script = SCRIPT_LITTLE};

        alternates = begin;
        while (alternates + 2 <= s->len && is_narrow(s->window[alternates]) &&
               s->window[alternates + 1] == 0)
            alternates += 2;
        if (begin > from && s->window[begin - 1] == 0 && alternates + 2 <= s->len &&
            is_narrow(s->window[alternates]) &&
            !is_wide_text(unit_at(s->window + alternates, SCRIPT_LITTLE))) {
            r.script = SCRIPT_BIG;
            r.begin--;
        }
        r.end = end_of_wide(s->window, r.begin, s->len, r.script);
        if (r.end - r.begin >= 2 * STRINGS_SHORTEST || r.end + AHEAD > s->len)
            return r;
        from = r.end > begin ? r.end : begin + 1;
    }
}

/* --- giving out --------------------------------------------------------------------------------
 */

static bool give(struct strings *s, size_t begin, size_t end, enum script script, bool joined)
{
    const char *at = (const char *)s->window + begin;
    struct span utf8 = {at, end - begin};
    bool plain = script == SCRIPT_BYTES && ascii_run(at, end - begin) == end - begin;

    if (end == begin)
        return true;
    if (!plain) {
        /* Not one with a mark: a string that begins with one is data like any other. */
        struct charset_decoder d;

        charset_decoder_init(&d, script == SCRIPT_BYTES    ? CHARSET_UTF_8
                                 : script == SCRIPT_LITTLE ? CHARSET_UTF_16LE
                                                           : CHARSET_UTF_16BE);
        d.begun = true;
        buf_clear(&s->utf8);
        if (!charset_decode(&d, utf8, true, &s->utf8))
            return false;
        utf8 = buf_span(&s->utf8);
    }
    return s->found(s->ctx, s->base + begin, joined, utf8);
}

/* The string that was open at the end of the last window. */
static bool go_on(struct strings *s, bool final)
{
    size_t end = s->open_script == SCRIPT_BYTES
                     ? end_of_bytes(s->window, s->pos > 0 ? s->pos - 1 : 0, s->pos, s->len)
                     : end_of_wide(s->window, s->pos, s->len, s->open_script);
    size_t part = end;

    if (!final && end + AHEAD > s->len) {
        /* It may go on: give what is sure. */
        part = s->len - AHEAD > s->pos ? s->len - AHEAD : s->pos;
        if (s->open_script == SCRIPT_BYTES) {
            while (part > s->pos && s->window[part] >= 0x80)
                part--;
        } else {
            part -= (part - s->pos) % 2;
        }
    } else {
        s->open = false;
    }
    if (!give(s, s->pos, part, s->open_script, true))
        return false;
    s->pos = part;
    return true;
}

/* Everything that is sure in the window. */
static bool search(struct strings *s, bool final)
{
    if (s->open && !go_on(s, final))
        return false;
    if (s->open)
        return true;
    struct run bytes = next_bytes(s, s->pos), wide = next_wide(s, s->pos);

    for (;;) {
        struct run r = bytes.begin <= wide.begin ? bytes : wide;

        if (r.none)
            break;
        bool touches = !final && r.end + AHEAD > s->len;

        if (touches && r.end - r.begin < STRINGS_PART) {
            s->pos = r.begin;
            return true;
        }
        if (touches) {
            s->open = true;
            s->open_script = r.script;
            s->pos = r.begin;
            size_t part = s->len - AHEAD;

            if (r.script == SCRIPT_BYTES) {
                while (part > s->pos && s->window[part] >= 0x80)
                    part--;
            } else {
                part -= (part - s->pos) % 2;
            }
            if (!give(s, s->pos, part, r.script, false))
                return false;
            s->pos = part;
            return true;
        }
        size_t shortest = r.script == SCRIPT_BYTES ? STRINGS_SHORTEST : 2 * STRINGS_SHORTEST;

        if (r.end - r.begin >= shortest && !give(s, r.begin, r.end, r.script, false))
            return false;
        s->pos = r.end > s->pos ? r.end : s->pos + 1;
        if (bytes.begin < s->pos)
            bytes = next_bytes(s, s->pos);
        if (wide.begin < s->pos)
            wide = next_wide(s, s->pos);
    }
    if (s->len > KEPT && s->pos < s->len - KEPT)
        s->pos = s->len - KEPT;
    return true;
}

/* Makes room: what lies before pos is done with, but for the byte that pos may look back to. */
static void slide(struct strings *s)
{
    size_t drop = s->pos > 0 ? s->pos - 1 : 0;

    memmove(s->window, s->window + drop, s->len - drop);
    s->base += drop;
    s->len -= drop;
    s->pos -= drop;
}

bool strings_feed(struct strings *s, struct span bytes)
{
    while (bytes.len > 0) {
        size_t n = WINDOW - s->len;

        if (n > bytes.len)
            n = bytes.len;
        memcpy(s->window + s->len, bytes.at, n);
        s->len += n;
        bytes = (struct span){bytes.at + n, bytes.len - n};
        if (s->len == WINDOW) {
            if (!search(s, false))
                return false;
            slide(s);
        }
    }
    return true;
}

bool strings_jump(struct strings *s, uint64_t offset)
{
    if (!search(s, true))
        return false;
    s->base = offset;
    s->len = s->pos = 0;
    s->open = false;
    return true;
}

bool strings_end(struct strings *s)
{
    return strings_jump(s, 0);
}
