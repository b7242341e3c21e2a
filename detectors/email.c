/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * E-mail address (RFC 5321 section 4.5.3.1 for the lengths: local part 64, whole 254 bytes).  The
 * local part is narrower than RFC 5322 allows: / = & ? and their like end it, because far more
 * addresses stand in URLs and code than have those.  The normalised value is lower case.
 *
 * Not addresses: user@host, foo@1.2.3, icon@2x.png, scheme://user@host, git@host.
 */
#include "detectors/checks.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63, ADDRESS_MAX = 254 };

static const char *const words[] = {
    "email",         "e-mail",    "mail",        "courriel",   "adresse electronique",
    "adresse mail",  "mailadres", "e-mailadres", "emailadres", "e-mail-adresse",
    "email address", NULL};

static const char *const keys[] = {"email",       "e_mail",        "mail",
                                   "courriel",    "emailaddress",  "email_address",
                                   "mailaddress", "mail_address",  "emailadres",
                                   "email_adres", "mailadres",     "adresse_mail",
                                   "adressemail", "adresse_email", "userprincipalname",
                                   "upn",         "from",          "to",
                                   "cc",          "bcc",           "reply-to",
                                   NULL};

/* Identifiers of messages and parts have the shape of an address. */
static const char *const against[] = {"message-id", "message id", "in-reply-to", "in reply to",
                                      "content-id", "content id", "cid",         NULL};

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool in_local(char c)
{
    /* letters, digits, . _ - + ~ and the apostrophe; bit: the byte, below 64 and from 64 on */
    static const uint64_t bytes[2] = {UINT64_C(0x03ff688000000000), UINT64_C(0x47fffffe87fffffe)};

    return !(c & 0x80) && (bytes[c >> 6 & 1] >> (c & 63) & 1);
}

/* Bytes of the two-byte UTF-8 letter (U+00C0 to U+07FF) that starts here; 0 if none does. */
static size_t letter_at(struct span w, size_t at)
{
    if (at + 1 >= w.len)
        return 0;
    unsigned char lead = (unsigned char)w.at[at], next = (unsigned char)w.at[at + 1];

    return lead >= 0xC3 && lead <= 0xDF && (next & 0xC0) == 0x80 ? 2 : 0;
}

/* Where the local part that ends at `at` begins. */
static size_t local_start(struct span w, size_t at)
{
    size_t start = at;

    while (start > 0 && at - start <= LOCAL_MAX + 8) {
        if (w.at[start - 1] != 0 && in_local(w.at[start - 1]))
            start--;
        else if (start >= 2 && letter_at(w, start - 2))
            start -= 2;
        else
            break;
    }
    /* %3A, %20: an escaped sign of a URL before the address. */
    if (start > 0 && w.at[start - 1] == '%' && start + 2 < at && is_hex(w.at[start]) &&
        is_hex(w.at[start + 1]))
        start += 2;
    /* \n, \t and \u003c: the escapes of JSON and of SQL dumps. */
    if (start > 0 && w.at[start - 1] == '\\' && start < at) {
        if (w.at[start] == 'u' && at - start > 5)
            start += 5;
        else if (strchr("nrt", w.at[start]) != NULL)
            start++;
    }
    /* the line of a form to write on: ____jan@example.be____ */
    if (start + 1 < at && w.at[start] == '_' && w.at[start + 1] == '_')
        while (start < at && w.at[start] == '_')
            start++;
    while (start < at && strchr(".-'", w.at[start]) != NULL)
        start++;
    return start;
}

static bool doubled_dot(const char *text, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (text[i] == '.' && text[i - 1] == '.')
            return true;
    return false;
}

/* A domain name: where its labels are. */
struct domain {
    size_t end;    /* offset after the last label */
    size_t last;   /* offset of the last label */
    size_t before; /* offset of the label before it */
    unsigned labels;
};

/* One label from `at`; its end, or `at` if there is none. */
static size_t label_end(struct span w, size_t at)
{
    size_t end = at;

    while (end < w.len && end - at <= LABEL_MAX) {
        size_t letter = 1;

        if (!is_alnum(w.at[end]) && w.at[end] != '-')
            letter = letter_at(w, end);
        if (letter == 0)
            break;
        end += letter;
    }
    while (end > at && w.at[end - 1] == '-')
        end--;
    return end;
}

