"""Sources made of sources: a second file joined by a key, and rows chosen by what a column holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePath

from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.mapping import FieldMapping, Join, Where
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import refuse
from clientier.kit.imports.source import ROWS_IN_CHUNK, Chunk, Limits, Source

FindFile = Callable[[str], Path]


def open_mapped_source(
    path: Path,
    mapping: FieldMapping,
    *,
    find_file: FindFile | None = None,
    name: str | None = None,
    limits: Limits | None = None,
) -> Source:
    """The file as the mapping says it is to be read, with what it joins and only the rows it wants.

    ``find_file`` turns the name of a joined file into a path; without it, files beside the first are found.
    """
    limits = limits or Limits()
    find_file = find_file or beside(path)
    source = open_source(
        path,
        name=name,
        sheet=mapping.sheet,
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        heading_row=mapping.heading_row,
        limits=limits,
    )
    for join in mapping.joins:
        second = open_source(find_file(join.file), name=join.file, limits=limits)
        source = JoinedSource(source, second, join, limits)
    return SelectedSource(source, mapping.where) if mapping.where else source


def beside(path: Path) -> FindFile:
    """Finds files in the same folder, and refuses names that lead out of it."""

    def find(name: str) -> Path:
        if PurePath(name).name != name or "\\" in name:
            raise refuse("file_missing", text=name)
        return path.parent / name

    return find


class JoinedSource:
    """A source with columns of a second one, which is held in memory; without a match they are empty."""

    def __init__(self, first: Source, second: Source, join: Join, limits: Limits) -> None:
        self.name, self.facts = first.name, first.facts
        self._first, self._on = first, join.on
        for source, heading in ((first, join.on), *((second, taken) for taken in (join.to, *join.take))):
            if heading not in source.headings:
                raise refuse("unknown_column", text=f"{source.name}: {heading}")
        taken = join.take or tuple(heading for heading in second.headings if heading != join.to)
        label = PurePath(second.name).stem
        self._added = tuple(
            f"{label}.{heading}" if heading in first.headings else heading for heading in taken
        )
        self.headings = (*first.headings, *self._added)
        self._rows = _rows_by_key(second, join.to, taken, limits)

    @property
    def row_estimate(self) -> int:
        """As many rows as the first source has."""
        return self._first.row_estimate

    @property
    def row_count(self) -> int | None:
        """As many rows as the first source has."""
        return self._first.row_count

    def chunks(
        self, only: Collection[str] | None = None, rows_at_a_time: int = ROWS_IN_CHUNK
    ) -> Iterator[Chunk]:
        """The chunks of the first source, wider."""
        needed = None if only is None else {self._on, *only}
        nothing = (None,) * len(self._added)
        for chunk in self._first.chunks(needed, rows_at_a_time):
            matches = [self._rows.get(cell_text(cell), nothing) for cell in chunk.columns[self._on]]
            added = zip(self._added, zip(*matches, strict=True), strict=True)
            yield Chunk(chunk.row_numbers, {**chunk.columns, **dict(added)}, chunk.faults)


class SelectedSource:
    """The rows of a source that meet all conditions; rows that could not be read are kept, to be reported."""

    def __init__(self, source: Source, conditions: Collection[Where]) -> None:
        self.name, self.facts, self.headings = source.name, source.facts, source.headings
        self._source, self._conditions = source, conditions
        self.row_estimate = source.row_estimate
        self.row_count: int | None = None
        for condition in conditions:
            if condition.column not in source.headings:
                raise refuse("unknown_column", text=condition.column)

    def chunks(
        self, only: Collection[str] | None = None, rows_at_a_time: int = ROWS_IN_CHUNK
    ) -> Iterator[Chunk]:
        """The wanted rows of each chunk; a chunk without any is left out."""
        needed = None if only is None else {*only, *(condition.column for condition in self._conditions)}
        total = 0
        for chunk in self._source.chunks(needed, rows_at_a_time):
            wanted = [position for position in range(len(chunk)) if self._wants(chunk, position)]
            if not wanted:
                continue
            total += len(wanted)
            yield Chunk(
                [chunk.row_numbers[position] for position in wanted],
                {
                    heading: [cells[position] for position in wanted]
                    for heading, cells in chunk.columns.items()
                },
                {
                    new: chunk.faults[position]
                    for new, position in enumerate(wanted)
                    if position in chunk.faults
                },
            )
        self.row_count = self.row_estimate = total

    def _wants(self, chunk: Chunk, position: int) -> bool:
        return position in chunk.faults or all(
            (cell_text(chunk.columns[condition.column][position]) in condition.values) == condition.keep
            for condition in self._conditions
        )


def _rows_by_key(
    source: Source, key: str, taken: Collection[str], limits: Limits
) -> dict[str, tuple[object, ...]]:
    rows: dict[str, tuple[object, ...]] = {}
    for chunk in source.chunks({key, *taken}):
        added = zip(*(chunk.columns[heading] for heading in taken), strict=True)
        for cell, row in zip(chunk.columns[key], added, strict=True):
            text = cell_text(cell)
            if text in rows:
                raise refuse("join_key_repeated", file=source.name, text=text)
            rows[text] = row
        if len(rows) > limits.joined_rows:
            raise refuse("join_too_large", file=source.name, limit=limits.joined_rows)
    return rows
