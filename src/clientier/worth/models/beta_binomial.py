"""BG/BB: purchases at opportunities that come one by one (a yearly appeal, a monthly issue, a season).

Fader, Hardie, Shang 2010, "Customer-Base Analysis in a Discrete-Time Noncontractual Setting": at each opportunity a
customer who is still one buys with a probability Beta(alpha, beta) over customers, and before it leaves with a
probability Beta(gamma, delta).
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
from clientier.worth.models.fitting import Prior, PurchaseFit, Recipe, climb, from_parameters, in_logs
from clientier.worth.models.history import History
from clientier.worth.models.scenarios import log_sum

Floats = NDArray[np.float64]
CELLS_AT_ONCE = 500_000
SMALLEST_DISCOUNT = 1e-14
LONGEST_GAP = 1_000


@dataclass(frozen=True)
class OpportunityModel:
    """Parameters of a BG/BB and the predictions that follow from them.

    x, t_x, age are whole numbers in arrays of one length: opportunities taken, the last one taken (0: none) and
    opportunities passed. Horizons are whole numbers of opportunities to come.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")

    alpha: float
    beta: float
    gamma: float
    delta: float
    name: str = "bg_bb"

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability of still being a customer after the last opportunity passed (eq. 11)."""
        parameters = np.array([self.alpha, self.beta, self.gamma, self.delta])
        answer = np.empty(len(x))
        step = max(1, CELLS_AT_ONCE // (int(age.max(initial=0)) + 1))
        for start in range(0, len(x), step):
            rows = slice(start, start + step)
            terms = scenario_terms(parameters, x[rows], t_x[rows], age[rows])
            odds = np.exp(terms - terms.max(axis=0))
            stays = np.take_along_axis(odds, age[rows].astype(np.int64)[None, :], axis=0)[0]
            answer[rows] = stays / odds.sum(axis=0)
        return answer

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of taking at least one of the next opportunities."""
        return 1.0 - self.p_purchases(x, t_x, age, 0, horizon)

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The number of opportunities within which he takes one with probability `share`, if he does not leave."""
        first, missed = self.alpha + x, self.beta + t_x - x
        silent, answer = np.ones(len(x)), np.full(len(x), float(LONGEST_GAP))
        for number in range(1, LONGEST_GAP):
            silent *= (missed + number - 1.0) / (first + missed + number - 1.0)
            answer = np.where((silent <= 1.0 - share) & (answer == LONGEST_GAP), number, answer)
            if answer.max(initial=0) < LONGEST_GAP:
                break
        return answer

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected number of the next opportunities taken (eq. 13)."""
        return self.discounted(x, t_x, age, horizon, 0.0)

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected opportunities taken, the i-th to come discounted by exp(-rate i).

        Without end this is DERT (eq. 14, with d = exp(rate) - 1); `rate` must then be above zero.
        """
        if not rate > 0 and not math.isfinite(horizon):
            raise ValueError("an endless horizon needs a discount rate above zero")
        steps = round(horizon) if math.isfinite(horizon) else math.ceil(-math.log(SMALLEST_DISCOUNT) / rate)
        passed, which = np.unique(age, return_inverse=True)
        stays, total = np.ones(len(passed)), np.zeros(len(passed))
        for step in range(1, steps + 1):
            stays *= (self.delta + passed + step - 1.0) / (self.gamma + self.delta + passed + step - 1.0)
            total += stays * math.exp(-rate * step)
        taken = (self.alpha + x) / (self.alpha + self.beta + age)
        return self.p_alive(x, t_x, age) * taken * total[which]

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of taking exactly `count` of the next opportunities (eq. 12)."""
        steps = round(horizon)
        first, second = self.alpha + x, self.beta + age - x
        later = self.delta + age
        base = special.betaln(first, second) + special.betaln(self.gamma, later)
        total = np.zeros(len(x))
        for lived in range(count, steps + 1):
            gone = lived < steps
            ways = special.gammaln(lived + 1.0) - math.lgamma(count + 1.0) - math.lgamma(lived - count + 1.0)
            leaving = special.betaln(self.gamma + (1.0 if gone else 0.0), later + lived)
            total += np.exp(ways + special.betaln(first + count, second + lived - count) + leaving - base)
        alive = self.p_alive(x, t_x, age)
        return alive * total + (1.0 - alive if count == 0 else 0.0)

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of opportunities taken by each customer, as chance would have it."""
        here = np.flatnonzero(random.random(len(x)) < self.p_alive(x, t_x, age))
        leave = np.maximum(random.beta(self.gamma, self.delta + age[here]), 1e-15)
        lived = np.minimum(random.geometric(leave) - 1, round(horizon))
        buys = random.beta(self.alpha + x[here], self.beta + age[here] - x[here])
        taken = np.zeros(len(x))
        taken[here] = random.binomial(lived, buys)
        return taken


def weak_prior(history: History) -> Prior:
    """Beliefs with a spread of e either way: half of the opportunities taken, a fifth leaving at each."""
    return Prior(np.log([1.0, 1.0, 0.6, 2.4]), np.ones(4))


def fit(history: History, prior: Prior | None = None) -> PurchaseFit:
    """Fit a BG/BB by maximum likelihood (with `prior`: by maximum posterior).

    Raises ValueError unless 0 <= x <= t_x <= age in whole numbers. On the donations of the paper: alpha 1.20,
    beta 0.75, gamma 0.66, delta 2.78, log-likelihood -33,225.6.
    """
    whole = all((part == np.floor(part)).all() for part in (history.x, history.t_x, history.age))
    if not whole or (history.x > history.t_x).any() or (history.t_x > history.age).any():
        raise ValueError("BG/BB needs whole opportunities with x <= t_x <= age")
    recipe = Recipe(
        OpportunityLikelihood,
        partial(from_parameters, OpportunityModel),
        np.zeros(4),
        np.zeros(4),
    )
    return climb(history, recipe, prior)


def scenario_terms(parameters: Floats, x: Floats, t_x: Floats, age: Floats) -> Floats:
    """Row m: the logarithm of having been a customer for m opportunities; the last possible means still being one.

    Tables over whole numbers stand in for the gamma functions of each cell.
    """
    alpha, beta, gamma, delta = parameters
    lived = np.arange(int(age.max(initial=0)) + 1.0)[:, None]
    missed = np.maximum(lived - x, 0.0).astype(np.int64)
    log_gamma = special.gammaln
    buying = log_gamma(alpha + x) + log_gamma(beta + lived[:, 0])[missed] - log_gamma(alpha + beta + lived)
    leaving = special.betaln(gamma + 1.0, delta + lived)
    staying = special.betaln(gamma, delta + lived)
    terms = buying + np.where(lived < age, leaving, staying)
    terms -= special.betaln(alpha, beta) + special.betaln(gamma, delta)
    terms[(lived < t_x) | (lived > age)] = -np.inf
    return terms


class OpportunityLikelihood:
    """Log-likelihood with gradient and Hessian in log parameters."""

    def __init__(self, history: History) -> None:
        self.history = history

    def __call__(self, point: Floats) -> newton.Evaluation:
        parameters = np.exp(point)
        h = self.history
        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        step = max(1, CELLS_AT_ONCE // (int(h.age.max(initial=0)) + 1))
        for start in range(0, len(h.x), step):
            rows = slice(start, start + step)
            part = _chunk(parameters, h.x[rows], h.t_x[rows], h.age[rows], h.weight[rows])
            value, gradient, hessian = value + part[0], gradient + part[1], hessian + part[2]
        return in_logs(parameters, value, gradient, hessian)


def _chunk(parameters: Floats, x: Floats, t_x: Floats, age: Floats, weight: Floats) -> newton.Evaluation:
    alpha, beta, gamma, delta = parameters
    terms = scenario_terms(parameters, x, t_x, age)
    lived = np.arange(len(terms), dtype=np.float64)[:, None]
    missed = np.maximum(lived - x, 0.0).astype(np.int64)
    gone = (lived < age).astype(np.float64)

    def derivatives(order: int) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        def psi(values: Floats) -> Floats:
            return special.digamma(values) if order == 0 else special.zeta(2.0, values)

        both, all_gone = psi(alpha + beta + lived), psi(gamma + delta + lived + 1.0)
        together = np.where(gone > 0, all_gone, psi(gamma + delta + lived))
        start_both, start_leave = psi(np.array(alpha + beta)), psi(np.array(gamma + delta))
        first = psi(alpha + x) - psi(np.array(alpha))
        second = psi(beta + lived[:, 0])[missed] - psi(np.array(beta))
        third = np.where(gone > 0, psi(np.array(gamma + 1.0)), psi(np.array(gamma))) - psi(np.array(gamma))
        fourth = psi(delta + lived) - psi(np.array(delta))
        return first, second, third, fourth, both - start_both, together - start_leave

    first, second, third, fourth, both, together = derivatives(0)
    slopes = np.stack(np.broadcast_arrays(first - both, second - both, third - together, fourth - together))
    first, second, third, fourth, both, together = derivatives(1)
    curvature = {
        (0, 0): first - both,
        (0, 1): -both,
        (1, 1): second - both,
        (2, 2): third - together,
        (2, 3): -together,
        (3, 3): fourth - together,
    }
    return log_sum(terms, slopes, curvature, weight)
