"""Receivables and credit as JSON: what is owed, exposure, limits, holds, promises. No future annotations: ninja reads
the real types."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Router, Schema, Status

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import Covers
from clientier.rooms.trade.commands import collecting, credit
from clientier.rooms.trade.models import CreditLimit, Invoice, Order, PaymentPromise
from clientier.rooms.trade.queries import ageing, debtors
from clientier.rooms.trade.queries.credit import credit_of, may_see_credit
from clientier.rooms.trade.queries.exposure import Exposure
from clientier.rooms.trade.queries.policy import current_rules

Day = Annotated[dt.date, Field(ge=dt.date(1990, 1, 1), le=dt.date(2200, 1, 1))]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
Words = Annotated[str, Field(min_length=1, max_length=300)]


class AgedOut(Schema):
    """What is owed, in the base currency: ``buckets`` begins with what is not due; credit notes are below zero."""

    customer: int | None
    total: Decimal
    buckets: list[Decimal]
    credit_notes: Decimal
    disputed: Decimal


class ReceivablesOut(Schema):
    """``edges`` are the days at which buckets end; ``after`` is the cursor of the next page, or empty."""

    day: dt.date
    edges: list[int]
    whole: AgedOut
    customers: list[AgedOut]
    days_sales_outstanding: int | None
    after: str


class ExposureOut(Schema):
    to_deliver: Decimal
    to_invoice: Decimal
    owed: Decimal
    advances: Decimal
    total: Decimal


class LineOut(Schema):
    """One limit that holds: ``of`` is the customer itself, or the head of a group that it belongs to."""

    of: int
    covers: str
    limit: Decimal
    by_tier: bool
    used: Decimal
    left: Decimal


class CreditOut(Schema):
    customer: int
    exposure: ExposureOut
    limits: list[LineOut]
    over_limit: str


class LimitIn(Written):
    covers: Covers = Covers.CUSTOMER
    amount: Amount
    from_day: Day
    reason: Words


class LimitOut(Schema):
    id: int
    customer: int
    covers: str
    amount: Decimal
    from_day: dt.date
    reason: str


class ReleaseIn(Written):
    reason: Words


class OrderOut(Schema):
    id: int
    number: str
    state: str
    held_because: str


class PromiseIn(Written):
    amount: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    until: Day
    invoice: int | None = None
    promised_by: Annotated[str, Field(max_length=120)] = ""
    note: Annotated[str, Field(max_length=300)] = ""


class PromiseOut(Schema):
    id: int
    customer: int
    invoice: int | None
    amount: Decimal
    currency: str
    promised_on: dt.date
    until: dt.date
    state: str


def router() -> Router:
    """The routes beside those of the lists of limits, promises and reminders."""
    made = Router(tags=["credit"])
    _reading(made)
    _deciding(made)
    _promising(made)
    return made


def _reading(made: Router) -> None:
    @made.get("/receivables", response={200: ReceivablesOut, **PROBLEMS}, operation_id="receivables")
    def receivables(request: Asking, day: Day | None = None, order: str = "owed", after: str = "") -> Any:
        """What customers owe at a day, thirty at a time: ``order`` is owed, late or collect."""
        if not ageing.may_see_receivables(request.actor):
            raise NotAllowed
        asked, rules = day or request.setting.today, current_rules()
        order = order if order in debtors.RANKS else "owed"
        found = debtors.debtors(request.actor, asked, rules, order=order, after=after)
        sold = debtors.sold(request.actor, asked, rules["sales_days"])[None]
        return {
            "day": asked, "edges": rules["edges"], "whole": _aged(found.whole),
            "customers": [_aged(each.owes) for each in found.page], "after": found.after,
            "days_sales_outstanding": debtors.days_sales(found.whole.total, sold, rules["sales_days"]),
        }  # fmt: skip

    @made.get(
        "/customers/{int:pk}/credit", response={200: CreditOut, **PROBLEMS}, operation_id="customers_credit"
    )
    def customer_credit(request: Asking, pk: int) -> Any:
        """Exposure by its parts, and the limits under which the customer stands today."""
        customer = access.get(request.actor, Customer, pk)
        if not may_see_credit(request.actor):
            raise NotAllowed
        known = credit_of(customer, request.setting.today)
        return {
            "customer": customer.pk, "exposure": _exposure(known.exposure),
            "over_limit": known.over_limit,
            "limits": [
                {
                    "of": line.of, "covers": line.covers, "limit": line.limit, "by_tier": line.is_default,
                    "used": line.exposure.total, "left": line.left,
                }
                for line in known.lines
            ],
        }  # fmt: skip


def _deciding(made: Router) -> None:
    @made.post(
        "/customers/{int:pk}/credit-limits", response={201: LimitOut, **PROBLEMS}, operation_id="credit_limits_set"
    )  # fmt: skip
    def set_limit(request: Asking, pk: int, body: LimitIn) -> Any:
        customer = access.get(request.actor, Customer, pk)
        limit = credit.set_limit(
            CreditLimit, actor=request.actor, changes={"customer": customer, **body.model_dump()}
        )
        return Status(201, {
            "id": limit.pk, "customer": pk, "covers": limit.covers, "amount": limit.amount,
            "from_day": limit.from_day, "reason": limit.reason,
        })  # fmt: skip

    @made.post(
        "/orders/{int:pk}/release", response={200: OrderOut, **PROBLEMS}, operation_id="orders_release"
    )
    def release(request: Asking, pk: int, body: ReleaseIn) -> Any:
        order = access.get(request.actor, Order, pk)
        done = credit.release_order(order, actor=request.actor, reason=body.reason)
        return {"id": pk, "number": done.number, "state": done.state, "held_because": done.held_because}


def _promising(made: Router) -> None:
    @made.post(
        "/customers/{int:pk}/promises", response={201: PromiseOut, **PROBLEMS}, operation_id="promises_note"
    )
    def note_promise(request: Asking, pk: int, body: PromiseIn) -> Any:
        """A promise is noted as of today."""
        customer = access.get(request.actor, Customer, pk)
        facts = body.model_dump()
        if body.invoice is not None:
            facts["invoice"] = access.get(request.actor, Invoice, body.invoice)
        changes = {**facts, "customer": customer, "promised_on": request.setting.today}
        made = collecting.take_promise(PaymentPromise, actor=request.actor, changes=changes)
        return Status(201, _promise(made))

    @made.post(
        "/promises/{int:pk}/withdraw",
        response={200: PromiseOut, **PROBLEMS},
        operation_id="promises_withdraw",
    )
    def withdraw(request: Asking, pk: int, body: ReleaseIn) -> Any:
        promise = access.get(request.actor, PaymentPromise, pk)
        done = collecting.withdraw_promise(
            promise, actor=request.actor, day=request.setting.today, reason=body.reason
        )
        return _promise(done)


def _aged(owes: ageing.Aged) -> dict[str, Any]:
    return {
        "customer": owes.key, "total": owes.total, "buckets": owes.buckets, "credit_notes": owes.notes,
        "disputed": owes.disputed,
    }  # fmt: skip


def _exposure(parts: Exposure) -> dict[str, Decimal]:
    return {
        "to_deliver": parts.to_deliver, "to_invoice": parts.to_invoice, "owed": parts.owed,
        "advances": parts.advances, "total": parts.total,
    }  # fmt: skip


def _promise(promise: PaymentPromise) -> dict[str, Any]:
    return {
        "id": promise.pk, "customer": promise.customer_id, "invoice": promise.invoice_id, "amount": promise.amount,
        "currency": promise.currency, "promised_on": promise.promised_on, "until": promise.until,
        "state": promise.state,
    }  # fmt: skip
