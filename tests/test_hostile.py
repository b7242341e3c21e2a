#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""A tree of hostile things: each ends in its outcome, its siblings are found, the source stays as
it was, and nothing but the status 3 comes of it."""
import gzip
import hashlib
import io
import os
import random
import shutil
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import constat  # noqa: E402
import documents  # noqa: E402

NUMBER = "93.05.18-223.61"  # published sample
DIGITS = "93051822361"
LABEL = "Rijksregisternummer"


def quine_like(depth):
    data = documents.txt(LABEL, NUMBER)
    for i in range(depth):
        data = documents.zipped([("level%d.zip" % i if i else "note.txt", data)])
    return data


def zip_bomb():
    zeros = b"\0" * (4 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for i in range(100):
            z.writestr("zero%03d.txt" % i, zeros)
    return out.getvalue()


def xml_bomb():
    entities = "".join('<!ENTITY e%d "%s">' % (i, ("&e%d;" % (i - 1)) * 10) for i in range(1, 10))
    return ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">%s]><x><n>%s %s</n><y>&e9;</y></x>' % (
        entities, LABEL, NUMBER)).encode()


def xxe():
    return ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            "<x>&f;<n>%s %s</n></x>" % (LABEL, NUMBER)).encode()


def lying_png():
    def piece(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 8, 2, 0, 0, 0)) + piece(b"IDAT", b"x")


def sparse_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        data = documents.txt(LABEL, NUMBER)
        info = tarfile.TarInfo("sub/note.txt")
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("../../outside")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        t.addfile(link)
        dev = tarfile.TarInfo("dev")
        dev.type = tarfile.CHRTYPE
        t.addfile(dev)
    return out.getvalue()


def build(root):
    """Makes the tree; returns {path: (allowed outcomes, is the number to be found in it)}."""
    want = {}

    def put(path, data, outcomes, found):
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)
        want[path] = (outcomes, found)

    note = documents.txt(LABEL, NUMBER)
    docx = documents.docx(LABEL, NUMBER)
    pdf = documents.pdf(LABEL, NUMBER)
    good_zip = documents.zipped([("a.txt", note), ("b.docx", docx), ("c.pdf", pdf)])
    put("good/note.txt", note, {"read"}, True)
    put("good/letter.docx", docx, {"read"}, True)
    put("good/letter.pdf", pdf, {"read"}, True)
    put("good/all.zip", good_zip, {"read"}, True)
    put("empty", b"", {"read"}, False)
    put("bombs/zeros.zip", zip_bomb(), {"over-limit"}, False)
    put("bombs/zeros.gz", gzip.compress(b"\0" * (300 << 20), 9), {"over-limit"}, False)
    put("bombs/nested.zip", quine_like(40), {"read", "over-limit"}, None)
    put("bombs/entities.xml", xml_bomb(), {"partial", "damaged", "over-limit", "read"}, True)
    put("bombs/external.xml", xxe(), {"read", "partial"}, True)
    put("bombs/huge.png", lying_png(), {"partial", "damaged", "over-limit"}, False)
    put("bombs/deep.json", b"[" * 2000000 + ('"%s %s"' % (LABEL, NUMBER)).encode(), {"read", "partial", "damaged"}, True)
    put("bombs/deep.html", b"<div>" * 200000 + note, {"read", "partial", "damaged", "over-limit"}, True)
    put("bombs/at.txt", b"a@" * 500000 + note, {"read"}, True)
    put("bombs/digits.txt", b"1 " * 500000 + note, {"read"}, True)
    put("bombs/chevrons.txt", b"<" * 1000000 + b"\n" + note, {"read"}, True)
    put("bombs/oneline.txt", (LABEL + " " + NUMBER).encode() + b" 85" * 1000000, {"read"}, None)
    put("tar/odd.tar", sparse_tar(), {"read", "partial"}, True)
    put("tar/odd.tar.gz", gzip.compress(sparse_tar()), {"read", "partial"}, True)
    put("cut/half.zip", good_zip[:len(good_zip) * 2 // 3], {"damaged", "partial"}, None)
    put("cut/half.docx", docx[:len(docx) // 2], {"damaged", "partial"}, None)
    put("cut/half.pdf", pdf[:len(pdf) // 2], {"damaged", "partial", "read"}, None)
    put("cut/half.gz", gzip.compress(note * 2000)[:200], {"damaged", "partial"}, None)
    broken = bytearray(good_zip)
    rng = random.Random(7)
    for i in range(200):
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    put("cut/flipped.zip", bytes(broken), {"damaged", "partial", "read", "encrypted", "unsupported", "over-limit"}, None)
    put("cut/lies.txt.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 400, {"damaged", "partial"}, None)
    put("raw/unknown.bin", rng.randbytes(5000) + b"\0\0" + note + b"\0" + rng.randbytes(5000), {"partial"}, True)
    put("raw/wide.bin", rng.randbytes(5001) + b"\0\0" + ("%s %s" % (LABEL, NUMBER)).encode("utf-16-le") + b"\0\0" + rng.randbytes(999), {"partial"}, True)
    # Encrypted things, by real programs.
    clear = os.path.join(root, "..", "clear")
    os.makedirs(clear, exist_ok=True)
    with open(os.path.join(clear, "note.txt"), "wb") as f:
        f.write(note)
    with open(os.path.join(clear, "letter.pdf"), "wb") as f:
        f.write(pdf)
    os.makedirs(os.path.join(root, "shut"), exist_ok=True)

    def tool(path, *cmd):
        full = os.path.abspath(os.path.join(root, path))
        subprocess.run([full if c == "OUT" else c for c in cmd], cwd=clear, check=True, stdout=subprocess.DEVNULL)
        want[path] = ({"encrypted"}, False)
    tool("shut/zipcrypto.zip", "zip", "-q", "-P", "secret", "OUT", "note.txt")
    tool("shut/aes.zip", "7z", "a", "-psecret", "-tzip", "-mem=AES256", "OUT", "note.txt")
    tool("shut/plain-names.7z", "7z", "a", "-psecret", "OUT", "note.txt")
    tool("shut/hidden-names.7z", "7z", "a", "-psecret", "-mhe=on", "OUT", "note.txt")
    tool("shut/letter.pdf", "qpdf", "--encrypt", "secret", "secret", "256", "--", "letter.pdf", "OUT")
    # An encrypted member beside an open one.
    shutil.copy(os.path.join(root, "shut/zipcrypto.zip"), os.path.join(root, "shut/mixed.zip"))
    with open(os.path.join(clear, "open.txt"), "wb") as f:
        f.write(note)
    subprocess.run(["zip", "-q", os.path.abspath(os.path.join(root, "shut/mixed.zip")), "open.txt"], cwd=clear, check=True)
    want["shut/mixed.zip"] = ({"partial", "encrypted"}, True)
    # Names.
    names = os.path.join(root, "names").encode()
    os.makedirs(names)
    for raw in (b"line\nfeed.txt", b"bad\xff\xfeutf8.txt", b" blank ", b"-rf", "é".encode() + b".txt", b"a" * 255):
        with open(os.path.join(names, raw), "wb") as f:
            f.write(note)
    # Things that are no files.
    odd = os.path.join(root, "odd")
    os.makedirs(odd)
    os.mkfifo(os.path.join(odd, "fifo"))
    os.symlink("/etc/passwd", os.path.join(odd, "link-out"))
    os.symlink("..", os.path.join(odd, "loop"))
    os.symlink("nowhere", os.path.join(odd, "dangling"))
    s = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(odd)
    s.bind("sock")
    os.chdir(here)
    for name in ("fifo", "link-out", "loop", "dangling", "sock"):
        want["odd/" + name] = ({"special"}, False)
    os.link(os.path.join(root, "good/note.txt"), os.path.join(odd, "again.txt"))
    want["odd/again.txt"] = ({"read"}, True)
    return want


def snapshot(root):
    """Names, kinds, sizes, times and contents; access times were set apart from the others."""
    seen = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in [b"."] + folders + files:
            path = os.path.join(folder, name)
            st = os.lstat(path)
            digest = ""
            if stat.S_ISREG(st.st_mode):
                fd = os.open(path, os.O_RDONLY | (os.O_NOATIME if st.st_uid == os.geteuid() else 0))
                with os.fdopen(fd, "rb") as f:
                    digest = hashlib.sha256(f.read()).hexdigest()
            seen[path] = (st.st_mode, st.st_size, st.st_mtime_ns, st.st_ctime_ns, st.st_nlink, digest)
    return seen


def access_times(root):
    return {os.path.join(d, n): os.lstat(os.path.join(d, n)).st_atime_ns
            for d, ds, fs in os.walk(os.fsencode(root)) for n in fs}


def main(bin_dir):
    program = constat.Constat(bin_dir)
    checks = constat.Checks()
    with tempfile.TemporaryDirectory() as tmp:
        tree = os.path.join(tmp, "tree")
        case = os.path.join(tmp, "case")
        os.mkdir(tree)
        want = build(tree)
        for folder, _, files in os.walk(os.fsencode(tree)):
            for name in files:  # far in the past, so that any access would show
                path = os.path.join(folder, name)
                st = os.lstat(path)
                if stat.S_ISREG(st.st_mode):
                    os.utime(path, ns=(10**18, st.st_mtime_ns))
        before, read_before = snapshot(tree), access_times(tree)
        p = program.scan(tree, case=case, status=(3,))
        checks.that(p.returncode == 3, "the exit status is %d" % p.returncode)
        checks.that(snapshot(tree) == before, "the source has changed")
        after = access_times(tree)
        regular = {n for n, s in before.items() if stat.S_ISREG(s[0])}
        checks.that(all(after[n] == read_before[n] for n in regular), "access times have changed")
        rows = {r["path"]: r for r in program.coverage(case) if not r["members"]}
        findings = program.findings(case)
        number = constat.token(case, "be-nrn", DIGITS)
        has = {f["path"] for f in findings if f["token"] == number}
        for path, (outcomes, found) in want.items():
            row = rows.get(path)
            checks.that(row is not None, "%s: no row in the ledger" % path)
            if row:
                checks.that(row["outcome"] in outcomes, "%s: outcome %s (%s), expected %s" % (
                    path, row["outcome"], row["reason"], " or ".join(sorted(outcomes))))
            if found is not None:
                checks.that((path in has) == found, "%s: the number is %s" % (path, "found" if path in has else "not found"))
        on_disk = sum(len(fs) + sum(os.path.islink(os.path.join(d, n)) for n in ds) for d, ds, fs in os.walk(os.fsencode(tree)))
        listed = [r for r in rows.values() if r["media_type"] != "inode/directory"]
        checks.that(len(listed) == on_disk, "%d entries on disk, %d in the ledger" % (on_disk, len(listed)))
        size = sum(s[1] for n, s in before.items() if stat.S_ISREG(s[0]))
        checks.that(sum(r["bytes"] for r in listed) == size, "bytes do not add up")
        names = {f["path"] for f in findings if f["path"].startswith("names/")}
        checks.that(len(names) == 6, "%d of 6 oddly named files were found" % len(names))
        crashed = [r["path"] for r in program.coverage(case) if r["outcome"] in ("crashed", "timeout")]
        checks.that(not crashed, "crashed or timed out: %s" % crashed)
        # The same again: everything is known, the figures stay.
        program.scan(tree, case=case, status=(3,))
        checks.that(program.findings(case) == findings, "a second scan gives other findings")
    checks.end()


main(sys.argv[1])
