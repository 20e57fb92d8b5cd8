"""Say with which accounts the sample company can be entered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clientier.rooms.people.models import User
from clientier.rooms.people.queries import organisation
from clientier.site.demo.loading import PASSWORD


class Command(BaseCommand):
    help = "List one sample account for each role: sign-in name, password, role."

    def handle(self, *args: Any, **options: Any) -> None:
        if not organisation().sample_data:
            return
        seen: set[str] = set()
        for user in User.objects.select_related("role").filter(is_active=True).order_by("pk"):
            if user.role.code not in seen:
                seen.add(user.role.code)
                self.stdout.write(f"{user.username} {PASSWORD} {user.role.code}")
