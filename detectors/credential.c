/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Passwords, keys and tokens that stand in a file as they are.  Regulation (EU) 2016/679, article
 * 32: whoever reads one gets in, so a breach does not end with the file.
 *
 *   structure of its own     a private key block (RFC 7468, OpenSSH), a signed token (RFC 7519), a
 *                            vendor's prefix (ghp_, glpat-, xoxb-, sk_live_), user information in a
 *                            URL (RFC 3986, 3.2.1), a connection string, the lines of
 *                            shadow(5) or htpasswd of root and admin, and of
 *                            .pgpass for this host: written
 *   behind a word or field   "mot de passe : ...", password=..., a column "wachtwoord": grouped
 *                            when it looks chosen as a secret (two classes of characters), bare
 *                            when it may be any word
 *
 * Most mentions of a password are not one.  Not counted: what stands in place of one (xxxx, ****,
 * <password>, ${PASSWORD}, "changeme", "required"), running text, names, calls and members of
 * program code, paths, dates, and fields about a password (its length, age, file or hint).
 *
 * Normalised value: the secret, byte for byte, at most 254; of a key block what its next two lines
 * hold.
 */
#include <strings.h>

#include "detectors/checks.h"
#include "detectors/credential_text.h"

enum { LONGEST = 1024, SECRET_MOST = 128, SECRET_LEAST = 4, TOKEN_LEAST = 16 };

/* --- words ----------------------------------------------------------------------------------- */

#define PASSWORD_WORDS                                                                             \
    "password", "passwords", "passwd", "pwd", "passphrase", "pass phrase", "mot de passe",         \
        "mots de passe", "mdp", "motdepasse", "mot passe", "phrase de passe", "code d acces",      \
        "code secret", "wachtwoord", "wachtwoorden", "paswoord", "paswoorden", "wachtwoordzin",    \
        "wachtzin", "toegangscode", "geheime code", "passwort", "passworter", "kennwort",          \
        "kennworter", "zugangscode", "geheimcode", "access code", "code pin", "pincode",           \
        "pin code", "code puk", "pukcode", "puk code", "cle wifi", "wifi key", "wifi sleutel",     \
        "cle wpa", "wpa key", "wpa2", "cle de recuperation", "recovery key", "bitlocker"

#define SECRET_WORDS                                                                               \
    "secret", "client secret", "app secret", "secret key", "api key", "apikey", "api secret",      \
        "api token", "access key", "access token", "auth token", "token", "bearer",                \
        "refresh token", "aws secret access key", "account key", "accountkey",                     \
        "shared access key", "sharedaccesskey", "encryption key", "private token", "jwt"

static const char *const words[] = {PASSWORD_WORDS, SECRET_WORDS, NULL};

static const char *const keys[] = {"pass",         "userpassword",  "user_pass",   "dbpassword",
                                   "db_pass",      "loginpassword", "userpass",    "mot_passe",
                                   "ww",           "psw",           "pswd",        "wifi_password",
                                   "clientsecret", "secretkey",     "accesstoken", "password_hash",
                                   "passwordhash", "pwdhash",       "api_key",     NULL};

/* What a structure begins with.  None begins with a digit: numbers are no words. */
static const char *const wakes[] = {
    PASSWORD_WORDS, SECRET_WORDS, "pass", "identified by", "begin private key",
    "begin encrypted private key", "begin rsa private key", "begin dsa private key",
    "begin ec private key", "begin openssh private key", "begin pgp private key block", "http",
    "https", "ftp", "ftps", "sftp", "ssh", "smb", "ldap", "ldaps", "imap", "imaps", "smtp", "smtps",
    "postgres", "postgresql", "mysql", "mariadb", "mongodb", "mongodb srv", "redis", "rediss",
    "amqp", "amqps", "mssql", "oracle", "ghp", "gho", "ghu", "ghs", "ghr", "github pat", "glpat",
    "xoxb", "xoxp", "xoxa", "xoxr", "xoxs", "sk live", "rk live", "npm", "root", "admin",
    "administrator", "localhost", "apr1", "ssha", "argon2i", "argon2id",
    /* the first parts of signed tokens: HS256, RS256, ES256 */
    "eyjhbgcioijiuzi1niisinr5cci6ikpxvcj9", "eyjhbgcioijsuzi1niisinr5cci6ikpxvcj9",
    "eyjhbgcioijfuzi1niisinr5cci6ikpxvcj9", "eyj0exaioijkv1qilcjhbgcioijiuzi1nij9",
    "eyj0exaioijkv1qilcjhbgcioijsuzi1nij9", "eyj0exaioijkv1qilcjhbgcioijfuzi1nij9",
    "eyjhbgcioijiuzi1nij9", "eyjhbgcioijsuzi1nij9", NULL};

