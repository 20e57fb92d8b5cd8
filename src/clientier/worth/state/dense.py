"""A full rebuild in one pass over date-ordered Parquet: DuckDB reads slabs of days, NumPy merges them exactly.

Within a slab one sort brings a customer's days together; then blocks small enough for the processor's cache
are summed, and added to one row a customer, so that a customer costs one look into memory a slab. It needs
keys that are small whole numbers and files roughly in order of the day; where they are not,
`rebuilt_columns` returns None and the statements of `definition` do the same in SQL.
"""

from __future__ import annotations

import itertools
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
Rows = dict[str, Ints]
LINES_A_SLAB = 1_500_000
LINES_A_BLOCK = 16_384
MOST_READS_A_ROW_GROUP = 3
LARGEST_KEY = 1 << 28
WORD_BITS = 62
NUMPY_TYPES = {"BIGINT": np.int64, "INTEGER": np.int32}
PLACES = {name: place for place, name in enumerate(STATE_TYPES)}


@dataclass(frozen=True)
class Slab:
    """Lines of a few days as they were read, and the order that sorts them by customer and day."""

    columns: Rows
    order: Ints
    customer_key: Ints
    day: Ints
    purchase: NDArray[np.bool_]


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
    state = np.zeros((highest + 1, len(PLACES)), dtype=np.int64)
    for slab in _slabs(engine.connection, lines, spans):
        for block in _blocks(slab.customer_key):
            _add_block(state, slab, block)
    present = np.flatnonzero(state[:, PLACES["n_lines"]])
    state[:, PLACES["returns_e4"]] = state[:, PLACES["net_e4"]] - state[:, PLACES["gross_e4"]]
    state[:, PLACES["customer_key"]] = np.arange(highest + 1)
    return {
        name: state[present, place].astype(NUMPY_TYPES[STATE_TYPES[name]]) for name, place in PLACES.items()
    }


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
    return int(reads.sum()) <= MOST_READS_A_ROW_GROUP * max(len(reads), len(spans))


def _slabs(connection: duckdb.DuckDBPyConnection, lines: str, spans: list[tuple[int, int]]) -> Iterator[Slab]:
    """Each span's lines, sorted; the next span is read while the caller works."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(_read, connection, lines, *spans[0])
        for number, (start, end) in enumerate(spans, start=1):
            columns = coming.result()
            if number < len(spans):
                coming = reader.submit(_read, connection, lines, *spans[number])
            if len(columns["word"]):
                yield _sorted(columns, start, _bits(start, end))


def _bits(start: int, end: int) -> int:
    return (end - start).bit_length()


def _read(connection: duckdb.DuckDBPyConnection, lines: str, start: int, end: int) -> Rows:
    columns = connection.execute(
        f"""SELECT (((customer_key::BIGINT << {_bits(start, end)}) | (day - {start})) << 1)
            | ({PURCHASE})::BIGINT AS word, amount_e4, coalesce(cost_e4, 0) AS cost_e4,
            coalesce(freight_e4, 0) AS freight_e4 FROM {lines} WHERE day >= {start} AND day < {end}"""
    ).fetchnumpy()
    return {name: plain(values) for name, values in columns.items()}


def _sorted(columns: Rows, start: int, bits: int) -> Slab:
    """Sort by key and day: row numbers ride in the low bits of the sorted words where they fit."""
    words = columns.pop("word")
    row_bits = len(words).bit_length()
    if int(words.max()).bit_length() + row_bits <= WORD_BITS:
        packed = (words << row_bits) | np.arange(len(words))
        packed.sort()
        order = packed & ((1 << row_bits) - 1)
        words = packed >> row_bits
    else:
        order = np.argsort(words, kind="stable")
        words = words[order]
    purchase = (words & 1).astype(bool)
    words >>= 1
    return Slab(columns, order, words >> bits, (words & ((1 << bits) - 1)) + start, purchase)


def _starts(*sorted_columns: Ints) -> NDArray[np.intp]:
    """Where a new combination of values begins."""
    changes = np.zeros(len(sorted_columns[0]), dtype=bool)
    changes[0] = True
    for column in sorted_columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)


def _blocks(customer_key: Ints) -> Iterator[slice]:
    """Cut sorted lines into blocks of about equal size that never part a customer."""
    customers = _starts(customer_key)
    after = np.searchsorted(customers, np.arange(LINES_A_BLOCK, len(customer_key), LINES_A_BLOCK))
    cuts = np.unique(customers[np.minimum(after, len(customers) - 1)])
    edges = [0, *cuts.tolist(), len(customer_key)]
    return (slice(start, end) for start, end in itertools.pairwise(edges) if end > start)


def _add_block(state: NDArray[np.int64], slab: Slab, block: slice) -> None:
    """Add a block of lines to the rows of its customers."""
    order, key = slab.order[block], slab.customer_key[block]
    starts = _starts(key)
    who = key[starts]
    touched = state.take(who, axis=0)
    rows = {name: touched[:, place] for name, place in PLACES.items()}
    amount = slab.columns["amount_e4"].take(order)
    rows["n_lines"] += np.diff(starts, append=len(key))
    rows["net_e4"] += np.add.reduceat(amount, starts)
    for name in ("cost_e4", "freight_e4"):
        rows[name] += np.add.reduceat(slab.columns[name].take(order), starts)
    bought = np.flatnonzero(slab.purchase[block])
    if len(bought):
        _add_purchases(touched, who, key[bought], slab.day[block][bought], amount[bought])
    state[who] = touched


def _add_purchases(touched: NDArray[np.int64], who: Ints, key: Ints, day: Ints, amount: Ints) -> None:
    """Add purchases, sorted by customer and day, to the rows of the customers `who`."""
    days = _starts(key, day)
    gross, key, day = np.add.reduceat(amount, days), key[days], day[days]
    first = _starts(key)
    last = np.append(first[1:], len(key)) - 1
    buyers = slice(None) if len(first) == len(who) else np.searchsorted(who, key[first])
    mine = touched[buyers]
    rows = {name: mine[:, place] for name, place in PLACES.items()}
    before = rows["n_purchase_days"] > 0  # on an earlier day: no day is in two slabs
    gap = np.diff(day, prepend=0)
    gap[first] = np.where(before, day[first] - rows["last_day"], 0)
    np.maximum(rows["longest_gap_days"], np.maximum.reduceat(gap, first), out=rows["longest_gap_days"])
    rows["sum_squared_gaps"] += np.add.reduceat(gap * gap, first)
    rows["last_gap_days"][:] = gap[last]
    rows["n_spending_days"] += np.add.reduceat((gross > 0).astype(np.int64), first)
    rows["gross_e4"] += np.add.reduceat(gross, first)
    rows["first_day_gross_e4"] += np.where(before, 0, gross[first])
    rows["last_day_gross_e4"][:] = gross[last]
    rows["first_day"] += np.where(before, 0, day[first])
    rows["last_day"][:] = day[last]
    rows["n_purchase_days"] += last - first + 1
    touched[buyers] = mine
