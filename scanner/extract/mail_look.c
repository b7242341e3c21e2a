/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * mail_look.c - telling mail from text that only talks about it.
 */
#include <ctype.h>
#include <strings.h>

#include "scanner/extract/mail.h"

enum { LINES_LOOKED_AT = 200, NAME_MAX_LENGTH = 76 };

/* Names that stand in nearly every message (RFC 5322, RFC 2045, RFC 2076), and those that local
 * delivery and mail programs add.  X- names are counted once, together. */
static const char *const KNOWN_NAMES[] = {
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Received",
    "Message-ID",
    "MIME-Version",
    "Return-Path",
    "Delivered-To",
    "Reply-To",
    "Sender",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Envelope-To",
    "DKIM-Signature",
    "Thread-Topic",
    "Authentication-Results",
    "Content-Transfer-Encoding",
};
enum { KNOWN_COUNT = sizeof(KNOWN_NAMES) / sizeof(KNOWN_NAMES[0]) };

struct span mail_first_line(struct span text, struct span *rest)
{
    const char *feed = text.len ? memchr(text.at, '\n', text.len) : NULL;
    size_t len = feed ? (size_t)(feed - text.at) : text.len;
    size_t next = feed ? len + 1 : text.len;

    *rest = (struct span){text.at + next, text.len - next};
    if (len > 0 && text.at[len - 1] == '\r')
        len--;
    return (struct span){text.at, len};
}

/* Length of the name before the colon, 0 when the line is no header. */
static size_t header_name(struct span line)
{
    for (size_t i = 0; i < line.len && i <= NAME_MAX_LENGTH; i++) {
        unsigned char c = (unsigned char)line.at[i];

        if (c == ':')
            return i;
        if (c <= ' ' || c > '~')
            return 0;
    }
    return 0;
}

bool mail_is_header_line(struct span line)
{
    if (line.len > 0 && (line.at[0] == ' ' || line.at[0] == '\t'))
        return true;
    return header_name(line) > 0;
}

static bool two_digits(const char *at)
{
    return isdigit((unsigned char)at[0]) && isdigit((unsigned char)at[1]);
}

bool mail_is_envelope_line(struct span line, bool *dated)
{
    bool time = false, year = false, blank = true;

    *dated = false;
    if (line.len < 5 || memcmp(line.at, "From ", 5) != 0)
        return false;
    for (size_t i = 5; i < line.len; i++) {
        blank = blank && (line.at[i] == ' ' || line.at[i] == '-');
        if (i + 5 <= line.len && two_digits(line.at + i) && line.at[i + 2] == ':' &&
            two_digits(line.at + i + 3))
            time = true;
        if (i + 4 <= line.len && line.at[i - 1] == ' ' && two_digits(line.at + i) &&
            two_digits(line.at + i + 2) &&
            (i + 4 == line.len || !isdigit((unsigned char)line.at[i + 4])))
            year = true;
    }
    *dated = time && year;
    return *dated || blank;
}

unsigned mail_known_headers(struct span text, bool *broken)
{
    bool seen[KNOWN_COUNT + 1] = {false};
    unsigned count = 0;

    *broken = false;
    for (unsigned lines = 0; text.len > 0 && lines < LINES_LOOKED_AT; lines++) {
        struct span rest, line = mail_first_line(text, &rest);
        size_t name = header_name(line);
        bool last = rest.len == 0; /* perhaps cut */

        if (line.len == 0)
            break;
        if (name == 0 && !(lines > 0 && (line.at[0] == ' ' || line.at[0] == '\t'))) {
            *broken = !last;
            break;
        }
        for (unsigned i = 0; name > 0 && i < KNOWN_COUNT; i++) {
            if (!seen[i] && strlen(KNOWN_NAMES[i]) == name &&
                strncasecmp(KNOWN_NAMES[i], line.at, name) == 0) {
                seen[i] = true;
                count++;
            }
        }
        if (name > 2 && !seen[KNOWN_COUNT] && strncasecmp(line.at, "X-", 2) == 0) {
            seen[KNOWN_COUNT] = true;
            count++;
        }
        text = rest;
    }
    return count;
}
