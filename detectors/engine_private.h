/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * engine_private.h - what the parts of the engine share.
 *
 *     engine.c    window, marks, places; drives one pass over the text
 *     anchors.c   64 bytes -> bit masks (AVX2, SSE2, portable)
 *     runs.c      digit groups -> candidates
 *     shapes.c    the other anchors -> candidates; asks a detector
 *     fields.c    cells of named columns, values behind a key name or form label -> candidates
 *     words.c     folding, the trie of key words, the words near a place
 *     columns.c   rows and columns, headers, key names, pass rates
 *     resolve.c   one span, one finding; the evidence of an occurrence
 *     records.c   what stands together in a record: pieces of a value, names, categories
 *     fold.c      equal values folded, confidence, emission
 *
 * Positions are offsets into engine.text unless they are called `absolute`.  Every look around a
 * position is bounded by a constant below ENGINE_MARGIN, so that no result can depend on where a
 * window ends.
 */
#ifndef CONSTAT_ENGINE_PRIVATE_H
#define CONSTAT_ENGINE_PRIVATE_H

#include "detectors/engine.h"
#include "detectors/lexicon.h"

enum {
    KINDS_MAX = 64,
    BLOCK = 64,
    CHUNK_BLOCKS = 64, /* blocks classified at a time: masks stay in the first-level cache */
    PAD = 256,         /* zero bytes around the text, read by whole blocks */

    NEAR = 300,       /* characters either side in which a key word counts */
    STRONG = 60,      /* ... and counts as strong when on the same line */
    LOOK_BACK = 1024, /* of candidate.window before the anchor */
    LOOK_AHEAD = 512, /* of candidate.window behind the longest match */
    LONGEST_MAX = 2048,
    SETTLE = 256, /* an anchor never yields a match that starts this far before it */
    PENDING_MAX = 128,
    PENDING_SOME = 48, /* from here on they are settled, now and then */
    COLUMNS_MAX = 1024,
    FIELD_MAX = 1024, /* bytes of a field's value that are looked at */
    RATES_MAX = 16384,
    HEADER_BYTES = 32 * 1024,
    HEADER_ROWS = 10,
    KNOWN_NAMES = 256,
    KNOWN_NAME_MAX = 64,
    LABELS_READ = 4,
    NAMING_WORDS = 4,
    LINES_LONG = 120,  /* a detector that is longer sees two lines more */
    BESIDE_LABEL = 12, /* bytes of a name that says something only beside another field */
    FIELD_LABEL = 40,
    BORDER = 0x1F /* put into the text at a mark that nothing may cross */
};

/* --- anchors.c ---------------------------------------------------------------------------- */

/* What each of 64 bytes is, bit i for byte i. */
struct block {
    uint64_t digit, letter;
    uint64_t joint; /* may stand between two groups of digits: ( ) - . / blank */
    uint64_t high;  /* from 0x80 on: may be part of what stands there */
    uint64_t at, chevron, line;
    uint64_t sign; /* : ; < = > and tab: may stand between a name and its value */
};

typedef void classify_fn(const char *text, size_t blocks, struct block *ret);

void classify_portable(const char *text, size_t blocks, struct block *ret);
/* NULL where this machine cannot run it. */
classify_fn *classify_sse2(void);
classify_fn *classify_avx2(void);
classify_fn *classify_best(void);

/* Of 64 bytes, what decides where a word begins; `high` from 0x80 on. */
struct spelling {
    uint64_t digit, lower, upper, high;
};

void spelling_portable(const char *text, struct spelling *ret);
/* The same, as fast as every machine of the kind can. */
void spelling_of(const char *text, struct spelling *ret);

/* Which of 64 bytes are `a`, `b` or `c`. */
uint64_t signs_portable(const char *text, char a, char b, char c);
uint64_t signs_of(const char *text, char a, char b, char c);

/* --- words.c ------------------------------------------------------------------------------ */

enum word_role { ROLE_WORD, ROLE_KEY, ROLE_AGAINST };

struct words;

/* A word or term of the list, found in text. */
struct word_hit {
    uint64_t at;    /* absolute */
    uint64_t kinds; /* of its uses, as bits */
    uint32_t use;   /* first of its uses */
    uint16_t len;
};

