/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * engine.c - the window over the text, the marks in it, and the one pass.
 *
 * The text is searched when the window is full or the document, or one of its tables, is over.
 * Up to then ENGINE_MARGIN bytes at its end wait for what follows them; as many stay in front of
 * what is searched next.  No look around a position goes further than that, so where a window
 * ends makes no difference.  A mark puts one byte into the text, which no number crosses.
 */
#include "detectors/engine_private.h"

#include <stdlib.h>

enum {
    STORE_LEAST = 8192,
    EMPTY_MAX = 32 /* blanks of an empty line; below PAD */
};

bool grow(void *array, size_t *cap, size_t want, size_t size)
{
    void **at = array;
    size_t to = *cap ? *cap : 64;
    void *wider;

    if (want <= *cap)
        return true;
    while (to < want)
        if (__builtin_mul_overflow(to, (size_t)2, &to))
            return false;
    if (__builtin_mul_overflow(to, size, &want))
        return false;
    wider = realloc(*at, want);
    if (!wider)
        return false;
    *at = wider;
    *cap = to;
    return true;
}

/* --- life ---------------------------------------------------------------------------------- */

static bool store_widen(struct engine *e, size_t want)
{
    size_t most = e->window + 2 * (size_t)ENGINE_MARGIN, to = e->cap ? e->cap : STORE_LEAST;
    char *wider;

    while (to < want)
        to *= 2;
    if (to > most)
        to = most;
    wider = realloc(e->store, to + 2 * (size_t)PAD);
    if (!wider)
        return false;
    if (!e->store)
        memset(wider, 0, PAD);
    e->store = wider;
    e->text = wider + PAD;
    e->cap = to;
    return true;
}

static struct engine *engine_make(uint32_t today, size_t window, classify_fn *classify,
                                  const struct engine *other)
{
    struct engine *e = calloc(1, sizeof(*e));

    if (!e)
        return NULL;
    e->today = today;
    e->window = window;
    e->classify = classify;
    e->digits_least = CANDIDATE_DIGITS;
    for (unsigned i = 0, readers = 0; i < detectors_count && i < KINDS_MAX; i++)
        if (detectors[i]->label && readers < LABELS_READ)
            e->reads_labels[i] = (uint8_t)++readers;
    for (unsigned i = 0; i < detectors_count && i < KINDS_MAX; i++) {
        const struct detector *d = detectors[i];

        for (unsigned n = d->digits_min;
             (d->anchors & ANCHOR_DIGITS) && n <= d->digits_max && n < CANDIDATE_DIGITS; n++) {
            for (unsigned first = 0; first < 10; first++) {
                bool fits = !d->first_digits || (d->first_digits >> first & 1);

                if (fits)
                    e->wanted[0][first][n] |= UINT64_C(1) << i;
                if (fits || d->any_behind_plus)
                    e->wanted[1][first][n] |= UINT64_C(1) << i;
            }
            if (n < e->digits_least)
                e->digits_least = n;
            if (n > e->digits_most)
                e->digits_most = n;
        }
        if (d->anchors & ANCHOR_LETTERS) {
            e->letters[e->n_letters++] = (uint8_t)i;
            for (unsigned two = 0; two < 26 * 26; two++) {
                const char letters[2] = {(char)('A' + two / 26), (char)('A' + two % 26)};

                if (!d->begins || d->begins(letters))
                    e->two_letters[two / 26] |= UINT32_C(1) << two % 26;
            }
        }
        if (d->anchors & ANCHOR_AT)
            e->ats[e->n_ats++] = (uint8_t)i;
        if (d->anchors & ANCHOR_CHEVRONS)
            e->chevrons[e->n_chevrons++] = (uint8_t)i;
        if (d->anchors & ANCHOR_DIGITS)
            e->numbers |= UINT64_C(1) << i;
        if ((d->anchors & ANCHOR_DIGITS) && d->digits_min == 11 && d->digits_max == 11)
            e->elevens |= UINT64_C(1) << i;
        if (d->anchors & ANCHOR_FIELD)
            e->fields |= UINT64_C(1) << i;
        if (d->anchors & ANCHOR_POSTCODE)
            e->postcodes |= UINT64_C(1) << i;
        if (d->anchors & ANCHOR_BESIDE)
            e->besides |= UINT64_C(1) << i;
        e->listening |= (d->anchors & (ANCHOR_WORD | ANCHOR_TERM)) != 0;
    }
    for (unsigned first = 0; first < 20; first++) {
        uint8_t *least = &e->least[first / 10][first % 10];

        while (*least < CANDIDATE_DIGITS && !e->wanted[first / 10][first % 10][*least])
            ++*least;
    }
    e->borrowed = other != NULL;
    e->words = other ? other->words : words_new();
    e->lexicon = other ? other->lexicon : lexicon_new();
    e->pending.all = calloc(PENDING_MAX, sizeof(*e->pending.all));
    if (!e->words || !e->lexicon || !e->pending.all || !records_new(e) ||
        !store_widen(e, STORE_LEAST)) {
        engine_free(e);
        return NULL;
    }
    return e;
}

