/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/explain_words.h"

#include <stdlib.h>
#include <string.h>

static const char *const texts[X_COUNT][EXPLAIN_LANGUAGES] = {
#define WORD(id, fr, nl, de, en) [X_##id] = {fr, nl, de, en},
#include "scanner/explain_words.list"
#undef WORD
};

/* --- languages -------------------------------------------------------------------------------- */

int explain_language_from_code(const char *code)
{
    static const char *const codes[EXPLAIN_LANGUAGES] = {"fr", "nl", "de", "en"};

    for (int l = 0; l < EXPLAIN_LANGUAGES; l++) {
        if (strncmp(codes[l], code, 2) == 0 && (code[2] == '\0' || strchr("_.@", code[2])))
            return l;
    }
    return -1;
}

/* The order of setlocale(3), LC_MESSAGES. */
enum explain_language explain_language_of_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);

        if (!value || !*value)
            continue;
        int l = explain_language_from_code(value);

        return l < 0 ? EXPLAIN_EN : (enum explain_language)l;
    }
    return EXPLAIN_EN;
}

/* --- sentences -------------------------------------------------------------------------------- */

const char *explain_text(enum explain_language l, enum explain_word w)
{
    return w < X_COUNT && l < EXPLAIN_LANGUAGES ? texts[w][l] : "";
}

bool explain_say(struct buf *out, enum explain_language l, enum explain_word w, ...)
{
    enum { TEXTS = 4 };
    const char *given[TEXTS] = {"", "", "", ""};
    va_list args;

    va_start(args, w);
    for (unsigned i = 0; i < TEXTS; i++) {
        const char *text = va_arg(args, const char *);

        if (!text)
            break;
        given[i] = text;
    }
    va_end(args);
    for (const char *at = explain_text(l, w); *at; at++) {
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '0' + TEXTS && at[2] == '}') {
            buf_add_text(out, given[at[1] - '1']);
            at += 2;
        } else {
            buf_add_byte(out, *at);
        }
    }
    return !out->failed;
}

/* --- kinds ------------------------------------------------------------------------------------ */

#define KIND(kind, nature, dated, nfr, nnl, nde, nen, rfr, rnl, rde, ren, source)                  \
    {kind, nature, dated, {nfr, nnl, nde, nen}, {rfr, rnl, rde, ren}, source},
#define CATEGORY(key, fr, nl, de, en)
static const struct explain_kind kinds[] = {
#include "scanner/explain_kinds.list"
};
#undef KIND
#undef CATEGORY

#define KIND(kind, nature, dated, nfr, nnl, nde, nen, rfr, rnl, rde, ren, source)
#define CATEGORY(key, fr, nl, de, en) {key, {fr, nl, de, en}},
static const struct {
    const char *key;
    const char *name[EXPLAIN_LANGUAGES];
} categories[] = {
#include "scanner/explain_kinds.list"
};
#undef KIND
#undef CATEGORY

/* A group of the vocabulary is named by its key; what is said of all of them is the same. */
static const struct explain_kind category_kind = {
    "category",
    KIND_TERM,
    false,
    {"Vocabulaire", "Woordenlijst", "Vokabular", "Vocabulary"},
    {"Un mot ou une expression qui révèle ce genre de donnée. Ce n’est pas un identifiant : seul, "
     "il ne dit rien d’une "
     "personne.",
     "Een woord of uitdrukking die dit soort gegevens verraadt. Het is geen identificatiemiddel: "
     "alleen zegt het niets over "
     "een persoon.",
     "Ein Wort oder Ausdruck, der diese Art von Daten erkennen lässt. Es ist keine Kennung: Allein "
     "sagt es nichts über eine "
     "Person.",
     "A word or phrase that shows this sort of data. It is no identifier: alone it says nothing of "
     "a person."},
    "RGPD/AVG/DSGVO/GDPR 9, 10"};

const struct explain_kind *explain_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return &kinds[i];
    }
    return strncmp(kind, "category:", 9) == 0 ? &category_kind : NULL;
}

const char *explain_category(enum explain_language l, const char *key)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
        if (strcmp(categories[i].key, key) == 0)
            return categories[i].name[l];
    }
    return key;
}

/* --- the ledger ------------------------------------------------------------------------------- */

