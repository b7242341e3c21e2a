/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* credential_text.c - see the header. */
#include "detectors/credential_text.h"

#include <strings.h>

enum { BETWEEN_MOST = 40, BLANKS_MOST = 24, STAND_IN_MOST = 48 };

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_lower((char)(c | 0x20)) || (c & 0x80);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_one_of(struct span text, const char *const *list)
{
    for (; *list; list++)
        if (strlen(*list) == text.len && strncasecmp(*list, text.at, text.len) == 0)
            return true;
    return false;
}

static bool has_part(struct span text, const char *part)
{
    size_t n = strlen(part);

    for (size_t i = 0; i + n <= text.len; i++)
        if (strncasecmp(text.at + i, part, n) == 0)
            return true;
    return false;
}

/* --- what is no secret ----------------------------------------------------------------------- */

/* What people and manuals write where a secret belongs. */
static const char *const stand_ins[] = {"password",
                                        "passwort",
                                        "passwd",
                                        "pass",
                                        "pwd",
                                        "wachtwoord",
                                        "paswoord",
                                        "motdepasse",
                                        "mdp",
                                        "kennwort",
                                        "secret",
                                        "token",
                                        "user",
                                        "username",
                                        "changeme",
                                        "change_me",
                                        "change-me",
                                        "changeit",
                                        "change",
                                        "example",
                                        "sample",
                                        "dummy",
                                        "test",
                                        "testing",
                                        "todo",
                                        "none",
                                        "null",
                                        "nil",
                                        "true",
                                        "false",
                                        "yes",
                                        "no",
                                        "undefined",
                                        "void",
                                        "empty",
                                        "required",
                                        "optional",
                                        "string",
                                        "str",
                                        "text",
                                        "char",
                                        "int",
                                        "integer",
                                        "bool",
                                        "boolean",
                                        "varchar",
                                        "pchar",
                                        "ansistring",
                                        "widestring",
                                        "shortstring",
                                        "nvarchar",
                                        "bytes",
                                        "default",
                                        "value",
                                        "hidden",
                                        "masked",
                                        "redacted",
                                        "removed",
                                        "secure",
                                        "encrypted",
                                        "plain",
                                        "plaintext",
                                        "clear",
                                        "cleartext",
                                        "prompt",
                                        "ask",
                                        "auto",
                                        "random",
                                        "generated",
                                        "unknown",
                                        "here",
                                        "this",
                                        "that",
                                        "self",
                                        "new",
                                        "old",
                                        "foo",
                                        "bar",
                                        "baz",
                                        "foobar",
                                        "qwerty123456",
                                        "mypassword",
                                        "my_password",
                                        "my-password",
                                        "yourpassword",
                                        "your_password",
                                        "your-password",
                                        "mypass",
                                        "mysecret",
                                        "my_secret",
                                        "yourpass",
                                        "your",
                                        "userpass",
                                        "passphrase",
                                        "login",
                                        "oui",
                                        "non",
                                        "ja",
                                        "nee",
                                        "nein",
                                        "aucun",
                                        "aucune",
                                        "geen",
                                        "kein",
                                        "keine",
                                        "leer",
                                        "leeg",
                                        "vide",
                                        "inconnu",
                                        "onbekend",
                                        "unbekannt",
                                        "requis",
                                        "vereist",
                                        "erforderlich",
                                        "verplicht",
                                        "obligatoire",
                                        "oublié",
                                        "vergeten",
                                        "vergessen",
                                        "confidentiel",
                                        "vertrouwelijk",
                                        "idem",
                                        "incorrect",
                                        "wrong",
                                        "invalid",
                                        "expired",
                                        "correct",
                                        "valid",
                                        "ok",
                                        "n/a",
                                        "nvt",
                                        "n.v.t.",
                                        "enter",
                                        "input",
                                        "enabled",
                                        "disabled",
                                        "on",
                                        "off",
                                        "set",
                                        "unset",
                                        "admin",
                                        "root",
                                        "private",
                                        "public",
                                        "hash",
                                        "md5",
                                        "sha1",
                                        "sha256",
                                        "sha512",
                                        "bcrypt",
                                        "crypt",
                                        "base64",
                                        "utf-8",
                                        "utf8",
                                        "latin1",
                                        "ssl",
                                        "tls",
                                        "ldap",
                                        "pam",
                                        "kerberos",
                                        "basic",
                                        "digest",
                                        "file",
                                        "stdin",
                                        "env",
                                        "fd",
                                        NULL};

