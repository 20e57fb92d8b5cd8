"""Stock is never oversold, goes first to whom it matters most, and every level is the sum of its moves."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Sum

from clientier.core.actor import system
from clientier.rooms.catalog.models import Product
from clientier.rooms.trade.commands.allocating import allocate, decide
from clientier.rooms.trade.commands.deliveries import deliver_order, take_delivery_back
from clientier.rooms.trade.commands.sales import cancel_order, close_order
from clientier.rooms.trade.commands.stock import NotInStock, move_stock, transfer_stock
from clientier.rooms.trade.models import Order, OrderLine, Reservation, StockLevel, StockMove
from clientier.rooms.trade.queries import tiers
from clientier.rooms.trade.queries.stock import allocation, shortages
from tests import factories as make

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"actor": system()}


def ordered(product: Product, quantity: int, **facts: Any) -> OrderLine:
    """A line of an open order for so much of the product."""
    line = make.line_facts(product=product, quantity=Decimal(quantity))
    return make.some_open_order(lines=[line], **facts).lines.get()


def kept(line: OrderLine) -> Decimal:
    return sum(line.reservations.values_list("quantity", flat=True), Decimal(0))


def level(product: Product) -> tuple[Decimal, Decimal]:
    sums = StockLevel.objects.filter(product=product).aggregate(on=Sum("on_hand"), kept=Sum("reserved"))
    return sums["on"], sums["kept"]


def adds_up() -> None:
    """Levels are the sums of moves and of reservations."""
    for each in StockLevel.objects.all():
        moves = StockMove.objects.filter(product=each.product, warehouse=each.warehouse)
        kept_here = Reservation.objects.filter(order_line__product=each.product, warehouse=each.warehouse)
        assert each.on_hand == (moves.aggregate(all=Sum("quantity"))["all"] or 0)
        assert each.reserved == (kept_here.aggregate(all=Sum("quantity"))["all"] or 0)


def test_an_open_order_reserves_and_its_delivery_issues() -> None:
    product = make.some_product()
    make.some_stock(product, 6)
    make.some_stock(product, 5)
    line = ordered(product, 8)
    assert (kept(line), level(product)) == (8, (11, 8))
    deliver_order(line.order, **WHO, day=make.DAY, quantities={line.pk: Decimal(3)})
    assert (kept(line), level(product)) == (5, (8, 5))
    take_delivery_back(line.order.deliveries.get(), **WHO, day=make.DAY)
    assert level(product) == (11, 5)
    adds_up()
    close_order(line.order, **WHO, reason="Enough")
    assert level(product) == (11, 0)
    adds_up()


def test_what_is_reserved_for_others_is_not_delivered_moved_or_sent_away() -> None:
    product = make.some_product()
    place = make.some_stock(product, 5)
    first, second = ordered(product, 4), ordered(product, 4)
    assert (kept(first), kept(second)) == (4, 1)
    for refused in (
        lambda: deliver_order(second.order, **WHO, day=make.DAY),
        lambda: move_stock(StockMove, **WHO, changes={"product": product, "warehouse": place, "kind": "issue",
                                                      "quantity": Decimal(1), "day": make.DAY}),
        lambda: transfer_stock(StockMove, **WHO, product=product, source=place, target=make.some_warehouse(),
                               quantity=Decimal(1), day=make.DAY),
    ):  # fmt: skip
        with pytest.raises(NotInStock):
            refused()
    assert level(product) == (5, 5)
    cancel_order(first.order, **WHO, reason="Not wanted")
    allocate(product, system())
    assert kept(second) == 4
    adds_up()


def test_a_count_sets_what_lies_there_and_keeps_the_difference() -> None:
    product = make.some_product()
    place = make.some_stock(product, 10)
    facts = {"product": product, "warehouse": place, "kind": "count", "quantity": Decimal(7), "day": make.DAY}
    counted = move_stock(StockMove, **WHO, changes=facts)
    assert (counted.quantity, level(product)) == (-3, (7, 0))


def test_services_and_houses_without_a_warehouse_keep_no_stock() -> None:
    line = ordered(make.some_product(), 3)
    deliver_order(line.order, **WHO, day=make.DAY)
    make.some_warehouse()
    service = ordered(make.some_product(kind="service", stocked=False), 3)
    deliver_order(service.order, **WHO, day=make.DAY)
    assert not StockMove.objects.exists()


def test_in_a_shortage_the_tier_decides_then_the_promise_then_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product, days = make.some_product(), [make.DAY + dt.timedelta(days=n) for n in range(9)]
    make.some_stock(product, 25)
    lines = [
        ordered(product, 10, promised_on=days[5]),
        ordered(product, 10, promised_on=days[2]),
        ordered(product, 10, promised_on=days[8]),
    ]
    told = dict(zip([line.order.customer_id for line in lines], ["major", "major", "important"], strict=True))
    monkeypatch.setattr(
        tiers,
        "_tellers",
        [(lambda keys: {key: told[key] for key in keys}, lambda customer: told[customer.pk])],
    )
    assert [kept(line) for line in lines] == [10, 10, 5]
    assert [(share.line, share.gets) for share in allocation(product.pk)] == [
        (lines[2], 10), (lines[1], 10), (lines[0], 5),
    ]  # fmt: skip
    assert allocate(product, system()) == 2
    assert [kept(line) for line in lines] == [5, 10, 10]
    assert [(each["product"], each["wanted"], each["there"]) for each in shortages()] == [
        (product.pk, 30, 25)
    ]
    decide(lines[0], **WHO, quantity=Decimal(10), reason="Promised by the director")
    assert [kept(line) for line in lines] == [10, 5, 10]
    allocate(product, system())
    assert kept(lines[0]) == 10
    adds_up()


def test_moves_and_levels_cannot_be_made_wrong() -> None:
    product = make.some_product()
    make.some_stock(product, 5)
    for statement in (
        "UPDATE trade_stockmove SET quantity = 50", "DELETE FROM trade_stockmove",
        "UPDATE trade_stocklevel SET on_hand = -1", "UPDATE trade_stocklevel SET reserved = 6",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_want_the_last_pieces_at_once_get_no_more_than_there_is() -> None:
    product, customer = make.some_product(), make.some_customer()
    make.some_stock(product, 30)
    make.some_stock(product, 7)

    def order(number: int) -> Decimal:
        try:
            lines = [make.line_facts(product=product, quantity=Decimal(3))]
            made = make.some_open_order(customer, lines, number=f"RACE-{number}")
            return kept(made.lines.get())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=20) as pool:
        got = list(pool.map(order, range(20)))
    assert sum(got) == 37
    assert level(product) == (37, 37)
    assert Order.objects.filter(number__startswith="RACE").count() == 20
    adds_up()
