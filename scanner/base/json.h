/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * json.h - JSON written as a stream, escaped by default (RFC 8259), and lists of strings read back.
 *
 *     struct json j = json_to(&out);
 *     json_object(&j);  json_key(&j, "path");  json_string(&j, path);  json_end_object(&j);
 *
 * Strings come from bytes that are not trusted: what is not valid UTF-8 is repaired with U+FFFD,
 * and what a terminal or an HTML page could take for more than text (control characters, `<`,
 * line and paragraph separators, characters that turn the direction of writing) is escaped.
 * Failures stay in out->failed.  Separators are ", " and ": ".
 */
#ifndef CONSTAT_JSON_H
#define CONSTAT_JSON_H

#include "scanner/base/buf.h"

enum { JSON_DEPTH_MAX = 32 };

struct json {
    struct buf *out;
    unsigned depth;
    bool first[JSON_DEPTH_MAX]; /* nothing yet at this depth */
    bool after_key;
};

struct json json_to(struct buf *out);
void json_object(struct json *j);
void json_end_object(struct json *j);
void json_array(struct json *j);
void json_end_array(struct json *j);
void json_key(struct json *j, const char *key); /* ASCII letters, digits, _ and - */
void json_string(struct json *j, struct span bytes);
void json_text(struct json *j, const char *text); /* NULL gives null */
void json_unsigned(struct json *j, uint64_t v);
void json_signed(struct json *j, int64_t v);
void json_number(struct json *j, double v); /* not finite gives null */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);

/* One string with its quotes, escaped like json_string, without any separator. */
bool json_add_string(struct buf *out, struct span bytes);

bool utf8_is_valid(struct span bytes);
/* The same text with each invalid byte sequence as U+FFFD. */
bool utf8_repair(struct span bytes, struct buf *ret);

/* The next string of a JSON array of strings, unescaped into *ret (cleared first).  Start with
 * r = reader_of(array).  False at the end or when it is not such an array (then r->bad). */
bool json_list_next(struct reader *r, struct buf *ret);

#endif
