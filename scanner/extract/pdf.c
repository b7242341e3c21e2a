/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * pdf.c - PDF by poppler: page text, form values, annotations, links, outline, information
 * dictionary, XMP metadata, and attached files as children.
 *
 * poppler repairs what it can.  What it cannot open is searched as raw bytes, so that a damaged
 * file is never worth less than an unknown one.  Text that only a picture shows is a gap
 * (ocr-pending), and so is a form that only XFA describes: poppler does not read it.
 */
#include <fcntl.h>
#include <glib.h>
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/der.h"
#include "scanner/extract/extractor.h"

enum {
    /* Readers accept up to 1,024 bytes before the header (ISO 32000-1, annex H.3). */
    HEADER_WITHIN = 1024,
    /* A page with fewer characters than this is taken for a picture with a stamp or a number. */
    FEW_CHARACTERS = 32,
    /* Page trees lie about their length: this many pages missing in a row end the walk. */
    MISSING_IN_A_ROW = 64,
    OUTLINE_DEPTH = 64,
    OUTLINE_ITEMS = 100000,
    /* Form values and annotations that the page already shows are not pushed twice; looked up only
     * in pages short enough that many of them stay cheap. */
    SEEN_TEXT_MAX = 64 * 1024,
    SEEN_VALUE_MIN = 6
};

/* A picture smaller than this part of its page holds no document: an ID card on A4 takes 7 %. */
static const double PICTURE_SHARE = 0.02;

