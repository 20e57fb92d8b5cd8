"""Random books of checked lines: returns, several orders a day, lines out of order, customers who only return."""

from __future__ import annotations

import numpy as np

from clientier.worth.engines.engine import Columns
from clientier.worth.state.definition import LINE_COLUMNS, STATE_TYPES

FIRST_DAY = 20_000


def random_lines(rng: np.random.Generator, lines: int, *, customers: int, days: int) -> Columns:
    """Lines over `days` days; a tenth are returns, a tenth worth nothing."""
    kind = np.where(rng.random(lines) < 0.1, "return", "sale").astype(object)
    amount = rng.integers(0, 90_000_000, lines) * (rng.random(lines) > 0.1)
    return {
        "customer_key": (customers * rng.random(lines) ** 2).astype(np.int64),
        "day": (FIRST_DAY + rng.integers(0, days, lines)).astype(np.int32),
        "kind": kind,
        "amount_e4": np.where(kind == "return", -amount, amount),
        "cost_e4": rng.integers(0, 50_000_000, lines),
        "freight_e4": rng.integers(0, 900_000, lines),
    }


def lines_of(*rows: tuple) -> Columns:
    """Lines written by hand, in the order of LINE_COLUMNS; None where cost or freight is missing."""
    columns = dict(zip(LINE_COLUMNS, zip(*rows, strict=True), strict=True))
    whole = {
        name: np.array([value or 0 for value in columns[name]]) for name in LINE_COLUMNS if name != "kind"
    }
    missing = {
        name: np.ma.masked_array(whole[name], [value is None for value in columns[name]])
        for name in ("cost_e4", "freight_e4")
    }
    return whole | missing | {"kind": np.array(columns["kind"], dtype=object)}


def chosen(columns: Columns, rows: np.ndarray) -> Columns:
    """The rows of a mask or of numbers."""
    return {name: columns[name][rows] for name in LINE_COLUMNS}


def joined(*parts: Columns) -> Columns:
    """All rows of the parts."""
    return {name: np.concatenate([part[name] for part in parts]) for name in LINE_COLUMNS}


def rows(engine, table: str) -> list[tuple[int, ...]]:
    """The states in a table, as plain numbers in the order of the keys."""
    found = engine.fetch(f"SELECT {', '.join(STATE_TYPES)} FROM {table} ORDER BY customer_key")
    return list(zip(*(found[name].tolist() for name in STATE_TYPES), strict=True))


def cohort_lines(rng: np.random.Generator, customers: int) -> Columns:
    """A cohort like CDNOW's: first purchases within 84 days, then by the BG/NBD with its published parameters."""
    key, day = [], []
    start = rng.integers(0, 84, customers)
    rate, leave = rng.gamma(0.243, 1 / 30.9, customers), rng.beta(0.793, 2.426, customers)
    for customer in range(customers):
        now = float(start[customer])
        while now < 273:
            key.append(customer)
            day.append(FIRST_DAY + int(now))
            if len(key) > 1 and key[-2] == customer and rng.random() < leave[customer]:
                break
            now += rng.exponential(1 / max(rate[customer], 1e-9))
    amount = rng.integers(50_000, 900_000, len(key))
    columns = {
        "customer_key": key,
        "day": day,
        "amount_e4": amount,
        "cost_e4": amount // 2,
        "freight_e4": amount // 20,
    }
    whole = {name: np.asarray(values, dtype=np.int64) for name, values in columns.items()}
    return whole | {"kind": np.full(len(key), "sale", dtype=object), "day": np.asarray(day, dtype=np.int32)}
