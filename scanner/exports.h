/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * exports.h - what findings, coverage and lookup share: the case opened for reading, names masked
 * or (logged) in the clear, rows as JSON lines or CSV.
 *
 * CSV is RFC 4180: a row of names first, CRLF, quotes where a field holds a comma, quote or line
 * end.  Member names are joined by " > ".  Text that is not valid UTF-8 is repaired; the bytes of
 * such a path follow in base64.
 */
#ifndef CONSTAT_EXPORTS_H
#define CONSTAT_EXPORTS_H

#include <stdio.h>

#include "scanner/base/json.h"
#include "scanner/inventory/case.h"
#include "scanner/inventory/inventory.h"
#include "scanner/options.h"

struct export
{
    struct case_folder folder;
    struct inventory *inv;
    bool csv, clear_names;
    FILE *out;
    struct buf line;              /* collects output until it is worth writing */
    struct buf path, list, names; /* of the current row, when names are shown in the clear */
    bool write_failed;
};

/* Opens the case as the options say; prints the words and returns an exit status when it cannot,
 * else -1.  Names in the clear need the key, and the act is logged before a single one is shown.
 * `key`: the command needs it anyway. */
int export_open(struct export *e, const struct options *o, const char *command, bool key,
                FILE *out);
void export_close(struct export *e);

/* Path and members as they are to be shown; spans are good until the next call.  False: a sealed
 * name does not open (words printed). */
bool export_names(struct export *e, const struct ledger_row *row, struct span *ret_path,
                  struct span *ret_members);
/* "root", "path", "path_bytes" where needed, "members"; the same four fields in CSV (path_bytes
 * always there, often empty). */
void export_place_json(struct export *e, struct json *j, struct span root, struct span path,
                       struct span members);
void export_place_csv(struct export *e, struct span root, struct span path, struct span members);
/* A field and the comma before it, unless it is the first of its row. */
void export_field(struct export *e, struct span text, bool first);
void export_end_row(struct export *e);

/* The key of a category ("health") by its bit in the case; NULL: no such bit. */
const char *export_category(const struct export *e, unsigned bit);
/* A list of the keys of all bits that are set. */
void export_categories_json(const struct export *e, struct json *j, uint32_t categories);

/* A list of the names of the reasons (evidence_name). */
void export_evidence_json(struct json *j, uint32_t evidence);

/* Ends the output; exit status, words printed.  `error`: what reading ended with (0 or negative
 * errno). */
int export_finish(struct export *e, int error);
/* False once writing has failed: stop. */
bool export_flush(struct export *e, bool all);

/* "constat: words" on stderr; returns EXIT_FAILURE. */
int export_fails(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Place as the exports name it: kind and number ("page" "12", "cell" "B12", "name" ""). */
const char *place_word(enum place_kind kind);
void place_at(struct place place, char ret[48]);
const char *confidence_word(enum confidence c);

#endif
