"""One value run from tables to answer: `appraise`, its `Result`, and what a run must know of the
one before.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth import alerts, forecast, lifecycle, profit, reconciliation, tiers, transitions
from clientier.worth.book.sources import Tables
from clientier.worth.counting import EPOCH, Counted, count
from clientier.worth.facts import Columns
from clientier.worth.policy import Policy
from clientier.worth.validation.thresholds import tightened

NO_MOVES: Mapping[str, list[dict[str, Any]]] = {"tier": [], "lifecycle": []}
WORKING_COLUMNS = (
    "sorted_gaps", "gap_count", "first_gross_e4", "purchase_customer", "purchase_day", "purchase_gross_e4",
    "purchase_profit_e4", "unlikely_since",
)  # fmt: skip


@dataclass(frozen=True)
class Previous:
    """What the run before left behind, one entry a customer, in any order."""

    customer_id: NDArray[Any]
    tier: NDArray[Any]
    candidate: NDArray[Any]
    confirmations: NDArray[Any]
    lifecycle: NDArray[Any]
    lost_signals: NDArray[Any]
    tier_since: NDArray[Any]

    @classmethod
    def from_result(cls, result: Result) -> Previous:
        """The state to hand to the next run."""
        c = result.customers
        return cls(
            c["customer_id"], c["tier"], c["tier_candidate"], c["tier_confirmations"], c["lifecycle"],
            c["lost_signals"], c["tier_since"],
        )  # fmt: skip


@dataclass(frozen=True)
class Result:
    """The answer of a run. `customers` holds equal-length arrays, one entry a customer, sorted by id.

    Money ends in `_e4` (ten-thousandths of the base currency), days are datetime64[D], probabilities are 0 to
    1 and NaN for customers who never bought; tier 0 is outside of the pyramid.
    """

    as_of: datetime.date
    policy: Policy
    customers: Columns
    counts: Mapping[str, Any]
    totals: Mapping[str, Mapping[str, int]]
    checks: list[dict[str, Any]]
    model: Mapping[str, Any]
    whale: Mapping[str, Any]
    concentration: Mapping[str, float]
    tiers: list[dict[str, Any]]
    moves: Mapping[str, list[dict[str, Any]]]
    rfm: Mapping[str, list[float]]
    set_aside: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    columns: Mapping[str, Mapping[str, str]]
    capacity: list[dict[str, Any]]


def appraise(
    tables: Tables,
    policy: Policy | None = None,
    *,
    as_of: datetime.date | None = None,
    previous: Previous | None = None,
) -> Result:
    """Check the tables, count, fit, predict, rank and explain: the whole run; raises TableRefused on wrong
    tables.

    `as_of` is the last day that counts (default: the day of the last order line). Nothing is read but the
    tables.
    """
    rules = policy or Policy()
    return _judge(count(tables, rules, as_of), rules, previous)


def _judge(counted: Counted, policy: Policy, previous: Previous | None) -> Result:
    columns, as_of_day = counted.columns, counted.as_of_day
    _profit_columns(columns)
    buyer = ~np.isnat(columns["first_day"])
    predicted = forecast.predict(columns, buyer, as_of_day, policy)
    columns |= predicted.columns
    old = aligned(columns["customer_id"], previous)
    trusted = predicted.report["purchases"]["n_repeat_customers"] >= policy.fewest_for_loss
    known = old["lifecycle"] if previous else None
    _life(columns, buyer, policy, known, old["lost_signals"], trusted=trusted)
    columns["value_e4"] = _value(columns, policy)
    moved_money = (columns["n_lines"] > 0) | (columns["n_costs"] > 0)
    member = moved_money | (buyer & (columns["lifecycle"] != "lost"))
    standing = pyramid(columns, member, policy, previous, old, as_of_day)
    warning = tightened(policy, predicted.report["warnings"])
    columns |= _classes(columns, buyer, member, moved_money, standing, warning, as_of_day)
    rfm = _rfm(columns, buyer)
    _drop(columns, WORKING_COLUMNS)
    return Result(
        as_of=EPOCH + datetime.timedelta(days=as_of_day),
        policy=policy,
        customers=columns,
        counts={**counted.counts, "customers": _customer_counts(columns, buyer, member)},
        totals=counted.totals,
        checks=reconciliation.checks(columns, counted.totals, counted.counts),
        model=predicted.report,
        whale=profit.whale_curve(columns["net_profit_e4"][moved_money]),
        concentration=profit.concentration(columns["revenue_e4"][moved_money]),
        tiers=profit.tier_table(columns["tier"], columns, policy.boundaries),
        moves=reconciliation.moves(columns, old) if previous else NO_MOVES,
        rfm=rfm,
        set_aside=counted.set_aside,
        notices=[{"code": code, **values} for code, values in counted.ledger.notices],
        columns=counted.ledger.columns,
        capacity=counted.capacity,
    )


def _life(
    columns: Columns,
    buyer: NDArray[np.bool_],
    policy: Policy,
    known: NDArray[Any] | None,
    old_signals: NDArray[Any],
    *,
    trusted: bool,
) -> None:
    """Lifecycle class, since when, and attitude; a model that is not trusted says nothing of loss."""
    if not trusted:
        columns["unlikely_since"][:] = np.datetime64("NaT")
    columns |= lifecycle.lifecycle_classes(columns, buyer, policy, known, old_signals, trusted=trusted)
    columns["lifecycle_since"] = transitions.class_since(columns, policy)
    columns["attitude"] = lifecycle.attitudes(columns, policy)


def _drop(columns: Columns, names: Iterable[str]) -> None:
    for name in names:
        del columns[name]


def _profit_columns(columns: Columns) -> None:
    """Gross margin, cost to serve and net profit from their parts, for the window, the one before, and all
    history.
    """
    for prefix in ("", "prior_", "lifetime_"):
        margin = columns[f"{prefix}revenue_e4"] - columns[f"{prefix}cost_e4"]
        columns[f"{prefix}gross_margin_e4"] = margin
        columns[f"{prefix}cost_to_serve_e4"] = columns[f"{prefix}freight_e4"] + columns[f"{prefix}serve_e4"]
        columns[f"{prefix}net_profit_e4"] = margin - columns[f"{prefix}cost_to_serve_e4"]


def _value(columns: Columns, policy: Policy) -> NDArray[np.int64]:
    """What customers are ranked by: net profit, or its mean with next year's expected one, by `future_weight`."""
    profit, weight = columns["net_profit_e4"], policy.future_weight
    if not weight:
        return profit
    return np.rint((1.0 - weight) * profit + weight * columns["expected_profit_365_e4"]).astype(np.int64)


