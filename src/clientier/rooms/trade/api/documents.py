"""Orders, invoices and payments as JSON, each by the number it has in the system that sends it: the same message
twice is one document. No future annotations: ninja reads the real types.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Router, Schema, Status

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.errors import NotFound
from clientier.core.money import Currency
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.choices.documents import InvoiceKind, PaymentMethod
from clientier.rooms.trade.commands import by_number, deliveries, invoices, payments, sales
from clientier.rooms.trade.models import Invoice, Order, Payment
from clientier.rooms.trade.queries.orders import not_invoiced

Day = Annotated[dt.date, Field(ge=dt.date(1990, 1, 1), le=dt.date(2200, 1, 1))]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]
Words = Annotated[str, Field(min_length=1, max_length=300)]
MOST_LINES = 1000


class Line(Written):
    """``product`` is an id, ``product_number`` the number of the product elsewhere; ``cost`` is that of the line."""

    product: int | None = None
    product_number: str | None = None
    description: str = Field("", max_length=200)
    quantity: Quantity = Decimal(1)
    unit_price: Amount = Decimal(0)
    discount: Amount = Decimal(0)
    tax_rate: Percent = Decimal(0)
    cost: Amount | None = None


class Head(Written):
    """``customer`` is an id, ``customer_number`` the number of the customer elsewhere; one of them is needed.

    Without ``currency`` it is the company's base currency.
    """

    customer: int | None = None
    customer_number: str | None = None
    day: Day
    currency: Currency | None = None


class OrderIn(Head):
    """With ``opens`` the order is opened at once, and held if the customer's credit says so."""

    promised_on: Day | None = None
    opens: bool = True
    lines: list[Line] = Field(min_length=1, max_length=MOST_LINES)


class InvoiceIn(Head):
    """``order_number`` is that of the order it is about; ``corrects_number`` of the invoice a credit note corrects."""

    kind: InvoiceKind = InvoiceKind.INVOICE
    due_on: Day | None = None
    order_number: str | None = None
    corrects_number: str | None = None
    lines: list[Line] = Field(min_length=1, max_length=MOST_LINES)


class Settles(Written):
    invoice_number: str
    amount: Amount


class PaymentIn(Head):
    amount: Quantity
    method: PaymentMethod = PaymentMethod.TRANSFER
    reference: str = Field("", max_length=120)
    settles: list[Settles] = Field([], max_length=MOST_LINES)
    settles_oldest: bool = False


class Share(Written):
    line: int
    quantity: Quantity


class Part(Written):
    """So much of each line by its number in the document; without ``lines`` all that is left."""

    day: Day
    lines: list[Share] | None = Field(None, max_length=MOST_LINES)


class Because(Written):
    reason: Words


class Credit(Part):
    reason: Words


class Bounced(Because):
    day: Day


class DocumentOut(Schema):
    id: int
    number: str | None
    state: str
    amount: Decimal
    open: Decimal


def router() -> Router:
    """By number: entering. By id: what becomes of it."""
    made = Router(tags=["documents"])
    answers = {200: DocumentOut, 201: DocumentOut, **PROBLEMS}

    @made.put("/orders/by-number/{number}", response=answers, operation_id="orders_by_number")
    def order(request: Asking, number: str, body: OrderIn) -> Any:
        actor, facts = request.actor, _head(request.actor, body, "promised_on")
        lines = [_line(actor, line) for line in body.lines]
        found, new = by_number.order_by_number(
            number, actor=actor, changes=facts, lines=lines, opens=body.opens
        )
        return Status(201 if new else 200, _told(found))

    @made.put("/invoices/by-number/{number}", response=answers, operation_id="invoices_by_number")
    def invoice(request: Asking, number: str, body: InvoiceIn) -> Any:
        actor, facts = request.actor, _head(request.actor, body, "kind", "due_on")
        if body.order_number:
            facts["order"] = _by(actor, Order, number=body.order_number)
        if body.corrects_number:
            facts["corrects"] = _by(actor, Invoice, number=body.corrects_number)
        lines = [_line(actor, line) for line in body.lines]
        found, new = by_number.invoice_by_number(number, actor=actor, changes=facts, lines=lines)
        return Status(201 if new else 200, _told(found))

    @made.put("/payments/by-number/{number}", response=answers, operation_id="payments_by_number")
    def payment(request: Asking, number: str, body: PaymentIn) -> Any:
        actor, facts = request.actor, _head(request.actor, body, "amount", "method", "reference")
        settles = {_by(actor, Invoice, number=each.invoice_number): each.amount for each in body.settles}
        found, new = by_number.payment_by_number(
            number, actor=actor, changes=facts, settles=settles, oldest=body.settles_oldest
        )
        return Status(201 if new else 200, _told(found))

    _steps(made)
    return made


