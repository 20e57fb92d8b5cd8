"""The range that a count of purchases will probably lie in, and how wide it must be to cover as it claims."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
NARROWEST_SPREAD, WIDEST_SPREAD = 0.7, 5.0
MOST_CUSTOMERS = 4_000
STEPS = 7


def count_range(
    alive: Floats, mean: Floats, x: Floats, share: float, spread: float = 1.0
) -> tuple[Floats, Floats]:
    """Low and high end of the number of purchases of customers who are alive with probability `alive` and
    would then buy `mean` times.

    A gamma with the mean and variance of the mixture dead/alive, whose rate is known as well as x + 1/2
    purchases tell it; `spread` widens its standard deviation, and comes from backtests.
    """
    first = alive * mean
    second = alive * (mean + mean**2 * (1.0 + 1.0 / (x + 0.5)))
    variance = np.maximum((second - first**2) * spread**2, 1e-12)
    form = np.maximum(first**2 / variance, 1e-6)
    scale = variance / np.maximum(first, 1e-12)
    tail = (1.0 - share) / 2.0
    low, high = special.gammaincinv(form, tail) * scale, special.gammaincinv(form, 1.0 - tail) * scale
    return low, np.maximum(high, first)


def whole_range(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The whole numbers at which a tail each begins: n stands for what lies between n - 0.5 and n + 0.5."""
    return np.maximum(np.ceil(low - 0.5), 0.0), np.maximum(np.ceil(high - 0.5), 0.0)


def fitting_spread(alive: Floats, mean: Floats, x: Floats, actual: Floats, share: float) -> float:
    """The least spread (0.7 to 5) with which the ranges would have covered `share` of what came.

    Looks at a regular sample of at most some thousand customers.
    """
    step = max(1, len(actual) // MOST_CUSTOMERS)
    alive, mean, x, actual = (column[::step] for column in (alive, mean, x, actual))
    narrow, wide = NARROWEST_SPREAD, WIDEST_SPREAD
    if not len(actual):
        return 1.0
    if _covered(alive, mean, x, actual, share, narrow) >= share:
        return narrow
    for _ in range(STEPS):
        middle = (narrow + wide) / 2.0
        if _covered(alive, mean, x, actual, share, middle) >= share:
            wide = middle
        else:
            narrow = middle
    return wide


def _covered(alive: Floats, mean: Floats, x: Floats, actual: Floats, share: float, spread: float) -> float:
    low, high = whole_range(*count_range(alive, mean, x, share, spread))
    return float(np.mean((actual >= low) & (actual <= high)))
