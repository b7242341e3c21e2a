/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Reasons as the readers give them are many and exact; whoever decides what to do next needs to
 * know which of a few things it is.  The code itself is printed beside these words.
 */
#include "report/reasons.h"

#include <string.h>

static const struct {
    const char *reason;
    enum word word;
} reasons[] = {
    {"attachment-damaged", W_reason_damaged},
    {"binary-part", W_reason_raw},
    {"bytes", W_reason_unpacked},
    {"changed-while-read", W_reason_changed},
    {"changed-while-reading", W_reason_changed},
    {"compression-method", W_reason_method},
    {"cpu", W_reason_time},
    {"damaged-data", W_reason_damaged},
    {"damaged-members", W_reason_damaged},
    {"damaged-parts", W_reason_damaged},
    {"depth", W_reason_depth},
    {"device", W_reason_device},
    {"encrypted", W_reason_password},
    {"encrypted-mail", W_reason_password},
    {"encrypted-members", W_reason_password},
    {"encryption-unknown", W_reason_password},
    {"exclude", W_reason_filter},
    {"fifo", W_reason_device},
    {"folder-loop", W_reason_link},
    {"include", W_reason_filter},
    {"io-error", W_reason_io},
    {"legacy-office-raw-text", W_reason_raw},
    {"link", W_reason_link},
    {"malformed-part", W_reason_damaged},
    {"max-file-size", W_reason_filter},
    {"media-not-transcribed", W_reason_media},
    {"members", W_reason_members},
    {"memory", W_reason_memory},
    {"message-in-pieces", W_reason_piece},
    {"message-unparsed", W_reason_damaged},
    {"name-cut", W_reason_piece},
    {"name-length", W_reason_piece},
    {"newer", W_reason_filter},
    {"ocr-pending", W_reason_ocr},
    {"older", W_reason_filter},
    {"open-failed", W_reason_io},
    {"other-file-system", W_reason_mount},
    {"outline-too-deep", W_reason_depth},
    {"outline-too-long", W_reason_piece},
    {"page-damaged", W_reason_damaged},
    {"part-damaged", W_reason_damaged},
    {"password", W_reason_password},
    {"pdf-cut", W_reason_damaged},
    {"pdf-unreadable", W_reason_damaged},
    {"pdf-without-pages", W_reason_damaged},
    {"permission", W_reason_permission},
    {"program-ended-twice", W_reason_set_aside},
    {"program-raw-text", W_reason_raw},
    {"ratio", W_reason_unpacked},
    {"raw-searched", W_reason_raw},
    {"read-as-source", W_reason_raw},
    {"read-denied", W_reason_permission},
    {"read-error", W_reason_io},
    {"reader-missing", W_reason_method},
    {"shared-strings-limit", W_reason_memory},
    {"shared-strings-missing", W_reason_damaged},
    {"silence", W_reason_time},
    {"socket", W_reason_device},
    {"spool", W_reason_unpacked},
    {"symbolic-link", W_reason_link},
    {"time", W_reason_time},
    {"truncated", W_reason_damaged},
    {"unknown-format", W_reason_raw},
    {"unsupported-members", W_reason_method},
    {"vanished", W_reason_changed},
    {"volume-missing", W_reason_volume},
    {"xfa-form", W_reason_piece},
};

enum word reason_word(const char *reason)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i].reason, reason) == 0)
            return reasons[i].word;
    }
    return W_COUNT;
}
