/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/findings.h"

#include <inttypes.h>
#include <stdlib.h>

#include "scanner/base/cleanup.h"
#include "scanner/exports.h"

static void write_json(struct export *e, const struct packed_finding *f, struct span root,
                       struct span path, struct span members)
{
    struct json j = json_to(&e->line);
    char token[33], at[48];

    token_hex(f->token, token);
    place_at(f->place, at);
    json_object(&j);
    export_place_json(e, &j, root, path, members);
    json_key(&j, "kind");
    json_text(&j, inventory_kind_name(e->inv, f->kind));
    json_key(&j, "token");
    json_text(&j, token);
    json_key(&j, "confidence");
    json_text(&j, confidence_word(f->confidence));
    json_key(&j, "count");
    json_unsigned(&j, f->count);
    json_key(&j, "place");
    json_object(&j);
    json_key(&j, "kind");
    json_text(&j, place_word(f->place.kind));
    json_key(&j, "at");
    json_text(&j, at);
    json_end_object(&j);
    json_key(&j, "evidence");
    export_evidence_json(&j, f->evidence);
    json_key(&j, "record");
    json_unsigned(&j, f->record);
    json_key(&j, "categories");
    export_categories_json(e, &j, f->categories);
    json_end_object(&j);
    buf_add_byte(&e->line, '\n');
}

/* Names of one field are parted by a space: none holds one. */
static void write_more_csv(struct export *e, const struct packed_finding *f)
{
    char record[24];
    AUTO_BUF struct buf words;

    buf_init(&words, 4096);
    for (uint32_t left = f->evidence; left; left &= left - 1) {
        const char *name = evidence_name((enum evidence)(left & -left));

        if (name)
            buf_printf(&words, words.len ? " %s" : "%s", name);
    }
    export_field(e, buf_span(&words), false);
    snprintf(record, sizeof record, "%" PRIu64, f->record);
    export_field(e, span_of(record), false);
    buf_clear(&words);
    for (uint32_t left = f->categories; left; left &= left - 1) {
        const char *key = export_category(e, (unsigned)__builtin_ctz(left));

        if (key)
            buf_printf(&words, words.len ? " %s" : "%s", key);
    }
    export_field(e, buf_span(&words), false);
    e->line.failed |= words.failed;
}

static void write_csv(struct export *e, const struct packed_finding *f, struct span root,
                      struct span path, struct span members)
{
    char token[33], at[48], count[24];

    token_hex(f->token, token);
    place_at(f->place, at);
    snprintf(count, sizeof count, "%" PRIu64, f->count);
    export_place_csv(e, root, path, members);
    export_field(e, span_of(inventory_kind_name(e->inv, f->kind)), false);
    export_field(e, span_of(token), false);
    export_field(e, span_of(confidence_word(f->confidence)), false);
    export_field(e, span_of(count), false);
    export_field(e, span_of(place_word(f->place.kind)), false);
    export_field(e, span_of(at), false);
    write_more_csv(e, f);
    export_end_row(e);
}

static enum confidence least_confidence(const struct options *o)
{
    const char *word = o->min_confidence;

    if (word && strcmp(word, "high") == 0)
        return CONFIDENCE_HIGH;
    return word && strcmp(word, "medium") == 0 ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

static int write_all(struct export *e, const struct options *o)
{
    struct finding_cursor *cursor = NULL;
    struct packed_finding f;
    struct ledger_row row;
    struct span root, path, members;
    enum confidence least = least_confidence(o);
    int kind = o->kind ? inventory_kind_index(e->inv, o->kind) : -1;
    int64_t named = 0; /* row whose names are at hand */
    int r = findings_open(e->inv, &cursor);

    while (r >= 0 && (r = findings_next(cursor, &f, &row, &root)) > 0) {
        if (f.confidence < least || (o->kind && (int)f.kind != kind))
            continue;
        if (row.id != named && !export_names(e, &row, &path, &members)) {
            findings_close(cursor);
            return EXIT_FAILURE;
        }
        named = row.id;
        if (e->csv)
            write_csv(e, &f, root, path, members);
        else
            write_json(e, &f, root, path, members);
        if (e->line.failed || !export_flush(e, false))
            break;
    }
    findings_close(cursor);
    return export_finish(e, r < 0 ? r : 0);
}

int findings_export(const struct options *o, FILE *out)
{
    struct export e;
    int status = export_open(&e, o, "findings", false, out);

    if (status >= 0)
        return status;
    if (o->kind && inventory_kind_index(e.inv, o->kind) < 0) {
        export_fails("this case knows no kind of that name; constat findings without --kind shows "
                     "those that were found");
        status = EXIT_USAGE;
    } else {
        if (e.csv)
            buf_add_text(&e.line, "root,path,path_bytes,members,kind,token,confidence,count,"
                                  "place_kind,place_at,evidence,record,categories\r\n");
        status = write_all(&e, o);
    }
    export_close(&e);
    return status;
}

int findings_command(const struct options *o)
{
    return findings_export(o, stdout);
}
