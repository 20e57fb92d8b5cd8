"""Make a key with which a program may act as a user; it is shown once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clientier.rooms.people.commands.users import issue_token
from clientier.rooms.people.queries import user_named


class Command(BaseCommand):
    help = "Make an API token for a user. It is shown once; only a hash of it is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("purpose", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = user_named(options["username"])
        if user is None:
            raise CommandError(f"There is no active account {options['username']}. Nothing was made.")
        self.stdout.write(issue_token(user, options["purpose"]))
