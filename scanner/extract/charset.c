/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * charset.c - the decoders.  Which encoding a text is in is decided in charset_detect.c.
 *
 * Tables: unicode.org mapping files by way of charset_tables.inc.  Labels: WHATWG Encoding
 * Standard, section 4.2, and the names that mails and DOS programs add.  UTF-7: RFC 2152.
 */
#include "scanner/extract/charset.h"

#include <string.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "decode_utf16 loads units as they lie");

#define CHARSET_FIRST_TABLE CHARSET_WINDOWS_1252

static const uint32_t tables[CHARSET_COUNT - CHARSET_FIRST_TABLE][128] = {
#include "scanner/extract/charset_tables.inc"
};

static const char *const names[CHARSET_COUNT] = {
    [CHARSET_UNKNOWN] = "unknown",
    [CHARSET_UTF_8] = "utf-8",
    [CHARSET_UTF_16LE] = "utf-16le",
    [CHARSET_UTF_16BE] = "utf-16be",
    [CHARSET_UTF_32LE] = "utf-32le",
    [CHARSET_UTF_32BE] = "utf-32be",
    [CHARSET_UTF_7] = "utf-7",
    [CHARSET_ISO_8859_1] = "iso-8859-1",
    [CHARSET_WINDOWS_1252] = "windows-1252",
    [CHARSET_WINDOWS_1250] = "windows-1250",
    [CHARSET_WINDOWS_1251] = "windows-1251",
    [CHARSET_WINDOWS_1253] = "windows-1253",
    [CHARSET_WINDOWS_1254] = "windows-1254",
    [CHARSET_WINDOWS_1255] = "windows-1255",
    [CHARSET_WINDOWS_1256] = "windows-1256",
    [CHARSET_WINDOWS_1257] = "windows-1257",
    [CHARSET_WINDOWS_1258] = "windows-1258",
    [CHARSET_WINDOWS_874] = "windows-874",
    [CHARSET_ISO_8859_2] = "iso-8859-2",
    [CHARSET_ISO_8859_3] = "iso-8859-3",
    [CHARSET_ISO_8859_4] = "iso-8859-4",
    [CHARSET_ISO_8859_5] = "iso-8859-5",
    [CHARSET_ISO_8859_6] = "iso-8859-6",
    [CHARSET_ISO_8859_7] = "iso-8859-7",
    [CHARSET_ISO_8859_8] = "iso-8859-8",
    [CHARSET_ISO_8859_10] = "iso-8859-10",
    [CHARSET_ISO_8859_13] = "iso-8859-13",
    [CHARSET_ISO_8859_14] = "iso-8859-14",
    [CHARSET_ISO_8859_15] = "iso-8859-15",
    [CHARSET_ISO_8859_16] = "iso-8859-16",
    [CHARSET_KOI8_R] = "koi8-r",
    [CHARSET_KOI8_U] = "koi8-u",
    [CHARSET_MACINTOSH] = "macintosh",
    [CHARSET_IBM437] = "ibm437",
    [CHARSET_IBM850] = "ibm850",
    [CHARSET_IBM852] = "ibm852",
    [CHARSET_IBM858] = "ibm858",
    [CHARSET_IBM866] = "ibm866",
};

