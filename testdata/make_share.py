#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Writes the sample share of an invented public social-welfare centre, and its truth.

    testdata/make_share.py            writes testdata/share/ anew, and beside it
      share.truth.tsv       path, members (joined by |), kind, normalised value, where, as written
      share.lookalikes.tsv  path, what it is, as written: none of these may be reported
      share.outcomes.tsv    path, members, outcome of everything that is not plainly read

Standard library only; the same bytes on every run.  It knows the number formats by itself and
shares no code and no table with the program, so that a mistake cannot hide on both sides.
Every person, account, card, address and company in it is invented; national numbers use the
serials 976 to 998, which are not reached in practice.
"""
import base64
import gzip
import io
import pathlib
import quopri
import random
import shutil
import struct
import sys
import tarfile
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from pdf_by_hand import Pdf  # noqa: E402

ROOT = HERE / "share"
RANDOM = random.Random(20261123)
TRUTH, LOOKALIKES, OUTCOMES = [], [], []


# --- numbers ----------------------------------------------------------------------------------

def national(year, month, day, serial, bis=0):
    base = f"{year % 100:02d}{month + bis:02d}{day:02d}{serial:03d}"
    number = int(base) + (2 * 10 ** 9 if year >= 2000 else 0)
    return base + f"{97 - number % 97:02d}"


def mod97(ten):
    return ten + f"{int(ten) % 97 or 97:02d}"


def iban(bank, account):
    old = mod97(f"{bank:03d}{account:07d}")
    return f"BE{98 - int(old + '111400') % 97:02d}{old}"


def dutch_iban(bank, account):
    text = "".join(str(int(c, 36)) for c in f"{bank}{account:010d}NL00")
    return f"NL{98 - int(text) % 97:02d}{bank}{account:010d}"


def luhn(body):
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10))
                for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def icao(text):
    value = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    return str(sum(value.get(c, 0) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def enterprise(eight):
    return f"{eight}{97 - int(eight) % 97:02d}"


# --- people -----------------------------------------------------------------------------------

class Person:
    def __init__(self, first, last, sex, born, lang, bis=0):
        self.first, self.last, self.sex, self.lang = first, last, sex, lang
        self.year, self.month, self.day = born
        n = len(PEOPLE)
        serial = 977 + n % 11 * 2 if sex == "M" else 976 + n % 11 * 2
        self.nrn = national(*born, serial, bis)
        self.card = mod97(f"{592 + n % 3}{1200345 + 7919 * n:07d}")
        self.iban = iban((1, 63, 143, 290, 310, 732, 850)[n % 7], 1000211 + 54321 * n)
        # 0470-0479: a Belgian mobile number
        self.phone = f"+3247{n % 10}{RANDOM.randrange(100000, 999999)}"
        ascii_name = (first + "." + last).lower()
        for a, b in zip("éèëçïôü '", "eeecIou--".lower()):
            ascii_name = ascii_name.replace(a, b)
        self.email = ascii_name.replace("-", "") + ("@mail.example" if n % 2 else "@example.org")
        self.street = (f"rue du Moulin {n + 3}", f"Kerkstraat {n + 11}", f"Bachstraße {n + 2}")[
            ("fr", "nl", "de").index(lang)]

    @property
    def name(self):
        return f"{self.last.upper()} {self.first}"

    @property
    def born(self):
        return f"{self.day:02d}/{self.month:02d}/{self.year}"


PEOPLE = []
for row in (
        ("Amélie", "Vanbrabant", "F", (1985, 7, 14), "fr"), ("Jean-Luc", "Dethier", "M", (1958, 3, 2), "fr"),
        ("Fatima", "Ouazzani", "F", (1991, 11, 23), "fr"), ("Koen", "Verstraeten", "M", (1974, 1, 30), "nl"),
        ("Liesbeth", "De Wachter", "F", (1969, 9, 5), "nl"), ("Noah", "Vanbrabant", "M", (2013, 4, 18), "fr"),
        ("Zoé", "Vanbrabant", "F", (2016, 12, 1), "fr"), ("Mohamed", "El Idrissi", "M", (1982, 5, 9), "fr", 40),
        ("Oksana", "Kovalenko", "F", (1996, 8, 27), "fr", 40), ("Yonas", "Tesfay", "M", (2001, 2, 11), "nl", 20),
        ("Godelieve", "Peeters", "F", (1934, 6, 20), "nl"), ("Albert", "Lambrechts", "M", (1929, 10, 8), "fr"),
        ("Sofie", "Claeys", "F", (2009, 3, 3), "nl"), ("Wout", "Claeys", "M", (1979, 12, 24), "nl"),
        ("Heike", "Schröder", "F", (1966, 4, 4), "de"), ("Bernard", "Collignon", "M", (1951, 2, 28), "fr"),
        ("Nathalie", "Gérard", "F", (1988, 10, 19), "fr"), ("Dirk", "Maes", "M", (1963, 8, 15), "nl"),
        ("Sarah", "Benhamou", "F", (1999, 1, 7), "fr"), ("Luc", "Delvaux", "M", (1972, 11, 11), "fr"),
        ("Marleen", "Goossens", "F", (1956, 5, 31), "nl"), ("Tom", "Willems", "M", (2004, 2, 29), "nl"),
        ("Chantal", "Piron", "F", (1948, 7, 22), "fr"), ("Günther", "Hoffmann", "M", (1971, 9, 13), "de")):
    PEOPLE.append(Person(*row))
AMELIE, JEANLUC, FATIMA, KOEN, LIESBETH, NOAH, ZOE, MOHAMED, OKSANA, YONAS, GODELIEVE, ALBERT, \
    SOFIE, WOUT, HEIKE, BERNARD, NATHALIE, DIRK, SARAH, LUC, MARLEEN, TOM, CHANTAL, GUENTHER = PEOPLE


class Doc:
    """Notes what is planted in one document while it is being written."""

    def __init__(self, path, *members):
        self.path, self.members = path, members

    def note(self, kind, value, where, written):
        TRUTH.append((self.path, "|".join(self.members), kind, value, where,
                      written.replace("\n", "\\n")))
        return written

    def nrn(self, p, where, form="official"):
        n = p.nrn
        written = {"official": f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:9]}.{n[9:]}",
                   "bare": n, "card": f"{n[:6]} {n[6:9]} {n[9:]}",
                   "spaces": f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:9]} {n[9:]}",
                   "dashes": f"{n[:6]}-{n[6:9]}-{n[9:]}",
                   "slash": f"{n[:2]}/{n[2:4]}/{n[4:6]}-{n[6:9]}.{n[9:]}"}[form]
        return self.note("be-nrn", n, where, written)

    def iban(self, p, where, spaced=True, value=None):
        value = value or p.iban
        written = " ".join(value[i:i + 4] for i in range(0, len(value), 4)) if spaced else value
        return self.note("iban", value, where, written)

    def bban(self, p, where):
        n = p.iban[4:]
        return self.note("be-bban", n, where, f"{n[:3]}-{n[3:10]}-{n[10:]}")

    def card(self, p, where):
        n = p.card
        return self.note("be-eid-card", n, where, f"{n[:3]}-{n[3:10]}-{n[10:]}")

    def phone(self, p, where, form="local"):
        n = p.phone[3:]
        written = {"local": f"0{n[:3]} {n[3:5]} {n[5:7]} {n[7:]}",
                   "slash": f"0{n[:3]}/{n[3:5]}.{n[5:7]}.{n[7:]}",
                   "plus": f"+32 {n[:3]} {n[3:5]} {n[5:7]} {n[7:]}", "bare": p.phone}[form]
        return self.note("phone", p.phone, where, written)

    def email(self, p, where):
        return self.note("email", p.email, where, p.email)

    def payment(self, number, where):
        return self.note("payment-card", number, where,
                         " ".join(number[i:i + 4] for i in range(0, 16, 4)))

    def mrz(self, p, where):
        born = f"{p.year % 100:02d}{p.month:02d}{p.day:02d}"
        expiry = "300115"
        first = f"IDBEL{p.card[:9]}<{p.card[9:]}{icao(p.card)}".ljust(30, "<")
        line2 = born + icao(born) + p.sex + expiry + icao(expiry) + "BEL" + p.nrn
        line2 += icao(first[5:30] + line2[:7] + line2[8:15] + line2[18:29])
        names = f"{p.last}<<{p.first}".upper().replace(" ", "<").replace("-", "<")
        for a, b in (("É", "E"), ("È", "E"), ("Ö", "O"), ("Ü", "U"), ("'", "")):
            names = names.replace(a, b)
        block = first + "\n" + line2 + "\n" + names.ljust(30, "<")[:30]
        self.note("be-nrn", p.nrn, where + ", in the machine readable zone", p.nrn)
        return self.note("mrz", f"BEL|{p.card}|{born}", where, block)

    def looks_like(self, what, written):
        LOOKALIKES.append((self.path, what, written))
        return written


def save(path, data):
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return data


def outcome(path, members, word):
    OUTCOMES.append((path, members, word))


# --- containers -------------------------------------------------------------------------------

def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2024, 3, 4, 9, 30, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            z.writestr(info, data)
    return out.getvalue()


def zip_crypto(name, data, password):
    """One member with traditional PKWARE encryption (APPNOTE 6.1), which zipfile cannot write."""
    table = [0] * 256
    for i in range(256):
        c = i
        for _ in range(8):
            c = (c >> 1) ^ 0xEDB88320 if c & 1 else c >> 1
        table[i] = c
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte):
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 255]

    def encrypt(plain):
        out = bytearray()
        for byte in plain:
            t = (keys[2] | 2) & 0xFFFF
            out.append(byte ^ ((t * (t ^ 1)) >> 8 & 255))
            update(byte)
        return bytes(out)

    for byte in password:
        update(byte)
    crc = zlib.crc32(data)
    body = encrypt(bytes(range(11)) + bytes([crc >> 24])) + encrypt(data)
    raw = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0x4BC0, 0x5864, crc, len(body), len(data),
                         len(raw), 0)
    local = b"PK\3\4" + common + raw + body
    return local, b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, 0) + raw


def zip_of(*pairs):
    out, central = b"", b""
    for local, entry in pairs:
        offset = len(out)
        fixed = bytearray(entry)
        fixed[42:46] = struct.pack("<I", offset)
        out, central = out + local, central + bytes(fixed)
    return out + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(pairs), len(pairs),
                                                   len(central), len(out), 0)


def stored(name, data):
    raw, crc = name.encode(), zlib.crc32(data)
    common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0x4BC0, 0x5864, crc, len(data), len(data),
                         len(raw), 0)
    return (b"PK\3\4" + common + raw + data,
            b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, 0) + raw)


def tar_gz(members):
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1330000000
            t.addfile(info, io.BytesIO(data))
    return gzip.compress(tar.getvalue(), mtime=0)


# --- office -----------------------------------------------------------------------------------

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def package(main, content_type, parts, relations=()):
    types = "".join(f'<Override PartName="/{n}" ContentType="application/vnd.openxmlformats-'
                    f'officedocument.{t}+xml"/>' for n, t, _ in parts)
    rels = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="{main}"/>'
    inner = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{t}" Target="{x}"/>'
                    for i, t, x in relations)
    folder, name = main.split("/")
    return zipped(
        [("[Content_Types].xml", XML + f'<Types xmlns="{PACKAGE}/content-types"><Default Extension='
          f'"rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
          f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'),
         ("_rels/.rels", XML + f'<Relationships xmlns="{PACKAGE}/relationships">{rels}'
          '</Relationships>'),
         (f"{folder}/_rels/{name}.rels", XML + f'<Relationships xmlns="{PACKAGE}/relationships">'
          f'{inner}</Relationships>')] + [(n, XML + body) for n, _, body in parts])


def docx(paragraphs, table=(), cut=True):
    """Each paragraph is cut into several runs, in the middle of words and numbers."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def paragraph(text):
        pieces = [text[i:i + 7] for i in range(0, len(text), 7)] if cut else [text]
        return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{escape(p)}</w:t></w:r>'
                                 for p in pieces) + "</w:p>"

    rows = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in r) + "</w:tr>"
                   for r in table)
    body = "".join(map(paragraph, paragraphs)) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    return package("word/document.xml", "", [
        ("word/document.xml", "wordprocessingml.document.main",
         f"<w:document {w}><w:body>{body}</w:body></w:document>")])


