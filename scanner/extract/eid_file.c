/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * eid_file.c - what programs save of a Belgian identity card: one person, in labelled lines.
 *
 * Read are the formats of the eID viewer (version 4: XML <eid>; 3.5: XML <beid_card>, one line of
 * CSV, tagged values), the XML of Quick Keys (<BelPicDirectory>, the card's own files in base64),
 * and the identity and address file of the card itself as raw bytes (FPS Home Affairs, "ID and
 * address file contents" 5.0): a tag, a length in steps of 7 bits, the value.
 *
 * The photograph is left out, and so are the certificates, which repeat number and name.  A special
 * status of the holder is a disability: it is said in words.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/der.h"
#include "scanner/extract/find_bytes.h"
#include "scanner/extract/markup.h"
#include "scanner/extract/text_reader.h"

enum {
    VALUE_MAX_LEN = 1024, /* of a field */
    FILE_MAX = 8 << 20,   /* of all the formats but XML; a photograph takes some kilobytes */
    BASE64_MAX = 1 << 20,
    HEAD_BYTES = 512, /* in which the viewer itself looks for <eid */
    CSV_FIELDS = 25,  /* to the town; behind it are picture and certificates */
    NUMBER_DIGITS = 11
};

enum field {
    FIELD_NONE,
    FIELD_NUMBER,
    FIELD_CARD,
    FIELD_CHIP,
    FIELD_SURNAME,
    FIELD_FIRST_NAMES,
    FIELD_MIDDLE_NAMES,
    FIELD_BIRTH_DATE,
    FIELD_BIRTH_PLACE,
    FIELD_SEX,
    FIELD_NATIONALITY,
    FIELD_STATUS,
    FIELD_PROTECTION,
    FIELD_STREET,
    FIELD_ZIP,
    FIELD_TOWN,
    FIELD_VALID_FROM,
    FIELD_VALID_TO,
    FIELD_DELIVERED,
    FIELD_NOBLE,
    FIELD_DOCUMENT,
    FIELD_OTHER, /* with the file's own name for it */
    FIELD_COUNT
};

static const char *const labels[FIELD_COUNT] = {
    [FIELD_NUMBER] = "National number",
    [FIELD_CARD] = "Identity card number",
    [FIELD_CHIP] = "Chip number",
    [FIELD_SURNAME] = "Surname",
    [FIELD_FIRST_NAMES] = "First names",
    [FIELD_MIDDLE_NAMES] = "Middle names",
    [FIELD_BIRTH_DATE] = "Date of birth",
    [FIELD_BIRTH_PLACE] = "Place of birth",
    [FIELD_SEX] = "Sex",
    [FIELD_NATIONALITY] = "Nationality",
    [FIELD_PROTECTION] = "Refugee, date and country of protection",
    [FIELD_VALID_FROM] = "Card valid from",
    [FIELD_VALID_TO] = "Card valid until",
    [FIELD_DELIVERED] = "Card issued in",
    [FIELD_NOBLE] = "Noble condition",
    [FIELD_DOCUMENT] = "Type of document",
};

struct eid {
    const struct sink *out;
    struct buf street, zip, town; /* of the address, until it is whole */
};

static bool say(struct eid *e, struct span text)
{
    return text.len == 0 || e->out->text(e->out->ctx, text);
}

static bool digits_only(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    }
    return s.len > 0;
}

/* The status in the words of the law (royal decree of 25 March 2003, article 3), whatever the
 * spelling of the file: a name, or the digit of the card. */
static bool say_status(struct eid *e, struct span v)
{
    if (v.len == 0 || !v.at || span_is(v, "NO_STATUS") || span_is(v, "0"))
        return true;
    bool one = v.len == 1;
    char digit = one ? v.at[0] : 0;
    bool white = memmem(v.at, v.len, "WHITE", 5) || digit == '1' || digit == '3';
    bool yellow = memmem(v.at, v.len, "YELLOW", 6) || digit == '4' || digit == '5';
    bool minority =
        memmem(v.at, v.len, "MINORITY", 8) || digit == '2' || digit == '3' || digit == '5';

    return say(e, SPAN("Special status: ")) && (one || say(e, v)) &&
           (!white || say(e, SPAN(" white cane, blind, handicap visuel"))) &&
           (!yellow || say(e, SPAN(" yellow cane, partially sighted, handicap visuel"))) &&
           (!minority || say(e, SPAN(" extended minority, handicap mental"))) &&
           (white || yellow || minority || say(e, SPAN(" handicap"))) && say(e, SPAN("\n"));
}

/* The month as the card has it in French, Dutch and German: its first letters; 0 for none. */
static unsigned month_of(struct span s)
{
    static const struct {
        char name[5];
        unsigned char month;
    } months[] = {{"JAN", 1},       {"FEV", 2},  {"F\xC3\x89V", 2}, {"FEB", 2},  {"MAR", 3},
                  {"MAA", 3},       {"MRT", 3},  {"M\xC3\x84R", 3}, {"AVR", 4},  {"APR", 4},
                  {"MAI", 5},       {"MEI", 5},  {"JUIN", 6},       {"JUIL", 7}, {"JUN", 6},
                  {"JUL", 7},       {"AOU", 8},  {"AO\xC3\x9B", 8}, {"AUG", 8},  {"SEP", 9},
                  {"OCT", 10},      {"OKT", 10}, {"NOV", 11},       {"DEC", 12}, {"DEZ", 12},
                  {"D\xC3\x89", 12}};

    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        size_t n = strnlen(months[i].name, sizeof months[i].name);

        if (s.len >= n && strncasecmp(s.at, months[i].name, n) == 0)
            return months[i].month;
    }
    return 0;
}

