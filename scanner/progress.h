/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * progress.h - what the operator sees while a scan runs: one line that is rewritten on a terminal,
 * a plain line every 30 seconds elsewhere.  Names shown are masked ones.
 */
#ifndef CONSTAT_PROGRESS_H
#define CONSTAT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress_state {
    uint64_t files_done, files_found, bytes_done, bytes_found; /* found: so far */
    bool found_all;                                            /* the walk is over */
    uint64_t findings, gaps;
    const char *slow_name; /* masked; NULL: nothing slow */
    uint32_t slow_seconds;
};

struct progress {
    bool terminal, quiet;
    unsigned columns;
    uint64_t started_ms, shown_ms;
    uint64_t rate_bytes, rate_ms; /* start of the window over which the rate is taken */
    double rate;                  /* bytes a second, smoothed */
    bool line_open;
};

void progress_start(struct progress *p, bool quiet);
/* Shows the state if it is time to. */
void progress_show(struct progress *p, const struct progress_state *s);
/* Ends an open line, so that other words can be printed. */
void progress_end(struct progress *p);

/* "1.2 GiB", "340 MiB": fits 24 bytes. */
void format_bytes(uint64_t bytes, char ret[24]);
/* "2 h 05 min", "40 s": fits 24 bytes. */
void format_seconds(uint64_t seconds, char ret[24]);

#endif
