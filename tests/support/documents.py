# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Documents with a given text, written with the Python standard library alone."""
import base64
import io
import quopri
import zipfile
from xml.sax.saxutils import escape


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def cut(text, parts=3):
    n = max(1, len(text) // parts)
    return [text[i:i + n] for i in range(0, len(text), n)] or [""]


def txt(label, value):
    return ("Note\n%s : %s.\nEnd\n" % (label, value)).encode()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(label, value):
    """The value is cut over several runs, as word processors do."""
    paragraphs = []
    lines = value.split("\n")
    for i, line in enumerate(lines):
        runs = "".join('<w:r><w:t xml:space="preserve">%s</w:t></w:r>' % escape(p) for p in cut(line))
        if i == 0:
            runs = '<w:r><w:t xml:space="preserve">%s : </w:t></w:r>' % escape(label) + (
                runs if len(lines) == 1 else "</w:p><w:p>" + runs)
        paragraphs.append("<w:p>%s</w:p>" % runs)
    return zipped([
        ("[Content_Types].xml", HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
         'wordprocessingml.document.main+xml"/></Types>'),
        ("_rels/.rels", HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
         '<Relationship Id="rId1" Type="%s/officeDocument" Target="word/document.xml"/></Relationships>' % OFFICE),
        ("word/document.xml", HEAD + "<w:document %s><w:body>%s</w:body></w:document>" % (W, "".join(paragraphs)))])


def xlsx(label, value):
    ct = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = [label, "Dossier", value, "D-1"]
    return zipped([
        ("[Content_Types].xml", HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/>'
         '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/>'
         '<Override PartName="/xl/sharedStrings.xml" ContentType="%ssharedStrings+xml"/></Types>' % (ct, ct, ct)),
        ("_rels/.rels", HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
         '<Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>' % OFFICE),
        ("xl/workbook.xml", HEAD + '<workbook %s xmlns:r="%s"><sheets><sheet name="Feuil1" sheetId="1" r:id="rId1"/>'
         "</sheets></workbook>" % (ns, OFFICE)),
        ("xl/_rels/workbook.xml.rels", HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
         'relationships"><Relationship Id="rId1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>'
         '<Relationship Id="rId2" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>' % (OFFICE, OFFICE)),
        ("xl/worksheets/sheet1.xml", HEAD + '<worksheet %s><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
         '<c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
         "</sheetData></worksheet>" % ns),
        ("xl/sharedStrings.xml", HEAD + '<sst %s count="4" uniqueCount="4">%s</sst>' % (
            ns, "".join("<si><t xml:space=\"preserve\">%s</t></si>" % escape(s) for s in strings)))])


def odt(label, value):
    ns = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"')
    lines = value.split("\n")
    body = "<text:p>%s : %s</text:p>" % (escape(label), "".join(
        "<text:span>%s</text:span>" % escape(p) for p in cut(lines[0])) if len(lines) == 1 else "")
    if len(lines) > 1:
        body += "".join("<text:p>%s</text:p>" % escape(line) for line in lines)
    return zipped([
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", HEAD + "<office:document-content %s><office:body><office:text>%s</office:text></office:body>"
         "</office:document-content>" % (ns, body)),
        ("META-INF/manifest.xml", HEAD + '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
         'manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type='
         '"application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" '
         'manifest:media-type="text/xml"/></manifest:manifest>')])


def pdf(label, value):
    """One page; a composite font whose ToUnicode map names every character used."""
    lines = ["%s :" % label] + value.split("\n") if "\n" in value else ["%s : %s." % (label, value)]
    used = sorted({c for line in lines for c in line})
    cmap = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n%s\nendcmap end end" % "\n".join(
                "%d beginbfchar\n%s\nendbfchar" % (len(used[i:i + 100]), "\n".join(
                    "<%04X> <%04X>" % (ord(c), ord(c)) for c in used[i:i + 100])) for i in range(0, len(used), 100)))
    content = "BT /F1 9 Tf 40 760 Td 14 TL %s ET" % " ".join(
        "<%s> Tj T*" % "".join("%04X" % ord(c) for c in line) for line in lines)
    widths = " ".join("%d [550]" % ord(c) for c in used)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        "<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        " /Supplement 0 >> /FontDescriptor 8 0 R /DW 550 /W [%s] >>" % widths,
        "<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
        "<< /Type /FontDescriptor /FontName /Sample /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800"
        " /Descent -200 /CapHeight 700 /StemV 80 >>"]
    out, offsets = b"%PDF-1.5\n", []
    for i, o in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, o.encode("latin-1"))
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)


def _eml(body, encoding):
    return ("From: Service social <accueil@cpas.example>\r\nTo: Dienst <onthaal@ocmw.example>\r\nSubject: note\r\n"
            "Date: Mon, 1 Jul 2024 10:00:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: %s\r\n\r\n" % encoding).encode() + body


def eml_base64(label, value):
    return _eml(base64.encodebytes(txt(label, value)), "base64")


def eml_qp(label, value):
    return _eml(quopri.encodestring(txt(label, value)), "quoted-printable")


def zip_zip(label, value):
    return zipped([("inner.zip", zipped([("note.txt", txt(label, value))]))])


FORMATS = {"txt": txt, "docx": docx, "xlsx": xlsx, "odt": odt, "pdf": pdf, "b64.eml": eml_base64, "qp.eml": eml_qp,
           "zip": zip_zip}
