"""Goods go out against an open order, part by part, and come back by a counter-delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.rooms.trade.choices.documents import Series
from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.commands import stock
from clientier.rooms.trade.commands.closing import close_if_done
from clientier.rooms.trade.commands.invoices import NothingToPost, NotOpen, TooMuch
from clientier.rooms.trade.commands.numbering import next_number
from clientier.rooms.trade.models import Delivery, DeliveryLine, Order, OrderLine


@command("order.deliver", needs="change", final=True)
def deliver_order(
    order: Order,
    *,
    actor: Actor,
    day: dt.date,
    quantities: Mapping[int, Decimal] | None = None,
    note: str = "",
) -> Order:
    """Deliver what is left of an order, or these quantities by order line."""
    if order.state != OrderState.OPEN:
        raise NotOpen
    access.require(actor, Delivery, "add")
    chosen: dict[OrderLine, Decimal] = {}
    for line in OrderLine.objects.select_for_update().filter(order=order).order_by("pk"):
        left = line.quantity - line.delivered
        quantity = left if quantities is None else quantities.get(line.pk, Decimal(0))
        if quantity > left or quantity < 0:
            raise TooMuch
        if quantity:
            chosen[line] = quantity
    write_delivery(Delivery, actor=actor, order=order, day=day, lines=chosen, note=note)
    close_if_done(order)
    return order


@command("delivery.take_back", needs="change", final=True)
def take_delivery_back(
    delivery: Delivery, *, actor: Actor, day: dt.date, quantities: Mapping[int, Decimal] | None = None, note: str = ""
) -> Delivery:  # fmt: skip
    """Goods come back: all that is still out of this delivery, or these quantities by order line."""
    order = Order.objects.select_for_update().get(pk=delivery.order_id)
    if delivery.takes_back_id:
        raise NothingToPost
    back = DeliveryLine.objects.filter(delivery__takes_back=delivery)
    chosen: dict[OrderLine, Decimal] = {}
    for out in delivery.lines.select_related("order_line").order_by("pk"):
        left = out.quantity - sum(
            back.filter(order_line=out.order_line).values_list("quantity", flat=True), Decimal(0)
        )
        quantity = left if quantities is None else quantities.get(out.order_line_id, Decimal(0))
        if quantity > left or quantity < 0:
            raise TooMuch
        if quantity:
            chosen[out.order_line] = quantity
    write_delivery(Delivery, actor=actor, order=order, day=day, lines=chosen, note=note, takes_back=delivery)
    close_if_done(order)
    return delivery


@command("delivery.write", needs="add", final=True)
def write_delivery(
    model: type[Delivery], *, actor: Actor, order: Order, day: dt.date, lines: Mapping[OrderLine, Decimal],
    note: str = "", takes_back: Delivery | None = None,
) -> Delivery:  # fmt: skip
    """Number and write the delivery, and note on the order lines what went out or came back."""
    if not lines:
        raise NothingToPost
    number = next_number(Series.DELIVERY, day)
    delivery = model.objects.create(number=number, order=order, day=day, note=note, takes_back=takes_back)
    for line, quantity in lines.items():
        DeliveryLine.objects.create(delivery=delivery, order_line=line, quantity=quantity)
        step = -quantity if takes_back else quantity
        OrderLine.objects.filter(pk=line.pk).update(delivered=F("delivered") + step)
    if takes_back:
        stock.take_in(delivery, takes_back, lines)
    else:
        stock.issue(delivery, lines)
    return delivery