/* --- structures ------------------------------------------------------------------------------ */

static bool found(const struct candidate *c, struct match *ret, size_t at, size_t end,
                  enum form form)
{
    ret->start = at;
    ret->len = end - at;
    ret->form = form;
    (void)c;
    return set_value(ret, c->window.at + at, end - at > VALUE_MAX ? VALUE_MAX : end - at);
}

static bool label_begins(const struct candidate *c, const char *with)
{
    size_t n = strlen(with);

    return c->label.len >= n && strncasecmp(c->label.at, with, n) == 0;
}

static bool label_is(const struct candidate *c, const char *word)
{
    return c->label.len == strlen(word) && label_begins(c, word);
}

/* Behind "-----BEGIN ... PRIVATE KEY": the rest of its line, then lines of base64, or the headers
 * of an encrypted block, whose DEK-Info tells it from others. */
static enum verdict key_block(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start + c->label.len, end = c->start + c->len, from, n = 0, last = at;

    if (c->start < 5 || memcmp(w.at + c->start - 5, "-----", 5) != 0 || end - at < 5 ||
        memcmp(w.at + at, "-----", 5) != 0)
        return VERDICT_NO;
    at += 5;
    from = at;
    for (; at < end && n < VALUE_MAX; at++) {
        char s = w.at[at];

        /* files keep a block in one string, too: "\n" */
        if (s == '\\' && at + 1 < end && w.at[at + 1] == 'n') {
            at++;
            continue;
        }
        if (s == '\n' || s == '\r' || s == ' ')
            continue;
        if (!is_alnum(s) && !(s && strchr("+/=:,-", s)))
            break;
        if (s == '-' && at + 5 <= end && memcmp(w.at + at, "-----", 5) == 0)
            break;
        ret->value[n++] = s;
        last = at + 1;
    }
    if (n < 32)
        return VERDICT_NO;
    ret->value[n] = '\0';
    ret->value_len = n;
    ret->start = from;
    while (ret->start < last && (w.at[ret->start] == '\n' || w.at[ret->start] == '\r'))
        ret->start++;
    ret->len = last - ret->start;
    ret->form = FORM_WRITTEN;
    return VERDICT_PASS;
}

/* scheme://user:secret@host */
static enum verdict user_information(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start + c->label.len, end = c->start + c->len, user, colon = 0;

    if (end - at < 7 || memcmp(w.at + at, "://", 3) != 0)
        return VERDICT_NO;
    user = at += 3;
    for (; at < end; at++) {
        char s = w.at[at];

        if (s == '@')
            break;
        if (s == ':' && !colon)
            colon = at;
        else if (is_space(s) || s == '/' || s == '"' || s == '\'' || s == '<' || s == '>' ||
                 s == '|' || s == '`')
            return VERDICT_NO;
    }
    if (at >= end || colon <= user || at - colon - 1 < SECRET_LEAST || at - colon > SECRET_MOST ||
        at + 1 >= end || !(is_alnum(w.at[at + 1]) || w.at[at + 1] == '['))
        return VERDICT_NO;
    if (secret_is_stand_in((struct span){w.at + colon + 1, at - colon - 1}) ||
        secret_is_stand_in((struct span){w.at + user, colon - user}))
        return VERDICT_NO;
    return found(c, ret, colon + 1, at, FORM_WRITTEN) ? VERDICT_PASS : VERDICT_NO;
}

