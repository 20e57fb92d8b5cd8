"""Look into the import folders now, as the job does every minute."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clientier.core.errors import DomainError
from clientier.kit.imports import folders
from clientier.kit.models import ImportFolder


class Command(BaseCommand):
    help = (
        "Import the finished files of the import folders. A file counts as finished when it has not changed "
        "since the last look; with --whole, at once. Exit code 1: a file could not be imported whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", help="names of folders; else all that are switched on")
        parser.add_argument("--whole", action="store_true", help="all files that lie there are whole")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = ImportFolder.objects.order_by("name")
        names = options["folders"]
        chosen = chosen.filter(name__in=names) if names else chosen.filter(active=True)
        if names and chosen.count() < len(set(names)):
            raise CommandError("There is no such folder.", returncode=2)
        failed = 0
        for folder in chosen:
            try:
                picked = folders.pick_up(folder, now=timezone.now())
                if options["whole"]:
                    picked += folders.pick_up(folder, now=timezone.now())
            except DomainError as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
            for each in picked:
                failed += bool(each.error or (each.run and each.run.errors))
                self.stdout.write(f"{folder.name}/{each.file_name}: {_said(each)}")
        if failed:
            raise CommandError(f"{failed} files could not be imported whole.", returncode=1)


def _said(each: Any) -> str:
    return each.error or (folders.counted(each.run) if each.run else "")
