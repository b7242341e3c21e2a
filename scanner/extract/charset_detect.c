/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * charset_detect.c - which encoding a text is in, from its first bytes.
 *
 * In this order: byte order marks; the pattern of zero bytes that UTF-16 and UTF-32 cannot hide
 * (spaces, digits and line ends have them in every script); UTF-8, which other text hardly ever
 * is by chance; and last the single-byte encodings of western Europe, between which only the
 * letters can tell.  A byte >= 0x80 is a different character in each of them; the right one is
 * that in which it stands where such a character stands in French, Dutch or German: an e acute
 * between letters, a quotation mark at a word's edge, a frame of box drawings in a row.
 */
#include "scanner/extract/charset.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { JUDGED = 64 * 1024 };

/* --- UTF-16 and UTF-32 without a mark ----------------------------------------------------------
 */

static uint32_t unit16(const unsigned char *at, bool big)
{
    return big ? (uint32_t)(at[0] << 8 | at[1]) : (uint32_t)(at[1] << 8 | at[0]);
}

/* Is this unit what text is made of? */
static bool is_text_unit(uint32_t u)
{
    return (u >= 0x20 && u < 0x7F) || u == '\n' || u == '\r' || u == '\t' ||
           (u >= 0xA0 && u < 0x250) ||   /* Latin */
           (u >= 0x2B0 && u < 0x700) ||  /* Greek, Cyrillic, Armenian, Hebrew, Arabic */
           (u >= 0x900 && u < 0x1100) || /* India, Thai, Tibetan, Georgian */
           (u >= 0x1E00 && u < 0x2070) || (u >= 0x20A0 && u < 0x2200) ||
           (u >= 0x2500 && u < 0x2600) || (u >= 0x3000 && u < 0x3100) ||
           (u >= 0x4E00 && u < 0xA000) || (u >= 0xAC00 && u < 0xD7A4) ||
           (u >= 0xFF01 && u < 0xFFEF);
}

/* How much speaks for UTF-16 of this byte order, 0 when anything is too much against it. */
static size_t score16(const unsigned char *at, size_t units, bool big)
{
    size_t text = 0, plain = 0, bad = 0, blocks[256] = {0};

    for (size_t i = 0; i < units; i++) {
        uint32_t u = unit16(at + 2 * i, big);

        if (bad * 50 > units || (i - text) * 10 > units)
            return 0; /* so much already that nothing can make up for it */

        blocks[u >> 8]++;
        if (is_text_unit(u)) {
            text++;
            plain += u < 0x80;
        } else if (u == 0 || u == 0xFFFF || u == 0xFFFE || (u < 0x20 && u != '\f')) {
            bad++;
        }
    }
    /* Real text has white space and digits, and stays within few blocks; CJK does not, but its
     * punctuation and figures then are in the one block of the ideographs' marks. */
    size_t first = 0, second = 0, ideographs = 0;

    for (unsigned b = 0; b < 256; b++) {
        if (blocks[b] > first) {
            second = first;
            first = blocks[b];
        } else if (blocks[b] > second) {
            second = blocks[b];
        }
        if (b >= 0x4E && b < 0xA0)
            ideographs += blocks[b];
    }
    if (plain == 0 || bad * 50 > units || text * 10 < units * 9)
        return 0;
    if ((first + second) * 10 < units * 8 && ideographs * 2 < units)
        return 0;
    return text + plain;
}

