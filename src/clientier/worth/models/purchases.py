"""When customers buy and when they stop: BG/NBD and MBG/NBD, fitted on counts of distinct (x, t_x, T).

Both models: purchases of an active customer are Poisson with a rate that is Gamma(r, alpha) over customers;
he leaves with a probability that is Beta(a, b) over customers. In BG/NBD only a repeat purchase can be the
last one (Fader, Hardie, Lee 2005, "Counting Your Customers the Easy Way", eq. 6); in MBG/NBD also the first
one can (Batislam, Denizel, Filiztekin 2007, eq. 2), so that one-time buyers may be gone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models.distinct import distinct_pairs
from clientier.worth.models.quadrature import beta_rule, legendre_rule

Floats = NDArray[np.float64]
TIME_NODES, ENDLESS_NODES = 12, 32
LONGEST_DISCOUNT = 40.0
CHUNK_ROWS = 16_384


@dataclass(frozen=True)
class PurchaseModel:
    """Parameters of a BG/NBD ("bg") or MBG/NBD ("mbg") in the caller's unit of time, and what follows from them.

    x, t_x, age are arrays of one length: repeat purchases, the time of the last, the time observed; all since the
    first purchase. Answers have that length. Probabilities lie in 0 to 1; expectations count purchases. A new
    customer has x, t_x and age zero.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    name: str
    r: float
    alpha: float
    a: float
    b: float

    @property
    def first_purchase_may_be_last(self) -> bool:
        return self.name == "mbg"

    def _departure_weight(self, x: Floats) -> Floats:
        """Odds (but for time) that the last purchase seen was the last of all; zero where the model forbids
        it.
        """
        if self.first_purchase_may_be_last:
            return self.a / (self.b + x)
        return np.where(x > 0, self.a / (self.b + np.maximum(x, 1.0) - 1.0), 0.0)

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability of still being a customer at age T (BG: Fader et al. 2008 note, eq. 1; MBG: eq. 5)."""
        answer = np.empty(len(x))
        for start in range(0, len(x), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            growth = (self.r + x[rows]) * np.log((self.alpha + age[rows]) / (self.alpha + t_x[rows]))
            with np.errstate(over="ignore"):
                answer[rows] = 1.0 / (1.0 + self._departure_weight(x[rows]) * np.exp(growth))
        return answer

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase within the horizon: alive, and the next gap short enough.

        Exact for both models, because a customer can only leave at a purchase.
        """
        chance = self.p_purchase_while_active(x, age, horizon)
        chance *= self.p_alive(x, t_x, age)
        return chance

    def p_purchase_while_active(self, x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of a purchase within the horizon, given that he is still a customer (Lomax gap)."""
        chance = np.empty(len(x))
        for start in range(0, len(x), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            chance[rows] = -np.expm1(-(self.r + x[rows]) * np.log1p(horizon / (self.alpha + age[rows])))
        return chance

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence within which the next purchase falls with probability `share`, seen from the last
        purchase.
        """
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
        bought = self.expected_while_active(x, age, horizon)
        bought *= self.p_alive(x, t_x, age)
        return bought

    def discounted_while_active(self, x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases of a living customer over the horizon, each discounted at `rate` per unit of time.

        By parts: what is expected until the end, and the interest on what comes before it, in logarithmic time.
        The horizon may be infinite where `rate` is above zero; ValueError where it is not.
        """
        if not rate > 0 and not math.isfinite(horizon):
            raise ValueError("an endless horizon needs a discount rate above zero")
        ends = math.isfinite(horizon)
        end = horizon if ends else LONGEST_DISCOUNT / rate
        steps = list(zip(*legendre_rule(TIME_NODES if ends else ENDLESS_NODES), strict=True)) if rate else []

        def intensity(p: Floats, shape: Floats, scale: Floats) -> Floats:
            total = -math.exp(-rate * end) * np.expm1(-shape * np.log1p(p * (end / scale)))
            length = np.log1p(end / scale)
            for node, weight in steps:
                since = np.expm1(length * node)
                bought = -np.expm1(-shape * np.log1p(p * since))
                interest = np.exp(-rate * scale * since) * scale * (1.0 + since)
                total += (rate * weight) * length * interest * bought
            return total / p

        return self._over_departure_probability(x, age, intensity)

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases over the horizon, each discounted at `rate` per unit of time."""
        return self.p_alive(x, t_x, age) * self.discounted_while_active(x, age, horizon, rate)

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of exactly `count` purchases in (T, T+horizon].

        He bought `count` times and stayed but bought no more, or the last of them was the end. For a new customer
        this is P(X(t) = count) (Fader, Hardie, Lee 2005, eq. 8), by incomplete beta functions in place of sums.
        """
        alive = self.p_alive(x, t_x, age)
        if count == 0:
            return 1.0 - alive * self.p_purchase_while_active(x, age, horizon)
        shape, reached = self.r + x, horizon / (self.alpha + age + horizon)
        second = self.b + x + (1.0 if self.first_purchase_may_be_last else 0.0)
        at_least = special.betainc(float(count), shape, reached)
        more = special.betainc(count + 1.0, shape, reached)
        base = special.betaln(self.a, second)
        stays = np.exp(special.betaln(self.a, second + count) - base)
        leaves = np.exp(special.betaln(self.a + 1.0, second + count - 1.0) - base)
        return alive * (stays * (at_least - more) + leaves * at_least)

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of purchases over the horizon for each customer, as chance would have it."""
        here = np.flatnonzero(random.random(len(x)) < self.p_alive(x, t_x, age))
        rate = random.standard_gamma(self.r + x[here]) / (self.alpha + age[here])
        second = self.b + x[here] + (1.0 if self.first_purchase_may_be_last else 0.0)
        leave = np.maximum(random.beta(self.a, second), 1e-15)
        bought = np.zeros(len(x))
        bought[here] = np.minimum(random.poisson(np.minimum(rate * horizon, 1e15)), random.geometric(leave))
        return bought

    def _over_departure_probability(self, x: Floats, age: Floats, function: object) -> Floats:
        """Mean of function(p, r+x, alpha+T) over the departure probability, once per distinct (x, T)."""
        distinct_x, pair_age, pair_x, back = distinct_pairs(x, age)
        second = self.b + distinct_x + (1.0 if self.first_purchase_may_be_last else 0.0)
        nodes, weights = beta_rule(self.a, second)
        shape = (self.r + distinct_x)[pair_x]
        scale = self.alpha + pair_age
        mean = np.zeros(len(pair_x))
        for k in range(nodes.shape[1]):
            mean += weights[pair_x, k] * function(nodes[pair_x, k], shape, scale)  # type: ignore[operator]
        return mean[back]
