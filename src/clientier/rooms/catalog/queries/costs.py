"""What products cost, on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.catalog.models import CostChange, Product

SHOWN = 12


def cost_on(product: Product, day: dt.date) -> Decimal | None:
    """What one unit cost on that day, in the product's currency; None before the first cost that is known."""
    return costs_on([product.pk], day).get(product.pk)


def costs_on(products: Collection[int] | None, day: dt.date) -> dict[int, Decimal]:
    """The costs of these products (None: of all) on that day, by their keys, with one query."""
    found = CostChange._base_manager.filter(from_day__lte=day)
    if products is not None:
        found = found.filter(product__in=products)
    last = found.order_by("product_id", "-from_day").distinct("product_id")
    return dict(last.values_list("product_id", "cost"))


def today() -> dt.date:
    """The day by which the database keeps the history of costs: that of the company, now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_today()")
        day: dt.date = cursor.fetchone()[0]
    return day


def costs_on_card(actor: Actor, product: Product, setting: Setting) -> dict[str, Any] | None:
    """What a product cost and will cost, the latest first, for those who may read its cost."""
    allowed = actor.reach(CostChange, "view") is not Reach.NONE and all(
        "cost" in access.fields(actor, model).readable for model in (Product, CostChange)
    )
    if not allowed:
        return None
    found = list(access.visible(actor, CostChange).filter(product=product).order_by("-from_day")[:SHOWN])
    rows = [[formats.day(each.from_day), formats.amount(each.cost, product.currency)] for each in found]
    columns = [{"label": _("Holds from")}, {"label": _("Cost"), "align": "right"}]
    more = f"{reverse('cost-changes-list')}?f=product:in:{product.pk}"
    return (
        {"label": _("Costs over time"), "columns": columns, "rows": rows, "more_url": more} if rows else None
    )
