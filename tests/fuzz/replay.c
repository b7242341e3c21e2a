/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Runs a fuzz target over the files of a folder, if there is one: whole, then cut short at several
 * places, then with single bits changed; and over bytes of a fixed generator.  Not a fuzzer, but
 * the same on every machine.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEED_MAX = 1 << 20,
    CHANGES = REPLAY_CHANGES, /* bits changed in a seed, one after the other; 0: nor is it cut */
    CUTS = CHANGES < 32 ? CHANGES : 32,
    WHOLE = 16 * 1024, /* larger seeds are changed in proportion less often */
    GENERATED = CHANGES < 64 ? CHANGES : 64,
    GENERATED_MAX = 512
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const uint8_t *data, size_t size)
{
    /* A copy of its own size, so that a sanitizer sees the first byte too many. */
    uint8_t *copy = calloc(1, size ? size : 1);

    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

static void run_seed(uint8_t *seed, size_t size)
{
    uint32_t random = 1;
    size_t cuts = CUTS, changes = CHANGES;

    if (size > WHOLE) {
        cuts = cuts * WHOLE / size;
        changes = changes * WHOLE / size;
    }
    run(seed, size);
    for (size_t i = 0; i < cuts && i < size; i++)
        run(seed, size * i / cuts);
    for (size_t i = 0; i < changes && size > 0; i++) {
        size_t at = next(&random) % size;
        uint8_t before = seed[at];

        seed[at] ^= (uint8_t)(1u << next(&random) % 8);
        run(seed, size);
        seed[at] = before;
    }
}

static void run_generated(void)
{
    uint32_t random = 2;
    uint8_t bytes[GENERATED_MAX];

    for (int i = 0; i < GENERATED; i++) {
        size_t size = next(&random) % GENERATED_MAX;

        for (size_t at = 0; at < size; at++)
            bytes[at] = (uint8_t)next(&random);
        run_seed(bytes, size);
    }
}

/* The number of seeds in the folder that were run, or -1. */
static int run_folder(const char *folder)
{
    uint8_t *seed = malloc(SEED_MAX);
    DIR *entries = opendir(folder);
    struct dirent *entry;
    int seeds = 0;

    if (!seed || !entries) {
        perror(folder);
        seeds = -1;
    }
    while (seeds >= 0 && (entry = readdir(entries)) != NULL) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "re");

        if (!file) {
            perror(path);
            seeds = -1;
            break;
        }
        size_t size = fread(seed, 1, SEED_MAX, file);

        fclose(file);
        run_seed(seed, size);
        seeds++;
    }
    if (entries)
        closedir(entries);
    free(seed);
    return seeds;
}

int main(int argc, char **argv)
{
    int seeds = 0;

    run_generated();
    for (int i = 1; i < argc && seeds >= 0; i++)
        seeds = run_folder(argv[i]);
    printf("%d generated, %d seeds\n", GENERATED, seeds);
    return seeds < 0 ? 1 : 0;
}
