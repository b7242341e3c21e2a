/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * engine.h - text in, weighed findings out, one document at a time.
 *
 *     engine_begin(e, ORIGIN_TEXT, ...);
 *     engine_mark(e, page 1);  engine_text(e, ...);  engine_text(e, ...);
 *     engine_mark(e, page 2);  engine_text(e, ...);
 *     engine_end(e);                       -> emit() once for each (kind, value) of the document
 *
 * Text arrives in pieces of any size; what is found never depends on where the pieces are cut.
 * The engine keeps a window with margins on both sides, finds anchors with SIMD, asks the
 * detectors, resolves several claims on one span, looks up key words near what passed, folds
 * equal (kind, value) into one finding with a count, and decides the confidence when the document
 * is over and the pass rate of each column and of the document is known.
 *
 * A document with more than ENGINE_FOLD_MAX distinct values is emitted in parts (the same value
 * may then come again; whoever stores findings adds the counts): the cut depends only on the text.
 *
 * One engine belongs to one thread.  Memory is bounded: window + fold table + arenas.
 */
#ifndef CONSTAT_ENGINE_H
#define CONSTAT_ENGINE_H

#include "detectors/detector.h"

enum {
    ENGINE_MARGIN = 4096, /* bytes of context kept on each side of the part being searched */
    ENGINE_WINDOW = 256 * 1024,
    ENGINE_FOLD_MAX = 400000
};

/* Where the text comes from; sets the ceiling of the confidence. */
enum text_origin {
    ORIGIN_TEXT, /* a reader that understands the format: up to high */
    ORIGIN_RAW,  /* strings taken out of unknown binary: up to medium; low without check digit and
                    word */
    ORIGIN_OCR,  /* recognised from a picture: up to medium, high with check digit and word */
    ORIGIN_NAME  /* a file, folder or member name */
};

/* Kinds of place, as exported.  `a` and `b` by kind: page a; row a (b = column); cell: row a,
 * column b, both from 1; line a; message a; byte a; name: nothing. */
enum place_kind {
    PLACE_LINE,
    PLACE_PAGE,
    PLACE_ROW,
    PLACE_CELL,
    PLACE_MESSAGE,
    PLACE_BYTE,
    PLACE_NAME
};

struct place {
    enum place_kind kind;
    uint64_t a;
    uint32_t b;
};

/* Something that is true of the text that follows, until the next mark of its kind. */
enum mark_kind {
    MARK_PAGE,    /* a = page (slide, sheet of paper) from 1; a new record begins */
    MARK_MESSAGE, /* a = message from 1; a new record begins */
    MARK_TABLE,   /* a table begins; a = its number; rows come as MARK_CELL.  Earlier columns are
                     forgotten.  b = 1 when the first row is a header for sure (HTML th) */
    MARK_CELL, /* the next text is the cell of row a, column b (from 1); a new row is a new record.
                  Text of two cells never joins to one identifier */
    MARK_TABLE_END,
    MARK_RECORD, /* a new record begins without a place of its own (JSON object, form) */
    MARK_BREAK   /* nothing joins across this point (end of a paragraph, header, property) */
};

struct mark {
    enum mark_kind kind;
    uint64_t a;
    uint32_t b;
};

/* The text that follows, up to engine_end, is delimited rows (CSV, TSV): the engine works out row
 * and column of each hit itself.  Quoted cells may hold delimiters and line feeds. */
struct table_shape {
    char delimiter; /* , ; \t | */
    char quote;     /* '"' or 0 */
    bool header;    /* the first row names the columns */
};

/* Why a finding has its confidence: bits, stored with it. */
enum evidence {
    EVIDENCE_WRITTEN_FORM = 1 << 0,
    EVIDENCE_GROUPED = 1 << 1,
    EVIDENCE_WORD_NEAR = 1 << 2,   /* a key word within 300 characters */
    EVIDENCE_WORD_STRONG = 1 << 3, /* key word or key name on the same line, near */
    EVIDENCE_HEADER = 1 << 4,      /* the column's header names the kind */
    EVIDENCE_COLUMN_RATE = 1 << 5, /* nearly all of that column passes */
    EVIDENCE_CHANCE_RATE = 1 << 6, /* neighbours of that shape pass no more often than chance */
    EVIDENCE_AGAINST = 1 << 7,     /* words that speak against it near */
    EVIDENCE_AMBIGUOUS = 1 << 8,   /* another kind fits the same span */
    EVIDENCE_RAW = 1 << 9,         /* from raw bytes */
    EVIDENCE_OCR = 1 << 10,
    EVIDENCE_EMBEDDED = 1 << 11,     /* inside a structure of another kind (MRZ) */
    EVIDENCE_OTHER_COLUMN = 1 << 12, /* the column's header names another kind */
    EVIDENCE_ALONE = 1 << 13,        /* shape and checks only, nothing around it */
    EVIDENCE_FIELD = 1 << 14,        /* the value of a field or column that is named for the kind */
    EVIDENCE_JOINED = 1 << 15,       /* put together from several fields of one record */
    EVIDENCE_BESIDE = 1 << 16,       /* stands beside a number of a person */
    EVIDENCE_PERSON_HERE = 1 << 17,  /* categories: a person is in the same record */
    EVIDENCE_PERSON_ELSEWHERE = 1 << 18, /* categories: ... elsewhere in the document */
    EVIDENCE_SECOND_TERM = 1 << 19,      /* categories: a weak term, borne out by another one */
    EVIDENCE_RESTORED_ZERO = 1 << 20, /* a leading zero that a spreadsheet dropped was put back */
    EVIDENCE_DOUBTFUL = 1 << 21       /* right by the rules, yet rather something else */
};

