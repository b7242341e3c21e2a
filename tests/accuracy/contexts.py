# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Where values stand in office documents: forms, letters, notes, tables of all sorts, configuration, logs, cards of people."""
import base64
import csv
import io
import json
import quopri

import values as v

# What people call it, beyond the full names in corpus.py.
SHORT = {
    "be-nrn": ["N° nat.", "N° nat", "RN", "R.N.", "Rijksreg.nr.", "Rijksreg. nr.", "NISS/INSZ", "NISS / INSZ", "Nr. nat.", "RR-nr", "RR nr.",
               "N.N.", "NN", "n° rég. nat.", "Nat. nr.", "N° NISS", "INSZ-nr.", "Nationalreg.-Nr.", "Nat.-Reg.-Nr.", "Num. nat.",
               "Numéro de registre", "N° registre nat.", "Rijksregister", "N° de RN", "Num. registre national", "Bisnummer",
               "Numéro bis", "N° NISS du patient", "INSZ patiënt", "N° national du demandeur", "Rijksregisternummer (INSZ)",
               "Rijksregisternummer van de begunstigde", "National Register No.", "N° d'identification au registre national"],
    "iban": ["N° de cpte", "Cpte", "Cpte n°", "Rek.nr.", "Rek. nr.", "rekeningnr.", "IBAN-nr.", "IBAN n°", "Compte", "N° compte", "Konto-Nr.",
             "Compte IBAN", "IBAN/BIC", "Rekening (IBAN)", "Numéro IBAN", "Rekeningnummer begunstigde"],
    "be-eid-card": ["N° CI", "CI n°", "N° carte id.", "N° carte d'identité", "eID nr.", "eID-nr", "Id.-kaart nr.", "N° de carte eID",
                    "Nr. identiteitskaart", "Nummer eID", "N° de la CI", "Carte d'identité", "Identiteitskaart", "Personalausweis-Nr.",
                    "ID card no."],
    "be-bban": ["N° de cpte", "Cpte n°", "Rek.nr.", "Rek. nr.", "rekeningnr.", "N° compte", "Konto-Nr.", "C.C.P.", "PCR", "Compte", "Bankrek."],
    "payment-card": ["Carte Visa", "N° carte de crédit", "N° CC", "Visa n°", "MasterCard nr.", "Kredietkaartnr.", "Kreditkartennummer", "CC number",
                     "Carte de banque", "Bankkaartnummer", "Carte bleue", "PAN"],
    "phone": ["Tél.", "tél/gsm", "Tél./GSM", "tél. privé", "Tel. privé", "gsm-nr", "gsm-nr.", "GSM nr.", "Tel. nr.", "Tel.nr.", "T.", "T:", "M:", "Mob.",
              "Mob", "tel. werk", "tél. bureau", "Tél. domicile", "Tel/Fax", "Téléphone fixe", "N° de gsm", "Portable", "Telefoon thuis",
              "Contacttelefoon", "Noodnummer", "Tel.-Nr.", "Mobilnr.", "Tel", "Phone no.", "Cell", "Tel (home)"],
    "email": ["Mail", "E-mail privé", "Courriel", "@", "E:", "e-post", "Adresse mail", "Mailadres", "E-Mail"],
}
KEYS = {"be-nrn": ["nrn", "niss", "insz", "ssin", "nationalNumber", "national_number", "rrn", "rijksregisternummer", "NISS", "numNational", "nat_nr"],
        "iban": ["iban", "bankAccount", "compte", "rekening", "IBAN", "account_number", "reknr"],
        "be-eid-card": ["cardNumber", "identity_card_number", "eid_nr", "identiteitskaartnr", "num_ci"],
        "be-bban": ["bban", "compte", "rekeningnr", "account_nr"],
        "payment-card": ["creditCard", "card_number", "cc_number", "pan", "kredietkaart"],
        "phone": ["phone", "gsm", "tel", "mobile", "telefoon", "phone_number", "tel_prive"],
        "email": ["email", "mail", "e_mail", "contact_email"]}
