/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * mail.c - one message (EML, Maildir) by GMime, and GMime's only door.
 *
 * Headers and plain text bodies are the message's own text.  Everything else is a child: HTML
 * bodies (body.html, read by the HTML extractor), attachments, attached messages.  All bytes are
 * decoded by GMime as streams and brought to UTF-8 by our own tables: GMime's text conversion
 * drops letters when the declared charset lies.
 */
#include <errno.h>
#include <gmime/gmime.h>
#include <stdio.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/charset.h"
#include "scanner/extract/mail.h"

enum {
    PART_DEPTH = 64,    /* multiparts in multiparts; real mail has fewer than ten */
    HEADER_LOOK = 4096, /* bytes that decide about the encoding of a raw 8-bit header */
    CMS_LOOK = 128,     /* bytes of a CMS structure that hold its content type */
    COLONS_MAX = 200,   /* in one header; see guard_lists */
    COMMAS_MAX = 10000
};

/* --- GMime over our sources ------------------------------------------------------------------- */

/* A seekable window on a source, or (in == NULL) bytes being collected with a ceiling. */
typedef struct {
    GMimeStream parent;
    struct source *in;
    struct buf *into;
    bool ended;
    bool guarded;            /* read by the parser: guard_lists */
    bool line_start;         /* the next byte begins a line */
    unsigned colons, commas; /* so far in this line and those it continues */
} SourceStream;
typedef GMimeStreamClass SourceStreamClass;

GType source_stream_get_type(void);
G_DEFINE_TYPE(SourceStream, source_stream, g_mime_stream_get_type())

/* GMime reads address groups ("a:b:c:...") by recursion without an end, and looks ahead over all
 * names of a list ("a,b,c,...") for each of them, while it parses.  What no real header has, more
 * than COLONS_MAX or COMMAS_MAX, it is shown as blanks.  Bodies are not read through this. */
static void guard_lists(SourceStream *s, char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s->line_start && bytes[i] != ' ' && bytes[i] != '\t')
            s->colons = s->commas = 0;
        s->line_start = bytes[i] == '\n';
        if (bytes[i] == ':' && ++s->colons > COLONS_MAX)
            bytes[i] = ' ';
        if (bytes[i] == ',' && ++s->commas > COMMAS_MAX)
            bytes[i] = ' ';
    }
}

static ssize_t stream_read(GMimeStream *stream, char *bytes, size_t len)
{
    SourceStream *s = (SourceStream *)stream;
    ssize_t n;

    if (!s->in)
        return -1;
    if (stream->bound_end >= 0) {
        if (stream->position >= stream->bound_end)
            return 0;
        if (len > (uint64_t)(stream->bound_end - stream->position))
            len = (size_t)(stream->bound_end - stream->position);
    }
    if (source_position(s->in) != (uint64_t)stream->position &&
        source_seek(s->in, (uint64_t)stream->position) != 0)
        return -1;
    n = source_read(s->in, bytes, len);
    if (n > 0)
        stream->position += n;
    if (n > 0 && s->guarded)
        guard_lists(s, bytes, (size_t)n);
    s->ended = n <= 0;
    return n < 0 ? -1 : n;
}

static ssize_t stream_write(GMimeStream *stream, const char *bytes, size_t len)
{
    SourceStream *s = (SourceStream *)stream;

    if (!s->into || !buf_add(s->into, bytes, len))
        return -1;
    stream->position += (gint64)len;
    return (ssize_t)len;
}

static int stream_nothing(GMimeStream *stream)
{
    (void)stream;
    return 0;
}

static int stream_reset(GMimeStream *stream)
{
    stream->position = stream->bound_start;
    ((SourceStream *)stream)->ended = false;
    return 0;
}

static gboolean stream_eos(GMimeStream *stream)
{
    return ((SourceStream *)stream)->ended ||
           (stream->bound_end >= 0 && stream->position >= stream->bound_end);
}

