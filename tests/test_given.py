#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""What the controller says (folder profile, day of the incident), copies of documents, and that the report agrees with its schema."""
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402
import documents  # noqa: E402

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def number(date, serial):
    base = date + "%03d" % serial
    return base + "%02d" % (97 - int(("2" if int(date[:2]) < 27 else "") + base) % 97)


def disagreements(value, schema, path=""):
    """The few words of JSON Schema that report-schema.json uses, and that keys come in its order."""
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        yield path
    types = schema.get("type", list(TYPES))
    types = types if isinstance(types, list) else [types]
    if not any(isinstance(value, TYPES[t]) and not (t == "integer" and isinstance(value, bool)) for t in types):
        yield "%s is %s" % (path, type(value).__name__)
    if isinstance(value, dict) and "properties" in schema:
        if list(value) != [k for k in schema["properties"] if k in value]:
            yield "%s has other keys, or in another order: %s" % (path, list(value))
        for key in schema["required"]:
            if key not in value:
                yield "%s lacks %s" % (path, key)
        for key, inner in schema["properties"].items():
            if key in value:
                yield from disagreements(value[key], inner, path + "/" + key)
    if isinstance(value, list):
        for i, one in enumerate(value):
            yield from disagreements(one, schema.get("items", {}), "%s/%d" % (path, i))


def report(case):
    with open(os.path.join(case, "report.json"), encoding="utf-8") as f:
        return json.load(f)


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as f:
        f.write(data)


def main():
    c = constat.Checks()
    program = constat.Constat(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="constat-given-")
    tree, case = os.path.join(folder, "share"), os.path.join(folder, "case")
    profile, other, bad = (os.path.join(folder, n) for n in ("profile", "other", "bad"))
    letter = documents.txt("NISS", number("081105", 976))  # 17 on 2026-11-04, 18 the day after
    put(tree, "Social/a.txt", letter)
    put(tree, "Social/copie.txt", letter)
    put(tree, "Backup/Social/a.txt", letter)
    put(tree, "Social/b.txt", documents.txt("NISS", number("700505", 977)))
    put(tree, "Personnel/c.txt", documents.txt("NISS", number("701111", 978)))
    with open(profile, "w", encoding="utf-8") as f:
        f.write("path: Social/\nservice: Aide & co\npersons: beneficiaries\n\npath: Personnel/\npersons: staff\n")
    with open(other, "w", encoding="utf-8") as f:
        f.write("path: **\npersons: residents\n")
    with open(bad, "w", encoding="utf-8") as f:
        f.write("# a comment\npath: x/\npersons: clients\n")
    p = program.run("scan", tree, "--case", case, "--quiet", "--profile", bad, status=(2,))
    c.that(b"line 3" in p.stderr and not os.path.exists(case), "a wrong profile stops the scan before it begins")
    program.scan(tree, case=case, extra=("--profile", profile, "--reference-date", "2026-11-24", "--incident-date", "2026-11-04"))
    r = report(case)
    with open("docs/report-schema.json", encoding="utf-8") as f:
        schema = json.load(f)
    for words in disagreements(r, schema):
        c.that(False, "report.json and its schema: " + words)
    c.that(r["persons"]["at_least"] == 3, "three persons: %s" % r["persons"]["at_least"])
    c.that(r["persons"]["groups"]["beneficiaries"] == 2 and r["persons"]["groups"]["staff"] == 1 and r["persons"]["groups"]["none"] == 0,
           "groups: %s" % r["persons"]["groups"])
    c.that(r["profile"][0]["service"] == "Aide & co" and r["profile"][0]["files"] == 3, "services: %s" % r["profile"])
    c.that(r["persons"]["ages"]["minors"] == 1 and r["persons"]["ages"]["on"] == "2026-11-04", "minors at the day of the incident")
    c.that(r["records"]["copies"] == 2 and r["records"]["copied_contents"] == 1, "copies: %s" % r["records"])
    backup, social = ({"root": "share", "path": p, "documents": n} for p, n in (("Backup/Social", 1), ("Social", 2)))
    where = {"folders": [social, backup], "more_folders": 0}
    c.that(r["copies"] == {"documents": 3, "groups": 1, **where, "largest": [{"documents": 3, "findings": 1, **where}]},
           "groups of copies: %s" % r["copies"])
    rows = [json.loads(line) for line in program.run("coverage", "--case", case).stdout.splitlines()]
    c.that(sorted(row["path"] for row in rows if row["copy_group"] == 1) == ["Backup/Social/a.txt", "Social/a.txt", "Social/copie.txt"]
           and {row["copy_group"] for row in rows} == {1, None}, "coverage lists the group")
    for path, n in (("Social/copie.txt", 3), ("Social/b.txt", 0)):
        shown = json.loads(program.run("explain", "--case", case, "--json", path).stdout.splitlines()[0])
        c.that(shown["same_content"] == n, "explain says of how many: %s" % shown)
    shown = program.run("explain", "--case", case, "--lang", "en", "Social/a.txt").stdout
    c.that(b"Documents of the same content, this one included: 3." in shown, "explain says it in words")
    c.that(r["records"]["documents"] == 3 and r["records"]["files"] == 5, "records count once, files each: %s" % r["records"])
    with open(os.path.join(case, "report.fr.html"), encoding="utf-8") as f:
        c.that("Aide &amp; co" in f.read(), "the service stands in the report")

    program.run("report", "--case", case)
    again = report(case)
    c.that({k: again[k] for k in again if k != "run"} == {k: r[k] for k in r if k != "run"}, "the case keeps both")
    program.run("report", "--case", case, "--profile", other, "--incident-date", "2026-11-06")
    r = report(case)
    c.that(r["persons"]["groups"]["residents"] == 3 and r["persons"]["groups"]["staff"] == 0, "another profile for one report")
    c.that(r["persons"]["ages"]["minors"] == 0, "another day for one report")
    p = program.run("scan", tree, "--case", case, "--quiet", "--profile", other, status=(1,))
    c.that(b"another --profile" in p.stderr, "a scan does not change what the case was told")
    p = program.run("report", "--case", case, "--profile", os.path.join(folder, "none"), status=(2,))
    c.that(b"--profile" in p.stderr, "a profile that is not there")
    shutil.rmtree(folder)
    c.end()


if __name__ == "__main__":
    main()
