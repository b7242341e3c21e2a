/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * explain.c - what is asked: tokens, in one pass over all blocks, and paths, in one over the
 * ledger.  Of a token's documents only the first ones in the order of their names are kept.
 */
#include "scanner/explain.h"

#include <inttypes.h>
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/explain_show.h"
#include "scanner/inventory/copies.h"
#include "scanner/walk/walk.h"

enum { PREFIX_LEAST = 6, TOKEN_HEX = 32, SAME_PREFIX_MAX = 8 };

struct kept {
    int64_t row;
    struct packed_finding f;
    char *name; /* to put them in order */
};

struct question {
    const char *text;
    bool is_token;
    char hex[TOKEN_HEX + 1];
    size_t digits;

    /* A token: what begins so, each with its first documents. */
    struct token_sum sums[SAME_PREFIX_MAX];
    unsigned n_sums;
    bool more_sums;
    struct kept *kept; /* of sums[0] */
    uint64_t n_kept;
    bool has_hit; /* in the document that the pass is in */
    struct packed_finding hit;

    /* A path. */
    uint64_t matched;
    bool is_folder; /* something lies below it */
};

/* Rows below a matched one are counted before it is shown. */
struct waiting {
    int64_t row, top; /* 0: none */
    uint64_t members;
};

struct explain {
    struct export e;
    struct explain_page page;
    const struct options *o;
    struct question *all;
    unsigned n;
    struct row_lookup *rows;
    int64_t row; /* of the pass over blocks */
    bool first_bytes[256];
    int error;
    struct case_folder key; /* open when the key is there: raw paths are known by their identity */
    struct copies copies;   /* of all documents, once a file is shown that may be one */
    char list[512];         /* the command that lists everything */
};

/* --- what is asked ---------------------------------------------------------------------------- */

/* "14a93a2a", "be-nrn:14a93a2a" or "[be-nrn:14a93a2a]". */
static bool take_token(struct question *q, const char *text)
{
    const char *at = strrchr(text, ':');
    size_t len;

    at = at ? at + 1 : text;
    len = strlen(at);
    if (text[0] == '[' && len > 0 && at[len - 1] == ']')
        len--;
    if (len < PREFIX_LEAST || len > TOKEN_HEX || strspn(at, "0123456789abcdefABCDEF") < len)
        return false;
    for (size_t i = 0; i < len; i++)
        q->hex[i] = at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] + 32) : at[i];
    q->digits = len;
    return true;
}

