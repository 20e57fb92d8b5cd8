"""Customers who owe, a page at a time: by what they owe, by what is late, or in the order in which to collect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection
from django.db.models import Case, DecimalField, F, Sum, When
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.errors import BadQuestion
from clientier.rooms.trade.choices.documents import DocumentState
from clientier.rooms.trade.models import Invoice
from clientier.rooms.trade.queries.ageing import NOTE, Aged, moved, summed

DAYS_A_MONTH = 30
RISKIEST = 150
"""A score of 50 counts once, one of 0 one and a half times, one of 100 half."""
RANKS = {
    "owed": "total",
    "late": "{late}",
    "collect": "amount_days / {month} * ({riskiest} - coalesce(s.score, %(prior)s)) / 100",
}


@dataclass(frozen=True)
class Debtor:
    """One customer with what it owes, its place in the order, and its credit score where there is one."""

    owes: Aged
    rank: Decimal
    score: int | None


@dataclass(frozen=True)
class Debtors:
    """What all owe together, one page of them, and the cursor of the next (empty where there is none)."""

    whole: Aged
    page: list[Debtor]
    after: str


def debtors(
    actor: Actor, day: dt.date, rules: Mapping[str, Any], *, order: str = "owed", after: str = "", size: int = 50
) -> Debtors:  # fmt: skip
    """One page of those who owe at the day, under the actor's rights; BadQuestion for a cursor that is none."""
    edges = rules["edges"]
    inner, facts = moved(actor, day)
    columns = [
        "total",
        *(f"bucket_{place}" for place in range(len(edges) + 2)),
        "notes",
        "disputed",
        "amount_days",
        "oldest_days",
    ]
    late = " + ".join(f"bucket_{place}" for place in range(1, len(edges) + 2))
    rank = RANKS[order].format(late=late, month=DAYS_A_MONTH, riskiest=RISKIEST)
    beyond = "true"
    if after:
        beyond = "(rank < %(rank)s OR (rank = %(rank)s AND customer_id > %(customer)s))"
        facts |= _cursor(after)
    summing = ", ".join("max(oldest_days)" if name == "oldest_days" else f"sum({name})" for name in columns)
    statement = f"""
        WITH moved (id, customer_id, due_on, is_note, disputed_on, amount) AS ({inner}),
        aged AS MATERIALIZED (SELECT customer_id, {summed(edges)} FROM moved GROUP BY 1 HAVING bool_or(amount <> 0)),
        ranked AS (SELECT aged.*, {rank} AS rank, s.score FROM aged LEFT JOIN trade_creditscore s USING (customer_id))
        (SELECT NULL::bigint, {summing}, 0::numeric, NULL::int FROM aged)
        UNION ALL
        (SELECT customer_id, {", ".join(columns)}, rank, score FROM ranked
         WHERE rank {"<>" if order == "owed" else ">"} 0 AND {beyond} ORDER BY rank DESC, customer_id LIMIT {int(size) + 1})
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {**facts, "prior": rules["prior_score"]})
        (first, *rows) = cursor.fetchall()
    page = [Debtor(_aged(row), row[-2], row[-1]) for row in rows]
    last = page[size - 1] if len(page) > size else None
    return Debtors(_aged(first), page[:size], f"{last.rank}_{last.owes.key}" if last else "")


def _aged(row: Sequence[Any]) -> Aged:
    figures = [value or 0 for value in row[1:-2]]
    total, *buckets = figures[:-4]
    return Aged(row[0], total, tuple(buckets), *figures[-4:])


def _cursor(after: str) -> dict[str, Any]:
    rank, _between, customer = after.partition("_")
    try:
        known = {"rank": Decimal(rank), "customer": int(customer)}
    except (InvalidOperation, ValueError) as error:
        raise BadQuestion(_("This page link is damaged. Open the list again.")) from error
    if not known["rank"].is_finite():
        raise BadQuestion(_("This page link is damaged. Open the list again."))
    return known


def sold(
    actor: Actor, day: dt.date, days: int, *, by: str = "", customers: Sequence[int] | None = None
) -> dict[Any, Decimal]:
    """What was invoiced with tax, less credit notes, in so many days up to the day, in the base currency.

    ``by`` is the path to whose it is (``customer``, ``customer__owner``); without it the one sum is under None.
    """
    worth = F("total") * F("rate_to_base")
    signed = Case(When(NOTE, then=-worth), default=worth, output_field=DecimalField())
    found = Invoice.objects.filter(
        access.rows(actor, Invoice), state=DocumentState.POSTED, day__gt=day - dt.timedelta(days=days), day__lte=day
    )  # fmt: skip
    if customers is not None:
        found = found.filter(customer__in=customers)
    if not by:
        return {None: found.aggregate(sum=Sum(signed))["sum"] or Decimal(0)}
    return dict(found.order_by().values_list(by).annotate(sum=Sum(signed)))


def days_sales(owed: Decimal, sales: Decimal, days: int) -> int | None:
    """Days sales outstanding: what is owed, in days of the sales of the period; None where nothing was sold."""
    return round(owed / sales * days) if sales > 0 else None