/* YYYYMMDD, or the card's DD mmm YYYY and DD.mmm.YYYY, as everybody writes it. */
static bool read_date(struct span v, char to[11])
{
    if (v.len == 8 && digits_only(v)) {
        memcpy(to, v.at + 6, 2);
        memcpy(to + 3, v.at + 4, 2);
        memcpy(to + 6, v.at, 4);
        return true;
    }
    if (v.len < 10 || v.len > 16 || !digits_only((struct span){v.at, 2}) ||
        !digits_only((struct span){v.at + v.len - 4, 4}))
        return false;
    size_t at = 2;

    while (at < v.len && (v.at[at] == ' ' || v.at[at] == '.'))
        at++;
    unsigned month = month_of((struct span){v.at + at, v.len - at});

    if (month == 0)
        return false;
    memcpy(to, v.at, 2);
    to[3] = (char)('0' + month / 10);
    to[4] = (char)('0' + month % 10);
    memcpy(to + 6, v.at + v.len - 4, 4);
    return true;
}

static void keep(struct buf *b, struct span v)
{
    buf_clear(b);
    buf_add_span(b, v);
}

static bool say_field(struct eid *e, enum field field, struct span name, struct span v)
{
    while (v.len > 0 && (unsigned char)v.at[0] <= ' ')
        v = (struct span){v.at + 1, v.len - 1};
    while (v.len > 0 && (unsigned char)v.at[v.len - 1] <= ' ')
        v.len--;
    if (v.len == 0)
        return true;
    if (v.len > VALUE_MAX_LEN && field != FIELD_NONE)
        field = FIELD_OTHER;
    switch (field) {
    case FIELD_NONE:
        return true;
    case FIELD_STATUS:
        return say_status(e, v);
    case FIELD_STREET:
        keep(&e->street, v);
        return true;
    case FIELD_ZIP:
        keep(&e->zip, v);
        return true;
    case FIELD_TOWN:
        keep(&e->town, v);
        return true;
    default:
        break;
    }
    if (labels[field] ? !say(e, span_of(labels[field])) : !say(e, name))
        return false;
    if (!say(e, SPAN(": ")))
        return false;
    char date[] = "DD/MM/YYYY";

    if (field == FIELD_BIRTH_DATE && read_date(v, date))
        return say(e, (struct span){date, 10}) && say(e, SPAN("\n"));
    return say(e, v) && say(e, SPAN("\n"));
}

static bool say_address(struct eid *e)
{
    struct span street = buf_span(&e->street), zip = buf_span(&e->zip), town = buf_span(&e->town);
    bool more = true;

    if (street.len + zip.len + town.len > 0)
        more = say(e, SPAN("Address: ")) && say(e, street) &&
               (street.len == 0 || say(e, SPAN(", "))) && say(e, zip) &&
               (zip.len == 0 || say(e, SPAN(" "))) && say(e, town) && say(e, SPAN("\n"));
    buf_clear(&e->street);
    buf_clear(&e->zip);
    buf_clear(&e->town);
    return more;
}

