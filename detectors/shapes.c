/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * shapes.c - the anchors that are no runs of digits, what a candidate may see, and the question
 * put to a detector.
 */
#include "detectors/engine_private.h"

enum {
    LOCAL_PART_MAX = 64, /* RFC 5321, 4.5.3.1.1 */
    DOMAIN_MAX = 255,    /* RFC 5321, 4.5.3.1.2 */
    ZONE_BACK = 128,     /* three lines of 30 on one, with blanks */
    ZONE_INDENT = 16,
    POSTCODE_BACK = 150 /* of the line before; below SETTLE */
};

static uint64_t key_column(struct span key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.at[i];

        hash = (hash ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) * UINT64_C(0x100000001b3);
    }
    return hash | UINT64_C(1) << 63;
}

/* What stood there before is forgotten when it was another.  Behind every text there are bytes to
 * read. */
struct known_name *known_name(struct engine *e, struct span name)
{
    uint64_t first, last;
    struct known_name *known;

    if (name.len > KNOWN_NAME_MAX || name.len == 0)
        return NULL;
    memcpy(&first, name.at, sizeof(first));
    memcpy(&last, name.at + name.len - 1, 1);
    if (name.len < sizeof(first))
        first &= (UINT64_C(1) << name.len * 8) - 1;
    first = (first ^ (last & 0xFF) << 56 ^ name.len) * UINT64_C(0x9e3779b97f4a7c15);
    known = &e->known_names[first >> 56];
    if (known->len != name.len || memcmp(known->text, name.at, name.len) != 0) {
        known->len = (uint8_t)name.len;
        known->column_known = known->naming_known = known->words_known = false;
        memset(known->says_known, 0, sizeof(known->says_known));
        memcpy(known->text, name.at, name.len);
    }
    return known;
}

uint64_t name_column(struct engine *e, struct span name)
{
    struct known_name *known = known_name(e, name);

    if (!known)
        return key_column(name);
    if (!known->column_known) {
        known->column_id = key_column(name);
        known->column_known = true;
    }
    return known->column_id;
}

struct naming name_naming(struct engine *e, struct span name)
{
    struct known_name *known = known_name(e, name);

    if (!known)
        return words_naming(e->words, name);
    if (!known->naming_known) {
        known->naming = words_naming(e->words, name);
        known->naming_known = true;
    }
    return known->naming;
}

uint32_t name_says(struct engine *e, struct span name, unsigned kind)
{
    struct known_name *known = e->reads_labels[kind] ? known_name(e, name) : NULL;
    unsigned i = e->reads_labels[kind] - 1u;

    if (!known)
        return detectors[kind]->label(name);
    if (!known->says_known[i]) {
        known->says[i] = detectors[kind]->label(name);
        known->says_known[i] = true;
    }
    return known->says[i];
}

struct span left_label(const struct engine *e, size_t cell, char border)
{
    size_t from, end;

    if (cell < 2 || e->text[cell - 1] != border)
        return (struct span){0};
    end = cell - 1;
    /* the end of its paragraph, where cells hold paragraphs */
    while (border == BORDER && end > 0 && cell - end < 16 &&
           (e->text[end - 1] == '\n' || e->text[end - 1] == '\t' || e->text[end - 1] == ' '))
        end--;
    from = end;
    while (from > 0 && cell - from < 64 && e->text[from - 1] != border &&
           e->text[from - 1] != '\n') {
        if (is_digit(e->text[from - 1]))
            return (struct span){0};
        from--;
    }
    if (cell - from >= 64)
        return (struct span){0};
    return (struct span){e->text + from, end - from};
}

/* The cell to the left names the value: forms laid out as tables. */
static void left_cell(struct engine *e, size_t cell, char border, struct spot *ret)
{
    struct span label = left_label(e, cell, border);

    if (label.len == 0)
        return;
    ret->naming = name_naming(e, label);
    ret->named = ret->naming.names != 0;
}

