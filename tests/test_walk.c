/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: walk base */
/* labels: threads */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/base/cleanup.h"
#include "scanner/walk/walk.h"

struct tree {
    char path[64];
    int fd;
};

struct seen_list {
    pthread_mutex_t lock;
    struct walk_entry **at;
    size_t n, room;
    size_t stop_after;
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)ftw;
    return type == FTW_DP || type == FTW_D ? rmdir(path) : unlink(path);
}

static int tree_setup(void **state)
{
    struct tree *t = calloc(1, sizeof *t);

    snprintf(t->path, sizeof t->path, "/tmp/constat-walk-XXXXXX");
    if (!mkdtemp(t->path))
        return -1;
    t->fd = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *state = t;
    return t->fd < 0;
}

static int tree_teardown(void **state)
{
    struct tree *t = *state;
    int failed = nftw(t->path, remove_one, 64, FTW_PHYS | FTW_DEPTH);

    close(t->fd);
    free(t);
    return failed;
}

static void put_file(int dir, const char *name, const char *content)
{
    AUTO_CLOSE int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0640);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
}

static bool collect(void *ctx, struct walk_entry *e)
{
    struct seen_list *list = ctx;
    bool go_on;

    pthread_mutex_lock(&list->lock);
    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->at = realloc(list->at, list->room * sizeof *list->at);
    }
    list->at[list->n++] = e;
    go_on = !list->stop_after || list->n < list->stop_after;
    if (e->fd >= 0)
        close(take_fd(&e->fd));
    pthread_mutex_unlock(&list->lock);
    return go_on;
}

static const struct walk_entry *find(const struct seen_list *list, const char *path)
{
    const struct walk_entry *found = NULL;

    for (size_t i = 0; i < list->n; i++) {
        if (span_equal(list->at[i]->path, span_of(path))) {
            assert_null(found); /* handed over once */
            found = list->at[i];
        }
    }
    return found;
}

static void list_free(struct seen_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        walk_entry_free(list->at[i]);
    free(list->at);
}

static struct seen_list walk_tree(const struct tree *t, unsigned threads,
                                  const struct walk_filter *filter)
{
    struct seen_list list = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct walk_totals totals = {0};
    struct walk_options options = {.threads = threads, .one_file_system = true, .filter = filter};
    const char *name = "tree";

    assert_int_equal(walk_run(&t->fd, &name, 1, &options, &totals, collect, &list), 0);
    assert_true(totals.done);
    return list;
}

static void hands_over_every_entry_once(void **state)
{
    struct tree *t = *state;

    mkdirat(t->fd, "a", 0755);
    mkdirat(t->fd, "a/b", 0755);
    put_file(t->fd, "a/b/one.txt", "1234");
    put_file(t->fd, "two", "");
    put_file(t->fd, "line\nfeed", "x");
    put_file(t->fd, "bad\xff\xfename", "xy");
    assert_int_equal(symlinkat("..", t->fd, "a/loop"), 0);
    assert_int_equal(symlinkat("/etc/passwd", t->fd, "out"), 0);
    mkfifoat(t->fd, "fifo", 0600);
    assert_int_equal(linkat(t->fd, "two", t->fd, "two-again", 0), 0);
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct seen_list list = walk_tree(t, threads, NULL);

        assert_int_equal(list.n, 10);
        assert_int_equal(find(&list, "a/b/one.txt")->size, 4);
        assert_int_equal(find(&list, "a/b/one.txt")->name_at, 4);
        assert_int_equal(find(&list, "a/b")->class, WALK_FOLDER);
        assert_int_equal(find(&list, "a")->error, 0);
        assert_int_equal(find(&list, "line\nfeed")->class, WALK_FILE);
        assert_int_equal(find(&list, "bad\xff\xfename")->size, 2);
        assert_int_equal(find(&list, "a/loop")->class, WALK_LINK);
        assert_int_equal(find(&list, "out")->class, WALK_LINK);
        assert_int_equal(find(&list, "fifo")->class, WALK_SPECIAL);
        assert_int_equal(find(&list, "two-again")->ino, find(&list, "two")->ino);
        assert_int_equal(find(&list, "two")->links, 2);
        list_free(&list);
    }
}

