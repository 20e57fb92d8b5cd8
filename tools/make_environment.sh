#!/usr/bin/env bash
# Make the virtual environment and install the pinned packages of one requirements file into it.
# Plain pip and venv: nothing but Python itself is needed. The project is linked, not copied.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=$1
venv=.venv

find_python() {
    local name
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'; then
            echo "$name"
            return
        fi
    done
    echo "Clientier needs Python 3.11 to 3.14; $(python3 --version 2>&1 || echo 'no python3 was found')." >&2
    echo "Debian and Ubuntu: apt install python3-venv make.  macOS: brew install python@3.12." >&2
    echo "With a Python in another place: make run PYTHON=/path/to/python3" >&2
    return 1
}

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    rm -rf "$venv"
    echo "Making the environment in $venv with $("$python" --version)"
    if ! "$python" -m venv "$venv" >"${TMPDIR:-/tmp}/clientier-venv.$$" 2>&1; then
        cat "${TMPDIR:-/tmp}/clientier-venv.$$" >&2
        rm -rf "$venv" "${TMPDIR:-/tmp}/clientier-venv.$$"
        echo "Python's venv module is missing or broken. Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
    rm -f "${TMPDIR:-/tmp}/clientier-venv.$$"
fi

# Of all packages PySpark alone is published as source only; it is Python and Spark's own jars, nothing is compiled.
echo "Installing the packages of $requirements (only the first time, or when they change)"
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: --no-binary pyspark -r "$requirements"; then
    echo "The packages could not be installed; pip says why above (no network? disk full? see: df -h .)" >&2
    exit 1
fi
"$venv/bin/python" tools/link_project.py
case $requirements in
    requirements-dev.txt) touch "$venv/installed-dev" ;;
    requirements-engines.txt) touch "$venv/installed-engines" ;;
    *) touch "$venv/installed" ;;
esac
