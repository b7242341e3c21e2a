/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/given.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "scanner/base/cleanup.h"

static int fail(struct given *g, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int fail(struct given *g, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(g->error, sizeof g->error, format, args);
    va_end(args);
    return -1;
}

static bool read_all(int fd, struct buf *ret)
{
    char piece[16384];

    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);

        if (n == 0)
            return true;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (!buf_add(ret, piece, (size_t)n)) {
            errno = EFBIG;
            return false;
        }
    }
}

static int read_profile(const char *path, struct given *g)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    AUTO_BUF struct buf text;
    struct profile_error error;

    buf_init(&text, PROFILE_BYTES_MAX);
    if (fd < 0 || !read_all(fd, &text))
        return fail(g, "--profile %s: %s", path, strerror(errno));
    if (profile_parse(buf_span(&text), &g->profile, &error) < 0)
        return fail(g, "--profile %s, line %u: %s", path, error.line,
                    error.why ? error.why : "out of memory");
    return 0;
}

int given_read(const struct options *o, struct given *ret)
{
    *ret = (struct given){.incident_date = (uint32_t)o->incident_date};
    return o->profile ? read_profile(o->profile, ret) : 0;
}

void given_release(struct given *g)
{
    profile_free(g->profile);
    g->profile = NULL;
}

static int store(struct inventory *inv, struct given *g, const char *name, const char *value,
                 const char *option)
{
    const char *stored = NULL;

    if (inventory_fact(inv, name, value, &stored) < 0)
        return fail(g, "%s", inventory_error(inv));
    if (!stored || strcmp(stored, value) != 0)
        return fail(g,
                    "this case was given another %s before and keeps it; give this one to `constat "
                    "report`",
                    option);
    return 0;
}

int given_store(struct inventory *inv, struct given *g)
{
    char date[16];

    if (g->profile && store(inv, g, FACT_PROFILE, g->profile->text, "--profile") < 0)
        return -1;
    if (!g->incident_date)
        return 0;
    snprintf(date, sizeof date, "%u", g->incident_date);
    return store(inv, g, FACT_INCIDENT_DATE, date, "--incident-date");
}

int given_complete(struct inventory *inv, struct given *g)
{
    const char *text = NULL;
    struct profile_error error;

    if (g->profile)
        return 0;
    if (inventory_fact(inv, FACT_PROFILE, NULL, &text) < 0)
        return fail(g, "%s", inventory_error(inv));
    /* The program that stored it may have known other words. */
    if (text && profile_parse(span_of(text), &g->profile, &error) < 0)
        return fail(g, "the folder profile of the case, line %u: %s", error.line,
                    error.why ? error.why : "out of memory");
    return 0;
}