def _steps(made: Router) -> None:
    done = {200: DocumentOut, **PROBLEMS}

    @made.post("/orders/{int:pk}/open", response=done, operation_id="orders_open")
    def open_(request: Asking, pk: int) -> Any:
        return _told(_opened(request, pk))

    @made.post("/orders/{int:pk}/deliver", response=done, operation_id="orders_deliver")
    def deliver(request: Asking, pk: int, body: Part) -> Any:
        found = access.get(request.actor, Order, pk)
        quantities = _quantities(found.lines, body)
        return _told(
            deliveries.deliver_order(found, actor=request.actor, day=body.day, quantities=quantities)
        )

    @made.post("/orders/{int:pk}/invoice", response=done, operation_id="orders_invoice")
    def invoice(request: Asking, pk: int, body: Part) -> Any:
        found = access.get(request.actor, Order, pk)
        quantities = _quantities(found.lines, body)
        return _told(invoices.invoice_order(found, actor=request.actor, day=body.day, quantities=quantities))

    @made.post("/orders/{int:pk}/cancel", response=done, operation_id="orders_cancel")
    def cancel(request: Asking, pk: int, body: Because) -> Any:
        found = access.get(request.actor, Order, pk)
        return _told(sales.cancel_order(found, actor=request.actor, reason=body.reason))

    @made.post("/orders/{int:pk}/close", response=done, operation_id="orders_close")
    def close(request: Asking, pk: int, body: Because) -> Any:
        found = access.get(request.actor, Order, pk)
        return _told(sales.close_order(found, actor=request.actor, reason=body.reason))

    _corrections(made)


def _corrections(made: Router) -> None:
    done = {200: DocumentOut, **PROBLEMS}

    @made.post("/invoices/{int:pk}/credit", response=done, operation_id="invoices_credit")
    def credit(request: Asking, pk: int, body: Credit) -> Any:
        found = access.get(request.actor, Invoice, pk)
        facts = {"day": body.day, "reason": body.reason, "quantities": _quantities(found.lines, body)}
        return _told(invoices.credit_invoice(found, actor=request.actor, **facts))

    @made.post("/payments/{int:pk}/take-back", response=done, operation_id="payments_take_back")
    def take_back(request: Asking, pk: int, body: Bounced) -> Any:
        found = access.get(request.actor, Payment, pk)
        return _told(payments.take_payment_back(found, actor=request.actor, day=body.day, reason=body.reason))


def _head(actor: Actor, body: Head, *names: str) -> dict[str, Any]:
    """What was sent of the document itself, with its customer found under the rights."""
    sent = {name: getattr(body, name) for name in ("day", "currency", *names)}
    if body.customer is None and body.customer_number is None:
        raise NotFound
    by = {"pk": body.customer} if body.customer is not None else {"external_id": body.customer_number}
    facts = {name: value for name, value in sent.items() if value not in (None, "")}
    return {"currency": organisation().base_currency, **facts, "customer": _by(actor, Customer, **by)}


def _line(actor: Actor, line: Line) -> dict[str, Any]:
    facts = {name: value for name, value in line.dict().items() if value not in (None, "")}
    key, number = facts.pop("product", None), facts.pop("product_number", None)
    if key is not None or number is not None:
        facts["product"] = _by(
            actor, Product, **({"pk": key} if key is not None else {"external_id": number})
        )
    return facts


def _by(actor: Actor, model: Any, **facts: Any) -> Any:
    found = access.visible(actor, model).filter(**facts).first()
    if found is None:
        raise NotFound
    return found


def _quantities(lines: Any, body: Part) -> dict[int, Decimal] | None:
    """The quantities by the keys of the lines; NotFound for a line that is not there."""
    if body.lines is None:
        return None
    keys = dict(lines.values_list("line_no", "pk"))
    if any(share.line not in keys for share in body.lines):
        raise NotFound
    return {keys[share.line]: share.quantity for share in body.lines}


def _told(found: Any) -> dict[str, Any]:
    """What the sender wants to know; what is open of an order is what is not yet invoiced."""
    if isinstance(found, Payment):
        state = "taken_back" if found.reversed_on else "posted"
        amount, left = found.amount, found.unsettled
    elif isinstance(found, Invoice):
        state, amount, left = found.state, found.total, found.open_amount
    else:
        state, amount = found.state, found.amount
        left = not_invoiced(found)
    return {"id": found.pk, "number": found.number, "state": state, "amount": amount, "open": left}


def _opened(request: Asking, pk: int) -> Order:
    """It opens, or is held, by the limits of today."""
    order = access.get(request.actor, Order, pk)
    opened: Order = sales.open_order(order, actor=request.actor, day=request.setting.today)
    return opened