struct engine *engine_new_sized(uint32_t today, size_t window, classify_fn *classify)
{
    return engine_make(today, window, classify, NULL);
}

struct engine *engine_new_beside(const struct engine *other)
{
    return engine_make(other->today, other->window, other->classify, other);
}

struct engine *engine_new(uint32_t today)
{
    return engine_new_sized(today, ENGINE_WINDOW, classify_best());
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    if (!e->borrowed) {
        words_free((struct words *)(uintptr_t)e->words);
        lexicon_free((struct lexicon *)(uintptr_t)e->lexicon);
    }
    table_free(&e->table);
    rates_free(&e->rates);
    fold_free(&e->fold);
    free(e->near.hits);
    free(e->heard);
    records_free(e);
    free(e->pending.all);
    free(e->marks);
    free(e->store);
    free(e);
}

void engine_begin(struct engine *e, enum text_origin origin, const struct engine_sink *sink)
{
    e->origin = origin;
    e->sink = *sink;
    e->failed = false;
    e->len = e->searched = 0;
    e->base = e->pushed = 0;
    e->n_marks = e->next_mark = e->next_hard = 0;
    e->page = e->message = e->row = e->record = e->raw_byte = e->raw_at = 0;
    e->cell = 0;
    e->in_cells = e->has_rows = e->in_object = e->had_objects = false;
    e->paragraphs = e->breaks = 0;
    e->paragraph = 1;
    e->inserted = e->inserted_lines = e->lines = e->border_low = e->record_from = 0;
    e->push_row = 0;
    e->push_cells = false;
    e->zone_until = e->zone_tried = 0;
    e->field_before.len = 0;
    e->n_heard = e->next_heard = 0;
    e->records = e->last_record = 0;
    e->any_record = false;
    e->table.delimited = e->table.quoted = false;
    table_end(e);
    e->table.serial = 0;
    e->near.n = e->near.first = 0;
    e->near.from = e->near.to = 0;
    e->pending.n = 0;
    e->pending.settle_at = PENDING_SOME;
    records_begin(e);
    rates_clear(&e->rates);
    fold_clear(&e->fold);
    memset(&e->summary, 0, sizeof(e->summary));
}

void engine_table(struct engine *e, const struct table_shape *shape)
{
    e->table.delimited = true;
    e->table.shape = *shape;
    e->table.at = e->table.row = e->table.cell_at = e->table.quote_at = 0;
    e->table.column = 1;
    e->table.quoted = false;
    e->has_rows = true;
    table_begin(e, 0, false);
}

/* --- marks --------------------------------------------------------------------------------- */

static bool is_hard(const struct mark_at *m)
{
    return m->bytes && m->byte == BORDER;
}

static void record_begin(struct engine *e, const struct mark_at *m)
{
    if (m->at > e->record_from)
        e->record++;
    e->record_from = m->at + m->bytes;
}

