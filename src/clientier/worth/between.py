"""How customers moved between any two dates: both judged by the same rules, the later from the earlier."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from clientier.worth.appraisal import Previous, Result, appraise
from clientier.worth.book.sources import Tables
from clientier.worth.facts import Columns
from clientier.worth.policy import Policy
from clientier.worth.refusals import PolicyRefused

COMPARED = ("tier", "lifecycle", "stage", "net_profit_e4", "value_e4")


@dataclass(frozen=True)
class Movement:
    """Two judgements side by side.

    `moves` counts customers and their later net profit by class before and after, for "tier" and "lifecycle";
    those who stayed are among them. `customers` holds one entry a customer of the later date: `customer_id`, and
    each of tier, lifecycle, stage, net profit and value as it is and, ending in `_before`, as it was (0 or blank
    for those whom the earlier date did not know).
    """

    earlier: datetime.date
    later: datetime.date
    moves: Mapping[str, list[dict[str, Any]]]
    customers: Columns


def movement(
    tables: Tables, policy: Policy | None = None, *, earlier: datetime.date, later: datetime.date
) -> Movement:
    """Judge the same books at two dates; raises PolicyRefused unless `earlier` lies before `later`."""
    if earlier >= later:
        raise PolicyRefused("dates_out_of_order", setting="earlier", value=earlier)
    before = appraise(tables, policy, as_of=earlier)
    after = appraise(tables, policy, as_of=later, previous=Previous.from_result(before))
    return compare(before, after)


def compare(before: Result, after: Result) -> Movement:
    """Two results side by side; `after` should have been made with `before` as its previous."""
    ids = after.customers["customer_id"]
    place = {customer: index for index, customer in enumerate(before.customers["customer_id"].tolist())}
    found = np.array([place.get(customer, -1) for customer in ids.tolist()], dtype=np.int64)
    known = found >= 0
    customers: Columns = {"customer_id": ids}
    for name in COMPARED:
        customers[name] = after.customers[name]
        was = np.zeros_like(after.customers[name])
        was[known] = before.customers[name][found[known]]
        customers[f"{name}_before"] = was
    return Movement(before.as_of, after.as_of, after.moves, customers)