static bool begin(struct eid *e, const struct sink *out)
{
    *e = (struct eid){.out = out};
    buf_init(&e->street, VALUE_MAX_LEN);
    buf_init(&e->zip, VALUE_MAX_LEN);
    buf_init(&e->town, VALUE_MAX_LEN);
    out->media_type(out->ctx, "application/x-belgian-eid");
    return out->mark(out->ctx, (struct mark){MARK_RECORD, 0, 0}) &&
           say(e, SPAN("Belgian identity card\n"));
}

static void end(struct eid *e)
{
    buf_release(&e->street);
    buf_release(&e->zip);
    buf_release(&e->town);
}

/* --- tagged values ---------------------------------------------------------------------------- */

/* Tag, length, value.  False: no more, or it goes on behind the end. */
static bool next_value(struct span *s, unsigned *ret_tag, struct span *ret)
{
    size_t i = 1, len = 0;

    if (s->len < 2)
        return false;
    *ret_tag = (unsigned char)s->at[0];
    for (;;) {
        unsigned char b;

        if (i >= s->len || i > 4)
            return false;
        b = (unsigned char)s->at[i++];
        len = len << 7 | (b & 0x7F);
        if (!(b & 0x80))
            break;
    }
    if (len > s->len - i)
        return false;
    *ret = (struct span){s->at + i, len};
    *s = (struct span){s->at + i + len, s->len - i - len};
    return true;
}

static bool is_text(struct span v)
{
    for (size_t i = 0; i < v.len; i++) {
        if ((unsigned char)v.at[i] < ' ')
            return false;
    }
    return true;
}

/* "ID and address file contents", identity file. */
static const enum field identity_tags[] = {
    [0x01] = FIELD_CARD,        [0x03] = FIELD_VALID_FROM,   [0x04] = FIELD_VALID_TO,
    [0x05] = FIELD_DELIVERED,   [0x06] = FIELD_NUMBER,       [0x07] = FIELD_SURNAME,
    [0x08] = FIELD_FIRST_NAMES, [0x09] = FIELD_MIDDLE_NAMES, [0x0A] = FIELD_NATIONALITY,
    [0x0B] = FIELD_BIRTH_PLACE, [0x0C] = FIELD_BIRTH_DATE,   [0x0D] = FIELD_SEX,
    [0x0E] = FIELD_NOBLE,       [0x0F] = FIELD_DOCUMENT,     [0x10] = FIELD_STATUS,
    [0x12] = FIELD_OTHER,       [0x13] = FIELD_OTHER,        [0x14] = FIELD_OTHER,
    [0x15] = FIELD_PROTECTION,  [0x16] = FIELD_OTHER,        [0x17] = FIELD_OTHER,
    [0x18] = FIELD_OTHER,       [0x19] = FIELD_OTHER,        [0x1B] = FIELD_OTHER,
    [0x1C] = FIELD_OTHER,       [0x1D] = FIELD_OTHER,        [0x1E] = FIELD_OTHER,
    [0x1F] = FIELD_OTHER,
};

static bool say_identity(struct eid *e, struct span s)
{
    struct span v;
    unsigned tag;

    while (next_value(&s, &tag, &v)) {
        if (tag < sizeof identity_tags / sizeof *identity_tags && is_text(v) &&
            !say_field(e, identity_tags[tag], SPAN("Card"), v))
            return false;
    }
    return true;
}

static bool say_address_file(struct eid *e, struct span s)
{
    struct span v;
    unsigned tag;

    while (next_value(&s, &tag, &v)) {
        enum field field = tag == 1   ? FIELD_STREET
                           : tag == 2 ? FIELD_ZIP
                           : tag == 3 ? FIELD_TOWN
                                      : FIELD_NONE;

        if (is_text(v) && !say_field(e, field, SPAN(""), v))
            return false;
    }
    return say_address(e);
}

/* Of the card: structure version, card number, ..., national number in its place. */
static bool is_identity(struct span s)
{
    struct span v;
    unsigned tag;

    for (unsigned wanted = 0; next_value(&s, &tag, &v); wanted++) {
        if (tag != wanted || (tag == 1 && (v.len < 8 || v.len > 14 || !is_text(v))))
            return false;
        if (tag == 6)
            return v.len == NUMBER_DIGITS && digits_only(v);
    }
    return false;
}

