# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Invented identifiers and the forms in which offices write them.

Written from the published rules (royal decree of 3 April 1984 for national numbers, ISO 13616, ISO/IEC 7812, ICAO
Doc 9303), not from the program's code.  National numbers use the serials 976 to 998, which are not given out in practice."""
import datetime
import os
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
NBSP, NNBSP, THIN = "\u00a0", "\u202f", "\u2009"
HYPHEN, NBHYPHEN, ENDASH, MINUS = "\u2010", "\u2011", "\u2013", "\u2212"


# --- national numbers -----------------------------------------------------------------------------------------------

def national_number(rng, born=None, bis=0, serial=None):
    if born is None:
        born = datetime.date(1930, 1, 1) + datetime.timedelta(days=rng.randrange(34000))
    serial = serial or rng.randint(976, 998)
    nine = "%02d%02d%02d%03d" % (born.year % 100, born.month + bis, born.day, serial)
    check = 97 - int(("2" if born.year >= 2000 else "") + nine) % 97
    return "%s%02d" % (nine, check)


NRN_FORMS = [
    "{0}.{1}.{2}-{3}.{4}", "{0}.{1}.{2}-{3} {4}", "{0}.{1}.{2}.{3}-{4}", "{0}.{1}.{2}-{3}-{4}", "{0}.{1}.{2} {3}.{4}",
    "{0}.{1}.{2} {3} {4}", "{0}.{1}.{2}.{3}.{4}", "{0}.{1}.{2}/{3}.{4}", "{0}.{1}.{2} - {3}.{4}", "{0} {1} {2} {3} {4}",
    "{0} {1} {2}-{3} {4}", "{0} {1} {2}-{3}.{4}", "{0}-{1}-{2} {3}-{4}", "{0}-{1}-{2}-{3}-{4}", "{0}/{1}/{2}-{3}/{4}",
    "{0}/{1}/{2} {3} {4}", "{0}/{1}/{2}-{3}.{4}", "{0}/{1}/{2}-{3}-{4}", "{0}{1}{2} {3} {4}", "{0}{1}{2}-{3}-{4}",
    "{0}{1}{2}-{3}.{4}", "{0}{1}{2} {3}-{4}", "{0}{1}{2}.{3}.{4}", "{0}{1}{2}/{3}/{4}", "{0}{1}{2} - {3} - {4}",
    "{0}{1}{2} {3}.{4}", "{0}{1}{2}-{3}{4}", "{0}{1}{2} {3}{4}", "{0}{1}{2}{3} {4}", "{0}{1}{2}{3}{4}",
    "{0}.{1}.{2}" + NBHYPHEN + "{3}.{4}", "{0}.{1}.{2}" + ENDASH + "{3}.{4}", "{0}" + NBSP + "{1}" + NBSP + "{2}" + NBSP + "{3}"
    + NBSP + "{4}", "{0}{1}{2}" + NNBSP + "{3}" + NNBSP + "{4}", "{0}{1}{2}" + THIN + "{3}" + THIN + "{4}",
    "{0}.{1}.{2}" + MINUS + "{3}.{4}", "{0}. {1}. {2} - {3}. {4}",
]


def write_nrn(number, form):
    return form.format(number[:2], number[2:4], number[4:6], number[6:9], number[9:])


# --- accounts -------------------------------------------------------------------------------------------------------

