/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * mail_text.c - the pushing side of a message: its text in UTF-8, its children by name.
 */
#include <stdio.h>
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/mail.h"

/* --- pushing ---------------------------------------------------------------------------------- */

static void stop(struct letter *l)
{
    l->stopped = true;
}

void letter_limit(struct letter *l)
{
    const char *spent = l->out->budget->spent;

    l->stopped = true;
    l->ending = (struct ending){OUTCOME_OVER_LIMIT, spent ? spent : "bytes"};
}

void letter_push(struct letter *l, struct span text)
{
    if (!l->stopped && text.len > 0 && !l->out->text(l->out->ctx, text))
        stop(l);
}

void letter_mark(struct letter *l, enum mark_kind kind, uint64_t a)
{
    if (!l->stopped && !l->out->mark(l->out->ctx, (struct mark){kind, a, 0}))
        stop(l);
}

/* "12/scan.pdf" in a mailbox, "scan.pdf" in a message. */
static char *child_name(const struct letter *l, const char *name)
{
    char *full = NULL;

    if (l->number == 0)
        return strdup(name);
    return asprintf(&full, "%llu/%s", (unsigned long long)l->number, name) < 0 ? NULL : full;
}

void letter_child(struct letter *l, const char *name, int64_t size, struct source *bytes)
{
    AUTO_FREE char *full = child_name(l, name);
    struct child about = {.name = span_of(full), .size = size, .mtime = INT64_MIN};

    if (l->stopped)
        return;
    if (!bytes) {
        struct ending ending = {OUTCOME_OVER_LIMIT, "spool"};

        if (!l->out->lost_child(l->out->ctx, &about, ending))
            stop(l);
    } else if (!l->out->child(l->out->ctx, &about, bytes)) {
        stop(l);
    }
}

void letter_lose(struct letter *l, const char *name, struct ending ending)
{
    AUTO_FREE char *full = child_name(l, name);
    struct child about = {.name = span_of(full), .size = -1, .mtime = INT64_MIN};

    if (!l->stopped && !l->out->lost_child(l->out->ctx, &about, ending))
        stop(l);
}

/* --- text ------------------------------------------------------------------------------------- */

static bool wide(enum charset c)
{
    return c >= CHARSET_UTF_16LE && c <= CHARSET_UTF_32BE;
}

/* The declared charset unless the bytes show that it lies. */
enum charset mail_charset(const char *label, struct span head, bool whole)
{
    enum charset declared = label ? charset_from_label(span_of(label)) : CHARSET_UNKNOWN;
    enum charset seen = charset_detect(head, whole);
    bool nul = head.len > 0 && memchr(head.at, 0, head.len);

    if (declared == CHARSET_UNKNOWN || declared == CHARSET_UTF_8)
        return seen;
    if (wide(declared))
        return nul || wide(seen) ? declared : seen;
    if (declared != CHARSET_UTF_7 && (wide(seen) || seen == CHARSET_UTF_8))
        return seen; /* ASCII, or UTF-8 that no other encoding looks like */
    return declared;
}

/* Removes the soft line ends of format=flowed (RFC 3676) in place: what was one line is one line,
 * and a number stays whole.  Returns how many bytes at the end wait for what follows. */
static size_t unflow(struct buf *text, bool delete_space, bool last)
{
    char *at = text->at;
    size_t to = 0, line = 0, from = 0;

    while (from < text->len) {
        size_t end = from;

        if (at[from] != ' ') {
            at[to++] = at[from++];
            if (at[to - 1] == '\n')
                line = to;
            continue;
        }
        end++;
        if (end < text->len && at[end] == '\r')
            end++;
        if (end == text->len && !last)
            break;
        if (end < text->len && at[end] == '\n' &&
            !(to - line == 2 && memcmp(at + line, "--", 2) == 0)) {
            if (!delete_space)
                at[to++] = ' ';
            from = end + 1;
        } else {
            at[to++] = at[from++];
        }
    }
    size_t waiting = text->len - from;

    memmove(at + to, at + from, waiting);
    text->len = to + waiting;
    return waiting;
}

/* All that is left in a source, as UTF-8. */
void letter_push_source(struct letter *l, struct source *bytes, const struct text_style *style)
{
    struct span head = source_peek(bytes, 64 * 1024);
    struct charset_decoder decoder;
    int error = 0;
    bool last = false;

    charset_decoder_init(&decoder, mail_charset(style->label, head, head.len < 64 * 1024));
    buf_clear(&l->text);
    while (!last && !l->stopped) {
        struct span run = source_next(bytes, &error);
        size_t waiting = 0;

        last = run.len == 0;
        if (!charset_decode(&decoder, run, last, &l->text)) {
            l->out->gap(l->out->ctx, OUTCOME_OVER_LIMIT, "memory");
            break;
        }
        if (style->flowed)
            waiting = unflow(&l->text, style->delete_space, last);
        letter_push(l, (struct span){l->text.at, l->text.len - waiting});
        if (l->text.len > 0)
            buf_drop_front(&l->text, l->text.len - waiting);
        if (!budget_time(l->out->budget))
            letter_limit(l);
    }
    if (error < 0)
        l->out->gap(l->out->ctx, OUTCOME_DAMAGED, "part-damaged");
    letter_push(l, SPAN("\n"));
}

void letter_push_bytes(struct letter *l, struct span text, const struct text_style *style)
{
    struct source *bytes = source_from_memory(text);

    if (!bytes) {
        l->out->gap(l->out->ctx, OUTCOME_OVER_LIMIT, "memory");
        return;
    }
    letter_push_source(l, bytes, style);
    source_free(bytes);
}

/* The next "begin 644 name" of an old mail program at a line start, up to its "end" line.  Both
 * offsets are of whole lines. */
bool mail_find_uuencoded(struct span text, size_t from, size_t *begin, size_t *end,
                         struct span *name)
{
    static const char BEGIN[] = "begin ";

    while (from < text.len) {
        const char *at = memmem(text.at + from, text.len - from, BEGIN, sizeof(BEGIN) - 1);
        struct span line, rest;
        size_t digits = 0;

        if (!at)
            return false;
        *begin = (size_t)(at - text.at);
        line = mail_first_line((struct span){at, text.len - *begin}, &rest);
        from = *begin + 1;
        if (*begin > 0 && at[-1] != '\n')
            continue;
        line.at += sizeof(BEGIN) - 1;
        line.len -= sizeof(BEGIN) - 1;
        while (digits < line.len && line.at[digits] >= '0' && line.at[digits] <= '7')
            digits++;
        if (digits < 3 || digits > 4 || digits + 1 >= line.len || line.at[digits] != ' ')
            continue;
        *name = (struct span){line.at + digits + 1, line.len - digits - 1};
        at = rest.len > 0 ? memmem(rest.at, rest.len, "\nend", 4) : NULL;
        *end = at ? (size_t)(at + 4 - text.at) : text.len; /* cut: what there is */
        return true;
    }
    return false;
}
