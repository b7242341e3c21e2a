/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * html_tokens.h - HTML as a stream of tags and text, for xmltext.c.
 *
 * The tokenizer of the HTML standard (WHATWG HTML, 13.2.5) without the tree behind it: no tag is
 * implied and none is closed for its author.  Every piece of input has a meaning in HTML, so there
 * is no error; only a tag, comment or declaration longer than XMLTEXT_CONSTRUCT_MAX is not
 * followed, and from there on everything comes as `rest`.  Of the standard is left out: contents of
 * title and textarea are markup like any other (nothing is lost if one is never closed), of named
 * references only those of html_references.inc are known, and they need their semicolon.
 */
#ifndef CONSTAT_HTML_TOKENS_H
#define CONSTAT_HTML_TOKENS_H

#include "scanner/base/buf.h"
#include "scanner/extract/xmltext.h"

struct html_tokens {
    const struct xmltext_events *events;
    struct buf pending; /* what began and has not ended yet */
    size_t wait;        /* pending is looked at again when it is so long */
    struct buf changed; /* names and values of a tag that are not as they stand in it */
    struct buf text;    /* with its references resolved */
    struct xmltext_attribute *attributes;
    size_t room;
    const char *raw; /* inside this element nothing is markup but its end */
    uint64_t tables; /* open ones */
    bool lost;       /* the rest is not followed */
    bool stopped, no_memory;
};

void html_tokens_init(struct html_tokens *t, const struct xmltext_events *events);
void html_tokens_release(struct html_tokens *t);
/* The next piece, cut anywhere between characters; `last` with the final one, which may be empty.
 * False: stopped by a callback, or no memory. */
bool html_tokens_push(struct html_tokens *t, struct span utf8, bool last);

#endif
