"""Look for customers and contacts that are kept twice, now and not at night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clientier.core.actor import Door, system
from clientier.core.errors import DomainError
from clientier.rooms.duplicates.commands.searching import search_duplicates
from clientier.rooms.duplicates.models import PairOfTwo
from clientier.rooms.duplicates.queries.kinds import PAIRED
from clientier.rooms.duplicates.queries.listing import open_pairs


def _least(pair: PairOfTwo) -> float:
    return -pair.probability


class Command(BaseCommand):
    help = "Compare all customers and contacts, and keep the pairs that may be the same, to be decided."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--show", type=int, default=0, metavar="N", help="print the N most probable pairs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = search_duplicates(actor=system(Door.COMMAND), at=timezone.now())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        told = f"{found.compared} customers and contacts compared: {found.open} pairs to decide, "
        self.stdout.write(f"{told}{found.new} of them new.")
        pairs = sorted((pair for kind in PAIRED for pair in open_pairs(kind)[: options["show"]]), key=_least)
        for pair in pairs[: options["show"]]:
            numbers = " ".join(str(end.external_id or end.pk) for end in (pair.first, pair.second))
            self.stdout.write(f"{pair.probability:.3f}  {pair}  ({numbers})")
