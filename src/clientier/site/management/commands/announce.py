"""The last lines of a start: with which accounts one can sign in."""

from __future__ import annotations

import io
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print the demo accounts, one per role, or how to make the first account."
    requires_system_checks = []  # it follows a start that works

    def handle(self, *_args: str, **_options: Any) -> None:
        accounts = _demo_accounts()
        if not accounts:
            self.stdout.write("  sign in     with your account; `clientier createuser` makes the first one")
        for number, (name, password, role) in enumerate(accounts):
            self.stdout.write(
                f"  {'' if number else 'sign in':<11} {name:<12} {password:<14} {role}".rstrip()
            )


def _demo_accounts() -> list[tuple[str, str, str]]:
    """From lines of `list_demo_accounts`: a name, a password, and the role, which may have spaces."""
    if "list_demo_accounts" not in get_commands():
        return []
    output = io.StringIO()
    call_command("list_demo_accounts", stdout=output)
    parted = [line.split(maxsplit=2) for line in output.getvalue().splitlines() if line.strip()]
    return [(part[0], part[1], part[2] if len(part) > 2 else "") for part in parted]
