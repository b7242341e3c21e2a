#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""`constat explain` on the share of the tests: findings of every kind there is, in four languages,
with reasons, 80 columns wide, and never a value; prefixes, masked names, paths, members, globs,
what is not there, and JSON.  The name of a scanned folder is data too."""
import csv
import json
import os
import random
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402

TESTDATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "testdata")
SHARE = os.path.join(TESTDATA, "share")
WHY = {"fr": "Pourquoi\u00a0:", "nl": "Waarom:", "de": "Warum:", "en": "Why:"}
WIDTH = 80


def planted():
    """Every value of the truth, as it is written and as it is normalised."""
    with open(os.path.join(TESTDATA, "share.truth.tsv"), encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    out = set()
    for row in rows:
        for value in (row["value"], row["written"]):
            out |= {value, value.lower(), re.sub(r"[^0-9A-Za-z@]", "", value)}
    return {v for v in out if len(v) >= 8}


class Explain:
    def __init__(self, program, checks, case, values):
        self.program, self.checks, self.case, self.values = program, checks, case, values

    def __call__(self, *args, status=(0,), lang="en"):
        p = self.program.run("explain", "--case", self.case, "--lang", lang, *args, status=status)
        text = p.stdout.decode()
        said = text + p.stderr.decode()
        self.checks.that(not any(v in said for v in self.values), "a value is shown by %s" % (args,))
        return text, p.stderr.decode()


def check_token(explain, checks, finding, lang):
    text, _ = explain(finding["token"], lang=lang)
    what = "%s in %s" % (finding["kind"], lang)
    checks.that(finding["token"] in text, "no code: " + what)
    checks.that(WHY[lang] in text, "no reasons: " + what)
    checks.that(re.search(r"^     [+\u2013\u00b7] ", text, re.M), "no reason: " + what)
    checks.that(not re.search(r"\{\d\}", text), "a place is not filled in: " + what)
    wide = [l for l in text.splitlines() if len(l) > WIDTH and " " in l.strip()]
    checks.that(not wide or all(l.lstrip().startswith(('"', "1", "2")) for l in wide), "too wide: " + what)
    return text


def tokens(explain, checks, findings):
    """One finding of each kind and confidence, in each language; other texts in each."""
    samples = {}
    for f in findings:
        samples.setdefault((f["kind"], f["confidence"]), f)
    checks.that(len(samples) >= 10, "only %d kinds and confidences to explain" % len(samples))
    for f in samples.values():
        texts = {check_token(explain, checks, f, lang) for lang in WHY}
        checks.that(len(texts) == 4, "two languages say the same of " + f["kind"])
    for f in samples.values():
        if f["confidence"] == "low" and not f["kind"].startswith("category:"):
            text, _ = explain(f["token"])
            checks.that("What would have made it higher:" in text, "nothing would have helped " + f["kind"])


def words(explain, checks, findings):
    """The sentence for a piece of evidence stands there when the evidence does, and not else."""
    sentences = {"written-form": "written in the form that is this kind’s own",
                 "raw-bytes": "comes from raw bytes", "header": "bears a name of this kind",
                 "person-here": "identifiable person stands in the same record"}
    for name, sentence in sentences.items():
        one = next((f for f in findings if name in f["evidence"]), None)
        checks.that(one is not None, "no finding with " + name)
        if one:
            out, _ = explain("--json", "--limit", "1000", one["token"])
            said = [" ".join(w["text"] for w in json.loads(l)["why"]) for l in out.splitlines()
                    if json.loads(l)["path"] == one["path"] and json.loads(l)["members"] == one["members"]]
            checks.that(said and sentence in said[0], "no sentence for " + name)
    email = next(f for f in findings if f["kind"] == "email" and f["evidence"] == ["written-form"])
    out, _ = explain("--json", "--limit", "1", email["token"])
    checks.that("raw bytes" not in out, "raw bytes where there are none")


def prefixes(explain, checks, findings):
    token = findings[0]["token"]
    whole, _ = explain(token)
    for short in (token[:10], token[:10].upper(), "be-nrn:" + token[:10], "[x:%s]" % token[:12]):
        checks.that(explain(short)[0] == whole, "a prefix says something else")
    _, said = explain("0" * 31 + "1", status=(1,))
    checks.that("constat findings" in said and "constat lookup" in said, "no help for an unknown token")
    _, said = explain(token[:5], status=(1,))
    checks.that("neither a code nor a path" in said, "five characters are a token")
    _, said = explain(status=(2,))
    checks.that("TOKEN or PATH" in said, "no help without an argument")
    limited, _ = explain("--limit", "1", most_spread(findings))
    checks.that("more documents." in limited and "\n2. " not in limited, "the limit does not hold")


def most_spread(findings):
    counts = {}
    for f in findings:
        counts[f["token"]] = counts.get(f["token"], 0) + 1
    return max(counts, key=counts.get)


def paths(explain, checks, coverage):
    encrypted = next(c for c in coverage if c["outcome"] == "encrypted" and not c["members"])
    for name in (encrypted["path"], "share/" + encrypted["path"]):
        text, _ = explain(name)
        checks.that("encrypted: opens only with" in text and encrypted["reason"] in text, "an outcome without words")
    member = next(c for c in coverage if len(c["members"]) == 2)
    path = "!".join([member["path"]] + member["members"])
    text, _ = explain(path)
    checks.that(text.count("\n===") == 1 and member["members"][1] in text, "a member of a member is not found")
    checks.that("What was found in it" in text, "a member's findings are not shown")
    text, _ = explain(member["path"])
    checks.that("Members inside: " in text, "a container does not say what it holds")
    inside = [c for c in coverage if c["path"] == member["path"] and c["members"]]
    text, _ = explain(member["path"] + "!**")
    checks.that(text.count("\n===") == len(inside), "not every member is shown by **")
    text, _ = explain(member["path"].rsplit("/", 1)[-1] + "!**")
    checks.that(text.count("\n===") == len(inside), "not every member is shown by the name alone and **")
    everything, _ = explain("--limit", "1", "**")
    checks.that(everything.count("\n===") == len(coverage), "** is not everything")
    folder = member["path"].split("/")[0]
    _, said = explain(folder, status=(1,))
    checks.that("is a folder" in said, "no help for a folder")
    clean = next(c for c in coverage if c["outcome"] == "read" and "logo" in c["path"].lower()) if any(
        c["outcome"] == "read" and "logo" in c["path"].lower() for c in coverage) else None
    if clean:
        checks.that("Nothing was recognised in it" in explain(clean["path"])[0], "a clean file has something")


def as_json(explain, checks, findings):
    token = most_spread(findings)
    out, _ = explain("--json", "--limit", "1000", token)
    rows = [json.loads(l) for l in out.splitlines()]
    expected = [f for f in findings if f["token"] == token]
    checks.that(len(rows) == len(expected), "JSON: %d documents, not %d" % (len(rows), len(expected)))
    for key in ("root", "path", "members", "kind", "token", "confidence", "count", "place"):
        checks.that(sorted(str(r[key]) for r in rows) == sorted(str(f[key]) for f in expected), "JSON: " + key)
    checks.that(all(r["why"] and isinstance(r["higher"], list) for r in rows), "JSON without reasons")


def root_names(program, checks, tmp):
    """An identifier in the name of the scanned folder is a finding, once, and explained."""
    case, tree = os.path.join(tmp, "root-case"), os.path.join(tmp, "dossier 85.07.30-033.28")
    os.makedirs(tree)
    with open(os.path.join(tree, "a.txt"), "w", encoding="utf-8") as f:
        f.write("rien\n")
    token = constat.token(case_key(program, case, tree), "be-nrn", "85073003328")
    for extra in ((), ("--rescan",)):
        program.scan(tree, case=case, extra=("--no-report",) + extra)
        found = program.findings(case)
        checks.that([(f["token"], f["path"], f["place"]["kind"]) for f in found] == [(token, "", "name")],
                    "the name of the folder: %d findings" % len(found))
    p = program.run("explain", "--case", case, "--lang", "en", token[:8])
    checks.that(b"in the very name of the file or folder" in p.stdout and b"033.28" not in p.stdout,
                "the name of the folder is not explained")
    # A term of the vocabulary on a folder is no finding; in a file's name it is.
    terms, other = os.path.join(tmp, "Service m\u00e9dical"), os.path.join(tmp, "terms-case")
    os.makedirs(os.path.join(terms, "certificat m\u00e9dical"))
    with open(os.path.join(terms, "certificat m\u00e9dical", "certificat m\u00e9dical.txt"), "w", encoding="utf-8") as f:
        f.write("rien\n")
    program.scan(terms, case=other, extra=("--no-report",))
    checks.that([(f["kind"], f["path"].count("/")) for f in program.findings(other)] == [("category:health", 1)],
                "terms in names")
    # With the key at hand, a file is known by its real name too.
    name = "fiche 85.07.30-033.28.txt"
    with open(os.path.join(tree, name), "w", encoding="utf-8") as f:
        f.write("rien\n")
    program.scan(tree, case=case, extra=("--no-report",))
    p = program.run("explain", "--case", case, "--lang", "en", name)
    checks.that(b"[be-nrn:" in p.stdout and b"033.28" not in p.stdout, "a real name is not known")


def case_key(program, case, tree):
    program.scan(tree, case=case, extra=("--no-report",))
    return case


def coincidences(program, checks, tmp):
    """A file of random digits is no finding; explain says what was seen, and what chance would give."""
    case, tree = os.path.join(tmp, "chance-case"), os.path.join(tmp, "chance")
    os.makedirs(tree)
    digits = random.Random(3)
    with open(os.path.join(tree, "ref.csv"), "w", encoding="utf-8") as f:
        f.write("id;ref\n" + "".join("%d;%d\n" % (i, digits.randrange(10 ** 10, 10 ** 11)) for i in range(3000)))
    with open(os.path.join(tree, "two kinds.txt"), "w", encoding="utf-8") as f:
        f.write("R\u00e9f\u00e9rence 310-1597742-44 dans le dossier\n")
    program.scan(tree, case=case, extra=("--no-report",))
    out = program.run("explain", "--case", case, "--lang", "en", "two kinds.txt").stdout.decode()
    checks.that(re.search("fits the same characters just as well: (Former Belgian account|Identity card) number", " ".join(out.split())),
                "two kinds on one span are not named")
    out = program.run("explain", "--case", case, "--lang", "en", "ref.csv").stdout.decode()
    flat = " ".join(out.split())
    checks.that("Nothing was recognised in it" in flat, "random digits became a finding")
    checks.that(re.search(r"Seen, but not reported .*National register or bis number: strings of this shape: [1-9]", flat),
                "coincidences are not told")


def main(bin_dir):
    program, checks = constat.Constat(bin_dir), constat.Checks()
    with tempfile.TemporaryDirectory(prefix="constat-explain-") as tmp:
        case = os.path.join(tmp, "case")
        program.scan(SHARE, case=case, extra=("--no-report",))
        findings, coverage = program.findings(case), program.coverage(case)
        explain = Explain(program, checks, case, planted())
        tokens(explain, checks, findings)
        words(explain, checks, findings)
        prefixes(explain, checks, findings)
        paths(explain, checks, coverage)
        as_json(explain, checks, findings)
        root_names(program, checks, tmp)
        coincidences(program, checks, tmp)
    checks.end()


main(sys.argv[1])
