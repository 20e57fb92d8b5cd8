"""Orders that are entered and kept here: written, opened, cancelled. Those of imported files keep their own ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from clientier.core import access, commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.trade.choices.documents import Series
from clientier.rooms.trade.choices.orders import OrderState, SaleCounts
from clientier.rooms.trade.commands import stock
from clientier.rooms.trade.commands.credit import ask_credit
from clientier.rooms.trade.commands.numbering import next_number
from clientier.rooms.trade.commands.orders import priced, total_orders
from clientier.rooms.trade.models import Order, OrderLine
from clientier.rooms.trade.queries.rates import rate_on
from clientier.rooms.trade.queries.totals import line_amount


class NotADraft(DomainError):
    code = "order_not_draft"
    message = _(
        "This order was opened before. What is wrong on it is cancelled, and ordered anew. Nothing was changed."
    )


class HasDocuments(DomainError):
    code = "order_has_documents"
    message = _(
        "Something of this order was delivered or invoiced. Take that back first. Nothing was changed."
    )


@command("order.enter", needs="add", final=True)
def enter_order(
    model: type[Order], *, actor: Actor, changes: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Order:
    """A draft of an order with its lines: the facts of ``OrderLine`` that a person enters."""
    order = model(state=OrderState.DRAFT, counts=SaleCounts.INVOICED)
    order.number = changes.get("number") or next_number(Series.ORDER, changes["day"])
    order.rate_to_base = rate_on(changes.get("currency", order.currency), changes["day"])
    commands.apply(order, {**changes, "number": order.number}, actor)
    _write(order, lines, actor)
    return order


@command("order.correct", needs="change", final=True)
def correct_order(
    order: Order, *, actor: Actor, changes: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Order:
    """Change a draft: its head, and all its lines in one go."""
    if order.state != OrderState.DRAFT:
        raise NotADraft
    day, currency = changes.get("day", order.day), changes.get("currency", order.currency)
    order.rate_to_base = rate_on(currency, day)
    commands.apply(order, dict(changes), actor)
    order.lines.all().delete()
    _write(order, lines, actor)
    return order


@command("order.open", needs="change", final=True)
def open_order(order: Order, *, actor: Actor, day: dt.date | None = None) -> Order:
    """The customer and we mean it: from now on it can be delivered and invoiced, unless it is held for want of credit.

    ``day`` is the one whose limits count; without it, the order's own.
    """
    if order.state != OrderState.DRAFT:
        raise NotADraft
    order.held_because = ask_credit(order, day or order.day)
    order.state = OrderState.HELD if order.held_because else OrderState.OPEN
    order.save()
    if order.state == OrderState.OPEN:
        stock.reserve_order(order)
    return order


@command("order.cancel", needs="change", final=True)
def cancel_order(order: Order, *, actor: Actor, reason: str) -> Order:
    """Nothing of it will happen; an order of which something happened is closed instead."""
    done = order.lines.exclude(delivered=0, invoiced=0).exists()
    if done or order.state not in (OrderState.DRAFT, OrderState.HELD, OrderState.OPEN):
        raise HasDocuments
    order.state, order.held_because = OrderState.CANCELLED, reason
    order.save()
    stock.release_order(order)
    return order


@command("order.close", needs="change", final=True)
def close_order(order: Order, *, actor: Actor, reason: str) -> Order:
    """What is left of it will not happen."""
    if order.state != OrderState.OPEN:
        raise HasDocuments
    order.state, order.held_because = OrderState.CLOSED, reason
    order.save()
    stock.release_order(order)
    return order


@command("order.drop", needs="delete")
def drop_order(order: Order, *, actor: Actor) -> Order:
    """Delete an order of which nothing happened: a draft, a cancelled one, or one that came from elsewhere."""
    if order.counts == SaleCounts.INVOICED and order.state not in (OrderState.DRAFT, OrderState.CANCELLED):
        raise HasDocuments
    return cast(Order, commands.take_away(order))


@command("order.drop_line", needs="delete")
def drop_line(line: OrderLine, *, actor: Actor) -> OrderLine:
    """Delete a line of a draft, or of an order that came from elsewhere; the order's sums follow."""
    if line.order.counts == SaleCounts.INVOICED and line.order.state != OrderState.DRAFT:
        raise HasDocuments
    order_id = line.order_id
    commands.take_away(line)
    total_orders([order_id])
    return line


def _write(order: Order, lines: Sequence[Mapping[str, Any]], actor: Actor) -> None:
    """Write the lines in their order, with their money in the base currency, and add them up."""
    access.require(actor, OrderLine, "add")
    for number, facts in enumerate(lines, start=1):
        line = OrderLine(order=order, line_no=number, **facts)
        line.amount = line_amount(line.quantity, line.unit_price, line.discount, order.currency)
        money = {"amount": line.amount, "discount": line.discount, "cost": line.cost}
        worth = priced({**money, "rate_to_base": order.rate_to_base})
        for name in ("amount_base", "discount_base", "cost_base"):
            setattr(line, name, worth[name])
        line.full_clean()
        line.save()
    total_orders([order.pk])
    order.refresh_from_db(fields=["amount", "amount_base"])
