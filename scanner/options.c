/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/options.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/buf.h"

/* --- the table ------------------------------------------------------------------------------- */

enum takes {
    TAKES_NOTHING,
    TAKES_TEXT,
    TAKES_LIST,
    TAKES_NUMBER,
    TAKES_SIZE,
    TAKES_SECONDS,
    TAKES_DATE_FROM,
    TAKES_DATE_TO,
    TAKES_DAY,
    TAKES_YES_NO,
    TAKES_HELP,
    TAKES_VERSION
};

#define ON(command) (1u << (command))
#define EVERY       (ON(COMMAND_NONE) | ON(COMMAND_SCAN) | READERS)
#define READERS     (ON(COMMAND_REPORT) | EXPORTS | ON(COMMAND_LOOKUP) | EXPLAIN)
#define EXPORTS     (ON(COMMAND_FINDINGS) | ON(COMMAND_COVERAGE))
#define SCAN        ON(COMMAND_SCAN)
#define EXPLAIN     ON(COMMAND_EXPLAIN)

struct option_row {
    const char *name;
    const char *argument; /* shown in --help; NULL: none */
    unsigned commands;
    enum takes takes;
    size_t field;
    const char *help;
    const char *one_of; /* NULL, or the words allowed, separated by spaces */
    uint64_t least, most;
};

#define FIELD(name) offsetof(struct options, name)

