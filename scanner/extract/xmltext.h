/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * xmltext.h - markup as a stream of events.                              (door: libxml2)
 *
 * xmltext_read decodes the source to UTF-8 (byte order mark, then what the bytes show, then the
 * declaration), parses it piece by piece with SAX2 and calls back.  Nothing is ever loaded, no
 * entity is expanded but the five of XML (and those of HTML in HTML): a reference to another one
 * is a blank, and its declared value comes once, as `aside`.
 *
 * Markup that cannot be followed any more is not lost: everything from the last construct that
 * was understood comes as `rest`, tags and all.  Memory is bounded: a single tag, comment or
 * declaration of more than XMLTEXT_CONSTRUCT_MAX is such a place, and so is nesting of more than
 * XMLTEXT_DEPTH_MAX.
 */
#ifndef CONSTAT_XMLTEXT_H
#define CONSTAT_XMLTEXT_H

#include "scanner/extract/budget.h"
#include "scanner/extract/source.h"

enum { XMLTEXT_CONSTRUCT_MAX = 8 << 20, XMLTEXT_DEPTH_MAX = 1000 * 1000 };

enum xmltext_as { XMLTEXT_XML, XMLTEXT_HTML };

struct xmltext_attribute {
    struct span name, value; /* local name; HTML: lower case */
};

/* All spans are UTF-8, borrowed for the call, and `name` is the local name, without prefix.
 * False: stop.  Text comes in pieces.  aside, rest may be NULL. */
struct xmltext_events {
    void *ctx;
    bool (*start)(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                  size_t count);
    bool (*end)(void *ctx, struct span name);
    bool (*text)(void *ctx, struct span text);
    bool (*aside)(void *ctx, struct span text); /* a comment, a processing instruction */
    bool (*rest)(void *ctx, struct span text);
};

enum xmltext_result {
    XMLTEXT_READ,
    XMLTEXT_MALFORMED,  /* to the end, but part of it came as `rest` */
    XMLTEXT_STOPPED,    /* by a callback */
    XMLTEXT_BAD_SOURCE, /* the source failed */
    XMLTEXT_TIME,
    XMLTEXT_NO_MEMORY
};

enum xmltext_result xmltext_read(struct source *in, enum xmltext_as as,
                                 const struct xmltext_events *events, struct budget *budget);

/* Once per process, before the first xmltext_read. */
bool xmltext_prepare(void);

/* The value of an attribute, or an empty span. */
struct span xmltext_attribute(const struct xmltext_attribute *attributes, size_t count,
                              const char *name);

static inline bool span_is(struct span s, const char *text)
{
    size_t len = strlen(text);

    return s.len == len && memcmp(s.at, text, len) == 0;
}

#endif