/* The run of characters of a token from `at` on. */
static size_t token_end(struct span w, size_t at, size_t end, const char *signs)
{
    while (at < end && (is_alnum(w.at[at]) || (w.at[at] && strchr(signs, w.at[at]))))
        at++;
    return at;
}

/* A vendor's prefix, and what belongs to it: `least` characters of a random string. */
static enum verdict vendor_token(const struct candidate *c, char sign, size_t least,
                                 struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start + c->label.len, end = c->start + c->len, to;

    if (at >= end || w.at[at] != sign)
        return VERDICT_NO;
    to = token_end(w, at + 1, end, "_-");
    if (to - at - 1 < least || !secret_is_random((struct span){w.at + at + 1, to - at - 1}))
        return VERDICT_NO;
    return found(c, ret, c->start, to, FORM_WRITTEN) ? VERDICT_PASS : VERDICT_NO;
}

/* header.claims.signature */
static enum verdict signed_token(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t end = c->start + c->len, at = c->start + c->label.len, to;

    for (unsigned part = 0; part < 2; part++) {
        if (at >= end || w.at[at] != '.')
            return VERDICT_NO;
        to = token_end(w, at + 1, end, "_-");
        if (to - at - 1 < TOKEN_LEAST)
            return VERDICT_NO;
        at = to;
    }
    return found(c, ret, c->start, at, FORM_WRITTEN) ? VERDICT_PASS : VERDICT_NO;
}

/* $apr1$salt$hash, {SSHA}base64, $argon2id$v=19$...: the whole of it. */
static enum verdict hash_behind_name(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start + c->label.len, to;
    char before = c->start > 0 ? w.at[c->start - 1] : 0;

    if (at >= c->start + c->len || (before != '$' && before != '{') ||
        w.at[at] != (before == '{' ? '}' : '$'))
        return VERDICT_NO;
    to = token_end(w, at + 1, c->start + c->len, "./+=$,");
    if (to - at < 22)
        return VERDICT_NO;
    return found(c, ret, c->start - 1, to, FORM_WRITTEN) ? VERDICT_PASS : VERDICT_NO;
}

/* name:$6$salt$hash:..., a line of shadow(5) or htpasswd. */
static enum verdict hash_of_name(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start + c->label.len, end = c->start + c->len, to;

    if ((c->start > 0 && w.at[c->start - 1] != '\n') || end - at < 16 || w.at[at] != ':' ||
        w.at[at + 1] != '$')
        return VERDICT_NO;
    to = token_end(w, at + 1, end, "$./=,+");
    if (to - at < 14)
        return VERDICT_NO;
    return found(c, ret, at + 1, to, FORM_WRITTEN) ? VERDICT_PASS : VERDICT_NO;
}

/* localhost:5432:database:user:secret, a line of .pgpass. */
static enum verdict pgpass_line(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start + c->label.len, end = c->start + c->len;
    unsigned fields = 0;

    if (c->start > 0 && w.at[c->start - 1] != '\n')
        return VERDICT_NO;
    for (; at < end && fields < 4; at++) {
        if (w.at[at] == ':')
            fields++;
        else if (is_space(w.at[at]) || (fields == 1 && !is_digit(w.at[at])))
            return VERDICT_NO;
    }
    size_t to = at;

    while (to < end && !is_space(w.at[to]))
        to++;
    if (fields < 4 || to - at < SECRET_LEAST || to - at > SECRET_MOST ||
        secret_is_stand_in((struct span){w.at + at, to - at}))
        return VERDICT_NO;
    return found(c, ret, at, to, FORM_WRITTEN) ? VERDICT_PASS : VERDICT_NO;
}

/* --- behind a word --------------------------------------------------------------------------- */

