"""What each customer will probably do: activity, purchases, spend and lifetime value, with the evidence
behind them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth import rhythm
from clientier.worth.facts import Columns, own_gap_quantile
from clientier.worth.models import spend
from clientier.worth.models.protocol import BuyingModel
from clientier.worth.models.purchase_choice import choose_model
from clientier.worth.policy import Policy
from clientier.worth.validation import believed
from clientier.worth.validation.holdout import look_at_history
from clientier.worth.validation.ranges import count_range
from clientier.worth.validation.thresholds import thresholds

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
    lookback = look_at_history(facts, as_of_day, policy)
    log_gaps = float(np.log(facts["sorted_gaps"]).sum())
    fitted, purchase_report = choose_model(x, t_x, age, replace(policy, model=lookback.model), log_gaps)
    spender = _spenders(facts, who)
    spend_fit = spend.fit(
        *spender,
        fewest=policy.fewest_spenders,
        shrinkage=policy.spend_shrinkage,
        highest_correlation=policy.spend_correlation,
    )
    columns = _activity(fitted, x, t_x, age, policy)
    columns |= _gaps(fitted, facts, who, x, t_x, age, last, policy)
    columns["unlikely_since"] = _unlikely_since(fitted, x, t_x, age, first, columns, policy)
    columns |= {"x": x, "t_x": t_x, "age": age, "recency_days": age - t_x, "low_evidence": x == 0}
    columns |= _value(
        fitted, spend_fit.model, spender, facts, who, (x, t_x, age), policy, max(lookback.spread, 1.0)
    )
    recent = {name: facts[name][who] for name in ("n_purchase_days", "net_profit_e4")}
    columns |= believed.believed(columns, recent, lookback, policy)
    del columns["expected_purchases_year"]
    report = {
        "purchases": purchase_report,
        "spend": _spend_report(spend_fit),
        "holdout": lookback.report,
        "fallback": lookback.report["fallback"],
        "warnings": thresholds(facts, as_of_day, policy),
    }
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


def _activity(model: BuyingModel, x: Floats, t_x: Floats, age: Floats, policy: Policy) -> Columns:
    columns: Columns = {"p_alive": model.p_alive(x, t_x, age)}
    for days in sorted({*policy.horizon_days, policy.loyal_horizon_days, policy.lost_horizon_days}):
        columns[f"p_active_{days}"] = model.p_active(x, t_x, age, float(days))
    days = policy.warning_horizon_days
    columns["p_active_then"] = model.p_active(x, t_x, t_x, days)
    columns["p_active_now"] = model.p_active(x, t_x, age, float(days))
    for days in policy.horizon_days:
        columns[f"expected_purchases_{days}"] = model.expected(x, t_x, age, float(days))
    return columns


def _unlikely_since(
    model: BuyingModel,
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
    model: BuyingModel,
    facts: Columns,
    who: NDArray[np.int64],
    x: Floats,
    t_x: Floats,
    age: Floats,
    last: NDArray[np.int64],
    policy: Policy,
) -> Columns:
    """The silence beyond which something is wrong: the customer's own where he has bought often, from his
    gaps and everybody's regularity where he has bought a few times, else the model's.
    """
    own = own_gap_quantile(facts["gap_count"], facts["sorted_gaps"], policy.gap_share)[who]
    middle = own_gap_quantile(facts["gap_count"], facts["sorted_gaps"], 0.5)[who]
    from_own, few = x >= policy.own_gap_purchases, x >= policy.silence_purchases
    limit, usual = model.gap_quantile(x, t_x, policy.gap_share), model.gap_quantile(x, t_x, 0.5)
    shape = rhythm.regularity(facts["gap_count"], facts["sorted_gaps"])
    mean_gap = float(facts["sorted_gaps"].mean()) if len(facts["sorted_gaps"]) else 1.0
    for quantile, share in ((limit, policy.gap_share), (usual, 0.5)):
        quantile[few] = rhythm.silence_quantile(x[few], t_x[few], share, shape, mean_gap)
    limit, usual = np.where(from_own, own, limit), np.where(from_own, middle, usual)
    next_day = np.full(len(x), np.datetime64("NaT", "D"))
    near = usual <= LONGEST_FORECAST_DAYS
    next_day[near] = (last[near] + np.rint(usual[near]).astype(np.int64)).astype("datetime64[D]")
    silent = rhythm.p_silence(x, t_x, age - t_x, shape, mean_gap)
    return {"gap_limit_days": limit, "gap_is_own": from_own, "expected_next_day": next_day,
            "p_silence": np.where(x > 0, silent, np.nan)}  # fmt: skip


def _value(
    model: BuyingModel,
    spend_model: spend.SpendModel,
    spender: tuple[Floats, Floats],
    facts: Columns,
    who: NDArray[np.int64],
    history: tuple[Floats, Floats, Floats],
    policy: Policy,
    spread: float,
) -> Columns:
    """What the model says of spend, a year's purchases and profit, and lifetime value with its range."""
    x, t_x, age = history
    alive = model.p_alive(x, t_x, age)
    per_purchase = spend_model.expected(*spender)
    margin_rate, profit_rate = _shrunken_rates(facts, who)
    year = model.expected(x, t_x, age, 365.0)
    rate = math.log1p(policy.discount_rate) / DAYS_PER_YEAR
    discounted = model.discounted(x, t_x, age, policy.clv_months * DAYS_PER_YEAR / 12.0, rate)
    low, high = count_range(alive, discounted / np.maximum(alive, 1e-9), x, policy.range_share, spread)
    profit = per_purchase * profit_rate * 10_000.0
    return {
        "expected_spend_e4": _whole(per_purchase * 10_000.0),
        "margin_rate": margin_rate,
        "profit_rate": profit_rate,
        "expected_purchases_year": year,
        "expected_profit_365_model_e4": _whole(year * profit),
        "clv_e4": _whole(discounted * profit),
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
