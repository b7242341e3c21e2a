/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "report/figures.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "report/options.h"
#include "scanner/base/cleanup.h"
#include "scanner/base/json.h"

enum { FLUSH_AT = 64 * 1024, CEILING = 8 * 1024 * 1024 };

struct figures {
    struct buf out;
    struct json j;
    int fd;
    int error;
};

static void flush(struct figures *g)
{
    size_t done = 0;

    if (g->out.failed && g->error == 0)
        g->error = -ENOMEM;
    while (g->error == 0 && done < g->out.len) {
        ssize_t n = write(g->fd, g->out.at + done, g->out.len - done);

        if (n < 0 && errno != EINTR)
            g->error = -errno;
        else if (n > 0)
            done += (size_t)n;
    }
    buf_clear(&g->out);
}

static void flush_if_full(struct figures *g)
{
    if (g->out.len >= FLUSH_AT)
        flush(g);
}

static void put(struct figures *g, const char *key, uint64_t n)
{
    json_key(&g->j, key);
    json_unsigned(&g->j, n);
}

static void put_text(struct figures *g, const char *key, const char *text)
{
    json_key(&g->j, key);
    if (text)
        json_string(&g->j, span_of(text));
    else
        json_null(&g->j);
}

static void open_object(struct figures *g, const char *key)
{
    json_key(&g->j, key);
    json_object(&g->j);
}

static void put_date(struct figures *g, const char *key, uint32_t yyyymmdd)
{
    char text[48];

    snprintf(text, sizeof text, "%04u-%02u-%02u", yyyymmdd / 10000, yyyymmdd / 100 % 100,
             yyyymmdd % 100);
    put_text(g, key, text);
}

static void put_confidences(struct figures *g, const char *key, const uint64_t by[4])
{
    open_object(g, key);
    put(g, "high", by[CONFIDENCE_HIGH]);
    put(g, "medium", by[CONFIDENCE_MEDIUM]);
    put(g, "low", by[CONFIDENCE_LOW]);
    json_end_object(&g->j);
}

/* What brought identifiers together, and what kept them apart. */
static void ties(struct figures *g, const struct person_counts *p)
{
    open_object(g, "links");
    put(g, "same_row", p->tied_row);
    put(g, "same_form", p->tied_form);
    put(g, "one_person_document", p->tied_document);
    put(g, "same_name_and_birth_date", p->by_name.same_birth);
    put(g, "same_name_and_address", p->by_name.same_address);
    json_end_object(&g->j);
    open_object(g, "kept_apart");
    put(g, "shared_by_several", p->shared);
    put(g, "records_with_several_numbers", p->conflicts.several_numbers);
    put(g, "birth_dates_differ", p->conflicts.birth_dates);
    json_end_object(&g->j);
}

static void groups(struct figures *g, const struct facts *f)
{
    json_key(&g->j, "groups");
    if (!f->profile) {
        json_null(&g->j);
        return;
    }
    json_object(&g->j);
    for (unsigned i = 0; i < PERSON_GROUPS; i++)
        put(g, person_groups[i].key, f->persons.by_group[i]);
    put(g, "none", f->persons.no_group);
    json_end_object(&g->j);
}

static void persons(struct figures *g, const struct facts *f)
{
    const struct person_counts *p = &f->persons;
    const struct coverage_facts *c = &f->coverage;

    open_object(g, "persons");
    put(g, "at_least", p->at_least);
    put(g, "about", p->about);
    put(g, "at_most", p->at_most);
    put_confidences(g, "national_numbers", p->numbers);
    json_key(&g->j, "expected_coincidences_thousandths");
    if (p->expected_known)
        json_unsigned(&g->j, p->expected_milli);
    else
        json_null(&g->j);
    put(g, "coincidences_taken_off", p->coincidences);
    put(g, "by_name_and_birth_date", p->by_name.by_birth);
    put(g, "by_name_and_address", p->by_name.by_address);
    put(g, "identity_documents_alone", p->documents_alone);
    put(g, "perhaps_namesakes", p->by_name.perhaps);
    put(g, "perhaps_other_spellings", p->by_name.doubles);
    put(g, "names_alone", p->by_name.names);
    put(g, "other_identifiers_alone", p->hints);
    ties(g, p);
    groups(g, f);
    open_object(g, "may_hide_more");
    put(g, "files", c->unread.files + c->partial.files);
    put(g, "bytes", c->unread.bytes + c->partial.bytes);
    put(g, "members", c->members_unread);
    json_end_object(&g->j);
    json_key(&g->j, "ages");
    if (p->ages_known) {
        json_object(&g->j);
        put_date(g, "on", p->ages_on);
        put(g, "of_numbers", p->dated_numbers);
        put(g, "of_names", p->dated_names);
        put(g, "minors", p->minors);
        put(g, "from_18_to_64", p->adults);
        put(g, "from_65_to_105", p->seniors);
        put(g, "over_105", p->over_105);
        put(g, "unknown", p->unknown_birth);
        put(g, "bis_numbers", p->bis);
        json_end_object(&g->j);
    } else {
        json_null(&g->j);
    }
    json_end_object(&g->j);
}

