"""Money owed: what is open, what is overdue, and what late payment costs."""

from __future__ import annotations

import duckdb

from clientier.worth.book.cells import Cells

DAYS_PER_YEAR = 365


def type_receivables(cells: Cells) -> None:
    """Leave worth_receivables behind: one row a claim, or a part of one that was paid on a day of its own."""
    due, paid = cells.day("day"), cells.day("paid_on", needed=False)
    amount = cells.money("amount", needed=True)
    cells.connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_receivables AS
        SELECT rowid AS line, {cells.customer_id()} AS customer_id, ({due})::INTEGER AS day,
            ({paid})::INTEGER AS paid_on, {amount} AS amount, {cells.currency()} AS currency,
            {cells.rate()} AS own_rate, false AS rate_missing
        FROM worth_receivables_raw""")


def no_receivables(connection: duckdb.DuckDBPyConnection, ids: str) -> None:
    """Leave an empty worth_receivables behind."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_receivables (line BIGINT, customer_id {ids},
        day INTEGER, paid_on INTEGER, amount BIGINT, currency VARCHAR, own_rate DECIMAL(18,9),
        rate_missing BOOLEAN)""")


def key_receivables(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave worth_claims behind: the receivables with their customer's key, or the reason they are set aside."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_claims AS
        SELECT worth_customers.key, day, paid_on, amount, CASE
            WHEN customer_id IS NULL THEN 'customer_missing' WHEN rate_missing THEN 'rate_missing' END AS aside
        FROM worth_receivables LEFT JOIN worth_customers USING (customer_id)""")


def charge_interest(connection: duckdb.DuckDBPyConnection, rate: float) -> None:
    """Add to worth_costs, for every span between two cuts, the interest on what was paid late in it.

    Simple interest at `rate` a year from the day after the due day to the day of payment, as far as the last
    cut. Each span's charge is the difference of two rounded totals, so that the spans of a claim always add
    up to the whole of it.
    """
    if not rate:
        return
    charge = f"amount * {float(rate)!r}::DOUBLE / {DAYS_PER_YEAR} *"
    connection.execute(f"""INSERT INTO worth_costs BY NAME
        SELECT key, least(until, worth_cuts.day) AS day, 'late_interest' AS driver, 0.0 AS minutes, '' AS role,
            (round({charge} (least(until, worth_cuts.day) - due))
             - round({charge} (greatest(due, worth_cuts.after) - due)))::BIGINT AS amount,
            'receivables' AS source, NULL AS aside
        FROM (SELECT key, worth_claims.day AS due, amount, least(coalesce(paid_on, last.day), last.day) AS until
              FROM worth_claims, (SELECT max(day) AS day FROM worth_cuts) AS last
              WHERE aside IS NULL AND amount > 0)
        JOIN worth_cuts ON worth_cuts.day > due AND worth_cuts.after < until
        WHERE until > due""")


OPEN = """SELECT key, sum(amount)::BIGINT AS receivable_e4,
    coalesce(sum(amount) FILTER (WHERE day < {as_of}), 0)::BIGINT AS overdue_e4,
    coalesce(max({as_of} - day) FILTER (WHERE day < {as_of} AND amount > 0), 0)::INTEGER AS days_overdue
FROM worth_claims WHERE aside IS NULL AND (paid_on IS NULL OR paid_on > {as_of}) GROUP BY key"""
"""What each customer owes at the end of a day, how much of it is late, and for how long at most."""
