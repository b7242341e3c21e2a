/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "report/facts.h"
#include "report/figures.h"
#include "report/html.h"
#include "scanner/base/cleanup.h"

static const char default_languages[] = "fr,nl,de,en";

/* Number of languages, or -1. */
static int parse_languages(const char *text, enum language ret[LANGUAGES])
{
    int n = 0;

    if (!text)
        text = default_languages;
    for (;;) {
        size_t len = strcspn(text, ",");
        char code[8] = "";
        int l;

        if (len == 0 || len >= sizeof code || n == LANGUAGES)
            return -1;
        memcpy(code, text, len);
        l = language_from_code(code);
        if (l < 0)
            return -1;
        for (int i = 0; i < n; i++) {
            if (ret[i] == (enum language)l)
                return -1;
        }
        ret[n++] = (enum language)l;
        if (text[len] == '\0')
            return n;
        text += len + 1;
    }
}

bool report_languages_valid(const char *languages)
{
    enum language list[LANGUAGES];

    return parse_languages(languages, list) > 0;
}

struct documents {
    const struct facts *f;
    int dir_fd;
    enum language languages[LANGUAGES];
    unsigned n;
};

static int write_document(const struct documents *d, int fd, int language)
{
    if (language < 0)
        return figures_write(fd, d->f);
    return html_write(fd, d->f, (enum language)language, d->languages, d->n);
}

/* Whole or not at all: under a name of its own first, then in the place of the old one.  `language`
 * -1: report.json. */
static int replace_document(const struct documents *d, const char *name, int language)
{
    char part[64];
    int rc;

    snprintf(part, sizeof part, ".%s.part", name);
    /* What a writer that was killed left behind goes first: never write through a link. */
    if (unlinkat(d->dir_fd, part, 0) < 0 && errno != ENOENT)
        return -errno;
    AUTO_CLOSE int fd =
        openat(d->dir_fd, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return -errno;
    rc = write_document(d, fd, language);
    if (rc == 0 && fsync(fd) < 0)
        rc = -errno;
    if (rc == 0 && renameat(d->dir_fd, part, d->dir_fd, name) < 0)
        rc = -errno;
    if (rc < 0)
        unlinkat(d->dir_fd, part, 0);
    return rc;
}

int report_write(struct inventory *inv, const struct case_keys *keys,
                 const struct report_options *o)
{
    unsigned depth = o->depth ? o->depth : REPORT_DEPTH_DEFAULT;
    struct documents d = {.dir_fd = o->dir_fd};
    struct facts *f = NULL;
    int rc = parse_languages(o->languages, d.languages);

    if (rc < 0)
        return -EINVAL;
    d.n = (unsigned)rc;
    struct report_options bounded = *o;

    bounded.depth = depth < REPORT_DEPTH_MAX ? depth : REPORT_DEPTH_MAX;
    rc = facts_gather(inv, keys, &bounded, &f);
    if (rc < 0)
        return rc;
    d.f = f;
    rc = replace_document(&d, "report.json", -1);
    for (unsigned i = 0; i < d.n && rc == 0; i++) {
        char name[32];

        snprintf(name, sizeof name, "report.%s.html", language_code(d.languages[i]));
        rc = replace_document(&d, name, (int)d.languages[i]);
    }
    if (rc == 0)
        rc = replace_document(&d, "report.html", (int)d.languages[0]);
    if (rc == 0 && fsync(o->dir_fd) < 0 && errno != EINVAL)
        rc = -errno;
    facts_free(f);
    return rc;
}
