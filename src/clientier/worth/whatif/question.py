"""Who would move, and what would it bring: the answer to a question about other rules, with its arithmetic."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth import tiers
from clientier.worth.appraisal import Result, appraise
from clientier.worth.book.sources import Tables
from clientier.worth.facts import Columns
from clientier.worth.policy import Policy
from clientier.worth.whatif.changes import Changes
from clientier.worth.whatif.reckoning import Reckoning


@dataclass(frozen=True)
class WhatIf:
    """What would be otherwise. Compared are exact tiers, by which nobody is held where he was before.

    `moves`: from which tier to which, how many, with what profit before and after. `tiers`: number, profit and
    hours of each tier before and after. `totals`: revenue, net profit and hours before and after. `steps`: each
    change with what it does to net profit. `customers`: equal-length arrays, sorted by id. `checks`: sums that
    must agree.
    """

    as_of: datetime.date
    changes: Changes
    moves: list[dict[str, Any]]
    tiers: list[dict[str, Any]]
    totals: dict[str, Any]
    steps: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    customers: Columns

    def as_dict(self) -> dict[str, Any]:
        """The answer as plain values; of the customers only those who move."""
        c = self.customers
        movers = np.flatnonzero(c["tier_before"] != c["tier_after"])
        order = movers[np.argsort(-np.abs(c["net_profit_after_e4"][movers]), kind="stable")]
        return {
            "as_of": self.as_of.isoformat(),
            "changes": self.changes.as_dict(),
            "moves": self.moves,
            "tiers": self.tiers,
            "totals": self.totals,
            "steps": self.steps,
            "checks": self.checks,
            "movers": [{name: column[place].item() if hasattr(column[place], "item") else column[place]
                        for name, column in c.items()} for place in order],
        }  # fmt: skip


def what_if(
    book: Tables | Result,
    policy: Policy | None = None,
    changes: Changes | Mapping[str, Any] | None = None,
    *,
    as_of: datetime.date | None = None,
) -> WhatIf:
    """Answer what the changes would do to the run given, or to the one made of the tables under the policy.

    Changes act on the window's figures; value is net profit, or with `future_weight` w
    (1 - w) x net profit + w x (expected profit of a year + what the changes add to the window's). The pyramid
    is built anew over the same customers. Raises ChangeRefused or PolicyRefused.
    """
    asked = changes if isinstance(changes, Changes) else Changes.from_dict(changes or {})
    result = book if isinstance(book, Result) else appraise(book, policy, as_of=as_of)
    rules = _rules(asked, result.policy)
    c = result.customers
    reckoning = Reckoning(result)
    reckoning.apply(asked)
    profit = reckoning.profit
    value = _value(c, profit, rules.future_weight)
    standing = tiers.stand(value, c["tier_exact"] > 0, rules, None, profit)
    columns: Columns = {
        "customer_id": c["customer_id"],
        "name": c["name"],
        "tier_before": c["tier_exact"],
        "tier_after": standing.exact,
        "net_profit_before_e4": c["net_profit_e4"],
        "net_profit_after_e4": profit,
        "value_after_e4": value,
        "minutes_before": c["minutes"],
        "minutes_after": reckoning.minutes,
    }
    totals = _totals(columns, c, reckoning)
    return WhatIf(
        as_of=result.as_of,
        changes=asked,
        moves=_moves(columns),
        tiers=_tiers(columns, max(len(rules.boundaries), len(result.policy.boundaries))),
        totals=totals,
        steps=_steps(asked, result.policy, reckoning, totals),
        checks=_checks(columns, reckoning, totals),
        customers=columns,
    )


def _rules(asked: Changes, policy: Policy) -> Policy:
    """The policy with the boundaries and the weight asked for."""
    if asked.boundaries is not None:
        policy = dataclasses.replace(policy, boundaries=asked.boundaries)
    if asked.future_weight is not None:
        policy = dataclasses.replace(policy, future_weight=asked.future_weight)
    return policy


def _value(before: Columns, profit: NDArray[np.int64], weight: float) -> NDArray[np.int64]:
    """What customers would be ranked by: the changes add to expected profit what they add to the window's."""
    if not weight:
        return profit
    expected = before["expected_profit_365_e4"] + (profit - before["net_profit_e4"])
    return np.rint((1.0 - weight) * profit + weight * expected).astype(np.int64)


def _totals(columns: Columns, before: Columns, reckoning: Reckoning) -> dict[str, Any]:
    return {
        "revenue_before_e4": int(before["revenue_e4"].sum()),
        "revenue_after_e4": int(reckoning.figures["revenue"].sum()),
        "net_profit_before_e4": int(columns["net_profit_before_e4"].sum()),
        "net_profit_after_e4": int(columns["net_profit_after_e4"].sum()),
        "hours_before": float(columns["minutes_before"].sum()) / 60.0,
        "hours_after": float(columns["minutes_after"].sum()) / 60.0,
        "n_moved": int((columns["tier_before"] != columns["tier_after"]).sum()),
    }


def _steps(
    asked: Changes, policy: Policy, reckoning: Reckoning, totals: dict[str, Any]
) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = [{"code": "net_profit_before", "amount_e4": totals["net_profit_before_e4"]}]
    steps += reckoning.steps
    steps.append({"code": "net_profit_after", "amount_e4": totals["net_profit_after_e4"]})
    if asked.boundaries is not None:
        steps.append({"code": "boundaries", "from": list(policy.boundaries), "to": list(asked.boundaries)})
    if asked.future_weight is not None:
        steps.append({"code": "future_weight", "from": policy.future_weight, "to": asked.future_weight})
    return steps


def _moves(columns: Columns) -> list[dict[str, Any]]:
    before, after = columns["tier_before"], columns["tier_after"]
    found = []
    for old, new in sorted(set(zip(before.tolist(), after.tolist(), strict=True))):
        if old != new:
            who = (before == old) & (after == new)
            found.append({"from": old, "to": new, "n_customers": int(who.sum()),
                          "net_profit_before_e4": int(columns["net_profit_before_e4"][who].sum()),
                          "net_profit_after_e4": int(columns["net_profit_after_e4"][who].sum())})  # fmt: skip
    return found


def _tiers(columns: Columns, levels: int) -> list[dict[str, Any]]:
    rows = []
    for level in range(levels + 1):
        row: dict[str, Any] = {"tier": level}
        for end in ("before", "after"):
            here = columns[f"tier_{end}"] == level
            row[f"n_{end}"] = int(here.sum())
            row[f"net_profit_{end}_e4"] = int(columns[f"net_profit_{end}_e4"][here].sum())
            row[f"hours_{end}"] = float(columns[f"minutes_{end}"][here].sum()) / 60.0
        rows.append(row)
    return rows if rows[0]["n_before"] or rows[0]["n_after"] else rows[1:]


def _checks(columns: Columns, reckoning: Reckoning, totals: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps add up to the change of profit, and the tiers to the totals."""
    moved = sum(step["net_profit_change_e4"] for step in reckoning.steps)
    change = totals["net_profit_after_e4"] - totals["net_profit_before_e4"]
    rows = _tiers(
        columns, int(max(columns["tier_before"].max(initial=0), columns["tier_after"].max(initial=0)))
    )
    pairs = [("steps_add_up", moved, change)]
    pairs += [
        (
            f"tiers_add_up_{end}",
            sum(row[f"net_profit_{end}_e4"] for row in rows),
            totals[f"net_profit_{end}_e4"],
        )
        for end in ("before", "after")
    ]
    pairs.append(("everybody_is_somewhere", sum(row["n_after"] for row in rows), len(columns["tier_after"])))
    return [{"code": code, "sum": left, "total": right, "ok": left == right} for code, left, right in pairs]
