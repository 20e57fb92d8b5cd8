"""When customers buy and when they stop: BG/NBD and MBG/NBD, fitted on counts of distinct (x, t_x, T).

Both models: purchases of an active customer are Poisson with a rate that is Gamma(r, alpha) over customers; he
leaves with a probability that is Beta(a, b) over customers. In BG/NBD only a repeat purchase can be the last one
(Fader, Hardie, Lee 2005, "Counting Your Customers the Easy Way", eq. 6); in MBG/NBD also the first one can
(Batislam, Denizel, Filiztekin 2007, eq. 2), so that one-time buyers may be gone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth import newton

Floats = NDArray[np.float64]
BETA_NODES = 16
TIME_NODES = 12


@dataclass(frozen=True)
class History:
    """Counts of customers alike: x repeat purchases, the last at t_x, observed until T (x, t_x, T of equal length)."""

    x: Floats
    t_x: Floats
    age: Floats
    weight: Floats

    @classmethod
    def of(cls, x: object, t_x: object, age: object, weight: object = None) -> History:
        """Make a history from anything array-like; without weights each row is one customer."""
        columns = [np.asarray(column, dtype=np.float64) for column in (x, t_x, age)]
        counts = np.ones_like(columns[0]) if weight is None else np.asarray(weight, dtype=np.float64)
        return cls(*columns, counts)

    def compressed(self) -> History:
        """The same history with equal rows counted together: the likelihood is unchanged, the work shrinks."""
        if not len(self.x):
            return self
        order = np.lexsort((self.age, self.t_x, self.x))
        x, t_x, age = self.x[order], self.t_x[order], self.age[order]
        starts = np.flatnonzero(np.r_[True, (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(age) != 0)])
        return History(x[starts], t_x[starts], age[starts], np.add.reduceat(self.weight[order], starts))


@dataclass(frozen=True)
class PurchaseModel:
    """Parameters of a fitted model, in the caller's unit of time, and the predictions that follow from them."""

    name: str
    r: float
    alpha: float
    a: float
    b: float

    @property
    def first_purchase_may_be_last(self) -> bool:
        return self.name == "mbg"

    def _departure_weight(self, x: Floats) -> Floats:
        """Odds (but for time) that the last purchase seen was the last of all; zero where the model forbids it."""
        if self.first_purchase_may_be_last:
            return self.a / (self.b + x)
        return np.where(x > 0, self.a / (self.b + np.maximum(x, 1.0) - 1.0), 0.0)

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability of still being a customer at age T (BG: Fader et al. 2008 note, eq. 1; MBG: eq. 5)."""
        growth = (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        with np.errstate(divide="ignore", over="ignore"):
            return special.expit(-(np.log(self._departure_weight(x)) + growth))

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase within the horizon: alive, and the next gap short enough.

        Exact for both models, because a customer can only leave at a purchase.
        """
        return self.p_alive(x, t_x, age) * self.p_purchase_while_active(x, age, horizon)

    def p_purchase_while_active(self, x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of a purchase within the horizon, given that he is still a customer (Lomax gap)."""
        return -np.expm1(-(self.r + x) * np.log1p(horizon / (self.alpha + age)))

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence within which the next purchase falls with probability `share`, seen from the last purchase."""
        return (self.alpha + t_x) * np.expm1(-math.log1p(-share) / (self.r + x))

    def expected_while_active(self, x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected purchases in (T, T+horizon] of a customer who is alive at T.

        A Gauss rule on p ~ Beta(a, b+x) instead of the 2F1 of the papers: no singularity, no overflow.
        """

        def purchases(p: Floats, shape: Floats, scale: Floats) -> Floats:
            return -np.expm1(-shape * np.log1p(p * (horizon / scale))) / p

        return self._over_departure_probability(x, age, purchases)

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected purchases in (T, T+horizon] (Fader, Hardie, Lee 2005, eq. 10, in quadrature form)."""
        return self.p_alive(x, t_x, age) * self.expected_while_active(x, age, horizon)

    def discounted_while_active(self, x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases of a living customer over the horizon, each discounted at `rate` per unit of time."""
        nodes, weights = np.polynomial.legendre.leggauss(TIME_NODES)
        times, widths = 0.5 * horizon * (nodes + 1.0), 0.5 * horizon * weights

        def intensity(p: Floats, shape: Floats, scale: Floats) -> Floats:
            total = np.zeros_like(p)
            for time, width in zip(times, widths, strict=True):
                decay = np.exp(-(shape + 1.0) * np.log1p(p * (time / scale)))
                total += (width * math.exp(-rate * time)) * decay
            return total * (shape / scale)

        return self._over_departure_probability(x, age, intensity)

    def _over_departure_probability(self, x: Floats, age: Floats, function: object) -> Floats:
        """Mean of function(p, r+x, alpha+T) over the departure probability, once per distinct (x, T)."""
        distinct_x, which = np.unique(x, return_inverse=True)
        stride = len(distinct_x)
        distinct_age, which_age = np.unique(age, return_inverse=True)
        pairs, back = np.unique(which_age.astype(np.int64) * stride + which, return_inverse=True)
        pair_x, pair_age = pairs % stride, distinct_age[pairs // stride]
        second = self.b + distinct_x + (1.0 if self.first_purchase_may_be_last else 0.0)
        nodes, weights = beta_rule(self.a, second)
        shape = (self.r + distinct_x)[pair_x]
        scale = self.alpha + pair_age
        mean = np.zeros(len(pairs))
        for k in range(nodes.shape[1]):
            mean += weights[pair_x, k] * function(nodes[pair_x, k], shape, scale)  # type: ignore[operator]
        return mean[back]


def beta_rule(first: float, second: Floats, size: int = BETA_NODES) -> tuple[Floats, Floats]:
    """Nodes and weights (rows: one rule each) that integrate polynomials against Beta(first, second) exactly.

    Golub and Welsch 1969 on the Jacobi recurrence shifted to (0, 1).
    """
    alpha, beta = (second - 1.0)[:, None], first - 1.0
    k = np.arange(size, dtype=np.float64)[None, :]
    total = 2.0 * k + alpha + beta
    with np.errstate(invalid="ignore", divide="ignore"):
        diagonal = (beta**2 - alpha**2) / (total * (total + 2.0))
    diagonal[:, 0] = ((beta - alpha) / (alpha + beta + 2.0))[:, 0]
    j = k[:, 1:]
    total = 2.0 * j + alpha + beta
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = 4.0 * j * (j + alpha) * (j + beta) * (j + alpha + beta) / (total**2 * (total**2 - 1.0))
    squares[:, 0] = (4.0 * (1.0 + alpha) * (1.0 + beta) / ((2.0 + alpha + beta) ** 2 * (3.0 + alpha + beta)))[
        :, 0
    ]
    matrices = np.zeros((len(second), size, size))
    index = np.arange(size)
    matrices[:, index, index] = diagonal
    off = np.sqrt(squares)
    matrices[:, index[:-1], index[1:]] = off
    matrices[:, index[1:], index[:-1]] = off
    values, vectors = np.linalg.eigh(matrices)
    return np.clip((values + 1.0) / 2.0, 1e-300, 1.0), vectors[:, 0, :] ** 2


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
    """Beliefs wide enough that a few hundred repeat buyers outweigh them, centred on the crude purchase rate."""
    purchases = float(history.weight @ history.x)
    time = float(history.weight @ history.age)
    rate = (purchases + 0.5) / (time + 1.0) * 1.5 if time > 0 else 1.0 / 90.0
    r, a, b = 0.8, 0.6, 2.4
    return Prior(np.log([r, r / rate, a, b]), np.array([1.0, 1.0, 1.0, 1.0]))


def fit(history: History, model: str = "mbg", prior: Prior | None = None) -> PurchaseFit:
    """Fit by maximum likelihood (with `prior`: by maximum posterior); time may be in any unit.

    Newton with the analytic gradient and Hessian in the logarithms of the parameters, on time scaled by the mean
    age, so that neither days nor decades nor hundreds of purchases overflow.
    """
    rows = history.compressed()
    scale = float(rows.weight @ rows.age) / max(float(rows.weight.sum()), 1.0) or 1.0
    scaled = History(rows.x, rows.t_x / scale, rows.age / scale, rows.weight)
    shift = np.array([0.0, math.log(scale), 0.0, 0.0])
    likelihood = _Likelihood(scaled, 1 if model == "mbg" else 0)

    def evaluate(point: Floats) -> newton.Evaluation:
        value, gradient, hessian = likelihood(point)
        if prior is not None:
            distance = (point + shift - prior.centre) / prior.spread
            value -= 0.5 * float(distance @ distance)
            gradient = gradient - distance / prior.spread
            hessian = hessian - np.diag(prior.spread**-2.0)
        return value, gradient, hessian

    start = np.log([0.5, 0.5, 0.8, 2.0]) if prior is None else prior.centre - shift
    best = newton.maximise(evaluate, start)
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
