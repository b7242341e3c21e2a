/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/base/keys.h"
#include "scanner/coverage.h"
#include "scanner/explain.h"
#include "scanner/findings.h"
#include "scanner/lookup.h"
#include "scanner/options.h"
#include "scanner/scan.h"

int main(int argc, char **argv)
{
    struct options o;
    int status = options_parse(argc, argv, &o);

    if (status >= 0)
        return status;
    signal(SIGPIPE, SIG_IGN);
    if (!keys_start()) {
        fputs("constat: libsodium cannot be started\n", stderr);
        return EXIT_FAILURE;
    }
    switch (o.command) {
    case COMMAND_SCAN:
        return scan_command(&o);
    case COMMAND_REPORT:
        return report_command(&o);
    case COMMAND_FINDINGS:
        return findings_command(&o);
    case COMMAND_COVERAGE:
        return coverage_command(&o);
    case COMMAND_LOOKUP:
        return lookup_command(&o);
    case COMMAND_EXPLAIN:
        return explain_command(&o);
    case COMMAND_NONE:
        break;
    }
    return EXIT_USAGE;
}
