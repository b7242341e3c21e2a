#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""`constat lookup`: whoever is asked for is found by the bare identifier, in any written form, and
the answer says which categories stand in the same record; nothing that was asked is stored."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402

PLANTED = [  # as it stands in a document, what is asked, the kind
    ("Numéro national : 93.05.18-223.61", "93051822361", "be-nrn"),
    ("Passeport : EN876543", "en 876543", "passport"),
    ("Permis de conduire : 1098765432", "1098765432", "driving-licence"),
    ("Titre de séjour : B 1234567 89", "B123456789", "residence-card"),
    ("Plaque : 1-ZZZ-987", "1ZZZ987", "vehicle-plate"),
    ("INAMI : 1-87497-04-477", "18749704477", "be-inami"),
    ("Date de naissance : 30/07/1985", "30.07.1985", "birth-date"),
    ("Courriel : zoe@example.be", "ZOE@example.be", "email"),
    ("Gsm : 0470 12 34 56", "+32470123456", "phone"),
]
ABSENT = ["85073003328", "EN111111", "1-AAA-111", "01.01.1990", "nobody@example.be"]


def main(bin_dir):
    program, checks = constat.Constat(bin_dir), constat.Checks()
    with tempfile.TemporaryDirectory(prefix="constat-lookup-") as tmp:
        case, tree = os.path.join(tmp, "case"), os.path.join(tmp, "tree")
        os.makedirs(tree)
        for i, (text, _, _) in enumerate(PLANTED):
            with open(os.path.join(tree, "%d.txt" % i), "w", encoding="utf-8") as f:
                f.write("Fiche\n\n%s\nCertificat médical joint.\n" % text)
        program.scan(tree, case=case, extra=("--no-report",))
        asked = [q for _, q, _ in PLANTED] + ABSENT
        p = subprocess.run([program.program, "lookup", "--case", case], input="\n".join(asked).encode(),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        answers = [json.loads(line) for line in p.stdout.splitlines()]
        checks.that(len(answers) == len(asked), "%d answers" % len(answers))
        for (_, _, kind), answer in zip(PLANTED, answers):
            checks.that(answer["found"] and kind in [k["kind"] for k in answer["kinds"]], "not found: " + kind)
            checks.that(answer["documents"] == 1, "%d documents: %s" % (answer["documents"], kind))
            checks.that("health" in answer["same_record"], "no category in the record: " + kind)
            checks.that("health" in answer["near"], "no category close by: " + kind)
        for answer in answers[len(PLANTED):]:
            checks.that(not answer["found"] and answer["same_record"] == [], "found what is not there")
        for folder, _, files in os.walk(case):
            for name in files:
                with open(os.path.join(folder, name), "rb") as f:
                    data = f.read()
                checks.that(not any(q.encode() in data for q in asked), "what was asked stands in " + name)
    checks.end()


main(sys.argv[1])
