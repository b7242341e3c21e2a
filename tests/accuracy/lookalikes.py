# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Numbers of things: columns, lists, logs and bytes that are nobody's; what is a person's among them is in the truth."""
import base64
import csv
import io
import string
import zlib

import values as v

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def digits(rng, n):
    return "".join(rng.choice(string.digits) for _ in range(n))


def hexes(rng, n):
    return "".join(rng.choice("0123456789abcdef") for _ in range(n))


def ogm(rng):
    ten = digits(rng, 10)
    return "%s%02d" % (ten, int(ten) % 97 or 97)


def ean(rng, n, prefix=""):
    body = prefix + digits(rng, n - 1 - len(prefix))
    return body + str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))) % 10)


def enterprise(rng):
    eight = "0" + rng.choice("456789") + digits(rng, 6)
    return "%s%02d" % (eight, 97 - int(eight) % 97)


def dotted(n):
    return "%s.%s.%s" % (n[:4], n[4:7], n[7:])


def date(rng):
    return "%02d/%02d/%d" % (rng.randint(1, 28), rng.randint(1, 12), rng.randint(1990, 2026))


def dated_counter(rng):
    """YYMMDD and five digits of a counter, as invoices and parcels have."""
    return "%02d%02d%02d%05d" % (rng.randint(15, 26), rng.randint(1, 12), rng.randint(1, 28), rng.randrange(10 ** 5))


