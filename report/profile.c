/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Lines of `key: value`; an empty line ends an entry.  Nothing is guessed: a word that is not known
 * is an error with its line, because a folder that silently counts for the wrong persons is worse
 * than a scan that does not start.
 */
#include "report/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/cleanup.h"
#include "scanner/base/glob.h"

enum { VALUE_LONGEST = 200 };

const struct group_words confidentiality_words[CONFIDENTIALITIES] = {
    [CONFIDENTIALITY_UNKNOWN] = {"unknown", W_unknown},
    [CONFIDENTIALITY_PUBLIC] = {"public", W_conf_public},
    [CONFIDENTIALITY_INTERNAL] = {"internal", W_conf_internal},
    [CONFIDENTIALITY_CONFIDENTIAL] = {"confidential", W_conf_confidential},
    [CONFIDENTIALITY_SECRET] = {"secret", W_conf_secret},
};

struct reading {
    struct profile *p;
    struct profile_entry entry;
    unsigned line, paths; /* of this entry */
    bool open, confidentiality_said, groups_said;
    const char *why;
    bool no_memory;
};

void profile_free(struct profile *p)
{
    if (!p)
        return;
    for (unsigned i = 0; i < p->n; i++) {
        free(p->entries[i].service);
        free(p->entries[i].activity);
    }
    for (unsigned i = 0; i < p->n_paths; i++)
        free(p->paths[i].glob);
    free(p->entries);
    free(p->paths);
    free(p->text);
    free(p);
}

