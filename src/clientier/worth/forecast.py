"""What each customer will probably do: activity, purchases, spend and lifetime value, with the evidence
behind them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.facts import Columns, own_gap_quantile
from clientier.worth.holdout import hold_out
from clientier.worth.models import purchases, spend
from clientier.worth.models.purchase_choice import choose_model
from clientier.worth.policy import Policy

Floats = NDArray[np.float64]
DAYS_PER_YEAR = 365.25
LONGEST_FORECAST_DAYS = 3 * 365


@dataclass(frozen=True)
class Forecast:
    """Columns for all customers and the report of the models they come from."""

    columns: Columns
    report: dict[str, Any]


def predict(facts: Columns, buyer: NDArray[np.bool_], as_of_day: int, policy: Policy) -> Forecast:
    """Fit both models on the buyers and predict; others get zeros and NaN."""
    who = np.flatnonzero(buyer)
    first = facts["first_day"][who].astype(np.int64)
    last = facts["last_day"][who].astype(np.int64)
    x = facts["lifetime_n_purchase_days"][who].astype(np.float64) - 1.0
    t_x, age = (last - first).astype(np.float64), (as_of_day - first).astype(np.float64)
    fitted, purchase_report = choose_model(x, t_x, age, policy)
    spender = _spenders(facts, who)
    spend_fit = spend.fit(
        *spender,
        fewest=policy.fewest_spenders,
        shrinkage=policy.spend_shrinkage,
        highest_correlation=policy.spend_correlation,
    )
    columns = _activity(fitted, x, t_x, age, policy)
    columns |= _gaps(fitted, facts, who, x, t_x, last, policy)
    columns["unlikely_since"] = _unlikely_since(fitted, x, t_x, age, first, columns, policy)
    columns |= _value(fitted, spend_fit.model, spender, facts, who, (x, t_x, age), policy)
    columns |= {"x": x, "t_x": t_x, "age": age, "recency_days": age - t_x, "low_evidence": x == 0}
    holdout = hold_out(facts["purchase_customer"], facts["purchase_day"], as_of_day, policy)
    for days in policy.horizon_days:
        raw = columns[f"expected_purchases_{days}"]
        columns[f"expected_purchases_{days}_calibrated"] = raw * holdout["calibration"]
    report = {"purchases": purchase_report, "spend": _spend_report(spend_fit), "holdout": holdout}
    return Forecast({name: _everyone(values, who, len(buyer)) for name, values in columns.items()}, report)


def _everyone(values: NDArray[Any], who: NDArray[np.int64], customers: int) -> NDArray[Any]:
    if values.dtype.kind == "f":
        column = np.full(customers, np.nan)
    elif values.dtype.kind == "M":
        column = np.full(customers, np.datetime64("NaT", "D"))
    else:
        column = np.zeros(customers, dtype=values.dtype)
    column[who] = values
    return column


def _spenders(facts: Columns, who: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Repeat purchase days with positive spend and their mean spend (first purchase left out), in currency
    units.
    """
    first = facts["first_gross_e4"][who].astype(np.float64)
    days = facts["n_spending_days"][who] - (first > 0)
    repeat_spend = facts["gross_e4"][who] - first
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(days > 0, repeat_spend / np.maximum(days, 1) / 10_000.0, 0.0)
    return days.astype(np.float64), mean


def _spend_report(fitted: spend.SpendFit) -> dict[str, Any]:
    return {
        "model": fitted.model.name,
        "evidence": "data" if fitted.fallback is None else "shrunken_mean",
        "fallback": fitted.fallback,
        "p": fitted.model.p,
        "q": fitted.model.q,
        "gamma": fitted.model.gamma,
        "population_mean": fitted.model.population_mean,
        "log_likelihood": fitted.log_likelihood,
        "correlation": fitted.correlation,
        "n_customers": fitted.customers,
        "n_rows": fitted.rows,
    }


def _activity(model: purchases.PurchaseModel, x: Floats, t_x: Floats, age: Floats, policy: Policy) -> Columns:
    columns: Columns = {"p_alive": model.p_alive(x, t_x, age)}
    for days in sorted({*policy.horizon_days, policy.loyal_horizon_days, policy.lost_horizon_days}):
        columns[f"p_active_{days}"] = columns["p_alive"] * model.p_purchase_while_active(x, age, days)
    days = policy.warning_horizon_days
    columns["p_active_then"] = model.p_active(x, t_x, t_x, days)
    columns["p_active_now"] = columns["p_alive"] * model.p_purchase_while_active(x, age, days)
    for days in policy.horizon_days:
        columns[f"expected_purchases_{days}"] = columns["p_alive"] * model.expected_while_active(x, age, days)
    return columns