static bool of_one_character(struct span text)
{
    for (size_t i = 1; i < text.len; i++)
        if (text.at[i] != text.at[0])
            return false;
    return true;
}

bool secret_is_stand_in(struct span s)
{
    size_t signs = 0, crosses = 0, words = 0;

    while (s.len > 1 && strchr(",;.:)]}", s.at[s.len - 1]))
        s.len--;
    if (s.len == 0 || of_one_character(s))
        return true;
    if (s.len > STAND_IN_MOST)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        signs += strchr("*.-_?#=~+ ", s.at[i]) != NULL;
        crosses += s.at[i] == 'x' || s.at[i] == 'X';
        words += s.at[i] == ' ';
    }
    if (signs == s.len || signs + crosses == s.len)
        return true;
    /* <password>, [password], {{ password }}, ${PASSWORD}, $(pass), %PASSWORD%, %s, @PASSWORD@ */
    if (strchr("<[{", s.at[0]) || (s.at[0] == '$' && s.len > 1 && !strchr("0123456789", s.at[1])) ||
        (s.at[0] == '%' && (s.at[s.len - 1] == '%' || s.len < 4)) ||
        (s.at[0] == '@' && s.at[s.len - 1] == '@') || has_part(s, "${") || has_part(s, "{{") ||
        has_part(s, "%s") || has_part(s, "%(") || has_part(s, "$("))
        return true;
    /* "password used for the key" */
    if (words && (has_part(s, "passw") || has_part(s, "passphrase") || has_part(s, "secret") ||
                  has_part(s, "wachtwoord") || has_part(s, "mot de passe")))
        return true;
    return is_one_of(s, stand_ins) || has_part(s, "xxxx") || has_part(s, "&lt;") ||
           has_part(s, "&#x3c;") || has_part(s, "****") || has_part(s, "your_") ||
           has_part(s, "your-") || has_part(s, "_here") || has_part(s, "changeme") ||
           has_part(s, "change_me") || has_part(s, "placeholder") || has_part(s, "redacted") ||
           has_part(s, "example");
}

bool secret_is_random(struct span s)
{
    size_t digits = 0, lower = 0, upper = 0, changes = 0;
    int before = -1;

    if (secret_is_stand_in(s) || strchr("/.~", s.at[0]) || memmem(s.at, s.len, "://", 3))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        int class = is_digit(c) ? 0 : is_lower(c) ? 1 : is_upper(c) ? 2 : 3;

        if (class == 3 && !strchr("+/=_-.~:", c))
            return false;
        digits += class == 0;
        lower += class == 1;
        upper += class == 2;
        changes += before >= 0 && class != before;
        before = class;
    }
    /* names of things in words have few changes and few digits */
    return digits >= 2 && lower + upper >= 2 && changes * 6 >= s.len;
}

static bool is_path(struct span s)
{
    size_t slashes = 0;

    for (size_t i = 0; i < s.len; i++)
        slashes += s.at[i] == '/' || s.at[i] == '\\';
    return (strchr("/~\\", s.at[0]) && (slashes > 1 || s.len > 1)) || slashes > 1 ||
           strncmp(s.at, "./", s.len < 2 ? s.len : 2) == 0 || has_part(s, "://") ||
           (s.len > 2 && s.at[1] == ':' && (s.at[2] == '\\' || s.at[2] == '/'));
}

