"""Small order books for tests, written by hand or drawn at random."""

from __future__ import annotations

import datetime

import duckdb

from clientier import worth

DAY_ZERO = datetime.date(2026, 1, 1)
AS_OF = datetime.date(2026, 12, 31)
DATABASE = duckdb.connect(
    ":memory:", config={"threads": 1}
)  # opening one takes longer than judging a small book


def day(number: int) -> int:
    """Days since 1970 of the given day of 2026 (0 is 1 January)."""
    return (DAY_ZERO - datetime.date(1970, 1, 1)).days + number


def orders(*rows: tuple, **more: list) -> dict[str, list]:
    """Order lines from (customer, day of 2026, amount in units), optionally with cost, kind, order id."""
    names = ("customer_id", "day", "amount_e4", "cost_e4", "kind", "order_id")
    filled = [(*row, *(0, "sale", None)[len(row) - 3 :]) for row in rows]
    book = {name: [row[place] for row in filled] for place, name in enumerate(names)}
    book["day"] = [day(value) for value in book["day"]]
    for name in ("amount_e4", "cost_e4"):
        book[name] = [round(value * 10_000) for value in book[name]]
    return book | more


TABLES = ("costs", "customers", "rates", "receivables", "capacity", "overheads")


def appraise(book, *, previous=None, as_of=AS_OF, **given) -> worth.Result:
    """A run over a small book with the other tables and the settings given; by one model, unless asked."""
    given.setdefault("model", "mbg")
    beside = {name: given.pop(name) for name in TABLES if name in given}
    tables = worth.Tables(orders=book, connection=DATABASE.cursor(), **beside)
    return worth.appraise(tables, worth.Policy(**given), as_of=as_of, previous=previous)


def row(result: worth.Result, customer) -> dict:
    """All columns of one customer."""
    place = list(result.customers["customer_id"]).index(customer)
    return {name: column[place] for name, column in result.customers.items()}


def ranked(profits) -> dict[str, list]:
    """One sale for each customer 1, 2, 3, ... with the profit given; losses come as cost."""
    return orders(
        *((place, 200, max(value, 0), max(-value, 0)) for place, value in enumerate(profits, start=1))
    )
