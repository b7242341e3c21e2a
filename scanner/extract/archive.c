/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * archive.c - containers and compressed files: every member is a child, and one that cannot be
 * opened is a row of its own.
 *
 * archive_members.c does the unpacking, by libarchive mostly.  What that gets wrong about
 * encryption, missing volumes and members that a central directory does not name is found by own
 * looks at the headers (archive_rar.c, archive_zip.c).
 */
#include <stdlib.h>
#include <strings.h>

#include "scanner/base/buf.h"
#include "scanner/base/cleanup.h"
#include "scanner/extract/members.h"

enum shape {
    SHAPE_NONE,
    SHAPE_ZIP,
    SHAPE_7Z,
    SHAPE_RAR,
    SHAPE_OTHER,
    SHAPE_PACKED, /* compressed: a single file, or a container behind it */
    SHAPE_STUB    /* a self-extracting program */
};

enum { NAMES_MAX = 1 << 20, PROBE = 512 };

struct unpacking {
    struct source *in;
    const struct head *head;
    const struct sink *out;
    enum shape shape;
    bool seekable;
    bool stopped; /* a push said stop */
    struct ending worst;
    uint64_t members; /* seen, other than folders */
    uint64_t opened, encrypted, unsupported, damaged;
    struct rar_look rar;
    bool rar_followed;
    uint64_t *names; /* hashes of what was given already, a table with open addressing */
    size_t names_room, names_count;
    bool skip_known;
};

/* --- recognising --- */

static bool is_tar(struct span s)
{
    uint64_t sum = 0, told = 0;
    bool digits = false;

    if (s.len < 512)
        return false;
    for (size_t i = 148; i < 156; i++) {
        if (s.at[i] >= '0' && s.at[i] <= '7') {
            told = told * 8 + (uint64_t)(s.at[i] - '0');
            digits = true;
        } else if (digits) {
            break;
        } else if (s.at[i] != ' ') {
            return false;
        }
    }
    if (!digits) /* hardly anything else has any there */
        return false;
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)s.at[i];
    return told == sum;
}

static enum shape shape_of(const struct head *head)
{
    static const struct {
        const char *media_type;
        enum shape shape;
    } types[] = {
        {"application/zip", SHAPE_ZIP},
        {"application/x-7z-compressed", SHAPE_7Z},
        {"application/vnd.rar", SHAPE_RAR},
        {"application/gzip", SHAPE_PACKED},
        {"application/x-bzip2", SHAPE_PACKED},
        {"application/x-xz", SHAPE_PACKED},
        {"application/zstd", SHAPE_PACKED},
        {"application/x-lzma", SHAPE_PACKED},
        {"application/x-lz4", SHAPE_PACKED},
        {"application/x-lzip", SHAPE_PACKED},
        {"application/x-compress", SHAPE_PACKED},
        {"application/x-tar", SHAPE_OTHER},
        {"application/x-cpio", SHAPE_OTHER},
        {"application/x-archive", SHAPE_OTHER},
        {"application/x-xar", SHAPE_OTHER},
        {"application/vnd.ms-cab-compressed", SHAPE_OTHER},
        {"application/x-iso9660-image", SHAPE_OTHER},
        {"application/x-lha", SHAPE_OTHER},
        {"application/warc", SHAPE_OTHER},
    };
    static const struct {
        uint16_t offset;
        uint8_t len;
        char bytes[8];
        enum shape shape;
    } signatures[] = {
        {0, 4, {'P', 'K', 3, 4}, SHAPE_ZIP},
        {0, 4, {'P', 'K', 5, 6}, SHAPE_ZIP},
        {0, 4, {'P', 'K', 7, 8}, SHAPE_ZIP},
        {0, 4, {'P', 'K', '0', '0'}, SHAPE_ZIP},
        {0, 6, {'7', 'z', (char)0xbc, (char)0xaf, 0x27, 0x1c}, SHAPE_7Z},
        {0, 6, {'R', 'a', 'r', '!', 0x1a, 7}, SHAPE_RAR},
        {0, 3, {0x1f, (char)0x8b, 8}, SHAPE_PACKED},
        {0, 3, {'B', 'Z', 'h'}, SHAPE_PACKED},
        {0, 6, {(char)0xfd, '7', 'z', 'X', 'Z', 0}, SHAPE_PACKED},
        {0, 4, {0x28, (char)0xb5, 0x2f, (char)0xfd}, SHAPE_PACKED},
        {0, 4, {4, 0x22, 0x4d, 0x18}, SHAPE_PACKED},
        {0, 4, {'L', 'Z', 'I', 'P'}, SHAPE_PACKED},
        {0, 3, {0x1f, (char)0x9d, (char)0x90}, SHAPE_PACKED},
        {0, 4, {(char)0xed, (char)0xab, (char)0xee, (char)0xdb}, SHAPE_PACKED}, /* rpm */
        {0, 4, {'x', 'a', 'r', '!'}, SHAPE_OTHER},
        {0, 4, {'M', 'S', 'C', 'F'}, SHAPE_OTHER},
        {0, 8, {'!', '<', 'a', 'r', 'c', 'h', '>', '\n'}, SHAPE_OTHER},
        {0, 6, {'0', '7', '0', '7', '0', '1'}, SHAPE_OTHER},
        {0, 6, {'0', '7', '0', '7', '0', '2'}, SHAPE_OTHER},
        {0, 5, {'W', 'A', 'R', 'C', '/'}, SHAPE_OTHER},
        {32769, 5, {'C', 'D', '0', '0', '1'}, SHAPE_OTHER},
    };
    struct span s = head->bytes;

