"""The buttons at the head of documents: what can be done with one in its state, by who may."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.rooms.trade.choices.credit import PromiseState, ProposalState
from clientier.rooms.trade.choices.documents import DocumentState, InvoiceKind
from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.models import (
    CreditLimit,
    Delivery,
    Invoice,
    LimitProposal,
    Order,
    Payment,
    PaymentPromise,
)
from clientier.rooms.trade.queries.credit import may_decide_for
from clientier.rooms.trade.queries.losses import written_off

Action = dict[str, Any]


def on_order(actor: Actor, order: Order) -> list[Action]:
    """A draft is changed and opened, an open order delivered and invoiced."""
    if order.state == OrderState.HELD:
        return _on_held(actor, order)
    if not access.may(actor, order, "change"):
        return []
    if order.state == OrderState.DRAFT:
        return [
            _go("order-open", order, _("Open the order"), "player-play", post=True),
            _go("order-edit", order, _("Edit"), "pencil"),
            _go("order-cancel", order, _("Cancel the order"), "ban"),
        ]
    if order.state != OrderState.OPEN:
        return []
    lines = list(order.lines.values_list("quantity", "delivered", "invoiced"))
    offers = []
    if any(delivered < quantity for quantity, delivered, _invoiced in lines) and _adds(actor, Delivery):
        offers.append(_go("order-deliver", order, _("Deliver"), "truck"))
    if any(invoiced < quantity for quantity, _delivered, invoiced in lines) and _adds(actor, Invoice):
        offers.append(_go("order-invoice", order, _("Invoice"), "receipt"))
    for offer in offers[:1]:
        offer["primary"] = True
    if any(delivered or invoiced for _quantity, delivered, invoiced in lines):
        return [*offers, _go("order-close", order, _("Close the order"), "check")]
    return [*offers, _go("order-cancel", order, _("Cancel the order"), "ban")]


def _on_held(actor: Actor, order: Order) -> list[Action]:
    """An order that is held for want of credit is released by who may change limits, or cancelled."""
    offers = (
        [_go("order-release", order, _("Release the order"), "player-play")]
        if may_decide_for(actor, order)
        else []
    )
    for offer in offers:
        offer["primary"] = True
    if access.may(actor, order, "change"):
        offers.append(_go("order-cancel", order, _("Cancel the order"), "ban"))
    return offers


def on_delivery(actor: Actor, delivery: Delivery) -> list[Action]:
    """What went out may come back."""
    if delivery.takes_back_id or not access.may(actor, delivery, "change"):
        return []
    return [_go("delivery-take-back", delivery, _("Goods come back"), "arrow-back-up")]


def on_invoice(actor: Actor, invoice: Invoice) -> list[Action]:
    """A draft is posted; what is posted is paid, or corrected by a credit note; or it becomes a worry."""
    if not access.may(actor, invoice, "change"):
        return []
    if invoice.state == DocumentState.DRAFT:
        return [_go("invoice-post", invoice, _("Post"), "check", post=True)]
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        return []
    offers = []
    if invoice.open_amount and _adds(actor, Payment):
        url = f"{reverse('payment-new')}?invoice={invoice.pk}"
        offers.append({"label": _("Enter payment"), "url": url, "icon": "cash", "primary": True})
    if _adds(actor, Invoice):
        offers.append(_go("invoice-credit", invoice, _("Credit note"), "receipt-refund"))
    return offers


def on_worry(actor: Actor, invoice: Invoice) -> list[Action]:
    """What is open may be promised, disputed or lost; what was lost may come back."""
    if invoice.state != DocumentState.POSTED or invoice.kind != InvoiceKind.INVOICE:
        return []
    offers = []
    if invoice.open_amount and _adds(actor, PaymentPromise):
        url = f"{reverse('promise-note')}?invoice={invoice.pk}"
        offers.append({"label": _("Note a promise"), "url": url, "icon": "calendar"})
    if invoice.open_amount and access.may(actor, invoice, "change"):
        if invoice.disputed_on:
            offers.append(_go("invoice-end-dispute", invoice, _("End the dispute"), "check"))
        else:
            offers.append(_go("invoice-dispute", invoice, _("Dispute"), "thumb-down"))
    if actor.reach(CreditLimit, "change") is not Reach.NONE and may_decide_for(actor, invoice):
        if invoice.open_amount:
            offers.append(_go("invoice-write-off", invoice, _("Write off"), "x"))
        if written_off(invoice.pk):
            offers.append(_go("invoice-unwrite", invoice, _("Take back the write-off"), "arrow-back-up"))
    return offers


def on_promise(actor: Actor, promise: PaymentPromise) -> list[Action]:
    if promise.state != PromiseState.OPEN or not access.may(actor, promise, "change"):
        return []
    return [_go("promise-withdraw", promise, _("Withdraw"), "x")]


def on_proposal(actor: Actor, proposal: LimitProposal) -> list[Action]:
    """A proposed limit is accepted or refused, with a reason."""
    if proposal.state != ProposalState.OPEN or not access.may(actor, proposal, "change"):
        return []
    return [
        {**_go("limit-accept", proposal, _("Accept"), "check"), "primary": True},
        _go("limit-refuse", proposal, _("Refuse"), "x"),
    ]


def on_payment(actor: Actor, payment: Payment) -> list[Action]:
    """Money that settles nothing yet is settled; a payment that bounced is taken back."""
    if payment.reversed_on or not access.may(actor, payment, "change"):
        return []
    offers = []
    if payment.unsettled:
        offers.append(_go("payment-settle", payment, _("Settle the oldest invoices"), "link", post=True))
    return [*offers, _go("payment-take-back", payment, _("Take back"), "arrow-back-up")]


def _adds(actor: Actor, model: type[Model]) -> bool:
    return actor.reach(model, "add") is not Reach.NONE


def _go(name: str, record: Model, label: str, icon: str, *, post: bool = False) -> Action:
    url = reverse(name, args=[record.pk])
    return {"label": label, "url": url, "icon": icon, **({"method": "post", "primary": True} if post else {})}
