/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include "scanner/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "report/report.h"
#include "scanner/base/cleanup.h"
#include "scanner/base/queue.h"
#include "scanner/extract/extractor.h"
#include "scanner/given.h"
#include "scanner/inventory/case.h"
#include "scanner/log.h"
#include "scanner/progress.h"
#include "scanner/record.h"
#include "scanner/roots.h"
#include "scanner/seen.h"
#include "scanner/tool.h"

enum {
    ENTRY_QUEUE = 512,          /* entries found and not yet taken: each may hold a descriptor */
    CHUNK_QUEUE = 32,           /* chunks waiting for the record thread */
    BATCH_WEIGHT = 1024 * 1024, /* a batch ends when its files together are this large */
    DESCRIPTORS_WANTED = 65536,
    /* Up to so many files and so many bytes one helper is enough: the others would take longer to
     * start than it takes to read. */
    FEW_FILES = 4,
    FEW_BYTES = 256 * 1024,
    TICK_MS = 50,
    COUNT_AFTER_TICKS = 60 /* a scan of a few seconds needs no time left */
};

struct scan_worker {
    struct scan *scan;
    unsigned index;
    pthread_t thread;
    bool started;
    _Atomic(struct worker *) worker; /* for the progress display and interruption */
    struct chunk *chunk;
    struct work_item *const *items;
    unsigned n;
    bool failed;
    uint32_t told_seconds; /* main thread: age of its item that stands in the journal */
};

enum others { OTHERS_WAIT, OTHERS_START, OTHERS_LEAVE };

struct scan {
    const struct options *o;
    struct given given;
    struct case_folder folder;
    struct inventory *inv;
    struct log *log;
    struct run run;
    struct root_list roots;
    struct seen_table *seen;
    bool rescan;
    struct worker_options worker_options;

    struct queue *entries;
    struct recorder recorder;
    pthread_t record_thread, walk_thread;
    struct walk_totals totals;
    int walk_error;
    struct walk_totals counted; /* by the count thread, which runs ahead */
    pthread_t count_thread;
    bool counting;
    struct scan_worker workers[256];
    unsigned n_workers;

    pthread_mutex_t lock; /* of `masked`, `words` and the change of `others` */
    pthread_cond_t changed;
    bool masked;                /* the roots have their names */
    char words[512];            /* first reason why no helper could be started */
    _Atomic enum others others; /* what all workers but the first are to do */
    _Atomic bool stop;          /* nothing new is begun */
    _Atomic uint64_t skipped_files, skipped_bytes;
};

static _Atomic bool interrupted;

static void on_signal(int number)
{
    (void)number;
    /* A second one ends the program at once; what was written stays good. */
    if (atomic_exchange(&interrupted, true))
        _exit(EXIT_INTERRUPTED);
}

static int say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("constat: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_FAILURE;
}

/* --- workers --------------------------------------------------------------------------------- */

static void scan_fails(struct scan *s, const char *words)
{
    pthread_mutex_lock(&s->lock);
    if (!s->words[0])
        snprintf(s->words, sizeof s->words, "%s", words);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    atomic_store(&s->stop, true);
}

