from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "clientier.site"
    label = "site"

    def ready(self) -> None:
        """Have every room declare what it offers, in every process: web, worker, command line."""
        from clientier.site.accounts import trace  # models can be imported only now
        from clientier.site.settings import ROOMS  # settings are complete only now

        trace.listen()
        for room in ROOMS:
            import_module(f"clientier.rooms.{room}.resources")
