"""Who has which product installed, alone or within another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.catalog.models import Component, Installation, Product
from clientier.rooms.catalog.queries.quantities import written
from clientier.rooms.catalog.queries.structure import uses_of
from clientier.rooms.parties.models import Customer

SHOWN = 8
AT_CUSTOMER = Referring(Installation, "customer")


@dataclass(frozen=True)
class Holders:
    """Installed products that are, or contain, a product; ``inside`` says how many of it are in one of each."""

    found: QuerySet[Installation]
    inside: dict[int, Decimal]


def may_see(actor: Actor) -> bool:
    """Whether the actor sees who has what at all."""
    readable = access.fields(actor, Installation).readable
    return actor.reach(Installation, "view") is not Reach.NONE and {"customer", "product"} <= readable


def holders_of(actor: Actor, product: Product, day: dt.date) -> Holders:
    """The installations in reach, not removed by that day, of the product and of all that it is in.

    Who does not see bills of materials is told of the product alone.
    """
    inside = {product.pk: Decimal(1)}
    if actor.reach(Component, "view") is not Reach.NONE:
        inside |= {each.product: each.quantity for each in uses_of(product.pk)}
    found = access.visible(actor, Installation).filter(_in_use(day), product__in=inside)
    if actor.reach(Installation, "view") > actor.reach(Customer, "view"):
        found = found.filter(customer__in=access.visible(actor, Customer))
    return Holders(found.select_related("customer", "product"), inside)


def told(actor: Actor, holders: Holders, installations: list[Installation]) -> list[dict[str, Any]]:
    """The installations as a page names them, with how many of the product are in each."""
    readable = access.fields(actor, Installation).readable
    return [
        {
            "customer": each.customer,
            "customer_url": reverse("customers-detail", args=[each.customer_id]),
            "product": each.product,
            "product_url": reverse("products-detail", args=[each.product_id]),
            "url": reverse("installations-detail", args=[each.pk]),
            "serial_number": each.serial_number if "serial_number" in readable else "",
            "quantity": written(each.quantity) if "quantity" in readable else "",
            "inside": written(each.quantity * holders.inside[each.product_id])
            if "quantity" in readable
            else "",
            "since": formats.day(each.installed_on)
            if each.installed_on and "installed_on" in readable
            else "",
        }
        for each in installations
    ]


def totals(actor: Actor, holders: Holders) -> dict[str, str]:
    """How many customers have the product, and how many of it in all."""
    facts = {"customers": formats.number(holders.found.values("customer").distinct().count()), "quantity": ""}
    if "quantity" in access.fields(actor, Installation).readable:
        sums = holders.found.order_by().values_list("product").annotate(Sum("quantity"))
        facts["quantity"] = written(sum((holders.inside[key] * total for key, total in sums), Decimal()))
    return facts


def holders_on_product(actor: Actor, product: Product, setting: Setting) -> dict[str, Any] | None:
    """The first customers who have the product, and the way to all of them."""
    if not may_see(actor):
        return None
    holders = holders_of(actor, product, setting.today)
    first = list(holders.found.order_by("customer__sort_key", "pk")[: SHOWN + 1])
    adding = _adding(actor, f"product={product.pk}", reverse("products-detail", args=[product.pk]))
    if not first:
        return None
    more = reverse("product-holders", args=[product.pk])
    return {
        "holders": told(actor, holders, first[:SHOWN]),
        "more_url": more,
        "add_url": adding,
        "own": product,
    }


def installed_on_customer(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """What stands at a customer's; what was removed is named apart."""
    if not may_see(actor):
        return None
    adding = _adding(actor, f"customer={customer.pk}", reverse("customers-detail", args=[customer.pk]))
    here = access.visible(actor, Installation).filter(customer=customer)
    found = list(here.order_by("product__sort_key", "pk")[:50]) if AT_CUSTOMER.may_be(customer) else []
    if not found:
        return None
    gone = {each.pk for each in found if each.removed_on and each.removed_on <= setting.today}
    alone = Holders(here, dict.fromkeys((each.product_id for each in found), Decimal(1)))
    rows = told(actor, alone, found)
    split = list(zip(found, rows, strict=True))
    return {
        "held": [row for each, row in split if each.pk not in gone],
        "removed": [row for each, row in split if each.pk in gone],
        "add_url": adding,
    }


def _in_use(day: dt.date) -> Q:
    return Q(removed_on__isnull=True) | Q(removed_on__gt=day)


def _adding(actor: Actor, fixed: str, back: str) -> str:
    if actor.reach(Installation, "add") is Reach.NONE:
        return ""
    return f"{reverse('installations-create')}?{fixed}&next={back}"
