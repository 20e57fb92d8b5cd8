"""Why a customer stands where he stands: codes and values for each judgement, to be worded by whoever shows
them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from clientier.worth.alerts import HEALTH_PARTS
from clientier.worth.appraisal import Result
from clientier.worth.book.drivers import DRIVERS

Reasons = list[dict[str, Any]]


def explain(result: Result, index: int) -> dict[str, Reasons]:
    """The reasons for tier, lifecycle, stage, alert, value type, health and forecast of the customer at
    `index`.

    Each reason is {"code": ..., **values}; money values end in `_e4`, thresholds come from the run's own
    policy.
    """
    row = {name: _plain(column[index]) for name, column in result.customers.items()}
    return {
        "profit": _profit(row),
        "tier": _tier(row, result),
        "lifecycle": _lifecycle(row, result),
        "stage": _stage(row, result),
        "value_type": [
            {
                "code": row["value_type"],
                "net_profit_e4": row["net_profit_e4"],
                "clv_e4": row["clv_e4"],
                "tier": row["tier"],
            }
        ],
        "alert": _alert(row, result),
        "health": [
            {"code": part, "points": row[f"health_{part}"], "weight": weight}
            for part, weight in zip(HEALTH_PARTS, result.policy.health_weights, strict=True)
        ],
        "forecast": _forecast(row, result),
    }


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
        return [{"code": "outside_pyramid"}]
    upper = float(np.cumsum(policy.boundaries)[row["tier_exact"] - 1])
    reasons: Reasons = [
        {
            "code": "rank",
            "rank": row["rank"],
            "of": result.counts["customers"]["in_pyramid"],
            "place": row["place"],
            "up_to": upper,
            "net_profit_e4": row["net_profit_e4"],
            "tier_exact": row["tier_exact"],
        }
    ]
    if row["tier"] != row["tier_exact"]:
        reasons.append({"code": "held", "tier": row["tier"], "candidate": row["tier_candidate"],
                        "confirmations": row["tier_confirmations"], "needed": policy.confirmations,
                        "band": policy.band})  # fmt: skip
    if row["net_profit_e4"] <= 0:
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
        }
    ]
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


def _alert(row: dict[str, Any], result: Result) -> Reasons:
    """Every warning that sounds, the strongest first, each with the figures it rests on."""
    values = {
        "silence": {"recency_days": row["recency_days"], "gap_limit_days": row["gap_limit_days"],
                    "share": result.policy.gap_share, "own_rhythm": row["gap_is_own"]},
        "activity_drop": {"now": row["p_active_now"], "then": row["p_active_then"],
                          "horizon_days": result.policy.warning_horizon_days},
        "purchases_falling": {"now": row["n_purchase_days"], "before": row["prior_n_purchase_days"],
                              "window_days": result.policy.window_days},
        "below_zero": {"net_profit_e4": row["net_profit_e4"], "revenue_e4": row["revenue_e4"]},
    }  # fmt: skip
    sounding = [
        {"code": code, "strength": row[f"alert_{code}"], **facts}
        for code, facts in values.items()
        if row[f"alert_{code}"] > 0
    ]
    return sorted(sounding, key=lambda reason: -reason["strength"])


def _forecast(row: dict[str, Any], result: Result) -> Reasons:
    if row["p_alive"] is None:
        return []
    purchases = result.model["purchases"]
    return [
        {"code": "model", "model": purchases["model"], "evidence": purchases["evidence"]},
        {"code": "history", "x": row["x"], "t_x": row["t_x"], "age": row["age"]},
        {"code": "spend", "amount_e4": row["expected_spend_e4"], "profit_rate": row["profit_rate"],
         "low_evidence": row["low_evidence"]},
        {"code": "clv", "amount_e4": row["clv_e4"], "low_e4": row["clv_low_e4"],
         "high_e4": row["clv_high_e4"], "months": result.policy.clv_months,
         "discount_rate": result.policy.discount_rate},
    ]  # fmt: skip