/* What a word means: a chain of (kind, role). */
struct word_use {
    uint32_t next; /* 0 ends */
    uint8_t kind, role;
    uint16_t index; /* as finding.word has it */
};

struct words *words_new(void);
void words_free(struct words *w);
const struct word_use *words_use(const struct words *w, uint32_t use);
/* All kinds of the chain that begins with `use`, as bits. */
uint64_t words_kinds(const struct words *w, uint32_t use);

/* Calls found() for each word that begins in text[from, to) and ends by `end`; the byte before
 * `from` is looked at when from > 0. */
typedef void word_found_fn(void *ctx, size_t at, size_t len, uint32_t use);
void words_scan(const struct words *w, struct span text, size_t from, size_t to,
                word_found_fn *found, void *ctx);
/* ... for each that begins with the text. */
void words_first(const struct words *w, struct span text, word_found_fn *found, void *ctx);

/* Which kinds a short text (header, key name) speaks for and against. */
struct naming {
    uint64_t names, against;
    /* the words for the first kinds that it names, as finding.word has them */
    uint16_t word[NAMING_WORDS];
    uint8_t kind[NAMING_WORDS], n_words;
};
uint16_t naming_word(const struct naming *naming, unsigned kind);
struct naming words_naming(const struct words *w, struct span text);

/* The words found so far around the place at hand, each byte looked at once. */
struct near_words {
    struct word_hit *hits;
    size_t n, cap, first;
    uint64_t from, to; /* absolute: the part that was looked at without a gap */
};

/* --- columns.c ---------------------------------------------------------------------------- */

/* Candidates and passes of one kind in one column (or key name, or the document: column 0);
 * [0] = one group of digits, [1] = separated. */
struct rate {
    uint64_t column;
    uint8_t kind;
    bool known, named;                 /* the header or key name speaks for the kind */
    uint32_t candidates[2], passed[2]; /* bare, separated */
    uint32_t others; /* bare, of as many digits, yet not of the shape; elevens only */
};

struct rates {
    struct rate *rates;
    size_t n, cap;
    uint32_t *index; /* position + 1 */
    size_t slots;    /* a power of two, 0 = none yet */
};

void rates_clear(struct rates *r);
void rates_free(struct rates *r);
/* NULL when full: the caller counts for the document only. */
struct rate *rates_get(struct rates *r, uint64_t column, unsigned kind);
const struct rate *rates_find(const struct rates *r, uint64_t column, unsigned kind);

/* What a column's header says. */
struct column {
    struct naming naming;
    uint32_t label_at, label_len; /* in table.labels */
    bool tells;                   /* its name is a term of the vocabulary */
    struct lexicon_entry term;
};

/* The table at hand: its header and, for delimited text, where the cursor stands. */
struct table {
    bool delimited;
    struct table_shape shape;
    uint64_t serial;
    /* delimited: state at `at` (absolute) */
    uint64_t at, row, cell_at, quote_at;
    uint32_t column;
    bool quoted;
    /* header */
    bool collecting;
    char *row_text; /* cells of the row being collected, each closed by BORDER */
    size_t row_len;
    bool row_quoted; /* delimited: inside quotes */
    unsigned row_cells, row_digits, best_cells, best_named, rows;
    uint64_t row_now;
    bool sure;    /* the first row is the header */
    bool figures; /* a row above may be one of the table's: only names of kinds are its header */
    bool form;    /* labels stand in the rows, not above them */
    bool fields;  /* some column's cells are looked at: for the kind it is named for, or its term */
    bool elevens; /* some column is named for a number of 11 digits: zeros may be lost there */
    uint64_t header_row;   /* delimited: from 0; else as its cells are marked */
    struct column *header; /* by column from 0 */
    struct column *trial;  /* ... of a row that may be the header */
    char *labels;          /* row_text of the header */
    unsigned columns;
};

struct engine;

