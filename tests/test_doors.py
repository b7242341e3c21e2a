#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Who may include whom, and one door per library (docs/architecture.md)."""
import os
import re
import sys

LAYERS = {  # folder: what it may include of ours
    "detectors": ["detectors/"],
    "scanner/base": ["scanner/base/", "detectors/"],
    "scanner/walk": ["scanner/walk/", "scanner/base/", "detectors/"],
    "scanner/inventory": ["scanner/inventory/", "scanner/base/", "detectors/"],
    "scanner/extract": ["scanner/extract/", "scanner/base/", "detectors/"],
    "scanner/helper": ["scanner/helper/", "scanner/extract/", "scanner/base/", "detectors/"],
    "report": ["report/", "scanner/inventory/", "scanner/base/", "detectors/"],
}
# The parent's side never parses: of the extractors it knows limits only.
PARENT = {"scanner/helper/worker.c", "scanner/helper/worker.h", "scanner/helper/protocol.c", "scanner/helper/protocol.h"}
DOORS = {
    r"<sqlite3\.h>": r"scanner/inventory/",
    r"<sodium\.h>": r"scanner/base/keys\.c",
    r"<archive(_entry)?\.h>": r"scanner/extract/(archive|members|package)",
    r"<isa-l[/.]": r"scanner/extract/inflate\.c",
    r"<libxml/": r"scanner/extract/xmltext\.c",
    r"<poppler\.h>|<poppler/": r"scanner/extract/pdf",
    r"<gmime/": r"scanner/extract/mail",
    r"<magic\.h>": r"scanner/extract/sniff\.c",
    r"<seccomp\.h>|<linux/landlock\.h>": r"scanner/helper/sandbox\.c",
    r"<pcre2\.h>": r"detectors/",
}


def sources():
    for top in ("detectors", "scanner", "report"):
        for folder, _, files in os.walk(top):
            for name in files:
                if name.endswith((".c", ".h", ".inc", ".list")):
                    yield os.path.join(folder, name)


def main():
    failed = []
    n = 0
    for path in sources():
        n += 1
        with open(path, encoding="utf-8") as f:
            includes = re.findall(r'^\s*#\s*include\s+(<[^>]+>|"[^"]+")', f.read(), re.M)
        layer = next((k for k in LAYERS if path.startswith(k + "/")), None)
        for inc in includes:
            if inc[0] == '"' and layer:
                if not inc[1:-1].startswith(tuple(LAYERS[layer])):
                    failed.append("%s includes %s" % (path, inc))
                if path in PARENT and inc[1:-1].startswith("scanner/extract/") and inc != '"scanner/extract/budget.h"':
                    failed.append("%s is the parent's side and includes %s" % (path, inc))
            for pattern, door in DOORS.items():
                if re.search(pattern, inc) and not re.match(door, path):
                    failed.append("%s includes %s; its door is %s" % (path, inc, door))
    for words in failed:
        print("FAILED:", words)
    print("%d files looked at, %d failed" % (n, len(failed)))
    sys.exit(1 if failed or n < 20 else 0)


main()
