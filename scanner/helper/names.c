/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/helper/names.h"

#include <stdlib.h>
#include <strings.h>

#include "scanner/base/cleanup.h"

/* More than a name can hold in good faith; a name with more is hidden as a whole. */
enum { HITS_MAX = 256, TEXT_MAX = 1024 * 1024 };

struct hit {
    unsigned kind;
    size_t start, end;
    unsigned char token[TOKEN_BYTES];
};

struct names {
    const struct case_keys *keys;
    struct engine *engine;

    struct span name; /* being searched */
    struct hit hits[HITS_MAX];
    unsigned n_hits, n_first; /* n_first: those of the first pass */
    bool too_many, no_memory;
    bool second_pass, rest_pass;

    struct buf *block;
    uint64_t *findings;

    struct buf joined; /* the name with joints as blanks */
    struct buf folder; /* of the path before, raw */
    struct buf folder_masked;
    bool folder_hit, folder_known;
};

struct names *names_new(uint32_t today, const struct case_keys *keys)
{
    struct names *n = calloc(1, sizeof *n);

    if (!n)
        return NULL;
    n->keys = keys;
    buf_init(&n->joined, TEXT_MAX);
    buf_init(&n->folder, TEXT_MAX);
    buf_init(&n->folder_masked, TEXT_MAX);
    n->engine = engine_new(today);
    if (!n->engine) {
        names_free(n);
        return NULL;
    }
    return n;
}

void names_free(struct names *n)
{
    if (!n)
        return;
    engine_free(n->engine);
    buf_release(&n->joined);
    buf_release(&n->folder);
    buf_release(&n->folder_masked);
    free(n);
}

const struct engine *names_engine(const struct names *n)
{
    return n->engine;
}

void finding_pack(const struct case_keys *keys, const struct finding *f, struct packed_finding *ret)
{
    uint32_t facts = facts_pack(&f->facts);

    *ret = (struct packed_finding){.kind = f->kind,
                                   .confidence = f->confidence,
                                   .place = f->place,
                                   .count = f->count,
                                   .record = f->record,
                                   .evidence = f->evidence,
                                   .has_facts = facts != 0,
                                   .line = f->line,
                                   .paragraph = f->paragraph,
                                   .categories = f->categories,
                                   .categories_near = f->categories_near,
                                   .word = f->word,
                                   .word_distance = f->word_distance,
                                   .word_against = f->word_against};
    ret->n_records = f->n_records < ENGINE_RECORDS_MAX ? f->n_records : ENGINE_RECORDS_MAX;
    memcpy(ret->records, f->records, ret->n_records * sizeof ret->records[0]);
    token_of(keys, detectors[f->kind]->kind, f->value, ret->token);
    if (ret->has_facts)
        ret->facts = facts_mask(keys, ret->token, facts);
}

/* --- searching -------------------------------------------------------------------------------- */

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* Characters that part words and the groups of a number in names but not in text. */
static bool is_joint(const struct span name, size_t i)
{
    return (name.at[i] == '_' || name.at[i] == '+') && i > 0 && i + 1 < name.len &&
           is_of_word(name.at[i - 1]) && is_of_word(name.at[i + 1]);
}

static bool spans_joint(struct span name, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (is_joint(name, i))
            return true;
    }
    return false;
}

static void on_occurrence(void *ctx, const struct occurrence *o)
{
    struct names *n = ctx;
    size_t start = o->offset, end = o->offset + o->len;

    if (o->len == 0 || end > n->name.len || o->kind >= detectors_count)
        return;
    /* A term of the vocabulary names nobody. */
    if (detectors[o->kind]->anchors & ANCHOR_TERM)
        return;
    if (n->second_pass) {
        /* The first pass saw the name as it is and is right wherever both see something: a blank
         * for `_` would cut an e-mail address in two. */
        if (!n->rest_pass && !spans_joint(n->name, start, end))
            return;
        for (unsigned i = 0; i < n->n_first; i++) {
            if (start < n->hits[i].end && n->hits[i].start < end)
                return;
        }
    }
    if (n->n_hits == HITS_MAX) {
        n->too_many = true;
        return;
    }
    struct hit *h = &n->hits[n->n_hits++];

    h->kind = o->kind;
    h->start = start;
    h->end = end;
    token_of(n->keys, detectors[o->kind]->kind, o->value, h->token);
}