static void mark_pass(struct engine *e, const struct mark_at *m)
{
    e->inserted += m->bytes;
    e->inserted_lines += m->bytes && m->byte == '\n';
    if (is_hard(m))
        e->border_low = m->at + 1;
    switch (m->kind) {
    case MARK_PAGE:
        e->page = m->a;
        e->in_object = false;
        record_begin(e, m);
        break;
    case MARK_MESSAGE:
        e->message = m->a;
        e->page = 0;
        e->in_object = false;
        record_begin(e, m);
        break;
    case MARK_RECORD:
        e->in_object = true;
        record_begin(e, m);
        break;
    case MARK_TABLE:
        e->in_cells = false;
        e->row = 0;
        break;
    case MARK_TABLE_END:
        e->in_cells = e->in_object = false;
        e->row = 0;
        record_begin(e, m);
        break;
    case MARK_CELL:
        /* a form is one record, whose rows are label and value */
        if (!e->in_cells || (m->a != e->row && !e->table.form))
            record_begin(e, m);
        e->record_from = m->at + m->bytes;
        e->in_cells = e->has_rows = true;
        e->row = m->a;
        e->cell = m->b;
        break;
    case MARK_AT:
        e->raw_byte = m->a;
        e->raw_at = m->at;
        break;
    default:
        break;
    }
}

/* Everything that is marked up to `pos` becomes true. */
__attribute__((noinline)) static void marks_pass_to(struct engine *e, size_t pos)
{
    do {
        const struct mark_at *m = NULL;

        if (e->next_mark < e->n_marks && e->marks[e->next_mark].at <= e->base + pos) {
            m = &e->marks[e->next_mark++];
            mark_pass(e, m);
        }
        if (e->next_hard < e->next_mark)
            e->next_hard = e->next_mark;
        while (e->next_hard < e->n_marks && !is_hard(&e->marks[e->next_hard]))
            e->next_hard++;
        if (!m)
            return;
        /* its line is that of no text: rows have their own numbers */
        if (m->kind == MARK_CELL && (e->fields | e->together.categories))
            cell_offer(e, (size_t)(m->at + m->bytes - e->base), 0);
    } while (true);
}

/* ... and most places have no mark before them that was not passed. */
static inline void marks_to(struct engine *e, size_t pos)
{
    bool passed = e->next_mark >= e->n_marks || e->marks[e->next_mark].at > e->base + pos;
    bool hard = e->next_hard >= e->n_marks || is_hard(&e->marks[e->next_hard]);

    if (!passed || !hard || e->next_hard < e->next_mark)
        marks_pass_to(e, pos);
}

static void marks_forget(struct engine *e)
{
    size_t gone = e->next_mark;

    if (gone == 0)
        return;
    memmove(e->marks, e->marks + gone, (e->n_marks - gone) * sizeof(*e->marks));
    e->n_marks -= gone;
    e->next_mark = 0;
    e->next_hard -= gone;
}

/* --- the pass ------------------------------------------------------------------------------ */

/* The pass is compiled twice: with the instructions for counting bits that every x86-64 of the
 * last ten years has, and without. */
#define INLINE __attribute__((always_inline)) static inline

/* Of the 64 bytes from bit `i` on, those whose bits are in the two masks of a class. */
INLINE uint64_t bits_from(uint64_t here, uint64_t next, unsigned i)
{
    return i ? here >> i | next << (BLOCK - i) : here;
}

/* Where no group of digits is joined to the next: another byte, or a fourth separator in a row
 * (what follows in the next block but one is not seen, which joins too much, never too little). */
INLINE uint64_t open_bits(const struct block *here, uint64_t joint_next)
{
    uint64_t joint = here->joint;
    uint64_t four = joint & (joint >> 1 | joint_next << 63) & (joint >> 2 | joint_next << 62) &
                    (joint >> 3 | joint_next << 61);

    return ~(here->digit | joint | here->high) | four;
}

/* Where eight or more bytes begin that can all be part of one run: shorter ones hold no number.
 * Three shifts clear nearly every block of prose and code. */
INLINE uint64_t eight_of_a_run(const struct block *b)
{
    uint64_t here = b[0].digit | b[0].joint | b[0].high;
    uint64_t next = b[1].digit | b[1].joint | b[1].high;

    for (unsigned by = 1; by < 8; by *= 2) {
        here &= here >> by | next << (BLOCK - by);
        next &= next >> by;
    }
    return here;
}

