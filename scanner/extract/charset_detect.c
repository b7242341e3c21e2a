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
    size_t text = 0, plain = 0, bad = 0;
    uint32_t blocks[256] = {0};

    for (size_t i = 0; i < units; i++) {
        uint32_t u = unit16(at + 2 * i, big);

        if (bad * 50 > units || (i - text) * 10 > units)
            return 0; /* so much already that nothing can make up for it */

        blocks[u >> 8]++;
        if (u - 0x20 < 0x7F - 0x20) { /* ASCII, as nearly all of it is */
            text++;
            plain++;
        } else if (is_text_unit(u)) {
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

/* Control bytes and NULs, on even and on odd places. */
struct controls {
    size_t controls[2], nuls[2];
};

#ifdef __SSE2__
/* Sums of the bytes on even and on odd places. */
static void add_sums(__m128i bytes, size_t sums[2])
{
    __m128i even = _mm_sad_epu8(_mm_and_si128(bytes, _mm_set1_epi16(0xFF)), _mm_setzero_si128());
    __m128i odd = _mm_sad_epu8(_mm_srli_epi16(bytes, 8), _mm_setzero_si128());

    sums[0] += (size_t)(_mm_cvtsi128_si64(even) + _mm_cvtsi128_si64(_mm_srli_si128(even, 8)));
    sums[1] += (size_t)(_mm_cvtsi128_si64(odd) + _mm_cvtsi128_si64(_mm_srli_si128(odd, 8)));
}

static __m128i in_range(__m128i v, char first, char last)
{
    __m128i past = _mm_sub_epi8(v, _mm_set1_epi8(first));

    return _mm_cmpeq_epi8(_mm_min_epu8(past, _mm_set1_epi8((char)(last - first))), past);
}

/* Blocks of 16; as many as fit.  Returns how many bytes. */
static size_t count_blocks(const unsigned char *at, size_t len, struct controls *n)
{
    size_t i = 0;

    while (i + 16 <= len) {
        __m128i controls = _mm_setzero_si128(), nuls = _mm_setzero_si128();

        for (unsigned blocks = 0; blocks < 255 && i + 16 <= len; blocks++, i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
            __m128i control =
                _mm_andnot_si128(_mm_or_si128(in_range(v, 7, 13), in_range(v, 0x1A, 0x1B)),
                                 _mm_or_si128(in_range(v, 1, 0x1F), in_range(v, 0x7F, 0x7F)));

            controls = _mm_sub_epi8(controls, control); /* a byte that fits is -1 */
            nuls = _mm_sub_epi8(nuls, _mm_cmpeq_epi8(v, _mm_setzero_si128()));
        }
        add_sums(controls, n->controls);
        add_sums(nuls, n->nuls);
    }
    return i;
}
#else
static size_t count_blocks(const unsigned char *at, size_t len, struct controls *n)
{
    (void)at, (void)len, (void)n;
    return 0;
}
#endif

static struct controls count_controls(const unsigned char *at, size_t len)
{
    struct controls n = {{0, 0}, {0, 0}};

    for (size_t i = count_blocks(at, len, &n); i < len; i++) {
        n.controls[i & 1] += is_control(at[i]);
        n.nuls[i & 1] += at[i] == 0;
    }
    return n;
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

/* Valid UTF-8 without one control byte or NUL?  Nearly all texts are, and then nothing else need be
 * asked.  `whole`: a sequence cut at the end is a mistake. */
static bool is_plain(const unsigned char *at, size_t len, bool whole, size_t plain)
{
    return plain == len ||
           (!whole && at[plain] >= 0x80 && utf8_sequence(at + plain, len - plain) < 0);
}

/* Packed or encrypted data, seen at once: control bytes on even and on odd places alike (11 % of
 * random bytes), where UTF-16 has them on one side only. */
static bool is_random(const unsigned char *at, size_t len)
{
    size_t half = (len < 2048 ? len : 2048) / 2;

    if (half <= 64)
        return false;
    struct controls n = count_controls(at, 2 * half);

    return n.controls[0] * 12 > half && n.controls[1] * 12 > half;
}

static unsigned wide_textness(const unsigned char *at, size_t len, enum charset charset)
{
    size_t bad = 0, width = charset <= CHARSET_UTF_16BE ? 2 : 4, units = len / width;
    bool big = charset == CHARSET_UTF_16BE || charset == CHARSET_UTF_32BE;

    for (size_t i = 0; i < units; i++) {
        const unsigned char *u = at + width * i;
        uint32_t c = width == 2 ? unit16(u, big) : unit16(u + (big ? 2 : 0), big);

        bad += c == 0 || (c < 0x20 && is_control((unsigned char)c)) || c == 0xFFFF;
    }
    return units == 0 ? 0 : bad * 4 > units ? 0 : 100 - (unsigned)(bad * 100 / units);
}

/* Of bytes that are neither plain nor wide. */
static unsigned narrow_textness(const struct census *n, size_t len)
{
    if (n->controls == 0 && n->nuls == 0 && n->invalid == 0)
        return 100;
    /* Programs, pictures and packed data have control bytes everywhere (11 % of random bytes);
     * text that a crash or a fixed-width record has run through with NULs has hardly any other.
     * Bytes >= 0x80 are letters in text of any single-byte encoding; next to controls they are
     * not. */
    size_t strange = n->controls + (n->nuls > 0 || n->controls > 0 ? n->invalid : 0);

    if (n->controls * 100 > len || n->nuls * 10 > len * 3 || strange * 10 > len * 3)
        return 0;
    if (n->controls == 0 && n->nuls == 0 && len < 64 && n->invalid * 2 > len)
        return 0; /* too short for a text in which most letters are not ASCII to show itself */
    return 99 - (unsigned)((n->controls + n->nuls) * 60 / len);
}

/* Between UTF-8 and the single-byte encodings. */
static enum charset narrow_charset(const unsigned char *at, size_t len, const struct census *n)
{
    return n->invalid == 0 || n->sequences > n->invalid ? CHARSET_UTF_8 : detect_single(at, len);
}

enum charset charset_detect(struct span head, bool whole)
{
    const unsigned char *at = (const unsigned char *)head.at;
    size_t len = head.len;

    if (len > JUDGED) {
        len = JUDGED;
        whole = false;
    }
    if (is_plain(at, len, whole, utf8_text_run(head.at, len)))
        return CHARSET_UTF_8;
    enum charset unit = detect_unit(at, len);

    if (unit != CHARSET_UNKNOWN)
        return unit;
    size_t counted;
    struct census n = take_census(at, len, whole, &counted);

    return narrow_charset(at, len, &n);
}

void charset_look(struct span head, bool whole, struct text_look *ret)
{
    const unsigned char *at = (const unsigned char *)head.at;
    size_t len = head.len;

    *ret = (struct text_look){.taken = true, .textness = 100, .charset = CHARSET_UTF_8};
    if (len > JUDGED) {
        len = JUDGED;
        whole = false;
    }
    ret->plain = utf8_text_run(head.at, len);
    if (is_plain(at, len, whole, ret->plain))
        return;
    ret->charset = CHARSET_UNKNOWN;
    if (is_random(at, len)) {
        ret->textness = 0;
        return;
    }
    ret->charset = detect_unit(at, len);
    if (ret->charset >= CHARSET_UTF_16LE && ret->charset <= CHARSET_UTF_32BE) {
        ret->textness = wide_textness(at, len, ret->charset);
        return;
    }
    struct controls controls = count_controls(at, len);
    struct census n = {.controls = controls.controls[0] + controls.controls[1],
                       .nuls = controls.nuls[0] + controls.nuls[1]};

    ret->textness = narrow_textness(&n, len); /* whatever else there is, this is too much */
    if (ret->textness > 0) {
        size_t counted;
        struct census bytes = take_census(at, len, false, &counted);

        bytes.controls = n.controls;
        bytes.nuls = n.nuls;
        ret->textness = narrow_textness(&bytes, len);
        if (whole)
            bytes.invalid += len - counted;
        if (ret->charset == CHARSET_UNKNOWN && ret->textness > 0)
            ret->charset = narrow_charset(at, len, &bytes);
    } else {
        ret->charset = CHARSET_UNKNOWN;
    }
}

unsigned charset_textness(struct span head)
{
    struct text_look look;

    charset_look(head, false, &look);
    return look.textness;
}
