/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * html.h - the document: frame, sections in the order of sections.list, run block at the end.
 *
 * A section is `void section_<id>(struct page *, const struct facts *)` and one line in
 * sections.list; it writes what stands below its heading and uses headings of level 3.
 */
#ifndef CONSTAT_REPORT_HTML_H
#define CONSTAT_REPORT_HTML_H

#include "report/facts.h"
#include "report/page.h"

#define SECTION(id, heading, follows) void section_##id(struct page *p, const struct facts *f);
#include "report/sections.list"
#undef SECTION
/* Between the run-block comments: all that changes from run to run. */
void section_run(struct page *p, const struct facts *f);

/* `languages`: those that are written, for the links; n of them. */
int html_write(int fd, const struct facts *f, enum language l, const enum language *languages,
               unsigned n);

/* Shared by sections. */
void heading(struct page *p, enum word w); /* level 3 */
void put_folder(struct page *p, const struct facts *f, uint32_t folder);
void put_kind(struct page *p, const struct kind_facts *kind);

enum word outcome_sentence(enum outcome o);

#endif
