"""What a run keeps of each customer's first year, last year and half-years, so that pages need not read orders.

The pages on who came and who went add these up over the customers in reach, whose rights change meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import duckdb
import numpy as np

HALF_YEARS = 8
HALF = "(year(day) * 2 + (month(day) > 6)::INTEGER)"
FOUND = f"""
SELECT customer_id,
    coalesce(sum(margin) FILTER (day < first_day + 365), 0)::BIGINT AS first_year_e4,
    coalesce(sum(margin) FILTER (day > last_day - 365), 0)::BIGINT AS last_year_e4,
    coalesce(bit_or(1 << back) FILTER (kind = 'sale' AND back < {HALF_YEARS}), 0)::BIGINT AS half_years
FROM (
    SELECT customer_id, day, kind, $newest - {HALF} AS back,
        amount_e4 - coalesce(cost_e4, 0) - coalesce(freight_e4, 0) AS margin
    FROM orders
) JOIN buyers USING (customer_id) GROUP BY customer_id"""


def lifespans(
    engine: duckdb.DuckDBPyConnection, customers: Mapping[str, np.ndarray], as_of: dt.date
) -> dict[str, np.ndarray]:
    """For each customer, in ten-thousandths, the margin of the first and of the last 365 days of buying, and a bit
    for each half-year with a purchase, the lowest for that of the run.

    Margin is revenue less goods and freight. ``engine`` holds the orders from which ``customers`` were judged, the
    customers in the order of their keys.
    """
    known = customers["customer_id"]
    days = {name: customers[name].astype("datetime64[s]") for name in ("first_day", "last_day")}
    engine.register("judged", {"customer_id": known, **days})
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE buyers AS SELECT customer_id::BIGINT AS customer_id, "
        "first_day::DATE AS first_day, last_day::DATE AS last_day FROM judged WHERE first_day IS NOT NULL"
    )
    engine.unregister("judged")
    found = engine.execute(FOUND, {"newest": half_of(as_of)}).fetchnumpy()
    rows = np.searchsorted(known, found.pop("customer_id"))
    columns = {name: np.zeros(len(known), dtype=np.int64) for name in found}
    for name, amounts in found.items():
        columns[name][rows] = amounts
    return columns


def half_of(day: dt.date) -> int:
    """The number of the half-year a day lies in; those of one after another follow each other."""
    return day.year * 2 + (day.month > 6)


def start_of_half(half: int) -> dt.date:
    return dt.date(half // 2, 7 if half % 2 else 1, 1)
