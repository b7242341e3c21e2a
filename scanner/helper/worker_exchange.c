/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * worker_exchange.c - what is sent to a helper, and what is taken from it: nothing that is not
 * whole, in order and of this item.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "scanner/helper/worker_private.h"

enum { SEND_TRIES = 1000 };

/* --- sending --------------------------------------------------------------------------------- */

static void batch_item_of(const struct worker_item *item, const struct progress *p,
                          struct batch_item *ret)
{
    *ret = (struct batch_item){.flags = item->flags & ITEM_FOLDER,
                               .size = item->size,
                               .root = item->root,
                               .path = item->path,
                               .name_at = item->name_at};
    if (p->attempt == TRY_NAME)
        ret->flags |= ITEM_NAME_ONLY;
    if (p->attempt == TRY_RAW)
        ret->flags |= ITEM_RAW_ONLY;
    if (item->fd >= 0 && p->attempt < TRY_NAME)
        ret->flags |= ITEM_HAS_FD;
    ret->n_suspects = p->n_suspects;
    for (unsigned s = 0; s < p->n_suspects; s++)
        ret->suspects[s] = (struct suspect){p->suspects[s].member, p->suspects[s].lost};
}

bool worker_choose(struct worker *w, const struct worker_item *items, unsigned n)
{
    size_t bytes = 64;

    w->n_sent = 0;
    for (unsigned i = 0; i < n; i++) {
        const struct progress *p = &w->progress[i];
        size_t need = 64 + items[i].root.len + items[i].path.len + (size_t)p->n_suspects * 11;

        if (p->done)
            continue;
        if (w->n_sent > 0 && bytes + need > BATCH_BYTES)
            break;
        bytes += need;
        batch_item_of(&items[i], p, &w->batch[w->n_sent]);
        w->fds[w->n_sent] = items[i].fd;
        w->map[w->n_sent++] = i;
    }
    return w->n_sent > 0;
}

bool worker_send(struct worker *w)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(BATCH_MAX * sizeof(int))];
    } control;
    int fds[BATCH_MAX];
    unsigned n_fds = 0;

    buf_clear(&w->message);
    if (!batch_encode(w->batch, w->n_sent, &w->message))
        return false;
    for (unsigned i = 0; i < w->n_sent; i++) {
        if (w->batch[i].flags & ITEM_HAS_FD)
            fds[n_fds++] = w->fds[i];
    }
    struct iovec bytes = {w->message.at, w->message.len};
    struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1};

    if (n_fds > 0) {
        memset(&control, 0, sizeof control);
        m.msg_control = control.bytes;
        m.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);

        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
        memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
    }
    for (unsigned tries = 0; tries < SEND_TRIES; tries++) {
        ssize_t sent = sendmsg(w->sock, &m, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent == (ssize_t)w->message.len)
            return true;
        /* One message is under way at a time, so there is room for it; but the descriptors that
         * all workers of a user have under way are limited together. */
        if (sent >= 0 || (errno != EAGAIN && errno != ETOOMANYREFS && errno != ENOBUFS &&
                          errno != ENOMEM && errno != EINTR))
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return false;
}

/* --- receiving ------------------------------------------------------------------------------- */

void worker_begin_item(struct worker *w)
{
    w->open[0] = (struct open_member){0, 0};
    w->n_open = 1;
    w->highest = 0;
    w->own_row = false;
}

/* Numbers count up as members are found, and rows come after those of their members: so the first
 * sign of a number opens it and everything between it and the highest so far, and only the
 * innermost open one can end.  NULL: this number cannot come now. */
static struct open_member *open_member(struct worker *w, uint64_t number)
{
    if (number > w->highest) {
        if (number - w->highest > NEST_MAX + 1 - w->n_open)
            return NULL;
        while (w->highest < number)
            w->open[w->n_open++] = (struct open_member){++w->highest, 0};
    }
    for (unsigned i = w->n_open; i-- > 0;) {
        if (w->open[i].number == number)
            return &w->open[i];
    }
    return NULL;
}

static void set_ending(struct member_record *m, const struct blame *blame, bool raw, char *text,
                       size_t room)
{
    /* Worse than partial: the raw search did not come to its end either. */
    bool searched = raw && m->outcome <= OUTCOME_PARTIAL;

    snprintf(text, room, "%s%s", blame->why, searched ? "-raw-searched" : "");
    m->encoded = (struct span){NULL, 0};
    m->outcome = blame->outcome;
    m->reason = span_of(text);
}

static bool take_member(struct worker *w, unsigned i, struct span payload,
                        const struct worker_sink *sink)
{
    struct progress *p = &w->progress[i];
    struct member_record m;
    char reason[REASON_MAX + 16];

    if (!member_decode(payload, &m) || m.item != w->at || w->own_row)
        return false;
    struct open_member *open = open_member(w, m.member);

    if (!open || open != &w->open[w->n_open - 1] || open->findings != m.findings)
        return false;
    w->n_open--;
    if (m.member > 0 && w->open[w->n_open - 1].number != m.parent)
        return false;
    if (m.member == 0) {
        w->own_row = true;
        if (p->blamed)
            set_ending(&m, &p->own, p->attempt == TRY_RAW, reason, sizeof reason);
    }
    for (unsigned s = 0; s < p->n_suspects; s++) {
        if (p->suspects[s].member == m.member)
            set_ending(&m, &p->suspects[s], !p->suspects[s].lost, reason, sizeof reason);
    }
    m.item = i;
    p->handed_over = true;
    sink->member(sink->ctx, i, &m);
    return true;
}

static bool take_findings(struct worker *w, unsigned i, struct span payload,
                          const struct worker_sink *sink)
{
    struct findings_record f;

    if (!findings_decode(payload, &f) || f.item != w->at || w->own_row)
        return false;
    struct open_member *open = open_member(w, f.member);

    if (!open)
        return false;
    open->findings += f.count;
    w->progress[i].handed_over = true;
    sink->findings(sink->ctx, i, f.member, f.block);
    return true;
}

static bool take_record(struct worker *w, enum record_type type, struct span payload,
                        const struct worker_sink *sink)
{
    uint32_t done;

    if (w->at >= w->n_sent)
        return false;
    unsigned i = w->map[w->at];

    switch (type) {
    case RECORD_MEMBER:
        return take_member(w, i, payload, sink);
    case RECORD_FINDINGS:
        return take_findings(w, i, payload, sink);
    case RECORD_DONE:
        if (!done_decode(payload, &done) || done != w->at || !w->own_row)
            return false;
        w->progress[i].done = true;
        sink->done(sink->ctx, i);
        w->at++;
        worker_begin_item(w);
        return true;
    case RECORD_READY:
        break;
    }
    return false;
}

bool worker_take_records(struct worker *w, const struct worker_sink *sink)
{
    enum record_type type;
    struct span payload;
    int got;

    while ((got = worker_next_record(w, &type, &payload)) == 1) {
        if (!take_record(w, type, payload, sink))
            return false;
    }
    return got == 0;
}
