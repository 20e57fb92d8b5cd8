"""One origin of the validation: what the engine said then, beside what came and what naive rules said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.appraisal import Result
from clientier.worth.validation import measures
from clientier.worth.validation.trial import RANKING_RULES, TOTAL_RULES, Trial

Floats = NDArray[np.float64]
KEY_SHARES = (0.01, 0.20)


@dataclass(frozen=True)
class Look:
    """Everybody who had bought by the origin, in one order: what was said and what came, money in currency
    units. `believed` is the engine's answer, `model` the model's alone.
    """

    trial: Trial
    model: Floats
    believed: Floats
    low: Floats
    high: Floats
    p_alive: Floats
    p_active: Floats
    scores: dict[str, Floats]
    profit: Floats
    key: NDArray[np.bool_]
    newcomers_profit: float


def look(known: Result, came: Result, horizon_days: int) -> Look:
    """Put what was known at the origin beside what came in the `horizon_days` after it."""
    c, h = known.customers, horizon_days
    buyer = ~np.isnat(c["first_day"])
    window = known.policy.window_days
    trial = Trial(
        h, window, c["x"][buyer], c["t_x"][buyer], c["age"][buyer],
        c["n_purchase_days"][buyer].astype(float), came.customers["n_purchase_days"][buyer].astype(float),
    )  # fmt: skip
    profit = came.customers["net_profit_e4"] / 10_000.0
    past = {name: c[f"{name}_e4"][buyer] / 10_000.0 * (h / window) for name in ("net_profit", "revenue")}
    part = h / 365.0
    return Look(
        trial=trial,
        model=c[f"expected_purchases_{h}"][buyer],
        believed=c[f"expected_purchases_{h}_calibrated"][buyer],
        low=c[f"expected_purchases_{h}_low"][buyer],
        high=c[f"expected_purchases_{h}_high"][buyer],
        p_alive=c["p_alive"][buyer],
        p_active=c[f"p_active_{h}"][buyer],
        scores={
            "believed": c["ranking_profit_365_e4"][buyer] / 10_000.0 * part,
            "expected": c["expected_profit_365_e4"][buyer] / 10_000.0 * part,
            "model": c["expected_profit_365_model_e4"][buyer] / 10_000.0 * part,
            "past_profit": past["net_profit"],
            "past_revenue": past["revenue"],
        },
        profit=profit[buyer],
        key=np.isin(c["tier"][buyer], (1, 2)),
        newcomers_profit=float(profit[~buyer].sum()),
    )


def joined(looks: list[Look]) -> Look:
    """Many looks as one, each customer and origin counted once."""
    first = looks[0].trial
    names = ("x", "t_x", "age", "recent", "actual")
    trial = Trial(
        first.horizon_days, first.window_days,
        *(np.concatenate([getattr(one.trial, name) for one in looks]) for name in names),
    )  # fmt: skip
    fields = ("model", "believed", "low", "high", "p_alive", "p_active")
    parts = {name: np.concatenate([getattr(one, name) for one in looks]) for name in fields}
    scores = {name: np.concatenate([one.scores[name] for one in looks]) for name in looks[0].scores}
    return Look(
        trial=trial,
        scores=scores,
        profit=np.concatenate([one.profit for one in looks]),
        key=np.concatenate([one.key for one in looks]),
        newcomers_profit=sum(one.newcomers_profit for one in looks),
        **parts,
    )


def purchase_measures(one: Look, share: float) -> dict[str, Any]:
    """How well purchases were foreseen: totals, single customers, ranking, probabilities, ranges."""
    trial = one.trial
    return {
        "n_customers": len(trial.x),
        "actual": float(trial.actual.sum()),
        "believed": trial.judge(one.believed),
        "model": trial.judge(one.model),
        "rules": {name: trial.judge(trial.rule(name)) for name in TOTAL_RULES},
        "ranking": {
            "p_active": measures.area_under_curve(one.p_active, trial.bought),
            "p_alive": measures.area_under_curve(one.p_alive, trial.bought),
            "believed": measures.area_under_curve(one.believed, trial.bought),
            **{name: measures.area_under_curve(trial.rule(name), trial.bought) for name in RANKING_RULES},
        },
        "brier": {
            "p_active": measures.brier(one.p_active, trial.bought),
            "p_alive": measures.brier(one.p_alive, trial.bought),
            "base_rate": float(np.var(trial.bought)),
        },
        "share_bought": float(trial.bought.mean()) if len(trial.x) else None,
        "deciles": measures.groups(one.believed, trial.actual),
        "deciles_p_active": measures.groups(one.p_active, trial.bought.astype(float)),
        "range_share": share,
        "coverage": measures.coverage(one.low, one.high, trial.actual),
    }


def money_measures(one: Look) -> dict[str, Any]:
    """How well profit was foreseen, and how much of it the customers chosen beforehand held."""
    total = float(one.profit.sum())
    rankings = {**one.scores, "perfect": one.profit}
    return {
        "actual": total,
        "newcomers": one.newcomers_profit,
        "forecasts": {
            name: {
                "expected": float(score.sum()),
                "bias": measures.bias(score, one.profit),
                "error": measures.root_mean_square(score, one.profit),
            }
            for name, score in one.scores.items()
            if name != "past_revenue"
        },
        "gini": {name: measures.normalised_gini(score, one.profit) for name, score in one.scores.items()},
        "captured": [
            {"share": share}
            | {name: measures.captured(score, one.profit, share) for name, score in rankings.items()}
            for share in KEY_SHARES
        ],
        "key_share_of_customers": float(one.key.mean()) if len(one.key) else None,
        "key_share_of_profit": float(one.profit[one.key].sum()) / total if total > 0 else None,
    }
