/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/der.h"

#include "scanner/extract/charset.h"
#include "scanner/extract/find_bytes.h"

enum {
    TAG_INTEGER = 0x02,
    TAG_BITS = 0x03,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_UTF8 = 0x0C,
    TAG_T61 = 0x14,
    TAG_BMP = 0x1E,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_OCTETS_IN_PIECES = 0x24,
    CERTIFICATES_MAX = 1000,
    VALUE_LONGEST = 512
};

bool der_next(struct span *s, struct der_value *ret)
{
    const unsigned char *at = (const unsigned char *)s->at;
    size_t len, used = 2;

    if (s->len < 2 || (at[0] & 0x1F) == 0x1F) /* tags of several bytes do not occur here */
        return false;
    *ret = (struct der_value){.tag = at[0]};
    len = at[1];
    if (len == 0x80) {
        ret->cut = true;
        len = s->len - used;
    } else if (len > 0x80) {
        unsigned bytes = len & 0x7F;

        if (bytes > 4 || s->len < used + bytes)
            return false;
        len = 0;
        while (bytes-- > 0)
            len = len << 8 | at[used++];
    }
    if (len > s->len - used) {
        ret->cut = true;
        len = s->len - used;
    }
    ret->content = (struct span){s->at + used, len};
    *s = (struct span){s->at + used + len, s->len - used - len};
    return true;
}

bool der_expect(struct span *s, unsigned char tag, struct der_value *ret)
{
    return s->len > 0 && (unsigned char)*s->at == tag && der_next(s, ret);
}

static bool oid_is(const struct der_value *v, const char *bytes, size_t len)
{
    return v->tag == TAG_OID && v->content.len == len && memcmp(v->content.at, bytes, len) == 0;
}

#define OID_IS(v, literal) oid_is((v), (literal), sizeof(literal) - 1)

#define PKCS     "\x2A\x86\x48\x86\xF7\x0D\x01" /* 1.2.840.113549.1 */
#define CMS_DATA PKCS "\x07\x01"

/* --- certificates ----------------------------------------------------------------------------- */

struct certificate {
    struct span issuer, subject, extensions;
    size_t len;
};

/* RFC 5280, 4.1; RFC 2986, 4.1 for a request, which has no issuer. */
static bool certificate_at(struct span s, bool whole, struct certificate *ret)
{
    struct span all = s, body;
    struct der_value v, first;

    *ret = (struct certificate){0};
    if (!der_expect(&s, TAG_SEQUENCE, &v) || (v.cut && whole))
        return false;
    ret->len = all.len - s.len;
    body = v.content;
    if (!der_expect(&body, TAG_SEQUENCE, &v) || (v.cut && whole))
        return false;
    body = v.content;
    der_expect(&body, 0xA0, &v); /* version */
    if (!der_expect(&body, TAG_INTEGER, &v) || v.cut || !der_expect(&body, TAG_SEQUENCE, &v) ||
        v.cut)
        return false;
    struct span inner = v.content;

    if (!der_next(&inner, &first))
        return false;
    if (first.tag == TAG_SET) {
        ret->subject = v.content;
        return der_expect(&body, TAG_SEQUENCE, &v);
    }
    if (first.tag != TAG_OID || !der_expect(&body, TAG_SEQUENCE, &v))
        return false;
    ret->issuer = v.content;
    if (!der_expect(&body, TAG_SEQUENCE, &v) || !der_expect(&body, TAG_SEQUENCE, &v))
        return false;
    ret->subject = v.content;
    if (!der_expect(&body, TAG_SEQUENCE, &v))
        return false;
    while (der_next(&body, &v)) {
        if (v.tag == 0xA3)
            ret->extensions = v.content;
    }
    return true;
}

/* --- names ------------------------------------------------------------------------------------ */