static const struct option_row rows[] = {
    {"case", "DIR", SCAN, TAKES_TEXT, FIELD(case_dir),
     "the case folder (made when missing; default ./constat-case)", NULL, 0, 0},
    {"case", "DIR", READERS, TAKES_TEXT, FIELD(case_dir),
     "the case folder (default ./constat-case)", NULL, 0, 0},
    {"key-file", "FILE", SCAN, TAKES_TEXT, FIELD(key_file),
     "keep the case key there instead of in CASE/case.key", NULL, 0, 0},
    {"key-file", "FILE", READERS, TAKES_TEXT, FIELD(key_file),
     "where the case key is, when it is not CASE/case.key", NULL, 0, 0},
    {"label", "NAME", SCAN, TAKES_LIST, FIELD(labels),
     "name of a PATH in every output, in the order of the PATHs (default: its last component)",
     NULL, 0, 0},
    {"jobs", "N", SCAN, TAKES_NUMBER, FIELD(jobs),
     "helper processes that read documents (default: one a core)", NULL, 1, 256},
    {"walk-threads", "N", SCAN, TAKES_NUMBER, FIELD(walk_threads),
     "threads that list folders; more help on a network share (default 4)", NULL, 1, 64},
    {"include", "GLOB", SCAN, TAKES_LIST, FIELD(include),
     "read only files that match; may be repeated.  * and ? stop at a slash, ** does not", NULL, 0,
     0},
    {"exclude", "GLOB", SCAN, TAKES_LIST, FIELD(exclude),
     "leave out files and folders that match; may be repeated.  They stay in the ledger as "
     "excluded",
     NULL, 0, 0},
    {"newer", "DATE", SCAN, TAKES_DATE_FROM, FIELD(newer),
     "leave out files last changed before that day (YYYY-MM-DD)", NULL, 0, 0},
    {"older", "DATE", SCAN, TAKES_DATE_TO, FIELD(older),
     "leave out files last changed after that day", NULL, 0, 0},
    {"max-file-size", "SIZE", SCAN, TAKES_SIZE, FIELD(max_file_size),
     "leave out larger files (e.g. 500M, 4G)", NULL, 0, 0},
    {"one-file-system", "yes|no", SCAN, TAKES_YES_NO, FIELD(one_file_system),
     "stay on the file system of each PATH (default yes)", NULL, 0, 0},
    {"rescan", NULL, SCAN, TAKES_NOTHING, FIELD(rescan),
     "read everything again, also what is unchanged since an earlier scan of this case", NULL, 0,
     0},
    {"reference-date", "DATE", SCAN, TAKES_DAY, FIELD(reference_date),
     "day at which ages are counted (default: the day the case is made; kept with the case)", NULL,
     0, 0},
    {"incident-date", "DATE", SCAN, TAKES_DAY, FIELD(incident_date),
     "day of the incident, at which minors are counted; kept with the case (default: the reference "
     "date)",
     NULL, 0, 0},
    {"incident-date", "DATE", ON(COMMAND_REPORT), TAKES_DAY, FIELD(incident_date),
     "the same for this report alone (default: what the last scan was given, else the reference "
     "date)",
     NULL, 0, 0},
    {"profile", "FILE", SCAN, TAKES_TEXT, FIELD(profile),
     "folder profile: which service and whose data each folder holds (docs/profile.md); kept with "
     "the case",
     NULL, 0, 0},
    {"profile", "FILE", ON(COMMAND_REPORT), TAKES_TEXT, FIELD(profile),
     "folder profile for this report alone (default: what the last scan was given)", NULL, 0, 0},
    {"max-depth", "N", SCAN, TAKES_NUMBER, FIELD(limits.depth) /* uint32_t, see store() */,
     "containers inside containers that are opened (default 16)", NULL, 1, 100},
    {"max-unpacked", "SIZE", SCAN, TAKES_SIZE, FIELD(limits.bytes),
     "bytes unpacked from one file at most (default 64G)", NULL, 0, 0},
    {"max-ratio", "N", SCAN, TAKES_NUMBER, FIELD(limits.ratio),
     "expansion of one file at most, judged above 64 MiB (default 250)", NULL, 2, 1000000},
    {"max-members", "N", SCAN, TAKES_NUMBER, FIELD(limits.members),
     "members of one file at most (default 5000000)", NULL, 1, UINT64_MAX},
    {"max-item-time", "SECONDS", SCAN, TAKES_SECONDS, FIELD(limits.seconds_cap),
     "time for one file at most, however large (default 24h)", NULL, 1, 1000000},
    {"silence", "SECONDS", SCAN, TAKES_SECONDS, FIELD(silence_seconds),
     "time after which a helper that shows no work is ended (default 120)", NULL, 1, 1000000},
    {"helper-memory", "SIZE", SCAN, TAKES_SIZE, FIELD(helper_memory),
     "memory of one helper at most (default 480M)", NULL, 0, 0},
    {"insecure-no-sandbox", NULL, SCAN, TAKES_NOTHING, FIELD(insecure_no_sandbox),
     "go on where the kernel cannot lock helpers in.  A hostile file may then take over the user",
     NULL, 0, 0},
    {"no-report", NULL, SCAN, TAKES_NOTHING, FIELD(no_report),
     "only fill the case; write reports later with `constat report`", NULL, 0, 0},
    {"lang", "LIST", SCAN | ON(COMMAND_REPORT), TAKES_TEXT, FIELD(languages),
     "languages of the report, the first one is report.html (default fr,nl,de,en)", NULL, 0, 0},
    {"folder-depth", "N", SCAN | ON(COMMAND_REPORT), TAKES_NUMBER, FIELD(folder_depth),
     "folder levels shown in reports (default 2)", NULL, 1, 64},
    {"format", "FORMAT", EXPORTS, TAKES_TEXT, FIELD(export_format), "jsonl (default) or csv",
     "jsonl csv", 0, 0},
    {"kind", "KIND", ON(COMMAND_FINDINGS), TAKES_TEXT, FIELD(kind), "only this kind, e.g. be-nrn",
     NULL, 0, 0},
    {"min-confidence", "LEVEL", ON(COMMAND_FINDINGS), TAKES_TEXT, FIELD(min_confidence),
     "low (default), medium or high", "low medium high", 0, 0},
    {"outcome", "OUTCOME", ON(COMMAND_COVERAGE), TAKES_TEXT, FIELD(outcome),
     "only items that ended so, e.g. encrypted",
     "read partial encrypted damaged unsupported over-limit denied changed crashed timeout special "
     "excluded",
     0, 0},
    {"lang", "LANG", EXPLAIN, TAKES_TEXT, FIELD(explain_language),
     "language: fr, nl, de or en (default: that of your locale)", "fr nl de en", 0, 0},
    {"limit", "N", EXPLAIN, TAKES_NUMBER, FIELD(limit),
     "documents of a token, and findings of a file, that are shown (default 20)", NULL, 1, 1000000},
    {"json", NULL, EXPLAIN, TAKES_NOTHING, FIELD(json), "JSON lines instead of a text", NULL, 0, 0},
    {"clear-names", NULL, EXPORTS | EXPLAIN, TAKES_NOTHING, FIELD(clear_names),
     "show identifiers that stand in names; this is written to the case's log", NULL, 0, 0},
    {"log", "FILE", SCAN, TAKES_TEXT, FIELD(log_file),
     "append JSON lines about the run (never a value; default CASE/run.log)", NULL, 0, 0},
    {"quiet", NULL, SCAN, TAKES_NOTHING, FIELD(quiet), "no progress, only errors", NULL, 0, 0},
    {"help", NULL, EVERY, TAKES_HELP, 0, "this text", NULL, 0, 0},
    {"version", NULL, EVERY, TAKES_VERSION, 0, "version and licence", NULL, 0, 0},
};

