"""Fitting BG/NBD and MBG/NBD: likelihood with gradient and Hessian, on counts of customers alike."""

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
from clientier.worth.models.purchases import PurchaseModel

Floats = NDArray[np.float64]
CHUNK_ROWS = 8_192


def weak_prior(history: History) -> Prior:
    """Beliefs wide enough that a few hundred repeat buyers outweigh them, centred on the crude purchase rate."""
    r, a, b = 0.8, 0.6, 2.4
    return Prior(np.log([r, r / crude_rate(history), a, b]), np.ones(4))


def fit(history: History, model: str = "mbg", prior: Prior | None = None) -> PurchaseFit:
    """Fit by maximum likelihood (with `prior`: by maximum posterior); time may be in any unit.

    Newton with the analytic gradient and Hessian in the logarithms of the parameters, on time scaled by the mean
    age, so that neither days nor decades nor hundreds of purchases overflow.
    """
    extra = 1 if model == "mbg" else 0
    recipe = Recipe(
        lambda rows: PurchaseLikelihood(rows, extra),
        partial(from_parameters, PurchaseModel, name=model),
        np.log([0.5, 0.5, 0.8, 2.0]),
        np.array([0.0, 1.0, 0.0, 0.0]),
    )
    return climb(history, recipe, prior)


class PurchaseLikelihood:
    """Log-likelihood with gradient and Hessian in log parameters; gamma functions once per distinct x."""

    def __init__(self, history: History, extra: int, stages: int = 1) -> None:
        self.parts = (history.x, history.t_x, history.age, history.weight)
        self.extra, self.stages = extra, stages
        self.counts, self.which = distinct(history.x)
        self.count_weight = np.bincount(self.which, weights=history.weight, minlength=len(self.counts))

    def __call__(self, point: Floats) -> newton.Evaluation:
        r, alpha, a, b = parameters = np.exp(point)
        value, gradient, hessian = self._by_count(r, alpha, a, b)
        time_value, time_gradient, time_hessian = self._by_time(r, alpha, a, b)
        gradient += time_gradient
        hessian += time_hessian
        return in_logs(parameters, value + time_value, gradient, hessian)

    def _by_count(self, r: float, alpha: float, a: float, b: float) -> newton.Evaluation:
        x, weight, total = self.counts, self.count_weight, float(self.count_weight.sum())
        y, shape = b + x + self.extra, r + self.stages * x
        value = weight @ (special.gammaln(shape) + special.gammaln(y) - special.gammaln(a + y)) + total * (
            r * math.log(alpha) - special.gammaln(r) - special.gammaln(b) + special.gammaln(a + b)
        )
        psi, sum_psi = special.digamma, special.digamma(a + b)
        g_a = total * sum_psi - weight @ psi(a + y)
        gradient = np.array(
            [
                weight @ psi(shape) - total * (psi(r) - math.log(alpha)),
                total * r / alpha,
                g_a,
                g_a + weight @ psi(y) - total * psi(b),
            ]
        )
        trigamma = lambda z: special.zeta(2.0, z)  # noqa: E731 - the textbook name beside its textbook value
        h_a = total * trigamma(a + b) - weight @ trigamma(a + y)
        hessian = np.zeros((4, 4))
        hessian[0, 0] = weight @ trigamma(shape) - total * trigamma(r)
        hessian[0, 1] = hessian[1, 0] = total / alpha
        hessian[1, 1] = -total * r / alpha**2
        hessian[2, 2] = hessian[2, 3] = hessian[3, 2] = h_a
        hessian[3, 3] = h_a + weight @ trigamma(y) - total * trigamma(b)
        return float(value), gradient, hessian

    def _by_time(self, r: float, alpha: float, a: float, b: float) -> newton.Evaluation:
        """The part with t_x and T, in chunks that stay in the cache."""
        spare = b + self.counts + self.extra - 1.0
        may_leave = self.counts + self.extra > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            log_odds = np.where(may_leave, math.log(a) - np.log(spare), -np.inf)
        inverse_spare = np.where(may_leave, 1.0 / np.where(may_leave, spare, 1.0), 0.0)
        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        for start in range(0, len(self.which), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            which = self.which[rows]
            part = self._chunk(rows, (r, alpha, a), log_odds[which], inverse_spare[which])
            value, gradient, hessian = value + part[0], gradient + part[1], hessian + part[2]
        return value, gradient, hessian

    def _chunk(
        self, rows: slice, parameters: tuple[float, float, float], log_odds: Floats, inverse_spare: Floats
    ) -> newton.Evaluation:
        """The logarithm of (still here) + (left at the last purchase), for some rows."""
        r, alpha, a = parameters
        x, t_x, age, w = self.parts[0][rows], self.parts[1][rows], self.parts[2][rows], self.parts[3][rows]
        shape = r + x
        over_end, over_last = 1.0 / (alpha + age), 1.0 / (alpha + t_x)
        log_end = -np.log(over_end)
        growth = log_end + np.log(over_last)
        difference = log_odds + shape * growth
        smaller = np.exp(-np.abs(difference))
        gone = np.where(difference > 0, 1.0, smaller) / (1.0 + smaller)
        value = w @ (np.maximum(difference, 0.0) + np.log(1.0 + smaller) - shape * log_end)
        w_gone = w * gone
        slopes = np.empty((4, len(w)))
        slopes[0], slopes[1], slopes[2], slopes[3] = (
            growth,
            shape * (over_end - over_last),
            1.0 / a,
            -inverse_spare,
        )
        gradient = slopes @ w_gone
        gradient[0] -= w @ log_end
        gradient[1] -= w @ (shape * over_end)
        hessian = (slopes * (w_gone * (1.0 - gone))) @ slopes.T
        staying = w - w_gone
        cross = float(staying @ over_end + w_gone @ over_last)
        hessian[0, 1] -= cross
        hessian[1, 0] -= cross
        hessian[1, 1] += staying @ (shape * over_end**2) + w_gone @ (shape * over_last**2)
        hessian[2, 2] -= w_gone.sum() / a**2
        hessian[3, 3] += w_gone @ inverse_spare**2
        return float(value), gradient, hessian