static void on_finding(void *ctx, const struct finding *f)
{
    struct names *n = ctx;
    struct packed_finding packed;
    bool wanted = !n->second_pass;

    if (!n->block)
        return;
    finding_pack(n->keys, f, &packed);
    packed.place = (struct place){.kind = PLACE_NAME};
    packed.line = packed.paragraph = 0;
    for (unsigned i = n->n_first; !wanted && i < n->n_hits; i++)
        wanted =
            n->hits[i].kind == f->kind && memcmp(n->hits[i].token, packed.token, TOKEN_BYTES) == 0;
    if (!wanted)
        return;
    /* A name of 64 KiB that is made of nothing else: it is hidden as a whole. */
    if (n->block->len > FINDING_BLOCK_MAX - FINDING_BYTES_MAX) {
        n->too_many = true;
        return;
    }
    if (!finding_block_add(n->block, &packed))
        n->no_memory = true;
    ++*n->findings;
}

static void search(struct names *n, struct span text)
{
    const struct engine_sink sink = {n, on_finding, on_occurrence};

    engine_begin(n->engine, ORIGIN_NAME, &sink);
    if (!engine_text(n->engine, text))
        n->no_memory = true;
    engine_end(n->engine, NULL);
}

/* Endings of file names that are no part of an e-mail address before them.  Of these only zip is a
 * top-level domain too, and an archive is what it means in a file's name. */
static const char *const extensions[] = {
    "pdf",  "doc",  "docx", "docm", "odt",  "rtf", "txt",  "csv", "tsv",  "xls",
    "xlsx", "xlsm", "ods",  "ppt",  "pptx", "odp", "msg",  "eml", "mbox", "pst",
    "ost",  "htm",  "html", "xml",  "json", "jpg", "jpeg", "png", "gif",  "tif",
    "tiff", "bmp",  "heic", "rar",  "zip",  "7z",  "tar",  "gz",  "tgz",  "bz2",
    "xz",   "bak",  "old",  "tmp",  "log",  "sql", "vcf",  "ics", "p7m"};

static bool is_extension(const char *at, size_t len)
{
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        if (strlen(extensions[i]) == len && strncasecmp(extensions[i], at, len) == 0)
            return true;
    }
    return false;
}

/* "name@example.be.msg" is an address and an extension: blanks for the dots before those. */
static void part_extensions(char *at, size_t len)
{
    const char *dot;

    while ((dot = memrchr(at, '.', len)) != NULL) {
        size_t from = (size_t)(dot - at);

        if (!is_extension(dot + 1, len - from - 1))
            return;
        at[from] = ' ';
        len = from;
    }
}

/* As it is; then, when words or groups of digits are joined as in names only, with blanks for the
 * joints.
 * What is searched has the bytes of the name in their places. */
static void search_both(struct names *n)
{
    bool joints = spans_joint(n->name, 0, n->name.len);

    if (!joints && !memchr(n->name.at, '@', n->name.len)) {
        search(n, n->name);
        return;
    }
    buf_clear(&n->joined);
    if (!buf_add_span(&n->joined, n->name)) {
        n->no_memory = true;
        return;
    }
    part_extensions(n->joined.at, n->joined.len);
    search(n, buf_span(&n->joined));
    n->n_first = n->n_hits;
    if (!joints)
        return;
    for (size_t i = 0; i < n->name.len; i++) {
        if (is_joint(n->name, i))
            n->joined.at[i] = ' ';
    }
    n->second_pass = true;
    search(n, buf_span(&n->joined));
    n->second_pass = false;
}

/* What the masks would leave, until nothing is found in it: of two matches that share bytes, as in
 * a@example.be_b@example.be, the first one stands, and the rest of the other may be one again. */
