"""Delimited text (CSV and its kin) as a source: streamed, faults kept to their own rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from clientier.kit.imports.encoding import Encoding
from clientier.kit.imports.headings import ROWS_SEARCHED, column_names, heading_row_of, is_data
from clientier.kit.imports.reasons import Reason, quoting, refuse
from clientier.kit.imports.source import ROWS_IN_CHUNK, Chunk, Facts, Limits

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 2_000
SAMPLE_CHARACTERS = 1 << 20
LONGEST_LINE = 1 << 20
SHOWN_OF_TOO_LONG = 2_000
BYTE_ORDER_MARK = "\ufeff"
LONGEST_LINE_FORGIVEN = 20_000
KEEP_WRONG_BYTES = "clientier.keep_wrong_bytes"
WRONG_BYTE = re.compile("[\udc00-\udcff]")
CONTROL_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f]")
LARGEST_SHARE_OF_CONTROL_CHARACTERS = 0.01
EXCEL_DELIMITER_LINE = re.compile(r"\s*sep=(.)\s*\Z", re.IGNORECASE)

Record = tuple[int, list[str], Reason | None]
csv.field_size_limit(LONGEST_LINE)


def _keep_wrong_bytes(error: UnicodeError) -> tuple[str, int]:
    """Carry bytes that are no text as lone surrogates, so that the row can be shown and nothing is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in wrong), error.end


codecs.register_error(KEEP_WRONG_BYTES, _keep_wrong_bytes)


class LineFeed:
    """Lines for ``csv.reader`` that remembers those of the current record and can take some of them back."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._returned: list[str] = []
        self.taken: list[str] = []
        self.ended = self.too_long = False

    def __iter__(self) -> LineFeed:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else self._text.readline(LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = self._cut(line)
        if BYTE_ORDER_MARK in line:  # files put together with a program that knows no marks
            line = line.replace(BYTE_ORDER_MARK, "")
        self.taken.append(line)
        return line

    def _cut(self, line: str) -> str:
        """The beginning of a line that is too long to be held; the rest of it is passed over."""
        self.too_long = True
        more = line
        while more and not more.endswith(("\n", "\r")):
            more = self._text.readline(LONGEST_LINE)
        return line[:SHOWN_OF_TOO_LONG].replace('"', "'") + "\n"

    def begin_record(self) -> None:
        """Forget the lines of the record before."""
        self.taken = []
        self.too_long = False

    def take_back_all_but_first(self) -> None:
        """Give the lines after the record's first one out once more."""
        self._returned.extend(reversed(self.taken[1:]))
        self.taken = self.taken[:1]
        self.ended = False


