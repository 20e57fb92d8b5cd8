"""How far a forecast may be off: errors of the parameters, chance, and what backtests say of the model itself.

Parameters are drawn from the normal approximation of their logarithms at the top of the likelihood (Laplace); the
purchases then from the model, so that chance is included. Both together still take the model for true, which it is
not: on CDNOW that range is a quarter of the real error of the total. `calibration` and `spread` carry what rolling
backtests found: the mean of actual over expected, and the standard deviation of the logarithm of that ratio.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.fitting import PurchaseFit
from clientier.worth.models.history import History
from clientier.worth.models.protocol import BuyingModel

Floats = NDArray[np.float64]
LARGEST_SPREAD = 2.0
NUMBERS_AT_ONCE = 2_000_000
MOST_DRAWN_CUSTOMERS = 5_000
MOST_ROWS = 20_000
CHANCE_REPEATS = 8


@dataclass(frozen=True)
class Doubt:
    """What to spread a forecast by: share of cases inside, draws, and the findings of backtests."""

    share: float = 0.80
    draws: int = 400
    calibration: float = 1.0
    spread: float = 0.0
    seed: int = 1

    def factors(self, random: np.random.Generator) -> Floats:
        """One factor a draw, by which all customers together come out above or below the model."""
        return self.calibration * np.exp(self.spread * random.standard_normal(self.draws))

    @property
    def tails(self) -> tuple[float, float]:
        """The two quantiles between which the share lies."""
        return (1.0 - self.share) / 2.0, (1.0 + self.share) / 2.0


@dataclass(frozen=True)
class Interval:
    """Expected number of purchases with the range that holds the share asked for."""

    low: float
    expected: float
    high: float


def parameter_draws(fitted: PurchaseFit, draws: int, random: np.random.Generator) -> Iterator[BuyingModel]:
    """Models with parameters drawn from their Laplace approximation, in logarithms, so always positive.

    A direction that the data say nothing of is drawn with a spread of e**2 at most.
    """
    names = fitted.model.PARAMETERS
    centre = np.log([getattr(fitted.model, name) for name in names])
    values, vectors = np.linalg.eigh(fitted.covariance) if names else (np.zeros(0), np.zeros((0, 0)))
    sizes = np.sqrt(np.clip(values, 0.0, LARGEST_SPREAD**2))
    for noise in random.standard_normal((draws, len(names))):
        drawn = np.exp(centre + vectors @ (sizes * noise))
        yield replace(fitted.model, **dict(zip(names, map(float, drawn), strict=True)))


def customer_intervals(
    fitted: PurchaseFit, x: Floats, t_x: Floats, age: Floats, horizon: float, doubt: Doubt | None = None
) -> tuple[Floats, Floats]:
    """Lowest and highest number of purchases of each customer that the share of cases stays within.

    Both tails are alike, except that a range that begins at zero has its whole tail above. Counts are whole, so the
    range holds at least the share: a customer who most likely buys nothing has (0, 0), and that holds more often.
    Never more than two million numbers are held at once.
    """
    doubt = doubt or Doubt()
    random = np.random.default_rng(doubt.seed)
    models = list(parameter_draws(fitted, doubt.draws, random))
    factors = doubt.factors(random)
    low, high = np.empty(len(x)), np.empty(len(x))
    step = max(1, NUMBERS_AT_ONCE // doubt.draws)
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        counts = np.empty((doubt.draws, len(x[rows])), dtype=np.float32)
        for place, model in enumerate(models):
            drawn = model.draw(x[rows], t_x[rows], age[rows], horizon, random)
            if factors[place] != 1.0:
                drawn = np.floor(drawn * factors[place] + random.random(len(drawn)) * (drawn > 0))
            counts[place] = drawn
        counts.sort(axis=0)
        bounds = counts[[max(math.ceil(q * doubt.draws) - 1, 0) for q in (*doubt.tails, doubt.share)]]
        low[rows], high[rows] = bounds[0], np.where(bounds[0] > 0, bounds[1], bounds[2])
    return low, high


def total_interval(
    fitted: PurchaseFit, history: History, horizon: float, doubt: Doubt | None = None
) -> Interval:
    """Purchases of all customers together within the horizon, with their range.

    Up to 5,000 customers their purchases are drawn one by one; beyond, chance is normal by the central limit.
    """
    doubt = doubt or Doubt()
    random = np.random.default_rng(doubt.seed)
    parts = history.x, history.t_x, history.age
    expected = float(history.weight @ fitted.model.expected(*parts, horizon))
    if history.customers <= MOST_DRAWN_CUSTOMERS:
        totals = _drawn_totals(fitted, history, horizon, doubt, random)
    else:
        totals = _normal_totals(fitted, history, horizon, doubt, random) * expected
    low, high = np.quantile(totals * doubt.factors(random), doubt.tails)
    return Interval(max(float(low), 0.0), expected * doubt.calibration, float(high))


def _drawn_totals(
    fitted: PurchaseFit, history: History, horizon: float, doubt: Doubt, random: np.random.Generator
) -> Floats:
    each = np.repeat(np.arange(len(history.x)), history.weight.astype(np.int64))
    parts = history.x[each], history.t_x[each], history.age[each]
    models = parameter_draws(fitted, doubt.draws, random)
    return np.array([model.draw(*parts, horizon, random).sum() for model in models])


def _normal_totals(
    fitted: PurchaseFit, history: History, horizon: float, doubt: Doubt, random: np.random.Generator
) -> Floats:
    """Draws of the total over the expected total, from rows enough to tell."""
    few = history.every(-(-len(history.x) // MOST_ROWS))
    parts = few.x, few.t_x, few.age
    mean = fitted.model.expected(*parts, horizon)
    total = max(float(few.weight @ mean), 1e-300)
    models = parameter_draws(fitted, doubt.draws, random)
    ratios = np.array([few.weight @ model.expected(*parts, horizon) for model in models]) / total
    squares = np.zeros(len(mean))
    for _ in range(CHANCE_REPEATS):
        squares += (fitted.model.draw(*parts, horizon, random) - mean) ** 2 / CHANCE_REPEATS
    customers = history.customers / few.customers
    chance = np.sqrt(float(few.weight @ squares) / customers) / total
    return ratios + chance * random.standard_normal(doubt.draws)
