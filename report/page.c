/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/page.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

__extension__ typedef unsigned __int128 wide;

enum { FLUSH_AT = 64 * 1024 };

#define NARROW_NBSP "\xe2\x80\xaf"
#define NBSP        "\xc2\xa0"
#define REPLACEMENT "\xef\xbf\xbd"

void page_init(struct page *p, int fd, enum language l)
{
    *p = (struct page){.fd = fd, .language = l};
    buf_init(&p->out, 4 * FLUSH_AT);
}

static void flush(struct page *p)
{
    size_t done = 0;

    if (p->out.failed && p->error == 0)
        p->error = -ENOMEM;
    while (p->error == 0 && done < p->out.len) {
        ssize_t n = write(p->fd, p->out.at + done, p->out.len - done);

        if (n < 0 && errno != EINTR)
            p->error = -errno;
        else if (n > 0)
            done += (size_t)n;
    }
    buf_clear(&p->out);
}

int page_finish(struct page *p)
{
    flush(p);
    buf_release(&p->out);
    return p->error;
}

static void put(struct page *p, const char *at, size_t len)
{
    if (p->out.len + len > FLUSH_AT)
        flush(p);
    buf_add(&p->out, at, len);
}

void page_markup(struct page *p, const char *literal)
{
    put(p, literal, strlen(literal));
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_char(struct page *p, char c)
{
    const char *escaped = escape_of(c);

    if (escaped)
        put(p, escaped, strlen(escaped));
    else
        put(p, &c, 1);
}

/* French typography: no line break before : ; ? ! % or inside guillemets. */
static size_t french_blank(struct page *p, const char *at)
{
    if (at[0] == ' ' && at[1] == ':') {
        page_markup(p, NBSP);
        return 1;
    }
    if (at[0] == ' ' && at[1] && (strchr(";?!%", at[1]) || strncmp(at + 1, "»", 2) == 0)) {
        page_markup(p, NARROW_NBSP);
        return 1;
    }
    if (strncmp(at, "« ", 3) == 0) {
        page_markup(p, "«" NARROW_NBSP);
        return 3;
    }
    return 0;
}

static void put_sentence(struct page *p, const char *text, const struct filling *fill, unsigned n)
{
    while (*text) {
        size_t skip = p->language == LANGUAGE_FR ? french_blank(p, text) : 0;

        if (skip) {
            text += skip;
        } else if (text[0] == '{' && text[1] >= '1' && text[1] <= '9' && text[2] == '}') {
            if ((unsigned)(text[1] - '1') < n)
                page_fill(p, &fill[text[1] - '1']);
            text += 3;
        } else {
            put_char(p, *text++);
        }
    }
}

void page_text(struct page *p, const char *text)
{
    put_sentence(p, text, NULL, 0);
}

void page_word(struct page *p, enum word w)
{
    put_sentence(p, word_text(p->language, w), NULL, 0);
}

void page_say(struct page *p, enum word w, const struct filling *fill, unsigned n)
{
    put_sentence(p, word_text(p->language, w), fill, n);
}

/* Length of the well-formed UTF-8 character at the front (RFC 3629), 0 when there is none. */
static size_t utf8_length(const unsigned char *s, size_t len, uint32_t *ret)
{
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : (s[0] & 0xf0) == 0xe0       ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
    uint32_t c = n == 1 ? s[0] : n ? s[0] & (0x7fu >> n) : 0;

    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    if ((n == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) ||
        (n == 4 && (c < 0x10000 || c > 0x10ffff)))
        return 0;
    *ret = c;
    return n;
}

/* Controls, and characters that would change the order of what is read (Unicode UAX #9). */
static bool is_deceptive(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
           (c & 0xfffe) == 0xfffe;
}

static void put_name(struct page *p, struct span name, bool breaks)
{
    for (size_t i = 0; i < name.len;) {
        uint32_t c = 0;
        size_t n = utf8_length((const unsigned char *)name.at + i, name.len - i, &c);

        if (n == 0 || is_deceptive(c))
            page_markup(p, REPLACEMENT);
        else if (n == 1)
            put_char(p, name.at[i]);
        else
            put(p, name.at + i, n);
        if (breaks && (c == '/' || c == '_'))
            page_markup(p, "<wbr>");
        i += n ? n : 1;
    }
}

void page_name(struct page *p, struct span name)
{
    page_markup(p, "<bdi>");
    put_name(p, name, true);
    page_markup(p, "</bdi>");
}

void page_plain_name(struct page *p, struct span name)
{
    put_name(p, name, false);
}

/* --- figures --------------------------------------------------------------------------------- */

void page_number(struct page *p, uint64_t n)
{
    static const char *const separator[LANGUAGES] = {NARROW_NBSP, ".", ".", ","};
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            page_markup(p, separator[p->language]);
        put(p, &digits[i], 1);
    }
}

static void put_tenths(struct page *p, uint64_t tenths)
{
    char digit = (char)('0' + tenths % 10);

    page_number(p, tenths / 10);
    page_markup(p, p->language == LANGUAGE_EN ? "." : ",");
    put(p, &digit, 1);
}

