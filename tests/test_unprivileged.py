#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""As a user without rights: the helpers lock themselves in all the same, what may not be read is
`denied` with its size where that is known, and everything else is found."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402
import documents  # noqa: E402

NOBODY = 65534


def main(bin_dir):
    checks = constat.Checks()
    with tempfile.TemporaryDirectory() as tmp:
        os.chmod(tmp, 0o755)
        programs, tree, home = (os.path.join(tmp, n) for n in ("bin", "tree", "home"))
        os.mkdir(programs)
        for name in ("constat", "constat-helper"):  # the build may lie where nobody may look
            shutil.copy(os.path.join(bin_dir, name), programs)
        os.mkdir(home)
        os.makedirs(os.path.join(tree, "shut"))
        for path in ("open.txt", "closed.txt", "shut/in.txt"):
            with open(os.path.join(tree, path), "wb") as f:
                f.write(documents.txt("NISS", "93.05.18-223.61"))
        with open(os.path.join(tree, "open.pdf"), "wb") as f:
            f.write(documents.pdf("NISS", "17.07.30-033.84"))
        os.chmod(os.path.join(tree, "closed.txt"), 0)
        os.chmod(os.path.join(tree, "shut"), 0)
        kw = {}
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
            kw = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        program = constat.Constat(programs)
        case = os.path.join(home, "case")
        program.scan(tree, case=case, status=(3,), **kw)
        rows = {r["path"]: r for r in program.coverage(case)}
        checks.that(rows["closed.txt"]["outcome"] == "denied", "closed.txt: %s" % rows["closed.txt"])
        checks.that(rows["closed.txt"]["bytes"] > 0, "the size of closed.txt is not known")
        checks.that(rows["shut"]["outcome"] == "denied", "shut: %s" % rows.get("shut"))
        checks.that(rows["open.txt"]["outcome"] == "read" and rows["open.pdf"]["outcome"] == "read", "open files were not read")
        found = {f["path"] for f in program.findings(case) if f["kind"] == "be-nrn" and f["confidence"] == "high"}
        checks.that(found == {"open.txt", "open.pdf"}, "found in %s" % sorted(found))
        # Once it may be read it is read, although nothing else changed.
        os.chmod(os.path.join(tree, "closed.txt"), 0o644)
        os.chmod(os.path.join(tree, "shut"), 0o755)
        program.scan(tree, case=case, status=(0,), **kw)
        rows = {r["path"]: r["outcome"] for r in program.coverage(case)}
        checks.that(set(rows.values()) == {"read"} and len(rows) == 4, "after the change: %s" % rows)
    checks.end()


main(sys.argv[1])
