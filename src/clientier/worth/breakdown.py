"""Profit broken down by whatever the tables tell apart: customers, products, periods, territories.

Every row of the ledger falls into exactly one group, so the groups add up to the whole, whatever is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from clientier.worth import facts
from clientier.worth.book.drivers import DRIVERS
from clientier.worth.book.headings import plain
from clientier.worth.book.readings import identifier
from clientier.worth.book.sources import Tables
from clientier.worth.counting import EPOCH, opened
from clientier.worth.facts import Columns, Period
from clientier.worth.policy import Policy
from clientier.worth.refusals import TableRefused

DAY = "(DATE '1970-01-01' + moved.day)"
PERIODS = {
    "month": f"strftime({DAY}, '%Y-%m')",
    "quarter": f"year({DAY}) || '-Q' || quarter({DAY})",
    "year": f"year({DAY})::VARCHAR",
    "fiscal_year": f"(year({DAY}) + (month({DAY}) >= {{start}} AND {{start}} > 1)::INTEGER)::VARCHAR",
}
SUMS = ("revenue", "discount", "cost", "freight")


@dataclass(frozen=True)
class Breakdown:
    """Profit by groups, `columns` one entry a group in the order of the groups: the names asked for (text, ''
    where a row belongs to none), `lines`, and money in `_e4` from revenue to net profit with every driver.

    `checks` compares the sums over the groups with the totals of the ledger.
    """

    first: datetime.date | None
    last: datetime.date
    by: tuple[str, ...]
    columns: Columns
    checks: list[dict[str, Any]]


def break_down(
    tables: Tables,
    policy: Policy | None = None,
    *,
    by: Sequence[str],
    first: datetime.date | None = None,
    last: datetime.date | None = None,
) -> Breakdown:
    """Profit by "customer_id", "month", "quarter", "year", "fiscal_year" (named by the year it ends in), or any
    heading of the customers or orders, from `first` to `last` (default: all there is).

    Costs to serve have no product or order: they stand in the group ''. Raises TableRefused for a heading that
    neither table has.
    """
    rules = policy or Policy()
    with opened(tables, rules, last, first) as (connection, ledger, last_day):
        span = Period((first - EPOCH).days - 1 if first else -1_000_000, last_day)
        lines, costs = _groupings(connection, ledger.columns, by, rules)
        columns = _sums(connection, lines, costs, span)
        totals = facts.ledger_totals(connection, span)
    columns = {
        **{name: columns.pop(f"by_{place}").astype(object) for place, name in enumerate(by)},
        **columns,
    }
    _profit(columns)
    checks = [
        {"code": "reconciles", "of": name, "ledger": total, "groups": int(columns[name].sum()),
         "ok": total == int(columns[name].sum())}
        for name, total in totals.items()
    ]  # fmt: skip
    return Breakdown(first, EPOCH + datetime.timedelta(days=last_day), tuple(by), columns, checks)


def _groupings(
    connection: duckdb.DuckDBPyConnection,
    headings: Mapping[str, Mapping[str, str]],
    by: Sequence[str],
    policy: Policy,
) -> tuple[list[str], list[str]]:
    """For lines and for costs, the SQL of each group."""
    lines, costs = [], []
    for name in by:
        if name in PERIODS:
            period = PERIODS[name].format(start=policy.fiscal_year_start)
            lines.append(period)
            costs.append(period)
        elif name == "customer_id":
            lines.append("worth_customers.customer_id::VARCHAR")
            costs.append("worth_customers.customer_id::VARCHAR")
        elif heading := _heading(connection, headings, "customers", name):
            of_customer = (
                f"(SELECT {identifier(heading)}::VARCHAR FROM worth_customers_raw "
                "WHERE worth_customers_raw.rowid = worth_customers.line)"
            )
            lines.append(of_customer)
            costs.append(of_customer)
        elif heading := _heading(connection, headings, "orders", name):
            lines.append(f"worth_orders_raw.{identifier(heading)}::VARCHAR")
            costs.append("NULL")
        else:
            raise TableRefused("column_missing", table="customers", column=name, hint=", ".join(PERIODS))
    return lines, costs


def _heading(
    connection: duckdb.DuckDBPyConnection,
    headings: Mapping[str, Mapping[str, str]],
    table: str,
    name: str,
) -> str | None:
    """The heading of that table by its name in the contract, or else as it is written, case and blanks aside."""
    if table not in headings:
        return None
    if name in headings[table]:
        return headings[table][name]
    present = [row[0] for row in connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()]
    return next((heading for heading in present if plain(heading) == plain(name)), None)


def _sums(connection: duckdb.DuckDBPyConnection, lines: list[str], costs: list[str], span: Period) -> Columns:
    places = [f"by_{place}" for place in range(len(lines))]
    of_lines = "".join(f"coalesce({sql}, '') AS {place}, " for sql, place in zip(lines, places, strict=True))
    of_costs = "".join(f"coalesce({sql}, '') AS {place}, " for sql, place in zip(costs, places, strict=True))
    money = ", ".join(f"coalesce(sum({name}), 0)::BIGINT AS {name}_e4" for name in SUMS)
    served = ", ".join(
        f"coalesce(sum(served) FILTER (WHERE driver = '{driver}'), 0)::BIGINT AS serve_{driver}_e4"
        for driver in DRIVERS
    )
    grouped = f"GROUP BY {', '.join(places)} ORDER BY {', '.join(places)}" if places else ""
    result = connection.execute(f"""
        SELECT {"".join(f"{place}, " for place in places)} count(*) FILTER (WHERE driver IS NULL)::INTEGER AS lines,
            {money}, {served}
        FROM (
            SELECT {of_lines} moved.amount AS revenue, moved.discount, coalesce(moved.cost, 0) AS cost,
                moved.freight, NULL::VARCHAR AS driver, NULL::BIGINT AS served
            FROM worth_lines AS moved JOIN worth_customers USING (key)
                JOIN worth_orders_raw ON worth_orders_raw.rowid = moved.line
            WHERE moved.aside IS NULL AND {span.sql("moved.day")}
            UNION ALL
            SELECT {of_costs} 0, 0, 0, 0, moved.driver, moved.amount
            FROM worth_costs AS moved JOIN worth_customers USING (key)
            WHERE moved.aside IS NULL AND {span.sql("moved.day")})
        {grouped}""").fetchnumpy()
    return {name: np.ma.filled(values, 0) for name, values in result.items()}


def _profit(columns: Columns) -> None:
    """Gross margin, cost to serve and net profit of each group from its parts."""
    served = np.zeros_like(columns["revenue_e4"])
    for driver in DRIVERS:
        served += columns[f"serve_{driver}_e4"]
    columns["serve_e4"] = served
    columns["gross_margin_e4"] = columns["revenue_e4"] - columns["cost_e4"]
    columns["cost_to_serve_e4"] = columns["freight_e4"] + columns["serve_e4"]
    columns["net_profit_e4"] = columns["gross_margin_e4"] - columns["cost_to_serve_e4"]
