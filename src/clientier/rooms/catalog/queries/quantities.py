"""Quantities as they are read: with as many decimals as they have."""

from __future__ import annotations

from decimal import Decimal

from clientier.kit import formats

DECIMALS = 4


def written(quantity: Decimal) -> str:
    """12 or 0.25, to at most four decimals."""
    rounded = round(quantity, DECIMALS).normalize()
    exponent = rounded.as_tuple().exponent
    return formats.number(rounded, -min(exponent, 0) if isinstance(exponent, int) else 0)
