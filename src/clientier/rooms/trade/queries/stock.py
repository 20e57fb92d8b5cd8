"""What is kept in stock, what is short, and who gets it: by tier, then by the day promised, then by the day ordered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from clientier.rooms.catalog.choices.prices import PricedTier
from clientier.rooms.catalog.models import Warehouse
from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.models import OrderLine, Reservation, StockLevel
from clientier.rooms.trade.queries.tiers import tiers_of

TIERS = ("important", "major", "ordinary", "small")
QUANTITY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=18, decimal_places=4)


def kept_in_stock(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Those of the lines whose goods lie in a warehouse, in the order of their products; none where there is none."""
    if not Warehouse.objects.filter(active=True).exists():
        return []
    stocked = [line for line in lines if line.product is not None and line.product.stocked]
    return sorted(stocked, key=lambda line: (line.product_id or 0, line.pk))


def waiting() -> QuerySet[Any]:
    """Lines of open orders of which goods are still to go out, with what is reserved for each."""
    kept = Reservation.objects.filter(order_line=OuterRef("pk")).values("order_line")
    reserved = Subquery(kept.annotate(all=Sum("quantity")).values("all"))
    return (
        OrderLine.objects.filter(
            order__state=OrderState.OPEN, product__stocked=True, delivered__lt=F("quantity")
        )
        .annotate(kept=Coalesce(reserved, Value(Decimal(0)), output_field=QUANTITY))
        .select_related("order__customer", "product")
    )


def tier_words(tier: str) -> str:
    return str(PricedTier(tier).label) if tier in PricedTier.values else ""


@dataclass(frozen=True)
class Share:
    """What a waiting line wants, has, and would get; ``rank`` is its tier's place, ``why`` its three reasons."""

    line: OrderLine
    wants: Decimal
    has: Decimal
    gets: Decimal
    tier: str
    pinned: bool


def ranking(line: OrderLine, tier: str) -> tuple[int, dt.date, dt.date, int]:
    """Who comes first: the higher tier, then who was promised earlier, then who ordered earlier."""
    place = TIERS.index(tier) if tier in TIERS else len(TIERS)
    return place, line.order.promised_on or dt.date.max, line.order.day, line.pk


def allocation(product_id: int) -> list[Share]:
    """How what lies there of a product is divided among the lines that wait for it, the first before the others.

    What somebody decided by hand stays as it is.
    """
    lines = list(waiting().filter(product=product_id))
    tiers = tiers_of(sorted({line.order.customer_id for line in lines}))
    pinned = {line.pk for line in lines if line.reserved_by_hand is not None}
    levels = StockLevel.objects.filter(product=product_id)
    left = levels.aggregate(all=Coalesce(Sum("on_hand"), Value(Decimal(0)), output_field=QUANTITY))["all"]
    left -= sum((line.kept for line in lines if line.pk in pinned), Decimal(0))
    shares = []
    for line in sorted(lines, key=lambda each: ranking(each, tiers.get(each.order.customer_id, ""))):
        wants = line.quantity - line.delivered
        gets = line.kept if line.pk in pinned else min(wants, left)
        left -= Decimal(0) if line.pk in pinned else gets
        tier = tiers.get(line.order.customer_id, "")
        shares.append(Share(line, wants, line.kept, gets, tier, line.pk in pinned))
    return shares


def shortages() -> list[dict[str, object]]:
    """Products of which more is wanted than lies there, the shortest first."""
    demand = (
        waiting().values("product").annotate(wanted=Sum(F("quantity") - F("delivered"))).order_by("product")
    )
    wanted = {each["product"]: each["wanted"] for each in demand}
    levels = StockLevel.objects.filter(product__in=wanted).values("product")
    there = {each["product"]: each["all"] for each in levels.annotate(all=Sum("on_hand")).order_by("product")}
    short = [
        {"product": key, "wanted": amount, "there": there.get(key, Decimal(0))}
        for key, amount in wanted.items()
        if amount > there.get(key, Decimal(0))
    ]
    return sorted(short, key=lambda each: each["there"] - each["wanted"])
