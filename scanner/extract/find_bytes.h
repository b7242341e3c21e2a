/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * find_bytes.h - memmem for short words in text: the first and the last byte of the word are looked
 * for in 16 places at once.  The C library's looks at every byte of the text alone.
 */
#ifndef CONSTAT_FIND_BYTES_H
#define CONSTAT_FIND_BYTES_H

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* `n` from 2 on. */
static inline const char *find_bytes(const char *at, size_t len, const char *word, size_t n)
{
    size_t i = 0;

#ifdef __SSE2__
    const __m128i first = _mm_set1_epi8(word[0]), last = _mm_set1_epi8(word[n - 1]);

    for (; i + n + 15 <= len; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(at + i + n - 1));
        unsigned hits = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));

        for (; hits; hits &= hits - 1) {
            const char *hit = at + i + __builtin_ctz(hits);

            if (memcmp(hit, word, n) == 0)
                return hit;
        }
    }
#endif
    return memmem(at + i, len - i, word, n);
}

#endif