void spot_place(struct engine *e, size_t anchor, size_t start, uint64_t line, struct spot *ret)
{
    /* one by one: cleared as a whole it costs more than all that follows */
    ret->stage = SPOT_PLACED;
    ret->low = border_low(e);
    ret->high = 0;
    ret->anchor = anchor;
    ret->start = start;
    ret->cell = 0;
    ret->key = (struct span){0};
    ret->column = 0;
    ret->column_id = 0;
    ret->naming = (struct naming){0};
    ret->header = ret->named = false;
    if (e->table.delimited) {
        table_seek(e, anchor);
        ret->cell = e->table.cell_at > e->base ? (size_t)(e->table.cell_at - e->base) : 0;
        if (ret->cell > ret->low)
            ret->low = ret->cell;
        ret->column = e->table.column;
        ret->record = e->table.row;
        ret->place = (struct place){PLACE_ROW, e->table.row + 1, e->table.column};
        ret->column_id = 1 + e->table.column;
    } else {
        ret->record = e->record;
        if (e->in_cells) {
            ret->column = e->cell;
            ret->place = (struct place){PLACE_CELL, e->row, e->cell};
            ret->column_id = e->table.serial << 32 | (1 + (uint64_t)e->cell);
        } else if (e->message) {
            ret->place = (struct place){PLACE_MESSAGE, e->message, 0};
        } else if (e->page) {
            ret->place = (struct place){PLACE_PAGE, e->page, 0};
        } else {
            ret->place = (struct place){PLACE_LINE, line, 0};
        }
    }
    if (e->origin == ORIGIN_NAME)
        ret->place = (struct place){PLACE_NAME, 0, 0};
    if (e->origin == ORIGIN_RAW)
        ret->place = (struct place){PLACE_BYTE, e->raw_byte + (e->base + start - e->raw_at), 0};
}

void spot_at(struct engine *e, size_t anchor, size_t start, uint64_t line, struct spot *ret)
{
    if (ret->stage != SPOT_UNKNOWN)
        return;
    spot_place(e, anchor, start, line, ret);
    if (ret->column_id)
        return;
    ret->key = key_before(e, ret->low, start);
    if (ret->key.len)
        ret->column_id = name_column(e, ret->key);
}

void spot_name(struct engine *e, struct spot *ret)
{
    const struct naming *header = NULL;

    if (ret->stage != SPOT_PLACED)
        return;
    ret->stage = SPOT_NAMED;
    ret->high = border_high(e);
    if (e->table.delimited) {
        size_t limit = ret->anchor + LOOK_BACK < ret->high ? ret->anchor + LOOK_BACK : ret->high;

        ret->high = table_cell_end(e, ret->anchor, limit);
        header = table_naming(e, ret->column);
        if (!header || !header->names)
            left_cell(e, ret->cell, e->table.shape.delimiter, ret);
    } else if (e->in_cells) {
        header = table_naming(e, ret->column);
        if (!header || !header->names)
            left_cell(e, ret->low, BORDER, ret);
    }
    if (header && (header->names | header->against)) {
        ret->naming = *header;
        ret->header = true;
        return;
    }
    if (ret->named)
        return;
    if (e->table.delimited || e->in_cells)
        ret->key = key_before(e, ret->low, ret->start);
    if (!ret->key.len)
        return;
    ret->naming = name_naming(e, ret->key);
    ret->named = true;
}

/* A candidate more for its column and for the document; true: the column is named for it. */
static bool rates_count(struct engine *e, unsigned kind, const struct candidate *c,
                        enum verdict verdict, struct spot *spot)
{
    uint64_t columns[2] = {0, spot->column_id};
    bool named = false;

    for (unsigned i = 0; i < (spot->column_id ? 2 : 1); i++) {
        struct rate *rate = rates_get(&e->rates, columns[i], kind);

        if (!rate)
            continue;
        rate->candidates[c->n_groups > 1]++;
        rate->passed[c->n_groups > 1] += verdict == VERDICT_PASS;
        if (i > 0 && !rate->known) {
            spot_name(e, spot);
            rate->named = spot->naming.names >> kind & 1;
            rate->known = true;
        }
        named = rate->named;
    }
    return named;
}