static bool is_utf32(const unsigned char *at, size_t len, bool big)
{
    size_t units = len / 4, bad = 0, text = 0;

    for (size_t i = 0; i < units && bad * 50 <= units; i++) {
        const unsigned char *u = at + 4 * i;
        uint32_t c = big ? (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | unit16(u + 2, true)
                         : (uint32_t)u[3] << 24 | (uint32_t)u[2] << 16 | unit16(u, false);

        if (c == 0 || c > 0x10FFFF)
            bad++;
        else if (c > 0xFFFF || is_text_unit(c))
            text++;
    }
    return units > 0 && bad * 50 <= units && text * 10 >= units * 9;
}

static enum charset detect_wide(const unsigned char *at, size_t len)
{
    if (len >= 8) {
        if (is_utf32(at, len, false))
            return CHARSET_UTF_32LE;
        if (is_utf32(at, len, true))
            return CHARSET_UTF_32BE;
    }
    if (len < 4)
        return CHARSET_UNKNOWN;
    size_t little = score16(at, len / 2, false), big = score16(at, len / 2, true);

    if (little == 0 && big == 0)
        return CHARSET_UNKNOWN;
    return little >= big ? CHARSET_UTF_16LE : CHARSET_UTF_16BE;
}

/* --- single-byte encodings of western Europe ---------------------------------------------------
 */

enum sort { SORT_OTHER, SORT_LOWER, SORT_UPPER, SORT_DIGIT };

static enum sort sort_of(unsigned char c)
{
    if (c >= 'a' && c <= 'z')
        return SORT_LOWER;
    if (c >= 'A' && c <= 'Z')
        return SORT_UPPER;
    return c >= '0' && c <= '9' ? SORT_DIGIT : SORT_OTHER;
}

/* What each byte from 0x80 on is in each encoding (first row 0x80-0xBF, second 0xC0-0xFF):
 *   u  the accented letters of FR, NL and DE that come most (é è à ç ê ë ï ü ö ä ô û î â ù ß)
 *   r  letters that names bring (œ ñ ó í á ú ò æ ø å ì ÿ ã õ)
 *   C  capitals of the first group, Œ and Ñ
 *   a  the typographic apostrophe    E  the euro sign
 *   s  signs of running text (quotation marks, dashes, degree, section, NBSP)
 *   b  box drawing                   x  control or undefined      o  anything else */
static const struct {
    enum charset charset;
    char sorts[129];
} choices[] = {
    {CHARSET_WINDOWS_1252, "ExooosooooooCxoxxsasssssoooorxoosoooooosoossoooososssoosoossosoo"
                           "CoCoCooCCCCCooCCoCooCoCooCoCCoouurururruuuuurruuorrruruoruruuoor"},
    {CHARSET_ISO_8859_15, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxsoooEoosoossoooosossooosoossCroo"
                          "CoCoCooCCCCCooCCoCooCoCooCoCCoouurururruuuuurruuorrruruoruruuoor"},
    {CHARSET_IBM850, "CuuuuuruuuuuurCoCrouuruurCCroooorrrrrCssooosoossbbbbboCCobbbboob"
                     "bbbbbbrobbbbbbboooCCCooCCbbbboobouCoroooooCCooosooooosoososossos"},
    {CHARSET_MACINTOSH, "CoCCCCCruuurruuuuurruurrruurruuuosoossouooosooooooooooooooossorr"
                        "ooooooossssCooCrsssssaoorooEooooosoooCCoCCoCCooCoooCCooooooooooo"},
};

/* How well a character fits between its neighbours. */
static int fit(char sort, unsigned char before, unsigned char after)
{
    enum sort left = sort_of(before), right = sort_of(after);
    bool word_left = left == SORT_LOWER || left == SORT_UPPER;
    bool word_right = right == SORT_LOWER || right == SORT_UPPER;

    switch (sort) {
    case 'u':
        if (left == SORT_UPPER && right == SORT_UPPER)
            return -1;
        if (word_left || word_right)
            return 4;
        return left == SORT_DIGIT || right == SORT_DIGIT ? -2 : 1;
    case 'r':
        return word_left || word_right ? 2 : -1;
    case 'C':
        if (left == SORT_LOWER)
            return -3; /* a capital inside a word */
        return left == SORT_UPPER || word_right ? 3 : -1;
    case 'a': /* l'an, d'accord */
        return word_left || word_right ? 3 : 1;
    case 'E':
        return word_left && word_right ? -3 : 3;
    case 's':
        return word_left && word_right ? -3 : 1;
    case 'b': /* frames come in rows */
        return before >= 0x80 || after >= 0x80 ? 1 : word_left || word_right ? -3 : 0;
    case 'x':
        return -6;
    default:
        return word_left || word_right ? -3 : -1;
    }
}

static enum charset detect_single(const unsigned char *at, size_t len)
{
    /* The first that no other beats wins; this many bytes say enough. */
    enum { CHOICES = sizeof choices / sizeof *choices, ENOUGH = 1000 };
    long score[CHOICES] = {0};
    size_t seen = 0, best = 0;

    for (size_t i = 0; i < len && seen < ENOUGH; i++) {
        i += ascii_run((const char *)at + i, len - i);
        if (i == len)
            break;
        unsigned char before = i > 0 ? at[i - 1] : ' ', after = i + 1 < len ? at[i + 1] : ' ';

        for (size_t k = 0; k < CHOICES; k++)
            score[k] += fit(choices[k].sorts[at[i] & 0x7F], before, after);
        seen++;
    }
    for (size_t k = 1; k < CHOICES; k++) {
        if (score[k] > score[best])
            best = k;
    }
    return choices[best].charset;
}

/* --- the decision ------------------------------------------------------------------------------
 */

struct census {
    size_t controls, nuls; /* bytes no text has; NULs apart */
    size_t sequences;      /* valid UTF-8 of more than one byte */
    size_t sequence_bytes;
    size_t invalid; /* bytes >= 0x80 outside those */
};

static bool is_control(unsigned char c)
{
    /* Backspace, bell and escape stand in logs of terminals, 0x1A ends DOS text. */
    return (c < 0x20 && !(c >= 0x07 && c <= 0x0D) && c != 0x1A && c != 0x1B && c != 0) || c == 0x7F;
}

#ifdef __SSE2__
/* Which of 16 bytes may be control bytes: bell and backspace, 0x1A and 0x1B among them. */
static __m128i maybe_controls(__m128i v)
{
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
    __m128i past_tab = _mm_sub_epi8(v, _mm_set1_epi8('\t')); /* up to '\r' is white space */
    __m128i blank = _mm_cmpeq_epi8(_mm_min_epu8(past_tab, _mm_set1_epi8('\r' - '\t')), past_tab);

    return _mm_or_si128(_mm_andnot_si128(blank, low), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));
}
#endif