    if (head->media_type) {
        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
            if (strcmp(types[i].media_type, head->media_type) == 0)
                return types[i].shape;
        }
    }
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        size_t offset = signatures[i].offset, len = signatures[i].len;

        if (s.len >= offset + len && memcmp(s.at + offset, signatures[i].bytes, len) == 0)
            return signatures[i].shape;
    }
    if (is_tar(s))
        return SHAPE_OTHER;
    if (!s.at || s.len < 2)
        return SHAPE_NONE;
    if (memcmp(s.at, "MZ", 2) == 0 &&
        (memmem(s.at, s.len, "Rar!\x1a\x07", 6) || memmem(s.at, s.len, "7z\xbc\xaf\x27\x1c", 6) ||
         memmem(s.at, s.len, "PK\3\4", 4)))
        return SHAPE_STUB;
    return SHAPE_NONE;
}

static unsigned bid(const struct head *head)
{
    enum shape shape = shape_of(head);

    if (shape == SHAPE_NONE)
        return 0;
    return shape == SHAPE_STUB ? 30 : 60;
}

/* The name of one volume of several: x.001, x.z01, x.r00, x.part2.rar. */
static bool is_volume_name(struct span name)
{
    if (!name.at || name.len < 5)
        return false;
    const char *dot = name.at + name.len - 4;
    size_t len = *dot == '.' ? 4 : 0;

    if (len == 4 && dot[2] >= '0' && dot[2] <= '9' && dot[3] >= '0' && dot[3] <= '9')
        return (dot[1] >= '0' && dot[1] <= '9') || strchr("zZrR", dot[1]) != NULL;
    if (len == 4 && strncasecmp(dot, ".rar", 4) == 0 && name.len > 10)
        return memmem(name.at, name.len - 4, ".part", 5) != NULL;
    return false;
}

/* --- one ending from many --- */

static void note(struct unpacking *u, enum outcome outcome, const char *reason)
{
    if (outcome > u->worst.outcome)
        u->worst = (struct ending){outcome, reason};
}

static void note_damage(struct unpacking *u, bool cut_short)
{
    if (is_volume_name(u->head->name) || u->rar.volume)
        note(u, u->opened > 0 ? OUTCOME_PARTIAL : OUTCOME_DAMAGED, "volume-missing");
    else
        note(u, OUTCOME_DAMAGED, cut_short ? "truncated" : "damaged-data");
}

static void note_step(struct unpacking *u, enum members_step step, bool cut_short)
{
    switch (step) {
    case MEMBERS_MORE:
    case MEMBERS_END:
        break;
    case MEMBERS_UNKNOWN:
        note_damage(u, false);
        break;
    case MEMBERS_DAMAGED:
        note_damage(u, cut_short);
        break;
    case MEMBERS_UNSUPPORTED:
        note(u, OUTCOME_UNSUPPORTED, "compression-method");
        break;
    case MEMBERS_ENCRYPTED:
        if (u->opened > 0)
            note(u, OUTCOME_PARTIAL, "encrypted-members");
        else
            note(u, OUTCOME_ENCRYPTED, "password");
        break;
    case MEMBERS_OVER_LIMIT:
        note(u, OUTCOME_OVER_LIMIT, u->out->budget->spent);
        break;
    case MEMBERS_NO_MEMORY:
        note(u, OUTCOME_OVER_LIMIT, "memory");
        break;
    }
}

