/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * resolve.c - one span, one finding; and what speaks for and against it.
 *
 * Matches wait until nothing that is still to come can overlap them.  Then each group of
 * overlapping ones is put in order (docs/detection.md, "One span, one finding") and the best are
 * kept.  Key words are looked for only here, around what passed, and no byte twice.
 */
#include "detectors/engine_private.h"

#include <stdlib.h>

enum {
    RANK_OTHER_COLUMN = 32, /* added: the header or key name says another kind */
    RANK_DOUBTFUL = 64,     /* rather something else: every other claim comes before */
    FAR = 1 << 20,
    AGAINST_NEAR = 100,
    LABEL_GAP = 32, /* blanks of a form between a key name and its value */
    WORDS_AHEAD = 512,
    WORDS_ROOM = 2048
};

/* --- words near ---------------------------------------------------------------------------- */

static void near_found(void *ctx, size_t at, size_t len, uint32_t use)
{
    struct engine *e = ctx;
    struct near_words *n = &e->near;

    if (!grow(&n->hits, &n->cap, n->n + 1, sizeof(*n->hits))) {
        e->failed = true;
        return;
    }
    n->hits[n->n++] = (struct word_hit){e->base + at, words_kinds(e->words, use), use,
                                        (uint16_t)(len < 999 ? len : 999)};
}

static void near_scan(struct engine *e, uint64_t from, uint64_t to)
{
    struct near_words *n = &e->near;
    struct span text = {e->text, e->len};

    if (to > e->base + e->len)
        to = e->base + e->len;
    if (from < n->from || from > n->to) {
        n->n = n->first = 0;
        n->from = n->to = from;
    }
    /* Where the scanned parts join, matches stand close together: some more is scanned at once, as
     * far as no word can run over the end of the text at hand. */
    if (to > n->to && n->to > n->from && e->base + e->len > to + WORDS_ROOM + WORDS_AHEAD)
        to += WORDS_AHEAD;
    if (to > n->to) {
        words_scan(e->words, text, (size_t)(n->to - e->base), (size_t)(to - e->base), near_found,
                   e);
        n->to = to;
    }
    while (n->first < n->n && n->hits[n->first].at + ENGINE_MARGIN < from)
        n->first++;
    if (n->first > 1024 && n->first * 2 > n->n) {
        memmove(n->hits, n->hits + n->first, (n->n - n->first) * sizeof(*n->hits));
        n->n -= n->first;
        n->first = 0;
    }
}

/* --- evidence ------------------------------------------------------------------------------ */

struct support {
    unsigned level; /* 0 none, 1 within NEAR, 2 strong */
    uint32_t distance, against;
    uint16_t word, word_against; /* the nearest */
    uint32_t word_distance;
};

/* Only a sign, blanks and quotes between a key name and its value; `checked`: the value has a check
 * digit, and a blank alone will do ("RN 85073003328"). */
static bool is_label(const struct engine *e, uint64_t end, uint64_t start, bool checked)
{
    bool sign = checked && start > end;

    if (start - end > LABEL_GAP)
        return false;
    for (uint64_t i = end; i < start; i++) {
        char c = e->text[i - e->base];

        if (c == '\xE2') { /* the line of a drawn table, an arrow, dots */
            sign = true;
            i += 2;
        } else if (c == ':' || c == '=' || c == '>' || c == '\t' || c == '|' || c == ']')
            sign = true;
        else if (c != ' ' && c != '"' && c != '\'' && c != '(' && c != '[' && c != '+' && c != '.')
            return false;
    }
    return sign;
}

static bool same_line(const struct engine *e, uint64_t from, uint64_t to)
{
    return !memchr(e->text + (from - e->base), '\n', (size_t)(to - from));
}

/* A label on a line of its own: behind the word its line holds no number ("tel 1" is none).  Below
 * it stand numbers only, on lines that follow each other or one empty line. */
static bool label_above(const struct engine *e, uint64_t end, uint64_t start)
{
    unsigned lines = 0, digits = 0, feeds = 0;

    for (uint64_t i = end; i < start; i++) {
        char c = e->text[i - e->base];

        if (c == '\n') {
            lines++;
            if (++feeds > 2)
                return false;
            continue;
        }
        if (c != '\r' && c != ' ')
            feeds = 0;
        digits += lines == 0 && is_digit(c);
        if (c == BORDER || digits > 1 || (lines > 0 && is_letter(c)))
            return false;
    }
    return lines > 0;
}

