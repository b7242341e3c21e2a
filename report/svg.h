/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * svg.h - inline charts.  Each has a title and a description, and a table beside it says the same.
 * Fills are told apart without colour: solid, tinted, hatched, light.
 */
#ifndef CONSTAT_REPORT_SVG_H
#define CONSTAT_REPORT_SVG_H

#include "report/facts.h"
#include "report/page.h"

enum { BAR_PARTS = 3, BAR_ROWS = 12 };

struct bar {
    struct span label; /* untrusted; used when `word` is W_COUNT */
    enum word word;
    uint64_t parts[BAR_PARTS]; /* high, medium, low */
};

/* The patterns; once in a document, before any chart. */
void svg_patterns(struct page *p);
/* Files and bytes by class of outcome, two bars.  `id` is unique in the document. */
void svg_coverage(struct page *p, const char *id, const struct coverage_facts *c);
void svg_bars(struct page *p, const char *id, enum word title, const struct bar *bars, unsigned n,
              bool low_too);

#endif