def lines(rng):
    """name -> (a line, whether emails, telephones or names are fair in it)"""
    return {
        "imei list": lambda i: v.luhn("35" + digits(rng, 12)),
        "iccid list": lambda i: v.luhn("8932" + digits(rng, 14)),
        "isbn list": lambda i: ean(rng, 13, "978"),
        "isbn10 list": lambda i: "%s-%s-%s-%s" % (digits(rng, 1), digits(rng, 4), digits(rng, 4), rng.choice("0123456789X")),
        "ean list": lambda i: ean(rng, 13, "54"),
        "gtin list": lambda i: ean(rng, 14),
        "upc list": lambda i: ean(rng, 12),
        "sscc list": lambda i: "(00)" + ean(rng, 18),
        "epoch ms": lambda i: str(1500000000000 + rng.randrange(2 * 10 ** 11)),
        "epoch us": lambda i: str(1500000000000000 + rng.randrange(2 * 10 ** 14)),
        "dated counters": lambda i: dated_counter(rng),
        "dated counters in text": lambda i: "Colis %s reçu le %s" % (dated_counter(rng), date(rng)),
        "timestamps": lambda i: "20%02d%02d%02d%02d%02d%02d" % (rng.randint(10, 26), rng.randint(1, 12), rng.randint(1, 28), rng.randrange(24),
                                                              rng.randrange(60), rng.randrange(60)),
        "payment refs stars": lambda i: "***%s/%s/%s***" % ((lambda t: (t[:3], t[3:7], t[7:]))(ogm(rng))),
        "payment refs plus": lambda i: "Mededeling: +++%s/%s/%s+++" % ((lambda t: (t[:3], t[3:7], t[7:]))(ogm(rng))),
        "payment refs bare": lambda i: "Communication structurée : %s" % ogm(rng),
        "payment refs nl": lambda i: "Gestructureerde mededeling %s" % ogm(rng),
        "vat": lambda i: "BE %s" % dotted(enterprise(rng)),
        "vat bare": lambda i: "TVA BE%s" % enterprise(rng),
        "enterprise": lambda i: "KBO %s" % dotted(enterprise(rng)),
        "enterprise list": lambda i: enterprise(rng),
        "units": lambda i: "Vestigingseenheid 2.%s.%s.%s" % (digits(rng, 3), digits(rng, 3), digits(rng, 3)),
        "gps": lambda i: "%.8f,%.8f" % (49 + rng.random() * 3, 2 + rng.random() * 4),
        "lambert": lambda i: "%d.%03d %d.%03d" % (rng.randrange(20000, 300000), rng.randrange(1000), rng.randrange(20000, 250000), rng.randrange(1000)),
        "md5": lambda i: hexes(rng, 32), "sha1": lambda i: hexes(rng, 40).upper(), "uuid": lambda i: "-".join(hexes(rng, n) for n in (8, 4, 4, 4, 12)),
        "object ids": lambda i: hexes(rng, 24), "object ids upper": lambda i: hexes(rng, 24).upper(),
        "tokens": lambda i: "".join(rng.choice(string.ascii_uppercase + string.digits) for _ in range(rng.randint(15, 34))),
        "licence keys": lambda i: "-".join("".join(rng.choice(string.ascii_uppercase + string.digits) for _ in range(5)) for _ in range(5)),
        "mac": lambda i: ":".join(hexes(rng, 2) for _ in range(6)),
        "ip": lambda i: ".".join(str(rng.randrange(256)) for _ in range(4)) + ":%d" % rng.randrange(65536),
        "ipv6": lambda i: ":".join(hexes(rng, 4) for _ in range(8)),
        "syslog": lambda i: "%s %2d %02d:%02d:%02d srv-%02d kernel: [%d.%06d] usb 1-%d: new device %s" % (
            rng.choice(MONTHS), rng.randint(1, 28), rng.randrange(24), rng.randrange(60), rng.randrange(60), i % 20, rng.randrange(10 ** 6),
            rng.randrange(10 ** 6), i % 9, hexes(rng, 12)),
        "apache": lambda i: '10.%d.%d.%d - - [%02d/%s/2024:%02d:%02d:%02d +0100] "GET /d/%s?t=%s HTTP/1.1" 200 %d' % (
            i % 256, i % 99, i % 200, rng.randint(1, 28), rng.choice(MONTHS), rng.randrange(24), rng.randrange(60), rng.randrange(60), digits(rng, 8),
            digits(rng, 13), rng.randrange(10 ** 6)),
        "dmesg": lambda i: "[%12.6f] pci 0000:%02x:1f.%d: BAR %d: assigned [mem 0x%s-0x%s]" % (rng.random() * 10 ** 5, i % 256, i % 8, i % 6, hexes(rng, 8),
                                                                                         hexes(rng, 8)),
        "hexdump": lambda i: "%08x  %s" % (i * 16, " ".join(hexes(rng, 2) for _ in range(16))),
        "hexdump digits": lambda i: "%07o %s" % (i * 16, " ".join(digits(rng, 6) for _ in range(8))),
        "base64": lambda i: base64.b64encode(bytes(rng.randrange(256) for _ in range(57))).decode(),
        "base64 one": lambda i: base64.b64encode(bytes(rng.randrange(256) for _ in range(15))).decode(),
        "pairs": lambda i: " ".join("%02d" % rng.randrange(100) for _ in range(24)),
        "pairs dates": lambda i: " ".join("%02d %02d %02d %03d %02d" % (rng.randrange(100), rng.randint(1, 12), rng.randint(1, 28), rng.randrange(1000),
                                                                      rng.randrange(100)) for _ in range(3)),
        "sudoku": lambda i: " ".join(rng.choice("123456789.") for _ in range(9)),
        "matrix of three": lambda i: "\t".join("%03d" % rng.randrange(1000) for _ in range(12)),
        "scores": lambda i: "%d. Equipe %d %d %d-%d %d:%02d,%02d" % (i + 1, i % 30, rng.randrange(40), rng.randrange(9), rng.randrange(9), rng.randrange(5),
                                                                 rng.randrange(60), rng.randrange(100)),
        "prices": lambda i: "Art. %s  Chaise %d  %d,%02d EUR  (TVA 21 %%)" % (digits(rng, 7), i, rng.randrange(2000), rng.randrange(100)),
        "timetable": lambda i: "Gare de Namur  " + "  ".join("%02d.%02d" % (rng.randrange(24), rng.randrange(60)) for _ in range(12)),
        "timetable colon": lambda i: " ".join("%02d:%02d" % (rng.randrange(24), rng.randrange(60)) for _ in range(14)),
        "calendar": lambda i: " ".join("%2d" % (x % 31 + 1) for x in range(i, i + 28)),
        "csv of floats": lambda i: ",".join("%.10f" % rng.random() for _ in range(8)),
        "science": lambda i: "%.9e %.9e %.9e" % (rng.random() * 10 ** 12, rng.random(), rng.random() * 10 ** -9),
        "c constants": lambda i: "static const long long table_%d[] = {%s};" % (i, ", ".join(digits(rng, 11) + "LL" for _ in range(3))),
        "test data": lambda i: 'assertEquals("%s", format(%s));' % (digits(rng, 11), digits(rng, 11)),
        "diff": lambda i: "index %s..%s 100644" % (hexes(rng, 7), hexes(rng, 7)),
        "git log": lambda i: "commit %s" % hexes(rng, 40),
        "meter readings": lambda i: "EAN 5414%s meter 1SAG%s stand %s" % (digits(rng, 14), digits(rng, 10), digits(rng, 6)),
        "parcels": lambda i: "Barcode 3232%s, zending CD%sBE" % (digits(rng, 20), digits(rng, 9)),
        "case numbers": lambda i: "Dossier 24/%s/%s - rôle général %d/%s/A" % (digits(rng, 5), digits(rng, 2), 2015 + i % 10, digits(rng, 4)),
        "numac": lambda i: "Numac : 20240%s, Moniteur belge du %s, page %s" % (digits(rng, 5), date(rng), digits(rng, 5)),
        "budget": lambda i: "%s/%s-%s  %d.%03d.%03d,%02d" % (digits(rng, 3), digits(rng, 3), digits(rng, 2), rng.randrange(9), rng.randrange(1000),
                                                          rng.randrange(1000), rng.randrange(100)),
        "cadastre": lambda i: "Division %d, section %s, n° %s/%s%s%s" % (i % 9, rng.choice("ABCDE"), digits(rng, 4), digits(rng, 2), rng.choice("ABCDEFG"),
                                                                   digits(rng, 3)),
        "capakey": lambda i: "%s%s%s/%s%s%s" % (digits(rng, 5), rng.choice("ABCD"), digits(rng, 4), digits(rng, 2), rng.choice("ABCDEF"), digits(rng, 3)),
        "vin": lambda i: "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(17)),
        "ratios": lambda i: "%d / %d / %d = %.6f" % (rng.randrange(10 ** 6), rng.randrange(10 ** 4), rng.randrange(100), rng.random()),
        "versions": lambda i: "pkg-%d %d.%d.%d-%d+%s" % (i, rng.randrange(30), rng.randrange(99), rng.randrange(99), rng.randrange(9), digits(rng, 11)),
        "snowflake ids": lambda i: '{"id": %d, "parent": %d}' % (10 ** 17 + rng.randrange(10 ** 18), 10 ** 10 + rng.randrange(8 * 10 ** 10)),
        "row ids": lambda i: "INSERT INTO log VALUES (%s, '%s', %s);" % (digits(rng, 11), hexes(rng, 16), digits(rng, 12)),
    }


