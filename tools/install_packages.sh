#!/usr/bin/env bash
# Install Debian or Ubuntu packages that are missing, when we are root; otherwise say which ones are.
set -euo pipefail
missing=()
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "Not installed, and no apt-get here: ${missing[*]}"
elif [ "$(id -u)" -ne 0 ]; then
    echo "Not installed: ${missing[*]}  (sudo apt-get install ${missing[*]})"
else
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${missing[@]}"; } >/tmp/clientier-apt.log 2>&1; then
        tail -5 /tmp/clientier-apt.log
        echo "These could not be installed: ${missing[*]}; the whole story is in /tmp/clientier-apt.log"
    fi
fi
