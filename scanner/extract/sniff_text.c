/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sniff_text.c - HTML (WHATWG MIME Sniffing, section 7.1, widened), XML, mails and mailboxes.
 */
#include "scanner/extract/sniff_text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { JUDGED = 2048, HEADERS = 16 * 1024 };

/* The start of the text as one byte a character, whatever its width; in place where it is one
 * already. */
static struct span narrow(struct span head, char room[JUDGED])
{
    size_t first = 0, step = 1;

    if (head.len >= 2 && memcmp(head.at, "\xFF\xFE", 2) == 0) {
        first = 2;
        step = 2;
    } else if (head.len >= 2 && memcmp(head.at, "\xFE\xFF", 2) == 0) {
        first = 3;
        step = 2;
    } else if (head.len >= 3 && memcmp(head.at, "\xEF\xBB\xBF", 3) == 0) {
        first = 3;
    } else if (head.len >= 2 && head.at[0] == '<' && head.at[1] == '\0') {
        step = 2;
    } else if (head.len >= 2 && head.at[0] == '\0' && head.at[1] == '<') {
        first = 1;
        step = 2;
    }
    size_t n = 0;

    if (step == 1) {
        n = head.len - first;
        return (struct span){head.at + first, n < JUDGED ? n : JUDGED};
    }
    for (size_t i = first; i < head.len && n < JUDGED; i += step)
        room[n++] = head.at[i];
    return (struct span){room, n};
}

static bool begins(struct span s, const char *lower)
{
    size_t n = strlen(lower);

    return s.len >= n && strncasecmp(s.at, lower, n) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static struct span after(struct span s, size_t n)
{
    return n < s.len ? (struct span){s.at + n, s.len - n} : (struct span){s.at + s.len, 0};
}

static struct span skip_blank(struct span s)
{
    while (s.len > 0 && is_blank(s.at[0]))
        s = after(s, 1);
    return s;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == ':' || c == '.';
}

static bool is_html_tag(struct span s)
{
    static const char *const tags[] = {
        "<!doctype html", "<html",  "<head", "<body", "<script", "<title", "<table", "<div",
        "<meta",          "<style", "<h1",   "<font", "<p",      "<a",     "<b",     "<br",
        "<iframe",        "<link",  "<span", "<form"};

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t n = strlen(tags[i]);

        if (begins(s, tags[i]) && s.len > n && !is_name(s.at[n]))
            return true;
    }
    return false;
}

const char *sniff_markup(struct span head)
{
    char text[JUDGED];
    struct span whole = narrow(head, text), s = skip_blank(whole);
    bool declared = false;

    if (s.len < 3 || s.at[0] != '<')
        return NULL;
    /* Declarations, comments and processing instructions before the root. */
    for (;;) {
        s = skip_blank(s);
        size_t skip = 0;

        if (begins(s, "<!--")) {
            const char *end = memmem(s.at, s.len, "-->", 3);

            skip = end ? (size_t)(end - s.at) + 3 : s.len;
        } else if (begins(s, "<?")) {
            const char *end = memmem(s.at, s.len, "?>", 2);

            declared = declared || begins(s, "<?xml");
            skip = end ? (size_t)(end - s.at) + 2 : s.len;
        } else if (begins(s, "<!doctype") && !begins(s, "<!doctype html")) {
            const char *end = memchr(s.at, '>', s.len);

            declared = true;
            skip = end ? (size_t)(end - s.at) + 1 : s.len;
        }
        if (skip == 0)
            break;
        s = after(s, skip);
    }
    if (declared ? begins(s, "<html") : is_html_tag(s)) /* <a> and <p> are names in XML as well */
        return "text/html";
    if (declared)
        return "application/xml";
    /* A root element without a declaration: closed, or with a name space, right here. */
    size_t n = 1;

    while (n < s.len && is_name(s.at[n]))
        n++;
    if (n < 2 || n >= s.len || s.at[0] != '<' || (s.at[1] >= '0' && s.at[1] <= '9') ||
        (!is_blank(s.at[n]) && s.at[n] != '>' && s.at[n] != '/'))
        return NULL;
    const char *end = memchr(s.at, '>', s.len);

    if (!end)
        return NULL;
    if (memmem(s.at, (size_t)(end - s.at), "xmlns", 5) || end[-1] == '/' ||
        memmem(end, (size_t)(s.at + s.len - end), "</", 2))
        return "application/xml";
    return NULL;
}