static void support_hit(const struct engine *e, const struct pending *p, const struct word_hit *hit,
                        const struct word_use *use, struct support *ret)
{
    enum word_role role = (enum word_role)use->role;
    bool before = hit->at < p->at;
    uint64_t end = hit->at + hit->len;
    uint32_t gap = (uint32_t)(before ? p->at - end : hit->at - p->end);
    /* labels stand before what they name: behind, the same distance is worth less */
    uint32_t distance = before ? gap : gap * 2 + 8;

    if (gap > NEAR)
        return;
    if (role == ROLE_AGAINST) {
        if (gap <= AGAINST_NEAR && distance < ret->against) {
            ret->against = distance;
            ret->word_against = use->index;
        }
        return;
    }
    if (role == ROLE_KEY) {
        double chance = detectors[p->kind]->chance;
        bool checked = chance > 0 && chance < 0.2;

        if (!before || (!is_label(e, end, p->at, checked) &&
                        !(checked && gap <= STRONG && label_above(e, end, p->at))))
            return;
        ret->level = 2;
    } else {
        bool strong =
            gap <= STRONG && (before ? same_line(e, end, p->at) || label_above(e, end, p->at)
                                     : same_line(e, p->end, hit->at));

        if (strong || ret->level == 0)
            ret->level = strong ? 2 : 1;
    }
    if (distance < ret->distance) {
        ret->distance = distance;
        ret->word = use->index;
        ret->word_distance = gap;
    }
}

static struct support support_find(struct engine *e, const struct pending *p)
{
    const struct near_words *n = &e->near;
    struct support ret = {.distance = FAR, .against = FAR};
    uint64_t low = p->at > NEAR ? p->at - NEAR : 0, high = p->end + NEAR;
    size_t i, from, to;

    if (low < p->low)
        low = p->low;
    if (high > p->high)
        high = p->high;
    if (low > p->at)
        low = p->at;
    /* a cell that holds the match and a quote: no word has room */
    if (p->at - low < 2 && high < p->end + 2)
        return ret;
    near_scan(e, low, high);
    for (from = n->first, to = n->n; from < to;) {
        size_t mid = from + (to - from) / 2;

        if (n->hits[mid].at < low)
            from = mid + 1;
        else
            to = mid;
    }
    for (i = from; i < n->n && n->hits[i].at < high; i++) {
        const struct word_hit *hit = &n->hits[i];

        if (!(hit->kinds >> p->kind & 1) || hit->at + hit->len > high ||
            (hit->at < p->end && hit->at + hit->len > p->at))
            continue;
        for (uint32_t use = hit->use; use;) {
            const struct word_use *u = words_use(e->words, use);

            if (u->kind == p->kind)
                support_hit(e, p, hit, u, &ret);
            use = u->next;
        }
    }
    return ret;
}

enum confidence ceiling(const struct engine *e, const struct detector *d, unsigned level,
                        enum confidence confidence)
{
    enum confidence most = CONFIDENCE_HIGH;

    /* Strings out of unknown bytes have lost what stood around them; what has no check digit and
     * no word is a coincidence of letters. */
    if (e->origin == ORIGIN_RAW)
        most = d->chance > 0 || level > 0 ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
    /* A digit that was read wrong fails its check; a word says that it is no other number. */
    if (e->origin == ORIGIN_OCR && (d->chance <= 0 || level == 0))
        most = CONFIDENCE_MEDIUM;
    return confidence < most ? confidence : most;
}

