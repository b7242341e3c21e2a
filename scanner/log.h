/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * log.h - the run log: JSON lines about what the program did, never about what it found.
 *
 * Messages and field names are string literals; text fields may hold only what our own code made
 * (reasons, masked names), never bytes of a scanned file.  Any thread may write.
 */
#ifndef CONSTAT_LOG_H
#define CONSTAT_LOG_H

#include <stdint.h>

struct log;

struct log_field {
    const char *name; /* literal; NULL ends the list */
    const char *text; /* or NULL: the number counts */
    int64_t number;
};

/* Appends to `path` relative to dir_fd (AT_FDCWD for the operator's own file), mode 0600.
 * NULL with errno. */
struct log *log_open(int dir_fd, const char *path);
void log_close(struct log *log);
/* `level`: "info" "warning" "error".  `log` may be NULL. */
void log_write(struct log *log, const char *level, const char *event,
               const struct log_field *fields);

#define LOG(log, level, event, ...)                                                                \
    log_write(log, level, event, (const struct log_field[]){__VA_ARGS__, {NULL, NULL, 0}})

#endif
