/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * page.h - one HTML document in one language, streamed to a descriptor.
 *
 * Escaping is the default: only page_markup() writes bytes as they are, and it is for literals of
 * this program.  page_name() is for what comes from the source (names of folders): it is repaired
 * to valid UTF-8, control and direction-changing characters are replaced, and it is isolated from
 * the direction of the text around it.  After a failed write every call does nothing and
 * page_finish() returns the error.
 */
#ifndef CONSTAT_REPORT_PAGE_H
#define CONSTAT_REPORT_PAGE_H

#include "report/words.h"
#include "scanner/base/buf.h"

struct page {
    struct buf out;
    int fd;
    int error; /* negative errno */
    enum language language;
};

void page_init(struct page *p, int fd, enum language l);
int page_finish(struct page *p); /* flushes; releases the buffer */

void page_markup(struct page *p, const char *literal);
void page_text(struct page *p, const char *text); /* escaped */
void page_word(struct page *p, enum word w);
void page_name(struct page *p, struct span name);
void page_plain_name(struct page *p, struct span name); /* the same without markup of its own */
void page_number(struct page *p, uint64_t n);
void page_bytes(struct page *p, uint64_t n);
void page_share(struct page *p, uint64_t part, uint64_t whole); /* per cent */
void page_date(struct page *p, uint32_t yyyymmdd);
void page_time(struct page *p, int64_t seconds); /* UTC */

/* What fills {1}, {2} ... of a text. */
struct filling {
    enum { FILL_NUMBER, FILL_BYTES, FILL_SHARE, FILL_DATE, FILL_NAME, FILL_MILLI } how;
    uint64_t n, whole;
    struct span name;
};
void page_say(struct page *p, enum word w, const struct filling *fill, unsigned n);
#define SAY(p, w, ...)                                                                             \
    page_say(p, w, (const struct filling[]){__VA_ARGS__},                                          \
             sizeof((const struct filling[]){__VA_ARGS__}) / sizeof(struct filling))

#define NUMBER(v)                                                                                  \
    {                                                                                              \
        .how = FILL_NUMBER, .n = (v)                                                               \
    }
#define BYTES(v)                                                                                   \
    {                                                                                              \
        .how = FILL_BYTES, .n = (v)                                                                \
    }
#define SHARE(part, v)                                                                             \
    {                                                                                              \
        .how = FILL_SHARE, .n = (part), .whole = (v)                                               \
    }
#define DATE(v)                                                                                    \
    {                                                                                              \
        .how = FILL_DATE, .n = (v)                                                                 \
    }
#define MILLI(v)                                                                                   \
    {                                                                                              \
        .how = FILL_MILLI, .n = (v)                                                                \
    }
#define NAME(v)                                                                                    \
    {                                                                                              \
        .how = FILL_NAME, .name = (v)                                                              \
    }

void page_fill(struct page *p, const struct filling *f);

/* Tables.  The first column is the head of its row.  `sortable`: the script may sort and filter. */
struct column {
    enum word head;
    bool number;
};
void table_open(struct page *p, enum word caption, const struct column *columns, unsigned n,
                bool sortable);
void table_close(struct page *p);
void row_open(struct page *p); /* opens the row and its head cell; close with row_head_end */
void row_head_end(struct page *p);
void row_close(struct page *p);
void cell_number(struct page *p, uint64_t n);
void cell_bytes(struct page *p, uint64_t n);
void cell_share(struct page *p, uint64_t part, uint64_t whole);
void cell_open(struct page *p);
void cell_close(struct page *p);

/* <p> around a text without fillings. */
void paragraph(struct page *p, enum word w);
void note(struct page *p, enum word w); /* the small line that explains a figure */

#endif
