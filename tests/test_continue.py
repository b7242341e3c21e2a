#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
# labels: threads
"""The number of jobs, interruption by SIGINT and three deaths by SIGKILL change nothing in
report.json (apart from its run block) nor in the findings."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402
import documents  # noqa: E402


def number(rng):
    base = "%02d%02d%02d%03d" % (rng.randrange(30, 100), rng.randint(1, 12), rng.randint(1, 28), rng.randint(976, 998))
    return base + "%02d" % (97 - int(base) % 97)


def build(root):
    rng = random.Random(11)
    for i in range(1200):
        folder = os.path.join(root, "service %d" % (i % 7), "dossier %d" % (i % 31))
        os.makedirs(folder, exist_ok=True)
        n = number(rng)
        if i % 10 == 0:
            data, ext = documents.docx("Rijksregisternummer", n), "docx"
        elif i % 25 == 1:
            data, ext = documents.zipped([("m%d.txt" % k, documents.txt("NISS", number(rng))) for k in range(30)]), "zip"
        else:
            data, ext = documents.txt("NISS", n) * rng.randint(1, 400), "txt"
        with open(os.path.join(folder, "f%04d.%s" % (i, ext)), "wb") as f:
            f.write(data)


def figures(program, case):
    with open(os.path.join(case, "report.json"), encoding="utf-8") as f:
        report = json.load(f)
    report.pop("run")
    return json.dumps(report, sort_keys=True), sorted(json.dumps(f, sort_keys=True) for f in program.findings(case))


def main(bin_dir):
    program = constat.Constat(bin_dir)
    checks = constat.Checks()
    rng = random.Random(3)
    options = ["--reference-date", "2026-11-23", "--label", "share"]
    with tempfile.TemporaryDirectory() as tmp:
        tree = os.path.join(tmp, "tree")
        build(tree)
        key = os.path.join(tmp, "key")  # the same key, so that the tokens are the same
        with open(key, "wb") as f:
            f.write(bytes(range(32)))
        os.chmod(key, 0o600)
        options += ["--key-file", key]
        results = {}
        for jobs in ("1", "2", "8"):
            case = os.path.join(tmp, "jobs" + jobs)
            began = time.monotonic()
            program.scan(tree, case=case, extra=[*options, "--jobs", jobs])
            took = time.monotonic() - began
            results[jobs] = figures(program, case)
        checks.that(len(results["1"][1]) > 1200, "too few findings: %d" % len(results["1"][1]))
        checks.that(results["1"] == results["2"], "1 and 2 jobs differ")
        checks.that(results["1"] == results["8"], "1 and 8 jobs differ")
        case = os.path.join(tmp, "killed")
        command = [program.program, "scan", tree, "--case", case, "--quiet", "--jobs", "2", *options]
        deaths = 0
        for _ in range(12):  # at random moments of about one run, until it died four times
            p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(took * rng.random())
            how = signal.SIGINT if deaths == 3 else signal.SIGKILL
            p.send_signal(how)
            deaths += p.wait() in (-how, 130)
            if deaths == 4:
                break
        checks.that(deaths > 0, "no scan was interrupted")
        print("%d scans ended early" % deaths)
        p = program.scan(tree, case=case, extra=[*options, "--jobs", "2"])
        checks.that(figures(program, case) == results["1"], "a scan that was killed and continued differs")
    checks.end()


main(sys.argv[1])