def xlsx(rows):
    """Text goes to the shared strings; int cells are numeric, as Excel stores what it is given."""
    strings, cells = [], ""
    for r, row in enumerate(rows, 1):
        cells += f'<row r="{r}">'
        for c, value in enumerate(row):
            at = f"{chr(65 + c)}{r}"
            if isinstance(value, int):
                cells += f'<c r="{at}"><v>{value}</v></c>'
            else:
                cells += f'<c r="{at}" t="s"><v>{len(strings)}</v></c>'
                strings.append(value)
        cells += "</row>"
    s = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{escape(x)}</t></si>" for x in strings)
    return package("xl/workbook.xml", "", [
        ("xl/workbook.xml", "spreadsheetml.sheet.main",
         f'<workbook {s} xmlns:r="{OFFICE}"><sheets><sheet name="Feuil1" sheetId="1" r:id="s"/>'
         '</sheets></workbook>'),
        ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet",
         f"<worksheet {s}><sheetData>{cells}</sheetData></worksheet>"),
        ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings", f"<sst {s}>{shared}</sst>")],
        [("s", "worksheet", "worksheets/sheet1.xml"), ("t", "sharedStrings", "sharedStrings.xml")])


def pptx(slides):
    a = ('xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p='
         '"http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="' + OFFICE + '"')
    parts = [("ppt/presentation.xml", "presentationml.presentation.main",
              f"<p:presentation {a}><p:sldIdLst>" + "".join(
                  f'<p:sldId id="{256 + i}" r:id="s{i}"/>' for i in range(len(slides)))
              + "</p:sldIdLst></p:presentation>")]
    for i, lines in enumerate(slides, 1):
        text = "".join(f"<a:p><a:r><a:t>{escape(x)}</a:t></a:r></a:p>" for x in lines)
        parts.append((f"ppt/slides/slide{i}.xml", "presentationml.slide",
                      f"<p:sld {a}><p:cSld><p:spTree><p:sp><p:txBody>{text}</p:txBody></p:sp>"
                      "</p:spTree></p:cSld></p:sld>"))
    return package("ppt/presentation.xml", "", parts,
                   [(f"s{i}", "slide", f"slides/slide{i + 1}.xml") for i in range(len(slides))])


