"""Customers as they were given: who is known, since when, and what is known of their attitude."""

from __future__ import annotations

import duckdb

from clientier.worth.book.cells import Cells, quoted
from clientier.worth.refusals import TableRefused

PROSPECTS = ("non_customer", "potential", "target")


def type_customers(cells: Cells) -> None:
    """Leave worth_known behind, one row a customer."""
    key = cells.customer_id()
    cells.refuse_missing("customer_id", key)
    _refuse_repeated_customers(cells, key)
    prospect = "'potential'"
    if "prospect" in cells.found:
        cell = f"lower(replace({cells.text('prospect')}, '-', '_'))"
        prospect = f"CASE WHEN {cell} IN ({quoted(PROSPECTS)}) THEN {cell} ELSE 'potential' END"
    share = cells.number("share_of_wallet")
    if "share_of_wallet" in cells.found:
        cells.refuse("share_of_wallet", f"({share}) NOT BETWEEN 0 AND 1", "not_a_share", "share_example")
    cells.connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_known AS
        SELECT rowid AS line, {key} AS customer_id, {cells.text("name")} AS name, {prospect} AS prospect,
            ({cells.day("first_seen", needed=False)})::INTEGER AS first_seen, {share} AS share_of_wallet,
            {_switching(cells)} AS switches
        FROM worth_customers_raw""")


def nobody_known(connection: duckdb.DuckDBPyConnection, ids: str) -> None:
    """Leave an empty worth_known behind."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_known (line BIGINT, customer_id {ids}, name VARCHAR,
        prospect VARCHAR, first_seen INTEGER, share_of_wallet DOUBLE, switches BOOLEAN)""")


def _refuse_repeated_customers(cells: Cells, key: str) -> None:
    repeated = cells.connection.execute(
        f"SELECT max(rowid), count(*) FROM worth_customers_raw GROUP BY {key} "
        "HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if repeated:
        raise TableRefused("customer_repeated", table="customers", row=repeated[0] + 1,
                           column=cells.found["customer_id"], hint="one_row_per_customer",
                           rows_affected=repeated[1])  # fmt: skip


def _switching(cells: Cells) -> str:
    """Whether the customer is known to change suppliers; null where nothing is known."""
    if "switches" not in cells.found:
        return "NULL::BOOLEAN"
    yes, no = ("true", "yes", "y", "1", "是"), ("false", "no", "n", "0", "否")
    word = f"lower({cells.text('switches')})"
    reading = f"CASE WHEN {word} IN ({quoted(yes)}) THEN true WHEN {word} IN ({quoted(no)}) THEN false END"
    cells.refuse_unreadable("switches", reading, "not_yes_or_no", "yes, no")
    return reading
