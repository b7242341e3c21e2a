#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
"""Writes tokens.tsv with another implementation of keyed BLAKE2b than the program's."""
import hashlib

KEY = bytes(range(32))
VALUES = [
    ("constat", "case"), ("be-nrn", "85073003328"), ("be-nrn", "93051822361"),
    ("iban", "BE71096123456769"), ("email", "jan.peeters@example.org"), ("phone", "+32470000000"),
    ("mrz", "UTO|L898902C3|740812"), ("email", ""), ("credential", "x" * 254),
]

print("# kind\tvalue\ttoken; key 00 01 .. 1f")
for kind, value in VALUES:
    message = kind.encode() + b"\0" + value.encode()
    print(kind, value, hashlib.blake2b(message, digest_size=16, key=KEY).hexdigest(), sep="\t")
