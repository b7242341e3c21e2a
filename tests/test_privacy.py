#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""The output is no second breach: while a scan runs and after it, no value stands in the case
folder, the reports, the log, the messages or a temporary file, in any written form, nor do eight
digits in a row of one.  Identifiers in names are found, masked everywhere, and shown on request."""
import base64
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402
import documents  # noqa: E402

NUMBERS = ["93.05.18-223.61", "17.07.30-033.84", "98.47.28-997.65", "83.09.21-973.09"]
ACCOUNTS = ["BE68 5390 0754 7034", "BE54310100270097"]
MAILS = ["zoe.vandenbossche@cpas-exemple.be"]


def forms(value):
    """What of a value may stand nowhere: itself, without separators, and its runs of 8 digits."""
    plain = re.sub(r"[^0-9A-Za-z@]", "", value)
    out = {value, value.upper(), plain, plain.lower()}
    if "@" in value:
        return {value, value.lower(), value.upper()}
    digits = re.sub(r"\D", "", value)
    out |= {digits[i:i + 8] for i in range(len(digits) - 7)}
    out |= {" ".join(plain[i:i + 4] for i in range(0, len(plain), 4))}
    return out


class Search:
    def __init__(self, values):
        needles = set()
        for value in values:
            for form in forms(value):
                raw = form.encode()
                needles |= {raw, form.encode("utf-16-le"), raw.hex().encode()}
                needles.add(base64.b64encode(raw)[:-4] or raw)
        self.pattern = re.compile(b"|".join(re.escape(n) for n in sorted(needles, key=len, reverse=True) if len(n) >= 8))

    def data(self, data):
        return self.pattern.search(data) is not None

    def shared(self, root, since):
        """Files right in a folder that others use too: what a program leaves there by mistake."""
        found = []
        for entry in os.scandir(root):
            try:
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime >= since:
                    with open(entry.path, "rb") as f:
                        if self.data(f.read(1 << 26)):
                            found.append(entry.path)
            except OSError:
                pass
        return found

    def tree(self, root, since, skip=()):
        """Files below root that changed since then and hold a value."""
        found = []
        for folder, folders, files in os.walk(root):
            folders[:] = [f for f in folders if os.path.join(folder, f) not in skip]
            for name in files + folders:
                path = os.path.join(folder, name)
                if self.data(os.fsencode(path)):
                    found.append("a name below " + root)
                if name in files and not os.path.islink(path):
                    try:
                        if os.path.isfile(path) and os.stat(path).st_mtime >= since:
                            with open(path, "rb") as f:
                                if self.data(f.read()):
                                    found.append(path)
                    except OSError:
                        pass
        return found


def build(tree):
    os.makedirs(tree)
    for i, n in enumerate(NUMBERS):
        note = documents.txt("Rijksregisternummer", n) + ("IBAN %s\nmail %s\n" % (ACCOUNTS[i % 2], MAILS[0])).encode()
        for ext, write in documents.FORMATS.items():
            with open(os.path.join(tree, "d%d.%s" % (i, ext)), "wb") as f:
                f.write(write("NISS", n))
        with open(os.path.join(tree, "note%d.txt" % i), "wb") as f:
            f.write(note * 300)
    folder = os.path.join(tree, "DUPONT Jean " + NUMBERS[0])
    os.makedirs(folder)
    with open(os.path.join(folder, "fiche %s.txt" % NUMBERS[1]), "wb") as f:
        f.write(b"rien\n")
    with open(os.path.join(tree, "Courrier_83092197309.pdf"), "wb") as f:
        f.write(documents.pdf("Note", "rien"))
    with open(os.path.join(tree, "archive.zip"), "wb") as f:
        f.write(documents.zipped([("dossier %s/lettre.txt" % NUMBERS[2], b"rien"),
                                  ("in.zip", documents.zipped([("%s.txt" % ACCOUNTS[1], b"rien")]))]))
    with open(os.path.join(tree, "coupe %s.zip" % NUMBERS[0]), "wb") as f:
        f.write(b"PK\3\4 broken")


def main(bin_dir):
    program = constat.Constat(bin_dir)
    checks = constat.Checks()
    search = Search(NUMBERS + ACCOUNTS + MAILS)
    with tempfile.TemporaryDirectory() as tmp:
        tree, case, log = (os.path.join(tmp, n) for n in ("tree", "case", "scan.log"))
        build(tree)
        checks.that(search.tree(tree, 0), "the search itself finds nothing in the source")
        began = time.time() - 1
        env = dict(os.environ, TMPDIR=tmp)
        p = subprocess.Popen([program.program, "scan", tree, "--case", case, "--log", log, "--jobs", "2"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
        leaks = []
        while p.poll() is None:
            leaks += search.tree(tmp, began, skip=(tree,))
            time.sleep(0.05)
        said = p.stdout.read()
        checks.that(p.returncode == 3, "exit status %d" % p.returncode)
        checks.that(not leaks, "while it ran, a value stood in %s" % leaks)
        checks.that(not search.data(said), "a value was printed")
        found = search.tree(tmp, began, skip=(tree,)) + search.shared("/tmp", began) + search.shared("/dev/shm", began)
        checks.that(not found, "after it, a value stood in %s" % found)
        findings, coverage = program.findings(case), program.coverage(case)
        exports = [program.run(what, "--case", case, "--format", form).stdout
                   for what in ("findings", "coverage") for form in ("jsonl", "csv")]
        exports.append(program.run("report", "--case", case).stdout)
        for e in exports:
            checks.that(not search.data(e), "an export holds a value")
        checks.that(not search.tree(case, 0), "after the exports, a value stood in the case")
        by_name = {(f["token"], tuple(f["members"]) != ()) for f in findings if f["place"]["kind"] == "name"}
        for value, member in ((NUMBERS[0], False), (NUMBERS[1], False), (NUMBERS[3], False), (NUMBERS[2], True)):
            t = constat.token(case, "be-nrn", re.sub(r"\D", "", value))
            checks.that((t, member) in by_name, "an identifier in a name was not found")
            shown = "[be-nrn:%s]" % t[:8]
            checks.that(any(shown in r["path"] or shown in " ".join(r["members"]) for r in coverage),
                        "a name does not show its masked identifier")
        iban = constat.token(case, "iban", ACCOUNTS[1])
        checks.that((iban, True) in by_name, "an account in a name of an archive in an archive was not found")
        clear = program.run("coverage", "--case", case, "--clear-names").stdout.decode()
        for value in NUMBERS[:3] + ["83092197309", ACCOUNTS[1]]:
            checks.that(value in clear, "--clear-names does not show a name")
        # constat reads its own output and finds nothing that it was looking for.  (A report says
        # "password" and names the categories: those are its own words.)
        own = os.path.join(tmp, "own")
        out = os.path.join(tmp, "out")
        os.mkdir(out)
        for i, e in enumerate(exports):
            with open(os.path.join(out, "%d.txt" % i), "wb") as f:
                f.write(e)
        for name in os.listdir(case):
            if name.startswith("report"):
                os.link(os.path.join(case, name), os.path.join(out, name))
        program.scan(out, case=own)
        bad = [(f["path"], f["kind"]) for f in program.findings(own, "--min-confidence", "medium")
               if f["kind"] != "email" and not f["kind"].startswith("category:")]
        checks.that(not bad, "constat finds identifiers in its own output: %s" % bad[:5])
    checks.end()


main(sys.argv[1])
