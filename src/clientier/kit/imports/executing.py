"""Runs an import to its end, through kills and restarts: what was written is counted once, never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clientier.core import audit, events
from clientier.core.actor import Actor, Door
from clientier.core.errors import Conflict
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.engine import ROWS_IN_TRANSACTION, ChunkDone, Counts, Engine, RowProblems
from clientier.kit.imports.problems import write_problems_csv, write_problems_workbook
from clientier.kit.imports.reasons import ImportRefusedError, Reason, refuse
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.runs import ImportRefused, mapping_of, source_of, target_named
from clientier.kit.imports.source import Source
from clientier.kit.models import ImportProblem, ImportRun, ImportState

COMPLETED = "import.completed"
Said = Callable[[int, int | None], None]
REASONS_SHOWN = 12


@dataclass(slots=True)
class Rehearsed:
    """What an import would do: counts, and each kind of refusal with its number and first row."""

    counts: Counts = field(default_factory=Counts)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], tuple[int, Problem]] = field(default_factory=dict)
    left_empty: dict[str, Any] = field(default_factory=dict)

    def add(self, done: ChunkDone) -> None:
        """Take in one more chunk."""
        self.counts += done.counts
        for row_number, problems in done.problems:
            for problem in problems:
                kind = (problem.column or problem.field, problem.reason.code)
                self.reasons[kind] += 1
                self.first.setdefault(kind, (row_number, problem))

    def plain(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "counts": self.counts.plain(),
            "left_empty": self.left_empty,
            "reasons": [
                {"rows": rows, "row_number": self.first[kind][0], "problem": stored(self.first[kind][1])}
                for kind, rows in self.reasons.most_common(REASONS_SHOWN)
            ],
        }


def rehearse(run: ImportRun, *, actor: Actor, said: Said | None = None) -> Rehearsed:
    """Do everything that the import would do, and leave nothing of it but the counts."""
    rehearsed = Rehearsed()

    def record(done: ChunkDone) -> None:
        rehearsed.add(done)
        if said:
            said(rehearsed.counts.rows, run.rows_expected)

    engine = _engine(run, actor)[0]
    try:
        engine.rehearse(record)
        rehearsed.left_empty = engine.left_empty
    except ImportRefusedError as refusal:
        raise ImportRefused(str(refusal)) from refusal
    return rehearsed


def keep_check(run: ImportRun, checked: dict[str, Any]) -> None:
    """Keep what a rehearsal found, unless the import was mapped anew or started meanwhile."""
    ImportRun.objects.filter(
        pk=run.pk, mapping=run.mapping, state__in=(ImportState.UPLOADED, ImportState.CHECKED)
    ).update(checked=checked, state=ImportState.CHECKED)


def execute(
    run: ImportRun, *, actor: Actor, said: Said | None = None, rows_at_a_time: int = ROWS_IN_TRANSACTION
) -> ImportRun:
    """Import the file, from where an earlier try was cut off, and return the finished run.

    Raises ImportRefused, with what was written so far kept and counted, when the file cannot be read on.
    """
    with alone(run):
        run.refresh_from_db()
        if run.state in (ImportState.DONE, ImportState.UNDONE):
            return run
        writer = replace(actor, door=Door.IMPORT, request_id=run.request_id)
        _set(run, state=ImportState.RUNNING, started_at=run.started_at or timezone.now(), error="")

        def record(done: ChunkDone) -> None:
            if ImportRun.objects.filter(pk=run.pk, stop_asked=True).exists():
                raise refuse("stopped")
            _keep(run, done)
            if said:
                said(run.rows_done, run.rows_expected)

        try:
            engine, source = _engine(run, writer, rows_at_a_time)
            engine.run(record, done_before=run.rows_done)
            run.facts = {**run.facts, "left_empty": engine.left_empty}
            run.save(update_fields=["facts"])
            _finish(run, source, writer)
        except ImportRefusedError as refusal:
            _stop(run, writer, str(refusal))
            raise ImportRefused(str(refusal)) from refusal
        except Exception as error:
            _stop(run, writer, type(error).__name__)
            raise
    return run


@contextmanager
def alone(run: ImportRun) -> Iterator[None]:
    """Nobody else works on this import meanwhile; the database gives the place up if we are killed."""
    key = int.from_bytes(run.pk.bytes[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise Conflict(_("This import is being worked on at this moment. Nothing was changed."))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _engine(run: ImportRun, actor: Actor, rows_at_a_time: int = ROWS_IN_TRANSACTION) -> tuple[Engine, Source]:
    importing = target_named(run.target, actor)
    mapping = mapping_of(run)
    source = source_of(run, mapping)
    run.rows_expected = source.row_count or source.row_estimate
    try:
        return Engine(importing, mapping, source, actor, rows_at_a_time=rows_at_a_time), source
    except ImportRefusedError as refusal:
        raise ImportRefused(str(refusal)) from refusal


def _keep(run: ImportRun, done: ChunkDone) -> None:
    """Record a chunk in the transaction that writes it."""
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(run=run, row_number=row_number, reasons=[stored(problem) for problem in problems])
            for row_number, problems in done.problems
        ],
        batch_size=5_000,
        ignore_conflicts=True,
    )
    counts = done.counts
    run.rows_done += counts.rows
    run.beside = dict(Counter(run.beside) + counts.beside)
    ImportRun.objects.filter(pk=run.pk).update(
        rows_done=run.rows_done,
        rows_expected=run.rows_expected,
        created=F("created") + counts.created,
        updated=F("updated") + counts.updated,
        unchanged=F("unchanged") + counts.unchanged,
        errors=F("errors") + counts.errors,
        beside=run.beside,
    )


def _finish(run: ImportRun, source: Source, actor: Actor) -> None:
    """Write the files of rows in error, the one trace, and the news."""
    run.refresh_from_db()
    with TemporaryDirectory(prefix="clientier-") as folder:
        if run.problems.exists():
            _attach_problems(run, source, Path(folder))
    with transaction.atomic():
        run.state, run.finished_at, run.rows_expected = ImportState.DONE, timezone.now(), run.rows_done
        run.errors = run.problems.count()
        run.save()
        audit.note("import.run", TARGETS[run.target].writes[0], actor, **facts_of(run))
        events.publish(COMPLETED, **facts_of(run))


@transaction.atomic
def _stop(run: ImportRun, actor: Actor, why: str) -> None:
    """Say why it went no further; what it wrote until then stays, so it leaves its trace."""
    _set(run, state=ImportState.FAILED, error=why, finished_at=timezone.now())
    run.refresh_from_db()
    if run.created or run.updated:
        audit.note("import.stop", TARGETS[run.target].writes[0], actor, **facts_of(run))


def _attach_problems(run: ImportRun, source: Source, folder: Path) -> None:
    for write, name, kept in (
        (write_problems_csv, "problems.csv", run.problems_csv),
        (write_problems_workbook, "problems.xlsx", run.problems_xlsx),
    ):
        write(source, problems_of(run), folder / name)
        with (folder / name).open("rb") as file:
            kept.save(name, File(file), save=False)


def problems_of(run: ImportRun) -> Iterator[RowProblems]:
    """The rows in error, in the order of the file."""
    found = run.problems.order_by("row_number").values_list("row_number", "reasons")
    for row_number, reasons in found.iterator(chunk_size=2_000):
        yield row_number, [problem_from(reason) for reason in reasons]


def stored(problem: Problem) -> dict[str, Any]:
    """A problem as it is kept: codes and values, no sentence."""
    return {
        "column": problem.column,
        "field": problem.field,
        "code": problem.reason.code,
        "values": dict(problem.reason.values),
    }


def problem_from(kept: dict[str, Any]) -> Problem:
    """The problem that ``stored`` kept."""
    return Problem(kept["column"], kept["field"], Reason(kept["code"], kept["values"]))


def facts_of(run: ImportRun) -> dict[str, Any]:
    """What the trace and the news say of an import."""
    return {
        "import_id": str(run.pk),
        "target": run.target,
        "file": run.file_name,
        "rows": run.rows_done,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "errors": run.errors,
    }


def _set(run: ImportRun, **values: Any) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))
