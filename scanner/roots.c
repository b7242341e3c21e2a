/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/roots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/cleanup.h"

static bool fail(struct root_list *list, const char *path, const char *why)
{
    snprintf(list->error, sizeof list->error, "%s: %s", path, why);
    return false;
}

bool roots_open(struct root_list *list, const struct options *o)
{
    for (unsigned i = 0; i < o->paths.n; i++) {
        const char *path = o->paths.at[i];
        struct root *r = &list->at[list->n];
        struct stat st;

        buf_init(&r->findings, FINDING_BLOCK_MAX);
        r->fd = open(path, O_PATH | O_CLOEXEC);
        if (r->fd < 0)
            return fail(list, path, strerror(errno));
        list->n++;
        r->is_folder = fstat(r->fd, &st) == 0 && S_ISDIR(st.st_mode);
        r->raw_path = realpath(path, NULL);
        if (!r->raw_path)
            return fail(list, path, strerror(errno));
        const char *last = strrchr(r->raw_path, '/') + 1;

        r->name = strdup(*last ? last : "root");
        r->raw_label = strdup(i < o->labels.n ? o->labels.at[i] : r->name ? r->name : "");
        if (!r->name || !r->raw_label)
            return fail(list, path, strerror(ENOMEM));
    }
    return true;
}

void roots_close(struct root_list *list)
{
    for (unsigned i = 0; i < list->n; i++) {
        struct root *r = &list->at[i];

        close(r->fd);
        free(r->name);
        free(r->raw_label);
        free(r->raw_path);
        free(r->label_text);
        free(r->path_text);
        buf_release(&r->findings);
    }
    list->n = 0;
}

struct masking {
    char *ret[2];
    struct root *root;
};

static void on_member(void *ctx, unsigned item, const struct member_record *m)
{
    struct masking *masking = ctx;

    if (m->member == 0 && item < 2 && !masking->ret[item])
        masking->ret[item] = strndup(m->name.at, m->name.len);
    if (m->member == 0 && item == 1)
        masking->root->n_findings = m->findings;
}

static void on_findings(void *ctx, unsigned item, uint64_t member, struct span block)
{
    struct masking *masking = ctx;

    if (item == 1 && member == 0)
        buf_add_span(&masking->root->findings, block);
}

static void on_restart(void *ctx, unsigned item)
{
    struct masking *masking = ctx;

    if (item == 1)
        buf_clear(&masking->root->findings);
}

static void on_item(void *ctx, unsigned item)
{
    (void)ctx, (void)item;
}

static bool is_taken(const struct root_list *list, unsigned before, const char *label)
{
    for (unsigned i = 0; i < before; i++) {
        if (strcmp(list->at[i].label_text, label) == 0)
            return true;
    }
    return false;
}

/* "share", "share-2", "share-3" ... */
static bool make_unique(struct root_list *list, unsigned index)
{
    struct root *r = &list->at[index];
    AUTO_FREE char *wanted = strdup(r->label_text);

    for (unsigned k = 2; wanted && is_taken(list, index, r->label_text); k++) {
        free(take_ptr(&r->label_text));
        if (asprintf(&r->label_text, "%s-%u", wanted, k) < 0) {
            r->label_text = NULL;
            return false;
        }
    }
    return wanted != NULL;
}

bool roots_mask(struct root_list *list, struct worker *worker)
{
    for (unsigned i = 0; i < list->n; i++) {
        struct root *r = &list->at[i];
        struct masking masking = {{NULL, NULL}, r};
        const struct worker_sink sink = {.ctx = &masking,
                                         .member = on_member,
                                         .findings = on_findings,
                                         .restart = on_restart,
                                         .done = on_item};
        const char *relative = r->raw_path + 1; /* absolute: begins with a slash */
        const char *last = strrchr(r->raw_path, '/') + 1;
        const struct worker_item items[2] = {
            {.flags = ITEM_NAME_ONLY,
             .fd = -1,
             .path = span_of(r->raw_label),
             .outcome = OUTCOME_SPECIAL,
             .reason = "root"},
            {.flags = ITEM_NAME_ONLY | (r->is_folder ? ITEM_FOLDER : 0),
             .fd = -1,
             .path = span_of(*relative ? relative : "root"),
             .name_at = (uint32_t)(*relative ? last - relative : 0),
             .outcome = OUTCOME_SPECIAL,
             .reason = "root"}};

        bool done = worker_run(worker, items, 2, &sink) == WORKER_DONE;

        r->label_text = masking.ret[0];
        if (done && masking.ret[1] &&
            asprintf(&r->path_text, "/%s", *relative ? masking.ret[1] : "") < 0)
            r->path_text = NULL;
        free(masking.ret[1]);
        if (!done || !r->label_text || !r->path_text || !make_unique(list, i))
            return false;
        r->label = span_of(r->label_text);
        r->path = span_of(r->path_text);
    }
    return true;
}

int root_record(const struct root *r, struct inventory *inv, int64_t run, int64_t root_id,
                const struct case_keys *keys, struct seen_table *seen)
{
    struct ledger_row row = {.root = root_id,
                             .path = SPAN(""),
                             .members = SPAN("[]"),
                             .mtime = INT64_MIN,
                             .ctime = INT64_MIN,
                             .type = 'd',
                             .outcome = OUTCOME_READ,
                             .media_type = SPAN("inode/directory"),
                             .findings = r->n_findings};

    if (!r->is_folder || r->findings.len == 0)
        return 0;
    path_identity(keys, r->label, row.path, row.identity);
    int64_t before = seen_meet(seen, row.identity, 0, row.mtime, row.ctime).top;
    int failed = inventory_item_begin(inv, &row.id);

    if (failed == 0)
        failed = inventory_put_findings(inv, row.id, row.id, buf_span(&r->findings));
    if (failed == 0)
        failed = inventory_put_row(inv, run, &row);
    if (failed == 0)
        failed = inventory_item_done(inv, row.id);
    return failed == 0 && before ? inventory_item_forget(inv, before) : failed;
}