/* As many digits, and not of its shape: most of a column of invoice numbers is no date. */
static void rates_count_others(struct engine *e, unsigned kind, const struct candidate *c,
                               uint64_t line, struct spot *spot)
{
    size_t window = (size_t)(c->window.at - e->text);
    struct rate *rate = rates_get(&e->rates, 0, kind);

    if (rate)
        rate->others++;
    spot_at(e, window + c->anchor, window + c->start, line, spot);
    rate = spot->column_id ? rates_get(&e->rates, spot->column_id, kind) : NULL;
    if (rate)
        rate->others++;
}

enum verdict ask(struct engine *e, unsigned kind, const struct candidate *c, uint64_t line,
                 struct spot *spot, bool natural)
{
    const struct detector *d = detectors[kind];
    size_t window = (size_t)(c->window.at - e->text);
    struct pending_list *list = &e->pending;
    struct pending *p;
    enum verdict verdict;
    bool in_rows;

    if (list->n >= list->settle_at)
        pending_settle(
            e, e->base + window + c->anchor > SETTLE ? e->base + window + c->anchor - SETTLE : 0);
    if (list->n == PENDING_MAX)
        pending_settle(e, UINT64_MAX);
    p = &list->all[list->n];
    match_begin(&p->match, c->start, c->len);
    p->match.zero_restored = c->n > c->len; /* digits that do not stand in the text */
    verdict = d->check(c, &p->match);
    if (verdict == VERDICT_NO) {
        if ((e->elevens >> kind & 1) && natural && c->n_groups == 1)
            rates_count_others(e, kind, c, line, spot);
        return verdict;
    }

    spot_at(e, window + c->anchor, window + c->start, line, spot);
    if (natural || verdict == VERDICT_PASS) {
        e->summary.kinds[kind].candidates++;
        e->summary.kinds[kind].passed += verdict == VERDICT_PASS;
    }
    p->unsupported = false;
    if ((natural || c->n_groups == 1) && !d->look_alike && c->n > 0) {
        bool named = rates_count(e, kind, c, verdict, spot);

        if (c->n_groups == 1 && !named) {
            e->summary.kinds[kind].unsupported++;
            e->summary.kinds[kind].unsupported_passed += verdict == VERDICT_PASS;
            p->unsupported = verdict == VERDICT_PASS;
        }
    }
    if (verdict != VERDICT_PASS || p->match.value_len > VALUE_MAX || p->match.len == 0 ||
        p->match.start > c->window.len || p->match.len > c->window.len - p->match.start)
        return verdict;
    spot_name(e, spot);
    p->naming = spot->naming;
    p->header = spot->header;
    p->place = spot->place;
    p->record = spot->record;
    in_rows = e->table.delimited || e->in_cells;
    p->line = in_rows ? 0 : line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
    p->paragraph = in_rows || e->in_object ? 0 : e->paragraph;
    p->column_id = spot->column_id;
    p->at = e->base + window + p->match.start;
    p->end = p->at + p->match.len;
    /* an address begins on the line before its code */
    for (size_t i = p->match.start; c->woken_by == ANCHOR_POSTCODE && i < c->anchor; i++)
        if (c->window.at[i] == '\n') {
            p->line -= p->line > 1;
            p->place.a -= p->place.kind == PLACE_LINE && p->place.a > 1;
        }
    p->inserted = e->inserted;
    p->low = e->base + spot->low;
    p->high = e->base + spot->high;
    p->kind = (uint8_t)kind;
    p->woken_by = (uint16_t)c->woken_by;
    p->tagged = false;
    p->natural = natural;
    p->separated = c->n_groups > 1;
    p->restored = e->restoring;
    p->evidence = 0;
    p->dropped = false;
    list->n++;
    return verdict;
}

static bool is_cell_sign(const struct engine *e, char c)
{
    return e->table.delimited && c == e->table.shape.delimiter;
}

