"""Make the database ready to serve: its tables, the static files, and, the first time, the demo data."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clientier.site.home import home


class Command(BaseCommand):
    help = "Bring the tables up to date. `clientier run` does this at every start."
    requires_system_checks = []  # a start takes seconds; `clientier check` looks for mistakes

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load demo data when the database is new")
        parser.add_argument("--static", action="store_true", help="collect the static files as well")

    def handle(self, *_args: str, **options: Any) -> None:
        pending = home() / "demo.pending"  # a first start that was killed loads its demo data at the next
        if options["demo"] and _is_new():
            pending.touch()
        self._migrate()
        if options["static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"] and pending.exists():
            self._load_demo()
            pending.unlink()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not steps:
            self._say("tables", "up to date")
            return
        began = time.monotonic()
        self._say("tables", f"{len(steps)} changes to make")
        call_command("migrate", interactive=False, verbosity=0)
        self._say("tables", f"ready ({time.monotonic() - began:.1f} s)")

    def _load_demo(self) -> None:
        if "load_demo" not in get_commands():
            return
        began = time.monotonic()
        self._say("demo data", "loading a company with three years of trade (once only)")
        call_command("load_demo")
        self._say("demo data", f"loaded ({time.monotonic() - began:.0f} s)")

    def _say(self, subject: str, words: str) -> None:
        self.stdout.write(f"  {subject:<11} {words}")
        self.stdout.flush()


def _is_new() -> bool:
    return "django_migrations" not in connection.introspection.table_names()
