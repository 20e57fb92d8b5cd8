"""Profit by group, and the customers at both ends, as rows with a bar each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.value.charts.figures import badge, money, number, part
from clientier.rooms.value.charts.links import customer_url, customers_url
from clientier.rooms.value.choices import Driver

BAR = 100
PATHS = {
    "tier": "standing__tier:in",
    "territory": "territory:in",
    "industry": "industry:in",
    "manager": "owner:in",
}
Row = dict[str, Any]


def group_words() -> dict[str, str]:
    """The ways to group customers, in words."""
    return {
        "tier": _("Tier"),
        "territory": _("Territory"),
        "industry": _("Industry"),
        "manager": _("Account manager"),
    }


def rows(groups: Sequence[Mapping[str, Any]], way: str, currency: str) -> list[Row]:
    """Each group with revenue, margin, service, profit, those below zero; it opens its customers."""
    profits = [group["net_profit"] for group in groups]
    low, high = min(profits, default=Decimal(0)), max(profits, default=Decimal(0))
    return [_row(group, way, currency, bar(group["net_profit"], low, high)) for group in groups]


def _row(group: Mapping[str, Any], way: str, currency: str, drawn: Row) -> Row:
    known = group["key"] not in (None, "")
    path = PATHS[way]
    condition = f"{path}:{group['key']}" if known else f"{path.split(':')[0]}:empty:"
    everyone = customers_url(condition)
    below = customers_url(condition, "standing__net_profit:lte:-0.0001", order="standing__net_profit")
    name: Row = {"kind": "link", "text": group["name"] if known else _("Not given"), "url": everyone}
    return {
        "name": badge(group["key"], everyone) if way == "tier" else name,
        "customers": number(group["customers"], everyone),
        "revenue": money(group["revenue"], currency),
        "margin": part(group["gross_margin"], group["revenue"]),
        "service": money(group["cost_to_serve"], currency),
        "service_share": part(group["cost_to_serve"], group["gross_margin"]),
        "profit": money(group["net_profit"], currency),
        "bar": drawn,
        "below": number(group["below_zero"], below if group["below_zero"] else ""),
        "below_share": part(group["below_zero"], group["customers"]),
        "loss": money(group["loss"], currency) if group["loss"] else None,
    }


def bar(amount: Decimal, low: Decimal, high: Decimal) -> Row:
    """A bar from the zero that all rows share, to the right for gains, to the left for losses."""
    base, top = min(low, Decimal(0)), max(high, Decimal(0))
    whole = float(top - base) or 1.0
    zero = float(-base) / whole * BAR
    length = abs(float(amount)) / whole * BAR
    return {
        "x": f"{zero - length if amount < 0 else zero:.2f}",
        "width": f"{length:.2f}",
        "zero": f"{zero:.2f}",
        "tone": "bad" if amount < 0 else "good",
    }


def people(standings: Sequence[Any], currency: str) -> list[Row]:
    """Customers at one end of the ranking; for those below zero, what eats the margin."""
    profits = [standing.net_profit for standing in standings]
    low, high = min(profits, default=Decimal(0)), max(profits, default=Decimal(0))
    return [
        {
            "customer": {"kind": "link", "text": standing.customer.name, "url": customer_url(standing.pk)},
            "tier": badge(standing.tier),
            "profit": money(standing.net_profit, currency),
            "bar": bar(standing.net_profit, low, high),
            "words": _costly(standing, currency) if standing.net_profit < 0 else _bringing(standing),
        }
        for standing in standings
    ]


def _bringing(standing: Any) -> str:
    if standing.revenue <= 0:
        return ""
    return _("%(rate)s of the sales stay") % {
        "rate": formats.percent(float(standing.net_profit / standing.revenue), 1)
    }


def _costly(standing: Any, currency: str) -> str:
    """The reason in one sentence: the goods themselves lose money, or the greatest driver of service does."""
    if standing.gross_margin < 0 and -standing.gross_margin >= standing.cost_to_serve:
        return _("goods sold or taken back below cost: %(amount)s") % {
            "amount": formats.short(standing.gross_margin, currency)
        }
    if not standing.costs:
        return ""
    driver, units = max(standing.costs.items(), key=lambda item: item[1])
    return _("%(driver)s: %(amount)s, margin %(margin)s") % {
        "driver": str(Driver(driver).label),
        "amount": formats.short(Decimal(units).scaleb(-4), currency),
        "margin": formats.short(standing.gross_margin, currency),
    }
