#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Every reason that the code can give stands in docs/outcomes.md, with words in the report and in
what `constat explain` says."""
import os
import re
import sys


def main():
    given = set()
    for folder, _, files in os.walk("scanner"):
        for name in files:
            if name.endswith(".c"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    given |= set(re.findall(r'OUTCOME_[A-Z_]+\s*,\s*"([a-z0-9-]+)"', f.read()))
    with open("scanner/scan.c", encoding="utf-8") as f:
        given |= set(re.findall(r'item\.reason = [^;]*?"([a-z-]+)"', f.read()))
    with open("scanner/extract/budget.h", encoding="utf-8") as f:
        given |= set(re.findall(r'"([a-z]+)"', f.read()))
    with open("docs/outcomes.md", encoding="utf-8") as f:
        documented = set(re.findall(r"`([a-z0-9-]+)`", f.read()))
    with open("report/reasons.c", encoding="utf-8") as f:
        worded = set(re.findall(r'\{"([a-z0-9-]+)",', f.read()))
    with open("scanner/explain_words.c", encoding="utf-8") as f:
        explained = set(re.findall(r'\{"([a-z0-9-]+)", X_', f.read()))
    undocumented, silent = sorted(given - documented), sorted(given - worded)
    unexplained = sorted(given - explained)
    if undocumented:
        print("FAILED: not in docs/outcomes.md:", " ".join(undocumented))
    if silent:
        print("FAILED: without words in report/reasons.c:", " ".join(silent))
    if unexplained:
        print("FAILED: without words in scanner/explain_words.c:", " ".join(unexplained))
    print("%d reasons" % len(given))
    sys.exit(1 if undocumented or silent or unexplained or len(given) < 40 else 0)


main()
