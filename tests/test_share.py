#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Scans testdata/share and compares with what was planted there.

    tests/test_share.py BIN      BIN holds the program constat

Tokens are computed here from the case's key, so that nothing is taken on trust from the program:
blake2b(kind NUL value, 16 bytes, keyed).
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TESTDATA = pathlib.Path(__file__).resolve().parent.parent / "testdata"
SHARE = TESTDATA / "share"
KINDS = ("be-nrn", "iban", "be-eid-card", "mrz", "email", "phone", "payment-card", "be-bban")
GAPS = 3  # exit status: done, and the ledger says what is missing


def rows(name):
    lines = (TESTDATA / name).read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


def run(*arguments, status=0):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != status:
        sys.exit(f"{' '.join(map(str, arguments[:2]))}: exit status {done.returncode}, expected "
                 f"{status}\n{done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8")


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def snapshot():
    """Everything about the source that a scan must not change."""
    state = {}
    for folder, folders, files in os.walk(SHARE):
        for name in folders + files:
            path = os.path.join(folder, name)
            st = os.lstat(path)
            state[path] = (st.st_mode, st.st_size, st.st_mtime_ns)
            if name in files:
                with open(path, "rb") as f:
                    state[path] += (hashlib.sha256(f.read()).hexdigest(),)
    return state


def token(key, kind, value):
    message = kind.encode() + b"\0" + value.encode()
    return hashlib.blake2b(message, digest_size=16, key=key).hexdigest()


def missing_truth(key, findings):
    """Truth rows that no finding answers to."""
    found = {(f["path"], "|".join(f["members"]), f["token"]) for f in findings}
    anywhere = {(f["path"], f["token"]) for f in findings}
    for row in rows("share.truth.tsv"):
        wanted = token(key, row["kind"], row["value"])
        if row["where"] == "folder-name":  # the folder's own row, or that of what lies in it
            hit = any(t == wanted and (p + "/").startswith(row["path"] + "/") for p, t in anywhere)
        elif row["members"] == "*":  # whatever the single member of a compressed file is called
            hit = (row["path"], wanted) in anywhere
        else:
            hit = (row["path"], row["members"], wanted) in found
        if not hit:
            yield f"not found: {row['kind']} in {row['path']} [{row['members']}] {row['where']}"


def reported_lookalikes(key, findings):
    tokens = {f["token"] for f in findings}
    for row in rows("share.lookalikes.tsv"):
        digits = re.sub(r"\D", "", row["written"])
        compact = re.sub(r"[^0-9A-Za-z]", "", row["written"]).upper()
        values = {digits, compact, row["written"], "+" + digits}
        if digits.startswith("0"):
            values.add("+32" + digits[1:])
        for kind in KINDS:
            if any(token(key, kind, value) in tokens for value in values):
                yield f"reported: {row['what']} as {kind} in {row['path']}"


def unplanted(key, findings):
    """Findings whose value nobody planted: what is rightly found, and nothing else.  (Birth dates,
    names and terms of the vocabulary stand in the share too; tests/accuracy counts those.)"""
    planted = {token(key, row["kind"], row["value"]) for row in rows("share.truth.tsv")}
    for f in findings:
        if f["kind"] in KINDS and f["token"] not in planted:
            yield f"not planted: {f['kind']} ({f['confidence']}) in {f['path']} {f['members']}"


def wrong_outcomes(coverage):
    expected = {(r["path"], r["members"]): r["outcome"] for r in rows("share.outcomes.tsv")}
    seen = {(c["path"], "|".join(c["members"])): c["outcome"] for c in coverage}
    for item, outcome in expected.items():
        if seen.get(item) != outcome:
            yield f"outcome of {item}: {seen.get(item)}, expected {outcome}"
    for path, _ in {(p, m) for p, m in seen if m == ""} - set(expected):
        if seen[(path, "")] != "read":
            yield f"outcome of {path}: {seen[(path, '')]}, expected read"
    for path in SHARE.rglob("*"):
        if path.is_file() and (str(path.relative_to(SHARE)), "") not in seen:
            yield f"not in the ledger: {path.relative_to(SHARE)}"


def leaked(case, truth):
    """Values that stand in clear in any file of the case."""
    wanted = {row["written"].encode() for row in truth} | {row["value"].encode() for row in truth}
    for path in pathlib.Path(case).rglob("*"):
        if path.is_file() and path.name != "case.key":
            data = path.read_bytes()
            for value in wanted:
                if value in data:
                    yield f"a value stands in clear in {path.name}"
                    break


def main():
    constat = os.path.join(sys.argv[1], "constat")
    problems = []
    with tempfile.TemporaryDirectory(prefix="constat-share-") as folder:
        case = os.path.join(folder, "case")
        before = snapshot()
        run(constat, "scan", str(SHARE), "--case", case, "--quiet", status=GAPS)
        if snapshot() != before:
            problems.append("the source was changed")
        problems += leaked(case, rows("share.truth.tsv"))
        with open(os.path.join(case, "case.key"), "rb") as f:
            key = f.read()
        masked = json_lines(run(constat, "findings", "--case", case))
        findings = json_lines(run(constat, "findings", "--case", case, "--clear-names"))
        coverage = json_lines(run(constat, "coverage", "--case", case, "--clear-names"))
        shown = json.dumps(masked, ensure_ascii=False)
        for row in rows("share.truth.tsv"):
            if "name" in row["where"] and row["written"] in shown:
                problems.append(f"a name is shown in clear: {row['kind']}")
        problems += missing_truth(key, findings)
        problems += reported_lookalikes(key, findings)
        problems += unplanted(key, findings)
        problems += wrong_outcomes(coverage)
    for problem in problems:
        print(problem)
    print(f"{len(rows('share.truth.tsv'))} planted, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
