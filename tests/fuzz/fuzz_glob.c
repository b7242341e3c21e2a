/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: walk */
/*
 * A pattern and a path, with a NUL between them: the quick matcher says what a slow and plain one
 * says, which tries every way to share the path among the stars.
 */
#include <stdint.h>
#include <stdlib.h>

#include "scanner/walk/walk.h"

enum { PATTERN_MAX = 64, PATH_MAX_HERE = 96 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct plain {
    const char *pattern;
    struct span path;
    /* 0: not known yet, 1: no, 2: yes; [pattern][path] */
    unsigned char known[PATTERN_MAX + 1][PATH_MAX_HERE + 1];
};

/* The bytes of the pattern that stand for one of the path; 0: they do not stand for this one. */
static size_t one(const char *p, unsigned char c)
{
    if (*p == '?')
        return c != '/';
    if (*p == '\\' && p[1])
        return (unsigned char)p[1] == c ? 2 : 0;
    if (*p != '[')
        return *p && (unsigned char)*p == c;
    bool negate = p[1] == '!' || p[1] == '^', hit = false;
    size_t at = negate ? 2 : 1, first = at;

    while (p[at] && (at == first || p[at] != ']')) {
        unsigned char low = (unsigned char)p[at++], high = low;

        if (p[at] == '-' && p[at + 1] && p[at + 1] != ']') {
            high = (unsigned char)p[at + 1];
            at += 2;
        }
        hit = hit || (low <= c && c <= high);
    }
    if (p[at] != ']')
        return c == '[';
    return hit != negate && c != '/' ? at + 1 : 0;
}

static bool matches(struct plain *m, size_t p, size_t s)
{
    const char *at = m->pattern + p;
    bool yes;

    if (m->known[p][s])
        return m->known[p][s] == 2;
    if (at[0] == '*' && at[1] == '*') {
        /* Any number of folders, when a slash follows; anything, when none does. */
        bool folders = at[2] == '/' && (p == 0 || at[-1] == '/');
        size_t rest = p + (folders ? 3 : 2);

        yes = false;
        for (size_t i = s; i <= m->path.len && !yes; i++)
            yes = (!folders || i == s || m->path.at[i - 1] == '/') && matches(m, rest, i);
    } else if (at[0] == '*') {
        yes = matches(m, p + 1, s);
        for (size_t i = s; i < m->path.len && m->path.at[i] != '/' && !yes; i++)
            yes = matches(m, p + 1, i + 1);
    } else if (s == m->path.len) {
        yes = *at == '\0';
    } else {
        size_t taken = one(at, (unsigned char)m->path.at[s]);

        yes = taken > 0 && matches(m, p + taken, s + 1);
    }
    m->known[p][s] = yes ? 2 : 1;
    return yes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct plain m;
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;

    if (!nul)
        return 0;
    const char *glob = (const char *)data;
    struct span path = {(const char *)nul + 1, size - (size_t)(nul + 1 - data)};
    bool quick = glob_match(glob, path);
    size_t len = strlen(glob);

    /* Without what glob_match() makes of slashes at the ends, and of patterns without one. */
    if (len < 2 || len > PATTERN_MAX || path.len > PATH_MAX_HERE || glob[0] != '/' ||
        glob[len - 1] == '/')
        return 0;
    memset(m.known, 0, sizeof m.known);
    m.pattern = glob + 1;
    m.path = path;
    if (matches(&m, 0, 0) != quick)
        abort();
    return 0;
}