struct reading {
    const struct sink *out;
    bool stopped;      /* a push said stop, or a limit is reached */
    bool limited;      /* ... and it was a limit that this file counts itself */
    bool ocr_pending;  /* said once */
    bool page_damaged; /* said once */
    uint64_t attached; /* for attachments without a name */
    uint32_t outline_items;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerIndexIter, poppler_index_iter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

/* --- pushing ---------------------------------------------------------------------------------- */

static bool push(struct reading *r, struct span text)
{
    if (r->stopped)
        return false;
    if (text.len == 0)
        return true;
    if (!budget_bytes(r->out->budget, text.len)) {
        r->stopped = r->limited = true;
        return false;
    }
    if (!r->out->text(r->out->ctx, text))
        r->stopped = true;
    return !r->stopped;
}

static bool mark(struct reading *r, enum mark_kind kind, uint64_t a)
{
    if (!r->stopped && !r->out->mark(r->out->ctx, (struct mark){kind, a, 0}))
        r->stopped = true;
    return !r->stopped;
}

/* One property: "label: value" on a line of its own.  NULL and empty values are nothing. */
static void push_property(struct reading *r, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    mark(r, MARK_BREAK, 0);
    if (label && *label) {
        push(r, span_of(label));
        push(r, SPAN(": "));
    }
    push(r, span_of(value));
    push(r, SPAN("\n"));
}

static void take_property(struct reading *r, const char *label, char *value)
{
    push_property(r, label, value);
    g_free(value);
}

/* As push_property, unless the page text shows the value already. */
static void take_unseen(struct reading *r, const char *page_text, const char *label, char *value)
{
    size_t len = value ? strlen(value) : 0;

    if (len >= SEEN_VALUE_MIN && page_text && strnlen(page_text, SEEN_TEXT_MAX) < SEEN_TEXT_MAX &&
        strstr(page_text, value)) {
        g_free(value);
        return;
    }
    take_property(r, label, value);
}

static bool time_left(struct reading *r)
{
    if (!r->stopped && !budget_time(r->out->budget))
        r->stopped = r->limited = true;
    return !r->stopped;
}

/* --- attachments ------------------------------------------------------------------------------ */

struct collecting {
    struct reading *r;
    struct buf bytes;
    bool full;
};

static gboolean collect(const gchar *bytes, gsize len, gpointer data, GError **error)
{
    struct collecting *c = data;

    (void)error;
    if (!budget_bytes(c->r->out->budget, len)) {
        c->r->stopped = c->r->limited = true;
        return FALSE;
    }
    if (!time_left(c->r))
        return FALSE;
    if (!buf_add(&c->bytes, bytes, len)) {
        c->full = true;
        return FALSE;
    }
    return TRUE;
}

/* poppler can only write an attachment out, so it is collected in memory up to the spool limit;
 * the size it claims is not to be believed ((size_t)-1 when the file does not say it). */
static void take_attachment(struct reading *r, PopplerAttachment *attachment)
{
    struct collecting c = {.r = r};
    struct child about = {.size = -1, .mtime = INT64_MIN};
    const gchar *name = poppler_attachment_get_name(attachment);
    GDateTime *mtime = poppler_attachment_get_mtime(attachment);
    gsize claimed = poppler_attachment_get_size(attachment);
    char unnamed[40];
    bool whole;

    r->attached++;
    push_property(r, "attachment", poppler_attachment_get_description(attachment));
    if (r->stopped)
        return;
    snprintf(unnamed, sizeof(unnamed), "attachment-%llu", (unsigned long long)r->attached);
    about.name = span_of(name && *name ? name : unnamed);
    if (claimed <= INT64_MAX)
        about.size = (int64_t)claimed;
    if (mtime)
        about.mtime = g_date_time_to_unix(mtime);
    buf_init(&c.bytes, (size_t)r->out->budget->limits.spool);
    whole = poppler_attachment_save_to_callback(attachment, collect, &c, NULL);
    if (c.full) {
        struct ending ending = {OUTCOME_OVER_LIMIT, "spool"};

        if (!r->out->lost_child(r->out->ctx, &about, ending))
            r->stopped = true;
    } else if (!r->stopped) {
        struct source *bytes = source_from_memory(buf_span(&c.bytes));

        if (!whole)
            r->out->gap(r->out->ctx, OUTCOME_DAMAGED, "attachment-damaged");
        if (!bytes) {
            if (!r->out->lost_child(r->out->ctx, &about,
                                    (struct ending){OUTCOME_OVER_LIMIT, "spool"}))
                r->stopped = true;
        } else if (!r->out->child(r->out->ctx, &about, bytes)) {
            r->stopped = true;
        }
        source_free(bytes);
    }
    buf_release(&c.bytes);
}

static void take_document_attachments(struct reading *r, PopplerDocument *document)
{
    GList *all = poppler_document_get_attachments(document);

    for (GList *at = all; at && time_left(r); at = at->next)
        take_attachment(r, at->data);
    g_list_free_full(all, g_object_unref);
}

/* --- links and actions ------------------------------------------------------------------------ */

/* A link as text: the scheme and %XX gone, its query on lines of its own, so that the address of
 * mailto: and the number of tel: stand free. */
static char *link_text(const char *uri)
{
    char *text = NULL;

    if (g_ascii_strncasecmp(uri, "mailto:", 7) == 0)
        uri += 7;
    else if (g_ascii_strncasecmp(uri, "tel:", 4) == 0 || g_ascii_strncasecmp(uri, "sms:", 4) == 0)
        uri += 4;
    text = g_uri_unescape_string(uri, NULL); /* NULL when an escape is broken */
    if (!text)
        text = g_strdup(uri);
    for (char *at = strchr(text, '?'); at && *at; at++) {
        if (*at == '?' || *at == '&')
            *at = '\n';
    }
    return text;
}

static void push_action(struct reading *r, const char *page_text, const PopplerAction *action)
{
    if (!action)
        return;
    switch (action->type) {
    case POPPLER_ACTION_URI:
        if (action->uri.uri)
            take_unseen(r, page_text, "link", link_text(action->uri.uri));
        break;
    case POPPLER_ACTION_LAUNCH:
        push_property(r, "launch", action->launch.file_name);
        push_property(r, "launch", action->launch.params);
        break;
    case POPPLER_ACTION_GOTO_REMOTE:
        push_property(r, "file", action->goto_remote.file_name);
        break;
    case POPPLER_ACTION_JAVASCRIPT:
        push_property(r, "script", action->javascript.script);
        break;
    default:
        break;
    }
}

/* --- a page ----------------------------------------------------------------------------------- */

static void take_links(struct reading *r, PopplerPage *page, const char *page_text)
{
    GList *links = poppler_page_get_link_mapping(page);

    for (GList *at = links; at && !r->stopped; at = at->next) {
        const PopplerLinkMapping *mapping = at->data;

        push_action(r, page_text, mapping->action);
    }
    poppler_page_free_link_mapping(links);
}

static void take_choice(struct reading *r, const char *page_text, const char *label,
                        PopplerFormField *field)
{
    gint items = poppler_form_field_choice_get_n_items(field);

    for (gint i = 0; i < items && !r->stopped; i++) {
        if (poppler_form_field_choice_is_item_selected(field, i))
            take_unseen(r, page_text, label, poppler_form_field_choice_get_item(field, i));
    }
    /* Free text typed into an editable list. */
    if (poppler_form_field_choice_is_editable(field))
        take_unseen(r, page_text, label, poppler_form_field_choice_get_text(field));
}

static void take_fields(struct reading *r, PopplerPage *page, const char *page_text)
{
    GList *fields = poppler_page_get_form_field_mapping(page);

    for (GList *at = fields; at && !r->stopped; at = at->next) {
        PopplerFormField *field = ((PopplerFormFieldMapping *)at->data)->field;
        g_autofree char *label = poppler_form_field_get_alternate_ui_name(field);

        if (!label || !*label) {
            g_free(label);
            label = poppler_form_field_get_name(field);
        }
        switch (poppler_form_field_get_field_type(field)) {
        case POPPLER_FORM_FIELD_TEXT:
            take_unseen(r, page_text, label, poppler_form_field_text_get_text(field));
            break;
        case POPPLER_FORM_FIELD_CHOICE:
            take_choice(r, page_text, label, field);
            break;
        default:
            break;
        }
        push_action(r, page_text, poppler_form_field_get_action(field));
    }
    poppler_page_free_form_field_mapping(fields);
}

static void take_annotations(struct reading *r, PopplerPage *page, const char *page_text)
{
    GList *annotations = poppler_page_get_annot_mapping(page);

    for (GList *at = annotations; at && time_left(r); at = at->next) {
        PopplerAnnot *annotation = ((PopplerAnnotMapping *)at->data)->annot;

        take_unseen(r, page_text, "note", poppler_annot_get_contents(annotation));
        if (POPPLER_IS_ANNOT_MARKUP(annotation)) {
            take_unseen(r, page_text, "note by",
                        poppler_annot_markup_get_label(POPPLER_ANNOT_MARKUP(annotation)));
            take_unseen(r, page_text, "note subject",
                        poppler_annot_markup_get_subject(POPPLER_ANNOT_MARKUP(annotation)));
        }
        if (POPPLER_IS_ANNOT_FILE_ATTACHMENT(annotation)) {
            PopplerAttachment *attachment = poppler_annot_file_attachment_get_attachment(
                POPPLER_ANNOT_FILE_ATTACHMENT(annotation));

            if (attachment) {
                take_attachment(r, attachment);
                g_object_unref(attachment);
            }
        }
    }
    poppler_page_free_annot_mapping(annotations);
}

static bool few_characters(const char *text)
{
    unsigned visible = 0;

    for (const char *at = text; at && *at && visible < FEW_CHARACTERS; at++)
        visible += (unsigned char)*at > ' ';
    return visible < FEW_CHARACTERS;
}

static bool has_picture(PopplerPage *page)
{
    GList *images = poppler_page_get_image_mapping(page);
    double width = 0, height = 0;
    bool found = false;

    poppler_page_get_size(page, &width, &height);
    for (const GList *at = images; at && !found; at = at->next) {
        const PopplerRectangle *area = &((const PopplerImageMapping *)at->data)->area;

        found = fabs((area->x2 - area->x1) * (area->y2 - area->y1)) >=
                PICTURE_SHARE * fabs(width * height);
    }
    poppler_page_free_image_mapping(images);
    return found;
}

static void take_page(struct reading *r, PopplerPage *page, uint64_t number)
{
    g_autofree char *text = poppler_page_get_text(page);

    mark(r, MARK_PAGE, number);
    if (text)
        push(r, span_of(text));
    push(r, SPAN("\n"));
    take_fields(r, page, text);
    if (!r->stopped)
        take_annotations(r, page, text);
    if (!r->stopped)
        take_links(r, page, text);
    if (!r->stopped && !r->ocr_pending && few_characters(text) && has_picture(page)) {
        r->out->gap(r->out->ctx, OUTCOME_PARTIAL, "ocr-pending");
        r->ocr_pending = true;
    }
}

/* False: the page tree is broken beyond use. */
static bool take_pages(struct reading *r, PopplerDocument *document)
{
    int pages = poppler_document_get_n_pages(document);
    int missing = 0, read = 0;

    for (int i = 0; i < pages && time_left(r); i++) {
        g_autoptr(PopplerPage) page = poppler_document_get_page(document, i);

        if (page) {
            missing = 0;
            read++;
            take_page(r, page, (uint64_t)i + 1);
            continue;
        }
        if (!r->page_damaged)
            r->out->gap(r->out->ctx, OUTCOME_DAMAGED, "page-damaged");
        r->page_damaged = true;
        if (++missing == MISSING_IN_A_ROW)
            break;
    }
    return r->stopped || read > 0;
}

/* --- the document ----------------------------------------------------------------------------- */

static void take_outline(struct reading *r, PopplerIndexIter *iter, unsigned depth)
{
    do {
        PopplerAction *action;
        g_autoptr(PopplerIndexIter) below = NULL;

        if (++r->outline_items > OUTLINE_ITEMS || !time_left(r)) {
            if (!r->stopped)
                r->out->gap(r->out->ctx, OUTCOME_PARTIAL, "outline-too-long");
            return;
        }
        action = poppler_index_iter_get_action(iter);
        if (action) {
            push_property(r, NULL, action->any.title);
            push_action(r, NULL, action);
            poppler_action_free(action);
        }
        below = poppler_index_iter_get_child(iter);
        if (below && depth < OUTLINE_DEPTH)
            take_outline(r, below, depth + 1);
        else if (below)
            r->out->gap(r->out->ctx, OUTCOME_PARTIAL, "outline-too-deep");
    } while (!r->stopped && r->outline_items <= OUTLINE_ITEMS && poppler_index_iter_next(iter));
}

/* XMP is XML.  Its brackets become line ends: values stand free, attributes stay. */
static void take_xmp(struct reading *r, char *xmp)
{
    if (xmp) {
        for (char *at = xmp; *at; at++) {
            if (*at == '<' || *at == '>')
                *at = '\n';
        }
    }
    take_property(r, NULL, xmp);
}

static void take_information(struct reading *r, PopplerDocument *document)
{
    g_autoptr(PopplerIndexIter) outline = NULL;

    take_property(r, "title", poppler_document_get_title(document));
    take_property(r, "author", poppler_document_get_author(document));
    take_property(r, "subject", poppler_document_get_subject(document));
    take_property(r, "keywords", poppler_document_get_keywords(document));
    take_property(r, "creator", poppler_document_get_creator(document));
    take_property(r, "producer", poppler_document_get_producer(document));
    take_xmp(r, poppler_document_get_metadata(document));
    outline = poppler_index_iter_new(document);
    if (outline && !r->stopped)
        take_outline(r, outline, 1);
}

/* Whether the file's plain bytes hold a word.  Read forward once. */
static bool mentions(struct source *in, struct span word)
{
    char edge[64] = {0}; /* the end of one run and the beginning of the next */
    size_t kept = 0;
    int error = 0;

    if (word.len > sizeof(edge) / 2 || source_seek(in, 0) != 0)
        return false;
    for (;;) {
        struct span run = source_next(in, &error);
        size_t head = run.len < word.len ? run.len : word.len;

        if (run.len == 0)
            return false;
        memcpy(edge + kept, run.at, head);
        if (memmem(edge, kept + head, word.at, word.len) ||
            memmem(run.at, run.len, word.at, word.len))
            return true;
        if (run.len >= word.len - 1) {
            kept = word.len - 1;
            memcpy(edge, run.at + run.len - kept, kept);
        } else {
            size_t all = kept + head, drop = all > word.len - 1 ? all - (word.len - 1) : 0;

            memmove(edge, edge + drop, all - drop);
            kept = all - drop;
        }
    }
}

static void push_raw(struct reading *r, struct source *in)
{
    uint64_t offset = 0;
    int error = 0;

    if (source_seek(in, 0) != 0)
        return;
    for (;;) {
        struct span run = source_next(in, &error);

        if (run.len == 0 || !time_left(r))
            return;
        if (!r->out->raw(r->out->ctx, offset, run)) {
            r->stopped = true;
            return;
        }
        offset += run.len;
    }
}

/* A file of the source is read where it lies; a member is in memory already, or goes there. */
static PopplerDocument *open_document(struct source *in, uint32_t depth, GBytes **keep,
                                      GError **error)
{
    struct span whole;
    int fd;

    if (depth == 0 && (fd = source_fd(in)) >= 0) {
        int own = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* poppler closes what it is given */

        if (own >= 0)
            return poppler_document_new_from_fd(own, NULL, error);
    }
    if (source_whole(in, &whole) != 0) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, "spool");
        return NULL;
    }
    *keep = g_bytes_new_static(whole.at, whole.len);
    return poppler_document_new_from_bytes(*keep, NULL, error);
}

