/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/options.h"

#include <jansson.h>

char *options_canonical(const char *text)
{
    json_t *value = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    char *canonical = NULL;

    if (json_is_object(value))
        canonical = json_dumps(value, JSON_SORT_KEYS | JSON_ENSURE_ASCII);
    json_decref(value);
    return canonical;
}
