"""The worker: does the jobs that wait in the database, until it is told to stop."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Do the jobs that wait in the database. `clientier run` starts one of these."
    requires_system_checks = []  # it starts beside the web server, which has checked

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--grace", type=float, default=30, help="seconds that a job has left when we must stop"
        )
        parser.add_argument("--at-once", type=int, default=1, help="how many jobs to do at the same time")

    def handle(self, *_args: str, **options: Any) -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector):
            app.run_worker(concurrency=options["at_once"], shutdown_graceful_timeout=options["grace"])