/* In named columns and objects a number may have lost zeros in front. */
INLINE bool restores(const struct engine *e)
{
    return e->had_objects || (e->table.columns > 0 && e->table.elevens);
}

/* Of the groups of digits that begin at the bits of `starts`, those whose run has as many digits as
 * a number with that first digit.  `open` is generous; the run itself is read in runs.c. */
INLINE uint64_t enough_digits(const struct engine *e, const struct block *b, const char *t,
                              uint64_t starts)
{
    uint64_t open0 = open_bits(&b[0], b[1].joint), open1 = open_bits(&b[1], 0), ret = 0;

    while (starts) {
        unsigned i = (unsigned)__builtin_ctzll(starts), n;
        uint64_t bit = starts & (0 - starts), open = bits_from(open0, open1, i);
        uint64_t digit = bits_from(b[0].digit, b[1].digit, i);

        starts ^= bit;
        if (!open) {
            ret |= bit;
            continue;
        }
        n = (unsigned)__builtin_popcountll(digit & ((open & (0 - open)) - 1));
        if (n >= e->least[t[(ptrdiff_t)i - 1] == '+'][t[i] - '0'] || (n >= 8 && restores(e)))
            ret |= bit;
        else if (n < e->digits_least && i < BLOCK - 1)
            /* groups that follow in this run have fewer still */
            starts &= ~(((open & (0 - open)) - 1) << i);
    }
    return ret;
}

INLINE uint64_t line_at(const struct engine *e, uint64_t lines, unsigned i)
{
    return e->lines + (uint64_t)__builtin_popcountll(lines & ((UINT64_C(1) << i) - 1)) -
           e->inserted_lines + 1;
}

/* The bits of b[0] at which a detector is worth asking. */
struct anchors {
    uint64_t digits, letters, at, chevrons, starts;
    uint64_t signs; /* between a name and its value */
    uint64_t words; /* entries of the lexicon */
    uint64_t postcodes;
    uint64_t cells; /* behind these, a cell of a delimited table */
};

INLINE struct anchors anchors_of(const struct engine *e, const struct block *b, char before)
{
    struct anchors a = {0};
    uint64_t alnum = b[0].digit | b[0].letter;
    uint64_t first = is_digit(before), chevron = before == '<';
    uint64_t touched = alnum << 1 | (uint64_t)(is_digit(before) || is_letter(before));
    uint64_t joint2, digit2, digit3, high3;

    a.at = b[0].at;
    a.starts = b[0].line << 1 | (uint64_t)(before == '\n' || before == BORDER || before == '\0');
    if (b[0].chevron)
        a.chevrons = b[0].chevron & (b[0].chevron >> 1 | b[1].chevron << 63) &
                     ~(b[0].chevron << 1 | chevron);
    if (!(b[0].digit | b[1].digit))
        return a;
    if ((unsigned)(__builtin_popcountll(b[0].digit) + __builtin_popcountll(b[1].digit)) >=
        e->digits_least)
        a.digits = b[0].digit & ~(b[0].digit << 1 | first);
    digit2 = b[0].digit >> 2 | b[1].digit << 62;
    digit3 = b[0].digit >> 3 | b[1].digit << 61;
    joint2 = (b[0].joint | b[0].high) >> 2 | (b[1].joint | b[1].high) << 62;
    high3 = b[0].high >> 3 | b[1].high << 61; /* a separator of several bytes */
    a.letters = b[0].letter & (b[0].letter >> 1 | b[1].letter << 63) & ~touched &
                (digit2 | (joint2 & (digit3 | high3)));
    return a;
}

/* Two letters at `pos`: a digit right behind, or over one separator? */
static bool digit_behind(const struct engine *e, size_t pos)
{
    const unsigned char *t = (const unsigned char *)e->text + pos + 2;
    size_t n = 0;

    if (is_digit((char)t[0]))
        return true;
    if (t[0] == ' ' || t[0] == '.' || t[0] == '-' || t[0] == '/')
        n = 1;
    else if (t[0] == 0xC2 && t[1] == 0xA0)
        n = 2;
    else if (t[0] == 0xE2 && (t[1] == 0x80 || t[1] == 0x88))
        n = 3;
    return n > 0 && is_digit((char)t[n]);
}

