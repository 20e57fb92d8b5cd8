"""Rates and the money of orders, read for commands and pages."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from decimal import Decimal

from clientier.rooms.trade.models import CurrencyRate


class Rates:
    """What currencies were worth in the base currency, day by day; the latest rate before a day counts."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._days: dict[str, list[dt.date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        for currency, day, rate in CurrencyRate.objects.order_by("currency", "day").values_list(
            "currency", "day", "rate_to_base"
        ):
            self._days.setdefault(currency, []).append(day)
            self._rates.setdefault(currency, []).append(rate)

    def at(self, currency: str, day: dt.date) -> Decimal | None:
        """The rate of that day, or None when none is known so early."""
        if currency == self.base:
            return Decimal(1)
        position = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][position - 1] if position else None
