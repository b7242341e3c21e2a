/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * options.h - the command line: every option is one row of a table, from which the parser and
 * --help are both made, so that they cannot disagree.
 */
#ifndef CONSTAT_OPTIONS_H
#define CONSTAT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/extract/budget.h"

enum command {
    COMMAND_NONE,
    COMMAND_SCAN,
    COMMAND_REPORT,
    COMMAND_FINDINGS,
    COMMAND_COVERAGE,
    COMMAND_LOOKUP,
    COMMAND_EXPLAIN
};

enum { EXIT_GAPS = 3, EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

enum { OPTION_LIST_MAX = 256 };

struct option_list { /* NULL-ended, borrowed from argv */
    const char *at[OPTION_LIST_MAX + 1];
    unsigned n;
};

struct options {
    enum command command;
    const char *case_dir;
    const char *key_file;
    struct option_list paths, labels, include, exclude;

    uint64_t jobs, walk_threads;
    int64_t newer, older; /* seconds; INT64_MIN / INT64_MAX: no bound */
    uint64_t max_file_size;
    bool one_file_system;
    bool rescan;
    uint64_t reference_date; /* YYYYMMDD; 0: the day the case was made */
    uint64_t incident_date;  /* YYYYMMDD; 0: what the case says, else the reference date */
    const char *profile;     /* folder profile; NULL: what the case says */
    struct limits limits;
    uint64_t helper_memory;
    uint64_t silence_seconds;
    bool insecure_no_sandbox;
    bool quiet;
    const char *log_file;
    bool no_report;
    const char *languages; /* "fr,nl,de,en" */
    uint64_t folder_depth;
    const char *export_format; /* "jsonl" or "csv" */
    const char *kind, *min_confidence, *outcome;
    bool clear_names;
    const char *explain_language; /* NULL: that of the locale */
    bool json;
    uint64_t limit;
};

/* Parses the command line into *ret.  Returns -1 to go on, else the exit status (0 after --help
 * and --version, 2 after a usage error; the words have been printed). */
int options_parse(int argc, char **argv, struct options *ret);
/* Every option in force as a JSON object (malloc'ed), without paths or anything that could hold a
 * value: filters are given by their number only. */
char *options_json(const struct options *o);

#endif
