/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * ole2.c - the compound files of older Office programs: recognised, and said how they end.
 *
 * A document that Office protects with a password is a compound file with the streams
 * EncryptionInfo and EncryptedPackage (MS-OFFCRYPTO 2.3.4); nothing can be read in it.  The text of
 * doc, xls, ppt and msg stands in their streams as Windows-1252 or UTF-16: the strings of the bytes
 * as they are show most of it, and the ending says that this is not all.
 */
#include <string.h>

#include "scanner/base/buf.h"
#include "scanner/extract/extractor.h"

enum { SECTOR_SHIFT_AT = 30, DIRECTORY_AT = 48, ENTRY = 128, CHAIN_MAX = 4096 };

static const char signature[8] = {(char)0xd0, (char)0xcf, 0x11, (char)0xe0,
                                  (char)0xa1, (char)0xb1, 0x1a, (char)0xe1};

static unsigned bid(const struct head *head)
{
    if (head->media_type && strcmp(head->media_type, "application/encrypted") == 0)
        return 40;
    return head->bytes.len >= 512 && memcmp(head->bytes.at, signature, 8) == 0 ? 40 : 0;
}

static bool utf16_is(struct span name, const char *ascii)
{
    size_t len = strlen(ascii);

    if (name.len < 2 * len + 2)
        return false;
    for (size_t i = 0; i <= len; i++) {
        if (name.at[2 * i] != ascii[i] || name.at[2 * i + 1] != '\0')
            return false;
    }
    return true;
}

/* Looks at the names of a sector of the directory. */
static void look(struct span sector, bool *ret_info, bool *ret_package)
{
    for (; sector.len >= ENTRY; sector.at += ENTRY, sector.len -= ENTRY) {
        struct span name = {sector.at, 64};

        *ret_info = *ret_info || utf16_is(name, "EncryptionInfo");
        *ret_package = *ret_package || utf16_is(name, "EncryptedPackage");
    }
}

static uint32_t u32_at(struct source *in, uint64_t at)
{
    if (source_seek(in, at) < 0)
        return UINT32_MAX;
    struct reader r = reader_of(source_peek(in, 4));
    uint32_t v = reader_u32(&r);

    return r.bad ? UINT32_MAX : v;
}

/* The directory is a chain of sectors (MS-CFB 2.6), the first 109 sectors of the allocation table
 * stand in the header (2.2): enough for the few entries of an encrypted document. */
static bool is_encrypted_package(struct source *in)
{
    struct span head = source_peek(in, 512);

    if (head.len < 512)
        return false;
    unsigned shift = (unsigned char)head.at[SECTOR_SHIFT_AT];
    struct reader r = reader_of((struct span){head.at + DIRECTORY_AT, 4});
    uint32_t sector = reader_u32(&r);
    bool info = false, package = false;

    if (shift != 9 && shift != 12)
        return false;
    uint64_t size = UINT64_C(1) << shift;
    uint32_t per_sector = (uint32_t)(size / 4);

    for (unsigned i = 0; i < CHAIN_MAX && sector < 0xfffffffa && !(info && package); i++) {
        if (source_seek(in, (sector + UINT64_C(1)) * size) < 0)
            break;
        look(source_peek(in, (size_t)size), &info, &package);
        if (sector / per_sector >= 109)
            break;
        uint32_t table = u32_at(in, 76 + 4 * (uint64_t)(sector / per_sector));

        if (table >= 0xfffffffa)
            break;
        sector = u32_at(in, (table + UINT64_C(1)) * size + 4 * (uint64_t)(sector % per_sector));
    }
    return info && package;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    uint64_t offset = 0;
    int error = 0;

    (void)head;
    if (is_encrypted_package(in)) {
        out->media_type(out->ctx, "application/encrypted");
        return (struct ending){OUTCOME_ENCRYPTED, "password"};
    }
    if (source_seek(in, 0) < 0)
        return (struct ending){OUTCOME_OVER_LIMIT, "spool"};
    for (;;) {
        struct span run_of_bytes = source_next(in, &error);

        if (run_of_bytes.len == 0)
            break;
        if (!budget_time(out->budget))
            return (struct ending){OUTCOME_OVER_LIMIT, "time"};
        if (!out->raw(out->ctx, offset, run_of_bytes))
            break;
        offset += run_of_bytes.len;
    }
    if (error < 0)
        return (struct ending){OUTCOME_DAMAGED, "damaged-data"};
    return (struct ending){OUTCOME_PARTIAL, "legacy-office-raw-text"};
}

const struct extractor extract_ole2 = {
    .id = "ole2", .version = 1, .media_type = "application/x-ole-storage", .bid = bid, .run = run};
