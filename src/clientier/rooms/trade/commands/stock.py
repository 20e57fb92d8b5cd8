"""Stock: moved, counted, reserved for orders, issued with deliveries; never more than there is.

Whoever changes stock locks the levels of the products first, always in the order of their keys, so that orders that
want the last piece at the same moment wait for each other and none is promised what another has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientier.core import commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.catalog.models import Product, Warehouse
from clientier.rooms.trade.choices.stock import MoveKind
from clientier.rooms.trade.models import Delivery, Order, OrderLine, Reservation, StockLevel, StockMove
from clientier.rooms.trade.queries.stock import kept_in_stock

NOTHING = Decimal(0)


class NotInStock(DomainError):
    """More is asked for than lies there free."""

    code = "not_in_stock"
    message = _("There is less in stock than this takes. Nothing was changed.")


@command("stock.move", needs="add", final=True)
def move_stock(model: type[StockMove], *, actor: Actor, changes: Mapping[str, Any]) -> StockMove:
    """Goods come in or go out beside any order; a count sets what lies there, and the move is the difference."""
    move = model()
    facts = dict(changes)
    level = lock_levels([facts["product"].pk], [facts["warehouse"]])[0]
    if facts["kind"] == MoveKind.COUNT:
        facts["quantity"] = facts["quantity"] - level.on_hand
    elif facts["kind"] == MoveKind.ISSUE:
        facts["quantity"] = -abs(facts["quantity"])
    commands.apply(move, facts, actor)
    _change(level, move.quantity)
    return move


@command("stock.transfer", needs="add", final=True)
def transfer_stock(
    model: type[StockMove], *, actor: Actor, product: Product, source: Warehouse, target: Warehouse,
    quantity: Decimal, day: dt.date, reason: str = "",
) -> StockMove:  # fmt: skip
    """Goods go from one warehouse to another, in one step."""
    levels = {level.warehouse_id: level for level in lock_levels([product.pk], [source, target])}
    if quantity <= 0 or source == target:
        raise NotInStock
    facts = {"product": product, "kind": MoveKind.TRANSFER, "day": day, "reason": reason}
    out = commands.apply(model(), {**facts, "warehouse": source, "quantity": -quantity}, actor)
    commands.create(model, actor=actor, changes={**facts, "warehouse": target, "quantity": quantity})
    _change(levels[source.pk], -quantity)
    _change(levels[target.pk], quantity)
    return out


def lock_levels(products: Iterable[int], warehouses: Iterable[Warehouse] | None = None) -> list[StockLevel]:
    """The levels of these products, locked in the order of product and warehouse, and made where there were none."""
    wanted = sorted(set(products))
    if warehouses is None:
        holding = Q(stock_levels__product__in=wanted, stock_levels__on_hand__gt=0)
        warehouses = Warehouse.objects.filter(Q(active=True) | holding).distinct()
    places = list(warehouses)
    missing = [StockLevel(product_id=key, warehouse=place) for key in wanted for place in places]
    StockLevel.objects.bulk_create(missing, ignore_conflicts=True)
    found = StockLevel.objects.select_for_update().filter(product__in=wanted, warehouse__in=places)
    return list(found.order_by("product_id", "warehouse_id"))


def reserve_order(order: Order) -> None:
    """Keep for the order what lies there free, as far as it goes; what is short stays to be allocated."""
    lines = kept_in_stock(order.lines.all())
    levels = lock_levels({line.product_id for line in lines if line.product_id})
    for line in lines:
        keep(line, levels, wanted(line))


def wanted(line: OrderLine) -> Decimal:
    """What of a line is neither delivered nor reserved."""
    kept = sum(line.reservations.values_list("quantity", flat=True), NOTHING)
    return line.quantity - line.delivered - kept


def keep(line: OrderLine, levels: list[StockLevel], quantity: Decimal) -> Decimal:
    """Reserve so much for a line on locked levels, where most is free first; returns how much there was of it."""
    got = NOTHING
    ours = [level for level in levels if level.product_id == line.product_id]
    for level in sorted(ours, key=lambda each: (each.reserved - each.on_hand, each.warehouse_id)):
        here = min(quantity - got, level.on_hand - level.reserved)
        if here <= 0:
            continue
        kept, _made = Reservation.objects.get_or_create(
            order_line=line, warehouse_id=level.warehouse_id, defaults={"quantity": NOTHING}
        )
        kept.quantity += here
        kept.save()
        level.reserved += here
        level.save(update_fields=["reserved"])
        got += here
    return got


def let_go(lines: Iterable[OrderLine], levels: list[StockLevel]) -> None:
    """Give back what is reserved for these lines."""
    places = {(level.product_id, level.warehouse_id): level for level in levels}
    found = Reservation.objects.filter(order_line__in=list(lines)).select_related("order_line")
    for kept in found:
        level = places[kept.order_line.product_id or 0, kept.warehouse_id]
        level.reserved -= kept.quantity
        level.save(update_fields=["reserved"])
        kept.delete()


def release_order(order: Order) -> None:
    """Nothing is kept any longer for an order that ended."""
    lines = list(order.lines.filter(reservations__isnull=False).distinct())
    if lines:
        let_go(lines, lock_levels({line.product_id for line in lines if line.product_id}, _places(lines)))


def issue(delivery: Delivery, lines: Mapping[OrderLine, Decimal]) -> None:
    """Take what is delivered out of stock: what is reserved for the line, then what is free; NotInStock if short."""
    stocked = kept_in_stock(lines)
    levels = lock_levels({line.product_id for line in stocked if line.product_id})
    for line in stocked:
        left = lines[line]
        for level in [each for each in levels if each.product_id == line.product_id]:
            kept = line.reservations.filter(warehouse=level.warehouse_id).first()
            mine = min(left, kept.quantity) if kept else NOTHING
            if kept and mine:
                _use(kept, mine)
                level.reserved -= mine
                _leave(level, mine, delivery)
                left -= mine
        for level in [each for each in levels if each.product_id == line.product_id]:
            if free := min(left, level.on_hand - level.reserved):
                _leave(level, free, delivery)
                left -= free
        if left:
            raise NotInStock


def take_in(delivery: Delivery, out: Delivery, lines: Mapping[OrderLine, Decimal]) -> None:
    """Goods that came back lie again where they were taken from."""
    for line in kept_in_stock(lines):
        left = lines[line]
        moves = list(out.stock_moves.filter(product=line.product_id).order_by("pk"))
        levels = lock_levels([line.product_id or 0], [move.warehouse for move in moves])
        for move, level in zip(moves, levels, strict=False):
            here = min(left, -move.quantity)
            StockMove.objects.create(
                day=delivery.day, product_id=level.product_id, warehouse_id=level.warehouse_id,
                kind=MoveKind.RETURN, quantity=here, delivery=delivery,
            )  # fmt: skip
            _change(level, here)
            left -= here


def _places(lines: Iterable[OrderLine]) -> list[Warehouse]:
    return list(Warehouse.objects.filter(reservations__order_line__in=list(lines)).distinct())


def _use(kept: Reservation, quantity: Decimal) -> None:
    kept.quantity -= quantity
    if kept.quantity:
        kept.save(update_fields=["quantity"])
    else:
        kept.delete()


def _leave(level: StockLevel, quantity: Decimal, delivery: Delivery) -> None:
    StockMove.objects.create(
        day=delivery.day, product_id=level.product_id, warehouse_id=level.warehouse_id, kind=MoveKind.DELIVERY,
        quantity=-quantity, delivery=delivery,
    )  # fmt: skip
    level.on_hand -= quantity
    level.save(update_fields=["on_hand", "reserved"])


def _change(level: StockLevel, quantity: Decimal) -> None:
    """Move a locked level; what is reserved stays covered."""
    if level.on_hand + quantity < level.reserved:
        raise NotInStock
    StockLevel.objects.filter(pk=level.pk).update(on_hand=F("on_hand") + quantity)
    level.on_hand += quantity
