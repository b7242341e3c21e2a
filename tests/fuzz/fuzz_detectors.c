/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/*
 * Any bytes as text: every candidate of every detector, and what a pass promises.  The first byte
 * shifts the window, so that candidates stand at its very edges.
 */
#include "tests/candidates.h"

#include <stdlib.h>

enum { TODAY = 20261123 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool hold(void *ctx, const struct detector *d, const struct candidate *c)
{
    struct match match = {.start = c->start, .len = c->len};

    (void)ctx;
    if (d->check(c, &match) != VERDICT_PASS)
        return true;
    must(match.value_len > 0 && match.value_len <= VALUE_MAX);
    must(strlen(match.value) == match.value_len);
    must(match.len > 0 && match.len <= d->longest);
    must(match.start <= c->window.len && match.len <= c->window.len - match.start);
    must((unsigned)match.form <= FORM_WRITTEN);
    must(match.facts.birth / 10000 <= TODAY / 10000);
    must(match.facts.sex == 0 || match.facts.sex == 'M' || match.facts.sex == 'F');
    for (unsigned i = 0; i < 2 && match.embedded[i].kind; i++)
        must(detector_by_kind(match.embedded[i].kind) >= 0 &&
             memchr(match.embedded[i].value, 0, sizeof match.embedded[i].value) != NULL);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t skip = data[0] % 8;

    size--;
    data++;
    if (skip > size)
        skip = size;
    /* Exactly as many bytes as the window has, so that reading past it is seen. */
    char *copy = malloc(size - skip ? size - skip : 1);

    must(copy != NULL);
    memcpy(copy, data + skip, size - skip);
    for (unsigned i = 0; i < detectors_count; i++)
        candidates_each(detectors[i], (struct span){copy, size - skip}, TODAY, hold, NULL);
    free(copy);
    return 0;
}
