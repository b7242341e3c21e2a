#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Makes the samples of testdata/formats/{ooxml,odf,html,xml,archive}; the persons are invented.

    make_archives.py DIR

Standard library only; the same bytes on every run.
"""
import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

NISS = "85.07.30-977.85"  # serial 977: an invented person
PARTS = "<w:r><w:t>85.07</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>.30-9</w:t></w:r>\n" \
        "<w:r><w:t>77.85</w:t></w:r>"
DATE = (2024, 3, 1, 12, 0, 0)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            info.external_attr = 0o644 << 16
            z.writestr(info, data)
    return out.getvalue()


TYPES = ("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats'
         '.org/package/2006/content-types"/>')
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' \
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
                    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")


def docx(namespace=W):
    body = f"""<w:p><w:r><w:t xml:space="preserve">Numéro national </w:t></w:r>{PARTS}</w:p>
<w:p><w:r><w:t>line one</w:t><w:tab/><w:t>after tab</w:t><w:br/><w:t>after break</w:t></w:r></w:p>
<w:p><w:del w:author="A. Author"><w:r><w:delText>deleted text</w:delText></w:r></w:del>
<w:r><w:instrText>HYPERLINK field</w:instrText></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Naam</w:t></w:r></w:p></w:tc>
<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Rijksregister</w:t></w:r></w:p></w:tc>
<w:tc><w:p><w:r><w:t>Last</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>Peeters</w:t></w:r></w:p></w:tc>
<w:tc><w:p>{PARTS}</w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent><w:p><w:r>
<w:t>in a box</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r></w:p>"""
    rels = """<Relationships><Relationship Id="r1" Target="mailto:jan@example.org"
TargetMode="External"/><Relationship Id="r2" Target="styles.xml"/></Relationships>"""
    return zipped([
        TYPES,
        ("word/_rels/document.xml.rels", rels),
        ("word/document.xml", f"<w:document {namespace}><w:body>{body}</w:body></w:document>"),
        ("word/header1.xml", f"<w:hdr {namespace}><w:p><w:r><w:t>the header</w:t></w:r></w:p></w:hdr>"),
        ("word/footnotes.xml", f"<w:footnotes {namespace}><w:footnote><w:p><w:r><w:t>a footnote"
         "</w:t></w:r></w:p></w:footnote></w:footnotes>"),
        ("word/comments.xml", f'<w:comments {namespace}><w:comment w:author="C. Critic"><w:p><w:r>'
         "<w:t>a comment</w:t></w:r></w:p></w:comment></w:comments>"),
        ("docProps/core.xml", "<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:creator>M. Maker"
         "</dc:creator></cp:coreProperties>"),
        ("docProps/custom.xml", f'<Properties><property name="NISS"><lpwstr>{NISS}</lpwstr>'
         "</property></Properties>"),
        ("customXml/item1.xml", "<data><note>custom note</note></data>"),
        ("word/media/image1.png", PNG),
        ("word/embeddings/inner.txt", "embedded text"),
    ])


def xlsx(strings_first):
    strings = ("xl/sharedStrings.xml", f"<sst {S}><si><t>Naam</t></si><si><r><t>85.07.30</t></r>"
               "<r><rPr/><t>-977.85</t></r></si><si><t>Rijksregister</t></si></sst>")
    sheet = ("xl/worksheets/sheet1.xml", f"""<worksheet {S}><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>in</t><t>line</t></is></c><c r="B2"><v>8.507309778500001E10</v></c>