static bool is_address(struct span s)
{
    struct span street, zip, town;
    unsigned a, b, c;

    if (s.len > 0 && s.at[0] == 0) /* a version before it */
        next_value(&s, &a, &zip);
    return next_value(&s, &a, &street) && next_value(&s, &b, &zip) && next_value(&s, &c, &town) &&
           a == 1 && b == 2 && c == 3 && street.len > 2 && is_text(street) && zip.len == 4 &&
           digits_only(zip) && town.len > 1 && is_text(town);
}

/* The container of version 3.5: a version, then the files of the card. */
static bool is_container(struct span s)
{
    struct span v;
    unsigned tag;

    if (!next_value(&s, &tag, &v) || tag != 0 || v.len > 4)
        return false;
    return next_value(&s, &tag, &v) && tag == 1 && is_identity(v);
}

static bool say_container(struct eid *e, struct span s)
{
    struct span v;
    unsigned tag;

    while (next_value(&s, &tag, &v)) {
        if ((tag == 1 && !say_identity(e, v)) || (tag == 3 && !say_address_file(e, v)))
            return false;
    }
    return true;
}

/* --- XML -------------------------------------------------------------------------------------- */

static const struct name_field {
    const char *name;
    enum field field;
} names[] = {
    /* version 4: attributes and elements */
    {"nationalnumber", FIELD_NUMBER},
    {"dateofbirth", FIELD_BIRTH_DATE},
    {"gender", FIELD_SEX},
    {"noblecondition", FIELD_NOBLE},
    {"specialstatus", FIELD_STATUS},
    {"dateandcountryofprotection", FIELD_PROTECTION},
    {"name", FIELD_SURNAME},
    {"firstname", FIELD_FIRST_NAMES},
    {"middlenames", FIELD_MIDDLE_NAMES},
    {"nationality", FIELD_NATIONALITY},
    {"placeofbirth", FIELD_BIRTH_PLACE},
    {"documenttype", FIELD_DOCUMENT},
    {"cardnumber", FIELD_CARD},
    {"chipnumber", FIELD_CHIP},
    {"validitydatebegin", FIELD_VALID_FROM},
    {"validitydateend", FIELD_VALID_TO},
    {"deliverymunicipality", FIELD_DELIVERED},
    {"streetandnumber", FIELD_STREET},
    {"zip", FIELD_ZIP},
    {"municipality", FIELD_TOWN},
    /* version 3.5 */
    {"national_nr", FIELD_NUMBER},
    {"logical_nr", FIELD_CARD},
    {"chip_nr", FIELD_CHIP},
    {"date_of_birth", FIELD_BIRTH_DATE},
    {"surname", FIELD_SURNAME},
    {"first_names", FIELD_FIRST_NAMES},
    {"firstnames", FIELD_FIRST_NAMES},
    {"first_name", FIELD_FIRST_NAMES},
    {"middle_names", FIELD_MIDDLE_NAMES},
    {"place_of_birth", FIELD_BIRTH_PLACE},
    {"birth_location", FIELD_BIRTH_PLACE},
    {"special_status", FIELD_STATUS},
    {"noble_condition", FIELD_NOBLE},
    {"nobility", FIELD_NOBLE},
    {"sex", FIELD_SEX},
    {"street", FIELD_STREET},
    {"town", FIELD_TOWN},
    {"card_nr", FIELD_CARD},
    {"date_begin", FIELD_VALID_FROM},
    {"date_end", FIELD_VALID_TO},
    {"issuing_municipality", FIELD_DELIVERED},
};

enum { NAME_LEN = 64 };

struct card_xml {
    struct eid eid;
    char name[NAME_LEN]; /* of the innermost element that began */
    struct buf text;
};

static enum field field_of(struct span name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (name.len == strlen(names[i].name) && strncasecmp(name.at, names[i].name, name.len) == 0)
            return names[i].field;
    }
    return FIELD_OTHER;
}

/* One word of hundreds of letters: a picture, a certificate. */
static bool is_encoded(struct span v)
{
    size_t run = 0;

    for (size_t i = 0; i < v.len && run < 56; i++)
        run = v.at[i] > ' ' ? run + 1 : 0;
    return v.len > 128 && run >= 56;
}

