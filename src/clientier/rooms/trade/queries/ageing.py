"""How old what customers owe is, at any day.

What is open of a document at a day is what is open of it now and what was settled after that day: nothing posted
ever changes, so walking back from now gives what walking forward from the first posting would, and reads only what
is open and what moved since. The sums are the ledger's balance of receivables at that day, to the last digit.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, When

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.money import MoneyField
from clientier.rooms.trade.choices.documents import InvoiceKind
from clientier.rooms.trade.models import Invoice, Settlement

READ = frozenset({"open_amount", "open_base", "total", "due_on", "customer"})
NOTE = Q(kind=InvoiceKind.CREDIT_NOTE)
ZERO = Decimal(0)
MOVED = "moved (id, customer_id, due_on, is_note, disputed_on, amount)"


@dataclass(frozen=True)
class Aged:
    """What is owed at a day, in the base currency: ``buckets`` begins with what is not due; ``notes`` is below zero.

    ``amount_days`` sums amount × days late over what is late and not disputed. ``key`` is whose it is.
    """

    key: int | None
    total: Decimal
    buckets: tuple[Decimal, ...]
    notes: Decimal
    disputed: Decimal
    amount_days: Decimal
    oldest_days: int

    @property
    def late(self) -> Decimal:
        return sum(self.buckets[1:], ZERO)


class Due(NamedTuple):
    """What falls due on one day of documents of one sort."""

    on: dt.date
    is_note: bool
    is_disputed: bool
    amount: Decimal


@dataclass(frozen=True)
class Open:
    """One document that is not settled at a day."""

    pk: int
    customer_id: int
    due_on: dt.date
    is_note: bool
    disputed_on: dt.date | None
    amount: Decimal

    def days_late(self, day: dt.date) -> int:
        return max((day - self.due_on).days, 0)


def may_see_receivables(actor: Actor) -> bool:
    """Whether the actor sees invoices with what is open of them."""
    return actor.reach(Invoice, "view") is not Reach.NONE and access.fields(actor, Invoice).readable >= READ


def open_items(actor: Actor, day: dt.date, customers: Sequence[int]) -> list[Open]:
    """The documents of these customers that are open at the day, the one due first before the others."""
    inner, facts = moved(actor, day, customers)
    statement = f"""WITH {MOVED} AS ({inner})
        SELECT id, customer_id, due_on, is_note, disputed_on, sum(amount) FROM moved
        GROUP BY id, customer_id, due_on, is_note, disputed_on HAVING sum(amount) <> 0 ORDER BY due_on, id"""
    return [Open(*row) for row in _rows(statement, facts)]


def whole(actor: Actor, day: dt.date, edges: Sequence[int]) -> Aged:
    """All that is owed to us, as far as the actor sees it."""
    found = _aged(actor, day, edges, "NULL::bigint")
    return found[0] if found else Aged(None, ZERO, (ZERO,) * (len(edges) + 2), ZERO, ZERO, ZERO, 0)


def by_owner(actor: Actor, day: dt.date, edges: Sequence[int]) -> list[Aged]:
    """By account manager, who is owed most first; without a key what belongs to nobody."""
    joined = "JOIN parties_customer c ON c.id = customer_id"
    return sorted(
        _aged(actor, day, edges, "c.owner_id", joined), key=lambda each: (-each.total, each.key or 0)
    )


def by_customer(
    actor: Actor, day: dt.date, edges: Sequence[int], customers: Sequence[int] | None = None
) -> list[Aged]:
    """By customer, who owes most first."""
    found = _aged(actor, day, edges, "customer_id", customers=customers)
    return sorted(found, key=lambda each: (-each.total, each.key or 0))


def _aged(
    actor: Actor, day: dt.date, edges: Sequence[int], key: str, joined: str = "",
    customers: Sequence[int] | None = None,
) -> list[Aged]:  # fmt: skip
    """The database sums by due day, which are few; into buckets these sums are put here."""
    inner, facts = moved(actor, day, customers)
    statement = f"""WITH {MOVED} AS ({inner})
        SELECT {key}, due_on, is_note, disputed_on IS NOT NULL, sum(amount) FROM moved {joined} GROUP BY 1, 2, 3, 4"""
    sums: dict[int | None, list[Due]] = {}
    for whose, *due in _rows(statement, facts):
        sums.setdefault(whose, []).append(Due(*due))
    return [_into_buckets(whose, dues, day, edges) for whose, dues in sums.items()]


def _into_buckets(key: int | None, dues: Sequence[Due], day: dt.date, edges: Sequence[int]) -> Aged:
    buckets, notes, disputed, amount_days, oldest = [ZERO] * (len(edges) + 2), ZERO, ZERO, ZERO, 0
    for due in dues:
        late = (day - due.on).days
        if due.is_note:
            notes += due.amount
            continue
        buckets[bisect_left(edges, late) + 1 if late > 0 else 0] += due.amount
        if due.is_disputed:
            disputed += due.amount
        elif late > 0:
            amount_days += due.amount * late
            oldest = max(oldest, late if due.amount > 0 else 0)
    return Aged(key, sum(buckets, notes), tuple(buckets), notes, disputed, amount_days, oldest)


def moved(actor: Actor, day: dt.date, customers: Sequence[int] | None = None) -> tuple[str, dict[str, Any]]:
    """What adds up to what is open at the day, as one statement with named values."""
    parts = [_now(actor, day, customers), *_settled_since(actor, day, customers)]
    statements, facts = [], {"day": day}
    for part in parts:
        try:
            statement, values = part.query.sql_with_params()
        except EmptyResultSet:
            continue
        names = [f"v{len(facts) + place}" for place in range(len(values))]
        statements.append(statement % tuple(f"%({name})s" for name in names))
        facts |= dict(zip(names, values, strict=True))
    nothing = "SELECT NULL::bigint, NULL::bigint, NULL::date, false, NULL::date, 0::numeric WHERE false"
    return " UNION ALL ".join(statements) or nothing, facts


def _now(actor: Actor, day: dt.date, customers: Sequence[int] | None) -> QuerySet[Any]:
    """What is open now of the documents that there were at the day."""
    found = Invoice.objects.filter(access.rows(actor, Invoice), open_amount__gt=0, day__lte=day)
    if customers is not None:
        found = found.filter(customer__in=customers)
    signed = Case(When(NOTE, then=-F("open_base")), default=F("open_base"), output_field=MoneyField())
    return (
        found.order_by()
        .annotate(is_note=_truth(NOTE), moved=signed)
        .values_list("pk", "customer_id", "due_on", "is_note", "disputed_on", "moved")
    )


def _settled_since(actor: Actor, day: dt.date, customers: Sequence[int] | None) -> list[QuerySet[Any]]:
    """What was settled after the day of documents that there were at the day, and by credit notes that there were.

    Nothing is settled before it is there: the database refuses such a settlement.
    """
    made = []
    for name, amount in (("invoice", F("amount_base")), ("credit_note", -F("source_base"))):
        found = Settlement.objects.filter(
            access.rows(actor, Invoice, via=name), day__gt=day, **{f"{name}__day__lte": day, f"{name}__isnull": False}
        )  # fmt: skip
        if customers is not None:
            found = found.filter(**{f"{name}__customer__in": customers})
        made.append(
            found.order_by()
            .annotate(is_note=_truth(Q(**{f"{name}__kind": InvoiceKind.CREDIT_NOTE})), moved=amount)
            .values_list(
                name, f"{name}__customer_id", f"{name}__due_on", "is_note", f"{name}__disputed_on", "moved"
            )
        )
    return made


def _truth(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _rows(statement: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())
