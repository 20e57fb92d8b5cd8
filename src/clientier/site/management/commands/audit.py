"""Verify that the audit is as it was written, or seal what it has gathered."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clientier.core import seals


class Command(BaseCommand):
    help = "Verify the chain of hashes over the audit (exit code 1 when it is broken), or seal the latest entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        verify = steps.add_parser("verify", help="say whether any entry was changed, removed or inserted")
        verify.add_argument(
            "--expect",
            default="",
            metavar="LINK",
            help="a link noted at an earlier time, which must still be there",
        )
        steps.add_parser("seal", help="seal the latest entries now; the worker does it every ten minutes")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "seal":
            self.stdout.write(f"{seals.seal()} entries sealed.")
            return
        verdict = seals.verify(expected=options["expect"].strip().lower())
        for fault in verdict.faults:
            self.stderr.write(f"{fault[0].upper()}{fault[1:]}.")
        if verdict.faults:
            self.stderr.write("The audit is not as it was written.")
            sys.exit(1)
        self.stdout.write(
            f"The audit is as it was written: {verdict.sealed} entries sealed, {verdict.waiting} not yet."
        )
        if verdict.head:
            self.stdout.write(
                f"The chain ends with link {verdict.head}. Note it down elsewhere: --expect finds it again."
            )
