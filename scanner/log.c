/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/buf.h"

struct log {
    int fd; /* O_APPEND: a line is one write, so threads need no lock */
};

struct log *log_open(int dir_fd, const char *path)
{
    struct log *log = malloc(sizeof *log);

    if (!log)
        return NULL;
    log->fd = openat(dir_fd, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log->fd < 0) {
        free(log);
        return NULL;
    }
    return log;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    close(log->fd);
    free(log);
}

static void add_string(struct buf *b, const char *text)
{
    buf_add_byte(b, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_printf(b, "\\u%04x", c);
        else
            buf_add_byte(b, (char)c);
    }
    buf_add_byte(b, '"');
}

void log_write(struct log *log, const char *level, const char *event,
               const struct log_field *fields)
{
    struct timespec now;
    struct tm utc;
    struct buf line;

    if (!log)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    buf_init(&line, 8192);
    buf_printf(
        &line,
        "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\",\"level\":\"%s\",\"event\":\"%s\"",
        utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
        now.tv_nsec / 1000000, level, event);
    for (; fields && fields->name; fields++) {
        buf_printf(&line, ",\"%s\":", fields->name);
        if (fields->text)
            add_string(&line, fields->text);
        else
            buf_printf(&line, "%" PRId64, fields->number);
    }
    buf_add_text(&line, "}\n");
    /* A log that cannot be written must not stop the scan: the ledger is the record. */
    if (!line.failed && write(log->fd, line.at, line.len) < 0)
        (void)0;
    buf_release(&line);
}
