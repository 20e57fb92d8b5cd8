"""Arithmetic of the k stages between two purchases: the silence so far, the stage now, what comes next.

`shape` is r + k x, `scale` alpha + t_x, `silence` the time since the last purchase: the rate of the stages of a
customer who was just seen buying is Gamma(shape, scale).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST_SHARE = 1e-12
LARGEST = 1e100
ROUND = 8


def stage_terms(shape: Floats, scale: Floats, silence: Floats, k: int) -> Floats:
    """Stages x rows: the odds of having passed j = 0 .. k - 1 stages in the silence, against none."""
    share = silence / (scale + silence)
    terms = np.empty((k, len(shape)))
    terms[0] = 1.0
    for stage in range(1, k):
        terms[stage] = terms[stage - 1] * (shape + (stage - 1.0)) / stage * share
    return terms


def log_no_purchase(shape: Floats, scale: Floats, silence: Floats, k: int) -> Floats:
    """Logarithm of the probability that fewer than k stages pass in the silence, of one who has not left."""
    passed = stage_terms(shape, scale, silence, k).sum(axis=0) if k > 1 else 1.0
    return np.minimum(np.log(passed) - shape * np.log1p(silence / scale), 0.0)


def stage_weights(shape: Floats, scale: Floats, silence: Floats, k: int) -> Floats:
    """Stages x rows: the probability of being j stages past the last purchase, of one who has not left."""
    terms = stage_terms(shape, scale, silence, k)
    return terms / terms.sum(axis=0)


def mean_purchases(
    shape: Floats, times: tuple[Floats, Floats, float], leaving: tuple[float, Floats], k: int
) -> Floats:
    """Expected purchases over a horizon of one who has not left, leaving at each with probability Beta(a, second).

    `times` are (scale, silence, horizon). Sums over the number of stages passed since the last purchase; rows whose
    sum has come to its end step aside, so that a few busy customers do not keep all others waiting.
    """
    scale, silence, horizon = times
    until = scale + silence + horizon
    mean, row = np.zeros(len(shape)), np.arange(len(shape))
    going = _Going(shape, silence / until, horizon / until, *leaving, k)
    passed = 0
    while len(row):
        going.add()
        if passed >= k and passed % ROUND == 0:
            on = going.unfinished(passed)
            mean[row[~on]] = (going.sum_bought / going.sum_odds)[~on]
            row = row[on]
            going.keep(on)
        going.step(passed)
        passed += 1
        if passed % ROUND == 0 or passed < k:
            going.scale_down()
    return mean


class _Going:
    """Customers whose purchases are being summed: for each row the odds of its last k numbers of stages."""

    def __init__(
        self, shape: Floats, before: Floats, after: Floats, a: float, second: Floats, k: int
    ) -> None:
        self.a, self.k, self.stage = a, k, np.arange(k)[:, None]
        self.shape, self.before, self.after, self.second = shape, before, after, second
        self.odds = np.zeros((k, len(shape)))
        self.odds[0] = 1.0
        self.sum_odds, self.sum_bought = np.zeros(len(shape)), np.zeros(len(shape))
        self.bought, self.next_purchase = np.zeros(len(shape)), np.ones(len(shape))

    def add(self) -> None:
        """Take this number of stages into the sums."""
        self.here = self.odds.sum(axis=0)
        self.sum_odds += self.here
        self.sum_bought += self.here * self.bought

    def unfinished(self, passed: int) -> NDArray[np.bool_]:
        """Which rows have not yet come to the end of their sum."""
        growing = (self.shape + passed) * (self.after + self.before) / (passed + 1.0) >= 1.0
        return growing | (self.here * (self.bought + 1.0) > SMALLEST_SHARE * self.sum_odds)

    def keep(self, on: NDArray[np.bool_]) -> None:
        """Go on with these rows alone."""
        if on.all():
            return
        for name in (
            "shape",
            "before",
            "after",
            "second",
            "sum_odds",
            "sum_bought",
            "bought",
            "next_purchase",
        ):
            setattr(self, name, getattr(self, name)[on])
        self.odds = self.odds[:, on]

    def step(self, passed: int) -> None:
        """From the odds of so many stages to those of one more; every k-th stage is a purchase."""
        newborn = None
        if passed + 1 < self.k:
            newborn = self.odds[passed] * (self.shape + passed) * self.before / (passed + 1.0)
        self.odds *= (self.shape + passed) * self.after / np.maximum(passed + 1.0 - self.stage, 1.0)
        if newborn is not None:
            self.odds[passed + 1] = newborn
        done, rest = divmod(passed + 1, self.k)
        if rest == 0:
            self.bought = self.bought + self.next_purchase
            stays = (self.second + done - 1.0) / (self.a + self.second + done - 1.0)
            self.next_purchase = self.next_purchase * stays

    def scale_down(self) -> None:
        """Bring sums that have grown too large back into range; only their ratios matter."""
        factor = np.where(self.sum_odds > LARGEST, 1.0 / LARGEST, 1.0)
        self.odds *= factor
        self.sum_odds *= factor
        self.sum_bought *= factor
