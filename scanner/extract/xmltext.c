/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/extract/xmltext.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <strings.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/charset.h"

enum {
    SLICE = 64 * 1024,
    DECODE_SLICE = 16 * 1024,
    DECLARATION = 2048,        /* where an encoding is declared (WHATWG: 1024) */
    DICTIONARY_MAX = 64 << 20, /* distinct names kept by libxml2 */
    ATTRIBUTES_MAX = 20 * 1000 /* of one tag: libxml2 compares each with each */
};

/* For each "--" inside a comment libxml2 2.9 copies the comment up to there into an error that
 * nobody reads: bytes copied at most, about a second. */
#define COPIED_MAX (UINT64_C(1) << 32)

struct reading {
    const struct xmltext_events *events;
    enum xmltext_as as;
    struct budget *budget;
    xmlParserCtxtPtr parser;
    bool stopped, lost_way, no_memory, malformed;
    uint64_t pushed;     /* bytes given to the parser */
    uint64_t understood; /* position of the last event */
    uint64_t recent_from;
    struct buf recent; /* the bytes from recent_from on, a little before `understood` */
    uint64_t equals;   /* signs '=' since the last event */
    uint64_t hyphens;  /* "--" since the last event */
    size_t depth;
    struct xmltext_attribute *attributes;
    size_t attributes_room;
    xmlEntity blank; /* stands in for every declared entity */
    xmlChar blank_text[2];
};

static struct span span_xml(const xmlChar *s)
{
    return span_of((const char *)s);
}

static bool goes_on(struct reading *r)
{
    xmlParserInputPtr in = r->parser ? r->parser->input : NULL;

    if (r->stopped || r->lost_way)
        return false;
    if (in && in->base && in->cur >= in->base) {
        uint64_t at = in->consumed + (uint64_t)(in->cur - in->base);

        if (at > r->understood && at <= r->pushed) {
            r->understood = at;
            r->equals = 0;
            r->hyphens = 0;
        }
    }
    return true;
}

static void answer(struct reading *r, bool ok)
{
    if (!ok) {
        r->stopped = true;
        xmlStopParser(r->parser);
    }
}

static struct xmltext_attribute *room_for(struct reading *r, size_t count)
{
    if (count > r->attributes_room) {
        size_t room = count + 32;
        struct xmltext_attribute *at = realloc(r->attributes, room * sizeof *at);

        if (!at) {
            r->no_memory = true;
            answer(r, false);
            return NULL;
        }
        r->attributes = at;
        r->attributes_room = room;
    }
    return r->attributes;
}

static void deeper(struct reading *r)
{
    if (++r->depth > XMLTEXT_DEPTH_MAX) {
        r->lost_way = true;
        xmlStopParser(r->parser);
    }
}

/* --- callbacks of libxml2 --- */

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces_count, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **attributes)
{
    struct reading *r = ctx;

    (void)prefix, (void)uri, (void)namespaces_count, (void)namespaces, (void)defaulted;
    if (!goes_on(r))
        return;
    size_t n = count > 0 ? (size_t)count : 0;

    if (n > 0 && !room_for(r, n))
        return;
    for (size_t i = 0; i < n; i++) { /* name, prefix, URI, value, its end */
        const xmlChar **a = attributes + 5 * i;

        r->attributes[i] =
            (struct xmltext_attribute){span_xml(a[0]), {(const char *)a[3], (size_t)(a[4] - a[3])}};
    }
    answer(r, r->events->start(r->events->ctx, span_xml(name), r->attributes, n));
    deeper(r);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *r = ctx;

    (void)prefix, (void)uri;
    if (goes_on(r))
        answer(r, r->events->end(r->events->ctx, span_xml(name)));
    if (r->depth > 0)
        r->depth--;
}

static struct span local_part(const xmlChar *name)
{
    struct span s = span_xml(name);
    const char *colon = memchr(s.at, ':', s.len);

    if (colon) {
        s.len -= (size_t)(colon + 1 - s.at);
        s.at = colon + 1;
    }
    return s;
}

static void on_html_start(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
    struct reading *r = ctx;
    size_t n = 0;

    if (!goes_on(r))
        return;
    for (; attributes && attributes[2 * n]; n++) {
        if (!room_for(r, n + 1))
            return;
        r->attributes[n] = (struct xmltext_attribute){local_part(attributes[2 * n]),
                                                      span_xml(attributes[2 * n + 1])};
        if (!r->attributes[n].value.at)
            r->attributes[n].value = SPAN("");
    }
    answer(r, r->events->start(r->events->ctx, local_part(name), r->attributes, n));
    deeper(r);
}

static void on_html_end(void *ctx, const xmlChar *name)
{
    struct reading *r = ctx;

    if (goes_on(r))
        answer(r, r->events->end(r->events->ctx, local_part(name)));
    if (r->depth > 0)
        r->depth--;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct reading *r = ctx;

    if (goes_on(r) && len > 0)
        answer(r, r->events->text(r->events->ctx, (struct span){(const char *)text, (size_t)len}));
}

