"""The pyramid's rules: boundaries, ties, tiny populations, no key without profit, and hysteresis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientier.worth import Policy, Previous
from clientier.worth.profit import abc_classes, concentration, quintile_scores, whale_curve
from clientier.worth.tiers import gap_to_next_tier, places, stand
from tests.worth.books import appraise, ranked, row

POLICY = Policy()


def tiers_of(profits, previous=None, policy=POLICY):
    profit = np.asarray(profits, dtype=np.int64)
    return stand(profit, np.ones(len(profit), dtype=bool), policy, previous)


def held(tier, candidate=None, confirmations=None, n=None):
    tier = np.asarray(tier, dtype=np.int8)
    return (
        tier,
        np.asarray(tier if candidate is None else candidate, dtype=np.int8),
        np.zeros(len(tier), dtype=np.int8)
        if confirmations is None
        else np.asarray(confirmations, dtype=np.int8),
    )


def test_a_thousand_customers_split_one_nineteen_thirty_fifty():
    standing = tiers_of(np.arange(1000, 0, -1))
    assert [int((standing.exact == tier).sum()) for tier in (1, 2, 3, 4)] == [10, 190, 300, 500]
    assert standing.rank[0] == 1 and standing.rank[-1] == 1000


def test_equal_profits_share_one_place_and_one_tier():
    standing = tiers_of([50] * 200)
    assert set(standing.exact) == {3} and set(standing.rank) == {1}


def test_without_profit_nobody_is_key():
    standing = tiers_of([-1, -2, -3, *[-10] * 200])
    assert set(standing.exact) <= {3, 4}


def test_what_is_only_expected_makes_nobody_key():
    value = np.array([900, 500, *range(198, 0, -1)])
    profit = value.copy()
    profit[0] = 0
    standing = stand(value, np.ones(200, dtype=bool), POLICY, None, profit)
    assert standing.rank[0] == 1 and standing.exact[:2].tolist() == [3, 1]


def test_in_a_tiny_population_the_best_is_important():
    assert list(tiers_of([9, 5, 4, 3, 2, 1, 1, 1, 1, 1]).exact[:3]) == [1, 2, 3]
    assert list(tiers_of([5]).exact) == [1]
    assert list(tiers_of([-5]).exact) == [3]
    assert 1 not in tiers_of([7, 7, 1, 1]).exact


def test_the_best_of_a_tiny_population_keeps_his_place_at_the_next_run():
    first = tiers_of([9, 5, 4, 3, 2])
    second = tiers_of([9, 5, 4, 3, 2], held(first.tier))
    assert list(second.tier) == list(first.tier)


def test_customers_outside_have_neither_place_nor_tier():
    place, rank = places(np.array([5, 9, 1]), np.array([True, False, True]))
    assert np.isnan(place[1]) and list(rank) == [1, 0, 2]


def test_moving_takes_two_runs_beyond_the_band():
    profits = np.arange(1000, 0, -1)
    before = np.where(np.arange(1000) < 200, 2, 4).astype(np.int8)
    first = tiers_of(profits, held(before))
    assert first.exact[300] == 3 and first.tier[300] == 4 and first.confirmations[300] == 1
    second = tiers_of(profits, (first.tier, first.candidate, first.confirmations))
    assert second.tier[300] == 3 and second.confirmations[300] == 0


def test_inside_the_band_nobody_moves_however_often():
    profits = np.arange(1000, 0, -1)
    state = held(np.full(1000, 4))
    for _ in range(5):
        standing = tiers_of(profits, state)
        state = (standing.tier, standing.candidate, standing.confirmations)
    assert standing.exact[460] == 3 and standing.tier[460] == 4
    assert standing.tier[440] == 3


def test_the_band_holds_on_the_way_down_too():
    profits, state = np.arange(1000, 0, -1), held(np.full(1000, 2))
    for _ in range(2):
        standing = tiers_of(profits, state)
        state = (standing.tier, standing.candidate, standing.confirmations)
    assert standing.exact[210] == 3 and standing.tier[210] == 2
    assert standing.tier[225] == 3


def test_a_change_of_direction_starts_counting_anew():
    profits = np.arange(1000, 0, -1)
    candidate, confirmations = np.full(1000, 4), np.ones(1000)
    standing = tiers_of(profits, held(np.full(1000, 3), candidate, confirmations))
    assert standing.tier[5] == 3 and standing.confirmations[5] == 1
    assert standing.tier[900] == 4


def test_a_key_customer_whose_profit_is_gone_leaves_at_once():
    profits = np.r_[np.arange(998, 0, -1), -5, -6]
    before = np.full(1000, 2, dtype=np.int8)
    standing = tiers_of(profits, held(before))
    assert list(standing.tier[-2:]) == [4, 4] and standing.tier[700] == 2


def test_newcomers_enter_at_their_exact_tier():
    standing = tiers_of(np.arange(1000, 0, -1), held(np.zeros(1000)))
    assert np.array_equal(standing.tier, standing.exact)


def test_noise_around_a_boundary_never_flaps():
    rng = np.random.default_rng(11)
    base = np.exp(rng.normal(8, 1.5, 3000))
    state, history, raw = None, [], []
    for _ in range(24):
        base = base * np.exp(rng.normal(0, 0.05, 3000))
        standing = tiers_of(np.rint(base), state)
        state = (standing.tier, standing.candidate, standing.confirmations)
        history.append(standing.tier)
        raw.append(standing.exact)
    history, raw = np.array(history), np.array(raw)
    flaps = (history[2:] == history[:-2]) & (history[1:-1] != history[:-2])
    assert flaps.sum() == 0
    assert (history[1:] != history[:-1]).sum() < 0.5 * (raw[1:] != raw[:-1]).sum()
    assert (history == raw).mean() > 0.9


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=300))
def test_tiers_partition_and_follow_profit(profits):
    standing = tiers_of(profits)
    assert set(standing.exact) <= {1, 2, 3, 4}
    order = np.argsort(-np.array(profits), kind="stable")
    assert np.all(np.diff(standing.exact[order].astype(int)) >= 0)
    assert np.all(np.array(profits)[standing.exact <= 2] > 0)


def test_gap_is_what_the_last_of_the_next_tier_brings_more():
    tier = np.array([1, 2, 2, 3])
    gap = gap_to_next_tier(np.array([100, 60, 40, 10]), tier, tier)
    assert list(gap) == [0, 40, 60, 30]


def test_who_is_only_held_in_a_tier_by_the_band_does_not_lower_its_boundary():
    tier, exact = np.array([1, 1, 2]), np.array([1, 2, 2])
    assert list(gap_to_next_tier(np.array([100, 50, 40]), tier, exact)) == [0, 0, 60]


def test_runs_know_where_everybody_was_and_since_when():
    before = appraise(ranked([900, 500, 400, 300, 200, 100, 90, 80, 70, 60]))
    after = appraise(
        ranked([60, 500, 400, 300, 200, 100, 90, 80, 70, 900]), previous=Previous.from_result(before)
    )
    assert row(after, 1)["tier"] == 1 and row(after, 1)["tier_exact"] == 4
    assert row(after, 1)["tier_confirmations"] == 1 and row(after, 1)["tier_previous"] == 1
    again = appraise(
        ranked([60, 500, 400, 300, 200, 100, 90, 80, 70, 900]), previous=Previous.from_result(after)
    )
    assert row(again, 1)["tier"] == 4 and row(again, 10)["tier"] == 1
    moves = {(move["from"], move["to"]): move["n_customers"] for move in again.moves["tier"]}
    assert moves[("1", "4")] == 1 and moves[("4", "1")] == 1
    assert sum(moves.values()) == 10


def test_whale_curve_peaks_where_profit_turns():
    curve = whale_curve(np.array([-30, 50, 0, 20, -10]))
    assert (curve["peak_customers"], curve["peak_e4"], curve["total_e4"]) == (2, 70, 30)
    assert (curve["n_profitable"], curve["n_zero"], curve["n_below_zero"], curve["loss_e4"]) == (2, 1, 2, -40)
    assert curve["cumulative_profit_e4"] == [0, 50, 70, 70, 60, 30]


def test_whale_curve_has_at_most_a_thousand_points_and_its_ends():
    curve = whale_curve(np.arange(50_000, 0, -1))
    assert len(curve["customers"]) <= 1001
    assert (curve["customers"][0], curve["customers"][-1]) == (0, 50_000)


def test_concentration_of_equal_and_of_single_holders():
    assert concentration(np.full(100, 5))["gini"] == pytest.approx(0.0)
    assert concentration(np.full(100, 5))["top_20_share"] == pytest.approx(0.2)
    single = concentration(np.r_[1, np.zeros(99)])
    assert single["gini"] == pytest.approx(0.99) and single["top_1_share"] == 1.0


def test_abc_by_cumulative_revenue():
    assert list(abc_classes(np.array([10, 70, 15, 5, 0, -3]), (0.80, 0.95))) == ["B", "A", "A", "C", "", "C"]


def test_quintiles_score_equal_values_equally():
    scores, cuts = quintile_scores(np.array([1.0, 1, 1, 1, 9, 5]), np.array([True] * 5 + [False]))
    assert list(scores) == [1, 1, 1, 1, 5, 0] and len(cuts) == 4
