"""One sheet of an Excel or OpenDocument workbook as a source; no formula is ever computed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    load_workbook,
)

from clientier.kit.imports.archive import refuse_oversized_archive
from clientier.kit.imports.headings import ROWS_SEARCHED, column_names, heading_row_of
from clientier.kit.imports.reasons import refuse
from clientier.kit.imports.source import ROWS_IN_CHUNK, Chunk, Facts, Limits


class WorkbookSource:
    """A sheet whose cells keep their native type: text, number, date, yes or no; None where empty."""

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        sheet: str | None = None,
        heading_row: int | None = None,
        limits: Limits,
    ) -> None:
        self.name = name
        refuse_oversized_archive(path, limits)
        workbook = _opened(path)
        sheets = tuple(
            found.name for found in workbook.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet
        ) or tuple(workbook.sheet_names)
        chosen, self._sheet = _chosen(workbook, sheets, sheet)
        if not self._sheet.height:
            raise refuse("file_empty")
        rows = [list(row) for row in islice(self._sheet.iter_rows(), max(ROWS_SEARCHED, heading_row or 0))]
        place = heading_row_of(rows) if heading_row is None else heading_row - 1
        if place >= len(rows):
            raise refuse("file_empty")
        self.headings = column_names([""] * len(rows[0]) if heading_row == 0 else rows[place])
        if len(self.headings) > limits.columns:
            raise refuse("too_many_columns", columns=len(self.headings), limit=limits.columns)
        self._heading_row = place + 1
        self.facts = Facts("workbook", sheet=chosen, sheets=sheets, heading_row=self._heading_row)
        self.row_estimate = max((self._sheet.end or (0, 0))[0] + 1 - self._heading_row, 0)
        self.row_count: int | None = None

    def chunks(
        self, only: Collection[str] | None = None, rows_at_a_time: int = ROWS_IN_CHUNK
    ) -> Iterator[Chunk]:
        """All rows in order that have a cell filled."""
        total = 0
        numbered = enumerate(self._sheet.iter_rows(), start=1)
        filled = (
            (number, row)
            for number, row in numbered
            if number > self._heading_row and any(cell != "" for cell in row)
        )
        while rows := list(islice(filled, rows_at_a_time)):
            total += len(rows)
            columns = zip(*(row for _, row in rows), strict=True)
            yield Chunk(
                [number for number, _ in rows],
                dict(zip(self.headings, columns, strict=True)),
            )
        self.row_count = self.row_estimate = total


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return load_workbook(path)
    except PasswordError as error:
        raise refuse("password") from error
    except (CalamineError, OSError) as error:
        raise refuse("damaged", text=error) from error


def _chosen(
    workbook: CalamineWorkbook, sheets: Sequence[str], wanted: str | None
) -> tuple[str, CalamineSheet]:
    """The sheet asked for, or the first that has anything in it."""
    if wanted is not None and wanted not in sheets:
        raise refuse("no_such_sheet", text=wanted, sheets=", ".join(sheets))
    try:
        for name in [wanted] if wanted is not None else sheets:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height or wanted is not None:
                return name, sheet
    except (CalamineError, OSError) as error:
        raise refuse("damaged", text=error) from error
    raise refuse("file_empty")
