# SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later
# Sourced by scanner/quickstart and tests/run: installs what is missing of scanner/packages.txt.
#     install_packages build run        the groups that are wanted

install_packages() {
    local list groups=" $* " missing=() group name
    list="$(dirname "${BASH_SOURCE[0]}")/packages.txt"
    while read -r group name; do
        [[ -z $group || $group == \#* || $groups != *" $group "* ]] && continue
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) != installed ]]; then
            missing+=("$name")
        fi
    done <"$list"
    if [[ ${#missing[@]} -eq 0 ]]; then
        return 0
    fi
    if ! command -v apt-get >/dev/null; then
        echo "These Debian packages (or what they are called here) are needed: ${missing[*]}" >&2
        return 1
    fi
    local as=()
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "Ask an administrator to run: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as=(sudo)
    fi
    echo "Installing ${#missing[@]} packages: ${missing[*]}"
    "${as[@]}" apt-get -qq update </dev/null
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        "${missing[@]}" </dev/null >/dev/null
}