/* RFC 4519, ITU-T X.520.  A label stands before each value, as in a form. */
static const struct attribute {
    const char *oid, *label;
} attributes[] = {
    {"\x55\x04\x05", "serialNumber"},
    {"\x55\x04\x04", "Surname"},
    {"\x55\x04\x2A", "Given name"},
    {"\x55\x04\x03", "CN"},
    {PKCS "\x09\x01", "E-mail"},
    {"\x55\x04\x06", "Country"},
    {"\x55\x04\x07", "Locality"},
    {"\x55\x04\x08", "State"},
    {"\x55\x04\x09", "Street"},
    {"\x55\x04\x11", "Postal code"},
    {"\x55\x04\x14", "Telephone"},
    {"\x55\x04\x0A", "Organisation"},
    {"\x55\x04\x0B", "Organisational unit"},
    {"\x55\x04\x0C", "Title"},
    {"\x55\x04\x41", "Pseudonym"},
    {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x01", "User"},
};

/* The next attribute of a name.  False: no more. */
static bool next_attribute(struct span *name, struct span *set, struct der_value *ret_oid,
                           struct der_value *ret_value)
{
    struct der_value v;

    for (;;) {
        while (set->len == 0) {
            if (!der_expect(name, TAG_SET, &v))
                return false;
            *set = v.content;
        }
        if (!der_expect(set, TAG_SEQUENCE, &v)) {
            set->len = 0;
            continue;
        }
        if (der_expect(&v.content, TAG_OID, ret_oid) && der_next(&v.content, ret_value))
            return true;
    }
}

static bool say(const struct sink *out, struct span text)
{
    return text.len == 0 || out->text(out->ctx, text);
}

static bool say_value(const struct sink *out, const struct der_value *v)
{
    AUTO_BUF struct buf room;
    struct span text = v->content;

    buf_init(&room, 4 * VALUE_LONGEST);
    if (text.len > VALUE_LONGEST)
        text.len = VALUE_LONGEST;
    if (v->tag == TAG_BMP && charset_convert(CHARSET_UTF_16BE, text, &room))
        text = buf_span(&room);
    else if (v->tag == TAG_T61 && charset_convert(CHARSET_WINDOWS_1252, text, &room))
        text = buf_span(&room);
    else
        buf_add_span(&room, text);
    for (size_t i = 0; i < room.len; i++) {
        if ((unsigned char)room.at[i] < 0x20)
            room.at[i] = ' ';
    }
    return say(out, buf_span(&room));
}

static bool say_line(const struct sink *out, const char *label, const struct der_value *v)
{
    return say(out, span_of(label)) && say(out, SPAN(": ")) && say_value(out, v) &&
           say(out, SPAN("\n"));
}

/* The identity codes of ETSI EN 319 412-1, 5.1.3: PNOBE-85073003328. */
static void strip_scheme(struct der_value *v)
{
    if (v->content.len > 6 &&
        (memcmp(v->content.at, "PNOBE-", 6) == 0 || memcmp(v->content.at, "TINBE-", 6) == 0))
        v->content = (struct span){v->content.at + 6, v->content.len - 6};
}

static bool say_subject(const struct sink *out, struct span name)
{
    struct span set = {"", 0};
    struct der_value oid, v;

    while (next_attribute(&name, &set, &oid, &v)) {
        const char *label = "Other";

        for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
            if (oid_is(&oid, attributes[i].oid, strlen(attributes[i].oid)))
                label = attributes[i].label;
        }
        strip_scheme(&v);
        if (v.content.len > 0 && !say_line(out, label, &v))
            return false;
    }
    return true;
}

/* Of the issuer, who it is: its own serialNumber is a sequence of that authority, no person's. */
static bool say_issuer(const struct sink *out, struct span name)
{
    struct span set = {"", 0};
    struct der_value oid, v;

    while (next_attribute(&name, &set, &oid, &v)) {
        if (OID_IS(&oid, "\x55\x04\x03") && !say_line(out, "Issuer", &v))
            return false;
        if (OID_IS(&oid, "\x55\x04\x0A") && !say_line(out, "Issuer's organisation", &v))
            return false;
    }
    return true;
}

