"""Where tables come from: files and globs, DuckDB relations, or columns in memory, all opened as one DuckDB
table.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from clientier.worth.refusals import TableRefused

Source = str | Path | Sequence[str] | Mapping[str, Any] | duckdb.DuckDBPyRelation
ReadSpreadsheet = Callable[[Path], Mapping[str, Any]]


@dataclass(frozen=True)
class Tables:
    """The tables of a run. A source is a path or glob (CSV, Parquet), a relation on `connection`, or name ->
    column.

    `orders` holds a row a line, `costs` the costs to serve, `rates` what currencies are worth by day,
    `receivables` a row a claim or part of one, `capacity` what roles cost and can do, `overheads` what belongs
    to no customer in particular. docs/value-engine.md lists their columns and rules.

    `mapping` names headings by hand: {"orders": {"amount": "SalesAmount"}}. `read_spreadsheet` opens .xlsx
    paths.
    """

    orders: Source
    costs: Source | None = None
    customers: Source | None = None
    rates: Source | None = None
    receivables: Source | None = None
    capacity: Source | None = None
    overheads: Source | None = None
    connection: duckdb.DuckDBPyConnection | None = None
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    read_spreadsheet: ReadSpreadsheet | None = None


@contextmanager
def workplace(tables: Tables) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection to work in: the caller's own if given (left as it was), else one of our own."""
    if tables.connection is None:
        connection = duckdb.connect(":memory:")
        try:
            yield connection
        finally:
            connection.close()
        return
    try:
        yield tables.connection
    finally:
        names = tables.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE temporary AND starts_with(table_name, 'worth_')"
        ).fetchall()
        for (name,) in names:
            tables.connection.execute(f'DROP TABLE IF EXISTS "{name}"')


def load_raw(connection: duckdb.DuckDBPyConnection, table: str, source: Source, tables: Tables) -> None:
    """Copy the source, as it is, into the temporary table `worth_<table>_raw`; its rowid is the row
    number.
    """
    target = f"worth_{table}_raw"
    if isinstance(source, duckdb.DuckDBPyRelation):
        source.query("worth_source", f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT * FROM worth_source")
    elif isinstance(source, Mapping):
        _load_columns(connection, table, target, source)
    else:
        _load_files(connection, table, target, source, tables)


def _load_columns(
    connection: duckdb.DuckDBPyConnection, table: str, target: str, columns: Mapping[str, Any]
) -> None:
    worth_columns = {name: _column(values) for name, values in columns.items()}
    lengths = {name: len(values) for name, values in worth_columns.items()}
    if not lengths:
        raise TableRefused("no_columns", table=table, hint="give_columns")
    if len(set(lengths.values())) > 1:
        odd = min(lengths, key=lambda name: lengths[name])
        raise TableRefused(
            "columns_of_unequal_length", table=table, column=odd, value=lengths[odd], hint="same_length"
        )
    if max(lengths.values()) == 0:
        kinds = ", ".join(f'"{name}" {"BIGINT" if values.dtype.kind in "iuf" else "VARCHAR"}'
                          for name, values in worth_columns.items())  # fmt: skip
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {target} ({kinds})")
        return
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT * FROM worth_columns")
    except duckdb.Error as error:
        raise TableRefused(
            "columns_not_readable", table=table, hint=str(error).splitlines()[0][:200]
        ) from error


def _column(values: Any) -> np.ndarray:
    if isinstance(values, np.ndarray):
        column = values
    else:
        column = np.asarray(values, dtype=object)
        if len(column) and all(type(value) is int for value in column):
            column = column.astype(np.int64)
    if column.dtype.kind == "M":
        return column.astype("datetime64[s]")
    return column.astype(object) if column.dtype.kind == "U" else column


def _load_files(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    target: str,
    source: str | Path | Sequence[str],
    tables: Tables,
) -> None:
    paths = existing_files(table, source)
    suffixes = {path.suffix.lower() for path in paths}
    if suffixes & {".xlsx", ".xls", ".ods", ".xlsm"}:
        if len(paths) > 1 or tables.read_spreadsheet is None:
            raise TableRefused(
                "spreadsheet_not_readable", table=table, value=str(paths[0]), hint="one_spreadsheet"
            )
        _load_columns(connection, table, target, tables.read_spreadsheet(paths[0]))
        return
    names = [str(path) for path in paths]
    try:
        if suffixes <= {".parquet", ".pq"}:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {target} AS "
                "SELECT * FROM read_parquet(?, union_by_name = true)",
                [names],
            )
            return
        with tempfile.TemporaryDirectory() as folder:
            readable = [
                str(_plain_text(path, Path(folder) / f"{index}.csv")) for index, path in enumerate(paths)
            ]
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT * FROM read_csv("
                "?, all_varchar = true, header = true, union_by_name = true, quote = '\"', escape = '\"')",
                [readable],
            )
    except duckdb.Error as error:
        raise TableRefused(
            "file_not_readable", table=table, value=names[0], hint=str(error).splitlines()[0][:200]
        ) from error


def existing_files(table: str, source: str | Path | Sequence[str]) -> list[Path]:
    """The files that paths and globs name; raises TableRefused where one names none."""
    paths: list[Path] = []
    for pattern in _patterns(source):
        found = _expand(pattern)
        if not found:
            raise TableRefused("file_not_found", table=table, value=pattern, hint="check_path")
        paths += found
    return paths


def _patterns(source: str | Path | Sequence[str]) -> list[str]:
    return [str(source)] if isinstance(source, (str, Path)) else [str(item) for item in source]


def _expand(pattern: str) -> list[Path]:
    path = Path(pattern).expanduser()
    if path.is_file():
        return [path]
    star = re.search(r"[*?\[]", str(path))
    if star is None:
        return []
    root = Path(str(path)[: star.start()]).parent if "/" in str(path)[: star.start()] else Path()
    if str(path)[: star.start()].endswith("/"):
        root = Path(str(path)[: star.start()])
    return sorted(item for item in root.glob(str(path.relative_to(root))) if item.is_file())


def _plain_text(path: Path, copy: Path) -> Path:
    """The file itself if it is comma-like UTF-8; else a copy that is (UTF-16, GB18030, cp1252, columns by
    spaces).
    """
    with path.open("rb") as stream:
        head = stream.read(65_536)
    encoding = _encoding(path, head)
    first_line = head.decode(encoding, errors="replace").splitlines()[0] if head else ""
    by_spaces = not re.search(r"[,;\t|]", first_line) and " " in first_line.strip()
    if encoding in ("utf-8", "utf-8-sig") and not by_spaces:
        return path
    with path.open(encoding=encoding, newline="") as old, copy.open("w", encoding="utf-8", newline="") as new:
        for line in old:
            new.write(",".join(line.split()) + "\n" if by_spaces else line)
    return copy


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    content = path.read_bytes()
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "cp1252"
    runs = re.findall(rb"[\x80-\xff]+", content)
    paired = sum(len(run) > 1 for run in runs)
    return "gb18030" if paired * 2 > len(runs) else "cp1252"  # accents stand alone, Chinese bytes in company
