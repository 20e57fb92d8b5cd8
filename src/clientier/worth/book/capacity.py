"""What the people who serve cost: minutes priced by time-driven activity-based costing, and what is left unused.

Kaplan and Anderson 2004, "Time-Driven Activity-Based Costing": the rate of a role is the cost of its capacity
over its practical minutes; customers carry only the minutes they took, and the rest is shown as unused.
"""

from __future__ import annotations

from typing import Any

import duckdb

from clientier.worth.book.cells import Cells
from clientier.worth.refusals import TableRefused

AT_ITS_ROLE = """LEFT JOIN worth_capacity ON worth_capacity.role = worth_expenses.role
    AND worth_expenses.day BETWEEN worth_capacity.day AND worth_capacity.until"""


def type_capacity(cells: Cells) -> None:
    """Leave worth_capacity behind: for each role and span of days, its cost and its practical minutes."""
    first, last = cells.day("day"), cells.day("until")
    cost, minutes = cells.money("cost", needed=True), cells.number("minutes", needed=True)
    cells.refuse("minutes", f"({minutes}) <= 0", "not_above_zero", "minutes_example")
    cells.refuse("until", f"({last}) < ({first})", "ends_before_it_begins", "day_example")
    cells.connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_capacity AS
        SELECT rowid AS line, coalesce({cells.text("role")}, '') AS role, ({first})::INTEGER AS day,
            ({last})::INTEGER AS until, {cost} AS cost, {minutes} AS minutes
        FROM worth_capacity_raw""")
    twice = cells.connection.execute("""
        SELECT max(a.line), count(*) FROM worth_capacity a JOIN worth_capacity b
            ON a.role = b.role AND a.line > b.line AND a.day <= b.until AND b.day <= a.until""").fetchone()
    if twice and twice[1]:
        raise TableRefused("capacity_overlaps", table="capacity", row=twice[0] + 1,
                           column=cells.found["day"], hint="one_span_a_role", rows_affected=twice[1])  # fmt: skip


def no_capacity(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave an empty worth_capacity behind."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_capacity
        (line BIGINT, role VARCHAR, day INTEGER, until INTEGER, cost BIGINT, minutes DOUBLE)""")


def price_minutes(connection: duckdb.DuckDBPyConnection, minute_cost_e4: int) -> int:
    """Price minutes without an amount at the rate of their role and day, else at the policy's cost of a minute.

    Returns how many rows found no price at all and cost nothing.
    """
    unpriced = connection.execute(f"""SELECT count(*) FROM worth_expenses {AT_ITS_ROLE}
        WHERE amount IS NULL AND worth_expenses.minutes > 0 AND coalesce(worth_capacity.cost, ?) = 0""",
        [minute_cost_e4]).fetchone()  # fmt: skip
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE worth_expenses AS
        SELECT worth_expenses.* REPLACE (coalesce(amount, round(worth_expenses.minutes * coalesce(
            worth_capacity.cost / worth_capacity.minutes, ?)))::BIGINT AS amount)
        FROM worth_expenses {AT_ITS_ROLE}""",
        [float(minute_cost_e4)],
    )
    return int(unpriced[0]) if unpriced else 0


def use_of_capacity(connection: duckdb.DuckDBPyConnection, start: int, end: int) -> list[dict[str, Any]]:
    """For each role: minutes and money supplied in the days after `start` up to `end`, used, and unused.

    A span that reaches beyond these days counts by its share of days. Unused is negative where a role worked
    more than its practical minutes.
    """
    rows = connection.execute(
        """WITH supplied AS (
            SELECT role, sum(minutes * days / whole) AS minutes, sum(round(cost * days / whole))::BIGINT AS cost
            FROM (SELECT role, minutes, cost, (until - day + 1)::DOUBLE AS whole,
                    (least(until, $until) - greatest(day, $start + 1) + 1)::DOUBLE AS days FROM worth_capacity)
            WHERE days > 0 GROUP BY role),
        used AS (
            SELECT role, sum(minutes) AS minutes, sum(amount)::BIGINT AS cost FROM worth_costs
            WHERE aside IS NULL AND minutes > 0 AND day > $start AND day <= $until GROUP BY role)
        SELECT role, supplied.minutes, coalesce(used.minutes, 0), supplied.cost, coalesce(used.cost, 0)
        FROM supplied LEFT JOIN used USING (role) ORDER BY role""",
        {"start": start, "until": end},
    ).fetchall()
    return [
        {
            "role": role,
            "supplied_minutes": supplied,
            "used_minutes": used,
            "unused_minutes": supplied - used,
            "supplied_e4": cost,
            "used_e4": used_cost,
            "unused_e4": cost - used_cost,
            "share_used": used / supplied,
        }
        for role, supplied, used, cost, used_cost in rows
    ]