struct command_row {
    enum command command;
    const char *name, *usage, *what, *more;
};

static const struct command_row commands[] = {
    {COMMAND_SCAN, "scan", "scan PATH... [--case DIR] [OPTION]...",
     "read a restored share or backup and write the impact inventory",
     "Every file is opened by a locked-in helper process, every archive unpacked; what could not "
     "be\n"
     "read is listed with the reason.  The source is never changed.  Kill it at any moment: the\n"
     "same command goes on where it was.  At the end CASE/report.html holds the report.\n\n"
     "Example: constat scan /mnt/restored/share --case /srv/cases/2026-11 --jobs 8\n"},
    {COMMAND_REPORT, "report", "report --case DIR [OPTION]...",
     "write the reports of a case again; the source is not needed", ""},
    {COMMAND_FINDINGS, "findings", "findings --case DIR [OPTION]...",
     "one row for each document, kind and token, on standard output",
     "A token stands for one value (one national number, one account) everywhere in the case; the\n"
     "values themselves are not stored.\n"},
    {COMMAND_COVERAGE, "coverage", "coverage --case DIR [OPTION]...",
     "the ledger: one row for each file and member, and how it ended", ""},
    {COMMAND_LOOKUP, "lookup", "lookup --case DIR < IDENTIFIERS",
     "is this person in it?  Identifiers on standard input, one a line",
     "Identifiers are read from standard input only, so that they never stand in the shell's\n"
     "history; each query is logged in the case as a token.\n"},
    {COMMAND_EXPLAIN, "explain", "explain --case DIR TOKEN|PATH... [OPTION]...",
     "why something was found, or what became of a file, in plain words",
     "TOKEN is the code that stands for a value, as `constat findings` and masked names show it:\n"
     "all 32 characters or the first 6 or more.  PATH is a file as `constat coverage` names it,\n"
     "with or without the root before it; a member of an archive is written archive.zip!member;\n"
     "* and ? stop at a slash, ** does not.  No value is ever shown: none is stored.\n\n"
     "Example: constat explain --case /srv/cases/2026-11 14a93a2a \"Personnel/**\"\n"},
};

static const struct command_row *command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

/* --- help ------------------------------------------------------------------------------------ */

static void print_wrapped(FILE *out, const char *text, size_t indent)
{
    size_t column = indent;

    while (*text) {
        size_t word = strcspn(text, " ");

        if (column > indent && column + 1 + word > 96) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, word, out);
        column += word;
        text += word;
        while (*text == ' ')
            text++;
    }
    fputc('\n', out);
}

