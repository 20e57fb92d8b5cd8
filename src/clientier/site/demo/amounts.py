"""Exact money in whole ten-thousandths: no float ever holds an amount."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

ONE_E4 = 10_000
ONE_E6 = 1_000_000


def divide_half_even(numerator: np.ndarray, divisor: int | np.ndarray) -> np.ndarray:
    """Whole quotient by a positive divisor, rounded to the nearest, from the middle to the even one."""
    quotient, rest = np.divmod(np.asarray(numerator, dtype=np.int64), divisor)
    twice = 2 * rest
    return quotient + ((twice > divisor) | ((twice == divisor) & (quotient % 2 == 1)))


def to_cents(amount_e4: np.ndarray) -> np.ndarray:
    """Rounds ten-thousandths to whole hundredths, still counted in ten-thousandths."""
    return divide_half_even(amount_e4, 100) * 100


def from_float(amount: np.ndarray) -> np.ndarray:
    """The nearest amount of whole hundredths to a drawn figure; the draw is not money yet, its result is."""
    return np.rint(np.asarray(amount) * 100).astype(np.int64) * 100


def to_base(amount_e4: np.ndarray, rate_e6: np.ndarray) -> np.ndarray:
    """The amount in the base currency at a rate in millionths."""
    return divide_half_even(np.asarray(amount_e4, dtype=np.int64) * rate_e6, ONE_E6)


def to_decimal(amount_e4: int) -> Decimal:
    """The same amount as a Decimal with four places."""
    return Decimal(int(amount_e4)).scaleb(-4)