void page_bytes(struct page *p, uint64_t n)
{
    static const char *const units[2][6] = {{"o", "ko", "Mo", "Go", "To", "Po"},
                                            {"B", "kB", "MB", "GB", "TB", "PB"}};
    unsigned unit = 0;
    uint64_t scale = 1;

    while (unit < 5 && n / scale >= 1000) {
        scale *= 1000;
        unit++;
    }
    if (unit == 0) {
        page_number(p, n);
    } else {
        uint64_t tenths = n / (scale / 10) + (n % (scale / 10) >= scale / 20);

        if (tenths >= 10000 && unit < 5) {
            tenths /= 1000;
            unit++;
        }
        put_tenths(p, tenths);
    }
    page_markup(p, NBSP);
    page_markup(p, units[p->language == LANGUAGE_FR ? 0 : 1][unit]);
}

/* To a tenth of a per cent; never "0" for something nor "100" for less than all. */
void page_share(struct page *p, uint64_t part, uint64_t whole)
{
    uint64_t permille;

    if (whole == 0 || part >= whole) {
        page_markup(p, whole == 0 && part == 0 ? "–" : "100");
        if (whole == 0 && part == 0)
            return;
    } else if (part == 0) {
        page_markup(p, "0");
    } else {
        permille = (uint64_t)(((wide)part * 2000 + whole) / ((wide)whole * 2));
        if (permille == 0) {
            page_markup(p, "&lt;" NBSP);
            permille = 1;
        } else if (permille >= 1000) {
            page_markup(p, "&gt;" NBSP);
            permille = 999;
        }
        put_tenths(p, permille);
    }
    page_markup(p,
                p->language == LANGUAGE_EN || p->language == LANGUAGE_NL ? "%" : NARROW_NBSP "%");
}

void page_date(struct page *p, uint32_t yyyymmdd)
{
    char text[32];
    unsigned year = yyyymmdd / 10000, month = yyyymmdd / 100 % 100, day = yyyymmdd % 100;

    /* English readers disagree on which comes first: the ISO form there. */
    if (p->language == LANGUAGE_EN)
        snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
    else if (p->language == LANGUAGE_DE)
        snprintf(text, sizeof text, "%02u.%02u.%04u", day, month, year);
    else
        snprintf(text, sizeof text, "%02u/%02u/%04u", day, month, year);
    page_text(p, text);
}

void page_time(struct page *p, int64_t seconds)
{
    time_t when = (time_t)seconds;
    struct tm tm;
    char text[40];

    if (seconds == 0 || !gmtime_r(&when, &tm) ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm) == 0)
        page_word(p, W_unknown);
    else
        page_text(p, text);
}

void page_fill(struct page *p, const struct filling *f)
{
    switch (f->how) {
    case FILL_NUMBER:
        page_number(p, f->n);
        break;
    case FILL_BYTES:
        page_bytes(p, f->n);
        break;
    case FILL_SHARE:
        page_share(p, f->n, f->whole);
        break;
    case FILL_DATE:
        page_date(p, (uint32_t)f->n);
        break;
    case FILL_NAME:
        page_name(p, f->name);
        break;
    case FILL_MILLI:
        if (f->n > 0 && f->n < 100)
            page_markup(p, p->language == LANGUAGE_EN ? "&lt;" NBSP "0.1" : "&lt;" NBSP "0,1");
        else if (f->n >= 100000)
            page_number(p, (f->n + 500) / 1000);
        else
            put_tenths(p, (f->n + 50) / 100);
        break;
    }
}

/* --- tables ---------------------------------------------------------------------------------- */

void table_open(struct page *p, enum word caption, const struct column *columns, unsigned n,
                bool sortable)
{
    page_markup(p, sortable ? "<div class=\"wide\"><table class=\"sortable\"><caption>"
                            : "<div class=\"wide\"><table><caption>");
    page_word(p, caption);
    page_markup(p, "</caption>\n<thead><tr>");
    for (unsigned i = 0; i < n; i++) {
        page_markup(p, columns[i].number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        page_word(p, columns[i].head);
        page_markup(p, "</th>");
    }
    page_markup(p, "</tr></thead>\n<tbody>\n");
}

void table_close(struct page *p)
{
    page_markup(p, "</tbody></table></div>\n");
}

void row_open(struct page *p)
{
    page_markup(p, "<tr><th scope=\"row\">");
}

void row_head_end(struct page *p)
{
    page_markup(p, "</th>");
}

void row_close(struct page *p)
{
    page_markup(p, "</tr>\n");
}

static void number_cell(struct page *p, uint64_t sort_by)
{
    char text[48];

    snprintf(text, sizeof text, "<td class=\"n\" data-v=\"%" PRIu64 "\">", sort_by);
    page_markup(p, text);
}

void cell_number(struct page *p, uint64_t n)
{
    number_cell(p, n);
    page_number(p, n);
    page_markup(p, "</td>");
}

void cell_bytes(struct page *p, uint64_t n)
{
    number_cell(p, n);
    page_bytes(p, n);
    page_markup(p, "</td>");
}

void cell_share(struct page *p, uint64_t part, uint64_t whole)
{
    number_cell(p, part);
    page_share(p, part, whole);
    page_markup(p, "</td>");
}

void cell_open(struct page *p)
{
    page_markup(p, "<td>");
}

void cell_close(struct page *p)
{
    page_markup(p, "</td>");
}

void paragraph(struct page *p, enum word w)
{
    page_markup(p, "<p>");
    page_word(p, w);
    page_markup(p, "</p>\n");
}

void note(struct page *p, enum word w)
{
    page_markup(p, "<p class=\"note\">");
    page_word(p, w);
    page_markup(p, "</p>\n");
}