/* --- mail --------------------------------------------------------------------------------------
 */

static struct span next_line(struct span *rest)
{
    const char *feed = memchr(rest->at, '\n', rest->len);
    size_t n = feed ? (size_t)(feed - rest->at) : rest->len;
    struct span line = {rest->at, n};

    *rest = after(*rest, feed ? n + 1 : n);
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* Length of the field name of a header line (RFC 5322, 2.2), 0 for none. */
static size_t field_name(struct span line)
{
    size_t n = 0;

    while (n < line.len && n < 77 && line.at[n] > ' ' && line.at[n] < 127 && line.at[n] != ':')
        n++;
    return n > 0 && n < line.len && line.at[n] == ':' ? n : 0;
}

const char *sniff_mail(struct span head)
{
    /* `transport` fields stand in mails only; the others also in notes and forms. */
    static const struct {
        const char *name;
        bool transport;
    } fields[] = {
        {"received", true},       {"return-path", true},   {"message-id", true},
        {"mime-version", true},   {"delivered-to", true},  {"x-mozilla-status", true},
        {"dkim-signature", true}, {"x-mailer", true},      {"in-reply-to", true},
        {"x-original-to", true},  {"from", false},         {"to", false},
        {"date", false},          {"subject", false},      {"cc", false},
        {"reply-to", false},      {"content-type", false},
    };
    enum { FIELDS = sizeof fields / sizeof *fields, FROM = 10, TO = 11, DATE = 12, SUBJECT = 13 };
    struct span rest = {head.at, head.len < HEADERS ? head.len : HEADERS};
    unsigned seen = 0, transport = 0, known = 0;
    bool mailbox = false;

    if (rest.len < 8)
        return NULL;
    if (memcmp(rest.at, "\xEF\xBB\xBF", 3) == 0)
        rest = after(rest, 3);
    if (begins(rest, "From ") && rest.at[0] == 'F') {
        next_line(&rest);
        mailbox = true;
    }
    for (unsigned lines = 0; rest.len > 0 && lines < 200; lines++) {
        struct span line = next_line(&rest);

        if (line.len == 0)
            break; /* end of the header */
        if (line.at[0] == ' ' || line.at[0] == '\t') {
            if (lines == 0)
                return NULL;
            continue;
        }
        if (mailbox && lines < 2 && begins(line, ">From "))
            continue;
        size_t n = field_name(line);

        if (n == 0) {
            if (rest.len > 0)
                return NULL; /* not a header block, and not just cut here */
            break;
        }
        char first =
            line.at[0] >= 'A' && line.at[0] <= 'Z' ? (char)(line.at[0] + 'a' - 'A') : line.at[0];

        for (unsigned i = 0; i < FIELDS; i++) {
            if (fields[i].name[0] == first && strlen(fields[i].name) == n &&
                strncasecmp(line.at, fields[i].name, n) == 0 && !(seen & 1u << i)) {
                seen |= 1u << i;
                known++;
                transport += fields[i].transport;
            }
        }
    }
    bool sender = seen & 1u << FROM;

    if (mailbox)
        return known >= 2 ? "application/mbox" : NULL;
    if ((transport >= 1 && known >= 2) ||
        (sender && seen & 1u << DATE && seen & (1u << TO | 1u << SUBJECT)))
        return "message/rfc822";
    return NULL;
}
