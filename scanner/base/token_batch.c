/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * token_batch.c - the tokens of several values at once.
 *
 * A keyed BLAKE2b (RFC 7693) of a short message is two compressions: of the key, the same for every
 * token of a case, and of the message.  libsodium can neither keep the first nor do several second
 * ones side by side, and dumps hold millions of findings.  So where the machine has AVX2 the key is
 * compressed once and four messages together, one in each 64-bit lane; elsewhere libsodium does it.
 * Both give the same tokens: tests/test_keys.c compares them.
 */
#include "scanner/base/keys.h"

bool token_batch_add(struct token_batch *b, const char *kind, struct span value)
{
    size_t kind_len = strlen(kind), len = kind_len + 1 + value.len;

    if (b->n == TOKEN_BATCH || value.len > TOKEN_MESSAGE_MAX || len > TOKEN_MESSAGE_MAX)
        return false;
    /* what is behind a message is zero already, and so is the byte between its parts */
    memcpy(b->messages[b->n], kind, kind_len);
    memcpy(b->messages[b->n] + kind_len + 1, value.at, value.len);
    b->len[b->n++] = (uint8_t)len;
    return true;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES  __attribute__((target("avx2")))
#define INLINE __attribute__((target("avx2"), always_inline)) static inline

static const uint64_t initial[8] = {UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
                                    UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
                                    UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
                                    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179)};

/* Word `w` of the message of each lane. */
INLINE void four_words(const unsigned char at[][TOKEN_MESSAGE_MAX], unsigned w, __m256i ret[4])
{
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(at[0] + w * 8));
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(at[1] + w * 8));
    __m256i c = _mm256_loadu_si256((const __m256i *)(const void *)(at[2] + w * 8));
    __m256i d = _mm256_loadu_si256((const __m256i *)(const void *)(at[3] + w * 8));
    __m256i ab0 = _mm256_unpacklo_epi64(a, b), ab1 = _mm256_unpackhi_epi64(a, b);
    __m256i cd0 = _mm256_unpacklo_epi64(c, d), cd1 = _mm256_unpackhi_epi64(c, d);

    ret[0] = _mm256_permute2x128_si256(ab0, cd0, 0x20);
    ret[1] = _mm256_permute2x128_si256(ab1, cd1, 0x20);
    ret[2] = _mm256_permute2x128_si256(ab0, cd0, 0x31);
    ret[3] = _mm256_permute2x128_si256(ab1, cd1, 0x31);
}

INLINE void mix(__m256i v[16], unsigned a, unsigned b, unsigned c, unsigned d, __m256i x, __m256i y)
{
    const __m256i by_24 = _mm256_setr_epi8(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3,
                                           4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
    const __m256i by_16 = _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2,
                                           3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);

    v[a] = _mm256_add_epi64(_mm256_add_epi64(v[a], v[b]), x);
    v[d] = _mm256_shuffle_epi32(_mm256_xor_si256(v[d], v[a]), _MM_SHUFFLE(2, 3, 0, 1));
    v[c] = _mm256_add_epi64(v[c], v[d]);
    v[b] = _mm256_shuffle_epi8(_mm256_xor_si256(v[b], v[c]), by_24);
    v[a] = _mm256_add_epi64(_mm256_add_epi64(v[a], v[b]), y);
    v[d] = _mm256_shuffle_epi8(_mm256_xor_si256(v[d], v[a]), by_16);
    v[c] = _mm256_add_epi64(v[c], v[d]);
    v[b] = _mm256_xor_si256(v[b], v[c]);
    v[b] = _mm256_or_si256(_mm256_add_epi64(v[b], v[b]), _mm256_srli_epi64(v[b], 63));
}

/* One round with the words in the order `s` (RFC 7693, 3.2). */
INLINE void one_round(__m256i v[16], const __m256i m[16], const uint8_t s[16])
{
    mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
    mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
    mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
    mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
    mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
    mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
    mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
    mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
}

/* The compression function on four blocks: `state` is the same in all lanes before it, `counter`
 * and `last` as in the RFC. */
