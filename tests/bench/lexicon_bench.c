/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * lexicon_bench FILE...: what the vocabulary costs a text, by kind of machine instructions, and how
 * long it takes to make.  Prints counts and times, never a text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "detectors/lexicon_private.h"

enum { TEXT_MOST = 256 << 20, ROUNDS = 5 };

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_found(void *ctx, size_t at, size_t len, const struct lexicon_entry *entry)
{
    size_t *n = ctx;

    (void)at;
    (void)len;
    (void)entry;
    ++*n;
}

static void measure(const struct lexicon *l, const char *name, word_starts_fn *starts,
                    struct span text)
{
    double best_starts = 1e9, best = 1e9;
    size_t let_through = 0, found = 0;

    if (!starts)
        return;
    for (unsigned round = 0; round < ROUNDS; round++) {
        double begin = seconds(), took;
        uint32_t list[STARTS_SPAN];

        let_through = found = 0;
        for (size_t at = 0; at < text.len; at += STARTS_SPAN)
            let_through += starts(l, text, at,
                                  text.len - at > STARTS_SPAN ? at + STARTS_SPAN : text.len, list);
        took = seconds() - begin;
        best_starts = took < best_starts ? took : best_starts;
        begin = seconds();
        lexicon_scan_with(l, starts, text, 0, text.len, on_found, &found);
        took = seconds() - begin;
        best = took < best ? took : best;
    }
    printf("%-9s %8.3f GB/s  %6.3f ns/byte  (filter alone %6.3f)  %zu let through, %zu found\n",
           name, (double)text.len / best / 1e9, best * 1e9 / (double)text.len,
           best_starts * 1e9 / (double)text.len, let_through, found);
}

int main(int argc, char **argv)
{
    char *bytes = malloc(TEXT_MOST);
    size_t len = 0;
    double begin = seconds();
    struct lexicon *l = lexicon_new();

    printf("made in %.3f ms\n", (seconds() - begin) * 1e3);
    if (!bytes || !l)
        return 1;
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");

        if (!f) {
            perror(argv[i]);
            return 1;
        }
        len += fread(bytes + len, 1, TEXT_MOST - len, f);
        fclose(f);
    }
    if (len == 0) {
        fprintf(stderr, "usage: lexicon_bench FILE...\n");
        return 2;
    }
    measure(l, "portable", word_starts_portable, (struct span){bytes, len});
    measure(l, "sse2", word_starts_sse2(), (struct span){bytes, len});
    measure(l, "avx2", word_starts_avx2(), (struct span){bytes, len});
    lexicon_free(l);
    free(bytes);
    return 0;
}