/* A file that was cut has lost its trailer, and poppler does not look for the catalogue without
 * one: a second try with a trailer that names it.  NULL when there is none to name. */
static PopplerDocument *open_without_trailer(struct source *in, GBytes **keep)
{
    static const char CATALOG[] = "/Catalog";
    struct span whole;
    struct buf repaired;
    const char *catalog = NULL, *object = NULL, *from;
    char *end;
    unsigned long number;

    if (source_whole(in, &whole) != 0 || whole.len > INT32_MAX)
        return NULL;
    catalog = memmem(whole.at, whole.len, CATALOG, sizeof(CATALOG) - 1);
    if (!catalog)
        return NULL;
    /* "12 0 obj" stands within a few hundred bytes before. */
    from = catalog - whole.at > 1024 ? catalog - 1024 : whole.at;
    for (const char *at = from; at + 5 < catalog; at++) {
        if (memcmp(at, " 0 obj", 6) == 0)
            object = at;
    }
    if (!object)
        return NULL;
    from = object;
    while (from > whole.at && g_ascii_isdigit(from[-1]) && object - from < 9)
        from--;
    number = strtoul(from, &end, 10);
    if (end != object)
        return NULL;
    buf_init(&repaired, whole.len + 128);
    if (!buf_add_span(&repaired, whole) ||
        !buf_printf(&repaired,
                    "\nendstream\nendobj\ntrailer\n<</Root %lu 0 R>>\nstartxref\n0\n%%%%EOF\n",
                    number)) {
        buf_release(&repaired);
        return NULL;
    }
    g_bytes_unref(*keep);
    *keep = g_bytes_new_with_free_func(repaired.at, repaired.len, free, repaired.at);
    return poppler_document_new_from_bytes(*keep, NULL, NULL);
}