static void print_help(FILE *out, const struct command_row *command)
{
    if (!command) {
        fputs("constat - whose personal data, which, how many, how bad: the impact inventory of a\n"
              "restored share or backup after a cyberattack (GDPR Articles 33 and 34)\n\n"
              "Usage: constat COMMAND [OPTION]...\n\nCommands:\n",
              out);
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
            fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].what);
        fputs(
            "\nconstat COMMAND --help tells the options of each.\n\n"
            "Exit status: 0 everything was read; 3 done, with gaps (constat coverage lists them);\n"
            "1 failed; 2 wrong usage; 130 interrupted, the same command continues.\n",
            out);
        return;
    }
    fprintf(out, "Usage: constat %s\n\n%c%s.\n%s%s\nOptions:\n", command->usage,
            command->what[0] - 'a' + 'A', command->what + 1, *command->more ? "\n" : "",
            command->more);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(rows[i].commands & ON(command->command)))
            continue;
        char left[64];

        snprintf(left, sizeof left, "  --%s%s%s", rows[i].name, rows[i].argument ? "=" : "",
                 rows[i].argument ? rows[i].argument : "");
        fprintf(out, "%-28s", left);
        if (strlen(left) >= 28)
            fprintf(out, "\n%28s", "");
        print_wrapped(out, rows[i].help, 28);
    }
    fputs(command->command == COMMAND_SCAN
              ? "\nDates are written YYYY-MM-DD; sizes take K, M, G, T; times s, m, h, d.  An option "
                "may be\ngiven as --name VALUE or --name=VALUE.\n"
              : "\nAn option may be given as --name VALUE or --name=VALUE.\n",
          out);
}

static void print_version(void)
{
    puts("constat " CONSTAT_VERSION "\n"
         "Licence: EUPL-1.2 or GPL-3.0-or-later for the source; this program, linked with its\n"
         "libraries, is under the GNU General Public License, version 3.  No warranty.");
}

/* --- values ---------------------------------------------------------------------------------- */

static bool parse_number(const char *text, const char *units, const uint64_t *factors,
                         uint64_t *ret)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    unsigned long long v = strtoull(text, &end, 10);

    if (*end) {
        const char *unit = strchr(units, *end);

        if (!unit || end[1] || __builtin_mul_overflow(v, factors[unit - units], &v))
            return false;
    }
    *ret = v;
    return true;
}

static bool parse_size(const char *text, uint64_t *ret)
{
    static const uint64_t factors[] = {1u << 10, 1u << 20, 1u << 30, 1ull << 40,
                                       1u << 10, 1u << 20, 1u << 30, 1ull << 40};

    return parse_number(text, "KMGTkmgt", factors, ret);
}

static bool parse_seconds(const char *text, uint64_t *ret)
{
    static const uint64_t factors[] = {1, 60, 3600, 86400};

    return parse_number(text, "smhd", factors, ret);
}

static bool parse_day(const char *text, struct tm *ret)
{
    unsigned year, month, day;
    int used = 0;

    if (sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &used) != 3 || text[used] ||
        year < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *ret = (struct tm){.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day};
    struct tm check = *ret;

    return timegm(&check) != -1 && check.tm_mday == (int)day && check.tm_mon == (int)month - 1;
}