HEADS = {
    "Numéro de facture": lambda rng: digits(rng, 11), "Factuurnummer": dated_counter, "Rechnungsnummer": lambda rng: digits(rng, 11),
    "Invoice number": dated_counter, "N° facture": lambda rng: digits(rng, 12), "Mededeling": ogm, "Communication": ogm, "OGM/VCS": ogm,
    "Référence de paiement": ogm, "Klantnr": lambda rng: digits(rng, 11), "N° client": lambda rng: digits(rng, 11), "Barcode": lambda rng: ean(rng, 13),
    "EAN": lambda rng: ean(rng, 13), "GTIN": lambda rng: ean(rng, 14), "IMEI": lambda rng: v.luhn("35" + digits(rng, 12)),
    "ICCID": lambda rng: v.luhn("8932" + digits(rng, 14)), "ISBN": lambda rng: ean(rng, 13, "978"), "BTW-nummer": lambda rng: "BE" + enterprise(rng),
    "Ondernemingsnummer": enterprise, "N° d'entreprise": lambda rng: dotted(enterprise(rng)), "Timestamp": lambda rng: str(1600000000000 + rng.randrange(10 ** 11)),
    "Tracking": lambda rng: digits(rng, 12), "Bestelnummer": lambda rng: digits(rng, 11), "Meternummer": lambda rng: digits(rng, 12),
    "Serienummer": lambda rng: digits(rng, 11), "Code": dated_counter, "ID": lambda rng: digits(rng, 11), "Volgnummer": dated_counter,
    "Dossier": dated_counter, "Colis": lambda rng: digits(rng, 16), "Code article": lambda rng: digits(rng, 12), "Hash": lambda rng: hexes(rng, 32),
    "Coordonnées": lambda rng: "%.7f %.7f" % (50 + rng.random(), 4 + rng.random()), "Montant": lambda rng: "%d,%02d" % (rng.randrange(10 ** 6), rng.randrange(100)),
}