/* Who signed it stands in the certificate of the signature, in hexadecimal. */
static void take_signatures(struct reading *r, struct source *in)
{
    struct span whole;

    if (!mentions(in, SPAN("/ByteRange")))
        return;
    if (source_whole(in, &whole) != 0) {
        r->out->gap(r->out->ctx, OUTCOME_OVER_LIMIT, "spool");
        return;
    }
    if (!der_say_hex_signatures(whole, r->out))
        r->stopped = true;
}

static struct ending limit_ending(const struct reading *r)
{
    const char *spent = r->out->budget->spent;

    if (!r->limited)
        return ENDED_READ; /* whoever said stop has noted why */
    return (struct ending){OUTCOME_OVER_LIMIT, spent ? spent : "bytes"};
}

static struct ending failed_to_open(struct reading *r, struct source *in, const GError *error)
{
    if (error && error->domain == G_FILE_ERROR) {
        push_raw(r, in);
        return (struct ending){OUTCOME_OVER_LIMIT, "spool"};
    }
    if (g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        return (struct ending){OUTCOME_ENCRYPTED, "password"};
    /* Certificates and unknown security handlers give no error of their own. */
    if (!g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_DAMAGED) &&
        mentions(in, SPAN("/Encrypt")))
        return (struct ending){OUTCOME_ENCRYPTED, "encryption-unknown"};
    push_raw(r, in);
    if (r->limited)
        return limit_ending(r);
    return (struct ending){OUTCOME_DAMAGED, "pdf-unreadable"};
}

