/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * worker_process.c - a helper process begins, is listened to, and ends.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "scanner/base/cleanup.h"
#include "scanner/helper/worker_private.h"

enum {
    READY_MS = 60 * 1000,    /* loading tables on a cold, busy machine */
    READ_ROOM = 64 * 1024,   /* least room for one read from the pipe */
    PIPE_ROOM = 1024 * 1024, /* asked of the kernel; less will do */
    IN_ROOM = RECORD_MAX + 16 + READ_ROOM
};

uint64_t worker_now(clockid_t clock)
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

void worker_forget_helper(struct worker *w)
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

bool worker_reap(struct worker *w, int patience_ms, int *ret_status, struct rusage *ret_usage)
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

void worker_kill_helper(struct worker *w)
{
    int status;
    struct rusage usage;

    if (w->pid > 0) {
        kill(w->pid, SIGKILL);
        worker_reap(w, REAP_MS, &status, &usage);
    }
    worker_forget_helper(w);
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
    bool ended = worker_reap(w, GOODBYE_MS, &status, &usage);

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

int worker_fill(struct worker *w)
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

int worker_next_record(struct worker *w, enum record_type *ret_type, struct span *ret_payload)
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
    uint64_t deadline = worker_now(CLOCK_MONOTONIC) + (uint64_t)READY_MS * 1000000;
    enum record_type type;
    struct span payload;

    for (;;) {
        int got = worker_next_record(w, &type, &payload);

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
        if (worker_now(CLOCK_MONOTONIC) > deadline)
            return set_error(w, "the helper process does not answer", "");
        poll(&in, 1, TICK_MS);
        if (worker_fill(w) < 0)
            return refused(w);
    }
}

bool worker_start_helper(struct worker *w)
{
    char path[64];

    worker_forget_helper(w);
    /* A helper that has left already says why by its exit status, so a failed send is not the end.
     */
    if (!connect_helper(w) || (send_setup(w), !await_ready(w))) {
        worker_kill_helper(w);
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
    if (!ok || !worker_start_helper(w)) {
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
        if (worker_reap(w, GOODBYE_MS, &status, &usage))
            w->pid = 0;
    }
    worker_kill_helper(w);
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
