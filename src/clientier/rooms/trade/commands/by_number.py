"""Documents that another system sends, known by its numbers: the same message twice is one document.

A document that came before and says the same is left as it is; one that says otherwise is refused, for what is posted
is corrected by counter-documents. Messages with one number wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.errors import Conflict
from clientier.rooms.trade.choices.documents import InvoiceKind
from clientier.rooms.trade.choices.orders import OrderState, SaleCounts
from clientier.rooms.trade.commands.invoices import draft_invoice, post_invoice
from clientier.rooms.trade.commands.payments import receive_payment, settle_oldest, settle_with
from clientier.rooms.trade.commands.sales import correct_order, enter_order, open_order
from clientier.rooms.trade.models import Invoice, Order, Payment
from clientier.rooms.trade.queries.totals import line_amount, totals

Facts = Mapping[str, Any]
Document = TypeVar("Document", Order, Invoice, Payment)


class SaysOtherwise(Conflict):
    """The number is known, and what came with it before was something else."""

    code = "says_otherwise"
    message = _(
        "Under this number something else was entered before. Nothing was changed; correct it by a counter-document."
    )


@transaction.atomic
def order_by_number(
    number: str, *, actor: Actor, changes: Facts, lines: Sequence[Facts], opens: bool
) -> tuple[Order, bool]:
    """Enter an order once, and open it if wanted; a draft may still be sent anew. True where it was made now."""
    known = _known(Order, number, actor)
    if known is None:
        made = enter_order(Order, actor=actor, changes={**changes, "number": number}, lines=lines)
        return (open_order(made, actor=actor) if opens else made), True
    if known.state == OrderState.DRAFT and known.counts == SaleCounts.INVOICED:
        sent = correct_order(known, actor=actor, changes=changes, lines=lines)
        return (open_order(sent, actor=actor) if opens else sent), False
    amount = sum((_amount(line, known.currency) for line in lines), Decimal(0))
    _compare(known, changes, amount == known.amount and len(lines) == known.lines.count())
    return known, False


@transaction.atomic
def invoice_by_number(
    number: str, *, actor: Actor, changes: Facts, lines: Sequence[Facts]
) -> tuple[Invoice, bool]:
    """Post an invoice or credit note under the number it has elsewhere, once."""
    known = _known(Invoice, number, actor)
    if known is None:
        facts = {"kind": InvoiceKind.INVOICE, **changes, "number": number}
        return post_invoice(
            draft_invoice(Invoice, actor=actor, changes=facts, lines=lines), actor=actor
        ), True
    sums = totals(
        [(_amount(line, known.currency), line.get("tax_rate", Decimal(0))) for line in lines], known.currency
    )
    _compare(known, changes, sums.total == known.total)
    return known, False


@transaction.atomic
def payment_by_number(
    number: str, *, actor: Actor, changes: Facts, settles: Mapping[Invoice, Decimal], oldest: bool
) -> tuple[Payment, bool]:
    """Post a payment once, settling these invoices by so much, and then the oldest if wanted."""
    known = _known(Payment, number, actor)
    if known is not None:
        _compare(known, changes, changes["amount"] == known.amount)
        return known, False
    payment = receive_payment(Payment, actor=actor, changes={**changes, "number": number})
    for invoice, amount in settles.items():
        payment = settle_with(payment, actor=actor, invoice=invoice, amount=amount, day=payment.day)
    return (settle_oldest(payment, actor=actor, day=payment.day) if oldest else payment), True


def _known(model: type[Document], number: str, actor: Actor) -> Document | None:
    """The document with this number; whoever asks for the same number next waits until we are done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{model._meta.label_lower}:{number}"])
    known = access.visible(actor, model).filter(number=number).first()
    if known is None and model._default_manager.filter(number=number).exists():
        raise SaysOtherwise
    return known


def _compare(known: Any, changes: Facts, alike: bool) -> None:
    told = ("customer", "day", "currency", "kind")
    if not alike or any(name in changes and getattr(known, name) != changes[name] for name in told):
        raise SaysOtherwise


def _amount(line: Facts, currency: str) -> Decimal:
    return line_amount(
        line.get("quantity", Decimal(1)),
        line.get("unit_price", Decimal(0)),
        line.get("discount", Decimal(0)),
        currency,
    )
