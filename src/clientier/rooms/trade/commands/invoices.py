"""Invoices and credit notes: drafted, posted, and from then on corrected by counter-documents alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clientier.core import access, commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.core.money import convert
from clientier.rooms.trade.choices.documents import Account, DocumentState, EntryKind, InvoiceKind, Series
from clientier.rooms.trade.choices.orders import OrderState, SaleCounts
from clientier.rooms.trade.commands import ledger
from clientier.rooms.trade.commands.closing import close_if_done
from clientier.rooms.trade.commands.ledger import Amount
from clientier.rooms.trade.commands.numbering import next_number
from clientier.rooms.trade.commands.settling import settle
from clientier.rooms.trade.models import Invoice, InvoiceLine, Order, OrderLine
from clientier.rooms.trade.queries.rates import rate_on
from clientier.rooms.trade.queries.totals import line_amount, part, totals

DAYS_TO_PAY = 30


class AlreadyPosted(DomainError):
    """A posted document is not changed; a counter-document corrects it."""

    code = "already_posted"
    message = _("This is posted and stays as it is. Correct it with a credit note. Nothing was changed.")


class NotOpen(DomainError):
    """Only an order that is open is delivered and invoiced."""

    code = "order_not_open"
    message = _("This order is not open. Open it first; nothing was changed.")


class TooMuch(DomainError):
    """More than there is left of it."""

    code = "too_much"
    message = _("This is more than is left of it. Nothing was changed.")


class NothingToPost(DomainError):
    code = "nothing_to_post"
    message = _("There is nothing on it. Enter a quantity or a line first; nothing was changed.")


@command("invoice.draft", needs="add", final=True)
def draft_invoice(
    model: type[Invoice], *, actor: Actor, changes: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Invoice:
    """An invoice, not yet posted, with its lines: the facts of ``InvoiceLine`` that a person enters."""
    invoice = model(due_on=changes["day"] + dt.timedelta(days=DAYS_TO_PAY))
    commands.apply(invoice, dict(changes), actor)
    access.require(actor, InvoiceLine, "add")
    for number, line in enumerate(lines, start=1):
        made = InvoiceLine(invoice=invoice, line_no=number, **line)
        made.amount = line_amount(made.quantity, made.unit_price, made.discount, invoice.currency)
        made.full_clean()
        made.save()
    return _added_up(invoice)


@command("order.invoice", needs="change", final=True)
def invoice_order(
    order: Order, *, actor: Actor, day: dt.date, due_on: dt.date | None = None,
    quantities: Mapping[int, Decimal] | None = None,
) -> Order:  # fmt: skip
    """Draft and post an invoice over what is not yet invoiced, or over these quantities by order line."""
    if order.state != OrderState.OPEN:
        raise NotOpen
    access.require(actor, Invoice, "add")
    chosen = []
    for line in OrderLine.objects.select_for_update().filter(order=order).order_by("line_no"):
        left = line.quantity - line.invoiced
        quantity = left if quantities is None else quantities.get(line.pk, Decimal(0))
        if quantity > left or quantity < 0:
            raise TooMuch
        if quantity:
            chosen.append(_share_of(line, quantity))
    if not chosen:
        raise NothingToPost
    facts = {"customer": order.customer, "order": order, "day": day, "currency": order.currency}
    facts |= {"due_on": due_on} if due_on else {}
    post_invoice(draft_invoice(Invoice, actor=actor, changes=facts, lines=chosen), actor=actor)
    return order


@command("invoice.post", needs="change", final=True)
def post_invoice(invoice: Invoice, *, actor: Actor) -> Invoice:
    """Number it, value it by the rate of its day and post it to the ledger."""
    if invoice.state == DocumentState.POSTED:
        raise AlreadyPosted
    lines = list(invoice.lines.select_related("order_line__order").order_by("line_no"))
    if not lines or invoice.total <= 0:
        raise NothingToPost
    rate = rate_on(invoice.currency, invoice.day)
    credit = invoice.kind == InvoiceKind.CREDIT_NOTE
    for line in lines:
        line.amount_base, line.discount_base = convert(line.amount, rate), convert(line.discount, rate)
        line.cost_base = None if line.cost is None else convert(line.cost, rate)
        _count_on_order(line, credit)
    InvoiceLine.objects.bulk_update(lines, ("amount_base", "discount_base", "cost_base"))
    amounts = _amounts(invoice, lines, rate)
    invoice.number = invoice.number or next_number(
        Series.CREDIT_NOTE if credit else Series.INVOICE, invoice.day
    )
    invoice.state, invoice.rate_to_base = DocumentState.POSTED, rate
    invoice.open_amount, invoice.open_base = invoice.total, amounts[0].amount_base
    invoice.save()
    kind = EntryKind.CREDIT_NOTE if credit else EntryKind.INVOICE
    entered = [each.reversed() for each in amounts] if credit else amounts
    ledger.post(kind, invoice, invoice.number, invoice.customer, invoice.day, entered)
    if invoice.order:
        close_if_done(invoice.order)
    return invoice


@command("invoice.credit", needs="change", final=True)
def credit_invoice(
    invoice: Invoice, *, actor: Actor, day: dt.date, reason: str, quantities: Mapping[int, Decimal] | None = None
) -> Invoice:  # fmt: skip
    """A posted credit note over the whole invoice, or over these quantities by invoice line.

    It settles what is still open of the invoice; what is left of it is the customer's.
    """
    if invoice.state != DocumentState.POSTED or invoice.kind != InvoiceKind.INVOICE:
        raise NothingToPost
    chosen = []
    for line in invoice.lines.order_by("line_no"):
        left = line.quantity - credited(line)
        quantity = left if quantities is None else quantities.get(line.pk, Decimal(0))
        if quantity > left or quantity < 0:
            raise TooMuch
        if quantity:
            chosen.append(_share_of(line, quantity))
    if not chosen:
        raise NothingToPost
    facts = {
        "customer": invoice.customer, "order": invoice.order, "corrects": invoice, "day": day, "due_on": day,
        "kind": InvoiceKind.CREDIT_NOTE, "currency": invoice.currency, "note": reason,
    }  # fmt: skip
    note = draft_invoice(Invoice, actor=actor, changes=facts, lines=chosen)
    posted = post_invoice(note, actor=actor)
    if covered := min(invoice.open_amount, posted.open_amount):
        settle(invoice, posted, covered, day)
    return invoice


@command("invoice.delete", needs="delete")
def delete_draft(invoice: Invoice, *, actor: Actor) -> Invoice:
    """Drop a draft; what is posted stays."""
    if invoice.state == DocumentState.POSTED:
        raise AlreadyPosted
    return cast(Invoice, commands.take_away(invoice))


def credited(line: InvoiceLine) -> Decimal:
    """How much of a line of an invoice was credited already."""
    notes = line.corrections.filter(invoice__state=DocumentState.POSTED)
    return sum(notes.values_list("quantity", flat=True), Decimal(0))


def _share_of(line: OrderLine | InvoiceLine, quantity: Decimal) -> dict[str, Any]:
    """A line over a part of another one: its price, and its share of discount and cost."""
    of: dict[str, Any] = {"order_line": line}
    if isinstance(line, InvoiceLine):
        of = {"order_line": line.order_line, "corrects": line}
    return {
        **of, "product": line.product, "description": line.description, "quantity": quantity,
        "unit_price": line.unit_price, "tax_rate": line.tax_rate,
        "discount": part(quantity, line.quantity, line.discount),
        "cost": None if line.cost is None else part(quantity, line.quantity, line.cost),
    }  # fmt: skip


def _added_up(invoice: Invoice) -> Invoice:
    sums = totals(invoice.lines.values_list("amount", "tax_rate"), invoice.currency)
    invoice.net, invoice.tax, invoice.total = sums.net, sums.tax, sums.total
    invoice.save()
    return invoice


def _count_on_order(line: InvoiceLine, credit: bool) -> None:
    """Note on the order how much of it is invoiced; what is credited may be invoiced anew."""
    if line.order_line_id:
        step = -line.quantity if credit else line.quantity
        OrderLine.objects.filter(pk=line.order_line_id).update(invoiced=F("invoiced") + step)


def _amounts(invoice: Invoice, lines: Sequence[InvoiceLine], rate: Decimal) -> list[Amount]:
    """The postings of an invoice, what the customer owes first; in the base currency they add up exactly."""
    currency, entered = invoice.currency, list[Amount]()
    for line in lines:
        about = line.order_line.order if line.order_line else invoice.order
        counted = about is not None and about.counts == SaleCounts.ORDERED
        account = Account.COUNTED if counted else Account.SALES
        entered.append(Amount(account, currency, -line.amount, -line.amount_base, line.product_id))
        if line.cost_base and not counted:
            cost = Amount(
                Account.COST_OF_GOODS, currency, line.cost or Decimal(0), line.cost_base, line.product_id
            )
            entered += [
                cost,
                Amount(Account.GOODS, currency, -cost.amount, -cost.amount_base, line.product_id),
            ]
    entered.append(Amount(Account.TAX, currency, -invoice.tax, -convert(invoice.tax, rate)))
    owed = -sum((each.amount_base for each in entered), Decimal(0))
    return [Amount(Account.RECEIVABLE, currency, invoice.total, owed), *entered]
