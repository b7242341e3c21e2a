#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Writes testdata/formats/mail/*: each sample, and beside it what must come out of it."""
import base64
import binascii
import pathlib
import quopri

OUT = pathlib.Path(__file__).resolve().parent / "mail"
HEAD = (b"Return-Path: <return.path@example.org>\r\nReceived: from a by b for <for.person@example.org>\r\n"
        b"From: Jean <jean.person@example.org>\r\nTo: an@example.org\r\n"
        b"Message-ID: <message.id.noise@example.org>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0100\r\n")


def b64(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def uu(name, data):
    out = b"begin 644 " + name + b"\r\n"
    for i in range(0, len(data), 45):
        out += binascii.b2a_uu(data[i:i + 45]).replace(b"\n", b"\r\n")
    return out + b"`\r\nend\r\n"


def part(headers, body):
    return b"--B\r\n" + headers + b"\r\n\r\n" + body + b"\r\n"


def multi(*parts, kind=b"mixed", subject=b"Subject: multi\r\n"):
    return (HEAD + subject + b"MIME-Version: 1.0\r\nContent-Type: multipart/" + kind
            + b"; boundary=\"B\"\r\n\r\nprologue-text\r\n" + b"".join(parts) + b"--B--\r\nepilogue-text\r\n")


def nested(levels):
    out = HEAD + b"MIME-Version: 1.0\r\n"
    for i in range(levels):
        out += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
    return out + b"Content-Type: text/plain\r\n\r\ndeep-text\r\n"


PLAIN = b"Content-Type: text/plain; charset="
SAMPLES = {
    "plain.eml": (HEAD + b"Subject: =?utf-8?B?" + base64.b64encode("Été".encode()) + b"?= =?iso-8859-1?Q?_na=EFf?=\r\n"
                  b"X-Fold: 85.07.30-\r\n 033.28\r\n\r\nbody-text 85.07.30-033.28\r\n",
                  ["[message 1]", "From: Jean <jean.person@example.org>", "for.person@example.org",
                   "Subject: Été naïf", "body-text 85.07.30-033.28", "X-Fold: 85.07.30- 033.28",
                   "!message.id.noise", "[ending read ]"]),
    "raw-8bit-header.eml": (HEAD + "Subject: dossier réfugié, café\r\n\r\nx\r\n".encode("cp1252"),
                            ["Subject: dossier réfugié, café"]),
    "quoted-printable.eml": (HEAD + PLAIN + b"iso-8859-15\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                             + quopri.encodestring("coût 5 € ; IBAN BE68 5390 0754 7034 sur une ligne beaucoup trop longue pour tenir".encode("iso-8859-15")).replace(b"\n", b"\r\n"),
                             ["coût 5 € ; IBAN BE68 5390 0754 7034 sur une ligne beaucoup trop longue pour tenir"]),
    "base64-utf8.eml": (HEAD + PLAIN + b"utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(("é" * 3000 + " à la fin").encode()),
                        ["ééééé", "éé à la fin"]),
    "charset-lies-ascii.eml": (HEAD + PLAIN + b"us-ascii\r\n\r\n" + "réfugié agréé\r\n".encode("cp1252"), ["réfugié agréé"]),
    "charset-lies-latin1.eml": (HEAD + PLAIN + b"iso-8859-1\r\n\r\n" + "réfugié agréé\r\n".encode(), ["réfugié agréé"]),
    "charset-utf16.eml": (HEAD + PLAIN + b"utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("wide réfugié".encode("utf-16-le")), ["wide réfugié"]),
    "flowed.eml": (HEAD + PLAIN + b"utf-8; format=flowed\r\n\r\nIBAN BE68 5390 \r\n0754 7034\r\n-- \r\nsignature\r\n",
                   ["IBAN BE68 5390 0754 7034", "-- \r\\nsignature"]),
    "alternative.eml": (multi(part(b"Content-Type: text/plain", b"plain-version"),
                              part(b"Content-Type: text/html; charset=iso-8859-1", "<p>version é html</p>".encode("latin-1")), kind=b"alternative"),
                        ["plain-version", "[child body.html]\ufeff<p>version é html</p>[/child]", "prologue-text", "epilogue-text"]),
    "attachments.eml": (multi(part(b"Content-Type: text/plain", b"see attached"),
                              part(b"Content-Type: application/pdf; name=\"=?utf-8?Q?d=C3=A9p=C3=B4t.pdf?=\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment", b64(b"%PDF-1.4 bytes\x00\x01end")),
                              part(b"Content-Type: text/csv\r\nContent-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1*=sum%C3%A9.csv", b"a;b\r\n1;2"),
                              part(b"Content-Type: text/plain; name=notes.txt", b"attached notes"),
                              part(b"Content-Type: application/octet-stream; name=old.bin\r\nContent-Transfer-Encoding: x-uuencode", uu(b"old.bin", b"uuencoded content")),
                              part(b"Content-Type: text/calendar", b"BEGIN:VCALENDAR"),
                              part(b"Content-Type: image/png\r\nContent-Description: description-text", b"PNG")),
                        ["see attached", "[child dépôt.pdf]%PDF-1.4 bytes", "end[/child]", "[child résumé.csv]a;b", "[child notes.txt]attached notes[/child]",
                         "[child old.bin]uuencoded content[/child]", "[child part-6.calendar]BEGIN:VCALENDAR[/child]", "description-text", "[child part-7.png]PNG[/child]", "[ending read ]"]),
    "uuencode-inline.eml": (HEAD + b"\r\nbefore-text\r\nbegin with words\r\n" + uu(b"inline.txt", b"inline content " * 9) + b"after-text\r\n",
                            ["before-text", "begin with words", "[child inline.txt]inline content inline content", "after-text", "!begin 644"]),
    "nested-message.eml": (multi(part(b"Content-Type: message/rfc822", b"From: inner@example.org\r\nSubject: inner\r\n\r\ninner-body"),
                                 part(b"Content-Type: message/delivery-status", b"Final-Recipient: rfc822; bounced@example.org")),
                           ["[child message.eml]From: inner@example.org", "inner-body", "Final-Recipient: rfc822; bounced@example.org", "[ending read ]"]),
    "pgp-mime.eml": (multi(part(b"Content-Type: application/pgp-encrypted", b"Version: 1"),
                           part(b"Content-Type: application/octet-stream", b"-----BEGIN PGP MESSAGE-----"), kind=b"encrypted; protocol=\"application/pgp-encrypted\""),
                     ["[lost encrypted encrypted encrypted-mail]", "From: Jean"]),
    "pgp-inline.eml": (HEAD + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n", ["[lost encrypted-text.asc encrypted encrypted-mail]"]),
    "smime-encrypted.eml": (HEAD + b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                            + b64(b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80"), ["[lost smime.p7m encrypted encrypted-mail]"]),
    "smime-signed.eml": (HEAD + b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                         + b64(b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80signed text"), ["[child smime.p7m]", "signed text[/child]"]),
    "partial.eml": (HEAD + b"Content-Type: message/partial; id=x; number=1; total=2\r\n\r\nFrom: x@example.org\r\n\r\npiece-text\r\n", ["piece-text", "[gap partial message-in-pieces]"]),
    "no-boundary.eml": (HEAD + b"Content-Type: multipart/mixed\r\n\r\nunbounded-text\r\n", ["unbounded-text"]),
    "boundary-missing.eml": (HEAD + b"Content-Type: multipart/mixed; boundary=never\r\n\r\nlost-boundary-text\r\n", ["lost-boundary-text"]),
    "not-closed.eml": (multi(part(b"Content-Type: text/plain", b"first-part"), part(b"Content-Type: text/plain", b"second-part"))[:-25], ["first-part", "second-par"]),
    "headers-only.eml": (HEAD.rstrip(), ["From: Jean", "[ending read ]"]),
    "deep.eml": (nested(3000), ["From: Jean", "[gap over-limit depth]"]),
    "two.mbox": (b"From jean@example.org Mon Mar  2 10:11:12 2020\n" + HEAD.replace(b"\r", b"") + b"Subject: one\n\nfirst-body\n\nFrom here on it is text\n>From quoted\n\n"
                 b"From an@example.org Tue Mar  3 10:11:12 2020\n" + multi(part(b"Content-Type: text/plain", b"second-body"),
                 part(b"Content-Type: text/plain; name=a.txt", b"attached")).replace(b"\r", b"") + b"\n"
                 b"From - Tue Mar  3 10:11:12 2020\nX-Mozilla-Status: 0001\nSubject: three\n\nthird-body\n\nFrom \nSubject: four\n\nfourth-body\n",
                 ["[message 1]From jean@example.org Mon", "Subject: one", "first-body\\n\\nFrom here on it is text", "[message 2]From an@example.org", "[child 2/a.txt]attached[/child]", "second-body",
                  "[message 3]", "third-body", "[message 4]", "fourth-body", "![message 5]", "[ending read ]"]),
    "crlf.mbox": (b"From a@example.org Mon Mar  2 10:11:12 2020\r\nSubject: one\r\n\r\nfirst-body\r\n\r\nFrom b@example.org Mon Mar  2 10:11:12 2020\r\nSubject: two\r\n\r\nsecond-body\r\n",
                  ["[message 1]", "[message 2]", "![message 3]", "second-body"]),
}


def main():
    OUT.mkdir(exist_ok=True)
    for name, (data, expected) in SAMPLES.items():
        (OUT / name).write_bytes(data)
        (OUT / (name + ".expect")).write_text("\n".join(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
