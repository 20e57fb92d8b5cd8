"""The default engine: DuckDB inside this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from clientier.worth.engines.engine import Columns, parquet_files, plain


class EmbeddedEngine:
    """Statements run on the caller's DuckDB connection, or on one of its own in memory."""

    name = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.connection = connection or duckdb.connect(":memory:")

    def read_parquet(self, table: str, paths: Sequence[Path]) -> None:
        """Make the files (or folders of files) known as a table."""
        files = ", ".join("'" + file.replace("'", "''") + "'" for file in parquet_files(paths))
        self._replace("VIEW", table, f"SELECT * FROM read_parquet([{files}], union_by_name = true)")

    def read_columns(self, table: str, columns: Columns) -> None:
        """Copy the columns into a table."""
        self._replace("TABLE", table, "SELECT * FROM worth_columns", dict(columns))

    def define(self, table: str, statement: str) -> None:
        """Give a statement a name."""
        self._replace("VIEW", table, statement)

    def keep(self, table: str, statement: str) -> None:
        """Run a statement once and keep its rows as a table."""
        self._replace("TABLE", table, statement)

    def write_parquet(self, path: Path, statement: str) -> None:
        """Run a statement and write its rows to one Parquet file."""
        target = str(path).replace("'", "''")
        self.connection.execute(f"COPY ({statement}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")

    def fetch(self, statement: str) -> dict[str, NDArray[Any]]:
        """Run a statement and return its columns."""
        found = self.connection.execute(statement).fetchnumpy()
        return {name: plain(values) for name, values in found.items()}

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table and their types."""
        described = self.connection.execute(f"DESCRIBE {table}").fetchall()
        return {str(row[0]): str(row[1]) for row in described}

    def _replace(self, kind: str, table: str, statement: str, worth_columns: object = None) -> None:
        """Define a temporary view or table anew, whichever of the two had the name before.

        DuckDB finds `worth_columns` by its name, as a statement over columns in memory calls it.
        """
        other = "TABLE" if kind == "VIEW" else "VIEW"
        temporary = self.connection.execute(
            "SELECT 1 FROM (SELECT table_name AS name, 'TABLE' AS kind FROM duckdb_tables() WHERE temporary "
            "UNION ALL SELECT view_name, 'VIEW' FROM duckdb_views() WHERE temporary) "
            "WHERE name = ? AND kind = ?",
            [table, other],
        ).fetchone()
        if temporary:
            self.connection.execute(f"DROP {other} temp.main.{table}")
        self.connection.execute(f"CREATE OR REPLACE TEMP {kind} {table} AS {statement}")
