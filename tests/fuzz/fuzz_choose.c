/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract */
/* seeds: testdata/formats/mail testdata/formats/csv testdata/formats/json testdata/formats/ooxml */
/*
 * What looks at the first bytes of an item: signatures, and the bid of every reader, whatever the
 * size and the name say.  The first byte chooses these.
 */
#include <stdlib.h>

#include "scanner/extract/extractor.h"
#include "scanner/extract/mail.h"
#include "scanner/extract/package.h"
#include "scanner/extract/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"",       "x",     "a.csv",    "inbox", "a.part1.rar",
                                        "a.docx", "a.eml", "a.zip.001"};

    if (size == 0 || size > 64 * 1024)
        return 0;
    struct head head = {.bytes = {(const char *)data + 1, size - 1},
                        .name = span_of(names[data[0] % 8]),
                        .size = (int64_t)size - 1};

    if (data[0] & 8)
        head.size = -1;
    else if (data[0] & 16)
        head.size += INT64_C(1) << (data[0] >> 5) * 8;
    head.media_type = sniff(head.bytes, head.size);
    must(!head.media_type || strchr(head.media_type, '/') != NULL);
    unsigned best = 0;

    for (size_t i = 0; extractors[i]; i++) {
        unsigned bid = extractors[i]->bid(&head);

        must(bid <= 100);
        if (bid > best)
            best = bid;
    }
    must(extractor_choose(&head)->bid(&head) == best);

    bool broken = false, dated;
    struct span rest = head.bytes;

    mail_known_headers(head.bytes, &broken);
    while (rest.len > 0) {
        struct span line = mail_first_line(rest, &rest);

        mail_is_header_line(line);
        mail_is_envelope_line(line, &dated);
    }
    package_names(head.bytes, "content.xml");
    return 0;
}
