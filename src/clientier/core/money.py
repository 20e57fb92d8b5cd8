"""Money is decimal, with a currency; four decimals are kept, and as many shown as the currency has."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

PLACES = Decimal("0.0001")
SCALE = 10_000


class Currency(models.TextChoices):
    """The currencies a company may trade in, by ISO 4217 code."""

    CNY = "CNY", _("Chinese yuan")
    USD = "USD", _("US dollar")
    EUR = "EUR", _("Euro")
    HKD = "HKD", _("Hong Kong dollar")
    TWD = "TWD", _("New Taiwan dollar")
    GBP = "GBP", _("Pound sterling")
    JPY = "JPY", _("Japanese yen")
    KRW = "KRW", _("South Korean won")
    SGD = "SGD", _("Singapore dollar")
    AUD = "AUD", _("Australian dollar")
    CAD = "CAD", _("Canadian dollar")
    CHF = "CHF", _("Swiss franc")


SYMBOLS = {
    "CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$", "TWD": "NT$", "GBP": "£", "JPY": "¥",
    "KRW": "₩", "SGD": "S$", "AUD": "A$", "CAD": "C$", "CHF": "CHF ",
}  # fmt: skip
WITHOUT_CENTS = frozenset({"JPY", "KRW", "TWD"})


def digits(currency: str) -> int:
    """Decimals in which amounts of this currency are shown and settled."""
    return 0 if currency in WITHOUT_CENTS else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's digits, half to even: sums of rounded amounts do not drift upwards."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), rounding=ROUND_HALF_EVEN)


def convert(amount: Decimal, rate_to_base: Decimal) -> Decimal:
    """An amount in the base currency, to four decimals, half to even."""
    return (amount * rate_to_base).quantize(PLACES, rounding=ROUND_HALF_EVEN)


def from_e4(units: int) -> Decimal:
    """Ten-thousandths, the value engine's whole-number money, as a decimal."""
    return Decimal(int(units)).scaleb(-4)


def to_e4(amount: Decimal) -> int:
    """A stored amount in ten-thousandths, exactly."""
    return int(amount.scaleb(4))


class MoneyField(models.DecimalField):
    """An amount: eighteen digits, four of them decimals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "max_digits": 18, "decimal_places": 4})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        del options["max_digits"], options["decimal_places"]
        return name, path, args, options