def _unlikely_since(
    model: purchases.PurchaseModel,
    x: Floats,
    t_x: Floats,
    age: Floats,
    first: NDArray[np.int64],
    columns: Columns,
    policy: Policy,
) -> NDArray[Any]:
    """The day on which P(active) of the silent fell below the limit of loss; NaT for all others.

    Without purchases P(active) only falls, so the day is found by halving the silence.
    """
    since = np.full(len(x), np.datetime64("NaT", "D"))
    horizon, limit = policy.lost_horizon_days, policy.lost_p_active
    below = np.flatnonzero(columns[f"p_active_{horizon}"] < limit)
    early, late = t_x[below].astype(np.int64), age[below].astype(np.int64)
    while np.any(late - early > 1):
        middle = (early + late) // 2
        already = model.p_active(x[below], t_x[below], middle.astype(np.float64), horizon) < limit
        early, late = np.where(already, early, middle), np.where(already, middle, late)
    since[below] = (first[below] + late).astype("datetime64[D]")
    return since


def _gaps(
    model: purchases.PurchaseModel,
    facts: Columns,
    who: NDArray[np.int64],
    x: Floats,
    t_x: Floats,
    last: NDArray[np.int64],
    policy: Policy,
) -> Columns:
    """The silence beyond which something is wrong: the customer's own where he has bought often, else the
    model's.
    """
    own = own_gap_quantile(facts["gap_count"], facts["sorted_gaps"], policy.gap_share)[who]
    middle = own_gap_quantile(facts["gap_count"], facts["sorted_gaps"], 0.5)[who]
    from_own = x >= policy.own_gap_purchases
    limit = np.where(from_own, own, model.gap_quantile(x, t_x, policy.gap_share))
    usual = np.where(from_own, middle, model.gap_quantile(x, t_x, 0.5))
    next_day = np.full(len(x), np.datetime64("NaT", "D"))
    near = usual <= LONGEST_FORECAST_DAYS
    next_day[near] = (last[near] + np.rint(usual[near]).astype(np.int64)).astype("datetime64[D]")
    return {"gap_limit_days": limit, "gap_is_own": from_own, "expected_next_day": next_day}


def _value(
    model: purchases.PurchaseModel,
    spend_model: spend.SpendModel,
    spender: tuple[Floats, Floats],
    facts: Columns,
    who: NDArray[np.int64],
    history: tuple[Floats, Floats, Floats],
    policy: Policy,
) -> Columns:
    """Expected margin and profit of a year, and lifetime value with its range."""
    x, t_x, age = history
    alive = model.p_alive(x, t_x, age)
    per_purchase = spend_model.expected(*spender)
    margin_rate, profit_rate = _shrunken_rates(facts, who)
    year = alive * model.expected_while_active(x, age, 365)
    rate = math.log1p(policy.discount_rate) / DAYS_PER_YEAR
    discounted = model.discounted_while_active(x, age, policy.clv_months * DAYS_PER_YEAR / 12.0, rate)
    low, high = _count_range(alive, discounted, model.r + x, policy.range_share)
    profit = per_purchase * profit_rate * 10_000.0
    return {
        "expected_spend_e4": _whole(per_purchase * 10_000.0),
        "margin_rate": margin_rate,
        "profit_rate": profit_rate,
        "expected_revenue_365_e4": _whole(year * per_purchase * 10_000.0),
        "expected_margin_365_e4": _whole(year * per_purchase * margin_rate * 10_000.0),
        "expected_profit_365_e4": _whole(year * profit),
        "clv_e4": _whole(alive * discounted * profit),
        "clv_low_e4": _whole(np.minimum(low * profit, high * profit)),
        "clv_high_e4": _whole(np.maximum(low * profit, high * profit)),
    }


def _whole(values: Floats) -> NDArray[np.int64]:
    return np.rint(values).astype(np.int64)


def _shrunken_rates(facts: Columns, who: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Margin and profit per unit of gross sales, drawn to the population's by two average purchases."""
    gross = facts["gross_e4"][who].astype(np.float64)
    margin = (facts["lifetime_revenue_e4"] - facts["lifetime_cost_e4"])[who].astype(np.float64)
    profit = margin - (facts["lifetime_freight_e4"] + facts["lifetime_serve_e4"])[who]
    total = gross.sum()
    if total <= 0:
        return np.zeros(len(who)), np.zeros(len(who))
    weight = 2.0 * total / max(float(facts["n_spending_days"][who].sum()), 1.0)
    return tuple((part + weight * part.sum() / total) / (gross + weight) for part in (margin, profit))


def _count_range(alive: Floats, mean: Floats, shape: Floats, share: float) -> tuple[Floats, Floats]:
    """Range of the number of future purchases: a gamma with the mean and variance of the mixture
    dead/alive.
    """
    first = alive * mean
    second = alive * (mean + mean**2 * (1.0 + 1.0 / shape))
    variance = np.maximum(second - first**2, 1e-12)
    form = np.maximum(first**2 / variance, 1e-6)
    scale = variance / np.maximum(first, 1e-12)
    tail = (1.0 - share) / 2.0
    low, high = special.gammaincinv(form, tail) * scale, special.gammaincinv(form, 1.0 - tail) * scale
    return low, np.maximum(high, first)
