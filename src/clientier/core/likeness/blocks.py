"""Records by what they agree in: only pairs of one block are compared, and blocks that everybody is in are none.

People are called alike the more often the more there are: of each way the largest blocks are left out until no more
pairs are left than grow with the number of records. Who is called as hundreds are is found by what else agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from clientier.core.likeness.gathered import KEY, SIDE, Gathered

LARGEST = 200
MOST_PAIRS_A_RECORD, AMONG_MANY, BEYOND = 25, 8, 1_000_000
LAID = "laid"
Names = tuple[str, ...]


def column(names: Names) -> str:
    """The column that holds the keys of a way to make blocks."""
    return f"block_{'_'.join(names)}"


def rule(names: Names) -> str:
    """The condition in SQL that two records are of one block."""
    return f"l.{column(names)} = r.{column(names)}"


def fitting(ways: Iterable[Names], filled: Sequence[str]) -> list[Names]:
    """Those of the ways for which the data hold all columns."""
    return [names for names in ways if set(names) <= set(filled)]


def lay(records: Gathered, ways: Iterable[Names]) -> dict[Names, int]:
    """Put the records into a table ``laid`` with the key of their block for each way; returns the pairs of each way.

    Ways that make no pairs are left out.
    """
    kept: dict[Names, int] = {}
    number = len(records)
    most = min(MOST_PAIRS_A_RECORD * number, AMONG_MANY * number + BEYOND)
    for names in ways:
        pairs = _size(records, names)
        if pairs > most:
            pairs = _leave_out_the_largest(records, names, most)
        if pairs:
            kept[names] = pairs
        else:
            records.connection.execute(f"DROP TABLE sizes_{column(names)}")
    keys = "".join(f", {_sizes(names)}.key AS {column(names)}" for names in kept)
    joins = "".join(f" LEFT JOIN {_sizes(names)} ON {_sizes(names)}.key = {_key(names)}" for names in kept)
    records.connection.execute(f"CREATE TABLE {LAID} AS SELECT record.*{keys} FROM record{joins}")
    for names in kept:
        records.connection.execute(f"DROP TABLE {_sizes(names)}")
    return kept


def _leave_out_the_largest(records: Gathered, names: Names, most: int) -> int:
    """Keep the small blocks, as many as make no more pairs than that; returns how many they make."""
    of_size = f"SELECT size, sum(size * (size - 1) // 2) AS pairs FROM {_sizes(names)} GROUP BY size"
    up_to = f"SELECT size, sum(pairs) OVER (ORDER BY size) AS pairs FROM ({of_size})"
    size, pairs = records.one(
        f"SELECT coalesce(max(size), 0), coalesce(max(pairs), 0) FROM ({up_to}) WHERE pairs <= {most}"
    )
    records.connection.execute(f"DELETE FROM {_sizes(names)} WHERE size > {size}")
    return int(pairs)


def number_of_pairs(records: Gathered, ways: Iterable[Names]) -> int:
    """How many pairs of records agree in at least one of the ways."""
    with _agreeing(records, list(ways)) as pairs:
        return int(records.one(f"SELECT count(*) FROM ({' UNION '.join(pairs)})")[0]) if pairs else 0


@contextmanager
def _agreeing(records: Gathered, ways: Sequence[Names]) -> Iterator[list[str]]:
    across = f" AND l.{SIDE} <> r.{SIDE}" if len(records.sides) > 1 else ""
    for names in ways:
        _size(records, names)
        records.connection.execute(
            f"CREATE TABLE {column(names)} AS SELECT {KEY}, {SIDE}, key FROM record "
            f"JOIN {_sizes(names)} ON key = {_key(names)}"
        )
    yield [
        f"SELECT l.{KEY}, r.{KEY} FROM {column(names)} l JOIN {column(names)} r "
        f"ON l.key = r.key AND l.{KEY} < r.{KEY}{across}"
        for names in ways
    ]
    for names in ways:
        records.connection.execute(f"DROP TABLE {column(names)}; DROP TABLE {_sizes(names)}")


def _size(records: Gathered, names: Names) -> int:
    """Find the keys that at least two and not too many records share, of both sides if there are two."""
    across = f" AND count(DISTINCT {SIDE}) > 1" if len(records.sides) > 1 else ""
    records.connection.execute(
        f"CREATE TABLE {_sizes(names)} AS SELECT {_key(names)} AS key, count(*) AS size FROM record "
        f"WHERE {_key(names)} IS NOT NULL GROUP BY 1 HAVING count(*) BETWEEN 2 AND {LARGEST}{across}"
    )
    return int(records.one(f"SELECT coalesce(sum(size * (size - 1) // 2), 0) FROM {_sizes(names)}")[0])


def _sizes(names: Names) -> str:
    return f"sizes_{column(names)}"


def _key(names: Names) -> str:
    """A number for what the record holds in these columns, in SQL; nothing where one of them is empty."""
    there = " AND ".join(f"{name} IS NOT NULL" for name in names)
    return f"CASE WHEN {there} THEN hash({', '.join(names)}) END"