static gint64 stream_length(GMimeStream *stream)
{
    SourceStream *s = (SourceStream *)stream;

    if (stream->bound_end >= 0)
        return stream->bound_end - stream->bound_start;
    return s->in && source_size(s->in) >= 0 ? source_size(s->in) - stream->bound_start : -1;
}

static gint64 stream_seek(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
    gint64 length, position = offset;

    if (whence == GMIME_STREAM_SEEK_CUR) {
        position = stream->position + offset;
    } else if (whence == GMIME_STREAM_SEEK_END) {
        length = stream_length(stream);
        if (length < 0)
            return -1;
        position = stream->bound_start + length + offset;
    }
    if (position < stream->bound_start || (stream->bound_end >= 0 && position > stream->bound_end))
        return -1;
    stream->position = position;
    ((SourceStream *)stream)->ended = false;
    return position;
}

static gint64 stream_tell(GMimeStream *stream)
{
    return stream->position;
}

static GMimeStream *stream_substream(GMimeStream *stream, gint64 start, gint64 end)
{
    SourceStream *s = g_object_new(source_stream_get_type(), NULL);

    g_mime_stream_construct(&s->parent, start, end);
    s->in = ((SourceStream *)stream)->in;
    return &s->parent;
}

static void source_stream_class_init(SourceStreamClass *class)
{
    class->read = stream_read;
    class->write = stream_write;
    class->flush = stream_nothing;
    class->close = stream_nothing;
    class->reset = stream_reset;
    class->eos = stream_eos;
    class->seek = stream_seek;
    class->tell = stream_tell;
    class->length = stream_length;
    class->substream = stream_substream;
}

static void source_stream_init(SourceStream *s)
{
    (void)s;
}

static GMimeStream *stream_new(struct source *in, struct buf *into, gint64 begin, gint64 end)
{
    SourceStream *s = g_object_new(source_stream_get_type(), NULL);

    g_mime_stream_construct(&s->parent, begin, end);
    s->in = in;
    s->into = into;
    return &s->parent;
}

/* The other way round: a decoded part as a source. */
struct decoded {
    GMimeStream *stream;
    struct budget *budget;
};

static ssize_t decoded_read(void *ctx, void *bytes, size_t len)
{
    struct decoded *d = ctx;
    ssize_t n = g_mime_stream_read(d->stream, bytes, len);

    if (n < 0)
        return -EBADMSG;
    if (n > 0 && !budget_bytes(d->budget, (uint64_t)n))
        return -EFBIG;
    return n;
}

static GMimeStream *decode_stream(GMimeStream *encoded, GMimeContentEncoding encoding)
{
    GMimeStream *filtered = g_mime_stream_filter_new(encoded);
    GMimeFilter *filter = g_mime_filter_basic_new(encoding, FALSE);

    g_mime_stream_filter_add((GMimeStreamFilter *)filtered, filter);
    g_object_unref(filter);
    return filtered;
}

/* --- text ------------------------------------------------------------------------------------- */

static void push_uuencoded(struct letter *l, struct span section, struct span name)
{
    GMimeStream *memory = g_mime_stream_mem_new_with_buffer(section.at, section.len);
    struct decoded d = {decode_stream(memory, GMIME_CONTENT_ENCODING_UUENCODE), l->out->budget};
    struct source *bytes =
        source_from_stream(decoded_read, &d, -1, (size_t)l->out->budget->limits.spool);
    g_autofree char *own = g_strndup(name.at, name.len);

    letter_child(l, own, -1, bytes);
    source_free(bytes);
    g_object_unref(d.stream);
    g_object_unref(memory);
}

/* --- headers ---------------------------------------------------------------------------------- */

/* Headers that name the message, not a person, and look like e-mail addresses; and signatures,
 * whose base64 and numbers are keys and times. */