static struct ending pdf_run(struct source *in, const struct head *head, const struct sink *out)
{
    struct reading r = {.out = out};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) keep = NULL; /* outlives the document: declared before it */
    g_autoptr(PopplerDocument) document = open_document(in, out->depth, &keep, &error);

    (void)head;
    if (!document && error && error->domain == POPPLER_ERROR &&
        error->code != POPPLER_ERROR_ENCRYPTED) {
        document = open_without_trailer(in, &keep);
        if (document)
            out->gap(out->ctx, OUTCOME_DAMAGED, "pdf-cut");
    }
    if (!document)
        return failed_to_open(&r, in, error);
    take_information(&r, document);
    if (!r.stopped && !take_pages(&r, document)) {
        push_raw(&r, in);
        return r.limited ? limit_ending(&r) : (struct ending){OUTCOME_DAMAGED, "pdf-without-pages"};
    }
    if (!r.stopped)
        take_document_attachments(&r, document);
    if (!r.stopped)
        take_signatures(&r, in);
    if (!r.stopped && mentions(in, SPAN("/XFA")))
        out->gap(out->ctx, OUTCOME_PARTIAL, "xfa-form");
    return limit_ending(&r);
}

static unsigned pdf_bid(const struct head *head)
{
    size_t within = head->bytes.len < HEADER_WITHIN ? head->bytes.len : HEADER_WITHIN;
    const char *at;

    if (within < 8)
        return 0;
    for (at = head->bytes.at;; at++) { /* a text has few of these signs, and memmem looks at all */
        size_t left = within - (size_t)(at - head->bytes.at);

        at = memchr(at, '%', left);
        left = at ? within - (size_t)(at - head->bytes.at) : 0;
        if (left < 5)
            return 0;
        if (memcmp(at, "%PDF-", 5) == 0)
            break;
    }
    if (at == head->bytes.at)
        return 95;
    /* After a mail header or a script that only names it: a weak claim.  After junk: a fair one. */
    return at[-1] == '\n' || at[-1] == '\r' || (unsigned char)at[-1] < ' ' ? 60 : 30;
}

