/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * mail.h - what the readers of single messages (mail.c) and of mailboxes (mail_mbox.c) share.
 */
#ifndef CONSTAT_MAIL_H
#define CONSTAT_MAIL_H

#include "scanner/base/buf.h"
#include "scanner/extract/charset.h"
#include "scanner/extract/extractor.h"

/* The message in bytes [begin, end) of a source; a "From " line before its headers belongs to it.
 * `number` counts the messages of a mailbox from 1 and prefixes the names of its children; 0: the
 * source is this one message.  False: stop; *ending says why, ENDED_READ when the sink knows. */
bool mail_read(struct source *in, uint64_t begin, uint64_t end, uint64_t number,
               const struct sink *out, struct ending *ending);

/* --- a message being read (mail_text.c) ------------------------------------------------------- */

struct letter {
    const struct sink *out;
    uint64_t number; /* in the mailbox; 0: not in one */
    bool stopped;
    struct ending ending;
    unsigned parts; /* for those without a name */
    struct buf text;
};

struct text_style {
    const char *label; /* declared charset, may be NULL */
    bool flowed;
    bool delete_space;
};

void letter_push(struct letter *l, struct span text);
void letter_mark(struct letter *l, enum mark_kind kind, uint64_t a);
/* A limit of the budget is reached: stop, and end as over-limit with its name. */
void letter_limit(struct letter *l);
/* A part as a child; `bytes` NULL: no memory for it. */
void letter_child(struct letter *l, const char *name, int64_t size, struct source *bytes);
void letter_lose(struct letter *l, const char *name, struct ending ending);
/* The declared charset unless the bytes show that it lies.  `whole`: nothing follows `head`. */
enum charset mail_charset(const char *label, struct span head, bool whole);
/* All that is left in a source, or the bytes, as UTF-8 text of the message. */
void letter_push_source(struct letter *l, struct source *bytes, const struct text_style *style);
void letter_push_bytes(struct letter *l, struct span text, const struct text_style *style);
/* The next "begin 644 name" of an old mail program at a line start, up to its "end" line, from
 * offset `from`; [*begin, *end) are whole lines. */
bool mail_find_uuencoded(struct span text, size_t from, size_t *begin, size_t *end,
                         struct span *name);

/* --- what mail looks like (mail_look.c) ------------------------------------------------------- */

/* "Name:" at the start of a line (RFC 5322 2.2), or the start of a continuation line. */
bool mail_is_header_line(struct span line);
/* "From address date" as mailboxes separate messages with, or Thunderbird's "From ", "From - ".
 * *dated when a time and a year stand in it. */
bool mail_is_envelope_line(struct span line, bool *dated);
/* The first line without its line end; *rest is what follows. */
struct span mail_first_line(struct span text, struct span *rest);
/* How many different well-known header names begin the lines of the first block; *broken when the
 * block ends in a line that is no header instead of an empty one. */
unsigned mail_known_headers(struct span text, bool *broken);

#endif
