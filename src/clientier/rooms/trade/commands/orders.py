"""Writing orders and their lines, many at once, and taking such writing back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from clientier.core import bulk, ledger
from clientier.core.actor import Actor
from clientier.core.money import convert
from clientier.rooms.trade.choices.orders import SaleCounts
from clientier.rooms.trade.models import Order, OrderLine

Row = Mapping[str, Any]
MONEY = tuple((name, f"{name}_base") for name in ("amount", "discount", "cost", "freight"))
SUMS = ("amount", "amount_base")
IN_BASE = tuple(in_base for _name, in_base in MONEY)


def write_orders(
    orders: Sequence[Row], *, actor: Actor, currency_of_new: str | None = None, action: str = "change"
) -> bulk.Outcome:
    """Create or update order headers by number. Rows hold stored columns.

    They may hold the sums that new orders begin with, which spares writing those twice.
    ``currency_of_new`` is that of new orders where the rows lack it; ``action`` is the right that is needed.
    """
    return bulk.upsert(
        Order,
        orders,
        key=("number",),
        actor=actor,
        derived=SUMS,
        only_new=SUMS,
        defaults={"currency": currency_of_new} if currency_of_new else {},
        action=action,
    )


def write_lines(
    lines: Sequence[Row], *, actor: Actor, cost_follows: bool = False, action: str = "change"
) -> bulk.Outcome:
    """Create or update order lines by order and line number, with their money in the base currency.

    Rows hold stored columns; ``rate_to_base`` beside them prices the line in the base currency.
    With ``cost_follows`` the cost is the product's of today, and lines that exist keep theirs.
    The orders' own sums are set anew by ``total_orders``.
    """
    cost = ("cost", "cost_base") if cost_follows else ()
    return bulk.upsert(
        OrderLine,
        [priced(line) for line in lines],
        key=("order_id", "line_no"),
        actor=actor,
        derived=(*IN_BASE, *cost),
        only_new=cost,
        action=action,
    )


def priced(line: Row) -> dict[str, Any]:
    """The line with its amounts in the base currency instead of the rate."""
    made = dict(line)
    rate = made.pop("rate_to_base")
    for name, in_base in MONEY:
        if name in made:
            value = made[name]
            made[in_base] = value if value is None or rate == 1 else convert(value, rate)
    return made


def known_orders(numbers: Sequence[str]) -> dict[str, tuple[int, str, str]]:
    """Id, kind and currency of those of these orders that exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, id, kind, currency FROM trade_order WHERE number = ANY(%s)", [list(numbers)]
        )
        return {number: (pk, kind, currency) for number, pk, kind, currency in cursor.fetchall()}


def kept_here(numbers: Sequence[str]) -> set[str]:
    """Those of these orders that were entered here, and change by their documents alone."""
    found = Order.objects.filter(number__in=list(numbers), counts=SaleCounts.INVOICED)
    return set(found.values_list("number", flat=True))


def total_orders(order_ids: Sequence[int]) -> None:
    """Set the sums that orders keep for lists from their lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE trade_order o SET amount = s.amount, amount_base = s.amount_base FROM ("
            "SELECT t.id, coalesce(sum(l.amount), 0) AS amount, "
            "coalesce(sum(l.amount_base), 0) AS amount_base "
            "FROM trade_order t LEFT JOIN trade_orderline l ON l.order_id = t.id "
            "WHERE t.id = ANY(%s) GROUP BY t.id) s WHERE s.id = o.id "
            "AND (o.amount, o.amount_base) IS DISTINCT FROM (s.amount, s.amount_base)",
            [list(order_ids)],
        )


@transaction.atomic
def take_back_orders(
    *, actor: Actor, request_id: UUID, since: dt.datetime | None = None, leave_changed: bool = False
) -> int:
    """Undo what one request did to orders and their lines; the sums of orders that stay are set anew.

    With ``leave_changed`` orders that were changed since stay as they are, with all their lines.
    """
    facts: dict[str, Any] = {"actor": actor, "request_id": request_id, "since": since}
    changed = ledger.changed_since(Order, request_id=request_id, since=since) if leave_changed else set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT order_id FROM trade_orderline WHERE id IN "
            "(SELECT record_id FROM core_bulkchange WHERE request_id = %s AND record = 'trade.orderline')",
            [request_id],
        )
        touched = [order_id for (order_id,) in cursor.fetchall()]
    lines = ledger.undo(OrderLine, **facts, leave_changed=leave_changed, leave_below=("order_id", changed))
    orders = ledger.undo(Order, **facts, leave_changed=leave_changed)
    total_orders(touched)
    return lines + orders