/* --- before the helper locks itself in -------------------------------------------------------- */

static void drop_log(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
    (void)domain;
    (void)level;
    (void)message; /* may quote the file */
    (void)data;
}

/* A document small enough to read here, with a font that is not embedded and a picture, so that
 * everything poppler loads late is loaded now. */
static const char WARM_UP[] =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
    "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    "/G<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/UniJIS-UTF16-H/DescendantFonts"
    "[<</Type/Font/Subtype/CIDFontType0/BaseFont/A/CIDSystemInfo"
    "<</Registry(Adobe)/Ordering(Japan1)/Supplement 4>>>>]>>>>>>>>endobj\n"
    "4 0 obj<</Length 124>>stream\n"
    "BT /F 9 Tf 9 50 Td (warm) Tj /G 9 Tf <0041> Tj ET "
    "q 9 0 0 9 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID a EI Q                         \n"
    "endstream endobj\n"
    "trailer<</Root 1 0 R>>\n"
    "%%EOF\n";

static bool pdf_prepare(void)
{
    /* poppler frees its tables with its last document and would load them again: this one stays
     * open as long as the process. */
    static PopplerDocument *warm;
    GBytes *bytes;

    if (warm)
        return true;
    g_log_set_default_handler(drop_log, NULL);
    g_free(g_convert("a", -1, "UTF-8", "UTF-16BE", NULL, NULL, NULL)); /* iconv's own files */
    bytes = g_bytes_new_static(WARM_UP, sizeof(WARM_UP) - 1);
    warm = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    if (!warm)
        return false;
    for (int i = 0; i < poppler_document_get_n_pages(warm); i++) {
        g_autoptr(PopplerPage) page = poppler_document_get_page(warm, i);

        if (page) {
            g_free(poppler_page_get_text(page));
            poppler_page_free_image_mapping(poppler_page_get_image_mapping(page));
            poppler_page_free_annot_mapping(poppler_page_get_annot_mapping(page));
        }
    }
    return true;
}

const struct extractor extract_pdf = {
    .id = "pdf",
    .version = 1,
    .media_type = "application/pdf",
    .bid = pdf_bid,
    .run = pdf_run,
    .prepare = pdf_prepare,
};
