/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * worker.c - one batch at a time to one helper, and a fresh helper whenever that one is lost.
 *
 * The loop is plain: send what is not done, read records until all is done or the helper is gone,
 * find who was at fault, begin again with the rest.  It ends because every death of a helper moves
 * the item at fault one step down a ladder: member set apart raw, member lost, item raw, item by
 * name, row made here.
 *
 * Nothing that comes over the pipe or stands in the shared page is believed: records are decoded
 * with every length checked and must come in the order that protocol.h gives, and the page is only
 * asked whom to blame, with the first unfinished item as the answer when it talks nonsense.
 */
#include "scanner/helper/worker.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "scanner/base/cleanup.h"

enum {
    TICK_MS = 50,            /* how often clocks and memory are looked at */
    READY_MS = 60 * 1000,    /* loading tables on a cold, busy machine */
    GOODBYE_MS = 2000,       /* for a helper to leave after its socket was closed */
    REAP_MS = 10 * 1000,     /* for a killed one stuck in the kernel, then it is left behind */
    READ_ROOM = 64 * 1024,   /* least room for one read from the pipe */
    PIPE_ROOM = 1024 * 1024, /* asked of the kernel; less will do */
    SPAWN_TRIES = 3,
    SEND_TRIES = 1000,
    IDLE_DEATHS = 2, /* deaths between items before the next item is blamed */
    REASON_MAX = 64
};

enum { IN_ROOM = RECORD_MAX + 16 + READ_ROOM };

#define SECOND 1000000000ull
#define GIB    (1ull << 30)

/* How an item is tried. */
enum try { TRY_WHOLE, TRY_RAW, TRY_NAME, TRY_NOTHING };

/* What is set apart, and how it will end. */
struct blame {
    uint64_t member;
    bool lost;
    enum outcome outcome;
    char why[REASON_MAX];
};

struct progress {
    bool done;
    bool handed_over; /* the sink holds something of it */
    bool blamed;      /* `own` is set */
    enum try attempt;
    unsigned deaths; /* weighed by what they cost */
    struct blame own;
    unsigned n_suspects;
    struct blame suspects[SUSPECTS_MAX]; /* rising numbers */
};

struct open_member {
    uint64_t number, findings;
};

/* How the exchange with one helper went. */
enum fault {
    FAULT_NONE,
    FAULT_LEFT, /* in good order: recycled */
    FAULT_DIED,
    FAULT_PROTOCOL,
    FAULT_TIME,
    FAULT_SILENCE,
    FAULT_CPU,
    FAULT_MEMORY,
    FAULT_INTERRUPTED
};

struct worker {
    struct worker_options options;
    char helper_path[PATH_MAX];
    char error[256];
    struct ready ready;

    pid_t pid; /* 0: none */
    int sock, pipe, statm;
    int page_fd;
    struct helper_page *page;
    clockid_t cpu_clock;

    char *in;
    size_t in_at, in_len;
    struct buf message;

    struct progress progress[BATCH_MAX];
    struct batch_item batch[BATCH_MAX]; /* what was sent */
    unsigned map[BATCH_MAX];            /* index in batch -> index in worker_run's items */
    int fds[BATCH_MAX];
    unsigned n_sent, at; /* at: first one of the batch without its DONE */

    /* Order of the current item's records. */
    struct open_member open[NEST_MAX + 1];
    unsigned n_open;
    uint64_t highest;
    bool own_row;

    /* The clocks, and what they last saw. */
    uint64_t next_look, batch_deadline;
    uint32_t seen_item;
    uint64_t seen_beat, item_since, beat_since, item_cpu, beat_cpu;

    _Atomic bool interrupted;
    _Atomic uint64_t shown_since; /* for worker_page */
    _Atomic uint32_t started, recycled, crashed, timed_out, grown;
};