enum explain_word explain_outcome(enum outcome o)
{
    switch (o) {
    case OUTCOME_READ:
        return X_outcome_read;
    case OUTCOME_EXCLUDED:
        return X_outcome_excluded;
    case OUTCOME_SPECIAL:
        return X_outcome_special;
    case OUTCOME_PARTIAL:
        return X_outcome_partial;
    case OUTCOME_UNSUPPORTED:
        return X_outcome_unsupported;
    case OUTCOME_CHANGED:
        return X_outcome_changed;
    case OUTCOME_DAMAGED:
        return X_outcome_damaged;
    case OUTCOME_ENCRYPTED:
        return X_outcome_encrypted;
    case OUTCOME_OVER_LIMIT:
        return X_outcome_over_limit;
    case OUTCOME_DENIED:
        return X_outcome_denied;
    case OUTCOME_TIMEOUT:
        return X_outcome_timeout;
    case OUTCOME_CRASHED:
        return X_outcome_crashed;
    case OUTCOME_COUNT:
        break;
    }
    return X_COUNT;
}

/* docs/outcomes.md, by what whoever reads it can do about it. */
static const struct {
    const char *reason;
    enum explain_word word;
} reasons[] = {
    {"attachment-damaged", X_ledger_damaged},
    {"binary-part", X_ledger_raw},
    {"block-device", X_ledger_device},
    {"bytes", X_ledger_unpacked},
    {"changed-while-read", X_ledger_changed},
    {"changed-while-reading", X_ledger_changed},
    {"character-device", X_ledger_device},
    {"compression-method", X_ledger_method},
    {"cpu", X_ledger_time},
    {"damaged-data", X_ledger_damaged},
    {"damaged-members", X_ledger_damaged},
    {"damaged-parts", X_ledger_damaged},
    {"depth", X_ledger_depth},
    {"device", X_ledger_device},
    {"encrypted", X_ledger_password},
    {"encrypted-mail", X_ledger_password},
    {"encrypted-members", X_ledger_password},
    {"encryption-unknown", X_ledger_password},
    {"exclude", X_ledger_filter},
    {"fifo", X_ledger_device},
    {"folder-loop", X_ledger_link},
    {"include", X_ledger_filter},
    {"io-error", X_ledger_io},
    {"legacy-office-raw-text", X_ledger_raw},
    {"link", X_ledger_link},
    {"malformed-part", X_ledger_damaged},
    {"max-file-size", X_ledger_filter},
    {"media-not-transcribed", X_ledger_media},
    {"members", X_ledger_members},
    {"memory", X_ledger_memory},
    {"message-in-pieces", X_ledger_piece},
    {"message-unparsed", X_ledger_damaged},
    {"name-cut", X_ledger_piece},
    {"name-length", X_ledger_piece},
    {"newer", X_ledger_filter},
    {"not-a-file", X_ledger_device},
    {"ocr-pending", X_ledger_ocr},
    {"older", X_ledger_filter},
    {"open-failed", X_ledger_io},
    {"other-file-system", X_ledger_mount},
    {"outline-too-deep", X_ledger_depth},
    {"outline-too-long", X_ledger_piece},
    {"page-damaged", X_ledger_damaged},
    {"part-damaged", X_ledger_damaged},
    {"password", X_ledger_password},
    {"pdf-cut", X_ledger_damaged},
    {"pdf-unreadable", X_ledger_damaged},
    {"pdf-without-pages", X_ledger_damaged},
    {"permission", X_ledger_permission},
    {"program-ended-twice", X_ledger_set_aside},
    {"program-raw-text", X_ledger_raw},
    {"protocol", X_ledger_died},
    {"ratio", X_ledger_unpacked},
    {"raw-searched", X_ledger_raw},
    {"read-as-source", X_ledger_raw},
    {"read-denied", X_ledger_permission},
    {"read-error", X_ledger_io},
    {"reader-missing", X_ledger_method},
    {"shared-strings-limit", X_ledger_memory},
    {"shared-strings-missing", X_ledger_damaged},
    {"silence", X_ledger_time},
    {"socket", X_ledger_device},
    {"spool", X_ledger_unpacked},
    {"symbolic-link", X_ledger_link},
    {"time", X_ledger_time},
    {"truncated", X_ledger_damaged},
    {"unknown-format", X_ledger_raw},
    {"unsupported-members", X_ledger_method},
    {"vanished", X_ledger_changed},
    {"volume-missing", X_ledger_volume},
    {"xfa-form", X_ledger_piece},
};

enum explain_word explain_ledger_reason(struct span reason)
{
    static const char raw[] = "-raw-searched";
    const size_t tail = sizeof raw - 1;

    /* "signal-11-raw-searched": what ended it comes first. */
    if (reason.len > tail && memcmp(reason.at + reason.len - tail, raw, tail) == 0)
        reason.len -= tail;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (span_equal(reason, span_of(reasons[i].reason)))
            return reasons[i].word;
    }
    if ((reason.len > 7 && memcmp(reason.at, "signal-", 7) == 0) ||
        (reason.len > 5 && memcmp(reason.at, "exit-", 5) == 0))
        return X_ledger_died;
    return X_COUNT;
}