static void note_members(struct unpacking *u)
{
    if (u->encrypted > 0 && u->encrypted == u->members)
        note(u, OUTCOME_ENCRYPTED, "password");
    else if (u->encrypted > 0)
        note(u, OUTCOME_PARTIAL, "encrypted-members");
    if (u->unsupported > 0 && u->unsupported == u->members)
        note(u, OUTCOME_UNSUPPORTED, "compression-method");
    else if (u->unsupported > 0)
        note(u, OUTCOME_PARTIAL, "unsupported-members");
    if (u->damaged > 0 && u->damaged == u->members)
        note_damage(u, false);
    else if (u->damaged > 0)
        note(u, OUTCOME_PARTIAL, "damaged-members");
    if (u->out->budget->spent)
        note(u, OUTCOME_OVER_LIMIT, u->out->budget->spent);
}

/* --- names given already, for a second try by local headers --- */

static uint64_t hash(struct span s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001b3);
    return h ? h : 1;
}

static bool names_put(uint64_t *at, size_t room, uint64_t h)
{
    size_t i = (size_t)(h >> 20) & (room - 1);

    while (at[i] && at[i] != h)
        i = (i + 1) & (room - 1);
    bool known = at[i] == h;

    at[i] = h;
    return known;
}

/* True when it was there already.  Past NAMES_MAX names, or without memory, none is known: a
 * member read twice is better than one not read. */
static bool name_known(struct unpacking *u, struct span name)
{
    if (u->names_count * 2 >= u->names_room && u->names_room < 2 * (size_t)NAMES_MAX) {
        size_t room = u->names_room ? u->names_room * 4 : 1024;
        uint64_t *at = calloc(room, sizeof *at);

        if (!at)
            return false;
        for (size_t i = 0; i < u->names_room; i++) {
            if (u->names[i])
                names_put(at, room, u->names[i]);
        }
        free(u->names);
        u->names = at;
        u->names_room = room;
    }
    if (u->names_count >= NAMES_MAX)
        return false;
    bool known = names_put(u->names, u->names_room, hash(name));

    u->names_count += !known;
    return known;
}

/* --- members --- */

static bool lose(struct unpacking *u, const struct member *member, struct ending ending)
{
    if (u->out->lost_child(u->out->ctx, &member->about, ending))
        return true;
    u->stopped = true;
    return false;
}

static bool say(struct unpacking *u, struct span text)
{
    if (text.len == 0)
        return true;
    bool ok = u->out->text(u->out->ctx, text) &&
              u->out->mark(u->out->ctx, (struct mark){MARK_BREAK, 0, 0});

    u->stopped = u->stopped || !ok;
    return ok;
}

static bool open_member(struct unpacking *u, struct members *m, const struct member *member)
{
    struct ending ending;
    struct source *bytes = members_bytes(m, &ending);

    if (!bytes) {
        if (ending.outcome == OUTCOME_UNSUPPORTED)
            u->unsupported++;
        else if (ending.outcome == OUTCOME_ENCRYPTED)
            u->encrypted++;
        else if (ending.outcome == OUTCOME_DAMAGED)
            u->damaged++;
        return lose(u, member, ending);
    }
    u->opened++;
    if (!u->out->child(u->out->ctx, &member->about, bytes))
        u->stopped = true;
    ending = members_done(m);
    if (ending.outcome == OUTCOME_DAMAGED || ending.outcome == OUTCOME_UNSUPPORTED)
        u->damaged++;
    return !u->stopped;
}

static bool is_encrypted(const struct unpacking *u, const struct member *member, uint64_t file)
{
    if (member->encrypted)
        return true;
    return file < u->rar.files && (u->rar.encrypted[file / 8] >> (file % 8) & 1);
}

static bool one_member(struct unpacking *u, struct members *m, struct member *member)
{
    uint64_t file = u->members;

    if (member->kind == MEMBER_FOLDER) {
        if (u->shape == SHAPE_RAR)
            u->members++; /* folders have headers of their own in RAR 5 */
        return say(u, member->about.name);
    }
    u->members++; /* the sink counts them against the limit */
    if (member->kind == MEMBER_LINK)
        return say(u, member->target) && lose(u, member, (struct ending){OUTCOME_SPECIAL, "link"});
    if (member->kind == MEMBER_DEVICE)
        return lose(u, member, (struct ending){OUTCOME_SPECIAL, "device"});
    if (is_encrypted(u, member, file)) {
        u->encrypted++;
        return lose(u, member, (struct ending){OUTCOME_ENCRYPTED, "password"});
    }
    return open_member(u, m, member);
}

/* The compressed file's own name without its last suffix. */
static struct span unpacked_name(struct span name)
{
    const char *dot = name.at && name.len > 0 ? memrchr(name.at, '.', name.len) : NULL;