static uint64_t now_ns(clockid_t clock)
{
    struct timespec t;

    if (clock_gettime(clock, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

struct worker_options worker_options_default(void)
{
    /* An instrumented helper carries a shadow of its memory with it. */
#ifdef CONSTAT_SANITIZED
    const uint64_t scale = 4;
#else
    const uint64_t scale = 1;
#endif
    return (struct worker_options){
        .setup = {.limits = limits_default(),
                  .memory_limit =
                      scale == 1 ? 2 * GIB : 0, /* a shadow takes terabytes of addresses */
                  .data_limit = scale == 1 ? 448ull << 20 : 0},
        .silence_seconds = 120,
        .rss_limit = (480ull << 20) * scale,
    };
}

/* --- start and end of a helper --------------------------------------------------------------- */

/* Beside this program in a build folder; in libexec/ once installed. */
static bool find_helper(char ret[PATH_MAX])
{
    static const char *const places[] = {"constat-helper", "../libexec/constat/constat-helper"};
    char own[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);

    if (len <= 0)
        return false;
    own[len] = '\0';
    char *slash = strrchr(own, '/');

    if (!slash)
        return false;
    slash[1] = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int n = snprintf(ret, PATH_MAX, "%s%s", own, places[i]);

        if (n > 0 && n < PATH_MAX && access(ret, X_OK) == 0)
            return true;
    }
    return false;
}

static bool page_make(struct worker *w)
{
    w->page_fd = memfd_create("constat-page", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (w->page_fd < 0 || ftruncate(w->page_fd, sizeof *w->page) != 0)
        return false;
    /* Else the helper could cut it, and our next look at it would be a SIGBUS. */
    if (fcntl(w->page_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return false;
    void *at = mmap(NULL, sizeof *w->page, PROT_READ | PROT_WRITE, MAP_SHARED, w->page_fd, 0);

    if (at == MAP_FAILED)
        return false;
    w->page = at;
    return true;
}

static void forget_helper(struct worker *w)
{
    int *fds[] = {&w->sock, &w->pipe, &w->statm};

    for (size_t i = 0; i < 3; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
    w->pid = 0;
    w->in_at = w->in_len = 0;
    atomic_store(&w->shown_since, 0);
}

/* Waits for the end of our own child, which stays ours until wait4 has returned it: so its number
 * cannot have gone to another process when we kill it.  False: it would not die. */
static bool reap(struct worker *w, int patience_ms, int *ret_status, struct rusage *ret_usage)
{
    AUTO_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, w->pid, 0);
    struct pollfd end = {.fd = pidfd, .events = POLLIN};

    if (pidfd >= 0) {
        int n;

        do {
            n = poll(&end, 1, patience_ms);
        } while (n < 0 && errno == EINTR);
        if (n == 0)
            return false;
    }
    pid_t got;

    do {
        got = wait4(w->pid, ret_status, 0, ret_usage);
    } while (got < 0 && errno == EINTR);
    return got == w->pid;
}

static void kill_helper(struct worker *w)
{
    int status;
    struct rusage usage;

    if (w->pid > 0) {
        kill(w->pid, SIGKILL);
        reap(w, REAP_MS, &status, &usage);
    }
    forget_helper(w);
}

/* A descriptor above the fixed numbers, so that dup2 onto those never hits one still needed. */
static bool lift(int *fd)
{
    int high = fcntl(*fd, F_DUPFD_CLOEXEC, 16);

    if (high < 0)
        return false;
    close(*fd);
    *fd = high;
    return true;
}

static int spawn(struct worker *w, int sock, int pipe_end, int page)
{
    static const char *const environment[] = {
        "OMP_THREAD_LIMIT=1",
        "MALLOC_ARENA_MAX=1",
        "LC_ALL=C.UTF-8",
        "TZ=UTC0", /* times without a zone in archives: the same on every machine */
        "HOME=/nonexistent",
        "PATH=/nonexistent",
#ifdef CONSTAT_SANITIZED
        "ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:allocator_may_return_null=1",
        "UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1",
#endif
        NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char *arguments[] = {w->helper_path, NULL};
    char *env[sizeof environment / sizeof environment[0]];

    memcpy(env, environment, sizeof env);
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
#ifndef CONSTAT_SANITIZED /* else a finding of the sanitizer would be lost */
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
#endif
    posix_spawn_file_actions_adddup2(&actions, sock, HELPER_SOCKET);
    posix_spawn_file_actions_adddup2(&actions, pipe_end, HELPER_PIPE);
    posix_spawn_file_actions_adddup2(&actions, page, HELPER_PAGE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0); /* Ctrl-C is for the parent to handle */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    pid_t pid = 0;
    int error = posix_spawn(&pid, w->helper_path, &actions, &attributes, arguments, env);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0)
        w->pid = pid;
    return error;
}

static bool set_error(struct worker *w, const char *words, const char *detail)
{
    snprintf(w->error, sizeof w->error, "%s%s", words, detail);
    return false;
}

static bool connect_helper(struct worker *w)
{
    int sockets[2], ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
        return set_error(w, "cannot make a socket for a helper: ", strerror(errno));
    AUTO_CLOSE int theirs = sockets[1];

    w->sock = sockets[0];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return set_error(w, "cannot make a pipe for a helper: ", strerror(errno));
    AUTO_CLOSE int write_end = ends[1];

    w->pipe = ends[0];
    AUTO_CLOSE int page = fcntl(w->page_fd, F_DUPFD_CLOEXEC, 16);

    if (page < 0 || !lift(&theirs) || !lift(&write_end) || fcntl(w->pipe, F_SETFL, O_NONBLOCK) != 0)
        return set_error(w, "cannot prepare descriptors for a helper: ", strerror(errno));
    fcntl(w->pipe, F_SETPIPE_SZ, PIPE_ROOM);
    atomic_store(&w->page->item, 0);
    atomic_store(&w->page->member, 0);
    atomic_store(&w->page->name_seq, 0);
    memset(w->page->name, 0, sizeof w->page->name);
    int error = spawn(w, theirs, write_end, page);

    if (error != 0) {
        snprintf(w->error, sizeof w->error, "cannot start %.160s: %s", w->helper_path,
                 strerror(error));
        return false;
    }
    return true;
}

static bool send_setup(struct worker *w)
{
    struct buf setup;

    buf_init(&setup, 4096);
    bool ok = setup_encode(&w->options.setup, &setup) &&
              send(w->sock, setup.at, setup.len, MSG_NOSIGNAL) == (ssize_t)setup.len;

    if (setup.at)
        explicit_bzero(setup.at, setup.len);
    buf_release(&setup);
    return ok;
}

/* Why a helper left before it was ready, in words for the operator. */
static bool refused(struct worker *w)
{
    int status = 0;
    struct rusage usage;
    bool ended = reap(w, GOODBYE_MS, &status, &usage);

    if (ended)
        w->pid = 0;
    if (!ended || !WIFEXITED(status)) {
        snprintf(w->error, sizeof w->error, "the helper process died at its start (signal %d)",
                 ended ? WTERMSIG(status) : 0);
        return false;
    }
    switch (WEXITSTATUS(status)) {
    case HELPER_EXIT_SANDBOX:
        return set_error(w,
                         "the helper process cannot lock itself in: this kernel has no Landlock "
                         "or no seccomp, or they are barred here. Without them a hostile file "
                         "could reach this machine; --insecure-no-sandbox goes on all the same",
                         "");
    case HELPER_EXIT_LOAD:
        return set_error(w, "the helper process cannot load its tables or libraries", "");
    case HELPER_EXIT_MEMORY:
        return set_error(w, "the helper process finds no memory", "");
    default:
        snprintf(w->error, sizeof w->error, "the helper process left at its start (status %d)",
                 WEXITSTATUS(status));
        return false;
    }
}

/* Reads what is there.  1 got some, 0 nothing yet, -1 end of file or error. */
static int fill(struct worker *w)
{
    if (w->in_at > 0 && IN_ROOM - w->in_len < READ_ROOM) {
        memmove(w->in, w->in + w->in_at, w->in_len - w->in_at);
        w->in_len -= w->in_at;
        w->in_at = 0;
    }
    ssize_t n = read(w->pipe, w->in + w->in_len, IN_ROOM - w->in_len);

    if (n > 0) {
        w->in_len += (size_t)n;
        return 1;
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static int next_record(struct worker *w, enum record_type *ret_type, struct span *ret_payload)
{
    struct reader r = reader_of((struct span){w->in + w->in_at, w->in_len - w->in_at});
    int got = record_next(&r, ret_type, ret_payload);

    if (got == 1)
        w->in_at = (size_t)(r.at - w->in);
    if (w->in_at == w->in_len)
        w->in_at = w->in_len = 0; /* the payload stays where it is until the next fill */
    return got;
}

static bool await_ready(struct worker *w)
{
    uint64_t deadline = now_ns(CLOCK_MONOTONIC) + (uint64_t)READY_MS * 1000000;
    enum record_type type;
    struct span payload;

    for (;;) {
        int got = next_record(w, &type, &payload);

        if (got == 1 && type == RECORD_READY && ready_decode(payload, &w->ready))
            return true;
        if (got != 0)
            return set_error(w,
                             "the helper process does not speak as expected: is it of the same "
                             "version?",
                             "");
        struct pollfd in = {.fd = w->pipe, .events = POLLIN};

        if (atomic_load(&w->interrupted))
            return set_error(w, "interrupted", "");
        if (now_ns(CLOCK_MONOTONIC) > deadline)
            return set_error(w, "the helper process does not answer", "");
        poll(&in, 1, TICK_MS);
        if (fill(w) < 0)
            return refused(w);
    }
}

static bool start_helper(struct worker *w)
{
    char path[64];

    forget_helper(w);
    /* A helper that has left already says why by its exit status, so a failed send is not the end.
     */
    if (!connect_helper(w) || (send_setup(w), !await_ready(w))) {
        kill_helper(w);
        return false;
    }
    snprintf(path, sizeof path, "/proc/%d/statm", (int)w->pid);
    w->statm = open(path, O_RDONLY | O_CLOEXEC);
    if (clock_getcpuclockid(w->pid, &w->cpu_clock) != 0)
        w->cpu_clock = CLOCK_MONOTONIC; /* wall time is the stricter one */
    atomic_fetch_add(&w->started, 1);
    return true;
}

struct worker *worker_start(const struct worker_options *options, struct buf *ret_error)
{
    struct worker *w = calloc(1, sizeof *w);

    if (!w) {
        buf_add_text(ret_error, "no memory");
        return NULL;
    }
    w->options = *options;
    w->sock = w->pipe = w->statm = w->page_fd = -1;
    buf_init(&w->message, BATCH_BYTES);
    w->in = malloc(IN_ROOM);
    bool ok = w->in && page_make(w);

    if (!ok) {
        set_error(w, "no memory for a helper", "");
    } else if (options->helper_path) {
        ok = snprintf(w->helper_path, sizeof w->helper_path, "%s", options->helper_path) <
             (int)sizeof w->helper_path;
    } else if (!find_helper(w->helper_path)) {
        ok = set_error(w,
                       "constat-helper is neither beside this program nor in "
                       "../libexec/constat",
                       "");
    }
    if (!ok || !start_helper(w)) {
        buf_add_text(ret_error, w->error);
        worker_stop(w);
        return NULL;
    }
    return w;
}

void worker_stop(struct worker *w)
{
    int status;
    struct rusage usage;

    if (!w)
        return;
    if (w->pid > 0 && w->sock >= 0) {
        close(w->sock);
        w->sock = -1;
        if (reap(w, GOODBYE_MS, &status, &usage))
            w->pid = 0;
    }
    kill_helper(w);
    if (w->page)
        munmap(w->page, sizeof *w->page);
    if (w->page_fd >= 0)
        close(w->page_fd);
    free(w->in);
    buf_release(&w->message);
    explicit_bzero(&w->options.setup, sizeof w->options.setup);
    free(w);
}

const char *worker_error(const struct worker *w)
{
    return w->error;
}

struct ready worker_ready(const struct worker *w)
{
    return w->ready;
}

/* --- rows made here -------------------------------------------------------------------------- */

/* An item that no helper can even search the name of: its row shows none of it. */
static void lose_item(struct worker *w, const struct worker_item *items, unsigned i,
                      enum outcome outcome, const char *reason, const struct worker_sink *sink)
{
    char name[48];

    snprintf(name, sizeof name, "[name of %zu bytes]", items[i].path.len);
    sink->member(sink->ctx, i,
                 &(struct member_record){.item = i,
                                         .name = span_of(name),
                                         .name_has_finding = true,
                                         .size = -1,
                                         .mtime = INT64_MIN,
                                         .outcome = outcome,
                                         .reason = span_of(reason),
                                         .unit = PLACE_LINE});
    sink->done(sink->ctx, i);
    w->progress[i].done = true;
}

/* --- sending --------------------------------------------------------------------------------- */

/* Longest time for an item, in nanoseconds. */
static uint64_t clock_of(const struct worker *w, uint64_t size)
{
    struct budget b;
    uint64_t now = now_ns(CLOCK_MONOTONIC);

    budget_start(&b, &w->options.setup.limits, size);
    uint64_t own = b.deadline > now ? b.deadline - now : 0;

    /* The helper counts the same time and ends an item in good order; this is for one that hangs
     * where it cannot look at the clock. */
    return own > UINT64_MAX / 4 ? UINT64_MAX / 4 : own + own / 8 + 2 * SECOND;
}

static void batch_item_of(const struct worker_item *item, const struct progress *p,
                          struct batch_item *ret)
{
    *ret = (struct batch_item){.flags = item->flags & ITEM_FOLDER,
                               .size = item->size,
                               .root = item->root,
                               .path = item->path,
                               .name_at = item->name_at};
    if (p->attempt == TRY_NAME)
        ret->flags |= ITEM_NAME_ONLY;
    if (p->attempt == TRY_RAW)
        ret->flags |= ITEM_RAW_ONLY;
    if (item->fd >= 0 && p->attempt < TRY_NAME)
        ret->flags |= ITEM_HAS_FD;
    ret->n_suspects = p->n_suspects;
    for (unsigned s = 0; s < p->n_suspects; s++)
        ret->suspects[s] = (struct suspect){p->suspects[s].member, p->suspects[s].lost};
}

/* Chooses what goes into the next message: unfinished items in their order, as many as fit. */
static bool choose(struct worker *w, const struct worker_item *items, unsigned n)
{
    size_t bytes = 64;

    w->n_sent = 0;
    for (unsigned i = 0; i < n; i++) {
        const struct progress *p = &w->progress[i];
        size_t need = 64 + items[i].root.len + items[i].path.len + (size_t)p->n_suspects * 11;

        if (p->done)
            continue;
        if (w->n_sent > 0 && bytes + need > BATCH_BYTES)
            break;
        bytes += need;
        batch_item_of(&items[i], p, &w->batch[w->n_sent]);
        w->fds[w->n_sent] = items[i].fd;
        w->map[w->n_sent++] = i;
    }
    return w->n_sent > 0;
}

static bool send_batch(struct worker *w)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(BATCH_MAX * sizeof(int))];
    } control;
    int fds[BATCH_MAX];
    unsigned n_fds = 0;

    buf_clear(&w->message);
    if (!batch_encode(w->batch, w->n_sent, &w->message))
        return false;
    for (unsigned i = 0; i < w->n_sent; i++) {
        if (w->batch[i].flags & ITEM_HAS_FD)
            fds[n_fds++] = w->fds[i];
    }
    struct iovec bytes = {w->message.at, w->message.len};
    struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1};

    if (n_fds > 0) {
        memset(&control, 0, sizeof control);
        m.msg_control = control.bytes;
        m.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);

        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
        memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
    }
    for (unsigned tries = 0; tries < SEND_TRIES; tries++) {
        ssize_t sent = sendmsg(w->sock, &m, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent == (ssize_t)w->message.len)
            return true;
        /* One message is under way at a time, so there is room for it; but the descriptors that
         * all workers of a user have under way are limited together. */
        if (sent >= 0 || (errno != EAGAIN && errno != ETOOMANYREFS && errno != ENOBUFS &&
                          errno != ENOMEM && errno != EINTR))
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return false;
}

/* --- receiving ------------------------------------------------------------------------------- */

static void begin_item(struct worker *w)
{
    w->open[0] = (struct open_member){0, 0};
    w->n_open = 1;
    w->highest = 0;
    w->own_row = false;
}

/* Numbers count up as members are found, and rows come after those of their members: so the first
 * sign of a number opens it and everything between it and the highest so far, and only the
 * innermost open one can end.  NULL: this number cannot come now. */
static struct open_member *open_member(struct worker *w, uint64_t number)
{
    if (number > w->highest) {
        if (number - w->highest > NEST_MAX + 1 - w->n_open)
            return NULL;
        while (w->highest < number)
            w->open[w->n_open++] = (struct open_member){++w->highest, 0};
    }
    for (unsigned i = w->n_open; i-- > 0;) {
        if (w->open[i].number == number)
            return &w->open[i];
    }
    return NULL;
}

static void set_ending(struct member_record *m, const struct blame *blame, bool raw, char *text,
                       size_t room)
{
    /* Worse than partial: the raw search did not come to its end either. */
    bool searched = raw && m->outcome <= OUTCOME_PARTIAL;

    snprintf(text, room, "%s%s", blame->why, searched ? "-raw-searched" : "");
    m->outcome = blame->outcome;
    m->reason = span_of(text);
}

static bool take_member(struct worker *w, unsigned i, struct span payload,
                        const struct worker_sink *sink)
{
    struct progress *p = &w->progress[i];
    struct member_record m;
    char reason[REASON_MAX + 16];

    if (!member_decode(payload, &m) || m.item != w->at || w->own_row)
        return false;
    struct open_member *open = open_member(w, m.member);

    if (!open || open != &w->open[w->n_open - 1] || open->findings != m.findings)
        return false;
    w->n_open--;
    if (m.member > 0 && w->open[w->n_open - 1].number != m.parent)
        return false;
    if (m.member == 0) {
        w->own_row = true;
        if (p->blamed)
            set_ending(&m, &p->own, p->attempt == TRY_RAW, reason, sizeof reason);
    }
    for (unsigned s = 0; s < p->n_suspects; s++) {
        if (p->suspects[s].member == m.member)
            set_ending(&m, &p->suspects[s], !p->suspects[s].lost, reason, sizeof reason);
    }
    m.item = i;
    p->handed_over = true;
    sink->member(sink->ctx, i, &m);
    return true;
}

static bool take_findings(struct worker *w, unsigned i, struct span payload,
                          const struct worker_sink *sink)
{
    struct findings_record f;

    if (!findings_decode(payload, &f) || f.item != w->at || w->own_row)
        return false;
    struct open_member *open = open_member(w, f.member);

    if (!open)
        return false;
    open->findings += f.count;
    w->progress[i].handed_over = true;
    sink->findings(sink->ctx, i, f.member, f.block);
    return true;
}

static bool take_record(struct worker *w, enum record_type type, struct span payload,
                        const struct worker_sink *sink)
{
    uint32_t done;

    if (w->at >= w->n_sent)
        return false;
    unsigned i = w->map[w->at];

    switch (type) {
    case RECORD_MEMBER:
        return take_member(w, i, payload, sink);
    case RECORD_FINDINGS:
        return take_findings(w, i, payload, sink);
    case RECORD_DONE:
        if (!done_decode(payload, &done) || done != w->at || !w->own_row)
            return false;
        w->progress[i].done = true;
        sink->done(sink->ctx, i);
        w->at++;
        begin_item(w);
        return true;
    case RECORD_READY:
        break;
    }
    return false;
}

/* Everything whole that has been read.  False: the protocol is broken. */
static bool take_records(struct worker *w, const struct worker_sink *sink)
{
    enum record_type type;
    struct span payload;
    int got;

    while ((got = next_record(w, &type, &payload)) == 1) {
        if (!take_record(w, type, payload, sink))
            return false;
    }
    return got == 0;
}

/* --- clocks ---------------------------------------------------------------------------------- */

static uint64_t resident_bytes(const struct worker *w)
{
    char text[128];
    ssize_t n = w->statm >= 0 ? pread(w->statm, text, sizeof text - 1, 0) : -1;

    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *second = strchr(text, ' '); /* pages in all, pages resident, ... */

    return second ? strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void start_clocks(struct worker *w)
{
    uint64_t now = now_ns(CLOCK_MONOTONIC);

    w->batch_deadline = now;
    for (unsigned i = 0; i < w->n_sent; i++) {
        uint64_t limit = clock_of(w, w->batch[i].size);

        if (__builtin_add_overflow(w->batch_deadline, limit, &w->batch_deadline))
            w->batch_deadline = UINT64_MAX;
    }
    w->next_look = now + TICK_MS * 1000000ull;
    w->seen_item = 0;
    w->seen_beat = atomic_load(&w->page->beat);
    w->item_since = w->beat_since = now;
    w->item_cpu = w->beat_cpu = now_ns(w->cpu_clock);
}

/* Long without a beat.  One that turns in a circle or is stuck is silent; one that takes a little
 * processor time all along is reading from something slow, and the item's clock is enough. */
static bool is_silent(struct worker *w, uint64_t now, uint64_t cpu)
{
    uint64_t passed = now - w->beat_since, used = cpu - w->beat_cpu;

    if (passed <= w->options.silence_seconds * SECOND)
        return false;
    if (used > passed / 2 || used < passed / 100000)
        return true;
    w->beat_since = now;
    w->beat_cpu = cpu;
    return false;
}

static enum fault look(struct worker *w)
{
    uint64_t now = now_ns(CLOCK_MONOTONIC);

    if (atomic_load(&w->interrupted))
        return FAULT_INTERRUPTED;
    if (now < w->next_look)
        return FAULT_NONE;
    w->next_look = now + TICK_MS * 1000000ull;
    if (resident_bytes(w) > w->options.rss_limit)
        return FAULT_MEMORY;
    uint32_t item = atomic_load(&w->page->item);
    uint64_t beat = atomic_load(&w->page->beat), cpu = now_ns(w->cpu_clock);

    if (item != w->seen_item) {
        w->seen_item = item;
        w->item_since = w->beat_since = now;
        w->item_cpu = w->beat_cpu = cpu;
        atomic_store(&w->shown_since, item ? now : 0);
    }
    if (beat != w->seen_beat) {
        w->seen_beat = beat;
        w->beat_since = now;
        w->beat_cpu = cpu;
    }
    unsigned index = item > 0 && item <= w->n_sent ? item - 1 : w->at;
    uint64_t limit = clock_of(w, index < w->n_sent ? w->batch[index].size : 0);
    uint64_t cpu_limit = w->options.cpu_seconds ? w->options.cpu_seconds * SECOND : limit;

    /* The sum is for a helper that keeps changing the item it says it reads. */
    if (now - w->item_since > limit || now > w->batch_deadline)
        return FAULT_TIME;
    if (cpu - w->item_cpu > cpu_limit)
        return FAULT_CPU;
    if (is_silent(w, now, cpu))
        return FAULT_SILENCE;
    return FAULT_NONE;
}

/* Reads records until the batch is done or the helper has to be, or is, gone. */
static enum fault receive(struct worker *w, const struct worker_sink *sink)
{
    while (w->at < w->n_sent) {
        int got = fill(w);

        if (got < 0)
            return FAULT_DIED;
        if (got > 0 && !take_records(w, sink))
            return FAULT_PROTOCOL;
        enum fault fault = look(w);

        if (fault != FAULT_NONE)
            return fault;
        if (got == 0) {
            struct pollfd in = {.fd = w->pipe, .events = POLLIN};

            poll(&in, 1, TICK_MS);
        }
    }
    return FAULT_NONE;
}

/* --- after a death --------------------------------------------------------------------------- */

/* Ends the helper, takes what it had sent before, and says how it came to this. */
static enum fault end_helper(struct worker *w, enum fault fault, const struct worker_sink *sink,
                             int *ret_status)
{
    struct rusage usage = {0};
    bool ended = false;

    *ret_status = 0;
    if (fault == FAULT_DIED)
        ended = reap(w, GOODBYE_MS, ret_status, &usage);
    if (!ended) {
        /* Closed its pipe and lives on: nobody does that by mistake. */
        if (fault == FAULT_DIED)
            fault = FAULT_PROTOCOL;
        kill(w->pid, SIGKILL);
        reap(w, REAP_MS, ret_status, &usage);
    }
    w->pid = 0;
    /* A clock may have struck just as the last records were written: they count. */
    if (fault != FAULT_PROTOCOL) {
        int got;

        do {
            if (!take_records(w, sink)) {
                fault = FAULT_PROTOCOL;
                break;
            }
            got = w->at < w->n_sent ? fill(w) : -1;
        } while (got > 0);
    }
    if (fault == FAULT_DIED && WIFEXITED(*ret_status)) {
        if (WEXITSTATUS(*ret_status) == HELPER_EXIT_DONE && atomic_load(&w->page->item) == 0)
            fault = FAULT_LEFT;
        else if (WEXITSTATUS(*ret_status) == HELPER_EXIT_MEMORY)
            fault = FAULT_MEMORY;
    } else if (fault == FAULT_DIED &&
               (WTERMSIG(*ret_status) == SIGABRT || WTERMSIG(*ret_status) == SIGTRAP) &&
               (uint64_t)usage.ru_maxrss * 1024 > w->options.rss_limit / 4 * 3) {
        /* Libraries that cannot go on without memory abort. */
        fault = FAULT_MEMORY;
    }
    forget_helper(w);
    return fault;
}

static struct blame blame_of(enum fault fault, int status)
{
    struct blame b = {.outcome = OUTCOME_CRASHED};

    switch (fault) {
    case FAULT_TIME:
    case FAULT_SILENCE:
    case FAULT_CPU:
        b.outcome = OUTCOME_TIMEOUT;
        snprintf(b.why, sizeof b.why, "%s",
                 fault == FAULT_TIME  ? "time"
                 : fault == FAULT_CPU ? "cpu"
                                      : "silence");
        break;
    case FAULT_MEMORY:
        b.outcome = OUTCOME_OVER_LIMIT;
        snprintf(b.why, sizeof b.why, "memory");
        break;
    case FAULT_DIED:
    case FAULT_LEFT:
        if (WIFSIGNALED(status))
            snprintf(b.why, sizeof b.why, "signal-%d", WTERMSIG(status));
        else
            snprintf(b.why, sizeof b.why, "exit-%d", WEXITSTATUS(status));
        break;
    case FAULT_PROTOCOL:
    case FAULT_INTERRUPTED:
    case FAULT_NONE:
        snprintf(b.why, sizeof b.why, "protocol");
        break;
    }
    return b;
}

static void count(struct worker *w, enum fault fault)
{
    if (fault == FAULT_LEFT)
        atomic_fetch_add(&w->recycled, 1);
    else if (fault == FAULT_MEMORY)
        atomic_fetch_add(&w->grown, 1);
    else if (fault == FAULT_TIME || fault == FAULT_SILENCE || fault == FAULT_CPU)
        atomic_fetch_add(&w->timed_out, 1);
    else if (fault != FAULT_INTERRUPTED)
        atomic_fetch_add(&w->crashed, 1);
}

/* Sets one member apart.  False: that did not help before, or there are too many. */
static bool suspect_member(struct progress *p, const struct blame *blame)
{
    unsigned s = 0;

    while (s < p->n_suspects && p->suspects[s].member < blame->member)
        s++;
    bool known = s < p->n_suspects && p->suspects[s].member == blame->member;

    if (known && p->suspects[s].lost)
        return false;
    if (!known && s == SUSPECTS_MAX)
        return false;
    if (known)
        p->suspects[s].lost = true; /* its ending stays that of the first time */
    else
        p->suspects[s] = *blame;
    /* A container that is only searched raw gives no members: higher numbers move down, and who
     * was at fault among them will show again. */
    p->n_suspects = s + 1;
    return true;
}

static void blame_item(struct worker *w, const struct worker_item *item, unsigned i,
                       const struct blame *blame, const struct worker_sink *sink)
{
    struct progress *p = &w->progress[i];

    if (p->handed_over)
        sink->restart(sink->ctx, i);
    p->handed_over = false;
    /* One that struck a clock cost its whole time, so there are fewer tries of it. */
    p->deaths += blame->outcome == OUTCOME_TIMEOUT ? SUSPECTS_MAX / 2 : 1;
    if (p->attempt == TRY_WHOLE && blame->member > 0 && p->deaths <= 2 * SUSPECTS_MAX &&
        suspect_member(p, blame))
        return;
    if (!p->blamed) {
        p->own = *blame;
        p->blamed = true;
    }
    p->n_suspects = 0;
    if (p->attempt == TRY_WHOLE)
        p->attempt = item->fd >= 0 ? TRY_RAW : TRY_NAME;
    else
        p->attempt++;
}

/* The item the helper was reading when it went; -1: none. */
static int culprit(const struct worker *w, uint64_t *ret_member)
{
    uint32_t item = atomic_load(&w->page->item);

    *ret_member = 0;
    if (w->at >= w->n_sent || item == 0)
        return -1;
    if (item > w->n_sent || item - 1 < w->at)
        return (int)w->at;
    *ret_member = atomic_load(&w->page->member);
    return (int)item - 1;
}

/* --- a batch --------------------------------------------------------------------------------- */

static void begin_batch(struct worker *w, const struct worker_item *items, unsigned n,
                        const struct worker_sink *sink)
{
    for (unsigned i = 0; i < n; i++) {
        struct progress *p = &w->progress[i];

        p->done = p->handed_over = p->blamed = false;
        p->deaths = p->n_suspects = 0;
        p->attempt = TRY_WHOLE;
        if (items[i].flags & (ITEM_NAME_ONLY | ITEM_RAW_ONLY)) {
            p->blamed = true;
            p->own.outcome = items[i].outcome;
            snprintf(p->own.why, sizeof p->own.why, "%.50s",
                     items[i].reason ? items[i].reason : "");
            p->attempt = items[i].flags & ITEM_RAW_ONLY && items[i].fd >= 0 ? TRY_RAW : TRY_NAME;
        } else if (items[i].fd < 0) {
            p->attempt = TRY_NAME; /* a folder, an empty file */
        }
        if (items[i].path.len > PATH_BYTES_MAX || items[i].root.len > 4096 ||
            items[i].name_at > items[i].path.len)
            lose_item(w, items, i, OUTCOME_OVER_LIMIT, "name-length", sink);
    }
}

static bool ensure_helper(struct worker *w)
{
    for (unsigned tries = 0; w->pid == 0; tries++) {
        if (start_helper(w))
            break;
        if (tries + 1 == SPAWN_TRIES || atomic_load(&w->interrupted))
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    return true;
}

/* After a death: whom to blame, and what to do with it the next time. */
static void judge(struct worker *w, const struct worker_item *items, enum fault fault, int status,
                  unsigned *idle_deaths, const struct worker_sink *sink)
{
    uint64_t member = 0;
    int at = culprit(w, &member);

    if (at < 0 && w->at < w->n_sent && ++*idle_deaths > IDLE_DEATHS)
        at = (int)w->at;
    if (w->at < w->n_sent) {
        /* Rows may have come of the first unfinished item even if a later one was at fault. */
        unsigned first = w->map[w->at];

        if (at != (int)w->at && w->progress[first].handed_over) {
            sink->restart(sink->ctx, first);
            w->progress[first].handed_over = false;
        }
    }
    if (at < 0)
        return;
    struct blame blame = blame_of(fault, status);
    unsigned i = w->map[at];

    *idle_deaths = 0;
    blame.member = member;
    blame_item(w, &items[i], i, &blame, sink);
    if (w->progress[i].attempt == TRY_NOTHING)
        lose_item(w, items, i, w->progress[i].own.outcome, w->progress[i].own.why, sink);
}

enum worker_end worker_run(struct worker *w, const struct worker_item *items, unsigned n,
                           const struct worker_sink *sink)
{
    unsigned idle_deaths = 0;

    if (n > BATCH_MAX)
        return WORKER_FAILED;
    begin_batch(w, items, n, sink);
    while (choose(w, items, n)) {
        if (!ensure_helper(w))
            return atomic_load(&w->interrupted) ? WORKER_INTERRUPTED : WORKER_FAILED;
        w->at = 0;
        begin_item(w);
        start_clocks(w);
        enum fault fault = send_batch(w) ? receive(w, sink) : FAULT_DIED;

        if (fault == FAULT_NONE)
            continue;
        int status;

        fault = end_helper(w, fault, sink, &status);
        count(w, fault);
        if (fault == FAULT_INTERRUPTED)
            return WORKER_INTERRUPTED;
        judge(w, items, fault, status, &idle_deaths, sink);
    }
    atomic_store(&w->shown_since, 0);
    return WORKER_DONE;
}

/* --- any thread ------------------------------------------------------------------------------ */

void worker_interrupt(struct worker *w)
{
    atomic_store(&w->interrupted, true);
}

struct worker_page worker_page(struct worker *w)
{
    struct worker_page ret = {.bytes = atomic_load(&w->page->bytes),
                              .findings = atomic_load(&w->page->findings)};
    uint64_t since = atomic_load(&w->shown_since);
    uint32_t before = atomic_load(&w->page->name_seq);

    if (since == 0 || atomic_load(&w->page->item) == 0)
        return ret;
    uint64_t now = now_ns(CLOCK_MONOTONIC);

    ret.seconds = now > since ? (uint32_t)((now - since) / SECOND) : 0;
    for (size_t i = 0; i + 1 < sizeof ret.name; i++) {
        char c = ((volatile char *)w->page->name)[i];

        if (c == '\0')
            break;
        ret.name[i] = c < 0x20 || c == 0x7f ? '?' : c;
    }
    /* Written while we read: no name is better than half of two. */
    if (before % 2 != 0 || atomic_load(&w->page->name_seq) != before)
        memset(ret.name, 0, sizeof ret.name);
    return ret;
}

struct worker_counters worker_counters(struct worker *w)
{
    return (struct worker_counters){
        .started = atomic_load(&w->started),
        .recycled = atomic_load(&w->recycled),
        .crashed = atomic_load(&w->crashed),
        .timed_out = atomic_load(&w->timed_out),
        .grown = atomic_load(&w->grown),
    };
}
