#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Every published number form, in a sentence with a key word, in every document format: the valid
ones are found with the right token, the invalid ones are not found as that kind.  What is no
identifier at all (payment references, numbers of enterprises) is never found as one."""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402
import documents  # noqa: E402

KINDS = {  # vector kind: (kind in constat, key words)
    "nrn": ("be-nrn", "Numéro de registre national"),
    "bis": ("be-nrn", "Bisnummer (INSZ)"),
    "iban": ("iban", "IBAN"),
    "eid_card": ("be-eid-card", "Carte d'identité n°"),
    "be_bban": ("be-bban", "Rekeningnummer"),
    "payment_card": ("payment-card", "Carte de crédit"),
    "phone": ("phone", "Téléphone"),
    "mrz_td1": ("mrz", "Identiteitskaart"),
    "mrz_td2": ("mrz", "Titre de séjour"),
    "mrz_td3": ("mrz", "Paspoort"),
    "inami": ("be-inami", "Numéro INAMI"),
    "passport": ("passport", "Paspoortnummer"),
    "driving_licence": ("driving-licence", "Permis de conduire n°"),
    "foreigner_card": ("residence-card", "Verblijfskaart"),
    "plate": ("vehicle-plate", "Nummerplaat"),
}
# Never an identifier of any kind.
LOOK_ALIKES = {
    "ogm": "Gestructureerde mededeling",
    "vat": "TVA",
    "enterprise": "Ondernemingsnummer",
    "establishment": "Numéro d'unité d'établissement",
}
# A postal code alone is nothing: with a key word, but no street and no place.
ALONE = {"postal_code": "Postcode"}
# A national number is no bis number and the other way round; in constat both are be-nrn.
OTHER_OF_THE_PAIR = {("nrn", "00400100184"), ("bis", "00000100195")}


def normalised(kind, value):
    if kind in ("iban", "passport", "residence-card", "vehicle-plate"):
        return re.sub(r"[^0-9A-Za-z]", "", value).upper()
    if kind == "phone":
        digits = re.sub(r"\D", "", value.replace("(0)", ""))
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith("0"):
            digits = "32" + digits[1:]
        return "+" + digits
    if kind == "mrz":
        return None  # several fields: presence is checked
    return re.sub(r"\D", "", value)


def main(bin_dir):
    program = constat.Constat(bin_dir)
    checks = constat.Checks()
    vectors = os.path.join("testdata", "detectors", "vectors.tsv")
    with tempfile.TemporaryDirectory() as tmp:
        tree = os.path.join(tmp, "tree")
        case = os.path.join(tmp, "case")
        os.mkdir(tree)
        wanted = []
        with open(vectors, encoding="utf-8") as f:
            next(f)  # the names of the columns
            for n, line in enumerate(f):
                kind, value, valid = line.rstrip("\n").split("\t")[:3]
                name, label = KINDS.get(kind) or (None, LOOK_ALIKES.get(kind) or ALONE[kind])
                text = value.replace("\\n", "\n")
                for ext, write in documents.FORMATS.items():
                    path = "v%04d.%s" % (n, ext)
                    with open(os.path.join(tree, path), "wb") as out:
                        out.write(write(label, text))
                    wanted.append((path, kind, name, text, valid == "1"))
        program.scan(tree, case=case, extra=["--reference-date", "2026-11-23", "--no-report"])
        found = {}
        for f in program.findings(case):
            found.setdefault((f["path"], f["kind"]), set()).add(f["token"])
        for path, kind, name, text, valid in wanted:
            tokens = found.get((path, name), set())
            if name is None:
                # a mail has addresses of its own
                wrong = sorted(n for n, _ in KINDS.values() if (path, n) in found)
                checks.that(not valid or not wrong,
                            "%s: a number of kind %s was found as %s" % (path, kind, wrong))
                continue
            if not valid:
                checks.that((kind, text) in OTHER_OF_THE_PAIR or not tokens,
                            "%s: an invalid %s was found as %s" % (path, kind, name))
                continue
            value = normalised(name, text)
            ok = tokens if value is None else constat.token(case, name, value) in tokens
            checks.that(ok, "%s: a valid %s was not found" % (path, kind))
    checks.end()


main(sys.argv[1])
