"""The money of documents: net, tax by rate, total; each step rounded as stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from clientier.core.money import rounded

PERCENT = Decimal(100)


@dataclass(frozen=True)
class Totals:
    """``taxes`` is the tax by its rate in percent."""

    net: Decimal
    taxes: dict[Decimal, Decimal]

    @property
    def tax(self) -> Decimal:
        return sum(self.taxes.values(), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def line_amount(quantity: Decimal, unit_price: Decimal, discount: Decimal, currency: str) -> Decimal:
    """What a line comes to after its discount, rounded to what the currency is settled in."""
    return rounded(quantity * unit_price - discount, currency)


def totals(lines: Iterable[tuple[Decimal, Decimal]], currency: str) -> Totals:
    """Totals of lines (amount, tax rate in percent): tax is rounded once for each rate, not line by line."""
    net, bases = Decimal(0), dict[Decimal, Decimal]()
    for amount, rate in lines:
        net += amount
        bases[rate] = bases.get(rate, Decimal(0)) + amount
    taxes = {rate: rounded(base * rate / PERCENT, currency) for rate, base in sorted(bases.items()) if rate}
    return Totals(net, taxes)


def part(amount: Decimal, of: Decimal, worth: Decimal) -> Decimal:
    """What a part of something is worth in the base currency, to four decimals; all of it is worth exactly all."""
    return worth if amount == of else (worth * amount / of).quantize(Decimal("0.0001"))
