"""What the navigation offers: places by group, each only to those who may see its records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor, Reach
from clientier.kit.resource import REGISTRY, Words


@dataclass(frozen=True)
class Place:
    """A page in the navigation; ``resource`` names the kind of record one must be able to see.

    ``action`` is what one must be able to do with it, where seeing is not enough; ``query`` is the question
    with which a list opens.
    """

    label: Words
    url_name: str
    icon: str
    resource: str = ""
    key: str = ""
    administrators: bool = False
    action: str = "view"
    query: str = ""


MENU: tuple[tuple[Words, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(_("Today"), "today", "sun", key="t"),
            Place(_("Customers"), "customers-list", "users", "customers", key="c"),
            Place(_("Contacts"), "contacts-list", "address-book", "contacts"),
            Place(_("Tasks"), "tasks-list", "checkbox", "tasks"),
            Place(_("Interactions"), "interactions-list", "message", "interactions"),
            Place(_("Visits today"), "pack", "map-pin", "taken-cards", action="add"),
        ),
    ),
    (
        _("Value"),
        (
            Place(_("Pyramid"), "value-pyramid", "pyramid", "customers", key="p"),
            Place(_("Profit"), "value-profit", "chart-line", "customers", key="w"),
            Place(_("Flow"), "value-flow", "chart-sankey", "customers", key="f"),
            Place(_("Forecast"), "value-forecast", "target", "customers"),
        ),
    ),
    (
        _("Trade"),
        (
            Place(_("Orders"), "orders-list", "receipt", "orders", key="o"),
            Place(_("Deliveries"), "deliveries-list", "truck", "deliveries"),
            Place(_("Invoices"), "invoices-list", "receipt", "invoices"),
            Place(_("Payments"), "payments-list", "cash", "payments"),
            Place(_("Receivables"), "receivables", "scale", "invoices"),
            Place(
                _("Proposed limits"),
                "limit-proposals-list",
                "credit-card",
                "limit-proposals",
                action="change",
                query="?f=state:in:open",
            ),
            Place(_("Products"), "products-list", "package", "products"),
            Place(_("Price lists"), "price-lists-list", "tags", "price-lists"),
            Place(_("Installed products"), "installations-list", "plug", "installations"),
            Place(_("Stock"), "stock-levels-list", "box", "stock-levels"),
            Place(_("Costs to serve"), "costs-list", "coin", "costs"),
        ),
    ),
    (
        _("Manage"),
        (
            Place(_("Reviews"), "reviews-week", "eye", "reviews", key="r", action="change"),
            Place(_("Completeness"), "completeness", "list-check", "reviews"),
            Place(_("Duplicates"), "duplicates-list", "copy", "duplicates", query="?f=state:in:open"),
            Place(_("Lent and shared"), "loans", "share", "customers"),
            Place(_("Hand-overs"), "hand-overs-list", "user-share", "hand-overs", action="add"),
            Place(_("Imports"), "imports", "upload", "customers", key="i", action="import"),
            Place(_("Settings"), "settings", "settings", administrators=True, key="s"),
        ),
    ),
)


def menu(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The groups and places for this actor; the place one is at is marked."""
    groups = []
    for label, places in MENU:
        items = [_item(place, path) for place in places if _open_to(place, actor)]
        if items:
            groups.append({"label": str(label), "items": items})
    return groups


def _open_to(place: Place, actor: Actor) -> bool:
    if place.administrators and not actor.unlimited:
        return False
    if not place.resource:
        return True
    return actor.reach(REGISTRY[place.resource].model, place.action) is not Reach.NONE


def _item(place: Place, path: str) -> dict[str, Any]:
    try:
        url = reverse(place.url_name)
    except NoReverseMatch:
        url = "/"
    active = path == url if url == "/" else path.startswith(url)
    return {
        "label": str(place.label),
        "url": f"{url}{place.query}",
        "icon": place.icon,
        "key": place.key,
        "active": active,
    }
