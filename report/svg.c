/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/svg.h"

#include <inttypes.h>
#include <stdio.h>

__extension__ typedef unsigned __int128 wide;

enum {
    WIDTH = 760,
    LABEL = 325, /* labels end here */
    BARS = 345,  /* longest bar */
    ROW = 26,
    BAR = 16,
    LABEL_CHARACTERS = 46
};

static const char *const fills[] = {"#1d4e63", "#8fb3c2", "url(#hatch)", "#e3e6e8"};

void svg_patterns(struct page *p)
{
    page_markup(p,
                "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\" "
                "style=\"position:absolute\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" "
                "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                "<rect width=\"6\" height=\"6\" fill=\"#fff\"/>"
                "<rect width=\"3\" height=\"6\" fill=\"#4a4f54\"/></pattern></defs></svg>\n");
}

static void svg_open(struct page *p, const char *id, unsigned height, enum word title)
{
    char text[300];

    snprintf(text, sizeof text,
             "<figure><svg class=\"chart\" viewBox=\"0 0 %d %u\" role=\"img\" "
             "aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">",
             WIDTH, height, id, id, id);
    page_markup(p, text);
    page_word(p, title);
    snprintf(text, sizeof text, "</title><desc id=\"%s-d\">", id);
    page_markup(p, text);
}

static void rect(struct page *p, unsigned x, unsigned y, unsigned width, unsigned height,
                 const char *fill)
{
    char text[200];

    snprintf(text, sizeof text,
             "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill=\"%s\" stroke=\"#4a4f54\" "
             "stroke-width=\"0.5\"/>",
             x, y, width, height, fill);
    page_markup(p, text);
}

static void text_at(struct page *p, unsigned x, unsigned y)
{
    char text[64];

    snprintf(text, sizeof text, "<text x=\"%u\" y=\"%u\">", x, y);
    page_markup(p, text);
}

static unsigned scaled(uint64_t part, uint64_t whole, unsigned width)
{
    unsigned w = whole ? (unsigned)((wide)part * width / whole) : 0;

    return part > 0 && w < 2 ? 2 : w;
}

/* --- coverage -------------------------------------------------------------------------------- */

enum { CLASSES = 4 };

static void classes_of(const struct coverage_facts *c, struct amount ret[CLASSES])
{
    ret[0] = c->by_outcome[OUTCOME_READ].files;
    ret[1] = c->partial;
    ret[2] = c->unread;
    ret[3] = c->excluded;
}

static const enum word class_words[CLASSES] = {W_class_read, W_class_partial, W_class_unread,
                                               W_class_excluded};

static void stacked(struct page *p, unsigned y, const uint64_t *parts, unsigned n, uint64_t whole,
                    unsigned x, unsigned width)
{
    unsigned at = x;

    for (unsigned i = 0; i < n; i++) {
        unsigned w = scaled(parts[i], whole, width);

        if (at + w > x + width)
            w = x + width - at;
        if (w > 0)
            rect(p, at, y, w, BAR + 6, fills[i]);
        at += w;
    }
}

void svg_coverage(struct page *p, const char *id, const struct coverage_facts *c)
{
    struct amount classes[CLASSES];
    uint64_t files[CLASSES], bytes[CLASSES];

    classes_of(c, classes);
    svg_open(p, id, 66, W_coverage_chart);
    for (unsigned i = 0; i < CLASSES; i++) {
        files[i] = classes[i].files;
        bytes[i] = classes[i].bytes;
        page_word(p, class_words[i]);
        page_markup(p, ": ");
        page_share(p, files[i], c->files.files);
        page_markup(p, " / ");
        page_share(p, bytes[i], c->files.bytes);
        page_markup(p, ". ");
    }
    page_markup(p, "</desc>");
    text_at(p, 0, 19);
    page_word(p, W_files_holding);
    page_markup(p, "</text>");
    stacked(p, 3, files, CLASSES, c->files.files, 90, WIDTH - 91);
    text_at(p, 0, 51);
    page_word(p, W_bytes);
    page_markup(p, "</text>");
    stacked(p, 35, bytes, CLASSES, c->files.bytes, 90, WIDTH - 91);
    page_markup(p, "</svg>\n<figcaption><ul class=\"key\">");
    for (unsigned i = 0; i < CLASSES; i++) {
        static const char *const marks[CLASSES] = {"k0", "k1", "k2", "k3"};

        page_markup(p, "<li><span class=\"");
        page_markup(p, marks[i]);
        page_markup(p, "\"></span>");
        page_word(p, class_words[i]);
        page_markup(p, p->language == LANGUAGE_FR ? "\xc2\xa0: " : ": ");
        page_number(p, files[i]);
        page_markup(p, " (");
        page_share(p, files[i], c->files.files);
        page_markup(p, "); ");
        page_bytes(p, bytes[i]);
        page_markup(p, " (");
        page_share(p, bytes[i], c->files.bytes);
        page_markup(p, ")</li>");
    }
    page_markup(p, "</ul></figcaption></figure>\n");
}

/* --- bars ------------------------------------------------------------------------------------ */

/* The end of the first `characters` characters. */
static size_t cut_at(struct span s, unsigned characters, bool *ret_cut)
{
    size_t i = 0;

    for (unsigned n = 0; i < s.len; i++) {
        if (((unsigned char)s.at[i] & 0xc0) != 0x80 && n++ == characters)
            break;
    }
    *ret_cut = i < s.len;
    return i;
}

/* <bdi> and <wbr> are not SVG: in a chart a name is plain text, direction isolated by style. */
static void put_label(struct page *p, const struct bar *bar)
{
    struct span s = bar->word == W_COUNT ? bar->label : span_of(word_text(p->language, bar->word));
    bool cut;
    size_t len = cut_at(s, LABEL_CHARACTERS, &cut);

    page_plain_name(p, (struct span){s.at, len});
    if (cut)
        page_markup(p, "…");
}

static void put_key(struct page *p, bool low_too)
{
    page_markup(p, "<figcaption><ul class=\"key\"><li><span class=\"k0\"></span>");
    page_word(p, W_confidence);
    page_markup(p, p->language == LANGUAGE_FR ? "\xc2\xa0: " : ": ");
    page_word(p, W_high);
    page_markup(p, "</li><li><span class=\"k1\"></span>");
    page_word(p, W_medium);
    if (low_too) {
        page_markup(p, "</li><li><span class=\"k2\"></span>");
        page_word(p, W_low);
    }
    page_markup(p, "</li></ul></figcaption></figure>\n");
}

void svg_bars(struct page *p, const char *id, enum word title, const struct bar *bars, unsigned n,
              bool low_too)
{
    uint64_t longest = 0;

    for (unsigned i = 0; i < n; i++) {
        uint64_t sum = bars[i].parts[0] + bars[i].parts[1] + bars[i].parts[2];

        if (sum > longest)
            longest = sum;
    }
    svg_open(p, id, n * ROW + 4, title);
    page_word(p, W_chart_is_table);
    page_markup(p, "</desc>");
    for (unsigned i = 0; i < n; i++) {
        uint64_t sum = bars[i].parts[0] + bars[i].parts[1] + bars[i].parts[2];
        unsigned y = i * ROW + 2, width = scaled(sum, longest, BARS);

        text_at(p, 0, y + 16);
        put_label(p, &bars[i]);
        page_markup(p, "</text>");
        stacked(p, y, bars[i].parts, BAR_PARTS, sum, LABEL, width);
        text_at(p, LABEL + width + 8, y + 16);
        page_number(p, sum);
        page_markup(p, "</text>");
    }
    page_markup(p, "</svg>\n");
    put_key(p, low_too);
}
