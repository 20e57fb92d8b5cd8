"""The whale curve: who makes the profit, where it peaks, and how much the tail gives back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.value.charts.figures import heads, money, number, part
from clientier.rooms.value.charts.links import customer_url

MOST_POINTS = 240
NAMED = 4
NAME_WIDTH = 24
NAME_STEP = Decimal("0.075")
TABLE_SHARES = (1, 5, 10, 20, 50)


class Curve(Protocol):
    """Cumulative profit over ranked customers."""

    @property
    def customers(self) -> Sequence[int]: ...
    @property
    def cumulative(self) -> Sequence[Decimal]: ...
    @property
    def total(self) -> Decimal: ...
    @property
    def peak_customers(self) -> int: ...
    @property
    def peak(self) -> Decimal: ...
    @property
    def below_zero(self) -> int: ...


class Named(Protocol):
    """A customer who may stand on the curve."""

    @property
    def pk(self) -> int: ...
    @property
    def customer(self) -> Any: ...
    @property
    def net_profit(self) -> Decimal: ...


def chart(curve: Curve, best: Sequence[Named], costly: Sequence[Named], currency: str) -> dict[str, Any]:
    """The curve with its peak, the line of the whole profit, and the names at both ends."""
    highest = max(curve.peak, abs(curve.total))  # from the peak the curve only falls, to the total
    size, name = formats.scale(highest)
    last = curve.customers[-1] if curve.customers else 0
    unit = f"\u202f{name}" if name else ""
    return {
        "id": "whale",
        "title": _("Cumulative profit over customers, the most profitable first"),
        "size": "large",
        "options": {
            "grid": {"top": 34, "right": 26, "bottom": 18},
            "tooltip": {"trigger": "item", "formatter": "{b}"},
            "xAxis": {
                "type": "value",
                "min": 0,
                "max": last,
                "name": _("customers"),
                "nameLocation": "middle",
                "nameGap": 26,
            },
            "yAxis": {"type": "value", "axisLabel": {"formatter": f"{{value}}{unit}"}},
            "series": [
                _line(curve, currency, size),
                _whole(curve, last, currency, size),
                _peak(curve, currency, size),
                *_names(best, costly, curve, currency, size),
            ],
        },
        "table": table(curve, currency),
    }


def _point(x: int, y: Decimal, size: int, words: str, **more: Any) -> dict[str, Any]:
    return {"value": [x, round(float(y) / size, 4)], "name": words, **more}


def _line(curve: Curve, currency: str, size: int) -> dict[str, Any]:
    step = max(len(curve.customers) // MOST_POINTS, 1)
    kept = sorted({*range(0, len(curve.customers), step), max(len(curve.customers) - 1, 0)})
    points = []
    for place in kept if curve.customers else ():
        words = _("The best %(customers)s together: %(amount)s") % {
            "customers": formats.number(curve.customers[place]),
            "amount": formats.short(curve.cumulative[place], currency),
        }
        points.append(_point(curve.customers[place], curve.cumulative[place], size, words))
    return {
        "type": "line",
        "data": points,
        "symbol": "circle",
        "symbolSize": 9,
        "showSymbol": False,
        "showAllSymbol": False,
        "triggerLineEvent": False,
        "itemStyle": {"color": "var(--accent-fill)"},
        "lineStyle": {"width": 2.5, "color": "var(--accent-fill)"},
        "areaStyle": {"color": "var(--accent-fill)", "opacity": 0.08},
    }


def _whole(curve: Curve, last: int, currency: str, size: int) -> dict[str, Any]:
    words = _("The whole profit: %(amount)s") % {"amount": formats.short(curve.total, currency)}
    return {
        "type": "line",
        "data": [_point(0, curve.total, size, words), _point(last, curve.total, size, words)],
        "symbol": "none",
        "lineStyle": {"width": 1, "type": "dashed", "color": "var(--line-strong)"},
        "silent": True,
    }


def _peak(curve: Curve, currency: str, size: int) -> dict[str, Any]:
    if not curve.peak_customers:
        return {"type": "scatter", "data": []}
    words = _("Peak: %(customers)s customers, %(amount)s") % {
        "customers": formats.number(curve.peak_customers),
        "amount": formats.short(curve.peak, currency),
    }
    label = {"show": True, "formatter": "{b}", "position": "top", "color": "var(--ink)", "fontWeight": 600}
    if curve.customers[-1] and curve.peak_customers > curve.customers[-1] * 0.6:
        label |= {"position": [-6, -20], "align": "right"}
    return {
        "type": "scatter",
        "data": [_point(curve.peak_customers, curve.peak, size, words)],
        "symbolSize": 11,
        "itemStyle": {"color": "var(--good)"},
        "label": label,
    }


def _heads_of(best: Sequence[Named]) -> list[tuple[int, Decimal, Named]]:
    """Where the most profitable stand on the curve."""
    reached, places = Decimal(0), []
    for place, named in enumerate(best[:NAMED], start=1):
        reached += named.net_profit
        places.append((place, reached, named))
    return places


def _tail_of(costly: Sequence[Named], curve: Curve) -> list[tuple[int, Decimal, Named]]:
    """Where the most costly stand on the curve, from its end."""
    reached, places = curve.total, []
    for place, named in enumerate(costly[:NAMED]):
        places.append((curve.customers[-1] - place, reached, named))
        reached -= named.net_profit
    return places


def _names(
    best: Sequence[Named], costly: Sequence[Named], curve: Curve, currency: str, size: int
) -> list[dict[str, Any]]:
    """Names in the free space under the curve, each joined to its place on it and opening its card."""
    if not curve.customers or curve.peak <= 0:
        return []
    last, height = curve.customers[-1], curve.peak
    left = [
        (mark, round(last * 0.07), height * (NAME_STEP * (NAMED - line) + NAME_STEP / 2), "right")
        for line, mark in enumerate(reversed(_heads_of(best)))
    ]
    right = [
        (mark, round(last * 0.95), height * (Decimal("0.62") - NAME_STEP * line), "left")
        for line, mark in enumerate(_tail_of(costly, curve))
    ]
    drawn = []
    for (place, reached, named), x, y, side in (*left, *right):
        words = f"{_cut(str(named.customer))}  {formats.short(named.net_profit, currency)}"
        start, end = _point(place, reached, size, words), _point(x, y, size, words)
        end |= {
            "url": customer_url(named.pk),
            "symbol": "circle",
            "symbolSize": 5,
            "label": {
                "show": True,
                "formatter": "{b}",
                "position": side,
                "color": "var(--ink)",
                "fontSize": 11,
            },
        }
        drawn.append(
            {
                "type": "line",
                "data": [start | {"symbol": "none"}, end],
                "lineStyle": {"width": 1, "color": "var(--line-strong)"},
                "itemStyle": {"color": "var(--accent-fill)" if side == "right" else "var(--bad-fill)"},
                "cursor": "pointer",
            }
        )
    return drawn


def _cut(name: str) -> str:
    """The name as far as it fits beside the curve on a phone; Chinese characters are twice as wide."""
    width, kept = 0, ""
    for letter in name:
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > NAME_WIDTH:
            return f"{kept.rstrip()}…"
        kept += letter
    return name


def table(curve: Curve, currency: str) -> dict[str, Any]:
    """The same curve at the ranks that one asks about, and at its peak."""
    last = curve.customers[-1] if curve.customers else 0
    places = (
        {max(1, round(last * share / 100)): formats.percent(share / 100) for share in TABLE_SHARES}
        if last
        else {}
    )
    rows = [
        [
            _("Best %(share)s") % {"share": share},
            number(rank),
            money(amount, currency),
            part(amount, curve.total),
        ]
        for rank, share in sorted(places.items())
        for amount in (_reached(curve, rank),)
    ]
    if curve.peak_customers:
        rows.append(
            [
                _("Peak"),
                number(curve.peak_customers),
                money(curve.peak, currency),
                part(curve.peak, curve.total),
            ]
        )
    rows.append([_("All"), number(last), money(curve.total, currency), part(curve.total, curve.total)])
    return {
        "label": _("The whale curve in figures"),
        "columns": heads(_("Customers"), _("Number"), _("Profit together"), _("Of the whole profit")),
        "rows": rows,
    }


def _reached(curve: Curve, rank: int) -> Decimal:
    """The profit of the best so many, at the nearest rank that the curve keeps."""
    place = bisect_left(curve.customers, rank)
    near = range(max(place - 1, 0), min(place + 1, len(curve.customers)))
    return curve.cumulative[min(near, key=lambda each: abs(curve.customers[each] - rank))]
