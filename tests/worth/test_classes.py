"""Since when a customer is what he is, his attitude, the value he is ranked by, and moves between two dates."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from clientier import worth
from tests.worth.books import AS_OF, appraise, orders, ranked, row


def since(result, customer):
    return str(row(result, customer)["lifecycle_since"])


def test_classes_begin_with_the_purchases_that_made_them():
    book = orders((1, 300, 9), (2, 40, 9), (2, 300, 9), *((3, day, 9) for day in range(60, 360, 10)))
    known = {"customer_id": [4], "first_seen": ["2026-02-03"]}
    result = appraise(book, customers=known)
    assert [row(result, who)["lifecycle"] for who in (1, 2, 3)] == ["first_time", "repeat", "loyal"]
    assert since(result, 1) == "2026-10-28"
    assert since(result, 2) == "2026-10-28"
    assert since(result, 3) == "2026-04-01"  # the fourth purchase: day 90
    assert since(result, 4) == "2026-02-03"


def test_a_customer_is_lost_from_the_day_on_which_his_own_rhythm_broke():
    regular = [(1, -number * 30, 9) for number in range(14, 40)]
    result = appraise(orders(*regular, (2, 360, 9)), lost_silence_days=100, lost_gap_multiple=3.0)
    only = row(result, 1)
    assert (only["lifecycle"], only["gap_is_own"], only["gap_limit_days"]) == ("lost", True, 30.0)
    assert only["lifecycle_since"] == only["last_day"] + 101


def test_where_the_model_gives_up_first_that_day_counts_and_the_run_of_that_day_agrees():
    book = orders(*((1, -number * 30, 9) for number in range(14, 40)), (2, 360, 9))
    patient = {"lost_silence_days": 3000, "lost_p_active": 0.2, "fewest_for_loss": 1}
    result = appraise(book, **patient)
    assert row(result, 1)["lifecycle"] == "lost"
    first = row(result, 1)["lifecycle_since"].item()
    model = result.model["purchases"]
    fitted = worth.purchases.PurchaseModel("mbg", model["r"], model["alpha"], model["a"], model["b"])
    x, t_x = np.array([25.0]), np.array([750.0])
    age = (first - row(result, 1)["first_day"].item()).days
    on_day, before = (fitted.p_active(x, t_x, np.array([float(at)]), 365)[0] for at in (age, age - 1))
    assert on_day < 0.2 <= before


def test_where_hardly_anybody_buys_again_only_long_silence_means_loss():
    result = appraise(orders((1, -400, 9), (2, -364, 9), (3, -300, 9)))
    assert [row(result, who)["lifecycle"] for who in (1, 2, 3)] == ["lost", "first_time", "first_time"]
    assert since(result, 1) == "2026-11-28"  # two years and a day after 2024-11-27


def test_who_comes_back_after_a_year_of_silence_is_what_he_is_since_then():
    result = appraise(orders((1, -900, 9), (1, -800, 9), (1, 300, 9), (1, 330, 9)))
    assert since(result, 1) == "2026-10-28"


@pytest.mark.parametrize(
    ("share", "switches", "attitude"),
    [
        (0.5, None, "loyal"), (0.49, None, "none"), (None, "no", "loyal"), (None, "yes", "switching"),
        (0.9, "yes", "switching"), (0.2, "no", "none"), (None, None, ""),
    ],
)  # fmt: skip
def test_attitude_is_told_where_something_is_known(share, switches, attitude):
    known = {"customer_id": [1], "share_of_wallet": [share], "switches": [switches]}
    assert row(appraise(orders((1, 1, 1)), customers=known), 1)["attitude"] == attitude


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [("share_of_wallet", 1.2, "not_a_share"), ("switches", "maybe", "not_yes_or_no")],
)
def test_attitudes_that_cannot_be_are_refused(column, value, reason):
    with pytest.raises(worth.TableRefused) as refused:
        appraise(orders((1, 1, 1)), customers={"customer_id": [1], column: [value]})
    assert (refused.value.reason, refused.value.row, refused.value.column) == (reason, 1, column)


def test_purchases_that_grow_are_told_by_share_and_amount():
    only = row(appraise(orders((1, 1, 10), (1, 30, 14), (1, 60, 12), (1, 90, 19))), 1)
    assert only["added_per_purchase_e4"] == 30_000
    assert only["growing_purchases"] == pytest.approx(2 / 3)


def test_rank_may_blend_profit_with_what_is_expected():
    book = orders(
        *((1, day, 20) for day in range(5, 360, 12)),
        (2, 10, 700),
        *((number, 100, 5) for number in range(3, 30)),
    )
    by_profit, blended = appraise(book), appraise(book, future_weight=0.9)
    assert row(by_profit, 2)["rank"] == 1
    assert row(blended, 1)["rank"] == 1
    one = row(blended, 1)
    assert one["value_e4"] == round(0.1 * one["net_profit_e4"] + 0.9 * one["expected_profit_365_e4"])
    assert np.array_equal(by_profit.customers["value_e4"], by_profit.customers["net_profit_e4"])


def test_who_grows_into_a_key_tier_is_growable():
    result = appraise(ranked([1000, 500, 400, 300, 200, 100, 50, 40, 30, 20]))
    types = dict(zip(result.customers["customer_id"].tolist(), result.customers["value_type"], strict=True))
    assert types[1] == "most_valuable"
    growable = result.customers["value_type"] == "most_growable"
    assert not np.any(growable & (result.customers["tier"] <= 2))


def test_moves_between_any_two_dates_add_up_and_name_who_moved():
    book = orders(
        (1, 10, 900), (2, 10, 50), (2, 300, 5_000), (3, 300, 7), *((n, 5, 20) for n in range(4, 20))
    )
    tables = worth.Tables(orders=book)
    moved = worth.movement(
        tables, worth.Policy(confirmations=1), earlier=datetime.date(2026, 6, 30), later=AS_OF
    )
    who = {customer: place for place, customer in enumerate(moved.customers["customer_id"].tolist())}
    tiers = [(moved.customers["tier_before"][who[n]], moved.customers["tier"][who[n]]) for n in (1, 2, 3)]
    assert tiers[0][0] == 1 and tiers[1][1] == 1
    assert moved.customers["lifecycle_before"][who[3]] == "potential"
    for kind in ("tier", "lifecycle"):
        assert sum(move["n_customers"] for move in moved.moves[kind]) == 19
        assert (
            sum(move["net_profit_e4"] for move in moved.moves[kind]) == moved.customers["net_profit_e4"].sum()
        )
    assert {
        "from": "first_time",
        "to": "repeat",
        "n_customers": 1,
        "net_profit_e4": 50_500_000,
    } in moved.moves["lifecycle"]


def test_dates_in_the_wrong_order_are_refused():
    with pytest.raises(worth.PolicyRefused):
        worth.movement(worth.Tables(orders=orders((1, 1, 1))), earlier=AS_OF, later=AS_OF)
