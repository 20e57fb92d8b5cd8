"""The headline of the profit page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.value.charts.figures import kpi
from clientier.rooms.value.charts.links import customers_url
from clientier.rooms.value.charts.whale import Curve


def headline(
    steps: Mapping[str, Decimal], curve: Curve, gini: float, shares: Mapping[int, float], currency: str
) -> list[dict[str, Any]]:
    """What is earned, what serving takes of it, what the tail gives back, and how much hangs on few."""
    margin, service, profit = steps["gross_margin"], steps["cost_to_serve"], steps["net_profit"]
    lost = curve.peak - curve.total
    below = customers_url("standing__net_profit:lte:-0.0001", order="standing__net_profit")
    return [
        kpi(
            _("Net profit, 12 months"),
            formats.short(profit, currency),
            hint=_rate(profit, steps["revenue"], _("%(share)s of revenue")),
            url=customers_url(order="-standing__net_profit"),
            tone="bad" if profit < 0 else "",
        ),
        kpi(
            _("Gross margin"),
            formats.short(margin, currency),
            hint=_rate(margin, steps["revenue"], _("%(share)s of revenue")),
        ),
        kpi(
            _("Cost to serve"),
            formats.short(service, currency),
            hint=_rate(service, margin, _("%(share)s of the margin")),
        ),
        kpi(
            _("Given back by the tail"),
            formats.short(lost, currency),
            hint=_("%(customers)s customers") % {"customers": formats.number(curve.below_zero)},
            url=below if curve.below_zero else "",
            tone="bad" if lost > 0 else "",
        ),
        kpi(
            _("Revenue from the best 1, 5, 10, 20%"),
            " · ".join(formats.percent(shares[top]) for top in sorted(shares)),
            hint=_("Gini %(gini)s") % {"gini": formats.number(gini, 2)},
        ),
    ]


def _rate(some: Decimal, whole: Decimal, words: str) -> str:
    return words % {"share": formats.percent(float(some / whole), 1)} if whole > 0 else ""