static size_t line_end(const char *t, size_t from, size_t to, char sign)
{
    const char *at = memchr(t + from, sign, to - from);

    return at ? (size_t)(at - t) : to;
}

void letters_offer(struct engine *e, size_t pos, uint64_t line)
{
    size_t low = border_low(e), high = border_high(e), end;
    struct candidate c = {
        .start = pos, .anchor = pos, .today = e->today, .woken_by = ANCHOR_LETTERS};
    struct spot spot; /* large, and most candidates end before it is wanted */
    const char *t = e->text;
    size_t longest = 0;

    spot.stage = SPOT_UNKNOWN;
    if (!(e->two_letters[(t[pos] | 0x20) - 'a'] >> ((t[pos + 1] | 0x20) - 'a') & 1))
        return;
    for (unsigned i = 0; i < e->n_letters; i++)
        if (detectors[e->letters[i]]->longest > longest)
            longest = detectors[e->letters[i]]->longest;
    if (longest > LONGEST_MAX)
        longest = LONGEST_MAX;
    if (high - pos > longest)
        high = pos + longest;
    end = line_end(t, pos, high, '\n');
    end = line_end(t, pos, end, '\r');
    if (e->table.delimited)
        end = line_end(t, pos, end, e->table.shape.delimiter);
    c.len = end - pos;
    candidate_window(e, &c, low, border_high(e));
    longest = c.len;
    for (unsigned i = 0; i < e->n_letters; i++) {
        unsigned kind = e->letters[i];

        c.len = longest < detectors[kind]->longest ? longest : detectors[kind]->longest;
        ask(e, kind, &c, line, &spot, true);
    }
}

/* RFC 5322 atext and the dot; letters beyond ASCII by RFC 6531. */
static bool is_address_byte(char c)
{
    /* bit: the byte, below 64 and from 64 on */
    static const uint64_t signs[2] = {
        UINT64_C(1) << '!' | UINT64_C(1) << '#' | UINT64_C(1) << '$' | UINT64_C(1) << '%' |
            UINT64_C(1) << '&' | UINT64_C(1) << '\'' | UINT64_C(1) << '*' | UINT64_C(1) << '+' |
            UINT64_C(1) << '/' | UINT64_C(1) << '=' | UINT64_C(1) << '?' | UINT64_C(1) << '-' |
            UINT64_C(1) << '.',
        UINT64_C(1) << ('^' & 63) | UINT64_C(1) << ('_' & 63) | UINT64_C(1) << ('`' & 63) |
            UINT64_C(1) << ('{' & 63) | UINT64_C(1) << ('|' & 63) | UINT64_C(1) << ('}' & 63) |
            UINT64_C(1) << ('~' & 63)};

    return is_letter(c) || is_digit(c) || (c & 0x80) || (signs[c >> 6 & 1] >> (c & 63) & 1);
}

void at_offer(struct engine *e, size_t pos, uint64_t line)
{
    size_t low = border_low(e), high = border_high(e), from = pos, to = pos + 1;
    struct candidate c = {.anchor = pos, .today = e->today, .woken_by = ANCHOR_AT};
    struct spot spot; /* large, and most candidates end before it is wanted */
    const char *t = e->text;

    spot.stage = SPOT_UNKNOWN;
    while (from > low && pos - from <= LOCAL_PART_MAX && is_address_byte(t[from - 1]) &&
           !is_cell_sign(e, t[from - 1]))
        from--;
    while (to < high && to - pos <= DOMAIN_MAX &&
           (is_letter(t[to]) || is_digit(t[to]) || (t[to] & 0x80) || t[to] == '.' || t[to] == '-'))
        to++;
    /* a part that is too long is offered with one byte too many, so that it is seen to be */
    if (from == pos || to == pos + 1)
        return;
    c.start = from;
    c.len = to - from;
    candidate_window(e, &c, low, high);
    for (unsigned i = 0; i < e->n_ats; i++)
        ask(e, e->ats[i], &c, line, &spot, true);
}