def aligned(customer_id: NDArray[Any], previous: Previous | None) -> dict[str, NDArray[Any]]:
    """The previous state in the order of this run's customers; zeros and blanks for those it did not know."""
    n = len(customer_id)
    state: dict[str, NDArray[Any]] = {
        "tier": np.zeros(n, dtype=np.int8),
        "candidate": np.zeros(n, dtype=np.int8),
        "confirmations": np.zeros(n, dtype=np.int8),
        "lost_signals": np.zeros(n, dtype=np.int8),
        "lifecycle": np.full(n, "", dtype="U12"),
        "tier_since": np.full(n, np.datetime64("NaT", "D")),
    }
    if previous is None or not len(previous.customer_id) or not n:
        return state
    old_ids = np.asarray(previous.customer_id)
    if object in (customer_id.dtype, old_ids.dtype):
        customer_id, old_ids = customer_id.astype(str), old_ids.astype(str)
    order = np.argsort(old_ids, kind="stable")
    place = np.minimum(np.searchsorted(old_ids[order], customer_id), len(order) - 1)
    source = order[place]
    known = old_ids[source] == customer_id
    for name, column in state.items():
        column[known] = np.asarray(getattr(previous, name))[source[known]]
    return state


def pyramid(
    columns: Columns,
    member: NDArray[np.bool_],
    policy: Policy,
    previous: Previous | None,
    old: dict[str, NDArray[Any]],
    as_of_day: int,
) -> tiers.Standing:
    """Rank and tier by `value_e4`, settled against the run before; writes the columns of the pyramid."""
    before = (old["tier"], old["candidate"], old["confirmations"]) if previous else None
    standing = tiers.stand(columns["value_e4"], member, policy, before, columns["net_profit_e4"])
    today = np.datetime64(as_of_day, "D")
    same = (old["tier"] == standing.tier) & ~np.isnat(old["tier_since"])
    columns["tier"], columns["tier_exact"] = standing.tier, standing.exact
    columns["tier_candidate"], columns["tier_confirmations"] = standing.candidate, standing.confirmations
    columns["tier_previous"] = old["tier"]
    columns["tier_since"] = np.where(same, old["tier_since"], today)
    columns["rank"], columns["place"] = standing.rank, standing.place
    return standing


def _classes(
    columns: Columns,
    buyer: NDArray[np.bool_],
    member: NDArray[np.bool_],
    moved_money: NDArray[np.bool_],
    standing: tiers.Standing,
    policy: Policy,
    as_of_day: int,
) -> Columns:
    columns["abc"] = profit.abc_classes(columns["revenue_e4"], policy.abc_boundaries)
    columns["stage"] = lifecycle.stages(columns["lifecycle"], columns, policy)
    columns["gap_to_next_tier_e4"] = tiers.gap_to_next_tier(
        columns["value_e4"], columns["tier"], columns["tier_exact"]
    )
    columns["growth_candidate"] = lifecycle.growth_candidates(columns, policy)
    columns["value_type"] = lifecycle.value_types(columns, member, policy)
    columns["newcomer"] = buyer & (np.nan_to_num(columns["age"], nan=np.inf) < policy.newcomer_days)
    columns["traded_in_window"] = moved_money
    columns |= alerts.warn(columns, policy)
    return alerts.health(columns, policy, standing.place)


def _rfm(columns: Columns, buyer: NDArray[np.bool_]) -> dict[str, list[float]]:
    values = {
        "r": -np.nan_to_num(columns["recency_days"], nan=np.inf),
        "f": columns["n_purchase_days"].astype(np.float64),
        "m": columns["revenue_e4"].astype(np.float64),
    }
    cuts = {}
    for name, column in values.items():
        columns[f"{name}_score"], cuts[name] = profit.quintile_scores(column, buyer)
    return cuts


def _customer_counts(columns: Columns, buyer: NDArray[np.bool_], member: NDArray[np.bool_]) -> dict[str, Any]:
    classes, numbers = np.unique(columns["lifecycle"], return_counts=True)
    return {
        "all": len(buyer),
        "buyers": int(buyer.sum()),
        "in_pyramid": int(member.sum()),
        "traded_in_window": int(columns["traded_in_window"].sum()),
        "below_zero": int((columns["net_profit_e4"] < 0).sum()),
        "below_zero_lifetime": int((columns["lifetime_net_profit_e4"] < 0).sum()),
        "lifecycle": {str(name): int(number) for name, number in zip(classes, numbers, strict=True)},
    }