/* Digits in groups of a date or time, and nothing else. */
static bool is_date(struct span s)
{
    size_t digits = 0, joints = 0;

    for (size_t i = 0; i < s.len; i++) {
        digits += is_digit(s.at[i]);
        joints += strchr("-/.: T", s.at[i]) != NULL;
    }
    return joints >= 2 && digits >= 4 && digits + joints == s.len;
}

/* name, name.member, name->member, Name::member, name(...), *name, &name, name[...]. */
static bool is_code(struct span s)
{
    char last = s.at[s.len - 1];
    size_t capitals = 0;

    /* a constant: 0x04000000, ERROR_BASE */
    if (s.len > 2 && s.at[0] == '0' && (s.at[1] | 0x20) == 'x')
        return true;
    for (size_t i = 0; i < s.len; i++)
        capitals += is_upper(s.at[i]) || s.at[i] == '_';
    if (capitals == s.len && memchr(s.at, '_', s.len))
        return true;
    if (strchr(":,)];}", s.at[0]) || has_part(s, "->") || has_part(s, "::") || has_part(s, "()") ||
        has_part(s, "[\"") || has_part(s, "['") || has_part(s, "=>") || has_part(s, "`") ||
        has_part(s, "==") || has_part(s, "&&") || has_part(s, "||"))
        return true;
    /* a call or a member of it */
    for (size_t i = 1; i < s.len; i++) {
        if ((s.at[i] == '(' || s.at[i] == '[') && (is_letter(s.at[i - 1]) || s.at[i - 1] == '_'))
            return true;
        if (s.at[i] == '.' && i + 1 < s.len && is_lower((char)(s.at[i - 1] | 0x20)) &&
            is_lower((char)(s.at[i + 1] | 0x20)) && last != '!')
            return true;
    }
    return strchr("&*(", s.at[0]) && s.len > 1 && is_letter(s.at[1]) && !is_digit(last) &&
           last != '!';
}

enum secret_kind secret_kind(struct span s, enum secret_place place)
{
    bool digit = false, lower = false, upper = false, sign = false, inner_upper = false;
    bool blank = false, joins = false;
    unsigned words = 1;

    if (s.len == 0 || secret_is_stand_in(s) || is_path(s) || is_date(s))
        return SECRET_NONE;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (is_digit(c)) {
            digit = true;
        } else if (is_lower(c) || (c & 0x80)) {
            lower = true;
        } else if (is_upper(c)) {
            upper = true;
            inner_upper |= i > 0;
        } else if (is_blank(c)) {
            blank = true;
            words++;
        } else if (strchr("-_.'/,", c)) {
            joins = true; /* they join words */
        } else if ((unsigned char)c < 0x20) {
            return SECRET_NONE;
        } else {
            sign = true;
        }
    }
    if (!digit && !lower && !upper)
        return SECRET_NONE;
    if (blank) /* only where the whole is meant: a cell, a quotation */
        return words > 6 ? SECRET_NONE : SECRET_WORD;
    if (memchr(s.at, '@', s.len) && has_part(s, ".") && !sign && !digit)
        return SECRET_NONE; /* an address */
    if (is_code(s))
        return SECRET_NONE;
    if (digit && (lower || upper) && !(place == SECRET_SAID && joins))
        return SECRET_CHOSEN;
    if (sign && (digit || lower || upper)) {
        char last = s.at[s.len - 1];

        /* a word with its punctuation mark, a name of code */
        if (!digit && strchr("!?:;)>]}\\", last) && s.len > 1 && !memchr(s.at, '$', s.len) &&
            !memchr(s.at, '#', s.len))
            return last == '!' && upper && inner_upper ? SECRET_CHOSEN : SECRET_WORD;
        return SECRET_CHOSEN;
    }
    if (lower && inner_upper && !joins && place != SECRET_ASSIGNED && place != SECRET_SAID)
        return SECRET_WORD;
    return place == SECRET_SAID ? SECRET_NONE : SECRET_WORD;
}

