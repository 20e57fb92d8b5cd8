"""Orders and their lines, for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Cell, Setting
from clientier.kit.timeline import Happening, Window
from clientier.rooms.trade.choices.orders import OrderKind, SaleCounts
from clientier.rooms.trade.models import Order, OrderLine

ORDERS = Referring(Order, "customer")


def orders_told(actor: Actor, customer: Model, window: Window) -> Iterable[Happening]:
    """Orders and returns for the timeline, at noon of their day."""
    zone, noon = ZoneInfo(actor.time_zone), dt.time(12)
    found = access.visible(actor, Order).filter(window.of_days("day", noon, zone), customer=customer.pk)
    shows_amount = "amount" in access.fields(actor, Order).readable
    for order in found.order_by("-day", "-pk")[: window.limit]:
        yield Happening(
            at=dt.datetime.combine(order.day, noon, zone),
            kind=window.kind,
            key=order.pk,
            icon="receipt-refund" if order.kind == OrderKind.RETURN else "receipt",
            title=f"{order.get_kind_display()} {order.number}",
            text=formats.with_symbol(order.amount, order.currency, cents=True) if shows_amount else "",
            url=reverse("orders-detail", args=[order.pk]),
            tone="bad" if order.kind == OrderKind.RETURN else "",
        )


ORDER_TONES = {"draft": "", "held": "bad", "open": "warn", "closed": "good", "cancelled": ""}


def state_of_order(actor: Actor, order: Order, setting: Setting) -> list[Cell]:
    """Where an order that is kept here stands."""
    if order.counts == SaleCounts.ORDERED or "state" not in access.fields(actor, Order).readable:
        return []
    return [Cell("badge", text=str(order.get_state_display()), tone=ORDER_TONES[order.state])]


def not_invoiced(order: Order) -> Decimal:
    """What of the order's amount is not yet invoiced, in its currency."""
    lines = order.lines.exclude(quantity=0)
    return sum(((1 - line.invoiced / line.quantity) * line.amount for line in lines), Decimal(0))


MONEY_OF_LINES = {
    "unit_price": gettext_lazy("Unit price"),
    "discount": gettext_lazy("Discount"),
    "amount": gettext_lazy("Amount"),
    "cost": gettext_lazy("Cost of goods"),
    "freight": gettext_lazy("Freight"),
}


def lines_on_card(actor: Actor, order: Order, setting: Setting) -> dict[str, Any] | None:
    """The lines of an order as a table, without the figures that the actor may not read."""
    readable = access.fields(actor, OrderLine).readable
    shown = [name for name in MONEY_OF_LINES if name in readable]
    found = access.visible(actor, OrderLine).filter(order=order)
    lines = list(found.select_related("product").order_by("line_no"))
    rows = [
        [
            str(line.line_no),
            str(line.product or line.description),
            formats.number(line.quantity, 0 if line.quantity == int(line.quantity) else 2),
            *(_amount(getattr(line, name), order.currency) for name in shown),
        ]
        for line in lines
    ]
    figures = [_("Quantity"), *(str(MONEY_OF_LINES[name]) for name in shown)]
    columns = [{"label": _("Line")}, {"label": _("Product")}]
    columns += [{"label": label, "align": "right"} for label in figures]
    return {"label": str(order), "columns": columns, "rows": rows} if rows else None


def _amount(value: Decimal | None, currency: str) -> str:
    return "–" if value is None else formats.amount(value, currency)