void table_begin(struct engine *e, uint64_t serial, bool sure);
void table_push(struct engine *e, struct span text); /* text of the document, for the header */
void table_cell(struct engine *e, uint64_t row, uint32_t column);
/* All rows of the table are there. */
void table_leave(struct engine *e);
void table_end(struct engine *e);
void table_free(struct table *t);
/* Delimited: moves the cursor to `pos`. */
void table_seek(struct engine *e, size_t pos);
/* Delimited: the end of the cell that holds `pos`, at most `limit`. */
size_t table_cell_end(const struct engine *e, size_t pos, size_t limit);
const struct naming *table_naming(const struct engine *e, uint32_t column);
const struct column *table_column(const struct engine *e, uint32_t column);
struct span table_label(const struct engine *e, uint32_t column);

/* The name directly before a value: "nrn": "...", <nrn>..., nrn=..., NRN: ...; empty if none. */
struct span key_before(const struct engine *e, size_t low, size_t start);

/* --- where a candidate stands ------------------------------------------------------------- */

/* Found out in two steps: most candidates fail their checks and only count for their column. */
enum spot_stage {
    SPOT_UNKNOWN,
    SPOT_PLACED, /* low, place, record, column, column_id */
    SPOT_NAMED   /* all of it */
};

struct spot {
    enum spot_stage stage;
    size_t low, high; /* nothing is looked at outside: border, record or cell */
    size_t anchor, start;
    size_t cell; /* where the cell begins */
    struct span key;
    struct place place;
    uint64_t record;
    uint32_t column;      /* table column from 1, 0 = none */
    uint64_t column_id;   /* for the pass rate; 0 = none */
    struct naming naming; /* of the column's header or the key name */
    bool header;          /* naming comes from a column header */
    bool named;           /* a key name stands directly before */
};

/* The same few key names come before most values of a document: what they mean is kept. */
struct known_name {
    uint8_t len;
    bool column_known, naming_known, words_known;
    uint8_t words; /* where the words that name a kind begin */
    char text[KNOWN_NAME_MAX];
    uint64_t column_id; /* as a column, for the pass rate */
    struct naming naming;
    uint32_t says[LABELS_READ]; /* to those detectors that read labels */
    bool says_known[LABELS_READ];
};

/* --- resolve.c ---------------------------------------------------------------------------- */

/* A match that waits until everything that could overlap it has been seen. */
struct pending {
    struct match match;
    /* of its spot */
    struct naming naming;
    bool header;
    struct place place;
    uint64_t record, column_id;
    /* 0 in rows; a paragraph is 0 too where the record is smaller than a page */
    uint32_t line, paragraph;
    uint64_t at, end, low, high; /* absolute: the match, and what may be looked at around it */
    uint64_t inserted;           /* bytes of marks before its anchor */
    uint32_t tag;                /* of kind and value, once tagged */
    bool tagged;
    uint8_t kind;
    uint16_t woken_by;
    bool natural;   /* begins and ends where its run of digits does */
    bool separated; /* more than one group of digits */
    /* filled when it is resolved */
    uint32_t rank, distance; /* lower is better; bytes to the nearest key word */
    uint32_t evidence;
    enum confidence confidence;
    bool dropped;
    bool restored;    /* a zero in front was put back */
    bool unsupported; /* counted as digits that nothing speaks for */
    uint16_t word, word_distance, word_against;
};

struct pending_list {
    struct pending *all;
    size_t n, settle_at;
};

/* --- fold.c ------------------------------------------------------------------------------- */

struct folded {
    uint32_t tag;   /* of kind and value */
    uint32_t value; /* in values */
    uint8_t value_len, kind, confidence, form;
    uint32_t count, evidence;
    bool separated;
    uint8_t n_records;
    uint64_t column_id;
    struct place place;
    uint64_t record;
    uint32_t more_records; /* 1 + index into more: the others, once there are */
    uint32_t line, paragraph;
    uint16_t word, word_distance, word_against;
    struct person_facts facts;
    uint32_t in_record, in_paragraph; /* serials of the last ones that it was met in */
    union {
        struct {
            uint32_t here, near;
        } categories;
        uint32_t persons[2]; /* of a category: 1 + index of persons in one of its records */
    } with;
};

struct more_records {
    uint64_t records[ENGINE_RECORDS_MAX - 1];
};

