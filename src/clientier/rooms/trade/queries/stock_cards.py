"""Stock as pages show it: where a product lies, and the ways to move and divide it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit.cells import Setting
from clientier.rooms.catalog.models import Product
from clientier.rooms.trade.models import Reservation, StockLevel, StockMove
from clientier.rooms.trade.queries.documents import RIGHT, quantity_words, table


def of_product(actor: Actor, product: Product, setting: Setting) -> dict[str, Any] | None:
    """How much lies in which warehouse, and what of it is free."""
    found = access.visible(actor, StockLevel).filter(product=product).exclude(on_hand=0)
    rows = [
        [
            str(level.warehouse),
            *map(quantity_words, (level.on_hand, level.reserved, level.on_hand - level.reserved)),
        ]
        for level in found.select_related("warehouse").order_by("warehouse__code")
    ]
    columns = [
        {"label": _("Warehouse")}, {"label": _("On hand"), **RIGHT}, {"label": _("Reserved"), **RIGHT},
        {"label": _("Free"), **RIGHT},
    ]  # fmt: skip
    return table(str(product), columns, rows)


def ways_on(actor: Actor) -> list[dict[str, Any]]:
    """Transfers and shortages, for who may move stock or decide who gets it."""
    ways = []
    if actor.reach(StockMove, "add") is not Reach.NONE:
        ways.append({"label": _("Transfer"), "url": reverse("stock-transfer"), "icon": "arrows-exchange"})
    if actor.reach(Reservation, "view") is not Reach.NONE:
        ways.append({"label": _("Shortages"), "url": reverse("shortages"), "icon": "alert-triangle"})
    return ways
