"""Fitting BG/CNBD-k and MBG/CNBD-k, the number of stages k chosen by likelihood."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models import newton
from clientier.worth.models.fitting import Prior, PurchaseFit, Recipe, climb, from_parameters
from clientier.worth.models.history import History
from clientier.worth.models.purchase_fit import PurchaseLikelihood
from clientier.worth.models.regular import RegularModel
from clientier.worth.models.scenarios import log_sum

Floats = NDArray[np.float64]
STAGES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50)
STAGE_COST = 1.0  # what one more parameter costs in Akaike's criterion


def fit(
    history: History, name: str = "mbg_k", prior: Prior | None = None, stages: int | None = None
) -> PurchaseFit:
    """Fit by maximum likelihood (with `prior`, in terms of k = 1: by maximum posterior); time in any unit.

    Without `stages` k is the one with the highest likelihood, for which `history.log_gaps` must be known: raises
    ValueError where it is not. The log-likelihood includes the gaps, so that it compares with k = 1 and with the
    other models.
    """
    if stages is not None:
        return _fit_stages(history, name, prior, stages)
    if not math.isfinite(history.log_gaps):
        raise ValueError("choosing the number of stages needs History.log_gaps")
    rows = history.compressed()
    best = _fit_stages(rows, name, prior, 1)
    for more in STAGES[1:]:
        tried = _fit_stages(rows, name, prior, more)
        if tried.log_likelihood < best.log_likelihood + STAGE_COST:
            break
        best = tried
    return best


def _fit_stages(history: History, name: str, prior: Prior | None, stages: int) -> PurchaseFit:
    extra = 1 if name == "mbg_k" else 0
    fewer = np.array([0.0, math.log(stages), 0.0, 0.0])
    recipe = Recipe(
        lambda rows: RegularLikelihood(rows, extra, stages),
        partial(from_parameters, RegularModel, name=name, k=stages),
        np.log([0.7, 0.4, 0.8, 2.0]) - fewer,
        np.array([0.0, 1.0, 0.0, 0.0]),
    )
    return climb(history, recipe, None if prior is None else Prior(prior.centre - fewer, prior.spread))


class RegularLikelihood(PurchaseLikelihood):
    """Log-likelihood with gradient and Hessian in log parameters: left at the last purchase, or in stage j."""

    def __init__(self, history: History, extra: int, stages: int) -> None:
        super().__init__(history, extra, stages)
        gaps = (stages - 1.0) * history.log_gaps if math.isfinite(history.log_gaps) else 0.0
        self.constant = gaps - math.lgamma(stages) * float(history.weight @ history.x)

    def __call__(self, point: Floats) -> newton.Evaluation:
        value, gradient, hessian = super().__call__(point)
        return value + self.constant, gradient, hessian

    def _chunk(
        self, rows: slice, parameters: tuple[float, float, float], log_odds: Floats, inverse_spare: Floats
    ) -> newton.Evaluation:
        r, alpha, a = parameters
        k = self.stages
        x, t_x, age, weight = (part[rows] for part in self.parts)
        shape, end, last = r + k * x, alpha + age, alpha + t_x
        over_end, over_last, log_end = 1.0 / end, 1.0 / last, np.log(end)
        terms, slopes = np.empty((k + 1, len(x))), np.zeros((4, k + 1, len(x)))
        bends = np.zeros((3, k + 1, len(x)))
        terms[k] = log_odds - shape * np.log(last)
        slopes[0, k], slopes[1, k] = -np.log(last), -shape * over_last
        slopes[2, k], slopes[3, k] = 1.0 / a, -inverse_spare
        bends[1, k], bends[2, k] = -over_last, shape * over_last**2
        with np.errstate(divide="ignore"):
            log_silence = np.log(age - t_x) - log_end
        ways, slope, bend = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
        for stage in range(k):
            terms[stage] = ways - shape * log_end + (stage * log_silence if stage else 0.0)
            slopes[0, stage], slopes[1, stage] = slope - log_end, -(shape + stage) * over_end
            bends[0, stage], bends[1, stage] = bend, -over_end
            bends[2, stage] = (shape + stage) * over_end**2
            ways = ways + np.log((shape + stage) / (stage + 1.0))
            slope, bend = slope + 1.0 / (shape + stage), bend - 1.0 / (shape + stage) ** 2
        leaving = np.zeros((2, k + 1, 1))
        leaving[0, k] = -1.0 / a**2
        spare = np.zeros((k + 1, len(x)))
        spare[k] = inverse_spare**2
        curvature = {(0, 0): bends[0], (0, 1): bends[1], (1, 1): bends[2], (2, 2): leaving[0], (3, 3): spare}
        return log_sum(terms, slopes, curvature, weight)
