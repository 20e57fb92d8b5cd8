"""Customers who owe, a page at a time: by what they owe, by what is late, or in the order in which to collect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.errors import BadQuestion
from clientier.rooms.trade.choices.documents import DocumentState, InvoiceKind
from clientier.rooms.trade.models import CreditScore, Invoice
from clientier.rooms.trade.queries.ageing import MOVED, Aged, by_customer, moved, whole

DAYS_A_MONTH = 30
RISKIEST = 150
"""A score of 50 counts once, one of 0 one and a half times, one of 100 half."""
RANKS = {
    "owed": "sum(amount)",
    "late": "coalesce(sum(amount) FILTER (WHERE NOT is_note AND due_on < %(day)s), 0)",
    "collect": f"""coalesce(sum(amount * (%(day)s::date - due_on))
        FILTER (WHERE NOT is_note AND due_on < %(day)s AND disputed_on IS NULL), 0)
        / {DAYS_A_MONTH} * ({RISKIEST} - coalesce(max(s.score), %(prior)s)) / 100""",
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
    actor: Actor, day: dt.date, rules: Mapping[str, Any], *, order: str = "owed", after: str = "", size: int = 30
) -> Debtors:  # fmt: skip
    """One page of those who owe at the day, under the actor's rights; BadQuestion for a cursor that is none."""
    inner, facts = moved(actor, day)
    beyond = "true"
    if after:
        beyond = "(rank < %(rank)s OR (rank = %(rank)s AND customer_id > %(customer)s))"
        facts |= _cursor(after)
    scored = "LEFT JOIN trade_creditscore s USING (customer_id)" if order == "collect" else ""
    statement = f"""
        WITH {MOVED} AS ({inner}),
        ranked AS (SELECT customer_id, {RANKS[order]} AS rank FROM moved {scored} GROUP BY 1)
        SELECT customer_id, rank FROM ranked WHERE rank {"<>" if order == "owed" else ">"} 0 AND {beyond}
        ORDER BY rank DESC, customer_id LIMIT {int(size) + 1}
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {**facts, "prior": rules["prior_score"]})
        ranks = cursor.fetchall()
    keys = [key for key, _rank in ranks[:size]]
    owes = {each.key: each for each in by_customer(actor, day, rules["edges"], keys)}
    scores = dict(CreditScore.objects.filter(customer__in=keys).values_list("customer", "score"))
    page = [Debtor(owes[key], rank, scores.get(key)) for key, rank in ranks[:size]]
    cursor_after = f"{page[-1].rank}_{page[-1].owes.key}" if len(ranks) > size else ""
    return Debtors(whole(actor, day, rules["edges"]), page, cursor_after)


def _cursor(after: str) -> dict[str, Any]:
    rank, _between, customer = after.partition("_")
    try:
        known, key = Decimal(rank), int(customer)
    except (InvalidOperation, ValueError) as error:
        raise BadQuestion(_("This page link is damaged. Open the list again.")) from error
    if not known.is_finite() or not 0 <= key < 2**63:
        raise BadQuestion(_("This page link is damaged. Open the list again."))
    return {"rank": known, "customer": key}


def sold(
    actor: Actor, day: dt.date, days: int, *, by: str = "", customers: Sequence[int] | None = None
) -> dict[Any, Decimal]:
    """What was invoiced with tax, less credit notes, in so many days up to the day, in the base currency.

    ``by`` is the path to whose it is (``customer``, ``customer__owner``); without it the one sum is under None.
    """
    found = Invoice.objects.filter(
        access.rows(actor, Invoice), state=DocumentState.POSTED, day__gt=day - dt.timedelta(days=days), day__lte=day
    )  # fmt: skip
    if customers is not None:
        found = found.filter(customer__in=customers)
    sums: dict[Any, Decimal] = {} if by else {None: Decimal(0)}
    whose = [by] if by else []
    for *key, kind, rate, total in (
        found.order_by().values_list(*whose, "kind", "rate_to_base").annotate(Sum("total"))
    ):
        worth = total * rate
        whom = key[0] if by else None
        sums[whom] = sums.get(whom, Decimal(0)) + (-worth if kind == InvoiceKind.CREDIT_NOTE else worth)
    return sums


def days_sales(owed: Decimal, sales: Decimal, days: int) -> int | None:
    """Days sales outstanding: what is owed, in days of the sales of the period; None where nothing was sold."""
    return round(owed / sales * days) if sales > 0 else None
