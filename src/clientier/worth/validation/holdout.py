"""The nightly check against history: which model to believe, how far, and where a naive rule is better."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.protocol import BuyingModel
from clientier.worth.models.purchase_choice import choose_model
from clientier.worth.policy import Policy
from clientier.worth.validation import level, measures, verdicts
from clientier.worth.validation.ranges import fitting_spread
from clientier.worth.validation.surprises import SHORTEST_PAST_DAYS, present_rate, surprises
from clientier.worth.validation.takings import expected_takings, takings
from clientier.worth.validation.trial import TOTAL_RULES, Trial, log_gaps, look_back

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_PURCHASES = 100
SHORTEST_DAYS, LONGEST_DAYS = 90, 365
RECENT_QUARTERS = (1, 2)
RULE_DAMPING = NARROWING = 0.5
DEFAULT_MODEL = "mbg"
CANDIDATES = ("mbg", "bg", "mbg_k", "bg_k", "pareto", "nbd")
# What nothing speaks for or against: past profit, which models seldom beat.
UNCHECKED_RANKING = {"use": "ranking", "code": "not_checked", "rule": "past_profit"}


@dataclass(frozen=True)
class Lookback:
    """What the check says: the model to use, how much wider its ranges must be, who says how many purchases
    come (`totals`: model, last_year, past_rate or present), what the model's are multiplied by for each span of days
    (`factors`), what the rule's are multiplied by, the present rate a day of each buyer where that speaks, what
    profit is ranked by (`ranking`: past_profit or mean_of_both), and the report.
    """

    model: str
    spread: float
    totals: str
    ranking: str
    report: dict[str, Any]
    factors: Mapping[int, float] = field(default_factory=dict)
    rule_factor: float = 1.0
    present: Floats | None = None

    def factor(self, days: float) -> float:
        """What to multiply the model's expectation of so many days by."""
        return self.factors.get(level.span_of(days), 1.0)


@dataclass(frozen=True)
class Asked:
    """One day asked: what was known and came, the models fitted on it, and how they would have done."""

    origin: int
    trial: Trial
    known: Ints
    fitted: Mapping[str, BuyingModel]
    tried: Mapping[str, dict[str, Any]]


