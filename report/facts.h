/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * facts.h - everything the report says in figures, as plain structs.
 *
 * Gathered in streaming passes over the inventory (docs/report.md, "How each figure is computed");
 * memory is 16 bytes a ledger row, 32 bytes a finding up to a ceiling, and what stands below.
 * Every list is in an order that depends on its content alone.
 */
#ifndef CONSTAT_REPORT_FACTS_H
#define CONSTAT_REPORT_FACTS_H

#include "report/kinds.h"
#include "report/namesakes.h"
#include "report/profile.h"
#include "report/report.h"

enum {
    FACTS_KINDS = 64, /* as struct text_summary of the engine */
    FACTS_CATEGORIES = 32,
    FACTS_FOLDERS = 65536, /* further folders are counted together */
    FACTS_GAPS = 256,      /* further reasons are counted together */
    GAP_FOLDERS = 5,       /* folders named for each reason */
    COPY_GROUPS = 10,      /* groups of equal documents that are shown */
    COPY_FOLDERS = 10,     /* folders named for each, and for all copies */
    FACTS_ROOTS = 1024
};

struct amount {
    uint64_t files, bytes;
};

/* What the coincidence arithmetic rests on, of one kind. */
struct chance_facts {
    uint64_t candidates, passed;              /* of that shape seen, right by every check */
    uint64_t unsupported, unsupported_passed; /* of these, where nothing else spoke for them */
    uint64_t expected_milli; /* coincidences to expect, in thousandths; 0 when not known */
};

struct root_facts {
    char *label;
    struct amount all, read; /* regular files of the source */
    struct chance_facts chance[FACTS_KINDS];
};

struct kind_facts {
    char *name;
    struct kind_words about;
    bool look_alike;
    uint32_t version; /* of the detector, 0 unknown */
    bool chance_known;
    uint64_t chance_billion; /* probability of a coincidence, times 1e9 */
    uint64_t distinct[4];    /* values by their best confidence */
    uint64_t unlinked[4];    /* of these, in no record with a person */
    uint64_t shared;         /* that stand with several persons */
    uint64_t documents;      /* ledger rows that hold one */
    uint64_t occurrences;
    uint64_t firm; /* occurrences of high or medium confidence */
    struct chance_facts chance;
};

struct category_facts {
    uint64_t values; /* distinct values of all its kinds; of terms when it has nothing else */
    uint64_t sure;   /* of these, high confidence */
    uint64_t documents;
    uint64_t occurrences;
    bool only_terms;  /* it has no identifiers */
    bool vocabulary;  /* it has terms, of which the rest is */
    uint64_t terms;   /* occurrences */
    uint64_t persons; /* counted in "about", with a term in the same record */
    uint64_t documents_with, documents_without; /* a person in the same document */
};

struct folder_facts {
    uint32_t root;         /* in roots[] */
    char *path;            /* masked; "" = the root itself; NULL = further folders together */
    struct amount files;   /* regular files of the source */
    uint64_t items_unread; /* files and members not or not wholly read, filters aside */
    uint64_t documents;    /* rows with findings */
    uint64_t copies;       /* of these, whose content another document of the case has too */
    uint64_t occurrences;
    uint64_t values;                       /* distinct (kind, value) in this folder */
    uint64_t persons_sure, persons_medium; /* distinct national numbers in this folder */
};

struct gap_folder {
    uint32_t folder; /* in folders[] */
    uint64_t items, bytes;
};

struct gap_facts {
    enum outcome outcome;
    char reason[65];     /* "" when none was given */
    struct amount files; /* regular files of the source */
    uint64_t members;    /* members of containers */
    uint64_t others;     /* folders, links, special files */
    struct gap_folder top[GAP_FOLDERS];
    unsigned n_top;
    uint64_t more_folders; /* beyond top[] */
};

struct outcome_facts {
    struct amount files;
    uint64_t members;
};

enum entry_class { ENTRY_FOLDER, ENTRY_LINK, ENTRY_SPECIAL, ENTRY_MOUNT, ENTRY_CLASSES };

struct coverage_facts {
    struct amount files; /* all regular files = sum of by_outcome */
    uint64_t members;
    struct outcome_facts by_outcome[OUTCOME_COUNT];
    uint64_t entries[ENTRY_CLASSES];        /* folders, links, special files, mount points */
    uint64_t entries_unread[ENTRY_CLASSES]; /* of these, denied, vanished ... */
    struct amount unread;                   /* files neither read nor filtered nor partly read */
    struct amount partial, excluded;
    uint64_t members_unread; /* not or not wholly read */
};