/* Of the lines that begin at the bits of `starts`, those whose first letter and the sign behind it
 * can begin a zone; most lines of most texts end here.  The first letter is where the blanks and
 * quotes before it end, or zone_line_offer refuses the line. */
INLINE uint64_t zone_lines(const struct block *b, const char *t, uint64_t starts)
{
    const uint32_t codes = 1 << ('P' - 'A') | 1 << ('I' - 'A') | 1 << ('A' - 'A') |
                           1 << ('C' - 'A') | 1 << ('V' - 'A') | 1 << ('D' - 'A');
    uint64_t ret = 0;

    for (; starts; starts &= starts - 1) {
        unsigned i = (unsigned)__builtin_ctzll(starts), code;
        uint64_t letters = bits_from(b[0].letter, b[1].letter, i);
        const char *at;

        if (!letters)
            continue;
        at = t + i + __builtin_ctzll(letters);
        code = (unsigned)(*at - 'A');
        if (code < 26 && (codes >> code & 1) && (is_upper(at[1]) || at[1] == '<'))
            ret |= starts & (0 - starts);
    }
    return ret;
}

/* Four digits that no digit or letter touches, and a blank.  Nearly all of them are no postal code
 * and go on with a small letter or a digit. */
INLINE uint64_t postcodes_of(const struct block *b, const char *t)
{
    uint64_t digit = b[0].digit, next = b[1].digit, ret = 0;
    uint64_t four =
        digit & (digit >> 1 | next << 63) & (digit >> 2 | next << 62) & (digit >> 3 | next << 61);
    uint64_t alnum = b[0].digit | b[0].letter;

    if (!four)
        return 0;
    four &= ~(alnum << 1 | (uint64_t)(is_digit(t[-1]) || is_letter(t[-1])));
    four &= ~(digit >> 4 | next << 60);
    four &= b[0].joint >> 4 | b[1].joint << 60 | b[0].high >> 4 | b[1].high << 60;
    for (; four; four &= four - 1) {
        unsigned i = (unsigned)__builtin_ctzll(four);
        const char *at = t + i + 4;

        if (t[i] == '0')
            continue;
        for (unsigned n = 0; n < 2; n++)
            at += *at == ' '                                                     ? 1
                  : (unsigned char)at[0] == 0xC2 && (unsigned char)at[1] == 0xA0 ? 2
                                                                                 : 0;
        /* capitals with an accent are U+00C0 to U+00DE */
        if (at > t + i + 4 && (is_upper(*at) || ((unsigned char)at[0] == 0xC3 && !(at[1] & 0x20))))
            ret |= four & (0 - four);
    }
    return ret;
}

static bool is_empty_line(const char *t, ptrdiff_t *end)
{
    ptrdiff_t at = *end;

    while (*end - at < EMPTY_MAX && (t[at - 1] == ' ' || t[at - 1] == '\t' || t[at - 1] == '\r'))
        at--;
    *end = at - 1;
    return t[at - 1] == '\n';
}

/* The line feeds that end an empty line behind one that is not empty: there a paragraph ends. */
static inline uint64_t breaks_of(const char *t, uint64_t lines)
{
    uint64_t ret = 0;

    for (; lines; lines &= lines - 1) {
        ptrdiff_t at = __builtin_ctzll(lines);

        /* most lines end behind a sign */
        if ((unsigned char)t[at - 1] <= ' ' && is_empty_line(t, &at) && !is_empty_line(t, &at))
            ret |= lines & (0 - lines);
    }
    return ret;
}

static void heard_offer(struct engine *e, const struct heard *heard, uint64_t line)
{
    if (heard->entry.wakes)
        word_offer(e, heard, line);
    if (heard->entry.categories)
        term_offer(e, heard, line);
}

