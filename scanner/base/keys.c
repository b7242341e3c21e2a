/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/base/keys.h"

#include <sodium.h>
#include <stdlib.h>

bool keys_start(void)
{
    return sodium_init() >= 0;
}

void keys_random(unsigned char ret[CASE_KEY_BYTES])
{
    randombytes_buf(ret, CASE_KEY_BYTES);
}

void keys_derive(struct case_keys *keys, const unsigned char case_key[CASE_KEY_BYTES])
{
    static const char context[crypto_kdf_CONTEXTBYTES] = {'c', 'o', 'n', 's', 't', 'a', 't', '1'};

    memcpy(keys->token, case_key, CASE_KEY_BYTES);
    crypto_kdf_derive_from_key(keys->name, sizeof keys->name, 1, context, case_key);
    crypto_kdf_derive_from_key(keys->facts, sizeof keys->facts, 2, context, case_key);
    crypto_kdf_derive_from_key(keys->path, sizeof keys->path, 3, context, case_key);
}

void keys_forget(struct case_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

void token_of(const struct case_keys *keys, const char *kind, struct span value,
              unsigned char ret[16])
{
    char message[64 + 1 + VALUE_MAX];
    size_t kind_len = strnlen(kind, 64);
    size_t value_len = value.len < VALUE_MAX ? value.len : VALUE_MAX;

    memcpy(message, kind, kind_len);
    message[kind_len] = '\0';
    memcpy(message + kind_len + 1, value.at, value_len);
    crypto_generichash(ret, 16, (const unsigned char *)message, kind_len + 1 + value_len,
                       keys->token, CASE_KEY_BYTES);
    sodium_memzero(message, kind_len + 1 + value_len);
}

void token_hex(const unsigned char token[16], char ret[33])
{
    static const char digits[] = "0123456789abcdef";

    for (unsigned i = 0; i < 16; i++) {
        ret[2 * i] = digits[token[i] >> 4];
        ret[2 * i + 1] = digits[token[i] & 15];
    }
    ret[32] = '\0';
}

bool token_from_hex(const char *hex, unsigned char ret[16])
{
    size_t len = 0;

    return strlen(hex) == 32 && sodium_hex2bin(ret, 16, hex, 32, NULL, &len, NULL) == 0 &&
           len == 16;
}

/* bits 0-8 year - 1800 (0..511), 9-12 month, 13-17 day, 18-19 sex, 20 bis, 21 birth known */
uint32_t facts_pack(const struct person_facts *facts)
{
    uint32_t year = facts->birth / 10000, month = facts->birth / 100 % 100,
             day = facts->birth % 100;
    uint32_t packed = 0;

    if (year >= 1800 && year < 2300)
        packed = (year - 1800) | (month & 15) << 9 | (day & 31) << 13 | 1u << 21;
    packed |= (facts->sex == 'M' ? 1u : facts->sex == 'F' ? 2u : 0u) << 18;
    packed |= (facts->bis ? 1u : 0u) << 20;
    return packed;
}

struct person_facts facts_unpack(uint32_t packed)
{
    struct person_facts facts = {0, 0, false};

    if (packed >> 21 & 1)
        facts.birth =
            ((packed & 511) + 1800) * 10000 + (packed >> 9 & 15) * 100 + (packed >> 13 & 31);
    facts.sex = (packed >> 18 & 3) == 1 ? 'M' : (packed >> 18 & 3) == 2 ? 'F' : '\0';
    facts.bis = (packed >> 20 & 1) != 0;
    return facts;
}

uint32_t facts_mask(const struct case_keys *keys, const unsigned char token[16], uint32_t packed)
{
    unsigned char stream[crypto_shorthash_BYTES];

    crypto_shorthash(stream, token, 16, keys->facts);
    return packed ^ ((uint32_t)stream[0] | (uint32_t)stream[1] << 8 | (uint32_t)stream[2] << 16 |
                     (uint32_t)stream[3] << 24);
}

bool name_seal(const struct case_keys *keys, struct span raw, struct buf *ret)
{
    size_t before = ret->len;

    if (!buf_reserve(ret, crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + raw.len))
        return false;
    unsigned char *nonce = (unsigned char *)ret->at + before;

    randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, (const unsigned char *)raw.at,
                          raw.len, nonce, keys->name);
    ret->len = before + crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + raw.len;
    ret->at[ret->len] = '\0';
    return true;
}

bool name_open(const struct case_keys *keys, struct span sealed, struct buf *ret)
{
    const size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;

    if (sealed.len < overhead || !buf_reserve(ret, sealed.len - overhead))
        return false;
    const unsigned char *nonce = (const unsigned char *)sealed.at;

    if (crypto_secretbox_open_easy((unsigned char *)ret->at + ret->len,
                                   nonce + crypto_secretbox_NONCEBYTES,
                                   sealed.len - crypto_secretbox_NONCEBYTES, nonce, keys->name))
        return false;
    ret->len += sealed.len - overhead;
    ret->at[ret->len] = '\0';
    return true;
}

void path_identity(const struct case_keys *keys, struct span root, struct span path,
                   unsigned char ret[16])
{
    char stack[512];
    size_t len = root.len + 1 + path.len;
    char *message = len <= sizeof stack ? stack : malloc(len);

    if (!message) {
        /* Still an identity: of the hash of the parts. */
        crypto_shorthash_siphashx24(ret, (const unsigned char *)path.at, path.len, keys->path);
        return;
    }
    memcpy(message, root.at, root.len);
    message[root.len] = '\0';
    memcpy(message + root.len + 1, path.at, path.len);
    crypto_shorthash_siphashx24(ret, (const unsigned char *)message, len, keys->path);
    if (message != stack)
        free(message);
}
