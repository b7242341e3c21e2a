/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * glob.c - the operator's path patterns, matched byte by byte.
 *
 * Two backtracking points are enough: the last `*` (which stops at a slash) and the last `**`
 * (which does not), so a match costs at most length of pattern times length of path, twice.
 */
#include "scanner/base/glob.h"

#include <string.h>

/* One character class "[...]".  Returns the bytes of the pattern it takes, 0 when it is not
 * closed (then `[` stands for itself). */
static size_t class_match(const char *p, unsigned char c, bool *ret_hit)
{
    const char *at = p + 1;
    bool negate = *at == '!' || *at == '^', hit = false;

    if (negate)
        at++;
    for (bool first = true; *at && (first || *at != ']'); first = false) {
        unsigned char low = (unsigned char)*at++, high = low;

        if (at[0] == '-' && at[1] && at[1] != ']') {
            high = (unsigned char)at[1];
            at += 2;
        }
        if (low <= c && c <= high)
            hit = true;
    }
    if (*at != ']')
        return 0;
    *ret_hit = hit != negate;
    return (size_t)(at + 1 - p);
}

static bool match(const char *p, const char *s, const char *end)
{
    const char *star_p = NULL, *star_s = NULL, *deep_p = NULL, *deep_s = NULL;
    const char *begin = p;
    bool deep_folders = false;

    for (;;) {
        if (p[0] == '*' && p[1] == '*') {
            /* A name of its own: whole folders, or none (a/ **, **\/b). */
            deep_folders = p[2] == '/' && (p == begin || p[-1] == '/');
            p += deep_folders ? 3 : 2;
            deep_p = p;
            deep_s = s;
            star_p = NULL;
            continue;
        }
        if (*p == '*') {
            star_p = ++p;
            star_s = s;
            continue;
        }
        if (s == end) {
            if (*p == '\0')
                return true;
        } else {
            bool hit = false;
            size_t taken = 1;

            if (*p == '?') {
                hit = *s != '/';
            } else if (*p == '[' && (taken = class_match(p, (unsigned char)*s, &hit)) > 0) {
                hit = hit && *s != '/';
            } else if (*p == '\\' && p[1]) {
                hit = p[1] == *s;
                taken = 2;
            } else {
                hit = *p && *p == *s;
                taken = 1;
            }
            if (hit) {
                p += taken;
                s++;
                continue;
            }
        }
        if (star_p && star_s < end && *star_s != '/') {
            p = star_p;
            s = ++star_s;
        } else if (deep_p && deep_s < end) {
            if (deep_folders && !(deep_s = memchr(deep_s, '/', (size_t)(end - deep_s))))
                return false;
            p = deep_p;
            s = ++deep_s;
            star_p = NULL;
        } else {
            return false;
        }
    }
}

bool glob_match(const char *glob, struct span path)
{
    char pattern[4096];
    size_t len = strlen(glob);
    const char *begin = path.at, *end = path.at + path.len;

    if (len == 0 || len + 3 > sizeof pattern)
        return false;
    memcpy(pattern, glob, len + 1);
    if (pattern[0] == '/') { /* anchored at the root of the scan: paths are relative to it */
        memmove(pattern, pattern + 1, len--);
    } else if (!memchr(pattern, '/', len - 1)) { /* no slash but perhaps the last: the base name */
        for (const char *s = end; s > path.at; s--) {
            if (s[-1] == '/') {
                begin = s;
                break;
            }
        }
    }
    if (len > 1 && pattern[len - 1] == '/')
        pattern[--len] = '\0'; /* the folder itself; what lies below inherits it in the walk */
    return match(pattern, begin, end);
}