    if (!dot || dot == name.at)
        return name;
    return (struct span){name.at, (size_t)(dot - name.at)};
}

static enum members_step walk(struct unpacking *u, enum members_as as, uint64_t from, uint64_t to,
                              bool *ret_cut_short)
{
    enum members_step step;
    AUTO_MEMBERS struct members *m = members_open(&(struct members_how){.in = u->in,
                                                                        .as = as,
                                                                        .from = from,
                                                                        .to = to,
                                                                        .seekable = u->seekable,
                                                                        .budget = u->out->budget},
                                                  &step);
    struct member member;

    *ret_cut_short = false;
    if (!m)
        return step;
    while ((step = members_next(m, &member)) == MEMBERS_MORE) {
        if (u->shape == SHAPE_PACKED && span_equal(member.about.name, SPAN("data")))
            member.about.name = unpacked_name(u->head->name);
        if (u->shape == SHAPE_ZIP && member.kind != MEMBER_FOLDER &&
            name_known(u, member.about.name) && u->skip_known)
            continue;
        if (!one_member(u, m, &member))
            return u->out->budget->spent ? MEMBERS_OVER_LIMIT : MEMBERS_END;
    }
    *ret_cut_short = step == MEMBERS_DAMAGED && members_cut_short(m);
    return step;
}

/* Nothing came out of it: what can be read in its bytes as they are. */
static void read_raw(struct unpacking *u)
{
    uint64_t offset = 0;
    int error = 0;

    if (u->stopped || source_seek(u->in, 0) < 0)
        return;
    for (;;) {
        struct span run = source_next(u->in, &error);

        if (run.len == 0 || !budget_time(u->out->budget) || !u->out->raw(u->out->ctx, offset, run))
            return;
        offset += run.len;
    }
}

static void unpack_zip(struct unpacking *u)
{
    bool cut_short, ignored;
    enum members_step step =
        walk(u, u->seekable ? MEMBERS_OF_ZIP : MEMBERS_OF_ZIP_LOCAL, 0, UINT64_MAX, &cut_short);

    note_step(u, step, cut_short);
    if (!u->seekable || u->stopped)
        return;
    struct zip_gaps gaps;

    zip_gaps(u->in, &gaps);
    if (gaps.volume || (step == MEMBERS_END && !gaps.found))
        note_damage(u, true);
    if (gaps.volume)
        note(u, OUTCOME_PARTIAL, "volume-missing");
    if (step == MEMBERS_DAMAGED || step == MEMBERS_UNKNOWN || step == MEMBERS_UNSUPPORTED) {
        /* The directory leads nowhere; the members still stand one after the other. */
        u->skip_known = true;
        walk(u, MEMBERS_OF_ZIP_LOCAL, 0, UINT64_MAX, &ignored);
    } else {
        for (size_t i = 0; i < gaps.count && !u->stopped; i++)
            walk(u, MEMBERS_OF_ZIP_LOCAL, gaps.at[i].from, gaps.at[i].to, &ignored);
    }
    free(gaps.at);
}

/* 7z: the start header says where the list of members stands (7zFormat.txt): behind the end when a
 * volume is missing or the file was cut. */
static bool cut_7z(const struct unpacking *u)
{
    struct reader r = reader_of(u->head->bytes);
    int64_t size = source_size(u->in);
    uint64_t end;

    reader_bytes(&r, 12);
    uint64_t offset = reader_u64(&r), len = reader_u64(&r);

    return !r.bad && size >= 0 &&
           (__builtin_add_overflow(offset, len, &end) ||
            __builtin_add_overflow(end, UINT64_C(32), &end) || end > (uint64_t)size);
}

static void unpack_rar(struct unpacking *u)
{
    bool cut_short = false;

    if (u->seekable) {
        u->rar_followed = rar_look(u->in, &u->rar);
        if (u->rar.hidden_names) {
            note(u, OUTCOME_ENCRYPTED, "password");
            return;
        }
    } else {
        /* Whether a member of RAR 5 is encrypted is not known without its headers. */
        note(u, OUTCOME_OVER_LIMIT, "spool");
        return;
    }
    enum members_step step = walk(u, MEMBERS_OF_ANY, 0, UINT64_MAX, &cut_short);

    if (u->encrypted > 0 && step == MEMBERS_ENCRYPTED)
        step = MEMBERS_END; /* each member says so itself */
    note_step(u, step, cut_short);
    if (u->rar.volume)
        note(u, OUTCOME_PARTIAL, "volume-missing");
}

/* A compressed nothing, whole: libarchive does not tell it from damage.  What stands at the end of
 * an empty stream by RFC 1952 (gzip: an empty block, then check and size 0), by bzip2 (end mark,
 * check 0) and by the xz format (no block in the index). */
