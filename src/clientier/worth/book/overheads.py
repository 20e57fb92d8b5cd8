"""Overheads: costs of the whole company that customers carry by a stated key."""

from __future__ import annotations

import duckdb

from clientier.worth.book.cells import Cells

KEYS = {
    "revenue": "greatest(sum(revenue), 0)",
    "margin": "greatest(sum(revenue - cost - freight), 0)",
    "lines": "sum(lines)",
    "minutes": "sum(minutes)",
    "customers": "1",
}
"""By what customers carry overheads: their share of this, among those with lines or minutes in the span."""


def type_overheads(cells: Cells) -> None:
    """Leave worth_overheads behind: amounts by day, of no customer in particular."""
    amount = cells.money("amount", needed=True)
    cells.connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_overheads AS
        SELECT rowid AS line, ({cells.day("day")})::INTEGER AS day, {amount} AS amount,
            {cells.currency()} AS currency, {cells.rate()} AS own_rate, false AS rate_missing
        FROM worth_overheads_raw""")


def no_overheads(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave an empty worth_overheads behind, and an empty worth_common."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_overheads (line BIGINT, day INTEGER, amount BIGINT,
        currency VARCHAR, own_rate DECIMAL(18,9), rate_missing BOOLEAN)""")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE worth_common (amount BIGINT, span INTEGER, aside VARCHAR)"
    )


def spread_overheads(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Add to worth_costs each customer's part of the overheads of every span between two cuts.

    Parts are differences of rounded running totals: they add up to the whole, whatever the number of customers.
    Leaves worth_common behind, the overheads with the reason where they are set aside; a span in which nobody
    bought or was served has nobody to carry it.
    """
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_carriers AS
        SELECT key, worth_cuts.day AS span, ({KEYS[key]})::DOUBLE AS weight FROM (
            SELECT key, day, amount AS revenue, coalesce(cost, 0) AS cost, freight, 1 AS lines, 0.0 AS minutes
            FROM worth_lines WHERE aside IS NULL
            UNION ALL SELECT key, day, 0, 0, 0, 0, minutes FROM worth_costs WHERE aside IS NULL AND minutes > 0
        ) AS work ASOF JOIN worth_cuts ON work.day <= worth_cuts.day
        GROUP BY key, span HAVING weight > 0""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_common AS
        SELECT given.amount, worth_cuts.day AS span, CASE WHEN rate_missing THEN 'rate_missing'
            WHEN worth_cuts.day IS NULL THEN 'after_as_of'
            WHEN worth_cuts.day NOT IN (SELECT span FROM worth_carriers) THEN 'nobody_to_carry' END AS aside
        FROM worth_overheads AS given ASOF LEFT JOIN worth_cuts ON given.day <= worth_cuts.day""")
    connection.execute("""INSERT INTO worth_costs BY NAME
        SELECT key, span AS day, 'overhead' AS driver, 0.0 AS minutes, '' AS role,
            (round(total * (upto / whole)) - round(total * (before / whole)))::BIGINT AS amount,
            'overheads' AS source, NULL AS aside
        FROM (SELECT key, span, upto, coalesce(lag(upto) OVER places, 0.0) AS before,
                max(upto) OVER (PARTITION BY span) AS whole
              FROM (SELECT key, span, sum(weight) OVER places AS upto FROM worth_carriers
                    WINDOW places AS (PARTITION BY span ORDER BY key))
              WINDOW places AS (PARTITION BY span ORDER BY key))
        JOIN (SELECT span, sum(amount)::BIGINT AS total FROM worth_common WHERE aside IS NULL GROUP BY span)
            USING (span)""")
    connection.execute("DROP TABLE worth_carriers")
