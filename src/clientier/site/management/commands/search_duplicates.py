"""Look for customers that are kept twice, now and not at night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clientier.core.actor import Door, system
from clientier.core.errors import DomainError
from clientier.rooms.duplicates.commands.searching import search_duplicates
from clientier.rooms.duplicates.queries.listing import open_pairs


class Command(BaseCommand):
    help = "Compare all customers and keep the pairs that may be the same, to be decided under Duplicates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--show", type=int, default=0, metavar="N", help="print the N most probable pairs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = search_duplicates(actor=system(Door.COMMAND), at=timezone.now())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        told = f"{found.compared} customers compared: {found.open} pairs to decide, {found.new} of them new."
        self.stdout.write(told)
        for pair in open_pairs()[: options["show"]]:
            numbers = " ".join(str(end.external_id or end.pk) for end in (pair.first, pair.second))
            self.stdout.write(f"{pair.probability:.3f}  {pair}  ({numbers})")
