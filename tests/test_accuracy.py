#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""A small round of the labelled corpus against the bars of tests/accuracy/score.py, and persons counted from documents of known truth.

The bars are those of the whole program; a small round has few positives of each kind, so that one more miss than the bar allows
fails.  docs/accuracy.md is made with more rounds."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "support"))
sys.path.insert(0, os.path.join(HERE, "accuracy"))
import constat  # noqa: E402
import corpus  # noqa: E402
import contexts  # noqa: E402
import lookalikes  # noqa: E402
import score  # noqa: E402


def check_bars(checks, result, wrong):
    for kind, (level, recall, precision) in score.BARS.items():
        hit, wanted, right, found = result[kind][level]
        checks.that(wanted > 0, "%s: no positives" % kind)
        checks.that(hit >= recall * wanted - 1, "%s: %d of %d found with %s confidence" % (kind, hit, wanted, level))
        checks.that(right >= precision * found - 1, "%s: %d of %d findings of %s confidence are right" % (kind, right, found, level))
    for kind, what, path, place, form in wrong:
        if kind in score.BARS and not what.endswith("yet low"):
            print("%s: %s: %s %s %s" % (kind, what, path, place, form))


def positives(checks, program, folder):
    c = corpus.Corpus(folder, 5)
    for kind in sorted(corpus.SAY):
        corpus.sentences(c, kind, 20)
        corpus.forms(c, kind, 15)
        corpus.rows(c, kind, 40)
        corpus.structured(c, kind, 20)
        corpus.xlsx_column(c, kind, 20)
    corpus.spread(c, 30)
    corpus.zones(c, 12)
    contexts.add(c, {kind: say[1] for kind, say in corpus.SAY.items()})
    corpus.negatives(c, 300)
    c.end()
    check_bars(checks, *score.compare(program, folder))


def numbers_of_things(checks, program, folder):
    """Nothing in them is of a kind with high or medium confidence, but the telephones and numbers of the truth."""
    c = corpus.Corpus(folder, 6)
    lookalikes.add(c, 300)
    c.end()
    result, wrong = score.compare(program, folder)
    for kind in sorted(result):
        hit, wanted, right, found = result[kind]["medium"]
        checks.that(right == found, "%s: %d findings of medium confidence or better where nothing is" % (kind, found - right))
        if kind in ("be-nrn", "phone"):
            checks.that(hit == wanted > 0, "%s: %d of %d in a column" % (kind, hit, wanted))
    for kind, what, path, place, form in wrong:
        checks.that(kind != "be-nrn" or "none-" not in path and "mobiles" not in path, "%s: %s %s" % (path, kind, what))
        if what in ("not one, yet medium", "not one, yet high"):
            print("%s: %s: %s %s" % (kind, what, path, place))


def main():
    checks = constat.Checks()
    program = constat.Constat(sys.argv[1])
    tmp = tempfile.mkdtemp()
    try:
        positives(checks, program, os.path.join(tmp, "positives"))
        numbers_of_things(checks, program, os.path.join(tmp, "things"))
        persons = subprocess.run([sys.executable, os.path.join(HERE, "accuracy", "persons.py"), sys.argv[1], os.path.join(tmp, "persons"),
                                  "--persons", "120", "--files", "600"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
        checks.that(persons.returncode == 0, "persons.py: " + persons.stdout.decode(errors="replace")[-600:])
    finally:
        shutil.rmtree(tmp)
    checks.end()


if __name__ == "__main__":
    main()