struct fold {
    struct folded *all;
    size_t n, cap;
    uint64_t *index; /* tag above, position + 1 below; 0 = free */
    size_t slots;    /* a power of two */
    char *values;
    size_t values_len, values_cap;
    struct more_records *more;
    size_t n_more, cap_more;
};

/* An entry of the lexicon that begins at `at` of the text. */
struct heard {
    size_t at, len;
    struct lexicon_entry entry;
};

/* --- records.c ------------------------------------------------------------------------------- */

enum {
    TERMS_WAITING = 64, /* weak terms that may yet be borne out */
    BESIDE = 160,       /* bytes of a number's line either side of it */
    BESIDE_WAITING = 64,
    SPANS_KEPT = 128,
    MET_LATELY = 64,
    PIECES_MAX = 8,
    CATEGORIES_MAX = 32
};

/* Where a term of the vocabulary stands. */
struct told {
    uint64_t at, categories; /* bits like detectors[] */
    uint32_t term;
    enum term_strength strength;
    struct place place;
    uint64_t record;
    uint32_t line, paragraph;
};

/* The line of a number of a person, which may hold a name. */
struct beside {
    uint64_t at, from, until, low, high, inserted;
    struct place place;
    uint64_t record;
    uint32_t line, paragraph;
};

/* What was met so far of a value in pieces. */
struct gathering {
    uint8_t kind, n;
    struct pending pieces[PIECES_MAX];
    struct pending joined; /* the value of its pieces */
};

/* The document in the order of its text: the record and the paragraph at hand. */
struct records {
    struct told *told; /* seen, not yet taken */
    size_t n_told, cap_told, first_told;
    struct beside beside[BESIDE_WAITING];
    unsigned n_beside, first_beside;
    uint64_t beside_end; /* of the last such number */
    struct {
        uint64_t at, end;
    } spans[SPANS_KEPT]; /* accepted last, around them no name is looked for twice */
    unsigned n_spans;
    struct gathering *gathered; /* by kinds that come in pieces */
    uint8_t gathering_of[KINDS_MAX];
    unsigned n_gathered;
    struct pending found; /* a name beside a number */

    uint64_t categories;             /* kinds with ANCHOR_TERM */
    uint8_t category_bit[KINDS_MAX]; /* of the masks in findings */
    bool open;
    uint64_t record;
    uint32_t serial, paragraph, paragraph_serial;
    uint32_t here, here_strong; /* categories in the record */
    uint32_t paragraph_here, paragraph_strong;
    uint64_t last[CATEGORIES_MAX], last_strong[CATEGORIES_MAX]; /* where, absolute */
    uint32_t *met; /* positions in the fold of what the record holds */
    size_t n_met, cap_met;
    uint32_t *met_paragraph;
    size_t n_met_paragraph, cap_met_paragraph;
    struct {
        uint32_t folded;
        uint64_t end;
    } lately[MET_LATELY];
    unsigned n_lately;
    struct told weak[TERMS_WAITING];
    unsigned n_weak, first_weak;
    uint32_t persons[2]; /* 1 + position in the fold */
    bool person_seen;    /* of medium confidence or better, in what was emitted */
};

/* Clears, frees. */
bool records_new(struct engine *e);
void records_begin(struct engine *e);
void records_free(struct engine *e);
/* A term of the lexicon. */
void term_offer(struct engine *e, const struct heard *heard, uint64_t line);
/* The same said of the cell at `cell` by the name of its column. */
void column_term_offer(struct engine *e, size_t cell, const struct lexicon_entry *term,
                       uint64_t line);
/* An occurrence that its span was given to; in the order of the text. */
void accept(struct engine *e, struct pending *p);
/* Takes what stands before `until`: nothing will be accepted there any more. */
void records_take(struct engine *e, uint64_t until);
/* The document, or a part of its findings, is over. */
void records_end(struct engine *e);
void records_forget_fold(struct engine *e);

struct mark_at {
    uint64_t at; /* absolute */
    uint64_t a;
    uint32_t b;
    uint8_t kind;  /* enum mark_kind or MARK_AT */
    uint8_t bytes; /* put into the text for it: 0 or 1 */
    char byte;
};

enum { MARK_AT = 100 };