/* Labels beside the names above. */
static const struct label {
    const char *text;
    enum charset charset;
} labels[] = {
    {"utf8", CHARSET_UTF_8},
    {"unicode-1-1-utf-8", CHARSET_UTF_8},
    {"us-ascii", CHARSET_WINDOWS_1252},
    {"ascii", CHARSET_WINDOWS_1252},
    {"ansi_x3.4-1968", CHARSET_WINDOWS_1252},
    {"iso646-us", CHARSET_WINDOWS_1252},
    {"iso-8859-1", CHARSET_WINDOWS_1252},
    {"iso-ir-100", CHARSET_WINDOWS_1252},
    {"iso8859-1", CHARSET_WINDOWS_1252},
    {"iso88591", CHARSET_WINDOWS_1252},
    {"iso_8859-1", CHARSET_WINDOWS_1252},
    {"iso_8859-1:1987", CHARSET_WINDOWS_1252},
    {"8859_1", CHARSET_WINDOWS_1252},
    {"latin1", CHARSET_WINDOWS_1252},
    {"latin-1", CHARSET_WINDOWS_1252},
    {"l1", CHARSET_WINDOWS_1252},
    {"cp819", CHARSET_WINDOWS_1252},
    {"ibm819", CHARSET_WINDOWS_1252},
    {"ansi", CHARSET_WINDOWS_1252},
    {"utf-16", CHARSET_UTF_16LE},
    {"utf16", CHARSET_UTF_16LE},
    {"unicode", CHARSET_UTF_16LE},
    {"ucs-2", CHARSET_UTF_16LE},
    {"iso-10646-ucs-2", CHARSET_UTF_16LE},
    {"csunicode", CHARSET_UTF_16LE},
    {"unicodefffe", CHARSET_UTF_16BE},
    {"utf-32", CHARSET_UTF_32LE},
    {"ucs-4", CHARSET_UTF_32LE},
    {"utf7", CHARSET_UTF_7},
    {"unicode-1-1-utf-7", CHARSET_UTF_7},
    {"latin2", CHARSET_ISO_8859_2},
    {"l2", CHARSET_ISO_8859_2},
    {"latin3", CHARSET_ISO_8859_3},
    {"l3", CHARSET_ISO_8859_3},
    {"latin4", CHARSET_ISO_8859_4},
    {"l4", CHARSET_ISO_8859_4},
    {"cyrillic", CHARSET_ISO_8859_5},
    {"arabic", CHARSET_ISO_8859_6},
    {"asmo-708", CHARSET_ISO_8859_6},
    {"greek", CHARSET_ISO_8859_7},
    {"greek8", CHARSET_ISO_8859_7},
    {"hebrew", CHARSET_ISO_8859_8},
    {"iso-8859-8-i", CHARSET_ISO_8859_8},
    {"iso-8859-8-e", CHARSET_ISO_8859_8},
    {"logical", CHARSET_ISO_8859_8},
    {"visual", CHARSET_ISO_8859_8},
    {"iso-8859-9", CHARSET_WINDOWS_1254},
    {"iso8859-9", CHARSET_WINDOWS_1254},
    {"iso_8859-9", CHARSET_WINDOWS_1254},
    {"latin5", CHARSET_WINDOWS_1254},
    {"l5", CHARSET_WINDOWS_1254},
    {"latin6", CHARSET_ISO_8859_10},
    {"l6", CHARSET_ISO_8859_10},
    {"iso-8859-11", CHARSET_WINDOWS_874},
    {"iso8859-11", CHARSET_WINDOWS_874},
    {"tis-620", CHARSET_WINDOWS_874},
    {"dos-874", CHARSET_WINDOWS_874},
    {"latin9", CHARSET_ISO_8859_15},
    {"latin-9", CHARSET_ISO_8859_15},
    {"l9", CHARSET_ISO_8859_15},
    {"csisolatin1", CHARSET_WINDOWS_1252},
    {"csisolatin2", CHARSET_ISO_8859_2},
    {"csisolatin9", CHARSET_ISO_8859_15},
    {"koi", CHARSET_KOI8_R},
    {"koi8", CHARSET_KOI8_R},
    {"cskoi8r", CHARSET_KOI8_R},
    {"koi8-ru", CHARSET_KOI8_U},
    {"mac", CHARSET_MACINTOSH},
    {"x-mac-roman", CHARSET_MACINTOSH},
    {"macroman", CHARSET_MACINTOSH},
    {"csmacintosh", CHARSET_MACINTOSH},
    {"437", CHARSET_IBM437},
    {"850", CHARSET_IBM850},
    {"852", CHARSET_IBM852},
    {"858", CHARSET_IBM858},
    {"866", CHARSET_IBM866},
    {"cp00858", CHARSET_IBM858},
    {"csibm866", CHARSET_IBM866},
    {"dos", CHARSET_IBM850},
    {"oem", CHARSET_IBM850},
};

static bool is_label(struct span label, const char *text)
{
    return strlen(text) == label.len && strncasecmp(label.at, text, label.len) == 0;
}

/* "cp1252", "x-cp1252", "win-1252", "ibm850", "cp850", "dos-850", "iso8859-2", "iso_8859-2". */
static enum charset from_family(struct span label)
{
    static const struct {
        const char *prefix, *stem;
    } families[] = {
        {"x-cp", "windows-"},
        {"cp", "windows-"},
        {"win-", "windows-"},
        {"win", "windows-"},
        {"windows", "windows-"},
        {"cp", "ibm"},
        {"cp-", "ibm"},
        {"ibm-", "ibm"},
        {"dos-", "ibm"},
        {"iso8859-", "iso-8859-"},
        {"iso_8859-", "iso-8859-"},
        {"iso8859_", "iso-8859-"},
        {"iso-8859_", "iso-8859-"},
        {"8859-", "iso-8859-"},
        {"iso8859", "iso-8859-"},
    };

    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t n = strlen(families[i].prefix), stem = strlen(families[i].stem);

