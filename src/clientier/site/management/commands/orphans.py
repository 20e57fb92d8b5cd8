"""Name the open records that belong to somebody who may not sign in; fails if there are any."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clientier.rooms.stewardship.queries.holdings import orphans


class Command(BaseCommand):
    help = "Name the open records that belong to somebody who may not sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        found = orphans()
        for kind, user, number in found:
            self.stdout.write(f"{kind}: {number} of {user}")
        if found:
            raise CommandError("Open records belong to people who may not sign in; hand them over.")
        self.stdout.write("Every open record has somebody who may sign in.")
