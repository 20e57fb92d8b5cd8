#!/usr/bin/env bash
# The value engine on Sail and on real Spark: installs their clients the first time. Without Java, Sail alone.
set -uo pipefail
cd "$(dirname "$0")/.."
command -v java >/dev/null || tools/install_packages.sh default-jre-headless
if ! command -v java >/dev/null; then
    echo "The tests on Spark will be left out: no Java was found. Debian: apt-get install default-jre-headless"
fi
.venv/bin/python -m pytest tests/worth -q -rs -m engines
