"""Writing what was sold, what came back, and what serving it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import bulk, commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.core.money import convert
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.models import CostToServe, Order, OrderLine
from clientier.rooms.trade.queries import Rates

IN_BASE = ("amount_base", "discount_base", "cost_base", "freight_base")


class RateMissing(DomainError):
    """Money in a currency whose rate is not known cannot be added to the rest."""

    code = "rate_missing"
    message = gettext_lazy(
        "The rate of this currency is not known for that day. Enter it under currency rates."
    )


@command("cost.record", needs="add")
def record_cost(model: type[CostToServe], *, actor: Actor, changes: dict[str, Any]) -> CostToServe:
    """Enter a cost to serve; its amount in the base currency follows from the day's rate."""
    return commands.apply(_in_base(model(), changes), changes, actor)


@command("cost.correct", needs="change")
def correct_cost(cost: CostToServe, *, actor: Actor, changes: dict[str, Any]) -> CostToServe:
    return commands.apply(_in_base(cost, changes), changes, actor)


def _in_base(cost: CostToServe, changes: dict[str, Any]) -> CostToServe:
    facts = {name: changes.get(name, getattr(cost, name)) for name in ("amount", "currency", "day")}
    rate = Rates(organisation().base_currency).at(facts["currency"], facts["day"])
    if rate is None:
        raise RateMissing
    cost.amount_base = convert(Decimal(facts["amount"]), rate)
    return cost


def write_orders(orders: Sequence[Mapping[str, Any]], *, actor: Actor) -> bulk.Outcome:
    """Create or update order headers by number. Rows hold stored columns."""
    return bulk.upsert(Order, orders, key=("number",), actor=actor)


def write_lines(lines: Sequence[Mapping[str, Any]], *, actor: Actor) -> bulk.Outcome:
    """Create or update order lines by order and line number, with their money in the base currency.

    Rows hold stored columns; ``rate_to_base`` beside them prices the line in the base currency.
    The orders' own sums are set anew by ``total_orders``.
    """
    return bulk.upsert(
        OrderLine, [priced(line) for line in lines], key=("order_id", "line_no"), actor=actor, derived=IN_BASE
    )


def priced(line: Mapping[str, Any]) -> dict[str, Any]:
    """The line with its amounts in the base currency instead of the rate."""
    rate = line["rate_to_base"]
    known = {name: value for name, value in line.items() if name != "rate_to_base"}
    money = {
        f"{name}_base": None if known.get(name) is None else convert(known[name], rate)
        for name in ("amount", "discount", "cost", "freight")
        if name in known
    }
    return {**known, **money}


def total_orders(order_ids: Sequence[int]) -> None:
    """Set the sums that orders keep for lists from their lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE trade_order o SET amount = s.amount, amount_base = s.amount_base FROM ("
            "SELECT order_id, sum(amount) AS amount, sum(amount_base) AS amount_base "
            "FROM trade_orderline WHERE order_id = ANY(%s) GROUP BY order_id) s WHERE s.order_id = o.id "
            "AND (o.amount, o.amount_base) IS DISTINCT FROM (s.amount, s.amount_base)",
            [list(order_ids)],
        )


def rate_missing_words(currency: str, day: Any) -> str:
    return _("no rate of %(currency)s is known for %(day)s or before") % {"currency": currency, "day": day}