enum { ENGINE_RECORDS_MAX = 8 };

/* One (kind, value) of the document.  `value` is borrowed for the length of the call. */
struct finding {
    unsigned kind; /* index into detectors[] */
    struct span value;
    enum confidence confidence; /* never NONE */
    uint32_t count;
    struct place place; /* of the first occurrence */
    uint64_t record;    /* ordinal, from 0, of the record of the first occurrence */
    uint32_t evidence;
    struct person_facts facts;

    /* The first records that it stands in, distinct, in order; records[0] == record. */
    uint64_t records[ENGINE_RECORDS_MAX];
    unsigned n_records;
    /* Of the first occurrence: line and paragraph (blocks of lines with an empty line between)
     * within the document, from 1.  A paragraph is 0 where the record is smaller than a page (row,
     * object), a line is 0 in rows. */
    uint32_t line, paragraph;
    /* Categories whose terms stand in one of its records, and in its paragraph (row, object) or
     * within 300 characters: bit i for the i-th detector of the list that has ANCHOR_TERM.  0 for
     * categories themselves. */
    uint32_t categories, categories_near;
    /* The key word that spoke for it, and the one against it: 1 + index into words, then keys
     * (against: into `against`) of the kind's row; 0 = none.  Distance in bytes. */
    uint16_t word, word_distance, word_against;
};

/* One occurrence as it is found, before weighing; used for names, which must be masked. */
struct occurrence {
    unsigned kind;
    struct span value;
    uint64_t offset; /* in the text pushed since engine_begin */
    size_t len;
};

/* What the document as a whole showed. */
struct text_summary {
    uint64_t bytes;
    uint64_t records;     /* records (rows, messages, pages, else 1) that hold a finding of another
                             kind than a category */
    enum place_kind unit; /* of `records`: PLACE_ROW, _MESSAGE, _PAGE; PLACE_LINE = the document */
    struct {
        uint64_t candidates; /* of that shape seen */
        uint64_t passed;     /* that passed every check */
        /* the same, only where the text is bare digits that nothing speaks for: what chance
           has to explain (docs/detection.md, "Coincidences") */
        uint64_t unsupported, unsupported_passed;
    } kinds[64]; /* indexed like detectors[] */
};

struct engine_sink {
    void *ctx;
    void (*finding)(void *ctx, const struct finding *f);
    void (*occurrence)(void *ctx, const struct occurrence *o); /* NULL: not wanted */
};

struct engine;

/* `today` is YYYYMMDD.  NULL on no memory. */
struct engine *engine_new(uint32_t today);
/* One more, with the words and the vocabulary of `other`, which take milliseconds to make, never
 * change, and stay `other`'s: it has to live longer. */
struct engine *engine_new_beside(const struct engine *other);
void engine_free(struct engine *e);

void engine_begin(struct engine *e, enum text_origin origin, const struct engine_sink *sink);
/* Table shape for the whole document; call right after engine_begin. */
void engine_table(struct engine *e, const struct table_shape *shape);
/* Text must be UTF-8 or at least keep ASCII bytes as themselves; bytes are never trusted.
 * ORIGIN_RAW: runs are separated by '\n' and preceded by engine_at().
 * False: out of memory; the document is lost, call engine_end. */
bool engine_text(struct engine *e, struct span text);
void engine_mark(struct engine *e, struct mark mark);
/* ORIGIN_RAW: the next text begins at this byte of the file (place kind byte). */
void engine_at(struct engine *e, uint64_t byte);
/* Emits what was found.  `ret` may be NULL. */
void engine_end(struct engine *e, struct text_summary *ret);

/* Words and sentences of the report are elsewhere; this is the evidence bit's stable name, for
 * exports: "written-form", "header", ... NULL for an unknown bit. */
const char *evidence_name(enum evidence bit);

/* A digest (hex of 32 characters, NUL-terminated) over every detector's id, version, words and
 * keys, so that a case can say with which rules it was made. */
void engine_rules_digest(char ret[33]);

#endif
