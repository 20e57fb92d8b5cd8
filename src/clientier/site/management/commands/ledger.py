"""Verify that the ledger is as it was posted and that every open amount is a sum of it, or seal its latest entries."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clientier.core import seals
from clientier.rooms.trade.commands.ledger import LEDGER
from clientier.rooms.trade.queries.proofs import faults


class Command(BaseCommand):
    help = (
        "Verify the ledger (exit code 1 when anything is wrong): its chain of hashes, that each entry balances, and "
        "that what invoices and payments say is open is what the postings add up to. Or seal the latest entries."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        verify = steps.add_parser("verify", help="say whether anything was changed, or does not add up")
        verify.add_argument(
            "--expect",
            default="",
            metavar="LINK",
            help="a link noted at an earlier time, which must still be there",
        )
        steps.add_parser("seal", help="seal the latest entries now; the worker does it every ten minutes")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "seal":
            self.stdout.write(f"{seals.seal(LEDGER)} entries sealed.")
            return
        verdict = seals.verify(LEDGER, expected=options["expect"].strip().lower())
        wrong = [*verdict.faults, *faults()]
        for fault in wrong:
            self.stderr.write(f"{fault[0].upper()}{fault[1:]}.")
        if wrong:
            self.stderr.write("The ledger is not as it was posted, or does not add up.")
            sys.exit(1)
        self.stdout.write(
            f"The ledger is as it was posted and adds up: {verdict.sealed} entries sealed, {verdict.waiting} not yet."
        )
        if verdict.head:
            self.stdout.write(
                f"The chain ends with link {verdict.head}. Note it down elsewhere: --expect finds it again."
            )
