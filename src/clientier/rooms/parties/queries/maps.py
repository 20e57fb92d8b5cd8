"""Where customers are: their coordinates as a plot shows them, and the ways to a map in another program.

No tile of a map is fetched: who a company's customers are is nobody else's business.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import rows
from clientier.kit.questions import Question
from clientier.kit.resource import REGISTRY
from clientier.rooms.parties.models import Address, Customer
from clientier.rooms.people.choices import MapService

MOST_POINTS = 2_000
POINTS = {
    MapService.OPENSTREETMAP: "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=16/{lat}/{lon}",
    MapService.AMAP: "https://uri.amap.com/marker?position={lon},{lat}&name={name}&coordinate=wgs84",
}
SEARCHES = {
    MapService.OPENSTREETMAP: "https://www.openstreetmap.org/search?query={text}",
    MapService.AMAP: "https://uri.amap.com/search?keyword={text}",
}


def may_see_places(actor: Actor) -> bool:
    """Whether the actor may read where addresses lie."""
    if Reach.NONE in (actor.reach(Customer, "view"), actor.reach(Address, "view")):
        return False
    return all(access.can_read(actor, Address, name) for name in ("latitude", "longitude"))


def points(
    actor: Actor, question: Question, today: dt.date, service: str
) -> tuple[list[dict[str, Any]], bool]:
    """The places of the customers that the question finds, with the ways to a map; and whether there are more."""
    if not may_see_places(actor):
        return [], False
    asked = rows.select(REGISTRY["customers"], actor, question, today)
    found = access.visible(actor, Address).filter(
        customer__in=asked.order_by().values("pk"), latitude__isnull=False, longitude__isnull=False
    )
    told: set[str] = {"line", "city", "region", "country"} & access.fields(actor, Address).readable
    kept = list(found.select_related("customer").order_by("customer_id", "pk")[: MOST_POINTS + 1])
    return [_point(each, told, service) for each in kept[:MOST_POINTS]], len(kept) > MOST_POINTS


def _point(address: Any, told: set[str], service: str) -> dict[str, Any]:
    where, name = (address.latitude, address.longitude), str(address.customer)
    parts = [getattr(address, part) for part in ("line", "city", "region", "country") if part in told]
    return {
        "customer": address.customer_id,
        "name": name,
        "address": ", ".join(filter(None, parts)),
        "city": address.city if "city" in told else "",
        "latitude": address.latitude,
        "longitude": address.longitude,
        "geo_url": geo_url(*where),
        "map_url": map_url(service, *where, name),
    }


def geo_url(latitude: Decimal, longitude: Decimal) -> str:
    """The address that the map program of the device opens."""
    return f"geo:{latitude},{longitude}?q={latitude},{longitude}"


def map_url(service: str, latitude: Decimal, longitude: Decimal, name: str) -> str:
    """The place on the map of a service."""
    return POINTS[MapService(service)].format(lat=latitude, lon=longitude, name=quote(name))


def search_url(service: str, text: str) -> str:
    """An address without coordinates, looked for on the map of a service."""
    return SEARCHES[MapService(service)].format(text=quote(text))


def map_offered(actor: Actor) -> list[dict[str, Any]]:
    """Above the list of customers: those of the list on a plot."""
    if not may_see_places(actor):
        return []
    return [{"label": _("Map"), "url": reverse("customers-map"), "icon": "map", "of_list": True}]


def ways_to_map(actor: Actor, address: Address) -> list[dict[str, Any]]:
    """On the page of an address: the map program of the device."""
    if address.latitude is None or address.longitude is None or not may_see_places(actor):
        return []
    url = geo_url(address.latitude, address.longitude)
    return [{"label": _("Open in the map app"), "url": url, "icon": "map-pin"}]