static void records(struct figures *g, const struct facts *f)
{
    const struct record_facts *r = &f->records;

    open_object(g, "records");
    put(g, "rows", r->rows);
    put(g, "messages", r->messages);
    put(g, "pages", r->pages);
    put(g, "documents", r->documents);
    put(g, "files", r->files);
    put(g, "members", r->members);
    put(g, "occurrences", r->occurrences);
    put(g, "findings", f->findings);
    put(g, "damaged_blocks", f->damaged_blocks);
    put(g, "copied_contents", f->copies.contents);
    put(g, "copies", f->copies.documents);
    json_end_object(&g->j);
}

/* Of a category that has a vocabulary: its terms, and whose records they stand in. */
static void terms(struct figures *g, const struct category_facts *c)
{
    json_key(&g->j, "terms");
    if (!c->vocabulary) {
        json_null(&g->j);
        return;
    }
    json_object(&g->j);
    put(g, "persons_in_same_record", c->persons);
    put(g, "documents_with_persons", c->documents_with);
    put(g, "documents_without_persons", c->documents_without);
    put(g, "occurrences", c->terms);
    json_end_object(&g->j);
}

static void list_categories(struct figures *g, const struct facts *f)
{
    json_key(&g->j, "categories");
    json_array(&g->j);
    for (unsigned i = 0; i < categories_count; i++) {
        const struct category_facts *c = &f->categories[i];

        if (c->occurrences == 0 && c->terms == 0)
            continue;
        json_object(&g->j);
        put_text(g, "category", categories[i].key);
        put(g, "values", c->values);
        put(g, "values_high", c->sure);
        put(g, "documents", c->documents);
        put(g, "occurrences", c->occurrences);
        terms(g, c);
        json_end_object(&g->j);
    }
    json_end_array(&g->j);
}

static void list_kinds(struct figures *g, const struct facts *f)
{
    json_key(&g->j, "kinds");
    json_array(&g->j);
    for (unsigned i = 0; i < f->n_kind_order; i++) {
        const struct kind_facts *k = &f->kinds[f->kind_order[i]];

        json_object(&g->j);
        put_text(g, "kind", k->name);
        put_text(g, "category", k->about.category);
        put_confidences(g, "values", k->distinct);
        put_confidences(g, "values_alone", k->unlinked);
        put(g, "values_shared", k->shared);
        put(g, "documents", k->documents);
        put(g, "occurrences", k->occurrences);
        json_end_object(&g->j);
    }
    json_end_array(&g->j);
}

static void put_folder_name(struct figures *g, const struct facts *f, const struct folder_facts *x)
{
    put_text(g, "root", x->path ? f->roots[x->root].label : NULL);
    put_text(g, "path", x->path);
}

static void list_folders(struct figures *g, const struct facts *f)
{
    json_key(&g->j, "folders");
    json_array(&g->j);
    for (uint32_t i = 0; i < f->n_folders; i++) {
        const struct folder_facts *x = &f->folders[i];

        json_object(&g->j);
        put_folder_name(g, f, x);
        put(g, "files", x->files.files);
        put(g, "bytes", x->files.bytes);
        put(g, "not_read", x->items_unread);
        put(g, "documents", x->documents);
        put(g, "copies", x->copies);
        put(g, "occurrences", x->occurrences);
        put(g, "values", x->values);
        put(g, "persons_high", x->persons_sure);
        put(g, "persons_medium", x->persons_medium);
        json_end_object(&g->j);
        flush_if_full(g);
    }
    json_end_array(&g->j);
}

static void copy_folders(struct figures *g, const struct facts *f, const struct copy_folders *list)
{
    json_key(&g->j, "folders");
    json_array(&g->j);
    for (unsigned i = 0; i < list->n_top; i++) {
        json_object(&g->j);
        put_folder_name(g, f, &f->folders[list->top[i].folder]);
        put(g, "documents", list->top[i].documents);
        json_end_object(&g->j);
    }
    json_end_array(&g->j);
    put(g, "more_folders", list->more);
}

