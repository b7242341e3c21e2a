/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { TERMINAL_MS = 250, PLAIN_MS = 30000, RATE_WINDOW_MS = 5000, SLOW_SECONDS = 3 };

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void format_bytes(uint64_t bytes, char ret[24])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes;
    unsigned unit = 0;

    while (value >= 1024 && unit < 6) {
        value /= 1024;
        unit++;
    }
    snprintf(ret, 24, unit > 0 && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void format_seconds(uint64_t seconds, char ret[24])
{
    if (seconds < 90)
        snprintf(ret, 24, "%u s", (unsigned)seconds);
    else if (seconds < 5400)
        snprintf(ret, 24, "%u min", (unsigned)((seconds + 30) / 60));
    else if (seconds < 360000)
        snprintf(ret, 24, "%u h %02u min", (unsigned)(seconds / 3600),
                 (unsigned)(seconds % 3600 / 60));
    else
        snprintf(ret, 24, "%u days", (unsigned)(seconds / 86400 > 99999 ? 99999 : seconds / 86400));
}

void progress_start(struct progress *p, bool quiet)
{
    struct winsize size;

    *p = (struct progress){.quiet = quiet, .columns = 100};
    p->terminal = isatty(STDERR_FILENO) == 1;
    if (p->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        p->columns = size.ws_col;
    p->started_ms = p->shown_ms = p->rate_ms = now_ms();
}

/* Until the first window is over, the mean since the start; then windows, smoothed. */
static void update_rate(struct progress *p, uint64_t bytes, uint64_t now)
{
    bool first = p->rate_ms == p->started_ms;

    if (now <= p->rate_ms || bytes < p->rate_bytes || (!first && now - p->rate_ms < RATE_WINDOW_MS))
        return;
    double current = (double)(bytes - p->rate_bytes) * 1000 / (double)(now - p->rate_ms);

    p->rate = first ? current : p->rate * 0.6 + current * 0.4;
    if (now - p->rate_ms >= RATE_WINDOW_MS) {
        p->rate_ms = now;
        p->rate_bytes = bytes;
    }
}

/* Cuts to the width of the terminal, never inside a UTF-8 character. */
static size_t fit(const char *line, size_t columns)
{
    size_t bytes = 0, shown = 0;

    while (line[bytes] && shown < columns) {
        bytes++;
        while (((unsigned char)line[bytes] & 0xc0) == 0x80)
            bytes++;
        shown++;
    }
    return bytes;
}

void progress_show(struct progress *p, const struct progress_state *s)
{
    uint64_t now = now_ms();
    char done[24], found[24], rate[24], left[24], line[1024];

    if (p->quiet)
        return;
    update_rate(p, s->bytes_done, now);
    if (now - p->shown_ms < (p->terminal ? TERMINAL_MS : PLAIN_MS))
        return;
    p->shown_ms = now;
    format_bytes(s->bytes_done, done);
    format_bytes(s->bytes_found, found);
    format_bytes((uint64_t)p->rate, rate);
    if (!s->found_all)
        snprintf(left, sizeof left, "still counting");
    else if (p->rate >= 1 && s->bytes_found >= s->bytes_done)
        format_seconds((uint64_t)((double)(s->bytes_found - s->bytes_done) / p->rate), left);
    else
        snprintf(left, sizeof left, "unknown");
    int len =
        snprintf(line, sizeof line,
                 "%" PRIu64 "/%" PRIu64 " files, %s of %s, %s/s, left: %s, %" PRIu64
                 " findings, %" PRIu64 " gaps",
                 s->files_done, s->files_found, done, found, rate, left, s->findings, s->gaps);

    if (s->slow_name && s->slow_seconds >= SLOW_SECONDS && len > 0 && (size_t)len < sizeof line)
        snprintf(line + len, sizeof line - (size_t)len, "; %u s in: %s", s->slow_seconds,
                 s->slow_name);
    if (p->terminal) {
        fprintf(stderr, "\r\033[K%.*s", (int)fit(line, p->columns - 1), line);
        p->line_open = true;
    } else {
        fprintf(stderr, "constat: %s\n", line);
    }
    fflush(stderr);
}

void progress_end(struct progress *p)
{
    if (p->line_open)
        fputs("\r\033[K", stderr);
    p->line_open = false;
}