/* Offers what stands at the anchors `all` of the block at `at`. */
INLINE void hits_body(struct engine *e, const struct block *b, size_t at, struct anchors a,
                      uint64_t all)
{
    for (; all; all &= all - 1) {
        unsigned i = (unsigned)__builtin_ctzll(all);
        uint64_t bit = all & (0 - all);
        size_t pos = at + i;
        bool start = a.starts & bit, digits = a.digits & bit;
        bool letters = (a.letters & bit) && digit_behind(e, pos);
        bool sign = (a.signs & bit) && label_sign(e, pos);
        uint64_t line;

        if (!start && !digits && !letters && !sign &&
            !((a.at | a.chevrons | a.cells | a.words | a.postcodes) & bit))
            continue;
        marks_to(e, pos);
        line = line_at(e, b[0].line, i);
        e->paragraph =
            (uint32_t)(1 + e->paragraphs + (uint64_t)__builtin_popcountll(e->breaks & (bit - 1)));
        if (start)
            zone_line_offer(e, pos, line);
        if (digits)
            runs_offer(e, pos, line, bits_from(b[0].digit, b[1].digit, i));
        if (letters)
            letters_offer(e, pos, line);
        if (a.at & bit)
            at_offer(e, pos, line);
        if (a.chevrons & bit)
            zone_offer(e, pos, line);
        for (; (a.words & bit) && e->next_heard < e->n_heard && e->heard[e->next_heard].at == pos;
             e->next_heard++)
            heard_offer(e, &e->heard[e->next_heard], line);
        if (a.postcodes & bit)
            postcode_offer(e, pos, line);
        if (sign)
            label_offer(e, pos, line);
        if (a.cells & bit) {
            table_seek(e, pos + 1);
            if (e->table.cell_at == e->base + pos + 1)
                cell_offer(e, pos + 1, line + (e->text[pos] == '\n'));
        }
    }
}

static void heard_add(void *ctx, size_t at, size_t len, const struct lexicon_entry *entry)
{
    struct engine *e = ctx;

    if (!grow(&e->heard, &e->cap_heard, e->n_heard + 1, sizeof(*e->heard))) {
        e->failed = true;
        return;
    }
    e->heard[e->n_heard++] = (struct heard){at, len, *entry};
}

/* Those that begin in the block at `at`. */
static inline uint64_t heard_in(const struct engine *e, size_t at)
{
    uint64_t ret = 0;

    for (size_t i = e->next_heard; i < e->n_heard && e->heard[i].at < at + BLOCK; i++)
        ret |= UINT64_C(1) << (e->heard[i].at - at);
    return ret;
}

typedef void hits_fn(struct engine *e, const struct block *b, size_t at, const struct anchors *a,
                     uint64_t all);

INLINE void search_block(struct engine *e, const struct block *b, size_t at, uint64_t wanted,
                         hits_fn *hits)
{
    bool cells = e->table.fields & e->table.delimited;
    uint64_t words = heard_in(e, at);

    if (b[0].digit | b[0].at | b[0].chevron | b[0].line | b[1].digit | b[0].sign | cells | words |
        (uint64_t)(e->text[(ptrdiff_t)at - 1] == '\n' || e->text[(ptrdiff_t)at - 1] == BORDER ||
                   e->text[(ptrdiff_t)at - 1] == '\0')) {
        struct anchors a = anchors_of(e, b, e->text[(ptrdiff_t)at - 1]);
        uint64_t all;

        if (e->n_chevrons == 0)
            a.starts = a.chevrons = 0;
        if (e->digits_least >= 8)
            a.digits &= eight_of_a_run(b);
        if (a.digits)
            a.digits = enough_digits(e, b, e->text + at, a.digits & wanted);
        a.starts = zone_lines(b, e->text + at, a.starts & wanted);
        if (e->fields)
            a.signs = b[0].sign & ~b[0].chevron;
        if (cells)
            a.cells = signs_of(e->text + at, e->table.shape.delimiter, '\n', '\n');
        if (e->postcodes)
            a.postcodes = postcodes_of(b, e->text + at);
        a.words = words;
        all = (a.digits | a.letters | a.at | a.chevrons | a.starts | a.signs | a.cells | a.words |
               a.postcodes) &
              wanted;
        e->breaks = b[0].line ? breaks_of(e->text + at, b[0].line & wanted) : 0;
        if (all)
            hits(e, b, at, &a, all);
        e->paragraphs += (uint64_t)__builtin_popcountll(e->breaks);
        e->lines += (uint64_t)__builtin_popcountll(b[0].line & wanted);
    }
}

