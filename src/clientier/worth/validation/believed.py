"""What the engine says in the end: the model's figures set right by the check against history, or the naive
rule where that did better.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.policy import Policy
from clientier.worth.validation.holdout import Lookback
from clientier.worth.validation.ranges import count_range, whole_range

Floats = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]
YEAR = 365
FURTHEST_SCALE = 5.0


def believed(
    columns: Columns, recent: Columns, lookback: Lookback, policy: Policy
) -> dict[str, NDArray[Any]]:
    """The calibrated columns: purchases at each horizon with the range of the longest, money of a year, and
    lifetime value.

    `ranking_profit_365_e4` is what next year's profit is ranked by; its total is the expectation's.
    `expected_profit_365_model_e4` is what the model alone says.
    """
    found: dict[str, NDArray[Any]] = {}
    for days in policy.horizon_days:
        raw = columns[f"expected_purchases_{days}"]
        found[f"expected_purchases_{days}_calibrated"] = _purchases(
            columns, recent, lookback, policy, days, raw
        )
        low, high = _range(columns, found[f"expected_purchases_{days}_calibrated"], lookback, policy)
        found[f"expected_purchases_{days}_low"], found[f"expected_purchases_{days}_high"] = low, high
    per_purchase = columns["expected_spend_e4"].astype(np.float64)
    year = _purchases(columns, recent, lookback, policy, YEAR, columns["expected_purchases_year"])
    profit = year * per_purchase * columns["profit_rate"]
    found["expected_revenue_365_e4"] = _whole(year * per_purchase)
    found["expected_margin_365_e4"] = _whole(year * per_purchase * columns["margin_rate"])
    found["expected_profit_365_e4"] = _whole(profit)
    found["ranking_profit_365_e4"] = _whole(_ranked(profit, recent, lookback, policy))
    factor = _overall(year, columns["expected_purchases_year"])
    for name in ("clv_e4", "clv_low_e4", "clv_high_e4"):
        found[name] = _whole(columns[name] * factor)
    return found


def _purchases(
    columns: Columns, recent: Columns, lookback: Lookback, policy: Policy, days: int, raw: Floats
) -> Floats:
    last_year = recent["n_purchase_days"] * (days / policy.window_days)
    if lookback.totals == "past_rate":
        return lookback.rule_factor * columns["x"] / np.maximum(columns["age"], 1.0) * days
    if lookback.totals == "last_year":
        return lookback.rule_factor * last_year
    if lookback.present is not None:
        return (lookback.present * days + last_year) / 2.0
    return lookback.factor(days) * raw


def _range(columns: Columns, expected: Floats, lookback: Lookback, policy: Policy) -> tuple[Floats, Floats]:
    """Where a rule speaks instead of the model, its rate is taken as it is: it knows no leaving."""
    alive = np.maximum(columns["p_alive"], 1e-9) if lookback.totals == "model" else np.ones(len(expected))
    ends = count_range(alive, expected / alive, columns["x"], policy.range_share, lookback.spread)
    return whole_range(*ends)


def _ranked(profit: Floats, recent: Columns, lookback: Lookback, policy: Policy) -> Floats:
    """Profit in the order that held in the check: the expected, the past, or the mean of both."""
    if lookback.ranking == "model":
        return profit
    past = recent["net_profit_e4"] * (YEAR / policy.window_days)
    score = past if lookback.ranking == "past_profit" else (profit + past) / 2.0
    total, wanted = float(score.sum()), float(profit.sum())
    scale = np.clip(wanted / total, 1.0 / FURTHEST_SCALE, FURTHEST_SCALE) if min(total, wanted) > 0 else 1.0
    return score * scale


def _overall(believed_purchases: Floats, raw: Floats) -> float:
    total = float(raw.sum())
    return float(np.clip(believed_purchases.sum() / total, 0.5, 2.0)) if total > 0 else 1.0


def _whole(values: Floats) -> NDArray[np.int64]:
    return np.rint(values).astype(np.int64)