def structures():
    rows = {}
    with open(os.path.join(HERE, "iban_structures.tsv"), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                country, length, parts = line.rstrip("\n").split("\t")
                rows[country] = (int(length), parts)
    return rows


STRUCTURES = structures()


def belgian_account(rng):
    ten = "%010d" % rng.randrange(10 ** 9, 9 * 10 ** 9)
    return "%s%02d" % (ten, int(ten) % 97 or 97)


def iban_of(country, domestic):
    text = "".join(str(int(c, 36)) for c in domestic + country + "00")
    return "%s%02d%s" % (country, 98 - int(text) % 97, domestic)


def iban(rng, country="BE"):
    if country == "BE":
        return iban_of("BE", belgian_account(rng))
    alphabet = {"n": "0123456789", "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "c": "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"}
    length, parts = STRUCTURES[country]
    domestic, at = "", 0
    while at < len(parts):
        end = parts.index("!", at)
        domestic += "".join(rng.choice(alphabet[parts[end + 1]]) for _ in range(int(parts[at:end])))
        at = end + 2
    assert len(domestic) + 4 == length, country
    return iban_of(country, domestic)


def groups(text, size=4):
    return [text[i:i + size] for i in range(0, len(text), size)]


IBAN_FORMS = [
    lambda t: t, lambda t: " ".join(groups(t)), lambda t: NBSP.join(groups(t)), lambda t: NNBSP.join(groups(t)),
    lambda t: THIN.join(groups(t)), lambda t: "-".join(groups(t)), lambda t: ".".join(groups(t)), lambda t: t.lower(),
    lambda t: " ".join(groups(t)).lower(), lambda t: t[:2] + " " + t[2:], lambda t: t[:4] + " " + t[4:],
    lambda t: t[:2] + " " + " ".join(groups(t[2:])), lambda t: t[:4] + "-" + t[4:], lambda t: NBHYPHEN.join(groups(t)),
    lambda t: t[:4] + " " + t[4:7] + " " + t[7:], lambda t: t[:2] + t[2:4] + " " + " ".join(groups(t[4:], 5)),
    lambda t: t[:4] + " " + " ".join(groups(t[4:], 3)), lambda t: ENDASH.join(groups(t)), lambda t: t[:4] + "." + t[4:],
    lambda t: t[0] + t[1].lower() + t[2:], lambda t: "  ".join(groups(t)), lambda t: " - ".join(groups(t)),
    lambda t: t[:2] + "-" + t[2:4] + "-" + t[4:], lambda t: " ".join(groups(t[:-2])) + " " + t[-2:],
    lambda t: t[:8] + " " + t[8:], lambda t: t[:4] + NBSP + t[4:], lambda t: t[:4] + " " + " ".join(groups(t[4:], 6)),
    lambda t: " ".join(groups(t[:12])) + " " + t[12:], lambda t: " ".join(groups(t, 8)), lambda t: " ".join(groups(t, 2)),
]
BELGIAN_IBAN_FORMS = IBAN_FORMS + [
    lambda t: "%s %s-%s-%s" % (t[:4], t[4:7], t[7:14], t[14:]), lambda t: "%s %s %s %s" % (t[:4], t[4:7], t[7:14], t[14:]),
    lambda t: "%s %s %s %s %s" % (t[:2], t[2:4], t[4:7], t[7:14], t[14:]),
    lambda t: "%s %s %s %s %s %s" % (t[:2], t[2:4], t[4:8], t[8:11], t[11:14], t[14:]),
]


def twelve_forms():
    """3-7-2, as old accounts and card numbers are written."""
    return ["{0}-{1}-{2}", "{0} {1} {2}", "{0}.{1}.{2}", "{0}" + NBHYPHEN + "{1}" + NBHYPHEN + "{2}",
            "{0}" + NBSP + "{1}" + NBSP + "{2}", "{0}{1}{2}", "{0}-{1} {2}", "{0} {1}-{2}", "{0}-{1}.{2}", "{0}.{1}-{2}"]


def write_twelve(number, form):
    return form.format(number[:3], number[3:10], number[10:])


def card_number(rng):
    ten = "%d%07d" % (rng.choice([591, 592, 593, 594, 595, 596, 597, 598, 599, 600]), rng.randrange(10 ** 7))
    return "%s%02d" % (ten, int(ten) % 97 or 97)


# --- payment cards ----------------------------------------------------------------------------------------------------

def luhn(body):
    total = sum(sum(divmod(int(c) * (2 if i % 2 == 0 else 1), 10)) for i, c in enumerate(reversed(body)))
    return body + str(-total % 10)


def payment_card(rng):
    prefix, length = rng.choice([("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
                                 ("36", 14), ("6011", 16), ("3528", 16), ("6703", 16), ("67030", 17), ("4", 16), ("53", 16)])
    return luhn(prefix + "".join(rng.choice("0123456789") for _ in range(length - 1 - len(prefix))))


def card_groups(t):
    if len(t) == 15:
        return [t[:4], t[4:10], t[10:]]
    if len(t) == 14:
        return [t[:4], t[4:10], t[10:]]
    return groups(t)


CARD_FORMS = [lambda t: t, lambda t: " ".join(card_groups(t)), lambda t: "-".join(card_groups(t)),
              lambda t: NBSP.join(card_groups(t))]


# --- machine readable zones -------------------------------------------------------------------------------------------

def icao(text):
    return str(sum((0 if c == "<" else int(c, 36)) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def ascii_upper(text):
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if not unicodedata.combining(c)).upper()


def zone_name(family, given, width):
    text = "%s<<%s" % ("<".join(ascii_upper(family).replace("-", " ").replace("'", "").split()),
                       "<".join(ascii_upper(given).replace("-", " ").split()))
    return (text + "<" * width)[:width]


def zone(rng, kind, family, given):
    """-> (lines, normalised value, national number in it or None)"""
    born = datetime.date(1945, 1, 1) + datetime.timedelta(days=rng.randrange(22000))
    birth = born.strftime("%y%m%d")
    expiry = "%02d%02d%02d" % (rng.randint(26, 36), rng.randint(1, 12), rng.randint(1, 28))
    sex = rng.choice("MF")
    if kind == "td1":
        card = card_number(rng)
        number = national_number(rng, born, serial=rng.choice([977, 979, 981] if sex == "M" else [978, 980, 982]))
        first = "IDBEL" + card[:9] + "<" + card[9:] + icao(card) + "<" * 11
        second = birth + icao(birth) + sex + expiry + icao(expiry) + "BEL" + number
        second += icao(first[5:30] + second[0:7] + second[8:15] + second[18:29])
        return [first, second, zone_name(family, given, 30)], "BEL|%s|%s" % (card, birth), number
    doc = rng.choice(["EM", "EN", "LA", "GA"]) + "%06d" % rng.randrange(10 ** 6) + "<"
    state = "BEL"
    if kind == "td3":
        first = "P<" + state + zone_name(family, given, 39)
        second = doc + icao(doc) + state + birth + icao(birth) + sex + expiry + icao(expiry) + "<" * 14 + "0"
        second += icao(second[0:10] + second[13:20] + second[21:43])
    else:
        first = "I<" + state + zone_name(family, given, 31)
        second = doc + icao(doc) + state + birth + icao(birth) + sex + expiry + icao(expiry) + "<" * 7
        second += icao(second[0:10] + second[13:20] + second[21:35])
    return [first, second], "%s|%s|%s" % (state, doc.rstrip("<"), birth), None


def held_in_zone(zone, kind, value, number):
    """What a zone says of its holder: itself, the name, the day of birth and the number."""
    named = zone[2] if kind == "td1" else zone[0][5:]
    birth = value.split("|")[2]
    return [("mrz", value, kind), ("person-name", " ".join(sorted(named.replace("<", " ").split())), "in a zone"),
            ("birth-date", ("19" if birth > "26" else "20") + birth, "in a zone")] + ([("be-nrn", number, "in a zone")] if number else [])


# --- telephone and mail -----------------------------------------------------------------------------------------------

def phone(rng):
    """-> (E.164, national significant number split as it is dialled)"""
    if rng.random() < 0.6:
        n = "4%d%07d" % (rng.choice([70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 84, 85, 86, 87, 89, 90, 91, 92, 93, 94, 95, 96, 97,
                                     98, 99, 68, 65, 56]), rng.randrange(10 ** 7))
        n = n[:9]
        return "+32" + n, (n[:3], n[3:])
    zone_, rest = rng.choice([("2", 7), ("3", 7), ("9", 7), ("71", 6), ("81", 6), ("65", 6), ("11", 6), ("16", 6), ("50", 6),
                              ("56", 6), ("87", 6), ("10", 6), ("63", 6), ("69", 6)])
    n = rng.choice("234" if zone_ == "9" else "2345678") + "".join(rng.choice("0123456789") for _ in range(rest - 1))
    return "+32" + zone_ + n, (zone_, n)


def pairs(n):
    """1234567 -> 123 45 67"""
    head = len(n) % 2
    parts = [n[:head + 2]] if head else []
    return parts + groups(n[head + 2 if head else 0:], 2)


PHONE_FORMS = [
    lambda z, n: "0%s %s" % (z, " ".join(pairs(n))), lambda z, n: "0%s/%s" % (z, ".".join(pairs(n))),
    lambda z, n: "0%s/%s" % (z, " ".join(pairs(n))), lambda z, n: "0%s-%s" % (z, " ".join(pairs(n))),
    lambda z, n: "0%s-%s" % (z, "-".join(pairs(n))), lambda z, n: "0%s.%s" % (z, ".".join(pairs(n))),
    lambda z, n: "0%s%s" % (z, n), lambda z, n: "0%s/%s" % (z, n), lambda z, n: "0%s %s" % (z, n),
    lambda z, n: "+32 %s %s" % (z, " ".join(pairs(n))), lambda z, n: "+32%s%s" % (z, n),
    lambda z, n: "+32 (0)%s %s" % (z, " ".join(pairs(n))), lambda z, n: "+32(0)%s %s" % (z, " ".join(pairs(n))),
    lambda z, n: "+32 (0) %s %s" % (z, " ".join(pairs(n))), lambda z, n: "+32(0)%s%s" % (z, n),
    lambda z, n: "0032 %s %s" % (z, " ".join(pairs(n))), lambda z, n: "0032%s%s" % (z, n),
    lambda z, n: "00 32 %s %s" % (z, " ".join(pairs(n))), lambda z, n: "(+32) %s %s" % (z, " ".join(pairs(n))),
    lambda z, n: "(0%s) %s" % (z, " ".join(pairs(n))), lambda z, n: "(0%s)%s" % (z, n),
    lambda z, n: "+32-%s-%s" % (z, "-".join(pairs(n))), lambda z, n: "+32.%s.%s" % (z, ".".join(pairs(n))),
    lambda z, n: "+32/%s/%s" % (z, ".".join(pairs(n))), lambda z, n: "+32 %s/%s" % (z, ".".join(pairs(n))),
    lambda z, n: "0%s%s%s" % (z, NBSP, NBSP.join(pairs(n))), lambda z, n: "+32%s%s%s%s" % (NBSP, z, NBSP, NBSP.join(pairs(n))),
    lambda z, n: "0%s / %s" % (z, " ".join(pairs(n))), lambda z, n: "0%s - %s" % (z, " ".join(pairs(n))),
    lambda z, n: "+32 %s %s" % (z, n), lambda z, n: "0%s%s%s" % (z, NBHYPHEN, NBHYPHEN.join(pairs(n))),
    lambda z, n: "+32 %s-%s" % (z, n),
]
MAIL_HOSTS = ["example.be", "example.org", "voorbeeld.example", "mail.example.com", "exemple.example.be", "cpas-exemple.example.be",
              "example.net", "sub.dom.example.eu", "beispiel-amt.example.de"]


def mail(rng, family, given):
    family = ascii_upper(family).lower().replace(" ", "").replace("'", "")
    given = ascii_upper(given).lower().replace(" ", "").replace("'", "")
    local = rng.choice(["%s.%s" % (given, family), "%s%s" % (given[0], family), "%s_%s" % (family, given), "%s-%s" % (given, family),
                        "%s.%s%d" % (given, family, rng.randrange(1930, 2005)), "%s+post" % given, "%s%d" % (family, rng.randrange(999)),
                        "%s.%s" % (given[0], family)])
    return "%s@%s" % (local, rng.choice(MAIL_HOSTS))


MAIL_FORMS = [lambda a: a, lambda a: "<%s>" % a, lambda a: "mailto:%s" % a, lambda a: a.upper(), lambda a: "(%s)" % a,
              lambda a: "[%s]" % a, lambda a: '"%s"' % a, lambda a: "'%s'" % a, lambda a: a + ".", lambda a: a + ",",
              lambda a: a + ";", lambda a: "%s;" % a.capitalize(), lambda a: "e-mail:%s" % a, lambda a: "<a href=mailto:%s>" % a,
              lambda a: a.replace("@", "@", 1)]

# --- names ------------------------------------------------------------------------------------------------------------

GIVEN = """Jean Marie Pierre Luc Anne Sophie Nathalie Isabelle Thomas Nicolas Julien Camille Léa Emma Louis Arthur Noah
Mohamed Fatima Youssef Amina Karim Nadia Rachid Samira Ahmet Ayşe Mehmet Elif Giuseppe Francesca Marco Jan Pieter Wim Koen
Bart Els Griet Katrien Liesbeth Sofie Joris Hilde Tom Lotte Hans Ingrid Klaus Petra Jürgen Ursula Uwe Piotr Agnieszka Wojciech
Magdalena Andrei Ioana John Mary William Sarah Jean-Pierre Marie-Claire Anne-Sophie Jean-Marc Benoît Frédéric Hélène Chloé
Éric Françoise Geert Veerle Guido Lieve Ruben Femke Emre Zeynep Bilal Yasmina Olivier Valérie Stéphane Sébastien""".split()
FAMILY = """Dupont|Lambert|Dubois|Martin|Simon|Laurent|Leroy|Lefèvre|Mertens|Peeters|Janssens|Maes|Jacobs|Willems|Claes|Goossens
|Wouters|De Smet|De Clercq|Van den Berghe|Van de Velde|Vandenbroeck|Van Damme|Van der Meulen|Vermeulen|Verhoeven|De Backer
|El Amrani|Ben Salah|Bouzid|Yılmaz|Demir|Öztürk|Rossi|Ferrari|Kowalski|Nowak|Popescu|Schmitz|Müller|Schäfer|Weber|Hoffmann|Smith
|O'Brien|D'Hondt|'t Jampens|de la Fontaine|du Bois|Le Grand|Delvaux|Collignon|Lejeune|Thiry|Gérard|Hallaert|Dewaele|Baert|Segers
|Van Acker|De Vos|Lemmens|Stevens|Hermans|Pauwels|Aerts|Michiels|Coppens|Vercruysse|Declercq|Nguyen|Mbala|Kabongo|Diallo|Traoré
|Benali|Haddad|Aydın|Çelik|Santos|Fernandes|García|Lopez|Dumont-Carlier|Leclercq-Baudoin""".replace("\n", "").split("|")


def name(rng):
    return rng.choice(FAMILY).strip(), rng.choice(GIVEN)


def normal_name(family, given):
    """As docs/inventory.md has it: capitals without accents, hyphens as blanks, words sorted."""
    table = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "’": "'"})
    text = ascii_upper(("%s %s" % (family, given)).translate(table))
    return " ".join(sorted(text.replace("-", " ").split()))


NAME_FORMS = [lambda f, g: "%s %s" % (g, f), lambda f, g: "%s %s" % (f, g), lambda f, g: "%s %s" % (f.upper(), g),
              lambda f, g: "%s, %s" % (f, g), lambda f, g: "%s, %s" % (f.upper(), g), lambda f, g: "%s %s" % (g, f.upper()),
              lambda f, g: ("%s %s" % (f, g)).upper()]

# --- addresses --------------------------------------------------------------------------------------------------------

PLACES = [("1000", "Bruxelles"), ("1000", "Brussel"), ("1030", "Schaerbeek"), ("1050", "Ixelles"), ("1070", "Anderlecht"),
          ("1300", "Wavre"), ("1400", "Nivelles"), ("1500", "Halle"), ("1800", "Vilvoorde"), ("2000", "Antwerpen"),
          ("2018", "Antwerpen"), ("2300", "Turnhout"), ("2800", "Mechelen"), ("3000", "Leuven"), ("3500", "Hasselt"), ("3600", "Genk"),
          ("4000", "Liège"), ("4020", "Liège"), ("4100", "Seraing"), ("4500", "Huy"), ("4700", "Eupen"), ("4780", "Sankt Vith"),
          ("4800", "Verviers"), ("5000", "Namur"), ("5500", "Dinant"), ("6000", "Charleroi"), ("6001", "Marcinelle"),
          ("6030", "Marchienne-au-Pont"), ("6040", "Jumet"), ("6060", "Gilly"), ("6200", "Châtelet"), ("6600", "Bastogne"),
          ("6700", "Arlon"), ("7000", "Mons"), ("7100", "La Louvière"), ("7500", "Tournai"), ("7700", "Mouscron"), ("8000", "Brugge"),
          ("8400", "Oostende"), ("8500", "Kortrijk"), ("8800", "Roeselare"), ("9000", "Gent"), ("9100", "Sint-Niklaas"),
          ("9300", "Aalst"), ("9700", "Oudenaarde")]
STREETS = {"fr": ["rue de la Gare", "avenue Louise", "chaussée de Mons", "boulevard du Midi", "place du Marché", "quai de Meuse",
                  "allée des Tilleuls", "clos des Roses", "rue Haute", "rue du Moulin", "impasse Saint-Jean", "route de Namur",
                  "drève du Château", "square des Martyrs", "rue de l'Église", "Grand-Place", "chemin des Dames", "avenue des Érables"],
           "nl": ["Kerkstraat", "Stationsstraat", "Nieuwstraat", "Dorpsstraat", "Leopoldlaan", "Gentsesteenweg", "Molenweg", "Marktplein",
                  "Grote Markt", "Lindendreef", "Koningin Astridlaan", "Brugse Steenweg", "Sint-Jansstraat", "Kasteellei", "Vaartkaai",
                  "Oude Baan", "Beukenlaan", "Hoogstraat"],
           "de": ["Hauptstraße", "Bahnhofstraße", "Aachener Straße", "Klosterplatz", "Lindenallee", "Neustraße", "Malmedyer Weg",
                  "Kirchstrasse"]}
NUMBERS = ["1", "12", "12A", "7 bte 3", "45/2", "112 boîte 12", "8 bus 4", "23b", "101", "6 bus 201", "15-17", "3 A", "88 bte 5", "230"]


def address(rng):
    lang = rng.choice(["fr", "fr", "nl", "nl", "de"])
    code, place = rng.choice([p for p in PLACES if (lang == "de") == (p[0] in ("4700", "4780"))] if lang == "de" else PLACES)
    return rng.choice(STREETS[lang]), rng.choice(NUMBERS), code, place


ADDRESS_FORMS = [
    "{0} {1}, {2} {3}", "{0} {1} - {2} {3}", "{0}, {1}, {2} {3}", "{0}, {1} - {2} {3}", "{0} {1} {2} {3}", "{0} {1} à {2} {3}",
    "{0} {1} te {2} {3}", "{0} {1} in {2} {3}", "{0} {1}, B-{2} {3}", "{0} {1} - B-{2} {3}", "{0} {1}, BE-{2} {3}",
    "{0} n° {1}, {2} {3}", "{0} {1} – {2} {3}", "{0} {1}; {2} {3}", "{0} {1}\n{2} {3}", "{0}, {1}\n{2} {3}", "{0} {1}\nB-{2} {3}",
    "{0} {1} / {2} {3}", "{0} {1} | {2} {3}", "{0} {1} ({2} {3})",
]
