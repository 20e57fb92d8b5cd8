"""The keys of encrypted values: which are in use, and renewing them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clientier.core import encryption
from clientier.core.errors import DomainError
from clientier.rooms.parties.commands.key_renewal import keys_in_use, seal_anew
from clientier.site import home


class Command(BaseCommand):
    help = (
        "Show the keys of encrypted values, or renew them. A key is named by its first figures, never shown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("show", help="which keys there are, and how many values each one encrypts")
        rotate = steps.add_parser(
            "rotate", help="encrypt every value with the newest key; goes on where it was cut short"
        )
        rotate.add_argument(
            "--new", action="store_true", help="make a new key first, in field.keys in the data folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["step"] == "rotate":
                self._rotate(new=options["new"])
            self._show()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _rotate(self, *, new: bool) -> None:
        if new and not home.add_field_key():
            raise CommandError(
                "The keys come from CLIENTIER_FIELD_KEYS. Put a new one before them there, restart, and rotate "
                "without --new."
            )
        self.stdout.write(f"{seal_anew()} values encrypted anew.")

    def _show(self) -> None:
        used, known = keys_in_use(), [name.hex() for name in encryption.key_names()]
        for place, name in enumerate(known):
            newest = " (newest)" if place == 0 else "" if used[name] else " (no longer needed)"
            self.stdout.write(f"key {name}: {used[name]} values{newest}")
        for name in sorted(used.keys() - set(known)):
            self.stdout.write(f"key {name}: {used[name]} values, and this key is missing")
        if missing := used.keys() - set(known):
            raise CommandError(
                f"{sum(used[name] for name in missing)} values cannot be read until their key is back in "
                "CLIENTIER_FIELD_KEYS or field.keys. Nothing is lost."
            )