static void reaches_paths_longer_than_the_system_allows(void **state)
{
    struct tree *t = *state;
    char name[201];
    int at = dup(t->fd);
    size_t total = 0;

    memset(name, 'd', 200);
    name[200] = '\0';
    for (int i = 0; i < 30; i++) {
        assert_int_equal(mkdirat(at, name, 0755), 0);
        int next = openat(at, name, O_RDONLY | O_DIRECTORY);

        close(at);
        at = next;
        total += 201;
    }
    put_file(at, "deep.txt", "hello");
    close(at);
    struct seen_list list = walk_tree(t, 2, NULL);
    bool found = false;

    for (size_t i = 0; i < list.n; i++)
        found |= list.at[i]->path.len == total + 8 && list.at[i]->size == 5;
    assert_true(found);
    assert_int_equal(list.n, 31);
    list_free(&list);
    for (int i = 29; i >= 0; i--) { /* nftw cannot remove what it cannot name */
        at = dup(t->fd);
        for (int k = 0; k < i; k++) {
            int next = openat(at, name, O_RDONLY | O_DIRECTORY);

            close(at);
            at = next;
        }
        if (i == 29) {
            int last = openat(at, name, O_RDONLY | O_DIRECTORY);

            unlinkat(last, "deep.txt", 0);
            close(last);
        }
        assert_int_equal(unlinkat(at, name, AT_REMOVEDIR), 0);
        close(at);
    }
}

static void deep_trees_do_not_need_a_descriptor_a_level(void **state)
{
    struct tree *t = *state;
    enum { LEVELS = 1500 };
    int at = dup(t->fd);

    for (int i = 0; i < LEVELS; i++) {
        assert_int_equal(mkdirat(at, "d", 0755), 0);
        int next = openat(at, "d", O_RDONLY | O_DIRECTORY);

        close(at);
        at = next;
        if (i % 100 == 0)
            put_file(at, "f", "abc");
    }
    close(at);
    pid_t pid = fork(); /* with few descriptors, in a process of its own */

    if (pid == 0) {
        struct rlimit few = {64, 64};
        struct seen_list list;

        setrlimit(RLIMIT_NOFILE, &few);
        list = walk_tree(t, 2, NULL);
        size_t files = 0, good = 0;

        for (size_t i = 0; i < list.n; i++) {
            files += list.at[i]->class == WALK_FILE;
            good += list.at[i]->error == 0;
        }
        _exit(files == 15 && list.n == LEVELS + 15 && good == list.n ? 0 : 1);
    }
    int status = -1;

    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    for (int i = LEVELS; i > 0;) { /* remove from the bottom, 100 levels at a time */
        int step = i > 100 ? i - 100 : 0;
        int base = dup(t->fd);

        for (int k = 0; k < step; k++) {
            int next = openat(base, "d", O_RDONLY | O_DIRECTORY);

            close(base);
            base = next;
        }
        for (; i > step; i--) {
            int level = dup(base);

            for (int k = step; k < i - 1; k++) {
                int next = openat(level, "d", O_RDONLY | O_DIRECTORY);

                close(level);
                level = next;
            }
            unlinkat(level, "d/f", 0);
            assert_int_equal(unlinkat(level, "d", AT_REMOVEDIR), 0);
            close(level);
        }
        close(base);
    }
}

static void filters_list_what_they_leave_out(void **state)
{
    struct tree *t = *state;
    const char *const exclude[] = {"*.tmp", "node_modules", "sub/**/x.txt", NULL};
    const char *const include[] = {"*.txt", NULL};
    struct walk_filter filter = {include, exclude, INT64_MIN, INT64_MAX, 100};
    struct walk_filter old = {NULL, NULL, 2000000000, INT64_MAX, UINT64_MAX};

    mkdirat(t->fd, "node_modules", 0755);
    put_file(t->fd, "node_modules/in.txt", "1");
    mkdirat(t->fd, "sub", 0755);
    mkdirat(t->fd, "sub/k", 0755);
    put_file(t->fd, "sub/k/x.txt", "1");
    put_file(t->fd, "sub/k/y.txt", "1");
    put_file(t->fd, "a.tmp", "1");
    put_file(t->fd, "b.doc", "1");
    char big[102] = {0};

    memset(big, 'b', 101);
    put_file(t->fd, "big.txt", big);
    struct seen_list list = walk_tree(t, 1, &filter);

    assert_string_equal(find(&list, "node_modules/in.txt")->excluded, "exclude");
    assert_string_equal(find(&list, "sub/k/x.txt")->excluded, "exclude");
    assert_null(find(&list, "sub/k/y.txt")->excluded);
    assert_string_equal(find(&list, "a.tmp")->excluded, "exclude");
    assert_string_equal(find(&list, "b.doc")->excluded, "include");
    assert_string_equal(find(&list, "big.txt")->excluded, "max-file-size");
    assert_int_equal(find(&list, "big.txt")->size, 101);
    list_free(&list);
    list = walk_tree(t, 1, &old);
    assert_string_equal(find(&list, "a.tmp")->excluded, "newer");
    list_free(&list);
}