struct record_facts {
    uint64_t rows, messages, pages, documents; /* that hold a finding; never added up */
    uint64_t files;                            /* files of the source that hold a finding */
    uint64_t members;                          /* members that hold one */
    uint64_t occurrences;
};

/* What kept identifiers apart. */
struct conflict_counts {
    uint64_t several_numbers; /* records that hold several national numbers */
    uint64_t birth_dates;     /* names with another birth date than the number beside them */
};

struct person_counts {
    uint64_t numbers[4]; /* distinct national and bis numbers by best confidence */
    bool expected_known;
    uint64_t expected_milli; /* coincidences among the candidates */
    uint64_t coincidences;   /* of these, taken off "about" */
    struct known_by_name by_name;
    uint64_t documents_alone; /* identity documents in no record with a person */
    uint64_t hints;           /* accounts, cards, addresses in no record with a person */
    uint64_t at_least, about, at_most;

    /* Distinct identifiers that are tied to a person, each by its best reason. */
    uint64_t tied_row, tied_form, tied_document;
    uint64_t shared; /* of these, with several persons */
    struct conflict_counts conflicts;

    uint64_t by_group[PERSON_GROUPS]; /* of those in "about"; one may be in several */
    uint64_t no_group;

    bool ages_known;        /* the case key was there */
    uint32_t ages_on;       /* the day, YYYYMMDD: of the incident, else the reference date */
    uint64_t dated_numbers; /* numbers of high or medium confidence */
    uint64_t dated_names;   /* persons by name and birth date; with those = sum of the next five */
    uint64_t minors, adults, seniors, over_105, unknown_birth;
    uint64_t bis; /* across these */
};

struct copy_folder {
    uint32_t folder; /* in folders[] */
    uint64_t documents;
};

struct copy_folders { /* most documents first */
    struct copy_folder top[COPY_FOLDERS];
    unsigned n_top;
    uint64_t more; /* beyond top[] */
};

struct copy_group { /* documents of one content */
    uint64_t documents;
    uint64_t findings; /* in each of them */
    struct copy_folders folders;
};

/* Documents of the same content, seen more than once. */
struct copies_facts {
    uint64_t contents;  /* that have copies */
    uint64_t documents; /* copies beyond the first of each */
    struct copy_group largest[COPY_GROUPS];
    unsigned n_largest;
    struct copy_folders folders;
};

struct service_facts { /* of one entry of the folder profile */
    struct amount files;
    uint64_t documents; /* rows with findings */
    uint64_t occurrences;
};

struct given_root { /* as the operator named it: belongs to the run block */
    char *label, *path;
};

struct facts {
    uint32_t today; /* reference date YYYYMMDD */
    unsigned depth;
    bool finished; /* the last run came to its end: otherwise every figure is provisional */
    struct root_facts *roots;
    unsigned n_roots;
    struct kind_facts kinds[FACTS_KINDS];
    unsigned n_kinds;
    unsigned kind_order[FACTS_KINDS]; /* kinds with findings, categories first, then by name */
    unsigned n_kind_order;
    unsigned by_name[FACTS_KINDS];                      /* all kinds by name */
    struct category_facts categories[FACTS_CATEGORIES]; /* as categories[] of kinds.h */
    struct folder_facts *folders;
    uint32_t n_folders;
    uint32_t *hot; /* folders with findings, hottest first */
    uint32_t n_hot;
    struct gap_facts *gaps; /* by outcome, then most bytes first */
    unsigned n_gaps;
    struct coverage_facts coverage;
    struct record_facts records;
    struct copies_facts copies;
    struct person_counts persons;
    const struct profile *profile;  /* NULL: none; borrowed */
    struct service_facts *services; /* as the entries of the profile */
    uint64_t findings;
    uint64_t
        damaged_blocks; /* blocks of findings that could not be decoded: counted, never hidden */
    struct run run;     /* the last one; borrowed from the inventory */
    uint64_t runs, runs_interrupted;
    struct given_root *given; /* by label, path */
    unsigned n_given;
};

/* Of `o`, what it says of figures: depth, profile, incident date. */
int facts_gather(struct inventory *inv, const struct case_keys *keys,
                 const struct report_options *o, struct facts **ret);
void facts_free(struct facts *f); /* takes NULL */

/* Age in whole years at `today`, or -1 when the birth date does not decide it for `limits`:
 * an incomplete date counts only when every day it can mean falls on one side of 18, 65 and 106. */
int facts_age(uint32_t birth, uint32_t today);

/* Rounding of "about" and "at most" figures, outward: exact below 100, to 10 below 1 000, to 50
 * below 10 000, else to 100. */
uint64_t facts_round_up(uint64_t n);

#endif
