#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Names of members keep their letters also in a helper that is locked in, whoever unpacks."""
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402

NAMES = ["n\u00e9e.txt", "\u03a9\u03bc\u03ad\u03b3\u03b1.txt", "\u65e5\u672c.txt", "plain.txt"]


def main():
    program = constat.Constat(sys.argv[1])
    checks = constat.Checks()
    with tempfile.TemporaryDirectory() as folder:
        share, case, loose = (os.path.join(folder, name) for name in ("share", "case", "loose"))
        os.mkdir(share)
        os.mkdir(loose)
        for name in NAMES:
            with open(os.path.join(loose, name), "w") as f:
                f.write("some words\n")
        for name, part in (("all.zip", NAMES), ("western.zip", NAMES[:1])):
            with zipfile.ZipFile(os.path.join(share, name), "w") as z:
                for member in part:
                    z.write(os.path.join(loose, member), member)
        with tarfile.open(os.path.join(share, "all.tar"), "w") as t:
            for member in NAMES:
                t.add(os.path.join(loose, member), member)
        subprocess.run(["7z", "a", "-bd", "-y", os.path.join(share, "all.7z")] + NAMES, cwd=loose, check=True,
                       stdout=subprocess.DEVNULL)
        program.scan(share, case=case)
        found = {}
        for row in program.coverage(case):
            if row["members"]:
                found.setdefault(row["path"], set()).add(row["members"][0])
        for name in ("all.zip", "all.tar", "all.7z"):
            checks.that(found.get(name) == set(NAMES), "%s: %s" % (name, found.get(name)))
        checks.that(found.get("western.zip") == {NAMES[0]}, "western.zip: %s" % found.get("western.zip"))
    checks.end()


main()
