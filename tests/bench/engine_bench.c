/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * engine_bench - how fast the engine is on files of text, and what of a truth table it misses.
 *
 *     engine_bench [--rounds N] [--truth TRUTH.tsv] ROOT PART...
 *
 * ROOT/PART are folders.  TRUTH.tsv has lines of path (below ROOT), kind and normalised value.
 * A .csv is read as delimited by ';' with a header; UTF-16LE with a byte-order mark is narrowed.
 * Prints rates and counts, never a value.  The digest stands for everything that was found and
 * counted, with place, confidence and evidence: the same digest before and after a change of the
 * engine means the same results.
 */
#include "detectors/engine.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct file {
    char *path; /* below the root */
    char *bytes;
    size_t len;
    bool csv;
};

static struct {
    struct file *files;
    size_t n, cap, root, bytes;
} all;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void narrow(struct file *f)
{
    size_t n = 0;

    if (f->len < 2 || memcmp(f->bytes, "\xFF\xFE", 2) != 0)
        return;
    for (size_t i = 2; i + 1 < f->len; i += 2)
        f->bytes[n++] = f->bytes[i + 1] ? '?' : f->bytes[i];
    f->len = n;
}

static int load(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    struct file f = {0};
    FILE *in;

    (void)ftw;
    if (type != FTW_F)
        return 0;
    in = fopen(path, "rb");
    f.bytes = malloc((size_t)st->st_size + 1);
    f.path = strdup(path + all.root);
    if (!in || !f.bytes || !f.path)
        return 1;
    f.len = fread(f.bytes, 1, (size_t)st->st_size, in);
    fclose(in);
    f.csv = strlen(path) > 4 && strcmp(path + strlen(path) - 4, ".csv") == 0;
    narrow(&f);
    if (all.n == all.cap) {
        all.cap = all.cap ? all.cap * 2 : 1024;
        all.files = realloc(all.files, all.cap * sizeof(*all.files));
        if (!all.files)
            return 1;
    }
    all.bytes += f.len;
    all.files[all.n++] = f;
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

struct tally {
    uint64_t values[64][4], occurrences[64];
    uint64_t digest;
    bool digesting;
    /* values of one file, "kind TAB value", for the truth table */
    char **found;
    size_t n, cap;
    bool keep;
};

static void digest_bytes(struct tally *t, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++) /* FNV-1a */
        t->digest = (t->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static void digest_numbers(struct tally *t, const uint64_t *numbers, size_t n)
{
    digest_bytes(t, numbers, n * sizeof(*numbers));
}

static void digest_finding(struct tally *t, const struct finding *f)
{
    const uint64_t numbers[] = {f->kind,
                                (uint64_t)f->confidence,
                                f->count,
                                (uint64_t)f->place.kind,
                                f->place.a,
                                f->place.b,
                                f->record,
                                f->evidence,
                                f->facts.birth,
                                f->facts.bis,
                                (unsigned char)f->facts.sex};

    digest_numbers(t, numbers, sizeof(numbers) / sizeof(*numbers));
    digest_bytes(t, f->value.at, f->value.len);
}

static void occurrence(void *ctx, const struct occurrence *o)
{
    const uint64_t numbers[] = {o->kind, o->offset, o->len};

    digest_numbers(ctx, numbers, 3);
    digest_bytes(ctx, o->value.at, o->value.len);
}

static void finding(void *ctx, const struct finding *f)
{
    struct tally *t = ctx;

    if (t->digesting) {
        digest_finding(t, f);
        return;
    }
    t->values[f->kind][f->confidence]++;
    t->occurrences[f->kind] += f->count;
    if (!t->keep)
        return;
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 1024;
        t->found = realloc(t->found, t->cap * sizeof(*t->found));
        if (!t->found)
            abort();
    }
    if (asprintf(&t->found[t->n++], "%s\t%.*s", detectors[f->kind]->kind, (int)f->value.len,
                 f->value.at) < 0)
        abort();
}

static void run(struct engine *e, const struct file *f, struct tally *t)
{
    static const struct table_shape shape = {';', '"', true};
    const struct engine_sink sink = {t, finding, t->digesting ? occurrence : NULL};
    struct text_summary summary;

    engine_begin(e, ORIGIN_TEXT, &sink);
    if (f->csv)
        engine_table(e, &shape);
    engine_text(e, (struct span){f->bytes, f->len});
    engine_end(e, t->digesting ? &summary : NULL);
    if (!t->digesting)
        return;
    digest_numbers(t, (const uint64_t[]){summary.bytes, summary.records, summary.unit}, 3);
    for (unsigned k = 0; k < detectors_count; k++)
        digest_numbers(t, (const uint64_t[]){summary.kinds[k].candidates, summary.kinds[k].passed},
                       2);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *our_kind(const char *kind)
{
    static const char *const names[][2] = {
        {"nrn", "be-nrn"}, {"idcard", "be-eid-card"}, {"card", "payment-card"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(kind, names[i][0]) == 0)
            return names[i][1];
    return kind;
}

/* Lines of the truth table that no finding of their file answers. */
static int compare(struct engine *e, const char *path)
{
    char *line = NULL, *current = strdup("");
    size_t cap = 0;
    struct tally t = {.keep = true};
    uint64_t planted[64] = {0}, missed[64] = {0};
    FILE *in = fopen(path, "r");

    if (!in || !current)
        return 1;
    while (getline(&line, &cap, in) > 0) {
        char *save = NULL, *name = strtok_r(line, "\t\n", &save);
        char *kind = strtok_r(NULL, "\t\n", &save), *value = strtok_r(NULL, "\t\n", &save);
        struct file key = {.path = name}, *f;
        char *want;
        int k;

        if (!value || !(f = bsearch(&key, all.files, all.n, sizeof(key), by_path)))
            continue;
        if (strcmp(current, name) != 0) {
            free(current);
            current = strdup(name);
            for (size_t i = 0; i < t.n; i++)
                free(t.found[i]);
            t.n = 0;
            run(e, f, &t);
            if (t.n)
                qsort(t.found, t.n, sizeof(*t.found), by_text);
        }
        kind = (char *)(uintptr_t)our_kind(kind);
        k = detector_by_kind(kind);
        if (k < 0)
            continue;
        planted[k]++;
        if (strcmp(kind, "mrz") == 0) {
            /* the table holds the document number only */
            bool hit = false;

            for (size_t i = 0; i < t.n; i++)
                hit = hit || (strncmp(t.found[i], "mrz", 3) == 0 && strstr(t.found[i], value));
            missed[k] += !hit;
            continue;
        }
        if (asprintf(&want, "%s\t%s", kind, value) < 0)
            return 1;
        missed[k] += !t.n || !bsearch(&want, t.found, t.n, sizeof(*t.found), by_text);
        free(want);
    }
    for (unsigned k = 0; k < detectors_count; k++)
        if (planted[k])
            printf("truth %-16s planted %8llu missed %6llu\n", detectors[k]->kind,
                   (unsigned long long)planted[k], (unsigned long long)missed[k]);
    for (size_t i = 0; i < t.n; i++)
        free(t.found[i]);
    free(t.found);
    free(line);
    free(current);
    fclose(in);
    return 0;
}

int main(int argc, char **argv)
{
    const char *truth = NULL;
    unsigned rounds = 3;
    int arg = 1;
    double best = 1e9;
    struct tally t = {.keep = false};
    struct engine *e = engine_new(20261123);

    for (; arg + 1 < argc && strncmp(argv[arg], "--", 2) == 0; arg += 2) {
        if (strcmp(argv[arg], "--truth") == 0)
            truth = argv[arg + 1];
        else
            rounds = (unsigned)atoi(argv[arg + 1]);
    }
    if (!e || arg + 1 >= argc) {
        fprintf(stderr, "usage: engine_bench [--rounds N] [--truth FILE] ROOT PART...\n");
        return 2;
    }
    all.root = strlen(argv[arg]) + 1;
    for (int i = arg + 1; i < argc; i++) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s", argv[arg], argv[i]);
        if (nftw(path, load, 16, FTW_PHYS) != 0)
            return 1;
    }
    qsort(all.files, all.n, sizeof(*all.files), by_path);
    for (unsigned r = 0; r < rounds; r++) {
        double from = seconds();

        memset(t.values, 0, sizeof(t.values));
        memset(t.occurrences, 0, sizeof(t.occurrences));
        for (size_t i = 0; i < all.n; i++)
            run(e, &all.files[i], &t);
        from = seconds() - from;
        if (from < best)
            best = from;
    }
    t.digest = UINT64_C(0xcbf29ce484222325);
    t.digesting = true;
    for (size_t i = 0; i < all.n; i++)
        run(e, &all.files[i], &t);
    printf("digest %016llx\n", (unsigned long long)t.digest);
    printf("%zu files, %.1f MB, %.0f MB/s, %.2f us a file\n", all.n, (double)all.bytes / 1e6,
           (double)all.bytes / 1e6 / best, best * 1e6 / (double)all.n);
    for (unsigned k = 0; k < detectors_count; k++)
        printf("%-16s low %8llu medium %8llu high %8llu, occurrences %8llu\n", detectors[k]->kind,
               (unsigned long long)t.values[k][CONFIDENCE_LOW],
               (unsigned long long)t.values[k][CONFIDENCE_MEDIUM],
               (unsigned long long)t.values[k][CONFIDENCE_HIGH],
               (unsigned long long)t.occurrences[k]);
    if (truth && compare(e, truth) != 0)
        return 1;
    for (size_t i = 0; i < all.n; i++) {
        free(all.files[i].path);
        free(all.files[i].bytes);
    }
    free(all.files);
    engine_free(e);
    return 0;
}
