"""Fitting the purchase models: likelihood with gradient and Hessian, weak prior, Newton on counts of
customers alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models import newton
from clientier.worth.models.history import History
from clientier.worth.models.purchases import PurchaseModel

Floats = NDArray[np.float64]
FIRST_LOOK_ROWS = 5_000


@dataclass(frozen=True)
class Prior:
    """Normal beliefs about the logarithms of (r, alpha, a, b); alpha in the unit of the history."""

    centre: Floats
    spread: Floats


@dataclass(frozen=True)
class PurchaseFit:
    """A fitted model, its log-likelihood in the caller's unit of time, and how the fit went."""

    model: PurchaseModel
    log_likelihood: float
    standard_errors: tuple[float, float, float, float]
    customers: int
    rows: int
    passes: int
    converged: bool
    at_boundary: bool


def weak_prior(history: History) -> Prior:
    """Beliefs wide enough that a few hundred repeat buyers outweigh them, centred on the crude
    purchase rate.
    """
    purchases = float(history.weight @ history.x)
    time = float(history.weight @ history.age)
    rate = (purchases + 0.5) / (time + 1.0) * 1.5 if time > 0 else 1.0 / 90.0
    r, a, b = 0.8, 0.6, 2.4
    return Prior(np.log([r, r / rate, a, b]), np.array([1.0, 1.0, 1.0, 1.0]))


