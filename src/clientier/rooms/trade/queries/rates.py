"""What currencies were worth in the base currency."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from clientier.core.errors import DomainError
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.models import CurrencyRate


class RateMissing(DomainError):
    """Money in a currency whose rate is not known cannot be added to the rest."""

    code = "rate_missing"
    message = _("The rate of this currency is not known for that day. Enter it under currency rates.")


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


def rate_on(currency: str, day: dt.date) -> Decimal:
    """The rate of one currency on one day; the latest before it counts, and RateMissing says that there is none."""
    if currency == organisation().base_currency:
        return Decimal(1)
    known = CurrencyRate.objects.filter(currency=currency, day__lte=day).order_by("-day")
    rate: Decimal | None = known.values_list("rate_to_base", flat=True).first()
    if rate is None:
        raise RateMissing
    return rate
