"""When customers buy and when they stop: BG/NBD and MBG/NBD, fitted on counts of distinct (x, t_x, T).

Both models: purchases of an active customer are Poisson with a rate that is Gamma(r, alpha) over customers;
he leaves with a probability that is Beta(a, b) over customers. In BG/NBD only a repeat purchase can be the
last one (Fader, Hardie, Lee 2005, "Counting Your Customers the Easy Way", eq. 6); in MBG/NBD also the first
one can (Batislam, Denizel, Filiztekin 2007, eq. 2), so that one-time buyers may be gone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models.quadrature import beta_rule

Floats = NDArray[np.float64]
TIME_NODES = 12


@dataclass(frozen=True)
class PurchaseModel:
    """Parameters of a fitted model, in the caller's unit of time, and the predictions that follow
    from them.
    """

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
        return self.p_alive(x, t_x, age) * self.expected_while_active(x, age, horizon)

    def discounted_while_active(self, x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases of a living customer over the horizon, each discounted at `rate` per unit of
        time.
        """
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
