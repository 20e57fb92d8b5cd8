"""BG/CNBD-k and MBG/CNBD-k: BG/NBD and MBG/NBD for customers who buy more regularly than by chance.

Platzer and Reutterer 2016, "Ticking Away the Moments": gaps between purchases are Erlang-k, that is, every k-th
event of a Poisson process with a rate Gamma(r, alpha) over customers is a purchase; leaving is as in (M)BG/NBD. With
k = 1 both are (M)BG/NBD. The larger k, the sooner silence means that a customer has left. Between purchases a
customer is in one of k stages; given the stage, what is to come is Poisson again, and all predictions are sums over
the stages he may be in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models.quadrature import legendre_rule
from clientier.worth.models.stages import log_no_purchase, mean_purchases, stage_weights

Floats = NDArray[np.float64]
CHUNK_ROWS = 8_192
TIME_NODES = 8


@dataclass(frozen=True)
class RegularModel:
    """Parameters of a BG/CNBD-k ("bg_k") or MBG/CNBD-k ("mbg_k") in the caller's unit of time.

    Arrays and answers as in `PurchaseModel`; `alpha` belongs to the stages, of which a purchase takes `k`.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    name: str
    r: float
    alpha: float
    a: float
    b: float
    k: int

    def _shape(self, x: Floats) -> Floats:
        return self.r + self.k * x

    def _second(self, x: Floats) -> Floats:
        """Second parameter of the departure probability of a living customer: Beta(a, this)."""
        return self.b + x + (1.0 if self.name == "mbg_k" else 0.0)

    def _log_silence(self, x: Floats, t_x: Floats, until: Floats) -> Floats:
        return log_no_purchase(self._shape(x), self.alpha + t_x, until - t_x, self.k)

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability of still being a customer at age T (Platzer, Reutterer 2016, eq. 5 with beta functions)."""
        spare = self._second(x) - 1.0
        may_leave = (x > 0) if self.name == "bg_k" else np.ones(len(x), dtype=bool)
        odds = np.where(may_leave, self.a / np.where(may_leave, spare, 1.0), 0.0)
        with np.errstate(over="ignore"):
            return 1.0 / (1.0 + odds * np.exp(-self._log_silence(x, t_x, age)))

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase within the horizon: alive, and the gap ends within it. Exact."""
        silent = self._log_silence(x, t_x, age + horizon) - self._log_silence(x, t_x, age)
        return self.p_alive(x, t_x, age) * -np.expm1(silent)

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence within which the next purchase falls with probability `share`, seen from the last one."""
        reached = special.betaincinv(float(self.k), self._shape(x), share)
        return (self.alpha + t_x) * reached / (1.0 - reached)

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected purchases in (T, T+horizon], by the sum over the stages passed (exact to about 1e-10)."""
        answer = np.empty(len(x))
        busy = np.argsort((self._shape(x)) * horizon / (self.alpha + age), kind="stable")
        for start in range(0, len(x), CHUNK_ROWS):
            rows = busy[start : start + CHUNK_ROWS]
            answer[rows] = mean_purchases(
                self._shape(x[rows]),
                (self.alpha + t_x[rows], age[rows] - t_x[rows], horizon),
                (self.a, self._second(x[rows])),
                self.k,
            )
        return self.p_alive(x, t_x, age) * answer

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases over the horizon, each discounted at `rate` per unit of time.

        By parts: what is expected until the end, and the interest on what comes before it. Raises ValueError for a
        horizon without end, of which the sum over stages would not come to one.
        """
        if not math.isfinite(horizon):
            raise ValueError("a model of stages needs a horizon that ends")
        total = math.exp(-rate * horizon) * self.expected(x, t_x, age, horizon)
        for node, weight in zip(*legendre_rule(TIME_NODES), strict=True) if rate else ():
            time = horizon * float(node)
            interest = rate * horizon * float(weight) * math.exp(-rate * time)
            total += interest * self.expected(x, t_x, age, time)
        return total

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of exactly `count` purchases in (T, T+horizon]."""
        if count == 0:
            return 1.0 - self.p_active(x, t_x, age, horizon)
        weights = stage_weights(self._shape(x), self.alpha + t_x, age - t_x, self.k)
        reached = horizon / (self.alpha + age + horizon)
        at_least, more = np.zeros(len(x)), np.zeros(len(x))
        for stage in range(self.k):
            shape = self._shape(x) + stage
            at_least += weights[stage] * special.betainc(float(count * self.k - stage), shape, reached)
            more += weights[stage] * special.betainc(float((count + 1) * self.k - stage), shape, reached)
        second = self._second(x)
        base = special.betaln(self.a, second)
        stays = np.exp(special.betaln(self.a, second + count) - base)
        leaves = np.exp(special.betaln(self.a + 1.0, second + count - 1.0) - base)
        return self.p_alive(x, t_x, age) * (stays * (at_least - more) + leaves * at_least)

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of purchases over the horizon for each customer, as chance would have it."""
        here = np.flatnonzero(random.random(len(x)) < self.p_alive(x, t_x, age))
        shape = self._shape(x[here])
        weights = stage_weights(shape, self.alpha + t_x[here], age[here] - t_x[here], self.k)
        stage = (weights.cumsum(axis=0) < random.random(len(here))).sum(axis=0).clip(max=self.k - 1)
        rate = random.standard_gamma(shape + stage) / (self.alpha + age[here])
        passed = random.poisson(np.minimum(rate * horizon, 1e15)) + stage
        leave = np.maximum(random.beta(self.a, self._second(x[here])), 1e-15)
        bought = np.zeros(len(x))
        bought[here] = np.minimum(passed // self.k, random.geometric(leave))
        return bought
