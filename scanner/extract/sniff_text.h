/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sniff_text.h - formats that are written in text: markup and mail.  Part of sniff.c; the media
 * type or NULL.
 */
#ifndef CONSTAT_SNIFF_TEXT_H
#define CONSTAT_SNIFF_TEXT_H

#include "detectors/span.h"

const char *sniff_markup(struct span head); /* text/html, application/xml; in UTF-16 too */
const char *sniff_mail(struct span head);   /* message/rfc822, application/mbox */

#endif
