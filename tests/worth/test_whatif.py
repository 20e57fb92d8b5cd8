"""What other rules would do: unchanged changes nothing, each step by hand, sums that agree, refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest

from clientier import worth
from clientier.worth.whatif.changes import ChangeRefused
from tests.worth.books import AS_OF, appraise, orders, ranked


def book():
    """Ten customers: revenue 1,000 to 100, cost half; 40 minutes for the best, one freight entry each."""
    lines = orders(*((who, 200, 1100 - 100 * who, 550 - 50 * who) for who in range(1, 11)))
    costs = {
        "customer_id": [*range(1, 11), 1], "day": [lines["day"][0]] * 11,
        "kind": ["freight"] * 10 + [None], "amount": [10.0] * 10 + [None], "minutes": [None] * 10 + [40.0],
    }  # fmt: skip
    return lines, costs


@pytest.fixture(scope="module")
def result():
    lines, costs = book()
    return appraise(lines, costs=costs, minute_cost_e4=10_000, boundaries=(0.1, 0.2, 0.3, 0.4))


def test_unchanged_input_changes_nothing(result):
    found = worth.what_if(result, changes={})
    assert found.moves == [] and found.totals["n_moved"] == 0
    assert np.array_equal(found.customers["net_profit_before_e4"], found.customers["net_profit_after_e4"])
    assert np.array_equal(found.customers["tier_before"], found.customers["tier_after"])
    assert [step["code"] for step in found.steps] == ["net_profit_before", "net_profit_after"]


def test_a_policy_that_looks_ahead_is_kept_where_nothing_is_asked():
    lines = orders(*((who, at, 20 + who) for who in range(1, 120) for at in range(who % 30, 360, 20 + who)))
    found = worth.what_if(appraise(lines, future_weight=0.6), changes={})
    assert found.moves == [] and found.as_dict()["changes"] == {}
    back = worth.what_if(appraise(lines, future_weight=0.6), changes={"future_weight": 0.0})
    assert back.steps[-1] == {"code": "future_weight", "from": 0.6, "to": 0.0}
    assert back.totals["n_moved"] > 0


def test_a_price_without_elasticity_is_pure_profit(result):
    found = worth.what_if(result, changes={"price": 0.02})
    assert (
        found.totals["net_profit_after_e4"] - found.totals["net_profit_before_e4"] == 1_100_000
    )  # 2 % of 5,500
    assert found.steps[1]["parts"] == {"revenue_e4": 1_100_000, "cost_e4": 0, "freight_e4": 0}


def test_elasticity_sells_less_of_everything(result):
    found = worth.what_if(result, changes={"price": 0.1, "elasticity": -0.5})
    step = found.steps[1]
    assert step["parts"]["revenue_e4"] == round(5500 * (0.95 * 1.1 - 1) * 10_000)
    assert step["parts"]["cost_e4"] == round(2750 * 0.05 * 10_000)


def test_a_price_of_one_tier_touches_that_tier_alone(result):
    found = worth.what_if(result, changes={"tier_prices": {1: 0.5}})
    change = found.customers["net_profit_after_e4"] - found.customers["net_profit_before_e4"]
    assert change.tolist() == [5_000_000] + [0] * 9


def test_drivers_and_minutes_are_priced_anew(result):
    found = worth.what_if(result, changes={"drivers": {"freight": 2.0}, "minute_cost_e4": 25_000})
    freight, minutes = found.steps[1:3]
    assert freight["net_profit_change_e4"] == -1_000_000  # ten more for each of ten
    assert (minutes["from_e4"], minutes["to_e4"]) == (10_000, 25_000)
    assert minutes["net_profit_change_e4"] == -600_000  # 40 minutes at 1.50 more


def test_minutes_whose_costs_were_booked_back_are_priced_anew():
    lines, costs = book()
    costs["kind"] = ["visit"] * 2 + ["freight"] * 8 + [None]
    costs["amount"] = [5.0, -5.0, *costs["amount"][2:]]
    unpriced = appraise(lines, costs=costs, boundaries=(0.1, 0.2, 0.3, 0.4))
    found = worth.what_if(unpriced, changes={"minute_cost_e4": 10_000})
    assert found.totals["net_profit_after_e4"] - found.totals["net_profit_before_e4"] == -400_000


def test_service_by_tier_costs_hours_and_money(result):
    found = worth.what_if(result, changes={"service": {2: {"contacts": 12, "minutes": 30}}})
    step, tiers = found.steps[1], {one["tier"]: one for one in found.tiers}
    assert (step["n_customers"], step["minutes_before"], step["minutes_after"]) == (2, 0.0, 720.0)
    assert step["net_profit_change_e4"] == -7_200_000
    assert tiers[1]["hours_before"] == pytest.approx(40 / 60)
    assert found.totals["hours_after"] - found.totals["hours_before"] == pytest.approx(12.0)
    assert {(move["from"], move["to"]) for move in found.moves} >= {(2, 4)} or found.moves


def test_boundaries_move_who_stands_at_them(result):
    found = worth.what_if(result, changes={"boundaries": [0.2, 0.2, 0.3, 0.3]})
    assert [(move["from"], move["to"], move["n_customers"]) for move in found.moves] == [
        (2, 1, 1), (3, 2, 1), (4, 3, 1),
    ]  # fmt: skip
    assert found.steps[-1] == {"code": "boundaries", "from": [0.1, 0.2, 0.3, 0.4], "to": [0.2, 0.2, 0.3, 0.3]}


def test_value_may_look_ahead():
    lines = orders(*((1, at, 100) for at in range(10, 300, 30)), (2, 20, 2000),
                   *((who, at, 20) for who in range(3, 40) for at in range(who, 360, 30)))  # fmt: skip
    now = appraise(lines)
    found = worth.what_if(now, changes={"future_weight": 1.0})
    c = found.customers
    assert np.array_equal(c["value_after_e4"], now.customers["expected_profit_365_e4"])
    assert np.array_equal(c["net_profit_after_e4"], now.customers["net_profit_e4"])


def test_everything_together_adds_up_to_the_last_digit(result):
    changes = worth.Changes(price=0.0333, elasticity=-0.7, drivers={"freight": 1.17}, minute_cost_e4=12_345,
                            service={1: worth.Service(7, 13.3)}, boundaries=(0.3, 0.3, 0.4))  # fmt: skip
    found = worth.what_if(result, changes=changes)
    assert all(check["ok"] for check in found.checks)
    assert sum(row["n_after"] for row in found.tiers) == 10
    assert json.loads(json.dumps(found.as_dict()))["changes"]["elasticity"] == -0.7


def test_tables_are_appraised_first():
    tables = worth.Tables(orders=ranked(range(100, 0, -1)))
    found = worth.what_if(tables, worth.Policy(), {"price": 0.01}, as_of=AS_OF)
    assert found.totals["net_profit_before_e4"] == 50_500_000


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"colour": 1}, "unknown_change"),
        ({"price": "cheap"}, "change_of_wrong_type"),
        ({"price": -1.0}, "change_out_of_range"),
        ({"elasticity": 0.5}, "change_out_of_range"),
        ({"drivers": {"coffee": 2.0}}, "change_out_of_range"),
        ({"future_weight": 1.5}, "change_out_of_range"),
        ({"service": {1: {"contacts": 3}}}, "change_of_wrong_type"),
    ],
)
def test_what_cannot_be_meant_is_refused(result, changes, code):
    with pytest.raises(ChangeRefused) as refusal:
        worth.what_if(result, changes=changes)
    assert refusal.value.code == code


def test_boundaries_that_do_not_add_up_are_refused(result):
    with pytest.raises(worth.PolicyRefused):
        worth.what_if(result, changes={"boundaries": [0.5, 0.6]})
