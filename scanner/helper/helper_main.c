/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * helper_main.c - constat-helper: the process that reads bytes nobody vouches for.
 *
 * Order matters: shed every descriptor that is not ours, load what libraries need from disk, lock
 * in, say so, and only then take the first item.
 */
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "scanner/base/cleanup.h"
#include "scanner/extract/extractor.h"
#include "scanner/helper/sandbox.h"
#include "scanner/helper/scan_item.h"

enum {
    FIRST_FREE = 6,
    RECYCLE_ITEMS = 100000,           /* libraries leak a little; a start costs some 20 ms */
    TRIM_BYTES = 128 * 1024 * 1024,   /* idle memory that is given back */
    RECYCLE_BYTES = 300 * 1024 * 1024 /* and what is too much even so */
};

struct message {
    char *bytes; /* BATCH_BYTES */
    size_t len;
    int fds[BATCH_MAX];
    unsigned n_fds;
};

/* False: the parent is gone. */
static bool receive(struct message *m)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(BATCH_MAX * sizeof(int))];
    } control;
    struct iovec bytes = {m->bytes, BATCH_BYTES};
    struct msghdr h = {.msg_iov = &bytes,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control};
    ssize_t n;

    do {
        n = recvmsg(HELPER_SOCKET, &h, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    m->n_fds = 0;
    if (n <= 0)
        return false;
    m->len = (size_t)n;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (count > BATCH_MAX)
            _exit(HELPER_EXIT_PROTOCOL);
        memcpy(m->fds, CMSG_DATA(c), count * sizeof(int));
        m->n_fds = (unsigned)count;
    }
    if (h.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        _exit(HELPER_EXIT_PROTOCOL);
    return true;
}

/* Nothing but the three descriptors of the protocol stays open. */
static void shed_descriptors(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct stat st;

    if (fstat(HELPER_SOCKET, &st) != 0 || !S_ISSOCK(st.st_mode) || fstat(HELPER_PIPE, &st) != 0 ||
        !S_ISFIFO(st.st_mode) || fstat(HELPER_PAGE, &st) != 0 ||
        st.st_size < (off_t)sizeof(struct helper_page)) {
        fputs("constat-helper is started by constat; it does nothing by itself\n", stderr);
        exit(HELPER_EXIT_SETUP);
    }
    if (null >= 0) {
        dup2(null, 0);
        dup2(null, 1);
#ifndef CONSTAT_SANITIZED /* else a finding of the sanitizer would be lost */
        dup2(null, 2);
#endif
    }
    close_range(FIRST_FREE, ~0u, 0);
}

static struct helper_page *map_page(void)
{
    void *at =
        mmap(NULL, sizeof(struct helper_page), PROT_READ | PROT_WRITE, MAP_SHARED, HELPER_PAGE, 0);

    if (at == MAP_FAILED)
        exit(HELPER_EXIT_MEMORY);
    close(HELPER_PAGE);
    return at;
}

static uint32_t prepare_extractors(void)
{
    uint32_t missing = 0;

    for (unsigned i = 0; extractors[i]; i++) {
        if (extractors[i]->prepare && !extractors[i]->prepare() && i < 32)
            missing |= UINT32_C(1) << i;
    }
    return missing;
}

static struct ready lock_in(const struct setup *setup, uint32_t missing)
{
    const struct sandbox_limits limits = {.address_space = setup->memory_limit,
                                          .data = setup->data_limit,
                                          .file = setup->limits.spool};
    struct sandbox_state state = sandbox_close(&limits);

    if ((state.landlock_abi == 0 || !state.seccomp) && !setup->no_sandbox)
        _exit(HELPER_EXIT_SANDBOX);
    return (struct ready){state.landlock_abi, state.seccomp, missing};
}

static uint64_t resident_bytes(int statm)
{
    char text[128];
    ssize_t n = statm >= 0 ? pread(statm, text, sizeof text - 1, 0) : -1;

    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *second = strchr(text, ' ');

    return second ? strtoull(second, NULL, 10) * 4096 : 0;
}

static bool too_large(int statm)
{
    if (resident_bytes(statm) < TRIM_BYTES)
        return false;
    malloc_trim(0);
    return resident_bytes(statm) > RECYCLE_BYTES;
}

static unsigned run_batch(struct scan *scan, struct helper_page *page, const struct message *m,
                          struct batch_item items[BATCH_MAX])
{
    int n = batch_decode((struct span){m->bytes, m->len}, items);
    unsigned next_fd = 0;

    if (n < 0)
        _exit(HELPER_EXIT_PROTOCOL);
    for (int i = 0; i < n; i++) {
        AUTO_CLOSE int fd = -1;

        if (items[i].flags & ITEM_HAS_FD) {
            if (next_fd == m->n_fds)
                _exit(HELPER_EXIT_PROTOCOL);
            fd = m->fds[next_fd++];
        }
        scan_item(scan, (uint32_t)i, &items[i], fd);
    }
    if (next_fd != m->n_fds)
        _exit(HELPER_EXIT_PROTOCOL);
    scan_flush(scan);
    atomic_store(&page->item, 0);
    return (unsigned)n;
}

int main(void)
{
    struct setup setup;
    unsigned done = 0;

    shed_descriptors();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct helper_page *page = map_page();
    int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    struct message *message = calloc(1, sizeof *message);
    struct batch_item *items = calloc(BATCH_MAX, sizeof *items);

    if (!message || !items || !(message->bytes = malloc(BATCH_BYTES)))
        return HELPER_EXIT_MEMORY;
    if (!receive(message) || !setup_decode((struct span){message->bytes, message->len}, &setup))
        return HELPER_EXIT_SETUP;
    explicit_bzero(message->bytes, message->len);
    if (!keys_start())
        return HELPER_EXIT_LOAD;
    uint32_t missing = prepare_extractors();
    struct scan *scan = scan_new(&setup, page, HELPER_PIPE, missing);

    explicit_bzero(setup.case_key, sizeof setup.case_key);
    if (!scan)
        return HELPER_EXIT_LOAD;
    struct ready ready = lock_in(&setup, missing);

    scan_ready(scan, &ready);
    scan_flush(scan);
    while (done < RECYCLE_ITEMS && !too_large(statm) && receive(message))
        done += run_batch(scan, page, message, items);
    scan_free(scan);
    _exit(HELPER_EXIT_DONE);
}
