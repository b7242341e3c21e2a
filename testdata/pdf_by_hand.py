# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""PDF files written by hand with nothing but the standard library.

Small on purpose: text pages (plain or Flate), a picture page, form fields with and without an
appearance, notes, links, attached files, an outline, information, XMP, and RC4-40 encryption.
Used by the makers of the test samples; shares nothing with the program.
"""
import hashlib
import zlib

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    s, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(byte ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


def literal(text):
    """A PDF string: Latin-1 where that is enough, else UTF-16 with its mark."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        raw = b"\xfe\xff" + text.encode("utf-16-be")
    for special in (b"\\", b"(", b")"):
        raw = raw.replace(special, b"\\" + special)
    return b"(" + raw.replace(b"\r", b"\\r").replace(b"\n", b"\\n") + b")"


class Pdf:
    def __init__(self, info=None, xmp=None, flate=True, password=None):
        self.objects, self.pages, self.fields, self.files = [], [], [], []
        self.flate, self.password, self.key, self.outline = flate, password, None, []
        self.info, self.xmp = info or {}, xmp
        self.identity = hashlib.md5(repr((info, xmp, password)).encode()).digest()
        self.catalog, self.tree = self.reserve(), self.reserve()
        self.font = self.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
                             b"/Encoding/WinAnsiEncoding>>")
        if password:
            padded = (password.encode() + PAD)[:32]
            owner = rc4(hashlib.md5(padded).digest()[:5], padded)
            seed = padded + owner + b"\xfc\xff\xff\xff" + self.identity
            self.key = hashlib.md5(seed).digest()[:5]
            self.encryption = self.add(
                b"<</Filter/Standard/V 1/R 2/P -4/O<" + owner.hex().encode() + b">/U<"
                + rc4(self.key, PAD).hex().encode() + b">>>")

    def reserve(self):
        self.objects.append(None)
        return len(self.objects)

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, data, entries=b""):
        number = self.reserve()
        if self.flate and b"/Filter" not in entries:
            data, entries = zlib.compress(data, 9), entries + b"/Filter/FlateDecode"
        if self.key:
            seed = self.key + number.to_bytes(3, "little") + b"\0\0"
            data = rc4(hashlib.md5(seed).digest()[:10], data)
        self.objects[number - 1] = (b"<</Length %d" % len(data) + entries + b">>stream\n" + data
                                    + b"\nendstream")
        return number

    def attach(self, name, data, as_file=True):
        size = b"/Params<</Size %d>>" % len(data)
        stream = self.stream(data, b"/Type/EmbeddedFile" + size)
        spec = self.add(b"<</Type/Filespec/F" + literal(name) + b"/UF" + literal(name)
                        + b"/EF<</F %d 0 R>>>>" % stream)
        if as_file:
            self.files.append((name, spec))
        return spec

    def page(self, lines, fields=(), notes=(), links=(), file_note=None, picture=None):
        """fields: (name, label, value); notes: (author, text); picture: a JPEG's bytes."""
        number = self.reserve()
        content = b"BT /F 11 Tf 15 TL 60 780 Td\n"
        for line in lines:
            content += literal(line) + b" Tj T*\n"
        content += b"ET\n"
        resources = b"/Font<</F %d 0 R>>" % self.font
        if picture:
            image = self.stream(picture[0], b"/Type/XObject/Subtype/Image/Width %d/Height %d"
                                b"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/%s"
                                % (picture[1], picture[2], picture[3]))
            content += b"q 480 0 0 680 60 80 cm /I Do Q\n"
            resources += b"/XObject<</I %d 0 R>>" % image
        annotations = []
        for i, (name, label, value) in enumerate(fields):
            annotations.append(self.add(
                b"<</Type/Annot/Subtype/Widget/FT/Tx/T" + literal(name) + b"/TU" + literal(label)
                + b"/V" + literal(value) + b"/F 4/P %d 0 R/Rect[60 %d 300 %d]>>"
                % (number, 300 - 20 * i, 315 - 20 * i)))
        self.fields += annotations[:]
        for author, text in notes:
            annotations.append(self.add(b"<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/T"
                                        + literal(author) + b"/Contents" + literal(text) + b">>"))
        for uri in links:
            annotations.append(self.add(
                b"<</Type/Annot/Subtype/Link/Rect[60 60 200 80]/A<</S/URI/URI" + literal(uri)
                + b">>>>"))
        if file_note:
            spec = self.attach(file_note[0], file_note[1], False)
            annotations.append(self.add(b"<</Type/Annot/Subtype/FileAttachment"
                                        b"/Rect[500 600 520 620]/FS %d 0 R>>" % spec))
        stream = self.stream(content)
        self.objects[number - 1] = (
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<<"
            % (self.tree, stream) + resources + b">>"
            + (b"/Annots[" + b" ".join(b"%d 0 R" % a for a in annotations) + b"]"
               if annotations else b"") + b">>")
        self.pages.append(number)

    def write(self, extra=b""):
        catalog = b"<</Type/Catalog/Pages %d 0 R" % self.tree + extra
        self.objects[self.tree - 1] = (b"<</Type/Pages/Count %d/Kids[" % len(self.pages)
                                       + b" ".join(b"%d 0 R" % p for p in self.pages) + b"]>>")
        if self.fields:
            catalog += b"/AcroForm<</Fields[" + b" ".join(
                b"%d 0 R" % f for f in self.fields) + b"]>>"
        if self.files:
            names = b" ".join(literal(n) + b" %d 0 R" % s for n, s in sorted(self.files))
            catalog += b"/Names<</EmbeddedFiles<</Names[" + names + b"]>>>>"
        if self.xmp:
            catalog += b"/Metadata %d 0 R" % self.stream(self.xmp.encode(),
                                                         b"/Type/Metadata/Subtype/XML")
        if self.outline:
            root = self.reserve()
            items = [self.reserve() for _ in self.outline]
            for i, title in enumerate(self.outline):
                link = b""
                if i:
                    link += b"/Prev %d 0 R" % items[i - 1]
                if i + 1 < len(items):
                    link += b"/Next %d 0 R" % items[i + 1]
                self.objects[items[i] - 1] = (
                    b"<</Title" + literal(title) + b"/Parent %d 0 R/Dest[%d 0 R/Fit]"
                    % (root, self.pages[0]) + link + b">>")
            self.objects[root - 1] = (b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>"
                                      % (items[0], items[-1], len(items)))
            catalog += b"/Outlines %d 0 R" % root
        self.objects[self.catalog - 1] = catalog + b">>"
        trailer = b"/Root %d 0 R" % self.catalog
        if self.info:
            trailer += b"/Info %d 0 R" % self.add(b"<<" + b"".join(
                b"/" + k.encode() + literal(v) for k, v in self.info.items()) + b">>")
        if self.password:
            hexed = self.identity.hex().encode()
            trailer += b"/Encrypt %d 0 R/ID[<%s><%s>]" % (self.encryption, hexed, hexed)
        out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
        out += b"trailer\n<</Size %d" % (len(offsets) + 1) + trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % start
        return bytes(out)
