from __future__ import annotations

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "clientier.rooms.duplicates"
    label = "duplicates"
