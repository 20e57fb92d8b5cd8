"""Load the sample company and judge its customers, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from clientier.core.actor import Door, system
from clientier.core.time import business_day, month_start
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import organisation
from clientier.rooms.stewardship.commands.completeness import judge_cards
from clientier.rooms.stewardship.commands.reviews import draw_week
from clientier.rooms.value.commands.duties import create_duties
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import ValueRun
from clientier.site import defaults
from clientier.site.demo.documents import load_documents
from clientier.site.demo.generator import generate
from clientier.site.demo.loading import Loader

MONTHS_OF_RUNS = 5


class Command(BaseCommand):
    help = "Load generated sample data into an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--size", type=int, default=4000, help="number of customers")

    def handle(self, *args: Any, **options: Any) -> None:
        if Customer.objects.exists():
            self.stdout.write("There are customers already; no sample data was loaded.")
            return
        defaults.lay_down()
        today = business_day(timezone.now(), organisation().time_zone)
        world = generate(options["seed"], today, options["size"])
        actor = system(Door.COMMAND)
        with transaction.atomic():
            Loader(world, actor, self._said).load()
            for name, number in load_documents(today, actor).items():
                self._said(name, number)
        for as_of in [
            *(month_start(today, months_back=back) for back in range(MONTHS_OF_RUNS, -1, -1)),
            today,
        ]:
            run = run_value(ValueRun, actor=actor.through(Door.COMMAND), as_of=as_of)
            self.stdout.write(
                f"  value run as of {run.as_of}: {run.customers} customers, {run.seconds:.1f} s"
            )
            self.stdout.flush()
        self.stdout.write(f"  duties: {create_duties(run)}")
        self.stdout.write(f"  cards judged: {judge_cards()}")
        self.stdout.write(f"  reviews of the week: {draw_week(today)}")

    def _said(self, name: str, rows: int) -> None:
        self.stdout.write(f"  {name.replace('_', ' ')}: {rows}")
        self.stdout.flush()
