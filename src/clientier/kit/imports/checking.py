"""Runs the rows of a source through a mapping: each row comes out as typed values, or as reasons why not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clientier.kit.imports.kinds import ColumnParser, Form, cell_text, is_blank, parser_for
from clientier.kit.imports.mapping import Binding, FieldMapping
from clientier.kit.imports.reasons import Reason, refuse
from clientier.kit.imports.source import ROWS_IN_CHUNK, Chunk, Source
from clientier.kit.imports.survey import Column, survey
from clientier.kit.imports.targets import Field, Target

MARK_BETWEEN = re.compile(r"\s*(?:;|,|\n|:::)\s*")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: in which column of the file, for which field (both may be empty), and why."""

    column: str
    field: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.column}: {self.reason}" if self.column else str(self.reason)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row: its number in the file, and either typed values by field or problems."""

    row_number: int
    values: Mapping[str, object] | None
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class CheckedChunk:
    """Some rows as typed columns by field; the rows in ``problems`` (by position) must not be used."""

    row_numbers: Sequence[int]
    columns: Mapping[str, Sequence[object]]
    problems: Mapping[int, Sequence[Problem]]

    def good_positions(self) -> list[int]:
        """The positions of the rows that have no problem."""
        return [position for position in range(len(self.row_numbers)) if position not in self.problems]

    def rows(self) -> Iterator[CheckedRow]:
        """The same, row by row."""
        names = tuple(self.columns)
        for position, cells in enumerate(zip(*self.columns.values(), strict=True)):
            problems = self.problems.get(position, ())
            values = None if problems else dict(zip(names, cells, strict=True))
            yield CheckedRow(self.row_numbers[position], values, problems)


@dataclass(slots=True)
class Summary:
    """How many rows were read, are good, in error; how often each reason was given, by column and code."""

    rows: int = 0
    good: int = 0
    in_error: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)