<c r="C2"><v>8.5073097785E10</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#N/A</v></c></row>
<row r="9"><c r="AB9" t="s"><v>1</v></c><c r="AC9" t="str"><f>A1&amp;"x"</f><v>result</v></c>
<c r="AD9"><v>1.5</v></c></row></sheetData>
<hyperlinks><hyperlink ref="A1" display="shown link"/></hyperlinks>
<headerFooter><oddHeader>sheet header</oddHeader></headerFooter></worksheet>""")
    book = ("xl/workbook.xml", f'<workbook {S}><sheets><sheet name="Hidden sheet" state="hidden"/>'
            "</sheets><definedNames><definedName name='n'>Defined</definedName></definedNames></workbook>")
    notes = ("xl/comments1.xml", f'<comments {S}><authors><author>N. Noter</author></authors>'
             "<commentList><comment ref='A1'><text><r><t>85.07.30</t></r><r><t>-977.85</t></r></text>"
             "</comment></commentList></comments>")
    parts = [strings, book, sheet] if strings_first else [sheet, book, strings]
    return zipped([TYPES] + parts + [notes])


def pptx():
    slide = f"<p:sld {A}><a:p><a:r><a:t>85.07.3</a:t></a:r><a:r><a:t>0-977.85</a:t></a:r></a:p></p:sld>"
    notes = f"<p:notes {A}><a:p><a:r><a:t>speaker notes</a:t></a:r></a:p></p:notes>"
    return zipped([TYPES, ("ppt/presentation.xml", f"<p:presentation {A}/>"),
                   ("ppt/slides/slide2.xml", slide), ("ppt/notesSlides/notesSlide2.xml", notes)])


OFFICE = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
          'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"')


def odf_text():
    return (f"<office:text><text:p>Rijksregister <text:span>85.07</text:span>.30-<text:span>977"
            "</text:span>.85</text:p><text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d"
            "</text:p><text:p>x<office:annotation><text:p>annotated</text:p></office:annotation></text:p>"
            "</office:text>")


def odt(encrypted=False):
    manifest = "<manifest><file-entry/></manifest>"
    if encrypted:
        manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    return zipped([
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", os.urandom(0) + b"\x00\x01garbage" if encrypted else
         f"<office:document-content {OFFICE}><office:body>{odf_text()}</office:body>"
         "</office:document-content>"),
        ("styles.xml", f"<office:document-styles {OFFICE}><text:p>page header</text:p>"
         "</office:document-styles>"),
        ("meta.xml", "<meta><creator>O. Writer</creator></meta>"),
        ("Pictures/p.png", PNG),
        ("META-INF/manifest.xml", manifest),
    ])


def ods():
    return zipped([
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", f"""<office:document-content {OFFICE}><office:body><office:spreadsheet>
<table:table table:name="Dossiers"><table:table-row><table:table-cell office:value-type="string"><text:p>NISS</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/><table:table-cell office:value-type="string"><text:p>far</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="8.5073097785E10"><text:p>85073,1 M</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""),
        ("META-INF/manifest.xml", "<manifest/>"),
    ])


HTML = """<!DOCTYPE html><html><head><meta charset="windows-1252"><title>Fiche</title>
<meta name="author" content="Meta Author"><style>.x{}</style><script>var niss="in script";</script></head>
<body><!-- a comment --><p>Num\xe9ro: 85.07.<b>30-9</b><i>77.</i><span title="tip">85</span></p>
<p>next&eacute;<br>line &amp; more<a href="mailto:m@example.org">mail</a></p>
<table><tr><th>Nom</th><th>NISS</th></tr><tr><td colspan="2">wide</td><td>3rd</td></tr></table>
<img alt="picture text"><input name="niss" value="field value"></body></html>"""

XML = f"""<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE d [<!ENTITY e "entity value">]>
<dossiers><personne sexe="F" niss="{NISS}"><nom>Lef\xe8vre &e; &amp; co</nom></personne>
<personne><nom>Peeters</nom></personne><!-- remark --><![CDATA[in cdata]]></dossiers>"""
BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{i} "{("&a%d;" % (i - 1)) * 10}">' for i in range(1, 10)) + "]><l>&a9; end</l>"
XXE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>a&x;b</l>'
BROKEN = '<?xml version="1.0"?><d><a>first</a><b c=d>second</b> & <e>third</d>'


def hidden_zip():
    """A member that only its local header names, between two that the directory lists."""
    first = zipped([("a.txt", "listed one")], zipfile.ZIP_STORED)
    both = zipped([("a.txt", "listed one"), ("c.txt", "listed two")], zipfile.ZIP_STORED)
    data = b"nobody lists me"
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 10, 0, 0, 0, 0, zlib.crc32(data), len(data),
                        len(data), 5, 0) + b"b.txt" + data
    at = first.index(b"PK\1\2")
    out = bytearray(both[:at] + local + both[at:])
    end = out.rindex(b"PK\5\6")
    second = out.rindex(b"PK\1\2")
    for where in (second + 42, end + 16):
        value = struct.unpack_from("<I", out, where)[0] + len(local)
        struct.pack_into("<I", out, where, value)
    return bytes(out)


class OneWay(io.RawIOBase):
    """A pipe: sizes then stand behind each member."""

    def __init__(self):
        super().__init__()
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += data
        return len(data)


