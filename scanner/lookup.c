/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lookup.c - one pass over all blocks for all queries at once: the tokens asked for stand in a
 * hash table, each document's kinds are a bit set, and what a document answers is noted when the
 * pass leaves it.
 */
#include "scanner/lookup.h"

#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/exports.h"
#include "scanner/lookup_query.h"

/* Where a document is, shared by the queries that name it among their first. */
struct document {
    unsigned uses;
    char text[];
};

struct answer {
    uint64_t documents;
    int64_t last_row;
    unsigned char kinds[32];     /* found in the same documents: bits by kind */
    uint32_t in_record, near_by; /* categories in the same records, and close by in them */
    struct document *first[LOOKUP_FIRST];
    unsigned n_first;
};

struct lookup {
    struct export e;
    struct query_set set;
    struct answer *answers; /* by query */
    struct row_lookup *rows;

    int64_t row; /* the document the pass is in, 0 before the first */
    unsigned char row_kinds[32];
    uint32_t *hits; /* tokens of the set met in it */
    size_t n_hits, hits_room;
    int error;
};

static void let_go(struct document *d)
{
    if (d && --d->uses == 0)
        free(d);
}

/* --- the pass --------------------------------------------------------------------------------- */

/* "root/path > member > member", masked. */
static struct document *describe(struct lookup *l, const struct ledger_row *row, struct span root)
{
    struct reader r = reader_of(row->members);
    AUTO_BUF struct buf text;
    AUTO_BUF struct buf name;

    buf_init(&text, 64 << 20);
    buf_init(&name, 64 << 20);
    buf_add_span(&text, root);
    buf_add_byte(&text, '/');
    buf_add_span(&text, row->path);
    while (json_list_next(&r, &name)) {
        buf_add_text(&text, " > ");
        buf_add_span(&text, buf_span(&name));
    }
    struct document *d = text.failed || r.bad ? NULL : calloc(1, sizeof *d + text.len + 1);

    if (!d) {
        l->error = -ENOMEM;
        return NULL;
    }
    d->uses = 1;
    for (size_t i = 0; i < text.len; i++)
        d->text[i] = text.at[i] ? text.at[i] : '?';
    return d;
}

/* The first by name, so that the answer does not depend on the order of storage. */
static void place_document(struct answer *a, struct document *d)
{
    unsigned at = a->n_first;

    while (at > 0 && strcmp(a->first[at - 1]->text, d->text) > 0)
        at--;
    if (at == LOOKUP_FIRST)
        return;
    if (a->n_first == LOOKUP_FIRST)
        let_go(a->first[--a->n_first]);
    memmove(&a->first[at + 1], &a->first[at], (a->n_first - at) * sizeof a->first[0]);
    a->first[at] = d;
    a->n_first++;
    d->uses++;
}

static void leave_document(struct lookup *l)
{
    struct ledger_row row;
    struct span root;

    if (l->n_hits > 0 && l->error == 0) {
        int r = row_lookup(l->rows, l->row, &row, &root);
        struct document *d = r > 0 ? describe(l, &row, root) : NULL;

        if (r < 0)
            l->error = r;
        for (size_t i = 0; d && i < l->n_hits; i++) {
            struct asked *asked = &l->set.asked[l->hits[i]];
            struct answer *a = &l->answers[asked->query];

            asked->met = true;
            a->in_record |= asked->in_record;
            a->near_by |= asked->near_by;
            if (a->last_row == l->row)
                continue; /* the query's other token, in the same document */
            a->last_row = l->row;
            a->documents++;
            for (unsigned k = 0; k < sizeof a->kinds; k++)
                a->kinds[k] |= l->row_kinds[k];
            place_document(a, d);
        }
        let_go(d);
    }
    l->n_hits = 0;
    memset(l->row_kinds, 0, sizeof l->row_kinds);
}

static bool note_hit(struct lookup *l, uint32_t asked, const struct packed_finding *f)
{
    l->set.asked[asked].in_record |= f->categories;
    l->set.asked[asked].near_by |= f->categories_near;
    if (l->set.asked[asked].last_row == l->row)
        return true;
    l->set.asked[asked].last_row = l->row;
    if (l->n_hits == l->hits_room) {
        size_t room = l->hits_room ? l->hits_room * 2 : 64;
        uint32_t *hits = reallocarray(l->hits, room, sizeof *hits);

        if (!hits) {
            l->error = -ENOMEM;
            return false;
        }
        l->hits = hits;
        l->hits_room = room;
    }
    l->hits[l->n_hits++] = asked;
    return true;
}