static unsigned nibble(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

static bool begins_so(const struct question *q, const unsigned char token[TOKEN_BYTES])
{
    for (size_t i = 0; i < q->digits; i++) {
        unsigned have = i % 2 ? token[i / 2] & 15u : token[i / 2] >> 4;

        if (have != nibble(q->hex[i]))
            return false;
    }
    return true;
}

/* --- the pass over blocks --------------------------------------------------------------------- */

static char *document_key(struct explain *x, int64_t id)
{
    struct ledger_row row;
    struct span root;
    int r = row_lookup(x->rows, id, &row, &root);
    char *name = NULL;

    if (r < 0)
        x->error = r;
    if (r <= 0)
        return NULL;
    if (asprintf(&name, "%.*s/%.*s\n%.*s", (int)root.len, root.at, (int)row.path.len, row.path.at,
                 (int)row.members.len, row.members.at) < 0) {
        x->error = -ENOMEM;
        return NULL;
    }
    return name;
}

static void keep(struct explain *x, struct question *q)
{
    AUTO_FREE char *name = document_key(x, x->row);
    uint64_t at = q->n_kept;

    if (!name)
        return;
    while (at > 0 && strcmp(q->kept[at - 1].name, name) > 0)
        at--;
    if (at == x->o->limit)
        return;
    if (q->n_kept == x->o->limit)
        free(q->kept[--q->n_kept].name);
    memmove(&q->kept[at + 1], &q->kept[at], (q->n_kept - at) * sizeof *q->kept);
    q->kept[at] = (struct kept){x->row, q->hit, take_ptr(&name)};
    q->n_kept++;
}

static void leave_document(struct explain *x)
{
    for (unsigned i = 0; i < x->n; i++) {
        struct question *q = &x->all[i];

        if (!q->has_hit)
            continue;
        q->has_hit = false;
        q->sums[0].documents++;
        keep(x, q);
    }
}

static void note(struct question *q, const struct packed_finding *f)
{
    unsigned at = 0;

    while (at < q->n_sums && memcmp(q->sums[at].token, f->token, TOKEN_BYTES) != 0)
        at++;
    if (at == q->n_sums) {
        if (q->n_sums == SAME_PREFIX_MAX) {
            q->more_sums = true;
            return;
        }
        q->sums[q->n_sums++] = (struct token_sum){.kind = f->kind};
        memcpy(q->sums[at].token, f->token, TOKEN_BYTES);
    }
    if (__builtin_add_overflow(q->sums[at].count, f->count, &q->sums[at].count))
        q->sums[at].count = UINT64_MAX;
    if (at > 0)
        return;
    if (q->has_hit)
        finding_fold(&q->hit, f);
    else
        q->hit = *f;
    q->has_hit = true;
}

static bool on_block(void *ctx, int64_t row, struct span block)
{
    struct explain *x = ctx;
    struct reader r = reader_of(block);
    struct packed_finding f;

    if (row != x->row) {
        leave_document(x);
        x->row = row;
    }
    while (x->error == 0 && finding_block_next(&r, inventory_kinds(x->e.inv), &f)) {
        for (unsigned i = 0; x->first_bytes[f.token[0]] && i < x->n; i++) {
            if (x->all[i].is_token && begins_so(&x->all[i], f.token))
                note(&x->all[i], &f);
        }
    }
    if (r.bad && x->error == 0)
        x->error = -EBADMSG;
    return x->error == 0;
}

static int search_tokens(struct explain *x)
{
    bool any = false;

    for (unsigned i = 0; i < x->n; i++) {
        struct question *q = &x->all[i];

        if (!q->is_token)
            continue;
        any = true;
        x->first_bytes[nibble(q->hex[0]) << 4 | nibble(q->hex[1])] = true;
        q->kept = calloc(x->o->limit + 1, sizeof *q->kept);
        if (!q->kept)
            return export_fails("out of memory");
    }
    if (!any)
        return EXIT_SUCCESS;
    int r = inventory_each_block(x->e.inv, on_block, x);

    if (r == 0)
        leave_document(x);
    if (r < 0)
        return export_fails("%s", inventory_error(x->e.inv));
    if (x->error < 0)
        return export_fails("the inventory cannot be read: %s", strerror(-x->error));
    return EXIT_SUCCESS;
}

static int too_many_tokens(struct question *q)
{
    export_fails("%s: %s%u codes begin so; give more of one", q->text,
                 q->more_sums ? "more than " : "", q->n_sums);
    for (unsigned i = 0; i < q->n_sums; i++) {
        char hex[TOKEN_HEX + 1];

        token_hex(q->sums[i].token, hex);
        fprintf(stderr, "  %s\n", hex);
    }
    return EXIT_FAILURE;
}

static int show_token(struct explain *x, struct question *q)
{
    if (q->n_sums > 1)
        return too_many_tokens(q);
    page_token(&x->page, &q->sums[0]);
    for (uint64_t i = 0; i < q->n_kept; i++) {
        struct ledger_row row;
        struct span root;
        int r = row_lookup(x->rows, q->kept[i].row, &row, &root);

        if (r < 0)
            return export_fails("%s", inventory_error(x->e.inv));
        if (r > 0 && !page_finding(&x->page, (unsigned)i + 1, &q->kept[i].f, &row, root))
            return EXIT_FAILURE;
        if (!export_flush(&x->e, false))
            break;
    }
    page_more(&x->page, X_more_documents, q->sums[0].documents - q->n_kept, x->list);
    return EXIT_SUCCESS;
}

/* --- the pass over the ledger ----------------------------------------------------------------- */

/* Path, then each member behind a "!". */
static bool full_name(const struct ledger_row *row, struct span root, struct buf *ret,
                      size_t *ret_path)
{
    struct reader r = reader_of(row->members);
    AUTO_BUF struct buf name;

    buf_init(&name, 1 << 20);
    buf_clear(ret);
    buf_add_span(ret, root);
    buf_add_byte(ret, '/');
    *ret_path = ret->len;
    buf_add_span(ret, row->path);
    while (json_list_next(&r, &name)) {
        buf_add_byte(ret, '!');
        buf_add_span(ret, buf_span(&name));
    }
    return !ret->failed && !r.bad;
}

/* The raw path of an entry, where its name is stored masked. */
static bool is_raw_path(struct explain *x, const char *text, const struct ledger_row *row,
                        struct span root)
{
    struct span path = span_of(text);
    unsigned char identity[16];

    if (!x->key.has_keys || row->top)
        return false;
    path_identity(&x->key.keys, root, path, identity);
    if (memcmp(identity, row->identity, sizeof identity) == 0)
        return true;
    if (path.len <= root.len || path.at[root.len] != '/' || memcmp(path.at, root.at, root.len) != 0)
        return false;
    path_identity(&x->key.keys, root,
                  (struct span){path.at + root.len + 1, path.len - root.len - 1}, identity);
    return memcmp(identity, row->identity, sizeof identity) == 0;
}

static bool is_asked(struct explain *x, const char *text, const struct ledger_row *row,
                     struct span root, const struct buf *name, size_t path)
{
    struct span whole = buf_span(name), below = {name->at + path, name->len - path};
    struct span asked = span_of(text);

    while (asked.len > 1 && asked.at[asked.len - 1] == '/')
        asked.len--;
    if (span_equal(asked, whole) || span_equal(asked, below) ||
        (row->path.len == 0 && !row->top && span_equal(asked, root)))
        return true;
    if (strpbrk(text, "*?") && (glob_match(text, whole) || glob_match(text, below)))
        return true;
    /* "dossiers.zip!**" holds no slash, yet means the members of that file, not a last part. */
    if (strpbrk(text, "*?") && strchr(text, '!') && !strchr(text, '/')) {
        char anchored[4096];

        if (snprintf(anchored, sizeof anchored, "**/%s", text) < (int)sizeof anchored &&
            glob_match(anchored, below))
            return true;
    }
    return is_raw_path(x, text, row, root);
}

static bool lies_below(const char *text, struct span name)
{
    size_t len = strlen(text);

    while (len > 1 && text[len - 1] == '/')
        len--;
    return name.len > len && name.at[len] == '/' && memcmp(name.at, text, len) == 0;
}

static int each_found(struct explain *x, const struct ledger_row *row, struct span root,
                      found_counts counts, bool show, uint64_t *ret_n)
{
    struct finding_cursor *cursor = NULL;
    struct packed_finding f;
    struct ledger_row same;
    struct span label;
    uint64_t n = 0;
    int r = findings_open_row(x->e.inv, row->id, &cursor);

    while (r >= 0 && (r = findings_next(cursor, &f, &same, &label)) > 0) {
        if (!show)
            counts[f.kind][f.confidence]++;
        else if (n >= x->o->limit)
            break;
        else if (!page_finding(&x->page, 0, &f, row, root))
            r = -ECANCELED;
        n++;
        if (r < 0 || !export_flush(&x->e, false))
            break;
    }
    findings_close(cursor);
    *ret_n = n;
    return r < 0 ? r : 0;
}

static int count_copies(struct explain *x, const struct ledger_row *row, uint32_t *ret)
{
    bool may_be = row->content != 0 && row->findings > 0;
    int r = may_be && x->copies.room == 0 ? copies_read(&x->copies, x->e.inv) : 0;

    *ret = copies_of(&x->copies, row);
    return r;
}

static int show_file(struct explain *x, struct waiting *w)
{
    found_counts counts = {{0}}; /* 8 KiB */
    struct ledger_row row;
    struct span root;
    uint64_t n = 0, shown = 0;
    uint32_t same = 0;
    int64_t id = w->row;
    int r = row_lookup(x->rows, id, &row, &root);

    w->row = w->top = 0;
    if (r <= 0)
        return r;
    r = count_copies(x, &row, &same);
    if (r < 0)
        return r;
    if (!page_file(&x->page, &row, root, w->members, same))
        return -ECANCELED;
    r = each_found(x, &row, root, counts, false, &n);
    if (r == 0)
        page_found(&x->page, &row, counts);
    if (r == 0)
        r = each_found(x, &row, root, counts, true, &shown);
    if (r == 0 && n > shown)
        page_more(&x->page, X_more_findings, n - shown, x->list);
    return r;
}

static int search_paths(struct explain *x)
{
    struct ledger_cursor *cursor = NULL;
    struct ledger_row row;
    struct span root;
    struct waiting w = {0};
    AUTO_BUF struct buf name;
    int r = ledger_open(x->e.inv, &cursor);

    buf_init(&name, 64 << 20);
    while (r >= 0 && (r = ledger_next(cursor, &row, &root)) > 0) {
        bool asked = false;
        size_t path = 0;

        if (w.row && row.top == w.top)
            w.members++;
        if (!full_name(&row, root, &name, &path)) {
            r = -ENOMEM;
            break;
        }
        for (unsigned i = 0; i < x->n; i++) {
            struct question *q = &x->all[i];

            if (q->is_token)
                continue;
            q->is_folder |= lies_below(q->text, buf_span(&name)) ||
                            lies_below(q->text, (struct span){name.at + path, name.len - path});
            if (!is_asked(x, q->text, &row, root, &name, path))
                continue;
            q->matched++;
            asked = true;
        }
        if (w.row && (asked || row.top != w.top)) {
            r = show_file(x, &w);
            if (r < 0)
                break;
        }
        if (asked)
            w = (struct waiting){row.id, row.top ? -1 : row.id, 0};
    }
    if (r >= 0 && w.row)
        r = show_file(x, &w);
    ledger_close(cursor);
    if (r == -ECANCELED)
        return EXIT_FAILURE;
    return r < 0 ? export_fails("%s", inventory_error(x->e.inv)) : EXIT_SUCCESS;
}

/* --- the command ------------------------------------------------------------------------------ */

static int nothing_found(const struct explain *x, const struct question *q, unsigned at)
{
    /* What was typed may be a number of a person: it is not repeated. */
    if (q->is_folder)
        return export_fails("argument %u is a folder; to explain what lies in it, write /* (its "
                            "files) or /** (everything below) behind it",
                            at + 1);
    export_fails(
        "argument %u: neither a code nor a path of this case.\n"
        "  codes:  the \"token\" in  constat findings --case %s\n"
        "  paths:  as in            constat coverage --case %s\n"
        "          (archive.zip!member for a member; * and ? stop at a slash, ** does not)\n"
        "  to ask whether a person is in the case: constat lookup --case %s",
        at + 1, x->o->case_dir, x->o->case_dir, x->o->case_dir);
    if (q->digits > 0 && q->digits < TOKEN_HEX)
        fputs("  (it was looked for as the beginning of a code too)\n", stderr);
    return EXIT_FAILURE;
}

/* A token first; what no token begins with may still be a file's name. */
static int answer(struct explain *x)
{
    int status = search_tokens(x);
    bool paths = false;

    for (unsigned i = 0; status == EXIT_SUCCESS && i < x->n; i++) {
        struct question *q = &x->all[i];

        if (q->is_token && q->n_sums > 0)
            status = show_token(x, q);
        else
            q->is_token = false;
        paths |= !q->is_token;
    }
    if (status == EXIT_SUCCESS && paths)
        status = search_paths(x);
    page_help(&x->page);
    int written = export_finish(&x->e, 0);

    for (unsigned i = 0; status == EXIT_SUCCESS && i < x->n; i++) {
        if (!x->all[i].is_token && x->all[i].matched == 0)
            status = nothing_found(x, &x->all[i], i);
    }
    return status == EXIT_SUCCESS ? written : status;
}

static int prepare(struct explain *x)
{
    const struct options *o = x->o;
    enum explain_language l = explain_language_of_locale();

    if (o->explain_language)
        l = (enum explain_language)explain_language_from_code(o->explain_language);
    x->n = o->paths.n;
    x->all = calloc(x->n, sizeof *x->all);
    if (!x->all || !page_begin(&x->page, &x->e, l, o->json))
        return export_fails("out of memory");
    for (unsigned i = 0; i < x->n; i++) {
        x->all[i].text = o->paths.at[i];
        x->all[i].is_token = take_token(&x->all[i], x->all[i].text);
    }
    if (row_lookup_open(x->e.inv, &x->rows) < 0)
        return export_fails("%s", inventory_error(x->e.inv));
    snprintf(x->list, sizeof x->list, "constat findings --case %s", o->case_dir);
    /* Without the key raw names are not known, and all else is. */
    if (case_open(&x->key, o->case_dir, o->key_file, CASE_READ_KEY) == 0 &&
        case_check_key(&x->key, x->e.inv) < 0)
        case_close(&x->key);
    return EXIT_SUCCESS;
}

static void release(struct explain *x)
{
    for (unsigned i = 0; x->all && i < x->n; i++) {
        for (uint64_t k = 0; k < x->all[i].n_kept; k++)
            free(x->all[i].kept[k].name);
        free(x->all[i].kept);
    }
    free(x->all);
    row_lookup_close(x->rows);
    copies_release(&x->copies);
    page_release(&x->page);
    case_close(&x->key);
    export_close(&x->e);
}

int explain_run(const struct options *o, FILE *out)
{
    struct explain x = {.o = o, .key = {.dir_fd = -1, .inflight_fd = -1}};
    int status = export_open(&x.e, o, "explain", false, out);

    if (status >= 0)
        return status;
    status = prepare(&x);
    if (status == EXIT_SUCCESS)
        status = answer(&x);
    release(&x);
    return status;
}

int explain_command(const struct options *o)
{
    return explain_run(o, stdout);
}
