/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * links.h - which findings of one document belong to the same person.
 *
 * Identifiers are tied within a record and nowhere else: a row of a table, a message, a page, an
 * object of a data file.  A text without records is one as a whole when it holds one national
 * number at most; otherwise each of its paragraphs is, and where a paragraph holds several numbers,
 * each of its lines.  What is tied goes to the tally with the reason; every name goes to
 * namesakes.h with the number, the birth date and the address that stand with it.
 *
 * Two numbers in one record stay two persons, and what stands beside both is shared by them.
 */
#ifndef CONSTAT_REPORT_LINKS_H
#define CONSTAT_REPORT_LINKS_H

#include "report/facts.h"
#include "report/namesakes.h"
#include "report/tally.h"

struct sighting;
struct standing;

struct links {
    const struct case_keys *keys; /* NULL: birth dates of numbers stay unknown */
    struct tally *tally;
    struct namesakes *names;
    unsigned pass, passes; /* as tally_wants */
    uint8_t roles[FACTS_KINDS];

    enum place_kind unit; /* of the document that is gathered */
    uint32_t folder;
    uint8_t groups;

    struct sighting *all;
    struct standing *standings; /* one for each record that a sighting stands in */
    uint32_t *order;
    size_t n, room, n_standings, standings_room, order_room;
    struct conflict_counts conflicts; /* what kept identifiers apart */
    bool failed;                      /* no memory */
};

void links_init(struct links *l, const struct facts *f, const struct case_keys *keys,
                struct tally *tally, struct namesakes *names);
void links_release(struct links *l);
/* One document after the other: its findings, then the end of it. */
void links_begin(struct links *l, enum place_kind unit, uint32_t folder, uint8_t groups);
void links_add(struct links *l, const struct packed_finding *p);
void links_end(struct links *l);

/* Can both dates (YYYYMMDD, 00 for an unknown month or day, 0 for nothing known) be one? */
bool births_agree(uint32_t a, uint32_t b);

#endif
