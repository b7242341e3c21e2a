/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sniff.h - what kind of bytes these are, by content.                  (door: libmagic)
 *
 * sniff() is a table of signatures of our own and costs less than a microsecond, so it is asked
 * for every item; its answer goes into head->media_type.  libmagic costs a thousand times as much:
 * it only names the binaries for the ledger that no signature and no text reader claimed, and of
 * these only the larger ones.
 */
#ifndef CONSTAT_SNIFF_H
#define CONSTAT_SNIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "detectors/span.h"

/* A media type (a string literal), or NULL when no signature fits: then it may be text, or
 * anything.  `head`: the first 64 KiB, or fewer; `size`: of the whole, -1 unknown.
 *
 * Names used for what the readers bid on:
 *   application/zip (also every OOXML, ODF, JAR: look inside), application/gzip,
 *   application/x-bzip2, application/x-xz, application/zstd, application/x-lzma, application/x-lz4,
 *   application/x-lzip, application/x-compress, application/x-7z-compressed, application/vnd.rar,
 *   application/x-tar, application/x-cpio, application/x-archive, application/x-xar,
 *   application/vnd.ms-cab-compressed, application/x-iso9660-image, application/x-lha,
 *   application/x-arj, application/warc, application/pdf, application/x-ole-storage, text/rtf,
 *   text/html, application/xml, message/rfc822, application/mbox, application/vnd.ms-tnef,
 *   application/encrypted (a password-protected OOXML document).
 * Pictures are image/..., sound audio/..., films video/..., fonts font/.... */
const char *sniff(struct span head, int64_t size);

/* Loads libmagic's database.  Once per process, before the sandbox closes and before the first
 * sniff_unknown; the handle is then kept, unchanged, for the life of the process.  False: libmagic
 * is not usable here, sniff_unknown then always says application/octet-stream. */
bool sniff_prepare(void);

/* An unknown binary shorter than this is application/octet-stream: naming one takes libmagic about
 * 0.2 ms, thirty times what reading it and searching it for strings takes, and the name changes
 * neither what is found nor how the item ends. */
enum { NAMED_FROM = 8 * 1024 };

/* libmagic's name for what sniff() does not know and is not text.  Never NULL; good until the next
 * call.  `head`: the first 64 KiB, or all when it is shorter.  One thread of the process only. */
const char *sniff_unknown(struct span head);

#endif
