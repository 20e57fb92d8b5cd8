"""Early warnings, each with a strength from 0 to 100 and what is at stake, and health with its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.facts import Columns
from clientier.worth.policy import Policy

ALERTS = ("", "silence", "activity_drop", "purchases_falling", "below_zero")
HEALTH_PARTS = ("activity", "trend", "value", "margin")
RAREST = 0.001
Floats = NDArray[np.float64]


def warn(columns: Columns, policy: Policy) -> Columns:
    """Strength of each warning, the strongest as `alert`, and the value at risk; limits as the check left them.

    Silence: one that a customer of his rhythm keeps with a probability below `silence_p`, from
    `silence_purchases` repeat purchases on, and longer than his gap limit. Activity drop: P(active) fell
    below `warning_fraction` of its value at the last purchase. Falling: purchases of the window at most
    `falling_fraction` of the window before. Below zero: the customer cost more than he brought. The lost are
    past warning; one-time buyers have no rhythm.
    """
    here = np.isin(columns["lifecycle"], ("repeat", "loyal"))
    strengths = {
        "silence": np.where(here, _silence(columns, policy), 0.0),
        "activity_drop": np.where(here, _drop(columns, policy), 0.0),
        "purchases_falling": np.where(here, _falling(columns, policy), 0.0),
        "below_zero": _loss(columns),
    }
    table = np.stack([np.rint(strength).astype(np.int8) for strength in strengths.values()])
    strongest = table.argmax(axis=0)
    strength = table.max(axis=0, initial=0)
    alert = np.where(strength > 0, np.array(ALERTS[1:])[strongest], "").astype("U17")
    brought = np.maximum(np.maximum(columns["net_profit_e4"], columns["prior_net_profit_e4"]), 0)
    gone = np.nan_to_num(1.0 - columns["p_alive"])
    at_risk = np.where(
        alert == "below_zero", np.maximum(-columns["net_profit_e4"], 0), np.rint(brought * gone)
    )
    return {
        "alert": alert,
        "alert_strength": strength,
        "value_at_risk_e4": np.where(strength > 0, at_risk, 0).astype(np.int64),
        **{f"alert_{name}": row for name, row in zip(strengths, table, strict=True)},
    }


def _silence(columns: Columns, policy: Policy) -> Floats:
    """50 at the threshold, 100 where a silence like this comes once in a thousand times."""
    with np.errstate(invalid="ignore", divide="ignore"):
        unlikely = columns["p_silence"] < policy.silence_p
        enough = columns["x"] >= policy.silence_purchases
        beyond = columns["recency_days"] > columns["gap_limit_days"]
        rarity = np.log(policy.silence_p / np.maximum(columns["p_silence"], 1e-12))
    steps = np.log(policy.silence_p / RAREST) if policy.silence_p > RAREST else 1.0
    return np.where(unlikely & enough & beyond, np.clip(50.0 + 50.0 * rarity / steps, 50.0, 100.0), 0.0)


def _drop(columns: Columns, policy: Policy) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        left = columns["p_active_now"] / columns["p_active_then"]
    return np.where(left < policy.warning_fraction, 100.0 * (1.0 - left), 0.0)


def _falling(columns: Columns, policy: Policy) -> Floats:
    before, now = columns["prior_n_purchase_days"], columns["n_purchase_days"]
    falls = (before >= policy.falling_purchases) & (now <= policy.falling_fraction * before)
    return np.where(falls, 100.0 * (1.0 - now / np.maximum(before, 1)), 0.0)


def _loss(columns: Columns) -> Floats:
    profit, revenue = columns["net_profit_e4"], columns["revenue_e4"]
    depth = np.where(revenue > 0, -profit / np.maximum(revenue, 1), 1.0)
    return np.where(profit < 0, np.clip(100.0 * depth, 1.0, 100.0), 0.0)


def health(columns: Columns, policy: Policy, place: Floats) -> Columns:
    """Health 0 to 100 as the weighted mean of four parts, NaN for those who never bought.

    Activity: P(active) against its value at the last purchase. Trend: purchases of the window against the one
    before (50 is no change). Value: place in the pyramid from the bottom. Margin: net profit of revenue, 50
    at zero, 100 at a quarter of revenue.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        activity = 100.0 * np.minimum(columns["p_active_now"] / columns["p_active_then"], 1.0)
        now, before = columns["n_purchase_days"].astype(float), columns["prior_n_purchase_days"].astype(float)
        trend = np.where(now + before > 0, 100.0 * now / np.maximum(now + before, 1.0), 0.0)
        earned = columns["net_profit_e4"] / np.maximum(columns["revenue_e4"], 1)
    margin = np.where(columns["revenue_e4"] > 0, np.clip(50.0 + 200.0 * earned, 0.0, 100.0), 0.0)
    parts = [activity, trend, 100.0 * (1.0 - np.nan_to_num(place, nan=1.0)), margin]
    never = np.isnan(columns["p_alive"])
    weights = np.asarray(policy.health_weights) / sum(policy.health_weights)
    total = sum(weight * part for weight, part in zip(weights, parts, strict=True))
    result: dict[str, Any] = {"health": np.where(never, np.nan, np.rint(total))}
    for name, part in zip(HEALTH_PARTS, parts, strict=True):
        result[f"health_{name}"] = np.where(never, np.nan, np.rint(part))
    return result
