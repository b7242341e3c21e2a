/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * members.h - the members of a container, one after the other (archive_members.c).
 *
 *     struct members *m = members_open(&how, &step);
 *     while (members_next(m, &member) == MEMBERS_MORE) {
 *         struct source *bytes = members_bytes(m, &lost);
 *         ... read it, or not ...
 *         members_done(m);                      frees the source, says what became of the bytes
 *     }
 *     members_free(m);
 *
 * Every byte is counted in the shared budget.  A member's bytes come as they are stored: holes are
 * never filled, and a size that the container claims is only ever a hint.
 */
#ifndef CONSTAT_MEMBERS_H
#define CONSTAT_MEMBERS_H

#include "scanner/extract/extractor.h"

enum members_as {
    MEMBERS_OF_ANY,      /* every container format, behind any compression */
    MEMBERS_OF_PACKED,   /* the same, or else one compressed file */
    MEMBERS_RAW,         /* one compressed file, whatever it holds */
    MEMBERS_OF_ZIP,      /* by the central directory where there is one */
    MEMBERS_OF_ZIP_LOCAL /* zip, by the local headers in file order */
};

enum members_step {
    MEMBERS_MORE,
    MEMBERS_END,
    MEMBERS_UNKNOWN, /* not a container that is known here */
    MEMBERS_DAMAGED,
    MEMBERS_UNSUPPORTED,
    MEMBERS_ENCRYPTED,  /* the list of members itself is */
    MEMBERS_OVER_LIMIT, /* budget->spent says which */
    MEMBERS_NO_MEMORY
};

enum member_kind { MEMBER_FILE, MEMBER_FOLDER, MEMBER_LINK, MEMBER_DEVICE };

struct member {
    struct child about; /* borrowed until the next member; the name is UTF-8 */
    enum member_kind kind;
    bool encrypted;
    struct span target; /* of a link */
};

struct members_how {
    struct source *in;
    enum members_as as;
    uint64_t from, to; /* this part of it; `to` UINT64_MAX: to the end */
    bool seekable;     /* source_seek costs nothing */
    struct budget *budget;
};

struct members;

/* Before the process is locked in (extractor.h, prepare): what the names of members need. */
bool members_prepare(void);

/* NULL with *ret_step saying why. */
struct members *members_open(const struct members_how *how, enum members_step *ret_step);
void members_free(struct members *m);
enum members_step members_next(struct members *m, struct member *ret);

/* The current member's bytes; a small member is a source in memory.  NULL when not one byte of it
 * can be had, *ret says how that is called. */
struct source *members_bytes(struct members *m, struct ending *ret);
/* ENDED_READ, or what is missing of the member. */
struct ending members_done(struct members *m);

/* After MEMBERS_DAMAGED: the file ends too early. */
bool members_cut_short(const struct members *m);
/* Bytes behind at least one compression. */
bool members_filtered(const struct members *m);

/* What a compressed file holds at its start, unpacked from its first bytes only. */
size_t members_unpack_start(struct span packed, char *to, size_t room);

#define AUTO_MEMBERS __attribute__((cleanup(members_cleanup)))

static inline void members_cleanup(struct members **m)
{
    members_free(*m);
}

/* --- own looks at headers, where libarchive says nothing or the wrong thing --- */

struct rar_look {
    bool hidden_names; /* the headers themselves are encrypted */
    bool volume;       /* one of several */
    bool whole;        /* the walk reached the end */
    uint64_t files;
    unsigned char *encrypted; /* RAR5: a bit a file, in their order; free() it */
};

/* RAR 4 and 5.  False: not followed at all. */
bool rar_look(struct source *in, struct rar_look *ret);

/* Parts of a zip that its central directory does not speak of and that begin with a local header.
 */
struct zip_gaps {
    struct zip_gap {
        uint64_t from, to;
    } * at;
    size_t count;
    bool volume;   /* one of several */
    bool found;    /* there is an end record that can be believed */
    bool complete; /* the central directory was followed to its end */
};

/* `in` must be seekable. */
void zip_gaps(struct source *in, struct zip_gaps *ret);

#endif
