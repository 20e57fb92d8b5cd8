"""What customers spent and brought before an earlier day and after it, as far as order lines tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models import spend
from clientier.worth.policy import Policy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Takings:
    """Money of each known customer in currency units: repeat purchases with spend and their mean, gross and
    profit before the origin, profit of the window before it (`recent`) and of the days after it (`actual`).

    Profit is margin less freight on purchase days: cost to serve is left out.
    """

    spending_days: Floats
    mean_spend: Floats
    gross: Floats
    profit: Floats
    all_spending_days: float
    recent: Floats
    actual: Floats


def takings(
    facts: Mapping[str, Any], known: Ints, *, origin: int, horizon_days: int, window_days: int
) -> Takings:
    """Split the purchase days at the origin."""
    customer, day = facts["purchase_customer"], facts["purchase_day"]
    gross, profit = facts["purchase_gross_e4"] / 10_000.0, facts["purchase_profit_e4"] / 10_000.0
    place = np.minimum(np.searchsorted(known, customer), len(known) - 1)
    ours = known[place] == customer
    before = ours & (day <= origin)
    first = np.r_[True, customer[1:] != customer[:-1]]

    def summed(chosen: NDArray[np.bool_], amount: Floats | None = None) -> Floats:
        weights = None if amount is None else amount[chosen]
        return np.bincount(place[chosen], weights=weights, minlength=len(known)).astype(np.float64)

    repeats = before & ~first & (gross > 0)
    days = summed(repeats)
    return Takings(
        spending_days=days,
        mean_spend=summed(repeats, gross) / np.maximum(days, 1.0),
        gross=summed(before, gross),
        profit=summed(before, profit),
        all_spending_days=float((before & (gross > 0)).sum()),
        recent=summed(before & (day > origin - window_days), profit),
        actual=summed(ours & (day > origin) & (day <= origin + horizon_days), profit),
    )


def expected_takings(money: Takings, purchases: Floats, policy: Policy) -> Floats:
    """Profit to expect from the purchases expected, as the forecast reckons it: spend times profit rate."""
    fitted = spend.fit(
        money.spending_days,
        money.mean_spend,
        fewest=policy.fewest_spenders,
        shrinkage=policy.spend_shrinkage,
        highest_correlation=policy.spend_correlation,
    )
    total = float(money.gross.sum())
    if total <= 0:
        return np.zeros(len(purchases))
    weight = 2.0 * total / max(money.all_spending_days, 1.0)
    rate = (money.profit + weight * money.profit.sum() / total) / (money.gross + weight)
    return purchases * fitted.model.expected(money.spending_days, money.mean_spend) * rate