static bool header_is_noise(const char *name)
{
    static const char *const NOISE[] = {
        "Message-ID",
        "In-Reply-To",
        "References",
        "Content-ID",
        "Resent-Message-ID",
        "DKIM-Signature",
        "ARC-Seal",
        "ARC-Message-Signature",
        "ARC-Authentication-Results",
        "Thread-Index",
        "X-Google-DKIM-Signature",
        "X-Gm-Message-State",
        "X-Google-Smtp-Source",
        "X-Microsoft-Antispam",
        "X-Microsoft-Antispam-Message-Info",
        "X-Forefront-Antispam-Report",
        "DomainKey-Signature",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-Disposition",
        "MIME-Version",
        "Content-Length",
    };

    for (size_t i = 0; i < sizeof(NOISE) / sizeof(NOISE[0]); i++) {
        if (g_ascii_strcasecmp(NOISE[i], name) == 0)
            return true;
    }
    return false;
}

/* Unfolded, raw 8-bit bytes by our detection, encoded words (RFC 2047) by GMime. */
static char *decode_header(const char *raw)
{
    g_autofree char *line = g_mime_utils_header_unfold(raw);
    size_t len = strlen(line);
    char *decoded;

    if (ascii_run(line, len) < len) {
        struct span head = {line, len < HEADER_LOOK ? len : HEADER_LOOK};
        struct buf utf8;

        buf_init(&utf8, 4 * len + 64);
        if (charset_convert(charset_detect(head, len <= HEADER_LOOK), (struct span){line, len},
                            &utf8) &&
            utf8.at) {
            decoded = g_mime_utils_header_decode_text(NULL, utf8.at);
            buf_release(&utf8);
            return decoded;
        }
        buf_release(&utf8);
    }
    return g_mime_utils_header_decode_text(NULL, line);
}

static void push_headers(struct letter *l, GMimeObject *of)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(of);
    int count = g_mime_header_list_get_count(list);

    for (int i = 0; i < count && !l->stopped; i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
        const char *name = g_mime_header_get_name(header);
        const char *raw = g_mime_header_get_raw_value(header);
        g_autofree char *value = NULL;

        if (!name || !raw || header_is_noise(name))
            continue;
        value = decode_header(raw);
        letter_push(l, span_of(name));
        letter_push(l, SPAN(": "));
        letter_push(l, span_of(value));
        letter_push(l, SPAN("\n"));
        letter_mark(l, MARK_BREAK, 0);
    }
}

/* --- parts ------------------------------------------------------------------------------------ */

/* Object identifiers of CMS content types (RFC 5652, RFC 5083) as DER: enveloped-data,
 * encrypted-data, auth-enveloped-data. */
static bool cms_is_encrypted(struct source *bytes)
{
    static const char *const TYPES[] = {"\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03",
                                        "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x06",
                                        "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17"};
    struct span head = source_peek(bytes, CMS_LOOK);

    for (size_t i = 0; head.len > 0 && i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        if (memmem(head.at, head.len, TYPES[i], strlen(TYPES[i])))
            return true;
    }
    return false;
}

static void read_body(struct letter *l, struct source *bytes, GMimeContentType *type)
{
    const char *format = g_mime_content_type_get_parameter(type, "format");
    const char *delete_space = g_mime_content_type_get_parameter(type, "delsp");
    struct text_style style = {g_mime_content_type_get_parameter(type, "charset"),
                               format && g_ascii_strcasecmp(format, "flowed") == 0,
                               delete_space && g_ascii_strcasecmp(delete_space, "yes") == 0};
    struct span whole, name;
    size_t from = 0, begin, end;

    letter_mark(l, MARK_BREAK, 0);
    if (source_whole(bytes, &whole) != 0) {
        letter_push_source(l, bytes, &style); /* damaged or very long: as far as it goes */
        return;
    }
    if (memmem(whole.at, whole.len, "-----BEGIN PGP MESSAGE-----", 27))
        letter_lose(l, "encrypted-text.asc", (struct ending){OUTCOME_ENCRYPTED, "encrypted-mail"});
    while (!l->stopped && mail_find_uuencoded(whole, from, &begin, &end, &name)) {
        letter_push_bytes(l, (struct span){whole.at + from, begin - from}, &style);
        push_uuencoded(l, (struct span){whole.at + begin, end - begin}, name);
        from = end;
    }
    letter_push_bytes(l, (struct span){whole.at + from, whole.len - from}, &style);
}

