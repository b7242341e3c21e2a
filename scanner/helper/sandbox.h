/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sandbox.h - a process locks itself in for good.                (door: libseccomp, Landlock)
 *
 * Afterwards it can read and write the descriptors it has, get memory, and leave; open, where
 * Landlock is in force, the data files of poppler to read; and nothing else: no other path, no
 * socket, no process, no signal to anybody, no change of mode, owner or times of a file it can
 * read.  What hostile bytes can still do then is in docs/threats.md.
 *
 * Memory for code cannot be had any more either, so whatever loads a module on first use (iconv's
 * character sets) must have been used once before.
 */
#ifndef CONSTAT_SANDBOX_H
#define CONSTAT_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct sandbox_limits {
    uint64_t address_space; /* RLIMIT_AS, 0: none */
    uint64_t data;          /* RLIMIT_DATA: private memory that can be written, 0: none */
    uint64_t file;          /* RLIMIT_FSIZE: here only memfds can be written */
};

struct sandbox_state {
    uint32_t landlock_abi; /* 0: not in force */
    bool seccomp;          /* in force */
};

/* Needs no privilege, and drops what the process has.  What could not be had is told in the
 * state; the caller decides whether to go on. */
struct sandbox_state sandbox_close(const struct sandbox_limits *limits);

#endif
