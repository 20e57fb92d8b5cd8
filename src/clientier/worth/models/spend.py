"""How much customers spend at a purchase: the Gamma-Gamma model, with a shrunken mean where it cannot be
trusted.

Mean spend per purchase day varies around the customer's own level (gamma, shape p), and levels vary over
customers (gamma, q and gamma): Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value", eq. 1a and
5.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models import newton
from clientier.worth.models.fitting import Prior, covariance_of, with_prior

Floats = NDArray[np.float64]
MOST_ROWS = 100_000
FIRST_LOOK_ROWS = 5_000


@dataclass(frozen=True)
class SpendModel:
    """Expected spend per purchase; `name` tells whether by Gamma-Gamma or by the shrunken mean."""

    name: str
    p: float
    q: float
    gamma: float
    population_mean: float

    def expected(self, purchases: Floats, mean_spend: Floats) -> Floats:
        """Expected spend per future purchase: the customer's own mean drawn to the population's (eq. 5)."""
        known = np.where(purchases > 0, mean_spend, 0.0)
        if self.name == "gamma_gamma":
            return (self.gamma + known * purchases) * self.p / (self.p * purchases + self.q - 1.0)
        return (self.p * self.population_mean + known * purchases) / (self.p + purchases)


@dataclass(frozen=True)
class SpendFit:
    """A fitted spend model, its log-likelihood in the caller's unit of money, and why it fell back
    if it did; `standard_errors` are of p, q and gamma.
    """

    model: SpendModel
    log_likelihood: float | None
    customers: int
    rows: int
    correlation: float | None
    fallback: str | None
    standard_errors: tuple[float, float, float] | None = None


def weak_prior() -> Prior:
    """Beliefs with a spread of e either way on p, q - 1 and gamma over the median level of spend."""
    return Prior(np.log([2.0, 1.5, 1.0]), np.ones(3))


def fit_gamma_gamma(purchases: Floats, mean_spend: Floats, prior: Prior | None = None) -> SpendFit:
    """Fit p, q > 1 and gamma on customers with repeat purchases and positive mean spend.

    By maximum likelihood, with `prior` (see `weak_prior`) by maximum posterior.
    """
    step = max(1, math.ceil(len(purchases) / MOST_ROWS))
    x, level = purchases[::step], mean_spend[::step]
    scale = float(np.median(level))
    start, hop = np.log([2.0, 1.5, 1.0]), len(x) // FIRST_LOOK_ROWS
    if hop > 4:
        start = newton.maximise(_likelihood(x[::hop], level[::hop] / scale), start).point
    likelihood = _likelihood(x, level / scale)
    best = newton.maximise(with_prior(likelihood, prior, np.zeros(3)), start)
    p, q, gamma = math.exp(best.point[0]), 1.0 + math.exp(best.point[1]), math.exp(best.point[2]) * scale
    model = SpendModel("gamma_gamma", p, q, gamma, p * gamma / (q - 1.0))
    correlation = float(np.corrcoef(x, level)[0, 1]) if x.std() > 0 and level.std() > 0 else None
    degenerate = best.at_boundary or not best.converged or q < 1.05
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(covariance_of(best.hessian))) * [p, q - 1.0, gamma]
    value = best.value if prior is None else likelihood(best.point)[0]
    return SpendFit(
        model=model,
        log_likelihood=value - len(x) * math.log(scale),
        customers=len(purchases),
        rows=len(x),
        correlation=correlation,
        fallback="degenerate_fit" if degenerate else None,
        standard_errors=(float(errors[0]), float(errors[1]), float(errors[2])),
    )


def fit(
    purchases: Floats, mean_spend: Floats, *, fewest: int, shrinkage: float, highest_correlation: float
) -> SpendFit:
    """Fit Gamma-Gamma where it holds; else the mean shrunken by `shrinkage` purchases, with the reason.

    `purchases` and `mean_spend` are of repeat purchase days with positive spend; rows with none are left out.
    """
    usable = (purchases > 0) & (mean_spend > 0)
    x, level = purchases[usable], mean_spend[usable]
    attempt = fit_gamma_gamma(x, level) if len(x) >= max(fewest, 3) else None
    if attempt is None:
        reason = "few_repeat_customers"
    elif attempt.correlation is not None and abs(attempt.correlation) > highest_correlation:
        reason = "spend_depends_on_frequency"
    elif attempt.fallback:
        reason = attempt.fallback
    else:
        return attempt
    mean = float(np.average(level)) if len(level) else 0.0
    model = SpendModel("shrunken_mean", shrinkage, 0.0, 0.0, mean)
    return SpendFit(model, None, len(x), len(x), attempt.correlation if attempt else None, reason)


def _likelihood(x: Floats, level: Floats) -> Callable[[Floats], newton.Evaluation]:
    log_level, log_x, amount = np.log(level), np.log(x), level * x

    def evaluate(point: Floats) -> newton.Evaluation:
        p, above_one, gamma = np.exp(point)
        q = 1.0 + above_one
        shape, pot = p * x + q, gamma + amount
        log_pot = np.log(pot)
        value = (
            special.gammaln(shape)
            - special.gammaln(p * x)
            + (p * x - 1.0) * log_level
            + p * x * log_x
            - shape * log_pot
        ).sum() + len(x) * (q * math.log(gamma) - special.gammaln(q))
        psi_shape, tri_shape = special.digamma(shape), special.zeta(2.0, shape)
        gradient = np.array(
            [
                (x * (psi_shape - special.digamma(p * x) + log_level + log_x - log_pot)).sum(),
                (psi_shape - log_pot).sum() + len(x) * (math.log(gamma) - special.digamma(q)),
                len(x) * q / gamma - (shape / pot).sum(),
            ]
        )
        hessian = np.zeros((3, 3))
        hessian[0, 0] = (x**2 * (tri_shape - special.zeta(2.0, p * x))).sum()
        hessian[0, 1] = hessian[1, 0] = (x * tri_shape).sum()
        hessian[0, 2] = hessian[2, 0] = -(x / pot).sum()
        hessian[1, 1] = tri_shape.sum() - len(x) * special.zeta(2.0, q)
        hessian[1, 2] = hessian[2, 1] = len(x) / gamma - (1.0 / pot).sum()
        hessian[2, 2] = -len(x) * q / gamma**2 + (shape / pot**2).sum()
        jacobian = np.array([p, above_one, gamma])
        scaled = jacobian * gradient
        return float(value), scaled, np.outer(jacobian, jacobian) * hessian + np.diag(scaled)

    return evaluate