        if (label.len <= n || strncasecmp(label.at, families[i].prefix, n) != 0)
            continue;
        for (int c = 0; c < CHARSET_COUNT; c++) {
            if (strncmp(names[c], families[i].stem, stem) == 0 &&
                is_label((struct span){label.at + n, label.len - n}, names[c] + stem))
                return (enum charset)c;
        }
    }
    return CHARSET_UNKNOWN;
}

enum charset charset_from_label(struct span label)
{
    static const char around[] = " \t\r\n\"'";

    while (label.len > 0 && memchr(around, label.at[0], sizeof around - 1)) {
        label.at++;
        label.len--;
    }
    while (label.len > 0 && memchr(around, label.at[label.len - 1], sizeof around - 1))
        label.len--;
    if (label.len == 0 || label.len > 40)
        return CHARSET_UNKNOWN;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (is_label(label, labels[i].text))
            return labels[i].charset;
    }
    for (int c = CHARSET_UTF_8; c < CHARSET_COUNT; c++) {
        if (is_label(label, names[c]))
            return (enum charset)c;
    }
    return from_family(label);
}

const char *charset_name(enum charset charset)
{
    return (unsigned)charset < CHARSET_COUNT ? names[charset] : names[CHARSET_UNKNOWN];
}

/* --- single characters ------------------------------------------------------------------------ */

size_t ascii_run(const char *at, size_t len)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; i + 16 <= len; i += 16) {
        unsigned high =
            (unsigned)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(at + i)));

        if (high)
            return i + (size_t)__builtin_ctz(high);
    }
#else
    for (; i + 8 <= len; i += 8) {
        uint64_t w;

        memcpy(&w, at + i, 8);
        if (w & UINT64_C(0x8080808080808080))
            break;
    }
#endif
    while (i < len && !((unsigned char)at[i] & 0x80))
        i++;
    return i;
}

int utf8_sequence(const unsigned char *at, size_t left)
{
    unsigned char a = at[0], low = 0x80, high = 0xBF;
    size_t len;

    if (a < 0x80)
        return 1;
    if (a >= 0xC2 && a <= 0xDF) {
        len = 2;
    } else if (a >= 0xE0 && a <= 0xEF) {
        len = 3;
        low = a == 0xE0 ? 0xA0 : 0x80;  /* no overlong form */
        high = a == 0xED ? 0x9F : 0xBF; /* no surrogate */
    } else if (a >= 0xF0 && a <= 0xF4) {
        len = 4;
        low = a == 0xF0 ? 0x90 : 0x80;
        high = a == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (left > 1 && (at[1] < low || at[1] > high))
        return 0;
    for (size_t i = 2; i < len && i < left; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return left >= len ? (int)len : -1;
}

#ifdef __SSE2__
/* Bytes that no text has, and bell, backspace, 0x1A and 0x1B, which hardly any has. */
static __m128i odd_controls(__m128i v)
{
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
    __m128i past_tab = _mm_sub_epi8(v, _mm_set1_epi8('\t')); /* up to '\r' is white space */
    __m128i blank = _mm_cmpeq_epi8(_mm_min_epu8(past_tab, _mm_set1_epi8('\r' - '\t')), past_tab);

    return _mm_or_si128(_mm_andnot_si128(blank, low), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));
}

static unsigned between(__m128i v, unsigned first, unsigned last)
{
    __m128i past = _mm_sub_epi8(v, _mm_set1_epi8((char)first));

    return (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_min_epu8(past, _mm_set1_epi8((char)(last - first))), past));
}

/* How many of 16 bytes are whole sequences of two or three bytes, or ASCII.  E0, ED and F0 to F4,
 * whose second byte is restricted further, end it: utf8_sequence knows them. */
