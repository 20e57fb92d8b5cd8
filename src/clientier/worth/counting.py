"""The relational part of a run: everything that needs the tables, after which they are let go."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from clientier.worth import facts
from clientier.worth.book.capacity import use_of_capacity
from clientier.worth.book.ledger import Ledger, build_ledger
from clientier.worth.book.sources import Tables, workplace
from clientier.worth.facts import Columns
from clientier.worth.policy import Policy
from clientier.worth.refusals import TableRefused

EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Counted:
    """What the tables hold: facts a customer, totals by period, rows in, used and set aside, use of capacity."""

    columns: Columns
    ledger: Ledger
    totals: Mapping[str, Mapping[str, int]]
    counts: Mapping[str, Any]
    set_aside: list[dict[str, Any]]
    capacity: list[dict[str, Any]]
    as_of_day: int


def count(tables: Tables, policy: Policy, as_of: datetime.date | None) -> Counted:
    """Check the tables and count what each customer did up to that day (default: the last order's)."""
    with opened(tables, policy, as_of) as (connection, ledger, as_of_day):
        window = policy.window_days
        columns = facts.customer_facts(connection, ledger.customers, as_of_day=as_of_day, window_days=window)
        names = {"": "window", "prior_": "prior_window", "lifetime_": "lifetime"}
        totals = {
            names[prefix]: facts.ledger_totals(connection, span)
            for prefix, span in facts.periods(as_of_day, window).items()
        }
        counts, aside = facts.counted(connection)
        used = use_of_capacity(connection, as_of_day - window, as_of_day)
    return Counted(columns, ledger, totals, counts, aside, used, as_of_day)


@contextmanager
def opened(
    tables: Tables, policy: Policy, as_of: datetime.date | None, first: datetime.date | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Ledger, int]]:
    """The checked ledger on a connection, and the day as of; raises TableRefused on wrong tables.

    A caller who asks for the days from `first` on gets what accrues over time split there.
    """
    try:
        with workplace(tables) as connection:
            last_day = (as_of - EPOCH).days if as_of else None
            before_first = (first - EPOCH).days - 1 if first else None
            ledger, day = build_ledger(connection, tables, policy, last_day, before_first)
            yield connection, ledger, day
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        hint = str(error).splitlines()[0][:200]
        raise TableRefused("amounts_too_large", table="orders", hint=hint) from error