/* Documents of the same content. */
static void list_copies(struct figures *g, const struct facts *f)
{
    const struct copies_facts *c = &f->copies;

    open_object(g, "copies");
    put(g, "documents", c->contents + c->documents);
    put(g, "groups", c->contents);
    copy_folders(g, f, &c->folders);
    json_key(&g->j, "largest");
    json_array(&g->j);
    for (unsigned i = 0; i < c->n_largest; i++) {
        json_object(&g->j);
        put(g, "documents", c->largest[i].documents);
        put(g, "findings", c->largest[i].findings);
        copy_folders(g, f, &c->largest[i].folders);
        json_end_object(&g->j);
    }
    json_end_array(&g->j);
    json_end_object(&g->j);
    flush_if_full(g);
}

static void put_chance(struct figures *g, const struct kind_facts *k, const struct chance_facts *c)
{
    put(g, "candidates", c->candidates);
    put(g, "passed", c->passed);
    put(g, "unsupported", c->unsupported);
    put(g, "unsupported_passed", c->unsupported_passed);
    json_key(&g->j, "expected_coincidences_thousandths");
    if (k->chance_known)
        json_unsigned(&g->j, c->expected_milli);
    else
        json_null(&g->j);
}

static void coverage(struct figures *g, const struct facts *f)
{
    static const char *const classes[ENTRY_CLASSES] = {"folders", "links", "special_files",
                                                       "mount_points"};
    const struct coverage_facts *c = &f->coverage;

    open_object(g, "coverage");
    put(g, "files", c->files.files);
    put(g, "bytes", c->files.bytes);
    put(g, "members", c->members);
    open_object(g, "by_outcome");
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        open_object(g, outcome_word((enum outcome)o));
        put(g, "files", c->by_outcome[o].files.files);
        put(g, "bytes", c->by_outcome[o].files.bytes);
        put(g, "members", c->by_outcome[o].members);
        json_end_object(&g->j);
    }
    json_end_object(&g->j);
    open_object(g, "other_entries");
    for (unsigned i = 0; i < ENTRY_CLASSES; i++) {
        open_object(g, classes[i]);
        put(g, "entries", c->entries[i]);
        put(g, "inaccessible", c->entries_unread[i]);
        json_end_object(&g->j);
    }
    json_end_object(&g->j);
    json_key(&g->j, "roots");
    json_array(&g->j);
    for (unsigned i = 0; i < f->n_roots; i++) {
        const struct root_facts *r = &f->roots[i];

        json_object(&g->j);
        put_text(g, "root", r->label);
        put(g, "files", r->all.files);
        put(g, "bytes", r->all.bytes);
        put(g, "files_read", r->read.files);
        put(g, "bytes_read", r->read.bytes);
        json_key(&g->j, "chance");
        json_array(&g->j);
        for (unsigned n = 0; n < f->n_kinds; n++) {
            const struct kind_facts *k = &f->kinds[f->by_name[n]];
            const struct chance_facts *chance = &r->chance[f->by_name[n]];

            if (chance->candidates == 0)
                continue;
            json_object(&g->j);
            put_text(g, "kind", k->name);
            put_chance(g, k, chance);
            json_end_object(&g->j);
        }
        json_end_array(&g->j);
        json_end_object(&g->j);
        flush_if_full(g);
    }
    json_end_array(&g->j);
    json_end_object(&g->j);
}

/* The folder profile, as the controller wrote it, with what lies there. */
static void profile(struct figures *g, const struct facts *f)
{
    json_key(&g->j, "profile");
    if (!f->profile) {
        json_null(&g->j);
        return;
    }
    json_array(&g->j);
    for (unsigned i = 0; i < f->profile->n; i++) {
        const struct profile_entry *e = &f->profile->entries[i];
        const struct service_facts *s = &f->services[i];

        json_object(&g->j);
        put_text(g, "service", e->service);
        put_text(g, "activity", e->activity);
        json_key(&g->j, "persons");
        json_array(&g->j);
        for (unsigned n = 0; n < PERSON_GROUPS; n++) {
            if (e->groups >> n & 1)
                json_string(&g->j, span_of(person_groups[n].key));
        }
        json_end_array(&g->j);
        put_text(g, "confidentiality", confidentiality_words[e->confidentiality].key);
        put(g, "files", s->files.files);
        put(g, "bytes", s->files.bytes);
        put(g, "documents", s->documents);
        put(g, "occurrences", s->occurrences);
        json_end_object(&g->j);
        flush_if_full(g);
    }
    json_end_array(&g->j);
}

