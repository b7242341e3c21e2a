#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Planted values against findings: none may be missed.

    recall.py CONSTAT CORPUS [PART...]

CORPUS holds folders (parts) and TRUTH.tsv with lines  path TAB kind TAB normalised value  (kinds nrn
idcard iban card mrz email phone; of an mrz only its presence in the file is known).  Each part is
scanned into a new case; nothing but counts is printed."""
import collections
import hashlib
import json
import os
import subprocess
import sys
import tempfile

KINDS = {"nrn": "be-nrn", "idcard": "be-eid-card", "iban": "iban", "card": "payment-card", "mrz": "mrz", "email": "email",
         "phone": "phone"}


def main(program, corpus, *parts):
    truth = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(os.path.join(corpus, "TRUTH.tsv"), encoding="utf-8") as f:
        for line in f:
            path, kind, value = line.rstrip("\n").split("\t")
            part, rest = path.split("/", 1)
            truth[part][rest].append((KINDS[kind], value))
    worst = 0
    for part in parts or sorted(truth):
        with tempfile.TemporaryDirectory() as tmp:
            case = os.path.join(tmp, "case")
            p = subprocess.run([program, "scan", os.path.join(corpus, part), "--case", case, "--quiet", "--no-report"])
            if p.returncode not in (0, 3):
                sys.exit("scan failed")
            with open(os.path.join(case, "case.key"), "rb") as f:
                key = f.read()
            found = collections.defaultdict(set)
            out = subprocess.Popen([program, "findings", "--case", case], stdout=subprocess.PIPE)
            total = 0
            for line in out.stdout:
                row = json.loads(line)
                found[row["path"]].add((row["kind"], row["token"]))
                total += 1
            planted, missed = collections.Counter(), collections.Counter()
            for path, values in truth[part].items():
                mrz = sum(1 for k, _ in found[path] if k == "mrz")
                distinct = {v for k, v in values if k == "mrz"}
                planted["mrz"] += len(distinct)
                missed["mrz"] += max(0, len(distinct) - mrz)
                for kind, value in values:
                    if kind == "mrz":
                        continue
                    planted[kind] += 1
                    token = hashlib.blake2b(kind.encode() + b"\0" + value.lower().encode() if kind == "email" else
                                            kind.encode() + b"\0" + value.encode(), digest_size=16, key=key).hexdigest()
                    if (kind, token) not in found[path]:
                        missed[kind] += 1
                        if os.environ.get("SHOW_PLACES"):
                            print("missed", kind, path)
            for kind in sorted(planted):
                print("%-8s %-13s planted %8d  missed %6d" % (part, kind, planted[kind], missed[kind]))
            print("%-8s rows of findings %d" % (part, total))
            worst += sum(missed.values())
    sys.exit(1 if worst else 0)


main(*sys.argv[1:])