/* --- where it stands ------------------------------------------------------------------------- */

/* In the name of a field or variable behind "password": it is about one. */
static const char *const about[] = {
    "length", "len",      "size",    "min",      "max",        "age",     "date",     "expir",
    "change", "modif",    "updat",   "reset",    "last",       "hint",    "question", "policy",
    "polic",  "file",     "path",    "field",    "input",      "type",    "prompt",   "label",
    "url",    "link",     "uri",     "encod",    "encrypt",    "method",  "class",    "strength",
    "count",  "attempt",  "retry",   "retries",  "valid",      "require", "enabled",  "id",
    "name",   "column",   "protect", "manager",  "callback",   "check",   "confirm",  "generat",
    "store",  "history",  "days",    "time",     "format",     "message", "error",    "status",
    "mode",   "page",     "form",    "help",     "echo",       "set",     "bits",     "index",
    "indice", "longueur", "durée",   "validité", "expiration", "oubli",   "vergeten", "vergessen",
    "lengte", "geldig",   "verval",  "länge",    "ablauf",     "gültig",  NULL};

bool label_is_about_secrets(struct span label)
{
    for (const char *const *word = about; *word; word++) {
        size_t n = strlen(*word);

        for (size_t i = 0; i + n <= label.len; i++)
            if (strncasecmp(label.at + i, *word, n) == 0 &&
                (i == 0 || !is_letter(label.at[i - 1]) ||
                 (is_upper(label.at[i]) && is_lower(label.at[i - 1]))) &&
                /* "set", "id", "age" are parts of words */
                (n > 4 || i + n == label.len || !is_lower(label.at[i + n])))
                return true;
    }
    return false;
}

static size_t past_blanks(struct span w, size_t at, size_t end)
{
    size_t most = end - at > BLANKS_MOST ? at + BLANKS_MOST : end;

    while (at < most && is_blank(w.at[at]))
        at++;
    return at;
}

/* The closing quote for what opens at `at`, 0 for none. */
static const char *closing_quote(struct span w, size_t at, size_t end, size_t *ret_len)
{
    static const char *const pairs[][2] = {{"\"", "\""},
                                           {"'", "'"},
                                           {"`", "`"},
                                           {"\xC2\xAB", "\xC2\xBB"},
                                           {"\xE2\x80\x9C", "\xE2\x80\x9D"},
                                           {"\xE2\x80\x9E", "\xE2\x80\x9C"},
                                           {"\xE2\x80\x98", "\xE2\x80\x99"}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        *ret_len = strlen(pairs[i][0]);
        if (end - at > *ret_len && memcmp(w.at + at, pairs[i][0], *ret_len) == 0)
            return pairs[i][1];
    }
    return NULL;
}

/* Blanks inside the quotes, of any width. */
static void trim(struct span w, struct secret_spot *s)
{
    while (s->at < s->end && is_blank(w.at[s->at]))
        s->at++;
    while (s->end - s->at >= 2 && memcmp(w.at + s->at, "\xC2\xA0", 2) == 0)
        s->at += 2;
    while (s->end - s->at >= 2 && memcmp(w.at + s->end - 2, "\xC2\xA0", 2) == 0)
        s->end -= 2;
    while (s->end > s->at && is_blank(w.at[s->end - 1]))
        s->end--;
}

/* A value in quotes; false if the quote does not close on its line. */
static bool quoted_value(struct span w, size_t at, size_t end, struct secret_spot *ret)
{
    size_t open;
    const char *close = closing_quote(w, at, end, &open);
    size_t n = close ? strlen(close) : 0;

    if (!close)
        return false;
    ret->at = at + open;
    for (at = ret->at; at + n <= end && w.at[at] != '\n'; at++) {
        if (memcmp(w.at + at, close, n) != 0)
            continue;
        ret->end = at;
        ret->quoted = true;
        trim(w, ret);
        return ret->end > ret->at;
    }
    return false;
}

