/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/package.h"

#include <stdlib.h>

#include "scanner/base/buf.h"
#include "scanner/extract/members.h"

enum { LOCAL_HEADER = 30 };

void package_note(struct package *p, struct ending ending)
{
    if (ending.outcome > p->worst.outcome)
        p->worst = ending;
}

void package_open(struct package *p)
{
    struct span whole;

    p->worst = ENDED_READ;
    p->rewindable = p->out->depth == 0 || source_whole(p->in, &whole) == 0;
    if (source_seek(p->in, 0) < 0)
        package_note(p, (struct ending){OUTCOME_OVER_LIMIT, "spool"});
}

static bool lose(struct package *p, const struct member *member, struct ending ending)
{
    package_note(p, ending.outcome == OUTCOME_OVER_LIMIT
                        ? ending
                        : (struct ending){OUTCOME_PARTIAL, ending.outcome == OUTCOME_ENCRYPTED
                                                               ? "encrypted-parts"
                                                               : "damaged-parts"});
    if (!p->out->lost_child(p->out->ctx, &member->about, ending))
        p->stopped = true;
    return !p->stopped;
}

static bool one_part(struct package *p, struct members *m, const struct member *member)
{
    struct ending ending;

    if (member->kind != MEMBER_FILE)
        return true;
    enum package_choice choice = p->choose(p->ctx, member->about.name);

    if (choice == PACKAGE_SKIP)
        return true;
    if (!budget_member(p->out->budget)) {
        p->stopped = true;
        return false;
    }
    if (member->encrypted)
        return lose(p, member, (struct ending){OUTCOME_ENCRYPTED, "password"});
    struct source *bytes = members_bytes(m, &ending);

    if (!bytes)
        return lose(p, member, ending);
    p->parts++;
    bool ok = choice == PACKAGE_CHILD ? p->out->child(p->out->ctx, &member->about, bytes)
                                      : p->part(p->ctx, member->about.name, bytes);

    ending = members_done(m);
    if (ending.outcome == OUTCOME_OVER_LIMIT)
        package_note(p, ending);
    else if (ending.outcome != OUTCOME_READ)
        package_note(p, (struct ending){OUTCOME_DAMAGED, "damaged-parts"});
    p->stopped = p->stopped || !ok;
    return !p->stopped;
}

/* Names given already, for the second try after a damaged directory. */
static bool known(struct buf *names, struct span name, bool add)
{
    struct reader r = reader_of(buf_span(names));

    while (r.at < r.end && !r.bad) {
        if (span_equal(reader_block(&r), name))
            return true;
    }
    if (add)
        buf_add_block(names, name);
    return false;
}

static enum members_step walk(struct package *p, enum members_as as, uint64_t from, uint64_t to,
                              struct buf *names, bool again)
{
    enum members_step step;
    AUTO_MEMBERS struct members *m = members_open(&(struct members_how){.in = p->in,
                                                                        .as = as,
                                                                        .from = from,
                                                                        .to = to,
                                                                        .seekable = p->rewindable,
                                                                        .budget = p->out->budget},
                                                  &step);
    struct member member;

    if (!m)
        return step;
    while ((step = members_next(m, &member)) == MEMBERS_MORE) {
        if (again && known(names, member.about.name, false))
            continue;
        if (!again)
            buf_add_block(names, member.about.name);
        if (!one_part(p, m, &member))
            return p->out->budget->spent ? MEMBERS_OVER_LIMIT : MEMBERS_END;
    }
    return step;
}

void package_walk(struct package *p)
{
    AUTO_BUF struct buf names;

    buf_init(&names, 64 * 1024);
    enum members_step step = walk(p, p->rewindable ? MEMBERS_OF_ZIP : MEMBERS_OF_ZIP_LOCAL, 0,
                                  UINT64_MAX, &names, false);

    switch (step) {
    case MEMBERS_MORE:
    case MEMBERS_END:
        break;
    case MEMBERS_OVER_LIMIT:
        package_note(p, (struct ending){OUTCOME_OVER_LIMIT, p->out->budget->spent});
        return;
    case MEMBERS_NO_MEMORY:
        package_note(p, (struct ending){OUTCOME_OVER_LIMIT, "memory"});
        return;
    case MEMBERS_ENCRYPTED:
        package_note(p, (struct ending){OUTCOME_ENCRYPTED, "password"});
        return;
    default:
        package_note(p, (struct ending){OUTCOME_DAMAGED, "damaged-data"});
        break;
    }
    if (p->stopped || !p->rewindable)
        return;
    if (step != MEMBERS_END) {
        walk(p, MEMBERS_OF_ZIP_LOCAL, 0, UINT64_MAX, &names, true);
        return;
    }
    struct zip_gaps gaps;

    zip_gaps(p->in, &gaps);
    if (!gaps.found)
        package_note(p, (struct ending){OUTCOME_DAMAGED, "truncated"});
    for (size_t i = 0; i < gaps.count && !p->stopped; i++)
        walk(p, MEMBERS_OF_ZIP_LOCAL, gaps.at[i].from, gaps.at[i].to, &names, false);
    free(gaps.at);
}

bool package_names(struct span head, const char *name)
{
    size_t len = strlen(name);

    while (head.len > LOCAL_HEADER) {
        const char *local = memmem(head.at, head.len, "PK\3\4", 4);

        if (!local)
            return false;
        size_t left = (size_t)(head.at + head.len - local);
        size_t told = left < LOCAL_HEADER ? 0
                                          : (size_t)(unsigned char)local[26] |
                                                (size_t)(unsigned char)local[27] << 8;

        if (left >= LOCAL_HEADER + len && told == len &&
            memcmp(local + LOCAL_HEADER, name, len) == 0)
            return true;
        head = (struct span){local + 4, left - 4};
    }
    return false;
}