static bool on_block(void *ctx, int64_t row, struct span block)
{
    struct lookup *l = ctx;
    struct reader r = reader_of(block);
    struct packed_finding f;

    if (row != l->row) {
        leave_document(l);
        l->row = row;
    }
    while (l->error == 0 && finding_block_next(&r, inventory_kinds(l->e.inv), &f)) {
        l->row_kinds[f.kind / 8] |= (unsigned char)(1u << f.kind % 8);
        for (uint32_t at = query_set_first(&l->set, f.token); at != NOT_ASKED;
             at = l->set.asked[at].next) {
            if (memcmp(l->set.asked[at].token, f.token, TOKEN_BYTES) == 0 && !note_hit(l, at, &f))
                break;
        }
    }
    if (r.bad && l->error == 0)
        l->error = -EBADMSG;
    return l->error == 0;
}

static int answer_all(struct lookup *l)
{
    int r = row_lookup_open(l->e.inv, &l->rows);

    if (r < 0)
        return r;
    r = inventory_each_block(l->e.inv, on_block, l);
    if (r == 0)
        leave_document(l);
    return r;
}

/* --- the log ---------------------------------------------------------------------------------- */

static bool is_shown(const struct lookup *l, const struct asked *asked)
{
    return l->answers[asked->query].documents > 0 ? asked->met : asked->recognised;
}

static int log_queries(struct lookup *l)
{
    struct inventory *log = NULL;
    int r = inventory_open(l->e.folder.dir_fd, INVENTORY_AUDIT, &log);

    for (size_t q = 0; r == 0 && q < l->set.queries; q++) {
        char detail[128] = "not recognised";
        bool is_better = false;

        for (uint32_t at = l->set.first[q]; at < l->set.first[q + 1] && !is_better; at++) {
            const struct asked *asked = &l->set.asked[at];
            char token[33];

            is_better = is_shown(l, asked);
            if (!is_better && at != l->set.first[q])
                continue;
            token_hex(asked->token, token);
            snprintf(detail, sizeof detail, "%.64s:%s", asked->kind, token);
        }
        r = inventory_audit(log, "lookup", detail);
    }
    if (r == 0)
        r = inventory_commit(log);
    if (r < 0)
        export_fails("nothing is shown, because the queries cannot be logged in the case: %s",
                     inventory_error(log));
    inventory_close(log);
    return r;
}

