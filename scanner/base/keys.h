/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * keys.h - everything that is done with the case key.             (door: libsodium)
 *
 * The case key is 32 random bytes in CASE/case.key, mode 0600, or wherever --key-file says.  The
 * number space of identifiers is small (4e7 plausible national numbers), so the key is the whole
 * protection of a token: who holds it can compute the token of a given number, nobody else can
 * reverse one.  Sub-keys are derived from it (crypto_kdf), so that no key serves two purposes.
 */
#ifndef CONSTAT_KEYS_H
#define CONSTAT_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/detector.h"
#include "scanner/base/buf.h"

enum { CASE_KEY_BYTES = 32 };

struct case_keys {
    unsigned char token[CASE_KEY_BYTES]; /* the case key itself: tokens */
    unsigned char name[32];              /* raw names, secretbox */
    unsigned char facts[16];             /* mask of birth date and sex, SipHash-2-4 */
    unsigned char path[16];              /* identity of a path, SipHash-2-4-128 */
};

/* Once per process before anything else.  False: libsodium cannot start. */
bool keys_start(void);
void keys_random(unsigned char ret[CASE_KEY_BYTES]);
void keys_derive(struct case_keys *keys, const unsigned char case_key[CASE_KEY_BYTES]);
void keys_forget(struct case_keys *keys); /* wiped */

/* BLAKE2b-128 keyed with the case key over: kind NUL normalised value. */
void token_of(const struct case_keys *keys, const char *kind, struct span value,
              unsigned char ret[16]);
void token_hex(const unsigned char token[16], char ret[33]);
bool token_from_hex(const char *hex, unsigned char ret[16]);

/* birth date, sex and bis flag in 32 bits, masked with a key stream of the token; the same call
 * takes the mask off again. */
uint32_t facts_pack(const struct person_facts *facts);
struct person_facts facts_unpack(uint32_t packed);
uint32_t facts_mask(const struct case_keys *keys, const unsigned char token[16], uint32_t packed);

/* A raw name under the case key: nonce, then box.  name_open is false for a wrong key. */
bool name_seal(const struct case_keys *keys, struct span raw, struct buf *ret);
bool name_open(const struct case_keys *keys, struct span sealed, struct buf *ret);

/* Identity of a path inside a case; not reversible without the key. */
void path_identity(const struct case_keys *keys, struct span root, struct span path,
                   unsigned char ret[16]);

#endif
