"""Make the database ready to serve: its tables, the static files, and, the first time, the demo data."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import django

from clientier.site.home import home


def main() -> int:
    """Bring everything up to date, one line of progress each; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("--demo", action="store_true", help="load demo data when the database is new")
    arguments = parser.parse_args()
    django.setup()
    pending = home() / "demo.pending"  # a first start that was killed goes on where it has to
    if _is_new() and arguments.demo:
        pending.touch()
    _migrate()
    _collect_static()
    if pending.exists() and arguments.demo:
        _load_demo(pending)
    return 0


def _is_new() -> bool:
    from django.db import connection  # after setup

    return "django_migrations" not in connection.introspection.table_names()


def _migrate() -> None:
    from django.core.management import call_command  # after setup
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not steps:
        _say("tables", "up to date")
        return
    began = time.monotonic()
    _say("tables", f"{len(steps)} changes to make")
    call_command("migrate", interactive=False, verbosity=0)
    _say("tables", f"ready ({time.monotonic() - began:.1f} s)")


def _collect_static() -> None:
    from django.conf import settings  # after setup
    from django.core.management import call_command

    if settings.STATIC_ROOT:
        call_command("collectstatic", interactive=False, verbosity=0)


def _load_demo(pending: Path) -> None:
    from django.core.management import call_command, get_commands  # after setup

    if "load_demo" in get_commands():
        began = time.monotonic()
        _say("demo data", "loading a company with three years of trade (once only)")
        call_command("load_demo")
        _say("demo data", f"loaded ({time.monotonic() - began:.0f} s)")
    pending.unlink()


def _say(subject: str, words: str) -> None:
    print(f"  {subject:<11} {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
