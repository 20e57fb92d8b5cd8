#!/usr/bin/env bash
# Pin every dependency with hashes; no address of any package index ends up in the files. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed '/^\[tool\.uv\]/,/^$/d' pyproject.toml >"$work/pyproject.toml" # managed = false would refuse --group
cp requirements*.txt "$work"                                       # what is pinned stays, unless UPGRADE is set
pin() { (cd "$work" && uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header ${UPGRADE:+--upgrade} "$@"); }
pin --extra server --extra dedupe -o requirements.txt >/dev/null
pin --extra server --extra dedupe --group dev -o requirements-dev.txt >/dev/null
[ -e "$work/requirements-engines.txt" ] || cp "$work/requirements-dev.txt" "$work/requirements-engines.txt"
pin --extra server --extra dedupe --group dev --group engines --extra worth-engines -o requirements-engines.txt >/dev/null
if grep -nE 'https?://' "$work"/requirements*.txt; then
    echo "An address got into the pins; nothing was changed." >&2
    exit 1
fi
cp "$work"/requirements*.txt .
