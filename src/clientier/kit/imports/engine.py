"""Brings a file into the database: every chunk is one transaction, a row is written whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DataError, IntegrityError, transaction

from clientier.core.actor import Actor
from clientier.kit.imports import custom
from clientier.kit.imports.checking import CheckedChunk, Checker, Problem
from clientier.kit.imports.mapping import FieldMapping
from clientier.kit.imports.reasons import Reason, quoting
from clientier.kit.imports.references import References
from clientier.kit.imports.registry import Batch, Beginning, ImportTarget, Written, replace_fields
from clientier.kit.imports.source import Source
from clientier.kit.imports.survey import Column
from clientier.kit.imports.targets import Target
from clientier.kit.imports.validity import checks_for

ROWS_IN_TRANSACTION = 20_000
COUNTED = ("rows", "created", "updated", "unchanged", "errors")
UNIQUE_VIOLATION = "23505"
KEYS_NAMED = 20
RowProblems = tuple[int, Sequence[Problem]]


@dataclass(slots=True)
class Counts:
    """What became of the rows of a file; ``beside`` counts other records, by the words of the room."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0
    beside: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Counts) -> Counts:
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.beside.update(other.beside)
        return self

    def plain(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {**{name: getattr(self, name) for name in COUNTED}, "beside": dict(self.beside)}

    def add(self, written: Written) -> None:
        self.created += written.created
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.beside.update(written.beside)


@dataclass(slots=True)
class ChunkDone:
    """One chunk as it stands in the open transaction: what was counted, and which rows were refused."""

    counts: Counts
    problems: Sequence[RowProblems]


@dataclass(frozen=True, slots=True)
class Previewed:
    """A row as it would be written: its number in the file, values by field, what is wrong with it."""

    row_number: int
    values: Mapping[str, object]
    problems: Sequence[Problem]


Record = Callable[[ChunkDone], None]


class Engine:
    """One import of one file, or the rehearsal of one.

    Raises ``ImportRefusedError`` at once where the mapping cannot work with this target and this file;
    an ``unfinished`` mapping, to be looked at, may leave required fields out.
    """

    def __init__(
        self,
        importing: ImportTarget,
        mapping: FieldMapping,
        source: Source,
        actor: Actor,
        *,
        columns: Sequence[Column] | None = None,
        rows_at_a_time: int = ROWS_IN_TRANSACTION,
        unfinished: bool = False,
    ) -> None:
        target = importing.for_actor(actor)
        if unfinished:
            target = _without_unmapped(target, mapping)
        filled = [f.name for f in target.fields if f.name in mapping.fields or f.default is not None]
        self._checker = Checker(target, mapping, source, columns=columns, zone=ZoneInfo(actor.time_zone))
        self._checks = checks_for(importing, filled) | custom.checks_for(importing.writes, filled)
        empty, made = (mapping.treating_unknown(way) for way in ("empty", "make"))
        self._references = References(target, filled, actor, leave_empty=empty, make=made)
        self._writing = importing.begin(Beginning(actor, frozenset(filled)))
        self._columns_of = {name: " + ".join(binding.columns) for name, binding in mapping.fields.items()}
        self._rows_at_a_time, self._unfinished = rows_at_a_time, unfinished
        self._waiting = Batch([], [])

    def run(self, record: Record, *, done_before: int = 0) -> None:
        """Write all rows after those that were ``done_before``; ``record`` is called in each transaction.

        The rows done before are read again, for what later ones must be held against, and not written.
        """
        for chunk in self._checker.chunks(self._rows_at_a_time) if self._writing.looks_ahead else ():
            self._look_ahead(chunk)
        self._references.writes, seen = True, 0
        for chunk in self._checker.chunks(self._rows_at_a_time):
            seen += len(chunk.row_numbers)
            self._one(chunk, record, write=seen > done_before)
        if self._waiting.rows:
            with transaction.atomic():
                record(self._given_up())

    @property
    def left_empty(self) -> dict[str, dict[str, Any]]:
        """By field: how many rows refer to nothing known and came in without, and which keys those are."""
        return {
            name: {"rows": keys.total(), "keys": list(keys)[:KEYS_NAMED], "number": len(keys)}
            for name, keys in self._references.left_empty.items()
            if keys
        }

    def rehearse(self, record: Record) -> None:
        """The same, and nothing is left of it: so the counts are true."""
        with transaction.atomic():
            self.run(record)
            transaction.set_rollback(True)

    def preview(self, rows: int) -> Iterator[Previewed]:
        """The first rows as they would be written."""
        chunk = next(self._checker.chunks(rows), None)
        if chunk is None:
            return
        batch, problems = self._good(chunk)
        shown = dict(zip(chunk.row_numbers, _rows_of(chunk), strict=True))
        batch = self._referring(batch, problems)
        if not self._unfinished:
            for position, problem in self._writing.prepare(batch).items():
                problems[batch.row_numbers[position]] = [problem]
        for row, number in zip(batch.rows, batch.row_numbers, strict=True):
            shown[number] = row | shown[number]
        for number in chunk.row_numbers:
            found = [self._named(problem) for problem in problems.get(number, ())]
            yield Previewed(number, shown.get(number, {}), found)

    def _one(self, chunk: CheckedChunk, record: Record, *, write: bool) -> None:
        with transaction.atomic():
            batch, problems = self._good(chunk)
            batch = self._referring(batch, problems)
            batch = _without(batch, self._writing.prepare(batch), problems)
            counts = Counts(rows=len(chunk.row_numbers))
            self._write(batch, counts, problems, write=write)
            while self._waiting.rows:
                ready = self._ready(problems)
                if not ready.rows:
                    break
                self._write(ready, counts, problems, write=write)
            if write:
                record(self._done(counts, problems))

    def _look_ahead(self, chunk: CheckedChunk) -> None:
        """Show the writing every row once, with what is wrong with it so far."""
        batch, problems = self._good(chunk)
        refused, _waiting = self._references.resolve(batch)
        good = batch.at([position for position in range(len(batch)) if position not in refused])
        broken = {batch.row_numbers[position] for position in refused} | problems.keys()
        numbered = zip(chunk.row_numbers, _rows_of(chunk), strict=True)
        legible = [row for number, row in numbered if number in broken]
        self._writing.look_ahead(good, legible)

    def _good(self, chunk: CheckedChunk) -> tuple[Batch, dict[int, list[Problem]]]:
        """The rows that are legible and within bounds, and by row number what is wrong with the others."""
        broken = {position: list(found) for position, found in chunk.problems.items()}
        for name, check in self._checks.items():
            for position, reason in check(chunk.columns[name]).items():
                if position not in chunk.problems:
                    broken.setdefault(position, []).append(Problem("", name, reason))
        numbers = list(chunk.row_numbers)
        rows = _rows_of(chunk)
        if not broken:
            return Batch(rows, numbers), {}
        good = [position not in broken for position in range(len(numbers))]
        kept = Batch(list(compress(rows, good)), list(compress(numbers, good)))
        return kept, {numbers[position]: found for position, found in broken.items()}

    def _referring(self, batch: Batch, problems: dict[int, list[Problem]]) -> Batch:
        """The rows whose references are known; those that refer to rows still to come are set to wait."""
        refused, waiting = self._references.resolve(batch)
        for position, found in refused.items():
            problems[batch.row_numbers[position]] = found
        if not refused and not waiting:
            return batch
        late = batch.at(sorted(waiting - refused.keys()))
        self._waiting.rows += late.rows
        self._waiting.row_numbers += late.row_numbers
        return batch.at([p for p in range(len(batch)) if p not in refused and p not in waiting])

    def _ready(self, problems: dict[int, list[Problem]]) -> Batch:
        """Those of the waiting rows whose references exist by now, prepared to be written."""
        waited, self._waiting = self._waiting, Batch([], [])
        ready = self._referring(waited, problems)
        return _without(ready, self._writing.prepare(ready), problems)

    def _write(
        self, batch: Batch, counts: Counts, problems: dict[int, list[Problem]], *, write: bool
    ) -> None:
        if not write or not batch.rows:
            return
        written = self._attempt(batch)
        counts.add(written)
        for position, problem in written.refused.items():
            problems[batch.row_numbers[position]] = [problem]

    def _attempt(self, batch: Batch) -> Written:
        """All rows at once; if the database refuses, each half by itself, down to the row at fault."""
        try:
            with transaction.atomic():
                return self._writing.write(batch)
        except (IntegrityError, DataError) as error:
            if len(batch) == 1:
                return Written(refused={0: Problem("", "", _reason(error))})
        middle = len(batch) // 2
        first = self._attempt(batch.at(range(middle)))
        second = self._attempt(batch.at(range(middle, len(batch))))
        first.refused |= {position + middle: problem for position, problem in second.refused.items()}
        first.created += second.created
        first.updated += second.updated
        first.unchanged += second.unchanged
        first.beside += second.beside
        return first

    def _given_up(self) -> ChunkDone:
        """The rows that waited in vain: refused, or written without what they refer to."""
        waited, self._waiting = self._waiting, Batch([], [])
        counts = Counts()
        problems: dict[int, list[Problem]] = {}
        while waited.rows:
            ready, found, rest = self._references.give_up(waited)
            problems |= found
            self._write(_without(ready, self._writing.prepare(ready), problems), counts, problems, write=True)
            if len(rest) == len(waited):
                break
            self._waiting = rest
            while self._waiting.rows and (ready := self._ready(problems)).rows:
                self._write(ready, counts, problems, write=True)
            waited, self._waiting = self._waiting, Batch([], [])
        return self._done(counts, problems)

    def _done(self, counts: Counts, problems: Mapping[int, Sequence[Problem]]) -> ChunkDone:
        counts.errors = len(problems)
        counts.beside.update(self._references.take_made())
        named = [(number, [self._named(p) for p in problems[number]]) for number in sorted(problems)]
        return ChunkDone(counts, named)

    def _named(self, problem: Problem) -> Problem:
        """The problem with the column of the file that its field was read from."""
        return problem if problem.column else replace(problem, column=self._columns_of.get(problem.field, ""))


def _rows_of(chunk: CheckedChunk) -> list[dict[str, Any]]:
    """All rows of a chunk, with None where a cell was refused."""
    names = tuple(chunk.columns)
    if not names:
        return [{} for _row in chunk.row_numbers]
    return [dict(zip(names, values, strict=True)) for values in zip(*chunk.columns.values(), strict=True)]


def _without_unmapped(target: Target, mapping: FieldMapping) -> Target:
    """The target as if the required fields that nothing is mapped to were not required."""
    fields = [f if f.name in mapping.fields else replace(f, required=False) for f in target.fields]
    return replace_fields(target, fields)


def _without(batch: Batch, refused: Mapping[int, Problem], problems: dict[int, list[Problem]]) -> Batch:
    """The batch without the refused rows, whose problems are noted."""
    for position, problem in refused.items():
        problems[batch.row_numbers[position]] = [problem]
    return batch.at([p for p in range(len(batch)) if p not in refused]) if refused else batch


def _reason(error: Exception) -> Reason:
    """Why the database refused a row, in words as near to the matter as its answer allows."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "sqlstate", "") == UNIQUE_VIOLATION:
        return quoting("taken", diagnosis.message_detail or "")
    rule = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "column_name", None)
    return quoting("not_storable", rule or getattr(diagnosis, "message_primary", "") or error)
