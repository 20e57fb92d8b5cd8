"""Write the description of the REST interface to a file, docs/api/openapi.json unless another is named."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from clientier.site.openapi import document


class Command(BaseCommand):
    help = "Write the OpenAPI document of the REST interface."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=Path("docs/api/openapi.json"))

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        with translation.override("en"):
            target.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{target} written")