/* The files of the card in base64. */
static bool say_file(struct card_xml *c, struct span name, struct span text)
{
    AUTO_BUF struct buf bytes;

    buf_init(&bytes, BASE64_MAX);
    if (!base64_append(text, &bytes))
        return true;
    struct span s = buf_span(&bytes);

    if (s.len == 0)
        return true;
    if (name.len == 12 && strncasecmp(name.at, "identityFile", 12) == 0)
        return say_identity(&c->eid, s);
    if (name.len == 11 && strncasecmp(name.at, "addressFile", 11) == 0)
        return say_address_file(&c->eid, s);
    return is_identity(s)  ? say_identity(&c->eid, s)
           : is_address(s) ? say_address_file(&c->eid, s)
                           : true;
}

static bool end_text(struct card_xml *c)
{
    struct span name = span_of(c->name), text = buf_span(&c->text);
    bool more = true;

    if (text.len > 0 && !markup_is_blank(text)) {
        if ((name.len == 12 && strncasecmp(name.at, "identityFile", 12) == 0) ||
            (name.len == 11 && strncasecmp(name.at, "addressFile", 11) == 0) || is_encoded(text))
            more = say_file(c, name, text);
        else
            more = say_field(&c->eid, field_of(name), name, text);
    }
    buf_clear(&c->text);
    c->name[0] = '\0';
    return more;
}

static bool on_start(void *ctx, struct span name, const struct xmltext_attribute *attributes,
                     size_t count)
{
    struct card_xml *c = ctx;

    if (!end_text(c))
        return false;
    if (name.len < NAME_LEN) {
        memcpy(c->name, name.at, name.len);
        c->name[name.len] = '\0';
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_encoded(attributes[i].value) && !say_field(&c->eid, field_of(attributes[i].name),
                                                           attributes[i].name, attributes[i].value))
            return false;
    }
    return true;
}

static bool on_end(void *ctx, struct span name)
{
    struct card_xml *c = ctx;

    if (!end_text(c))
        return false;
    return !(name.len >= 7 && strncasecmp(name.at, "address", 7) == 0) || say_address(&c->eid);
}

static bool on_text(void *ctx, struct span text)
{
    struct card_xml *c = ctx;

    if (c->text.len + text.len <= BASE64_MAX)
        return buf_add_span(&c->text, text);
    /* longer than any file of a card: no field */
    bool more = say(&c->eid, buf_span(&c->text)) && say(&c->eid, text);

    buf_clear(&c->text);
    return more;
}

static bool on_rest(void *ctx, struct span text)
{
    struct card_xml *c = ctx;

    return say(&c->eid, text);
}

static struct ending read_xml(struct source *in, const struct sink *out)
{
    struct card_xml c = {0};
    const struct xmltext_events events = {.ctx = &c,
                                          .start = on_start,
                                          .end = on_end,
                                          .text = on_text,
                                          .aside = on_rest,
                                          .rest = on_rest};
    enum xmltext_result result = XMLTEXT_STOPPED;

    buf_init(&c.text, BASE64_MAX);
    if (begin(&c.eid, out))
        result = xmltext_read(in, XMLTEXT_XML, &events, out->budget);
    if (result != XMLTEXT_STOPPED && end_text(&c))
        say_address(&c.eid);
    buf_release(&c.text);
    end(&c.eid);
    return markup_ending(result, in, out);
}

/* --- CSV -------------------------------------------------------------------------------------- */

static const enum field csv_fields[CSV_FIELDS] = {
    [3] = FIELD_DOCUMENT,   [4] = FIELD_FIRST_NAMES, [5] = FIELD_SURNAME, [6] = FIELD_SEX,
    [7] = FIELD_BIRTH_DATE, [8] = FIELD_BIRTH_PLACE, [9] = FIELD_NOBLE,   [10] = FIELD_NATIONALITY,
    [11] = FIELD_NUMBER,    [16] = FIELD_CARD,       [17] = FIELD_CHIP,   [18] = FIELD_VALID_FROM,
    [19] = FIELD_VALID_TO,  [20] = FIELD_DELIVERED,  [22] = FIELD_STREET, [23] = FIELD_ZIP,
    [24] = FIELD_TOWN,
};

