"""What the value engine asks of a database engine: tables from Parquet or columns, statements, columns back.

Statements are written once, in the dialect of DuckDB, within a portable subset: whole-number money and days,
every constant of a formula cast to DOUBLE, names in snake_case that differ in more than case, no functions of
one engine alone. An engine that speaks another dialect translates them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]


class Engine(Protocol):
    """One session of one engine; names given to tables live as long as it does."""

    name: str

    def read_parquet(self, table: str, paths: Sequence[Path]) -> None:
        """Make the files (or folders of files) known as a table, without reading them yet."""

    def read_columns(self, table: str, columns: Columns) -> None:
        """Make columns of equal length known as a table."""

    def define(self, table: str, statement: str) -> None:
        """Give a statement a name; it runs whenever the name is used."""

    def keep(self, table: str, statement: str) -> None:
        """Run a statement once and keep its rows as a table."""

    def write_parquet(self, path: Path, statement: str) -> None:
        """Run a statement and write its rows to a Parquet file, or a folder of them."""

    def fetch(self, statement: str) -> dict[str, NDArray[Any]]:
        """Run a statement and return its columns."""

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table and their types, in DuckDB's words; what it has no word for as the engine says."""


def double(value: float) -> str:
    """A constant that every engine reads as the same DOUBLE: decimal literals lose digits on some."""
    return f"CAST('{float(value)!r}' AS DOUBLE)"


def parquet_files(paths: Sequence[Path]) -> list[str]:
    """The files themselves, folders replaced by what they hold."""
    return [
        str(file) for path in paths for file in (sorted(path.glob("*.parquet")) if path.is_dir() else [path])
    ]


def plain(values: Any) -> NDArray[Any]:
    """A column without a mask; a missing value has no place in whole numbers, so it is refused."""
    if isinstance(values, np.ma.MaskedArray):
        if np.ma.getmaskarray(values).any():
            raise ValueError("a column holds missing values")
        return values.data
    return np.asarray(values)
