# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
# bash completion for constat: options are read from its own help.
_constat() {
    local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-}
    if [[ $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "scan report findings coverage lookup explain --help --version" -- "$cur")
    elif [[ $cur == --* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null |
            sed -n 's/^  \(--[a-z-]*\).*/\1/p')" -- "$cur")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}
complete -o filenames -F _constat constat