/* The field met last of a kind that one beside it may hold a piece of. */
struct field_before {
    uint64_t end, record; /* absolute: of its value */
    uint8_t kind, len;
    char label[FIELD_LABEL];
};

struct engine {
    uint32_t today;
    size_t window;
    classify_fn *classify;
    const struct words *words;
    const struct lexicon *lexicon;
    bool borrowed; /* those two belong to another engine */
    /* Kinds, as bits, that a number can be: by what its first digit is, whether a plus sign stands
     * before it, and how many digits it has. */
    uint64_t wanted[2][10][CANDIDATE_DIGITS + 1];
    uint8_t least[2][10];     /* digits of the shortest such number */
    uint32_t two_letters[26]; /* by the first letter, bit: second letters that some match has */
    struct known_name known_names[KNOWN_NAMES];
    unsigned digits_least, digits_most;
    uint8_t letters[KINDS_MAX], ats[KINDS_MAX], chevrons[KINDS_MAX];
    uint8_t reads_labels[KINDS_MAX]; /* 1 + which of those that do */
    unsigned n_letters, n_ats, n_chevrons;
    uint64_t fields;    /* kinds, as bits, that their field's name wakes */
    uint64_t postcodes; /* ... that a postal code and its place wake */
    uint64_t besides;   /* ... that a number of a person wakes */
    uint64_t numbers;   /* ... that runs of digits wake */
    uint64_t elevens;   /* ... that have eleven digits, no more and no less */
    bool listening;     /* some kind is woken by the lexicon */

    enum text_origin origin;
    struct engine_sink sink;
    bool failed;

    char *store, *text; /* text = store + PAD */
    size_t cap, len, searched;
    struct heard *heard; /* in the part that is being searched */
    size_t n_heard, cap_heard, next_heard;
    uint64_t base; /* absolute position of text[0] */
    uint64_t pushed;

    struct mark_at *marks;
    size_t n_marks, cap_marks, next_mark, next_hard;

    /* true at the position being looked at */
    uint64_t page, message, row, record, raw_byte, raw_at;
    uint32_t cell;
    bool in_cells, has_rows, in_object;
    bool had_objects;    /* a record of its own was marked: in_object may be true of some block */
    uint64_t paragraphs; /* that ended before the block */
    uint64_t breaks;     /* bits of the block at which one ends */
    uint32_t paragraph;  /* of the anchor at hand */
    bool restoring;      /* zeros were put before the candidate */
    uint64_t inserted;   /* bytes put in by marks so far */
    uint64_t inserted_lines; /* of these, line feeds */
    uint64_t lines;          /* line feeds before the block */
    uint64_t border_low;     /* absolute */
    uint64_t record_from;    /* absolute: where the record begins */
    /* true at the end of the text pushed */
    uint64_t push_row;
    bool push_cells;

    struct field_before field_before;
    uint64_t zone_tried; /* absolute: the last `<<` that was offered */
    uint64_t zone_until; /* absolute: a zone that starts before it was offered */
    uint64_t records, last_record;
    bool any_record;

    struct table table;
    struct near_words near;
    struct rates rates;
    struct pending_list pending;
    struct fold fold;
    struct records together;
    struct text_summary summary;
};

/* engine.c: engine_new() with a window of another size, for tests. */
struct engine *engine_new_sized(uint32_t today, size_t window, classify_fn *classify);
/* shapes.c: where `start` stands, without its key name. */
void spot_place(struct engine *e, size_t anchor, size_t start, uint64_t line, struct spot *ret);
/* ... each does nothing when it was done. */
void spot_at(struct engine *e, size_t anchor, size_t start, uint64_t line, struct spot *ret);
void spot_name(struct engine *e, struct spot *ret);

/* runs.c: the group of digits that starts at `pos`; `ahead` has a bit for each digit of the 64
 * bytes from there. */
void runs_offer(struct engine *e, size_t pos, uint64_t line, uint64_t ahead);