# One value a paragraph: {l} what it is called, {v} the value.
LINES = ["{l} : ......{v}......", "{l} ............... {v}", "{l}: ___{v}___", "{l}…………{v}", "({l} {v})", "[{l}: {v}]", '{l} "{v}"', "{l} « {v} »",
         "{l} : '{v}'", "> {l} : {v}", "> > {l}: {v}", ">> {l} {v}", "{l}\n{v}", "{l} :\n{v}", "{l}:\n\n{v}", "{l}\n   {v}", "{l} :\t{v}",
         "{l}\t{v}", "{l}                    {v}", "| {l} | {v} |", "│ {l} │ {v} │", "|{l}|{v}|", "║ {l} ║ {v} ║", "{v} ({l})", "{v} = {l}", "{v} : {l}",
         "Voir ci-dessous, {l} {v}", "{l}, à savoir {v}.", "{l}, met name {v}.", "- {l}: {v}", "* {l} : {v}", "1) {l}: {v}", "• {l} : {v}",
         "{l} → {v}", "{l} -> {v}", "{l} => {v}", "{l} - {v}", "{l} – {v}", "{l} n° {v}", "{l} nr. {v}", "{l} is {v}", "{l} est le {v}.", "{l}; {v};",
         "**{l}** : {v}", "**{l}:** {v}", "_{l}_ {v}", "`{l}` `{v}`", "{l} ({v})", "{l} [{v}]", "{l} <{v}>", "{l}/{v}", "{l}:{v}", "{l}={v}", "{l}:{v};",
         "{l} : {v}, pas d'autre remarque", "{l}: {v} (geldig)", "{l} : {v}. Signé à Mons.", "{L}: {v}", "{L} {v}", "{l} # {v}", "{l} ☐ oui ☑ {v}",
         "{l} |_| {v}", "Monsieur ({l} : {v}) est venu.", "Betrokkene met {l} {v} is verschenen.", "De heer X, {l} {v}, verklaart.",
         "{l} : {v} et {v2}", "{l} : {v} / {v2}", "{l}: {v}, {v2} en {v3}", "{l} : {v} ; {v2}", "{l} {v} - {l} {v2}", "{l}: {v}\n{l}: {v2}",
         "{l} :\n- {v}\n- {v2}\n- {v3}", "{l}: 1. {v} 2. {v2}", "{l}: a) {v} b) {v2}"]
CODE = ["{k}: {v}", '  {k}: "{v}"', "{k} = {v}", '{k} = "{v}"', "person.{k}={v}", "'{k}' => '{v}',", "'{k}': '{v}',", '"{k}":"{v}"', '{{"{k}": "{v}"}}',
        "<{k}>{v}</{k}>", '<person {k}="{v}" />', "INFO lookup {k}={v} ok", "2024-03-01T12:00:01Z app[12]: {{\"{k}\":\"{v}\",\"ok\":true}}",
        "2024-03-01 12:00:01 DEBUG {k}: [{v}]", "WARN unknown {k} '{v}' in batch 12", "person.{k} = '{v}';", "SELECT * FROM p WHERE {k} = '{v}';",
        "UPDATE p SET x = 1 WHERE {k}='{v}';", "let {k} = \"{v}\";", "--{k} {v}", "--{k}={v}", "export {k}='{v}'", "{k}|{v}|OK", "{k};{v}", "{k}\t{v}",
        "- {k}: '{v}'", "set_{k}(\"{v}\")", "[{k}] {v}", "@{k}({v})", "\\\"{k}\\\":\\\"{v}\\\"", "{k}=\"{v}\",", "dn: {k}={v},ou=people,dc=example,dc=be"]
FILL = ["Le dossier a été examiné par le comité ce matin.", "De beslissing wordt per gewone brief meegedeeld.",
        "Der Antrag wurde geprüft und weitergeleitet.", "The file was completed and sent to the service."]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "cp850", "utf-16", "utf-16-le", "utf-16-be"]