/* An HTML body as UTF-8 with a mark in front, which wins over whatever its own header claims. */
static void read_html_body(struct letter *l, struct source *bytes, GMimeContentType *type)
{
    const char *label = g_mime_content_type_get_parameter(type, "charset");
    struct charset_decoder decoder;
    struct span whole;
    struct buf utf8;

    if (source_whole(bytes, &whole) != 0) {
        letter_child(l, "body.html", -1, bytes);
        return;
    }
    buf_init(&utf8, (size_t)l->out->budget->limits.spool);
    charset_decoder_init(
        &decoder,
        mail_charset(label, (struct span){whole.at, whole.len < 65536 ? whole.len : 65536},
                     whole.len <= 65536));
    if (buf_add_text(&utf8, "\xEF\xBB\xBF") && charset_decode(&decoder, whole, true, &utf8)) {
        struct source *text = source_from_memory(buf_span(&utf8));

        letter_child(l, "body.html", (int64_t)whole.len, text);
        source_free(text);
    } else {
        letter_child(l, "body.html", (int64_t)whole.len, bytes);
    }
    buf_release(&utf8);
}

static const char *part_filename(GMimeObject *o)
{
    const char *name = g_mime_object_get_content_disposition_parameter(o, "filename");

    if (!name || !*name)
        name = g_mime_object_get_content_type_parameter(o, "name");
    return name && *name ? name : NULL;
}

static void read_leaf(struct letter *l, GMimePart *part)
{
    GMimeObject *o = (GMimeObject *)part;
    GMimeContentType *type = g_mime_object_get_content_type(o);
    const char *subtype = g_mime_content_type_get_media_subtype(type);
    const char *description = g_mime_part_get_content_description(part);
    const char *disposition = g_mime_object_get_disposition(o);
    const char *name = part_filename(o);
    bool attached = name || (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0);
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    char unnamed[80];

    if (description && *description) {
        letter_push(l, span_of(description));
        letter_push(l, SPAN("\n"));
    }
    l->parts++;
    if (!content)
        return; /* headers without a body */
    GMimeStream *encoded = g_mime_data_wrapper_get_stream(content);

    if (!encoded)
        return;
    g_mime_stream_reset(encoded);
    struct decoded d = {decode_stream(encoded, g_mime_data_wrapper_get_encoding(content)),
                        l->out->budget};
    bool html = !attached && g_mime_content_type_is_type(type, "text", "html");
    bool text = !attached && (g_mime_content_type_is_type(type, "text", "plain") ||
                              g_mime_content_type_is_type(type, "message", "*"));
    /* No encoding is shorter than what it encodes: a guess that spares large buffers. */
    int64_t guess = html || text ? g_mime_stream_length(encoded) : -1;
    struct source *bytes =
        source_from_stream(decoded_read, &d, guess, (size_t)l->out->budget->limits.spool);

    if (!name) {
        snprintf(unnamed, sizeof(unnamed), "part-%u.%.32s", l->parts, subtype ? subtype : "bin");
        for (char *at = unnamed; *at; at++)
            *at = *at == '/' || *at == '\\' ? '-' : *at;
        name = unnamed;
    }
    if (!bytes) {
        letter_child(l, name, -1, NULL);
    } else if (g_mime_content_type_is_type(type, "application", "pgp-encrypted") ||
               ((g_mime_content_type_is_type(type, "application", "pkcs7-mime") ||
                 g_mime_content_type_is_type(type, "application", "x-pkcs7-mime")) &&
                cms_is_encrypted(bytes))) {
        letter_lose(l, name, (struct ending){OUTCOME_ENCRYPTED, "encrypted-mail"});
    } else if (html) {
        read_html_body(l, bytes, type);
    } else if (text) {
        read_body(l, bytes, type);
    } else {
        letter_child(l, name, -1, bytes);
    }
    source_free(bytes);
    g_object_unref(d.stream);
}

