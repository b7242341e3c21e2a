/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * mail_mbox.c - mailboxes of many messages in one file, separated by "From " lines.
 *
 * The file is cut here, not by the MIME parser: a message that cannot be parsed costs itself, and
 * the number of messages is known apart from how well they are read.  A separator is a "From "
 * line with a date (or Thunderbird's without one) at the start of the file or after an empty line,
 * followed by a header; ">From " never is one (mboxo, mboxrd).
 */
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/mail.h"

enum {
    LINE_HEAD = 256,  /* bytes of a line that decide what it is */
    BATCH = 16 * 1024 /* messages found ahead before they are read */
};

struct cut {
    uint64_t at;      /* where the search goes on: the start of a line */
    bool after_empty; /* the line before was empty, or there was none */
    bool done;
    uint64_t starts[BATCH];
    size_t count;
};

/* A line as far as it is needed, and the separator it may confirm. */
struct line_state {
    char head[LINE_HEAD];
    size_t len; /* of head */
    uint64_t start;
    bool pending; /* the line before was a "From " line */
    bool pending_dated;
    uint64_t pending_start;
};

/* False: the batch is full. */
static bool end_line(struct cut *cut, struct line_state *l, uint64_t next)
{
    struct span line = {l->head, l->len};
    bool dated = false;

    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    if (l->pending) {
        bool confirmed =
            line.len > 0 ? mail_is_header_line(line) || line.at[0] == '>' : l->pending_dated;

        l->pending = false;
        if (confirmed)
            cut->starts[cut->count++] = l->pending_start;
    }
    if (cut->after_empty && mail_is_envelope_line(line, &dated)) {
        l->pending = true;
        l->pending_dated = dated;
        l->pending_start = l->start;
    }
    cut->after_empty = line.len == 0;
    l->len = 0;
    l->start = next;
    return l->pending || cut->count < BATCH;
}

/* Adds the starts of the next messages; 0 or negative errno. */
static int find_messages(struct source *in, struct cut *cut, const struct sink *out)
{
    struct line_state l = {.start = cut->at};
    uint64_t position = cut->at;
    int error = source_seek(in, cut->at);

    while (error == 0) {
        struct span run = source_next(in, &error);

        if (error < 0)
            break;
        if (run.len == 0) {
            cut->done = true;
            if (l.len > 0)
                end_line(cut, &l, position);
            return 0;
        }
        if (!budget_time(out->budget))
            return 0;
        while (run.len > 0) {
            const char *feed = memchr(run.at, '\n', run.len);
            size_t take = feed ? (size_t)(feed - run.at) : run.len;
            size_t room = LINE_HEAD - l.len;

            memcpy(l.head + l.len, run.at, take < room ? take : room);
            l.len += take < room ? take : room;
            take += feed ? 1 : 0;
            position += take;
            run.at += take;
            run.len -= take;
            if (feed && !end_line(cut, &l, position)) {
                cut->at = position;
                return 0;
            }
        }
    }
    return error;
}

static struct ending mbox_run(struct source *in, const struct head *head, const struct sink *out)
{
    AUTO_FREE struct cut *cut = calloc(1, sizeof(*cut));
    struct ending ending = ENDED_READ;
    uint64_t number = 0, begin = 0;

    (void)head;
    if (!cut)
        return (struct ending){OUTCOME_OVER_LIMIT, "memory"};
    cut->after_empty = true;
    do {
        int error;

        cut->count = 0;
        error = find_messages(in, cut, out);
        if (error == -EFBIG)
            return (struct ending){OUTCOME_OVER_LIMIT, "spool"};
        if (error < 0) /* what can be read still is: the rest as one message */
            cut->done = true;
        if (!budget_time(out->budget))
            return (struct ending){OUTCOME_OVER_LIMIT, "time"};
        for (size_t i = 0; i < cut->count; i++) {
            /* Bytes before the first separator are a message without one. */
            if (cut->starts[i] > begin &&
                !mail_read(in, begin, cut->starts[i], ++number, out, &ending))
                return ending;
            begin = cut->starts[i];
        }
    } while (!cut->done);
    mail_read(in, begin, UINT64_MAX, ++number, out, &ending);
    return ending;
}

static unsigned mbox_bid(const struct head *head)
{
    struct span rest, line = mail_first_line(head->bytes, &rest);
    struct span next = mail_first_line(rest, &rest);
    bool dated;

    if (!mail_is_envelope_line(line, &dated) || next.len == 0)
        return 0;
    if (!mail_is_header_line(next) && next.at[0] != '>')
        return 0;
    return dated ? 88 : 80;
}

const struct extractor extract_mail_mbox = {
    .id = "mail_mbox",
    .version = 1,
    .media_type = "application/mbox",
    .bid = mbox_bid,
    .run = mbox_run,
    .prepare = NULL, /* extract_mail's prepare serves both */
};
