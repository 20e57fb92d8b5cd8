#!/usr/bin/env bash
# The browser tests, in Debian's Chromium through Playwright; without a Chromium, a word instead.
set -uo pipefail
cd "$(dirname "$0")/.."
if [ -z "$(.venv/bin/python -m tests.chromium)" ]; then
    echo "The browser tests were left out: no Chromium was found. Debian: apt-get install chromium fonts-noto-cjk"
    echo "CLIENTIER_CHROMIUM names one in another place."
    exit 0
fi
.venv/bin/python -m pytest tests/e2e -n 2 -q -m browser
code=$?
[ $code -eq 5 ] && echo "There are no browser tests." # pytest's code for an empty selection
[ $code -eq 0 ] || [ $code -eq 5 ]
