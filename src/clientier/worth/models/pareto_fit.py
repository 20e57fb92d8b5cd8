"""Fitting the Pareto/NBD: likelihood with gradient and Hessian by differentiation under the integral."""

from __future__ import annotations

import math
from functools import partial

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
from clientier.worth.models.pareto import ParetoModel
from clientier.worth.models.pareto_terms import LeavingTerms, leaving_terms
from clientier.worth.models.scenarios import log_sum

Floats = NDArray[np.float64]
CHUNK_ROWS = 4_096


def weak_prior(history: History) -> Prior:
    """Beliefs with a spread of e either way: the crude purchase rate, half a customer's lifetime as observed."""
    r, s = 0.8, 0.8
    beta = s * 2.0 * history.mean_age
    return Prior(np.log([r, r / crude_rate(history), s, beta]), np.ones(4))


def fit(history: History, prior: Prior | None = None) -> PurchaseFit:
    """Fit a Pareto/NBD by maximum likelihood (with `prior`: by maximum posterior); time may be in any unit.

    On CDNOW in weeks: r 0.553, alpha 10.578, s 0.606, beta 11.669, log-likelihood -9,595.0.
    """
    recipe = Recipe(
        ParetoLikelihood,
        partial(from_parameters, ParetoModel),
        np.log([0.5, 0.4, 0.6, 0.4]),
        np.array([0.0, 1.0, 0.0, 1.0]),
    )
    return climb(history, recipe, prior)


class ParetoLikelihood:
    """Log-likelihood with gradient and Hessian in log parameters, in chunks that stay in the cache."""

    def __init__(self, history: History) -> None:
        order = np.lexsort((history.t_x, history.x))
        self.parts = tuple(part[order] for part in (history.x, history.t_x, history.age, history.weight))
        self.counts, which = distinct(history.x)
        self.count_weight = np.bincount(which, weights=history.weight, minlength=len(self.counts))

    def __call__(self, point: Floats) -> newton.Evaluation:
        parameters = np.exp(point)
        value, gradient, hessian = self._by_count(*parameters)
        x, t_x, age, weight = self.parts
        for start in range(0, len(x), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            for place, terms in leaving_terms(parameters, x[rows], t_x[rows], age[rows]):
                part = _scenarios(parameters, x[start + place], weight[start + place], terms)
                value, gradient, hessian = value + part[0], gradient + part[1], hessian + part[2]
        return in_logs(parameters, value, gradient, hessian)

    def _by_count(self, r: float, alpha: float, s: float, beta: float) -> newton.Evaluation:
        weight, total, shape = self.count_weight, float(self.count_weight.sum()), r + self.counts
        value = weight @ special.gammaln(shape) + total * (
            r * math.log(alpha) + s * math.log(beta) - special.gammaln(r)
        )
        gradient = np.array(
            [
                weight @ special.digamma(shape) + total * (math.log(alpha) - special.digamma(r)),
                total * r / alpha,
                total * math.log(beta),
                total * s / beta,
            ]
        )
        hessian = np.zeros((4, 4))
        hessian[0, 0] = weight @ special.zeta(2.0, shape) - total * special.zeta(2.0, r)
        hessian[0, 1] = hessian[1, 0] = total / alpha
        hessian[1, 1] = -total * r / alpha**2
        hessian[2, 3] = hessian[3, 2] = total / beta
        hessian[3, 3] = -total * s / beta**2
        return float(value), gradient, hessian


def _scenarios(parameters: Floats, x: Floats, weight: Floats, terms: LeavingTerms) -> newton.Evaluation:
    r, _, s, _ = parameters
    shape = r + x
    over_a, over_b = np.exp(-terms.log_a), np.exp(-terms.log_b)
    leaving = np.full((len(terms.terms), 1), s + 1.0)
    leaving[0] = s
    gone = np.ones_like(leaving)
    gone[0] = 0.0
    slopes = np.empty((4, *terms.terms.shape))
    np.negative(terms.log_a, out=slopes[0])
    np.multiply(over_a, -shape, out=slopes[1])
    np.subtract(gone / s, terms.log_b, out=slopes[2])
    np.multiply(over_b, -leaving, out=slopes[3])
    curvature = {
        (0, 1): -over_a,
        (1, 1): -slopes[1] * over_a,
        (2, 2): -gone / s**2,
        (2, 3): -over_b,
        (3, 3): -slopes[3] * over_b,
    }
    value, gradient, hessian = log_sum(terms.terms, slopes, curvature, weight)
    return value + float(weight @ terms.reference), gradient, hessian