/* An attached message starts again at its own headers, as a child. */
static void read_message_part(struct letter *l, GMimeMessagePart *part)
{
    GMimeMessage *message = g_mime_message_part_get_message(part);
    const char *name = part_filename((GMimeObject *)part);
    GMimeStream *into;
    struct source *bytes = NULL;
    struct buf whole;
    bool fits;

    l->parts++;
    if (!message) {
        l->out->gap(l->out->ctx, OUTCOME_DAMAGED, "part-damaged");
        return;
    }
    buf_init(&whole, (size_t)l->out->budget->limits.spool);
    into = stream_new(NULL, &whole, 0, -1);
    fits = g_mime_object_write_to_stream((GMimeObject *)message, NULL, into) >= 0;
    g_object_unref(into);
    if (!budget_bytes(l->out->budget, whole.len))
        letter_limit(l);
    if (fits)
        bytes = source_from_memory(buf_span(&whole));
    letter_child(l, name ? name : "message.eml", bytes ? (int64_t)whole.len : -1, bytes);
    source_free(bytes);
    buf_release(&whole);
}

static void push_around(struct letter *l, const char *text)
{
    const struct text_style plain = {NULL, false, false};

    if (text && *text) {
        letter_mark(l, MARK_BREAK, 0);
        letter_push_bytes(l, span_of(text), &plain);
    }
}

static void read_part(struct letter *l, GMimeObject *o, unsigned depth)
{
    if (l->stopped || !o)
        return;
    if (!budget_time(l->out->budget)) {
        letter_limit(l);
    } else if (GMIME_IS_MULTIPART(o)) {
        GMimeMultipart *multipart = (GMimeMultipart *)o;
        int count = g_mime_multipart_get_count(multipart);

        push_around(l, g_mime_multipart_get_prologue(multipart));
        if (GMIME_IS_MULTIPART_ENCRYPTED(o)) {
            letter_lose(l, "encrypted", (struct ending){OUTCOME_ENCRYPTED, "encrypted-mail"});
        } else if (depth >= PART_DEPTH) {
            l->out->gap(l->out->ctx, OUTCOME_OVER_LIMIT, "depth");
        } else {
            for (int i = 0; i < count && !l->stopped; i++)
                read_part(l, g_mime_multipart_get_part(multipart, i), depth + 1);
        }
        push_around(l, g_mime_multipart_get_epilogue(multipart));
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        read_message_part(l, (GMimeMessagePart *)o);
    } else if (GMIME_IS_PART(o)) {
        if (GMIME_IS_MESSAGE_PARTIAL(o))
            l->out->gap(l->out->ctx, OUTCOME_PARTIAL, "message-in-pieces");
        read_leaf(l, (GMimePart *)o);
    }
}

/* --- a message -------------------------------------------------------------------------------- */

/* The "From " line holds the sender's address; the headers begin after it. */
static uint64_t pass_envelope(struct letter *l, struct source *in, uint64_t begin, uint64_t end)
{
    struct span head, line, rest;

    if (source_seek(in, begin) != 0)
        return begin;
    head = source_peek(in, 4096);
    if (head.len > end - begin)
        head.len = (size_t)(end - begin);
    line = mail_first_line(head, &rest);
    if (head.len < 5 || (memcmp(head.at, "From ", 5) != 0 && memcmp(head.at, ">From", 5) != 0))
        return begin;
    letter_push(l, line);
    letter_push(l, SPAN("\n"));
    letter_mark(l, MARK_BREAK, 0);
    return begin + (head.len - rest.len);
}

