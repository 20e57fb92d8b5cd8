#!/usr/bin/env bash
# Everything that reads the code without running it, types excepted. Runs all checks, then fails if one did.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()
check() {
    local name=$1
    shift
    "$@" || failed+=("$name")
}

templates() { git ls-files --cached --others --exclude-standard 'src/**/*.html' | xargs -r "$bin/djade" --target-version 5.2 --check; }
migrations() { PYTHONPATH=src DJANGO_SETTINGS_MODULE=clientier.site.settings "$bin/python" -W ignore -m django makemigrations --check --dry-run; }

check "ruff check" "$bin/ruff" check --quiet .
check "ruff format" "$bin/ruff" format --quiet --check .
check "djade" templates
check "import contracts" "$bin/lint-imports" --no-cache
check "house rules" "$bin/python" -m tools.house
check "missing migrations" migrations

if [ ${#failed[@]} -gt 0 ]; then
    printf 'lint found something: %s\n' "${failed[@]}"
    exit 1
fi
echo "lint: nothing found"