static void not_read(struct figures *g, const struct facts *f)
{
    json_key(&g->j, "not_read");
    json_array(&g->j);
    for (unsigned i = 0; i < f->n_gaps; i++) {
        const struct gap_facts *gap = &f->gaps[i];

        json_object(&g->j);
        put_text(g, "outcome", outcome_word(gap->outcome));
        put_text(g, "reason", gap->reason);
        put(g, "files", gap->files.files);
        put(g, "bytes", gap->files.bytes);
        put(g, "members", gap->members);
        put(g, "other_entries", gap->others);
        json_key(&g->j, "folders");
        json_array(&g->j);
        for (unsigned n = 0; n < gap->n_top; n++) {
            json_object(&g->j);
            put_folder_name(g, f, &f->folders[gap->top[n].folder]);
            put(g, "items", gap->top[n].items);
            put(g, "bytes", gap->top[n].bytes);
            json_end_object(&g->j);
        }
        json_end_array(&g->j);
        put(g, "more_folders", gap->more_folders);
        json_end_object(&g->j);
        flush_if_full(g);
    }
    json_end_array(&g->j);
}

static void method(struct figures *g, const struct facts *f)
{
    open_object(g, "method");
    put_text(g, "rules_digest", f->run.rules_digest);
    json_key(&g->j, "detectors");
    json_array(&g->j);
    for (unsigned i = 0; i < f->n_kinds; i++) {
        const struct kind_facts *k = &f->kinds[f->by_name[i]];

        json_object(&g->j);
        put_text(g, "kind", k->name);
        put(g, "version", k->version);
        json_key(&g->j, "look_alike");
        json_bool(&g->j, k->look_alike);
        json_key(&g->j, "chance_per_billion");
        if (k->chance_known)
            json_unsigned(&g->j, k->chance_billion);
        else
            json_null(&g->j);
        put_chance(g, k, &k->chance);
        json_end_object(&g->j);
    }
    json_end_array(&g->j);
    json_end_object(&g->j);
}

static void run(struct figures *g, const struct facts *f)
{
    const struct run *r = &f->run;
    char *options = options_canonical(r->options);

    open_object(g, "run");
    put(g, "id", (uint64_t)r->id);
    put_text(g, "state", r->state);
    json_key(&g->j, "started");
    json_signed(&g->j, r->started);
    json_key(&g->j, "finished");
    json_signed(&g->j, r->finished);
    put_text(g, "tool_version", r->tool_version);
    put_text(g, "build_id", r->build_id);
    put_text(g, "host", r->host);
    put_text(g, "kernel", r->kernel);
    put_text(g, "user", r->user);
    put(g, "helpers_replaced", r->helpers_replaced);
    put(g, "runs", f->runs);
    put(g, "runs_interrupted", f->runs_interrupted);
    json_key(&g->j, "roots");
    json_array(&g->j);
    for (unsigned i = 0; i < f->n_given; i++) {
        json_object(&g->j);
        put_text(g, "root", f->given[i].label);
        put_text(g, "path", f->given[i].path);
        json_end_object(&g->j);
    }
    json_end_array(&g->j);
    json_key(&g->j, "options");
    if (options) {
        buf_add_text(&g->out, options); /* valid JSON: it was just written by the JSON library */
        g->j.after_key = false;
    } else {
        json_null(&g->j);
    }
    free(options);
    json_end_object(&g->j);
}

int figures_write(int fd, const struct facts *f)
{
    struct figures g = {.fd = fd};

    buf_init(&g.out, CEILING);
    g.j = json_to(&g.out);
    json_object(&g.j);
    put_text(&g, "format", "constat-report");
    put(&g, "format_version", 1);
    put_date(&g, "reference_date", f->today);
    put(&g, "folder_depth", f->depth);
    json_key(&g.j, "scan_finished");
    json_bool(&g.j, f->finished);
    persons(&g, f);
    records(&g, f);
    list_categories(&g, f);
    list_kinds(&g, f);
    list_folders(&g, f);
    list_copies(&g, f);
    profile(&g, f);
    coverage(&g, f);
    not_read(&g, f);
    method(&g, f);
    flush(&g);
    run(&g, f);
    json_end_object(&g.j);
    buf_add_byte(&g.out, '\n');
    flush(&g);
    buf_release(&g.out);
    return g.error;
}