static bool is_compressed_nothing(const struct head *head)
{
    static const char gzip_end[] = "\x03\0\0\0\0\0\0\0\0\0";
    static const char bzip2_end[] = "\x17\x72\x45\x38\x50\x90\0\0\0\0";
    struct span s = head->bytes;

    if (head->size < 0 || (uint64_t)head->size != s.len || s.len < 14 || s.len > 1024)
        return false;
    const char *end = s.at + s.len - 10;

    if (memcmp(s.at, "\x1f\x8b\x08", 3) == 0)
        return memcmp(end, gzip_end, 10) == 0;
    if (memcmp(s.at, "BZh", 3) == 0)
        return s.len == 14 && memcmp(end, bzip2_end, 10) == 0;
    return s.len == 32 &&
           memcmp(s.at,
                  "\xfd"
                  "7zXZ",
                  6) == 0 &&
           memcmp(s.at + 12, "\0\0\0\0", 4) == 0;
}

static void unpack_other(struct unpacking *u)
{
    enum members_as as = MEMBERS_OF_ANY;
    bool cut_short = false;

    if (u->shape == SHAPE_PACKED && is_compressed_nothing(u->head))
        return;
    if (u->shape == SHAPE_PACKED) {
        char start[PROBE];
        size_t len = members_unpack_start(u->head->bytes, start, sizeof start);
        size_t zeros = 0;

        while (zeros < len && start[zeros] == 0)
            zeros++;
        /* A disk image begins with zeros; to a tar reader they are the end of the archive. */
        as = len > 0 && zeros == len ? MEMBERS_RAW : MEMBERS_OF_PACKED;
    }
    enum members_step step = walk(u, as, 0, UINT64_MAX, &cut_short);

    /* Looking for a container inside needs more of a cut file than there is: without looking, the
     * blocks in front of the damage come out. */
    if (step == MEMBERS_DAMAGED && as == MEMBERS_OF_PACKED && u->opened == 0 && !u->stopped) {
        bool ignored;

        walk(u, MEMBERS_RAW, 0, UINT64_MAX, &ignored);
    }
    if (u->shape == SHAPE_7Z && step == MEMBERS_DAMAGED && cut_7z(u))
        cut_short = true;
    if (u->encrypted > 0 && (step == MEMBERS_ENCRYPTED || step == MEMBERS_UNSUPPORTED))
        step = MEMBERS_ENCRYPTED; /* 7z: the encrypted members cannot even be passed over */
    note_step(u, step, cut_short);
}

/* The formats whose lists stand at the end need the whole in reach: a file, or a member that may
 * be kept in memory. */
static void make_seekable(struct unpacking *u)
{
    struct span whole;

    u->seekable = u->out->depth == 0;
    if (u->seekable || (u->shape != SHAPE_ZIP && u->shape != SHAPE_7Z && u->shape != SHAPE_RAR &&
                        u->shape != SHAPE_STUB))
        return;
    u->seekable = source_whole(u->in, &whole) == 0;
    if (source_seek(u->in, 0) < 0 || (!u->seekable && u->shape != SHAPE_ZIP))
        note(u, OUTCOME_OVER_LIMIT, "spool");
}

static struct ending run(struct source *in, const struct head *head, const struct sink *out)
{
    struct unpacking u = {
        .in = in, .head = head, .out = out, .shape = shape_of(head), .worst = ENDED_READ};

    if (!budget_depth(out->budget, out->depth))
        return (struct ending){OUTCOME_OVER_LIMIT, "depth"};
    if (head->media_type)
        out->media_type(out->ctx, head->media_type);
    make_seekable(&u);
    switch (u.shape) {
    case SHAPE_ZIP:
        unpack_zip(&u);
        break;
    case SHAPE_RAR:
        unpack_rar(&u);
        break;
    default:
        unpack_other(&u);
        break;
    }
    note_members(&u);
    if (u.shape == SHAPE_STUB) {
        note(&u, OUTCOME_PARTIAL, "program-raw-text");
        read_raw(&u);
    } else if (u.opened == 0 && u.worst.outcome != OUTCOME_READ &&
               u.worst.outcome != OUTCOME_ENCRYPTED) {
        read_raw(&u);
    }
    free(u.names);
    free(u.rar.encrypted);
    return u.worst;
}

const struct extractor extract_archive = {.id = "archive",
                                          .version = 1,
                                          .media_type = "application/x-archive",
                                          .bid = bid,
                                          .run = run,
                                          .prepare = members_prepare};