static bool say_csv(struct eid *e, struct span s)
{
    unsigned field = 0;

    while (s.len > 0) {
        const char *end_of = memchr(s.at, ';', s.len);
        struct span v = {s.at, end_of ? (size_t)(end_of - s.at) : s.len};
        enum field what = field > 2 && field < CSV_FIELDS ? csv_fields[field] : FIELD_NONE;
        bool unknown = field > 2 && (field >= CSV_FIELDS || what == FIELD_NONE);

        if (unknown && !is_encoded(v) && v.len <= VALUE_MAX_LEN)
            what = FIELD_OTHER;
        if (!say_field(e, what, SPAN("Card"), v))
            return false;
        s = (struct span){s.at + v.len, s.len - v.len};
        if (s.len > 0)
            s = (struct span){s.at + 1, s.len - 1};
        field++;
    }
    return say_address(e);
}

static bool is_csv(struct span s)
{
    unsigned signs = 0;

    if (s.len < 40 || strncasecmp(s.at, "eid;", 4) != 0)
        return false;
    for (size_t i = 0; i < s.len && s.at[i] != '\n' && signs < CSV_FIELDS; i++)
        signs += s.at[i] == ';';
    return signs >= CSV_FIELDS - 1;
}

/* --- the file --------------------------------------------------------------------------------- */

enum shape { SHAPE_NONE, SHAPE_XML, SHAPE_CSV, SHAPE_CONTAINER, SHAPE_IDENTITY, SHAPE_ADDRESS };

static bool has_root(struct span s, const char *name)
{
    size_t n = strlen(name);

    for (;;) {
        const char *at = find_bytes(s.at, s.len, name, n);

        if (!at)
            return false;
        s = (struct span){at + n, s.len - (size_t)(at + n - s.at)};
        if (s.len > 0 && strchr(" >\t\r\n", s.at[0]) != NULL)
            return true;
    }
}

static enum shape shape_of(struct span s)
{
    struct span start = {s.at, s.len < HEAD_BYTES ? s.len : HEAD_BYTES};

    if (s.len < 16)
        return SHAPE_NONE;
    if (s.at[0] == 0)
        return is_container(s)  ? SHAPE_CONTAINER
               : is_identity(s) ? SHAPE_IDENTITY
               : is_address(s)  ? SHAPE_ADDRESS
                                : SHAPE_NONE;
    if (s.at[0] == 1)
        return is_address(s) ? SHAPE_ADDRESS : SHAPE_NONE;
    if (is_csv(s))
        return SHAPE_CSV;
    if (s.at[0] != '<' && memcmp(s.at, "\xEF\xBB\xBF", 3) != 0 && s.at[0] > ' ')
        return SHAPE_NONE;
    return has_root(start, "<eid") || has_root(start, "<beid_card") ||
                   has_root(start, "<BelPicDirectory")
               ? SHAPE_XML
               : SHAPE_NONE;
}

static unsigned bid(const struct head *head)
{
    return shape_of(head->bytes) != SHAPE_NONE ? 75 : 0;
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    enum shape shape = shape_of(head->bytes);
    AUTO_BUF struct buf room;
    struct span whole;
    struct eid e;
    bool more;

    buf_init(&room, (size_t)FILE_MAX * 3 + 64);
    if (shape == SHAPE_XML)
        return read_xml(in, out);
    if (source_size(in) > FILE_MAX || source_whole(in, &whole) != 0)
        return source_ending(in, (struct ending){OUTCOME_OVER_LIMIT, "spool"});
    more = begin(&e, out);
    if (more && shape == SHAPE_CSV) {
        if (charset_convert(charset_detect(whole, true), whole, &room))
            whole = buf_span(&room);
        more = say_csv(&e, whole);
    } else if (more) {
        more = shape == SHAPE_CONTAINER  ? say_container(&e, whole)
               : shape == SHAPE_IDENTITY ? say_identity(&e, whole)
                                         : say_address_file(&e, whole);
    }
    end(&e);
    (void)more;
    return source_ending(in, ENDED_READ);
}

const struct extractor extract_eid_file = {
    .id = "eid_file",
    .version = 1,
    .media_type = "application/x-belgian-eid",
    .bid = bid,
    .run = run,
    .prepare = xmltext_prepare,
};