INLINE void search_body(struct engine *e, size_t to, hits_fn *hits)
{
    struct block blocks[CHUNK_BLOCKS + 1];

    if (to <= e->searched)
        return;
    memset(e->text + e->len, 0, PAD);
    marks_to(e, e->searched);
    while (e->searched < to) {
        size_t bytes = to - e->searched, n = (bytes + BLOCK - 1) / BLOCK;

        if (n > CHUNK_BLOCKS)
            n = CHUNK_BLOCKS;
        e->classify(e->text + e->searched, n + 1, blocks);
        e->n_heard = e->next_heard = 0;
        if (e->listening)
            lexicon_scan(e->lexicon, (struct span){e->text, e->len}, e->searched,
                         bytes < n * BLOCK ? to : e->searched + n * BLOCK, heard_add, e);
        for (size_t i = 0; i < n; i++) {
            size_t at = e->searched + i * BLOCK;
            uint64_t wanted = to - at >= BLOCK ? ~UINT64_C(0) : (UINT64_C(1) << (to - at)) - 1;

            search_block(e, blocks + i, at, wanted, hits);
        }
        e->searched = to - e->searched < n * BLOCK ? to : e->searched + n * BLOCK;
    }
    marks_to(e, to);
}

#if defined(__x86_64__)
#define COUNTING __attribute__((target("popcnt,bmi,bmi2"), noinline))

COUNTING static void hits_counting(struct engine *e, const struct block *b, size_t at,
                                   const struct anchors *a, uint64_t all)
{
    hits_body(e, b, at, *a, all);
}

COUNTING static void search_counting(struct engine *e, size_t to)
{
    search_body(e, to, hits_counting);
}
#endif

__attribute__((noinline)) static void hits_plain(struct engine *e, const struct block *b, size_t at,
                                                 const struct anchors *a, uint64_t all)
{
    hits_body(e, b, at, *a, all);
}

static void search_plain(struct engine *e, size_t to)
{
    search_body(e, to, hits_plain);
}

/* Looks at every anchor in [searched, to).  What stands behind the text is zero. */
static void search(struct engine *e, size_t to)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2")) {
        search_counting(e, to);
        return;
    }
#endif
    search_plain(e, to);
}

/* Makes room: what was searched goes, but for the margin. */
static void slide(struct engine *e)
{
    size_t gone;

    search(e, e->len > ENGINE_MARGIN ? e->len - ENGINE_MARGIN : 0);
    if (e->table.delimited && e->searched > 0)
        table_seek(e, e->searched - 1);
    if (e->searched <= ENGINE_MARGIN)
        return;
    gone = e->searched - ENGINE_MARGIN;
    /* what waits may look at words that far back */
    pending_settle(e, e->base + e->searched > SETTLE ? e->base + e->searched - SETTLE : 0);
    memmove(e->text, e->text + gone, e->len - gone);
    e->base += gone;
    e->len -= gone;
    e->searched -= gone;
    marks_forget(e);
}

/* --- what comes in ------------------------------------------------------------------------- */

static bool put(struct engine *e, const char *bytes, size_t n)
{
    size_t most = e->window + 2 * (size_t)ENGINE_MARGIN;

    while (n > 0) {
        size_t some;

        if (e->len == e->cap) {
            size_t want = e->cap + n < most ? e->cap + n : most;

            if (e->cap < most && !store_widen(e, want))
                return false;
            if (e->len == most)
                slide(e);
        }
        some = e->cap - e->len < n ? e->cap - e->len : n;
        memcpy(e->text + e->len, bytes, some);
        e->len += some;
        bytes += some;
        n -= some;
    }
    return true;
}

bool engine_text(struct engine *e, struct span text)
{
    if (e->failed)
        return false;
    if (e->table.collecting)
        table_push(e, text);
    if (!put(e, text.at, text.len))
        e->failed = true;
    e->pushed += text.len;
    return !e->failed;
}