LANES static void compress(const uint64_t state[8],
                           const unsigned char blocks[4][TOKEN_MESSAGE_MAX],
                           const uint64_t counter[4], bool last, __m256i ret[8])
{
    /* RFC 7693, 2.7; rounds 10 and 11 are 0 and 1 again */
    static const uint8_t order[12][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                          {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                          {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                          {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                          {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                          {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                          {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                          {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                          {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                          {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
                                          {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                          {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3}};
    __m256i m[16], v[16];

    for (unsigned w = 0; w < 16; w += 4)
        four_words(blocks, w, m + w);
    for (unsigned i = 0; i < 8; i++) {
        v[i] = _mm256_set1_epi64x((long long)state[i]);
        v[i + 8] = _mm256_set1_epi64x((long long)initial[i]);
    }
    v[12] = _mm256_xor_si256(v[12], _mm256_loadu_si256((const __m256i *)(const void *)counter));
    if (last)
        v[14] = _mm256_xor_si256(v[14], _mm256_set1_epi64x(-1));
    for (unsigned r = 0; r < 12; r++)
        one_round(v, m, order[r]);
    for (unsigned i = 0; i < 8; i++)
        ret[i] = _mm256_xor_si256(_mm256_set1_epi64x((long long)state[i]),
                                  _mm256_xor_si256(v[i], v[i + 8]));
}

LANES static void compress_key(const unsigned char key[CASE_KEY_BYTES], uint64_t ret[8])
{
    unsigned char blocks[4][TOKEN_MESSAGE_MAX] = {{0}};
    const uint64_t counter[4] = {TOKEN_MESSAGE_MAX};
    uint64_t begun[8];
    __m256i after[8];

    memcpy(blocks[0], key, CASE_KEY_BYTES);
    memcpy(begun, initial, sizeof begun);
    /* digest of 16 bytes, length of the key, no tree (RFC 7693, 2.8) */
    begun[0] ^= UINT64_C(0x01010000) ^ CASE_KEY_BYTES << 8 ^ 16;
    compress(begun, (const unsigned char(*)[TOKEN_MESSAGE_MAX])blocks, counter, false, after);
    for (unsigned i = 0; i < 8; i++)
        ret[i] = (uint64_t)_mm256_extract_epi64(after[i], 0);
    explicit_bzero(blocks, sizeof blocks);
}

LANES static void four_tokens(const struct case_keys *keys, struct token_batch *b)
{
    uint64_t counter[4];
    __m256i after[8], low, high;

    for (unsigned i = 0; i < TOKEN_BATCH; i++)
        counter[i] = TOKEN_MESSAGE_MAX + (uint64_t)b->len[i];
    compress(keys->token_state, (const unsigned char(*)[TOKEN_MESSAGE_MAX])b->messages, counter,
             true, after);
    low = _mm256_unpacklo_epi64(after[0], after[1]);  /* lanes 0 and 2 */
    high = _mm256_unpackhi_epi64(after[0], after[1]); /* 1 and 3 */
    _mm_storeu_si128((__m128i *)(void *)b->tokens[0], _mm256_castsi256_si128(low));
    _mm_storeu_si128((__m128i *)(void *)b->tokens[1], _mm256_castsi256_si128(high));
    _mm_storeu_si128((__m128i *)(void *)b->tokens[2], _mm256_extracti128_si256(low, 1));
    _mm_storeu_si128((__m128i *)(void *)b->tokens[3], _mm256_extracti128_si256(high, 1));
}

static bool has_lanes(void)
{
    return __builtin_cpu_supports("avx2");
}

#else

static bool has_lanes(void)
{
    return false;
}

static void compress_key(const unsigned char key[CASE_KEY_BYTES], uint64_t ret[8])
{
    (void)key;
    (void)ret;
}

static void four_tokens(const struct case_keys *keys, struct token_batch *b)
{
    (void)keys;
    (void)b;
}

#endif

void token_state_derive(struct case_keys *keys)
{
    memset(keys->token_state, 0, sizeof keys->token_state);
    if (has_lanes())
        compress_key(keys->token, keys->token_state);
}

void token_batch_end(const struct case_keys *keys, struct token_batch *b)
{
    if (has_lanes()) {
        four_tokens(keys, b);
    } else {
        for (unsigned i = 0; i < b->n; i++) {
            const char *kind = (const char *)b->messages[i];
            size_t value = strlen(kind) + 1;

            token_of(keys, kind, (struct span){kind + value, b->len[i] - value}, b->tokens[i]);
        }
    }
    memset(b->messages, 0, sizeof b->messages);
    memset(b->len, 0, sizeof b->len);
    b->n = 0;
}