/* Behind an unquoted value running text goes on: "Password: enter the one you chose". */
static bool prose_goes_on(struct span w, size_t at, size_t end)
{
    size_t from = past_blanks(w, at, end), letters = 0;

    if (from != at + 1 || from >= end)
        return false;
    while (from + letters < end && is_letter(w.at[from + letters]))
        letters++;
    /* the next label on the line: "mdp: x login: y" */
    return letters > 0 && !(from + letters < end && strchr(":=", w.at[from + letters]));
}

/* ";Name=" */
static bool next_of_a_row(struct span w, size_t at, size_t end)
{
    size_t from = ++at;

    while (at < end && (is_letter(w.at[at]) || w.at[at] == ' ' || w.at[at] == '_'))
        at++;
    return at > from && at < end && w.at[at] == '=';
}

static bool plain_value(struct span w, size_t start, size_t at, size_t end, struct secret_spot *ret)
{
    char before = start > 0 ? w.at[start - 1] : 0;
    bool query = before == '&' || before == '?', connection = before == ';';

    /* "; Password=": blanks between, or the first of a row that goes on */
    if (before == ' ' && start > 1)
        connection = w.at[start - 2] == ';';
    ret->at = at;
    while (at < end && !is_space(w.at[at]) && w.at[at] != '<' && w.at[at] != '"' &&
           !(w.at[at] == '>' && ret->place == SECRET_LABELLED) &&
           !((query || connection) && (w.at[at] == '&' || w.at[at] == ';'))) {
        connection |= w.at[at] == ';' && next_of_a_row(w, at, end);
        if (!connection || w.at[at] != ';')
            at++;
    }
    if (connection && ret->place == SECRET_ASSIGNED)
        ret->place = SECRET_IN_CONNECTION;
    ret->end = at;
    /* what closes the sentence or the statement */
    while (ret->end > ret->at && strchr(",;.)]}'>", w.at[ret->end - 1]))
        ret->end--;
    return ret->end > ret->at;
}

/* From the end of the word to the sign that ties a value to it: at most a few words, "wifi", "de la
 * boîte", "(new)".  `ret`: behind the sign and blanks. */
static bool tie_behind(struct span w, size_t at, size_t end, struct secret_spot *ret)
{
    static const char *const verbs[] = {"is", "est", "ist", "lautet", "luidt", "becomes", NULL};
    size_t from = at, most = end - at > BETWEEN_MOST ? at + BETWEEN_MOST : end;
    unsigned words = 0;

    if (at < end && (is_alnum(w.at[at]) || (w.at[at] & 0x80)) && !is_digit(w.at[at]))
        return false; /* passwordEncoder */
    while (at < most && is_digit(w.at[at]))
        at++; /* password1 */
    /* "password" = */
    if (at < most && (w.at[at] == '"' || w.at[at] == '\'' || w.at[at] == '`' || w.at[at] == ']'))
        at++;
    if (at < most && w.at[at] == '>') { /* <password>value< */
        ret->at = at + 1;
        ret->place = SECRET_LABELLED;
        return from > 0;
    }
    while (at < most) {
        char c = w.at[at];

        if (c == ':' || c == '=') {
            bool assigned = c == '=';

            if (at + 1 < end &&
                (w.at[at + 1] == '=' || w.at[at + 1] == ':' || (w.at[at + 1] == '>' && c == '=')))
                at++;
            if (at > from && w.at[at] == '=' && w.at[at - 1] == '=')
                return false; /* a comparison */
            if (label_is_about_secrets((struct span){w.at + from, at - from}))
                return false;
            ret->at = past_blanks(w, at + 1, end);
            ret->place = assigned ? SECRET_ASSIGNED : SECRET_LABELLED;
            return true;
        }
        if (c == '.' && at + 1 < end && is_space(w.at[at + 1]))
            return false; /* another sentence */
        if (is_blank(c) || c == '(' || c == ')' || c == '/' || c == '-' || c == '_' || c == '\'' ||
            c == '.') {
            at++;
            continue;
        }
        if (is_letter(c) || is_digit(c)) {
            size_t word = at;

            while (at < most && (is_letter(w.at[at]) || is_digit(w.at[at])))
                at++;
            if (is_one_of((struct span){w.at + word, at - word}, verbs)) {
                ret->at = past_blanks(w, at, end);
                if (ret->at < end && (w.at[ret->at] == ':' || w.at[ret->at] == '='))
                    ret->at = past_blanks(w, ret->at + 1, end);
                ret->place = SECRET_SAID;
                return ret->at > at;
            }
            if (++words > 4)
                return false;
            continue;
        }
        return false;
    }
    return false;
}