def one_in_hundred(rng, n):
    """Eleven digits of which about one in a hundred is a right national number."""
    return [v.national_number(rng) if i % 100 == 50 else dated_counter(rng) for i in range(n)]


def table(c, name, head, column, truth=()):
    """A column among others, as rows between delimiters, as a list, as a sheet of its own."""
    out = io.StringIO()
    w = csv.writer(out, delimiter=c.rng.choice(";,\t"), lineterminator="\n")
    w.writerow(["N°", head, "Date", "Statut"])
    for i, value in enumerate(column):
        w.writerow([i + 1, value, date(c.rng), "ok"])
    c.save(name + ".csv", out.getvalue(), list(truth))


def add(c, count):
    rng = c.rng
    for name, make in sorted(lines(rng).items()):
        c.save("nothing-%s.txt" % name.replace(" ", "-"), "\n".join(make(i) for i in range(count)) + "\n", [])
    for head, make in sorted(HEADS.items()):
        column = [make(rng) for _ in range(count)]
        table(c, "nothing-column", head, column)
        out = "\n".join("%d;%s;%s" % (i, x, date(rng)) for i, x in enumerate(column)) + "\n"
        c.save("nothing-bare.csv", out, [])
        c.save("nothing-keys.json", "[%s]" % ",\n".join('{"n": %d, "%s": "%s"}' % (i, head, x) for i, x in enumerate(column)), [])
    for head in ("Numéro de facture", "Nummer", "Code", "", "Référence"):
        table(c, "nothing-hundredth", head, one_in_hundred(rng, count))
    c.save("nothing-hundredth.txt", "\n".join(one_in_hundred(rng, count)) + "\n", [])
    for head in ("Factuurnummer", "Numéro de facture", "Nummer", ""):
        numbers = [v.national_number(rng) if i % 100 == 50 else digits(rng, 11) for i in range(count)]
        table(c, "none-hundredth", head, numbers)
    c.save("none-hundredth.txt", "\n".join(numbers) + "\n", [])
    mobiles = ["324" + rng.choice("6789") + digits(rng, 7) for _ in range(count)]
    for head in ("GSM", "Téléphone", "Contact", "Mobile", "Gsm-nummer"):
        table(c, "mobiles", head, mobiles, [("phone", "+" + m, "compact, " + head) for m in set(mobiles)])
    # nothing names them: whatever they are, they are no national numbers
    for head in ("", "Veld 3"):
        table(c, "nothing-mobiles", head, mobiles)
    c.save("nothing-mobiles.txt", "\n".join(mobiles) + "\n", [])
    numbers = [v.national_number(rng) for _ in range(count)]
    table(c, "all-pass", "Rijksregisternummer", numbers, [("be-nrn", n, "all pass") for n in set(numbers)])
    data = bytes(rng.randrange(256) for _ in range(200000))
    c.save("nothing-bytes.bin", data, [])
    c.save("nothing-png.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x02\0\0\0\xd3\x10?1" + data[:120000], [])
    c.save("nothing-jpeg.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + data[60000:], [])
    c.save("nothing-deflated.dat", zlib.compress(data), [])
