"""What a run finds once of the whole company, so that no page sums it again for those who see everybody.

Each part equals what the query of the same subject sums for such an actor. Runs made before have no such parts.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import numpy as np

from clientier.core.time import month_start
from clientier.rooms.value.choices import TIERS, Warning
from clientier.rooms.value.queries.profit import DRIVERS, SUMS
from clientier.rooms.value.queries.retention import HALF_YEARS, MONTHS, half_of, start_of_half
from clientier.worth import Result

COLUMNS = {"cost_of_goods": "cost_e4", "order_freight": "freight_e4"}
MARGIN = "coalesce(sum(amount_e4 - coalesce(cost_e4, 0) - coalesce(freight_e4, 0)), 0)::BIGINT"
WON = f"""
SELECT date_trunc('month', first_day)::DATE AS month, count(DISTINCT buyers.customer_id), {MARGIN}
FROM buyers LEFT JOIN orders
    ON orders.customer_id = buyers.customer_id AND day < first_day + 365
WHERE first_day >= $start GROUP BY 1"""
LOST = f"""
SELECT date_trunc('month', last_day + $silence)::DATE AS month, count(DISTINCT buyers.customer_id), {MARGIN}
FROM buyers LEFT JOIN orders
    ON orders.customer_id = buyers.customer_id AND day > last_day - 365
WHERE last_day BETWEEN $start::DATE - $silence AND $end::DATE - $silence GROUP BY 1"""
HALF = "(year({day}) * 2 + (month({day}) > 6)::INTEGER)"
COHORTS = f"""
SELECT {HALF.format(day="first_day")}, {HALF.format(day="day")}, count(DISTINCT customer_id)
FROM orders JOIN buyers USING (customer_id)
WHERE kind = 'sale' AND first_day >= $start AND day >= $start GROUP BY 1, 2"""


def found(
    result: Result, engine: duckdb.DuckDBPyConnection, *, as_of: dt.date, silence_days: int
) -> dict[str, Any]:
    """All parts, ready for JSON; ``engine`` holds the orders that the result was made from."""
    c = result.customers
    days = {name: c[name].astype("datetime64[s]") for name in ("first_day", "last_day")}
    engine.register("judged", {"customer_id": c["customer_id"], **days})
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE buyers AS SELECT customer_id::BIGINT AS customer_id, "
        "first_day::DATE AS first_day, last_day::DATE AS last_day FROM judged WHERE first_day IS NOT NULL"
    )
    engine.unregister("judged")
    return {
        "steps": _sums(c, np.ones(len(c["tier"]), dtype=bool)),
        "tier_groups": _tier_groups(c),
        "rising": _rising(c),
        "going": _going(c),
        "bucket": _bucket(engine, as_of, silence_days),
        "cohorts": _cohorts(engine, as_of),
    }


def _sums(c: dict[str, Any], here: np.ndarray) -> dict[str, int]:
    """The sums of money and of each driver of cost to serve, in ten-thousandths."""
    names = {name: COLUMNS.get(name, f"{name}_e4") for name in SUMS}
    names |= {f"serve_{name}": COLUMNS.get(name, f"serve_{name}_e4") for name in DRIVERS}
    return {name: int(c[column][here].sum()) for name, column in names.items()}


def _tier_groups(c: dict[str, Any]) -> list[dict[str, Any]]:
    groups = []
    for number, tier in enumerate(TIERS, start=1):
        here = c["tier"] == number
        losing = here & (c["net_profit_e4"] < 0)
        if here.any():
            money = {**_sums(c, here), "loss": int(c["net_profit_e4"][losing].sum())}
            numbers = {"customers": int(here.sum()), "below_zero": int(losing.sum())}
            groups.append({"tier": str(tier), **numbers, "money": money})
    return groups


def _rising(c: dict[str, Any]) -> int:
    """How many are on the way to the next tier."""
    rising = c["growth_candidate"].astype(bool) & ~c["low_evidence"].astype(bool) & (c["tier"] > 2)
    return int((rising & (c["gap_to_next_tier_e4"] > 0) & (c["net_profit_e4"] > 0)).sum())


def _going(c: dict[str, Any]) -> dict[str, int]:
    """How many may be on their way out, and what is at stake with them."""
    going = ~np.isin(c["alert"].astype(str), ["", str(Warning.BELOW_ZERO)])
    return {"customers": int(going.sum()), "at_risk": int(c["value_at_risk_e4"][going].sum())}


def _bucket(engine: duckdb.DuckDBPyConnection, as_of: dt.date, silence_days: int) -> dict[str, Any]:
    start = month_start(as_of, months_back=MONTHS - 1)
    won = engine.execute(WON, {"start": start}).fetchall()
    lost = engine.execute(LOST, {"start": start, "end": as_of, "silence": silence_days}).fetchall()
    return {
        name: {month.isoformat(): amounts for month, *amounts in rows}
        for name, rows in (("won", won), ("lost", lost))
    }


def _cohorts(engine: duckdb.DuckDBPyConnection, as_of: dt.date) -> list[list[int]]:
    """How many of one half-year's newcomers bought in another: both half-years, and the number."""
    start = start_of_half(half_of(as_of) - HALF_YEARS + 1)
    return sorted(list(row) for row in engine.execute(COHORTS, {"start": start}).fetchall())