/* Only once: the first word stands. */
static void tell_others(struct scan *s, enum others what)
{
    pthread_mutex_lock(&s->lock);
    if (atomic_load(&s->others) == OTHERS_WAIT)
        atomic_store(&s->others, what);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* The first worker starts its helper at once, the others when there is work for them.  False: there
 * is none. */
static bool is_needed(struct scan_worker *w)
{
    struct scan *s = w->scan;

    if (w->index == 0)
        return true;
    pthread_mutex_lock(&s->lock);
    while (atomic_load(&s->others) == OTHERS_WAIT && !s->words[0])
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return atomic_load(&s->others) == OTHERS_START;
}

static void hand_over(struct scan_worker *w, bool last)
{
    struct chunk *c = w->chunk;

    c->last = last;
    w->chunk = NULL;
    if (!queue_put(w->scan->recorder.chunks, c))
        chunk_free(c);
    if (!last) {
        w->chunk = chunk_new(w->index, w->items, w->n);
        if (!w->chunk) {
            w->failed = true;
            scan_fails(w->scan, "out of memory");
        }
    }
}

/* Every callback ends here: notes a failed append, hands a full chunk over. */
static void appended(struct scan_worker *w, bool ok)
{
    if (!ok) {
        w->failed = true;
        scan_fails(w->scan, "out of memory");
    } else if (w->chunk->records.len >= CHUNK_FULL) {
        hand_over(w, false);
    }
}

static void on_member(void *ctx, unsigned item, const struct member_record *m)
{
    struct scan_worker *w = ctx;

    if (!w->failed)
        appended(w, chunk_member(w->chunk, item, m));
}

static void on_findings(void *ctx, unsigned item, uint64_t member, struct span block)
{
    struct scan_worker *w = ctx;

    if (!w->failed)
        appended(w, chunk_findings(w->chunk, item, member, block));
}

static void on_restart(void *ctx, unsigned item)
{
    struct scan_worker *w = ctx;

    if (!w->failed)
        appended(w, chunk_restart(w->chunk, item));
}

static void on_done(void *ctx, unsigned item)
{
    struct scan_worker *w = ctx;

    if (!w->failed)
        appended(w, chunk_done(w->chunk, item));
}

/* What is known of an entry before a helper sees it: most failures never reach one with a
 * descriptor. */
static struct worker_item item_of(const struct scan *s, const struct work_item *w)
{
    const struct walk_entry *e = w->entry;
    struct worker_item item = {
        .fd = -1,
        .size = e->size,
        .root = s->roots.at[e->root].label,
        .path = e->path,
        .name_at = e->name_at,
        .flags = ITEM_NAME_ONLY,
    };

    if (e->excluded) {
        item.outcome = OUTCOME_EXCLUDED;
        item.reason = e->excluded;
    } else if (w->set_aside) {
        item.outcome = OUTCOME_CRASHED;
        item.reason = "program-ended-twice";
    } else if (e->error == EACCES || e->error == EPERM) {
        item.outcome = OUTCOME_DENIED;
        item.reason = "permission";
    } else if (e->error == ELOOP && e->class == WALK_FOLDER) {
        item.outcome = OUTCOME_SPECIAL;
        item.reason = "folder-loop";
    } else if (e->error == ENOENT || e->error == ESTALE || e->error == ENOTDIR ||
               e->error == ELOOP) {
        item.outcome = OUTCOME_CHANGED;
        item.reason = "vanished";
    } else if (e->error == EIO) {
        item.outcome = OUTCOME_DAMAGED;
        item.reason = "io-error";
    } else if (e->error) {
        item.outcome = OUTCOME_DENIED;
        item.reason = "open-failed";
    } else if (e->class == WALK_FILE) {
        item.flags = 0;
        item.fd = e->fd;
    } else if (e->class == WALK_FOLDER) {
        item.flags = ITEM_FOLDER;
    } else if (e->class == WALK_MOUNT) {
        item.outcome = OUTCOME_EXCLUDED;
        item.reason = "other-file-system";
    } else {
        item.outcome = OUTCOME_SPECIAL;
        item.reason = e->class == WALK_LINK ? "symbolic-link"
                      : S_ISFIFO(e->mode)   ? "fifo"
                      : S_ISSOCK(e->mode)   ? "socket"
                      : S_ISCHR(e->mode)    ? "character-device"
                      : S_ISBLK(e->mode)    ? "block-device"
                                            : "not-a-file";
    }
    return item;
}

static void run_batch(struct scan_worker *w, struct worker *worker, struct work_item *const *items,
                      unsigned n)
{
    const struct worker_sink sink = {.ctx = w,
                                     .member = on_member,
                                     .findings = on_findings,
                                     .restart = on_restart,
                                     .done = on_done};
    struct scan *s = w->scan;
    struct worker_item batch[BATCH_MAX];
    unsigned char identities[BATCH_MAX][16];

    w->items = items;
    w->n = n;
    w->failed = false;
    w->chunk = chunk_new(w->index, items, n);
    if (!w->chunk) {
        scan_fails(s, "out of memory");
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        batch[i] = item_of(s, items[i]);
        memcpy(identities[i], items[i]->identity, 16);
    }
    case_inflight_set(&s->folder, w->index, (const unsigned char(*)[16])identities, n);
    enum worker_end ended = worker_run(worker, batch, n, &sink);

    for (unsigned i = 0; i < n; i++) { /* only the record thread needs the rest of it */
        if (items[i]->entry->fd >= 0)
            close(take_fd(&items[i]->entry->fd));
    }
    if (ended == WORKER_FAILED)
        scan_fails(s, worker_error(worker));
    if (ended == WORKER_DONE)
        case_inflight_clear(&s->folder, w->index);
    if (w->chunk)
        hand_over(w, true);
}

struct batch_weight {
    uint64_t bytes;
    bool alone;
};

static bool fits(void *ctx, const void *next)
{
    struct batch_weight *weight = ctx;
    const struct work_item *item = next;

    weight->bytes += item->entry->fd >= 0 ? item->entry->size : 0;
    if (weight->alone || weight->bytes > BATCH_WEIGHT)
        return false;
    weight->alone = item->alone;
    return true;
}

static void *worker_thread(void *arg)
{
    struct scan_worker *w = arg;
    struct scan *s = w->scan;
    AUTO_BUF struct buf words;

    buf_init(&words, 4096);
    if (!is_needed(w))
        return NULL;
    struct worker *worker = worker_start(&s->worker_options, &words);

    if (!worker)
        scan_fails(s, words.len ? words.at : "a helper cannot be started");
    bool masked = worker && w->index == 0 && roots_mask(&s->roots, worker);

    if (worker && w->index == 0 && !masked)
        scan_fails(s, "the names of the PATHs cannot be searched");
    atomic_store(&w->worker, worker);
    pthread_mutex_lock(&s->lock);
    s->masked |= masked;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    for (;;) {
        void *taken[BATCH_MAX];
        struct work_item *items[BATCH_MAX];
        struct batch_weight weight = {0, false};
        size_t n = queue_take_while(s->entries, taken, BATCH_MAX, fits, &weight);

        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            items[i] = taken[i];
        if (worker && !atomic_load(&s->stop)) {
            run_batch(w, worker, items, (unsigned)n);
        } else {
            for (size_t i = 0; i < n; i++)
                work_item_free(items[i]);
        }
    }
    return NULL;
}

/* --- walk ------------------------------------------------------------------------------------ */

static bool worth_another_try(enum outcome o)
{
    return o == OUTCOME_DENIED || o == OUTCOME_CHANGED || o == OUTCOME_EXCLUDED;
}

static bool on_entry(void *ctx, struct walk_entry *e)
{
    struct scan *s = ctx;

    if (atomic_load(&s->stop)) {
        walk_entry_free(e);
        return false;
    }
    struct work_item *w = calloc(1, sizeof *w);

    if (!w) {
        walk_entry_free(e);
        scan_fails(s, "out of memory");
        return false;
    }
    w->entry = e;
    path_identity(&s->folder.keys, s->roots.at[e->root].label, e->path, w->identity);
    if (seen_count(s->seen) > 0) {
        struct seen_item known =
            seen_meet(s->seen, w->identity, e->class == WALK_FILE ? e->size : 0,
                      e->mtime_s * 1000000000 + e->mtime_ns, e->ctime_s * 1000000000 + e->ctime_ns);

        if (known.top && known.unchanged && !s->rescan && e->class == WALK_FILE && !e->error &&
            !e->excluded && !worth_another_try(known.outcome)) {
            atomic_fetch_add(&s->skipped_files, 1);
            atomic_fetch_add(&s->skipped_bytes, e->size);
            work_item_free(w);
            return true;
        }
        w->old_top = known.top;
    }
    unsigned deaths = case_deaths(&s->folder, w->identity);

    w->alone = deaths == 1;
    w->set_aside = deaths >= 2 && !s->rescan;
    if (atomic_load_explicit(&s->others, memory_order_relaxed) == OTHERS_WAIT &&
        (atomic_load(&s->totals.files) > FEW_FILES || atomic_load(&s->totals.bytes) > FEW_BYTES))
        tell_others(s, OTHERS_START);
    if (queue_put(s->entries, w))
        return true;
    work_item_free(w);
    return false;
}

static int run_walk(struct scan *s, bool names_only, struct walk_totals *totals,
                    walk_entry_fn *entry)
{
    const struct options *o = s->o;
    struct walk_filter filter = {o->include.n ? o->include.at : NULL,
                                 o->exclude.n ? o->exclude.at : NULL, o->newer, o->older,
                                 o->max_file_size};
    bool filters = o->include.n || o->exclude.n || o->newer != INT64_MIN || o->older != INT64_MAX ||
                   o->max_file_size != UINT64_MAX;
    struct walk_options options = {.threads = names_only ? 1 : (unsigned)o->walk_threads,
                                   .one_file_system = o->one_file_system,
                                   .names_only = names_only,
                                   .filter = filters ? &filter : NULL};
    int fds[ROOTS_MAX];
    const char *names[ROOTS_MAX];
    struct stat st;

    if (fstat(s->folder.dir_fd, &st) == 0) {
        options.skip[0] = (struct walk_skip){st.st_dev, st.st_ino};
        options.n_skip = 1;
    }
    for (unsigned i = 0; i < s->roots.n; i++) {
        fds[i] = s->roots.at[i].fd;
        names[i] = s->roots.at[i].name;
    }
    return walk_run(fds, names, s->roots.n, &options, totals, entry, s);
}

static void *walk_thread(void *arg)
{
    struct scan *s = arg;

    s->walk_error = run_walk(s, false, &s->totals, on_entry);
    queue_close(s->entries);
    tell_others(s, OTHERS_LEAVE);
    return NULL;
}

static bool on_counted(void *ctx, struct walk_entry *e)
{
    struct scan *s = ctx;

    walk_entry_free(e);
    return !atomic_load(&s->stop) && !atomic_load(&s->totals.done);
}

/* The walk itself is never far ahead of the reading (its queue is short), so it cannot tell how
 * much there is: a second one, that opens no file, counts for the display of the time left. */
static void *count_thread(void *arg)
{
    struct scan *s = arg;

    run_walk(s, true, &s->counted, on_counted);
    return NULL;
}

/* --- before ---------------------------------------------------------------------------------- */

static uint32_t today(void)
{
    time_t now = time(NULL);
    struct tm local;

    localtime_r(&now, &local);
    return (uint32_t)((local.tm_year + 1900) * 10000 + (local.tm_mon + 1) * 100 + local.tm_mday);
}

static bool set_process_limits(void)
{
    struct rlimit files, none = {0, 0};

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max < DESCRIPTORS_WANTED ? files.rlim_max : DESCRIPTORS_WANTED;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    /* The key of the case is in memory: no core file of it. */
    return setrlimit(RLIMIT_CORE, &none) == 0;
}

static int begin_run(struct scan *s)
{
    static struct utsname system_name;
    static char digest[33];
    const struct options *o = s->o;
    struct run last = {0};
    const struct passwd *user = getpwuid(geteuid());
    int failed = inventory_last_run(s->inv, &last);
    bool first = failed < 0 || last.id == 0;

    uname(&system_name);
    engine_rules_digest(digest);
    s->rescan = o->rescan;
    if (!first && o->reference_date && o->reference_date != last.today && !o->rescan)
        return say("this case counts ages at %u; another --reference-date needs --rescan",
                   last.today);
    if (!first && last.rules_digest && strcmp(last.rules_digest, digest) != 0 && !s->rescan) {
        s->rescan = true;
        if (!o->quiet)
            say("the rules of detection have changed since the last scan of this case: everything "
                "is read again");
    }
    s->run = (struct run){
        .started = time(NULL),
        .state = "running",
        .tool_version = CONSTAT_VERSION,
        .build_id = CONSTAT_BUILD_ID,
        .host = system_name.nodename,
        .kernel = system_name.release,
        .user = user ? user->pw_name : "",
        .options = options_json(o),
        .rules_digest = digest,
        .today = o->reference_date ? (uint32_t)o->reference_date
                 : first           ? today()
                                   : last.today,
    };
    failed = run_begin(s->inv, &s->run);
    if (failed >= 0)
        failed = tool_record(s->inv, s->run.id);
    return failed < 0 ? say("%s", inventory_error(s->inv)) : 0;
}

static int prepare(struct scan *s)
{
    const struct options *o = s->o;
    int failed;

    if (!report_languages_valid(o->languages))
        return say("--lang takes fr, nl, de and en, separated by commas"), EXIT_USAGE;
    if (given_read(o, &s->given) < 0)
        return say("%s", s->given.error), EXIT_USAGE;
    set_process_limits();
    if (!roots_open(&s->roots, o)) /* before a case is made for nothing */
        return say("%s", s->roots.error);
    if (case_open(&s->folder, o->case_dir, o->key_file, CASE_CREATE) < 0)
        return say("%s: %s", o->case_dir, s->folder.error);
    failed = inventory_open(s->folder.dir_fd, INVENTORY_WRITE, &s->inv);
    if (failed == -EWOULDBLOCK)
        return say("another scan is writing to this case; wait for it, or use another --case");
    if (failed < 0)
        return say("%s: %s", o->case_dir, s->inv ? inventory_error(s->inv) : strerror(-failed));
    if (case_check_key(&s->folder, s->inv) < 0)
        return say("%s: %s", o->case_dir, s->folder.error);
    if (inventory_drop_unfinished(s->inv) < 0)
        return say("%s", inventory_error(s->inv));
    if (case_inflight_open(&s->folder, s->inv) < 0)
        return say("%s: %s", o->case_dir, s->folder.error);
    s->log = o->log_file ? log_open(AT_FDCWD, o->log_file) : log_open(s->folder.dir_fd, "run.log");
    if (!s->log)
        return say("the log cannot be written: %s", strerror(errno));
    if (given_store(s->inv, &s->given) < 0)
        return say("%s", s->given.error);
    failed = begin_run(s);
    if (failed)
        return failed;
    s->seen = seen_load(s->inv, &failed);
    if (!s->seen)
        return say("%s", failed == -ENOMEM ? "out of memory" : inventory_error(s->inv));
    s->worker_options = worker_options_default();
    memcpy(s->worker_options.setup.case_key, s->folder.key, CASE_KEY_BYTES);
    s->worker_options.setup.limits = o->limits;
    s->worker_options.setup.today = s->run.today;
    s->worker_options.setup.no_sandbox = o->insecure_no_sandbox;
    s->worker_options.silence_seconds = (unsigned)o->silence_seconds;
    s->worker_options.rss_limit = o->helper_memory;
    return 0;
}

/* --- during ---------------------------------------------------------------------------------- */

static void stop_everything(struct scan *s)
{
    atomic_store(&s->stop, true);
    for (unsigned i = 0; i < s->n_workers; i++) {
        struct worker *w = atomic_load(&s->workers[i].worker);

        if (w)
            worker_interrupt(w);
    }
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void show_progress(struct scan *s, struct progress *p)
{
    struct worker_page slow = {0};
    struct progress_state state = {
        .files_done = atomic_load(&s->recorder.counts.files) + atomic_load(&s->skipped_files),
        .bytes_done = atomic_load(&s->recorder.counts.bytes) + atomic_load(&s->skipped_bytes),
        .files_found = larger(atomic_load(&s->totals.files), atomic_load(&s->counted.files)),
        .bytes_found = larger(atomic_load(&s->totals.bytes), atomic_load(&s->counted.bytes)),
        .found_all = atomic_load(&s->totals.done) || atomic_load(&s->counted.done),
        .gaps = atomic_load(&s->recorder.counts.gaps),
    };

    for (unsigned i = 0; i < s->n_workers; i++) {
        struct worker *w = atomic_load(&s->workers[i].worker);

        if (!w)
            continue;
        struct worker_page page = worker_page(w);

        state.findings += page.findings;
        if (page.seconds != s->workers[i].told_seconds && page.seconds > 0)
            case_inflight_age(&s->folder, i, page.seconds);
        s->workers[i].told_seconds = page.seconds;
        if (page.seconds > slow.seconds)
            slow = page;
    }
    state.slow_name = slow.name;
    state.slow_seconds = slow.seconds;
    progress_show(p, &state);
}

static bool start_threads(struct scan *s)
{
    s->entries = queue_new(ENTRY_QUEUE);
    s->recorder.chunks = queue_new(CHUNK_QUEUE);
    s->recorder.inv = s->inv;
    s->recorder.log = s->log;
    s->recorder.run = s->run.id;
    if (!s->entries || !s->recorder.chunks)
        return false;
    for (unsigned i = 0; i < s->o->jobs; i++) {
        struct scan_worker *w = &s->workers[i];

        w->scan = s;
        w->index = i;
        if (pthread_create(&w->thread, NULL, worker_thread, w))
            break;
        w->started = true;
        s->n_workers++;
    }
    if (s->n_workers == 0)
        return false;
    pthread_mutex_lock(&s->lock); /* the roots need the first helper, to mask their names */
    while (!s->masked && !s->words[0])
        pthread_cond_wait(&s->changed, &s->lock);
    bool failed = s->words[0] != '\0';

    pthread_mutex_unlock(&s->lock);
    if (failed)
        return true;
    for (unsigned i = 0; i < s->roots.n; i++) {
        struct root *r = &s->roots.at[i];

        if (run_root(s->inv, s->run.id, i, r->label, r->path, &s->roots.ids[i]) < 0 ||
            root_record(r, s->inv, s->run.id, s->roots.ids[i], &s->folder.keys, s->seen) < 0) {
            scan_fails(s, inventory_error(s->inv));
            return true;
        }
    }
    s->recorder.root_ids = s->roots.ids;
    return true;
}

static void run_threads(struct scan *s)
{
    struct progress progress;
    struct timespec tick = {0, TICK_MS * 1000000};

    progress_start(&progress, s->o->quiet);
    bool recording = false, walking = false;

    if (!start_threads(s)) {
        scan_fails(s, "no memory or no threads to be had");
    } else if (!atomic_load(&s->stop)) {
        recording = pthread_create(&s->record_thread, NULL, recorder_thread, &s->recorder) == 0;
        walking = recording && pthread_create(&s->walk_thread, NULL, walk_thread, s) == 0;
        if (!walking)
            scan_fails(s, "no threads to be had");
    }
    if (!walking && s->entries)
        queue_close(s->entries);
    if (!walking)
        tell_others(s, OTHERS_LEAVE);
    if (walking) {
        /* Short ticks at first, so that a small scan does not wait for the display. */
        for (long ms = 1; !atomic_load(&s->totals.done) || queue_length(s->entries) > 0; ms++) {
            struct timespec short_tick = {0, (ms < TICK_MS ? ms : TICK_MS) * 1000000};

            nanosleep(&short_tick, NULL);
            if ((atomic_load(&interrupted) || atomic_load(&s->recorder.error)) &&
                !atomic_load(&s->stop))
                stop_everything(s);
            if (atomic_load(&s->stop))
                break;
            show_progress(s, &progress);
            if (!s->counting && !s->o->quiet && ms > COUNT_AFTER_TICKS)
                s->counting = pthread_create(&s->count_thread, NULL, count_thread, s) == 0;
        }
    }
    /* The last batches: threads are joined one by one while the display goes on. */
    if (walking)
        pthread_join(s->walk_thread, NULL);
    if (s->counting)
        pthread_join(s->count_thread, NULL);
    for (unsigned i = 0; i < s->n_workers; i++) {
        while (pthread_tryjoin_np(s->workers[i].thread, NULL) == EBUSY) {
            if ((atomic_load(&interrupted) || atomic_load(&s->recorder.error)) &&
                !atomic_load(&s->stop))
                stop_everything(s);
            show_progress(s, &progress);
            struct timespec wait = {0, 2000000};

            nanosleep(progress.terminal ? &tick : &wait, NULL);
        }
    }
    if (s->recorder.chunks)
        queue_close(s->recorder.chunks);
    if (recording)
        pthread_join(s->record_thread, NULL);
    progress_end(&progress);
    for (unsigned i = 0; i < s->n_workers; i++) {
        struct worker *w = atomic_load(&s->workers[i].worker);

        if (w) {
            struct worker_counters c = worker_counters(w);

            s->run.helpers_replaced += c.crashed + c.timed_out + c.grown;
        }
        worker_stop(w);
        atomic_store(&s->workers[i].worker, NULL);
    }
}

/* --- after ----------------------------------------------------------------------------------- */

static int forget_gone(void *ctx, int64_t top)
{
    return inventory_item_forget(ctx, top);
}

static int write_report(struct inventory *inv, const struct case_folder *folder,
                        const struct options *o, struct given *given)
{
    struct report_options report = {.dir_fd = folder->dir_fd,
                                    .languages = o->languages,
                                    .depth = (unsigned)o->folder_depth,
                                    .incident_date = given->incident_date};

    if (given_complete(inv, given) < 0)
        return say("%s", given->error);
    report.profile = given->profile;
    int failed = report_write(inv, &folder->keys, &report);

    return failed < 0 ? say("the report cannot be written: %s", strerror(-failed)) : EXIT_SUCCESS;
}

static int finish(struct scan *s)
{
    const struct options *o = s->o;
    int error = atomic_load(&s->recorder.error);
    bool was_interrupted = atomic_load(&interrupted);

    if (!error && !s->words[0] && !was_interrupted && s->walk_error == 0)
        error = seen_each_unmet(s->seen, forget_gone, s->inv);
    s->run.finished = time(NULL);
    s->run.state = error || s->words[0] || s->walk_error ? "failed"
                   : was_interrupted                     ? "interrupted"
                                                         : "finished";
    LOG(s->log, s->run.state[0] == 'f' && s->run.state[1] == 'a' ? "error" : "info", "scan-ended",
        {"state", s->run.state, 0},
        {"files", NULL, (int64_t)atomic_load(&s->recorder.counts.files)},
        {"bytes", NULL, (int64_t)atomic_load(&s->recorder.counts.bytes)},
        {"unchanged", NULL, (int64_t)atomic_load(&s->skipped_files)},
        {"helpers_replaced", NULL, (int64_t)s->run.helpers_replaced});
    if (error < 0)
        return say("%s", error == -ENOMEM ? "out of memory" : inventory_error(s->inv));
    if (run_end(s->inv, &s->run) < 0 || inventory_commit(s->inv) < 0)
        return say("%s", inventory_error(s->inv));
    case_inflight_finish(&s->folder);
    if (s->words[0])
        return say("%s", s->words);
    if (s->walk_error)
        return say("the folders cannot be listed: %s", strerror(-s->walk_error));
    if (was_interrupted) {
        if (!o->quiet)
            say("interrupted.  The same command goes on where it was.");
        return EXIT_INTERRUPTED;
    }
    if (!o->no_report) {
        int failed = write_report(s->inv, &s->folder, o, &s->given);

        if (failed)
            return failed;
    }
    struct inventory_totals totals;

    if (inventory_totals(s->inv, &totals) < 0)
        return say("%s", inventory_error(s->inv));
    if (!o->quiet) {
        char bytes[24], seconds[24];

        format_bytes(totals.file_bytes, bytes);
        format_seconds((uint64_t)(s->run.finished - s->run.started), seconds);
        say("%" PRIu64 " files, %s, %s; %" PRIu64 " files and members not read in full%s",
            totals.files, bytes, seconds, totals.gaps,
            totals.gaps ? " (constat coverage lists them)" : "");
        if (!o->no_report)
            say("report: %s/report.html", o->case_dir);
    }
    return totals.gaps ? EXIT_GAPS : EXIT_SUCCESS;
}

int scan_command(const struct options *o)
{
    struct scan *s = calloc(1, sizeof *s);
    struct sigaction act = {.sa_handler = on_signal};

    if (!s)
        return say("out of memory");
    s->o = o;
    s->folder.dir_fd = -1;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    int status = prepare(s);

    if (status == 0) {
        sigaction(SIGINT, &act, NULL);
        sigaction(SIGTERM, &act, NULL);
        sigaction(SIGHUP, &act, NULL);
        LOG(s->log, "info", "scan-began", {"run", NULL, s->run.id},
            {"jobs", NULL, (int64_t)o->jobs}, {"known_items", NULL, (int64_t)seen_count(s->seen)});
        run_threads(s);
        status = finish(s);
    }
    free((char *)(uintptr_t)s->run.options);
    queue_free(s->entries);
    queue_free(s->recorder.chunks);
    seen_free(s->seen);
    roots_close(&s->roots);
    inventory_close(s->inv);
    log_close(s->log);
    if (s->folder.dir_fd >= 0)
        case_close(&s->folder);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    given_release(&s->given);
    free(s);
    return status;
}

int report_command(const struct options *o)
{
    struct case_folder folder = {.dir_fd = -1};
    struct inventory *inv = NULL;
    AUTO(given_release) struct given given = {0};
    int status = EXIT_SUCCESS;

    if (!report_languages_valid(o->languages))
        return say("--lang takes fr, nl, de and en, separated by commas"), EXIT_USAGE;
    if (given_read(o, &given) < 0)
        return say("%s", given.error), EXIT_USAGE;
    if (case_open(&folder, o->case_dir, o->key_file, CASE_READ_KEY) < 0)
        return say("%s: %s", o->case_dir, folder.error);
    int failed = inventory_open(folder.dir_fd, INVENTORY_READ, &inv);

    if (failed < 0) {
        status = say("%s: %s", o->case_dir, inv ? inventory_error(inv) : strerror(-failed));
    } else if (case_check_key(&folder, inv) < 0) {
        status = say("%s: %s", o->case_dir, folder.error);
    } else {
        status = write_report(inv, &folder, o, &given);
        if (status == EXIT_SUCCESS)
            printf("%s/report.html\n", o->case_dir);
    }
    inventory_close(inv);
    case_close(&folder);
    return status;
}