static void one_folder_with_many_entries(void **state)
{
    struct tree *t = *state;
    char name[32];

    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "file-%05d", i);
        put_file(t->fd, name, "");
    }
    struct seen_list list = walk_tree(t, 3, NULL);

    assert_int_equal(list.n, 20000);
    list_free(&list);
}

static void stops_when_told(void **state)
{
    struct tree *t = *state;
    struct seen_list list = {.lock = PTHREAD_MUTEX_INITIALIZER, .stop_after = 3};
    struct walk_totals totals = {0};
    struct walk_options options = {.threads = 1, .one_file_system = true};
    const char *name = "tree";
    char file[16];

    for (int i = 0; i < 50; i++) {
        snprintf(file, sizeof file, "f%d", i);
        put_file(t->fd, file, "");
    }
    assert_int_equal(walk_run(&t->fd, &name, 1, &options, &totals, collect, &list), 0);
    assert_int_equal(list.n, 3);
    list_free(&list);
}

static void a_root_may_be_a_file(void **state)
{
    struct tree *t = *state;
    struct seen_list list = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct walk_totals totals = {0};
    struct walk_options options = {.threads = 2, .one_file_system = true};
    const char *name = "single.txt";

    put_file(t->fd, "single.txt", "12345");
    AUTO_CLOSE int fd = openat(t->fd, "single.txt", O_PATH);

    assert_int_equal(walk_run(&fd, &name, 1, &options, &totals, collect, &list), 0);
    assert_int_equal(list.n, 1);
    assert_int_equal(find(&list, "single.txt")->size, 5);
    list_free(&list);
}

static void unreadable_folders_are_entries(void **state)
{
    struct tree *t = *state;

    mkdirat(t->fd, "shut", 0000);
    put_file(t->fd, "shut-file", "secret");
    assert_int_equal(fchmodat(t->fd, "shut-file", 0000, 0), 0);
    assert_int_equal(fchmod(t->fd, 0755), 0);
    pid_t pid = fork();

    if (pid == 0) { /* root passes every permission: look as somebody else */
        if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
            _exit(2);
        struct seen_list list = walk_tree(t, 2, NULL);
        const struct walk_entry *shut = find(&list, "shut"), *file = find(&list, "shut-file");

        _exit(shut && shut->error == EACCES && shut->class == WALK_FOLDER && file &&
                      file->error == EACCES && file->has_stat && file->size == 6
                  ? 0
                  : 1);
    }
    int status = -1;

    waitpid(pid, &status, 0);
    chmod(t->path, 0700);
    assert_int_equal(status, 0);
}

static void globs(void **state)
{
    static const struct {
        const char *glob, *path;
        bool want;
    } cases[] = {
        {"*.txt", "a/b/c.txt", true},
        {"*.txt", "a/b/c.txtx", false},
        {"a/*.txt", "a/c.txt", true},
        {"a/*.txt", "a/b/c.txt", false},
        {"a/**/*.txt", "a/b/d/c.txt", true},
        {"a/**/*.txt", "a/c.txt", true},
        {"**/c.txt", "c.txt", true},
        {"**/c.txt", "x/y/c.txt", true},
        {"**/c.txt", "x/abc.txt", false},
        {"a/**/c.txt", "a/b/abc.txt", false},
        {"a/**c.txt", "a/b/abc.txt", true},
        {"a/**", "a/b/c", true},
        {"a/**", "ab/c", false},
        {"/top.txt", "top.txt", true},
        {"/top.txt", "sub/top.txt", false},
        {"[a-c]?.md", "b1.md", true},
        {"[!a-c]?.md", "b1.md", false},
        {"tmp/", "x/tmp", true},
        {"x\\*y", "x*y", true},
        {"x\\*y", "xzy", false},
        {"[", "[", true},
        {"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
        {"", "a", false},
        {"\xff*", "\xff\xfe", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (glob_match(cases[i].glob, span_of(cases[i].path)) != cases[i].want)
            fail_msg("glob %s on %s", cases[i].glob, cases[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hands_over_every_entry_once, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(reaches_paths_longer_than_the_system_allows, tree_setup,
                                        tree_teardown),
        cmocka_unit_test_setup_teardown(deep_trees_do_not_need_a_descriptor_a_level, tree_setup,
                                        tree_teardown),
        cmocka_unit_test_setup_teardown(filters_list_what_they_leave_out, tree_setup,
                                        tree_teardown),
        cmocka_unit_test_setup_teardown(one_folder_with_many_entries, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(stops_when_told, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(a_root_may_be_a_file, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(unreadable_folders_are_entries, tree_setup, tree_teardown),
        cmocka_unit_test(globs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