def labels_of(kind, full):
    return full[kind] + SHORT.get(kind, [])


def encoded(rng, text, encodings=ENCODINGS):
    """In some encoding that has all of its characters."""
    while True:
        encoding = rng.choice(encodings)
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        try:
            return mark + text.encode(encoding)
        except UnicodeEncodeError:
            continue


def lines(c, kind, full):
    """Each way to write a label and a value, once, in one document a dozen."""
    rng, templates = c.rng, list(LINES)
    rng.shuffle(templates)
    for at in range(0, len(templates), 12):
        out, truth = [], []
        for t in templates[at:at + 12]:
            made = [c.value(kind) for _ in range(3)]
            label = rng.choice(labels_of(kind, full))
            out += [rng.choice(FILL), ""]
            out += t.format(l=label, L=label.upper(), v=made[0][1], v2=made[1][1], v3=made[2][1]).split("\n") + ["", rng.choice(FILL), ""]
            for i, name in enumerate(("{v}", "{v2}", "{v3}")):
                if name in t:
                    truth.append((kind, made[i][0], "%s, %r with %s" % (made[i][2], t, label)))
        c.save("lines-%s.txt" % kind, encoded(rng, rng.choice(["\n", "\r\n"]).join(out) + "\n"), truth)


def code(c, kind):
    rng = c.rng
    for t in CODE:
        if rng.random() < .5:
            continue
        out, truth = ["# export", ""], []
        for i in range(3):
            n, text, form = c.value(kind)
            key = rng.choice(KEYS[kind])
            text = text.replace('"', "").replace("<", "").replace(">", "").replace("'", "") if kind == "email" else text
            out += ["id: %d" % i, t.format(k=key, v=text), ""]
            truth.append((kind, n, "%s, %r with %s" % (form, t, key)))
        c.save("code-%s.%s" % (kind, rng.choice(["log", "yaml", "ini", "conf", "py", "txt", "properties"])), "\n".join(out) + "\n", truth)


def urls(c, kind):
    """Values in query strings."""
    out, truth = [], []
    for i in range(6):
        n, text, form = c.value(kind)
        text = text.strip("<>()[]\"',;.")
        if any(ord(x) > 127 or x in " /:+()=" for x in text):
            continue  # a browser writes these as %20
        out.append('10.0.0.%d - - [12/Mar/2024:10:11:12 +0100] "GET /person?%s=%s&lang=fr HTTP/1.1" 200 512' % (i, c.rng.choice(KEYS[kind]), text))
        truth.append((kind, n, form + ", query string"))
    c.save("url-%s.log" % kind, "\n".join(out) + "\n", truth)


def cells(c, kind, count, other=True):
    made, rows = [c.value(kind) for _ in range(count)], []
    for i, m in enumerate(made):
        row = [str(i + 1), "%02d/%02d/2024" % (i % 28 + 1, i % 12 + 1), m[1].replace("\n", ", "), "%d,%02d" % (c.rng.randrange(2000), i % 100)]
        rows.append(row if other else [row[2]])
    return made, rows


