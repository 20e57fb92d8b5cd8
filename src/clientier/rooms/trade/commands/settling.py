"""Settling so much of an invoice: by a payment, by a credit note, or as a loss; and taking that back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from clientier.core.errors import DomainError
from clientier.rooms.trade.choices.documents import Account, EntryKind
from clientier.rooms.trade.commands import ledger
from clientier.rooms.trade.commands.ledger import Amount
from clientier.rooms.trade.models import Invoice, Payment, Settlement
from clientier.rooms.trade.queries.totals import part

MOVED = ("amount", "source_amount", "amount_base", "source_base")


class CannotSettle(DomainError):
    code = "cannot_settle"
    message = _(
        "These two do not settle each other: look at customer, currency and amount. Nothing was changed."
    )


def settle(invoice: Invoice, source: Payment | Invoice, amount: Decimal, day: dt.date) -> Settlement:
    """Settle so much of a locked invoice by a locked payment or credit note of the same customer and currency.

    It happens on the day, or on the first on which both are there.
    What the two were worth in the base currency on their days differs by the gain or loss on rates.
    """
    left, worth = _left(source)
    alike = (invoice.customer_id, invoice.currency) == (source.customer_id, source.currency)
    if not alike or not 0 < amount <= min(left, invoice.open_amount):
        raise CannotSettle
    settled = Settlement(
        invoice=invoice, day=max(day, invoice.day, source.day), amount=amount, source_amount=amount,
        amount_base=part(amount, invoice.open_amount, invoice.open_base), source_base=part(amount, left, worth),
        payment=source if isinstance(source, Payment) else None,
        credit_note=source if isinstance(source, Invoice) else None,
    )  # fmt: skip
    return _enter(settled, EntryKind.SETTLEMENT)


def write_off(invoice: Invoice, amount: Decimal, day: dt.date, reason: str) -> Settlement:
    """Give so much of a locked invoice up as a bad debt."""
    if not 0 < amount <= invoice.open_amount:
        raise CannotSettle
    worth = part(amount, invoice.open_amount, invoice.open_base)
    lost = Settlement(
        invoice=invoice, day=max(day, invoice.day), amount=amount, source_amount=amount, amount_base=worth,
        source_base=worth, reason=reason,
    )  # fmt: skip
    return _enter(lost, EntryKind.WRITE_OFF)


def take_back(source: Payment | Invoice, day: dt.date, reason: str) -> None:
    """Open again all that a locked payment or credit note still settles, by settlements below zero."""
    name = "payment" if isinstance(source, Payment) else "credit_note"
    summed = {each: Sum(each) for each in MOVED}
    found = Settlement.objects.filter(**{name: source.pk}).values_list("invoice").order_by("invoice")
    for key, *still in found.annotate(**summed).filter(amount__gt=0).values_list("invoice", *MOVED):
        invoice = Invoice.objects.select_for_update().get(pk=key)
        back = {each: -value for each, value in zip(MOVED, still, strict=True)}
        _enter(
            Settlement(
                invoice=invoice,
                day=max(day, invoice.day, source.day),
                reason=reason,
                **{name: source},
                **back,
            ),
            EntryKind.SETTLEMENT,
        )


def take_back_loss(invoice: Invoice, day: dt.date, reason: str) -> Settlement:
    """Open again all of a locked invoice that was written off."""
    lost = Settlement.objects.filter(invoice=invoice, payment=None, credit_note=None)
    still = lost.aggregate(**{each: Sum(each) for each in MOVED})
    back = {each: -value for each, value in still.items()}
    back_on = max(day, invoice.day)
    return _enter(Settlement(invoice=invoice, day=back_on, reason=reason, **back), EntryKind.WRITE_OFF)


def _left(source: Payment | Invoice) -> tuple[Decimal, Decimal]:
    if isinstance(source, Payment):
        return source.unsettled, source.unsettled_base
    return source.open_amount, source.open_base


def _enter(settled: Settlement, kind: EntryKind) -> Settlement:
    """Write the settlement, move what is open on both its sides, and post it."""
    settled.save()
    invoice, currency = settled.invoice, settled.invoice.currency
    invoice.open_amount -= settled.amount
    invoice.open_base -= settled.amount_base
    invoice.save(update_fields=["open_amount", "open_base"])
    against = Account.BAD_DEBT
    if payment := settled.payment:
        against = Account.ADVANCE
        payment.unsettled -= settled.source_amount
        payment.unsettled_base -= settled.source_base
        payment.save(update_fields=["unsettled", "unsettled_base"])
    if note := settled.credit_note:
        against = Account.RECEIVABLE
        note.open_amount -= settled.source_amount
        note.open_base -= settled.source_base
        note.save(update_fields=["open_amount", "open_base"])
    ledger.post(
        kind, settled, str(invoice), invoice.customer, settled.day,
        [
            Amount(against, currency, settled.source_amount, settled.source_base),
            Amount(Account.RECEIVABLE, currency, -settled.amount, -settled.amount_base),
            Amount(Account.RATE_DIFFERENCE, currency, Decimal(0), settled.amount_base - settled.source_base),
        ],
    )  # fmt: skip
    return settled
