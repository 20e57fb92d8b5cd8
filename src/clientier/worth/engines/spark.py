"""Spark as the engine: the same statements, translated by SQLGlot, on a session that the caller has made.

The session may be classic (PySpark with a JVM), Spark Connect, or Sail, which speaks Spark Connect.
Needs the extra `worth-engines` (SQLGlot) and a Spark client of the caller's choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.engines.engine import Columns, plain

DUCKDB_TYPES = {"int": "INTEGER", "string": "VARCHAR", "timestamp_ntz": "TIMESTAMP",
                "timestamp": "TIMESTAMP WITH TIME ZONE"}  # fmt: skip


class SparkEngine:
    """Statements run on the caller's Spark session; paths must be readable from the session's workers."""

    name = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session
        self._kept: dict[str, Any] = {}

    def read_parquet(self, table: str, paths: Sequence[Path]) -> None:
        """Make the files (or folders of files) known as a view, with the columns of all: by itself Spark takes
        those of one.
        """
        reader = self.session.read.option("mergeSchema", "true")
        reader.parquet(*(str(path) for path in paths)).createOrReplaceTempView(table)

    def read_columns(self, table: str, columns: Columns) -> None:
        """Send the columns to the session as a view."""
        import pyarrow  # Spark's own client brings it; the rest of the engine never needs it

        self.session.createDataFrame(pyarrow.table(dict(columns))).createOrReplaceTempView(table)

    def define(self, table: str, statement: str) -> None:
        """Give a statement a name."""
        self.session.sql(in_spark(statement)).createOrReplaceTempView(table)

    def keep(self, table: str, statement: str) -> None:
        """Run a statement once; Spark holds its rows from the first use on."""
        frame = self.session.sql(in_spark(statement)).cache()
        frame.createOrReplaceTempView(table)
        before = self._kept.pop(table, None)
        if before is not None:
            before.unpersist()
        self._kept[table] = frame

    def write_parquet(self, path: Path, statement: str) -> None:
        """Run a statement and write its rows to a folder of Parquet files."""
        self.session.sql(in_spark(statement)).write.mode("error").parquet(str(path))

    def fetch(self, statement: str) -> dict[str, NDArray[Any]]:
        """Run a statement and return its columns."""
        table = self.session.sql(in_spark(statement)).toArrow()
        return {
            name: plain(np.asarray(table.column(name).to_numpy(zero_copy_only=False)))
            for name in table.column_names
        }

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table and their types, in DuckDB's words."""
        fields = self.session.table(table).schema.fields
        named = {field.name: field.dataType.simpleString() for field in fields}
        return {name: DUCKDB_TYPES.get(kind, kind.upper()) for name, kind in named.items()}


def in_spark(statement: str) -> str:
    """The statement in Spark's dialect."""
    import sqlglot  # an optional dependency: only those with Spark need it

    return sqlglot.transpile(statement, read="duckdb", write="spark")[0]