static bool is_one_of(const char *words, const char *value)
{
    size_t len = strlen(value);

    for (const char *at = words; len > 0 && (at = strstr(at, value)); at++) {
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
}

static bool store(struct options *o, const struct option_row *row, const char *value)
{
    void *field = (char *)o + row->field;
    uint64_t number = 0;
    struct tm day;

    switch (row->takes) {
    case TAKES_NOTHING:
        *(bool *)field = true;
        return true;
    case TAKES_TEXT:
        *(const char **)field = value;
        return *value && (!row->one_of || is_one_of(row->one_of, value));
    case TAKES_LIST: {
        struct option_list *list = field;

        if (list->n == OPTION_LIST_MAX)
            return false;
        list->at[list->n++] = value;
        return *value != '\0';
    }
    case TAKES_NUMBER:
    case TAKES_SECONDS:
        if (row->takes == TAKES_NUMBER ? !parse_number(value, "", NULL, &number)
                                       : !parse_seconds(value, &number))
            return false;
        if (number < row->least || number > row->most)
            return false;
        if (field == &o->limits.depth || field == &o->limits.ratio)
            *(uint32_t *)field = (uint32_t)number;
        else
            *(uint64_t *)field = number;
        return true;
    case TAKES_SIZE:
        return parse_size(value, field);
    case TAKES_DATE_FROM:
    case TAKES_DATE_TO:
        if (!parse_day(value, &day))
            return false;
        *(int64_t *)field = timegm(&day) + (row->takes == TAKES_DATE_TO ? 86399 : 0);
        return true;
    case TAKES_DAY:
        if (!parse_day(value, &day))
            return false;
        *(uint64_t *)field = (uint64_t)(day.tm_year + 1900) * 10000 +
                             (uint64_t)(day.tm_mon + 1) * 100 + (uint64_t)day.tm_mday;
        return true;
    case TAKES_YES_NO:
        *(bool *)field = strcmp(value, "yes") == 0;
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    case TAKES_HELP:
    case TAKES_VERSION:
        break;
    }
    return true;
}

static int usage(const struct command_row *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int usage(const struct command_row *command, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("constat: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry: constat %s%s--help\n", command ? command->name : "",
            command ? " " : "");
    return EXIT_USAGE;
}

/* The value itself is not repeated: it may be somebody's number. */
static int refuse_value(const struct command_row *command, const struct option_row *row)
{
    const char *wanted = "a text that is not empty";

    if (row->one_of)
        return usage(command, "--%s takes one of: %s", row->name, row->one_of);
    switch (row->takes) {
    case TAKES_NUMBER:
    case TAKES_SECONDS:
        if (row->most == UINT64_MAX)
            return usage(command, "--%s takes a number from %" PRIu64, row->name, row->least);
        return usage(command, "--%s takes a number from %" PRIu64 " to %" PRIu64 "%s", row->name,
                     row->least, row->most, row->takes == TAKES_SECONDS ? ", or 90s, 5m, 2h" : "");
    case TAKES_SIZE:
        wanted = "a size, e.g. 500M or 4G";
        break;
    case TAKES_DATE_FROM:
    case TAKES_DATE_TO:
    case TAKES_DAY:
        wanted = "a day of the calendar from 1900 on, as YYYY-MM-DD";
        break;
    case TAKES_YES_NO:
        wanted = "yes or no";
        break;
    case TAKES_LIST:
        return usage(command, "--%s takes a text that is not empty, %d times at most", row->name,
                     OPTION_LIST_MAX);
    case TAKES_NOTHING:
    case TAKES_TEXT:
    case TAKES_HELP:
    case TAKES_VERSION:
        break;
    }
    return usage(command, "--%s takes %s", row->name, wanted);
}

static const struct option_row *row_find(const struct command_row *command, const char *name,
                                         size_t len)
{
    unsigned on = command ? ON(command->command) : ON(COMMAND_NONE);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((rows[i].commands & on) && strlen(rows[i].name) == len &&
            memcmp(rows[i].name, name, len) == 0)
            return &rows[i];
    }
    return NULL;
}

static void set_defaults(struct options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    *o = (struct options){
        .case_dir = "constat-case",
        .jobs = cores < 1     ? 1
                : cores > 256 ? 256
                              : (uint64_t)cores,
        .walk_threads = 4,
        .newer = INT64_MIN,
        .older = INT64_MAX,
        .max_file_size = UINT64_MAX,
        .one_file_system = true,
        .limits = limits_default(),
        .helper_memory = 480u << 20,
        .silence_seconds = 120,
        .languages = "fr,nl,de,en",
        .folder_depth = 2,
        .export_format = "jsonl",
        .min_confidence = "low",
        .limit = 20,
    };
}

int options_parse(int argc, char **argv, struct options *ret)
{
    const struct command_row *command = NULL;
    bool only_paths = false;

    set_defaults(ret);
    if (argc < 2) {
        print_help(stderr, NULL);
        return EXIT_USAGE;
    }
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];

        if (!only_paths && strcmp(arg, "--") == 0) {
            only_paths = true;
            continue;
        }
        if (only_paths || arg[0] != '-' || arg[1] == '\0') {
            if (!command && !only_paths) {
                command = command_find(arg);
                if (!command)
                    return usage(NULL, "no such command: %s", arg);
                ret->command = command->command;
            } else if (ret->command != COMMAND_SCAN && ret->command != COMMAND_EXPLAIN) {
                return command->command == COMMAND_LOOKUP
                           ? usage(command, "identifiers are read from standard input only")
                           : usage(command, "argument %d is not expected here", i);
            } else if (ret->paths.n == OPTION_LIST_MAX) {
                return usage(command, "%d of them at most", OPTION_LIST_MAX);
            } else {
                ret->paths.at[ret->paths.n++] = arg;
            }
            continue;
        }
        if (strcmp(arg, "-h") == 0)
            arg = "--help";
        size_t len = strcspn(arg + (arg[1] == '-' ? 2 : 0), "=");
        const struct option_row *row = arg[1] == '-' ? row_find(command, arg + 2, len) : NULL;

        if (!row)
            return usage(command, "no such option here: %s", arg);
        if (row->takes == TAKES_HELP) {
            print_help(stdout, command);
            return 0;
        }
        if (row->takes == TAKES_VERSION) {
            print_version();
            return 0;
        }
        const char *value = arg[2 + len] == '=' ? arg + 3 + len : NULL;

        if (row->takes == TAKES_NOTHING) {
            if (value)
                return usage(command, "%s takes no value", arg);
        } else if (!value) {
            if (i + 1 >= argc)
                return usage(command, "%s needs a value", arg);
            value = argv[++i];
        }
        if (!store(ret, row, value ? value : ""))
            return refuse_value(command, row);
    }
    if (!command)
        return usage(NULL, "a command comes first, e.g. constat scan PATH");
    if (ret->command == COMMAND_SCAN && ret->paths.n == 0)
        return usage(command, "no PATH given: what shall be scanned?");
    if (ret->command == COMMAND_EXPLAIN && ret->paths.n == 0)
        return usage(command, "no TOKEN or PATH given: what shall be explained?");
    if (ret->labels.n > ret->paths.n)
        return usage(command, "more --label than PATHs");
    if (ret->newer > ret->older)
        return usage(command, "--newer and --older leave nothing between them");
    if (ret->helper_memory < (64u << 20))
        return usage(command, "--helper-memory must be 64M at least");
    return -1;
}

