"""Single figures as the pages of value show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from clientier.kit import formats
from clientier.kit.cells import TIER_TONES
from clientier.rooms.value.choices import Tier

Figure = dict[str, Any]


def money(amount: Decimal, currency: str, url: str = "") -> Figure:
    tone = "bad" if amount < 0 else ""
    return {"kind": "money", "text": formats.with_symbol(amount, currency), "tone": tone, "url": url}


def number(value: int, url: str = "") -> Figure:
    return {"kind": "number", "text": formats.number(value), "url": url}


def part(some: Decimal | int, whole: Decimal | int, decimals: int = 1) -> Figure | None:
    """The share in percent; nothing where there is no positive whole to share."""
    if whole <= 0:
        return None
    tone = "bad" if some < 0 else ""
    return {"kind": "percent", "text": formats.percent(float(some / whole), decimals), "tone": tone}


def badge(tier: str, url: str = "") -> Figure:
    return {"kind": "tier", "text": str(Tier(tier).label), "tone": TIER_TONES[tier], "url": url}


def kpi(label: str, value: str, *, hint: str = "", url: str = "", tone: str = "") -> Figure:
    """One headline figure."""
    return {"label": label, "value": value, "hint": hint, "url": url, "tone": tone}


def heads(*labels: str) -> list[Figure]:
    """The heads of a table whose first column is words and all others are figures."""
    return [{"label": label, "align": "right" if place else "left"} for place, label in enumerate(labels)]