def ordinary_zip():
    """What zip programs write: a folder, names, times, modes, sizes in front and behind."""
    out = OneWay()
    with zipfile.ZipFile(out, "w") as z:
        for name, data, packed, mode, system, extra, zip64 in (
                ("folder/", b"", 0, 0o40750, 3, b"", False),
                ("folder/stored.txt", b"stored text", 0, 0o100640, 3, b"", False),
                ("n\u00e9e.txt", b"packed text " * 9, 8, 0o644, 3, b"", False),
                ("timed.txt", b"timed", 8, 0o600, 3, struct.pack("<HHBI", 0x5455, 5, 1, 1700000000), False),
                ("empty.txt", b"", 8, 0, 0, b"", False),
                ("read-only.txt", b"of DOS", 0, 1 << 16, 0, b"", False),
                ("large.txt", b"sizes of 64 bits", 8, 0o644, 3, b"", True)):
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = packed
            info.create_system = system
            info.external_attr = mode << 16 if system == 3 else mode >> 16
            info.extra = extra
            with z.open(info, "w", force_zip64=zip64) as member:
                member.write(data)
        z.comment = b"a comment"
    return bytes(out.data)


def large_zip():
    return zipped([("first.txt", "first"),
                   ("lines.txt", "".join("line %d\n" % (i % 999) for i in range(50000))),
                   ("last.txt", "last")])


def flag_encrypted(data, names):
    """Sets the encryption bit of members by name: their bytes are then beyond reach."""
    out = bytearray(data)
    for sign, flag_at, name_at in ((b"PK\3\4", 6, 30), (b"PK\1\2", 8, 46)):
        at = out.find(sign)
        while at >= 0:
            for name in names:
                if out[at + name_at:at + name_at + len(name)] == name:
                    out[at + flag_at] |= 1
            at = out.find(sign, at + 4)
    return bytes(out)


def method(data, number):
    out = bytearray(data)
    for sign, where in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", out, out.find(sign) + where, number)
    return bytes(out)


def vint(n):
    out = b""
    while True:
        out += bytes([n & 0x7F | (0x80 if n > 0x7F else 0)])
        n >>= 7
        if not n:
            return out


def rar5_block(body):
    sized = vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def rar5(members, hidden=False, volume=False):
    out = b"Rar!\x1a\x07\x01\x00"
    if hidden:
        return out + rar5_block(vint(4) + vint(0) + vint(0) + vint(0) + b"\x0f" + bytes(16)) + bytes(64)
    out += rar5_block(vint(1) + vint(0) + vint(1 if volume else 0))
    for name, data, encrypted in members:
        extra = b""
        if encrypted:
            record = vint(1) + vint(0) + vint(0) + b"\x0f" + bytes(32)
            extra = vint(len(record)) + record
        fields = vint(4) + vint(len(data)) + vint(0o644) + struct.pack("<I", zlib.crc32(data))
        fields += vint(0) + vint(1) + vint(len(name)) + name
        head = vint(2) + vint((1 if extra else 0) | 2) + (vint(len(extra)) if extra else b"")
        out += rar5_block(head + vint(len(data)) + fields + extra) + data
    return out + rar5_block(vint(5) + vint(0) + vint(0))


def tarred():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as t:
        def add(name, data=b"", **fields):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1709294400
            info.uname = "maker"
            for key, value in fields.items():
                setattr(info, key, value)
            t.addfile(info, io.BytesIO(data))
        add("folder/", type=tarfile.DIRTYPE)
        add("folder/text.txt", b"tar text")
        add("link", type=tarfile.SYMTYPE, linkname="folder/text.txt")
        add("pipe", type=tarfile.FIFOTYPE)
        add("inner.zip", zipped([("deep.txt", "deep text")]))
    return out.getvalue()