void weigh(struct engine *e, struct pending *p)
{
    const struct detector *d = detectors[p->kind];
    uint64_t bit = UINT64_C(1) << p->kind;
    bool names = p->naming.names & bit;
    /* nothing around it counts more than the name of its column or the one before it */
    struct support s = names ? (struct support){.level = 2,
                                                .distance = 0,
                                                .against = FAR,
                                                .word = naming_word(&p->naming, p->kind)}
                             : support_find(e, p);
    bool written = p->match.form == FORM_WRITTEN;
    /* The last word of a label may name what is no number ("INSZ patient=..."); nothing names a
     * value more than the word that stands directly before it. */
    bool other = !names && p->naming.names != 0 &&
                 (p->header || ((p->naming.names & e->numbers || !(e->numbers & bit)) &&
                                !(s.level == 2 && s.word_distance <= 2)));
    uint32_t evidence = 0;

    if (written)
        evidence |= EVIDENCE_WRITTEN_FORM;
    else if (p->match.form == FORM_GROUPED)
        evidence |= EVIDENCE_GROUPED;
    if (names)
        evidence |= p->header ? EVIDENCE_HEADER : EVIDENCE_WORD_STRONG;
    if (s.level)
        evidence |= EVIDENCE_WORD_NEAR | (s.level == 2 && !names ? EVIDENCE_WORD_STRONG : 0u);
    if (!names && ((p->naming.against & bit) || s.against < s.distance))
        evidence |= EVIDENCE_AGAINST;
    if (other)
        evidence |= EVIDENCE_OTHER_COLUMN;
    if (e->origin == ORIGIN_RAW)
        evidence |= EVIDENCE_RAW;
    if (e->origin == ORIGIN_OCR)
        evidence |= EVIDENCE_OCR;
    if (p->match.zero_restored)
        evidence |= EVIDENCE_RESTORED_ZERO;
    if (p->woken_by == ANCHOR_FIELD)
        evidence |= EVIDENCE_FIELD;
    if (p->woken_by == ANCHOR_BESIDE)
        evidence |= EVIDENCE_BESIDE;
    if (!s.level && !written)
        evidence |= EVIDENCE_ALONE;

    p->confidence = s.level == 2   ? d->strong[p->match.form]
                    : s.level == 1 ? d->normal[p->match.form]
                                   : d->alone[p->match.form];
    if (p->confidence > CONFIDENCE_LOW && !written) {
        /* a part of a longer row of groups, or a place that says what else it holds */
        if (!p->natural && p->separated && s.level < 2)
            p->confidence = CONFIDENCE_LOW;
        else if ((evidence & EVIDENCE_OTHER_COLUMN) || (!names && (p->naming.against & bit)))
            p->confidence = CONFIDENCE_LOW;
        else if (evidence & EVIDENCE_AGAINST)
            p->confidence--;
    }
    /* digits in a column or behind a name that says which other number they are */
    if (other && s.level == 0 && p->match.form == FORM_BARE && (e->numbers & bit) &&
        (p->naming.names & e->numbers))
        p->confidence = CONFIDENCE_NONE;
    p->dropped = p->confidence == CONFIDENCE_NONE && !d->look_alike;
    /* kept with no confidence at all: its column may yet show that it is right */
    if (p->match.doubtful && s.level < 2 &&
        (p->confidence > CONFIDENCE_LOW || (p->confidence == CONFIDENCE_LOW && s.level == 0)))
        p->confidence--;
    if (p->match.doubtful && s.level < 2)
        evidence |= EVIDENCE_DOUBTFUL;
    if (p->restored)
        evidence |= EVIDENCE_RESTORED_ZERO;
    if (p->unsupported && s.level > 0) {
        e->summary.kinds[p->kind].unsupported--;
        e->summary.kinds[p->kind].unsupported_passed--;
        p->unsupported = false;
    }
    p->confidence = ceiling(e, d, s.level, p->confidence);
    p->evidence = evidence;
    p->distance = s.distance;
    p->word = s.word;
    p->word_distance = (uint16_t)s.word_distance;
    p->word_against = s.word_against;
    p->rank = d->precedence[p->match.form];
    if (p->rank >= PRECEDENCE_WORDS) {
        if (s.level)
            p->rank = PRECEDENCE_WORDS;
        else if (other)
            p->rank += RANK_OTHER_COLUMN;
    }
    if (p->match.doubtful && s.level < 2)
        p->rank = RANK_DOUBTFUL;
}

/* --- one span, one finding ----------------------------------------------------------------- */

/* Below 0: a goes first. */
static int better(const struct pending *a, const struct pending *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->rank == PRECEDENCE_WORDS && a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    if (a->natural != b->natural)
        return a->natural ? -1 : 1;
    if (a->end - a->at != b->end - b->at)
        return a->end - a->at > b->end - b->at ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->kind < b->kind ? -1 : a->kind > b->kind;
}

static bool overlap(const struct pending *a, const struct pending *b)
{
    return a->at < b->end && b->at < a->end;
}