/* Addresses of mail among the other names of the subject (RFC 5280, 4.2.1.6). */
static bool say_other_names(const struct sink *out, struct span extensions)
{
    struct der_value v, oid;

    if (!der_expect(&extensions, TAG_SEQUENCE, &v))
        return true;
    for (struct span list = v.content; der_expect(&list, TAG_SEQUENCE, &v);) {
        struct span one = v.content;

        if (!der_expect(&one, TAG_OID, &oid) || !OID_IS(&oid, "\x55\x1D\x11"))
            continue;
        der_expect(&one, 0x01, &v); /* critical */
        if (!der_expect(&one, TAG_OCTETS, &v))
            continue;
        one = v.content;
        if (!der_expect(&one, TAG_SEQUENCE, &v))
            continue;
        for (struct span names = v.content; der_next(&names, &v);) {
            if (v.tag == 0x81 && !say_line(out, "E-mail", &v))
                return false;
            if (v.tag == 0xA4) { /* a directory name */
                struct der_value name;

                if (der_expect(&v.content, TAG_SEQUENCE, &name) && !say_subject(out, name.content))
                    return false;
            }
        }
    }
    return true;
}

static bool say_certificate(const struct sink *out, const struct certificate *c)
{
    return out->mark(out->ctx, (struct mark){MARK_RECORD, 0, 0}) &&
           say(out, SPAN("Certificate\n")) && say_issuer(out, c->issuer) &&
           say_subject(out, c->subject) && say_other_names(out, c->extensions) &&
           out->mark(out->ctx, (struct mark){MARK_RECORD, 0, 0});
}

bool der_say_certificates(struct span s, const struct sink *out, unsigned *ret_found)
{
    struct certificate c;

    while (s.len > 16 && *ret_found < CERTIFICATES_MAX) {
        const char *at = memchr(s.at, TAG_SEQUENCE, s.len - 2);

        if (!at)
            break;
        s = (struct span){at, s.len - (size_t)(at - s.at)};
        if ((unsigned char)s.at[1] > 0x80 && certificate_at(s, true, &c)) {
            ++*ret_found;
            if (!say_certificate(out, &c))
                return false;
            s = (struct span){s.at + c.len, s.len - c.len};
        } else {
            s = (struct span){s.at + 1, s.len - 1};
        }
    }
    return true;
}

bool der_say_hex_signatures(struct span s, const struct sink *out)
{
    enum { SIGNATURE_MAX = 1 << 20 };
    unsigned found = 0;

    while (s.len > 8 && found < CERTIFICATES_MAX) {
        AUTO_BUF struct buf der;
        const char *at = find_bytes(s.at, s.len, "<308", 4);
        size_t n = 1;
        char high = 0;
        bool half = false;

        buf_init(&der, SIGNATURE_MAX);
        if (!at)
            break;
        s = (struct span){at, s.len - (size_t)(at - s.at)};
        for (; n < s.len; n++) {
            char c = s.at[n];
            int v = c >= '0' && c <= '9'                     ? c - '0'
                    : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                             : -1;

            if (v < 0 && c != '\n' && c != '\r' && c != ' ')
                break;
            if (v < 0)
                continue;
            if (half && !buf_add_byte(&der, (char)(high << 4 | v)))
                break;
            high = (char)v;
            half = !half;
        }
        if (!der_say_certificates(buf_span(&der), out, &found))
            return false;
        s = (struct span){s.at + n, s.len - n};
    }
    return true;
}

/* --- containers ------------------------------------------------------------------------------- */

enum der_kind der_kind(struct span head)
{
    struct certificate c;
    struct der_value v, first;
    struct span s = head;

