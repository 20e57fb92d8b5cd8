"""Many records in columns, on disk as far as they do not fit into memory: what the search for duplicates works on.

A million records as mappings take four gigabytes; here they take what DuckDB is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from clientier.core.likeness.records import COLUMNS

Record = Mapping[str, str | None]
READ_AT_A_TIME = 20_000
MEMORY = "1GB"
Settings = dict[str, str | bool | int | float | list[str]]
KEY, SIDE = "unique_id", "side"


class LinkageMissing(ImportError):
    """Splink, or what comes with it, is not installed here."""

    def __init__(self) -> None:
        super().__init__("pip install 'clientier[dedupe]'")


class Gathered:
    """Records of one kind by their keys, in a table ``record`` of a database of its own.

    Where they are of two ``sides``, pairs are looked for across these alone.
    """

    def __init__(self, kind: str, connection: duckdb.DuckDBPyConnection) -> None:
        self.kind, self.connection = kind, connection
        self.sides: tuple[str, ...] = ()
        columns = ", ".join(f"{name} VARCHAR" for name in COLUMNS[kind])
        connection.execute(f"CREATE TABLE record ({KEY} BIGINT, {SIDE} VARCHAR, {columns})")

    def __len__(self) -> int:
        return int(self.one("SELECT count(*) FROM record")[0])

    def one(self, statement: str) -> Any:
        """The first row of the answer."""
        return self.connection.execute(statement).fetchone()

    def add(self, rows: Iterable[tuple[int, Record]], side: str = "") -> None:
        """Take these in as well. Raises LinkageMissing where Arrow is not installed."""
        try:
            import pyarrow  # of an extra
        except ImportError as missing:
            raise LinkageMissing from missing
        types = pyarrow.schema(
            [(KEY, pyarrow.int64()), *((name, pyarrow.string()) for name in COLUMNS[self.kind])]
        )
        for part in _parts(rows):
            held: dict[str, list[Any]] = {KEY: [key for key, _record in part]}
            held |= {name: [record[name] for _key, record in part] for name in COLUMNS[self.kind]}
            self.connection.register("part", pyarrow.table(held, schema=types))
            self.connection.execute(f"INSERT INTO record SELECT {KEY}, '{side}', * EXCLUDE ({KEY}) FROM part")
            self.connection.unregister("part")
        told = self.connection.execute(f"SELECT DISTINCT {SIDE} FROM record ORDER BY 1").fetchall()
        self.sides = tuple(name for (name,) in told)

    def at(self, keys: Iterable[int]) -> dict[int, Record]:
        """The records with these keys."""
        names = COLUMNS[self.kind]
        wanted = ", ".join(str(int(key)) for key in sorted(set(keys)))
        if not wanted:
            return {}
        found = self.connection.execute(
            f"SELECT {KEY}, {', '.join(names)} FROM record WHERE {KEY} IN ({wanted})"
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found.fetchall()}


def _parts(rows: Iterable[tuple[int, Record]]) -> Iterator[Sequence[tuple[int, Record]]]:
    left = iter(rows)
    return iter(lambda: list(islice(left, READ_AT_A_TIME)), [])


@contextmanager
def gathering(kind: str) -> Iterator[Gathered]:
    """Room for records of this kind; nothing is left of it afterwards."""
    with TemporaryDirectory(prefix="clientier-") as folder:
        settings: Settings = {"memory_limit": MEMORY, "temp_directory": folder}
        connection = duckdb.connect(f"{folder}/records.duckdb", config=settings)
        try:
            yield Gathered(kind, connection)
        finally:
            connection.close()
