/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * binary.c - everything that no reader understands: its bytes are searched for readable strings.
 *
 * Always partial, because nobody can say what such a file holds beyond its strings; the reason
 * tells what would have to be done to know (recognise the picture, listen to the recording, find
 * the key).
 */
#include <string.h>

#include "scanner/extract/sniff.h"
#include "scanner/extract/text_reader.h"

static unsigned bid(const struct head *head)
{
    (void)head;
    return 1;
}

static bool begins(const char *type, const char *prefix)
{
    return strncmp(type, prefix, strlen(prefix)) == 0;
}

static struct ending what_is_missing(const char *type)
{
    static const char *const encrypted[] = {
        "application/encrypted",        "application/x-bitlocker",
        "application/x-luks",           "application/pgp-encrypted",
        "application/x-age-encryption", "application/x-openssl-encrypted",
        "application/x-keepass",
    };

    for (size_t i = 0; i < sizeof encrypted / sizeof *encrypted; i++) {
        if (strcmp(type, encrypted[i]) == 0)
            return (struct ending){OUTCOME_ENCRYPTED, "encrypted"};
    }
    if (begins(type, "image/"))
        return (struct ending){OUTCOME_PARTIAL, "ocr-pending"};
    if (begins(type, "audio/") || begins(type, "video/"))
        return (struct ending){OUTCOME_PARTIAL, "media-not-transcribed"};
    return (struct ending){OUTCOME_PARTIAL, "unknown-format"};
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    const char *type = head->media_type ? head->media_type : sniff_unknown(head->bytes);
    struct ending ending = what_is_missing(type);

    out->media_type(out->ctx, type);
    for (;;) {
        uint64_t offset = source_position(in);
        int error;
        struct span bytes = source_next(in, &error);

        if (bytes.len == 0 || !out->raw(out->ctx, offset, bytes))
            break;
        if (!budget_time(out->budget)) {
            ending = (struct ending){OUTCOME_OVER_LIMIT, out->budget->spent};
            break;
        }
    }
    return source_ending(in, ending);
}

const struct extractor extract_binary = {
    .id = "binary",
    .version = 1,
    .media_type = "application/octet-stream",
    .bid = bid,
    .run = run,
    .prepare = sniff_prepare,
};
