"""Judge all customers as of a day and make it the current judgement."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clientier.core.actor import Door, system
from clientier.core.errors import DomainError
from clientier.core.time import business_day
from clientier.rooms.people.queries import organisation
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import ValueRun


class Command(BaseCommand):
    help = "Compute value, tiers, lifecycle and warnings of all customers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, help="the last day that counts; default today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or business_day(timezone.now(), organisation().time_zone)
        try:
            run = run_value(ValueRun, actor=system(Door.COMMAND), as_of=as_of)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{run.customers} customers judged as of {run.as_of} in {run.seconds:.1f} s.")
