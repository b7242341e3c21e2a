/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/text_reader.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { RUN = 256 * 1024, HEAD = 16 * 1024 };

void text_reader_start(struct text_reader *r, struct source *in, const struct sink *out,
                       const struct head *head)
{
    *r = (struct text_reader){.in = in, .out = out, .first = true};
    charset_decoder_init(&r->decoder, head_charset(head));
    if (head->text.taken && r->decoder.charset == CHARSET_UTF_8)
        r->known_plain = head->text.plain;
    buf_init(&r->utf8, (size_t)RUN * 3 + 64);
}

void text_reader_release(struct text_reader *r)
{
    buf_release(&r->utf8);
}

/* Text turned into something else further on: a log with a dump at its end, a script with an
 * archive behind it.  One NUL in eight bytes is more than any text has. */
static bool is_binary(struct span run)
{
    const char *nul = memchr(run.at, 0, run.len);
    size_t nuls = 0;

    if (!nul)
        return false;
    for (size_t i = 0; i < run.len; i++)
        nuls += run.at[i] == 0;
    return nuls * 8 > run.len;
}

static bool is_wide(enum charset charset)
{
    return charset >= CHARSET_UTF_16LE && charset <= CHARSET_UTF_32BE;
}

/* The next run of bytes; false at the end, whatever the reason. */
static bool read_run(struct text_reader *r)
{
    int error;

    if (!budget_time(r->out->budget)) {
        r->spent = r->out->budget->spent;
        return false;
    }
    r->run = source_next(r->in, &error);
    if (r->run.len == 0)
        return false;
    if (!r->first && !is_wide(r->decoder.charset) && is_binary(r->run))
        r->binary = r->run;
    r->first = false;
    return true;
}

/* How many bytes of the run may be handed on as they are. */
static size_t plain_run(struct text_reader *r)
{
    if (r->known_plain == 0)
        return charset_skip_plain(&r->decoder, r->run);
    if (!r->decoder.begun && r->known_plain >= 3 && r->run.len >= 3 &&
        memcmp(r->run.at, "\xEF\xBB\xBF", 3) == 0) {
        r->run = (struct span){r->run.at + 3, r->run.len - 3};
        r->known_plain -= 3;
    }
    size_t n = r->known_plain < r->run.len ? r->known_plain : r->run.len;

    r->decoder.begun = true;
    r->known_plain -= n;
    return n;
}

struct span text_reader_next(struct text_reader *r)
{
    struct span none = {"", 0};

    for (;;) {
        if (r->stopped || r->at_end)
            return none;
        if (r->run.len == 0 && !read_run(r)) {
            r->at_end = true;
            buf_clear(&r->utf8);
            if (r->spent || !charset_decode(&r->decoder, none, true, &r->utf8))
                return none;
            return buf_span(&r->utf8);
        }
        size_t plain = plain_run(r), len = r->run.len;
        const char *at = r->run.at;

        if (plain > 0) {
            r->run = (struct span){at + plain, len - plain};
            return (struct span){at, plain};
        }
        /* Only as much as finishes a character that the last run cut, so that the rest can be
         * passed on in place. */
        if (r->decoder.carried > 0 && r->decoder.begun && !is_wide(r->decoder.charset) && len > 4)
            len = 4;
        buf_clear(&r->utf8);
        if (!charset_decode(&r->decoder, (struct span){at, len}, false, &r->utf8)) {
            r->spent = "memory";
            r->at_end = true;
            return none;
        }
        r->run = (struct span){at + len, r->run.len - len};
        if (r->utf8.len > 0)
            return buf_span(&r->utf8);
    }
}

struct ending source_ending(const struct source *in, struct ending otherwise)
{
    int error = source_error(in);
    struct ending e = otherwise;

    if (source_changed(in) && OUTCOME_CHANGED > e.outcome)
        e = (struct ending){OUTCOME_CHANGED, "changed-while-reading"};
    if (error == -ENOMEM && OUTCOME_OVER_LIMIT > e.outcome)
        e = (struct ending){OUTCOME_OVER_LIMIT, "memory"};
    else if (error == -EBADMSG && OUTCOME_DAMAGED > e.outcome)
        e = (struct ending){OUTCOME_DAMAGED, "damaged-data"};
    else if (error < 0 && error != -ENOMEM && OUTCOME_DAMAGED > e.outcome)
        e = (struct ending){OUTCOME_DAMAGED, "read-error"};
    return e;
}

struct ending text_reader_ending(const struct text_reader *r)
{
    if (r->spent)
        return (struct ending){OUTCOME_OVER_LIMIT, r->spent};
    return source_ending(r->in, ENDED_READ);
}

struct span text_head(const struct head *head, struct buf *room)
{
    struct span start = {head->bytes.at, head->bytes.len < HEAD ? head->bytes.len : HEAD};

    if (start.len >= 3 && memcmp(start.at, "\xEF\xBB\xBF", 3) == 0)
        return (struct span){start.at + 3, start.len - 3};
    if (start.len < 2 ||
        (!memchr(start.at, 0, start.len < 1024 ? start.len : 1024) &&
         memcmp(start.at, "\xFF\xFE", 2) != 0 && memcmp(start.at, "\xFE\xFF", 2) != 0))
        return start;
    enum charset charset =
        head->text.taken
            ? head->text.charset
            : charset_detect_unit((struct span){start.at, start.len < 2048 ? start.len : 2048});

    if (!is_wide(charset) || !charset_convert(charset, start, room))
        return start;
    return buf_span(room);
}

bool span_ends_with(struct span name, const char *lower_suffix)
{
    size_t n = strlen(lower_suffix);

    return name.len >= n && strncasecmp(name.at + name.len - n, lower_suffix, n) == 0;
}