static void profile_release(struct profile **p)
{
    profile_free(*p);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct span trimmed(struct span s)
{
    while (s.len && is_blank(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

static char *copy_of(struct reading *r, struct span s)
{
    char *copy = strndup(s.len ? s.at : "", s.len);

    r->no_memory |= !copy;
    return copy;
}

static bool fail(struct reading *r, const char *why)
{
    if (!r->why)
        r->why = why;
    return false;
}

static bool add_path(struct reading *r, struct span value)
{
    struct profile *p = r->p;

    if (p->n_paths == PROFILE_PATHS)
        return fail(r, "too many paths");
    struct profile_path *more = realloc(p->paths, (p->n_paths + 1) * sizeof *more);

    if (!more) {
        r->no_memory = true;
        return false;
    }
    p->paths = more;
    char *glob;

    /* A folder: all that lies in it. */
    if (asprintf(&glob, "%.*s%s", (int)value.len, value.at,
                 value.at[value.len - 1] == '/' ? "**" : "") < 0) {
        r->no_memory = true;
        return false;
    }
    p->paths[p->n_paths++] = (struct profile_path){glob, p->n};
    r->paths++;
    return true;
}

/* One of a list of words; its number, or -1. */
static int word_of(const struct group_words *words, unsigned n, struct span value)
{
    for (unsigned i = 0; i < n; i++) {
        if (span_equal(span_of(words[i].key), value))
            return (int)i;
    }
    return -1;
}

static bool set_groups(struct reading *r, struct span value)
{
    if (r->groups_said)
        return fail(r, "`persons` stands twice in this entry");
    r->groups_said = true;
    while (value.len) {
        const char *comma = memchr(value.at, ',', value.len);
        size_t len = comma ? (size_t)(comma - value.at) : value.len;
        int group = word_of(person_groups, PERSON_GROUPS, trimmed((struct span){value.at, len}));

        if (group < 0)
            return fail(r, "`persons` is one or more of beneficiaries, staff, residents, children, "
                           "tenants, councillors, volunteers, others");
        r->entry.groups |= (uint8_t)(1u << group);
        value.at += len + (comma != NULL);
        value.len -= len + (comma != NULL);
    }
    return true;
}

static bool set_text(struct reading *r, char **ret, struct span value)
{
    if (*ret)
        return fail(r, "this stands twice in this entry");
    *ret = copy_of(r, value);
    return *ret != NULL;
}

static bool set_confidentiality(struct reading *r, struct span value)
{
    int at = word_of(confidentiality_words, CONFIDENTIALITIES, value);

    if (at <= CONFIDENTIALITY_UNKNOWN)
        return fail(r, "`confidentiality` is public, internal, confidential or secret");
    if (r->confidentiality_said)
        return fail(r, "`confidentiality` stands twice in this entry");
    r->confidentiality_said = true;
    r->entry.confidentiality = (enum confidentiality)at;
    return true;
}

static bool end_entry(struct reading *r)
{
    struct profile *p = r->p;

    if (!r->open)
        return true;
    if (r->paths == 0)
        return fail(r, "the entry that ends here has no `path`");
    if (!r->entry.service && !set_text(r, &r->entry.service, SPAN("")))
        return false;
    if (!r->entry.activity && !set_text(r, &r->entry.activity, SPAN("")))
        return false;
    if (p->n == PROFILE_ENTRIES)
        return fail(r, "too many entries");
    struct profile_entry *more = realloc(p->entries, (p->n + 1) * sizeof *more);

    if (!more) {
        r->no_memory = true;
        return false;
    }
    p->entries = more;
    p->entries[p->n++] = r->entry;
    r->entry = (struct profile_entry){0};
    r->open = r->groups_said = r->confidentiality_said = false;
    r->paths = 0;
    return true;
}

static bool read_line(struct reading *r, struct span line)
{
    line = trimmed(line);
    if (line.len == 0)
        return end_entry(r);
    if (line.at[0] == '#')
        return true;
    const char *colon = memchr(line.at, ':', line.len);

    if (!colon)
        return fail(r, "a line is `key: value`");
    struct span key = trimmed((struct span){line.at, (size_t)(colon - line.at)});
    struct span value = trimmed((struct span){colon + 1, line.len - (size_t)(colon + 1 - line.at)});

    if (value.len == 0)
        return fail(r, "there is nothing after the colon");
    if (value.len > VALUE_LONGEST)
        return fail(r, "this is longer than 200 bytes");
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.at[i] < ' ' && value.at[i] != '\t')
            return fail(r, "there is a control character in this line");
    }
    r->open = true;
    if (span_equal(key, SPAN("path")))
        return add_path(r, value);
    if (span_equal(key, SPAN("service")))
        return set_text(r, &r->entry.service, value);
    if (span_equal(key, SPAN("activity")))
        return set_text(r, &r->entry.activity, value);
    if (span_equal(key, SPAN("persons")))
        return set_groups(r, value);
    if (span_equal(key, SPAN("confidentiality")))
        return set_confidentiality(r, value);
    return fail(r, "a key is path, service, persons, activity or confidentiality");
}

int profile_parse(struct span text, struct profile **ret, struct profile_error *error)
{
    AUTO(profile_release) struct profile *p = calloc(1, sizeof *p);
    struct reading r = {.p = p};
    bool good = p != NULL;

    *error = (struct profile_error){0, NULL};
    if (!p)
        return -ENOMEM;
    if (text.len > PROFILE_BYTES_MAX)
        good = fail(&r, "the profile is longer than 1 MiB");
    p->text = copy_of(&r, text);
    if (good && memchr(text.at ? text.at : "", '\0', text.len))
        good = fail(&r, "the profile is no text");
    if (good && text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0) {
        text.at += 3; /* a byte order mark, as Windows writes it */
        text.len -= 3;
    }
    while (good && text.len) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) : text.len;

        r.line++;
        good = read_line(&r, (struct span){text.at, len});
        text.at += len + (end != NULL);
        text.len -= len + (end != NULL);
    }
    if (good)
        good = end_entry(&r);
    if (good && p->n == 0)
        good = fail(&r, "there is no entry in it");
    free(r.entry.service);
    free(r.entry.activity);
    if (!good || r.no_memory) {
        *error = (struct profile_error){r.line ? r.line : 1, r.why};
        return r.why ? -EINVAL : -ENOMEM;
    }
    *ret = take_ptr(&p);
    return 0;
}

unsigned profile_match(const struct profile *p, struct span path)
{
    for (unsigned i = 0; p && i < p->n_paths; i++) {
        if (glob_match(p->paths[i].glob, path))
            return p->paths[i].entry + 1;
    }
    return 0;
}
