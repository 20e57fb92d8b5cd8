"""Make an account, with a password typed in or read from the environment."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clientier.core import audit
from clientier.core.actor import Door, system
from clientier.rooms.people.models import Role, User
from clientier.site import defaults


class Command(BaseCommand):
    help = "Make an account. The password is asked for, or taken from CLIENTIER_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", default="administrator", choices=list(defaults.ROLES))

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        defaults.lay_down()
        if User.objects.filter(username__iexact=options["username"]).exists():
            raise CommandError(f"There is already an account {options['username']}. Nothing was changed.")
        password = os.environ.get("CLIENTIER_PASSWORD") or getpass.getpass("Password: ")
        user = User(
            username=options["username"],
            name=options["name"] or options["username"],
            email=options["email"],
            role=Role.objects.get(code=options["role"]),
        )
        try:
            validate_password(password, user)
        except ValidationError as refusal:
            raise CommandError(f"{' '.join(refusal.messages)} Nothing was changed.") from refusal
        user.set_password(password)
        user.save()
        audit.note("user.create", User, system(Door.COMMAND), username=user.username)
        self.stdout.write(f"{user.username} may sign in as {options['role']}.")
