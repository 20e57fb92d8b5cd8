"""What every readable file looks like from outside: columns, a number of rows, and chunks of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from clientier.kit.imports.encoding import Encoding
from clientier.kit.imports.reasons import Reason

ROWS_IN_CHUNK = 5_000
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of the machine before it is refused."""

    file_bytes: int = 1024 * MEGABYTE
    unpacked_bytes: int = 2048 * MEGABYTE
    sheet_cells: int = 30_000_000
    columns: int = 1_000
    joined_rows: int = 500_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some consecutive rows, column by column.

    ``row_numbers`` are those that a person sees (the heading counts); ``faults`` holds, by position in the
    chunk, the reason why a row could not be read, its cells being what could be made of them.
    """

    row_numbers: Sequence[int]
    columns: Mapping[str, Sequence[object]]
    faults: Mapping[int, Reason] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def cells(self, position: int, headings: Sequence[str]) -> list[object]:
        """One row of the chunk, in the order of the headings."""
        return [self.columns[heading][position] for heading in headings]


@dataclass(frozen=True, slots=True)
class Facts:
    """How the file was read, to be shown and, if wrong, to be chosen by hand; ``notes`` say what was passed over."""

    form: str
    encoding: Encoding | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    heading_row: int | None = None
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """A file (or files joined) as rows under headings; ``chunks`` may be called again and starts anew.

    ``row_estimate`` is cheap and near; ``row_count`` is exact, and None until it is known.
    """

    name: str
    facts: Facts
    headings: tuple[str, ...]

    @property
    def row_estimate(self) -> int: ...

    @property
    def row_count(self) -> int | None: ...

    def chunks(
        self, only: Collection[str] | None = None, rows_at_a_time: int = ROWS_IN_CHUNK
    ) -> Iterator[Chunk]:
        """All rows in order; with ``only``, a source may leave out the columns that are not named."""
        ...