static bool names_a_password(struct span label)
{
    static const char *const words_of_password[] = {
        "pass",      "pwd",        "mot",     "mdp",   "phrase",   "code",    "wacht",
        "pas",       "toegang",    "geheime", "kennw", "zugang",   "geheimc", "pin",
        "puk",       "cl",         "wifi",    "wpa",   "recovery", "psw",     "ww",
        "bitlocker", "identified", "user",    "db",    "login"};

    for (size_t i = 0; i < sizeof words_of_password / sizeof *words_of_password; i++) {
        size_t n;

        if (label.len == 0 || (label.at[0] | 0x20) != words_of_password[i][0])
            continue;
        n = strlen(words_of_password[i]);
        if (label.len >= n && strncasecmp(label.at, words_of_password[i], n) == 0)
            return true;
    }
    return false;
}

/* "PASS: ld-elf/pr19698", a line of a test's log, and "base-passwd (3.5.14)", a version. */
static bool is_of_software(const struct candidate *c, struct span secret)
{
    bool logged = c->label.len == 4 && memcmp(c->label.at, "PASS", 4) == 0, version = false;
    bool digits = true;

    for (size_t i = 0; i < secret.len; i++) {
        char s = secret.at[i];

        logged = logged && ((s >= 'a' && s <= 'z') || is_digit(s) || s == '-' || s == '/' ||
                            s == '_' || s == '.');
        digits = digits && (is_digit(s) || s == '.' || s == '(' || s == ')');
        version |= s == '.';
    }
    return logged || (digits && version);
}

/* 32 hexadecimal digits under a plain "token": a pseudonym of 128 bits, as inventories and the
 * exports of this program have them for each value, rather than what opens a door. */
static bool is_pseudonym(const struct candidate *c, struct span secret)
{
    if (secret.len != 32 || !label_is(c, "token"))
        return false;
    for (size_t i = 0; i < secret.len; i++)
        if (!strchr("0123456789abcdef", secret.at[i]) || secret.at[i] == '\0')
            return false;
    return true;
}

/* Takes the secret in window.at[at, end) or refuses it. */
static enum verdict take(const struct candidate *c, size_t at, size_t end, enum secret_place place,
                         struct match *ret)
{
    struct span secret = {c->window.at + at, end - at};
    bool password = names_a_password(c->label);
    enum secret_kind kind;

    if (secret.len < SECRET_LEAST || secret.len > (password ? SECRET_MOST : LONGEST) ||
        memchr(secret.at, '\0', secret.len) != NULL || is_pseudonym(c, secret) ||
        is_of_software(c, secret))
        return VERDICT_NO;
    if (password)
        kind = secret_kind(secret, place);
    else /* what a machine made */
        kind = secret.len >= TOKEN_LEAST && secret_is_random(secret) ? SECRET_CHOSEN : SECRET_NONE;
    /* "pass" is a word of every program */
    if (kind == SECRET_NONE || (kind == SECRET_WORD && label_is(c, "pass")))
        return VERDICT_NO;
    if (!found(c, ret, at, end, kind == SECRET_CHOSEN ? FORM_GROUPED : FORM_BARE))
        return VERDICT_NO;
    if (place == SECRET_IN_CONNECTION)
        ret->form = FORM_WRITTEN;
    ret->doubtful = kind == SECRET_WORD && place == SECRET_ASSIGNED;
    return VERDICT_PASS;
}

/* "user/pass: jdupont/Xk29abc": the second of two. */
static size_t second_of_pair(struct span w, size_t at, size_t end)
{
    const char *slash = memchr(w.at + at, '/', end - at);
    size_t behind = slash ? (size_t)(slash - w.at) + 1 : at;

    while (behind < end && w.at[behind] == ' ')
        behind++;
    return slash && slash > w.at + at && behind < end ? behind : at;
}

static enum verdict behind_word(const struct candidate *c, struct match *ret)
{
    struct secret_spot spot;
    size_t label_end = c->start + c->label.len;

