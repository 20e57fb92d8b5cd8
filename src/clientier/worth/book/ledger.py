"""The checked ledger: every row of the caller's tables typed, keyed and either used or set aside with its
reason.

Wrong tables are refused with row, column, reason and hint. Money becomes whole ten-thousandths of the base
currency, days whole numbers since 1970-01-01. What is set aside stays in the ledger with its reason, so that
counts and amounts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from clientier.worth.book import headings
from clientier.worth.book.capacity import no_capacity, price_minutes, type_capacity
from clientier.worth.book.cells import Cells, Notices, type_of_ids
from clientier.worth.book.expenses import no_expenses, type_costs
from clientier.worth.book.keys import cut_days, key_costs, key_customers, key_lines
from clientier.worth.book.known import nobody_known, type_customers
from clientier.worth.book.orders import type_orders
from clientier.worth.book.overheads import no_overheads, spread_overheads, type_overheads
from clientier.worth.book.rates import to_base, type_rates
from clientier.worth.book.receivables import (
    charge_interest,
    key_receivables,
    no_receivables,
    type_receivables,
)
from clientier.worth.book.sources import Tables, load_raw
from clientier.worth.policy import Policy
from clientier.worth.refusals import PolicyRefused, TableRefused

TYPING = {"orders": type_orders, "costs": type_costs, "customers": type_customers, "rates": type_rates,
          "receivables": type_receivables, "capacity": type_capacity, "overheads": type_overheads}  # fmt: skip
WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "FLOAT",
                 "DOUBLE")  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """What the checked tables are: how many customers, which headings, and what the caller should know."""

    customers: int
    columns: Mapping[str, Mapping[str, str]]
    notices: tuple[tuple[str, Mapping[str, object]], ...]


def build_ledger(
    connection: duckdb.DuckDBPyConnection,
    tables: Tables,
    policy: Policy,
    as_of_day: int | None,
    before_first: int | None = None,
) -> tuple[Ledger, int]:
    """Check all tables and leave worth_lines, worth_costs, worth_claims, worth_common and worth_customers
    behind; returns also the day as of, by default that of the last order line.

    What accrues over time is split after the day `before_first`, so that a span may begin behind it.
    """
    _refuse_unknown_zone(connection, policy.time_zone)
    notices: Notices = []
    columns = _load(connection, tables)
    _type(connection, columns, notices, policy.time_zone)
    if as_of_day is None:
        as_of_day = _last_day(connection)
    to_base(connection, columns, base=policy.base_currency.strip().upper(), rate_days=policy.rate_days)
    # After the conversion: roles and the policy price minutes in the base currency, whatever the row's own.
    unpriced = price_minutes(connection, policy.minute_cost_e4)
    if unpriced:
        notices.append(("minutes_without_rate", {"rows": unpriced}))
    customers = key_customers(connection)
    key_lines(connection, as_of_day, policy.returns_on, notices)
    key_costs(connection, as_of_day)
    key_receivables(connection)
    if {"receivables", "overheads"} & columns.keys():
        cut_days(connection, as_of_day, policy.window_days, before_first)
        charge_interest(connection, policy.receivable_rate)
        spread_overheads(connection, policy.overhead_key)
    return Ledger(customers, columns, tuple(notices)), as_of_day


def _load(connection: duckdb.DuckDBPyConnection, tables: Tables) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    for table in TYPING:
        source = getattr(tables, table)
        if source is not None:
            load_raw(connection, table, source, tables)
            present = [row[0] for row in connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()]
            columns[table] = headings.match(table, present, tables.mapping.get(table, {}))
    return columns


def _type(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Mapping[str, str]],
    notices: Notices,
    zone: str,
) -> None:
    text_ids = _ids_are_text(connection, columns)
    ids = type_of_ids(text_ids)
    no_expenses(connection, ids)
    nobody_known(connection, ids)
    no_receivables(connection, ids)
    no_capacity(connection)
    no_overheads(connection)
    for table, found in columns.items():
        TYPING[table](Cells(connection, table, found, notices, text_ids=text_ids, zone=zone))


def _last_day(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute("SELECT max(day) FROM worth_orders").fetchone()
    if found is None or found[0] is None:
        raise TableRefused("no_orders", table="orders", hint="give_as_of")
    return int(found[0])


def _refuse_unknown_zone(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    if zone and not connection.execute("FROM pg_timezone_names() WHERE name = ?", [zone]).fetchall():
        raise PolicyRefused("setting_out_of_range", setting="time_zone", value=zone)


def _ids_are_text(connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Mapping[str, str]]) -> bool:
    for table, found in columns.items():
        described = connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()
        types = {row[0]: str(row[1]) for row in described}
        if "customer_id" in found and types[found["customer_id"]] not in WHOLE_NUMBERS:
            return True
    return False