static void on_aside(void *ctx, const xmlChar *text)
{
    struct reading *r = ctx;

    if (goes_on(r) && text && r->events->aside)
        answer(r, r->events->aside(r->events->ctx, span_xml(text)));
}

static void on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    on_aside(ctx, data);
}

static void on_entity(void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    (void)name, (void)type, (void)public_id, (void)system_id;
    on_aside(ctx, content);
}

/* No entity is expanded: amplification ("billion laughs") and outside files have no way in. */
static xmlEntityPtr on_get_entity(void *ctx, const xmlChar *name)
{
    struct reading *r = ctx;
    xmlEntityPtr known = xmlGetPredefinedEntity(name);

    return known ? known : &r->blank;
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    (void)ctx, (void)error; /* may quote the file: never shown */
}

static xmlParserInputPtr refuse(const char *url, const char *id, xmlParserCtxtPtr parser)
{
    (void)url, (void)id, (void)parser;
    return NULL;
}

/* What has no parser to tell, a failed conversion, would quote the file on standard error. */
static void on_loose_error(void *ctx, const char *format, ...)
{
    (void)ctx, (void)format;
}

bool xmltext_prepare(void)
{
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, on_loose_error);
    xmlSetExternalEntityLoader(refuse);
    return true;
}

/* --- feeding --- */

static bool open_parser(struct reading *r)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .characters = on_text,
                         .ignorableWhitespace = on_text,
                         .cdataBlock = on_text,
                         .comment = on_aside,
                         .processingInstruction = on_instruction,
                         .serror = on_error};

    r->blank.type = XML_ENTITY_DECL;
    r->blank.etype = XML_INTERNAL_PREDEFINED_ENTITY;
    r->blank_text[0] = ' ';
    r->blank.content = r->blank_text;
    r->blank.name = r->blank_text;
    r->blank.length = 1;
    if (r->as == XMLTEXT_HTML) {
        sax.startElement = on_html_start;
        sax.endElement = on_html_end;
        r->parser = htmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
        if (!r->parser)
            return false;
        htmlCtxtUseOptions(r->parser, HTML_PARSE_RECOVER | HTML_PARSE_NONET |
                                          HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOERROR |
                                          HTML_PARSE_NOWARNING);
        xmlSwitchEncoding(r->parser, XML_CHAR_ENCODING_UTF8);
        return true;
    }
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.getEntity = on_get_entity;
    sax.entityDecl = on_entity;
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (!r->parser)
        return false;
    /* Deep documents are real; the limits that HUGE takes away are our own instead. */
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_IGNORE_ENC |
                                     XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    /* Else it takes text that begins with "<", NUL, "?", NUL for UTF-16. */
    xmlSwitchEncoding(r->parser, XML_CHAR_ENCODING_UTF8);
    xmlDictSetLimit(r->parser->dict, DICTIONARY_MAX);
    return true;
}

static void close_parser(struct reading *r)
{
    if (r->parser) {
        if (r->parser->myDoc)
            xmlFreeDoc(r->parser->myDoc);
        r->parser->myDoc = NULL;
        if (r->as == XMLTEXT_HTML)
            htmlFreeParserCtxt(r->parser);
        else
            xmlFreeParserCtxt(r->parser);
    }
    if (r->blank.orig)
        xmlFree(r->blank.orig); /* libxml2 keeps the raw text of a declaration there */
    free(r->attributes);
    buf_release(&r->recent);
}

static bool give_rest(struct reading *r, struct span text)
{
    if (text.len > 0 && r->events->rest && !r->events->rest(r->events->ctx, text))
        r->stopped = true;
    return !r->stopped;
}

/* From here on as text, beginning with what the parser had not understood yet. */
static bool lose_way(struct reading *r)
{
    r->malformed = true;
    uint64_t skip = r->understood > r->recent_from ? r->understood - r->recent_from : 0;

    if (skip > r->recent.len)
        skip = r->recent.len;
    bool ok = give_rest(r, (struct span){r->recent.at + skip, r->recent.len - (size_t)skip});

    buf_release(&r->recent);
    return ok;
}

static bool keep_recent(struct reading *r, struct span slice)
{
    if (r->understood > r->recent_from) {
        uint64_t gone = r->understood - r->recent_from;

        buf_drop_front(&r->recent, (size_t)gone);
        r->recent_from += gone;
    }
    if (buf_add_span(&r->recent, slice))
        return true;
    r->no_memory = true;
    return false;
}

static bool push_slice(struct reading *r, struct span slice, bool last)
{
    if (r->malformed)
        return give_rest(r, slice);
    if (!keep_recent(r, slice))
        return false;
    for (size_t i = 0; i < slice.len; i++) {
        r->equals += slice.at[i] == '=';
        r->hyphens += slice.at[i] == '-' && i > 0 && slice.at[i - 1] == '-';
    }
    r->pushed += slice.len;
    if (r->as == XMLTEXT_XML && r->hyphens > COPIED_MAX / (r->pushed - r->understood + 1))
        return lose_way(r);
    int failed = r->as == XMLTEXT_HTML ? htmlParseChunk(r->parser, slice.at, (int)slice.len, last)
                                       : xmlParseChunk(r->parser, slice.at, (int)slice.len, last);

    if (r->stopped)
        return false;
    /* HTML has no errors, and warnings of XML are not the end either. */
    if (r->as == XMLTEXT_XML && failed && (!r->parser->wellFormed || r->parser->disableSAX))
        r->lost_way = true;
    if (r->as == XMLTEXT_HTML && r->parser->disableSAX)
        r->lost_way = true;
    if (r->pushed - r->understood > XMLTEXT_CONSTRUCT_MAX || r->equals > ATTRIBUTES_MAX)
        r->lost_way = true;
    return r->lost_way && !(last && r->pushed == r->understood) ? lose_way(r) : true;
}

