"""Arithmetic of the k stages between two purchases: the silence so far, the stage now, what comes next.

`shape` is r + k x, `scale` alpha + t_x, `silence` the time since the last purchase: the rate of the stages of a
customer who was just seen buying is Gamma(shape, scale).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST_SHARE = 1e-12
LARGEST = 1e200


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

    `times` are (scale, silence, horizon). Sums over the number of stages passed since the last purchase; the odds
    of each number follow from those of the one before, and are scaled down before they overflow.
    """
    scale, silence, horizon = times
    a, second = leaving
    until = scale + silence + horizon
    before, after = silence / until, horizon / until
    odds = np.zeros((k, len(shape)))
    odds[0] = 1.0
    sum_odds, sum_bought = np.zeros(len(shape)), np.zeros(len(shape))
    bought, next_purchase = np.zeros(len(shape)), np.ones(len(shape))
    passed, k_row = 0, np.arange(k)[:, None]
    while True:
        here = odds.sum(axis=0)
        sum_odds += here
        sum_bought += here * bought
        growing = (shape + passed) * (after + before) / (passed + 1.0) >= 1.0
        if passed >= k and not (growing | (here * (bought + 1.0) > SMALLEST_SHARE * sum_odds)).any():
            return sum_bought / sum_odds
        if passed + 1 < k:
            newborn = odds[passed] * (shape + passed) * before / (passed + 1.0)
        odds *= (shape + passed) * after / np.maximum(passed + 1.0 - k_row, 1.0)
        if passed + 1 < k:
            odds[passed + 1] = newborn
        passed += 1
        if passed % k == 0:
            bought = bought + next_purchase
            done = passed // k
            next_purchase = next_purchase * (second + done - 1.0) / (a + second + done - 1.0)
        large = sum_odds > LARGEST
        if large.any():
            factor = np.where(large, 1.0 / LARGEST, 1.0)
            odds *= factor
            sum_odds *= factor
            sum_bought *= factor