/* shapes.c */
void letters_offer(struct engine *e, size_t pos, uint64_t line);
void at_offer(struct engine *e, size_t pos, uint64_t line);
void zone_offer(struct engine *e, size_t pos, uint64_t line);
void zone_line_offer(struct engine *e, size_t pos, uint64_t line);
/* The place that is kept for a name of the text.  NULL: too long to keep. */
struct known_name *known_name(struct engine *e, struct span name);
/* What a name of the text means; the names that come again are remembered. */
struct naming name_naming(struct engine *e, struct span name);
/* What it says to the detector of that kind, which reads labels. */
uint32_t name_says(struct engine *e, struct span name, unsigned kind);
/* The column that the values behind a key name make up. */
uint64_t name_column(struct engine *e, struct span name);
/* The text of the cell before the one that begins at `cell`, when it can be a label. */
struct span left_label(const struct engine *e, size_t cell, char border);

/* fields.c: the cell that begins at `cell`, in the row and column at hand. */
void cell_offer(struct engine *e, size_t cell, uint64_t line);
/* A sign that may stand between a name and its value; quick, mostly false. */
bool label_sign(const struct engine *e, size_t pos);
void label_offer(struct engine *e, size_t pos, uint64_t line);

/* An entry of the lexicon. */
void word_offer(struct engine *e, const struct heard *heard, uint64_t line);
/* Four digits, a blank. */
void postcode_offer(struct engine *e, size_t pos, uint64_t line);

/* Asks detector `kind`; a pass becomes pending. `spot` is filled on first need. */
enum verdict ask(struct engine *e, unsigned kind, const struct candidate *c, uint64_t line,
                 struct spot *spot, bool natural);
static inline size_t border_low(const struct engine *e)
{
    return e->border_low > e->base ? (size_t)(e->border_low - e->base) : 0;
}

static inline size_t border_high(const struct engine *e)
{
    return e->next_hard < e->n_marks ? (size_t)(e->marks[e->next_hard].at - e->base) : e->len;
}

/* The part of the text that a candidate may see. */
static inline void candidate_window(const struct engine *e, struct candidate *c, size_t low,
                                    size_t high)
{
    size_t from = c->anchor - low > LOOK_BACK ? c->anchor - LOOK_BACK : low;
    size_t to = high - c->anchor > LOOK_BACK ? c->anchor + LOOK_BACK : high;

    if (c->start + c->len + LOOK_AHEAD > to)
        to = high - (c->start + c->len) > LOOK_AHEAD ? c->start + c->len + LOOK_AHEAD : high;
    c->window = (struct span){e->text + from, to - from};
    c->start -= from;
    c->anchor -= from;
}

/* What a check finds there: all of it but the bytes of values, which are many. */
static inline void match_begin(struct match *m, size_t start, size_t len)
{
    m->start = start;
    m->len = len;
    m->value[0] = '\0';
    m->value_len = 0;
    m->form = FORM_BARE;
    m->doubtful = false;
    m->zero_restored = false;
    m->facts = (struct person_facts){0};
    for (unsigned i = 0; i < EMBEDDED_MAX; i++)
        m->embedded[i].kind = NULL;
    m->part = 0;
}

/* resolve.c */
void weigh(struct engine *e, struct pending *p);
void pending_settle(struct engine *e, uint64_t before);

/* fold.c */
void fold_clear(struct fold *f);
void fold_free(struct fold *f);
/* The tag of a value, for fold_find; where it will be looked for is fetched meanwhile. */
uint32_t fold_tag(const struct fold *f, unsigned kind, struct span value);
/* What that value of the document became; a new one has tag, value and kind only and counts
 * nothing: the rest is filled in there.  NULL: it cannot be kept. */
struct folded *fold_find(struct engine *e, unsigned kind, struct span value, uint32_t tag,
                         bool *ret_new);
/* Weighs what was folded, emits it and forgets it. */
void fold_emit(struct engine *e);
/* What the text's origin allows a kind; `level`: 0 no word, 1 near, 2 strong. */
enum confidence ceiling(const struct engine *e, const struct detector *d, unsigned level,
                        enum confidence confidence);

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_letter(char c)
{
    return is_upper((char)(c & ~0x20));
}

/* Grows *array to hold `want` items of `size` bytes; false on no memory. */
bool grow(void *array, size_t *cap, size_t want, size_t size);

#endif