class Checker:
    """Checks a source against a target through a mapping; ``summary`` grows while ``chunks`` is read.

    Raises ``ImportRefusedError`` at once where the mapping cannot work with this target and this file.
    """

    def __init__(
        self,
        target: Target,
        mapping: FieldMapping,
        source: Source,
        *,
        columns: Sequence[Column] | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self.summary = Summary()
        self._target, self._mapping, self._source = target, mapping, source
        self._refuse_impossible()
        self._zone = _zone_named(mapping.time_zone) if mapping.time_zone else zone
        surveyed = {column.heading: column for column in columns or survey(source)}
        self._parsers = {
            declared.name: self._parser(declared, mapping.fields.get(declared.name), surveyed)
            for declared in target.fields
            if declared.name in mapping.fields or declared.default is not None
        }
        self._constants = self._constant_values()
        self._has_key = all(name in mapping.fields for name in target.key)
        self._rows_by_key: dict[object, int] = {}

    def chunks(self, rows_at_a_time: int = ROWS_IN_CHUNK) -> Iterator[CheckedChunk]:
        """All rows of the source, checked, in order."""
        self._rows_by_key.clear()
        self.summary = Summary()
        for chunk in self._source.chunks(self._mapping.columns_read(), rows_at_a_time):
            yield self._checked(chunk)

    def rows(self) -> Iterator[CheckedRow]:
        """All rows of the source, checked, one by one: handy, and slower than ``chunks``."""
        for chunk in self.chunks():
            yield from chunk.rows()

    def _refuse_impossible(self) -> None:
        target, mapping = self._target, self._mapping
        if mapping.target != target.slug:
            raise refuse("unknown_target", text=mapping.target, target=target.slug)
        for name in mapping.fields:
            if name not in target.by_name:
                raise refuse("unknown_field", text=name, target=target.label)
        for heading in sorted(mapping.columns_read()):
            if heading not in self._source.headings:
                raise refuse("unknown_column", text=heading)
        for declared in target.fields:
            if declared.required and declared.default is None and declared.name not in mapping.fields:
                raise refuse("required_unmapped", text=declared.label)

    def _parser(
        self, declared: Field, binding: Binding | None, surveyed: Mapping[str, Column]
    ) -> ColumnParser:
        binding = binding or Binding()
        column = surveyed.get(binding.columns[0]) if binding.columns else None
        detected = column.detection.form if column else Form()
        form = Form(
            binding.decimal_mark or self._mapping.decimal_mark or detected.decimal_mark,
            binding.date_order or self._mapping.date_order or detected.date_order,
            self._zone,
        )
        return parser_for(declared, form, prefix=binding.prefix)

    def _constant_values(self) -> dict[str, object]:
        """The values that are the same in all rows: constants of the mapping, defaults of unmapped fields."""
        values: dict[str, object] = {}
        for name, parser in self._parsers.items():
            binding = self._mapping.fields.get(name, Binding())
            if not binding.columns:
                found, refused = parser.parse([binding.constant])
                if refused:
                    raise refuse("bad_constant", field=self._target.by_name[name].label, text=refused[0])
                values[name] = found[0]
        return values

    def _checked(self, chunk: Chunk) -> CheckedChunk:
        problems: dict[int, list[Problem]] = {}
        columns: dict[str, Sequence[object]] = {}
        for name, parser in self._parsers.items():
            if name in self._constants:
                columns[name] = [self._constants[name]] * len(chunk)
                continue
            headings = self._mapping.fields[name].columns
            columns[name], refused = parser.parse(self._cells(name, chunk, headings))
            for position, reason in refused.items():
                problems.setdefault(position, []).append(Problem(" + ".join(headings), name, reason))
        for position, reason in chunk.faults.items():
            problems[position] = [Problem("", "", reason)]
        for name in self._parsers:
            if self._target.by_name[name].spill:
                self._keep_spill(name, chunk, columns)
        if self._has_key:
            self._find_duplicates(chunk, columns, problems)
        self._count(len(chunk), problems)
        return CheckedChunk(chunk.row_numbers, columns, problems)

    def _cells(self, name: str, chunk: Chunk, headings: Sequence[str]) -> Sequence[object]:
        """The cells of one column; those of several as the field is declared: the first filled, or all joined."""
        declared = self._target.by_name[name]
        if declared.first_of_several:
            columns = [chunk.columns[heading] for heading in headings]
            if len(columns) == 1:
                return [first_within(cell, declared) for cell in columns[0]]
            rows = zip(*columns, strict=True)
            filled = (next((c for c in cells if not is_blank(c, text=True)), None) for cells in rows)
            return [first_within(cell, declared) for cell in filled]
        if len(headings) == 1:
            return chunk.columns[headings[0]]
        rows = zip(*(chunk.columns[heading] for heading in headings), strict=True)
        return [joined(filter(None, map(cell_text, cells))) for cells in rows]

    def _keep_spill(self, name: str, chunk: Chunk, columns: dict[str, Sequence[object]]) -> None:
        """Put what further columns say, and further values of one cell, into the field that keeps such."""
        headings = self._mapping.fields[name].columns if name in self._mapping.fields else ()
        declared = self._target.by_name[name]
        if declared.spill not in self._target.by_name:
            return
        said = {
            position: found
            for position, cells in enumerate(zip(*(chunk.columns[h] for h in headings), strict=True))
            if (found := _said_beside(headings, cells, declared))
        }
        if said:
            kept = list(columns.get(declared.spill) or [None] * len(chunk))
            for position, found in said.items():
                kept[position] = "\n".join(map(str, filter(None, (kept[position], *found))))
            columns[declared.spill] = kept

    def _find_duplicates(
        self, chunk: Chunk, columns: Mapping[str, Sequence[object]], problems: dict[int, list[Problem]]
    ) -> None:
        names = self._target.key
        keys = columns[names[0]] if len(names) == 1 else zip(*(columns[name] for name in names), strict=True)
        first_rows = self._rows_by_key
        for position, (key, row_number) in enumerate(zip(keys, chunk.row_numbers, strict=True)):
            if position in problems or key is None:
                continue
            # Of a million texts only the hashes are kept: two meet by chance in one of ten million such files.
            first = first_rows.setdefault(hash(key) if type(key) is str else key, row_number)
            if first != row_number:
                shown = " · ".join(map(cell_text, key)) if isinstance(key, tuple) else cell_text(key)
                reason = Reason("duplicate_key", {"row": str(first), "key": shown})
                problems[position] = [Problem("", names[0], reason)]

    def _count(self, rows: int, problems: Mapping[int, Sequence[Problem]]) -> None:
        self.summary.rows += rows
        self.summary.in_error += len(problems)
        self.summary.good += rows - len(problems)
        for found in problems.values():
            self.summary.reasons.update((problem.column, problem.reason.code) for problem in found)


def values_within(cell: object, declared: Field) -> list[str]:
    """The values that one cell lists with marks between, if each of them looks like one of the field."""
    if type(cell) is not str or declared.looks_like is None or not MARK_BETWEEN.search(cell):
        return []
    parts = [part for text in MARK_BETWEEN.split(cell) if (part := text.strip())]
    return parts if len(parts) > 1 and all(map(declared.looks_like, parts)) else []


def first_within(cell: object, declared: Field) -> object:
    """The first value of a cell that lists several; any other cell as it is."""
    values = values_within(cell, declared)
    return values[0] if values else cell


def _said_beside(headings: Sequence[str], cells: Sequence[object], declared: Field) -> list[str]:
    """What the cells of a row say beyond the value that is taken, each with its heading."""
    listed = [(h, v) for h, c in zip(headings, cells, strict=True) for v in _values_of(c, declared)]
    return [f"{heading}: {value}" for heading, value in listed[1:] if value != listed[0][1]]


def _values_of(cell: object, declared: Field) -> list[str]:
    text = cell_text(cell)
    return values_within(cell, declared) or ([text] if text else [])


def joined(parts: Iterable[str]) -> str:
    """The parts of a text with blanks between; between Chinese characters there is none."""
    whole = ""
    for part in parts:
        chinese = whole and whole[-1] > "\u2e7f" and part[0] > "\u2e7f"
        whole = whole + part if chinese or not whole else f"{whole} {part}"
    return whole


def _zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise refuse("bad_mapping", text=f"time_zone: {name}") from error