static bool is_zone_code(char c)
{
    return c == 'P' || c == 'I' || c == 'A' || c == 'C' || c == 'V' || c == 'D';
}

/* Document codes of ICAO Doc 9303 parts 4 to 6 and the state: [PIACVD][A-Z<] and 3 of [A-Z<]; a
 * line of a zone has at least 30 characters, none of them small. */
static bool is_zone_start(const char *t, size_t at, size_t high)
{
    if (at + 30 > high || !is_zone_code(t[at]))
        return false;
    for (size_t i = at + 1; i < at + 30; i++) {
        bool letter = is_upper(t[i]) || t[i] == '<';

        if (!letter && (i < at + 5 || (!is_digit(t[i]) && t[i] != ' ')))
            return false;
    }
    return true;
}

/* Each start is tried once. */
static void zone_ask(struct engine *e, size_t start, size_t anchor, uint64_t line)
{
    size_t low = border_low(e), high = border_high(e), end = start;
    size_t longest = 0, lines = 0;
    struct candidate c = {
        .start = start, .anchor = anchor, .today = e->today, .woken_by = ANCHOR_CHEVRONS};
    struct spot spot; /* large, and most candidates end before it is wanted */

    spot.stage = SPOT_UNKNOWN;
    for (unsigned i = 0; i < e->n_chevrons; i++)
        if (detectors[e->chevrons[i]]->longest > longest)
            longest = detectors[e->chevrons[i]]->longest;
    if (longest > LONGEST_MAX)
        longest = LONGEST_MAX;
    if (high - start > longest)
        high = start + longest;
    /* an empty line between two (paragraphs) does not count */
    for (bool empty = true; end < high; end++) {
        char byte = e->text[end];

        if (byte == '\n') {
            lines += !empty;
            empty = true;
            if (lines == 3)
                break;
        } else if (byte != '\r' && byte != ' ') {
            empty = false;
        }
    }
    c.len = end - start;
    candidate_window(e, &c, low, border_high(e));
    for (unsigned i = 0; i < e->n_chevrons; i++)
        if (ask(e, e->chevrons[i], &c, line, &spot, true) == VERDICT_PASS) {
            const struct pending *p = &e->pending.all[e->pending.n - 1];

            /* the other lines of this zone are no zones of their own */
            if (p->end > e->zone_until)
                e->zone_until = p->end;
        }
    if (e->zone_until < e->base + start + 1)
        e->zone_until = e->base + start + 1;
}

void zone_line_offer(struct engine *e, size_t pos, uint64_t line)
{
    size_t high = border_high(e), at = pos;

    while (at < high && at - pos < ZONE_INDENT &&
           (e->text[at] == ' ' || e->text[at] == '\t' || e->text[at] == '"' || e->text[at] == '>'))
        at++;
    if (e->base + at < e->zone_until || !is_zone_start(e->text, at, high))
        return;
    zone_ask(e, at, at, line);
}

/* Back over what a zone is made of; labels before it on the line are the detector's to skip. */
void zone_offer(struct engine *e, size_t pos, uint64_t line)
{
    size_t low = border_low(e), from = pos;
    const char *t = e->text;

    if (e->base + pos < e->zone_until)
        return;
    while (from > low && pos - from < ZONE_BACK &&
           (is_upper(t[from - 1]) || is_digit(t[from - 1]) || t[from - 1] == '<' ||
            t[from - 1] == ' '))
        from--;
    /* in a longer row of such characters no zone begins at each of them: a bound on the work */
    if (pos - from >= ZONE_BACK && e->base + pos < e->zone_tried + ZONE_BACK)
        return;
    while (from < pos && t[from] == ' ')
        from++;
    if (e->base + from < e->zone_until)
        return;
    e->zone_tried = e->base + pos;
    zone_ask(e, from, pos, line);
}

/* --- words of the lexicon, postal codes ----------------------------------------------------- */