def tables(c, kind, full):
    """Headers where offices put them, and tables that are only aligned."""
    rng = c.rng
    for shape in ("plain", "title", "second", "empty rows", "wide", "mixed", "quoted", "spaces", "pipes", "box", "aligned", "markdown", "units",
                  "bare header", "excel sep", "html nbsp", "html td head", "html form", "side"):
        made, rows = cells(c, kind, 12)
        label = rng.choice(labels_of(kind, full))
        head, truth = ["N°", "Date", label, "Montant"], [(kind, m[0], "%s, table %s, %s" % (m[2], shape, label)) for m in made]
        text, name, out = "", "table-%s.csv" % kind, io.StringIO()
        w = csv.writer(out, delimiter=rng.choice(";,\t"), lineterminator="\r\n")
        if shape in ("plain", "quoted", "spaces", "bare header"):
            if shape == "quoted":
                w = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
            w.writerows([head] + rows)
            text = out.getvalue()
            if shape == "spaces":
                text = "\n".join(" ; ".join(x) + " " for x in [head] + rows)
        elif shape == "title":
            w.writerows([["Liste des dossiers 2024", "", "", ""], ["", "", "", ""], head] + rows)
            text = out.getvalue()
        elif shape == "second":
            w.writerows([["Service", "social", "Mons", "2024"], head] + rows)
            text = out.getvalue()
        elif shape == "empty rows":
            for r in [head] + rows:
                w.writerows([r, ["", "", "", ""]])
            text = out.getvalue()
        elif shape == "wide":
            extra = ["col%d" % i for i in range(60)]
            w.writerows([extra + head + extra] + [["x%d" % i for i in range(60)] + r + ["y"] * 60 for r in rows])
            text = out.getvalue()
        elif shape == "mixed":
            w.writerows([["Nr / N°", "Date / Datum", label + " / " + rng.choice(full[kind]), "Montant / Bedrag"]] + rows)
            text = out.getvalue()
        elif shape == "units":
            w.writerows([head, ["", "jj/mm/aaaa", "(obligatoire)", "EUR"]] + rows)
            text = out.getvalue()
        elif shape == "excel sep":
            text = "sep=;\r\n" + "\r\n".join(";".join(x) for x in [head] + rows)
        elif shape in ("pipes", "box", "aligned", "markdown"):
            name = "table-%s.txt" % kind if shape != "markdown" else "table-%s.md" % kind
            width = [max(len(r[i]) for r in [head] + rows) for i in range(4)]
            bar = {"pipes": " | ", "box": " │ ", "aligned": "   ", "markdown": " | "}[shape]
            drawn = [bar.join(x.ljust(n) for x, n in zip(r, width)) for r in [head] + rows]
            if shape == "markdown":
                drawn = ["| %s |" % x for x in drawn]
                drawn.insert(1, "|%s|" % "|".join("-" * (n + 2) for n in width))
            elif shape != "aligned":
                drawn.insert(1, "-" * len(drawn[0]))
            text = "Overzicht van de dossiers\n\n" + "\n".join(drawn) + "\n"
        elif shape.startswith("html"):
            name = "table-%s.html" % kind
            esc = lambda t: t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # noqa: E731
            if shape == "html nbsp":
                fix = lambda t: esc(t).replace(" ", "&nbsp;").replace("-", "&#45;").replace(v.NBSP, "&#160;")  # noqa: E731
                text = "<table>%s</table>" % "".join("<tr>%s</tr>" % "".join("<td><p>%s</p></td>" % fix(x) for x in r) for r in [head] + rows)
            elif shape == "html td head":
                text = "<table><tr><td colspan=4>Liste</td></tr>%s</table>" % "".join(
                    "<tr>%s</tr>" % "".join("<td><b>%s</b></td>" % esc(x) for x in r) for r in [head] + rows)
            else:
                text = "<form>%s</form>" % "".join("<p><label>%s</label> <span>%s</span></p>\n" % (esc(label), esc(r[2])) for r in rows)
            text = "<html><head><meta charset=utf-8></head><body>%s</body></html>" % text
        else:  # label and value side by side, a record a block
            w.writerows([x for r in rows for x in ([["Dossier", r[0]], ["Date", r[1]], [label, r[2]], ["Montant", r[3]], ["", ""]])])
            text = out.getvalue()
        c.save(name, encoded(rng, text) if shape in ("plain", "quoted", "aligned", "pipes", "title") else text, truth)