    if (head.len < 16 || !der_expect(&s, TAG_SEQUENCE, &v))
        return DER_OTHER;
    struct span body = v.content;

    if (!der_next(&body, &first))
        return DER_OTHER;
    if (first.tag == TAG_OID) {
        if (OID_IS(&first, PKCS "\x07\x02"))
            return DER_SIGNED;
        /* enveloped-data, encrypted-data, authenticated enveloped-data */
        if (OID_IS(&first, PKCS "\x07\x03") || OID_IS(&first, PKCS "\x07\x06") ||
            OID_IS(&first, PKCS "\x09\x10\x01\x17"))
            return DER_ENVELOPED;
        return DER_OTHER;
    }
    if (first.tag == TAG_INTEGER && first.content.len == 1 && *first.content.at == 3) {
        struct span inner;

        if (!der_expect(&body, TAG_SEQUENCE, &v)) /* RFC 7292, 4 */
            return DER_OTHER;
        inner = v.content;
        return der_expect(&inner, TAG_OID, &v) &&
                       (OID_IS(&v, CMS_DATA) || OID_IS(&v, PKCS "\x07\x02"))
                   ? DER_PKCS12
                   : DER_OTHER;
    }
    if (first.tag != TAG_SEQUENCE)
        return DER_OTHER;
    struct span algorithm = first.content;

    /* RFC 5958, 3: an algorithm of PKCS#5 or PKCS#12 and the encrypted key */
    if (der_expect(&algorithm, TAG_OID, &v) && v.content.len >= 8 &&
        memcmp(v.content.at, PKCS, sizeof PKCS - 1) == 0 &&
        (v.content.at[7] == 5 || v.content.at[7] == 12) && body.len > 0 && *body.at == TAG_OCTETS)
        return DER_ENCRYPTED_KEY;
    return certificate_at(head, false, &c) ? DER_CERTIFICATE : DER_OTHER;
}

struct span der_signed_content(struct span s, struct buf *room)
{
    struct span none = {"", 0};
    struct der_value v;

    /* ContentInfo, [0], SignedData: version, algorithms, EncapsulatedContentInfo (RFC 5652, 5.1) */
    if (!der_expect(&s, TAG_SEQUENCE, &v))
        return none;
    s = v.content;
    if (!der_expect(&s, TAG_OID, &v) || !der_expect(&s, 0xA0, &v))
        return none;
    s = v.content;
    if (!der_expect(&s, TAG_SEQUENCE, &v))
        return none;
    s = v.content;
    if (!der_expect(&s, TAG_INTEGER, &v) || !der_expect(&s, TAG_SET, &v) || v.cut ||
        !der_expect(&s, TAG_SEQUENCE, &v))
        return none;
    s = v.content;
    if (!der_expect(&s, TAG_OID, &v) || !der_expect(&s, 0xA0, &v))
        return none;
    s = v.content;
    if (der_expect(&s, TAG_OCTETS, &v))
        return v.content;
    if (!der_expect(&s, TAG_OCTETS_IN_PIECES, &v))
        return none;
    s = v.content;
    while (der_expect(&s, TAG_OCTETS, &v) && buf_add_span(room, v.content))
        ;
    return buf_span(room);
}

/* --- base64 ----------------------------------------------------------------------------------- */

bool base64_append(struct span text, struct buf *out)
{
    unsigned bits = 0, held = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        int v = c >= 'A' && c <= 'Z'   ? c - 'A'
                : c >= 'a' && c <= 'z' ? c - 'a' + 26
                : c >= '0' && c <= '9' ? c - '0' + 52
                : c == '+'             ? 62
                : c == '/'             ? 63
                                       : -1;

        if (c == '=')
            break;
        if (v < 0)
            continue;
        bits = (bits << 6 | (unsigned)v) & 0xFFFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            if (!buf_add_byte(out, (char)(bits >> held)))
                return false;
        }
    }
    return true;
}