static bool top_level(const char *label, size_t len)
{
    if (len > 4 && strncasecmp(label, "xn--", 4) == 0)
        return true;
    if (len < 2 || len > 24)
        return false;
    for (size_t i = 0; i < len; i++)
        if (is_digit(label[i]) || label[i] == '-')
            return false;
    return true;
}

/* Ends of file names that are no top-level domain: jan@example.be.pdf.  By length, each filled up
 * to the eight bytes that one comparison takes. */
static bool file_extension(const char *label, size_t len)
{
    static const char ends[][8] = {
        "bz",   "db",   "gz",   "js",   "ts",    "xz",    "bak",    "bmp",    "cfg",  "css",
        "csv",  "dll",  "doc",  "eml",  "exe",   "gif",   "htm",    "ini",    "jar",  "jpg",
        "jsx",  "log",  "msg",  "ods",  "odt",   "pdf",   "php",    "png",    "ppt",  "pst",
        "rar",  "rtf",  "sql",  "svg",  "tar",   "tgz",   "tif",    "tsv",    "tsx",  "txt",
        "xls",  "xml",  "yml",  "conf", "docx",  "html",  "jpeg",   "json",   "mbox", "pptx",
        "tiff", "webp", "xlsx", "yaml", "mount", "timer", "socket", "service"};
    /* where the ends of so many letters begin */
    static const uint8_t by_length[] = {0, 0, 0, 6, 43, 54, 56, 57, 58};
    char folded[8] = {0};

    _Static_assert(sizeof ends / sizeof *ends == 58, "by_length counts them");
    if (len > 7)
        return false;
    for (size_t i = 0; i < len; i++)
        folded[i] = (char)(label[i] >= 'A' && label[i] <= 'Z' ? label[i] | 0x20 : label[i]);
    for (size_t i = by_length[len]; i < by_length[len + 1]; i++)
        if (memcmp(ends[i], folded, 8) == 0)
            return true;
    return false;
}

static bool read_domain(struct span w, size_t at, struct domain *ret)
{
    *ret = (struct domain){.end = at, .last = at, .before = at};
    while (ret->end - at <= ADDRESS_MAX) {
        size_t start = ret->labels ? ret->end + 1 : at;
        size_t end = start <= w.len ? label_end(w, start) : start;

        if (end == start || end - start > LABEL_MAX || w.at[start] == '-')
            break;
        ret->before = ret->last;
        ret->last = start;
        ret->end = end;
        ret->labels++;
        if (end >= w.len || w.at[end] != '.')
            break;
    }
    bool extension = file_extension(w.at + ret->last, ret->end - ret->last);

    if (ret->labels > 2 && extension) {
        ret->end = ret->last - 1;
        ret->last = ret->before;
        ret->labels--;
        extension = file_extension(w.at + ret->last, ret->end - ret->last);
    }
    if (ret->labels < 2 || extension || !top_level(w.at + ret->last, ret->end - ret->last))
        return false;
    /* foo@1.2.3-rc.beta: a version, not a host. */
    size_t i = at;

    while (i < ret->end && is_digit(w.at[i]))
        i++;
    return !(i > at && i + 1 < ret->end && w.at[i] == '.' && is_digit(w.at[i + 1]));
}

/* user@ and user:password@ of a URL; the account that every git remote has. */
static bool in_authority(struct span w, size_t start, size_t at)
{
    if (at - start == 3 && strncasecmp(w.at + start, "git", 3) == 0)
        return true;
    for (size_t i = start; i > 0 && start - i < 64; i--) {
        char c = w.at[i - 1];

        if (c == '/' && i >= 2 && w.at[i - 2] == '/')
            return true;
        if (c != '\0' && !is_alnum(c) && c != '.' && c != '_' && c != '~' && c != '%' && c != '-' &&
            c != ':' && c != '!' && c != '$' && c != '+')
            return false;
    }
    return false;
}

/* The domain of another address right before ends where this one may begin: in
 * "a@x.be-b@y.be", whose @ is at `before`, at the dash.  0: it goes up to `at`. */