static void search_rest(struct names *n)
{
    bool with_sign = false; /* the `_` or `+` behind a match is first taken for part of neither */

    n->second_pass = n->rest_pass = true;
    for (;;) {
        n->n_first = n->n_hits;
        buf_clear(&n->joined);
        if (!buf_add_span(&n->joined, n->name)) {
            n->no_memory = true;
            break;
        }
        for (unsigned i = 0; i < n->n_hits; i++) {
            size_t start = n->hits[i].start, end = n->hits[i].end;

            if (!with_sign && end < n->name.len && strchr("_+", n->name.at[end]))
                end++;
            memset(n->joined.at + start, ' ', end - start);
        }
        part_extensions(n->joined.at, n->joined.len);
        search(n, buf_span(&n->joined));
        if (n->too_many || n->no_memory || (with_sign && n->n_hits == n->n_first))
            break;
        with_sign = n->n_hits == n->n_first;
    }
    n->second_pass = n->rest_pass = false;
}

/* --- masking ---------------------------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static bool write_masked(struct names *n, struct buf *masked)
{
    char hex[33];
    size_t at = 0;

    if (n->too_many)
        return buf_printf(masked, "[name of %zu bytes]", n->name.len);
    qsort(n->hits, n->n_hits, sizeof n->hits[0], by_start);
    for (unsigned i = 0; i < n->n_hits; i++) {
        const struct hit *h = &n->hits[i];

        if (h->start >= at) {
            token_hex(h->token, hex);
            buf_add(masked, n->name.at + at, h->start - at);
            buf_printf(masked, "[%s:%.8s]", detectors[h->kind]->kind, hex);
        }
        if (h->end > at)
            at = h->end; /* one that overlaps the one before: its rest goes too */
    }
    return buf_add(masked, n->name.at + at, n->name.len - at);
}

bool name_mask(struct names *n, struct span name, struct buf *masked, struct buf *block,
               uint64_t *findings, bool *ret_hit)
{
    if (name.len == 0)
        return true;
    n->name = name;
    n->n_hits = n->n_first = 0;
    n->too_many = n->no_memory = false;
    n->block = block;
    n->findings = findings;
    search_both(n);
    if (n->n_hits > 0) {
        search_rest(n);
        *ret_hit = true;
    }
    return write_masked(n, masked) && !n->no_memory;
}

static bool mask_folders(struct names *n, struct span folders)
{
    size_t from = 0;

    n->folder_known = n->folder_hit = false;
    buf_clear(&n->folder);
    buf_clear(&n->folder_masked);
    while (from < folders.len) {
        const char *slash = memchr(folders.at + from, '/', folders.len - from);
        size_t to = slash ? (size_t)(slash - folders.at) : folders.len;

        if (!name_mask(n, (struct span){folders.at + from, to - from}, &n->folder_masked, NULL,
                       NULL, &n->folder_hit))
            return false;
        if (slash && !buf_add_byte(&n->folder_masked, '/'))
            return false;
        from = to + 1;
    }
    if (!buf_add_span(&n->folder, folders))
        return false;
    n->folder_known = true;
    return true;
}

bool path_mask(struct names *n, struct span path, size_t name_at, struct buf *masked,
               struct buf *block, uint64_t *findings, bool *ret_hit)
{
    struct span folders = {path.at, name_at};

    if (!(n->folder_known && span_equal(folders, buf_span(&n->folder))) &&
        !mask_folders(n, folders))
        return false;
    if (n->folder_hit)
        *ret_hit = true;
    return buf_add_span(masked, buf_span(&n->folder_masked)) &&
           name_mask(n, (struct span){path.at + name_at, path.len - name_at}, masked, block,
                     findings, ret_hit);
}

bool names_somebody(struct span block)
{
    struct reader r = reader_of(block);
    struct packed_finding f;

    while (finding_block_next(&r, detectors_count, &f)) {
        if (!(detectors[f.kind]->anchors & ANCHOR_TERM))
            return true;
    }
    return false;
}
