/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * package.h - the parts of a document that is a zip (OOXML, ODF): what can be read of a damaged
 * one is read, and what cannot is told.
 */
#ifndef CONSTAT_PACKAGE_H
#define CONSTAT_PACKAGE_H

#include "scanner/extract/extractor.h"

enum package_choice {
    PACKAGE_SKIP, /* another walk reads it */
    PACKAGE_PART, /* given to `part` */
    PACKAGE_CHILD /* a document of its own: given to the sink */
};

struct package {
    struct source *in;
    const struct sink *out;
    void *ctx;
    enum package_choice (*choose)(void *ctx, struct span name);
    bool (*part)(void *ctx, struct span name, struct source *bytes); /* false: stop */

    bool rewindable; /* more than one walk is possible; set by package_open */
    bool stopped;
    uint64_t parts;
    struct ending worst;
};

void package_open(struct package *p);
/* Every part in turn; *p holds what was missing. */
void package_walk(struct package *p);
void package_note(struct package *p, struct ending ending);

/* Does one of the local headers in these first bytes carry this name? */
bool package_names(struct span head, const char *name);

#endif