def lists(c, kind):
    """Nothing names them, but all of them are right."""
    if kind not in ("be-nrn", "iban", "email"):
        return
    for shape in ("one a line", "column", "commas"):
        if kind == "be-nrn":
            numbers = [v.national_number(c.rng) for _ in range(30)]
            form = c.rng.choice(["{0}{1}{2}{3}{4}", "{0}.{1}.{2}-{3}.{4}", "{0}{1}{2}-{3}-{4}"])
            made = [(n, v.write_nrn(n, form), form) for n in numbers]
        elif kind == "iban":
            numbers = [v.iban(c.rng, c.rng.choice(["BE"] * 4 + sorted(v.STRUCTURES))) for _ in range(30)]
            form = c.rng.choice(v.IBAN_FORMS[:6])
            made = [(n, form(n), "one form") for n in numbers]
        else:
            made = [c.value(kind) for _ in range(30)]
        if shape == "commas":
            text = ", ".join(m[1] for m in made) + "\n"
        elif shape == "column":
            text = "\n".join("%d;%s;x%d" % (i, m[1], i) for i, m in enumerate(made)) + "\n"
        else:
            text = "\n".join(m[1] for m in made) + "\n"
        if kind == "email" and shape == "commas":
            continue
        c.save("list-%s.%s" % (kind, "csv" if shape == "column" else "txt"), text, [(kind, m[0], "%s, list %s" % (m[2], shape)) for m in made])


LETTERS = [
    ("CPAS d'Exempleville\nRue Neuve 1\n\nExempleville, le 12 mars 2024\n\nNos réf. : 2024/00123/AB\nVos réf. : -\nConcerne : votre demande du "
     "1er mars 2024\n\nMadame, Monsieur,\n\nNous accusons réception de votre demande.  Votre numéro de registre national est le {be-nrn}.  Le montant "
     "de 250,00 EUR sera versé sur votre compte\n{iban} dans les 15 jours.\n\nVous pouvez nous joindre au {phone} ou par courriel : {email}.\n\n"
     "Veuillez agréer, Madame, Monsieur, l'expression de nos sentiments distingués.\n"),
    ("OCMW Voorbeeldstad\nKerkplein 2\n\nUw kenmerk      Ons kenmerk      Datum\n-               2024/123         12 maart 2024\n\nGeachte mevrouw,\n\n"
     "Hierbij bevestigen wij dat betrokkene met rijksregisternummer {be-nrn} en houder van identiteitskaart {be-eid-card} recht heeft op een "
     "leefloon.\nHet bedrag wordt gestort op rekening {iban}.\n\nVoor vragen kan u bellen naar {phone} of mailen naar {email}.\n\nHoogachtend,\n"),
    ("ÖSHZ Beispielstadt\n\nBeispielstadt, den 12. März 2024\n\nSehr geehrte Frau,\n\nIhre Nationalregisternummer {be-nrn} wurde geprüft.  Die Zahlung "
     "erfolgt auf das Konto {iban}.\nTelefon: {phone}\nE-Mail: {email}\n\nMit freundlichen Grüßen\n"),
    ("PROCES-VERBAL de la réunion du 12/03/2024\n\nPrésents : 5 - Excusés : 2\n\n1. Dossier 123\nL'intéressé (NN {be-nrn}) demande une aide.  Tél. : {phone}.\n"
     "Décision : accordé, à verser au compte {iban}.\n\n2. Divers\nNéant.\n"),
    ("De : accueil\nEnvoyé : mardi 12 mars 2024 10:11\nÀ : service social\nObjet : dossier\n\nBonjour,\n\nVoici ses données :\nNISS {be-nrn}\nGSM {phone}\n"
     "IBAN {iban}\n\n> Le 11 mars 2024, quelqu'un a écrit :\n> Pouvez-vous vérifier le n° {be-nrn2} au registre national ?\n> Mail : {email}\n"),
    ("FICHE D'INSCRIPTION\n\nNuméro national : |{be-nrn}|\nCarte d'identité n° {be-eid-card}\nTéléphone .......... {phone}\nE-mail ............. {email}\n"
     "Compte bancaire .... {iban}\nAncien compte ...... {be-bban}\n\nDate et signature\n"),
    ("INSCHRIJVINGSFORMULIER\n\n Rijksregisternummer        {be-nrn}\n Telefoon                   {phone}\n E-mail                     {email}\n"
     " Rekeningnummer             {iban}\n Nummer identiteitskaart    {be-eid-card}\n Kredietkaart               {payment-card}\n"),
]


