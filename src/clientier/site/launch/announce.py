"""The last lines of a start: with which accounts one can sign in."""

from __future__ import annotations

import io
import sys

import django


def main() -> int:
    """Print the demo accounts, or how to make the first account."""
    django.setup()
    from django.core.management import call_command, get_commands  # after setup

    lines: list[list[str]] = []
    if "list_demo_accounts" in get_commands():
        output = io.StringIO()
        call_command("list_demo_accounts", stdout=output)
        lines = [line.split(maxsplit=2) for line in output.getvalue().splitlines() if line.strip()]
    if not lines:
        print("  sign in     with your account; `clientier createuser` makes the first one", flush=True)
    for number, line in enumerate(lines):
        name, password, role = (*line, "", "")[:3]
        print(f"  {'' if number else 'sign in':<11} {name:<12} {password:<14} {role}".rstrip(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
