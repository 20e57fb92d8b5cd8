"""Model or naive rule: the stated rules by which the engine chooses and falls back, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.validation import measures
from clientier.worth.validation.level import Surprise

Floats = NDArray[np.float64]
FURTHEST_CALIBRATION = (0.5, 2.0)
CLEARLY_BETTER = 0.01
BETTER_ENOUGH_TO_REPLACE = 0.02
RANKING_TOLERANCE = 0.01
TOTAL_OFF = math.log(2.0)
FEWEST_TO_JUDGE = 30
MEAN, PRESENT = "mean_of_both", "present"
FALLBACKS = ("bias_worse_than_naive", "error_worse_than_naive", "ranking_worse_than_naive")


def calibration_factor(expected: Floats, actual: Floats) -> float:
    """What came over what was expected, kept between a half and the double."""
    total = float(expected.sum())
    return float(np.clip(actual.sum() / total, *FURTHEST_CALIBRATION)) if total > 0 else 1.0


def choose(asked: Sequence[Mapping[str, Mapping[str, Any]]], default: str) -> dict[str, Any]:
    """The candidate with the least loss over the days asked; the default unless another is better by more than a
    hundredth.

    Loss on a day: the mean of error (of single customers, totals set right) and Brier score (of buying at all), each
    as a multiple of the default's.
    """
    loss = {name: float(np.mean([_loss(tried, name, default) for tried in asked])) for name in asked[0]}
    best = min(loss, key=lambda name: loss[name])
    if default in loss and loss[best] >= loss[default] * (1.0 - CLEARLY_BETTER):
        best = default
    code = "only_candidate" if len(loss) == 1 else "default_stands" if best == default else "clearly_better"
    return {"code": code, "model": best, "loss": loss, "margin": CLEARLY_BETTER, "days_asked": len(asked)}


def _loss(tried: Mapping[str, Mapping[str, Any]], name: str, default: str) -> float:
    one, base = tried[name], tried[default] if default in tried else next(iter(tried.values()))
    return 0.5 * _ratio(one["error_left"], base["error_left"]) + 0.5 * _ratio(one["brier"], base["brier"])


def _ratio(value: float, base: float) -> float:
    return value / base if base > 0 else 1.0


def off_by_more_than_double(newest: Surprise | None, rule_expected: float) -> dict[str, Any] | None:
    """The verdict that the present speaks instead of the model: in the newest quarter less than half, or more than
    double, of what the model expected came, and what goes on as at present came closer.
    """
    if newest is None or newest.came < FEWEST_TO_JUDGE:
        return None
    present = Surprise(rule_expected, newest.came)
    if abs(newest.log) <= TOTAL_OFF or abs(present.log) >= abs(newest.log):
        return None
    return _verdict("bias_worse_than_naive", PRESENT, "bias",
                    newest.expected / newest.came - 1.0, rule_expected / newest.came - 1.0)  # fmt: skip


def steadily_better(
    asked: Sequence[tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]],
) -> dict[str, Any] | None:
    """The naive rule that says better how much each customer will buy, with the figures; None if the model stands.

    `asked` holds what model and rules would have done, a day asked. Compared are errors of single customers, totals
    set right: a rule replaces the model when its error was smaller on every day, and by more than a fiftieth on
    average.
    """
    best: dict[str, Any] | None = None
    for rule in asked[0][1]:
        ratios = [_ratio(rules[rule]["error_left"], model["error_left"]) for model, rules in asked]
        if max(ratios) >= 1.0 or np.mean(ratios) >= 1.0 - BETTER_ENOUGH_TO_REPLACE:
            continue
        errors = [float(np.mean(column)) for column in zip(
            *((model["error_left"], rules[rule]["error_left"]) for model, rules in asked), strict=True)]  # fmt: skip
        if best is None or errors[1] < best["rule_figure"]:
            best = _verdict("error_worse_than_naive", rule, "error_left", *errors)
    return best


def _verdict(code: str, rule: str, figure: str, model_figure: float, rule_figure: float) -> dict[str, Any]:
    return {"use": "totals", "code": code, "rule": rule, "figure": figure, "model_figure": model_figure,
            "rule_figure": rule_figure}  # fmt: skip


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
