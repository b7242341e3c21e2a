/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: helper_side */
/* What a process can still do once it has locked itself in: each probe in a child of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/helper/sandbox.h"

enum { LEFT_OPEN = 100, NO_SANDBOX = 101, NOBODY = 65534, FILE_LIMIT = 1024 * 1024 };

/* True: what was tried did not work. */
typedef bool probe(int file);

/* `file` is this program, open to read, from before. */
static int run(probe *tried, bool as_nobody)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        const struct sandbox_limits limits = {.data = 64 << 20, .file = FILE_LIMIT};
        int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

        if (file < 0 || (as_nobody && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)))
            _exit(NO_SANDBOX);
        struct sandbox_state state = sandbox_close(&limits);

        if (state.landlock_abi == 0 || !state.seccomp)
            _exit(NO_SANDBOX);
        _exit(tried(file) ? 0 : LEFT_OPEN);
    }
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void refused(probe *tried)
{
    assert_int_equal(run(tried, false), 0);
    if (getuid() == 0)
        assert_int_equal(run(tried, true), 0);
}

static void ended_by(probe *tried, int sig)
{
    int status = run(tried, false);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), sig);
}

static bool open_passwd(int file)
{
    (void)file;
    return open("/etc/passwd", O_RDONLY) < 0;
}

static bool open_own_folder(int file)
{
    (void)file;
    return open(".", O_RDONLY | O_DIRECTORY) < 0;
}

static bool create_file(int file)
{
    (void)file;
    return open("/tmp/constat-must-not-be", O_CREAT | O_WRONLY, 0600) < 0;
}

static bool create_in_poppler(int file)
{
    (void)file;
    return open("/usr/share/poppler/constat-must-not-be", O_CREAT | O_RDWR, 0600) < 0;
}

static bool open_again_for_writing(int file)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return open(path, O_RDWR) < 0 && open(path, O_RDONLY) < 0;
}

static bool remove_file(int file)
{
    (void)file;
    return unlink("/tmp/constat-none") < 0 && errno == EPERM && rename("/tmp/a", "/tmp/b") < 0 &&
           errno == EPERM && mkdir("/tmp/constat-must-not-be", 0700) < 0 && errno == EPERM;
}

static bool make_socket(int file)
{
    int pair[2];

    (void)file;
    return socket(AF_INET, SOCK_STREAM, 0) < 0 && socket(AF_UNIX, SOCK_DGRAM, 0) < 0 &&
           socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0;
}

static bool make_process(int file)
{
    (void)file;
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return child < 0;
}

static bool change_file(int file)
{
    const struct timespec times[2] = {{1, 0}, {1, 0}};

    return fchmod(file, 0777) < 0 && errno == EPERM && fchown(file, 1, 1) < 0 && errno == EPERM &&
           futimens(file, times) < 0 && errno == EPERM && ftruncate(file, 0) < 0;
}

/* Without O_NOATIME the next read would change the source. */
static bool change_flags(int file)
{
    return fcntl(file, F_SETFL, 0) < 0 && fcntl(file, F_GETFL) >= 0;
}

static bool signal_parent(int file)
{
    (void)file;
    return kill(getppid(), 0) < 0 && kill(1, 0) < 0;
}

static bool raise_limits(int file)
{
    const struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};

    (void)file;
    return setrlimit(RLIMIT_FSIZE, &more) < 0 && setrlimit(RLIMIT_DATA, &more) < 0;
}

static bool memory_for_code(int file)
{
    void *plain = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED &&
           plain != MAP_FAILED && mprotect(plain, 4096, PROT_READ | PROT_EXEC) < 0;
}

static bool fill_memfd(int file)
{
    static const char block[64 * 1024];
    int fd = memfd_create("test", 0);
    size_t total = 0;
    ssize_t n = 0;

    (void)file;
    while (fd >= 0 && total < 4 * FILE_LIMIT && (n = write(fd, block, sizeof block)) > 0)
        total += (size_t)n;
    return fd >= 0 && n < 0 && errno == EFBIG && total <= FILE_LIMIT;
}

#ifndef CONSTAT_SANITIZED
static bool fill_memory(int file)
{
    (void)file;
    void *much = mmap(NULL, 128 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return much == MAP_FAILED;
}
#endif

/* The work that is left: here "refused" means it went as it should. */
static bool ordinary_work(int file)
{
    char bytes[16], again[16];
    struct stat st;
    int fd = memfd_create("test", MFD_CLOEXEC);
    void *block = malloc(8 << 20);

    if (!block || read(file, bytes, sizeof bytes) != (ssize_t)sizeof bytes ||
        pread(file, again, sizeof again, 0) != (ssize_t)sizeof again ||
        memcmp(bytes, again, sizeof bytes) != 0 || fstat(file, &st) != 0 || st.st_size <= 0)
        return false;
    memset(block, 1, 8 << 20);
    free(block);
    return fd >= 0 && write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes &&
           lseek(fd, 0, SEEK_SET) == 0 && dup(file) >= 0;
}

static bool open_poppler(int file)
{
    (void)file;
    return open("/usr/share/poppler", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool execute(int file)
{
    char *const arguments[] = {(char[]){"true"}, NULL};

    (void)file;
    execv("/bin/true", arguments);
    return false;
}

static bool trace(int file)
{
    (void)file;
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    return false;
}

static bool abort_itself(int file)
{
    (void)file;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void test_no_path(void **state)
{
    (void)state;
    refused(open_passwd);
    refused(open_own_folder);
    refused(create_file);
    refused(create_in_poppler);
    refused(open_again_for_writing);
    refused(remove_file);
}

static void test_no_socket_no_process(void **state)
{
    (void)state;
    refused(make_socket);
    refused(make_process);
    refused(signal_parent);
    ended_by(execute, SIGSYS);
    ended_by(trace, SIGSYS);
}

static void test_source_cannot_be_changed(void **state)
{
    (void)state;
    refused(change_file);
    refused(change_flags);
}

static void test_limits_stay(void **state)
{
    (void)state;
    refused(raise_limits);
    refused(memory_for_code);
    refused(fill_memfd);
#ifndef CONSTAT_SANITIZED
    refused(fill_memory);
#endif
}

static void test_work_goes_on(void **state)
{
    (void)state;
    refused(ordinary_work);
    if (access("/usr/share/poppler", R_OK) == 0)
        refused(open_poppler);
    ended_by(abort_itself, SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_path),
        cmocka_unit_test(test_no_socket_no_process),
        cmocka_unit_test(test_source_cannot_be_changed),
        cmocka_unit_test(test_limits_stay),
        cmocka_unit_test(test_work_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
