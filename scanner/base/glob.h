/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* glob.h - patterns of paths: what the operator leaves out, what a folder profile is about. */
#ifndef CONSTAT_GLOB_H
#define CONSTAT_GLOB_H

#include <stdbool.h>

#include "detectors/span.h"

/* Globs match the path relative to the root, or the base name when they hold no slash; `**`
 * crosses folders, `*` and `?` do not; bytes, case-sensitive; a trailing slash means the folder
 * and all below it. */
bool glob_match(const char *glob, struct span path);

#endif
