"""Writes the rows in error as a file that a person can correct and import again."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from clientier.kit.imports.checking import Problem
from clientier.kit.imports.headings import column_names
from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.source import Source

FORMULA_SIGN = re.compile(r"[=+\-@\t\r＝＋－＠]")
PLAIN_NUMBER = re.compile(r"[-+][\d.,]*\d%?")
LARGEST_NUMBER_IN_CELL = 2**53

RowProblems = tuple[int, Sequence[Problem]]


def write_problems_csv(source: Source, problems: Iterable[RowProblems], path: Path) -> int:
    """Write the rows with problems as CSV (UTF-8 with mark) and return their number.

    ``problems`` come in the order of the rows. Text that a spreadsheet would run as a formula gets an
    apostrophe in front; reading the file again takes it off.
    """
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow([guarded(heading) for heading in _headings(source)])
        written = 0
        for row in _rows(source, problems):
            writer.writerow([guarded(cell_text(cell)) for cell in row])
            written += 1
    return written


def write_problems_workbook(source: Source, problems: Iterable[RowProblems], path: Path) -> int:
    """Write the rows with problems as an Excel workbook, texts as texts, and return their number."""
    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for place, heading in enumerate(_headings(source)):
            sheet.write_string(0, place, heading, bold)
        for count, row in enumerate(_rows(source, problems), start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(count, place, cell)
                elif isinstance(cell, int | float) and abs(cell) < LARGEST_NUMBER_IN_CELL:
                    sheet.write_number(count, place, cell)
                elif isinstance(cell, date) and not isinstance(cell, datetime):
                    sheet.write_datetime(count, place, cell, day)
                else:
                    sheet.write_string(count, place, cell_text(cell))
    return count


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula; numbers stay."""
    if FORMULA_SIGN.match(text) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _headings(source: Source) -> tuple[str, ...]:
    return column_names((*source.headings, _("Reason"), _("Row in the file")))


def _rows(source: Source, problems: Iterable[RowProblems]) -> Iterator[list[object]]:
    """The rows that have problems, each with the reasons and its number; the source is read again."""
    waiting = iter(problems)
    wanted = next(waiting, None)
    for chunk in source.chunks():
        for position, row_number in enumerate(chunk.row_numbers):
            if wanted is None:
                return
            if row_number == wanted[0]:
                reasons = "; ".join(map(str, wanted[1]))
                yield [*chunk.cells(position, source.headings), reasons, row_number]
                wanted = next(waiting, None)
