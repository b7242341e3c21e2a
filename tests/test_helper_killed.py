#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""A helper that is killed costs the file it was reading its outcome, and nothing else: the file's
raw bytes are searched all the same, its siblings are read."""
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


def helpers(pid):
    found = []
    for task in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/children" % (pid, task)) as f:
                found += [int(c) for c in f.read().split()]
        except OSError:
            pass
    return found


def cpu_ticks(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def main(bin_dir):
    program = constat.Constat(bin_dir)
    checks = constat.Checks()
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as tmp:
        tree, case = os.path.join(tmp, "tree"), os.path.join(tmp, "case")
        os.mkdir(tree)
        for i in range(40):
            with open(os.path.join(tree, "small%02d.txt" % i), "wb") as f:
                f.write(documents.txt("NISS", "93.05.18-223.61"))
        with open(os.path.join(tree, "large.csv"), "w") as f:  # long enough to be met at work
            f.write("id;NISS;order\n1;17.07.30-033.84;1\n")
            rows = "".join("%d;%011d;%d\n" % (i, rng.randrange(10**11), rng.randrange(10**12))
                           for i in range(100000))
            for _ in range(20):
                f.write(rows)
        p = subprocess.Popen([program.program, "scan", tree, "--case", case, "--quiet", "--jobs", "1"],
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        killed = False
        while p.poll() is None and not killed:
            for helper in helpers(p.pid):
                try:
                    if cpu_ticks(helper) > 15:  # 0.15 s: past its start, in the large file
                        os.kill(helper, signal.SIGKILL)
                        killed = True
                except OSError:
                    pass
            time.sleep(0.002)
        status = p.wait()
        checks.that(killed, "the helper was never met at work")
        checks.that(status == 3, "exit status %d: %s" % (status, p.stderr.read()))
        rows = {r["path"]: r for r in program.coverage(case)}
        crashed = [r for r in rows.values() if r["outcome"] == "crashed"]
        checks.that(len(rows) == 41, "%d rows in the ledger" % len(rows))
        checks.that(len(crashed) == 1 and crashed[0]["reason"].startswith("signal-9"),
                    "crashed: %s" % [(r["path"], r["reason"]) for r in crashed])
        checks.that(all(r["outcome"] in ("read", "crashed") for r in rows.values()), "other outcomes")
        found = {f["path"] for f in program.findings(case)}
        checks.that(found == set(rows), "nothing found in %s" % sorted(set(rows) - found))
    checks.end()


main(sys.argv[1])
