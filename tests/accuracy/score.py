#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Scans a labelled corpus and compares: score.py BIN_FOLDER CORPUS [--markdown] [--check] [--wrong N]

Recall: positives found at that confidence or better, of all positives.  Precision: findings at that confidence or better that
are positives of their file.  Nothing is left out of a total.  --wrong shows where, by path, place and form, never a value."""
import argparse
import collections
import math
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import constat  # noqa: E402

LEVELS = ["high", "medium", "low"]
# kind: level, least recall, least precision
BARS = {"be-nrn": ("high", .995, .99), "iban": ("high", .995, .99), "be-eid-card": ("high", .995, .99), "mrz": ("high", .995, .99),
        "payment-card": ("high", .995, .99), "email": ("medium", .97, .95), "phone": ("medium", .97, .95), "be-bban": ("medium", .97, .95),
        "address": ("medium", .97, .95), "person-name": ("medium", .97, .95)}


def wilson(k, n):
    if n == 0:
        return 0.0, 1.0
    z, p = 1.959964, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def share(k, n):
    low, high = wilson(k, n)
    return "%.4f (%.4f-%.4f)" % (k / n if n else float("nan"), low, high)


def place_of(f):
    return "@%s:%s" % (f["place"]["kind"], f["place"].get("at", ""))


def compare(program, corpus):
    """kind -> level -> [found positives, positives, right findings, findings]; and what was wrong"""
    truth = collections.defaultdict(dict)
    anywhere = collections.Counter()
    tmp = tempfile.mkdtemp()
    try:
        case = os.path.join(tmp, "case")
        program.scan(os.path.join(corpus, "tree"), case=case)
        rows = program.findings(case)
        with open(os.path.join(corpus, "truth.tsv"), encoding="utf-8") as f:
            for line in f:
                path, kind, value, form = line.rstrip("\n").split("\t")
                if value == "@any":
                    anywhere[path, kind] += 1
                    value = "@any:%d" % anywhere[path, kind]
                key = value if value.startswith("@") else constat.token(case, kind, value)
                truth[kind][path, key] = form
    finally:
        shutil.rmtree(tmp)
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for f in rows:
        found[f["kind"]][f["path"]].append(f)
    result, wrong = {}, []
    for kind in sorted(set(truth) | (set(found) & set(BARS))):
        wanted = truth[kind]
        right = {}  # position -> best level
        table = {level: [0, len(wanted), 0, 0] for level in LEVELS}
        for path, findings in found[kind].items():
            left = anywhere[path, kind]
            for f in findings:
                level = LEVELS.index(f["confidence"])
                keys = [(path, f["token"]), (path, place_of(f))]
                key = next((k for k in keys if k in wanted), None)
                if key is None and left > 0:
                    key = (path, "@any:%d" % left)
                    left -= 1
                for i in range(level, len(LEVELS)):
                    table[LEVELS[i]][3] += 1
                    table[LEVELS[i]][2] += key is not None
                if key is None:
                    wrong.append((kind, "not one, yet %s" % f["confidence"], path, place_of(f), ""))
                else:
                    right[key] = min(level, right.get(key, 9))
        for key, form in wanted.items():
            level = right.get(key, 9)
            for i in range(level, len(LEVELS)):
                table[LEVELS[i]][0] += 1
            bar = BARS.get(kind, ("medium",))[0]
            if level > LEVELS.index(bar):
                wrong.append((kind, "missed" if level == 9 else "only " + LEVELS[level], key[0], "", form))
        result[kind] = table
    return result, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bin_folder")
    parser.add_argument("corpus")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is not met")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="show up to N cases a kind")
    args = parser.parse_args()
    result, wrong = compare(constat.Constat(args.bin_folder), args.corpus)
    print("| kind | confidence | positives | recall (95 %) | findings | precision (95 %) |\n| --- | --- | --- | --- | --- | --- |")
    failed = []
    for kind, table in result.items():
        for level in LEVELS:
            hit, wanted, good, all_ = table[level]
            print("| %s | %s%s | %d | %s | %d | %s |" % (kind, level, "" if level == "high" else " or better", wanted, share(hit, wanted), all_,
                                                       share(good, all_)))
            bar = BARS.get(kind)
            if bar and bar[0] == level and ((wanted and hit < bar[1] * wanted) or (all_ and good < bar[2] * all_)):
                failed.append("%s at %s" % (kind, level))
    shown = collections.Counter()
    for kind, what, path, place, form in sorted(wrong):
        shown[kind, what] += 1
        if shown[kind, what] <= args.wrong:
            print("%s: %s: %s %s %s" % (kind, what, path, place, form))
    for (kind, what), n in sorted(shown.items()):
        if args.wrong:
            print("%6d %s %s" % (n, kind, what))
    if failed:
        print("below the bar: " + ", ".join(failed))
    sys.exit(1 if args.check and failed else 0)


if __name__ == "__main__":
    main()
