"""Places of customers as a plot of points, with the same in a table beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.kit import formats

CITIES_NAMED, ROWS_SHOWN = 12, 200
ROOM_ACROSS, ROOM_DOWN = 6, 12
LABEL = {"show": True, "formatter": "{b}", "position": "top", "color": "var(--soft)"}
Place = Mapping[str, Any]


def places(points: Sequence[Place], service: str) -> dict[str, Any]:
    """A point for every address, the cities with most of them named; each opens its customer.

    ``service`` is what the map is called to which ``map_url`` of the points leads.
    """
    number = len(points)
    words = ngettext("%(number)s address", "%(number)s addresses", number)
    marks = [
        {
            "name": f"{each['name']}\n{each['address']}",
            "value": [float(each["longitude"]), float(each["latitude"])],
            "url": reverse("customers-detail", args=[each["customer"]]),
        }
        for each in points
    ]
    axis = {"type": "value", "scale": True, "axisLine": {"onZero": False}}
    return {
        "id": "places",
        "title": _("Where the customers are"),
        "size": "large",
        "summary": words % {"number": formats.number(number)},
        "options": {
            "tooltip": {"trigger": "item", "formatter": "{b}"},
            "xAxis": {**axis, "name": _("Longitude"), "nameLocation": "middle", "nameGap": 26},
            "yAxis": {**axis, "name": _("Latitude"), "nameLocation": "end"},
            "grid": {"top": 40, "bottom": 30, "left": 12, "right": 24},
            "series": [
                {"type": "scatter", "symbolSize": 9, "data": marks, "itemStyle": {"opacity": 0.75}},
                {"type": "scatter", "symbolSize": 1, "silent": True, "data": _cities(points)},
            ],
        },
        "table": _table(points, service),
    }


def _cities(points: Sequence[Place]) -> list[dict[str, Any]]:
    """The names of the cities with most points, each in the middle of its own, as far as there is room."""
    inside: dict[str, list[Place]] = defaultdict(list)
    for each in points:
        inside[each["city"]].append(each)
    inside.pop("", None)
    wide, high = (_span(points, name) for name in ("longitude", "latitude"))
    named: list[dict[str, Any]] = []
    for city, found in sorted(inside.items(), key=lambda city: (-len(city[1]), city[0])):
        x, y = (_middle(found, name) for name in ("longitude", "latitude"))
        near = any(
            abs(x - there[0]) < wide / ROOM_ACROSS and abs(y - there[1]) < high / ROOM_DOWN
            for there in (other["value"] for other in named)
        )
        if not near and len(named) < CITIES_NAMED:
            named.append({"name": city, "value": [x, y], "label": LABEL})
    return named


def _span(points: Sequence[Place], name: str) -> float:
    values = [float(each[name]) for each in points]
    return max(values) - min(values)


def _middle(points: Sequence[Place], name: str) -> float:
    return sum(float(each[name]) for each in points) / len(points)


def _table(points: Sequence[Place], service: str) -> dict[str, Any]:
    return {
        "label": _("Where the customers are"),
        "columns": [
            {"label": _("Customer"), "wrap": True}, {"label": _("Address"), "wrap": True},
            {"label": _("Map app")}, {"label": _("Map")},
        ],
        "rows": [
            [
                _link(each["name"], reverse("customers-detail", args=[each["customer"]])),
                each["address"],
                _link(f"{each['latitude']}, {each['longitude']}", each["geo_url"]),
                _link(service, each["map_url"]),
            ]
            for each in points[:ROWS_SHOWN]
        ],
    }  # fmt: skip


def _link(text: str, url: str) -> dict[str, str]:
    return {"kind": "link", "text": text, "url": url}
