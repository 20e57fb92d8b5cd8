"""Say with which accounts the sample company can be entered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clientier.rooms.people.queries import organisation, sample_users
from clientier.site.demo.loading import PASSWORD


class Command(BaseCommand):
    help = "List one sample account for each role: sign-in name, password, role."

    def handle(self, *args: Any, **options: Any) -> None:
        if not organisation().sample_data:
            return
        for user in sample_users():
            self.stdout.write(f"{user.username} {PASSWORD} {user.role.code}")
