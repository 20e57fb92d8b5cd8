"""What each customer did, counted and summed from the ledger: one row a customer, in the order of
the keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from clientier.worth.book.drivers import DRIVERS
from clientier.worth.book.keys import ASIDE
from clientier.worth.book.receivables import OPEN

Columns = dict[str, NDArray[Any]]
MONEY = ("revenue", "discount", "cost", "freight")


@dataclass(frozen=True)
class Period:
    """Days after `start` up to and including `end`."""

    start: int
    end: int

    def sql(self, column: str = "day") -> str:
        """The condition that a day lies in the period."""
        return f"{column} > {self.start} AND {column} <= {self.end}"


def periods(as_of_day: int, window_days: int) -> dict[str, Period]:
    """The trailing window, the window before it, and all of history."""
    start = as_of_day - window_days
    return {
        "": Period(start, as_of_day),
        "prior_": Period(start - window_days, start),
        "lifetime_": Period(-1_000_000, as_of_day),
    }


def customer_facts(
    connection: duckdb.DuckDBPyConnection, customers: int, *, as_of_day: int, window_days: int
) -> Columns:
    """All sums and counts a customer, money in `_e4`; customers without rows have zeros and no days."""
    spans = periods(as_of_day, window_days)
    _customer_days(connection)
    facts = _trade(connection, customers, spans)
    facts |= _orders(connection, customers)
    facts |= _rhythm(connection, customers)
    facts |= _costs(connection, customers, spans)
    facts |= _receivables(connection, customers, as_of_day)
    known = connection.execute(
        "SELECT customer_id, name, prospect, first_seen, share_of_wallet, switches FROM worth_customers "
        "ORDER BY key"
    ).fetchnumpy()
    facts["customer_id"] = np.asarray(known["customer_id"])
    facts["name"] = np.ma.filled(known["name"], "").astype(object)
    facts["prospect"] = np.asarray(known["prospect"])
    facts["share_of_wallet"] = np.ma.filled(known["share_of_wallet"].astype(np.float64), np.nan)
    facts["switches"] = np.ma.filled(known["switches"].astype(np.float64), np.nan)
    unseen = np.ma.getmaskarray(known["first_seen"])
    facts["first_seen"] = np.ma.filled(known["first_seen"], 0).astype("datetime64[D]")
    facts["first_seen"][unseen] = np.datetime64("NaT")
    return facts


def _customer_days(connection: duckdb.DuckDBPyConnection) -> None:
    """One row a customer and day: the purchase event, so that several orders on a day count once."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_days AS
        SELECT key, day, bool_or(kind = 'sale' AND amount >= 0) AS bought,
            sum(amount) FILTER (WHERE kind = 'sale' AND amount > 0)::BIGINT AS gross,
            sum(amount)::BIGINT AS revenue, sum(coalesce(cost, 0))::BIGINT AS cost,
            sum(freight)::BIGINT AS freight, sum(discount)::BIGINT AS discount,
            count(*) FILTER (WHERE kind = 'return') AS returns,
            count(*) FILTER (WHERE cost IS NULL) AS uncosted, count(*) AS lines
        FROM worth_lines WHERE aside IS NULL GROUP BY key, day""")


def _trade(connection: duckdb.DuckDBPyConnection, customers: int, spans: dict[str, Period]) -> Columns:
    sums = [
        f"coalesce(sum({name}) FILTER (WHERE {span.sql()}), 0)::BIGINT AS {prefix}{name}_e4"
        for prefix, span in spans.items()
        for name in MONEY
    ]
    counts = [
        f"count(*) FILTER (WHERE bought AND {span.sql()})::INTEGER AS {prefix}n_purchase_days"
        for prefix, span in spans.items()
    ]
    result = connection.execute(f"""
        SELECT key, {", ".join(sums + counts)},
            (sum(lines) FILTER (WHERE {spans[""].sql()}))::INTEGER AS n_lines,
            sum(returns)::INTEGER AS n_returns, sum(uncosted)::INTEGER AS n_lines_without_cost,
            min(day) FILTER (WHERE bought) AS first_day, max(day) FILTER (WHERE bought) AS last_day,
            coalesce(sum(gross), 0)::BIGINT AS gross_e4,
            coalesce(arg_min(coalesce(gross, 0), day) FILTER (WHERE bought), 0)::BIGINT AS first_gross_e4,
            count(*) FILTER (WHERE bought AND gross > 0)::INTEGER AS n_spending_days
        FROM worth_days GROUP BY key""").fetchnumpy()
    return _spread(result, customers)


def _orders(connection: duckdb.DuckDBPyConnection, customers: int) -> Columns:
    result = connection.execute("""
        SELECT key, count(*)::INTEGER AS n_orders FROM (
            SELECT DISTINCT key, coalesce(order_id, 'day ' || day) AS order_id FROM worth_lines
            WHERE aside IS NULL AND kind = 'sale')
        GROUP BY key""").fetchnumpy()
    return _spread(result, customers)


def _rhythm(connection: duckdb.DuckDBPyConnection, customers: int) -> Columns:
    """Purchase days, gaps between them (their mean, and each customer's sorted for his own quantile), and
    whether purchases grow.
    """
    result = connection.execute("""SELECT key, day, coalesce(gross, 0) AS gross,
        revenue - cost - coalesce(freight, 0) AS profit FROM worth_days WHERE bought ORDER BY key, day""").fetchnumpy()
    customer, day = np.asarray(result["key"], dtype=np.int64), np.asarray(result["day"], dtype=np.int64)
    same = customer[1:] == customer[:-1]
    added = np.diff(np.asarray(result["gross"], dtype=np.int64))[same]
    keys, gaps = customer[1:][same], np.diff(day)[same].astype(np.float64)
    gaps = gaps[np.lexsort((gaps, keys))]
    count = np.bincount(keys, minlength=customers)

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.bincount(keys, weights=values, minlength=customers) / count

    return {
        "mean_gap_days": mean(gaps),
        "added_per_purchase_e4": np.rint(np.nan_to_num(mean(added))).astype(np.int64),
        "growing_purchases": mean(added > 0),
        "gap_count": count,
        "sorted_gaps": gaps,
        "purchase_customer": customer,
        "purchase_day": day,
        "purchase_gross_e4": np.asarray(result["gross"]),
        "purchase_profit_e4": np.asarray(result["profit"]),
    }


def own_gap_quantile(
    gap_count: NDArray[np.int64], sorted_gaps: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Each customer's own quantile of gaps (linear between order statistics); NaN for those without gaps."""
    quantile = np.full(len(gap_count), np.nan)
    have = np.flatnonzero(gap_count > 0)
    start = (np.cumsum(gap_count) - gap_count)[have]
    place = share * (gap_count[have] - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, gap_count[have] - 1)
    low, high = sorted_gaps[start + below], sorted_gaps[start + above]
    quantile[have] = low + (place - below) * (high - low)
    return quantile


def _costs(connection: duckdb.DuckDBPyConnection, customers: int, spans: dict[str, Period]) -> Columns:
    sums = [
        f"coalesce(sum(amount) FILTER (WHERE driver = '{driver}' AND {spans[''].sql()}), 0)::BIGINT"
        f" AS serve_{driver}_e4"
        for driver in DRIVERS
    ]
    totals = [
        f"coalesce(sum(amount) FILTER (WHERE {span.sql()}), 0)::BIGINT AS {prefix}serve_e4"
        for prefix, span in spans.items()
    ]
    result = connection.execute(f"""
        SELECT key, {", ".join(sums + totals)},
            coalesce(sum(minutes) FILTER (WHERE {spans[""].sql()}), 0)::DOUBLE AS minutes,
            count(*) FILTER (WHERE {spans[""].sql()})::INTEGER AS n_costs
        FROM worth_costs WHERE aside IS NULL GROUP BY key""").fetchnumpy()
    return _spread(result, customers)


def _receivables(connection: duckdb.DuckDBPyConnection, customers: int, as_of_day: int) -> Columns:
    return _spread(connection.execute(OPEN.format(as_of=as_of_day)).fetchnumpy(), customers)


def _spread(result: dict[str, NDArray[Any]], customers: int) -> Columns:
    """Columns for all customers from rows of some: zeros elsewhere, and NaT-like minimum for days."""
    keys = np.asarray(result.pop("key"), dtype=np.int64)
    columns: Columns = {}
    for name, values in result.items():
        if name.endswith("_day"):
            days = np.full(customers, np.datetime64("NaT", "D"))
            known = ~np.ma.getmaskarray(values)
            days[keys[known]] = np.asarray(values)[known].astype("datetime64[D]")
            columns[name] = days
            continue
        column = np.zeros(customers, dtype=values.dtype)
        column[keys] = np.ma.filled(values, 0)
        columns[name] = column
    return columns


GIVEN = (("orders", "worth_lines"), ("costs", "worth_costs WHERE source = 'costs'"),
         ("receivables", "worth_claims"), ("overheads", "worth_common"))  # fmt: skip


def counted(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Rows in, used and set aside, a table; and the rows aside by reason, with their amounts.

    Amounts that found no exchange rate are in many currencies and cannot be summed.
    """
    counts: dict[str, Any] = {}
    aside: list[dict[str, Any]] = []
    for table, name in GIVEN:
        rows = connection.execute(
            f"SELECT aside, count(*)::BIGINT, coalesce(sum(amount), 0)::BIGINT FROM {name} GROUP BY aside"
        ).fetchall()
        by_reason = {reason: (count, amount) for reason, count, amount in rows}
        used = by_reason.pop(None, (0, 0))
        counts[table] = {
            "in": sum(row[1] for row in rows),
            "used": used[0],
            "set_aside": sum(count for count, _ in by_reason.values()),
        }
        aside += [
            {
                "table": table,
                "reason": reason,
                "rows": by_reason[reason][0],
                "amount_e4": None if reason == "rate_missing" else by_reason[reason][1],
            }
            for reason in ASIDE
            if reason in by_reason
        ]
    return counts, aside


def ledger_totals(connection: duckdb.DuckDBPyConnection, span: Period) -> dict[str, int]:
    """Totals of the period straight from the lines, the second way that the sums over customers must agree
    with.
    """
    row = connection.execute(f"""
        SELECT coalesce(sum(amount), 0)::BIGINT, coalesce(sum(discount), 0)::BIGINT,
            coalesce(sum(cost), 0)::BIGINT, coalesce(sum(freight), 0)::BIGINT
        FROM worth_lines WHERE aside IS NULL AND {span.sql()}""").fetchone()
    serve = connection.execute(
        f"SELECT coalesce(sum(amount), 0)::BIGINT FROM worth_costs WHERE aside IS NULL AND {span.sql()}"
    ).fetchone()
    revenue, discount, cost, freight = row or (0, 0, 0, 0)
    served = serve[0] if serve else 0
    return {
        "revenue_e4": revenue,
        "discount_e4": discount,
        "cost_e4": cost,
        "freight_e4": freight,
        "serve_e4": served,
        "net_profit_e4": revenue - cost - freight - served,
    }