/* Is all of it UTF-8 without one control byte or NUL?  Nearly all texts are, and then nothing else
 * need be asked.  `whole`: a sequence cut at the end is a mistake. */
static bool is_plain(const unsigned char *at, size_t len, bool whole)
{
    size_t i = 0;

    while (i < len) {
#ifdef __SSE2__
        while (i + 16 <= len) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
            unsigned odd = (unsigned)_mm_movemask_epi8(_mm_or_si128(v, maybe_controls(v)));

            if (odd) {
                i += (unsigned)__builtin_ctz(odd);
                break;
            }
            i += 16;
        }
        if (i == len)
            break;
#endif
        unsigned char c = at[i];

        if (c < 0x80) {
            if (c == 0x7F || (c < 0x20 && !(c >= '\t' && c <= '\r')))
                return false;
            i++;
            continue;
        }
        int sequence = utf8_sequence(at + i, len - i);

        if (sequence <= 0)
            return sequence < 0 && !whole;
        i += (size_t)sequence;
    }
    return true;
}

/* Control bytes and NULs.  Text has none in most blocks of 16, and then none is looked at alone. */
static void count_controls(const unsigned char *at, size_t len, size_t *controls, size_t *nuls)
{
    size_t i = 0;

    while (i < len) {
#ifdef __SSE2__
        while (i + 16 <= len && !_mm_movemask_epi8(maybe_controls(
                                    _mm_loadu_si128((const __m128i *)(const void *)(at + i)))))
            i += 16;
#endif
        size_t stop = i + 16 < len ? i + 16 : len;

        for (; i < stop; i++) {
            *nuls += at[i] == 0;
            *controls += is_control(at[i]);
        }
    }
}

/* Without the control bytes.  *ret_len: how much was counted; less when a sequence is cut. */
static struct census take_census(const unsigned char *at, size_t len, bool whole, size_t *ret_len)
{
    struct census n = {0};
    size_t i = 0;

    while (i < len) {
        if (at[i] < 0x80) {
            i += ascii_run((const char *)at + i, len - i);
            continue;
        }
        int sequence = utf8_sequence(at + i, len - i);

        if (sequence < 0 && !whole)
            break; /* cut here, not invalid */
        if (sequence <= 0) {
            n.invalid++;
            i++;
        } else {
            n.sequences++;
            n.sequence_bytes += (size_t)sequence;
            i += (size_t)sequence;
        }
    }
    *ret_len = i;
    return n;
}