def ole2(names):
    """A compound file: header, one allocation sector, one directory sector."""
    header = bytearray(512)
    header[0:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    for i in range(1, 109):
        struct.pack_into("<I", header, 76 + 4 * i, 0xFFFFFFFF)
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    directory = b"".join(n.encode("utf-16-le").ljust(64, b"\0") +
                         struct.pack("<H", 2 * len(n) + 2).ljust(64, b"\0") for n in names)
    return bytes(header) + fat + directory.ljust(512, b"\0") + "Wide text 12".encode("utf-16-le").ljust(512, b"\0")


def samples():
    plain = zipped([("a.txt", "text a"), ("sub/b.txt", "text b")])
    yield "ooxml/runs.docx", docx()
    yield "ooxml/strict.docx", docx(STRICT)
    yield "ooxml/strings-first.xlsx", xlsx(True)
    yield "ooxml/strings-last.xlsx", xlsx(False)
    yield "ooxml/slides.pptx", pptx()
    yield "ooxml/cut.docx", docx()[:-700]
    yield "ooxml/password.docx", ole2(["Root Entry", "EncryptionInfo", "EncryptedPackage"])
    yield "ooxml/legacy.doc", ole2(["Root Entry", "WordDocument"])
    yield "odf/text.odt", odt()
    yield "odf/password.odt", odt(True)
    yield "odf/repeated.ods", ods()
    yield "odf/flat.fodt", (f'<?xml version="1.0"?><office:document {OFFICE}><office:body>{odf_text()}'
                            "</office:body></office:document>").encode()
    yield "html/page.html", HTML.encode("windows-1252")
    yield "html/wide.html", "<html><body><p>wide é 85.07.<b>30</b></body></html>".encode("utf-16")
    yield "xml/export.xml", XML.encode("latin-1")
    yield "xml/bomb.xml", BOMB.encode()
    yield "xml/outside.xml", XXE.encode()
    yield "xml/broken.xml", BROKEN.encode()
    yield "archive/plain.zip", plain
    yield "archive/ordinary.zip", ordinary_zip()
    yield "archive/large.zip", large_zip()
    yield "archive/empty.zip", zipped([])
    yield "archive/nested.zip", zipped([("in.zip", zipped([("in2.zip", plain)])), ("t.tar", tarred())])
    yield "archive/cut.zip", zipped([("a.txt", "text a"), ("b.txt", os.urandom(0) + bytes(range(256)) * 20)],
                                    zipfile.ZIP_STORED)[:3000]
    yield "archive/cut-directory.zip", plain[:-30]
    yield "archive/hidden.zip", hidden_zip()
    yield "archive/locked-one.zip", flag_encrypted(plain, [b"a.txt"])
    yield "archive/locked-all.zip", flag_encrypted(plain, [b"a.txt", b"sub/b.txt"])
    yield "archive/deflate64.zip", method(plain, 9)
    bad = bytearray(zipped([("a.txt", "text a"), ("b.txt", "text b")], zipfile.ZIP_STORED))
    bad[bad.index(b"text a")] ^= 1
    yield "archive/checksum.zip", bytes(bad)
    yield "archive/codepage.zip", zipped([("n@m.txt", "x")]).replace(b"n@m.txt", b"n\x82m.txt")
    yield "archive/plain.tar", tarred()
    yield "archive/plain.tar.gz", gzip.compress(tarred(), mtime=0)
    yield "archive/nothing.txt.gz", gzip.compress(b"", mtime=0)
    yield "archive/nothing.txt.bz2", bz2.compress(b"")
    yield "archive/nothing.txt.xz", lzma.compress(b"")
    yield "archive/notes.txt.gz", gzip.compress(b"packed text", mtime=0)
    yield "archive/notes.txt.bz2", bz2.compress(b"packed text")
    yield "archive/notes.txt.xz", lzma.compress(b"packed text")
    yield "archive/zeros.img.gz", gzip.compress(bytes(4096) + b"after zeros", mtime=0)
    yield "archive/cut.txt.gz", gzip.compress(b"".join(b"line %d\n" % i for i in range(9999)), mtime=0)[:9000]
    yield "archive/rar5.rar", rar5([(b"open.txt", b"open text", False), (b"shut.txt", b"cipher!", True)])
    yield "archive/rar5-hidden.rar", rar5([], hidden=True)
    yield "archive/rar5.part1.rar", rar5([(b"open.txt", b"open text", False)], volume=True)
    zeros = zipped([("zeros", bytes(96 << 20)), ("after.txt", "after")])
    yield "archive/bomb.zip", zipped([("first.txt", "first"), ("bomb.zip", zeros)])
    nest = zipped([("0.txt", "bottom")])
    for level in range(20):
        nest = zipped([("%d.zip" % level, nest)])
    yield "archive/deep.zip", nest
    wide = zipped([("0.txt", "bottom")])
    for level in range(8):
        wide = zipped([("%d-%d.zip" % (level, i), wide) for i in range(10)])
    yield "archive/wide.zip", wide


def main():
    for name, data in samples():
        path = os.path.join(sys.argv[1], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
