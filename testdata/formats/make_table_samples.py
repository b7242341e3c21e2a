#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Dumps, fixed-width exports, certificates and card files for the tests of their readers.

    make_table_samples.py            writes beside itself

Invented persons with national numbers of serials 976 to 998.  Certificates are made with the openssl
program; their keys are thrown away, so each run makes other signatures (and only those)."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def nrn(birth, serial):
    """YYYYMMDD, serial -> 11 digits (modulus 97; a 2 before the digits from 2000 on)."""
    nine = birth[2:] + "%03d" % serial
    base = ("2" if birth >= "20000101" else "") + nine
    return nine + "%02d" % (97 - int(base) % 97)


def write(folder, name, content):
    path = os.path.join(HERE, folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())


PEOPLE = [
    ("Lefèvre", "Anne", nrn("19850730", 977), "1985-07-30", "Rue Haute 12", "1000", "Bruxelles"),
    ("D'Hondt", "Jan", nrn("19620101", 981), "1962-01-01", "Kerkstraat 5, bus 2", "9000", "Gent"),
    ("Müller", "Greta", nrn("20040229", 978), "2004-02-29", "Hauptstraße 8", "4700", "Eupen"),
]


def sql():
    def my(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"

    def std(text):
        return "'" + text.replace("'", "''") + "'"

    create = ("CREATE TABLE `clients` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n  `nom` varchar(50) DEFAULT 'a,b(',\n"
              "  `prenom` varchar(50),\n  `niss` char(11) COMMENT 'numéro',\n  `naissance` date,\n  `rue` text,\n"
              "  PRIMARY KEY (`id`),\n  KEY `k` (`nom`,`prenom`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n")
    rows = ["(%d,%s,%s,%s,%s,%s)" % (i + 1, my(p[0]), my(p[1]), my(p[2]), my(p[3]), my(p[4] + "\n" + p[6]))
            for i, p in enumerate(PEOPLE)]
    write("sql", "mysqldump.sql",
          "-- MySQL dump 10.13  Distrib 8.0.36\n/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `clients`;\n" + create +
          "LOCK TABLES `clients` WRITE;\nINSERT INTO `clients` VALUES " + ",".join(rows) + ";\nINSERT INTO `clients` VALUES "
          "(4,NULL,'C:\\\\',_binary 'a\\'b',NULL,0x" + "Rue Cachée 3".encode().hex() + "),(5,'','',X'00FF',-1.5e3,\"two \"\" three\");\n"
          "UNLOCK TABLES;\n-- Dump completed: " + nrn("19910505", 979) + "\n")
    write("sql", "postgres.sql",
          "--\n-- PostgreSQL database dump\n--\n\\restrict abc\n\nSET standard_conforming_strings = on;\n\n"
          "CREATE FUNCTION public.f() RETURNS trigger AS $body$\nBEGIN\n  old.x := 1; x; y; z;\n  RETURN NEW;\nEND;\n$body$ LANGUAGE plpgsql;\n\n"
          "CREATE TABLE public.personen (\n    id integer NOT NULL,\n    naam text,\n    rijksregisternummer character(11)\n);\n\n"
          "COPY public.personen (id, naam, rijksregisternummer, \"Memo\") FROM stdin;\n" +
          "".join("%d\t%s\t%s\t%s\n" % (i, p[0] + "\\t" + p[1], p[2], "line one\\nC:\\\\temp") for i, p in enumerate(PEOPLE)) +
          "9\t\\N\t\\N\t\n\\.\n\nSELECT pg_catalog.setval('public.s', 9, true);\n\nINSERT INTO public.personen VALUES (10, 'C:\\', '" +
          nrn("19700707", 983) + "'::bpchar);\nINSERT INTO public.personen (id, naam) VALUES (11, E'it\\'s');\n")
    write("sql", "sqlserver.sql",
          ("USE [hr]\r\nGO\r\n/****** Object:  Table [dbo].[Agent] ******/\r\nSET ANSI_NULLS ON\r\nGO\r\nCREATE TABLE [dbo].[Agent](\r\n"
           "\t[Id] [int] IDENTITY(1,1) NOT NULL,\r\n\t[Naam] [nvarchar](50) NULL,\r\n PRIMARY KEY CLUSTERED ([Id] ASC)\r\n) ON [PRIMARY]\r\n"
           "GO\r\nSET IDENTITY_INSERT [dbo].[Agent] ON \r\n\r\n" +
           "".join("INSERT [dbo].[Agent] ([Id], [Naam], [INSZ], [Geboren], [Loon]) VALUES (%d, N%s, N'%s', CAST(N'%sT00:00:00.000' AS "
                   "DateTime), CAST(1234.50 AS Decimal(18, 2)))\r\n%s" % (i, std(p[0]), p[2], p[3], "GO\r\n" if i == 1 else "")
                   for i, p in enumerate(PEOPLE)) +
           "SET IDENTITY_INSERT [dbo].[Agent] OFF\r\nGO\r\n").encode("utf-16"))
    write("sql", "sqlite.sql",
          "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE contact(id INTEGER PRIMARY KEY, \"full name\" TEXT, nrn TEXT, CHECK (id > 0));\n" +
          "".join("INSERT INTO contact VALUES(%d,%s,'%s');\n" % (i, std(p[1] + " " + p[0] + "\nsecond line; (x)"), p[2])
                  for i, p in enumerate(PEOPLE)) + "INSERT INTO \"other\" VALUES(1);\n"
          "INSERT INTO contact VALUES(9,replace(replace('one\\ntwo','\\n',char(10)),'\\r',char(13)),'%s');\nCOMMIT;\n" % nrn("19771231", 985))
    write("sql", "oracle.sql",
          "REM INSERTING into HR.EMP\nSET DEFINE OFF;\n" +
          "".join("Insert into HR.EMP (EMPNO,ENAME,NRN,HIRED) values (%d,%s,'%s',to_date('%s','YYYY-MM-DD'));\n" %
                  (i, std(p[0]), p[2], p[3]) for i, p in enumerate(PEOPLE)))
    write("sql", "broken-quote.sql",
          "INSERT INTO t (a, b) VALUES (1, 'never closed);\nINSERT INTO t (a, b) VALUES (2, 'fine');\n"
          "INSERT INTO t (a, b) VALUES (3, 'short';\n-- remark " + PEOPLE[0][2] + "\nINSERT INTO t (a, b) VALUES (4, 'ok'), -- why\n"
          "/* also\nthis */ (5, 'last');\nINSERT INTO t SELECT * FROM u;\nINSERT INTO t (a, b) VALUES (6, 'cut")
    write("sql", "two-tables.sql",
          "CREATE TABLE a (x int, nom text);\nCREATE TABLE IF NOT EXISTS s.b (y int, email text);\n"
          "INSERT INTO a VALUES (1,'un');INSERT INTO b VALUES (2,'deux@example.org');\nREPLACE INTO a VALUES (3,'trois')\n"
          "ON DUPLICATE KEY UPDATE x = 3;\nINSERT INTO a VALUES (4,'quatre');\nUPDATE a SET nom = 'cinq' WHERE x = 4;\n")
    write("text", "mentions-insert.txt",
          "Use the following statement:\nINSERT INTO t VALUES (1, 'x');\nThen restart the server; the rest is the same as before.\n")
    write("text", "one-insert.c",
          "/* Writes a row. */\n#include <sql.h>\n\nint add(void)\n{\n    return run(\"\\\nINSERT INTO t VALUES (1, 'x');\\\n\");\n}\n")


def records():
    """Tables and records in CSV, XML, HTML and JSON."""
    head = "Nom;Prénom;Numéro national;Date de naissance;Rue;CP;Ville"
    rows = "\n".join(";".join(p) for p in PEOPLE) + "\n"
    write("csv", "titles.csv", "CPAS de Namur\nListe des bénéficiaires au 12/05/2024\n\n" + head + "\n" + rows)
    write("csv", "amounts.txt", "Nom;a;b;c;d;e\n" + "".join("%s;1,5;2,25;100,50;3,0;7,5\n" % p[0] for p in PEOPLE * 3))
    write("csv", "line-feeds.csv", head + "\n" + "\n".join(
        ";".join('"%s"' % x.replace(" ", "\n", 1) for x in p) for p in PEOPLE) + "\n")
    write("xml", "phones.xml", "<?xml version='1.0'?><r><p><nom>A</nom><tel>1</tel><tel>2</tel></p><p><nom>B</nom><tel>3</tel></p><q/></r>")
    write("xml", "deeper.xml", "<?xml version='1.0'?>\n<export><meta date='2024'/><personnes>" + "".join(
        "<personne niss='%s'><nom>%s</nom></personne>" % (p[2], p[0].replace("'", "&apos;")) for p in PEOPLE) + "</personnes></export>\n")
    write("xml", "excel-2003.xml",
          '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
          'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n <Worksheet ss:Name="Feuil1">\n  <Table>\n   <Column ss:Width="80"/>\n'
          '   <Row>\n    <Cell><Data ss:Type="String">Nom</Data></Cell>\n    <Cell><Data ss:Type="String">NISS</Data></Cell>\n   </Row>\n'
          '   <Row><Cell><Data ss:Type="String"><B>An</B>ne</Data></Cell><Cell><Data ss:Type="Number">%s</Data></Cell></Row>\n'
          '   <Row ss:Index="4"><Cell ss:Index="3" ss:MergeAcross="2"><Data ss:Type="String">far</Data></Cell>'
          '<Cell ss:HRef="mailto:anne@example.org"><Data ss:Type="String">mail</Data>'
          '<Comment ss:Author="Author"><ss:Data>remark</ss:Data></Comment></Cell></Row>\n  </Table>\n </Worksheet>\n</Workbook>\n' % PEOPLE[0][2])
    write("html", "rowspan.html",
          "<meta charset=utf-8><table><thead><tr><th>Nom</th><th>Prénom</th><th>NISS</th></tr></thead><tr><td rowspan=2>Lefèvre</td><td>Anne</td><td>%s</td></tr>"
          "<tr><td>Jan</td><td>%s</td></tr><tr><td colspan=2 rowspan=2>D</td><td>x</td></tr><tr><td>y</td></tr></table>" % (PEOPLE[0][2], PEOPLE[1][2]))
    write("html", "terms.html", "<html><dl><dt>Nom</dt>\n<dd>Dupont</dd><dt>NISS :</dt><dd>%s</dd></dl><dl><dt>Alone</dt>no value<dt>Two</dt>"
          "<dt>Last</dt><dd>one</dd><dd>two</dd></dl></html>\n" % PEOPLE[0][2])


def listings():
    """Columns by position."""
    import random

    draw = random.Random(2)
    names = ["Lefèvre", "D'Hondt", "Müller", "Van den Broeck", "Peeters", "Wauters", "Noël", "Claes", "Janssens", "Dumont", "Maes", "Leroy"]
    firsts = ["Anne", "Jan", "Greta", "Marie-Claire", "Tom", "Els", "Luc", "Pol", "Ria", "Zoé", "Wim", "Ève"]
    persons = [(n, f, nrn("19%02d%02d%02d" % (draw.randrange(40, 99), draw.randrange(1, 13), draw.randrange(1, 29)), draw.randrange(976, 999)))
               for n, f in zip(names, firsts)]
    rows = ["%-20s%-14s%-11s  %8.2f" % (n, f, x, 1000 + 31 * i) for i, (n, f, x) in enumerate(persons)]
    write("fixed_width", "listing.txt", "Liste du personnel au 01/02/2024\n\n" + "%-20s%-14s%-11s  %8s\n" % ("Nom", "Prénom", "NISS", "Montant") +
          "-" * 20 + "\n" + "\n".join(rows) + "\n")
    write("fixed_width", "latin1.txt", ("\r\n".join(rows) + "\r\n").encode("cp1252"))
    write("fixed_width", "one-blank.txt", "NISS        NAAM                 IBAN                 \n" + "".join(
        "%s %-20s BE68 5390 0754 7034 \n" % (x, n) for n, f, x in persons))
    write("fixed_width", "wide-heading.txt", "%-28s  %s  %-30s\n" % ("Nom de famille du demandeur", "Montant en euros", "Numéro de registre national") +
          "".join("%-28s  %16s  %-30s\n" % (n[:9], "%.2f" % (31 * i), x) for i, (n, f, x) in enumerate(persons)))
    write("fixed_width", "breaches.txt", "\n".join(rows * 26) + "\n" * 2 + "Remarque : le dossier " + persons[0][2] + " est clos depuis le premier janvier de cette année.\n" +
          "".join("%s\n" % r for r in rows[:2]) + "".join("A line of text that goes on and on and keeps to nothing at all, number %d.\n" % i for i in range(12)))
    write("text", "aligned-form.txt", "".join("%-28s: %s\n" % (label, value) for label, value in (
        ("Nom", "Lefèvre"), ("Prénom", "Anne"), ("NISS", PEOPLE[0][2]), ("Rue", "Rue Haute 12"), ("Code postal", "1000"), ("Ville", "Bruxelles"),
        ("Téléphone", "02 000 00 00"), ("État civil", "célibataire"), ("Nationalité", "belge"), ("Remarque", "aucune"), ("Agent", "12"))))
    write("text", "log.txt", "".join("2024-02-%02d 10:%02d:00 INFO  service  request %d done in %d ms\n" % (i + 1, i, 4000 + i, 17 * i) for i in range(20)))
    write("text", "aligned-iban.txt", "".join("BE68 5390 0754 7034  %s\n" % n for n in names))


def cards():
    """What the eID viewer saves, and the card's own files."""
    import base64
    import random

    def tlv(tag, value):
        value = value.encode() if isinstance(value, str) else value
        length, n = [], len(value)
        length.insert(0, n & 0x7F)
        while n > 0x7F:
            n >>= 7
            length.insert(0, 0x80 | n & 0x7F)
        return bytes([tag, *length]) + value

    photo = bytes(random.Random(1).randrange(256) for _ in range(900))
    p = PEOPLE[0]
    identity = b"".join(tlv(t, v) for t, v in enumerate((
        "\x02", "590330101085", photo[:16], "01.02.2020", "01.02.2030", "Bruxelles", p[2], p[0].upper(), p[1] + " Marie", "J", "belge",
        "Liège", "30 JUIL 1985", "F", "", "1", "1", photo[:32], "00")))
    address = tlv(1, p[4]) + tlv(2, p[5]) + tlv(3, p[6])
    write("eid_file", "identity.bin", identity)
    write("eid_file", "address.bin", address)
    write("eid_file", "v3.eid", tlv(0, b"\x01") + tlv(1, identity) + tlv(2, photo[:128]) + tlv(3, address) + tlv(5, photo))
    write("eid_file", "quickkeys.xml", "<?xml version='1.0'?>\n<BelPicDirectory><identityFile>%s</identityFile><addressFile>%s</addressFile>"
          "<photofile>%s</photofile></BelPicDirectory>\n" % tuple(base64.encodebytes(x).decode() for x in (identity, address, photo)))
    fields = [""] * 54
    for at, value in ((0, "eid"), (1, "1"), (3, "1"), (4, p[1]), (5, p[0]), (6, "F"), (7, "30.07.1985"), (8, "Liège"), (10, "belge"), (11, p[2]),
                      (16, "590330101085"), (17, "53"), (18, "01.02.2020"), (19, "01.02.2030"), (20, "Bruxelles"), (22, p[4]), (23, p[5]),
                      (24, p[6]), (26, "remark here"), (30, base64.b64encode(photo).decode())):
        fields[at] = value
    write("eid_file", "v3.csv", (";".join(fields) + "\r\n").encode("cp1252"))
    write("eid_file", "v4.eid", '<?xml version="1.0" encoding="UTF-8"?>\n<eid version="4.2" graphpersoversion="01"><identity nationalnumber="%s" '
          'dateofbirth="19850730" gender="female" noblecondition="" specialstatus="WHITE_CANE" duplicate="00" '
          'dateandcountryofprotection="01.01.2019SY"><name>%s</name><firstname>%s</firstname><middlenames>J</middlenames><nationality>belge'
          '</nationality><placeofbirth>Liège</placeofbirth><photo>%s</photo></identity><card documenttype="belgian_citizen" '
          'cardnumber="590330101085" chipnumber="534C49" validitydatebegin="20200201" validitydateend="20300201"><deliverymunicipality>Bruxelles'
          '</deliverymunicipality></card><address><streetandnumber>%s</streetandnumber><zip>%s</zip><municipality>%s</municipality></address>'
          '<certificates><rrn>%s</rrn></certificates></eid>' % (p[2], p[0], p[1], base64.b64encode(photo).decode(), *p[4:], base64.b64encode(photo).decode()))
    write("eid_file", "v4-no-status.eid", '<eid version="4.0"><identity nationalnumber="%s" dateofbirth="19620101" gender="male" '
          'specialstatus="NO_STATUS"><name>D\'Hondt</name><firstname>Jan</firstname></identity></eid>' % PEOPLE[1][2])
    write("eid_file", "v3.xml", '<?xml version="1.0"?>\n<beid_card><biographic><national_nr>%s</national_nr><surname>%s</surname><first_names>%s'
          '</first_names><date_of_birth>30.07.1985</date_of_birth><special_status>2</special_status></biographic><biometric><picture>%s</picture>'
          '</biometric><cryptographic><logical_nr>590330101085</logical_nr></cryptographic><address><street>%s</street><zip>%s</zip><town>%s</town>'
          '</address></beid_card>' % (p[2], p[0], p[1], base64.b64encode(photo).decode(), *p[4:]))


def certificates():
    """Of two invented card holders.  Not made by default: each run has other keys."""
    import subprocess
    import tempfile

    def run(*args, data=None):
        return subprocess.run(["openssl", *args], input=data, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    folder = "certificate"
    with tempfile.TemporaryDirectory() as tmp:
        def at(name):
            return os.path.join(tmp, name)

        def read(name):
            with open(at(name), "rb") as f:
                return f.read()

        def key(name):
            run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", at(name))

        key("ca.key")
        run("req", "-x509", "-new", "-key", at("ca.key"), "-utf8", "-days", "3650", "-subj", "/C=BE/CN=Citizen CA/serialNumber=201508", "-out", at("ca.pem"))
        for n, person in enumerate(PEOPLE[:2]):
            name = person[0].replace("'", "")
            key("p%d.key" % n)
            run("req", "-new", "-key", at("p%d.key" % n), "-utf8", "-subj", "/C=BE/CN=%s %s (Authentication)/SN=%s/GN=%s/serialNumber=%s" %
                (person[1], name, name, person[1], person[2]), "-out", at("p%d.csr" % n))
            with open(at("ext"), "w") as f:
                f.write("subjectAltName=email:%s@mail.example\nkeyUsage=digitalSignature\n" % person[1].lower())
            run("x509", "-req", "-in", at("p%d.csr" % n), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "3000",
                "-extfile", at("ext"), "-out", at("p%d.pem" % n))
        write(folder, "holder.der", run("x509", "-in", at("p0.pem"), "-outform", "DER"))
        write(folder, "request.der", run("req", "-in", at("p0.csr"), "-outform", "DER"))
        write(folder, "two.pem", b"Bag Attributes\n    friendlyName: two of them\n" + read("p0.pem") + b"some text between\n" + read("p1.pem") + b"after\n")
        write(folder, "bare.txt", b"".join(line for line in read("p0.pem").splitlines(True) if b"-----" not in line))
        write(folder, "chain.p7b", run("crl2pkcs7", "-nocrl", "-certfile", at("p1.pem"), "-outform", "DER"))
        write(folder, "chain.pem", run("crl2pkcs7", "-nocrl", "-certfile", at("p1.pem")))
        with open(at("letter"), "w") as f:
            f.write("Content-Type: text/plain\n\nDossier %s\n" % PEOPLE[2][2])
        sign = ["cms", "-sign", "-in", at("letter"), "-signer", at("p0.pem"), "-inkey", at("p0.key"), "-outform", "DER"]
        write(folder, "smime.p7s", run(*sign))
        write(folder, "smime.p7m", run(*sign, "-nodetach"))
        write(folder, "streamed.p7m", run(*sign, "-nodetach", "-stream"))
        write(folder, "enveloped.p7m", run("cms", "-encrypt", "-in", at("letter"), "-outform", "DER", at("p0.pem")))
        write(folder, "store.p12", run("pkcs12", "-export", "-in", at("p0.pem"), "-inkey", at("p0.key"), "-passout", "pass:x"))
        write(folder, "locked-key.der", run("pkcs8", "-topk8", "-in", at("p0.key"), "-outform", "DER", "-passout", "pass:x"))
        key("n.key")
        write(folder, "natural-person.pem", run("req", "-x509", "-new", "-key", at("n.key"), "-utf8", "-days", "3650",
                                                 "-subj", "/C=BE/CN=Greta Müller/serialNumber=PNOBE-%s" % PEOPLE[2][2]))
        write("xml", "signed.xml", "<?xml version='1.0'?>\n<order><item>1</item><Signature><KeyInfo><X509Data><X509Certificate>\n%s</X509Certificate></X509Data>"
              "</KeyInfo></Signature></order>\n" % "".join(x for x in read("p1.pem").decode().splitlines(True) if "-----" not in x))
        signature = run(*sign).hex()
        write(folder, "signed.pdf", ("%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
              "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n4 0 obj<</Type/Sig/Filter/Adobe.PPKLite/SubFilter"
              "/adbe.pkcs7.detached/ByteRange [0 9 9 9]/Contents <%s0000>>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n" % signature))


if __name__ == "__main__":
    sql()
    records()
    listings()
    cards()
    for maker in sys.argv[1:]:
        globals()[maker]()
