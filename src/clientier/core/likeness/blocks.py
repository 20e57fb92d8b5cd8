"""Records by what they agree in: only pairs of one block are compared, and blocks that everybody is in are none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

LARGEST, MOST_PAIRS_A_RECORD = 200, 25
Record = Mapping[str, str | None]
Names = tuple[str, ...]


def key(record: Record, names: Names) -> str | None:
    """What the record holds in these columns, as one text; nothing where one of them is empty."""
    values = [record[name] for name in names]
    return None if None in values else "\x1f".join(v for v in values if v)


def keys(records: Mapping[int, Record], names: Names) -> dict[int, str]:
    """The key of every record that shares it with at least one and not too many others."""
    found = {number: made for number, record in records.items() if (made := key(record, names)) is not None}
    sizes = Counter(found.values())
    return {number: made for number, made in found.items() if 1 < sizes[made] <= LARGEST}


def column(names: Names) -> str:
    """The column that holds the keys of a way to make blocks."""
    return f"block_{'_'.join(names)}"


def rule(names: Names) -> str:
    """The condition in SQL that two records are of one block."""
    return f"l.{column(names)} = r.{column(names)}"


def fitting(ways: Iterable[Names], filled: Sequence[str]) -> list[Names]:
    """Those of the ways for which the data hold all columns."""
    return [names for names in ways if set(names) <= set(filled)]


def number_of_pairs(made: Mapping[int, str]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(made.values()).values())


def pairs(
    records: Mapping[int, Record], ways: Iterable[Names], sources: Mapping[int, str] | None = None
) -> set[tuple[int, int]]:
    """All pairs of records that agree in one of the ways."""
    found: set[tuple[int, int]] = set()
    for names in ways:
        blocks: dict[str, list[int]] = defaultdict(list)
        for number, made in keys(records, names).items():
            blocks[made].append(number)
        for block in blocks.values():
            found.update(
                (a, b)
                for a, b in combinations(sorted(block), 2)
                if sources is None or sources[a] != sources[b]
            )
    return found