static unsigned sequences_16(__m128i v, unsigned high)
{
    unsigned two = between(v, 0xC2, 0xDF), three = between(v, 0xE1, 0xEF) & ~between(v, 0xED, 0xED);
    unsigned next = between(v, 0x80, 0xBF), expected = (two | three) << 1 | three << 2;
    /* Bit 16: a block is followed by what this one cannot see. */
    unsigned wrong = ((expected ^ next) & 0xFFFF) | (high & ~(two | three | next)) | 1u << 16;
    unsigned end = (unsigned)__builtin_ctz(wrong);

    while (end > 0 && expected >> end & 1) /* back to the start of what is not whole */
        end--;
    return end;
}
#endif

/* `no_controls` is a constant to each caller: one loop each. */
static inline __attribute__((always_inline)) size_t valid_run(const unsigned char *at, size_t len,
                                                              bool no_controls)
{
    size_t i = 0;

    while (i < len) {
#ifdef __SSE2__
        while (i + 16 <= len) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
            __m128i odd = no_controls ? _mm_or_si128(v, odd_controls(v)) : v;

            if (!_mm_movemask_epi8(odd)) {
                i += 16;
                continue;
            }
            unsigned high = (unsigned)_mm_movemask_epi8(v), whole = 16;

            if (no_controls) {
                unsigned controls = (unsigned)_mm_movemask_epi8(odd_controls(v)) | 1u << 16;

                whole = (unsigned)__builtin_ctz(controls);
            }
            if (high) {
                unsigned end = sequences_16(v, high);

                whole = end < whole ? end : whole;
            }
            i += whole;
            if (whole == 0)
                break;
        }
        if (i == len)
            break;
#endif
        if (at[i] < 0x80) {
            if (no_controls &&
                (at[i] == 0x7F || (at[i] < 0x20 && !(at[i] >= '\t' && at[i] <= '\r'))))
                break;
            i++;
            continue;
        }
        int sequence = utf8_sequence(at + i, len - i);

        if (sequence <= 0)
            break;
        i += (size_t)sequence;
    }
    return i;
}

size_t utf8_run(const char *at, size_t len)
{
    return valid_run((const unsigned char *)at, len, false);
}

size_t utf8_text_run(const char *at, size_t len)
{
    return valid_run((const unsigned char *)at, len, true);
}