bool secret_behind(struct span w, size_t start, size_t word_end, size_t end,
                   struct secret_spot *ret)
{
    size_t line = word_end;

    *ret = (struct secret_spot){0};
    while (line < end && w.at[line] != '\n' && w.at[line] != 0x1F)
        line++;
    /* --password value, -password value: a blank ties */
    if (start >= 2 && w.at[start - 1] == '-' && word_end < line && w.at[word_end] == ' ') {
        ret->at = past_blanks(w, word_end, line);
        ret->place = SECRET_SAID;
    } else if (word_end - start > 10 && strncasecmp(w.at + start, "identified", 10) == 0) {
        ret->at = past_blanks(w, word_end, line);
        ret->place = SECRET_LABELLED;
    } else if (word_end - start == 6 && strncasecmp(w.at + start, "bearer", 6) == 0 &&
               word_end < line && w.at[word_end] == ' ') {
        ret->at = past_blanks(w, word_end, line);
        ret->place = SECRET_LABELLED;
    } else if (!tie_behind(w, word_end, line, ret)) {
        return false;
    }
    if (ret->at >= line)
        return false;
    if (quoted_value(w, ret->at, line, ret)) {
        if (ret->place == SECRET_ASSIGNED)
            ret->place = SECRET_LABELLED;
    } else if (!plain_value(w, start, ret->at, line, ret)) {
        return false;
    } else if (ret->place == SECRET_ASSIGNED && ret->end < line && strchr(")]},", w.at[ret->end]) &&
               secret_kind((struct span){w.at + ret->at, ret->end - ret->at}, SECRET_SAID) !=
                   SECRET_CHOSEN) {
        return false; /* an argument of a call */
    } else if (prose_goes_on(w, ret->end, line) &&
               secret_kind((struct span){w.at + ret->at, ret->end - ret->at}, SECRET_SAID) !=
                   SECRET_CHOSEN) {
        return false;
    }
    return true;
}

bool secret_on_next_line(struct span w, size_t start, size_t word_end, size_t end,
                         struct secret_spot *ret)
{
    size_t at = past_blanks(w, word_end, end), line = start;
    bool lower = false, upper = false, digit = false, sign = false;

    while (line > 0 && is_blank(w.at[line - 1]))
        line--;
    if (line > 0 && w.at[line - 1] != '\n')
        return false;
    if (at < end && w.at[at] == ':')
        at = past_blanks(w, at + 1, end);
    if (at < end && w.at[at] == '\r')
        at++;
    if (at >= end || w.at[at] != '\n')
        return false;
    ret->at = at = past_blanks(w, at + 1, end);
    for (; at < end && !is_space(w.at[at]); at++) {
        lower |= is_lower(w.at[at]);
        upper |= is_upper(w.at[at]);
        digit |= is_digit(w.at[at]);
        sign |= !is_alnum(w.at[at]);
    }
    ret->end = at;
    at = past_blanks(w, at, end);
    return digit && lower + upper + digit + sign >= 3 && ret->end - ret->at >= 6 &&
           ret->end - ret->at <= 64 && (at >= end || w.at[at] == '\n' || w.at[at] == '\r');
}
