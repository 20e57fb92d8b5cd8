"""Warnings are as strict as the history asks for: many false alarms tighten them, true ones leave them as they are."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth import Policy
from clientier.worth.validation.thresholds import thresholds, tightened
from clientier.worth.validation.tracked import tracked
from tests.worth.simulated import mbg_book, purchase_days

AS_OF_DAY = 1_460


def random_buyers(leaving: bool, customers: int = 600) -> dict[str, np.ndarray]:
    """Four years of customers who buy every 30 days at random and never leave, or leave one time in eight."""
    rng = np.random.default_rng(2)
    rows = []
    for who in range(customers):
        at = rng.uniform(0, 200)
        while at < AS_OF_DAY:
            rows.append((who, int(at)))
            if leaving and rng.random() < 0.125:
                at += rng.uniform(300, 900)  # and somebody else begins in his place
                who += customers
            at += rng.exponential(30.0)
    pairs = np.unique(np.array(rows).T, axis=1)
    return {"purchase_customer": np.unique(pairs[0], return_inverse=True)[1], "purchase_day": pairs[1]}


def test_where_nobody_leaves_a_rare_silence_is_no_warning():
    found = thresholds(random_buyers(leaving=False), AS_OF_DAY, Policy())
    widest = found["silence_p_tried"][0]
    assert widest["n_warned"] > 30 and widest["n_right"] < 0.2 * widest["n_warned"]
    assert found["silence_p"] < 0.005
    assert tightened(Policy(), found).silence_p == found["silence_p"]


def test_where_many_leave_the_limit_of_the_policy_stands():
    found = thresholds(random_buyers(leaving=True), AS_OF_DAY, Policy())
    assert found["silence_p"] == 0.05
    assert found["silence_p_tried"][0]["share"] > 0.5
    assert (
        thresholds(random_buyers(leaving=True), AS_OF_DAY, Policy(warning_precision=0.99))["silence_p"] < 0.05
    )


def test_without_history_the_limits_of_the_policy_stand():
    nothing = np.array([], dtype=np.int64)
    found = thresholds({"purchase_customer": nothing, "purchase_day": nothing}, 100, Policy())
    assert (found["silence_p"], found["falling_fraction"], found["n_looks"]) == (0.05, 0.5, 0)


def test_weeks_are_added_up_from_the_day_asked():
    customer, day = purchase_days(mbg_book())
    origin = int(day.max()) - 366
    weeks = tracked(customer, day, origin, 365, Policy(model="mbg"))
    known = np.unique(customer[day <= origin])
    first_week = (day > origin) & (day <= origin + 7) & np.isin(customer, known)
    assert len(weeks["actual"]) == len(weeks["expected"]) == 52
    assert weeks["actual"][0] == first_week.sum()
    assert weeks["expected"] == sorted(weeks["expected"])
    assert weeks["error"] == pytest.approx(0.0, abs=0.06)  # the model is true
    assert weeks["error"] < weeks["error_weekly"]
