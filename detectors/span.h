/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * span.h - borrowed bytes.
 *
 * A span never owns its bytes and is never NUL-terminated.  Unless a header says otherwise it is
 * good only until the call it was passed to returns: copy what you keep.
 */
#ifndef CONSTAT_SPAN_H
#define CONSTAT_SPAN_H

#include <stddef.h>
#include <string.h>

struct span {
    const char *at;
    size_t len;
};

/* A span over a string literal. */
#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

static inline int span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

#endif
