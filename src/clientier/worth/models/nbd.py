"""The two baselines that always stand beside a model: nobody ever leaves, and the past rate goes on.

NBD: purchases at a rate Gamma(r, alpha) over customers, for ever (Ehrenberg 1959, "The Pattern of Consumer
Purchases"). The naive rule has no parameters: each customer goes on at the rate he has bought at so far.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models import newton
from clientier.worth.models.distinct import distinct
from clientier.worth.models.fitting import (
    Prior,
    PurchaseFit,
    Recipe,
    climb,
    crude_rate,
    from_parameters,
    in_logs,
)
from clientier.worth.models.history import History

Floats = NDArray[np.float64]


def worth_of_steady_purchases(horizon: float, rate: float) -> float:
    """Integral of exp(-rate t) over the horizon: what one purchase a unit of time is worth now."""
    if rate == 0.0:
        return horizon
    return (1.0 if math.isinf(horizon) else -math.expm1(-rate * horizon)) / rate


@dataclass(frozen=True)
class NeverLeavingModel:
    """NBD in the caller's unit of time: gamma rates, and everybody stays. Arrays as in `PurchaseModel`."""

    PARAMETERS: ClassVar[tuple[str, ...]] = ("r", "alpha")

    r: float
    alpha: float
    name: str = "nbd"

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """One for everybody: this model knows no leaving."""
        return np.ones(len(x))

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase within the horizon."""
        return -np.expm1(-(self.r + x) * np.log1p(horizon / (self.alpha + age)))

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence within which the next purchase falls with probability `share`, seen from the last one."""
        return (self.alpha + t_x) * np.expm1(-math.log1p(-share) / (self.r + x))

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected purchases in (T, T+horizon]: the population's rate and the own, weighed by evidence."""
        return (self.r + x) / (self.alpha + age) * horizon

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases over the horizon, each discounted at `rate` per unit of time."""
        return (self.r + x) / (self.alpha + age) * worth_of_steady_purchases(horizon, rate)

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of exactly `count` purchases in (T, T+horizon]: negative binomial."""
        shape, scale = self.r + x, self.alpha + age
        constant = special.gammaln(shape + count) - special.gammaln(shape) - math.lgamma(count + 1.0)
        share = special.xlogy(count, horizon / (scale + horizon))
        return np.exp(constant - shape * np.log1p(horizon / scale) + share)

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of purchases over the horizon for each customer, as chance would have it."""
        rate = random.standard_gamma(self.r + x) / (self.alpha + age)
        return random.poisson(np.minimum(rate * horizon, 1e15)).astype(np.float64)


@dataclass(frozen=True)
class PastRateModel:
    """The naive rule: everybody goes on at his own past rate, by chance alone. Arrays as in `PurchaseModel`."""

    PARAMETERS: ClassVar[tuple[str, ...]] = ()

    name: str = "naive"

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """One for everybody: the rule knows no leaving."""
        return np.ones(len(x))

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase at the past rate."""
        return -np.expm1(-self.expected(x, t_x, age, horizon))

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence within which the next purchase falls with probability `share`; endless without a rate."""
        rate = np.divide(x, t_x, out=np.zeros(len(x)), where=t_x > 0)
        return np.divide(-math.log1p(-share), rate, out=np.full(len(x), np.inf), where=rate > 0)

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Repeat purchases so far over the time observed, times the horizon; none for who is new today."""
        return np.divide(x, age, out=np.zeros(len(x)), where=age > 0) * horizon

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """The past rate over the horizon, each purchase discounted at `rate` per unit of time."""
        return self.expected(x, t_x, age, 1.0) * worth_of_steady_purchases(horizon, rate)

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of exactly `count` purchases at the past rate: Poisson."""
        mean = self.expected(x, t_x, age, horizon)
        return np.exp(special.xlogy(count, mean) - mean - math.lgamma(count + 1.0))

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of purchases over the horizon for each customer, as chance would have it."""
        mean = np.minimum(self.expected(x, t_x, age, horizon), 1e15)
        return random.poisson(mean).astype(np.float64)


def weak_prior(history: History) -> Prior:
    """Beliefs with a spread of e either way, centred on the crude purchase rate."""
    return Prior(np.log([0.8, 0.8 / crude_rate(history)]), np.ones(2))


def fit(history: History, prior: Prior | None = None) -> PurchaseFit:
    """Fit an NBD by maximum likelihood (with `prior`: by maximum posterior); time may be in any unit."""
    recipe = Recipe(
        NeverLeavingLikelihood,
        partial(from_parameters, NeverLeavingModel),
        np.log([0.5, 0.5]),
        np.array([0.0, 1.0]),
    )
    return climb(history, recipe, prior)


class NeverLeavingLikelihood:
    """Log-likelihood with gradient and Hessian in log parameters."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.counts, which = distinct(history.x)
        self.count_weight = np.bincount(which, weights=history.weight, minlength=len(self.counts))

    def __call__(self, point: Floats) -> newton.Evaluation:
        r, alpha = parameters = np.exp(point)
        h, total = self.history, float(self.count_weight.sum())
        shape, end, by_count = r + h.x, alpha + h.age, r + self.counts
        log_end = np.log(end)
        value = self.count_weight @ special.gammaln(by_count) - h.weight @ (shape * log_end)
        value += total * (r * math.log(alpha) - special.gammaln(r))
        gradient = np.array(
            [
                self.count_weight @ special.digamma(by_count)
                - h.weight @ log_end
                + total * (math.log(alpha) - special.digamma(r)),
                total * r / alpha - h.weight @ (shape / end),
            ]
        )
        cross = total / alpha - h.weight @ (1.0 / end)
        curve = self.count_weight @ special.zeta(2.0, by_count) - total * special.zeta(2.0, r)
        bend = h.weight @ (shape / end**2) - total * r / alpha**2
        hessian = np.array([[curve, cross], [cross, bend]])
        return in_logs(parameters, float(value), gradient, hessian)
