/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * names.h - names are data too: search them, and mask what was found.
 *
 * An identifier in a file, folder or member name becomes `[kind:first 8 hex of its token]`; every
 * other byte of the name stays as it is; a term of the vocabulary of special categories is found,
 * and stays too.  What looks like an identifier is masked even when it is
 * too weak to be reported.  One struct belongs to one thread.
 */
#ifndef CONSTAT_NAMES_H
#define CONSTAT_NAMES_H

#include "detectors/engine.h"
#include "scanner/base/finding_block.h"
#include "scanner/base/keys.h"

struct names;

struct names *names_new(uint32_t today, const struct case_keys *keys); /* keys: borrowed */
void names_free(struct names *n);
/* The engine that searches the names: others may be made beside it. */
const struct engine *names_engine(const struct names *n);

/* The masked form of one name is added to `masked`.  Its findings are added to `block` (NULL: not
 * wanted) with place `name`, *findings counts them.  *ret_hit is set (never cleared) when anything
 * was masked.  False: no memory. */
bool name_mask(struct names *n, struct span name, struct buf *masked, struct buf *block,
               uint64_t *findings, bool *ret_hit);

/* The same for a path: folders are masked one by one, findings are those of the last part, which
 * starts at name_at.  The folders of the path before are remembered. */
bool path_mask(struct names *n, struct span path, size_t name_at, struct buf *masked,
               struct buf *block, uint64_t *findings, bool *ret_hit);

/* Is there anything in a block but terms of the vocabulary? */
bool names_somebody(struct span block);

/* A finding of the engine as it crosses: its value has become a token. */
void finding_pack(const struct case_keys *keys, const struct finding *f,
                  struct packed_finding *ret);

#endif
