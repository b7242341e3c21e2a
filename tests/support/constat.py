# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""What the whole-program tests share: run constat, read its exports, compute tokens.

Tokens are computed here with hashlib, not with the program's own code."""
import hashlib
import json
import os
import subprocess
import sys


class Constat:
    def __init__(self, bin_dir):
        self.program = os.path.join(os.path.abspath(bin_dir), "constat")

    def run(self, *args, status=(0, 3), **kw):
        kw.setdefault("stdin", subprocess.DEVNULL)
        p = subprocess.run([self.program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)
        if p.returncode not in status:
            sys.exit("constat %s: exit status %d\n%s" % (" ".join(args), p.returncode,
                                                         p.stderr.decode(errors="replace")))
        return p

    def scan(self, *paths, case, extra=(), **kw):
        return self.run("scan", *paths, "--case", case, "--quiet", *extra, **kw)

    def rows(self, what, case, *extra):
        out = self.run(what, "--case", case, "--format", "jsonl", *extra).stdout
        return [json.loads(line) for line in out.decode().splitlines()]

    def findings(self, case, *extra):
        return self.rows("findings", case, *extra)

    def coverage(self, case, *extra):
        return self.rows("coverage", case, *extra)


def token(case, kind, value):
    with open(os.path.join(case, "case.key"), "rb") as f:
        key = f.read()
    return hashlib.blake2b(kind.encode() + b"\0" + value.encode(), digest_size=16, key=key).hexdigest()


class Checks:
    """Counts what held and what did not, and ends the test."""

    def __init__(self):
        self.held = 0
        self.failed = []

    def that(self, ok, words):
        if ok:
            self.held += 1
        else:
            self.failed.append(words)

    def end(self):
        for words in self.failed[:40]:
            print("FAILED:", words)
        print("%d checks held, %d failed" % (self.held, len(self.failed)))
        sys.exit(1 if self.failed or not self.held else 0)
