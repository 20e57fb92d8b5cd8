"""Amounts in many currencies brought to the base currency at the rate of their day."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from clientier.worth.book.cells import Cells
from clientier.worth.refusals import TableRefused

MONEY: Mapping[str, tuple[str, ...]] = {
    "orders": ("amount", "cost", "freight", "discount"),
    "expenses": ("amount",),
    "receivables": ("amount",),
    "overheads": ("amount",),
}
"""Typed tables that may carry currencies, and their columns of money."""


def type_rates(cells: Cells) -> None:
    """Leave worth_rates behind: what one unit of a currency is worth in the base currency, by day."""
    currency, rate = cells.currency(), cells.rate()
    for column, reading in (("currency", currency), ("rate", rate)):
        cells.refuse_missing(column, reading)
    cells.connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_rates AS
        SELECT rowid AS line, {currency} AS currency, ({cells.day("day")})::INTEGER AS day, {rate} AS rate
        FROM worth_rates_raw""")
    repeated = cells.connection.execute(
        "SELECT max(line), count(*) FROM worth_rates GROUP BY currency, day HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if repeated:
        raise TableRefused("rate_repeated", table="rates", row=repeated[0] + 1, column=cells.found["rate"],
                           hint="one_rate_a_day", rows_affected=repeated[1])  # fmt: skip


def to_base(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Mapping[str, str]],
    *,
    base: str,
    rate_days: int,
) -> None:
    """Convert every amount by its row's own rate, else by the newest rate of at most `rate_days` before its day.

    Rows that find no rate keep their amount and are marked; the ledger sets them aside. One currency alone, or
    none named, is the base currency.
    """
    named = {table: _currencies(connection, table) for table in MONEY}
    foreign = set().union(*named.values()) - {base}
    if not foreign or (not base and len(foreign) == 1):
        return
    if not base:
        raise TableRefused("base_currency_missing", table="orders", column="currency",
                           value=", ".join(sorted(foreign)), hint="set_base_currency")  # fmt: skip
    if "rates" not in columns:
        _refuse_unrated(connection, columns, base)
        connection.execute("CREATE OR REPLACE TEMP TABLE worth_rates "
                           "(line BIGINT, currency VARCHAR, day INTEGER, rate DECIMAL(18,9))")  # fmt: skip
    for table, currencies in named.items():
        if currencies - {base}:
            _convert(connection, table, base, rate_days)


def _currencies(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = connection.execute(
        f"SELECT DISTINCT currency FROM worth_{table} WHERE currency IS NOT NULL"
    ).fetchall()
    return {row[0] for row in rows}


def _refuse_unrated(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Mapping[str, str]], base: str
) -> None:
    """Without a table of rates every foreign row must bring its own."""
    for table in MONEY:
        given = "costs" if table == "expenses" else table
        row = connection.execute(
            f"SELECT line, currency, count(*) OVER () FROM worth_{table} "
            "WHERE currency <> ? AND own_rate IS NULL ORDER BY line LIMIT 1",
            [base],
        ).fetchone()
        if row:
            raise TableRefused("currency_without_rate", table=given, row=row[0] + 1, value=row[1],
                               column=columns[given]["currency"], hint="give_rates", rows_affected=row[2])  # fmt: skip


def _convert(connection: duckdb.DuckDBPyConnection, table: str, base: str, rate_days: int) -> None:
    amounts = ", ".join(
        f"coalesce(round({name}::DECIMAL(18,0) * found_rate)::BIGINT, {name}) AS {name}"
        for name in MONEY[table]
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE worth_{table} AS
        SELECT * EXCLUDE (found_rate) REPLACE ({amounts}, found_rate IS NULL AS rate_missing)
        FROM (SELECT given.*, CASE WHEN given.currency IS NULL OR given.currency = $base
                THEN 1::DECIMAL(18,9)
                ELSE coalesce(given.own_rate,
                    CASE WHEN given.day - worth_rates.day <= $days THEN worth_rates.rate END)
                END AS found_rate
            FROM worth_{table} AS given ASOF LEFT JOIN worth_rates
                ON given.currency = worth_rates.currency AND given.day >= worth_rates.day)""",
        {"base": base, "days": rate_days},
    )
