"""Exports of exactly what a list shows as Parquet: typed columns, as many rows as there are, little memory."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from django.db import models
from django.http import FileResponse, HttpResponseBase

from clientier.core.access import field_at
from clientier.kit.imports.headings import column_names
from clientier.kit.resource import Column, Resource, kind_of

NOTHING = "\\N"
LONGEST_LINE = 1 << 24
TYPES = {
    "money": "DECIMAL(18, 4)",
    "percent": "DOUBLE",
    "delta": "DOUBLE",
    "score": "DOUBLE",
    "number": "DOUBLE",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "bool": "BOOLEAN",
}


def types_of(shown: Resource, columns: Iterable[Column]) -> list[str]:
    """The Parquet type of each column, by what it holds."""
    return [_type_of(shown, column) for column in columns]


def as_parquet(
    name: str, headings: Sequence[str], types: Sequence[str], lines: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """The lines as a file, its columns typed; texts stay as they are, for nothing computes them."""
    with TemporaryDirectory(prefix="clientier-") as folder:
        rows, made = Path(folder) / "rows.csv", Path(folder) / "made.parquet"
        with rows.open("w", encoding="utf-8", newline="", errors="replace") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            for line in lines:
                writer.writerow([_plain(value, kind) for value, kind in zip(line, types, strict=True)])
        _convert(rows, made, column_names(headings), types)
        # Read on through the open file; the folder, and with it the name, is gone by then.
        content = made.open("rb")
    return FileResponse(content, as_attachment=True, filename=f"{name}.parquet")


def _type_of(shown: Resource, column: Column) -> str:
    field = field_at(shown.model, column.path)
    if isinstance(field, models.IntegerField) and not field.choices:
        return "BIGINT"
    if isinstance(field, models.DecimalField):
        return f"DECIMAL({field.max_digits or 18}, {field.decimal_places or 0})"
    return TYPES.get(kind_of(shown, column), "VARCHAR")


def _plain(value: Any, kind: str) -> str:
    if value is None or (value == "" and kind != "VARCHAR"):
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value).replace("\x00", "")


def _convert(rows: Path, made: Path, headings: Sequence[str], types: Sequence[str]) -> None:
    columns = ", ".join(
        f"{_quoted(heading)}: {_quoted(kind)}" for heading, kind in zip(headings, types, strict=True)
    )
    with duckdb.connect(config={"threads": 2, "memory_limit": "512MB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"COPY (SELECT * FROM read_csv({_quoted(str(rows))}, columns = {{{columns}}}, header = false, "
            "auto_detect = false, delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n', "
            f"nullstr = {_quoted(NOTHING)}, max_line_size = {LONGEST_LINE}, parallel = false)) "
            f"TO {_quoted(str(made))} (FORMAT parquet, COMPRESSION zstd)"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
