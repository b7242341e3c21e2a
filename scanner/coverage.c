/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/coverage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "scanner/exports.h"
#include "scanner/inventory/copies.h"

/* ISO 8601, UTC; false when the time is unknown or beyond what the form can say. */
static bool time_text(int64_t nanoseconds, char ret[32])
{
    int64_t seconds = nanoseconds / 1000000000 - (nanoseconds % 1000000000 < 0);
    time_t t = (time_t)seconds;
    struct tm utc;

    if (nanoseconds == INT64_MIN || !gmtime_r(&t, &utc))
        return false;
    return strftime(ret, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
}

/* Permission bits as they are written, "0640"; false where nothing is known of them (an entry that
 * could not be looked at has no links, a member may come without). */
static bool mode_text(const struct ledger_row *row, char ret[8])
{
    if (row->mode == 0 && row->links == 0)
        return false;
    snprintf(ret, 8, "%04o", (unsigned)(row->mode & 07777));
    return true;
}

static void text_or_null(struct json *j, const char *key, bool known, struct span text)
{
    json_key(j, key);
    if (known)
        json_string(j, text);
    else
        json_null(j);
}

static void write_json(struct export *e, const struct ledger_row *row, struct span root,
                       struct span path, struct span members, uint32_t copy_group)
{
    struct json j = json_to(&e->line);
    char when[32] = "", mode[8] = "";
    bool has_time = time_text(row->mtime, when), has_mode = mode_text(row, mode);

    json_object(&j);
    export_place_json(e, &j, root, path, members);
    json_key(&j, "bytes");
    json_unsigned(&j, row->bytes);
    text_or_null(&j, "mtime", has_time, span_of(when));
    text_or_null(&j, "owner", row->owner.len > 0, row->owner);
    text_or_null(&j, "mode", has_mode, span_of(mode));
    json_key(&j, "media_type");
    json_string(&j, row->media_type);
    json_key(&j, "outcome");
    json_text(&j, outcome_word(row->outcome));
    json_key(&j, "reason");
    json_string(&j, row->reason);
    json_key(&j, "extractor");
    json_string(&j, row->extractor);
    json_key(&j, "copy_group");
    if (copy_group)
        json_unsigned(&j, copy_group);
    else
        json_null(&j);
    json_end_object(&j);
    buf_add_byte(&e->line, '\n');
}

static void write_csv(struct export *e, const struct ledger_row *row, struct span root,
                      struct span path, struct span members, uint32_t copy_group)
{
    char when[32] = "", mode[8] = "", bytes[24], group[16] = "";

    time_text(row->mtime, when);
    mode_text(row, mode);
    snprintf(bytes, sizeof bytes, "%" PRIu64, row->bytes);
    if (copy_group)
        snprintf(group, sizeof group, "%" PRIu32, copy_group);
    export_place_csv(e, root, path, members);
    export_field(e, span_of(bytes), false);
    export_field(e, span_of(when), false);
    export_field(e, row->owner, false);
    export_field(e, span_of(mode), false);
    export_field(e, row->media_type, false);
    export_field(e, span_of(outcome_word(row->outcome)), false);
    export_field(e, row->reason, false);
    export_field(e, row->extractor, false);
    export_field(e, span_of(group), false);
    export_end_row(e);
}

static int write_all(struct export *e, const struct options *o, struct copies *copies)
{
    struct ledger_cursor *cursor = NULL;
    struct ledger_row row;
    struct span root, path, members;
    int wanted = o->outcome ? outcome_from_word(o->outcome) : -1;
    int r = ledger_open(e->inv, &cursor); /* first: both passes see one state of the case */

    if (r >= 0)
        r = copies_read(copies, e->inv);
    while (r >= 0 && (r = ledger_next(cursor, &row, &root)) > 0) {
        /* Also of rows that are not shown: the numbers are the same in every export. */
        uint32_t group = copies_group(copies, &row);

        if (o->outcome && (int)row.outcome != wanted)
            continue;
        if (!export_names(e, &row, &path, &members)) {
            ledger_close(cursor);
            return EXIT_FAILURE;
        }
        if (e->csv)
            write_csv(e, &row, root, path, members, group);
        else
            write_json(e, &row, root, path, members, group);
        if (e->line.failed || !export_flush(e, false))
            break;
    }
    ledger_close(cursor);
    return export_finish(e, r < 0 ? r : 0);
}

int coverage_export(const struct options *o, FILE *out)
{
    struct export e;

    if (o->outcome && outcome_from_word(o->outcome) < 0) {
        export_fails("no outcome has that name; docs/outcomes.md lists them");
        return EXIT_USAGE;
    }
    int status = export_open(&e, o, "coverage", false, out);

    if (status >= 0)
        return status;
    if (e.csv)
        buf_add_text(&e.line, "root,path,path_bytes,members,bytes,mtime,owner,mode,media_type,"
                              "outcome,reason,extractor,copy_group\r\n");
    struct copies copies = {0};

    status = write_all(&e, o, &copies);
    copies_release(&copies);
    export_close(&e);
    return status;
}

int coverage_command(const struct options *o)
{
    return coverage_export(o, stdout);
}
