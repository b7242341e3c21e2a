/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sandbox.c - resource limits, capabilities, Landlock, seccomp, in this order.
 *
 * Landlock says which files can be reached and seccomp which calls can be made; each alone would
 * leave a gap.  Landlock does not cover stat, chmod, utime or file descriptors that are open
 * already; seccomp cannot read a path.  Kernel 6.1 (Debian 12) has Landlock ABI 2, whose headers
 * know nothing of truncation, devices, ports and scopes, so the bits are given here and masked by
 * the ABI the running kernel reports.
 */
#include "scanner/helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scanner/base/cleanup.h"

/* --- Landlock: linux/landlock.h up to ABI 6 --------------------------------------------------- */

#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR  (1ull << 3)
#define FS_ABI_1     ((1ull << 13) - 1) /* execute .. make_sym */
#define FS_REFER     (1ull << 13)       /* ABI 2 */
#define FS_TRUNCATE  (1ull << 14)       /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15)       /* ABI 5 */
#define NET_TCP      3ull               /* ABI 4: bind, connect */
#define SCOPE_ALL    3ull               /* ABI 6: abstract UNIX sockets, signals */

struct ruleset {
    uint64_t fs, net, scoped;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent_fd;
} __attribute__((packed));

enum { RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

/* Tables that poppler looks up when a document asks for a character collection. */
static const char *const readable[] = {"/usr/share/poppler"};

static uint32_t landlock_close(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, RULESET_VERSION);

    if (abi < 1)
        return 0;
    struct ruleset rules = {.fs = FS_ABI_1};
    size_t size = offsetof(struct ruleset, net);

    if (abi >= 2)
        rules.fs |= FS_REFER;
    if (abi >= 3)
        rules.fs |= FS_TRUNCATE;
    if (abi >= 5)
        rules.fs |= FS_IOCTL_DEV;
    if (abi >= 4) {
        rules.net = NET_TCP;
        size = offsetof(struct ruleset, scoped);
    }
    if (abi >= 6) {
        rules.scoped = SCOPE_ALL;
        size = sizeof rules;
    }
    AUTO_CLOSE int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);

    if (ruleset < 0)
        return 0;
    for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++) {
        AUTO_CLOSE int fd = open(readable[i], O_PATH | O_CLOEXEC);
        struct path_rule rule = {FS_READ_FILE | FS_READ_DIR, fd};

        /* Not installed, or refused: one more file that cannot be read. */
        if (fd >= 0)
            syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
    }
    return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ? (uint32_t)abi : 0;
}

/* --- seccomp ---------------------------------------------------------------------------------- */

/* Harmless in themselves: they act on memory, on time, or on descriptors the process has. */
static const int allowed[] = {
    SCMP_SYS(read),          SCMP_SYS(readv),        SCMP_SYS(pread64),
    SCMP_SYS(preadv),        SCMP_SYS(write),        SCMP_SYS(writev),
    SCMP_SYS(pwrite64),      SCMP_SYS(lseek),        SCMP_SYS(close),
    SCMP_SYS(close_range),   SCMP_SYS(recvmsg),      SCMP_SYS(fstat),
    SCMP_SYS(fadvise64),     SCMP_SYS(ftruncate),    SCMP_SYS(memfd_create),
    SCMP_SYS(dup),           SCMP_SYS(dup2),         SCMP_SYS(dup3),
    SCMP_SYS(munmap),        SCMP_SYS(mremap),       SCMP_SYS(madvise),
    SCMP_SYS(brk),           SCMP_SYS(futex),        SCMP_SYS(sched_yield),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
    SCMP_SYS(time),          SCMP_SYS(nanosleep),    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(poll),          SCMP_SYS(ppoll),        SCMP_SYS(getrandom),
    SCMP_SYS(getpid),        SCMP_SYS(gettid),       SCMP_SYS(getppid),
    SCMP_SYS(getuid),        SCMP_SYS(geteuid),      SCMP_SYS(getgid),
    SCMP_SYS(getegid),       SCMP_SYS(getrusage),    SCMP_SYS(times),
    SCMP_SYS(sysinfo),       SCMP_SYS(uname),        SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),        SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(sigaltstack),  SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),          SCMP_SYS(exit_group),   SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),          SCMP_SYS(membarrier),
};

