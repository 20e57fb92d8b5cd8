"""Prices with their reasons, what is in what, and who has it, as JSON. Lists and single ones are the kit's."""

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Field, Router, Schema

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.core.money import Currency
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.catalog.choices.prices import PricedTier
from clientier.rooms.catalog.models import Component, Installation, Price, Product
from clientier.rooms.catalog.queries import holders, prices, structure, trees
from clientier.rooms.catalog.queries.tiers import tier_of
from clientier.rooms.parties.models import Customer

MOST_LINES = 1000
MOST_HOLDERS = 500


class Line(Written):
    product: int
    quantity: Decimal = Field(Decimal(1), gt=0, max_digits=18, decimal_places=4)


class PricesIn(Written):
    """For whom and when. Without a tier, that of the customer; without either, prices for everybody; without a day,
    today's.
    """

    lines: list[Line] = Field(max_length=MOST_LINES)
    currency: Currency
    customer: int | None = None
    tier: PricedTier | None = None
    day: dt.date | None = None


class QuotedOut(Schema):
    """The price of one unit (none where there is none), the list that it is from, and why."""

    product: int
    quantity: Decimal
    price: Decimal | None
    price_list: int | None
    why: str


class PartOut(Schema):
    """A product that is in another, or that another is in: steps at the nearest, quantity in all in one unit."""

    product: int
    level: int
    quantity: Decimal


class HolderOut(Schema):
    """An installed product that is, or contains, the product; ``inside`` is how many of it are in all of these."""

    installation: int
    customer: int
    product: int
    quantity: Decimal
    inside: Decimal


def router() -> Router:
    """Prices for many lines, the parts and uses of a product, and the installations that contain it."""
    made = Router(tags=["products"])
    _prices(made)
    _structure(made)
    return made


def _prices(made: Router) -> None:
    @made.post("/prices", response={200: list[QuotedOut], **PROBLEMS}, operation_id="products_prices")
    def quote(request: Asking, body: PricesIn) -> Any:
        access.require(request.actor, Price, "view")
        _require_fields(request, Price, "unit_price")
        _require_fields(request, Product, "price")
        tier: str = body.tier or ""
        if body.customer is not None:
            customer = access.get(request.actor, Customer, body.customer)
            tier = tier or tier_of(request.actor, customer)
        seen = set(
            access.visible(request.actor, Product)
            .filter(pk__in=[each.product for each in body.lines])
            .values_list("pk", flat=True)
        )
        asked = [
            prices.Asked(each.product if each.product in seen else 0, each.quantity) for each in body.lines
        ]
        found = prices.prices_for(
            asked, customer=body.customer, tier=tier, currency=body.currency,
            day=body.day or request.setting.today,
        )  # fmt: skip
        return [
            {**line.model_dump(), "price": each.price, "price_list": each.price_list, "why": each.why}
            for line, each in zip(body.lines, found, strict=True)
        ]


def _structure(made: Router) -> None:
    @made.get("/{int:pk}/parts", response={200: list[PartOut], **PROBLEMS}, operation_id="products_parts")
    def parts(request: Asking, pk: int) -> Any:
        return structure.parts_of(_product_with_structure(request, pk))

    @made.get("/{int:pk}/uses", response={200: list[PartOut], **PROBLEMS}, operation_id="products_uses")
    def uses(request: Asking, pk: int) -> Any:
        return structure.uses_of(_product_with_structure(request, pk))

    @made.get(
        "/{int:pk}/holders", response={200: list[HolderOut], **PROBLEMS}, operation_id="products_holders"
    )
    def who_has_it(request: Asking, pk: int, start: int = 0) -> Any:
        """At most 500 at once; ``start`` is how many to pass over."""
        product = access.get(request.actor, Product, pk)
        access.require(request.actor, Installation, "view")
        if not holders.may_see(request.actor):
            raise NotAllowed
        _require_fields(request, Installation, "quantity")
        known = holders.holders_of(request.actor, product, request.setting.today)
        start = max(start, 0)
        return [
            {
                "installation": each.pk, "customer": each.customer_id, "product": each.product_id,
                "quantity": each.quantity, "inside": each.quantity * known.inside[each.product_id],
            }
            for each in known.found.order_by("pk")[start : start + MOST_HOLDERS]
        ]  # fmt: skip


def _product_with_structure(request: Asking, pk: int) -> int:
    product = access.get(request.actor, Product, pk)
    access.require(request.actor, Component, "view")
    if not trees.may_see(request.actor):
        raise NotAllowed
    _require_fields(request, Component, "quantity")
    return product.pk


def _require_fields(request: Asking, model: type[Any], *names: str) -> None:
    if not access.fields(request.actor, model).readable.issuperset(names):
        raise NotAllowed
