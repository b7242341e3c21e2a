/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * profile.h - the folder profile: which service a folder belongs to, whose data it holds, for what
 * and how confidential.  The controller writes it; docs/profile.md describes the format.
 */
#ifndef CONSTAT_REPORT_PROFILE_H
#define CONSTAT_REPORT_PROFILE_H

#include "report/kinds.h"
#include "scanner/base/buf.h"

enum { PROFILE_BYTES_MAX = 1 << 20, PROFILE_ENTRIES = 512, PROFILE_PATHS = 4096 };

enum confidentiality {
    CONFIDENTIALITY_UNKNOWN,
    CONFIDENTIALITY_PUBLIC,
    CONFIDENTIALITY_INTERNAL,
    CONFIDENTIALITY_CONFIDENTIAL,
    CONFIDENTIALITY_SECRET, /* professional secrecy */
    CONFIDENTIALITIES
};
extern const struct group_words confidentiality_words[CONFIDENTIALITIES];

struct profile_entry {
    char *service, *activity; /* as written, never NULL */
    uint8_t groups;           /* bits of enum person_group */
    enum confidentiality confidentiality;
};

struct profile {
    struct profile_entry *entries; /* in the order of the text */
    unsigned n;
    struct profile_path {
        char *glob;
        unsigned entry;
    } * paths;
    unsigned n_paths;
    char *text; /* the whole, for the case */
};

struct profile_error {
    unsigned line;   /* from 1 */
    const char *why; /* English, of this program */
};

/* 0, -EINVAL with *error filled in, or -ENOMEM. */
int profile_parse(struct span text, struct profile **ret, struct profile_error *error);
void profile_free(struct profile *p); /* takes NULL */
/* The entry whose path is the first in the text to match, as index + 1; 0: none. */
unsigned profile_match(const struct profile *p, struct span path);

#endif
