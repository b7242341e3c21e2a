#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""How many persons: persons.py BIN_FOLDER FOLDER [--persons N] [--files N] [--seed N] [--no-number SHARE]

Writes a share of files about N invented persons, scans it and compares the report's at least / about / at most with the truth.
Families share a surname, an address and an account; every person is written in several forms and formats; some stand in some
documents without their number, a few have none at all but a name and a date of birth.  Exit 1 unless at least <= truth <= at
most and "about" is within 2 %."""
import argparse
import csv
import datetime
import io
import json
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import constat  # noqa: E402
import documents  # noqa: E402
import values as v  # noqa: E402


class Person:
    def __init__(self, rng, family, household, with_number, used):
        while True:
            self.given = rng.choice(v.GIVEN)
            self.born = datetime.date(1932, 1, 1) + datetime.timedelta(days=rng.randrange(33500))
            self.nrn = v.national_number(rng, self.born)
            # no two of one name and birthday: nobody could tell them apart without a number
            if self.nrn not in used and (family, self.given, self.born) not in used:
                break
        used.update([self.nrn, (family, self.given, self.born)])
        self.family, self.household, self.with_number = family, household, with_number
        self.mail = v.mail(rng, family, self.given)
        while self.mail in used:
            self.mail = "%d%s" % (rng.randrange(1000), self.mail)
        used.add(self.mail)
        self.phone = v.phone(rng)

    def number(self, rng):
        return v.write_nrn(self.nrn, rng.choice(v.NRN_FORMS[:29]))

    def name(self, rng):
        return rng.choice(v.NAME_FORMS[:4])(self.family, self.given)

    def birth(self, rng):
        return self.born.strftime(rng.choice(["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y"]))


class Household:
    def __init__(self, rng):
        self.address = "{0} {1}, {2} {3}".format(*v.address(rng))
        self.iban = v.iban(rng)
        self.people = []

    def account(self, rng):
        return rng.choice(v.BELGIAN_IBAN_FORMS[:8])(self.iban)


def make(rng, count, without):
    people, used = [], set()
    while len(people) < count:
        home, family = Household(rng), rng.choice(v.FAMILY).strip()
        for _ in range(min(rng.choice([1, 1, 1, 2, 2, 3, 4, 5]), count - len(people))):
            person = Person(rng, rng.choice([family, family, rng.choice(v.FAMILY).strip()]), home, rng.random() >= without, used)
            home.people.append(person)
            people.append(person)
    return people


def letter(rng, p):
    h = p.household
    lines = ["Centre public d'action sociale", "Place de l'Exemple 1", "", rng.choice(["Nom : ", "Naam: ", "Nom et prénom : "]) + p.name(rng),
             rng.choice(["Né(e) le ", "Date de naissance : ", "Geboortedatum: "]) + p.birth(rng), rng.choice(["Adresse : ", "Adres: "]) + h.address]
    if p.with_number and rng.random() < .7:
        lines.append(rng.choice(["NISS : ", "Rijksregisternummer: ", "Numéro national : "]) + p.number(rng))
    if rng.random() < .6:
        lines.append("IBAN : " + h.account(rng))
    if rng.random() < .4:
        lines.append("Tél. : " + v.PHONE_FORMS[rng.randrange(len(v.PHONE_FORMS))](*p.phone[1]))
    lines += ["", rng.choice(["La demande d'aide a été examinée.", "Uw aanvraag werd onderzocht.", "Le revenu d'intégration est accordé."]), ""]
    return "\n".join(lines)


def household_form(rng, h):
    lines = ["Composition de ménage", "Adresse : " + h.address, ""]
    for p in h.people:
        lines += ["Nom : %s" % p.name(rng)] + (["NISS : %s" % p.number(rng)] if p.with_number else ["Né(e) le : %s" % p.birth(rng)]) + [""]
    return "\n".join(lines)


def register(rng, some):
    head = rng.choice([["Nom", "Prénom", "NISS", "Date de naissance", "Adresse", "IBAN", "GSM"],
                       ["Naam", "Voornaam", "Rijksregisternummer", "Geboortedatum", "Adres", "IBAN", "GSM"]])
    rows = [head] + [[p.family, p.given, p.number(rng) if p.with_number else "", p.birth(rng), p.household.address, p.household.account(rng),
                      "0" + "".join(p.phone[1])] for p in some]
    return rows


def to_csv(rows, delimiter=";"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def eml(rng, p):
    body = letter(rng, p)
    return ("From: %s <%s>\r\nTo: accueil@cpas-exemple.example\r\nSubject: Demande\r\nDate: Tue, 14 Mar 2023 09:12:44 +0100\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s" % (
                v.ascii_upper(p.given).title(), p.mail, body.replace("\n", "\r\n")))


def write(folder, rng, people, files):
    homes = list({id(p.household): p.household for p in people}.values())
    made = 0
    order = list(people)

    def save(name, data):
        nonlocal made
        path = os.path.join(folder, "service-%d" % (made % 7), "%05d-%s" % (made, name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        made += 1

    for i in range(0, len(order), 50):  # everybody stands in one register
        save("register.csv", to_csv(register(rng, order[i:i + 50]), rng.choice(";,\t")))
    while made < files:
        p, sort = rng.choice(people), rng.random()
        if sort < .35:
            save("lettre.txt", letter(rng, p))
        elif sort < .45:
            save("bericht.eml", eml(rng, p))
        elif sort < .57:
            save("menage.txt", household_form(rng, rng.choice(homes)))
        elif sort < .65:
            save("liste.csv", to_csv(register(rng, rng.sample(people, 12)), rng.choice(";,\t")))
        elif sort < .73:
            save("export.json", json.dumps([{"nom": q.family, "prenom": q.given, "niss": q.number(rng) if q.with_number else None,
                                            "dateNaissance": q.birth(rng), "iban": q.household.account(rng)} for q in rng.sample(people, 8)],
                                           ensure_ascii=False))
        elif sort < .83:
            save("paiements.csv", to_csv([["Bénéficiaire", "Compte", "Montant"]] + [
                [q.name(rng), q.household.account(rng), "%d,00" % rng.randrange(100, 900)] for q in rng.sample(people, 10)]))
        elif sort < .9:
            save("telephones.csv", to_csv([["Nom", "Téléphone", "E-mail"]] + [
                [q.name(rng), v.PHONE_FORMS[0](*q.phone[1]), q.mail] for q in rng.sample(people, 8)]))
        elif p.with_number:
            save("fiche.docx", documents.docx("Rijksregisternummer", p.number(rng)) if rng.random() < .5 else
                 documents.pdf("Numéro national", p.number(rng)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bin_folder")
    parser.add_argument("folder")
    parser.add_argument("--persons", type=int, default=500)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-number", type=float, default=.04)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    tree, case = os.path.join(args.folder, "share"), os.path.join(args.folder, "case")
    for old in (tree, case):
        shutil.rmtree(old, ignore_errors=True)
    people = make(rng, args.persons, args.no_number)
    write(tree, rng, people, args.files)
    program = constat.Constat(args.bin_folder)
    program.scan(tree, case=case)
    wanted = {constat.token(case, "be-nrn", p.nrn) for p in people if p.with_number}
    got = {f["token"] for f in program.findings(case) if f["kind"] == "be-nrn" and f["confidence"] == "high"}
    with open(os.path.join(case, "report.json"), encoding="utf-8") as f:
        persons = json.load(f)["persons"]
    low, about, high = (persons[k] for k in ("at_least", "about", "at_most"))
    print("truth %d (%d with a number): at least %d, about %d, at most %d; numbers found %d of %d, others %d" % (
        args.persons, len(wanted), low, about, high, len(got & wanted), len(wanted), len(got - wanted)))
    good = low <= args.persons <= high and abs(about - args.persons) <= args.persons * .02 and got == wanted
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
