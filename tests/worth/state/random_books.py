"""Random books of checked lines: returns, several orders a day, lines out of order, customers who only return."""

from __future__ import annotations

import numpy as np

from clientier.worth.engines.engine import Columns
from clientier.worth.state.definition import LINE_COLUMNS, STATE_TYPES

FIRST_DAY = 20_000
NEVER_COSTED = 3


def random_lines(rng: np.random.Generator, lines: int, *, customers: int, days: int) -> Columns:
    """Lines over `days` days; a tenth are returns, a tenth worth nothing, some keys far apart."""
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
