#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Every option that --help lists stands in the manual and in docs/operations.md, and these name no
other; completion offers each of them; every kind is in docs/detection.md, and what is hashed of it
in docs/inventory.md."""
import glob
import os
import re
import subprocess
import sys

COMMANDS = ["scan", "report", "findings", "coverage", "lookup", "explain"]


def text_of(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def completed(program, command):
    script = ('. docs/completion/constat.bash; COMP_WORDS=("$0" "$1" --); COMP_CWORD=2; _constat; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    out = subprocess.run(["bash", "-c", script, program, command], check=True, stdout=subprocess.PIPE)
    return set(out.stdout.decode().split())


def main():
    program = os.path.join(sys.argv[1], "constat")
    failed = []
    known = set()
    manual = text_of("docs/constat.1").replace("\\-", "-")
    operations = text_of("docs/operations.md")
    for command in COMMANDS:
        out = subprocess.run([program, command, "--help"], check=True, stdout=subprocess.PIPE).stdout.decode()
        options = set(re.findall(r"^  (--[a-z-]+)", out, re.M))
        known |= options
        if completed(program, command) != options:
            failed.append("completion of %s differs from its help" % command)
        for text, name in ((manual, "docs/constat.1"), (operations, "docs/operations.md")):
            failed += ["%s of %s is not in %s" % (o, command, name)
                       for o in options if not re.search(re.escape(o) + r"(?![a-z-])", text)]
    for text, name in ((manual, "docs/constat.1"), (operations, "docs/operations.md")):
        failed += ["%s names %s, which no command has" % (name, o)
                   for o in set(re.findall(r"(?<![a-z-])--[a-z][a-z-]*", text)) - known - {"--name"}]
    detection, inventory = text_of("docs/detection.md"), text_of("docs/inventory.md")
    kinds = 0
    for path in glob.glob("detectors/*.c"):
        source = text_of(path)
        for kind in re.findall(r'\.kind = "([a-z-]+)",', source):
            kinds += 1
            if "`%s`" % kind not in detection:
                failed.append("the kind %s is not in docs/detection.md" % kind)
            if ".look_alike = true" not in source and "`%s`" % kind not in inventory:
                failed.append("the kind %s is not in docs/inventory.md" % kind)
    for words in failed:
        print("FAILED:", words)
    print("%d options, %d kinds, %d failed" % (len(known), kinds, len(failed)))
    sys.exit(1 if failed or len(known) < 30 or kinds < 20 else 0)


main()