unsigned utf8_put(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* --- the decoders -----------------------------------------------------------------------------
 * Each takes as many whole characters as there are, writes at out->at + out->len, where there is
 * room, and returns how many bytes it took; the rest (at most 3 bytes) is carried. */

static char *put_byte(char *to, enum charset charset, unsigned char byte)
{
    if (byte < 0x80) {
        *to = (char)byte;
        return to + 1;
    }
    if (charset == CHARSET_ISO_8859_1)
        return to + utf8_put(to, byte);
    uint32_t packed = tables[charset - CHARSET_FIRST_TABLE][byte & 0x7F];

    to[0] = (char)packed;
    to[1] = (char)(packed >> 8);
    to[2] = (char)(packed >> 16);
    return to + (packed >> 24);
}

static size_t decode_single(struct charset_decoder *d, const char *in, size_t len, char **to)
{
    char *t = *to;

    for (size_t i = 0; i < len;) {
        size_t plain = ascii_run(in + i, len - i);

        memcpy(t, in + i, plain);
        t += plain;
        i += plain;
        while (i < len && (unsigned char)in[i] >= 0x80)
            t = put_byte(t, d->charset, (unsigned char)in[i++]);
    }
    *to = t;
    return len;
}

static size_t decode_utf8(struct charset_decoder *d, const char *in, size_t len, bool last,
                          char **to)
{
    char *t = *to;
    size_t i = 0;

    while (i < len) {
        size_t plain = ascii_run(in + i, len - i);

        memcpy(t, in + i, plain);
        t += plain;
        i += plain;
        while (i < len && (unsigned char)in[i] >= 0x80) {
            int n = utf8_sequence((const unsigned char *)in + i, len - i);

            if (n < 0 && !last)
                goto cut;
            if (n <= 0) {
                t = put_byte(t, CHARSET_WINDOWS_1252, (unsigned char)in[i++]);
                d->repaired++;
                continue;
            }
            memcpy(t, in + i, (size_t)n);
            t += n;
            i += (size_t)n;
        }
    }
cut:
    *to = t;
    return i;
}

/* One UTF-16 unit; a first half waits in d->surrogate. */
static char *put_unit(struct charset_decoder *d, char *t, uint32_t unit)
{
    if (d->surrogate) {
        uint32_t first = d->surrogate;

        d->surrogate = 0;
        if (unit >= 0xDC00 && unit <= 0xDFFF)
            return t + utf8_put(t, 0x10000 + ((first - 0xD800) << 10) + (unit - 0xDC00));
        d->repaired++;
        t += utf8_put(t, 0xFFFD);
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        d->surrogate = unit;
        return t;
    }
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        d->repaired++;
    return t + utf8_put(t, unit);
}

static size_t decode_utf16(struct charset_decoder *d, const char *in, size_t len, char **to)
{
    bool big = d->charset == CHARSET_UTF_16BE;
    const unsigned char *at = (const unsigned char *)in;
    uint16_t not_ascii = big ? 0x80FF : 0xFF80;
    char *t = *to;
    size_t i = 0;

    while (i + 2 <= len) {
        if (i + 32 <= len && !d->surrogate) {
            uint16_t units[16], any = 0;

            memcpy(units, at + i, 32);
            for (int k = 0; k < 16; k++)
                any |= units[k];
            if (!(any & not_ascii)) {
                for (int k = 0; k < 16; k++)
                    t[k] = (char)(big ? units[k] >> 8 : units[k]);
                t += 16;
                i += 32;
                continue;
            }
        }
        size_t even = len - len % 2, stop = i + 32 <= even ? i + 32 : even;

        for (; i < stop; i += 2) {
            uint32_t unit =
                big ? (uint32_t)(at[i] << 8 | at[i + 1]) : (uint32_t)(at[i + 1] << 8 | at[i]);

            if (d->surrogate || unit >= 0x800) {
                t = put_unit(d, t, unit);
            } else if (unit < 0x80) {
                *t++ = (char)unit;
            } else {
                *t++ = (char)(0xC0 | unit >> 6);
                *t++ = (char)(0x80 | (unit & 0x3F));
            }
        }
    }
    *to = t;
    return i;
}

static size_t decode_utf32(struct charset_decoder *d, const char *in, size_t len, char **to)
{
    bool big = d->charset == CHARSET_UTF_32BE;
    const unsigned char *at = (const unsigned char *)in;
    char *t = *to;
    size_t i = 0;

    for (; i + 4 <= len; i += 4) {
        uint32_t c = 0;

        for (unsigned k = 0; k < 4; k++)
            c = c << 8 | at[i + (big ? k : 3 - k)];
        if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            d->repaired++;
        t += utf8_put(t, c);
    }
    *to = t;
    return i;
}

static int base64_value(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t decode_utf7(struct charset_decoder *d, const char *in, size_t len, char **to)
{
    char *t = *to;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)in[i];

        if (!d->base64) {
            if (c == '+') {
                d->base64 = true;
                d->bits = d->held = 0;
                d->filled = false;
            } else {
                t = put_byte(t, CHARSET_WINDOWS_1252, c);
            }
            continue;
        }
        int v = base64_value(c);

        if (v >= 0) {
            d->filled = true;
            d->bits = (d->bits << 6 | (uint32_t)v) & 0x3FFFFF;
            d->held += 6;
            if (d->held >= 16) {
                d->held -= 16;
                t = put_unit(d, t, d->bits >> d->held & 0xFFFF);
            }
            continue;
        }
        d->base64 = false;
        if (d->surrogate) {
            d->surrogate = 0;
            d->repaired++;
            t += utf8_put(t, 0xFFFD);
        }
        if (!d->filled)
            *t++ = '+'; /* "+-" is a plus; "+" before anything else is taken as it stands */
        if (c != '-')
            t = put_byte(t, CHARSET_WINDOWS_1252, c);
    }
    *to = t;
    return len;
}

void charset_decoder_init(struct charset_decoder *d, enum charset charset)
{
    *d = (struct charset_decoder){
        .charset = (unsigned)charset < CHARSET_COUNT && charset != CHARSET_UNKNOWN ? charset
                                                                                   : CHARSET_UTF_8};
}

static size_t decode_some(struct charset_decoder *d, struct span in, bool last, char **to)
{
    switch (d->charset) {
    case CHARSET_UTF_8:
        return decode_utf8(d, in.at, in.len, last, to);
    case CHARSET_UTF_16LE:
    case CHARSET_UTF_16BE:
        return decode_utf16(d, in.at, in.len, to);
    case CHARSET_UTF_32LE:
    case CHARSET_UTF_32BE:
        return decode_utf32(d, in.at, in.len, to);
    case CHARSET_UTF_7:
        return decode_utf7(d, in.at, in.len, to);
    default:
        return decode_single(d, in.at, in.len, to);
    }
}