def letters(c):
    for text in LETTERS:
        truth = []
        for kind in ("be-nrn", "be-nrn2", "iban", "phone", "email", "be-eid-card", "be-bban", "payment-card"):
            if "{%s}" % kind in text:
                n, written, form = c.value(kind.rstrip("2"))
                text = text.replace("{%s}" % kind, written)
                truth.append((kind.rstrip("2"), n, form + ", letter"))
        c.save("letter.txt", encoded(c.rng, text), truth)


def cards_of_people(c, count):
    """vCard, iCalendar, LDIF, mail with headers, quoted-printable."""
    vcard, ics, ldif, truth, more, ldap = "", "BEGIN:VCALENDAR\r\n", "version: 1\n\n", [], [], []
    for i in range(count):
        phone, mail, number = c.value("phone"), v.mail(c.rng, *v.name(c.rng)), v.national_number(c.rng)
        vcard += "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=%s:%s\r\nEMAIL;TYPE=INTERNET:%s\r\nNOTE:NISS %s\r\nEND:VCARD\r\n" % (
            c.rng.choice(["cell", "CELL,VOICE", "home,voice"]), phone[1], mail, v.write_nrn(number, "{0}.{1}.{2}-{3}.{4}"))
        truth += [("phone", phone[0], phone[2] + ", vcard"), ("email", mail, "vcard"), ("be-nrn", number, "vcard note")]
        phone, mail = c.value("phone"), v.mail(c.rng, *v.name(c.rng))
        ics += "BEGIN:VEVENT\r\nDTSTART:20240312T101100Z\r\nUID:20240312101112-%d@example.org\r\nSUMMARY:Entretien tél. %s\r\nATTENDEE;CN=X:mailto:%s\r\n" \
               "END:VEVENT\r\n" % (i, phone[1], mail)
        more += [("phone", phone[0], phone[2] + ", ics"), ("email", mail, "ics"), ("email", "20240312101112-%d@example.org" % i, "uid")]
        mail, number, gsm = v.mail(c.rng, *v.name(c.rng)), v.national_number(c.rng), "+3247%07d" % c.rng.randrange(10 ** 7)
        ldif += "dn: uid=u%d,ou=people,dc=example,dc=be\nobjectClass: person\nmail: %s\nmobile: %s\n" % (i, mail, gsm)
        ldif += "employeeNumber:: %s\n\n" % base64.b64encode(b"x").decode()
        ldap += [("email", mail, "ldif"), ("phone", gsm, "ldif")]
        ldif = ldif[:-1] + "nationalNumber: %s\n\n" % number
        ldap.append(("be-nrn", number, "ldif"))
    c.save("cards.vcf", vcard, truth)
    c.save("calendar.ics", ics + "END:VCALENDAR\r\n", more)
    c.save("people.ldif", ldif, ldap)
    number, account, phone = v.national_number(c.rng), v.iban(c.rng), c.value("phone")
    body = "Bonjour,\n\nVoici le numéro de registre national : %s\nCompte : %s\nTél. : %s\n\nCordialement" % (
        v.write_nrn(number, "{0}.{1}.{2}-{3}.{4}"), " ".join(v.groups(account)), phone[1])
    truth = [("be-nrn", number, "mail"), ("iban", account, "mail"), ("phone", phone[0], phone[2] + ", mail")]
    for how in ("quoted-printable", "base64"):
        data = body.encode()
        data = quopri.encodestring(data) if how == "quoted-printable" else base64.encodebytes(data)
        c.save("mail.eml", b"Subject: dossier\nDate: Tue, 12 Mar 2024 10:11:12 +0100\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
               b"Content-Transfer-Encoding: " + how.encode() + b"\n\n" + data, truth)


# --- kinds that only their name tells -----------------------------------------------------------------------------------

