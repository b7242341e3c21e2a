/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * ooxml.h - the kinds of parts of an Office Open XML document (ECMA-376).  Names are local names,
 * so that the transitional and the strict namespaces are the same.
 */
#ifndef CONSTAT_OOXML_H
#define CONSTAT_OOXML_H

#include "scanner/base/buf.h"
#include "scanner/extract/markup.h"

/* Paragraphs and runs: WordprocessingML, DrawingML, VML, comments.  *tables counts on from part to
 * part. */
enum xmltext_result ooxml_flow(struct source *in, const struct sink *out, uint64_t *tables);

/* The targets outside the document in a relationships part. */
enum xmltext_result ooxml_links(struct source *in, const struct sink *out);

/* SpreadsheetML: the shared strings of a workbook, kept in one place. */
struct ooxml_strings {
    struct buf text;
    struct buf ends; /* u32 each: where string i ends in text */
    bool incomplete; /* the rest did not fit; it was given to the sink as text */
};

enum { OOXML_STRINGS_MAX = 96 << 20, OOXML_STRINGS_COUNT_MAX = 12 << 20 };

void ooxml_strings_init(struct ooxml_strings *s);
void ooxml_strings_release(struct ooxml_strings *s);
enum xmltext_result ooxml_strings_read(struct ooxml_strings *s, struct source *in,
                                       const struct sink *out);

/* A sheet: one table, its cells as a person sees them, then its other texts.  *ret_unknown: a cell
 * refers to a shared string that is not there. */
enum xmltext_result ooxml_sheet(struct source *in, const struct sink *out, uint64_t table,
                                const struct ooxml_strings *strings, bool *ret_unknown);

/* The number of a cell as it is shown without a format: 8.5073003328E10 is 85073003328.  `to` has
 * room for 32. */
struct span ooxml_number(struct span stored, char *to);

#endif
