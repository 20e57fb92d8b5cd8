"""Who moved and why: each mover a row, the reason one sentence made from figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.value.charts.figures import badge, money
from clientier.rooms.value.charts.links import customer_url
from clientier.rooms.value.choices import TIERS

WEIGHTY = Decimal("0.05")
FARTHEST = 3
ZERO = Decimal(0)


class MoverFigures(Protocol):
    """A customer who moved, the standing now and before."""

    @property
    def customer_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def way(self) -> str: ...
    @property
    def now(self) -> Mapping[str, Any]: ...
    @property
    def former(self) -> Mapping[str, Any]: ...
    @property
    def months(self) -> Sequence[int]: ...


def rows(movers: Sequence[MoverFigures], ranked: int, setting: Setting) -> list[dict[str, Any]]:
    """The movers as the list shows them."""
    return [_row(mover, ranked, setting) for mover in movers]


def _row(mover: MoverFigures, ranked: int, setting: Setting) -> dict[str, Any]:
    tone = {"up": "good", "down": "bad"}.get(mover.way, "")
    return {
        "customer": {"kind": "link", "text": mover.name, "url": customer_url(mover.customer_id)},
        "before": badge(mover.before) if mover.before else None,
        "after": badge(mover.after),
        "way": mover.way,
        "profit": money(mover.now["net_profit"], setting.currency),
        "spark": {"kind": "spark", "points": mover.months, "tone": tone},
        "reason": reason(mover, ranked, setting),
    }


def reason(mover: MoverFigures, ranked: int, setting: Setting) -> str:
    """Why somebody is where he is now: the rank, then what changed most since the run before."""
    now, former = mover.now, mover.former
    places = {"rank": formats.number(now["rank"] or 0), "of": formats.number(ranked)}
    if mover.way == "new" or former["net_profit"] is None:
        since: dt.date | None = now["first_day"]
        if since is None:
            return _("New in the pyramid, rank %(rank)s of %(of)s") % places
        return _("New since %(day)s, rank %(rank)s of %(of)s") % {**places, "day": formats.day(since)}
    places["former"] = formats.number(former["rank"] or 0)
    if now["net_profit"] <= 0:
        standing = _("Brings no profit any more (rank %(rank)s of %(of)s, was %(former)s)") % places
    else:
        standing = _("Rank %(rank)s of %(of)s, was %(former)s") % places
    cause = _cause(mover, setting)
    return _("%(standing)s: %(cause)s") % {"standing": standing, "cause": cause} if cause else standing


def _cause(mover: MoverFigures, setting: Setting) -> str:
    """The part of the change in profit that weighs most on the side to which the customer moved."""
    now, former, up = mover.now, mover.former, mover.way == "up"
    if (now["rank"] < former["rank"]) != up:
        return _("the run before already said so, and this one confirms it")
    rate = former["gross_margin"] / former["revenue"] if former["revenue"] > 0 else ZERO
    sales = (now["revenue"] - former["revenue"]) * rate
    margin = now["gross_margin"] - former["gross_margin"] - sales
    service = former["cost_to_serve"] - now["cost_to_serve"]
    sign = 1 if up else -1
    weight, part = max((sign * sales, "sales"), (sign * margin, "margin"), (sign * service, "service"))
    if weight <= WEIGHTY * abs(former["net_profit"]):
        return _("others fell behind") if up else _("others passed by")
    return {"sales": _sales, "margin": _margin, "service": _service}[part](now, former, setting)


def _sales(now: Mapping[str, Any], former: Mapping[str, Any], setting: Setting) -> str:
    amounts = _from_to(former["revenue"], now["revenue"], setting)
    if now["revenue"] > former["revenue"]:
        return _("sales rose from %(former)s to %(now)s") % amounts
    return _("sales fell from %(former)s to %(now)s") % amounts


def _margin(now: Mapping[str, Any], former: Mapping[str, Any], setting: Setting) -> str:
    if now["revenue"] <= 0 or former["revenue"] <= 0:
        return _("gross margin went from %(former)s to %(now)s") % _from_to(
            former["gross_margin"], now["gross_margin"], setting
        )
    rates = {
        "former": formats.percent(float(former["gross_margin"] / former["revenue"]), 1),
        "now": formats.percent(float(now["gross_margin"] / now["revenue"]), 1),
    }
    return _("gross margin went from %(former)s to %(now)s of sales") % rates


def _service(now: Mapping[str, Any], former: Mapping[str, Any], setting: Setting) -> str:
    amounts = _from_to(former["cost_to_serve"], now["cost_to_serve"], setting)
    if now["cost_to_serve"] > former["cost_to_serve"]:
        return _("cost to serve rose from %(former)s to %(now)s") % amounts
    return _("cost to serve fell from %(former)s to %(now)s") % amounts


def _from_to(former: Decimal, now: Decimal, setting: Setting) -> dict[str, str]:
    return {"former": formats.short(former, setting.currency), "now": formats.short(now, setting.currency)}


def candidates(standings: Sequence[Any], setting: Setting) -> list[dict[str, Any]]:
    """Customers on the way up: from which tier to which, how much is missing, what would close the gap."""
    return [_candidate(standing, setting) for standing in standings]


def _candidate(standing: Any, setting: Setting) -> dict[str, Any]:
    above = TIERS[TIERS.index(standing.tier) - 1]
    expected = standing.expected_profit
    return {
        "customer": {"kind": "link", "text": standing.customer.name, "url": customer_url(standing.pk)},
        "before": badge(standing.tier),
        "after": badge(above),
        "profit": money(standing.net_profit, setting.currency),
        "expected": None if expected is None else money(expected, setting.currency),
        "gap": money(standing.gap_to_next, setting.currency),
        "spark": {"kind": "spark", "points": standing.months},
        "closing": _closing(standing),
    }


def _closing(standing: Any) -> str:
    """What would carry the customer up, in orders like those of the last twelve months."""
    if standing.orders <= 0:
        return ""
    missing = ceil(standing.gap_to_next * standing.orders / standing.net_profit)
    if missing > FARTHEST * standing.orders:
        return ""
    words = ngettext(
        "%(missing)s more order like the %(orders)s of the last 12 months",
        "%(missing)s more orders like the %(orders)s of the last 12 months",
        missing,
    )
    return words % {"missing": formats.number(missing), "orders": formats.number(standing.orders)}
