/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * charset.h - text in any usual encoding to UTF-8, decided and converted by our own tables.
 *
 * Nothing is ever refused: a byte that does not fit its encoding becomes the character that
 * Windows-1252 gives it (in UTF-8 text) or U+FFFD, and reading goes on.  ASCII always stays ASCII
 * in the single-byte encodings and in UTF-8, so a wrong guess between those costs an accent and
 * never a number.
 */
#ifndef CONSTAT_CHARSET_H
#define CONSTAT_CHARSET_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buf.h"

enum charset {
    CHARSET_UNKNOWN, /* only as an answer of charset_from_label */
    CHARSET_UTF_8,   /* and US-ASCII */
    CHARSET_UTF_16LE,
    CHARSET_UTF_16BE,
    CHARSET_UTF_32LE,
    CHARSET_UTF_32BE,
    CHARSET_UTF_7,
    CHARSET_ISO_8859_1, /* with real C1 controls; labels mean Windows-1252, as WHATWG has it */
    CHARSET_WINDOWS_1252,
    CHARSET_WINDOWS_1250,
    CHARSET_WINDOWS_1251,
    CHARSET_WINDOWS_1253,
    CHARSET_WINDOWS_1254,
    CHARSET_WINDOWS_1255,
    CHARSET_WINDOWS_1256,
    CHARSET_WINDOWS_1257,
    CHARSET_WINDOWS_1258,
    CHARSET_WINDOWS_874,
    CHARSET_ISO_8859_2,
    CHARSET_ISO_8859_3,
    CHARSET_ISO_8859_4,
    CHARSET_ISO_8859_5,
    CHARSET_ISO_8859_6,
    CHARSET_ISO_8859_7,
    CHARSET_ISO_8859_8,
    CHARSET_ISO_8859_10,
    CHARSET_ISO_8859_13,
    CHARSET_ISO_8859_14,
    CHARSET_ISO_8859_15,
    CHARSET_ISO_8859_16,
    CHARSET_KOI8_R,
    CHARSET_KOI8_U,
    CHARSET_MACINTOSH,
    CHARSET_IBM437,
    CHARSET_IBM850,
    CHARSET_IBM852,
    CHARSET_IBM858,
    CHARSET_IBM866,
    CHARSET_COUNT
};

/* The encoding of text whose first bytes these are (64 KiB are enough).  `whole`: nothing follows
 * them, so a sequence cut at their end is a mistake.  Marks at the start, then the shape of the
 * bytes, then, among the single-byte encodings of western Europe, which one gives its accented
 * letters the neighbours that French, Dutch and German give them.  Always a usable answer. */
enum charset charset_detect(struct span head, bool whole);

/* Only the first part of that: UTF-8 with a mark, UTF-16 or UTF-32; CHARSET_UNKNOWN otherwise. */
enum charset charset_detect_unit(struct span head);

/* Is this text at all?  0 (no) .. 100 (not one byte speaks against it).  Text with some NULs or
 * control bytes in it still is.  Does not decide between single-byte encodings. */
unsigned charset_textness(struct span head);

/* All of that from one look, for what asks several of these questions. */
struct text_look {
    bool taken;
    unsigned textness;
    enum charset charset; /* CHARSET_UNKNOWN when it is not text: ask charset_detect then */
    size_t plain;         /* so many bytes at the start are UTF-8 (a mark included) */
};
void charset_look(struct span head, bool whole, struct text_look *ret);

/* A label of a mail, an HTML or an XML file, in any letter case.  CHARSET_UNKNOWN for a label that
 * is not known, or that is known and not for these tables (Asian multi-byte encodings). */
enum charset charset_from_label(struct span label);
const char *charset_name(enum charset charset); /* IANA or WHATWG name, a literal */

struct charset_decoder {
    enum charset charset;
    unsigned char carry[8]; /* bytes of a character cut at the end of the last piece */
    unsigned carried;
    bool begun;          /* a mark at the start was looked for */
    uint32_t surrogate;  /* UTF-16 and UTF-7: first half, waiting */
    bool base64, filled; /* UTF-7: inside +...-, with at least one letter in it */
    uint32_t bits, held; /* UTF-7 */
    uint64_t repaired;   /* bytes that did not fit the encoding */
};

void charset_decoder_init(struct charset_decoder *d, enum charset charset);

/* Appends `in` as UTF-8, at most 3 bytes a byte and 16 more.  Pieces may be cut anywhere; `last`
 * also gives out what a cut character left behind.  A byte order mark at the start is dropped.
 * False: *out is full or out of memory; the decoder is then of no further use. */
bool charset_decode(struct charset_decoder *d, struct span in, bool last, struct buf *out);

/* How many of the first bytes are their own UTF-8 form and may be used as they stand, without
 * charset_decode: the fast way for UTF-8 and ASCII.  Takes them as read. */
size_t charset_skip_plain(struct charset_decoder *d, struct span in);

/* Length of the valid UTF-8 sequence at `at`, 0 if there is none, -1 if `left` cuts it. */
int utf8_sequence(const unsigned char *at, size_t left);
/* Length of the run of ASCII bytes at the start. */
size_t ascii_run(const char *at, size_t len);
/* Length of the start that is valid UTF-8; a sequence that the end cuts is none of it. */
size_t utf8_run(const char *at, size_t len);
/* The same, and without the control bytes that text does not have (nor bell, backspace, 0x1A and
 * 0x1B, which hardly any has). */
size_t utf8_text_run(const char *at, size_t len);
/* Appends one code point (a surrogate or one beyond U+10FFFF as U+FFFD); `to` has room for 4.
 * Returns the length. */
unsigned utf8_put(char *to, uint32_t c);

/* The whole of a short text at once: a header, a name, a property. */
bool charset_convert(enum charset charset, struct span in, struct buf *out);

#endif
