from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "clientier.rooms.people"
    label = "people"