/* A mark at the start: dropped; in UTF-16 and UTF-32 it also settles the byte order. */
static size_t start_mark(struct charset_decoder *d, const unsigned char *at, size_t len)
{
    switch (d->charset) {
    case CHARSET_UTF_8:
        return len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    case CHARSET_UTF_16LE:
    case CHARSET_UTF_16BE:
        if (len < 2 || (memcmp(at, "\xFF\xFE", 2) != 0 && memcmp(at, "\xFE\xFF", 2) != 0))
            return 0;
        d->charset = at[0] == 0xFF ? CHARSET_UTF_16LE : CHARSET_UTF_16BE;
        return 2;
    case CHARSET_UTF_32LE:
    case CHARSET_UTF_32BE:
        if (len < 4 || (memcmp(at, "\xFF\xFE\0\0", 4) != 0 && memcmp(at, "\0\0\xFE\xFF", 4) != 0))
            return 0;
        d->charset = at[0] == 0xFF ? CHARSET_UTF_32LE : CHARSET_UTF_32BE;
        return 4;
    default:
        return 0;
    }
}

/* Decodes `in` behind what is carried; the carry is joined with as few new bytes as needed. */
static size_t decode_carried(struct charset_decoder *d, struct span in, bool last, char **to)
{
    size_t had = d->carried, add = sizeof d->carry - had;
    unsigned char joined[sizeof d->carry];

    if (add > in.len)
        add = in.len;
    memcpy(joined, d->carry, had);
    if (add > 0)
        memcpy(joined + had, in.at, add);
    size_t skip = 0, len = had + add;

    if (!d->begun) {
        if (len < 4 && !last && d->charset != CHARSET_UTF_7) {
            memcpy(d->carry, joined, len);
            d->carried = (unsigned)len;
            return add;
        }
        d->begun = true;
        skip = start_mark(d, joined, len);
    }
    size_t took = skip + decode_some(d, (struct span){(char *)joined + skip, len - skip},
                                     last && add == in.len, to);

    if (took >= had) {
        d->carried = 0;
        return took - had;
    }
    memcpy(d->carry, joined + took, len - took); /* only when the piece is too short to help */
    d->carried = (unsigned)(len - took);
    return add;
}

bool charset_decode(struct charset_decoder *d, struct span in, bool last, struct buf *out)
{
    size_t room;

    if (__builtin_mul_overflow(in.len, (size_t)3, &room) ||
        __builtin_add_overflow(room, (size_t)32, &room) || !buf_reserve(out, room))
        return false;
    char *to = out->at + out->len;

    while ((d->carried > 0 || !d->begun) && in.len > 0) {
        size_t used = decode_carried(d, in, last, &to);

        in = (struct span){in.at + used, in.len - used};
        if (used == 0 && d->carried > 0)
            break;
    }
    if (in.len > 0) {
        size_t took = decode_some(d, in, last, &to);

        memcpy(d->carry, in.at + took, in.len - took);
        d->carried = (unsigned)(in.len - took);
    }
    if (last) {
        if (d->carried > 0)
            decode_carried(d, (struct span){"", 0}, true, &to);
        if (d->carried > 0 || d->surrogate) {
            d->repaired += d->carried;
            to += utf8_put(to, 0xFFFD);
        }
        if (d->base64 && !d->filled)
            *to++ = '+';
        d->carried = 0;
        d->surrogate = 0;
    }
    out->len = (size_t)(to - out->at);
    *to = '\0';
    return true;
}

size_t charset_skip_plain(struct charset_decoder *d, struct span in)
{
    size_t i = 0;

    if (d->carried > 0 || in.len < 4)
        return 0;
    switch (d->charset) {
    case CHARSET_UTF_16LE:
    case CHARSET_UTF_16BE:
    case CHARSET_UTF_32LE:
    case CHARSET_UTF_32BE:
    case CHARSET_UTF_7:
        return 0;
    case CHARSET_UTF_8:
        if (!d->begun && memcmp(in.at, "\xEF\xBB\xBF", 3) == 0)
            return 0;
        i = utf8_run(in.at, in.len);
        break;
    default:
        i = ascii_run(in.at, in.len);
        break;
    }
    d->begun = true;
    return i;
}

bool charset_convert(enum charset charset, struct span in, struct buf *out)
{
    struct charset_decoder d;

    charset_decoder_init(&d, charset);
    return charset_decode(&d, in, true, out);
}
