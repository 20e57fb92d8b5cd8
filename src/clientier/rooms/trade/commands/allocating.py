"""Dividing what there is of a product among the orders that wait for it; a person may decide otherwise."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from clientier.core.actor import Actor, Reach
from clientier.core.commands import command
from clientier.core.errors import NotAllowed
from clientier.rooms.catalog.models import Product
from clientier.rooms.trade.commands.stock import NotInStock, keep, let_go, lock_levels, wanted
from clientier.rooms.trade.models import OrderLine, Reservation
from clientier.rooms.trade.queries.stock import allocation


@transaction.atomic
def allocate(product: Product, actor: Actor) -> int:
    """Reserve the product anew by tier, promise and order; returns for how many lines that changed something."""
    _require(actor)
    levels = lock_levels([product.pk])
    shares = allocation(product.pk)
    moved = [share for share in shares if share.gets != share.has]
    let_go([share.line for share in moved], levels)
    for share in moved:
        keep(share.line, levels, share.gets)
    return len(moved)


@command("order_line.allocate", needs="change", final=True)
def decide(line: OrderLine, *, actor: Actor, quantity: Decimal, reason: str) -> OrderLine:
    """Reserve exactly so much for a line, taking from no other decision made by hand; others get less if need be."""
    _require(actor)
    levels = lock_levels([line.product_id or 0])
    let_go([line], levels)
    if quantity < 0 or quantity > wanted(line):
        raise NotInStock
    line.reserved_by_hand, line.reserved_because = quantity, reason
    line.save(update_fields=["reserved_by_hand", "reserved_because"])
    others = [share.line for share in allocation(line.product_id or 0) if not share.pinned]
    free = sum((level.on_hand - level.reserved for level in levels), Decimal(0))
    if free < quantity:
        let_go(others, levels)
    if keep(line, levels, quantity) < quantity:
        raise NotInStock
    for other in others:
        keep(other, levels, wanted(other))
    return line


def _require(actor: Actor) -> None:
    """Who divides takes from one customer and gives to another: only who may change what is kept for all."""
    if actor.reach(Reservation, "change") is not Reach.ALL:
        raise NotAllowed
