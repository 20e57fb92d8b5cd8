"""The books of the sample company: recent invoices, who paid them and when, open orders, and what lies in stock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from clientier.core.actor import Actor
from clientier.rooms.catalog.models import Product, Warehouse
from clientier.rooms.trade.choices.stock import MoveKind
from clientier.rooms.trade.commands.deliveries import deliver_order
from clientier.rooms.trade.commands.invoices import draft_invoice, invoice_order, post_invoice
from clientier.rooms.trade.commands.payments import receive_payment, settle_with
from clientier.rooms.trade.commands.sales import enter_order, open_order
from clientier.rooms.trade.commands.stock import move_stock
from clientier.rooms.trade.models import Invoice, Order, Payment, StockMove

INVOICES = 220
OPEN_ORDERS = 14
STOCKED = 12
DAYS_TO_PAY = 30
TAX = Decimal(13)
# How many days after the due day customers pay; None is not at all so far.
HABITS = (-6, -3, 0, 2, 5, 12, 25, 45, None, None)


def load_documents(today: dt.date, actor: Actor) -> dict[str, int]:
    """Invoices about the larger recent orders, whose sales counted already; and a few orders that are under way."""
    recent = Order.objects.filter(
        kind="sale", day__gt=today - dt.timedelta(days=150), customer__kind="company"
    )
    chosen = list(recent.select_related("customer").order_by("-amount_base", "pk")[:INVOICES])
    for number, order in enumerate(sorted(chosen, key=lambda each: (each.day, each.pk))):
        _invoice(order, today, HABITS[(order.customer_id * 7 + number % 3) % len(HABITS)], actor)
    products = list(
        Product.objects.filter(stocked=True, price__gt=0, currency="CNY").order_by("pk")[:STOCKED]
    )
    places = list(Warehouse.objects.filter(active=True).order_by("pk"))
    for number, product in enumerate(products if places else []):
        received = {"product": product, "warehouse": places[number % len(places)], "kind": MoveKind.RECEIPT}
        facts = {**received, "quantity": Decimal(20 + number * 5), "day": today - dt.timedelta(days=20)}
        move_stock(StockMove, actor=actor, changes=facts)
    customers = list(dict.fromkeys(order.customer for order in chosen))[:OPEN_ORDERS]
    for number, customer in enumerate(customers if products else []):
        _under_way(number, customer, products, today, actor)
    return {"invoices": Invoice.objects.count(), "payments": Payment.objects.count()}


def _invoice(order: Order, today: dt.date, habit: int | None, actor: Actor) -> None:
    line = {
        "description": order.number, "unit_price": order.amount, "quantity": Decimal(1), "tax_rate": TAX,
    }  # fmt: skip
    due = order.day + dt.timedelta(days=DAYS_TO_PAY)
    facts = {
        "customer": order.customer,
        "order": order,
        "day": order.day,
        "due_on": due,
        "currency": order.currency,
    }
    invoice = post_invoice(draft_invoice(Invoice, actor=actor, changes=facts, lines=[line]), actor=actor)
    paid_on = due + dt.timedelta(days=habit) if habit is not None else None
    if paid_on is None or paid_on > today:
        return
    share = Decimal("0.5") if order.pk % 11 == 0 else Decimal(1)
    amount = (invoice.total * share).quantize(Decimal("0.01"))
    facts = {"customer": order.customer, "day": paid_on, "amount": amount, "currency": order.currency}
    payment = receive_payment(Payment, actor=actor, changes=facts)
    settle_with(payment, actor=actor, invoice=invoice, amount=amount, day=paid_on)


def _under_way(number: int, customer: object, products: list[Product], today: dt.date, actor: Actor) -> None:
    """An order of the last days: some delivered and invoiced in part, some waiting for goods that are short."""
    day = today - dt.timedelta(days=OPEN_ORDERS - number)
    product = products[number % 5]
    lines = [
        {"product": each, "quantity": Decimal(6 + number), "unit_price": each.price, "tax_rate": TAX,
         "cost": (each.cost or Decimal(0)) * (6 + number)}
        for each in (product, products[-1 - number % 3])
    ]  # fmt: skip
    facts = {"customer": customer, "day": day, "promised_on": day + dt.timedelta(days=10 + number % 4)}
    order = open_order(enter_order(Order, actor=actor, changes=facts, lines=lines), actor=actor)
    if order.state == "open" and number % 3 == 0:
        some = {line.pk: Decimal(2) for line in order.lines.filter(reservations__quantity__gte=2)}
        if some:
            deliver_order(order, actor=actor, day=day, quantities=some)
            invoice_order(order, actor=actor, day=day, quantities=some)