def look_at_history(facts: Mapping[str, Any], as_of_day: int, policy: Policy) -> Lookback:
    """Ask at earlier days how the engine would have done: the last year held back (or the last half of a shorter
    history), the last quarters, and each quarter before them for the level of the totals.

    Reads `purchase_customer` and `purchase_day`, sorted by both, and where they are given each day's
    `purchase_gross_e4` and `purchase_profit_e4`. Without enough to hold back nothing is calibrated or
    replaced, and `reason` says why.
    """
    customer, day = facts["purchase_customer"], facts["purchase_day"]
    days = min(LONGEST_DAYS, int(as_of_day - day.min()) // 2) if len(day) else 0
    origin = as_of_day - days
    if days < SHORTEST_DAYS or (day > origin).sum() < FEWEST_PURCHASES or not (day <= origin).any():
        return _unchecked(policy, days, "history_too_short")
    far = _ask(customer, day, origin, days, policy)
    if far.trial.actual.sum() < FEWEST_PURCHASES:
        return _unchecked(policy, days, "few_came_back")
    asked = [far, *_quarters(customer, day, as_of_day, far, policy)]
    choice = verdicts.choose([one.tried for one in asked], DEFAULT_MODEL)
    name = choice["model"]
    model = far.fitted[name]
    if far.tried[name]["expected"] <= 0:
        return _unchecked(policy, days, "few_came_back")

    def fit(trial: Trial, gaps: float) -> BuyingModel:
        return _fitted(name, trial, gaps, policy, _stages_of(model))

    found = surprises(customer, day, as_of_day, policy.window_days, fit)
    factors = {span: level.factor(found, span) for span in level.SPANS}
    totals = _totals(customer, day, as_of_day, found, asked, name)
    rule = totals["rule"] if totals else "model"
    money, ranking = _ranking(facts, far, model, policy)
    report = _report(far, name) | money | _level(found, factors, as_of_day)
    report |= {
        "choice": choice,
        "spread": _spread(
            model, far.trial, policy, factors[level.span_of(days)], replaced=totals is not None
        ),
        "calibration": factors[level.SPANS[-1]],
        "ranked_by": ranking,
        "fallback": [one for one in (totals, ranking) if one and one["code"] in verdicts.FALLBACKS],
    }
    going_on = rule == verdicts.PRESENT
    present = present_rate(customer, day, np.unique(customer), as_of_day) if going_on else None
    return Lookback(name, report["spread"], rule, ranking["rule"], report, factors,
                    _rule_factor(asked[-1].trial, rule), present)  # fmt: skip


def _ask(
    customer: Ints,
    day: Ints,
    origin: int,
    days: int,
    policy: Policy,
    before: Mapping[str, BuyingModel] | None = None,
) -> Asked:
    """Ask at a day; the regularity that `before` found in the same gaps is not looked for again."""
    trial, known = look_back(customer, day, origin=origin, horizon_days=days, window_days=policy.window_days)
    gaps = log_gaps(customer, day, origin)
    names = CANDIDATES if policy.model == "auto" else (policy.model,)
    fitted = {
        name: _fitted(name, trial, gaps, policy, _stages_of(before[name]) if before else None)
        for name in names
    }
    return Asked(origin, trial, known, fitted, {name: _judged(one, trial) for name, one in fitted.items()})


def _quarters(customer: Ints, day: Ints, as_of_day: int, far: Asked, policy: Policy) -> list[Asked]:
    """The beginnings of the last quarters, the newest last, as far as they have something to tell."""
    origins = [as_of_day - back * level.QUARTER_DAYS for back in sorted(RECENT_QUARTERS, reverse=True)]
    near = [one for one in origins if one > far.origin + 1 and one >= day.min() + SHORTEST_PAST_DAYS]
    found = [_ask(customer, day, one, level.QUARTER_DAYS, policy, far.fitted) for one in near]
    return [one for one in found if one.trial.actual.sum() >= verdicts.FEWEST_TO_JUDGE]


def _fitted(name: str, trial: Trial, gaps: float, policy: Policy, stages: int | None) -> BuyingModel:
    rules = dataclasses.replace(policy, model=name)
    model: BuyingModel = choose_model(trial.x, trial.t_x, trial.age, rules, gaps, stages)[0]
    return model


def _stages_of(model: BuyingModel) -> int | None:
    """The number of stages of a model of regular gaps; None of the others."""
    return getattr(model, "k", None)


def _totals(
    customer: Ints, day: Ints, as_of_day: int, found: level.Surprises, asked: list[Asked], name: str
) -> dict[str, Any] | None:
    """Which rule says how many purchases come instead of the model, and why; None if the model stands."""
    newest = found.get((1, level.QUARTER_DAYS))
    if newest is not None and abs(newest.log) > verdicts.TOTAL_OFF:
        trial = asked[-1].trial
        rate = present_rate(customer, day, asked[-1].known, asked[-1].origin)
        going_on = (rate * trial.horizon_days + trial.rule("last_year")) / 2.0
        verdict = verdicts.off_by_more_than_double(newest, float(going_on.sum()))
        if verdict:
            return verdict
    return verdicts.steadily_better([
        (one.tried[name], {rule: _calibrated(one.trial, one.trial.rule(rule)) for rule in TOTAL_RULES})
        for one in asked
    ])  # fmt: skip


def _rule_factor(trial: Trial, rule: str) -> float:
    """Half of the newest surprise of a naive rule."""
    if rule not in TOTAL_RULES:
        return 1.0
    return float(verdicts.calibration_factor(trial.rule(rule), trial.actual) ** RULE_DAMPING)


def _level(found: level.Surprises, factors: Mapping[int, float], as_of_day: int) -> dict[str, Any]:
    """The quarters before, what they taught, and the factors of each span, for the report."""
    quarters = [
        {"origin_day": as_of_day - back * level.QUARTER_DAYS, "days": span, "expected": one.expected,
         "came": one.came}
        for (back, span), one in sorted(found.items(), reverse=True) if span == level.QUARTER_DAYS
    ]  # fmt: skip
    parts = [
        {"days": span, "factor": factors[span], "newest": float(taught[0]), "year_ago": float(taught[1])}
        for span in level.SPANS
        for taught in [level.weights(found, span)]
    ]
    return {"quarters": quarters, "factors": parts}


def _ranking(
    facts: Mapping[str, Any], far: Asked, model: BuyingModel, policy: Policy
) -> tuple[dict[str, Any], dict[str, Any]]:
    """How well profit was ranked, if days carry money, and what to rank it by."""
    if "purchase_gross_e4" not in facts:
        return {}, UNCHECKED_RANKING
    trial = far.trial
    days, window = trial.horizon_days, trial.window_days
    money = takings(facts, far.known, origin=far.origin, horizon_days=days, window_days=window)
    purchases = model.expected(trial.x, trial.t_x, trial.age, float(days))
    expected = expected_takings(money, purchases, policy)
    figures, verdict = verdicts.ranking_verdict(expected, money.recent * (days / window), money.actual)
    return {"money": figures}, verdict


def _unchecked(policy: Policy, days: int, reason: str) -> Lookback:
    model = DEFAULT_MODEL if policy.model == "auto" else policy.model
    report = {
        "reason": reason, "days": days, "calibration": 1.0, "spread": 1.0,
        "choice": {"code": "not_checked", "model": model},
        "ranked_by": UNCHECKED_RANKING,
        "fallback": [],
    }  # fmt: skip
    return Lookback(model, 1.0, "model", UNCHECKED_RANKING["rule"], report)


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


def _spread(model: BuyingModel, trial: Trial, policy: Policy, calibration: float, *, replaced: bool) -> float:
    """How much wider the ranges must be; of what they could be narrower half is used, by the length of the check,
    and what held for the model says nothing where it has been replaced.
    """
    alive = model.p_alive(trial.x, trial.t_x, trial.age)
    expected = calibration * model.expected(trial.x, trial.t_x, trial.age, float(trial.horizon_days))
    mean = expected / np.maximum(alive, 1e-9)
    spread = fitting_spread(alive, mean, trial.x, trial.actual, policy.range_share)
    evidence = min(trial.horizon_days / LONGEST_DAYS, 1.0)
    if replaced:
        return 1.0
    return spread if spread >= 1.0 else 1.0 - NARROWING * (1.0 - spread) * evidence


def _report(asked: Asked, name: str) -> dict[str, Any]:
    """How the chosen model, the others and the naive rules would have done on the day asked."""
    trial, judged = asked.trial, asked.tried[name]
    naive = trial.judge(trial.rule("past_rate"))
    return {
        "reason": None,
        "days": trial.horizon_days,
        "origin_day": asked.origin,
        "n_customers": len(trial.x),
        "actual": float(trial.actual.sum()),
        "expected": judged["expected"],
        "came_over_expected": judged["calibration"],
        "error": judged["error"],
        "ranking": judged["ranking"],
        "brier": judged["brier"],
        "naive": naive["expected"],
        "naive_error": naive["error"],
        "naive_ranking": trial.rankings()["recency"],
        "tried": [{"model": one, **figures} for one, figures in asked.tried.items()],
        "rules": [{"rule": one, **_calibrated(trial, trial.rule(one))} for one in TOTAL_RULES],
        "rankings": [{"rule": one, "ranking": value} for one, value in trial.rankings().items()],
        **_groups(asked.fitted[name], trial),
    }
