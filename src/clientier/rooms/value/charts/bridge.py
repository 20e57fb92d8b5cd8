"""The profit bridge: from revenue to net profit, each step a bar where the one before left off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.trade.choices.orders import CostKind
from clientier.rooms.value.charts.links import customers_url, list_url
from clientier.rooms.value.choices import TIMED, Driver

WIDTH = 1000
THINNEST = 2.0
ZERO = Decimal(0)


@dataclass(frozen=True)
class Step:
    """One bar: what it is called, how much it adds or takes, and where its records are."""

    code: str
    label: str
    amount: Decimal
    url: str = ""
    sum: bool = False
    hint: str = ""


def bridge(amounts: Mapping[str, Decimal], first: dt.date, last: dt.date, currency: str) -> dict[str, Any]:
    """The bars from revenue to net profit with their widths, the steps that are nothing left out."""
    steps = _steps(amounts, f"{first},{last}", currency)
    spans, reached = [], ZERO
    for step in steps:
        start = ZERO if step.sum else reached
        reached = start + step.amount
        spans.append((min(start, reached), max(start, reached)))
    low = min((span[0] for span in spans), default=ZERO)
    high = max((span[1] for span in spans), default=ZERO)
    whole = float(max(high, ZERO) - min(low, ZERO)) or 1.0
    base = min(low, ZERO)
    revenue = amounts["revenue"]
    return {
        "zero": f"{float(-base) / whole * WIDTH:.1f}",
        "steps": [
            {
                "label": step.label,
                "hint": step.hint,
                "url": step.url,
                "sum": step.sum,
                "tone": _tone(step),
                "x": f"{float(start - base) / whole * WIDTH:.1f}",
                "width": f"{max(float(end - start) / whole * WIDTH, THINNEST if step.amount else 0):.1f}",
                "text": formats.with_symbol(step.amount, currency),
                "share": _share(step.amount, revenue),
            }
            for step, (start, end) in zip(steps, spans, strict=True)
        ],
    }


def _share(amount: Decimal, revenue: Decimal) -> str:
    if revenue <= 0:
        return ""
    share = formats.percent(abs(float(amount / revenue)), 1)
    return f"{formats.MINUS}{share}" if amount < 0 and share[0].isdigit() else share


def _tone(step: Step) -> str:
    if step.sum and step.amount < 0:
        return "bad"
    if step.code == "net_profit":
        return "good"
    return "sum" if step.sum else "cost"


def _steps(amounts: Mapping[str, Decimal], days: str, currency: str) -> list[Step]:
    lines = list_url("order-lines", f"order__day:between:{days}")
    discounts = _("after discounts of %(amount)s") % {"amount": formats.short(amounts["discount"], currency)}
    steps = [
        Step("revenue", _("Revenue"), amounts["revenue"], lines, sum=True, hint=discounts),
        Step("cost_of_goods", _("Cost of goods"), -amounts["cost_of_goods"], lines),
        Step("gross_margin", _("Gross margin"), amounts["gross_margin"], sum=True),
    ]
    for driver in Driver:
        if amount := amounts[f"serve_{driver}"]:
            steps.append(Step(driver, str(driver.label), -amount, _records(driver, days)))
    profit = customers_url(order="-standing__net_profit")
    return [*steps, Step("net_profit", _("Net profit"), amounts["net_profit"], profit, sum=True)]


def _records(driver: Driver, days: str) -> str:
    if driver == Driver.ORDER_FREIGHT:
        return list_url("order-lines", f"order__day:between:{days}")
    if driver in TIMED:
        return list_url("interactions", f"kind:in:{','.join(TIMED[driver])}", f"at:between:{days}")
    return list_url("costs", f"kind:in:{driver}", f"day:between:{days}") if driver in CostKind.values else ""
