"""Prices as cards show them: of a product in all its lists, of a list, and what was agreed with a customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.catalog.models import Price, PriceList, Product
from clientier.rooms.catalog.queries.quantities import written
from clientier.rooms.parties.models import Customer

SHOWN = 50
AGREED = Referring(PriceList, "customer")
IN_LISTS = Referring(Price, "product")


def prices_on_product(actor: Actor, product: Product, setting: Setting) -> dict[str, Any] | None:
    """What a product costs in the lists in reach, those that hold today first."""
    adding = _adding(actor, f"product={product.pk}", reverse("products-detail", args=[product.pk]))
    if not _may_see(actor):
        return None
    rows = []
    if IN_LISTS.may_be(product):
        found = access.visible(actor, Price).filter(product=product).select_related("price_list__customer")
        order = ("-price_list__active", "price_list__name", "price_list", "minimum_quantity")
        rows = [
            {**_told(each), "name": each.price_list, "url": reverse("price-lists-detail", args=[each.price_list_id]),
             "hint": _holds(each.price_list, setting.today)}
            for each in found.order_by(*order)[:SHOWN]
        ]  # fmt: skip
    return {"rows": rows, "heading": _("Price list"), "add_url": adding} if rows else None


def prices_on_list(actor: Actor, price_list: PriceList, setting: Setting) -> dict[str, Any] | None:
    """What a list says, by product and quantity."""
    if not _may_see(actor):
        return None
    adding = _adding(
        actor, f"price_list={price_list.pk}", reverse("price-lists-detail", args=[price_list.pk])
    )
    found = access.visible(actor, Price).filter(price_list=price_list)
    rows = [
        {
            **_told(each),
            "name": each.product,
            "url": reverse("products-detail", args=[each.product_id]),
            "hint": "",
        }
        for each in found.order_by("product__sort_key", "product", "minimum_quantity")[: SHOWN + 1]
    ]
    all_of_them = f"{reverse('prices-list')}?f=price_list:in:{price_list.pk}"
    if not rows and not adding:
        return None
    more = {"more_url": all_of_them} if len(rows) > SHOWN else {}
    return {"rows": rows[:SHOWN], "heading": _("Product"), "add_url": adding, **more}


def lists_on_customer(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The lists that were agreed with a customer, those that hold today first."""
    readable = access.fields(actor, PriceList).readable
    if actor.reach(PriceList, "view") is Reach.NONE or not {"name", "customer"} <= readable:
        return None
    if not AGREED.may_be(customer):
        return None
    found = (
        access.visible(actor, PriceList).filter(customer=customer).order_by("-active", "-valid_from", "-pk")
    )
    lists = [
        {
            "name": each.name,
            "url": reverse("price-lists-detail", args=[each.pk]),
            "hint": _holds(each, setting.today),
        }
        for each in found[:SHOWN]
    ]
    return {"lists": lists} if lists else None


def asking_on_product(actor: Actor, product: Product) -> list[dict[str, Any]]:
    """The way to what a customer would be asked for a product."""
    if not _may_see(actor) or "price" not in access.fields(actor, Product).readable:
        return []
    url = reverse("product-price", args=[product.pk])
    return [{"label": _("Price for …"), "url": url, "icon": "tag"}]


def _may_see(actor: Actor) -> bool:
    return (
        actor.reach(Price, "view") is not Reach.NONE and "unit_price" in access.fields(actor, Price).readable
    )


def _told(price: Price) -> dict[str, Any]:
    return {
        "from": written(price.minimum_quantity),
        "price": formats.with_symbol(price.unit_price, price.price_list.currency, cents=True),
        "price_url": reverse("prices-detail", args=[price.pk]),
    }


def _holds(price_list: PriceList, today: dt.date) -> str:
    if not price_list.active:
        return _("not in use")
    if price_list.valid_from and price_list.valid_from > today:
        return _("from %(day)s") % {"day": formats.day(price_list.valid_from)}
    if price_list.valid_until and price_list.valid_until < today:
        return _("ended on %(day)s") % {"day": formats.day(price_list.valid_until)}
    if price_list.valid_until:
        return _("until %(day)s") % {"day": formats.day(price_list.valid_until)}
    return ""


def _adding(actor: Actor, fixed: str, back: str) -> str:
    if actor.reach(Price, "add") is Reach.NONE:
        return ""
    return f"{reverse('prices-create')}?{fixed}&next={back}"