def fit(history: History, model: str = "mbg", prior: Prior | None = None) -> PurchaseFit:
    """Fit by maximum likelihood (with `prior`: by maximum posterior); time may be in any unit.

    Newton with the analytic gradient and Hessian in the logarithms of the parameters, on time scaled by the
    mean age, so that neither days nor decades nor hundreds of purchases overflow.
    """
    rows = history.compressed()
    scale = float(rows.weight @ rows.age) / max(float(rows.weight.sum()), 1.0) or 1.0
    scaled = History(rows.x, rows.t_x / scale, rows.age / scale, rows.weight)
    shift = np.array([0.0, math.log(scale), 0.0, 0.0])
    extra = 1 if model == "mbg" else 0
    likelihood = _Likelihood(scaled, extra)
    start = np.log([0.5, 0.5, 0.8, 2.0]) if prior is None else prior.centre - shift
    if len(rows.x) > 4 * FIRST_LOOK_ROWS:
        few = _Likelihood(_every(scaled, len(rows.x) // FIRST_LOOK_ROWS), extra)
        start = newton.maximise(_with_prior(few, prior, shift), start).point
    best = newton.maximise(_with_prior(likelihood, prior, shift), start)
    parameters = np.exp(best.point + shift)
    caller_unit = likelihood(best.point)[0] - float(rows.weight @ rows.x) * math.log(scale)
    return PurchaseFit(
        model=PurchaseModel(model, *(float(value) for value in parameters)),
        log_likelihood=caller_unit,
        standard_errors=_standard_errors(best.hessian, parameters),
        customers=round(float(rows.weight.sum())),
        rows=len(rows.x),
        passes=best.passes,
        converged=best.converged,
        at_boundary=best.at_boundary,
    )


def _with_prior(
    likelihood: _Likelihood, prior: Prior | None, shift: Floats
) -> Callable[[Floats], newton.Evaluation]:
    """The likelihood itself, or with the log density of the prior added."""
    if prior is None:
        return likelihood

    def posterior(point: Floats) -> newton.Evaluation:
        value, gradient, hessian = likelihood(point)
        distance = (point + shift - prior.centre) / prior.spread
        return (
            value - 0.5 * float(distance @ distance),
            gradient - distance / prior.spread,
            hessian - np.diag(prior.spread**-2.0),
        )

    return posterior


def _every(history: History, step: int) -> History:
    """Every so many rows: enough to start the ascent on all rows close to its end."""
    return History(history.x[::step], history.t_x[::step], history.age[::step], history.weight[::step])


def _standard_errors(hessian: Floats, parameters: Floats) -> tuple[float, float, float, float]:
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(np.linalg.pinv(-hessian))) * parameters
    return tuple(float(error) for error in errors)  # type: ignore[return-value]


class _Likelihood:
    """Log-likelihood with gradient and Hessian in log parameters; gamma functions once per distinct x."""

    def __init__(self, history: History, extra: int) -> None:
        self.history = history
        self.extra = extra
        self.counts, self.which = np.unique(history.x, return_inverse=True)
        self.count_weight = np.bincount(self.which, weights=history.weight, minlength=len(self.counts))

    def __call__(self, point: Floats) -> newton.Evaluation:
        r, alpha, a, b = parameters = np.exp(point)
        value, gradient, hessian = self._by_count(r, alpha, a, b)
        time_value, time_gradient, time_hessian = self._by_time(r, alpha, a, b)
        gradient += time_gradient
        hessian += time_hessian
        scaled_gradient = parameters * gradient
        return (
            value + time_value,
            scaled_gradient,
            np.outer(parameters, parameters) * hessian + np.diag(scaled_gradient),
        )

    def _by_count(self, r: float, alpha: float, a: float, b: float) -> newton.Evaluation:
        x, weight, total = self.counts, self.count_weight, float(self.count_weight.sum())
        y = b + x + self.extra
        value = weight @ (special.gammaln(r + x) + special.gammaln(y) - special.gammaln(a + y)) + total * (
            r * math.log(alpha) - special.gammaln(r) - special.gammaln(b) + special.gammaln(a + b)
        )
        psi, sum_psi = special.digamma, special.digamma(a + b)
        g_a = total * sum_psi - weight @ psi(a + y)
        gradient = np.array(
            [
                weight @ psi(r + x) - total * (psi(r) - math.log(alpha)),
                total * r / alpha,
                g_a,
                g_a + weight @ psi(y) - total * psi(b),
            ]
        )
        trigamma = lambda z: special.zeta(2.0, z)  # noqa: E731 - the textbook name beside its textbook value
        h_a = total * trigamma(a + b) - weight @ trigamma(a + y)
        hessian = np.zeros((4, 4))
        hessian[0, 0] = weight @ trigamma(r + x) - total * trigamma(r)
        hessian[0, 1] = hessian[1, 0] = total / alpha
        hessian[1, 1] = -total * r / alpha**2
        hessian[2, 2] = hessian[2, 3] = hessian[3, 2] = h_a
        hessian[3, 3] = h_a + weight @ trigamma(y) - total * trigamma(b)
        return float(value), gradient, hessian

    def _by_time(self, r: float, alpha: float, a: float, b: float) -> newton.Evaluation:
        """The part with t_x and T: the logarithm of (still here) + (left at the last purchase)."""
        h = self.history
        shape = r + h.x
        end, last = alpha + h.age, alpha + h.t_x
        log_end, log_last = np.log(end), np.log(last)
        spare = b + self.counts + self.extra - 1.0
        may_leave = self.counts + self.extra > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            log_odds = np.where(may_leave, math.log(a) - np.log(spare), -np.inf)[self.which]
        inverse_spare = np.where(may_leave, 1.0 / np.where(may_leave, spare, 1.0), 0.0)[self.which]
        difference = log_odds + shape * (log_end - log_last)
        gone = special.expit(difference)
        value = h.weight @ (np.logaddexp(0.0, difference) - shape * log_end)
        w, w_gone = h.weight, h.weight * gone
        w_both = w_gone * (1.0 - gone)
        over_end, over_last = shape / end, shape / last
        slopes = np.stack(
            [log_end - log_last, over_end - over_last, np.full_like(gone, 1.0 / a), -inverse_spare]
        )
        gradient = slopes @ w_gone
        gradient[0] -= w @ log_end
        gradient[1] -= w @ over_end
        hessian = (slopes * w_both) @ slopes.T
        staying = w - w_gone
        cross = -(staying @ (1.0 / end) + w_gone @ (1.0 / last))
        hessian[0, 1] += cross
        hessian[1, 0] += cross
        hessian[1, 1] += staying @ (over_end / end) + w_gone @ (over_last / last)
        hessian[2, 2] -= w_gone.sum() / a**2
        hessian[3, 3] += w_gone @ inverse_spare**2
        return float(value), gradient, hessian