/* --- answers ---------------------------------------------------------------------------------- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static unsigned kinds_beside(const struct lookup *l, const struct answer *a, const char *ret[256])
{
    unsigned n = 0;

    for (unsigned k = 0; k < inventory_kinds(l->e.inv); k++) {
        if (a->kinds[k / 8] >> k % 8 & 1)
            ret[n++] = inventory_kind_name(l->e.inv, k);
    }
    qsort(ret, n, sizeof *ret, compare_words);
    return n;
}

static void write_json(struct lookup *l, size_t q)
{
    const struct answer *a = &l->answers[q];
    const char *words[256];
    struct json j = json_to(&l->e.line);

    json_object(&j);
    json_key(&j, "line");
    json_unsigned(&j, l->set.lines[q]);
    json_key(&j, "found");
    json_bool(&j, a->documents > 0);
    json_key(&j, "kinds");
    json_array(&j);
    for (uint32_t at = l->set.first[q]; at < l->set.first[q + 1]; at++) {
        char token[33];

        if (!is_shown(l, &l->set.asked[at]))
            continue;
        token_hex(l->set.asked[at].token, token);
        json_object(&j);
        json_key(&j, "kind");
        json_text(&j, l->set.asked[at].kind);
        json_key(&j, "token");
        json_text(&j, token);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_key(&j, "documents");
    json_unsigned(&j, a->documents);
    json_key(&j, "categories");
    json_array(&j);
    unsigned n = kinds_beside(l, a, words);

    for (unsigned i = 0; i < n; i++)
        json_text(&j, words[i]);
    json_end_array(&j);
    json_key(&j, "first");
    json_array(&j);
    for (unsigned i = 0; i < a->n_first; i++)
        json_text(&j, a->first[i]->text);
    json_end_array(&j);
    json_key(&j, "same_record");
    export_categories_json(&l->e, &j, a->in_record);
    json_key(&j, "near");
    export_categories_json(&l->e, &j, a->near_by);
    json_end_object(&j);
    buf_add_byte(&l->e.line, '\n');
}

static void write_categories(struct lookup *l, const char *title, uint32_t categories)
{
    const char *between = title;

    for (uint32_t left = categories; left; left &= left - 1) {
        const char *key = export_category(&l->e, (unsigned)__builtin_ctz(left));

        if (!key)
            continue;
        buf_printf(&l->e.line, "%s%s", between, key);
        between = ", ";
    }
    if (between != title)
        buf_add_byte(&l->e.line, '\n');
}

/* For a person at a terminal: names through the JSON writer's eyes, so that none can command it. */
static void write_table(struct lookup *l, size_t q)
{
    const struct answer *a = &l->answers[q];
    const char *words[256];
    struct buf *out = &l->e.line;
    bool any = false;

    buf_printf(out, "line %-6llu %-10s documents %-8llu", (unsigned long long)l->set.lines[q],
               a->documents ? "FOUND" : "not found", (unsigned long long)a->documents);
    for (uint32_t at = l->set.first[q]; at < l->set.first[q + 1]; at++) {
        if (!is_shown(l, &l->set.asked[at]))
            continue;
        buf_printf(out, "%s%s", any ? ", " : " as ", l->set.asked[at].kind);
        any = true;
    }
    if (!any)
        buf_add_text(out, " (not recognised as an identifier)");
    buf_add_byte(out, '\n');
    unsigned n = kinds_beside(l, a, words);

    for (unsigned i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? ", " : "            beside: ", words[i]);
    if (n)
        buf_add_byte(out, '\n');
    write_categories(l, "            in the same record: ", a->in_record);
    write_categories(l, "            close by: ", a->near_by);
    for (unsigned i = 0; i < a->n_first; i++) {
        buf_add_text(out, "            ");
        json_add_string(out, span_of(a->first[i]->text));
        buf_add_byte(out, '\n');
    }
}

static void release(struct lookup *l)
{
    for (size_t q = 0; l->answers && q < l->set.queries; q++) {
        for (unsigned i = 0; i < l->answers[q].n_first; i++)
            let_go(l->answers[q].first[i]);
    }
    row_lookup_close(l->rows);
    free(l->answers);
    free(l->hits);
    query_set_release(&l->set);
    export_close(&l->e);
}

static int answer(struct lookup *l, FILE *in, bool table)
{
    struct inventory *inv = l->e.inv;
    struct run run;
    int r = inventory_last_run(inv, &run);

    if (r < 0)
        return export_fails("%s", inventory_error(inv));
    r = query_set_read(&l->set, in, &l->e.folder.keys, run.today);
    if (r == -E2BIG)
        return export_fails("more than %d lines at once; ask in parts", LOOKUP_LINES_MAX);
    if (r < 0)
        return export_fails("the identifiers cannot be read: %s", strerror(-r));
    if (l->set.queries == 0) {
        export_fails("no identifier on standard input: give one a line, for example from a file");
        return EXIT_USAGE;
    }
    l->answers = calloc(l->set.queries, sizeof *l->answers);
    if (!l->answers)
        return export_fails("out of memory");
    r = answer_all(l);
    if (r < 0)
        return export_fails("%s", inventory_error(inv));
    if (l->error < 0)
        return export_fails("the inventory cannot be read: %s", strerror(-l->error));
    if (log_queries(l) < 0)
        return EXIT_FAILURE;
    for (size_t q = 0; q < l->set.queries && !l->e.write_failed; q++) {
        if (table)
            write_table(l, q);
        else
            write_json(l, q);
        export_flush(&l->e, false);
    }
    return export_finish(&l->e, 0);
}

int lookup_run(const struct options *o, FILE *in, FILE *out, bool table)
{
    struct lookup l = {.row = 0};
    int status = export_open(&l.e, o, "lookup", true, out);

    if (status >= 0)
        return status;
    status = answer(&l, in, table);
    release(&l);
    return status;
}

int lookup_command(const struct options *o)
{
    if (isatty(STDIN_FILENO))
        fputs("constat: identifiers, one a line, then Ctrl-D:\n", stderr);
    return lookup_run(o, stdin, stdout, isatty(STDOUT_FILENO));
}
