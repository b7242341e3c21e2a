/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/exports.h"

#include <inttypes.h>
#include <stdarg.h>

#include "scanner/base/base64.h"
#include "scanner/base/cleanup.h"

/* Output is handed on in pieces of about this size. */
enum { PIECE = 64 * 1024, ROW_MAX = 64 << 20 };

int export_fails(const char *format, ...)
{
    va_list args;

    fputs("constat: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return EXIT_FAILURE;
}

/* --- the case --------------------------------------------------------------------------------- */

/* Before a name is shown: an act that cannot be logged is not done. */
static int log_clear_names(struct export *e, const char *command)
{
    struct inventory *log = NULL;
    int r = inventory_open(e->folder.dir_fd, INVENTORY_AUDIT, &log);

    if (r == 0)
        r = inventory_audit(log, "clear-names", command);
    if (r == 0)
        r = inventory_commit(log);
    if (r < 0)
        export_fails("names are not shown, because that cannot be logged in the case: %s",
                     inventory_error(log));
    inventory_close(log);
    return r;
}

static int open_case(struct export *e, const struct options *o, const char *command, bool key)
{
    key |= o->clear_names;
    if (case_open(&e->folder, o->case_dir, o->key_file, key ? CASE_READ_KEY : CASE_READ) < 0)
        return export_fails("%s: %s", o->case_dir, e->folder.error);
    if (inventory_open(e->folder.dir_fd, INVENTORY_READ, &e->inv) < 0)
        return export_fails("%s: %s", o->case_dir, inventory_error(e->inv));
    if (key && case_check_key(&e->folder, e->inv) < 0)
        return export_fails("%s: %s", o->case_dir, e->folder.error);
    return o->clear_names && log_clear_names(e, command) < 0 ? EXIT_FAILURE : -1;
}

int export_open(struct export *e, const struct options *o, const char *command, bool key, FILE *out)
{
    *e = (struct export){.folder = {.dir_fd = -1, .inflight_fd = -1},
                         .csv = o->export_format && strcmp(o->export_format, "csv") == 0,
                         .clear_names = o->clear_names,
                         .out = out};
    buf_init(&e->line, ROW_MAX);
    buf_init(&e->path, ROW_MAX);
    buf_init(&e->list, ROW_MAX);
    buf_init(&e->names, ROW_MAX);
    int status = open_case(e, o, command, key);

    if (status >= 0)
        export_close(e);
    return status;
}

void export_close(struct export *e)
{
    inventory_close(e->inv);
    e->inv = NULL;
    case_close(&e->folder);
    buf_release(&e->line);
    buf_release(&e->path);
    buf_release(&e->list);
    buf_release(&e->names);
}

/* --- names ------------------------------------------------------------------------------------ */

/* Raw names, NUL between two, as a JSON list.  A single name stands for the last one of the list:
 * the others had nothing to hide. */
static bool list_of_raw(struct export *e, struct span masked, struct span raw)
{
    unsigned have = 0, given = 1, at = 0;
    struct reader r = reader_of(masked);
    AUTO_BUF struct buf name;

    buf_init(&name, ROW_MAX);
    while (json_list_next(&r, &name))
        have++;
    for (size_t i = 0; i < raw.len; i++)
        given += raw.at[i] == '\0';
    if (r.bad || (given != have && given != 1))
        return false;
    struct json j = json_to(&e->list);

    buf_clear(&e->list);
    json_array(&j);
    r = reader_of(masked);
    while (json_list_next(&r, &name)) {
        if (given != have && ++at < have) {
            json_string(&j, buf_span(&name));
            continue;
        }
        const char *nul = memchr(raw.at, '\0', raw.len);
        size_t len = nul ? (size_t)(nul - raw.at) : raw.len;

        json_string(&j, (struct span){raw.at, len});
        raw.at += len + (nul ? 1 : 0);
        raw.len -= len + (nul ? 1 : 0);
    }
    json_end_array(&j);
    return !e->list.failed;
}

bool export_names(struct export *e, const struct ledger_row *row, struct span *ret_path,
                  struct span *ret_members)
{
    *ret_path = row->path;
    *ret_members = row->members;
    if (!e->clear_names)
        return true;
    if (row->sealed_path.len) {
        buf_clear(&e->path);
        if (!name_open(&e->folder.keys, row->sealed_path, &e->path))
            return export_fails("a sealed name in the case does not open: damaged"), false;
        *ret_path = buf_span(&e->path);
    }
    if (row->sealed_members.len) {
        buf_clear(&e->names);
        if (!name_open(&e->folder.keys, row->sealed_members, &e->names) ||
            !list_of_raw(e, row->members, buf_span(&e->names)))
            return export_fails("a sealed name in the case does not open: damaged"), false;
        *ret_members = buf_span(&e->list);
    }
    return true;
}

void export_place_json(struct export *e, struct json *j, struct span root, struct span path,
                       struct span members)
{
    struct reader r = reader_of(members);
    AUTO_BUF struct buf name;

    buf_init(&name, ROW_MAX);
    json_key(j, "root");
    json_string(j, root);
    json_key(j, "path");
    json_string(j, path);
    if (!utf8_is_valid(path)) {
        json_key(j, "path_bytes");
        base64_add(&name, path);
        json_string(j, buf_span(&name));
    }
    json_key(j, "members");
    json_array(j);
    while (json_list_next(&r, &name))
        json_string(j, buf_span(&name));
    json_end_array(j);
    e->line.failed |= r.bad || name.failed;
}

void export_field(struct export *e, struct span text, bool first)
{
    bool quote = false;
    AUTO_BUF struct buf repaired;

    buf_init(&repaired, ROW_MAX);
    if (!utf8_is_valid(text)) {
        e->line.failed |= !utf8_repair(text, &repaired);
        text = buf_span(&repaired);
    }
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = text.at[i] == ',' || text.at[i] == '"' || text.at[i] == '\n' || text.at[i] == '\r';
    if (!first)
        buf_add_byte(&e->line, ',');
    if (!quote) {
        buf_add_span(&e->line, text);
        return;
    }
    buf_add_byte(&e->line, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_add_byte(&e->line, '"');
        buf_add_byte(&e->line, text.at[i]);
    }
    buf_add_byte(&e->line, '"');
}

void export_end_row(struct export *e)
{
    buf_add_text(&e->line, "\r\n");
}

void export_place_csv(struct export *e, struct span root, struct span path, struct span members)
{
    struct reader r = reader_of(members);
    AUTO_BUF struct buf name;
    AUTO_BUF struct buf text;

    buf_init(&name, ROW_MAX);
    buf_init(&text, ROW_MAX);
    export_field(e, root, true);
    export_field(e, path, false);
    if (!utf8_is_valid(path))
        base64_add(&text, path);
    export_field(e, buf_span(&text), false);
    buf_clear(&text);
    while (json_list_next(&r, &name)) {
        if (text.len)
            buf_add_text(&text, " > ");
        buf_add_span(&text, buf_span(&name));
    }
    export_field(e, buf_span(&text), false);
    e->line.failed |= r.bad || name.failed || text.failed;
}

/* --- categories ------------------------------------------------------------------------------- */

const char *export_category(const struct export *e, unsigned bit)
{
    static const char prefix[] = "category:";
    int kind = inventory_category_kind(e->inv, bit);
    const char *name = kind < 0 ? NULL : inventory_kind_name(e->inv, (unsigned)kind);

    if (name && strncmp(name, prefix, sizeof prefix - 1) == 0)
        name += sizeof prefix - 1;
    return name;
}

void export_categories_json(const struct export *e, struct json *j, uint32_t categories)
{
    json_array(j);
    for (; categories; categories &= categories - 1) {
        const char *key = export_category(e, (unsigned)__builtin_ctz(categories));

        if (key)
            json_text(j, key);
    }
    json_end_array(j);
}

void export_evidence_json(struct json *j, uint32_t evidence)
{
    json_array(j);
    for (; evidence; evidence &= evidence - 1) {
        const char *name = evidence_name((enum evidence)(evidence & -evidence));

        if (name)
            json_text(j, name);
    }
    json_end_array(j);
}

/* --- output ----------------------------------------------------------------------------------- */

bool export_flush(struct export *e, bool all)
{
    if (e->write_failed)
        return false;
    if (e->line.failed || (e->line.len < PIECE && !all))
        return true;
    if (e->line.len && fwrite(e->line.at, 1, e->line.len, e->out) != e->line.len)
        e->write_failed = true;
    if (!e->write_failed && all && fflush(e->out) != 0)
        e->write_failed = true;
    buf_clear(&e->line);
    return !e->write_failed;
}

int export_finish(struct export *e, int error)
{
    if (error < 0)
        return export_fails("%s", inventory_error(e->inv));
    if (e->line.failed)
        return export_fails("a row of the inventory is damaged or does not fit in memory");
    if (!export_flush(e, true))
        return export_fails("the output cannot be written: %s", strerror(errno));
    return EXIT_SUCCESS;
}

/* --- words ------------------------------------------------------------------------------------ */

const char *place_word(enum place_kind kind)
{
    static const char *const words[] = {"line", "page", "row", "cell", "message", "byte", "name"};

    return (unsigned)kind < sizeof words / sizeof words[0] ? words[kind] : "line";
}

/* Columns as spreadsheets name them: A to Z, AA, AB ... */
static size_t column_letters(uint32_t column, char ret[8])
{
    char backwards[8];
    size_t n = 0;

    for (; column > 0; column = (column - 1) / 26)
        backwards[n++] = (char)('A' + (column - 1) % 26);
    for (size_t i = 0; i < n; i++)
        ret[i] = backwards[n - 1 - i];
    ret[n] = '\0';
    return n;
}

void place_at(struct place place, char ret[48])
{
    char letters[8] = "";

    ret[0] = '\0';
    if (place.kind == PLACE_NAME)
        return;
    if (place.kind == PLACE_CELL)
        column_letters(place.b, letters);
    snprintf(ret, 48, "%s%" PRIu64, letters, place.a);
}

const char *confidence_word(enum confidence c)
{
    return c == CONFIDENCE_HIGH ? "high" : c == CONFIDENCE_MEDIUM ? "medium" : "low";
}
