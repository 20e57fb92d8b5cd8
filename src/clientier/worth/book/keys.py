"""Every customer a dense key, and every row its customer's key or the reason why it is set aside."""

from __future__ import annotations

import duckdb

from clientier.worth.book.cells import Notices

ASIDE = ("customer_missing", "rate_missing", "after_as_of", "cancellation", "cancelled_order", "cancelled_line",
         "nobody_to_carry")  # fmt: skip


def key_customers(connection: duckdb.DuckDBPyConnection) -> int:
    """Leave worth_customers behind, keys in the order of the ids; returns how many."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_customers AS
        SELECT (row_number() OVER (ORDER BY ids.customer_id) - 1)::INTEGER AS key, ids.customer_id,
            worth_known.* EXCLUDE (customer_id) REPLACE (coalesce(prospect, 'potential') AS prospect)
        FROM (SELECT customer_id FROM worth_orders UNION SELECT customer_id FROM worth_expenses
              UNION SELECT customer_id FROM worth_receivables UNION SELECT customer_id FROM worth_known) AS ids
        LEFT JOIN worth_known USING (customer_id) WHERE ids.customer_id IS NOT NULL""")
    counted = connection.execute("SELECT count(*) FROM worth_customers").fetchone()
    return int(counted[0]) if counted else 0


def cut_days(
    connection: duckdb.DuckDBPyConnection, as_of_day: int, window_days: int, before_first: int | None
) -> None:
    """Leave worth_cuts behind: ends of months and of windows up to the day as of, and the day before the first.

    What accrues over time is booked at cuts, so that it falls into one month and one window only.
    """
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE worth_cuts AS
        WITH begun AS (SELECT least(min(day), $as_of - 2 * $window) AS day
            FROM (SELECT day FROM worth_receivables UNION ALL SELECT day FROM worth_overheads))
        SELECT day, lag(day, 1, -1_000_000) OVER (ORDER BY day)::INTEGER AS after FROM (
            SELECT (last_day(month::DATE) - DATE '1970-01-01')::INTEGER AS day FROM begun, generate_series(
                date_trunc('month', DATE '1970-01-01' + begun.day), DATE '1970-01-01' + $as_of,
                INTERVAL 1 MONTH) AS months(month)
            UNION SELECT unnest([$as_of, $as_of - $window, $as_of - 2 * $window, $before_first]))
        WHERE day <= $as_of""",
        {"as_of": as_of_day, "window": window_days, "before_first": before_first},
    )


def key_lines(
    connection: duckdb.DuckDBPyConnection, as_of_day: int, returns_on: str, notices: Notices
) -> None:
    """Leave worth_lines behind.

    A cancellation takes out the line it names, or else all sale lines of its order. With `returns_on` "sale_day"
    returns and credits that name their order count on the day of its sale.
    """
    _note_unmatched(connection, as_of_day, notices)
    day, sold = "given.day", ""
    if returns_on == "sale_day":
        day = "coalesce(sold.day, given.day)"
        sold = f"""LEFT JOIN ({SOLD}) AS sold ON kind IN ('return', 'credit')
            AND given.customer_id = sold.customer_id AND given.of_order = sold.order_id"""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE worth_lines AS
        SELECT worth_customers.key, given.line, {day} AS day, kind, given.amount, cost, freight, discount,
            given.order_id,
            CASE WHEN given.customer_id IS NULL THEN 'customer_missing'
                WHEN rate_missing THEN 'rate_missing'
                WHEN given.day > $as_of THEN 'after_as_of'
                WHEN kind = 'cancellation' THEN 'cancellation'
                WHEN kind = 'sale' AND cancelled.found THEN 'cancelled_order'
                WHEN kind = 'sale' AND struck.found THEN 'cancelled_line' END AS aside
        FROM worth_orders AS given LEFT JOIN worth_customers USING (customer_id)
        LEFT JOIN (SELECT DISTINCT customer_id, coalesce(of_order, order_id) AS order_id, true AS found
            FROM worth_orders WHERE kind = 'cancellation' AND of_line IS NULL AND day <= $as_of) AS cancelled
            ON given.customer_id = cancelled.customer_id AND given.order_id = cancelled.order_id
        LEFT JOIN (SELECT DISTINCT customer_id, of_line, true AS found
            FROM worth_orders WHERE kind = 'cancellation' AND of_line IS NOT NULL AND day <= $as_of) AS struck
            ON given.customer_id = struck.customer_id AND given.line_id = struck.of_line {sold}""",
        {"as_of": as_of_day},
    )


SOLD = """SELECT customer_id, order_id, min(day) AS day, sum(amount) AS amount FROM worth_orders
    WHERE kind = 'sale' AND order_id IS NOT NULL GROUP BY customer_id, order_id"""
WITHOUT_SALE = """SELECT count(*) FROM worth_orders AS given WHERE customer_id IS NOT NULL AND day <= $as_of
    AND {which} AND NOT EXISTS (SELECT 1 FROM worth_orders AS sold
        WHERE sold.kind = 'sale' AND sold.customer_id = given.customer_id AND {named})"""
OF_ORDER = "sold.order_id = coalesce(given.of_order, given.order_id)"
UNMATCHED = (
    ("cancellation_without_sale", WITHOUT_SALE.format(
        which="kind = 'cancellation' AND of_line IS NULL", named=OF_ORDER)),
    ("cancellation_without_sale", WITHOUT_SALE.format(
        which="kind = 'cancellation' AND of_line IS NOT NULL", named="sold.line_id = given.of_line")),
    ("return_without_sale", WITHOUT_SALE.format(
        which="kind IN ('return', 'credit') AND of_order IS NOT NULL", named=OF_ORDER)),
    ("more_returned_than_sold", f"""SELECT count(*) FROM (
        SELECT 1 FROM worth_orders AS given JOIN ({SOLD}) AS sold
            ON sold.customer_id = given.customer_id AND {OF_ORDER}
        WHERE kind = 'return' AND given.day <= $as_of
        GROUP BY sold.customer_id, sold.order_id, sold.amount HAVING sum(given.amount) + sold.amount < 0)"""),
)  # fmt: skip


def _note_unmatched(connection: duckdb.DuckDBPyConnection, as_of_day: int, notices: Notices) -> None:
    """Say which returns and cancellations name a sale that is not there, and which orders took back too much."""
    naming = connection.execute(
        "SELECT count(*) FROM worth_orders WHERE kind <> 'sale' AND coalesce(of_order, of_line, order_id) IS NOT NULL"
    ).fetchone()
    if not naming or not naming[0]:
        return
    for code, statement in UNMATCHED:
        row = connection.execute(statement, {"as_of": as_of_day}).fetchone()
        if row and row[0]:
            notices.append((code, {"rows": row[0]}))


def key_costs(connection: duckdb.DuckDBPyConnection, as_of_day: int) -> None:
    """Leave worth_costs behind: the costs to serve as given; interest and overheads are added to them later."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE worth_costs AS
        SELECT worth_customers.key, worth_expenses.line, day, driver, amount, minutes, role, 'costs' AS source,
            CASE WHEN customer_id IS NULL THEN 'customer_missing' WHEN rate_missing THEN 'rate_missing'
                WHEN day > $as_of THEN 'after_as_of' END AS aside
        FROM worth_expenses LEFT JOIN worth_customers USING (customer_id)""",
        {"as_of": as_of_day},
    )
