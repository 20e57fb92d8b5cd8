"""The nightly check against history: which model to believe, how far, and where a naive rule is better."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.protocol import BuyingModel
from clientier.worth.models.purchase_choice import choose_model
from clientier.worth.policy import Policy
from clientier.worth.validation import measures, verdicts
from clientier.worth.validation.ranges import fitting_spread
from clientier.worth.validation.takings import expected_takings, takings
from clientier.worth.validation.trial import TOTAL_RULES, Trial, log_gaps, look_back

Floats = NDArray[np.float64]
FEWEST_PURCHASES = 100
SHORTEST_DAYS, LONGEST_DAYS = 90, 365
DEFAULT_MODEL = "mbg"
CANDIDATES = ("mbg", "bg", "mbg_k", "bg_k", "pareto", "nbd")
# What nothing speaks for or against: past profit, which models seldom beat.
UNCHECKED_RANKING = {"use": "ranking", "code": "not_checked", "rule": "past_profit"}


@dataclass(frozen=True)
class Lookback:
    """What the check says: the model to use, how much wider its ranges must be, who says how many purchases
    come (`totals`: model, last_year, past_rate or mean_of_both), what each is multiplied by (`factors`), what
    profit is ranked by (`ranking`: model, past_profit or mean_of_both), and the report.
    """

    model: str
    spread: float
    totals: str
    factors: Mapping[str, float]
    ranking: str
    report: dict[str, Any]


def look_at_history(facts: Mapping[str, Any], as_of_day: int, policy: Policy) -> Lookback:
    """Hold back the last year (or the last half of a shorter history) and tell how the engine would have
    done.

    Reads `purchase_customer` and `purchase_day`, sorted by both, and where they are given each day's
    `purchase_gross_e4` and `purchase_profit_e4`. Without enough to hold back nothing is calibrated or
    replaced, and `reason` says why.
    """
    customer, day = facts["purchase_customer"], facts["purchase_day"]
    days = min(LONGEST_DAYS, int(as_of_day - day.min()) // 2) if len(day) else 0
    origin = as_of_day - days
    if days < SHORTEST_DAYS or (day > origin).sum() < FEWEST_PURCHASES or not (day <= origin).any():
        return _unchecked(policy, days)
    trial, known = look_back(customer, day, origin=origin, horizon_days=days, window_days=policy.window_days)
    fitted, tried = _tried(trial, policy, log_gaps(customer, day, origin))
    choice = verdicts.choose(tried, DEFAULT_MODEL)
    name = choice["model"]
    model, judged = fitted[name], tried[name]
    if trial.actual.sum() < FEWEST_PURCHASES or judged["expected"] <= 0:
        return _unchecked(policy, days)
    factors, rules, totals = _totals(trial, model, judged)
    money, ranking = _ranking(facts, trial, known, model, policy, origin)
    report = _report(trial, judged, origin) | {
        "choice": choice,
        "tried": [{"model": one, **figures} for one, figures in tried.items()],
        "rules": [{"rule": rule, **figures} for rule, figures in rules.items()],
        "rankings": [{"rule": rule, "ranking": value} for rule, value in trial.rankings().items()],
        **_groups(model, trial),
        **money,
        "spread": _spread(model, trial, policy, factors["model"]),
        "came_over_expected": judged["calibration"],
        "calibration": factors["model"],
        "factors": factors,
        "ranked_by": ranking,
        "fallback": [one for one in (totals, ranking) if one and one["code"] in verdicts.FALLBACKS],
    }
    rule = totals["rule"] if totals else "model"
    return Lookback(name, report["spread"], rule, factors, ranking["rule"], report)


def _tried(
    trial: Trial, policy: Policy, gaps: float
) -> tuple[dict[str, BuyingModel], dict[str, dict[str, Any]]]:
    """Each candidate fitted on what was known, and how it would have done."""
    names = CANDIDATES if policy.model == "auto" else (policy.model,)
    fitted: dict[str, BuyingModel] = {}
    for name in names:
        rules = dataclasses.replace(policy, model=name)
        fitted[name] = choose_model(trial.x, trial.t_x, trial.age, rules, gaps)[0]
    return fitted, {name: _judged(model, trial) for name, model in fitted.items()}


def _totals(
    trial: Trial, model: BuyingModel, judged: dict[str, Any]
) -> tuple[dict[str, float], dict[str, dict[str, Any]], dict[str, Any] | None]:
    """What model and rules are multiplied by from now on, how the rules did, and which replaces the model."""
    days = trial.horizon_days
    rules = {rule: _calibrated(trial, trial.rule(rule)) for rule in TOTAL_RULES}
    factors = {"model": verdicts.damped(judged["calibration"], days)}
    factors |= {rule: verdicts.damped(figures["calibration"], days) for rule, figures in rules.items()}
    expected = judged["calibration"] * model.expected(trial.x, trial.t_x, trial.age, float(days))
    mean = (expected + rules["last_year"]["calibration"] * trial.rule("last_year")) / 2.0
    rivals = rules | {verdicts.MEAN: _calibrated(trial, mean)}
    return factors, rules, verdicts.totals_verdict(judged, rivals)


def _ranking(
    facts: Mapping[str, Any],
    trial: Trial,
    known: NDArray[np.int64],
    model: BuyingModel,
    policy: Policy,
    origin: int,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """How well profit was ranked, if days carry money, and what to rank it by."""
    if "purchase_gross_e4" not in facts:
        return {}, UNCHECKED_RANKING
    days, window = trial.horizon_days, trial.window_days
    money = takings(facts, known, origin=origin, horizon_days=days, window_days=window)
    purchases = model.expected(trial.x, trial.t_x, trial.age, float(days))
    expected = expected_takings(money, purchases, policy)
    figures, verdict = verdicts.ranking_verdict(expected, money.recent * (days / window), money.actual)
    return {"money": figures}, verdict


def _unchecked(policy: Policy, days: int) -> Lookback:
    model = DEFAULT_MODEL if policy.model == "auto" else policy.model
    report = {
        "reason": "history_too_short", "days": days, "calibration": 1.0, "spread": 1.0,
        "choice": {"code": "not_checked", "model": model},
        "ranked_by": UNCHECKED_RANKING,
        "fallback": [],
    }  # fmt: skip
    return Lookback(model, 1.0, "model", {"model": 1.0}, UNCHECKED_RANKING["rule"], report)


def _judged(model: BuyingModel, trial: Trial) -> dict[str, Any]:
    active = model.p_active(trial.x, trial.t_x, trial.age, float(trial.horizon_days))
    expected = model.expected(trial.x, trial.t_x, trial.age, float(trial.horizon_days))
    return _calibrated(trial, expected) | {
        "ranking": measures.area_under_curve(active, trial.bought),
        "brier": measures.brier(active, trial.bought),
    }


def _calibrated(trial: Trial, expected: Floats) -> dict[str, Any]:
    """Error and bias as they come, and those that are left once the total is set right."""
    factor = verdicts.calibration_factor(expected, trial.actual)
    return trial.judge(expected) | {
        "calibration": factor,
        "error_left": measures.root_mean_square(factor * expected, trial.actual),
        "bias_left": measures.bias(factor * expected, trial.actual),
    }


def _groups(model: BuyingModel, trial: Trial) -> dict[str, Any]:
    """Tenths of the customers by what the model expected, as it comes: purchases, and the share that bought."""
    known = (trial.x, trial.t_x, trial.age, float(trial.horizon_days))
    return {
        "deciles": measures.groups(model.expected(*known), trial.actual),
        "deciles_p_active": measures.groups(model.p_active(*known), trial.bought.astype(float)),
    }


def _spread(model: BuyingModel, trial: Trial, policy: Policy, calibration: float) -> float:
    alive = model.p_alive(trial.x, trial.t_x, trial.age)
    expected = calibration * model.expected(trial.x, trial.t_x, trial.age, float(trial.horizon_days))
    mean = expected / np.maximum(alive, 1e-9)
    spread = fitting_spread(alive, mean, trial.x, trial.actual, policy.range_share)
    evidence = min(trial.horizon_days / LONGEST_DAYS, 1.0)
    return spread if spread >= 1.0 else 1.0 - (1.0 - spread) * evidence  # narrower only on full evidence


def _report(trial: Trial, judged: dict[str, Any], origin: int) -> dict[str, Any]:
    naive = trial.judge(trial.rule("past_rate"))
    return {
        "reason": None,
        "days": trial.horizon_days,
        "origin_day": origin,
        "n_customers": len(trial.x),
        "actual": float(trial.actual.sum()),
        "expected": judged["expected"],
        "error": judged["error"],
        "ranking": judged["ranking"],
        "brier": judged["brier"],
        "naive": naive["expected"],
        "naive_error": naive["error"],
        "naive_ranking": trial.rankings()["recency"],
    }
