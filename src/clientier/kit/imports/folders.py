"""Imports finished files from a folder by themselves: each content once, with a report beside what was done."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from clientier.core import events
from clientier.core.actor import Actor, Door, actor_for
from clientier.core.errors import DomainError
from clientier.core.wording import listed
from clientier.kit.imports import executing, runs
from clientier.kit.imports.problems import write_problems_csv
from clientier.kit.models import ImportFolder, ImportRun, PickedFile

FOLDER_PROBLEM = "import.folder_problem"
DONE, FAILED = "done", "failed"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download", "~")
BLOCK_BYTES = 1 << 20
LOCKS_OF_FOLDERS = 0x1F01DE5
STAMP = "%Y%m%d-%H%M%S"


class FolderRefused(DomainError):
    """The folder cannot be used: it leads out of the installation's home."""

    code = "import_folder_refused"
    status = 422


def path_of(folder: ImportFolder) -> Path:
    """Where the folder lies, made when it is not there. Raises FolderRefused where it leads elsewhere."""
    root = Path(settings.IMPORT_FOLDERS)
    root.mkdir(parents=True, exist_ok=True)
    path = root / folder.name
    if path.is_symlink() or path.parent != root or path.name in ("", ".", ".."):
        raise FolderRefused(_("The folder “%(name)s” leads out of its place.") % {"name": folder.name})
    for each in (path, path / DONE, path / FAILED):
        if each.is_symlink():
            raise FolderRefused(_("The folder “%(name)s” leads out of its place.") % {"name": each.name})
        each.mkdir(exist_ok=True)
    return path


def pick_up(folder: ImportFolder, *, now: dt.datetime) -> list[PickedFile]:
    """Import the files that have not grown since the last look, and return what was picked up now.

    Links are refused; hidden files and those that are still being written are left alone.
    """
    picked: list[PickedFile] = []
    with _alone(folder) as free:
        if not free:
            return picked
        path = path_of(folder)
        before, after = dict(folder.seen), {}
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            if entry.is_symlink():
                after[entry.name] = "link"
                if before.get(entry.name) != "link":
                    _tell(folder, entry.name, _("It is a link, and links are not followed."), entry.name)
                continue
            if not entry.is_file(follow_symlinks=False):
                continue
            facts = entry.stat(follow_symlinks=False)
            size = f"{facts.st_size}:{facts.st_mtime_ns}"
            if before.get(entry.name) != size:
                after[entry.name] = size
                continue
            picked.append(_take(folder, Path(entry.path), now))
        folder.seen = after
        folder.save(update_fields=["seen"])
    return picked


def _take(folder: ImportFolder, path: Path, now: dt.datetime) -> PickedFile:
    """Copy the file while its digest is taken, import the copy, and put the file away with a report."""
    with TemporaryDirectory(prefix="clientier-") as temporary:
        copy = Path(temporary) / path.name
        with _opened(path) as source, copy.open("wb") as target:
            digest = _copied(source, target)
        picked, is_new = PickedFile.objects.get_or_create(
            folder=folder, digest=digest, defaults={"file_name": path.name}
        )
        actor = actor_for(folder.owner_id, Door.IMPORT)
        with translation.override(actor.language if actor else None):
            if is_new:
                report = _imported(folder, picked, copy, actor)
            else:
                report = _(
                    "These very contents were imported before, as “%(name)s”. Nothing was imported."
                ) % {"name": picked.file_name}
            _put_away(path, picked, report, now)
            if is_new and (picked.error or (picked.run and picked.run.errors)):
                _tell(folder, path.name, picked.error or report, str(picked.pk))
    return picked


def _imported(folder: ImportFolder, picked: PickedFile, copy: Path, actor: Actor | None) -> str:
    """The report of the import; what stopped it is kept with the picked file."""
    try:
        if actor is None:
            raise runs.ImportRefused(_("The person who answers for this folder cannot sign in any more."))
        importing = runs.target_named(folder.target, actor)
        with copy.open("rb") as content:
            run = runs.receive(importing, File(content, name=copy.name), actor=actor)
        picked.run = run
        if missing := runs.missing_fields(importing, runs.mapping_of(run), actor):
            raise runs.ImportRefused(
                _("Nothing is mapped to: %(fields)s. Nothing was imported.") % {"fields": listed(missing)}
            )
        picked.run = executing.execute(run, actor=actor)
        return counted(picked.run)
    except DomainError as refusal:
        picked.error = str(refusal)
        return picked.error
    finally:
        picked.save(update_fields=["run", "error"])


def counted(run: ImportRun) -> str:
    """What became of the rows, in one line."""
    return _(
        "%(rows)s rows: %(created)s created, %(updated)s changed, %(unchanged)s unchanged, %(errors)s in error."
    ) % {
        "rows": run.rows_done,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "errors": run.errors,
    }


def _put_away(path: Path, picked: PickedFile, report: str, now: dt.datetime) -> None:
    """Move the file to the folder of those done or failed, with its report and its rows in error."""
    place = path.parent / (FAILED if picked.error else DONE)
    stem = f"{now.strftime(STAMP)}-{path.name}"
    number = 1
    while (place / stem).exists():
        number += 1
        stem = f"{now.strftime(STAMP)}-{number}-{path.name}"
    path.rename(place / stem)
    (place / f"{stem}.report.txt").write_text(report + "\n", encoding="utf-8")
    if picked.run and picked.run.errors:
        source = runs.source_of(picked.run)
        write_problems_csv(source, executing.problems_of(picked.run), place / f"{stem}.errors.csv")


def _tell(folder: ImportFolder, name: str, why: str, about: str) -> None:
    with transaction.atomic():
        events.publish(
            FOLDER_PROBLEM, owner_id=folder.owner_id, folder=folder.name, file=name, why=why, about=about
        )


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A plain file, never one that a link leads to, even if it was put there this very moment."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FolderRefused(_("“%(name)s” is not a file.") % {"name": path.name})
        yield file


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := source.read(BLOCK_BYTES):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


@contextmanager
def _alone(folder: ImportFolder) -> Iterator[bool]:
    """Whether nobody else looks into the folder now; the database gives the place up if we are killed."""
    key = [LOCKS_OF_FOLDERS, folder.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