static void push_unparsed(struct letter *l, GMimeStream *window)
{
    const struct text_style plain = {NULL, false, false};
    struct decoded d = {window, l->out->budget};
    struct source *bytes;

    g_mime_stream_reset(window);
    ((SourceStream *)window)->guarded = false;
    bytes = source_from_stream(decoded_read, &d, -1, (size_t)l->out->budget->limits.spool);
    if (bytes)
        letter_push_source(l, bytes, &plain);
    source_free(bytes);
    l->out->gap(l->out->ctx, OUTCOME_DAMAGED, "message-unparsed");
}

bool mail_read(struct source *in, uint64_t begin, uint64_t end, uint64_t number,
               const struct sink *out, struct ending *ending)
{
    struct letter l = {.out = out, .number = number, .ending = ENDED_READ};
    GMimeMessage *message;
    GMimeParser *parser;
    GMimeStream *window;

    buf_init(&l.text, 4u << 20);
    letter_mark(&l, MARK_MESSAGE, number ? number : 1);
    begin = pass_envelope(&l, in, begin, end);
    window = stream_new(in, NULL, (gint64)begin, end > INT64_MAX ? -1 : (gint64)end);
    ((SourceStream *)window)->guarded = true;
    parser = g_mime_parser_new_with_stream(window);
    g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
    message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        push_headers(&l, (GMimeObject *)message);
        read_part(&l, g_mime_message_get_mime_part(message), 1);
        g_object_unref(message);
    } else {
        push_unparsed(&l, window);
    }
    g_object_unref(parser);
    g_object_unref(window);
    buf_release(&l.text);
    *ending = l.ending;
    return !l.stopped;
}

static struct ending mail_run(struct source *in, const struct head *head, const struct sink *out)
{
    struct ending ending;

    (void)head;
    mail_read(in, 0, UINT64_MAX, 0, out, &ending);
    return ending;
}

static unsigned mail_bid(const struct head *head)
{
    struct span text = head->bytes;
    bool broken, dated;
    unsigned known;

    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
        text = (struct span){text.at + 3, text.len - 3};
    if (mail_is_envelope_line(text, &dated))
        return 0; /* a mailbox, if anything */
    known = mail_known_headers(text, &broken);
    if (known < 2 || (broken && known < 3))
        return 0;
    return head->media_type && strcmp(head->media_type, "message/rfc822") == 0 ? 85 : 75;
}

static void drop_log(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
    (void)domain;
    (void)level;
    (void)message; /* may quote the message */
    (void)data;
}

/* GMime loads charsets and registers types late: one message with all of it, read now. */
static bool mail_prepare(void)
{
    static const char WARM_UP[] =
        "From: =?iso-8859-15?Q?=E9?= <a@example.org>\r\nSubject: =?windows-1252?B?6Q==?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; name*=utf-8''a%20b\r\n\r\na\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\na\r\n--b--\r\n";
    static const char *const FALLBACK[] = {"utf-8", "windows-1252", NULL};
    GMimeStream *bytes;
    GMimeParser *parser;
    GMimeMessage *message;

    g_mime_init();
    g_log_set_default_handler(drop_log, NULL);
    g_mime_parser_options_set_fallback_charsets(g_mime_parser_options_get_default(),
                                                (const char **)(uintptr_t)FALLBACK);
    bytes = g_mime_stream_mem_new_with_buffer(WARM_UP, sizeof(WARM_UP) - 1);
    parser = g_mime_parser_new_with_stream(bytes);
    message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(bytes);
    if (!message)
        return false;
    g_free(g_mime_utils_header_decode_text(NULL, "=?iso-8859-15?Q?=E9?= =?cp850?Q?=82?="));
    g_object_unref(message);
    return true;
}

const struct extractor extract_mail = {
    .id = "mail",
    .version = 1,
    .media_type = "message/rfc822",
    .bid = mail_bid,
    .run = mail_run,
    .prepare = mail_prepare,
};
