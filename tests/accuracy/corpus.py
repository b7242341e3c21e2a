#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""A labelled corpus: corpus.py FOLDER [--seed N] [--rounds N]

Writes FOLDER/tree (what is scanned) and FOLDER/truth.tsv: path, kind, normalised value or @place, form.  A positive is a
value that a person would recognise where it stands: named in a sentence, a form, a column, a key, or in a written form of its
own.  Every other number, word and line of the tree is a negative: all of it is looked at by the score."""
import argparse
import csv
import io
import json
import os
import random
import string
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import contexts  # noqa: E402
import lookalikes  # noqa: E402
import values as v  # noqa: E402

# How each kind is called: sentences around {}, labels of forms and headers, names of keys.
SAY = {
    "be-nrn": (["Le numéro de registre national de l'intéressé est {}.", "Son NISS : {} (à vérifier).", "N° national {} reçu ce jour.",
                "Het rijksregisternummer van betrokkene is {}.", "INSZ: {} volgens de KSZ.", "Rijksregisternr. {} nagekeken.",
                "Die Nationalregisternummer lautet {}.", "ENSS-Nummer {} liegt vor.", "His national register number is {}.",
                "SSIN {} was checked today.", "Identificatienummer van het Rijksregister: {}", "numéro national {}, dossier ouvert."],
               ["Rijksregisternummer", "Numéro national", "NISS", "INSZ", "Registre national", "N° registre national", "RRN",
                "Nationalregisternummer", "National number", "N.N.", "Nationaal nummer", "NRN"],
               ["nrn", "niss", "insz", "ssin", "nationalNumber", "national_number", "rijksregisternummer", "numero_national"]),
    "iban": (["Merci de verser sur le compte {} avant vendredi.", "Le loyer est payé par IBAN {} chaque mois.",
              "Gelieve te storten op rekening {} van de cliënt.", "Rekeningnummer {} staat op naam van de aanvrager.",
              "Überweisung auf das Konto {} erbeten.", "Bankverbindung: {}", "Please pay to bank account {} today.",
              "Compte bancaire : {}", "domiciliation {} signée"],
             ["IBAN", "Numéro de compte", "Rekeningnummer", "Kontonummer", "Compte bancaire", "Bank account", "Rekening"],
             ["iban", "bankAccount", "compte", "rekening", "account_iban"]),
    "be-eid-card": (["Numéro de carte d'identité {} présentée.", "Carte d'identité n° {} valable.", "Identiteitskaartnummer {} getoond.",
                     "Het nummer van de identiteitskaart is {}.", "Kartennummer des Personalausweises: {}",
                     "Identity card number {} seen.", "N° de la carte d'identité : {}", "eID-kaartnummer: {}"],
                    ["Numéro de carte d'identité", "Identiteitskaartnummer", "N° carte d'identité", "Kaartnummer eID",
                     "Personalausweisnummer", "Identity card number"],
                    ["identityCardNumber", "numero_carte_identite", "identiteitskaartnummer", "eid_card_number"]),
    "payment-card": (["Carte de crédit {} débitée.", "Betaald met kredietkaart {} vandaag.", "Kreditkarte {} belastet.",
                      "Paid by credit card {} on line.", "Visa {} exp 12/27", "Mastercard: {}", "Carte bancaire n° {}", "Bankkaart {}"],
                     ["Carte de crédit", "Kredietkaart", "Kreditkarte", "Credit card", "Card number", "Numéro de carte bancaire"],
                     ["creditCard", "card_number", "carte_credit", "kredietkaart"]),
    "be-bban": (["Ancien numéro de compte : {}", "Compte bancaire n° {} clôturé.", "Oud rekeningnummer {} van de ouders.",
                 "Bankrekening {} bij de spaarkas.", "Altes Bankkonto {} aufgelöst.", "Bank account {} (old form).",
                 "Paiement au compte {} refusé.", "Storten op rekening {}."],
                ["Compte bancaire", "Rekeningnummer", "N° de compte", "Bankkonto", "Bank account", "Rekening"],
                ["bban", "compte_bancaire", "rekeningnummer", "bank_account"]),
    "phone": (["Appelez-nous au {} avant midi.", "Tél. : {}", "GSM {} (le soir).", "Telefoon: {}", "U kan bellen naar {}.",
               "Mobiel {} van de zoon.", "Telefonisch erreichbar unter {}.", "Handy: {}", "Phone {} of the landlord.", "Fax: {}",
               "Numéro de téléphone {}", "Telefoonnummer {} klopt."],
              ["Téléphone", "GSM", "Telefoon", "Tel.", "Telefonnummer", "Phone", "Mobile", "Telefoonnummer", "Tél."],
              ["phone", "telephone", "gsm", "telefoon", "mobile", "phoneNumber"]),
    "email": (["Écrivez à {} pour tout renseignement.", "Mail : {}", "Stuur een bericht naar {} aub.", "Kontakt: {}", "Contact {} today.",
               "Adresse e-mail {}", "De mail van {} kwam terug", "voir {}"],
              ["E-mail", "Adresse e-mail", "Mailadres", "E-mailadres", "E-Mail-Adresse", "Courriel", "Mail"],
              ["email", "mail", "e_mail", "emailAddress"]),
    "person-name": (["Nom : {}", "Nom et prénom : {}", "Naam: {}", "Naam en voornaam: {}", "Name: {}", "Bénéficiaire : {}", "Titulaire : {}",
                     "Aanvrager: {}", "Demandeur : {}", "Full name: {}", "Begunstigde: {}", "Antragsteller: {}", "Monsieur {},",
                     "Geachte mevrouw {},", "Patient: {}"],
                    ["Nom et prénom", "Naam", "Name", "Nom", "Bénéficiaire", "Volledige naam", "Full name", "Naam en voornaam", "Titulaire"],
                    ["name", "fullName", "nom_complet", "naam", "full_name"]),
    "address": (["Adresse : {}", "Adres: {}", "Anschrift: {}", "Address: {}", "Domicile : {}", "domicilié {}", "wonende {}",
                 "Woonplaats: {}", "L'intéressée habite {} depuis mai.", "Verhuisd naar {} in maart.", "wohnhaft {}"],
                ["Adresse", "Adres", "Anschrift", "Address", "Domicile", "Adresse complète"],
                ["address", "adresse", "adres", "full_address"]),
}
FILL = ["Le dossier a été examiné par le comité ce matin.", "La décision sera communiquée par courrier simple.",
        "De beslissing wordt per gewone brief meegedeeld.", "Het dossier is volledig en kan worden behandeld.",
        "Der Antrag wurde geprüft und weitergeleitet.", "The file was completed and sent to the service.",
        "Aucune suite n'est à donner pour le moment.", "Er zijn geen opmerkingen.", "Une copie est jointe en annexe.",
        "Montant : 1.234,56 EUR, échéance le 15/03/2024.", "Réf. 2024/00123 - page 3 de 12.", "Bedrag 250,00 euro op 01-02-2023."]


class Corpus:
    def __init__(self, folder, seed):
        self.tree = os.path.join(folder, "tree")
        self.folder = folder
        self.rng = random.Random(seed)
        self.truth = []
        self.addresses = set()
        self.n = 0
        os.makedirs(self.tree, exist_ok=True)

    def save(self, name, data, truth):
        self.n += 1
        self.addresses.clear()
        path = "%s/%05d-%s" % (name.split(".")[0], self.n, name)
        full = os.path.join(self.tree, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        for kind, value, form in truth:
            self.truth.append((path, kind, value, form))

    def end(self):
        with open(os.path.join(self.folder, "truth.tsv"), "w", encoding="utf-8") as f:
            for row in sorted(self.truth):
                f.write("\t".join(row) + "\n")

    def address(self):
        """One that the document does not have yet: a finding stands where its value is first met."""
        while True:
            parts = v.address(self.rng)
            if parts not in self.addresses:
                self.addresses.add(parts)
                return parts

    # one value: normalised, and as it is written
    def value(self, kind):
        rng = self.rng
        if kind == "be-nrn":
            n = v.national_number(rng, bis=rng.choice([0] * 8 + [20, 40]))
            i = rng.randrange(len(v.NRN_FORMS))
            return n, v.write_nrn(n, v.NRN_FORMS[i]), "form %d" % i
        if kind == "iban":
            country = rng.choice(["BE"] * 3 + sorted(v.STRUCTURES))
            n = v.iban(rng, country)
            forms = v.BELGIAN_IBAN_FORMS if country == "BE" else v.IBAN_FORMS
            i = rng.randrange(len(forms))
            return n, forms[i](n), "%s form %d" % (country, i)
        if kind in ("be-eid-card", "be-bban"):
            n = v.card_number(rng) if kind == "be-eid-card" else v.belgian_account(rng)
            form = rng.choice(v.twelve_forms())
            return n, v.write_twelve(n, form), form
        if kind == "payment-card":
            n = v.payment_card(rng)
            i = rng.randrange(len(v.CARD_FORMS))
            return n, v.CARD_FORMS[i](n), "form %d of %d digits" % (i, len(n))
        if kind == "phone":
            n, parts = v.phone(rng)
            i = rng.randrange(len(v.PHONE_FORMS))
            return n, v.PHONE_FORMS[i](*parts), "form %d" % i
        if kind == "email":
            n = v.mail(rng, *v.name(rng))
            i = rng.randrange(len(v.MAIL_FORMS))
            return n, v.MAIL_FORMS[i](n), "form %d" % i
        if kind == "person-name":
            family, given = v.name(rng)
            i = rng.randrange(len(v.NAME_FORMS))
            return v.normal_name(family, given), v.NAME_FORMS[i](family, given), "form %d" % i
        parts = self.address()
        i = rng.randrange(len(v.ADDRESS_FORMS))
        return None, v.ADDRESS_FORMS[i].format(*parts), "form %d" % i


def sentences(c, kind, count):
    """One value a sentence, each in its own paragraph of fill; encodings of all sorts."""
    said, lines, truth = SAY[kind][0], [], []
    for _ in range(count):
        n, text, form = c.value(kind)
        lines += [c.rng.choice(FILL), ""]
        truth.append((kind, n or "@line:%d" % (len(lines) + 1), form + ", sentence"))
        lines += c.rng.choice(said).format(text).split("\n") + ["", c.rng.choice(FILL), ""]
    text = "\n".join(lines) + "\n"
    encoding = c.rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]) if kind not in ("person-name",) else "utf-8"
    end = c.rng.choice(["\n", "\r\n"])
    c.save("sentences.txt", text.replace("\n", end).encode(encoding), truth)


def one_line(text):
    return text.replace("\n", ", ")


def forms(c, kind, count):
    labels, lines, truth = SAY[kind][1], [], []
    for i in range(count):
        n, text, form = c.value(kind)
        lines += ["Dossier %d" % (i + 1), "Date : 12/03/2024"]
        truth.append((kind, n or "@line:%d" % (len(lines) + 1), form + ", form"))
        lines += ["%s%s%s" % (c.rng.choice(labels), c.rng.choice([" : ", ": ", ":\t", " = "]), one_line(text)), "Remarque : néant", "",
                  c.rng.choice(FILL), ""]
    c.save("form.txt", "\n".join(lines) + "\n", truth)


def rows(c, kind, count):
    """A column with its header among other columns; several kinds of table."""
    header, cells, truth = c.rng.choice(SAY[kind][1]), [], []
    for i in range(count):
        n, text, form = c.value(kind)
        cells.append(one_line(text))
        truth.append((kind, n or "@row:%d" % (i + 2), form + ", column " + header))
    other = [[str(i + 1), "%02d/%02d/2024" % (i % 28 + 1, i % 12 + 1), cell, "%d,%02d" % (c.rng.randrange(2000), i % 100)]
             for i, cell in enumerate(cells)]
    head = ["ID", "Date", header, "Montant"]
    shape = c.rng.choice(["semicolon", "comma", "tab"])
    out = io.StringIO()
    csv.writer(out, delimiter={"semicolon": ";", "comma": ",", "tab": "\t"}[shape], lineterminator="\r\n").writerows([head] + other)
    c.save("table.csv", out.getvalue(), truth)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def structured(c, kind, count):
    key = c.rng.choice(SAY[kind][2])
    made = [c.value(kind) for _ in range(count)]
    shape = c.rng.choice(["json", "ndjson", "xml", "attributes", "html", "sql", "copy"])
    items = [(i + 1, one_line(m[1])) for i, m in enumerate(made)]
    name, text = "objects.json", ""
    if shape == "json":
        text = json.dumps([{"id": i, key: t, "amount": i * 10} for i, t in items], ensure_ascii=False, indent=1)
    elif shape == "ndjson":
        name, text = "objects.ndjson", "\n".join(json.dumps({"id": i, key: t}, ensure_ascii=False) for i, t in items)
    elif shape == "xml":
        name = "records.xml"
        text = "<?xml version='1.0' encoding='UTF-8'?>\n<list>\n%s\n</list>\n" % "\n".join(
            "<record><id>%d</id><%s>%s</%s></record>" % (i, key, escaped(t), key) for i, t in items)
    elif shape == "attributes":
        name = "attributes.xml"
        text = "<?xml version='1.0' encoding='UTF-8'?>\n<list>\n%s\n</list>\n" % "\n".join(
            '<record id="%d" %s="%s"/>' % (i, key, escaped(t)) for i, t in items)
    elif shape == "html":
        name, header = "page.html", c.rng.choice(SAY[kind][1])
        text = "<html><body><table><tr><th>ID</th><th>%s</th></tr>\n%s</table></body></html>" % (
            header, "\n".join("<tr><td>%d</td><td>%s</td></tr>" % (i, escaped(t)) for i, t in items))
    elif shape == "sql":
        name = "dump.sql"
        text = "CREATE TABLE person (id int, %s varchar(60));\n" % key + "\n".join(
            "INSERT INTO person (id, %s) VALUES (%d, '%s');" % (key, i, t.replace("'", "''")) for i, t in items) + "\n"
    else:
        name = "copy.sql"
        text = "COPY public.person (id, %s) FROM stdin;\n%s\n\\.\n" % (key, "\n".join("%d\t%s" % (i, t) for i, t in items))
    # where exactly an address stands depends on the format: it is only counted there
    c.save(name, text, [(kind, m[0] or "@any", "%s, %s %s" % (m[2], shape, key)) for m in made])


def spread(c, count):
    """Names and addresses over several columns."""
    heads = c.rng.choice([["Nom", "Prénom", "Rue", "N°", "Code postal", "Localité"], ["Naam", "Voornaam", "Straat", "Nr", "Postcode", "Gemeente"],
                          ["Name", "Vorname", "Straße", "Hausnummer", "PLZ", "Ort"],
                          ["last_name", "first_name", "street", "house_number", "postal_code", "city"]])
    out, truth = [heads], []
    for i in range(count):
        family, given = v.name(c.rng)
        street, number, code, place = c.address()
        out.append([family, given, street, number, code, place])
        truth += [("person-name", v.normal_name(family, given), "two columns " + heads[0]), ("address", "@row:%d" % (i + 2), "columns " + heads[2])]
    text = io.StringIO()
    csv.writer(text, delimiter=c.rng.choice(";,\t"), lineterminator="\n").writerows(out)
    c.save("people.csv", text.getvalue(), truth)


def zones(c, count):
    lines, truth = [], []
    for _ in range(count):
        family, given = v.name(c.rng)
        family, given = family.replace("ı", "i"), given.replace("ı", "i")
        kind = c.rng.choice(["td1", "td2", "td3"])
        zone, value, number = v.zone(c.rng, kind, family, given)
        lines += [c.rng.choice(FILL), ""] + zone + ["", c.rng.choice(FILL), ""]
        truth += v.held_in_zone(zone, kind, value, number)
    c.save("cards.txt", c.rng.choice(["\n", "\r\n"]).join(lines) + "\n", truth)


def xlsx_column(c, kind, count):
    header, cells, truth = c.rng.choice(SAY[kind][1]), [], []
    for i in range(count):
        n, text, form = c.value(kind)
        cells.append(one_line(text))
        truth.append((kind, n or "@any", form + ", sheet " + header))
    body = "".join('<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c></row>'
                   % (i + 2, i + 2, i, i + 2, escaped(t)) for i, t in enumerate(cells))
    sheet = ('<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
             '<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c><c r="B1" t="inlineStr"><is><t>%s</t></is></c></row>%s</sheetData>'
             '</worksheet>' % (escaped(header), body))
    out = io.BytesIO()
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="%s/content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
                   'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
                   '"/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>' % package)
        z.writestr("_rels/.rels", '<Relationships xmlns="%s/relationships"><Relationship Id="r1" Type="%s/officeDocument" '
                   'Target="xl/workbook.xml"/></Relationships>' % (package, relations))
        z.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="%s"><sheets><sheet '
                   'name="A" sheetId="1" r:id="r1"/></sheets></workbook>' % relations)
        z.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="%s/relationships"><Relationship Id="r1" Type="%s/worksheet" '
                   'Target="worksheets/sheet1.xml"/></Relationships>' % (package, relations))
        z.writestr("xl/worksheets/sheet1.xml", sheet)
    c.save("sheet.xlsx", out.getvalue(), truth)


# --- negatives: nothing in them is a person's -------------------------------------------------------------------------

def digits(rng, n):
    return "".join(rng.choice(string.digits) for _ in range(n))


def negatives(c, count):
    rng = c.rng

    def ean(n):
        body = digits(rng, n - 1)
        return body + str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))) % 10)

    def enterprise():
        eight = "0" + rng.choice("456789") + digits(rng, 6)
        return "%s%02d" % (eight, 97 - int(eight) % 97)

    def ogm():
        ten = digits(rng, 10)
        t = "%s%02d" % (ten, int(ten) % 97 or 97)
        return "+++%s/%s/%s+++" % (t[:3], t[3:7], t[7:])

    def hexes(n):
        return "".join(rng.choice("0123456789abcdef") for _ in range(n))

    kinds = {
        "random11": lambda i: digits(rng, 11), "random12": lambda i: digits(rng, 12), "random16": lambda i: digits(rng, 16),
        "mixed": lambda i: digits(rng, rng.randint(5, 24)),
        "log": lambda i: "2024-03-%02d %02d:%02d:%02d,%03d INFO [worker-%d] request %s took %d ms" % (
            rng.randint(1, 28), rng.randrange(24), rng.randrange(60), rng.randrange(60), rng.randrange(1000), i % 9, digits(rng, 11), i),
        "epoch": lambda i: "%d %d ok" % (1600000000 + rng.randrange(10 ** 8), 1600000000000 + rng.randrange(10 ** 11)),
        "source": lambda i: rng.choice(["static const uint64_t k%d = %sULL; /* %s */", "define K%d 0x%s // %s", "  case %d: return %s; # %s"])
        % (i, digits(rng, 11), hexes(8)),
        "science": lambda i: "\t".join("%.6f" % (rng.random() * 1000) for _ in range(6)),
        "matrix": lambda i: " ".join(str(rng.randrange(100)) for _ in range(30)),
        "invoices": lambda i: "Facture n° %s du 12/03/2024 ; référence client %s" % (digits(rng, 11), digits(rng, 8)),
        "orders": lambda i: "Bestelling %s, tracking %s" % (digits(rng, 12), digits(rng, 14)),
        "structured": lambda i: "Communication structurée %s" % ogm(),
        "gps": lambda i: "%.7f, %.7f" % (49 + rng.random() * 3, 2 + rng.random() * 4),
        "hashes": lambda i: "%s  file%d.bin" % (hexes(64), i),
        "uuid": lambda i: "-".join(hexes(n) for n in (8, 4, 4, 4, 12)),
        "isbn": lambda i: "ISBN 978-%s-%s-%s-%s" % (digits(rng, 1), digits(rng, 4), digits(rng, 4), digits(rng, 1)),
        "imei": lambda i: "IMEI: %s" % v.luhn(digits(rng, 14)),
        "iccid": lambda i: "ICCID %s" % v.luhn("8932" + digits(rng, 14)),
        "ean": lambda i: "EAN %s / GTIN %s" % (ean(13), ean(14)),
        "enterprise": lambda i: "Numéro d'entreprise %s, TVA BE %s" % (enterprise(), enterprise()),
        "energy": lambda i: "EAN 5414%s compteur %s" % (digits(rng, 14), digits(rng, 8)),
        "versions": lambda i: "libfoo%d (1.%d.%d-%d+deb12u%d) amd64 10.%d.%d.%d" % (i, i, rng.randrange(99), i, i % 5, i % 255, i % 99, i % 7),
        "dates": lambda i: "%04d-%02d-%02d;%02d:%02d;%d" % (1990 + i % 34, i % 12 + 1, i % 28 + 1, i % 24, i % 60, rng.randrange(10 ** 6)),
        "amounts": lambda i: "%d.%03d,%02d EUR au %02d/%02d/2023" % (rng.randrange(1, 999), rng.randrange(999), i % 100, i % 28 + 1, i % 12 + 1),
        "meters": lambda i: "Compteur %s index %s kWh" % (digits(rng, 11), digits(rng, 6)),
        "tickets": lambda i: "Ticket 24%02d%02d%02d%02d%d closed" % (i % 12 + 1, i % 28 + 1, i % 24, i % 60, rng.randrange(10)),
        "products": lambda i: "Nom du produit : Chaise pliante modèle %d ; quantité %d" % (i, i % 30),
        "files": lambda i: "Nom du fichier : rapport_%d.docx ; nom d'hôte : srv-%02d ; nom d'utilisateur : svc_backup" % (i, i % 40),
        "prose": lambda i: rng.choice(FILL + [
            "Le Conseil de l'action sociale se réunit à Namur en 2018 pour fixer le budget.", "In 2018 Antwerpen ontving de stad een prijs.",
            "De wet van 8 juli 1976 betreffende de openbare centra voor maatschappelijk welzijn.", "Loi du 26 mai 2002, article 3, 5°.",
            "Le Moniteur belge du 31 juillet 2002 publie l'arrêté royal.", "Avenue Louise et rue Neuve sont fermées à la circulation.",
            "The quick brown fox jumps over the lazy dog in 1998 Brussels style.", "Enter your password to continue.",
            "Monsieur le Président ouvre la séance.", "Madame la Directrice est absente.", "Geachte heer, geachte mevrouw,"]),
    }
    for name, make in sorted(kinds.items()):
        c.save("negative-%s.txt" % name, "\n".join(make(i) for i in range(count)) + "\n", [])
    heads = {"Numéro de facture": lambda: digits(rng, 11), "Klantnummer": lambda: digits(rng, 11), "Ordernummer": lambda: digits(rng, 12),
             "Référence": lambda: digits(rng, 16), "Mededeling": lambda: digits(rng, 12), "Timestamp": lambda: str(1600000000000 + rng.randrange(10 ** 11)),
             "GSM": lambda: "324" + rng.choice("6789") + digits(rng, 7), "Code article": lambda: digits(rng, 11), "Quantité": lambda: digits(rng, 3)}
    for head, make in sorted(heads.items()):
        truth, lines = [], ["ID;%s;Statut" % head]
        for i in range(count):
            value = make()
            lines.append("%d;%s;ok" % (i, value))
            if head == "GSM":
                truth.append(("phone", "+" + value, "compact column"))
        c.save("negative-column.csv", "\r\n".join(lines) + "\r\n", truth if head == "GSM" else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=12, help="files of each sort a kind (12)")
    args = parser.parse_args()
    c = Corpus(args.folder, args.seed)
    for _ in range(args.rounds):
        for kind in sorted(SAY):
            sentences(c, kind, 20)
            forms(c, kind, 15)
            rows(c, kind, 40)
            structured(c, kind, 20)
            xlsx_column(c, kind, 20)
        spread(c, 30)
        zones(c, 12)
        contexts.add(c, {kind: say[1] for kind, say in SAY.items()})
    for _ in range(max(1, args.rounds // 3)):
        negatives(c, 400)
        lookalikes.add(c, 400)
    c.end()
    print("%d files, %d positives" % (c.n, len(c.truth)))


if __name__ == "__main__":
    main()