    if (!secret_behind(c->window, c->start, label_end, c->start + c->len, &spot)) {
        if (names_a_password(c->label) && !label_is(c, "pass") &&
            secret_on_next_line(c->window, c->start, label_end, c->start + c->len, &spot))
            return take(c, spot.at, spot.end, SECRET_IN_FIELD, ret);
        return VERDICT_NO;
    }
    if (c->start >= 4 && c->window.at[c->start - 1] == '/' && !spot.quoted)
        spot.at = second_of_pair(c->window, spot.at, spot.end);
    if (label_is(c, "pass") && c->start > 0 && !is_space(c->window.at[c->start - 1]) &&
        !strchr("/,;&?(\"'", c->window.at[c->start - 1]))
        return VERDICT_NO;
    /* short words that are others, too: only before a sign */
    if ((label_is(c, "pass") || label_is(c, "secret") || label_is(c, "token")) &&
        spot.place == SECRET_SAID)
        return VERDICT_NO;
    if (label_is(c, "pass") && spot.at - label_end > 4)
        return VERDICT_NO;
    if (label_begins(c, "identified") && !(spot.quoted && strchr("'\"", c->window.at[spot.at - 1])))
        return VERDICT_NO;
    return take(c, spot.at, spot.end, spot.place, ret);
}

static enum verdict in_field(const struct candidate *c, struct match *ret)
{
    struct span w = c->window;
    size_t at = c->start, end = c->start + c->len, before = at;

    if (label_is_about_secrets(c->label))
        return VERDICT_NO;
    while (before > 0 && is_space(w.at[before - 1]) && w.at[before - 1] != '\n')
        before--;
    if (before > 0 && w.at[before - 1] == '>' && before > 1 && strchr("-=", w.at[before - 2]))
        return VERDICT_NO; /* password->length */
    if (c->label.len && memchr(c->label.at, '/', c->label.len))
        at = second_of_pair(w, at, end);
    /* behind the label of a line: one word, as running text may follow; a cell is all of it */
    if (before > 0 && strchr(":=", w.at[before - 1])) {
        for (size_t i = at; i < end; i++)
            if (is_space(w.at[i]))
                return VERDICT_NO;
    }
    return take(c, at, end, SECRET_IN_FIELD, ret);
}

static enum verdict behind_word_or_scheme(const struct candidate *c, struct match *ret)
{
    if (c->start + c->label.len + 3 <= c->start + c->len &&
        memcmp(c->window.at + c->start + c->label.len, "://", 3) == 0)
        return user_information(c, ret);
    return behind_word(c, ret);
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (c->woken_by == ANCHOR_FIELD)
        return in_field(c, ret);
    if (c->woken_by != ANCHOR_WORD || c->label.len > c->len)
        return VERDICT_NO;
    if (c->label.len == 0 || !strchr("abeglnrsx", c->label.at[0] | 0x20))
        return behind_word_or_scheme(c, ret);
    if (label_begins(c, "begin"))
        return key_block(c, ret);
    if (label_is(c, "root") || label_is(c, "admin") || label_is(c, "administrator"))
        return hash_of_name(c, ret);
    if (label_is(c, "localhost"))
        return pgpass_line(c, ret);
    if (label_begins(c, "eyj"))
        return signed_token(c, ret);
    if (label_is(c, "apr1") || label_is(c, "ssha") || label_begins(c, "argon2"))
        return hash_behind_name(c, ret);
    if (label_begins(c, "xox") || label_is(c, "glpat"))
        return vendor_token(c, '-', TOKEN_LEAST, ret);
    if ((label_begins(c, "gh") && c->label.len == 3) || label_begins(c, "github") ||
        label_is(c, "npm") || label_begins(c, "sk") || label_begins(c, "rk"))
        return vendor_token(c, '_', 20, ret);
    return behind_word_or_scheme(c, ret);
}

const struct detector detect_credential = {
    .id = "credential",
    .kind = "credential",
    .version = 1,
    .anchors = ANCHOR_WORD | ANCHOR_FIELD,
    .longest = LONGEST,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_OTHER, PRECEDENCE_PAYMENT_REF},
    .alone = {CONFIDENCE_NONE, CONFIDENCE_LOW, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0, /* no check digit */
    .words = words,
    .keys = keys,
    .wakes = wakes,
    .check = check,
};