static enum charset detect_unit(const unsigned char *at, size_t len)
{
    if (len >= 4 && memcmp(at, "\xFF\xFE\0\0", 4) == 0)
        return CHARSET_UTF_32LE;
    if (len >= 4 && memcmp(at, "\0\0\xFE\xFF", 4) == 0)
        return CHARSET_UTF_32BE;
    if (len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        return CHARSET_UTF_8;
    if (len >= 2 && memcmp(at, "\xFF\xFE", 2) == 0)
        return CHARSET_UTF_16LE;
    if (len >= 2 && memcmp(at, "\xFE\xFF", 2) == 0)
        return CHARSET_UTF_16BE;
    if (len > 0 && memchr(at, 0, len)) {
        enum charset wide = detect_wide(at, len);

        if (wide != CHARSET_UNKNOWN)
            return wide;
    }
    return CHARSET_UNKNOWN;
}

enum charset charset_detect_unit(struct span head)
{
    return detect_unit((const unsigned char *)head.at, head.len < JUDGED ? head.len : JUDGED);
}

enum charset charset_detect(struct span head, bool whole)
{
    const unsigned char *at = (const unsigned char *)head.at;
    size_t len = head.len;

    if (len > JUDGED) {
        len = JUDGED;
        whole = false;
    }
    if (is_plain(at, len, whole))
        return CHARSET_UTF_8;
    enum charset unit = detect_unit(at, len);

    if (unit != CHARSET_UNKNOWN)
        return unit;
    size_t counted;
    struct census n = take_census(at, len, whole, &counted);

    if (n.invalid == 0 || n.sequences > n.invalid)
        return CHARSET_UTF_8;
    return detect_single(at, len);
}

/* Packed or encrypted data, seen at once: control bytes on even and on odd places alike (11 % of
 * random bytes), where UTF-16 has them on one side only. */
static bool is_random(const unsigned char *at, size_t len)
{
    size_t half = (len < 2048 ? len : 2048) / 2, even = 0, odd = 0, controls = 0, nuls = 0;

    count_controls(at, half < 128 ? half : 128, &controls, &nuls);
    if (controls == 0)
        return false;
    for (size_t i = 0; i < half; i++) {
        even += is_control(at[2 * i]);
        odd += is_control(at[2 * i + 1]);
    }
    return half > 64 && even * 12 > half && odd * 12 > half;
}

unsigned charset_textness(struct span head)
{
    const unsigned char *at = (const unsigned char *)head.at;
    size_t len = head.len > JUDGED ? (size_t)JUDGED : head.len;

    if (len == 0 || is_plain(at, len, false))
        return 100;
    if (is_random(at, len))
        return 0;
    enum charset charset = detect_unit(at, len);

    if (charset >= CHARSET_UTF_16LE && charset <= CHARSET_UTF_32BE) {
        size_t bad = 0, width = charset <= CHARSET_UTF_16BE ? 2 : 4, units = len / width;
        bool big = charset == CHARSET_UTF_16BE || charset == CHARSET_UTF_32BE;

        for (size_t i = 0; i < units; i++) {
            const unsigned char *u = at + width * i;
            uint32_t c = width == 2 ? unit16(u, big) : unit16(u + (big ? 2 : 0), big);

            bad += c == 0 || (c < 0x20 && is_control((unsigned char)c)) || c == 0xFFFF;
        }
        return units == 0 ? 0 : bad * 4 > units ? 0 : 100 - (unsigned)(bad * 100 / units);
    }
    size_t counted;
    struct census n = take_census(at, len, false, &counted);

    /* All at once: between accented letters the runs of ASCII are too short for the blocks. */
    count_controls(at, counted, &n.controls, &n.nuls);

    if (n.controls == 0 && n.nuls == 0 && n.invalid == 0)
        return 100;
    /* Programs, pictures and packed data have control bytes everywhere (11 % of random bytes);
     * text that a crash or a fixed-width record has run through with NULs has hardly any other.
     * Bytes >= 0x80 are letters in text of any single-byte encoding; next to controls they are
     * not. */
    size_t strange = n.controls + (n.nuls > 0 || n.controls > 0 ? n.invalid : 0);

    if (n.controls * 100 > len || n.nuls * 10 > len * 3 || strange * 10 > len * 3)
        return 0;
    if (n.controls == 0 && n.nuls == 0 && len < 64 && n.invalid * 2 > len)
        return 0; /* too short for a text in which most letters are not ASCII to show itself */
    return 99 - (unsigned)((n.controls + n.nuls) * 60 / len);
}
