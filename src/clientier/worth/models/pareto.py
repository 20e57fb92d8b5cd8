"""Pareto/NBD: purchases at a rate Gamma(r, alpha) over customers, who leave at a rate Gamma(s, beta), unseen.

Schmittlein, Morrison, Colombo 1987, "Counting Your Customers"; likelihood and expectations as in Fader and Hardie
2005, "A Note on Deriving the Pareto/NBD Model" (eq. 18 to 41). Their hypergeometric functions overflow for busy
customers; here each is the integral it stands for, over the moment of leaving, by a Gauss-Legendre rule in
logarithmic time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models.distinct import distinct, distinct_pairs
from clientier.worth.models.pareto_terms import leaving_terms
from clientier.worth.models.quadrature import over_log_time

Floats = NDArray[np.float64]
CHUNK_ROWS = 16_384
LONGEST_DISCOUNT = 60.0
COUNT_NODES = 48


@dataclass(frozen=True)
class ParetoModel:
    """Parameters of a Pareto/NBD in the caller's unit of time, and the predictions that follow from them.

    x, t_x, age are arrays of one length: repeat purchases, the time of the last, the time observed; all since the
    first purchase. Answers have that length. Probabilities lie in 0 to 1; expectations count purchases.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    r: float
    alpha: float
    s: float
    beta: float
    name: str = "pareto"

    @property
    def parameters(self) -> Floats:
        """r, alpha, s, beta."""
        return np.array([self.r, self.alpha, self.s, self.beta])

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability of still being a customer at `age` (Fader, Hardie 2005, eq. 37)."""
        answer = np.empty(len(x))
        for start in range(0, len(x), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            for place, terms in leaving_terms(self.parameters, x[rows], t_x[rows], age[rows]):
                answer[start + place] = terms.p_stayed()
        return answer

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase within the horizon."""
        return self.p_alive(x, t_x, age) * self.p_purchase_while_active(x, age, horizon)

    def p_purchase_while_active(self, x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of a purchase within the horizon of one who is a customer at `age`, and may leave first."""
        counts, ages, which, back = distinct_pairs(x, age)
        shape, scale, end = (self.r + counts)[which], self.alpha + ages, self.beta + ages

        def density(time: Floats) -> Floats:
            return np.exp(-(shape + 1.0) * np.log1p(time / scale) - self.s * np.log1p(time / end))

        buys = over_log_time(density, horizon, np.minimum(scale / (shape + 1.0), end))
        return np.minimum(shape / scale * buys, 1.0)[back]

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence within which the next purchase falls with probability `share`, if he does not leave."""
        return (self.alpha + t_x) * np.expm1(-np.log1p(-share) / (self.r + x))

    def expected_while_active(self, x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected purchases in (age, age + horizon] of one who is a customer at `age` (eq. 41, last factors)."""
        growth = np.log1p(horizon / (self.beta + age))
        power = (self.s - 1.0) * growth
        near = np.abs(power) < 1e-9
        shrink = np.where(near, 1.0 - 0.5 * power, -np.expm1(-power) / np.where(near, 1.0, power))
        return (self.r + x) / (self.alpha + age) * (self.beta + age) * growth * shrink

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected purchases in (age, age + horizon] (Fader, Hardie 2005, eq. 41)."""
        return self.p_alive(x, t_x, age) * self.expected_while_active(x, age, horizon)

    def discounted_while_active(self, x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases of a living customer, each discounted at `rate` per unit of time.

        With an infinite horizon this is the discounted expected residual transactions (DERT) of a living customer
        (Fader, Hardie, Lee 2005, "RFM and CLV", eq. 2), and `rate` must be above zero.
        """
        if not rate > 0 and not np.isfinite(horizon):
            raise ValueError("an endless horizon needs a discount rate above zero")
        ages, back = distinct(age)
        end = self.beta + ages

        def worth(time: Floats) -> Floats:
            return np.exp(-rate * time - self.s * np.log1p(time / end))

        until = horizon if np.isfinite(horizon) else LONGEST_DISCOUNT / rate
        return (self.r + x) / (self.alpha + age) * over_log_time(worth, until, end)[back]

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases over the horizon, each discounted at `rate` per unit of time."""
        return self.p_alive(x, t_x, age) * self.discounted_while_active(x, age, horizon, rate)

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of exactly `count` purchases in (age, age + horizon].

        With x, t_x and age zero this is P(X(t) = count) of a new customer (Fader, Hardie 2005, eq. 16).
        """
        alive = self.p_alive(x, t_x, age)
        if count == 0:
            return 1.0 - alive * self.p_purchase_while_active(x, age, horizon)
        shape, scale, end = self.r + x, self.alpha + age, self.beta + age
        constant = special.gammaln(shape + count) - special.gammaln(shape) - special.gammaln(count + 1.0)

        def bought(time: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                share = count * (np.log(time) - np.log(scale + time))
            return np.exp(constant - shape * np.log1p(time / scale) + share)

        def leaves(time: Floats) -> Floats:
            return bought(time) * self.s / end * np.exp(-(self.s + 1.0) * np.log1p(time / end))

        stays = bought(np.full(len(x), horizon)) * np.exp(-self.s * np.log1p(horizon / end))
        return alive * (stays + over_log_time(leaves, horizon, np.minimum(scale, end), COUNT_NODES))

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of purchases over the horizon for each customer, as chance would have it."""
        here = np.flatnonzero(random.random(len(x)) < self.p_alive(x, t_x, age))
        rate = random.standard_gamma(self.r + x[here]) / (self.alpha + age[here])
        leaving = random.standard_gamma(self.s, len(here)) / (self.beta + age[here])
        with np.errstate(divide="ignore"):
            left = np.minimum(random.standard_exponential(len(here)) / leaving, horizon)
        bought = np.zeros(len(x))
        bought[here] = random.poisson(np.minimum(rate * left, 1e15))
        return bought
