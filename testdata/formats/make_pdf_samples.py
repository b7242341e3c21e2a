#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Writes testdata/formats/pdf/*.pdf.  What each must give stands beside it in *.expect."""
import hashlib
import pathlib
import sys
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from pdf_by_hand import PAD, Pdf, rc4  # noqa: E402

OUT = HERE / "pdf"


def everything(flate, password=None):
    xmp = ('<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
           '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
           'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>xmp-creator</dc:creator>'
           '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>')
    pdf = Pdf(info={"Title": "info-title", "Author": "info-author é", "Subject": "info-subject",
                    "Keywords": "info-keywords"}, xmp=xmp, flate=flate, password=password)
    pdf.page(["page-one-text: 85.07.30-033.28", "Deuxième ligne (é)"],
             fields=[("nn", "field-label", "field-value-unseen"),
                     ("dup", "dup-label", "page-one-text")],
             notes=[("note-author", "note-text")],
             links=["mailto:link.person@example.org?subject=link-subject", "tel:+32%20470%2012%2034%2056"],
             file_note=("note-file.txt", b"note file content"))
    pdf.page(["page-two-text"])
    pdf.outline = ["outline-first", "outline-second"]
    pdf.attach("attached.txt", b"attached file content")
    pdf.attach("attach\u00e9.csv", b"a;b\n1;2\n")
    return pdf.write()


def picture_page(pages):
    pdf = Pdf()
    for text in pages:
        pdf.page(text, picture=(zlib.compress(bytes([200, 10, 10] * 1200)), 60, 20, b"FlateDecode"))
    return pdf.write()


def deep_tree(levels):
    """A page tree of one child per level."""
    out = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    for i in range(levels):
        out += b"%d 0 obj<</Type/Pages/Count 1/Kids[%d 0 R]>>endobj\n" % (i + 2, i + 3)
    out += b"%d 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj\n" % (levels + 2)
    return out + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def main():
    OUT.mkdir(exist_ok=True)
    whole = everything(True)
    plain = everything(False)
    files = {
        "everything-flate.pdf": whole,
        "everything-plain.pdf": plain,
        "junk-before.pdf": b"\x00junk before the header\r\n" + plain,
        "truncated.pdf": plain[: len(plain) * 3 // 4],
        "header-only.pdf": b"%PDF-1.7\nraw-text-survives 85.07.30-033.28\n",
        "password.pdf": everything(True, "dossier"),
        "empty-password.pdf": everything_empty_password(),
        "picture.pdf": picture_page([[]]),
        "picture-with-text.pdf": picture_page([["A page with enough words of its own on it."]]),
        "count-lies.pdf": (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                           b"2 0 obj<</Type/Pages/Count 900000000/Kids[3 0 R]>>endobj\n"
                           b"3 0 obj<</Type/Page/MediaBox[0 0 9 9]/Parent 2 0 R>>endobj\n"
                           b"trailer<</Root 1 0 R>>\n%%EOF\n"),
        "tree-loop.pdf": (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                          b"2 0 obj<</Type/Pages/Count 3/Kids[2 0 R 2 0 R]/Parent 2 0 R>>endobj\n"
                          b"trailer<</Root 1 0 R>>\n%%EOF\n"),
        "deep-tree.pdf": deep_tree(3000),
        "xfa.pdf": everything(False).replace(b"/AcroForm<<", b"/AcroForm<</XFA(x)", 1),
    }
    for name, data in files.items():
        (OUT / name).write_bytes(data)


def everything_empty_password():
    """Encrypted, but opens without a question: the user password is empty."""
    pdf = Pdf(password="x")
    owner = rc4(hashlib.md5(PAD).digest()[:5], PAD)
    pdf.key = hashlib.md5(PAD + owner + b"\xfc\xff\xff\xff" + pdf.identity).digest()[:5]
    pdf.objects[pdf.encryption - 1] = (
        b"<</Filter/Standard/V 1/R 2/P -4/O<" + owner.hex().encode() + b">/U<"
        + rc4(pdf.key, PAD).hex().encode() + b">>>")
    pdf.page(["opens without a password"])
    return pdf.write()


if __name__ == "__main__":
    main()
