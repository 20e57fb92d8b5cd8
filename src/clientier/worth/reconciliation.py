"""Whether the figures agree with one another, and what moved since the run before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.book.drivers import DRIVERS
from clientier.worth.facts import Columns


def checks(
    columns: Columns, totals: Mapping[str, Mapping[str, int]], counts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Sums over customers against totals of the ledger, drivers against their sum, rows in against
    rows out.
    """
    found: list[dict[str, Any]] = []
    for prefix, span in (("", "window"), ("prior_", "prior_window"), ("lifetime_", "lifetime")):
        for name, total in totals[span].items():
            summed = int(columns[f"{prefix}{name}"].sum())
            found.append({"code": "reconciles", "of": f"{prefix}{name}", "ledger": total,
                           "customers": summed, "ok": total == summed})  # fmt: skip
    drivers = sum(int(columns[f"serve_{driver}_e4"].sum()) for driver in DRIVERS)
    found.append({"code": "drivers_add_up", "of": "serve_e4", "ledger": totals["window"]["serve_e4"],
                   "customers": drivers, "ok": drivers == totals["window"]["serve_e4"]})  # fmt: skip
    for table in counts:
        rows = counts[table]
        found.append({"code": "rows_accounted_for", "of": table, "ledger": rows["in"],
                       "customers": rows["used"] + rows["set_aside"],
                       "ok": rows["in"] == rows["used"] + rows["set_aside"]})  # fmt: skip
    return found


def moves(columns: Columns, old: dict[str, NDArray[Any]]) -> dict[str, list[dict[str, Any]]]:
    """How many customers, with how much profit, went from where to where since the previous run."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, before in (("tier", old["tier"]), ("lifecycle", old["lifecycle"])):
        now = columns[name]
        pairs, which = np.unique(
            np.stack([before.astype("U12"), now.astype("U12")]), axis=1, return_inverse=True
        )
        amount = np.zeros(pairs.shape[1], dtype=np.int64)
        np.add.at(amount, which.ravel(), columns["net_profit_e4"])
        number = np.bincount(which.ravel(), minlength=pairs.shape[1])
        found[name] = [
            {"from": str(a), "to": str(b), "n_customers": int(count), "net_profit_e4": int(value)}
            for a, b, count, value in zip(pairs[0], pairs[1], number, amount, strict=True)
        ]
    return found