class DelimitedSource:
    """A delimited text file; a row that cannot be read is a fault, and those after it are read."""

    def __init__(
        self,
        path: Path,
        encoding: Encoding,
        *,
        name: str,
        delimiter: str | None = None,
        heading_row: int | None = None,
        limits: Limits,
    ) -> None:
        self.name = name
        self._path = path
        self._encoding = encoding
        sample = self._sample()
        first_line = sample[0] if sample else ""
        declared = EXCEL_DELIMITER_LINE.match(first_line)
        self._delimiter = delimiter or (declared[1] if declared else detect_delimiter(sample))
        self._heading_row, cells = self._find_headings(heading_row, skip=1 if declared else 0)
        self.headings = column_names(cells)
        if len(self.headings) > limits.columns:
            raise refuse("too_many_columns", columns=len(self.headings), limit=limits.columns)
        self.facts = Facts("delimited", encoding, self._delimiter, heading_row=self._heading_row)
        self.row_estimate = self._estimate(sample)
        self.row_count: int | None = None

    def chunks(
        self, only: Collection[str] | None = None, rows_at_a_time: int = ROWS_IN_CHUNK
    ) -> Iterator[Chunk]:
        """All rows in order, every column present (reading fewer would cost as much)."""
        total = 0
        with self._open() as text:
            filled = (
                record
                for record in self._records(text)
                if record[0] > self._heading_row and (any(record[1]) or record[2])
            )
            while records := list(islice(filled, rows_at_a_time)):
                total += len(records)
                yield self._chunk(records)
        self.row_count = self.row_estimate = total

    def _open(self) -> io.TextIOWrapper:
        file = self._path.open("rb")
        file.seek(self._encoding.mark_bytes)
        return io.TextIOWrapper(file, encoding=self._encoding.codec, errors=KEEP_WRONG_BYTES, newline="")

    def _sample(self) -> list[str]:
        lines: list[str] = []
        characters = 0
        with self._open() as text:
            while characters < SAMPLE_CHARACTERS and len(lines) < SAMPLE_LINES:
                line = text.readline(SAMPLE_CHARACTERS)
                if not line:
                    break
                lines.append(line)
                characters += len(line)
        controls = sum(len(CONTROL_CHARACTER.findall(line)) for line in lines)
        if controls > LARGEST_SHARE_OF_CONTROL_CHARACTERS * characters:
            raise refuse("not_a_table")
        return lines

    def _find_headings(self, heading_row: int | None, *, skip: int) -> tuple[int, Sequence[str]]:
        """The number of the heading's row (0 when there is none) and its cells."""
        with self._open() as text:
            records = list(islice(self._records(text), max(ROWS_SEARCHED, heading_row or 0) + skip))
        rows = [cells for _, cells, _ in records]
        if not any(cell.strip() for cells in rows for cell in cells):
            raise refuse("file_empty")
        if heading_row == 0:
            return 0, [""] * max(len(cells) for cells in rows)
        place = heading_row - 1 if heading_row else skip + heading_row_of(rows[skip:])
        if place >= len(rows):
            raise refuse("file_empty")
        if heading_row is None and is_data(rows[place]):
            return 0, [""] * max(len(cells) for cells in rows)
        return place + 1, rows[place]

    def _estimate(self, sample: Sequence[str]) -> int:
        sampled = "".join(sample)
        bytes_sampled = len(sampled.encode(self._encoding.codec, errors="replace"))
        try:
            records = sum(1 for _ in csv.reader(iter(sample), delimiter=self._delimiter))
        except csv.Error:
            records = len(sample)
        size = self._path.stat().st_size - self._encoding.mark_bytes
        rows = records if size <= bytes_sampled else round(size * records / bytes_sampled)
        return max(rows - self._heading_row, 0)

    def _records(self, text: IO[str]) -> Iterator[Record]:
        """Every record with its number, and a reason where it cannot be trusted."""
        feed = LineFeed(text)
        # Strict, because a quote that is not closed shows itself by what follows the next quote.
        reader = csv.reader(feed, delimiter=self._delimiter, strict=True)
        number = 0
        while True:
            feed.begin_record()
            reason: Reason | None = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells, reason = self._after_stray_quote(feed)
            if feed.too_long:
                reason = Reason("row_too_long", {"limit": str(LONGEST_LINE)})
            for line in feed.taken:
                if not line.isascii() and WRONG_BYTE.search(line):
                    reason = quoting("wrong_bytes", _visible(line), encoding=self._encoding.label)
                    cells = [_visible(cell) for cell in cells]
                    break
            number += 1
            yield number, cells, reason

    def _after_stray_quote(self, feed: LineFeed) -> tuple[list[str], Reason | None]:
        """What the record's first line alone holds; lines that its quote swallowed are read anew."""
        feed.take_back_all_but_first()
        line = feed.taken[0].rstrip("\r\n")
        cells = cells_with_bare_quotes(line, self._delimiter)
        if cells is not None:
            return cells, None
        return line.split(self._delimiter), quoting("quote_not_closed", line)

    def _chunk(self, records: Sequence[Record]) -> Chunk:
        width = len(self.headings)
        faults: dict[int, Reason] = {}
        rows: list[list[str]] = []
        for position, (_, cells, reason) in enumerate(records):
            if reason:
                faults[position] = reason
            if len(cells) != width:
                if any(cells[width:]) and not reason:
                    faults[position] = Reason(
                        "too_many_cells", {"cells": str(len(cells)), "headings": str(width)}
                    )
                cells = (cells + [""] * width)[:width]
            rows.append(cells)
        columns = dict(zip(self.headings, zip(*rows, strict=True), strict=True))
        return Chunk([number for number, _, _ in records], columns, faults)


def _visible(text: str) -> str:
    """Text whose wrong bytes are written as \\xNN."""
    return WRONG_BYTE.sub(lambda wrong: f"\\x{ord(wrong[0]) - 0xDC00:02x}", text)


def cells_with_bare_quotes(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line whose quotes were not doubled: "12" pipe",x; None where a quote stays open.

    A quoted cell ends at a quote that stands before a delimiter or at the end of the line.
    """
    if len(line) > LONGEST_LINE_FORGIVEN:
        return None
    mark = re.escape(delimiter)
    cell = re.compile(rf'"(?P<quoted>.*?)"(?={mark}|$)|(?P<plain>[^{mark}]*)')
    cells: list[str] = []
    position = 0
    while position <= len(line):
        found = cell.match(line, position)
        if found is None or (found["plain"] or "").startswith('"'):
            return None
        cells.append(found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"'))
        position = found.end() + 1
    return cells


def detect_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts most rows into as many cells as the heading has, and more than one."""
    scores: dict[str, tuple[float, int]] = {}
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(iter(lines), delimiter=delimiter) if any(cells)]
        except csv.Error:
            continue
        # A sample may end within a quoted cell, so its last record is no witness.
        widths = widths[:-1] if len(widths) > 2 else widths
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1:
            scores[delimiter] = (round(widths.count(usual) / len(widths), 2), usual)
    return max(scores, key=lambda delimiter: scores[delimiter], default=",")