/* Asks; where several may stand behind one word, again behind each that passes. */
static void ask_listed(struct engine *e, unsigned kind, struct candidate c, uint64_t line,
                       struct spot *spot)
{
    uint64_t window = e->base + (uint64_t)(c.window.at - e->text);

    while (ask(e, kind, &c, line, spot, true) == VERDICT_PASS && detectors[kind]->in_lists &&
           e->pending.n > 0) {
        uint64_t behind = e->pending.all[e->pending.n - 1].end - window;

        if (behind <= c.start || behind >= c.start + c.len)
            return;
        c.len -= behind - c.start;
        c.start = (size_t)behind;
    }
}

void word_offer(struct engine *e, const struct heard *heard, uint64_t line)
{
    size_t pos = heard->at, low = border_low(e), high = border_high(e), end, two, longest = 0;
    struct candidate c = {.start = pos,
                          .anchor = pos,
                          .today = e->today,
                          .label = {e->text + pos, heard->len},
                          .woken_by = ANCHOR_WORD};
    struct spot spot; /* large, and most candidates end before it is wanted */
    const char *t = e->text;

    for (uint64_t kinds = heard->entry.wakes; kinds; kinds &= kinds - 1)
        if (detectors[__builtin_ctzll(kinds)]->longest > longest)
            longest = detectors[__builtin_ctzll(kinds)]->longest;
    if (longest > LONGEST_MAX)
        longest = LONGEST_MAX;
    if (high - pos > longest + LOOK_AHEAD)
        high = pos + longest + LOOK_AHEAD;
    if (e->table.delimited) {
        table_seek(e, pos);
        high = table_cell_end(e, pos, high);
        if (e->table.cell_at > e->base + low)
            low = (size_t)(e->table.cell_at - e->base);
    }
    if (heard->len > high - pos)
        return;
    spot.stage = SPOT_UNKNOWN;
    end = line_end(t, pos + heard->len, high, '\n');
    two = end;
    for (unsigned n = 0; n < 2 && two < high; n++)
        two = line_end(t, two + 1, high, '\n');
    c.len = end - pos;
    candidate_window(e, &c, low, high);
    for (uint64_t kinds = heard->entry.wakes; kinds; kinds &= kinds - 1) {
        unsigned kind = (unsigned)__builtin_ctzll(kinds);

        longest = detectors[kind]->longest;
        c.len = (longest > LINES_LONG ? two : end) - pos;
        if (c.len > longest)
            c.len = longest;
        if (c.len < heard->len)
            continue;
        ask_listed(e, kind, c, line, &spot);
    }
}

void postcode_offer(struct engine *e, size_t pos, uint64_t line)
{
    size_t low = border_low(e), high = border_high(e), from, end, lines = 0;
    struct candidate c = {.anchor = pos, .today = e->today, .woken_by = ANCHOR_POSTCODE};
    struct spot spot; /* large, and most candidates end before it is wanted */
    const char *t = e->text;

    if (high - pos > LOOK_BACK)
        high = pos + LOOK_BACK;
    if (e->table.delimited) {
        table_seek(e, pos);
        if (e->table.cell_at > e->base + low)
            low = (size_t)(e->table.cell_at - e->base);
        high = table_cell_end(e, pos, high);
    }
    if (pos - low > POSTCODE_BACK)
        low = pos - POSTCODE_BACK;
    for (from = pos; from > low && lines < 2; lines++) {
        const char *feed = memrchr(t + low, '\n', from - low - (lines > 0));

        from = feed ? (size_t)(feed - t) + 1 : low;
    }
    end = line_end(t, pos, high, '\n');
    spot.stage = SPOT_UNKNOWN;
    c.start = from;
    c.len = end - from;
    candidate_window(e, &c, from, high);
    for (uint64_t kinds = e->postcodes; kinds; kinds &= kinds - 1) {
        unsigned kind = (unsigned)__builtin_ctzll(kinds);
        size_t longest = detectors[kind]->longest + (pos - from);

        c.len = end - from < longest ? end - from : longest;
        ask(e, kind, &c, line, &spot, true);
    }
}
