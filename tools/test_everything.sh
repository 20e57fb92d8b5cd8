#!/usr/bin/env bash
# `make test`: lint, types, unit and contract tests, browser tests. Runs all of them, then fails if one did.
set -uo pipefail
cd "$(dirname "$0")/.."
results=()
failures=0
stage() {
    local name=$1 began=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        results+=("$(printf '%-22s ok      %4d s' "$name" $((SECONDS - began)))")
    else
        results+=("$(printf '%-22s FAILED  %4d s' "$name" $((SECONDS - began)))")
        failures=$((failures + 1))
    fi
}

lint_and_types() { # side by side: each keeps one core busy
    local said types failed=0
    said=$(mktemp)
    .venv/bin/mypy >"$said" 2>&1 &
    types=$!
    tools/lint.sh || failed=1
    wait $types || failed=1
    cat "$said"
    rm -f "$said"
    return $failed
}

tools/install_packages.sh chromium gettext fonts-noto-cjk
stage "lint and types" lint_and_types
stage "unit and contracts" .venv/bin/python -m pytest -n 2 --dist worksteal -q -m "not browser and not engines"
stage "browser" tools/test_in_browser.sh

printf '\n'
printf '%s\n' "${results[@]}"
exit $((failures > 0))
