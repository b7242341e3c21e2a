/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * anchors.c - what each byte is, 64 at a time.
 *
 * One body (anchors_simd.inc) is compiled for vectors of 16 bytes (SSE2, which every x86-64 has)
 * and of 32 (AVX2, chosen at run time); elsewhere the portable one is used.  All three give the
 * same masks: tests/test_engine.c compares them.
 */
#include "detectors/engine_private.h"

void classify_portable(const char *text, size_t blocks, struct block *ret)
{
    for (size_t b = 0; b < blocks; b++) {
        struct block m = {0};

        for (unsigned i = 0; i < BLOCK; i++) {
            unsigned char c = (unsigned char)text[b * BLOCK + i];
            uint64_t bit = UINT64_C(1) << i;

            if ((unsigned char)(c - '0') <= 9)
                m.digit |= bit;
            if ((unsigned char)((c | 0x20) - 'a') <= 25)
                m.letter |= bit;
            if ((unsigned char)(c - '-') <= 2 || (c & 0xFE) == '(' || c == ' ')
                m.joint |= bit;
            if (c >= 0x80)
                m.high |= bit;
            if (c == '@')
                m.at |= bit;
            if (c == '<')
                m.chevron |= bit;
            if (c == '\n')
                m.line |= bit;
            if ((unsigned char)(c - ':') <= 4 || c == '\t')
                m.sign |= bit;
        }
        ret[b] = m;
    }
}

void spelling_portable(const char *text, struct spelling *ret)
{
    struct spelling s = {0};

    for (unsigned i = 0; i < BLOCK; i++) {
        unsigned char c = (unsigned char)text[i];
        uint64_t bit = UINT64_C(1) << i;

        if ((unsigned char)(c - '0') <= 9)
            s.digit |= bit;
        if ((unsigned char)(c - 'a') <= 25)
            s.lower |= bit;
        if ((unsigned char)(c - 'A') <= 25)
            s.upper |= bit;
        if (c >= 0x80)
            s.high |= bit;
    }
    *ret = s;
}

uint64_t signs_portable(const char *text, char a, char b, char c)
{
    uint64_t signs = 0;

    for (unsigned i = 0; i < BLOCK; i++)
        if (text[i] == a || text[i] == b || text[i] == c)
            signs |= UINT64_C(1) << i;
    return signs;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define V         __m128i
#define V_BYTES   16
#define V_TARGET  __attribute__((target("sse2")))
#define V_NAME    classify_16
#define V_LOAD(p) _mm_loadu_si128((const __m128i *)(const void *)(p))
#define V_SET(c)  _mm_set1_epi8((char)(c))
#define V_SUB     _mm_sub_epi8
#define V_OR      _mm_or_si128
#define V_AND     _mm_and_si128
#define V_EQ      _mm_cmpeq_epi8
#define V_MIN     _mm_min_epu8
#define V_MASK(v) ((uint64_t)(uint32_t)_mm_movemask_epi8(v))
#include "detectors/anchors_simd.inc"

#define V         __m256i
#define V_BYTES   32
#define V_TARGET  __attribute__((target("avx2")))
#define V_NAME    classify_32
#define V_LOAD(p) _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define V_SET(c)  _mm256_set1_epi8((char)(c))
#define V_SUB     _mm256_sub_epi8
#define V_OR      _mm256_or_si256
#define V_AND     _mm256_and_si256
#define V_EQ      _mm256_cmpeq_epi8
#define V_MIN     _mm256_min_epu8
#define V_MASK(v) ((uint64_t)(uint32_t)_mm256_movemask_epi8(v))
#include "detectors/anchors_simd.inc"

classify_fn *classify_sse2(void)
{
    return classify_16;
}

/* Of vectors of 16 bytes only: words are read in few places and by single blocks. */
void spelling_of(const char *text, struct spelling *ret)
{
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9), a = _mm_set1_epi8('a');
    const __m128i letters = _mm_set1_epi8(25), small = _mm_set1_epi8(0x20);
    struct spelling s = {0};

    for (unsigned i = 0; i < BLOCK; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        __m128i d = _mm_sub_epi8(x, zero), l = _mm_sub_epi8(_mm_or_si128(x, small), a);
        uint64_t letter, lower;

        letter = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(l, letters), l));
        /* the bit that tells small letters from capitals, moved to where movemask reads */
        lower = (uint32_t)_mm_movemask_epi8(_mm_slli_epi16(x, 2));
        s.digit |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(d, nine), d))
                   << i;
        s.lower |= (letter & lower) << i;
        s.upper |= (letter & ~lower) << i;
        s.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << i;
    }
    *ret = s;
}

classify_fn *classify_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? classify_32 : NULL;
}

uint64_t signs_of(const char *text, char a, char b, char c)
{
    const __m128i is_a = _mm_set1_epi8(a), is_b = _mm_set1_epi8(b), is_c = _mm_set1_epi8(c);
    uint64_t signs = 0;

    for (unsigned i = 0; i < BLOCK; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text + i));

        x = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, is_a), _mm_cmpeq_epi8(x, is_b)),
                         _mm_cmpeq_epi8(x, is_c));
        signs |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << i;
    }
    return signs;
}

#else

uint64_t signs_of(const char *text, char a, char b, char c)
{
    return signs_portable(text, a, b, c);
}

void spelling_of(const char *text, struct spelling *ret)
{
    spelling_portable(text, ret);
}

classify_fn *classify_sse2(void)
{
    return NULL;
}

classify_fn *classify_avx2(void)
{
    return NULL;
}

#endif

classify_fn *classify_best(void)
{
    classify_fn *best = classify_avx2();

    if (!best)
        best = classify_sse2();
    return best ? best : classify_portable;
}