char *options_json(const struct options *o)
{
    struct buf b;

    buf_init(&b, 1 << 16);
    buf_printf(&b,
               "{\"jobs\":%" PRIu64 ",\"walk_threads\":%" PRIu64 ",\"include\":%u,\"exclude\":%u,"
               "\"one_file_system\":%s,\"rescan\":%s,\"max_depth\":%" PRIu32
               ",\"max_unpacked\":%" PRIu64 ",\"max_ratio\":%" PRIu32 ",\"max_members\":%" PRIu64
               ",\"max_item_time\":%" PRIu64 ",\"silence\":%" PRIu64 ",\"helper_memory\":%" PRIu64
               ",\"sandbox\":%s",
               o->jobs, o->walk_threads, o->include.n, o->exclude.n,
               o->one_file_system ? "true" : "false", o->rescan ? "true" : "false", o->limits.depth,
               o->limits.bytes, o->limits.ratio, o->limits.members, o->limits.seconds_cap,
               o->silence_seconds, o->helper_memory, o->insecure_no_sandbox ? "false" : "true");
    if (o->newer != INT64_MIN)
        buf_printf(&b, ",\"newer\":%" PRId64, o->newer);
    if (o->older != INT64_MAX)
        buf_printf(&b, ",\"older\":%" PRId64, o->older);
    if (o->max_file_size != UINT64_MAX)
        buf_printf(&b, ",\"max_file_size\":%" PRIu64, o->max_file_size);
    buf_add_text(&b, "}");
    if (b.failed)
        buf_release(&b);
    return b.at;
}
