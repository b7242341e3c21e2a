/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * extractor.h - one format: recognise it, push its text and its children, say how it ended.
 *
 * A format is one file, scanner/extract/<id>.c, that defines `const struct extractor
 * extract_<id>`, and one line, EXTRACTOR(<id>), in extractors.list.  The highest bid wins; order
 * in the list means nothing.  All of this runs inside the locked-in helper: no file can be opened,
 * nothing may be printed, memory and time are capped from outside, and a crash costs one item.
 *
 * Data goes one way: an extractor pushes and never asks back.  A push that returns false means
 * stop now and return; the reason is noted already.
 *
 * Reasons are string literals from the code (kebab-case, explained in docs/outcomes.md), never
 * bytes of the file: they are stored and printed in the clear.
 */
#ifndef CONSTAT_EXTRACTOR_H
#define CONSTAT_EXTRACTOR_H

#include "detectors/engine.h"
#include "scanner/base/outcome.h"
#include "scanner/extract/budget.h"
#include "scanner/extract/charset.h"
#include "scanner/extract/source.h"

/* How an item ended. */
struct ending {
    enum outcome outcome;
    const char *reason; /* string literal, "" when read */
};

#define ENDED_READ ((struct ending){OUTCOME_READ, ""})

/* What is known of an item before it is opened. */
struct head {
    struct span bytes;      /* the first 64 KiB at most, fewer only when the item is shorter */
    struct span name;       /* base name, raw bytes; a hint at most, never proof */
    int64_t size;           /* -1: not known */
    const char *media_type; /* by our own signatures (sniff.h), NULL when they do not know */
    struct text_look text;  /* of `bytes`; through the functions below */
};

/* The first bytes as text: looked at once, before anybody bids, however many readers then ask.
 * Without head_take each question costs a look of its own. */
void head_take(struct head *head);
unsigned head_textness(const struct head *head);    /* charset_textness */
enum charset head_charset(const struct head *head); /* charset_detect */
/* Does it begin as text does?  For readers of text: not a binary format in which a sign of theirs
 * happens to repeat. */
bool head_begins_as_text(const struct head *head);

struct child {
    struct span name;  /* as the container spells it: raw bytes, may be empty */
    int64_t size;      /* as the container claims; -1 unknown */
    int64_t mtime;     /* seconds since 1970; INT64_MIN unknown */
    uint32_t mode;     /* permission bits, 0 unknown */
    struct span owner; /* may be empty */
};

struct sink {
    void *ctx;

    /* Text of this item, UTF-8 (invalid bytes are tolerated).  Pieces join: call mark with
     * MARK_BREAK where they must not. */
    bool (*text)(void *ctx, struct span utf8);
    bool (*mark)(void *ctx, struct mark mark);
    /* The whole text of this item is delimited rows; call before the first text. */
    bool (*table)(void *ctx, const struct table_shape *shape);
    /* Raw strings: the bytes of an unknown binary, which the sink itself takes apart. */
    bool (*raw)(void *ctx, uint64_t offset, struct span bytes);

    /* A member: opened, recognised and read in its turn before the call returns.  `bytes` stays
     * the caller's.  False: a shared limit is reached, stop. */
    bool (*child)(void *ctx, const struct child *about, struct source *bytes);
    /* A member that cannot be opened at all: its own row in the ledger. */
    bool (*lost_child)(void *ctx, const struct child *about, struct ending ending);

    /* Something of this item is missing although reading goes on; the worst one stands. */
    void (*gap)(void *ctx, enum outcome outcome, const char *reason);

    /* The better name for what this is, e.g. the exact OOXML type.  String literal. */
    void (*media_type)(void *ctx, const char *literal);

    struct budget *budget;
    uint32_t depth; /* of this item: 0 for a file of the source */
    uint32_t today; /* YYYYMMDD */
};

struct extractor {
    const char *id;
    uint32_t version;       /* raised when what it extracts changes */
    const char *media_type; /* literal, what the ledger says unless sink->media_type corrects it */
    /* 0 not mine .. 100 certain.  Looks at head->bytes only, plus name and size as hints. */
    unsigned (*bid)(const struct head *head);
    struct ending (*run)(struct source *in, const struct head *head, const struct sink *out);
    /* Called once in the helper before it locks itself in: load tables, data files, libraries.
     * May be NULL.  False: this format cannot be read here. */
    bool (*prepare)(void);
};

#define EXTRACTOR(name) extern const struct extractor extract_##name;
#include "scanner/extract/extractors.list"
#undef EXTRACTOR
extern const struct extractor *const extractors[]; /* NULL-ended */

/* The highest bidder; never NULL: `binary` bids 1 on everything. */
const struct extractor *extractor_choose(const struct head *head);
/* Every extractor's prepare. */
bool extractors_prepare(void);

#endif