/* Two kinds fit the same digits and nothing around them says which. */
static bool is_ambiguous(struct pending *const *cluster, size_t n, const struct pending *p)
{
    if (p->rank <= PRECEDENCE_WORDS || detectors[p->kind]->look_alike)
        return false;
    for (size_t i = 0; i < n; i++)
        if (cluster[i] != p && cluster[i]->kind != p->kind && cluster[i]->at == p->at &&
            cluster[i]->end == p->end && cluster[i]->rank == p->rank && !cluster[i]->dropped)
            return true;
    return false;
}

static void cluster_resolve(struct engine *e, struct pending **cluster, size_t n)
{
    if (n == 1) {
        /* nothing to put in order, and a look-alike is not reported */
        if (detectors[cluster[0]->kind]->look_alike)
            return;
        weigh(e, cluster[0]);
        if (!cluster[0]->dropped)
            accept(e, cluster[0]);
        return;
    }
    for (size_t i = 0; i < n; i++)
        weigh(e, cluster[i]);
    /* a number in its own form, whole, is not made of smaller ones */
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n && !cluster[i]->natural; k++)
            if (cluster[k]->natural && cluster[k]->match.form == FORM_WRITTEN &&
                !cluster[k]->dropped && cluster[k]->at <= cluster[i]->at &&
                cluster[k]->end >= cluster[i]->end)
                cluster[i]->dropped = true;
    for (size_t i = 1; i < n; i++) {
        struct pending *p = cluster[i];
        size_t k = i;

        for (; k > 0 && better(p, cluster[k - 1]) < 0; k--)
            cluster[k] = cluster[k - 1];
        cluster[k] = p;
    }
    for (size_t i = 0; i < n; i++) {
        struct pending *p = cluster[i];

        if (p->dropped)
            continue;
        if (is_ambiguous(cluster, n, p)) {
            p->evidence |= EVIDENCE_AMBIGUOUS;
            p->confidence = CONFIDENCE_LOW;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (cluster[i]->dropped)
            continue;
        for (size_t k = i + 1; k < n; k++)
            if (overlap(cluster[i], cluster[k]))
                cluster[k]->dropped = true;
    }
    /* in the order of the text */
    for (size_t i = 1; i < n; i++) {
        struct pending *p = cluster[i];
        size_t k = i;

        for (; k > 0 && p->at < cluster[k - 1]->at; k--)
            cluster[k] = cluster[k - 1];
        cluster[k] = p;
    }
    for (size_t i = 0; i < n; i++)
        if (!cluster[i]->dropped)
            accept(e, cluster[i]);
}

void pending_settle(struct engine *e, uint64_t before)
{
    struct pending_list *list = &e->pending;
    struct pending *order[PENDING_MAX];
    size_t n = list->n, done = 0, kept = 0;
    bool keep[PENDING_MAX] = {false};

    for (size_t i = 0; i < n; i++) {
        struct pending *p = &list->all[i];
        size_t k = i;

        /* all of them before the first is looked for in the fold */
        if (!p->tagged)
            p->tag = fold_tag(&e->fold, p->kind, (struct span){p->match.value, p->match.value_len});
        p->tagged = true;
        for (; k > 0 && p->at < order[k - 1]->at; k--)
            order[k] = order[k - 1];
        order[k] = p;
    }
    while (done < n) {
        uint64_t end = order[done]->end;
        size_t next = done + 1;

        for (; next < n && order[next]->at < end; next++)
            if (order[next]->end > end)
                end = order[next]->end;
        if (end > before)
            break;
        cluster_resolve(e, order + done, next - done);
        done = next;
    }
    /* no match that comes later stands before these */
    if (done < n && order[done]->at < before)
        before = order[done]->at;
    /* what stays, in the order it came */
    for (size_t i = done; i < n; i++)
        keep[order[i] - list->all] = true;
    for (size_t i = 0; i < n && done < n; i++)
        if (keep[i]) {
            if (kept != i)
                list->all[kept] = list->all[i];
            kept++;
        }
    list->n = kept;
    /* where matches stand so close that most of them stay, not at each one more */
    list->settle_at = kept + 24 > PENDING_SOME ? kept + 24 : PENDING_SOME;
    if (list->settle_at > PENDING_MAX)
        list->settle_at = PENDING_MAX;
    if (before == UINT64_MAX && e->searched < e->len)
        before = e->base + e->searched;
    records_take(e, before);
}
