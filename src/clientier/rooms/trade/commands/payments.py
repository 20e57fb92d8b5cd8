"""Money that comes in: posted when entered, settled against invoices, taken back by counter-entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from clientier.core import access, commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.core.money import convert
from clientier.rooms.trade.choices.documents import Account, EntryKind, Series
from clientier.rooms.trade.commands import ledger
from clientier.rooms.trade.commands.ledger import Amount
from clientier.rooms.trade.commands.numbering import next_number
from clientier.rooms.trade.commands.settling import settle, take_back
from clientier.rooms.trade.models import Invoice, Payment
from clientier.rooms.trade.queries.rates import rate_on
from clientier.rooms.trade.queries.receivable import open_invoices


class AlreadyTakenBack(DomainError):
    code = "already_taken_back"
    message = _("This payment was taken back before. Nothing was changed.")


@command("payment.receive", needs="add", final=True)
def receive_payment(model: type[Payment], *, actor: Actor, changes: Mapping[str, Any]) -> Payment:
    """Enter and post a payment; it settles nothing yet."""
    payment = model(rate_to_base=rate_on(changes["currency"], changes["day"]))
    payment.number = changes.get("number") or next_number(Series.PAYMENT, changes["day"])
    payment.unsettled = changes["amount"]
    payment.unsettled_base = convert(changes["amount"], payment.rate_to_base)
    commands.apply(payment, {**changes, "number": payment.number}, actor)
    _post(payment, EntryKind.PAYMENT, payment.day, 1)
    return payment


@command("payment.settle", needs="change", final=True)
def settle_with(
    payment: Payment, *, actor: Actor, invoice: Invoice, amount: Decimal, day: dt.date
) -> Payment:
    """Settle so much of an invoice in the payment's currency."""
    locked = access.lock(actor, invoice, "change")
    settle(locked, payment, amount, day)
    return payment


@command("payment.settle_oldest", needs="change", final=True)
def settle_oldest(payment: Payment, *, actor: Actor, day: dt.date) -> Payment:
    """Settle the customer's open invoices in this currency, the one due first before the others."""
    for invoice in open_invoices(payment.customer_id, payment.currency).select_for_update():
        if not payment.unsettled:
            break
        settle(invoice, payment, min(invoice.open_amount, payment.unsettled), day)
    return payment


@command("payment.take_back", needs="change", final=True)
def take_payment_back(payment: Payment, *, actor: Actor, day: dt.date, reason: str) -> Payment:
    """Undo a payment that bounced or was entered by mistake: what it settled is open again."""
    if payment.reversed_on:
        raise AlreadyTakenBack
    day = max(day, payment.day)
    take_back(payment, day, reason)
    _post(payment, EntryKind.REVERSAL, day, -1)
    payment.reversed_on, payment.unsettled, payment.unsettled_base = day, Decimal(0), Decimal(0)
    payment.note = reason
    payment.save()
    return payment


def _post(payment: Payment, kind: EntryKind, day: dt.date, direction: int) -> None:
    worth = convert(payment.amount, payment.rate_to_base)
    bank = Amount(Account.BANK, payment.currency, direction * payment.amount, direction * worth)
    advance = Amount(Account.ADVANCE, payment.currency, -bank.amount, -bank.amount_base)
    ledger.post(kind, payment, payment.number, payment.customer, day, [bank, advance])