/* All of the text so far, for nothing that follows can join it. */
static void search_all(struct engine *e)
{
    search(e, e->len);
    pending_settle(e, UINT64_MAX);
}

static void mark_put(struct engine *e, struct mark_at m)
{
    m.at = e->base + e->len;
    if (m.bytes) {
        if (!put(e, &m.byte, 1)) {
            e->failed = true;
            return;
        }
        m.at = e->base + e->len - 1;
    } else if (e->n_marks > e->next_mark && e->marks[e->n_marks - 1].kind == m.kind &&
               e->marks[e->n_marks - 1].at == m.at) {
        e->n_marks--;
    }
    if (!grow(&e->marks, &e->cap_marks, e->n_marks + 1, sizeof(*e->marks))) {
        e->failed = true;
        return;
    }
    e->marks[e->n_marks++] = m;
}

void engine_mark(struct engine *e, struct mark mark)
{
    struct mark_at m = {
        .a = mark.a, .b = mark.b, .kind = (uint8_t)mark.kind, .bytes = 1, .byte = BORDER};

    if (e->failed)
        return;
    if (mark.kind == MARK_BREAK) {
        /* words may be read on across it, numbers and zones as across a line feed */
        if (e->len == 0 || e->text[e->len - 1] == '\n' || e->text[e->len - 1] == BORDER)
            return;
        m.byte = '\n';
    }
    if (mark.kind == MARK_TABLE || mark.kind == MARK_TABLE_END) {
        table_leave(e);
        search_all(e);
        if (mark.kind == MARK_TABLE && !e->table.delimited)
            table_begin(e, e->table.serial + 1, mark.b == 1);
        else if (!e->table.delimited)
            table_end(e);
    }
    if (mark.kind == MARK_CELL)
        table_cell(e, mark.a, mark.b);
    e->had_objects |= mark.kind == MARK_RECORD;
    mark_put(e, m);
}

void engine_at(struct engine *e, uint64_t byte)
{
    if (!e->failed)
        mark_put(e, (struct mark_at){.kind = MARK_AT, .a = byte});
}

void engine_end(struct engine *e, struct text_summary *ret)
{
    if (!e->failed) {
        table_leave(e);
        search_all(e);
        records_end(e);
        fold_emit(e);
    }
    if (!ret)
        return;
    *ret = e->summary;
    ret->bytes = e->pushed;
    ret->records = e->records;
    ret->unit = e->has_rows  ? PLACE_ROW
                : e->message ? PLACE_MESSAGE
                : e->page    ? PLACE_PAGE
                             : PLACE_LINE;
}

const char *evidence_name(enum evidence bit)
{
    switch (bit) {
    case EVIDENCE_WRITTEN_FORM:
        return "written-form";
    case EVIDENCE_GROUPED:
        return "grouped";
    case EVIDENCE_WORD_NEAR:
        return "word-near";
    case EVIDENCE_WORD_STRONG:
        return "word-strong";
    case EVIDENCE_HEADER:
        return "header";
    case EVIDENCE_COLUMN_RATE:
        return "column-rate";
    case EVIDENCE_CHANCE_RATE:
        return "chance-rate";
    case EVIDENCE_AGAINST:
        return "words-against";
    case EVIDENCE_AMBIGUOUS:
        return "ambiguous";
    case EVIDENCE_RAW:
        return "raw-bytes";
    case EVIDENCE_OCR:
        return "ocr";
    case EVIDENCE_EMBEDDED:
        return "embedded";
    case EVIDENCE_OTHER_COLUMN:
        return "other-column";
    case EVIDENCE_ALONE:
        return "alone";
    case EVIDENCE_FIELD:
        return "field";
    case EVIDENCE_JOINED:
        return "joined";
    case EVIDENCE_BESIDE:
        return "beside";
    case EVIDENCE_PERSON_HERE:
        return "person-here";
    case EVIDENCE_PERSON_ELSEWHERE:
        return "person-elsewhere";
    case EVIDENCE_SECOND_TERM:
        return "second-term";
    case EVIDENCE_RESTORED_ZERO:
        return "restored-zero";
    case EVIDENCE_DOUBTFUL:
        return "doubtful";
    }
    return NULL;
}
