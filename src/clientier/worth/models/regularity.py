"""How regularly customers buy: against chance, each in his own way, and in clumps.

Gaps that are gamma with shape k: 1 is chance, more is rhythm, less is clumps. Wheat and Morrison 1990, "Estimating
Purchase Regularity with Two Interpurchase Times", for a population; the exact likelihood of the shares that gaps have
in their sum, which knows nothing of the rate, for each customer; Zhang, Bradlow, Small 2013, "New Measures of
Clumpiness for Incidence Data", for clumps.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OWN_SPREAD = 0.7
SHAPE_LIMITS = (0.05, 400.0)
SIMULATED = 2_000


def population_shape(first_gaps: Floats, second_gaps: Floats) -> float:
    """The shape k of a population's gaps from two successive gaps of each customer, positive, of equal length.

    The share of the first in both is Beta(k, k), with variance 1 / (8 k + 4) (Wheat, Morrison 1990, eq. 3). Two
    hundred customers tell 1 from 2. Raises ValueError for fewer than two.
    """
    if len(first_gaps) < 2:
        raise ValueError("regularity needs two customers with two gaps each")
    share = first_gaps / (first_gaps + second_gaps)
    variance = max(float(np.mean((share - 0.5) ** 2)), 1e-9)
    return float(np.clip((1.0 - 4.0 * variance) / (8.0 * variance), *SHAPE_LIMITS))


def own_shapes(
    gap_count: Ints, gap_sum: Floats, log_gap_sum: Floats, population: float, spread: float = OWN_SPREAD
) -> Floats:
    """The shape k of each customer's own gaps, drawn to the population's where he has few of them.

    From the number, the sum and the sum of logarithms of his gaps: the shares of gaps in their sum are
    Dirichlet(k, ..., k) whatever his rate. The logarithm of k is believed normal around the population's with
    `spread`; with fewer than two gaps the answer is the population's. Newton, all customers together.
    """
    count = gap_count.astype(np.float64)
    tells = gap_count > 1
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(tells, log_gap_sum - count * np.log(gap_sum), 0.0)
    centre = np.log(population)
    point = np.full(len(count), centre)
    low, high = np.log(SHAPE_LIMITS)
    for _ in range(30):
        shape = np.exp(point)
        total = np.where(tells, count, 1.0) * shape
        slope = count * (special.digamma(total) - special.digamma(shape)) + shares
        curve = count**2 * special.zeta(2.0, total) - count * special.zeta(2.0, shape)
        gradient = np.where(tells, shape * slope, 0.0) - (point - centre) / spread**2
        bend = np.where(tells, shape * slope + shape**2 * curve, 0.0) - spread**-2.0
        step = np.clip(-gradient / np.minimum(bend, -0.25 * spread**-2.0), -1.0, 1.0)
        point = np.clip(point + step, low, high)
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return np.exp(point)


def clumpiness(periods: Ints, span: int) -> float:
    """Clumpiness H of purchases in the given periods (1 to span), 0 evenly spread, 1 all at once (2013, eq. 5).

    One minus the entropy of the shares of the span between the purchases, before the first and after the last.
    """
    days = np.unique(periods)
    gaps = np.diff(np.concatenate([[0], days, [span + 1]])) / (span + 1.0)
    return 1.0 + float(special.xlogy(gaps, gaps).sum()) / float(np.log(len(gaps))) if len(gaps) > 1 else 0.0


@lru_cache(maxsize=4096)
def critical_clumpiness(purchases: int, span: int, level: float = 0.05) -> float:
    """The clumpiness that chance alone exceeds with probability `level`, so many purchases falling anywhere.

    Simulated 2,000 times with a fixed seed: good to about 0.01.
    """
    random = np.random.default_rng(purchases * 1_000_003 + span)
    some = min(purchases, span)
    drawn = [
        clumpiness(random.choice(span, some, replace=False) + 1, span)
        for _ in range(SIMULATED if some else 1)
    ]
    return float(np.quantile(drawn, 1.0 - level))
