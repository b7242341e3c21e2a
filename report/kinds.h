/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * kinds.h - what the report knows of a kind of finding: its name in words, the category of data it
 * belongs to, and what one value of it says about the number of persons.
 */
#ifndef CONSTAT_REPORT_KINDS_H
#define CONSTAT_REPORT_KINDS_H

#include "report/words.h"

enum person_role {
    ROLE_NONE,     /* says nothing about how many persons there are */
    ROLE_NUMBER,   /* one value, one person: national register and bis numbers */
    ROLE_DOCUMENT, /* one value, one identity with name and birth date: "about" */
    ROLE_HINT,     /* one value, perhaps a person of its own: "at most" */
    ROLE_NAME,     /* nobody by itself; with a birth date or an address one person: "about" */
    ROLE_BIRTH,    /* completes a name */
    ROLE_ADDRESS   /* the same, and may be a family's */
};

/* Of whom a folder of the profile holds data (profile.h); bits of tally_entry.groups. */
enum person_group {
    GROUP_BENEFICIARIES,
    GROUP_STAFF,
    GROUP_RESIDENTS,
    GROUP_CHILDREN,
    GROUP_TENANTS,
    GROUP_COUNCILLORS,
    GROUP_VOLUNTEERS,
    GROUP_OTHERS,
    PERSON_GROUPS
};

struct kind_words {
    const char *kind;     /* name in the inventory */
    const char *category; /* stable key, see docs/report.md */
    enum person_role role;
    enum word word;
};

/* The articles of the GDPR that hold conditions of their own for a category. */
enum category_article { ARTICLE_NONE, ARTICLE_9, ARTICLE_10 };

struct category_words {
    const char *key;
    enum word word;
    enum category_article article;
    enum word terms;    /* its vocabulary */
    enum word in_short; /* the same in a list */
};

/* Never NULL: a kind without a line of its own gets `word` W_COUNT (show its own name), category
 * "other"; "category:<key>" gets that category. */
struct kind_words kind_words(const char *kind);

struct group_words {
    const char *key;
    enum word word;
};
extern const struct group_words person_groups[PERSON_GROUPS];

extern const struct category_words categories[];
extern const unsigned categories_count;
/* Index in categories[]; an unknown key is "other". */
unsigned category_index(const char *key);

#endif
