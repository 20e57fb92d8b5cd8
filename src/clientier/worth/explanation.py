"""Why a customer stands where he stands: codes and values for each judgement, to be worded by whoever shows
them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from clientier.worth.alerts import HEALTH_PARTS
from clientier.worth.appraisal import Result
from clientier.worth.book.drivers import DRIVERS
from clientier.worth.validation.thresholds import tightened

Reasons = list[dict[str, Any]]

# Column of judgement: where its reasons stand, and under which name its value.
EXPLAINED = {
    "tier": ("tier", "tier"), "tier_exact": ("tier", "tier_exact"), "rank": ("tier", "rank"),
    "place": ("tier", "place"), "tier_since": ("tier", "since"), "tier_previous": ("tier", "before"),
    "lifecycle": ("lifecycle", "code"), "stage": ("stage", "code"), "value_type": ("value_type", "value_type"),
    "lifecycle_since": ("lifecycle", "since"), "silence_limit_days": ("lifecycle", "silence_limit_days"),
    "attitude": ("attitude", "attitude"), "value_e4": ("tier", "value_e4"),
    "growth_candidate": ("growth", "growth_candidate"), "gap_to_next_tier_e4": ("growth", "gap_e4"),
    "abc": ("abc", "abc"), "r_score": ("rfm", "score"), "f_score": ("rfm", "score"), "m_score": ("rfm", "score"),
    "gap_limit_days": ("rhythm", "gap_limit_days"), "gap_is_own": ("rhythm", "gap_is_own"),
    "p_silence": ("rhythm", "p_silence"), "expected_next_day": ("rhythm", "expected_next_day"),
    "alert": ("alert", "code"), "alert_strength": ("alert", "strength"), "value_at_risk_e4": ("alert", "at_risk_e4"),
    "health": ("health", "points"), **{f"health_{part}": ("health", "points") for part in HEALTH_PARTS},
    "p_alive": ("forecast", "p_alive"), "expected_spend_e4": ("forecast", "amount_e4"),
    "profit_rate": ("forecast", "profit_rate"), "margin_rate": ("forecast", "margin_rate"),
    "low_evidence": ("forecast", "low_evidence"), "expected_revenue_365_e4": ("forecast", "revenue_e4"),
    "expected_margin_365_e4": ("forecast", "margin_e4"), "expected_profit_365_e4": ("forecast", "profit_e4"),
    "expected_profit_365_model_e4": ("forecast", "model_profit_e4"), "clv_e4": ("forecast", "amount_e4"),
    "clv_low_e4": ("forecast", "low_e4"), "clv_high_e4": ("forecast", "high_e4"),
    "ranking_profit_365_e4": ("ranking", "amount_e4"),
}  # fmt: skip


def explain(result: Result, index: int) -> dict[str, Reasons]:
    """The reasons for everything that the run judged about the customer at `index`: inputs, thresholds, codes.

    Each reason is {"code": ..., **values}; money values end in `_e4`, thresholds come from the run's own
    policy. `EXPLAINED` tells which column each value is.
    """
    row = {name: _plain(column[index]) for name, column in result.customers.items()}
    return {
        "profit": _profit(row),
        "tier": _tier(row, result),
        "lifecycle": _lifecycle(row, result),
        "stage": _stage(row, result),
        "value_type": _value_type(row, result),
        "growth": _growth(row, result),
        "abc": [{"code": row["abc"] or "no_revenue", "abc": row["abc"], "revenue_e4": row["revenue_e4"],
                 "boundaries": list(result.policy.abc_boundaries)}],
        "rfm": _rfm(row, result),
        "attitude": [{"code": row["attitude"] or "unknown", "attitude": row["attitude"],
                      "share_of_wallet": row["share_of_wallet"], "switches": row["switches"],
                      "loyal_from": result.policy.loyal_share_of_wallet}],
        "rhythm": _rhythm(row, result),
        "alert": _alert(row, result),
        "health": _health(row, result),
        "forecast": _forecast(row, result),
        "ranking": _ranking(row, result),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype("datetime64[D]").item()
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


def _profit(row: dict[str, Any]) -> Reasons:
    """The way from revenue to net profit, the parts that are not zero."""
    steps = [("revenue", 1), ("cost", -1), ("freight", -1), *((f"serve_{driver}", -1) for driver in DRIVERS)]
    return [
        {"code": name, "amount_e4": sign * row[f"{name}_e4"]}
        for name, sign in steps
        if row[f"{name}_e4"] != 0
    ] + [{"code": "net_profit", "amount_e4": row["net_profit_e4"]}]


def _tier(row: dict[str, Any], result: Result) -> Reasons:
    policy = result.policy
    if row["tier"] == 0:
        return [{"code": "outside_pyramid", "tier": 0, "lifecycle": row["lifecycle"],
                 "traded_in_window": row["traded_in_window"]}]  # fmt: skip
    upper = float(np.cumsum(policy.boundaries)[row["tier_exact"] - 1])
    reasons: Reasons = [
        {
            "code": "rank",
            "rank": row["rank"],
            "of": result.counts["customers"]["in_pyramid"],
            "place": row["place"],
            "up_to": upper,
            "net_profit_e4": row["net_profit_e4"],
            "value_e4": row["value_e4"],
            "future_weight": policy.future_weight,
            "expected_profit_e4": row["expected_profit_365_e4"],
            "tier_exact": row["tier_exact"],
            "tier": row["tier"],
            "since": row["tier_since"],
            "before": row["tier_previous"],
        }
    ]
    if (
        result.counts["customers"]["in_pyramid"] < policy.tiny_population
        and row["rank"] == row["tier_exact"] == 1
    ):
        reasons.append({"code": "best_of_few", "fewer_than": policy.tiny_population})
    if row["tier"] != row["tier_exact"]:
        reasons.append({"code": "held", "tier": row["tier"], "candidate": row["tier_candidate"],
                        "confirmations": row["tier_confirmations"], "needed": policy.confirmations,
                        "band": policy.band})  # fmt: skip
    if min(row["net_profit_e4"], row["value_e4"]) <= 0:
        reasons.append({"code": "never_key_without_profit"})
    if row["newcomer"]:
        reasons.append({"code": "newcomer", "days": policy.newcomer_days})
    if row["gap_to_next_tier_e4"] > 0:
        reasons.append({"code": "gap_to_next_tier", "amount_e4": row["gap_to_next_tier_e4"]})
    return reasons


def _lifecycle(row: dict[str, Any], result: Result) -> Reasons:
    policy = result.policy
    if row["x"] is None:
        return [{"code": row["lifecycle"], "purchases": 0}]
    reasons: Reasons = [
        {
            "code": row["lifecycle"],
            "purchases": int(row["x"]) + 1,
            "recency_days": int(row["recency_days"]),
            "p_active": row[f"p_active_{policy.lost_horizon_days}"],
            "lost_below": policy.lost_p_active,
            "horizon_days": policy.lost_horizon_days,
            "gap_limit_days": row["gap_limit_days"],
            "loyal_from_purchases": policy.loyal_purchases + 1,
            "since": row["lifecycle_since"],
            "silence_limit_days": row["silence_limit_days"],
            "loyal_p_active": row[f"p_active_{policy.loyal_horizon_days}"],
            "loyal_from": policy.loyal_p_active,
            "loyal_horizon_days": policy.loyal_horizon_days,
        }
    ]
    if row["lost_signals"]:
        broken = row["recency_days"] > row["silence_limit_days"]
        reasons.append({"code": "looks_lost", "by": "silence" if broken else "p_active",
                        "signals": row["lost_signals"], "needed": policy.lost_confirmations,
                        "recency_days": int(row["recency_days"]),
                        "silence_limit_days": row["silence_limit_days"]})  # fmt: skip
    if row["won_back"]:
        reasons.append({"code": "won_back", "last_day": row["last_day"]})
    return reasons


def _stage(row: dict[str, Any], result: Result) -> Reasons:
    return [
        {
            "code": row["stage"],
            "revenue_e4": row["revenue_e4"],
            "prior_revenue_e4": row["prior_revenue_e4"],
            "threshold": result.policy.stage_change,
            "recency_days": row["recency_days"],
            "gap_limit_days": row["gap_limit_days"],
        }
    ]


def _value_type(row: dict[str, Any], result: Result) -> Reasons:
    return [{"code": row["value_type"] or "outside_pyramid", "value_type": row["value_type"],
             "net_profit_e4": row["net_profit_e4"], "clv_e4": row["clv_e4"], "tier": row["tier"],
             "key_share": sum(result.policy.boundaries[:2])}]  # fmt: skip


def _growth(row: dict[str, Any], result: Result) -> Reasons:
    return [{"code": "growth_candidate" if row["growth_candidate"] else "not_a_growth_candidate",
             "growth_candidate": row["growth_candidate"], "gap_e4": row["gap_to_next_tier_e4"],
             "net_profit_e4": row["net_profit_e4"], "expected_profit_e4": row["expected_profit_365_e4"],
             "stage": row["stage"], "reach": result.policy.growth_reach}]  # fmt: skip


def _rfm(row: dict[str, Any], result: Result) -> Reasons:
    """Score, value and the four cut points of each; recency counts from today backwards."""
    values = {"r": row["recency_days"], "f": row["n_purchase_days"], "m": row["revenue_e4"]}
    return [
        {"code": f"{name}_score", "score": row[f"{name}_score"], "value": value,
         "cuts": [abs(cut) for cut in result.rfm[name]]}
        for name, value in values.items()
    ]  # fmt: skip


def _rhythm(row: dict[str, Any], result: Result) -> Reasons:
    """How long a silence is usual, and how unusual the present one is."""
    if row["x"] is None:
        return []
    policy = result.policy
    own, few = row["gap_is_own"], row["x"] >= policy.silence_purchases
    return [{"code": "own_gaps" if own else "few_gaps" if few else "model", "purchases": int(row["x"]) + 1,
             "mean_gap_days": row["mean_gap_days"], "gap_limit_days": row["gap_limit_days"],
             "gap_is_own": own, "share": policy.gap_share, "own_from_purchases": policy.own_gap_purchases + 1,
             "recency_days": row["recency_days"], "p_silence": row["p_silence"],
             "expected_next_day": row["expected_next_day"]}]  # fmt: skip


def _health(row: dict[str, Any], result: Result) -> Reasons:
    weights = np.asarray(result.policy.health_weights) / sum(result.policy.health_weights)
    parts: Reasons = [
        {"code": part, "points": row[f"health_{part}"], "weight": float(weight)}
        for part, weight in zip(HEALTH_PARTS, weights, strict=True)
    ]
    return [*parts, {"code": "health", "points": row["health"]}]


def _alert(row: dict[str, Any], result: Result) -> Reasons:
    """Every warning that sounds, the strongest first, each with the figures and thresholds it rests on."""
    policy = tightened(result.policy, result.model["warnings"])
    values = {
        "silence": {"recency_days": row["recency_days"], "gap_limit_days": row["gap_limit_days"],
                    "share": policy.gap_share, "own_rhythm": row["gap_is_own"],
                    "mean_gap_days": row["mean_gap_days"], "p_silence": row["p_silence"],
                    "below": policy.silence_p},
        "activity_drop": {"now": row["p_active_now"], "then": row["p_active_then"],
                          "horizon_days": policy.warning_horizon_days, "fraction": policy.warning_fraction},
        "purchases_falling": {"now": row["n_purchase_days"], "before": row["prior_n_purchase_days"],
                              "window_days": policy.window_days, "fraction": policy.falling_fraction,
                              "from_purchases": policy.falling_purchases},
        "below_zero": {"net_profit_e4": row["net_profit_e4"], "revenue_e4": row["revenue_e4"]},
    }  # fmt: skip
    sounding = [
        {"code": code, "strength": row[f"alert_{code}"], "at_risk_e4": row["value_at_risk_e4"], **facts}
        for code, facts in values.items()
        if row[f"alert_{code}"] > 0
    ]
    return sorted(sounding, key=lambda reason: -reason["strength"])


def _ranking(row: dict[str, Any], result: Result) -> Reasons:
    """What profit to come is ranked by, and why."""
    if row["p_alive"] is None:
        return []
    ranked = result.model["holdout"]["ranked_by"]
    return [{"code": ranked["code"], "rule": ranked["rule"], "amount_e4": row["ranking_profit_365_e4"],
             "expected_profit_e4": row["expected_profit_365_e4"], "net_profit_e4": row["net_profit_e4"],
             "gini": ranked.get("gini")}]  # fmt: skip


def _forecast(row: dict[str, Any], result: Result) -> Reasons:
    if row["p_alive"] is None:
        return []
    purchases, held = result.model["purchases"], result.model["holdout"]
    policy, longest = result.policy, max(result.policy.horizon_days)
    reasons: Reasons = [
        {"code": "model", "model": purchases["model"], "evidence": purchases["evidence"],
         "because": purchases["fallback"], "chosen": held["choice"]["code"], "p_alive": row["p_alive"]},
        {"code": "history", "x": row["x"], "t_x": row["t_x"], "age": row["age"]},
        {"code": "purchases", "horizon_days": longest, "model": row[f"expected_purchases_{longest}"],
         "used": row[f"expected_purchases_{longest}_calibrated"], "calibration": held["calibration"],
         "low": row[f"expected_purchases_{longest}_low"], "high": row[f"expected_purchases_{longest}_high"],
         "share": policy.range_share, "spread": held["spread"]},
        {"code": "spend", "amount_e4": row["expected_spend_e4"], "profit_rate": row["profit_rate"],
         "margin_rate": row["margin_rate"], "low_evidence": row["low_evidence"]},
        {"code": "year", "revenue_e4": row["expected_revenue_365_e4"],
         "margin_e4": row["expected_margin_365_e4"], "profit_e4": row["expected_profit_365_e4"],
         "model_profit_e4": row["expected_profit_365_model_e4"]},
        {"code": "clv", "amount_e4": row["clv_e4"], "low_e4": row["clv_low_e4"],
         "high_e4": row["clv_high_e4"], "months": policy.clv_months, "discount_rate": policy.discount_rate},
    ]  # fmt: skip
    reasons += [
        {"code": f"p_active_{days}", "probability": row[f"p_active_{days}"], "horizon_days": days}
        for days in policy.horizon_days
    ]
    reasons += [
        {**verdict, "code": "fell_back", "why": verdict["code"]} for verdict in result.model["fallback"]
    ]
    return reasons
