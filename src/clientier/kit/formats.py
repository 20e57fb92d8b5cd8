"""Figures and dates as people write them, in the language that is active."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clientier.core import money

MINUS = "−"
SHORTENED_FROM = 10**4
_WESTERN = ((10**9, "B"), (10**6, "M"), (10**3, "k"))
_CHINESE = ((10**8, "亿"), (10**4, "万"))
_CHINESE_TRADITIONAL = ((10**8, "億"), (10**4, "萬"))


def number(value: Decimal | float | int, decimals: int = 0) -> str:
    """1,234.5 with thousands marked and a true minus sign, as Chinese and English business both write it."""
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def amount(value: Decimal | int, currency: str, *, cents: bool = True) -> str:
    """An amount without its symbol, in the currency's digits (or whole)."""
    decimals = money.digits(currency) if cents else 0
    return number(money.rounded(Decimal(value), currency) if cents else value, decimals)


def with_symbol(value: Decimal | int, currency: str, *, cents: bool = False) -> str:
    """¥1,234 or −¥1,234."""
    text = amount(value, currency, cents=cents)
    symbol = money.SYMBOLS.get(currency, f"{currency} ")
    return f"{MINUS}{symbol}{text[1:]}" if text.startswith(MINUS) else f"{symbol}{text}"


def short(value: Decimal | int, currency: str) -> str:
    """A headline amount: ¥18.4 M, or ¥1,842万 in Chinese; below ten thousand in full."""
    size, name = scale(value)
    if not name:
        return with_symbol(value, currency)
    symbol = money.SYMBOLS.get(currency, f"{currency} ")
    scaled = abs(Decimal(value)) / size
    rough = _rough(scaled)
    decimals = 2 if rough < 10 else 1 if rough < 1000 else 0
    gap = "" if name in "万亿萬億" else "\u202f"
    return f"{MINUS if value < 0 else ''}{symbol}{number(scaled, decimals)}{gap}{name}"


def scale(value: Decimal | int) -> tuple[int, str]:
    """The unit in which amounts of this size are written in short, with its name; small ones have none."""
    amount = abs(Decimal(value))
    if amount < SHORTENED_FROM:
        return 1, ""
    return next((size, name) for size, name in _scales() if _rough(amount / size) >= 1)


def _rough(scaled: Decimal) -> float:
    """As it will be read, in four figures: 9,999.99 thousand is ten million."""
    return float(f"{scaled:.4g}")


def percent(share: float, decimals: int = 0) -> str:
    """0.123 → 12 %, and honest at the ends: neither 0 % nor 100 % unless it is exactly so."""
    smallest = 10 ** -(decimals + 2)
    if 0 < share < smallest / 2:
        return f"<{number(smallest * 100, decimals)}%"
    if 1 - smallest / 2 < share < 1:
        return f">{number(100 - smallest * 100, decimals)}%"
    return f"{number(share * 100, decimals)}%"


def day(value: dt.date) -> str:
    """2026-11-20 in Chinese, 20 Nov 2026 in English."""
    return date_format(value, "Y-m-d" if _is_chinese() else "j M Y")


def short_day(value: dt.date) -> str:
    """The day without its year."""
    return date_format(value, "n月j日" if _is_chinese() else "j M")


def moment(value: dt.datetime) -> str:
    return f"{day(value.date())} {value:%H:%M}"


def since(value: dt.date, today: dt.date) -> str:
    """How long ago or how far ahead, in words."""
    days = (today - value).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days == -1:
        return _("tomorrow")
    if days < 0:
        return _("in %(days)d days") % {"days": -days}
    if days < 60:
        return _("%(days)d days ago") % {"days": days}
    if days < 730:
        return _("%(months)d months ago") % {"months": round(days / 30.44)}
    return _("%(years)d years ago") % {"years": round(days / 365.25)}


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _scales() -> tuple[tuple[int, str], ...]:
    if not _is_chinese():
        return _WESTERN
    return _CHINESE_TRADITIONAL if get_language() == "zh-hant" else _CHINESE
