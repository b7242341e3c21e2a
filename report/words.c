/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/words.h"

#include <string.h>

static const char *const texts[W_COUNT][LANGUAGES] = {
#define WORD(id, fr, nl, de, en) [W_##id] = {fr, nl, de, en},
#include "report/words.list"
#undef WORD
};

static const char *const ids[W_COUNT] = {
#define WORD(id, fr, nl, de, en) [W_##id] = #id,
#include "report/words.list"
#undef WORD
};

static const struct {
    const char *code, *name;
} languages[LANGUAGES] = {
    [LANGUAGE_FR] = {"fr", "Français"},
    [LANGUAGE_NL] = {"nl", "Nederlands"},
    [LANGUAGE_DE] = {"de", "Deutsch"},
    [LANGUAGE_EN] = {"en", "English"},
};

const char *word_text(enum language l, enum word w)
{
    return w < W_COUNT && l < LANGUAGES ? texts[w][l] : "";
}

const char *word_id(enum word w)
{
    return w < W_COUNT ? ids[w] : "";
}

const char *language_code(enum language l)
{
    return languages[l < LANGUAGES ? l : LANGUAGE_EN].code;
}

const char *language_name(enum language l)
{
    return languages[l < LANGUAGES ? l : LANGUAGE_EN].name;
}

int language_from_code(const char *code)
{
    for (int l = 0; l < LANGUAGES; l++) {
        if (strcmp(languages[l].code, code) == 0)
            return l;
    }
    return -1;
}