/* No library of ours calls these, whatever it probes for: code is running that is not ours.  All
 * that is in neither list fails with EPERM, which a library that only probes can take. */
static const int deadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(bpf),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(modify_ldt),
    SCMP_SYS(personality),
};

/* F_SETFL is missing on purpose: without O_NOATIME the next read would change the source. */
static const int fcntl_commands[] = {F_GETFD, F_SETFD,         F_GETFL,
                                     F_DUPFD, F_DUPFD_CLOEXEC, F_ADD_SEALS};

static bool allow_with_arguments(scmp_filter_ctx filter, bool landlock)
{
    const uint32_t allow = SCMP_ACT_ALLOW;
    const scmp_datum_t not_executable = 0;
    int bad = 0;

    bad |= seccomp_rule_add(filter, allow, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, not_executable));
    bad |= seccomp_rule_add(filter, allow, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, not_executable));
    for (size_t i = 0; i < sizeof fcntl_commands / sizeof fcntl_commands[0]; i++)
        bad |= seccomp_rule_add(filter, allow, SCMP_SYS(fcntl), 1,
                                SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)fcntl_commands[i], 0));
    /* What glibc makes of fstat. */
    bad |= seccomp_rule_add(filter, allow, SCMP_SYS(newfstatat), 1,
                            SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
    bad |= seccomp_rule_add(filter, allow, SCMP_SYS(statx), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
    /* abort() and raise(): only to itself. */
    bad |= seccomp_rule_add(filter, allow, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    /* Reading its own limits, not setting them. */
    bad |= seccomp_rule_add(filter, allow, SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0, 0),
                            SCMP_A2(SCMP_CMP_EQ, 0, 0));
    /* isatty() of stdio: it is none. */
    bad |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0);
    /* glibc tries the older call then, which fails with EPERM. */
    bad |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (landlock) {
        const scmp_datum_t writing =
            O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

        bad |= seccomp_rule_add(filter, allow, SCMP_SYS(openat), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    }
    return bad == 0;
}

static bool seccomp_close(bool landlock)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = filter != NULL;

    for (size_t i = 0; ok && i < sizeof allowed / sizeof allowed[0]; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    for (size_t i = 0; ok && i < sizeof deadly / sizeof deadly[0]; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0) == 0;
    /* The filter runs on every call: as a tree instead of a list. */
    ok = ok && allow_with_arguments(filter, landlock) &&
         seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 && seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return ok;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void set_limit(int resource, uint64_t value)
{
    struct rlimit now;

    if (getrlimit(resource, &now) != 0)
        return;
    if (now.rlim_max == RLIM_INFINITY || value < now.rlim_max)
        now.rlim_max = value;
    now.rlim_cur = now.rlim_max;
    setrlimit(resource, &now);
}

static void drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}, {0}};

    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    syscall(SYS_capset, &header, none);
}

struct sandbox_state sandbox_close(const struct sandbox_limits *limits)
{
    struct sandbox_state state = {0, false};
    const uint64_t descriptors = 256; /* a batch, and what a nest of archives spools */

    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, descriptors);
    set_limit(RLIMIT_FSIZE, limits->file);
#ifndef CONSTAT_SANITIZED /* their shadow memory takes terabytes of addresses */
    if (limits->address_space > 0)
        set_limit(RLIMIT_AS, limits->address_space);
    if (limits->data > 0)
        set_limit(RLIMIT_DATA, limits->data);
#endif
    signal(SIGXFSZ, SIG_IGN); /* EFBIG tells the same without an end */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return state;
    state.landlock_abi = landlock_close();
    drop_capabilities();
    state.seccomp = seccomp_close(state.landlock_abi > 0);
    return state;
}
