/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* base64.h - bytes as text, RFC 4648 section 4, with padding. */
#ifndef CONSTAT_BASE64_H
#define CONSTAT_BASE64_H

#include "scanner/base/buf.h"

bool base64_add(struct buf *ret, struct span bytes);

#endif
