"""Exports of exactly what a list shows, as CSV or XLSX, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

UTF8_MARK = "\ufeff"
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


def plain(value: Any) -> Any:
    """A value for files: decimals without trailing zeros, days and moments in ISO form, lists joined."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " ".join(str(item) for item in value)
    return "" if value is None else guarded(value)


def as_csv(name: str, headings: Sequence[str], lines: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """UTF-8 with a mark, so that Excel shows Chinese; sent while it is made."""
    writer = csv.writer(_Echo())

    def stream() -> Iterator[str]:
        yield UTF8_MARK + writer.writerow(headings)
        for line in lines:
            yield writer.writerow([plain(value) for value in line])

    response = StreamingHttpResponse(stream(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_xlsx(name: str, headings: Sequence[str], lines: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Numbers stay numbers and days stay days."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    bold, as_day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    as_moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, headings, bold)
    sheet.freeze_panes(1, 0)
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(row, column, timezone.make_naive(value), as_moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, as_day)
            elif isinstance(value, Decimal | int | float) and not isinstance(value, bool):
                sheet.write_number(row, column, float(value))
            else:
                sheet.write_string(row, column, str(plain(value)))
    book.close()
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")


class _Echo:
    def write(self, value: str) -> str:
        return value
