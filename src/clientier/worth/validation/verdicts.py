"""Model or naive rule: the stated rules by which the engine chooses and falls back, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.validation import measures

Floats = NDArray[np.float64]
FURTHEST_CALIBRATION = (0.5, 2.0)
DAMPING = 0.5
CLEARLY_BETTER = 0.01
BETTER_ENOUGH_TO_REPLACE = 0.02
RANKING_TOLERANCE = 0.01
BIAS_TOLERANCE = 0.01
MEAN = "mean_of_both"
FALLBACKS = ("bias_worse_than_naive", "error_worse_than_naive", "ranking_worse_than_naive")


def calibration_factor(expected: Floats, actual: Floats) -> float:
    """What came over what was expected, kept between a half and the double."""
    total = float(expected.sum())
    return float(np.clip(actual.sum() / total, *FURTHEST_CALIBRATION)) if total > 0 else 1.0


def damped(factor: float, days: int) -> float:
    """The factor to use tomorrow: half of the correction that a look back of a year asks for (on the log
    scale), less from a shorter one.

    A year above or below the expectation is half followed by another of its kind: the full correction made
    totals worse on most of the books tried, the half made them better on most.
    """
    return float(factor ** (DAMPING * min(days / 365.0, 1.0)))


def choose(tried: Mapping[str, Mapping[str, Any]], default: str) -> dict[str, Any]:
    """The candidate with the least loss; the default unless another is better by more than a hundredth.

    Loss: the mean of error (of single customers, totals set right) and Brier score (of buying at all), each
    as a multiple of the default's.
    """
    base = tried[default] if default in tried else next(iter(tried.values()))
    loss = {
        name: 0.5 * _ratio(one["error_left"], base["error_left"]) + 0.5 * _ratio(one["brier"], base["brier"])
        for name, one in tried.items()
    }
    best = min(loss, key=lambda name: loss[name])
    if default in loss and loss[best] >= loss[default] * (1.0 - CLEARLY_BETTER):
        best = default
    code = "only_candidate" if len(tried) == 1 else "default_stands" if best == default else "clearly_better"
    return {"code": code, "model": best, "loss": loss, "margin": CLEARLY_BETTER}


def _ratio(value: float, base: float) -> float:
    return value / base if base > 0 else 1.0


def totals_verdict(model: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    """The naive rule that says better how much each customer will buy, with the figures; None if the model
    stands.

    Compared is what is left once totals are set right: a rule replaces the model when its error is smaller
    by more than a fiftieth, or when the model's total cannot be set right (it would take more than doubling
    or halving) and the rule's comes closer.
    """
    by_error = min(rules, key=lambda name: rules[name]["error_left"])
    by_bias = min(rules, key=lambda name: (round(abs(rules[name]["bias_left"]), 1), name == MEAN))
    if abs(model["bias_left"]) > abs(rules[by_bias]["bias_left"]) + BIAS_TOLERANCE:
        return _verdict("bias_worse_than_naive", by_bias, "bias_left", model, rules)
    if rules[by_error]["error_left"] < model["error_left"] * (1.0 - BETTER_ENOUGH_TO_REPLACE):
        return _verdict("error_worse_than_naive", by_error, "error_left", model, rules)
    return None


def _verdict(
    code: str, rule: str, figure: str, model: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    return {"use": "totals", "code": code, "rule": rule, "figure": figure, "model_figure": model[figure],
            "rule_figure": rules[rule][figure]}  # fmt: skip


def ranking_verdict(expected: Floats, past: Floats, actual: Floats) -> tuple[dict[str, Any], dict[str, Any]]:
    """How well expected profit, past profit and the mean of both rank next profit, and which to rank by.

    Past profit, which models seldom beat (Wuebben and von Wangenheim 2008), unless the mean of both ranked better in
    the check by more than 0.01 normalised Gini. So chosen, no book tried ranks worse than by past profit, and those
    that can gain do; the expected profit alone, where it had ranked best, did not keep it up.
    """
    scores = {MEAN: (expected + past) / 2.0, "model": expected, "past_profit": past}
    gini = {name: measures.normalised_gini(score, actual) for name, score in scores.items()}
    figures = {
        "actual": float(actual.sum()),
        "expected": float(expected.sum()),
        "error": measures.root_mean_square(expected, actual),
        "past_profit_error": measures.root_mean_square(past, actual),
        "gini": gini,
    }
    known = {name: value for name, value in gini.items() if value is not None}
    past_gini = known.get("past_profit", 0.0)
    if known.get(MEAN, past_gini) > past_gini + RANKING_TOLERANCE:
        return figures, {"use": "ranking", "code": "mean_ranks_better", "rule": MEAN, "gini": gini}
    worse = known.get("model", past_gini) < past_gini - RANKING_TOLERANCE
    code = "ranking_worse_than_naive" if worse else "past_profit_stands"
    return figures, {"use": "ranking", "code": code, "rule": "past_profit", "gini": gini}
