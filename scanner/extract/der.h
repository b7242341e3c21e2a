/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * der.h - values of ASN.1 in DER (ITU-T X.690) and what certificates (RFC 5280) say of their
 * holder.
 *
 * A reader of its own, since nothing here is verified: a signature that is wrong names its holder
 * all the same.  No recursion; nothing is read but what was checked to be there.
 */
#ifndef CONSTAT_DER_H
#define CONSTAT_DER_H

#include "scanner/extract/extractor.h"

struct der_value {
    unsigned char tag;
    struct span content;
    bool cut; /* it goes on behind what there is, or its length is not told */
};

/* The next value of *s, which moves behind it.  False: none, or no DER. */
bool der_next(struct span *s, struct der_value *ret);
/* The next value, if it has that tag. */
bool der_expect(struct span *s, unsigned char tag, struct der_value *ret);

enum der_kind {
    DER_OTHER,
    DER_CERTIFICATE, /* or a request for one */
    DER_SIGNED,      /* CMS signed-data (RFC 5652): .p7b, .p7s, .p7m */
    DER_ENVELOPED,   /* CMS, encrypted */
    DER_PKCS12,      /* keys and certificates behind a password */
    DER_ENCRYPTED_KEY
};

/* What these bytes, which may be cut, are the start of. */
enum der_kind der_kind(struct span head);

/* Gives each certificate anywhere in the bytes as labelled lines and a record of its own; with the
 * names of its subject and, that one may know what it is, of its issuer.  False: stop.
 * *ret_found is raised by each. */
bool der_say_certificates(struct span bytes, const struct sink *out, unsigned *ret_found);

/* The same for signatures in hexadecimal strings: /Contents <3082...> of a PDF (ISO 32000-2,
 * 12.8.1). */
bool der_say_hex_signatures(struct span pdf, const struct sink *out);

/* What a signed-data holds beside the signature; an empty span when it is detached.  In *room when
 * it came in pieces. */
struct span der_signed_content(struct span bytes, struct buf *room);

/* Base64, with any blanks in it, as far as it goes. */
bool base64_append(struct span text, struct buf *out);

#endif
