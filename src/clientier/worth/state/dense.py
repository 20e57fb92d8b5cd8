"""A full rebuild in one pass over date-ordered Parquet: DuckDB reads slabs of days, NumPy merges them exactly.

Within a slab one sort brings a customer's day together; between slabs only arrays with a place for every
customer key are touched. It needs keys that are small whole numbers and files roughly in order of the day;
where they are not, `rebuilt_columns` returns None and the statements of `definition` do the same in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.engines.engine import Engine, plain
from clientier.worth.state.definition import PURCHASE, STATE_TYPES

Ints = NDArray[np.int64]
LINES_A_SLAB = 1_500_000
MOST_SLABS_A_ROW_GROUP = 3
LARGEST_KEY = 1 << 28
NUMPY_TYPES = {"BIGINT": np.int64, "INTEGER": np.int32}


@dataclass(frozen=True)
class Slab:
    """Lines of a few days, sorted by customer and day."""

    customer_key: Ints
    day: Ints
    purchase: NDArray[np.bool_]
    amount: Ints
    cost: Ints
    freight: Ints


def rebuilt_columns(engine: Engine, lines: str) -> dict[str, NDArray[np.int64]] | None:
    """The state of every customer in `lines`, by key; None where this way does not pay or does not fit."""
    if not isinstance(engine, EmbeddedEngine):
        return None
    found = engine.connection.execute(
        f"SELECT count(*), min(customer_key), max(customer_key), min(day), max(day) FROM {lines}"
    ).fetchone()
    count, lowest, highest, first, last = found or (0, None, None, None, None)
    if not count or lowest < 0 or highest >= min(LARGEST_KEY, 16 * count + 1024):
        return None
    days = max(1, LINES_A_SLAB * (last - first + 1) // count)
    spans = [(start, min(start + days, last + 1)) for start in range(first, last + 1, days)]
    if not _in_order(engine, lines, spans):
        return None
    state = {name: np.zeros(highest + 1, NUMPY_TYPES[kind]) for name, kind in STATE_TYPES.items()}
    for slab in _slabs(engine.connection, lines, spans):
        _add_money(state, slab)
        _add_purchases(state, slab)
    state["returns_e4"] = state["net_e4"] - state["gross_e4"]
    present = np.flatnonzero(state["n_lines"])
    state["customer_key"] = np.arange(highest + 1, dtype=np.int64)
    return {name: values[present] for name, values in state.items()}


def _in_order(engine: EmbeddedEngine, lines: str, spans: list[tuple[int, int]]) -> bool:
    """Whether reading by spans would read no row group of the files more than a few times."""
    files = engine.files.get(lines)
    if files is None:
        return True  # a table of DuckDB's own, where a filter on the day costs next to nothing
    groups = engine.connection.execute(
        "SELECT stats_min_value::INTEGER AS first, stats_max_value::INTEGER AS last "
        "FROM parquet_metadata(?) WHERE path_in_schema = 'day'",
        [files],
    ).fetchnumpy()
    days = spans[0][1] - spans[0][0]
    reads = (plain(groups["last"]) - plain(groups["first"])) // days + 1
    return int(reads.sum()) <= MOST_SLABS_A_ROW_GROUP * max(len(reads), len(spans))


def _slabs(
    connection: duckdb.DuckDBPyConnection, lines: str, spans: list[tuple[int, int]]
) -> Iterator[Slab]:
    """Each span's lines, sorted; the next span is read while the caller works."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(_read, connection, lines, spans[0])
        for following in [*spans[1:], None]:
            columns = coming.result()
            if following:
                coming = reader.submit(_read, connection, lines, following)
            if len(columns["key_day"]):
                yield _sorted(columns)


def _read(
    connection: duckdb.DuckDBPyConnection, lines: str, span: tuple[int, int]
) -> dict[str, NDArray[np.int64]]:
    start, end = span
    bits = (end - start).bit_length()
    columns = connection.execute(
        f"""SELECT (customer_key::BIGINT << {bits}) | (day - {start}) AS key_day, {PURCHASE} AS purchase,
        amount_e4, coalesce(cost_e4, 0) AS cost_e4, coalesce(freight_e4, 0) AS freight_e4
        FROM {lines} WHERE day >= {start} AND day < {end}"""
    ).fetchnumpy()
    return {name: plain(values) for name, values in columns.items()} | {"start": start, "bits": bits}


def _sorted(columns: dict[str, NDArray[np.int64]]) -> Slab:
    """Sort by key and day: row numbers ride in the low bits of the sorted words where they fit."""
    words, bits = columns["key_day"], columns["bits"]
    rows = len(words)
    row_bits = rows.bit_length()
    if int(words.max()).bit_length() + row_bits < 63:
        packed = (words << row_bits) | np.arange(rows)
        packed.sort()
        order = packed & ((1 << row_bits) - 1)
        words = packed >> row_bits
    else:
        order = np.argsort(words, kind="stable")
        words = words[order]
    return Slab(
        customer_key=words >> bits,
        day=(words & ((1 << bits) - 1)) + columns["start"],
        purchase=columns["purchase"][order],
        amount=columns["amount_e4"][order],
        cost=columns["cost_e4"][order],
        freight=columns["freight_e4"][order],
    )


def _starts(*sorted_columns: Ints) -> NDArray[np.intp]:
    """Where a new combination of values begins."""
    changes = np.zeros(len(sorted_columns[0]), dtype=bool)
    changes[0] = True
    for column in sorted_columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)


def _add_money(state: dict[str, NDArray[np.int64]], slab: Slab) -> None:
    starts = _starts(slab.customer_key)
    who = slab.customer_key[starts]
    state["n_lines"][who] += np.diff(starts, append=len(slab.customer_key))
    state["net_e4"][who] += np.add.reduceat(slab.amount, starts)
    state["cost_e4"][who] += np.add.reduceat(slab.cost, starts)
    state["freight_e4"][who] += np.add.reduceat(slab.freight, starts)


def _add_purchases(state: dict[str, NDArray[np.int64]], slab: Slab) -> None:
    bought = np.flatnonzero(slab.purchase)
    if not len(bought):
        return
    key, day = slab.customer_key[bought], slab.day[bought]
    days = _starts(key, day)
    gross, key, day = np.add.reduceat(slab.amount[bought], days), key[days], day[days]
    first = _starts(key)
    last = np.append(first[1:], len(key)) - 1
    who = key[first]
    before = state["n_purchase_days"][who] > 0  # on an earlier day: no day is in two slabs
    gap = np.diff(day, prepend=0)
    gap[first] = np.where(before, day[first] - state["last_day"][who], 0)
    longest = np.maximum.reduceat(gap, first)
    state["longest_gap_days"][who] = np.maximum(state["longest_gap_days"][who], longest)
    state["sum_squared_gaps"][who] += np.add.reduceat(gap * gap, first)
    state["last_gap_days"][who] = gap[last]
    state["n_spending_days"][who] += np.add.reduceat((gross > 0).astype(np.int64), first)
    state["gross_e4"][who] += np.add.reduceat(gross, first)
    state["first_day_gross_e4"][who] += np.where(before, 0, gross[first])
    state["last_day_gross_e4"][who] = gross[last]
    state["first_day"][who] = np.where(before, state["first_day"][who], day[first])
    state["last_day"][who] = day[last]
    state["n_purchase_days"][who] += last - first + 1