static bool push(struct reading *r, struct span utf8)
{
    while (utf8.len > 0) {
        size_t n = utf8.len < SLICE ? utf8.len : SLICE;

        if (!push_slice(r, (struct span){utf8.at, n}, false))
            return false;
        utf8.at += n;
        utf8.len -= n;
    }
    return true;
}

/* --- encodings --- */

static struct span label_after(struct span in, const char *key)
{
    size_t key_len = strlen(key);
    const char *end = in.at + in.len;

    for (const char *at = in.at; (size_t)(end - at) > key_len; at++) {
        if (strncasecmp(at, key, key_len) != 0)
            continue;
        at += key_len;
        while (at < end && (*at == ' ' || *at == '='))
            at++;
        if (at < end && (*at == '"' || *at == '\''))
            at++;
        const char *stop = at;

        while (stop < end && !strchr("\"' ;>/?\t\r\n", *stop))
            stop++;
        return (struct span){at, (size_t)(stop - at)};
    }
    return SPAN("");
}

static enum charset charset_of(struct span head, bool whole, enum xmltext_as as)
{
    enum charset seen = charset_detect(head, whole);
    struct span start = {head.at, head.len < DECLARATION ? head.len : DECLARATION};

    /* Wide encodings and valid UTF-8 show themselves; a declaration that says otherwise lies. */
    if (seen == CHARSET_UTF_8 || (seen >= CHARSET_UTF_16LE && seen <= CHARSET_UTF_7))
        return seen;
    enum charset said =
        charset_from_label(label_after(start, as == XMLTEXT_HTML ? "charset" : "encoding"));

    if (said == CHARSET_UNKNOWN || said == CHARSET_UTF_8 ||
        (said >= CHARSET_UTF_16LE && said <= CHARSET_UTF_7))
        return seen;
    return said;
}

static bool decode(struct reading *r, struct charset_decoder *d, struct span run, struct buf *utf8)
{
    while (run.len > 0) {
        size_t n = charset_skip_plain(d, run);

        if (n > 0 && !push(r, (struct span){run.at, n}))
            return false;
        run.at += n;
        run.len -= n;
        n = run.len < DECODE_SLICE ? run.len : DECODE_SLICE;
        if (n == 0)
            break;
        buf_clear(utf8);
        if (!charset_decode(d, (struct span){run.at, n}, false, utf8)) {
            r->no_memory = true;
            return false;
        }
        run.at += n;
        run.len -= n;
        if (!push(r, buf_span(utf8)))
            return false;
    }
    return true;
}

static enum xmltext_result feed(struct reading *r, struct source *in)
{
    struct span head = source_peek(in, 64 * 1024);
    struct charset_decoder decoder;
    AUTO_BUF struct buf utf8;
    bool bad_source = false;

    charset_decoder_init(&decoder, charset_of(head, head.len < 64 * 1024, r->as));
    buf_init(&utf8, 4 * (size_t)DECODE_SLICE + 64);
    for (;;) {
        int error = 0;
        struct span run = source_next(in, &error);

        bad_source = bad_source || error < 0;
        if (run.len == 0)
            break;
        if (!budget_time(r->budget))
            return XMLTEXT_TIME;
        if (!decode(r, &decoder, run, &utf8))
            break;
    }
    if (!r->stopped && !r->no_memory) {
        buf_clear(&utf8);
        if (charset_decode(&decoder, SPAN(""), true, &utf8) && push(r, buf_span(&utf8)))
            push_slice(r, SPAN(""), true);
    }
    if (r->no_memory)
        return XMLTEXT_NO_MEMORY;
    if (r->stopped)
        return XMLTEXT_STOPPED;
    if (bad_source)
        return XMLTEXT_BAD_SOURCE;
    return r->malformed ? XMLTEXT_MALFORMED : XMLTEXT_READ;
}

enum xmltext_result xmltext_read(struct source *in, enum xmltext_as as,
                                 const struct xmltext_events *events, struct budget *budget)
{
    struct reading r = {.events = events, .as = as, .budget = budget};
    enum xmltext_result result = XMLTEXT_NO_MEMORY;

    buf_init(&r.recent, (size_t)XMLTEXT_CONSTRUCT_MAX + 4 * (size_t)SLICE);
    if (open_parser(&r))
        result = feed(&r, in);
    close_parser(&r);
    return result;
}

struct span xmltext_attribute(const struct xmltext_attribute *attributes, size_t count,
                              const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (span_is(attributes[i].name, name))
            return attributes[i].value;
    }
    return SPAN("");
}
