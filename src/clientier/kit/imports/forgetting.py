"""Taking the files of imports away that hold what must be forgotten."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from functools import partial
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from clientier.kit.models import ImportProblem, ImportRun

CHUNK = 1 << 20
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "latin-1")
FILES = ("file", "problems_csv", "problems_xlsx")


@transaction.atomic
def forget_in_imports(requests: Collection[UUID], texts: Collection[str]) -> int:
    """Delete the files of these requests' imports, and of every import in whose files one of the texts stands.

    Refused rows and counts that quote one of the texts lose the words as well. Returns how many imports lost files.
    """
    wanted = _spellings(texts)
    forgotten = 0
    for run in ImportRun.objects.order_by("pk").exclude(file="", problems_csv="", problems_xlsx=""):
        if run.request_id in requests or any(_holds(getattr(run, name), wanted) for name in FILES):
            transaction.on_commit(partial(_delete, [getattr(run, name) for name in FILES]))
            ImportRun.objects.filter(pk=run.pk).update(**dict.fromkeys(FILES, ""))
            forgotten += 1
    quoting = Q(pk__in=[])
    for text in texts:
        quoting |= Q(said__contains=text)
    ImportProblem.objects.annotate(said=Cast("reasons", TextField())).filter(quoting).update(reasons=[])
    ImportRun.objects.annotate(said=Cast("checked", TextField())).filter(quoting).update(checked=None)
    return forgotten


def _spellings(texts: Collection[str]) -> list[bytes]:
    found = set()
    for text in texts:
        for encoding in ENCODINGS:
            try:
                found.add(text.encode(encoding))
            except UnicodeEncodeError:
                continue
    return sorted(found)


def _holds(file: Any, wanted: list[bytes]) -> bool:
    """Whether any spelling stands in the file, or in one of the parts of a workbook."""
    if not file or not wanted or not file.storage.exists(file.name):
        return False
    with file.storage.open(file.name) as opened:
        return any(_found(part, wanted) for part in _parts(opened))


def _parts(opened: IO[bytes]) -> Iterator[IO[bytes]]:
    if not zipfile.is_zipfile(opened):
        opened.seek(0)
        yield opened
        return
    with zipfile.ZipFile(opened) as archive:
        for name in archive.namelist():
            with archive.open(name) as part:
                yield part


def _found(part: IO[bytes], wanted: list[bytes]) -> bool:
    """Read in pieces that overlap, so that nothing is missed where two meet."""
    overlap, kept = max(map(len, wanted)), b""
    while piece := part.read(CHUNK):
        kept += piece
        if any(text in kept for text in wanted):
            return True
        kept = kept[-overlap:]
    return False


def _delete(files: list[Any]) -> None:
    for file in files:
        if file:
            file.storage.delete(file.name)