static size_t first_domain_end(struct span w, size_t before, size_t at)
{
    size_t label = before + 1, labels = 0;

    for (size_t i = label; i < at; i++) {
        char c = w.at[i];

        if (c == '.') {
            label = i + 1;
            labels++;
        } else if (labels > 0 && (c == '-' || c == '_' || c == '+' || c == '~' || c == '\'') &&
                   top_level(w.at + label, i - label)) {
            return i;
        }
    }
    return 0;
}

/* The offset of the @ that ends the characters of a local part from `at` on; 0 if none does. */
static size_t next_at(struct span w, size_t at)
{
    for (size_t i = at; i < w.len && i - at <= LOCAL_MAX + LABEL_MAX; i++) {
        if (w.at[i] == '@')
            return i;
        if (w.at[i] == '\0' || (!in_local(w.at[i]) && !(w.at[i] & 0x80)))
            return 0;
    }
    return 0;
}

/* Two addresses with one of - _ + ~ ' between them, as names of files and lists join them: where
 * the domain of the first, whose @ is at `at`, is to be cut; 0: nowhere. */
static size_t domain_cut(struct span w, size_t at)
{
    size_t next = next_at(w, at + 1);

    return next > 0 ? first_domain_end(w, at, next) : 0;
}

/* ... and where the second, whose @ is at `at`, begins; that of the first is at `before`. */
static size_t behind_neighbour(struct span w, size_t before, size_t at)
{
    size_t end = first_domain_end(w, before, at), start = end + 1;

    if (end == 0)
        return before + 1;
    while (start < at && strchr(".-'", w.at[start]) != NULL)
        start++;
    return start;
}

/* 20131105131424.GA32700@host, 4f91988b.1080502@host: mostly digits and long is an identifier that
 * a mail program made. */
static bool like_message_id(const char *local, size_t len)
{
    size_t digits = 0;

    for (size_t i = 0; i < len; i++)
        digits += is_digit(local[i]);
    return len >= 16 && digits * 10 >= len * 6;
}

/* Lower case, of ASCII and of U+00C0 to U+00DE. */
static void fold(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char b = (unsigned char)text[i];

        if (b >= 'A' && b <= 'Z')
            text[i] = (char)(b + 0x20);
        else if (i > 0 && (unsigned char)text[i - 1] == 0xC3 && b >= 0x80 && b <= 0x9E && b != 0x97)
            text[i] = (char)(b + 0x20);
    }
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->anchor;

    if (at >= w.len || w.at[at] != '@')
        return VERDICT_NO;
    size_t start = local_start(w, at);
    struct span own = w;
    struct domain domain;
    size_t cut = domain_cut(w, at);

    if (start > 0 && w.at[start - 1] == '@')
        start = behind_neighbour(w, start - 1, at);
    if (cut > 0)
        own.len = cut;
    if (start == at || !read_domain(own, at + 1, &domain) || in_authority(w, start, at))
        return VERDICT_NO;
    /* a@b.be@c.be: routes and user names, not to be cut to size. */
    if ((start > 0 && w.at[start - 1] == '@') || (domain.end < w.len && w.at[domain.end] == '@'))
        return VERDICT_NO;
    if (at - start > LOCAL_MAX || domain.end - start > ADDRESS_MAX || w.at[at - 1] == '.' ||
        doubled_dot(w.at + start, at - start) || !set_value(ret, w.at + start, domain.end - start))
        return VERDICT_SHAPE;
    fold(ret->value, ret->value_len);
    ret->start = start;
    ret->len = domain.end - start;
    ret->form = FORM_WRITTEN;
    ret->doubtful = like_message_id(w.at + start, at - start);
    return VERDICT_PASS;
}

const struct detector detect_email = {
    .id = "email",
    .kind = "email",
    .version = 1,
    .anchors = ANCHOR_AT,
    .longest = ADDRESS_MAX,
    .precedence = {PRECEDENCE_PHONE, PRECEDENCE_PHONE, PRECEDENCE_PHONE},
    .alone = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0,
    .words = words,
    .keys = keys,
    .against = against,
    /* not .of_person: the address of a service stands on every letter, form and page */
    .check = check,
};