def opendocument(kind, body):
    names = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("manifest", "manifest")))
    mime = f"application/vnd.oasis.opendocument.{kind[0]}"
    return zipped([
        ("mimetype", mime),
        ("content.xml", XML + f'<office:document-content {names} office:version="1.2"><office:body>'
         f"<office:{kind[1]}>{body}</office:{kind[1]}></office:body></office:document-content>"),
        ("META-INF/manifest.xml", XML + f'<manifest:manifest {names}><manifest:file-entry '
         f'manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>')])


def odt(lines):
    return opendocument(("text", "text"), "".join(f"<text:p>{escape(x)}</text:p>" for x in lines))


def odp(slides):
    return opendocument(("presentation", "presentation"), "".join(
        "<draw:page><draw:frame><draw:text-box>" + "".join(f"<text:p>{escape(x)}</text:p>"
                                                           for x in s)
        + "</draw:text-box></draw:frame></draw:page>" for s in slides))


def ods(rows):
    return opendocument(("spreadsheet", "spreadsheet"), '<table:table table:name="Blad1">' + "".join(
        "<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p>'
            "</table:table-cell>" for c in r) + "</table:table-row>" for r in rows)
        + "</table:table>")


def png(width, height):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    rows = b"".join(b"\0" + bytes((x * 3 + y * 5) % 256 for x in range(width))
                    for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


# --- mail -------------------------------------------------------------------------------------

def mail(sender, to, subject, parts, date="Tue, 14 Mar 2023 09:12:44 +0100", boundary="=_b1"):
    def word(text):
        return "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="
    head = (f"Return-Path: <{sender[1]}>\r\nFrom: {word(sender[0])} <{sender[1]}>\r\n"
            f"To: {word(to[0])} <{to[1]}>\r\nSubject: {word(subject)}\r\nDate: {date}\r\n"
            f"Message-ID: <{zlib.crc32(subject.encode()):08x}@intern.example>\r\nMIME-Version: 1.0\r\n")
    if len(parts) == 1:
        return head.encode() + parts[0]
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + p + b"\r\n" for p in parts)
    return (head + f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n').encode() + body \
        + b"--" + boundary.encode() + b"--\r\n"


def text_part(text, charset="utf-8", encoding="quoted-printable", kind="plain"):
    raw = text.replace("\n", "\r\n").encode(charset)
    raw = base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    return (f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}"
            "\r\n\r\n").encode() + raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def file_part(name, data, kind="application/octet-stream"):
    return (f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n').encode() \
        + base64.encodebytes(data).replace(b"\n", b"\r\n")


# --- the share --------------------------------------------------------------------------------

SOCIAL, DEBT, STAFF, MONEY = ("Service social/Dossiers", "Dienst schuldbemiddeling", "Personnel",
                              "Comptabilité")
POST, OLD, HOME, IT = "Courrier", "Archives 2012", "Maison de repos", "IT/exports"


def social_files():
    d = Doc(f"{SOCIAL}/2023/Vanbrabant - enquête sociale.docx")
    report = docx([
        "Rapport d'enquête sociale", f"Demandeuse : {AMELIE.name}, née le {AMELIE.born}, {AMELIE.street}, 5000 Namur",
        f"Numéro de registre national : {d.nrn(AMELIE, 'paragraph 3')}",
        f"Enfants à charge : Noah (NISS {d.nrn(NOAH, 'paragraph 4')}) et Zoé (NISS {d.nrn(ZOE, 'paragraph 4', 'spaces')}).",
        f"Tél. : {d.phone(AMELIE, 'paragraph 5')}, courriel {d.email(AMELIE, 'paragraph 5')}",
        "L'intéressée sollicite le revenu d'intégration sociale (DIS) au taux famille à charge. "
        "Dette énergie en cours, suivi psychologique mentionné, certificat médical au dossier.",
        f"Versement sur le compte IBAN {d.iban(AMELIE, 'paragraph 7')}."],
        [["Membre du ménage", "Numéro national"], ["Noah", d.nrn(NOAH, "table row 2")]])
    save(d.path, report)
    # The same file as a forgotten copy, and truncated by a failed transfer.
    copy = f"{OLD}/copie de sauvegarde/Vanbrabant - enquête sociale (copie).docx"
    TRUTH.extend((copy,) + t[1:] for t in list(TRUTH) if t[0] == d.path)
    save(copy, report)
    broken = f"{SOCIAL}/2023/Vanbrabant - enquête sociale.docx.tmp"
    save(broken, report[: len(report) * 2 // 3])
    outcome(broken, "", "damaged")

    d = Doc(f"{SOCIAL}/2023/Ouazzani - décision DIS.pdf")
    pdf = Pdf(info={"Title": f"Décision {FATIMA.name}", "Author": "Service social"})
    pdf.page(["Centre public d'action sociale", "Décision du comité spécial du service social",
              f"Concerne : {FATIMA.name}", f"N° de registre national : {d.nrn(FATIMA, 'page 1')}",
              f"Le montant de 1.288,46 EUR est versé au compte {d.iban(FATIMA, 'page 1')}.",
              "Communication : " + d.looks_like("structured communication", "+++" + slashes("2023000154") + "+++")])
    pdf.page(["Voies de recours", f"Contact : {d.phone(NATHALIE, 'page 2', 'slash')}, {d.email(NATHALIE, 'page 2')}"])
    save(d.path, pdf.write())

    d = Doc(f"{SOCIAL}/2023/El Idrissi - formulaire carte médicale.pdf")
    pdf = Pdf(flate=False)
    pdf.page(["Demande de carte médicale", "Aide médicale urgente", "Numéro bis :", "GSM :"],
             fields=[("niss", "Numéro bis (NISS)", d.nrn(MOHAMED, "page 1, form field")),
                     ("gsm", "GSM", d.phone(MOHAMED, "page 1, form field", "plus"))],
             notes=[("N. Gérard", f"carte d'identité n° {d.card(MOHAMED, 'page 1, note')} à vérifier")],
             links=[f"mailto:{d.email(MOHAMED, 'page 1, link')}"])
    attached = Doc(d.path, "composition de ménage.txt")
    pdf.attach("composition de ménage.txt", (
        f"Composition de ménage\nChef de ménage NISS {attached.nrn(MOHAMED, 'line 2')}\n").encode())
    save(d.path, pdf.write())

    d = Doc(f"{SOCIAL}/2022/Kovalenko - notes.txt")
    save(d.path, (f"Suivi de {OKSANA.name} (Ukraine, protection temporaire)\r\n"
                  f"n° bis : {d.nrn(OKSANA, 'line 2', 'dashes')}\r\nné(e) le {OKSANA.born}\r\n"
                  f"compte en Belgique : {d.iban(OKSANA, 'line 4', False)}\r\n"
                  "hébergement d'urgence à préparer ; état de santé fragile, réfugiée\r\n").encode("cp1252"))
    d = Doc(f"{SOCIAL}/2022/rendez-vous Delvaux.txt")
    save(d.path, (f"Rendez-vous avec {LUC.name}\r\nregistre national {d.nrn(LUC, 'line 2', 'slash')}\r\n"
                  f"téléphone {d.phone(LUC, 'line 3')}\r\nà reçu un colis alimentaire\r\n").encode("utf-16-le"))
    d = Doc(f"{SOCIAL}/2022/Benhamou Sarah {SARAH.nrn}.txt")
    d.note("be-nrn", SARAH.nrn, "name", SARAH.nrn)
    save(d.path, "Dossier transmis au service juridique.\n".encode())
    folder = Doc(f"{SOCIAL}/2021/Willems Tom 04.02.29-{TOM.nrn[6:9]}.{TOM.nrn[9:]}")
    folder.note("be-nrn", TOM.nrn, "folder-name", f"04.02.29-{TOM.nrn[6:9]}.{TOM.nrn[9:]}")
    save(folder.path + "/verslag.txt", b"Huisbezoek uitgevoerd, leefloon toegekend.\n")

    d = Doc(f"{SOCIAL}/Listes/bénéficiaires DIS 2023.xlsx")
    rows = [["Nom", "Prénom", "Numéro national", "Date de naissance", "IBAN", "Téléphone", "Montant"]]
    for i, p in enumerate((JEANLUC, FATIMA, AMELIE, BERNARD, LUC, CHANTAL, NATHALIE), 2):
        number = d.nrn(p, f"cell C{i}", "bare" if i % 2 else "official")
        rows.append([p.last, p.first, int(number) if i % 2 else number, p.born,
                     d.iban(p, f"cell E{i}", i % 3 == 0), d.phone(p, f"cell F{i}"), 1288 + i])
    save(d.path, xlsx(rows))
    copy = f"{SOCIAL}/Listes/bénéficiaires DIS 2023 - Copie.xlsx"
    TRUTH.extend((copy,) + t[1:] for t in list(TRUTH) if t[0] == d.path)
    save(copy, xlsx(rows))

    d = Doc(f"{SOCIAL}/Listes/article 60.csv")
    lines = ["nom;prenom;niss;gsm;email"]
    for i, p in enumerate((MOHAMED, OKSANA, LUC, SARAH), 2):
        lines.append(f"{p.last};{p.first};{d.nrn(p, f'row {i}', 'bare')};{d.phone(p, f'row {i}')};{d.email(p, f'row {i}')}")
    save(d.path, "\r\n".join(lines).encode("cp1252"))

    d = Doc(f"{SOCIAL}/Listes/aide alimentaire.tsv")
    lines = ["Nom\tNuméro de registre national\tAdresse"]
    lines += [f"{p.name}\t{d.nrn(p, f'row {i}')}\t{p.street}" for i, p in enumerate((JEANLUC, CHANTAL, BERNARD), 2)]
    save(d.path, "\n".join(lines).encode("utf-8-sig"))


def slashes(ten):
    n = mod97(ten)
    return f"{n[:3]}/{n[3:7]}/{n[7:]}"


def debt_files():
    d = Doc(f"{DEBT}/dossier De Wachter.odt")
    save(d.path, odt(["Budgetbegeleiding", f"Cliënt: {LIESBETH.name}, {LIESBETH.street}, 9000 Gent",
                      f"Rijksregisternummer: {d.nrn(LIESBETH, 'paragraph 3')}",
                      f"Rekeningnummer: {d.iban(LIESBETH, 'paragraph 4')}",
                      "Collectieve schuldenregeling, beslag op loon, achterstallige huur."]))
    d = Doc(f"{DEBT}/overzicht schulden.ods")
    rows = [["Naam", "Rijksregisternummer", "Rekeningnummer", "Bedrag"]]
    rows += [[p.name, d.nrn(p, f"row {i}"), d.iban(p, f"row {i}"), f"{1000 + 37 * i},50"]
             for i, p in enumerate((KOEN, LIESBETH, DIRK, MARLEEN), 2)]
    save(d.path, ods(rows))
    d = Doc(f"{DEBT}/vergadering.odp")
    save(d.path, odp([["Teamvergadering schuldbemiddeling"],
                      [f"Casus {DIRK.name}", f"INSZ {d.nrn(DIRK, 'page 2', 'card')}"]]))
    d = Doc(f"{DEBT}/brief schuldeiser.html")
    save(d.path, (f"<!DOCTYPE html><html lang=nl><meta charset=utf-8><title>Brief</title><p>Betreft: {KOEN.name}, "
                  f"rijksregisternummer <b>{d.nrn(KOEN, 'line 1')}</b></p><p>Gelieve te storten op "
                  f"{d.iban(KOEN, 'line 1').replace(' ', '&nbsp;')} met mededeling "
                  f"{d.looks_like('structured communication', '***' + slashes('0931234567') + '***')}.</p></html>").encode())
    d = Doc(f"{DEBT}/export.xml")
    body = "".join(f"<client><naam>{p.name}</naam><rijksregisternummer>{d.nrn(p, 'element', 'bare')}</rijksregisternummer>"
                   f"<gsm>{d.phone(p, 'element', 'plus')}</gsm></client>" for p in (KOEN, MARLEEN, WOUT))
    save(d.path, f'<?xml version="1.0" encoding="ISO-8859-1"?><clienten>{body}</clienten>'.encode("latin-1"))
    d = Doc(f"{DEBT}/nota Goossens.txt")
    save(d.path, (f"Cliënte {MARLEEN.name}\nrijksregisternr {d.nrn(MARLEEN, 'line 2', 'spaces')}\n"
                  f"bereikbaar op gsm {d.phone(MARLEEN, 'line 3')} of {d.email(MARLEEN, 'line 3')}\n").encode())


def staff_files():
    d = Doc(f"{STAFF}/liste du personnel.csv")
    lines = ['"Nom","Prénom","Numéro national","Carte d\'identité","IBAN","E-mail"']
    for i, p in enumerate((NATHALIE, DIRK, LIESBETH, HEIKE), 2):
        lines.append(f'"{p.last}","{p.first}","{d.nrn(p, f"row {i}")}","{d.card(p, f"row {i}")}","{d.iban(p, f"row {i}")}","{d.email(p, f"row {i}")}"')
    save(d.path, "\n".join(lines).encode())
    d = Doc(f"{STAFF}/copies CI/lecture carte Gérard.txt")
    save(d.path, (f"Lecture de la carte\n\n{d.mrz(NATHALIE, 'line 3')}\n").encode())
    d = Doc(f"{STAFF}/copies CI/scan carte Maes.png")
    save(d.path, png(320, 200))
    outcome(d.path, "", "partial")
    d = Doc(f"{STAFF}/copies CI/scan permis.pdf")
    pdf = Pdf()
    pdf.page([], picture=(zlib.compress(bytes((x * 7) % 256 for x in range(120 * 170 * 3))), 120, 170, b"FlateDecode"))
    save(d.path, pdf.write())
    outcome(d.path, "", "partial")
    d = Doc(f"{STAFF}/Arbeitsvertrag Schröder.docx")
    save(d.path, docx(["Arbeitsvertrag", f"Zwischen dem ÖSHZ und Frau {HEIKE.name}, {HEIKE.street}, 4700 Eupen",
                       f"Nationalregisternummer: {d.nrn(HEIKE, 'paragraph 3')}",
                       f"Bankverbindung: {d.iban(HEIKE, 'paragraph 4')}",
                       f"Telefon: {d.phone(HEIKE, 'paragraph 5', 'plus')}"]))
    d = Doc(f"{STAFF}/fiche de paie 2023-05 (protégée).pdf")
    pdf = Pdf(password="paie2023")
    pdf.page([f"{DIRK.name} {DIRK.nrn}"])
    save(d.path, pdf.write())
    outcome(d.path, "", "encrypted")
    d = Doc(f"{STAFF}/accueil nouveaux collègues.pptx")
    save(d.path, pptx([["Bienvenue au CPAS"],
                       ["Votre référente", f"{NATHALIE.first} : {d.phone(NATHALIE, 'slide 2')}", d.email(NATHALIE, "slide 2")]]))
    d = Doc(f"{STAFF}/badges.json")
    save(d.path, ('{"badges": [' + ", ".join(
        f'{{"nom": "{p.name}", "numero_national": "{d.nrn(p, "object", "bare")}", "badge": {40100 + i}}}'
        for i, p in enumerate((NATHALIE, DIRK, HEIKE))) + "]}\n").encode())


def money_files():
    d = Doc(f"{MONEY}/factures 2023.csv")
    lines = ["facture;date;fournisseur;numéro d'entreprise;TVA;communication;montant"]
    for i in range(12):
        number = enterprise(f"04{31 + i}7{200 + 7 * i}")
        dotted = f"{number[:4]}.{number[4:7]}.{number[7:]}"
        reference = "+++" + slashes(f"{900100000 + 7717 * i:010d}") + "+++"
        lines.append(f"F2023-{i + 1:05d};{i + 1:02d}/05/2023;Fournisseur {i + 1};{d.looks_like('enterprise number', dotted)};"
                     f"{d.looks_like('VAT number', 'BE' + number)};{d.looks_like('structured communication', reference)};{120 + 13 * i},00")
    save(d.path, "\r\n".join(lines).encode("cp1252"))
    d = Doc(f"{MONEY}/paiements mai.xlsx")
    rows = [["Bénéficiaire", "Compte IBAN", "Montant", "Facture"]]
    for i, p in enumerate((JEANLUC, CHANTAL, GUENTHER, BERNARD), 2):
        rows.append([p.name, d.iban(p, f"cell B{i}", False), 100 * i, 20230500000 + i])
        d.looks_like("invoice number", str(20230500000 + i))
    save(d.path, xlsx(rows))
    d = Doc(f"{MONEY}/note de frais.txt")
    card = luhn("453998" + "120345678")
    save(d.path, (f"Note de frais de {LUC.name}\nPayé par carte Visa {d.payment(card, 'line 2')} exp. 09/27\n"
                  f"À rembourser sur {d.iban(LUC, 'line 3')}\n").encode())
    d = Doc(f"{MONEY}/fournisseur NL.txt")
    value = dutch_iban("RABO", 123456701)
    save(d.path, f"Leverancier in Nederland, rekening {d.iban(None, 'line 1', True, value)}\n".encode())
    save(f"{MONEY}/nouveau dossier.xlsx", b"")
    outcome(f"{MONEY}/nouveau dossier.xlsx", "", "read")
    d = Doc(f"{MONEY}/journal import.log")
    save(d.path, ("".join(f"2023-05-{i + 1:02d} 08:30:{i:02d} import lot {d.looks_like('timestamp', str(1683000000000 + 86400123 * i))}"
                          f" fichier {d.looks_like('timestamp', f'202305{i + 1:02d}0830{i:02d}')} ok\n" for i in range(9))).encode())


def post_files():
    office = ("Service social", "service.social@cpas.example")
    d = Doc(f"{POST}/demande logement.eml")
    d.note("email", office[1], "message 1", office[1])
    body = (f"Madame, Monsieur,\n\nje cherche un logement social. Mon numéro national est {d.nrn(JEANLUC, 'message 1')}\n"
            f"et mon numéro de téléphone {d.phone(JEANLUC, 'message 1')}.\n\n{JEANLUC.first}\n")
    save(d.path, mail((JEANLUC.name, d.email(JEANLUC, "message 1")), office, "Demande de logement", [text_part(body, "iso-8859-15")]))

    d = Doc(f"{POST}/aanvraag leefloon.eml")
    d.note("email", office[1], "message 1", office[1])
    inside = Doc(d.path, "gegevens.csv")
    table = f"naam;rijksregisternummer;rekening\r\n{TOM.name};{inside.nrn(TOM, 'row 2', 'bare')};{inside.iban(TOM, 'row 2', False)}\r\n"
    page = Doc(d.path, "body.html")
    html = (f"<html><body><p>Geachte, in bijlage mijn gegevens.</p><p>Mijn rijksregisternummer is {page.nrn(TOM, 'line 1')}</p></body></html>")
    save(d.path, mail((TOM.name, d.email(TOM, "message 1")), office, "Aanvraag leefloon", [
        text_part(html, "utf-8", "base64", "html"), file_part("gegevens.csv", table.encode(), "text/csv")]))

    d = Doc(f"{POST}/TR dossier Piron.eml")
    outer, inner = Doc(d.path), Doc(d.path, "message.eml")
    text = text_part(f"Mon numéro de registre national : {inner.nrn(CHANTAL, 'message 1')}\n", "utf-8", "base64")
    original = mail((CHANTAL.name, inner.email(CHANTAL, "message 1")), office, "Mon dossier", [text])
    inner.note("email", office[1], "message 1", office[1])
    outer.note("email", office[1], "message 1", office[1])
    save(d.path, mail(office, (NATHALIE.name, outer.email(NATHALIE, "message 1")), "TR: Mon dossier", [
        text_part("Pour suite utile.\n"), b"Content-Type: message/rfc822\r\n\r\n" + original], boundary="=_b2"))

    d = Doc(f"{POST}/Archives/boîte accueil.mbox")
    box = b""
    for i, p in enumerate((BERNARD, LUC, MARLEEN, GUENTHER), 1):
        parts = [text_part(f"Bonjour,\n\nmon NISS : {d.nrn(p, f'message {i}')}\nFrom time to time...\n")]
        if p is LUC:
            a = Doc(d.path, f"{i}/releve.txt")
            parts.append(file_part("releve.txt", f"Relevé du compte {a.iban(p, 'line 1')}\n".encode(), "text/plain"))
        box += b"From " + d.email(p, f"message {i}").encode() + b" Tue Mar 14 09:12:44 2023\n"
        box += mail((p.name, p.email), office, f"Question {i}", parts).replace(b"\r\n", b"\n") + b"\n"
    d.note("email", office[1], "message 1", office[1])
    save(d.path, box)

    d = Doc(f"{POST}/Maildir/cur/1678780000.M1P2.cpas:2,S")
    d.note("email", office[1], "message 1", office[1])
    save(d.path, mail((FATIMA.name, d.email(FATIMA, "message 1")), office, "Absence", [
        text_part(f"Je serai absente. Mon gsm : {d.phone(FATIMA, 'message 1', 'slash')}\n")]))


def old_files():
    d = Doc(f"{OLD}/MEDIAT.TXT")
    save(d.path, (f"Médiation de dettes - dossier archivé\r\n{ALBERT.name}, né à Liège le {ALBERT.born}\r\n"
                  f"no national {d.nrn(ALBERT, 'line 3', 'card')}\r\nancien compte bancaire {d.bban(ALBERT, 'line 4')}\r\n"
                  "pension minimum, décédé, échéancier apuré\r\n").encode("cp850"))
    d = Doc(f"{OLD}/dossiers 2012.zip")
    one, two = Doc(d.path, "2012/aide Peeters.txt"), Doc(d.path, "2012/interne.zip", "liste.csv")
    letter = f"Steunaanvraag\nrijksregisternummer {one.nrn(GODELIEVE, 'line 2')}\ntel. {one.phone(GODELIEVE, 'line 3')}\n"
    table = "nom;numéro national\r\n" + "".join(f"{p.last};{two.nrn(p, f'row {i}', 'bare')}\r\n"
                                                for i, p in enumerate((JEANLUC, ALBERT, CHANTAL), 2))
    named = Doc(d.path, f"2012/{CHANTAL.nrn} Piron.txt")
    named.note("be-nrn", CHANTAL.nrn, "name", CHANTAL.nrn)
    save(d.path, zipped([("2012/aide Peeters.txt", letter), ("2012/interne.zip", zipped([("liste.csv", table.encode())])),
                         (f"2012/{CHANTAL.nrn} Piron.txt", "Dossier clôturé.\n")]))
    d = Doc(f"{OLD}/paie.tar.gz")
    one = Doc(d.path, "paie/2012-01.csv")
    save(d.path, tar_gz([("paie/2012-01.csv", ("nom;registre national;iban\n" + "".join(
        f"{p.last};{one.nrn(p, f'row {i}')};{one.iban(p, f'row {i}')}\n" for i, p in enumerate((DIRK, LIESBETH), 2))).encode()),
        ("paie/lisez-moi.txt", b"Export de la paie, janvier 2012.\n")]))
    d = Doc(f"{OLD}/population.csv.gz", "*")
    save(d.path, gzip.compress(("NOM;NISS\n" + "".join(f"{p.name};{d.nrn(p, f'row {i}', 'bare')}\n"
                               for i, p in enumerate((BERNARD, LUC, KOEN), 2))).encode("latin-1"), mtime=0))
    locked = f"{OLD}/confidentiel.zip"
    open_one = Doc(locked, "index.txt")
    save(locked, zip_of(stored("index.txt", f"Index : dossier de Mme Benhamou, NISS {open_one.nrn(SARAH, 'line 1')}\n".encode()),
                        zip_crypto("rapport.txt", f"Rapport {SARAH.nrn}\n".encode(), b"secret")))
    outcome(locked, "rapport.txt", "encrypted")
    outcome(locked, "", "partial")
    d = Doc(f"{OLD}/LOGICIEL.DAT")
    filler = bytes(RANDOM.randrange(256) if i % 3 else 0 for i in range(3000))
    save(d.path, b"\x7fDAT\0\1" + filler + b"\0\0Registre national: " + d.nrn(ALBERT, "byte").encode() + b"\0\0" + filler)
    outcome(d.path, "", "partial")


def home_files():
    d = Doc(f"{HOME}/résidents.ods")
    rows = [["Nom", "NISS", "Chambre", "Mutuelle", "Personne de contact (tél.)"]]
    rows += [[p.name, d.nrn(p, f"row {i}"), f"{100 + i}", "Mutualité", d.phone(c, f"row {i}")]
             for i, (p, c) in enumerate(((ALBERT, LUC), (GODELIEVE, DIRK), (CHANTAL, NATHALIE)), 2)]
    save(d.path, ods(rows))
    d = Doc(f"{HOME}/Soins/dossier de soins Lambrechts.docx")
    save(d.path, docx(["Dossier de soins", f"Résident : {ALBERT.name}, NISS {d.nrn(ALBERT, 'paragraph 2')}",
                       "Diagnostic : démence débutante, diabète de type 2. Traitement : insuline, échelle de Katz C.",
                       f"Médecin traitant joignable au {d.phone(BERNARD, 'paragraph 4')}"]))
    d = Doc(f"{HOME}/Soins/medicatie Peeters.txt")
    save(d.path, (f"Bewoner: {GODELIEVE.name}\nINSZ: {d.nrn(GODELIEVE, 'line 2')}\n"
                  "Medicatie: antidepressivum, bloedverdunner; palliatieve zorg besproken\n").encode())
    d = Doc(f"{HOME}/facturation.csv")
    lines = ["resident,niss,iban,communication"]
    for i, p in enumerate((ALBERT, GODELIEVE, CHANTAL), 2):
        reference = "+++" + slashes(f"{555000100 + 911 * i:010d}") + "+++"
        lines.append(f"{p.name},{d.nrn(p, f'row {i}')},{d.iban(p, f'row {i}', False)},{d.looks_like('structured communication', reference)}")
    save(d.path, "\n".join(lines).encode())
    save(f"{HOME}/menus de la semaine.txt", "Lundi : potage, vol-au-vent, fruit\nMardi : stoemp, saucisse, yaourt\n".encode())


def it_files():
    d = Doc(f"{IT}/dump clients.sql")
    values = ",\n".join(f"({i}, '{p.last.replace(chr(39), chr(39) * 2)}', '{d.nrn(p, f'line {i + 5}', 'bare')}', '{d.email(p, f'line {i + 5}')}', '{d.phone(p, f'line {i + 5}', 'bare')}')"
                        for i, p in enumerate((AMELIE, JEANLUC, KOEN, SOFIE, WOUT, YONAS, GUENTHER), 1))
    save(d.path, ("-- dump\nCREATE TABLE clients (id INT, nom VARCHAR(80), numero_national CHAR(11),\n  email VARCHAR(80), telephone VARCHAR(20));\n"
                  f"INSERT INTO clients (id, nom, numero_national, email, telephone) VALUES\n\n{values};\n").encode())
    d = Doc(f"{IT}/evenements.jsonl")
    save(d.path, "".join(f'{{"ts": {d.looks_like("timestamp", str(1684000000000 + 977 * i))}, "user": "{d.email(p, f"line {i}")}", "inszNumber": "{d.nrn(p, f"line {i}", "bare")}"}}\n'
                         for i, p in enumerate((SOFIE, WOUT, YONAS), 1)).encode())
    d = Doc(f"{IT}/inventaire matériel.csv")
    save(d.path, ("appareil;série;EAN;IMEI\r\n" + "".join(
        f"Poste {i};SN-{48211 + i};{d.looks_like('article number', ean(f'541{2000000 + i * 77:07d}00'))};{d.looks_like('IMEI', luhn(f'35693803564{380 + i}'))}\r\n"
        for i in range(1, 7))).encode("cp1252"))
    save(f"{IT}/config.ini", b"[serveur]\nport=8443\nversion=4.12.20230514\nuuid=7d444840-9dc0-11d1-b245-5ffdce74fad2\n")
    d = Doc(f"{IT}/utilisateurs.html")
    save(d.path, ("<html><head><meta charset='iso-8859-1'></head><table><tr><th>Nom</th><th>Numéro national</th><th>Courriel</th></tr>"
                  + "".join(f"<tr><td>{p.name}</td><td>{d.nrn(p, f'row {i}', 'bare')}</td><td>{d.email(p, f'row {i}')}</td></tr>"
                            for i, p in enumerate((NATHALIE, HEIKE, DIRK), 2)) + "</table></html>").encode("latin-1"))
    d = Doc(f"{IT}/kinderen opvang.csv")
    save(d.path, ("naam;voornaam;rijksregisternummer;geboortedatum\n" + "".join(
        f"{p.last};{p.first};{d.nrn(p, f'row {i}')};{p.born}\n" for i, p in enumerate((SOFIE, NOAH, ZOE), 2))).encode("utf-16-le"))


def ean(twelve):
    total = sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(twelve))
    return twelve + str(-total % 10)


def table(name, head, rows):
    lines = ["\t".join(head)] + ["\t".join(r) for r in sorted(set(rows))]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    for part in (social_files, debt_files, staff_files, money_files, post_files, old_files,
                 home_files, it_files):
        part()
    table("share.truth.tsv", ("path", "members", "kind", "value", "where", "written"), TRUTH)
    table("share.lookalikes.tsv", ("path", "what", "written"), LOOKALIKES)
    table("share.outcomes.tsv", ("path", "members", "outcome"), OUTCOMES)


if __name__ == "__main__":
    main()
