"""A full rebuild in one pass over lines in the order of their days: DuckDB streams them, NumPy merges exactly.

A slab of lines is sorted by customer and day, so that one look into memory serves all lines of a customer in
it; then blocks small enough for the processor's cache are added to one row a customer. It needs keys that are
small whole numbers, sums that no 64 bits can overflow (NumPy would wrap without a word), and of no customer a
purchase before one already seen; where that fails, `rebuilt_columns` returns None and the statements of
`definition` do the same in SQL.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clientier.worth.engines import arrow
from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.engines.engine import Columns, Engine
from clientier.worth.state.definition import PURCHASE, STATE_TYPES

Ints = NDArray[np.int64]
Rows = dict[str, Ints]
LINES_A_SLAB = 1 << 22
LINES_A_BLOCK = 1 << 13
LARGEST_KEY = 1 << 28
WORD_BITS = 62
LARGEST_DAY = 2**31 - 1
LARGEST_SUM = 2.0**62
MONEY = ("net_e4", "cost_e4", "freight_e4")
NUMPY_TYPES = {"BIGINT": np.int64, "INTEGER": np.int32}
PLACES = {name: place for place, name in enumerate(STATE_TYPES)}


@dataclass(frozen=True)
class Span:
    """The days of the lines, and how many bits the number of a day among them takes."""

    first_day: int
    bits: int


def rebuilt_columns(engine: Engine, lines: str) -> Columns | None:
    """The state of every customer in `lines`, by key; None where this way does not fit."""
    if not isinstance(engine, EmbeddedEngine):
        return None
    found = engine.connection.execute(
        f"SELECT count(*), min(customer_key), max(customer_key), min(day), max(day) FROM {lines}"
    ).fetchall()
    count, lowest, highest, first, last = found[0]
    if not count or lowest < 0 or highest >= min(LARGEST_KEY, 16 * count + 1024):
        return None
    if first < -LARGEST_DAY or last > LARGEST_DAY:
        return None
    span = Span(first, (last - first).bit_length())
    state = np.zeros((highest + 1, len(PLACES)), dtype=np.int64)
    relation = engine.connection.sql(f"""SELECT
        (((customer_key::BIGINT << {span.bits}) | (day - {first})) << 1) | ({PURCHASE})::BIGINT AS word,
        amount_e4::BIGINT AS net_e4, coalesce(cost_e4, 0)::BIGINT AS cost_e4,
        coalesce(freight_e4, 0)::BIGINT AS freight_e4 FROM {lines}""")
    reach = dict.fromkeys(MONEY, 0.0)
    for slab in _slabs(arrow.chunks(relation), min(count, LINES_A_SLAB)):
        if not _within_reach(reach, slab):
            return None
        words, order = _sorted(slab["word"])
        for block in _blocks(words >> (span.bits + 1)):
            if not _add_block(state, slab, words[block], order[block], span):
                return None
    present = np.flatnonzero(state[:, PLACES["n_lines"]])
    state[:, PLACES["returns_e4"]] = state[:, PLACES["net_e4"]] - state[:, PLACES["gross_e4"]]
    state[:, PLACES["customer_key"]] = np.arange(highest + 1)
    return {
        name: state[present, place].astype(NUMPY_TYPES[STATE_TYPES[name]]) for name, place in PLACES.items()
    }


def _within_reach(reach: dict[str, float], slab: Rows) -> bool:
    """Whether no sum over the lines so far, these among them, can overflow, whosever they are."""
    for name in MONEY:
        largest = max(float(slab[name].max()), -float(slab[name].min()))
        reach[name] += largest * len(slab[name])
    return max(reach.values()) < LARGEST_SUM


def _slabs(chunks: Iterator[Rows], size: int) -> Iterator[Rows]:
    """The chunks gathered into slabs, in memory that each slab uses again."""
    slab: Rows = {}
    filled = 0
    for chunk in chunks:
        slab = slab or {name: np.empty(size, dtype=np.int64) for name in chunk}
        start, rows = 0, len(chunk["word"])
        while start < rows:
            taken = min(rows - start, size - filled)
            for name, values in chunk.items():
                slab[name][filled : filled + taken] = values[start : start + taken]
            filled, start = filled + taken, start + taken
            if filled == size:
                yield slab
                filled = 0
    if filled:
        yield {name: values[:filled] for name, values in slab.items()}


def _blocks(key: Ints) -> Iterator[slice]:
    """Cut sorted lines into blocks of about equal size that never part a customer."""
    customers = _starts(key)
    after = np.searchsorted(customers, np.arange(LINES_A_BLOCK, len(key), LINES_A_BLOCK))
    cuts = np.unique(customers[np.minimum(after, len(customers) - 1)])
    return (
        slice(start, end) for start, end in itertools.pairwise([0, *cuts.tolist(), len(key)]) if end > start
    )


def _add_block(state: Ints, slab: Rows, words: Ints, order: Ints, span: Span) -> bool:
    """Add a block of sorted lines to the rows of its customers; False if a purchase comes too late for that."""
    key_day = words >> 1
    key = key_day >> span.bits
    starts = _starts(key)
    who = key[starts]
    touched = state.take(who, axis=0)
    rows = {name: touched[:, place] for name, place in PLACES.items()}
    net = slab["net_e4"].take(order)
    rows["n_lines"] += np.diff(starts, append=len(key))
    rows["net_e4"] += np.add.reduceat(net, starts)
    for name in ("cost_e4", "freight_e4"):
        rows[name] += np.add.reduceat(slab[name].take(order), starts)
    bought = np.flatnonzero(words & 1)
    if len(bought) and not _add_purchases(touched, who, key_day[bought], net[bought], span):
        return False
    state[who] = touched
    return True


def _sorted(words: Ints) -> tuple[Ints, Ints]:
    """The words in order, and the rows they come from, which ride in the low bits where they fit."""
    row_bits = len(words).bit_length()
    if int(words.max()).bit_length() + row_bits > WORD_BITS:
        order = np.argsort(words, kind="stable")
        return words[order], order
    packed = words << row_bits
    packed |= np.arange(len(words))
    packed.sort()
    return packed >> row_bits, packed & ((1 << row_bits) - 1)


def _starts(values: Ints) -> NDArray[np.intp]:
    """Where a new value begins."""
    changes = np.empty(len(values), dtype=bool)
    changes[0] = True
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return np.flatnonzero(changes)


def _add_purchases(touched: Ints, who: Ints, key_day: Ints, amount: Ints, span: Span) -> bool:
    """Add purchases, sorted by customer and day, to the rows of the customers `who`."""
    days = _starts(key_day)
    gross, key_day = np.add.reduceat(amount, days), key_day[days]
    key, day = key_day >> span.bits, (key_day & ((1 << span.bits) - 1)) + span.first_day
    first = _starts(key)
    last = np.append(first[1:], len(key)) - 1
    buyers = slice(None) if len(first) == len(who) else np.searchsorted(who, key[first])
    mine = touched[buyers]
    rows = {name: mine[:, place] for name, place in PLACES.items()}
    before = rows["n_purchase_days"] > 0
    gap = np.diff(day, prepend=0)
    gap[first] = np.where(before, day[first] - rows["last_day"], 0)
    since = gap[first]
    if (since < 0).any():
        return False
    known = np.flatnonzero(before & (since == 0))  # his day of purchase has begun in a slab before
    earlier = {name: rows[name][known] for name in ("last_day_gross_e4", "last_gap_days")}
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
    if len(known):
        at = first[known]
        was_first = rows["first_day"][known] == day[at]
        _join_days(rows, known, earlier, gross[at], was_first=was_first, only=last[known] == at)
    touched[buyers] = mine
    return True


def _join_days(
    rows: Rows,
    known: NDArray[np.intp],
    earlier: Rows,
    gross: Ints,
    *,
    was_first: NDArray[np.bool_],
    only: NDArray[np.bool_],
) -> None:
    """Make one purchase of a day that two slabs hold parts of: the customer's first one, or his only one in
    this slab.
    """
    rows["n_purchase_days"][known] -= 1
    rows["n_spending_days"][known] -= (earlier["last_day_gross_e4"] > 0) & (gross > 0)
    rows["first_day_gross_e4"][known] += np.where(was_first, gross, 0)
    rows["last_day_gross_e4"][known] += np.where(only, earlier["last_day_gross_e4"], 0)
    rows["last_gap_days"][known] = np.where(only, earlier["last_gap_days"], rows["last_gap_days"][known])
