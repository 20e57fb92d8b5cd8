"""How regularly customers buy, and how unlikely a silence is for one who buys as this one does.

Gaps of a customer are taken for gamma distributed with a shape that all share (1 is random in time, 20 like
clockwork) and a mean of his own, of which his gaps and one average gap are the evidence. A silence s after n
gaps that add up to S then lasts longer with a probability that is a beta distribution function of S/(S+s).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_REGULAR, MOST_REGULAR = 0.3, 20.0
FEWEST_GAPS = 10
EVIDENCE = 1.0
SHORTEST_GAP_DAYS = 0.5
STEPS = 30


def regularity(gap_count: Ints, sorted_gaps: Floats) -> float:
    """The shape that all customers' gaps share, from how much the logarithms of each one's gaps vary.

    The variance of the logarithm of a gamma is trigamma of its shape. 1 (random) without ten gaps to compare.
    """
    several = gap_count >= 2
    compared = int((gap_count[several] - 1).sum())
    if compared < FEWEST_GAPS:
        return 1.0
    who = np.repeat(np.arange(len(gap_count)), gap_count)
    size = np.log(np.maximum(sorted_gaps, SHORTEST_GAP_DAYS))
    total = np.bincount(who, weights=size, minlength=len(gap_count))
    squares = np.bincount(who, weights=size**2, minlength=len(gap_count))
    around = squares[several] - total[several] ** 2 / gap_count[several]
    return shape_of(float(around.sum()), compared)


def shape_of(around: float, compared: int) -> float:
    """The shape from the sum of squares of the logarithms of gaps around each customer's own mean, and how
    many gaps beyond the first of each there were to compare; 1 (random) where they are too few.
    """
    if compared < FEWEST_GAPS:
        return 1.0
    variance = max(around, 0.0) / compared
    low, high = LEAST_REGULAR, MOST_REGULAR
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if special.zeta(2.0, middle) > variance else (low, middle)
    return (low + high) / 2.0


def p_silence(x: Floats, t_x: Floats, silence: Floats, shape: float, mean_gap: float | Floats) -> Floats:
    """The probability that a customer with x gaps which add up to t_x is silent for longer than this."""
    known = t_x + EVIDENCE * mean_gap
    return special.betainc(shape * (x + EVIDENCE), shape, known / (known + np.maximum(silence, 1e-9)))


def silence_quantile(x: Floats, t_x: Floats, share: float, shape: float, mean_gap: float) -> Floats:
    """The silence within which the next purchase falls with probability `share`."""
    known = t_x + EVIDENCE * mean_gap
    part = special.betaincinv(shape * (x + EVIDENCE), shape, 1.0 - share)
    return known * (1.0 - part) / np.maximum(part, 1e-12)