def labelled_value(c, kind):
    rng = c.rng
    letters = lambda n: "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(n))  # noqa: E731
    number = lambda n: "".join(rng.choice("0123456789") for _ in range(n))  # noqa: E731
    if kind == "passport":
        value = rng.choice(["EM", "EN", "GA", "LA", "FA"]) + number(6)
        return value, rng.choice([value, value[:2] + " " + value[2:], value])
    if kind == "residence-card":
        value = "B" + number(9)
        return value, rng.choice([value, "%s %s %s" % (value[:4], value[4:7], value[7:]) if False else value])
    if kind == "driving-licence":
        value = rng.choice("123456789") + number(9)
        return value, value
    if kind == "be-inami":
        six = rng.choice("1345") + number(5)
        body = "%s%02d" % (six, 97 - int(six) % 97)
        value = body + number(3)
        return value, rng.choice([value, "%s-%s-%s-%s" % (value[0], value[1:6], value[6:8], value[8:]), "%s/%s/%s/%s" % (
            value[0], value[1:6], value[6:8], value[8:]), "%s %s %s %s" % (value[0], value[1:6], value[6:8], value[8:])])
    if kind == "vehicle-plate":
        index, abc, n = rng.choice("12"), letters(3), number(3)
        return index + abc + n, rng.choice(["%s-%s-%s", "%s%s%s", "%s %s %s", "%s.%s.%s"]) % (index, abc, n)
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1935, 2015)
    names = {"fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
             "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
             "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()}
    text = rng.choice(["%02d/%02d/%d" % (day, month, year), "%02d.%02d.%d" % (day, month, year), "%02d-%02d-%d" % (day, month, year),
                       "%d-%02d-%02d" % (year, month, day), "%d %s %d" % (day, names["fr"][month - 1], year),
                       "%d %s %d" % (day, names["nl"][month - 1], year), "%d. %s %d" % (day, names["de"][month - 1], year),
                       "%d/%d/%d" % (day, month, year)])
    return "%04d%02d%02d" % (year, month, day), text


LABELLED = {
    "passport": (["Passeport n° {}", "N° de passeport : {}", "Paspoortnummer: {}", "Paspoort nr. {}", "Reisepassnummer {}", "Passport no. {}",
                  "titulaire du passeport belge {}", "houder van paspoort {}", "Passeport : {} (exp. 12/2029)", "Reispas {}"],
                 ["Passeport", "Paspoortnummer", "Passport number", "N° passeport", "Reisepass-Nr."], ["passport", "passport_number", "paspoortnr"]),
    "residence-card": (["Titre de séjour n° {}", "Carte de séjour : {}", "Verblijfstitel {}", "Verblijfskaart nr. {}", "Aufenthaltstitel {}",
                        "Residence permit {}", "Carte d'étranger n° {}"],
                       ["Titre de séjour", "Verblijfskaart", "Carte de séjour", "Residence permit", "Aufenthaltstitel"],
                       ["residence_permit", "titre_sejour", "verblijfskaart"]),
    "driving-licence": (["Permis de conduire n° {}", "Permis de conduire : {}", "Rijbewijsnummer: {}", "Rijbewijs nr. {}", "Führerschein {}",
                         "Driving licence {}", "N° de permis {}"],
                        ["Permis de conduire", "Rijbewijs", "Rijbewijsnummer", "Führerschein", "Driving licence"], ["driving_licence", "rijbewijs", "num_permis"]),
    "be-inami": (["N° INAMI {}", "INAMI : {}", "RIZIV-nummer {}", "RIZIV: {}", "RIZIV nr. {}", "LIKIV-Nummer {}", "INAMI {} (médecin)"],
                 ["INAMI", "N° INAMI", "RIZIV", "RIZIV-nummer"], ["inami", "riziv", "num_inami"]),
    "vehicle-plate": (["Plaque {}", "Plaque d'immatriculation : {}", "Nummerplaat: {}", "voiture immatriculée {}", "Kennzeichen {}", "Kenteken {}",
                       "Numéro de plaque {}"], ["Plaque", "Nummerplaat", "Kenteken", "Kennzeichen", "Immatriculation"], ["plate", "plaque", "nummerplaat"]),
    "birth-date": (["Né le {}", "Née le {}", "né(e) le {}", "Date de naissance : {}", "Geboren op {}", "Geboortedatum: {}", "geb. {}", "Geboren am {}",
                    "Geburtsdatum: {}", "Born on {}", "Date of birth: {}", "° {}"][:-1],
                   ["Date de naissance", "Geboortedatum", "Geburtsdatum", "Date of birth", "Né(e) le", "Geb. datum"],
                   ["birth_date", "date_naissance", "geboortedatum", "dob"]),
}


def labelled(c, kind, count):
    say, heads, keys = LABELLED[kind]
    rng = c.rng
    out, truth = [], []
    for _ in range(count):
        n, text = labelled_value(c, kind)
        said = rng.choice(say)
        out += [rng.choice(FILL), "", said.format(text), "", rng.choice(FILL), ""]
        truth.append((kind, n, "%r" % said))
    c.save("labelled-%s.txt" % kind, encoded(rng, "\n".join(out) + "\n"), truth)
    head, made = rng.choice(heads), [labelled_value(c, kind) for _ in range(count)]
    c.save("labelled-%s.csv" % kind, "\n".join(["ID;%s;Statut" % head] + ["%d;%s;ok" % (i, m[1]) for i, m in enumerate(made)]) + "\n",
           [(kind, m[0], "column " + head) for m in made])
    key, made = rng.choice(keys), [labelled_value(c, kind) for _ in range(count)]
    c.save("labelled-%s.json" % kind, json.dumps([{"id": i, key: m[1]} for i, m in enumerate(made)], ensure_ascii=False),
           [(kind, m[0], "json " + key) for m in made])


def zones_as_read(c, count):
    """Machine readable zones as they come out of text recognition and copying."""
    for _ in range(count):
        family, given = v.name(c.rng)
        family, given = family.replace("ı", "i"), given.replace("ı", "i")
        kind = c.rng.choice(["td1", "td2", "td3"])
        zone, value, number = v.zone(c.rng, kind, family, given)
        truth = v.held_in_zone(zone, kind, value, number)
        shape = c.rng.choice(["indented", "quoted", "blank lines", "trailing blanks", "one line", "cells", "spaces", "html"])
        text, name = "\n".join(zone), "zone.txt"
        if shape == "indented":
            text = "\n".join("    " + x for x in zone)
        elif shape == "quoted":
            text = "\n".join("> " + x for x in zone)
        elif shape == "blank lines":
            text = "\n\n".join(zone)
        elif shape == "trailing blanks":
            text = "  \r\n".join(zone)
        elif shape == "one line":
            text = "".join(zone)
        elif shape == "cells":
            text, name = "id;mrz\n1;\"%s\"\n" % text, "zone.csv"
        elif shape == "spaces":
            text = "\n".join(" ".join(x[i:i + 10] for i in range(0, len(x), 10)) for x in zone)
        elif shape == "html":
            text, name = "<html><body><p>%s</p></body></html>" % "<br>".join(x.replace("<", "&lt;") for x in zone), "zone.html"
        c.save(name, "Scan de la carte :\n\n%s\n\nFin.\n" % text if name == "zone.txt" else text, [(k, n, "%s, %s" % (f, shape)) for k, n, f in truth])


def add(c, full):
    """One round of it."""
    for kind in ("be-nrn", "iban", "be-eid-card", "be-bban", "payment-card", "phone", "email"):
        lines(c, kind, full)
        code(c, kind)
        urls(c, kind)
        tables(c, kind, full)
        lists(c, kind)
    letters(c)
    cards_of_people(c, 5)
    for kind in sorted(LABELLED):
        labelled(c, kind, 12)
    zones_as_read(c, 9)
