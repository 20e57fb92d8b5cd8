"""Several files at once: what each holds is found from its headings, the order of work from its references."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from clientier.core import jobs
from clientier.core.actor import Actor
from clientier.core.errors import Conflict, NotFound
from clientier.kit.imports import executing, runs
from clientier.kit.imports.headings import heading_words
from clientier.kit.imports.presets import preset_for
from clientier.kit.imports.proposing import propose
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.registry import TARGETS, ImportTarget, open_targets
from clientier.kit.imports.survey import Column, survey
from clientier.kit.imports.taking_back import take_back
from clientier.kit.imports.unpacking import is_set, unpack
from clientier.kit.models import ImportRun, ImportSet, ImportState

WORTH_OF_PRESET = 2.0
WORTH_OF_NAME = 1.0
LEAST_WORTH = 0.5


@transaction.atomic
def receive(files: Sequence[File[bytes]], *, actor: Actor) -> ImportSet:
    """Keep the files, those in ZIPs one by one, each with what its rows seem to be and how they are mapped.

    Files that cannot be read, or whose rows nothing can be made of, are named with the reason. Raises
    ImportRefused where none is left.
    """
    made = ImportSet.objects.create(user_id=actor.user_id, name=_name_of(files))
    with TemporaryDirectory(prefix="clientier-") as folder:
        for number, file in enumerate(files):
            kept = Path(folder) / f"upload-{number}"
            with kept.open("wb") as target:
                for block in file.chunks():
                    target.write(block)
            within = Path(folder) / str(number)
            within.mkdir()
            _receive_one(made, PurePath(file.name or "").name[:255], kept, within, actor)
    made.save(update_fields=["passed_over"])
    if not made.runs.exists():
        said = "; ".join(f"{each['name']}: {each['reason']}" for each in made.passed_over)
        raise runs.ImportRefused(said or _("There is no file in it."))
    return made


def set_seen_by(actor: Actor, pk: UUID) -> ImportSet:
    """One set of the actor's own, or any for who may do everything; NotFound."""
    found = ImportSet.objects.filter(pk=pk).first()
    if found is None or not (actor.unlimited or found.user_id == actor.user_id):
        raise NotFound
    return found


def in_order(of_set: ImportSet) -> list[ImportRun]:
    """The files in the order of work: each kind after those that its mapped columns refer to."""
    left = list(of_set.runs.order_by("uploaded_at", "pk"))
    left.sort(key=lambda run: TARGETS[run.target].place)
    ordered: list[ImportRun] = []
    while left:
        waiting_for = {run.target for run in left}
        free = next((run for run in left if not (_refers_to(run) & waiting_for - {run.target})), left[0])
        left.remove(free)
        ordered.append(free)
    return ordered


def start(of_set: ImportSet, task: Any, *, actor: Actor) -> None:
    """Queue the import of all files of the set that have not been imported, once."""
    with transaction.atomic():
        kept = ImportSet.objects.select_for_update().get(pk=of_set.pk)
        if kept.runs.filter(state__in=(ImportState.QUEUED, ImportState.RUNNING)).exists():
            raise runs.AlreadyBegun
        job = jobs.start(task, kind="import_set", label=kept.name, actor=actor, set_id=str(kept.pk))
        kept.job_id = job.pk
        kept.save(update_fields=["job_id"])


def execute(of_set: ImportSet, *, actor: Actor, said: executing.Said | None = None) -> int:
    """Import the files one after another and return how many came in; one that is refused says why itself."""
    todo = [run for run in in_order(of_set) if run.state in runs.TRIED_AGAIN]
    expected = sum(run.rows_expected or 0 for run in todo)
    done = before = 0
    for run in todo:

        def progress(rows: int, _total: int | None, before: int = before) -> None:
            if said:
                said(before + rows, max(expected, before + rows))

        importing = runs.target_named(run.target, actor)
        if missing := runs.missing_fields(importing, runs.mapping_of(run), actor):
            run.error = _("Nothing is mapped to: %(fields)s. Nothing was imported.") % {
                "fields": ", ".join(missing)
            }
            run.state = ImportState.FAILED
            run.save(update_fields=["error", "state"])
            continue
        try:
            executing.execute(run, actor=actor, said=progress)
            done += 1
        except runs.ImportRefused:
            continue  # the run keeps the reason, and the page of the set shows it
        before += run.rows_done
    return done


def undo(of_set: ImportSet, *, actor: Actor, leave_changed: bool = False) -> int:
    """Take back all files of the set, the last first, as a whole or not at all."""
    with transaction.atomic():
        number = sum(
            take_back(run, actor=actor, leave_changed=leave_changed)
            for run in reversed(in_order(of_set))
            if run.state in (ImportState.DONE, ImportState.FAILED) and run.created + run.updated
        )
    if not number:
        raise Conflict(_("There is nothing left to undo here."))
    return number


def target_of(name: str, columns: Sequence[Column], among: Iterable[ImportTarget]) -> ImportTarget | None:
    """What the rows of a file most likely are: by known exports, by the name of the file, by how much maps."""
    worths = [(_worth(name, columns, importing), -importing.place, importing) for importing in among]
    best = max(worths, key=lambda each: each[:2], default=None)
    return best[2] if best and best[0] >= LEAST_WORTH else None


def _worth(name: str, columns: Sequence[Column], importing: ImportTarget) -> float:
    target = importing.target
    proposed = propose(target, columns)
    filled = {proposal.field for proposal in proposed}
    required = [f.name for f in target.fields if f.required and f.default is None]
    if not filled.issuperset(required):
        return 0.0
    worth = sum(proposal.confidence for proposal in proposed) / max(len(columns), 1)
    if preset_for(target.slug, [column.heading for column in columns]):
        worth += WORTH_OF_PRESET
    words = {word.rstrip("s") for word in heading_words(PurePath(name).stem)}
    called = {word.rstrip("s") for text in (target.slug, str(target.label)) for word in heading_words(text)}
    return worth + (WORTH_OF_NAME if words & called else 0.0)


def _receive_one(made: ImportSet, name: str, path: Path, folder: Path, actor: Actor) -> None:
    try:
        if is_set(path):
            for inner, kept in unpack(path, folder):
                _receive_table(made, inner, kept, actor)
        else:
            _receive_table(made, name, path, actor)
    except ImportRefusedError as refusal:
        made.passed_over.append({"name": name, "reason": str(refusal)})


def _receive_table(made: ImportSet, name: str, path: Path, actor: Actor) -> None:
    try:
        columns = survey(open_source(path, name=name))
    except ImportRefusedError as refusal:
        made.passed_over.append({"name": name, "reason": str(refusal)})
        return
    importing = target_of(name, columns, open_targets(actor))
    if importing is None:
        reason = _("Nothing that can be imported has columns like these.")
        made.passed_over.append({"name": name, "reason": reason})
        return
    with path.open("rb") as content:
        run = runs.receive(importing, File(content, name=name), actor=actor)
    run.of_set = made
    run.save(update_fields=["of_set"])


def _refers_to(run: ImportRun) -> set[str]:
    """The kinds of records that the mapped columns refer to."""
    target = TARGETS[run.target].target
    mapped = runs.mapping_of(run).fields
    return {str(field.lookup) for field in target.fields if field.lookup and field.name in mapped}


def _name_of(files: Sequence[File[bytes]]) -> str:
    first = PurePath(files[0].name or "").name if files else ""
    more = _("%(name)s and %(number)s more") % {"name": first, "number": len(files) - 1}
    return (first if len(files) == 1 else more)[:255]
