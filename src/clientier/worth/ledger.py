"""The checked ledger: every row of the caller's tables typed, keyed and either used or set aside with its
reason.

Wrong tables are refused with row, column, reason and hint. Money becomes whole ten-thousandths, days whole
numbers since 1970-01-01. What is set aside stays in the ledger with its reason, so that counts and amounts
add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from clientier.worth import headings
from clientier.worth.refusals import TableRefused
from clientier.worth.sources import Tables, load_raw
from clientier.worth.typed import Notices, type_costs, type_customers, type_orders

ASIDE = ("customer_missing", "after_as_of", "cancellation", "cancelled_order")


@dataclass(frozen=True)
class Ledger:
    """What the checked tables are: how customers are named, what was found, and what the caller
    should know.
    """

    customers: int
    text_ids: bool
    columns: Mapping[str, Mapping[str, str]]
    notices: tuple[tuple[str, Mapping[str, object]], ...]


def build_ledger(
    connection: duckdb.DuckDBPyConnection, tables: Tables, *, as_of_day: int | None, minute_cost_e4: int
) -> tuple[Ledger, int]:
    """Check all tables and leave worth_lines, worth_costs and worth_customers behind; returns also the day as
    of.

    Without `as_of_day` it is the day of the last order line.
    """
    columns: dict[str, dict[str, str]] = {}
    notices: Notices = []
    for table in ("orders", "costs", "customers"):
        source = getattr(tables, table)
        if source is not None:
            load_raw(connection, table, source, tables)
            columns[table] = _match_columns(connection, table, tables.mapping.get(table, {}))
    text_ids = _ids_are_text(connection, columns)
    type_orders(connection, columns["orders"], text_ids, notices)
    if as_of_day is None:
        found = connection.execute("SELECT max(day) FROM worth_orders").fetchone()
        if found is None or found[0] is None:
            raise TableRefused("no_orders", table="orders", hint="give_as_of")
        as_of_day = int(found[0])
    type_costs(connection, columns.get("costs"), text_ids, minute_cost_e4, notices)
    type_customers(connection, columns.get("customers"), text_ids, notices)
    customers = _key_customers(connection, as_of_day)
    return Ledger(customers, text_ids, columns, tuple(notices)), as_of_day


def _match_columns(
    connection: duckdb.DuckDBPyConnection, table: str, chosen: Mapping[str, str]
) -> dict[str, str]:
    present = [row[0] for row in connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()]
    found = headings.recognise(table, present, chosen)
    for column, heading in found.items():
        if column not in headings.ALL[table]:
            raise TableRefused(
                "unknown_column_name", table=table, column=column, hint=", ".join(headings.ALL[table])
            )
        if heading not in present:
            raise TableRefused("column_missing", table=table, column=heading, hint=", ".join(present))
    for column in headings.NEEDED[table]:
        computable = column == "amount" and {"quantity", "unit_price"} <= found.keys()
        if column not in found and not computable:
            raise TableRefused("column_missing", table=table, column=column, hint=", ".join(present))
    if table == "costs" and not {"amount", "minutes"} & found.keys():
        raise TableRefused("column_missing", table=table, column="amount", hint=", ".join(present))
    return found


def _column_type(connection: duckdb.DuckDBPyConnection, table: str, heading: str) -> str:
    rows = connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()
    return next(str(row[1]) for row in rows if row[0] == heading)


def _ids_are_text(connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Mapping[str, str]]) -> bool:
    types = [_column_type(connection, table, found["customer_id"]) for table, found in columns.items()]
    numbers = (
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "FLOAT",
        "DOUBLE",
    )
    return not all(kind in numbers for kind in types)


def _key_customers(connection: duckdb.DuckDBPyConnection, as_of_day: int) -> int:
    """Give every customer a dense key in the order of the ids, and every row its key or its reason aside."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE worth_customers AS
        SELECT (row_number() OVER (ORDER BY ids.customer_id) - 1)::INTEGER AS key, ids.customer_id,
            worth_known.name, coalesce(worth_known.prospect, 'potential') AS prospect, worth_known.first_seen
        FROM (SELECT customer_id FROM worth_orders UNION SELECT customer_id FROM worth_expenses
              UNION SELECT customer_id FROM worth_known) AS ids
        LEFT JOIN worth_known USING (customer_id) WHERE ids.customer_id IS NOT NULL""")
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE worth_lines AS
        SELECT worth_customers.key, day, kind, amount, cost, freight, discount, order_id,
            CASE WHEN customer_id IS NULL THEN 'customer_missing' WHEN day > $as_of THEN 'after_as_of'
                WHEN kind = 'cancellation' THEN 'cancellation'
                WHEN kind = 'sale' AND cancelled.found THEN 'cancelled_order' END AS aside
        FROM worth_orders LEFT JOIN worth_customers USING (customer_id)
        LEFT JOIN (SELECT DISTINCT customer_id, order_id, true AS found FROM worth_orders
            WHERE kind = 'cancellation' AND order_id IS NOT NULL AND day <= $as_of) AS cancelled
            USING (customer_id, order_id)""",
        {"as_of": as_of_day},
    )
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE worth_costs AS
        SELECT worth_customers.key, day, driver, amount, minutes,
            CASE WHEN customer_id IS NULL THEN 'customer_missing'
                WHEN day > $as_of THEN 'after_as_of' END AS aside
        FROM worth_expenses LEFT JOIN worth_customers USING (customer_id)""",
        {"as_of": as_of_day},
    )
    counted = connection.execute("SELECT count(*) FROM worth_customers").fetchone()
    return int(counted[0]) if counted else 0
